/*
 * routed6's contract: what its processes know of the configuration and what
 * they tell each other.  Everything here is fixed-width and pointer-free, so
 * that it can cross a pipe as it is.
 */
#ifndef ROUTED6_H
#define ROUTED6_H

#include <stdint.h>

#include "limits.h"
#include "prefix.h"

#define BGP_DESCRLEN	64

/* Flags of a neighbor. */
#define BGP_F_PASSIVE	0x01	/* wait for the peer to connect */

/*
 * One BGP neighbor.  A next hop of af 0 means self: our own address of the
 * session.  nexthop4 is for IPv4 prefixes and may be an IPv6 address where
 * the peer can take one (RFC 8950).
 */
struct bgp_conf_peer {
	uint32_t	 id;		/* ours, to name it in messages */
	uint32_t	 flags;		/* BGP_F_* */
	struct ipaddr	 remote;
	struct ipaddr	 local;		/* af 0: any */
	struct ipaddr	 nexthop4;
	struct ipaddr	 nexthop6;
	uint32_t	 remote_as;
	uint32_t	 local_as;
	uint32_t	 router_id;	/* host byte order, not 0 */
	uint16_t	 hold_time;	/* s; 0 (no timers) or 3 and more */
	uint16_t	 connect_retry;	/* s; 0: BGP_CONNECT_RETRY */
	char		 descr[BGP_DESCRLEN];
};

/* A large community (RFC 8092), host byte order. */
struct bgp_large {
	uint32_t	 global;
	uint32_t	 local1;
	uint32_t	 local2;
};

/* A prefix to announce and what to say about it. */
struct bgp_announce {
	struct prefix		 prefix;
	struct ipaddr		 nexthop;	/* af 0: the neighbor's */
	uint32_t		 med;		/* when has_med */
	uint8_t			 has_med;
	uint8_t			 ncomm;
	uint8_t			 nlarge;
	uint8_t			 pad;
	uint32_t		 comm[LIMIT_BGP_COMMUNITIES]; /* RFC 1997 */
	struct bgp_large	 large[LIMIT_BGP_COMMUNITIES];
};

#endif
