/*
 * So many a second: see ration.h.
 */
#include <string.h>

#include "ration.h"

void
ration_init(struct ration *r, uint32_t per_s)
{
	memset(r, 0, sizeof(*r));
	r->per_s = per_s;
}

int
ration_take(struct ration *r, mono_t now)
{
	if (r->taken == 0 || mono_reached(now, ration_next(r))) {
		r->taken = 0;
		r->began = now;
	}
	if (r->taken == r->per_s) {
		r->refused++;
		return (0);
	}
	r->taken++;
	return (1);
}

mono_t
ration_next(const struct ration *r)
{
	return (mono_add(r->began, MONO_S(1)));
}

uint32_t
ration_refused(struct ration *r)
{
	uint32_t	 n = r->refused;

	r->refused = 0;
	return (n);
}
