/*
 * Tests of the authentication trailer, routed6/ospf_auth.c.  The digests here
 * were computed by Python's hmac and by openssl, not by the code under test.
 */
#include <atf-c.h>
#include <stdio.h>
#include <string.h>

#include "ospf_auth.h"

#define ID	0x1234
#define SEQ	0x0102030405060708ULL
#define NOW	1800000000

static const struct in6_addr	src = { .s6_addr = { 0xfe, 0x80, [15] = 1 } };

static const uint8_t	hello[] = {
	3, 1, 0, 36, 10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 7, 1, 0, 4, 0x13, 0, 10, 0, 40, 0, 0, 0, 0, 0, 0, 0, 0
};

static const struct {
	uint8_t		 algo;
	int		 is_long;
	size_t		 len;
	const char	*digest;
}	vectors[] = {
	{ OSPF_AUTH_SHA1, 0, 20, "27968d148d0a0122bf4b9b7dc42aec788a80be5f" },
	{ OSPF_AUTH_SHA1, 1, 20, "d390c4a052bc12ed73668a0bdeabed51304b550a" },
	{ OSPF_AUTH_SHA256, 0, 32, "5e8c547dea9709710da57dea84bb4b89"
	    "db0674e9a8d7546e98444b5606ad7754" },
	{ OSPF_AUTH_SHA256, 1, 32, "e72b58486b9877988039004ed900139a"
	    "17ece52e937c4f5ed0457830e238ea7a" },
	{ OSPF_AUTH_SHA384, 0, 48, "20a4b281298ad91b9c2f8f713f277d2b"
	    "7246ec19c6911cfdef0d8ec33b33fdc5"
	    "6252cdc4d6c9c88accbae931bbbf81db" },
	{ OSPF_AUTH_SHA384, 1, 48, "acd504c321096fc21af30be912a2d307"
	    "8a30114292e4874dcef07e4803333df0"
	    "4ca4e739e16a8decc00dc468bee222dd" },
	{ OSPF_AUTH_SHA512, 0, 64, "cd068b5f2e5727a5f759f9ee40f0276c"
	    "50b798ad47349b5f45e7a5a7a76dc63a"
	    "966415bdd4b5ab32a02eaca1d66198dc"
	    "0c1a3a2c2457508f3872dd69fa97960e" },
	{ OSPF_AUTH_SHA512, 1, 64, "8a0822aa2d24cbf9fccdd3121e848104"
	    "f7f68cc9ce0b123954b149ce455a85ab"
	    "bf7617f0914a6b6f6331ac1503dd894e"
	    "8bbe52893d3ca031b8be5da17a7b3739" }
};

/* --- helpers ----------------------------------------------------------- */

static void
key_make(struct ospf_conf_key *k, uint16_t id, uint8_t algo,
    const char *secret)
{
	memset(k, 0, sizeof(*k));
	k->chain = 1;
	k->id = id;
	k->algo = algo;
	k->len = strlen(secret);
	memcpy(k->secret, secret, k->len);
	k->send.until = k->accept.until = INT64_MAX;
}

/* A chain with one key that is always valid. */
static void
keys_make(struct ospf_keys *keys, uint8_t algo)
{
	memset(keys, 0, sizeof(*keys));
	key_make(&keys->key[keys->n++], ID, algo, "correct horse");
}

static struct ospf_ring
ring_at(const struct ospf_keys *keys, int64_t now)
{
	struct ospf_ring	 ring = { keys, 1, now };

	return (ring);
}

static size_t
sign(uint8_t *buf, size_t room, const void *packet, size_t len,
    const struct ospf_conf_key *k, uint64_t seq)
{
	struct wr	 w;

	wr_init(&w, buf, room);
	wr_bytes(&w, packet, len);
	ATF_REQUIRE_EQ(ospf_auth_sign(&w, k, seq, &src), 0);
	return (w.len);
}

static enum ospf_auth_verdict
verify(const struct ospf_keys *keys, const void *buf, size_t len,
    const struct ospf_auth_seen *seen)
{
	struct ospf_auth_mark	 mark;
	struct ospf_ring	 ring = ring_at(keys, NOW);

	return (ospf_auth_verify(&ring, buf, len, &src, seen, &mark));
}

/* --- digests ----------------------------------------------------------- */

ATF_TC_WITHOUT_HEAD(ospf_auth_sign);
ATF_TC_BODY(ospf_auth_sign, tc)
{
	struct ospf_keys	 keys;
	struct ospf_conf_key	*k = &keys.key[0];
	uint8_t			 b[256];
	char			 hex[2 * OSPF_AUTH_DIGEST + 1];
	size_t			 i, j, len;

	for (i = 0; i < nitems(vectors); i++) {
		keys_make(&keys, vectors[i].algo);
		if (vectors[i].is_long)
			for (k->len = 0; k->len < 70; k->len++)
				k->secret[k->len] = k->len + 1;
		len = sign(b, sizeof(b), hello, sizeof(hello), k, SEQ);
		ATF_REQUIRE_EQ(len, sizeof(hello) + OSPF_AUTH_HEADER +
		    vectors[i].len);
		for (j = 0; j < vectors[i].len; j++)
			snprintf(hex + 2 * j, 3, "%02x",
			    b[len - vectors[i].len + j]);
		ATF_CHECK_STREQ(hex, vectors[i].digest);
		ATF_CHECK_EQ(verify(&keys, b, len, NULL), OSPF_AUTH_OK);
	}
}

ATF_TC_WITHOUT_HEAD(rfc7166_4_1_trailer);
ATF_TC_BODY(rfc7166_4_1_trailer, tc)
{
	static const uint8_t	 want[] = { 0, 1, 0, 48, 0, 0, 0x12, 0x34,
				    1, 2, 3, 4, 5, 6, 7, 8 };
	struct ospf_keys	 keys;
	uint8_t			 b[256];

	keys_make(&keys, OSPF_AUTH_SHA256);
	sign(b, sizeof(b), hello, sizeof(hello), &keys.key[0], SEQ);
	ATF_CHECK_EQ(memcmp(b, hello, sizeof(hello)), 0);
	ATF_CHECK_EQ(memcmp(b + sizeof(hello), want, sizeof(want)), 0);
}

ATF_TC_WITHOUT_HEAD(ospf_auth_sign_room);
ATF_TC_BODY(ospf_auth_sign_room, tc)
{
	struct ospf_keys	 keys;
	uint8_t			 b[sizeof(hello) + 48];
	struct wr		 w;
	size_t			 room;

	keys_make(&keys, OSPF_AUTH_SHA256);
	for (room = sizeof(hello); room <= sizeof(b); room++) {
		wr_init(&w, b, room);
		wr_bytes(&w, hello, sizeof(hello));
		ATF_CHECK_EQ(ospf_auth_sign(&w, &keys.key[0], 1, &src),
		    room == sizeof(b) ? 0 : -1);
	}
}

/* --- what is refused --------------------------------------------------- */

ATF_TC_WITHOUT_HEAD(verify_flipped);
ATF_TC_BODY(verify_flipped, tc)
{
	struct ospf_keys	 keys;
	uint8_t			 b[256];
	size_t			 i, len, algo;
	int			 bit;

	for (algo = OSPF_AUTH_SHA1; algo < OSPF_AUTH_NALGOS; algo++) {
		keys_make(&keys, algo);
		len = sign(b, sizeof(b), hello, sizeof(hello), &keys.key[0],
		    SEQ);
		for (i = 0; i < len; i++)
			for (bit = 0; bit < 8; bit++) {
				b[i] ^= 1 << bit;
				ATF_CHECK(verify(&keys, b, len, NULL) !=
				    OSPF_AUTH_OK);
				b[i] ^= 1 << bit;
			}
		ATF_CHECK_EQ(verify(&keys, b, len, NULL), OSPF_AUTH_OK);
	}
}

ATF_TC_WITHOUT_HEAD(verify_truncated);
ATF_TC_BODY(verify_truncated, tc)
{
	struct ospf_keys	 keys;
	uint8_t			 b[256];
	size_t			 i, len;

	keys_make(&keys, OSPF_AUTH_SHA256);
	len = sign(b, sizeof(b) - 1, hello, sizeof(hello), &keys.key[0], SEQ);
	for (i = 0; i < len; i++)
		ATF_CHECK_EQ(verify(&keys, b, i, NULL),
		    i == sizeof(hello) ? OSPF_AUTH_MISSING :
		    OSPF_AUTH_MALFORMED);
	b[len] = 0;
	ATF_CHECK_EQ(verify(&keys, b, len + 1, NULL), OSPF_AUTH_MALFORMED);
}

/* The verdict with one byte of the packet changed before it is signed. */
static enum ospf_auth_verdict
verify_with(size_t at, uint8_t val)
{
	struct ospf_keys	 keys;
	uint8_t			 b[256], p[sizeof(hello)];
	size_t			 len;

	keys_make(&keys, OSPF_AUTH_SHA256);
	memcpy(p, hello, sizeof(p));
	if (at < sizeof(p))
		p[at] = val;
	len = sign(b, sizeof(b), p, sizeof(p), &keys.key[0], SEQ);
	b[at] = val;
	return (verify(&keys, b, len, NULL));
}

ATF_TC_WITHOUT_HEAD(verify_reasons);
ATF_TC_BODY(verify_reasons, tc)
{
	ATF_CHECK_EQ(verify_with(0, 3), OSPF_AUTH_OK);
	/* Version, type and length of the packet. */
	ATF_CHECK_EQ(verify_with(0, 2), OSPF_AUTH_MALFORMED);
	ATF_CHECK_EQ(verify_with(1, 6), OSPF_AUTH_MALFORMED);
	ATF_CHECK_EQ(verify_with(3, 35), OSPF_AUTH_MALFORMED);
	/* RFC 7166 2.1: the AT bit. */
	ATF_CHECK_EQ(verify_with(22, 0), OSPF_AUTH_MISSING);
	/* 4.1: type, length, reserved, SA id, sequence, digest. */
	ATF_CHECK_EQ(verify_with(37, 2), OSPF_AUTH_TYPE);
	ATF_CHECK_EQ(verify_with(39, 47), OSPF_AUTH_MALFORMED);
	ATF_CHECK_EQ(verify_with(39, 15), OSPF_AUTH_MALFORMED);
	ATF_CHECK_EQ(verify_with(41, 1), OSPF_AUTH_WRONG);
	ATF_CHECK_EQ(verify_with(43, 1), OSPF_AUTH_KEY);
	ATF_CHECK_EQ(verify_with(51, 9), OSPF_AUTH_WRONG);
	ATF_CHECK_EQ(verify_with(52, 0), OSPF_AUTH_WRONG);
}

ATF_TC_WITHOUT_HEAD(verify_other);
ATF_TC_BODY(verify_other, tc)
{
	static const struct in6_addr	 other = { .s6_addr = { 0xfe, 0x80,
					    [15] = 2 } };
	struct ospf_auth_mark		 mark;
	struct ospf_keys		 keys;
	struct ospf_ring		 ring;
	uint8_t				 b[256];
	size_t				 len;

	keys_make(&keys, OSPF_AUTH_SHA256);
	len = sign(b, sizeof(b), hello, sizeof(hello), &keys.key[0], SEQ);
	/* Apad: who sends it is signed too. */
	ring = ring_at(&keys, NOW);
	ATF_CHECK_EQ(ospf_auth_verify(&ring, b, len, &other, NULL, &mark),
	    OSPF_AUTH_WRONG);
	ATF_CHECK_EQ(mark.id, ID);
	ATF_CHECK_EQ(mark.seq, SEQ);
	ATF_CHECK_EQ(mark.type, OSPF_HELLO);
	/* A chain that the key is not in. */
	ring.chain = 2;
	ATF_CHECK_EQ(ospf_auth_verify(&ring, b, len, &src, NULL, &mark),
	    OSPF_AUTH_KEY);
	keys.key[0].secret[0] ^= 1;
	ATF_CHECK_EQ(verify(&keys, b, len, NULL), OSPF_AUTH_WRONG);
	keys.key[0].algo = OSPF_AUTH_SHA1;
	ATF_CHECK_EQ(verify(&keys, b, len, NULL), OSPF_AUTH_ALGO);
}

/* --- types and LLS ----------------------------------------------------- */

/* A packet of a type with so many bytes of body, signed. */
static size_t
typed(uint8_t *b, size_t room, const struct ospf_conf_key *k, uint8_t type,
    size_t body, uint64_t seq)
{
	uint8_t	 p[64] = { 3, type, 0, OSPF_HEADER_LEN + body };

	if (type == OSPF_HELLO || type == OSPF_DD)
		p[type == OSPF_HELLO ? 22 : 18] = OSPF_O_AT >> 8;
	return (sign(b, room, p, OSPF_HEADER_LEN + body, k, seq));
}

static const size_t	bodies[OSPF_NTYPES] = {
	[OSPF_HELLO] = OSPF_HELLO_LEN, [OSPF_DD] = OSPF_DD_LEN,
	[OSPF_LSR] = OSPF_LSR_LEN, [OSPF_LSU] = OSPF_LSU_LEN,
	[OSPF_ACK] = OSPF_LSA_LEN
};

ATF_TC_WITHOUT_HEAD(verify_types);
ATF_TC_BODY(verify_types, tc)
{
	struct ospf_keys	 keys;
	uint8_t			 b[256];
	size_t			 len;
	uint8_t			 type;

	keys_make(&keys, OSPF_AUTH_SHA1);
	for (type = OSPF_HELLO; type < OSPF_NTYPES; type++) {
		len = typed(b, sizeof(b), &keys.key[0], type, bodies[type],
		    1);
		ATF_CHECK_EQ(verify(&keys, b, len, NULL), OSPF_AUTH_OK);
		ATF_CHECK_EQ(verify(&keys, b, OSPF_HEADER_LEN + bodies[type],
		    NULL), OSPF_AUTH_MISSING);
	}
}

/* A Hello with an LLS block of so many words that says it has others. */
static enum ospf_auth_verdict
verify_lls(uint16_t words, uint16_t says)
{
	struct ospf_keys	 keys;
	uint8_t			 b[256];
	struct wr		 w;

	keys_make(&keys, OSPF_AUTH_SHA256);
	wr_init(&w, b, sizeof(b));
	wr_bytes(&w, hello, sizeof(hello));
	b[22] |= OSPF_O_L >> 8;
	wr_u16(&w, 0);
	wr_u16(&w, says);
	wr_zero(&w, (words - 1) * 4);
	ATF_REQUIRE_EQ(ospf_auth_sign(&w, &keys.key[0], 1, &src), 0);
	return (verify(&keys, b, w.len, NULL));
}

ATF_TC_WITHOUT_HEAD(rfc7166_4_6_lls);
ATF_TC_BODY(rfc7166_4_6_lls, tc)
{
	ATF_CHECK_EQ(verify_lls(1, 1), OSPF_AUTH_OK);
	ATF_CHECK_EQ(verify_lls(3, 3), OSPF_AUTH_OK);
	ATF_CHECK_EQ(verify_lls(3, 0), OSPF_AUTH_MALFORMED);
	ATF_CHECK_EQ(verify_lls(3, 65535), OSPF_AUTH_MALFORMED);
	ATF_CHECK(verify_lls(3, 2) != OSPF_AUTH_OK);
	/* The block is all there is. */
	ATF_CHECK_EQ(verify_lls(1, 13), OSPF_AUTH_MISSING);
}

/* --- replay ------------------------------------------------------------ */

ATF_TC_WITHOUT_HEAD(rfc7166_4_6_replay);
ATF_TC_BODY(rfc7166_4_6_replay, tc)
{
	static const struct {
		uint64_t	 last, seq;
		int		 ok;
	}	 cases[] = {
		{ 0, 0, 0 }, { 0, 1, 1 }, { 5, 5, 0 }, { 5, 4, 0 },
		{ 5, 6, 1 }, { 0x1ffffffffULL, 0x200000000ULL, 1 },
		{ 0x200000000ULL, 0x1ffffffffULL, 0 },
		{ UINT64_MAX, UINT64_MAX, 0 }, { UINT64_MAX, 0, 0 },
		{ UINT64_MAX - 1, UINT64_MAX, 1 }
	};
	struct ospf_auth_mark	 mark = { OSPF_HELLO, ID, 0 };
	struct ospf_auth_seen	 seen;
	struct ospf_keys	 keys;
	uint8_t			 b[256];
	size_t			 i, len;

	keys_make(&keys, OSPF_AUTH_SHA1);
	for (i = 0; i < nitems(cases); i++) {
		memset(&seen, 0, sizeof(seen));
		len = sign(b, sizeof(b), hello, sizeof(hello), &keys.key[0],
		    cases[i].seq);
		ATF_CHECK_EQ(verify(&keys, b, len, &seen), OSPF_AUTH_OK);
		mark.seq = cases[i].last;
		ospf_auth_note(&seen, &mark);
		ATF_CHECK_EQ(verify(&keys, b, len, &seen),
		    cases[i].ok ? OSPF_AUTH_OK : OSPF_AUTH_REPLAY);
	}
}

/* Each type of packet has a sequence of its own. */
ATF_TC_WITHOUT_HEAD(rfc7166_4_1_order);
ATF_TC_BODY(rfc7166_4_1_order, tc)
{
	struct ospf_auth_mark	 mark = { OSPF_HELLO, ID, 100 };
	struct ospf_auth_seen	 seen;
	struct ospf_keys	 keys;
	uint8_t			 b[256];
	size_t			 len;
	uint8_t			 type;

	keys_make(&keys, OSPF_AUTH_SHA1);
	memset(&seen, 0, sizeof(seen));
	ospf_auth_note(&seen, &mark);
	for (type = OSPF_HELLO; type < OSPF_NTYPES; type++) {
		len = typed(b, sizeof(b), &keys.key[0], type, bodies[type],
		    50);
		ATF_CHECK_EQ(verify(&keys, b, len, &seen),
		    type == OSPF_HELLO ? OSPF_AUTH_REPLAY : OSPF_AUTH_OK);
	}
	ATF_CHECK_EQ(seen.id, ID);
}

/* --- lifetimes --------------------------------------------------------- */

/* Two keys: 1 until 200 (accepted until 250), 2 from 150 (from 100). */
static void
keys_roll(struct ospf_keys *keys)
{
	memset(keys, 0, sizeof(*keys));
	key_make(&keys->key[0], 1, OSPF_AUTH_SHA1, "one");
	key_make(&keys->key[1], 2, OSPF_AUTH_SHA256, "two");
	keys->n = 2;
	keys->key[0].send.until = 200;
	keys->key[0].accept.until = 250;
	keys->key[1].send.from = 150;
	keys->key[1].accept.from = 100;
}

ATF_TC_WITHOUT_HEAD(ospf_auth_send_key);
ATF_TC_BODY(ospf_auth_send_key, tc)
{
	static const struct {
		int64_t	 now;
		int	 id;
	}	 cases[] = { { 0, 1 }, { 149, 1 }, { 150, 2 }, { 199, 2 },
		    { 200, 2 }, { 1000, 2 } };
	struct ospf_keys	 keys;
	struct ospf_ring	 ring;
	size_t			 i;

	keys_roll(&keys);
	for (i = 0; i < nitems(cases); i++) {
		ring = ring_at(&keys, cases[i].now);
		ATF_CHECK_EQ(ospf_auth_send_key(&ring)->id, cases[i].id);
	}
	ring.chain = 2;
	ATF_CHECK_EQ(ospf_auth_send_key(&ring), NULL);
}

ATF_TC_WITHOUT_HEAD(ospf_auth_accept_key);
ATF_TC_BODY(ospf_auth_accept_key, tc)
{
	struct ospf_keys	 keys;
	struct ospf_ring	 ring;
	int64_t			 now;

	keys_roll(&keys);
	for (now = 0; now < 300; now++) {
		ring = ring_at(&keys, now);
		ATF_CHECK_EQ(ospf_auth_accept_key(&ring, 1) != NULL,
		    now < 250);
		ATF_CHECK_EQ(ospf_auth_accept_key(&ring, 2) != NULL,
		    now >= 100);
		ATF_CHECK_EQ(ospf_auth_accept_key(&ring, 3), NULL);
	}
}

/* 3: the last key lives on, and there is never none. */
ATF_TC_WITHOUT_HEAD(rfc7166_3_last_key);
ATF_TC_BODY(rfc7166_3_last_key, tc)
{
	struct ospf_keys	 keys;
	struct ospf_ring	 ring;

	keys_roll(&keys);
	keys.key[1].send.until = keys.key[1].accept.until = 300;
	ring = ring_at(&keys, 1000);
	ATF_CHECK_EQ(ospf_auth_send_key(&ring)->id, 2);
	ATF_CHECK(!ospf_life_is(&keys.key[1].send, ring.now));
	ATF_CHECK(ospf_auth_accept_key(&ring, 2) != NULL);
	ATF_CHECK_EQ(ospf_auth_accept_key(&ring, 1), NULL);
	/* In a gap the one that was, before the beginning the first. */
	keys.key[0].send.from = keys.key[0].accept.from = 50;
	keys.key[0].send.until = keys.key[0].accept.until = 60;
	ring = ring_at(&keys, 70);
	ATF_CHECK_EQ(ospf_auth_send_key(&ring)->id, 1);
	ATF_CHECK(ospf_auth_accept_key(&ring, 1) != NULL);
	ATF_CHECK_EQ(ospf_auth_accept_key(&ring, 2), NULL);
	ring = ring_at(&keys, 10);
	ATF_CHECK_EQ(ospf_auth_send_key(&ring)->id, 1);
}

ATF_TC_WITHOUT_HEAD(ospf_auth_verdict_name);
ATF_TC_BODY(ospf_auth_verdict_name, tc)
{
	int	 v;

	for (v = 0; v < OSPF_AUTH_NVERDICTS; v++)
		ATF_CHECK(ospf_auth_verdict_name(v)[0] != '?');
	ATF_CHECK_STREQ(ospf_auth_verdict_name(OSPF_AUTH_NVERDICTS), "?");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, ospf_auth_sign);
	ATF_TP_ADD_TC(tp, rfc7166_4_1_trailer);
	ATF_TP_ADD_TC(tp, ospf_auth_sign_room);
	ATF_TP_ADD_TC(tp, verify_flipped);
	ATF_TP_ADD_TC(tp, verify_truncated);
	ATF_TP_ADD_TC(tp, verify_reasons);
	ATF_TP_ADD_TC(tp, verify_other);
	ATF_TP_ADD_TC(tp, verify_types);
	ATF_TP_ADD_TC(tp, rfc7166_4_6_lls);
	ATF_TP_ADD_TC(tp, rfc7166_4_6_replay);
	ATF_TP_ADD_TC(tp, rfc7166_4_1_order);
	ATF_TP_ADD_TC(tp, ospf_auth_send_key);
	ATF_TP_ADD_TC(tp, ospf_auth_accept_key);
	ATF_TP_ADD_TC(tp, rfc7166_3_last_key);
	ATF_TP_ADD_TC(tp, ospf_auth_verdict_name);
	return (atf_no_error());
}
