/*
 * Tests of the watcher, os/linux/watch.c and watch_msg.c, against the kernel.
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <net/if.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "watchlog.h"

ATF_TC(os_watch_start);
ATF_TC_HEAD(os_watch_start, tc)
{
	ns_head(tc, "a full dump, from RESYNC to SYNCED", 1);
}
ATF_TC_BODY(os_watch_start, tc)
{
	struct log	*l;

	l = watch_make();
	ns_run("ip route add default via 192.0.2.2");
	ns_run("ip -6 route add default via 2001:db8:1::2");
	ns_run("ip -6 route add 2001:db8:9::/48 via 2001:db8:1::2");
	ns_run("echo 1 >/proc/sys/net/ipv6/conf/all/forwarding");
	ATF_REQUIRE_EQ(os_watch_start(l->w), 0);
	CHECK_TOLD(l, mark(OS_EV_SYNCED));
	ATF_CHECK_EQ(l->c[0].event, OS_EV_RESYNC);
	watch_settle(l);
	CHECK_TIMES(l, mark(OS_EV_RESYNC), 1);
	CHECK_TIMES(l, mark(OS_EV_SYNCED), 1);
	CHECK_TIMES(l, link_is("eth0", 1), 1);
	CHECK_TIMES(l, link_is("lo", 1), 1);
	CHECK_TIMES(l, addr_is("192.0.2.1", if_nametoindex("eth0"), 1), 1);
	CHECK_TIMES(l, addr_is("2001:db8:2::1", if_nametoindex("eth1"), 1), 1);
	CHECK_TIMES(l, route_is("::/0", if_nametoindex("eth0"), 1), 1);
	CHECK_TIMES(l, route_is("0.0.0.0/0", if_nametoindex("eth0"), 1), 1);
	CHECK_TIMES(l, route_is("2001:db8:9::/48", 0, 1), 0);
	CHECK_TOLD(l, forward_is(6, 0, 1));
	CHECK_TIMES(l, forward_is(4, 0, 0), 1);
	CHECK_TIMES(l, forward_is(4, if_nametoindex("eth1"), 0), 1);
}

ATF_TC(os_watch_routes);
ATF_TC_HEAD(os_watch_routes, tc)
{
	ns_head(tc, "prefixes can be named anew; too many are refused", 1);
}
ATF_TC_BODY(os_watch_routes, tc)
{
	struct prefix	 p[OS_WATCH_ROUTES + 1];
	struct log	*l;
	unsigned int	 eth0;

	l = watch_make();
	eth0 = if_nametoindex("eth0");
	memset(p, 0, sizeof(p));
	ATF_CHECK_ERRNO(E2BIG,
	    os_watch_routes(l->w, p, OS_WATCH_ROUTES + 1) == -1);
	p[0] = ns_prefix("2001:db8:9::/48");
	ATF_REQUIRE_EQ(os_watch_routes(l->w, p, 1), 0);
	ns_run("ip -6 route add 2001:db8:9::/48 dev eth0");
	ns_run("ip -6 route add 2002::/16 dev eth0");
	watch_begin(l);
	CHECK_TIMES(l, route_is("2001:db8:9::/48", eth0, 1), 1);
	CHECK_TIMES(l, route_is("2002::/16", eth0, 1), 0);
	p[0] = ns_prefix("2002::/16");
	ATF_REQUIRE_EQ(os_watch_routes(l->w, p, 1), 0);
	watch_clear(l);
	watch_begin(l);
	CHECK_TIMES(l, route_is("2001:db8:9::/48", eth0, 1), 0);
	CHECK_TIMES(l, route_is("2002::/16", eth0, 1), 1);
}

ATF_TC(os_watch_link);
ATF_TC_HEAD(os_watch_link, tc)
{
	ns_head(tc, "a tun goes down, up, and away; a cable is cut", 1);
}
ATF_TC_BODY(os_watch_link, tc)
{
	struct prefix	 p;
	struct log	*l;
	unsigned int	 ifindex;
	int		 tun;

	l = watch_make();
	watch_begin(l);
	ATF_REQUIRE((tun = os_tun_open("six0", 1280, &ifindex)) != -1);
	p = ns_prefix("2002::/16");
	ATF_REQUIRE_EQ(os_route(OS_ADD, &p, ifindex), 0);
	CHECK_TOLD(l, link_is("six0", 1));
	CHECK_TOLD(l, route_is("2002::/16", ifindex, 1));
	watch_clear(l);
	ns_run("ip link set six0 down");
	CHECK_TOLD(l, link_is("six0", 0));
	CHECK_TOLD(l, route_is("2002::/16", ifindex, 0));
	watch_clear(l);
	ns_run("ip link set six0 up");
	CHECK_TOLD(l, link_is("six0", 1));
	watch_settle(l);
	CHECK_TIMES(l, route_is("2002::/16", ifindex, 1), 0);
	watch_clear(l);
	close(tun);
	CHECK_TOLD(l, link_is("six0", 0));
	ns_run("ip link set peer0 down");
	CHECK_TOLD(l, link_is("eth0", 0));
	CHECK_TIMES(l, mark(OS_EV_RESYNC), 0);
}

ATF_TC(os_watch_bridge);
ATF_TC_HEAD(os_watch_bridge, tc)
{
	ns_head(tc, "a port that leaves a bridge is still there", 1);
}
ATF_TC_BODY(os_watch_bridge, tc)
{
	struct log	*l;

	l = watch_make();
	if (!ns_try("ip link add br0 type bridge 2>/dev/null"))
		atf_tc_skip("no bridge in this kernel");
	ns_run("ip link set eth0 master br0");
	watch_begin(l);
	watch_clear(l);
	ns_run("ip link set eth0 nomaster");
	watch_settle(l);
	CHECK_TIMES(l, link_is("eth0", 0), 0);
}

ATF_TC(os_watch_addr);
ATF_TC_HEAD(os_watch_addr, tc)
{
	ns_head(tc, "addresses come and go, also one that is there twice", 1);
}
ATF_TC_BODY(os_watch_addr, tc)
{
	struct ipaddr	 a;
	struct log	*l;
	unsigned int	 eth0;
	size_t		 last;

	l = watch_make();
	watch_begin(l);
	a = ns_addr("192.88.99.1");
	ATF_REQUIRE_EQ(os_loaddr(OS_ADD, &a), 0);
	CHECK_TOLD(l, addr_is("192.88.99.1", 1, 1));
	ATF_REQUIRE_EQ(os_loaddr(OS_DEL, &a), 0);
	CHECK_TOLD(l, addr_is("192.88.99.1", 1, 0));
	eth0 = if_nametoindex("eth0");
	ns_run("ip addr del 2001:db8:1::1/64 dev eth0");
	CHECK_TOLD(l, addr_is("2001:db8:1::1", eth0, 0));
	ns_run("ip addr add 192.0.2.1/32 dev eth0");
	CHECK_TOLD(l, addr_is("192.0.2.1", eth0, 1));
	watch_settle(l);
	watch_clear(l);
	ns_run("ip addr del 192.0.2.1/32 dev eth0");
	watch_settle(l);
	for (last = l->n; last-- > 0;)
		if (l->c[last].event == OS_EV_ADDR &&
		    l->c[last].ifindex == eth0 && l->c[last].af == 4)
			break;
	ATF_CHECK(last < l->n && l->c[last].up == 1);
}

ATF_TC(os_watch_tentative);
ATF_TC_HEAD(os_watch_tentative, tc)
{
	ns_head(tc, "an address is up when it is known to be unique", 1);
}
ATF_TC_BODY(os_watch_tentative, tc)
{
	struct log	*l;
	unsigned int	 eth0;

	l = watch_make();
	eth0 = if_nametoindex("eth0");
	ns_run("sysctl -qw net.ipv6.conf.eth0.accept_dad=1");
	watch_begin(l);
	watch_clear(l);
	ns_run("ip addr add 2001:db8:7::1/64 dev eth0");
	CHECK_TOLD(l, addr_is("2001:db8:7::1", eth0, 1));
	ATF_CHECK_EQ(l->c[0].event, OS_EV_ADDR);
	ATF_CHECK_EQ_MSG(l->c[0].up, 0, "up before it was known");
}

ATF_TC(os_watch_forward);
ATF_TC_HEAD(os_watch_forward, tc)
{
	ns_head(tc, "forwarding of each family, of the host and of one "
	    "interface", 1);
}
ATF_TC_BODY(os_watch_forward, tc)
{
	struct log	*l;
	unsigned int	 eth0;

	l = watch_make();
	eth0 = if_nametoindex("eth0");
	watch_begin(l);
	watch_clear(l);
	ns_run("echo 1 >/proc/sys/net/ipv6/conf/all/forwarding");
	CHECK_TOLD(l, forward_is(6, 0, 1));
	CHECK_TOLD(l, forward_is(6, eth0, 1));
	ns_run("echo 1 >/proc/sys/net/ipv4/ip_forward");
	CHECK_TOLD(l, forward_is(4, 0, 1));
	ns_run("echo 0 >/proc/sys/net/ipv6/conf/all/forwarding");
	CHECK_TOLD(l, forward_is(6, 0, 0));
	watch_settle(l);
	watch_clear(l);
	ns_run("echo 0 >/proc/sys/net/ipv4/conf/eth0/forwarding");
	CHECK_TOLD(l, forward_is(4, eth0, 0));
	CHECK_TIMES(l, forward_is(4, 0, 0), 0);
	watch_clear(l);
	ns_run("echo 1 >/proc/sys/net/ipv4/conf/default/forwarding");
	watch_settle(l);
	ATF_CHECK_EQ(l->n, 0);
}

ATF_TC(os_watch_overrun);
ATF_TC_HEAD(os_watch_overrun, tc)
{
	ns_head(tc, "lost events lead to a new dump that tells what was lost",
	    1);
}
ATF_TC_BODY(os_watch_overrun, tc)
{
	struct log	*l;
	unsigned int	 eth0;
	int		 tiny = 1, i;

	l = watch_make();
	eth0 = if_nametoindex("eth0");
	ns_run("ip -6 route add default via 2001:db8:1::2");
	watch_begin(l);
	ATF_REQUIRE_EQ(setsockopt(l->fd, SOL_SOCKET, SO_RCVBUF, &tiny,
	    sizeof(tiny)), 0);
	watch_clear(l);
	for (i = 0; i < 20; i++)
		ns_run("ip addr add 203.0.113.%d/32 dev eth0", i);
	ns_run("ip -6 route del default");
	ns_run("ip addr del 192.0.2.1/24 dev eth0");
	CHECK_TOLD(l, mark(OS_EV_RESYNC));
	watch_clear(l);
	CHECK_TOLD(l, mark(OS_EV_SYNCED));
	watch_settle(l);
	CHECK_TIMES(l, addr_is("203.0.113.19", eth0, 1), 1);
	CHECK_TIMES(l, addr_is("192.0.2.1", eth0, 1), 0);
	CHECK_TIMES(l, route_is("::/0", eth0, 1), 0);
	CHECK_TIMES(l, mark(OS_EV_SYNCED), 1);
	ns_run("ip -6 route add default via 2001:db8:1::2");
	CHECK_TOLD(l, route_is("::/0", eth0, 1));
}

ATF_TC(os_watch_many);
ATF_TC_HEAD(os_watch_many, tc)
{
	ns_head(tc, "a dump of many datagrams, read in bounded pieces", 1);
}
ATF_TC_BODY(os_watch_many, tc)
{
	struct log	*l;
	FILE		*f;
	int		 i;

	l = watch_make();
	ATF_REQUIRE((f = popen("ip -batch -", "w")) != NULL);
	for (i = 0; i < 20000; i++)
		fprintf(f, "route add 2001:db8:%x:%x::/64 dev eth0\n",
		    100 + i / 1000, i);
	fprintf(f, "route add 2002::/16 dev eth1\n");
	ATF_REQUIRE_EQ(pclose(f), 0);
	watch_begin(l);
	CHECK_TIMES(l, route_is("2002::/16", if_nametoindex("eth1"), 1), 1);
	CHECK_TIMES(l, mark(OS_EV_SYNCED), 1);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, os_watch_start);
	ATF_TP_ADD_TC(tp, os_watch_routes);
	ATF_TP_ADD_TC(tp, os_watch_link);
	ATF_TP_ADD_TC(tp, os_watch_bridge);
	ATF_TP_ADD_TC(tp, os_watch_addr);
	ATF_TP_ADD_TC(tp, os_watch_tentative);
	ATF_TP_ADD_TC(tp, os_watch_forward);
	ATF_TP_ADD_TC(tp, os_watch_overrun);
	ATF_TP_ADD_TC(tp, os_watch_many);
	return (atf_no_error());
}
