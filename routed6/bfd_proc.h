/*
 * Inside the bfd process: what bfd.c (configuration, packets, the end),
 * bfd_peer.c (sessions and who asks for them) and bfd_show.c (answers) share.
 * Nobody else includes it.
 */
#ifndef BFD_PROC_H
#define BFD_PROC_H

#include <sys/types.h>
#include <sys/queue.h>

#include <event.h>

#include "bfd_session.h"
#include "routed6.h"

struct bfd;

/* A session, its socket and those who asked for it. */
struct bfd_peer {
	struct bfd_session	 s;
	TAILQ_ENTRY(bfd_peer)	 entry;
	struct bfd		*bfd;
	char			 name[IPADDR_STRLEN];
	uint32_t		 askers;	/* PROC_BIT of each role */
	struct bfd_conf		 ask[PROC_MAX_ROLES];
	struct ipaddr		 from[PROC_MAX_ROLES]; /* af 0: any */
	struct bfd_conf		 conf;		/* that of them in force */
	struct ipaddr		 wanted;	/* to send from; af 0: any */
	struct ipaddr		 local;		/* sent from */
	uint16_t		 port;
	int			 fd;		/* -1: none */
	int			 asked;		/* the parent owes an answer */
	int			 broken;	/* the socket */
	int			 told_up;	/* what the askers know */
	mono_t			 down_at;
	char			 down[LIMIT_REASON - 8]; /* why; "": never */
	uint64_t		 send_errors;
	struct timer		 deadline;
	struct timer		 retry;	/* until a socket, or the end */
};

TAILQ_HEAD(bfd_peers, bfd_peer);

struct bfd_listener {
	struct bfd	*bfd;
	int		 fd;		/* -1: none */
	int		 multihop;
	struct event	 readable;
};

struct bfd {
	struct proc		*pr;
	struct routed_news	 news;
	struct bfd_sessions	 sessions;
	struct bfd_peers	 peers;
	int			 npeers;
	struct bfd_listener	 listener[BFD_LISTENERS];
	struct routed_bfd_key	*keys;		/* LIMIT_BFD_SESSIONS each */
	int			 nkeys;
	struct routed_bfd_key	*next;		/* while a set comes */
	int			 nnext;
	uint64_t		 drop[BFD_NRULES];	/* of no session */
	int			 leaving;
};

/* --- bfd.c ------------------------------------------------------------- */

/* Hand in what waits in the sockets, so that nobody is dead who spoke. */
void		 bfd_drain(struct bfd *);

/* --- bfd_peer.c -------------------------------------------------------- */

struct bfd_peer	*bfd_peer_find(struct bfd *, const struct routed_bfd *);

/*
 * After anything that happened to a session: send what it has to say, tell
 * those who asked for it, and note when it wants to be called next.
 */
void		 bfd_peer_run(struct bfd_peer *);

/* There are other keys, or none. */
void		 bfd_peers_rekey(struct bfd *);

/* The last words of all sessions; nobody else is told. */
void		 bfd_peers_event(struct bfd *, enum bfd_event);

proc_handler	 bfd_peer_on_want;
proc_handler	 bfd_peer_on_unwant;
proc_handler	 bfd_peer_on_opened;
proc_handler	 bfd_peer_on_unopened;

/* --- bfd_show.c -------------------------------------------------------- */

proc_handler	 bfd_show_on_ask;

#endif
