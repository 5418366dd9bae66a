/*
 * Tests of relayd6/icmp.c: RFC 4443 2.4.
 */
#include <netinet/in.h>

#include <atf-c.h>
#include <string.h>

#include "cksum.h"
#include "icmp.h"

static const struct addr6	us = { 0x20020b0100010000ULL, 1 };
static const struct addr6	host = { 0x2a10000100000000ULL, 0x80 };
static const struct addr6	peer = { 0x20020b0200050000ULL, 1 };

/* Write a packet with n bytes of payload that begins with type. */
static size_t
packet(uint8_t *buf, size_t cap, struct ip6 *h, uint8_t next, uint8_t type,
    size_t n)
{
	struct wr	 w;

	h->tclass = 0;
	h->next = next;
	h->hlim = 60;
	h->len = IP6_HDRLEN + n;
	h->src = host;
	h->dst = peer;
	memset(buf, 0x5a, cap);
	wr_init(&w, buf, cap);
	ip6_write(&w, h);
	wr_u8(&w, type);
	return (h->len);
}

ATF_TC(icmp_error_write);
ATF_TC_HEAD(icmp_error_write, tc)
{
	atf_tc_set_md_var(tc, "descr", "RFC 4443 2.3, 2.4 c, 3.2");
}
ATF_TC_BODY(icmp_error_write, tc)
{
	struct icmp_error	 e = { ICMP_TOOBIG, 0, 0x11223344 };
	uint8_t			 pkt[1600], reply[PKT_REPLY_MAX];
	struct ip6		 h, r;
	enum drop		 why;
	size_t			 n, len, want;

	for (n = 1; n < 1500; n++) {
		len = packet(pkt, sizeof(pkt), &h, IPPROTO_UDP, 0, n);
		want = len + 48 > 1280 ? 1280 : len + 48;
		len = icmp_error_write(reply, &e, &us, pkt, len, &h);
		ATF_REQUIRE_EQ(len, want);
		ATF_REQUIRE_EQ(ip6_parse(reply, len, &r, &why), 0);
		ATF_REQUIRE_EQ(r.len, len);
		ATF_REQUIRE_EQ(r.next, IPPROTO_ICMPV6);
		ATF_REQUIRE(r.src.hi == us.hi && r.dst.hi == host.hi);
		ATF_REQUIRE(r.src.lo == us.lo && r.dst.lo == host.lo);
		ATF_REQUIRE_EQ(memcmp(reply + 44, "\x11\x22\x33\x44", 4), 0);
		ATF_REQUIRE_EQ(memcmp(reply + 48, pkt, len - 48), 0);
		/* With its own checksum in it, the sum comes to zero. */
		ATF_REQUIRE_EQ(cksum_ip6(reply + 8, reply + 24,
		    IPPROTO_ICMPV6, reply + 40, len - 40), 0);
	}
	ATF_CHECK_EQ(icmp_error_write(reply, &e, &us, pkt, 39, &h), 0);
}

ATF_TC(icmp_answerable);
ATF_TC_HEAD(icmp_answerable, tc)
{
	atf_tc_set_md_var(tc, "descr", "RFC 4443 2.4 e: types");
}
ATF_TC_BODY(icmp_answerable, tc)
{
	uint8_t		 pkt[128];
	struct ip6	 h;
	size_t		 len;
	int		 type;

	for (type = 0; type < 256; type++) {
		len = packet(pkt, sizeof(pkt), &h, IPPROTO_ICMPV6, type, 8);
		ATF_CHECK_EQ_MSG(icmp_answerable(pkt, len, &h),
		    type >= 128 && type != 137, "type %d", type);
		len = packet(pkt, sizeof(pkt), &h, IPPROTO_UDP, type, 8);
		ATF_CHECK(icmp_answerable(pkt, len, &h));
	}
	len = packet(pkt, sizeof(pkt), &h, IPPROTO_ICMPV6, 128, 8);
	ATF_CHECK(!icmp_answerable(pkt, IP6_HDRLEN, &h));
}

ATF_TC(icmp_answerable_addresses);
ATF_TC_HEAD(icmp_answerable_addresses, tc)
{
	atf_tc_set_md_var(tc, "descr", "RFC 4443 2.4 e.3, e.5, e.6: addresses");
}
ATF_TC_BODY(icmp_answerable_addresses, tc)
{
	static const struct addr6	 none = { 0, 0 };
	static const struct addr6	 many = { 0xff0e000000000000ULL, 1 };
	static const struct addr6	 link = { 0xfe80000000000000ULL, 1 };
	static const struct addr6	 local = { 0xfebf000000000000ULL, 1 };
	uint8_t				 pkt[128];
	struct ip6			 h;
	size_t				 len;

	len = packet(pkt, sizeof(pkt), &h, IPPROTO_UDP, 0, 8);
	ATF_CHECK(icmp_answerable(pkt, len, &h));
	h.src = none;
	ATF_CHECK(!icmp_answerable(pkt, len, &h));
	h.src = many;
	ATF_CHECK(!icmp_answerable(pkt, len, &h));
	h.src = link;
	ATF_CHECK(!icmp_answerable(pkt, len, &h));
	h.src = local;
	ATF_CHECK(!icmp_answerable(pkt, len, &h));
	h.src = host;
	h.dst = many;
	ATF_CHECK(!icmp_answerable(pkt, len, &h));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, icmp_error_write);
	ATF_TP_ADD_TC(tp, icmp_answerable);
	ATF_TP_ADD_TC(tp, icmp_answerable_addresses);
	return (atf_no_error());
}
