/*
 * Teredo packets as the test equipment sees and makes them: RFC 4380 5.1.1
 * (authentication, origin indication) and RFC 6081 4 (trailers).  Written
 * apart from the relay's own code on purpose, so that the two check each
 * other.  Pure: bytes in, bytes or words out.
 */
#ifndef TEREDO_PKT_H
#define TEREDO_PKT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "rd.h"
#include "wr.h"

struct endpoint {
	uint8_t		 ip[4];
	uint16_t	 port;
};

#define ENDPOINT_STRLEN	24

/* A packet taken apart; the pointers are into the bytes that were parsed. */
struct teredo_pkt {
	int		 auth;		/* authentication was there */
	int		 indicated;	/* origin was there */
	struct endpoint	 origin;
	const uint8_t	*src;
	const uint8_t	*dst;
	uint8_t		 next;
	struct rd	 payload;
	struct rd	 trailers;
	int		 nonced;	/* a nonce trailer was there */
	uint32_t	 nonce;
};

/* 0, or -1 when it is no Teredo packet. */
int		 teredo_pkt_parse(struct teredo_pkt *, const void *, size_t);

/*
 * What it is, in a word: bubble, request, reply, unreachable, too-big,
 * solicitation, advertisement, or other.
 */
const char	*teredo_pkt_kind(const struct teredo_pkt *);

/* "key=value" words, without a newline. */
void		 teredo_pkt_print(FILE *, const struct teredo_pkt *);

/*
 * The prefix-and-port of a Teredo address (RFC 4380 4) for a server, flags
 * and a mapped endpoint.
 */
void		 teredo_addr_make(uint8_t *addr, const uint8_t *server,
		    uint16_t flags, const struct endpoint *mapped);

/* "192.0.2.1:3545" from and to an endpoint; -1 when it is none. */
int		 endpoint_parse(struct endpoint *, const char *);
char		*endpoint_print(const struct endpoint *, char *buf, size_t);

/* The parts of packets, in the order in which they belong. */
void		 teredo_auth_put(struct wr *, uint64_t nonce);
void		 teredo_origin_put(struct wr *, const struct endpoint *);
void		 teredo_bubble_put(struct wr *, const uint8_t *src,
		    const uint8_t *dst);
void		 teredo_echo_put(struct wr *, int reply, const uint8_t *src,
		    const uint8_t *dst, const void *rest, size_t len);
void		 teredo_solicitation_put(struct wr *, int cone);
void		 teredo_nonce_put(struct wr *, uint32_t);

/* Addresses that a word may name instead of writing them. */
struct teredo_names {
	uint8_t		 me[16];	/* "me": the client */
	uint8_t		 asker[16];	/* "asker": source of the last bubble */
};

/*
 * Append what a word says.  -1 when it is not understood.
 *
 *	auth			authentication, no identifier, nonce 1
 *	origin=IP:PORT		origin indication
 *	bubble=SRC,DST		bubble
 *	echo=SRC,DST		echo request
 *	rs			router solicitation
 *	nonce=HEX		nonce trailer, eight digits
 *	alt=IP:PORT[,IP:PORT]	alternate address trailer
 *	nd=sol, nd=adv		neighbor discovery option trailer
 *	rport=PORT		random port trailer
 *	hex=HEX			any bytes
 */
int		 teredo_word_put(struct wr *, const struct teredo_names *,
		    const char *word);

#endif
