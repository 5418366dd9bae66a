/*
 * Inside the bgp process: what bgp.c (configuration, the set of prefixes, the
 * end), bgp_nbr.c (neighbors), bgp_link.c (their sockets) and bgp_show.c
 * (answers) share.  Nobody else includes it.
 */
#ifndef BGP_PROC_H
#define BGP_PROC_H

#include <sys/types.h>
#include <sys/queue.h>

#include <event.h>

#include "bgp_peer.h"
#include "routed6.h"

struct neighbor;

/* A connection of a neighbor, made or being made. */
struct link {
	struct neighbor	*nb;
	enum bgp_side	 side;
	int		 fd;		/* -1: none */
	int		 connecting;
	struct event	 readable;
	struct event	 writable;
};

enum fate { FATE_STAY, FATE_GO };

struct neighbor {
	TAILQ_ENTRY(neighbor)	 entry;
	struct bgp		*bgp;
	struct bgp_peer		*peer;
	struct link		 link[BGP_NSIDES];
	int			 asked;		/* answers the parent owes */
	int			 wanted;	/* the next answer is of use */
	enum fate		 fate;
	struct timer		 deadline;
};

struct listener {
	int		 fd;
	struct event	 acceptable;
};

struct bgp {
	struct proc			*pr;
	TAILQ_HEAD(neighbors, neighbor)	 neighbors;
	struct listener			 listener[LIMIT_LISTEN];
	int				 nlisteners;
	struct bgp_announce		*set;	/* what announce wants */
	size_t				 n;
	struct bgp_announce		*next;	/* while a set comes */
	size_t				 nnext;
	uint32_t			 silent; /* PROC_BIT of who is */
	int				 stopping;
	int				 status; /* to exit with */
	struct timer			 patience; /* while stopping */
};

/* --- bgp.c ------------------------------------------------------------- */

/* Exit when we are stopping and every neighbor has gone. */
void		 bgp_stop_check(struct bgp *);

/* --- bgp_nbr.c --------------------------------------------------------- */

struct neighbor	*neighbor_find(struct bgp *, const struct ipaddr *remote);
struct neighbor	*neighbor_new(struct bgp *, const struct bgp_conf_peer *);

/*
 * After anything that happened to a neighbor: write what it has to say and
 * note when it wants to be called next.  A neighbor that is to go and has
 * nothing open any more is freed, so the caller must not use it after this.
 */
void		 neighbor_run(struct neighbor *);

/* --- bgp_link.c -------------------------------------------------------- */

void		 link_init(struct link *, struct neighbor *, enum bgp_side);
void		 link_close(struct link *);

/* Write what the peer has to say; 0 when there is no more to do now. */
int		 link_write(struct link *);

/* Our and the other end of a connection; -1 when there is none. */
int		 link_ends(int fd, struct ipaddr *local,
		    struct ipaddr *remote);

/* What the parent opened for us, or could not. */
proc_handler	 link_on_connecting;
proc_handler	 link_on_unconnected;
proc_handler	 link_on_listen;

void		 listeners_close(struct bgp *);

/* --- bgp_show.c -------------------------------------------------------- */

proc_handler	 show_on_peers;

#endif
