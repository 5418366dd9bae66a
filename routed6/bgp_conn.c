/*
 * One connection of a BGP neighbor: carries out what the state machine says,
 * cuts the stream into messages, judges OPENs and collisions, and fills the
 * output buffer.  Engine of the bgp process; no I/O, no clock.  RFC 4271 4,
 * 6, 8.2.2 and 10; RFC 2918, 4486, 6286, 6608, 9687.
 */
#include <string.h>
#include <syslog.h>

#include "bgp_conn.h"
#include "log.h"

#define REFRESH_NONE	0xff

static void
timers_stop(struct bgp_conn *c)
{
	size_t	 i;

	for (i = 0; i < BGP_NTIMERS; i++)
		c->timer[i].ns = MONO_NEVER;
}

void
bgp_conn_init(struct bgp_conn *c, struct bgp_peer *p, enum bgp_side side)
{
	c->peer = p;
	c->side = side;
	c->state = BGP_IDLE;
	timers_stop(c);
}

struct bgp_conn *
bgp_conn_other(struct bgp_conn *c)
{
	return (&c->peer->conn[c->side == BGP_OUT ? BGP_IN : BGP_OUT]);
}

void
bgp_conn_arm(struct bgp_conn *c, enum bgp_timer t, int64_t ns)
{
	c->timer[t] = mono_add(c->peer->now, ns);
}

/* RFC 4271 10: three quarters to the whole, at random. */
static int64_t
jitter(struct bgp_peer *p, int64_t ns)
{
	return (ns - ns / 4096 * (p->ops->random(p->arg) % 1024));
}

int64_t
bgp_peer_backoff(struct bgp_peer *p)
{
	int64_t	 ns;

	if (p->failures <= 1)
		return (0);
	if (p->failures > 8)
		ns = BGP_BACKOFF_MAX;
	else
		ns = MONO_S(1) << (p->failures - 2);
	return (jitter(p, ns < BGP_BACKOFF_MAX ? ns : BGP_BACKOFF_MAX));
}

/* A zero hold time means no timers at all (RFC 4271 4.4). */
static void
hold_restart(struct bgp_conn *c)
{
	if (c->hold != 0)
		bgp_conn_arm(c, BGP_T_HOLD, MONO_S(c->hold));
}

static void
keepalive_restart(struct bgp_conn *c)
{
	if (c->hold != 0)
		bgp_conn_arm(c, BGP_T_KEEPALIVE,
		    jitter(c->peer, MONO_S(c->hold) / 3));
}

void
bgp_conn_sent(struct bgp_conn *c)
{
	int64_t	 ns = MONO_S(c->hold) * 2;

	if (c->hold != 0)
		bgp_conn_arm(c, BGP_T_SEND_HOLD,
		    ns > BGP_SEND_HOLD ? ns : BGP_SEND_HOLD);
}

static void
conn_reset(struct bgp_conn *c)
{
	c->in_len = c->out_off = c->out_len = 0;
	c->keepalive_due = c->bye_due = c->shut = 0;
	c->hold = 0;
	memset(&c->bye, 0, sizeof(c->bye));
}

static void
conn_close(struct bgp_conn *c)
{
	struct bgp_peer	*p = c->peer;

	if (p->up == c)
		bgp_peer_down(p);
	if (c->open) {
		c->open = 0;
		p->ops->close(p->arg, p, c->side);
	}
	conn_reset(c);
}

static void
act_none(struct bgp_conn *c)
{
}

static void
act_connect(struct bgp_conn *c)
{
	struct bgp_peer	*p = c->peer;
	uint16_t	 retry = p->conf.connect_retry;

	conn_close(c);
	if (retry == 0)
		retry = BGP_CONNECT_RETRY;
	bgp_conn_arm(c, BGP_T_RETRY, jitter(p, MONO_S(retry)));
	c->open = 1;
	p->ops->connect(p->arg, p);
}

static void
act_close(struct bgp_conn *c)
{
	conn_close(c);
}

static void
act_fail(struct bgp_conn *c)
{
	conn_close(c);
	c->peer->failures++;
}

/* The side that waits for the peer has no attempt of its own to repeat. */
static void
act_wait(struct bgp_conn *c)
{
	act_fail(c);
	if (c->side == BGP_OUT)
		bgp_conn_arm(c, BGP_T_RETRY, bgp_peer_backoff(c->peer));
}

/* Collisions are routine; everything else somebody should know of. */
static int
error_priority(const struct bgp_error *e)
{
	return (e->code == BGP_E_CEASE && e->subcode == BGP_CEASE_COLLISION ?
	    LOG_DEBUG : LOG_WARNING);
}

static void
error_said(struct bgp_peer *p, const struct bgp_error *e)
{
	bgp_error_print(e, p->stats.error_out, sizeof(p->stats.error_out));
}

/* RFC 9687 3.2: a NOTIFICATION would only queue behind the rest. */
static void
act_stalled(struct bgp_conn *c)
{
	struct bgp_error	 e;

	bgp_error_set(&e, BGP_E_SEND_HOLD, 0, NULL, 0);
	error_said(c->peer, &e);
	bgp_peer_log(c->peer, LOG_WARNING, "dropped: %s",
	    c->peer->stats.error_out);
	act_fail(c);
}

/* Begin a message in the output buffer; returns how large it may get. */
static size_t
out_begin(struct bgp_conn *c, struct wr *w)
{
	size_t	 room = sizeof(c->out) - c->out_len;

	if (room > BGP_MSG_MAX)
		room = BGP_MSG_MAX;
	wr_init(w, c->out + c->out_len, room);
	return (room);
}

static void
out_end(struct bgp_conn *c, struct wr *w, uint8_t type)
{
	if (wr_end(w) == -1)
		fatalx("bgp: no room for a message of type %u", type);
	c->out_len += w->len;
	c->peer->stats.msg_out[type]++;
}

static void
act_open(struct bgp_conn *c)
{
	const struct bgp_conf_peer	*conf = &c->peer->conf;
	struct bgp_open			 o = {
		.as = conf->local_as,
		.id = conf->router_id,
		.hold = conf->hold_time,
		.caps = BGP_CAP_IP4 | BGP_CAP_IP6 | BGP_CAP_EXTNH |
		    BGP_CAP_AS4 | BGP_CAP_REFRESH
	};
	struct wr			 w;

	conn_reset(c);
	out_begin(c, &w);
	bgp_open_build(&w, &o);
	out_end(c, &w, BGP_OPEN);
	bgp_conn_arm(c, BGP_T_HOLD, BGP_HOLD_LARGE);
}

/* RFC 4271 4.2: the smaller hold time of the two. */
static void
act_confirm(struct bgp_conn *c)
{
	uint16_t	 ours = c->peer->conf.hold_time;

	c->hold = c->got.hold < ours ? c->got.hold : ours;
	c->timer[BGP_T_HOLD].ns = MONO_NEVER;
	c->keepalive_due = 1;
	hold_restart(c);
	keepalive_restart(c);
	bgp_conn_sent(c);
	c->peer->stats.remote_id = c->got.id;
	c->peer->stats.caps = c->got.caps;
}

static void
act_alive(struct bgp_conn *c)
{
	hold_restart(c);
}

/* There is one session now: what the other side was doing ends. */
static void
act_up(struct bgp_conn *c)
{
	struct bgp_peer		*p = c->peer;
	struct bgp_conn		*other = bgp_conn_other(c);
	struct bgp_session	 s;

	if (other->open || other->side == BGP_OUT)
		bgp_conn_event(other, BGP_EV_COLLISION);
	p->up = c;
	p->up_since = p->now;
	p->stats.established++;
	bgp_peer_session(p, c, &s);
	bgp_adjout_up(&p->adj, &s);
	hold_restart(c);
}

static void
act_keepalive(struct bgp_conn *c)
{
	c->keepalive_due = 1;
	keepalive_restart(c);
}

static void
act_update(struct bgp_conn *c)
{
	struct bgp_peer_stats	*st = &c->peer->stats;
	const struct bgp_update	*u = &c->update;

	hold_restart(c);
	st->unreach += u->unreach;
	st->discarded += u->discarded;
	if (u->verdict == BGP_V_WITHDRAW) {
		st->treated++;
		st->unreach += u->reach;
	} else
		st->reach += u->reach;
}

static void
act_refresh(struct bgp_conn *c)
{
	hold_restart(c);
	if (c->refresh_af != REFRESH_NONE)
		bgp_adjout_again(&c->peer->adj, c->refresh_af);
}

/* Say goodbye and close; the session ends now, not when it is heard. */
static void
bye_begin(struct bgp_conn *c)
{
	char	 text[BGP_ERROR_TEXT];

	if (c->peer->up == c)
		bgp_peer_down(c->peer);
	c->bye_due = 1;
	bgp_conn_arm(c, BGP_T_LINGER, BGP_LINGER);
	bgp_peer_log(c->peer, error_priority(&c->bye), "closing: %s",
	    bgp_error_print(&c->bye, text, sizeof(text)));
}

static void
act_notify(struct bgp_conn *c)
{
	bye_begin(c);
	c->peer->failures++;
}

static void
act_unexpected(struct bgp_conn *c)
{
	uint8_t	 sub;

	sub = c->was == BGP_OPENSENT ? BGP_FSM_OPENSENT :
	    c->was == BGP_OPENCONFIRM ? BGP_FSM_OPENCONFIRM :
	    BGP_FSM_ESTABLISHED;
	bgp_error_set(&c->bye, BGP_E_FSM, sub, &c->type, 1);
	act_notify(c);
}

static void
act_expired(struct bgp_conn *c)
{
	bgp_error_set(&c->bye, BGP_E_HOLD, 0, NULL, 0);
	act_notify(c);
}

/* Nobody's failure: the other connection lives on. */
static void
act_collide(struct bgp_conn *c)
{
	bgp_error_cease(&c->bye, BGP_CEASE_COLLISION, NULL);
	bye_begin(c);
}

/*
 * In an orderly end the session stays up until all is withdrawn: the bye is
 * written behind the withdrawals, see bgp_conn_fill().
 */
static void
act_leave(struct bgp_conn *c)
{
	char	 text[BGP_ERROR_TEXT];

	c->bye = c->peer->bye;
	c->bye_due = 1;
	c->keepalive_due = 0;
	if (c->peer->up == c)
		bgp_adjout_leave(&c->peer->adj);
	bgp_conn_arm(c, BGP_T_LINGER, BGP_LINGER);
	bgp_peer_log(c->peer, LOG_INFO, "leaving: %s",
	    bgp_error_print(&c->bye, text, sizeof(text)));
}

static void
act_shut(struct bgp_conn *c)
{
	if (c->shut)
		return;
	c->shut = 1;
	c->peer->ops->shut(c->peer->arg, c->peer, c->side);
}

static void	(*const acts[BGP_NACTS])(struct bgp_conn *) = {
	[BGP_ACT_NONE] =	act_none,
	[BGP_ACT_CONNECT] =	act_connect,
	[BGP_ACT_WAIT] =	act_wait,
	[BGP_ACT_CLOSE] =	act_close,
	[BGP_ACT_FAIL] =	act_fail,
	[BGP_ACT_STALLED] =	act_stalled,
	[BGP_ACT_OPEN] =	act_open,
	[BGP_ACT_CONFIRM] =	act_confirm,
	[BGP_ACT_UP] =		act_up,
	[BGP_ACT_ALIVE] =	act_alive,
	[BGP_ACT_KEEPALIVE] =	act_keepalive,
	[BGP_ACT_UPDATE] =	act_update,
	[BGP_ACT_REFRESH] =	act_refresh,
	[BGP_ACT_NOTIFY] =	act_notify,
	[BGP_ACT_UNEXPECTED] =	act_unexpected,
	[BGP_ACT_EXPIRED] =	act_expired,
	[BGP_ACT_COLLIDE] =	act_collide,
	[BGP_ACT_LEAVE] =	act_leave,
	[BGP_ACT_SHUT] =	act_shut
};

void
bgp_conn_event(struct bgp_conn *c, enum bgp_event ev)
{
	const struct bgp_edge	*edge = bgp_fsm_edge(c->state, ev);

	c->was = c->state;
	if (edge->next != c->state) {
		c->state = edge->next;
		if (c->state != BGP_OPENCONFIRM &&
		    c->state != BGP_ESTABLISHED)
			timers_stop(c);
	}
	acts[edge->act](c);
}

/* RFC 4271 6.2: does an OPEN that is right in itself suit us? */
static int
open_check(const struct bgp_conf_peer *conf, const struct bgp_open *o,
    struct bgp_error *e)
{
	if (o->as != conf->remote_as) {
		bgp_error_set(e, BGP_E_OPEN, BGP_OPEN_AS, NULL, 0);
		return (-1);
	}
	/* RFC 6286 2.2: in one AS identifiers must differ. */
	if (o->id == 0 || (o->id == conf->router_id &&
	    conf->remote_as == conf->local_as)) {
		bgp_error_set(e, BGP_E_OPEN, BGP_OPEN_ID, NULL, 0);
		return (-1);
	}
	if (o->hold == 1 || o->hold == 2) {
		bgp_error_set(e, BGP_E_OPEN, BGP_OPEN_HOLD, NULL, 0);
		return (-1);
	}
	return (0);
}

/* RFC 4271 6.8, RFC 6286 2.3: whose connections survive? */
static enum bgp_side
collision_winner(const struct bgp_conf_peer *conf, const struct bgp_open *o)
{
	if (conf->router_id != o->id)
		return (conf->router_id > o->id ? BGP_OUT : BGP_IN);
	return (conf->local_as > o->as ? BGP_OUT : BGP_IN);
}

/*
 * The OPEN on c shows who is there; is there a connection with them already?
 * Then one of the two goes.  True when c may stay.
 */
static int
collision_resolve(struct bgp_conn *c)
{
	struct bgp_conn	*other = bgp_conn_other(c), *loser = c;

	if (other->state != BGP_OPENCONFIRM &&
	    other->state != BGP_ESTABLISHED)
		return (1);
	if (other->state == BGP_OPENCONFIRM &&
	    collision_winner(&c->peer->conf, &c->got) == c->side)
		loser = other;
	bgp_conn_event(loser, BGP_EV_COLLISION);
	return (loser != c);
}

static void
open_input(struct bgp_conn *c, struct rd *r)
{
	if (c->state == BGP_OPENSENT) {
		if (bgp_open_parse(r, &c->got, &c->bye) == -1 ||
		    open_check(&c->peer->conf, &c->got, &c->bye) == -1) {
			bgp_conn_event(c, BGP_EV_BAD_OPEN);
			return;
		}
		if (!collision_resolve(c))
			return;
	}
	bgp_conn_event(c, BGP_EV_MSG_OPEN);
}

static void
update_input(struct bgp_conn *c, struct rd *r)
{
	char	 text[BGP_ERROR_TEXT];

	if (c->state != BGP_ESTABLISHED) {
		bgp_conn_event(c, BGP_EV_MSG_UPDATE);
		return;
	}
	if (bgp_update_parse(r, &c->peer->adj.s, &c->update, &c->bye) == -1) {
		bgp_conn_event(c, BGP_EV_BAD_UPDATE);
		return;
	}
	if (c->update.verdict == BGP_V_WITHDRAW)
		bgp_peer_log(c->peer, LOG_DEBUG, "treated as withdrawal: %s",
		    bgp_error_print(&c->bye, text, sizeof(text)));
	bgp_conn_event(c, BGP_EV_MSG_UPDATE);
}

static void
notification_input(struct bgp_conn *c, struct rd *r)
{
	struct bgp_peer		*p = c->peer;
	struct bgp_error	 e;

	if (bgp_notification_parse(r, &e) == 0)
		bgp_error_print(&e, p->stats.error_in,
		    sizeof(p->stats.error_in));
	bgp_peer_log(p, error_priority(&e), "closed by peer: %s",
	    p->stats.error_in);
	bgp_conn_event(c, BGP_EV_MSG_NOTIFICATION);
}

/* RFC 2918 4: families that we do not announce are ignored. */
static void
refresh_input(struct bgp_conn *c, struct rd *r)
{
	uint16_t	 afi;
	uint8_t		 safi;

	c->refresh_af = REFRESH_NONE;
	if (bgp_refresh_parse(r, &afi, &safi) == 0 &&
	    safi == BGP_SAFI_UNICAST)
		c->refresh_af = afi == BGP_AFI_IP ? 4 :
		    afi == BGP_AFI_IP6 ? 6 : REFRESH_NONE;
	bgp_conn_event(c, BGP_EV_MSG_REFRESH);
}

static void
message_input(struct bgp_conn *c, uint8_t type, const uint8_t *body,
    size_t len)
{
	struct rd	 r;

	rd_init(&r, body, len);
	c->type = type;
	c->peer->stats.msg_in[type]++;
	switch (type) {
	case BGP_OPEN:
		open_input(c, &r);
		break;
	case BGP_UPDATE:
		update_input(c, &r);
		break;
	case BGP_NOTIFICATION:
		notification_input(c, &r);
		break;
	case BGP_KEEPALIVE:
		bgp_conn_event(c, BGP_EV_MSG_KEEPALIVE);
		break;
	case BGP_REFRESH:
		refresh_input(c, &r);
		break;
	}
}

/* Does what comes in still matter? */
static int
conn_listens(const struct bgp_conn *c)
{
	return (c->open && (c->state == BGP_OPENSENT ||
	    c->state == BGP_OPENCONFIRM || c->state == BGP_ESTABLISHED));
}

/* Handle the whole messages that are in the buffer. */
static void
messages_input(struct bgp_conn *c)
{
	size_t	 off = 0;
	ssize_t	 len;
	uint8_t	 type;

	while (conn_listens(c)) {
		len = bgp_frame(c->in + off, c->in_len - off, &type, &c->bye);
		if (len == -1)
			bgp_conn_event(c, BGP_EV_BAD_HEADER);
		if (len <= 0)
			break;
		message_input(c, type, c->in + off + BGP_HEADER_LEN,
		    (size_t)len - BGP_HEADER_LEN);
		off += (size_t)len;
	}
	if (!conn_listens(c)) {
		c->in_len = 0;
		return;
	}
	c->in_len -= off;
	memmove(c->in, c->in + off, c->in_len);
}

void
bgp_conn_input(struct bgp_conn *c, const uint8_t *buf, size_t len)
{
	size_t	 n;

	while (len > 0 && conn_listens(c)) {
		n = sizeof(c->in) - c->in_len;
		if (n > len)
			n = len;
		memcpy(c->in + c->in_len, buf, n);
		c->in_len += n;
		buf += n;
		len -= n;
		messages_input(c);
	}
}

/* One UPDATE, by withdraw or announce; 0 when there is none or no room. */
static int
update_fill(struct bgp_conn *c, int (*next)(struct bgp_adjout *, struct wr *))
{
	struct wr	 w;

	if (out_begin(c, &w) < BGP_MSG_MAX || !next(&c->peer->adj, &w))
		return (0);
	out_end(c, &w, BGP_UPDATE);
	return (1);
}

static void
keepalive_fill(struct bgp_conn *c)
{
	struct wr	 w;

	out_begin(c, &w);
	bgp_keepalive_build(&w);
	out_end(c, &w, BGP_KEEPALIVE);
	c->keepalive_due = 0;
}

/* The NOTIFICATION, when everything that goes before it has gone. */
static void
bye_fill(struct bgp_conn *c)
{
	struct wr	 w;

	if (out_begin(c, &w) < BGP_MSG_MAX)
		return;
	bgp_notification_build(&w, &c->bye);
	out_end(c, &w, BGP_NOTIFICATION);
	c->bye_due = 0;
	error_said(c->peer, &c->bye);
	if (c->peer->up == c)
		bgp_peer_down(c->peer);
}

void
bgp_conn_fill(struct bgp_conn *c)
{
	if (c->peer->up == c)
		while (update_fill(c, bgp_adjout_withdraw))
			;
	if (c->keepalive_due)
		keepalive_fill(c);
	if (c->peer->up == c)
		while (update_fill(c, bgp_adjout_announce))
			;
	if (c->bye_due)
		bye_fill(c);
}
