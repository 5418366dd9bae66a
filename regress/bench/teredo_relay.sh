#!/bin/sh
#
# Our Teredo relay beside miredo's, in the laboratory of regress/live, with a
# real miredo client behind a NAT: how long the first echo takes from either
# side when relay and client do not know each other, how many of 200 echoes
# are lost afterwards, and for how long a flow of the client has no answer
# when the relay is killed and started again (down: since the kill, back:
# since it runs again; milliseconds).  The relays take turns; prints median,
# least and most.  Needs root and a built tree.
#
#	teredo_relay.sh [-o relay] [-r rounds] [-w seconds] [NAT ...]
#
# -o ours and -o miredo look at one relay only.  A relay that leaves its clients in a black hole is waited for -w seconds.
#
# shellcheck disable=SC2086	# addresses are words, lists are several

LAB_TOP=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
# shellcheck source=/dev/null
. "$LAB_TOP/regress/live/teredo.subr"
# shellcheck source=/dev/null
. "$LAB_TOP/regress/bench/bench.subr"

ROUNDS=3
PATIENCE=40
KINDS="port symmetric"
WHO="ours miredo"

# note WHO KIND WHAT VALUE
note()
{
	echo "$4" >>"$LAB_DIR/result.$1.$2.$3"
}

# echo_time NODE ADDRESS: of one echo, or "lost".
echo_time()
{
	lab_run "$1" ping -n -c 1 -W 3 "$2" |
	    awk -F 'time=' '
		/bytes from/ { split($2, t, " "); print t[1]; found = 1 }
		END { if (!found) print "lost" }'
}

# echoes_lost NODE ADDRESS: of 200.
echoes_lost()
{
	lab_run "$1" ping -n -q -i 0.01 -c 200 -W 2 "$2" |
	    awk '/received/ { print $1 - $4 }'
}

# A client that nobody knows yet.
client_fresh()
{
	[ ! -e "$LAB_DIR/client.pid" ] || lab_stop client
	teredo_client
}

# round WHO KIND: what it is like for a client behind that NAT.
round()
{
	client_fresh || return 1
	note "$@" native-first "$(echo_time v6host $TEREDO_CLIENT)"
	client_fresh || return 1
	note "$@" client-first "$(echo_time inside $LAB_V6HOST)"
	note "$@" lost "$(echoes_lost v6host $TEREDO_CLIENT)"
	teredo_ping inside "$LAB_DIR/flow" -w $((PATIENCE + 10)) $LAB_V6HOST
	lab_wait "[ \$(grep -c 'bytes from' $LAB_DIR/flow) -ge 25 ]" 5
	teredo_restart "$1" "$LAB_DIR/flow" "$PATIENCE"
	kill -INT $!
	note "$@" down "$TEREDO_DOWN"
	note "$@" back "$TEREDO_BACK"
}

# one WHO KIND: a round with a relay of its own.
one()
{
	teredo_nat "$2"
	teredo_relay "$1" && round "$@"
	rc=$?
	teredo_relay_stop "$1"
	return $rc
}

report()
{
	printf '%-7s %-10s %-13s %s\n' relay NAT what "median (range)"
	for kind in $KINDS; do
		for what in native-first client-first lost down back; do
			for who in $WHO; do
				f=$LAB_DIR/result.$who.$kind.$what
				[ -s "$f" ] || continue
				printf '%-7s %-10s %-13s %s\n' "$who" "$kind" \
				    $what "$(summary "$f")"
			done
		done
	done
}

while getopts o:r:w: opt; do
	case $opt in
	o)	WHO=$OPTARG ;;
	r)	ROUNDS=$OPTARG ;;
	w)	PATIENCE=$OPTARG ;;
	*)	usage ;;
	esac
done
shift $((OPTIND - 1))
[ $# -eq 0 ] || KINDS=$*

bench_begin "$(lab_missing)" "$(lab_suite_missing)" "$(teredo_missing)"
teredo_up && lab_bird && teredo_server || exit 1
i=0
while [ $i -lt "$ROUNDS" ]; do
	for kind in $KINDS; do
		for who in $WHO; do
			one "$who" "$kind" 2>>"$LAB_DIR/bench.err" ||
			    echo "round $i: $who, $kind: failed" >&2
		done
	done
	i=$((i + 1))
done
report
