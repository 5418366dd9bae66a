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

#include "ns.h"
#include "os.h"

#define NCHANGES	8192

/* A watcher and all it told since the last watch_clear(). */
struct log {
	struct os_watch		*w;
	int			 fd;
	size_t			 n;
	struct os_change	 c[NCHANGES];
};

static void
change_note(void *arg, const struct os_change *c)
{
	struct log	*l = arg;

	if (l->n < NCHANGES)
		l->c[l->n++] = *c;
}

static void
watch_clear(struct log *l)
{
	l->n = 0;
}

/* True when c says all that is set in want. */
static int
change_matches(const struct os_change *c, const struct os_change *want)
{
	if (c->event != want->event || c->up != want->up)
		return (0);
	if (want->ifindex != 0 && c->ifindex != want->ifindex)
		return (0);
	if (want->name[0] != '\0' && strcmp(c->name, want->name) != 0)
		return (0);
	if (want->addr.af != 0 && !ipaddr_equal(&c->addr, &want->addr))
		return (0);
	if (want->event == OS_EV_FORWARD && (c->af != want->af ||
	    c->ifindex != want->ifindex))
		return (0);
	return (want->prefix.af == 0 ||
	    prefix_equal(&c->prefix, &want->prefix));
}

static int
watch_count(const struct log *l, const struct os_change *want)
{
	size_t	 i;
	int	 n = 0;

	for (i = 0; i < l->n; i++)
		n += change_matches(&l->c[i], want);
	return (n);
}

/* Read until it is told, at most two seconds; returns how often it was. */
static int
watch_wait(struct log *l, const struct os_change *want)
{
	int	 n;

	while ((n = watch_count(l, want)) == 0 && ns_readable(l->fd, 2000))
		ATF_REQUIRE_EQ(os_watch_read(l->w, change_note, l), 0);
	return (n);
}

/* Read until nothing comes any more. */
static void
watch_settle(struct log *l)
{
	while (ns_readable(l->fd, 300))
		ATF_REQUIRE_EQ(os_watch_read(l->w, change_note, l), 0);
}

static struct os_change
mark(enum os_event event)
{
	struct os_change	 c;

	memset(&c, 0, sizeof(c));
	c.event = event;
	return (c);
}

static struct os_change
link_is(const char *name, int up)
{
	struct os_change	 c;

	c = mark(OS_EV_LINK);
	strlcpy(c.name, name, sizeof(c.name));
	c.up = up;
	return (c);
}

static struct os_change
addr_is(const char *addr, unsigned int ifindex, int up)
{
	struct os_change	 c;

	c = mark(OS_EV_ADDR);
	c.addr = ns_addr(addr);
	c.ifindex = ifindex;
	c.up = up;
	return (c);
}

static struct os_change
route_is(const char *prefix, unsigned int ifindex, int up)
{
	struct os_change	 c;

	c = mark(OS_EV_ROUTE);
	c.prefix = ns_prefix(prefix);
	c.ifindex = ifindex;
	c.up = up;
	return (c);
}

static struct os_change
forward_is(uint8_t af, unsigned int ifindex, int up)
{
	struct os_change	 c;

	c = mark(OS_EV_FORWARD);
	c.af = af;
	c.ifindex = ifindex;
	c.up = up;
	return (c);
}

#define CHECK_TOLD(l, what) do {					\
	struct os_change	 want_;					\
									\
	want_ = (what);							\
	ATF_CHECK_MSG(watch_wait(l, &want_) > 0, "not told: " #what);	\
} while (0)

#define CHECK_TIMES(l, what, times) do {				\
	struct os_change	 want_;					\
	int			 n_;					\
									\
	want_ = (what);							\
	n_ = watch_count(l, &want_);					\
	ATF_CHECK_MSG(n_ == (times), "%d times: " #what, n_);		\
} while (0)

/*
 * A watcher in a namespace with two interfaces, eth0 and eth1, whose other
 * ends are there as well.
 */
static struct log *
watch_make(void)
{
	static struct log	 l;
	struct prefix		 p[5];

	ns_enter();
	ns_run("sysctl -qw net.ipv6.conf.default.accept_dad=0");
	ns_run("ip link add eth0 type veth peer name peer0");
	ns_run("ip link add eth1 type veth peer name peer1");
	ns_run("for i in eth0 peer0 eth1 peer1; do ip link set $i up; done");
	ns_run("ip addr add 192.0.2.1/24 dev eth0");
	ns_run("ip addr add 198.51.100.1/24 dev eth1");
	ns_run("ip addr add 2001:db8:1::1/64 dev eth0 nodad");
	ns_run("ip addr add 2001:db8:2::1/64 dev eth1 nodad");
	p[0] = ns_prefix("0.0.0.0/0");
	p[1] = ns_prefix("::/0");
	p[2] = ns_prefix("2002::/16");
	p[3] = ns_prefix("192.88.99.0/24");
	p[4] = ns_prefix("2000::/3");
	ATF_REQUIRE((l.fd = os_watch_open()) != -1);
	ATF_REQUIRE((l.w = os_watch_new(l.fd)) != NULL);
	ATF_REQUIRE_EQ(os_watch_routes(l.w, p, 5), 0);
	return (&l);
}

static void
watch_begin(struct log *l)
{
	ATF_REQUIRE_EQ(os_watch_start(l->w), 0);
	CHECK_TOLD(l, mark(OS_EV_SYNCED));
	watch_settle(l);
}

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
	CHECK_TOLD(l, addr_is("2001:db8:7::1", eth0, 0));
	CHECK_TIMES(l, addr_is("2001:db8:7::1", eth0, 1), 0);
	CHECK_TOLD(l, addr_is("2001:db8:7::1", eth0, 1));
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
	ATF_TP_ADD_TC(tp, os_watch_default);
	ATF_TP_ADD_TC(tp, os_watch_multipath4);
	ATF_TP_ADD_TC(tp, os_watch_multipath6);
	ATF_TP_ADD_TC(tp, os_watch_silent4);
	ATF_TP_ADD_TC(tp, os_watch_nexthop);
	ATF_TP_ADD_TC(tp, os_watch_overrun);
	ATF_TP_ADD_TC(tp, os_watch_many);
	return (atf_no_error());
}
