/*
 * Neighbors: their state machine's actions and what follows from a change of
 * state (RFC 2328 10).  Engine of the ospf process.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "ospf_state.h"

/* "10.0.0.1 (fe80::1 on eth0)" */
#define NBR_NAME	(OSPF_ID_STRLEN + INET6_ADDRSTRLEN + 24)

/* --- birth and death --------------------------------------------------- */

struct ospf_nbr *
ospf_nbr_find(struct ospf_if *ifp, uint32_t id)
{
	struct ospf_nbr	*nbr;

	TAILQ_FOREACH(nbr, &ifp->nbrs, entry)
		if (nbr->id == id && nbr->state != OSPF_NBR_DOWN)
			return (nbr);
	return (NULL);
}

struct ospf_nbr *
ospf_nbr_at(struct ospf_if *ifp, const struct in6_addr *addr)
{
	struct ospf_nbr	*nbr;

	TAILQ_FOREACH(nbr, &ifp->nbrs, entry)
		if (IN6_ARE_ADDR_EQUAL(&nbr->addr, addr) &&
		    nbr->state != OSPF_NBR_DOWN)
			return (nbr);
	return (NULL);
}

struct ospf_nbr *
ospf_nbr_new(struct ospf_if *ifp, uint32_t id, const struct in6_addr *addr)
{
	struct ospf	*o = ifp->o;
	struct ospf_nbr	*nbr;

	TAILQ_FOREACH(nbr, &ifp->nbrs, entry)
		if (nbr->id == id || IN6_ARE_ADDR_EQUAL(&nbr->addr, addr))
			nbr->forget = o->now;
	if (ifp->nnbrs >= LIMIT_OSPF_NBRS ||
	    (nbr = calloc(1, sizeof(*nbr))) == NULL) {
		ospf_reject(ifp, addr, id, "more than %d neighbors",
		    LIMIT_OSPF_NBRS);
		return (NULL);
	}
	nbr->ifp = ifp;
	nbr->id = id;
	nbr->addr = *addr;
	nbr->state = OSPF_NBR_DOWN;
	nbr->since = o->now;
	nbr->inactive = nbr->grace = ospf_never;
	nbr->poll = nbr->dd_due = ospf_never;
	nbr->request_due = nbr->unacked_due = nbr->warned = ospf_never;
	RB_INIT(&nbr->requests);
	RB_INIT(&nbr->unacked);
	TAILQ_INSERT_TAIL(&ifp->nbrs, nbr, entry);
	ifp->nnbrs++;
	return (nbr);
}

/* Those that the configuration names are sought again. */
void
ospf_nbrs_sweep(struct ospf_if *ifp)
{
	struct ospf_nbr	*nbr, *next;

	for (nbr = TAILQ_FIRST(&ifp->nbrs); nbr != NULL; nbr = next) {
		next = TAILQ_NEXT(nbr, entry);
		if (nbr->state != OSPF_NBR_DOWN ||
		    !mono_reached(ifp->o->now, nbr->forget))
			continue;
		if (nbr->configured && ifp->state > OSPF_IF_LOOPBACK) {
			nbr->id = 0;
			memset(&nbr->seen, 0, sizeof(nbr->seen));
			ospf_nbr_event(nbr, OSPF_NBR_EV_START);
			continue;
		}
		TAILQ_REMOVE(&ifp->nbrs, nbr, entry);
		ifp->nnbrs--;
		free(nbr);
	}
}

/* --- words ------------------------------------------------------------- */

static void
nbr_name(const struct ospf_nbr *nbr, char *buf, size_t len)
{
	char	 id[OSPF_ID_STRLEN], addr[INET6_ADDRSTRLEN];

	snprintf(buf, len, "%s (%s on %s)",
	    ospf_id_print(nbr->id, id, sizeof(id)),
	    ospf_addr_print(&nbr->addr, addr, sizeof(addr)),
	    nbr->ifp->conf.name);
}

static void
nbr_log(struct ospf_nbr *nbr, int pri, const char *what, const char *why)
{
	char	 name[NBR_NAME];

	nbr_name(nbr, name, sizeof(name));
	ospf_log(nbr->ifp->o, pri, "neighbor %s: %s%s%s", name, what,
	    why[0] == '\0' ? "" : ": ", why);
}

/*
 * Who hears us, which is all that two routers beside a DR come to, and who is
 * Full.
 */
static void
nbr_tell(struct ospf_nbr *nbr, enum ospf_nbr_state was)
{
	struct ospf	*o = nbr->ifp->o;
	char		 name[NBR_NAME], subject[NBR_NAME + 8];

	if ((was >= OSPF_NBR_2WAY) == (nbr->state >= OSPF_NBR_2WAY) &&
	    (was == OSPF_NBR_FULL) == (nbr->state == OSPF_NBR_FULL))
		return;
	nbr_name(nbr, name, sizeof(name));
	snprintf(subject, sizeof(subject), "ospf %s", name);
	o->ops->tell(o->arg, subject, ospf_nbr_state_name(nbr->state),
	    nbr->why);
}

void
ospf_nbr_why(struct ospf_nbr *nbr, const char *fmt, ...)
{
	char	 why[OSPF_WHY];
	va_list	 ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	if (strcmp(why, nbr->why) != 0)
		nbr->warned = ospf_never;
	strlcpy(nbr->why, why, sizeof(nbr->why));
	/* The end of an adjacency is told by nbr_changed(). */
	if (nbr->state != OSPF_NBR_FULL &&
	    ospf_if_may_warn(nbr->ifp, &nbr->warned))
		nbr_log(nbr, LOG_WARNING, "no adjacency", nbr->why);
}

/* --- state ------------------------------------------------------------- */

/* What others learn of it: our LSAs, and who may be DR. */
static void
nbr_changed(struct ospf_nbr *nbr, enum ospf_nbr_state was)
{
	struct ospf	*o = nbr->ifp->o;

	nbr->since = o->now;
	if (nbr->state == OSPF_NBR_FULL) {
		nbr->ups++;
		nbr->why[0] = '\0';
		nbr_log(nbr, LOG_INFO, "adjacency up", "");
	} else if (was == OSPF_NBR_FULL)
		nbr_log(nbr, LOG_INFO, "adjacency down", nbr->why);
	else
		nbr_log(nbr, LOG_DEBUG, ospf_nbr_state_name(nbr->state), "");
	nbr_tell(nbr, was);
	if ((was == OSPF_NBR_FULL) != (nbr->state == OSPF_NBR_FULL))
		o->dirty = 1;
	if ((was >= OSPF_NBR_EXCHANGE) != (nbr->state >= OSPF_NBR_EXCHANGE))
		o->will_changed = 1;
	if (was >= OSPF_NBR_2WAY && nbr->state < OSPF_NBR_2WAY &&
	    !ospf_grace_is_on(nbr))
		ospf_if_event(nbr->ifp, OSPF_IF_EV_NEIGHBOR);
}

/* RFC 2328 10.4. */
static int
should_be_adjacent(const struct ospf_nbr *nbr)
{
	const struct ospf_if	*ifp = nbr->ifp;

	return (!ospf_if_elects(ifp) || ifp->state == OSPF_IF_DR ||
	    ifp->state == OSPF_IF_BACKUP || nbr->id == ifp->dr ||
	    nbr->id == ifp->bdr);
}

static void
nbr_clear(struct ospf_nbr *nbr)
{
	ospf_requests_clear(nbr);
	ospf_unacked_clear(nbr);
	free(nbr->dd_packet);
	nbr->dd_packet = NULL;
	nbr->dd_due = ospf_never;
}

static void
nbr_decide(struct ospf_nbr *nbr)
{
	int	 adjacent = should_be_adjacent(nbr);

	if (adjacent && nbr->state == OSPF_NBR_2WAY &&
	    ospf_bfd_forbids(nbr))
		strlcpy(nbr->why, "waits for BFD", sizeof(nbr->why));
	else if (adjacent && nbr->state == OSPF_NBR_2WAY) {
		nbr->why[0] = '\0';
		nbr->state = OSPF_NBR_EXSTART;
		ospf_dd_begin(nbr);
	} else if (!adjacent && nbr->state > OSPF_NBR_2WAY) {
		nbr_clear(nbr);
		nbr->state = OSPF_NBR_2WAY;
		strlcpy(nbr->why, "the DR changed", sizeof(nbr->why));
	}
}

static void
nbr_attempt(struct ospf_nbr *nbr)
{
	struct ospf_if	*ifp = nbr->ifp;

	nbr->poll = ifp->o->now;
	nbr->inactive = ospf_never;
}

/* What is not there before the neighbor has spoken. */
static void
nbr_down(struct ospf_nbr *nbr)
{
	nbr_clear(nbr);
	if (nbr->state != OSPF_NBR_DOWN)
		return;
	ospf_grace_end(nbr, "is gone");
	nbr->inactive = nbr->poll = ospf_never;
	nbr->priority = 0;
	nbr->dr = nbr->bdr = 0;
}

static void
nbr_act(struct ospf_nbr *nbr, enum ospf_nbr_act act)
{
	switch (act) {
	case OSPF_NBR_NOTHING:
		break;
	case OSPF_NBR_ALIVE:
		nbr->inactive = mono_add(nbr->ifp->o->now,
		    MONO_S(nbr->ifp->conf.dead));
		nbr->poll = ospf_never;
		break;
	case OSPF_NBR_ATTEMPTED:
		nbr_attempt(nbr);
		break;
	case OSPF_NBR_DECIDE:
		nbr_decide(nbr);
		break;
	case OSPF_NBR_DESCRIBE:
		ospf_dd_exchange(nbr);
		break;
	case OSPF_NBR_LOAD:
		if (nbr->nrequests == 0)
			nbr->state = OSPF_NBR_FULL;
		break;
	case OSPF_NBR_RESTART:
		nbr_clear(nbr);
		ospf_dd_begin(nbr);
		break;
	case OSPF_NBR_CLEAR:
		nbr_down(nbr);
		break;
	}
}

void
ospf_nbr_event(struct ospf_nbr *nbr, enum ospf_nbr_event ev)
{
	const struct ospf_edge	*e = ospf_nbr_edge(nbr->state, ev);
	enum ospf_nbr_state	 was = nbr->state;

	nbr->state = e->next;
	nbr_act(nbr, e->act);
	if (nbr->state != was)
		nbr_changed(nbr, was);
	ospf_bfd_update(nbr);
}

/* --- time -------------------------------------------------------------- */

mono_t
ospf_nbr_deadline(const struct ospf_nbr *nbr)
{
	mono_t	 when;

	if (nbr->state == OSPF_NBR_DOWN)
		return (nbr->forget);
	when = ospf_earlier(nbr->inactive, nbr->poll);
	when = ospf_earlier(when, nbr->grace);
	when = ospf_earlier(when, nbr->dd_due);
	when = ospf_earlier(when, nbr->request_due);
	return (ospf_earlier(when, nbr->unacked_due));
}

void
ospf_nbr_tick(struct ospf_nbr *nbr)
{
	struct ospf_if	*ifp = nbr->ifp;
	mono_t		 now = ifp->o->now;

	ospf_grace_tick(nbr);
	if (mono_reached(now, nbr->inactive)) {
		ospf_nbr_why(nbr, "silent for %u s", ifp->conf.dead);
		ospf_nbr_event(nbr, OSPF_NBR_EV_INACTIVE);
	}
	if (mono_reached(now, nbr->poll)) {
		ospf_hello_to(ifp, &nbr->addr);
		nbr->poll = mono_add(now, MONO_S(ifp->conf.poll));
	}
	if (mono_reached(now, nbr->dd_due))
		ospf_dd_tick(nbr);
	if (mono_reached(now, nbr->request_due))
		ospf_requests_tick(nbr);
	if (mono_reached(now, nbr->unacked_due))
		ospf_unacked_tick(nbr);
}
