/*
 * The announce process: the only place that decides whether the world may
 * hear of us.  Reads relayd6's health feed, holds each configured prefix
 * against it, and gives the protocol speakers the set that is to be announced.
 * It faces no network and opens nothing: descriptors come from the parent.
 */
#include <sys/types.h>

#include <event.h>
#include <fcntl.h>
#include <imsg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "announce.h"
#include "control_ospf.h"
#include "ctlevent.h"
#include "log.h"

#define RETRY	MONO_MS(200)	/* between attempts to reach relayd6 */

/* --- decisions --------------------------------------------------------- */

static const char *
decision_words(enum watch_answer a)
{
	return (a == WATCH_ANNOUNCE ? "announced" :
	    a == WATCH_LEAVE ? "leaving" : "withdrawn");
}

/* Decide on one prefix; true when it changed. */
static int
decide(struct announce *an, struct decision *d, mono_t now)
{
	enum watch_answer	 answer;
	const char		*words;
	char			 buf[PREFIX_STRLEN];
	uint32_t		 leaving;
	int			 up;

	answer = watch_ask(&an->watch, d->conf.kind, d->conf.check, d->reason,
	    sizeof(d->reason));
	up = answer != WATCH_WITHDRAW;
	leaving = answer == WATCH_LEAVE;
	if (up == d->announced && leaving == d->conf.bgp.leaving)
		return (0);
	if (up != d->announced) {
		d->changes++;
		d->since = now;
	}
	d->announced = up;
	d->conf.bgp.leaving = d->conf.ospf.leaving = leaving;
	prefix_print(&d->conf.bgp.prefix, buf, sizeof(buf));
	words = decision_words(answer);
	log_info("%s %s: %s", buf, words, d->reason);
	ctl_event(an->server, "announcement", buf, words, d->reason);
	return (1);
}

/* OSPFv3 carries IPv6 only. */
static void
send_ospf_set(struct announce *an)
{
	static const struct proc_empty	 empty;
	const struct decision		*d;

	proc_send(an->pr, OSPF, M_OSPF_SET, &empty, -1);
	for (d = an->decisions; d < an->decisions + an->n; d++)
		if (d->announced && d->conf.ospf.prefix.af == 6)
			proc_send(an->pr, OSPF, M_OSPF_SET_ONE,
			    &d->conf.ospf, -1);
	proc_send(an->pr, OSPF, M_OSPF_SET_END, &empty, -1);
}

/* Give the speakers the whole set. */
static void
send_set(struct announce *an)
{
	static const struct proc_empty	 empty;
	int				 i;

	proc_send(an->pr, BGP, M_SET_BEGIN, &empty, -1);
	for (i = 0; i < an->n; i++)
		if (an->decisions[i].announced)
			proc_send(an->pr, BGP, M_SET,
			    &an->decisions[i].conf.bgp, -1);
	proc_send(an->pr, BGP, M_SET_END, &empty, -1);
	send_ospf_set(an);
}

static void
decide_all(struct announce *an)
{
	mono_t	 now = mono_now();
	int	 i, changed = 0;

	for (i = 0; i < an->n; i++)
		changed |= decide(an, &an->decisions[i], now);
	if (changed)
		send_set(an);
}

/* --- the feed ---------------------------------------------------------- */

static void
feed_close(struct announce *an)
{
	if (an->feed_fd == -1)
		return;
	event_del(&an->feed_readable);
	imsgbuf_clear(&an->feed);
	close(an->feed_fd);
	an->feed_fd = -1;
	timer_stop(&an->patience);
	watch_lost(&an->watch, mono_now());
	timer_arm(&an->retry, RETRY);
	decide_all(an);
}

static void
feed_heartbeat(struct announce *an, struct imsg *im)
{
	struct ctl_feed	 f;

	if (imsg_get_type(im) != CTL_FEED ||
	    imsg_get_data(im, &f, sizeof(f)) == -1 ||
	    watch_heard(&an->watch, &f, mono_now()) == -1) {
		log_warnx("relayd6 speaks another version of the feed");
		feed_close(an);
		return;
	}
	timer_arm(&an->patience, watch_left(&an->watch, mono_now()));
	decide_all(an);
}

static void
on_feed_readable(int fd, short event, void *arg)
{
	struct announce	*an = arg;
	struct imsg	 im;
	int		 n;

	if (imsgbuf_read(&an->feed) != 1) {
		feed_close(an);
		return;
	}
	while (an->feed_fd != -1 && (n = imsgbuf_get(&an->feed, &im)) != 0) {
		if (n == -1) {
			feed_close(an);
			return;
		}
		feed_heartbeat(an, &im);
		imsg_free(&im);
	}
}

static void
on_feed(void *ctx, int from, const void *data, int fd)
{
	struct announce	*an = ctx;

	feed_close(an);
	timer_stop(&an->retry);
	if (imsgbuf_init(&an->feed, fd) == -1)
		fatal("imsgbuf_init");
	an->feed_fd = fd;
	event_set(&an->feed_readable, fd, EV_READ | EV_PERSIST,
	    on_feed_readable, an);
	event_add(&an->feed_readable, NULL);
	watch_opened(&an->watch);
	if (imsg_compose(&an->feed, CTL_SUBSCRIBE, 0, 0, -1, NULL, 0) == -1 ||
	    imsgbuf_write(&an->feed) == -1)
		feed_close(an);
}

static void
on_feed_none(void *ctx, int from, const void *data, int fd)
{
	struct announce	*an = ctx;

	timer_arm(&an->retry, RETRY);
}

static void
on_retry(int fd, short event, void *arg)
{
	static const struct proc_empty	 empty;
	struct announce			*an = arg;

	proc_send(an->pr, PROC_PARENT, M_FEED_WANTED, &empty, -1);
}

/* No heartbeat for too long; one that is waiting was read before this. */
static void
on_patience(int fd, short event, void *arg)
{
	struct announce	*an = arg;
	mono_t		 now = mono_now();

	watch_check(&an->watch, now);
	if (!an->watch.stale)
		timer_arm(&an->patience, watch_left(&an->watch, now));
	decide_all(an);
}

/* --- configuration ----------------------------------------------------- */

static void
on_conf_begin(void *ctx, int from, const void *data, int fd)
{
	struct announce	*an = ctx;
	char		 old[sizeof(an->conf.feed)];

	strlcpy(old, an->conf.feed, sizeof(old));
	memcpy(&an->conf, data, sizeof(an->conf));
	if (strcmp(old, an->conf.feed) != 0) {
		feed_close(an);
		timer_arm(&an->retry, 0);
	}
	free(an->next);
	an->nnext = 0;
	if ((an->next = calloc(LIMIT_BGP_ANNOUNCE,
	    sizeof(*an->next))) == NULL)
		fatal("announcements");
}

static struct decision *
decision_find(struct announce *an, const struct prefix *p)
{
	int	 i;

	for (i = 0; i < an->n; i++)
		if (prefix_equal(&an->decisions[i].conf.bgp.prefix, p))
			return (&an->decisions[i]);
	return (NULL);
}

/* A prefix that was there before keeps its history. */
static void
on_conf_announce(void *ctx, int from, const void *data, int fd)
{
	const struct conf_announce	*conf = data;
	struct announce			*an = ctx;
	struct decision			*d, *old;

	if (an->next == NULL || an->nnext == LIMIT_BGP_ANNOUNCE)
		fatalx("more announcements than the configuration allows");
	d = &an->next[an->nnext++];
	if ((old = decision_find(an, &conf->bgp.prefix)) != NULL)
		*d = *old;
	else
		d->since = mono_now();
	d->conf = *conf;
	if (old != NULL)
		d->conf.bgp.leaving = d->conf.ospf.leaving =
		    old->conf.bgp.leaving;
}

static void
on_conf_end(void *ctx, int from, const void *data, int fd)
{
	struct announce	*an = ctx;

	free(an->decisions);
	an->decisions = an->next;
	an->n = an->nnext;
	an->next = NULL;
	an->nnext = 0;
	proc_beat(an->pr, MONO_MS(an->conf.beat_ms));
	decide_all(an);
	send_set(an);
}

/* --- siblings ---------------------------------------------------------- */

static void
on_control(void *ctx, int from, const void *data, int fd)
{
	control_start(ctx, fd);
}

static void
on_reloaded(void *ctx, uint32_t client, int failed, const char *why)
{
	struct announce	*an = ctx;

	ctl_reloaded(an->server, client, failed, why);
}

static void
on_peer(void *ctx, int from, const void *data, int fd)
{
	control_peer(ctx, data);
}

static void
on_peers_end(void *ctx, int from, const void *data, int fd)
{
	control_peers_end(ctx, data);
}

static void
on_peer_detail(void *ctx, int from, const void *data, int fd)
{
	control_peer_detail(ctx, data);
}

static void
on_peer_route(void *ctx, int from, const void *data, int fd)
{
	control_peer_route(ctx, data);
}

/* Something that another process has seen. */
static void
on_event(void *ctx, int from, const void *data, int fd)
{
	struct announce	*an = ctx;

	if (an->server != NULL)
		ctl_publish(an->server, CTL_EVENT, data,
		    sizeof(struct ctl_event));
}

static void
on_peer_done(void *ctx, int from, const void *data, int fd)
{
	control_peer_done(ctx, data);
}

/* bgp withdraws by itself when this process or the parent is gone. */
static void
on_gone(void *ctx, int role)
{
	if (role == PROC_PARENT)
		exit(1);
}

static const struct proc_hooks	hooks = {
	.gone = on_gone,
	.reloaded = on_reloaded
};

static proc_handler *const	handlers[M_COUNT] = {
	[M_INDEX(M_CONF_BEGIN)] =	on_conf_begin,
	[M_INDEX(M_CONF_ANNOUNCE)] =	on_conf_announce,
	[M_INDEX(M_CONF_END)] =		on_conf_end,
	[M_INDEX(M_CONTROL)] =		on_control,
	[M_INDEX(M_FEED)] =		on_feed,
	[M_INDEX(M_FEED_NONE)] =	on_feed_none,
	[M_INDEX(M_PEER)] =		on_peer,
	[M_INDEX(M_PEERS_END)] =	on_peers_end,
	[M_INDEX(M_PEER_DETAIL)] =	on_peer_detail,
	[M_INDEX(M_PEER_ROUTE)] =	on_peer_route,
	[M_INDEX(M_PEER_DONE)] =	on_peer_done,
	[M_INDEX(M_EVENT)] =		on_event,
	[M_INDEX(M_OSPF_NEIGHBOR)] =	control_on_neighbor,
	[M_INDEX(M_OSPF_INTERFACE)] =	control_on_interface,
	[M_INDEX(M_OSPF_DATABASE)] =	control_on_database,
	[M_INDEX(M_OSPF_LSA)] =		control_on_lsa,
	[M_INDEX(M_OSPF_BODY)] =	control_on_body,
	[M_INDEX(M_OSPF_ANSWERED)] =	control_on_answered,
	[M_INDEX(M_BFD_ROW)] =		control_on_bfd_row,
	[M_INDEX(M_BFD_DETAIL)] =	control_on_bfd_detail,
	[M_INDEX(M_BFD_DROPS)] =	control_on_bfd_drops,
	[M_INDEX(M_BFD_DONE)] =		control_on_bfd_done
};

void
announce_main(int foreground)
{
	struct announce	*an;

	if ((an = calloc(1, sizeof(*an))) == NULL)
		fatal("announce");
	event_init();
	an->feed_fd = -1;
	watch_init(&an->watch, mono_now());
	timer_init(&an->patience, on_patience, an);
	timer_init(&an->retry, on_retry, an);
	an->pr = proc_new(&routed6_def, ANNOUNCE, handlers, &hooks, an);
	proc_confine(an->pr, foreground);
	event_dispatch();
	fatalx("event loop ended");
}
