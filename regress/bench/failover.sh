#!/bin/sh
#
# How fast the neighbor's kernel loses our routes when a process of the suite
# dies (SIGKILL) or freezes (SIGSTOP): for each process, ROUNDS times, in the
# laboratory of regress/live.  Prints median, least and most in milliseconds,
# measured from just before the signal.  Needs root and a built tree.
#
#	failover.sh [-r rounds] [daemon:process ...]
#
# shellcheck disable=SC2086	# addresses are words, lists are several

LAB_TOP=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
# shellcheck source=/dev/null
. "$LAB_TOP/regress/live/lab.subr"

LAB_PREFIXES="$LAB_PREFIXES 2001::/32"
ROUNDS=20
VICTIMS="relayd6:parent relayd6:relay relayd6:health
routed6:parent routed6:announce routed6:bgp"
KILLED="routed6:bfd routed6:ospf"	# frozen, they leave BGP as it is

usage()
{
	echo "usage: ${0##*/} [-r rounds] [daemon:process ...]" >&2
	exit 2
}

# Start what is not running and wait until the neighbor has the routes.
suite_whole()
{
	for name in relayd6 routed6; do
		if [ -f "$LAB_DIR/$name.pid" ]; then
			lab_alive "$(lab_pid $name)" && continue
		fi
		"lab_$name"
	done
	lab_run peer withdrawn -a -t 15000 $LAB_PREFIXES >/dev/null
}

# All processes of both daemons, gone for good.
suite_end()
{
	for pid in $1; do
		kill -KILL "$pid" 2>/dev/null
		lab_wait "! lab_alive $pid" 5
	done
}

# one SIGNAL DAEMON PROCESS: a whole round; prints milliseconds.
one()
{
	suite_whole || return 1
	family=$(lab_family "$2")
	victim=$(lab_role_pid "$2" "$3") || return 1
	lab_run peer withdrawn -t 5000 -k "$victim" -s "$1" $LAB_PREFIXES
	rc=$?
	suite_end "$family"
	return $rc
}

# Median, least and most of the numbers in a file.
summary()
{
	sort -n "$1" | awk '
		{ v[NR] = $1 }
		END {
			if (NR == 0)
				print "- - -"
			else {
				low = v[int((NR + 1) / 2)]
				high = v[int(NR / 2) + 1]
				printf "%.2f %.2f %.2f\n", (low + high) / 2,
				    v[1], v[NR]
			}
		}'
}

# row SIGNAL DAEMON:PROCESS
row()
{
	missed=0
	i=0
	: >"$LAB_DIR/ms"
	while [ $i -lt "$ROUNDS" ]; do
		one "$1" "${2%:*}" "${2#*:}" >>"$LAB_DIR/ms" \
		    2>>"$LAB_DIR/bench.err" || missed=$((missed + 1))
		i=$((i + 1))
	done
	summary "$LAB_DIR/ms" | while read -r median least most; do
		printf '%-5s %-18s %6d %6d %9s %9s %9s\n' "$1" "$2" \
		    "$ROUNDS" $missed "$median" "$least" "$most"
	done
}

while getopts r: opt; do
	case $opt in
	r)	ROUNDS=$OPTARG ;;
	*)	usage ;;
	esac
done
shift $((OPTIND - 1))
if [ $# -gt 0 ]; then
	VICTIMS=$*
	KILLED=
fi

why=$(lab_missing)
[ -n "$why" ] || why=$(lab_suite_missing)
if [ -n "$why" ]; then
	echo "${0##*/}: $why" >&2
	exit 1
fi
lab_trap
lab_up || exit 1
lab_bird || exit 1
printf '%-5s %-18s %6s %6s %9s %9s %9s\n' \
    event process rounds missed 'median ms' 'least' 'most'
for v in $VICTIMS $KILLED; do
	row KILL "$v"
done
for v in $VICTIMS; do
	row STOP "$v"
done
