/*
 * Tests of the BFD state machine, routed6/bfd_fsm.c: each cell, from the
 * picture in RFC 5880 6.2 and the text of 6.8.4, 6.8.6, 6.8.15 and 6.8.16.
 */
#include <atf-c.h>

#include "bfd_fsm.h"

/* What is not said to change something, changes nothing. */
#define STAY	{ BFD_HOLE, BFD_DIAG_KEEP }

static const struct bfd_edge	want[BFD_NSTATES][BFD_NEVENTS] = {
	[BFD_ADMINDOWN] = {
		STAY, STAY, STAY, STAY, STAY,
		{ BFD_DOWN, BFD_DIAG_NONE }, STAY, STAY
	},
	[BFD_DOWN] = {
		STAY, { BFD_INIT, BFD_DIAG_KEEP }, { BFD_UP, BFD_DIAG_NONE },
		STAY, STAY, STAY, { BFD_ADMINDOWN, BFD_DIAG_ADMIN },
		{ BFD_DOWN, BFD_DIAG_RESET }
	},
	[BFD_INIT] = {
		{ BFD_DOWN, BFD_DIAG_NEIGHBOR }, STAY,
		{ BFD_UP, BFD_DIAG_NONE }, { BFD_UP, BFD_DIAG_NONE },
		{ BFD_DOWN, BFD_DIAG_EXPIRED }, STAY,
		{ BFD_ADMINDOWN, BFD_DIAG_ADMIN },
		{ BFD_DOWN, BFD_DIAG_RESET }
	},
	[BFD_UP] = {
		{ BFD_DOWN, BFD_DIAG_NEIGHBOR },
		{ BFD_DOWN, BFD_DIAG_NEIGHBOR }, STAY, STAY,
		{ BFD_DOWN, BFD_DIAG_EXPIRED }, STAY,
		{ BFD_ADMINDOWN, BFD_DIAG_ADMIN },
		{ BFD_DOWN, BFD_DIAG_RESET }
	}
};

ATF_TC_WITHOUT_HEAD(bfd_fsm_edge);
ATF_TC_BODY(bfd_fsm_edge, tc)
{
	const struct bfd_edge	*e, *w;
	unsigned int		 st, ev, next;

	for (st = BFD_ADMINDOWN; st < BFD_NSTATES; st++)
		for (ev = 0; ev < BFD_NEVENTS; ev++) {
			e = bfd_fsm_edge(st, ev);
			w = &want[st][ev];
			next = w->next == BFD_HOLE ? st : w->next;
			ATF_CHECK_MSG(e->next == next && e->diag == w->diag,
			    "event %u in %s: to %s, diagnostic %u", ev,
			    bfd_state_name(st), bfd_state_name(e->next),
			    e->diag);
		}
}

/* Ends the process with a failure when a cell was forgotten. */
ATF_TC_WITHOUT_HEAD(bfd_fsm_check);
ATF_TC_BODY(bfd_fsm_check, tc)
{
	bfd_fsm_check();
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, bfd_fsm_edge);
	ATF_TP_ADD_TC(tp, bfd_fsm_check);
	return (atf_no_error());
}
