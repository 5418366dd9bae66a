/*
 * The BGP state machine (RFC 4271 8) as a table.  There is one machine per
 * connection, which 8.2.1 allows: every neighbor has one for the connection
 * that we open and one for the connection that the neighbor opens, so that a
 * collision (6.8) is two machines and one event instead of states within
 * states.  The table says what to do; bgp_conn.c does it.
 */
#ifndef BGP_FSM_H
#define BGP_FSM_H

#include <stdint.h>

enum bgp_state {
	BGP_HOLE,
	BGP_IDLE,
	BGP_CONNECT,
	BGP_ACTIVE,
	BGP_DELAYOPEN,	/* the RFC's Connect and Active with a connection */
	BGP_OPENSENT,
	BGP_OPENCONFIRM,
	BGP_ESTABLISHED,
	BGP_CLOSING,	/* the RFC's Idle while last words are written */
	BGP_NSTATES
};

/* The numbers are those of RFC 4271 8.1. */
enum bgp_event {
	BGP_EV_START,		/* 1, 3, 13: open a connection */
	BGP_EV_LISTEN,		/* 4, 5: await one */
	BGP_EV_STOP,		/* 2, 8 */
	BGP_EV_RETRY,		/* 9 ConnectRetryTimer_Expires */
	BGP_EV_DELAY,		/* 12 DelayOpenTimer_Expires */
	BGP_EV_HOLD,		/* 10 HoldTimer_Expires */
	BGP_EV_KEEPALIVE,	/* 11 KeepaliveTimer_Expires */
	BGP_EV_SEND_HOLD,	/* RFC 9687: the peer takes no bytes */
	BGP_EV_TCP_OPEN,	/* 16, 17: a connection exists */
	BGP_EV_TCP_DELAY,	/* ... and the peer shall speak first */
	BGP_EV_TCP_FAIL,	/* 18: it could not be made, or ended */
	BGP_EV_MSG_OPEN,	/* 19, 20 */
	BGP_EV_BAD_HEADER,	/* 21 */
	BGP_EV_BAD_OPEN,	/* 22 */
	BGP_EV_COLLISION,	/* 23 OpenCollisionDump */
	BGP_EV_MSG_NOTIFICATION, /* 24, 25 */
	BGP_EV_MSG_KEEPALIVE,	/* 26 */
	BGP_EV_MSG_UPDATE,	/* 27 */
	BGP_EV_BAD_UPDATE,	/* 28 */
	BGP_EV_MSG_REFRESH,	/* RFC 2918 */
	BGP_EV_SENT,		/* the last queued byte was written */
	BGP_EV_LINGER,		/* waited long enough for last words */
	BGP_NEVENTS
};

enum bgp_act {
	BGP_ACT_NONE,
	BGP_ACT_CONNECT,	/* ask for a connection, run ConnectRetry */
	BGP_ACT_WAIT,		/* drop it, try again after a while */
	BGP_ACT_CLOSE,		/* drop the connection: nobody's fault */
	BGP_ACT_FAIL,		/* drop the connection: a failure */
	BGP_ACT_STALLED,	/* the same, since nothing could be written */
	BGP_ACT_DELAY,		/* let the peer speak first, for a while */
	BGP_ACT_OPEN,		/* say OPEN */
	BGP_ACT_ANSWER,		/* say OPEN, and confirm */
	BGP_ACT_CONFIRM,	/* agree, say KEEPALIVE, run the timers */
	BGP_ACT_UP,		/* the session exists */
	BGP_ACT_ALIVE,		/* the peer lives: hold timer anew */
	BGP_ACT_KEEPALIVE,	/* say KEEPALIVE */
	BGP_ACT_UPDATE,		/* count what the peer announced */
	BGP_ACT_NOTIFY,		/* say what was wrong and close */
	BGP_ACT_UNEXPECTED,	/* FSM error: say so and close */
	BGP_ACT_EXPIRED,	/* hold timer: say so and close */
	BGP_ACT_COLLIDE,	/* collision: say so and close */
	BGP_ACT_LEAVE,		/* withdraw all, say Cease and close */
	BGP_ACT_SHUT,		/* last words written: half-close */
	BGP_NACTS
};

struct bgp_edge {
	uint8_t		 next;	/* enum bgp_state */
	uint8_t		 act;	/* enum bgp_act */
};

/* The answer of a state to an event. */
const struct bgp_edge	*bgp_fsm_edge(enum bgp_state, enum bgp_event);

/* Fatal when the table has a hole; call once when the process starts. */
void		 bgp_fsm_check(void);

/* "Established"; "?" for a number that is none. */
const char	*bgp_state_name(uint8_t);

#endif
