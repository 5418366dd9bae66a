/*
 * Logging: one line an event, who and why.  To stderr in the foreground, to
 * the system's log otherwise; a confined child hands its lines to its parent
 * instead (see proc.h), since it can open nothing.  State changes are info,
 * refusals warning.  Nothing is logged per packet above debug.  Who reads the
 * log must not hold us up: what is not taken is lost, and counted.
 */
#ifndef LOG_H
#define LOG_H

#define LOG_LINE_MAX	400	/* longer lines are cut */

/*
 * Set up: lines go to stderr, prefixed with the daemon and, unless it is NULL,
 * the role of this process; verbose lets log_debug() through.  The strings
 * must stay.
 */
void	log_init(const char *daemon, const char *role, int verbose);

/* Log to the system's log, the socket at path, which must stay, from now on. */
void	log_background(const char *path);

void	log_verbose(int);
int	log_is_verbose(void);

/* Send lines to fn(arg, priority, line) from now on; NULL: as before. */
void	log_sink(void (*fn)(void *, int, const char *), void *arg);

/* Write one finished line of the syslog priority pri for another role. */
void	log_line(int pri, const char *role, const char *line);

/* The plain form, and with ": strerror(errno)" added. */
void	log_info(const char *, ...) __attribute__((__format__(printf, 1, 2)));
void	log_warn(const char *, ...) __attribute__((__format__(printf, 1, 2)));
void	log_warnx(const char *, ...) __attribute__((__format__(printf, 1, 2)));
void	log_debug(const char *, ...) __attribute__((__format__(printf, 1, 2)));

/* Our own fault and no way on: log and exit 1. */
__dead void	fatal(const char *, ...)
		    __attribute__((__format__(printf, 1, 2)));
__dead void	fatalx(const char *, ...)
		    __attribute__((__format__(printf, 1, 2)));

#endif
