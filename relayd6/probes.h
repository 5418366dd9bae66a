/*
 * The probes of one kind of relay in the health process: sockets and timers
 * around probe.c, which decides.
 */
#ifndef PROBES_H
#define PROBES_H

#include <event.h>

#include "mono.h"
#include "probe.h"
#include "relayd6.h"

/* A descriptor, -1 for none, and the event that tells of it. */
struct probe_input {
	int		 fd;
	struct event	 ready;
};

struct probes;

/* One attempt to connect. */
struct probe_attempt {
	struct probes		*owner;
	uint64_t		 ticket;
	struct probe_input	 tcp;
};

struct probes {
	enum relay_kind		 kind;
	struct proc		*pr;
	const struct relayd6_conf *conf;
	struct probe		 engine;
	struct timer		 tick;
	struct probe_input	 input[PROBE_NFDS];
	struct probe_attempt	 attempt[PROBE_GOALS];
	uint64_t		 tickets;
	uint32_t		 bubbles;	/* answered in this round */
	void			(*news)(void *);
	void			*arg;
};

/*
 * Nothing to do yet; conf must outlive the probes.  news(arg) is called when
 * the sign may have changed.
 */
void	probes_init(struct probes *, enum relay_kind, struct proc *,
	    const struct relayd6_conf *conf, void (*news)(void *), void *arg);

/* The configuration was changed. */
void	probes_conf(struct probes *);

/* Take a descriptor from the parent. */
void	probes_fd(struct probes *, enum probe_fd, int fd);

/* The connection that was asked for was begun, or can not be (-1). */
void	probes_dialed(struct probes *, const struct probe_dial *, int fd);

#endif
