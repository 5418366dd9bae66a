/*
 * Helping a neighbor that restarts gracefully (RFC 5187, RFC 3623 3), where
 * the configuration allows it.  Engine of the ospf process.  While it does,
 * our LSAs and the election treat it as the full neighbor that it was, whatever
 * becomes of the adjacency; its forwarding goes on, it says.  We never ask for
 * this ourselves: nobody must forward to a relay that may be dead.
 */
#include <string.h>
#include <syslog.h>

#include "ospf_state.h"

#define TLV_PERIOD	1	/* RFC 5187 2.2 */

int
ospf_grace_is_on(const struct ospf_nbr *nbr)
{
	return (nbr->grace.ns != MONO_NEVER);
}

int
ospf_nbr_is_full(const struct ospf_nbr *nbr)
{
	return (nbr->state == OSPF_NBR_FULL || ospf_grace_is_on(nbr));
}

/* The grace period in seconds; 0 when there is none to be found. */
static uint32_t
period_read(const struct ospf_lsa *l)
{
	uint16_t	 type, len;
	struct rd	 r;

	rd_init(&r, l->data + OSPF_LSA_LEN, l->h.len - OSPF_LSA_LEN);
	while (r.left > 0 && !r.bad) {
		type = rd_u16(&r);
		len = rd_u16(&r);
		if (type == TLV_PERIOD && len == 4)
			return (r.left < 4 ? 0 : rd_u32(&r));
		rd_skip(&r, ((size_t)len + 3) / 4 * 4);
	}
	return (0);
}

static void
grace_log(const struct ospf_nbr *nbr, const char *what)
{
	char	 id[OSPF_ID_STRLEN];

	ospf_log(nbr->ifp->o, LOG_INFO, "neighbor %s on %s: %s",
	    ospf_id_print(nbr->id, id, sizeof(id)), nbr->ifp->conf.name,
	    what);
}

/* RFC 3623 3.2: what is true at this moment is told from now on. */
void
ospf_grace_end(struct ospf_nbr *nbr, const char *why)
{
	struct ospf_if	*ifp = nbr->ifp;

	if (!ospf_grace_is_on(nbr))
		return;
	grace_log(nbr, why);
	nbr->grace = ospf_never;
	nbr->inactive = ospf_earlier(nbr->inactive,
	    mono_add(ifp->o->now, MONO_S(ifp->conf.dead)));
	ifp->o->dirty = 1;
	ospf_if_event(ifp, OSPF_IF_EV_NEIGHBOR);
}

/* RFC 3623 3.1: it must be full, and the period not be over. */
static void
grace_begin(struct ospf_nbr *nbr, const struct ospf_lsa *l)
{
	struct ospf_if	*ifp = nbr->ifp;
	uint32_t	 period = period_read(l);

	if (!(ifp->conf.flags & OSPF_F_HELPER) || !ospf_nbr_is_full(nbr) ||
	    period <= l->h.age || period > OSPF_REFRESH / MONO_S(1))
		return;
	if (!ospf_grace_is_on(nbr))
		grace_log(nbr, "restarts, and is kept meanwhile");
	nbr->grace = mono_add(ifp->o->now, MONO_S(period - l->h.age));
}

void
ospf_grace_changed(struct ospf *o, const struct ospf_lsa *l)
{
	struct ospf_nbr	*nbr;
	struct ospf_if	*ifp;

	TAILQ_FOREACH(ifp, &o->ifs, entry)
		TAILQ_FOREACH(nbr, &ifp->nbrs, entry)
			if (nbr->id != l->h.key.adv &&
			    ospf_flood_reaches(ifp, l->db))
				ospf_grace_end(nbr, "is not kept any longer, "
				    "the network has changed");
}

void
ospf_grace_lsa(struct ospf_if *ifp, const struct ospf_lsa *l, int changed)
{
	struct ospf_nbr	*nbr;

	if (l->h.key.type != OSPF_LSA_GRACE) {
		if (changed)
			ospf_grace_changed(ifp->o, l);
		return;
	}
	if ((nbr = ospf_nbr_find(ifp, l->h.key.adv)) == NULL)
		return;
	if (l->old)
		ospf_grace_end(nbr, "has restarted");
	else
		grace_begin(nbr, l);
}

void
ospf_grace_tick(struct ospf_nbr *nbr)
{
	mono_t	 now = nbr->ifp->o->now;

	if (mono_reached(now, nbr->grace))
		ospf_grace_end(nbr, "has not restarted in time");
	if (ospf_grace_is_on(nbr) && mono_reached(now, nbr->inactive))
		nbr->inactive = nbr->grace;
}
