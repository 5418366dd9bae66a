/*
 * The 6to4 relay engine: what happens to one packet between the IPv6 Internet
 * and the 6to4 hosts of the IPv4 Internet.  Runs in the relay process; no I/O,
 * no clock, no log.
 *
 *	RFC 3056 5, RFC 3068	6to4 and its relays
 *	RFC 3964 5, RFC 6324 3	whom to believe, and what would loop
 *	RFC 4213 3		encapsulation
 *	RFC 6040, RFC 2983	congestion marks and service codes
 *	RFC 4443		errors
 *
 * The tunnel MTU is static (RFC 4213 3.2.1): whoever sends the outer packet
 * must leave "don't fragment" clear.  The kernel counts the hop when it moves
 * a packet between the tun and the world, so the tunnel is one hop (3.3) and
 * the engine only refuses what has none left.
 */
#ifndef SIXTOFOUR_H
#define SIXTOFOUR_H

#include <stdint.h>

#include "icmp_limit.h"
#include "ip_wire.h"
#include "mono.h"
#include "pkt.h"
#include "policy.h"
#include "relayd6.h"

struct sixtofour {
	struct conf_6to4	conf;
	struct policies		policies;
	uint32_t		source;		/* outer, host byte order */
	struct addr6		icmp_source;
	struct icmp_limit	limit;		/* counts errors, too */
};

/* Start with a configuration and a secret key for hashing. */
void	sixtofour_init(struct sixtofour *, const struct conf_6to4 *,
	    const uint8_t key[SIPHASH_KEYLEN]);

/* Go on with another configuration; what the rate limit knows is kept. */
void	sixtofour_reconf(struct sixtofour *, const struct conf_6to4 *);

/*
 * A packet from the raw socket of protocol 41, IPv4 header first, reassembled.
 * V_FORWARD: data and len are the IPv6 packet for the tun, its ECN field
 * settled.  Never V_REPLY: a claim that came over IPv4 proves nothing.
 */
enum verdict	sixtofour_in(struct sixtofour *, struct pkt *, mono_t now);

/*
 * An IPv6 packet from the tun.  V_FORWARD: dst4, tos and ttl are set, data and
 * len are what follows the IPv4 header.  V_REPLY: why is set, and an ICMPv6
 * error to write back into the tun.
 */
enum verdict	sixtofour_out(struct sixtofour *, struct pkt *, mono_t now);

/*
 * An ICMPv4 error, IPv4 header first (RFC 4213 3.4).  V_REPLY: why is
 * DROP_PATH, and the reply goes into the tun to the source of the packet that
 * was lost.  Otherwise V_DROP.
 */
enum verdict	sixtofour_icmp4(struct sixtofour *, struct pkt *, mono_t now);

#endif
