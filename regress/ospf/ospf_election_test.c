/*
 * The designated router, RFC 2328 9.4, and what it says of its link, RFC 5340
 * 4.4.3.3 and 4.4.3.9.  Files ospf_if.c and ospf_self.c of routed6.
 */
#include <atf-c.h>
#include <string.h>

#include "ospf_body.h"
#include "ospf_net.h"

/* Routers with these priorities on link 0, all at once; 255: none. */
static struct net *
lan(uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
	uint8_t		 prio[4] = { a, b, c, d };
	struct net	*net = net_new();
	int		 i;

	for (i = 0; i < 4; i++) {
		if (prio[i] == 255)
			continue;
		net_if(net, i, 0, OSPF_BROADCAST)->priority = prio[i];
		net_start(net, i);
	}
	net_run(net, MONO_S(12));
	return (net);
}

/* Everybody agrees on these; -1 is nobody. */
static void
check(struct net *net, int dr, int bdr)
{
	enum ospf_if_state	 want;
	struct ospf_if		*ifp;
	int			 i;

	for (i = 0; i < NET_ROUTERS; i++) {
		if (net->r[i].o == NULL)
			continue;
		ifp = net_ifp(net, i, 0);
		ATF_CHECK_EQ_MSG(ifp->dr, dr == -1 ? 0 : net_id(dr),
		    "router %d takes %x for DR", i, ifp->dr);
		ATF_CHECK_EQ_MSG(ifp->bdr, bdr == -1 ? 0 : net_id(bdr),
		    "router %d takes %x for backup", i, ifp->bdr);
		want = i == dr ? OSPF_IF_DR : i == bdr ? OSPF_IF_BACKUP :
		    OSPF_IF_DROTHER;
		ATF_CHECK_EQ_MSG(ifp->state, want, "router %d is %s", i,
		    ospf_if_state_name(ifp->state));
	}
}

ATF_TC_WITHOUT_HEAD(priority);
ATF_TC_BODY(priority, tc)
{
	struct net	*net = lan(1, 3, 2, 1);

	check(net, 1, 2);
	net_free(net);
}

ATF_TC_WITHOUT_HEAD(router_id);
ATF_TC_BODY(router_id, tc)
{
	struct net	*net = lan(1, 1, 1, 1);

	check(net, 3, 2);
	/* Only the DR and its backup are adjacent to all, 10.4. */
	ATF_CHECK(net_full(net, 0, 0, 3) && net_full(net, 0, 0, 2));
	ATF_CHECK_EQ(net_nbr(net, 0, 0, 1)->state, OSPF_NBR_2WAY);
	net_free(net);
}

/* Priority 0 may never become it, not even alone. */
ATF_TC_WITHOUT_HEAD(priority_zero);
ATF_TC_BODY(priority_zero, tc)
{
	struct net	*net = lan(0, 0, 255, 255);

	check(net, -1, -1);
	ATF_CHECK_EQ(net_nbr(net, 0, 0, 1)->state, OSPF_NBR_2WAY);
	net_free(net);
	net = lan(0, 1, 0, 255);
	check(net, 1, -1);
	ATF_CHECK(net_same(net, 0, 1) && net_same(net, 1, 2));
	net_free(net);
}

/* Who comes later, however high its priority, changes nothing. */
ATF_TC_WITHOUT_HEAD(no_preemption);
ATF_TC_BODY(no_preemption, tc)
{
	struct net	*net = lan(1, 1, 255, 255);

	check(net, 1, 0);
	net_if(net, 2, 0, OSPF_BROADCAST)->priority = 200;
	net_start(net, 2);
	net_run(net, MONO_S(10));
	check(net, 1, 0);
	net_free(net);
}

ATF_TC_WITHOUT_HEAD(dr_dies);
ATF_TC_BODY(dr_dies, tc)
{
	struct net	*net = lan(1, 1, 1, 255);

	check(net, 2, 1);
	net_announce(net, 0, "2002::/16");
	net_kill(net, 2);
	net_run(net, MONO_S(15));
	check(net, 1, 0);
	ATF_CHECK(net_full(net, 0, 0, 1));
	ATF_CHECK(net_lsa(net, 1, 0, OSPF_LSA_EXTERNAL, 1, net_id(0)) !=
	    NULL);
	ATF_CHECK(net_same(net, 0, 1));
	/* The old DR's network-LSA stays until it is too old; ours is new. */
	ATF_CHECK(net_lsa(net, 0, 0, OSPF_LSA_NETWORK, 20, net_id(1)) !=
	    NULL);
	net_free(net);
}

/* An orderly goodbye of the DR: no dead interval to wait for. */
ATF_TC_WITHOUT_HEAD(dr_leaves);
ATF_TC_BODY(dr_leaves, tc)
{
	struct net	*net = lan(1, 1, 1, 255);

	ospf_stop(net->r[2].o, net->now);
	net_deliver(net);
	ospf_goodbye(net->r[2].o, net->now);
	net_kill(net, 2);
	net_run(net, MONO_MS(10));
	ATF_CHECK_EQ(net_ifp(net, 1, 0)->state, OSPF_IF_DR);
	ATF_CHECK(net_lsa(net, 0, 0, OSPF_LSA_NETWORK, 30, net_id(2)) ==
	    NULL);
	net_run(net, MONO_S(5));
	check(net, 1, 0);
	net_free(net);
}

/* The DR stops being eligible. */
ATF_TC_WITHOUT_HEAD(reconfigured);
ATF_TC_BODY(reconfigured, tc)
{
	struct net	*net = lan(1, 1, 1, 255);

	check(net, 2, 1);
	net->r[2].conf.interface[0].priority = 0;
	net_start(net, 2);
	net_run(net, MONO_S(10));
	check(net, 1, 0);
	ATF_CHECK(net_full(net, 2, 0, 1) && net_full(net, 2, 0, 0));
	net_free(net);
}

/* The network-LSA lists all; its prefixes are those of all links. */
ATF_TC_WITHOUT_HEAD(network_lsa);
ATF_TC_BODY(network_lsa, tc)
{
	struct net		*net = lan(1, 2, 0, 255);
	struct ospf_intra	 b;
	struct ospf_prefix	 p;
	struct ospf_lsa		*l;
	struct in6_addr		 extra = { .s6_addr = { 0x20, 1, 0xd, 0xb8 } };
	struct rd		 r;

	check(net, 1, 0);
	l = net_lsa(net, 2, 0, OSPF_LSA_NETWORK, 20, net_id(1));
	ATF_REQUIRE(l != NULL);
	ATF_CHECK_EQ(l->h.len, OSPF_LSA_LEN + 4 + 3 * 4);
	/* One more prefix at a router that is not the DR. */
	extra.s6_addr[15] = 1;
	ospf_if_address(net_ifp(net, 2, 0), &extra, 48, 1, net->now);
	net_run(net, MONO_S(6));
	l = net_lsa(net, 0, 0, OSPF_LSA_INTRA_PREFIX, 20, net_id(1));
	ATF_REQUIRE(l != NULL);
	rd_init(&r, l->data + OSPF_LSA_LEN, l->h.len - OSPF_LSA_LEN);
	ATF_REQUIRE_EQ(ospf_intra_parse(&r, &b), 0);
	ATF_CHECK_EQ(b.nprefixes, 2);
	ATF_CHECK_EQ(b.ref.type, OSPF_LSA_NETWORK);
	ATF_CHECK_EQ(b.ref.id, 20);
	ATF_CHECK_EQ(b.ref.adv, net_id(1));
	while (b.nprefixes-- > 0) {
		ATF_REQUIRE_EQ(ospf_prefix_parse(&r, &p), 0);
		ATF_CHECK(p.prefix.len == 64 || p.prefix.len == 48);
	}
	ATF_CHECK_EQ(rd_end(&r), 0);
	/* Nobody repeats the prefix of a transit link as its own. */
	ATF_CHECK(net_lsa(net, 0, 0, OSPF_LSA_INTRA_PREFIX, 0, net_id(2)) ==
	    NULL);
	net_free(net);
}

/* Both sides of a network that was cut elect; then it is one again. */
ATF_TC_WITHOUT_HEAD(partition);
ATF_TC_BODY(partition, tc)
{
	struct net	*net = lan(1, 1, 255, 255);

	check(net, 1, 0);
	net->cut[0] = 1;
	net_run(net, MONO_S(10));
	ATF_CHECK_EQ(net_ifp(net, 0, 0)->state, OSPF_IF_DR);
	ATF_CHECK_EQ(net_ifp(net, 1, 0)->state, OSPF_IF_DR);
	net->cut[0] = 0;
	net_run(net, MONO_S(10));
	check(net, 1, 0);
	ATF_CHECK(net_same(net, 0, 1));
	net_free(net);
}

/* Router 2 says to router 0 that it hears nobody ... */
static void
hears_nobody(struct net *net, uint32_t dr, uint32_t bdr)
{
	struct in6_addr		 src = net_addr(2);
	struct ospf_header	 p = { OSPF_HELLO, 0, net_id(2), 0, 0, 0 };
	struct ospf_hello	 h = { 30, 1, OSPF_O_V6 | OSPF_O_E, 1, 4,
				    dr, bdr };
	uint8_t			 b[128];
	struct wr		 w;

	wr_init(&w, b, sizeof(b));
	ospf_header_build(&w, &p);
	ospf_hello_build(&w, &h);
	ATF_REQUIRE_EQ(ospf_packet_end(&w, &src, &ospf_all_routers, 1), 0);
	net_inject(net, 0, 0, &src, &ospf_all_routers, b, w.len);
	ATF_CHECK_EQ(net_nbr(net, 0, 0, 2)->state, OSPF_NBR_INIT);
}

/* ... then describes itself, which tells that it hears us. */
static void
describes_itself(struct net *net)
{
	struct in6_addr		 src = net_addr(2), dst = net_addr(0);
	struct ospf_header	 p = { OSPF_DD, 0, net_id(2), 0, 0, 0 };
	struct ospf_dd		 dd = { OSPF_O_V6 | OSPF_O_E, 1500,
				    OSPF_DD_I | OSPF_DD_M | OSPF_DD_MS, 77 };
	uint8_t			 b[128];
	struct wr		 w;

	wr_init(&w, b, sizeof(b));
	ospf_header_build(&w, &p);
	ospf_dd_build(&w, &dd);
	ATF_REQUIRE_EQ(ospf_packet_end(&w, &src, &dst, 1), 0);
	net_inject(net, 0, 0, &src, &dst, b, w.len);
	ATF_CHECK(net_nbr(net, 0, 0, 2)->state >= OSPF_NBR_2WAY);
}

/* RFC 2328 9.2: who is heard to hear us by its DD counts at once, too. */
ATF_TC_WITHOUT_HEAD(backup_restarts);
ATF_TC_BODY(backup_restarts, tc)
{
	static const uint8_t	 priority[] = { 0, 9, 1 };
	struct net		*net = net_new();
	int			 i;

	for (i = 0; i < 3; i++)
		net_if(net, i, 0, OSPF_BROADCAST)->priority = priority[i];
	for (i = 0; i < 3; i++)
		net_start(net, i);
	net_run(net, MONO_S(20));
	ATF_REQUIRE_EQ(net_ifp(net, 0, 0)->bdr, net_id(2));
	hears_nobody(net, net_id(1), net_id(2));
	describes_itself(net);
	ATF_CHECK_EQ(net_ifp(net, 0, 0)->bdr, net_id(2));
	net_free(net);
}

/*
 * A DR that left and came back within the dead interval claims nothing; what
 * it was before must not count when its DD comes before its next Hello.
 */
ATF_TC_WITHOUT_HEAD(dr_restarts);
ATF_TC_BODY(dr_restarts, tc)
{
	struct net	*net = lan(1, 1, 1, 255);

	check(net, 2, 1);
	hears_nobody(net, net_id(2), net_id(1));
	ATF_CHECK_EQ(net_ifp(net, 0, 0)->dr, net_id(1));
	hears_nobody(net, 0, 0);
	describes_itself(net);
	ATF_CHECK_EQ(net_ifp(net, 0, 0)->dr, net_id(1));
	net_free(net);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, priority);
	ATF_TP_ADD_TC(tp, router_id);
	ATF_TP_ADD_TC(tp, priority_zero);
	ATF_TP_ADD_TC(tp, no_preemption);
	ATF_TP_ADD_TC(tp, dr_dies);
	ATF_TP_ADD_TC(tp, dr_leaves);
	ATF_TP_ADD_TC(tp, reconfigured);
	ATF_TP_ADD_TC(tp, network_lsa);
	ATF_TP_ADD_TC(tp, partition);
	ATF_TP_ADD_TC(tp, backup_restarts);
	ATF_TP_ADD_TC(tp, dr_restarts);
	return (atf_no_error());
}
