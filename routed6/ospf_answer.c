/*
 * Answers of the ospf process: see ospf_answer.h.
 */
#include <string.h>

#include "ospf_answer.h"
#include "ospf_show.h"
#include "routed6.h"

#define PIECE	64	/* LSAs of one answer; see LIMIT_PROC_QUEUE */

struct answer {
	struct proc	*pr;
	uint32_t	 client;
};

static void
tell_neighbor(void *arg, const struct ctl_neighbor *c)
{
	struct answer			*a = arg;
	struct ospf_row_neighbor	 row = { a->client, *c };

	proc_send(a->pr, ANNOUNCE, M_OSPF_NEIGHBOR, &row, -1);
}

static void
tell_interface(void *arg, const struct ctl_interface *c)
{
	struct answer			*a = arg;
	struct ospf_row_interface	 row = { a->client, *c };

	proc_send(a->pr, ANNOUNCE, M_OSPF_INTERFACE, &row, -1);
}

static void
tell_lsa(void *arg, const struct ctl_lsa *c)
{
	struct answer		*a = arg;
	struct ospf_row_lsa	 row = { a->client, *c };

	proc_send(a->pr, ANNOUNCE, M_OSPF_LSA, &row, -1);
}

static void
tell_body(void *arg, const struct ctl_body *c)
{
	struct answer		*a = arg;
	struct ospf_row_body	 row;

	row.client = a->client;
	row.row = *c;
	proc_send(a->pr, ANNOUNCE, M_OSPF_BODY, &row, -1);
}

static const struct ospf_show_ops	show = {
	tell_neighbor, tell_interface, tell_lsa, tell_body
};

static void
answer_database(struct answer *a, struct ospf *engine, struct ospf_walk *w,
    mono_t now)
{
	struct ospf_row_database	 row;

	if (w->place.done == 0 && !w->place.begun) {
		memset(&row, 0, sizeof(row));
		row.client = a->client;
		ospf_show_database(engine, &row.row);
		proc_send(a->pr, ANNOUNCE, M_OSPF_DATABASE, &row, -1);
	}
	w->more = ospf_show_lsas(engine, &w->ask, &w->place, PIECE, &show, a,
	    now);
}

void
ospf_answer(struct proc *pr, struct ospf *engine, const struct ospf_query *q)
{
	struct answer		 a = { pr, q->client };
	struct ospf_query	 end = *q;
	struct ospf_walk	*w = &end.walk;
	mono_t			 now = mono_now();

	w->more = 0;
	if (engine != NULL && w->request == CTL_SHOW_NEIGHBORS)
		ospf_show_neighbors(engine, &w->ask, &show, &a, now);
	else if (engine != NULL && w->request == CTL_SHOW_INTERFACES)
		ospf_show_interfaces(engine, &show, &a, now);
	else if (engine != NULL && w->request == CTL_SHOW_DATABASE)
		answer_database(&a, engine, w, now);
	proc_send(pr, ANNOUNCE, M_OSPF_ANSWERED, &end, -1);
}
