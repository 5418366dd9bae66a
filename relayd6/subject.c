/*
 * What a verdict is about: see subject.h.  Runs in the health process.
 */
#include <string.h>

#include "subject.h"

void
subject_init(struct subject *s, const char *name,
    const struct conf_verdict *conf, mono_t now)
{
	memset(s, 0, sizeof(*s));
	strlcpy(s->name, name, sizeof(s->name));
	verdict_init(&s->verdict, conf, now);
	drain_init(&s->drain);
	(void)subject_news(s);
}

void
subject_drain(struct subject *s, const char *reason, int64_t time, mono_t now)
{
	drain_run(&s->drain, reason != NULL, verdict_up(&s->verdict), time,
	    now);
	if (reason != NULL)
		strlcpy(s->drain_reason, reason, sizeof(s->drain_reason));
}

int
subject_news(struct subject *s)
{
	enum verdict_state	 state = s->verdict.state;
	const char		*reason = s->drain_reason;
	int			 news;

	if (s->drain.state == DRAINING)
		state = VERDICT_DRAINING;
	else if (s->drain.state == DRAINED)
		state = VERDICT_DRAINED;
	else
		reason = s->verdict.reason;
	news = state != s->told.state || ((state == VERDICT_DOWN ||
	    state >= VERDICT_DRAINING) && strcmp(reason, s->told.reason) != 0);
	s->told.state = state;
	strlcpy(s->told.reason, reason, sizeof(s->told.reason));
	return (news);
}

int
subject_public(const struct subject *s)
{
	return (verdict_up(&s->verdict) && s->drain.state != DRAINED);
}
