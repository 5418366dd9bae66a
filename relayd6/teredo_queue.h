/*
 * Packets that wait until their client has answered (RFC 4380 5.4.1 case 3).
 * Relay process; pure.  One pool for all clients, taken once; each client has
 * a first-in first-out queue of a bounded length in it.  When the pool is full,
 * the packet that has waited longest makes room, whosesoever it is: a real
 * client answers within a round trip, a scan never does.
 */
#ifndef TEREDO_QUEUE_H
#define TEREDO_QUEUE_H

#include <stddef.h>
#include <stdint.h>

#include "teredo_peer.h"

/* A packet that waits; 0 is none. */
struct teredo_held {
	teredo_ref	 peer;
	uint32_t	 after;		/* next for the same peer; free list */
	uint32_t	 prev;		/* by age, over all peers */
	uint32_t	 next;
	uint32_t	 len;
	uint8_t		 tos;
};

struct teredo_queue {
	struct teredo_held	*slots;		/* 1 .. LIMIT_TEREDO_HELD */
	uint8_t			*room;
	size_t			 size;		/* bytes a packet may have */
	uint32_t		 fresh;
	uint32_t		 free;
	uint32_t		 oldest;
	uint32_t		 newest;
	uint32_t		 count;
};

/* Room for packets of at most size bytes.  0, or -1: no memory. */
int	teredo_queue_init(struct teredo_queue *, size_t size);
void	teredo_queue_free(struct teredo_queue *);

/* True when there is room without anybody's giving way. */
int	teredo_queue_has_room(const struct teredo_queue *);

/* The peer whose packet has waited longest, 0 when none waits. */
teredo_ref	teredo_queue_oldest(const struct teredo_queue *);

/*
 * Copy a packet to the end of a peer's queue.  There must be room, and the
 * packet must fit.
 */
void	teredo_queue_put(struct teredo_queue *, struct teredo_table *,
	    struct teredo_peer *, const void *, size_t len, uint8_t tos);

/*
 * Take the first packet of a peer's queue.  Its bytes stay valid until the
 * next teredo_queue_put().  NULL when none waits.
 */
const uint8_t	*teredo_queue_get(struct teredo_queue *, struct teredo_peer *,
		    size_t *len, uint8_t *tos);

#endif
