/*
 * Neighbors of the bgp process: between the engine of one (bgp_peer.c), its
 * sockets (bgp_link.c) and its timer.  Decides nothing.
 */
#include <sys/types.h>
#include <sys/queue.h>
#include <sys/socket.h>

#include <stdlib.h>
#include <string.h>
#include <syslog.h>

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

void
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
	for (i = 0; i < BGP_NSIDES; i++)
		link_init(&nb->link[i], nb, i);
	timer_init(&nb->deadline, on_deadline, nb);
	TAILQ_INSERT_TAIL(&bgp->neighbors, nb, entry);
	return (nb);
}
