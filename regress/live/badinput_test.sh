#!/usr/bin/env atf-sh
# shellcheck shell=sh disable=SC2086	# addresses are single words
#
# What goes wrong on an operator's bad day: every refusal says what is wrong
# and where, and nothing that runs is harmed by it.

LAB_TOP=$(atf_get_srcdir)/../..
# shellcheck source=/dev/null
. "$LAB_TOP/regress/live/lab.subr"

RELAYD6=$LAB_TOP/relayd6/relayd6
ROUTED6=$LAB_TOP/routed6/routed6

# config_check PROGRAM PATTERN: the configuration on standard input is refused
# with an error on the line that the pattern names, and exit status 1.
config_check()
{
	cat >bad.conf
	atf_check -s exit:1 -o ignore -e match:"$2" "$1" -n -f bad.conf
}

# The pids are the same as before and the daemon answers.
unharmed()
{
	atf_check_equal "$2" "$(lab_family "$1" | tr '\n' ' ')"
	atf_check -o ignore "$LAB_TOP/ctl6/ctl6" -s "$LAB_DIR" show health
	atf_check -o ignore "$LAB_TOP/ctl6/ctl6" -s "$LAB_DIR" show peers
	lab_routes $LAB_PREFIXES || atf_fail "the routes are gone"
}

suite_begin()
{
	lab_begin_suite
	lab_bird || atf_fail "bird"
	lab_suite || atf_fail "no routes at the neighbor"
	relayd6_pids=$(lab_family relayd6 | tr '\n' ' ')
	routed6_pids=$(lab_family routed6 | tr '\n' ' ')
}

# refused NAME PATTERN: the daemon ends by itself, with a log that says why.
refused()
{
	pid=$(lab_pid "$1")
	lab_wait "! lab_alive $pid" || atf_fail "$1 runs all the same"
	wait "$pid" && atf_fail "$1 ended as if nothing were wrong"
	atf_check -o match:"$2" cat "$LAB_DIR/$1.log"
}

atf_test_case config_relayd6
config_relayd6_head()
{
	atf_set descr "Errors in relayd6.conf come with file and line"
}
config_relayd6_body()
{
	[ -x "$RELAYD6" ] || atf_skip "relayd6 is not built: make"
	printf 'relay 6to4 {\n\tlisten on 192.88.99.1\n' |
	    config_check "$RELAYD6" '^(relayd6: )?bad.conf:[23]:'
	printf '\nrelay 6to4 {\n\tlisten in 192.88.99.1\n}\n' |
	    config_check "$RELAYD6" 'bad.conf:3:'
	printf 'relay 6to4 {\n\tmtu 100\n}\n' |
	    config_check "$RELAYD6" 'bad.conf:2:'
	printf 'relay 6to4 {\n\tlisten on 300.1.2.3\n}\n' |
	    config_check "$RELAYD6" 'bad.conf:2:'
	printf 'teleport on\n' | config_check "$RELAYD6" 'bad.conf:1:.*teleport'
	printf 'relay 6to4 {\n\tmtu 1\n\tlisten on x\n}\n' >two.conf
	atf_check -s exit:1 -o ignore -e match:'two.conf:2:' \
	    -e match:'two.conf:3:' "$RELAYD6" -n -f two.conf
	atf_check -s exit:1 -o ignore -e match:'missing.conf' \
	    "$RELAYD6" -n -f missing.conf
}

atf_test_case config_routed6
config_routed6_head()
{
	atf_set descr "Errors in routed6.conf come with file and line"
}
config_routed6_body()
{
	[ -x "$ROUTED6" ] || atf_skip "routed6 is not built: make"
	printf 'as 64600\nneighbor 2a10:1:9::1 {\n' |
	    config_check "$ROUTED6" 'bad.conf:[23]:'
	printf 'as none\n' | config_check "$ROUTED6" 'bad.conf:1:'
	printf 'as 64600\n\nteleport on\n' |
	    config_check "$ROUTED6" 'bad.conf:3:.*teleport'
	printf 'as 64600\nrouter-id 1.1.1.1\nannounce 2002::1/16\n' |
	    config_check "$ROUTED6" 'bad.conf:3:'
	{
		printf 'as 64600\nrouter-id 11.1.9.2\n'
		printf 'announce 2002::/16 depend on relay 6to4\n'
		printf 'announce 2002::/16 depend on relay 6to4\n'
	} | config_check "$ROUTED6" 'bad.conf:4:'
}

atf_test_case examples
examples_head()
{
	atf_set descr "The shipped examples parse, and so does their printout"
}
examples_body()
{
	for d in relayd6 routed6; do
		[ -x "$LAB_TOP/$d/$d" ] || atf_skip "$d is not built: make"
		install -m 600 "$LAB_TOP/etc/$d.conf" .
		atf_check -o save:first -e ignore \
		    "$LAB_TOP/$d/$d" -nv -f "$d.conf"
		atf_check -o file:first -e ignore "$LAB_TOP/$d/$d" -nv -f first
	done
}

lab_case control_garbage "Garbage on the control sockets harms nobody"
control_garbage_body()
{
	suite_begin
	for sock in relayd6 routed6; do
		for word in 00 ff zero:16 zero:60000 ffffffffffffffff \
		    01000000ffff0000 474554202f20485454502f312e300d0a; do
			pkt -u "$LAB_DIR/$sock.sock" -n 40 $word
		done
	done
	unharmed relayd6 "$relayd6_pids"
	unharmed routed6 "$routed6_pids"
}

lab_case reload_bad "A half-written file is refused, the old one stays"
reload_bad_body()
{
	lab_begin_suite
	LAB_CONF_DIR=$LAB_DIR
	for d in relayd6 routed6; do
		cp "$LAB_TOP/etc/$d.conf" "$LAB_CONF_DIR/$d.conf"
	done
	lab_bird || atf_fail "bird"
	lab_suite || atf_fail "no routes at the neighbor"
	relayd6_pids=$(lab_family relayd6 | tr '\n' ' ')
	routed6_pids=$(lab_family routed6 | tr '\n' ' ')
	for d in relayd6 routed6; do
		size=$(($(wc -c <"$LAB_TOP/etc/$d.conf") / 2))
		{
			head -c $size "$LAB_TOP/etc/$d.conf"
			printf '\n{ half written'
		} >"$LAB_CONF_DIR/$d.conf"
	done
	atf_check -s not-exit:0 -o ignore -e ignore \
	    "$LAB_TOP/ctl6/ctl6" -s "$LAB_DIR" reload
	lab_wait "grep -q 'conf:[0-9]*:' $LAB_DIR/relayd6.log" ||
	    atf_fail "relayd6 does not say where"
	lab_wait "grep -q 'conf:[0-9]*:' $LAB_DIR/routed6.log" ||
	    atf_fail "routed6 does not say where"
	unharmed relayd6 "$relayd6_pids"
	unharmed routed6 "$routed6_pids"
}

lab_case tun_taken "relayd6 does not take another's tun"
tun_taken_body()
{
	lab_begin_suite
	ip -n "$LAB-relay" tuntap add dev tun6to4 mode tun
	lab_relayd6
	refused relayd6 tun6to4
	atf_check -o ignore ip -n "$LAB-relay" link show tun6to4
}

lab_case port_busy "Another BGP speaker has the port: routed6 says so"
port_busy_body()
{
	lab_begin_suite
	cat >"$LAB_DIR/other.conf" <<-END
		router id 11.1.9.3;
		protocol device { }
		protocol bgp {
			local $LAB_RELAY as $LAB_AS;
			neighbor 2a10:1:9::99 as 64501;
			ipv6 { import none; export none; };
		}
	END
	lab_daemon other relay bird -f -c "$LAB_DIR/other.conf" \
	    -s "$LAB_DIR/other.sock" -P "$LAB_DIR/other.own.pid"
	lab_wait "birdc -s $LAB_DIR/other.sock show status" || atf_fail "bird"
	LAB_CONF_DIR=$LAB_DIR
	cp "$LAB_TOP/etc/relayd6.conf" "$LAB_CONF_DIR"
	sed "s/^listen none/listen on $LAB_RELAY/" \
	    "$LAB_TOP/etc/routed6.conf" >"$LAB_CONF_DIR/routed6.conf"
	lab_relayd6
	lab_routed6
	lab_wait "grep -qi 'address already in use' $LAB_DIR/routed6.log" ||
	    atf_fail "routed6 does not say that its port is busy"
}

# Without the line of a user in /etc/passwd, for this process alone.
nobody_check()
{
	lab_conf "$1.conf"
	grep -v "^_$1:" /etc/passwd >"$LAB_DIR/passwd"
	# shellcheck disable=SC2016	# for the inner shell to expand
	lab_daemon "$1" relay unshare -m sh -c \
	    'mount --bind "$0" /etc/passwd && exec "$@"' "$LAB_DIR/passwd" \
	    "$LAB_TOP/$1/$1" -d -f "$LAB_DIR/$1.conf" \
	    -s "$LAB_DIR/$1.sock"
	refused "$1" "_$1"
}

lab_case user_missing "Without its user a daemon does not run as root instead"
user_missing_body()
{
	lab_begin_suite
	nobody_check relayd6
	nobody_check routed6
}

lab_case started_twice "A second instance is refused and the first one lives on"
started_twice_body()
{
	suite_begin
	for d in relayd6 routed6; do
		mv "$LAB_DIR/$d.pid" "$LAB_DIR/$d.first"
		mv "$LAB_DIR/$d.log" "$LAB_DIR/$d.first.log"
		"lab_$d"
		refused $d "$d"
		mv "$LAB_DIR/$d.first" "$LAB_DIR/$d.pid"
	done
	unharmed relayd6 "$relayd6_pids"
	unharmed routed6 "$routed6_pids"
}

lab_case started_beside "A second relayd6 with its own socket harms nothing"
started_beside_body()
{
	suite_begin
	atf_check -s exit:1 -o ignore -e match:'tun6to4' \
	    ip netns exec "$LAB-relay" "$RELAYD6" -d \
	    -f "$LAB_DIR/relayd6.conf" -s "$LAB_DIR/second.sock"
	sleep 0.5
	atf_check -o match:'tun6to4' \
	    ip -n "$LAB-relay" -6 route show 2002::/16
	unharmed relayd6 "$relayd6_pids"
}

atf_test_case not_running
not_running_head()
{
	atf_set descr "ctl6 says in a sentence that nobody is there"
}
not_running_body()
{
	[ -x "$LAB_TOP/ctl6/ctl6" ] || atf_skip "ctl6 is not built: make"
	atf_check -s exit:1 -e match:'relayd6.*not running' \
	    "$LAB_TOP/ctl6/ctl6" -s . show health
	atf_check -s exit:1 -e match:'routed6.*not running' \
	    "$LAB_TOP/ctl6/ctl6" -s . show peers
}

atf_init_test_cases()
{
	atf_add_test_case config_relayd6
	atf_add_test_case config_routed6
	atf_add_test_case examples
	atf_add_test_case control_garbage
	atf_add_test_case reload_bad
	atf_add_test_case tun_taken
	atf_add_test_case port_busy
	atf_add_test_case user_missing
	atf_add_test_case started_twice
	atf_add_test_case started_beside
	atf_add_test_case not_running
}
