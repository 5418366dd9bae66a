/*
 * Tests of OSPFv3 packets and LSA headers, routed6/ospf_wire.c.
 */
#include <atf-c.h>
#include <string.h>

#include "ospf_wire.h"

static const struct in6_addr	src = { .s6_addr = { 0xfe, 0x80, [15] = 1 } };
static const struct in6_addr	dst = { .s6_addr = { 0xff, 2, [15] = 5 } };

static const struct ospf_header	sample = {
	.type = OSPF_HELLO, .router = 0x0a000001, .area = 0x01020304,
	.instance = 7
};

static const struct ospf_hello	hello = {
	.ifid = 5, .priority = 1, .options = OSPF_O_V6 | OSPF_O_E | OSPF_O_R,
	.hello = 10, .dead = 40, .dr = 0x0a000002, .bdr = 0x0a000003
};

/* A Hello with one neighbor in it; its length. */
static size_t
hello_make(uint8_t *buf, size_t room)
{
	struct wr	 w;

	wr_init(&w, buf, room);
	ospf_header_build(&w, &sample);
	ospf_hello_build(&w, &hello);
	wr_u32(&w, 0x0a000004);
	ATF_REQUIRE_EQ(ospf_packet_end(&w, &src, &dst, 1), 0);
	return (w.len);
}

ATF_TC_WITHOUT_HEAD(ospf_header_parse);
ATF_TC_BODY(ospf_header_parse, tc)
{
	struct ospf_header	 h;
	struct ospf_hello	 g;
	struct rd		 r;
	uint8_t			 b[64];
	size_t			 len;

	len = hello_make(b, sizeof(b));
	ATF_CHECK_EQ(len, 16 + 20 + 4);
	rd_init(&r, b, len);
	ATF_REQUIRE_EQ(ospf_header_parse(&r, &h), 0);
	ATF_CHECK_EQ(h.type, OSPF_HELLO);
	ATF_CHECK_EQ(h.len, len);
	ATF_CHECK_EQ(h.router, 0x0a000001);
	ATF_CHECK_EQ(h.area, 0x01020304);
	ATF_CHECK_EQ(h.instance, 7);
	ATF_REQUIRE_EQ(ospf_hello_parse(&r, &g), 0);
	ATF_CHECK_EQ(g.ifid, 5);
	ATF_CHECK_EQ(g.priority, 1);
	ATF_CHECK_EQ(g.options, hello.options);
	ATF_CHECK_EQ(g.hello, 10);
	ATF_CHECK_EQ(g.dead, 40);
	ATF_CHECK_EQ(g.dr, 0x0a000002);
	ATF_CHECK_EQ(g.bdr, 0x0a000003);
	ATF_CHECK_EQ(rd_u32(&r), 0x0a000004);
	ATF_CHECK_EQ(rd_end(&r), 0);
}

/* RFC 5340 A.3.1: what can be wrong with it. */
ATF_TC_WITHOUT_HEAD(ospf_header_parse_bad);
ATF_TC_BODY(ospf_header_parse_bad, tc)
{
	static const struct {
		size_t	 at;
		uint8_t	 byte;
	}			 bad[] = {
		{ 0, 2 },	/* OSPFv2 */
		{ 1, 0 }, { 1, 6 },	/* no such type */
		{ 3, 15 },	/* shorter than its header */
		{ 3, 41 },	/* longer than the packet */
		{ 2, 1 }
	};
	struct ospf_header	 h;
	struct rd		 r;
	uint8_t			 b[64];
	size_t			 i, len;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		len = hello_make(b, sizeof(b));
		b[bad[i].at] = bad[i].byte;
		rd_init(&r, b, len);
		ATF_CHECK_EQ_MSG(ospf_header_parse(&r, &h), -1, "case %zu",
		    i);
	}
	for (len = 0; len < 40; len++) {
		hello_make(b, sizeof(b));
		rd_init(&r, b, len);
		ATF_CHECK_EQ(ospf_header_parse(&r, &h), -1);
	}
}

/* Every bit of the packet and of both addresses is covered. */
ATF_TC_WITHOUT_HEAD(ospf_packet_cksum);
ATF_TC_BODY(ospf_packet_cksum, tc)
{
	struct in6_addr	 other = dst;
	uint8_t		 b[64];
	size_t		 i, len;

	len = hello_make(b, sizeof(b));
	ATF_CHECK(ospf_packet_cksum(b, len, &src, &dst));
	for (i = 0; i < len * 8; i++) {
		b[i / 8] ^= 1 << i % 8;
		ATF_CHECK(!ospf_packet_cksum(b, len, &src, &dst));
		b[i / 8] ^= 1 << i % 8;
	}
	other.s6_addr[15] = 6;
	ATF_CHECK(!ospf_packet_cksum(b, len, &src, &other));
}

ATF_TC_WITHOUT_HEAD(ospf_hello_parse_truncated);
ATF_TC_BODY(ospf_hello_parse_truncated, tc)
{
	struct ospf_hello	 g;
	struct rd		 r;
	uint8_t			 b[64];
	size_t			 len;

	hello_make(b, sizeof(b));
	for (len = 0; len <= 24; len++) {
		rd_init(&r, b + 16, len);
		ATF_CHECK_EQ_MSG(ospf_hello_parse(&r, &g),
		    len == 20 || len == 24 ? 0 : -1, "%zu bytes", len);
	}
}

ATF_TC_WITHOUT_HEAD(ospf_dd_parse);
ATF_TC_BODY(ospf_dd_parse, tc)
{
	struct ospf_dd	 dd = { OSPF_O_V6 | OSPF_O_AT, 1500,
			    OSPF_DD_I | OSPF_DD_MS, 0xdeadbeef };
	struct ospf_dd	 g;
	struct wr	 w;
	struct rd	 r;
	uint8_t		 b[64];
	size_t		 len;

	memset(b, 0, sizeof(b));
	wr_init(&w, b, sizeof(b));
	ospf_dd_build(&w, &dd);
	ATF_CHECK_EQ(wr_end(&w), OSPF_DD_LEN);
	for (len = 0; len <= OSPF_DD_LEN + OSPF_LSA_LEN; len++) {
		rd_init(&r, b, len);
		ATF_CHECK_EQ_MSG(ospf_dd_parse(&r, &g),
		    len == 12 || len == 32 ? 0 : -1, "%zu bytes", len);
	}
	ATF_CHECK_EQ(g.options, dd.options);
	ATF_CHECK_EQ(g.mtu, 1500);
	ATF_CHECK_EQ(g.flags, dd.flags);
	ATF_CHECK_EQ(g.seq, 0xdeadbeef);
}

ATF_TC_WITHOUT_HEAD(ospf_request_parse);
ATF_TC_BODY(ospf_request_parse, tc)
{
	struct ospf_key	 k = { OSPF_LSA_LINK, 3, 4 }, g;
	struct wr	 w;
	struct rd	 r;
	uint8_t		 b[OSPF_LSR_LEN];
	size_t		 len;

	wr_init(&w, b, sizeof(b));
	ospf_request_build(&w, &k);
	ATF_CHECK_EQ(wr_end(&w), OSPF_LSR_LEN);
	for (len = 0; len < OSPF_LSR_LEN; len++) {
		rd_init(&r, b, len);
		ATF_CHECK_EQ(ospf_request_parse(&r, &g), -1);
	}
	rd_init(&r, b, len);
	ATF_CHECK_EQ(ospf_request_parse(&r, &g), 0);
	ATF_CHECK(g.type == k.type && g.id == k.id && g.adv == k.adv);
}

/* An LSA that BIRD 2.0.12 originated. */
static const uint8_t	lsa[] = {
	0x00, 0x05, 0x00, 0x08, 0x00, 0x00, 0x00, 0x02, 0x0a, 0x00, 0x00, 0x01,
	0x80, 0x00, 0x00, 0x01, 0xf9, 0x1c, 0x00, 0x38, 0x01, 0x00, 0x01, 0x13,
	0xfe, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x40, 0x00, 0x00, 0x00,
	0x2a, 0x10, 0x00, 0x01, 0x00, 0x09, 0x00, 0x00
};

ATF_TC_WITHOUT_HEAD(ospf_lsa_next);
ATF_TC_BODY(ospf_lsa_next, tc)
{
	struct ospf_lsa_header	 h;
	struct rd		 r;
	uint8_t			 b[sizeof(lsa)];
	size_t			 len;

	rd_init(&r, lsa, sizeof(lsa));
	ATF_CHECK_EQ(ospf_lsa_next(&r, &h), lsa);
	ATF_CHECK_EQ(r.left, 0);
	ATF_CHECK_EQ(h.age, 5);
	ATF_CHECK_EQ(h.key.type, OSPF_LSA_LINK);
	ATF_CHECK_EQ(h.key.id, 2);
	ATF_CHECK_EQ(h.key.adv, 0x0a000001);
	ATF_CHECK_EQ(h.seq, OSPF_SEQ_FIRST);
	ATF_CHECK_EQ(h.cksum, 0xf91c);
	ATF_CHECK_EQ(h.len, sizeof(lsa));
	for (len = 0; len < sizeof(lsa); len++) {
		rd_init(&r, lsa, len);
		ATF_CHECK(ospf_lsa_next(&r, &h) == NULL);
		ATF_CHECK(r.bad);
	}
	/* A length that is shorter than the header. */
	memcpy(b, lsa, sizeof(b));
	b[19] = 19;
	rd_init(&r, b, sizeof(b));
	ATF_CHECK(ospf_lsa_next(&r, &h) == NULL);
	/* An age beyond MaxAge is MaxAge; RFC 2328 has no more. */
	memcpy(b, lsa, sizeof(b));
	b[0] = 0xff;
	rd_init(&r, b, sizeof(b));
	ATF_CHECK(ospf_lsa_next(&r, &h) != NULL);
	ATF_CHECK_EQ(h.age, OSPF_MAXAGE);
}

/* The sums of RFC 905 B over all but the age must be zero. */
static int
fletcher_is_zero(const uint8_t *p, size_t len)
{
	unsigned int	 c0 = 0, c1 = 0;
	size_t		 i;

	for (i = 2; i < len; i++) {
		c0 = (c0 + p[i]) % 255;
		c1 = (c1 + c0) % 255;
	}
	return (c0 == 0 && c1 == 0);
}

ATF_TC_WITHOUT_HEAD(ospf_lsa_cksum);
ATF_TC_BODY(ospf_lsa_cksum, tc)
{
	static uint8_t	 b[OSPF_LSA_MAX];
	uint16_t	 sum;
	size_t		 len, i;

	ATF_CHECK_EQ(ospf_lsa_cksum(lsa, sizeof(lsa)), 0xf91c);
	memcpy(b, lsa, sizeof(lsa));
	for (i = 16; i < sizeof(lsa) * 8; i++) {
		b[i / 8] ^= 1 << i % 8;
		if (i / 8 != 16 && i / 8 != 17)
			ATF_CHECK(ospf_lsa_cksum(b, sizeof(lsa)) != 0xf91c);
		b[i / 8] ^= 1 << i % 8;
	}
	/* Any length up to the largest, and the bytes with the largest sum. */
	for (len = OSPF_LSA_LEN; len < sizeof(b); len += len / 7 + 1) {
		memset(b, 0xff, len);
		for (i = 0; i < len; i += 5)
			b[i] = i * 7 + len;
		sum = ospf_lsa_cksum(b, len);
		b[16] = sum >> 8;
		b[17] = sum & 0xff;
		ATF_CHECK_MSG(fletcher_is_zero(b, len), "%zu bytes", len);
	}
	ATF_CHECK_EQ(ospf_lsa_cksum(b, OSPF_LSA_LEN - 1), 0);
}

ATF_TC_WITHOUT_HEAD(ospf_names);
ATF_TC_BODY(ospf_names, tc)
{
	ATF_CHECK_STREQ(ospf_type_name(OSPF_ACK), "LSAck");
	ATF_CHECK_STREQ(ospf_type_name(0), "?");
	ATF_CHECK_STREQ(ospf_type_name(OSPF_NTYPES), "?");
	ATF_CHECK_STREQ(ospf_lsa_name(OSPF_LSA_NSSA), "nssa");
	ATF_CHECK_STREQ(ospf_lsa_name(0xffff), "unknown");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, ospf_header_parse);
	ATF_TP_ADD_TC(tp, ospf_header_parse_bad);
	ATF_TP_ADD_TC(tp, ospf_packet_cksum);
	ATF_TP_ADD_TC(tp, ospf_hello_parse_truncated);
	ATF_TP_ADD_TC(tp, ospf_dd_parse);
	ATF_TP_ADD_TC(tp, ospf_request_parse);
	ATF_TP_ADD_TC(tp, ospf_lsa_next);
	ATF_TP_ADD_TC(tp, ospf_lsa_cksum);
	ATF_TP_ADD_TC(tp, ospf_names);
	return (atf_no_error());
}
