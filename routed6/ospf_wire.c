/*
 * OSPFv3 on the wire: see ospf_wire.h.  Engine of the ospf process, read by
 * ctl6 too.  Knows bits and lengths (RFC 5340 A; the LSA checksum is that of
 * RFC 2328 12.1.7 and RFC 905 B), judges nothing.
 */
#include <string.h>

#include "cksum.h"
#include "ospf_wire.h"

#define AT_LEN		2	/* where the packet header has its length */
#define AT_CKSUM	12	/* ... and its checksum */
#define LSA_AT_TYPE	2	/* the LSA checksum begins after the age */
#define LSA_AT_CKSUM	16
#define FLETCHER_RUN	4096	/* bytes that cannot overflow the sums */

const struct in6_addr	ospf_all_routers = { .s6_addr = {
	0xff, 0x02, [15] = 5
} };
const struct in6_addr	ospf_all_drouters = { .s6_addr = {
	0xff, 0x02, [15] = 6
} };

/* --- packets ----------------------------------------------------------- */

int
ospf_header_parse(struct rd *r, struct ospf_header *h)
{
	size_t	 total = r->left;
	uint8_t	 version;

	version = rd_u8(r);
	h->type = rd_u8(r);
	h->len = rd_u16(r);
	h->router = rd_u32(r);
	h->area = rd_u32(r);
	h->cksum = rd_u16(r);
	h->instance = rd_u8(r);
	rd_u8(r);
	if (r->bad || version != OSPF_VERSION || h->type < OSPF_HELLO ||
	    h->type >= OSPF_NTYPES)
		return (-1);
	return (h->len < OSPF_HEADER_LEN || h->len > total ? -1 : 0);
}

void
ospf_header_build(struct wr *w, const struct ospf_header *h)
{
	wr_u8(w, OSPF_VERSION);
	wr_u8(w, h->type);
	wr_u16(w, 0);
	wr_u32(w, h->router);
	wr_u32(w, h->area);
	wr_u16(w, 0);
	wr_u8(w, h->instance);
	wr_u8(w, 0);
}

int
ospf_packet_end(struct wr *w, const struct in6_addr *src,
    const struct in6_addr *dst, int cksum)
{
	if (wr_end(w) == -1 || w->len > UINT16_MAX)
		return (-1);
	wr_patch16(w, AT_LEN, w->len);
	if (cksum)
		wr_patch16(w, AT_CKSUM,
		    cksum_ip6(src, dst, OSPF_PROTOCOL, w->buf, w->len));
	return (0);
}

int
ospf_packet_cksum(const void *buf, size_t len, const struct in6_addr *src,
    const struct in6_addr *dst)
{
	return (cksum_ip6(src, dst, OSPF_PROTOCOL, buf, len) == 0);
}

int
ospf_hello_parse(struct rd *r, struct ospf_hello *h)
{
	h->ifid = rd_u32(r);
	h->priority = rd_u8(r);
	h->options = rd_u24(r);
	h->hello = rd_u16(r);
	h->dead = rd_u16(r);
	h->dr = rd_u32(r);
	h->bdr = rd_u32(r);
	return (r->bad || r->left % 4 != 0 ? -1 : 0);
}

void
ospf_hello_build(struct wr *w, const struct ospf_hello *h)
{
	wr_u32(w, h->ifid);
	wr_u8(w, h->priority);
	wr_u24(w, h->options);
	wr_u16(w, h->hello);
	wr_u16(w, h->dead);
	wr_u32(w, h->dr);
	wr_u32(w, h->bdr);
}

int
ospf_dd_parse(struct rd *r, struct ospf_dd *d)
{
	rd_u8(r);
	d->options = rd_u24(r);
	d->mtu = rd_u16(r);
	rd_u8(r);
	d->flags = rd_u8(r);
	d->seq = rd_u32(r);
	return (r->bad || r->left % OSPF_LSA_LEN != 0 ? -1 : 0);
}

void
ospf_dd_build(struct wr *w, const struct ospf_dd *d)
{
	wr_u8(w, 0);
	wr_u24(w, d->options);
	wr_u16(w, d->mtu);
	wr_u8(w, 0);
	wr_u8(w, d->flags);
	wr_u32(w, d->seq);
}

int
ospf_request_parse(struct rd *r, struct ospf_key *k)
{
	rd_u16(r);
	k->type = rd_u16(r);
	k->id = rd_u32(r);
	k->adv = rd_u32(r);
	return (r->bad ? -1 : 0);
}

void
ospf_request_build(struct wr *w, const struct ospf_key *k)
{
	wr_u16(w, 0);
	wr_u16(w, k->type);
	wr_u32(w, k->id);
	wr_u32(w, k->adv);
}

/* --- LSAs -------------------------------------------------------------- */

int
ospf_lsa_header_parse(struct rd *r, struct ospf_lsa_header *h)
{
	h->age = rd_u16(r);
	if (h->age > OSPF_MAXAGE)
		h->age = OSPF_MAXAGE;
	h->key.type = rd_u16(r);
	h->key.id = rd_u32(r);
	h->key.adv = rd_u32(r);
	h->seq = (int32_t)rd_u32(r);
	h->cksum = rd_u16(r);
	h->len = rd_u16(r);
	return (r->bad ? -1 : 0);
}

void
ospf_lsa_header_build(struct wr *w, const struct ospf_lsa_header *h)
{
	wr_u16(w, h->age);
	wr_u16(w, h->key.type);
	wr_u32(w, h->key.id);
	wr_u32(w, h->key.adv);
	wr_u32(w, (uint32_t)h->seq);
	wr_u16(w, h->cksum);
	wr_u16(w, h->len);
}

const uint8_t *
ospf_lsa_next(struct rd *r, struct ospf_lsa_header *h)
{
	struct rd	 look = *r;

	if (ospf_lsa_header_parse(&look, h) == -1 || h->len < OSPF_LSA_LEN) {
		r->bad = 1;
		return (NULL);
	}
	return (rd_skip(r, h->len));
}

uint16_t
ospf_lsa_cksum(const uint8_t *p, size_t len)
{
	uint32_t c0 = 0, c1 = 0;
	int64_t	 x, y;
	size_t	 i;

	if (len < OSPF_LSA_LEN)
		return (0);
	for (i = LSA_AT_TYPE; i < len; i++) {
		if (i != LSA_AT_CKSUM && i != LSA_AT_CKSUM + 1)
			c0 += p[i];
		c1 += c0;
		if (i % FLETCHER_RUN == 0) {
			c0 %= 255;
			c1 %= 255;
		}
	}
	c0 %= 255;
	c1 %= 255;
	/* Bytes from the checksum to the end, the first one included. */
	x = ((int64_t)(len - LSA_AT_CKSUM - 1) * c0 - (int64_t)c1) % 255;
	if (x <= 0)
		x += 255;
	y = 510 - (int64_t)c0 - x;
	if (y > 255)
		y -= 255;
	return ((uint16_t)(x << 8 | y));
}

/* --- names ------------------------------------------------------------- */

const char *
ospf_type_name(uint8_t type)
{
	static const char *const	 names[OSPF_NTYPES] = {
		"?", "Hello", "DD", "LSR", "LSU", "LSAck"
	};

	return (type < OSPF_NTYPES ? names[type] : "?");
}

const char *
ospf_lsa_name(uint16_t type)
{
	static const struct {
		uint16_t	 type;
		const char	*name;
	}		 names[] = {
		{ OSPF_LSA_ROUTER,		"router" },
		{ OSPF_LSA_NETWORK,		"network" },
		{ OSPF_LSA_INTER_PREFIX,	"inter-area-prefix" },
		{ OSPF_LSA_INTER_ROUTER,	"inter-area-router" },
		{ OSPF_LSA_EXTERNAL,		"as-external" },
		{ OSPF_LSA_NSSA,		"nssa" },
		{ OSPF_LSA_LINK,		"link" },
		{ OSPF_LSA_INTRA_PREFIX,	"intra-area-prefix" },
		{ OSPF_LSA_GRACE,		"grace" }
	};
	size_t		 i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].type == type)
			return (names[i].name);
	return ("unknown");
}
