/*
 * The Internet checksum: see cksum.h.
 */
#include "cksum.h"

uint32_t
cksum_add(uint32_t sum, const void *buf, size_t len)
{
	const uint8_t	*p = buf;

	for (; len > 1; p += 2, len -= 2) {
		sum += (uint32_t)p[0] << 8 | p[1];
		sum = (sum & 0xffff) + (sum >> 16);
	}
	if (len == 1)
		sum += (uint32_t)p[0] << 8;
	return (sum);
}

uint16_t
cksum_fold(uint32_t sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (~sum & 0xffff);
}

uint16_t
cksum_ip6(const void *src, const void *dst, uint8_t proto, const void *buf,
    size_t len)
{
	uint32_t	 sum;

	sum = cksum_add(0, src, 16);
	sum = cksum_add(sum, dst, 16);
	sum += (uint32_t)(len >> 16) + (len & 0xffff) + proto;
	return (cksum_fold(cksum_add(sum, buf, len)));
}
