/*
 * Tests of routed6/watch.c: what is believed of relayd6's feed.  Silence of
 * any kind is unhealthy.
 */
#include <atf-c.h>
#include <string.h>

#include "watch.h"

static const mono_t	start = { MONO_S(100) };

static mono_t
after(mono_t t, int ms)
{
	return (mono_add(t, MONO_MS(ms)));
}

static void
feed_init(struct ctl_feed *f, uint32_t interval_ms)
{
	memset(f, 0, sizeof(*f));
	f->version = CTL_FEED_VERSION;
	f->interval_ms = interval_ms;
	f->verdict[RELAY_6TO4].state = VERDICT_UP;
	strlcpy(f->verdict[RELAY_6TO4].reason, "all signs are good",
	    LIMIT_REASON);
}

/* A feed that is open and has said that 6to4 is healthy. */
static void
healthy(struct watch *w, uint32_t interval_ms)
{
	struct ctl_feed	 f;

	feed_init(&f, interval_ms);
	watch_init(w, start);
	watch_opened(w);
	ATF_REQUIRE_EQ(watch_heard(w, &f, start), 0);
}

/* What is answered about a relay, or a check of this name, and why. */
static void
asked(const struct watch *w, enum relay_kind kind, const char *name,
    enum watch_answer want, const char *reason)
{
	char	 why[LIMIT_REASON];

	memset(why, 'x', sizeof(why));
	ATF_CHECK_EQ(watch_ask(w, kind, name, why, sizeof(why)), want);
	ATF_CHECK_STREQ(why, reason);
}

static void
check(const struct watch *w, enum relay_kind kind, int is, const char *reason)
{
	asked(w, kind, "", is ? WATCH_ANNOUNCE : WATCH_WITHDRAW, reason);
}

ATF_TC_WITHOUT_HEAD(silence_not_connected);
ATF_TC_BODY(silence_not_connected, tc)
{
	struct watch	 w;

	watch_init(&w, start);
	check(&w, RELAY_6TO4, 0, "relayd6 is not running");
	check(&w, RELAY_TEREDO, 0, "relayd6 is not running");
	/* Time does not make it better. */
	watch_check(&w, after(start, 100000));
	check(&w, RELAY_6TO4, 0, "relayd6 is not running");
	ATF_CHECK_EQ(w.stale, 0);
}

ATF_TC_WITHOUT_HEAD(silence_not_heard);
ATF_TC_BODY(silence_not_heard, tc)
{
	struct watch	 w;

	watch_init(&w, start);
	watch_opened(&w);
	check(&w, RELAY_6TO4, 0, "relayd6 has not said anything yet");
}

ATF_TC_WITHOUT_HEAD(watch_heard);
ATF_TC_BODY(watch_heard, tc)
{
	struct watch	 w;

	healthy(&w, 100);
	check(&w, RELAY_6TO4, 1, "all signs are good");
	check(&w, RELAY_TEREDO, 0, "relayd6 has no such relay");
	ATF_CHECK_EQ(w.since.ns, start.ns);
}

/* Only up is healthy, whatever else comes. */
ATF_TC_WITHOUT_HEAD(watch_healthy_states);
ATF_TC_BODY(watch_healthy_states, tc)
{
	static const uint32_t	 states[] = {
		VERDICT_DOWN, VERDICT_RISING, VERDICT_HELD, VERDICT_DRAINED,
		VERDICT_NSTATES, 0xffffffff
	};
	struct ctl_feed		 f;
	struct watch		 w;
	size_t			 i;

	healthy(&w, 100);
	feed_init(&f, 100);
	for (i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		f.verdict[RELAY_6TO4].state = states[i];
		strlcpy(f.verdict[RELAY_6TO4].reason, "no", LIMIT_REASON);
		ATF_CHECK_EQ(watch_heard(&w, &f, start), 0);
		check(&w, RELAY_6TO4, 0, "no");
	}
	f.verdict[RELAY_6TO4].state = VERDICT_NONE;
	ATF_CHECK_EQ(watch_heard(&w, &f, start), 0);
	check(&w, RELAY_6TO4, 0, "relayd6 has no such relay");
}

/* Neither a soft failure alone withdraws, nor a drain that is not over. */
ATF_TC_WITHOUT_HEAD(watch_ask_states);
ATF_TC_BODY(watch_ask_states, tc)
{
	struct ctl_feed	 f;
	struct watch	 w;

	healthy(&w, 100);
	feed_init(&f, 100);
	f.verdict[RELAY_6TO4].state = VERDICT_FALLING;
	ATF_CHECK_EQ(watch_heard(&w, &f, start), 0);
	check(&w, RELAY_6TO4, 1, "all signs are good");
	f.verdict[RELAY_6TO4].state = VERDICT_DRAINING;
	ATF_CHECK_EQ(watch_heard(&w, &f, start), 0);
	asked(&w, RELAY_6TO4, "", WATCH_LEAVE, "all signs are good");
	/* A drain is no reason to believe a feed that is silent. */
	watch_check(&w, after(start, 300));
	check(&w, RELAY_6TO4, 0, "relayd6 does not answer");
}

/* Checks are found by name, and what is not there is not announced. */
ATF_TC_WITHOUT_HEAD(watch_ask_check);
ATF_TC_BODY(watch_ask_check, tc)
{
	struct ctl_feed	 f;
	struct watch	 w;

	healthy(&w, 100);
	asked(&w, 0, "dns", WATCH_WITHDRAW, "relayd6 has no such check");
	feed_init(&f, 100);
	f.nchecks = 2;
	strlcpy(f.check[0].name, "web", LIMIT_NAME);
	f.check[0].verdict.state = VERDICT_DOWN;
	strlcpy(f.check[0].verdict.reason, "404", LIMIT_REASON);
	strlcpy(f.check[1].name, "dns", LIMIT_NAME);
	f.check[1].verdict.state = VERDICT_UP;
	strlcpy(f.check[2].name, "late", LIMIT_NAME);
	f.check[2].verdict.state = VERDICT_UP;
	ATF_CHECK_EQ(watch_heard(&w, &f, start), 0);
	asked(&w, 0, "dns", WATCH_ANNOUNCE, "");
	asked(&w, 0, "web", WATCH_WITHDRAW, "404");
	asked(&w, 0, "late", WATCH_WITHDRAW, "relayd6 has no such check");
	watch_lost(&w, start);
	asked(&w, 0, "dns", WATCH_WITHDRAW, "relayd6 is not running");
}

/* A number of checks that cannot be, names and reasons without end. */
ATF_TC_WITHOUT_HEAD(checks_garbage);
ATF_TC_BODY(checks_garbage, tc)
{
	struct ctl_feed	 f;
	struct watch	 w;
	char		 name[LIMIT_NAME + 1], why[2 * LIMIT_REASON];

	healthy(&w, 100);
	feed_init(&f, 100);
	f.nchecks = 0xffffffff;
	memset(f.check, 'x', sizeof(f.check));
	ATF_CHECK_EQ(watch_heard(&w, &f, start), 0);
	ATF_CHECK_EQ(watch_ask(&w, 0, "dns", why, sizeof(why)),
	    WATCH_WITHDRAW);
	memset(name, 'x', sizeof(name));
	name[LIMIT_NAME - 1] = '\0';
	ATF_CHECK_EQ(watch_ask(&w, 0, name, why, sizeof(why)),
	    WATCH_WITHDRAW);
	ATF_CHECK_EQ(strlen(why), LIMIT_REASON - 1);
}

ATF_TC_WITHOUT_HEAD(silence_lost);
ATF_TC_BODY(silence_lost, tc)
{
	struct watch	 w;

	healthy(&w, 100);
	watch_lost(&w, after(start, 50));
	check(&w, RELAY_6TO4, 0, "relayd6 is not running");
	ATF_CHECK_EQ(w.since.ns, after(start, 50).ns);
	/* A new feed has to speak for itself. */
	watch_opened(&w);
	check(&w, RELAY_6TO4, 0, "relayd6 has not said anything yet");
}

ATF_TC_WITHOUT_HEAD(version_other);
ATF_TC_BODY(version_other, tc)
{
	struct ctl_feed	 f;
	struct watch	 w;

	watch_init(&w, start);
	watch_opened(&w);
	feed_init(&f, 100);
	f.version = CTL_FEED_VERSION + 1;
	ATF_CHECK_EQ(watch_heard(&w, &f, start), -1);
	check(&w, RELAY_6TO4, 0, "relayd6 has not said anything yet");
	f.version = 0;
	ATF_CHECK_EQ(watch_heard(&w, &f, start), -1);

	/* Nor does it keep alive what was believed before. */
	healthy(&w, 100);
	ATF_CHECK_EQ(watch_heard(&w, &f, after(start, 250)), -1);
	watch_check(&w, after(start, 300));
	check(&w, RELAY_6TO4, 0, "relayd6 does not answer");
}

ATF_TC_WITHOUT_HEAD(watch_check_boundary);
ATF_TC_BODY(watch_check_boundary, tc)
{
	struct ctl_feed	 f;
	struct watch	 w;
	mono_t		 t;

	healthy(&w, 100);
	t = mono_add(start, LIMIT_PROC_SILENT * MONO_MS(100));
	watch_check(&w, mono_add(t, -1));
	check(&w, RELAY_6TO4, 1, "all signs are good");
	watch_check(&w, t);
	check(&w, RELAY_6TO4, 0, "relayd6 does not answer");
	ATF_CHECK_EQ(w.since.ns, t.ns);
	/* Later looks do not change since when. */
	watch_check(&w, after(t, 5000));
	ATF_CHECK_EQ(w.since.ns, t.ns);

	/* It is believed again from its next word on. */
	feed_init(&f, 100);
	ATF_CHECK_EQ(watch_heard(&w, &f, after(t, 6000)), 0);
	check(&w, RELAY_6TO4, 1, "all signs are good");
	ATF_CHECK_EQ(w.since.ns, after(t, 6000).ns);
	/* And then since does not move with every word. */
	ATF_CHECK_EQ(watch_heard(&w, &f, after(t, 6100)), 0);
	ATF_CHECK_EQ(w.since.ns, after(t, 6000).ns);
}

/* Before its first word a feed is not stale but unheard. */
ATF_TC_WITHOUT_HEAD(watch_check_unheard);
ATF_TC_BODY(watch_check_unheard, tc)
{
	struct watch	 w;

	watch_init(&w, start);
	watch_opened(&w);
	watch_check(&w, after(start, 100000));
	check(&w, RELAY_6TO4, 0, "relayd6 has not said anything yet");
}

/* What a timer is armed with: until the boundary, to the nanosecond. */
ATF_TC_WITHOUT_HEAD(watch_left);
ATF_TC_BODY(watch_left, tc)
{
	struct watch	 w;
	mono_t		 t = after(start, 120);

	healthy(&w, 100);
	ATF_CHECK_EQ(watch_left(&w, start), MONO_MS(300));
	ATF_CHECK_EQ(watch_left(&w, t), MONO_MS(180));
	ATF_CHECK(watch_left(&w, after(start, 400)) < 0);
	watch_check(&w, mono_add(t, watch_left(&w, t)));
	ATF_CHECK_EQ(w.stale, 1);
	/* Nothing heard: all of its time is left. */
	watch_lost(&w, t);
	watch_opened(&w);
	ATF_CHECK_EQ(watch_left(&w, after(start, 5000)), MONO_MS(300));
}

ATF_TC_WITHOUT_HEAD(interval_clamped);
ATF_TC_BODY(interval_clamped, tc)
{
	struct watch	 w;

	healthy(&w, 0);
	ATF_CHECK_EQ(w.interval_ms, LIMIT_BEAT_MIN_MS);
	healthy(&w, LIMIT_BEAT_MIN_MS - 1);
	ATF_CHECK_EQ(w.interval_ms, LIMIT_BEAT_MIN_MS);
	healthy(&w, LIMIT_BEAT_MIN_MS);
	ATF_CHECK_EQ(w.interval_ms, LIMIT_BEAT_MIN_MS);
	healthy(&w, LIMIT_BEAT_MAX_MS);
	ATF_CHECK_EQ(w.interval_ms, LIMIT_BEAT_MAX_MS);
	healthy(&w, LIMIT_BEAT_MAX_MS + 1);
	ATF_CHECK_EQ(w.interval_ms, LIMIT_BEAT_MAX_MS);
	healthy(&w, 0xffffffff);
	ATF_CHECK_EQ(watch_left(&w, start),
	    LIMIT_PROC_SILENT * MONO_MS(LIMIT_BEAT_MAX_MS));
}

/* The newest word says how long to wait for the next. */
ATF_TC_WITHOUT_HEAD(interval_changes);
ATF_TC_BODY(interval_changes, tc)
{
	struct ctl_feed	 f;
	struct watch	 w;

	healthy(&w, 1000);
	feed_init(&f, 50);
	ATF_CHECK_EQ(watch_heard(&w, &f, start), 0);
	watch_check(&w, after(start, 150));
	check(&w, RELAY_6TO4, 0, "relayd6 does not answer");
}

ATF_TC_WITHOUT_HEAD(reason_unterminated);
ATF_TC_BODY(reason_unterminated, tc)
{
	struct ctl_feed	 f;
	struct watch	 w;
	char		 why[2 * LIMIT_REASON];

	healthy(&w, 100);
	feed_init(&f, 100);
	memset(f.verdict[RELAY_6TO4].reason, 'x', LIMIT_REASON);
	memset(f.verdict[RELAY_TEREDO].reason, 'y', LIMIT_REASON);
	f.verdict[RELAY_TEREDO].state = VERDICT_DOWN;
	ATF_CHECK_EQ(watch_heard(&w, &f, start), 0);
	ATF_CHECK_EQ(watch_ask(&w, RELAY_6TO4, "", why, sizeof(why)),
	    WATCH_ANNOUNCE);
	ATF_CHECK_EQ(strlen(why), LIMIT_REASON - 1);
	ATF_CHECK_EQ(watch_ask(&w, RELAY_TEREDO, "", why, sizeof(why)),
	    WATCH_WITHDRAW);
	ATF_CHECK_EQ(strspn(why, "y"), LIMIT_REASON - 1);
	/* And it is cut where the caller's room ends. */
	ATF_CHECK_EQ(watch_ask(&w, RELAY_6TO4, "", why, 5), WATCH_ANNOUNCE);
	ATF_CHECK_STREQ(why, "xxxx");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, silence_not_connected);
	ATF_TP_ADD_TC(tp, silence_not_heard);
	ATF_TP_ADD_TC(tp, silence_lost);
	ATF_TP_ADD_TC(tp, watch_heard);
	ATF_TP_ADD_TC(tp, watch_healthy_states);
	ATF_TP_ADD_TC(tp, watch_ask_states);
	ATF_TP_ADD_TC(tp, watch_ask_check);
	ATF_TP_ADD_TC(tp, checks_garbage);
	ATF_TP_ADD_TC(tp, version_other);
	ATF_TP_ADD_TC(tp, watch_check_boundary);
	ATF_TP_ADD_TC(tp, watch_check_unheard);
	ATF_TP_ADD_TC(tp, watch_left);
	ATF_TP_ADD_TC(tp, interval_clamped);
	ATF_TP_ADD_TC(tp, interval_changes);
	ATF_TP_ADD_TC(tp, reason_unterminated);
	return (atf_no_error());
}
