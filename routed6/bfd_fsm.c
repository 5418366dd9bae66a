/*
 * The BFD state machine: see bfd_fsm.h.  Engine of the bfd process; a table
 * and nothing else.  RFC 5880 6.2, 6.8.4, 6.8.6, 6.8.15, 6.8.16.
 */
#include "bfd_fsm.h"
#include "fsm.h"

static const struct bfd_edge edges[BFD_NSTATES][BFD_NEVENTS] = {
	/* Nothing leads out of it but our own wish. */
	[BFD_ADMINDOWN] = {
		[BFD_EV_ADMINDOWN] =	{ BFD_ADMINDOWN, BFD_DIAG_KEEP },
		[BFD_EV_DOWN] =		{ BFD_ADMINDOWN, BFD_DIAG_KEEP },
		[BFD_EV_INIT] =		{ BFD_ADMINDOWN, BFD_DIAG_KEEP },
		[BFD_EV_UP] =		{ BFD_ADMINDOWN, BFD_DIAG_KEEP },
		[BFD_EV_EXPIRED] =	{ BFD_ADMINDOWN, BFD_DIAG_KEEP },
		[BFD_EV_ENABLE] =	{ BFD_DOWN, BFD_DIAG_NONE },
		[BFD_EV_DISABLE] =	{ BFD_ADMINDOWN, BFD_DIAG_KEEP },
		[BFD_EV_RESET] =	{ BFD_ADMINDOWN, BFD_DIAG_KEEP }
	},
	/* The reason why it is down stays until it is up. */
	[BFD_DOWN] = {
		[BFD_EV_ADMINDOWN] =	{ BFD_DOWN, BFD_DIAG_KEEP },
		[BFD_EV_DOWN] =		{ BFD_INIT, BFD_DIAG_KEEP },
		[BFD_EV_INIT] =		{ BFD_UP, BFD_DIAG_NONE },
		[BFD_EV_UP] =		{ BFD_DOWN, BFD_DIAG_KEEP },
		[BFD_EV_EXPIRED] =	{ BFD_DOWN, BFD_DIAG_KEEP },
		[BFD_EV_ENABLE] =	{ BFD_DOWN, BFD_DIAG_KEEP },
		[BFD_EV_DISABLE] =	{ BFD_ADMINDOWN, BFD_DIAG_ADMIN },
		[BFD_EV_RESET] =	{ BFD_DOWN, BFD_DIAG_RESET }
	},
	[BFD_INIT] = {
		[BFD_EV_ADMINDOWN] =	{ BFD_DOWN, BFD_DIAG_NEIGHBOR },
		[BFD_EV_DOWN] =		{ BFD_INIT, BFD_DIAG_KEEP },
		[BFD_EV_INIT] =		{ BFD_UP, BFD_DIAG_NONE },
		[BFD_EV_UP] =		{ BFD_UP, BFD_DIAG_NONE },
		[BFD_EV_EXPIRED] =	{ BFD_DOWN, BFD_DIAG_EXPIRED },
		[BFD_EV_ENABLE] =	{ BFD_INIT, BFD_DIAG_KEEP },
		[BFD_EV_DISABLE] =	{ BFD_ADMINDOWN, BFD_DIAG_ADMIN },
		[BFD_EV_RESET] =	{ BFD_DOWN, BFD_DIAG_RESET }
	},
	[BFD_UP] = {
		[BFD_EV_ADMINDOWN] =	{ BFD_DOWN, BFD_DIAG_NEIGHBOR },
		[BFD_EV_DOWN] =		{ BFD_DOWN, BFD_DIAG_NEIGHBOR },
		[BFD_EV_INIT] =		{ BFD_UP, BFD_DIAG_KEEP },
		[BFD_EV_UP] =		{ BFD_UP, BFD_DIAG_KEEP },
		[BFD_EV_EXPIRED] =	{ BFD_DOWN, BFD_DIAG_EXPIRED },
		[BFD_EV_ENABLE] =	{ BFD_UP, BFD_DIAG_KEEP },
		[BFD_EV_DISABLE] =	{ BFD_ADMINDOWN, BFD_DIAG_ADMIN },
		[BFD_EV_RESET] =	{ BFD_DOWN, BFD_DIAG_RESET }
	}
};

const struct bfd_edge *
bfd_fsm_edge(enum bfd_state state, enum bfd_event ev)
{
	return (&edges[state][ev]);
}

void
bfd_fsm_check(void)
{
	fsm_complete("bfd", &edges[0][0].next, sizeof(edges[0][0]),
	    BFD_NSTATES, BFD_NEVENTS);
}
