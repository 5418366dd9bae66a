#!/usr/bin/env atf-sh
# shellcheck shell=sh disable=SC2086	# addresses are single words
#
# The laboratory itself: with a stand-in relay (the sixhost tool) and BIRD as
# the announcer, so that a fault of the lab is not blamed on the daemons.

LAB_TOP=$(atf_get_srcdir)/../..
# shellcheck source=/dev/null
. "$LAB_TOP/regress/live/lab.subr"

# BIRD on the relay box announces what routed6 would.
standin_announce()
{
	cat >"$LAB_DIR/standin.conf" <<-END
		log stderr all;
		router id $LAB_RELAY_V4;
		protocol device { }
		protocol static { ipv6; route 2002::/16 blackhole; }
		protocol static { ipv4; route 192.88.99.0/24 blackhole; }
		protocol bgp {
			local $LAB_RELAY as $LAB_AS;
			neighbor $LAB_PEER as $LAB_PEER_AS;
			error wait time 1, 2;
			connect delay time 1;
			ipv4 { export all; import none; $1 };
			ipv6 { export all; import none; };
		}
	END
	lab_daemon standin relay bird -f -c "$LAB_DIR/standin.conf" \
	    -s "$LAB_DIR/standin.sock" -P "$LAB_DIR/standin.own.pid"
}

# sixhost in the relay's place, with the anycast address on lo.
standin_relay()
{
	lab_run relay ip addr add 192.88.99.1/32 dev lo
	lab_daemon standin_relay relay sixhost -R -i tun6to4 192.88.99.1
	lab_wait "grep -q ready $LAB_DIR/standin_relay.log"
}

lab_case steering "Only an announcement makes the two hosts meet"
steering_body()
{
	lab_begin
	lab_bird || atf_fail "bird"
	standin_relay || atf_fail "stand-in relay"
	lab_sixhost || atf_fail "sixhost"
	atf_check -s not-exit:0 -o ignore -e ignore \
	    ip netns exec "$LAB-v6host" ping -n -c 1 -W 1 $LAB_SIXTO4
	standin_announce "extended next hop on;"
	lab_wait "lab_routes $LAB_PREFIXES" || atf_fail "no routes"
	atf_check -o match:"1 received" \
	    ip netns exec "$LAB-v6host" ping -n -c 1 -W 10 $LAB_SIXTO4
	atf_check -o match:"1 received" \
	    ip netns exec "$LAB-sixto4" ping -n -c 1 -W 10 $LAB_V6HOST
	lab_run v6host pkt -l -d net0 -t 2000 6b6f626f6c64 >heard &
	lab_wait "grep -q ready heard" || atf_fail "pkt does not listen"
	lab_run sixto4 pkt -n 3 450000000000000040290000 $LAB_SIXTO4_V4 \
	    192.88.99.1 6000000000063b40 $LAB_SIXTO4 $LAB_V6HOST 6b6f626f6c64
	wait $!
	atf_check_equal 3 "$(tail -n 1 heard)"
}

lab_case classic "A neighbor without RFC 8950 takes IPv4 next hops"
classic_body()
{
	lab_begin
	lab_bird classic || atf_fail "bird"
	standin_announce "next hop address $LAB_RELAY_V4;"
	lab_wait "lab_routes $LAB_PREFIXES" || atf_fail "no routes"
	atf_check -o match:"via $LAB_RELAY_V4" \
	    ip -n "$LAB-peer" route show 192.88.99.0/24
}

lab_case withdrawn "The stopwatch sees what is there, goes, and stays"
withdrawn_body()
{
	lab_begin
	lab_bird || atf_fail "bird"
	lab_run relay sleep 60 &
	atf_check -s exit:2 -e match:"no such route" \
	    ip netns exec "$LAB-peer" withdrawn -k $! 2002::/16
	lab_alive $! || atf_fail "signalled before it was sure"
	standin_announce "extended next hop on;"
	atf_check -o match:'^[0-9]+\.[0-9]{3}$' \
	    ip netns exec "$LAB-peer" withdrawn -a $LAB_PREFIXES
	atf_check -s exit:1 -e match:"still there" \
	    ip netns exec "$LAB-peer" withdrawn -t 200 \
	    -k "$(lab_pid standin)" -s CONT $LAB_PREFIXES
	atf_check -o save:ms ip netns exec "$LAB-peer" withdrawn -t 10000 \
	    -k "$(lab_pid standin)" -s KILL $LAB_PREFIXES
	echo "bird killed: routes gone after $(cat ms) ms"
}

lab_case remove "Taking the lab down leaves nothing, twice as well"
remove_body()
{
	lab_begin
	lab_daemon sleeper peer sleep 60
	kill -STOP "$(lab_pid sleeper)"
	pid=$(lab_pid sleeper)
	lab_down
	lab_wait "! lab_alive $pid" || atf_fail "a process is left"
	[ ! -e "$LAB_DIR" ] || atf_fail "$LAB_DIR is left"
	atf_check -s exit:1 -o ignore sh -c "ip netns list | grep '^$LAB-'"
	atf_check true
	lab_down
}

lab_case interrupt "An interrupted script leaves no lab behind"
interrupt_body()
{
	lab_begin
	lab_down
	cat >script <<-END
		. "\$LAB_TOP/regress/live/lab.subr"
		lab_trap
		lab_up || exit 1
		lab_daemon sleeper peer sleep 60
		echo up
		while sleep 0.1; do :; done
	END
	for sig in TERM HUP; do
		LAB=$LAB LAB_TOP=$LAB_TOP sh script >out 2>&1 &
		lab_wait "grep -q up out" || atf_fail "no lab"
		kill -$sig $!
		wait $! && atf_fail "exit status 0 after $sig"
		atf_check -o inline:"up\n" cat out
		[ ! -e "$LAB_DIR" ] || atf_fail "$LAB_DIR is left"
		[ ! -e "/run/netns/$LAB-peer" ] || atf_fail "peer is left"
	done
}

atf_init_test_cases()
{
	atf_add_test_case steering
	atf_add_test_case classic
	atf_add_test_case withdrawn
	atf_add_test_case remove
	atf_add_test_case interrupt
}
