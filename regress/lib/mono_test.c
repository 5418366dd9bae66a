/*
 * Tests of monotonic time and of the timers of the event loop, lib/mono.c.
 * Times are bounded from below, but for the grain of the event loop's clock;
 * from above only where a fault would be far off, since a busy machine may be
 * late.
 */
#include <atf-c.h>
#include <event.h>
#include <stdint.h>
#include <unistd.h>

#include "mono.h"

/* libevent asks a clock that is advanced by the tick: 10 ms at 100 Hz. */
#define GRAIN	MONO_MS(10)

struct alarm {
	struct timer	 timer;
	mono_t		 set;
	mono_t		 fired;
	int		 n;
};

static void
ring(int fd, short event, void *arg)
{
	struct alarm	*a = arg;

	a->fired = mono_now();
	a->n++;
}

static void
alarm_set(struct alarm *a, int64_t ns)
{
	a->n = 0;
	timer_init(&a->timer, ring, a);
	a->set = mono_now();
	timer_arm(&a->timer, ns);
}

/* Run the event loop for a while. */
static void
run(int64_t ns)
{
	struct timeval	 tv;

	tv.tv_sec = ns / MONO_S(1);
	tv.tv_usec = ns % MONO_S(1) / MONO_US(1);
	ATF_REQUIRE_EQ(event_loopexit(&tv), 0);
	ATF_REQUIRE_EQ(event_dispatch(), 0);
}

ATF_TC_WITHOUT_HEAD(mono_units);
ATF_TC_BODY(mono_units, tc)
{
	ATF_CHECK_EQ(MONO_US(7), 7000);
	ATF_CHECK_EQ(MONO_MS(7), 7000000);
	ATF_CHECK_EQ(MONO_S(7), 7000000000LL);
	/* A day does not overflow, whatever the type of the argument. */
	ATF_CHECK_EQ(MONO_S(86400), 86400LL * 1000 * 1000 * 1000);
}

ATF_TC_WITHOUT_HEAD(mono_now);
ATF_TC_BODY(mono_now, tc)
{
	mono_t	 a, b;
	int	 i;

	a = mono_now();
	for (i = 0; i < 10000; i++) {
		b = mono_now();
		ATF_REQUIRE(b.ns >= a.ns);
		a = b;
	}
	usleep(20000);
	b = mono_now();
	ATF_CHECK(mono_sub(b, a) >= MONO_MS(20));
	ATF_CHECK(mono_sub(b, a) < MONO_S(5));
}

ATF_TC_WITHOUT_HEAD(mono_add);
ATF_TC_BODY(mono_add, tc)
{
	mono_t	 t = { 100 };

	ATF_CHECK_EQ(mono_add(t, MONO_S(3)).ns, 3000000100LL);
	ATF_CHECK_EQ(mono_add(t, -100).ns, 0);
	ATF_CHECK_EQ(t.ns, 100);
}

ATF_TC_WITHOUT_HEAD(mono_sub);
ATF_TC_BODY(mono_sub, tc)
{
	mono_t	 a = { 100 }, b = { 350 };

	ATF_CHECK_EQ(mono_sub(b, a), 250);
	ATF_CHECK_EQ(mono_sub(a, b), -250);
}

ATF_TC_WITHOUT_HEAD(mono_reached);
ATF_TC_BODY(mono_reached, tc)
{
	mono_t	 a = { 100 }, b = { 101 };

	ATF_CHECK(!mono_reached(a, b));
	ATF_CHECK(mono_reached(a, a));
	ATF_CHECK(mono_reached(b, a));
}

ATF_TC_WITHOUT_HEAD(timer_arm);
ATF_TC_BODY(timer_arm, tc)
{
	struct alarm	 a;

	event_init();
	alarm_set(&a, MONO_MS(50));
	run(MONO_MS(300));
	ATF_CHECK_EQ(a.n, 1);
	ATF_CHECK(mono_sub(a.fired, a.set) >= MONO_MS(50) - GRAIN);
	ATF_CHECK(mono_sub(a.fired, a.set) < MONO_MS(280));
}

/* A late and a negative time both mean at once. */
ATF_TC_WITHOUT_HEAD(timer_arm_at_once);
ATF_TC_BODY(timer_arm_at_once, tc)
{
	struct alarm	 past, zero;

	event_init();
	alarm_set(&past, -MONO_S(5));
	alarm_set(&zero, 0);
	ATF_CHECK_EQ(event_loop(EVLOOP_ONCE), 0);
	ATF_CHECK_EQ(past.n, 1);
	ATF_CHECK_EQ(zero.n, 1);
}

ATF_TC_WITHOUT_HEAD(timer_arm_moves);
ATF_TC_BODY(timer_arm_moves, tc)
{
	struct alarm	 later, sooner;

	event_init();
	alarm_set(&later, MONO_MS(20));
	timer_arm(&later.timer, MONO_MS(120));
	alarm_set(&sooner, MONO_S(3600));
	timer_arm(&sooner.timer, MONO_MS(20));
	run(MONO_MS(300));
	ATF_CHECK_EQ(later.n, 1);
	ATF_CHECK(mono_sub(later.fired, later.set) >= MONO_MS(120) - GRAIN);
	ATF_CHECK_EQ(sooner.n, 1);
}

ATF_TC_WITHOUT_HEAD(timer_stop);
ATF_TC_BODY(timer_stop, tc)
{
	struct alarm	 a;

	event_init();
	alarm_set(&a, MONO_MS(10));
	timer_stop(&a.timer);
	timer_stop(&a.timer);
	run(MONO_MS(50));
	ATF_CHECK_EQ(a.n, 0);
	/* It can be armed again. */
	timer_arm(&a.timer, 0);
	run(MONO_MS(50));
	ATF_CHECK_EQ(a.n, 1);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, mono_units);
	ATF_TP_ADD_TC(tp, mono_now);
	ATF_TP_ADD_TC(tp, mono_add);
	ATF_TP_ADD_TC(tp, mono_sub);
	ATF_TP_ADD_TC(tp, mono_reached);
	ATF_TP_ADD_TC(tp, timer_arm);
	ATF_TP_ADD_TC(tp, timer_arm_at_once);
	ATF_TP_ADD_TC(tp, timer_arm_moves);
	ATF_TP_ADD_TC(tp, timer_stop);
	return (atf_no_error());
}
