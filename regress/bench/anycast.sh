#!/bin/sh
#
# What a user sees when a relay fails, of which two more stand by, and how long
# the neighbor goes on sending to it: each failure in turn, beside the same
# relay announced by ExaBGP with its health check, by BIRD with BFD and by FRR
# with BFD.  Prints, for each failure and announcer, medians and ranges: the
# milliseconds from the failure to the last route to that relay gone at the
# neighbor; then the longest time without an answer and the packets lost of
# two streams of echoes through the relay, a 6to4 host's and a Teredo client's,
# 500 a second each.  Needs root and a built tree.
#
#	anycast.sh [-lv] [-a announcer] [-b ms] [-c bird|frr] [-m prefer|ecmp]
#	    [-r rounds] [-s address] [failure ...]
#
# -a ours, exabgp, bird or frr; may be repeated, and all is the default.
# -b: BFD's interval.  -c: who runs at the neighbor.  -m: how the neighbor
# chooses among the relays.  -s: an IPv4 address that the Teredo relays share
# and announce; without it each has its own.  -v: the daemons' logs, too.  -l lists the failures and ends.
#
# A route that is not gone after LIMIT milliseconds counts as "never", and a
# stream that has no answer by then as cut.
#
# shellcheck disable=SC2034	# anycast.subr uses them
# shellcheck disable=SC2046,SC2086	# lists are several words

LAB_TOP=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
# shellcheck source=/dev/null
. "$LAB_TOP/regress/live/anycast.subr"

ANNOUNCERS=
CORE=bird
ROUNDS=3
VERBOSE=
LIMIT=12000

OURS="kill:relayd6:parent kill:relayd6:relay kill:relayd6:health
kill:routed6:parent kill:routed6:announce kill:routed6:bgp kill:routed6:bfd
stop:relayd6:parent stop:relayd6:relay stop:relayd6:health
stop:routed6:parent stop:routed6:announce stop:routed6:bgp stop:routed6:bfd
drain"
THEIRS="kill:relayd6:relay stop:relayd6:relay kill:announcer stop:announcer"
BOTH="tun-down route-gone forwarding-off address-gone default-gone
target-silent link-cut box-frozen stop-relay stop-announcer"

usage()
{
	echo "usage: ${0##*/} [-lv] [-a announcer] [-b ms] [-c bird|frr]" \
	    "[-m prefer|ecmp] [-r rounds] [-s address] [failure ...]" >&2
	exit 2
}

# --- failures ---------------------------------------------------------

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

# The first process of who announces.
announcer_pid()
{
	case $1 in
	ours)	lab_pid relay-routed6 ;;
	frr)	lab_pid relay-bgpd ;;
	*)	lab_pid "relay-$1" ;;
	esac
}

# victim WHAT ANNOUNCER: the process of kill:WHAT and stop:WHAT.
victim()
{
	case $1 in
	announcer)
		announcer_pid "$2" ;;
	check)
		lab_family "relay-$2" | tail -n 1 ;;
	*)
		lab_role_pid "relay-${1%:*}" "${1#*:}" ;;
	esac
}

# Not a word passes between relay and peer, and no interface goes down.
link_cut()
{
	lab_run relay nft -f - <<-END
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

# The processes of the box stand still, and so does its kernel.
box_freeze()
{
	kill -STOP $(ip netns pids "$LAB-relay")
	link_cut
}

# The target of probes does not answer; the streams go elsewhere.
target_silence()
{
	lab_run v6host nft -f - <<-END
		table ip6 silent {
			chain in {
				type filter hook input priority 0
				ip6 daddr $ANYCAST_TARGET drop
			}
		}
	END
}

# later FUNCTION: the stopwatch runs while this shell does it.
later()
{
	mkfifo "$LAB_DIR/go"
	stopwatch $LAB_PREFIXES -- sh -c "echo >$LAB_DIR/go" \
	    >"$LAB_DIR/later" &
	read -r _ <"$LAB_DIR/go"
	"$1"
	rm "$LAB_DIR/go"
	wait $!
	anycast_rc=$?
	cat "$LAB_DIR/later"
	return $anycast_rc
}

# ending PID: an orderly stop, to its end.
ending()
{
	stopwatch -k $1 -s TERM $LAB_PREFIXES
	anycast_rc=$?
	lab_wait "! lab_alive $1" 10
	return $anycast_rc
}

# failure NAME ANNOUNCER: let it happen; prints how soon the routes went.
failure()
{
	case $1 in
	kill:*)
		stopwatch -k "$(victim "${1#*:}" $2)" -s KILL $LAB_PREFIXES ;;
	stop:*)
		stopwatch -k "$(victim "${1#*:}" $2)" -s STOP $LAB_PREFIXES ;;
	tun-down)
		stopwatch_six ip -n "$LAB-relay" link set tun6to4 down ;;
	route-gone)
		stopwatch_six ip -n "$LAB-relay" -6 route del 2002::/16 ;;
	forwarding-off)
		stopwatch_run ip netns exec "$LAB-relay" sysctl -qw \
		    net.ipv6.conf.all.forwarding=0 ;;
	address-gone)
		stopwatch_six ip -n "$LAB-relay" addr del 192.88.99.1/32 \
		    dev lo ;;
	default-gone)
		stopwatch_run ip -n "$LAB-relay" -6 route del default ;;
	target-silent)
		later target_silence ;;
	link-cut)
		later link_cut ;;
	box-frozen)
		later box_freeze ;;
	stop-relay)
		ending "$(lab_pid relay-relayd6)" ;;
	stop-announcer)
		ending "$(announcer_pid $2)" ;;
	drain)
		stopwatch_run "$LAB_TOP/ctl6/ctl6" -s "$LAB_DIR/relay" \
		    drain ;;
	*)
		echo "no failure is called $1" >&2
		return 2 ;;
	esac
}

# --- rows -------------------------------------------------------------

# one FAILURE ANNOUNCER: a whole round, with clients that know no relay yet.
one()
{
	if ! { anycast_relay $2 && anycast_sixhost && teredo_client; }; then
		echo "$2: relay or clients did not come up" >&2
		return 1
	fi
	anycast_streams_begin 2000 $LIMIT ||
	    echo "a stream does not begin" >&2
	sleep 0.2
	failure $1 $2 >>"$LAB_DIR/result-route" 2>>"$LAB_DIR/bench.err" ||
	    echo never >>"$LAB_DIR/result-route"
	[ -z "$VERBOSE" ] || cat "$LAB_DIR/bench.err" "$LAB_DIR"/relay-*.log >&2
	anycast_streams_end
	lab_stop client 2>/dev/null
	lab_stop sixhost 2>/dev/null
	anycast_clean
}

# Median, and least and most of several, of the numbers in column $2 of a
# file; a word sorts behind all numbers.
summary()
{
	awk -v c="$2" '{ v = $c; print (v == "never" ? 1e9 : v) }' "$1" |
	    sort -n | awk '
		function show(x) {
			if (x >= 5e8)
				return "never"
			if (x >= 10 || x == int(x))
				return sprintf("%.0f", x)
			return sprintf("%.1f", x)
		}
		{ v[NR] = $1 }
		END {
			m = (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2
			range = " (" show(v[1]) "-" show(v[NR]) ")"
			print show(m) (NR > 1 ? range : "")
		}'
}

# row FAILURE ANNOUNCER
row()
{
	rm -f "$LAB_DIR"/result-* "$LAB_DIR"/stream-*.result
	i=0
	while [ $i -lt "$ROUNDS" ]; do
		one $1 $2 || return
		i=$((i + 1))
	done
	printf '%-22s %-9s %18s' $1 $2 "$(summary "$LAB_DIR/result-route" 1)"
	for stream in $ANYCAST_STREAMS; do
		printf ' %18s %14s' \
		    "$(summary "$LAB_DIR/stream-$stream.result" 1)" \
		    "$(summary "$LAB_DIR/stream-$stream.result" 2)"
	done
	printf '\n'
}

# failures ANNOUNCER: those that can happen to it.
failures()
{
	case $1 in
	ours)	echo $OURS $BOTH ;;
	exabgp)	echo $THEIRS stop:check $BOTH ;;
	*)	echo $THEIRS $BOTH ;;
	esac
}

while getopts a:b:c:lm:r:s:v opt; do
	case $opt in
	a)	ANNOUNCERS="$ANNOUNCERS $OPTARG" ;;
	b)	ANYCAST_BFD=$OPTARG ;;
	c)	CORE=$OPTARG ;;
	l)	echo $OURS $THEIRS stop:check $BOTH | tr ' ' '\n' | sort -u
		exit ;;
	m)	ANYCAST_MODE=$OPTARG ;;
	r)	ROUNDS=$OPTARG ;;
	s)	ANYCAST_SHARED=$OPTARG ;;
	v)	VERBOSE=yes ;;
	*)	usage ;;
	esac
done
shift $((OPTIND - 1))
FAILURES=$*
: "${ANNOUNCERS:=ours exabgp bird frr}"

why=$(lab_missing)
[ -n "$why" ] || why=$(lab_suite_missing)
[ -n "$why" ] || why=$(teredo_missing)
for announcer in $ANNOUNCERS; do
	[ -n "$why" ] || why=$(anycast_missing $announcer)
done
if [ -n "$why" ]; then
	echo "${0##*/}: $why" >&2
	exit 1
fi
lab_trap
anycast_begin $CORE || exit 1
printf '%-22s %-9s %18s %18s %14s %18s %14s\n' failure announcer \
    'route gone ms' '6to4 cut ms' lost 'Teredo cut ms' lost
for announcer in $ANNOUNCERS; do
	for failure in ${FAILURES:-$(failures $announcer)}; do
		row $failure $announcer
	done
done
