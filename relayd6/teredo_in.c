/*
 * The Teredo relay engine: packets from clients, RFC 4380 5.4.2, 5.2.3 and RFC
 * 6081 5.2 to 5.7.  Relay process; pure.  Functions that refuse a packet write
 * the reason into it and return -1, or NULL.
 */
#include <arpa/inet.h>

#include "ecn.h"
#include "judge.h"
#include "teredo_priv.h"

#define MISSES	255	/* wrong guesses at 32 bits before none counts */

/* A packet, and where it came from. */
struct arrival {
	struct teredo_packet	 packet;
	struct teredo_addr	 a;		/* its IPv6 source */
	uint32_t		 addr;
	uint16_t		 port;
	int			 bubble;
	int			 matches;	/* it came from where a says */
};

static int
in_outer(struct teredo *t, struct pkt *p, struct arrival *in)
{
	in->addr = ntohl(p->src4.s_addr);
	in->port = p->sport;
	if (in->port == 0)
		return (refuse(p, DROP_SRC4));
	/* Whether it is the probe, the inner source tells. */
	if (in->addr == t->policies.probe.addr4 && in->addr != 0)
		return (0);
	return (judge(p, PLACE_SRC4, policy_ip4(&t->policies, in->addr)));
}

/* A valid Teredo address: neither of its IPv4 addresses is impossible. */
static int
in_source(struct teredo *t, struct pkt *p, struct arrival *in)
{
	const struct addr6	*src = &in->packet.h.src;

	if (!addr6_is_teredo(src))
		return (refuse(p, DROP_NOT_TEREDO));
	teredo_addr_parse(&in->a, src);
	in->matches = in->a.client == in->addr && in->a.port == in->port;
	if (in->a.port == 0)
		return (refuse(p, DROP_EMBEDDED));
	if (in->addr == t->policies.probe.addr4 &&
	    !policy_is_probe(&t->policies, src, in->addr))
		return (refuse(p, DROP_LOOP));
	if (!in->matches && judge(p, PLACE_EMBEDDED4,
	    policy_user(&t->policies, src, in->a.client)) == -1)
		return (-1);
	return (judge(p, PLACE_SERVER4, policy_user(&t->policies, src,
	    in->a.server)));
}

/*
 * From Teredo to Teredo nothing is relayed: clients do that directly, and it
 * would hide whoever sends it.  To 6to4 it is, by way of the next 6to4 relay.
 */
static int
in_destination(struct teredo *t, struct pkt *p, const struct addr6 *dst)
{
	if (policy_loops(&t->policies, dst))
		return (refuse(p, DROP_LOOP));
	if (addr6_is_teredo(dst))
		return (refuse(p, DROP_DST6_TEREDO));
	if (addr6_is_6to4(dst))
		return (judge(p, PLACE_EMBEDDED4, policy_ip4(&t->policies,
		    addr6_6to4(dst))));
	return (judge(p, PLACE_DST6, policy_ip6(&t->policies, dst)));
}

/* --- whom to believe ------------------------------------------------------ */

/*
 * Does a bubble answer one of ours?  It is sent to fe80::NONCE, as every client
 * does, or has our nonce in its trailer (RFC 6081 5.2.4.4).
 */
static int
answers(struct teredo_peer *peer, const struct arrival *in)
{
	const struct teredo_trailers	*tr = &in->packet.trailers;
	const struct addr6		*dst = &in->packet.h.dst;

	if (!in->bubble || peer == NULL || peer->nonce == 0)
		return (0);
	if (dst->hi == TEREDO_LINKLOCAL && dst->lo == peer->nonce)
		return (1);
	if (!tr->has_nonce || peer->misses == MISSES)
		return (0);
	if (tr->nonce == (peer->nonce & 0xffffffff))
		return (1);
	peer->misses++;
	return (0);
}

static struct teredo_peer *
believe(struct teredo *t, struct teredo_peer *peer, const struct arrival *in,
    enum teredo_state state, mono_t now)
{
	peer->mapped = in->addr;
	peer->port = in->port;
	if (peer->state != state)
		teredo_peer_move(&t->table, peer, state, now);
	if (state == TEREDO_TRUSTED) {
		peer->nonce = 0;
		peer->tries = 0;
	}
	teredo_peer_touch(&t->table, peer, now);
	teredo_flush(t, peer, now);
	return (peer);
}

/*
 * Nobody that we know, or known to be somewhere else: not taken, but asked by
 * way of its server, so that who is behind a symmetric NAT and got another
 * port, or was forgotten by a restart, is back soon.
 */
static struct teredo_peer *
probe(struct teredo *t, struct pkt *p, struct teredo_peer *peer,
    const struct arrival *in, enum drop why, mono_t now)
{
	p->why = why;
	if (peer != NULL) {
		if (peer->state != TEREDO_WAITING &&
		    teredo_ask_known(t, peer, now))
			t->count.cases[TEREDO_CASE_IN_PROBE]++;
		return (NULL);
	}
	if (!teredo_limit_source4(&t->limit, in->addr, now) ||
	    !teredo_may_ask(t, &in->packet.h.src, 1, now))
		return (NULL);
	peer = teredo_make(t, &in->packet.h.src, TEREDO_WAITING, now);
	if (peer == NULL)
		return (NULL);
	t->count.cases[TEREDO_CASE_IN_PROBE]++;
	teredo_ask(t, peer, now);
	return (NULL);
}

/*
 * Its addresses match, which is all that RFC 4380 asks for, but no answer of
 * its proves it.  Such peers may have half of the table.
 */
static struct teredo_peer *
claim(struct teredo *t, struct pkt *p, struct teredo_peer *peer,
    const struct arrival *in, mono_t now)
{
	if (teredo_count(t, TEREDO_CLAIMED) >= t->table.max / 2)
		return (probe(t, p, peer, in, DROP_TABLE, now));
	if (peer != NULL) {
		t->count.cases[TEREDO_CASE_IN_ANSWER]++;
		return (believe(t, peer, in, TEREDO_CLAIMED, now));
	}
	p->why = DROP_SOURCE_RATE;
	if (!teredo_limit_source4(&t->limit, in->addr, now))
		return (NULL);
	p->why = DROP_TABLE;
	peer = teredo_make(t, &in->packet.h.src, TEREDO_CLAIMED, now);
	if (peer == NULL)
		return (NULL);
	t->count.cases[TEREDO_CASE_IN_CLAIM]++;
	return (believe(t, peer, in, TEREDO_CLAIMED, now));
}

/* The peer that may have sent it, or NULL. */
static struct teredo_peer *
in_peer(struct teredo *t, struct pkt *p, const struct arrival *in, mono_t now)
{
	struct teredo_peer	*peer;
	int			 known;

	peer = teredo_lookup(t, &in->packet.h.src, now);
	known = peer != NULL && (peer->state == TEREDO_CLAIMED ||
	    peer->state == TEREDO_TRUSTED);
	if (answers(peer, in)) {
		t->count.cases[in->matches ? TEREDO_CASE_IN_ANSWER :
		    TEREDO_CASE_IN_NONCE]++;
		return (believe(t, peer, in, TEREDO_TRUSTED, now));
	}
	if (known && peer->mapped == in->addr && peer->port == in->port) {
		t->count.cases[TEREDO_CASE_IN_TRUSTED]++;
		return (believe(t, peer, in, peer->state, now));
	}
	if (known && in->matches) {
		/* Taken, but what was proven is not given up for it. */
		t->count.cases[TEREDO_CASE_IN_TRUSTED]++;
		return (peer);
	}
	if (in->matches)
		return (claim(t, p, peer, in, now));
	return (probe(t, p, peer, in, in->packet.trailers.has_nonce ?
	    DROP_NONCE : DROP_SPOOF, now));
}

/* --- three kinds of packets ----------------------------------------------- */

/* RFC 6081 5.4.4.4: the first that it tells; a peer does not outlive it. */
static void
port_note(struct teredo_peer *peer, const struct teredo_trailers *tr)
{
	if (tr->has_port && peer->port_rx == 0)
		peer->port_rx = tr->port;
}

/*
 * A bubble that came by way of a server.  A relay has no server of its own, so
 * it can only be the client's, and only while we wait for an answer, and no
 * more often than we asked: it makes us send several bubbles.  Whatever else
 * has an origin indication or authentication was meant for a client.
 */
static enum verdict
in_indirect(struct teredo *t, struct pkt *p, const struct arrival *in,
    mono_t now)
{
	const struct teredo_trailers	*tr = &in->packet.trailers;
	struct teredo_peer		*peer;

	p->why = DROP_ENCAP;
	peer = teredo_lookup(t, &in->packet.h.src, now);
	if (peer == NULL || in->packet.has_auth || !in->bubble ||
	    peer->nonce == 0 || peer->indirects == TEREDO_TRIES)
		return (V_DROP);
	p->why = DROP_TRAILER;
	if (tr->bad_alternates)			/* RFC 6081 5.6.4.2 */
		return (V_DROP);
	t->count.cases[TEREDO_CASE_IN_BUBBLE]++;
	t->count.cases[TEREDO_CASE_IN_INDIRECT]++;
	peer->indirects++;
	peer->nonce_rx = tr->has_nonce ? tr->nonce : 0;
	port_note(peer, tr);
	teredo_answer(t, peer, tr, now);
	return (V_HOLD);
}

static enum verdict
in_bubble(struct teredo *t, struct pkt *p, const struct arrival *in,
    mono_t now)
{
	const struct teredo_trailers	*tr = &in->packet.trailers;
	struct teredo_peer		*peer;

	if ((peer = in_peer(t, p, in, now)) == NULL)
		return (V_DROP);
	t->count.cases[TEREDO_CASE_IN_BUBBLE]++;
	port_note(peer, tr);
	if (tr->has_discovery && tr->discovery == TEREDO_SOLICIT) {
		t->count.cases[TEREDO_CASE_IN_SOLICIT]++;
		teredo_discover(t, peer, TEREDO_ADVERTISE, now);
	}
	return (V_HOLD);
}

/*
 * The inner service code stays as it was (the pipe model, RFC 2983 3.1): what
 * the IPv4 side wrote into the outer one has no meaning on the other side.
 */
static enum verdict
in_data(struct teredo *t, struct pkt *p, const struct arrival *in, mono_t now)
{
	const struct ip6	*h = &in->packet.h;
	struct teredo_peer	*peer;
	uint8_t			 ecn;

	if (in_destination(t, p, &h->dst) == -1)
		return (V_DROP);
	p->why = DROP_HOPLIMIT;
	if (h->hlim == 0)
		return (V_DROP);
	p->why = DROP_ECN;
	if (ecn_decap(h->tclass, p->tos, &ecn) == -1)
		return (V_DROP);
	if ((peer = in_peer(t, p, in, now)) == NULL)
		return (V_DROP);
	peer->in_packets++;
	p->data += in->packet.ip6 - p->data;
	p->len = h->len;
	if (ecn != (h->tclass & ECN_MASK))
		ip6_ecn_set(p->data, ecn);
	return (V_FORWARD);
}

enum verdict
teredo_in(struct teredo *t, struct pkt *p, mono_t now)
{
	struct arrival	 in;

	if (in_outer(t, p, &in) == -1 ||
	    teredo_packet_parse(&in.packet, p->data, p->len, &p->why) == -1 ||
	    in_source(t, p, &in) == -1)
		return (V_DROP);
	in.bubble = teredo_is_bubble(&in.packet.h);
	if (in.addr == in.a.server && in.port == TEREDO_PORT && !in.matches)
		return (in_indirect(t, p, &in, now));
	if (in.packet.has_auth || in.packet.has_origin) {
		p->why = DROP_ENCAP;
		return (V_DROP);
	}
	if (in.bubble)
		return (in_bubble(t, p, &in, now));
	return (in_data(t, p, &in, now));
}
