/*
 * ctl6 monitor: a line for each event as it happens, from both daemons.  One
 * that goes away is looked for once a second as long as the other one is
 * there.
 */
#include <sys/types.h>

#include <err.h>
#include <errno.h>
#include <imsg.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ctl6.h"
#include "ctlevent.h"
#include "mono.h"

#define RETRY_MS	1000
#define NSOURCES	2

struct source {
	const char	*daemon;
	char		 path[1024];
	int		 fd;		/* -1: not connected */
	struct imsgbuf	 imsg;
};

/* --- lines ------------------------------------------------------------- */

/* As in RFC 3339, in the time zone of the reader. */
static void
time_words(uint64_t ms, char *buf, size_t len)
{
	struct tm	 tm;
	time_t		 t = ms / 1000;
	size_t		 n;

	if (localtime_r(&t, &tm) == NULL)
		memset(&tm, 0, sizeof(tm));
	n = strftime(buf, len, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(buf + n, len - n, ".%03u", (unsigned)(ms % 1000));
	n = strlen(buf);
	strftime(buf + n, len - n, "%z", &tm);
}

static void
print_event(const char *daemon, const struct ctl_event *e, int json)
{
	struct json_object	*o;
	char			 when[64];

	time_words(e->wall_ms, when, sizeof(when));
	if (!json)
		printf("%s %s: %s %s %s%s%s\n", when, daemon, e->what,
		    e->subject, e->state, e->reason[0] == '\0' ? "" : ": ",
		    e->reason);
	else {
		o = json_object_new_object();
		add_string(o, "time", when);
		add_string(o, "daemon", daemon);
		add_string(o, "event", e->what);
		add_string(o, "subject", e->subject);
		add_string(o, "state", e->state);
		add_string(o, "reason", e->reason);
		out_json_line(o);
		json_object_put(o);
	}
	if (fflush(stdout) == EOF)
		exit(1);
}

static void
print_own(const struct source *s, const char *state, int json)
{
	struct ctl_event	 e;

	ctl_event_fill(&e, "daemon", s->daemon, state, "");
	print_event("ctl6", &e, json);
}

/* --- daemons ----------------------------------------------------------- */

static void
source_close(struct source *s)
{
	imsgbuf_clear(&s->imsg);
	close(s->fd);
	s->fd = -1;
}

/* -1 with errno set when it can not be. */
static int
source_open(struct source *s)
{
	if ((s->fd = ctl_connect(s->path)) == -1)
		return (-1);
	if (imsgbuf_init(&s->imsg, s->fd) == -1)
		err(1, "%s", s->daemon);
	if (imsg_compose(&s->imsg, CTL_MONITOR, 0, 0, -1, NULL, 0) != -1 &&
	    imsgbuf_flush(&s->imsg) != -1)
		return (0);
	source_close(s);
	errno = ECONNREFUSED;
	return (-1);
}

/* 0, or -1 when the daemon is gone or has dropped us. */
static int
source_read(struct source *s, int json)
{
	struct ctl_event	 e;
	struct imsg		 im;
	int			 n;

	if (imsgbuf_read(&s->imsg) != 1)
		return (-1);
	while ((n = imsgbuf_get(&s->imsg, &im)) == 1) {
		if (imsg_get_type(&im) != CTL_EVENT ||
		    imsg_get_data(&im, &e, sizeof(e)) == -1)
			errx(1, "%s is of another version", s->daemon);
		imsg_free(&im);
		e.what[sizeof(e.what) - 1] = '\0';
		e.subject[sizeof(e.subject) - 1] = '\0';
		e.state[sizeof(e.state) - 1] = '\0';
		e.reason[sizeof(e.reason) - 1] = '\0';
		print_event(s->daemon, &e, json);
	}
	return (n);
}

/* Wait for events, and read them. */
static void
sources_wait(struct source *s, int json)
{
	struct pollfd	 pfd[NSOURCES];
	int		 i, all = 1;

	for (i = 0; i < NSOURCES; i++) {
		pfd[i].fd = s[i].fd;
		pfd[i].events = POLLIN;
		pfd[i].revents = 0;
		all &= s[i].fd != -1;
	}
	if (poll(pfd, NSOURCES, all ? -1 : RETRY_MS) == -1)
		err(1, "poll");
	for (i = 0; i < NSOURCES; i++)
		if (pfd[i].revents != 0 && source_read(&s[i], json) == -1) {
			source_close(&s[i]);
			print_own(&s[i], "gone", json);
		}
}

int
monitor(const char *dir, int json)
{
	struct source	 s[NSOURCES] = {
		{ .daemon = "relayd6", .fd = -1 },
		{ .daemon = "routed6", .fd = -1 }
	};
	int		 i, begun;

	for (i = 0; i < NSOURCES; i++) {
		snprintf(s[i].path, sizeof(s[i].path), "%s/%s.sock", dir,
		    s[i].daemon);
		if (source_open(&s[i]) == -1)
			complain(s[i].daemon, s[i].path);
	}
	for (begun = 0; s[0].fd != -1 || s[1].fd != -1; begun = 1) {
		for (i = 0; begun && i < NSOURCES; i++)
			if (s[i].fd == -1 && source_open(&s[i]) == 0)
				print_own(&s[i], "there", json);
		sources_wait(s, json);
	}
	return (1);
}
