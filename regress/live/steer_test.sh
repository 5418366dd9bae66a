#!/usr/bin/env atf-sh
# shellcheck shell=sh disable=SC2086	# addresses are single words
# shellcheck disable=SC2034	# LAB_CONF_DIR is for lab.subr
#
# Drains, orderly ends, checks that others feed, and what is told of all this,
# with BIRD as neighbor.  Where packets must go on while the relay is withdrawn
# a second relay is the neighbor's next choice.

LAB_TOP=$(atf_get_srcdir)/../..
# shellcheck source=/dev/null
. "$LAB_TOP/regress/live/lab.subr"

LAB_CONF_DIR=$LAB_DIR		# configurations are our own
LAB_NODES_MORE=relay2

GSHUT="(65535,0)"		# RFC 8326, as BIRD writes it
DNS="2a10:53::/48 11.53.0.0/24"

# --- the laboratory ---------------------------------------------------

# steer_conf [line for health]: with what all tests need.
steer_conf()
{
	cat >"$LAB_DIR/relayd6.conf" <<-END
		relay 6to4 {
			source \$source
		}
		health {
			interval 50 ms
			drain 1 s
			linger 500 ms
			drain-file "$LAB_DIR/drain"
			check dns {
				lease 1 s
			}
			$1
		}
	END
	cat >"$LAB_DIR/routed6.conf" <<-END
		as \$as
		router-id \$router_id
		feed \$feed
		listen none
		neighbor \$neighbor {
			remote-as \$neighbor_as
			next-hop inet \$nexthop
		}
		announce 2002::/16 depend on relay 6to4
		announce 192.88.99.0/24 depend on relay 6to4
		announce 2a10:53::/48 depend on check dns
		announce 11.53.0.0/24 depend on check dns
		announce 2a10:54::/48 depend on check nosuch
	END
	chmod 600 "$LAB_DIR"/*.conf
}

steer_begin()
{
	lab_begin_suite
	steer_conf "$1"
	lab_bird || atf_fail "bird"
	lab_suite || atf_fail "no routes at the neighbor"
}

# Another relay, that the neighbor turns to when it hears of none.
relay2_up()
{
	lab_node_make relay2 1 || atf_fail "relay2"
	ip link add relay2 netns "$LAB-peer" type veth \
	    peer name net0 netns "$LAB-relay2" || atf_fail "relay2"
	lab_node_set relay2 <<-END
		link set net0 up
		addr add 2a10:1:8::2/64 dev net0 nodad
		addr add 11.1.8.2/24 dev net0
		route add default via 2a10:1:8::1
		route add default via 11.1.8.1
	END
	lab_node_set peer <<-END
		link set relay2 up
		addr add 2a10:1:8::1/64 dev relay2 nodad
		addr add 11.1.8.1/24 dev relay2
		route add 2002::/16 via 2a10:1:8::2 metric 9999
		route add 192.88.99.0/24 via 11.1.8.2 metric 9999
	END
	lab_daemon relay2 relay2 "$LAB_TOP/relayd6/relayd6" -dv \
	    -D source=11.1.8.2 -f "$LAB_DIR/relayd6.conf" \
	    -s "$LAB_DIR/relay2.sock"
	lab_wait "grep -q 'is healthy' $LAB_DIR/relay2.log" 5 ||
	    atf_fail "relay2 is not healthy"
}

# What BIRD announces to its kernel has metric 32 or so.
announced()
{
	for lab_i in "$@"; do
		lab_route $lab_i | grep -q bird || return 1
	done
}

withdrawn_all()
{
	for lab_i in "$@"; do
		! lab_route $lab_i | grep -q bird || return 1
	done
}

# stream_begin: several seconds of echoes through the relay.
stream_begin()
{
	lab_sixhost || atf_fail "sixhost"
	lab_wait "lab_run v6host ping -n -c 1 -W 1 $LAB_SIXTO4" 5 ||
	    atf_fail "no echo through the relay"
	lab_run v6host ping -n -q -i 0.01 -c 500 -W 2 $LAB_SIXTO4 \
	    >ping.out 2>&1 &
	stream=$!
}

stream_end()
{
	wait $stream
	grep packets ping.out
	sed -n 's/^\([0-9]*\) packets transmitted, \([0-9]*\) rec.*/\1 \2/p' \
	    ping.out | { read -r sent got && [ $sent -gt 100 ] &&
	    [ $sent -eq $got ]; } || atf_fail "packets were lost"
}

# says COMMAND PATTERN: ctl6 prints it.
says()
{
	lab_ctl6 $1 | grep -q "$2"
}

says_check()
{
	lab_wait "says '$1' '$2'" 3 ||
	    atf_fail "ctl6 $1 does not say $2: $(lab_ctl6 $1 2>&1)"
}

# case NAME DESCRIPTION: a test of root's.
steer_case()
{
	atf_test_case $1 cleanup
	eval "$1_head() {
		atf_set require.user root
		atf_set descr \"$2\"
	}
	$1_cleanup() { lab_end; }"
	STEER_CASES="$STEER_CASES $1"
}

# --- drains -----------------------------------------------------------

steer_case drain "GRACEFUL_SHUTDOWN, then the withdrawal; relaying goes on"
drain_body()
{
	steer_begin
	# Whatever is withdrawn, the neighbor goes on sending to this relay.
	lab_node_set peer <<-END
		route add 2002::/16 via $LAB_RELAY metric 9999
		route add 192.88.99.0/24 via $LAB_RELAY_V4 metric 9999
	END
	stream_begin
	atf_check "$LAB_TOP/ctl6/ctl6" -s "$LAB_DIR" drain 6to4 "rack moves"
	lab_wait "lab_birdc show route all 2002::/16 | grep -qF '$GSHUT'" 1 ||
	    atf_fail "no GRACEFUL_SHUTDOWN: $(lab_birdc show route all)"
	says "show announcements" "2002::/16 *leaving" ||
	    atf_fail "show announcements does not say leaving"
	says "show health" "6to4 *draining .*on command: rack moves" ||
	    atf_fail "show health does not say draining"
	[ "$(lab_ctl6 -j show peers |
	    sed -n 's/.*"leaving": \([0-9]*\).*/\1/p')" = 2 ] ||
	    atf_fail "show peers does not say leaving"
	lab_wait "withdrawn_all $LAB_PREFIXES" 3 || atf_fail "not withdrawn"
	says_check "show health" "6to4 *drained .*on command: rack moves"
	says_check "show announcements" "2002::/16 *withdrawn .*rack moves"
	atf_check -o inline:"6to4 rack moves\n" cat "$LAB_DIR/drain"
	sleep 1
	stream_end
	atf_check "$LAB_TOP/ctl6/ctl6" -s "$LAB_DIR" undrain
	lab_wait "announced $LAB_PREFIXES" 3 || atf_fail "not undrained"
	[ ! -e "$LAB_DIR/drain" ] || atf_fail "the file is left"
	! lab_birdc show route all 2002::/16 | grep -qF "$GSHUT" ||
	    atf_fail "it is leaving still"
}

# stays_drained: not announced, although all is well for a while.
stays_drained()
{
	says_check "show health" "6to4 *drained"
	says_check "show announcements" "fresh"
	sleep 1
	withdrawn_all $LAB_PREFIXES || atf_fail "announced $1"
}

steer_case drain_survives "A drain survives restarts of either daemon"
drain_survives_body()
{
	steer_begin
	atf_check "$LAB_TOP/ctl6/ctl6" -s "$LAB_DIR" drain
	lab_wait "withdrawn_all $LAB_PREFIXES" 4 || atf_fail "not withdrawn"
	stays_drained "at first"
	for how in KILL TERM; do
		lab_stop routed6 $how
		lab_routed6
		lab_wait "lab_ctl6 show peers | grep -q Established" 5
		stays_drained "after $how of routed6"
		for pid in $(lab_family relayd6); do
			[ $how = TERM ] || kill -KILL $pid
		done
		lab_stop relayd6 $how
		lab_relayd6
		stays_drained "after $how of relayd6"
	done
	atf_check "$LAB_TOP/ctl6/ctl6" -s "$LAB_DIR" undrain all
	lab_wait "announced $LAB_PREFIXES" 3 || atf_fail "not undrained"
}

steer_case drain_refused "Who may drain, and what"
drain_refused_body()
{
	steer_begin
	ctl6="$LAB_TOP/ctl6/ctl6 -s $LAB_DIR"
	atf_check -s exit:1 -e match:"no such relay or check" \
	    $ctl6 drain teredo
	atf_check -s exit:1 -e match:"not drained" $ctl6 undrain 6to4
	atf_check $ctl6 undrain
	atf_check $ctl6 drain all "power"
	atf_check -s exit:1 -e match:"all is drained: undrain all" \
	    $ctl6 undrain 6to4
	atf_check -s exit:1 -e match:"control characters" \
	    $ctl6 drain dns "$(printf 'a\nb')"
	chmod 666 "$LAB_DIR/relayd6.sock"
	atf_check -s exit:1 -e match:"only root" \
	    setpriv --reuid 65534 --clear-groups $ctl6 undrain
	# A file that can not be written is said, and the drain is in force.
	atf_check $ctl6 undrain
	mkdir "$LAB_DIR/drain.new"
	atf_check -s exit:1 -e match:"a restart will not know it" \
	    $ctl6 drain 6to4
	says_check "show health" "6to4 *drain"
}

# --- the end ----------------------------------------------------------

steer_case stop_loses_nothing "A stop is a drain; the next relay takes over"
stop_loses_nothing_body()
{
	steer_begin
	relay2_up
	stream_begin
	victim=$(lab_pid relayd6)
	kill -TERM $victim
	lab_wait "lab_birdc show route all 2002::/16 | grep -qF '$GSHUT'" 1 ||
	    atf_fail "no GRACEFUL_SHUTDOWN"
	lab_wait "withdrawn_all $LAB_PREFIXES" 3 || atf_fail "not withdrawn"
	# Never the address, the tun or the route before the announcement.
	[ -n "$(ip -n "$LAB-relay" addr show to 192.88.99.1)" ] ||
	    atf_fail "the address went before the announcement"
	ip -n "$LAB-relay" link show tun6to4 >/dev/null ||
	    atf_fail "the tun went before the announcement"
	lab_wait "! lab_alive $victim" 3 || atf_fail "it does not end"
	sleep 1
	stream_end
	[ -z "$(ip -n "$LAB-relay" addr show to 192.88.99.1)" ] ||
	    atf_fail "the address is left"
}

steer_case stop_at_once "What nobody hears of is not waited for"
stop_at_once_body()
{
	steer_begin "drain 20 s"
	lab_ctl6 drain
	lab_ctl6 undrain
	lab_ctl6 drain
	kill -TERM "$(lab_pid relayd6)"
	kill -TERM "$(lab_pid relayd6)"
	lab_wait "withdrawn_all $LAB_PREFIXES" 3 ||
	    atf_fail "a second SIGTERM does not cut the drain short"
	lab_wait "! lab_alive $(lab_pid relayd6)" 3 || atf_fail "no end"
	[ -s "$LAB_DIR/drain" ] || atf_fail "the drain was forgotten"
	lab_relayd6
	says_check "show health" "6to4 *drained"
	kill -TERM "$(lab_pid relayd6)"
	lab_wait "! lab_alive $(lab_pid relayd6)" 2 || atf_fail "no end again"
}

# --- reload -----------------------------------------------------------

steer_case reload_answer "A reload is answered when it is done"
reload_answer_body()
{
	steer_begin
	sed -i 's/source/mtu 1400\n&/' "$LAB_DIR/relayd6.conf"
	atf_check "$LAB_TOP/ctl6/ctl6" -s "$LAB_DIR" reload relayd6
	atf_check -o match:"mtu 1400" ip -n "$LAB-relay" link show tun6to4
	lab_wait "announced $LAB_PREFIXES" 3 || atf_fail "not back"
	# One that fails says so, and leaves what was.
	ip -n "$LAB-relay" link add taken type veth peer name other
	sed -i 's/mtu 1400/interface taken/' "$LAB_DIR/relayd6.conf"
	atf_check -s exit:1 -e match:"the old ones are back" \
	    "$LAB_TOP/ctl6/ctl6" -s "$LAB_DIR" reload relayd6
	atf_check -o match:"mtu 1400" ip -n "$LAB-relay" link show tun6to4
	lab_wait "announced $LAB_PREFIXES" 3 || atf_fail "not back"
}

# --- checks -----------------------------------------------------------

steer_case check_lease "Reports announce, silence and bad ones withdraw"
check_lease_body()
{
	steer_begin
	withdrawn_all $DNS || atf_fail "announced without a report"
	says_check "show announcements" "53::/48 *withdrawn .*nothing was rep"
	says_check "show announcements" "54::/48 *withdrawn .*no such check"
	atf_check "$LAB_TOP/ctl6/ctl6" -s "$LAB_DIR" health dns up for 60
	lab_wait "announced $DNS" 2 || atf_fail "not announced"
	says_check "show health" "dns *healthy"
	# The check fails: the route must not stay.
	atf_check "$LAB_TOP/ctl6/ctl6" -s "$LAB_DIR" health dns down SERVFAIL
	lab_wait "withdrawn_all $DNS" 2 || atf_fail "not withdrawn"
	says_check "show announcements" "53::/48 *withdrawn .*SERVFAIL"
	# The checker dies: silence is down.
	atf_check "$LAB_TOP/ctl6/ctl6" -s "$LAB_DIR" health dns up "answers"
	lab_wait "announced $DNS" 2 || atf_fail "not announced again"
	lab_wait "withdrawn_all $DNS" 4 || atf_fail "silence is no news"
	says_check "show health" "dns *unhealthy .*nothing was reported for 1 s"
	atf_check -s exit:1 -e match:"no such check" \
	    "$LAB_TOP/ctl6/ctl6" -s "$LAB_DIR" health web up
	announced $LAB_PREFIXES || atf_fail "the relay went, too"
	# A drain is for checks as well.
	atf_check "$LAB_TOP/ctl6/ctl6" -s "$LAB_DIR" health dns up for 60
	atf_check "$LAB_TOP/ctl6/ctl6" -s "$LAB_DIR" drain dns
	says_check "show health" "dns *drained"
	withdrawn_all $DNS || atf_fail "drained and announced"
}

steer_case check_only "relayd6 without a relay serves checks"
check_only_body()
{
	lab_begin_suite
	steer_conf
	sed -i '1,3d' "$LAB_DIR/relayd6.conf"
	lab_bird || atf_fail "bird"
	lab_relayd6
	lab_routed6
	lab_wait "lab_ctl6 health dns up for 60" 5 || atf_fail "no report"
	lab_wait "announced $DNS" 5 || atf_fail "not announced"
	says_check "show announcements" "2002::/16 *withdrawn .*no such relay"
	atf_check "$LAB_TOP/ctl6/ctl6" -s "$LAB_DIR" show relays
	lab_stop relayd6 TERM || atf_fail "it did not end in order"
	lab_wait "withdrawn_all $DNS" 2 || atf_fail "not withdrawn"
}

# The number of changes of a prefix.
changes()
{
	lab_ctl6 -j show announcements | tr -d ' \n' | tr '{' '\n' |
	    sed -n "s,.*$1.*\"changes\":\([0-9]*\).*,\1,p"
}

# The number of UPDATEs that the neighbor was sent.
updates()
{
	lab_ctl6 show peers $LAB_PEER | awk '$1 == "UPDATE" { print $3 }'
}

steer_case check_flaps "Failed checks make no UPDATEs, flaps are damped"
check_flaps_body()
{
	steer_begin
	lab_ctl6 health dns up for 60
	lab_ctl6 health dns down first
	lab_wait "withdrawn_all $DNS" 2
	before=$(updates)
	i=0
	while [ $((i += 1)) -le 200 ]; do
		lab_ctl6 health dns down "failure $i"
	done
	[ "$(updates)" = "$before" ] || atf_fail "an UPDATE for a failure"
	begin=$(lab_clock)
	i=0
	while [ $((i += 1)) -le 1000 ]; do
		lab_ctl6 health dns up for 60
		lab_ctl6 health dns down
	done
	took=$((($(lab_clock) - begin) / 100))
	# The first time, after one fall, and after holds of 1, 2, 4 .. s.
	most=2
	hold=1
	sum=1
	while [ $sum -le $((took + 1)) ]; do
		most=$((most + 1))
		sum=$((sum + (hold *= 2)))
	done
	echo "$(changes 2a10:53) changes in $took s, at most $((2 * most))"
	[ "$(changes 2a10:53)" -le $((2 * most)) ] || atf_fail "not damped"
	[ "$(updates)" -le $((before + 4 * most)) ] || atf_fail "UPDATEs"
	lab_ctl6 health dns up for 60
	says_check "show health" "dns *held .*held down until it lasts"
}

# --- what is told -----------------------------------------------------

steer_case monitor "A line for each event, in words and in JSON"
monitor_body()
{
	steer_begin
	lab_daemon lines relay "$LAB_TOP/ctl6/ctl6" -s "$LAB_DIR" monitor
	lab_daemon json relay "$LAB_TOP/ctl6/ctl6" -s "$LAB_DIR" -j monitor
	sleep 0.3
	lab_ctl6 health dns up "all five answer"
	lab_ctl6 drain 6to4 "rack moves"
	lab_wait "withdrawn_all $LAB_PREFIXES" 4
	lab_birdc disable relay >/dev/null
	lab_wait "grep -q 'session.*down' $LAB_DIR/lines.log" 3
	lab_stop relayd6 KILL
	lab_wait "grep -q 'relayd6 gone' $LAB_DIR/lines.log" 3
	lab_relayd6
	lab_wait "grep -q 'relayd6 there' $LAB_DIR/lines.log" 5
	lab_stop relayd6 TERM
	lab_stop routed6 TERM
	lab_wait "! lab_alive $(lab_pid lines)" 3 ||
	    atf_fail "it goes on without daemons"
	cat "$LAB_DIR/lines.log"
	for line in "relayd6: check dns healthy: all five answer" \
	    "routed6: announcement 2a10:53::/48 announced: all five answer" \
	    "relayd6: drain 6to4 draining: on command: rack moves" \
	    "routed6: announcement 2002::/16 leaving: on command: rack" \
	    "relayd6: drain 6to4 drained" \
	    "routed6: announcement 2002::/16 withdrawn: on command: rack" \
	    "routed6: session bgp $LAB_PEER down: received Cease" \
	    "ctl6: daemon relayd6 gone" "ctl6: daemon relayd6 there"; do
		grep -q "^20[0-9-]*T[0-9:.]*[+-][0-9]* $line" \
		    "$LAB_DIR/lines.log" || atf_fail "no line: $line"
	done
	for line in $(tr -d ' ' <"$LAB_DIR/json.log"); do
		echo "$line" | grep -Eq '^\{"time":"[^"]*","daemon":"[^"]*",'\
'"event":"[^"]*","subject":"[^"]*","state":"[^"]*","reason":"[^"]*"\}$' ||
		    atf_fail "not JSON: $line"
	done
	grep -q '"state": "draining"' "$LAB_DIR/json.log" ||
	    atf_fail "no drain in JSON"
}

steer_case monitor_slow "Whoever does not read is dropped, and hinders nobody"
monitor_slow_body()
{
	steer_begin
	lab_daemon slow relay "$LAB_TOP/ctl6/ctl6" -s "$LAB_DIR" monitor
	sleep 0.3
	slow=$(lab_pid slow)
	kill -STOP $slow
	i=0
	while [ $((i += 1)) -le 400 ]; do
		lab_ctl6 health dns up for 60
		lab_ctl6 health dns down $i
	done
	grep -q "does not read dropped" "$LAB_DIR/relayd6.log" ||
	    atf_fail "it is kept"
	announced $LAB_PREFIXES || atf_fail "the relay was hindered"
	kill -CONT $slow
	lab_wait "grep -q 'relayd6 there' $LAB_DIR/slow.log" 4 ||
	    atf_fail "it does not come back"
}

atf_init_test_cases()
{
	for case in $STEER_CASES; do
		atf_add_test_case $case
	done
}
