/*
 * Tests of the read cursor, lib/rd.c.
 */
#include <atf-c.h>
#include <string.h>

#include "rd.h"

ATF_TC(rd_numbers);
ATF_TC_HEAD(rd_numbers, tc)
{
	atf_tc_set_md_var(tc, "descr", "numbers come out in host byte order");
}
ATF_TC_BODY(rd_numbers, tc)
{
	static const uint8_t	 b[] = {
		1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
		11, 12, 13, 14, 15, 16, 17, 18
	};
	struct rd		 r;

	rd_init(&r, b, sizeof(b));
	ATF_CHECK_EQ(rd_u8(&r), 1);
	ATF_CHECK_EQ(rd_u16(&r), 0x0203);
	ATF_CHECK_EQ(rd_u24(&r), 0x040506);
	ATF_CHECK_EQ(rd_u32(&r), 0x0708090a);
	ATF_CHECK_EQ(rd_u64(&r), 0x0b0c0d0e0f101112ULL);
	ATF_CHECK_EQ(rd_end(&r), 0);
}

ATF_TC(rd_past_end);
ATF_TC_HEAD(rd_past_end, tc)
{
	atf_tc_set_md_var(tc, "descr", "a read past the end is sticky");
}
ATF_TC_BODY(rd_past_end, tc)
{
	static const uint8_t	 b[] = { 1, 2, 3 };
	uint8_t			 out[4] = { 9, 9, 9, 9 };
	struct rd		 r;

	rd_init(&r, b, sizeof(b));
	ATF_CHECK_EQ(rd_u32(&r), 0);
	ATF_CHECK(r.bad);
	ATF_CHECK_EQ(rd_u8(&r), 0);
	rd_bytes(&r, out, sizeof(out));
	ATF_CHECK_EQ(memcmp(out, "\0\0\0\0", 4), 0);
	ATF_CHECK_EQ(rd_end(&r), -1);
}

ATF_TC(rd_sub);
ATF_TC_HEAD(rd_sub, tc)
{
	atf_tc_set_md_var(tc, "descr", "a carved cursor ends where it should");
}
ATF_TC_BODY(rd_sub, tc)
{
	static const uint8_t	 b[] = { 1, 2, 3, 4 };
	struct rd		 r, s;

	rd_init(&r, b, sizeof(b));
	s = rd_sub(&r, 2);
	ATF_CHECK_EQ(rd_u16(&s), 0x0102);
	ATF_CHECK_EQ(rd_end(&s), 0);
	ATF_CHECK_EQ(rd_u8(&r), 3);
	ATF_CHECK_EQ(rd_end(&r), -1);

	s = rd_sub(&r, 2);
	ATF_CHECK_EQ(rd_end(&s), -1);
	ATF_CHECK(r.bad);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, rd_numbers);
	ATF_TP_ADD_TC(tp, rd_past_end);
	ATF_TP_ADD_TC(tp, rd_sub);
	return (atf_no_error());
}
