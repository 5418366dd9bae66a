/*
 * The Internet checksum (RFC 1071).
 */
#ifndef CKSUM_H
#define CKSUM_H

#include <stddef.h>
#include <stdint.h>

/*
 * Add len bytes to a running sum that began as 0.  Only the last piece may
 * have an odd length.
 */
uint32_t	cksum_add(uint32_t sum, const void *, size_t len);

/* The checksum of a running sum, in host byte order, to be written as u16. */
uint16_t	cksum_fold(uint32_t sum);

/*
 * The checksum of an upper-layer payload over the IPv6 pseudo-header
 * (RFC 8200 8.1); src and dst are 16 bytes each.
 */
uint16_t	cksum_ip6(const void *src, const void *dst, uint8_t proto,
		    const void *, size_t len);

#endif
