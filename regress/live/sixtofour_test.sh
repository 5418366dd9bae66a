#!/usr/bin/env atf-sh
# shellcheck shell=sh disable=SC2086	# addresses are single words
#
# 6to4 through the relay, over routes that exist by BGP only.

LAB_TOP=$(atf_get_srcdir)/../..
# shellcheck source=/dev/null
. "$LAB_TOP/regress/live/lab.subr"

ANYCAST=192.88.99.1
# Payload of every packet made here: nothing with it in may reach v6host.
MARK=6b6f626f6c642d36746f34

# Everything up, and a packet passes.
relay_begin()
{
	lab_begin_suite
	lab_bird || atf_fail "bird"
	lab_sixhost || atf_fail "sixhost"
	lab_suite || atf_fail "no routes at the neighbor"
}

# outer SOURCE words...: protocol 41 from sixto4 to the anycast address.
outer()
{
	source=$1
	shift
	lab_run sixto4 pkt 450000000000000040290000 "$source" $ANYCAST "$@"
}

# inner SOURCE6 DESTINATION6: an IPv6 packet of 59 (nothing follows).
inner()
{
	outer $LAB_SIXTO4_V4 60000000000b3b40 "$1" "$2" $MARK
}

# native DESTINATION6 [SOURCE6]: a ping from the native side, in vain.
native()
{
	lab_run v6host ping -n -c 1 -W 0.2 ${2:+-I "$2"} "$1" >/dev/null 2>&1
	true
}

lab_case both_ways "Ping from either side through the relay"
both_ways_body()
{
	relay_begin
	ping_check v6host " 5 received" -i 0.02 -c 5 -W 10 $LAB_SIXTO4
	ping_check sixto4 " 5 received" -i 0.02 -c 5 -W 10 $LAB_V6HOST
}

lab_case large "Packets at, above and far above the tunnel MTU"
large_body()
{
	relay_begin
	ping_check v6host " 1 received" -M 'do' -s 1232 -c 1 -W 10 $LAB_SIXTO4
	ping_check v6host "mtu=1280|mtu: 1280" -M 'do' -s 1233 -c 2 -W 1 \
	    $LAB_SIXTO4
	ping_check v6host " [23] received" -i 0.1 -s 4000 -c 3 -W 2 $LAB_SIXTO4
	ping_check sixto4 " 3 received" -i 0.1 -s 4000 -c 3 -W 10 $LAB_V6HOST
}

lab_case hops "The relay shows up as a hop in a traceroute"
hops_body()
{
	relay_begin
	ping_check sixto4 "Time exceeded" -t 1 -c 1 -W 2 $LAB_V6HOST
	ping_check v6host "From $LAB_RELAY.*Time exceeded" -t 2 -c 1 -W 2 \
	    $LAB_SIXTO4
	ping_check v6host " 1 received" -t 3 -c 1 -W 10 $LAB_SIXTO4
}

lab_case hostile_outer "Hostile protocol 41 is counted by reason, not relayed"
hostile_outer_body()
{
	relay_begin
	lab_run v6host pkt -l -d net0 -t 4000 $MARK >heard &
	lab_wait "grep -q ready heard" || atf_fail "pkt does not listen"
	inner $LAB_SIXTO4 $LAB_V6HOST

	drop_check truncated outer $LAB_SIXTO4_V4 6000000000
	drop_check bad-version outer $LAB_SIXTO4_V4 40000000000b3b40 \
	    $LAB_SIXTO4 $LAB_V6HOST $MARK
	drop_check truncated outer $LAB_SIXTO4_V4 6000000000ff3b40 \
	    $LAB_SIXTO4 $LAB_V6HOST $MARK
	drop_check bad-length outer $LAB_SIXTO4_V4 6000000000000040 \
	    $LAB_SIXTO4 $LAB_V6HOST $MARK
	drop_check source-mismatch inner 2002:b01:403::1 $LAB_V6HOST
	drop_check source-not-6to4 inner 2a10:1:5::1 $LAB_V6HOST
	drop_check inner-destination inner $LAB_SIXTO4 ff0e::1
	drop_check inner-destination inner $LAB_SIXTO4 fe80::1
	drop_check inner-destination inner $LAB_SIXTO4 ::1
	drop_check 6to4-to-6to4 inner $LAB_SIXTO4 2002:b01:403::1
	drop_check outer-source outer 10.0.0.1 60000000000b3b40 \
	    2002:a00:1::1 $LAB_V6HOST $MARK

	wait $!
	atf_check_equal 1 "$(tail -n 1 heard)"
	ping_check v6host " 1 received" -c 1 -W 10 $LAB_SIXTO4
}

lab_case hostile_native "Hostile native packets are counted by reason"
hostile_native_body()
{
	relay_begin
	ip -n "$LAB-v6host" addr add 2002:b01:403::1/128 dev net0 nodad
	drop_check native-6to4 native $LAB_SIXTO4 2002:b01:403::1
	ip -n "$LAB-v6host" addr del 2002:b01:403::1/128 dev net0
	drop_check embedded native 2002:a00:1::1
	drop_check embedded native 2002:7f00:1::1
	drop_check embedded native 2002:e000:1::1
	drop_check loop native 2002:c058:6301::1
	ping_check v6host " 1 received" -c 1 -W 10 $LAB_SIXTO4
}

atf_init_test_cases()
{
	atf_add_test_case both_ways
	atf_add_test_case large
	atf_add_test_case hops
	atf_add_test_case hostile_outer
	atf_add_test_case hostile_native
}
