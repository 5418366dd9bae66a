/*
 * Tests of what the watcher tells of routes, os/linux/watch_msg.c and legs.c,
 * against the kernel.
 */
#include <net/if.h>

#include "watchlog.h"

ATF_TC(os_watch_default);
ATF_TC_HEAD(os_watch_default, tc)
{
	ns_head(tc, "the default route is lost only when the last one is", 1);
}
ATF_TC_BODY(os_watch_default, tc)
{
	struct log	*l;
	unsigned int	 eth0, eth1;

	l = watch_make();
	eth0 = if_nametoindex("eth0");
	eth1 = if_nametoindex("eth1");
	ns_run("ip -6 route add default via 2001:db8:1::2 metric 100");
	watch_begin(l);
	CHECK_TIMES(l, route_is("::/0", eth0, 1), 1);
	watch_clear(l);
	/* By the same interface, with another metric and gateway. */
	ns_run("ip -6 route add default via 2001:db8:1::3 metric 200");
	ns_run("ip -6 route del default via 2001:db8:1::2 metric 100");
	watch_settle(l);
	ATF_CHECK_EQ(l->n, 0);
	/* Not for all packets, or not to anywhere. */
	ns_run("ip -6 route add default from 2001:db8:5::/48 dev eth1");
	ns_run("ip -6 route add unreachable default metric 300");
	ns_run("ip -6 route add default dev eth1 table 77");
	watch_settle(l);
	ATF_CHECK_EQ(l->n, 0);
	ns_run("ip -6 route del default via 2001:db8:1::3 metric 200");
	CHECK_TOLD(l, route_is("::/0", eth0, 0));
	ATF_CHECK_EQ(l->n, 1);
	ns_run("ip -6 route add default via 2001:db8:2::2");
	CHECK_TOLD(l, route_is("::/0", eth1, 1));
}

/* Multipath and replaced routes; gw0 and gw2 are by eth0, gw1 by eth1. */
static void
multipath_check(struct log *l, const char *ip, const char *dflt,
    const char *gw0, const char *gw1, const char *gw2)
{
	unsigned int	 eth0, eth1;

	eth0 = if_nametoindex("eth0");
	eth1 = if_nametoindex("eth1");
	watch_begin(l);
	watch_clear(l);
	ns_run("%s route add default nexthop via %s nexthop via %s", ip, gw0,
	    gw1);
	CHECK_TOLD(l, route_is(dflt, eth0, 1));
	CHECK_TOLD(l, route_is(dflt, eth1, 1));
	watch_clear(l);
	/* Two legs by eth0, then one by eth1 in their place. */
	ns_run("%s route replace default nexthop via %s nexthop via %s", ip,
	    gw0, gw2);
	CHECK_TOLD(l, route_is(dflt, eth1, 0));
	watch_settle(l);
	CHECK_TIMES(l, route_is(dflt, eth0, 0), 0);
	ns_run("%s route replace default via %s", ip, gw1);
	CHECK_TOLD(l, route_is(dflt, eth0, 0));
	CHECK_TOLD(l, route_is(dflt, eth1, 1));
	/* One by one: exactly known, without a count. */
	watch_clear(l);
	ns_run("%s route replace default via %s", ip, gw0);
	CHECK_TOLD(l, route_is(dflt, eth1, 0));
	CHECK_TOLD(l, route_is(dflt, eth0, 1));
	watch_clear(l);
	ns_run("%s route replace default via %s", ip, gw2);
	watch_settle(l);
	ATF_CHECK_EQ(l->n, 0);
	ns_run("%s route del default", ip);
	CHECK_TOLD(l, route_is(dflt, eth0, 0));
	watch_settle(l);
	ATF_CHECK_EQ(l->n, 1);
}

ATF_TC(os_watch_multipath4);
ATF_TC_HEAD(os_watch_multipath4, tc)
{
	ns_head(tc, "IPv4 routes with several legs, and replaced ones", 1);
}
ATF_TC_BODY(os_watch_multipath4, tc)
{
	struct log	*l;

	l = watch_make();
	multipath_check(l, "ip", "0.0.0.0/0", "192.0.2.2", "198.51.100.2",
	    "192.0.2.3");
}

ATF_TC(os_watch_multipath6);
ATF_TC_HEAD(os_watch_multipath6, tc)
{
	ns_head(tc, "IPv6 routes with several legs, and replaced ones", 1);
}
ATF_TC_BODY(os_watch_multipath6, tc)
{
	struct log	*l;

	l = watch_make();
	multipath_check(l, "ip -6", "::/0", "2001:db8:1::2", "2001:db8:2::2",
	    "2001:db8:1::3");
}

ATF_TC(os_watch_silent4);
ATF_TC_HEAD(os_watch_silent4, tc)
{
	ns_head(tc, "IPv4 routes that the kernel removes, or brings back, "
	    "without a word", 1);
}
ATF_TC_BODY(os_watch_silent4, tc)
{
	struct log	*l;
	unsigned int	 eth0, eth1;

	l = watch_make();
	eth0 = if_nametoindex("eth0");
	eth1 = if_nametoindex("eth1");
	ns_run("ip route add default nexthop via 192.0.2.2 "
	    "nexthop via 198.51.100.2");
	ns_run("ip addr add 203.0.113.1/32 dev lo");
	ns_run("ip route add 192.88.99.0/24 dev eth1 src 203.0.113.1");
	watch_begin(l);
	CHECK_TIMES(l, route_is("192.88.99.0/24", eth1, 1), 1);
	watch_clear(l);
	ns_run("ip link set eth0 down");
	CHECK_TOLD(l, route_is("0.0.0.0/0", eth0, 0));
	watch_settle(l);
	CHECK_TIMES(l, route_is("0.0.0.0/0", eth1, 0), 0);
	watch_clear(l);
	ns_run("ip link set eth0 up");
	watch_settle(l);
	/* Whether the leg is back or not: what was told must be true. */
	CHECK_TIMES(l, route_is("0.0.0.0/0", eth0, 1),
	    ns_try("ip route show default | grep -q 'dev eth0 weight 1 *$'"));
	watch_clear(l);
	ns_run("ip addr del 203.0.113.1/32 dev lo");
	CHECK_TOLD(l, route_is("192.88.99.0/24", eth1, 0));
	watch_settle(l);
	ns_run("ip addr del 198.51.100.1/24 dev eth1");
	CHECK_TOLD(l, route_is("0.0.0.0/0", eth1, 0));
}

ATF_TC(os_watch_nexthop);
ATF_TC_HEAD(os_watch_nexthop, tc)
{
	ns_head(tc, "routes through nexthop objects", 1);
}
ATF_TC_BODY(os_watch_nexthop, tc)
{
	struct log	*l;
	unsigned int	 eth0, eth1;

	l = watch_make();
	eth0 = if_nametoindex("eth0");
	eth1 = if_nametoindex("eth1");
	if (!ns_try("ip nexthop add id 7 via 192.0.2.2 dev eth0"))
		atf_tc_skip("no nexthop objects in this kernel");
	ns_run("ip route add default nhid 7");
	watch_begin(l);
	CHECK_TIMES(l, route_is("0.0.0.0/0", eth0, 1), 1);
	ns_run("ip nexthop replace id 7 via 198.51.100.2 dev eth1");
	CHECK_TOLD(l, route_is("0.0.0.0/0", eth1, 1));
	CHECK_TOLD(l, route_is("0.0.0.0/0", eth0, 0));
	ns_run("ip nexthop del id 7");
	CHECK_TOLD(l, route_is("0.0.0.0/0", eth1, 0));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, os_watch_default);
	ATF_TP_ADD_TC(tp, os_watch_multipath4);
	ATF_TP_ADD_TC(tp, os_watch_multipath6);
	ATF_TP_ADD_TC(tp, os_watch_silent4);
	ATF_TP_ADD_TC(tp, os_watch_nexthop);
	return (atf_no_error());
}
