/*
 * Token buckets: see bucket.h.  Relay process; pure.
 */
#include "bucket.h"

struct bucket_rate
bucket_rate(uint32_t persec, uint32_t burst)
{
	struct bucket_rate	 r = { 0, 0 };

	if (persec != 0) {
		r.interval = persec < MONO_S(1) ? MONO_S(1) / persec : 1;
		r.burst = r.interval * burst;
	}
	return (r);
}

int
bucket_has(const struct bucket *b, const struct bucket_rate *r, mono_t now)
{
	int64_t	 full = b->full > now.ns ? b->full : now.ns;

	return (r->burst != 0 && full + r->interval - now.ns <= r->burst);
}

int
bucket_half(const struct bucket *b, const struct bucket_rate *r, mono_t now)
{
	return (r->burst != 0 && b->full - now.ns <= r->burst / 2);
}

void
bucket_take(struct bucket *b, const struct bucket_rate *r, mono_t now)
{
	if (b->full < now.ns)
		b->full = now.ns;
	b->full += r->interval;
}
