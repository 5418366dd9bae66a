#!/bin/sh
#
# make demo: the whole suite in a small Internet on this machine, told as it
# happens.  Every step is checked; the first one that does not happen ends the
# demo with exit status 1.  Nothing outside network namespaces is touched, and
# they are removed at the end, also after an interrupt.
#
#	demo.sh			(KEEP=1 in the environment leaves it running)
#	demo.sh remove NAME	remove what KEEP=1 left
#
# shellcheck disable=SC2086	# addresses are words, lists are several

LAB_TOP=$(cd "$(dirname "$0")/.." && pwd) || exit 1
: "${KEEP:=}"
[ "${1:-}" != remove ] || LAB=${2:?which one?}
# shellcheck source=/dev/null
. "$LAB_TOP/regress/live/teredo.subr"

STEPS=0

say()
{
	printf '     %s\n' "$*"
}

step()
{
	STEPS=$((STEPS + 1))
	printf '\n%2d.  %s\n' $STEPS "$*"
}

# Show what a command prints, as a quotation.
quote()
{
	sed 's/^/       | /'
}

give_up()
{
	echo
	echo "demo: this did not happen: $*" >&2
	for i in relayd6 routed6; do
		[ -s "$LAB_DIR/$i.log" ] || continue
		echo "The last lines that $i wrote:" >&2
		tail -n 8 "$LAB_DIR/$i.log" | quote >&2
	done
	exit 1
}

# ping_show NODE ADDRESS: three packets there and back.
ping_show()
{
	lab_run "$1" ping -n -i 0.05 -c 3 -W 2 "$2" >"$LAB_DIR/ping.out"
	grep -E 'bytes from|received' "$LAB_DIR/ping.out" | quote
	grep -q ' 3 received' "$LAB_DIR/ping.out" ||
	    give_up "ping from $1 to $2"
}

# ctl_show PATTERN command...: what ctl6 says, which must have the pattern.
# Counters that are zero on both sides are left out.
ctl_show()
{
	pattern=$1
	shift
	echo "       \$ ctl6 $*"
	lab_ctl6 "$@" >"$LAB_DIR/ctl6.out" 2>&1
	grep -v ' 0  *0  ' "$LAB_DIR/ctl6.out" | quote
	grep -qiE "$pattern" "$LAB_DIR/ctl6.out" || give_up "ctl6 $*"
}

routes_show()
{
	echo "       \$ birdc show route"
	lab_birdc show route | grep -E '^[0-9]|via|dev' | quote
}

# time_withdrawal PID SIGNAL: signal it; how long until peer has no routes.
time_withdrawal()
{
	LAB_MS=$(lab_run peer withdrawn -t 2000 -k "$1" -s "$2" $LAB_PREFIXES) ||
	    give_up "the routes are still there"
}

# time_start NAME: start that daemon; how long until peer has the routes.
time_start()
{
	lab_routes_gone $LAB_PREFIXES || give_up "an empty table before $1"
	lab_start_timed "$1" || give_up "routes at the neighbor"
}

build()
{
	echo "Building the suite and the test tools..."
	if ! out=$({ "${MAKE:-make}" -C "$LAB_TOP" all &&
	    "${MAKE:-make}" -C "$LAB_TOOLS" all; } 2>&1); then
		echo "$out" | tail -n 20 >&2
		exit 1
	fi
}

check_machine()
{
	why=$(lab_missing)
	[ -n "$why" ] || why=$(lab_suite_missing)
	[ -n "$why" ] || why=$(teredo_missing)
	[ -z "$why" ] && return
	echo "demo: $why" >&2
	exit 1
}

internet()
{
	step "A small Internet: network namespaces of this machine."
	lab_trap
	teredo_up || give_up "the namespaces"
	lab_bird || give_up "BIRD"
	lab_sixhost || give_up "the 6to4 host"
	quote <<-END
		v6host ---IPv6--- peer ---IPv4--- sixto4
		2a10:1:1::2       |  |            11.1.4.2
		                  |  |            $LAB_SIXTO4 (6to4)
		      IPv6 and IPv4  |
		                  |  +-----IPv4--- nat ---private--- inside
		    relay (our box)                11.1.3.2          $TEREDO_INSIDE
	END
	say "v6host has IPv6 only, sixto4 has IPv4 only and makes 6to4 of it,"
	say "inside has not even an IPv4 address of its own (Teredo, later)."
	say "peer is everybody's router: BIRD, AS $LAB_PEER_AS, with no route to"
	say "any relay.  So they cannot meet:"
	lab_run v6host ping -n -c 1 -W 1 $LAB_SIXTO4 >"$LAB_DIR/ping.out" &&
	    give_up "without a relay there should be no answer"
	grep -E '^From|received' "$LAB_DIR/ping.out" | quote
}

relay_starts()
{
	step "relayd6 starts on the relay box and proves itself healthy."
	lab_relayd6
	for i in 6to4 teredo; do
		lab_wait "lab_ctl6 show health | grep -q '^$i  *healthy'" 5 ||
		    give_up "a healthy $i relay"
	done
	ctl_show '6to4 +healthy' show health
	say "Nobody is told yet: announcing is routed6's business."
}

routes_come()
{
	step "routed6 starts and announces what the healthy relay can carry."
	time_start routed6
	say "Its prefixes are in the neighbor's kernel now."
	ctl_show 'established' show peers
	ctl_show '2002::/16' show announcements
	routes_show
}

hosts_meet()
{
	step "The native host pings the 6to4 host, through the relay."
	ping_show v6host $LAB_SIXTO4
	step "And the 6to4 host pings the native host."
	ping_show sixto4 $LAB_V6HOST
	ctl_show '^6to4' show relays
}

# stream_show NODE ADDRESS [-d]: a megabyte there, or with -d from there.
stream_show()
{
	lab_run "$1" stream $3 -n 1000000 -w 20 "$2" 5000 \
	    >"$LAB_DIR/stream.out" || give_up "a transfer of $1 with $2"
	quote <"$LAB_DIR/stream.out"
}

nat_starts()
{
	step "Behind a NAT: a box that masquerades (nftables), as at home."
	teredo_nat port || give_up "the NAT"
	teredo_server || give_up "miredo-server"
	say "There a real Teredo client starts: miredo, with its own server."
	teredo_client || give_up "a qualified Teredo client"
	say "It made itself an address of its server, its NAT and its port:"
	quote <<-END
		$TEREDO_CLIENT
	END
}

nat_meets()
{
	step "The native host pings it, through the NAT.  It was not asked to."
	ping_show v6host $TEREDO_CLIENT
	say "The relay had its server wake it; the first ping waited for that."
	step "And it pings the native host; then a megabyte each way by TCP."
	ping_show inside $LAB_V6HOST
	lab_daemon stream v6host stream -l 5000
	lab_wait "grep -q ready $LAB_DIR/stream.log" 5 || give_up "stream"
	stream_show inside $LAB_V6HOST
	stream_show inside $LAB_V6HOST -d
	say "Every byte was compared where it arrived."
	ctl_show "$TEREDO_CLIENT" show clients
	ctl_show '^teredo' show relays
}

relay_dies()
{
	step "kill -9 of the process that moves the packets."
	victim=$(lab_role_pid relayd6 relay) || give_up "finding the process"
	time_withdrawal "$victim" KILL
	say "Its routes are gone from the neighbor's kernel after $LAB_MS ms."
	lab_run v6host ping -n -c 1 -W 1 $LAB_SIXTO4 >"$LAB_DIR/ping.out" &&
	    give_up "a ping without a relay"
	grep -E '^From' "$LAB_DIR/ping.out" | quote
	grep -q '^From' "$LAB_DIR/ping.out" ||
	    give_up "an honest 'unreachable'"
	say "No black hole: senders learn it at once, and on the real Internet"
	say "the traffic is on its way to the next anycast relay by now."
	lab_wait "! lab_alive $(lab_pid relayd6)" 3 ||
	    give_up "the end of relayd6's other processes"
}

relay_returns()
{
	step "relayd6 is started again."
	time_start relayd6
	say "Healthy three times, and announced again after ${LAB_MS%.*} ms."
	ping_show v6host $LAB_SIXTO4
	say "The Teredo client goes on as if nothing had been:"
	ping_show inside $LAB_V6HOST
}

relay_freezes()
{
	step "Worse than death: the same process hangs (SIGSTOP)."
	victim=$(lab_role_pid relayd6 relay) || give_up "finding the process"
	time_withdrawal "$victim" STOP
	say "Its routes are gone after ${LAB_MS%.*} ms.  Silence is not health."
	kill -CONT "$victim" 2>/dev/null
	lab_wait "lab_routes $LAB_PREFIXES" 5 ||
	    give_up "the routes of a relay that goes on"
	say "It goes on, proves itself anew and is announced again."
	ping_show v6host $LAB_SIXTO4
}

goodbye()
{
	if [ -z "$KEEP" ]; then
		step "All seen: the small Internet is removed."
		return
	fi
	trap - EXIT HUP INT TERM
	step "All seen.  The small Internet stays, as KEEP asked for."
	quote <<-END
		look:    $LAB_TOP/ctl6/ctl6 -s $LAB_DIR show peers
		         birdc -s $LAB_DIR/bird.sock show route
		         tail -f $LAB_DIR/relayd6.log $LAB_DIR/routed6.log
		ping:    ip netns exec $LAB-v6host ping $LAB_SIXTO4
		         ip netns exec $LAB-v6host ping $TEREDO_CLIENT
		capture: ip netns exec $LAB-relay tcpdump -ni net0
		remove:  sh $LAB_TOP/regress/demo.sh remove $LAB
	END
}

if [ "${1:-}" = remove ]; then
	lab_down
	exit 0
fi
build
check_machine
internet
relay_starts
routes_come
hosts_meet
nat_starts
nat_meets
relay_dies
relay_returns
relay_freezes
goodbye
