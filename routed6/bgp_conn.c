/*
 * One connection of a BGP neighbor: carries out what the state machine says
 * and fills the output buffer.  What comes in is bgp_input.c's.  Engine of the
 * bgp process; no I/O, no clock.  RFC 4271 6.4-6.7, 8.2.2 and 10; RFC 2918
 * and 7313 (refresh), 6608 (FSM errors), 8654 (long messages), 9687 (a peer
 * that takes no bytes).
 */
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "bgp_conn.h"
#include "log.h"

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

/* RFC 9687 4.3: in a session that has timers. */
void
bgp_conn_sent(struct bgp_conn *c)
{
	int64_t	 ns = MONO_S(c->hold) * 2;

	if (c->hold != 0 && c->state == BGP_ESTABLISHED)
		bgp_conn_arm(c, BGP_T_SEND_HOLD,
		    ns > BGP_SEND_HOLD ? ns : BGP_SEND_HOLD);
}

static void
conn_reset(struct bgp_conn *c)
{
	free(c->in);
	free(c->out);
	c->in = c->out = NULL;
	c->in_size = 0;
	c->in_len = c->out_off = c->out_len = 0;
	c->keepalive_due = c->bye_due = c->shut = 0;
	c->hold = 0;
	memset(c->retell, 0, sizeof(c->retell));
	memset(&c->bye, 0, sizeof(c->bye));
}

/* A new connection begins: nothing read, nothing written. */
static void
conn_begin(struct bgp_conn *c)
{
	conn_reset(c);
	c->in_size = BGP_MSG_MAX;
	if ((c->in = malloc(c->in_size)) == NULL ||
	    (c->out = malloc(BGP_OUT_SIZE)) == NULL)
		fatal("buffers of a connection");
}

void
bgp_conn_widen(struct bgp_conn *c)
{
	uint8_t	*in;

	if ((in = realloc(c->in, BGP_MSG_EXTENDED)) == NULL)
		fatal("buffer of a connection");
	c->in = in;
	c->in_size = BGP_MSG_EXTENDED;
}

void
bgp_conn_retell(struct bgp_conn *c, uint8_t af)
{
	bgp_adjout_again(&c->peer->adj, af);
	if (!(c->got.caps & BGP_CAP_ERR))
		return;
	if (af != 6)
		c->retell[0] = BGP_RETELL_BEGIN;
	if (af != 4)
		c->retell[1] = BGP_RETELL_BEGIN;
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

/* The attempt before this one may still be open: it had its time. */
static void
act_connect(struct bgp_conn *c)
{
	struct bgp_peer	*p = c->peer;
	uint16_t	 retry = p->conf.connect_retry;

	if (c->open)
		bgp_conn_failure(c, "no answer%s", p->conf.flags & BGP_F_MD5 ?
		    "; perhaps its password is another" : "");
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

int
bgp_error_priority(const struct bgp_error *e)
{
	return (e->code == BGP_E_CEASE && e->subcode == BGP_CEASE_COLLISION ?
	    LOG_DEBUG : LOG_WARNING);
}

static void
error_said(struct bgp_peer *p, const struct bgp_error *e)
{
	bgp_error_print(e, p->stats.error_out, sizeof(p->stats.error_out));
	p->stats.error_out_at = p->now;
}

/* RFC 9687 4.3: a NOTIFICATION would only queue behind the rest. */
static void
act_stalled(struct bgp_conn *c)
{
	struct bgp_error	 e;
	char			 text[BGP_ERROR_TEXT];

	bgp_error_set(&e, BGP_E_SEND_HOLD, 0, NULL, 0);
	bgp_conn_failure(c, "%s", bgp_error_print(&e, text,
	    sizeof(text)));
	act_fail(c);
}

/* Begin a message in the output buffer; returns how large it may get. */
static size_t
out_begin(struct bgp_conn *c, struct wr *w)
{
	size_t	 room = BGP_OUT_SIZE - c->out_len;

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
open_say(struct bgp_conn *c)
{
	struct bgp_open	 o;
	struct wr	 w;

	bgp_peer_open(c->peer, &o);
	c->plain = c->peer->plain;
	c->peer->plain = 0;
	if (c->plain)
		o.caps = 0;
	out_begin(c, &w);
	bgp_open_build(&w, &o);
	out_end(c, &w, BGP_OPEN);
	c->peer->stats.caps_sent = o.caps;
}

/* A connection that has waited may have bytes of the peer's OPEN already. */
static void
act_open(struct bgp_conn *c)
{
	if (c->was != BGP_DELAYOPEN)
		conn_begin(c);
	open_say(c);
	bgp_conn_arm(c, BGP_T_HOLD, BGP_HOLD_LARGE);
}

static void
act_delay(struct bgp_conn *c)
{
	struct bgp_peer	*p = c->peer;

	conn_begin(c);
	bgp_conn_arm(c, BGP_T_DELAY, jitter(p, MONO_S(p->conf.delay_open)));
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
	c->peer->stats.remote_id = c->got.id;
	c->peer->stats.caps = c->got.caps;
	c->peer->stats.role = c->got.role;
	strlcpy(c->peer->stats.name, c->got.name,
	    sizeof(c->peer->stats.name));
	/* RFC 5492 3: what only one of the two has said is not in use. */
	if (c->plain)
		c->got.caps = 0;
	if (c->got.caps & c->peer->stats.caps_sent & BGP_CAP_EXTMSG)
		bgp_conn_widen(c);
}

/* RFC 4271 8.2.2, event 20: the peer spoke first. */
static void
act_answer(struct bgp_conn *c)
{
	c->timer[BGP_T_DELAY].ns = MONO_NEVER;
	open_say(c);
	act_confirm(c);
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
	bgp_conn_sent(c);
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

/* Say goodbye and close; the session ends now, not when it is heard. */
static void
bye_begin(struct bgp_conn *c)
{
	char	 text[BGP_ERROR_TEXT];

	if (c->peer->up == c)
		bgp_peer_down(c->peer);
	c->bye_due = 1;
	bgp_conn_arm(c, BGP_T_LINGER, BGP_LINGER);
	bgp_peer_log(c->peer, bgp_error_priority(&c->bye), "closing: %s",
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
	[BGP_ACT_DELAY] =	act_delay,
	[BGP_ACT_OPEN] =	act_open,
	[BGP_ACT_ANSWER] =	act_answer,
	[BGP_ACT_CONFIRM] =	act_confirm,
	[BGP_ACT_UP] =		act_up,
	[BGP_ACT_ALIVE] =	act_alive,
	[BGP_ACT_KEEPALIVE] =	act_keepalive,
	[BGP_ACT_UPDATE] =	act_update,
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

/* Say a mark of telling a family again that is due (RFC 7313 4). */
static void
mark_fill(struct bgp_conn *c, int i, uint8_t kind)
{
	struct wr	 w;

	out_begin(c, &w);
	bgp_refresh_build(&w, i == 0 ? BGP_AFI_IP : BGP_AFI_IP6, kind,
	    BGP_SAFI_UNICAST);
	out_end(c, &w, BGP_REFRESH);
}

static void
marks_begin(struct bgp_conn *c)
{
	int	 i;

	for (i = 0; i < BGP_FAMILIES; i++)
		if (c->retell[i] == BGP_RETELL_BEGIN) {
			mark_fill(c, i, BGP_REFRESH_BEGIN);
			c->retell[i] = BGP_RETELL_END;
		}
}

/* The second mark follows the last UPDATE, so not when one had no room. */
static void
marks_end(struct bgp_conn *c)
{
	int	 i;

	for (i = 0; i < BGP_FAMILIES; i++)
		if (c->retell[i] == BGP_RETELL_END &&
		    !bgp_adjout_pending(&c->peer->adj, i == 0 ? 4 : 6)) {
			mark_fill(c, i, BGP_REFRESH_END);
			c->retell[i] = BGP_RETELL_NONE;
		}
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
	if (c->peer->up == c) {
		marks_begin(c);
		while (update_fill(c, bgp_adjout_announce))
			;
		marks_end(c);
	}
	if (c->bye_due)
		bye_fill(c);
}
