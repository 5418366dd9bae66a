/*
 * Tests of relayd6/verdict.c: down at once, up after rise good rounds in a row.
 */
#include <atf-c.h>
#include <string.h>

#include "verdict.h"

static const mono_t	start = { MONO_S(100) };

static mono_t
at(int s)
{
	return (mono_add(start, MONO_S(s)));
}

ATF_TC_WITHOUT_HEAD(verdict_init);
ATF_TC_BODY(verdict_init, tc)
{
	struct verdict_track	 v;

	memset(&v, 0xff, sizeof(v));
	verdict_init(&v, 3, start);
	ATF_CHECK_EQ(v.state, VERDICT_DOWN);
	ATF_CHECK_EQ(v.rise, 3);
	ATF_CHECK_EQ(v.streak, 0);
	ATF_CHECK_EQ(v.changes, 0);
	ATF_CHECK_EQ(v.since.ns, start.ns);
	ATF_CHECK_STREQ(v.reason, "starting");
}

ATF_TC_WITHOUT_HEAD(verdict_good);
ATF_TC_BODY(verdict_good, tc)
{
	struct verdict_track	 v;

	verdict_init(&v, 3, start);
	ATF_CHECK_EQ(verdict_good(&v, at(1)), 0);
	ATF_CHECK_EQ(v.state, VERDICT_RISING);
	ATF_CHECK_EQ(v.streak, 1);
	ATF_CHECK_EQ(verdict_good(&v, at(2)), 0);
	ATF_CHECK_EQ(v.state, VERDICT_RISING);
	ATF_CHECK_EQ(v.changes, 0);
	ATF_CHECK_EQ(v.since.ns, start.ns);
	ATF_CHECK_EQ(verdict_good(&v, at(3)), 1);
	ATF_CHECK_EQ(v.state, VERDICT_UP);
	ATF_CHECK_EQ(v.changes, 1);
	ATF_CHECK_EQ(v.since.ns, at(3).ns);
	ATF_CHECK_STREQ(v.reason, "all signs are good");
	/* It is told once. */
	ATF_CHECK_EQ(verdict_good(&v, at(4)), 0);
	ATF_CHECK_EQ(v.state, VERDICT_UP);
	ATF_CHECK_EQ(v.changes, 1);
	ATF_CHECK_EQ(v.since.ns, at(3).ns);
}

ATF_TC_WITHOUT_HEAD(verdict_good_rise_one);
ATF_TC_BODY(verdict_good_rise_one, tc)
{
	struct verdict_track	 v;

	verdict_init(&v, 1, start);
	ATF_CHECK_EQ(verdict_good(&v, at(1)), 1);
	ATF_CHECK_EQ(v.state, VERDICT_UP);
}

ATF_TC_WITHOUT_HEAD(verdict_bad);
ATF_TC_BODY(verdict_bad, tc)
{
	struct verdict_track	 v;

	verdict_init(&v, 1, start);
	(void)verdict_good(&v, at(1));
	ATF_CHECK_EQ(verdict_bad(&v, "no route", at(5)), 1);
	ATF_CHECK_EQ(v.state, VERDICT_DOWN);
	ATF_CHECK_STREQ(v.reason, "no route");
	ATF_CHECK_EQ(v.changes, 2);
	ATF_CHECK_EQ(v.since.ns, at(5).ns);
	/* The same again is nothing new, another reason is. */
	ATF_CHECK_EQ(verdict_bad(&v, "no route", at(6)), 0);
	ATF_CHECK_EQ(verdict_bad(&v, "no tun", at(7)), 1);
	ATF_CHECK_STREQ(v.reason, "no tun");
	ATF_CHECK_EQ(v.changes, 2);
	ATF_CHECK_EQ(v.since.ns, at(5).ns);
}

/* One bad round on the way up, and all of it begins again. */
ATF_TC_WITHOUT_HEAD(verdict_bad_rising);
ATF_TC_BODY(verdict_bad_rising, tc)
{
	struct verdict_track	 v;

	verdict_init(&v, 3, start);
	(void)verdict_good(&v, at(1));
	(void)verdict_good(&v, at(2));
	ATF_CHECK_EQ(verdict_bad(&v, "flap", at(3)), 1);
	ATF_CHECK_EQ(v.changes, 0);
	ATF_CHECK_EQ(v.since.ns, start.ns);
	ATF_CHECK_EQ(verdict_good(&v, at(4)), 0);
	ATF_CHECK_EQ(verdict_good(&v, at(5)), 0);
	ATF_CHECK_EQ(verdict_good(&v, at(6)), 1);
	/* Falling and failing again for the same reason is told again. */
	ATF_CHECK_EQ(verdict_bad(&v, "flap", at(7)), 1);
	(void)verdict_good(&v, at(8));
	ATF_CHECK_EQ(verdict_bad(&v, "flap", at(9)), 1);
	ATF_CHECK_EQ(v.changes, 2);
}

ATF_TC_WITHOUT_HEAD(verdict_bad_long_reason);
ATF_TC_BODY(verdict_bad_long_reason, tc)
{
	struct verdict_track	 v;
	char			 why[2 * LIMIT_REASON];

	memset(why, 'x', sizeof(why));
	why[sizeof(why) - 1] = '\0';
	verdict_init(&v, 3, start);
	ATF_CHECK_EQ(verdict_bad(&v, why, at(1)), 1);
	ATF_CHECK_EQ(strlen(v.reason), LIMIT_REASON - 1);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, verdict_init);
	ATF_TP_ADD_TC(tp, verdict_good);
	ATF_TP_ADD_TC(tp, verdict_good_rise_one);
	ATF_TP_ADD_TC(tp, verdict_bad);
	ATF_TP_ADD_TC(tp, verdict_bad_rising);
	ATF_TP_ADD_TC(tp, verdict_bad_long_reason);
	return (atf_no_error());
}
