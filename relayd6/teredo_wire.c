/*
 * The bits of Teredo: see teredo_wire.h.  Relay process; decides nothing and
 * never writes to what it reads.
 */
#include <netinet/in.h>

#include "teredo_wire.h"

#define TEREDO_PREFIX	0x20010000U	/* 2001::/32, RFC 4380 2.6 */
#define CODE_ORIGIN	0x0000		/* RFC 4380 5.1.1 */
#define CODE_AUTH	0x0001
#define BUBBLE_HLIM	255

/* RFC 6081 4.1: an unknown type whose two high bits are 01 forbids the rest. */
#define FORBIDS(type)	((type) >> 6 == 1)

int
addr6_is_teredo(const struct addr6 *a)
{
	return (a->hi >> 32 == TEREDO_PREFIX);
}

void
teredo_addr_parse(struct teredo_addr *t, const struct addr6 *a)
{
	t->server = a->hi & 0xffffffff;
	t->flags = a->lo >> 48;
	t->port = ~(a->lo >> 32) & 0xffff;
	t->client = ~a->lo & 0xffffffff;
}

void
teredo_addr_build(struct addr6 *a, const struct teredo_addr *t)
{
	a->hi = (uint64_t)TEREDO_PREFIX << 32 | t->server;
	a->lo = (uint64_t)t->flags << 48 |
	    (uint64_t)(~t->port & 0xffff) << 32 | (~t->client & 0xffffffff);
}

/* The next two bytes, which stay where they are. */
static uint16_t
code_peek(struct rd r)
{
	return (rd_u16(&r));
}

static void
auth_parse(struct rd *r, struct teredo_packet *t)
{
	size_t	 len;

	rd_skip(r, 2);
	len = rd_u8(r);				/* client identifier */
	len += rd_u8(r);			/* authentication value */
	rd_skip(r, len);
	t->auth_nonce = rd_u64(r);
	t->auth_confirm = rd_u8(r);
	t->has_auth = 1;
}

static void
origin_parse(struct rd *r, struct teredo_packet *t)
{
	rd_skip(r, 2);
	t->origin.port = ~rd_u16(r) & 0xffff;
	t->origin.addr = ~rd_u32(r) & 0xffffffff;
	t->has_origin = 1;
}

/* RFC 6081 4.3: two reserved bytes, then one to four addresses with ports. */
static void
alternates_parse(struct rd r, struct teredo_trailers *t)
{
	struct teredo_endpoint	*e;
	size_t			 n = r.left / 6;

	if (r.left % 6 != 2 || n < 1 || n > LIMIT_TEREDO_ALTERNATES) {
		t->bad_alternates = 1;
		return;
	}
	rd_skip(&r, 2);
	while (n-- > 0) {
		e = &t->alternates[t->nalternates++];
		e->addr = rd_u32(&r);
		e->port = rd_u16(&r);
		if (e->port == 0)
			t->bad_alternates = 1;
	}
}

/* One trailer; a known one of another length than its own is passed over. */
static int
trailer_parse(uint8_t type, struct rd r, struct teredo_trailers *t)
{
	switch (type) {
	case TEREDO_NONCE:
		if (r.left == 4 && !t->has_nonce) {
			t->nonce = rd_u32(&r);
			t->has_nonce = 1;
		}
		return (0);
	case TEREDO_ALTERNATE:
		if (t->nalternates == 0)
			alternates_parse(r, t);
		return (0);
	case TEREDO_DISCOVERY:
		if (r.left == 4 && !t->has_discovery) {
			t->discovery = rd_u8(&r);
			t->has_discovery = 1;
		}
		return (0);
	case TEREDO_RANDOM_PORT:
		if (r.left == 2 && !t->has_port) {
			t->port = rd_u16(&r);
			t->has_port = 1;
		}
		return (0);
	default:
		return (FORBIDS(type) ? -1 : 0);
	}
}

static int
trailers_parse(struct rd *r, struct teredo_trailers *t, enum drop *why)
{
	struct rd	 value;
	uint8_t		 type;

	while (r->left > 0) {
		type = rd_u8(r);
		value = rd_sub(r, rd_u8(r));
		if (r->bad)			/* malformed: the end, 5.1.2 */
			return (0);
		if (trailer_parse(type, value, t) == -1) {
			*why = DROP_TRAILER;
			return (-1);
		}
	}
	return (0);
}

int
teredo_packet_parse(struct teredo_packet *t, const uint8_t *buf, size_t len,
    enum drop *why)
{
	static const struct teredo_packet	 empty;
	struct rd				 r;

	*t = empty;
	rd_init(&r, buf, len);
	if (code_peek(r) == CODE_AUTH)
		auth_parse(&r, t);
	if (r.left >= 2 && code_peek(r) == CODE_ORIGIN)
		origin_parse(&r, t);
	if (r.bad) {
		*why = DROP_SHORT;
		return (-1);
	}
	t->ip6 = r.p;
	if (ip6_parse(r.p, r.left, &t->h, why) == -1)
		return (-1);
	rd_skip(&r, t->h.len);
	return (trailers_parse(&r, &t->trailers, why));
}

int
teredo_is_bubble(const struct ip6 *h)
{
	return (h->next == IPPROTO_NONE && h->len == IP6_HDRLEN);
}

size_t
teredo_bubble_write(uint8_t *buf, const struct teredo_bubble *b)
{
	struct ip6	 h = { .next = IPPROTO_NONE, .hlim = BUBBLE_HLIM,
			    .len = IP6_HDRLEN };
	struct wr	 w;

	h.src = b->src;
	h.dst = b->dst;
	wr_init(&w, buf, TEREDO_BUBBLE_MAX);
	ip6_write(&w, &h);
	if (b->has_nonce) {
		wr_u8(&w, TEREDO_NONCE);
		wr_u8(&w, 4);
		wr_u32(&w, b->nonce);
	}
	if (b->has_discovery) {
		wr_u8(&w, TEREDO_DISCOVERY);
		wr_u8(&w, 4);
		wr_u8(&w, b->discovery);
		wr_u24(&w, 0);
	}
	return (w.len);
}
