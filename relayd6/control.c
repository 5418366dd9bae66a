/*
 * Answers for ctl6: one function a request.  Runs in the health process.
 */
#include <string.h>

#include "ctlmsg.h"
#include "health.h"
#include "log.h"

/* In the order of enum drop. */
static const struct {
	const char	*word;
	const char	*text;
} drop_names[DROP_NREASONS] = {
#define X(sym, word, text)	[DROP_##sym] = { word, text },
	DROP_REASONS(X)
#undef X
};

static void
reply_health(struct ctl_client *c, int kind, const struct patient *p)
{
	const struct verdict_track	*v = &p->verdict;
	struct ctl_health		 ch;
	struct ctl_sign			 cs;
	int				 i;

	memset(&ch, 0, sizeof(ch));
	ch.kind = kind;
	ch.state = v->state;
	ch.streak = v->streak;
	ch.rise = v->rise;
	ch.changes = v->changes;
	ch.for_ms = mono_sub(mono_now(), v->since) / MONO_MS(1);
	strlcpy(ch.reason, v->reason, sizeof(ch.reason));
	ctl_reply(c, CTL_HEALTH, &ch, sizeof(ch));
	for (i = 0; signs_get(&p->signs, i, &cs); i++)
		ctl_reply(c, CTL_SIGN, &cs, sizeof(cs));
}

static void
show_health(void *ctx, struct ctl_client *c, const void *data)
{
	struct health	*h = ctx;
	int		 i;

	for (i = 0; i < RELAY_NKINDS; i++)
		if (h->patient[i].enabled)
			reply_health(c, i, &h->patient[i]);
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
fill_relay(const struct health *h, const struct relay_counters *n,
    struct ctl_relay *r)
{
	const struct conf_6to4	*conf = &h->conf.sixtofour;
	uint32_t		 i;

	memset(r, 0, sizeof(*r));
	r->kind = RELAY_6TO4;
	r->mtu = conf->mtu;
	strlcpy(r->interface, conf->interface, sizeof(r->interface));
	r->nlisten = conf->nlisten;
	for (i = 0; i < conf->nlisten; i++)
		ipaddr_from_in(&r->listen[i], &conf->listen[i]);
	ipaddr_from_in(&r->source, &conf->source);
	r->for_ms = n->for_ms;
	r->in_packets = n->in_packets;
	r->in_bytes = n->in_bytes;
	r->out_packets = n->out_packets;
	r->out_bytes = n->out_bytes;
	r->errors_sent = n->errors_sent;
}

void
control_counters(struct health *h, const struct relay_counters *n)
{
	struct ctl_client	*c;
	struct ctl_counter	 cc;
	struct ctl_relay	 r;
	int			 i;

	if ((c = ctl_client_find(h->server, n->client)) == NULL)
		return;
	if (h->conf.sixtofour.enabled) {
		fill_relay(h, n, &r);
		ctl_reply(c, CTL_RELAY, &r, sizeof(r));
		for (i = 0; i < DROP_NREASONS; i++) {
			memset(&cc, 0, sizeof(cc));
			cc.kind = RELAY_6TO4;
			cc.in = n->drops_in[i];
			cc.out = n->drops_out[i];
			strlcpy(cc.name, drop_names[i].word, sizeof(cc.name));
			strlcpy(cc.text, drop_names[i].text, sizeof(cc.text));
			ctl_reply(c, CTL_COUNTER, &cc, sizeof(cc));
		}
	}
	ctl_end(c, 0, NULL);
}

static void
subscribe(void *ctx, struct ctl_client *c, const void *data)
{
	struct health	*h = ctx;
	struct ctl_feed	 f;

	ctl_subscribe(c);
	health_feed(h, &f);
	ctl_reply(c, CTL_FEED, &f, sizeof(f));
}

static const struct ctl_request	requests[] = {
	{ CTL_SHOW_HEALTH,	0, 0, show_health },
	{ CTL_SHOW_RELAYS,	0, 0, show_relays },
	{ CTL_SUBSCRIBE,	0, 0, subscribe }
};

void
control_start(struct health *h, int fd)
{
	h->server = ctl_server_new(fd, requests,
	    nitems(requests), h->pr, h);
}
