/*
 * Tests of raw sockets for OSPFv3, os/linux/ospf.c: two interfaces that are
 * the ends of one link.
 */
#include <sys/types.h>
#include <netinet/in.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "ns.h"
#include "os.h"

#define LARGE	5000	/* more than an MTU */

struct end {
	int		 fd;
	unsigned int	 ifindex;
	struct in6_addr	 addr;
};

static struct in6_addr
in6(const char *s)
{
	struct ipaddr	 a = ns_addr(s);
	struct in6_addr	 in;

	memcpy(&in, a.b, sizeof(in));
	return (in);
}

static void
link_make(struct end *a, struct end *b)
{
	ns_enter();
	ns_run("ip link add a0 type veth peer name b0");
	ns_run("ip link set a0 addrgenmode none up");
	ns_run("ip link set b0 addrgenmode none up");
	ns_run("ip addr add fe80::a/64 dev a0 nodad");
	ns_run("ip addr add fe80::b/64 dev b0 nodad");
	ATF_REQUIRE((a->fd = os_ospf_open("a0", &a->ifindex)) != -1);
	ATF_REQUIRE((b->fd = os_ospf_open("b0", &b->ifindex)) != -1);
	a->addr = in6("fe80::a");
	b->addr = in6("fe80::b");
}

/* len bytes from a to dst arrive at b as they were. */
static void
passes(const struct end *a, const struct end *b, const struct in6_addr *dst,
    size_t len)
{
	static const uint8_t	 sent[LARGE] = { 3, 1, [LARGE - 1] = 9 };
	uint8_t			 got[LARGE + 1];
	struct in6_addr		 from, to;

	ATF_REQUIRE_EQ(os_ospf_send(a->fd, a->ifindex, &a->addr, dst, sent,
	    len), 0);
	ATF_REQUIRE(ns_readable(b->fd, PATIENCE));
	ATF_CHECK_EQ(os_ospf_recv(b->fd, got, sizeof(got), &from, &to),
	    (ssize_t)len);
	ATF_CHECK_EQ(memcmp(got, sent, len), 0);
	ATF_CHECK(IN6_ARE_ADDR_EQUAL(&from, &a->addr));
	ATF_CHECK(IN6_ARE_ADDR_EQUAL(&to, dst));
}

ATF_TC(os_ospf_send);
ATF_TC_HEAD(os_ospf_send, tc)
{
	ns_head(tc, "to one and to all, small and in fragments", 1);
}
ATF_TC_BODY(os_ospf_send, tc)
{
	struct in6_addr	 all = in6("ff02::5"), drs = in6("ff02::6");
	struct end	 a, b;

	link_make(&a, &b);
	passes(&a, &b, &all, 36);
	passes(&a, &b, &drs, 36);
	passes(&a, &b, &b.addr, 36);
	passes(&b, &a, &a.addr, LARGE);
	passes(&b, &a, &all, LARGE);
	/* Nobody hears what it said itself, or what is said elsewhere. */
	ATF_CHECK(!ns_readable(a.fd, 50));
	ATF_CHECK(!ns_readable(b.fd, 50));
}

ATF_TC(os_ospf_recv);
ATF_TC_HEAD(os_ospf_recv, tc)
{
	ns_head(tc, "nothing is there: it does not wait", 1);
}
ATF_TC_BODY(os_ospf_recv, tc)
{
	struct in6_addr	 from, to;
	struct end	 a, b;
	uint8_t		 buf[64];

	link_make(&a, &b);
	ATF_CHECK_EQ(os_ospf_recv(a.fd, buf, sizeof(buf), &from, &to), -1);
	ATF_CHECK_EQ(errno, EAGAIN);
}

ATF_TC(os_ospf_open);
ATF_TC_HEAD(os_ospf_open, tc)
{
	ns_head(tc, "no such interface", 1);
}
ATF_TC_BODY(os_ospf_open, tc)
{
	unsigned int	 ifindex;

	ns_enter();
	ATF_CHECK_EQ(os_ospf_open("no-such0", &ifindex), -1);
	ATF_CHECK_EQ(errno, ENODEV);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, os_ospf_open);
	ATF_TP_ADD_TC(tp, os_ospf_send);
	ATF_TP_ADD_TC(tp, os_ospf_recv);
	return (atf_no_error());
}
