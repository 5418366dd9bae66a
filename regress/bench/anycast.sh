#!/bin/sh
#
# What a user sees when a relay fails, of which two more stand by, and how long
# the neighbor goes on sending to it: each failure in turn, with the suite,
# and beside it with relayd6 announced by ExaBGP and its health check, by BIRD
# with BFD and by FRR with BFD.  Prints, for each failure and announcer,
# medians and ranges: the milliseconds from the failure to the last route to
# that relay gone at the neighbor; then the longest time without an answer and
# the packets lost of two streams of echoes through the relay, a 6to4 host's
# and a Teredo client's, 500 a second each.  Needs root and a built tree.
#
#	anycast.sh [-lv] [-a announcer] [-B ms] [-b ms] [-m prefer|ecmp]
#	    [-n bird|frr] [-R rounds] [-r rounds] [-s address] [failure ...]
#
# -a ours, exabgp, bird or frr; may be repeated, and all is the default.
# -B: the interval of BFD, -b: that of our heartbeats.  -l: list the failures
# and end.  -m: how the neighbor chooses among the relays, -n: what runs there.
# -r: rounds for ours, -R: for each other.
# -s: an IPv4 address that the Teredo relays share and announce; without it
# each has its own.  -v: the daemons' logs, too.
#
# kill is SIGKILL, freeze SIGSTOP, end an orderly end (SIGTERM).  With another
# announcer, "routed6:parent" is its own first process, "routed6:announce"
# ExaBGP's check and "routed6:bfd" FRR's bfdd.  "-" is what can not happen to
# an announcer, or what neither it nor the users can notice.
#
# A route that is not gone after LIMIT milliseconds counts as "never", and so
# does a stream that has no answer PATIENCE milliseconds later.
#
# shellcheck disable=SC2034	# anycast.subr uses them
# shellcheck disable=SC2046,SC2086	# lists are several words

LAB_TOP=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
# shellcheck source=/dev/null
. "$LAB_TOP/regress/live/anycast.subr"
# shellcheck source=/dev/null
. "$LAB_TOP/regress/bench/bench.subr"

ANNOUNCERS=
NEIGHBOR=bird
ROUNDS=3
ROUNDS_OTHERS=1
VERBOSE=
LIMIT=12000
PATIENCE=6000
TRIES=3			# for a round that does not begin

PROCESSES="relayd6:parent relayd6:relay relayd6:health
routed6:parent routed6:announce routed6:bgp routed6:bfd routed6:ospf"
FAILURES="$(printf 'kill:%s ' $PROCESSES) $(printf 'freeze:%s ' $PROCESSES)
tun-down route-deleted forwarding6-off forwarding4-off address-removed
default6-removed default4-removed target-silent link-cut box-frozen
drain end:relayd6 end:routed6"

# --- failures ---------------------------------------------------------

# happens FAILURE ANNOUNCER: it can, and somebody can notice.
happens()
{
	case $2:$1 in
	ours:*)
		return 0 ;;
	*:kill:relayd6:*|*:freeze:relayd6:relay|*:routed6:parent|*:end:*)
		return 0 ;;
	exabgp:*:routed6:announce|frr:*:routed6:bfd)
		return 0 ;;
	*:relayd6:*|*:routed6:*|*:drain|*:forwarding4-off)
		return 1 ;;
	esac
}

# The first process of who announces.
announcer_pid()
{
	case $1 in
	ours)	lab_pid relay-routed6 ;;
	frr)	lab_pid relay-bgpd ;;
	*)	lab_pid "relay-$1" ;;
	esac
}

# victim DAEMON:PROCESS ANNOUNCER: its pid.
victim()
{
	case $2:$1 in
	exabgp:routed6:announce)
		lab_family relay-exabgp | tail -n 1 ;;
	frr:routed6:bfd)
		lab_pid relay-bfdd ;;
	*:routed6:parent)
		announcer_pid $2 ;;
	*)
		lab_role_pid "relay-${1%:*}" "${1#*:}" ;;
	esac
}

# stopwatch withdrawn-arguments: until peer has no route by relay.
stopwatch()
{
	lab_run peer withdrawn -i relay -t $LIMIT "$@"
}

# stopwatch_run command...: the same for what a command does.
stopwatch_run()
{
	stopwatch $LAB_PREFIXES -- "$@"
}

# Some prefixes only: those of 6to4.
stopwatch_six()
{
	stopwatch 2002::/16 192.88.99.0/24 -- "$@"
}

# stopwatch_relay command...: what one does at the relay.
stopwatch_relay()
{
	stopwatch_run ip netns exec "$LAB-relay" "$@"
}

# stopwatch_nft NODE: those rules, from standard input.
stopwatch_nft()
{
	cat >"$LAB_DIR/rules.nft"
	stopwatch_run ip netns exec "$LAB-$1" nft -f "$LAB_DIR/rules.nft"
}

# Not a word passes between relay and peer, and no interface goes down.
link_rules()
{
	cat <<-END
		table inet cut {
			chain in {
				type filter hook prerouting priority -300
				iifname net0 drop
			}
			chain out {
				type filter hook postrouting priority 300
				oifname net0 drop
			}
		}
	END
}

# The target of probes does not answer; the streams go elsewhere.
target_rules()
{
	cat <<-END
		table ip6 silent {
			chain in {
				type filter hook input priority 0
				ip6 daddr $ANYCAST_TARGET drop
			}
		}
	END
}

# The processes of the box stand still, and so does its kernel.
box_freeze()
{
	link_rules >"$LAB_DIR/rules.nft"
	stopwatch_run sh -c "
		kill -STOP $(ip netns pids "$LAB-relay" | tr '\n' ' ')
		exec ip netns exec $LAB-relay nft -f $LAB_DIR/rules.nft"
}

# ending PID: an orderly stop, to its end.
ending()
{
	stopwatch -k $1 -s TERM $LAB_PREFIXES
	ending_rc=$?
	lab_wait "! lab_alive $1" 30
	return $ending_rc
}

# failure NAME ANNOUNCER: let it happen; prints how soon the routes went.
failure()
{
	case $1 in
	kill:*)
		stopwatch -k "$(victim "${1#*:}" $2)" -s KILL $LAB_PREFIXES ;;
	freeze:*)
		stopwatch -k "$(victim "${1#*:}" $2)" -s STOP $LAB_PREFIXES ;;
	tun-down)
		stopwatch_six ip -n "$LAB-relay" link set tun6to4 down ;;
	route-deleted)
		stopwatch_six ip -n "$LAB-relay" -6 route del 2002::/16 ;;
	forwarding6-off)
		stopwatch_relay sysctl -qw net.ipv6.conf.all.forwarding=0 ;;
	forwarding4-off)
		stopwatch_relay sysctl -qw net.ipv4.ip_forward=0 ;;
	address-removed)
		stopwatch_six ip -n "$LAB-relay" addr del 192.88.99.1/32 \
		    dev lo ;;
	default6-removed)
		stopwatch_run ip -n "$LAB-relay" -6 route del default ;;
	default4-removed)
		stopwatch_run ip -n "$LAB-relay" route del default ;;
	target-silent)
		target_rules | stopwatch_nft v6host ;;
	link-cut)
		link_rules | stopwatch_nft relay ;;
	box-frozen)
		box_freeze ;;
	drain)
		stopwatch_run "$LAB_TOP/ctl6/ctl6" -s "$LAB_DIR/relay" \
		    drain ;;
	end:relayd6)
		ending "$(lab_pid relay-relayd6)" ;;
	end:routed6)
		ending "$(announcer_pid $2)" ;;
	esac
}

# --- rows -------------------------------------------------------------

# Clients that know no relay yet, and a stream of each through this one.
users_begin()
{
	anycast_relay $1 && anycast_sixhost && teredo_client &&
	    anycast_streams_begin 2000 $PATIENCE && sleep 0.2
}

# round FAILURE ANNOUNCER: once; 2 when it did not begin.
round()
{
	users_begin $2 || return 2
	failure $1 $2 >"$LAB_DIR/ms"
	case $? in
	0)	cat "$LAB_DIR/ms" ;;
	1)	echo never ;;
	*)	return 2 ;;
	esac >>"$LAB_DIR/result-route"
	anycast_streams_end
}

# All is as it was before the round.
round_end()
{
	for daemon in client sixhost $(printf 'stream-%s ' $ANYCAST_STREAMS); do
		lab_stop $daemon
	done
	anycast_clean
}

# rounds N FAILURE ANNOUNCER: as many, of those that begin: a busy machine may
# keep a stream from becoming steady.
rounds()
{
	tries=$(($1 * TRIES))
	n=0
	while [ $n -lt $1 ] && [ $tries -gt 0 ]; do
		tries=$((tries - 1))
		round $2 $3
		[ $? -eq 2 ] || n=$((n + 1))
		round_end
	done 2>>"$LAB_DIR/bench.err"
	[ $n -eq $1 ] || echo "$2, $3: $n rounds could be had" >&2
}

row_print()
{
	printf '%-21s %-9s %21s %21s %15s %21s %15s\n' "$@"
}

# row FAILURE ANNOUNCER
row()
{
	rm -f "$LAB_DIR"/result-* "$LAB_DIR"/stream-*.result \
	    "$LAB_DIR"/relay-*.log
	often=$ROUNDS_OTHERS
	[ $2 != ours ] || often=$ROUNDS
	! happens $1 $2 || rounds $often $1 $2
	[ -z "$VERBOSE" ] || cat "$LAB_DIR/bench.err" "$LAB_DIR"/relay-*.log >&2
	set -- $1 $2 "$(summary "$LAB_DIR/result-route")"
	for stream in $ANYCAST_STREAMS; do
		for column in 1 2; do
			set -- "$@" "$(summary \
			    "$LAB_DIR/stream-$stream.result" $column)"
		done
	done
	row_print "$@"
}

parameters()
{
	if [ $ANYCAST_MODE = prefer ]; then
		echo "$NEIGHBOR as neighbor prefers a relay"
	else
		echo "$NEIGHBOR as neighbor spreads flows over the relays"
	fi
	echo "heartbeats of $ANYCAST_BEAT ms, BFD of 3 x $ANYCAST_BFD ms"
	echo "rounds: $ROUNDS of ours, $ROUNDS_OTHERS of each other announcer"
	row_print failure announcer 'route gone ms' '6to4 cut ms' lost \
	    'Teredo cut ms' lost
}

while getopts a:B:b:lm:n:R:r:s:v opt; do
	case $opt in
	a)	ANNOUNCERS="$ANNOUNCERS $OPTARG" ;;
	B)	ANYCAST_BFD=$OPTARG ;;
	b)	ANYCAST_BEAT=$OPTARG ;;
	l)	printf '%s\n' $FAILURES
		exit ;;
	m)	ANYCAST_MODE=$OPTARG ;;
	n)	NEIGHBOR=$OPTARG ;;
	R)	ROUNDS_OTHERS=$OPTARG ;;
	r)	ROUNDS=$OPTARG ;;
	s)	ANYCAST_SHARED=$OPTARG ;;
	v)	VERBOSE=yes ;;
	*)	usage ;;
	esac
done
shift $((OPTIND - 1))
: "${ANNOUNCERS:=ours exabgp bird frr}"
for failure; do
	echo $FAILURES | tr ' ' '\n' | grep -qx "$failure" || usage
done
[ $# -eq 0 ] || FAILURES=$*

bench_begin "$(lab_missing)" "$(lab_suite_missing)" "$(teredo_missing)" \
    "$(for a in $ANNOUNCERS; do anycast_missing $a; done)"
anycast_begin $NEIGHBOR || exit 1
parameters
for failure in $FAILURES; do
	for announcer in $ANNOUNCERS; do
		row $failure $announcer
	done
done
