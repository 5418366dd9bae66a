/*
 * The bits of a probe: an ICMPv6 echo (RFC 4443 4.1, 4.2) whose data is a
 * cookie.  Knows layouts and lengths, no policy.  Numbers are in host byte
 * order.
 */
#ifndef PROBE_WIRE_H
#define PROBE_WIRE_H

#include <stddef.h>
#include <stdint.h>

#include "ip_wire.h"

#define PROBE_ECHO_LEN		16	/* ICMPv6 header and cookie */
#define PROBE_PACKET_LEN	(IP6_HDRLEN + PROBE_ECHO_LEN)

/* What tells one echo from all others. */
struct probe_mark {
	uint16_t	id;
	uint16_t	seq;
	uint64_t	cookie;
};

/*
 * Write an echo request of PROBE_ECHO_LEN bytes.  Its checksum is left to the
 * kernel (RFC 3542 3.1).
 */
void	probe_echo_write(uint8_t *, const struct probe_mark *);

/* The same as an IPv6 packet of PROBE_PACKET_LEN bytes, with its checksum. */
void	probe_packet_write(uint8_t *, const struct addr6 *src,
	    const struct addr6 *dst, const struct probe_mark *);

/*
 * Read an echo reply that is nothing more and nothing less; the kernel has
 * looked at its checksum.  0, or -1.
 */
int	probe_echo_read(const uint8_t *, size_t len, struct probe_mark *);

/* The same of an IPv6 packet, whose checksum is looked at here. */
int	probe_packet_read(const uint8_t *, size_t len, struct ip6 *,
	    struct probe_mark *);

#endif
