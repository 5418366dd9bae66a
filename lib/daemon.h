/*
 * Going into the background so that whoever started the daemon learns whether
 * the start succeeded: the process at the terminal waits, and its exit status
 * is the answer.
 */
#ifndef DAEMON_H
#define DAEMON_H

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
