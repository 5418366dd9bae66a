/*
 * The processes of a daemon.  A daemon is a parent and children, each with a
 * role; every child is a fresh execution of the daemon's own binary, connected
 * to the parent and, where the parent links them, to its siblings.
 *
 * Messages are declared once, in a table {name, senders, receivers, size,
 * descriptor}.  proc checks all of these before it calls the handler of the
 * receiving process, so there are no dispatchers and no handler meets a
 * message of the wrong size or from the wrong side.
 *
 * Every process sends a heartbeat on every channel; one that is not heard for
 * LIMIT_PROC_SILENT beats is silent (hung, stopped or starved), and says so
 * to a hook.  A process that was itself asleep does not judge others by it.  A
 * child that stays silent is killed by the parent.
 */
#ifndef PROC_H
#define PROC_H

#include <sys/types.h>

#include <stddef.h>
#include <stdint.h>

#include "bounds.h"
#include "os.h"

#define PROC_PARENT	0	/* role of the parent in every daemon */
#define PROC_MAX_ROLES	8
#define PROC_USER	16	/* first message type of a daemon */
#define PROC_BIT(role)	(1U << (role))

struct proc_role {
	const char	*name;
	enum os_role	 confine;
};

/* A row of a daemon's message table; type is PROC_USER + its index. */
struct proc_msg {
	const char	*name;
	uint32_t	 from;	/* PROC_BIT of each role that may send it */
	uint32_t	 to;	/* and of each that may get it */
	size_t		 size;	/* exact size of the payload */
	int		 fd;	/* carries a descriptor */
};

struct proc_def {
	const char		*daemon;
	const char		*user;	/* children run as this; NULL: as is */
	const struct proc_role	*roles;	/* [0] is the parent */
	int			 nroles;
	const struct proc_msg	*msgs;
	int			 nmsgs;
};

/* The payload of a message that says all by its type. */
struct proc_empty {
	uint32_t	zero;
};

/*
 * A handler gets its process's context, the sender's role, the payload and
 * the descriptor, which is the handler's to close (-1 when there is none).
 */
typedef void	proc_handler(void *ctx, int from, const void *data, int fd);

struct proc_hooks {
	/* A channel closed: that process is dead.  Required. */
	void	(*gone)(void *ctx, int role);
	/* Parent: a child has ended for good, with all it held. */
	void	(*ended)(void *ctx, int role);
	/* A process is silent, or heard again. */
	void	(*silent)(void *ctx, int role, int silent);
	/*
	 * An orderly end is asked for: of a child by the parent (default:
	 * exit), of the parent by a signal.
	 */
	void	(*stop)(void *ctx);
	/*
	 * Parent: read the configuration again, on SIGHUP or for a client.
	 * 0, -1 with the reason in why, or 1 when it takes its time: then
	 * proc_reload_done() must follow.
	 */
	int	(*reload)(void *ctx, char *why, size_t len);
	/* Child: what became of the reload that a client asked for. */
	void	(*reloaded)(void *ctx, uint32_t client, int failed,
		    const char *why);
	/* Parent: a child has started and is confined. */
	void	(*ready)(void *ctx, int role);
};

struct proc;

/*
 * First thing in main: program title, SIGPIPE, and no descriptors but those
 * that a parent hands down.
 */
void		 proc_init(int argc, char *argv[], char *envp[]);

/* The role that a name stands for, or -1. */
int		 proc_role(const struct proc_def *, const char *name);

/*
 * The process of the given role.  handlers is indexed by type - PROC_USER.
 * In the parent, call proc_spawn() and proc_link() next; in a child, all that
 * needs the file system, then proc_confine().
 */
struct proc	*proc_new(const struct proc_def *, int role,
		    proc_handler *const *handlers, const struct proc_hooks *,
		    void *ctx);

/*
 * Parent: start the child of a role by executing path again with "-R role"
 * and the given further arguments (NULL-terminated).  Fatal on failure.
 */
void		 proc_spawn(struct proc *, int role, const char *path,
		    const char *const *args);

/* Parent: connect two children with each other. */
void		 proc_link(struct proc *, int a, int b);

/*
 * Child: give up privileges in one visible block, report to the parent.  In
 * the foreground its log stays on stderr, else the parent writes it.  Fatal on
 * failure.
 */
void		 proc_confine(struct proc *, int foreground);

/*
 * Send a message of the table; data must be of its size.  fd is closed after
 * sending, -1 for none.  To a process that is dead it goes nowhere.
 */
void		 proc_send(struct proc *, int to, uint32_t type,
		    const void *data, int fd);

/* The same to every living process that the table names as receiver. */
void		 proc_send_all(struct proc *, uint32_t type, const void *data);

/*
 * Heartbeat interval from now on; ns.  A sibling is watched from the first
 * thing it says.
 */
void		 proc_beat(struct proc *, int64_t ns);

/* Log details, or do not, in every process of the daemon; from any of them. */
void		 proc_verbose(struct proc *, int verbose);

/* Parent: a reload that took its time has failed or not; why as in the hook. */
void		 proc_reload_done(struct proc *, int failed, const char *why);

/* Child: ask the parent for a reload on behalf of a control client. */
void		 proc_ask_reload(struct proc *, uint32_t client);

/*
 * Parent: from now on SIGTERM and SIGINT mean the stop hook, SIGHUP the reload
 * hook, SIGCHLD proc_reap().
 */
void		 proc_signals(struct proc *);

/* True while the channel to a role is open. */
int		 proc_alive(const struct proc *, int role);

/* Parent: true while a child has not ended for good. */
int		 proc_running(const struct proc *);

/* Parent: ask a child to end in order (its stop hook), or end it now. */
void		 proc_stop(struct proc *, int role);
void		 proc_kill(struct proc *, int role);

/*
 * Parent: collect children that died, with a log line for each that did not
 * end by itself.
 */
void		 proc_reap(struct proc *);

/*
 * Write out what is queued, waiting at most ns; for last words before an
 * exit.
 */
void		 proc_flush(struct proc *, int64_t ns);

#endif
