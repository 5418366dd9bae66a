/*
 * The Teredo relay engine: packets from the tun to a client, RFC 4380 5.4.1.
 * Relay process; pure.  Functions that refuse a packet write the reason into
 * it and return -1.
 */
#include <arpa/inet.h>

#include "ecn.h"
#include "icmp.h"
#include "judge.h"
#include "teredo_priv.h"

/* A client that is only sent to is asked before it is forgotten. */
#define STALE	MONO_S(20)

/*
 * Native packets do not come from 2001::/32: clients talk to one another
 * directly.  They may come from 6to4 by way of its relay.
 */
static int
out_source(struct teredo *t, struct pkt *p, const struct ip6 *h)
{
	if (policy_loops(&t->policies, &h->src))
		return (refuse(p, DROP_LOOP));
	if (addr6_is_teredo(&h->src))
		return (refuse(p, DROP_SRC6_TEREDO));
	if (addr6_is_6to4(&h->src))
		return (judge(p, PLACE_SRC6, policy_ip4(&t->policies,
		    addr6_6to4(&h->src))));
	return (judge(p, PLACE_SRC6, policy_ip6(&t->policies, &h->src)));
}

/*
 * What is no global address is discarded in silence (RFC 4380 5.4.1); on
 * another refusal e is the error that the source should hear.
 */
static int
out_destination(struct teredo *t, struct pkt *p, const struct ip6 *h,
    struct teredo_addr *a, struct icmp_error *e)
{
	if (!addr6_is_teredo(&h->dst)) {
		e->type = ICMP_UNREACH;
		e->code = ICMP_UNREACH_NOROUTE;
		return (refuse(p, DROP_DST_NOT_TEREDO));
	}
	teredo_addr_parse(a, &h->dst);
	if (a->port == 0)
		return (refuse(p, DROP_EMBEDDED));
	if (judge(p, PLACE_EMBEDDED4, policy_user(&t->policies, &h->dst,
	    a->client)) == 0 &&
	    judge(p, PLACE_SERVER4, policy_user(&t->policies, &h->dst,
	    a->server)) == 0)
		return (0);
	if (p->why == DROP_EMBEDDED_DENIED || p->why == DROP_SERVER_DENIED) {
		e->type = ICMP_UNREACH;
		e->code = ICMP_UNREACH_ADMIN;
	}
	return (-1);
}

/* To where the client is; a mapping that it told itself is judged again. */
static enum verdict
out_send(struct teredo *t, struct pkt *p, struct teredo_peer *peer, mono_t now)
{
	if (judge(p, PLACE_EMBEDDED4, policy_user(&t->policies, &peer->addr,
	    peer->mapped)) == -1)
		return (V_DROP);
	peer->out_packets++;
	peer->last_tx = now;
	p->dst4.s_addr = htonl(peer->mapped);
	p->dport = peer->port;
	return (V_FORWARD);
}

/*
 * Case 1.  Who only claims to be there is asked to prove it, and who has been
 * silent for long is asked in time (RFC 6081 5.1 allows it): neither has to
 * wait for the answer.
 */
static enum verdict
out_trusted(struct teredo *t, struct pkt *p, struct teredo_peer *peer,
    mono_t now)
{
	t->count.cases[TEREDO_CASE_OUT_1]++;
	if ((peer->state == TEREDO_CLAIMED ||
	    mono_sub(now, peer->last_rx) >= STALE) &&
	    peer->state != TEREDO_ASSUMED && teredo_ask_known(t, peer, now))
		t->count.cases[TEREDO_CASE_REFRESH]++;
	return (out_send(t, p, peer, now));
}

/* Case 2, when the cone bit is believed. */
static enum verdict
out_cone(struct teredo *t, struct pkt *p, const struct ip6 *h, mono_t now)
{
	struct teredo_peer	*peer;

	peer = teredo_make(t, &h->dst, TEREDO_ASSUMED, now);
	if (peer == NULL) {
		p->why = DROP_TABLE;
		return (V_DROP);
	}
	t->count.cases[TEREDO_CASE_OUT_2]++;
	return (out_send(t, p, peer, now));
}

/* Case 3: without a bubble to send there is nothing to wait for. */
static enum verdict
out_ask(struct teredo *t, struct pkt *p, const struct ip6 *h, mono_t now)
{
	struct teredo_peer	*peer;

	p->why = DROP_BUBBLE_RATE;
	if (!teredo_may_ask(t, &h->dst, 1, now))
		return (V_DROP);
	p->why = DROP_TABLE;
	peer = teredo_make(t, &h->dst, TEREDO_WAITING, now);
	if (peer == NULL)
		return (V_DROP);
	t->count.cases[TEREDO_CASE_OUT_3]++;
	teredo_ask(t, peer, now);
	return (teredo_hold(t, peer, p) == -1 ? V_DROP : V_HOLD);
}

static enum verdict
out_peer(struct teredo *t, struct pkt *p, const struct ip6 *h,
    const struct teredo_addr *a, mono_t now)
{
	struct teredo_peer	*peer;

	peer = teredo_lookup(t, &h->dst, now);
	if (peer != NULL && peer->state != TEREDO_WAITING)
		return (out_trusted(t, p, peer, now));
	if (peer != NULL) {
		t->count.cases[TEREDO_CASE_OUT_WAIT]++;
		return (teredo_hold(t, peer, p) == -1 ? V_DROP : V_HOLD);
	}
	if (!teredo_limit_source6(&t->limit, &h->src, now)) {
		p->why = DROP_SOURCE_RATE;
		return (V_DROP);
	}
	if (t->conf.cone && (a->flags & TEREDO_CONE) != 0)
		return (out_cone(t, p, h, now));
	return (out_ask(t, p, h, now));
}

static enum verdict
out_refused(struct teredo *t, struct pkt *p, const struct ip6 *h,
    const struct icmp_error *e, mono_t now)
{
	if (e->type == 0 || !icmp_answerable(p->data, p->len, h) ||
	    !icmp_limit_take(&t->icmp_limit, &h->src, now))
		return (V_DROP);
	p->reply_len = icmp_error_write(p->reply, e, &t->icmp_source, p->data,
	    p->len, h);
	return (p->reply_len == 0 ? V_DROP : V_REPLY);
}

enum verdict
teredo_out(struct teredo *t, struct pkt *p, mono_t now)
{
	struct icmp_error	 e = { 0, 0, 0 };
	struct teredo_addr	 a;
	struct ip6		 h;
	uint8_t			 dscp;

	if (ip6_parse(p->data, p->len, &h, &p->why) == -1)
		return (V_DROP);
	p->len = h.len;
	if (out_source(t, p, &h) == -1)
		return (V_DROP);
	if (out_destination(t, p, &h, &a, &e) == -1 ||
	    judge_fit(p, &h, t->conf.mtu, &e) == -1)
		return (out_refused(t, p, &h, &e, now));
	dscp = t->conf.tos_copy ? h.tclass : t->conf.tos;
	p->tos = (dscp & ~ECN_MASK) | ecn_encap(h.tclass);
	p->ttl = t->conf.ttl;
	return (out_peer(t, p, &h, &a, now));
}
