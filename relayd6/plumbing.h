/*
 * What relayd6 makes on this host and takes away again: the tun, the prefix
 * route, the anycast addresses, the sockets.  Parent only.
 */
#ifndef PLUMBING_H
#define PLUMBING_H

#include "relayd6.h"

struct plumbing {
	struct conf_6to4	conf;		/* what it was made for */
	unsigned int		ifindex;
	int			tun;	/* descriptors, -1: handed over */
	int			source;
	int			icmp4;
	int			listen[LIMIT_LISTEN];
	int			added[LIMIT_LISTEN]; /* address is ours */
};

/*
 * Make everything that the configuration asks for.  -1 after a warning that
 * says what failed; then nothing is left behind.
 */
int	plumbing_up(struct plumbing *, const struct conf_6to4 *);

/* Hand the descriptors to the relay process, unless it has them already. */
void	plumbing_pass(struct plumbing *, struct proc *);

/* Take it all away; harmless when it is gone already. */
void	plumbing_down(struct plumbing *);

/* True when another configuration needs nothing made anew. */
int	plumbing_same(const struct plumbing *, const struct conf_6to4 *);

#endif
