/*
 * The ospf process's answers to what announce asks for its control clients.
 */
#ifndef OSPF_ANSWER_H
#define OSPF_ANSWER_H

#include "ospf_engine.h"
#include "proc.h"

/*
 * Answer one query with rows and M_OSPF_ANSWERED.  A long answer comes in
 * pieces: then announce asks again.  engine: NULL when there is none.
 */
void	ospf_answer(struct proc *, struct ospf *engine,
	    const struct ospf_query *);

#endif
