/*
 * The prefixes that the configuration names.  Each process that speaks to the
 * world has them from the parent and lets nothing else out, whatever the
 * announce process wants.  No I/O, no clock.
 *
 * While another configuration comes the old one counts: half of the new one
 * would withdraw what stays.
 */
#ifndef NAMED_H
#define NAMED_H

#include <stddef.h>

#include "bounds.h"
#include "prefix.h"

struct named {
	struct prefix	now[LIMIT_BGP_ANNOUNCE];
	struct prefix	next[LIMIT_BGP_ANNOUNCE];	/* while it comes */
	size_t		n;
	size_t		nnext;
};

/* A configuration comes: begin, its prefixes, and the end: it counts. */
void	named_begin(struct named *);
void	named_end(struct named *);

/* -1: more of them than any configuration may have. */
int	named_add(struct named *, const struct prefix *);

/* True when it may leave. */
int	named_has(const struct named *, const struct prefix *);

#endif
