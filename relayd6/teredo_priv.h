/*
 * What the files of the Teredo engine share with one another only: teredo_in.c
 * and teredo_out.c have the rules for a packet, teredo_ask.c that for a client
 * who has yet to answer.  Relay process; pure.
 */
#ifndef TEREDO_PRIV_H
#define TEREDO_PRIV_H

#include "teredo.h"
#include "teredo_wire.h"

#define TEREDO_LINKLOCAL	(0xfe80ULL << 48)	/* fe80::NONCE */

/* The peer of an address, or NULL; one whose time is over is forgotten. */
struct teredo_peer	*teredo_lookup(struct teredo *, const struct addr6 *,
			    mono_t);

/*
 * A new peer, mapped to where its address says; somebody less believed may
 * have to go.  NULL: nobody can.
 */
struct teredo_peer	*teredo_make(struct teredo *, const struct addr6 *,
			    enum teredo_state, mono_t);

/* Drop what waits for a peer, and the peer. */
void	teredo_forget(struct teredo *, struct teredo_peer *);

/*
 * True when a bubble, the first for this client or another, may go to its
 * server: policy and limits.  Takes the right to send it.
 */
int	teredo_may_ask(struct teredo *, const struct addr6 *, int first,
	    mono_t);

/* Send the next bubbles of a round; teredo_may_ask() must have allowed it. */
void	teredo_ask(struct teredo *, struct teredo_peer *, mono_t);

/*
 * Ask a peer that is believed already, as long as it is not asked too often
 * or in vain (RFC 4380 5.2.6).  1 when it was asked.
 */
int	teredo_ask_known(struct teredo *, struct teredo_peer *, mono_t);

/* A direct bubble with this discovery trailer, to where the peer is. */
void	teredo_discover(struct teredo *, struct teredo_peer *,
	    enum teredo_discovery, mono_t);

/* Direct bubbles to wherever a client says that it may be (RFC 6081 5.6). */
void	teredo_answer(struct teredo *, struct teredo_peer *,
	    const struct teredo_trailers *, mono_t);

/* Keep a copy of a packet until the peer answers.  0, or -1 with the reason. */
int	teredo_hold(struct teredo *, struct teredo_peer *, struct pkt *);

/* Send what waits for a peer, in order. */
void	teredo_flush(struct teredo *, struct teredo_peer *, mono_t);

#endif
