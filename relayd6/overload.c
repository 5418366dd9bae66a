/*
 * The soft sign of capacity: see overload.h.  Health process.
 */
#include <stdio.h>

#include "overload.h"

/*
 * Drops that a larger machine would not have had.  Rate limits do not count:
 * they are there so that nobody can make us do too much.
 */
static uint64_t
drops_sum(const struct relay_counters *c)
{
	return (c->drops_in[DROP_NOBUFS] + c->drops_out[DROP_NOBUFS] +
	    c->drops_in[DROP_TABLE] + c->drops_out[DROP_TABLE]);
}

static uint32_t
rate_between(uint64_t drops, int64_t ns)
{
	double	 rate = (double)drops * MONO_S(1) / ns;

	return (rate < UINT32_MAX ? rate : UINT32_MAX);
}

void
overload_sample(struct overload *o, const struct relay_counters *c,
    uint32_t bound, mono_t now)
{
	uint64_t	 drops = drops_sum(c);
	int64_t		 ns = mono_sub(now, o->when);

	o->rate = 0;
	if (o->known && drops >= o->drops && ns > 0)
		o->rate = rate_between(drops - o->drops, ns);
	o->known = 1;
	o->drops = drops;
	o->when = now;
	if (bound == 0 || o->rate <= bound)
		o->streak = 0;
	else if (o->streak < OVERLOAD_FALL)
		o->streak++;
}

int
overload_good(const struct overload *o, char *why, size_t len)
{
	if (o->streak < OVERLOAD_FALL)
		return (1);
	snprintf(why, len, "%u packets a second are dropped for lack of room",
	    o->rate);
	return (0);
}
