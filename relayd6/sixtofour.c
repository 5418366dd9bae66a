/*
 * The 6to4 relay engine: see sixtofour.h.  Relay process; pure.  Functions
 * that refuse a packet write the reason into it and return -1.
 */
#include <netinet/in.h>

#include <string.h>

#include "ecn.h"
#include "icmp.h"
#include "judge.h"
#include "sixtofour.h"

/* RFC 792, RFC 1191. */
#define ICMP4_UNREACH		3
#define ICMP4_UNREACH_FRAG	4
#define ICMP4_TIMXCEED		11

void
sixtofour_init(struct sixtofour *s, const struct conf_6to4 *conf,
    const uint8_t key[SIPHASH_KEYLEN])
{
	icmp_limit_init(&s->limit, key);
	sixtofour_reconf(s, conf);
}

void
sixtofour_reconf(struct sixtofour *s, const struct conf_6to4 *conf)
{
	struct in_addr	 source = conf->source;
	struct addr6	 probe;
	uint32_t	 i;

	s->conf = *conf;
	if (source.s_addr == 0)
		source = conf->listen[0];
	s->source = ntohl(source.s_addr);

	policy_init(&s->policies, conf->rules, conf->nrules);
	policy_own_add(&s->policies, source);
	for (i = 0; i < conf->nlisten && i < LIMIT_LISTEN; i++)
		policy_own_add(&s->policies, conf->listen[i]);
	for (i = 0; i < conf->nown && i < LIMIT_OWN; i++)
		policy_own_add(&s->policies, conf->own[i]);

	addr6_load(&probe, &conf->probe);
	if (addr6_is_6to4(&probe))
		policy_probe_set(&s->policies, &probe, addr6_6to4(&probe));

	addr6_load(&s->icmp_source, &conf->icmp_source);
	if (s->icmp_source.hi == 0 && s->icmp_source.lo == 0) {
		s->icmp_source.hi = 0x2002ULL << 48 |
		    (uint64_t)s->source << 16;
		s->icmp_source.lo = 1;
	}
	icmp_limit_rate(&s->limit, conf->icmp_rate);
}

/* Is a packet to this address meant for the relay? */
static int
listens_on(const struct sixtofour *s, uint32_t addr)
{
	uint32_t	 i;

	for (i = 0; i < s->conf.nlisten && i < LIMIT_LISTEN; i++)
		if (ntohl(s->conf.listen[i].s_addr) == addr)
			return (1);
	return (addr == s->source);
}

/*
 * The outer header of an incoming packet; r is left at the inner one.  That
 * the destination is an address of ours also keeps out what came by broadcast
 * or multicast (RFC 3964 4.1.4, 5.2).
 */
static int
in_outer(struct sixtofour *s, struct pkt *p, struct rd *r, struct ip4 *outer)
{
	rd_init(r, p->data, p->len);
	if (ip4_parse(r, outer, &p->why) == -1)
		return (-1);
	if (outer->proto != IPPROTO_IPV6)
		return (refuse(p, DROP_PROTO));
	if (outer->frag != 0)
		return (refuse(p, DROP_FRAGMENT));
	if (!listens_on(s, outer->dst))
		return (refuse(p, DROP_DST4));
	/* Whether it is the probe, the inner source tells. */
	if (outer->src == s->policies.probe.addr4 && outer->src != 0)
		return (0);
	return (judge(p, PLACE_SRC4, policy_ip4(&s->policies, outer->src)));
}

/* The inner source must be that of the outer one's own 6to4 network. */
static int
in_source(struct sixtofour *s, struct pkt *p, const struct ip6 *h,
    uint32_t outer)
{
	if (!addr6_is_6to4(&h->src))
		return (refuse(p, DROP_NOT_6TO4));
	if (addr6_6to4(&h->src) != outer)	/* RFC 3964 5.2 */
		return (refuse(p, DROP_SPOOF));
	if (policy_is_probe(&s->policies, &h->src, outer))
		return (0);
	if (policy_loops(&s->policies, &h->src))
		return (refuse(p, DROP_LOOP));
	return (0);
}

/*
 * From 6to4 to 6to4 nothing is relayed: hosts do that directly (RFC 3056 5.1),
 * and RFC 3964 5.2 lets a 6to4 destination pass only where it embeds the
 * outer destination, that is in our own 2002:V4::/48, where nobody lives.
 * Passing the rest on would hide whoever sends it (RFC 3964 4.1.3).
 */
static int
in_destination(struct sixtofour *s, struct pkt *p, const struct ip6 *h)
{
	if (!addr6_is_6to4(&h->dst))
		return (judge(p, PLACE_DST6,
		    policy_ip6(&s->policies, &h->dst)));
	if (policy_loops(&s->policies, &h->dst))
		return (refuse(p, DROP_LOOP));
	if (judge(p, PLACE_EMBEDDED4, policy_ip4(&s->policies,
	    addr6_6to4(&h->dst))) == -1)
		return (-1);
	return (refuse(p, DROP_DST6_6TO4));
}

/*
 * The inner service code stays as it was (the pipe model, RFC 2983 3.1): what
 * the IPv4 side wrote into the outer one has no meaning on the other side.
 */
enum verdict
sixtofour_in(struct sixtofour *s, struct pkt *p, mono_t now)
{
	struct ip4	 outer;
	struct ip6	 h;
	struct rd	 r;
	uint8_t		 ecn;

	if (in_outer(s, p, &r, &outer) == -1 ||
	    ip6_parse(r.p, r.left, &h, &p->why) == -1 ||
	    in_source(s, p, &h, outer.src) == -1 ||
	    in_destination(s, p, &h) == -1)
		return (V_DROP);
	if (h.hlim == 0) {
		p->why = DROP_HOPLIMIT;
		return (V_DROP);
	}
	if (ecn_decap(h.tclass, outer.tos, &ecn) == -1) {
		p->why = DROP_ECN;
		return (V_DROP);
	}
	p->data += r.p - p->data;
	p->len = h.len;
	if (ecn != (h.tclass & ECN_MASK))
		ip6_ecn_set(p->data, ecn);
	return (V_FORWARD);
}

/*
 * Native packets do not come from 2002::/16, unless from a 6to4 site behind
 * us, which a relay does not have (RFC 3964 5.1; RFC 6324 3.3 for ours).
 */
static int
out_source(struct sixtofour *s, struct pkt *p, const struct ip6 *h)
{
	if (!addr6_is_6to4(&h->src))
		return (judge(p, PLACE_SRC6,
		    policy_ip6(&s->policies, &h->src)));
	if (policy_loops(&s->policies, &h->src))
		return (refuse(p, DROP_LOOP));
	return (refuse(p, DROP_SRC6_6TO4));
}

/* On refusal e is the error that the source should hear. */
static int
out_destination(struct sixtofour *s, struct pkt *p, const struct ip6 *h,
    struct icmp_error *e)
{
	e->type = ICMP_UNREACH;
	e->code = ICMP_UNREACH_NOROUTE;
	if (!addr6_is_6to4(&h->dst))
		return (refuse(p, DROP_DST_NOT_6TO4));
	e->code = ICMP_UNREACH_ADDR;
	if (policy_is_probe(&s->policies, &h->dst, addr6_6to4(&h->dst)))
		return (0);
	if (policy_loops(&s->policies, &h->dst))
		return (refuse(p, DROP_LOOP));
	if (judge(p, PLACE_EMBEDDED4, policy_ip4(&s->policies,
	    addr6_6to4(&h->dst))) == 0)
		return (0);
	if (p->why == DROP_EMBEDDED_DENIED)
		e->code = ICMP_UNREACH_ADMIN;
	return (-1);
}

/* Tell the source of the len bytes at lost, if that is allowed. */
static enum verdict
answer(struct sixtofour *s, struct pkt *p, const struct icmp_error *e,
    const uint8_t *lost, size_t len, const struct ip6 *h)
{
	p->reply_len = icmp_error_write(p->reply, e, &s->icmp_source, lost,
	    len, h);
	return (p->reply_len == 0 ? V_DROP : V_REPLY);
}

enum verdict
sixtofour_out(struct sixtofour *s, struct pkt *p, mono_t now)
{
	struct icmp_error	 e = { 0, 0, 0 };
	struct ip6		 h;
	uint8_t			 dscp;

	if (ip6_parse(p->data, p->len, &h, &p->why) == -1)
		return (V_DROP);
	p->len = h.len;
	if (out_source(s, p, &h) == -1)
		return (V_DROP);
	if (out_destination(s, p, &h, &e) == -1 ||
	    judge_fit(p, &h, s->conf.mtu, &e) == -1) {
		if (!icmp_answerable(p->data, p->len, &h) ||
		    !icmp_limit_take(&s->limit, &h.src, now))
			return (V_DROP);
		return (answer(s, p, &e, p->data, p->len, &h));
	}
	dscp = s->conf.tos_copy ? h.tclass : s->conf.tos;
	p->tos = (dscp & ~ECN_MASK) | ecn_encap(h.tclass);
	p->ttl = s->conf.ttl;
	p->dst4.s_addr = htonl(addr6_6to4(&h.dst));
	return (V_FORWARD);
}

/*
 * What an ICMPv4 error means to an IPv6 source (RFC 4213 3.4).  "Too big"
 * follows 3.2: an IPv6 source never goes below 1280, and below 1300 outside
 * IPv4 fragments for it.
 */
static int
icmp4_map(struct pkt *p, const struct icmp4 *m, struct icmp_error *e)
{
	e->type = ICMP_UNREACH;
	e->code = ICMP_UNREACH_ADDR;
	e->arg = 0;
	if (m->type == ICMP4_TIMXCEED)
		return (0);
	if (m->type != ICMP4_UNREACH)
		return (refuse(p, DROP_ICMP4));
	if (m->code == ICMP4_UNREACH_FRAG) {
		e->type = ICMP_TOOBIG;
		e->code = 0;
		e->arg = m->mtu < IP6_MTU_MIN + IP4_HDRLEN ? IP6_MTU_MIN :
		    m->mtu - IP4_HDRLEN;
	}
	return (0);
}

/* The error itself: to us, and of a kind that matters to a source. */
static int
icmp4_error(struct sixtofour *s, struct pkt *p, struct icmp4 *m,
    struct icmp_error *e)
{
	struct ip4	 outer;
	struct rd	 r;

	rd_init(&r, p->data, p->len);
	if (ip4_parse(&r, &outer, &p->why) == -1)
		return (-1);
	if (outer.proto != IPPROTO_ICMP)
		return (refuse(p, DROP_PROTO));
	if (outer.frag != 0)
		return (refuse(p, DROP_FRAGMENT));
	if (outer.dst != s->source)
		return (refuse(p, DROP_ICMP4));
	if (icmp4_parse(&r, m, &p->why) == -1)
		return (-1);
	return (icmp4_map(p, m, e));
}

/*
 * The quotation must be of a packet that we would have sent, or anybody could
 * use us to send errors to anybody.  q is left at the inner header.
 */
static int
icmp4_quote(struct sixtofour *s, struct pkt *p, struct rd *q, struct ip6 *h)
{
	struct icmp_error	 unused;
	struct ip4		 sent;
	struct rd		 inner;

	if (ip4_header_parse(q, &sent, &p->why) == -1)
		return (-1);
	if (sent.proto != IPPROTO_IPV6 || sent.src != s->source ||
	    (sent.frag & IP4_OFFSET) != 0)
		return (refuse(p, DROP_ICMP4));
	inner = *q;
	if (ip6_header_parse(&inner, h, &p->why) == -1 ||
	    out_source(s, p, h) == -1 ||
	    out_destination(s, p, h, &unused) == -1)
		return (-1);
	if (addr6_6to4(&h->dst) != sent.dst || h->len > s->conf.mtu)
		return (refuse(p, DROP_ICMP4));
	return (0);
}

enum verdict
sixtofour_icmp4(struct sixtofour *s, struct pkt *p, mono_t now)
{
	struct icmp_error	 e = { 0, 0, 0 };
	struct icmp4		 m;
	struct ip6		 h;
	size_t			 len;

	if (icmp4_error(s, p, &m, &e) == -1 ||
	    icmp4_quote(s, p, &m.quote, &h) == -1)
		return (V_DROP);
	len = m.quote.left < h.len ? m.quote.left : h.len;
	p->why = DROP_ICMP4;
	/* RFC 8200 5: a source whose packet fits already can do no more. */
	if (e.type == ICMP_TOOBIG && h.len <= e.arg)
		return (V_DROP);
	if (!icmp_answerable(m.quote.p, len, &h))
		return (V_DROP);
	p->why = DROP_RATE;
	if (!icmp_limit_take(&s->limit, &h.src, now))
		return (V_DROP);
	p->why = DROP_PATH;
	return (answer(s, p, &e, m.quote.p, len, &h));
}
