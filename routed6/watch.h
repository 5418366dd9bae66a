/*
 * What routed6 believes of relayd6: the client side of the health feed.  Told
 * of heartbeats, of the time and of the feed's end; asked whether what depends
 * on a relay or a check may be announced.  Silence is unhealthy: no feed, a
 * stale one, one of another version.  No I/O, no clock.
 */
#ifndef WATCH_H
#define WATCH_H

#include "ctlmsg.h"
#include "mono.h"

struct watch {
	int			connected;
	int			heard;	/* a heartbeat came by this feed */
	int			stale;
	uint32_t		interval_ms;	/* of the heartbeats */
	mono_t			last;		/* heartbeat */
	mono_t			since;	/* when we last (un)believed it */
	struct ctl_feed		feed;		/* the last heartbeat */
};

/* What may be done with a prefix, by what it depends on. */
enum watch_answer {
	WATCH_WITHDRAW,
	WATCH_LEAVE,		/* announced, with a word that it will go */
	WATCH_ANNOUNCE
};

void	watch_init(struct watch *, mono_t now);

/* A feed was opened; it is believed from its first heartbeat on. */
void	watch_opened(struct watch *);

/* The feed ended. */
void	watch_lost(struct watch *, mono_t now);

/* A heartbeat.  -1 when it is of a version we do not know. */
int	watch_heard(struct watch *, const struct ctl_feed *, mono_t now);

/* How long the feed may go on saying nothing from now on; ns. */
int64_t	watch_left(const struct watch *, mono_t now);

/* Time has passed: has the feed become stale? */
void	watch_check(struct watch *, mono_t now);

/*
 * May be announced what depends on a check, or on a kind of relay where check
 * is empty?  why gets the reason either way.
 */
enum watch_answer	watch_ask(const struct watch *, uint32_t kind,
			    const char *check, char *why, size_t len);

#endif
