/*
 * Neighbors and BFD, RFC 5882 4 and 10.1.  File ospf_bfd.c of routed6; the
 * tests are its BFD.
 */
#include <atf-c.h>
#include <string.h>

#include "ospf_net.h"

/* Router 0, which has BFD with these flags, and router 1, on link 0. */
static struct net *
pair(enum ospf_if_type type, uint32_t flags)
{
	struct net	*net = net_new();

	net_if(net, 0, 0, type)->bfd.flags = flags;
	net_if(net, 1, 0, type);
	net_start(net, 0);
	net_start(net, 1);
	net_run(net, MONO_S(12));
	return (net);
}

static void
say(struct net *net, enum ospf_bfd state, const char *words)
{
	struct in6_addr	 a = net_addr(1);

	ospf_bfd(net_ifp(net, 0, 0), &a, state, words, net->now);
}

/* Its row, also when it is down. */
static struct ospf_nbr *
row(struct net *net)
{
	return (TAILQ_FIRST(&net_ifp(net, 0, 0)->nbrs));
}

/* 10.1.1: asked for once, from the address that OSPF speaks from. */
ATF_TC_WITHOUT_HEAD(asked_for);
ATF_TC_BODY(asked_for, tc)
{
	struct net		*net = pair(OSPF_POINT_TO_POINT, BFD_F_ON);
	struct net_router	*r = &net->r[0];
	struct in6_addr		 us = net_addr(0), it = net_addr(1);

	ATF_CHECK(net_full(net, 0, 0, 1));
	ATF_CHECK_EQ(r->bfd_on, 1);
	ATF_CHECK_EQ(r->bfd_off, 0);
	ATF_CHECK(IN6_ARE_ADDR_EQUAL(&r->bfd_src, &us));
	ATF_CHECK(IN6_ARE_ADDR_EQUAL(&r->bfd_dst, &it));
	ATF_CHECK_EQ(net->r[1].bfd_on, 0);
	net_kill(net, 1);
	net_run(net, MONO_S(5));
	ATF_CHECK_EQ(r->bfd_on, 1);
	ATF_CHECK_EQ(r->bfd_off, 1);
	net_free(net);
}

/* Not of somebody who does not hear us. */
ATF_TC_WITHOUT_HEAD(two_way);
ATF_TC_BODY(two_way, tc)
{
	struct net	*net = net_new();

	net_if(net, 0, 0, OSPF_POINT_TO_POINT)->bfd.flags = BFD_F_ON;
	net_if(net, 1, 0, OSPF_POINT_TO_POINT)->hello = 2;
	net_start(net, 0);
	net_start(net, 1);
	net_run(net, MONO_S(8));
	ATF_CHECK_EQ(net->r[0].bfd_on, 0);
	net_free(net);
	net = pair(OSPF_POINT_TO_POINT, BFD_F_ON);
	/* It begins anew, and the session with it goes on. */
	net_kill(net, 1);
	net_start(net, 1);
	net_run(net, MONO_S(8));
	ATF_CHECK(net_full(net, 0, 0, 1));
	ATF_CHECK_EQ(net->r[0].bfd_on, 1);
	net_free(net);
}

/* 10.1.2: dropped at once; why is shown for the dead interval. */
ATF_TC_WITHOUT_HEAD(down);
ATF_TC_BODY(down, tc)
{
	struct net	*net = pair(OSPF_BROADCAST, BFD_F_ON);

	say(net, OSPF_BFD_UP, "up");
	ATF_CHECK_STREQ(row(net)->bfd.words, "up");
	net->cut[0] = 1;
	say(net, OSPF_BFD_DOWN, "down: detection time expired");
	ATF_CHECK(net_nbr(net, 0, 0, 1) == NULL);
	ATF_CHECK_EQ(net->r[0].bfd_off, 1);
	ATF_CHECK_EQ(net_logged(net, 0,
	    "adjacency down: BFD down: detection time expired"), 1);
	/* Nobody else is on the link. */
	ATF_CHECK_EQ(net_ifp(net, 0, 0)->dr, net_id(0));
	ATF_REQUIRE(row(net) != NULL);
	ATF_CHECK_EQ(row(net)->state, OSPF_NBR_DOWN);
	ATF_CHECK_STREQ(row(net)->why, "BFD down: detection time expired");
	net_run(net, MONO_S(3));
	ATF_CHECK(row(net) != NULL);
	net_run(net, MONO_S(2));
	ATF_CHECK(row(net) == NULL);
	ATF_CHECK_EQ(net_ifp(net, 0, 0)->nnbrs, 0);
	net_free(net);
}

/* 4.3: it may come back before BFD does, and is one neighbor then. */
ATF_TC_WITHOUT_HEAD(comes_back);
ATF_TC_BODY(comes_back, tc)
{
	struct net	*net = pair(OSPF_BROADCAST, BFD_F_ON);

	say(net, OSPF_BFD_UP, "up");
	say(net, OSPF_BFD_DOWN, "down: the peer says Down");
	net_run(net, MONO_S(12));
	ATF_CHECK(net_full(net, 0, 0, 1));
	ATF_CHECK_EQ(net->r[0].bfd_on, 2);
	ATF_CHECK_EQ(net_ifp(net, 0, 0)->nnbrs, 1);
	/* That BFD is not up yet is nothing that happened. */
	say(net, OSPF_BFD_DOWN, "not up yet");
	ATF_CHECK(net_full(net, 0, 0, 1));
	net_free(net);
}

/* An interface that goes while a neighbor is shown as Down forgets it. */
ATF_TC_WITHOUT_HEAD(interface_goes);
ATF_TC_BODY(interface_goes, tc)
{
	struct net	*net = pair(OSPF_BROADCAST, BFD_F_ON);

	say(net, OSPF_BFD_UP, "up");
	net->cut[0] = 1;
	say(net, OSPF_BFD_DOWN, "down: detection time expired");
	ATF_REQUIRE(row(net) != NULL);
	ospf_if_link(net_ifp(net, 0, 0), 0, 10, 1500, net->now);
	ATF_CHECK(row(net) == NULL);
	ATF_CHECK_EQ(net_ifp(net, 0, 0)->nnbrs, 0);
	net_free(net);
}

/* One that the configuration names is sought again at once. */
ATF_TC_WITHOUT_HEAD(named);
ATF_TC_BODY(named, tc)
{
	struct net		*net = net_new();
	struct in6_addr		 a = net_addr(1);
	struct ospf_conf_if	*c;

	c = net_if(net, 0, 0, OSPF_NBMA);
	c->bfd.flags = BFD_F_ON;
	c->nneighbors = 1;
	ipaddr_from_in6(&c->neighbor[0], &a);
	net_if(net, 1, 0, OSPF_NBMA);
	net_start(net, 0);
	net_start(net, 1);
	net_run(net, MONO_S(12));
	ATF_REQUIRE(net_full(net, 0, 0, 1));
	say(net, OSPF_BFD_UP, "up");
	net->cut[0] = 1;
	say(net, OSPF_BFD_DOWN, "down: detection time expired");
	ATF_CHECK_EQ(row(net)->state, OSPF_NBR_ATTEMPT);
	ATF_CHECK_STREQ(row(net)->why, "BFD down: detection time expired");
	ATF_CHECK_EQ(net->r[0].bfd_off, 1);
	net_free(net);
}

/* 4.2: a wish says nothing about the link, in strict mode neither. */
ATF_TC_WITHOUT_HEAD(admin_down);
ATF_TC_BODY(admin_down, tc)
{
	struct net	*net = pair(OSPF_BROADCAST, BFD_F_ON);

	say(net, OSPF_BFD_UP, "up");
	net->r[0].conf.interface[0].bfd.flags |= BFD_F_STRICT;
	net_start(net, 0);
	say(net, OSPF_BFD_ADMIN, "down: the peer says AdminDown");
	net_run(net, MONO_S(12));
	ATF_CHECK(net_full(net, 0, 0, 1));
	ATF_CHECK_EQ(row(net)->ups, 1);
	/* And down after that comes too late. */
	say(net, OSPF_BFD_DOWN, "down: detection time expired");
	ATF_CHECK(net_full(net, 0, 0, 1));
	net_free(net);
}

/* RFC 9355: 2-Way is as far as it comes without. */
static void
strict(enum ospf_if_type type)
{
	struct net	*net = pair(type, BFD_F_ON | BFD_F_STRICT);

	ATF_CHECK_EQ(row(net)->state, OSPF_NBR_2WAY);
	ATF_CHECK_STREQ(row(net)->why, "waits for BFD");
	ATF_CHECK_EQ(net->count[OSPF_LSU], 0);
	say(net, OSPF_BFD_UP, "up");
	net_run(net, MONO_S(8));
	ATF_CHECK(net_full(net, 0, 0, 1));
	ATF_CHECK_STREQ(row(net)->why, "");
	say(net, OSPF_BFD_DOWN, "down: detection time expired");
	net_run(net, MONO_S(12));
	ATF_CHECK_EQ(net_nbr(net, 0, 0, 1)->state, OSPF_NBR_2WAY);
	/* Without strict mode it need not wait any longer. */
	net->r[0].conf.interface[0].bfd.flags = BFD_F_ON;
	net_start(net, 0);
	net_run(net, MONO_S(8));
	ATF_CHECK(net_full(net, 0, 0, 1));
	net_free(net);
}

ATF_TC_WITHOUT_HEAD(strict_point_to_point);
ATF_TC_BODY(strict_point_to_point, tc)
{
	strict(OSPF_POINT_TO_POINT);
}

ATF_TC_WITHOUT_HEAD(strict_broadcast);
ATF_TC_BODY(strict_broadcast, tc)
{
	strict(OSPF_BROADCAST);
}

/* On, off, and with other times: the adjacency does not notice. */
ATF_TC_WITHOUT_HEAD(configure);
ATF_TC_BODY(configure, tc)
{
	struct net		*net = pair(OSPF_BROADCAST, 0);
	struct net_router	*r = &net->r[0];
	struct bfd_conf		*c = &r->conf.interface[0].bfd;

	ATF_CHECK_EQ(r->bfd_on, 0);
	c->flags = BFD_F_ON | BFD_F_STRICT;
	net_start(net, 0);
	ATF_CHECK_EQ(r->bfd_on, 1);
	say(net, OSPF_BFD_DOWN, "not up yet");
	say(net, OSPF_BFD_UP, "up");
	c->min_tx = 200;
	net_start(net, 0);
	ATF_CHECK_EQ(r->bfd_on, 2);
	ATF_CHECK_STREQ(row(net)->bfd.words, "up");
	c->flags = 0;
	net_start(net, 0);
	ATF_CHECK_EQ(r->bfd_off, 1);
	ATF_CHECK_STREQ(row(net)->bfd.words, "");
	say(net, OSPF_BFD_DOWN, "down: the peer says Down");
	net_run(net, MONO_S(8));
	ATF_CHECK(net_full(net, 0, 0, 1));
	ATF_CHECK_EQ(row(net)->ups, 1);
	net_free(net);
}

/* At another address it is another session. */
ATF_TC_WITHOUT_HEAD(address_changes);
ATF_TC_BODY(address_changes, tc)
{
	struct net	*net = pair(OSPF_POINT_TO_POINT, BFD_F_ON);
	struct in6_addr	 old = net_addr(1), a = net_addr(5);
	struct ospf_if	*ifp = net_ifp(net, 1, 0);

	net_run(net, MONO_S(3));
	ifp->addr = a;
	net->cut[0] = 1;
	net_run(net, MONO_S(3));
	net->cut[0] = 0;
	net_run(net, MONO_S(2));
	ATF_CHECK(IN6_ARE_ADDR_EQUAL(&net->r[0].bfd_dst, &a));
	ATF_CHECK_EQ(net->r[0].bfd_on, 2);
	ATF_CHECK_EQ(net->r[0].bfd_off, 1);
	ospf_bfd(net_ifp(net, 0, 0), &old, OSPF_BFD_UP, "up", net->now);
	ATF_CHECK(!row(net)->bfd.up);
	net_free(net);
}

/* The end takes all sessions back. */
ATF_TC_WITHOUT_HEAD(end);
ATF_TC_BODY(end, tc)
{
	struct net	*net = pair(OSPF_BROADCAST, BFD_F_ON);

	say(net, OSPF_BFD_UP, "up");
	net_kill(net, 0);
	ATF_CHECK_EQ(net->r[0].bfd_off, 1);
	net_free(net);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, asked_for);
	ATF_TP_ADD_TC(tp, two_way);
	ATF_TP_ADD_TC(tp, down);
	ATF_TP_ADD_TC(tp, comes_back);
	ATF_TP_ADD_TC(tp, interface_goes);
	ATF_TP_ADD_TC(tp, named);
	ATF_TP_ADD_TC(tp, admin_down);
	ATF_TP_ADD_TC(tp, strict_point_to_point);
	ATF_TP_ADD_TC(tp, strict_broadcast);
	ATF_TP_ADD_TC(tp, configure);
	ATF_TP_ADD_TC(tp, address_changes);
	ATF_TP_ADD_TC(tp, end);
	return (atf_no_error());
}
