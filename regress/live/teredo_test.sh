#!/usr/bin/env atf-sh
# shellcheck shell=sh disable=SC2086	# addresses are single words
#
# Teredo through the relay: a real miredo client behind NATs of all kinds.

LAB_TOP=$(atf_get_srcdir)/../..
# shellcheck source=/dev/null
. "$LAB_TOP/regress/live/teredo.subr"

# client_begin KIND: and a client behind a NAT of that kind.
client_begin()
{
	teredo_begin_relay
	teredo_nat "$1" || atf_fail "NAT"
	teredo_server || atf_fail "miredo-server"
	teredo_client || atf_fail "the client does not qualify"
}

# stream_check NODE SERVER-ADDRESS: a megabyte in each direction.
stream_check()
{
	for way in "" -d; do
		atf_check -o match:"^bytes=1000000 " ip netns exec "$LAB-$1" \
		    stream $way -n 1000000 -w 20 "$2" 5000
	done
}

streams_serve()
{
	for node in v6host inside; do
		lab_daemon stream-$node $node stream -l 5000
		lab_wait "grep -q ready $LAB_DIR/stream-$node.log" ||
		    atf_fail "stream does not serve"
	done
}

# Everything a user does, behind a NAT of one kind.
nat_check()
{
	client_begin "$1"
	teredo_count_begin
	streams_serve
	ping_check v6host " 1 received" -c 1 -W 2 $TEREDO_CLIENT
	ping_check inside " 1 received" -c 1 -W 2 $LAB_V6HOST
	ping_check v6host " 50 received" -i 0.02 -c 50 -W 2 $TEREDO_CLIENT
	ping_check inside " 50 received" -i 0.02 -c 50 -W 2 $LAB_V6HOST
	stream_check inside $LAB_V6HOST
	stream_check v6host $TEREDO_CLIENT
	atf_check_equal 0 "$(teredo_count unsummed)"
}

# nat_case KIND WHAT IT IS
nat_case()
{
	lab_case nat_$1 "Echo and TCP both ways, the client behind $2"
	eval "nat_${1}_body() { nat_check $1; }"
}
nat_case cone "a cone NAT"
nat_case address "an address-restricted NAT"
nat_case port "a port-restricted NAT"
nat_case bare "a Linux box that masquerades and filters nothing"
nat_case symmetric "a symmetric NAT with random ports"

lab_case client_first "The client speaks first, and its first echo is answered"
client_first_body()
{
	client_begin port
	ping_check inside " 1 received" -c 1 -W 2 $LAB_V6HOST
}

# restart_check KIND: a flow of the client is back soon after the relay
# runs again, and a TCP transfer survives.
restart_check()
{
	client_begin "$1"
	streams_serve
	teredo_ping inside flow -w 20 $LAB_V6HOST
	ping=$!
	lab_run inside stream -t 4000 -w 40 $LAB_V6HOST 5000 >moved &
	stream=$!
	lab_wait "[ \$(grep -c 'bytes from' flow) -ge 25 ]" ||
	    atf_fail "no answers before the restart"
	teredo_restart $TEREDO_RELAY flow 8 || atf_fail "no relay again"
	echo "answers after $TEREDO_DOWN ms," \
	    "$TEREDO_BACK ms after the relay was announced again"
	[ "$TEREDO_BACK" != never ] || atf_fail "a black hole"
	[ "$TEREDO_BACK" -lt 5000 ] || atf_fail "$TEREDO_BACK ms"
	kill -INT $ping
	wait $stream || atf_fail "the transfer did not survive"
	cat moved
}

lab_case restart "A relay that restarts does not lose its clients"
restart_body()
{
	restart_check port
}

lab_case restart_symmetric "Nor those behind a symmetric NAT"
restart_symmetric_body()
{
	restart_check symmetric
}

lab_case large "RFC 4380 5.1.2: 1280 bytes pass, more is too big"
large_body()
{
	client_begin port
	ping_check v6host " 1 received" -M 'do' -s 1232 -c 1 -W 2 \
	    $TEREDO_CLIENT
	ping_check v6host "mtu=1280|mtu: 1280" -M 'do' -s 1233 -c 2 -W 1 \
	    $TEREDO_CLIENT
	ping_check v6host " [23] received" -i 0.1 -s 4000 -c 3 -W 2 \
	    $TEREDO_CLIENT
	ping_check inside " 3 received" -i 0.1 -s 4000 -c 3 -W 2 $LAB_V6HOST
}

lab_case to_6to4 "A Teredo client and a 6to4 host meet by both relays"
to_6to4_body()
{
	client_begin port
	lab_sixhost || atf_fail "sixhost"
	ping_check inside " 3 received" -i 0.05 -c 3 -W 2 $LAB_SIXTO4
	ping_check sixto4 " 3 received" -i 0.05 -c 3 -W 2 $TEREDO_CLIENT
}

lab_case flooded "A scan of 2001::/32 neither multiplies nor disturbs"
flooded_body()
{
	client_begin port
	streams_serve
	teredo_count_begin
	ping_check v6host " 1 received" -c 1 -W 2 $TEREDO_CLIENT
	lab_run inside stream -t 3000 -w 30 $LAB_V6HOST 5000 >moved &
	stream=$!
	lab_run v6host flood -R 64 -r 10000 -t 3000 $LAB_V6HOST >flooded
	cat flooded
	atf_check -o match:"$TEREDO_CLIENT .*trusted" \
	    "$LAB_TOP/ctl6/ctl6" -s "$LAB_DIR" show clients $TEREDO_CLIENT
	wait $stream || atf_fail "the transfer did not survive"
	cat moved
	bubbles=$(($(teredo_count indirect) + $(teredo_count straight)))
	echo "$bubbles bubbles"
	# One source may make 50 clients known a second (and as many at
	# once); a client gets two bubbles by its server and one directly,
	# and is asked again once within the time.
	[ $bubbles -lt 1600 ] || atf_fail "$bubbles bubbles"
	ping_check v6host " 50 received" -i 0.02 -c 50 -W 2 $TEREDO_CLIENT
}

atf_init_test_cases()
{
	for name in cone address port bare symmetric; do
		atf_add_test_case nat_$name
	done
	for name in client_first restart restart_symmetric large to_6to4 \
	    flooded; do
		atf_add_test_case $name
	done
}
