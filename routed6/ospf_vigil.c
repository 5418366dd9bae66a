/*
 * What the ospf process asks of the bfd process: see ospf_vigil.h.  Knows
 * nothing of either protocol.
 */
#include <netinet/in.h>
#include <arpa/inet.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "ospf_vigil.h"

static struct ospf_vigil *
vigil_find(const struct ospf_vigils *vs, const struct ospf_port *pt,
    const struct in6_addr *dst)
{
	struct ospf_vigil	*v;

	TAILQ_FOREACH(v, &vs->list, entry)
		if (v->port == pt && memcmp(v->want.session.remote.b, dst,
		    sizeof(*dst)) == 0)
			return (v);
	return (NULL);
}

static void
vigil_ask(const struct ospf_vigils *vs, const struct ospf_vigil *v)
{
	proc_send(vs->pr, BFD, M_BFD_WANT, &v->want, -1);
}

/* The name is made here, where nobody may ask the kernel for one. */
void
ospf_vigil_begin(struct ospf_vigils *vs, struct ospf_port *pt,
    const struct in6_addr *src, const struct in6_addr *dst)
{
	char			 addr[INET6_ADDRSTRLEN] = "?";
	struct ospf_vigil	*v;
	struct routed_bfd_want	*w;

	if ((v = vigil_find(vs, pt, dst)) == NULL) {
		if ((v = calloc(1, sizeof(*v))) == NULL)
			fatal("vigil");
		v->port = pt;
		TAILQ_INSERT_TAIL(&vs->list, v, entry);
	}
	w = &v->want;
	memset(w, 0, sizeof(*w));
	ipaddr_from_in6(&w->session.remote, dst);
	(void)inet_ntop(AF_INET6, dst, addr, sizeof(addr));
	snprintf(w->name, sizeof(w->name), "%s%%%s", addr, pt->name);
	ipaddr_from_in6(&w->local, src);
	w->session.remote.scope = w->local.scope = pt->ifindex;
	w->conf = ospf_if_conf(pt->ifp)->bfd;
	vigil_ask(vs, v);
}

/* Another instance on the link may want it still, in its own way. */
void
ospf_vigil_end(struct ospf_vigils *vs, const struct ospf_port *pt,
    const struct in6_addr *dst)
{
	struct ospf_vigil	*v, *other;

	if ((v = vigil_find(vs, pt, dst)) == NULL)
		return;
	TAILQ_REMOVE(&vs->list, v, entry);
	TAILQ_FOREACH(other, &vs->list, entry)
		if (ipaddr_equal(&other->want.session.remote,
		    &v->want.session.remote))
			break;
	if (other != NULL)
		vigil_ask(vs, other);
	else
		proc_send(vs->pr, BFD, M_BFD_UNWANT, &v->want.session, -1);
	free(v);
}

/* What the engine does with it may end this vigil, and no other. */
void
ospf_vigil_state(struct ospf_vigils *vs, const struct routed_bfd_state *st)
{
	enum ospf_bfd		 state = OSPF_BFD_DOWN;
	struct ospf_vigil	*v, *next;
	struct in6_addr		 addr;

	if (st->up)
		state = OSPF_BFD_UP;
	else if (st->admin)
		state = OSPF_BFD_ADMIN;
	memcpy(&addr, st->session.remote.b, sizeof(addr));
	for (v = TAILQ_FIRST(&vs->list); v != NULL; v = next) {
		next = TAILQ_NEXT(v, entry);
		if (ipaddr_equal(&v->want.session.remote,
		    &st->session.remote))
			ospf_bfd(v->port->ifp, &addr, state, st->words,
			    mono_now());
	}
}
