/*
 * Sockets that the parent opens for the bgp process, and the keys on them
 * (RFC 2385): bgp gets descriptors, never a key.  The parent keeps its own
 * copies of the listeners, since a reload changes what they ask for.
 */
#ifndef BGP_SOCK_H
#define BGP_SOCK_H

#include "routed6.h"

struct bgp_socks {
	int		 listener[LIMIT_LISTEN];
	uint32_t	 n;
	uint32_t	 last_key;	/* number given to a password */
};

/* The address of a neighbor as a prefix, or those that a range stands for. */
struct prefix	 bgp_conf_prefix(const struct bgp_conf_peer *);

/*
 * Open what the configuration listens on, asking for its keys and hop limits.
 * -1 after a warning; then nothing is open.
 */
int	 socks_listen(struct bgp_socks *, const struct routed6_conf *);
void	 socks_close(struct bgp_socks *);

/* Hand copies of the listeners to bgp. */
void	 socks_pass(const struct bgp_socks *, struct proc *);

/*
 * Number the passwords of a configuration, and the keys of BFD: one that was
 * there before for the same neighbor keeps its number.  was is NULL at the
 * start.
 */
void	 socks_number(struct bgp_socks *, const struct routed6_conf *was,
	    struct routed6_conf *is);

/*
 * Make the listeners ask for the keys of another configuration.  -1 after a
 * warning; then they ask for those of the old one.
 */
int	 socks_rekey(struct bgp_socks *, const struct routed6_conf *was,
	    const struct routed6_conf *is);

/*
 * Start to connect to a neighbor of the configuration, and to nobody else.
 * The descriptor, or -1 with rp->error.
 */
int	 socks_connect(const struct routed6_conf *, struct routed_peer *rp);

/* Fill in our link-local address on the link of a connection, or none. */
void	 socks_linklocal(struct routed_peer *);

#endif
