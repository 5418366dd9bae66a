/*
 * Helping neighbors that restart gracefully (RFC 5187, RFC 3623 3).  File
 * ospf_grace.c of routed6.
 */
#include <atf-c.h>
#include <string.h>

#include "ospf_body.h"
#include "ospf_net.h"

#define PERIOD	60	/* s */

/* Router 1 says by an LSA of this age that it restarts. */
static void
grace(struct net *net, uint16_t age, int32_t seq, size_t cut)
{
	struct in6_addr		 src = net_addr(1);
	struct ospf_header	 p = { OSPF_LSU, 0, net_id(1), 0, 0, 0 };
	struct ospf_lsa_header	 h;
	uint8_t			 b[256];
	struct wr		 w;
	size_t			 at;

	wr_init(&w, b, sizeof(b));
	ospf_header_build(&w, &p);
	wr_u32(&w, 1);
	memset(&h, 0, sizeof(h));
	h.age = age;
	h.key.type = OSPF_LSA_GRACE;
	h.key.id = 20;
	h.key.adv = net_id(1);
	h.seq = seq;
	h.len = OSPF_LSA_LEN + 16 - cut;
	at = w.len;
	ospf_lsa_header_build(&w, &h);
	wr_u16(&w, 2);		/* why: a new program */
	wr_u16(&w, 1);
	wr_u32(&w, 0x02000000);
	wr_u16(&w, 1);
	wr_u16(&w, 4);
	wr_u32(&w, PERIOD);
	w.len -= cut;
	wr_patch16(&w, at + 16, ospf_lsa_cksum(b + at, h.len));
	ATF_REQUIRE_EQ(ospf_packet_end(&w, &src, &ospf_all_routers, 1), 0);
	net_inject(net, 0, 0, &src, &ospf_all_routers, b, w.len);
}

/* Router 1 - link 0 - router 0, which helps if told to - link 1 - router 2. */
static struct net *
chain(enum ospf_if_type type, int helps)
{
	struct net	*net = net_new();
	int		 i;

	net_if(net, 0, 0, type)->flags |= helps ? OSPF_F_HELPER : 0;
	net_if(net, 1, 0, type)->priority = 9;
	net_if(net, 0, 1, OSPF_POINT_TO_POINT);
	net_if(net, 2, 1, OSPF_POINT_TO_POINT);
	for (i = 0; i < 3; i++)
		net_start(net, i);
	net_run(net, MONO_S(20));
	ATF_REQUIRE(net_full(net, 0, 0, 1));
	ATF_REQUIRE(net_full(net, 0, 1, 2));
	return (net);
}

/* How many links router 0 has, as router 2 knows it. */
static int
links(struct net *net)
{
	struct ospf_lsa		*l;
	struct ospf_router	 b;
	struct ospf_rlink	 link;
	struct rd		 r;
	int			 n = 0;

	l = net_lsa(net, 2, 1, OSPF_LSA_ROUTER, 0, net_id(0));
	ATF_REQUIRE(l != NULL);
	rd_init(&r, l->data + OSPF_LSA_LEN, l->h.len - OSPF_LSA_LEN);
	ATF_REQUIRE_EQ(ospf_router_parse(&r, &b), 0);
	while (r.left > 0 && ospf_rlink_parse(&r, &link) == 0)
		n++;
	return (n);
}

/* It is away for longer than the dead interval, and nobody notices. */
static void
restarts(enum ospf_if_type type)
{
	struct net	*net = chain(type, 1);

	grace(net, 0, 1, 0);
	net_kill(net, 1);
	net_run(net, MONO_S(30));
	ATF_CHECK_EQ(links(net), 2);
	ATF_CHECK_EQ(net_logged(net, 0, "adjacency down"), 0);
	net_start(net, 1);
	net_run(net, MONO_S(12));
	ATF_CHECK(net_full(net, 0, 0, 1));
	ATF_CHECK_EQ(links(net), 2);
	grace(net, OSPF_MAXAGE, 1, 0);
	net_run(net, MONO_S(6));
	ATF_CHECK_EQ(net_logged(net, 0, "has restarted"), 1);
	ATF_CHECK(!ospf_grace_is_on(net_nbr(net, 0, 0, 1)));
	ATF_CHECK(net_full(net, 0, 0, 1));
	ATF_CHECK_EQ(links(net), 2);
	/* From then on it is one like others. */
	net_kill(net, 1);
	net_run(net, MONO_S(10));
	ATF_CHECK_EQ(links(net), 1);
	net_free(net);
}

ATF_TC_WITHOUT_HEAD(point_to_point);
ATF_TC_BODY(point_to_point, tc)
{
	restarts(OSPF_POINT_TO_POINT);
}

/* Also when it is the DR of the link. */
ATF_TC_WITHOUT_HEAD(broadcast);
ATF_TC_BODY(broadcast, tc)
{
	restarts(OSPF_BROADCAST);
}

ATF_TC_WITHOUT_HEAD(not_allowed);
ATF_TC_BODY(not_allowed, tc)
{
	struct net	*net = chain(OSPF_POINT_TO_POINT, 0);

	grace(net, 0, 1, 0);
	net_kill(net, 1);
	net_run(net, MONO_S(10));
	ATF_CHECK_EQ(links(net), 1);
	net_free(net);
}

/* RFC 3623 3.2 (2): the period is over; what has passed of it counts. */
ATF_TC_WITHOUT_HEAD(too_late);
ATF_TC_BODY(too_late, tc)
{
	struct net	*net = chain(OSPF_POINT_TO_POINT, 1);

	grace(net, PERIOD / 2, 1, 0);
	net_kill(net, 1);
	net_run(net, MONO_S(PERIOD / 2 - 1));
	ATF_CHECK_EQ(links(net), 2);
	net_run(net, MONO_S(12));
	ATF_CHECK_EQ(links(net), 1);
	ATF_CHECK_EQ(net_logged(net, 0, "has not restarted in time"), 1);
	net_free(net);
}

/* RFC 3623 3.2 (3): the network changes; a refresh does not change it. */
ATF_TC_WITHOUT_HEAD(network_changes);
ATF_TC_BODY(network_changes, tc)
{
	struct net	*net = chain(OSPF_POINT_TO_POINT, 1);

	net_run(net, MONO_S(1770));
	grace(net, 0, 1, 0);
	net_kill(net, 1);
	net_run(net, MONO_S(40));
	ATF_CHECK_EQ(links(net), 2);
	net_announce(net, 2, "2002::/16");
	net_run(net, MONO_S(12));
	ATF_CHECK_EQ(links(net), 1);
	ATF_CHECK_EQ(net_logged(net, 0, "the network has changed"), 1);
	net_free(net);
}

/* A withdrawal has the body that the LSA had, and is a change all the same. */
ATF_TC_WITHOUT_HEAD(network_loses);
ATF_TC_BODY(network_loses, tc)
{
	struct net	*net = chain(OSPF_POINT_TO_POINT, 1);

	net_announce(net, 2, "2002::/16");
	net_run(net, MONO_S(10));
	grace(net, 0, 1, 0);
	net_kill(net, 1);
	net_run(net, MONO_S(10));
	ATF_CHECK_EQ(links(net), 2);
	net_announce(net, 2, NULL);
	net_run(net, MONO_S(12));
	ATF_CHECK_EQ(links(net), 1);
	ATF_CHECK_EQ(net_logged(net, 0, "the network has changed"), 1);
	net_free(net);
}

/* One that is kept and comes back as another is not kept: no ghost stays. */
ATF_TC_WITHOUT_HEAD(another_comes);
ATF_TC_BODY(another_comes, tc)
{
	struct net		*net = net_new();
	struct ospf_conf_if	*c;
	struct in6_addr		 a = net_addr(1);

	c = net_if(net, 0, 0, OSPF_POINT_TO_MULTIPOINT);
	c->flags |= OSPF_F_HELPER;
	ipaddr_from_in6(&c->neighbor[0], &a);
	c->nneighbors = 1;
	net_if(net, 1, 0, OSPF_POINT_TO_MULTIPOINT);
	net_if(net, 0, 1, OSPF_POINT_TO_POINT);
	net_if(net, 2, 1, OSPF_POINT_TO_POINT);
	net_start(net, 0);
	net_start(net, 1);
	net_start(net, 2);
	net_run(net, MONO_S(20));
	ATF_REQUIRE(net_full(net, 0, 0, 1));
	grace(net, 0, 1, 0);
	net_kill(net, 1);
	net->r[1].conf.global.router_id = net_id(5);
	net_start(net, 1);
	net_run(net, MONO_MS(100));
	net_kill(net, 1);
	net_run(net, MONO_S(20));
	ATF_CHECK_EQ(TAILQ_FIRST(&net_ifp(net, 0, 0)->nbrs)->state,
	    OSPF_NBR_ATTEMPT);
	ATF_CHECK_EQ(links(net), 1);
	net_free(net);
}

/*
 * ... and so does a withdrawal of ours, which one who is away cannot hear: it
 * would go on forwarding to us.
 */
ATF_TC_WITHOUT_HEAD(we_change);
ATF_TC_BODY(we_change, tc)
{
	struct net	*net = chain(OSPF_POINT_TO_POINT, 1);

	net_announce(net, 0, "2002::/16");
	net_run(net, MONO_S(1770));
	grace(net, 0, 1, 0);
	net_kill(net, 1);
	net_run(net, MONO_S(40));
	ATF_CHECK_EQ(links(net), 2);
	net_announce(net, 0, NULL);
	ATF_CHECK_EQ(net_logged(net, 0, "the network has changed"), 1);
	net_run(net, MONO_S(12));
	ATF_CHECK_EQ(links(net), 1);
	net_free(net);
}

/* RFC 5882 4.3: BFD that goes with it says nothing, and later it does. */
ATF_TC_WITHOUT_HEAD(bfd_goes);
ATF_TC_BODY(bfd_goes, tc)
{
	struct net	*net = chain(OSPF_POINT_TO_POINT, 1);
	struct in6_addr	 a = net_addr(1);
	struct ospf_if	*ifp = net_ifp(net, 0, 0);

	net->r[0].conf.interface[0].bfd.flags = BFD_F_ON;
	net_start(net, 0);
	ospf_bfd(ifp, &a, OSPF_BFD_UP, "up", net->now);
	grace(net, 0, 1, 0);
	ospf_bfd(ifp, &a, OSPF_BFD_DOWN, "down", net->now);
	ATF_CHECK(net_full(net, 0, 0, 1));
	ospf_bfd(ifp, &a, OSPF_BFD_UP, "up", net->now);
	net_run(net, MONO_S(2));
	grace(net, OSPF_MAXAGE, 1, 0);
	net_run(net, MONO_S(2));
	ATF_CHECK(net_full(net, 0, 0, 1));
	ospf_bfd(ifp, &a, OSPF_BFD_DOWN, "down", net->now);
	ATF_CHECK(net_nbr(net, 0, 0, 1) == NULL);
	net_free(net);
}

/* An LSA that ends anywhere grants nothing, and does no harm. */
ATF_TC_WITHOUT_HEAD(truncated);
ATF_TC_BODY(truncated, tc)
{
	struct net	*net = chain(OSPF_POINT_TO_POINT, 1);
	size_t		 cut;

	for (cut = 16; cut > 0; cut--) {
		grace(net, 0, 17 - cut, cut);
		net_run(net, MONO_S(2));
		ATF_CHECK(!ospf_grace_is_on(net_nbr(net, 0, 0, 1)));
	}
	grace(net, 0, 17, 0);
	ATF_CHECK(ospf_grace_is_on(net_nbr(net, 0, 0, 1)));
	net_free(net);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, point_to_point);
	ATF_TP_ADD_TC(tp, broadcast);
	ATF_TP_ADD_TC(tp, not_allowed);
	ATF_TP_ADD_TC(tp, too_late);
	ATF_TP_ADD_TC(tp, network_changes);
	ATF_TP_ADD_TC(tp, network_loses);
	ATF_TP_ADD_TC(tp, another_comes);
	ATF_TP_ADD_TC(tp, we_change);
	ATF_TP_ADD_TC(tp, bfd_goes);
	ATF_TP_ADD_TC(tp, truncated);
	return (atf_no_error());
}
