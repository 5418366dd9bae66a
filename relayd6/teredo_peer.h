/*
 * The list of recent peers (RFC 4380 5.2, 5.4): which Teredo clients the relay
 * knows, where their NAT has them, and how far they are to be believed.  Relay
 * process; pure.  All memory is taken when the table is made; pages that were
 * never needed are never touched.
 *
 * Lookup goes by a keyed hash, so that nobody can choose addresses that meet
 * in one chain.  Nothing is sorted and nothing is swept: every state has one
 * life time, so that each keeps its peers in a queue in the order in which
 * they end, and whoever is due is at its head.
 */
#ifndef TEREDO_PEER_H
#define TEREDO_PEER_H

#include <stddef.h>
#include <stdint.h>

#include "ip_wire.h"
#include "bounds.h"
#include "mono.h"
#include "siphash.h"

#define TEREDO_RETRY	MONO_S(2)	/* between bubbles, RFC 4380 5.4.1 */
#define TEREDO_TRIES	4		/* the first, and up to three more */
#define TEREDO_VALID	MONO_S(30)	/* after the last reception, 5.2.4 */
#define TEREDO_NEVER	INT64_MAX	/* ns of a deadline that never comes */

/*
 * What a peer is.  The order is also that in which room is made for others:
 * WAITING first, then ASSUMED; who is CLAIMED or TRUSTED and heard of is never
 * thrown out.
 */
#define TEREDO_STATES(X)						\
	X(FREE, "free")		/* no peer */				\
	X(WAITING, "waiting")	/* untrusted: asked, has not answered */\
	X(ASSUMED, "assumed")	/* trusted by its cone bit alone */	\
	X(CLAIMED, "claimed")	/* came by itself, addresses match */	\
	X(TRUSTED, "trusted")	/* answered */

enum teredo_state {
#define X(sym, word)	TEREDO_##sym,
	TEREDO_STATES(X)
#undef X
	TEREDO_NSTATES
};

/* A place in the table; 0 is none. */
typedef uint32_t	teredo_ref;

struct teredo_peer {
	struct addr6	 addr;		/* the Teredo address */
	uint32_t	 mapped;	/* where to send, host byte order */
	uint16_t	 port;
	uint8_t		 state;		/* enum teredo_state */
	uint8_t		 tries;		/* bubbles since it last answered */

	mono_t		 since;		/* in this state */
	mono_t		 last_rx;	/* packets, not only data */
	mono_t		 last_tx;
	mono_t		 last_try;	/* of a bubble */
	mono_t		 queued;	/* time of its place in the queue */

	uint64_t	 nonce;		/* we ask with; 0: never asked */
	uint32_t	 nonce_rx;	/* it asked with, RFC 6081 5.2.1 */
	uint16_t	 port_rx;	/* its random port, RFC 6081 5.4.1 */
	uint8_t		 misses;	/* wrong answers to nonce */
	uint8_t		 nheld;		/* packets that wait for it */

	uint64_t	 in_packets;
	uint64_t	 out_packets;

	uint32_t	 held;		/* first that waits, teredo_queue.h */
	uint32_t	 held_last;
	teredo_ref	 chain;		/* next of the same hash; free list */
	teredo_ref	 prev;		/* in the queue of its state */
	teredo_ref	 next;
	uint8_t		 indirects;	/* bubbles by way of its server */
};

/* The promise of LIMIT_TEREDO_PEERS: this does not compile when broken. */
typedef char	teredo_peer_is_small[sizeof(struct teredo_peer) <= 128 ?
		    1 : -1];

struct teredo_list {
	teredo_ref	 first;
	teredo_ref	 last;
	uint32_t	 count;
};

struct teredo_table {
	uint8_t			 key[SIPHASH_KEYLEN];
	struct teredo_peer	*peers;		/* 1 .. max; 0 is not used */
	uint32_t		 max;
	uint32_t		 fresh;		/* highest ever used */
	teredo_ref		 free;
	teredo_ref		*heads;		/* of the chains */
	uint32_t		 mask;
	uint32_t		 count;
	struct teredo_list	 lists[TEREDO_NSTATES];
};

/*
 * A table for max peers (1 .. LIMIT_TEREDO_PEERS); key is secret.  0, or -1
 * when there is no memory, and then the table is empty but may be used.
 */
int	teredo_table_init(struct teredo_table *, uint32_t max,
	    const uint8_t key[SIPHASH_KEYLEN]);
void	teredo_table_free(struct teredo_table *);

/* Bytes that a table for max peers can come to use. */
size_t	teredo_table_size(uint32_t max);

/* The peer of an address, or NULL. */
struct teredo_peer	*teredo_peer_find(struct teredo_table *,
			    const struct addr6 *);

/*
 * A new peer, all zero but for its address and state, at the end of the queue
 * of that state.  The address must not be there.  NULL when the table is
 * full; see teredo_peer_victim().
 */
struct teredo_peer	*teredo_peer_add(struct teredo_table *,
			    const struct addr6 *, enum teredo_state, mono_t);

/* Forget a peer.  What waits for it must have been taken away before. */
void	teredo_peer_remove(struct teredo_table *, struct teredo_peer *);

/* To the end of the queue of a state, which may be the one that it has. */
void	teredo_peer_move(struct teredo_table *, struct teredo_peer *,
	    enum teredo_state, mono_t);

/*
 * Something came from it: keeps it alive.  Moves it in its queue at most once
 * a second, so that a busy peer costs no more than its own cache lines.
 */
void	teredo_peer_touch(struct teredo_table *, struct teredo_peer *, mono_t);

/* True while a peer that is not WAITING may be believed (5.2.4). */
int	teredo_peer_valid(const struct teredo_peer *, mono_t);

/* When the first of a state's queue is due; with no peer there, never. */
mono_t	teredo_peer_due(const struct teredo_table *, enum teredo_state);

/* The first in the queue of a state, or NULL. */
struct teredo_peer	*teredo_peer_first(struct teredo_table *,
			    enum teredo_state);

/*
 * Who has to go to make room: the oldest of the least believed, or one whose
 * time is over.  NULL when all are active and believed.
 */
struct teredo_peer	*teredo_peer_victim(struct teredo_table *, mono_t);

/* The peer at a place (1 .. fresh), or NULL when there is none. */
struct teredo_peer	*teredo_peer_at(struct teredo_table *, teredo_ref);

/* The place of a peer. */
teredo_ref	teredo_peer_ref(const struct teredo_table *,
		    const struct teredo_peer *);

#endif
