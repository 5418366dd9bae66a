/*
 * Monotonic time.  A point in time is a type of its own so that it cannot be
 * mixed with a wall clock or with a duration; durations are nanoseconds in an
 * int64_t, written with the macros below.  Only mono_now() reads a clock:
 * engines are told the time.
 */
#ifndef MONO_H
#define MONO_H

#include <event.h>
#include <stdint.h>

typedef struct {
	int64_t	ns;
} mono_t;

#define MONO_US(n)	((int64_t)(n) * 1000)
#define MONO_MS(n)	((int64_t)(n) * 1000000)
#define MONO_S(n)	((int64_t)(n) * 1000000000)

/* The present; counts on while the machine sleeps. */
mono_t	mono_now(void);

/* What the wall clock says, ms since 1970; for people only. */
uint64_t	wall_ms(void);

/* t moved by a duration. */
mono_t	mono_add(mono_t t, int64_t ns);

/* The duration from b to a. */
int64_t	mono_sub(mono_t a, mono_t b);

/* True when a is later than or equal to b. */
int	mono_reached(mono_t a, mono_t b);

/*
 * A one-shot timer of the event loop.  Arming an armed timer moves it.
 */
struct timer {
	struct event	ev;
};

/* Prepare a timer that calls fn(arg); must happen before any other use. */
void	timer_init(struct timer *, void (*fn)(int, short, void *), void *arg);

/* Fire ns from now; a negative ns means at once. */
void	timer_arm(struct timer *, int64_t ns);

/* Do not fire; harmless when not armed. */
void	timer_stop(struct timer *);

#endif
