/*
 * ICMPv6 errors (RFC 4443 2.4, 3): when one may be sent and what it looks
 * like.  Pure; how many may be sent is icmp_limit's.
 */
#ifndef ICMP_H
#define ICMP_H

#include <stddef.h>
#include <stdint.h>

#include "ip_wire.h"

/* RFC 4443 3.1 to 3.3. */
#define ICMP_UNREACH		1
#define ICMP_UNREACH_NOROUTE	0
#define ICMP_UNREACH_ADMIN	1	/* forbidden by the operator */
#define ICMP_UNREACH_ADDR	3	/* the address leads nowhere */
#define ICMP_TOOBIG		2
#define ICMP_TIMXCEED		3
#define ICMP_TIMXCEED_HOPS	0

/* An error to send; type 0: none. */
struct icmp_error {
	uint8_t		type;
	uint8_t		code;
	uint32_t	arg;		/* the MTU of "packet too big" */
};

/*
 * True when the packet of len bytes (its header is h) may be answered with an
 * error: not from or to several, not from an address that is not one node's
 * everywhere, not about an error, not about later fragments (RFC 4443 2.4 e).
 * The exception that lets "packet too big" answer multicast is not used.
 */
int	icmp_answerable(const uint8_t *, size_t len, const struct ip6 *h);

/*
 * Write an error from src about the packet of len bytes whose header is h,
 * quoting as much as fits (RFC 4443 2.4 c).  Returns its length, at most
 * PKT_REPLY_MAX, which reply has room for; 0 for a packet without a header.
 */
size_t	icmp_error_write(uint8_t *reply, const struct icmp_error *,
	    const struct addr6 *src, const uint8_t *, size_t len,
	    const struct ip6 *h);

#endif
