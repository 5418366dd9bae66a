/*
 * Attributes of the UPDATEs we send: see bgp_attrs.h.  Engine of the bgp
 * process; no I/O.  RFC 4271 5, RFC 1997, 4360 and 8092 (communities), 2545
 * (IPv6 next hops), 6793 (2-octet peers), 8326 (graceful shutdown), 9234
 * (only to customers).
 */
#include <string.h>

#include "bgp_attrs.h"
#include "bgp_wire.h"

#define ORIGIN_IGP		0
#define LOCAL_PREF		100
#define GRACEFUL_SHUTDOWN	0xffff0000	/* RFC 8326 5 */

static void
attr_begin(struct wr *w, uint8_t flags, uint8_t type, size_t len)
{
	wr_u8(w, flags | (len > 255 ? BGP_AF_EXTENDED : 0));
	wr_u8(w, type);
	if (len > 255)
		wr_u16(w, (uint16_t)len);
	else
		wr_u8(w, (uint8_t)len);
}

/*
 * One sequence with n times our AS, or what RFC 6793 4.2.2 puts in its place.
 */
static void
path_build(struct wr *w, uint8_t flags, uint8_t type, uint32_t as,
    size_t size, uint8_t n)
{
	attr_begin(w, flags, type, 2 + n * size);
	wr_u8(w, BGP_SEQUENCE);
	wr_u8(w, n);
	while (n-- > 0) {
		if (size == 4)
			wr_u32(w, as);
		else
			wr_u16(w, as > 0xffff ? BGP_AS_TRANS : (uint16_t)as);
	}
}

static void
as_path_build(struct wr *w, const struct bgp_session *s, uint8_t n)
{
	if (s->ibgp)
		attr_begin(w, BGP_AF_TRANSITIVE, BGP_A_AS_PATH, 0);
	else
		path_build(w, BGP_AF_TRANSITIVE, BGP_A_AS_PATH, s->local_as,
		    s->as4 ? 4 : 2, n);
}

/*
 * RFC 2545 3: a global next hop that is on one link with us and the peer goes
 * with our link-local address; so it is when the session uses that, and when
 * the next hop is our own address of a link we share.
 */
static const struct ipaddr *
nexthop_second(const struct bgp_session *s, const struct ipaddr *nh)
{
	if (nh->af != 6 || ipaddr_is_linklocal(nh))
		return (NULL);
	if (ipaddr_is_linklocal(&s->local))
		return (&s->local);
	if (s->linklocal.af == 6 && ipaddr_equal(nh, &s->local))
		return (&s->linklocal);
	return (NULL);
}

void
bgp_nexthop_build(struct wr *w, const struct bgp_session *s,
    const struct ipaddr *nh)
{
	const struct ipaddr	*second = nexthop_second(s, nh);

	wr_u8(w, (uint8_t)(ipaddr_size(nh->af) * (second != NULL ? 2 : 1)));
	wr_bytes(w, nh->b, ipaddr_size(nh->af));
	if (second != NULL)
		wr_bytes(w, second->b, ipaddr_size(second->af));
}

/* Everything that is said about a prefix to a peer. */
struct said {
	uint32_t		 med;
	uint32_t		 pref;
	uint8_t			 has;		/* BGP_HAS_* */
	uint8_t			 prepend;
	size_t			 ncomm;
	size_t			 next;
	size_t			 nlarge;
	uint64_t		 ext[2 * LIMIT_BGP_COMMUNITIES];
	uint32_t		 comm[2 * LIMIT_BGP_COMMUNITIES + 1];
	struct bgp_large	 large[2 * LIMIT_BGP_COMMUNITIES];
};

static void
said_community(struct said *d, uint32_t comm)
{
	size_t	 i;

	for (i = 0; i < d->ncomm; i++)
		if (d->comm[i] == comm)
			return;
	d->comm[d->ncomm++] = comm;
}

static void
said_ext(struct said *d, uint64_t ext)
{
	size_t	 i;

	for (i = 0; i < d->next; i++)
		if (d->ext[i] == ext)
			return;
	d->ext[d->next++] = ext;
}

static void
said_large(struct said *d, const struct bgp_large *large)
{
	size_t	 i;

	for (i = 0; i < d->nlarge; i++)
		if (memcmp(&d->large[i], large, sizeof(*large)) == 0)
			return;
	d->large[d->nlarge++] = *large;
}

static void
said_add(struct said *d, const struct bgp_attrs *a)
{
	uint8_t	 i, new = a->has & ~d->has;

	if (new & BGP_HAS_MED)
		d->med = a->med;
	if (new & BGP_HAS_PREF)
		d->pref = a->pref;
	if (new & BGP_HAS_PREPEND)
		d->prepend = a->prepend;
	d->has |= new;
	for (i = 0; i < a->ncomm; i++)
		said_community(d, a->comm[i]);
	for (i = 0; i < a->next; i++)
		said_ext(d, a->ext[i]);
	for (i = 0; i < a->nlarge; i++)
		said_large(d, &a->large[i]);
}

/* RFC 8326 4: who is about to leave is the last choice. */
static void
said_fill(struct said *d, const struct bgp_session *s,
    const struct bgp_announce *a)
{
	d->has = d->prepend = 0;
	d->ncomm = d->next = d->nlarge = 0;
	d->pref = LOCAL_PREF;
	said_add(d, &a->attrs);
	said_add(d, &s->attrs);
	if (a->leaving) {
		said_community(d, GRACEFUL_SHUTDOWN);
		d->pref = 0;
	}
}

static void
communities_build(struct wr *w, const struct said *d)
{
	size_t	 i;

	if (d->ncomm > 0)
		attr_begin(w, BGP_AF_OPTIONAL | BGP_AF_TRANSITIVE,
		    BGP_A_COMMUNITIES, 4 * d->ncomm);
	for (i = 0; i < d->ncomm; i++)
		wr_u32(w, d->comm[i]);
}

static void
ext_build(struct wr *w, const struct said *d)
{
	size_t	 i;

	if (d->next > 0)
		attr_begin(w, BGP_AF_OPTIONAL | BGP_AF_TRANSITIVE,
		    BGP_A_EXT_COMMUNITIES, 8 * d->next);
	for (i = 0; i < d->next; i++)
		wr_u64(w, d->ext[i]);
}

static void
large_build(struct wr *w, const struct said *d)
{
	size_t	 i;

	if (d->nlarge > 0)
		attr_begin(w, BGP_AF_OPTIONAL | BGP_AF_TRANSITIVE,
		    BGP_A_LARGE, 12 * d->nlarge);
	for (i = 0; i < d->nlarge; i++) {
		wr_u32(w, d->large[i].global);
		wr_u32(w, d->large[i].local1);
		wr_u32(w, d->large[i].local2);
	}
}

/* RFC 9234 5: who only has customers behind it shall only tell those. */
static void
otc_build(struct wr *w, const struct bgp_session *s)
{
	if (s->ibgp || (s->role != BGP_ROLE_PROVIDER &&
	    s->role != BGP_ROLE_PEER && s->role != BGP_ROLE_RS))
		return;
	attr_begin(w, BGP_AF_OPTIONAL | BGP_AF_TRANSITIVE, BGP_A_OTC, 4);
	wr_u32(w, s->local_as);
}

void
bgp_attrs_build(struct wr *w, const struct bgp_session *s,
    const struct bgp_announce *a, const struct ipaddr *nh)
{
	struct said	 d;
	uint8_t		 n;

	said_fill(&d, s, a);
	n = 1 + d.prepend;
	attr_begin(w, BGP_AF_TRANSITIVE, BGP_A_ORIGIN, 1);
	wr_u8(w, ORIGIN_IGP);
	as_path_build(w, s, n);
	if (nh != NULL) {
		attr_begin(w, BGP_AF_TRANSITIVE, BGP_A_NEXT_HOP, 4);
		wr_bytes(w, nh->b, 4);
	}
	if (d.has & BGP_HAS_MED) {
		attr_begin(w, BGP_AF_OPTIONAL, BGP_A_MED, 4);
		wr_u32(w, d.med);
	}
	if (s->ibgp) {
		attr_begin(w, BGP_AF_TRANSITIVE, BGP_A_LOCAL_PREF, 4);
		wr_u32(w, d.pref);
	}
	communities_build(w, &d);
	ext_build(w, &d);
	if (!s->ibgp && !s->as4 && s->local_as > 0xffff)
		path_build(w, BGP_AF_OPTIONAL | BGP_AF_TRANSITIVE,
		    BGP_A_AS4_PATH, s->local_as, 4, n);
	large_build(w, &d);
	otc_build(w, s);
}
