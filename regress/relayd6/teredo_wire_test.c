/*
 * Tests of relayd6/teredo_wire.c: RFC 4380 4 and 5.1.1, RFC 6081 4.
 */
#include <arpa/inet.h>

#include <atf-c.h>
#include <stdlib.h>
#include <string.h>

#include "teredo_wire.h"
#include "test.h"

/* A bubble, then whatever trailers; before it, whatever is asked for. */
static size_t
build(uint8_t *buf, size_t cap, const void *head, size_t hlen,
    const void *tail, size_t tlen)
{
	struct ip6	 h = { .next = 59, .hlim = 255, .len = IP6_HDRLEN };
	struct wr	 w;

	h.src.hi = 0x2001000001020304ULL;
	h.src.lo = 0x0000fffefefdfcfbULL;
	h.dst.hi = 0xfe80ULL << 48;
	h.dst.lo = 0x1122334455667788ULL;
	wr_init(&w, buf, cap);
	wr_bytes(&w, head, hlen);
	ip6_write(&w, &h);
	wr_bytes(&w, tail, tlen);
	ATF_REQUIRE(wr_end(&w) != -1);
	return (w.len);
}

/* Parse a copy of exact size, for the sanitizers. */
static int
parse(struct teredo_packet *t, const uint8_t *buf, size_t len, enum drop *why)
{
	uint8_t	*copy;
	int	 r;

	if ((copy = malloc(len == 0 ? 1 : len)) == NULL)
		abort();
	memcpy(copy, buf, len);
	*why = DROP_NREASONS;
	r = teredo_packet_parse(t, copy, len, why);
	if (r == 0) {
		ATF_REQUIRE(t->ip6 >= copy && t->h.len >= IP6_HDRLEN);
		ATF_REQUIRE(t->ip6 + t->h.len <= copy + len);
		ATF_REQUIRE(t->trailers.nalternates <=
		    LIMIT_TEREDO_ALTERNATES);
		t->ip6 = buf + (t->ip6 - copy);
	} else
		ATF_REQUIRE(*why < DROP_NREASONS);
	free(copy);
	return (r);
}

static int
parse_trailers(struct teredo_trailers *tr, const void *tail, size_t len)
{
	struct teredo_packet	 t;
	uint8_t			 buf[600];
	enum drop		 why;
	int			 r;

	r = parse(&t, buf, build(buf, sizeof(buf), "", 0, tail, len), &why);
	ATF_CHECK(r == 0 || why == DROP_TRAILER);
	*tr = t.trailers;
	return (r);
}

TEST(addr, "RFC 4380 4: obfuscated port and address, server in the clear")
{
	struct teredo_addr	 a;
	struct addr6		 addr, back;

	/* The example of RFC 6081 3.1. */
	addr.hi = 0x20010000cb007178ULL;
	addr.lo = 0x0000efff3ffffdfeULL;
	ATF_CHECK(addr6_is_teredo(&addr));
	teredo_addr_parse(&a, &addr);
	ATF_CHECK_EQ(a.server, 0xcb007178);	/* 203.0.113.120 */
	ATF_CHECK_EQ(a.flags, 0);
	ATF_CHECK_EQ(a.port, 4096);
	ATF_CHECK_EQ(a.client, 0xc0000201);	/* 192.0.2.1 */
	teredo_addr_build(&back, &a);
	ATF_CHECK(back.hi == addr.hi && back.lo == addr.lo);
	a.flags = TEREDO_CONE | 0x7cff;
	teredo_addr_build(&back, &a);
	ATF_CHECK_EQ(back.lo, 0xfcffefff3ffffdfeULL);
	addr.hi = 0x20010001cb007178ULL;
	ATF_CHECK(!addr6_is_teredo(&addr));
	addr.hi = 0x2002000000000000ULL;
	ATF_CHECK(!addr6_is_teredo(&addr));
}

TEST(simple, "RFC 4380 5.1.1: simple encapsulation")
{
	struct teredo_packet	 t;
	uint8_t			 buf[64];
	enum drop		 why;
	size_t			 len;

	len = build(buf, sizeof(buf), "", 0, "", 0);
	ATF_CHECK_EQ(parse(&t, buf, len, &why), 0);
	ATF_CHECK(!t.has_auth && !t.has_origin);
	ATF_CHECK_EQ(t.ip6, buf);
	ATF_CHECK_EQ(t.h.src.lo, 0x0000fffefefdfcfbULL);
	ATF_CHECK(teredo_is_bubble(&t.h));
	t.h.len++;
	ATF_CHECK(!teredo_is_bubble(&t.h));
	t.h.len--;
	t.h.next = 58;
	ATF_CHECK(!teredo_is_bubble(&t.h));
}

/* RFC 4380 5.1.1: port 337 and 1.2.3.4. */
static const uint8_t	origin[] = {
	0x00, 0x00, 0xfe, 0xae, 0xfe, 0xfd, 0xfc, 0xfb
};

TEST(origin_indication, "RFC 4380 5.1.1: the example of the RFC")
{
	struct teredo_packet	 t;
	uint8_t			 buf[64];
	enum drop		 why;
	size_t			 len;

	len = build(buf, sizeof(buf), origin, sizeof(origin), "", 0);
	ATF_CHECK_EQ(parse(&t, buf, len, &why), 0);
	ATF_CHECK(t.has_origin && !t.has_auth);
	ATF_CHECK_EQ(t.origin.port, 337);
	ATF_CHECK_EQ(t.origin.addr, 0x01020304);
	ATF_CHECK_EQ(t.ip6, buf + 8);
}

static const uint8_t	auth[] = {
	0, 1, 3, 5, 'i', 'd', '!', 'a', 'u', 't', 'h', '!',
	1, 2, 3, 4, 5, 6, 7, 8, 9,
	0x00, 0x00, 0xfe, 0xae, 0xfe, 0xfd, 0xfc, 0xfb
};

TEST(authentication, "RFC 4380 5.1.1: authentication, then origin")
{
	struct teredo_packet	 t;
	uint8_t			 buf[128];
	enum drop		 why;
	size_t			 len;

	len = build(buf, sizeof(buf), auth, 21, "", 0);
	ATF_CHECK_EQ(parse(&t, buf, len, &why), 0);
	ATF_CHECK(t.has_auth && !t.has_origin);
	ATF_CHECK_EQ(t.auth_nonce, 0x0102030405060708ULL);
	ATF_CHECK_EQ(t.auth_confirm, 9);
	ATF_CHECK_EQ(t.ip6, buf + 21);
	len = build(buf, sizeof(buf), auth, sizeof(auth), "", 0);
	ATF_CHECK_EQ(parse(&t, buf, len, &why), 0);
	ATF_CHECK(t.has_auth && t.has_origin);
	ATF_CHECK_EQ(t.origin.port, 337);
}

TEST(order, "RFC 4380 5.1.1: authentication comes first, each once")
{
	struct teredo_packet	 t;
	uint8_t			 buf[128], twice[16];
	enum drop		 why;
	size_t			 len;

	memcpy(twice, origin, 8);
	memcpy(twice + 8, auth, 8);
	len = build(buf, sizeof(buf), twice, 16, "", 0);
	ATF_CHECK_EQ(parse(&t, buf, len, &why), -1);
	ATF_CHECK_EQ(why, DROP_VERSION);
	memcpy(twice + 8, origin, 8);
	len = build(buf, sizeof(buf), twice, 16, "", 0);
	ATF_CHECK_EQ(parse(&t, buf, len, &why), -1);
	ATF_CHECK_EQ(why, DROP_VERSION);
}

TEST(cut, "truncated at every byte")
{
	struct teredo_packet	 t;
	uint8_t			 buf[128];
	enum drop		 why;
	size_t			 i, len;

	len = build(buf, sizeof(buf), auth, sizeof(auth), "\1\4abcd", 6);
	for (i = 0; i < len; i++) {
		if (i < len - 6)
			ATF_CHECK_EQ(parse(&t, buf, i, &why), -1);
		else {
			ATF_CHECK_EQ(parse(&t, buf, i, &why), 0);
			ATF_CHECK(!t.trailers.has_nonce);
		}
	}
	ATF_CHECK_EQ(parse(&t, buf, len, &why), 0);
	ATF_CHECK(t.trailers.has_nonce);
}

TEST(flip, "with every bit turned, nothing is read that is not there")
{
	static const uint8_t	 tail[] = {
		1, 4, 1, 2, 3, 4, 4, 4, 0, 0, 0, 0, 5, 2, 4, 0,
		3, 14, 0, 0, 10, 0, 0, 9, 0x10, 0, 11, 2, 0, 6, 0x20, 0,
	};
	struct teredo_packet	 t;
	uint8_t			 buf[160];
	enum drop		 why;
	size_t			 bit, len;

	len = build(buf, sizeof(buf), auth, sizeof(auth), tail, sizeof(tail));
	for (bit = 0; bit < len * 8; bit++) {
		buf[bit / 8] ^= 0x80 >> bit % 8;
		parse(&t, buf, len, &why);
		buf[bit / 8] ^= 0x80 >> bit % 8;
	}
	ATF_CHECK_EQ(parse(&t, buf, len, &why), 0);
	ATF_CHECK_EQ(t.trailers.nalternates, 2);
}

TEST(trailer_nonce, "RFC 6081 4.2, the first counts")
{
	struct teredo_trailers	 tr;

	ATF_CHECK_EQ(parse_trailers(&tr, "\1\4\1\2\3\4\1\4\5\6\7\10", 12),
	    0);
	ATF_CHECK(tr.has_nonce);
	ATF_CHECK_EQ(tr.nonce, 0x01020304);
	/* Of another length it is none, and what follows is read. */
	ATF_CHECK_EQ(parse_trailers(&tr, "\1\3abc\5\2\1\0", 9), 0);
	ATF_CHECK(!tr.has_nonce);
	ATF_CHECK(tr.has_port);
	ATF_CHECK_EQ(tr.port, 256);
}

TEST(trailer_alternates, "RFC 6081 4.3: one to four addresses with ports")
{
	struct teredo_trailers	 tr;
	uint8_t			 tail[40] = { 3 };
	int			 n;

	for (n = 0; n <= 5; n++) {
		memset(tail + 2, 9, sizeof(tail) - 2);
		tail[1] = 2 + 6 * n;
		ATF_CHECK_EQ(parse_trailers(&tr, tail, 2 + tail[1]), 0);
		ATF_CHECK_EQ(tr.bad_alternates, n == 0 || n == 5);
		ATF_CHECK_EQ(tr.nalternates, n == 5 ? 0 : n);
	}
	ATF_CHECK_EQ(parse_trailers(&tr, "\3\10\0\0\13\2\0\6\20\1", 10), 0);
	ATF_CHECK_EQ(tr.alternates[0].addr, 0x0b020006);
	ATF_CHECK_EQ(tr.alternates[0].port, 0x1001);
	ATF_CHECK(!tr.bad_alternates);
	/* A port must not be 0. */
	ATF_CHECK_EQ(parse_trailers(&tr, "\3\10\0\0\13\2\0\6\0\0", 10), 0);
	ATF_CHECK(tr.bad_alternates);
}

TEST(trailer_discovery, "RFC 6081 4.4, 4.5")
{
	struct teredo_trailers	 tr;

	ATF_CHECK_EQ(parse_trailers(&tr, "\4\4\1abc\5\2\3\350", 10), 0);
	ATF_CHECK(tr.has_discovery && tr.has_port);
	ATF_CHECK_EQ(tr.discovery, TEREDO_ADVERTISE);
	ATF_CHECK_EQ(tr.port, 1000);
	ATF_CHECK_EQ(parse_trailers(&tr, "\4\3\1ab\5\3\3\350x", 10), 0);
	ATF_CHECK(!tr.has_discovery && !tr.has_port);
}

TEST(trailer_unknown, "RFC 6081 4.1: 01 forbids, 00, 10 and 11 are passed")
{
	struct teredo_trailers	 tr;
	uint8_t			 tail[5] = { 0, 1, 'x', 5, 0 };
	int			 type;

	for (type = 0; type < 256; type++) {
		tail[0] = type;
		ATF_CHECK_EQ_MSG(parse_trailers(&tr, tail, 5),
		    type >= 0x40 && type < 0x80 ? -1 : 0, "type %d", type);
	}
	/* In order: what comes before is no excuse. */
	ATF_CHECK_EQ(parse_trailers(&tr, "\1\4abcd\177\0", 8), -1);
}

TEST(trailer_malformed, "RFC 6081 5.1.2: nothing is read after a malformed one")
{
	struct teredo_trailers	 tr;

	ATF_CHECK_EQ(parse_trailers(&tr, "\1", 1), 0);
	ATF_CHECK_EQ(parse_trailers(&tr, "\1\5\1\2\3\4", 6), 0);
	ATF_CHECK(!tr.has_nonce);
	ATF_CHECK_EQ(parse_trailers(&tr, "\1\4\1\2\3\4\5\3\1\1", 10), 0);
	ATF_CHECK(tr.has_nonce && !tr.has_port);
	/* Even one that would forbid the rest. */
	ATF_CHECK_EQ(parse_trailers(&tr, "\100\1", 2), 0);
}

TEST(bubble_write, "RFC 4380 2.8: what is written parses to the same")
{
	struct teredo_bubble	 b = { .src = { 0xfe80ULL << 48, 7 },
				    .dst = { 0x2001000001020304ULL, 9 },
				    .has_nonce = 1, .nonce = 0xa0b0c0d0,
				    .has_discovery = 1,
				    .discovery = TEREDO_ADVERTISE };
	struct teredo_packet	 t;
	uint8_t			 buf[TEREDO_BUBBLE_MAX];
	enum drop		 why;
	size_t			 len;

	len = teredo_bubble_write(buf, &b);
	ATF_CHECK_EQ(len, TEREDO_BUBBLE_MAX);
	ATF_CHECK_EQ(parse(&t, buf, len, &why), 0);
	ATF_CHECK(teredo_is_bubble(&t.h));
	ATF_CHECK_EQ(t.h.hlim, 255);
	ATF_CHECK(t.h.src.lo == 7 && t.h.dst.lo == 9);
	ATF_CHECK_EQ(t.trailers.nonce, 0xa0b0c0d0);
	ATF_CHECK_EQ(t.trailers.discovery, TEREDO_ADVERTISE);
	b.has_nonce = b.has_discovery = 0;
	ATF_CHECK_EQ(teredo_bubble_write(buf, &b), IP6_HDRLEN);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, addr);
	ATF_TP_ADD_TC(tp, simple);
	ATF_TP_ADD_TC(tp, origin_indication);
	ATF_TP_ADD_TC(tp, authentication);
	ATF_TP_ADD_TC(tp, order);
	ATF_TP_ADD_TC(tp, cut);
	ATF_TP_ADD_TC(tp, flip);
	ATF_TP_ADD_TC(tp, trailer_nonce);
	ATF_TP_ADD_TC(tp, trailer_alternates);
	ATF_TP_ADD_TC(tp, trailer_discovery);
	ATF_TP_ADD_TC(tp, trailer_unknown);
	ATF_TP_ADD_TC(tp, trailer_malformed);
	ATF_TP_ADD_TC(tp, bubble_write);
	return (atf_no_error());
}
