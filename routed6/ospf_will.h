/*
 * The parent's part in OSPFv3: it opens a socket for each interface, and is
 * the executor of the ospf process's last will.
 *
 * OSPF neighbors do not notice when a process of ours dies; they would keep
 * our routes until the dead interval is over.  So the ospf process leaves with
 * its parent, whenever that changes, the packets which withdraw everything and
 * take leave, ready to be sent; and the parent keeps a copy of every socket.
 * When the process dies without having ended in order, they are sent.  The
 * parent does not look at what is in them.
 */
#ifndef OSPF_WILL_H
#define OSPF_WILL_H

#include <sys/queue.h>

#include "ospf_conf.h"
#include "proc.h"

struct ospf_testament;

STAILQ_HEAD(ospf_testaments, ospf_testament);

struct ospf_heir {
	struct ospf_testaments	 will;		/* in force */
	struct ospf_testaments	 next;		/* while it comes */
	size_t			 nnext;
	struct ospf_socket	 socket[LIMIT_OSPF_IFS];
	int			 fd[LIMIT_OSPF_IFS];	/* -1: free */
	int			 executed;
};

void	ospf_heir_init(struct ospf_heir *);

/*
 * A socket on an interface of the configuration: sent to ospf, and kept.
 */
void	ospf_heir_open(struct ospf_heir *, const struct ospf_conf *,
	    struct proc *, const struct ospf_socket *);

/* A will comes: begin, its packets, and the end that puts it in force. */
void	ospf_heir_begin(struct ospf_heir *);
void	ospf_heir_packet(struct ospf_heir *, const struct ospf_packet *);
void	ospf_heir_end(struct ospf_heir *);

/* The process died: send everything. */
void	ospf_heir_execute(struct ospf_heir *);

/*
 * Before the parent exits: if the will was executed, send it again, in case
 * that a link has lost something.  Takes some milliseconds.
 */
void	ospf_heir_repeat(struct ospf_heir *);

#endif
