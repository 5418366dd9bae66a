/*
 * Link state databases: see ospf_lsdb.h.  Engine of the ospf process: no I/O
 * and no clock.  Keeps LSAs and knows their age; what is flooded where is not
 * decided here.
 */
#include <stdlib.h>
#include <string.h>

#include "ospf_lsdb.h"

int
ospf_key_cmp(const struct ospf_key *a, const struct ospf_key *b)
{
	if (a->type != b->type)
		return (a->type < b->type ? -1 : 1);
	if (a->id != b->id)
		return (a->id < b->id ? -1 : 1);
	if (a->adv != b->adv)
		return (a->adv < b->adv ? -1 : 1);
	return (0);
}

int
ospf_lsas_cmp(struct ospf_lsa *a, struct ospf_lsa *b)
{
	return (ospf_key_cmp(&a->h.key, &b->h.key));
}

int
ospf_ages_cmp(struct ospf_lsa *a, struct ospf_lsa *b)
{
	if (a->expires.ns != b->expires.ns)
		return (a->expires.ns < b->expires.ns ? -1 : 1);
	if (a == b)
		return (0);
	return ((uintptr_t)a < (uintptr_t)b ? -1 : 1);
}

RB_GENERATE(ospf_lsas, ospf_lsa, entry, ospf_lsas_cmp)
RB_GENERATE(ospf_ages, ospf_lsa, aging, ospf_ages_cmp)

int
ospf_lsa_compare(const struct ospf_lsa_header *a,
    const struct ospf_lsa_header *b)
{
	int	 diff;

	if (a->seq != b->seq)
		return (a->seq > b->seq ? 1 : -1);
	if (a->cksum != b->cksum)
		return (a->cksum > b->cksum ? 1 : -1);
	if ((a->age == OSPF_MAXAGE) != (b->age == OSPF_MAXAGE))
		return (a->age == OSPF_MAXAGE ? 1 : -1);
	diff = (int)b->age - (int)a->age;
	if (diff > OSPF_MAXAGEDIFF || diff < -OSPF_MAXAGEDIFF)
		return (diff);
	return (0);
}

/* --- the store --------------------------------------------------------- */

void
ospf_store_init(struct ospf_store *s, size_t max_count, size_t max_bytes)
{
	memset(s, 0, sizeof(*s));
	RB_INIT(&s->ages);
	TAILQ_INIT(&s->dying);
	s->max_count = max_count;
	s->max_bytes = max_bytes;
}

int
ospf_store_room(const struct ospf_store *s, const struct ospf_lsa_header *h,
    const struct ospf_lsa *old)
{
	size_t	 count = s->max_count, bytes = s->max_bytes;

	if (old != NULL && h->len <= old->h.len)
		return (1);
	if (h->key.type == OSPF_LSA_EXTERNAL || h->key.type == OSPF_LSA_NSSA) {
		count -= count / 4;
		bytes -= bytes / 4;
	}
	return (s->count < count && h->len <= bytes &&
	    s->bytes <= bytes - h->len);
}

struct ospf_lsa *
ospf_store_expired(struct ospf_store *s, mono_t now)
{
	struct ospf_lsa	*l;

	l = RB_MIN(ospf_ages, &s->ages);
	return (l != NULL && mono_reached(now, l->expires) ? l : NULL);
}

mono_t
ospf_store_deadline(const struct ospf_store *s)
{
	struct ospf_lsa	*l = RB_ROOT(&s->ages);
	mono_t		 when = { MONO_NEVER };

	for (; l != NULL; l = RB_LEFT(l, aging))
		when = l->expires;
	return (when);
}

/* --- one LSA ----------------------------------------------------------- */

struct ospf_lsa *
ospf_lsa_new(struct ospf_store *s, const struct ospf_lsa_header *h,
    const uint8_t *data, int sure, mono_t now)
{
	struct ospf_lsa	*l = NULL;

	if (sure || ospf_store_room(s, h, NULL))
		l = calloc(1, sizeof(*l) + h->len);
	if (l == NULL) {
		s->refused++;
		s->refused_at = now;
		return (NULL);
	}
	l->store = s;
	l->h = *h;
	l->base = l->arrived = now;
	l->before.ns = MONO_NEVER;
	l->expires = mono_add(now, MONO_S(OSPF_MAXAGE - h->age));
	l->refs = 1;
	memcpy(l->data, data, h->len);
	s->count++;
	s->bytes += h->len;
	return (l);
}

void
ospf_lsa_hold(struct ospf_lsa *l)
{
	l->refs++;
}

void
ospf_lsa_rele(struct ospf_lsa *l)
{
	if (--l->refs > 0)
		return;
	l->store->count--;
	l->store->bytes -= l->h.len;
	free(l);
}

uint16_t
ospf_lsa_age(const struct ospf_lsa *l, mono_t now)
{
	int64_t	 age;

	if (l->old)
		return (OSPF_MAXAGE);
	age = l->h.age + mono_sub(now, l->base) / MONO_S(1);
	return (age > OSPF_MAXAGE ? OSPF_MAXAGE : age);
}

void
ospf_lsa_now(const struct ospf_lsa *l, mono_t now, struct ospf_lsa_header *h)
{
	*h = l->h;
	h->age = ospf_lsa_age(l, now);
}

/* From the ages to the dying. */
static void
lsa_bury(struct ospf_lsa *l)
{
	RB_REMOVE(ospf_ages, &l->store->ages, l);
	l->old = 1;
	TAILQ_INSERT_TAIL(&l->store->dying, l, dying);
}

void
ospf_lsa_expire(struct ospf_lsa *l, mono_t now)
{
	l->h.age = OSPF_MAXAGE;
	l->before = l->arrived;
	l->base = l->arrived = now;
	if (l->db != NULL && !l->old)
		lsa_bury(l);
	l->old = 1;
}

/* --- databases --------------------------------------------------------- */

void
ospf_db_init(struct ospf_db *db, struct ospf_store *s)
{
	memset(db, 0, sizeof(*db));
	db->store = s;
	RB_INIT(&db->lsas);
}

struct ospf_lsa *
ospf_db_find(const struct ospf_db *db, const struct ospf_key *k)
{
	struct ospf_lsa	*l = RB_ROOT(&db->lsas);
	int		 c;

	while (l != NULL && (c = ospf_key_cmp(k, &l->h.key)) != 0)
		l = c < 0 ? RB_LEFT(l, entry) : RB_RIGHT(l, entry);
	return (l);
}

struct ospf_lsa *
ospf_db_after(const struct ospf_db *db, const struct ospf_key *k)
{
	struct ospf_lsa	*l = RB_ROOT(&db->lsas), *after = NULL;

	while (l != NULL)
		if (k == NULL || ospf_key_cmp(k, &l->h.key) < 0) {
			after = l;
			l = RB_LEFT(l, entry);
		} else
			l = RB_RIGHT(l, entry);
	return (after);
}

void
ospf_db_install(struct ospf_db *db, struct ospf_lsa *l)
{
	struct ospf_lsa	*old;

	if ((old = ospf_db_find(db, &l->h.key)) != NULL)
		ospf_db_remove(old);
	l->db = db;
	l->refs++;
	RB_INSERT(ospf_lsas, &db->lsas, l);
	RB_INSERT(ospf_ages, &db->store->ages, l);
	db->count++;
	db->cksum_sum += l->h.cksum;
	if (l->h.age == OSPF_MAXAGE)
		lsa_bury(l);
}

void
ospf_db_remove(struct ospf_lsa *l)
{
	struct ospf_db	*db = l->db;

	RB_REMOVE(ospf_lsas, &db->lsas, l);
	if (l->old)
		TAILQ_REMOVE(&l->store->dying, l, dying);
	else
		RB_REMOVE(ospf_ages, &l->store->ages, l);
	db->count--;
	db->cksum_sum -= l->h.cksum;
	l->db = NULL;
	ospf_lsa_rele(l);
}

void
ospf_db_clear(struct ospf_db *db)
{
	struct ospf_lsa	*l;

	while ((l = ospf_db_after(db, NULL)) != NULL)
		ospf_db_remove(l);
}
