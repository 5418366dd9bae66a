/*
 * Tests of os_syslog() with a log daemon of the test's: one that reads, one
 * that hangs, and one that comes back.
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <atf-c.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "os.h"

#define MANY	10000	/* lines; no socket holds as many */

static int
reader(void)
{
	struct sockaddr_un	 sun = { .sun_family = AF_UNIX,
				    .sun_path = "log" };
	int			 s;

	ATF_REQUIRE((s = socket(AF_UNIX, SOCK_DGRAM, 0)) != -1);
	ATF_REQUIRE_EQ(bind(s, (struct sockaddr *)&sun, sizeof(sun)), 0);
	return (s);
}

static void
read_line(int s, char *buf, size_t size)
{
	ssize_t	 n;

	ATF_REQUIRE((n = recv(s, buf, size - 1, MSG_DONTWAIT)) > 0);
	buf[n] = '\0';
}

/* RFC 3164 4.1: priority, time, name, pid and text. */
ATF_TC_WITHOUT_HEAD(os_syslog_line);
ATF_TC_BODY(os_syslog_line, tc)
{
	char	 buf[1024], month[4], name[8], text[32];
	int	 fd = -1, s = reader();
	int	 pri, day, hour, min, sec, pid;

	ATF_REQUIRE_EQ(os_syslog(&fd, "log", LOG_WARNING, "name",
	    "some %s words"), 0);
	read_line(s, buf, sizeof(buf));
	ATF_REQUIRE_EQ_MSG(sscanf(buf, "<%d>%3s %d %d:%d:%d %4s[%d]: %31[^\n]",
	    &pri, month, &day, &hour, &min, &sec, name, &pid, text), 9, "%s",
	    buf);
	ATF_CHECK_EQ(pri, LOG_DAEMON | LOG_WARNING);
	ATF_CHECK_EQ(pid, getpid());
	ATF_CHECK_STREQ(name, "name");
	ATF_CHECK_STREQ(text, "some %s words");
	ATF_CHECK(day >= 1 && day <= 31 && hour < 24 && min < 60);
}

ATF_TC_WITHOUT_HEAD(os_syslog_long);
ATF_TC_BODY(os_syslog_long, tc)
{
	char	 buf[4096], line[2048];
	int	 fd = -1, s = reader();

	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	ATF_REQUIRE_EQ(os_syslog(&fd, "log", LOG_INFO, "name", line), 0);
	read_line(s, buf, sizeof(buf));
	ATF_CHECK_EQ(strlen(buf), OS_SYSLOG_MAX - 1);
}

ATF_TC_WITHOUT_HEAD(os_syslog_stuck);
ATF_TC_BODY(os_syslog_stuck, tc)
{
	char	 buf[1024];
	int	 fd = -1, s = reader(), i;

	alarm(10);
	for (i = 0; i < MANY; i++)
		if (os_syslog(&fd, "log", LOG_INFO, "name", "words") == -1)
			break;
	ATF_REQUIRE(i > 0 && i < MANY);
	ATF_CHECK_EQ(errno, EAGAIN);
	read_line(s, buf, sizeof(buf));
	ATF_CHECK_EQ(os_syslog(&fd, "log", LOG_INFO, "name", "words"), 0);
}

ATF_TC_WITHOUT_HEAD(os_syslog_gone);
ATF_TC_BODY(os_syslog_gone, tc)
{
	char	 buf[1024];
	int	 fd = -1, s;

	ATF_CHECK_EQ(os_syslog(&fd, "log", LOG_INFO, "name", "early"), -1);
	ATF_CHECK_EQ(fd, -1);
	s = reader();
	ATF_CHECK_EQ(os_syslog(&fd, "log", LOG_INFO, "name", "one"), 0);
	close(s);
	unlink("log");
	ATF_CHECK_EQ(os_syslog(&fd, "log", LOG_INFO, "name", "two"), -1);
	s = reader();
	ATF_CHECK_EQ(os_syslog(&fd, "log", LOG_INFO, "name", "three"), 0);
	read_line(s, buf, sizeof(buf));
	ATF_CHECK(strstr(buf, "three") != NULL);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, os_syslog_line);
	ATF_TP_ADD_TC(tp, os_syslog_long);
	ATF_TP_ADD_TC(tp, os_syslog_stuck);
	ATF_TP_ADD_TC(tp, os_syslog_gone);
	return (atf_no_error());
}
