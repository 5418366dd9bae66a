/*
 * The announce process's state, shared by announce.c (feed and decisions) and
 * control.c (answers to ctl6).
 */
#ifndef ANNOUNCE_H
#define ANNOUNCE_H

#include <event.h>
#include <imsg.h>

#include "ctlsock.h"
#include "mono.h"
#include "routed6.h"
#include "watch.h"

/* One announcement and what was decided about it. */
struct decision {
	struct conf_announce	conf;
	int			announced;	/* leaving or not */
	uint64_t		changes;
	mono_t			since;
	char			reason[LIMIT_REASON];
};

struct announce {
	struct proc		*pr;
	struct conf_global	 conf;
	struct decision		*decisions;
	int			 n;
	struct decision		*next;	/* while a configuration comes */
	int			 nnext;
	struct watch		 watch;
	int			 feed_fd;	/* -1: none */
	struct imsgbuf		 feed;
	struct event		 feed_readable;
	struct timer		 patience;	/* until the feed is stale */
	struct timer		 retry;		/* until a feed is asked for */
	struct ctl_server	*server;
};

/* Serve the control socket on fd. */
void	control_start(struct announce *, int fd);

/* What bgp answered to a client's request. */
void	control_peer(struct announce *, const struct routed_row *);
void	control_peers_end(struct announce *, const struct routed_ticket *);
void	control_peer_detail(struct announce *, const struct routed_detail *);
void	control_peer_route(struct announce *, const struct routed_route *);
void	control_peer_done(struct announce *, const struct routed_done *);

/* What bfd did. */
proc_handler	control_on_bfd_row;
proc_handler	control_on_bfd_detail;
proc_handler	control_on_bfd_drops;
proc_handler	control_on_bfd_done;

#endif
