/*
 * The system's log, without waiting for it: see os.h.  Used by parents, which
 * have to answer their children whatever becomes of the log; syslog(3) waits
 * for a log daemon that hangs.  Lines have the form of RFC 3164 4.1, as those
 * of syslog(3) on this system.
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "os.h"

#define TIME_LEN	16	/* of "Nov 21 12:00:00" and its end */

static int
log_connect(const char *path)
{
	struct sockaddr_un	 sun = { .sun_family = AF_UNIX };
	int			 fd, saved;

	strlcpy(sun.sun_path, path, sizeof(sun.sun_path));
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd == -1 ||
	    connect(fd, (struct sockaddr *)&sun, sizeof(sun)) == 0)
		return (fd);
	saved = errno;
	close(fd);
	errno = saved;
	return (-1);
}

static size_t
line_make(char *buf, size_t size, int pri, const char *ident,
    const char *line)
{
	char		 when[TIME_LEN];
	struct tm	 tm;
	time_t		 now;

	now = time(NULL);
	if (localtime_r(&now, &tm) == NULL ||
	    strftime(when, sizeof(when), "%b %e %H:%M:%S", &tm) == 0)
		when[0] = '\0';
	snprintf(buf, size, "<%d>%s %s[%d]: %s", LOG_DAEMON | pri, when,
	    ident, (int)getpid(), line);
	return (strlen(buf));
}

int
os_syslog(int *fd, const char *path, int pri, const char *ident,
    const char *line)
{
	char	 buf[OS_SYSLOG_MAX];
	size_t	 len;

	len = line_make(buf, sizeof(buf), pri, ident, line);
	if (*fd != -1) {
		if (send(*fd, buf, len, MSG_NOSIGNAL) != -1)
			return (0);
		if (errno == EAGAIN || errno == ENOBUFS)
			return (-1);
		/* Its reader has gone; there may be another. */
		close(*fd);
	}
	if ((*fd = log_connect(path)) == -1)
		return (-1);
	return (send(*fd, buf, len, MSG_NOSIGNAL) == -1 ? -1 : 0);
}
