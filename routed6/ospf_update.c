/*
 * Link State Updates going out: LSAs packed into packets, and those that are
 * to be flooded collected until the end of a call, so that they share packets
 * and withdrawals go first (RFC 2328 13.3, 14.1).  Engine of the ospf
 * process.
 */
#include <stdlib.h>
#include <string.h>

#include "ospf_state.h"

#define AT_COUNT	(OSPF_HEADER_LEN + 2)	/* low half of # LSAs */

/* --- packets ----------------------------------------------------------- */

void
ospf_lsu_begin(struct ospf_lsu *u, struct ospf_if *ifp,
    const struct in6_addr *dst)
{
	u->ifp = ifp;
	u->dst = *dst;
	u->n = 0;
	u->old = 0;
}

void
ospf_lsu_end(struct ospf_lsu *u)
{
	if (u->n == 0)
		return;
	wr_patch16(&u->w, AT_COUNT, u->n);
	ospf_packet_send(u->ifp, &u->w, OSPF_LSU, &u->dst);
	u->n = 0;
}

/* An LSA that is larger than the MTU goes alone, to be fragmented. */
void
ospf_lsu_add(struct ospf_lsu *u, const struct ospf_lsa *l)
{
	struct ospf_lsa_header	 h;
	uint32_t		 age;

	if (u->n > 0 && u->w.len + l->h.len > ospf_packet_room(u->ifp))
		ospf_lsu_end(u);
	if (u->n == 0) {
		ospf_packet_begin(u->ifp, &u->w, OSPF_LSU);
		wr_u32(&u->w, 0);
	}
	ospf_lsa_now(l, u->ifp->o->now, &h);
	age = h.age + u->ifp->conf.delay;
	h.age = u->old || age > OSPF_MAXAGE ? OSPF_MAXAGE : age;
	ospf_lsa_header_build(&u->w, &h);
	wr_bytes(&u->w, l->data + OSPF_LSA_LEN, l->h.len - OSPF_LSA_LEN);
	u->n++;
}

/* --- what is to be flooded --------------------------------------------- */

void
ospf_floods_add(struct ospf_if *ifp, struct ospf_lsa *l)
{
	struct ospf_flood	*f;

	/* Without memory the retransmission does it. */
	if ((f = calloc(1, sizeof(*f))) == NULL)
		return;
	ospf_lsa_hold(l);
	f->lsa = l;
	STAILQ_INSERT_TAIL(&ifp->floods, f, entry);
}

void
ospf_floods_clear(struct ospf_if *ifp)
{
	struct ospf_flood	*f;

	while ((f = STAILQ_FIRST(&ifp->floods)) != NULL) {
		STAILQ_REMOVE_HEAD(&ifp->floods, entry);
		ospf_lsa_rele(f->lsa);
		free(f);
	}
}

static void
floods_to(struct ospf_if *ifp, const struct in6_addr *dst)
{
	struct ospf_flood	*f;
	struct ospf_lsu		 u;
	int			 old;

	ospf_lsu_begin(&u, ifp, dst);
	for (old = 1; old >= 0; old--)
		STAILQ_FOREACH(f, &ifp->floods, entry)
			if (f->lsa->old == old)
				ospf_lsu_add(&u, f->lsa);
	ospf_lsu_end(&u);
}

void
ospf_floods_send(struct ospf_if *ifp)
{
	struct ospf_nbr	*nbr;

	if (STAILQ_EMPTY(&ifp->floods))
		return;
	if (ifp->conf.nneighbors == 0)
		floods_to(ifp, ospf_if_flood_dst(ifp));
	else
		TAILQ_FOREACH(nbr, &ifp->nbrs, entry)
			if (nbr->state >= OSPF_NBR_EXCHANGE)
				floods_to(ifp, &nbr->addr);
	ospf_floods_clear(ifp);
}
