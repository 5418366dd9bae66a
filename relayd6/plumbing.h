/*
 * What relayd6 makes on this host and takes away again: the tuns, the prefix
 * routes, the anycast addresses, the sockets.  Parent only.
 */
#ifndef PLUMBING_H
#define PLUMBING_H

#include "relayd6.h"

struct plumbing {
	struct conf_6to4	sixtofour;	/* what it was made for */
	struct conf_teredo	teredo;
	uint32_t		ifindex[RELAY_NKINDS];	/* 0: no such tun */
	int			tun[RELAY_NKINDS]; /* -1: none, or handed on */
	int			source;
	int			icmp4;
	int			udp;
	int			listen[LIMIT_LISTEN];
	int			added[LIMIT_LISTEN]; /* address is ours */
};

/*
 * Make everything that the configuration asks for.  -1 after a warning that
 * says what failed; then nothing is left behind.  An interface whose name is
 * taken is tried again for wait_ms: the kernel may still be removing that of a
 * relay that was killed.
 */
int	plumbing_up(struct plumbing *, const struct relayd6_conf *,
	    int wait_ms);

/* Hand the descriptors to the relay process, unless it has them already. */
void	plumbing_pass(struct plumbing *, struct proc *);

/* Take it all away; harmless when it is gone already. */
void	plumbing_down(struct plumbing *);

/* True when another configuration needs nothing made anew. */
int	plumbing_same(const struct plumbing *, const struct relayd6_conf *);

#endif
