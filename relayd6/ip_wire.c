/*
 * The bits of IPv4, IPv6 and ICMPv4 headers: see ip_wire.h.  Relay process.
 * Decides nothing and never writes to what it reads.
 */
#include <netinet/in.h>

#include "cksum.h"
#include "ip_wire.h"
#include "bounds.h"

static int
bad(enum drop *why, enum drop reason)
{
	*why = reason;
	return (-1);
}

int
ip4_header_parse(struct rd *r, struct ip4 *h, enum drop *why)
{
	uint8_t	 vhl;
	size_t	 hlen;

	vhl = rd_u8(r);
	h->tos = rd_u8(r);
	h->len = rd_u16(r);
	rd_skip(r, 2);				/* identification */
	h->frag = rd_u16(r) & (IP4_MF | IP4_OFFSET);
	rd_skip(r, 1);				/* time to live */
	h->proto = rd_u8(r);
	rd_skip(r, 2);				/* checksum: the kernel's */
	h->src = rd_u32(r);
	h->dst = rd_u32(r);
	hlen = 4 * (size_t)(vhl & 0x0f);
	if (r->bad)
		return (bad(why, DROP_SHORT));
	if (vhl >> 4 != 4)
		return (bad(why, DROP_VERSION));
	if (hlen < IP4_HDRLEN || h->len < hlen)
		return (bad(why, DROP_LENGTH));
	if (rd_skip(r, hlen - IP4_HDRLEN) == NULL)
		return (bad(why, DROP_SHORT));
	return (0);
}

int
ip4_parse(struct rd *r, struct ip4 *h, enum drop *why)
{
	size_t	 hlen, all = r->left;

	if (ip4_header_parse(r, h, why) == -1)
		return (-1);
	hlen = all - r->left;
	*r = rd_sub(r, h->len - hlen);
	if (r->bad)
		return (bad(why, DROP_SHORT));
	return (0);
}

int
ip6_header_parse(struct rd *r, struct ip6 *h, enum drop *why)
{
	uint32_t	 first;

	first = rd_u32(r);
	h->tclass = first >> 20 & 0xff;
	h->len = IP6_HDRLEN + (size_t)rd_u16(r);
	h->next = rd_u8(r);
	h->hlim = rd_u8(r);
	h->src.hi = rd_u64(r);
	h->src.lo = rd_u64(r);
	h->dst.hi = rd_u64(r);
	h->dst.lo = rd_u64(r);
	if (r->bad)
		return (bad(why, DROP_SHORT));
	if (first >> 28 != 6)
		return (bad(why, DROP_VERSION));
	return (0);
}

int
ip6_parse(const uint8_t *buf, size_t len, struct ip6 *h, enum drop *why)
{
	struct rd	 r;

	rd_init(&r, buf, len);
	if (ip6_header_parse(&r, h, why) == -1)
		return (-1);
	if (h->len > len)
		return (bad(why, DROP_SHORT));
	if (h->len == IP6_HDRLEN && h->next == IPPROTO_HOPOPTS)
		return (bad(why, DROP_LENGTH));
	return (0);
}

/*
 * The length of the extension header of type next that r is at, from its
 * first bytes; 0 when next is no extension header.
 */
static size_t
exthdr_len(uint8_t next, struct rd r)
{
	rd_skip(&r, 1);
	switch (next) {
	case IPPROTO_HOPOPTS:
	case IPPROTO_ROUTING:
	case IPPROTO_DSTOPTS:
	case 135:				/* mobility, RFC 6275 */
	case 139:				/* host identity, RFC 7401 */
	case 140:				/* shim6, RFC 5533 */
		return (8 * ((size_t)rd_u8(&r) + 1));
	case IPPROTO_AH:
		return (4 * ((size_t)rd_u8(&r) + 2));
	case IPPROTO_FRAGMENT:
		return (8);
	default:
		return (0);
	}
}

int
ip6_upper_find(const uint8_t *buf, size_t len, const struct ip6 *h,
    struct ip6_upper *u)
{
	struct rd	 r, ext;
	size_t		 n;
	int		 i;

	rd_init(&r, buf, len);
	rd_skip(&r, IP6_HDRLEN);
	u->proto = h->next;
	for (i = 0; (n = exthdr_len(u->proto, r)) != 0; i++) {
		ext = rd_sub(&r, n);
		if (ext.bad || i == LIMIT_EXTHDR)
			return (-1);
		n = u->proto;
		u->proto = rd_u8(&ext);
		rd_skip(&ext, 1);
		if (n == IPPROTO_FRAGMENT && rd_u16(&ext) >> 3 != 0) {
			u->piece = 1;
			u->type = 0;
			return (0);
		}
	}
	u->piece = 0;
	u->type = rd_u8(&r);
	return (u->proto == IPPROTO_ICMPV6 && r.bad ? -1 : 0);
}

void
ip6_ecn_set(uint8_t *ip6, uint8_t ecn)
{
	ip6[1] = (ip6[1] & ~(ECN_MASK << 4)) | (ecn & ECN_MASK) << 4;
}

void
ip6_write(struct wr *w, const struct ip6 *h)
{
	wr_u32(w, (uint32_t)6 << 28 | (uint32_t)h->tclass << 20);
	wr_u16(w, (h->len - IP6_HDRLEN) & 0xffff);
	wr_u8(w, h->next);
	wr_u8(w, h->hlim);
	wr_u64(w, h->src.hi);
	wr_u64(w, h->src.lo);
	wr_u64(w, h->dst.hi);
	wr_u64(w, h->dst.lo);
}

int
icmp4_parse(struct rd *r, struct icmp4 *h, enum drop *why)
{
	struct rd	 all = *r;
	size_t		 len;

	h->type = rd_u8(r);
	h->code = rd_u8(r);
	rd_skip(r, 2);				/* checksum, summed below */
	rd_skip(r, 1);
	len = 4 * (size_t)rd_u8(r);		/* RFC 4884 3 */
	h->mtu = rd_u16(r);
	h->quote = *r;
	if (r->bad || len > r->left)
		return (bad(why, DROP_SHORT));
	if (cksum_fold(cksum_add(0, all.p, all.left)) != 0)
		return (bad(why, DROP_CKSUM));
	if (len != 0)
		h->quote = rd_sub(r, len);
	return (0);
}

void
addr6_load(struct addr6 *a, const void *bytes)
{
	struct rd	 r;

	rd_init(&r, bytes, 16);
	a->hi = rd_u64(&r);
	a->lo = rd_u64(&r);
}

void
addr6_store(const struct addr6 *a, void *bytes)
{
	struct wr	 w;

	wr_init(&w, bytes, 16);
	wr_u64(&w, a->hi);
	wr_u64(&w, a->lo);
}

int
addr6_equal(const struct addr6 *a, const struct addr6 *b)
{
	return (a->hi == b->hi && a->lo == b->lo);
}

int
addr6_is_6to4(const struct addr6 *a)
{
	return (a->hi >> 48 == 0x2002);
}

uint32_t
addr6_6to4(const struct addr6 *a)
{
	return (a->hi >> 16 & 0xffffffff);
}
