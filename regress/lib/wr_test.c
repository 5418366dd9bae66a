/*
 * Tests of the write cursor, lib/wr.c.
 */
#include <atf-c.h>
#include <string.h>

#include "wr.h"

ATF_TC_WITHOUT_HEAD(wr_numbers);
ATF_TC_BODY(wr_numbers, tc)
{
	static const uint8_t	 want[] = {
		1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
		11, 12, 13, 14, 15, 16, 17, 18, 0, 0, 0xaa
	};
	uint8_t			 b[sizeof(want)];
	struct wr		 w;

	wr_init(&w, b, sizeof(b));
	wr_u8(&w, 1);
	wr_u16(&w, 0x0203);
	wr_u24(&w, 0x040506);
	wr_u32(&w, 0x0708090a);
	wr_u64(&w, 0x0b0c0d0e0f101112ULL);
	wr_zero(&w, 2);
	wr_bytes(&w, "\xaa", 1);
	ATF_REQUIRE_EQ(wr_end(&w), (ssize_t)sizeof(want));
	ATF_CHECK_EQ(memcmp(b, want, sizeof(want)), 0);
}

ATF_TC_WITHOUT_HEAD(wr_no_room);
ATF_TC_BODY(wr_no_room, tc)
{
	uint8_t		 b[4] = { 9, 9, 9, 9 };
	struct wr	 w;

	wr_init(&w, b, 3);
	wr_u16(&w, 0x0102);
	wr_u32(&w, 0xffffffff);
	ATF_CHECK_EQ(wr_end(&w), -1);
	ATF_CHECK_EQ_MSG(b[2], 9, "a write that does not fit wrote");
	wr_u8(&w, 1);
	ATF_CHECK_EQ_MSG(b[2], 9, "a bad cursor wrote");
	ATF_CHECK_EQ(b[3], 9);
}

ATF_TC_WITHOUT_HEAD(wr_patch);
ATF_TC_BODY(wr_patch, tc)
{
	uint8_t		 b[4];
	struct wr	 w;

	wr_init(&w, b, sizeof(b));
	wr_zero(&w, 3);
	wr_patch16(&w, 1, 0x1234);
	ATF_REQUIRE_EQ(wr_end(&w), 3);
	ATF_CHECK_EQ(b[1], 0x12);
	ATF_CHECK_EQ(b[2], 0x34);
	wr_patch16(&w, 2, 1);
	ATF_CHECK_EQ_MSG(wr_end(&w), -1, "patched what is not written");

	wr_init(&w, b, sizeof(b));
	wr_zero(&w, 3);
	wr_patch8(&w, 0, 256);
	ATF_CHECK_EQ_MSG(wr_end(&w), -1, "a value too large was cut");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, wr_numbers);
	ATF_TP_ADD_TC(tp, wr_no_room);
	ATF_TP_ADD_TC(tp, wr_patch);
	return (atf_no_error());
}
