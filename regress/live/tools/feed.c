/*
 * The health feed of a relayd6 that is always well, for tests of routed6
 * alone.
 *
 *	feed socket
 *
 * Every relay is healthy from the start; SIGUSR1 makes all of them ill,
 * SIGUSR2 well again, at once.
 */
#include <err.h>
#include <event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctlmsg.h"
#include "ctlsock.h"
#include "mono.h"

#define INTERVAL_MS	100

struct feed {
	struct ctl_server	*server;
	struct timer		 tick;
	struct event		 ill;
	struct event		 well;
	struct ctl_feed		 beat;
};

static void
state_set(struct feed *f, enum verdict_state state, const char *reason)
{
	int	 i;

	for (i = 0; i < RELAY_NKINDS; i++) {
		f->beat.verdict[i].state = state;
		strlcpy(f->beat.verdict[i].reason, reason,
		    sizeof(f->beat.verdict[i].reason));
	}
}

static void
beat(struct feed *f)
{
	f->beat.seq++;
	ctl_publish(f->server, CTL_FEED, &f->beat, sizeof(f->beat));
}

static void
on_tick(int fd, short event, void *arg)
{
	struct feed	*f = arg;

	timer_arm(&f->tick, MONO_MS(INTERVAL_MS));
	beat(f);
}

static void
on_signal(int sig, short event, void *arg)
{
	struct feed	*f = arg;

	if (sig == SIGUSR1)
		state_set(f, VERDICT_DOWN, "told so");
	else
		state_set(f, VERDICT_UP, "all signs are good");
	beat(f);
}

static void
subscribe(void *ctx, struct ctl_client *c, const void *data)
{
	struct feed	*f = ctx;

	ctl_subscribe(c, CTL_FEED, LIMIT_CTL_FEED);
	ctl_reply(c, CTL_FEED, &f->beat, sizeof(f->beat));
}

static const struct ctl_request	requests[] = {
	{ CTL_SUBSCRIBE, 0, 0, subscribe }
};

int
main(int argc, char *argv[])
{
	struct feed	*f;
	int		 fd;

	if (argc != 2)
		errx(2, "usage: feed socket");
	signal(SIGPIPE, SIG_IGN);
	event_init();
	if ((f = calloc(1, sizeof(*f))) == NULL ||
	    (fd = ctl_listen(argv[1], getgid())) == -1)
		err(1, "%s", argv[1]);
	f->beat.version = CTL_FEED_VERSION;
	f->beat.interval_ms = INTERVAL_MS;
	state_set(f, VERDICT_UP, "all signs are good");
	f->server = ctl_server_new(fd, requests, nitems(requests), NULL, f);
	timer_init(&f->tick, on_tick, f);
	signal_set(&f->ill, SIGUSR1, on_signal, f);
	signal_set(&f->well, SIGUSR2, on_signal, f);
	signal_add(&f->ill, NULL);
	signal_add(&f->well, NULL);
	on_tick(-1, 0, f);
	event_dispatch();
	return (1);
}
