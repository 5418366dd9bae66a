#!/usr/bin/env atf-sh
# shellcheck shell=sh disable=SC2086	# addresses are single words
#
# Whatever process of the suite dies or freezes, the neighbor's kernel loses
# all routes.  The limit is generous, since a test machine may be busy; the
# figures are printed, and regress/bench/failover.sh collects them.

LAB_TOP=$(atf_get_srcdir)/../..
# shellcheck source=/dev/null
. "$LAB_TOP/regress/live/lab.subr"

LIMIT=5000	# ms
LAB_PREFIXES="$LAB_PREFIXES 2001::/32"

# What can be hit: daemon and process.
VICTIMS="relayd6:parent relayd6:relay relayd6:health
routed6:parent routed6:announce routed6:bgp"
# Who takes the daemon down by dying, but whose silence is no reason to withdraw
# by BGP: BFD's peers notice by themselves, and so does OSPF's side.
KILLED="routed6:bfd routed6:ospf"

withdraw_begin()
{
	lab_begin_suite
	lab_bird || atf_fail "bird"
	lab_suite || atf_fail "no routes at the neighbor"
}

# hit DAEMON ROLE SIGNAL: the routes go within the limit; prints how soon.
hit()
{
	victim=$(lab_role_pid "$1" "$2") || atf_fail "$1 has no process $2"
	atf_check -o save:ms ip netns exec "$LAB-peer" withdrawn -t $LIMIT \
	    -k "$victim" -s "$3" $LAB_PREFIXES
	echo "$3 $1 $2: routes gone after $(cat ms) ms"
}

# A daemon that lost a process goes altogether.
daemon_gone()
{
	for pid in $1; do
		lab_wait "! lab_alive $pid" ||
		    atf_fail "process $pid is left: $(lab_role "$pid")"
	done
}

killed()
{
	withdraw_begin
	family=$(lab_family "$1")
	hit "$1" "$2" KILL
	daemon_gone "$family"
}

# A frozen process that thaws must not leave the daemon half alive: either
# all is well again, or the daemon is gone.
frozen()
{
	withdraw_begin
	family=$(lab_family "$1")
	hit "$1" "$2" STOP
	kill -CONT "$victim" 2>/dev/null
	lab_wait "lab_routes $LAB_PREFIXES || ! lab_alive ${family%%[!0-9]*}"
	lab_routes $LAB_PREFIXES || daemon_gone "$family"
}

# Orderly stop: routes go first, then everything the daemon made; of relayd6
# after the time of a drain.
stopped()
{
	LIMIT=10000
	hit "$1" parent TERM
	lab_wait "! lab_alive $victim" || atf_fail "$1 does not end"
	wait "$victim" || atf_fail "$1 did not exit with 0"
	[ ! -e "$LAB_DIR/$1.sock" ] || atf_fail "its socket is left"
}

# What relayd6 makes on its box is gone: device, address, route.
nothing_left()
{
	atf_check -s not-exit:0 -o ignore -e ignore \
	    ip -n "$LAB-relay" link show tun6to4
	atf_check ip -n "$LAB-relay" addr show to 192.88.99.0/24
	atf_check ip -n "$LAB-relay" -6 route show 2002::/16
}

lab_case stop_relayd6 "An orderly stop of relayd6 leaves nothing behind"
stop_relayd6_body()
{
	withdraw_begin
	stopped relayd6
	nothing_left
}

lab_case stop_routed6 "An orderly stop of routed6 takes its routes along"
stop_routed6_body()
{
	withdraw_begin
	stopped routed6
}

lab_case comes_back "A restarted relay is announced again"
comes_back_body()
{
	withdraw_begin
	family=$(lab_family relayd6)
	hit relayd6 relay KILL
	daemon_gone "$family"
	lab_start_timed relayd6 || atf_fail "no routes again"
	echo "relayd6 started again: routes back after $LAB_MS ms"
}

lab_case after_crash "What a crash left is removed by the next orderly stop"
after_crash_body()
{
	withdraw_begin
	family=$(lab_family relayd6)
	hit relayd6 parent KILL
	daemon_gone "$family"
	lab_relayd6
	lab_wait "lab_routes $LAB_PREFIXES" || atf_fail "no routes again"
	stopped relayd6
	nothing_left
}

# One test case for each victim and signal.
for v in $VICTIMS $KILLED; do
	for how in killed frozen; do
		name=${how}_${v%:*}_${v#*:}
		lab_case $name "${v#*:} of ${v%:*} is $how"
		eval "${name}_body() { $how ${v%:*} ${v#*:}; }"
	done
done

atf_init_test_cases()
{
	for v in $VICTIMS; do
		atf_add_test_case "frozen_${v%:*}_${v#*:}"
	done
	for v in $VICTIMS $KILLED; do
		atf_add_test_case "killed_${v%:*}_${v#*:}"
	done
	atf_add_test_case stop_relayd6
	atf_add_test_case stop_routed6
	atf_add_test_case comes_back
	atf_add_test_case after_crash
}
