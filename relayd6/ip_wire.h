/*
 * The bits of IPv4, IPv6 and ICMPv4 headers (RFC 791, 792, 8200, 4884), for
 * the engines of the relay process.  Knows layouts and lengths, no policy.
 * IPv4 addresses are numbers in host byte order, IPv6 addresses two of them.
 */
#ifndef IP_WIRE_H
#define IP_WIRE_H

#include <stddef.h>
#include <stdint.h>

#include "pkt.h"
#include "rd.h"
#include "wr.h"

#define IP4_HDRLEN	20	/* without options */
#define IP4_MF		0x2000	/* more fragments follow */
#define IP4_OFFSET	0x1fff	/* where this one belongs; 0: the first */
#define IP6_HDRLEN	40
#define IP6_MTU_MIN	1280	/* RFC 8200 5 */

#define ECN_MASK	0x03	/* of the TOS and traffic class, RFC 3168 5 */

struct addr6 {
	uint64_t	hi;
	uint64_t	lo;
};

struct ip4 {
	uint8_t		tos;
	uint8_t		proto;
	uint16_t	frag;		/* IP4_MF, and the offset */
	size_t		len;		/* header and payload, as declared */
	uint32_t	src;
	uint32_t	dst;
};

struct ip6 {
	uint8_t		tclass;
	uint8_t		next;		/* next header */
	uint8_t		hlim;
	size_t		len;		/* header and payload, as declared */
	struct addr6	src;
	struct addr6	dst;
};

/* What an IPv6 packet carries after its extension headers. */
struct ip6_upper {
	uint8_t		proto;
	uint8_t		type;		/* first byte: an ICMPv6 type */
	uint8_t		piece;		/* a fragment that is not the first */
};

struct icmp4 {
	uint8_t		type;
	uint8_t		code;
	uint16_t	mtu;		/* next hop's, RFC 1191 4 */
	struct rd	quote;		/* as much as came of our packet */
};

/*
 * Read an IPv4 header with its options; r is left at the payload.  The
 * payload may be cut short, as in a quotation.  0, or -1 with *why.
 */
int	ip4_header_parse(struct rd *r, struct ip4 *, enum drop *why);

/* As above for a whole packet: r is left with the declared payload alone. */
int	ip4_parse(struct rd *r, struct ip4 *, enum drop *why);

/*
 * Read an IPv6 header.  The first form lets the payload be cut short; the
 * second demands that it is all there, and refuses jumbograms (RFC 2675),
 * which no IPv4 packet can carry.  Bytes after the payload are allowed: the
 * caller cuts them off (RFC 4213 3.6).  0, or -1 with *why.
 */
int	ip6_header_parse(struct rd *r, struct ip6 *, enum drop *why);
int	ip6_parse(const uint8_t *, size_t len, struct ip6 *, enum drop *why);

/*
 * Walk the extension headers of the IPv6 packet whose header is h.  0, or -1
 * when the chain is cut short or longer than anybody needs.
 */
int	ip6_upper_find(const uint8_t *, size_t len, const struct ip6 *h,
	    struct ip6_upper *);

/* Overwrite the ECN field of the IPv6 packet that begins here. */
void	ip6_ecn_set(uint8_t *, uint8_t ecn);

/* Append an IPv6 header; h->len must be at least IP6_HDRLEN. */
void	ip6_write(struct wr *, const struct ip6 *h);

/*
 * Read an ICMPv4 error, all of r, and check its checksum.  0, or -1 with
 * *why.  An object list after the quotation (RFC 4884) is left out.
 */
int	icmp4_parse(struct rd *r, struct icmp4 *, enum drop *why);

/* Read 16 bytes in network order, or write them. */
void	addr6_load(struct addr6 *, const void *);
void	addr6_store(const struct addr6 *, void *);

int	addr6_equal(const struct addr6 *, const struct addr6 *);

/* The IPv4 address inside 2002:V4::/48 (RFC 3056 2), host byte order. */
int		addr6_is_6to4(const struct addr6 *);
uint32_t	addr6_6to4(const struct addr6 *);

#endif
