/*
 * The bodies of LSAs: see ospf_body.h.  Engine of the ospf process, read by
 * ctl6 too.  RFC 5340 A.4; knows bits and lengths, judges nothing.
 */
#include <string.h>

#include "ospf_body.h"

/* Bytes that the bits of a prefix take: whole words (A.4.1). */
static size_t
prefix_bytes(uint8_t len)
{
	return ((size_t)(len + 31) / 32 * 4);
}

/* Length and options; the metric's place is used differently by each LSA. */
static void
prefix_begin(struct rd *r, struct ospf_prefix *p)
{
	memset(p, 0, sizeof(*p));
	p->prefix.af = 6;
	p->prefix.len = rd_u8(r);
	p->options = rd_u8(r);
	p->metric = rd_u16(r);
}

/* The bits. */
static int
prefix_bits(struct rd *r, struct prefix *p)
{
	size_t	 i;

	if (p->len > 128)
		r->bad = 1;
	if (r->bad)
		return (-1);
	rd_bytes(r, p->b, prefix_bytes(p->len));
	for (i = p->len; i < 128; i++)
		p->b[i / 8] &= ~(0x80 >> i % 8);
	return (r->bad ? -1 : 0);
}

int
ospf_prefix_parse(struct rd *r, struct ospf_prefix *p)
{
	prefix_begin(r, p);
	return (prefix_bits(r, &p->prefix));
}

void
ospf_prefix_build(struct wr *w, const struct ospf_prefix *p)
{
	wr_u8(w, p->prefix.len);
	wr_u8(w, p->options);
	wr_u16(w, p->metric);
	wr_bytes(w, p->prefix.b, prefix_bytes(p->prefix.len));
}

int
ospf_router_parse(struct rd *r, struct ospf_router *b)
{
	b->flags = rd_u8(r);
	b->options = rd_u24(r);
	return (r->bad ? -1 : 0);
}

void
ospf_router_build(struct wr *w, const struct ospf_router *b)
{
	wr_u8(w, b->flags);
	wr_u24(w, b->options);
}

int
ospf_rlink_parse(struct rd *r, struct ospf_rlink *l)
{
	l->type = rd_u8(r);
	rd_u8(r);
	l->metric = rd_u16(r);
	l->ifid = rd_u32(r);
	l->nbr_ifid = rd_u32(r);
	l->nbr = rd_u32(r);
	return (r->bad ? -1 : 0);
}

void
ospf_rlink_build(struct wr *w, const struct ospf_rlink *l)
{
	wr_u8(w, l->type);
	wr_u8(w, 0);
	wr_u16(w, l->metric);
	wr_u32(w, l->ifid);
	wr_u32(w, l->nbr_ifid);
	wr_u32(w, l->nbr);
}

/* What it may refer to (A.4.7) is of no use here and passed over. */
int
ospf_external_parse(struct rd *r, struct ospf_external *b)
{
	memset(b, 0, sizeof(*b));
	b->flags = rd_u8(r);
	b->metric = rd_u24(r);
	prefix_begin(r, &b->prefix);
	if (prefix_bits(r, &b->prefix.prefix) == -1)
		return (-1);
	if (b->flags & OSPF_EXT_F)
		rd_bytes(r, &b->forward, sizeof(b->forward));
	if (b->flags & OSPF_EXT_T)
		b->tag = rd_u32(r);
	return (r->bad ? -1 : 0);
}

void
ospf_external_build(struct wr *w, const struct ospf_external *b)
{
	wr_u8(w, b->flags);
	wr_u24(w, b->metric);
	ospf_prefix_build(w, &b->prefix);
	if (b->flags & OSPF_EXT_F)
		wr_bytes(w, &b->forward, sizeof(b->forward));
	if (b->flags & OSPF_EXT_T)
		wr_u32(w, b->tag);
}

int
ospf_linkbody_parse(struct rd *r, struct ospf_linkbody *b)
{
	b->priority = rd_u8(r);
	b->options = rd_u24(r);
	rd_bytes(r, &b->addr, sizeof(b->addr));
	b->nprefixes = rd_u32(r);
	return (r->bad ? -1 : 0);
}

void
ospf_linkbody_build(struct wr *w, const struct ospf_linkbody *b)
{
	wr_u8(w, b->priority);
	wr_u24(w, b->options);
	wr_bytes(w, &b->addr, sizeof(b->addr));
	wr_u32(w, b->nprefixes);
}

int
ospf_intra_parse(struct rd *r, struct ospf_intra *b)
{
	b->nprefixes = rd_u16(r);
	b->ref.type = rd_u16(r);
	b->ref.id = rd_u32(r);
	b->ref.adv = rd_u32(r);
	return (r->bad ? -1 : 0);
}

void
ospf_intra_build(struct wr *w, const struct ospf_intra *b)
{
	wr_u16(w, b->nprefixes);
	wr_u16(w, b->ref.type);
	wr_u32(w, b->ref.id);
	wr_u32(w, b->ref.adv);
}
