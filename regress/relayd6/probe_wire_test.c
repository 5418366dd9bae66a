/*
 * Tests of relayd6/probe_wire.c and of relayd6/probe_teredo.c.
 */
#include <atf-c.h>
#include <string.h>

#include "cksum.h"
#include "probe_teredo.h"
#include "probe_wire.h"

static const struct addr6	us = { 0x20020b0109020000, 0x1122334455667788 };
static const struct addr6	them = { 0x2a10000100010000, 2 };
static const struct probe_mark	mark = { 0x0102, 0x0304, 0x05060708090a0b0c };

/* RFC 4443 4.1. */
ATF_TC_WITHOUT_HEAD(probe_echo_write);
ATF_TC_BODY(probe_echo_write, tc)
{
	static const uint8_t	 expect[PROBE_ECHO_LEN] = {
		128, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
	};
	uint8_t			 buf[PROBE_ECHO_LEN];

	probe_echo_write(buf, &mark);
	ATF_CHECK_EQ(memcmp(buf, expect, sizeof(buf)), 0);
}

ATF_TC_WITHOUT_HEAD(probe_packet_write);
ATF_TC_BODY(probe_packet_write, tc)
{
	uint8_t		 buf[PROBE_PACKET_LEN];
	enum drop	 why;
	struct ip6	 h;

	probe_packet_write(buf, &us, &them, &mark);
	ATF_REQUIRE_EQ(ip6_parse(buf, sizeof(buf), &h, &why), 0);
	ATF_CHECK(addr6_equal(&h.src, &us));
	ATF_CHECK(addr6_equal(&h.dst, &them));
	ATF_CHECK_EQ(h.len, PROBE_PACKET_LEN);
	ATF_CHECK_EQ(h.next, 58);
	ATF_CHECK_EQ(h.hlim, 64);
	ATF_CHECK_EQ(buf[IP6_HDRLEN], 128);
	ATF_CHECK_EQ(cksum_ip6(buf + 8, buf + 24, 58, buf + IP6_HDRLEN,
	    PROBE_ECHO_LEN), 0);
}

/* The reply that a host makes of a request, checksum included. */
static void
reply_make(uint8_t *buf)
{
	struct wr	 w;

	probe_packet_write(buf, &them, &us, &mark);
	buf[IP6_HDRLEN] = 129;
	buf[IP6_HDRLEN + 2] = buf[IP6_HDRLEN + 3] = 0;
	wr_init(&w, buf + IP6_HDRLEN + 2, 2);
	wr_u16(&w, cksum_ip6(buf + 8, buf + 24, 58, buf + IP6_HDRLEN,
	    PROBE_ECHO_LEN));
}

ATF_TC_WITHOUT_HEAD(probe_echo_read);
ATF_TC_BODY(probe_echo_read, tc)
{
	struct probe_mark	 m;
	uint8_t			 buf[PROBE_ECHO_LEN + 1] = { 0 };
	size_t			 i;

	probe_echo_write(buf, &mark);
	ATF_CHECK_EQ(probe_echo_read(buf, PROBE_ECHO_LEN, &m), -1);
	buf[0] = 129;
	ATF_CHECK_EQ(probe_echo_read(buf, PROBE_ECHO_LEN, &m), 0);
	ATF_CHECK(m.id == mark.id && m.seq == mark.seq &&
	    m.cookie == mark.cookie);
	for (i = 0; i < PROBE_ECHO_LEN; i++)
		ATF_CHECK_EQ(probe_echo_read(buf, i, &m), -1);
	ATF_CHECK_EQ(probe_echo_read(buf, PROBE_ECHO_LEN + 1, &m), -1);
	buf[1] = 1;
	ATF_CHECK_EQ(probe_echo_read(buf, PROBE_ECHO_LEN, &m), -1);
}

ATF_TC_WITHOUT_HEAD(probe_packet_read);
ATF_TC_BODY(probe_packet_read, tc)
{
	struct probe_mark	 m;
	uint8_t			 buf[PROBE_PACKET_LEN + 1] = { 0 };
	struct ip6		 h;
	size_t			 i;

	reply_make(buf);
	ATF_REQUIRE_EQ(probe_packet_read(buf, PROBE_PACKET_LEN, &h, &m), 0);
	ATF_CHECK(addr6_equal(&h.src, &them) && addr6_equal(&h.dst, &us));
	ATF_CHECK(m.id == mark.id && m.seq == mark.seq &&
	    m.cookie == mark.cookie);
	for (i = 0; i < PROBE_PACKET_LEN; i++)
		ATF_CHECK_EQ(probe_packet_read(buf, i, &h, &m), -1);
	ATF_CHECK_EQ(probe_packet_read(buf, PROBE_PACKET_LEN + 1, &h, &m),
	    -1);
	/* A request is no reply. */
	probe_packet_write(buf, &them, &us, &mark);
	ATF_CHECK_EQ(probe_packet_read(buf, PROBE_PACKET_LEN, &h, &m), -1);
}

/* What a relay sends to a client. */
static size_t
bubble_make(uint8_t *buf, const struct addr6 *dst, int nonce)
{
	struct teredo_bubble	 b = { .has_nonce = nonce, .nonce = 0x4711 };

	b.src.hi = 0xfe80ULL << 48;
	b.src.lo = 99;
	b.dst = *dst;
	return (teredo_bubble_write(buf, &b));
}

ATF_TC_WITHOUT_HEAD(probe_teredo_read);
ATF_TC_BODY(probe_teredo_read, tc)
{
	struct teredo_packet	 p;
	uint8_t			 buf[PROBE_PACKET_LEN];
	size_t			 len;

	len = bubble_make(buf, &us, 1);
	ATF_CHECK_EQ(probe_teredo_read(&us, buf, len, &p),
	    PROBE_TEREDO_BUBBLE);
	ATF_CHECK_EQ(probe_teredo_read(&them, buf, len, &p),
	    PROBE_TEREDO_NONE);
	ATF_CHECK_EQ(probe_teredo_read(&us, buf, IP6_HDRLEN - 1, &p),
	    PROBE_TEREDO_NONE);
	ATF_CHECK_EQ(probe_teredo_read(&us, buf, 0, &p), PROBE_TEREDO_NONE);
	reply_make(buf);
	ATF_CHECK_EQ(probe_teredo_read(&us, buf, PROBE_PACKET_LEN, &p),
	    PROBE_TEREDO_PACKET);
	ATF_CHECK(p.ip6 == buf && p.h.len == PROBE_PACKET_LEN);
}

/* RFC 6081 5.2.4.2: the nonce comes back, where there was one. */
ATF_TC_WITHOUT_HEAD(probe_teredo_answer);
ATF_TC_BODY(probe_teredo_answer, tc)
{
	struct teredo_packet	 p, q;
	uint8_t			 buf[TEREDO_BUBBLE_MAX], out[TEREDO_BUBBLE_MAX];
	enum drop		 why;
	size_t			 len;
	int			 nonce;

	for (nonce = 0; nonce < 2; nonce++) {
		len = bubble_make(buf, &us, nonce);
		ATF_REQUIRE_EQ(probe_teredo_read(&us, buf, len, &p),
		    PROBE_TEREDO_BUBBLE);
		len = probe_teredo_answer(&us, &p, out);
		ATF_REQUIRE_EQ(teredo_packet_parse(&q, out, len, &why), 0);
		ATF_CHECK(teredo_is_bubble(&q.h));
		ATF_CHECK(addr6_equal(&q.h.src, &us));
		ATF_CHECK(addr6_equal(&q.h.dst, &p.h.src));
		ATF_CHECK_EQ(q.trailers.has_nonce, nonce);
		ATF_CHECK_EQ(q.trailers.nonce, nonce ? 0x4711 : 0);
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, probe_echo_write);
	ATF_TP_ADD_TC(tp, probe_packet_write);
	ATF_TP_ADD_TC(tp, probe_echo_read);
	ATF_TP_ADD_TC(tp, probe_packet_read);
	ATF_TP_ADD_TC(tp, probe_teredo_read);
	ATF_TP_ADD_TC(tp, probe_teredo_answer);
	return (atf_no_error());
}
