/*
 * What the parents of both daemons do alike: options, complaints about a
 * configuration, and going into the background so that whoever started the
 * daemon learns whether the start succeeded.
 */
#ifndef DAEMON_H
#define DAEMON_H

#include "bounds.h"

#define DAEMON_MAX_DEFS	32	/* -D options */
#define DAEMON_MAX_ARGS	3	/* handed to a child, with the NULL */

struct daemon_options {
	const char	*file;		/* -f */
	const char	*socket;	/* -s */
	const char	*role;		/* -R, internal: a child */
	const char	*defs[DAEMON_MAX_DEFS];	/* -D */
	int		 ndefs;
	int		 foreground;	/* -d */
	int		 check;		/* -n */
	int		 verbose;	/* -v */
};

/* Read the options into o, which holds the defaults; exits when wrong. */
void	daemon_options(struct daemon_options *o, int argc, char *argv[]);

/* The options that a child needs to know, NULL-terminated. */
void	daemon_child_args(const struct daemon_options *,
	    const char *args[DAEMON_MAX_ARGS]);

/* Reports for parse_config(): to stderr, or to the log keeping the first. */
struct complaints {
	int	n;
	char	first[LIMIT_REASON * 2];
};

void	daemon_print_error(void *unused, const char *line);
void	daemon_complain(void *complaints, const char *line);

/*
 * Continue in a new session; the caller's process stays at the terminal until
 * daemon_ready() or the death of this one.  Errors still go to stderr.
 * Returns what to give to daemon_ready().
 */
int	daemon_start(void);

/* The start succeeded: let go of the terminal, log to syslog from now on. */
void	daemon_ready(int fd);

/* The three standard descriptors become /dev/null, the directory /. */
void	daemon_detach(void);

#endif
