#!/bin/sh
#
# BFD: how long a BIRD router's kernel keeps our routes when the link to us is
# cut without a word, or when the whole box freezes (SIGSTOP of every process),
# with routed6 and with BIRD as announcer in turns; and whether 10 ms x 3 holds
# for ten seconds while the neighbor sends a table of 120 000 prefixes again
# and again.  Milliseconds: median, least, most.  Needs root and a built tree.
#
#	bfd.sh [-r rounds]
#
# shellcheck disable=SC2086	# addresses are words, lists are several

LAB_TOP=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
# shellcheck source=/dev/null
. "$LAB_TOP/regress/live/bgp.subr"
# shellcheck source=/dev/null
. "$LAB_TOP/regress/bench/bench.subr"

ROUNDS=10
LIMIT=10000

# bfd_words MS: for BIRD, on either side.
bfd_words()
{
	echo "protocol bfd { interface \"*\" { interval $1 ms; multiplier 3; }; }"
}

# routed6 or BIRD in the box, announcing 2002::/16.
announcer_routed6()
{
	{ bgp_neighbor bird "bfd { interval $1 multiplier 3 }"
	    bgp_announce; } | bgp_conf
	bgp_routed6
}

announcer_bird()
{
	{
		bfd_words $1
		cat <<-END
		log stderr all;
		router id 11.2.0.1;
		protocol device { }
		protocol static { ipv6; route 2002::/16 unreachable; }
		protocol bgp peer {
			local as $BGP_AS;
			neighbor $(bgp_addr bird 2) as 64501;
			error wait time 1, 2;
			connect delay time 1;
			bfd on;
			ipv6 { import none; export all; next hop self; };
		}
		END
	} >"$LAB_DIR/own.conf"
	lab_daemon routed6 box bird -f -c "$LAB_DIR/own.conf" \
	    -s "$LAB_DIR/own.sock" -P "$LAB_DIR/own.own.pid"
}

neighbor_start()
{
	bfd_words $1 >"$LAB_DIR/bird.more"
	bgp_start_bird <<-END
		bfd on;
		ipv4 { import all; export where source = RTS_STATIC; };
		ipv6 { import all; export where source = RTS_STATIC; };
	END
}

bfd_both_up()
{
	lab_birdc show bfd sessions | grep -q " Up "
}

all_end()
{
	for name in routed6 bird; do
		family=$(lab_family $name)
		kill -KILL $family 2>/dev/null
		lab_wait "! lab_alive $(lab_pid $name)" 5
	done
	lab_run bird ip -6 route flush proto bird 2>/dev/null
	rm -f "$LAB_DIR/routed6.sock"
}

# What happens: nothing comes through any more, or the box stands still.
event_cut()
{
	cat >"$LAB_DIR/event.sh" <<-END
	nft "add table inet cut; \
	    add chain inet cut in { type filter hook input priority 0; }; \
	    add rule inet cut in iifname net0 drop"
	END
}

event_freeze()
{
	echo "kill -STOP $(lab_family routed6 | tr '\n' ' ')" \
	    >"$LAB_DIR/event.sh"
}

# one ANNOUNCER MS EVENT: a whole round; prints milliseconds.
one()
{
	neighbor_start $2
	"announcer_$1" $2
	lab_wait bfd_both_up 15
	lab_run bird withdrawn -a -t 15000 2002::/16 >/dev/null
	sleep 1
	"event_$3"
	lab_run bird withdrawn -t $LIMIT 2002::/16 -- sh "$LAB_DIR/event.sh"
	lab_run bird nft flush ruleset
	all_end
}

failures()
{
	for ms in 10 50; do
		for event in cut freeze; do
			: >"$LAB_DIR/routed6.ms"
			: >"$LAB_DIR/bird.ms"
			i=0
			while [ $i -lt "$ROUNDS" ]; do
				i=$((i + 1))
				for who in routed6 bird; do
					one $who $ms $event \
					    >>"$LAB_DIR/$who.ms" \
					    2>>"$LAB_DIR/bench.err"
				done
			done
			for who in routed6 bird; do
				printf '%-7s %3d x 3  %-8s %s\n' $event $ms \
				    $who "$(summary "$LAB_DIR/$who.ms")"
			done
		done
	done
}

# The session while bgp is fed a full table, scaled down, for ten seconds.
full_table()
{
	neighbor_start 10
	{
		bfd_words 10
		echo "protocol static many { ipv4;"
		awk 'BEGIN { for (i = 0; i < 100000; i++)
			printf "route %d.%d.%d.0/24 unreachable;\n",
			    20 + i / 65536, i / 256 % 256, i % 256 }'
		echo "}"
		echo "protocol static many6 { ipv6;"
		awk 'BEGIN { for (i = 0; i < 20000; i++)
			printf "route 2a20:%x::/32 unreachable;\n", i }'
		echo "}"
	} >"$LAB_DIR/bird.more"
	lab_birdc configure >/dev/null
	announcer_routed6 10
	lab_wait bfd_both_up 15
	end=$(($(lab_clock) + 1000))
	n=0
	while [ "$(lab_clock)" -lt $end ]; do
		lab_birdc reload out relay >/dev/null
		n=$((n + 1))
		sleep 0.5
	done
	bgp_ctl6 show bfd "$(bgp_addr bird 2)" >"$LAB_DIR/shown"
	printf 'full table %d times in 10 s at 10 x 3: %s prefixes, ' $n \
	    "$(bgp_field "$(bgp_addr bird 2)" received)"
	sed -n 's/^\(times up\)  *\(.*\)/\1: \2,/p
	    s/^\(longest silence while up\)  *\(.*\)/\1: \2/p' \
	    "$LAB_DIR/shown" | sort -r | paste -sd ' '
	all_end
}

while getopts r: opt; do
	case $opt in
	r)	ROUNDS=$OPTARG ;;
	*)	usage ;;
	esac
done

bench_begin "$(bgp_missing)"
bgp_up || exit 1
bgp_feed || exit 1
failures
full_table
