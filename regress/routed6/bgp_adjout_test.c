/*
 * Tests of what a peer is told, routed6/bgp_adjout.c.
 */
#include <atf-c.h>
#include <stdio.h>
#include <string.h>

#include "bgp_adjout.h"
#include "bgp_net.h"
#include "bgp_wire.h"

struct world {
	struct bgp_adjout	 adj;
	struct bgp_session	 s;
	uint8_t			 b[BGP_MSG_MAX];
	size_t			 len;
	struct bgp_update	 u;	/* b, as the peer reads it */
};

static void
world_init(struct world *w, const char *local)
{
	memset(w, 0, sizeof(*w));
	w->s.local_as = 64600;
	w->s.as4 = w->s.ip4 = w->s.ip6 = 1;
	ATF_REQUIRE_EQ(ipaddr_parse(&w->s.local, local), 0);
	bgp_adjout_init(&w->adj);
}

static void
want_all(struct world *w, const struct bgp_announce *set, size_t n)
{
	ATF_REQUIRE_EQ(bgp_adjout_set(&w->adj, set, n), 0);
}

static void
want(struct world *w, const char *a, const char *b)
{
	struct bgp_announce	 set[2];
	size_t			 n = 0;

	if (a != NULL)
		set[n++] = net_announce(a);
	if (b != NULL)
		set[n++] = net_announce(b);
	want_all(w, set, n);
}

/* The next UPDATE: 'W', 'A' or, when there is none, 0. */
static int
next(struct world *w)
{
	struct bgp_error	 e;
	struct wr		 wr;
	struct rd		 r;
	uint8_t			 type;
	int			 kind = 'W';

	wr_init(&wr, w->b, sizeof(w->b));
	if (!bgp_adjout_withdraw(&w->adj, &wr)) {
		kind = 'A';
		if (!bgp_adjout_announce(&w->adj, &wr))
			return (0);
	}
	w->len = wr.len;
	ATF_REQUIRE_EQ(wr_end(&wr), bgp_frame(w->b, wr.len, BGP_MSG_MAX,
	    &type, &e));
	ATF_CHECK_EQ(type, BGP_UPDATE);
	rd_init(&r, w->b + BGP_HEADER_LEN, wr.len - BGP_HEADER_LEN);
	ATF_CHECK_EQ(bgp_update_parse(&r, &w->s, &w->u, &e), 0);
	ATF_CHECK_EQ(w->u.verdict, BGP_V_OK);
	ATF_CHECK_EQ(w->u.reach == 0, kind == 'W');
	return (kind);
}

/* The next UPDATE is about so many prefixes. */
static void
next_is(struct world *w, int kind, unsigned int n)
{
	ATF_CHECK_EQ(next(w), kind);
	ATF_CHECK_EQ(kind == 'A' ? w->u.reach : w->u.unreach, n);
}

/* The next UPDATEs are of these kinds, and that is all there is to tell. */
static void
tells(struct world *w, const char *kinds)
{
	for (; *kinds != '\0'; kinds++)
		ATF_CHECK_EQ(next(w), *kinds);
	ATF_CHECK_EQ(next(w), 0);
}

static void
bytes(const struct world *w, const void *want_bytes, size_t len)
{
	ATF_CHECK_EQ(w->len, len + BGP_HEADER_LEN);
	ATF_CHECK(memcmp(w->b + BGP_HEADER_LEN, want_bytes, len) == 0);
}
#define BYTES(w, s)	bytes(w, s, sizeof(s) - 1)

#define IP6_1	"\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1"

/* IPv6 to an external peer, byte for byte: RFC 4760, RFC 7606 5.1. */
ATF_TC_WITHOUT_HEAD(bgp_adjout_announce_ip6);
ATF_TC_BODY(bgp_adjout_announce_ip6, tc)
{
	struct world	 w;

	world_init(&w, "2001:db8::1");
	bgp_adjout_up(&w.adj, &w.s);
	want(&w, "2002::/16", "2001::/32");
	ATF_CHECK_EQ(next(&w), 'A');
	BYTES(&w, "\0\0" "\0\x2e"
	    "\x90\x0e\0\x1d" "\0\2\1\x10" IP6_1 "\0"
	    "\x10\x20\x02" "\x20\x20\x01\0\0"
	    "\x40\x01\x01\0" "\x40\x02\x06\x02\x01\0\0\xfc\x58");
	tells(&w, "");
	ATF_CHECK_EQ(bgp_adjout_told(&w.adj), 2);

	want(&w, NULL, NULL);
	ATF_CHECK_EQ(next(&w), 'W');
	BYTES(&w, "\0\0" "\0\x0f" "\x90\x0f\0\x0b" "\0\2\1"
	    "\x10\x20\x02" "\x20\x20\x01\0\0");
	tells(&w, "");
	ATF_CHECK_EQ(bgp_adjout_told(&w.adj), 0);
}

/* IPv4 to an internal peer: empty path, LOCAL_PREF, all attributes. */
ATF_TC_WITHOUT_HEAD(bgp_adjout_announce_ip4_ibgp);
ATF_TC_BODY(bgp_adjout_announce_ip4_ibgp, tc)
{
	struct bgp_announce	 a = net_announce("192.88.99.0/24");
	struct world		 w;

	world_init(&w, "10.0.0.1");
	w.s.ibgp = 1;
	a.attrs.has = BGP_HAS_MED;
	a.attrs.med = 7;
	a.attrs.ncomm = 1;
	a.attrs.comm[0] = 0xffffff01;
	a.attrs.nlarge = 1;
	a.attrs.large[0] = (struct bgp_large){ 1, 2, 3 };
	bgp_adjout_up(&w.adj, &w.s);
	want_all(&w, &a, 1);
	ATF_CHECK_EQ(next(&w), 'A');
	BYTES(&w, "\0\0" "\0\x32" "\x40\x01\x01\0" "\x40\x02\0"
	    "\x40\x03\x04\x0a\0\0\1" "\x80\x04\x04\0\0\0\x07"
	    "\x40\x05\x04\0\0\0\x64" "\xc0\x08\x04\xff\xff\xff\x01"
	    "\xc0\x20\x0c\0\0\0\1\0\0\0\2\0\0\0\3"
	    "\x18\xc0\x58\x63");
	want(&w, NULL, NULL);
	ATF_CHECK_EQ(next(&w), 'W');
	BYTES(&w, "\0\4\x18\xc0\x58\x63\0\0");
}

/* RFC 6793 4.2.2: a big AS number for a peer that knows only small ones. */
ATF_TC_WITHOUT_HEAD(bgp_adjout_announce_as_trans);
ATF_TC_BODY(bgp_adjout_announce_as_trans, tc)
{
	struct world	 w;

	world_init(&w, "10.0.0.1");
	w.s.as4 = 0;
	w.s.local_as = 4200000001;
	bgp_adjout_up(&w.adj, &w.s);
	want(&w, "10.1.0.0/16", NULL);
	ATF_CHECK_EQ(next(&w), 'A');
	BYTES(&w, "\0\0" "\0\x1b" "\x40\x01\x01\0"
	    "\x40\x02\x04\x02\x01\x5b\xa0" "\x40\x03\x04\x0a\0\0\1"
	    "\xc0\x11\x06\x02\x01\xfa\x56\xea\x01" "\x10\x0a\x01");

	/* A small one needs no substitute. */
	world_init(&w, "10.0.0.1");
	w.s.as4 = 0;
	bgp_adjout_up(&w.adj, &w.s);
	want(&w, "10.1.0.0/16", NULL);
	ATF_CHECK_EQ(next(&w), 'A');
	BYTES(&w, "\0\0" "\0\x12" "\x40\x01\x01\0"
	    "\x40\x02\x04\x02\x01\xfc\x58" "\x40\x03\x04\x0a\0\0\1"
	    "\x10\x0a\x01");
}

/* The next hop chosen, or why there is none. */
static void
check_why(const struct bgp_session *s, const char *prefix,
    const char *override, enum bgp_why why, const char *nexthop)
{
	struct bgp_announce	 a = net_announce(prefix);
	struct ipaddr		 nh;
	char			 buf[IPADDR_STRLEN];

	if (override != NULL)
		ATF_REQUIRE_EQ(ipaddr_parse(&a.nexthop, override), 0);
	ATF_CHECK_EQ(bgp_adjout_why(s, &a, &nh), why);
	if (why == BGP_WHY_OK)
		ATF_CHECK_STREQ(ipaddr_print(&nh, buf, sizeof(buf)), nexthop);
	ATF_CHECK(strlen(bgp_why_words(why)) > 1);
}

ATF_TC_WITHOUT_HEAD(bgp_adjout_why);
ATF_TC_BODY(bgp_adjout_why, tc)
{
	struct world	 w;

	world_init(&w, "2001:db8::1");
	check_why(&w.s, "2002::/16", NULL, BGP_WHY_OK, "2001:db8::1");
	check_why(&w.s, "2002::/16", "2001:db8::9", BGP_WHY_OK,
	    "2001:db8::9");
	check_why(&w.s, "2002::/16", "10.0.0.9", BGP_WHY_NEXTHOP, NULL);
	check_why(&w.s, "10.0.0.0/8", NULL, BGP_WHY_NEXTHOP, NULL);
	w.s.extnh = 1;			/* RFC 8950 */
	check_why(&w.s, "10.0.0.0/8", NULL, BGP_WHY_OK, "2001:db8::1");
	ATF_REQUIRE_EQ(ipaddr_parse(&w.s.nexthop4, "10.0.0.1"), 0);
	check_why(&w.s, "10.0.0.0/8", NULL, BGP_WHY_OK, "10.0.0.1");
	w.s.extnh = 0;
	check_why(&w.s, "10.0.0.0/8", NULL, BGP_WHY_OK, "10.0.0.1");
	w.s.ip4 = 0;
	check_why(&w.s, "10.0.0.0/8", NULL, BGP_WHY_FAMILY, NULL);

	world_init(&w, "10.0.0.1");
	check_why(&w.s, "10.0.0.0/8", NULL, BGP_WHY_OK, "10.0.0.1");
	check_why(&w.s, "2002::/16", NULL, BGP_WHY_NEXTHOP, NULL);
	ATF_REQUIRE_EQ(ipaddr_parse(&w.s.nexthop6, "2001:db8::1"), 0);
	check_why(&w.s, "2002::/16", NULL, BGP_WHY_OK, "2001:db8::1");
	w.s.ip6 = 0;
	check_why(&w.s, "2002::/16", NULL, BGP_WHY_FAMILY, NULL);
}

/* RFC 8950 and RFC 2545 on the wire. */
ATF_TC_WITHOUT_HEAD(bgp_adjout_announce_nexthops);
ATF_TC_BODY(bgp_adjout_announce_nexthops, tc)
{
	struct world	 w;

	world_init(&w, "2001:db8::1");
	w.s.extnh = 1;
	bgp_adjout_up(&w.adj, &w.s);
	want(&w, "10.1.0.0/16", NULL);
	ATF_CHECK_EQ(next(&w), 'A');
	BYTES(&w, "\0\0" "\0\x29"
	    "\x90\x0e\0\x18" "\0\1\1\x10" IP6_1 "\0" "\x10\x0a\x01"
	    "\x40\x01\x01\0" "\x40\x02\x06\x02\x01\0\0\xfc\x58");

	/* A link-local session with a global next hop sends both. */
	world_init(&w, "fe80::7");
	ATF_REQUIRE_EQ(ipaddr_parse(&w.s.nexthop6, "2001:db8::1"), 0);
	bgp_adjout_up(&w.adj, &w.s);
	want(&w, "2002::/16", NULL);
	ATF_CHECK_EQ(next(&w), 'A');
	BYTES(&w, "\0\0" "\0\x39"
	    "\x90\x0e\0\x28" "\0\2\1\x20" IP6_1
	    "\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\x07" "\0" "\x10\x20\x02"
	    "\x40\x01\x01\0" "\x40\x02\x06\x02\x01\0\0\xfc\x58");
}

/* One UPDATE for each set of attributes and family. */
ATF_TC_WITHOUT_HEAD(bgp_adjout_announce_groups);
ATF_TC_BODY(bgp_adjout_announce_groups, tc)
{
	struct bgp_announce	 set[5];
	struct world		 w;

	world_init(&w, "10.0.0.1");
	ATF_REQUIRE_EQ(ipaddr_parse(&w.s.nexthop6, "2001:db8::1"), 0);
	bgp_adjout_up(&w.adj, &w.s);
	set[0] = net_announce("10.1.0.0/16");
	set[1] = net_announce("2002::/16");
	set[2] = net_announce("10.2.0.0/16");
	set[3] = net_announce("10.3.0.0/16");
	set[3].attrs.has = BGP_HAS_MED;
	set[4] = net_announce("2001::/32");
	want_all(&w, set, 5);
	next_is(&w, 'A', 2);
	next_is(&w, 'A', 2);
	next_is(&w, 'A', 1);
	tells(&w, "");

	/* A withdrawal of two families is two UPDATEs, before the rest. */
	set[0] = net_announce("10.9.0.0/16");
	want_all(&w, set, 1);
	next_is(&w, 'W', 3);
	next_is(&w, 'W', 2);
	tells(&w, "A");
}

/* Only what changed is said, and only its last form. */
ATF_TC_WITHOUT_HEAD(bgp_adjout_set);
ATF_TC_BODY(bgp_adjout_set, tc)
{
	struct bgp_announce	 a = net_announce("2002::/16");
	struct world		 w;

	world_init(&w, "2001:db8::1");
	want(&w, "2002::/16", "2001::/32");
	tells(&w, "");			/* no session yet */
	bgp_adjout_up(&w.adj, &w.s);
	ATF_CHECK_EQ(next(&w), 'A');
	want(&w, "2001::/32", "2002::/16");
	tells(&w, "");

	/* Gone and back before anyone could be told. */
	want(&w, "2001::/32", NULL);
	want(&w, "2001::/32", "2002::/16");
	tells(&w, "");
	want(&w, "2001::/32", "fd00::/8");
	want(&w, "2001::/32", NULL);
	next_is(&w, 'W', 1);
	tells(&w, "");

	/* Another form of the same prefix replaces it, RFC 4271 9.1.4. */
	want(&w, "2002::/16", NULL);
	ATF_CHECK_EQ(next(&w), 'W');
	ATF_CHECK_EQ(next(&w), 'A');
	a.attrs.has = BGP_HAS_MED;
	want_all(&w, &a, 1);
	tells(&w, "A");
	ATF_CHECK_EQ(bgp_adjout_wanted(&w.adj), 1);
	ATF_CHECK_EQ(bgp_adjout_told(&w.adj), 1);
}

/* Bounds: one too many, impossible members, and all replaced at once. */
ATF_TC_WITHOUT_HEAD(bgp_adjout_set_bounds);
ATF_TC_BODY(bgp_adjout_set_bounds, tc)
{
	static struct bgp_announce	 set[LIMIT_BGP_ANNOUNCE + 1];
	struct world			 w;
	char				 p[PREFIX_STRLEN];
	int				 i, round;

	world_init(&w, "2001:db8::1");
	bgp_adjout_up(&w.adj, &w.s);
	for (round = 0; round < 4; round++) {
		for (i = 0; i <= LIMIT_BGP_ANNOUNCE; i++) {
			snprintf(p, sizeof(p), "2001:db8:%x:%x::/128", round,
			    i);
			set[i] = net_announce(p);
		}
		ATF_CHECK_EQ(bgp_adjout_set(&w.adj, set,
		    LIMIT_BGP_ANNOUNCE + 1), -1);
		want_all(&w, set, LIMIT_BGP_ANNOUNCE);
		/* Rounds 1 and 2 are never told. */
		if (round == 1 || round == 2)
			continue;
		if (round == 3) {
			next_is(&w, 'W', LIMIT_BGP_ANNOUNCE);
		}
		next_is(&w, 'A', LIMIT_BGP_ANNOUNCE);
		tells(&w, "");
	}
	set[0].attrs.ncomm = LIMIT_BGP_COMMUNITIES + 1;
	ATF_CHECK_EQ(bgp_adjout_set(&w.adj, set, 1), -1);
	set[0].attrs.ncomm = 0;
	set[0].prefix.len = 129;
	ATF_CHECK_EQ(bgp_adjout_set(&w.adj, set, 1), -1);
	set[0].prefix.af = 0;
	ATF_CHECK_EQ(bgp_adjout_set(&w.adj, set, 1), -1);
	ATF_CHECK_EQ(bgp_adjout_wanted(&w.adj), LIMIT_BGP_ANNOUNCE);
}

/* The largest attributes with the most prefixes still fit one message. */
ATF_TC_WITHOUT_HEAD(bgp_adjout_announce_largest);
ATF_TC_BODY(bgp_adjout_announce_largest, tc)
{
	static struct bgp_announce	 set[LIMIT_BGP_ANNOUNCE];
	struct world			 w;
	char				 p[PREFIX_STRLEN];
	int				 i, k;

	world_init(&w, "2001:db8::1");
	w.s.as4 = 0;
	w.s.local_as = 4200000001;
	w.s.role = BGP_ROLE_PEER;
	w.s.attrs.has = BGP_HAS_MED | BGP_HAS_PREPEND;
	w.s.attrs.prepend = LIMIT_BGP_PREPEND;
	w.s.attrs.ncomm = w.s.attrs.nlarge = w.s.attrs.next =
	    LIMIT_BGP_COMMUNITIES;
	for (i = 0; i < LIMIT_BGP_COMMUNITIES; i++)
		w.s.attrs.comm[i] = w.s.attrs.large[i].global =
		    w.s.attrs.ext[i] = i + 1;
	bgp_adjout_up(&w.adj, &w.s);
	for (i = 0; i < LIMIT_BGP_ANNOUNCE; i++) {
		snprintf(p, sizeof(p), "2001:db8::%x/128", i);
		set[i] = net_announce(p);
		set[i].attrs.has = BGP_HAS_MED;
		set[i].attrs.ncomm = set[i].attrs.nlarge =
		    set[i].attrs.next = LIMIT_BGP_COMMUNITIES;
		for (k = 0; k < LIMIT_BGP_COMMUNITIES; k++)
			set[i].attrs.comm[k] = set[i].attrs.ext[k] =
			    set[i].attrs.large[k].global = 1000 + k;
	}
	want_all(&w, set, LIMIT_BGP_ANNOUNCE);
	next_is(&w, 'A', LIMIT_BGP_ANNOUNCE);
	tells(&w, "");
}

/* What the prefix says counts; communities of both are said, once. */
ATF_TC_WITHOUT_HEAD(bgp_attrs_build_both);
ATF_TC_BODY(bgp_attrs_build_both, tc)
{
	struct bgp_announce	 a = net_announce("10.1.0.0/16");
	struct world		 w;

	world_init(&w, "10.0.0.1");
	w.s.attrs.has = BGP_HAS_MED | BGP_HAS_PREPEND | BGP_HAS_PREF;
	w.s.attrs.med = 9;
	w.s.attrs.prepend = 2;
	w.s.attrs.pref = 77;		/* not for external peers */
	w.s.attrs.ncomm = 2;
	w.s.attrs.comm[0] = 0xfde80001;
	w.s.attrs.comm[1] = 0xfde80002;
	w.s.attrs.nlarge = 1;
	w.s.attrs.large[0] = (struct bgp_large){ 1, 2, 3 };
	a.attrs.has = BGP_HAS_MED;
	a.attrs.ncomm = 2;
	a.attrs.comm[0] = 0xfde80002;
	a.attrs.comm[1] = 0xffffff01;
	a.attrs.nlarge = 1;
	a.attrs.large[0] = (struct bgp_large){ 1, 2, 3 };
	a.attrs.next = 1;
	a.attrs.ext[0] = w.s.attrs.ext[0] = 0x0002fde800000007;
	w.s.attrs.next = 1;
	bgp_adjout_up(&w.adj, &w.s);
	want_all(&w, &a, 1);
	ATF_CHECK_EQ(next(&w), 'A');
	BYTES(&w, "\0\0" "\0\x4c" "\x40\x01\x01\0"
	    "\x40\x02\x0e\x02\x03\0\0\xfc\x58\0\0\xfc\x58\0\0\xfc\x58"
	    "\x40\x03\x04\x0a\0\0\1" "\x80\x04\x04\0\0\0\0"
	    "\xc0\x08\x0c\xfd\xe8\0\2\xff\xff\xff\x01\xfd\xe8\0\1"
	    "\xc0\x10\x08\0\2\xfd\xe8\0\0\0\7"
	    "\xc0\x20\x0c\0\0\0\1\0\0\0\2\0\0\0\3" "\x10\x0a\x01");
	/* Said again, without what the neighbor is no longer told. */
	memset(&w.s.attrs, 0, sizeof(w.s.attrs));
	w.s.ibgp = 1;
	bgp_adjout_session(&w.adj, &w.s);
	ATF_CHECK_EQ(next(&w), 'A');
	BYTES(&w, "\0\0" "\0\x41" "\x40\x01\x01\0" "\x40\x02\0"
	    "\x40\x03\x04\x0a\0\0\1" "\x80\x04\x04\0\0\0\0"
	    "\x40\x05\x04\0\0\0\x64"
	    "\xc0\x08\x08\xfd\xe8\0\2\xff\xff\xff\x01"
	    "\xc0\x10\x08\0\2\xfd\xe8\0\0\0\7"
	    "\xc0\x20\x0c\0\0\0\1\0\0\0\2\0\0\0\3" "\x10\x0a\x01");
}

/* RFC 8326: who is about to leave says so and is the last choice. */
ATF_TC_WITHOUT_HEAD(bgp_attrs_build_leaving);
ATF_TC_BODY(bgp_attrs_build_leaving, tc)
{
	struct bgp_announce	 a = net_announce("10.1.0.0/16");
	struct world		 w;

	world_init(&w, "10.0.0.1");
	w.s.ibgp = 1;
	bgp_adjout_up(&w.adj, &w.s);
	want_all(&w, &a, 1);
	ATF_CHECK_EQ(next(&w), 'A');
	a.leaving = 1;
	want_all(&w, &a, 1);
	ATF_CHECK_EQ(next(&w), 'A');
	BYTES(&w, "\0\0" "\0\x1c" "\x40\x01\x01\0" "\x40\x02\0"
	    "\x40\x03\x04\x0a\0\0\1" "\x40\x05\x04\0\0\0\0"
	    "\xc0\x08\x04\xff\xff\0\0" "\x10\x0a\x01");
	tells(&w, "");
}

/* Does an external peer get the attribute when we have that role? */
static int
said_otc(enum bgp_role role, int ibgp)
{
	static const uint8_t	 otc[] = { 0xc0, 35, 4, 0, 0, 0xfc, 0x58 };
	struct world		 w;

	world_init(&w, "2001:db8::1");
	w.s.role = role;
	w.s.ibgp = ibgp;
	bgp_adjout_up(&w.adj, &w.s);
	want(&w, "2002::/16", NULL);
	ATF_CHECK_EQ(next(&w), 'A');
	return (memcmp(w.b + w.len - sizeof(otc), otc, sizeof(otc)) == 0);
}

/* RFC 9234 5: customers, peers and clients of a route server. */
ATF_TC_WITHOUT_HEAD(bgp_attrs_build_otc);
ATF_TC_BODY(bgp_attrs_build_otc, tc)
{
	ATF_CHECK(!said_otc(BGP_ROLE_NONE, 0));
	ATF_CHECK(said_otc(BGP_ROLE_PROVIDER, 0));
	ATF_CHECK(said_otc(BGP_ROLE_RS, 0));
	ATF_CHECK(!said_otc(BGP_ROLE_RS_CLIENT, 0));
	ATF_CHECK(!said_otc(BGP_ROLE_CUSTOMER, 0));
	ATF_CHECK(said_otc(BGP_ROLE_PEER, 0));
	ATF_CHECK(!said_otc(BGP_ROLE_PEER, 1));
}

/* RFC 2545 3: a link shared with the peer. */
ATF_TC_WITHOUT_HEAD(bgp_nexthop_build_linklocal);
ATF_TC_BODY(bgp_nexthop_build_linklocal, tc)
{
	struct world	 w;

	world_init(&w, "2001:db8::1");
	ATF_REQUIRE_EQ(ipaddr_parse(&w.s.linklocal, "fe80::7"), 0);
	bgp_adjout_up(&w.adj, &w.s);
	want(&w, "2002::/16", NULL);
	ATF_CHECK_EQ(next(&w), 'A');
	BYTES(&w, "\0\0" "\0\x39"
	    "\x90\x0e\0\x28" "\0\2\1\x20" IP6_1
	    "\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\x07" "\0" "\x10\x20\x02"
	    "\x40\x01\x01\0" "\x40\x02\x06\x02\x01\0\0\xfc\x58");
	/* Of another's address we do not know on which link it is. */
	ATF_REQUIRE_EQ(ipaddr_parse(&w.s.nexthop6, "2001:db8::2"), 0);
	bgp_adjout_session(&w.adj, &w.s);
	ATF_CHECK_EQ(next(&w), 'A');
	ATF_CHECK_EQ(w.b[BGP_HEADER_LEN + 11], 16);
}

ATF_TC_WITHOUT_HEAD(bgp_adjout_again);
ATF_TC_BODY(bgp_adjout_again, tc)
{
	struct world	 w;

	world_init(&w, "2001:db8::1");
	ATF_REQUIRE_EQ(ipaddr_parse(&w.s.nexthop4, "10.0.0.1"), 0);
	bgp_adjout_up(&w.adj, &w.s);
	want(&w, "2002::/16", "10.1.0.0/16");
	while (next(&w))
		;
	bgp_adjout_again(&w.adj, 4);
	tells(&w, "A");
	bgp_adjout_again(&w.adj, 0);
	tells(&w, "AA");

	/* The next hop is gone: what cannot be said is taken back. */
	memset(&w.s.nexthop4, 0, sizeof(w.s.nexthop4));
	bgp_adjout_session(&w.adj, &w.s);
	next_is(&w, 'W', 1);
	tells(&w, "A");
}

ATF_TC_WITHOUT_HEAD(bgp_adjout_leave);
ATF_TC_BODY(bgp_adjout_leave, tc)
{
	struct world	 w;

	world_init(&w, "2001:db8::1");
	bgp_adjout_up(&w.adj, &w.s);
	want(&w, "2002::/16", NULL);
	ATF_CHECK_EQ(next(&w), 'A');
	want(&w, "2002::/16", "2001::/32");
	bgp_adjout_leave(&w.adj);
	next_is(&w, 'W', 1);
	tells(&w, "");

	/* The next session is told everything. */
	bgp_adjout_down(&w.adj);
	bgp_adjout_up(&w.adj, &w.s);
	next_is(&w, 'A', 2);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, bgp_adjout_announce_ip6);
	ATF_TP_ADD_TC(tp, bgp_adjout_announce_ip4_ibgp);
	ATF_TP_ADD_TC(tp, bgp_adjout_announce_as_trans);
	ATF_TP_ADD_TC(tp, bgp_adjout_announce_nexthops);
	ATF_TP_ADD_TC(tp, bgp_adjout_announce_groups);
	ATF_TP_ADD_TC(tp, bgp_adjout_announce_largest);
	ATF_TP_ADD_TC(tp, bgp_attrs_build_both);
	ATF_TP_ADD_TC(tp, bgp_attrs_build_leaving);
	ATF_TP_ADD_TC(tp, bgp_attrs_build_otc);
	ATF_TP_ADD_TC(tp, bgp_nexthop_build_linklocal);
	ATF_TP_ADD_TC(tp, bgp_adjout_why);
	ATF_TP_ADD_TC(tp, bgp_adjout_set);
	ATF_TP_ADD_TC(tp, bgp_adjout_set_bounds);
	ATF_TP_ADD_TC(tp, bgp_adjout_again);
	ATF_TP_ADD_TC(tp, bgp_adjout_leave);
	return (atf_no_error());
}
