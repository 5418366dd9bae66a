/*
 * The bits of Teredo: addresses (RFC 4380 4), what stands before an IPv6 packet
 * in UDP (5.1.1), bubbles (2.8), and the trailers after it (RFC 6081 4).  Knows
 * layouts and lengths, no policy.  IPv4 addresses and ports are in host byte
 * order and plain: obfuscation ends here.
 */
#ifndef TEREDO_WIRE_H
#define TEREDO_WIRE_H

#include <stddef.h>
#include <stdint.h>

#include "ip_wire.h"
#include "bounds.h"
#include "pkt.h"
#include "rd.h"
#include "wr.h"

#define TEREDO_PORT		3544	/* of servers, RFC 4380 2.7 */
#define TEREDO_CONE		0x8000	/* of the flags */

/* The longest thing that teredo_bubble_write() writes. */
#define TEREDO_BUBBLE_MAX	(IP6_HDRLEN + 6 + 6)

/* An address, taken apart. */
struct teredo_addr {
	uint32_t	server;
	uint16_t	flags;		/* TEREDO_CONE, and random bits */
	uint16_t	port;
	uint32_t	client;
};

/* True inside 2001::/32. */
int	addr6_is_teredo(const struct addr6 *);

void	teredo_addr_parse(struct teredo_addr *, const struct addr6 *);
void	teredo_addr_build(struct addr6 *, const struct teredo_addr *);

/* Types of trailers, RFC 6081 4. */
enum teredo_trailer {
	TEREDO_NONCE = 1,
	TEREDO_ALTERNATE = 3,
	TEREDO_DISCOVERY = 4,
	TEREDO_RANDOM_PORT = 5
};

enum teredo_discovery {			/* RFC 6081 4.4 */
	TEREDO_SOLICIT,
	TEREDO_ADVERTISE
};

struct teredo_endpoint {
	uint32_t	addr;
	uint16_t	port;
};

/* What the trailers said; the first of each kind counts. */
struct teredo_trailers {
	uint8_t			has_nonce;
	uint8_t			has_discovery;
	uint8_t			has_port;
	uint8_t			bad_alternates;	/* malformed, 5.6.4.2 */
	uint8_t			nalternates;
	uint8_t			discovery;	/* enum teredo_discovery */
	uint16_t		port;
	uint32_t		nonce;
	struct teredo_endpoint	alternates[LIMIT_TEREDO_ALTERNATES];
};

/* The payload of a UDP datagram, taken apart. */
struct teredo_packet {
	uint8_t			has_auth;
	uint8_t			auth_confirm;
	uint64_t		auth_nonce;
	uint8_t			has_origin;
	struct teredo_endpoint	origin;
	const uint8_t		*ip6;		/* the IPv6 packet */
	struct ip6		h;		/* and its header */
	struct teredo_trailers	trailers;
};

/*
 * Read authentication, origin indication, IPv6 packet and trailers.  Trailers
 * end silently at the first malformed one (RFC 6081 5.1.2).  0, or -1 with
 * *why; DROP_TRAILER for an unknown one that forbids to be passed over.
 */
int	teredo_packet_parse(struct teredo_packet *, const uint8_t *, size_t len,
	    enum drop *why);

/* True for an IPv6 header without anything after it (RFC 4380 2.8). */
int	teredo_is_bubble(const struct ip6 *);

/* A bubble and the trailers that it gets; alternates are never sent. */
struct teredo_bubble {
	struct addr6		src;
	struct addr6		dst;
	uint8_t			has_nonce;
	uint8_t			has_discovery;
	uint8_t			discovery;
	uint32_t		nonce;
};

/* Write a bubble into TEREDO_BUBBLE_MAX bytes; returns how many it took. */
size_t	teredo_bubble_write(uint8_t *, const struct teredo_bubble *);

#endif
