/*
 * The health process: watches the kernel and its sibling processes, judges,
 * and publishes verdict and heartbeat to whoever subscribed on the control
 * socket.  A bad sign is published at once, a good one after rise rounds.  It
 * measures and tells; it never acts on the network.
 */
#include <sys/types.h>

#include <event.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "health.h"
#include "log.h"

void
health_feed(struct health *h, struct ctl_feed *f)
{
	memset(f, 0, sizeof(*f));
	f->version = CTL_FEED_VERSION;
	f->seq = h->seq;
	f->interval_ms = h->conf.health.interval_ms;
	f->verdict[RELAY_6TO4].state = VERDICT_NONE;
	f->verdict[RELAY_TEREDO].state = VERDICT_NONE;
	if (!h->configured || !h->conf.sixtofour.enabled)
		return;
	f->verdict[RELAY_6TO4].state = h->verdict.state;
	strlcpy(f->verdict[RELAY_6TO4].reason, h->verdict.reason,
	    sizeof(f->verdict[RELAY_6TO4].reason));
}

static void
publish(struct health *h)
{
	struct ctl_feed	 f;

	if (h->server == NULL)
		return;
	h->seq++;
	health_feed(h, &f);
	ctl_publish(h->server, CTL_FEED, &f, sizeof(f));
}

/* What is wrong at the moment; 0 when nothing is. */
static int
find_wrong(struct health *h, char *why, size_t len)
{
	if (h->paused[0] != '\0') {
		strlcpy(why, h->paused, len);
		return (1);
	}
	return (!signs_good(&h->signs, why, len));
}

/* Judge after an event: only bad news counts before the round is over. */
static void
judge_now(struct health *h)
{
	char	 why[LIMIT_REASON];
	int	 was_up = h->verdict.state == VERDICT_UP;

	if (!h->configured || !find_wrong(h, why, sizeof(why)) ||
	    !verdict_bad(&h->verdict, why, mono_now()))
		return;
	publish(h);
	if (was_up)
		log_info("6to4 is unhealthy: %s", why);
	else
		log_debug("6to4 stays unhealthy: %s", why);
}

static void
on_round(int fd, short event, void *arg)
{
	struct health	*h = arg;
	char		 why[LIMIT_REASON];

	timer_arm(&h->round, MONO_MS(h->conf.health.interval_ms));
	if (find_wrong(h, why, sizeof(why)))
		judge_now(h);
	else if (verdict_good(&h->verdict, mono_now()))
		log_info("6to4 is healthy");
	publish(h);
}

/* --- the kernel -------------------------------------------------------- */

static void
on_change(void *arg, const struct os_change *c)
{
	struct health	*h = arg;

	signs_change(&h->signs, c);
}

static void
on_watch(int fd, short event, void *arg)
{
	struct health	*h = arg;

	if (os_watch_read(h->watch, on_change, h) == -1)
		fatal("watching the kernel");
	if (h->signs.synced)
		judge_now(h);
}

static void
on_fd_watch(void *ctx, int from, const void *data, int fd)
{
	struct health	*h = ctx;

	if ((h->watch = os_watch_new(fd)) == NULL)
		fatal("os_watch_new");
	event_set(&h->watching, fd, EV_READ | EV_PERSIST, on_watch, h);
	event_add(&h->watching, NULL);
}

/* --- the siblings ------------------------------------------------------ */

static void
on_gone(void *ctx, int role)
{
	struct health	*h = ctx;

	if (role == PROC_PARENT)
		strlcpy(h->paused, "the parent process died",
		    sizeof(h->paused));
	else
		h->signs.relay_gone = 1;
	judge_now(h);
	if (role == PROC_PARENT)
		exit(1);	/* the feed closes: that says it too */
}

static void
on_silent(void *ctx, int role, int silent)
{
	struct health	*h = ctx;

	if (role == RELAY)
		h->signs.relay_silent = silent;
	else
		h->signs.parent_silent = silent;
	judge_now(h);
}

static void
on_ifindex(void *ctx, int from, const void *data, int fd)
{
	const struct relay_ifindex	*i = data;
	struct health			*h = ctx;

	h->ifindex = i->ifindex;
}

static void
on_pause(void *ctx, int from, const void *data, int fd)
{
	const struct relay_pause	*p = data;
	struct health			*h = ctx;

	strlcpy(h->paused, p->reason, sizeof(h->paused));
	judge_now(h);
}

/* Follow the kernel for what this configuration needs, from the start. */
static void
watch_again(struct health *h)
{
	struct prefix	 p[LIMIT_SIGN_ROUTES + 1];
	size_t		 n;

	signs_conf(&h->signs, &h->conf, h->ifindex);
	n = signs_prefixes(&h->signs, p, nitems(p));
	if (os_watch_routes(h->watch, p, n) == -1 ||
	    os_watch_start(h->watch) == -1)
		fatal("watching the kernel");
}

static void
on_conf(void *ctx, int from, const void *data, int fd)
{
	struct health	*h = ctx;

	memcpy(&h->conf, data, sizeof(h->conf));
	h->paused[0] = '\0';
	if (!h->configured)
		verdict_init(&h->verdict, h->conf.health.rise, mono_now());
	h->verdict.rise = h->conf.health.rise;
	h->configured = 1;
	watch_again(h);
	proc_beat(h->pr, MONO_MS(h->conf.health.interval_ms));
	timer_arm(&h->round, MONO_MS(h->conf.health.interval_ms));
}

static void
on_control(void *ctx, int from, const void *data, int fd)
{
	control_start(ctx, fd);
}

static void
on_reloaded(void *ctx, uint32_t client, int failed, const char *why)
{
	struct health	*h = ctx;

	ctl_reloaded(h->server, client, failed, why);
}

static void
on_counters(void *ctx, int from, const void *data, int fd)
{
	control_counters(ctx, data);
}

static const struct proc_hooks	hooks = {
	.gone = on_gone,
	.silent = on_silent,
	.reloaded = on_reloaded
};

static proc_handler *const	handlers[M_COUNT] = {
	[M_INDEX(M_CONF)] =	on_conf,
	[M_INDEX(M_IFINDEX)] =	on_ifindex,
	[M_INDEX(M_WATCH)] =	on_fd_watch,
	[M_INDEX(M_CONTROL)] =	on_control,
	[M_INDEX(M_PAUSE)] =	on_pause,
	[M_INDEX(M_COUNTERS)] =	on_counters
};

void
health_main(int foreground)
{
	struct health	*h;

	if ((h = calloc(1, sizeof(*h))) == NULL)
		fatal("health");
	event_init();
	timer_init(&h->round, on_round, h);
	h->pr = proc_new(&relayd6_def, HEALTH, handlers, &hooks, h);
	proc_confine(h->pr, foreground);
	event_dispatch();
	fatalx("event loop ended");
}
