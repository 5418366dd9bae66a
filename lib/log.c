/*
 * Logging: see log.h.  One of the few files with state of its own: the
 * destination of the log belongs to the process, not to a caller.
 */
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "log.h"
#include "os.h"

#define LOG_ROLE_MAX	32	/* a role and what separates it */

static struct {
	const char	 *daemon;
	const char	 *role;
	const char	 *path;		/* of the system's log; NULL: stderr */
	int		  fd;		/* to it, or -1 */
	int		  verbose;
	void		(*sink)(void *, int, const char *);
	void		 *sink_arg;
	unsigned int	  lost;		/* lines */
} dest = { "-", NULL, NULL, -1, 0, NULL, NULL, 0 };

void
log_init(const char *daemon, const char *role, int verbose)
{
	dest.daemon = daemon;
	dest.role = role;
	dest.verbose = verbose;
}

void
log_background(const char *path)
{
	dest.path = path;
}

void
log_verbose(int verbose)
{
	dest.verbose = verbose;
}

int
log_is_verbose(void)
{
	return (dest.verbose);
}

void
log_sink(void (*fn)(void *, int, const char *), void *arg)
{
	dest.sink = fn;
	dest.sink_arg = arg;
}

/* A pipe that takes anything takes a line: those are shorter than PIPE_BUF. */
static int
stderr_takes(void)
{
	struct pollfd	 pfd = { .fd = STDERR_FILENO, .events = POLLOUT };

	return (poll(&pfd, 1, 0) != 0);
}

/* -1: whoever reads it does not take it now. */
static int
put(int pri, const char *line)
{
	if (dest.path != NULL)
		return (os_syslog(&dest.fd, dest.path, pri, dest.daemon,
		    line));
	if (!stderr_takes())
		return (-1);
	fprintf(stderr, "%s: %s\n", dest.daemon, line);
	return (0);
}

/* Say first how many could not be said. */
static int
put_lost(void)
{
	char	 line[LOG_LINE_MAX];

	if (dest.lost == 0)
		return (0);
	snprintf(line, sizeof(line), "%u lines were lost", dest.lost);
	if (put(LOG_WARNING, line) == -1)
		return (-1);
	dest.lost = 0;
	return (0);
}

void
log_line(int pri, const char *role, const char *line)
{
	char	 whole[LOG_ROLE_MAX + LOG_LINE_MAX];

	snprintf(whole, sizeof(whole), "%s%s%s", role != NULL ? role : "",
	    role != NULL ? ": " : "", line);
	if (put_lost() == -1 || put(pri, whole) == -1)
		dest.lost++;
}

/* Format one line, with the words of err after it unless err is 0. */
static void
emit(int pri, int err, const char *fmt, va_list ap)
{
	char	 line[LOG_LINE_MAX];

	vsnprintf(line, sizeof(line), fmt, ap);
	if (err != 0) {
		strlcat(line, ": ", sizeof(line));
		strlcat(line, strerror(err), sizeof(line));
	}
	if (dest.sink != NULL)
		dest.sink(dest.sink_arg, pri, line);
	else
		log_line(pri, dest.role, line);
}

void
log_info(const char *fmt, ...)
{
	va_list	 ap;

	va_start(ap, fmt);
	emit(LOG_INFO, 0, fmt, ap);
	va_end(ap);
}

void
log_warn(const char *fmt, ...)
{
	int	 err = errno;
	va_list	 ap;

	va_start(ap, fmt);
	emit(LOG_WARNING, err, fmt, ap);
	va_end(ap);
}

void
log_warnx(const char *fmt, ...)
{
	va_list	 ap;

	va_start(ap, fmt);
	emit(LOG_WARNING, 0, fmt, ap);
	va_end(ap);
}

void
log_debug(const char *fmt, ...)
{
	va_list	 ap;

	if (!dest.verbose)
		return;
	va_start(ap, fmt);
	emit(LOG_DEBUG, 0, fmt, ap);
	va_end(ap);
}

void
fatal(const char *fmt, ...)
{
	int	 err = errno;
	va_list	 ap;

	va_start(ap, fmt);
	emit(LOG_CRIT, err, fmt, ap);
	va_end(ap);
	exit(1);
}

void
fatalx(const char *fmt, ...)
{
	va_list	 ap;

	va_start(ap, fmt);
	emit(LOG_CRIT, 0, fmt, ap);
	va_end(ap);
	exit(1);
}
