/*
 * Tests of relayd6/signs.c: every hard sign alone makes the relay unhealthy,
 * and comes back; what does not concern us changes nothing.
 */
#include <arpa/inet.h>

#include <atf-c.h>
#include <stdio.h>
#include <string.h>

#include "signs.h"

#define TUN	7
#define ETH0	2
#define ETH1	3

static struct prefix
prefix(const char *s)
{
	struct prefix	 p;

	ATF_REQUIRE_EQ(prefix_parse(&p, s), 0);
	return (p);
}

static void
link_change(struct signs *s, unsigned int ifindex, int up)
{
	struct os_change	 c = { .event = OS_EV_LINK };

	c.ifindex = ifindex;
	c.up = up;
	signs_change(s, &c);
}

static void
addr_change_on(struct signs *s, const char *addr, unsigned int ifindex, int up)
{
	struct os_change	 c = { .event = OS_EV_ADDR };

	c.ifindex = ifindex;
	c.up = up;
	ATF_REQUIRE_EQ(ipaddr_parse(&c.addr, addr), 0);
	signs_change(s, &c);
}

static void
addr_change(struct signs *s, const char *addr, int up)
{
	addr_change_on(s, addr, 1, up);
}

static void
route_change(struct signs *s, const char *p, unsigned int ifindex, int up)
{
	struct os_change	 c = { .event = OS_EV_ROUTE };

	c.ifindex = ifindex;
	c.up = up;
	c.prefix = prefix(p);
	signs_change(s, &c);
}

static void
forward_change(struct signs *s, uint8_t af, unsigned int ifindex, int up)
{
	struct os_change	 c = { .event = OS_EV_FORWARD };

	c.af = af;
	c.ifindex = ifindex;
	c.up = up;
	signs_change(s, &c);
}

static void
plain_change(struct signs *s, enum os_event event)
{
	struct os_change	 c = { .event = event };

	signs_change(s, &c);
}

/* Two addresses, the default routes of both families. */
static void
need_make(struct sign_need *n)
{
	memset(n, 0, sizeof(*n));
	strlcpy(n->interface, "tun6to4", sizeof(n->interface));
	n->ifindex = TUN;
	n->tunnel = prefix("2002::/16");
	n->naddrs = 2;
	n->addrs[0].s_addr = inet_addr("192.88.99.1");
	n->addrs[1].s_addr = inet_addr("11.1.0.1");
	n->nroutes = 2;
	n->routes[0] = prefix("::/0");
	n->routes[1] = prefix("0.0.0.0/0");
}

/* The kernel tells that all is well. */
static void
tell_all(struct signs *s)
{
	link_change(s, TUN, 1);
	addr_change(s, "192.88.99.1", 1);
	addr_change(s, "11.1.0.1", 1);
	route_change(s, "2002::/16", TUN, 1);
	route_change(s, "::/0", ETH0, 1);
	route_change(s, "0.0.0.0/0", ETH0, 1);
	forward_change(s, 6, 0, 1);
}

static void
all_good(struct signs *s)
{
	struct sign_need	 need;

	need_make(&need);
	memset(s, 0, sizeof(*s));
	signs_need(s, &need);
	plain_change(s, OS_EV_RESYNC);
	tell_all(s);
	plain_change(s, OS_EV_SYNCED);
}

static void
check_good(const struct signs *s)
{
	char	 why[LIMIT_REASON] = "";

	ATF_CHECK_MSG(signs_good(s, why, sizeof(why)), "%s", why);
}

static void
check_bad(const struct signs *s, const char *reason)
{
	char	 why[LIMIT_REASON] = "nothing";

	ATF_CHECK_EQ(signs_good(s, why, sizeof(why)), 0);
	ATF_CHECK_STREQ(why, reason);
}

/* Before the kernel has told everything, nothing is good. */
ATF_TC_WITHOUT_HEAD(signs_need);
ATF_TC_BODY(signs_need, tc)
{
	struct sign_need	 need;
	struct signs		 s;

	need_make(&need);
	memset(&s, 0, sizeof(s));
	signs_need(&s, &need);
	check_bad(&s, "its state is not known yet");
	plain_change(&s, OS_EV_RESYNC);
	tell_all(&s);
	check_bad(&s, "its state is not known yet");
	plain_change(&s, OS_EV_SYNCED);
	check_good(&s);
}

/* Other needs are judged once a whole dump has looked for them. */
ATF_TC_WITHOUT_HEAD(signs_need_again);
ATF_TC_BODY(signs_need_again, tc)
{
	struct sign_need	 need;
	struct signs		 s;

	all_good(&s);
	need_make(&need);
	need.routes[0] = prefix("2001:db8::/32");
	signs_need(&s, &need);
	check_good(&s);
	plain_change(&s, OS_EV_RESYNC);
	tell_all(&s);
	check_good(&s);
	link_change(&s, TUN, 0);
	check_bad(&s, "tun6to4 is down");
	link_change(&s, TUN, 1);
	check_good(&s);
	plain_change(&s, OS_EV_SYNCED);
	check_bad(&s, "there is no route to 2001:db8::/32");
	route_change(&s, "2001:db8::/32", ETH0, 1);
	check_good(&s);
}

ATF_TC_WITHOUT_HEAD(sign_processes);
ATF_TC_BODY(sign_processes, tc)
{
	struct signs	 s;

	all_good(&s);
	s.relay_silent = 1;
	check_bad(&s, "the relay process does not answer");
	s.relay_gone = 1;
	check_bad(&s, "the relay process died");
	s.relay_gone = s.relay_silent = 0;
	check_good(&s);
	s.parent_silent = 1;
	check_bad(&s, "the parent process does not answer");
}

/*
 * While a dump is read again the old state is judged, kept up to date; what
 * the dump did not tell is gone when it is over.
 */
ATF_TC_WITHOUT_HEAD(sign_kernel_resync);
ATF_TC_BODY(sign_kernel_resync, tc)
{
	struct signs	 s;

	all_good(&s);
	plain_change(&s, OS_EV_RESYNC);
	check_good(&s);
	addr_change(&s, "11.1.0.1", 0);
	check_bad(&s, "11.1.0.1 is not on this host");
	plain_change(&s, OS_EV_SYNCED);
	check_bad(&s, "tun6to4 is down");
	link_change(&s, TUN, 1);
	check_bad(&s, "2002::/16 does not go into tun6to4");
	route_change(&s, "2002::/16", TUN, 1);
	check_bad(&s, "IPv6 forwarding is off");
	forward_change(&s, 6, 0, 1);
	check_bad(&s, "192.88.99.1 is not on this host");
	addr_change(&s, "192.88.99.1", 1);
	check_bad(&s, "11.1.0.1 is not on this host");
	addr_change(&s, "11.1.0.1", 1);
	check_bad(&s, "there is no route to ::/0");
	route_change(&s, "::/0", ETH0, 1);
	check_bad(&s, "there is no route to 0.0.0.0/0");
	route_change(&s, "0.0.0.0/0", ETH0, 1);
	check_good(&s);
}

/* A dump that is broken off and begins anew starts from nothing. */
ATF_TC_WITHOUT_HEAD(sign_kernel_resync_twice);
ATF_TC_BODY(sign_kernel_resync_twice, tc)
{
	struct signs	 s;

	all_good(&s);
	plain_change(&s, OS_EV_RESYNC);
	tell_all(&s);
	plain_change(&s, OS_EV_RESYNC);
	plain_change(&s, OS_EV_SYNCED);
	check_bad(&s, "tun6to4 is down");
}

ATF_TC_WITHOUT_HEAD(sign_tun);
ATF_TC_BODY(sign_tun, tc)
{
	struct signs	 s;

	all_good(&s);
	link_change(&s, ETH0, 0);
	check_good(&s);
	link_change(&s, TUN, 0);
	check_bad(&s, "tun6to4 is down");
	link_change(&s, ETH0, 1);
	check_bad(&s, "tun6to4 is down");
	link_change(&s, TUN, 1);
	check_good(&s);
}

/* The route must go into our device, wherever else it goes too. */
ATF_TC_WITHOUT_HEAD(sign_tunnel_route);
ATF_TC_BODY(sign_tunnel_route, tc)
{
	struct signs	 s;

	all_good(&s);
	route_change(&s, "2002::/16", ETH0, 1);
	check_good(&s);
	route_change(&s, "2002::/16", TUN, 0);
	check_bad(&s, "2002::/16 does not go into tun6to4");
	route_change(&s, "2002::/15", TUN, 1);
	route_change(&s, "2002::/17", TUN, 1);
	check_bad(&s, "2002::/16 does not go into tun6to4");
	route_change(&s, "2002::/16", TUN, 1);
	check_good(&s);
}

ATF_TC_WITHOUT_HEAD(sign_forwarding);
ATF_TC_BODY(sign_forwarding, tc)
{
	struct signs	 s;

	all_good(&s);
	forward_change(&s, 4, 0, 0);
	forward_change(&s, 6, ETH0, 0);
	check_good(&s);
	forward_change(&s, 6, 0, 0);
	check_bad(&s, "IPv6 forwarding is off");
	forward_change(&s, 4, 0, 1);
	forward_change(&s, 6, ETH0, 1);
	check_bad(&s, "IPv6 forwarding is off");
	forward_change(&s, 6, 0, 1);
	check_good(&s);
}

ATF_TC_WITHOUT_HEAD(sign_listen);
ATF_TC_BODY(sign_listen, tc)
{
	struct signs	 s;

	all_good(&s);
	addr_change(&s, "11.1.0.2", 0);
	/* An IPv6 address that begins with the same bytes. */
	addr_change(&s, "b01:1::", 0);
	addr_change(&s, "c058:6301::", 0);
	check_good(&s);
	addr_change(&s, "11.1.0.1", 0);
	check_bad(&s, "11.1.0.1 is not on this host");
	addr_change(&s, "192.88.99.1", 0);
	check_bad(&s, "192.88.99.1 is not on this host");
	addr_change(&s, "192.88.99.1", 1);
	addr_change(&s, "11.1.0.1", 1);
	check_good(&s);
}

/* An address that two interfaces have is there until both have lost it. */
ATF_TC_WITHOUT_HEAD(sign_listen_twice);
ATF_TC_BODY(sign_listen_twice, tc)
{
	struct signs	 s;

	all_good(&s);
	addr_change_on(&s, "11.1.0.1", ETH0, 1);
	addr_change_on(&s, "11.1.0.1", 1, 0);
	check_good(&s);
	addr_change_on(&s, "11.1.0.1", ETH1, 0);
	check_good(&s);
	addr_change_on(&s, "11.1.0.1", ETH0, 0);
	check_bad(&s, "11.1.0.1 is not on this host");
}

/* Legs come and go; told twice is told once. */
ATF_TC_WITHOUT_HEAD(sign_route);
ATF_TC_BODY(sign_route, tc)
{
	struct signs	 s;

	all_good(&s);
	route_change(&s, "::/0", ETH0, 1);
	route_change(&s, "::/0", ETH1, 1);
	route_change(&s, "::/0", ETH0, 0);
	check_good(&s);
	route_change(&s, "::/0", ETH0, 0);
	check_good(&s);
	route_change(&s, "::/0", ETH1, 0);
	check_bad(&s, "there is no route to ::/0");
	route_change(&s, "::/1", ETH1, 1);
	route_change(&s, "0.0.0.0/0", ETH1, 1);
	check_bad(&s, "there is no route to ::/0");
	/* The kernel did not tell by which interface. */
	route_change(&s, "::/0", 0, 1);
	check_good(&s);
}

/* More legs than are remembered: never more good than there is. */
ATF_TC_WITHOUT_HEAD(LIMIT_SIGN_LEGS);
ATF_TC_BODY(LIMIT_SIGN_LEGS, tc)
{
	struct signs	 s;
	unsigned int	 i;

	all_good(&s);
	for (i = 0; i < 2 * LIMIT_SIGN_LEGS; i++)
		route_change(&s, "::/0", 100 + i, 1);
	check_good(&s);
	for (i = 0; i < 2 * LIMIT_SIGN_LEGS; i++)
		route_change(&s, "::/0", 100 + i, 0);
	check_good(&s);
	route_change(&s, "::/0", ETH0, 0);
	check_bad(&s, "there is no route to ::/0");
}

/* The table of show health: every sign has a name, and says both ways. */
ATF_TC_WITHOUT_HEAD(signs_get);
ATF_TC_BODY(signs_get, tc)
{
	static const char *const	 names[] = {
		"processes", "kernel", "interface", "tunnel route",
		"forwarding", "address", "address",
		"IPv6 route", "IPv4 route"
	};
	const int			 n = sizeof(names) / sizeof(names[0]);
	struct sign_need		 need;
	struct ctl_sign			 good, bad;
	struct signs			 s, none;
	int				 i;

	all_good(&s);
	need_make(&need);
	memset(&none, 0, sizeof(none));
	none.now.need = need;
	none.relay_gone = 1;
	for (i = 0; i < n; i++) {
		memset(&good, 0xff, sizeof(good));
		ATF_REQUIRE_EQ(signs_get(&s, i, &good), 1);
		ATF_REQUIRE_EQ(signs_get(&none, i, &bad), 1);
		ATF_CHECK_STREQ(good.name, names[i]);
		ATF_CHECK_STREQ(bad.name, names[i]);
		ATF_CHECK(good.ok && good.hard && !bad.ok && bad.hard);
		ATF_CHECK(good.detail[0] != '\0');
		ATF_CHECK(strcmp(good.detail, bad.detail) != 0);
	}
	ATF_CHECK_EQ(signs_get(&s, n, &good), 0);
	ATF_CHECK_EQ(signs_get(&s, n + 1, &good), 0);
}

/* As many of everything as the configuration allows. */
ATF_TC_WITHOUT_HEAD(LIMIT_SIGN_ROUTES);
ATF_TC_BODY(LIMIT_SIGN_ROUTES, tc)
{
	struct sign_need	 need;
	struct ctl_sign		 cs;
	struct signs		 s;
	char			 text[32];
	uint32_t		 i;

	need_make(&need);
	need.naddrs = SIGN_ADDRS;
	for (i = 0; i < SIGN_ADDRS; i++)
		need.addrs[i].s_addr = htonl(0x0b010001 + i);
	need.nroutes = LIMIT_SIGN_ROUTES;
	memset(&s, 0, sizeof(s));
	for (i = 0; i < LIMIT_SIGN_ROUTES; i++) {
		snprintf(text, sizeof(text), "2a10:%x::/32", i);
		need.routes[i] = prefix(text);
	}
	signs_need(&s, &need);
	plain_change(&s, OS_EV_RESYNC);
	for (i = 0; i < LIMIT_SIGN_ROUTES; i++) {
		snprintf(text, sizeof(text), "2a10:%x::/32", i);
		route_change(&s, text, ETH0, 1);
	}
	for (i = 0; i < SIGN_ADDRS; i++) {
		snprintf(text, sizeof(text), "11.1.0.%u", i + 1);
		addr_change(&s, text, 1);
	}
	link_change(&s, TUN, 1);
	route_change(&s, "2002::/16", TUN, 1);
	forward_change(&s, 6, 0, 1);
	plain_change(&s, OS_EV_SYNCED);
	check_good(&s);
	for (i = 0; signs_get(&s, i, &cs); i++)
		;
	ATF_CHECK_EQ(i, 5 + SIGN_ADDRS + LIMIT_SIGN_ROUTES);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, signs_need);
	ATF_TP_ADD_TC(tp, signs_need_again);
	ATF_TP_ADD_TC(tp, sign_processes);
	ATF_TP_ADD_TC(tp, sign_kernel_resync);
	ATF_TP_ADD_TC(tp, sign_kernel_resync_twice);
	ATF_TP_ADD_TC(tp, sign_tun);
	ATF_TP_ADD_TC(tp, sign_tunnel_route);
	ATF_TP_ADD_TC(tp, sign_forwarding);
	ATF_TP_ADD_TC(tp, sign_listen);
	ATF_TP_ADD_TC(tp, sign_listen_twice);
	ATF_TP_ADD_TC(tp, sign_route);
	ATF_TP_ADD_TC(tp, LIMIT_SIGN_LEGS);
	ATF_TP_ADD_TC(tp, signs_get);
	ATF_TP_ADD_TC(tp, LIMIT_SIGN_ROUTES);
	return (atf_no_error());
}
