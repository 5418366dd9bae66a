/*
 * The BFD state machine (RFC 5880 6.2 and 6.8.6) as a table.  An answer is the
 * next state and the diagnostic that tells why, or BFD_DIAG_KEEP.
 */
#ifndef BFD_FSM_H
#define BFD_FSM_H

#include <stdint.h>

#include "bfd_wire.h"

enum bfd_event {
	BFD_EV_ADMINDOWN,	/* a packet that says AdminDown came */
	BFD_EV_DOWN,		/* ... Down */
	BFD_EV_INIT,		/* ... Init */
	BFD_EV_UP,		/* ... Up */
	BFD_EV_EXPIRED,		/* none came for the detection time */
	BFD_EV_ENABLE,		/* 6.8.16 */
	BFD_EV_DISABLE,
	BFD_EV_RESET,		/* 6.8.15: nobody may rely on us any more */
	BFD_NEVENTS
};

struct bfd_edge {
	uint8_t		 next;	/* enum bfd_state */
	uint8_t		 diag;	/* enum bfd_diag */
};

/* The answer of a state to an event. */
const struct bfd_edge	*bfd_fsm_edge(enum bfd_state, enum bfd_event);

/* Fatal when the table has a hole; call once when the process starts. */
void			 bfd_fsm_check(void);

#endif
