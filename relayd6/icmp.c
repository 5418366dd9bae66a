/*
 * ICMPv6 errors, RFC 4443: see icmp.h.  Relay process; pure.
 */
#include <netinet/in.h>

#include "cksum.h"
#include "icmp.h"

#define ICMP_HDRLEN	8
#define ICMP_INFO	128	/* types from here on are no errors, 2.1 */
#define ICMP_REDIRECT	137	/* but for this one, 2.4 e.2 */
#define ICMP_HLIM	64

static int
addr6_is_multicast(const struct addr6 *a)
{
	return (a->hi >> 56 == 0xff);
}

static int
addr6_is_unspecified(const struct addr6 *a)
{
	return (a->hi == 0 && a->lo == 0);
}

static int
addr6_is_linklocal(const struct addr6 *a)
{
	return (a->hi >> 54 == 0xfe80 >> 6);
}

int
icmp_answerable(const uint8_t *pkt, size_t len, const struct ip6 *h)
{
	struct ip6_upper	 u;

	if (addr6_is_multicast(&h->src) || addr6_is_multicast(&h->dst) ||
	    addr6_is_unspecified(&h->src) || addr6_is_linklocal(&h->src))
		return (0);
	if (ip6_upper_find(pkt, len, h, &u) == -1 || u.piece)
		return (0);
	return (u.proto != IPPROTO_ICMPV6 ||
	    (u.type >= ICMP_INFO && u.type != ICMP_REDIRECT));
}

size_t
icmp_error_write(uint8_t *reply, const struct icmp_error *e,
    const struct addr6 *src, const uint8_t *pkt, size_t len,
    const struct ip6 *h)
{
	struct ip6	 out = { .next = IPPROTO_ICMPV6, .hlim = ICMP_HLIM };
	struct wr	 w;
	uint8_t		*ip = reply, *icmp = reply + IP6_HDRLEN;
	size_t		 room = PKT_REPLY_MAX - IP6_HDRLEN - ICMP_HDRLEN;

	if (len < IP6_HDRLEN)
		return (0);
	if (len > room)
		len = room;
	out.len = IP6_HDRLEN + ICMP_HDRLEN + len;
	out.src = *src;
	out.dst = h->src;
	wr_init(&w, reply, PKT_REPLY_MAX);
	ip6_write(&w, &out);
	wr_u8(&w, e->type);
	wr_u8(&w, e->code);
	wr_u16(&w, 0);
	wr_u32(&w, e->arg);
	wr_bytes(&w, pkt, len);
	wr_patch16(&w, IP6_HDRLEN + 2, cksum_ip6(ip + 8, ip + 24,
	    IPPROTO_ICMPV6, icmp, out.len - IP6_HDRLEN));
	return (wr_end(&w) == -1 ? 0 : out.len);
}
