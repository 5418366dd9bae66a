/*
 * What a bystander sees of a BGP session in one packet.
 */
#ifndef BGP_SEE_H
#define BGP_SEE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Look at one IPv4 or IPv6 packet; when it belongs to a BGP session, call fn
 * with one line of text for each message in it and for FIN and RST.  A
 * message that continues in the next packet is reported as far as it is seen.
 */
void	bgp_see(const uint8_t *pkt, size_t len,
	    void (*fn)(void *, const char *), void *arg);

#endif
