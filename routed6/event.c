/*
 * Events for ctl6 monitor, on their way to the announce process.  Part of
 * every process that speaks a protocol.
 */
#include "ctlevent.h"
#include "routed6.h"

void
routed_event(struct proc *pr, const char *what, const char *subject,
    const char *state, const char *reason)
{
	struct ctl_event	 e;

	ctl_event_fill(&e, what, subject, state, reason);
	proc_send(pr, ANNOUNCE, M_EVENT, &e, -1);
}
