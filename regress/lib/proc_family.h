/*
 * A small daemon for the tests of lib/proc.c: a parent and two children that
 * do as they are told.  The parent is the test, the children are proc_child.
 */
#ifndef PROC_FAMILY_H
#define PROC_FAMILY_H

#include <stdint.h>

#include "proc.h"

enum { ONE = PROC_PARENT + 1, TWO, NROLES };

struct hello {
	int32_t		pid;
};

enum order_what {
	O_TALK,		/* say arg to the sibling */
	O_GIFT,		/* hand the parent a pipe with arg in it */
	O_VERBOSE,	/* tell whether log_debug() is heard */
	O_ASK_VERBOSE,	/* call proc_verbose(arg) */
	O_ASK_RELOAD,	/* call proc_ask_reload(arg) */
	O_LOG,		/* log a line with control characters in it */
	O_HOSTILE_LOG,	/* the line of a child that was taken over */
	O_BAD,		/* send the parent bad message number arg */
	O_EXIT		/* with status arg */
};

struct order {
	uint32_t	what;
	uint32_t	arg;
};

enum tell_what {
	T_TALK,		/* the sibling said n */
	T_VERBOSE,
	T_RELOADED,	/* for client n */
	T_FAILED,	/* the reload for client n did */
	T_COUNT,	/* n orders of this kind so far */
	T_GONE,		/* the process of role n */
	T_STOP		/* the parent asked for an end */
};

struct tell {
	uint32_t	what;
	uint32_t	n;
};

/* How a child is bad to its parent, for O_BAD. */
enum bad {
	BAD_SHORT,	/* F_TELL without its last byte */
	BAD_LONG,
	BAD_DIRECTION,	/* F_ORDER, which only the parent may send */
	BAD_TYPE,	/* behind the end of the table */
	BAD_GAP,	/* between proc's own and the table */
	BAD_FD,		/* F_TELL with a descriptor */
	BAD_NO_FD,	/* F_GIFT without one */
	BAD_STOP,	/* PROC_STOP, which only the parent may send */
	NBADS
};

enum {
	F_HELLO = PROC_USER,
	F_ORDER,
	F_TOKEN,
	F_GIFT,
	F_TALK,
	F_TELL,
	F_NOBODY,	/* its receiver has no handler */
	F_ONE,		/* only for one */
	F_END
};

#define F_COUNT		(F_END - PROC_USER)
#define F_INDEX(type)	((type) - PROC_USER)

#define FP	PROC_BIT(PROC_PARENT)
#define F1	PROC_BIT(ONE)
#define F2	PROC_BIT(TWO)

static const struct proc_role	family_roles[NROLES] = {
	{ "parent", OS_ROLE_PACKET },
	{ "one", OS_ROLE_PACKET },
	{ "two", OS_ROLE_PACKET }
};

static const struct proc_msg	family_msgs[F_COUNT] = {
	[F_INDEX(F_HELLO)] = { "hello", F1 | F2, FP, sizeof(struct hello),
	    0 },
	[F_INDEX(F_ORDER)] = { "order", FP, F1 | F2, sizeof(struct order),
	    0 },
	[F_INDEX(F_TOKEN)] = { "token", FP, F1 | F2,
	    sizeof(struct proc_empty), 1 },
	[F_INDEX(F_GIFT)] = { "gift", F1 | F2, FP, sizeof(uint32_t), 1 },
	[F_INDEX(F_TALK)] = { "talk", F1 | F2, F1 | F2, sizeof(uint32_t),
	    0 },
	[F_INDEX(F_TELL)] = { "tell", F1 | F2, FP, sizeof(struct tell), 0 },
	[F_INDEX(F_NOBODY)] = { "nobody", FP, F1, sizeof(uint32_t), 0 },
	[F_INDEX(F_ONE)] = { "one", FP, F1, sizeof(uint32_t), 0 }
};

static const struct proc_def	family = {
	"family", NULL, family_roles, NROLES, family_msgs, F_COUNT
};

/* The same with privileges to give up. */
static const struct proc_def	family_confined = {
	"family", "nobody", family_roles, NROLES, family_msgs, F_COUNT
};

#endif
