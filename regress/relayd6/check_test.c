/*
 * Tests of relayd6/check.c and subject.c: reports are leases, and a drain
 * stands before the verdict.
 */
#include <atf-c.h>
#include <string.h>

#include "check.h"
#include "proc_priv.h"
#include "signs.h"

static const mono_t	start = { MONO_S(100) };

static mono_t
at(int64_t ms)
{
	return (mono_add(start, MONO_MS(ms)));
}

static void
begin(struct check *c, uint32_t rise, uint32_t fall)
{
	struct conf_check	 conf;

	memset(&conf, 0, sizeof(conf));
	strlcpy(conf.name, "dns", sizeof(conf.name));
	conf.lease_s = 60;
	conf.verdict.rise = rise;
	conf.verdict.fall = fall;
	check_init(c, &conf, start);
}

static void
report(struct check *c, int up, uint32_t lease_s, const char *reason,
    int64_t ms)
{
	struct ctl_report	 r;

	memset(&r, 0, sizeof(r));
	r.up = up;
	r.lease_s = lease_s;
	strlcpy(r.reason, reason, sizeof(r.reason));
	check_report(c, &r, at(ms));
}

static void
expect(struct check *c, enum verdict_state state, const char *reason)
{
	(void)subject_news(&c->subject);
	ATF_CHECK_EQ_MSG(c->subject.told.state, state, "state is %u",
	    c->subject.told.state);
	ATF_CHECK_STREQ(c->subject.told.reason, reason);
}

/* Silence from the start is down. */
ATF_TC_WITHOUT_HEAD(check_init);
ATF_TC_BODY(check_init, tc)
{
	struct check	 c;

	begin(&c, 1, 1);
	expect(&c, VERDICT_DOWN, "nothing was reported yet");
	check_round(&c, at(3600000));
	expect(&c, VERDICT_DOWN, "nothing was reported yet");
	ATF_CHECK_EQ(check_left(&c, start), 0);
}

ATF_TC_WITHOUT_HEAD(lease);
ATF_TC_BODY(lease, tc)
{
	struct check	 c;

	begin(&c, 1, 1);
	report(&c, 1, 10, "", 0);
	expect(&c, VERDICT_UP, "reported up");
	ATF_CHECK_EQ(check_left(&c, at(4000)), MONO_S(6));
	check_round(&c, at(9999));
	expect(&c, VERDICT_UP, "reported up");
	/* Silence is down. */
	check_round(&c, at(10000));
	expect(&c, VERDICT_DOWN, "nothing was reported for 10 s");
	ATF_CHECK_EQ(check_left(&c, at(10000)), 0);
	check_round(&c, at(11000));
	ATF_CHECK_EQ(c.subject.verdict.changes, 2);
	report(&c, 1, 10, "answers", 12000);
	expect(&c, VERDICT_UP, "answers");
}

/* Each report begins a lease, as long as it says or as configured. */
ATF_TC_WITHOUT_HEAD(lease_again);
ATF_TC_BODY(lease_again, tc)
{
	struct check	 c;

	begin(&c, 1, 1);
	report(&c, 1, 10, "", 0);
	report(&c, 1, 0, "", 9000);
	check_round(&c, at(68999));
	ATF_CHECK(verdict_up(&c.subject.verdict));
	check_round(&c, at(69000));
	expect(&c, VERDICT_DOWN, "nothing was reported for 60 s");
}

ATF_TC_WITHOUT_HEAD(report_down);
ATF_TC_BODY(report_down, tc)
{
	struct check	 c;

	begin(&c, 1, 1);
	report(&c, 1, 10, "", 0);
	report(&c, 0, 10, "SERVFAIL", 1000);
	expect(&c, VERDICT_DOWN, "SERVFAIL");
	/* Why it is down is not forgotten in the silence after. */
	check_round(&c, at(60000));
	expect(&c, VERDICT_DOWN, "SERVFAIL");
}

/* rise and fall count reports. */
ATF_TC_WITHOUT_HEAD(rise_fall);
ATF_TC_BODY(rise_fall, tc)
{
	struct check	 c;

	begin(&c, 2, 2);
	report(&c, 1, 10, "", 0);
	check_round(&c, at(100));
	check_round(&c, at(200));
	expect(&c, VERDICT_RISING, "reported up, waiting to be sure");
	report(&c, 1, 10, "", 1000);
	expect(&c, VERDICT_UP, "reported up");
	report(&c, 0, 10, "slow", 2000);
	expect(&c, VERDICT_FALLING, "slow");
	check_round(&c, at(2100));
	expect(&c, VERDICT_FALLING, "slow");
	report(&c, 0, 10, "slow", 3000);
	expect(&c, VERDICT_DOWN, "slow");
}

/* One bad report, and then silence: the lease ends all the same. */
ATF_TC_WITHOUT_HEAD(falling_silent);
ATF_TC_BODY(falling_silent, tc)
{
	struct check	 c;

	begin(&c, 1, 2);
	report(&c, 1, 10, "", 0);
	report(&c, 0, 10, "slow", 1000);
	check_round(&c, at(11000));
	expect(&c, VERDICT_DOWN, "nothing was reported for 10 s");
}

/* What is held down comes back by itself, without another report. */
ATF_TC_WITHOUT_HEAD(held);
ATF_TC_BODY(held, tc)
{
	struct check	 c;

	begin(&c, 1, 1);
	c.subject.verdict.conf.hold_ms = 1000;
	c.subject.verdict.conf.hold_max_ms = 8000;
	c.subject.verdict.conf.forget_ms = 60000;
	report(&c, 1, 10, "", 0);
	report(&c, 0, 10, "", 0);
	report(&c, 1, 10, "", 0);
	report(&c, 0, 10, "", 0);
	report(&c, 1, 10, "", 0);
	expect(&c, VERDICT_HELD, "reported up, held down until it lasts");
	check_round(&c, at(999));
	expect(&c, VERDICT_HELD, "reported up, held down until it lasts");
	check_round(&c, at(1000));
	expect(&c, VERDICT_UP, "reported up");
}

/* --- what is told ------------------------------------------------------ */

ATF_TC_WITHOUT_HEAD(subject_drain);
ATF_TC_BODY(subject_drain, tc)
{
	struct check	 c;

	begin(&c, 1, 1);
	report(&c, 1, 3600, "", 0);
	expect(&c, VERDICT_UP, "reported up");
	ATF_CHECK(subject_public(&c.subject));
	subject_drain(&c.subject, "on command", MONO_S(2), at(0));
	expect(&c, VERDICT_DRAINING, "on command");
	ATF_CHECK(subject_public(&c.subject));
	subject_drain(&c.subject, "on command: moving", MONO_S(2), at(2000));
	expect(&c, VERDICT_DRAINED, "on command: moving");
	ATF_CHECK(!subject_public(&c.subject));
	/* It is judged all the while. */
	report(&c, 0, 3600, "broken", 3000);
	expect(&c, VERDICT_DRAINED, "on command: moving");
	subject_drain(&c.subject, NULL, MONO_S(2), at(4000));
	expect(&c, VERDICT_DOWN, "broken");
	ATF_CHECK(!subject_public(&c.subject));
}

ATF_TC_WITHOUT_HEAD(subject_news);
ATF_TC_BODY(subject_news, tc)
{
	struct check	 c;

	begin(&c, 1, 1);
	ATF_CHECK(subject_news(&c.subject));
	ATF_CHECK(!subject_news(&c.subject));
	report(&c, 1, 10, "3 ms", 0);
	ATF_CHECK(subject_news(&c.subject));
	/* How healthy it is is no news, why it is not is. */
	report(&c, 1, 10, "4 ms", 100);
	ATF_CHECK(!subject_news(&c.subject));
	ATF_CHECK_STREQ(c.subject.told.reason, "4 ms");
	report(&c, 0, 10, "no answer", 200);
	ATF_CHECK(subject_news(&c.subject));
	report(&c, 0, 10, "no answer", 300);
	ATF_CHECK(!subject_news(&c.subject));
	report(&c, 0, 10, "SERVFAIL", 400);
	ATF_CHECK(subject_news(&c.subject));
}

/* --- bounds ------------------------------------------------------------ */

/* No answer that is made in one go is longer than what may wait. */
ATF_TC_WITHOUT_HEAD(LIMIT_CTL_QUEUE);
ATF_TC_BODY(LIMIT_CTL_QUEUE, tc)
{
	/* show health; signs: 5, addresses, routes */
	ATF_CHECK(RELAY_NKINDS * (1 + 5 + SIGN_ADDRS + LIMIT_SIGN_ROUTES) +
	    LIMIT_CHECKS + 1 <= LIMIT_CTL_QUEUE);
	/* show relays; show clients has pages */
	ATF_CHECK(RELAY_NKINDS * (1 + DROP_NREASONS) + TEREDO_NCASES + 1 <=
	    LIMIT_CTL_QUEUE);
	ATF_CHECK(RELAY_PAGE + 1 <= LIMIT_CTL_QUEUE);
	/* of routed6: show announcements, one peer; show peers has pages */
	ATF_CHECK(1 + LIMIT_BGP_ANNOUNCE + 1 <= LIMIT_CTL_QUEUE);
	ATF_CHECK(2 + 2 * LIMIT_BGP_ANNOUNCE + 1 <= LIMIT_CTL_QUEUE);
	ATF_CHECK(LIMIT_CTL_PAGE + 1 <= LIMIT_CTL_QUEUE);
}

/* What crosses a pipe or a socket fits. */
ATF_TC_WITHOUT_HEAD(PROC_MAX_PAYLOAD);
ATF_TC_BODY(PROC_MAX_PAYLOAD, tc)
{
	ATF_CHECK(sizeof(struct relayd6_conf) <= PROC_MAX_PAYLOAD);
	ATF_CHECK(sizeof(struct drain_list) <= PROC_MAX_PAYLOAD);
	ATF_CHECK(sizeof(struct ctl_feed) <= PROC_MAX_PAYLOAD);
	ATF_CHECK(sizeof(struct ctl_report) <= CTL_MAX_REQUEST);
	ATF_CHECK(sizeof(struct ctl_drain) <= CTL_MAX_REQUEST);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, check_init);
	ATF_TP_ADD_TC(tp, lease);
	ATF_TP_ADD_TC(tp, lease_again);
	ATF_TP_ADD_TC(tp, report_down);
	ATF_TP_ADD_TC(tp, rise_fall);
	ATF_TP_ADD_TC(tp, falling_silent);
	ATF_TP_ADD_TC(tp, held);
	ATF_TP_ADD_TC(tp, subject_drain);
	ATF_TP_ADD_TC(tp, subject_news);
	ATF_TP_ADD_TC(tp, LIMIT_CTL_QUEUE);
	ATF_TP_ADD_TC(tp, PROC_MAX_PAYLOAD);
	return (atf_no_error());
}
