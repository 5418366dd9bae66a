/*
 * Tests of BFD authentication, routed6/bfd_auth.c.  The digests were computed
 * by another implementation of SHA1 over the bytes that RFC 5880 6.7.4 names.
 */
#include <atf-c.h>
#include <string.h>

#include "bfd_auth.h"
#include "bfd_wire.h"

#define MULT	4

static const struct bfd_key	simple = {
	BFD_AUTH_SIMPLE, 9, 6, "secret"
};
static const struct bfd_key	sha1 = {
	BFD_AUTH_SHA1, 7, 13, "correct horse"
};
static const struct bfd_key	meticulous = {
	BFD_AUTH_SHA1_METICULOUS, 7, 20, "exactly twenty bytes"
};

struct signed_packet {
	uint8_t	 b[BFD_PACKET_MAX];
	size_t	 len;
};

static void
sign(struct signed_packet *sp, const struct bfd_key *k, uint32_t seq)
{
	struct bfd_packet	 p = {
		.state = BFD_UP, .flags = BFD_AUTH, .mult = MULT, .my = 1,
		.your = 2, .min_tx = 50000, .min_rx = 50000
	};
	struct wr		 w;

	p.len = BFD_HEADER_LEN + bfd_auth_len(k);
	wr_init(&w, sp->b, sizeof(sp->b));
	bfd_build(&w, &p);
	bfd_auth_sign(k, &w, seq);
	ATF_REQUIRE(wr_end(&w) != -1);
	ATF_REQUIRE_EQ(w.len, p.len);
	sp->len = w.len;
}

static int
check(const struct bfd_key *k, const struct signed_packet *sp,
    struct bfd_heard *h)
{
	return (bfd_auth_check(k, sp->b, sp->len, MULT, h));
}

/* Signed with seq; accepted or not. */
static int
hear(const struct bfd_key *k, uint32_t seq, struct bfd_heard *h)
{
	struct signed_packet	 sp;

	sign(&sp, k, seq);
	return (check(k, &sp, h) == 0);
}

/* RFC 5880 4.2. */
ATF_TC_WITHOUT_HEAD(rfc5880_6_7_2);
ATF_TC_BODY(rfc5880_6_7_2, tc)
{
	static const uint8_t	 section[] = {
		1, 9, 9, 's', 'e', 'c', 'r', 'e', 't'
	};
	struct signed_packet	 sp;
	struct bfd_heard	 h = { 0, 0 };
	struct bfd_key		 other = simple;

	sign(&sp, &simple, 0);
	ATF_REQUIRE_EQ(sp.len, BFD_HEADER_LEN + sizeof(section));
	ATF_CHECK_EQ(memcmp(sp.b + BFD_HEADER_LEN, section,
	    sizeof(section)), 0);
	ATF_CHECK_EQ(check(&simple, &sp, &h), 0);
	other.id = 8;
	ATF_CHECK_EQ(check(&other, &sp, &h), -1);
	other = simple;
	other.secret[5] = 'x';
	ATF_CHECK_EQ(check(&other, &sp, &h), -1);
	other = simple;
	other.len = 5;
	ATF_CHECK_EQ(check(&other, &sp, &h), -1);
	ATF_CHECK_EQ(check(&sha1, &sp, &h), -1);
	ATF_CHECK_EQ(h.known, 0);
}

static void
vector(const struct bfd_key *k, uint32_t seq, const uint8_t *head,
    const uint8_t *digest)
{
	struct signed_packet	 sp;

	sign(&sp, k, seq);
	ATF_REQUIRE_EQ(sp.len, 52);
	ATF_CHECK_EQ(memcmp(sp.b + BFD_HEADER_LEN, head, 8), 0);
	ATF_CHECK_EQ(memcmp(sp.b + 32, digest, 20), 0);
}

/* RFC 5880 4.4: a short key, and one that is as long as can be. */
ATF_TC_WITHOUT_HEAD(rfc5880_6_7_4_digest);
ATF_TC_BODY(rfc5880_6_7_4_digest, tc)
{
	static const uint8_t	 head4[] = { 4, 28, 7, 0, 1, 2, 3, 4 };
	static const uint8_t	 head5[] = {
		5, 28, 7, 0, 0xff, 0xff, 0xff, 0xff
	};
	static const uint8_t	 digest4[] = {
		0xfb, 0xd2, 0xa5, 0x4d, 0xc6, 0x79, 0x32, 0x56, 0x51, 0x7d,
		0xda, 0x29, 0xcf, 0xe4, 0x88, 0xb4, 0x1b, 0xfb, 0x80, 0xfc
	};
	static const uint8_t	 digest5[] = {
		0x17, 0x51, 0x12, 0xe6, 0x52, 0x30, 0x96, 0x32, 0x20, 0x4d,
		0xbd, 0x7d, 0xb9, 0x97, 0xd1, 0xdd, 0x9b, 0x46, 0x1b, 0x94
	};

	vector(&sha1, 0x01020304, head4, digest4);
	vector(&meticulous, 0xffffffff, head5, digest5);
}

/* Up to three times the multiplier ahead, or the same one again. */
ATF_TC_WITHOUT_HEAD(rfc5880_6_7_4_window);
ATF_TC_BODY(rfc5880_6_7_4_window, tc)
{
	struct bfd_heard	 h = { 0, 0 };

	ATF_CHECK(hear(&sha1, 1000, &h));
	ATF_CHECK_EQ(h.known, 1);
	ATF_CHECK_EQ(h.seq, 1000);
	ATF_CHECK(!hear(&sha1, 999, &h));
	ATF_CHECK(!hear(&sha1, 1001 + 3 * MULT, &h));
	ATF_CHECK(hear(&sha1, 1000, &h));
	ATF_CHECK(hear(&sha1, 1000 + 3 * MULT, &h));
	ATF_CHECK_EQ(h.seq, 1000 + 3 * MULT);
	/* Around the corner. */
	h.seq = 0xfffffffe;
	ATF_CHECK(hear(&sha1, 3, &h));
	ATF_CHECK(!hear(&sha1, 0xfffffffe, &h));
	/* Not known: whatever comes. */
	h.known = 0;
	ATF_CHECK(hear(&sha1, 77, &h));
}

/* Meticulous: never the same one again. */
ATF_TC_WITHOUT_HEAD(rfc5880_6_7_4_meticulous);
ATF_TC_BODY(rfc5880_6_7_4_meticulous, tc)
{
	struct bfd_heard	 h = { 0, 0 };

	ATF_CHECK(hear(&meticulous, 1000, &h));
	ATF_CHECK(!hear(&meticulous, 1000, &h));
	ATF_CHECK(hear(&meticulous, 1001, &h));
	ATF_CHECK(hear(&meticulous, 1001 + 3 * MULT, &h));
	ATF_CHECK(!hear(&meticulous, 1002 + 6 * MULT, &h));
}

/* A forgery must not move the window, or it would shut out the peer. */
ATF_TC_WITHOUT_HEAD(bfd_auth_check_forged);
ATF_TC_BODY(bfd_auth_check_forged, tc)
{
	struct signed_packet	 sp;
	struct bfd_heard	 h = { 0, 0 };
	struct bfd_key		 other = sha1;

	other.secret[0] ^= 1;
	sign(&sp, &other, 500);
	ATF_CHECK_EQ(check(&sha1, &sp, &h), -1);
	ATF_CHECK_EQ(h.known, 0);
	ATF_CHECK(hear(&sha1, 1000, &h));
	sign(&sp, &other, 1001);
	ATF_CHECK_EQ(check(&sha1, &sp, &h), -1);
	ATF_CHECK_EQ(h.seq, 1000);
}

/* Each type as sent; with each bit another it is not accepted. */
static void
flip(const struct bfd_key *k)
{
	struct signed_packet	 sp;
	struct bfd_heard	 h;
	size_t			 i, first = 0;

	/* A simple password says nothing about the rest. */
	if (k->type == BFD_AUTH_SIMPLE)
		first = 8 * BFD_HEADER_LEN;
	sign(&sp, k, 5);
	for (i = first; i < 8 * sp.len; i++) {
		memset(&h, 0, sizeof(h));
		sp.b[i / 8] ^= 1 << i % 8;
		ATF_CHECK_MSG(check(k, &sp, &h) == -1, "type %u, bit %zu",
		    k->type, i);
		sp.b[i / 8] ^= 1 << i % 8;
	}
	memset(&h, 0, sizeof(h));
	ATF_CHECK_EQ(check(k, &sp, &h), 0);
	for (i = 0; i < sp.len; i++)
		ATF_CHECK_MSG(bfd_auth_check(k, sp.b, i, MULT, &h) == -1,
		    "type %u, %zu bytes were enough", k->type, i);
}

ATF_TC_WITHOUT_HEAD(bfd_auth_check_flipped);
ATF_TC_BODY(bfd_auth_check_flipped, tc)
{
	flip(&simple);
	flip(&sha1);
	flip(&meticulous);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, rfc5880_6_7_2);
	ATF_TP_ADD_TC(tp, rfc5880_6_7_4_digest);
	ATF_TP_ADD_TC(tp, rfc5880_6_7_4_window);
	ATF_TP_ADD_TC(tp, rfc5880_6_7_4_meticulous);
	ATF_TP_ADD_TC(tp, bfd_auth_check_forged);
	ATF_TP_ADD_TC(tp, bfd_auth_check_flipped);
	return (atf_no_error());
}
