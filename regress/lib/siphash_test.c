/*
 * Tests of lib/siphash.c against the vectors that its authors published: key
 * 00 01 .. 0f, message 00 01 .. n-1.  The expected bytes are written as they
 * come out in memory, least significant first.
 */
#include <atf-c.h>
#include <stdint.h>

#include "siphash.h"

struct vector {
	size_t	len;
	uint8_t	out[8];
};

static const struct vector	vectors[] = {
	{ 0,	{ 0x31, 0x0e, 0x0e, 0xdd, 0x47, 0xdb, 0x6f, 0x72 } },
	{ 1,	{ 0xfd, 0x67, 0xdc, 0x93, 0xc5, 0x39, 0xf8, 0x74 } },
	{ 2,	{ 0x5a, 0x4f, 0xa9, 0xd9, 0x09, 0x80, 0x6c, 0x0d } },
	{ 7,	{ 0x37, 0xd1, 0x01, 0x8b, 0xf5, 0x00, 0x02, 0xab } },
	{ 8,	{ 0x62, 0x24, 0x93, 0x9a, 0x79, 0xf5, 0xf5, 0x93 } },
	{ 15,	{ 0xe5, 0x45, 0xbe, 0x49, 0x61, 0xca, 0x29, 0xa1 } },
	{ 63,	{ 0x72, 0x45, 0x06, 0xeb, 0x4c, 0x32, 0x8a, 0x95 } },
};

ATF_TC(siphash);
ATF_TC_HEAD(siphash, tc)
{
	atf_tc_set_md_var(tc, "descr", "published vectors of SipHash-2-4");
}
ATF_TC_BODY(siphash, tc)
{
	uint8_t		 key[SIPHASH_KEYLEN], msg[64];
	uint64_t	 h;
	size_t		 i, j;

	for (i = 0; i < sizeof(key); i++)
		key[i] = (uint8_t)i;
	for (i = 0; i < sizeof(msg); i++)
		msg[i] = (uint8_t)i;
	for (i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		h = siphash(key, msg, vectors[i].len);
		for (j = 0; j < 8; j++, h >>= 8)
			ATF_CHECK_EQ_MSG(h & 0xff, vectors[i].out[j],
			    "length %zu, byte %zu", vectors[i].len, j);
	}
}

ATF_TC(siphash_key);
ATF_TC_HEAD(siphash_key, tc)
{
	atf_tc_set_md_var(tc, "descr", "every bit of the key matters");
}
ATF_TC_BODY(siphash_key, tc)
{
	uint8_t		 key[SIPHASH_KEYLEN] = { 0 };
	uint64_t	 zero;
	size_t		 i;

	zero = siphash(key, "relay", 5);
	for (i = 0; i < 8 * sizeof(key); i++) {
		key[i / 8] ^= 1 << (i % 8);
		ATF_CHECK(siphash(key, "relay", 5) != zero);
		key[i / 8] ^= 1 << (i % 8);
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, siphash);
	ATF_TP_ADD_TC(tp, siphash_key);
	return (atf_no_error());
}
