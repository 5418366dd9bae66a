/*
 * Teredo packets of the test equipment: taken apart and made.  See
 * teredo_pkt.h.  RFC 4380 4, 5.1.1, 5.2.1; RFC 6081 4.
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/icmp6.h>
#include <arpa/inet.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cksum.h"
#include "teredo_pkt.h"

#define TRAILER_NONCE		0x01
#define TRAILER_ALTERNATE	0x03
#define TRAILER_DISCOVERY	0x04
#define TRAILER_RANDOM_PORT	0x05

/* Obscured against NATs that look into packets (RFC 4380 4 and 5.1.1). */
static void
obscured_read(struct rd *r, struct endpoint *e)
{
	size_t	 i;

	e->port = rd_u16(r) ^ 0xffff;
	rd_bytes(r, e->ip, sizeof(e->ip));
	for (i = 0; i < sizeof(e->ip); i++)
		e->ip[i] ^= 0xff;
}

static void
obscured_put(struct wr *w, const struct endpoint *e)
{
	size_t	 i;

	wr_u16(w, e->port ^ 0xffff);
	for (i = 0; i < sizeof(e->ip); i++)
		wr_u8(w, e->ip[i] ^ 0xff);
}

void
teredo_addr_make(uint8_t *addr, const uint8_t *server, uint16_t flags,
    const struct endpoint *mapped)
{
	struct wr	 w;

	wr_init(&w, addr, 16);
	wr_u32(&w, 0x20010000);
	wr_bytes(&w, server, 4);
	wr_u16(&w, flags);
	obscured_put(&w, mapped);
}

static void
encapsulations_read(struct rd *r, struct teredo_pkt *p)
{
	struct rd	 look = *r;
	size_t		 id, value;

	if (rd_u16(&look) == 1) {
		p->auth = 1;
		id = rd_u8(&look);
		value = rd_u8(&look);
		rd_skip(&look, id + value + 8 + 1);
		*r = look;
	}
	look = *r;
	if (rd_u16(&look) == 0) {
		p->indicated = 1;
		obscured_read(&look, &p->origin);
		*r = look;
	}
}

static void
nonce_find(struct teredo_pkt *p)
{
	struct rd	 r = p->trailers, value;
	uint8_t		 type;

	while (r.left > 0) {
		type = rd_u8(&r);
		value = rd_sub(&r, rd_u8(&r));
		if (value.bad)
			return;
		if (type == TRAILER_NONCE && value.left == 4) {
			p->nonced = 1;
			p->nonce = rd_u32(&value);
		}
	}
}

int
teredo_pkt_parse(struct teredo_pkt *p, const void *buf, size_t len)
{
	struct rd	 r;
	size_t		 payload;

	memset(p, 0, sizeof(*p));
	rd_init(&r, buf, len);
	encapsulations_read(&r, p);
	if (rd_u32(&r) >> 28 != 6)
		return (-1);
	payload = rd_u16(&r);
	p->next = rd_u8(&r);
	rd_skip(&r, 1);
	p->src = rd_skip(&r, 16);
	p->dst = rd_skip(&r, 16);
	p->payload = rd_sub(&r, payload);
	p->trailers = r;
	if (r.bad)
		return (-1);
	nonce_find(p);
	return (0);
}

const char *
teredo_pkt_kind(const struct teredo_pkt *p)
{
	struct rd	 r = p->payload;

	if (p->next == IPPROTO_NONE && r.left == 0)
		return ("bubble");
	if (p->next != IPPROTO_ICMPV6)
		return ("other");
	switch (rd_u8(&r)) {
	case ICMP6_ECHO_REQUEST:
		return ("request");
	case ICMP6_ECHO_REPLY:
		return ("reply");
	case ICMP6_DST_UNREACH:
		return ("unreachable");
	case ICMP6_PACKET_TOO_BIG:
		return ("too-big");
	case ND_ROUTER_SOLICIT:
		return ("solicitation");
	case ND_ROUTER_ADVERT:
		return ("advertisement");
	}
	return ("other");
}

static void
alternates_print(FILE *f, struct rd r)
{
	struct endpoint	 e;
	char		 buf[ENDPOINT_STRLEN];

	rd_skip(&r, 2);
	while (r.left > 0 && !r.bad) {
		rd_bytes(&r, e.ip, sizeof(e.ip));
		e.port = rd_u16(&r);
		fprintf(f, " alt=%s", endpoint_print(&e, buf, sizeof(buf)));
	}
}

static void
trailer_print(FILE *f, uint8_t type, struct rd value)
{
	switch (type) {
	case TRAILER_NONCE:
		fprintf(f, " nonce=%08x", rd_u32(&value));
		break;
	case TRAILER_ALTERNATE:
		alternates_print(f, value);
		break;
	case TRAILER_DISCOVERY:
		fprintf(f, " nd=%s", rd_u8(&value) ? "adv" : "sol");
		break;
	case TRAILER_RANDOM_PORT:
		fprintf(f, " rport=%u", rd_u16(&value));
		break;
	default:
		fprintf(f, " trailer=%02x:%zu", type, value.left);
	}
}

void
teredo_pkt_print(FILE *f, const struct teredo_pkt *p)
{
	char		 src[INET6_ADDRSTRLEN], dst[INET6_ADDRSTRLEN];
	char		 buf[ENDPOINT_STRLEN];
	struct rd	 r = p->trailers, value;
	uint8_t		 type;

	if (p->auth)
		fprintf(f, " auth=yes");
	if (p->indicated)
		fprintf(f, " origin=%s",
		    endpoint_print(&p->origin, buf, sizeof(buf)));
	inet_ntop(AF_INET6, p->src, src, sizeof(src));
	inet_ntop(AF_INET6, p->dst, dst, sizeof(dst));
	fprintf(f, " kind=%s src=%s dst=%s bytes=%zu", teredo_pkt_kind(p), src,
	    dst, p->payload.left + 40);
	while (r.left > 0) {
		type = rd_u8(&r);
		value = rd_sub(&r, rd_u8(&r));
		if (value.bad) {
			fprintf(f, " trailer=cut");
			break;
		}
		trailer_print(f, type, value);
	}
}

int
endpoint_parse(struct endpoint *e, const char *s)
{
	const char	*colon, *errstr;
	char		 ip[INET_ADDRSTRLEN];

	if ((colon = strchr(s, ':')) == NULL ||
	    (size_t)(colon - s) >= sizeof(ip))
		return (-1);
	strlcpy(ip, s, colon - s + 1);
	e->port = (uint16_t)strtonum(colon + 1, 0, 65535, &errstr);
	if (errstr != NULL || inet_pton(AF_INET, ip, e->ip) != 1)
		return (-1);
	return (0);
}

char *
endpoint_print(const struct endpoint *e, char *buf, size_t len)
{
	snprintf(buf, len, "%u.%u.%u.%u:%u", e->ip[0], e->ip[1], e->ip[2],
	    e->ip[3], e->port);
	return (buf);
}

void
teredo_auth_put(struct wr *w, uint64_t nonce)
{
	wr_u16(w, 1);
	wr_u16(w, 0);
	wr_u64(w, nonce);
	wr_u8(w, 0);
}

void
teredo_origin_put(struct wr *w, const struct endpoint *e)
{
	wr_u16(w, 0);
	obscured_put(w, e);
}

static void
ip6_put(struct wr *w, const uint8_t *src, const uint8_t *dst, uint8_t next,
    size_t payload)
{
	wr_u32(w, 0x60000000);
	wr_u16(w, (uint16_t)payload);
	wr_u8(w, next);
	wr_u8(w, next == IPPROTO_ICMPV6 ? 64 : 0);
	wr_bytes(w, src, 16);
	wr_bytes(w, dst, 16);
}

void
teredo_bubble_put(struct wr *w, const uint8_t *src, const uint8_t *dst)
{
	ip6_put(w, src, dst, IPPROTO_NONE, 0);
}

static void
icmp6_put(struct wr *w, uint8_t type, const uint8_t *src, const uint8_t *dst,
    const void *rest, size_t len)
{
	size_t	 at;

	ip6_put(w, src, dst, IPPROTO_ICMPV6, 4 + len);
	at = w->len;
	wr_u8(w, type);
	wr_u8(w, 0);
	wr_u16(w, 0);
	wr_bytes(w, rest, len);
	if (!w->bad)
		wr_patch16(w, at + 2, cksum_ip6(src, dst, IPPROTO_ICMPV6,
		    w->buf + at, w->len - at));
}

void
teredo_echo_put(struct wr *w, int reply, const uint8_t *src,
    const uint8_t *dst, const void *rest, size_t len)
{
	icmp6_put(w, reply ? ICMP6_ECHO_REPLY : ICMP6_ECHO_REQUEST, src, dst,
	    rest, len);
}

/* RFC 4380 5.2.1: the cone bit of the source asks for another address. */
void
teredo_solicitation_put(struct wr *w, int cone)
{
	static const uint8_t	 routers[16] = { 0xff, 2, [15] = 2 };
	uint8_t			 src[16];

	memset(src, 0, sizeof(src));
	src[0] = 0xfe;
	src[1] = 0x80;
	src[8] = cone ? 0x80 : 0;
	memset(src + 12, 0xff, 4);
	icmp6_put(w, ND_ROUTER_SOLICIT, src, routers, "\0\0\0", 4);
}

void
teredo_nonce_put(struct wr *w, uint32_t nonce)
{
	wr_u8(w, TRAILER_NONCE);
	wr_u8(w, 4);
	wr_u32(w, nonce);
}
