/*
 * Events for ctl6 monitor: see ctlevent.h.
 */
#include <string.h>

#include "ctlevent.h"
#include "mono.h"

void
ctl_event_fill(struct ctl_event *e, const char *what, const char *subject,
    const char *state, const char *reason)
{
	memset(e, 0, sizeof(*e));
	e->wall_ms = wall_ms();
	strlcpy(e->what, what, sizeof(e->what));
	strlcpy(e->subject, subject, sizeof(e->subject));
	strlcpy(e->state, state, sizeof(e->state));
	strlcpy(e->reason, reason, sizeof(e->reason));
}

void
ctl_event(struct ctl_server *s, const char *what, const char *subject,
    const char *state, const char *reason)
{
	struct ctl_event	 e;

	if (s == NULL)
		return;
	ctl_event_fill(&e, what, subject, state, reason);
	ctl_publish(s, CTL_EVENT, &e, sizeof(e));
}

void
ctl_monitor(void *ctx, struct ctl_client *c, const void *data)
{
	ctl_subscribe(c, CTL_EVENT, LIMIT_CTL_EVENTS);
}
