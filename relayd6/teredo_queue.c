/*
 * Packets that wait for their client: see teredo_queue.h.  Relay process;
 * pure.
 */
#include <stdlib.h>
#include <string.h>

#include "teredo_queue.h"

int
teredo_queue_init(struct teredo_queue *q, size_t size)
{
	memset(q, 0, sizeof(*q));
	q->slots = calloc(LIMIT_TEREDO_HELD + 1, sizeof(*q->slots));
	q->room = calloc(LIMIT_TEREDO_HELD, size);
	if (q->slots == NULL || q->room == NULL) {
		teredo_queue_free(q);
		return (-1);
	}
	q->size = size;
	return (0);
}

void
teredo_queue_free(struct teredo_queue *q)
{
	free(q->slots);
	free(q->room);
	memset(q, 0, sizeof(*q));
}

int
teredo_queue_has_room(const struct teredo_queue *q)
{
	return (q->slots != NULL && q->count < LIMIT_TEREDO_HELD);
}

teredo_ref
teredo_queue_oldest(const struct teredo_queue *q)
{
	return (q->oldest == 0 ? 0 : q->slots[q->oldest].peer);
}

static uint8_t *
room_of(struct teredo_queue *q, uint32_t slot)
{
	return (q->room + (size_t)(slot - 1) * q->size);
}

static uint32_t
slot_take(struct teredo_queue *q)
{
	uint32_t	 slot = q->free;

	if (slot != 0)
		q->free = q->slots[slot].after;
	else
		slot = ++q->fresh;
	q->count++;
	return (slot);
}

static void
age_append(struct teredo_queue *q, uint32_t slot)
{
	struct teredo_held	*h = &q->slots[slot];

	h->next = 0;
	h->prev = q->newest;
	if (q->newest != 0)
		q->slots[q->newest].next = slot;
	else
		q->oldest = slot;
	q->newest = slot;
}

static void
age_remove(struct teredo_queue *q, const struct teredo_held *h)
{
	if (h->prev != 0)
		q->slots[h->prev].next = h->next;
	else
		q->oldest = h->next;
	if (h->next != 0)
		q->slots[h->next].prev = h->prev;
	else
		q->newest = h->prev;
}

void
teredo_queue_put(struct teredo_queue *q, struct teredo_table *t,
    struct teredo_peer *p, const void *data, size_t len, uint8_t tos)
{
	uint32_t		 slot = slot_take(q);
	struct teredo_held	*h = &q->slots[slot];

	h->peer = teredo_peer_ref(t, p);
	h->after = 0;
	h->len = len;
	h->tos = tos;
	memcpy(room_of(q, slot), data, len);
	age_append(q, slot);
	if (p->nheld++ != 0)
		q->slots[p->held_last].after = slot;
	else
		p->held = slot;
	p->held_last = slot;
}

const uint8_t *
teredo_queue_get(struct teredo_queue *q, struct teredo_peer *p, size_t *len,
    uint8_t *tos)
{
	struct teredo_held	*h;
	uint32_t		 slot = p->held;

	if (p->nheld == 0)
		return (NULL);
	h = &q->slots[slot];
	*len = h->len;
	*tos = h->tos;
	age_remove(q, h);
	p->held = h->after;
	p->nheld--;
	h->after = q->free;
	q->free = slot;
	q->count--;
	return (room_of(q, slot));
}
