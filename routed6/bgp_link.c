/*
 * Sockets of the bgp process: connections and listeners that the parent
 * opened, bytes between them and the peers (bgp_peer.c).  Opens nothing and
 * looks at no byte.
 */
#include <sys/types.h>
#include <sys/socket.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bgp_proc.h"
#include "log.h"
#include "os.h"

#define READ_SIZE	16384		/* bytes a wake-up takes from a peer */

/* --- connections ------------------------------------------------------- */

void
link_init(struct link *l, struct neighbor *nb, enum bgp_side side)
{
	l->nb = nb;
	l->side = side;
	l->fd = -1;
}

void
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

int
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

char *
link_name(const struct ipaddr *a, char *buf, size_t len)
{
	struct ipaddr	 plain = *a;
	char		 scope[16] = "";

	plain.scope = 0;
	ipaddr_print(&plain, buf, len);
	if (a->scope != 0)
		snprintf(scope, sizeof(scope), "%%%u", a->scope);
	strlcat(buf, scope, len);
	return (buf);
}

static void
link_connected(struct link *l)
{
	struct bgp_peer	*peer = l->nb->peer;
	struct ipaddr	 local, remote;
	socklen_t	 len = sizeof(int);
	int		 error = 0;

	l->connecting = 0;
	if (getsockopt(l->fd, SOL_SOCKET, SO_ERROR, &error, &len) == -1)
		error = errno;
	if (error == 0 && link_ends(l->fd, &local, &remote) == -1)
		error = errno;
	if (error != 0) {
		bgp_peer_failed(peer, l->side, strerror(error), mono_now());
		return;
	}
	event_add(&l->readable, NULL);
	if (bgp_peer_opened(peer, l->side, &local, &remote, mono_now()) == -1)
		link_close(l);
	else
		bgp_peer_linklocal(peer, l->side, &l->linklocal);
}

int
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

/* --- from the parent --------------------------------------------------- */

/* A connection that was asked for is being made. */
void
link_on_connecting(void *ctx, int from, const void *data, int fd)
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
	l->linklocal = rp->linklocal;
	l->connecting = 1;
	event_add(&l->writable, NULL);
}

void
link_on_unconnected(void *ctx, int from, const void *data, int fd)
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

/* Ask the parent on which link a connection runs; one at a time is kept. */
static void
pending_ask(struct neighbor *nb, int fd, const struct ipaddr *local,
    const struct ipaddr *remote)
{
	struct pending		*pe = &nb->pending;
	struct routed_peer	 rp;

	if (pe->fd != -1)
		close(pe->fd);
	pe->fd = fd;
	pe->serial = ++nb->bgp->serial;
	pe->local = *local;
	pe->remote = *remote;
	memset(&rp, 0, sizeof(rp));
	rp.local = *local;
	rp.remote = *remote;
	rp.serial = pe->serial;
	proc_send(nb->bgp->pr, PROC_PARENT, M_ACCEPTED, &rp, -1);
}

/* The answer: now the peer says whether it wants the connection. */
void
link_on_local(void *ctx, int from, const void *data, int fd)
{
	struct routed_peer	 rp;
	struct bgp		*bgp = ctx;
	struct neighbor		*nb;
	struct link		*l;
	int			 s;

	memcpy(&rp, data, sizeof(rp));
	nb = neighbor_find(bgp, &rp.remote);
	if (nb == NULL || nb->pending.fd == -1 ||
	    nb->pending.serial != rp.serial)
		return;
	s = nb->pending.fd;
	nb->pending.fd = -1;
	if (bgp_peer_opened(nb->peer, BGP_IN, &nb->pending.local,
	    &nb->pending.remote, mono_now()) == -1)
		close(s);
	else {
		l = &nb->link[BGP_IN];
		link_open(l, s);
		event_add(&l->readable, NULL);
		bgp_peer_linklocal(nb->peer, BGP_IN, &rp.linklocal);
	}
	neighbor_run(nb);
}

/* Does a connection suit the neighbor that it is from? */
static int
link_suits(struct neighbor *nb, int fd, const struct ipaddr *local)
{
	const struct bgp_conf_peer	*c = bgp_peer_conf(nb->peer);

	if (c->local.af != 0 && !ipaddr_equal(&c->local, local))
		return (0);
	return (os_tcp_hops(fd, c->hops) != -1 &&
	    os_tcp_hops_min(fd, c->hops_min) != -1);
}

/* Whoever connects must be a neighbor. */
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
	if (bgp->stopping || link_ends(fd, &local, &remote) == -1) {
		close(fd);
		return;
	}
	if ((nb = neighbor_accept(bgp, &remote)) == NULL) {
		log_debug("connection from %s refused: no such neighbor",
		    link_name(&remote, buf, sizeof(buf)));
		close(fd);
		return;
	}
	if (link_suits(nb, fd, &local))
		pending_ask(nb, fd, &local, &remote);
	else
		close(fd);
	neighbor_run(nb);
}

void
link_on_listen(void *ctx, int from, const void *data, int fd)
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

void
listeners_close(struct bgp *bgp)
{
	struct listener	*l;

	while (bgp->nlisteners > 0) {
		l = &bgp->listener[--bgp->nlisteners];
		event_del(&l->acceptable);
		close(l->fd);
	}
}
