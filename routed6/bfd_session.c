/*
 * One BFD session: see bfd_session.h.  Engine of the bfd process; no I/O, no
 * clock, no random numbers of its own.  RFC 5880 6.5 (polls), 6.8.1 to 6.8.7,
 * 6.8.15, 6.8.16; RFC 5881 5 (hop limit).
 */
#include <string.h>

#include "bfd_session.h"

#define NEVER		INT64_MAX
#define SEQ_FORGET	2	/* detection times, 6.8.1 AuthSeqKnown */

static uint32_t
larger(uint32_t a, uint32_t b)
{
	return (a > b ? a : b);
}

uint32_t
bfd_session_interval(const struct bfd_session *s)
{
	return (larger(s->use_tx, s->remote_min_rx));
}

uint32_t
bfd_session_remote_interval(const struct bfd_session *s)
{
	return (larger(s->use_rx, s->remote_min_tx));
}

int64_t
bfd_session_detection(const struct bfd_session *s)
{
	return (s->remote_mult * MONO_US(bfd_session_remote_interval(s)));
}

/* --- polls and times --------------------------------------------------- */

/*
 * Nobody answers before the peer is known.  While one is on its way the next
 * has to wait, since the answer could be meant for either (6.8.3).
 */
static void
poll_begin(struct bfd_session *s)
{
	if (s->remote_discr == 0)
		return;
	if (s->poll) {
		s->poll_next = 1;
		return;
	}
	s->poll = 1;
	s->due = 1;
	s->count.polls++;
}

/* The peer has taken what we tell it. */
static void
poll_answered(struct bfd_session *s)
{
	s->poll = 0;
	if (s->poll_next)
		return;
	s->use_tx = s->min_tx;
	s->use_rx = s->min_rx;
}

/*
 * Tell what is wanted in this state.  While the session is up, the slower of
 * the old and the new holds until the peer has answered (6.8.3).
 */
static void
times_apply(struct bfd_session *s)
{
	uint32_t	 tx = s->want.min_tx, rx = s->want.min_rx;

	if (s->state != BFD_UP)
		tx = larger(tx, BFD_SLOW);
	if (tx == s->min_tx && rx == s->min_rx)
		return;
	s->min_tx = tx;
	s->min_rx = rx;
	if (s->state != BFD_UP || s->remote_discr == 0 || tx < s->use_tx)
		s->use_tx = tx;
	if (s->state != BFD_UP || s->remote_discr == 0 || rx > s->use_rx)
		s->use_rx = rx;
	poll_begin(s);
}

/* --- states ------------------------------------------------------------ */

void
bfd_session_event(struct bfd_session *s, enum bfd_event ev, mono_t now)
{
	const struct bfd_edge	*e = bfd_fsm_edge(s->state, ev);

	if (e->diag != BFD_DIAG_KEEP && e->diag != s->diag) {
		s->diag = e->diag;
		s->due = 1;
	}
	if (e->next == s->state)
		return;
	s->state = e->next;
	s->since = now;
	s->due = 1;
	if (s->state == BFD_UP) {
		s->count.ups++;
		s->count.gap = 0;
	}
	times_apply(s);
}

void
bfd_session_init(struct bfd_session *s, const struct bfd_path *path,
    uint32_t discr, uint32_t seq, const struct bfd_times *times,
    const struct bfd_key *key, mono_t now)
{
	memset(s, 0, sizeof(*s));
	s->path = *path;
	s->local_discr = discr;
	s->seq = seq;
	s->state = s->remote_state = BFD_DOWN;
	s->remote_min_rx = 1;
	s->jitter = 1000;
	s->sent_at = s->since = now;
	s->due = 1;
	bfd_session_reconf(s, times, key);
}

void
bfd_session_reconf(struct bfd_session *s, const struct bfd_times *times,
    const struct bfd_key *key)
{
	if (times->mult != s->want.mult)
		s->due = 1;
	s->want = *times;
	if (key != NULL)
		s->key = *key;
	else
		memset(&s->key, 0, sizeof(s->key));
	times_apply(s);
}

/* --- reception --------------------------------------------------------- */

static enum bfd_rule
auth_check(struct bfd_session *s, const struct bfd_packet *p,
    const void *data)
{
	if ((p->flags & BFD_AUTH) && s->key.type == BFD_AUTH_NONE)
		return (BFD_R_AUTH_UNUSED);
	if (!(p->flags & BFD_AUTH) && s->key.type != BFD_AUTH_NONE)
		return (BFD_R_AUTH_MISSING);
	if ((p->flags & BFD_AUTH) && bfd_auth_check(&s->key, data, p->len,
	    p->mult, &s->heard) == -1)
		return (BFD_R_AUTH);
	return (BFD_R_OK);
}

/* What the peer tells of itself. */
static void
remote_note(struct bfd_session *s, const struct bfd_packet *p)
{
	s->remote_discr = p->my;
	s->remote_state = p->state;
	s->remote_diag = p->diag;
	s->remote_flags = p->flags;
	s->remote_mult = p->mult;
	s->remote_min_tx = p->min_tx;
	s->remote_min_rx = p->min_rx;
	if (s->poll && (p->flags & BFD_FINAL))
		poll_answered(s);
	else if (!s->poll && s->poll_next && !(p->flags & BFD_FINAL)) {
		s->poll_next = 0;
		poll_begin(s);
	}
}

static void
heard_note(struct bfd_session *s, mono_t now)
{
	int64_t	 gap = mono_sub(now, s->heard_at);

	if (s->state == BFD_UP && mono_reached(s->heard_at, s->since) &&
	    gap > s->count.gap)
		s->count.gap = gap;
	s->heard_at = now;
}

/* The rules from 10 on. */
static enum bfd_rule
session_input(struct bfd_session *s, const struct bfd_packet *p,
    const void *data, mono_t now)
{
	static const enum bfd_event	 events[BFD_NSTATES] = {
		[BFD_ADMINDOWN] =	BFD_EV_ADMINDOWN,
		[BFD_DOWN] =		BFD_EV_DOWN,
		[BFD_INIT] =		BFD_EV_INIT,
		[BFD_UP] =		BFD_EV_UP
	};
	enum bfd_rule			 rule;

	if ((rule = auth_check(s, p, data)) != BFD_R_OK)
		return (rule);
	remote_note(s, p);
	if (s->state == BFD_ADMINDOWN)
		return (BFD_R_ADMINDOWN);
	bfd_session_event(s, events[p->state], now);
	if (p->flags & BFD_POLL)
		s->final_due = 1;
	heard_note(s, now);
	s->count.in++;
	return (BFD_R_OK);
}

/*
 * Rules 7 and 9.  Numbers that are ours select the session; its peer must be
 * who sent the packet all the same.
 */
static struct bfd_session *
session_find(struct bfd_sessions *all, const struct bfd_packet *p,
    const struct bfd_arrival *a)
{
	struct bfd_session	*s;

	TAILQ_FOREACH(s, all, entry)
		if ((p->your == 0 || p->your == s->local_discr) &&
		    a->multihop == s->path.multihop &&
		    ipaddr_equal(&a->from, &s->path.remote))
			return (s);
	return (NULL);
}

enum bfd_rule
bfd_receive(struct bfd_sessions *all, const struct bfd_arrival *a, mono_t now,
    struct bfd_session **sp)
{
	struct bfd_packet	 p;
	enum bfd_rule		 rule;

	*sp = NULL;
	if ((rule = bfd_parse(&p, a->data, a->len)) != BFD_R_OK)
		return (rule);
	if ((*sp = session_find(all, &p, a)) == NULL)
		return (p.your != 0 ? BFD_R_YOUR : BFD_R_STRANGER);
	if (a->hops < (*sp)->path.hops_min)
		rule = BFD_R_HOPS;
	else
		rule = session_input(*sp, &p, a->data, now);
	if (rule != BFD_R_OK)
		(*sp)->count.rule[rule]++;
	return (rule);
}

/* --- time -------------------------------------------------------------- */

/* 6.8.7: the peer may have asked for silence, for good or until a poll. */
static int
is_periodic(const struct bfd_session *s)
{
	if (s->remote_min_rx == 0)
		return (0);
	return (s->poll || !(s->remote_flags & BFD_DEMAND) ||
	    s->state != BFD_UP || s->remote_state != BFD_UP);
}

static mono_t
next_send(const struct bfd_session *s)
{
	return (mono_add(s->sent_at,
	    (int64_t)bfd_session_interval(s) * s->jitter));
}

/* The peer is forgotten some time after it fell silent, in any state. */
static mono_t
next_expiry(const struct bfd_session *s)
{
	mono_t	 never = { NEVER };

	if (s->remote_discr != 0)
		return (mono_add(s->heard_at, bfd_session_detection(s)));
	if (s->heard.known)
		return (mono_add(s->heard_at,
		    SEQ_FORGET * bfd_session_detection(s)));
	return (never);
}

mono_t
bfd_session_deadline(const struct bfd_session *s)
{
	mono_t	 expiry = next_expiry(s), send = next_send(s);

	return (is_periodic(s) && mono_reached(expiry, send) ? send : expiry);
}

/* 6.8.4, and what 6.8.1 has to be forgotten. */
void
bfd_session_tick(struct bfd_session *s, mono_t now)
{
	if (s->remote_discr != 0 && mono_reached(now, next_expiry(s))) {
		s->remote_discr = 0;
		s->remote_flags = 0;
		s->poll = s->poll_next = 0;
		bfd_session_event(s, BFD_EV_EXPIRED, now);
	}
	if (s->remote_discr == 0 && s->heard.known &&
	    mono_reached(now, next_expiry(s)))
		s->heard.known = 0;
}

/* --- transmission ------------------------------------------------------ */

static size_t
packet_write(struct bfd_session *s, uint8_t *buf, uint8_t flags)
{
	struct bfd_packet	 p;
	struct wr		 w;
	size_t			 auth = bfd_auth_len(&s->key);

	memset(&p, 0, sizeof(p));
	p.state = s->state;
	p.diag = s->diag;
	p.flags = flags | (auth != 0 ? BFD_AUTH : 0);
	p.mult = s->want.mult;
	p.len = BFD_HEADER_LEN + auth;
	p.my = s->local_discr;
	p.your = s->remote_discr;
	p.min_tx = s->min_tx;
	p.min_rx = s->min_rx;
	wr_init(&w, buf, BFD_PACKET_MAX);
	bfd_build(&w, &p);
	bfd_auth_sign(&s->key, &w, s->seq++);
	s->count.out++;
	return (w.len);
}

/* 6.8.7: 75 to 100 percent of the interval, or 90 when each one counts. */
static uint16_t
jitter(const struct bfd_session *s, uint32_t random)
{
	return (750 + random % (s->want.mult == 1 ? 151 : 251));
}

size_t
bfd_session_output(struct bfd_session *s, uint8_t *buf, uint32_t random,
    mono_t now)
{
	if (s->final_due) {
		s->final_due = 0;
		return (packet_write(s, buf, BFD_FINAL));
	}
	if (!s->due && !(is_periodic(s) && mono_reached(now, next_send(s))))
		return (0);
	s->due = 0;
	s->sent_at = now;
	s->jitter = jitter(s, random);
	return (packet_write(s, buf, s->poll ? BFD_POLL : 0));
}
