/*
 * Link State Requests: what neighbors ask of us, and what we ask of them
 * until our databases are the same (RFC 2328 10.7 and 10.9).  Engine of the
 * ospf process.
 */
#include <stdlib.h>
#include <string.h>

#include "ospf_state.h"

int
ospf_owed_cmp(struct ospf_owed *a, struct ospf_owed *b)
{
	return (ospf_key_cmp(&a->key, &b->key));
}

RB_GENERATE(ospf_owes, ospf_owed, entry, ospf_owed_cmp)

struct ospf_owed *
ospf_owed_find(const struct ospf_owes *list, const struct ospf_key *k)
{
	struct ospf_owed	*w = RB_ROOT(list);
	int			 c;

	while (w != NULL && (c = ospf_key_cmp(k, &w->key)) != 0)
		w = c < 0 ? RB_LEFT(w, entry) : RB_RIGHT(w, entry);
	return (w);
}

/* --- what we ask for --------------------------------------------------- */

/*
 * Not for more than there is room for: such LSAs are let go, and the
 * adjacency is complete without them (see ospf_lsdb.h).
 */
void
ospf_requests_add(struct ospf_nbr *nbr, const struct ospf_lsa_header *h,
    const struct ospf_lsa *ours)
{
	struct ospf		*o = nbr->ifp->o;
	struct ospf_owed	*w;

	if ((w = ospf_owed_find(&nbr->requests, &h->key)) != NULL) {
		w->h = *h;
		return;
	}
	if (o->nrequests >= LIMIT_OSPF_REQUESTS ||
	    (h->key.adv != o->conf.router_id &&
	    !ospf_store_room(&o->store, h, ours)) ||
	    (w = calloc(1, sizeof(*w))) == NULL) {
		o->store.refused++;
		o->store.refused_at = o->now;
		return;
	}
	w->key = h->key;
	w->h = *h;
	RB_INSERT(ospf_owes, &nbr->requests, w);
	nbr->nrequests++;
	o->nrequests++;
}

void
ospf_requests_remove(struct ospf_nbr *nbr, struct ospf_owed *w)
{
	RB_REMOVE(ospf_owes, &nbr->requests, w);
	nbr->nrequests--;
	nbr->ifp->o->nrequests--;
	if (w->asked)
		nbr->nasked--;
	free(w);
	if (nbr->nrequests == 0)
		nbr->request_due = ospf_never;
}

void
ospf_requests_clear(struct ospf_nbr *nbr)
{
	struct ospf_owed	*w;

	while ((w = RB_MIN(ospf_owes, &nbr->requests)) != NULL)
		ospf_requests_remove(nbr, w);
}

/* One packet of requests, the first of the list. */
static void
requests_packet(struct ospf_nbr *nbr)
{
	struct ospf_if		*ifp = nbr->ifp;
	struct ospf_owed	*w;
	struct wr		 p;

	ospf_packet_begin(ifp, &p, OSPF_LSR);
	RB_FOREACH(w, ospf_owes, &nbr->requests) {
		if (p.len + OSPF_LSR_LEN > ospf_packet_room(ifp))
			break;
		ospf_request_build(&p, &w->key);
		if (!w->asked) {
			w->asked = 1;
			nbr->nasked++;
		}
	}
	ospf_packet_send(ifp, &p, OSPF_LSR, &nbr->addr);
	nbr->request_due = mono_add(ifp->o->now,
	    MONO_S(ifp->conf.retransmit));
}

/* Ask for more when all that was asked for has come. */
void
ospf_requests_send(struct ospf_nbr *nbr)
{
	if (nbr->nrequests > 0 && nbr->nasked == 0)
		requests_packet(nbr);
}

void
ospf_requests_tick(struct ospf_nbr *nbr)
{
	if (nbr->nrequests > 0)
		requests_packet(nbr);
	else
		nbr->request_due = ospf_never;
}

/* --- what we are asked for --------------------------------------------- */

/*
 * What does not fit into one answer is asked for again; or a request for one
 * large LSA, a thousand times, would keep us busy with nothing else.
 */
void
ospf_lsr_recv(struct ospf_nbr *nbr, struct rd *r)
{
	const struct ospf_db	*db;
	struct ospf_lsa		*l;
	struct ospf_lsu		 u;
	struct ospf_key		 k;
	size_t			 told = 0;

	if (nbr->state < OSPF_NBR_EXCHANGE)
		return;
	ospf_lsu_begin(&u, nbr->ifp, &nbr->addr);
	while (r->left > 0 && told < LIMIT_OSPF_ANSWER) {
		if (ospf_request_parse(r, &k) == -1) {
			nbr->ifp->bad++;
			break;
		}
		db = ospf_scope_db(nbr->ifp, k.type);
		if (db == NULL || (l = ospf_db_find(db, &k)) == NULL) {
			ospf_nbr_why(nbr, "it asks for what we do not have");
			ospf_nbr_event(nbr, OSPF_NBR_EV_BAD_REQUEST);
			return;
		}
		ospf_lsu_add(&u, l);
		told += l->h.len;
	}
	ospf_lsu_end(&u);
}
