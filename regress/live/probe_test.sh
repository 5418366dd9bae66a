#!/usr/bin/env atf-sh
# shellcheck shell=sh disable=SC2086	# addresses are single words
#
# Probes: a relay that does not relay is unhealthy, whatever the reason, and
# nobody but the probe gains by there being one.

LAB_TOP=$(atf_get_srcdir)/../..
# shellcheck source=/dev/null
. "$LAB_TOP/regress/live/probe.subr"

# Rounds of 400 ms: two lost ones are seen within 800 and a timeout of 200 when
# the machine is not busy.
ROUNDS="interval 400 ms
timeout 200 ms"
LIMIT=5000

# Healthy again, by itself, once what was wrong has gone.
recovers()
{
	lab_wait "probe_is 6to4 healthy && probe_is teredo healthy" ||
	    probe_fail "not healthy again"
}

lab_case answers "Targets answer natively, then through both relays"
answers_body()
{
	begin=$(lab_clock)
	probe_begin "target $LAB_V6HOST" "$ROUNDS"
	echo "healthy: $((($(lab_clock) - begin) * 10)) ms with the laboratory"
	probe_rows 6to4
	probe_rows 6to4 | grep -q " yes  *relay  *answers " ||
	    probe_fail "6to4: own packets do not come back"
	probe_rows teredo | grep -q " yes  *relay  *answers " ||
	    probe_fail "teredo: own packets do not come back"
	probe_rows teredo | grep -q " no  *relay  *never answered " ||
	    probe_fail "teredo: an answer before there is a route"
	probe_announce
	lab_ctl6 -j show health | grep -q '"mean_us"' ||
	    atf_fail "no figures in JSON"
}

lab_case start "The first probes delay a start by less than a beat"
start_body()
{
	probe_begin "target $LAB_V6HOST"
	lab_ctl6 log verbose
	kill -TERM "$(lab_pid relayd6)"
	lab_wait "! lab_alive $(lab_pid relayd6)"
	begin=$(lab_clock)
	lab_relayd6
	lab_wait "probe_is 6to4 healthy && probe_is teredo healthy" ||
	    probe_fail "not healthy"
	took=$((($(lab_clock) - begin) * 10))
	echo "healthy $took ms after the start; rise alone is 300 ms"
	[ $took -lt $LIMIT ] || atf_fail "too late"
}

lab_case silent "A silent target makes unhealthy within fall rounds"
silent_body()
{
	probe_begin "target $LAB_V6HOST" "$ROUNDS"
	probe_announce
	probe_falls 6to4 $LIMIT "1 of 1 targets do not answer" \
	    probe_silence $LAB_V6HOST
	probe_falls teredo $LIMIT "1 of 1 targets do not answer" :
	lab_wait "lab_routes_gone $LAB_PREFIXES" || atf_fail "still announced"
	probe_nft_end v6host
	recovers
	lab_wait "lab_routes $LAB_PREFIXES" || atf_fail "not announced"
}

lab_case majority "One of three is silent, then two"
majority_body()
{
	probe_begin "target $LAB_V6HOST" "target $PROBE_SECOND" \
	    "target $PROBE_THIRD" "$ROUNDS"
	probe_announce
	probe_silence $PROBE_SECOND
	lab_wait "probe_rows 6to4 | grep -q '^$PROBE_SECOND.*native.*silent'" ||
	    probe_fail "a silent target is not shown"
	sleep 2
	probe_is 6to4 healthy || probe_fail "6to4 fell with one of three"
	probe_is teredo healthy || probe_fail "Teredo fell with one of three"
	probe_falls 6to4 $LIMIT "2 of 3 targets do not answer" \
	    probe_silence $PROBE_SECOND $PROBE_THIRD
	probe_nft_end v6host
	recovers
}

lab_case broken_in "Users do not reach the relay: dropped on this box"
broken_in_body()
{
	probe_begin "target $LAB_V6HOST" "$ROUNDS"
	probe_announce
	probe_falls 6to4 $LIMIT "do not come back through the relay" \
	    probe_block input "ip daddr 192.88.99.1 ip protocol 41"
	probe_is teredo healthy || probe_fail "Teredo fell with 6to4"
	probe_nft_end relay
	recovers
	probe_falls teredo $LIMIT "do not come back through the relay" \
	    probe_block input "udp dport $TEREDO_PORT"
	probe_is 6to4 healthy || probe_fail "6to4 fell with Teredo"
	probe_nft_end relay
	recovers
}

lab_case broken_out "What the relays send is dropped on this box"
broken_out_body()
{
	probe_begin "target $LAB_V6HOST" "$ROUNDS"
	probe_falls 6to4 $LIMIT "do not come back through the relay" \
	    probe_block output "ip saddr $LAB_RELAY_V4 ip protocol 41"
	probe_nft_end relay
	recovers
	probe_falls teredo $LIMIT "do not come back through the relay" \
	    probe_block output "udp sport $TEREDO_PORT"
	probe_nft_end relay
	recovers
}

# The hard sign sees the route of the whole prefix only.
lab_case return_route "A more specific route leads answers elsewhere"
return_route_body()
{
	probe_begin "target $LAB_V6HOST" "$ROUNDS"
	probe_falls 6to4 $LIMIT "do not come back through the relay" \
	    ip -n "$LAB-relay" -6 route add unreachable 2002:b01:902::/48
	ip -n "$LAB-relay" -6 route del unreachable 2002:b01:902::/48
	recovers
}

lab_case forward "A firewall begins to forward nothing between both sides"
forward_body()
{
	probe_begin "target $LAB_V6HOST" "$ROUNDS"
	probe_announce
	probe_falls 6to4 $LIMIT "do not answer through the relay" \
	    probe_block forward "meta nfproto ipv6"
	probe_falls teredo $LIMIT "do not answer through the relay" :
	lab_wait "lab_routes_gone $LAB_PREFIXES" || atf_fail "still announced"
	# Natively the target answers, but that proves nothing now.
	lab_wait "probe_is 6to4 unhealthy 'trying again in'" ||
	    probe_fail "no word about another try"
	sleep 2
	probe_is 6to4 healthy && probe_fail "a black hole is healthy again"
	probe_nft_end relay
	lab_wait "probe_is 6to4 healthy && probe_is teredo healthy" ||
	    probe_fail "not tried again"
	lab_wait "probe_through 6to4 && probe_through teredo" ||
	    probe_fail "no answers through the relay"
}

# Answers may come by a relay of somebody else, nearer to the target; Teredo's
# asks the client for that, by way of its server.
lab_case another "Answers that come by another relay"
another_body()
{
	probe_begin "target $LAB_V6HOST" "$ROUNDS"
	lab_run tserver sysctl -qw net.ipv6.conf.all.forwarding=1
	cat >"$LAB_DIR/another.conf" <<-END
		relay 6to4 {
			listen on 192.88.99.1
			source $TEREDO_SERVER
		}
		relay teredo {
			listen on $TEREDO_SERVER
		}
	END
	chmod 600 "$LAB_DIR/another.conf"
	lab_daemon another tserver "$LAB_TOP/relayd6/relayd6" -dv \
	    -f "$LAB_DIR/another.conf" -s "$LAB_DIR/another.sock"
	ip -n "$LAB-peer" -6 route add 2002::/16 via 2a10:1:2::2
	ip -n "$LAB-peer" -6 route add 2001::/32 via 2a10:1:2::2
	for kind in 6to4 teredo; do
		lab_wait "probe_rows $kind | grep -q 'relay  *answers by an'" ||
		    probe_fail "$kind: no answers by another relay"
	done
	# Its death is not ours.
	kill -KILL "$(lab_pid another)"
	lab_wait "probe_rows teredo | grep -q 'no  *relay  *silent'" ||
	    probe_fail "the other relay is still there"
	sleep 2
	probe_is 6to4 healthy || probe_fail "6to4 died with another relay"
	probe_is teredo healthy || probe_fail "Teredo died with another relay"
}

lab_case strict "Strict: not healthy before a target answers through it"
strict_body()
{
	probe_begin "target $LAB_V6HOST" "$ROUNDS"
	probe_conf "target $LAB_V6HOST" "$ROUNDS" "strict yes"
	probe_falls 6to4 $LIMIT "do not answer through the relay" \
	    lab_ctl6 reload relayd6
	ip -n "$LAB-peer" -6 route add 2002::/16 via $LAB_RELAY
	ip -n "$LAB-peer" -6 route add 2001::/32 via $LAB_RELAY
	recovers
}

lab_case native "Native targets: by ICMPv6 alone, by TCP, refused"
native_body()
{
	probe_begin "target $LAB_V6HOST via native" "target $LAB_PEER port 179" \
	    "target $LAB_PEER port 1" "$ROUNDS"
	lab_wait "probe_rows 6to4 | grep -q ':179 .*tcp  *answers '" ||
	    probe_fail "TCP does not answer"
	probe_rows 6to4 | grep -q ":1 .*refused" ||
	    probe_fail "a refused connection is not shown"
	probe_rows 6to4 | grep "^$LAB_V6HOST " | grep -q relay &&
	    probe_fail "a native target was probed through the relay"
	probe_falls 6to4 $LIMIT "2 of 3 targets do not answer" \
	    probe_silence $LAB_V6HOST
	probe_nft_end v6host
	recovers
}

lab_case reload "Other targets do not cost the verdict"
reload_body()
{
	probe_begin "target $LAB_V6HOST" "$ROUNDS"
	probe_announce
	probe_conf "target $PROBE_SECOND" "target $LAB_V6HOST" "$ROUNDS"
	atf_check -o ignore "$LAB_TOP/ctl6/ctl6" -s "$LAB_DIR" reload relayd6
	lab_wait "probe_rows 6to4 | grep -q '$PROBE_SECOND.*relay  *answers '" ||
	    probe_fail "the new target does not answer"
	sleep 1
	lab_ctl6 show health | awk '$1 == "6to4" && $4 == 1 { n++ }
	    $1 == "teredo" && $4 == 1 { n++ } END { exit n != 2 }' ||
	    probe_fail "the verdict changed"
}

# Whoever sees probes pass by knows the address that they come from.
lab_case outsider "Packets forged with the address of the probe"
outsider_body()
{
	mark=6b6f626f6c64
	probe_begin "target $LAB_V6HOST" "$ROUNDS"
	probe_announce
	lab_run v6host timeout $LAB_PATIENCE tcpdump -nlc 1 -i net0 \
	    "icmp6 and src net 2002::/16" >seen 2>/dev/null
	id=$(sed -n 's/.*IP6 \([0-9a-f:]*\) > .*/\1/p' seen)
	[ -n "$id" ] || atf_fail "no probe seen: $(cat seen)"
	lab_run v6host pkt -l -d net0 -t 3000 $mark >heard &
	lab_wait "grep -q ready heard" || atf_fail "pkt does not listen"
	echo "from our own IPv4 address: the kernel refuses"
	outsider $LAB_RELAY_V4 $id
	echo "from its own: the relay refuses"
	drop_check source-mismatch outsider $LAB_SIXTO4_V4 $id
	drop_check source-mismatch outsider $LAB_SIXTO4_V4 2002:b01:902::1
	wait $!
	atf_check_equal 0 "$(tail -n 1 heard)"
	probe_is 6to4 healthy || probe_fail "an outsider made it unhealthy"
}
# outsider SOURCE4 SOURCE6: a packet to v6host by way of the relay.
outsider()
{
	lab_run sixto4 pkt 450000000000000040290000 $1 192.88.99.1 \
	    6000000000063b40 $2 $LAB_V6HOST $mark
}

atf_init_test_cases()
{
	for name in answers start silent majority broken_in broken_out \
	    return_route forward another strict native reload outsider; do
		atf_add_test_case $name
	done
}
