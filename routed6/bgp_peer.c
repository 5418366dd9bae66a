/*
 * One BGP neighbor: see bgp_peer.h.  The face towards the bgp process: takes
 * events and bytes, keeps the two connections in step, and answers questions.
 * Engine; no I/O, no clock.  RFC 4271 6.7 (Cease), 8.1 (events), 8.2.1.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "bgp_conn.h"

void
bgp_peer_log(struct bgp_peer *p, int pri, const char *fmt, ...)
{
	char	 line[BGP_ERROR_TEXT + 64];
	va_list	 ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	p->ops->log(p->arg, p, pri, line);
}

void
bgp_conn_failure(struct bgp_conn *c, const char *fmt, ...)
{
	struct bgp_peer	*p = c->peer;
	char		 words[sizeof(p->stats.failure)];
	va_list		 ap;
	int		 news;

	va_start(ap, fmt);
	vsnprintf(words, sizeof(words), fmt, ap);
	va_end(ap);
	if (p->up != NULL && p->up != c) {
		bgp_peer_log(p, LOG_DEBUG, "another connection: %s", words);
		return;
	}
	news = strcmp(words, p->stats.failure) != 0 ||
	    !mono_reached(p->stats.failure_at, p->up_since);
	strlcpy(p->stats.failure, words, sizeof(p->stats.failure));
	p->stats.failure_at = p->now;
	if (p->up == c)
		bgp_peer_log(p, LOG_WARNING, "connection lost: %s", words);
	else if (news)
		bgp_peer_log(p, LOG_WARNING, "no session: %s", words);
}

void
bgp_peer_session(const struct bgp_peer *p, const struct bgp_conn *c,
    struct bgp_session *s)
{
	uint32_t	 caps = c->got.caps;

	memset(s, 0, sizeof(*s));
	s->local_as = p->conf.local_as;
	s->ibgp = p->conf.local_as == p->conf.remote_as;
	s->as4 = (caps & BGP_CAP_AS4) != 0;
	/* RFC 4760 8: who names no family takes IPv4 unicast. */
	s->ip4 = !(caps & BGP_CAP_MP) || (caps & BGP_CAP_IP4);
	s->ip6 = (caps & BGP_CAP_IP6) != 0;
	s->extnh = (caps & BGP_CAP_EXTNH) && (caps & BGP_CAP_IP4);
	s->role = p->conf.role;
	s->local = c->local;
	s->linklocal = c->linklocal;
	s->attrs = p->conf.attrs;
	s->nexthop4 = p->conf.nexthop4;
	s->nexthop6 = p->conf.nexthop6;
}

void
bgp_peer_down(struct bgp_peer *p)
{
	if (mono_sub(p->now, p->up_since) >= BGP_STABLE)
		p->failures = 0;
	p->up = NULL;
	bgp_adjout_down(&p->adj);
	bgp_heard_clear(&p->heard);
}

void
bgp_peer_open(const struct bgp_peer *p, struct bgp_open *o)
{
	memset(o, 0, sizeof(*o));
	o->as = p->conf.local_as;
	o->id = p->conf.router_id;
	o->hold = p->conf.hold_time;
	o->role = p->conf.role;
	o->caps = BGP_CAP_IP4 | BGP_CAP_IP6 | BGP_CAP_EXTNH | BGP_CAP_AS4 |
	    BGP_CAP_REFRESH | BGP_CAP_ERR | BGP_CAP_EXTMSG;
	if (o->role != BGP_ROLE_NONE && o->as != p->conf.remote_as)
		o->caps |= BGP_CAP_ROLE;
}

/* How far a connection got; nothing without one. */
static int
conn_progress(const struct bgp_conn *c)
{
	if (!c->open)
		return (0);
	return (c->state == BGP_CLOSING ? 1 : (int)c->state);
}

/* The connection that got furthest. */
static const struct bgp_conn *
peer_conn(const struct bgp_peer *p)
{
	const struct bgp_conn	*out = &p->conn[BGP_OUT];
	const struct bgp_conn	*in = &p->conn[BGP_IN];

	if (p->up != NULL)
		return (p->up);
	if (conn_progress(in) > conn_progress(out) ||
	    (!out->open && (p->conf.flags & BGP_F_PASSIVE)))
		return (in);
	return (out);
}

enum bgp_state
bgp_peer_state(const struct bgp_peer *p)
{
	return (peer_conn(p)->state);
}

/*
 * Start what should be running and is not: always the side that waits for
 * the peer; our own attempts unless the peer's connection got further.
 */
static void
sides_start(struct bgp_peer *p)
{
	struct bgp_conn	*out = &p->conn[BGP_OUT], *in = &p->conn[BGP_IN];

	if (in->state == BGP_IDLE)
		bgp_conn_event(in, BGP_EV_LISTEN);
	if (out->state != BGP_IDLE || (p->conf.flags & BGP_F_PASSIVE))
		return;
	if (in->state == BGP_OPENCONFIRM || in->state == BGP_ESTABLISHED)
		out->timer[BGP_T_START].ns = MONO_NEVER;
	else if (out->timer[BGP_T_START].ns == MONO_NEVER)
		bgp_conn_arm(out, BGP_T_START, bgp_peer_backoff(p));
}

/* The end of every call: bring the sides in step, report the state. */
static void
peer_settle(struct bgp_peer *p)
{
	enum bgp_state	 was = p->shown;

	if (p->started)
		sides_start(p);
	p->shown = bgp_peer_state(p);
	if (p->shown == was)
		return;
	p->shown_since = p->now;
	p->ops->state(p->arg, p, was, p->shown);
}

struct bgp_peer *
bgp_peer_new(const struct bgp_conf_peer *conf, const struct bgp_ops *ops,
    void *arg)
{
	struct bgp_peer	*p;
	uint8_t		 key[SIPHASH_KEYLEN];
	size_t		 i;

	if ((p = calloc(1, sizeof(*p))) == NULL)
		return (NULL);
	p->conf = *conf;
	p->ops = ops;
	p->arg = arg;
	p->shown = BGP_IDLE;
	p->restart.ns = MONO_NEVER;
	bgp_adjout_init(&p->adj);
	for (i = 0; i < sizeof(key); i++)
		key[i] = ops->random(arg);
	bgp_heard_init(&p->heard, key);
	bgp_conn_init(&p->conn[BGP_OUT], p, BGP_OUT);
	bgp_conn_init(&p->conn[BGP_IN], p, BGP_IN);
	return (p);
}

void
bgp_peer_free(struct bgp_peer *p)
{
	size_t	 i;

	if (p == NULL)
		return;
	for (i = 0; i < BGP_NSIDES; i++) {
		if (p->conn[i].open)
			p->ops->close(p->arg, p, p->conn[i].side);
		free(p->conn[i].in);
		free(p->conn[i].out);
	}
	bgp_heard_clear(&p->heard);
	free(p);
}

void
bgp_peer_start(struct bgp_peer *p, mono_t now)
{
	p->now = now;
	if (!p->started) {
		p->started = 1;
		p->failures = 0;
		p->restart.ns = MONO_NEVER;
	}
	peer_settle(p);
}

/* End both connections in order. */
static void
peer_leave(struct bgp_peer *p, uint8_t subcode, const char *text)
{
	bgp_error_cease(&p->bye, subcode, text);
	bgp_conn_event(&p->conn[BGP_OUT], BGP_EV_STOP);
	bgp_conn_event(&p->conn[BGP_IN], BGP_EV_STOP);
	peer_settle(p);
}

void
bgp_peer_stop(struct bgp_peer *p, uint8_t subcode, const char *text,
    mono_t now)
{
	p->now = now;
	p->started = 0;
	p->restart.ns = MONO_NEVER;
	peer_leave(p, subcode, text);
}

void
bgp_peer_overrun(struct bgp_peer *p)
{
	char	 again[32] = "";

	p->started = 0;
	if (p->conf.max_restart != 0) {
		p->restart = mono_add(p->now, MONO_S(p->conf.max_restart));
		snprintf(again, sizeof(again), " for %u s",
		    p->conf.max_restart);
	}
	bgp_peer_log(p, LOG_WARNING, "announces more than %u prefixes, "
	    "staying away%s", p->conf.max_prefix, again);
	peer_leave(p, BGP_CEASE_MAXPREFIX, NULL);
}

void
bgp_peer_refresh(struct bgp_peer *p, mono_t now)
{
	p->now = now;
	if (p->up != NULL)
		bgp_conn_retell(p->up, 0);
}

void
bgp_peer_reset(struct bgp_peer *p, uint8_t subcode, const char *text,
    mono_t now)
{
	p->now = now;
	peer_leave(p, subcode, text);
}

/* True when the difference can be applied to a running session. */
static int
conf_alive(const struct bgp_conf_peer *a, const struct bgp_conf_peer *b)
{
	return (a->flags == b->flags && ipaddr_equal(&a->remote, &b->remote) &&
	    ipaddr_equal(&a->local, &b->local) &&
	    a->remote_as == b->remote_as && a->local_as == b->local_as &&
	    a->router_id == b->router_id && a->hold_time == b->hold_time &&
	    a->key == b->key && a->hops == b->hops &&
	    a->hops_min == b->hops_min && a->role == b->role &&
	    !a->max_prefix == !b->max_prefix);
}

/* True when UPDATEs would look the same. */
static int
conf_says_same(const struct bgp_conf_peer *a, const struct bgp_conf_peer *b)
{
	return (ipaddr_equal(&a->nexthop4, &b->nexthop4) &&
	    ipaddr_equal(&a->nexthop6, &b->nexthop6) &&
	    memcmp(&a->attrs, &b->attrs, sizeof(a->attrs)) == 0);
}

void
bgp_peer_reconf(struct bgp_peer *p, const struct bgp_conf_peer *conf,
    mono_t now)
{
	struct bgp_conf_peer	 old = p->conf;
	struct bgp_session	 s;

	p->now = now;
	p->conf = *conf;
	if (!conf_alive(&old, conf))
		peer_leave(p, BGP_CEASE_CONFIG, NULL);
	else if (conf->max_prefix != 0 && p->heard.n > conf->max_prefix)
		bgp_peer_overrun(p);
	else if (!conf_says_same(&old, conf) && p->up != NULL) {
		bgp_peer_session(p, p->up, &s);
		bgp_adjout_session(&p->adj, &s);
	}
}

int
bgp_peer_gone(const struct bgp_peer *p)
{
	return (!p->conn[BGP_OUT].open && !p->conn[BGP_IN].open);
}

int
bgp_peer_set(struct bgp_peer *p, const struct bgp_announce *set, size_t n,
    mono_t now)
{
	p->now = now;
	return (bgp_adjout_set(&p->adj, set, n));
}

/*
 * May the peer open (another) connection?  One that never got to its OPEN,
 * or is closing, gives way: the peer has moved on.
 */
static int
incoming_admit(struct bgp_conn *in)
{
	if (in->state == BGP_OPENSENT || in->state == BGP_DELAYOPEN ||
	    in->state == BGP_CLOSING)
		bgp_conn_event(in, BGP_EV_TCP_FAIL);
	if (in->state == BGP_IDLE)
		bgp_conn_event(in, BGP_EV_LISTEN);
	return (in->state == BGP_ACTIVE);
}

int
bgp_peer_opened(struct bgp_peer *p, enum bgp_side side,
    const struct ipaddr *local, const struct ipaddr *remote, mono_t now)
{
	struct bgp_conn	*c = &p->conn[side];

	p->now = now;
	if (!p->started || !ipaddr_equal(remote, &p->conf.remote))
		return (-1);
	if (side == BGP_OUT ? c->state != BGP_CONNECT : !incoming_admit(c))
		return (-1);
	c->open = 1;
	c->local = *local;
	memset(&c->linklocal, 0, sizeof(c->linklocal));
	bgp_conn_event(c, p->conf.delay_open != 0 ? BGP_EV_TCP_DELAY :
	    BGP_EV_TCP_OPEN);
	peer_settle(p);
	return (0);
}

void
bgp_peer_linklocal(struct bgp_peer *p, enum bgp_side side,
    const struct ipaddr *a)
{
	p->conn[side].linklocal = *a;
}

void
bgp_peer_failed(struct bgp_peer *p, enum bgp_side side, const char *why,
    mono_t now)
{
	struct bgp_conn	*c = &p->conn[side];

	p->now = now;
	if (!c->open)
		return;
	if (c->state != BGP_CLOSING)
		bgp_conn_failure(c, "%s", why);
	bgp_conn_event(c, BGP_EV_TCP_FAIL);
	peer_settle(p);
}

void
bgp_peer_input(struct bgp_peer *p, enum bgp_side side, const void *buf,
    size_t len, mono_t now)
{
	p->now = now;
	bgp_conn_input(&p->conn[side], buf, len);
	peer_settle(p);
}

/* Has c a TCP connection, as opposed to an attempt to get one? */
static int
conn_writable(const struct bgp_conn *c)
{
	return (c->open && c->state >= BGP_OPENSENT);
}

const uint8_t *
bgp_peer_output(struct bgp_peer *p, enum bgp_side side, size_t *len)
{
	struct bgp_conn	*c = &p->conn[side];

	*len = 0;
	if (!conn_writable(c))
		return (NULL);
	if (c->out_len == 0)
		bgp_conn_fill(c);
	*len = c->out_len - c->out_off;
	return (c->out + c->out_off);
}

void
bgp_peer_wrote(struct bgp_peer *p, enum bgp_side side, size_t n, mono_t now)
{
	struct bgp_conn	*c = &p->conn[side];

	p->now = now;
	if (!conn_writable(c) || n == 0 || n > c->out_len - c->out_off)
		return;
	c->out_off += n;
	if (c->state != BGP_CLOSING)
		bgp_conn_sent(c);
	if (c->out_off < c->out_len)
		return;
	c->out_off = c->out_len = 0;
	if (!c->bye_due)
		bgp_conn_event(c, BGP_EV_SENT);
	peer_settle(p);
}

mono_t
bgp_peer_deadline(const struct bgp_peer *p)
{
	mono_t	 first = p->restart;
	size_t	 i, t;

	for (i = 0; i < BGP_NSIDES; i++)
		for (t = 0; t < BGP_NTIMERS; t++)
			if (p->conn[i].timer[t].ns < first.ns)
				first = p->conn[i].timer[t];
	return (first);
}

void
bgp_peer_tick(struct bgp_peer *p, mono_t now)
{
	static const enum bgp_event	 events[BGP_NTIMERS] = {
		[BGP_T_START] =		BGP_EV_START,
		[BGP_T_RETRY] =		BGP_EV_RETRY,
		[BGP_T_DELAY] =		BGP_EV_DELAY,
		[BGP_T_HOLD] =		BGP_EV_HOLD,
		[BGP_T_KEEPALIVE] =	BGP_EV_KEEPALIVE,
		[BGP_T_SEND_HOLD] =	BGP_EV_SEND_HOLD,
		[BGP_T_LINGER] =	BGP_EV_LINGER
	};
	struct bgp_conn			*c;
	size_t				 i, t;

	p->now = now;
	if (mono_reached(now, p->restart))
		bgp_peer_start(p, now);
	for (i = 0; i < BGP_NSIDES; i++) {
		c = &p->conn[i];
		for (t = 0; t < BGP_NTIMERS; t++)
			if (mono_reached(now, c->timer[t])) {
				c->timer[t].ns = MONO_NEVER;
				bgp_conn_event(c, events[t]);
			}
	}
	peer_settle(p);
}

const struct bgp_conf_peer *
bgp_peer_conf(const struct bgp_peer *p)
{
	return (&p->conf);
}

void
bgp_peer_stats(const struct bgp_peer *p, struct bgp_peer_stats *st)
{
	*st = p->stats;
	st->id = p->conf.id;
	st->state = (uint8_t)p->shown;
	st->stopped = !p->started;
	st->since = p->shown_since;
	st->up_at = p->up_since;
	st->hold = p->up != NULL ? p->up->hold : 0;
	st->wanted = bgp_adjout_wanted(&p->adj);
	st->announced = bgp_adjout_told(&p->adj);
	st->failures = p->failures;
	st->heard = p->heard.n;
	st->side = peer_conn(p)->side;
	memcpy(st->timer, peer_conn(p)->timer, sizeof(st->timer));
	st->restart = p->restart;
}

int
bgp_peer_route(const struct bgp_peer *p, size_t i, struct bgp_peer_route *out)
{
	const struct bgp_route	*r;
	size_t			 at;

	for (at = 0; at < p->adj.top; at++) {
		r = &p->adj.r[at];
		if (!r->wanted || i-- > 0)
			continue;
		memset(out, 0, sizeof(*out));
		out->prefix = r->a.prefix;
		out->told = r->told;
		out->leaving = r->a.leaving != 0;
		out->why = p->up == NULL ? BGP_WHY_SESSION :
		    (uint8_t)bgp_adjout_why(&p->adj.s, &r->a, &out->nexthop);
		return (0);
	}
	return (-1);
}
