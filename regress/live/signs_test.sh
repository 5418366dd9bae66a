#!/usr/bin/env atf-sh
# shellcheck shell=sh disable=SC2086	# addresses are single words
#
# The hard signs, one by one: pulled away, the neighbor's kernel loses the
# routes, and the verdict says why.  The limit is generous, since a test
# machine may be busy; the figures are printed.

LAB_TOP=$(atf_get_srcdir)/../..
# shellcheck source=/dev/null
. "$LAB_TOP/regress/live/lab.subr"

LIMIT=5000	# ms

signs_begin()
{
	lab_begin_suite
	lab_bird || atf_fail "bird"
	lab_suite || atf_fail "no routes at the neighbor"
}

# pulled REASON command...: the routes go within the limit, for this reason.
pulled()
{
	reason=$1
	shift
	atf_check -o save:ms ip netns exec "$LAB-peer" withdrawn -t $LIMIT \
	    $LAB_PREFIXES -- ip netns exec "$LAB-relay" "$@"
	echo "$reason: routes gone after $(cat ms) ms"
	atf_check -o match:"6to4 +unhealthy .* $reason\$" \
	    "$LAB_TOP/ctl6/ctl6" -s "$LAB_DIR" show health
}

# put_back command...: healthy again.
put_back()
{
	lab_run relay "$@" || atf_fail "could not: $*"
	lab_wait "lab_routes $LAB_PREFIXES" || atf_fail "no routes again"
}

lab_case interface "The tun interface is set down"
interface_body()
{
	signs_begin
	pulled "tun6to4 is down" ip link set tun6to4 down
}

lab_case tunnel_route "The route into the tun is deleted, or its IPv6 disabled"
tunnel_route_body()
{
	signs_begin
	pulled "2002::/16 does not go into tun6to4" \
	    ip -6 route del 2002::/16 dev tun6to4
	put_back ip -6 route add 2002::/16 dev tun6to4
	pulled "2002::/16 does not go into tun6to4" \
	    sysctl -qw net.ipv6.conf.tun6to4.disable_ipv6=1
}

lab_case forwarding "IPv6 forwarding is switched off"
forwarding_body()
{
	signs_begin
	pulled "IPv6 forwarding is off" \
	    sysctl -qw net.ipv6.conf.all.forwarding=0
	put_back sysctl -qw net.ipv6.conf.all.forwarding=1
}

lab_case listen "A listen address is removed; one of two of the same is not"
listen_body()
{
	signs_begin
	lab_run relay ip addr add 192.88.99.1/32 dev net0
	lab_run relay ip addr del 192.88.99.1/32 dev net0
	sleep 0.3
	lab_routes $LAB_PREFIXES || atf_fail "the other one was still there"
	pulled "192.88.99.1 is not on this host" \
	    ip addr del 192.88.99.1/32 dev lo
	put_back ip addr add 192.88.99.1/32 dev lo
}

lab_case default_route "The default route of IPv6 is deleted"
default_route_body()
{
	signs_begin
	pulled "there is no route to ::/0" ip -6 route del default
	put_back ip -6 route add default via $LAB_PEER
	pulled "there is no route to 0.0.0.0/0" ip route del default
	put_back ip route add default via $LAB_PEER_V4
}

atf_init_test_cases()
{
	for name in interface tunnel_route forwarding listen default_route; do
		atf_add_test_case $name
	done
}
