#!/bin/sh
#
# False alarms: an hour of everything that the machine gives, with the shipped
# configuration and a probe, and nothing that fails.  A 6to4 host and a Teredo
# client transfer by TCP, up and down, without a pause, and as many idle
# loops as there are processors compete with the daemons.  Prints how often
# verdicts and announcements changed meanwhile, each of which would be a false
# alarm, what was told of them, and how much each of the two moved.  Exit status 1 when there was one.  Needs root and
# a built tree.
#
#	calm.sh [-t seconds]
#
# shellcheck disable=SC2086	# addresses are words, lists are several

LAB_TOP=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
# shellcheck source=/dev/null
. "$LAB_TOP/regress/live/teredo.subr"
# shellcheck source=/dev/null
. "$LAB_TOP/regress/bench/bench.subr"

SECONDS_ALL=3600

# changes WHAT: the sum of that command's column of changes.
changes()
{
	lab_ctl6 -j show $1 | awk -F '[:,]' '
		/"changes"/ { n += $2 }
		END { print n + 0 }'
}

# transfer NODE PORT: up and down in turns until the time is up.
transfer()
{
	lab_daemon "transfer-$1" $1 sh -c "while :; do
	    stream -t 10000 -w 60 $LAB_V6HOST $2
	    stream -d -t 10000 -w 60 $LAB_V6HOST $2
	    done"
}

# Loops of ordinary priority.
compete()
{
	for n in $(seq "$(nproc)"); do
		lab_daemon "loop-$n" peer sh -c 'while :; do :; done'
	done
}

# moved NODE: how many transfers, how much in all, how fast.
moved()
{
	sed -n 's/.*bytes=\([0-9]*\) .*kbit\/s=\([0-9]*\).*/\1 \2/p' \
	    "$LAB_DIR/transfer-$1.log" >"$LAB_DIR/moved"
	echo "$1: $(wc -l <"$LAB_DIR/moved") transfers," \
	    "$(awk '{ n += $1 } END { printf "%.1f", n / 1e9 }' \
	    "$LAB_DIR/moved") GB," \
	    "$(summary "$LAB_DIR/moved" 2 1000) Mbit/s"
}

while getopts t: opt; do
	case $opt in
	t)	SECONDS_ALL=$OPTARG ;;
	*)	usage ;;
	esac
done
[ $OPTIND -gt $# ] || usage

bench_begin "$(lab_missing)" "$(lab_suite_missing)" "$(teredo_missing)"
teredo_up || exit 1
teredo_conf ""
sed -i "/^health {/a probe { target $LAB_V6HOST }" "$LAB_DIR/relayd6.conf"
lab_bird && teredo_nat port && teredo_server && lab_suite &&
    lab_sixhost && teredo_client || exit 1
verdicts=$(changes health)
announced=$(changes announcements)
lab_daemon monitor relay "$LAB_TOP/ctl6/ctl6" -s "$LAB_DIR" monitor
for port in 5000 5001; do
	lab_daemon serve-$port v6host stream -l $port
done
transfer sixto4 5000
transfer inside 5001
compete
sleep "$SECONDS_ALL"
verdicts=$(($(changes health) - verdicts))
announced=$(($(changes announcements) - announced))
echo "$SECONDS_ALL s of load: $verdicts verdicts and $announced" \
    "announcements changed"
cat "$LAB_DIR/monitor.log"
moved sixto4
moved inside
[ $verdicts -eq 0 ] && [ $announced -eq 0 ]
