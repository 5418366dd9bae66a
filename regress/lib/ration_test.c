/*
 * Tests of so many a second, lib/ration.c, by a clock of their own.
 */
#include <atf-c.h>

#include "ration.h"

static mono_t
at(int64_t ms)
{
	mono_t	 t = { MONO_S(1000) + MONO_MS(ms) };

	return (t);
}

/* Ask n times; how often it was granted. */
static int
take(struct ration *r, int n, int64_t ms)
{
	int	 granted = 0;

	while (n-- > 0)
		granted += ration_take(r, at(ms));
	return (granted);
}

ATF_TC_WITHOUT_HEAD(ration_take);
ATF_TC_BODY(ration_take, tc)
{
	struct ration	 r;

	ration_init(&r, 10);
	ATF_CHECK_EQ(take(&r, 4, 0), 4);
	ATF_CHECK_EQ(take(&r, 1000000, 999), 6);
	/* The second begins with the first one, not with the clock's. */
	ATF_CHECK_EQ(ration_next(&r).ns, at(1000).ns);
	ATF_CHECK_EQ(take(&r, 11, 1000), 10);
	ATF_CHECK_EQ(take(&r, 1, 1999), 0);
	ATF_CHECK_EQ(take(&r, 1, 86400000), 1);
	ATF_CHECK_EQ(ration_next(&r).ns, at(86401000).ns);
}

ATF_TC_WITHOUT_HEAD(ration_refused);
ATF_TC_BODY(ration_refused, tc)
{
	struct ration	 r;

	ration_init(&r, 3);
	take(&r, 3, 0);
	ATF_CHECK_EQ(ration_refused(&r), 0);
	take(&r, 5, 500);
	ATF_CHECK_EQ(ration_refused(&r), 5);
	ATF_CHECK_EQ(ration_refused(&r), 0);
	/* Those that nobody has asked for yet are not lost. */
	take(&r, 2, 600);
	take(&r, 4, 1000);
	ATF_CHECK_EQ(ration_refused(&r), 3);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, ration_take);
	ATF_TP_ADD_TC(tp, ration_refused);
	return (atf_no_error());
}
