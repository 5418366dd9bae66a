#!/bin/sh
#
# A flood of packets to random Teredo addresses for a minute, while a real
# miredo client behind a port-restricted NAT transfers by TCP, in turns with
# minutes without a flood.  Prints the client's throughput with and without,
# the bubbles that left the relay box in all and per second, and the resident
# memory of the relay process before and after.  Needs root and a built tree.
#
#	teredo_flood.sh [-o relay] [-m Mbit/s] [-r rounds] [-p packets/s]
#	    [-t seconds]
#
# The transfer is paced (-m, 100 Mbit/s: a user's line), so that what it loses
# it loses by the relay; -m 0 lets it go as fast as it can.
#
# The flood's sources are random in the /64 of the native host ("flood"), as a
# scan's may be, or in its /32 ("wide").  Generator, relay and transfer share this machine's processors: what
# the generator takes is measured by the same flood with a router that drops
# it before the relay ("dropped").  -o miredo: its relay instead of ours.
#
# shellcheck disable=SC2086	# addresses are words, lists are several

LAB_TOP=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
# shellcheck source=/dev/null
. "$LAB_TOP/regress/live/teredo.subr"
# shellcheck source=/dev/null
. "$LAB_TOP/regress/bench/bench.subr"

WHO=ours
PACE=100
ROUNDS=1
RATE=10000
SECONDS_EACH=60

relay_rss()
{
	awk '/^VmRSS/ { print $2 }' "/proc/$(teredo_relay_pid $WHO)/status"
}

bubbles()
{
	echo $(($(teredo_count indirect) + $(teredo_count straight)))
}

# What the flood sends and nothing else is dropped by the router.
flood_drop()
{
	lab_run peer nft -f - <<-END
		table ip6 deaf {
			chain pre {
				type filter hook prerouting priority -300
				iifname v6host udp dport 9 drop
			}
		}
	END
}

# one WHAT: a transfer while WHAT goes on.
one()
{
	length=64
	[ "$1" != wide ] || length=32
	before=$(bubbles)
	rss=$(relay_rss)
	[ "$1" != dropped ] || flood_drop
	pace=
	[ "$PACE" -eq 0 ] || pace="-m $PACE"
	[ "$1" = quiet ] ||
	    lab_run v6host flood -R $length -r "$RATE" \
	    -t $((SECONDS_EACH * 1000)) $LAB_V6HOST >"$LAB_DIR/flood.out" &
	lab_run inside stream $pace -t $((SECONDS_EACH * 1000)) \
	    -w $((SECONDS_EACH * 2 + 10)) $LAB_V6HOST 5000 >"$LAB_DIR/moved" ||
	    echo "the transfer failed" >&2
	[ "$1" = quiet ] || wait $!
	[ "$1" != dropped ] || lab_run peer nft delete table ip6 deaf
	n=$(($(bubbles) - before))
	printf '%-8s %10s %9s %9s %10s %10s\n' "$1" \
	    "$(sed -n 's,.*kbit/s=,,p' "$LAB_DIR/moved")" $n \
	    $((n / SECONDS_EACH)) "$rss" "$(relay_rss)"
}

while getopts m:o:p:r:t: opt; do
	case $opt in
	m)	PACE=$OPTARG ;;
	o)	WHO=$OPTARG ;;
	p)	RATE=$OPTARG ;;
	r)	ROUNDS=$OPTARG ;;
	t)	SECONDS_EACH=$OPTARG ;;
	*)	usage ;;
	esac
done
[ $OPTIND -gt $# ] || usage

bench_begin "$(lab_missing)" "$(lab_suite_missing)" "$(teredo_missing)"
teredo_up && lab_bird && teredo_nat port && teredo_server &&
    teredo_relay "$WHO" && teredo_client || exit 1
teredo_count_begin
lab_daemon stream v6host stream -l 5000
lab_run v6host ping -n -q -c 1 -W 2 $TEREDO_CLIENT >/dev/null || exit 1
printf '%-8s %10s %9s %9s %10s %10s\n' traffic kbit/s bubbles 'per s' \
    'RSS kB' after
i=0
while [ $i -lt "$ROUNDS" ]; do
	for what in quiet dropped flood wide quiet; do
		one $what
	done
	i=$((i + 1))
done
