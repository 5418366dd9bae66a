/*
 * ctl6: asks the daemons and shows what they answer.  One request, one answer,
 * exit status 0 when all went well.  Needs no privilege but access to the
 * control sockets.
 */
#include <sys/types.h>
#include <sys/socket.h>

#include <err.h>
#include <errno.h>
#include <imsg.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl6.h"
#include "ctlmsg.h"
#include "ctlsock.h"

#define RUNDIR	"/var/run"
#define WAIT_MS	5000	/* for a daemon to go on with its answer */
#define RELOAD_MS 60000	/* new relays come after a drain and linger */

/* What the daemons are asked. */
struct question {
	const struct command	*command;
	uint8_t			 data[CTL_MAX_REQUEST];
	size_t			 len;
};

__dead static void
usage(void)
{
	fprintf(stderr, "usage: %s [-j] [-s directory] command [argument "
	    "...]\n", getprogname());
	words_list();
	exit(1);
}

void
complain(const char *daemon, const char *path)
{
	switch (errno) {
	case ENOENT:
	case ECONNREFUSED:
		warnx("%s is not running (nothing answers at %s)", daemon,
		    path);
		break;
	case EACCES:
	case EPERM:
		warnx("%s: permission denied: root and group _%s may ask",
		    path, daemon);
		break;
	case EAGAIN:
		warnx("%s does not answer", daemon);
		break;
	default:
		warn("%s: %s", daemon, path);
	}
}

/* The end of an answer: 0, or -1 after saying why the daemon refused. */
static int
answer_end(const char *daemon, struct imsg *im)
{
	struct ctl_end	 end;

	if (imsg_get_data(im, &end, sizeof(end)) == -1) {
		warnx("%s is of another version", daemon);
		return (-1);
	}
	end.text[sizeof(end.text) - 1] = '\0';
	if (end.status != 0)
		warnx("%s: %s", daemon, end.text);
	return (end.status == 0 ? 0 : -1);
}

/* One message; 1: more will come, 0: done, -1: failed. */
static int
answer_part(const char *daemon, const struct command *c, struct imsg *im,
    struct json_object *root)
{
	struct ibuf	 b;

	if (imsg_get_type(im) == CTL_END)
		return (answer_end(daemon, im));
	if (c->row == NULL || imsg_get_ibuf(im, &b) == -1 ||
	    c->row(root, imsg_get_type(im), ibuf_data(&b),
	    ibuf_size(&b)) == -1) {
		warnx("%s is of another version", daemon);
		return (-1);
	}
	return (1);
}

/* Wait for more of the answer; -1 when the daemon is silent or gone. */
static int
answer_read(const char *daemon, struct imsgbuf *ib, int fd, int ms)
{
	struct pollfd	 pfd = { .fd = fd, .events = POLLIN };

	switch (poll(&pfd, 1, ms)) {
	case -1:
		err(1, "poll");
	case 0:
		warnx("%s does not answer", daemon);
		return (-1);
	default:
		if (imsgbuf_read(ib) == 1)
			return (0);
		warnx("%s ended in the middle of its answer", daemon);
		return (-1);
	}
}

static int
converse(const char *daemon, const struct question *q, int fd,
    struct json_object *root)
{
	const struct command	*c = q->command;
	struct imsgbuf		 ib;
	struct imsg		 im;
	int			 rv = 1, n;

	if (imsgbuf_init(&ib, fd) == -1 || imsg_compose(&ib, c->request, 0, 0,
	    -1, q->data, q->len) == -1 || imsgbuf_flush(&ib) == -1)
		err(1, "%s", daemon);
	while (rv == 1) {
		if ((n = imsgbuf_get(&ib, &im)) == -1)
			err(1, "%s", daemon);
		if (n == 0) {
			if (answer_read(daemon, &ib, fd, c->request ==
			    CTL_RELOAD ? RELOAD_MS : WAIT_MS) == -1)
				rv = -1;
			continue;
		}
		rv = answer_part(daemon, c, &im, root);
		imsg_free(&im);
	}
	imsgbuf_clear(&ib);
	return (rv);
}

/* Ask one daemon; -1 when it did not do what it was asked. */
static int
ask(const char *dir, const char *daemon, const struct question *q,
    struct json_object *root)
{
	char	 path[1024];
	int	 fd, rv;

	snprintf(path, sizeof(path), "%s/%s.sock", dir, daemon);
	if ((fd = ctl_connect(path)) == -1) {
		complain(daemon, path);
		return (-1);
	}
	rv = converse(daemon, q, fd, root);
	close(fd);
	return (rv);
}

/* -1 after saying what is wrong with the words. */
static int
question_make(struct question *q, int argc, char *argv[])
{
	int	 n = 0;

	if ((q->command = words_find(argc, argv)) == NULL)
		return (-1);
	if (q->command->fill != NULL)
		n = q->command->fill(q->command, argc, argv, q->data);
	q->len = n;
	return (n == -1 ? -1 : 0);
}

int
main(int argc, char *argv[])
{
	const struct command	*c;
	struct question		 q;
	const char		*dir = RUNDIR;
	struct json_object	*root;
	int			 ch, json = 0, failed = 0;

	signal(SIGPIPE, SIG_IGN);
	while ((ch = getopt(argc, argv, "+js:")) != -1)
		switch (ch) {
		case 'j':
			json = 1;
			break;
		case 's':
			dir = optarg;
			break;
		default:
			usage();
		}
	if (optind == argc)
		usage();
	if (question_make(&q, argc - optind, argv + optind) == -1)
		return (1);
	c = q.command;
	if (c->request == CTL_MONITOR)
		return (monitor(dir, json));
	root = json_object_new_object();
	if (c->to & TO_RELAYD6)
		failed |= ask(dir, "relayd6", &q, root);
	if (c->to & TO_ROUTED6)
		failed |= ask(dir, "routed6", &q, root);
	sort_rows(root, "clients");
	if (!failed && c->row != NULL && json)
		out_json(root);
	else if (!failed && c->row != NULL)
		out_text(root);
	json_object_put(root);
	return (failed ? 1 : 0);
}
