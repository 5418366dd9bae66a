/*
 * The verdict over one kind of relay: see verdict.h.
 */
#include <string.h>

#include "verdict.h"

void
verdict_init(struct verdict_track *v, uint32_t rise, mono_t now)
{
	memset(v, 0, sizeof(*v));
	v->state = VERDICT_DOWN;
	v->rise = rise;
	v->since = now;
	strlcpy(v->reason, "starting", sizeof(v->reason));
}

int
verdict_bad(struct verdict_track *v, const char *why, mono_t now)
{
	int	 was_up = v->state == VERDICT_UP;
	int	 changed;

	changed = v->state != VERDICT_DOWN || strcmp(v->reason, why) != 0;
	v->state = VERDICT_DOWN;
	v->streak = 0;
	strlcpy(v->reason, why, sizeof(v->reason));
	if (was_up) {
		v->changes++;
		v->since = now;
	}
	return (changed);
}

int
verdict_good(struct verdict_track *v, mono_t now)
{
	if (v->state == VERDICT_UP)
		return (0);
	v->state = VERDICT_RISING;
	strlcpy(v->reason, "all signs are good, waiting to be sure",
	    sizeof(v->reason));
	if (++v->streak < v->rise)
		return (0);
	v->state = VERDICT_UP;
	strlcpy(v->reason, "all signs are good", sizeof(v->reason));
	v->changes++;
	v->since = now;
	return (1);
}
