/*
 * Checks that others feed: see check.h.  Runs in the health process.
 */
#include <stdio.h>
#include <string.h>

#include "check.h"

void
check_init(struct check *c, const struct conf_check *conf, mono_t now)
{
	memset(c, 0, sizeof(*c));
	c->conf = *conf;
	subject_init(&c->subject, conf->name, &conf->verdict, now);
	verdict_bad(&c->subject.verdict, "nothing was reported yet", now);
}

void
check_report(struct check *c, const struct ctl_report *r, mono_t now)
{
	struct verdict_track	*v = &c->subject.verdict;

	c->reports++;
	c->live = 1;
	c->up = r->up != 0;
	c->lease_s = r->lease_s != 0 ? r->lease_s : c->conf.lease_s;
	c->until = mono_add(now, MONO_S(c->lease_s));
	strlcpy(c->reason, r->reason[0] != '\0' ? r->reason :
	    c->up ? "reported up" : "reported down", sizeof(c->reason));
	if (c->up)
		verdict_good(v, c->reason, now);
	else
		verdict_soft(v, c->reason, now);
}

void
check_round(struct check *c, mono_t now)
{
	struct verdict_track	*v = &c->subject.verdict;
	char			 why[LIMIT_REASON];

	if (c->live && check_left(c, now) == 0) {
		c->live = 0;
		if (!c->up && !verdict_up(v))
			return;
		snprintf(why, sizeof(why), "nothing was reported for %u s",
		    c->lease_s);
		verdict_bad(v, why, now);
	} else if (c->live && c->up && v->state == VERDICT_HELD)
		verdict_good(v, c->reason, now);
}

int64_t
check_left(const struct check *c, mono_t now)
{
	if (!c->live || mono_reached(now, c->until))
		return (0);
	return (mono_sub(c->until, now));
}
