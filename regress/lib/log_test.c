/*
 * Tests of lib/log.c as far as a socket, stderr or a sink shows.  What a
 * process writes is looked at from outside, in a child of the test.
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <atf-c.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "log.h"

struct heard {
	int	 n;
	int	 pri;
	char	 line[LOG_LINE_MAX * 2];
};

static void
hear(void *arg, int pri, const char *line)
{
	struct heard	*h = arg;

	h->n++;
	h->pri = pri;
	strlcpy(h->line, line, sizeof(h->line));
}

ATF_TC_WITHOUT_HEAD(log_init_stderr);
ATF_TC_BODY(log_init_stderr, tc)
{
	pid_t	 pid;

	if ((pid = atf_utils_fork()) == 0) {
		log_init("relayd6", NULL, 0);
		log_info("one %d", 1);
		log_init("relayd6", "health", 0);
		log_warnx("two");
		errno = ENOENT;
		log_warn("%s", "three");
		log_line(LOG_INFO, "relay", "four %s %n");
		log_line(LOG_INFO, NULL, "five");
		exit(0);
	}
	atf_utils_wait(pid, 0, "", "relayd6: one 1\n"
	    "relayd6: health: two\n"
	    "relayd6: health: three: No such file or directory\n"
	    "relayd6: relay: four %s %n\n"
	    "relayd6: five\n");
}

/* Fill a pipe that nobody reads; returns how many bytes it took. */
static size_t
pipe_fill(int fd)
{
	static const char	 zeros[4096];
	size_t			 total = 0;
	ssize_t			 n;

	ATF_REQUIRE(fcntl(fd, F_SETFL, O_NONBLOCK) != -1);
	while ((n = write(fd, zeros, sizeof(zeros))) > 0)
		total += n;
	ATF_REQUIRE(fcntl(fd, F_SETFL, 0) != -1);
	return (total);
}

ATF_TC_WITHOUT_HEAD(log_stuck);
ATF_TC_BODY(log_stuck, tc)
{
	char	 buf[4096];
	size_t	 left;
	ssize_t	 n;
	int	 fd[2], saved;

	ATF_REQUIRE_EQ(pipe(fd), 0);
	left = pipe_fill(fd[1]);
	log_init("d", NULL, 0);
	saved = dup(STDERR_FILENO);
	alarm(60);
	dup2(fd[1], STDERR_FILENO);
	log_info("one");
	log_info("two");
	for (; left > 0; left -= n)
		ATF_REQUIRE((n = read(fd[0], buf, sizeof(buf))) > 0);
	log_info("three");
	log_info("four");
	dup2(saved, STDERR_FILENO);
	ATF_REQUIRE((n = read(fd[0], buf, sizeof(buf) - 1)) > 0);
	buf[n] = '\0';
	ATF_CHECK_STREQ(buf, "d: 2 lines were lost\nd: three\nd: four\n");
}

/* The system's log, read by nobody: no line holds us up. */
ATF_TC_WITHOUT_HEAD(log_background_stuck);
ATF_TC_BODY(log_background_stuck, tc)
{
	struct sockaddr_un	 sun = { .sun_family = AF_UNIX,
				    .sun_path = "log" };
	char			 buf[LOG_LINE_MAX * 2];
	unsigned int		 n = 0, lost;
	ssize_t			 len;
	int			 s, lines;

	ATF_REQUIRE((s = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0)) !=
	    -1);
	ATF_REQUIRE_EQ(bind(s, (struct sockaddr *)&sun, sizeof(sun)), 0);
	log_init("d", NULL, 0);
	log_background("log");
	alarm(10);
	for (lines = 0; lines < 10000; lines++)
		log_info("%d", lines);
	while (recv(s, buf, sizeof(buf), 0) > 0)
		n++;
	ATF_CHECK(n > 0 && n < 10000);
	log_line(LOG_INFO, "relay", "again");
	ATF_REQUIRE((len = recv(s, buf, sizeof(buf) - 1, 0)) > 0);
	buf[len] = '\0';
	ATF_REQUIRE(strstr(buf, "]: ") != NULL);
	ATF_REQUIRE_EQ(sscanf(strstr(buf, "]: "), "]: %u lines were lost",
	    &lost), 1);
	ATF_CHECK_EQ(lost + n, 10000);
	ATF_REQUIRE((len = recv(s, buf, sizeof(buf) - 1, 0)) > 0);
	buf[len] = '\0';
	ATF_CHECK(strstr(buf, "]: relay: again") != NULL);
}

ATF_TC_WITHOUT_HEAD(log_debug);
ATF_TC_BODY(log_debug, tc)
{
	pid_t	 pid;

	ATF_CHECK(!log_is_verbose());
	if ((pid = atf_utils_fork()) == 0) {
		log_init("d", NULL, 1);
		log_debug("shown");
		log_verbose(0);
		log_debug("hidden");
		log_verbose(1);
		log_debug("shown again");
		exit(log_is_verbose() ? 3 : 4);
	}
	atf_utils_wait(pid, 3, "", "d: shown\nd: shown again\n");
}

ATF_TC_WITHOUT_HEAD(log_sink);
ATF_TC_BODY(log_sink, tc)
{
	struct heard	 h = { 0, 0, "" };
	pid_t		 pid;

	log_init("d", "role", 1);
	log_sink(hear, &h);
	log_info("a");
	ATF_CHECK_EQ(h.pri, LOG_INFO);
	ATF_CHECK_STREQ(h.line, "a");
	errno = EPERM;
	log_warn("b");
	ATF_CHECK_EQ(h.pri, LOG_WARNING);
	ATF_CHECK_STREQ(h.line, "b: Operation not permitted");
	log_warnx("c");
	ATF_CHECK_EQ(h.pri, LOG_WARNING);
	log_debug("d");
	ATF_CHECK_EQ(h.pri, LOG_DEBUG);
	ATF_CHECK_EQ(h.n, 4);

	if ((pid = atf_utils_fork()) == 0) {
		log_sink(NULL, NULL);
		log_info("as before");
		exit(0);
	}
	atf_utils_wait(pid, 0, "", "d: role: as before\n");
}

/* The words of errno survive the sink and formatting. */
ATF_TC_WITHOUT_HEAD(log_warn_errno);
ATF_TC_BODY(log_warn_errno, tc)
{
	struct heard	 h = { 0, 0, "" };

	log_sink(hear, &h);
	errno = EADDRINUSE;
	log_warn("%s %d%%", "a", 7);
	ATF_CHECK_STREQ(h.line, "a 7%: Address already in use");
}

ATF_TC_WITHOUT_HEAD(log_line_max);
ATF_TC_BODY(log_line_max, tc)
{
	struct heard	 h = { 0, 0, "" };
	char		 text[LOG_LINE_MAX * 3];

	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	log_sink(hear, &h);
	log_info("%s", text);
	ATF_CHECK_EQ(strlen(h.line), LOG_LINE_MAX - 1);
	errno = EPERM;
	log_warn("%s", text);
	ATF_CHECK_EQ(strlen(h.line), LOG_LINE_MAX - 1);
	text[LOG_LINE_MAX - 1] = '\0';
	log_info("%s", text);
	ATF_CHECK_STREQ(h.line, text);
	/* Only a part of the words of errno fits. */
	text[LOG_LINE_MAX - 6] = '\0';
	errno = EPERM;
	log_warn("%s", text);
	ATF_CHECK_EQ(strlen(h.line), LOG_LINE_MAX - 1);
	ATF_CHECK_STREQ(h.line + LOG_LINE_MAX - 6, ": Ope");
}

ATF_TC_WITHOUT_HEAD(fatal);
ATF_TC_BODY(fatal, tc)
{
	pid_t	 pid;

	if ((pid = atf_utils_fork()) == 0) {
		log_init("d", "role", 0);
		errno = EACCES;
		fatal("cannot %s", "go");
	}
	atf_utils_wait(pid, 1, "", "d: role: cannot go: Permission denied\n");
}

ATF_TC_WITHOUT_HEAD(fatalx);
ATF_TC_BODY(fatalx, tc)
{
	pid_t	 pid;

	if ((pid = atf_utils_fork()) == 0) {
		log_init("d", NULL, 0);
		errno = EACCES;
		fatalx("no way %d", 2);
	}
	atf_utils_wait(pid, 1, "", "d: no way 2\n");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, log_init_stderr);
	ATF_TP_ADD_TC(tp, log_stuck);
	ATF_TP_ADD_TC(tp, log_background_stuck);
	ATF_TP_ADD_TC(tp, log_debug);
	ATF_TP_ADD_TC(tp, log_sink);
	ATF_TP_ADD_TC(tp, log_warn_errno);
	ATF_TP_ADD_TC(tp, log_line_max);
	ATF_TP_ADD_TC(tp, fatal);
	ATF_TP_ADD_TC(tp, fatalx);
	return (atf_no_error());
}
