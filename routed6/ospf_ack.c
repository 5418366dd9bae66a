/*
 * Acknowledgments: what neighbors owe us, repeated until they have it, and
 * what we owe them (RFC 2328 13.5 to 13.7).  Engine of the ospf process.
 */
#include <stdlib.h>
#include <string.h>

#include "ospf_state.h"

/* --- what neighbors owe ------------------------------------------------ */

/*
 * When to repeat it first.  A neighbor drops an LSA that comes within a second
 * of the instance before it (MinLSArrival); a withdrawal right after an
 * announcement must not wait for RxmtInterval then.
 */
static mono_t
first_due(const struct ospf_if *ifp, const struct ospf_lsa *l)
{
	mono_t	 now = ifp->o->now, when;

	when = mono_add(now, MONO_S(ifp->conf.retransmit));
	if (ifp->o->stopping)
		when = mono_add(now, OSPF_STOP_RETRANSMIT);
	if (l->before.ns != MONO_NEVER &&
	    mono_sub(now, l->before) < OSPF_MIN_LS_ARRIVAL)
		when = ospf_earlier(when, mono_add(l->before,
		    OSPF_MIN_LS_ARRIVAL + OSPF_MARGIN));
	return (when);
}

/* -1 when there is no room for it. */
int
ospf_unacked_add(struct ospf_nbr *nbr, struct ospf_lsa *l)
{
	struct ospf		*o = nbr->ifp->o;
	struct ospf_owed	*w;

	if ((w = ospf_owed_find(&nbr->unacked, &l->h.key)) != NULL)
		ospf_unacked_remove(nbr, w);
	if (o->nunacked >= LIMIT_OSPF_UNACKED ||
	    (w = calloc(1, sizeof(*w))) == NULL)
		return (-1);
	w->key = l->h.key;
	w->lsa = l;
	w->due = first_due(nbr->ifp, l);
	ospf_lsa_hold(l);
	l->unacked++;
	RB_INSERT(ospf_owes, &nbr->unacked, w);
	nbr->nunacked++;
	o->nunacked++;
	nbr->unacked_due = ospf_earlier(nbr->unacked_due, w->due);
	return (0);
}

void
ospf_unacked_remove(struct ospf_nbr *nbr, struct ospf_owed *w)
{
	RB_REMOVE(ospf_owes, &nbr->unacked, w);
	nbr->nunacked--;
	nbr->ifp->o->nunacked--;
	w->lsa->unacked--;
	ospf_lsa_rele(w->lsa);
	free(w);
	if (nbr->nunacked == 0)
		nbr->unacked_due = ospf_never;
}

void
ospf_unacked_clear(struct ospf_nbr *nbr)
{
	struct ospf_owed	*w;

	while ((w = RB_MIN(ospf_owes, &nbr->unacked)) != NULL)
		ospf_unacked_remove(nbr, w);
}

/* An instance is superseded: nobody has to acknowledge it any more. */
void
ospf_unacked_forget(struct ospf *o, struct ospf_lsa *l)
{
	struct ospf_owed	*w;
	struct ospf_nbr		*nbr;
	struct ospf_if		*ifp;

	if (l->unacked == 0)
		return;
	TAILQ_FOREACH(ifp, &o->ifs, entry)
		TAILQ_FOREACH(nbr, &ifp->nbrs, entry) {
			w = ospf_owed_find(&nbr->unacked, &l->h.key);
			if (w != NULL && w->lsa == l)
				ospf_unacked_remove(nbr, w);
		}
}

/*
 * Repeat to a neighbor, alone, what it has not acknowledged in time; no more
 * at once than it, and we, can cope with (13.6).
 */
void
ospf_unacked_tick(struct ospf_nbr *nbr)
{
	struct ospf_if		*ifp = nbr->ifp;
	mono_t			 now = ifp->o->now, next;
	int64_t			 ns = MONO_S(ifp->conf.retransmit);
	struct ospf_owed	*w;
	struct ospf_lsu		 u;
	size_t			 repeated = 0;

	if (ifp->o->stopping)
		ns = OSPF_STOP_RETRANSMIT;
	nbr->unacked_due = ospf_never;
	ospf_lsu_begin(&u, ifp, &nbr->addr);
	RB_FOREACH(w, ospf_owes, &nbr->unacked) {
		next = w->due;
		if (mono_reached(now, w->due) && repeated < OSPF_REPEAT) {
			ospf_lsu_add(&u, w->lsa);
			repeated += w->lsa->h.len;
			next = w->due = mono_add(now, ns);
		} else if (mono_reached(now, w->due))
			next = mono_add(now, OSPF_REPEAT_PAUSE);
		nbr->unacked_due = ospf_earlier(nbr->unacked_due, next);
	}
	ospf_lsu_end(&u);
}

/* All that is owed is repeated soon: there is not much time left. */
void
ospf_unacked_hurry(struct ospf *o)
{
	mono_t			 when = mono_add(o->now, OSPF_STOP_RETRANSMIT);
	struct ospf_owed	*w;
	struct ospf_nbr		*nbr;
	struct ospf_if		*ifp;

	TAILQ_FOREACH(ifp, &o->ifs, entry)
		TAILQ_FOREACH(nbr, &ifp->nbrs, entry)
			RB_FOREACH(w, ospf_owes, &nbr->unacked) {
				w->due = ospf_earlier(w->due, when);
				nbr->unacked_due = ospf_earlier(
				    nbr->unacked_due, w->due);
			}
}

void
ospf_ack_recv(struct ospf_nbr *nbr, struct rd *r)
{
	struct ospf_lsa_header	 h, sent;
	struct ospf_owed	*w;

	if (nbr->state < OSPF_NBR_EXCHANGE)
		return;
	while (r->left > 0) {
		if (ospf_lsa_header_parse(r, &h) == -1) {
			nbr->ifp->bad++;
			return;
		}
		if ((w = ospf_owed_find(&nbr->unacked, &h.key)) == NULL)
			continue;
		ospf_lsa_now(w->lsa, nbr->ifp->o->now, &sent);
		if (ospf_lsa_compare(&h, &sent) == 0)
			ospf_unacked_remove(nbr, w);
	}
}

/* --- what we owe ------------------------------------------------------- */

void
ospf_ack_direct(struct ospf_nbr *nbr, const struct ospf_lsa_header *h)
{
	struct wr	 w;

	ospf_packet_begin(nbr->ifp, &w, OSPF_ACK);
	ospf_lsa_header_build(&w, h);
	ospf_packet_send(nbr->ifp, &w, OSPF_ACK, &nbr->addr);
}

void
ospf_ack_delay(struct ospf_if *ifp, const struct ospf_lsa_header *h)
{
	if (ifp->nacks == OSPF_ACKS_MAX)
		ospf_acks_send(ifp);
	ifp->acks[ifp->nacks++] = *h;
	if (ifp->nacks == 1)
		ifp->ack = mono_add(ifp->o->now, OSPF_ACK_DELAY);
}

static void
acks_to(struct ospf_if *ifp, const struct in6_addr *dst)
{
	struct wr	 w;
	size_t		 i;

	ospf_packet_begin(ifp, &w, OSPF_ACK);
	for (i = 0; i < ifp->nacks; i++) {
		if (w.len + OSPF_LSA_LEN > ospf_packet_room(ifp)) {
			ospf_packet_send(ifp, &w, OSPF_ACK, dst);
			ospf_packet_begin(ifp, &w, OSPF_ACK);
		}
		ospf_lsa_header_build(&w, &ifp->acks[i]);
	}
	ospf_packet_send(ifp, &w, OSPF_ACK, dst);
}

void
ospf_acks_send(struct ospf_if *ifp)
{
	struct ospf_nbr	*nbr;

	ifp->ack = ospf_never;
	if (ifp->nacks == 0)
		return;
	if (ifp->conf.nneighbors == 0)
		acks_to(ifp, ospf_if_flood_dst(ifp));
	else
		TAILQ_FOREACH(nbr, &ifp->nbrs, entry)
			if (nbr->state >= OSPF_NBR_EXCHANGE)
				acks_to(ifp, &nbr->addr);
	ifp->nacks = 0;
}
