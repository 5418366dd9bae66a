/*
 * Answers for ctl6 that the ospf process gives: see control_ospf.h.  Runs in
 * the announce process.
 */
#include <string.h>

#include "control_ospf.h"

/* --- requests ---------------------------------------------------------- */

/* Ask for the answer, or for more of it; the walk waits with the client. */
static void
next_piece(void *ctx, struct ctl_client *c)
{
	struct ospf_query	 q;
	struct announce		*an = ctx;

	memset(&q, 0, sizeof(q));
	q.client = ctl_client_id(c);
	memcpy(&q.walk, ctl_client_pocket(c), sizeof(q.walk));
	if (proc_alive(an->pr, OSPF))
		proc_send(an->pr, OSPF, M_OSPF_QUERY, &q, -1);
	else
		ctl_end(c, 1, "the ospf process is gone");
}

static void
ask(struct announce *an, struct ctl_client *c, uint32_t request,
    const void *data)
{
	struct ospf_walk	 w;

	memset(&w, 0, sizeof(w));
	w.request = request;
	memcpy(&w.ask, data, sizeof(w.ask));
	memcpy(ctl_client_pocket(c), &w, sizeof(w));
	next_piece(an, c);
}

void
control_neighbors(void *ctx, struct ctl_client *c, const void *data)
{
	ask(ctx, c, CTL_SHOW_NEIGHBORS, data);
}

void
control_interfaces(void *ctx, struct ctl_client *c, const void *data)
{
	ask(ctx, c, CTL_SHOW_INTERFACES, data);
}

void
control_database(void *ctx, struct ctl_client *c, const void *data)
{
	ask(ctx, c, CTL_SHOW_DATABASE, data);
}

/* --- rows -------------------------------------------------------------- */

static void
pass(struct announce *an, uint32_t client, uint32_t type, const void *row,
    size_t len)
{
	ctl_reply_to(an->server, client, type, row, len);
}

void
control_on_neighbor(void *ctx, int from, const void *data, int fd)
{
	const struct ospf_row_neighbor	*r = data;

	pass(ctx, r->client, CTL_NEIGHBOR, &r->row, sizeof(r->row));
}

void
control_on_interface(void *ctx, int from, const void *data, int fd)
{
	const struct ospf_row_interface	*r = data;

	pass(ctx, r->client, CTL_INTERFACE, &r->row, sizeof(r->row));
}

void
control_on_database(void *ctx, int from, const void *data, int fd)
{
	const struct ospf_row_database	*r = data;

	pass(ctx, r->client, CTL_DATABASE, &r->row, sizeof(r->row));
}

void
control_on_lsa(void *ctx, int from, const void *data, int fd)
{
	const struct ospf_row_lsa	*r = data;

	pass(ctx, r->client, CTL_LSA, &r->row, sizeof(r->row));
}

void
control_on_body(void *ctx, int from, const void *data, int fd)
{
	const struct ospf_row_body	*r = data;

	pass(ctx, r->client, CTL_BODY, &r->row, sizeof(r->row));
}

/* --- the end, or more -------------------------------------------------- */

void
control_on_answered(void *ctx, int from, const void *data, int fd)
{
	const struct ospf_query	*q = data;
	struct announce		*an = ctx;
	struct ctl_client	*c;

	if ((c = ctl_client_find(an->server, q->client)) == NULL)
		return;
	memcpy(ctl_client_pocket(c), &q->walk, sizeof(q->walk));
	if (q->walk.more)
		ctl_when_read(c, next_piece);
	else
		ctl_end(c, 0, NULL);
}
