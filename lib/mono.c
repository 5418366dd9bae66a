/*
 * Monotonic time and timers: see mono.h.  The only file that reads a clock.
 */
#include <sys/time.h>

#include <event.h>
#include <time.h>

#include "log.h"
#include "mono.h"

mono_t
mono_now(void)
{
	struct timespec	 ts;
	mono_t		 t;

	if (clock_gettime(CLOCK_BOOTTIME, &ts) == -1)
		fatal("clock_gettime");
	t.ns = MONO_S(ts.tv_sec) + ts.tv_nsec;
	return (t);
}

uint64_t
wall_ms(void)
{
	struct timespec	 ts;

	if (clock_gettime(CLOCK_REALTIME, &ts) == -1)
		fatal("clock_gettime");
	return ((uint64_t)ts.tv_sec * 1000 + ts.tv_nsec / MONO_MS(1));
}

mono_t
mono_add(mono_t t, int64_t ns)
{
	t.ns += ns;
	return (t);
}

int64_t
mono_sub(mono_t a, mono_t b)
{
	return (a.ns - b.ns);
}

int
mono_reached(mono_t a, mono_t b)
{
	return (a.ns >= b.ns);
}

void
timer_init(struct timer *t, void (*fn)(int, short, void *), void *arg)
{
	evtimer_set(&t->ev, fn, arg);
}

void
timer_arm(struct timer *t, int64_t ns)
{
	struct timeval	 tv;

	if (ns < 0)
		ns = 0;
	tv.tv_sec = ns / MONO_S(1);
	tv.tv_usec = (ns % MONO_S(1)) / MONO_US(1);
	if (evtimer_add(&t->ev, &tv) == -1)
		fatalx("timer_arm");
}

void
timer_stop(struct timer *t)
{
	evtimer_del(&t->ev);
}
