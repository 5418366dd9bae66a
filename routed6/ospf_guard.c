/*
 * Authentication on an interface (RFC 7166): which key signs what goes out,
 * the numbers it is signed with, what is taken and what is refused and counted.
 * Engine of the ospf process; the rules themselves are in ospf_auth.c.
 *
 * The last will is signed when it is written but may be sent much later, after
 * packets that were signed later, and must be the newer then.  So numbers are
 * taken in blocks: first those for packets, behind them those for the will.
 * It is written anew, into a new block, before the packets reach it.
 */
#include <string.h>
#include <syslog.h>

#include "ospf_state.h"

#define NUMBERS	128	/* for packets between two wills */

int
ospf_guard_is(const struct ospf_if *ifp)
{
	return (ifp->conf.chain != OSPF_CHAIN_NONE);
}

uint32_t
ospf_guard_options(const struct ospf_if *ifp)
{
	return (ospf_self_options(ifp->area) |
	    (ospf_guard_is(ifp) ? OSPF_O_AT : 0));
}

static struct ospf_ring
ring_now(const struct ospf_if *ifp)
{
	struct ospf_ring	 ring;

	ring.keys = &ifp->o->keys;
	ring.chain = ifp->conf.chain;
	ring.now = ifp->o->ops->wall(ifp->o->arg);
	return (ring);
}

/* --- numbers ----------------------------------------------------------- */

static void
numbers_take(struct ospf *o)
{
	o->seq = o->ops->sequence(o->arg, NUMBERS + LIMIT_OSPF_WILL);
	o->seq_end = o->seq + NUMBERS;
}

static uint64_t
number_next(struct ospf *o)
{
	if (o->will != NULL)
		return (o->seq_will++);
	if (o->seq == o->seq_end)
		numbers_take(o);
	if (o->seq_end - o->seq <= NUMBERS / 2)
		o->will_changed = 1;
	return (o->seq++);
}

void
ospf_guard_will(struct ospf *o)
{
	if (o->keys.n > 0 && o->seq_end - o->seq <= NUMBERS / 2)
		numbers_take(o);
	o->seq_will = o->seq_end;
}

/* --- out --------------------------------------------------------------- */

/* The will that is in force was signed with the old one. */
static void
key_changed(struct ospf_if *ifp, const struct ospf_conf_key *k)
{
	ifp->key = k->id;
	ifp->key_warned = ospf_never;
	ifp->o->will_changed = 1;
	ospf_log(ifp->o, LOG_INFO, "interface %s: auth key %u is used from "
	    "now on", ifp->conf.name, k->id);
}

int
ospf_guard_sign(struct ospf_if *ifp, struct wr *w)
{
	struct ospf_ring		 ring = ring_now(ifp);
	const struct ospf_conf_key	*k;

	if ((k = ospf_auth_send_key(&ring)) == NULL)
		return (-1);
	if (ifp->key != k->id && ifp->o->will == NULL)
		key_changed(ifp, k);
	if (!ospf_life_is(&k->send, ring.now) &&
	    ospf_may_warn(ifp->o, &ifp->key_warned))
		ospf_log(ifp->o, LOG_WARNING, "interface %s: no auth key is "
		    "valid for sending, key %u serves on", ifp->conf.name,
		    k->id);
	return (ospf_auth_sign(w, k, number_next(ifp->o), &ifp->addr));
}

/* --- in ---------------------------------------------------------------- */

/* The neighbor of this router id, if it is at that address. */
static struct ospf_nbr *
nbr_from(struct ospf_if *ifp, const struct ospf_header *h,
    const struct in6_addr *src)
{
	struct ospf_nbr	*nbr;

	nbr = ospf_nbr_find(ifp, h->router);
	return (nbr != NULL && IN6_ARE_ADDR_EQUAL(&nbr->addr, src) ? nbr :
	    NULL);
}

int
ospf_guard_check(struct ospf_if *ifp, const struct ospf_header *h,
    const struct in6_addr *src, const void *buf, size_t len,
    struct ospf_auth_mark *mark)
{
	struct ospf_nbr		*nbr = nbr_from(ifp, h, src);
	struct ospf_ring	 ring = ring_now(ifp);
	enum ospf_auth_verdict	 v;

	v = ospf_auth_verify(&ring, buf, len, src,
	    nbr == NULL ? NULL : &nbr->seen, mark);
	ifp->verdicts[v]++;
	if (v == OSPF_AUTH_OK)
		return (0);
	if (v >= OSPF_AUTH_KEY)
		ospf_reject(ifp, src, h->router, "auth key %u: %s", mark->id,
		    ospf_auth_verdict_name(v));
	else
		ospf_reject(ifp, src, h->router, "%s",
		    ospf_auth_verdict_name(v));
	return (-1);
}

void
ospf_guard_note(struct ospf_if *ifp, const struct ospf_header *h,
    const struct in6_addr *src, const struct ospf_auth_mark *mark)
{
	struct ospf_nbr	*nbr;

	if ((nbr = nbr_from(ifp, h, src)) != NULL)
		ospf_auth_note(&nbr->seen, mark);
}
