/*
 * The parent of the daemon in proc_family.h: the process of a test.  What
 * happens is counted, and looked at after running the event loop for a while.
 */
#ifndef PROC_PARENT_H
#define PROC_PARENT_H

#include <sys/types.h>

#include <atf-c.h>
#include <stdint.h>

#include "mono.h"
#include "proc_family.h"

#define PATIENCE	MONO_S(10)	/* a busy machine may be slow */
#define BEAT		MONO_MS(200)
#define BEAT_WORD	"200"

struct parent {
	struct proc	*pr;
	pid_t		 pid[NROLES];
	int		 ready;			/* how many children */
	int		 hellos;
	int		 gone[NROLES];
	int		 silent[NROLES];
	int		 nsilent;
	int		 told[T_STOP + 1];	/* how often */
	uint32_t	 value[T_STOP + 1];	/* and what, last */
	int		 told_at_gone;		/* T_VERBOSE by then */
	int		 gift_fd;		/* -1: none came */
	int		 reloads;
	int		 reload_fails;		/* the next ones will */
	int		 reload_slow;		/* or are answered later */
	int		 stops;			/* asked for by signals */
};

/* Without children.  The second one may give up privileges. */
void	parent_new(struct parent *);
void	parent_new_of(struct parent *, const struct proc_def *);

/* A child whose words are in one string. */
void	child_spawn(const atf_tc_t *, struct parent *, int role,
	    const char *words);

/* A parent with one child that is there. */
void	pair(const atf_tc_t *, struct parent *, const char *words);

/* A parent with two, each connected with the other. */
void	triple(const atf_tc_t *, struct parent *, const char *words);

void	order(struct parent *, int role, enum order_what, uint32_t arg);

/* Run the event loop until *what is value or ns have passed; is it? */
int	await(const int *what, int value, int64_t ns);

/* Run the event loop for so long. */
void	idle(int64_t ns);

/* Wait outside of the event loop until a child is dead; do not collect it. */
void	await_dead(pid_t);

#endif
