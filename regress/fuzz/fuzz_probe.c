/*
 * Fuzz target: what comes to the sockets of probes.  The first byte says by
 * which one.
 */
#include <stdlib.h>
#include <string.h>

#include "probe.h"
#include "probe_teredo.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const struct addr6	us = { 0x2001000011010902, 0x12343cae4efe6fd };
static const struct addr6	native = { 0x2a10000100090000, 2 };
static const struct addr6	target = { 0x2a10000100010000, 2 };

static int
sent(void *arg, const struct probe_send *s)
{
	return (0);
}

/* One target, asked both ways. */
static void
begin(struct probe *p, mono_t *now)
{
	static const uint8_t	 key[SIPHASH_KEYLEN];
	struct conf_probe	 conf;

	memset(&conf, 0, sizeof(conf));
	conf.ntargets = 1;
	conf.interval_ms = 1000;
	conf.timeout_ms = 500;
	conf.fall = 2;
	addr6_store(&target, &conf.target[0].addr);
	addr6_store(&native, &conf.local);
	probe_init(p, key, sent, NULL);
	probe_reconf(p, &conf, &us, 1, *now);
	*now = probe_deadline(p);
	probe_tick(p, *now);
}

/* What was refused changes nothing that a sign rests on. */
static void
check(const struct probe *p, enum probe_answer what)
{
	const struct probe_echo	*e;
	uint32_t		 i;
	int			 way, answered = 0;

	for (i = 0; i < p->ngoals; i++)
		for (way = 0; way < PROBE_NWAYS; way++) {
			e = &p->goal[i].echo[way];
			answered += e->answered;
			if (e->answered && e->cookie != 0)
				abort();
		}
	if (answered != (what == PROBE_TAKEN))
		abort();
	if (p->good)
		abort();	/* one answer of three can't be enough */
}

static void
by_udp(const uint8_t *data, size_t len)
{
	uint8_t			 out[TEREDO_BUBBLE_MAX];
	struct teredo_packet	 tp;

	switch (probe_teredo_read(&us, data, len, &tp)) {
	case PROBE_TEREDO_BUBBLE:
		if (probe_teredo_answer(&us, &tp, out) > sizeof(out))
			abort();
		break;
	case PROBE_TEREDO_PACKET:
		if (tp.ip6 < data || tp.ip6 + tp.h.len > data + len)
			abort();
		break;
	case PROBE_TEREDO_NONE:
		break;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct probe		 p;
	mono_t			 now = { MONO_S(1) };
	enum probe_answer	 what = PROBE_REFUSED;
	uint8_t			*copy;
	size_t			 n = len - 1;

	if (len == 0 || (copy = malloc(n + 1)) == NULL)
		return (0);
	memcpy(copy, data + 1, n);
	begin(&p, &now);
	/* A cookie is 64 bits: lend it one that can be found. */
	p.goal[0].echo[PROBE_RELAY].cookie = 1;
	p.goal[0].echo[PROBE_RELAY].seq = 1;
	p.goal[1].echo[PROBE_NATIVE].cookie = 2;
	p.goal[1].echo[PROBE_NATIVE].seq = 2;
	if (data[0] == 0)
		what = probe_relay_in(&p, copy, n, 1, now);
	else if (data[0] == 1)
		what = probe_native_in(&p, &target, &native, copy, n, now);
	else
		by_udp(copy, n);
	check(&p, what);
	free(copy);
	return (0);
}
