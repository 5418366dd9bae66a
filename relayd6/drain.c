/*
 * Drains: see drain.h.  Runs in the parent (the list) and in the health
 * process.
 */
#include <string.h>

#include "drain.h"
#include "fsm.h"

/* --- the list ---------------------------------------------------------- */

static uint32_t
drain_index(const struct drain_list *l, const char *name)
{
	uint32_t	 i;

	for (i = 0; i < l->n; i++)
		if (strcmp(l->entry[i].name, name) == 0)
			break;
	return (i);
}

const struct drain_entry *
drain_find(const struct drain_list *l, const char *name)
{
	uint32_t	 i = drain_index(l, name);

	return (i < l->n ? &l->entry[i] : NULL);
}

const struct drain_entry *
drain_wanted(const struct drain_list *l, const char *name)
{
	const struct drain_entry	*e = drain_find(l, name);

	return (e != NULL ? e : drain_find(l, DRAIN_ALL));
}

int
drain_add(struct drain_list *l, const struct drain_entry *e)
{
	uint32_t	 i = drain_index(l, e->name);

	if (i == LIMIT_DRAINS)
		return (-1);
	if (i == l->n)
		l->n++;
	l->entry[i] = *e;
	return (0);
}

int
drain_remove(struct drain_list *l, const char *name)
{
	uint32_t	 i = drain_index(l, name);

	if (strcmp(name, DRAIN_ALL) == 0 && l->n > 0) {
		memset(l, 0, sizeof(*l));
		return (0);
	}
	if (i == l->n)
		return (-1);
	l->entry[i] = l->entry[--l->n];
	memset(&l->entry[l->n], 0, sizeof(l->entry[l->n]));
	return (0);
}

/* --- the way of one ---------------------------------------------------- */

enum drain_in {
	STAY,		/* it is not to be drained, or not any more */
	LEAVE,		/* it is, and there is something to leave */
	GONE,		/* it is, and nobody hears of it, or need be told */
	TIME,		/* it is, and had the time it takes */
	NEVENTS
};

struct edge {
	uint8_t	  next;
	void	(*act)(struct drain *, mono_t, int64_t);
};

static void
act_none(struct drain *d, mono_t now, int64_t time)
{
}

static void
act_begin(struct drain *d, mono_t now, int64_t time)
{
	d->until = mono_add(now, time);
}

static const struct edge	edges[DRAIN_NSTATES][NEVENTS] = {
	[DRAIN_OFF] = {
		[STAY] =	{ DRAIN_OFF,	act_none },
		[LEAVE] =	{ DRAINING,	act_begin },
		[GONE] =	{ DRAINED,	act_none },
		[TIME] =	{ DRAINING,	act_begin }
	},
	[DRAINING] = {
		[STAY] =	{ DRAIN_OFF,	act_none },
		[LEAVE] =	{ DRAINING,	act_none },
		[GONE] =	{ DRAINED,	act_none },
		[TIME] =	{ DRAINED,	act_none }
	},
	[DRAINED] = {
		[STAY] =	{ DRAIN_OFF,	act_none },
		[LEAVE] =	{ DRAINED,	act_none },
		[GONE] =	{ DRAINED,	act_none },
		[TIME] =	{ DRAINED,	act_none }
	}
};

void
drain_check(void)
{
	fsm_complete("drain", &edges[0][0].next, sizeof(edges[0][0]),
	    DRAIN_NSTATES, NEVENTS);
}

void
drain_init(struct drain *d)
{
	memset(d, 0, sizeof(*d));
	d->state = DRAIN_OFF;
}

void
drain_run(struct drain *d, int wanted, int up, int64_t time, mono_t now)
{
	const struct edge	*e;
	enum drain_in		 ev = STAY;

	if (wanted && (!up || time <= 0))
		ev = GONE;
	else if (wanted)
		ev = mono_reached(now, d->until) ? TIME : LEAVE;
	e = &edges[d->state][ev];
	e->act(d, now, time);
	d->state = e->next;
}
