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

static const char *const	kind_names[] = RELAY_KIND_NAMES;

static void
verdict_copy(struct ctl_verdict *to, const struct subject *s)
{
	to->state = s->told.state;
	strlcpy(to->reason, s->told.reason, sizeof(to->reason));
}

void
health_feed(struct health *h, struct ctl_feed *f)
{
	uint32_t	 i;

	memset(f, 0, sizeof(*f));
	f->version = CTL_FEED_VERSION;
	f->seq = h->seq;
	f->interval_ms = h->conf.health.interval_ms;
	for (i = 0; i < RELAY_NKINDS; i++)
		if (h->patient[i].enabled)
			verdict_copy(&f->verdict[i], &h->patient[i].subject);
	f->nchecks = h->nchecks;
	for (i = 0; i < h->nchecks; i++) {
		strlcpy(f->check[i].name, h->check[i].conf.name,
		    sizeof(f->check[i].name));
		verdict_copy(&f->check[i].verdict, &h->check[i].subject);
	}
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

/*
 * Probes have to know whether answers can come to us at all: who drains has
 * neighbors that prefer another relay.
 */
static int
find_news(struct health *h)
{
	struct patient	*p;
	int		 news = steer_run(h), up;

	for (p = h->patient; p < h->patient + RELAY_NKINDS; p++) {
		up = p->enabled && p->subject.told.state == VERDICT_UP;
		if (up != p->probes.engine.announced)
			probe_announced(&p->probes.engine, up, mono_now());
	}
	return (news);
}

void
health_news(struct health *h)
{
	if (find_news(h))
		publish(h);
}

/* What is wrong with one relay at the moment; 0 when nothing is. */
static int
find_wrong(const struct health *h, const struct patient *p, char *why,
    size_t len)
{
	if (h->paused[0] != '\0') {
		strlcpy(why, h->paused, len);
		return (1);
	}
	return (!signs_good(&p->signs, why, len) ||
	    !probe_good(&p->probes.engine, why, len) ||
	    (h->conf.health.overload != 0 &&
	    !overload_good(&p->overload, why, len)));
}

/* Judge one relay; good news count only when a round is over. */
static void
judge(struct health *h, struct patient *p, int round)
{
	char	 why[LIMIT_REASON];
	mono_t	 now = mono_now();

	if (!p->enabled)
		return;
	if (find_wrong(h, p, why, sizeof(why)))
		verdict_bad(&p->subject.verdict, why, now);
	else if (round)
		verdict_good(&p->subject.verdict, "all signs are good", now);
}

static void
judge_all(struct health *h, int round)
{
	struct check	*c;
	uint32_t	 i;

	for (i = 0; i < RELAY_NKINDS; i++)
		judge(h, &h->patient[i], round);
	for (i = 0; i < h->nchecks; i++) {
		c = &h->check[i];
		if (h->paused[0] != '\0')
			verdict_bad(&c->subject.verdict, h->paused,
			    mono_now());
		else if (round)
			check_round(c, mono_now());
	}
}

/* Judge after an event. */
static void
judge_now(void *ctx)
{
	struct health	*h = ctx;

	judge_all(h, 0);
	health_news(h);
}

static void
on_round(int fd, short event, void *arg)
{
	struct health	*h = arg;

	timer_arm(&h->round, MONO_MS(h->conf.health.interval_ms));
	judge_all(h, 1);
	(void)find_news(h);
	publish(h);
}

/* --- the kernel -------------------------------------------------------- */

static void
on_change(void *arg, const struct os_change *c)
{
	struct health	*h = arg;
	int		 i;

	for (i = 0; i < RELAY_NKINDS; i++)
		signs_change(&h->patient[i].signs, c);
}

static void
on_watch(int fd, short event, void *arg)
{
	struct health	*h = arg;

	if (os_watch_read(h->watch, on_change, h) == -1)
		fatal("watching the kernel");
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
	int		 i;

	if (role == PROC_PARENT)
		strlcpy(h->paused, "the parent process died",
		    sizeof(h->paused));
	for (i = 0; role == RELAY && i < RELAY_NKINDS; i++)
		h->patient[i].signs.relay_gone = 1;
	judge_now(h);
	if (role == PROC_PARENT)
		exit(1);	/* the feed closes: that says it too */
}

static void
on_silent(void *ctx, int role, int silent)
{
	struct health	*h = ctx;
	int		 i;

	for (i = 0; i < RELAY_NKINDS; i++) {
		if (role == RELAY)
			h->patient[i].signs.relay_silent = silent;
		else
			h->patient[i].signs.parent_silent = silent;
	}
	judge_now(h);
}

static void
on_ifindex(void *ctx, int from, const void *data, int fd)
{
	const struct relay_ifindex	*i = data;
	struct health			*h = ctx;

	memcpy(h->ifindex, i->ifindex, sizeof(h->ifindex));
}

static void
on_pause(void *ctx, int from, const void *data, int fd)
{
	const struct relay_pause	*p = data;
	struct health			*h = ctx;

	strlcpy(h->paused, p->reason, sizeof(h->paused));
	judge_now(h);
}

/* What a 6to4 relay needs: its tunnel, its addresses, ways out. */
static void
need_6to4(const struct conf_6to4 *c, struct sign_need *n)
{
	uint32_t	 i;

	strlcpy(n->interface, c->interface, sizeof(n->interface));
	for (i = 0; i < c->nlisten; i++)
		n->addrs[n->naddrs++] = c->listen[i];
	for (i = 0; i < c->nlisten; i++)
		if (c->listen[i].s_addr == c->source.s_addr)
			return;
	n->addrs[n->naddrs++] = c->source;
}

static void
need_teredo(const struct conf_teredo *c, struct sign_need *n)
{
	strlcpy(n->interface, c->interface, sizeof(n->interface));
	n->addrs[n->naddrs++] = c->listen;
}

static void
need_fill(const struct health *h, int kind, struct sign_need *n)
{
	const struct conf_health	*ch = &h->conf.health;

	memset(n, 0, sizeof(*n));
	n->ifindex = h->ifindex[kind];
	n->tunnel = *kind_prefix(kind);
	if (kind == RELAY_6TO4)
		need_6to4(&h->conf.sixtofour, n);
	else
		need_teredo(&h->conf.teredo, n);
	n->nroutes = ch->nroutes;
	memcpy(n->routes, ch->routes, sizeof(n->routes));
}

/* Follow the kernel's routes for all relays, from the start. */
static void
watch_again(struct health *h)
{
	struct prefix	 p[RELAY_NKINDS + LIMIT_SIGN_ROUTES];
	size_t		 n = 0;
	uint32_t	 i;

	for (i = 0; i < RELAY_NKINDS; i++)
		if (h->patient[i].enabled)
			p[n++] = h->patient[i].signs.next.need.tunnel;
	for (i = 0; i < h->conf.health.nroutes; i++)
		p[n++] = h->conf.health.routes[i];
	if (os_watch_routes(h->watch, p, n) == -1 ||
	    os_watch_start(h->watch) == -1)
		fatal("watching the kernel");
}

/* Take one relay's configuration; true when it needs something else now. */
static int
patient_conf(struct health *h, int kind, int enabled)
{
	const struct conf_verdict	*conf = &h->conf.health.relay[kind];
	struct patient			*p = &h->patient[kind];
	struct sign_need		 need;

	if (enabled && !p->enabled)
		subject_init(&p->subject, kind_names[kind], conf, mono_now());
	p->enabled = enabled;
	p->subject.verdict.conf = *conf;
	if (!enabled)
		return (0);
	need_fill(h, kind, &need);
	if (memcmp(&need, &p->signs.now.need, sizeof(need)) == 0)
		return (0);
	signs_need(&p->signs, &need);
	return (1);
}

static void
on_conf(void *ctx, int from, const void *data, int fd)
{
	struct health	*h = ctx;
	int		 i, changed;

	memcpy(&h->conf, data, sizeof(h->conf));
	h->paused[0] = '\0';
	h->leaving = h->left = 0;
	h->configured = 1;
	changed = patient_conf(h, RELAY_6TO4, h->conf.sixtofour.enabled);
	changed |= patient_conf(h, RELAY_TEREDO, h->conf.teredo.enabled);
	for (i = 0; i < RELAY_NKINDS; i++)
		probes_conf(&h->patient[i].probes);
	if (changed)
		watch_again(h);
	steer_conf(h);
	proc_beat(h->pr, MONO_MS(h->conf.health.interval_ms));
	timer_arm(&h->round, MONO_MS(h->conf.health.interval_ms));
}

static void
on_probe(void *ctx, int from, const void *data, int fd)
{
	const struct probe_note	*n = data;
	struct health		*h = ctx;

	if (n->kind >= RELAY_NKINDS || n->what >= PROBE_NFDS)
		fatalx("descriptor of an unknown probe");
	probes_fd(&h->patient[n->kind].probes, n->what, fd);
}

/* The connection of a probe; without a descriptor there will be none. */
static void
on_dialed(void *ctx, int from, const void *data, int fd)
{
	const struct probe_dial	*d = data;
	struct health		*h = ctx;

	if (d->kind >= RELAY_NKINDS)
		fatalx("connection of an unknown probe");
	probes_dialed(&h->patient[d->kind].probes, d, fd);
	judge_now(h);
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

/* Client 0 is nobody: we asked ourselves. */
static void
on_counters(void *ctx, int from, const void *data, int fd)
{
	const struct relay_counters	*c = data;
	struct health			*h = ctx;

	if (c->client != 0)
		control_counters(h, c);
	else if (c->kind < RELAY_NKINDS) {
		overload_sample(&h->patient[c->kind].overload, c,
		    h->conf.health.overload, mono_now());
		judge_now(h);
	}
}

static void
on_sample(int fd, short event, void *arg)
{
	static const struct relay_ticket	 ours;
	struct health				*h = arg;

	if (h->conf.health.overload != 0 && proc_alive(h->pr, RELAY))
		proc_send(h->pr, RELAY, M_ASK, &ours, -1);
	timer_arm(&h->sample, MONO_S(1));
}

static void
on_page(void *ctx, int from, const void *data, int fd)
{
	control_page(ctx, data);
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
	[M_INDEX(M_PROBE)] =	on_probe,
	[M_INDEX(M_DIALED)] =	on_dialed,
	[M_INDEX(M_NODIAL)] =	on_dialed,
	[M_INDEX(M_LEAVE)] =	steer_on_leave,
	[M_INDEX(M_DRAINS)] =	steer_on_drains,
	[M_INDEX(M_DRAINED)] =	steer_on_drained,
	[M_INDEX(M_COUNTERS)] =	on_counters,
	[M_INDEX(M_PAGE)] =	on_page
};

void
health_main(int foreground)
{
	struct health	*h;
	int		 i;

	verdict_check();
	drain_check();
	if ((h = calloc(1, sizeof(*h))) == NULL)
		fatal("health");
	event_init();
	timer_init(&h->round, on_round, h);
	timer_init(&h->sample, on_sample, h);
	timer_arm(&h->sample, MONO_S(1));
	h->pr = proc_new(&relayd6_def, HEALTH, handlers, &hooks, h);
	for (i = 0; i < RELAY_NKINDS; i++)
		probes_init(&h->patient[i].probes, i, h->pr, &h->conf,
		    judge_now, h);
	proc_confine(h->pr, foreground);
	event_dispatch();
	fatalx("event loop ended");
}
