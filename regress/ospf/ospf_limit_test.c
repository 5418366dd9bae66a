/*
 * What neighbors can make a router hold is bounded, and it goes on working
 * (RFC 1765 in spirit); the last will; configuration that changes.
 */
#include <atf-c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ospf_net.h"
#include "ospf_show.h"

#define FLOOD_LSAS	40	/* in one update */

/* An update of one router with LSAs of far ones, from number on. */
static void
flood_instance(struct net *net, int to, uint16_t type, uint32_t number,
    int32_t seq, uint16_t age)
{
	struct in6_addr		 src = net_addr(1 - to);
	struct ospf_header	 p = { OSPF_LSU, 0, net_id(1 - to), 0, 0,
				    0 };
	struct ospf_lsa_header	 h;
	uint8_t			 b[4096];
	struct wr		 w;
	size_t			 at;
	uint32_t		 i;

	wr_init(&w, b, sizeof(b));
	ospf_header_build(&w, &p);
	wr_u32(&w, FLOOD_LSAS);
	memset(&h, 0, sizeof(h));
	h.age = age;
	h.key.type = type;
	h.seq = seq;
	h.len = OSPF_LSA_LEN + 4;
	for (i = 0; i < FLOOD_LSAS; i++) {
		h.key.id = number + i;
		h.key.adv = 0x7f000000 + (number + i) / 30;
		at = w.len;
		ospf_lsa_header_build(&w, &h);
		wr_u32(&w, 0);
		wr_patch16(&w, at + 16, ospf_lsa_cksum(b + at, h.len));
	}
	ATF_REQUIRE_EQ(ospf_packet_end(&w, &src, &ospf_all_routers, 1), 0);
	net_inject(net, to, 0, &src, &ospf_all_routers, b, w.len);
}

static void
flood(struct net *net, int to, uint16_t type, uint32_t number)
{
	flood_instance(net, to, type, number, 1, 0);
}

static struct net *
pair(void)
{
	struct net	*net = net_new();

	net_if(net, 0, 0, OSPF_POINT_TO_POINT);
	net_if(net, 1, 0, OSPF_POINT_TO_POINT);
	net_start(net, 0);
	net_start(net, 1);
	net_announce(net, 0, "2002::/16");
	net_run(net, MONO_S(10));
	return (net);
}

/* More LSAs than there is room for. */
ATF_TC_WITHOUT_HEAD(too_many_lsas);
ATF_TC_BODY(too_many_lsas, tc)
{
	struct net		*net = pair();
	struct ospf_store	*s = &net->r[0].o->store;
	uint32_t		 i;
	size_t			 lsas;

	for (i = 0; i < LIMIT_OSPF_LSAS * 5 / 4; i += FLOOD_LSAS)
		flood(net, 0, OSPF_LSA_EXTERNAL, i);
	ATF_CHECK_EQ(s->count, LIMIT_OSPF_LSAS * 3 / 4);
	for (i = 0; i < LIMIT_OSPF_LSAS; i += FLOOD_LSAS)
		flood(net, 0, OSPF_LSA_INTER_PREFIX, i);
	ATF_CHECK_EQ(s->count, LIMIT_OSPF_LSAS);
	ATF_CHECK(s->refused > 0);
	ATF_CHECK_EQ(net_logged(net, 0, "no room for more LSAs"), 1);
	/* What is let go is acknowledged, or it would come for ever. */
	net_run(net, MONO_S(6));
	ATF_CHECK(net_full(net, 0, 0, 1));
	/* We still announce and withdraw. */
	lsas = s->count;
	net_announce(net, 0, NULL);
	net_run(net, MONO_S(2));
	ATF_CHECK_EQ(s->count, lsas - 1);
	net_announce(net, 0, "2001::/32");
	net_run(net, MONO_S(2));
	ATF_CHECK(net_lsa(net, 1, 0, OSPF_LSA_EXTERNAL, 2, net_id(0)) !=
	    NULL);
	net_free(net);
}

/* What replaces needs no room: without it nothing could ever be withdrawn. */
ATF_TC_WITHOUT_HEAD(full_but_replaced);
ATF_TC_BODY(full_but_replaced, tc)
{
	struct net		*net = pair();
	struct ospf_store	*s = &net->r[0].o->store;
	uint32_t		 far = 0x7f000000;
	size_t			 before = s->count;

	flood(net, 0, OSPF_LSA_EXTERNAL, 0);
	net_run(net, MONO_S(2));
	s->max_count = s->count;
	flood_instance(net, 0, OSPF_LSA_EXTERNAL, 0, 2, 0);
	ATF_CHECK_EQ(s->refused, 0);
	ATF_CHECK_EQ(net_lsa(net, 0, 0, OSPF_LSA_EXTERNAL, 0, far)->h.seq, 2);
	net_run(net, MONO_S(2));
	flood_instance(net, 0, OSPF_LSA_EXTERNAL, 0, 2, OSPF_MAXAGE);
	net_run(net, MONO_S(2));
	ATF_CHECK_EQ(s->count, before);
	ATF_CHECK_EQ(s->refused, 0);
	net_free(net);
}

/* ... nor to be asked for when the exchange shows it. */
ATF_TC_WITHOUT_HEAD(full_but_asked_for);
ATF_TC_BODY(full_but_asked_for, tc)
{
	struct net		*net = pair();
	struct ospf_store	*s = &net->r[0].o->store;
	uint32_t		 far = 0x7f000000;

	flood(net, 0, OSPF_LSA_EXTERNAL, 0);
	net_run(net, MONO_S(2));
	s->max_count = s->count;
	flood_instance(net, 1, OSPF_LSA_EXTERNAL, 0, 2, 0);
	ospf_nbr_event(net_nbr(net, 0, 0, 1), OSPF_NBR_EV_MISMATCH);
	net_run(net, MONO_S(6));
	ATF_CHECK(net_full(net, 0, 0, 1));
	ATF_CHECK_EQ(net_lsa(net, 0, 0, OSPF_LSA_EXTERNAL, 0, far)->h.seq, 2);
	net_free(net);
}

/* A neighbor that has more than fits: the adjacency is complete anyway. */
ATF_TC_WITHOUT_HEAD(too_large_a_neighbor);
ATF_TC_BODY(too_large_a_neighbor, tc)
{
	struct net		*net = net_new();
	struct ospf_lsa_header	 h;
	uint8_t			 data[OSPF_LSA_LEN + 4] = { 0 };
	struct ospf_lsa		*l;
	struct wr		 w;
	uint32_t		 i;

	net_if(net, 0, 0, OSPF_POINT_TO_POINT);
	net_if(net, 1, 0, OSPF_POINT_TO_POINT);
	net_start(net, 1);
	memset(&h, 0, sizeof(h));
	h.key.type = OSPF_LSA_EXTERNAL;
	h.key.adv = 1;
	h.seq = 1;
	h.len = sizeof(data);
	for (i = 0; i < LIMIT_OSPF_LSAS * 3 / 4; i++) {
		h.key.id = i;
		h.cksum = 0;
		wr_init(&w, data, sizeof(data));
		ospf_lsa_header_build(&w, &h);
		h.cksum = ospf_lsa_cksum(data, sizeof(data));
		l = ospf_lsa_new(&net->r[1].o->store, &h, data, 1, net->now);
		ATF_REQUIRE(l != NULL);
		ospf_db_install(&net->r[1].o->db, l);
		ospf_lsa_rele(l);
	}
	net_start(net, 0);
	net->r[0].o->store.max_count = 1000;
	net_run(net, MONO_S(30));
	ATF_CHECK(net_full(net, 0, 0, 1));
	ATF_CHECK_EQ(net->r[0].o->nrequests, 0);
	ATF_CHECK_MSG(net->r[0].o->store.count <= 1000, "%zu",
	    net->r[0].o->store.count);
	net_free(net);
}

/* A Hello from router n of many on a link. */
static void
hello(struct net *net, int link, uint32_t n)
{
	struct in6_addr		 src = net_addr(1);
	struct ospf_header	 p = { OSPF_HELLO, 0, 0x20000000 + n, 0, 0,
				    0 };
	struct ospf_hello	 h = { 1, 1, OSPF_O_V6 | OSPF_O_E, 1, 4, 0,
				    0 };
	uint8_t			 b[64];
	struct wr		 w;

	src.s6_addr[8] = 1;
	src.s6_addr[14] = n >> 8;
	src.s6_addr[15] = n;
	wr_init(&w, b, sizeof(b));
	ospf_header_build(&w, &p);
	ospf_hello_build(&w, &h);
	ATF_REQUIRE_EQ(ospf_packet_end(&w, &src, &ospf_all_routers, 1), 0);
	net_inject(net, 0, link, &src, &ospf_all_routers, b, w.len);
}

ATF_TC_WITHOUT_HEAD(too_many_neighbors);
ATF_TC_BODY(too_many_neighbors, tc)
{
	struct net	*net = net_new();
	uint32_t	 i;

	net_if(net, 0, 0, OSPF_BROADCAST);
	net_if(net, 0, 1, OSPF_BROADCAST);
	net_start(net, 0);
	for (i = 0; i < 1000; i++)
		hello(net, 0, i);
	ATF_CHECK_EQ(net_ifp(net, 0, 0)->nnbrs, LIMIT_OSPF_NBRS);
	/* There is room on the other link. */
	hello(net, 1, i);
	ATF_CHECK_EQ(net_ifp(net, 0, 1)->nnbrs, 1);
	/* Our Hello lists them all. */
	net_run(net, MONO_MS(1100));
	net_run(net, MONO_S(10));
	ATF_CHECK_EQ(net_ifp(net, 0, 0)->nnbrs, 0);
	net_free(net);
}

/* Nobody can fill our log, however many words and addresses it has. */
ATF_TC_WITHOUT_HEAD(too_many_words);
ATF_TC_BODY(too_many_words, tc)
{
	struct net	*net = net_new();
	struct in6_addr	 src = net_addr(1);
	struct ospf_if	*ifp;
	uint32_t	 i;

	net_if(net, 0, 0, OSPF_BROADCAST);
	net_start(net, 0);
	ifp = net_ifp(net, 0, 0);
	net->r[0].nlogs = 0;
	for (i = 0; i < 200; i++) {
		src.s6_addr[14] = i;
		ospf_reject(ifp, &src, i, "reason %u", i);
	}
	ATF_CHECK_EQ(ifp->bad, 200);
	ATF_CHECK_EQ(net_logged(net, 0, "refused: "), LIMIT_OSPF_WARNINGS);
	/* Another minute, other words. */
	net->now = mono_add(net->now, OSPF_WARN_INTERVAL);
	net_run(net, MONO_MS(1));
	ospf_reject(ifp, &src, 7, "something else");
	ATF_CHECK_EQ(net_logged(net, 0, "something else"), 1);
	net_free(net);
}

/* A neighbor that acknowledges nothing begins anew when it is too much. */
ATF_TC_WITHOUT_HEAD(too_many_unacknowledged);
ATF_TC_BODY(too_many_unacknowledged, tc)
{
	struct net	*net = net_new();
	uint32_t	 i;

	net_if(net, 0, 0, OSPF_POINT_TO_POINT);
	net_if(net, 1, 0, OSPF_POINT_TO_POINT);
	net_if(net, 0, 1, OSPF_POINT_TO_POINT)->dead = 3600;
	net_if(net, 2, 1, OSPF_POINT_TO_POINT)->dead = 3600;
	for (i = 0; i < 3; i++)
		net_start(net, i);
	net_run(net, MONO_S(5));
	ATF_REQUIRE(net_full(net, 0, 1, 2));
	net->cut[1] = 1;
	net->r[0].o->nunacked = LIMIT_OSPF_UNACKED - 100;
	for (i = 0; i < 400; i += FLOOD_LSAS)
		flood(net, 0, OSPF_LSA_EXTERNAL, i);
	ATF_CHECK_EQ(net_nbr(net, 0, 1, 2)->state, OSPF_NBR_EXSTART);
	ATF_CHECK_EQ(net_nbr(net, 0, 1, 2)->nunacked, 0);
	ATF_CHECK_STREQ(net_nbr(net, 0, 1, 2)->why,
	    "it acknowledges too slowly");
	net->cut[1] = 0;
	net_run(net, MONO_S(20));
	ATF_CHECK(net_full(net, 0, 1, 2));
	ATF_CHECK(net_same(net, 0, 2));
	net_free(net);
}

/* ... and no other one has to suffer for it. */
ATF_TC_WITHOUT_HEAD(one_unacknowledging);
ATF_TC_BODY(one_unacknowledging, tc)
{
	struct net	*net = net_new();
	uint32_t	 i;
	int		 link;

	net_if(net, 1, 0, OSPF_POINT_TO_POINT);
	for (link = 0; link < 3; link++)
		net_if(net, 0, link, OSPF_POINT_TO_POINT)->dead = 3600;
	net->r[1].conf.interface[0].dead = 3600;
	net_if(net, 2, 1, OSPF_POINT_TO_POINT)->dead = 3600;
	net_if(net, 3, 2, OSPF_POINT_TO_POINT)->dead = 3600;
	for (i = 0; i < 4; i++)
		net_start(net, i);
	net_run(net, MONO_S(5));
	net->cut[2] = 1;
	for (i = 0; i < 160; i += FLOOD_LSAS)
		flood(net, 0, OSPF_LSA_EXTERNAL, i);
	net_run(net, MONO_S(1));
	ATF_REQUIRE_EQ(net_nbr(net, 0, 1, 2)->nunacked, 0);
	ATF_REQUIRE(net_nbr(net, 0, 2, 3)->nunacked >= 160);
	net->r[0].o->nunacked = LIMIT_OSPF_UNACKED - 100;
	for (; i < 280; i += FLOOD_LSAS)
		flood(net, 0, OSPF_LSA_EXTERNAL, i);
	ATF_CHECK(net_full(net, 0, 1, 2));
	ATF_CHECK_EQ(net_nbr(net, 0, 2, 3)->state, OSPF_NBR_EXSTART);
	net_run(net, MONO_S(1));
	ATF_CHECK(net_same(net, 0, 2));
	net_free(net);
}

/* 13.6: what nobody acknowledges is repeated in portions. */
ATF_TC_WITHOUT_HEAD(repeats);
ATF_TC_BODY(repeats, tc)
{
	struct net	*net = net_new();
	size_t		 before;
	uint32_t	 i;

	net_if(net, 1, 0, OSPF_POINT_TO_POINT)->dead = 3600;
	net_if(net, 0, 0, OSPF_POINT_TO_POINT)->dead = 3600;
	net_if(net, 0, 1, OSPF_POINT_TO_POINT)->dead = 3600;
	net_if(net, 2, 1, OSPF_POINT_TO_POINT)->dead = 3600;
	for (i = 0; i < 3; i++)
		net_start(net, i);
	net_run(net, MONO_S(5));
	net->cut[1] = 1;
	for (i = 0; i < 4000; i += FLOOD_LSAS)
		flood(net, 0, OSPF_LSA_EXTERNAL, i);
	net_run(net, MONO_S(4));
	ATF_REQUIRE(net_nbr(net, 0, 1, 2)->nunacked >= 4000);
	before = net->count[OSPF_LSU];
	net_run(net, MONO_MS(1050));
	ATF_CHECK_MSG(net->count[OSPF_LSU] - before <= 16, "%zu at once",
	    net->count[OSPF_LSU] - before);
	net_run(net, MONO_S(1));
	ATF_CHECK(net->count[OSPF_LSU] - before >= 70);
	net->cut[1] = 0;
	net_run(net, MONO_S(6));
	ATF_CHECK_EQ(net_nbr(net, 0, 1, 2)->nunacked, 0);
	ATF_CHECK(net_same(net, 0, 2));
	net_free(net);
}

/* --- the will ---------------------------------------------------------- */

struct will {
	struct net	*net;
	int		 updates;
	int		 hellos;
};

/* Somebody else sends what router 0 left. */
static void
execute(void *arg, void *port, const struct in6_addr *src,
    const struct in6_addr *dst, const void *buf, size_t len)
{
	struct will	*w = arg;
	const uint8_t	*b = buf;

	if (b[1] == OSPF_LSU) {
		ATF_CHECK_EQ(w->hellos, 0);
		w->updates++;
	} else
		w->hellos++;
	net_inject(w->net, 1, 0, src, dst, buf, len);
}

ATF_TC_WITHOUT_HEAD(last_will);
ATF_TC_BODY(last_will, tc)
{
	struct net	*net = pair();
	struct will	 w = { net, 0, 0 };

	ATF_CHECK(ospf_will_changed(net->r[0].o));
	ATF_CHECK(!ospf_will_changed(net->r[0].o));
	net_run(net, MONO_S(100));
	/* Nothing but time: the will is still good. */
	ATF_CHECK(!ospf_will_changed(net->r[0].o));
	ATF_REQUIRE(net_lsa(net, 1, 0, OSPF_LSA_EXTERNAL, 1, net_id(0)) !=
	    NULL);
	ospf_will(net->r[0].o, execute, &w);
	ATF_CHECK_EQ(w.updates, 1);
	ATF_CHECK_EQ(w.hellos, 1);
	ATF_CHECK(net_lsa(net, 1, 0, OSPF_LSA_EXTERNAL, 1, net_id(0)) ==
	    NULL);
	ATF_CHECK(net_lsa(net, 1, 0, OSPF_LSA_ROUTER, 0, net_id(0)) == NULL);
	ATF_CHECK_EQ(net_nbr(net, 1, 0, 0)->state, OSPF_NBR_INIT);
	net_free(net);
}

ATF_TC_WITHOUT_HEAD(will_changes);
ATF_TC_BODY(will_changes, tc)
{
	struct net	*net = pair();

	(void)ospf_will_changed(net->r[0].o);
	net_announce(net, 0, NULL);
	ATF_CHECK(ospf_will_changed(net->r[0].o));
	net_run(net, MONO_S(1));
	(void)ospf_will_changed(net->r[0].o);
	net_kill(net, 1);
	net_run(net, MONO_S(10));
	ATF_CHECK(ospf_will_changed(net->r[0].o));
	net_free(net);
}

/* The orderly end: flushed, acknowledged, and said goodbye. */
ATF_TC_WITHOUT_HEAD(stop);
ATF_TC_BODY(stop, tc)
{
	struct net	*net = pair();

	ospf_stop(net->r[0].o, net->now);
	ATF_CHECK(!ospf_stopped(net->r[0].o));
	net_run(net, MONO_MS(550));
	ATF_CHECK(ospf_stopped(net->r[0].o));
	ATF_CHECK(net_full(net, 1, 0, 0));
	ATF_CHECK(net_lsa(net, 1, 0, OSPF_LSA_EXTERNAL, 1, net_id(0)) ==
	    NULL);
	/* Nothing of ours is left, and nothing comes back. */
	ATF_CHECK(net_lsa(net, 1, 0, OSPF_LSA_ROUTER, 0, net_id(0)) == NULL);
	ospf_goodbye(net->r[0].o, net->now);
	net_deliver(net);
	ATF_CHECK_EQ(net_nbr(net, 1, 0, 0)->state, OSPF_NBR_INIT);
	net_free(net);
}

/* --- configuration ----------------------------------------------------- */

ATF_TC_WITHOUT_HEAD(reconfigure);
ATF_TC_BODY(reconfigure, tc)
{
	struct net		*net = pair();
	struct ospf_conf_if	*c = net->r[0].conf.interface;
	uint32_t		 ups;

	/* A cost changes under the neighbors' eyes. */
	ups = net_nbr(net, 0, 0, 1)->ups;
	c->cost = 99;
	net_start(net, 0);
	net_run(net, MONO_S(6));
	ATF_CHECK_EQ(net_nbr(net, 0, 0, 1)->ups, ups);
	ATF_CHECK(net_same(net, 0, 1));
	/* Timers do not. */
	c->dead = 8;
	net_start(net, 0);
	net_run(net, MONO_S(6));
	ATF_CHECK(net_nbr(net, 0, 0, 1) == NULL);
	c->dead = 4;
	net_start(net, 0);
	net_run(net, MONO_S(6));
	ATF_CHECK(net_full(net, 0, 0, 1));
	/* An interface that goes takes its leave. */
	net->r[0].conf.nifs = 0;
	net_start(net, 0);
	net_deliver(net);
	ATF_CHECK_EQ(net_nbr(net, 1, 0, 0)->state, OSPF_NBR_INIT);
	net->r[0].conf.nifs = 1;
	net_start(net, 0);
	net_run(net, MONO_S(6));
	ATF_CHECK(net_full(net, 0, 0, 1));
	net_free(net);
}

/* An area that goes is flushed first. */
ATF_TC_WITHOUT_HEAD(area_goes);
ATF_TC_BODY(area_goes, tc)
{
	struct net	*net = pair();

	net->r[0].conf.nareas = net->r[0].conf.nifs = 0;
	net_start(net, 0);
	net_deliver(net);
	ATF_CHECK(net_lsa(net, 1, 0, OSPF_LSA_ROUTER, 0, net_id(0)) == NULL);
	ATF_CHECK(net_nbr(net, 1, 0, 0)->state < OSPF_NBR_2WAY);
	net_free(net);
}

/* --- showing ----------------------------------------------------------- */

static void
count_lsa(void *arg, const struct ctl_lsa *c)
{
	++*(int *)arg;
}

static void
count_body(void *arg, const struct ctl_body *b)
{
	*(int *)arg += 1000;
	ATF_CHECK(b->len >= OSPF_LSA_LEN);
}

/* A long answer in pieces tells everything once, whatever happens between. */
ATF_TC_WITHOUT_HEAD(show_pieces);
ATF_TC_BODY(show_pieces, tc)
{
	static const struct ospf_show_ops	 show = {
		.lsa = count_lsa, .body = count_body
	};
	struct ospf_place			 at;
	struct ctl_ospf_ask			 ask;
	struct net				*net = pair();
	int					 n = 0, turns = 0;

	memset(&ask, 0, sizeof(ask));
	memset(&at, 0, sizeof(at));
	flood(net, 0, OSPF_LSA_EXTERNAL, 1000);
	while (ospf_show_lsas(net->r[0].o, &ask, &at, 7, &show, &n, net->now))
		turns++;
	ATF_CHECK_EQ((size_t)n, net->r[0].o->store.count);
	ATF_CHECK(turns >= 5);
	memset(&at, 0, sizeof(at));
	n = 0;
	ask.lsa = OSPF_LSA_ROUTER;
	ask.detail = 1;
	while (ospf_show_lsas(net->r[0].o, &ask, &at, 7, &show, &n, net->now))
		;
	ATF_CHECK_EQ(n, 2002);
	net_free(net);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, too_many_lsas);
	ATF_TP_ADD_TC(tp, full_but_replaced);
	ATF_TP_ADD_TC(tp, full_but_asked_for);
	ATF_TP_ADD_TC(tp, too_large_a_neighbor);
	ATF_TP_ADD_TC(tp, too_many_neighbors);
	ATF_TP_ADD_TC(tp, too_many_words);
	ATF_TP_ADD_TC(tp, too_many_unacknowledged);
	ATF_TP_ADD_TC(tp, one_unacknowledging);
	ATF_TP_ADD_TC(tp, repeats);
	ATF_TP_ADD_TC(tp, last_will);
	ATF_TP_ADD_TC(tp, will_changes);
	ATF_TP_ADD_TC(tp, stop);
	ATF_TP_ADD_TC(tp, reconfigure);
	ATF_TP_ADD_TC(tp, area_goes);
	ATF_TP_ADD_TC(tp, show_pieces);
	return (atf_no_error());
}
