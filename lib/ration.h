/*
 * So many a second and no more, of what somebody else can make happen as often
 * as it likes; how many it was too many is counted.  Pure: no I/O, no clock.
 */
#ifndef RATION_H
#define RATION_H

#include <stdint.h>

#include "mono.h"

struct ration {
	uint32_t	 per_s;
	uint32_t	 taken;		/* in this second */
	uint32_t	 refused;	/* since ration_refused() */
	mono_t		 began;		/* the second */
};

void	ration_init(struct ration *, uint32_t per_s);

/* 1: there may be one more; 0: not in this second, which is counted. */
int	ration_take(struct ration *, mono_t now);

/* When the next second begins; a second is one that something was taken in. */
mono_t	ration_next(const struct ration *);

/* How many were refused since the last call. */
uint32_t	ration_refused(struct ration *);

#endif
