#!/usr/bin/env atf-sh
# shellcheck shell=sh disable=SC2086	# addresses are single words
#
# routed6 against BIRD, FRR and OpenBGPD: what they have in their tables, and
# what both sides say about the session.  Cases that end in _bird, _frr and
# _obgp are one case for each of them.

LAB_TOP=$(atf_get_srcdir)/../..
# shellcheck source=/dev/null
. "$LAB_TOP/regress/live/bgp.subr"

# --- helpers ----------------------------------------------------------

# One neighbor of a kind on both sides; lines for our block as arguments, the
# neighbor's own on standard input.
session()
{
	kind=$1
	shift
	{ bgp_neighbor "$kind" "$@"; bgp_announce; } | bgp_conf
	bgp_start "$kind" || fail "$kind does not start"
	bgp_routed6 || fail "routed6 does not start"
	has_all "$kind"
}

# Two neighbors, and each has all prefixes.
bird_and_frr()
{
	{ bgp_neighbor bird; bgp_neighbor frr; bgp_announce; } | bgp_conf
	bgp_start bird </dev/null || fail "bird"
	bgp_start frr </dev/null || fail "frr"
	bgp_routed6 || fail "routed6"
	has_all bird
	has_all frr
}

updates_sent()
{
	bgp_messages "$(bgp_addr $1 2)" UPDATE | cut -d' ' -f2
}

# table_says KIND PREFIX PATTERN
table_says()
{
	bgp_table "$1" "$2" >table
	grep -Eq "$3" table || { cat table; fail "$1 has $2 without $3"; }
}

# --- one case for each kind of neighbor -------------------------------

# What the neighbor has is what was configured, and goes as it should.
attributes()
{
	begin
	{
		bgp_neighbor "$1" "community 64600:7" "prepend 1"
		bgp_announce med 77 community no-export \
		    large-community 64600:8:9 ext-community rt 64600:5
	} | bgp_conf
	bgp_start "$1" </dev/null || fail "$1 does not start"
	bgp_routed6 || fail "routed6 does not start"
	has_all "$1"
	table_says "$1" 2002::/16 "$(bgp_addr "$1" 1)"
	table_says "$1" 192.88.99.0/24 "$(bgp_addr4 "$1" 1)"
	for prefix in $LAB_PREFIXES; do
		table_says "$1" $prefix "$BGP_AS $BGP_AS"
		table_says "$1" $prefix "(med|metric)[ :]*77"
		table_says "$1" $prefix "(64600[:,]7|7)"
		table_says "$1" $prefix \
		    "(65535,65281|no-export|NO_EXPORT|65535:65281)"
		table_says "$1" $prefix "64600[:,] *8[:,] *9"
		table_says "$1" $prefix "([Rr][Tt])[:, ]+64600[:,] *5"
	done
	if [ "$1" != obgp ]; then
		table_says "$1" 2002::/16 "$(bgp_linklocal box "$1")"
	fi
	# Taken back, and given again.
	feed_ill
	soon "bgp_has_none $1 $LAB_PREFIXES"
	bgp_is "$1" Established || fail "the session is gone, too"
	feed_well
	has_all "$1"
	# An orderly end: nothing stays.
	lab_stop routed6 || fail "routed6 did not end in order"
	soon "bgp_has_none $1 $LAB_PREFIXES"
}

md5_bird()
{
	echo "password \"$1\";"
}

md5_frr()
{
	echo " neighbor $(bgp_addr frr 1) password $1"
}

md5_obgp()
{
	echo "tcp md5sig password \"$1\""
}

# RFC 2385: both ways of connecting, keys that come before and after the
# listener, keys that change, and keys that do not fit.
md5()
{
	begin
	{ bgp_neighbor "$1" 'password "first-one"' "passive"
	    bgp_announce; } | bgp_conf
	bgp_routed6 || fail "routed6 does not start"
	"md5_$1" first-one | bgp_start "$1" || fail "$1 does not start"
	has_all "$1"
	[ "$(bgp_item "$(bgp_addr "$1" 2)" "TCP MD5")" = yes ] ||
	    fail "it does not say so"
	# No key in any process but the parent.
	for role in announce bgp; do
		pid=$(lab_role_pid routed6 $role)
		! grep -aq "first-one" "/proc/$pid/environ" ||
		    fail "the key is in $role's environment"
	done
	# Another key on our side only: no session with the old one.
	{ bgp_neighbor "$1" 'password "second"' "passive"
	    bgp_announce; } | bgp_conf
	reload
	soon "bgp_has_none $1 $LAB_PREFIXES"
	sleep 2
	! bgp_is "$1" Established || fail "a session with the old key"
	# We connect: the key is on what we open, too.
	{ bgp_neighbor "$1" 'password "first-one"' "connect-retry 1"
	    bgp_announce; } | bgp_conf
	reload
	bgp_clear "$1"
	soon "bgp_has $1 $LAB_PREFIXES" 30
	# A neighbor that has none on our side has no session.
	{ bgp_neighbor "$1"; bgp_announce; } | bgp_conf
	reload
	soon "bgp_has_none $1 $LAB_PREFIXES"
	sleep 1
	! bgp_is "$1" Established || fail "a session without a key"
	# It comes with a reload, long after the listener.
	{ bgp_neighbor "$1" 'password "first-one"'; bgp_announce; } | bgp_conf
	reload
	bgp_clear "$1"
	soon "bgp_has $1 $LAB_PREFIXES" 30
}

# RFC 2918, RFC 7313: it asks us, and we tell it without being asked.
refresh()
{
	begin
	session "$1" </dev/null
	addr=$(bgp_addr "$1" 2)
	before=$(bgp_messages "$addr" UPDATE)
	case $1 in
	bird)	lab_birdc reload in relay >/dev/null || fail "birdc" ;;
	frr)	bgp_vtysh "clear bgp ipv6 unicast * soft in" \
		    "clear bgp ipv4 unicast * soft in" ;;
	obgp)	bgp_bgpctl neighbor "$(bgp_addr obgp 1)" refresh >/dev/null ||
		    fail "bgpctl" ;;
	esac
	soon "[ \"\$(bgp_messages $addr UPDATE)\" != \"$before\" ]"
	[ "$(bgp_messages "$addr" ROUTE-REFRESH | cut -d' ' -f1)" -ge 1 ] ||
	    fail "no request has come"
	before=$(bgp_messages "$addr" UPDATE)
	order peer "$addr" refresh
	soon "[ \"\$(bgp_messages $addr UPDATE)\" != \"$before\" ]"
	has_all "$1"
	bgp_is "$1" Established || fail "the session did not survive"
	[ "$(bgp_item "$addr" "sessions so far")" = 1 ] ||
	    fail "there was another session"
}

# RFC 9003: the reason is on the other side, in both directions.
down()
{
	begin
	session "$1" </dev/null
	addr=$(bgp_addr "$1" 2)
	reason="Umzug nach Zürich, zurück um 9"
	order peer "$addr" down "$reason"
	soon "bgp_is $1 Down"
	soon "bgp_has_none $1 $LAB_PREFIXES"
	case $1 in
	bird)	soon "grep -q '$reason' $LAB_DIR/bird.log" ;;
	frr)	soon "grep -aq 'NOTIFICATION: received.*Umzug nach Z' \
		    $LAB_DIR/frr-bgpd.log" ;;
	obgp)	soon "bgp_bgpctl show neighbor | grep -q 'Umzug nach Z'" ;;
	esac
	bgp_ctl6 show peers | grep -q "sent Cease, Administrative Shutdown: \"$reason\"" ||
	    fail "we do not show what we said"
	# It stays down, also after a reload.
	reload
	sleep 1
	bgp_is "$1" Down || fail "it came back by itself"
	order peer "$addr" up
	[ "$1" != obgp ] || bgp_bgpctl neighbor "$(bgp_addr obgp 1)" up
	has_all "$1"
	# And what they say.
	case $1 in
	bird)	lab_birdc disable relay '"bis später"' >/dev/null ;;
	frr)	bgp_vtysh "conf t" "router bgp 64502" \
		    "neighbor $(bgp_addr frr 1) shutdown message bis später" ;;
	obgp)	bgp_bgpctl neighbor "$(bgp_addr obgp 1)" down "bis später" \
		    >/dev/null ;;
	esac
	soon "bgp_ctl6 show peers | grep -q 'received Cease.*bis später'"
	grep -q 'closed by peer: Cease.*bis später' "$LAB_DIR/routed6.log" ||
	    fail "it is not in the log"
}

# Both connect at once, again and again: there is one session in the end.
collision()
{
	begin
	session "$1" "connect-retry 1" </dev/null
	addr=$(bgp_addr "$1" 2)
	i=0
	while [ $i -lt 5 ]; do
		i=$((i + 1))
		bgp_ctl6 peer "$addr" clear
		bgp_clear "$1"
		soon "bgp_has $1 $LAB_PREFIXES" 40
	done
	sleep 1
	bgp_is "$1" Established || fail "it did not last"
	n=$(lab_run box ss -Htn state established "( dport = 179 or sport = 179 )" |
	    wc -l)
	[ "$n" -eq 1 ] || fail "$n connections"
}

# --- one case ---------------------------------------------------------

# A second connection from the neighbor's address must not harm the first.
atf_test_case second_connection cleanup
second_connection_body()
{
	begin
	{
		echo "neighbor $(bgp_addr4 bird 2) {"
		echo "remote-as 64501"
		echo "next-hop inet6 $(bgp_addr bird 1)"
		echo "passive"
		echo "}"
		bgp_announce
	} | bgp_conf
	bgp_start_bird "$(bgp_addr4 bird 1)" <<-END
		ipv4 { import all; export none; };
		ipv6 { import all; export none; };
	END
	bgp_routed6 || fail "routed6 does not start"
	has_all bird
	lab_run bird perl -MIO::Socket::INET -e '
		for (1 .. 20) {
			my $s = IO::Socket::INET->new(
			    PeerAddr => $ARGV[0], PeerPort => 179,
			    Timeout => 1) or next;
			syswrite($s, "x" x 19);
			select(undef, undef, undef, 0.02);
		}' "$(bgp_addr4 bird 1)"
	bgp_has bird $LAB_PREFIXES || fail "the routes are gone"
	[ "$(bgp_item "$(bgp_addr4 bird 2)" "sessions so far")" = 1 ] ||
	    fail "the session was another one"
}

# Reload: who is not concerned keeps the session.
atf_test_case reload_kept cleanup
reload_kept_body()
{
	begin
	bird_and_frr
	sleep 2
	# Another neighbor, another description and MED here, a new hold time
	# there: only the last one needs a new session.
	{
		bgp_neighbor bird 'descr "same one"' "med 5"
		bgp_neighbor frr "hold-time 30"
		bgp_neighbor obgp
		bgp_announce
	} | bgp_conf
	reload
	soon "bgp_table bird 2002::/16 | grep -q 'med: 5'"
	soon "bgp_ctl6 show peers | grep -q 'same one  *Established'"
	[ "$(bgp_field "$(bgp_addr bird 2)" for_ms)" -ge 2000 ] ||
	    fail "an unchanged neighbor lost its session"
	[ "$(bgp_item "$(bgp_addr bird 2)" "sessions so far")" = 1 ] ||
	    fail "an unchanged neighbor lost its session"
	soon "[ \"\$(bgp_item $(bgp_addr frr 2) 'hold time agreed on')\" = '30 s' ]"
	[ "$(bgp_item "$(bgp_addr frr 2)" "sessions so far")" = 2 ] ||
	    fail "a changed neighbor did not get a new session"
	bgp_ctl6 show peers | grep -q "^$(bgp_addr obgp 2)" ||
	    fail "the new neighbor is not there"
	# A prefix goes; the neighbors stay.
	{
		bgp_neighbor bird 'descr "same one"' "med 5"
		echo "announce 2002::/16 depend on relay 6to4"
	} | bgp_conf
	reload
	soon "bgp_has_none bird 192.88.99.0/24"
	soon "bgp_has_none frr 2002::/16"
	bgp_has bird 2002::/16 || fail "the other prefix went, too"
	[ "$(bgp_item "$(bgp_addr bird 2)" "sessions so far")" = 1 ] ||
	    fail "an unchanged neighbor lost its session"
}

# A large configuration comes to bgp in pieces, and announce's next set may
# come between two of them: what has not changed is not withdrawn meanwhile.
atf_test_case reload_quiet cleanup
reload_quiet_body()
{
	begin
	{
		echo "heartbeat 2 s"
		bgp_neighbor bird
		i=0
		while [ $i -lt 60 ]; do
			i=$((i + 1))
			echo "neighbor 2a10:2:1::1:$i {"
			echo "remote-as 64501"
			echo "passive"
			echo "}"
			echo "announce 2a10:$i::/32 depend on relay 6to4"
		done
		bgp_announce
	} | bgp_conf
	bgp_start bird </dev/null || fail "bird"
	bgp_routed6 || fail "routed6"
	has_all bird
	before=$(updates_sent bird)
	pid=$(lab_role_pid routed6 bgp)
	i=0
	while [ $i -lt 3 ]; do
		i=$((i + 1))
		# Both have spoken when it looks.
		kill -STOP "$pid"
		bgp_ctl6 reload routed6 || fail "reload"
		sleep 0.3
		kill -CONT "$pid"
		sleep 0.3
	done
	[ "$(updates_sent bird)" = "$before" ] ||
	    fail "a reload without a change was heard outside"
}

# Link-local addresses with a scope, on both sides.
atf_test_case linklocal cleanup
linklocal_body()
{
	begin
	{
		for kind in bird frr; do
			echo "neighbor $(bgp_linklocal $kind)%$kind {"
			echo "remote-as $(bgp_as $kind)"
			echo "next-hop inet $(bgp_addr4 $kind 1)"
			echo "descr unnumbered-$kind"
			echo "}"
		done
		bgp_announce
	} | bgp_conf
	bgp_start_bird "$(bgp_linklocal box bird)%net0" <<-END
		ipv4 { import all; export none; };
		ipv6 { import all; export none; };
	END
	addr=$(bgp_linklocal box frr)
	bgp_start_frr "$addr" <<-END
	 neighbor $addr interface net0
	 address-family ipv4 unicast
	  neighbor $addr activate
	 exit-address-family
	 address-family ipv6 unicast
	  neighbor $addr activate
	 exit-address-family
	END
	bgp_routed6 || fail "routed6 does not start"
	has_all bird
	has_all frr
	for kind in bird frr; do
		table_says $kind 2002::/16 "$(bgp_linklocal box $kind)"
		bgp_ctl6 show peers |
		    grep -q "^$(bgp_linklocal $kind)%$kind .*Established" ||
		    fail "it is not shown with its interface"
	done
	grep -q "neighbor fe80::.*%bird (unnumbered-bird): session up" \
	    "$LAB_DIR/routed6.log" || fail "not in the log"
	# The kernel's route leads over the link.
	soon "lab_run bird ip -6 route show 2002::/16 | grep -q net0"
}

# IPv4 transport, our address given, and a session with ourselves' AS.
atf_test_case ipv4_ibgp cleanup
ipv4_ibgp_body()
{
	begin
	{
		echo "neighbor $(bgp_addr4 bird 2) {"
		echo "remote-as $BGP_AS"
		echo "local-address $(bgp_addr4 bird 1)"
		echo "next-hop inet6 $(bgp_addr bird 1)"
		echo "local-preference 150"
		echo "}"
		bgp_announce
	} | bgp_conf
	bgp_start_bird "$(bgp_addr4 bird 1)" <<-END
		local as $BGP_AS;
		ipv4 { import all; export none; };
		ipv6 { import all; export none; };
	END
	bgp_routed6 || fail "routed6 does not start"
	soon "bgp_table bird 2002::/16 | grep -q 'next_hop: $(bgp_addr bird 1)'"
	table_says bird 2002::/16 "local_pref: 150"
	table_says bird 192.88.99.0/24 "next_hop: $(bgp_addr4 bird 1)"
	table_says bird 192.88.99.0/24 "as_path: *$"
}

# RFC 5082, and how far an external neighbor may be.
atf_test_case ttl cleanup
ttl_body()
{
	begin
	{
		bgp_neighbor bird ttl-security
		bgp_neighbor frr "ttl-security 1"
		bgp_announce
	} | bgp_conf
	bgp_start bird <<-END || fail "bird"
		ttl security on;
		direct;
	END
	bgp_start frr <<-END || fail "frr"
	 neighbor $(bgp_addr frr 1) ttl-security hops 1
	END
	bgp_routed6 || fail "routed6"
	has_all bird
	has_all frr
	[ "$(bgp_item "$(bgp_addr bird 2)" "hop limit required")" = 255 ] ||
	    fail "it does not say so"
	# One that does not send with 255 has no session, whoever connects.
	lab_birdc disable relay >/dev/null
	sed -i 's/ttl security on;//' "$LAB_DIR/bird.conf"
	lab_birdc configure >/dev/null
	lab_birdc enable relay >/dev/null
	sleep 3
	! bgp_is bird Established || fail "a session from too far away"
	bgp_has frr $LAB_PREFIXES || fail "the other one is gone"
	# Without it an external neighbor is one hop away.
	{ bgp_neighbor bird; bgp_neighbor frr "ttl-security 1"
	    bgp_announce; } | bgp_conf
	reload
	# BIRD may hold on to a connection of which nothing it sent arrived.
	bgp_clear bird
	soon "bgp_has bird $LAB_PREFIXES" 30
	[ "$(bgp_item "$(bgp_addr bird 2)" "hop limit sent")" = 1 ] ||
	    fail "another hop limit"
}

# Whoever connects from a range is a neighbor, up to a bound.
atf_test_case range cleanup
range_body()
{
	begin
	{
		echo "neighbor 2a10:2::/32 {"
		echo "remote-as 64501"
		echo "max-peers 1"
		echo "password secret"
		echo "next-hop inet $(bgp_addr4 bird 1)"
		echo "}"
		bgp_announce
	} | bgp_conf
	bgp_routed6 || fail "routed6 does not start"
	md5_bird secret | bgp_start bird || fail "bird"
	has_all bird
	bgp_is bird Established || fail "it is not shown"
	# A second one is one too many: OpenBGPD pretends to be of that AS.
	{ md5_obgp secret; echo "local-as 64501"; } |
	    bgp_start obgp || fail "obgp"
	sleep 2
	! bgp_ctl6 show peers | grep -q "$(bgp_addr obgp 2)" ||
	    fail "one too many"
	# A reload keeps it, its end makes room.
	reload
	bgp_is bird Established || fail "gone after a reload"
	[ "$(bgp_item "$(bgp_addr bird 2)" "sessions so far")" = 1 ] ||
	    fail "another session after a reload"
	lab_birdc disable relay >/dev/null
	soon "! bgp_ctl6 show peers | grep -q '$(bgp_addr bird 2)'"
	bgp_clear obgp
	soon "bgp_is obgp Established" 20
	# And without the range there is nobody.
	bgp_announce | bgp_conf
	reload
	soon "! bgp_ctl6 show peers | grep -q '$(bgp_addr obgp 2)'"
}

# RFC 9234: roles that fit, that do not, and the mark.
atf_test_case role cleanup
role_body()
{
	begin
	{ bgp_neighbor bird "role provider strict"; bgp_announce; } | bgp_conf
	bgp_start bird <<-END || fail "bird"
		local role customer;
	END
	bgp_routed6 || fail "routed6"
	has_all bird
	table_says bird 2002::/16 "(bgp_)?otc: $BGP_AS"
	[ "$(bgp_item "$(bgp_addr bird 2)" "remote role")" = customer ] ||
	    fail "it does not say so"
	{ bgp_neighbor bird "role customer"; bgp_announce; } | bgp_conf
	reload
	soon "bgp_ctl6 show peers | grep -q 'Role Mismatch'"
	soon "bgp_has_none bird $LAB_PREFIXES"
}

# RFC 6793: an old speaker, without any capability, and our large AS number.
atf_test_case old_speaker cleanup
old_speaker_body()
{
	begin
	BGP_AS=4200000001
	{
		echo "neighbor $(bgp_addr4 frr 2) {"
		echo "remote-as 64502"
		echo "}"
		bgp_announce
	} | bgp_conf
	addr=$(bgp_addr4 frr 1)
	bgp_start_frr "$addr" <<-END
	 neighbor $addr dont-capability-negotiate
	END
	bgp_routed6 || fail "routed6"
	# FRR does not look into AS4_PATH, since it has seen what we can.
	soon "bgp_table frr 192.88.99.0/24 | grep -q '^ *23456$'"
	bgp_ctl6 show peers "$(bgp_addr4 frr 2)" >shown
	grep -Eq '^4-octet AS +yes +no$' shown || fail "it was no old speaker"
	# IPv6 has nobody there to take it.
	grep -q '^2002::/16 *no .*does not take' shown || fail "not said why"
}

# RFC 4486: too many prefixes, and then a while of silence.
atf_test_case max_prefix cleanup
max_prefix_body()
{
	begin
	cat >"$LAB_DIR/bird.more" <<-END
		protocol static many {
			ipv4;
			route 10.0.0.0/24 unreachable;
			route 10.0.1.0/24 unreachable;
			route 10.0.2.0/24 unreachable;
		}
	END
	{ bgp_neighbor bird "max-prefix 2 restart 3"; bgp_announce; } | bgp_conf
	bgp_start_bird <<-END || fail "bird"
		ipv4 { import all; export where source = RTS_STATIC; };
		ipv6 { import all; export none; };
	END
	bgp_routed6 || fail "routed6"
	soon "grep -q 'announces more than 2 prefixes' $LAB_DIR/routed6.log"
	soon "bgp_has_none bird $LAB_PREFIXES"
	soon "bgp_is bird Stopped"
	# BIRD's timer and ours; then it tries once more.
	soon "[ \$(grep -c 'announces more than 2' $LAB_DIR/routed6.log) -ge 2 ]" 20
	{ bgp_neighbor bird "max-prefix 3"; bgp_announce; } | bgp_conf
	reload
	order peer "$(bgp_addr bird 2)" clear
	soon "bgp_has bird $LAB_PREFIXES" 20
	soon "[ \"\$(bgp_item $(bgp_addr bird 2) 'prefixes it announces')\" = 3 ]"
}

# RFC 8212, and what is not named is not announced: nothing at all.
atf_test_case nothing_named cleanup
nothing_named_body()
{
	begin
	bgp_neighbor bird | bgp_conf
	bgp_start bird </dev/null || fail "bird"
	bgp_routed6 || fail "routed6"
	soon "bgp_is bird Established"
	sleep 1
	[ "$(lab_birdc show route count | awk '/master/ { n += $3 } END { print n + 0 }')" = 0 ] ||
	    fail "there is a route"
	[ "$(updates_sent bird)" = 0 ] ||
	    fail "there was an UPDATE"
}

# An UPDATE tells of a change, not of every check that fails.
atf_test_case told_once cleanup
told_once_body()
{
	begin
	session bird </dev/null
	before=$(updates_sent bird)
	feed_ill
	soon "bgp_has_none bird $LAB_PREFIXES"
	sleep 1		# ten more heartbeats that say the same
	[ "$(updates_sent bird)" = $((before + 2)) ] ||
	    fail "more than one withdrawal for each family"
	feed_well
	has_all bird
	sleep 1
	[ "$(updates_sent bird)" = $((before + 4)) ] ||
	    fail "more than one announcement for each family"
}

# Whoever should read the log does not: nothing waits for it.
atf_test_case log_stuck cleanup
log_stuck_body()
{
	begin
	{ bgp_neighbor bird; bgp_announce; } | bgp_conf
	bgp_start bird </dev/null || fail "bird"
	mkfifo "$LAB_DIR/log"
	lab_run box perl -e 'sleep 1000' <"$LAB_DIR/log" &
	head -c 65536 /dev/zero >"$LAB_DIR/log"
	# shellcheck disable=SC2016	# for the inner shell to expand
	lab_daemon routed6 box sh -c 'exec "$@" 2>"$0"' "$LAB_DIR/log" \
	    "$LAB_TOP/routed6/routed6" -dv -f "$LAB_DIR/routed6.conf" \
	    -s "$LAB_DIR/routed6.sock"
	has_all bird
	feed_ill
	soon "bgp_has_none bird $LAB_PREFIXES"
	feed_well
	soon "bgp_has bird $LAB_PREFIXES"
	head -c 65536 "$LAB_DIR/log" >/dev/null
	feed_ill
	soon "bgp_has_none bird $LAB_PREFIXES"
	timeout 10 grep -qm 1 "lines were lost" "$LAB_DIR/log" ||
	    fail "it is not said"
}

# We die, and the neighbor does not wait for us to come back.
no_graceful_restart()
{
	begin
	{ bgp_neighbor "$1"; bgp_announce; } | bgp_conf
	case $1 in
	bird)	echo "graceful restart on;" ;;
	frr)	echo " bgp graceful-restart" ;;
	esac | bgp_start "$1" || fail "$1 does not start"
	bgp_routed6 || fail "routed6 does not start"
	has_all "$1"
	bgp_ctl6 show peers "$(bgp_addr "$1" 2)" >shown
	grep -Eq '^graceful restart +no +yes$' shown ||
	    { cat shown; fail "its offer is not there, or ours is"; }
	kill -KILL "$(lab_role_pid routed6 bgp)"
	soon "bgp_has_none $1 $LAB_PREFIXES"
}

# A full table, scaled down: memory stays, others do not wait, and neither do
# the session's own timers.
atf_test_case flood cleanup
flood_head()
{
	atf_set require.user root
	atf_set timeout 120
}
flood_body()
{
	begin
	bgp_many >"$LAB_DIR/bird.more"
	{ bgp_neighbor bird "hold-time 3"; bgp_neighbor frr; bgp_announce; } |
	    bgp_conf
	bgp_start frr </dev/null || fail "frr"
	bgp_routed6 || fail "routed6"
	has_all frr
	pid=$(lab_role_pid routed6 bgp)
	before=$(awk '/^Pss:/ { print $2 }' "/proc/$pid/smaps_rollup")
	bgp_start_bird <<-END || fail "bird"
		ipv4 { import all; export where source = RTS_STATIC; };
		ipv6 { import all; export where source = RTS_STATIC; };
	END
	soon "[ \"\$(bgp_field $(bgp_addr bird 2) received)\" = 120000 ]" 60
	after=$(awk '/^Pss:/ { print $2 }' "/proc/$pid/smaps_rollup")
	echo "memory of the bgp process: $before kB, then $after kB"
	# AddressSanitizer keeps what was freed.
	grep -q libasan "/proc/$pid/maps" || [ $((after - before)) -lt 150 ] ||
	    fail "$before kB, then $after kB"
	bgp_is bird Established || fail "the session did not last"
	# Again and again, while the other neighbor is told something.
	i=0
	while [ $i -lt 3 ]; do
		i=$((i + 1))
		lab_birdc reload out relay >/dev/null
		feed_ill
		soon "bgp_has_none frr $LAB_PREFIXES"
		feed_well
		soon "bgp_has frr $LAB_PREFIXES"
	done
	[ "$(bgp_item "$(bgp_addr bird 2)" "sessions so far")" = 1 ] ||
	    fail "the session did not last"
}

# A neighbor that takes nothing does not keep the others waiting.
atf_test_case stalled cleanup
stalled_body()
{
	begin
	bird_and_frr
	kill -STOP "$(lab_pid bird)"
	i=0
	while [ $i -lt 5 ]; do
		i=$((i + 1))
		feed_ill
		soon "bgp_has_none frr $LAB_PREFIXES"
		feed_well
		soon "bgp_has frr $LAB_PREFIXES"
	done
	kill -CONT "$(lab_pid bird)"
	soon "bgp_has bird $LAB_PREFIXES"
}

# Orders that cannot be followed are refused with a reason.
atf_test_case commands cleanup
commands_body()
{
	begin
	{ bgp_neighbor bird; bgp_announce; } | bgp_conf
	bgp_routed6 || fail "routed6"
	addr=$(bgp_addr bird 2)
	refused "no such neighbor" peer 2001:db8::99 up
	refused "no such neighbor" show peers 2001:db8::99
	refused "there is no session" peer "$addr" refresh
	order peer "$addr" down
	refused "down by command" peer "$addr" clear
	refused "not UTF-8" peer "$addr" down "$(printf 'caf\351')"
	atf_check -s exit:1 -e match:"only root" ip netns exec "$LAB-box" \
	    setpriv --reuid nobody --regid "$(getent group _routed6 | cut -d: -f3)" \
	    --clear-groups "$LAB_TOP/ctl6/ctl6" -s "$LAB_DIR" \
	    peer "$addr" up
	bgp_is bird Down || fail "somebody else took it up"
}

EACH="attributes md5 refresh down collision no_graceful_restart"
for kind in $BGP_KINDS; do
	for what in $EACH; do
		eval "
			atf_test_case ${what}_$kind cleanup
			${what}_${kind}_body() { $what $kind; }
		"
	done
done

CASES="second_connection reload_kept reload_quiet linklocal ipv4_ibgp ttl range role
old_speaker max_prefix nothing_named told_once log_stuck flood stalled
commands"

atf_init_test_cases()
{
	for kind in $BGP_KINDS; do
		for what in $EACH; do
			CASES="$CASES ${what}_$kind"
		done
	done
	for name in $CASES; do
		eval "${name}_cleanup() { lab_end; }"
		[ $name = flood ] ||
		    eval "${name}_head() { atf_set require.user root; }"
		atf_add_test_case $name
	done
}
