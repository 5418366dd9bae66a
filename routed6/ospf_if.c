/*
 * Interfaces: their state machine's actions, the election of the designated
 * router (RFC 2328 9), and their timers.  Engine of the ospf process.
 */
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "ospf_state.h"

int
ospf_if_elects(const struct ospf_if *ifp)
{
	return (ifp->conf.type == OSPF_BROADCAST ||
	    ifp->conf.type == OSPF_NBMA);
}

const struct in6_addr *
ospf_if_flood_dst(const struct ospf_if *ifp)
{
	if (ifp->conf.type == OSPF_BROADCAST && ifp->state == OSPF_IF_DROTHER)
		return (&ospf_all_drouters);
	return (&ospf_all_routers);
}

/* --- election, RFC 2328 9.4 -------------------------------------------- */

struct candidate {
	uint32_t	 id;
	uint8_t		 priority;
	uint32_t	 dr;		/* what it declares */
	uint32_t	 bdr;
};

static int
better(const struct candidate *a, const struct candidate *b)
{
	if (b == NULL || a->priority != b->priority)
		return (b == NULL || a->priority > b->priority);
	return (a->id > b->id);
}

/* Everybody who may be elected; us first, if we may. */
static size_t
candidates(const struct ospf_if *ifp, struct candidate *c)
{
	const struct ospf_nbr	*nbr;
	size_t			 n = 0;

	if (ifp->conf.priority > 0) {
		c[n].id = ifp->o->conf.router_id;
		c[n].priority = ifp->conf.priority;
		c[n].dr = ifp->dr;
		c[n++].bdr = ifp->bdr;
	}
	TAILQ_FOREACH(nbr, &ifp->nbrs, entry) {
		if (nbr->priority == 0 || n > LIMIT_OSPF_NBRS ||
		    (nbr->state < OSPF_NBR_2WAY && !ospf_grace_is_on(nbr)))
			continue;
		c[n].id = nbr->id;
		c[n].priority = nbr->priority;
		c[n].dr = nbr->dr;
		c[n++].bdr = nbr->bdr;
	}
	return (n);
}

/* Steps 2 and 3. */
static void
elect_once(struct ospf_if *ifp)
{
	struct candidate	 c[LIMIT_OSPF_NBRS + 1];
	const struct candidate	*dr = NULL, *bdr = NULL, *any = NULL;
	size_t			 i, n;

	n = candidates(ifp, c);
	for (i = 0; i < n; i++) {
		if (c[i].dr == c[i].id) {
			if (better(&c[i], dr))
				dr = &c[i];
			continue;
		}
		if (c[i].bdr == c[i].id && better(&c[i], bdr))
			bdr = &c[i];
		if (better(&c[i], any))
			any = &c[i];
	}
	if (bdr == NULL)
		bdr = any;
	if (dr == NULL)
		dr = bdr;
	ifp->dr = dr == NULL ? 0 : dr->id;
	ifp->bdr = bdr == NULL ? 0 : bdr->id;
}

static enum ospf_if_state
role(const struct ospf_if *ifp)
{
	uint32_t	 us = ifp->o->conf.router_id;

	if (ifp->dr == us)
		return (OSPF_IF_DR);
	return (ifp->bdr == us ? OSPF_IF_BACKUP : OSPF_IF_DROTHER);
}

/* A change of DR makes and ends adjacencies (step 7), and LSAs. */
static void
elected(struct ospf_if *ifp)
{
	char		 dr[OSPF_ID_STRLEN], bdr[OSPF_ID_STRLEN];
	struct ospf_nbr	*nbr;

	ospf_log(ifp->o, LOG_INFO, "interface %s: DR %s, backup %s",
	    ifp->conf.name, ospf_id_print(ifp->dr, dr, sizeof(dr)),
	    ospf_id_print(ifp->bdr, bdr, sizeof(bdr)));
	TAILQ_FOREACH(nbr, &ifp->nbrs, entry)
		ospf_nbr_event(nbr, OSPF_NBR_EV_ADJACENT);
	ifp->o->dirty = 1;
	ifp->o->will_changed = 1;
}

static void
elect(struct ospf_if *ifp)
{
	uint32_t		 dr = ifp->dr, bdr = ifp->bdr;
	enum ospf_if_state	 was, is;

	was = role(ifp);
	elect_once(ifp);
	is = role(ifp);
	if (is != was)		/* step 4 */
		elect_once(ifp);
	is = role(ifp);
	if (is != ifp->state) {
		ifp->state = is;
		ifp->since = ifp->o->now;
	}
	if (ifp->dr != dr || ifp->bdr != bdr)
		elected(ifp);
}

/* --- actions ----------------------------------------------------------- */

/* Those that the configuration names are sought, RFC 2328 10.3 Start. */
static void
neighbors_seek(struct ospf_if *ifp)
{
	struct in6_addr	 addr;
	struct ospf_nbr	*nbr;
	uint32_t	 i;

	for (i = 0; i < ifp->conf.nneighbors; i++) {
		memcpy(&addr, ifp->conf.neighbor[i].b, sizeof(addr));
		if ((nbr = ospf_nbr_new(ifp, 0, &addr)) == NULL)
			return;
		nbr->configured = 1;
		ospf_nbr_event(nbr, OSPF_NBR_EV_START);
	}
}

/* RFC 2328 9.3, InterfaceUp: the type decides where to go from Down. */
static void
if_start(struct ospf_if *ifp)
{
	struct ospf	*o = ifp->o;

	neighbors_seek(ifp);
	ifp->hello = o->now;
	if (!ospf_if_elects(ifp))
		ifp->state = OSPF_IF_P2P;
	else if (ifp->conf.priority == 0)
		ifp->state = OSPF_IF_DROTHER;
	else
		ifp->wait = mono_add(o->now, MONO_S(ifp->conf.dead));
}

static void
if_reset(struct ospf_if *ifp)
{
	struct ospf_nbr	*nbr;

	TAILQ_FOREACH(nbr, &ifp->nbrs, entry) {
		nbr->forget = ifp->o->now;
		strlcpy(nbr->why, ifp->link ? "the interface is left" :
		    "the interface is down", sizeof(nbr->why));
		ospf_nbr_event(nbr, OSPF_NBR_EV_KILL);
	}
	ifp->hello = ifp->wait = ifp->ack = ospf_never;
	ifp->nacks = 0;
	ifp->dr = ifp->bdr = 0;
	memset(ifp->rejects, 0, sizeof(ifp->rejects));
	ospf_floods_clear(ifp);
	ospf_orig_free(ifp->o, &ifp->db);
	ospf_db_clear(&ifp->db);
}

void
ospf_if_event(struct ospf_if *ifp, enum ospf_if_event ev)
{
	const struct ospf_edge	*e = ospf_if_edge(ifp->state, ev);
	enum ospf_if_state	 was = ifp->state;

	if (ev == OSPF_IF_EV_WAIT || ev == OSPF_IF_EV_BACKUP_SEEN)
		ifp->wait = ospf_never;
	ifp->state = e->next;
	switch ((enum ospf_if_act)e->act) {
	case OSPF_IF_NOTHING:
		break;
	case OSPF_IF_START:
		if_start(ifp);
		break;
	case OSPF_IF_ELECT:
		elect(ifp);
		break;
	case OSPF_IF_RESET:
		if_reset(ifp);
		break;
	}
	if (ifp->state == was)
		return;
	ifp->since = ifp->o->now;
	ifp->o->dirty = ifp->o->will_changed = 1;
	ospf_log(ifp->o, LOG_DEBUG, "interface %s: %s -> %s", ifp->conf.name,
	    ospf_if_state_name(was), ospf_if_state_name(ifp->state));
}

/* --- what the kernel says ---------------------------------------------- */

void
ospf_if_update(struct ospf_if *ifp)
{
	int	 passive = ifp->conf.flags & OSPF_F_PASSIVE;
	int	 up = ifp->link && !ifp->o->stopping;

	if (up && passive) {
		ospf_if_event(ifp, OSPF_IF_EV_LOOP);
		return;
	}
	if (ifp->state == OSPF_IF_LOOPBACK)
		ospf_if_event(ifp, up ? OSPF_IF_EV_UNLOOP : OSPF_IF_EV_DOWN);
	if (up && !IN6_IS_ADDR_UNSPECIFIED(&ifp->addr))
		ospf_if_event(ifp, OSPF_IF_EV_UP);
	else
		ospf_if_event(ifp, OSPF_IF_EV_DOWN);
}

/* Down, and no neighbor is left of before. */
static void
if_break(struct ospf_if *ifp)
{
	ospf_if_update(ifp);
	ospf_nbrs_sweep(ifp);
}

/* By another index it is another interface, with addresses of its own. */
static void
if_renumber(struct ospf_if *ifp, unsigned int ifindex)
{
	if (ifindex == ifp->ifindex)
		return;
	ifp->ifindex = ifindex;
	memset(&ifp->addr, 0, sizeof(ifp->addr));
	ifp->nlocals = ifp->naddrs = 0;
	ifp->o->dirty = 1;
}

void
ospf_if_link(struct ospf_if *ifp, int up, unsigned int ifindex,
    unsigned int mtu, mono_t now)
{
	ospf_enter(ifp->o, now);
	if (mtu < OSPF_MIN_MTU || mtu > OSPF_PACKET_MAX)
		mtu = mtu < OSPF_MIN_MTU ? OSPF_MIN_MTU : OSPF_PACKET_MAX;
	if (!up || ifindex != ifp->ifindex) {
		ifp->link = 0;
		if_break(ifp);
	}
	if_renumber(ifp, ifindex);
	ifp->link = up;
	ifp->mtu = mtu;
	ospf_if_update(ifp);
	ospf_leave(ifp->o);
}

/* Where a is among those that are known, or their number. */
static size_t
linklocal_at(const struct ospf_if *ifp, const struct in6_addr *a)
{
	size_t	 i;

	for (i = 0; i < ifp->nlocals; i++)
		if (IN6_ARE_ADDR_EQUAL(&ifp->locals[i], a))
			break;
	return (i);
}

/* When the one that we speak from goes we begin anew from another one. */
static void
linklocal(struct ospf_if *ifp, const struct in6_addr *a, int up)
{
	size_t	 i;

	i = linklocal_at(ifp, a);
	if (up && i == ifp->nlocals && i < LIMIT_OSPF_LOCALS)
		ifp->locals[ifp->nlocals++] = *a;
	else if (!up && i < ifp->nlocals)
		ifp->locals[i] = ifp->locals[--ifp->nlocals];
	if (!up && IN6_ARE_ADDR_EQUAL(a, &ifp->addr)) {
		memset(&ifp->addr, 0, sizeof(ifp->addr));
		if_break(ifp);
	}
	if (IN6_IS_ADDR_UNSPECIFIED(&ifp->addr) && ifp->nlocals > 0)
		ifp->addr = ifp->locals[0];
	ospf_if_update(ifp);
}

static void
global(struct ospf_if *ifp, const struct in6_addr *a, uint8_t len, int up)
{
	size_t	 i;

	for (i = 0; i < ifp->naddrs; i++)
		if (IN6_ARE_ADDR_EQUAL(&ifp->addrs[i].addr, a))
			break;
	if (up && i < LIMIT_OSPF_ADDRS) {
		ifp->addrs[i].addr = *a;
		ifp->addrs[i].len = len;
		if (i == ifp->naddrs)
			ifp->naddrs++;
	} else if (!up && i < ifp->naddrs)
		ifp->addrs[i] = ifp->addrs[--ifp->naddrs];
	ifp->o->dirty = 1;
}

void
ospf_if_address(struct ospf_if *ifp, const struct in6_addr *a, uint8_t len,
    int up, mono_t now)
{
	ospf_enter(ifp->o, now);
	if (IN6_IS_ADDR_LINKLOCAL(a))
		linklocal(ifp, a, up);
	else if (!IN6_IS_ADDR_LOOPBACK(a) && !IN6_IS_ADDR_MULTICAST(a))
		global(ifp, a, len, up);
	ospf_leave(ifp->o);
}

const struct ospf_conf_if *
ospf_if_conf(const struct ospf_if *ifp)
{
	return (&ifp->conf);
}

/* --- birth, death, time ------------------------------------------------ */

struct ospf_if *
ospf_if_new(struct ospf *o, struct ospf_area *area,
    const struct ospf_conf_if *conf)
{
	struct ospf_if	*ifp;

	if ((ifp = calloc(1, sizeof(*ifp))) == NULL)
		return (NULL);
	ifp->o = o;
	ifp->area = area;
	ifp->conf = *conf;
	ifp->mtu = OSPF_MIN_MTU;
	ifp->state = OSPF_IF_DOWN;
	ifp->since = o->now;
	ifp->hello = ifp->wait = ifp->ack = ospf_never;
	ifp->key = -1;
	ifp->key_warned = ifp->warned = ospf_never;
	TAILQ_INIT(&ifp->nbrs);
	STAILQ_INIT(&ifp->floods);
	ospf_db_init(&ifp->db, &o->store);
	ifp->db.ifp = ifp;
	TAILQ_INSERT_TAIL(&o->ifs, ifp, entry);
	ifp->port = o->ops->attach(o->arg, ifp);
	return (ifp);
}

/* It has been down for long enough to have no neighbors. */
void
ospf_if_free(struct ospf_if *ifp)
{
	struct ospf	*o = ifp->o;

	ospf_if_event(ifp, OSPF_IF_EV_DOWN);
	ospf_nbrs_sweep(ifp);
	o->ops->detach(o->arg, ifp->port);
	TAILQ_REMOVE(&o->ifs, ifp, entry);
	free(ifp);
}

mono_t
ospf_if_deadline(const struct ospf_if *ifp)
{
	const struct ospf_nbr	*nbr;
	mono_t			 when;

	when = ospf_earlier(ospf_earlier(ifp->hello, ifp->wait), ifp->ack);
	TAILQ_FOREACH(nbr, &ifp->nbrs, entry)
		when = ospf_earlier(when, ospf_nbr_deadline(nbr));
	return (when);
}

void
ospf_if_tick(struct ospf_if *ifp)
{
	mono_t		 now = ifp->o->now;
	struct ospf_nbr	*nbr;

	if (mono_reached(now, ifp->wait))
		ospf_if_event(ifp, OSPF_IF_EV_WAIT);
	if (mono_reached(now, ifp->hello)) {
		ospf_hello_send(ifp);
		ifp->hello = mono_add(now, MONO_S(ifp->conf.hello));
	}
	if (mono_reached(now, ifp->ack))
		ospf_acks_send(ifp);
	TAILQ_FOREACH(nbr, &ifp->nbrs, entry)
		ospf_nbr_tick(nbr);
}
