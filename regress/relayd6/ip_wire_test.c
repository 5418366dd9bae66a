/*
 * Tests of relayd6/ip_wire.c: headers, whole, cut short and with lies.
 */
#include <netinet/in.h>

#include <atf-c.h>
#include <stdlib.h>
#include <string.h>

#include "cksum.h"
#include "ip_wire.h"

/* 24 bytes of IPv4 header with an option, 4 of payload. */
static const uint8_t	v4[] = {
	0x46, 0xb9, 0x00, 0x1c, 0x12, 0x34, 0x20, 0x05,
	0x40, 0x29, 0x00, 0x00, 0x0b, 0x02, 0x00, 0x05,
	0x0b, 0x01, 0x00, 0x01, 0x01, 0x01, 0x01, 0x00,
	0xde, 0xad, 0xbe, 0xef,
};

/* 40 bytes of IPv6 header, 4 of payload. */
static const uint8_t	v6[] = {
	0x6b, 0x81, 0x23, 0x45, 0x00, 0x04, 0x3b, 0x40,
	0x20, 0x02, 0x0b, 0x02, 0x00, 0x05, 0x00, 0x01,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x09,
	0x2a, 0x10, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x80,
	0xde, 0xad, 0xbe, 0xef,
};

ATF_TC(ip4_parse);
ATF_TC_HEAD(ip4_parse, tc)
{
	atf_tc_set_md_var(tc, "descr", "RFC 791 3.1, whole and cut");
}
ATF_TC_BODY(ip4_parse, tc)
{
	enum drop	 why;
	struct ip4	 h;
	struct rd	 r;
	size_t		 n;

	rd_init(&r, v4, sizeof(v4));
	ATF_REQUIRE_EQ(ip4_parse(&r, &h, &why), 0);
	ATF_CHECK_EQ(h.tos, 0xb9);
	ATF_CHECK_EQ(h.proto, 41);
	ATF_CHECK_EQ(h.frag, IP4_MF | 5);
	ATF_CHECK_EQ(h.len, sizeof(v4));
	ATF_CHECK_EQ(h.src, 0x0b020005);
	ATF_CHECK_EQ(h.dst, 0x0b010001);
	ATF_CHECK_EQ(rd_u32(&r), 0xdeadbeef);
	ATF_CHECK_EQ(rd_end(&r), 0);
	for (n = 0; n < sizeof(v4); n++) {
		rd_init(&r, v4, n);
		ATF_CHECK_EQ(ip4_parse(&r, &h, &why), -1);
		ATF_CHECK_EQ(why, DROP_SHORT);
		/* A quotation may lack payload, not header. */
		rd_init(&r, v4, n);
		ATF_CHECK_EQ(ip4_header_parse(&r, &h, &why), n < 24 ? -1 : 0);
	}
}

ATF_TC(ip6_parse);
ATF_TC_HEAD(ip6_parse, tc)
{
	atf_tc_set_md_var(tc, "descr", "RFC 8200 3, whole and cut");
}
ATF_TC_BODY(ip6_parse, tc)
{
	enum drop	 why;
	struct ip6	 h;
	struct rd	 r;
	size_t		 n;

	ATF_REQUIRE_EQ(ip6_parse(v6, sizeof(v6), &h, &why), 0);
	ATF_CHECK_EQ(h.tclass, 0xb8);
	ATF_CHECK_EQ(h.next, 59);
	ATF_CHECK_EQ(h.hlim, 64);
	ATF_CHECK_EQ(h.len, 44);
	ATF_CHECK(h.src.hi == 0x20020b0200050001ULL && h.src.lo == 9);
	ATF_CHECK(h.dst.hi == 0x2a10000100000000ULL && h.dst.lo == 0x80);
	ATF_CHECK(addr6_is_6to4(&h.src) && !addr6_is_6to4(&h.dst));
	ATF_CHECK_EQ(addr6_6to4(&h.src), 0x0b020005);
	for (n = 0; n < sizeof(v6); n++) {
		ATF_CHECK_EQ(ip6_parse(v6, n, &h, &why), -1);
		ATF_CHECK_EQ(why, DROP_SHORT);
		rd_init(&r, v6, n);
		ATF_CHECK_EQ(ip6_header_parse(&r, &h, &why), n < 40 ? -1 : 0);
	}
}

ATF_TC(ip6_write);
ATF_TC_HEAD(ip6_write, tc)
{
	atf_tc_set_md_var(tc, "descr", "what is written reads back");
}
ATF_TC_BODY(ip6_write, tc)
{
	uint8_t		 buf[44] = { 0 };
	enum drop	 why;
	struct ip6	 h;
	struct wr	 w;

	ATF_REQUIRE_EQ(ip6_parse(v6, sizeof(v6), &h, &why), 0);
	wr_init(&w, buf, sizeof(buf));
	ip6_write(&w, &h);
	ATF_CHECK_EQ(wr_end(&w), IP6_HDRLEN);
	/* The flow label is not ours to invent: it is zero. */
	ATF_CHECK_EQ(memcmp(buf, "\x6b\x80\x00\x00", 4), 0);
	ATF_CHECK_EQ(memcmp(buf + 4, v6 + 4, 36), 0);
}

ATF_TC(ip6_ecn_set);
ATF_TC_HEAD(ip6_ecn_set, tc)
{
	atf_tc_set_md_var(tc, "descr", "RFC 3168 5: two bits, nothing else");
}
ATF_TC_BODY(ip6_ecn_set, tc)
{
	uint8_t		 buf[sizeof(v6)];
	enum drop	 why;
	struct ip6	 h;
	int		 i;

	memcpy(buf, v6, sizeof(buf));
	for (i = 0; i < 4; i++) {
		ip6_ecn_set(buf, i);
		ATF_REQUIRE_EQ(ip6_parse(buf, sizeof(buf), &h, &why), 0);
		ATF_CHECK_EQ(h.tclass, 0xb8 | i);
	}
	ip6_ecn_set(buf, 0);
	ATF_CHECK_EQ(memcmp(buf, v6, sizeof(buf)), 0);
}

/* Walk a header chain given as bytes after the IPv6 header. */
static int
walk(uint8_t next, const uint8_t *chain, size_t len, struct ip6_upper *u)
{
	struct ip6	 h = { .next = next };
	uint8_t		*buf;
	int		 r;

	if ((buf = malloc(IP6_HDRLEN + len)) == NULL)
		abort();
	memset(buf, 0, IP6_HDRLEN);
	memcpy(buf + IP6_HDRLEN, chain, len);
	r = ip6_upper_find(buf, IP6_HDRLEN + len, &h, u);
	free(buf);
	return (r);
}

ATF_TC(ip6_upper_find);
ATF_TC_HEAD(ip6_upper_find, tc)
{
	atf_tc_set_md_var(tc, "descr", "RFC 8200 4: through the headers, cut");
}
ATF_TC_BODY(ip6_upper_find, tc)
{
	static const uint8_t	 chain[] = {
		60, 0, 1, 4, 0, 0, 0, 0,		/* hop by hop */
		43, 1, 1, 4, 0, 0, 0, 0,		/* destination */
		0, 0, 0, 0, 0, 0, 0, 0,
		44, 0, 0, 0, 0, 0, 0, 0,		/* routing */
		51, 0, 0, 1, 0, 0, 0, 1,		/* fragment */
		58, 1, 0, 0, 0, 0, 0, 1,		/* authentication */
		0, 0, 0, 2,
		3, 0, 0, 0,				/* ICMPv6 */
	};
	struct ip6_upper	 u;
	size_t			 n;

	ATF_REQUIRE_EQ(walk(0, chain, sizeof(chain), &u), 0);
	ATF_CHECK_EQ(u.proto, IPPROTO_ICMPV6);
	ATF_CHECK_EQ(u.type, 3);
	ATF_CHECK_EQ(u.piece, 0);
	for (n = 0; n < sizeof(chain) - 3; n++)
		ATF_CHECK_EQ_MSG(walk(0, chain, n, &u), -1, "%zu", n);
}

ATF_TC(ip6_upper_piece);
ATF_TC_HEAD(ip6_upper_piece, tc)
{
	atf_tc_set_md_var(tc, "descr", "RFC 8200 4.5: a later fragment");
}
ATF_TC_BODY(ip6_upper_piece, tc)
{
	static const uint8_t	 later[] = { 58, 0, 0, 8, 0, 0, 0, 1, 3 };
	static const uint8_t	 last[] = { 58, 0, 0x80, 0, 0, 0, 0, 1, 3 };
	static const uint8_t	 first[] = { 58, 0, 0, 7, 0, 0, 0, 1, 3 };
	struct ip6_upper	 u;

	ATF_REQUIRE_EQ(walk(44, later, sizeof(later), &u), 0);
	ATF_CHECK_EQ(u.piece, 1);
	ATF_REQUIRE_EQ(walk(44, last, sizeof(last), &u), 0);
	ATF_CHECK_EQ(u.piece, 1);
	ATF_REQUIRE_EQ(walk(44, first, sizeof(first), &u), 0);
	ATF_CHECK_EQ(u.piece, 0);
	ATF_CHECK_EQ(u.type, 3);
}

/* An ICMPv4 error of len bytes with the given RFC 4884 length. */
static int
icmp4_read(size_t len, uint8_t words, struct icmp4 *m, enum drop *why)
{
	static uint8_t	 buf[256];
	struct wr	 w;
	struct rd	 r;

	memset(buf, 0x11, sizeof(buf));
	wr_init(&w, buf, sizeof(buf));
	wr_u8(&w, 3);
	wr_u8(&w, 4);
	wr_u16(&w, 0);
	wr_u8(&w, 0);
	wr_u8(&w, words);
	wr_u16(&w, 1400);
	wr_patch16(&w, 2, cksum_fold(cksum_add(0, buf, len)));
	rd_init(&r, buf, len);
	return (icmp4_parse(&r, m, why));
}

ATF_TC(icmp4_parse);
ATF_TC_HEAD(icmp4_parse, tc)
{
	atf_tc_set_md_var(tc, "descr", "RFC 792, RFC 1191 4, RFC 4884 3");
}
ATF_TC_BODY(icmp4_parse, tc)
{
	struct icmp4	 m;
	enum drop	 why;
	size_t		 n;

	ATF_REQUIRE_EQ(icmp4_read(200, 0, &m, &why), 0);
	ATF_CHECK_EQ(m.type, 3);
	ATF_CHECK_EQ(m.code, 4);
	ATF_CHECK_EQ(m.mtu, 1400);
	ATF_CHECK_EQ(m.quote.left, 192);
	ATF_REQUIRE_EQ(icmp4_read(200, 32, &m, &why), 0);
	ATF_CHECK_EQ(m.quote.left, 128);
	ATF_CHECK_EQ(icmp4_read(135, 32, &m, &why), -1);
	ATF_CHECK_EQ(why, DROP_SHORT);
	for (n = 0; n < 8; n++) {
		ATF_CHECK_EQ(icmp4_read(n, 0, &m, &why), -1);
		ATF_CHECK_EQ(why, DROP_SHORT);
	}
	ATF_CHECK_EQ(icmp4_read(8, 0, &m, &why), 0);
	ATF_CHECK_EQ(m.quote.left, 0);
	ATF_CHECK_EQ(icmp4_read(9, 0, &m, &why), 0);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, ip4_parse);
	ATF_TP_ADD_TC(tp, ip6_parse);
	ATF_TP_ADD_TC(tp, ip6_write);
	ATF_TP_ADD_TC(tp, ip6_ecn_set);
	ATF_TP_ADD_TC(tp, ip6_upper_find);
	ATF_TP_ADD_TC(tp, ip6_upper_piece);
	ATF_TP_ADD_TC(tp, icmp4_parse);
	return (atf_no_error());
}
