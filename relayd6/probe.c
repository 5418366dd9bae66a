/*
 * Probes of one kind of relay: see probe.h.  Health process; pure.
 */
#include <stdio.h>
#include <string.h>

#include "probe.h"

#define START		MONO_MS(20) /* for the relay to learn who we are */
#define QUICK		5	/* rounds in a row, to be sure soon */
#define JITTER		8	/* an eighth of the interval, at most */

/* What has to be tried again after answers through the relay ceased. */
#define SETTLE		MONO_S(10)	/* for routes to spread */
#define HOLD		MONO_S(5)	/* and twice that, and so on */
#define HOLD_MAX	MONO_S(960)

void
probe_init(struct probe *p, const uint8_t key[SIPHASH_KEYLEN],
    probe_sender *send, void *arg)
{
	memset(p, 0, sizeof(*p));
	memcpy(p->key, key, sizeof(p->key));
	p->send = send;
	p->arg = arg;
}

/* --- goals ---------------------------------------------------------------- */

static void
goals_make(struct probe *p)
{
	const struct conf_target	*t;
	struct probe_goal		*g;
	uint32_t			 i;

	memset(p->goal, 0, sizeof(p->goal));
	for (i = 0; i < p->nself; i++) {
		p->goal[i].self = 1;
		p->goal[i].entry = i;
	}
	for (i = 0; i < p->conf.ntargets; i++) {
		t = &p->conf.target[i];
		g = &p->goal[p->nself + i];
		addr6_load(&g->addr, &t->addr);
		g->port = t->port;
		g->native = t->native || t->port != 0;
	}
	p->ngoals = p->nself + p->conf.ntargets;
}

static int
goals_stay(const struct probe *p, const struct conf_probe *new,
    uint32_t nself)
{
	return (p->nself == nself && p->conf.ntargets == new->ntargets &&
	    memcmp(p->conf.target, new->target, sizeof(new->target)) == 0);
}

static void
goals_calm(struct probe *p)
{
	struct probe_goal	*g;
	int			 way;

	for (g = p->goal; g < p->goal + p->ngoals; g++)
		for (way = 0; way < PROBE_NWAYS; way++)
			probe_echo_forget(&g->echo[way]);
}

void
probe_reconf(struct probe *p, const struct conf_probe *new,
    const struct addr6 *id, uint32_t nself, mono_t now)
{
	int	 begins = p->conf.ntargets == 0;
	int	 stay = goals_stay(p, new, nself);

	p->conf = *new;
	p->id = *id;
	p->nself = nself < LIMIT_LISTEN ? nself : LIMIT_LISTEN;
	addr6_load(&p->local, &new->local);
	if (!stay)
		goals_make(p);
	goals_calm(p);
	if (begins) {
		p->good = p->announced;
		p->fails = 0;
		p->quick = QUICK;
		strlcpy(p->why, "not probed yet", sizeof(p->why));
	}
	p->open = 0;
	p->deadline = mono_add(now, START);
}

void
probe_announced(struct probe *p, int announced, mono_t now)
{
	uint32_t	 i;

	for (i = 0; !announced && i < p->ngoals; i++)
		p->goal[i].through = 0;
	p->announced = announced;
	p->tried = announced && p->hold != 0;
	p->settled = mono_add(now, SETTLE);
}

/* --- echoes --------------------------------------------------------------- */

/* Never 0, which stands for none. */
static uint64_t
cookie_make(struct probe *p)
{
	uint64_t	 cookie;

	do {
		p->count++;
		cookie = siphash(p->key, &p->count, sizeof(p->count));
	} while (cookie == 0);
	return (cookie);
}

static void
echo_send(struct probe *p, int goal, enum probe_way way, mono_t now)
{
	struct probe_goal	*g = &p->goal[goal];
	struct probe_echo	*e = &g->echo[way];
	struct probe_send	 s = { .way = way, .goal = goal };
	struct probe_mark	 m = { .id = p->conf.echo_id };
	uint8_t			 buf[PROBE_PACKET_LEN];

	m.cookie = cookie_make(p);
	m.seq = p->count & 0xffff;
	probe_echo_sent(e, &m, now);
	s.entry = g->entry;
	s.dst = g->self ? p->local : g->addr;
	s.port = g->port;
	s.data = buf;
	if (way == PROBE_RELAY) {
		probe_packet_write(buf, &p->id, &s.dst, &m);
		s.len = PROBE_PACKET_LEN;
	} else if (way == PROBE_NATIVE) {
		probe_echo_write(buf, &m);
		s.len = PROBE_ECHO_LEN;
	}
	if (p->send(p->arg, &s) == -1)
		probe_echo_lost(e, "could not be sent", now);
}

static int
local_known(const struct probe *p)
{
	return (p->local.hi != 0 || p->local.lo != 0);
}

static void
selves_send(struct probe *p, mono_t now)
{
	uint32_t	 i;

	for (i = 0; local_known(p) && i < p->nself; i++)
		if (p->goal[i].echo[PROBE_RELAY].cookie == 0 &&
		    !p->goal[i].echo[PROBE_RELAY].answered)
			echo_send(p, i, PROBE_RELAY, now);
}

/*
 * A target sees us there.  What serves is kept: each of several targets may
 * see another of our addresses.
 */
static void
local_learn(struct probe *p, const struct addr6 *local, mono_t now)
{
	uint32_t	 i;

	if (addr6_equal(&p->local, local) ||
	    (local_known(p) && p->fails == 0))
		return;
	p->local = *local;
	for (i = 0; i < p->nself; i++)
		probe_echo_forget(&p->goal[i].echo[PROBE_RELAY]);
	selves_send(p, now);
}

static void
targets_send(struct probe *p, mono_t now)
{
	struct probe_goal	*g;
	uint32_t		 i;

	for (i = p->nself; i < p->ngoals; i++) {
		g = &p->goal[i];
		if (!g->native)
			echo_send(p, i, PROBE_RELAY, now);
		echo_send(p, i, g->port != 0 ? PROBE_TCP : PROBE_NATIVE, now);
	}
}

/* --- what follows --------------------------------------------------------- */

static int
native_answered(const struct probe_goal *g)
{
	return (g->echo[PROBE_NATIVE].answered || g->echo[PROBE_TCP].answered);
}

static int
goal_met(const struct probe *p, const struct probe_goal *g)
{
	if (g->self)
		return (g->echo[PROBE_RELAY].answered);
	if (!g->native && (p->conf.strict || g->through))
		return (g->echo[PROBE_RELAY].answered);
	return (g->echo[PROBE_RELAY].answered || native_answered(g));
}

static int
need_met(const struct probe *p, uint32_t n)
{
	switch (p->conf.need) {
	case PROBE_ANY:
		return (n > 0);
	case PROBE_MAJORITY:
		return (n > p->conf.ntargets / 2);
	default:
		return (n == p->conf.ntargets);
	}
}

/* How many met what is expected of them, and how many are there at all. */
struct tally {
	uint32_t	selves;
	uint32_t	met;
	uint32_t	there;
};

static void
tally_make(const struct probe *p, struct tally *t)
{
	const struct probe_goal	*g;

	memset(t, 0, sizeof(*t));
	for (g = p->goal; g < p->goal + p->ngoals; g++) {
		if (g->self) {
			t->selves += goal_met(p, g);
			continue;
		}
		t->met += goal_met(p, g);
		t->there += goal_met(p, g) || native_answered(g);
	}
}

static int
on_hold(const struct probe *p, mono_t now)
{
	return (!p->announced && !mono_reached(now, p->held));
}

/*
 * The trial is over: who could answer through the relay has to.  A relay that
 * went on well for as long as it had been held has nothing more to prove.
 */
static void
trial_look(struct probe *p, mono_t now)
{
	struct probe_goal	*g;

	if (p->tried && mono_reached(now, p->settled)) {
		p->tried = 0;
		for (g = p->goal; g < p->goal + p->ngoals; g++)
			g->through = g->proven;
	}
	if (p->announced && p->passed &&
	    mono_reached(now, mono_add(p->settled, p->hold)))
		p->hold = 0;
}

/* The answers of targets through the relay ceased, and nothing else. */
static void
through_lost(struct probe *p, const struct tally *t, mono_t now)
{
	if (!p->announced || p->conf.strict || t->selves < p->nself ||
	    !need_met(p, t->there))
		return;
	p->hold = p->hold == 0 ? HOLD : p->hold * 2;
	if (p->hold > HOLD_MAX)
		p->hold = HOLD_MAX;
	p->held = mono_add(now, p->hold);
}

/* The first cause: a target that is dead, a dead relay, a way between. */
static void
why_write(struct probe *p, const struct tally *t, mono_t now)
{
	uint32_t	 n = p->conf.ntargets;

	if (!need_met(p, t->there))
		snprintf(p->why, sizeof(p->why),
		    "%u of %u targets do not answer", n - t->there, n);
	else if (t->selves < p->nself)
		strlcpy(p->why, "packets do not come back through the relay",
		    sizeof(p->why));
	else if (!need_met(p, t->met))
		snprintf(p->why, sizeof(p->why), "%u of %u targets do not "
		    "answer through the relay", n - t->met, n);
	else
		snprintf(p->why, sizeof(p->why), "targets did not answer "
		    "through the relay, trying again in %lld s",
		    (long long)(mono_sub(p->held, now) / MONO_S(1)));
}

/* An answer came: good news does not wait for the end of the round. */
static void
round_look(struct probe *p, mono_t now)
{
	struct tally	 t;

	tally_make(p, &t);
	if (t.selves < p->nself || !need_met(p, t.met) || on_hold(p, now))
		return;
	p->passed = 1;
	p->good = 1;
	p->fails = 0;
	p->quick = 0;
}

static void
round_begin(struct probe *p, mono_t now)
{
	struct probe_goal	*g;
	int			 way;

	for (g = p->goal; g < p->goal + p->ngoals; g++)
		for (way = 0; way < PROBE_NWAYS; way++)
			g->echo[way].answered = 0;
	p->open = 1;
	p->passed = 0;
	p->began = now;
	p->deadline = mono_add(now, MONO_MS(p->conf.timeout_ms));
	selves_send(p, now);
	targets_send(p, now);
}

/* Relays that began together must not probe together for ever. */
static int64_t
pause_length(struct probe *p)
{
	int64_t	 ns = MONO_MS(p->conf.interval_ms);

	if (p->quick > 0) {
		p->quick--;
		return (0);
	}
	return (ns - (int64_t)(cookie_make(p) % (ns / JITTER)));
}

static void
round_end(struct probe *p, mono_t now)
{
	struct tally	 t;
	uint32_t	 i;
	int		 way;

	for (i = 0; i < p->ngoals; i++)
		for (way = 0; way < PROBE_NWAYS; way++)
			probe_echo_timeout(&p->goal[i].echo[way], now);
	p->open = 0;
	p->deadline = mono_add(p->began, pause_length(p));
	trial_look(p, now);
	if (p->passed)
		return;
	tally_make(p, &t);
	if (p->fails < UINT32_MAX)
		p->fails++;
	if (p->fails == p->conf.fall)
		through_lost(p, &t, now);
	why_write(p, &t, now);
	if (p->fails >= p->conf.fall)
		p->good = 0;
}

mono_t
probe_deadline(const struct probe *p)
{
	return (p->deadline);
}

void
probe_tick(struct probe *p, mono_t now)
{
	if (p->conf.ntargets == 0 || !mono_reached(now, p->deadline))
		return;
	if (p->open)
		round_end(p, now);
	if (mono_reached(now, p->deadline))
		round_begin(p, now);
}

/* --- answers -------------------------------------------------------------- */

/* The goal whose echo this way an answer from src is an answer to, or NULL. */
static struct probe_goal *
goal_find(struct probe *p, enum probe_way way, const struct addr6 *src,
    const struct probe_mark *m, enum probe_answer *what)
{
	struct probe_goal	*g;

	for (g = p->goal; g < p->goal + p->ngoals; g++) {
		if (m->id != p->conf.echo_id ||
		    !addr6_equal(g->self ? &p->local : &g->addr, src))
			continue;
		*what = probe_echo_check(&g->echo[way], m);
		if (*what != PROBE_REFUSED)
			return (g);
	}
	p->refused++;
	*what = PROBE_REFUSED;
	return (NULL);
}

enum probe_answer
probe_relay_in(struct probe *p, const uint8_t *data, size_t len, int ours,
    mono_t now)
{
	struct probe_goal	*g;
	struct probe_mark	 m;
	struct ip6		 h;
	enum probe_answer	 what;

	if (probe_packet_read(data, len, &h, &m) == -1 ||
	    !addr6_equal(&h.dst, &p->id)) {
		p->refused++;
		return (PROBE_REFUSED);
	}
	g = goal_find(p, PROBE_RELAY, &h.src, &m, &what);
	if (what != PROBE_TAKEN)
		return (what);
	probe_echo_answered(&g->echo[PROBE_RELAY], ours, now);
	if (ours && p->announced && !p->conf.shared)
		g->through = g->proven = 1;
	round_look(p, now);
	return (PROBE_TAKEN);
}

enum probe_answer
probe_native_in(struct probe *p, const struct addr6 *src,
    const struct addr6 *dst, const uint8_t *data, size_t len, mono_t now)
{
	struct probe_goal	*g;
	struct probe_mark	 m;
	enum probe_answer	 what;

	if (probe_echo_read(data, len, &m) == -1) {
		p->refused++;
		return (PROBE_REFUSED);
	}
	g = goal_find(p, PROBE_NATIVE, src, &m, &what);
	if (what != PROBE_TAKEN)
		return (what);
	probe_echo_answered(&g->echo[PROBE_NATIVE], 1, now);
	local_learn(p, dst, now);
	round_look(p, now);
	return (PROBE_TAKEN);
}

void
probe_tcp_in(struct probe *p, int goal, const char *failure, mono_t now)
{
	struct probe_echo	*e = &p->goal[goal].echo[PROBE_TCP];

	if (e->cookie == 0)
		return;
	if (failure != NULL) {
		probe_echo_lost(e, failure, now);
		return;
	}
	probe_echo_answered(e, 1, now);
	round_look(p, now);
}

/* --- what it shows -------------------------------------------------------- */

int
probe_good(const struct probe *p, char *why, size_t len)
{
	if (p->conf.ntargets == 0 || p->good)
		return (1);
	strlcpy(why, p->why, len);
	return (0);
}

static void
echo_show(const struct probe *p, const struct probe_goal *g,
    enum probe_way way, struct ctl_probe *c, mono_t now)
{
	struct in6_addr	 in6;

	memset(c, 0, sizeof(*c));
	addr6_store(g->self ? &p->local : &g->addr, &in6);
	if (!g->self || local_known(p))
		ipaddr_from_in6(&c->target, &in6);
	c->way = way;
	c->port = g->port;
	c->self = g->self;
	probe_echo_show(&g->echo[way], c, now);
}

int
probe_get(const struct probe *p, int i, struct ctl_probe *c, mono_t now)
{
	const struct probe_goal	*g;
	int			 way;

	for (g = p->goal; g < p->goal + p->ngoals; g++)
		for (way = 0; way < PROBE_NWAYS; way++)
			if ((g->self ? way == PROBE_RELAY :
			    g->echo[way].nsent != 0) && i-- == 0) {
				echo_show(p, g, way, c, now);
				return (1);
			}
	return (0);
}
