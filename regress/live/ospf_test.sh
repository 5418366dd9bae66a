#!/usr/bin/env atf-sh
# shellcheck shell=sh disable=SC2034,SC2086
# Lists are several words; what the library wants is set for it.
#
# routed6's OSPFv3 between real routers: BIRD and FRR.  What they have in
# their kernels and in their databases is what counts.

LAB_TOP=$(atf_get_srcdir)/../..
# shellcheck source=/dev/null
. "$LAB_TOP/regress/live/ospf.subr"

# until 'condition' SECONDS what
until_()
{
	lab_wait "$1" "$2" && return
	lab_ctl6 show neighbors
	lab_ctl6 show interfaces
	tail -n 30 "$LAB_DIR/routed6.log"
	for log in bird frr-ospf6d frr2-ospf6d; do
		[ ! -s "$LAB_DIR/$log.log" ] || tail -n 5 "$LAB_DIR/$log.log"
	done
	atf_fail "$3"
}

# routes NODE...: they have the prefix in the end.
routes()
{
	until_ "ospf_there $*" 25 "no route at one of $*"
}

# full N: we have so many full neighbors.
full()
{
	until_ "[ \$(lab_ctl6 show neighbors | grep -c Full) -eq $1 ]" 25 \
	    "not $1 adjacencies"
}

# gone_after NODE LIMIT PID SIGNAL: signal it; the route at the node goes.
gone_after()
{
	atf_check -o save:ms ip netns exec "$LAB-$1" withdrawn -t "$2" \
	    -k "$3" -s "$4" $OSPF_PREFIX
	echo "route at $1 gone after $(cat ms) ms"
}

# --- each type of link ------------------------------------------------

test_case()
{
	atf_test_case "$1" cleanup
	eval "
		$1_head() {
			atf_set require.user root
			atf_set timeout 120
			atf_set descr '$2'
		}
		$1_cleanup() { lab_end; }"
	OSPF_CASES="$OSPF_CASES $1"
}

test_case point_to_point_bird "Point-to-point with BIRD: there, then gone"
point_to_point_bird_body()
{
	ospf_begin
	ospf_bird 'type ptp;' || atf_fail bird
	OSPF_ATTR="metric 30 tag 7" ospf_suite "type point-to-point"
	routes bird
	atf_check -o match:'E2 \(150/10/30\) \[0*7\] \[10.0.0.2\]' \
	    birdc -s "$LAB_DIR/bird.sock" show route $OSPF_PREFIX
	atf_check -o match:'via fe80::2 dev lan0' \
	    ip -n "$LAB-bird" -6 route show $OSPF_PREFIX
	gone_after bird 3000 "$(lab_pid relayd6)" TERM
}

test_case point_to_point_frr "Point-to-point with FRR: there, then gone"
point_to_point_frr_body()
{
	ospf_begin
	ospf_frr frr "ipv6 ospf6 network point-to-point" || atf_fail frr
	OSPF_ATTR="metric 30 metric-type 1" ospf_suite "type point-to-point"
	routes frr
	atf_check -o match:"O>\\* $OSPF_PREFIX \\[110/40\\] via fe80::2, lan0" \
	    ip netns exec "$LAB-frr" vtysh --vty_socket "$LAB_DIR/frr" \
	    -c "show ipv6 route"
	gone_after frr 1000 "$(lab_pid relayd6)" TERM
}

test_case broadcast_other "Three on a link, one of the others is DR"
broadcast_other_body()
{
	ospf_begin
	ospf_bird 'type broadcast; priority 5;' || atf_fail bird
	ospf_frr frr "ipv6 ospf6 priority 1" || atf_fail frr
	ospf_suite
	routes bird frr
	full 2
	atf_check -o match:"DROther" \
	    "$LAB_TOP/ctl6/ctl6" -s "$LAB_DIR" show interfaces
}

test_case broadcast_dr "Three on a link, we are its DR"
broadcast_dr_body()
{
	ospf_begin
	ospf_suite "priority 9"
	until_ 'lab_ctl6 show interfaces | grep -q " DR "' 10 "not DR"
	ospf_bird 'type broadcast; priority 5;' || atf_fail bird
	ospf_frr frr "ipv6 ospf6 priority 1" || atf_fail frr
	routes bird frr
	full 2
	# They reach each other by the link that we describe.
	until_ 'ospf_vtysh frr show ipv6 ospf6 route |
	    grep -q "2a10:1:9::/64"' 10 "FRR lacks the prefix of the link"
	atf_check -o match:"router 10.0.0.1" -o match:"router 10.0.0.3" \
	    birdc -s "$LAB_DIR/bird.sock" show ospf topology
	atf_check -o match:'10.0.0.2.*Full/DR' \
	    birdc -s "$LAB_DIR/bird.sock" show ospf neighbors
	# Their DR dies: one of them takes over, the route is gone.
	gone_after frr 1000 "$(lab_role_pid routed6 ospf)" KILL
}

test_case broadcast_backup "Three on a link, we are the backup, then DR"
broadcast_backup_body()
{
	ospf_begin
	ospf_bird 'type broadcast; priority 5;' || atf_fail bird
	until_ 'lab_birdc show ospf interface | grep -q "State: DR"' 15 \
	    "BIRD is not DR"
	ospf_suite "priority 3"
	until_ 'lab_ctl6 show interfaces | grep -q Backup' 15 "not backup"
	ospf_frr frr "ipv6 ospf6 priority 0" || atf_fail frr
	routes bird frr
	lab_stop bird KILL
	until_ 'lab_ctl6 show interfaces | grep -q " DR "' 10 "not DR"
	routes frr
	full 1
}

test_case four_routers "Four on a link"
four_routers_body()
{
	ospf_begin
	ospf_bird 'type broadcast;' || atf_fail bird
	ospf_frr frr || atf_fail frr
	ospf_frr frr2 || atf_fail frr2
	ospf_suite
	routes bird frr frr2
	lab_stop routed6
	until_ "ospf_gone bird frr frr2" 3 "the route stays"
}

test_case point_to_multipoint "Point-to-multipoint with BIRD, by name"
point_to_multipoint_body()
{
	ospf_begin
	ospf_bird 'type ptmp; neighbors { fe80::2; };' || atf_fail bird
	ospf_suite "type point-to-multipoint" "neighbor fe80::1"
	routes bird
	full 1
	gone_after bird 3000 "$(lab_pid relayd6)" TERM
}

test_case nbma "NBMA with BIRD, by name"
nbma_body()
{
	ospf_begin
	ospf_bird 'type nbma; poll 2; neighbors { fe80::2 eligible; };' ||
	    atf_fail bird
	ospf_suite "type nbma" "neighbor fe80::1" "poll-interval 2" \
	    "priority 1"
	routes bird
	full 1
	gone_after bird 3000 "$(lab_pid relayd6)" TERM
}

test_case nssa "An NSSA: type 7 at BIRD and FRR"
nssa_body()
{
	OSPF_AREA=0.0.0.1
	ospf_begin
	OSPF_BIRD_AREA="nssa;" ospf_bird 'type broadcast;' || atf_fail bird
	OSPF_FRR_ROUTER="area 0.0.0.1 nssa" ospf_frr frr || atf_fail frr
	OSPF_MORE="type nssa" ospf_suite
	routes bird frr
	atf_check -o match:"2007" \
	    birdc -s "$LAB_DIR/bird.sock" show ospf lsadb
	gone_after frr 1000 "$(lab_pid relayd6)" TERM
}

test_case instance "Another instance on the same link is left alone"
instance_body()
{
	ospf_begin
	OSPF_BIRD_INSTANCE="instance 5" ospf_bird 'type broadcast;' ||
	    atf_fail bird
	ospf_frr frr || atf_fail frr
	ospf_suite "instance-id 5"
	routes bird
	full 1
	ospf_gone frr || atf_fail "FRR has the route"
}

# --- what goes wrong --------------------------------------------------

test_case restarts "Each side in turn is restarted"
restarts_body()
{
	ospf_begin
	ospf_bird 'type broadcast;' || atf_fail bird
	ospf_frr frr || atf_fail frr
	ospf_suite
	routes bird frr
	for name in routed6 bird; do
		lab_stop $name
		until_ "ospf_gone frr || [ $name = bird ]" 3 "route stays"
		case $name in
		routed6)
			ospf_routed6 ;;
		bird)
			ospf_bird 'type broadcast;' ;;
		esac
		routes bird frr
	done
	lab_stop frr-ospf6d KILL
	lab_daemon frr-ospf6d frr $OSPF_FRR/ospf6d \
	    -f "$LAB_DIR/frr/ospf6d.conf" -i "$LAB_DIR/frr/ospf6d.pid" \
	    -z "$LAB_DIR/frr/zserv.api" --vty_socket "$LAB_DIR/frr" -P 0
	routes bird frr
	# A crash of ours, and a new life within the dead interval.
	lab_stop routed6 KILL
	ospf_routed6
	routes bird frr
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
	ospf_bird 'type broadcast; dead 10;' || atf_fail bird
	ospf_frr frr "ipv6 ospf6 dead-interval 10" || atf_fail frr
	ospf_suite "dead-interval 10"
	until_ "ospf_there bird frr" 60 "no route"
	kill -TERM "$(lab_pid relayd6)"
	until_ "ospf_gone bird frr" 15 "the route stays"
}

test_case mismatch "What does not fit is named"
mismatch_body()
{
	ospf_begin
	ospf_bird 'type broadcast; dead 7;' || atf_fail bird
	ospf_frr frr "ipv6 ospf6 hello-interval 2" || atf_fail frr
	ospf_suite
	until_ "lab_ctl6 show neighbors fe80::1 |
	    grep -q 'dead-interval 7, ours is 4'" 10 "BIRD is not named"
	until_ "lab_ctl6 show neighbors 10.0.0.3 |
	    grep -q 'hello-interval 2, ours is 1'" 10 "FRR is not named"
	atf_check -o match:"fe80::1 on lan0 \\(router 10.0.0.1\\) refused" \
	    cat "$LAB_DIR/routed6.log"
}

test_case mtu "A neighbor with another MTU is named, or let pass"
mtu_body()
{
	ospf_begin
	ip -n "$LAB-relay" link set lan0 mtu 1400
	ospf_bird 'type broadcast;' || atf_fail bird
	ospf_frr frr "ipv6 ospf6 mtu-ignore" || atf_fail frr
	ospf_suite
	until_ "lab_ctl6 show neighbors fe80::1 |
	    grep -q 'its MTU 1500 is larger than ours, 1400'" 15 "not named"
	ospf_gone bird || atf_fail "BIRD has the route"
	sed 's/dead-interval.*/&\
		mtu-ignore/' "$LAB_DIR/routed6.conf" >new.conf
	cat new.conf >"$LAB_DIR/routed6.conf"
	lab_ctl6 reload routed6 || atf_fail "reload"
	lab_stop bird
	routes frr
}

test_case link "The interface goes down, away, and comes again"
link_body()
{
	ospf_begin
	ospf_bird 'type ptp;' || atf_fail bird
	ospf_suite "type point-to-point"
	routes bird
	ip -n "$LAB-relay" link set lan0 down
	until_ 'lab_ctl6 show interfaces | grep -q Down' 3 "not down"
	lab_node_set relay <<-END
		link set lan0 up
		addr add 2a10:1:9::2/64 dev lan0 nodad
		addr add fe80::2/64 dev lan0 nodad
		route add default via 2a10:1:9::1
		route add default via 11.1.9.1
	END
	routes bird
	# Another device of the same name.
	ip -n "$LAB-relay" link del lan0
	until_ 'lab_ctl6 show interfaces | grep -q Down' 3 "not down"
	echo "link add relay netns $LAB-sw type veth" \
	    "peer name lan0 netns $LAB-relay" | ip -batch -
	ip -n "$LAB-sw" link set relay master br0 up
	lab_addresses_set >/dev/null 2>&1
	routes bird
}

test_case reload "A reload changes what it says, and nothing else"
reload_body()
{
	ospf_begin
	ospf_bird 'type ptp;' || atf_fail bird
	ospf_suite "type point-to-point"
	routes bird
	sed 's/6to4 $/6to4 metric 77/; s/area 0.0.0.0 {/&\npassive lo/' \
	    "$LAB_DIR/routed6.conf" >new.conf
	cat new.conf >"$LAB_DIR/routed6.conf"
	ip -n "$LAB-relay" addr add 2a10:1:77::1/128 dev lo
	lab_ctl6 reload routed6 || atf_fail "reload"
	until_ "lab_birdc show route $OSPF_PREFIX | grep -q '150/10/77'" 10 \
	    "no new metric"
	until_ "[ -n \"\$(ospf_route bird 2a10:1:77::1)\" ]" 10 "no address"
	atf_check -o match:'times full +refused' -o match:' 1 +0$' \
	    "$LAB_TOP/ctl6/ctl6" -s "$LAB_DIR" show neighbors fe80::1
	# Another router id is another router.
	sed 's/^router-id.*/router-id 10.0.0.22/' new.conf \
	    >"$LAB_DIR/routed6.conf"
	lab_ctl6 reload routed6 || atf_fail "reload"
	until_ "lab_birdc show route $OSPF_PREFIX | grep -q 10.0.0.22" 10 \
	    "no new router"
	atf_check -o not-match:"10.0.0.2 " \
	    birdc -s "$LAB_DIR/bird.sock" show ospf lsadb
}

# --- the end ----------------------------------------------------------

# One test case for each process and each way to die.
for role in parent announce bgp ospf; do
	for how in KILL STOP; do
		test_case "end_${role}_$how" "$how to the $role process"
		eval "end_${role}_${how}_body() { end_body $role $how; }"
	done
done

end_body()
{
	ospf_begin
	ospf_frr frr || atf_fail frr
	ospf_suite
	routes frr
	family=$(lab_family routed6)
	victim=$(lab_role_pid routed6 "$1") || atf_fail "no process $1"
	gone_after frr 1000 "$victim" "$2"
	kill -CONT "$victim" 2>/dev/null
	[ "$2" = KILL ] || return 0
	for pid in $family; do
		lab_wait "! lab_alive $pid" 3 || atf_fail "$pid is left"
	done
	# The adjacency is gone too, long before the dead interval is over.
	until_ "ospf_vtysh frr show ipv6 ospf6 neighbor | grep -q Init ||
	    ! ospf_vtysh frr show ipv6 ospf6 neighbor | grep -q 10.0.0.2" 2 \
	    "FRR still has the adjacency"
}

test_case orderly "An orderly stop: flushed, goodbye, nothing left"
orderly_body()
{
	ospf_begin
	ospf_bird 'type broadcast;' || atf_fail bird
	ospf_frr frr || atf_fail frr
	ospf_suite
	routes bird frr
	gone_after frr 1000 "$(lab_pid routed6)" TERM
	lab_wait "! lab_alive $(lab_pid routed6)" 3 || atf_fail "it stays"
	wait "$(lab_pid routed6)" || atf_fail "exit status $?"
	until_ "! lab_birdc show ospf neighbors | grep -q '10.0.0.2.*Full'" \
	    2 "BIRD still has the adjacency"
	until_ "! lab_birdc show ospf lsadb | grep -q '10.0.0.2 '" 5 \
	    "something of ours is left at BIRD"
}

# --- the databases ----------------------------------------------------

test_case same_database "The databases are the same, byte for byte"
same_database_body()
{
	ospf_begin
	ospf_bird 'type broadcast;' || atf_fail bird
	ospf_frr frr || atf_fail frr
	OSPF_MORE="prefix 2001:db8::/32 cost 3" ospf_suite
	routes bird frr
	# Until nothing changes any more.
	until_ 'ospf_list_bird >theirs; ospf_list_ours | cmp -s - theirs' 20 \
	    "BIRD lists something else: $(ospf_list_ours | diff - theirs)"
	cat theirs
	ospf_bytes_ours >mine
	[ "$(wc -l <mine)" -ge 4 ] || atf_fail "too few LSAs of ours"
	until_ 'ospf_bytes_ours >mine; ospf_bytes_frr frr | cmp -s - mine' \
	    20 "FRR has other bytes: $(ospf_bytes_frr frr | diff mine -)"
	cat mine
}

atf_init_test_cases()
{
	for name in $OSPF_CASES; do
		atf_add_test_case "$name"
	done
}
