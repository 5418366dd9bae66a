/*
 * The bits of a probe: see probe_wire.h.  Health process; pure.
 */
#include <netinet/in.h>

#include "cksum.h"
#include "probe_wire.h"

#define ECHO_REQUEST	128	/* RFC 4443 4.1 */
#define ECHO_REPLY	129	/* RFC 4443 4.2 */
#define HOP_LIMIT	64
#define CKSUM_AT	2	/* in an ICMPv6 message */

static void
echo_put(struct wr *w, const struct probe_mark *m)
{
	wr_u8(w, ECHO_REQUEST);
	wr_u8(w, 0);
	wr_u16(w, 0);
	wr_u16(w, m->id);
	wr_u16(w, m->seq);
	wr_u64(w, m->cookie);
}

void
probe_echo_write(uint8_t *buf, const struct probe_mark *m)
{
	struct wr	 w;

	wr_init(&w, buf, PROBE_ECHO_LEN);
	echo_put(&w, m);
}

void
probe_packet_write(uint8_t *buf, const struct addr6 *src,
    const struct addr6 *dst, const struct probe_mark *m)
{
	struct ip6	 h = { .next = IPPROTO_ICMPV6, .hlim = HOP_LIMIT,
			    .len = PROBE_PACKET_LEN };
	struct wr	 w;

	h.src = *src;
	h.dst = *dst;
	wr_init(&w, buf, PROBE_PACKET_LEN);
	ip6_write(&w, &h);
	echo_put(&w, m);
	wr_patch16(&w, IP6_HDRLEN + CKSUM_AT, cksum_ip6(buf + 8, buf + 24,
	    IPPROTO_ICMPV6, buf + IP6_HDRLEN, PROBE_ECHO_LEN));
}

int
probe_echo_read(const uint8_t *data, size_t len, struct probe_mark *m)
{
	struct rd	 r;
	uint8_t		 type, code;

	rd_init(&r, data, len);
	type = rd_u8(&r);
	code = rd_u8(&r);
	rd_skip(&r, 2);
	m->id = rd_u16(&r);
	m->seq = rd_u16(&r);
	m->cookie = rd_u64(&r);
	if (rd_end(&r) == -1 || type != ECHO_REPLY || code != 0)
		return (-1);
	return (0);
}

int
probe_packet_read(const uint8_t *data, size_t len, struct ip6 *h,
    struct probe_mark *m)
{
	enum drop	 unused;

	if (len != PROBE_PACKET_LEN ||
	    ip6_parse(data, len, h, &unused) == -1 ||
	    h->next != IPPROTO_ICMPV6 || h->len != PROBE_PACKET_LEN)
		return (-1);
	/* The sum over a right checksum is 0 (RFC 1071). */
	if (cksum_ip6(data + 8, data + 24, IPPROTO_ICMPV6, data + IP6_HDRLEN,
	    PROBE_ECHO_LEN) != 0)
		return (-1);
	return (probe_echo_read(data + IP6_HDRLEN, PROBE_ECHO_LEN, m));
}
