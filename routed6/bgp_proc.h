/*
 * Inside the bgp process: what bgp.c (configuration, the set of prefixes, the
 * end), bgp_nbr.c (neighbors), bgp_bfd.c (whether they live), bgp_link.c
 * (their sockets), bgp_cmd.c (orders) and bgp_show.c (answers) share.  Nobody
 * else includes it.
 */
#ifndef BGP_PROC_H
#define BGP_PROC_H

#include <sys/types.h>
#include <sys/queue.h>

#include <event.h>

#include "bgp_peer.h"
#include "named.h"
#include "routed6.h"

struct neighbor;

/* A connection of a neighbor, made or being made. */
struct link {
	struct neighbor	*nb;
	enum bgp_side	 side;
	int		 fd;		/* -1: none */
	int		 connecting;
	struct ipaddr	 linklocal;	/* of one that we made */
	struct event	 readable;
	struct event	 writable;
};

/* Between two configurations a neighbor is in doubt, but lives. */
enum fate { FATE_STAY, FATE_DOUBT, FATE_GO };

/* An accepted connection that the parent is asked about. */
struct pending {
	int		 fd;		/* -1: none */
	uint32_t	 serial;
	struct ipaddr	 local;
	struct ipaddr	 remote;
};

/* BFD with a neighbor, as far as bgp knows. */
struct vigil {
	int			 asked;		/* bfd has been asked for it */
	struct routed_bfd	 session;	/* ... by this name */
	int			 up;
	char			 words[LIMIT_REASON];
};

struct neighbor {
	TAILQ_ENTRY(neighbor)	 entry;
	struct bgp		*bgp;
	struct bgp_peer		*peer;
	struct link		 link[BGP_NSIDES];
	struct pending		 pending;
	int			 started;	/* has been told to */
	int			 down;		/* by command */
	int			 asked;		/* answers the parent owes */
	int			 wanted;	/* the next answer is of use */
	int			 fell;		/* the session; not told yet */
	enum fate		 fate;
	struct timer		 deadline;
	struct vigil		 vigil;
};

/* Addresses from which anybody may be a neighbor. */
struct range {
	TAILQ_ENTRY(range)	 entry;
	struct bgp_conf_peer	 conf;
};

struct listener {
	int		 fd;
	struct event	 acceptable;
};

struct bgp {
	struct proc			*pr;
	struct routed_news		 news;
	TAILQ_HEAD(neighbors, neighbor)	 neighbors;
	struct listener			 listener[LIMIT_LISTEN];
	int				 nlisteners;
	uint32_t			 serial; /* of connections accepted */
	TAILQ_HEAD(ranges, range)	 ranges;
	struct named			 named;
	struct bgp_announce		*allowed; /* of what announce wants */
	size_t				 nallowed;
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
 * The neighbor that an address is to us: a configured one, or a new one of a
 * range.  NULL when it is a stranger, or one too many.
 */
struct neighbor	*neighbor_accept(struct bgp *, const struct ipaddr *remote);

/*
 * The configuration of a neighbor at this address that a range makes; NULL
 * when none does.
 */
const struct range *range_find(struct bgp *, const struct ipaddr *remote);
void		 range_conf(const struct range *, const struct ipaddr *remote,
		    struct bgp_conf_peer *);

/* Have a session, unless a command says otherwise. */
void		 neighbor_start(struct neighbor *);

/* Tell it what may be told at this moment. */
void		 neighbor_set(struct neighbor *);

/*
 * After anything that happened to a neighbor: write what it has to say and
 * note when it wants to be called next.  A neighbor that is to go and has
 * nothing open any more is freed, so the caller must not use it after this.
 */
void		 neighbor_run(struct neighbor *);

/* Who it is, for the log. */
#define NEIGHBOR_NAME	(LIMIT_DESCR + IPADDR_STRLEN + 4)
const char	*neighbor_name(struct bgp_peer *, char *buf, size_t);

/* --- bgp_bfd.c --------------------------------------------------------- */

/*
 * Ask for a BFD session, for another one or for none any more, as it follows
 * from the neighbor's configuration and state; harmless again.
 */
void		 vigil_update(struct neighbor *);

/* None any more. */
void		 vigil_end(struct neighbor *);

/* The neighbor may have no BGP session now, since BFD is not up. */
int		 vigil_forbids(const struct neighbor *);

/* bfd says how it is. */
proc_handler	 vigil_on_state;

/* --- bgp_link.c -------------------------------------------------------- */

void		 link_init(struct link *, struct neighbor *, enum bgp_side);
void		 link_close(struct link *);

/* Write what the peer has to say; 0 when there is no more to do now. */
int		 link_write(struct link *);

/* Our and the other end of a connection; -1 when there is none. */
int		 link_ends(int fd, struct ipaddr *local,
		    struct ipaddr *remote);

/* An address in words; asks the kernel nothing, which is not allowed here. */
char		*link_name(const struct ipaddr *, char *buf, size_t);

/* What the parent opened for us, or could not, or knows about it. */
proc_handler	 link_on_connecting;
proc_handler	 link_on_unconnected;
proc_handler	 link_on_local;
proc_handler	 link_on_listen;

void		 listeners_close(struct bgp *);

/* --- bgp_show.c -------------------------------------------------------- */

proc_handler	 show_on_peers;

/* Send all there is to say about a neighbor to a control client. */
void		 show_neighbor(struct neighbor *, uint32_t client);

/* What went wrong last with a neighbor, in words; empty: nothing yet. */
void		 show_error(const struct bgp_peer_stats *, char *, size_t);

/* --- bgp_cmd.c --------------------------------------------------------- */

proc_handler	 cmd_on_ask;

#endif
