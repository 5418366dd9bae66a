/*
 * Events for ctl6 monitor: what has happened, at once and in one line.  Every
 * process that sees one makes it here; the one with the control socket tells
 * it to whoever subscribed.
 */
#ifndef CTLEVENT_H
#define CTLEVENT_H

#include "ctlmsg.h"
#include "ctlsock.h"

/*
 * what is the kind of event, in the words of ctl6(8) (verdict, session),
 * subject whom it is about, state what that has become, reason why; it may be
 * empty.
 */
void	ctl_event_fill(struct ctl_event *, const char *what,
	    const char *subject, const char *state, const char *reason);

/* Make one and tell it; no server yet, nobody to be told. */
void	ctl_event(struct ctl_server *, const char *what, const char *subject,
	    const char *state, const char *reason);

/* For the table of requests: the client wants to be told. */
void	ctl_monitor(void *ctx, struct ctl_client *, const void *);

#endif
