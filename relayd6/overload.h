/*
 * The soft sign of capacity: how many packets a second one kind of relay drops
 * for lack of room, from its counters.  Pure.
 */
#ifndef OVERLOAD_H
#define OVERLOAD_H

#include <stddef.h>
#include <stdint.h>

#include "mono.h"
#include "relayd6.h"

struct overload {
	int		known;		/* drops and when are */
	uint64_t	drops;
	mono_t		when;
	uint32_t	rate;		/* a second, between the last two */
	uint32_t	streak;		/* samples over the bound, in a row */
};

#define OVERLOAD_FALL	2		/* of these make it bad */

/*
 * A sample of the relay's counters, of which the drops that count are summed;
 * bound is how many a second are borne, 0 for any number.
 */
void	overload_sample(struct overload *, const struct relay_counters *,
	    uint32_t bound, mono_t now);

/* True when the sign is good; else why gets what is wrong. */
int	overload_good(const struct overload *, char *why, size_t len);

#endif
