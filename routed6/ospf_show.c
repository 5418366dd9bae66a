/*
 * Rows for ctl6: see ospf_show.h.  Engine of the ospf process; changes
 * nothing.
 */
#include <string.h>

#include "ospf_show.h"
#include "ospf_state.h"

static uint64_t
ms_since(mono_t then, mono_t now)
{
	int64_t	 ns = mono_sub(now, then);

	return (ns < 0 ? 0 : ns / MONO_MS(1));
}

/* --- neighbors --------------------------------------------------------- */

static int
is_asked_for(const struct ctl_ospf_ask *ask, const struct in6_addr *addr,
    uint32_t router)
{
	if (ask->router != 0)
		return (router == ask->router);
	return (ask->addr.af == 0 ||
	    memcmp(addr, ask->addr.b, sizeof(*addr)) == 0);
}

static void
neighbor_fill(const struct ospf_nbr *nbr, struct ctl_neighbor *c, mono_t now)
{
	const struct ospf_if	*ifp = nbr->ifp;

	memset(c, 0, sizeof(*c));
	ipaddr_from_in6(&c->addr, &nbr->addr);
	c->router = nbr->id;
	c->area = ifp->area->conf.id;
	strlcpy(c->interface, ifp->conf.name, sizeof(c->interface));
	strlcpy(c->state, ospf_nbr_state_name(nbr->state),
	    sizeof(c->state));
	strlcpy(c->why, ospf_grace_is_on(nbr) ? "it restarts and is kept" :
	    nbr->why, sizeof(c->why));
	c->priority = nbr->priority;
	c->ifid = nbr->ifid;
	c->options = nbr->options;
	c->mtu = nbr->mtu;
	c->dr = nbr->dr;
	c->bdr = nbr->bdr;
	c->requests = nbr->nrequests;
	c->unacked = nbr->nunacked;
	c->authentic = ospf_guard_is(ifp);
	c->key = nbr->seen.id;
	strlcpy(c->bfd, nbr->bfd.words, sizeof(c->bfd));
	c->ups = nbr->ups;
	c->for_ms = ms_since(nbr->since, now);
	if (nbr->inactive.ns != MONO_NEVER)
		c->dead_ms = ms_since(now, nbr->inactive);
}

static void
reject_fill(const struct ospf_if *ifp, const struct ospf_reject *r,
    struct ctl_neighbor *c, mono_t now)
{
	memset(c, 0, sizeof(*c));
	ipaddr_from_in6(&c->addr, &r->addr);
	c->router = r->router;
	c->area = ifp->area->conf.id;
	strlcpy(c->interface, ifp->conf.name, sizeof(c->interface));
	strlcpy(c->state, "refused", sizeof(c->state));
	strlcpy(c->why, r->why, sizeof(c->why));
	c->refused = r->count;
	c->for_ms = ms_since(r->last, now);
}

void
ospf_show_neighbors(struct ospf *o, const struct ctl_ospf_ask *ask,
    const struct ospf_show_ops *ops, void *arg, mono_t now)
{
	const struct ospf_reject	*r;
	const struct ospf_nbr		*nbr;
	const struct ospf_if		*ifp;
	struct ctl_neighbor		 c;

	TAILQ_FOREACH(ifp, &o->ifs, entry) {
		TAILQ_FOREACH(nbr, &ifp->nbrs, entry) {
			if (!is_asked_for(ask, &nbr->addr, nbr->id))
				continue;
			neighbor_fill(nbr, &c, now);
			ops->neighbor(arg, &c);
		}
		for (r = ifp->rejects;
		    r < &ifp->rejects[LIMIT_OSPF_REJECTS]; r++) {
			if (r->count == 0 ||
			    !is_asked_for(ask, &r->addr, r->router))
				continue;
			reject_fill(ifp, r, &c, now);
			ops->neighbor(arg, &c);
		}
	}
}

/* --- interfaces -------------------------------------------------------- */

static void
auth_fill(const struct ospf_if *ifp, struct ctl_interface *c)
{
	const struct ospf_conf_key	*k;
	int				 v;

	c->key = -1;
	for (v = 0; v < CTL_OSPF_VERDICTS; v++)
		c->verdicts[v] = ifp->verdicts[v];
	if (!ospf_guard_is(ifp))
		return;
	c->key = ifp->key;
	for (k = ifp->o->keys.key; k < ifp->o->keys.key + ifp->o->keys.n; k++)
		if (k->chain == ifp->conf.chain && k->id == ifp->key)
			c->algo = k->algo;
}

static void
interface_fill(const struct ospf_if *ifp, struct ctl_interface *c, mono_t now)
{
	const struct ospf_nbr	*nbr;
	size_t			 i;

	memset(c, 0, sizeof(*c));
	strlcpy(c->interface, ifp->conf.name, sizeof(c->interface));
	c->area = ifp->area->conf.id;
	c->instance = ifp->conf.instance;
	c->type = ifp->conf.type;
	strlcpy(c->state, ospf_if_state_name(ifp->state), sizeof(c->state));
	if (!IN6_IS_ADDR_UNSPECIFIED(&ifp->addr))
		ipaddr_from_in6(&c->addr, &ifp->addr);
	c->ifindex = ifp->ifindex;
	c->mtu = ifp->mtu;
	c->cost = ifp->conf.cost;
	c->priority = ifp->conf.priority;
	c->hello_s = ifp->conf.hello;
	c->dead_s = ifp->conf.dead;
	c->dr = ifp->dr;
	c->bdr = ifp->bdr;
	TAILQ_FOREACH(nbr, &ifp->nbrs, entry) {
		c->neighbors += nbr->state != OSPF_NBR_DOWN;
		c->adjacent += nbr->state == OSPF_NBR_FULL;
	}
	c->for_ms = ms_since(ifp->since, now);
	c->bad = ifp->bad;
	for (i = 0; i < CTL_OSPF_TYPES; i++) {
		c->in[i] = ifp->in[OSPF_HELLO + i];
		c->out[i] = ifp->out[OSPF_HELLO + i];
	}
	auth_fill(ifp, c);
}

void
ospf_show_interfaces(struct ospf *o, const struct ospf_show_ops *ops,
    void *arg, mono_t now)
{
	const struct ospf_if	*ifp;
	struct ctl_interface	 c;

	TAILQ_FOREACH(ifp, &o->ifs, entry) {
		interface_fill(ifp, &c, now);
		ops->interface(arg, &c);
	}
}

/* --- the database ------------------------------------------------------ */

/* Database number n: of the AS, of each area, of each link; NULL: no more. */
static const struct ospf_db *
db_number(const struct ospf *o, uint32_t n)
{
	const struct ospf_area	*area;
	const struct ospf_if	*ifp;

	if (n-- == 0)
		return (&o->db);
	TAILQ_FOREACH(area, &o->areas, entry)
		if (n-- == 0)
			return (&area->db);
	TAILQ_FOREACH(ifp, &o->ifs, entry)
		if (n-- == 0)
			return (&ifp->db);
	return (NULL);
}

static void
lsa_fill(const struct ospf *o, const struct ospf_lsa *l, struct ctl_lsa *c,
    mono_t now)
{
	memset(c, 0, sizeof(*c));
	c->scope = 2;
	if (l->db->area != NULL) {
		c->scope = 1;
		c->area = l->db->area->conf.id;
	}
	if (l->db->ifp != NULL) {
		c->scope = 0;
		c->area = l->db->ifp->area->conf.id;
		strlcpy(c->interface, l->db->ifp->conf.name,
		    sizeof(c->interface));
	}
	c->type = l->h.key.type;
	c->id = l->h.key.id;
	c->router = l->h.key.adv;
	c->seq = l->h.seq;
	c->cksum = l->h.cksum;
	c->len = l->h.len;
	c->age = ospf_lsa_age(l, now);
	c->self = l->h.key.adv == o->conf.router_id;
}

static void
lsa_tell(struct ospf *o, const struct ospf_lsa *l, int detail,
    const struct ospf_show_ops *ops, void *arg, mono_t now)
{
	struct ctl_body	 b;
	struct ctl_lsa	 c;

	lsa_fill(o, l, &c, now);
	ops->lsa(arg, &c);
	if (!detail)
		return;
	memset(&b, 0, sizeof(b));
	b.len = l->h.len < sizeof(b.data) ? l->h.len : sizeof(b.data);
	memcpy(b.data, l->data, b.len);
	ops->body(arg, &b);
}

int
ospf_show_lsas(struct ospf *o, const struct ctl_ospf_ask *ask,
    struct ospf_place *at, size_t n, const struct ospf_show_ops *ops,
    void *arg, mono_t now)
{
	const struct ospf_db	*db;
	struct ospf_lsa		*l;
	struct ospf_key		 k;

	while ((db = db_number(o, at->done)) != NULL) {
		k.type = at->type;
		k.id = at->id;
		k.adv = at->router;
		for (l = ospf_db_after(db, at->begun ? &k : NULL); l != NULL;
		    l = ospf_db_after(db, &l->h.key)) {
			if (n-- == 0)
				return (1);
			if (ask->lsa == 0 || ask->lsa == l->h.key.type)
				lsa_tell(o, l, ask->detail, ops, arg, now);
			at->begun = 1;
			at->type = l->h.key.type;
			at->id = l->h.key.id;
			at->router = l->h.key.adv;
		}
		at->done++;
		at->begun = 0;
	}
	return (0);
}

void
ospf_show_database(const struct ospf *o, struct ctl_database *c)
{
	memset(c, 0, sizeof(*c));
	c->router = o->conf.router_id;
	c->lsas = o->store.count;
	c->max_lsas = o->store.max_count;
	c->bytes = o->store.bytes;
	c->max_bytes = o->store.max_bytes;
	c->refused = o->store.refused;
}
