/*
 * What the fuzz targets of the 6to4 engine share: one call for one packet.
 */
#ifndef FUZZ_6TO4_H
#define FUZZ_6TO4_H

#include <arpa/inet.h>

#include <stdlib.h>
#include <string.h>

#include "sixtofour.h"

typedef enum verdict	(*fuzz_entry)(struct sixtofour *, struct pkt *, mono_t);

/* 2002:b01:1::/48 is the relay's own. */
static const struct addr6	fuzz_probe = {
	0x20020b0100010000, 0x123456789abcdef0
};

/* As regress/relayd6/corpus.h has it, without a limit on errors. */
static inline void
fuzz_conf(struct conf_6to4 *c)
{
	memset(c, 0, sizeof(*c));
	c->enabled = 1;
	c->tos_copy = 1;
	c->ttl = 64;
	c->mtu = 1480;
	c->icmp_rate = 4000000000U;
	c->nlisten = 2;
	c->listen[0].s_addr = htonl(0xc0586301);	/* 192.88.99.1 */
	c->listen[1].s_addr = htonl(0x0b010001);	/* 11.1.0.1 */
	c->source = c->listen[1];
	addr6_store(&fuzz_probe, &c->probe);
	c->nown = 1;
	c->own[0].s_addr = htonl(0x0b010003);		/* 11.1.0.3 */
}

/*
 * Hand a packet of exactly this size to an entry.  What a verdict promises is
 * checked, so that more than a crash can be found.
 */
static inline enum verdict
fuzz_packet(fuzz_entry entry, const uint8_t *data, size_t len)
{
	static const uint8_t	 key[SIPHASH_KEYLEN];
	static struct sixtofour	 s;
	struct conf_6to4	 conf;
	uint8_t			 reply[PKT_REPLY_MAX], *copy;
	struct pkt		 p = { .reply = reply, .why = DROP_NREASONS };
	struct addr6		 src;
	mono_t			 now = { MONO_S(1) };
	enum verdict		 v;

	if ((copy = malloc(len + 1)) == NULL || len > PKT_MAX)
		abort();
	if (len > 0)
		memcpy(copy + 1, data, len);
	p.data = copy + 1;
	p.len = len;
	fuzz_conf(&conf);
	sixtofour_init(&s, &conf, key);
	v = entry(&s, &p, now);
	if (v == V_FORWARD && (p.data < copy + 1 || p.len < IP6_HDRLEN ||
	    p.data + p.len > copy + 1 + len))
		abort();
	if (v == V_FORWARD) {
		/* No address of ours is relayed, but for the probe's. */
		addr6_load(&src, p.data + 8);
		if (policy_loops(&s.policies, &src) &&
		    !addr6_equal(&src, &fuzz_probe))
			abort();
	}
	if (v == V_REPLY && (p.reply_len < 2 * IP6_HDRLEN + 8 ||
	    p.reply_len > PKT_REPLY_MAX))
		abort();
	if (v != V_FORWARD && p.why >= DROP_NREASONS)
		abort();
	free(copy);
	return (v);
}

#endif
