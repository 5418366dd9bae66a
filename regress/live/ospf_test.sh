#!/usr/bin/env atf-sh
# shellcheck shell=sh disable=SC2034,SC2086
# Lists are several words; what the library wants is set for it.
#
# routed6's OSPFv3 between real routers: BIRD and FRR.  What they have in
# their kernels and in their databases is what counts.  An adjacency takes
# seconds to come, since others wait for timers; so each case is a long story.

LAB_TOP=$(atf_get_srcdir)/../..
# shellcheck source=/dev/null
. "$LAB_TOP/regress/live/ospf.subr"

# --- words for stories ------------------------------------------------

# role STATE: what we are on the link.
role()
{
	until_ "lab_ctl6 show interfaces | grep -q ' $1 '" 15 "not $1"
}

# birdc_has REGEX COMMAND...
birdc_has()
{
	birdc_want=$1
	shift
	atf_check -o match:"$birdc_want" \
	    birdc -s "$LAB_DIR/bird.sock" "$@"
}

# --- a link of three --------------------------------------------------

test_case other "Others are DR: metric and tag, databases, restarts, the end"
other_body()
{
	ospf_begin
	ospf_bird 'type broadcast; priority 5;' || atf_fail bird
	ospf_frr frr "ipv6 ospf6 priority 1" || atf_fail frr
	OSPF_MORE="prefix 2001:db8::/32 cost 3" OSPF_ATTR="metric 30 tag 7" \
	    ospf_suite
	routes bird frr
	full 2
	role DROther
	birdc_has 'E2 \(150/10/30\) \[0*7\] \[10.0.0.2\]' \
	    show route $OSPF_PREFIX
	until_ "[ -n \"\$(ospf_route bird 2001:db8::/32)\" ]" 5 \
	    "no prefix of ours"
	databases_same
	# Ours dies and begins anew before it was taken for dead.
	lab_family routed6 | xargs kill -KILL
	ospf_routed6
	full 2
	routes bird frr
	# A neighbor does.
	lab_stop frr-ospf6d KILL
	lab_frr frr "$LAB_DIR/frr" ospf6d || atf_fail "FRR again"
	full 2
	routes frr
	orderly_end
}

# Byte for byte, as soon as nothing changes any more.
databases_same()
{
	until_ 'ospf_list_bird >theirs; ospf_list_ours | cmp -s - theirs' 20 \
	    "BIRD lists something else: $(ospf_list_ours | diff - theirs)"
	cat theirs
	until_ 'ospf_bytes_ours >mine; ospf_bytes_frr frr | cmp -s - mine' 20 \
	    "FRR has other bytes: $(ospf_bytes_frr frr | diff mine -)"
	cat mine
	[ "$(wc -l <mine)" -ge 4 ] || atf_fail "too few LSAs of ours"
}

# Flushed, goodbye, nothing left, long before the dead interval is over.
orderly_end()
{
	gone_after frr 1000 "$(lab_pid routed6)" TERM
	lab_wait "! lab_alive $(lab_pid routed6)" 3 || atf_fail "it stays"
	wait "$(lab_pid routed6)" || atf_fail "exit status $?"
	until_ "! lab_birdc show ospf neighbors | grep -q '10.0.0.2.*Full'" \
	    2 "BIRD still has the adjacency"
	until_ "ospf_gone bird" 2 "BIRD still has the route"
	until_ "! lab_birdc show ospf lsadb | grep -q '10.0.0.2 '" 5 \
	    "something of ours is left at BIRD"
}

# FRR becomes backup when we become DR: one that stays DROther does not tell
# of its link to a new DR (8.4).
test_case dr "We are backup, then DR of a link of three, and stay it"
dr_body()
{
	ospf_begin
	ospf_bird 'type broadcast; priority 5;' || atf_fail bird
	until_ 'lab_birdc show ospf interface | grep -q "State: DR"' 15 \
	    "BIRD is not DR"
	ospf_suite "priority 3"
	role Backup
	ospf_frr frr "ipv6 ospf6 priority 1" || atf_fail frr
	routes bird frr
	lab_stop bird
	role DR
	full 1
	ospf_bird 'type broadcast; priority 5;' || atf_fail "bird again"
	full 2
	role DR
	routes bird frr
	birdc_has '10.0.0.2.*Full/DR' show ospf neighbors
	# They reach each other by the link that we describe.
	until_ 'lab_birdc show ospf topology | grep -q "router 10.0.0.3"' 8 \
	    "FRR is not in BIRD's tree"
	until_ 'ospf_vtysh frr show ipv6 ospf6 route |
	    grep -q "2a10:1:9::/64"' 8 "FRR lacks the prefix of the link"
	databases_same
	# A DR that dies takes its route with it, too.
	gone_after frr 1000 "$(lab_role_pid routed6 ospf)" KILL
}

# --- other links ------------------------------------------------------

test_case types "Point-to-point, -to-multipoint and NBMA; type 1 metric"
types_body()
{
	ospf_begin
	for link in p2p0 p2mp0 nbma0; do
		ospf_link bird $link || atf_fail "$link"
	done
	ospf_link frr p2p1 || atf_fail "p2p1"
	OSPF_IF=p2p0
	OSPF_BIRD_AREA='
		interface "p2mp0" {
			type ptmp; hello 1; dead 4; neighbors { fe80::2; };
		};
		interface "nbma0" {
			type nbma; hello 1; dead 4; poll 2;
			neighbors { fe80::2 eligible; };
		};'
	ospf_bird 'type ptp;' || atf_fail bird
	OSPF_MORE='
		interface p2p1 {
			type point-to-point
			hello-interval 1
			dead-interval 4
		}
		interface p2mp0 {
			type point-to-multipoint
			hello-interval 1
			dead-interval 4
			neighbor fe80::1
		}
		interface nbma0 {
			type nbma
			hello-interval 1
			dead-interval 4
			poll-interval 2
			priority 1
			neighbor fe80::1
		}'
	OSPF_ATTR="metric 30 metric-type 1"
	ospf_suite "type point-to-point"
	OSPF_IF=p2p1 ospf_frr frr "ipv6 ospf6 network point-to-point" ||
	    atf_fail frr
	full 4
	routes bird frr
	birdc_has 'E1 \(150/40\) \[10.0.0.2\]' show route $OSPF_PREFIX
	atf_check -o match:"O>\\* $OSPF_PREFIX \\[110/40\\] via fe80::2, p2p1" \
	    ip netns exec "$LAB-frr" vtysh --vty_socket "$LAB_DIR/frr" \
	    -c "show ipv6 route"
	gone_after frr 5000 "$(lab_pid relayd6)" TERM
	until_ "ospf_gone bird" 3 "BIRD still has the route"
	full 4
}

test_case nssa "An NSSA: type 7, with P-bit and forwarding address"
nssa_body()
{
	OSPF_AREA=0.0.0.1
	ospf_begin
	OSPF_BIRD_AREA="nssa;" ospf_bird 'type broadcast;' || atf_fail bird
	OSPF_FRR_ROUTER="area 0.0.0.1 nssa" ospf_frr frr || atf_fail frr
	OSPF_MORE="type nssa" ospf_suite
	routes bird frr
	atf_check -o match:"prefix +2002::/16 P" \
	    -o match:"forwarding address +2a10:1:9::2" \
	    "$LAB_TOP/ctl6/ctl6" -s "$LAB_DIR" show database nssa detail
	birdc_has "2007 .*10.0.0.2" show ospf lsadb
	gone_after frr 5000 "$(lab_pid relayd6)" TERM
}

# It is the last choice, but a choice, for as long as it is drained.
test_case nssa_drain "A drain in an NSSA: routes lead to us until its end"
nssa_drain_body()
{
	OSPF_AREA=0.0.0.1
	ospf_begin
	OSPF_BIRD_AREA="nssa;" ospf_bird 'type broadcast;' || atf_fail bird
	OSPF_FRR_ROUTER="area 0.0.0.1 nssa" ospf_frr frr || atf_fail frr
	OSPF_MORE="type nssa" OSPF_BEAT=1000 ospf_suite
	routes bird frr
	full 2
	until_ "ospf_route frr | grep -q 'via fe80::2'" 8 \
	    "FRR's route does not lead to us"
	sed -i 's/drain [0-9].*/drain 12 s/' "$LAB_DIR/relayd6.conf"
	lab_ctl6 reload relayd6 || atf_fail "reload"
	routes bird frr
	lab_ctl6 drain 6to4 || atf_fail "drain"
	until_ "lab_birdc show route $OSPF_PREFIX | grep -q '150/10/16777214'" \
	    10 "BIRD does not see a drain"
	stays bird frr
	until_ "ospf_gone bird frr" 25 "the route stays"
}

# stays NODE...: all have it for two seconds, but for a moment, since FRR
# replaces a route by removing it.
stays()
{
	missed=0
	for lab_try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		ospf_there "$@" || missed=$((missed + 1))
		sleep 0.1
	done
	[ $missed -le 2 ] || atf_fail "the route is gone $missed times of 20"
}

test_case loss "A link that loses every fifth packet"
loss_body()
{
	ospf_begin
	for node in bird frr relay; do
		lab_run $node nft -f - <<-END || atf_skip "no nftables"
			table inet lossy {
				chain in {
					type filter hook input priority 0
					meta l4proto 89 \
					    numgen random mod 5 0 drop
				}
			}
		END
	done
	ospf_bird 'type broadcast; dead 7; retransmit 2;' || atf_fail bird
	ospf_frr frr "ipv6 ospf6 dead-interval 7" \
	    "ipv6 ospf6 retransmit-interval 2" || atf_fail frr
	ospf_suite "dead-interval 7" "retransmit-interval 2"
	until_ "ospf_there bird frr" 60 "no route"
	kill -TERM "$(lab_pid relayd6)"
	until_ "ospf_gone bird frr" 15 "the route stays"
}

# The prefixes of a router are one LSA, which is one packet.
test_case large "An LSA that is larger than the MTU"
large_body()
{
	ospf_begin
	{
		echo "link add p1 type veth peer name p2"
		for i in $(seq 32); do
			for n in 1 2; do
				echo "addr add 2a10:1:77:$n::$i/128 dev p$n"
				echo "link set p$n up"
			done
			echo "addr add 2a10:1:77:3::$i/128 dev lo"
		done
	} | ip -n "$LAB-relay" -batch - || atf_fail "addresses"
	ospf_bird 'type broadcast;' || atf_fail bird
	ospf_frr frr || atf_fail frr
	OSPF_MORE=$(printf 'passive %s\n' p1 p2 lo) ospf_suite
	routes bird frr
	full 2
	for n in 1 2 3; do
		for i in 1 32; do
			many="2a10:1:77:$n::$i"
			until_ "[ -n \"\$(ospf_route bird $many)\" -a \
			    -n \"\$(ospf_route frr $many)\" ]" 10 "no $many"
		done
	done
	lab_ctl6 show database intra-area-prefix |
	    awk '$6 == "10.0.0.2" && $9 > 1500 { n++ } END { exit !n }' ||
	    atf_fail "it is not so large"
}

# --- what goes wrong, and what changes --------------------------------

test_case refused "What does not fit is named: timers, MTU, router ids"
refused_body()
{
	ospf_begin
	ip -n "$LAB-relay" link set lan0 mtu 1400
	ospf_bird 'type broadcast; dead 7;' || atf_fail bird
	ospf_frr frr "ipv6 ospf6 mtu-ignore" || atf_fail frr
	ospf_suite
	until_ "lab_ctl6 show neighbors fe80::1 |
	    grep -q 'dead-interval 7, ours is 4'" 10 "BIRD is not named"
	atf_check -o match:"fe80::1 on lan0 \\(router 10.0.0.1\\) refused" \
	    cat "$LAB_DIR/routed6.log"
	until_ "lab_ctl6 show neighbors 10.0.0.3 |
	    grep -q 'its MTU 1500 is larger than ours, 1400'" 15 \
	    "the MTU is not named"
	reconfigured 's/dead-interval.*/&\
		mtu-ignore/'
	routes frr
	ospf_gone bird || atf_fail "BIRD has the route"
	OSPF_ID=10.0.0.2 ospf_speaker s1 || atf_fail s1
	until_ "lab_ctl6 show neighbors fe80::11 |
	    grep -q 'it has our router id'" 10 "the twin is not named"
	sleep 2
	[ "$(grep -c 'it has our router id' "$LAB_DIR/routed6.log")" -eq 1 ] ||
	    atf_fail "more than one warning a minute"
}

test_case changes "Reloads, a link that goes and another of its name"
changes_body()
{
	ospf_begin
	ospf_bird 'type ptp;' || atf_fail bird
	ospf_suite "type point-to-point"
	routes bird
	ip -n "$LAB-relay" addr add 2a10:1:77::1/128 dev lo
	reconfigured 's/6to4 $/6to4 metric 77/; s/area 0.0.0.0 {/&\npassive lo/'
	until_ "lab_birdc show route $OSPF_PREFIX | grep -q '150/10/77'" 10 \
	    "no new metric"
	until_ "[ -n \"\$(ospf_route bird 2a10:1:77::1)\" ]" 10 "no address"
	[ "$(grep -c 'adjacency up' "$LAB_DIR/routed6.log")" -eq 1 ] ||
	    atf_fail "the adjacency did not survive a reload"
	ip -n "$LAB-relay" link del lan0
	role Down
	until_ "ospf_gone bird" 6 "the route stays"
	ospf_plug relay || atf_fail "lan0 again"
	ospf_addresses relay
	lab_node_set relay <<-END
		addr add 2a10:1:9::2/64 dev lan0 nodad
		addr add 11.1.9.2/24 dev lan0
		route add default via 2a10:1:9::1
		route add default via 11.1.9.1
	END
	routes bird
	# Another router id is another router.
	reconfigured 's/^router-id.*/router-id 10.0.0.22/'
	until_ "lab_birdc show route $OSPF_PREFIX | grep -q '10.0.0.22'" 10 \
	    "no new router"
}

# RFC 5187: FRR says that it restarts, and is away for longer than the dead
# interval; its routes stay, and it stays in ours.
test_case helper "A neighbor that restarts gracefully is kept, and comes back"
helper_body()
{
	ospf_begin
	OSPF_FRR_ROUTER="graceful-restart grace-period 60" ospf_frr frr \
	    "ipv6 ospf6 network point-to-point" || atf_fail frr
	OSPF_BEAT=1000 ospf_suite "type point-to-point" "restart-helper"
	routes frr
	full 1
	atf_check -o ignore ip netns exec "$LAB-frr" vtysh \
	    --vty_socket "$LAB_DIR/frr" -c "graceful-restart prepare ipv6 ospf"
	until_ "lab_ctl6 show neighbors | grep -q 'it restarts and is kept'" \
	    5 "it is not kept"
	lab_stop frr-ospf6d KILL
	sleep 6
	lab_ctl6 show neighbors | grep -q 'Full.*it restarts and is kept' ||
	    atf_fail "it was not kept for longer than the dead interval"
	ospf_there frr || atf_fail "FRR lost its routes"
	lab_frr frr "$LAB_DIR/frr" ospf6d || atf_fail "FRR again"
	until_ "grep -q 'has restarted' '$LAB_DIR/routed6.log'" 25 \
	    "it has not restarted"
	full 1
	ospf_there frr || atf_fail "no route when it had restarted"
}

test_case linklocal "Another link-local address or interface takes over"
linklocal_body()
{
	ospf_begin
	ospf_bird 'type ptp;' || atf_fail bird
	OSPF_BEAT=1000 ospf_suite "type point-to-point"
	routes bird
	ip -n "$LAB-relay" addr add fe80::22/64 dev lan0 nodad
	sleep 0.5	# the kernel tells of it a while later
	ip -n "$LAB-relay" addr del fe80::2/64 dev lan0
	until_ "ospf_route bird | grep -q 'via fe80::22'" 15 \
	    "no route by the other address"
	# Another interface takes its name, and that of the first goes on.
	ip -n "$LAB-relay" link set lan0 name old0 || return 0
	role Down
	ip -n "$LAB-sw" link set relay name old
	ospf_plug relay || atf_fail "lan0 again"
	lab_node_set relay <<-END
		link set lan0 addrgenmode none
		link set lan0 up
		addr add fe80::23/64 dev lan0 nodad
	END
	until_ "ospf_route bird | grep -q 'via fe80::23'" 15 \
	    "no route by another interface"
}

# --- the end ----------------------------------------------------------

# One box for each process and each way to die.  FRR must not put off its
# computations because there are many.
test_case ends "kill -9 and SIGSTOP to each process; kill -9 to all"
ends_body()
{
	ospf_begin
	OSPF_FRR_ROUTER="timers throttle spf 0 10 10" ospf_frr frr ||
	    atf_fail frr
	lab_relayd6
	for box in $OSPF_SPEAKERS; do
		ospf_speaker $box || atf_fail "$box"
	done
	for box in $OSPF_SPEAKERS; do
		until_ "[ -n \"\$(ospf_route frr $(ospf_speaks $box))\" ]" \
		    30 "no route of $box"
	done
	set -- $OSPF_SPEAKERS
	for role in parent announce bgp ospf; do
		one_ends $1 $role KILL 1000
		one_ends $2 $role STOP 3000
		shift 2
	done
	all_end $1
}

# one_ends BOX ROLE SIGNAL LIMIT
one_ends()
{
	family=$(lab_family routed6-$1)
	victim=$(lab_role_pid routed6-$1 $2) || atf_fail "no process $2"
	echo "$2 of $1:"
	gone_after frr $4 "$victim" $3 "$(ospf_speaks $1)"
	kill -CONT "$victim" 2>/dev/null
	[ $3 = KILL ] || return 0
	for pid in $family; do
		lab_wait "! lab_alive $pid" 3 || atf_fail "$pid is left"
	done
	# The adjacency is gone too, long before the dead interval is over.
	until_ "! ospf_vtysh frr show ipv6 ospf6 neighbor |
	    grep -q '^10.0.0.$(ospf_number $1) .*Full'" 1 \
	    "FRR still has the adjacency"
}

# Nobody is left to say anything: the dead interval decides, as routed6(8)
# tells.
all_end()
{
	echo "all of $1:"
	# At once: none may see another die.
	family=$(lab_family "routed6-$1")
	kill -STOP $family
	kill -KILL $family
	until_ "[ -z \"\$(ospf_route frr $(ospf_speaks $1))\" ]" 6 \
	    "the route stays"
}

atf_init_test_cases()
{
	for name in $OSPF_CASES; do
		atf_add_test_case "$name"
	done
}
