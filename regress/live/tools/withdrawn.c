/*
 * withdrawn: the stopwatch of the live tests.  Signals a process (or runs a
 * command) and prints how many milliseconds pass until the kernel of this
 * network namespace has no route to any of the given prefixes; with -a, until
 * it has a route to each; with -i, only routes by that interface count, alone
 * or among others.  Never signals before the prefixes are known to be
 * there and before the kernel's notifications are subscribed to.
 *
 *	withdrawn [-av] [-i interface] [-t ms] [-k pid [-s signal]]
 *	    prefix ... [-- command]
 *
 * Exit status: 0 all gone, 1 not within the time limit, 2 could not measure.
 */
#include <sys/types.h>
#include <sys/wait.h>
#include <net/if.h>

#include <err.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "mono.h"
#include "prefix.h"
#include "routes.h"

#define WATCHED_MAX	16
#define LIMIT_DEFAULT	10000	/* ms; no test waits longer than this */

struct watched {
	struct prefix	 prefix;
	const char	*text;
	int		 up;
	mono_t		 when;		/* of the last change */
};

struct stopwatch {
	struct watched	 set[WATCHED_MAX];
	size_t		 nset;
	struct mnl_socket *nl;
	mono_t		 start;
	int		 arrive;	/* wait for routes to come, not to go */
	int		 verbose;
	unsigned int	 ifindex;	/* 0: any */
	int64_t		 limit;		/* ns */
	pid_t		 pid;
	int		 sig;
	char		**command;
};

static void
usage(void)
{
	fprintf(stderr, "usage: %s [-av] [-i interface] [-t ms] "
	    "[-k pid [-s signal]] prefix ... [-- command]\n", getprogname());
	exit(2);
}

static int
signal_parse(const char *s)
{
	static const struct {
		const char	*name;
		int		 sig;
	}		 names[] = {
		{ "KILL",	SIGKILL },
		{ "STOP",	SIGSTOP },
		{ "CONT",	SIGCONT },
		{ "TERM",	SIGTERM },
		{ "INT",	SIGINT },
		{ "HUP",	SIGHUP },
		{ "SEGV",	SIGSEGV },
		{ "ABRT",	SIGABRT }
	};
	size_t		 i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcasecmp(s, names[i].name) == 0)
			return (names[i].sig);
	errx(2, "unknown signal %s", s);
}

static long long
number_parse(const char *s, const char *what)
{
	const char	*errstr;
	long long	 n;

	n = strtonum(s, 1, 1 << 22, &errstr);
	if (errstr != NULL)
		errx(2, "%s %s: %s", what, s, errstr);
	return (n);
}

/* A route changed: note it when it is one that we watch. */
static void
watched_update(void *arg, const struct prefix *p, int up)
{
	struct stopwatch	*sw = arg;
	mono_t			 now;
	size_t			 i;

	now = mono_now();
	for (i = 0; i < sw->nset; i++) {
		if (!prefix_equal(&sw->set[i].prefix, p) ||
		    sw->set[i].up == up)
			continue;
		sw->set[i].up = up;
		sw->set[i].when = now;
	}
}

/* Everything as it is wished to become? */
static int
watched_done(const struct stopwatch *sw)
{
	size_t	 i;

	for (i = 0; i < sw->nset; i++)
		if (sw->set[i].up != sw->arrive)
			return (0);
	return (1);
}

/* The whole table again, from which a route may be gone without a word. */
static void
watched_look(struct stopwatch *sw)
{
	struct watched	 before[WATCHED_MAX];
	mono_t		 now = mono_now();
	size_t		 i;

	memcpy(before, sw->set, sizeof(before));
	for (i = 0; i < sw->nset; i++)
		sw->set[i].up = 0;
	if (routes_dump(watched_update, sw, sw->ifindex) == -1)
		err(2, "routes");
	for (i = 0; i < sw->nset; i++)
		sw->set[i].when = sw->set[i].up == before[i].up ?
		    before[i].when : now;
}

/* A message from the kernel. */
static void
watched_hear(struct stopwatch *sw)
{
	if (routes_read(sw->nl, watched_update, sw) == -1)
		err(2, "routes");
	if (sw->ifindex != 0)
		watched_look(sw);
}

/* Only routes that are there can go: anything else would measure nothing. */
static void
watched_check(struct stopwatch *sw)
{
	size_t	 i;

	watched_look(sw);
	for (i = 0; i < sw->nset; i++)
		if (!sw->arrive && !sw->set[i].up)
			errx(2, "%s: no such route to begin with",
			    sw->set[i].text);
}

/* Let it happen; the clock is read just before. */
static pid_t
effect_begin(struct stopwatch *sw)
{
	pid_t	 child = 0;

	sw->start = mono_now();
	if (sw->pid != 0 && kill(sw->pid, sw->sig) == -1)
		err(2, "kill %d", (int)sw->pid);
	if (sw->command == NULL)
		return (0);
	if ((child = fork()) == -1)
		err(2, "fork");
	if (child == 0) {
		execvp(sw->command[0], sw->command);
		err(127, "%s", sw->command[0]);
	}
	return (child);
}

/* Follow the kernel until all is done (0) or the time is up (-1). */
static int
watched_follow(struct stopwatch *sw)
{
	struct pollfd	 pfd;
	int64_t		 left;

	pfd.fd = routes_fd(sw->nl);
	pfd.events = POLLIN;
	while (!watched_done(sw)) {
		left = sw->limit - mono_sub(mono_now(), sw->start);
		if (left <= 0)
			return (-1);
		if (poll(&pfd, 1, (int)(left / MONO_MS(1)) + 1) == -1 &&
		    errno != EINTR)
			err(2, "poll");
		if (pfd.revents & POLLIN)
			watched_hear(sw);
	}
	return (0);
}

static double
watched_ms(const struct stopwatch *sw, const struct watched *w)
{
	int64_t	 ns;

	ns = mono_sub(w->when, sw->start);
	return (ns < 0 ? 0 : ns / 1e6);
}

static int
result_print(const struct stopwatch *sw)
{
	double	 ms, worst = 0;
	size_t	 i;
	int	 missed = 0;

	for (i = 0; i < sw->nset; i++) {
		ms = watched_ms(sw, &sw->set[i]);
		if (ms > worst)
			worst = ms;
		if (sw->set[i].up == sw->arrive) {
			if (sw->verbose)
				fprintf(stderr, "%s %.3f\n", sw->set[i].text,
				    ms);
			continue;
		}
		missed = 1;
		warnx("%s: %s after %.0f ms", sw->set[i].text,
		    sw->arrive ? "not there" : "still there",
		    sw->limit / 1e6);
	}
	if (missed)
		return (1);
	printf("%.3f\n", worst);
	return (0);
}

/* Prefixes up to the end or to "--", then a command. */
static void
operands_parse(struct stopwatch *sw, int argc, char *argv[])
{
	int	 i;

	for (i = 0; i < argc; i++) {
		if (strcmp(argv[i], "--") == 0) {
			sw->command = argv + i + 1;
			break;
		}
		if (sw->nset == WATCHED_MAX)
			errx(2, "more than %d prefixes", WATCHED_MAX);
		if (prefix_parse(&sw->set[sw->nset].prefix, argv[i]) == -1)
			errx(2, "%s: not a prefix", argv[i]);
		sw->set[sw->nset++].text = argv[i];
	}
	if (sw->nset == 0 || (sw->command != NULL && *sw->command == NULL))
		usage();
}

static void
options_parse(struct stopwatch *sw, int argc, char *argv[])
{
	int	 ch;

	while ((ch = getopt(argc, argv, "+ai:k:s:t:v")) != -1) {
		switch (ch) {
		case 'a':
			sw->arrive = 1;
			break;
		case 'i':
			if ((sw->ifindex = if_nametoindex(optarg)) == 0)
				err(2, "%s", optarg);
			break;
		case 'k':
			sw->pid = number_parse(optarg, "pid");
			break;
		case 's':
			sw->sig = signal_parse(optarg);
			break;
		case 't':
			sw->limit = MONO_MS(number_parse(optarg, "limit"));
			break;
		case 'v':
			sw->verbose = 1;
			break;
		default:
			usage();
		}
	}
	operands_parse(sw, argc - optind, argv + optind);
}

int
main(int argc, char *argv[])
{
	struct stopwatch	 sw;
	struct sched_param	 fifo;
	pid_t			 child;
	int			 rc;

	memset(&sw, 0, sizeof(sw));
	sw.limit = MONO_MS(LIMIT_DEFAULT);
	sw.sig = SIGKILL;
	options_parse(&sw, argc, argv);

	if ((sw.nl = routes_open()) == NULL)
		err(2, "netlink");
	watched_check(&sw);
	/* Best effort: a busy machine must not be read as a slow daemon. */
	memset(&fifo, 0, sizeof(fifo));
	fifo.sched_priority = 1;
	(void)sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &fifo);

	child = effect_begin(&sw);
	do {
		rc = watched_follow(&sw);
		/* A route may have a twin: believe only the whole table. */
		if (rc == 0)
			watched_look(&sw);
	} while (rc == 0 && !watched_done(&sw));
	if (child != 0)
		waitpid(child, NULL, 0);
	routes_close(sw.nl);
	return (result_print(&sw));
}
