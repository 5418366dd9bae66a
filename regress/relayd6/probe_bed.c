/*
 * A bed for tests of probe.c: see probe_bed.h.
 */
#include <atf-c.h>
#include <stdio.h>
#include <string.h>

#include "cksum.h"
#include "probe_bed.h"

#define REPLY	129

const struct addr6	pbed_local = { 0x2a10000100090000, 2 };

struct addr6
pbed_target(int i)
{
	struct addr6	 a = { 0x2a10000100010000, 0x100 };

	a.lo += i;
	return (a);
}

static int
pbed_send(void *arg, const struct probe_send *s)
{
	struct pbed	*b = arg;

	if (b->broken)
		return (-1);
	ATF_REQUIRE(b->n < PBED_SENT);
	ATF_REQUIRE(s->len <= PROBE_PACKET_LEN);
	b->sent[b->n].s = *s;
	memcpy(b->sent[b->n].data, s->data, s->len);
	b->n++;
	return (0);
}

void
pbed_reconf(struct pbed *b)
{
	probe_reconf(&b->p, &b->conf, &b->id, 1, b->now);
}

void
pbed_init(struct pbed *b, int n)
{
	static const uint8_t	 key[SIPHASH_KEYLEN] = { 1 };
	struct addr6		 a;
	int			 i;

	memset(b, 0, sizeof(*b));
	b->now.ns = MONO_S(1000);
	b->id.hi = 0x20020b0109020000;
	b->id.lo = 0x123456789abcdef0;
	b->conf.ntargets = n;
	b->conf.need = PROBE_ALL;
	b->conf.interval_ms = 1000;
	b->conf.timeout_ms = 500;
	b->conf.fall = 2;
	b->conf.echo_id = 0x4711;
	for (i = 0; i < n; i++) {
		a = pbed_target(i);
		addr6_store(&a, &b->conf.target[i].addr);
	}
	addr6_store(&pbed_local, &b->conf.local);
	probe_init(&b->p, key, pbed_send, b);
	pbed_reconf(b);
}

void
pbed_next(struct pbed *b)
{
	b->now = probe_deadline(&b->p);
	probe_tick(&b->p, b->now);
}

void
pbed_round(struct pbed *b)
{
	b->n = 0;
	do
		pbed_next(b);
	while (!b->p.open || b->n == 0);
}

struct pbed_packet *
pbed_find(struct pbed *b, int goal, enum probe_way way)
{
	int	 i;

	for (i = b->n - 1; i >= 0; i--)
		if (b->sent[i].s.goal == goal && b->sent[i].s.way == way)
			return (&b->sent[i]);
	return (NULL);
}

void
pbed_turn(struct pbed_packet *bp)
{
	uint8_t		*icmp = bp->data, src[16];
	struct wr	 w;

	if (bp->s.way == PROBE_NATIVE) {
		icmp[0] = REPLY;
		return;
	}
	memcpy(src, bp->data + 8, 16);
	memcpy(bp->data + 8, bp->data + 24, 16);
	memcpy(bp->data + 24, src, 16);
	icmp += IP6_HDRLEN;
	memset(icmp, 0, 4);
	icmp[0] = REPLY;
	wr_init(&w, icmp + 2, 2);
	wr_u16(&w, cksum_ip6(bp->data + 8, bp->data + 24, 58, icmp,
	    PROBE_ECHO_LEN));
}

enum probe_answer
pbed_answer(struct pbed *b, int goal, enum probe_way way, int ours)
{
	struct pbed_packet	*found = pbed_find(b, goal, way), bp;

	ATF_REQUIRE(found != NULL);
	bp = *found;
	pbed_turn(&bp);
	b->now = mono_add(b->now, MONO_MS(1));
	if (way == PROBE_RELAY)
		return (probe_relay_in(&b->p, bp.data, PROBE_PACKET_LEN, ours,
		    b->now));
	return (probe_native_in(&b->p, &bp.s.dst, &pbed_local, bp.data,
	    PROBE_ECHO_LEN, b->now));
}

void
pbed_answer_native(struct pbed *b)
{
	uint32_t	 i;

	for (i = b->p.nself; i < b->p.ngoals; i++)
		ATF_CHECK_EQ(pbed_answer(b, i, PROBE_NATIVE, 0), PROBE_TAKEN);
}

void
pbed_answer_self(struct pbed *b)
{
	ATF_CHECK_EQ(pbed_answer(b, 0, PROBE_RELAY, 1), PROBE_TAKEN);
}
