/*
 * The BFD process: keeps the sessions that others ask for (RFC 5880, 5881,
 * 5883) and tells them when one goes down or comes up.  It is a process of its
 * own so that it is never late because another one is busy; each wake-up takes
 * a bounded number of packets.  It opens nothing: sockets come from the
 * parent, keys too.
 *
 * Last words.  On an orderly stop bgp and ospf take their leave first, then
 * the sessions go to AdminDown, which tells peers not to conclude anything
 * from it (RFC 5882 4.2).  When a process of routed6 dies that would be wrong:
 * nobody vouches for our prefixes any more, and the peers are to drop us.  Then
 * the sessions go to Down with the diagnostic "forwarding plane reset", as RFC
 * 5880 6.8.15 has it for a system that may not be relied on any more.
 */
#include <sys/types.h>
#include <sys/queue.h>

#include <event.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bfd_proc.h"
#include "log.h"

#define PACKET_ROOM	128		/* longer ones are cut, no harm done */

/* --- packets ----------------------------------------------------------- */

static void
arrival(struct bfd_listener *l, const struct os_hops_packet *op,
    const void *buf)
{
	struct bfd_session	*s;
	struct bfd_arrival	 a;
	struct bfd_peer		*p;
	enum bfd_rule		 rule;

	a.data = buf;
	a.len = op->len;
	a.from = op->from;
	a.hops = op->hops;
	a.multihop = l->multihop;
	rule = bfd_receive(&l->bfd->sessions, &a, mono_now(), &s);
	if (s == NULL)
		l->bfd->drop[rule]++;
	TAILQ_FOREACH(p, &l->bfd->peers, entry)
		if (&p->s == s) {
			bfd_peer_run(p);
			return;
		}
}

static void
listener_drain(struct bfd_listener *l)
{
	struct os_hops_packet	 op;
	uint8_t			 buf[PACKET_ROOM];
	int			 i;

	for (i = 0; l->fd != -1 && i < LIMIT_BFD_BATCH; i++) {
		if (os_hops_recv(l->fd, &op, buf, sizeof(buf)) == -1)
			return;
		arrival(l, &op, buf);
	}
}

void
bfd_drain(struct bfd *bfd)
{
	int	 i;

	for (i = 0; i < BFD_LISTENERS; i++)
		listener_drain(&bfd->listener[i]);
}

static void
on_readable(int fd, short event, void *arg)
{
	listener_drain(arg);
}

static void
listener_close(struct bfd_listener *l)
{
	if (l->fd == -1)
		return;
	event_del(&l->readable);
	close(l->fd);
	l->fd = -1;
}

static struct bfd_listener *
listener_of(struct bfd *bfd, const void *data)
{
	const struct routed_bfd_listener	*rl = data;

	if (rl->kind >= BFD_LISTENERS)
		fatalx("no such kind of listener");
	return (&bfd->listener[rl->kind]);
}

static void
on_listen(void *ctx, int from, const void *data, int fd)
{
	struct bfd_listener	*l;

	l = listener_of(ctx, data);
	listener_close(l);
	l->fd = fd;
	event_set(&l->readable, fd, EV_READ | EV_PERSIST, on_readable, l);
	event_add(&l->readable, NULL);
}

static void
on_unlisten(void *ctx, int from, const void *data, int fd)
{
	listener_close(listener_of(ctx, data));
}

/* --- configuration ----------------------------------------------------- */

static void
on_conf_begin(void *ctx, int from, const void *data, int fd)
{
	const struct conf_global	*g = data;
	struct bfd			*bfd = ctx;

	proc_beat(bfd->pr, MONO_MS(g->beat_ms));
	bfd->nnext = 0;
}

static void
on_key(void *ctx, int from, const void *data, int fd)
{
	struct bfd	*bfd = ctx;

	if (bfd->nnext == LIMIT_BFD_SESSIONS)
		fatalx("more keys than the configuration allows");
	memcpy(&bfd->next[bfd->nnext++], data, sizeof(*bfd->next));
}

/* Sessions may have been asked for before the keys were here. */
static void
on_conf_end(void *ctx, int from, const void *data, int fd)
{
	struct bfd		*bfd = ctx;
	struct routed_bfd_key	*old = bfd->keys;

	bfd->keys = bfd->next;
	bfd->nkeys = bfd->nnext;
	bfd->next = old;
	explicit_bzero(old, LIMIT_BFD_SESSIONS * sizeof(*old));
	bfd_peers_rekey(bfd);
}

/* --- the end ----------------------------------------------------------- */

__dead static void
leave(struct bfd *bfd)
{
	bfd_peers_event(bfd, BFD_EV_DISABLE);
	proc_flush(bfd->pr, MONO_MS(100));
	exit(0);
}

/* What bgp and ospf have to say to their peers comes before what we have. */
static int
is_last(const struct bfd *bfd)
{
	return (!proc_alive(bfd->pr, BGP) && !proc_alive(bfd->pr, OSPF));
}

static void
on_stop(void *ctx)
{
	struct bfd	*bfd = ctx;

	bfd->leaving = 1;
	if (is_last(bfd))
		leave(bfd);
}

static void
on_gone(void *ctx, int role)
{
	struct bfd	*bfd = ctx;

	if (bfd->leaving && (is_last(bfd) || (role != BGP && role != OSPF)))
		leave(bfd);
	if (bfd->leaving)
		return;
	bfd_peers_event(bfd, BFD_EV_RESET);
	exit(1);
}

static const struct proc_hooks	hooks = {
	.gone = on_gone,
	.stop = on_stop
};

static proc_handler *const	handlers[M_COUNT] = {
	[M_INDEX(M_CONF_BEGIN)] =	on_conf_begin,
	[M_INDEX(M_CONF_END)] =		on_conf_end,
	[M_INDEX(M_BFD_KEY)] =		on_key,
	[M_INDEX(M_BFD_LISTEN)] =	on_listen,
	[M_INDEX(M_BFD_UNLISTEN)] =	on_unlisten,
	[M_INDEX(M_BFD_OPENED)] =	bfd_peer_on_opened,
	[M_INDEX(M_BFD_UNOPENED)] =	bfd_peer_on_unopened,
	[M_INDEX(M_BFD_WANT)] =		bfd_peer_on_want,
	[M_INDEX(M_BFD_UNWANT)] =	bfd_peer_on_unwant,
	[M_INDEX(M_ASK_BFD)] =		bfd_show_on_ask
};

static struct bfd *
bfd_new(void)
{
	struct bfd	*bfd;
	int		 i;

	if ((bfd = calloc(1, sizeof(*bfd))) == NULL ||
	    (bfd->keys = calloc(LIMIT_BFD_SESSIONS,
	    sizeof(*bfd->keys))) == NULL ||
	    (bfd->next = calloc(LIMIT_BFD_SESSIONS,
	    sizeof(*bfd->next))) == NULL)
		fatal("bfd");
	TAILQ_INIT(&bfd->sessions);
	TAILQ_INIT(&bfd->peers);
	for (i = 0; i < BFD_LISTENERS; i++) {
		bfd->listener[i].bfd = bfd;
		bfd->listener[i].fd = -1;
		bfd->listener[i].multihop = i >> 1;
	}
	return (bfd);
}

void
bfd_main(int foreground)
{
	struct bfd	*bfd;

	bfd_fsm_check();
	bfd = bfd_new();
	/* Whole milliseconds, libevent's way of rounding, are too coarse. */
	if (setenv("EVENT_PRECISE_TIMER", "1", 1) == -1)
		fatal("setenv");
	event_init();
	if (os_prefer(OS_NICE_TIMED) == -1)
		log_warn("BFD runs with ordinary priority");
	bfd->pr = proc_new(&routed6_def, BFD, handlers, &hooks, bfd);
	routed_news_init(&bfd->news, bfd->pr, BFD);
	proc_confine(bfd->pr, foreground);
	event_dispatch();
	fatalx("event loop ended");
}
