/*
 * The verdict over one kind of relay: healthy after rise good rounds in a row,
 * unhealthy at the first thing that is wrong.  No I/O, no clock.
 */
#ifndef VERDICT_H
#define VERDICT_H

#include "ctlmsg.h"
#include "mono.h"

struct verdict_track {
	enum verdict_state	state;
	uint32_t		rise;
	uint32_t		streak;		/* good rounds in a row */
	uint64_t		changes;	/* to and from healthy */
	mono_t			since;		/* of the last change */
	char			reason[LIMIT_REASON];
};

/* Begin unhealthy. */
void	verdict_init(struct verdict_track *, uint32_t rise, mono_t now);

/* Something is wrong.  True when this changed the verdict or its reason. */
int	verdict_bad(struct verdict_track *, const char *why, mono_t now);

/* A round has passed and all is well.  True when the relay is healthy now. */
int	verdict_good(struct verdict_track *, mono_t now);

#endif
