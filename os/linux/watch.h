/*
 * The parts of the watcher, private to os/linux: watch.c speaks with the
 * kernel, watch_msg.c reads its messages, legs.c counts routes.
 */
#ifndef WATCH_H
#define WATCH_H

#include <linux/netlink.h>

#include <stddef.h>
#include <stdint.h>

#include "os.h"

/* Where changes go. */
struct watch_sink {
	void	(*fn)(void *, const struct os_change *);
	void	 *arg;
};

/* --- legs.c: is there any route to this prefix by this interface? ----- */

#define LEGS_MAX	256	/* of all prefixes together; see legs_add() */

#define LEG_RECOUNT	0x01	/* a dump will tell */
#define LEG_REPLACED	0x02	/* this message will tell */

/* One nexthop of one route. */
struct leg {
	uint16_t	 prefix;	/* index */
	uint8_t		 doubt;		/* LEG_ bits; none once seen again */
	uint8_t		 gateway[18];	/* as in RTA_GATEWAY or RTA_VIA */
	uint32_t	 metric;
	uint32_t	 ifindex;
	uint32_t	 nhid;		/* nexthop object it comes from, or 0 */
};

struct legs {
	struct prefix	 prefix[OS_WATCH_ROUTES];
	size_t		 nprefixes;
	struct leg	 leg[LEGS_MAX];
	size_t		 nlegs;
	int		 overflow;	/* one was not counted */
};

/* The index of a prefix, or -1 when nobody asked for it. */
int	legs_prefix(const struct legs *, const struct prefix *);

/* True when a prefix of this family is followed. */
int	legs_family(const struct legs *, uint8_t af);

/* True when a leg comes from a nexthop object. */
int	legs_nhid(const struct legs *);

/* A leg is there: tells when it is the first of its kind. */
void	legs_add(struct legs *, const struct leg *, struct watch_sink *);

/* A leg is gone: tells when it was the last of its kind. */
void	legs_remove(struct legs *, const struct leg *, struct watch_sink *);

/* All legs through an interface are gone. */
void	legs_remove_interface(struct legs *, uint32_t ifindex,
	    struct watch_sink *);

/* Doubt every leg of a family: LEG_RECOUNT. */
void	legs_doubt_family(struct legs *, uint8_t af);

/*
 * A route with this prefix and metric is being replaced.  Returns how many
 * legs there are; only when that is one, it must be the one: LEG_REPLACED.
 */
size_t	legs_doubt_route(struct legs *, uint16_t prefix, uint32_t metric);

/* Remove the legs that are still in this kind of doubt. */
void	legs_sweep(struct legs *, uint8_t doubt, struct watch_sink *);

/* --- watch_msg.c: what one message means ------------------------------ */

/* Dumps, in the order in which they are asked for. */
enum watch_dump {
	DUMP_LINK, DUMP_ADDR, DUMP_ROUTE4, DUMP_ROUTE6, DUMP_CONF4,
	DUMP_CONF6, DUMP_NONE
};
#define DUMP_BIT(d)	(1U << (d))

/*
 * Tell what the message says.  Returns the dumps (bits) that it makes
 * necessary, since the kernel does not announce everything.  *gone becomes
 * the dump whose subject lost something, else DUMP_NONE.
 */
unsigned int	watch_message(struct legs *, const struct nlmsghdr *,
		    struct watch_sink *, enum watch_dump *gone);

#endif
