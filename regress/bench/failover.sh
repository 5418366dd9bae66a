#!/bin/sh
#
# How fast the neighbor's kernel loses our routes when a process of the suite
# dies (SIGKILL) or freezes (SIGSTOP): for each process, ROUNDS times, in the
# laboratory of regress/live.  Prints the median and the range in milliseconds,
# measured from just before the signal, and of a hundred rounds or more what 99
# of a hundred do not exceed.  A bfd that freezes is no reason to withdraw: who
# has BFD with us notices.  -b: the interval of both daemons' heartbeats.
# "never" is one that LIMIT milliseconds do not see.  Needs root and a built
# tree.
#
#	failover.sh [-b ms] [-r rounds] [[kill:|freeze:]daemon:process ...]
#
# shellcheck disable=SC2034	# the laboratory uses them
# shellcheck disable=SC2086	# addresses are words, lists are several

LAB_TOP=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
# shellcheck source=/dev/null
. "$LAB_TOP/regress/live/lab.subr"
# shellcheck source=/dev/null
. "$LAB_TOP/regress/bench/bench.subr"

LAB_PREFIXES="$LAB_PREFIXES 2001::/32"
ROUNDS=20
BEAT=100
LIMIT=5000
TRIES=3				# for a round that does not begin
PROCESSES="relayd6:parent relayd6:relay relayd6:health
routed6:parent routed6:announce routed6:bgp routed6:bfd routed6:ospf"

# The shipped examples, with heartbeats of our own.
beat_conf()
{
	sed "s/^	interval .*/	interval $BEAT ms/" \
	    "$LAB_TOP/etc/relayd6.conf" >"$LAB_DIR/relayd6.conf"
	{ echo "heartbeat $BEAT ms"; cat "$LAB_TOP/etc/routed6.conf"; } \
	    >"$LAB_DIR/routed6.conf"
	chmod 600 "$LAB_DIR"/*.conf
	LAB_CONF_DIR=$LAB_DIR
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

# round SIGNAL DAEMON PROCESS: prints milliseconds; 2 when it did not begin.
round()
{
	suite_whole && victim=$(lab_role_pid $2 $3) || return 2
	family=$(lab_family $2)
	lab_run peer withdrawn -t $LIMIT -k $victim -s $1 $LAB_PREFIXES
	rc=$?
	[ $rc -ne 1 ] || echo never
	suite_end "$family"
	return $rc
}

# rounds SIGNAL DAEMON PROCESS: as many as are asked for, of those that begin.
rounds()
{
	tries=$((ROUNDS * TRIES))
	n=0
	while [ $n -lt "$ROUNDS" ] && [ $tries -gt 0 ]; do
		tries=$((tries - 1))
		round "$@"
		[ $? -eq 2 ] || n=$((n + 1))
	done >"$LAB_DIR/ms" 2>>"$LAB_DIR/bench.err"
}

# row EVENT:DAEMON:PROCESS
row()
{
	what=${1#*:}
	signal=KILL
	[ "${1%%:*}" = kill ] || signal=STOP
	rounds $signal "${what%:*}" "${what#*:}"
	printf '%-7s %-17s %6d  %s\n' "${1%%:*}" $what $n \
	    "$(summary "$LAB_DIR/ms")"
}

while getopts b:r: opt; do
	case $opt in
	b)	BEAT=$OPTARG ;;
	r)	ROUNDS=$OPTARG ;;
	*)	usage ;;
	esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || set -- $PROCESSES

bench_begin "$(lab_missing)" "$(lab_suite_missing)"
lab_up && beat_conf && lab_bird || exit 1
echo "heartbeats of $BEAT ms; milliseconds, median (range)"
printf '%-7s %-17s %6s  %s\n' event process rounds 'route gone'
for v; do
	case $v in
	kill:*|freeze:*)
		row $v ;;
	*)
		row kill:$v
		[ $v = routed6:bfd ] || row freeze:$v ;;
	esac
done
