/*
 * How many ICMPv6 errors leave: see icmp_limit.h.  Relay process; pure.
 * RFC 4443 2.4 f.
 */
#include <string.h>

#include "icmp_limit.h"

#define BURST_MIN	10	/* what RFC 4443 2.4 f gives a small router */

void
icmp_limit_init(struct icmp_limit *l, const uint8_t key[SIPHASH_KEYLEN])
{
	memset(l, 0, sizeof(*l));
	memcpy(l->key, key, sizeof(l->key));
}

void
icmp_limit_rate(struct icmp_limit *l, uint32_t rate)
{
	uint32_t	 burst, net;

	burst = rate / 10 < BURST_MIN ? BURST_MIN : rate / 10;
	net = rate / 10 == 0 && rate != 0 ? 1 : rate / 10;
	l->all_rate = bucket_rate(rate, burst);
	l->net_rate = bucket_rate(net, burst / 2);
}

int
icmp_limit_take(struct icmp_limit *l, const struct addr6 *dst, mono_t now)
{
	struct bucket	*net;
	uint64_t	 h;

	h = siphash(l->key, &dst->hi, sizeof(dst->hi));
	net = &l->nets[h % LIMIT_ICMP_BUCKETS];
	if (!bucket_has(net, &l->net_rate, now) ||
	    !bucket_has(&l->all, &l->all_rate, now)) {
		l->held++;
		return (0);
	}
	bucket_take(net, &l->net_rate, now);
	bucket_take(&l->all, &l->all_rate, now);
	l->sent++;
	return (1);
}
