/*
 * What the tests of confinement share: children that are confined as a
 * daemon's processes are, take one step, and whose wait status is looked at.
 */
#ifndef CONFINED_H
#define CONFINED_H

#include <sys/types.h>

#include <event.h>

#include "os.h"

#define NOBODY		65534
#define EXIT_OPEN	98	/* confinement itself failed */
#define EXIT_REFUSED	77	/* the call failed and did not kill */

/* What a step may use; made anew for each. */
struct tools {
	int			 pipe[2];
	int			 local[2];	/* connected, local */
	int			 listen;	/* local, a client waiting */
	int			 tcp;		/* the same by TCP */
	int			 epoll;
	int			 timer;
	struct event_base	*base;
	struct event		 sig;
	/* Made by the test case before. */
	int			 watch;
	int			 tun;
	int			 raw_in;
	int			 raw_out;
	pid_t			 other;		/* of another user */
};

typedef int	step_fn(struct tools *);

/* As a child of a daemon: not root, confined.  The wait status. */
int	step_run(struct tools *, enum os_role, step_fn *);

/* As a parent: root, confined as such. */
int	parent_run(struct tools *, step_fn *);

/*
 * True when the step ended the process.  With sanitizers it may have failed
 * instead, because their runtimes look for files.
 */
int	was_refused(int status);

/* The exit code of a step whose call returned ret. */
int	refused(long ret);

/* Callback of a libevent timer or signal that ends the loop in arg. */
void	step_stop(int, short, void *);

/* Steps. */
int	do_exec(struct tools *);
int	do_fork(struct tools *);
int	do_fork_libc(struct tools *);
int	do_ptrace(struct tools *);
int	do_unshare(struct tools *);
int	do_memory(struct tools *);

#endif
