/*
 * Tests of the BGP state machine, routed6/bgp_fsm.c.
 */
#include <sys/types.h>
#include <sys/wait.h>

#include <atf-c.h>
#include <string.h>
#include <unistd.h>

#include "bgp_fsm.h"
#include "fsm.h"

static void
check(enum bgp_state st, enum bgp_event ev, enum bgp_state next,
    enum bgp_act act)
{
	const struct bgp_edge	*e = bgp_fsm_edge(st, ev);

	ATF_CHECK_MSG(e->next == next && e->act == act,
	    "event %d in %s: to %s, action %u", ev, bgp_state_name(st),
	    bgp_state_name(e->next), e->act);
}

/* Ends the process with a failure when a cell was forgotten. */
ATF_TC_WITHOUT_HEAD(bgp_fsm_check);
ATF_TC_BODY(bgp_fsm_check, tc)
{
	bgp_fsm_check();
}

/* The check itself must notice a hole. */
ATF_TC_WITHOUT_HEAD(bgp_fsm_check_hole);
ATF_TC_BODY(bgp_fsm_check_hole, tc)
{
	struct bgp_edge	 table[2][BGP_NEVENTS];
	int		 status;
	pid_t		 pid;

	memset(table, 0, sizeof(table));
	memset(table[1], 1, sizeof(table[1]));
	table[1][BGP_EV_HOLD].next = BGP_HOLE;
	ATF_REQUIRE((pid = fork()) != -1);
	if (pid == 0) {
		fsm_complete("t", &table[0][0].next, sizeof(table[0][0]), 2,
		    BGP_NEVENTS);
		_exit(0);
	}
	ATF_REQUIRE_EQ(waitpid(pid, &status, 0), pid);
	ATF_CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 1);
}

ATF_TC_WITHOUT_HEAD(bgp_fsm_names);
ATF_TC_BODY(bgp_fsm_names, tc)
{
	unsigned int	 i;

	for (i = 1; i < BGP_NSTATES; i++)
		ATF_CHECK(strcmp(bgp_state_name(i), "?") != 0);
	ATF_CHECK_STREQ(bgp_state_name(BGP_NSTATES), "?");
}

/* RFC 4271 8.2.2: the way up. */
ATF_TC_WITHOUT_HEAD(bgp_fsm_up);
ATF_TC_BODY(bgp_fsm_up, tc)
{
	check(BGP_IDLE, BGP_EV_START, BGP_CONNECT, BGP_ACT_CONNECT);
	check(BGP_IDLE, BGP_EV_LISTEN, BGP_ACTIVE, BGP_ACT_NONE);
	check(BGP_CONNECT, BGP_EV_RETRY, BGP_CONNECT, BGP_ACT_CONNECT);
	check(BGP_ACTIVE, BGP_EV_RETRY, BGP_CONNECT, BGP_ACT_CONNECT);
	check(BGP_CONNECT, BGP_EV_TCP_OPEN, BGP_OPENSENT, BGP_ACT_OPEN);
	check(BGP_ACTIVE, BGP_EV_TCP_OPEN, BGP_OPENSENT, BGP_ACT_OPEN);
	check(BGP_OPENSENT, BGP_EV_MSG_OPEN, BGP_OPENCONFIRM,
	    BGP_ACT_CONFIRM);
	check(BGP_OPENCONFIRM, BGP_EV_MSG_KEEPALIVE, BGP_ESTABLISHED,
	    BGP_ACT_UP);
}

/* RFC 4271 8.2.2: the ways down of every state with a session in it. */
ATF_TC_WITHOUT_HEAD(bgp_fsm_down);
ATF_TC_BODY(bgp_fsm_down, tc)
{
	enum bgp_state	 st;

	for (st = BGP_OPENSENT; st <= BGP_ESTABLISHED; st++) {
		check(st, BGP_EV_STOP, BGP_CLOSING, BGP_ACT_LEAVE);
		check(st, BGP_EV_HOLD, BGP_CLOSING, BGP_ACT_EXPIRED);
		check(st, BGP_EV_BAD_HEADER, BGP_CLOSING, BGP_ACT_NOTIFY);
		check(st, BGP_EV_COLLISION, BGP_CLOSING, BGP_ACT_COLLIDE);
		check(st, BGP_EV_MSG_NOTIFICATION, BGP_IDLE, BGP_ACT_FAIL);
		check(st, BGP_EV_SEND_HOLD, BGP_IDLE, BGP_ACT_STALLED);
	}
	check(BGP_CONNECT, BGP_EV_TCP_FAIL, BGP_IDLE, BGP_ACT_FAIL);
	check(BGP_OPENSENT, BGP_EV_TCP_FAIL, BGP_ACTIVE, BGP_ACT_WAIT);
	check(BGP_OPENCONFIRM, BGP_EV_TCP_FAIL, BGP_IDLE, BGP_ACT_FAIL);
	check(BGP_ESTABLISHED, BGP_EV_TCP_FAIL, BGP_IDLE, BGP_ACT_FAIL);
	check(BGP_ESTABLISHED, BGP_EV_BAD_UPDATE, BGP_CLOSING,
	    BGP_ACT_NOTIFY);
	check(BGP_OPENSENT, BGP_EV_BAD_OPEN, BGP_CLOSING, BGP_ACT_NOTIFY);
}

/* RFC 6608: messages in states that do not expect them. */
ATF_TC_WITHOUT_HEAD(bgp_fsm_unexpected);
ATF_TC_BODY(bgp_fsm_unexpected, tc)
{
	check(BGP_OPENSENT, BGP_EV_MSG_KEEPALIVE, BGP_CLOSING,
	    BGP_ACT_UNEXPECTED);
	check(BGP_OPENSENT, BGP_EV_MSG_UPDATE, BGP_CLOSING,
	    BGP_ACT_UNEXPECTED);
	check(BGP_OPENSENT, BGP_EV_MSG_REFRESH, BGP_CLOSING,
	    BGP_ACT_UNEXPECTED);
	check(BGP_OPENCONFIRM, BGP_EV_MSG_OPEN, BGP_CLOSING,
	    BGP_ACT_UNEXPECTED);
	check(BGP_OPENCONFIRM, BGP_EV_MSG_UPDATE, BGP_CLOSING,
	    BGP_ACT_UNEXPECTED);
	check(BGP_ESTABLISHED, BGP_EV_MSG_OPEN, BGP_CLOSING,
	    BGP_ACT_UNEXPECTED);
}

/* Idle refuses connections; Closing only waits for the end. */
ATF_TC_WITHOUT_HEAD(bgp_fsm_quiet);
ATF_TC_BODY(bgp_fsm_quiet, tc)
{
	enum bgp_event	 ev;

	for (ev = 0; ev < BGP_NEVENTS; ev++) {
		if (ev != BGP_EV_START && ev != BGP_EV_LISTEN)
			ATF_CHECK_EQ(bgp_fsm_edge(BGP_IDLE, ev)->next,
			    BGP_IDLE);
		if (ev != BGP_EV_TCP_FAIL && ev != BGP_EV_LINGER)
			ATF_CHECK_EQ(bgp_fsm_edge(BGP_CLOSING, ev)->next,
			    BGP_CLOSING);
	}
	check(BGP_IDLE, BGP_EV_TCP_OPEN, BGP_IDLE, BGP_ACT_CLOSE);
	check(BGP_CLOSING, BGP_EV_SENT, BGP_CLOSING, BGP_ACT_SHUT);
	check(BGP_CLOSING, BGP_EV_LINGER, BGP_IDLE, BGP_ACT_CLOSE);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, bgp_fsm_check);
	ATF_TP_ADD_TC(tp, bgp_fsm_check_hole);
	ATF_TP_ADD_TC(tp, bgp_fsm_names);
	ATF_TP_ADD_TC(tp, bgp_fsm_up);
	ATF_TP_ADD_TC(tp, bgp_fsm_down);
	ATF_TP_ADD_TC(tp, bgp_fsm_unexpected);
	ATF_TP_ADD_TC(tp, bgp_fsm_quiet);
	return (atf_no_error());
}
