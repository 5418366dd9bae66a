#!/usr/bin/env atf-sh
# shellcheck shell=sh disable=SC2034,SC2086
# Lists are several words; what the library wants is set for it.
#
# OSPFv3 with authentication (RFC 7166) between routed6, BIRD and FRR: each
# algorithm, other keys, keys that change, restarts.

LAB_TOP=$(atf_get_srcdir)/../..
# shellcheck source=/dev/null
. "$LAB_TOP/regress/live/ospf.subr"

BIRD_AUTH='type broadcast; authentication cryptographic;'
FRR_AUTH="ipv6 ospf6 authentication"

# bird_key ID ALGORITHM SECRET [MORE]: a line of its configuration.
bird_key()
{
	echo "password \"$3\" { id $1; algorithm hmac $2; $4 };"
}

# frr_key ID SECRET: the same for FRR, which has HMAC-SHA-256 in every build.
frr_key()
{
	echo "$FRR_AUTH key-id $1 hash-algo hmac-sha-256 key $2"
}

# Before 9.1 it does not agree with anybody but itself, unless we yield; so it
# can not share a link with BIRD here.
frr_order()
{
	$LAB_FRR/ospf6d --version |
	    awk '$1 == "ospf6d" { if ($3 + 0 < 9.1) print "frr-order" }'
}

# refused ADDRESS REASON
refused()
{
	until_ "lab_ctl6 show neighbors $1 | grep -q 'refused.*$2'" 10 \
	    "$1 is not refused: $2"
}

# The adjacencies have been there all the time.
once()
{
	for node; do
		atf_check -o match:" 1 +0 +[0-9]+$" "$LAB_TOP/ctl6/ctl6" \
		    -s "$LAB_DIR" show neighbors "10.0.0.$(ospf_number $node)"
	done
}

# A time so many seconds from now, for us and for BIRD, and for FRR.
at()
{
	date -u -d "+$1 seconds" +%Y-%m-%dT%H:%M:%S
}

at_bird()
{
	date -d "+$1 seconds" '+"%Y-%m-%d %H:%M:%S"'
}

at_frr()
{
	date -d "+$1 seconds" '+%H:%M:%S %b %d %Y'
}

# --- algorithms -------------------------------------------------------

for algo in sha1 sha256 sha384 sha512; do
	test_case "bird_$algo" "BIRD, HMAC-$algo"
	eval "bird_${algo}_body() { bird_body $algo; }"
done

# The longest secret that BIRD, which hashes longer ones than a block only, and
# RFC 7166 agree on: that of a digest without two bytes.
bird_body()
{
	case $1 in
	sha1)	secret=abcdefghijklmnopqr ;;
	*)	secret=abcdefghijklmnopqrstuvwxyz1234 ;;
	esac
	ospf_begin
	ospf_bird "$BIRD_AUTH $(bird_key 7 $1 $secret)" || atf_fail bird
	ospf_suite "auth key 7 $1 \"$secret\""
	routes bird
	full 1
	atf_check -o match:"^ +7 +$1" -o match:'^authentic ' \
	    "$LAB_TOP/ctl6/ctl6" -s "$LAB_DIR" show interfaces
	atf_check -o not-match:'refused' cat "$LAB_DIR/routed6.log"
	# BIRD takes no change within a second of the last one.
	sleep 1
	gone_after bird 5000 "$(lab_pid relayd6)" TERM
}

for length in 6 40; do
	test_case "frr_$length" "FRR, a secret of $length bytes"
	eval "frr_${length}_body() { frr_body $length; }"
done

frr_body()
{
	secret=$(printf "%0$1d" 0 | tr 0 s)
	ospf_begin
	ospf_frr frr "$(frr_key 7 $secret)" || atf_fail frr
	ospf_suite "auth key 7 sha256 $secret $(frr_order)"
	routes frr
	full 1
	atf_check -o not-match:'refused' cat "$LAB_DIR/routed6.log"
	gone_after frr 5000 "$(lab_pid relayd6)" TERM
}

# --- refused ----------------------------------------------------------

test_case wrong_secret "BIRD has another secret, FRR the same"
wrong_secret_body()
{
	ospf_begin
	ospf_bird "$BIRD_AUTH $(bird_key 1 sha256 other)" || atf_fail bird
	ospf_frr frr "$(frr_key 1 secret)" || atf_fail frr
	ospf_suite "auth key 1 sha256 secret $(frr_order)"
	routes frr
	refused fe80::1 "auth key 1: wrong digest"
	ospf_gone bird || atf_fail "BIRD has the route"
	until_ 'lab_ctl6 show interfaces | grep -q "wrong digest"' 3 \
	    "not counted"
	atf_check -o match:"fe80::1 on lan0 .* refused: auth key 1: wrong" \
	    cat "$LAB_DIR/routed6.log"
}

test_case other_key "Another number, another algorithm"
other_key_body()
{
	ospf_begin
	ospf_bird "$BIRD_AUTH $(bird_key 2 sha256 secret)" || atf_fail bird
	ospf_frr frr "$FRR_AUTH key-id 1 hash-algo md5 key secret" ||
	    atf_fail frr
	ospf_suite "auth key 1 sha256 secret"
	refused fe80::1 "auth key 2: no such key now"
	refused fe80::3 "auth key 1: another algorithm"
	ospf_gone bird frr || atf_fail "somebody has the route"
}

test_case one_side "Only they authenticate, then only we"
one_side_body()
{
	ospf_begin
	ospf_bird "$BIRD_AUTH $(bird_key 1 sha256 secret)" || atf_fail bird
	ospf_suite
	refused fe80::1 "authenticated, but there is no auth key here"
	ospf_bird_conf 'type broadcast;'
	lab_birdc configure
	ospf_conf "auth key 1 sha256 secret"
	lab_ctl6 reload routed6 || atf_fail reload
	refused fe80::1 "not authenticated"
}

# --- keys that change -------------------------------------------------

# rolled NODE: it uses the second key, and the adjacency never was down.
rolled()
{
	until_ 'lab_ctl6 show interfaces | grep -q "^ *2 *sha256"' 25 \
	    "we keep our key"
	until_ "lab_ctl6 show neighbors 10.0.0.$(ospf_number $1) |
	    grep -q ' 2$'" 25 "$1 keeps its key"
	sleep 6
	full 1
	once $1
	atf_check -o not-match:'refused' cat "$LAB_DIR/routed6.log"
}

# ours: two keys, each with the option.
ours_roll()
{
	ospf_suite \
	    "auth key 1 sha256 one send until $(at 20) accept until $(at 28) $1" \
	    "auth key 2 sha256 two send from $(at 16) accept from $(at 2) $1"
}

test_case rollover_bird "A key follows another one by the clock, with BIRD"
rollover_bird_body()
{
	ospf_begin
	now="generate to $(at_bird 22); accept to $(at_bird 28);"
	next="generate from $(at_bird 18); accept from $(at_bird 2);"
	ospf_bird "$BIRD_AUTH $(bird_key 1 sha256 one "$now")" \
	    "$(bird_key 2 sha256 two "$next")" || atf_fail bird
	ours_roll
	routes bird
	full 1
	rolled bird
	# The last will is signed with the new key.
	gone_after bird 3000 "$(lab_role_pid routed6 ospf)" KILL
}

test_case rollover_frr "A key follows another one by the clock, with FRR"
rollover_frr_body()
{
	ospf_begin
	OSPF_FRR_MORE="key chain c
 key 1
  key-string one
  cryptographic-algorithm hmac-sha-256
  send-lifetime $(at_frr -60) $(at_frr 20)
  accept-lifetime $(at_frr -60) $(at_frr 28)
 key 2
  key-string two
  cryptographic-algorithm hmac-sha-256
  send-lifetime $(at_frr 20) infinite
  accept-lifetime $(at_frr 2) infinite"
	ospf_frr frr "$FRR_AUTH keychain c" || atf_fail frr
	ours_roll "$(frr_order)"
	routes frr
	full 1
	rolled frr
	gone_after frr 1000 "$(lab_role_pid routed6 ospf)" KILL
}

test_case reload "Keys change by reloads, one router after the other"
reload_body()
{
	one="auth key 1 sha256 one" two="auth key 2 sha256 two"
	ospf_begin
	ospf_bird "$BIRD_AUTH $(bird_key 1 sha256 one)" || atf_fail bird
	ospf_suite "$one"
	routes bird
	# We take both and use the old one, then BIRD changes, then we.
	ospf_conf "$one" "$two send from 2100-01-01"
	lab_ctl6 reload routed6 || atf_fail reload
	ospf_bird_conf "$BIRD_AUTH $(bird_key 2 sha256 two)" \
	    "$(bird_key 1 sha256 one)"
	lab_birdc configure
	until_ "lab_ctl6 show neighbors fe80::1 | grep -q ' 2$'" 10 \
	    "BIRD keeps its key"
	ospf_conf "$two"
	lab_ctl6 reload routed6 || atf_fail reload
	until_ 'lab_ctl6 show interfaces | grep -q "^ *2 *sha256"' 20 \
	    "no other key"
	sleep 5
	full 1
	once bird
	gone_after bird 5000 "$(lab_pid relayd6)" TERM
}

# --- restarts ---------------------------------------------------------

for who in bird frr; do
	test_case "killed_$who" "Killed and believed again at once, by $who"
	eval "killed_${who}_body() { killed_body $who; }"
done

# A dead interval so long that nobody forgets us meanwhile.
killed_body()
{
	ospf_begin
	key="auth key 1 sha256 secret"
	case $1 in
	bird)
		ospf_bird "$BIRD_AUTH $(bird_key 1 sha256 secret) dead 60;" \
		    "type ptp;" ;;
	frr)
		key="$key $(frr_order)"
		ospf_frr frr "$(frr_key 1 secret)" \
		    "ipv6 ospf6 dead-interval 60" \
		    "ipv6 ospf6 network point-to-point" ;;
	esac || atf_fail "$1"
	ospf_suite "$key" "dead-interval 60" "type point-to-point"
	routes $1
	gone_after $1 3000 "$(lab_role_pid routed6 ospf)" KILL
	lab_wait "! lab_alive $(lab_pid routed6)" 3 || atf_fail "it stays"
	for name in KILL TERM; do
		ospf_routed6 "$key" "dead-interval 60" "type point-to-point"
		until_ "ospf_there $1 && lab_ctl6 show neighbors |
		    grep -q Full" 20 "$1 does not believe us"
		for pid in $(lab_family routed6); do
			kill -$name "$pid"
		done
		lab_wait "! lab_alive $(lab_pid routed6)" 3
	done
	atf_check -o match:'^[0-9]+$' cat "$LAB_DIR/routed6.sequence"
}

atf_init_test_cases()
{
	for name in $OSPF_CASES; do
		atf_add_test_case "$name"
	done
}
