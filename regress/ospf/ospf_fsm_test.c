/*
 * Tests of the two state machines, routed6/ospf_fsm.c: rows of RFC 2328 9.3
 * and 10.3.
 */
#include <atf-c.h>
#include <string.h>

#include "ospf_fsm.h"

static void
if_check(enum ospf_if_state st, enum ospf_if_event ev, enum ospf_if_state next,
    enum ospf_if_act act)
{
	const struct ospf_edge	*e = ospf_if_edge(st, ev);

	ATF_CHECK_MSG(e->next == next && e->act == act,
	    "event %d in %s: to %s, action %u", ev, ospf_if_state_name(st),
	    ospf_if_state_name(e->next), e->act);
}

static void
nbr_check(enum ospf_nbr_state st, enum ospf_nbr_event ev,
    enum ospf_nbr_state next, enum ospf_nbr_act act)
{
	const struct ospf_edge	*e = ospf_nbr_edge(st, ev);

	ATF_CHECK_MSG(e->next == next && e->act == act,
	    "event %d in %s: to %s, action %u", ev, ospf_nbr_state_name(st),
	    ospf_nbr_state_name(e->next), e->act);
}

/* Ends the process with a failure when a cell was forgotten. */
ATF_TC_WITHOUT_HEAD(ospf_fsm_check);
ATF_TC_BODY(ospf_fsm_check, tc)
{
	ospf_fsm_check();
}

ATF_TC_WITHOUT_HEAD(rfc2328_9_3);
ATF_TC_BODY(rfc2328_9_3, tc)
{
	int	 st;

	if_check(OSPF_IF_DOWN, OSPF_IF_EV_UP, OSPF_IF_WAITING, OSPF_IF_START);
	if_check(OSPF_IF_WAITING, OSPF_IF_EV_WAIT, OSPF_IF_DROTHER,
	    OSPF_IF_ELECT);
	if_check(OSPF_IF_WAITING, OSPF_IF_EV_BACKUP_SEEN, OSPF_IF_DROTHER,
	    OSPF_IF_ELECT);
	if_check(OSPF_IF_WAITING, OSPF_IF_EV_NEIGHBOR, OSPF_IF_WAITING,
	    OSPF_IF_NOTHING);
	if_check(OSPF_IF_LOOPBACK, OSPF_IF_EV_UNLOOP, OSPF_IF_DOWN,
	    OSPF_IF_NOTHING);
	for (st = OSPF_IF_DROTHER; st <= OSPF_IF_DR; st++)
		if_check(st, OSPF_IF_EV_NEIGHBOR, st, OSPF_IF_ELECT);
	for (st = OSPF_IF_LOOPBACK; st < OSPF_IF_NSTATES; st++)
		if_check(st, OSPF_IF_EV_DOWN, OSPF_IF_DOWN, OSPF_IF_RESET);
	for (st = OSPF_IF_WAITING; st < OSPF_IF_NSTATES; st++)
		if_check(st, OSPF_IF_EV_LOOP, OSPF_IF_LOOPBACK,
		    OSPF_IF_RESET);
}

ATF_TC_WITHOUT_HEAD(rfc2328_10_3);
ATF_TC_BODY(rfc2328_10_3, tc)
{
	int	 st;

	nbr_check(OSPF_NBR_DOWN, OSPF_NBR_EV_START, OSPF_NBR_ATTEMPT,
	    OSPF_NBR_ATTEMPTED);
	nbr_check(OSPF_NBR_ATTEMPT, OSPF_NBR_EV_HELLO, OSPF_NBR_INIT,
	    OSPF_NBR_ALIVE);
	nbr_check(OSPF_NBR_DOWN, OSPF_NBR_EV_HELLO, OSPF_NBR_INIT,
	    OSPF_NBR_ALIVE);
	nbr_check(OSPF_NBR_INIT, OSPF_NBR_EV_2WAY, OSPF_NBR_2WAY,
	    OSPF_NBR_DECIDE);
	nbr_check(OSPF_NBR_EXSTART, OSPF_NBR_EV_NEGOTIATED,
	    OSPF_NBR_EXCHANGE, OSPF_NBR_DESCRIBE);
	nbr_check(OSPF_NBR_EXCHANGE, OSPF_NBR_EV_EXCHANGED,
	    OSPF_NBR_LOADING, OSPF_NBR_LOAD);
	nbr_check(OSPF_NBR_LOADING, OSPF_NBR_EV_LOADED, OSPF_NBR_FULL,
	    OSPF_NBR_NOTHING);
	nbr_check(OSPF_NBR_2WAY, OSPF_NBR_EV_ADJACENT, OSPF_NBR_2WAY,
	    OSPF_NBR_DECIDE);
	nbr_check(OSPF_NBR_INIT, OSPF_NBR_EV_1WAY, OSPF_NBR_INIT,
	    OSPF_NBR_NOTHING);
	for (st = OSPF_NBR_INIT; st <= OSPF_NBR_FULL; st++)
		nbr_check(st, OSPF_NBR_EV_HELLO, st, OSPF_NBR_ALIVE);
	for (st = OSPF_NBR_2WAY; st <= OSPF_NBR_FULL; st++)
		nbr_check(st, OSPF_NBR_EV_1WAY, OSPF_NBR_INIT,
		    OSPF_NBR_CLEAR);
	for (st = OSPF_NBR_EXCHANGE; st <= OSPF_NBR_FULL; st++) {
		nbr_check(st, OSPF_NBR_EV_MISMATCH, OSPF_NBR_EXSTART,
		    OSPF_NBR_RESTART);
		nbr_check(st, OSPF_NBR_EV_BAD_REQUEST, OSPF_NBR_EXSTART,
		    OSPF_NBR_RESTART);
	}
	for (st = OSPF_NBR_DOWN; st <= OSPF_NBR_FULL; st++) {
		nbr_check(st, OSPF_NBR_EV_KILL, OSPF_NBR_DOWN,
		    OSPF_NBR_CLEAR);
		nbr_check(st, OSPF_NBR_EV_INACTIVE, OSPF_NBR_DOWN,
		    OSPF_NBR_CLEAR);
	}
}

ATF_TC_WITHOUT_HEAD(ospf_names);
ATF_TC_BODY(ospf_names, tc)
{
	int	 i;

	for (i = 1; i < OSPF_IF_NSTATES; i++)
		ATF_CHECK(strcmp(ospf_if_state_name(i), "?") != 0);
	for (i = 1; i < OSPF_NBR_NSTATES; i++)
		ATF_CHECK(strcmp(ospf_nbr_state_name(i), "?") != 0);
	ATF_CHECK_STREQ(ospf_if_state_name(OSPF_IF_NSTATES), "?");
	ATF_CHECK_STREQ(ospf_nbr_state_name(OSPF_NBR_NSTATES), "?");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, ospf_fsm_check);
	ATF_TP_ADD_TC(tp, rfc2328_9_3);
	ATF_TP_ADD_TC(tp, rfc2328_10_3);
	ATF_TP_ADD_TC(tp, ospf_names);
	return (atf_no_error());
}
