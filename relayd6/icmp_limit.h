/*
 * How many ICMPv6 errors leave (RFC 4443 2.4 f): a token bucket for all of
 * them and one per destination /64, so that one talker cannot use up what is
 * owed to the others.  Buckets of destinations are a fixed array found by a
 * keyed hash; two /64s may share one, which costs them errors, nothing else.
 * Pure; no allocation.
 */
#ifndef ICMP_LIMIT_H
#define ICMP_LIMIT_H

#include <stdint.h>

#include "bucket.h"
#include "ip_wire.h"
#include "bounds.h"
#include "mono.h"
#include "siphash.h"

struct icmp_limit {
	uint8_t			key[SIPHASH_KEYLEN];
	struct bucket_rate	all_rate;
	struct bucket_rate	net_rate;
	struct bucket		all;
	struct bucket		nets[LIMIT_ICMP_BUCKETS];
	uint64_t		sent;
	uint64_t		held;
};

/* Full buckets; key is secret. */
void	icmp_limit_init(struct icmp_limit *, const uint8_t key[SIPHASH_KEYLEN]);

/*
 * Allow rate errors a second in all with a burst of a tenth of a second's (at
 * least 10), and a tenth of the rate, half of the burst, to one /64.  0: none.
 * What was taken stays taken.
 */
void	icmp_limit_rate(struct icmp_limit *, uint32_t rate);

/*
 * Take the right to send an error to dst.  1, or 0 when the error must be
 * held back.
 */
int	icmp_limit_take(struct icmp_limit *, const struct addr6 *dst,
	    mono_t now);

#endif
