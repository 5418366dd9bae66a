/*
 * The exchange of Database Descriptions, RFC 2328 10.6 and 10.8.  Engine of
 * the ospf process.  What we have is not copied to be described: a cursor
 * walks the databases, and what comes behind it meanwhile is flooded to the
 * neighbor like everything else.
 */
#include <stdlib.h>
#include <string.h>

#include "ospf_state.h"

#define INITIAL	(OSPF_DD_I | OSPF_DD_M | OSPF_DD_MS)
#define SCOPES	3

/* --- the cursor -------------------------------------------------------- */

static const struct ospf_db *
cursor_db(const struct ospf_nbr *nbr)
{
	const struct ospf_if	*ifp = nbr->ifp;

	switch (nbr->cursor.scope) {
	case 0:
		return (&ifp->db);
	case 1:
		return (&ifp->area->db);
	case 2:
		return (ifp->area->conf.flags & OSPF_F_NSSA ? NULL :
		    &ifp->o->db);
	default:
		return (NULL);
	}
}

/* The next LSA to describe; NULL at the end. */
static struct ospf_lsa *
cursor_peek(struct ospf_nbr *nbr)
{
	struct ospf_cursor	*c = &nbr->cursor;
	const struct ospf_db	*db;
	struct ospf_lsa		*l = NULL;

	while (c->scope < SCOPES) {
		if ((db = cursor_db(nbr)) != NULL)
			l = ospf_db_after(db, c->begun ? &c->key : NULL);
		if (l != NULL)
			return (l);
		c->scope++;
		c->begun = 0;
	}
	return (NULL);
}

static void
cursor_pass(struct ospf_nbr *nbr, const struct ospf_lsa *l)
{
	nbr->cursor.key = l->h.key;
	nbr->cursor.begun = 1;
}

/*
 * As many headers as there is room for.  What has reached MaxAge is not
 * described but sent (10.3, NegotiationDone).
 */
static void
cursor_write(struct ospf_nbr *nbr, struct wr *w, size_t room)
{
	struct ospf_lsa_header	 h;
	struct ospf_lsa		*l;

	while (w->len + OSPF_LSA_LEN <= room &&
	    (l = cursor_peek(nbr)) != NULL) {
		cursor_pass(nbr, l);
		if (l->old) {
			(void)ospf_unacked_add(nbr, l);
			continue;
		}
		ospf_lsa_now(l, nbr->ifp->o->now, &h);
		ospf_lsa_header_build(w, &h);
	}
}

/* --- out --------------------------------------------------------------- */

/* Send what was sent last, again. */
static void
dd_repeat(struct ospf_nbr *nbr)
{
	struct wr	 w;

	if (nbr->dd_packet == NULL)
		return;
	ospf_packet_begin(nbr->ifp, &w, OSPF_DD);
	wr_bytes(&w, nbr->dd_packet, nbr->dd_len);
	ospf_packet_send(nbr->ifp, &w, OSPF_DD, &nbr->addr);
}

/* Keep the body, to be able to repeat it. */
static void
dd_keep(struct ospf_nbr *nbr, const struct wr *w)
{
	free(nbr->dd_packet);
	nbr->dd_len = w->len - OSPF_HEADER_LEN;
	if ((nbr->dd_packet = malloc(nbr->dd_len)) != NULL)
		memcpy(nbr->dd_packet, w->buf + OSPF_HEADER_LEN, nbr->dd_len);
}

static void
dd_send(struct ospf_nbr *nbr, uint8_t flags)
{
	struct ospf_if	*ifp = nbr->ifp;
	struct ospf_dd	 dd;
	struct wr	 w;
	size_t		 at;

	dd.options = ospf_guard_options(ifp);
	dd.mtu = ifp->mtu;
	dd.flags = flags;
	dd.seq = nbr->dd_seq;
	ospf_packet_begin(ifp, &w, OSPF_DD);
	at = w.len + 7;
	ospf_dd_build(&w, &dd);
	if (!(flags & OSPF_DD_I)) {
		cursor_write(nbr, &w, ospf_packet_room(ifp));
		if (cursor_peek(nbr) != NULL)
			flags |= OSPF_DD_M;
		wr_patch8(&w, at, flags);
	}
	nbr->dd_more = flags & OSPF_DD_M;
	dd_keep(nbr, &w);
	ospf_packet_send(ifp, &w, OSPF_DD, &nbr->addr);
}

/* The next piece; the master repeats it until it is answered. */
static void
dd_next(struct ospf_nbr *nbr)
{
	dd_send(nbr, nbr->master ? OSPF_DD_MS : 0);
	nbr->dd_due = ospf_never;
	if (nbr->master)
		nbr->dd_due = mono_add(nbr->ifp->o->now,
		    MONO_S(nbr->ifp->conf.retransmit));
}

void
ospf_dd_begin(struct ospf_nbr *nbr)
{
	struct ospf	*o = nbr->ifp->o;

	if (nbr->dd_seq == 0)
		nbr->dd_seq = o->ops->random(o->arg);
	nbr->dd_seq++;
	nbr->master = 1;
	nbr->dd_last_valid = 0;
	dd_send(nbr, INITIAL);
	nbr->dd_due = mono_add(o->now, MONO_S(nbr->ifp->conf.retransmit));
}

void
ospf_dd_exchange(struct ospf_nbr *nbr)
{
	memset(&nbr->cursor, 0, sizeof(nbr->cursor));
}

void
ospf_dd_tick(struct ospf_nbr *nbr)
{
	struct ospf_if	*ifp = nbr->ifp;

	if (nbr->state == OSPF_NBR_EXSTART && nbr->mtu != 0 &&
	    nbr->mtu != ifp->mtu && (nbr->mtu < ifp->mtu ||
	    (ifp->conf.flags & OSPF_F_MTU_IGNORE)))
		ospf_nbr_why(nbr, "its MTU is %u, ours is %u: it does not "
		    "answer", nbr->mtu, ifp->mtu);
	dd_repeat(nbr);
	nbr->dd_due = mono_add(ifp->o->now, MONO_S(ifp->conf.retransmit));
}

/* --- in ---------------------------------------------------------------- */

/* Ask for what it has and we lack; what may not be here is passed over. */
static void
dd_headers(struct ospf_nbr *nbr, struct rd *r)
{
	struct ospf_lsa_header	 h, ours;
	const struct ospf_db	*db;
	struct ospf_lsa		*l;

	while (r->left > 0) {
		if (ospf_lsa_header_parse(r, &h) == -1)
			return;
		if ((db = ospf_scope_db(nbr->ifp, h.key.type)) == NULL)
			continue;
		if ((l = ospf_db_find(db, &h.key)) != NULL) {
			ospf_lsa_now(l, nbr->ifp->o->now, &ours);
			if (ospf_lsa_compare(&h, &ours) <= 0)
				continue;
		}
		ospf_requests_add(nbr, &h, l);
	}
	ospf_requests_send(nbr);
}

/* The next in sequence, RFC 2328 10.8. */
static void
dd_accept(struct ospf_nbr *nbr, const struct ospf_dd *dd, struct rd *r)
{
	int	 more;

	nbr->dd_last = *dd;
	nbr->dd_last_valid = 1;
	dd_headers(nbr, r);
	more = nbr->dd_more;
	if (nbr->master)
		nbr->dd_seq++;
	else
		nbr->dd_seq = dd->seq;
	if (!nbr->master || more || (dd->flags & OSPF_DD_M))
		dd_next(nbr);
	if (!nbr->master)
		more = nbr->dd_more;
	if (!more && !(dd->flags & OSPF_DD_M)) {
		nbr->dd_due = ospf_never;
		ospf_nbr_event(nbr, OSPF_NBR_EV_EXCHANGED);
	}
}

/* ExStart: who is master?  The one with the higher router id. */
static void
dd_negotiate(struct ospf_nbr *nbr, const struct ospf_dd *dd, struct rd *r)
{
	uint32_t	 us = nbr->ifp->o->conf.router_id;

	if ((dd->flags & INITIAL) == INITIAL && r->left == 0 && nbr->id > us)
		nbr->master = 0;
	else if (!(dd->flags & (OSPF_DD_I | OSPF_DD_MS)) &&
	    dd->seq == nbr->dd_seq && nbr->id < us)
		nbr->master = 1;
	else
		return;
	ospf_nbr_event(nbr, OSPF_NBR_EV_NEGOTIATED);
	dd_accept(nbr, dd, r);
}

static int
dd_duplicate(const struct ospf_nbr *nbr, const struct ospf_dd *dd)
{
	const struct ospf_dd	*last = &nbr->dd_last;

	return (nbr->dd_last_valid && dd->seq == last->seq &&
	    dd->flags == last->flags && dd->options == last->options);
}

static void
dd_mismatch(struct ospf_nbr *nbr, const char *why)
{
	ospf_nbr_why(nbr, "%s", why);
	ospf_nbr_event(nbr, OSPF_NBR_EV_MISMATCH);
}

/* Exchange and later: in sequence, a repetition, or all wrong. */
static void
dd_continue(struct ospf_nbr *nbr, const struct ospf_dd *dd, struct rd *r)
{
	uint32_t	 next = nbr->master ? nbr->dd_seq : nbr->dd_seq + 1;

	if (dd_duplicate(nbr, dd)) {
		if (!nbr->master)
			dd_repeat(nbr);
	} else if (dd->flags & OSPF_DD_I)
		dd_mismatch(nbr, "it began the exchange anew");
	else if ((dd->flags & OSPF_DD_MS ? 1 : 0) == nbr->master)
		dd_mismatch(nbr, "both or neither lead the exchange");
	else if (dd->options != nbr->dd_last.options)
		dd_mismatch(nbr, "its options changed in the exchange");
	else if (nbr->state != OSPF_NBR_EXCHANGE || dd->seq != next)
		dd_mismatch(nbr, "database description out of sequence");
	else
		dd_accept(nbr, dd, r);
}

static int
mtu_check(struct ospf_nbr *nbr, const struct ospf_dd *dd)
{
	nbr->mtu = dd->mtu;
	if (nbr->mtu <= nbr->ifp->mtu ||
	    (nbr->ifp->conf.flags & OSPF_F_MTU_IGNORE))
		return (0);
	ospf_nbr_why(nbr, "its MTU %u is larger than ours, %u", nbr->mtu,
	    nbr->ifp->mtu);
	return (-1);
}

void
ospf_dd_recv(struct ospf_nbr *nbr, struct rd *r)
{
	struct ospf_dd	 dd;

	if (ospf_dd_parse(r, &dd) == -1) {
		nbr->ifp->bad++;
		return;
	}
	/* It hears us, so it counts in the election (RFC 2328 9.2, 10.6). */
	if (nbr->state == OSPF_NBR_INIT) {
		ospf_nbr_event(nbr, OSPF_NBR_EV_2WAY);
		ospf_if_event(nbr->ifp, OSPF_IF_EV_NEIGHBOR);
	}
	if (nbr->state < OSPF_NBR_EXSTART || mtu_check(nbr, &dd) == -1)
		return;
	if (nbr->state == OSPF_NBR_EXSTART)
		dd_negotiate(nbr, &dd, r);
	else
		dd_continue(nbr, &dd, r);
}
