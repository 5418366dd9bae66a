/*
 * Sockets that the parent opens for the bfd process, which opens none: those
 * to receive on, as long as the configuration has sessions of their kind, and
 * one to send from for each session.
 */
#ifndef BFD_SOCK_H
#define BFD_SOCK_H

#include "routed6.h"

struct bfd_socks {
	int		 fd[BFD_LISTENERS];	/* opened, not handed on yet */
	uint32_t	 given;		/* bits of those that bfd has */
};

void	 bfd_socks_init(struct bfd_socks *);

/*
 * Open what the configuration needs and bfd does not have.  -1 after a
 * warning; then nothing has changed.
 */
int	 bfd_socks_open(struct bfd_socks *, const struct routed6_conf *);

/* Hand it to bfd, and tell it which ones are not needed any more. */
void	 bfd_socks_pass(struct bfd_socks *, const struct routed6_conf *,
	    struct proc *);

/* Hand it the keys of the configuration. */
void	 bfd_keys_pass(const struct routed6_conf *, struct proc *);

/*
 * A socket to send to a neighbor for which the configuration has BFD, or to a
 * link-local address where OSPF has it, and to nobody else.  The descriptor,
 * or -1 with bs->error.
 */
int	 bfd_socks_connect(const struct routed6_conf *,
	    struct routed_bfd_socket *bs);

#endif
