/*
 * The Teredo client that probes are sent by: what comes to it by UDP, and what
 * it owes to a relay that asks whether it is there (RFC 4380 5.2.3).  It is
 * its own server.  Pure.
 */
#ifndef PROBE_TEREDO_H
#define PROBE_TEREDO_H

#include <stddef.h>
#include <stdint.h>

#include "ip_wire.h"
#include "teredo_wire.h"

enum probe_teredo {
	PROBE_TEREDO_NONE,	/* not for us */
	PROBE_TEREDO_PACKET,	/* an IPv6 packet, at ip6 */
	PROBE_TEREDO_BUBBLE	/* a relay asks: an answer is owed */
};

/* What the payload of a UDP datagram is to the client with address id. */
enum probe_teredo	probe_teredo_read(const struct addr6 *id,
			    const uint8_t *, size_t len,
			    struct teredo_packet *);

/*
 * The answer to a bubble, straight to where the relay sent it from: its nonce
 * comes back (RFC 6081 5.2.4.2).  Returns the length, at most
 * TEREDO_BUBBLE_MAX.
 */
size_t	probe_teredo_answer(const struct addr6 *id,
	    const struct teredo_packet *, uint8_t *);

#endif
