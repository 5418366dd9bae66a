/*
 * Flooding and acknowledgments, RFC 2328 13 step by step, RFC 5340 4.5.
 * Files ospf_flood.c, ospf_update.c and ospf_ack.c of routed6.  LSAs are put
 * into the mouth of router 1 and what router 0 does about them is watched.
 */
#include <atf-c.h>
#include <stdlib.h>
#include <string.h>

#include "ospf_net.h"

#define FOREIGN	0x01010101	/* a router far away */

/* What router 0 sent on link 0 since the last look. */
struct seen {
	int			 acks;
	int			 updates;	/* LSAs */
	struct ospf_lsa_header	 ack;
	struct ospf_lsa_header	 update;
	struct in6_addr		 dst;
};

/* The tap has no argument but the network; this test watches one at once. */
static struct seen *
watching(void)
{
	static struct seen	 s;

	return (&s);
}

static void
tap(struct net *net, const struct net_packet *p)
{
	struct ospf_lsa_header	 h;
	struct seen		*s = watching();
	struct rd		 r;

	if (p->from != 0 || p->link != 0)
		return;
	s->dst = p->dst;
	rd_init(&r, p->data + 16, p->len - 16);
	if (p->data[1] == OSPF_ACK)
		for (; ospf_lsa_header_parse(&r, &h) == 0; s->acks++)
			s->ack = h;
	if (p->data[1] == OSPF_LSU) {
		rd_u32(&r);
		for (; ospf_lsa_next(&r, &h) != NULL; s->updates++)
			s->update = h;
	}
}

static void
look_again(void)
{
	memset(watching(), 0, sizeof(struct seen));
}

/* Router 0 with neighbors 1 on link 0 and 2 on link 1, all Full. */
static struct net *
chain(enum ospf_if_type type)
{
	struct net	*net = net_new();
	int		 i;

	net_if(net, 0, 0, type)->priority = 2;
	net_if(net, 0, 1, OSPF_POINT_TO_POINT);
	net_if(net, 1, 0, type);
	net_if(net, 2, 1, OSPF_POINT_TO_POINT);
	for (i = 0; i < 3; i++)
		net_start(net, i);
	net_run(net, MONO_S(20));
	ATF_REQUIRE(net_full(net, 0, 0, 1) && net_full(net, 0, 1, 2));
	look_again();
	net->tap = tap;
	return (net);
}

struct lsa {
	uint16_t	 type;
	uint32_t	 id;
	int32_t		 seq;
	uint16_t	 age;
	uint8_t		 spoil;		/* wrong checksum */
};

static void
lsa_write(struct wr *w, const struct lsa *c)
{
	struct ospf_lsa_header	 h;
	uint8_t			 b[OSPF_LSA_LEN + 4];
	struct wr		 l;

	memset(&h, 0, sizeof(h));
	h.age = c->age;
	h.key.type = c->type;
	h.key.id = c->id;
	h.key.adv = FOREIGN;
	h.seq = c->seq;
	h.len = sizeof(b);
	wr_init(&l, b, sizeof(b));
	ospf_lsa_header_build(&l, &h);
	wr_u32(&l, c->id);
	wr_patch16(&l, 16, ospf_lsa_cksum(b, sizeof(b)));
	b[17] ^= c->spoil;
	wr_bytes(w, b, sizeof(b));
}

/* Router 1 floods n LSAs. */
static void
flood(struct net *net, const struct lsa *c, uint32_t n)
{
	struct in6_addr		 src = net_addr(1);
	struct ospf_header	 p = { OSPF_LSU, 0, net_id(1), 0, 0, 0 };
	uint8_t			 b[2000];
	struct wr		 w;
	uint32_t		 i;

	wr_init(&w, b, sizeof(b));
	ospf_header_build(&w, &p);
	wr_u32(&w, n);
	for (i = 0; i < n; i++)
		lsa_write(&w, &c[i]);
	ATF_REQUIRE_EQ(ospf_packet_end(&w, &src, &ospf_all_routers, 1), 0);
	net_inject(net, 0, 0, &src, &ospf_all_routers, b, w.len);
}

static void
flood_one(struct net *net, uint16_t type, int32_t seq, uint16_t age)
{
	struct lsa	 c = { type, 9, seq, age, 0 };

	flood(net, &c, 1);
}

static struct ospf_lsa *
has(struct net *net, int i, uint16_t type)
{
	return (net_lsa(net, i, i == 2 ? 1 : 0, type, 9, FOREIGN));
}

/* (5): newer is installed, passed on to others, acknowledged with delay. */
ATF_TC_WITHOUT_HEAD(newer);
ATF_TC_BODY(newer, tc)
{
	struct net	*net = chain(OSPF_POINT_TO_POINT);
	struct seen	*s = watching();

	flood_one(net, OSPF_LSA_EXTERNAL, 5, 10);
	ATF_CHECK(has(net, 0, OSPF_LSA_EXTERNAL) != NULL);
	ATF_CHECK_EQ(s->acks, 0);
	net_run(net, MONO_MS(600));
	ATF_CHECK(has(net, 2, OSPF_LSA_EXTERNAL) != NULL);
	ATF_CHECK_EQ(s->acks, 1);
	ATF_CHECK_EQ(s->ack.seq, 5);
	ATF_CHECK(IN6_ARE_ADDR_EQUAL(&s->dst, &ospf_all_routers));
	/* Not back to where it came from. */
	ATF_CHECK_EQ(s->updates, 0);
	/* One second older for each link, at least (13.3 (5)). */
	ATF_CHECK(ospf_lsa_age(has(net, 2, OSPF_LSA_EXTERNAL), net->now) >=
	    11);
	net_free(net);
}

/* (1) and (2): what is damaged, or of a scope that does not exist. */
ATF_TC_WITHOUT_HEAD(damaged);
ATF_TC_BODY(damaged, tc)
{
	struct lsa	 c[3] = {
		{ OSPF_LSA_EXTERNAL, 9, 5, 0, 1 },
		{ 0xe001, 10, 5, 0, 0 },
		{ OSPF_LSA_EXTERNAL, 11, 5, 0, 0 }
	};
	struct net	*net = chain(OSPF_POINT_TO_POINT);
	uint64_t	 bad = net_ifp(net, 0, 0)->bad;

	flood(net, c, 3);
	ATF_CHECK(has(net, 0, OSPF_LSA_EXTERNAL) == NULL);
	ATF_CHECK_EQ(net_ifp(net, 0, 0)->bad, bad + 2);
	/* The rest of the packet is not lost. */
	ATF_CHECK(net_lsa(net, 0, 0, OSPF_LSA_EXTERNAL, 11, FOREIGN) != NULL);
	net_run(net, MONO_S(1));
	ATF_CHECK_EQ(watching()->acks, 1);
	net_free(net);
}

/* RFC 5340 4.5.1: the U and scope bits of what we do not know. */
ATF_TC_WITHOUT_HEAD(unknown_types);
ATF_TC_BODY(unknown_types, tc)
{
	static const struct {
		uint16_t	 type;
		int		 passed_on;
	}		 cases[] = {
		{ 0x0abc, 0 }, { 0x2abc, 0 }, { 0x4abc, 0 },
		{ 0x8abc, 0 }, { 0xaabc, 1 }, { 0xcabc, 1 },
		{ OSPF_LSA_GRACE, 0 }
	};
	struct net	*net = chain(OSPF_POINT_TO_POINT);
	struct ospf_lsa	*l;
	size_t		 i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		flood_one(net, cases[i].type, 5, 0);
		net_deliver(net);
		l = has(net, 0, cases[i].type);
		ATF_REQUIRE_MSG(l != NULL, "type %x", cases[i].type);
		if (!cases[i].passed_on)
			ATF_CHECK(l->db == &net_ifp(net, 0, 0)->db);
		ATF_CHECK_EQ_MSG(has(net, 2, cases[i].type) != NULL,
		    cases[i].passed_on, "type %x", cases[i].type);
	}
	ATF_CHECK(has(net, 2, 0x4abc) == NULL);
	net_free(net);
}

/* (4): MaxAge of what nobody has is only acknowledged, at once. */
ATF_TC_WITHOUT_HEAD(max_age_unknown);
ATF_TC_BODY(max_age_unknown, tc)
{
	struct net	*net = chain(OSPF_POINT_TO_POINT);
	struct in6_addr	 one = net_addr(1);

	flood_one(net, OSPF_LSA_EXTERNAL, 5, OSPF_MAXAGE);
	ATF_CHECK_EQ(watching()->acks, 1);
	ATF_CHECK(IN6_ARE_ADDR_EQUAL(&watching()->dst, &one));
	net_run(net, MONO_S(2));
	ATF_CHECK_EQ(net->r[0].o->db.count, 0);
	ATF_CHECK_EQ(net->r[2].o->db.count, 0);
	net_free(net);
}

/* (5) and 14: MaxAge of what we have travels on and then goes. */
ATF_TC_WITHOUT_HEAD(max_age_known);
ATF_TC_BODY(max_age_known, tc)
{
	struct net	*net = chain(OSPF_POINT_TO_POINT);

	flood_one(net, OSPF_LSA_EXTERNAL, 5, 0);
	net_run(net, MONO_S(2));
	ATF_CHECK_EQ(net->r[2].o->db.count, 1);
	flood_one(net, OSPF_LSA_EXTERNAL, 5, OSPF_MAXAGE);
	net_deliver(net);
	ATF_CHECK(has(net, 2, OSPF_LSA_EXTERNAL) == NULL);
	net_run(net, MONO_S(1));
	ATF_CHECK_EQ(net->r[0].o->db.count, 0);
	ATF_CHECK_EQ(net->r[2].o->db.count, 0);
	net_free(net);
}

/* (5) a: two within MinLSArrival. */
ATF_TC_WITHOUT_HEAD(min_ls_arrival);
ATF_TC_BODY(min_ls_arrival, tc)
{
	struct net	*net = chain(OSPF_POINT_TO_POINT);

	flood_one(net, OSPF_LSA_EXTERNAL, 5, 0);
	net_run(net, MONO_MS(900));
	look_again();
	flood_one(net, OSPF_LSA_EXTERNAL, 6, 0);
	ATF_CHECK_EQ(has(net, 0, OSPF_LSA_EXTERNAL)->h.seq, 5);
	net_run(net, MONO_MS(600));
	ATF_CHECK_EQ(watching()->acks, 0);
	flood_one(net, OSPF_LSA_EXTERNAL, 6, 0);
	ATF_CHECK_EQ(has(net, 0, OSPF_LSA_EXTERNAL)->h.seq, 6);
	net_free(net);
}

/* (7): the same again; directly acknowledged, to its sender alone. */
ATF_TC_WITHOUT_HEAD(duplicate);
ATF_TC_BODY(duplicate, tc)
{
	struct net	*net = chain(OSPF_POINT_TO_POINT);
	struct in6_addr	 one = net_addr(1);

	flood_one(net, OSPF_LSA_EXTERNAL, 5, 0);
	net_run(net, MONO_S(2));
	look_again();
	flood_one(net, OSPF_LSA_EXTERNAL, 5, 0);
	ATF_CHECK_EQ(watching()->acks, 1);
	ATF_CHECK(IN6_ARE_ADDR_EQUAL(&watching()->dst, &one));
	net_free(net);
}

/* (7): ... unless it is the acknowledgment of our own flooding. */
ATF_TC_WITHOUT_HEAD(implied_ack);
ATF_TC_BODY(implied_ack, tc)
{
	struct net	*net = chain(OSPF_POINT_TO_POINT);
	struct ospf_nbr	*nbr = net_nbr(net, 0, 0, 1);
	struct ospf_lsa	*l;
	struct lsa	 c = { OSPF_LSA_EXTERNAL, 9, 5, 0, 0 };

	/* It comes by the other link, and the answer of router 1 is lost. */
	flood_one(net, OSPF_LSA_EXTERNAL, 5, 0);
	l = has(net, 0, OSPF_LSA_EXTERNAL);
	net_run(net, MONO_S(2));
	ATF_REQUIRE_EQ(ospf_unacked_add(nbr, l), 0);
	look_again();
	flood(net, &c, 1);
	ATF_CHECK_EQ(nbr->nunacked, 0);
	ATF_CHECK_EQ(watching()->acks, 0);
	net_free(net);
}

/* (8): it has less than we: it gets ours, once a second. */
ATF_TC_WITHOUT_HEAD(older);
ATF_TC_BODY(older, tc)
{
	struct net	*net = chain(OSPF_POINT_TO_POINT);
	struct in6_addr	 one = net_addr(1);

	flood_one(net, OSPF_LSA_EXTERNAL, 5, 0);
	net_run(net, MONO_S(2));
	look_again();
	flood_one(net, OSPF_LSA_EXTERNAL, 4, 0);
	flood_one(net, OSPF_LSA_EXTERNAL, 4, 0);
	ATF_CHECK_EQ(watching()->updates, 1);
	ATF_CHECK_EQ(watching()->update.seq, 5);
	ATF_CHECK_EQ(watching()->acks, 0);
	ATF_CHECK(IN6_ARE_ADDR_EQUAL(&watching()->dst, &one));
	net->now = mono_add(net->now, MONO_S(1));
	flood_one(net, OSPF_LSA_EXTERNAL, 4, 0);
	ATF_CHECK_EQ(watching()->updates, 2);
	net_free(net);
}

/*
 * 14: one neighbor that never gets done keeps withdrawn LSAs for as long as
 * somebody could still have them alive, and no longer.
 */
ATF_TC_WITHOUT_HEAD(max_age_kept);
ATF_TC_BODY(max_age_kept, tc)
{
	struct net		*net = chain(OSPF_POINT_TO_POINT);
	struct ospf_lsa_header	 h = { .seq = 1, .len = OSPF_LSA_LEN };
	struct ospf_nbr		*nbr = net_nbr(net, 0, 1, 2);

	flood_one(net, OSPF_LSA_EXTERNAL, 5, 0);
	net_run(net, MONO_S(2));
	/* It describes what it does not send, and acknowledges nothing. */
	net_kill(net, 2);
	nbr->inactive = ospf_never;
	h.key.type = OSPF_LSA_EXTERNAL;
	h.key.adv = FOREIGN + 1;
	ospf_requests_add(nbr, &h, NULL);
	nbr->state = OSPF_NBR_LOADING;
	flood_one(net, OSPF_LSA_EXTERNAL, 5, OSPF_MAXAGE);
	ATF_CHECK_EQ(nbr->nunacked, 1);
	net_run(net, MONO_S(OSPF_MAXAGE - 10));
	ATF_CHECK_EQ(nbr->state, OSPF_NBR_LOADING);
	ATF_CHECK_EQ(net->r[0].o->db.count, 1);
	net_run(net, MONO_S(20));
	ATF_CHECK_EQ(net->r[0].o->db.count, 0);
	net_free(net);
}

/* 13.6: repeated until it is acknowledged, every RxmtInterval, alone. */
ATF_TC_WITHOUT_HEAD(retransmission);
ATF_TC_BODY(retransmission, tc)
{
	struct net	*net = chain(OSPF_POINT_TO_POINT);
	struct ospf_lsa	*l;

	net->r[1].conf.interface[0].dead = 4;
	flood_one(net, OSPF_LSA_EXTERNAL, 5, 0);
	l = has(net, 0, OSPF_LSA_EXTERNAL);
	net_run(net, MONO_S(2));
	ATF_REQUIRE_EQ(ospf_unacked_add(net_nbr(net, 0, 0, 1), l), 0);
	look_again();
	net_run(net, MONO_MS(4900));
	ATF_CHECK_EQ(watching()->updates, 0);
	net_run(net, MONO_MS(200));
	ATF_CHECK_EQ(watching()->updates, 1);
	net_run(net, MONO_MS(4900));
	ATF_CHECK_EQ(net_nbr(net, 0, 0, 1)->nunacked, 0);
	ATF_CHECK_EQ(watching()->updates, 1);
	net_free(net);
}

/* 13.3 (4), 13.5: on a broadcast link the DR passes it on to all. */
ATF_TC_WITHOUT_HEAD(broadcast_dr);
ATF_TC_BODY(broadcast_dr, tc)
{
	struct net	*net = net_new();
	struct lsa	 c = { OSPF_LSA_EXTERNAL, 9, 5, 0, 0 };
	int		 i;

	for (i = 0; i < 4; i++) {
		net_if(net, i, 0, OSPF_BROADCAST)->priority =
		    i == 0 ? 2 : i == 3;
		net_start(net, i);
	}
	net_run(net, MONO_S(20));
	ATF_REQUIRE_EQ(net_ifp(net, 0, 0)->state, OSPF_IF_DR);
	look_again();
	net->tap = tap;
	flood(net, &c, 1);
	ATF_CHECK_EQ(watching()->updates, 1);
	ATF_CHECK(IN6_ARE_ADDR_EQUAL(&watching()->dst, &ospf_all_routers));
	net_run(net, MONO_S(2));
	/* Passing it back is the acknowledgment. */
	ATF_CHECK_EQ(watching()->acks, 0);
	ATF_CHECK(net_lsa(net, 2, 0, OSPF_LSA_EXTERNAL, 9, FOREIGN) != NULL);
	net_free(net);
}

/* 13.3 (5): who is neither DR nor backup speaks to these two. */
ATF_TC_WITHOUT_HEAD(broadcast_other);
ATF_TC_BODY(broadcast_other, tc)
{
	struct net	*net = net_new();
	int		 i;

	for (i = 0; i < 4; i++) {
		net_if(net, i, 0, OSPF_BROADCAST)->priority = i;
		net_start(net, i);
	}
	net_run(net, MONO_S(20));
	ATF_REQUIRE_EQ(net_ifp(net, 0, 0)->state, OSPF_IF_DROTHER);
	look_again();
	net->tap = tap;
	net_announce(net, 0, "2002::/16");
	ATF_CHECK_EQ(watching()->updates, 1);
	ATF_CHECK(IN6_ARE_ADDR_EQUAL(&watching()->dst, &ospf_all_drouters));
	net_run(net, MONO_S(2));
	for (i = 1; i < 4; i++)
		ATF_CHECK(net_lsa(net, i, 0, OSPF_LSA_EXTERNAL, 1,
		    net_id(0)) != NULL);
	net_free(net);
}

/* RFC 2328 10.7: who asks for what does not exist begins anew. */
ATF_TC_WITHOUT_HEAD(bad_request);
ATF_TC_BODY(bad_request, tc)
{
	struct net		*net = chain(OSPF_POINT_TO_POINT);
	struct in6_addr		 src = net_addr(1), dst = net_addr(0);
	struct ospf_header	 p = { OSPF_LSR, 0, net_id(1), 0, 0, 0 };
	struct ospf_key		 k = { OSPF_LSA_EXTERNAL, 99, 99 };
	uint8_t			 b[64];
	struct wr		 w;

	wr_init(&w, b, sizeof(b));
	ospf_header_build(&w, &p);
	ospf_request_build(&w, &k);
	ATF_REQUIRE_EQ(ospf_packet_end(&w, &src, &dst, 1), 0);
	net_inject(net, 0, 0, &src, &dst, b, w.len);
	ATF_CHECK_EQ(net_nbr(net, 0, 0, 1)->state, OSPF_NBR_EXSTART);
	net_run(net, MONO_S(6));
	ATF_CHECK(net_full(net, 0, 0, 1));
	net_free(net);
}

/* Whoever is no neighbor, or not far enough, is not listened to. */
ATF_TC_WITHOUT_HEAD(strangers);
ATF_TC_BODY(strangers, tc)
{
	struct net	*net = chain(OSPF_POINT_TO_POINT);

	ospf_nbr_event(net_nbr(net, 0, 0, 1), OSPF_NBR_EV_1WAY);
	flood_one(net, OSPF_LSA_EXTERNAL, 5, 0);
	ATF_CHECK(has(net, 0, OSPF_LSA_EXTERNAL) == NULL);
	ospf_nbr_event(net_nbr(net, 0, 0, 1), OSPF_NBR_EV_KILL);
	flood_one(net, OSPF_LSA_EXTERNAL, 5, 0);
	ATF_CHECK(has(net, 0, OSPF_LSA_EXTERNAL) == NULL);
	net_free(net);
}

/* Router 1 has the largest LSA that can be. */
static void
flood_large(struct net *net)
{
	struct in6_addr		 src = net_addr(1);
	struct ospf_header	 p = { OSPF_LSU, 0, net_id(1), 0, 0, 0 };
	struct ospf_lsa_header	 h;
	uint8_t			*b;
	struct wr		 w;

	ATF_REQUIRE((b = calloc(1, OSPF_PACKET_MAX)) != NULL);
	memset(&h, 0, sizeof(h));
	h.key.type = OSPF_LSA_EXTERNAL;
	h.key.id = 9;
	h.key.adv = FOREIGN;
	h.seq = 1;
	h.len = OSPF_LSA_MAX;
	wr_init(&w, b, OSPF_PACKET_MAX);
	ospf_header_build(&w, &p);
	wr_u32(&w, 1);
	ospf_lsa_header_build(&w, &h);
	wr_zero(&w, h.len - OSPF_LSA_LEN);
	wr_patch16(&w, 20 + 16, ospf_lsa_cksum(b + 20, h.len));
	ATF_REQUIRE_EQ(ospf_packet_end(&w, &src, &ospf_all_routers, 1), 0);
	net_inject(net, 0, 0, &src, &ospf_all_routers, b, w.len);
	free(b);
}

/* An LSA larger than any MTU goes alone, and arrives whole. */
ATF_TC_WITHOUT_HEAD(large);
ATF_TC_BODY(large, tc)
{
	struct net	*net = chain(OSPF_POINT_TO_POINT);

	flood_large(net);
	net_run(net, MONO_S(1));
	ATF_REQUIRE(has(net, 2, OSPF_LSA_EXTERNAL) != NULL);
	ATF_CHECK_EQ(has(net, 2, OSPF_LSA_EXTERNAL)->h.len, OSPF_LSA_MAX);
	net_free(net);
}

/* Who asks for it a thousand times at once gets it some times. */
ATF_TC_WITHOUT_HEAD(large_many_times);
ATF_TC_BODY(large_many_times, tc)
{
	struct net		*net = chain(OSPF_POINT_TO_POINT);
	struct in6_addr		 src = net_addr(1), dst = net_addr(0);
	struct ospf_header	 p = { OSPF_LSR, 0, net_id(1), 0, 0, 0 };
	struct ospf_key		 k = { OSPF_LSA_EXTERNAL, 9, FOREIGN };
	uint8_t			 b[16384];
	struct wr		 w;
	size_t			 before;
	int			 i;

	flood_large(net);
	net_run(net, MONO_S(1));
	wr_init(&w, b, sizeof(b));
	ospf_header_build(&w, &p);
	for (i = 0; i < 1000; i++)
		ospf_request_build(&w, &k);
	ATF_REQUIRE_EQ(ospf_packet_end(&w, &src, &dst, 1), 0);
	before = net->count[OSPF_LSU];
	net_inject(net, 0, 0, &src, &dst, b, w.len);
	ATF_CHECK(net->count[OSPF_LSU] > before);
	ATF_CHECK_MSG(net->count[OSPF_LSU] - before <=
	    LIMIT_OSPF_ANSWER / OSPF_LSA_MAX + 1, "%zu updates",
	    net->count[OSPF_LSU] - before);
	ATF_CHECK_EQ(net_nbr(net, 0, 0, 1)->state, OSPF_NBR_FULL);
	net_free(net);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, newer);
	ATF_TP_ADD_TC(tp, damaged);
	ATF_TP_ADD_TC(tp, unknown_types);
	ATF_TP_ADD_TC(tp, max_age_unknown);
	ATF_TP_ADD_TC(tp, max_age_known);
	ATF_TP_ADD_TC(tp, max_age_kept);
	ATF_TP_ADD_TC(tp, min_ls_arrival);
	ATF_TP_ADD_TC(tp, duplicate);
	ATF_TP_ADD_TC(tp, implied_ack);
	ATF_TP_ADD_TC(tp, older);
	ATF_TP_ADD_TC(tp, retransmission);
	ATF_TP_ADD_TC(tp, broadcast_dr);
	ATF_TP_ADD_TC(tp, broadcast_other);
	ATF_TP_ADD_TC(tp, bad_request);
	ATF_TP_ADD_TC(tp, strangers);
	ATF_TP_ADD_TC(tp, large);
	ATF_TP_ADD_TC(tp, large_many_times);
	return (atf_no_error());
}
