/*
 * Hellos: who is there, who hears us, who is DR (RFC 2328 9.5 and 10.5,
 * RFC 5340 4.2.1.1 and 4.2.2.1).  Engine of the ospf process.
 */
#include <string.h>

#include "ospf_state.h"

#define TWIN_HELLOS	2	/* intervals that a neighbor is still there */

/* --- out --------------------------------------------------------------- */

static void
hello_fill(const struct ospf_if *ifp, struct ospf_hello *h)
{
	h->ifid = ifp->ifindex;
	h->priority = ifp->conf.priority;
	h->options = ospf_guard_options(ifp);
	h->hello = ifp->conf.hello;
	h->dead = ifp->conf.dead;
	h->dr = ifp->dr;
	h->bdr = ifp->bdr;
}

/* Everybody heard within the dead interval is listed. */
static void
hello_build(struct ospf_if *ifp, struct wr *w)
{
	const struct ospf_nbr	*nbr;
	struct ospf_hello	 h;

	ospf_packet_begin(ifp, w, OSPF_HELLO);
	hello_fill(ifp, &h);
	ospf_hello_build(w, &h);
	TAILQ_FOREACH(nbr, &ifp->nbrs, entry)
		if (nbr->state >= OSPF_NBR_INIT)
			wr_u32(w, nbr->id);
}

/*
 * With nobody listed, everybody sees that we no longer hear them, and that
 * the DR has to be somebody else.
 */
void
ospf_hello_empty(struct ospf_if *ifp, struct wr *w)
{
	struct ospf_hello	 h;

	ospf_packet_begin(ifp, w, OSPF_HELLO);
	hello_fill(ifp, &h);
	h.priority = 0;
	h.dr = h.bdr = 0;
	ospf_hello_build(w, &h);
}

void
ospf_hello_to(struct ospf_if *ifp, const struct in6_addr *dst)
{
	struct wr	 w;

	hello_build(ifp, &w);
	ospf_packet_send(ifp, &w, OSPF_HELLO, dst);
}

/*
 * To everybody on the link; without multicast to each neighbor that was
 * heard (those that were not are polled, see ospf_nbr_tick()).
 */
void
ospf_hello_send(struct ospf_if *ifp)
{
	struct ospf_nbr	*nbr;

	if (ifp->conf.nneighbors == 0) {
		ospf_hello_to(ifp, &ospf_all_routers);
		return;
	}
	TAILQ_FOREACH(nbr, &ifp->nbrs, entry)
		if (nbr->state > OSPF_NBR_ATTEMPT)
			ospf_hello_to(ifp, &nbr->addr);
}

void
ospf_hello_bye(struct ospf_if *ifp)
{
	struct ospf_nbr	*nbr;
	struct wr	 w;

	if (ifp->conf.nneighbors == 0) {
		ospf_hello_empty(ifp, &w);
		ospf_packet_send(ifp, &w, OSPF_HELLO, &ospf_all_routers);
		return;
	}
	TAILQ_FOREACH(nbr, &ifp->nbrs, entry) {
		ospf_hello_empty(ifp, &w);
		ospf_packet_send(ifp, &w, OSPF_HELLO, &nbr->addr);
	}
}

/* --- in ---------------------------------------------------------------- */

/* RFC 2328 10.5: what must be the same at both ends. */
static int
hello_check(struct ospf_if *ifp, const struct ospf_header *hdr,
    const struct in6_addr *src, const struct ospf_hello *h)
{
	uint32_t	 want;

	want = ospf_self_options(ifp->area) & (OSPF_O_E | OSPF_O_N);
	if (h->hello != ifp->conf.hello)
		ospf_reject(ifp, src, hdr->router, "hello-interval %u, "
		    "ours is %u", h->hello, ifp->conf.hello);
	else if (h->dead != ifp->conf.dead)
		ospf_reject(ifp, src, hdr->router, "dead-interval %u, "
		    "ours is %u", h->dead, ifp->conf.dead);
	else if ((h->options & (OSPF_O_E | OSPF_O_N)) != want)
		ospf_reject(ifp, src, hdr->router, "it takes the area for %s",
		    h->options & OSPF_O_N ? "an NSSA" :
		    h->options & OSPF_O_E ? "one with external routes" :
		    "a stub area");
	else
		return (0);
	return (-1);
}

/*
 * A router id at another address: a neighbor whose address changed, or two
 * with one id.  They are two while the first one is still heard; then the
 * second one is refused, or both would lose their adjacencies all the time.
 */
static int
is_twin(const struct ospf_nbr *nbr, const struct in6_addr *src)
{
	const struct ospf_if	*ifp = nbr->ifp;
	char			 addr[INET6_ADDRSTRLEN];
	mono_t			 heard;

	if (IN6_ARE_ADDR_EQUAL(&nbr->addr, src))
		return (0);
	heard = mono_add(nbr->inactive, -MONO_S(ifp->conf.dead));
	if (mono_sub(ifp->o->now, heard) >= MONO_S(TWIN_HELLOS *
	    ifp->conf.hello))
		return (0);
	ospf_reject(nbr->ifp, src, nbr->id, "its router id is also that of "
	    "%s", ospf_addr_print(&nbr->addr, addr, sizeof(addr)));
	return (1);
}

/* A neighbor that the configuration names has one row, whoever is there. */
static struct ospf_nbr *
hello_newcomer(struct ospf_if *ifp, uint32_t id, const struct in6_addr *src)
{
	struct ospf_nbr	*was;

	was = ospf_nbr_at(ifp, src);
	if (was != NULL && was->id != 0) {
		ospf_nbr_why(was, "its router id changed");
		ospf_nbr_event(was, OSPF_NBR_EV_KILL);
	}
	if (was != NULL && was->configured) {
		was->id = id;
		memset(&was->seen, 0, sizeof(was->seen));
		return (was);
	}
	return (ospf_nbr_new(ifp, id, src));
}

/*
 * The neighbor, which may be new; NULL when it is refused.  One whose address
 * changed stays the same, unless either address has a row of its own.
 */
static struct ospf_nbr *
hello_neighbor(struct ospf_if *ifp, const struct ospf_header *hdr,
    const struct in6_addr *src, int *is_new)
{
	struct ospf_nbr	*nbr, *was;

	*is_new = 0;
	if ((nbr = ospf_nbr_find(ifp, hdr->router)) != NULL) {
		if (is_twin(nbr, src))
			return (NULL);
		was = ospf_nbr_at(ifp, src);
		if (was == nbr || (was == NULL && !nbr->configured))
			return (nbr);
		ospf_nbr_why(nbr, "its address changed");
		ospf_nbr_event(nbr, OSPF_NBR_EV_KILL);
	}
	*is_new = 1;
	return (hello_newcomer(ifp, hdr->router, src));
}

static int
lists_us(const struct ospf_if *ifp, struct rd *r)
{
	while (r->left > 0)
		if (rd_u32(r) == ifp->o->conf.router_id)
			return (1);
	return (0);
}

static void
hello_declares(struct ospf_nbr *nbr, const struct ospf_hello *h)
{
	nbr->priority = h->priority;
	nbr->dr = h->dr;
	nbr->bdr = h->bdr;
}

/* What of this Hello has a say in who is DR; true when it has. */
static int
hello_elects(struct ospf_nbr *nbr, const struct ospf_hello *h)
{
	struct ospf_if	*ifp = nbr->ifp;
	int		 was_dr, was_bdr, is_dr, is_bdr, changed;

	was_dr = nbr->dr == nbr->id;
	was_bdr = nbr->bdr == nbr->id;
	is_dr = h->dr == nbr->id;
	is_bdr = h->bdr == nbr->id;
	changed = was_dr != is_dr || was_bdr != is_bdr ||
	    nbr->priority != h->priority;
	hello_declares(nbr, h);
	if (ifp->state == OSPF_IF_WAITING &&
	    (is_bdr || (is_dr && h->bdr == 0))) {
		ospf_if_event(ifp, OSPF_IF_EV_BACKUP_SEEN);
		return (0);
	}
	return (changed);
}

/* The rest of it is of interest when it hears us. */
static void
hello_heard(struct ospf_nbr *nbr, const struct ospf_hello *h, int changed)
{
	struct ospf_if	*ifp = nbr->ifp;

	ospf_nbr_event(nbr, OSPF_NBR_EV_2WAY);
	if (ospf_grace_is_on(nbr))
		return;
	if (ospf_if_elects(ifp)) {
		if (hello_elects(nbr, h) || changed)
			ospf_if_event(ifp, OSPF_IF_EV_NEIGHBOR);
	} else
		nbr->priority = h->priority;
}

/*
 * It does not hear us: that it is there is all we may take from this Hello by
 * RFC 2328 10.5.  But its next word may be a DD, and what it declared when it
 * was still another must not count then.
 */
static void
hello_deaf(struct ospf_nbr *nbr, const struct ospf_hello *h, int tell)
{
	struct ospf_if	*ifp = nbr->ifp;

	if (nbr->state >= OSPF_NBR_2WAY)
		ospf_nbr_why(nbr, "it does not hear us");
	ospf_nbr_event(nbr, OSPF_NBR_EV_1WAY);
	if (!ospf_grace_is_on(nbr))
		hello_declares(nbr, h);
	/* Let it know at once that it is heard. */
	if (tell)
		ospf_hello_to(ifp, ifp->conf.nneighbors == 0 ?
		    &ospf_all_routers : &nbr->addr);
}

void
ospf_hello_recv(struct ospf_if *ifp, const struct ospf_header *hdr,
    const struct in6_addr *src, struct rd *r)
{
	struct ospf_hello	 h;
	struct ospf_nbr		*nbr;
	enum ospf_nbr_state	 was;
	int			 is_new;

	if (ospf_hello_parse(r, &h) == -1) {
		ifp->bad++;
		return;
	}
	if (hello_check(ifp, hdr, src, &h) == -1 ||
	    (nbr = hello_neighbor(ifp, hdr, src, &is_new)) == NULL)
		return;
	ospf_accept(ifp, src);
	nbr->addr = *src;
	nbr->options = h.options;
	if (nbr->ifid != h.ifid && nbr->state == OSPF_NBR_FULL)
		ifp->o->dirty = 1;
	nbr->ifid = h.ifid;
	was = nbr->state;
	ospf_nbr_event(nbr, OSPF_NBR_EV_HELLO);
	if (lists_us(ifp, r))
		hello_heard(nbr, &h, was < OSPF_NBR_2WAY);
	else
		hello_deaf(nbr, &h, is_new || was >= OSPF_NBR_2WAY);
}
