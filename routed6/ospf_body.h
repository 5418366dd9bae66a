/*
 * What is inside LSAs (RFC 5340 A.4.3 to A.4.10): read for the few things
 * that an announcer has to know of others, and for showing; written for our
 * own.  Bodies begin behind the LSA header.
 */
#ifndef OSPF_BODY_H
#define OSPF_BODY_H

#include <stdint.h>

#include "ospf_wire.h"
#include "prefix.h"

/* Flags of a router-LSA. */
#define OSPF_RTR_B	0x01	/* area border router */
#define OSPF_RTR_E	0x02	/* AS boundary router */

/* Types of its links. */
#define OSPF_RLINK_P2P		1
#define OSPF_RLINK_TRANSIT	2

/* Flags of an AS-external-LSA. */
#define OSPF_EXT_T	0x01	/* has a tag */
#define OSPF_EXT_F	0x02	/* has a forwarding address */
#define OSPF_EXT_E	0x04	/* type 2 metric */

/* Options of a prefix, RFC 5340 A.4.1.1. */
#define OSPF_PFX_NU	0x01	/* not for unicast */
#define OSPF_PFX_LA	0x02	/* an address of the router itself */
#define OSPF_PFX_P	0x08	/* NSSA: translate and propagate */

/* A prefix as in an LSA; metric is not of every kind of them. */
struct ospf_prefix {
	struct prefix	 prefix;
	uint8_t		 options;	/* OSPF_PFX_* */
	uint16_t	 metric;
};

struct ospf_router {
	uint8_t		 flags;		/* OSPF_RTR_* */
	uint32_t	 options;
};

struct ospf_rlink {
	uint8_t		 type;		/* OSPF_RLINK_* */
	uint16_t	 metric;
	uint32_t	 ifid;
	uint32_t	 nbr_ifid;
	uint32_t	 nbr;		/* router id */
};

struct ospf_external {
	uint8_t			 flags;	/* OSPF_EXT_* */
	uint32_t		 metric;	/* 24 bits */
	struct ospf_prefix	 prefix;
	struct in6_addr		 forward;
	uint32_t		 tag;
};

struct ospf_linkbody {
	uint8_t		 priority;
	uint32_t	 options;
	struct in6_addr	 addr;		/* link-local */
	uint32_t	 nprefixes;
};

struct ospf_intra {
	uint16_t	 nprefixes;
	struct ospf_key	 ref;		/* the LSA it belongs to */
};

/*
 * A prefix of at most 128 bits; -1 when it is short or longer than that.
 * Bits after its length are cleared when read.
 */
int	ospf_prefix_parse(struct rd *, struct ospf_prefix *);
void	ospf_prefix_build(struct wr *, const struct ospf_prefix *);

/*
 * The fixed part of a body; what is repeated behind it (links, router ids,
 * prefixes) is left to be read from the cursor.  -1 when it is short.
 */
int	ospf_router_parse(struct rd *, struct ospf_router *);
int	ospf_rlink_parse(struct rd *, struct ospf_rlink *);
int	ospf_external_parse(struct rd *, struct ospf_external *);
int	ospf_linkbody_parse(struct rd *, struct ospf_linkbody *);
int	ospf_intra_parse(struct rd *, struct ospf_intra *);

void	ospf_router_build(struct wr *, const struct ospf_router *);
void	ospf_rlink_build(struct wr *, const struct ospf_rlink *);
void	ospf_external_build(struct wr *, const struct ospf_external *);
void	ospf_linkbody_build(struct wr *, const struct ospf_linkbody *);
void	ospf_intra_build(struct wr *, const struct ospf_intra *);

#endif
