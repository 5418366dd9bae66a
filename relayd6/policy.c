/*
 * Which addresses the relay deals with: see policy.h.  Relay process; no I/O.
 *
 * The blocks are those that the IANA special-purpose registries (RFC 6890)
 * mark as not globally reachable, with multicast and what RFC 3964 5.3 adds.
 * Blocks that lead somewhere real (AS112, AMT, ORCHIDv2, ...) are not listed,
 * nor is space that is merely unassigned: a list of it would soon be wrong.
 */
#include <string.h>

#include "policy.h"
#include "rd.h"

#define HARD	1
#define SOFT	0

#define V4(a, b, c, d)							\
	((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (d))
#define MASK4(n)	(0xffffffffU << (32 - (n)))	/* 1 .. 32 */
#define MASK64(n)	(~0ULL << (64 - (n)))		/* 1 .. 64 */

static const struct policy_special4	special4[] = {
	{ V4(0, 0, 0, 0),	MASK4(8),  HARD, "this network, RFC 791" },
	{ V4(10, 0, 0, 0),	MASK4(8),  SOFT, "private, RFC 1918" },
	{ V4(100, 64, 0, 0),	MASK4(10), SOFT, "an ISP's NAT, RFC 6598" },
	{ V4(127, 0, 0, 0),	MASK4(8),  HARD, "loopback, RFC 1122" },
	{ V4(169, 254, 0, 0),	MASK4(16), SOFT, "link-local, RFC 3927" },
	{ V4(172, 16, 0, 0),	MASK4(12), SOFT, "private, RFC 1918" },
	{ V4(192, 0, 0, 0),	MASK4(24), SOFT, "protocol use, RFC 6890" },
	{ V4(192, 0, 2, 0),	MASK4(24), SOFT, "documentation, RFC 5737" },
	{ V4(192, 88, 99, 0),	MASK4(24), SOFT, "6to4 relays, RFC 3068" },
	{ V4(192, 168, 0, 0),	MASK4(16), SOFT, "private, RFC 1918" },
	{ V4(198, 18, 0, 0),	MASK4(15), SOFT, "benchmarks, RFC 2544" },
	{ V4(198, 51, 100, 0),	MASK4(24), SOFT, "documentation, RFC 5737" },
	{ V4(203, 0, 113, 0),	MASK4(24), SOFT, "documentation, RFC 5737" },
	{ V4(224, 0, 0, 0),	MASK4(4),  HARD, "multicast, RFC 5771" },
	{ V4(255, 255, 255, 255), MASK4(32), HARD, "broadcast, RFC 919" },
	{ V4(240, 0, 0, 0),	MASK4(4),  SOFT, "reserved, RFC 1112" },
};

#define HI(a, b, c, d)							\
	((uint64_t)(a) << 48 | (uint64_t)(b) << 32 | (uint64_t)(c) << 16 | (d))
#define SHORT6(a, b, c, d, n)	{ HI(a, b, c, d), 0 }, { MASK64(n), 0 }
#define LONG6(a, b, hi, lo, n)	{ HI(a, b, 0, 0), HI(0, 0, hi, lo) },	\
				{ ~0ULL, MASK64((n) - 64) }

static const struct policy_special6	special6[] = {
	{ LONG6(0, 0, 0, 0, 128),	HARD, "unspecified, RFC 4291" },
	{ LONG6(0, 0, 0, 1, 128),	HARD, "loopback, RFC 4291" },
	{ { 0, HI(0, 0xffff, 0, 0) }, { ~0ULL, MASK64(32) },
	    HARD, "IPv4-mapped, RFC 4291" },
	{ { 0, 0 }, { ~0ULL, MASK64(32) },
	    HARD, "IPv4-compatible, RFC 4291" },
	{ LONG6(0x64, 0xff9b, 0, 0, 96), SOFT, "a local NAT64, RFC 6052" },
	{ SHORT6(0x64, 0xff9b, 1, 0, 48), SOFT, "a local NAT64, RFC 8215" },
	{ SHORT6(0x100, 0, 0, 0, 64),	SOFT, "discard-only, RFC 6666" },
	{ SHORT6(0x100, 0, 0, 1, 64),	SOFT, "dummy, RFC 9780" },
	{ SHORT6(0x2001, 2, 0, 0, 48),	SOFT, "benchmarks, RFC 5180" },
	{ SHORT6(0x2001, 0x10, 0, 0, 28), SOFT, "ORCHID, RFC 4843" },
	{ SHORT6(0x2001, 0xdb8, 0, 0, 32), SOFT, "documentation, RFC 3849" },
	{ SHORT6(0x3fff, 0, 0, 0, 20),	SOFT, "documentation, RFC 9637" },
	{ SHORT6(0x5f00, 0, 0, 0, 16),	SOFT, "segment identifiers, RFC 9602" },
	{ SHORT6(0xfc00, 0, 0, 0, 7),	SOFT, "unique local, RFC 4193" },
	{ SHORT6(0xfe80, 0, 0, 0, 10),	HARD, "link-local, RFC 4291" },
	{ SHORT6(0xfec0, 0, 0, 0, 10),	SOFT, "site-local, RFC 3879" },
	{ SHORT6(0xff00, 0, 0, 0, 8),	HARD, "multicast, RFC 4291" },
};

static uint64_t
mask64(unsigned int n)
{
	return (n == 0 ? 0 : MASK64(n));
}

static void
rule4_add(struct policies *p, const struct policy_rule *rule)
{
	struct policy_rule4	*r = &p->rules4[p->nrules4++];
	struct rd		 rd;

	rd_init(&rd, rule->prefix.b, sizeof(rule->prefix.b));
	r->mask = rule->prefix.len == 0 ? 0 : MASK4(rule->prefix.len);
	r->addr = rd_u32(&rd) & r->mask;
	r->allow = rule->allow;
}

static void
rule6_add(struct policies *p, const struct policy_rule *rule)
{
	struct policy_rule6	*r = &p->rules6[p->nrules6++];
	unsigned int		 n = rule->prefix.len;

	r->mask.hi = mask64(n > 64 ? 64 : n);
	r->mask.lo = mask64(n > 64 ? n - 64 : 0);
	addr6_load(&r->addr, rule->prefix.b);
	r->addr.hi &= r->mask.hi;
	r->addr.lo &= r->mask.lo;
	r->allow = rule->allow;
}

void
policy_init(struct policies *p, const struct policy_rule *rules, uint32_t n)
{
	uint32_t	 i;

	memset(p, 0, sizeof(*p));
	for (i = 0; i < n && i < LIMIT_RULES; i++) {
		if (rules[i].prefix.af == 4)
			rule4_add(p, &rules[i]);
		else
			rule6_add(p, &rules[i]);
	}
}

void
policy_own_add(struct policies *p, struct in_addr in)
{
	uint32_t	 addr = ntohl(in.s_addr);

	if (addr == 0 || policy_is_own(p, addr) ||
	    p->nown == sizeof(p->own) / sizeof(p->own[0]))
		return;
	p->own[p->nown++] = addr;
}

int
policy_is_own(const struct policies *p, uint32_t addr)
{
	uint32_t	 i;

	for (i = 0; i < p->nown; i++)
		if (p->own[i] == addr)
			return (1);
	return (0);
}

void
policy_probe_set(struct policies *p, const struct addr6 *addr,
    uint32_t addr4)
{
	struct in_addr	 in = { htonl(addr4) };

	p->probe.addr = *addr;
	p->probe.addr4 = addr4;
	policy_own_add(p, in);
}

int
policy_is_probe(const struct policies *p, const struct addr6 *addr,
    uint32_t addr4)
{
	return (p->probe.addr4 == addr4 && addr4 != 0 &&
	    addr6_equal(&p->probe.addr, addr));
}

const struct policy_special4 *
policy_special4(uint32_t addr)
{
	size_t	 i;

	for (i = 0; i < sizeof(special4) / sizeof(special4[0]); i++)
		if ((addr & special4[i].mask) == special4[i].addr)
			return (&special4[i]);
	return (NULL);
}

static int
addr6_in(const struct addr6 *a, const struct addr6 *net,
    const struct addr6 *mask)
{
	return ((a->hi & mask->hi) == net->hi && (a->lo & mask->lo) == net->lo);
}

const struct policy_special6 *
policy_special6(const struct addr6 *a)
{
	size_t	 i;

	for (i = 0; i < sizeof(special6) / sizeof(special6[0]); i++)
		if (addr6_in(a, &special6[i].addr, &special6[i].mask))
			return (&special6[i]);
	return (NULL);
}

enum policy
policy_ip4(const struct policies *p, uint32_t addr)
{
	const struct policy_special4	*s;
	const struct policy_rule4	*r;

	if (policy_is_own(p, addr))
		return (POLICY_OWN);
	s = policy_special4(addr);
	if (s != NULL && s->hard)
		return (POLICY_SPECIAL);
	for (r = p->rules4; r < p->rules4 + p->nrules4; r++)
		if ((addr & r->mask) == r->addr)
			return (r->allow ? POLICY_PASS : POLICY_DENIED);
	return (s != NULL ? POLICY_SPECIAL : POLICY_PASS);
}

enum policy
policy_user(const struct policies *p, const struct addr6 *user, uint32_t addr)
{
	if (policy_is_probe(p, user, addr))
		return (POLICY_PASS);
	return (policy_ip4(p, addr));
}

int
policy_loops(const struct policies *p, const struct addr6 *a)
{
	if (addr6_is_6to4(a) && policy_is_own(p, addr6_6to4(a)))
		return (1);
	/* ISATAP: 0000:5efe:V4, or 0200:5efe:V4 for a global V4. */
	if ((a->lo >> 32 & ~0x02000000ULL) == 0x5efe &&
	    policy_is_own(p, a->lo & 0xffffffff))
		return (1);
	/* Teredo: the client's mapped address comes last, its bits flipped. */
	return (a->hi >> 32 == 0x20010000 &&
	    policy_is_own(p, ~a->lo & 0xffffffff));
}

enum policy
policy_ip6(const struct policies *p, const struct addr6 *a)
{
	const struct policy_special6	*s;
	const struct policy_rule6	*r;

	if (policy_loops(p, a))
		return (POLICY_OWN);
	s = policy_special6(a);
	if (s != NULL && s->hard)
		return (POLICY_SPECIAL);
	for (r = p->rules6; r < p->rules6 + p->nrules6; r++)
		if (addr6_in(a, &r->addr, &r->mask))
			return (r->allow ? POLICY_PASS : POLICY_DENIED);
	return (s != NULL ? POLICY_SPECIAL : POLICY_PASS);
}
