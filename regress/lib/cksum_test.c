/*
 * Tests of the Internet checksum, lib/cksum.c: the example of RFC 1071, a
 * packet with a known answer, and a slower way of counting as a second opinion.
 */
#include <atf-c.h>
#include <stdint.h>
#include <string.h>

#include "cksum.h"

/* RFC 1071 3 */
static const uint8_t	example[] = {
	0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7
};

/* The plainest form of RFC 1071: add 16-bit words, carry at the end. */
static uint16_t
plain(const uint8_t *p, size_t len)
{
	uint64_t	 sum = 0;
	size_t		 i;

	for (i = 0; i < len; i++)
		sum += i % 2 == 0 ? (uint64_t)p[i] << 8 : p[i];
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return (~sum & 0xffff);
}

/* The same bytes in every run, none of them special. */
static void
fill(uint8_t *p, size_t len)
{
	uint32_t	 x = 1;
	size_t		 i;

	for (i = 0; i < len; i++) {
		x = x * 1103515245 + 12345;
		p[i] = x >> 16;
	}
}

ATF_TC_WITHOUT_HEAD(cksum_fold_rfc1071);
ATF_TC_BODY(cksum_fold_rfc1071, tc)
{
	ATF_CHECK_EQ(cksum_fold(cksum_add(0, example, sizeof(example))),
	    0x220d);
	ATF_CHECK_EQ(cksum_fold(0), 0xffff);
	ATF_CHECK_EQ(cksum_fold(0xffff), 0);
	ATF_CHECK_EQ(cksum_fold(0xffffffff), 0);
	ATF_CHECK_EQ(cksum_fold(0x1ffff), 0xfffe);
}

ATF_TC_WITHOUT_HEAD(cksum_add_lengths);
ATF_TC_BODY(cksum_add_lengths, tc)
{
	uint8_t	 buf[2048];
	size_t	 len;

	fill(buf, sizeof(buf));
	for (len = 0; len <= sizeof(buf); len++)
		ATF_CHECK_EQ_MSG(cksum_fold(cksum_add(0, buf, len)),
		    plain(buf, len), "%zu bytes", len);
}

ATF_TC_WITHOUT_HEAD(cksum_add_pieces);
ATF_TC_BODY(cksum_add_pieces, tc)
{
	uint8_t		 buf[301];
	uint32_t	 sum;
	size_t		 at;

	fill(buf, sizeof(buf));
	for (at = 0; at <= sizeof(buf); at += 2) {
		sum = cksum_add(0, buf, at);
		sum = cksum_add(sum, buf + at, sizeof(buf) - at);
		ATF_CHECK_EQ(cksum_fold(sum), plain(buf, sizeof(buf)));
	}
}

ATF_TC_WITHOUT_HEAD(cksum_add_carries);
ATF_TC_BODY(cksum_add_carries, tc)
{
	static uint8_t	 ones[200000];
	uint32_t	 sum = 0;
	int		 i;

	memset(ones, 0xff, sizeof(ones));
	for (i = 0; i < 10; i++)
		sum = cksum_add(sum, ones, sizeof(ones));
	ATF_CHECK_EQ(cksum_fold(sum), 0);
	sum = cksum_add(sum, ones, 1);
	ATF_CHECK_EQ(cksum_fold(sum), 0x00ff);
}

/* An echo request (RFC 4443 4.1) from 2001:db8::1 to 2001:db8::2. */
ATF_TC_WITHOUT_HEAD(cksum_ip6_rfc8200);
ATF_TC_BODY(cksum_ip6_rfc8200, tc)
{
	uint8_t	 src[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };
	uint8_t	 dst[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 2 };
	uint8_t	 echo[8] = { 128, 0, 0, 0, 0x12, 0x34, 0x00, 0x01 };
	uint8_t	 pseudo[48];

	/* The pseudo-header of RFC 8200 8.1, written out, and the payload. */
	memset(pseudo, 0, sizeof(pseudo));
	memcpy(pseudo, src, 16);
	memcpy(pseudo + 16, dst, 16);
	pseudo[35] = sizeof(echo);
	pseudo[39] = 58;
	memcpy(pseudo + 40, echo, sizeof(echo));
	ATF_CHECK_EQ(plain(pseudo, sizeof(pseudo)), 0x1213);
	ATF_CHECK_EQ(cksum_ip6(src, dst, 58, echo, sizeof(echo)), 0x1213);

	/* With the checksum in its place the sum is all ones. */
	echo[2] = 0x12;
	echo[3] = 0x13;
	ATF_CHECK_EQ(cksum_ip6(src, dst, 58, echo, sizeof(echo)), 0);
	echo[7] ^= 0x80;
	ATF_CHECK(cksum_ip6(src, dst, 58, echo, sizeof(echo)) != 0);
}

/* The length of a jumbogram has bits above the sixteenth. */
ATF_TC_WITHOUT_HEAD(cksum_ip6_long);
ATF_TC_BODY(cksum_ip6_long, tc)
{
	static uint8_t	 whole[40 + 70001];
	const size_t	 len = sizeof(whole) - 40;

	fill(whole, sizeof(whole));
	memset(whole + 32, 0, 8);
	whole[33] = len >> 16;
	whole[34] = len >> 8 & 0xff;
	whole[35] = len & 0xff;
	whole[39] = 17;
	ATF_CHECK_EQ(cksum_ip6(whole, whole + 16, 17, whole + 40, len),
	    plain(whole, sizeof(whole)));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, cksum_fold_rfc1071);
	ATF_TP_ADD_TC(tp, cksum_add_lengths);
	ATF_TP_ADD_TC(tp, cksum_add_pieces);
	ATF_TP_ADD_TC(tp, cksum_add_carries);
	ATF_TP_ADD_TC(tp, cksum_ip6_rfc8200);
	ATF_TP_ADD_TC(tp, cksum_ip6_long);
	return (atf_no_error());
}
