/*
 * Tests of the count of prefixes a peer announces, routed6/bgp_heard.c.
 */
#include <atf-c.h>
#include <string.h>

#include "bgp_heard.h"

static const uint8_t	key[SIPHASH_KEYLEN] = "0123456789abcde";

static struct prefix
number(uint32_t n)
{
	struct prefix	 p = { .af = 4, .len = 32 };

	p.b[0] = n >> 24;
	p.b[1] = n >> 16;
	p.b[2] = n >> 8;
	p.b[3] = n;
	return (p);
}

ATF_TC_WITHOUT_HEAD(bgp_heard_add);
ATF_TC_BODY(bgp_heard_add, tc)
{
	struct bgp_heard	 h;
	struct prefix		 p = number(1), q;

	bgp_heard_init(&h, key);
	bgp_heard_del(&h, &p);
	ATF_CHECK_EQ(h.n, 0);
	bgp_heard_add(&h, &p);
	bgp_heard_add(&h, &p);
	ATF_CHECK_EQ(h.n, 1);
	/* Another length, another family: another prefix. */
	q = p;
	q.len = 31;
	bgp_heard_add(&h, &q);
	q = p;
	q.af = 6;
	bgp_heard_add(&h, &q);
	ATF_CHECK_EQ(h.n, 3);
	bgp_heard_del(&h, &p);
	bgp_heard_del(&h, &p);
	ATF_CHECK_EQ(h.n, 2);
	bgp_heard_clear(&h);
	ATF_CHECK_EQ(h.n, 0);
	ATF_CHECK(h.slot == NULL);
}

/* Coming and going in any order, as a plain list would have it. */
ATF_TC_WITHOUT_HEAD(bgp_heard_del);
ATF_TC_BODY(bgp_heard_del, tc)
{
	static uint8_t		 there[500];
	struct bgp_heard	 h;
	struct prefix		 p;
	uint32_t		 r = 1, i, n = 0;

	bgp_heard_init(&h, key);
	for (i = 0; i < 200000; i++) {
		r = r * 1103515245 + 12345;
		p = number((r >> 8) % 500);
		if (r >> 31) {
			bgp_heard_add(&h, &p);
			n += !there[(r >> 8) % 500];
			there[(r >> 8) % 500] = 1;
		} else {
			bgp_heard_del(&h, &p);
			n -= there[(r >> 8) % 500];
			there[(r >> 8) % 500] = 0;
		}
		ATF_REQUIRE_EQ(h.n, n);
	}
	ATF_CHECK(h.size <= 1024);
	bgp_heard_clear(&h);
}

ATF_TC_WITHOUT_HEAD(bgp_heard_many);
ATF_TC_BODY(bgp_heard_many, tc)
{
	struct bgp_heard	 h;
	struct prefix		 p;
	uint32_t		 i;

	bgp_heard_init(&h, key);
	for (i = 0; i < 65536; i++) {
		p = number(i);
		bgp_heard_add(&h, &p);
	}
	ATF_CHECK_EQ(h.n, 65536);
	ATF_CHECK(h.size <= 4 * 65536);
	for (i = 0; i < 65536; i++) {
		p = number(i);
		bgp_heard_del(&h, &p);
	}
	ATF_CHECK_EQ(h.n, 0);
	bgp_heard_clear(&h);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, bgp_heard_add);
	ATF_TP_ADD_TC(tp, bgp_heard_del);
	ATF_TP_ADD_TC(tp, bgp_heard_many);
	return (atf_no_error());
}
