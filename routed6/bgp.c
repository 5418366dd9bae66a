/*
 * The BGP process: owns the listeners, the connections and the timers, moves
 * bytes between sockets and peers (bgp_peer.c), and does what the announce
 * process says.  It opens nothing: connections come from the parent.  When
 * the announce process or the parent dies or falls silent, it withdraws.
 */
#include <sys/types.h>
#include <sys/queue.h>
#include <sys/socket.h>

#include <errno.h>
#include <event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "bgp_peer.h"
#include "log.h"
#include "routed6.h"

#define STOP_PATIENCE	MONO_S(1)	/* for peers to close, at the end */
#define READ_SIZE	16384		/* bytes a wake-up takes from a peer */

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

static void	neighbor_run(struct neighbor *);

/* --- connections ------------------------------------------------------- */

static void
link_close(struct link *l)
{
	if (l->fd == -1)
		return;
	event_del(&l->readable);
	event_del(&l->writable);
	close(l->fd);
	l->fd = -1;
	l->connecting = 0;
}

static void	on_readable(int, short, void *);
static void	on_writable(int, short, void *);

static void
link_open(struct link *l, int fd)
{
	link_close(l);
	l->fd = fd;
	event_set(&l->readable, fd, EV_READ | EV_PERSIST, on_readable, l);
	event_set(&l->writable, fd, EV_WRITE, on_writable, l);
}

static int
link_ends(int fd, struct ipaddr *local, struct ipaddr *remote)
{
	struct sockaddr_storage	 ss;
	socklen_t		 len = sizeof(ss);
	uint16_t		 port;

	if (getsockname(fd, (struct sockaddr *)&ss, &len) == -1 ||
	    ipaddr_from_sa(local, &port, (struct sockaddr *)&ss) == -1)
		return (-1);
	len = sizeof(ss);
	if (getpeername(fd, (struct sockaddr *)&ss, &len) == -1 ||
	    ipaddr_from_sa(remote, &port, (struct sockaddr *)&ss) == -1)
		return (-1);
	return (0);
}

/* A connection is there: the peer says whether it wants it. */
static void
link_established(struct link *l, const struct ipaddr *local,
    const struct ipaddr *remote)
{
	event_add(&l->readable, NULL);
	if (bgp_peer_opened(l->nb->peer, l->side, local, remote,
	    mono_now()) == -1)
		link_close(l);
}

static void
link_connected(struct link *l)
{
	struct ipaddr	 local, remote;
	socklen_t	 len = sizeof(int);
	int		 error = 0;

	l->connecting = 0;
	if (getsockopt(l->fd, SOL_SOCKET, SO_ERROR, &error, &len) == -1)
		error = errno;
	if (error == 0 && link_ends(l->fd, &local, &remote) == -1)
		error = errno;
	if (error == 0)
		link_established(l, &local, &remote);
	else
		bgp_peer_failed(l->nb->peer, l->side, strerror(error),
		    mono_now());
}

/* Write what the peer has to say; 0 when there is no more to do now. */
static int
link_write(struct link *l)
{
	const uint8_t	*buf;
	size_t		 len;
	ssize_t		 n;

	if (l->fd == -1 || l->connecting ||
	    (buf = bgp_peer_output(l->nb->peer, l->side, &len)) == NULL ||
	    len == 0)
		return (0);
	if ((n = write(l->fd, buf, len)) > 0) {
		bgp_peer_wrote(l->nb->peer, l->side, n, mono_now());
		return (1);
	}
	if (n == -1 && (errno == EAGAIN || errno == EINTR)) {
		event_add(&l->writable, NULL);
		return (0);
	}
	bgp_peer_failed(l->nb->peer, l->side, strerror(errno), mono_now());
	return (1);
}

static void
on_writable(int fd, short event, void *arg)
{
	struct link	*l = arg;

	if (l->connecting)
		link_connected(l);
	neighbor_run(l->nb);
}

static void
on_readable(int fd, short event, void *arg)
{
	struct link	*l = arg;
	uint8_t		 buf[READ_SIZE];
	ssize_t		 n;

	n = read(fd, buf, sizeof(buf));
	if (n > 0)
		bgp_peer_input(l->nb->peer, l->side, buf, n, mono_now());
	else if (n == 0)
		bgp_peer_failed(l->nb->peer, l->side,
		    "the peer closed the connection", mono_now());
	else if (errno != EAGAIN && errno != EINTR)
		bgp_peer_failed(l->nb->peer, l->side, strerror(errno),
		    mono_now());
	neighbor_run(l->nb);
}

/* --- what a peer asks for ---------------------------------------------- */

static void
op_connect(void *arg, struct bgp_peer *peer)
{
	struct neighbor		*nb = arg;
	struct routed_peer	 rp;

	memset(&rp, 0, sizeof(rp));
	rp.remote = bgp_peer_conf(peer)->remote;
	nb->asked++;
	nb->wanted = 1;
	proc_send(nb->bgp->pr, PROC_PARENT, M_CONNECT, &rp, -1);
}

static void
op_shut(void *arg, struct bgp_peer *peer, enum bgp_side side)
{
	struct neighbor	*nb = arg;

	if (nb->link[side].fd != -1)
		shutdown(nb->link[side].fd, SHUT_WR);
}

static void
op_close(void *arg, struct bgp_peer *peer, enum bgp_side side)
{
	struct neighbor	*nb = arg;

	if (side == BGP_OUT)
		nb->wanted = 0;
	link_close(&nb->link[side]);
}

static const char *
peer_name(struct bgp_peer *peer, char *buf, size_t len)
{
	const struct bgp_conf_peer	*c = bgp_peer_conf(peer);

	ipaddr_print(&c->remote, buf, len);
	if (c->descr[0] != '\0') {
		strlcat(buf, " (", len);
		strlcat(buf, c->descr, len);
		strlcat(buf, ")", len);
	}
	return (buf);
}

static void
op_state(void *arg, struct bgp_peer *peer, enum bgp_state was,
    enum bgp_state is)
{
	char	 name[128];

	peer_name(peer, name, sizeof(name));
	if (was == BGP_ESTABLISHED || is == BGP_ESTABLISHED)
		log_info("neighbor %s: %s", name,
		    is == BGP_ESTABLISHED ? "session up" : "session down");
	else
		log_debug("neighbor %s: %s -> %s", name, bgp_state_name(was),
		    bgp_state_name(is));
}

static void
op_log(void *arg, struct bgp_peer *peer, int pri, const char *line)
{
	char	 name[128];

	peer_name(peer, name, sizeof(name));
	if (pri == LOG_DEBUG)
		log_debug("neighbor %s: %s", name, line);
	else if (pri == LOG_INFO)
		log_info("neighbor %s: %s", name, line);
	else
		log_warnx("neighbor %s: %s", name, line);
}

static uint32_t
op_random(void *arg)
{
	return (arc4random());
}

static const struct bgp_ops	ops = {
	.connect = op_connect,
	.shut = op_shut,
	.close = op_close,
	.state = op_state,
	.log = op_log,
	.random = op_random
};

/* --- neighbors --------------------------------------------------------- */

static void	stop_check(struct bgp *);

static void
neighbor_free(struct neighbor *nb)
{
	int	 i;

	for (i = 0; i < BGP_NSIDES; i++)
		link_close(&nb->link[i]);
	timer_stop(&nb->deadline);
	bgp_peer_free(nb->peer);
	TAILQ_REMOVE(&nb->bgp->neighbors, nb, entry);
	free(nb);
}

/*
 * After anything that happened to a neighbor: write what it has to say and
 * note when it wants to be called next.  A neighbor that is to go and has
 * nothing open any more is freed, so the caller must not use it after this.
 */
static void
neighbor_run(struct neighbor *nb)
{
	struct bgp	*bgp = nb->bgp;
	mono_t		 when;
	int		 i;

	for (i = 0; i < BGP_NSIDES; i++)
		while (link_write(&nb->link[i]))
			;
	when = bgp_peer_deadline(nb->peer);
	if (when.ns == MONO_NEVER)
		timer_stop(&nb->deadline);
	else
		timer_arm(&nb->deadline, mono_sub(when, mono_now()));
	if (nb->fate == FATE_GO && bgp_peer_gone(nb->peer) && nb->asked == 0)
		neighbor_free(nb);
	if (bgp->stopping)
		stop_check(bgp);
}

static void
on_deadline(int fd, short event, void *arg)
{
	struct neighbor	*nb = arg;

	bgp_peer_tick(nb->peer, mono_now());
	neighbor_run(nb);
}

static struct neighbor *
neighbor_find(struct bgp *bgp, const struct ipaddr *remote)
{
	struct neighbor	*nb;

	TAILQ_FOREACH(nb, &bgp->neighbors, entry)
		if (ipaddr_equal(&bgp_peer_conf(nb->peer)->remote, remote))
			return (nb);
	return (NULL);
}

static struct neighbor *
neighbor_new(struct bgp *bgp, const struct bgp_conf_peer *conf)
{
	struct neighbor	*nb;
	int		 i;

	if ((nb = calloc(1, sizeof(*nb))) == NULL ||
	    (nb->peer = bgp_peer_new(conf, &ops, nb)) == NULL)
		fatal("neighbor");
	nb->bgp = bgp;
	for (i = 0; i < BGP_NSIDES; i++) {
		nb->link[i].nb = nb;
		nb->link[i].side = i;
		nb->link[i].fd = -1;
	}
	timer_init(&nb->deadline, on_deadline, nb);
	TAILQ_INSERT_TAIL(&bgp->neighbors, nb, entry);
	return (nb);
}

/* --- the set of prefixes ----------------------------------------------- */

/*
 * Give a neighbor the set; nothing while those who decide are silent.
 */
static void
neighbor_set(struct neighbor *nb)
{
	const struct bgp	*bgp = nb->bgp;

	if (bgp_peer_set(nb->peer, bgp->set, bgp->silent ? 0 : bgp->n,
	    mono_now()) == -1)
		fatalx("more announcements than the configuration allows");
}

static void
set_all(struct bgp *bgp)
{
	struct neighbor	*nb, *next;

	for (nb = TAILQ_FIRST(&bgp->neighbors); nb != NULL; nb = next) {
		next = TAILQ_NEXT(nb, entry);
		neighbor_set(nb);
		neighbor_run(nb);
	}
}

static void
on_set_begin(void *ctx, int from, const void *data, int fd)
{
	struct bgp	*bgp = ctx;

	bgp->nnext = 0;
}

static void
on_set(void *ctx, int from, const void *data, int fd)
{
	struct bgp	*bgp = ctx;

	if (bgp->nnext == LIMIT_BGP_ANNOUNCE)
		fatalx("more announcements than the configuration allows");
	memcpy(&bgp->next[bgp->nnext++], data, sizeof(*bgp->next));
}

static void
on_set_end(void *ctx, int from, const void *data, int fd)
{
	struct bgp_announce	*set;
	struct bgp		*bgp = ctx;

	set = bgp->set;
	bgp->set = bgp->next;
	bgp->n = bgp->nnext;
	bgp->next = set;
	set_all(bgp);
}

/* --- from the parent --------------------------------------------------- */

static void
on_conf_begin(void *ctx, int from, const void *data, int fd)
{
	const struct conf_global	*g = data;
	struct bgp			*bgp = ctx;
	struct neighbor			*nb;

	proc_beat(bgp->pr, MONO_MS(g->beat_ms));
	TAILQ_FOREACH(nb, &bgp->neighbors, entry)
		nb->fate = FATE_GO;
}

static void
on_conf_peer(void *ctx, int from, const void *data, int fd)
{
	const struct bgp_conf_peer	*conf = data;
	struct bgp			*bgp = ctx;
	struct neighbor			*nb;

	if ((nb = neighbor_find(bgp, &conf->remote)) != NULL)
		bgp_peer_reconf(nb->peer, conf, mono_now());
	else
		nb = neighbor_new(bgp, conf);
	nb->fate = FATE_STAY;
}

static void
on_conf_end(void *ctx, int from, const void *data, int fd)
{
	struct bgp	*bgp = ctx;
	struct neighbor	*nb, *next;

	for (nb = TAILQ_FIRST(&bgp->neighbors); nb != NULL; nb = next) {
		next = TAILQ_NEXT(nb, entry);
		if (nb->fate == FATE_GO)
			bgp_peer_stop(nb->peer, BGP_CEASE_DECONFIGURED, NULL,
			    mono_now());
		else {
			neighbor_set(nb);
			bgp_peer_start(nb->peer, mono_now());
		}
		neighbor_run(nb);
	}
}

/* A connection that was asked for is being made. */
static void
on_connecting(void *ctx, int from, const void *data, int fd)
{
	const struct routed_peer	*rp = data;
	struct bgp			*bgp = ctx;
	struct neighbor			*nb;
	struct link			*l;

	if ((nb = neighbor_find(bgp, &rp->remote)) == NULL ||
	    nb->asked-- < 1 || !nb->wanted) {
		close(fd);
		if (nb != NULL)
			neighbor_run(nb);
		return;
	}
	nb->wanted = 0;
	l = &nb->link[BGP_OUT];
	link_open(l, fd);
	l->connecting = 1;
	event_add(&l->writable, NULL);
}

static void
on_unconnected(void *ctx, int from, const void *data, int fd)
{
	const struct routed_peer	*rp = data;
	struct bgp			*bgp = ctx;
	struct neighbor			*nb;

	if ((nb = neighbor_find(bgp, &rp->remote)) == NULL)
		return;
	if (--nb->asked == 0 && nb->wanted) {
		nb->wanted = 0;
		bgp_peer_failed(nb->peer, BGP_OUT, strerror(rp->error),
		    mono_now());
	}
	neighbor_run(nb);
}

/* Whoever connects must be a configured neighbor. */
static void
on_acceptable(int lfd, short event, void *arg)
{
	struct bgp	*bgp = arg;
	struct ipaddr	 local, remote;
	struct neighbor	*nb;
	char		 buf[IPADDR_STRLEN];
	int		 fd;

	if ((fd = accept4(lfd, NULL, NULL, SOCK_CLOEXEC |
	    SOCK_NONBLOCK)) == -1)
		return;
	if (link_ends(fd, &local, &remote) == -1) {
		close(fd);
		return;
	}
	nb = neighbor_find(bgp, &remote);
	if (nb == NULL || bgp->stopping) {
		log_debug("connection from %s refused: no such neighbor",
		    ipaddr_print(&remote, buf, sizeof(buf)));
		close(fd);
		return;
	}
	if (bgp_peer_conf(nb->peer)->local.af != 0 &&
	    !ipaddr_equal(&bgp_peer_conf(nb->peer)->local, &local)) {
		close(fd);
		return;
	}
	link_open(&nb->link[BGP_IN], fd);
	link_established(&nb->link[BGP_IN], &local, &remote);
	neighbor_run(nb);
}

static void
on_listen(void *ctx, int from, const void *data, int fd)
{
	struct bgp	*bgp = ctx;
	struct listener	*l;

	if (bgp->nlisteners == LIMIT_LISTEN)
		fatalx("more listeners than the configuration allows");
	l = &bgp->listener[bgp->nlisteners++];
	l->fd = fd;
	event_set(&l->acceptable, fd, EV_READ | EV_PERSIST, on_acceptable,
	    bgp);
	event_add(&l->acceptable, NULL);
}

static void
listeners_close(struct bgp *bgp)
{
	struct listener	*l;

	while (bgp->nlisteners > 0) {
		l = &bgp->listener[--bgp->nlisteners];
		event_del(&l->acceptable);
		close(l->fd);
	}
}

static void
on_unlisten(void *ctx, int from, const void *data, int fd)
{
	static const struct proc_empty	 empty;
	struct bgp			*bgp = ctx;

	listeners_close(bgp);
	proc_send(bgp->pr, PROC_PARENT, M_UNLISTENED, &empty, -1);
}

/* --- show peers -------------------------------------------------------- */

static void
fill_error(const struct bgp_peer_stats *s, char *buf, size_t len)
{
	if (s->error_in[0] != '\0')
		strlcpy(buf, "received ", len);
	else if (s->error_out[0] != '\0')
		strlcpy(buf, "sent ", len);
	else
		strlcpy(buf, s->failure, len);
	if (s->error_in[0] != '\0')
		strlcat(buf, s->error_in, len);
	else
		strlcat(buf, s->error_out, len);
}

static void
fill_row(struct neighbor *nb, struct ctl_peer *cp)
{
	const struct bgp_conf_peer	*conf = bgp_peer_conf(nb->peer);
	struct bgp_peer_stats		 s;
	struct ipaddr			 remote;
	int				 i;

	bgp_peer_stats(nb->peer, &s);
	cp->addr = conf->remote;
	for (i = 0; i < BGP_NSIDES && cp->local.af == 0; i++)
		if (nb->link[i].fd != -1 && !nb->link[i].connecting)
			(void)link_ends(nb->link[i].fd, &cp->local, &remote);
	cp->as = conf->remote_as;
	cp->hold_s = s.hold;
	strlcpy(cp->descr, conf->descr, sizeof(cp->descr));
	strlcpy(cp->state, bgp_state_name(s.state), sizeof(cp->state));
	cp->for_ms = mono_sub(mono_now(), s.since) / MONO_MS(1);
	cp->announced = s.announced;
	cp->received = s.reach;
	fill_error(&s, cp->error, sizeof(cp->error));
}

static void
on_ask_peers(void *ctx, int from, const void *data, int fd)
{
	const struct routed_ticket	*t = data;
	struct bgp			*bgp = ctx;
	struct routed_row		 row;
	struct neighbor			*nb;

	TAILQ_FOREACH(nb, &bgp->neighbors, entry) {
		memset(&row, 0, sizeof(row));
		row.client = t->client;
		fill_row(nb, &row.peer);
		proc_send(bgp->pr, ANNOUNCE, M_PEER, &row, -1);
	}
	proc_send(bgp->pr, ANNOUNCE, M_PEERS_END, t, -1);
}

/* --- the end ----------------------------------------------------------- */

static void
stop_check(struct bgp *bgp)
{
	struct neighbor	*nb;

	TAILQ_FOREACH(nb, &bgp->neighbors, entry)
		if (!bgp_peer_gone(nb->peer))
			return;
	proc_flush(bgp->pr, MONO_MS(100));
	exit(bgp->status);
}

static void
on_patience(int fd, short event, void *arg)
{
	struct bgp	*bgp = arg;

	exit(bgp->status);
}

/* Withdraw everything, take leave of every peer, then exit. */
static void
stop_all(struct bgp *bgp, const char *text, int status)
{
	struct neighbor	*nb, *next;

	if (bgp->stopping)
		return;
	bgp->status = status;
	listeners_close(bgp);
	TAILQ_FOREACH(nb, &bgp->neighbors, entry)
		bgp_peer_stop(nb->peer, BGP_CEASE_SHUTDOWN, text, mono_now());
	for (nb = TAILQ_FIRST(&bgp->neighbors); nb != NULL; nb = next) {
		next = TAILQ_NEXT(nb, entry);
		neighbor_run(nb);
	}
	bgp->stopping = 1;
	timer_arm(&bgp->patience, STOP_PATIENCE);
	stop_check(bgp);
}

static void
on_stop(void *ctx)
{
	stop_all(ctx, "routed6 is stopping", 0);
}

static void
on_gone(void *ctx, int role)
{
	stop_all(ctx, "a process of routed6 died", 1);
}

static void
on_silent(void *ctx, int role, int silent)
{
	struct bgp	*bgp = ctx;
	uint32_t	 was = bgp->silent;

	if (silent)
		bgp->silent |= PROC_BIT(role);
	else
		bgp->silent &= ~PROC_BIT(role);
	if (!was == !bgp->silent)
		return;
	if (bgp->silent)
		log_warnx("the %s process does not answer, withdrawing all",
		    routed6_def.roles[role].name);
	set_all(bgp);
}

static const struct proc_hooks	hooks = {
	.gone = on_gone,
	.silent = on_silent,
	.stop = on_stop
};

static proc_handler *const	handlers[M_COUNT] = {
	[M_INDEX(M_CONF_BEGIN)] =	on_conf_begin,
	[M_INDEX(M_CONF_PEER)] =	on_conf_peer,
	[M_INDEX(M_CONF_END)] =		on_conf_end,
	[M_INDEX(M_LISTEN)] =		on_listen,
	[M_INDEX(M_UNLISTEN)] =		on_unlisten,
	[M_INDEX(M_CONNECTING)] =	on_connecting,
	[M_INDEX(M_UNCONNECTED)] =	on_unconnected,
	[M_INDEX(M_SET_BEGIN)] =	on_set_begin,
	[M_INDEX(M_SET)] =		on_set,
	[M_INDEX(M_SET_END)] =		on_set_end,
	[M_INDEX(M_ASK_PEERS)] =	on_ask_peers
};

void
bgp_main(int foreground)
{
	struct bgp	*bgp;

	bgp_fsm_check();
	if ((bgp = calloc(1, sizeof(*bgp))) == NULL ||
	    (bgp->set = calloc(LIMIT_BGP_ANNOUNCE,
	    sizeof(*bgp->set))) == NULL ||
	    (bgp->next = calloc(LIMIT_BGP_ANNOUNCE,
	    sizeof(*bgp->next))) == NULL)
		fatal("bgp");
	TAILQ_INIT(&bgp->neighbors);
	event_init();
	timer_init(&bgp->patience, on_patience, bgp);
	bgp->pr = proc_new(&routed6_def, BGP, handlers, &hooks, bgp);
	proc_confine(bgp->pr, foreground);
	event_dispatch();
	fatalx("event loop ended");
}
