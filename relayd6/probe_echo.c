/*
 * One way to one target of a probe: see probe_echo.h.  Health process; pure.
 */
#include <string.h>

#include "probe_echo.h"

void
probe_echo_sent(struct probe_echo *e, const struct probe_mark *m, mono_t now)
{
	e->cookie = m->cookie;
	e->seq = m->seq;
	e->sent = now;
	e->lost <<= 1;
	e->nsent++;
}

void
probe_echo_forget(struct probe_echo *e)
{
	e->cookie = e->late = 0;
}

void
probe_echo_lost(struct probe_echo *e, const char *how, mono_t now)
{
	e->cookie = 0;
	e->lost |= 1;
	e->nlost++;
	e->failed = now;
	e->failure = how;
}

void
probe_echo_timeout(struct probe_echo *e, mono_t now)
{
	e->late = e->cookie;
	if (e->cookie != 0)
		probe_echo_lost(e, "no answer", now);
}

void
probe_echo_answered(struct probe_echo *e, int ours, mono_t now)
{
	int64_t	 us = mono_sub(now, e->sent) / MONO_US(1);

	e->cookie = 0;
	e->answered = 1;
	e->ours = ours;
	/* Never the 0 of one that has not answered, and 71 minutes at most. */
	e->rtt_us = us < 1 ? 1 : us > UINT32_MAX ? UINT32_MAX : us;
	if (e->smooth_us == 0)
		e->smooth_us = e->rtt_us;
	e->smooth_us += ((int64_t)e->rtt_us - e->smooth_us) / 8;
	if (e->best_us == 0 || e->rtt_us < e->best_us)
		e->best_us = e->rtt_us;
}

enum probe_answer
probe_echo_check(struct probe_echo *e, const struct probe_mark *m)
{
	if (m->cookie == 0)
		return (PROBE_REFUSED);
	if (m->cookie == e->cookie && m->seq == e->seq)
		return (PROBE_TAKEN);
	if (m->cookie != e->late)
		return (PROBE_REFUSED);
	e->late = 0;
	e->nlate++;
	e->failure = "answered too late";
	return (PROBE_LATE);
}

static uint32_t
window_lost(const struct probe_echo *e)
{
	uint64_t	 bits;
	uint32_t	 n = 0;

	for (bits = e->lost; bits != 0; bits &= bits - 1)
		n++;
	return (n);
}

void
probe_echo_show(const struct probe_echo *e, struct ctl_probe *c, mono_t now)
{
	/* The last one whose fate is known. */
	c->answers = e->rtt_us != 0 &&
	    (e->lost & (e->cookie != 0 ? 2 : 1)) == 0;
	c->ours = e->ours;
	c->sent = e->nsent;
	c->lost = e->nlost;
	c->late = e->nlate;
	c->window = e->nsent < PROBE_WINDOW ? e->nsent : PROBE_WINDOW;
	c->window_lost = window_lost(e);
	c->rtt_us = e->rtt_us;
	c->smooth_us = e->smooth_us;
	c->best_us = e->best_us;
	c->failed_ms = CTL_NEVER;
	if (e->failure == NULL)
		return;
	c->failed_ms = mono_sub(now, e->failed) / MONO_MS(1);
	strlcpy(c->failure, e->failure, sizeof(c->failure));
}
