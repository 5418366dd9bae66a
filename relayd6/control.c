/*
 * Answers for ctl6: one function a request.  Runs in the health process.
 */
#include <string.h>

#include "ctlmsg.h"
#include "health.h"
#include "log.h"
#include "teredo_peer.h"

/* In the order of enum drop. */
static const struct {
	const char	*word;
	const char	*text;
} drop_names[DROP_NREASONS] = {
#define X(sym, word, text)	[DROP_##sym] = { word, text },
	DROP_REASONS(X)
#undef X
};

/* In the order of enum teredo_case and enum teredo_state. */
static const struct {
	const char	*word;
	const char	*text;
} case_names[TEREDO_NCASES] = {
#define X(sym, word, text)	[TEREDO_CASE_##sym] = { word, text },
	TEREDO_CASES(X)
#undef X
};

static const char *const	state_names[TEREDO_NSTATES] = {
#define X(sym, word)	[TEREDO_##sym] = word,
	TEREDO_STATES(X)
#undef X
};

static void
reply_overload(struct ctl_client *c, const struct overload *o)
{
	struct ctl_sign	 cs;

	memset(&cs, 0, sizeof(cs));
	strlcpy(cs.name, "capacity", sizeof(cs.name));
	strlcpy(cs.detail, "nothing to speak of is dropped for lack of room",
	    sizeof(cs.detail));
	cs.ok = overload_good(o, cs.detail, sizeof(cs.detail));
	ctl_reply(c, CTL_SIGN, &cs, sizeof(cs));
}

static void
reply_probes(struct ctl_client *c, const struct probe *p)
{
	struct ctl_probe	 cp;
	struct ctl_sign		 cs;
	int			 i;

	if (p->conf.ntargets == 0)
		return;
	memset(&cs, 0, sizeof(cs));
	strlcpy(cs.name, "probes", sizeof(cs.name));
	strlcpy(cs.detail, "packets come back, and enough targets answer",
	    sizeof(cs.detail));
	cs.ok = probe_good(p, cs.detail, sizeof(cs.detail));
	ctl_reply(c, CTL_SIGN, &cs, sizeof(cs));
	for (i = 0; probe_get(p, i, &cp, mono_now()); i++)
		ctl_reply(c, CTL_PROBE, &cp, sizeof(cp));
}

static void
reply_health(struct ctl_client *c, const struct subject *s, int check,
    int64_t lease)
{
	const struct verdict_track	*v = &s->verdict;
	struct ctl_health		 ch;
	mono_t				 now = mono_now();

	memset(&ch, 0, sizeof(ch));
	ch.check = check;
	ch.state = s->told.state;
	ch.flaps = verdict_flaps(v, now);
	ch.held_ms = verdict_up(v) ? 0 : verdict_held(v, now) / MONO_MS(1);
	ch.lease_ms = lease / MONO_MS(1);
	ch.changes = v->changes;
	ch.for_ms = mono_sub(now, v->since) / MONO_MS(1);
	strlcpy(ch.name, s->name, sizeof(ch.name));
	strlcpy(ch.reason, s->told.reason, sizeof(ch.reason));
	ctl_reply(c, CTL_HEALTH, &ch, sizeof(ch));
}

static void
reply_signs(struct ctl_client *c, const struct signs *s)
{
	struct ctl_sign	 cs;
	int		 i;

	for (i = 0; signs_get(s, i, &cs); i++)
		ctl_reply(c, CTL_SIGN, &cs, sizeof(cs));
}

static void
show_health(void *ctx, struct ctl_client *c, const void *data)
{
	struct health	*h = ctx;
	struct check	*k;
	uint32_t	 i;

	for (i = 0; i < RELAY_NKINDS; i++) {
		if (!h->patient[i].enabled)
			continue;
		reply_health(c, &h->patient[i].subject, 0, 0);
		reply_signs(c, &h->patient[i].signs);
		if (h->conf.health.overload != 0)
			reply_overload(c, &h->patient[i].overload);
		reply_probes(c, &h->patient[i].probes.engine);
	}
	for (i = 0; i < h->nchecks; i++) {
		k = &h->check[i];
		reply_health(c, &k->subject, 1, check_left(k, mono_now()));
	}
	ctl_end(c, 0, NULL);
}

static void
show_relays(void *ctx, struct ctl_client *c, const void *data)
{
	struct relay_ticket	 t = { ctl_client_id(c) };
	struct health		*h = ctx;

	if (!proc_alive(h->pr, RELAY))
		ctl_end(c, 1, "the relay process is gone");
	else if (h->patient[RELAY_6TO4].signs.relay_silent)
		ctl_end(c, 1, "the relay process does not answer");
	else
		proc_send(h->pr, RELAY, M_ASK, &t, -1);
}

static void
fill_6to4(const struct conf_6to4 *conf, struct ctl_relay *r)
{
	uint32_t	 i;

	r->mtu = conf->mtu;
	strlcpy(r->interface, conf->interface, sizeof(r->interface));
	r->nlisten = conf->nlisten;
	for (i = 0; i < conf->nlisten; i++)
		ipaddr_from_in(&r->listen[i], &conf->listen[i]);
	ipaddr_from_in(&r->source, &conf->source);
}

static void
fill_teredo(const struct conf_teredo *conf, struct ctl_relay *r)
{
	r->mtu = conf->mtu;
	strlcpy(r->interface, conf->interface, sizeof(r->interface));
	r->nlisten = 1;
	ipaddr_from_in(&r->listen[0], &conf->listen);
	ipaddr_from_in(&r->source, &conf->listen);
	r->port = conf->port;
}

static void
reply_relay(const struct health *h, struct ctl_client *c,
    const struct relay_counters *n)
{
	struct ctl_relay	 r;

	memset(&r, 0, sizeof(r));
	r.kind = n->kind;
	if (n->kind == RELAY_6TO4)
		fill_6to4(&h->conf.sixtofour, &r);
	else
		fill_teredo(&h->conf.teredo, &r);
	r.clients = n->clients;
	r.for_ms = n->for_ms;
	r.in_packets = n->in_packets;
	r.in_bytes = n->in_bytes;
	r.out_packets = n->out_packets;
	r.out_bytes = n->out_bytes;
	r.errors_sent = n->errors_sent;
	ctl_reply(c, CTL_RELAY, &r, sizeof(r));
}

static void
reply_cases(struct ctl_client *c, const struct relay_counters *n)
{
	struct ctl_case	 cc;
	int		 i;

	for (i = 0; i < TEREDO_NCASES; i++) {
		memset(&cc, 0, sizeof(cc));
		cc.kind = n->kind;
		cc.count = n->cases[i];
		strlcpy(cc.name, case_names[i].word, sizeof(cc.name));
		strlcpy(cc.text, case_names[i].text, sizeof(cc.text));
		ctl_reply(c, CTL_CASE, &cc, sizeof(cc));
	}
}

static void
reply_drops(struct ctl_client *c, const struct relay_counters *n)
{
	struct ctl_counter	 cc;
	int			 i;

	for (i = 0; i < DROP_NREASONS; i++) {
		memset(&cc, 0, sizeof(cc));
		cc.kind = n->kind;
		cc.in = n->drops_in[i];
		cc.out = n->drops_out[i];
		strlcpy(cc.name, drop_names[i].word, sizeof(cc.name));
		strlcpy(cc.text, drop_names[i].text, sizeof(cc.text));
		ctl_reply(c, CTL_COUNTER, &cc, sizeof(cc));
	}
}

void
control_counters(struct health *h, const struct relay_counters *n)
{
	struct ctl_client	*c;

	if ((c = ctl_client_find(h->server, n->client)) == NULL)
		return;
	if (n->kind < RELAY_NKINDS && h->patient[n->kind].enabled) {
		reply_relay(h, c, n);
		if (n->kind == RELAY_TEREDO)
			reply_cases(c, n);
		reply_drops(c, n);
	}
	if (n->last)
		ctl_end(c, 0, NULL);
}

/* --- clients, page by page --------------------------------------------- */

/* Ask for the next page; the walk waits in the client's pocket. */
static void
next_page(void *ctx, struct ctl_client *c)
{
	struct health		*h = ctx;
	struct relay_walk	 w;

	memset(&w, 0, sizeof(w));
	memcpy(&w.walk, ctl_client_pocket(c), sizeof(w.walk));
	w.client = ctl_client_id(c);
	if (proc_alive(h->pr, RELAY))
		proc_send(h->pr, RELAY, M_WALK, &w, -1);
	else
		ctl_end(c, 1, "the relay process is gone");
}

static void
show_clients(void *ctx, struct ctl_client *c, const void *data)
{
	const struct ctl_filter	*f = data;
	struct teredo_walk	 walk;

	memset(&walk, 0, sizeof(walk));
	walk.filter = f->prefix;
	if (walk.filter.af != 0 && walk.filter.af != 4 &&
	    walk.filter.af != 6) {
		ctl_end(c, 1, "not a prefix");
		return;
	}
	if (walk.filter.len > 8 * ipaddr_size(walk.filter.af))
		walk.filter.len = 8 * ipaddr_size(walk.filter.af);
	memcpy(ctl_client_pocket(c), &walk, sizeof(walk));
	next_page(ctx, c);
}

static void
reply_client(struct ctl_client *c, const struct teredo_client *t)
{
	struct ctl_client_row	 row;

	memset(&row, 0, sizeof(row));
	ipaddr_from_in6(&row.addr, &t->addr);
	ipaddr_from_in(&row.mapped, &t->mapped);
	ipaddr_from_in(&row.server, &t->server);
	row.port = t->port;
	row.held = t->held;
	if (t->state < TEREDO_NSTATES)
		strlcpy(row.state, state_names[t->state], sizeof(row.state));
	row.for_ms = t->for_ms;
	row.rx_ms = t->rx_ms;
	row.in_packets = t->in_packets;
	row.out_packets = t->out_packets;
	ctl_reply(c, CTL_CLIENT, &row, sizeof(row));
}

void
control_page(struct health *h, const struct relay_page *page)
{
	struct ctl_client	*c;
	uint32_t		 i;

	if ((c = ctl_client_find(h->server, page->at.client)) == NULL)
		return;
	for (i = 0; i < page->at.n && i < RELAY_PAGE; i++)
		reply_client(c, &page->row[i]);
	memcpy(ctl_client_pocket(c), &page->at.walk, sizeof(page->at.walk));
	if (page->at.walk.done)
		ctl_end(c, 0, NULL);
	else
		ctl_when_read(c, next_page);
}

/* --- steering ---------------------------------------------------------- */

/* Words that go into the log and into a line of a file. */
static int
words_valid(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return (0);
	return (1);
}

/* The parent keeps the list, since it outlives us. */
static void
drain(void *ctx, struct ctl_client *c, const void *data)
{
	struct relay_drain	 rd;
	struct ctl_drain	 ask;
	struct health		*h = ctx;

	memcpy(&ask, data, sizeof(ask));
	ask.name[sizeof(ask.name) - 1] = '\0';
	ask.reason[sizeof(ask.reason) - 1] = '\0';
	memset(&rd, 0, sizeof(rd));
	rd.client = ctl_client_id(c);
	rd.undrain = ask.undrain;
	strlcpy(rd.entry.name, ask.name, sizeof(rd.entry.name));
	strlcpy(rd.entry.reason, ask.reason, sizeof(rd.entry.reason));
	if (!ask.undrain && strcmp(rd.entry.name, DRAIN_ALL) != 0 &&
	    steer_find(h, rd.entry.name) == NULL)
		ctl_end(c, 1, "there is no such relay or check");
	else if (!words_valid(rd.entry.reason))
		ctl_end(c, 1, "the reason has control characters");
	else
		proc_send(h->pr, PROC_PARENT, M_DRAIN, &rd, -1);
}

static void
report(void *ctx, struct ctl_client *c, const void *data)
{
	struct ctl_report	 r;
	struct health		*h = ctx;
	uint32_t		 i;

	memcpy(&r, data, sizeof(r));
	r.name[sizeof(r.name) - 1] = '\0';
	r.reason[sizeof(r.reason) - 1] = '\0';
	for (i = 0; i < h->nchecks; i++)
		if (strcmp(h->check[i].conf.name, r.name) == 0)
			break;
	if (i == h->nchecks)
		ctl_end(c, 1, "there is no such check");
	else if (!words_valid(r.reason))
		ctl_end(c, 1, "the reason has control characters");
	else if (r.lease_s > LIMIT_LEASE_S)
		ctl_end(c, 1, "no report is good for that long");
	else {
		check_report(&h->check[i], &r, mono_now());
		health_news(h);
		ctl_end(c, 0, NULL);
	}
}

static void
subscribe(void *ctx, struct ctl_client *c, const void *data)
{
	struct health	*h = ctx;
	struct ctl_feed	 f;

	ctl_subscribe(c, CTL_FEED, LIMIT_CTL_FEED);
	health_feed(h, &f);
	ctl_reply(c, CTL_FEED, &f, sizeof(f));
}

static const struct ctl_request	requests[] = {
	{ CTL_SHOW_HEALTH,	0, 0, show_health },
	{ CTL_SHOW_RELAYS,	0, 0, show_relays },
	{ CTL_SHOW_CLIENTS,	sizeof(struct ctl_filter), 0, show_clients },
	{ CTL_SUBSCRIBE,	0, 0, subscribe },
	{ CTL_DRAIN,		sizeof(struct ctl_drain), 1, drain },
	{ CTL_REPORT,		sizeof(struct ctl_report), 0, report }
};

void
control_start(struct health *h, int fd)
{
	h->server = ctl_server_new(fd, requests,
	    nitems(requests), h->pr, h);
}
