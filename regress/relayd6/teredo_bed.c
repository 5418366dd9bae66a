/*
 * A Teredo relay engine between two recorders: see teredo_bed.h.
 */
#include <arpa/inet.h>

#include <atf-c.h>
#include <string.h>

#include "teredo_bed.h"

static const uint8_t	key[SIPHASH_KEYLEN] = { 2, 7, 1, 8 };

static void
on_send(void *arg, struct in_addr dst, uint16_t port, const void *data,
    size_t len, uint8_t tos)
{
	struct bed	*b = arg;
	struct bed_sent	*s = &b->sent[b->nsent++ % BED_KEPT];

	ATF_REQUIRE(len >= IP6_HDRLEN && len <= sizeof(s->data));
	s->dst = ntohl(dst.s_addr);
	s->port = port;
	s->tos = tos;
	s->len = len;
	memcpy(s->data, data, len);
}

static void
on_inject(void *arg, const void *data, size_t len)
{
	struct bed	*b = arg;

	ATF_REQUIRE(len >= 2 * IP6_HDRLEN + 8 && len <= PKT_REPLY_MAX);
	memcpy(b->injected, data, len);
	b->injected_len = len;
	b->ninjected++;
}

static const struct teredo_ops	ops = { on_send, on_inject };

void
bed_init(struct bed *b)
{
	struct conf_teredo	*c = &b->conf;

	memset(b, 0, sizeof(*b));
	b->now.ns = MONO_S(1000);
	c->enabled = 1;
	c->tos_copy = 1;
	c->ttl = 64;
	c->port = RELAY_PORT;
	c->listen.s_addr = htonl(RELAY);
	c->mtu = 1280;
	c->max_peers = 64;
	c->queue = 4;
	c->bubble_rate = c->server_rate = c->new_rate = 1000000;
	c->icmp_rate = 1000000;
	c->nown = 1;
	c->own[0].s_addr = htonl(0x0b010003);
}

void
bed_start(struct bed *b)
{
	ATF_REQUIRE_EQ(teredo_init(&b->t, &b->conf, key, &ops, b), 0);
}

void
bed_begin(struct bed *b)
{
	bed_init(b);
	bed_start(b);
}

void
bed_free(struct bed *b)
{
	teredo_free(&b->t);
}

struct addr6
bed_client(uint32_t server, uint16_t flags, uint32_t client, uint16_t port)
{
	struct teredo_addr	 a = { server, flags, port, client };
	struct addr6		 addr;

	teredo_addr_build(&addr, &a);
	return (addr);
}

struct addr6
bed_host(unsigned int n)
{
	struct addr6	 a;

	a.hi = 0x2a10000100000000ULL + n;
	a.lo = 0x80;
	return (a);
}

struct addr6
bed_usual(void)
{
	return (bed_client(SERVER, 0, CLIENT, CLIENT_PORT));
}

enum verdict
bed_out_len(struct bed *b, unsigned int n, struct addr6 dst, size_t len,
    uint8_t tag)
{
	struct ip6	 h = { .next = 17, .hlim = 9 };
	struct wr	 w;

	ATF_REQUIRE(len >= IP6_HDRLEN && len <= sizeof(b->buf));
	h.src = bed_host(n);
	h.dst = dst;
	h.len = len;
	wr_init(&w, b->buf, sizeof(b->buf));
	ip6_write(&w, &h);
	memset(b->buf + IP6_HDRLEN, tag, len - IP6_HDRLEN);
	memset(&b->p, 0, sizeof(b->p));
	b->p.data = b->buf;
	b->p.len = len;
	b->p.reply = b->reply;
	b->p.why = DROP_NREASONS;
	return (teredo_out(&b->t, &b->p, b->now));
}

enum verdict
bed_out(struct bed *b, unsigned int n, struct addr6 dst)
{
	return (bed_out_len(b, n, dst, 60, 'x'));
}

enum verdict
bed_raw(struct bed *b, const void *data, size_t len, uint32_t from,
    uint16_t port)
{
	ATF_REQUIRE(len <= sizeof(b->buf));
	if (data != b->buf)
		memcpy(b->buf, data, len);
	memset(&b->p, 0, sizeof(b->p));
	b->p.data = b->buf;
	b->p.len = len;
	b->p.src4.s_addr = htonl(from);
	b->p.sport = port;
	b->p.reply = b->reply;
	b->p.why = DROP_NREASONS;
	return (teredo_in(&b->t, &b->p, b->now));
}

enum verdict
bed_in(struct bed *b, struct addr6 src, struct addr6 dst, uint32_t from,
    uint16_t port)
{
	struct ip6	 h = { .next = 17, .hlim = 9, .len = 60 };
	struct wr	 w;

	h.src = src;
	h.dst = dst;
	wr_init(&w, b->buf, sizeof(b->buf));
	ip6_write(&w, &h);
	wr_zero(&w, 20);
	return (bed_raw(b, b->buf, w.len, from, port));
}

enum verdict
bed_bubble(struct bed *b, struct addr6 src, struct addr6 dst, uint32_t from,
    uint16_t port, const void *trailers, size_t len)
{
	struct ip6	 h = { .next = 59, .hlim = 255, .len = IP6_HDRLEN };
	struct wr	 w;

	h.src = src;
	h.dst = dst;
	wr_init(&w, b->buf, sizeof(b->buf));
	ip6_write(&w, &h);
	wr_bytes(&w, trailers, len);
	return (bed_raw(b, b->buf, w.len, from, port));
}

static int
went_to(const struct bed_sent *s, uint32_t dst, uint16_t port)
{
	return (s->dst == dst && (port == 0 || s->port == port));
}

static int
kept(const struct bed *b)
{
	return (b->nsent < BED_KEPT ? b->nsent : BED_KEPT);
}

const struct bed_sent *
bed_last(const struct bed *b, uint32_t dst, uint16_t port)
{
	const struct bed_sent	*s;
	int			 i;

	for (i = 1; i <= kept(b); i++) {
		s = &b->sent[(b->nsent - i) % BED_KEPT];
		if (went_to(s, dst, port))
			return (s);
	}
	return (NULL);
}

int
bed_count(const struct bed *b, uint32_t dst, uint16_t port)
{
	int	 i, n = 0;

	for (i = 0; i < kept(b); i++)
		n += went_to(&b->sent[i], dst, port);
	return (n);
}

void
bed_forget(struct bed *b)
{
	b->nsent = 0;
	b->ninjected = 0;
}

struct addr6
bed_asker(const struct bed *b, uint32_t server)
{
	const struct bed_sent	*s = bed_last(b, server, TEREDO_PORT);
	struct addr6		 a;

	ATF_REQUIRE(s != NULL);
	addr6_load(&a, s->data + 8);
	return (a);
}

enum verdict
bed_usual_in(struct bed *b)
{
	return (bed_in(b, bed_usual(), bed_host(1), CLIENT, CLIENT_PORT));
}

enum verdict
bed_usual_bubble(struct bed *b, uint16_t port, const void *trailers, size_t len)
{
	return (bed_bubble(b, bed_usual(), bed_asker(b, SERVER), CLIENT, port,
	    trailers, len));
}

enum verdict
bed_answer(struct bed *b)
{
	return (bed_usual_bubble(b, CLIENT_PORT, "", 0));
}

void
bed_trust(struct bed *b)
{
	ATF_REQUIRE_EQ(bed_out(b, 1, bed_usual()), V_HOLD);
	ATF_REQUIRE_EQ(bed_answer(b), V_HOLD);
	ATF_REQUIRE(bed_peer(b) != NULL);
	ATF_REQUIRE_EQ(bed_peer(b)->state, TEREDO_TRUSTED);
	bed_forget(b);
}

void
bed_wait(struct bed *b, int64_t ms)
{
	mono_t	 end, due;

	end = mono_add(b->now, MONO_MS(ms));
	for (;;) {
		due = teredo_deadline(&b->t);
		if (!mono_reached(end, due))
			break;
		if (!mono_reached(b->now, due))
			b->now = due;
		teredo_tick(&b->t, b->now);
	}
	b->now = end;
}

struct teredo_peer *
bed_peer(struct bed *b)
{
	struct addr6	 a = bed_usual();

	return (teredo_peer_find(&b->t.table, &a));
}
