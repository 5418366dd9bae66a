/*
 * The list of recent peers: see teredo_peer.h.  Relay process; pure.
 */
#include <stdlib.h>
#include <string.h>

#include "teredo_peer.h"

#define TOUCH	MONO_S(1)	/* how late a peer may be forgotten */

/* Chains begin in at least as many places as there are peers. */
static uint32_t
heads_count(uint32_t max)
{
	uint32_t	 n;

	for (n = 1; n < max; n *= 2)
		;
	return (n);
}

int
teredo_table_init(struct teredo_table *t, uint32_t max,
    const uint8_t key[SIPHASH_KEYLEN])
{
	uint32_t	 n;

	memset(t, 0, sizeof(*t));
	memcpy(t->key, key, sizeof(t->key));
	if (max > LIMIT_TEREDO_PEERS)
		max = LIMIT_TEREDO_PEERS;
	if (max == 0)
		return (0);
	n = heads_count(max);
	t->peers = calloc((size_t)max + 1, sizeof(*t->peers));
	t->heads = calloc(n, sizeof(*t->heads));
	if (t->peers == NULL || t->heads == NULL) {
		teredo_table_free(t);
		return (-1);
	}
	t->max = max;
	t->mask = n - 1;
	return (0);
}

void
teredo_table_free(struct teredo_table *t)
{
	free(t->peers);
	free(t->heads);
	memset(t, 0, sizeof(*t));
}

size_t
teredo_table_size(uint32_t max)
{
	return (((size_t)max + 1) * sizeof(struct teredo_peer) +
	    heads_count(max) * sizeof(teredo_ref));
}

struct teredo_peer *
teredo_peer_at(struct teredo_table *t, teredo_ref ref)
{
	if (ref == 0 || ref > t->fresh || t->peers[ref].state == TEREDO_FREE)
		return (NULL);
	return (&t->peers[ref]);
}

teredo_ref
teredo_peer_ref(const struct teredo_table *t, const struct teredo_peer *p)
{
	return (p - t->peers);
}

/* Where the chain of an address begins. */
static teredo_ref *
head_of(struct teredo_table *t, const struct addr6 *a)
{
	uint64_t	 words[2];

	words[0] = a->hi;
	words[1] = a->lo;
	return (&t->heads[siphash(t->key, words, sizeof(words)) & t->mask]);
}

struct teredo_peer *
teredo_peer_find(struct teredo_table *t, const struct addr6 *a)
{
	struct teredo_peer	*p;
	teredo_ref		 ref;

	if (t->count == 0)
		return (NULL);
	for (ref = *head_of(t, a); ref != 0; ref = p->chain) {
		p = &t->peers[ref];
		if (p->addr.lo == a->lo && p->addr.hi == a->hi)
			return (p);
	}
	return (NULL);
}

/* --- the queues of the states ------------------------------------------ */

static void
list_append(struct teredo_table *t, struct teredo_peer *p, mono_t now)
{
	struct teredo_list	*l = &t->lists[p->state];
	teredo_ref		 ref = teredo_peer_ref(t, p);

	p->queued = now;
	p->next = 0;
	p->prev = l->last;
	if (l->last != 0)
		t->peers[l->last].next = ref;
	else
		l->first = ref;
	l->last = ref;
	l->count++;
}

static void
list_remove(struct teredo_table *t, struct teredo_peer *p)
{
	struct teredo_list	*l = &t->lists[p->state];

	if (p->prev != 0)
		t->peers[p->prev].next = p->next;
	else
		l->first = p->next;
	if (p->next != 0)
		t->peers[p->next].prev = p->prev;
	else
		l->last = p->prev;
	l->count--;
}

void
teredo_peer_move(struct teredo_table *t, struct teredo_peer *p,
    enum teredo_state state, mono_t now)
{
	list_remove(t, p);
	if (p->state != state)
		p->since = now;
	p->state = state;
	list_append(t, p, now);
}

void
teredo_peer_touch(struct teredo_table *t, struct teredo_peer *p, mono_t now)
{
	p->last_rx = now;
	if (mono_sub(now, p->queued) >= TOUCH)
		teredo_peer_move(t, p, p->state, now);
}

/* --- coming and going -------------------------------------------------- */

/* A place that nobody has, the ones used before first; 0 when there is none. */
static teredo_ref
place_take(struct teredo_table *t)
{
	teredo_ref	 ref = t->free;

	if (ref != 0)
		t->free = t->peers[ref].chain;
	else if (t->fresh < t->max)
		ref = ++t->fresh;
	return (ref);
}

struct teredo_peer *
teredo_peer_add(struct teredo_table *t, const struct addr6 *a,
    enum teredo_state state, mono_t now)
{
	struct teredo_peer	*p;
	teredo_ref		 ref, *head;

	if ((ref = place_take(t)) == 0)
		return (NULL);
	p = &t->peers[ref];
	memset(p, 0, sizeof(*p));
	p->addr = *a;
	p->state = state;
	p->since = now;
	head = head_of(t, a);
	p->chain = *head;
	*head = ref;
	list_append(t, p, now);
	t->count++;
	return (p);
}

void
teredo_peer_remove(struct teredo_table *t, struct teredo_peer *p)
{
	teredo_ref	 ref = teredo_peer_ref(t, p), *at;

	list_remove(t, p);
	for (at = head_of(t, &p->addr); *at != ref; at = &t->peers[*at].chain)
		;
	*at = p->chain;
	p->state = TEREDO_FREE;
	p->chain = t->free;
	t->free = ref;
	t->count--;
}

/* --- time -------------------------------------------------------------- */

/* When its time in its state is over. */
static mono_t
peer_end(const struct teredo_peer *p)
{
	switch (p->state) {
	case TEREDO_WAITING:
		return (mono_add(p->last_try, TEREDO_RETRY));
	case TEREDO_ASSUMED:
		return (mono_add(p->since, TEREDO_VALID));
	default:
		return (mono_add(p->last_rx, TEREDO_VALID));
	}
}

int
teredo_peer_valid(const struct teredo_peer *p, mono_t now)
{
	return (!mono_reached(now, peer_end(p)));
}

mono_t
teredo_peer_due(const struct teredo_table *t, enum teredo_state state)
{
	mono_t	 never = { TEREDO_NEVER };

	if (t->lists[state].first == 0)
		return (never);
	return (peer_end(&t->peers[t->lists[state].first]));
}

struct teredo_peer *
teredo_peer_first(struct teredo_table *t, enum teredo_state state)
{
	return (teredo_peer_at(t, t->lists[state].first));
}

struct teredo_peer *
teredo_peer_victim(struct teredo_table *t, mono_t now)
{
	struct teredo_peer	*p;
	int			 state;

	for (state = TEREDO_WAITING; state < TEREDO_NSTATES; state++) {
		if ((p = teredo_peer_first(t, state)) == NULL)
			continue;
		if (state <= TEREDO_ASSUMED || !teredo_peer_valid(p, now))
			return (p);
	}
	return (NULL);
}
