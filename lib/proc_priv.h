/*
 * What proc.c and proc_spawn.c share; nobody else includes it.
 */
#ifndef PROC_PRIV_H
#define PROC_PRIV_H

#include <event.h>
#include <imsg.h>

#include "log.h"
#include "mono.h"
#include "proc.h"

#define PROC_FD			3	/* a child's channel to its parent */
#define PROC_FD_HIGH		512	/* above what a process has of others */
#define PROC_MAX_PAYLOAD	8192

enum {
	PROC_BEAT,
	PROC_READY,
	PROC_STOP,
	PROC_LINK,
	PROC_VERBOSE,
	PROC_RELOAD,
	PROC_RELOADED,
	PROC_LOG,
	PROC_NINTERNAL
};

struct proc_reloaded {
	uint32_t	client;
	uint32_t	failed;
	char		why[LIMIT_REASON * 2];
};

struct proc_logline {
	int32_t	pri;
	char	line[LOG_LINE_MAX];
};

struct proc_chan {
	struct proc	*pr;
	int		 role;		/* of the process at the other end */
	int		 fd;		/* -1: none */
	pid_t		 pid;		/* parent: the child; 0: none */
	struct imsgbuf	 imsg;
	struct event	 readable;
	struct event	 writable;
	struct timer	 patience;	/* until it is silent */
	mono_t		 heard;		/* last */
	int		 silent;
	int		 ready;
	int		 told;		/* parent: asked to end */
};

struct proc {
	const struct proc_def		*def;
	int				 role;
	proc_handler *const		*handlers;
	const struct proc_hooks		*hooks;
	void				*ctx;
	struct proc_chan		 chan[PROC_MAX_ROLES];
	struct event			 signals[4];
	struct timer			 tick;
	int64_t				 interval;
	mono_t				 ticked;
	mono_t				 woke;	/* after a sleep of ours */
	int				 reloader; /* child that waits, or -1 */
	uint32_t			 reload_client;
};

void	proc_chan_open(struct proc *, int role, int fd);
void	proc_chan_close(struct proc_chan *);
void	proc_send_internal(struct proc *, int to, uint32_t type,
	    const void *, size_t, int fd);

#endif
