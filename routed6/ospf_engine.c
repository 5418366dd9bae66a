/*
 * An OSPFv3 router as a whole: see ospf_engine.h.  Configuration, time, the
 * end, and what is put off until the end of every call.  Engine of the ospf
 * process: no I/O and no clock.
 */
#include <arpa/inet.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "ospf_state.h"

#define TURNS	8	/* more than what is put off can ever need */

const mono_t	ospf_never = { MONO_NEVER };

/* --- small things ------------------------------------------------------ */

mono_t
ospf_earlier(mono_t a, mono_t b)
{
	return (a.ns < b.ns ? a : b);
}

char *
ospf_id_print(uint32_t id, char *buf, size_t len)
{
	snprintf(buf, len, "%u.%u.%u.%u", id >> 24, id >> 16 & 0xff,
	    id >> 8 & 0xff, id & 0xff);
	return (buf);
}

char *
ospf_addr_print(const struct in6_addr *a, char *buf, size_t len)
{
	if (inet_ntop(AF_INET6, a, buf, len) == NULL)
		strlcpy(buf, "?", len);
	return (buf);
}

void
ospf_log(struct ospf *o, int pri, const char *fmt, ...)
{
	char	 line[256];
	va_list	 ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	o->ops->log(o->arg, pri, line);
}

int
ospf_may_warn(struct ospf *o, mono_t *last)
{
	if (last->ns != MONO_NEVER &&
	    mono_sub(o->now, *last) < OSPF_WARN_INTERVAL)
		return (0);
	*last = o->now;
	return (1);
}

uint32_t
ospf_router_id(const struct ospf *o)
{
	return (o->conf.router_id);
}

/* --- what is put off --------------------------------------------------- */

void
ospf_enter(struct ospf *o, mono_t now)
{
	o->now = now;
}

/* Requests that were answered are followed by others, or by Full. */
static void
requests_go_on(struct ospf *o)
{
	struct ospf_nbr	*nbr;
	struct ospf_if	*ifp;

	TAILQ_FOREACH(ifp, &o->ifs, entry)
		TAILQ_FOREACH(nbr, &ifp->nbrs, entry) {
			if (nbr->state == OSPF_NBR_LOADING &&
			    nbr->nrequests == 0)
				ospf_nbr_event(nbr, OSPF_NBR_EV_LOADED);
			else if (nbr->state >= OSPF_NBR_EXCHANGE)
				ospf_requests_send(nbr);
		}
}

/*
 * RFC 2328 14: what has reached MaxAge goes once nobody needs it any more.
 * After as long again nobody can have a copy that lives; without this end, one
 * neighbor that never gets done would have us keep all that ever was.
 */
static void
dying_reap(struct ospf *o)
{
	struct ospf_lsa	*l, *next;
	struct ospf_db	*db;
	struct ospf_key	 k;
	int		 loading, may_live;

	if (TAILQ_EMPTY(&o->store.dying))
		return;
	loading = ospf_is_loading(o);
	for (l = TAILQ_FIRST(&o->store.dying); l != NULL; l = next) {
		next = TAILQ_NEXT(l, dying);
		may_live = mono_sub(o->now, l->arrived) < MONO_S(OSPF_MAXAGE);
		if (may_live && loading)
			break;
		if (may_live && l->unacked > 0)
			continue;
		db = l->db;
		k = l->h.key;
		ospf_unacked_forget(o, l);
		ospf_db_remove(l);
		ospf_orig_gone(o, db, &k);
	}
}

static int
floods_send(struct ospf *o)
{
	struct ospf_if	*ifp;
	int		 any = 0;

	TAILQ_FOREACH(ifp, &o->ifs, entry) {
		any |= !STAILQ_EMPTY(&ifp->floods);
		ospf_floods_send(ifp);
	}
	return (any);
}

void
ospf_leave(struct ospf *o)
{
	struct ospf_if	*ifp;
	int		 turn;

	for (turn = 0; turn < TURNS; turn++) {
		if (o->dirty)
			ospf_orig_run(o);
		if (!floods_send(o) && turn > 0 && !o->dirty)
			break;
		requests_go_on(o);
		dying_reap(o);
	}
	TAILQ_FOREACH(ifp, &o->ifs, entry)
		ospf_nbrs_sweep(ifp);
}

/* --- birth and death --------------------------------------------------- */

struct ospf *
ospf_new(const struct ospf_ops *ops, void *arg)
{
	struct ospf	*o;
	size_t		 i;

	if ((o = calloc(1, sizeof(*o))) == NULL)
		return (NULL);
	o->ops = ops;
	o->arg = arg;
	TAILQ_INIT(&o->areas);
	TAILQ_INIT(&o->ifs);
	TAILQ_INIT(&o->origs);
	ospf_store_init(&o->store, LIMIT_OSPF_LSAS, LIMIT_OSPF_LSDB);
	ospf_db_init(&o->db, &o->store);
	o->warned_full = o->warned_fight = ospf_never;
	for (i = 0; i < OSPF_STRANGERS; i++)
		o->strangers[i].fought = ospf_never;
	return (o);
}

static void
area_free(struct ospf *o, struct ospf_area *area)
{
	ospf_orig_free(o, &area->db);
	ospf_db_clear(&area->db);
	TAILQ_REMOVE(&o->areas, area, entry);
	free(area);
}

void
ospf_free(struct ospf *o)
{
	struct ospf_area	*area;
	struct ospf_if		*ifp;

	o->stopping = 1;
	while ((ifp = TAILQ_FIRST(&o->ifs)) != NULL)
		ospf_if_free(ifp);
	while ((area = TAILQ_FIRST(&o->areas)) != NULL)
		area_free(o, area);
	ospf_orig_free(o, &o->db);
	ospf_db_clear(&o->db);
	freezero(o, sizeof(*o));
}

/* --- configuration ----------------------------------------------------- */

static struct ospf_area *
area_find(struct ospf *o, uint32_t id)
{
	struct ospf_area	*area;

	TAILQ_FOREACH(area, &o->areas, entry)
		if (area->conf.id == id)
			return (area);
	return (NULL);
}

/* NULL after a line in the log: no memory. */
static struct ospf_area *
area_new(struct ospf *o, const struct ospf_conf_area *conf)
{
	struct ospf_area	*area;

	if ((area = calloc(1, sizeof(*area))) == NULL)
		return (NULL);
	area->conf = *conf;
	ospf_db_init(&area->db, &o->store);
	area->db.area = area;
	TAILQ_INSERT_TAIL(&o->areas, area, entry);
	return (area);
}

/* A last word on a link that we leave, and silence. */
static void
if_leave(struct ospf_if *ifp)
{
	ospf_floods_send(ifp);
	if (ifp->state > OSPF_IF_LOOPBACK)
		ospf_hello_bye(ifp);
	ospf_if_event(ifp, OSPF_IF_EV_DOWN);
	ospf_nbrs_sweep(ifp);
}

/* An area that became an NSSA, or is none any more, begins anew. */
static void
area_configure(struct ospf *o, const struct ospf_conf_area *conf)
{
	struct ospf_area	*area;
	struct ospf_if		*ifp;

	if ((area = area_find(o, conf->id)) == NULL)
		area = area_new(o, conf);
	if (area == NULL)
		return;
	area->fate = OSPF_STAY;
	if (area->conf.flags != conf->flags) {
		ospf_orig_flush_all(o, &area->db);
		TAILQ_FOREACH(ifp, &o->ifs, entry)
			if (ifp->area == area)
				if_leave(ifp);
		ospf_orig_free(o, &area->db);
		ospf_db_clear(&area->db);
	}
	area->conf = *conf;
}

static struct ospf_if *
if_find(struct ospf *o, const struct ospf_conf_if *conf)
{
	struct ospf_if	*ifp;

	TAILQ_FOREACH(ifp, &o->ifs, entry)
		if (strcmp(ifp->conf.name, conf->name) == 0 &&
		    ifp->conf.area == conf->area &&
		    ifp->conf.instance == conf->instance)
			return (ifp);
	return (NULL);
}

/* What can not be changed under the neighbors' eyes. */
static int
if_same(const struct ospf_conf_if *a, const struct ospf_conf_if *b)
{
	return (a->type == b->type && a->hello == b->hello &&
	    a->dead == b->dead && a->priority == b->priority &&
	    a->flags == b->flags && a->nneighbors == b->nneighbors &&
	    memcmp(a->neighbor, b->neighbor, sizeof(a->neighbor)) == 0);
}

static void
if_configure(struct ospf *o, const struct ospf_conf_if *conf)
{
	struct ospf_area	*area;
	struct ospf_if		*ifp;

	if ((area = area_find(o, conf->area)) == NULL)
		return;
	if ((ifp = if_find(o, conf)) == NULL)
		ifp = ospf_if_new(o, area, conf);
	if (ifp == NULL) {
		ospf_log(o, LOG_WARNING, "interface %s: no memory",
		    conf->name);
		return;
	}
	ifp->fate = OSPF_STAY;
	if (!if_same(&ifp->conf, conf))
		if_leave(ifp);
	ifp->conf = *conf;
	ospf_if_update(ifp);
	ospf_bfd_configure(ifp);
}

/* What the new configuration does not name any more. */
static void
sweep(struct ospf *o)
{
	struct ospf_area	*area, *next_area;
	struct ospf_if		*ifp, *next;

	TAILQ_FOREACH(area, &o->areas, entry)
		if (area->fate == OSPF_GO)
			ospf_orig_flush_all(o, &area->db);
	for (ifp = TAILQ_FIRST(&o->ifs); ifp != NULL; ifp = next) {
		next = TAILQ_NEXT(ifp, entry);
		if (ifp->fate == OSPF_GO) {
			if_leave(ifp);
			ospf_if_free(ifp);
		}
	}
	for (area = TAILQ_FIRST(&o->areas); area != NULL; area = next_area) {
		next_area = TAILQ_NEXT(area, entry);
		if (area->fate == OSPF_GO)
			area_free(o, area);
	}
}

void
ospf_configure(struct ospf *o, const struct ospf_conf *conf, mono_t now)
{
	struct ospf_area	*area;
	struct ospf_if		*ifp;
	uint32_t		 i;

	ospf_enter(o, now);
	TAILQ_FOREACH(area, &o->areas, entry)
		area->fate = OSPF_GO;
	TAILQ_FOREACH(ifp, &o->ifs, entry)
		ifp->fate = OSPF_GO;
	o->conf = conf->global;
	o->keys = conf->keys;
	for (i = 0; i < conf->nareas; i++)
		area_configure(o, &conf->area[i]);
	for (i = 0; i < conf->nifs; i++)
		if_configure(o, &conf->interface[i]);
	sweep(o);
	o->dirty = o->will_changed = 1;
	ospf_leave(o);
}

void
ospf_announce(struct ospf *o, const struct ospf_announce *a, size_t n,
    mono_t now)
{
	ospf_enter(o, now);
	ospf_self_set(o, a, n);
	ospf_leave(o);
}

/* --- time -------------------------------------------------------------- */

mono_t
ospf_deadline(const struct ospf *o)
{
	const struct ospf_if	*ifp;
	mono_t			 when;

	when = ospf_earlier(ospf_store_deadline(&o->store),
	    ospf_orig_deadline(o));
	TAILQ_FOREACH(ifp, &o->ifs, entry)
		when = ospf_earlier(when, ospf_if_deadline(ifp));
	return (when);
}

void
ospf_tick(struct ospf *o, mono_t now)
{
	struct ospf_lsa	*l;
	struct ospf_if	*ifp;

	ospf_enter(o, now);
	TAILQ_FOREACH(ifp, &o->ifs, entry)
		ospf_if_tick(ifp);
	ospf_orig_tick(o);
	while ((l = ospf_store_expired(&o->store, now)) != NULL) {
		ospf_lsa_expire(l, now);
		(void)ospf_flood(o, l, NULL);
	}
	ospf_leave(o);
}

/* --- the end ----------------------------------------------------------- */

void
ospf_stop(struct ospf *o, mono_t now)
{
	ospf_enter(o, now);
	ospf_orig_flush_all(o, NULL);
	o->stopping = 1;
	ospf_unacked_hurry(o);
	ospf_leave(o);
}

int
ospf_stopped(const struct ospf *o)
{
	const struct ospf_lsa	*l;

	TAILQ_FOREACH(l, &o->store.dying, dying)
		if (l->h.key.adv == o->conf.router_id && l->unacked > 0)
			return (0);
	return (1);
}

void
ospf_goodbye(struct ospf *o, mono_t now)
{
	struct ospf_if	*ifp;

	ospf_enter(o, now);
	TAILQ_FOREACH(ifp, &o->ifs, entry)
		if (ifp->state > OSPF_IF_LOOPBACK)
			ospf_hello_bye(ifp);
}

/* --- the will ---------------------------------------------------------- */

int
ospf_will_changed(struct ospf *o)
{
	int	 changed = o->will_changed;

	o->will_changed = 0;
	return (changed);
}

static void
will_lsas(struct ospf_lsu *u, const struct ospf_db *db)
{
	uint32_t	 us = u->ifp->o->conf.router_id;
	struct ospf_lsa	*l;

	for (l = ospf_db_after(db, NULL); l != NULL;
	    l = ospf_db_after(db, &l->h.key))
		if (l->h.key.adv == us)
			ospf_lsu_add(u, l);
}

static void
will_flush(struct ospf_if *ifp, const struct in6_addr *dst)
{
	struct ospf_lsu	 u;

	ospf_lsu_begin(&u, ifp, dst);
	u.old = 1;
	if (!(ifp->area->conf.flags & OSPF_F_NSSA))
		will_lsas(&u, &ifp->o->db);
	will_lsas(&u, &ifp->area->db);
	will_lsas(&u, &ifp->db);
	ospf_lsu_end(&u);
}

/* What would be flooded, to those who would take it. */
static void
will_interface(struct ospf_if *ifp)
{
	struct ospf_nbr	*nbr;
	int		 any = 0;

	TAILQ_FOREACH(nbr, &ifp->nbrs, entry) {
		if (nbr->state < OSPF_NBR_EXCHANGE)
			continue;
		any = 1;
		if (ifp->conf.nneighbors > 0)
			will_flush(ifp, &nbr->addr);
	}
	if (any && ifp->conf.nneighbors == 0)
		will_flush(ifp, ospf_if_flood_dst(ifp));
}

void
ospf_will(struct ospf *o, ospf_will_fn *fn, void *arg)
{
	struct ospf_if	*ifp;

	ospf_guard_will(o);
	o->will = fn;
	o->will_arg = arg;
	TAILQ_FOREACH(ifp, &o->ifs, entry)
		if (ifp->state > OSPF_IF_LOOPBACK)
			will_interface(ifp);
	TAILQ_FOREACH(ifp, &o->ifs, entry)
		if (ifp->state > OSPF_IF_LOOPBACK)
			ospf_hello_bye(ifp);
	o->will = NULL;
}
