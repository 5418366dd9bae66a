/*
 * A network of two BGP neighbors in memory: see bgp_net.h.
 */
#include <atf-c.h>
#include <stdio.h>
#include <string.h>

#include "bgp_net.h"

static void
on_connect(void *arg, struct bgp_peer *p)
{
	struct net_end	*e = arg;

	e->wants_connect = 1;
	e->attempts++;
	e->attempt_at = e->net->now;
}

/* The link behind a side of an end: what it opened, or what the other did. */
static struct net_link *
link_of(struct net_end *e, enum bgp_side side)
{
	return (&e->net->link[side == BGP_OUT ? e->n : 1 - e->n]);
}

static void
on_shut(void *arg, struct bgp_peer *p, enum bgp_side side)
{
	struct net_end	*e = arg;

	link_of(e, side)->fin[e->n] = 1;
}

static void
on_close(void *arg, struct bgp_peer *p, enum bgp_side side)
{
	struct net_end	*e = arg;

	if (side == BGP_OUT)
		e->wants_connect = 0;
	link_of(e, side)->open[e->n] = 0;
	link_of(e, side)->fin[e->n] = 1;
}

static void
on_state(void *arg, struct bgp_peer *p, enum bgp_state was, enum bgp_state is)
{
	struct net_end	*e = arg;

	ATF_CHECK(was != is);
	e->states++;
}

static void
on_log(void *arg, struct bgp_peer *p, int pri, const char *line)
{
	struct net_end	*e = arg;

	if (e->first_log[0] == '\0')
		strlcpy(e->first_log, line, sizeof(e->first_log));
	strlcpy(e->last_log, line, sizeof(e->last_log));
}

/* The same numbers every time, spread well enough for jitter. */
static uint32_t
net_random(struct net *n)
{
	n->random = n->random * 1103515245 + 12345;
	return (n->random >> 12);
}

static uint32_t
on_random(void *arg)
{
	struct net_end	*e = arg;

	return (net_random(e->net));
}

static const struct bgp_ops	ops = {
	on_connect, on_shut, on_close, on_state, on_log, on_random
};

void
net_init(struct net *n)
{
	struct bgp_conf_peer	*c;
	int			 i;

	memset(n, 0, sizeof(*n));
	n->now.ns = MONO_S(1000);
	n->random = 1;
	for (i = 0; i < 2; i++) {
		c = &n->end[i].conf;
		c->id = i;
		c->hold_time = 90;
		c->local_as = i == 0 ? 64600 : 65101;
		c->remote_as = i == 0 ? 65101 : 64600;
		c->router_id = i == 0 ? 0x0a000001 : 0x0a000002;
		ipaddr_parse(&c->local, i == 0 ? "2001:db8::1" :
		    "2001:db8::2");
		ipaddr_parse(&c->remote, i == 0 ? "2001:db8::2" :
		    "2001:db8::1");
		n->end[i].net = n;
		n->end[i].n = i;
		n->end[i].listens = 1;
		n->end[i].window = SIZE_MAX;
	}
}

void
net_make(struct net *n)
{
	int	 i;

	for (i = 0; i < 2; i++) {
		n->end[i].p = bgp_peer_new(&n->end[i].conf, &ops, &n->end[i]);
		ATF_REQUIRE(n->end[i].p != NULL);
	}
}

void
net_free(struct net *n)
{
	bgp_peer_free(n->end[0].p);
	bgp_peer_free(n->end[1].p);
}

void
net_start(struct net *n)
{
	bgp_peer_start(n->end[0].p, n->now);
	bgp_peer_start(n->end[1].p, n->now);
	net_pump(n);
}

/* Answer one request to connect. */
static int
connect_one(struct net *n, int from)
{
	struct net_end	*e = &n->end[from], *o = &n->end[1 - from];
	struct net_link	*l = &n->link[from];

	if (!e->wants_connect)
		return (0);
	e->wants_connect = 0;
	if (!o->listens || o->p == NULL) {
		bgp_peer_failed(e->p, BGP_OUT, "Connection refused", n->now);
		return (1);
	}
	memset(l, 0, sizeof(*l));
	l->open[from] = 1;
	if (bgp_peer_opened(e->p, BGP_OUT, &e->conf.local, &e->conf.remote,
	    n->now) == -1)
		ATF_CHECK(0);
	if (bgp_peer_opened(o->p, BGP_IN, &o->conf.local, &o->conf.remote,
	    n->now) == 0)
		l->open[1 - from] = 1;
	else
		l->fin[1 - from] = 1;
	return (1);
}

/* Move what one end wants to write on a link to the other. */
static int
move_bytes(struct net *n, int link, int from)
{
	struct net_end	*e = &n->end[from], *o = &n->end[1 - from];
	enum bgp_side	 side = link == from ? BGP_OUT : BGP_IN;
	const uint8_t	*p;
	uint8_t		 copy[BGP_MSG_MAX];
	size_t		 len;

	if (!n->link[link].open[from])
		return (0);
	p = bgp_peer_output(e->p, side, &len);
	if (len > o->window)
		len = o->window;
	if (len > sizeof(copy))
		len = sizeof(copy);
	if (len == 0)
		return (0);
	if (n->shuffle)
		len = 1 + net_random(n) % len;
	memcpy(copy, p, len);
	o->window -= o->window == SIZE_MAX ? 0 : len;
	bgp_peer_wrote(e->p, side, len, n->now);
	if (!n->link[link].open[1 - from])
		return (1);
	ATF_REQUIRE(o->tape_len + len <= NET_TAPE);
	memcpy(o->tape + o->tape_len, copy, len);
	o->tape_len += len;
	bgp_peer_input(o->p, link == 1 - from ? BGP_OUT : BGP_IN, copy, len,
	    n->now);
	return (1);
}

/* Tell an end that the other is done with the link. */
static int
move_fin(struct net *n, int link, int to)
{
	struct net_link	*l = &n->link[link];

	if (!l->open[to] || !l->fin[1 - to])
		return (0);
	bgp_peer_failed(n->end[to].p, link == to ? BGP_OUT : BGP_IN,
	    "closed by peer", n->now);
	ATF_CHECK(!l->open[to]);
	return (1);
}

/* Ten times at random, which nearly always finds what there is to do. */
static int
pump_shuffled(struct net *n)
{
	int	 i, end, busy = 0;

	for (i = 0; i < 10 && !busy; i++) {
		end = net_random(n) % 2;
		if (net_random(n) % 3 == 0)
			busy |= connect_one(n, end);
		else
			busy |= move_bytes(n, net_random(n) % 2, end);
	}
	return (busy);
}

static int
pump_once(struct net *n)
{
	int	 link, end, busy = 0;

	if (n->shuffle && pump_shuffled(n))
		return (1);
	busy |= connect_one(n, 0);
	busy |= connect_one(n, 1);
	for (link = 0; link < 2; link++)
		for (end = 0; end < 2; end++)
			busy |= move_bytes(n, link, end);
	if (busy)
		return (1);
	for (link = 0; link < 2; link++)
		for (end = 0; end < 2; end++)
			busy |= move_fin(n, link, end);
	return (busy);
}

void
net_pump(struct net *n)
{
	int	 turns;

	for (turns = 0; pump_once(n); turns++)
		ATF_REQUIRE(turns < 10000);
}

void
net_run(struct net *n, double seconds)
{
	mono_t	 end, a, b;

	end = mono_add(n->now, (int64_t)(seconds * 1e9));
	for (;;) {
		net_pump(n);
		a = bgp_peer_deadline(n->end[0].p);
		b = bgp_peer_deadline(n->end[1].p);
		if (b.ns < a.ns)
			a = b;
		if (a.ns > end.ns)
			break;
		if (a.ns > n->now.ns)
			n->now = a;
		bgp_peer_tick(n->end[0].p, n->now);
		bgp_peer_tick(n->end[1].p, n->now);
	}
	n->now = end;
}

void
net_cut(struct net *n, int link)
{
	n->link[link].open[0] = n->link[link].open[1] = 0;
	n->link[link].fin[0] = n->link[link].fin[1] = 0;
}

enum bgp_state
net_state(const struct net *n, int end)
{
	return (bgp_peer_state(n->end[end].p));
}

void
net_stats(const struct net *n, int end, struct bgp_peer_stats *st)
{
	bgp_peer_stats(n->end[end].p, st);
}

/* Does the UPDATE whose body this is begin with withdrawals? */
static int
update_withdraws(const uint8_t *body)
{
	return (body[0] != 0 || body[1] != 0 ||
	    body[5] == BGP_A_MP_UNREACH);
}

void
net_tape(const struct net *n, int end, char *buf, size_t size)
{
	const struct net_end	*e = &n->end[end];
	struct bgp_error	 err;
	size_t			 at = 0, i = 0;
	ssize_t			 len;
	uint8_t			 type;

	while (i + 1 < size && (len = bgp_frame(e->tape + at,
	    e->tape_len - at, BGP_MSG_MAX, &type, &err)) > 0) {
		buf[i] = "?OUNKR"[type];
		if (type == BGP_UPDATE)
			buf[i] = update_withdraws(e->tape + at +
			    BGP_HEADER_LEN) ? 'W' : 'A';
		i++;
		at += len;
	}
	buf[i] = '\0';
}

struct bgp_announce
net_announce(const char *prefix)
{
	struct bgp_announce	 a;

	memset(&a, 0, sizeof(a));
	ATF_REQUIRE_EQ(prefix_parse(&a.prefix, prefix), 0);
	return (a);
}
