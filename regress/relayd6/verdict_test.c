/*
 * Tests of relayd6/verdict.c: what is bad counts at once, what is good after
 * rise rounds, what falls often is held down.
 */
#include <atf-c.h>
#include <string.h>

#include "verdict.h"

static const mono_t	start = { MONO_S(100) };

static mono_t
at(int64_t ms)
{
	return (mono_add(start, MONO_MS(ms)));
}

/* No damping, unless a test asks for it. */
static void
track(struct verdict_track *v, uint32_t rise, uint32_t fall)
{
	struct conf_verdict	 conf;

	memset(&conf, 0, sizeof(conf));
	conf.rise = rise;
	conf.fall = fall;
	verdict_init(v, &conf, start);
}

/* The defaults of relayd6.conf(5). */
static void
track_damped(struct verdict_track *v)
{
	track(v, 1, 1);
	v->conf.hold_ms = 1000;
	v->conf.hold_max_ms = 300000;
	v->conf.forget_ms = 60000;
}

/* What it is after a round of each kind. */
static enum verdict_state
good(struct verdict_track *v, int64_t ms)
{
	verdict_good(v, "fine", at(ms));
	return (v->state);
}

static enum verdict_state
bad(struct verdict_track *v, int64_t ms)
{
	verdict_bad(v, "broken", at(ms));
	return (v->state);
}

static enum verdict_state
soft(struct verdict_track *v, int64_t ms)
{
	verdict_soft(v, "no answer", at(ms));
	return (v->state);
}

ATF_TC_WITHOUT_HEAD(verdict_check);
ATF_TC_BODY(verdict_check, tc)
{
	verdict_check();
}

ATF_TC_WITHOUT_HEAD(verdict_init);
ATF_TC_BODY(verdict_init, tc)
{
	struct verdict_track	 v;

	memset(&v, 0xff, sizeof(v));
	track(&v, 3, 2);
	ATF_CHECK_EQ(v.state, VERDICT_DOWN);
	ATF_CHECK_EQ(v.conf.rise, 3);
	ATF_CHECK_EQ(v.streak, 0);
	ATF_CHECK_EQ(v.changes, 0);
	ATF_CHECK_EQ(v.since.ns, start.ns);
	ATF_CHECK_STREQ(v.reason, "starting");
	ATF_CHECK_EQ(verdict_up(&v), 0);
}

ATF_TC_WITHOUT_HEAD(rise);
ATF_TC_BODY(rise, tc)
{
	struct verdict_track	 v;

	track(&v, 3, 1);
	ATF_CHECK_EQ(good(&v, 1000), VERDICT_RISING);
	ATF_CHECK_STREQ(v.reason, "fine, waiting to be sure");
	ATF_CHECK_EQ(good(&v, 2000), VERDICT_RISING);
	ATF_CHECK_EQ(v.changes, 0);
	ATF_CHECK_EQ(v.since.ns, start.ns);
	ATF_CHECK_EQ(good(&v, 3000), VERDICT_UP);
	ATF_CHECK_EQ(v.changes, 1);
	ATF_CHECK_EQ(v.since.ns, at(3000).ns);
	ATF_CHECK_STREQ(v.reason, "fine");
	ATF_CHECK_EQ(good(&v, 4000), VERDICT_UP);
	ATF_CHECK_EQ(v.changes, 1);
	ATF_CHECK_EQ(v.since.ns, at(3000).ns);
}

ATF_TC_WITHOUT_HEAD(rise_one);
ATF_TC_BODY(rise_one, tc)
{
	struct verdict_track	 v;

	track(&v, 1, 1);
	ATF_CHECK_EQ(good(&v, 1000), VERDICT_UP);
}

/* One bad round on the way up, soft or hard, and all of it begins again. */
ATF_TC_WITHOUT_HEAD(rise_again);
ATF_TC_BODY(rise_again, tc)
{
	struct verdict_track	 v;
	int			 i;

	for (i = 0; i < 2; i++) {
		track(&v, 3, 5);
		good(&v, 1000);
		good(&v, 2000);
		ATF_CHECK_EQ(i == 0 ? bad(&v, 3000) : soft(&v, 3000),
		    VERDICT_DOWN);
		ATF_CHECK_EQ(v.changes, 0);
		good(&v, 4000);
		ATF_CHECK_EQ(good(&v, 5000), VERDICT_RISING);
		ATF_CHECK_EQ(good(&v, 6000), VERDICT_UP);
	}
}

/* More rounds are wanted since a reload. */
ATF_TC_WITHOUT_HEAD(rise_reconfigured);
ATF_TC_BODY(rise_reconfigured, tc)
{
	struct verdict_track	 v;

	track(&v, 1, 1);
	v.conf.settle_ms = 60000;
	ATF_CHECK_EQ(good(&v, 0), VERDICT_HELD);
	v.conf.rise = 5;
	ATF_CHECK_EQ(good(&v, 100), VERDICT_RISING);
}

/* A hard sign does not wait. */
ATF_TC_WITHOUT_HEAD(hard);
ATF_TC_BODY(hard, tc)
{
	struct verdict_track	 v;

	track(&v, 1, 9);
	good(&v, 1000);
	verdict_bad(&v, "no route", at(5000));
	ATF_CHECK_EQ(v.state, VERDICT_DOWN);
	ATF_CHECK_STREQ(v.reason, "no route");
	ATF_CHECK_EQ(v.changes, 2);
	ATF_CHECK_EQ(v.since.ns, at(5000).ns);
	/* It is counted once, and the newest reason is told. */
	verdict_bad(&v, "no tun", at(7000));
	ATF_CHECK_STREQ(v.reason, "no tun");
	ATF_CHECK_EQ(v.changes, 2);
	ATF_CHECK_EQ(v.flaps, 1);
	ATF_CHECK_EQ(v.since.ns, at(5000).ns);
}

ATF_TC_WITHOUT_HEAD(fall);
ATF_TC_BODY(fall, tc)
{
	struct verdict_track	 v;

	track(&v, 1, 3);
	good(&v, 0);
	ATF_CHECK_EQ(soft(&v, 100), VERDICT_FALLING);
	ATF_CHECK(verdict_up(&v));
	ATF_CHECK_STREQ(v.reason, "no answer");
	ATF_CHECK_EQ(soft(&v, 200), VERDICT_FALLING);
	ATF_CHECK_EQ(v.changes, 1);
	ATF_CHECK_EQ(soft(&v, 300), VERDICT_DOWN);
	ATF_CHECK_EQ(v.changes, 2);
	ATF_CHECK_EQ(v.since.ns, at(300).ns);
}

/* They have to be in a row. */
ATF_TC_WITHOUT_HEAD(fall_row);
ATF_TC_BODY(fall_row, tc)
{
	struct verdict_track	 v;
	int			 i;

	track(&v, 1, 2);
	good(&v, 0);
	for (i = 1; i < 100; i += 2) {
		ATF_CHECK_EQ(soft(&v, i * 100), VERDICT_FALLING);
		ATF_CHECK_EQ(good(&v, i * 100 + 100), VERDICT_UP);
	}
	ATF_CHECK_EQ(v.changes, 1);
	ATF_CHECK_EQ(v.flaps, 0);
	/* A hard one does not wait for the last soft one. */
	soft(&v, 20000);
	ATF_CHECK_EQ(bad(&v, 20100), VERDICT_DOWN);
}

/* The first time only what has been good for a while. */
ATF_TC_WITHOUT_HEAD(settle);
ATF_TC_BODY(settle, tc)
{
	struct verdict_track	 v;

	track(&v, 2, 1);
	v.conf.settle_ms = 5000;
	ATF_CHECK_EQ(verdict_held(&v, start), MONO_MS(5000));
	good(&v, 1000);
	ATF_CHECK_EQ(good(&v, 1100), VERDICT_HELD);
	ATF_CHECK_EQ(verdict_up(&v), 0);
	/* What was broken meanwhile begins again. */
	bad(&v, 3000);
	good(&v, 4000);
	ATF_CHECK_EQ(good(&v, 8999), VERDICT_HELD);
	ATF_CHECK_EQ(verdict_held(&v, at(8999)), MONO_MS(1));
	ATF_CHECK_EQ(good(&v, 9000), VERDICT_UP);
	/* And then never again. */
	bad(&v, 10000);
	good(&v, 10100);
	ATF_CHECK_EQ(good(&v, 10200), VERDICT_UP);
}

/* Let it be healthy for a moment and fall, as soon as it can. */
static int64_t
fall_once(struct verdict_track *v, int64_t ms)
{
	good(v, ms);
	if (v->state == VERDICT_HELD)
		ms += verdict_held(v, at(ms)) / MONO_MS(1);
	ATF_REQUIRE_EQ(good(v, ms), VERDICT_UP);
	bad(v, ms);
	return (ms);
}

/* None after the first fall, then 1, 2, 4 .. 256 s, then 300. */
ATF_TC_WITHOUT_HEAD(hold_down_grows);
ATF_TC_BODY(hold_down_grows, tc)
{
	static const int	 s[] = {
		0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300
	};
	struct verdict_track	 v;
	int64_t			 ms = 0;
	size_t			 i;

	track_damped(&v);
	for (i = 0; i < sizeof(s) / sizeof(s[0]); i++) {
		ms = fall_once(&v, ms);
		ATF_CHECK_EQ_MSG(verdict_held(&v, at(ms)), MONO_S(s[i]),
		    "fall %zu: %lld ns", i + 1,
		    (long long)verdict_held(&v, at(ms)));
	}
	ATF_CHECK_EQ(v.flaps, 11);
}

ATF_TC_WITHOUT_HEAD(hold_down_held);
ATF_TC_BODY(hold_down_held, tc)
{
	struct verdict_track	 v;

	track_damped(&v);
	fall_once(&v, 0);
	fall_once(&v, 0);
	ATF_CHECK_EQ(good(&v, 999), VERDICT_HELD);
	ATF_CHECK_STREQ(v.reason, "fine, held down until it lasts");
	/* What breaks while it is held is no fall. */
	bad(&v, 999);
	ATF_CHECK_EQ(v.flaps, 2);
	ATF_CHECK_EQ(good(&v, 1000), VERDICT_UP);
}

/* A minute of health makes up for a fall; time spent down does not. */
ATF_TC_WITHOUT_HEAD(hold_down_forgets);
ATF_TC_BODY(hold_down_forgets, tc)
{
	struct verdict_track	 v;
	int64_t			 ms = 0;
	int			 i;

	track_damped(&v);
	for (i = 0; i < 5; i++)
		ms = fall_once(&v, ms);
	ATF_CHECK_EQ(verdict_flaps(&v, at(ms)), 5);
	ATF_CHECK_EQ(verdict_flaps(&v, at(ms + 3600000)), 5);
	ms += 3600000;
	ATF_REQUIRE_EQ(good(&v, ms), VERDICT_UP);
	ATF_CHECK_EQ(verdict_flaps(&v, at(ms + 59999)), 5);
	ATF_CHECK_EQ(verdict_flaps(&v, at(ms + 60000)), 4);
	ATF_CHECK_EQ(verdict_flaps(&v, at(ms + 86400000)), 0);
	bad(&v, ms + 3 * 60000);
	ATF_CHECK_EQ(v.flaps, 3);
	ATF_CHECK_EQ(verdict_held(&v, at(ms + 3 * 60000)), MONO_S(2));
}

ATF_TC_WITHOUT_HEAD(hold_down_none);
ATF_TC_BODY(hold_down_none, tc)
{
	struct verdict_track	 v;
	int			 i;

	track(&v, 1, 1);
	for (i = 0; i < 1000; i++)
		ATF_CHECK_EQ(fall_once(&v, 0), 0);
	ATF_CHECK_EQ(v.changes, 2000);
}

/*
 * A target that comes and goes every tenth of a second, a thousand times: in
 * these 200 s it may be healthy at 0.0, 0.2, and as soon as it was held for 1,
 * 2, 4 .. 64 s.
 */
ATF_TC_WITHOUT_HEAD(flaps_1000);
ATF_TC_BODY(flaps_1000, tc)
{
	struct verdict_track	 v;
	int			 i;

	track_damped(&v);
	for (i = 0; i < 1000; i++) {
		good(&v, i * 200);
		bad(&v, i * 200 + 100);
	}
	ATF_CHECK_EQ_MSG(v.changes, 2 * 9, "%llu changes",
	    (unsigned long long)v.changes);
	ATF_CHECK_EQ(v.flaps, 9);
}

ATF_TC_WITHOUT_HEAD(reason_long);
ATF_TC_BODY(reason_long, tc)
{
	struct verdict_track	 v;
	char			 why[2 * LIMIT_REASON];

	memset(why, 'x', sizeof(why));
	why[sizeof(why) - 1] = '\0';
	track(&v, 3, 1);
	verdict_bad(&v, why, start);
	ATF_CHECK_EQ(strlen(v.reason), LIMIT_REASON - 1);
	verdict_good(&v, why, start);
	ATF_CHECK(strstr(v.reason, ", waiting to be sure") != NULL);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, verdict_check);
	ATF_TP_ADD_TC(tp, verdict_init);
	ATF_TP_ADD_TC(tp, rise);
	ATF_TP_ADD_TC(tp, rise_one);
	ATF_TP_ADD_TC(tp, rise_again);
	ATF_TP_ADD_TC(tp, rise_reconfigured);
	ATF_TP_ADD_TC(tp, hard);
	ATF_TP_ADD_TC(tp, fall);
	ATF_TP_ADD_TC(tp, fall_row);
	ATF_TP_ADD_TC(tp, settle);
	ATF_TP_ADD_TC(tp, hold_down_grows);
	ATF_TP_ADD_TC(tp, hold_down_held);
	ATF_TP_ADD_TC(tp, hold_down_forgets);
	ATF_TP_ADD_TC(tp, hold_down_none);
	ATF_TP_ADD_TC(tp, flaps_1000);
	ATF_TP_ADD_TC(tp, reason_long);
	return (atf_no_error());
}
