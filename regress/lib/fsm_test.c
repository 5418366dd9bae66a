/*
 * Tests of lib/fsm.c: a table without a hole is accepted in silence, any other
 * ends the process at its start and says where the hole is.
 */
#include <atf-c.h>
#include <stdlib.h>
#include <string.h>

#include "fsm.h"
#include "log.h"

enum { HOLE, IDLE, BUSY, DONE, NSTATES };
enum { START, STEP, STOP, NEVENTS };

/* As a machine of a daemon has it: the next state is not the first member. */
struct edge {
	void	(*act)(void);
	uint8_t	 flags;
	uint8_t	 next;
};

static const struct edge	sound[NSTATES][NEVENTS] = {
	[IDLE] = { [START] = { NULL, 0, BUSY }, [STEP] = { NULL, 0, IDLE },
	    [STOP] = { NULL, 0, IDLE } },
	[BUSY] = { [START] = { NULL, 0, BUSY }, [STEP] = { NULL, 0, DONE },
	    [STOP] = { NULL, 0, IDLE } },
	[DONE] = { [START] = { NULL, 0, BUSY }, [STEP] = { NULL, 0, DONE },
	    [STOP] = { NULL, 0, DONE } }
};

static void
check(const struct edge edges[NSTATES][NEVENTS])
{
	fsm_complete("test", &edges[0][0].next, sizeof(edges[0][0]), NSTATES,
	    NEVENTS);
}

/* With one cell changed, the process must end and name the cell. */
static void
refused(int state, int event, int next, const char *err)
{
	struct edge	 edges[NSTATES][NEVENTS];
	pid_t		 pid;

	memcpy(edges, sound, sizeof(edges));
	edges[state][event].next = next;
	if ((pid = atf_utils_fork()) == 0) {
		log_init("fsm_test", NULL, 0);
		check(edges);
		exit(0);
	}
	atf_utils_wait(pid, 1, "", err);
}

ATF_TC_WITHOUT_HEAD(fsm_complete);
ATF_TC_BODY(fsm_complete, tc)
{
	check(sound);
}

ATF_TC_WITHOUT_HEAD(fsm_complete_hole);
ATF_TC_BODY(fsm_complete_hole, tc)
{
	refused(IDLE, START, HOLE,
	    "fsm_test: test fsm: state 1 has no answer to event 0\n");
	refused(BUSY, STEP, HOLE,
	    "fsm_test: test fsm: state 2 has no answer to event 1\n");
	refused(DONE, STOP, HOLE,
	    "fsm_test: test fsm: state 3 has no answer to event 2\n");
}

ATF_TC_WITHOUT_HEAD(fsm_complete_range);
ATF_TC_BODY(fsm_complete_range, tc)
{
	refused(BUSY, START, NSTATES,
	    "fsm_test: test fsm: state 2 has no answer to event 0\n");
	refused(DONE, STOP, 255,
	    "fsm_test: test fsm: state 3 has no answer to event 2\n");
}

/* State 0 is nobody's: what its row says does not matter. */
ATF_TC_WITHOUT_HEAD(fsm_complete_row_zero);
ATF_TC_BODY(fsm_complete_row_zero, tc)
{
	struct edge	 edges[NSTATES][NEVENTS];

	memcpy(edges, sound, sizeof(edges));
	edges[HOLE][START].next = 200;
	check(edges);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, fsm_complete);
	ATF_TP_ADD_TC(tp, fsm_complete_hole);
	ATF_TP_ADD_TC(tp, fsm_complete_range);
	ATF_TP_ADD_TC(tp, fsm_complete_row_zero);
	return (atf_no_error());
}
