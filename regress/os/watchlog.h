/*
 * What the tests of the watcher share: a record of all it told, and a small
 * network for it to watch.
 */
#ifndef WATCHLOG_H
#define WATCHLOG_H

#include <stddef.h>

#include "ns.h"
#include "os.h"

#define NCHANGES	8192

/* A watcher and all it told since the last watch_clear(). */
struct log {
	struct os_watch		*w;
	int			 fd;
	size_t			 n;
	struct os_change	 c[NCHANGES];
};

/*
 * A watcher in a namespace with two interfaces, eth0 and eth1, whose other
 * ends are there as well; begin: a full dump and silence after it.
 */
struct log		*watch_make(void);
void			 watch_begin(struct log *);
void			 watch_clear(struct log *);

/* How often this was told. */
int			 watch_count(const struct log *,
			    const struct os_change *);

/* Read until it is told or PATIENCE is over; returns how often it was. */
int			 watch_wait(struct log *, const struct os_change *);

/* Read until nothing comes any more. */
void			 watch_settle(struct log *);

/* Changes to wait for; an ifindex of 0 is any, but for forwarding. */
struct os_change	 mark(enum os_event);
struct os_change	 link_is(const char *name, int up);
struct os_change	 addr_is(const char *, unsigned int ifindex, int up);
struct os_change	 route_is(const char *, unsigned int ifindex, int up);
struct os_change	 forward_is(uint8_t af, unsigned int ifindex, int up);

#define CHECK_TOLD(l, what) do {					\
	struct os_change	 want_;					\
									\
	want_ = (what);							\
	ATF_CHECK_MSG(watch_wait(l, &want_) > 0, "not told: " #what);	\
} while (0)

#define CHECK_TIMES(l, what, times) do {				\
	struct os_change	 want_;					\
	int			 n_;					\
									\
	want_ = (what);							\
	n_ = watch_count(l, &want_);					\
	ATF_CHECK_MSG(n_ == (times), "%d times: " #what, n_);		\
} while (0)

#endif
