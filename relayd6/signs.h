/*
 * The hard signs of health: is everything there that relaying needs?  Fed by
 * what the kernel tells (os_watch) and by what proc tells of the relay
 * process; asked for the first thing that is wrong.  No I/O, no clock.
 *
 * Until the kernel's first full dump is over nothing is known, and that too is
 * a sign that is not good.
 */
#ifndef SIGNS_H
#define SIGNS_H

#include "ctlmsg.h"
#include "os.h"
#include "relayd6.h"

/* The interfaces by which one prefix has a route. */
struct sign_route {
	struct prefix	prefix;
	uint32_t	ifindex[LIMIT_SIGN_LEGS];
	int		n;
};

struct signs {
	struct conf_6to4	conf;
	int			synced;
	int			relay_gone;
	int			relay_silent;
	int			parent_silent;
	uint32_t		ifindex;	/* of the tun */
	int			tun_up;
	int			forwarding;
	int			listening[LIMIT_LISTEN];
	struct sign_route	routes[LIMIT_SIGN_ROUTES + 1];
	int			nroutes;	/* [0] is the tunnel's prefix */
};

/* Look for what this configuration needs; what is known is forgotten. */
void	signs_conf(struct signs *, const struct relayd6_conf *,
	    uint32_t ifindex);

/* The prefixes to be followed, for os_watch_routes(); returns how many. */
size_t	signs_prefixes(const struct signs *, struct prefix *, size_t max);

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
