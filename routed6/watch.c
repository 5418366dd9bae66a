/*
 * The client side of the health feed: see watch.h.  Runs in announce.
 */
#include <stdio.h>
#include <string.h>

#include "bounds.h"
#include "watch.h"

void
watch_init(struct watch *w, mono_t now)
{
	memset(w, 0, sizeof(*w));
	w->interval_ms = LIMIT_PROC_BEAT_MS;
	w->since = now;
}

void
watch_opened(struct watch *w)
{
	w->connected = 1;
	w->heard = 0;
	w->stale = 0;
}

void
watch_lost(struct watch *w, mono_t now)
{
	w->connected = 0;
	w->heard = 0;
	w->stale = 0;
	w->since = now;
}

/* Whatever the sender says, an interval stays within the suite's bounds. */
static uint32_t
clamp(uint32_t ms)
{
	if (ms < LIMIT_BEAT_MIN_MS)
		return (LIMIT_BEAT_MIN_MS);
	if (ms > LIMIT_BEAT_MAX_MS)
		return (LIMIT_BEAT_MAX_MS);
	return (ms);
}

int
watch_heard(struct watch *w, const struct ctl_feed *f, mono_t now)
{
	int	 i;

	if (f->version != CTL_FEED_VERSION)
		return (-1);
	if (!w->heard || w->stale)
		w->since = now;
	w->heard = 1;
	w->stale = 0;
	w->last = now;
	w->interval_ms = clamp(f->interval_ms);
	memcpy(w->verdict, f->verdict, sizeof(w->verdict));
	for (i = 0; i < RELAY_NKINDS; i++)
		w->verdict[i].reason[LIMIT_REASON - 1] = '\0';
	return (0);
}

static int64_t
patience(const struct watch *w)
{
	return (LIMIT_PROC_SILENT * MONO_MS(w->interval_ms));
}

int64_t
watch_left(const struct watch *w, mono_t now)
{
	return (w->heard ? patience(w) - mono_sub(now, w->last) : patience(w));
}

void
watch_check(struct watch *w, mono_t now)
{
	if (!w->heard || w->stale ||
	    mono_sub(now, w->last) < patience(w))
		return;
	w->stale = 1;
	w->since = now;
}

int
watch_healthy(const struct watch *w, enum relay_kind kind, char *why,
    size_t len)
{
	const struct ctl_verdict	*v = &w->verdict[kind];

	if (!w->connected)
		strlcpy(why, "relayd6 is not running", len);
	else if (!w->heard)
		strlcpy(why, "relayd6 has not said anything yet", len);
	else if (w->stale)
		strlcpy(why, "relayd6 does not answer", len);
	else if (v->state == VERDICT_NONE)
		strlcpy(why, "relayd6 has no such relay", len);
	else
		strlcpy(why, v->reason, len);
	return (w->connected && w->heard && !w->stale &&
	    v->state == VERDICT_UP);
}
