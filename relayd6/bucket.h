/*
 * Token buckets: how many times a second something may happen, with a burst.
 * Relay process; pure.  A bucket is one number: the time at which it would be
 * full again.  Taking a token moves that time on by one interval, and there is
 * none to take when it is more than the burst ahead.
 */
#ifndef BUCKET_H
#define BUCKET_H

#include <stdint.h>

#include "mono.h"

struct bucket {
	int64_t	full;		/* ns, as mono_t */
};

struct bucket_rate {
	int64_t	interval;	/* ns a token */
	int64_t	burst;		/* ns of tokens that may be taken at once */
};

/* persec tokens a second, burst of them at once.  0: never any. */
struct bucket_rate	bucket_rate(uint32_t persec, uint32_t burst);

/* True when there is a token in the bucket. */
int	bucket_has(const struct bucket *, const struct bucket_rate *, mono_t);

/* True when at least half of the tokens are there. */
int	bucket_half(const struct bucket *, const struct bucket_rate *, mono_t);

/* Take a token; there must be one. */
void	bucket_take(struct bucket *, const struct bucket_rate *, mono_t);

#endif
