#!/bin/sh
#
# routed6, BIRD, FRR and OpenBGPD as announcers of three prefixes, in one run
# and turn by turn.  A BIRD router in its own namespace is who they tell: what
# counts is what its kernel has.
#
#	start	from the announcer's first step to the last route there
#	PSS	of all the announcer's processes together
#	killed	from SIGKILL to one of its processes to the last route gone;
#		stale when it is still there after STALE_MS
#	flood	a second router sends a full table, again and again: memory
#		before and after, CPU, whether the session lasts, how long the
#		announcer is silent towards it (a keepalive is due every
#		second), and how long a withdrawal takes to the first router
#		meanwhile, beside a quiet time.  The withdrawal is caused by
#		the health feed (routed6) or the announcer's own command.
#
# Prints median (least-most).  Needs root and a built tree.
#
#	bgp.sh [-n routes] [-r rounds] [announcer ...]
#
# -n is for IPv4; a fifth of it comes as IPv6 on top.
#
# shellcheck disable=SC2034	# bgp.subr reads some of these
# shellcheck disable=SC2086	# addresses are words, lists are several

LAB_TOP=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
# shellcheck source=/dev/null
. "$LAB_TOP/regress/live/bgp.subr"
# shellcheck source=/dev/null
. "$LAB_TOP/regress/bench/bench.subr"

LAB_NODES="box bird flood"
BGP_KINDS="bird flood"
ROUNDS=5
ROUTES=1000000
WHO="routed6 bird frr openbgpd"
PREFIXES="2001::/32 2002::/16 2a10:9::/32"
STALE_MS=5000
QUIET=5				# withdrawals before the flood
MOST=20				# and in it

# --- the routers ------------------------------------------------------

# In the words of bgp.subr it is the neighbor "bird" of the box.
router_start()
{
	bgp_start_bird <<-END
		ipv4 { import none; export none; };
		ipv6 { import all; export none; };
	END
}

# The full table waits in a router that is not connected yet.
flood_conf()
{
	cat <<-END
		router id 11.2.4.2;
		protocol device { }
		protocol bgp box {
			disabled;
			local as 64504;
			neighbor $(bgp_addr flood 1) as $BGP_AS;
			hold time 3;
			connect delay time 1;
			ipv4 { import none; export all; };
			ipv6 { import none; export all; };
		}
	END
	awk -v n="$ROUTES" 'BEGIN {
		print "protocol static many { ipv4;"
		for (i = 0; i < n; i++)
			printf "route %d.%d.%d.0/24 unreachable;\n",
			    20 + i / 65536, i / 256 % 256, i % 256
		print "}\nprotocol static many6 { ipv6;"
		for (i = 0; i < n / 5; i++)
			printf "route 2a%02x:%x::/32 unreachable;\n",
			    32 + i / 65536, i % 65536
		print "}"
	}'
}

flood_start()
{
	flood_conf >"$LAB_DIR/flood.conf"
	lab_daemon flood flood bird -f -c "$LAB_DIR/flood.conf" \
	    -s "$LAB_DIR/flood.sock" -P "$LAB_DIR/flood.own.pid"
	lab_wait "flood_birdc show status" 60
}

flood_birdc()
{
	birdc -s "$LAB_DIR/flood.sock" "$@" >>"$LAB_DIR/bench.err"
}

# Routes it has given to the session so far.
flood_given()
{
	birdc -s "$LAB_DIR/flood.sock" show protocols all box |
	    awk '/Export updates:/ { n += $7 } END { print n + 0 }'
}

# Nothing of it waits in the kernels.
flood_drained()
{
	for node in flood box; do
		lab_run $node ss -Htn state established \
		    "( dport = 179 or sport = 179 )"
	done | awk '$1 > 0 || $2 > 0 { n++ } END { exit n > 0 }'
}

# --- the announcers ---------------------------------------------------
# start_WHO NEIGHBOR ...: neighbors are given as kinds.  withdraw_WHO and
# announce_WHO print the words that do it.

start_routed6()
{
	{
		for kind; do
			echo "neighbor $(bgp_addr $kind 2) {"
			echo "remote-as $(bgp_as $kind)"
			echo "}"
		done
		for p in $PREFIXES; do
			echo "announce $p depend on relay 6to4"
		done
	} | bgp_conf
	lab_daemon one box "$LAB_TOP/routed6/routed6" -d \
	    -f "$LAB_DIR/routed6.conf" -s "$LAB_DIR/routed6.sock"
}

withdraw_routed6()
{
	echo kill -USR1 "$(lab_pid feed)"
}

announce_routed6()
{
	echo kill -USR2 "$(lab_pid feed)"
}

start_bird()
{
	{
		echo "router id 11.2.0.1; protocol device { }"
		echo "protocol static own { ipv6;"
		for p in $PREFIXES; do
			echo "route $p unreachable;"
		done
		echo "}"
		for kind; do
			cat <<-END
			protocol bgp {
				local as $BGP_AS;
				neighbor $(bgp_addr $kind 2) as $(bgp_as $kind);
				ipv4 { import none; export none; };
				ipv6 {
					import none;
					export where source = RTS_STATIC;
				};
			}
			END
		done
	} >"$LAB_DIR/one.conf"
	lab_daemon one box bird -f -c "$LAB_DIR/one.conf" \
	    -s "$LAB_DIR/one.sock" -P "$LAB_DIR/one.own.pid"
}

withdraw_bird()
{
	echo birdc -s "$LAB_DIR/one.sock" disable own
}

announce_bird()
{
	echo birdc -s "$LAB_DIR/one.sock" enable own
}

frr_conf()
{
	cat <<-END
		router bgp $BGP_AS
		 bgp router-id 11.2.0.1
		 no bgp ebgp-requires-policy
		 no bgp network import-check
	END
	for kind; do
		echo " neighbor $(bgp_addr $kind 2) remote-as $(bgp_as $kind)"
		for af in ipv4 ipv6; do
			echo " address-family $af unicast"
			echo "  neighbor $(bgp_addr $kind 2) activate"
			echo "  neighbor $(bgp_addr $kind 2) route-map NO in"
			echo " exit-address-family"
		done
	done
	echo " address-family ipv6 unicast"
	for p in $PREFIXES; do
		echo "  network $p"
	done
	echo " exit-address-family"
	echo "route-map NO deny 1"
}

start_frr()
{
	mkdir -p "$LAB_DIR/one"
	frr_conf "$@" >"$LAB_DIR/one/bgpd.conf"
	: >"$LAB_DIR/one/zebra.conf"
	chown -R frr:frr "$LAB_DIR/one"
	# shellcheck disable=SC2016	# for the inner shell to expand
	lab_daemon one box sh -c '
	    "$0/zebra" -d -f "$1/zebra.conf" -i "$1/zebra.pid" \
		-z "$1/zserv.api" --vty_socket "$1" -P 0
	    exec "$0/bgpd" -f "$1/bgpd.conf" -i "$1/bgpd.pid" \
		-z "$1/zserv.api" --vty_socket "$1" -P 0' \
	    $LAB_FRR "$LAB_DIR/one"
}

frr_networks()
{
	{
		echo "vtysh --vty_socket $LAB_DIR/one -d bgpd -c 'conf t'"
		echo "-c 'router bgp $BGP_AS' -c 'address-family ipv6 unicast'"
		for p in $PREFIXES; do
			echo "-c '$1 $p'"
		done
	} | tr '\n' ' '
}

withdraw_frr()
{
	frr_networks "no network"
}

announce_frr()
{
	frr_networks "network"
}

start_openbgpd()
{
	{
		echo "AS $BGP_AS"
		echo "router-id 11.2.0.1"
		echo "socket \"$LAB_DIR/one.sock\""
		echo "fib-update no"
		for p in $PREFIXES; do
			echo "network $p"
		done
		for kind; do
			echo "neighbor $(bgp_addr $kind 2) {"
			echo "remote-as $(bgp_as $kind)"
			echo "announce IPv4 unicast"
			echo "announce IPv6 unicast"
			echo "}"
		done
		echo "deny from any"
		echo "allow to any"
	} >"$LAB_DIR/one.conf"
	chmod 600 "$LAB_DIR/one.conf"
	mkdir -p /run/openbgpd
	lab_daemon one box /usr/sbin/bgpd -d -f "$LAB_DIR/one.conf"
}

obgp_networks()
{
	for p in $PREFIXES; do
		echo "bgpctl -s $LAB_DIR/one.sock network $1 $p"
	done | paste -sd '&' | sed 's/&/ \&\& /g'
}

withdraw_openbgpd()
{
	obgp_networks delete
}

announce_openbgpd()
{
	obgp_networks add
}

# Its processes that are killed, each with a pattern that its title has.
victims()
{
	case $1 in
	routed6)	echo "parent:parent announce:announce bgp:bgp" ;;
	bird)		echo "bird:bird.-f" ;;
	frr)		echo "bgpd:bgpd.-f" ;;
	openbgpd)	echo "parent:bgpd.-d session:bgpd.-S decision:bgpd.-R" ;;
	esac
}

# --- one announcer ----------------------------------------------------

# All its processes; the feed is none.
one_pids()
{
	ip netns pids "$LAB-box" | grep -vx "$(lab_pid feed)"
}

# one_process PATTERN: the pid of a process whose title has it.
one_process()
{
	for pid in $(one_pids); do
		tr '\0' ' ' <"/proc/$pid/cmdline" | grep -q "$1" || continue
		echo $pid
		return
	done
	return 1
}

one_end()
{
	for pid in $(one_pids); do
		kill -KILL $pid 2>/dev/null
	done
	lab_wait "one_ended" 5
	rm -f "$LAB_DIR"/one.sock "$LAB_DIR/routed6.sock"
	lab_birdc restart relay >/dev/null
	lab_wait "routes_none && router_waits" 5
}

one_ended()
{
	[ -z "$(one_pids)" ]
}

routes_none()
{
	for p in $PREFIXES; do
		[ -z "$(lab_run bird ip -6 route show $p)" ] || return 1
	done
}

# It takes connections; before, it would refuse the first one.
router_waits()
{
	lab_birdc show protocols relay | grep -Eq 'Active|Connect'
}

# one_start WHO NEIGHBOR ...: milliseconds until the router has all routes.
one_start()
{
	LAB_HOLD=yes
	export LAB_HOLD
	who=$1
	shift
	"start_$who" "$@"
	unset LAB_HOLD
	pid=$(lab_pid one)
	lab_wait "grep -q ') T ' /proc/$pid/stat" 5 || return 1
	lab_run bird withdrawn -a -t 20000 -k $pid -s CONT $PREFIXES
}

# kB of all its processes together.
one_memory()
{
	for pid in $(one_pids); do
		cat "/proc/$pid/smaps_rollup"
	done 2>/dev/null | awk '/^Pss:/ { n += $2 } END { print n + 0 }'
}

# Milliseconds of CPU of all its processes.
one_cpu()
{
	for pid in $(one_pids); do
		cat "/proc/$pid/stat"
	done 2>/dev/null | awk '{ n += $14 + $15 } END { print n * 10 }'
}

# --- starts and kills -------------------------------------------------

note()
{
	cat >>"$LAB_DIR/$1.figures"
}

# round WHO NAME:PATTERN: start it, measure it, kill that process.
round()
{
	one_end
	one_start $1 bird 2>>"$LAB_DIR/bench.err" | note "$1.start"
	sleep 0.5
	one_memory | note "$1.memory"
	pid=$(one_process "${2#*:}") || return 1
	lab_run bird withdrawn -t $STALE_MS -k $pid -s KILL $PREFIXES \
	    2>>"$LAB_DIR/bench.err" >"$LAB_DIR/ms" ||
	    echo stale >"$LAB_DIR/ms"
	note "$1.${2%:*}" <"$LAB_DIR/ms"
}

rounds()
{
	i=0
	while [ $i -lt "$ROUNDS" ]; do
		i=$((i + 1))
		for who in $WHO; do
			for victim in $(victims $who); do
				round $who "$victim"
			done
		done
	done
	one_end
}

# figures WHO WHAT [UNIT]
figures()
{
	summary "$LAB_DIR/$1.$2.figures" 1 "$3"
}

rounds_print()
{
	printf '\n%-10s %-28s %s\n' announcer "start to routes, ms" "PSS, MB"
	for who in $WHO; do
		printf '%-10s %-28s %s\n' $who "$(figures $who start)" \
		    "$(figures $who memory 1000)"
	done
	printf '\n%-10s %-10s %-28s %s\n' announcer killed \
	    "to routes gone, ms" "stale after $((STALE_MS / 1000)) s"
	for who in $WHO; do
		for victim in $(victims $who); do
			victim=${victim%:*}
			f=$LAB_DIR/$who.$victim.figures
			printf '%-10s %-10s %-28s %s\n' $who $victim \
			    "$(figures $who $victim)" \
			    "$(grep -c stale $f) of $(wc -l <$f)"
		done
	done
}

# --- the flood --------------------------------------------------------

# withdrawal WHO FIGURES: takes the prefixes back, and gives them again.
withdrawal()
{
	lab_run bird withdrawn -t 20000 $PREFIXES -- \
	    sh -c "{ $(withdraw_$1); } >/dev/null" 2>>"$LAB_DIR/bench.err" | note "$2"
	lab_run bird withdrawn -a -t 20000 $PREFIXES -- \
	    sh -c "{ $(announce_$1); } >/dev/null" >/dev/null 2>>"$LAB_DIR/bench.err"
}

# What the flooding router gets from the announcer, with something in it.
silence_start()
{
	lab_daemon silence flood tcpdump -i net0 -n -tt -l --immediate-mode \
	    "ip6 src $(bgp_addr flood 1) and tcp and ip6[4:2] > 50"
	lab_wait "grep -q listening $LAB_DIR/silence.log" 5
}

# The longest pause, from the first message to the end, in seconds.
silence_end()
{
	date +%s.%N >>"$LAB_DIR/silence.log"
	kill -TERM "$(lab_pid silence)"
	awk '/^[0-9]/ {
			if (last && $1 - last > most)
				most = $1 - last
			last = $1
		}
		END { printf "%.2f\n", most }' "$LAB_DIR/silence.log"
	: >"$LAB_DIR/silence.log"
}

flood_session()
{
	birdc -s "$LAB_DIR/flood.sock" show protocols box |
	    awk '/box/ { print $6 == "Established" ? "up" : "lost" }'
}

# Withdrawals one after the other while the table comes, and comes again.
flood_pass()
{
	i=0
	while [ $i -lt $MOST ]; do
		i=$((i + 1))
		withdrawal $1 $1.flooded
		! flood_drained || flood_birdc reload out box
	done
	lab_wait flood_drained 60
	sleep 2
}

flood()
{
	one_end
	one_start $1 bird flood >/dev/null 2>>"$LAB_DIR/bench.err"
	i=0
	while [ $i -lt $QUIET ]; do
		i=$((i + 1))
		withdrawal $1 $1.quiet
	done
	sleep 1
	one_memory >"$LAB_DIR/$1.before"
	cpu=$(one_cpu)
	silence_start
	flood_birdc enable box
	lab_wait "[ \$(flood_given) -gt 0 ]" 30
	flood_pass $1
	silence_end >"$LAB_DIR/$1.silence"
	one_memory >"$LAB_DIR/$1.after"
	echo $(($(one_cpu) - cpu)) $(($(flood_given) / 1000)) \
	    "$(flood_session)" >"$LAB_DIR/$1.flood"
	flood_birdc disable box
	one_end
}

flood_print()
{
	printf '\n%-10s %-18s %-8s %-8s %-9s %-24s %s\n' announcer \
	    "PSS before, after" "session" "silence" "CPU/M" \
	    "withdrawal, quiet, ms" "in the flood"
	for who in $WHO; do
		read -r cpu given session <"$LAB_DIR/$who.flood"
		printf '%-10s %-18s %-8s %-8s %-9s %-24s %s\n' $who \
		    "$(cat "$LAB_DIR/$who.before" "$LAB_DIR/$who.after" |
		    awk '{ printf "%.2f ", $1 / 1000 }')MB" $session \
		    "$(cat "$LAB_DIR/$who.silence") s" \
		    "$((cpu * 1000 / (given + 1))) ms" \
		    "$(figures $who quiet)" "$(figures $who flooded)"
	done
}

while getopts n:r: opt; do
	case $opt in
	n)	ROUTES=$OPTARG ;;
	r)	ROUNDS=$OPTARG ;;
	*)	usage ;;
	esac
done
shift $((OPTIND - 1))
[ $# -eq 0 ] || WHO=$*

bench_begin "$(bgp_missing)"
bgp_up && bgp_feed && router_start && flood_start || exit 1
echo "$ROUNDS rounds; median (least-most)"
rounds
rounds_print
echo
echo "flood of $ROUTES IPv4 and $((ROUTES / 5)) IPv6 routes, again and again"
for who in $WHO; do
	flood $who
done
flood_print
