/*
 * Flooding: an LSA that comes is judged, stored, passed on and acknowledged
 * (RFC 2328 13, RFC 5340 4.5).  Engine of the ospf process.
 */
#include <string.h>
#include <syslog.h>

#include "ospf_state.h"

/* --- scopes ------------------------------------------------------------ */

static int
is_known(uint16_t type)
{
	switch (type) {
	case OSPF_LSA_ROUTER:
	case OSPF_LSA_NETWORK:
	case OSPF_LSA_INTER_PREFIX:
	case OSPF_LSA_INTER_ROUTER:
	case OSPF_LSA_EXTERNAL:
	case OSPF_LSA_NSSA:
	case OSPF_LSA_LINK:
	case OSPF_LSA_INTRA_PREFIX:
		return (1);
	default:
		return (0);
	}
}

/*
 * RFC 5340 4.5.1: an unknown type without the U bit stays on the link.  What
 * is of the whole AS does not go into an NSSA, and NSSA-LSAs nowhere else.
 */
struct ospf_db *
ospf_scope_db(struct ospf_if *ifp, uint16_t type)
{
	int	 nssa = ifp->area->conf.flags & OSPF_F_NSSA;

	if (!is_known(type) && !(type & OSPF_LSA_U))
		return ((type & OSPF_SCOPE) == OSPF_SCOPE ? NULL : &ifp->db);
	if (type == OSPF_LSA_NSSA && !nssa)
		return (NULL);
	switch (type & OSPF_SCOPE) {
	case OSPF_SCOPE_LINK:
		return (&ifp->db);
	case OSPF_SCOPE_AREA:
		return (&ifp->area->db);
	case OSPF_SCOPE_AS:
		return (nssa ? NULL : &ifp->o->db);
	default:
		return (NULL);
	}
}

int
ospf_flood_reaches(const struct ospf_if *ifp, const struct ospf_db *db)
{
	if (ifp->state <= OSPF_IF_LOOPBACK)
		return (0);
	if (db->ifp != NULL)
		return (db->ifp == ifp);
	if (db->area != NULL)
		return (db->area == ifp->area);
	return (!(ifp->area->conf.flags & OSPF_F_NSSA));
}

/* --- out --------------------------------------------------------------- */

/*
 * 13.3 (1) b: a neighbor that is still being loaded may have an instance of
 * its own.  True when it needs ours.
 */
static int
needs(struct ospf_nbr *nbr, const struct ospf_lsa_header *h)
{
	struct ospf_owed	*w;
	int			 c;

	if (nbr->state == OSPF_NBR_FULL ||
	    (w = ospf_owed_find(&nbr->requests, &h->key)) == NULL)
		return (1);
	if ((c = ospf_lsa_compare(h, &w->h)) < 0)
		return (0);
	ospf_requests_remove(nbr, w);
	return (c > 0);
}

/* The neighbor that owes most acknowledgments; nbr when nobody owes more. */
static struct ospf_nbr *
slowest(struct ospf_nbr *nbr)
{
	struct ospf_nbr	*slow = nbr, *other;
	struct ospf_if	*ifp;

	TAILQ_FOREACH(ifp, &nbr->ifp->o->ifs, entry)
		TAILQ_FOREACH(other, &ifp->nbrs, entry)
			if (other->nunacked > slow->nunacked)
				slow = other;
	return (slow);
}

/*
 * Have it acknowledged.  When there is no room for that, those who took the
 * room begin anew.  -1 when nbr was one of them.
 */
static int
neighbor_owes(struct ospf_nbr *nbr, struct ospf_lsa *l)
{
	struct ospf_nbr	*slow;

	while (ospf_unacked_add(nbr, l) == -1) {
		slow = slowest(nbr);
		ospf_nbr_why(slow, "it acknowledges too slowly");
		ospf_nbr_event(slow, OSPF_NBR_EV_MISMATCH);
		if (slow == nbr)
			return (-1);
	}
	return (0);
}

/* 13.3 (1): who has to acknowledge it here?  How many they are. */
static int
flood_neighbors(struct ospf_if *ifp, struct ospf_lsa *l,
    const struct ospf_nbr *from)
{
	struct ospf_lsa_header	 h;
	struct ospf_nbr		*nbr;
	int			 n = 0;

	ospf_lsa_now(l, ifp->o->now, &h);
	TAILQ_FOREACH(nbr, &ifp->nbrs, entry) {
		if (nbr->state < OSPF_NBR_EXCHANGE || !needs(nbr, &h) ||
		    nbr == from)
			continue;
		n += neighbor_owes(nbr, l) == 0;
	}
	return (n);
}

int
ospf_flood(struct ospf *o, struct ospf_lsa *l, struct ospf_nbr *from)
{
	struct ospf_if	*ifp;
	int		 back = 0;

	TAILQ_FOREACH(ifp, &o->ifs, entry) {
		if (!ospf_flood_reaches(ifp, l->db) ||
		    flood_neighbors(ifp, l, from) == 0)
			continue;
		if (from != NULL && from->ifp == ifp) {
			/* (3) and (4): the DR or its backup does it. */
			if (ospf_if_elects(ifp) && (from->id == ifp->dr ||
			    from->id == ifp->bdr ||
			    ifp->state == OSPF_IF_BACKUP))
				continue;
			back = 1;
		}
		ospf_floods_add(ifp, l);
	}
	return (back);
}

/* --- in ---------------------------------------------------------------- */

int
ospf_is_loading(const struct ospf *o)
{
	const struct ospf_nbr	*nbr;
	const struct ospf_if	*ifp;

	TAILQ_FOREACH(ifp, &o->ifs, entry)
		TAILQ_FOREACH(nbr, &ifp->nbrs, entry)
			if (nbr->state == OSPF_NBR_EXCHANGE ||
			    nbr->state == OSPF_NBR_LOADING)
				return (1);
	return (0);
}

/* 13.5: how an LSA is acknowledged that was taken. */
static void
acknowledge(struct ospf_nbr *nbr, const struct ospf_lsa_header *h, int back)
{
	struct ospf_if	*ifp = nbr->ifp;

	if (back)
		return;
	if (ifp->state == OSPF_IF_BACKUP && nbr->id != ifp->dr)
		return;
	ospf_ack_delay(ifp, h);
}

/*
 * There is no room for it: it is acknowledged, or the neighbor would repeat
 * it for ever, and let go.
 */
static void
lsa_refuse(struct ospf_nbr *nbr, const struct ospf_lsa_header *h)
{
	struct ospf	*o = nbr->ifp->o;

	ospf_ack_delay(nbr->ifp, h);
	if (ospf_may_warn(o, &o->warned_full))
		ospf_log(o, LOG_WARNING, "no room for more LSAs (%zu, %zu "
		    "bytes): others are let go", o->store.count,
		    o->store.bytes);
}

/* RFC 2328 13.2: does a new instance say the same as the old one? */
static int
says_the_same(const struct ospf_lsa *l, const struct ospf_lsa *old)
{
	return (old != NULL && old->old == (l->h.age == OSPF_MAXAGE) &&
	    old->h.len == l->h.len && memcmp(old->data + OSPF_LSA_LEN,
	    l->data + OSPF_LSA_LEN, l->h.len - OSPF_LSA_LEN) == 0);
}

/* 13 (5): it is newer than what we have. */
static void
lsa_install(struct ospf_nbr *nbr, struct ospf_db *db,
    const struct ospf_lsa_header *h, const uint8_t *data, int asked)
{
	struct ospf	*o = nbr->ifp->o;
	struct ospf_lsa	*l, *old;
	int		 changed, sure;

	old = ospf_db_find(db, &h->key);
	sure = ospf_orig_is_ours(o, db, &h->key) ||
	    ospf_store_room(&o->store, h, old);
	if ((l = ospf_lsa_new(&o->store, h, data, sure, o->now)) == NULL) {
		lsa_refuse(nbr, h);
		return;
	}
	l->heard = !asked;
	if (old != NULL)
		ospf_unacked_forget(o, old);
	changed = !says_the_same(l, old);
	ospf_db_install(db, l);
	ospf_grace_lsa(nbr->ifp, l, changed);
	if (h->key.adv == o->conf.router_id && ospf_orig_newer(o, l))
		ospf_ack_delay(nbr->ifp, h);
	else
		acknowledge(nbr, h, ospf_flood(o, l, nbr));
	if (h->key.type == OSPF_LSA_LINK)
		o->dirty = 1;
	ospf_lsa_rele(l);
}

/* 13 (7): the same instance; it may be meant as an acknowledgment. */
static void
lsa_same(struct ospf_nbr *nbr, const struct ospf_lsa_header *h)
{
	struct ospf_if		*ifp = nbr->ifp;
	struct ospf_owed	*w;

	if ((w = ospf_owed_find(&nbr->unacked, &h->key)) == NULL) {
		ospf_ack_direct(nbr, h);
		return;
	}
	ospf_unacked_remove(nbr, w);
	if (ifp->state == OSPF_IF_BACKUP && nbr->id == ifp->dr)
		ospf_ack_delay(ifp, h);
}

/* 13 (8): what we have is newer, and is sent back at most once a second. */
static void
lsa_older(struct ospf_nbr *nbr, struct ospf_lsa *ours)
{
	mono_t		 now = nbr->ifp->o->now;
	struct ospf_lsu	 u;

	if (ours->old && ours->h.seq == OSPF_SEQ_MAX)
		return;
	if (ours->returned &&
	    mono_sub(now, ours->returned_at) < OSPF_MIN_LS_ARRIVAL)
		return;
	ours->returned = 1;
	ours->returned_at = now;
	ospf_lsu_begin(&u, nbr->ifp, &nbr->addr);
	ospf_lsu_add(&u, ours);
	ospf_lsu_end(&u);
}

/* 13 (4) to (8). */
static void
lsa_judge(struct ospf_nbr *nbr, struct ospf_db *db,
    const struct ospf_lsa_header *h, const uint8_t *data)
{
	struct ospf		*o = nbr->ifp->o;
	struct ospf_lsa_header	 ours;
	struct ospf_owed	*w;
	struct ospf_lsa		*l;
	int			 c = 1, asked;

	if ((l = ospf_db_find(db, &h->key)) != NULL) {
		ospf_lsa_now(l, o->now, &ours);
		c = ospf_lsa_compare(h, &ours);
	} else if (h->age == OSPF_MAXAGE && !ospf_is_loading(o)) {
		ospf_ack_direct(nbr, h);
		return;
	}
	w = ospf_owed_find(&nbr->requests, &h->key);
	asked = w != NULL;
	if (c > 0) {
		if (l != NULL && l->heard && !asked &&
		    mono_sub(o->now, l->arrived) < OSPF_MIN_LS_ARRIVAL)
			return;
		if (w != NULL && ospf_lsa_compare(h, &w->h) >= 0)
			ospf_requests_remove(nbr, w);
		lsa_install(nbr, db, h, data, asked);
	} else if (w != NULL) {
		ospf_nbr_why(nbr, "it sent less than it said it has");
		ospf_nbr_event(nbr, OSPF_NBR_EV_BAD_REQUEST);
	} else if (c == 0)
		lsa_same(nbr, h);
	else
		lsa_older(nbr, l);
}

void
ospf_lsu_recv(struct ospf_nbr *nbr, struct rd *r)
{
	struct ospf_lsa_header	 h;
	const uint8_t		*data;
	struct ospf_db		*db;
	uint32_t		 n;

	if (nbr->state < OSPF_NBR_EXCHANGE)
		return;
	for (n = rd_u32(r); n > 0 && nbr->state >= OSPF_NBR_EXCHANGE; n--) {
		if ((data = ospf_lsa_next(r, &h)) == NULL) {
			nbr->ifp->bad++;
			break;
		}
		if (ospf_lsa_cksum(data, h.len) != h.cksum ||
		    h.len > OSPF_LSA_MAX ||
		    (db = ospf_scope_db(nbr->ifp, h.key.type)) == NULL) {
			nbr->ifp->bad++;
			continue;
		}
		lsa_judge(nbr, db, &h, data);
	}
}
