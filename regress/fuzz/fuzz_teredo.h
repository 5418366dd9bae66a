/*
 * What the fuzz targets of the Teredo engine share: an engine that knows one
 * client, waits for another, and has what it sends checked.
 */
#ifndef FUZZ_TEREDO_H
#define FUZZ_TEREDO_H

#include <arpa/inet.h>

#include <stdlib.h>
#include <string.h>

#include "teredo.h"
#include "teredo_wire.h"

#define FUZZ_RELAY	0x0b010001U	/* 11.1.0.1 */
#define FUZZ_SERVER	0x0b010202U	/* 11.1.2.2 */
#define FUZZ_KNOWN	0x0b020005U	/* 11.2.0.5, port 40000, trusted */
#define FUZZ_ASKED	0x0b020006U	/* 11.2.0.6, port 40000, waiting */
#define FUZZ_PORT	40000

struct fuzz {
	struct teredo	 t;
	mono_t		 now;
	int		 nsent;
	uint8_t		 reply[PKT_REPLY_MAX];
};

/* The probe of this relay, at the relay's own address. */
static inline struct addr6
fuzz_probe(void)
{
	struct teredo_addr	 a = { FUZZ_RELAY, 0x1234, 50000, FUZZ_RELAY };
	struct addr6		 addr;

	teredo_addr_build(&addr, &a);
	return (addr);
}

/* Nothing goes where the policy lets nothing go, but for the probe. */
static inline void
fuzz_send(void *arg, struct in_addr dst, uint16_t port, const void *data,
    size_t len, uint8_t tos)
{
	struct fuzz	*f = arg;
	struct addr6	 to, probe = fuzz_probe();

	if (port == 0 || len < IP6_HDRLEN || len > 1280)
		abort();
	addr6_load(&to, (const uint8_t *)data + 24);
	if (policy_ip4(&f->t.policies, ntohl(dst.s_addr)) != POLICY_PASS &&
	    (ntohl(dst.s_addr) != FUZZ_RELAY || !addr6_equal(&to, &probe)))
		abort();
	f->nsent++;
}

static inline void
fuzz_inject(void *arg, const void *data, size_t len)
{
	if (len < 2 * IP6_HDRLEN + 8 || len > PKT_REPLY_MAX)
		abort();
}

static inline struct addr6
fuzz_client(uint32_t client)
{
	struct teredo_addr	 a = { FUZZ_SERVER, 0, FUZZ_PORT, client };
	struct addr6		 addr;

	teredo_addr_build(&addr, &a);
	return (addr);
}

static inline size_t
fuzz_packet(uint8_t *buf, size_t cap, struct addr6 src, struct addr6 dst)
{
	struct ip6	 h = { .next = 59, .hlim = 9, .len = IP6_HDRLEN };
	struct wr	 w;

	h.src = src;
	h.dst = dst;
	wr_init(&w, buf, cap);
	ip6_write(&w, &h);
	return (w.len);
}

/* Both clients are sent to; the known one answers. */
static inline void
fuzz_prepare(struct fuzz *f)
{
	struct addr6	 native = { 0x2a10000100000001ULL, 1 }, to;
	uint32_t	 i;
	uint8_t		 buf[IP6_HDRLEN];
	struct pkt	 p = { .data = buf, .reply = f->reply };

	for (i = FUZZ_KNOWN; i <= FUZZ_ASKED; i++) {
		p.len = fuzz_packet(buf, sizeof(buf), native, fuzz_client(i));
		if (teredo_out(&f->t, &p, f->now) != V_HOLD)
			abort();
	}
	to = fuzz_client(FUZZ_KNOWN);
	native.hi = 0xfe80ULL << 48;
	native.lo = teredo_peer_find(&f->t.table, &to)->nonce;
	p.len = fuzz_packet(buf, sizeof(buf), to, native);
	p.src4.s_addr = htonl(FUZZ_KNOWN);
	p.sport = FUZZ_PORT;
	if (teredo_in(&f->t, &p, f->now) != V_HOLD)
		abort();
	f->nsent = 0;
}

static inline void
fuzz_start(struct fuzz *f)
{
	static const uint8_t		 key[SIPHASH_KEYLEN];
	static const struct teredo_ops	 ops = { fuzz_send, fuzz_inject };
	struct conf_teredo		 c;
	struct addr6			 probe = fuzz_probe();

	memset(&c, 0, sizeof(c));
	c.enabled = 1;
	c.port = 3545;
	c.listen.s_addr = htonl(FUZZ_RELAY);
	addr6_store(&probe, &c.probe);
	c.mtu = 1280;
	c.ttl = 64;
	c.max_peers = 4;
	c.queue = 4;
	c.bubble_rate = c.server_rate = c.new_rate = 1000000;
	c.icmp_rate = 1000000;
	f->now.ns = MONO_S(1000);
	if (teredo_init(&f->t, &c, key, &ops, f) == -1)
		abort();
	fuzz_prepare(f);
}

/* What a verdict promises about a packet that was in the len bytes at buf. */
static inline void
fuzz_check(const struct fuzz *f, const struct pkt *p, enum verdict v,
    const uint8_t *buf, size_t len)
{
	if (v == V_FORWARD && (p->data < buf || p->len < IP6_HDRLEN ||
	    p->data + p->len > buf + len))
		abort();
	if (v == V_REPLY && (p->reply_len < 2 * IP6_HDRLEN + 8 ||
	    p->reply_len > PKT_REPLY_MAX))
		abort();
	if ((v == V_DROP || v == V_REPLY) && p->why >= DROP_NREASONS)
		abort();
	if (f->t.table.count > 4 || f->nsent > 16)
		abort();
}

/* Time goes on until nothing is left to do. */
static inline void
fuzz_finish(struct fuzz *f)
{
	int	 i;

	for (i = 0; teredo_deadline(&f->t).ns != TEREDO_NEVER; i++) {
		if (i == 100)
			abort();
		f->now = teredo_deadline(&f->t);
		teredo_tick(&f->t, f->now);
	}
	if (f->t.table.count != 0 || f->t.queue.count != 0)
		abort();
	teredo_free(&f->t);
}

#endif
