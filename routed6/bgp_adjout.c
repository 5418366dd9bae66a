/*
 * What one peer is told: see bgp_adjout.h.  Engine of the bgp process; no
 * I/O.  RFC 4271 4.3 and 9.2 (UPDATEs we originate), RFC 4760 (multiprotocol),
 * 8950 (IPv6 next hops), 7606 5.1 (one kind of prefixes per UPDATE, MP first).
 */
#include <string.h>

#include "bgp_adjout.h"
#include "bgp_attrs.h"
#include "bgp_wire.h"
#include "log.h"

#define NLRI_MAX	(1 + 16)	/* length and an IPv6 prefix */

const char *
bgp_why_words(enum bgp_why why)
{
	switch (why) {
	case BGP_WHY_OK:
		return ("announced");
	case BGP_WHY_SESSION:
		return ("there is no session");
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
	adj->up = adj->leaving = 0;
	adj->top = 0;
}

static int
said_equal(const struct bgp_attrs *a, const struct bgp_attrs *b)
{
	return (a->has == b->has && a->med == b->med && a->pref == b->pref &&
	    a->prepend == b->prepend &&
	    a->ncomm == b->ncomm && a->next == b->next &&
	    a->nlarge == b->nlarge &&
	    memcmp(a->ext, b->ext, a->next * sizeof(a->ext[0])) == 0 &&
	    memcmp(a->comm, b->comm, a->ncomm * sizeof(a->comm[0])) == 0 &&
	    memcmp(a->large, b->large, a->nlarge * sizeof(a->large[0])) == 0);
}

/* Same prefix aside: would the two go into one UPDATE? */
static int
attrs_equal(const struct bgp_announce *a, const struct bgp_announce *b)
{
	return (a->prefix.af == b->prefix.af && a->leaving == b->leaving &&
	    ipaddr_equal(&a->nexthop, &b->nexthop) &&
	    said_equal(&a->attrs, &b->attrs));
}

static int
announce_valid(const struct bgp_announce *a)
{
	return (a->attrs.ncomm <= LIMIT_BGP_COMMUNITIES &&
	    a->attrs.next <= LIMIT_BGP_COMMUNITIES &&
	    a->attrs.nlarge <= LIMIT_BGP_COMMUNITIES &&
	    a->attrs.prepend <= LIMIT_BGP_PREPEND &&
	    ((a->prefix.af == 4 && a->prefix.len <= 32) ||
	    (a->prefix.af == 6 && a->prefix.len <= 128)));
}

static struct bgp_route *
route_find(struct bgp_adjout *adj, const struct prefix *p)
{
	size_t	 i;

	for (i = 0; i < adj->top; i++)
		if (adj->r[i].used && prefix_equal(&adj->r[i].a.prefix, p))
			return (&adj->r[i]);
	return (NULL);
}

/* Take an unused place; there always is one, see BGP_NROUTES. */
static struct bgp_route *
route_new(struct bgp_adjout *adj)
{
	size_t	 i;

	for (i = 0; i < adj->top; i++)
		if (!adj->r[i].used)
			break;
	if (i == BGP_NROUTES)
		fatalx("bgp_adjout: no room for a prefix");
	if (i == adj->top)
		adj->top++;
	memset(&adj->r[i], 0, sizeof(adj->r[i]));
	adj->r[i].used = 1;
	return (&adj->r[i]);
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

	for (i = 0; i < adj->top; i++)
		if (!adj->r[i].wanted && !adj->r[i].told)
			adj->r[i].used = 0;
	while (adj->top > 0 && !adj->r[adj->top - 1].used)
		adj->top--;
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
	for (i = 0; i < adj->top; i++)
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
	for (i = 0; i < adj->top; i++) {
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

	for (i = 0; i < adj->top; i++)
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

	for (i = 0; i < adj->top; i++)
		n += adj->r[i].wanted;
	return (n);
}

uint32_t
bgp_adjout_told(const struct bgp_adjout *adj)
{
	uint32_t	 n = 0;
	size_t		 i;

	for (i = 0; i < adj->top; i++)
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

	for (i = 0; i < adj->top; i++) {
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
	for (i = 0; i < adj->top; i++)
		if (route_goes(adj, &adj->r[i])) {
			withdraw_build(adj, w, adj->r[i].a.prefix.af);
			routes_sweep(adj);
			return (1);
		}
	return (0);
}

static int
route_comes(const struct bgp_adjout *adj, const struct bgp_route *r)
{
	struct ipaddr	 nexthop;

	return (r->used && r->wanted && (!r->told || r->stale) &&
	    bgp_adjout_why(&adj->s, &r->a, &nexthop) == BGP_WHY_OK);
}

int
bgp_adjout_pending(const struct bgp_adjout *adj, uint8_t af)
{
	size_t	 i;

	for (i = 0; adj->up && !adj->leaving && i < adj->top; i++)
		if (adj->r[i].a.prefix.af == af && route_comes(adj,
		    &adj->r[i]))
			return (1);
	return (0);
}

/* The prefixes that share first's attributes, as far as they fit. */
static void
group_build(struct bgp_adjout *adj, struct wr *w,
    const struct bgp_announce *first)
{
	struct bgp_route	*r;
	size_t			 i;

	for (i = 0; i < adj->top; i++) {
		r = &adj->r[i];
		if (!route_comes(adj, r) || !attrs_equal(&r->a, first) ||
		    w->cap - w->len < NLRI_MAX + BGP_ATTRS_MAX)
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
	bgp_nexthop_build(w, &adj->s, nh);
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
	bgp_attrs_build(w, &adj->s, first, classic ? &nh : NULL);
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
	for (i = 0; i < adj->top; i++)
		if (route_goes(adj, &adj->r[i]))
			return (0);
	for (i = 0; i < adj->top; i++)
		if (route_comes(adj, &adj->r[i])) {
			announce_build(adj, w, &adj->r[i].a);
			return (1);
		}
	return (0);
}
