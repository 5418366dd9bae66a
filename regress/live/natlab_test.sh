#!/usr/bin/env atf-sh
# shellcheck shell=sh disable=SC2086	# addresses are single words
#
# The Teredo laboratory itself: that its NATs are of the kinds they are called,
# and that tclient and miredo's server understand each other, so that a fault
# of the lab is not blamed on the relay.

LAB_TOP=$(atf_get_srcdir)/../..
# shellcheck source=/dev/null
. "$LAB_TOP/regress/live/teredo.subr"

natlab_begin()
{
	lab_why=$(teredo_missing)
	[ -n "$lab_why" ] || lab_why=$(lab_missing)
	[ -z "$lab_why" ] || atf_skip "$lab_why"
	echo "$LAB" >lab.name
	teredo_up || atf_fail "the laboratory did not come up"
	teredo_server || atf_fail "miredo-server"
}

# came FROM: yes or no, whether a packet from there came inside.
came()
{
	if grep -q "rx via=own from=$1 " "$LAB_DIR/inner.log"; then
		echo yes
	else
		echo no
	fi
}

all_came()
{
	echo "$(came 11.1.5.2:40000)" "$(came 11.1.5.2:40010)" \
	    "$(came 11.1.5.4:40000)"
}

# kind_check LOCAL-PORT KIND ASKED PORT ADDRESS: what comes inside from the
# endpoint that was asked, from another port of it, and from another address;
# yes or no.  Each kind has a port of its own, or it would inherit connections.
kind_check()
{
	port=$1
	shift
	teredo_nat "$1" || atf_fail "NAT"
	: >"$LAB_DIR/inner.log"
	: >"$LAB_DIR/outer.log"
	lab_daemon outer tpeer tclient -p 40000 11.1.5.2 "wait 60000"
	lab_daemon inner inside tclient -p $port \
	    -s $TEREDO_SERVER $TEREDO_INSIDE "qualify 10000" \
	    "send 11.1.5.2:40000 hex=01" "wait 60000"
	lab_wait "grep -q ' rx ' $LAB_DIR/outer.log" ||
	    atf_fail "$1: nothing comes out"
	seen=$(sed -n "s/.* rx .*from=\([^ ]*\).*/\1/p" "$LAB_DIR/outer.log")
	mapped=$(sed -n 's/.*ready.*mapped=\(11[^ ]*\)$/\1/p' \
	    "$LAB_DIR/inner.log")
	lab_stop outer
	lab_run tpeer tclient -p 40000 11.1.5.2 "send $mapped hex=02"
	lab_run tpeer tclient -p 40010 11.1.5.2 "send $mapped hex=03"
	lab_run tpeer tclient -p 40000 11.1.5.4 "send $mapped hex=04"
	sleep 0.2
	lab_wait "[ \"\$(all_came)\" = '$2 $3 $4' ]"
	atf_check_equal "$1 $2 $3 $4" "$1 $(all_came)"
	lab_stop inner
}

lab_case kinds "Each NAT is of its kind"
kinds_body()
{
	natlab_begin
	kind_check 30001 cone yes yes yes
	atf_check_equal "$mapped" "$seen"
	kind_check 30003 address yes yes no
	atf_check_equal "$mapped" "$seen"
	kind_check 30005 port yes no no
	atf_check_equal "$mapped" "$seen"
	kind_check 30007 bare yes no no
	atf_check_equal "$mapped" "$seen"
	kind_check 30009 symmetric no no no
	[ "$mapped" != "$seen" ] || atf_fail "one port for all destinations"
}

lab_case qualify "RFC 4380 5.2.1: miredo-server tells tclient who it is"
qualify_body()
{
	natlab_begin
	teredo_nat port
	atf_check -o match:"auth=yes origin=$TEREDO_NAT:40000 kind=adv" \
	    -o match:"ready addr=2001:0:b01:202:0:63bf:f4fe:fcfd " \
	    ip netns exec "$LAB-inside" tclient -s $TEREDO_SERVER \
	    $TEREDO_INSIDE "qualify 10000"
}

lab_case forwarded "miredo-server passes bubbles on, with their trailers"
forwarded_body()
{
	natlab_begin
	teredo_nat port
	lab_daemon inner inside tclient -s $TEREDO_SERVER $TEREDO_INSIDE \
	    "qualify 10000" "wait 60000"
	lab_wait "grep -q mapped=$TEREDO_NAT $LAB_DIR/inner.log" ||
	    atf_fail "not qualified"
	atf_check -o ignore ip netns exec "$LAB-tpeer" tclient \
	    -p 40000 11.1.5.2 "send $TEREDO_SERVER:3544 \
	    bubble=fe80::1,2001:0:b01:202:0:63bf:f4fe:fcfd nonce=01020304"
	lab_wait "grep -q kind=bubble $LAB_DIR/inner.log"
	atf_check -o match:"rx .*origin=11.1.5.2:40000 kind=bubble.*nonce=0102" \
	    -o match:"tx .*to=11.1.5.2:40000 kind=bubble.*nonce=01020304" \
	    cat "$LAB_DIR/inner.log"
}

lab_case scan "The flood is as large and as long as it was told to be"
scan_body()
{
	natlab_begin
	lab_run peer nft -f - <<-END
		table ip6 seen {
			counter scan { }
			chain pre {
				type filter hook prerouting priority -300
				iifname v6host ip6 daddr 2001::/32 udp dport 9 counter name scan drop
			}
		}
	END
	atf_check -o match:"^sent=500 failed=0 " \
	    ip netns exec "$LAB-v6host" flood -R 64 -n 500 -t 5000 $LAB_V6HOST
	atf_check -o match:"packets 500 " \
	    ip netns exec "$LAB-peer" nft list counter ip6 seen scan
	atf_check -o save:out \
	    ip netns exec "$LAB-v6host" flood -r 2000 -t 500 $LAB_V6HOST
	sent=$(sed 's/sent=\([0-9]*\) .*/\1/' out)
	[ "$sent" -ge 100 ] && [ "$sent" -le 1001 ] || atf_fail "$sent sent"
}

atf_init_test_cases()
{
	for name in kinds qualify forwarded scan; do
		atf_add_test_case $name
	done
}
