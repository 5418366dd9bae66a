/*
 * Events for ctl6 monitor, on their way to the announce process.  Part of
 * every process that speaks a protocol: what a neighbor can make happen goes
 * there so many times a second and no more.
 */
#include <stdio.h>

#include "ctlevent.h"
#include "routed6.h"

static void
event_send(struct routed_news *n, const char *what, const char *subject,
    const char *state, const char *reason)
{
	struct ctl_event	 e;

	ctl_event_fill(&e, what, subject, state, reason);
	proc_send(n->pr, ANNOUNCE, M_EVENT, &e, -1);
}

static void
on_second(int fd, short event, void *arg)
{
	struct routed_news	*n = arg;
	char			 many[LIMIT_REASON];

	snprintf(many, sizeof(many), "%u within a second",
	    ration_refused(&n->ration));
	event_send(n, "events", n->name, "left out", many);
}

void
routed_news_init(struct routed_news *n, struct proc *pr, int role)
{
	n->pr = pr;
	n->name = routed6_def.roles[role].name;
	ration_init(&n->ration, LIMIT_EVENTS);
	timer_init(&n->second, on_second, n);
}

void
routed_event(struct routed_news *n, const char *what, const char *subject,
    const char *state, const char *reason)
{
	mono_t	 now = mono_now();

	if (ration_take(&n->ration, now))
		event_send(n, what, subject, state, reason);
	else if (n->ration.refused == 1)
		timer_arm(&n->second, mono_sub(ration_next(&n->ration), now));
}
