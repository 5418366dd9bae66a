/*
 * Counts the legs of routes to a few prefixes, so that the watcher's reader
 * hears one thing only: is there any route to this prefix by this interface.
 * Pure: no I/O, no allocation, no knowledge of message formats.
 *
 * A leg is known by prefix, metric, interface and gateway.  Those of one
 * prefix and interface are of one kind.
 */
#include <string.h>

#include "watch.h"

int
legs_prefix(const struct legs *ls, const struct prefix *p)
{
	size_t	 i;

	for (i = 0; i < ls->nprefixes; i++)
		if (prefix_equal(&ls->prefix[i], p))
			return (i);
	return (-1);
}

int
legs_family(const struct legs *ls, uint8_t af)
{
	size_t	 i;

	for (i = 0; i < ls->nprefixes; i++)
		if (ls->prefix[i].af == af)
			return (1);
	return (0);
}

int
legs_nhid(const struct legs *ls)
{
	size_t	 i;

	for (i = 0; i < ls->nlegs; i++)
		if (ls->leg[i].nhid != 0)
			return (1);
	return (0);
}

static int
leg_same(const struct leg *a, const struct leg *b)
{
	return (a->prefix == b->prefix && a->metric == b->metric &&
	    a->ifindex == b->ifindex &&
	    memcmp(a->gateway, b->gateway, sizeof(a->gateway)) == 0);
}

/* True when a leg of the kind of l is counted. */
static int
kind_exists(const struct legs *ls, const struct leg *l)
{
	size_t	 i;

	for (i = 0; i < ls->nlegs; i++)
		if (ls->leg[i].prefix == l->prefix &&
		    ls->leg[i].ifindex == l->ifindex)
			return (1);
	return (0);
}

static void
kind_tell(const struct legs *ls, const struct leg *l, int up,
    struct watch_sink *to)
{
	struct os_change	 c;

	memset(&c, 0, sizeof(c));
	c.event = OS_EV_ROUTE;
	c.ifindex = l->ifindex;
	c.up = up;
	c.prefix = ls->prefix[l->prefix];
	c.af = c.prefix.af;
	to->fn(to->arg, &c);
}

/*
 * Without room a leg is not counted: then a prefix may seem lost while it is
 * not, never the other way round; overflow calls for a recount.
 */
void
legs_add(struct legs *ls, const struct leg *l, struct watch_sink *to)
{
	int	 first;
	size_t	 i;

	for (i = 0; i < ls->nlegs; i++)
		if (leg_same(&ls->leg[i], l)) {
			ls->leg[i] = *l;
			return;
		}
	if (ls->nlegs == LEGS_MAX) {
		ls->overflow = 1;
		return;
	}
	first = !kind_exists(ls, l);
	ls->leg[ls->nlegs++] = *l;
	if (first)
		kind_tell(ls, l, 1, to);
}

static void
leg_drop(struct legs *ls, size_t i, struct watch_sink *to)
{
	struct leg	 gone = ls->leg[i];

	ls->leg[i] = ls->leg[--ls->nlegs];
	if (!kind_exists(ls, &gone))
		kind_tell(ls, &gone, 0, to);
}

void
legs_remove(struct legs *ls, const struct leg *l, struct watch_sink *to)
{
	size_t	 i;

	for (i = 0; i < ls->nlegs; i++)
		if (leg_same(&ls->leg[i], l)) {
			leg_drop(ls, i, to);
			return;
		}
}

void
legs_remove_interface(struct legs *ls, uint32_t ifindex,
    struct watch_sink *to)
{
	size_t	 i;

	for (i = ls->nlegs; i-- > 0;)
		if (ls->leg[i].ifindex == ifindex)
			leg_drop(ls, i, to);
}

void
legs_doubt_family(struct legs *ls, uint8_t af)
{
	size_t	 i;

	for (i = 0; i < ls->nlegs; i++)
		if (ls->prefix[ls->leg[i].prefix].af == af)
			ls->leg[i].doubt |= LEG_RECOUNT;
}

size_t
legs_doubt_route(struct legs *ls, uint16_t prefix, uint32_t metric)
{
	struct leg	*l, *last = NULL;
	size_t		 count = 0;

	for (l = ls->leg; l < ls->leg + ls->nlegs; l++)
		if (l->prefix == prefix && l->metric == metric) {
			last = l;
			count++;
		}
	if (count == 1)
		last->doubt |= LEG_REPLACED;
	return (count);
}

void
legs_sweep(struct legs *ls, uint8_t doubt, struct watch_sink *to)
{
	size_t	 i;

	for (i = ls->nlegs; i-- > 0;)
		if (ls->leg[i].doubt & doubt)
			leg_drop(ls, i, to);
}
