/*
 * Tests of relayd6/overload.c.
 */
#include <atf-c.h>
#include <string.h>

#include "overload.h"

static void
sample(struct overload *o, uint64_t drops, int s)
{
	struct relay_counters	 c;
	mono_t			 now = { MONO_S(100) };

	memset(&c, 0, sizeof(c));
	c.drops_out[DROP_NOBUFS] = drops / 2;
	c.drops_in[DROP_NOBUFS] = drops - drops / 2;
	c.drops_in[DROP_SPOOF] = 1000000000ULL * s;
	overload_sample(o, &c, 100, mono_add(now, MONO_S(s)));
}

static int
good(const struct overload *o)
{
	char	 why[LIMIT_REASON];

	return (overload_good(o, why, sizeof(why)));
}

/* What was dropped before we looked counts as little as other drops do. */
ATF_TC_WITHOUT_HEAD(overload_sample);
ATF_TC_BODY(overload_sample, tc)
{
	struct overload	 o;

	memset(&o, 0, sizeof(o));
	ATF_CHECK(good(&o));
	sample(&o, 1000000, 0);
	ATF_CHECK_EQ(o.rate, 0);
	sample(&o, 1000100, 1);
	ATF_CHECK_EQ(o.rate, 100);
	sample(&o, 1000200, 2);
	sample(&o, 1000300, 3);
	ATF_CHECK(good(&o));
}

/* One bad second is forgiven, two in a row are not. */
ATF_TC_WITHOUT_HEAD(overload_good);
ATF_TC_BODY(overload_good, tc)
{
	char		 why[LIMIT_REASON];
	struct overload	 o;

	memset(&o, 0, sizeof(o));
	sample(&o, 0, 0);
	sample(&o, 500, 1);
	ATF_CHECK(good(&o));
	sample(&o, 500, 2);
	sample(&o, 1000, 3);
	ATF_CHECK(good(&o));
	sample(&o, 1101, 4);
	ATF_CHECK_EQ(overload_good(&o, why, sizeof(why)), 0);
	ATF_CHECK_STREQ(why,
	    "101 packets a second are dropped for lack of room");
	sample(&o, 1201, 5);
	ATF_CHECK(good(&o));
}

/* The counters of another relay process begin at nothing. */
ATF_TC_WITHOUT_HEAD(overload_restart);
ATF_TC_BODY(overload_restart, tc)
{
	struct overload	 o;

	memset(&o, 0, sizeof(o));
	sample(&o, 100000, 0);
	sample(&o, 10, 1);
	sample(&o, 20, 2);
	ATF_CHECK_EQ(o.rate, 10);
	ATF_CHECK(good(&o));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, overload_sample);
	ATF_TP_ADD_TC(tp, overload_good);
	ATF_TP_ADD_TC(tp, overload_restart);
	return (atf_no_error());
}
