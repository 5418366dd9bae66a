/*
 * Drains: who is to be taken away from the world in order, by an operator's
 * command or for the end of the daemon.  The list is kept by the parent, which
 * writes it to a file (drainfile.h), and followed by the health process.  No
 * I/O, no clock.
 */
#ifndef DRAIN_H
#define DRAIN_H

#include <stdint.h>

#include "bounds.h"
#include "mono.h"

#define DRAIN_ALL	"all"	/* stands for every relay and check */

struct drain_entry {
	char	name[LIMIT_NAME];	/* relay, check, or DRAIN_ALL */
	char	reason[LIMIT_REASON];	/* may be empty */
};

struct drain_list {
	uint32_t		n;
	struct drain_entry	entry[LIMIT_DRAINS];
};

/* The entry of just that name, or NULL. */
const struct drain_entry	*drain_find(const struct drain_list *,
				    const char *name);

/* Why that name is to be drained, by itself or with all; NULL: it is not. */
const struct drain_entry	*drain_wanted(const struct drain_list *,
				    const char *name);

/* Add an entry, or give it another reason; -1: too many. */
int	drain_add(struct drain_list *, const struct drain_entry *);

/* Remove an entry; with DRAIN_ALL, each.  -1: there is none. */
int	drain_remove(struct drain_list *, const char *name);

/*
 * The way of one relay or check: while it is draining neighbors are asked to
 * prefer others, once it is drained nobody hears of it.
 */
enum drain_state {
	DRAIN_OFF = 1,
	DRAINING,
	DRAINED,
	DRAIN_NSTATES
};

struct drain {
	enum drain_state	state;
	mono_t			until;		/* drained then */
};

/* Fatal when the machine has a hole. */
void	drain_check(void);

void	drain_init(struct drain *);

/*
 * Time has passed or something has changed: is it to be drained, would the
 * world hear of it otherwise, and how long does it take; ns.
 */
void	drain_run(struct drain *, int wanted, int up, int64_t time,
	    mono_t now);

#endif
