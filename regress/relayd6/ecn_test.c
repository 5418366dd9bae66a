/*
 * Tests of relayd6/ecn.c: the sixteen cells of RFC 6040 figure 4, one by one.
 */
#include <atf-c.h>

#include "ecn.h"

enum { NOT, ECT1, ECT0, CE };

struct cell {
	uint8_t	inner;
	uint8_t	outer;
	int	result;		/* -1: dropped */
};

static const struct cell	cells[] = {
	{ NOT, NOT, NOT },	{ NOT, ECT0, NOT },
	{ NOT, ECT1, NOT },	{ NOT, CE, -1 },
	{ ECT0, NOT, ECT0 },	{ ECT0, ECT0, ECT0 },
	{ ECT0, ECT1, ECT1 },	{ ECT0, CE, CE },
	{ ECT1, NOT, ECT1 },	{ ECT1, ECT0, ECT1 },
	{ ECT1, ECT1, ECT1 },	{ ECT1, CE, CE },
	{ CE, NOT, CE },	{ CE, ECT0, CE },
	{ CE, ECT1, CE },	{ CE, CE, CE },
};

ATF_TC(ecn_decap);
ATF_TC_HEAD(ecn_decap, tc)
{
	atf_tc_set_md_var(tc, "descr", "RFC 6040 4.2, figure 4");
}
ATF_TC_BODY(ecn_decap, tc)
{
	uint8_t	 result;
	size_t	 i;
	int	 r;

	for (i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		/* The service code around the field must not matter. */
		r = ecn_decap(0xb8 | cells[i].inner, 0x48 | cells[i].outer,
		    &result);
		ATF_CHECK_EQ_MSG(r == -1 ? -1 : result, cells[i].result,
		    "inner %d, outer %d", cells[i].inner, cells[i].outer);
	}
}

ATF_TC(ecn_encap);
ATF_TC_HEAD(ecn_encap, tc)
{
	atf_tc_set_md_var(tc, "descr", "RFC 6040 4.1, normal mode");
}
ATF_TC_BODY(ecn_encap, tc)
{
	int	 i;

	for (i = 0; i < 4; i++)
		ATF_CHECK_EQ(ecn_encap(0xfc | i), i);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, ecn_decap);
	ATF_TP_ADD_TC(tp, ecn_encap);
	return (atf_no_error());
}
