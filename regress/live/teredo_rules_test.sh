#!/usr/bin/env atf-sh
# shellcheck shell=sh disable=SC2086	# addresses are single words
#
# The relay's rules of RFC 4380 and RFC 6081, with tclient for what real
# clients cannot be made to do, or will not do in time.

LAB_TOP=$(atf_get_srcdir)/../..
# shellcheck source=/dev/null
. "$LAB_TOP/regress/live/teredo.subr"

RELAY=$LAB_RELAY_V4:$TEREDO_PORT

# peer_begin [command ...]: tclient on tpeer, its own server, for as long as
# the test goes on; PEER becomes its address.  Its log is peer.log.
peer_begin()
{
	lab_daemon tclient tpeer tclient -S $TEREDO_PEER_SERVER -r $RELAY \
	    ${PEER_FLAGS:+-f "$PEER_FLAGS"} -p ${PEER_PORT:-40000} \
	    $TEREDO_PEER "$@" "wait 600000"
	lab_wait "grep -q ready $LAB_DIR/tclient.log" || atf_fail "tclient"
	PEER=$(sed -n 's/.*ready addr=\([^ ]*\).*/\1/p' "$LAB_DIR/tclient.log")
}

# peer_send [-o] word ...: one packet from tpeer's address; with -o not from
# its port, as if a NAT had changed it.
peer_send()
{
	port=40000
	if [ "$1" = -o ]; then
		port=40100
		shift
	fi
	lab_run tpeer tclient -S 11.1.5.4 -p $port -m $TEREDO_PEER:$port \
	    $TEREDO_PEER "send $RELAY $*" >>sent
}

# peer_lines PATTERN...: how many lines of tclient match all of them.
peer_lines()
{
	awk -v all="$(printf '%s\n' "$@")" '
		BEGIN { n = split(all, pattern, "\n") }
		{ for (i = 1; i <= n; i++) if ($0 !~ pattern[i]) next; seen++ }
		END { print seen + 0 }' "$LAB_DIR/tclient.log"
}

# Milliseconds between successive bubbles by way of the server.
peer_intervals()
{
	awk '/ rx via=server .*kind=bubble/ {
		if (n++)
			printf "%d\n", $1 - last
		last = $1
	}' "$LAB_DIR/tclient.log"
}

lab_case unanswered "RFC 4380 5.4.1 case 3: four tries, then unreachable"
unanswered_body()
{
	teredo_begin_relay
	peer_begin "set answer no"
	ping_check v6host "From .*Destination unreachable" -c 1 -W 12 $PEER
	cat "$LAB_DIR/tclient.log"
	peer_intervals >intervals
	atf_check_equal 3 "$(wc -l <intervals)"
	while read -r ms; do
		[ "$ms" -gt 1500 ] && [ "$ms" -lt 2900 ] ||
		    atf_fail "tries $ms ms apart"
	done <intervals
	atf_check_equal 0 "$(peer_lines kind=request)"
}

lab_case queued "RFC 4380 5.4.1 case 3: what waits is sent in order"
queued_body()
{
	teredo_begin_relay
	peer_begin "set skip 1"
	lab_run v6host ping -n -i 0.2 -c 4 -W 4 $PEER >answers
	cat answers "$LAB_DIR/tclient.log"
	atf_check -o inline:"1\n2\n3\n4\n" \
	    sed -n 's/.*bytes from.*icmp_seq=\([0-9]*\).*/\1/p' answers
	atf_check -o match:"icmp_seq=1 .*time=2[0-9][0-9][0-9] ms" cat answers
}

lab_case cone_bit "RFC 5991: the cone bit is not believed"
cone_bit_body()
{
	teredo_begin_relay
	PEER_FLAGS=8000
	peer_begin
	ping_check v6host " 1 received" -c 1 -W 2 $PEER
	first=$(grep -m 1 ' rx ' "$LAB_DIR/tclient.log")
	case $first in
	*kind=bubble*)
		;;
	*)
		atf_fail "not asked first: $first" ;;
	esac
}

lab_case symmetric_nonce "RFC 6081 5.2.4: an answer from another port with the nonce"
symmetric_nonce_body()
{
	teredo_begin_relay
	peer_begin "set nat symmetric"
	ping_check v6host " 5 received" -i 0.1 -c 5 -W 2 $PEER
	cat "$LAB_DIR/tclient.log"
	[ "$(peer_lines 'rx via=server' 'nonce=')" -gt 0 ] ||
	    atf_fail "the relay sends no nonce trailer"
	[ "$(peer_lines 'rx via=own blocked' kind=request)" -eq 0 ] ||
	    atf_fail "data to the wrong port"
}

lab_case symmetric_old "The same from a client that knows nothing of nonces"
symmetric_old_body()
{
	teredo_begin_relay
	peer_begin "set nat symmetric" "set nonce no"
	ping_check v6host " 5 received" -i 0.1 -c 5 -W 2 $PEER
	atf_check_equal 0 "$(peer_lines ' tx ' 'nonce=')"
}

lab_case random_port "RFC 6081 5.4, 5.6: bubbles to the ports a client names"
random_port_body()
{
	teredo_begin_relay
	# The bubble by way of the server names a port that our NAT has open,
	# and another endpoint of ours.
	peer_begin "set nat symmetric" "set answer no" "until bubble 10000" \
	    "serve relay origin=$TEREDO_PEER:40000 bubble=me,asker
	    nonce=11223344 rport=40001 alt=11.1.5.4:40200" \
	    "until bubble 10000" "send relay bubble=me,asker"
	lab_daemon elsewhere tpeer tclient -p 40200 11.1.5.4 "wait 600000"
	ping_check v6host " 1 received" -c 1 -W 10 $PEER
	cat "$LAB_DIR/tclient.log" "$LAB_DIR/elsewhere.log"
	[ "$(peer_lines 'rx via=other' kind=bubble nonce=11223344)" -ge 1 ] ||
	    atf_fail "no bubble to the random port"
	atf_check -o match:"kind=bubble.*nonce=11223344" \
	    cat "$LAB_DIR/elsewhere.log"
}

lab_case symmetric_forged "RFC 4380 7.2: no redirection by guessing at nonces"
symmetric_forged_body()
{
	teredo_begin_relay
	peer_begin "set answer no"
	lab_run v6host ping -n -c 1 -W 4 $PEER >/dev/null &
	ping=$!
	lab_wait "[ \$(peer_lines 'rx via=server') -ge 1 ]" ||
	    atf_fail "no bubble"
	for words in bubble=$PEER,fe80::1 bubble=$PEER,$LAB_V6HOST \
	    "bubble=$PEER,fe80::1 nonce=deadbeef" "echo=$PEER,$LAB_V6HOST"; do
		peer_send -o $words
	done
	sleep 0.3
	atf_check_equal 0 "$(peer_lines kind=request)"
	atf_check -o not-match:"rx .*kind=request" cat sent
	wait $ping || true	# nobody answered
}

lab_case trailers "RFC 6081 4: trailers are parsed, unknown ones skipped"
trailers_body()
{
	teredo_begin_relay
	PEER_PORT=40000
	for add in alt=11.1.5.4:40000,11.1.5.5:40000 nd=sol nd=adv rport=40002 \
	    hex=0203aabbcc hex=c000 hex=8001ff hex=02ff hex=01 hex=0100 \
	    "alt=11.1.5.4:1 nd=adv rport=5 hex=c00411223344"; do
		peer_begin "set add $add"
		ping_check v6host " 1 received" -c 1 -W 2 $PEER
		lab_stop tclient
		[ "$(peer_lines ' tx ' kind=bubble)" -ge 1 ] ||
		    atf_fail "nothing was asked"
		: >"$LAB_DIR/tclient.log"
		PEER_PORT=$((PEER_PORT + 2))
	done
	# The highest bits 01 forbid to pass over an unknown one.
	drop_check bad-trailer peer_send bubble=$PEER,$LAB_V6HOST hex=4000
}

lab_case discovery "RFC 6081 5.3: a bubble that solicits is answered"
discovery_body()
{
	teredo_begin_relay
	atf_check -o save:out -e empty ip netns exec "$LAB-tpeer" tclient \
	    -S $TEREDO_PEER_SERVER -r $RELAY $TEREDO_PEER \
	    "send relay echo=me,$LAB_V6HOST" "until reply 10000" \
	    "set answer no" \
	    "send relay bubble=me,$LAB_V6HOST nd=sol" "until bubble 10000"
	cat out
	atf_check -o match:"rx .*kind=bubble.*nd=adv" cat out
}

lab_case claim "An unknown client is served when its addresses match"
claim_body()
{
	teredo_begin_relay
	# Exactly what a client sends that knew the relay before it restarted.
	atf_check -o match:"rx .*kind=reply" ip netns exec "$LAB-tpeer" \
	    tclient -S $TEREDO_PEER_SERVER -r $RELAY $TEREDO_PEER \
	    "send relay echo=me,$LAB_V6HOST" "until reply 10000"
}

# native DESTINATION6 [SOURCE6]: a ping from the native side, in vain.
native()
{
	lab_run v6host ping -n -c 1 -W 0.2 ${2:+-I "$2"} "$1" >/dev/null 2>&1
	true
}

lab_case hostile_outer "RFC 4380 7, RFC 6324: hostile UDP is counted by reason"
hostile_outer_body()
{
	teredo_begin_relay
	teredo=2001:0:b01:503:0:63bf:f4fe:fafd		# 11.1.5.2:40000
	alien=2001:0:b01:503:0:63bf:f4fe:fafc		# 11.1.5.3:40000
	v6=$LAB_V6HOST
	drop_check truncated peer_send hex=6000
	drop_check bad-version peer_send "hex=45$(printf '%078d' 0)"
	drop_check truncated peer_send \
	    hex=6000000000ff3b40 "hex=$(printf '%064d' 0)"
	drop_check bad-encapsulation peer_send auth echo=$teredo,$v6
	drop_check bad-encapsulation peer_send origin=11.1.5.9:4 \
	    echo=$teredo,$v6
	drop_check source-not-teredo peer_send echo=2a10:1:5::1,$v6
	drop_check source-mismatch peer_send echo=$alien,$v6
	drop_check teredo-to-teredo peer_send \
	    echo=$teredo,2001:0:b01:503:0:1234:f4fe:fafb
	drop_check embedded peer_send echo=$teredo,2002:a00:1::1
	drop_check loop peer_send echo=$teredo,2002:b01:902::1
	drop_check inner-destination peer_send echo=$teredo,ff0e::1
	drop_check inner-destination peer_send echo=$teredo,::1
	ping_check v6host " 0 received" -c 1 -W 0.2 $alien
}

lab_case hostile_native "RFC 4380 7.4, RFC 6324: no bubble to where none belongs"
hostile_native_body()
{
	teredo_begin_relay
	teredo_count_begin
	peer_addr=f4fe:fafd				# 11.1.5.2
	ip -n "$LAB-v6host" addr add 2001:0:b01:503::1/128 dev net0 nodad
	drop_check native-teredo native 2001:0:b01:503:0:1:$peer_addr \
	    2001:0:b01:503::1
	ip -n "$LAB-v6host" addr del 2001:0:b01:503::1/128 dev net0
	drop_check embedded native 2001:0:b01:503:0:1:f5ff:fffe	# 10.0.0.1
	drop_check embedded native 2001:0:b01:503:0:1:80ff:fffe	# 127.0.0.1
	drop_check embedded native 2001:0:b01:503:0:1:1fff:fffe	# 224.0.0.1
	drop_check server native 2001:0:a00:1:0:1:$peer_addr
	drop_check server native 2001:0:ffff:ffff:0:1:$peer_addr
	drop_check loop native 2001:0:b01:503:0:1:f4fe:f6fd	# 11.1.9.2
	native 2001:0:b01:902:0:1:$peer_addr		# we as its server
	atf_check_equal 0 "$(teredo_count indirect)"
	atf_check_equal 0 "$(teredo_count straight)"
}

lab_case clients_shown "ctl6 show clients: all, one, and those of a prefix"
clients_shown_body()
{
	teredo_begin_relay
	peer_begin
	ping_check v6host " 3 received" -i 0.05 -c 3 -W 2 $PEER
	for filter in "" $PEER 2001:0:b01:503::/64 11.1.5.2; do
		lab_ctl6 show clients $filter >out || atf_fail "ctl6"
		atf_check -o match:"$PEER .*trusted" cat out
	done
	atf_check -o match:"11.1.5.2:40000" cat out
	atf_check -o not-match:"$PEER" \
	    "$LAB_TOP/ctl6/ctl6" -s "$LAB_DIR" show clients 2001:0:1::/48
	atf_check -o match:'teredo' \
	    "$LAB_TOP/ctl6/ctl6" -s "$LAB_DIR" show health
}

lab_case larger_mtu "A larger MTU by configuration"
larger_mtu_body()
{
	teredo_begin_lab
	teredo_conf "mtu 1400"
	lab_suite || atf_fail "no announced relay"
	peer_begin
	ping_check v6host " 1 received" -M 'do' -s 1352 -c 1 -W 2 $PEER
	ping_check v6host "mtu=1400|mtu: 1400" -M 'do' -s 1353 -c 2 -W 1 $PEER
}

atf_init_test_cases()
{
	for name in unanswered queued cone_bit symmetric_nonce symmetric_old \
	    random_port symmetric_forged trailers discovery claim \
	    hostile_outer hostile_native clients_shown larger_mtu; do
		atf_add_test_case $name
	done
}
