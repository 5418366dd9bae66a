/*
 * Which prefixes a peer announces: see bgp_heard.h.  Engine of the bgp
 * process; no I/O, keeps no route.  A table with open addressing: a hash sits
 * at its place or after it, with no empty slot between.
 */
#include <stdlib.h>
#include <string.h>

#include "bgp_heard.h"
#include "log.h"

#define HEARD_LEAST	64	/* slots of the first table */

void
bgp_heard_init(struct bgp_heard *h, const uint8_t key[SIPHASH_KEYLEN])
{
	memset(h, 0, sizeof(*h));
	memcpy(h->key, key, sizeof(h->key));
}

void
bgp_heard_clear(struct bgp_heard *h)
{
	free(h->slot);
	h->slot = NULL;
	h->size = h->n = 0;
}

static uint64_t
hash(const struct bgp_heard *h, const struct prefix *p)
{
	uint64_t	 v;

	v = siphash(h->key, p, sizeof(*p));
	return (v == 0 ? 1 : v);
}

/* Where v is, or the empty slot where it would be put. */
static size_t
slot_find(const struct bgp_heard *h, uint64_t v)
{
	size_t	 i;

	for (i = v & (h->size - 1); h->slot[i] != 0 && h->slot[i] != v;
	    i = (i + 1) & (h->size - 1))
		;
	return (i);
}

/* At least half of the slots stay empty. */
static void
table_grow(struct bgp_heard *h)
{
	struct bgp_heard	 old = *h;
	size_t			 i;

	if (h->n < h->size / 2)
		return;
	h->size = old.size == 0 ? HEARD_LEAST : 2 * old.size;
	if ((h->slot = calloc(h->size, sizeof(*h->slot))) == NULL)
		fatal("prefixes of a peer");
	for (i = 0; i < old.size; i++)
		if (old.slot[i] != 0)
			h->slot[slot_find(h, old.slot[i])] = old.slot[i];
	free(old.slot);
}

void
bgp_heard_add(struct bgp_heard *h, const struct prefix *p)
{
	uint64_t	 v = hash(h, p);
	size_t		 i;

	table_grow(h);
	i = slot_find(h, v);
	if (h->slot[i] == v)
		return;
	h->slot[i] = v;
	h->n++;
}

/*
 * Move back what the emptied slot i would cut off from its place: all that
 * follow without a gap and do not belong between i and where they are.
 */
static void
gap_close(struct bgp_heard *h, size_t i)
{
	size_t	 mask = h->size - 1, j, place;

	for (j = (i + 1) & mask; h->slot[j] != 0; j = (j + 1) & mask) {
		place = h->slot[j] & mask;
		if (((j - place) & mask) < ((j - i) & mask))
			continue;
		h->slot[i] = h->slot[j];
		h->slot[j] = 0;
		i = j;
	}
}

void
bgp_heard_del(struct bgp_heard *h, const struct prefix *p)
{
	uint64_t	 v = hash(h, p);
	size_t		 i;

	if (h->size == 0)
		return;
	i = slot_find(h, v);
	if (h->slot[i] == 0)
		return;
	h->slot[i] = 0;
	h->n--;
	gap_close(h, i);
}
