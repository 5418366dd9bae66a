/*
 * Neighbors of the bgp process: between the engine of one (bgp_peer.c), its
 * sockets (bgp_link.c) and its timer.  Decides nothing.
 */
#include <sys/types.h>
#include <sys/queue.h>
#include <sys/socket.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "bgp_proc.h"
#include "log.h"

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

const char *
neighbor_name(struct bgp_peer *peer, char *buf, size_t len)
{
	const struct bgp_conf_peer	*c = bgp_peer_conf(peer);

	strlcpy(buf, c->name, len);
	if (c->descr[0] != '\0') {
		strlcat(buf, " (", len);
		strlcat(buf, c->descr, len);
		strlcat(buf, ")", len);
	}
	return (buf);
}

/* For those who monitor us: of an end, what is known about its cause. */
static void
tell_session(struct neighbor *nb, int up)
{
	struct bgp_peer_stats	 s;
	char			 name[NEIGHBOR_NAME];
	char			 subject[NEIGHBOR_NAME + 4];
	char			 why[LIMIT_REASON * 2] = "";

	snprintf(subject, sizeof(subject), "bgp %s",
	    neighbor_name(nb->peer, name, sizeof(name)));
	bgp_peer_stats(nb->peer, &s);
	if (!up)
		show_error(&s, why, sizeof(why));
	routed_event(&nb->bgp->news, "session", subject, up ? "up" : "down",
	    why);
}

static void
op_state(void *arg, struct bgp_peer *peer, enum bgp_state was,
    enum bgp_state is)
{
	struct neighbor	*nb = arg;
	char		 name[NEIGHBOR_NAME];

	neighbor_name(peer, name, sizeof(name));
	if (is == BGP_ESTABLISHED) {
		log_info("neighbor %s: session up", name);
		tell_session(nb, 1);
	} else if (was == BGP_ESTABLISHED) {
		log_info("neighbor %s: session down", name);
		nb->fell = 1;
	} else
		log_debug("neighbor %s: %s -> %s", name, bgp_state_name(was),
		    bgp_state_name(is));
}

static void
op_log(void *arg, struct bgp_peer *peer, int pri, const char *line)
{
	char	 name[NEIGHBOR_NAME];

	neighbor_name(peer, name, sizeof(name));
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

static void
neighbor_free(struct neighbor *nb)
{
	int	 i;

	vigil_end(nb);
	for (i = 0; i < BGP_NSIDES; i++)
		link_close(&nb->link[i]);
	if (nb->pending.fd != -1)
		close(nb->pending.fd);
	timer_stop(&nb->deadline);
	bgp_peer_free(nb->peer);
	TAILQ_REMOVE(&nb->bgp->neighbors, nb, entry);
	free(nb);
}

/* Nothing is open, nor about to be. */
static int
neighbor_idle(const struct neighbor *nb)
{
	return (bgp_peer_gone(nb->peer) && nb->asked == 0 &&
	    nb->pending.fd == -1);
}

void
neighbor_run(struct neighbor *nb)
{
	struct bgp	*bgp = nb->bgp;
	mono_t		 when;
	int		 i;

	for (i = 0; i < BGP_NSIDES; i++)
		while (link_write(&nb->link[i]))
			;
	/* Not before it is known what was said about it. */
	if (nb->fell)
		tell_session(nb, 0);
	nb->fell = 0;
	when = bgp_peer_deadline(nb->peer);
	if (when.ns == MONO_NEVER)
		timer_stop(&nb->deadline);
	else
		timer_arm(&nb->deadline, mono_sub(when, mono_now()));
	if (neighbor_idle(nb) && (nb->fate == FATE_GO || (!nb->down &&
	    (bgp_peer_conf(nb->peer)->flags & BGP_F_DYNAMIC))))
		neighbor_free(nb);
	if (bgp->stopping)
		bgp_stop_check(bgp);
}

static void
on_deadline(int fd, short event, void *arg)
{
	struct neighbor	*nb = arg;

	bgp_peer_tick(nb->peer, mono_now());
	neighbor_run(nb);
}

struct neighbor *
neighbor_find(struct bgp *bgp, const struct ipaddr *remote)
{
	struct neighbor	*nb;

	TAILQ_FOREACH(nb, &bgp->neighbors, entry)
		if (ipaddr_equal(&bgp_peer_conf(nb->peer)->remote, remote))
			return (nb);
	return (NULL);
}

struct neighbor *
neighbor_new(struct bgp *bgp, const struct bgp_conf_peer *conf)
{
	struct neighbor	*nb;
	int		 i;

	if ((nb = calloc(1, sizeof(*nb))) == NULL ||
	    (nb->peer = bgp_peer_new(conf, &ops, nb)) == NULL)
		fatal("neighbor");
	nb->bgp = bgp;
	nb->pending.fd = -1;
	for (i = 0; i < BGP_NSIDES; i++)
		link_init(&nb->link[i], nb, i);
	timer_init(&nb->deadline, on_deadline, nb);
	TAILQ_INSERT_TAIL(&bgp->neighbors, nb, entry);
	return (nb);
}

void
neighbor_start(struct neighbor *nb)
{
	vigil_update(nb);
	if (nb->started || nb->down || vigil_forbids(nb))
		return;
	nb->started = 1;
	bgp_peer_start(nb->peer, mono_now());
}

/* --- ranges ------------------------------------------------------------ */

static int
range_covers(const struct bgp_conf_peer *c, const struct ipaddr *remote)
{
	struct prefix	 p;

	memset(&p, 0, sizeof(p));
	p.af = c->remote.af;
	p.len = c->plen;
	memcpy(p.b, c->remote.b, sizeof(p.b));
	return (prefix_covers(&p, remote->af, remote->b));
}

/* The longest prefix counts. */
const struct range *
range_find(struct bgp *bgp, const struct ipaddr *remote)
{
	struct range	*r, *best = NULL;

	TAILQ_FOREACH(r, &bgp->ranges, entry)
		if (range_covers(&r->conf, remote) && (best == NULL ||
		    r->conf.plen > best->conf.plen))
			best = r;
	return (best);
}

void
range_conf(const struct range *r, const struct ipaddr *remote,
    struct bgp_conf_peer *c)
{
	*c = r->conf;
	c->flags &= ~BGP_F_RANGE;
	c->flags |= BGP_F_DYNAMIC;
	c->remote = *remote;
	link_name(remote, c->name, sizeof(c->name));
}

/* How many neighbors a range has made that are still there. */
static int
range_count(struct bgp *bgp, const struct range *r)
{
	const struct bgp_conf_peer	*c;
	struct neighbor			*nb;
	int				 n = 0;

	TAILQ_FOREACH(nb, &bgp->neighbors, entry) {
		c = bgp_peer_conf(nb->peer);
		n += (c->flags & BGP_F_DYNAMIC) &&
		    range_find(bgp, &c->remote) == r;
	}
	return (n);
}

struct neighbor *
neighbor_accept(struct bgp *bgp, const struct ipaddr *remote)
{
	struct bgp_conf_peer	 c;
	const struct range	*r;
	struct neighbor		*nb;

	if ((nb = neighbor_find(bgp, remote)) != NULL)
		return (nb);
	if ((r = range_find(bgp, remote)) == NULL ||
	    range_count(bgp, r) >= r->conf.max_peers)
		return (NULL);
	range_conf(r, remote, &c);
	nb = neighbor_new(bgp, &c);
	neighbor_set(nb);
	neighbor_start(nb);
	return (nb);
}
