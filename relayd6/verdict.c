/*
 * The verdict over one relay or check: see verdict.h.  Runs in the health
 * process.
 */
#include <stdio.h>
#include <string.h>

#include "fsm.h"
#include "verdict.h"

/* What a round or an event means, once it has been counted. */
enum verdict_in {
	GOOD,		/* well, but not often enough yet */
	HELD,		/* often enough, but held down */
	READY,		/* often enough */
	SOFT,		/* a soft failure, not the last one allowed */
	LAST,		/* ... and one too many */
	HARD,
	NEVENTS
};

#define NSTATES	(VERDICT_FALLING + 1)

struct edge {
	uint8_t	  next;
	void	(*act)(struct verdict_track *, mono_t);
};

/* --- what happens on the way ------------------------------------------- */

static void
act_none(struct verdict_track *v, mono_t now)
{
}

static void
act_rise(struct verdict_track *v, mono_t now)
{
	v->proven = 1;
	v->changes++;
	v->since = now;
}

/* The second fall is held for hold_ms, each further one twice as long. */
static uint64_t
hold_ms(const struct verdict_track *v)
{
	uint64_t	 ms = v->conf.hold_ms;
	uint32_t	 n;

	if (v->flaps < 2)
		return (0);
	for (n = 2; n < v->flaps && ms < v->conf.hold_max_ms; n++)
		ms *= 2;
	return (ms < v->conf.hold_max_ms ? ms : v->conf.hold_max_ms);
}

/* No more falls are remembered than the longest hold needs. */
static void
act_fall(struct verdict_track *v, mono_t now)
{
	v->flaps = verdict_flaps(v, now);
	if (v->flaps < 2 || hold_ms(v) < v->conf.hold_max_ms)
		v->flaps++;
	v->held = mono_add(now, MONO_MS(hold_ms(v)));
	v->changes++;
	v->since = now;
}

static const struct edge	edges[NSTATES][NEVENTS] = {
	[VERDICT_DOWN] = {
		[GOOD] =	{ VERDICT_RISING,	act_none },
		[HELD] =	{ VERDICT_HELD,		act_none },
		[READY] =	{ VERDICT_UP,		act_rise },
		[SOFT] =	{ VERDICT_DOWN,		act_none },
		[LAST] =	{ VERDICT_DOWN,		act_none },
		[HARD] =	{ VERDICT_DOWN,		act_none }
	},
	[VERDICT_RISING] = {
		[GOOD] =	{ VERDICT_RISING,	act_none },
		[HELD] =	{ VERDICT_HELD,		act_none },
		[READY] =	{ VERDICT_UP,		act_rise },
		[SOFT] =	{ VERDICT_DOWN,		act_none },
		[LAST] =	{ VERDICT_DOWN,		act_none },
		[HARD] =	{ VERDICT_DOWN,		act_none }
	},
	[VERDICT_HELD] = {
		[GOOD] =	{ VERDICT_RISING,	act_none },
		[HELD] =	{ VERDICT_HELD,		act_none },
		[READY] =	{ VERDICT_UP,		act_rise },
		[SOFT] =	{ VERDICT_DOWN,		act_none },
		[LAST] =	{ VERDICT_DOWN,		act_none },
		[HARD] =	{ VERDICT_DOWN,		act_none }
	},
	[VERDICT_UP] = {
		[GOOD] =	{ VERDICT_UP,		act_none },
		[HELD] =	{ VERDICT_UP,		act_none },
		[READY] =	{ VERDICT_UP,		act_none },
		[SOFT] =	{ VERDICT_FALLING,	act_none },
		[LAST] =	{ VERDICT_DOWN,		act_fall },
		[HARD] =	{ VERDICT_DOWN,		act_fall }
	},
	[VERDICT_FALLING] = {
		[GOOD] =	{ VERDICT_UP,		act_none },
		[HELD] =	{ VERDICT_UP,		act_none },
		[READY] =	{ VERDICT_UP,		act_none },
		[SOFT] =	{ VERDICT_FALLING,	act_none },
		[LAST] =	{ VERDICT_DOWN,		act_fall },
		[HARD] =	{ VERDICT_DOWN,		act_fall }
	}
};

void
verdict_check(void)
{
	fsm_complete("verdict", &edges[0][0].next, sizeof(edges[0][0]),
	    NSTATES, NEVENTS);
}

/* --- rounds and events ------------------------------------------------- */

static void
verdict_event(struct verdict_track *v, enum verdict_in ev, const char *why,
    mono_t now)
{
	const struct edge	*e = &edges[v->state][ev];

	e->act(v, now);
	v->state = e->next;
	if (v->state == VERDICT_RISING)
		snprintf(v->reason, sizeof(v->reason), "%.60s, waiting to be "
		    "sure", why);
	else if (v->state == VERDICT_HELD)
		snprintf(v->reason, sizeof(v->reason), "%.60s, held down "
		    "until it lasts", why);
	else
		strlcpy(v->reason, why, sizeof(v->reason));
}

void
verdict_init(struct verdict_track *v, const struct conf_verdict *conf,
    mono_t now)
{
	memset(v, 0, sizeof(*v));
	v->conf = *conf;
	v->state = VERDICT_DOWN;
	v->since = v->held = now;
	strlcpy(v->reason, "starting", sizeof(v->reason));
}

void
verdict_good(struct verdict_track *v, const char *why, mono_t now)
{
	enum verdict_in	 ev = READY;

	if (v->streak++ == 0)
		v->good = now;
	v->soft = 0;
	if (v->streak < v->conf.rise)
		ev = GOOD;
	else if (verdict_held(v, now) > 0)
		ev = HELD;
	verdict_event(v, ev, why, now);
}

void
verdict_soft(struct verdict_track *v, const char *why, mono_t now)
{
	v->streak = 0;
	v->soft++;
	verdict_event(v, v->soft < v->conf.fall ? SOFT : LAST, why, now);
}

void
verdict_bad(struct verdict_track *v, const char *why, mono_t now)
{
	v->streak = v->soft = 0;
	verdict_event(v, HARD, why, now);
}

/* --- questions --------------------------------------------------------- */

int
verdict_up(const struct verdict_track *v)
{
	return (v->state == VERDICT_UP || v->state == VERDICT_FALLING);
}

/* Only time spent healthy counts, or the longest hold would end itself. */
uint32_t
verdict_flaps(const struct verdict_track *v, mono_t now)
{
	int64_t	 forgiven;

	if (!verdict_up(v) || v->conf.forget_ms == 0)
		return (v->flaps);
	forgiven = mono_sub(now, v->since) / MONO_MS(v->conf.forget_ms);
	return (forgiven < v->flaps ? v->flaps - forgiven : 0);
}

int64_t
verdict_held(const struct verdict_track *v, mono_t now)
{
	mono_t	 until = v->held;

	if (!v->proven)
		until = mono_add(v->streak > 0 ? v->good : now,
		    MONO_MS(v->conf.settle_ms));
	return (mono_reached(now, until) ? 0 : mono_sub(until, now));
}
