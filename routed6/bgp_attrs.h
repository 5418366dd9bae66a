/*
 * The attributes of an UPDATE we send: what was configured for the prefix and
 * for the neighbor, and what the session makes of it.
 */
#ifndef BGP_ATTRS_H
#define BGP_ATTRS_H

#include "bgp_update.h"
#include "routed6.h"
#include "wr.h"

/* Bytes that bgp_attrs_build() writes at most. */
#define BGP_ATTRS_MAX	(128 + 8 * LIMIT_BGP_PREPEND + \
			    48 * LIMIT_BGP_COMMUNITIES)

/*
 * All attributes but those of RFC 4760, in the order of their types.  nh is
 * the next hop of classic IPv4 prefixes, or NULL.
 */
void	bgp_attrs_build(struct wr *, const struct bgp_session *,
	    const struct bgp_announce *, const struct ipaddr *nh);

/* The length and the addresses of an MP_REACH_NLRI's next hop. */
void	bgp_nexthop_build(struct wr *, const struct bgp_session *,
	    const struct ipaddr *nh);

#endif
