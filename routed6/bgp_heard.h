/*
 * Which prefixes a peer announces at this moment, when there is a bound on
 * how many it may: not the routes, only a keyed hash of each, so that the
 * number is exact whatever the peer repeats.  Memory follows the number and
 * never exceeds the bound.
 */
#ifndef BGP_HEARD_H
#define BGP_HEARD_H

#include <stddef.h>
#include <stdint.h>

#include "prefix.h"
#include "siphash.h"

struct bgp_heard {
	uint64_t	*slot;		/* 0: empty */
	size_t		 size;		/* slots; a power of two, or 0 */
	size_t		 n;		/* prefixes */
	uint8_t		 key[SIPHASH_KEYLEN];
};

/* Nothing heard; the key should be secret. */
void	bgp_heard_init(struct bgp_heard *, const uint8_t key[SIPHASH_KEYLEN]);

/* Forget all, and the memory. */
void	bgp_heard_clear(struct bgp_heard *);

/* The peer has a prefix, or has it no more.  Repeating changes nothing. */
void	bgp_heard_add(struct bgp_heard *, const struct prefix *);
void	bgp_heard_del(struct bgp_heard *, const struct prefix *);

#endif
