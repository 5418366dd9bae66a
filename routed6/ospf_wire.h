/*
 * The OSPFv3 packets and the header of LSAs, as they are on the wire
 * (RFC 5340 A.2 to A.4.2).  Numbers here are in host byte order, router ids
 * and area ids too; addresses are in network order.
 */
#ifndef OSPF_WIRE_H
#define OSPF_WIRE_H

#include <netinet/in.h>

#include <stddef.h>
#include <stdint.h>

#include "rd.h"
#include "wr.h"

#define OSPF_PROTOCOL		89	/* in the IPv6 header */
#define OSPF_VERSION		3
#define OSPF_PACKET_MAX		65535
#define OSPF_HEADER_LEN		16
#define OSPF_HELLO_LEN		20	/* without neighbors */
#define OSPF_DD_LEN		12	/* without LSA headers */
#define OSPF_LSR_LEN		12	/* one request */
#define OSPF_LSU_LEN		4	/* without LSAs */
#define OSPF_LSA_LEN		20	/* the header of an LSA */
/* What fits into one packet of its own. */
#define OSPF_LSA_MAX \
    (OSPF_PACKET_MAX - 40 - OSPF_HEADER_LEN - OSPF_LSU_LEN - 80)

enum ospf_type {
	OSPF_HELLO = 1,
	OSPF_DD,		/* Database Description */
	OSPF_LSR,		/* Link State Request */
	OSPF_LSU,		/* Link State Update */
	OSPF_ACK,		/* Link State Acknowledgment */
	OSPF_NTYPES
};

/* Options, RFC 5340 A.2 and RFC 7166 2.1. */
#define OSPF_O_V6	0x000001	/* may carry IPv6 traffic */
#define OSPF_O_E	0x000002	/* AS-external-LSAs are flooded */
#define OSPF_O_N	0x000008	/* NSSA */
#define OSPF_O_R	0x000010	/* an active router */
#define OSPF_O_L	0x000200	/* an LLS block follows (RFC 5613) */
#define OSPF_O_AT	0x000400	/* authentication trailer */

/* Bits of a Database Description, RFC 5340 A.3.3. */
#define OSPF_DD_MS	0x01
#define OSPF_DD_M	0x02
#define OSPF_DD_I	0x04

/* LS types with their U and scope bits, RFC 5340 A.4.2.1. */
#define OSPF_LSA_ROUTER		0x2001
#define OSPF_LSA_NETWORK	0x2002
#define OSPF_LSA_INTER_PREFIX	0x2003
#define OSPF_LSA_INTER_ROUTER	0x2004
#define OSPF_LSA_EXTERNAL	0x4005
#define OSPF_LSA_NSSA		0x2007
#define OSPF_LSA_LINK		0x0008
#define OSPF_LSA_INTRA_PREFIX	0x2009
#define OSPF_LSA_GRACE		0x000b	/* RFC 5187 */

#define OSPF_LSA_U		0x8000	/* flood it even when unknown */
#define OSPF_SCOPE		0x6000
#define OSPF_SCOPE_LINK		0x0000
#define OSPF_SCOPE_AREA		0x2000
#define OSPF_SCOPE_AS		0x4000

#define OSPF_MAXAGE		3600		/* s */
#define OSPF_MAXAGEDIFF		900		/* s */
#define OSPF_SEQ_FIRST		((int32_t)-0x7fffffff)
#define OSPF_SEQ_MAX		((int32_t)0x7fffffff)

struct ospf_header {
	uint8_t		 type;		/* enum ospf_type */
	uint16_t	 len;		/* of header and body */
	uint32_t	 router;
	uint32_t	 area;
	uint16_t	 cksum;
	uint8_t		 instance;
};

struct ospf_hello {
	uint32_t	 ifid;
	uint8_t		 priority;
	uint32_t	 options;
	uint16_t	 hello;		/* s */
	uint16_t	 dead;		/* s */
	uint32_t	 dr;
	uint32_t	 bdr;
};

struct ospf_dd {
	uint32_t	 options;
	uint16_t	 mtu;
	uint8_t		 flags;		/* OSPF_DD_* */
	uint32_t	 seq;
};

/* What names an LSA. */
struct ospf_key {
	uint16_t	 type;
	uint32_t	 id;		/* Link State ID */
	uint32_t	 adv;		/* advertising router */
};

struct ospf_lsa_header {
	uint16_t	 age;		/* s; never more than OSPF_MAXAGE */
	struct ospf_key	 key;
	int32_t		 seq;
	uint16_t	 cksum;
	uint16_t	 len;		/* header included */
};

/* ff02::5, every router of a link, and ff02::6, its DR and its backup. */
extern const struct in6_addr	ospf_all_routers;
extern const struct in6_addr	ospf_all_drouters;

/*
 * The packet header; -1 when it is short, of another version or type, or
 * longer than the packet.  The cursor is left at the body.
 */
int	ospf_header_parse(struct rd *, struct ospf_header *);

/* Begin a packet; length and checksum are filled in by ospf_packet_end(). */
void	ospf_header_build(struct wr *, const struct ospf_header *);

/*
 * Set the length, and the checksum over the pseudo-header unless it is to
 * stay 0 (RFC 7166 4.1).  -1 when the packet did not fit.
 */
int	ospf_packet_end(struct wr *, const struct in6_addr *src,
	    const struct in6_addr *dst, int cksum);

/* True when the checksum of a whole packet is right. */
int	ospf_packet_cksum(const void *, size_t len,
	    const struct in6_addr *src, const struct in6_addr *dst);

/*
 * The fixed part of a Hello or a Database Description; what follows (router
 * ids; LSA headers) is left to be read from the cursor.  -1 when short.
 */
int	ospf_hello_parse(struct rd *, struct ospf_hello *);
int	ospf_dd_parse(struct rd *, struct ospf_dd *);
void	ospf_hello_build(struct wr *, const struct ospf_hello *);
void	ospf_dd_build(struct wr *, const struct ospf_dd *);

/* One entry of a Link State Request. */
int	ospf_request_parse(struct rd *, struct ospf_key *);
void	ospf_request_build(struct wr *, const struct ospf_key *);

/* The header of an LSA; -1 when short.  An age beyond MaxAge is MaxAge. */
int	ospf_lsa_header_parse(struct rd *, struct ospf_lsa_header *);
void	ospf_lsa_header_build(struct wr *, const struct ospf_lsa_header *);

/*
 * The next LSA of a Link State Update: its header, and where its len bytes
 * are.  NULL when it is short or its length cannot be.
 */
const uint8_t	*ospf_lsa_next(struct rd *, struct ospf_lsa_header *);

/*
 * The checksum of an LSA of len bytes, header included (RFC 2328 12.1.7): of
 * all but its age, with the field itself taken as zero.
 */
uint16_t	 ospf_lsa_cksum(const uint8_t *, size_t len);

/* "Hello", "router"; "?" and "unknown" for a number that is none. */
const char	*ospf_type_name(uint8_t);
const char	*ospf_lsa_name(uint16_t);

#endif
