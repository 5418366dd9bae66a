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

static struct {
	const char	 *daemon;
	const char	 *role;
	int		  background;
	int		  verbose;
	void		(*sink)(void *, int, const char *);
	void		 *sink_arg;
	unsigned int	  lost;		/* lines */
} dest = { "-", NULL, 0, 0, NULL, NULL, 0 };

void
log_init(const char *daemon, const char *role, int verbose)
{
	dest.daemon = daemon;
	dest.role = role;
	dest.verbose = verbose;
}

void
log_background(void)
{
	openlog(dest.daemon, LOG_PID | LOG_NDELAY, LOG_DAEMON);
	dest.background = 1;
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

static void
stderr_line(const char *role, const char *sep, const char *line)
{
	if (!stderr_takes()) {
		dest.lost++;
		return;
	}
	if (dest.lost > 0)
		fprintf(stderr, "%s: %u lines were lost\n", dest.daemon,
		    dest.lost);
	dest.lost = 0;
	fprintf(stderr, "%s: %s%s%s\n", dest.daemon, role, sep, line);
}

void
log_line(int pri, const char *role, const char *line)
{
	const char	*sep = role != NULL ? ": " : "";

	if (role == NULL)
		role = "";
	if (dest.background)
		syslog(pri, "%s%s%s", role, sep, line);
	else
		stderr_line(role, sep, line);
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
