/*
 * Tests of what the parents of both daemons do alike, lib/daemon.c.  What
 * exits or goes into the background does so in a child of the test.
 */
#include <sys/types.h>
#include <sys/wait.h>

#include <atf-c.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon.h"
#include "log.h"

#define MAX_ARGV	80

/* daemon_options() with the words after the program's name. */
static void
options(struct daemon_options *o, const char *const *words)
{
	char	*argv[MAX_ARGV];
	int	 argc = 0;

	argv[argc++] = strdup("relayd6");
	for (; *words != NULL; words++) {
		ATF_REQUIRE(argc < MAX_ARGV - 1);
		argv[argc++] = strdup(*words);
	}
	argv[argc] = NULL;
	setprogname("relayd6");
	daemon_options(o, argc, argv);
}

static void
options_refused(const char *const *words, const char *pattern)
{
	struct daemon_options	 o = { .file = "f" };
	pid_t			 pid;

	if ((pid = atf_utils_fork()) == 0) {
		options(&o, words);
		exit(0);
	}
	atf_utils_wait(pid, 1, "", "save:err");
	ATF_CHECK(atf_utils_grep_file("%s", "err", pattern));
}

ATF_TC_WITHOUT_HEAD(daemon_options);
ATF_TC_BODY(daemon_options, tc)
{
	static const char *const	 words[] = {
		"-dnv", "-D", "a=1", "-f", "x.conf", "-Db=2", "-s", "x.sock",
		"-R", "relay", NULL
	};
	static struct daemon_options	 o = { .file = "f", .socket = "s" };

	options(&o, words);
	ATF_CHECK_EQ(o.foreground, 1);
	ATF_CHECK_EQ(o.check, 1);
	ATF_CHECK_EQ(o.verbose, 1);
	ATF_REQUIRE_EQ(o.ndefs, 2);
	ATF_CHECK_STREQ(o.defs[0], "a=1");
	ATF_CHECK_STREQ(o.defs[1], "b=2");
	ATF_CHECK_STREQ(o.file, "x.conf");
	ATF_CHECK_STREQ(o.role, "relay");
}

/* The daemon leaves its directory, but not a terminal that it logs to. */
ATF_TC_WITHOUT_HEAD(daemon_options_relative);
ATF_TC_BODY(daemon_options_relative, tc)
{
	static const char *const	 words[] = {
		"-f", "x.conf", "-s", "/run/x.sock", NULL
	};
	static struct daemon_options	 o = { .file = "f", .socket = "s" };
	char				*want, *dir;

	ATF_REQUIRE((dir = getcwd(NULL, 0)) != NULL);
	ATF_REQUIRE(asprintf(&want, "%s/x.conf", dir) != -1);
	options(&o, words);
	ATF_CHECK_STREQ(o.file, want);
	ATF_CHECK_STREQ(o.socket, "/run/x.sock");
	free(want);
	free(dir);
}

ATF_TC_WITHOUT_HEAD(daemon_options_defaults);
ATF_TC_BODY(daemon_options_defaults, tc)
{
	static const char *const	 words[] = { NULL };
	struct daemon_options		 o = { .file = "/f", .socket = "/s" };

	options(&o, words);
	ATF_CHECK_STREQ(o.file, "/f");
	ATF_CHECK_STREQ(o.socket, "/s");
	ATF_CHECK(o.role == NULL);
	ATF_CHECK_EQ(o.foreground + o.check + o.verbose + o.ndefs, 0);
}

ATF_TC_WITHOUT_HEAD(daemon_options_usage);
ATF_TC_BODY(daemon_options_usage, tc)
{
	static const char *const	 argument[] = { "-d", "more", NULL };
	static const char *const	 unknown[] = { "-x", NULL };
	static const char *const	 late[] = { "more", "-d", NULL };
	const char			*many[2 * DAEMON_MAX_DEFS + 3];
	int				 i;

	options_refused(argument, "^usage: relayd6 \\[-dnv\\]");
	options_refused(unknown, "^usage: relayd6 \\[-dnv\\]");
	options_refused(late, "^usage: relayd6 \\[-dnv\\]");
	for (i = 0; i < 2 * DAEMON_MAX_DEFS + 2; i += 2) {
		many[i] = "-D";
		many[i + 1] = "a=1";
	}
	many[i] = NULL;
	options_refused(many, "^relayd6: more than 32 macros$");
}

ATF_TC_WITHOUT_HEAD(daemon_child_args);
ATF_TC_BODY(daemon_child_args, tc)
{
	struct daemon_options	 o = { .file = "f" };
	const char		*args[DAEMON_MAX_ARGS];

	daemon_child_args(&o, args);
	ATF_CHECK(args[0] == NULL);
	o.verbose = 1;
	daemon_child_args(&o, args);
	ATF_CHECK_STREQ(args[0], "-v");
	ATF_CHECK(args[1] == NULL);
	o.foreground = 1;
	daemon_child_args(&o, args);
	ATF_CHECK_STREQ(args[0], "-d");
	ATF_CHECK_STREQ(args[1], "-v");
	ATF_CHECK(args[2] == NULL);
}

static void
ignore(void *arg, int pri, const char *line)
{
}

ATF_TC_WITHOUT_HEAD(daemon_complain);
ATF_TC_BODY(daemon_complain, tc)
{
	struct complaints	 c = { 0, "" };
	char			 longer[2 * sizeof(c.first)];

	log_sink(ignore, NULL);
	daemon_complain(&c, "first");
	daemon_complain(&c, "second");
	ATF_CHECK_EQ(c.n, 2);
	ATF_CHECK_STREQ(c.first, "first");

	memset(&c, 0, sizeof(c));
	memset(longer, 'x', sizeof(longer));
	longer[sizeof(longer) - 1] = '\0';
	daemon_complain(&c, longer);
	ATF_CHECK_EQ(strlen(c.first), sizeof(c.first) - 1);
}

ATF_TC_WITHOUT_HEAD(daemon_print_error);
ATF_TC_BODY(daemon_print_error, tc)
{
	pid_t	 pid;

	if ((pid = atf_utils_fork()) == 0) {
		daemon_print_error(NULL, "f:1: %s");
		exit(0);
	}
	atf_utils_wait(pid, 0, "", "f:1: %s\n");
}

/* Start a daemon that ends in this way; whoever started it gets status. */
static void
start(void (*how)(int fd), int status, const char *err)
{
	pid_t	 pid;

	if ((pid = atf_utils_fork()) == 0) {
		log_init("d", NULL, 0);
		how(daemon_start());
		_exit(99);
	}
	atf_utils_wait(pid, status, "", err);
}

/* What a daemon that started well looks like is told by a pipe. */
struct looks {
	int	 leader;	/* of a session of its own */
	int	 at_root;
};

static void
start_well(int fd)
{
	struct looks	 l;
	char		 cwd[16];

	daemon_ready(fd);
	log_info("nobody sees this");
	l.leader = getsid(0) == getpid();
	l.at_root = getcwd(cwd, sizeof(cwd)) != NULL &&
	    strcmp(cwd, "/") == 0;
	(void)!write(7, &l, sizeof(l));
	_exit(5);
}

ATF_TC_WITHOUT_HEAD(daemon_ready);
ATF_TC_BODY(daemon_ready, tc)
{
	struct looks	 l;
	int		 p[2];

	ATF_REQUIRE_EQ(pipe(p), 0);
	ATF_REQUIRE_EQ(dup2(p[1], 7), 7);
	close(p[1]);
	start(start_well, 0, "");
	close(7);
	ATF_REQUIRE_EQ(read(p[0], &l, sizeof(l)), (ssize_t)sizeof(l));
	ATF_CHECK(l.leader);
	ATF_CHECK(l.at_root);
}

static void
start_badly(int fd)
{
	fatalx("no luck");
}

static void
start_killed(int fd)
{
	raise(SIGKILL);
}

static void
start_vanished(int fd)
{
	_exit(0);
}

ATF_TC_WITHOUT_HEAD(daemon_start_failed);
ATF_TC_BODY(daemon_start_failed, tc)
{
	start(start_badly, 1, "d: no luck\n");
	start(start_killed, 1, "");
	start(start_vanished, 1, "");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, daemon_options);
	ATF_TP_ADD_TC(tp, daemon_options_relative);
	ATF_TP_ADD_TC(tp, daemon_options_defaults);
	ATF_TP_ADD_TC(tp, daemon_options_usage);
	ATF_TP_ADD_TC(tp, daemon_child_args);
	ATF_TP_ADD_TC(tp, daemon_complain);
	ATF_TP_ADD_TC(tp, daemon_print_error);
	ATF_TP_ADD_TC(tp, daemon_ready);
	ATF_TP_ADD_TC(tp, daemon_start_failed);
	return (atf_no_error());
}
