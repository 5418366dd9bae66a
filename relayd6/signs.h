/*
 * The hard signs of health of one kind of relay: is everything there that
 * relaying needs?  Fed by what the kernel tells (os_watch) and by what proc
 * tells of the processes; asked for the first thing that is wrong.  No I/O, no
 * clock.
 *
 * Until the kernel's first full dump is over nothing is known, and that too is
 * a sign that is not good.  A later dump (events were lost, or other things
 * are needed after a reload) is collected apart: until it is complete the old
 * state, kept up to date, is what is judged.
 */
#ifndef SIGNS_H
#define SIGNS_H

#include "ctlmsg.h"
#include "os.h"
#include "relayd6.h"

#define SIGN_ADDRS	(LIMIT_LISTEN + 1)	/* and the source */

/* What a relay needs on this host; all zero before it is compared. */
struct sign_need {
	char		interface[OS_IFNAMSIZ];
	uint32_t	ifindex;
	struct prefix	tunnel;			/* routed into the interface */
	uint32_t	naddrs;
	struct in_addr	addrs[SIGN_ADDRS];
	uint32_t	nroutes;
	struct prefix	routes[LIMIT_SIGN_ROUTES];
};

/* The interfaces by which one prefix has a route, or that have an address. */
struct sign_legs {
	uint32_t	ifindex[LIMIT_SIGN_LEGS];
	int		n;
};

/* What is known about one set of needs. */
struct sign_view {
	struct sign_need	need;
	int			known;		/* a full dump was seen */
	int			up;		/* the interface */
	int			forwarding;
	struct sign_legs	present[SIGN_ADDRS];
	struct sign_legs	tunnel;
	struct sign_legs	routes[LIMIT_SIGN_ROUTES];
};

struct signs {
	int			relay_gone;
	int			relay_silent;
	int			parent_silent;
	int			syncing;
	struct sign_view	now;
	struct sign_view	next;	/* while a dump is running */
};

/* From the next full dump on, judge by this. */
void	signs_need(struct signs *, const struct sign_need *);

/* One change in the kernel. */
void	signs_change(struct signs *, const struct os_change *);

/*
 * The i-th sign for show health; 0 when there is no such sign.  Signs are in
 * the order in which they are judged.
 */
int	signs_get(const struct signs *, int i, struct ctl_sign *);

/* True when all signs are good; else why gets the first that is not. */
int	signs_good(const struct signs *, char *why, size_t len);

#endif
