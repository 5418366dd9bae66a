#!/usr/bin/env atf-sh
# shellcheck shell=sh disable=SC2086	# lists are several words
#
# Users of a relay that fails or stops, while two more stand by: a 6to4 host
# and a Teredo client with a stream of echoes each.  Limits of time are
# generous, since a test machine may be busy; figures are printed, and
# regress/bench/anycast.sh collects them.

LAB_TOP=$(atf_get_srcdir)/../..
# shellcheck source=/dev/null
. "$LAB_TOP/regress/live/anycast.subr"

LIMIT=5000	# ms that a stream may be cut
# shellcheck disable=SC2034	# anycast.subr uses it
ANYCAST_SHARED=11.1.66.1

# users_begin MODE: three relays, and both streams go through the first one.
users_begin()
{
	why=$(lab_suite_missing)
	[ -n "$why" ] || why=$(teredo_missing)
	[ -n "$why" ] || why=$(lab_missing)
	[ -z "$why" ] || atf_skip "$why"
	echo "$LAB" >lab.name
	anycast_begin bird || atf_fail "the laboratory did not come up"
	anycast_relay ours || atf_fail "the relay is not announced"
	anycast_sixhost || atf_fail "no 6to4 host"
	teredo_client || atf_fail "the Teredo client does not qualify"
	anycast_streams_begin 10000 $LIMIT || atf_fail "no streams"
}

# users_end LOST: streams are back, and lost so many packets at most.
users_end()
{
	anycast_streams_end
	for stream in $ANYCAST_STREAMS; do
		read -r cut lost sent <"$LAB_DIR/stream-$stream.result"
		echo "$stream: cut for $cut ms, $lost of $sent packets lost"
		[ "$cut" != never ] || atf_fail "$stream is not back"
		[ "$lost" -le "$1" ] || atf_fail "$stream: $lost packets lost"
	done
}

# A relay that nobody is sent to has no answers through itself to its probes.
lab_case standby "Relays that stand by stay healthy"
standby_body()
{
	users_begin
	sleep 3		# three times as long as it takes to fall
	for relay in $ANYCAST_ALL; do
		atf_check -o not-match:unhealthy -o match:"probes  *yes" \
		    "$LAB_TOP/ctl6/ctl6" -s "$LAB_DIR/$relay" show health
	done
	users_end 0
}

lab_case killed "A relay process dies: the next relay takes its users"
killed_body()
{
	users_begin
	atf_check -o ignore ip netns exec "$LAB-peer" withdrawn -i relay \
	    -k "$(lab_role_pid relay-relayd6 relay)" $LAB_PREFIXES
	users_end 500
}

lab_case stopped "An orderly stop: no packet of a user is lost"
stopped_body()
{
	users_begin
	lab_stop relay-relayd6 || atf_fail "relayd6 does not stop in order"
	users_end 0
}

lab_case returned "A relay that comes back takes its users without a loss"
returned_body()
{
	users_begin
	lab_stop relay-relayd6 || atf_fail "relayd6 does not stop in order"
	anycast_relayd6 relay
	atf_check -o ignore ip netns exec "$LAB-peer" withdrawn -a -i relay \
	    $LAB_PREFIXES
	users_end 0
}

atf_init_test_cases()
{
	atf_add_test_case standby
	atf_add_test_case killed
	atf_add_test_case stopped
	atf_add_test_case returned
}
