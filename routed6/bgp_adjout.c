/*
 * What one peer is told: see bgp_adjout.h.  Engine of the bgp process; no
 * I/O.  RFC 4271 4.3, 5 and 9.2 (UPDATEs we originate), RFC 1997 and 8092
 * (communities), 2545 and 8950 (next hops), 4760 (multiprotocol), 6793
 * (2-octet peers), 7606 5.1 (one kind of prefixes per UPDATE, MP first).
 */
#include <string.h>

#include "bgp_adjout.h"
#include "bgp_wire.h"
#include "log.h"

#define ORIGIN_IGP	0
#define LOCAL_PREF	100
#define NLRI_MAX	(1 + 16)	/* length and an IPv6 prefix */

/* What attributes after the prefixes of an MP_REACH_NLRI can measure. */
#define ATTRS_MAX	(64 + 16 * LIMIT_BGP_COMMUNITIES)

const char *
bgp_why_words(enum bgp_why why)
{
	switch (why) {
	case BGP_WHY_OK:
		return ("announced");
	case BGP_WHY_FAMILY:
		return ("the peer does not take this address family");
	case BGP_WHY_NEXTHOP:
		return ("no next hop of a family the peer can use");
	}
	return ("?");
}

/* The next hop that configuration or the connection gives for a family. */
static const struct ipaddr *
nexthop_choose(const struct bgp_session *s, const struct bgp_announce *a)
{
	const struct ipaddr	*conf;

	conf = a->prefix.af == 4 ? &s->nexthop4 : &s->nexthop6;
	if (a->nexthop.af != 0)
		return (&a->nexthop);
	return (conf->af != 0 ? conf : &s->local);
}

enum bgp_why
bgp_adjout_why(const struct bgp_session *s, const struct bgp_announce *a,
    struct ipaddr *nexthop)
{
	*nexthop = *nexthop_choose(s, a);
	if (!(a->prefix.af == 4 ? s->ip4 : s->ip6))
		return (BGP_WHY_FAMILY);
	if (nexthop->af == a->prefix.af)
		return (BGP_WHY_OK);
	if (a->prefix.af == 4 && nexthop->af == 6 && s->extnh)
		return (BGP_WHY_OK);
	return (BGP_WHY_NEXTHOP);
}

void
bgp_adjout_init(struct bgp_adjout *adj)
{
	memset(adj, 0, sizeof(*adj));
}

/* Same prefix aside: would the two go into one UPDATE? */
static int
attrs_equal(const struct bgp_announce *a, const struct bgp_announce *b)
{
	return (a->prefix.af == b->prefix.af &&
	    ipaddr_equal(&a->nexthop, &b->nexthop) &&
	    a->has_med == b->has_med && (!a->has_med || a->med == b->med) &&
	    a->ncomm == b->ncomm && a->nlarge == b->nlarge &&
	    memcmp(a->comm, b->comm, a->ncomm * sizeof(a->comm[0])) == 0 &&
	    memcmp(a->large, b->large, a->nlarge * sizeof(a->large[0])) == 0);
}

static int
announce_valid(const struct bgp_announce *a)
{
	return (a->ncomm <= LIMIT_BGP_COMMUNITIES &&
	    a->nlarge <= LIMIT_BGP_COMMUNITIES &&
	    ((a->prefix.af == 4 && a->prefix.len <= 32) ||
	    (a->prefix.af == 6 && a->prefix.len <= 128)));
}

static struct bgp_route *
route_find(struct bgp_adjout *adj, const struct prefix *p)
{
	size_t	 i;

	for (i = 0; i < BGP_NROUTES; i++)
		if (adj->r[i].used && prefix_equal(&adj->r[i].a.prefix, p))
			return (&adj->r[i]);
	return (NULL);
}

/* Take an unused place; there always is one, see BGP_NROUTES. */
static struct bgp_route *
route_new(struct bgp_adjout *adj)
{
	size_t	 i;

	for (i = 0; i < BGP_NROUTES; i++)
		if (!adj->r[i].used) {
			memset(&adj->r[i], 0, sizeof(adj->r[i]));
			adj->r[i].used = 1;
			return (&adj->r[i]);
		}
	fatalx("bgp_adjout: no room for a prefix");
}

static void
route_want(struct bgp_adjout *adj, const struct bgp_announce *a)
{
	struct bgp_route	*r;

	if ((r = route_find(adj, &a->prefix)) == NULL)
		r = route_new(adj);
	else if (!attrs_equal(&r->a, a))
		r->stale = r->told;
	r->a = *a;
	r->wanted = 1;
}

/* Let go of what is neither wanted nor told. */
static void
routes_sweep(struct bgp_adjout *adj)
{
	size_t	 i;

	for (i = 0; i < BGP_NROUTES; i++)
		if (!adj->r[i].wanted && !adj->r[i].told)
			adj->r[i].used = 0;
}

/* Is r a member of the set? */
static int
set_has(const struct bgp_announce *set, size_t n, const struct bgp_route *r)
{
	size_t	 i;

	for (i = 0; i < n; i++)
		if (prefix_equal(&set[i].prefix, &r->a.prefix))
			return (1);
	return (0);
}

int
bgp_adjout_set(struct bgp_adjout *adj, const struct bgp_announce *set,
    size_t n)
{
	size_t	 i;

	if (n > LIMIT_BGP_ANNOUNCE)
		return (-1);
	for (i = 0; i < n; i++)
		if (!announce_valid(&set[i]))
			return (-1);
	for (i = 0; i < BGP_NROUTES; i++)
		if (!set_has(set, n, &adj->r[i]))
			adj->r[i].wanted = 0;
	routes_sweep(adj);
	for (i = 0; i < n; i++)
		route_want(adj, &set[i]);
	return (0);
}

void
bgp_adjout_up(struct bgp_adjout *adj, const struct bgp_session *s)
{
	bgp_adjout_down(adj);
	adj->s = *s;
	adj->up = 1;
}

void
bgp_adjout_down(struct bgp_adjout *adj)
{
	size_t	 i;

	adj->up = 0;
	adj->leaving = 0;
	for (i = 0; i < BGP_NROUTES; i++) {
		adj->r[i].told = 0;
		adj->r[i].stale = 0;
	}
	routes_sweep(adj);
}

void
bgp_adjout_leave(struct bgp_adjout *adj)
{
	adj->leaving = 1;
}

void
bgp_adjout_again(struct bgp_adjout *adj, uint8_t af)
{
	size_t	 i;

	for (i = 0; i < BGP_NROUTES; i++)
		if (af == 0 || adj->r[i].a.prefix.af == af)
			adj->r[i].stale = adj->r[i].told;
}

void
bgp_adjout_session(struct bgp_adjout *adj, const struct bgp_session *s)
{
	adj->s = *s;
	bgp_adjout_again(adj, 0);
}

uint32_t
bgp_adjout_wanted(const struct bgp_adjout *adj)
{
	uint32_t	 n = 0;
	size_t		 i;

	for (i = 0; i < BGP_NROUTES; i++)
		n += adj->r[i].wanted;
	return (n);
}

uint32_t
bgp_adjout_told(const struct bgp_adjout *adj)
{
	uint32_t	 n = 0;
	size_t		 i;

	for (i = 0; i < BGP_NROUTES; i++)
		n += adj->r[i].told;
	return (n);
}

/*
 * Is r to be withdrawn?  Also when it is wanted but can no longer be
 * announced, as after its next hop changed.
 */
static int
route_goes(const struct bgp_adjout *adj, const struct bgp_route *r)
{
	struct ipaddr	 nexthop;

	if (!r->told)
		return (0);
	return (!r->wanted || adj->leaving ||
	    bgp_adjout_why(&adj->s, &r->a, &nexthop) != BGP_WHY_OK);
}

static void
nlri_build(struct wr *w, const struct prefix *p)
{
	wr_u8(w, p->len);
	wr_bytes(w, p->b, (p->len + 7u) / 8);
}

/* All withdrawals of one family that fit. */
static void
withdrawals_build(struct bgp_adjout *adj, struct wr *w, uint8_t af)
{
	struct bgp_route	*r;
	size_t			 i;

	for (i = 0; i < BGP_NROUTES; i++) {
		r = &adj->r[i];
		if (r->a.prefix.af != af || !route_goes(adj, r) ||
		    w->cap - w->len < NLRI_MAX + 2)
			continue;
		nlri_build(w, &r->a.prefix);
		r->told = 0;
		r->stale = 0;
	}
}

/* IPv4 in the classic field, which every speaker reads; IPv6 by RFC 4760. */
static void
withdraw_build(struct bgp_adjout *adj, struct wr *w, uint8_t af)
{
	size_t	 at, body, attr;

	at = bgp_msg_begin(w, BGP_UPDATE);
	body = w->len;
	wr_u16(w, 0);
	if (af == 4) {
		withdrawals_build(adj, w, af);
		wr_patch16(w, body, w->len - body - 2);
		wr_u16(w, 0);
	} else {
		wr_u16(w, 0);
		wr_u8(w, BGP_AF_OPTIONAL | BGP_AF_EXTENDED);
		wr_u8(w, BGP_A_MP_UNREACH);
		attr = w->len;
		wr_u16(w, 0);
		wr_u16(w, BGP_AFI_IP6);
		wr_u8(w, BGP_SAFI_UNICAST);
		withdrawals_build(adj, w, af);
		wr_patch16(w, attr, w->len - attr - 2);
		wr_patch16(w, body + 2, w->len - body - 4);
	}
	bgp_msg_end(w, at);
}

int
bgp_adjout_withdraw(struct bgp_adjout *adj, struct wr *w)
{
	size_t	 i;

	if (!adj->up)
		return (0);
	for (i = 0; i < BGP_NROUTES; i++)
		if (route_goes(adj, &adj->r[i])) {
			withdraw_build(adj, w, adj->r[i].a.prefix.af);
			routes_sweep(adj);
			return (1);
		}
	return (0);
}

static void
attr_begin(struct wr *w, uint8_t flags, uint8_t type, size_t len)
{
	wr_u8(w, flags);
	wr_u8(w, type);
	wr_u8(w, (uint8_t)len);
}

/* One sequence with our AS, or what RFC 6793 4.2.2 puts in its place. */
static void
path_build(struct wr *w, uint8_t flags, uint8_t type, uint32_t as, size_t size)
{
	attr_begin(w, flags, type, 2 + size);
	wr_u8(w, BGP_SEQUENCE);
	wr_u8(w, 1);
	if (size == 4)
		wr_u32(w, as);
	else
		wr_u16(w, as > 0xffff ? BGP_AS_TRANS : (uint16_t)as);
}

static void
as_path_build(struct wr *w, const struct bgp_session *s)
{
	if (s->ibgp)
		attr_begin(w, BGP_AF_TRANSITIVE, BGP_A_AS_PATH, 0);
	else
		path_build(w, BGP_AF_TRANSITIVE, BGP_A_AS_PATH, s->local_as,
		    s->as4 ? 4 : 2);
}

/* RFC 2545 3: a link-local session adds that address to a global one. */
static void
nexthop_build(struct wr *w, const struct bgp_session *s,
    const struct ipaddr *nh)
{
	static const struct prefix	 linklocal = {
		.af = 6, .len = 10, .b = { 0xfe, 0x80 }
	};
	int				 both;

	both = nh->af == 6 && prefix_covers(&linklocal, s->local.af,
	    s->local.b) && !prefix_covers(&linklocal, 6, nh->b);
	wr_u8(w, (uint8_t)(ipaddr_size(nh->af) * (both ? 2 : 1)));
	wr_bytes(w, nh->b, ipaddr_size(nh->af));
	if (both)
		wr_bytes(w, s->local.b, 16);
}

static void
communities_build(struct wr *w, const struct bgp_announce *a)
{
	uint8_t	 i;

	if (a->ncomm > 0)
		attr_begin(w, BGP_AF_OPTIONAL | BGP_AF_TRANSITIVE,
		    BGP_A_COMMUNITIES, 4u * a->ncomm);
	for (i = 0; i < a->ncomm; i++)
		wr_u32(w, a->comm[i]);
}

static void
large_build(struct wr *w, const struct bgp_announce *a)
{
	uint8_t	 i;

	if (a->nlarge > 0)
		attr_begin(w, BGP_AF_OPTIONAL | BGP_AF_TRANSITIVE,
		    BGP_A_LARGE, 12u * a->nlarge);
	for (i = 0; i < a->nlarge; i++) {
		wr_u32(w, a->large[i].global);
		wr_u32(w, a->large[i].local1);
		wr_u32(w, a->large[i].local2);
	}
}

/* Everything but the prefixes, in the order of types; nh: classic only. */
static void
attrs_build(struct wr *w, const struct bgp_session *s,
    const struct bgp_announce *a, const struct ipaddr *nh)
{
	attr_begin(w, BGP_AF_TRANSITIVE, BGP_A_ORIGIN, 1);
	wr_u8(w, ORIGIN_IGP);
	as_path_build(w, s);
	if (nh != NULL) {
		attr_begin(w, BGP_AF_TRANSITIVE, BGP_A_NEXT_HOP, 4);
		wr_bytes(w, nh->b, 4);
	}
	if (a->has_med) {
		attr_begin(w, BGP_AF_OPTIONAL, BGP_A_MED, 4);
		wr_u32(w, a->med);
	}
	if (s->ibgp) {
		attr_begin(w, BGP_AF_TRANSITIVE, BGP_A_LOCAL_PREF, 4);
		wr_u32(w, LOCAL_PREF);
	}
	communities_build(w, a);
	if (!s->ibgp && !s->as4 && s->local_as > 0xffff)
		path_build(w, BGP_AF_OPTIONAL | BGP_AF_TRANSITIVE,
		    BGP_A_AS4_PATH, s->local_as, 4);
	large_build(w, a);
}

static int
route_comes(const struct bgp_adjout *adj, const struct bgp_route *r)
{
	struct ipaddr	 nexthop;

	return (r->used && r->wanted && (!r->told || r->stale) &&
	    bgp_adjout_why(&adj->s, &r->a, &nexthop) == BGP_WHY_OK);
}

/* The prefixes that share first's attributes, as far as they fit. */
static void
group_build(struct bgp_adjout *adj, struct wr *w,
    const struct bgp_announce *first)
{
	struct bgp_route	*r;
	size_t			 i;

	for (i = 0; i < BGP_NROUTES; i++) {
		r = &adj->r[i];
		if (!route_comes(adj, r) || !attrs_equal(&r->a, first) ||
		    w->cap - w->len < NLRI_MAX + ATTRS_MAX)
			continue;
		nlri_build(w, &r->a.prefix);
		r->told = 1;
		r->stale = 0;
	}
}

static void
mp_reach_build(struct bgp_adjout *adj, struct wr *w,
    const struct bgp_announce *a, const struct ipaddr *nh)
{
	size_t	 attr;

	wr_u8(w, BGP_AF_OPTIONAL | BGP_AF_EXTENDED);
	wr_u8(w, BGP_A_MP_REACH);
	attr = w->len;
	wr_u16(w, 0);
	wr_u16(w, a->prefix.af == 4 ? BGP_AFI_IP : BGP_AFI_IP6);
	wr_u8(w, BGP_SAFI_UNICAST);
	nexthop_build(w, &adj->s, nh);
	wr_u8(w, 0);
	group_build(adj, w, a);
	wr_patch16(w, attr, w->len - attr - 2);
}

/* One UPDATE with first and all that can go with it. */
static void
announce_build(struct bgp_adjout *adj, struct wr *w,
    const struct bgp_announce *first)
{
	struct ipaddr	 nh;
	size_t		 at, attrs;
	int		 classic;

	bgp_adjout_why(&adj->s, first, &nh);
	classic = nh.af == 4;
	at = bgp_msg_begin(w, BGP_UPDATE);
	wr_u16(w, 0);
	attrs = w->len;
	wr_u16(w, 0);
	if (!classic)
		mp_reach_build(adj, w, first, &nh);
	attrs_build(w, &adj->s, first, classic ? &nh : NULL);
	wr_patch16(w, attrs, w->len - attrs - 2);
	if (classic)
		group_build(adj, w, first);
	bgp_msg_end(w, at);
	if (wr_end(w) == -1)
		fatalx("bgp_adjout: an UPDATE did not fit");
}

int
bgp_adjout_announce(struct bgp_adjout *adj, struct wr *w)
{
	size_t	 i;

	if (!adj->up || adj->leaving)
		return (0);
	for (i = 0; i < BGP_NROUTES; i++)
		if (route_goes(adj, &adj->r[i]))
			return (0);
	for (i = 0; i < BGP_NROUTES; i++)
		if (route_comes(adj, &adj->r[i])) {
			announce_build(adj, w, &adj->r[i].a);
			return (1);
		}
	return (0);
}
