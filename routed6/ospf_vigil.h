/*
 * Between the engine's interfaces and the bfd process: who asked for BFD with
 * whom.  Interfaces that differ by their instance id alone share a link, and
 * with it neighbors and BFD sessions.
 */
#ifndef OSPF_VIGIL_H
#define OSPF_VIGIL_H

#include <sys/queue.h>

#include "ospf_port.h"
#include "routed6.h"

struct ospf_vigil {
	TAILQ_ENTRY(ospf_vigil)	 entry;
	struct ospf_port	*port;
	struct routed_bfd_want	 want;
};

struct ospf_vigils {
	struct proc		*pr;
	TAILQ_HEAD(, ospf_vigil) list;
};

/* Ask for BFD with dst, from src; also again.  Or no longer. */
void	ospf_vigil_begin(struct ospf_vigils *, struct ospf_port *,
	    const struct in6_addr *src, const struct in6_addr *dst);
void	ospf_vigil_end(struct ospf_vigils *, const struct ospf_port *,
	    const struct in6_addr *dst);

/* Tell the engine what bfd says. */
void	ospf_vigil_state(struct ospf_vigils *,
	    const struct routed_bfd_state *);

#endif
