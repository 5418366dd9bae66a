/*
 * Adjacencies from the first Hello to Full and back: RFC 2328 10, RFC 5340
 * 4.2.  Files ospf_packet.c, ospf_hello.c, ospf_nbr.c, ospf_dd.c and
 * ospf_req.c of routed6.
 */
#include <atf-c.h>
#include <string.h>

#include "ospf_net.h"

/* Two routers on link 0. */
static struct net *
pair(enum ospf_if_type type)
{
	struct net	*net = net_new();

	net_if(net, 0, 0, type);
	net_if(net, 1, 0, type);
	net_start(net, 0);
	net_start(net, 1);
	return (net);
}

static enum ospf_nbr_state
state(struct net *net, int i, int other)
{
	struct ospf_nbr	*nbr = net_nbr(net, i, 0, other);

	return (nbr == NULL ? OSPF_NBR_DOWN : nbr->state);
}

ATF_TC_WITHOUT_HEAD(point_to_point);
ATF_TC_BODY(point_to_point, tc)
{
	struct net	*net = pair(OSPF_POINT_TO_POINT);

	net_announce(net, 0, "2002::/16");
	/* There is nothing to wait for. */
	net_run(net, MONO_MS(1));
	ATF_CHECK(net_full(net, 0, 0, 1));
	ATF_CHECK(net_full(net, 1, 0, 0));
	ATF_CHECK(net_same(net, 0, 1));
	ATF_CHECK(net_lsa(net, 1, 0, OSPF_LSA_EXTERNAL, 1, net_id(0)) !=
	    NULL);
	net_announce(net, 0, NULL);
	net_deliver(net);
	ATF_CHECK(net_lsa(net, 1, 0, OSPF_LSA_EXTERNAL, 1, net_id(0)) ==
	    NULL);
	net_run(net, MONO_S(10));
	ATF_CHECK(net_same(net, 0, 1));
	ATF_CHECK_EQ(net->r[0].o->db.count, 0);
	net_free(net);
}

ATF_TC_WITHOUT_HEAD(broadcast);
ATF_TC_BODY(broadcast, tc)
{
	struct net	*net = pair(OSPF_BROADCAST);

	net_run(net, MONO_S(3));
	ATF_CHECK_EQ(net_ifp(net, 0, 0)->state, OSPF_IF_WAITING);
	net_run(net, MONO_S(3));
	ATF_CHECK(net_full(net, 0, 0, 1));
	ATF_CHECK(net_full(net, 1, 0, 0));
	ATF_CHECK(net_same(net, 0, 1));
	net_free(net);
}

/* Routers 0 and 1, which name each other. */
static struct net *
named_pair(enum ospf_if_type type)
{
	struct net		*net = net_new();
	struct ospf_conf_if	*c;
	struct in6_addr		 a;
	int			 i;

	for (i = 0; i < 2; i++) {
		c = net_if(net, i, 0, type);
		a = net_addr(1 - i);
		ipaddr_from_in6(&c->neighbor[0], &a);
		c->nneighbors = 1;
		net_start(net, i);
	}
	return (net);
}

static size_t
rows(struct net *net)
{
	struct ospf_nbr	*nbr;
	size_t		 n = 0;

	TAILQ_FOREACH(nbr, &net_ifp(net, 0, 0)->nbrs, entry)
		n++;
	return (n);
}

/* RFC 2328 10.5: point-to-multipoint and NBMA find their neighbors by name. */
ATF_TC_WITHOUT_HEAD(by_name);
ATF_TC_BODY(by_name, tc)
{
	static const enum ospf_if_type	 types[] = {
		OSPF_POINT_TO_MULTIPOINT, OSPF_NBMA
	};
	struct net			*net;
	size_t				 t;
	int				 i;

	for (t = 0; t < 2; t++) {
		net = named_pair(types[t]);
		for (i = 0; i < 2; i++)
			ATF_CHECK_EQ(TAILQ_FIRST(&net_ifp(net, i, 0)->nbrs)->
			    state, OSPF_NBR_ATTEMPT);
		net_run(net, MONO_S(20));
		ATF_CHECK(net_full(net, 0, 0, 1));
		ATF_CHECK(net_full(net, 1, 0, 0));
		ATF_CHECK(net_same(net, 0, 1));
		/* One that dies is sought again. */
		net_kill(net, 1);
		net_run(net, MONO_S(6));
		ATF_CHECK_EQ(TAILQ_FIRST(&net_ifp(net, 0, 0)->nbrs)->state,
		    OSPF_NBR_ATTEMPT);
		net_start(net, 1);
		net_run(net, MONO_S(20));
		ATF_CHECK(net_full(net, 0, 0, 1));
		net_free(net);
	}
}

/* Point-to-multipoint without names, by multicast: three of them. */
ATF_TC_WITHOUT_HEAD(point_to_multipoint);
ATF_TC_BODY(point_to_multipoint, tc)
{
	struct net	*net = net_new();
	int		 i, j;

	for (i = 0; i < 3; i++) {
		net_if(net, i, 0, OSPF_POINT_TO_MULTIPOINT);
		net_start(net, i);
	}
	net_announce(net, 0, "2002::/16");
	net_run(net, MONO_S(8));
	for (i = 0; i < 3; i++)
		for (j = 0; j < 3; j++)
			ATF_CHECK(i == j || net_full(net, i, 0, j));
	ATF_CHECK(net_same(net, 0, 1) && net_same(net, 1, 2));
	net_free(net);
}

ATF_TC_WITHOUT_HEAD(inactivity);
ATF_TC_BODY(inactivity, tc)
{
	struct net	*net = pair(OSPF_POINT_TO_POINT);

	net_run(net, MONO_S(1));
	net_kill(net, 1);
	net_run(net, MONO_MS(2900));
	ATF_CHECK(net_full(net, 0, 0, 1));
	net_run(net, MONO_MS(1200));
	ATF_CHECK_EQ(state(net, 0, 1), OSPF_NBR_DOWN);
	ATF_CHECK_EQ(net_logged(net, 0, "adjacency down: silent for 4 s"), 1);
	/* Its router-LSA lists nobody any more. */
	ATF_CHECK_EQ(net_lsa(net, 0, 0, OSPF_LSA_ROUTER, 0, net_id(0))->h.len,
	    OSPF_LSA_LEN + 4);
	net_free(net);
}

/* One-way: the other end hears nothing. */
ATF_TC_WITHOUT_HEAD(one_way);
ATF_TC_BODY(one_way, tc)
{
	struct net	*net = pair(OSPF_POINT_TO_POINT);

	net_run(net, MONO_S(1));
	ospf_goodbye(net->r[1].o, net->now);
	net_deliver(net);
	/* The goodbye is an ordinary Hello without us in it. */
	ATF_CHECK_EQ(net_logged(net, 0,
	    "adjacency down: it does not hear us"), 1);
	net_run(net, MONO_S(6));
	ATF_CHECK(net_full(net, 0, 0, 1));
	net_free(net);
}

/* A neighbor that restarts is back before the dead interval is over. */
ATF_TC_WITHOUT_HEAD(restart);
ATF_TC_BODY(restart, tc)
{
	struct net	*net = pair(OSPF_POINT_TO_POINT);
	struct ospf_lsa	*l;

	net_announce(net, 1, "2002::/16");
	net_run(net, MONO_S(20));
	net_kill(net, 1);
	net_run(net, MONO_MS(300));
	net_start(net, 1);
	net_announce(net, 1, "2001::/32");
	net_run(net, MONO_S(2));
	ATF_CHECK(net_full(net, 0, 0, 1));
	ATF_CHECK(net_full(net, 1, 0, 0));
	ATF_CHECK(net_same(net, 0, 1));
	/* What the former life left is superseded at once. */
	l = net_lsa(net, 0, 0, OSPF_LSA_EXTERNAL, 1, net_id(1));
	ATF_REQUIRE(l != NULL);
	ATF_CHECK_EQ(l->data[OSPF_LSA_LEN + 4], 32);
	net_free(net);
}

/* What the former life announced and this one does not, is flushed. */
ATF_TC_WITHOUT_HEAD(restart_less);
ATF_TC_BODY(restart_less, tc)
{
	struct net	*net = pair(OSPF_POINT_TO_POINT);

	net_announce(net, 1, "2002::/16");
	net_run(net, MONO_S(2));
	ATF_CHECK(net_lsa(net, 0, 0, OSPF_LSA_EXTERNAL, 1, net_id(1)) !=
	    NULL);
	net_kill(net, 1);
	net_start(net, 1);
	net_run(net, MONO_S(2));
	ATF_CHECK(net_full(net, 0, 0, 1));
	ATF_CHECK(net_lsa(net, 0, 0, OSPF_LSA_EXTERNAL, 1, net_id(1)) ==
	    NULL);
	ATF_CHECK(net_same(net, 0, 1));
	net_free(net);
}

/* RFC 2328 10.8 and 13.6: one packet of so many is lost, both ways. */
ATF_TC_WITHOUT_HEAD(loss);
ATF_TC_BODY(loss, tc)
{
	unsigned int	 lose;
	struct net	*net;

	for (lose = 3; lose <= 7; lose++) {
		net = net_new();
		net->lose = lose;
		net_if(net, 0, 0, OSPF_POINT_TO_POINT)->dead = 20;
		net_if(net, 1, 0, OSPF_POINT_TO_POINT)->dead = 20;
		net_start(net, 0);
		net_start(net, 1);
		net_announce(net, 0, "2002::/16");
		net_announce(net, 1, "2001::/32");
		net_run(net, MONO_S(60));
		ATF_CHECK_MSG(net_full(net, 0, 0, 1), "every %u", lose);
		ATF_CHECK_MSG(net_full(net, 1, 0, 0), "every %u", lose);
		ATF_CHECK_MSG(net_same(net, 0, 1), "every %u", lose);
		net_announce(net, 0, NULL);
		net_run(net, MONO_S(30));
		ATF_CHECK_MSG(net_lsa(net, 1, 0, OSPF_LSA_EXTERNAL, 1,
		    net_id(0)) == NULL, "every %u", lose);
		net_free(net);
	}
}

/* RFC 2328 10.5 and 10.6: what must agree, and what is said when not. */
ATF_TC_WITHOUT_HEAD(mismatch);
ATF_TC_BODY(mismatch, tc)
{
	static const char *const	 words[] = {
		"hello-interval 2, ours is 1", "dead-interval 5, ours is 4",
		"area 0.0.0.7, ours is 0.0.0.0",
		"it takes the area for an NSSA"
	};
	struct ospf_conf_if		*c;
	struct net			*net;
	int				 i;

	for (i = 0; i < 4; i++) {
		net = net_new();
		net_if(net, 0, 0, OSPF_POINT_TO_POINT);
		c = net_if(net, 1, 0, OSPF_POINT_TO_POINT);
		c->hello += i == 0;
		c->dead += i == 1;
		if (i == 2)
			c->area = net->r[1].conf.area[0].id = 7;
		if (i == 3)
			net->r[1].conf.area[0].flags = OSPF_F_NSSA;
		net_start(net, 0);
		net_start(net, 1);
		net_run(net, MONO_S(59));
		ATF_CHECK_EQ(state(net, 0, 1), OSPF_NBR_DOWN);
		ATF_CHECK_EQ_MSG(net_logged(net, 0, words[i]), 1, "%s",
		    words[i]);
		net_run(net, MONO_S(5));
		ATF_CHECK_EQ_MSG(net_logged(net, 0, words[i]), 2, "%s",
		    words[i]);
		net_free(net);
	}
}

ATF_TC_WITHOUT_HEAD(mtu);
ATF_TC_BODY(mtu, tc)
{
	struct net	*net = pair(OSPF_POINT_TO_POINT);
	struct ospf_if	*ifp;
	int		 i;

	for (i = 0; i < 2; i++) {
		ifp = net_ifp(net, 0, 0);
		ospf_if_link(ifp, 0, 10, 1400, net->now);
		ospf_if_link(ifp, 1, 10, 1400, net->now);
		net_run(net, MONO_S(20));
		ATF_CHECK_EQ(state(net, 0, 1), OSPF_NBR_EXSTART);
		ATF_CHECK_EQ(state(net, 1, 0), OSPF_NBR_EXSTART);
	}
	ATF_CHECK_STREQ(net_nbr(net, 0, 0, 1)->why,
	    "its MTU 1500 is larger than ours, 1400");
	ATF_CHECK_STREQ(net_nbr(net, 1, 0, 0)->why,
	    "its MTU is 1400, ours is 1500: it does not answer");
	ATF_CHECK(net_logged(net, 1, "no adjacency: its MTU is 1400") > 0);
	/* Unless it is not to be looked at. */
	net->r[0].conf.interface[0].flags = OSPF_F_MTU_IGNORE;
	net_start(net, 0);
	net_run(net, MONO_S(20));
	ATF_CHECK(net_full(net, 0, 0, 1));
	net_free(net);
}

/* RFC 5340 4.2.2: another instance of the protocol on the same link. */
ATF_TC_WITHOUT_HEAD(instance);
ATF_TC_BODY(instance, tc)
{
	struct net	*net = net_new();

	net_if(net, 0, 0, OSPF_POINT_TO_POINT);
	net_if(net, 1, 0, OSPF_POINT_TO_POINT)->instance = 1;
	net_start(net, 0);
	net_start(net, 1);
	net_run(net, MONO_S(5));
	ATF_CHECK_EQ(state(net, 0, 1), OSPF_NBR_DOWN);
	ATF_CHECK_EQ(net_ifp(net, 0, 0)->bad, 0);
	net_free(net);
}

ATF_TC_WITHOUT_HEAD(duplicate_router_id);
ATF_TC_BODY(duplicate_router_id, tc)
{
	struct net	*net = net_new();

	net->r[1].conf.global.router_id = net_id(0);
	net_if(net, 0, 0, OSPF_POINT_TO_POINT);
	net_if(net, 1, 0, OSPF_POINT_TO_POINT);
	net_start(net, 0);
	net_start(net, 1);
	net_run(net, MONO_S(119));
	ATF_CHECK(TAILQ_EMPTY(&net_ifp(net, 0, 0)->nbrs));
	ATF_CHECK_EQ(net_logged(net, 0, "it has our router id"), 2);
	net_free(net);
}

/* Two neighbors with one router id: the first one stays, without flapping. */
ATF_TC_WITHOUT_HEAD(twin_router_ids);
ATF_TC_BODY(twin_router_ids, tc)
{
	struct net	*net = net_new();
	struct in6_addr	 second = net_addr(2);
	int		 i;

	for (i = 0; i < 3; i++)
		net_if(net, i, 0, OSPF_BROADCAST);
	net->r[2].conf.global.router_id = net_id(1);
	net_start(net, 0);
	net_start(net, 1);
	net_run(net, MONO_S(10));
	ATF_REQUIRE(net_full(net, 0, 0, 1));
	net_start(net, 2);
	net_run(net, MONO_S(50));
	ATF_CHECK(net_full(net, 0, 0, 1));
	ATF_CHECK_EQ(net_nbr(net, 0, 0, 1)->ups, 1);
	ATF_CHECK_EQ(net_logged(net, 0, "its router id is also that of "
	    "fe80::2"), 1);
	/* The first one goes: the second one is as good. */
	net_kill(net, 1);
	net_run(net, MONO_S(12));
	ATF_CHECK(net_full(net, 0, 0, 1));
	ATF_CHECK(IN6_ARE_ADDR_EQUAL(&net_nbr(net, 0, 0, 1)->addr, &second));
	net_free(net);
}

/* A neighbor that comes back under another router id replaces itself. */
ATF_TC_WITHOUT_HEAD(new_router_id);
ATF_TC_BODY(new_router_id, tc)
{
	struct net	*net = pair(OSPF_POINT_TO_POINT);

	net_run(net, MONO_S(1));
	net_kill(net, 1);
	net->r[1].conf.global.router_id = net_id(5);
	net_start(net, 1);
	net_run(net, MONO_S(2));
	ATF_CHECK_EQ(state(net, 0, 1), OSPF_NBR_DOWN);
	ATF_CHECK(net_full(net, 0, 0, 5));
	net_free(net);
}

/* One that was named keeps its only row under another router id. */
ATF_TC_WITHOUT_HEAD(new_router_id_by_name);
ATF_TC_BODY(new_router_id_by_name, tc)
{
	struct net	*net = named_pair(OSPF_POINT_TO_MULTIPOINT);
	size_t		 hellos;

	net_run(net, MONO_S(20));
	ATF_REQUIRE(net_full(net, 0, 0, 1));
	net_kill(net, 1);
	net->r[1].conf.global.router_id = net_id(5);
	net_start(net, 1);
	net_run(net, MONO_S(20));
	ATF_CHECK(net_full(net, 0, 0, 5));
	ATF_CHECK_EQ(rows(net), 1);
	/* One Hello each a second, and no more. */
	hellos = net->count[OSPF_HELLO];
	net_run(net, MONO_S(10));
	ATF_CHECK_MSG(net->count[OSPF_HELLO] <= hellos + 22, "%zu Hellos",
	    net->count[OSPF_HELLO] - hellos);
	net_free(net);
}

/* A router that moves to the address of another one that was named. */
ATF_TC_WITHOUT_HEAD(moves_to_a_name);
ATF_TC_BODY(moves_to_a_name, tc)
{
	struct net		*net = net_new();
	struct ospf_conf_if	*c;
	struct in6_addr		 a;
	struct ospf_nbr		*nbr;
	int			 i;

	c = net_if(net, 0, 0, OSPF_POINT_TO_MULTIPOINT);
	for (i = 1; i < 3; i++) {
		a = net_addr(i);
		ipaddr_from_in6(&c->neighbor[c->nneighbors++], &a);
		net_if(net, i, 0, OSPF_POINT_TO_MULTIPOINT);
	}
	net->r[2].conf.global.router_id = net_id(1);
	net_start(net, 0);
	net_start(net, 1);
	net_run(net, MONO_S(20));
	ATF_REQUIRE(net_full(net, 0, 0, 1));
	net_kill(net, 1);
	net_run(net, MONO_S(2));
	net_start(net, 2);
	net_run(net, MONO_S(30));
	ATF_CHECK(net_full(net, 0, 0, 1));
	/* Both addresses are there, each once. */
	ATF_CHECK_EQ(rows(net), 2);
	for (i = 1; i < 3; i++) {
		a = net_addr(i);
		ATF_REQUIRE((nbr = ospf_nbr_at(net_ifp(net, 0, 0), &a)) !=
		    NULL);
		ATF_CHECK_EQ(nbr->state == OSPF_NBR_FULL, i == 2);
	}
	net_free(net);
}

/* The interface is another one now, which is told in one word. */
ATF_TC_WITHOUT_HEAD(new_ifindex);
ATF_TC_BODY(new_ifindex, tc)
{
	struct net	*net = named_pair(OSPF_NBMA);
	struct in6_addr	 a = net_addr(0);
	struct ospf_if	*ifp = net_ifp(net, 0, 0);
	unsigned int	 i;

	net_run(net, MONO_S(20));
	ATF_REQUIRE(net_full(net, 0, 0, 1));
	for (i = 0; i < 4; i++) {
		ospf_if_link(ifp, 1, 50 + i, 1500, net->now);
		/* It has its own addresses. */
		ATF_CHECK_EQ(ifp->state, OSPF_IF_DOWN);
		ATF_CHECK_EQ(ifp->naddrs, 0);
		ATF_CHECK_EQ(net_ifp(net, 0, 0)->nnbrs, 0);
		ospf_if_address(ifp, &a, 64, 1, net->now);
		ATF_CHECK_EQ(rows(net), 1);
	}
	net_run(net, MONO_S(20));
	ATF_CHECK(net_full(net, 0, 0, 1));
	net_free(net);
}

/* The link goes and comes: all is forgotten and learned again. */
ATF_TC_WITHOUT_HEAD(link);
ATF_TC_BODY(link, tc)
{
	struct net	*net = pair(OSPF_POINT_TO_POINT);
	struct ospf_if	*ifp = net_ifp(net, 0, 0);
	struct in6_addr	 a = net_addr(0);

	net_run(net, MONO_S(1));
	ospf_if_link(ifp, 0, 10, 1500, net->now);
	ATF_CHECK_EQ(ifp->state, OSPF_IF_DOWN);
	ATF_CHECK(TAILQ_EMPTY(&ifp->nbrs));
	ATF_CHECK_EQ(ifp->db.count, 0);
	ospf_if_link(ifp, 1, 10, 1500, net->now);
	net_run(net, MONO_S(6));
	ATF_CHECK(net_full(net, 0, 0, 1));
	/* Without a link-local address there is nothing to speak from. */
	ospf_if_address(ifp, &a, 64, 0, net->now);
	ATF_CHECK_EQ(ifp->state, OSPF_IF_DOWN);
	ospf_if_address(ifp, &a, 64, 1, net->now);
	net_run(net, MONO_S(6));
	ATF_CHECK(net_full(net, 0, 0, 1));
	net_free(net);
}

/* Of two link-local addresses the one that we speak from goes. */
ATF_TC_WITHOUT_HEAD(link_local);
ATF_TC_BODY(link_local, tc)
{
	struct net	*net = pair(OSPF_POINT_TO_POINT);
	struct ospf_if	*ifp = net_ifp(net, 0, 0);
	struct in6_addr	 a = net_addr(0), b = net_addr(6);

	net_run(net, MONO_S(1));
	ospf_if_address(ifp, &b, 64, 1, net->now);
	ATF_CHECK(net_full(net, 0, 0, 1));
	ATF_CHECK(IN6_ARE_ADDR_EQUAL(&ifp->addr, &a));
	ospf_if_address(ifp, &a, 64, 0, net->now);
	ATF_CHECK(IN6_ARE_ADDR_EQUAL(&ifp->addr, &b));
	ATF_CHECK(ifp->state != OSPF_IF_DOWN);
	net_run(net, MONO_S(12));
	ATF_CHECK(net_full(net, 0, 0, 1));
	/* Back again, and one that nobody speaks from goes. */
	ospf_if_address(ifp, &a, 64, 1, net->now);
	ospf_if_address(ifp, &a, 64, 0, net->now);
	ATF_CHECK(net_full(net, 0, 0, 1));
	ospf_if_address(ifp, &b, 64, 0, net->now);
	ATF_CHECK_EQ(ifp->state, OSPF_IF_DOWN);
	net_free(net);
}

/* RFC 2328 9.1: what is passive says nothing, but its prefix is known. */
ATF_TC_WITHOUT_HEAD(passive);
ATF_TC_BODY(passive, tc)
{
	struct net	*net = net_new();
	size_t		 hellos;

	net_if(net, 0, 0, OSPF_POINT_TO_POINT);
	net_if(net, 0, 1, OSPF_POINT_TO_POINT)->flags = OSPF_F_PASSIVE;
	net_if(net, 1, 0, OSPF_POINT_TO_POINT);
	net_if(net, 1, 1, OSPF_POINT_TO_POINT)->flags = OSPF_F_PASSIVE;
	net_start(net, 0);
	net_start(net, 1);
	net_run(net, MONO_S(8));
	hellos = net->count[OSPF_HELLO];
	ATF_CHECK_MSG(hellos < 25, "%zu Hellos", hellos);
	ATF_CHECK(TAILQ_EMPTY(&net_ifp(net, 0, 1)->nbrs));
	/* Two prefixes of 64 bits. */
	ATF_CHECK_EQ(net_lsa(net, 1, 0, OSPF_LSA_INTRA_PREFIX, 0,
	    net_id(0))->h.len, OSPF_LSA_LEN + 12 + 2 * 12);
	net_free(net);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, point_to_point);
	ATF_TP_ADD_TC(tp, broadcast);
	ATF_TP_ADD_TC(tp, by_name);
	ATF_TP_ADD_TC(tp, point_to_multipoint);
	ATF_TP_ADD_TC(tp, inactivity);
	ATF_TP_ADD_TC(tp, one_way);
	ATF_TP_ADD_TC(tp, restart);
	ATF_TP_ADD_TC(tp, restart_less);
	ATF_TP_ADD_TC(tp, loss);
	ATF_TP_ADD_TC(tp, mismatch);
	ATF_TP_ADD_TC(tp, mtu);
	ATF_TP_ADD_TC(tp, instance);
	ATF_TP_ADD_TC(tp, duplicate_router_id);
	ATF_TP_ADD_TC(tp, twin_router_ids);
	ATF_TP_ADD_TC(tp, new_router_id);
	ATF_TP_ADD_TC(tp, new_router_id_by_name);
	ATF_TP_ADD_TC(tp, moves_to_a_name);
	ATF_TP_ADD_TC(tp, new_ifindex);
	ATF_TP_ADD_TC(tp, link);
	ATF_TP_ADD_TC(tp, link_local);
	ATF_TP_ADD_TC(tp, passive);
	return (atf_no_error());
}
