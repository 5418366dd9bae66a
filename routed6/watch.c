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
	uint32_t	 i;

	if (f->version != CTL_FEED_VERSION)
		return (-1);
	if (!w->heard || w->stale)
		w->since = now;
	w->heard = 1;
	w->stale = 0;
	w->last = now;
	w->interval_ms = clamp(f->interval_ms);
	w->feed = *f;
	for (i = 0; i < RELAY_NKINDS; i++)
		w->feed.verdict[i].reason[LIMIT_REASON - 1] = '\0';
	if (w->feed.nchecks > LIMIT_CHECKS)
		w->feed.nchecks = LIMIT_CHECKS;
	for (i = 0; i < w->feed.nchecks; i++) {
		w->feed.check[i].name[LIMIT_NAME - 1] = '\0';
		w->feed.check[i].verdict.reason[LIMIT_REASON - 1] = '\0';
	}
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

/* The verdict on a check, or NULL when relayd6 has no such check. */
static const struct ctl_verdict *
check_find(const struct watch *w, const char *name)
{
	uint32_t	 i;

	for (i = 0; i < w->feed.nchecks; i++)
		if (strcmp(w->feed.check[i].name, name) == 0)
			return (&w->feed.check[i].verdict);
	return (NULL);
}

static enum watch_answer
verdict_answer(uint32_t state)
{
	switch (state) {
	case VERDICT_UP:
	case VERDICT_FALLING:
		return (WATCH_ANNOUNCE);
	case VERDICT_DRAINING:
		return (WATCH_LEAVE);
	default:
		return (WATCH_WITHDRAW);
	}
}

enum watch_answer
watch_ask(const struct watch *w, uint32_t kind, const char *check, char *why,
    size_t len)
{
	const struct ctl_verdict	*v = NULL;

	if (!w->connected)
		strlcpy(why, "relayd6 is not running", len);
	else if (!w->heard)
		strlcpy(why, "relayd6 has not said anything yet", len);
	else if (w->stale)
		strlcpy(why, "relayd6 does not answer", len);
	else if (check[0] != '\0') {
		strlcpy(why, "relayd6 has no such check", len);
		v = check_find(w, check);
	} else {
		strlcpy(why, "relayd6 has no such relay", len);
		if (kind < RELAY_NKINDS &&
		    w->feed.verdict[kind].state != VERDICT_NONE)
			v = &w->feed.verdict[kind];
	}
	if (v == NULL)
		return (WATCH_WITHDRAW);
	strlcpy(why, v->reason, len);
	return (verdict_answer(v->state));
}
