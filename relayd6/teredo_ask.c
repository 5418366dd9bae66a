/*
 * The Teredo relay engine: clients who have yet to answer.  Bubbles to them
 * and their servers, what waits until they do, and what becomes of it when
 * they never do (RFC 4380 5.4.1 case 3, 5.2.6; RFC 6081 5.2, 5.4, 5.6, 5.7).
 * Relay process; pure.
 */
#include <arpa/inet.h>

#include "icmp.h"
#include "teredo_priv.h"

/* --- peers --------------------------------------------------------------- */

/* What waits for a peer is lost, for a reason that is not the peer's. */
static void
held_drop(struct teredo *t, struct teredo_peer *peer)
{
	size_t	 len;
	uint8_t	 tos;

	while (teredo_queue_get(&t->queue, peer, &len, &tos) != NULL)
		t->count.late[DROP_CROWDED]++;
}

void
teredo_forget(struct teredo *t, struct teredo_peer *peer)
{
	held_drop(t, peer);
	teredo_peer_remove(&t->table, peer);
}

struct teredo_peer *
teredo_lookup(struct teredo *t, const struct addr6 *addr, mono_t now)
{
	struct teredo_peer	*peer = teredo_peer_find(&t->table, addr);

	if (peer == NULL || peer->state == TEREDO_WAITING ||
	    teredo_peer_valid(peer, now))
		return (peer);
	t->count.cases[TEREDO_CASE_EXPIRED]++;
	teredo_forget(t, peer);
	return (NULL);
}

struct teredo_peer *
teredo_make(struct teredo *t, const struct addr6 *addr,
    enum teredo_state state, mono_t now)
{
	struct teredo_peer	*peer, *victim;
	struct teredo_addr	 a;

	if (t->table.count == t->table.max) {
		victim = teredo_peer_victim(&t->table, now);
		if (victim == NULL)
			return (NULL);
		t->count.cases[TEREDO_CASE_EVICTED]++;
		teredo_forget(t, victim);
	}
	peer = teredo_peer_add(&t->table, addr, state, now);
	if (peer == NULL)
		return (NULL);
	teredo_addr_parse(&a, addr);
	peer->mapped = a.client;
	peer->port = a.port;
	return (peer);
}

/* --- bubbles -------------------------------------------------------------- */

static void
bubble_send(struct teredo *t, uint32_t addr, uint16_t port,
    const struct teredo_bubble *b)
{
	uint8_t		 buf[TEREDO_BUBBLE_MAX];
	struct in_addr	 dst;
	size_t		 len;

	dst.s_addr = htonl(addr);
	len = teredo_bubble_write(buf, b);
	t->ops->send(t->arg, dst, port, buf, len, 0);
}

/* Fresh for every round of bubbles, and never 0. */
static void
nonce_make(struct teredo *t, struct teredo_peer *peer)
{
	uint64_t	 words[3];

	words[0] = peer->addr.hi;
	words[1] = peer->addr.lo;
	words[2] = ++t->nonces;
	peer->nonce = siphash(t->key, words, sizeof(words));
	if (peer->nonce == 0)
		peer->nonce = 1;
	peer->misses = 0;
	peer->indirects = 0;
}

static void
bubble_init(struct teredo *t, struct teredo_peer *peer,
    struct teredo_bubble *b)
{
	static const struct teredo_bubble	 empty;

	if (peer->nonce == 0)
		nonce_make(t, peer);
	*b = empty;
	b->src.hi = TEREDO_LINKLOCAL;
	b->src.lo = peer->nonce;
	b->dst = peer->addr;
}

/* Where policy and limits let it go, and not without a port. */
static void
direct_send(struct teredo *t, uint32_t addr, uint16_t port,
    const struct teredo_bubble *b, mono_t now)
{
	if (port == 0 ||
	    policy_user(&t->policies, &b->dst, addr) != POLICY_PASS ||
	    !teredo_limit_direct(&t->limit, addr, now))
		return;
	t->count.cases[TEREDO_CASE_DIRECT]++;
	bubble_send(t, addr, port, b);
}

/* RFC 6081 5.2.4.2: with the client's own nonce, when it has told one. */
static void
direct_init(struct teredo *t, struct teredo_peer *peer,
    struct teredo_bubble *b)
{
	bubble_init(t, peer, b);
	b->has_nonce = peer->nonce_rx != 0;
	b->nonce = peer->nonce_rx;
}

void
teredo_discover(struct teredo *t, struct teredo_peer *peer,
    enum teredo_discovery what, mono_t now)
{
	struct teredo_bubble	 b;

	direct_init(t, peer, &b);
	b.has_discovery = 1;
	b.discovery = what;
	direct_send(t, peer->mapped, peer->port, &b, now);
}

/* To where its address says it is, and to its random port (RFC 6081 5.4). */
static void
direct_open(struct teredo *t, struct teredo_peer *peer, mono_t now)
{
	struct teredo_bubble	 b;
	struct teredo_addr	 a;

	teredo_addr_parse(&a, &peer->addr);
	direct_init(t, peer, &b);
	direct_send(t, a.client, a.port, &b, now);
	if (peer->port_rx != a.port)
		direct_send(t, a.client, peer->port_rx, &b, now);
}

void
teredo_answer(struct teredo *t, struct teredo_peer *peer,
    const struct teredo_trailers *tr, mono_t now)
{
	struct teredo_bubble	 b;
	int			 i;

	direct_open(t, peer, now);
	direct_init(t, peer, &b);
	for (i = 0; i < tr->nalternates; i++)
		direct_send(t, tr->alternates[i].addr, tr->alternates[i].port,
		    &b, now);
}

int
teredo_may_ask(struct teredo *t, const struct addr6 *client, int first,
    mono_t now)
{
	struct teredo_addr	 a;

	teredo_addr_parse(&a, client);
	return (policy_user(&t->policies, client, a.server) == POLICY_PASS &&
	    teredo_limit_server(&t->limit, a.server, first, now));
}

/*
 * Is it the turn of a direct bubble?  With the first when a NAT of ours is to
 * be opened (it stays open for longer than a round takes).  Otherwise with the
 * second, since it does harm: a NAT that keeps track of what comes unasked
 * takes the port for in use, and gives the client's answer another one.
 */
static int
direct_turn(const struct teredo *t, const struct teredo_peer *peer)
{
	return (peer->tries % 2 == (t->behind_nat ? 0 : 1));
}

/*
 * Every other bubble has the nonce trailer: a server that drops what has
 * trailers passes the second.  Who is known is solicited where it is, which
 * no NAT minds.
 */
void
teredo_ask(struct teredo *t, struct teredo_peer *peer, mono_t now)
{
	struct teredo_bubble	 b;
	struct teredo_addr	 a;

	if (peer->tries == 0)
		nonce_make(t, peer);
	peer->last_try = now;
	teredo_addr_parse(&a, &peer->addr);
	bubble_init(t, peer, &b);
	b.has_nonce = peer->tries % 2 == 0;
	b.nonce = peer->nonce & 0xffffffff;
	t->count.cases[TEREDO_CASE_INDIRECT]++;
	bubble_send(t, a.server, TEREDO_PORT, &b);
	if (peer->state != TEREDO_WAITING && b.has_nonce)
		teredo_discover(t, peer, TEREDO_SOLICIT, now);
	else if (peer->state == TEREDO_WAITING && direct_turn(t, peer))
		direct_open(t, peer, now);
	peer->tries++;
}

int
teredo_ask_known(struct teredo *t, struct teredo_peer *peer, mono_t now)
{
	if (peer->tries >= TEREDO_TRIES ||
	    mono_sub(now, peer->last_try) < TEREDO_RETRY)
		return (0);
	if (!teredo_may_ask(t, &peer->addr, 0, now))
		return (0);
	teredo_ask(t, peer, now);
	return (1);
}

/* --- what waits ----------------------------------------------------------- */

int
teredo_hold(struct teredo *t, struct teredo_peer *peer, struct pkt *p)
{
	struct teredo_peer	*other;
	size_t			 len;
	uint8_t			 tos;

	p->why = DROP_QUEUE;
	if (peer->nheld >= t->conf.queue || p->len > t->queue.size)
		return (-1);
	if (!teredo_queue_has_room(&t->queue)) {
		other = teredo_peer_at(&t->table,
		    teredo_queue_oldest(&t->queue));
		if (other == NULL)
			return (-1);
		teredo_queue_get(&t->queue, other, &len, &tos);
		t->count.late[DROP_CROWDED]++;
	}
	teredo_queue_put(&t->queue, &t->table, peer, p->data, p->len, p->tos);
	return (0);
}

void
teredo_flush(struct teredo *t, struct teredo_peer *peer, mono_t now)
{
	const uint8_t	*data;
	struct in_addr	 dst;
	size_t		 len;
	uint8_t		 tos;

	dst.s_addr = htonl(peer->mapped);
	while ((data = teredo_queue_get(&t->queue, peer, &len, &tos)) !=
	    NULL) {
		t->count.cases[TEREDO_CASE_OUT_FLUSH]++;
		peer->out_packets++;
		peer->last_tx = now;
		t->ops->send(t->arg, dst, peer->port, data, len, tos);
	}
}

/* Tell the source of a packet that its client did not answer. */
static void
unreachable(struct teredo *t, const uint8_t *data, size_t len, mono_t now)
{
	struct icmp_error	 e = { ICMP_UNREACH, ICMP_UNREACH_ADDR, 0 };
	uint8_t			 reply[PKT_REPLY_MAX];
	struct ip6		 h;
	enum drop		 why;

	if (ip6_parse(data, len, &h, &why) == -1 ||
	    !icmp_answerable(data, len, &h) ||
	    !icmp_limit_take(&t->icmp_limit, &h.src, now))
		return;
	len = icmp_error_write(reply, &e, &t->icmp_source, data, len, &h);
	t->count.errors_sent++;
	t->ops->inject(t->arg, reply, len);
}

static void
give_up(struct teredo *t, struct teredo_peer *peer, mono_t now)
{
	const uint8_t	*data;
	size_t		 len;
	uint8_t		 tos;

	while ((data = teredo_queue_get(&t->queue, peer, &len, &tos)) !=
	    NULL) {
		t->count.late[DROP_SILENT]++;
		unreachable(t, data, len, now);
	}
	t->count.cases[TEREDO_CASE_SILENT]++;
	teredo_peer_remove(&t->table, peer);
}

/* --- time ----------------------------------------------------------------- */

/*
 * Two seconds without an answer.  Nobody is asked again for whom nothing waits
 * any more: that would be bubbles for the sake of whoever sent one packet.
 */
static void
ask_again(struct teredo *t, struct teredo_peer *peer, mono_t now)
{
	if (peer->tries >= TEREDO_TRIES || peer->nheld == 0) {
		give_up(t, peer, now);
		return;
	}
	if (teredo_may_ask(t, &peer->addr, 0, now))
		teredo_ask(t, peer, now);
	else {
		peer->tries++;
		peer->last_try = now;
	}
	teredo_peer_move(&t->table, peer, TEREDO_WAITING, now);
}

/* The state whose first peer is due next. */
static enum teredo_state
next_due(const struct teredo *t, mono_t *when)
{
	enum teredo_state	 state, next = TEREDO_FREE;
	mono_t			 due;

	when->ns = TEREDO_NEVER;
	for (state = TEREDO_WAITING; state < TEREDO_NSTATES; state++) {
		due = teredo_peer_due(&t->table, state);
		if (due.ns < when->ns) {
			*when = due;
			next = state;
		}
	}
	return (next);
}

mono_t
teredo_deadline(const struct teredo *t)
{
	mono_t	 when;

	next_due(t, &when);
	return (when);
}

void
teredo_tick(struct teredo *t, mono_t now)
{
	struct teredo_peer	*peer;
	enum teredo_state	 state;
	mono_t			 when;
	int			 i;

	for (i = 0; i < LIMIT_TEREDO_TICK; i++) {
		state = next_due(t, &when);
		if (state == TEREDO_FREE || !mono_reached(now, when))
			return;
		peer = teredo_peer_first(&t->table, state);
		if (state == TEREDO_WAITING)
			ask_again(t, peer, now);
		else {
			t->count.cases[TEREDO_CASE_EXPIRED]++;
			teredo_forget(t, peer);
		}
	}
}
