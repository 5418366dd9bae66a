/*
 * Reading an UPDATE: it is checked as RFC 4271 6.3 and RFC 7606 want it,
 * counted, and let go.  Also the session both ends agreed on, which says how
 * an UPDATE is to be read and written.
 */
#ifndef BGP_UPDATE_H
#define BGP_UPDATE_H

#include <stdint.h>

#include "bgp_error.h"
#include "prefix.h"
#include "rd.h"
#include "routed6.h"

/* Path attributes (RFC 4271 5.1 and the documents named). */
enum bgp_attr {
	BGP_A_ORIGIN		= 1,
	BGP_A_AS_PATH		= 2,
	BGP_A_NEXT_HOP		= 3,
	BGP_A_MED		= 4,
	BGP_A_LOCAL_PREF	= 5,
	BGP_A_ATOMIC		= 6,
	BGP_A_AGGREGATOR	= 7,
	BGP_A_COMMUNITIES	= 8,	/* RFC 1997 */
	BGP_A_ORIGINATOR	= 9,	/* RFC 4456 */
	BGP_A_CLUSTER_LIST	= 10,	/* RFC 4456 */
	BGP_A_MP_REACH		= 14,	/* RFC 4760 */
	BGP_A_MP_UNREACH	= 15,	/* RFC 4760 */
	BGP_A_EXT_COMMUNITIES	= 16,	/* RFC 4360 */
	BGP_A_AS4_PATH		= 17,	/* RFC 6793 */
	BGP_A_AS4_AGGREGATOR	= 18,	/* RFC 6793 */
	BGP_A_IP6_COMMUNITIES	= 25,	/* RFC 5701 */
	BGP_A_LARGE		= 32,	/* RFC 8092 */
	BGP_A_OTC		= 35	/* RFC 9234 */
};

#define BGP_AF_OPTIONAL		0x80	/* attribute flags, RFC 4271 4.3 */
#define BGP_AF_TRANSITIVE	0x40
#define BGP_AF_EXTENDED		0x10

#define BGP_SEQUENCE	2		/* AS_PATH segment types */
#define BGP_SET		1

/* What an established session agreed on. */
struct bgp_session {
	uint32_t	 local_as;
	uint8_t		 ibgp;
	uint8_t		 as4;		/* AS numbers take 4 octets */
	uint8_t		 ip4;		/* the peer takes IPv4 unicast */
	uint8_t		 ip6;		/* the peer takes IPv6 unicast */
	uint8_t		 extnh;		/* RFC 8950 both ways */
	uint8_t		 role;		/* enum bgp_role: ours */
	uint8_t		 pad[2];
	struct ipaddr	 local;		/* our address of the connection */
	struct ipaddr	 linklocal;	/* ... on the same link; or af 0 */
	struct ipaddr	 nexthop4;	/* af 0: self */
	struct ipaddr	 nexthop6;
	struct bgp_attrs attrs;		/* said to this peer */
};

/* What becomes of an UPDATE, weakest first (RFC 7606 2). */
enum bgp_verdict {
	BGP_V_OK,
	BGP_V_DISCARD,		/* some attribute was thrown away */
	BGP_V_WITHDRAW,		/* its routes count as withdrawn */
	BGP_V_RESET		/* the session cannot go on */
};

struct bgp_update {
	enum bgp_verdict verdict;
	uint32_t	 reach;		/* prefixes announced */
	uint32_t	 unreach;	/* prefixes withdrawn */
	uint32_t	 discarded;	/* attributes thrown away */
};

/*
 * Read the body of an UPDATE.  -1 when the session must be reset; the error
 * is what to send.  With any verdict but BGP_V_OK the error names the worst
 * thing that was wrong.
 */
int	bgp_update_parse(struct rd *, const struct bgp_session *,
	    struct bgp_update *, struct bgp_error *);

/*
 * Show each prefix of a body that bgp_update_parse() let pass to fn, with
 * reach for those that are announced and not reach for those withdrawn.
 */
void	bgp_update_each(struct rd *,
	    void (*fn)(void *, int reach, const struct prefix *), void *arg);

#endif
