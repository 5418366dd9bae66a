/*
 * What our own LSAs say (RFC 5340 4.4.3): that we are a router with these
 * links and an AS boundary router, which prefixes our links have, and what is
 * announced.  Engine of the ospf process.  When an LSA goes out is
 * ospf_orig.c's business.
 */
#include <string.h>

#include "ospf_body.h"
#include "ospf_state.h"

#define MAX_METRIC	0xffff		/* RFC 6987: not for transit */

static void
body_begin(struct ospf *o, struct wr *w)
{
	wr_init(w, o->body, sizeof(o->body));
}

/*
 * RFC 6987: nothing should go through us to other routers, by configuration
 * or because we are about to leave.  The R-bit stays set all the same: without
 * it neighbors may not use our AS-external-LSAs either (RFC 5340 A.2; FRR
 * does not), so that clearing it would withdraw everything.
 *
 * In an NSSA a drain leaves the links alone: FRR (8.4) has no route of any
 * NSSA-LSA for up to a second whenever a router-LSA of the area changes.
 */
static int
is_stub(const struct ospf *o, const struct ospf_area *area)
{
	const struct ospf_slot	*s;

	for (s = o->slots; s < &o->slots[OSPF_SLOTS]; s++)
		if (s->wanted && s->ann.leaving &&
		    !(area->conf.flags & OSPF_F_NSSA))
			return (1);
	return (o->conf.stub_router);
}

uint32_t
ospf_self_options(const struct ospf_area *area)
{
	uint32_t	 opt = OSPF_O_V6 | OSPF_O_R;

	return (opt | (area->conf.flags & OSPF_F_NSSA ? OSPF_O_N : OSPF_O_E));
}

static size_t
full_count(const struct ospf_if *ifp)
{
	const struct ospf_nbr	*nbr;
	size_t			 n = 0;

	TAILQ_FOREACH(nbr, &ifp->nbrs, entry)
		n += ospf_nbr_is_full(nbr);
	return (n);
}

/* The DR as a neighbor, once our databases are the same; else NULL. */
static const struct ospf_nbr *
full_dr(const struct ospf_if *ifp)
{
	const struct ospf_nbr	*nbr;

	TAILQ_FOREACH(nbr, &ifp->nbrs, entry)
		if (ospf_nbr_is_full(nbr) && nbr->id == ifp->dr)
			return (nbr);
	return (NULL);
}

/* True when the link is a transit network for us: then its DR speaks of it. */
static int
is_transit(const struct ospf_if *ifp)
{
	if (!ospf_if_elects(ifp) || ifp->state <= OSPF_IF_WAITING)
		return (0);
	if (ifp->state == OSPF_IF_DR)
		return (full_count(ifp) > 0);
	return (full_dr(ifp) != NULL);
}

/* --- router-LSA, RFC 5340 4.4.3.2 -------------------------------------- */

static void
link_write(struct wr *w, const struct ospf_if *ifp, uint8_t type,
    uint32_t nbr_ifid, uint32_t nbr)
{
	struct ospf_rlink	 l;

	l.type = type;
	l.metric = is_stub(ifp->o, ifp->area) ? MAX_METRIC : ifp->conf.cost;
	l.ifid = ifp->ifindex;
	l.nbr_ifid = nbr_ifid;
	l.nbr = nbr;
	ospf_rlink_build(w, &l);
}

static void
links_write(struct wr *w, const struct ospf_if *ifp)
{
	const struct ospf_nbr	*nbr;

	if (ospf_if_elects(ifp)) {
		if (!is_transit(ifp))
			return;
		nbr = full_dr(ifp);
		link_write(w, ifp, OSPF_RLINK_TRANSIT,
		    nbr == NULL ? ifp->ifindex : nbr->ifid, ifp->dr);
		return;
	}
	TAILQ_FOREACH(nbr, &ifp->nbrs, entry)
		if (ospf_nbr_is_full(nbr))
			link_write(w, ifp, OSPF_RLINK_P2P, nbr->ifid,
			    nbr->id);
}

static void
router_want(struct ospf *o, struct ospf_area *area)
{
	struct ospf_router	 b;
	struct ospf_if		*ifp;
	struct wr		 w;

	b.flags = OSPF_RTR_E;
	b.options = ospf_self_options(area);
	body_begin(o, &w);
	ospf_router_build(&w, &b);
	TAILQ_FOREACH(ifp, &o->ifs, entry)
		if (ifp->area == area && ifp->state > OSPF_IF_LOOPBACK)
			links_write(&w, ifp);
	ospf_orig_want(o, &area->db, OSPF_LSA_ROUTER, 0, &w);
}

/* --- lists of prefixes ------------------------------------------------- */

struct prefixes {
	struct ospf_prefix	 p[LIMIT_OSPF_LINK_PREFIXES];
	size_t			 n;
};

/* Each prefix once, with its lowest metric. */
static void
prefixes_add(struct prefixes *list, const struct ospf_prefix *p)
{
	size_t	 i;

	for (i = 0; i < list->n; i++) {
		if (!prefix_equal(&list->p[i].prefix, &p->prefix))
			continue;
		if (p->metric < list->p[i].metric)
			list->p[i].metric = p->metric;
		return;
	}
	if (list->n < LIMIT_OSPF_LINK_PREFIXES)
		list->p[list->n++] = *p;
}

static void
prefixes_write(struct wr *w, const struct prefixes *list)
{
	size_t	 i;

	for (i = 0; i < list->n; i++)
		ospf_prefix_build(w, &list->p[i]);
}

static void
prefix_make(struct ospf_prefix *p, const struct in6_addr *addr, uint8_t len,
    uint16_t metric)
{
	size_t	 i;

	memset(p, 0, sizeof(*p));
	p->prefix.af = 6;
	p->prefix.len = len;
	memcpy(p->prefix.b, addr, sizeof(p->prefix.b));
	for (i = len; i < 128; i++)
		p->prefix.b[i / 8] &= ~(0x80 >> i % 8);
	p->metric = metric;
}

/* The prefixes that an interface has, or the addresses themselves. */
static void
prefixes_of(struct prefixes *list, const struct ospf_if *ifp, int hosts,
    uint16_t metric)
{
	const struct ospf_addr	*a;
	struct ospf_prefix	 p;
	size_t			 i;

	for (i = 0; i < ifp->naddrs; i++) {
		a = &ifp->addrs[i];
		prefix_make(&p, &a->addr, hosts ? 128 : a->len, metric);
		if (p.prefix.len == 128) {
			p.options = OSPF_PFX_LA;
			p.metric = 0;
		}
		prefixes_add(list, &p);
	}
}

/* --- link-LSA, RFC 5340 4.4.3.8 ---------------------------------------- */

static void
link_want(struct ospf *o, struct ospf_if *ifp)
{
	struct prefixes		 list = { .n = 0 };
	struct ospf_linkbody	 b;
	struct wr		 w;

	prefixes_of(&list, ifp, 0, 0);
	b.priority = ifp->conf.priority;
	b.options = ospf_self_options(ifp->area);
	b.addr = ifp->addr;
	b.nprefixes = list.n;
	body_begin(o, &w);
	ospf_linkbody_build(&w, &b);
	prefixes_write(&w, &list);
	ospf_orig_want(o, &ifp->db, OSPF_LSA_LINK, ifp->ifindex, &w);
}

/* --- network-LSA and its prefixes, as DR, 4.4.3.3 and 4.4.3.9 ---------- */

/* What a neighbor says of the link; -1 when it has not said anything. */
static int
link_of(const struct ospf_nbr *nbr, struct ospf_linkbody *b, struct rd *r)
{
	struct ospf_key	 k = { OSPF_LSA_LINK, nbr->ifid, nbr->id };
	struct ospf_lsa	*l;

	l = ospf_db_find(&nbr->ifp->db, &k);
	if (l == NULL || l->old)
		return (-1);
	rd_init(r, l->data + OSPF_LSA_LEN, l->h.len - OSPF_LSA_LEN);
	return (ospf_linkbody_parse(r, b));
}

static void
network_want(struct ospf *o, struct ospf_if *ifp)
{
	struct ospf_linkbody	 b;
	struct ospf_nbr		*nbr;
	struct wr		 w;
	struct rd		 r;
	uint32_t		 options;

	options = ospf_self_options(ifp->area);
	TAILQ_FOREACH(nbr, &ifp->nbrs, entry)
		if (ospf_nbr_is_full(nbr) && link_of(nbr, &b, &r) == 0)
			options |= b.options;
	body_begin(o, &w);
	wr_u32(&w, options);
	wr_u32(&w, o->conf.router_id);
	TAILQ_FOREACH(nbr, &ifp->nbrs, entry)
		if (ospf_nbr_is_full(nbr))
			wr_u32(&w, nbr->id);
	ospf_orig_want(o, &ifp->area->db, OSPF_LSA_NETWORK, ifp->ifindex, &w);
}

static void
link_prefixes(struct prefixes *list, const struct ospf_nbr *nbr)
{
	struct ospf_linkbody	 b;
	struct ospf_prefix	 p;
	struct rd		 r;
	uint32_t		 i;

	if (!ospf_nbr_is_full(nbr) || link_of(nbr, &b, &r) == -1)
		return;
	for (i = 0; i < b.nprefixes; i++) {
		if (ospf_prefix_parse(&r, &p) == -1)
			return;
		if (p.options & (OSPF_PFX_NU | OSPF_PFX_LA))
			continue;
		p.metric = 0;
		p.options = 0;
		prefixes_add(list, &p);
	}
}

static void
intra_want(struct ospf *o, struct ospf_area *area, const struct ospf_key *ref,
    uint32_t id, const struct prefixes *list)
{
	struct ospf_intra	 b;
	struct wr		 w;

	if (list->n == 0)
		return;
	b.nprefixes = list->n;
	b.ref = *ref;
	body_begin(o, &w);
	ospf_intra_build(&w, &b);
	prefixes_write(&w, list);
	ospf_orig_want(o, &area->db, OSPF_LSA_INTRA_PREFIX, id, &w);
}

static void
network_prefixes_want(struct ospf *o, struct ospf_if *ifp)
{
	struct ospf_key		 ref = { OSPF_LSA_NETWORK, ifp->ifindex,
				    o->conf.router_id };
	struct prefixes		 list = { .n = 0 };
	const struct ospf_nbr	*nbr;

	prefixes_of(&list, ifp, 0, 0);
	TAILQ_FOREACH(nbr, &ifp->nbrs, entry)
		link_prefixes(&list, nbr);
	intra_want(o, ifp->area, &ref, ifp->ifindex, &list);
}

/* --- prefixes of the router itself, 4.4.3.9 ---------------------------- */

/*
 * RFC 3101 2.3: an address of ours in the NSSA, best one that does not
 * depend on a link.  -1 when there is none.
 */
static int
nssa_forward(const struct ospf *o, const struct ospf_area *area,
    struct in6_addr *addr)
{
	const struct ospf_if	*ifp, *best = NULL;

	TAILQ_FOREACH(ifp, &o->ifs, entry)
		if (ifp->area == area && ifp->state > OSPF_IF_DOWN &&
		    ifp->naddrs > 0 && (best == NULL ||
		    ifp->state == OSPF_IF_LOOPBACK))
			best = ifp;
	if (best == NULL)
		return (-1);
	*addr = best->addrs[0].addr;
	return (0);
}

/*
 * The address that NSSA-LSAs name, as that of a host: FRR (8.4) uses the route
 * to it as it is, and that of the link's prefix leads to nobody.
 */
static void
forward_add(struct prefixes *list, const struct ospf *o,
    const struct ospf_area *area)
{
	struct ospf_prefix	 p;
	struct in6_addr		 addr;

	if (!(area->conf.flags & OSPF_F_NSSA) ||
	    nssa_forward(o, area, &addr) == -1)
		return;
	prefix_make(&p, &addr, 128, 0);
	p.options = OSPF_PFX_LA;
	prefixes_add(list, &p);
}

static void
router_prefixes_want(struct ospf *o, struct ospf_area *area)
{
	struct ospf_key		 ref = { OSPF_LSA_ROUTER, 0,
				    o->conf.router_id };
	struct prefixes		 list = { .n = 0 };
	struct ospf_prefix	 p;
	struct ospf_if		*ifp;
	struct in6_addr		 addr;
	uint32_t		 i;

	TAILQ_FOREACH(ifp, &o->ifs, entry)
		if (ifp->area == area && ifp->state > OSPF_IF_DOWN &&
		    !is_transit(ifp))
			prefixes_of(&list, ifp,
			    ifp->conf.type == OSPF_POINT_TO_MULTIPOINT,
			    ifp->conf.cost);
	forward_add(&list, o, area);
	for (i = 0; i < area->conf.nprefixes; i++) {
		memcpy(&addr, area->conf.prefix[i].prefix.b, sizeof(addr));
		prefix_make(&p, &addr, area->conf.prefix[i].prefix.len,
		    area->conf.prefix[i].cost);
		prefixes_add(&list, &p);
	}
	intra_want(o, area, &ref, 0, &list);
}

/* --- what is announced, 4.4.3.6 and 4.4.3.7 ---------------------------- */

/* One that is about to go is the last choice: after all of type 1, and far. */
static void
external_fill(const struct ospf_announce *a, struct ospf_external *b)
{
	memset(b, 0, sizeof(*b));
	b->metric = a->leaving ? OSPF_METRIC_MAX : a->metric;
	b->prefix.prefix = a->prefix;
	if (a->type == 2 || a->leaving)
		b->flags |= OSPF_EXT_E;
	if (a->has_tag) {
		b->flags |= OSPF_EXT_T;
		b->tag = a->tag;
	}
	if (a->forward.af == 6) {
		b->flags |= OSPF_EXT_F;
		memcpy(&b->forward, a->forward.b, sizeof(b->forward));
	}
}

static void
external_want(struct ospf *o, struct ospf_db *db, uint16_t type, uint32_t id,
    const struct ospf_external *b)
{
	struct wr	 w;

	body_begin(o, &w);
	ospf_external_build(&w, b);
	ospf_orig_want(o, db, type, id, &w);
}

/* The P-bit asks for translation: not where we announce it ourselves. */
static void
nssa_want(struct ospf *o, struct ospf_area *area, uint32_t id,
    const struct ospf_external *external, int elsewhere)
{
	struct ospf_external	 b = *external;

	if (!elsewhere && ((b.flags & OSPF_EXT_F) ||
	    nssa_forward(o, area, &b.forward) == 0)) {
		b.flags |= OSPF_EXT_F;
		b.prefix.options |= OSPF_PFX_P;
	}
	external_want(o, &area->db, OSPF_LSA_NSSA, id, &b);
}

static void
slot_want(struct ospf *o, const struct ospf_slot *s, uint32_t id)
{
	struct ospf_external	 b;
	struct ospf_area	*area;
	int			 normal = 0;

	external_fill(&s->ann, &b);
	TAILQ_FOREACH(area, &o->areas, entry)
		normal |= !(area->conf.flags & OSPF_F_NSSA);
	if (normal)
		external_want(o, &o->db, OSPF_LSA_EXTERNAL, id, &b);
	TAILQ_FOREACH(area, &o->areas, entry)
		if (area->conf.flags & OSPF_F_NSSA)
			nssa_want(o, area, id, &b, normal);
}

/* --- all of it --------------------------------------------------------- */

void
ospf_self_want(struct ospf *o)
{
	struct ospf_area	*area;
	struct ospf_if		*ifp;
	uint32_t		 i;

	TAILQ_FOREACH(area, &o->areas, entry) {
		router_want(o, area);
		router_prefixes_want(o, area);
	}
	TAILQ_FOREACH(ifp, &o->ifs, entry) {
		if (ifp->state <= OSPF_IF_LOOPBACK)
			continue;
		link_want(o, ifp);
		if (ifp->state == OSPF_IF_DR && full_count(ifp) > 0) {
			network_want(o, ifp);
			network_prefixes_want(o, ifp);
		}
	}
	for (i = 0; i < OSPF_SLOTS; i++)
		if (o->slots[i].wanted)
			slot_want(o, &o->slots[i], i + 1);
}

static struct ospf_slot *
slot_find(struct ospf *o, const struct prefix *p)
{
	struct ospf_slot	*s;

	for (s = o->slots; s < &o->slots[OSPF_SLOTS]; s++)
		if (prefix_equal(&s->ann.prefix, p))
			return (s);
	return (NULL);
}

/* One that was never used, or has not been for longest. */
static struct ospf_slot *
slot_free(struct ospf *o)
{
	struct ospf_slot	*s, *best = NULL;

	for (s = o->slots; s < &o->slots[OSPF_SLOTS]; s++)
		if (!s->wanted &&
		    (best == NULL || s->left.ns < best->left.ns))
			best = s;
	return (best);
}

static void
slot_take(struct ospf_slot *s, const struct ospf_announce *a)
{
	s->ann = *a;
	s->wanted = 1;
}

/* Those that have a slot take it before others look for one. */
void
ospf_self_set(struct ospf *o, const struct ospf_announce *a, size_t n)
{
	struct ospf_slot	*s;
	size_t			 i;

	for (s = o->slots; s < &o->slots[OSPF_SLOTS]; s++)
		if (s->wanted) {
			s->wanted = 0;
			s->left = o->now;
		}
	for (i = 0; i < n; i++)
		if ((s = slot_find(o, &a[i].prefix)) != NULL)
			slot_take(s, &a[i]);
	for (i = 0; i < n; i++)
		if (slot_find(o, &a[i].prefix) == NULL)
			slot_take(slot_free(o), &a[i]);
	o->dirty = 1;
}
