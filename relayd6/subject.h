/*
 * What a verdict is about: a relay or a check, with its drain.  What the world
 * is told is the verdict as the drain leaves it.  No I/O, no clock.
 */
#ifndef SUBJECT_H
#define SUBJECT_H

#include "drain.h"
#include "verdict.h"

struct subject {
	char			 name[LIMIT_NAME];
	struct verdict_track	 verdict;
	struct drain		 drain;
	char			 drain_reason[LIMIT_REASON];
	struct ctl_verdict	 told;		/* what was said last */
};

/* Begin unhealthy and not drained. */
void	subject_init(struct subject *, const char *name,
	    const struct conf_verdict *, mono_t now);

/* Drain it for this reason in so many ns; NULL: do not. */
void	subject_drain(struct subject *, const char *reason, int64_t time,
	    mono_t now);

/*
 * What is to be told now; true when it is news: another state, or another
 * reason for not being healthy.
 */
int	subject_news(struct subject *);

/* True when the world may hear of it, be it that it is leaving. */
int	subject_public(const struct subject *);

#endif
