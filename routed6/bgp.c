/*
 * The BGP process: takes the configuration from the parent and the set of
 * prefixes from the announce process, gives both to its neighbors, and takes
 * leave of them at the end.  It opens nothing.  When the announce process or
 * the parent dies or falls silent, it withdraws.
 */
#include <sys/types.h>
#include <sys/queue.h>

#include <event.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bgp_proc.h"
#include "log.h"

#define STOP_PATIENCE	MONO_S(1)	/* for peers to close, at the end */

/* --- the set of prefixes ----------------------------------------------- */

/*
 * Whatever the announce process wants, nothing leaves that the configuration
 * does not name: we have that from the parent.  During a reload one of the two
 * may be ahead, so this is not worth a warning.
 */
static void
set_filter(struct bgp *bgp)
{
	char	 buf[PREFIX_STRLEN];
	size_t	 i;

	bgp->nallowed = 0;
	for (i = 0; i < bgp->n; i++)
		if (named_has(&bgp->named, &bgp->set[i].prefix))
			bgp->allowed[bgp->nallowed++] = bgp->set[i];
		else
			log_debug("%s is not named by the configuration",
			    prefix_print(&bgp->set[i].prefix, buf,
			    sizeof(buf)));
}

/* Nothing while those who decide are silent. */
void
neighbor_set(struct neighbor *nb)
{
	const struct bgp	*bgp = nb->bgp;

	if (bgp_peer_set(nb->peer, bgp->allowed, bgp->silent ? 0 :
	    bgp->nallowed, mono_now()) == -1)
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
	set_filter(bgp);
	set_all(bgp);
}

/* --- from the parent --------------------------------------------------- */

static void
ranges_free(struct bgp *bgp)
{
	struct range	*r;

	while ((r = TAILQ_FIRST(&bgp->ranges)) != NULL) {
		TAILQ_REMOVE(&bgp->ranges, r, entry);
		free(r);
	}
}

static void
on_conf_begin(void *ctx, int from, const void *data, int fd)
{
	const struct conf_global	*g = data;
	struct bgp			*bgp = ctx;
	struct neighbor			*nb;

	proc_beat(bgp->pr, MONO_MS(g->beat_ms));
	TAILQ_FOREACH(nb, &bgp->neighbors, entry)
		nb->fate = FATE_DOUBT;
	ranges_free(bgp);
	named_begin(&bgp->named);
}

static void
range_new(struct bgp *bgp, const struct bgp_conf_peer *conf)
{
	struct range	*r;

	if ((r = calloc(1, sizeof(*r))) == NULL)
		fatal("range of neighbors");
	r->conf = *conf;
	TAILQ_INSERT_TAIL(&bgp->ranges, r, entry);
}

static void
on_conf_peer(void *ctx, int from, const void *data, int fd)
{
	struct bgp_conf_peer	 conf;
	struct bgp		*bgp = ctx;
	struct neighbor		*nb;

	memcpy(&conf, data, sizeof(conf));
	if (conf.flags & BGP_F_RANGE) {
		range_new(bgp, &conf);
		return;
	}
	if ((nb = neighbor_find(bgp, &conf.remote)) != NULL)
		bgp_peer_reconf(nb->peer, &conf, mono_now());
	else
		nb = neighbor_new(bgp, &conf);
	nb->fate = FATE_STAY;
}

static void
on_conf_announce(void *ctx, int from, const void *data, int fd)
{
	struct conf_announce	 a;
	struct bgp		*bgp = ctx;

	memcpy(&a, data, sizeof(a));
	if (named_add(&bgp->named, &a.bgp.prefix) == -1)
		fatalx("more announcements than the configuration allows");
}

/* A neighbor that a range made stays if a range would make it again. */
static void
neighbor_judge(struct neighbor *nb)
{
	const struct bgp_conf_peer	*c = bgp_peer_conf(nb->peer);
	const struct range		*r;
	struct bgp_conf_peer		 new;

	if (nb->fate == FATE_STAY)
		return;
	nb->fate = FATE_GO;
	if (!(c->flags & BGP_F_DYNAMIC) ||
	    (r = range_find(nb->bgp, &c->remote)) == NULL)
		return;
	range_conf(r, &c->remote, &new);
	bgp_peer_reconf(nb->peer, &new, mono_now());
	nb->fate = FATE_STAY;
}

static void
on_conf_end(void *ctx, int from, const void *data, int fd)
{
	struct bgp	*bgp = ctx;
	struct neighbor	*nb, *next;

	named_end(&bgp->named);
	set_filter(bgp);
	for (nb = TAILQ_FIRST(&bgp->neighbors); nb != NULL; nb = next) {
		next = TAILQ_NEXT(nb, entry);
		neighbor_judge(nb);
		neighbor_set(nb);
		if (nb->fate == FATE_STAY)
			neighbor_start(nb);
		else {
			nb->started = 0;
			vigil_end(nb);
			bgp_peer_stop(nb->peer, BGP_CEASE_DECONFIGURED, NULL,
			    mono_now());
		}
		neighbor_run(nb);
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

/* --- the end ----------------------------------------------------------- */

void
bgp_stop_check(struct bgp *bgp)
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
	bgp_stop_check(bgp);
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

	/* The peers notice that by themselves. */
	if (role == BFD)
		return;
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
	[M_INDEX(M_CONF_ANNOUNCE)] =	on_conf_announce,
	[M_INDEX(M_CONF_END)] =		on_conf_end,
	[M_INDEX(M_LISTEN)] =		link_on_listen,
	[M_INDEX(M_UNLISTEN)] =		on_unlisten,
	[M_INDEX(M_CONNECTING)] =	link_on_connecting,
	[M_INDEX(M_UNCONNECTED)] =	link_on_unconnected,
	[M_INDEX(M_LOCAL)] =		link_on_local,
	[M_INDEX(M_SET_BEGIN)] =	on_set_begin,
	[M_INDEX(M_SET)] =		on_set,
	[M_INDEX(M_SET_END)] =		on_set_end,
	[M_INDEX(M_ASK_PEERS)] =	show_on_peers,
	[M_INDEX(M_ASK_PEER)] =		cmd_on_ask,
	[M_INDEX(M_BFD_STATE)] =	vigil_on_state
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
	    sizeof(*bgp->next))) == NULL ||
	    (bgp->allowed = calloc(LIMIT_BGP_ANNOUNCE,
	    sizeof(*bgp->allowed))) == NULL)
		fatal("bgp");
	TAILQ_INIT(&bgp->neighbors);
	TAILQ_INIT(&bgp->ranges);
	event_init();
	timer_init(&bgp->patience, on_patience, bgp);
	bgp->pr = proc_new(&routed6_def, BGP, handlers, &hooks, bgp);
	routed_news_init(&bgp->news, bgp->pr, BGP);
	proc_confine(bgp->pr, foreground);
	event_dispatch();
	fatalx("event loop ended");
}
