#!/bin/sh
#
# How fast a neighbor loses what is announced by OSPFv3 when the announcer is
# stopped in order (TERM), a process of it dies (KILL) or freezes (STOP), or
# all of them die at once: as many boxes with a routed6 each as there are
# rounds, and one neighbor, in the laboratory of regress/live.  Prints median,
# least and most in milliseconds from just before the signal, on the wire (the
# first LSA with MaxAge, if any) and in the neighbor's kernel.  Hellos are
# sent every second and the dead interval is 4 s.  BIRD and FRR are measured as
# announcers, too.  Needs root and a built tree.
#
#	ospf.sh [-n frr | bird] [-r rounds] [announcer:process:signal ...]
#
# shellcheck disable=SC2034	# the laboratory uses them
# shellcheck disable=SC2086	# lists are several words

LAB_TOP=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
# shellcheck source=/dev/null
. "$LAB_TOP/regress/live/ospf.subr"
# shellcheck source=/dev/null
. "$LAB_TOP/regress/bench/bench.subr"

NEIGHBOR=frr
ROUNDS=9
ROWS="routed6:parent:TERM routed6:parent:KILL routed6:announce:KILL
routed6:bgp:KILL routed6:bfd:KILL routed6:ospf:KILL routed6:all:KILL
routed6:parent:STOP routed6:announce:STOP routed6:bgp:STOP routed6:ospf:STOP
bird:all:TERM bird:all:KILL bird:all:STOP
frr:all:TERM frr:all:KILL frr:all:STOP"
OSPF_BEAT=100

# A Link State Update whose first LSA has MaxAge.
MAXAGE='ip6 proto 89 and ip6[41] == 4 and ip6[60:2] & 0x7fff == 3600'

neighbor_start()
{
	case $NEIGHBOR in
	frr)
		OSPF_FRR_ROUTER="timers throttle spf 0 10 10" ospf_frr frr ;;
	bird)
		ospf_bird "type broadcast; priority 1;" ;;
	*)
		usage ;;
	esac
}

# bird_box NODE: a box where BIRD announces the same as routed6 would.
bird_box()
{
	ospf_box $1 || return 1
	cat >"$LAB_DIR/bird-$1.conf" <<-END
		router id 10.0.0.$(ospf_number $1);
		protocol device { scan time 1; }
		protocol static own {
			ipv6;
			route $(ospf_speaks $1) blackhole;
		}
		protocol ospf v3 o {
			ipv6 { import none; export all; };
			area 0.0.0.0 {
				interface "lan0" {
					hello 1; dead 4; priority 0;
				};
			};
		}
	END
	lab_daemon bird-$1 $1 bird -f -c "$LAB_DIR/bird-$1.conf" \
	    -s "$LAB_DIR/bird-$1.sock" -P "$LAB_DIR/bird-$1.own.pid"
}

# frr_box NODE: the same with FRR.
frr_box()
{
	ospf_box $1 &&
	    ip -n "$LAB-$1" -6 route add blackhole "$(ospf_speaks $1)" &&
	    OSPF_FRR_ROUTER="redistribute kernel" \
	    ospf_frr $1 "ipv6 ospf6 priority 0"
}

# victims ANNOUNCER PROCESS BOX: the pids to signal.
victims()
{
	case $1:$2 in
	bird:*)
		lab_pid bird-$3 ;;
	frr:*)
		lab_pid $3-ospf6d ;;
	*:all)
		lab_family routed6-$3 ;;
	*)
		lab_role_pid routed6-$3 $2 ;;
	esac
}

# one ANNOUNCER PROCESS SIGNAL BOX: adds to the files table and wire.  All at
# once means that none sees another die: they stand still before.
one()
{
	first=0
	[ $2:$3 != all:KILL ] || first=STOP
	# shellcheck disable=SC2046	# pids are several words
	set -- $3 $4 "$(ospf_speaks $4)" $(victims $1 $2 $4)
	sig=$1
	box=$2
	prefix=$3
	shift 3
	# shellcheck disable=SC2016	# for the inner shell to expand
	lab_run $NEIGHBOR withdrawn -t 8000 "$prefix" -- sh -c \
	    'date +%s.%N >"$0"; first=$1; sig=$2; shift 2
	    kill -$first "$@"; kill -$sig "$@"' \
	    "$LAB_DIR/began" $first $sig "$@" >>"$LAB_DIR/table" || return
	sleep 0.1
	awk -v box="fe80::$(ospf_number $box)" -v t0="$(cat "$LAB_DIR/began")" \
	    '$3 == box && $1 >= t0 { print ($1 - t0) * 1000; exit }' \
	    "$LAB_DIR/wire.log" >>"$LAB_DIR/wire"
}

# row ANNOUNCER PROCESS SIGNAL: in a laboratory of its own.
row()
{
	lab_up && neighbor_start && lab_relayd6 || exit 1
	lab_run $NEIGHBOR tcpdump -l -tt -n -i lan0 "$MAXAGE" \
	    >"$LAB_DIR/wire.log" 2>/dev/null &
	for box in $BOXES; do
		case $1 in
		bird)	bird_box $box ;;
		frr)	frr_box $box ;;
		*)	ospf_speaker $box ;;
		esac
	done
	for box in $BOXES; do
		lab_wait "[ -n \"\$(ospf_route $NEIGHBOR \
		    $(ospf_speaks $box))\" ]" 40 && continue
		tail "$LAB_DIR"/*.log
		exit 1
	done
	sleep 2
	: >"$LAB_DIR/table"
	: >"$LAB_DIR/wire"
	for box in $BOXES; do
		one $1 $2 $3 $box
	done
	printf '%-8s %-9s %-5s %6d %20s %20s\n' $1 $2 $3 "$ROUNDS" \
	    "$(summary "$LAB_DIR/wire")" "$(summary "$LAB_DIR/table")"
	lab_down
}

while getopts n:r: opt; do
	case $opt in
	n)	NEIGHBOR=$OPTARG ;;
	r)	ROUNDS=$OPTARG ;;
	*)	usage ;;
	esac
done
shift $((OPTIND - 1))
[ $# -eq 0 ] || ROWS=$*

bench_begin "$(lab_missing)" "$(lab_suite_missing)" "$(ospf_missing)"
BOXES=$(echo $OSPF_SPEAKERS | cut -d ' ' -f "1-$ROUNDS")
ROUNDS=$(echo $BOXES | wc -w)
echo "neighbor $NEIGHBOR, milliseconds: on the wire, in its table; median (range)"
printf '%-8s %-9s %-5s %6s %20s %20s\n' by process event rounds wire table
for r in $ROWS; do
	# shellcheck disable=SC2046	# three words
	row $(echo $r | tr : ' ')
done
