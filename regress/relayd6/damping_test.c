/*
 * From the target of a probe to what the world is told: a relay whose target
 * comes and goes a thousand times is announced as often as the hold-down of
 * relayd6.conf(5) lets it, and no more.  The engines of probe.c, verdict.c
 * and subject.c, put together as the health process does it, with a clock of
 * their own.
 */
#include <atf-c.h>
#include <string.h>

#include "conf_health.h"
#include "probe_bed.h"
#include "subject.h"

#define FLAPS	1000
#define TARGET	1		/* goal 0 is ourselves */

struct relay {
	struct pbed	 bed;
	struct subject	 s;
	mono_t		 beat;		/* the next heartbeat */
	int64_t		 interval;	/* between two, ns */
	int		 alive;		/* the target */
	int		 good;		/* the probes */
	int		 failures;	/* of them */
	int		 announced;
	int		 announcements;
	int		 withdrawals;
	mono_t		 changed;
};

/* A heartbeat each 10 ms, a round of probes each 20 ms, one bad one counts. */
static void
relay_init(struct relay *r, const struct conf_verdict *conf)
{
	memset(r, 0, sizeof(*r));
	pbed_init(&r->bed, 1);
	r->bed.conf.interval_ms = r->bed.conf.timeout_ms = 20;
	r->bed.conf.fall = 1;
	pbed_reconf(&r->bed);
	subject_init(&r->s, "6to4", conf, r->bed.now);
	r->interval = MONO_MS(10);
	r->beat = r->bed.now;
}

/* With what holds when the file says nothing. */
static void
relay_default(struct relay *r)
{
	struct conf_health	 h;

	memset(&h, 0, sizeof(h));
	conf_health_before(&h);
	ATF_REQUIRE_EQ(h.verdict.rise, 3);
	ATF_REQUIRE_EQ(h.verdict.settle_ms, 0);
	relay_init(r, &h.verdict);
}

/* A heartbeat each second, a round each two: for long stories. */
static void
relay_slow(struct relay *r)
{
	r->interval = MONO_S(1);
	r->bed.conf.interval_ms = 2000;
	r->bed.conf.timeout_ms = 1000;
	pbed_reconf(&r->bed);
}

static void
relay_judge(struct relay *r, int round)
{
	char	 why[LIMIT_REASON];
	mono_t	 now = r->bed.now;
	int	 up, good;

	good = probe_good(&r->bed.p, why, sizeof(why));
	r->failures += r->good && !good;
	r->good = good;
	if (!good)
		verdict_bad(&r->s.verdict, why, now);
	else if (round)
		verdict_good(&r->s.verdict, "all signs are good", now);
	(void)subject_news(&r->s);
	up = subject_public(&r->s);
	if (up == r->announced)
		return;
	r->announced = up;
	r->announcements += up;
	r->withdrawals += !up;
	r->changed = now;
	probe_announced(&r->bed.p, up, now);
}

/* An answer comes later than the end of the round before. */
static void
relay_probe(struct relay *r)
{
	mono_t	 now = r->bed.now;

	r->bed.n = 0;
	probe_tick(&r->bed.p, now);
	relay_judge(r, 0);
	if (r->bed.n == 0)
		return;
	pbed_answer_self(&r->bed);
	if (r->alive)
		ATF_REQUIRE_EQ(pbed_answer(&r->bed, TARGET, PROBE_NATIVE, 0),
		    PROBE_TAKEN);
	r->bed.now = now;
	relay_judge(r, 0);
}

/* The next thing that happens. */
static void
relay_step(struct relay *r)
{
	mono_t	 probe = probe_deadline(&r->bed.p);
	int	 round = mono_reached(probe, r->beat);

	r->bed.now = round ? r->beat : probe;
	if (round) {
		r->beat = mono_add(r->beat, r->interval);
		relay_judge(r, 1);
	} else
		relay_probe(r);
}

static void
relay_run(struct relay *r, int64_t ns)
{
	mono_t	 end = mono_add(r->bed.now, ns);

	while (!mono_reached(probe_deadline(&r->bed.p), end) ||
	    !mono_reached(r->beat, end))
		relay_step(r);
	r->bed.now = end;
}

static void
relay_until(struct relay *r, int announced)
{
	while (r->announced != announced)
		relay_step(r);
}

/* The target dies as soon as we are announced, and is back at once. */
static int64_t
relay_fall(struct relay *r)
{
	r->alive = 1;
	relay_until(r, 1);
	r->alive = 0;
	relay_until(r, 0);
	r->alive = 1;
	return (verdict_held(&r->s.verdict, r->bed.now));
}

/* --- what the manual says ---------------------------------------------- */

/* "0, 1, 2, 4, 8, 16, 32, 64, 128, 256 and then always 300 seconds" */
ATF_TC_WITHOUT_HEAD(hold_grows_to_its_cap);
ATF_TC_BODY(hold_grows_to_its_cap, tc)
{
	struct relay	 r;
	int64_t		 want, held, back;
	int		 i;

	relay_default(&r);
	relay_slow(&r);
	for (i = 0; i < FLAPS; i++) {
		want = i == 0 ? 0 : i < 10 ? MONO_S(1 << (i - 1)) :
		    MONO_S(300);
		held = relay_fall(&r);
		ATF_CHECK_EQ_MSG(held, want, "fall %d: %lld", i + 1,
		    (long long)held);
		/* And it is back as soon as that and rise allow. */
		relay_until(&r, 1);
		back = mono_sub(r.changed, r.s.verdict.held);
		ATF_CHECK_MSG(back >= 0 && back <= MONO_S(6),
		    "fall %d: late by %lld", i + 1, (long long)back);
	}
	ATF_CHECK_EQ(r.announcements, FLAPS + 1);
	ATF_CHECK_EQ(r.withdrawals, FLAPS);
}

/* "a thousand failures within a minute make at most seven announcements" */
ATF_TC_WITHOUT_HEAD(thousand_within_a_minute);
ATF_TC_BODY(thousand_within_a_minute, tc)
{
	struct relay	 r;
	int		 i;

	relay_default(&r);
	r.alive = 1;
	relay_until(&r, 1);
	for (i = 0; i < 2 * FLAPS; i++) {
		r.alive = !r.alive;
		relay_run(&r, MONO_MS(30));
	}
	ATF_CHECK_EQ_MSG(r.failures, FLAPS, "%d failures", r.failures);
	ATF_CHECK_EQ(r.announcements, 7);
	ATF_CHECK_EQ(r.withdrawals, 7);
}

/* "Each forget for which it stays healthy makes up for one fall" */
ATF_TC_WITHOUT_HEAD(health_is_remembered);
ATF_TC_BODY(health_is_remembered, tc)
{
	struct relay	 r;
	int		 i;

	relay_default(&r);
	for (i = 0; i < 6; i++)
		(void)relay_fall(&r);
	relay_until(&r, 1);
	relay_run(&r, MONO_S(3 * 60 + 1));
	/* Three of six are forgotten; the next one is the fourth. */
	ATF_CHECK_EQ(relay_fall(&r), MONO_S(4));
	for (i = 0; i < 20; i++)
		(void)relay_fall(&r);
	ATF_CHECK_EQ(relay_fall(&r), MONO_S(300));
	/* "after eleven minutes of health all is forgotten" */
	relay_until(&r, 1);
	relay_run(&r, MONO_S(11 * 60 - 1));
	ATF_CHECK_EQ(verdict_flaps(&r.s.verdict, r.bed.now), 1);
	relay_run(&r, MONO_S(1));
	ATF_CHECK_EQ(verdict_flaps(&r.s.verdict, r.bed.now), 0);
	ATF_CHECK_EQ(relay_fall(&r), 0);
	ATF_CHECK_EQ(relay_fall(&r), MONO_S(1));
}

/* "time spent down or held makes up for none", and no failure then counts */
ATF_TC_WITHOUT_HEAD(held_is_not_healthy);
ATF_TC_BODY(held_is_not_healthy, tc)
{
	struct relay	 r;
	uint32_t	 flaps;
	int		 i;

	relay_default(&r);
	for (i = 0; i < 11; i++)
		(void)relay_fall(&r);
	flaps = r.s.verdict.flaps;
	for (i = 0; i < 2 * FLAPS; i++) {
		r.alive = !r.alive;
		relay_run(&r, MONO_MS(30));
	}
	ATF_CHECK(r.failures >= FLAPS);
	ATF_CHECK_EQ(r.announcements, 11);
	r.alive = 0;
	relay_run(&r, MONO_S(3600));
	ATF_CHECK_EQ(r.announcements, 11);
	ATF_CHECK_EQ(verdict_flaps(&r.s.verdict, r.bed.now), flaps);
	r.alive = 1;
	relay_until(&r, 1);
	ATF_CHECK_EQ(relay_fall(&r), MONO_S(300));
}

/* "How long all signs have to be good before the relay is healthy at first" */
ATF_TC_WITHOUT_HEAD(settle);
ATF_TC_BODY(settle, tc)
{
	struct conf_health	 h;
	struct relay		 r;
	mono_t			 good;
	int			 i;

	memset(&h, 0, sizeof(h));
	conf_health_before(&h);
	h.verdict.settle_ms = 10000;
	relay_init(&r, &h.verdict);
	for (i = 0; i < FLAPS; i++) {
		r.alive = 0;
		relay_run(&r, MONO_S(1));
		r.alive = 1;
		relay_run(&r, MONO_S(9));
	}
	ATF_CHECK_EQ(r.announcements, 0);
	r.alive = 0;
	relay_run(&r, MONO_S(1));
	r.alive = 1;
	while (!r.bed.p.good)
		relay_step(&r);
	good = r.bed.now;
	relay_until(&r, 1);
	ATF_CHECK(mono_sub(r.changed, good) >= MONO_MS(10000));
	ATF_CHECK(mono_sub(r.changed, good) <= MONO_MS(10020));
	/* Later on only rise counts. */
	ATF_CHECK_EQ(relay_fall(&r), 0);
	good = r.bed.now;
	relay_until(&r, 1);
	ATF_CHECK(mono_sub(r.changed, good) < MONO_MS(200));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, hold_grows_to_its_cap);
	ATF_TP_ADD_TC(tp, thousand_within_a_minute);
	ATF_TP_ADD_TC(tp, health_is_remembered);
	ATF_TP_ADD_TC(tp, held_is_not_healthy);
	ATF_TP_ADD_TC(tp, settle);
	return (atf_no_error());
}
