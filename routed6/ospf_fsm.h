/*
 * The two state machines of OSPF as tables: interfaces (RFC 2328 9.3) and
 * neighbors (10.3), as RFC 5340 keeps them.  A cell names the next state and
 * an action; some actions lead on to another state, which their row in the
 * RFC leaves open as well.
 */
#ifndef OSPF_FSM_H
#define OSPF_FSM_H

#include <stdint.h>

enum ospf_if_state {
	OSPF_IF_HOLE,
	OSPF_IF_DOWN,
	OSPF_IF_LOOPBACK,	/* passive: prefixes, but no packets */
	OSPF_IF_WAITING,
	OSPF_IF_P2P,		/* point-to-multipoint too */
	OSPF_IF_DROTHER,
	OSPF_IF_BACKUP,
	OSPF_IF_DR,
	OSPF_IF_NSTATES
};

enum ospf_if_event {
	OSPF_IF_EV_UP,
	OSPF_IF_EV_WAIT,
	OSPF_IF_EV_BACKUP_SEEN,
	OSPF_IF_EV_NEIGHBOR,
	OSPF_IF_EV_LOOP,
	OSPF_IF_EV_UNLOOP,
	OSPF_IF_EV_DOWN,
	OSPF_IF_NEVENTS
};

enum ospf_if_act {
	OSPF_IF_NOTHING,
	OSPF_IF_START,		/* begin to speak; the type says what next */
	OSPF_IF_ELECT,		/* who is DR says what next */
	OSPF_IF_RESET		/* drop neighbors, timers, DR */
};

enum ospf_nbr_state {
	OSPF_NBR_HOLE,
	OSPF_NBR_DOWN,
	OSPF_NBR_ATTEMPT,
	OSPF_NBR_INIT,
	OSPF_NBR_2WAY,
	OSPF_NBR_EXSTART,
	OSPF_NBR_EXCHANGE,
	OSPF_NBR_LOADING,
	OSPF_NBR_FULL,
	OSPF_NBR_NSTATES
};

enum ospf_nbr_event {
	OSPF_NBR_EV_START,	/* a configured neighbor, NBMA */
	OSPF_NBR_EV_HELLO,
	OSPF_NBR_EV_2WAY,
	OSPF_NBR_EV_1WAY,
	OSPF_NBR_EV_NEGOTIATED,
	OSPF_NBR_EV_EXCHANGED,
	OSPF_NBR_EV_LOADED,
	OSPF_NBR_EV_ADJACENT,	/* AdjOK? */
	OSPF_NBR_EV_MISMATCH,	/* SeqNumberMismatch */
	OSPF_NBR_EV_BAD_REQUEST,
	OSPF_NBR_EV_KILL,	/* KillNbr and LLDown */
	OSPF_NBR_EV_INACTIVE,
	OSPF_NBR_NEVENTS
};

enum ospf_nbr_act {
	OSPF_NBR_NOTHING,
	OSPF_NBR_ALIVE,		/* the inactivity timer begins anew */
	OSPF_NBR_ATTEMPTED,	/* a Hello to it, and the timer */
	OSPF_NBR_DECIDE,	/* adjacent or not? */
	OSPF_NBR_DESCRIBE,	/* negotiation is done: databases */
	OSPF_NBR_LOAD,		/* requests left: Loading, else Full */
	OSPF_NBR_RESTART,	/* lists cleared, negotiate again */
	OSPF_NBR_CLEAR		/* lists cleared, timers off */
};

struct ospf_edge {
	uint8_t		 next;	/* a state */
	uint8_t		 act;	/* enum ospf_if_act or ospf_nbr_act */
};

const struct ospf_edge	*ospf_if_edge(enum ospf_if_state, enum ospf_if_event);
const struct ospf_edge	*ospf_nbr_edge(enum ospf_nbr_state,
			    enum ospf_nbr_event);

/* Fatal when a table has a hole; call once when the process starts. */
void		 ospf_fsm_check(void);

/* "DROther", "Full"; "?" for a number that is none. */
const char	*ospf_if_state_name(uint8_t);
const char	*ospf_nbr_state_name(uint8_t);

#endif
