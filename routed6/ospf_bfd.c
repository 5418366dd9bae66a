/*
 * Neighbors and BFD (RFC 5882 4 and 10.1, RFC 9355).  Engine of the ospf
 * process.
 *
 * BFD is asked for when a neighbor is first seen to hear us, which is when
 * others ask for it, too: before that there is no way in both directions to
 * watch.  It is kept while Hellos come at all, since a neighbor that begins
 * anew needs the same session again at once.  When it goes down the neighbor is
 * dropped, as if it had been silent for the dead interval; without strict mode
 * it may come back before BFD does (RFC 5882 4.3).
 *
 * RFC 9355 has a strict neighbor stay in Init and unlisted, after both have
 * told each other of strict mode by LLS.  We have no LLS, and others do not ask
 * for BFD before they find themselves listed; so it is 2-Way where they wait.
 */
#include <string.h>

#include "ospf_state.h"

static void
watch_end(struct ospf_nbr *nbr)
{
	struct ospf_if	*ifp = nbr->ifp;

	if (nbr->bfd.on)
		ifp->o->ops->bfd(ifp->o->arg, ifp->port, &ifp->addr,
		    &nbr->bfd.addr, 0);
	memset(&nbr->bfd, 0, sizeof(nbr->bfd));
}

static void
watch_begin(struct ospf_nbr *nbr)
{
	struct ospf_if	*ifp = nbr->ifp;

	nbr->bfd.on = 1;
	nbr->bfd.addr = nbr->addr;
	ifp->o->ops->bfd(ifp->o->arg, ifp->port, &ifp->addr, &nbr->addr, 1);
}

/* At another address it is another session. */
void
ospf_bfd_update(struct ospf_nbr *nbr)
{
	int	 wanted = nbr->ifp->conf.bfd.flags & BFD_F_ON;

	if (!wanted || nbr->state <= OSPF_NBR_ATTEMPT ||
	    !IN6_ARE_ADDR_EQUAL(&nbr->bfd.addr, &nbr->addr))
		watch_end(nbr);
	if (wanted && !nbr->bfd.on && nbr->state >= OSPF_NBR_2WAY)
		watch_begin(nbr);
}

void
ospf_bfd_configure(struct ospf_if *ifp)
{
	struct ospf_nbr	*nbr;

	TAILQ_FOREACH(nbr, &ifp->nbrs, entry) {
		if (nbr->bfd.on && (ifp->conf.bfd.flags & BFD_F_ON))
			watch_begin(nbr);
		ospf_nbr_event(nbr, OSPF_NBR_EV_ADJACENT);
	}
}

int
ospf_bfd_forbids(const struct ospf_nbr *nbr)
{
	return ((nbr->ifp->conf.bfd.flags & BFD_F_STRICT) && !nbr->bfd.up);
}

/* Whoever asks sees for a while why it went; a named one is sought again. */
static void
nbr_lost(struct ospf_nbr *nbr)
{
	struct ospf_if	*ifp = nbr->ifp;

	ospf_nbr_why(nbr, "BFD %s", nbr->bfd.words);
	if (!nbr->configured)
		nbr->forget = mono_add(ifp->o->now, MONO_S(ifp->conf.dead));
	ospf_nbr_event(nbr, OSPF_NBR_EV_INACTIVE);
}

/*
 * One that restarts, and is helped, may take its BFD with it: that says
 * nothing about its forwarding (RFC 5882 4.3.2.2).
 */
void
ospf_bfd(struct ospf_if *ifp, const struct in6_addr *addr, enum ospf_bfd state,
    const char *words, mono_t now)
{
	struct ospf_nbr	*nbr;
	int		 was;

	ospf_enter(ifp->o, now);
	if ((nbr = ospf_nbr_at(ifp, addr)) == NULL || !nbr->bfd.on)
		return;
	was = nbr->bfd.up;
	nbr->bfd.up = state == OSPF_BFD_UP;
	strlcpy(nbr->bfd.words, words, sizeof(nbr->bfd.words));
	if (was && state == OSPF_BFD_DOWN && !ospf_grace_is_on(nbr))
		nbr_lost(nbr);
	else if (!was && nbr->bfd.up)
		ospf_nbr_event(nbr, OSPF_NBR_EV_ADJACENT);
	ospf_leave(ifp->o);
}
