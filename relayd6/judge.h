/*
 * How the engines of the relay process refuse a packet: what each answer of
 * the policy is called where it was asked for, and the limits that every
 * tunnel has.  Pure.  Functions that refuse write the reason into the packet
 * and return -1.
 */
#ifndef JUDGE_H
#define JUDGE_H

#include <stdint.h>

#include "icmp.h"
#include "ip_wire.h"
#include "pkt.h"
#include "policy.h"

/* Where an address stands. */
enum place {
	PLACE_SRC4,		/* outer source */
	PLACE_EMBEDDED4,	/* inside an IPv6 address: a tunnel's end */
	PLACE_SERVER4,		/* of a Teredo client */
	PLACE_SRC6,
	PLACE_DST6,
	PLACE_COUNT
};

/* Refuse for this reason: -1. */
int	refuse(struct pkt *, enum drop);

/* 0 when the policy lets the address pass there, or -1. */
int	judge(struct pkt *, enum place, enum policy);

/*
 * The hop limit (RFC 4443 3.3) and the static MTU (RFC 4213 3.2.1).  0, or -1
 * with the error that the source should hear.
 */
int	judge_fit(struct pkt *, const struct ip6 *, uint32_t mtu,
	    struct icmp_error *);

#endif
