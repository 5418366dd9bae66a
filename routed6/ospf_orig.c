/*
 * Our own LSAs: originated when they change, refreshed, flushed when they
 * are no longer wanted, and defended against others (RFC 2328 12.4, 13.4, 14).
 * Engine of the ospf process.  What is in them is ospf_self.c's business.
 *
 * Withdrawals wait for nothing.  New instances wait for MinLSInterval, unless
 * nobody has seen the last one or somebody has a newer one.
 */
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "ospf_state.h"

static struct ospf_orig *
orig_find(const struct ospf *o, const struct ospf_db *db,
    const struct ospf_key *k)
{
	struct ospf_orig	*og;

	TAILQ_FOREACH(og, &o->origs, entry)
		if (og->db == db && ospf_key_cmp(&og->key, k) == 0)
			return (og);
	return (NULL);
}

static void
orig_free(struct ospf *o, struct ospf_orig *og)
{
	TAILQ_REMOVE(&o->origs, og, entry);
	free(og->body);
	free(og);
}

void
ospf_orig_free(struct ospf *o, const struct ospf_db *db)
{
	struct ospf_orig	*og, *next;

	for (og = TAILQ_FIRST(&o->origs); og != NULL; og = next) {
		next = TAILQ_NEXT(og, entry);
		if (og->db == db)
			orig_free(o, og);
	}
}

int
ospf_orig_is_ours(const struct ospf *o, const struct ospf_db *db,
    const struct ospf_key *k)
{
	return (k->adv == o->conf.router_id && orig_find(o, db, k) != NULL);
}

/* A sequence goes on from what is known of it. */
static struct ospf_orig *
orig_new(struct ospf *o, struct ospf_db *db, const struct ospf_key *k)
{
	struct ospf_orig	*og;
	struct ospf_lsa		*l;

	if ((og = calloc(1, sizeof(*og))) == NULL)
		return (NULL);
	og->db = db;
	og->key = *k;
	og->due = og->fought = ospf_never;
	og->seq = OSPF_SEQ_FIRST - 1;
	if ((l = ospf_db_find(db, k)) != NULL)
		og->seq = l->h.seq;
	og->changed = 1;
	TAILQ_INSERT_TAIL(&o->origs, og, entry);
	return (og);
}

void
ospf_orig_want(struct ospf *o, struct ospf_db *db, uint16_t type, uint32_t id,
    const struct wr *body)
{
	struct ospf_key		 k = { type, id, o->conf.router_id };
	struct ospf_orig	*og;
	uint8_t			*copy;

	if (wr_end(body) == -1)
		return;
	if ((og = orig_find(o, db, &k)) == NULL &&
	    (og = orig_new(o, db, &k)) == NULL)
		return;
	og->wanted = 1;
	if (og->body != NULL && og->len == body->len &&
	    memcmp(og->body, body->buf, body->len) == 0)
		return;
	if ((copy = malloc(body->len)) == NULL)
		return;
	memcpy(copy, body->buf, body->len);
	free(og->body);
	og->body = copy;
	og->len = body->len;
	og->changed = 1;
}

/* --- out --------------------------------------------------------------- */

static void
lsa_flush(struct ospf *o, struct ospf_lsa *l)
{
	if (l->old)
		return;
	ospf_lsa_expire(l, o->now);
	ospf_grace_changed(o, l);
	(void)ospf_flood(o, l, NULL);
	o->will_changed = 1;
}

static void
orig_flush(struct ospf *o, struct ospf_orig *og)
{
	struct ospf_lsa	*l;

	og->due = ospf_never;
	og->changed = 1;
	if ((l = ospf_db_find(og->db, &og->key)) != NULL)
		lsa_flush(o, l);
}

void
ospf_orig_flush_all(struct ospf *o, const struct ospf_db *db)
{
	struct ospf_orig	*og;

	TAILQ_FOREACH(og, &o->origs, entry)
		if (db == NULL || og->db == db) {
			og->wanted = 0;
			orig_flush(o, og);
		}
}

/* The next instance as bytes in o->packet; its header in h. */
static void
orig_build(struct ospf *o, struct ospf_orig *og, struct ospf_lsa_header *h)
{
	struct wr	 w;

	memset(h, 0, sizeof(*h));
	h->key = og->key;
	h->seq = og->seq;
	h->len = OSPF_LSA_LEN + og->len;
	wr_init(&w, o->packet, sizeof(o->packet));
	ospf_lsa_header_build(&w, h);
	wr_bytes(&w, og->body, og->len);
	h->cksum = ospf_lsa_cksum(w.buf, w.len);
	wr_patch16(&w, 16, h->cksum);
}

static void
orig_emit(struct ospf *o, struct ospf_orig *og)
{
	struct ospf_lsa_header	 h;
	struct ospf_lsa		*l, *old;

	og->seq++;
	orig_build(o, og, &h);
	if ((l = ospf_lsa_new(&o->store, &h, o->packet, 1, o->now)) == NULL) {
		og->due = mono_add(o->now, OSPF_MIN_LS_INTERVAL);
		return;
	}
	if ((old = ospf_db_find(og->db, &og->key)) != NULL) {
		l->before = old->arrived;
		ospf_unacked_forget(o, old);
	}
	ospf_db_install(og->db, l);
	if (og->changed)
		ospf_grace_changed(o, l);
	(void)ospf_flood(o, l, NULL);
	og->told = l->unacked > 0;
	og->sent = o->now;
	og->due = mono_add(o->now, OSPF_REFRESH);
	og->changed = 0;
	o->will_changed = 1;
	ospf_lsa_rele(l);
}

/*
 * RFC 2328 12.1.6: after the largest sequence number the LSA is flushed, and
 * begins anew when it has gone: see ospf_orig_gone().
 */
static void
orig_wrap(struct ospf *o, struct ospf_orig *og)
{
	og->wrap = 1;
	orig_flush(o, og);
	if (ospf_db_find(og->db, &og->key) == NULL)
		ospf_orig_gone(o, og->db, &og->key);
}

static void
orig_renew(struct ospf *o, struct ospf_orig *og)
{
	if (og->wrap || og->body == NULL || o->stopping)
		return;
	if (og->seq == OSPF_SEQ_MAX)
		orig_wrap(o, og);
	else
		orig_emit(o, og);
}

/* Now, or when MinLSInterval allows. */
static void
orig_schedule(struct ospf *o, struct ospf_orig *og)
{
	mono_t	 when = mono_add(og->sent, OSPF_MIN_LS_INTERVAL);

	if (og->fights > OSPF_FIGHTS &&
	    mono_sub(o->now, og->fought) < OSPF_TRUCE)
		og->due = mono_add(og->fought, OSPF_TRUCE);
	else if (og->told && !mono_reached(o->now, when))
		og->due = when;
	else
		orig_renew(o, og);
}

void
ospf_orig_run(struct ospf *o)
{
	struct ospf_orig	*og;

	o->dirty = 0;
	if (o->stopping)
		return;
	TAILQ_FOREACH(og, &o->origs, entry)
		og->wanted = 0;
	ospf_self_want(o);
	TAILQ_FOREACH(og, &o->origs, entry)
		if (!og->wanted)
			orig_flush(o, og);
	TAILQ_FOREACH(og, &o->origs, entry)
		if (og->wanted && og->changed)
			orig_schedule(o, og);
}

void
ospf_orig_tick(struct ospf *o)
{
	struct ospf_orig	*og;

	TAILQ_FOREACH(og, &o->origs, entry)
		if (mono_reached(o->now, og->due)) {
			og->due = ospf_never;
			if (og->wanted)
				orig_renew(o, og);
			else
				orig_flush(o, og);
		}
}

mono_t
ospf_orig_deadline(const struct ospf *o)
{
	const struct ospf_orig	*og;
	mono_t			 when = ospf_never;

	TAILQ_FOREACH(og, &o->origs, entry)
		when = ospf_earlier(when, og->due);
	return (when);
}

/* What is remembered of LSAs that are not wanted are their sequences. */
void
ospf_orig_gone(struct ospf *o, const struct ospf_db *db,
    const struct ospf_key *k)
{
	struct ospf_orig	*og;

	if (k->adv != o->conf.router_id ||
	    (og = orig_find(o, db, k)) == NULL)
		return;
	if (og->wrap) {
		og->wrap = 0;
		og->seq = OSPF_SEQ_FIRST - 1;
		if (og->wanted)
			orig_renew(o, og);
	}
	if (!og->wanted && k->type != OSPF_LSA_EXTERNAL &&
	    k->type != OSPF_LSA_NSSA)
		orig_free(o, og);
}

/* --- others who speak in our name -------------------------------------- */

/*
 * Count it; true when that happened so often that somebody must have our
 * router id.  Then we leave it for a while, so that the area does not flap.
 */
static int
fight(struct ospf *o, uint32_t *fights, mono_t *fought,
    const struct ospf_key *k)
{
	if (fought->ns == MONO_NEVER ||
	    mono_sub(o->now, *fought) >= OSPF_TRUCE)
		*fights = 0;
	if (*fights <= OSPF_FIGHTS)
		*fought = o->now;
	if (++*fights <= OSPF_FIGHTS)
		return (0);
	if (ospf_may_warn(o, &o->warned_fight))
		ospf_log(o, LOG_WARNING, "somebody else originates LSAs in "
		    "our name (%s): is our router id taken?",
		    ospf_lsa_name(k->type));
	return (1);
}

/* The row of a stranger, or the one that was not needed for longest. */
static struct ospf_stranger *
stranger_row(struct ospf *o, const struct ospf_key *k)
{
	struct ospf_stranger	*s, *best = &o->strangers[0];

	for (s = o->strangers; s < &o->strangers[OSPF_STRANGERS]; s++) {
		if (ospf_key_cmp(&s->key, k) == 0)
			return (s);
		if (best->fights > 0 && (s->fights == 0 ||
		    !mono_reached(s->fought, best->fought)))
			best = s;
	}
	best->key = *k;
	best->fights = 0;
	best->fought = ospf_never;
	return (best);
}

int
ospf_orig_newer(struct ospf *o, struct ospf_lsa *l)
{
	struct ospf_orig	*og;
	struct ospf_stranger	*s;

	if ((og = orig_find(o, l->db, &l->h.key)) == NULL) {
		s = stranger_row(o, &l->h.key);
		if (l->old || fight(o, &s->fights, &s->fought, &l->h.key))
			return (0);
		lsa_flush(o, l);
		return (1);
	}
	if (og->seq < l->h.seq)
		og->seq = l->h.seq;
	og->changed = 1;
	if (fight(o, &og->fights, &og->fought, &l->h.key)) {
		og->due = mono_add(og->fought, OSPF_TRUCE);
		return (0);
	}
	if (og->wanted && !og->wrap && !o->stopping)
		orig_renew(o, og);
	else if (l->old)
		return (0);
	else
		lsa_flush(o, l);
	return (1);
}
