/*
 * What people are told of neighbors as it happens: the op tell of the engine,
 * in the words that its rows have.  File ospf_nbr.c of routed6.
 */
#include <atf-c.h>
#include <string.h>

#include "ospf_net.h"

#define NBR	"ospf 10.0.0.2 (fe80::2 on link0) "

/* Routers 0 and 1 on link 0, which are Full. */
static struct net *
pair(enum ospf_if_type type)
{
	struct net	*net = net_new();

	net_if(net, 0, 0, type)->bfd.flags = BFD_F_ON;
	net_if(net, 1, 0, type);
	net_start(net, 0);
	net_start(net, 1);
	net_run(net, MONO_S(12));
	ATF_REQUIRE(net_full(net, 0, 0, 1));
	return (net);
}

/* Router 0 has told this as its n-th line. */
static void
told(struct net *net, size_t n, const char *line)
{
	struct net_router	*r = &net->r[0];

	ATF_REQUIRE_MSG(n < r->ntold, "only %zu lines", r->ntold);
	ATF_CHECK_STREQ(r->told[n], line);
}

/* The row says the same as the last line. */
static void
same_as_row(struct net *net)
{
	struct net_router	*r = &net->r[0];
	struct ospf_nbr		*nbr;
	char			 line[256];

	nbr = TAILQ_FIRST(&net_ifp(net, 0, 0)->nbrs);
	ATF_REQUIRE(nbr != NULL);
	snprintf(line, sizeof(line), NBR "%s%s%s",
	    ospf_nbr_state_name(nbr->state), nbr->why[0] == '\0' ? "" : ": ",
	    nbr->why);
	ATF_CHECK_STREQ(r->told[r->ntold - 1], line);
}

ATF_TC_WITHOUT_HEAD(up);
ATF_TC_BODY(up, tc)
{
	struct net	*net = pair(OSPF_POINT_TO_POINT);

	told(net, 0, NBR "ExStart");
	told(net, 1, NBR "Full");
	same_as_row(net);
	/* All is well, and nothing is told. */
	net_run(net, MONO_S(100));
	ATF_CHECK_EQ(net->r[0].ntold, 2);
	net_free(net);
}

ATF_TC_WITHOUT_HEAD(silent);
ATF_TC_BODY(silent, tc)
{
	struct net	*net = pair(OSPF_BROADCAST);
	size_t		 n = net->r[0].ntold;

	net_kill(net, 1);
	net_run(net, MONO_S(5));
	told(net, n, NBR "Down: silent for 4 s");
	ATF_CHECK_EQ(net->r[0].ntold, n + 1);
	net_free(net);
}

ATF_TC_WITHOUT_HEAD(bfd);
ATF_TC_BODY(bfd, tc)
{
	struct net	*net = pair(OSPF_POINT_TO_POINT);
	struct in6_addr	 a = net_addr(1);

	ospf_bfd(net_ifp(net, 0, 0), &a, OSPF_BFD_UP, "up", net->now);
	ospf_bfd(net_ifp(net, 0, 0), &a, OSPF_BFD_DOWN,
	    "down: detection time expired", net->now);
	told(net, 2, NBR "Down: BFD down: detection time expired");
	same_as_row(net);
	net_free(net);
}

/* It begins anew: it is there, but it is not Full. */
ATF_TC_WITHOUT_HEAD(restart);
ATF_TC_BODY(restart, tc)
{
	struct net	*net = pair(OSPF_POINT_TO_POINT);

	net_kill(net, 1);
	net_start(net, 1);
	net_run(net, MONO_S(12));
	told(net, 2, NBR "Init: it does not hear us");
	told(net, 3, NBR "ExStart");
	told(net, 4, NBR "Full");
	ATF_CHECK_EQ(net->r[0].ntold, 5);
	net_free(net);
}

ATF_TC_WITHOUT_HEAD(link_down);
ATF_TC_BODY(link_down, tc)
{
	struct net	*net = pair(OSPF_POINT_TO_POINT);

	ospf_if_link(net_ifp(net, 0, 0), 0, 10, 1500, net->now);
	told(net, 2, NBR "Down: the interface is down");
	net_free(net);
}

/* Two that are neither DR nor Backup are done at 2-Way. */
ATF_TC_WITHOUT_HEAD(two_way);
ATF_TC_BODY(two_way, tc)
{
	struct net	*net = net_new();
	int		 i;

	for (i = 0; i < 4; i++)
		net_if(net, i, 0, OSPF_BROADCAST)->priority = i < 2 ? 0 : 1;
	for (i = 0; i < 4; i++)
		net_start(net, i);
	net_run(net, MONO_S(20));
	told(net, 0, NBR "2-Way");
	for (i = 1; i < (int)net->r[0].ntold; i++)
		ATF_CHECK(strstr(net->r[0].told[i], "10.0.0.2 ") == NULL);
	net_free(net);
}

/* Another router id at the address of a neighbor, again and again. */
ATF_TC_WITHOUT_HEAD(renamed);
ATF_TC_BODY(renamed, tc)
{
	struct net	*net = pair(OSPF_POINT_TO_POINT);

	net_kill(net, 1);
	net->r[1].conf.global.router_id = net_id(7);
	net_start(net, 1);
	net_run(net, MONO_S(12));
	told(net, 2, NBR "Down: its router id changed");
	ATF_CHECK_STREQ(net->r[0].told[net->r[0].ntold - 1],
	    "ospf 10.0.0.8 (fe80::2 on link0) Full");
	net_free(net);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, up);
	ATF_TP_ADD_TC(tp, silent);
	ATF_TP_ADD_TC(tp, bfd);
	ATF_TP_ADD_TC(tp, restart);
	ATF_TP_ADD_TC(tp, link_down);
	ATF_TP_ADD_TC(tp, two_way);
	ATF_TP_ADD_TC(tp, renamed);
	return (atf_no_error());
}
