#!/usr/bin/env atf-sh
# shellcheck shell=sh disable=SC2034,SC2086
# Lists are several words; what the library wants is set for it.
#
# Neighbors by OSPFv3 that have BFD: BIRD and FRR.  The dead interval is 20 s
# in all stories, so that what goes earlier went by BFD.  The milliseconds are
# printed; the bounds are generous.

LAB_TOP=$(atf_get_srcdir)/../..
# shellcheck source=/dev/null
. "$LAB_TOP/regress/live/ospf.subr"

BOUND=900	# ms for 50 x 3, and FRR's computation
BOUND_BIRD=1600	# which computes once a second

# --- words for stories ------------------------------------------------

BIRD_BFD="protocol bfd { interface \"*\" { interval 50 ms; multiplier 3; }; }"
OURS="bfd { interval 50 ms multiplier 3 }"

# bird [LINE...], frr and ours [LINE...]: each end of the link.
bird()
{
	OSPF_BIRD_MORE="$BIRD_BFD $OSPF_BIRD_MORE"
	ospf_bird 'type ptp; dead 20;' "$@" || atf_fail bird
}

frr()
{
	mkdir "$LAB_DIR/frr"
	cat >"$LAB_DIR/frr/bfdd.conf" <<-END
		bfd
		 profile fast
		  receive-interval 50
		  transmit-interval 50
		  detect-multiplier 3
		 exit
		exit
	END
	ospf_frr frr "ipv6 ospf6 network point-to-point" \
	    "ipv6 ospf6 dead-interval 20" \
	    "ipv6 ospf6 bfd profile fast" || atf_fail frr
}

ours()
{
	ospf_suite "type point-to-point" "dead-interval 20" "$@"
}

# show_bfd ...: where the interfaces have the names that they have there.
show_bfd()
{
	lab_run relay "$LAB_TOP/ctl6/ctl6" -s "$LAB_DIR" show bfd "$@"
}

# is ADDRESS STATE: of the BFD session.
is()
{
	show_bfd | grep -q "^$1%lan0 .*$2"
}

# knows_up ADDRESS: the neighbor says that BFD is.
knows_up()
{
	lab_ctl6 -j show neighbors $1 | grep -q '"bfd": *"up"'
}

# up ADDRESS: BFD is, and the neighbor says so.
up()
{
	until_ "is $1 ' Up '" 15 "BFD is not up"
	until_ "knows_up $1" 1 "not shown"
}

# times_full ADDRESS NUMBER: so often it became Full, and it is.
times_full()
{
	until_ "lab_ctl6 -j show neighbors $1 |
	    grep -q '\"times_full\": *$2,'" 0 "not $2 times Full"
	lab_ctl6 show neighbors $1 | grep -q "Full" || atf_fail "not Full"
}

# silent ADDRESS: it was dropped since BFD says so, and that is said.
silent()
{
	until_ "lab_ctl6 show neighbors $1 |
	    grep -q 'Down.*BFD down: detection time expired'" 1 "not dropped"
	grep -q "adjacency down: BFD down: detection time expired" \
	    "$LAB_DIR/routed6.log" || atf_fail "not in the log"
}

# told LINE: the monitor has said so.
told()
{
	until_ "grep -q ' routed6: $1' $LAB_DIR/lines.log" 2 "not told: $1"
}

# --- cases ------------------------------------------------------------

# cut NODE ADDRESS LIMIT: nothing passes any more; both notice, and it heals.
cut()
{
	full 1
	up $2
	routes $1
	lab_daemon lines relay "$LAB_TOP/ctl6/ctl6" -s "$LAB_DIR" monitor
	sleep 6		# it does not change its LSA more often (MinLSInterval)
	atf_check -o save:ms ip netns exec "$LAB-$1" withdrawn -t $3 \
	    $OSPF_PREFIX -- sh "$(lab_cutter "relay lan0" "$1 lan0")"
	echo "route at $1 gone $(cat ms) ms after the link was cut"
	silent $2
	told "session bfd $2%lan0 Down: detection time expired$"
	told "neighbor ospf 10[.0-9]* ($2 on lan0) Down: BFD down: detection"
	lab_mend relay $1
	full 1
	told "neighbor ospf 10[.0-9]* ($2 on lan0) Full$"
	routes $1
	up $2
	# In order: nobody waits for anybody.
	gone_after $1 $3 "$(lab_pid routed6)" TERM
	lab_wait "! lab_alive $(lab_pid routed6)" 3 || atf_fail "it stays"
	wait "$(lab_pid routed6)" || atf_fail "exit status $?"
}

test_case cut_bird "A link to BIRD that is cut without a word"
cut_bird_body()
{
	ospf_begin
	bird "bfd yes;"
	ours "$OURS"
	cut bird fe80::1 $BOUND_BIRD
}

test_case cut_frr "A link to FRR that is cut without a word"
cut_frr_body()
{
	ospf_begin
	frr
	ours "$OURS"
	cut frr fe80::3 $BOUND
}

test_case frozen "A neighbor that stands still, and goes on"
frozen_body()
{
	ospf_begin
	bird "bfd yes;"
	ours "$OURS"
	full 1
	up fe80::1
	kill -STOP "$(lab_pid bird)"
	before=$(lab_clock)
	until_ "! lab_ctl6 show neighbors | grep -q Full" 2 "not dropped"
	echo "dropped within $((10 * ($(lab_clock) - before))) ms"
	silent fe80::1
	kill -CONT "$(lab_pid bird)"
	full 1
	up fe80::1
	routes bird
	# Nobody answers for us any more when one of us dies.
	gone_after bird $BOUND_BIRD "$(lab_role_pid routed6 bfd)" KILL
}

test_case reload "On, and with other times: the adjacency does not notice"
reload_body()
{
	ospf_begin
	bird "bfd yes;"
	ours
	full 1
	show_bfd | grep -q fe80 && atf_fail "nobody asked for it"
	reconfigured "s/dead-interval 20/&\\n$OURS/"
	up fe80::1
	times_full fe80::1 1
	reconfigured "s/interval 50 ms/interval 200 ms/"
	until_ "show_bfd | grep -q ' 600000 '" 5 "no other times"
	is fe80::1 ' Up ' || atf_fail "it went down"
	times_full fe80::1 1
}

# The neighbor goes first: it takes a session that we end for a failure, all
# the same.
test_case off "Off at both ends: the adjacency does not notice"
off_body()
{
	ospf_begin
	frr
	ours "$OURS"
	full 1
	up fe80::3
	ospf_vtysh frr "configure
		interface lan0
		no ipv6 ospf6 bfd" || atf_fail vtysh
	until_ "is fe80::3 ' Down '" 5 "FRR has it still"
	times_full fe80::3 1
	reconfigured "s/^bfd .*//"
	until_ "! show_bfd | grep -q fe80" 5 "it stays"
	sleep 1
	times_full fe80::3 1
	until_ "ospf_vtysh frr show ipv6 ospf6 neighbor |
	    grep -q '^10.0.0.2 .*Full'" 8 "FRR dropped us"
	times_full fe80::3 1
}

# BIRD falls silent, which nobody can tell from a failure: so we have to be
# patient first, for longer than the rest takes.
test_case off_bird "Off at both ends, at BIRD: the adjacency does not notice"
off_bird_body()
{
	ospf_begin
	bird "bfd yes;"
	ours "$OURS"
	full 1
	up fe80::1
	reconfigured "s/^bfd .*/bfd { interval 60 s multiplier 3 }/"
	until_ "show_bfd | grep -q ' 180000000 '" 5 "no other times"
	sed -i "s/bfd yes;//" "$LAB_DIR/bird.conf"
	lab_birdc configure >/dev/null
	until_ "! lab_birdc show bfd sessions | grep -q fe80" 5 \
	    "BIRD has it still"
	reconfigured "s/^bfd .*//"
	until_ "! show_bfd | grep -q fe80" 5 "it stays"
	sleep 3
	times_full fe80::1 1
	lab_birdc show ospf neighbors | grep -q "10.0.0.2 .*Full" ||
	    atf_fail "BIRD dropped us"
}

test_case strict "No adjacency before BFD, and none after it"
strict_body()
{
	ospf_begin
	ospf_bird 'type ptp; dead 20;' || atf_fail bird
	ours "$OURS" "bfd strict"
	until_ "lab_ctl6 show neighbors fe80::1 |
	    grep -q '2-Way.*waits for BFD'" 5 "it does not wait"
	sleep 3
	lab_ctl6 show neighbors fe80::1 | grep -q '2-Way' ||
	    atf_fail "it did not wait"
	ospf_gone bird || atf_fail "BIRD has the route"
	sed -i "s/dead 20;/& bfd yes;/" "$LAB_DIR/bird.conf"
	echo "$BIRD_BFD" >>"$LAB_DIR/bird.conf"
	lab_birdc configure >/dev/null
	full 1
	routes bird
	up fe80::1
	kill -STOP "$(lab_pid bird)"
	silent fe80::1
	kill -CONT "$(lab_pid bird)"
	full 1
	routes bird
}

test_case auth "With a key, that the ospf process need not know"
auth_body()
{
	umask 077	# or it is no secret
	ospf_begin
	BIRD_BFD="protocol bfd { interface \"*\" { interval 50 ms;
		authentication keyed sha1; password \"of ours\" { id 9; };
	}; }"
	bird "bfd yes;"
	ours "bfd { interval 50 auth sha1 9 \"of ours\" }"
	full 1
	up fe80::1
	show_bfd fe80::1%lan0 | grep -q "authentication *sha1" ||
	    atf_fail "not signed"
}

# BGP with the same link-local address: one session, which stays as long as
# one of them wants it, and ends what both have.
test_case two "BGP and OSPF ask for the same session"
two_body()
{
	ospf_begin
	OSPF_BIRD_MORE='protocol bgp b {
		local fe80::1%lan0 as 64501;
		neighbor fe80::2%lan0 as 64500;
		connect delay time 1; error wait time 1, 2;
		passive;
		bfd on;
		ipv6 { import none; export none; };
	}'
	bird "bfd yes;"
	OSPF_TOP="as 64500
		neighbor fe80::1%lan0 {
			remote-as 64501
			$OURS
		}" ours "bfd { interval 80 }"
	full 1
	until_ "lab_ctl6 show peers | grep -q Established" 20 "no BGP"
	up fe80::1
	[ "$(show_bfd | grep -c 'fe80::1%lan0')" -eq 1 ] ||
	    atf_fail "two sessions"
	# One wants it no longer, then wants it again, and the other one.
	reconfigured "s/^bfd { interval 80 }/#&/"
	until_ "! knows_up fe80::1" 3 \
	    "OSPF has it still"
	reconfigured "s/^#bfd/bfd/; s/^$OURS/#&/"
	up fe80::1
	reconfigured "s/^#bfd/bfd/"
	up fe80::1
	show_bfd fe80::1%lan0 | grep -q 'times up *1$' ||
	    atf_fail "it was lost"
	times_full fe80::1 1
	kill -STOP "$(lab_pid bird)"
	silent fe80::1
	until_ "lab_ctl6 show peers | grep -q 'sent Cease, BFD Down'" 1 \
	    "BGP stays"
	kill -CONT "$(lab_pid bird)"
	full 1
	until_ "lab_ctl6 show peers | grep -q Established" 20 "no BGP again"
}

atf_init_test_cases()
{
	for name in $OSPF_CASES; do
		atf_add_test_case "$name"
	done
}
