/*
 * Our own LSAs: when they go out, are refreshed, flushed and defended (RFC
 * 2328 12.4, 13.4, 14; RFC 3101; RFC 6987).  Files ospf_orig.c and
 * ospf_self.c of routed6.
 */
#include <atf-c.h>
#include <string.h>

#include "ospf_body.h"
#include "ospf_net.h"

static struct net *
pair(void)
{
	struct net	*net = net_new();

	net_if(net, 0, 0, OSPF_POINT_TO_POINT);
	net_if(net, 1, 0, OSPF_POINT_TO_POINT);
	net_start(net, 0);
	net_start(net, 1);
	net_run(net, MONO_S(10));
	ATF_REQUIRE(net_full(net, 0, 0, 1));
	return (net);
}

/* What router 1 has of router 0's first announcement. */
static struct ospf_lsa *
seen(struct net *net)
{
	return (net_lsa(net, 1, 0, OSPF_LSA_EXTERNAL, 1, net_id(0)));
}

static struct ospf_orig *
orig(struct net *net, uint16_t type)
{
	struct ospf_orig	*og;

	TAILQ_FOREACH(og, &net->r[0].o->origs, entry)
		if (og->key.type == type)
			return (og);
	return (NULL);
}

/* RFC 2328 14.1: what is withdrawn is gone before any timer runs. */
ATF_TC_WITHOUT_HEAD(withdraw_at_once);
ATF_TC_BODY(withdraw_at_once, tc)
{
	struct net	*net = pair();

	net_announce(net, 0, "2002::/16");
	net_run(net, MONO_S(3));
	ATF_REQUIRE(seen(net) != NULL);
	net_announce(net, 0, NULL);
	net_deliver(net);
	ATF_CHECK(seen(net) == NULL);
	/* Once it is acknowledged, nobody keeps it. */
	net_run(net, MONO_S(1));
	ATF_CHECK_EQ(net->r[0].o->db.count, 0);
	ATF_CHECK_EQ(net->r[1].o->db.count, 0);
	net_free(net);
}

/*
 * RFC 2328 13 (5) a: a withdrawal within a second of the announcement is not
 * heard; it is repeated when it is, not after RxmtInterval.
 */
ATF_TC_WITHOUT_HEAD(withdraw_too_early);
ATF_TC_BODY(withdraw_too_early, tc)
{
	struct net	*net = pair();

	net_announce(net, 0, "2002::/16");
	net_run(net, MONO_MS(300));
	net_announce(net, 0, NULL);
	net_run(net, MONO_MS(600));
	ATF_CHECK(seen(net) != NULL);
	net_run(net, MONO_MS(200));
	ATF_CHECK(seen(net) == NULL);
	net_free(net);
}

/* In one set what goes comes before what stays and what comes. */
static void
tap_first(struct net *net, const struct net_packet *p)
{
	struct ospf_lsa_header	 h;
	struct rd		 r;

	if (p->from != 0 || p->data[1] != OSPF_LSU || net->want != 0)
		return;
	rd_init(&r, p->data + 20, p->len - 20);
	ATF_REQUIRE(ospf_lsa_next(&r, &h) != NULL);
	ATF_CHECK_EQ(h.age, OSPF_MAXAGE);
	ATF_REQUIRE(ospf_lsa_next(&r, &h) != NULL);
	ATF_CHECK_EQ(h.age, 1);
	net->want = 1;
}

ATF_TC_WITHOUT_HEAD(withdrawals_first);
ATF_TC_BODY(withdrawals_first, tc)
{
	struct net		*net = pair();
	struct ospf_announce	 a[2];

	memset(a, 0, sizeof(a));
	a[0].type = a[1].type = 2;
	ATF_REQUIRE_EQ(prefix_parse(&a[0].prefix, "2001::/32"), 0);
	ATF_REQUIRE_EQ(prefix_parse(&a[1].prefix, "2002::/16"), 0);
	/* Of both databases that it could be in. */
	ospf_announce(net->r[0].o, &a[1], 1, net->now);
	net_run(net, MONO_S(6));
	net->tap = tap_first;
	ospf_announce(net->r[0].o, &a[0], 1, net->now);
	net_deliver(net);
	ATF_CHECK_EQ(net->want, 1);
	net_free(net);
}

/* RFC 2328 12.4: MinLSInterval between two instances; never for the end. */
ATF_TC_WITHOUT_HEAD(min_ls_interval);
ATF_TC_BODY(min_ls_interval, tc)
{
	struct net		*net = pair();
	struct ospf_announce	 a;

	memset(&a, 0, sizeof(a));
	a.type = 2;
	ATF_REQUIRE_EQ(prefix_parse(&a.prefix, "2002::/16"), 0);
	ospf_announce(net->r[0].o, &a, 1, net->now);
	net_run(net, MONO_S(2));
	a.metric = 7;
	ospf_announce(net->r[0].o, &a, 1, net->now);
	net_run(net, MONO_MS(2900));
	ATF_CHECK_EQ(seen(net)->h.seq, OSPF_SEQ_FIRST);
	net_run(net, MONO_MS(200));
	ATF_CHECK_EQ(seen(net)->h.seq, OSPF_SEQ_FIRST + 1);
	a.metric = 8;
	ospf_announce(net->r[0].o, &a, 1, net->now);
	net_run(net, MONO_S(2));
	net_announce(net, 0, NULL);
	net_deliver(net);
	ATF_CHECK(seen(net) == NULL);
	net_run(net, MONO_S(10));
	ATF_CHECK(seen(net) == NULL);
	net_free(net);
}

/* The same set again is nothing new. */
ATF_TC_WITHOUT_HEAD(no_change);
ATF_TC_BODY(no_change, tc)
{
	struct net	*net = pair();
	size_t		 n;

	net_announce(net, 0, "2002::/16");
	net_run(net, MONO_S(2));
	n = net->count[OSPF_LSU];
	net_announce(net, 0, "2002::/16");
	net_start(net, 0);
	net_run(net, MONO_S(6));
	ATF_CHECK_EQ(net->count[OSPF_LSU], n);
	ATF_CHECK_EQ(seen(net)->h.seq, OSPF_SEQ_FIRST);
	net_free(net);
}

/* An hour and more: refreshed at 30 minutes, and never too old. */
ATF_TC_WITHOUT_HEAD(refresh);
ATF_TC_BODY(refresh, tc)
{
	struct net	*net = pair();
	int		 i;

	net_announce(net, 0, "2002::/16");
	net_run(net, MONO_S(1799));
	ATF_CHECK_EQ(seen(net)->h.seq, OSPF_SEQ_FIRST);
	net_run(net, MONO_S(2));
	ATF_CHECK_EQ(seen(net)->h.seq, OSPF_SEQ_FIRST + 1);
	for (i = 0; i < 8; i++) {
		net_run(net, MONO_S(900));
		ATF_CHECK(ospf_lsa_age(seen(net), net->now) < 1810);
		ATF_CHECK(net_same(net, 0, 1));
	}
	ATF_CHECK_EQ(seen(net)->h.seq, OSPF_SEQ_FIRST + 5);
	net_free(net);
}

/* RFC 2328 14: what nobody refreshes goes after an hour, everywhere. */
ATF_TC_WITHOUT_HEAD(max_age);
ATF_TC_BODY(max_age, tc)
{
	struct net	*net = net_new();
	int		 i;

	/* A chain: 2 - 0 - 1; 2 vanishes. */
	net_if(net, 0, 0, OSPF_POINT_TO_POINT);
	net_if(net, 1, 0, OSPF_POINT_TO_POINT);
	net_if(net, 0, 1, OSPF_POINT_TO_POINT);
	net_if(net, 2, 1, OSPF_POINT_TO_POINT);
	for (i = 0; i < 3; i++)
		net_start(net, i);
	net_announce(net, 2, "2002::/16");
	net_run(net, MONO_S(10));
	ATF_CHECK(net_same(net, 1, 2));
	net_kill(net, 2);
	net_run(net, MONO_S(3500));
	ATF_CHECK(net_lsa(net, 1, 0, OSPF_LSA_EXTERNAL, 1, net_id(2)) !=
	    NULL);
	net_run(net, MONO_S(120));
	ATF_CHECK(net_lsa(net, 1, 0, OSPF_LSA_EXTERNAL, 1, net_id(2)) ==
	    NULL);
	ATF_CHECK_EQ(net->r[0].o->db.count, 0);
	ATF_CHECK_EQ(net->r[1].o->db.count, 0);
	ATF_CHECK(net_same(net, 0, 1));
	net_free(net);
}

/* RFC 2328 12.1.6: after the last sequence number comes the first one. */
ATF_TC_WITHOUT_HEAD(wrap);
ATF_TC_BODY(wrap, tc)
{
	struct net	*net = pair();

	net_announce(net, 0, "2002::/16");
	orig(net, OSPF_LSA_EXTERNAL)->seq = OSPF_SEQ_MAX - 1;
	net_run(net, MONO_S(1800));
	net_run(net, MONO_S(10));
	ATF_CHECK_EQ(seen(net)->h.seq, OSPF_SEQ_MAX);
	net_run(net, MONO_S(1800));
	net_run(net, MONO_S(10));
	ATF_REQUIRE(seen(net) != NULL);
	ATF_CHECK_EQ(seen(net)->h.seq, OSPF_SEQ_FIRST);
	net_free(net);
}

/* An instance of an LSA with our id, flooded to router 0 by router 1. */
static void
forge(struct net *net, uint32_t id, int32_t seq, uint16_t age)
{
	static const uint8_t	 ext[] = { 4, 0, 0, 9, 16, 0, 0, 0, 0x20, 3,
				    0, 0 };
	struct in6_addr		 src = net_addr(1);
	struct ospf_header	 p = { OSPF_LSU, 0, net_id(1), 0, 0, 0 };
	struct ospf_lsa_header	 h;
	uint8_t			 b[128], lsa[64];
	struct wr		 w;

	memset(&h, 0, sizeof(h));
	h.age = age;
	h.key.type = OSPF_LSA_EXTERNAL;
	h.key.id = id;
	h.key.adv = net_id(0);
	h.seq = seq;
	h.len = OSPF_LSA_LEN + sizeof(ext);
	wr_init(&w, lsa, sizeof(lsa));
	ospf_lsa_header_build(&w, &h);
	wr_bytes(&w, ext, sizeof(ext));
	wr_patch16(&w, 16, ospf_lsa_cksum(lsa, w.len));
	wr_init(&w, b, sizeof(b));
	ospf_header_build(&w, &p);
	wr_u32(&w, 1);
	wr_bytes(&w, lsa, h.len);
	ATF_REQUIRE_EQ(ospf_packet_end(&w, &src, &ospf_all_routers, 1), 0);
	net_inject(net, 0, 0, &src, &ospf_all_routers, b, w.len);
	net_deliver(net);
}

/* RFC 2328 13.4: ours is made newer; what is not ours is flushed. */
ATF_TC_WITHOUT_HEAD(rfc2328_13_4);
ATF_TC_BODY(rfc2328_13_4, tc)
{
	struct net	*net = pair();

	net_announce(net, 0, "2002::/16");
	net_run(net, MONO_S(2));
	forge(net, 1, 100, 0);
	ATF_CHECK_EQ(seen(net)->h.seq, 101);
	net_run(net, MONO_S(2));
	/* Somebody else flushes it. */
	forge(net, 1, 102, OSPF_MAXAGE);
	ATF_CHECK_EQ(seen(net)->h.seq, 103);
	net_run(net, MONO_S(2));
	forge(net, 77, 5, 0);
	ATF_CHECK(net_lsa(net, 0, 0, OSPF_LSA_EXTERNAL, 77, net_id(0)) ==
	    NULL);
	net_run(net, MONO_S(2));
	ATF_CHECK_EQ(net->r[0].o->db.count, 1);
	ATF_CHECK_EQ(net->r[1].o->db.count, 1);
	net_free(net);
}

/*
 * Another one with the last number comes while ours is being flushed: what
 * begins anew does so when that has gone, too.
 */
ATF_TC_WITHOUT_HEAD(wrap_newer);
ATF_TC_BODY(wrap_newer, tc)
{
	struct net		*net = pair();
	struct ospf_orig	*og;
	int			 i;

	net_announce(net, 0, "2001:7::/32");
	net_run(net, MONO_S(2));
	og = orig(net, OSPF_LSA_EXTERNAL);
	og->seq = OSPF_SEQ_MAX - 1;
	for (i = 0; i < 2; i++) {
		ATF_CHECK(!og->wrap);
		net->cut[0] = i;
		og->due = net->now;
		net_run(net, MONO_MS(1200));
	}
	ATF_REQUIRE(og->wrap);
	forge(net, 1, OSPF_SEQ_MAX, 0);
	net->cut[0] = 0;
	net_run(net, MONO_S(20));
	ATF_CHECK(!og->wrap);
	ATF_REQUIRE(seen(net) != NULL);
	ATF_CHECK(seen(net)->h.seq < 0);
	ATF_CHECK(net_same(net, 0, 1));
	net_free(net);
}

/*
 * What is withdrawn stays withdrawn, however often somebody brings it back;
 * and when it is announced again it is newer than all there ever was.
 */
ATF_TC_WITHOUT_HEAD(withdrawn_comes_back);
ATF_TC_BODY(withdrawn_comes_back, tc)
{
	struct net	*net = pair();
	int		 i;

	net_announce(net, 0, "2002::/16");
	net_run(net, MONO_S(2));
	forge(net, 1, 100, 0);
	net_run(net, MONO_S(2));
	net_announce(net, 0, NULL);
	net_run(net, MONO_S(2));
	ATF_CHECK_EQ(net->r[0].o->db.count, 0);
	forge(net, 1, 50, 0);
	net_run(net, MONO_S(2));
	ATF_CHECK_EQ(net->r[0].o->db.count, 0);
	ATF_CHECK_EQ(orig(net, OSPF_LSA_EXTERNAL)->seq, 101);
	for (i = 0; i < 8; i++) {
		forge(net, 1, 200 + i, 0);
		net_run(net, MONO_S(2));
	}
	net_run(net, MONO_S(70));
	ATF_CHECK_EQ(net->r[0].o->db.count, 0);
	ATF_CHECK_EQ(net->r[1].o->db.count, 0);
	net_free(net);
}

/* Two with one router id: a warning a minute, and no endless fight. */
ATF_TC_WITHOUT_HEAD(fight);
ATF_TC_BODY(fight, tc)
{
	struct net	*net = pair();
	int32_t		 seq = 100;
	size_t		 lsus;
	int		 i;

	net_announce(net, 0, "2002::/16");
	net_run(net, MONO_S(2));
	lsus = net->count[OSPF_LSU];
	for (i = 0; i < 12; i++) {
		forge(net, 1, seq += 10, 0);
		forge(net, 77, seq, 0);
		net_run(net, MONO_S(5));
	}
	ATF_CHECK_EQ(net_logged(net, 0, "is our router id taken?"), 1);
	lsus = net->count[OSPF_LSU] - lsus;
	ATF_CHECK_MSG(lsus < 40, "%zu updates", lsus);
	/* After the truce it is ours again. */
	net_run(net, MONO_S(70));
	ATF_CHECK(orig(net, OSPF_LSA_EXTERNAL)->seq > seq);
	net_free(net);
}

static void
router_read(struct net *net, int i, int of, struct ospf_router *b,
    struct ospf_rlink *l)
{
	struct ospf_lsa	*lsa;
	struct rd	 r;

	lsa = net_lsa(net, i, 0, OSPF_LSA_ROUTER, 0, net_id(of));
	ATF_REQUIRE(lsa != NULL);
	rd_init(&r, lsa->data + OSPF_LSA_LEN, lsa->h.len - OSPF_LSA_LEN);
	ATF_REQUIRE_EQ(ospf_router_parse(&r, b), 0);
	ATF_REQUIRE_EQ(ospf_rlink_parse(&r, l), 0);
}

/* RFC 6987 and the R-bit of RFC 5340 2.7: not for transit. */
ATF_TC_WITHOUT_HEAD(stub_router);
ATF_TC_BODY(stub_router, tc)
{
	struct net		*net = pair();
	struct ospf_router	 b;
	struct ospf_rlink	 l;

	router_read(net, 1, 0, &b, &l);
	ATF_CHECK_EQ(b.flags, OSPF_RTR_E);
	ATF_CHECK_EQ(b.options, OSPF_O_V6 | OSPF_O_E | OSPF_O_R);
	ATF_CHECK_EQ(l.metric, 10);
	ATF_CHECK_EQ(l.nbr, net_id(1));
	ATF_CHECK_EQ(l.ifid, 10);
	ATF_CHECK_EQ(l.nbr_ifid, 20);
	net->r[0].conf.global.stub_router = 1;
	net_start(net, 0);
	net_run(net, MONO_S(6));
	router_read(net, 1, 0, &b, &l);
	ATF_CHECK_EQ(b.options, OSPF_O_V6 | OSPF_O_E | OSPF_O_R);
	ATF_CHECK_EQ(l.metric, 0xffff);
	ATF_CHECK(net_full(net, 0, 0, 1));
	net_free(net);
}

/* Draining: the route is the last choice, and nothing else goes through us. */
ATF_TC_WITHOUT_HEAD(leaving);
ATF_TC_BODY(leaving, tc)
{
	struct net		*net = pair();
	struct ospf_external	 b;
	struct ospf_announce	 a;
	struct ospf_router	 rt;
	struct ospf_rlink	 l;
	struct ospf_lsa		*lsa;
	struct rd		 r;

	memset(&a, 0, sizeof(a));
	a.type = 1;
	a.leaving = 1;
	ATF_REQUIRE_EQ(prefix_parse(&a.prefix, "2002::/16"), 0);
	ospf_announce(net->r[0].o, &a, 1, net->now);
	net_run(net, MONO_S(6));
	ATF_REQUIRE((lsa = seen(net)) != NULL);
	rd_init(&r, lsa->data + OSPF_LSA_LEN, lsa->h.len - OSPF_LSA_LEN);
	ATF_REQUIRE_EQ(ospf_external_parse(&r, &b), 0);
	ATF_CHECK_EQ(b.metric, OSPF_METRIC_MAX);
	ATF_CHECK_EQ(b.flags, OSPF_EXT_E);
	router_read(net, 1, 0, &rt, &l);
	ATF_CHECK_EQ(l.metric, 0xffff);
	/* The adjacency stays, and all is as before when we stay, too. */
	ATF_CHECK(net_full(net, 1, 0, 0));
	a.leaving = 0;
	ospf_announce(net->r[0].o, &a, 1, net->now);
	net_run(net, MONO_S(6));
	router_read(net, 1, 0, &rt, &l);
	ATF_CHECK_EQ(l.metric, 10);
	net_free(net);
}

/* Like pair(), in an NSSA. */
static struct net *
pair_nssa(void)
{
	struct net	*net = net_new();
	int		 i;

	for (i = 0; i < 2; i++) {
		net->r[i].conf.area[0].id = 1;
		net->r[i].conf.area[0].flags = OSPF_F_NSSA;
		net_if(net, i, 0, OSPF_POINT_TO_POINT)->area = 1;
		net_start(net, i);
	}
	net_run(net, MONO_S(10));
	ATF_REQUIRE(net_full(net, 0, 0, 1));
	return (net);
}

/* RFC 3101 2.3 and 2.4. */
ATF_TC_WITHOUT_HEAD(nssa);
ATF_TC_BODY(nssa, tc)
{
	struct net		*net = pair_nssa();
	struct ospf_external	 e;
	struct ospf_lsa		*l;
	struct rd		 r;

	net_announce(net, 0, "2002::/16");
	net_run(net, MONO_S(2));
	ATF_CHECK_EQ(net->r[0].o->db.count, 0);
	l = net_lsa(net, 1, 0, OSPF_LSA_NSSA, 1, net_id(0));
	ATF_REQUIRE(l != NULL);
	rd_init(&r, l->data + OSPF_LSA_LEN, l->h.len - OSPF_LSA_LEN);
	ATF_REQUIRE_EQ(ospf_external_parse(&r, &e), 0);
	ATF_CHECK_EQ(e.prefix.options, OSPF_PFX_P);
	ATF_CHECK_EQ(e.flags, OSPF_EXT_E | OSPF_EXT_F);
	ATF_CHECK(IN6_ARE_ADDR_EQUAL(&e.forward,
	    &net_ifp(net, 0, 0)->addrs[0].addr));
	net_announce(net, 0, NULL);
	net_run(net, MONO_S(2));
	ATF_CHECK(net_lsa(net, 1, 0, OSPF_LSA_NSSA, 1, net_id(0)) == NULL);
	net_free(net);
}

/* A drain says nothing new of our links there: see is_stub(). */
ATF_TC_WITHOUT_HEAD(nssa_leaving);
ATF_TC_BODY(nssa_leaving, tc)
{
	struct net		*net = pair_nssa();
	struct ospf_announce	 a;
	struct ospf_router	 b;
	struct ospf_rlink	 l;

	memset(&a, 0, sizeof(a));
	a.leaving = 1;
	ATF_REQUIRE_EQ(prefix_parse(&a.prefix, "2002::/16"), 0);
	ospf_announce(net->r[0].o, &a, 1, net->now);
	net_run(net, MONO_S(6));
	router_read(net, 1, 0, &b, &l);
	ATF_CHECK_EQ(l.metric, 10);
	net->r[0].conf.global.stub_router = 1;
	net_start(net, 0);
	net_run(net, MONO_S(6));
	router_read(net, 1, 0, &b, &l);
	ATF_CHECK_EQ(l.metric, 0xffff);
	net_free(net);
}

/*
 * RFC 5340 4.4.3.9: the forwarding address is one of ours, and there is a
 * route to it alone, also where the DR speaks of the prefixes of the link.
 */
ATF_TC_WITHOUT_HEAD(nssa_forward);
ATF_TC_BODY(nssa_forward, tc)
{
	struct net		*net = pair_nssa();
	struct ospf_intra	 b;
	struct ospf_prefix	 p;
	struct ospf_lsa		*l;
	struct rd		 r;
	int			 found = 0;

	l = net_lsa(net, 1, 0, OSPF_LSA_INTRA_PREFIX, 0, net_id(0));
	ATF_REQUIRE(l != NULL);
	rd_init(&r, l->data + OSPF_LSA_LEN, l->h.len - OSPF_LSA_LEN);
	ATF_REQUIRE_EQ(ospf_intra_parse(&r, &b), 0);
	ATF_CHECK_EQ(b.ref.type, OSPF_LSA_ROUTER);
	while (r.left > 0) {
		ATF_REQUIRE_EQ(ospf_prefix_parse(&r, &p), 0);
		if (p.prefix.len != 128)
			continue;
		found++;
		ATF_CHECK_EQ(p.options, OSPF_PFX_LA);
		ATF_CHECK_EQ(p.metric, 0);
		ATF_CHECK_EQ(memcmp(p.prefix.b,
		    &net_ifp(net, 0, 0)->addrs[0].addr, 16), 0);
	}
	ATF_CHECK_EQ(found, 1);
	net_free(net);
}

/* At the border the P-bit stays away: we announce it there ourselves. */
ATF_TC_WITHOUT_HEAD(nssa_border);
ATF_TC_BODY(nssa_border, tc)
{
	struct net		*net = net_new();
	struct ospf_external	 e;
	struct ospf_lsa		*l;
	struct rd		 r;
	int			 i;

	net->r[0].conf.nareas = 2;
	net->r[0].conf.area[1].id = 1;
	net->r[0].conf.area[1].flags = OSPF_F_NSSA;
	net_if(net, 0, 0, OSPF_POINT_TO_POINT);
	net_if(net, 0, 1, OSPF_POINT_TO_POINT)->area = 1;
	net_if(net, 1, 0, OSPF_POINT_TO_POINT);
	net->r[2].conf.area[0] = net->r[0].conf.area[1];
	net_if(net, 2, 1, OSPF_POINT_TO_POINT)->area = 1;
	for (i = 0; i < 3; i++)
		net_start(net, i);
	net_announce(net, 0, "2002::/16");
	net_announce(net, 1, "2001::/32");
	net_run(net, MONO_S(2));
	ATF_CHECK(net_full(net, 0, 0, 1) && net_full(net, 0, 1, 2));
	ATF_CHECK(seen(net) != NULL);
	l = net_lsa(net, 2, 1, OSPF_LSA_NSSA, 1, net_id(0));
	ATF_REQUIRE(l != NULL);
	rd_init(&r, l->data + OSPF_LSA_LEN, l->h.len - OSPF_LSA_LEN);
	ATF_REQUIRE_EQ(ospf_external_parse(&r, &e), 0);
	ATF_CHECK_EQ(e.prefix.options, 0);
	/* AS-external-LSAs stay out of the NSSA. */
	ATF_CHECK_EQ(net->r[2].o->db.count, 0);
	ATF_CHECK_EQ(net->r[0].o->db.count, 2);
	net_free(net);
}

/* As many prefixes as can be, from 2001:FIRST::/32 on. */
static void
announce_many(struct net *net, uint8_t first)
{
	struct ospf_announce	 a[LIMIT_OSPF_ANNOUNCE];
	size_t			 i;

	memset(a, 0, sizeof(a));
	for (i = 0; i < LIMIT_OSPF_ANNOUNCE; i++) {
		ATF_REQUIRE_EQ(prefix_parse(&a[i].prefix, "2001::/32"), 0);
		a[i].prefix.b[3] = first + i;
		a[i].type = 2;
	}
	ospf_announce(net->r[0].o, a, LIMIT_OSPF_ANNOUNCE, net->now);
}

/* The LSA by which router 1 knows 2001:N::/32, or NULL. */
static struct ospf_lsa *
seen_prefix(struct net *net, uint8_t n)
{
	struct ospf_db		*db = &net->r[1].o->db;
	struct ospf_external	 b;
	struct ospf_lsa		*l;
	struct rd		 r;

	for (l = ospf_db_after(db, NULL); l != NULL;
	    l = ospf_db_after(db, &l->h.key)) {
		rd_init(&r, l->data + OSPF_LSA_LEN, l->h.len - OSPF_LSA_LEN);
		ATF_REQUIRE_EQ(ospf_external_parse(&r, &b), 0);
		if (!l->old && b.prefix.prefix.b[3] == n)
			return (l);
	}
	return (NULL);
}

/*
 * A prefix keeps its Link State ID whatever else comes and goes, and none
 * that goes has to wait until another may have its ID.
 */
ATF_TC_WITHOUT_HEAD(link_state_ids);
ATF_TC_BODY(link_state_ids, tc)
{
	struct net	*net = pair();
	struct ospf_lsa	*l;
	uint32_t	 id;
	int		 i, n;

	announce_many(net, 10);
	net_run(net, MONO_S(2));
	for (n = 9; n > 2; n--) {
		ATF_REQUIRE((l = seen_prefix(net, 10)) != NULL);
		id = l->h.key.id;
		announce_many(net, n);
		net_deliver(net);
		ATF_CHECK(seen_prefix(net, n + LIMIT_OSPF_ANNOUNCE) == NULL);
		net_run(net, MONO_S(2));
		ATF_REQUIRE((l = seen_prefix(net, 10)) != NULL);
		ATF_CHECK_EQ(l->h.key.id, id);
		ATF_CHECK_EQ(l->h.seq, OSPF_SEQ_FIRST);
	}
	/* All at once, and all back. */
	for (i = 0; i < 2; i++) {
		announce_many(net, i == 0 ? 128 : 10);
		net_deliver(net);
		ATF_CHECK(seen_prefix(net, i == 0 ? 20 : 138) == NULL);
		net_run(net, MONO_S(10));
		ATF_CHECK(seen_prefix(net, i == 0 ? 138 : 20) != NULL);
		ATF_CHECK(net_same(net, 0, 1));
	}
	net_free(net);
}

/* What an announcement says. */
ATF_TC_WITHOUT_HEAD(attributes);
ATF_TC_BODY(attributes, tc)
{
	struct net		*net = pair();
	struct ospf_announce	 a;
	struct ospf_external	 e;
	struct rd		 r;

	memset(&a, 0, sizeof(a));
	ATF_REQUIRE_EQ(prefix_parse(&a.prefix, "2002::/16"), 0);
	ATF_REQUIRE_EQ(ipaddr_parse(&a.forward, "2001:db8::1"), 0);
	a.metric = OSPF_METRIC_MAX;
	a.type = 1;
	a.has_tag = 1;
	a.tag = 7;
	ospf_announce(net->r[0].o, &a, 1, net->now);
	net_deliver(net);
	ATF_REQUIRE(seen(net) != NULL);
	rd_init(&r, seen(net)->data + OSPF_LSA_LEN,
	    seen(net)->h.len - OSPF_LSA_LEN);
	ATF_REQUIRE_EQ(ospf_external_parse(&r, &e), 0);
	ATF_CHECK_EQ(rd_end(&r), 0);
	ATF_CHECK_EQ(e.flags, OSPF_EXT_F | OSPF_EXT_T);
	ATF_CHECK_EQ(e.metric, OSPF_METRIC_MAX);
	ATF_CHECK_EQ(e.tag, 7);
	ATF_CHECK_EQ(e.forward.s6_addr[15], 1);
	net_free(net);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, withdraw_at_once);
	ATF_TP_ADD_TC(tp, withdraw_too_early);
	ATF_TP_ADD_TC(tp, withdrawals_first);
	ATF_TP_ADD_TC(tp, min_ls_interval);
	ATF_TP_ADD_TC(tp, no_change);
	ATF_TP_ADD_TC(tp, refresh);
	ATF_TP_ADD_TC(tp, max_age);
	ATF_TP_ADD_TC(tp, wrap);
	ATF_TP_ADD_TC(tp, rfc2328_13_4);
	ATF_TP_ADD_TC(tp, wrap_newer);
	ATF_TP_ADD_TC(tp, withdrawn_comes_back);
	ATF_TP_ADD_TC(tp, fight);
	ATF_TP_ADD_TC(tp, stub_router);
	ATF_TP_ADD_TC(tp, leaving);
	ATF_TP_ADD_TC(tp, nssa);
	ATF_TP_ADD_TC(tp, nssa_leaving);
	ATF_TP_ADD_TC(tp, nssa_forward);
	ATF_TP_ADD_TC(tp, nssa_border);
	ATF_TP_ADD_TC(tp, link_state_ids);
	ATF_TP_ADD_TC(tp, attributes);
	return (atf_no_error());
}
