#!/usr/bin/env atf-sh
# shellcheck shell=sh disable=SC2086	# addresses are single words
#
# BFD of routed6 with BIRD and FRR: who notices what, and how soon.  The
# milliseconds are printed; the bounds are generous, since the machine has
# other things to do.

LAB_TOP=$(atf_get_srcdir)/../..
# shellcheck source=/dev/null
. "$LAB_TOP/regress/live/bgp.subr"

BOUND=450	# ms for 50 x 3

# --- helpers ----------------------------------------------------------

# bird_bfd [LINE ...]: BIRD's words for an interface.
bird_bfd()
{
	echo "protocol bfd { accept ipv4; accept ipv6; interface \"*\" {"
	echo "interval 50 ms; multiplier 3;"
	for line; do
		echo "$line"
	done
	echo "}; }"
} >"$LAB_DIR/bird.more"

frr_bfd()
{
	mkdir -p "$LAB_DIR/frr"
	cat >"$LAB_DIR/frr/bfdd.conf" <<-END
		bfd
		 profile fast
		  receive-interval 50
		  transmit-interval 50
		  detect-multiplier 3
		 exit
		exit
	END
}

# start KIND ADDRESS: with BFD; it takes IPv6 prefixes over any transport.
start()
{
	case $1 in
	bird)
		bgp_start_bird "$2" <<-END ;;
			bfd on;
			ipv4 { import all; export none; };
			ipv6 { import all; export none; };
		END
	frr)
		frr_bfd
		bgp_start_frr "$2" <<-END ;;
		 neighbor $2 bfd
		 neighbor $2 bfd profile fast
		 address-family ipv4 unicast
		  neighbor $2 activate
		 exit-address-family
		 address-family ipv6 unicast
		  neighbor $2 activate
		 exit-address-family
		END
	esac
}

# bfd_field ADDRESS FIELD: of a session's row.
bfd_field()
{
	bgp_ctl6 -j show bfd "$1" 2>/dev/null |
	    sed -n "s/^ *\"$2\": *\"\{0,1\}\([^\",]*\).*/\1/p" | head -n 1
}

bfd_is()
{
	[ "$(bfd_field "$1" state)" = "$2" ]
}

# bfd_item ADDRESS ITEM: a value of its tables.
bfd_item()
{
	bgp_ctl6 show bfd "$1" | sed -n "s/^$2  *\(.*\)/\1/p"
}

bfdd()
{
	lab_run frr vtysh --vty_socket "$LAB_DIR/frr" -d bfdd "$@"
}

# told LINE: the monitor has said so.
told()
{
	soon "grep -q ' routed6: $1' $LAB_DIR/lines.log" 2
}

# BIRD, with plain BFD or as bird_bfd was told, and a neighbor block with these
# lines; both routes are there.
pair()
{
	begin
	bird_bfd
	pair_up "$@"
}

pair_up()
{
	{ bgp_neighbor bird "$@"; bgp_announce; } | bgp_conf
	start bird "$(bgp_addr bird 1)" || fail "bird does not start"
	bgp_routed6 || fail "routed6 does not start"
	addr=$(bgp_addr bird 2)
	soon "bfd_is $addr Up"
	has_all bird
	soon "lab_run bird ip -6 route show 2002::/16 | grep -q via"
}

# gone KIND withdrawn-arguments: prints how many ms until the routes are gone
# in its kernel, and fails when that takes too long.
gone()
{
	kind=$1
	shift
	ms=$(lab_run $kind withdrawn -t 5000 "$@") || fail "routes stay: $*"
	echo "routes gone at $kind after $ms ms: $*"
	[ "${ms%.*}" -le $BOUND ] || fail "$ms ms"
}

# --- cases ------------------------------------------------------------

# Both families, both neighbors; what RFC 5881 4 and 5 say about packets.
atf_test_case up cleanup
up_body()
{
	begin
	bird_bfd
	{
		bgp_neighbor bird "bfd { interval 50 }"
		echo "neighbor $(bgp_addr4 frr 2) {"
		echo "remote-as 64502"
		echo "bfd { interval 50 ms multiplier 3 }"
		echo "}"
		bgp_announce
	} | bgp_conf
	start bird "$(bgp_addr bird 1)" || fail "bird"
	start frr "$(bgp_addr4 frr 1)" || fail "frr"
	bgp_routed6 || fail "routed6"
	has_all bird
	soon "bgp_has frr 192.88.99.0/24"
	for addr in "$(bgp_addr bird 2)" "$(bgp_addr4 frr 2)"; do
		soon "bfd_is $addr Up"
		soon "[ \"\$(bfd_field $addr detection_us)\" = 150000 ]"
		[ "$(bfd_item $addr "source port")" -ge 49152 ] ||
		    fail "the source port"
		[ "$(bfd_item $addr "hop limit required")" = 255 ] ||
		    fail "no hop limit is required"
		[ "$(bgp_item $addr BFD)" = up ] || fail "show peers"
	done
	grep -q "BFD with $(bgp_addr bird 2): up" "$LAB_DIR/routed6.log" ||
	    fail "not in the log"
	soon "lab_birdc show bfd sessions | grep -q 'Up.*0.050.*0.150'"
	soon "bfdd -c 'show bfd peers' | grep -q 'Status: up'"
	timeout 2 ip netns exec "$LAB-bird" tcpdump -c 3 -nvi net0 \
	    "src $(bgp_addr bird 1) and udp dst port 3784" >dump 2>/dev/null
	[ "$(grep -c 'hlim 255' dump)" = 3 ] || { cat dump; fail "hop limit"; }
}

# A packet from another link does not count, one from this link does.
atf_test_case ttl cleanup
ttl_body()
{
	pair "bfd { interval 50 }"
	# Your Discriminator is zero, the state Down.
	cat >say.pl <<-'END'
		use Socket qw(:all);
		my ($hops, $from, $to) = @ARGV;
		socket(my $s, AF_INET6, SOCK_DGRAM, 0) or die;
		setsockopt($s, 41, 16, pack("i", $hops)) or die;
		bind($s, pack_sockaddr_in6(0, inet_pton(AF_INET6, $from)))
		    or die;
		send($s, pack("C4N5", 0x20, 0x40, 3, 24, 7, 0, 1000000,
		    50000, 0), 0, pack_sockaddr_in6(3784,
		    inet_pton(AF_INET6, $to))) or die;
	END
	lab_run bird perl say.pl 254 "$addr" "$(bgp_addr bird 1)" ||
	    fail "perl"
	sleep 0.3
	[ "$(bfd_item $addr "times up")" = 1 ] && bfd_is $addr Up ||
	    fail "it was taken"
	lab_run bird perl say.pl 255 "$addr" "$(bgp_addr bird 1)"
	soon "grep -q 'down: the peer says Down' $LAB_DIR/routed6.log"
}

auth()
{
	begin
	bird_bfd "authentication $2; password \"key of ours\" { id 9; };"
	pair_up "bfd { interval 50 auth $1 9 \"key of ours\" }"
	[ "$(bfd_item $addr "authentication")" = "$1" ] || fail "not shown"
	lab_birdc show bfd sessions | grep -q Up || fail "BIRD's end"
	# No key where no key is needed.
	[ "$(bfd_item $addr "times up")" = 1 ] || fail "it flaps"
	# The wrong one: down, and it is counted.
	{ bgp_neighbor bird "bfd { interval 50 auth $1 9 \"other\" }"
	    bgp_announce; } | bgp_conf
	reload
	soon "bfd_is $addr Down"
	soon "bgp_ctl6 show bfd $addr | grep -q 'authentication failed *[1-9]'"
	{ bgp_neighbor bird "bfd { interval 50 auth $1 9 \"key of ours\" }"
	    bgp_announce; } | bgp_conf
	reload
	soon "bfd_is $addr Up"
	{ bgp_neighbor bird "bfd { interval 50 }"; bgp_announce; } | bgp_conf
	reload
	soon "bgp_ctl6 show bfd $addr | grep -q 'but not here *[1-9]'"
}

atf_test_case auth_simple cleanup
auth_simple_body()
{
	auth simple simple
}

atf_test_case auth_sha1 cleanup
auth_sha1_body()
{
	auth sha1 "keyed sha1"
}

atf_test_case auth_meticulous cleanup
auth_meticulous_body()
{
	auth meticulous-sha1 "meticulous keyed sha1"
}

# Neither end gets anything any more: both notice, and it heals.
cut()
{
	begin
	bird_bfd
	{ bgp_neighbor $1 "bfd { interval 50 multiplier 3 }"
	    bgp_announce; } | bgp_conf
	start $1 "$(bgp_addr $1 1)" || fail "$1"
	bgp_routed6 || fail "routed6"
	has_all $1
	addr=$(bgp_addr $1 2)
	soon "bfd_is $addr Up"
	soon "lab_run $1 ip -6 route show 2002::/16 | grep -q via"
	lab_daemon lines box "$LAB_TOP/ctl6/ctl6" -s "$LAB_DIR" monitor
	sleep 1
	gone $1 2002::/16 -- sh "$(lab_cutter "box $1" "$1 net0")"
	soon "bgp_ctl6 show peers | grep -q 'sent Cease, BFD Down'" 1
	bfd_is $addr Down || fail "our end did not notice"
	[ "$(bfd_field $addr last_down)" = "detection time expired" ] ||
	    fail "not said why"
	grep -q "neighbor $addr: BFD down: detection time expired" \
	    "$LAB_DIR/routed6.log" || fail "not in the log"
	told "session bfd $addr Down: detection time expired$"
	told "session bgp $addr .*down: sent Cease, BFD Down"
	lab_mend box $1
	soon "bfd_is $addr Up" 20
	told "session bfd $addr Up$"
	soon "bgp_has $1 $LAB_PREFIXES" 60
}

atf_test_case cut_bird cleanup
cut_bird_body()
{
	cut bird
}

atf_test_case cut_frr cleanup
cut_frr_body()
{
	cut frr
}

# A peer that stands still is dropped as soon.
atf_test_case peer_frozen cleanup
peer_frozen_body()
{
	pair "bfd { interval 50 }"
	kill -STOP "$(lab_pid bird)"
	before=$(lab_clock)
	soon "! bgp_is bird Established" 2
	echo "dropped within $((10 * ($(lab_clock) - before))) ms"
	soon "bgp_ctl6 show peers | grep -q 'sent Cease, BFD Down'"
	kill -CONT "$(lab_pid bird)"
	soon "bfd_is $addr Up" 20
	soon "bgp_is bird Established" 20
}

# RFC 5882 4.2: who takes BFD down on purpose is not dropped; nor are we.
atf_test_case admindown cleanup
admindown_body()
{
	begin
	{ bgp_neighbor frr "bfd { interval 50 }"; bgp_announce; } | bgp_conf
	start frr "$(bgp_addr frr 1)" || fail "frr"
	bgp_routed6 || fail "routed6"
	has_all frr
	addr=$(bgp_addr frr 2)
	soon "bfd_is $addr Up"
	bfdd -c "conf t" -c bfd -c "profile fast" -c shutdown
	soon "bfd_is $addr Down"
	[ "$(bfd_item $addr "remote state")" = AdminDown ] ||
	    fail "it did not say so"
	sleep 0.5
	bgp_is frr Established || fail "it was dropped"
	[ "$(bgp_item $addr "sessions so far")" = 1 ] || fail "another one"
	bfdd -c "conf t" -c bfd -c "profile fast" -c "no shutdown"
	soon "bfd_is $addr Up"
	# And when we do not want it any more.
	{ bgp_neighbor frr; bgp_announce; } | bgp_conf
	timeout 5 ip netns exec "$LAB-frr" tcpdump -c 1 -nvi net0 \
	    "src $(bgp_addr frr 1) and udp dst port 3784 and
	    ip6[49] & 0xc0 = 0" >dump 2>/dev/null &
	dumping=$!
	sleep 0.5
	reload
	wait $dumping || fail "no packet said AdminDown"
	soon "! bgp_ctl6 show bfd | grep -q $addr"
	# FRR takes it for a failure all the same, and comes back.
	soon "bgp_has frr $LAB_PREFIXES" 20
}

# An orderly stop says so, after the BGP session has been closed.
atf_test_case stop cleanup
stop_body()
{
	pair "bfd { interval 50 }"
	timeout 5 ip netns exec "$LAB-bird" tcpdump -c 1 -nvi net0 \
	    "src $(bgp_addr bird 1) and udp dst port 3784 and
	    ip6[49] & 0xc0 = 0" >dump 2>/dev/null &
	dumping=$!
	sleep 0.5
	lab_stop routed6 || fail "routed6 did not end in order"
	wait $dumping || fail "no packet said AdminDown"
	soon "bgp_has_none bird $LAB_PREFIXES"
	grep -q 'Administrative shutdown' "$LAB_DIR/bird.log" ||
	    fail "BGP did not come first"
}

# No BGP before BFD, and none after it.
atf_test_case strict cleanup
strict_body()
{
	begin
	{ bgp_neighbor bird "bfd { interval 50 strict }"
	    bgp_announce; } | bgp_conf
	bgp_start bird </dev/null || fail "bird"
	bgp_routed6 || fail "routed6"
	addr=$(bgp_addr bird 2)
	sleep 2.5
	[ -z "$(bgp_messages $addr OPEN)" ] || fail "there was an OPEN"
	[ "$(bgp_item $addr BFD)" = "not up yet" ] || fail "not said why"
	bird_bfd
	sed -i 's/^protocol bgp relay from box {/&\nbfd on;/' \
	    "$LAB_DIR/bird.conf"
	lab_birdc configure >/dev/null
	soon "bfd_is $addr Up"
	soon "bgp_has bird $LAB_PREFIXES" 30
	kill -STOP "$(lab_pid bird)"
	soon "! bgp_is bird Established" 2
	kill -CONT "$(lab_pid bird)"
	soon "bgp_has bird $LAB_PREFIXES" 30
}

# Other times by a reload: told with a poll, and not a packet is missed.
atf_test_case reload_times cleanup
reload_times_body()
{
	pair "bfd { interval 50 }"
	for ms in 200 20 50; do
		{ bgp_neighbor bird "bfd { interval $ms }"
		    bgp_announce; } | bgp_conf
		reload
		most=$ms
		[ $ms -ge 50 ] || most=50	# BIRD stays at its 50
		soon "[ \"\$(bfd_field $addr detection_us)\" = ${most}000 ] ||
		    [ \"\$(bfd_field $addr detection_us)\" = $((most * 3))000 ]"
		sleep 0.5
	done
	[ "$(bfd_item $addr "times up")" = 1 ] || fail "it was lost"
	[ "$(bfd_item $addr "polls")" -ge 3 ] || fail "there was no poll"
	[ "$(bgp_item $addr "sessions so far")" = 1 ] || fail "BGP was lost"
	# The patience alone needs no poll.
	{ bgp_neighbor bird "bfd { interval 50 multiplier 9 }"
	    bgp_announce; } | bgp_conf
	reload
	soon "lab_birdc show bfd sessions | grep -q '0.050.*0.450'"
}

# RFC 5883: the router between does not matter, but that it is there.
atf_test_case multihop cleanup
multihop_body()
{
	begin
	ip link add far netns "$LAB-bird" type veth \
	    peer name net9 netns "$LAB-obgp"
	lab_node_set bird <<-END
		link set far up
		addr add 2a10:2:9::1/64 dev far nodad
	END
	lab_node_set obgp <<-END
		link set net9 up
		addr add 2a10:2:9::2/64 dev net9 nodad
		route add 2a10:2:1::/64 via 2a10:2:9::1
	END
	lab_run bird sysctl -qw net.ipv6.conf.all.forwarding=1
	lab_run box ip route add 2a10:2:9::/64 via "$(bgp_addr bird 2)"
	{
		echo "neighbor 2a10:2:9::2 {"
		echo "remote-as 64509"
		echo "multihop 4"
		echo "bfd { interval 50 multiplier 3 }"
		echo "}"
		bgp_announce
	} | bgp_conf
	cat >"$LAB_DIR/far.conf" <<-END
		log stderr all;
		router id 11.2.9.2;
		protocol device { }
		protocol kernel { ipv6 { import none; export all; }; }
		protocol static { ipv6; route 2a10:2:1::/64 via 2a10:2:9::1; }
		protocol bfd {
			multihop { interval 50 ms; multiplier 3; };
		}
		protocol bgp relay {
			local 2a10:2:9::2 as 64509;
			neighbor $(bgp_addr bird 1) as $BGP_AS;
			multihop 4;
			bfd on;
			ipv6 { import all; export none; };
		}
	END
	lab_daemon far obgp bird -f -c "$LAB_DIR/far.conf" \
	    -s "$LAB_DIR/far.sock" -P "$LAB_DIR/far.own.pid"
	bgp_routed6 || fail "routed6"
	soon "bfd_is 2a10:2:9::2 Up" 20
	[ "$(bfd_item 2a10:2:9::2 multihop)" = yes ] || fail "not multihop"
	soon "lab_run obgp ip -6 route show 2002::/16 | grep -q via" 20
	sleep 1
	gone obgp 2002::/16 -- \
	    ip netns exec "$LAB-bird" sysctl -qw net.ipv6.conf.all.forwarding=0
}

# A process that dies: the peers drop us; the bfd process that stands still:
# they notice, and all is well again when it goes on.
atf_test_case death cleanup
death_body()
{
	pair "bfd { interval 50 }"
	sleep 1
	gone bird -k "$(lab_role_pid routed6 bfd)" -s STOP 2002::/16
	sleep 1
	kill -CONT "$(lab_role_pid routed6 bfd)"
	soon "lab_run bird ip -6 route show 2002::/16 | grep -q via" 30
	for role in bgp bfd announce parent; do
		soon "bfd_is $addr Up" 30
		pid=$(lab_role_pid routed6 $role)
		gone bird -k $pid -s KILL 2002::/16
		soon "! lab_alive $(lab_pid routed6)"
		bgp_routed6 || fail "routed6 does not start again"
		soon "lab_run bird ip -6 route show 2002::/16 | grep -q via" 30
	done
}

# bgp is fed a full table again and again by the router that BFD watches, and
# then has no time at all for longer than BFD waits: neither end takes the
# other for dead.  (Nor does routed6 its own process, with such a heartbeat.)
atf_test_case full_table cleanup
full_table_body()
{
	begin
	{
		echo "protocol bfd { accept ipv4; accept ipv6; interface \"*\" {"
		echo "interval 100 ms; multiplier 10; }; }"
		bgp_many
	} >"$LAB_DIR/bird.more"
	{
		echo "heartbeat 5 s"
		bgp_neighbor bird "bfd { interval 100 multiplier 10 }"
		bgp_announce
	} | bgp_conf
	bgp_start_bird <<-END || fail "bird"
		bfd on;
		ipv4 { import all; export where source = RTS_STATIC; };
		ipv6 { import all; export where source = RTS_STATIC; };
	END
	bgp_routed6 || fail "routed6"
	addr=$(bgp_addr bird 2)
	soon "bfd_is $addr Up" 30
	for times in 1 2; do
		soon "[ \"\$(bgp_field $addr received)\" = \
		    $((times * 120000)) ]" 60
		lab_birdc reload out relay >/dev/null
	done
	pid=$(lab_role_pid routed6 bgp)
	kill -STOP "$pid"
	sleep 3
	kill -CONT "$pid"
	soon "[ \"\$(bgp_field $addr received)\" = 360000 ]" 60
	has_all bird
	bgp_ctl6 show bfd "$addr"
	[ "$(bfd_item "$addr" "times up")" = 1 ] || fail "BFD was lost"
	[ "$(bgp_item "$addr" "sessions so far")" = 1 ] || fail "BGP was lost"
}

CASES="up ttl auth_simple auth_sha1 auth_meticulous cut_bird cut_frr
peer_frozen admindown stop strict reload_times multihop death full_table"

atf_init_test_cases()
{
	for name in $CASES; do
		eval "${name}_head() { atf_set require.user root; }"
		eval "${name}_cleanup() { lab_end; }"
		atf_add_test_case $name
	done
}
