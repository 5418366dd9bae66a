/*
 * How the engines refuse a packet: see judge.h.  Relay process; pure.
 */
#include "judge.h"

static const enum drop	refusals[PLACE_COUNT][POLICY_SPECIAL + 1] = {
	[PLACE_SRC4] = {
		[POLICY_OWN] =		DROP_LOOP,
		[POLICY_DENIED] =	DROP_SRC4_DENIED,
		[POLICY_SPECIAL] =	DROP_SRC4,
	},
	[PLACE_EMBEDDED4] = {
		[POLICY_OWN] =		DROP_LOOP,
		[POLICY_DENIED] =	DROP_EMBEDDED_DENIED,
		[POLICY_SPECIAL] =	DROP_EMBEDDED,
	},
	[PLACE_SERVER4] = {
		[POLICY_OWN] =		DROP_LOOP,
		[POLICY_DENIED] =	DROP_SERVER_DENIED,
		[POLICY_SPECIAL] =	DROP_SERVER,
	},
	[PLACE_SRC6] = {
		[POLICY_OWN] =		DROP_LOOP,
		[POLICY_DENIED] =	DROP_SRC6_DENIED,
		[POLICY_SPECIAL] =	DROP_SRC6,
	},
	[PLACE_DST6] = {
		[POLICY_OWN] =		DROP_LOOP,
		[POLICY_DENIED] =	DROP_DST6_DENIED,
		[POLICY_SPECIAL] =	DROP_DST6,
	},
};

int
refuse(struct pkt *p, enum drop why)
{
	p->why = why;
	return (-1);
}

int
judge(struct pkt *p, enum place place, enum policy answer)
{
	if (answer == POLICY_PASS)
		return (0);
	return (refuse(p, refusals[place][answer]));
}

int
judge_fit(struct pkt *p, const struct ip6 *h, uint32_t mtu,
    struct icmp_error *e)
{
	e->code = 0;
	if (h->hlim == 0) {
		e->type = ICMP_TIMXCEED;
		return (refuse(p, DROP_HOPLIMIT));
	}
	if (h->len > mtu) {
		e->type = ICMP_TOOBIG;
		e->arg = mtu;
		return (refuse(p, DROP_TOOBIG));
	}
	return (0);
}
