/*
 * The authentication trailer of OSPFv3: see ospf_auth.h (RFC 7166 3 and 4,
 * the LLS block of RFC 5613 2.1).  Engine of the ospf process; pure.  The
 * digests are nettle's.
 */
#include <string.h>

#include <nettle/hmac.h>
#include <nettle/memops.h>
#include <nettle/nettle-meta.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>

#include "ospf_auth.h"

#define TYPE_HMAC	1
#define PROTOCOL_ID_LEN	2
#define LLS_WORD	4	/* an LLS block counts its length in these */

static const struct nettle_hash	*const hashes[OSPF_AUTH_NALGOS] = {
	[OSPF_AUTH_SHA1] =	&nettle_sha1,
	[OSPF_AUTH_SHA256] =	&nettle_sha256,
	[OSPF_AUTH_SHA384] =	&nettle_sha384,
	[OSPF_AUTH_SHA512] =	&nettle_sha512
};

union hash_state {
	struct sha1_ctx		 sha1;
	struct sha256_ctx	 sha256;
	struct sha512_ctx	 sha512;
};

struct hmac {
	union hash_state	 outer;
	union hash_state	 inner;
	union hash_state	 state;
};

/* --- keys and time ----------------------------------------------------- */

int
ospf_life_is(const struct ospf_life *l, int64_t now)
{
	return (now >= l->from && now < l->until);
}

/* True when a counts more than b. */
static int
life_better(const struct ospf_life *a, const struct ospf_life *b, int64_t now)
{
	int	 is_a = ospf_life_is(a, now), is_b = ospf_life_is(b, now);
	int	 was_a = a->until <= now, was_b = b->until <= now;

	if (is_a != is_b)
		return (is_a);
	if (is_a)
		return (a->from > b->from);
	if (was_a != was_b)
		return (was_a);
	return (was_a ? a->until > b->until : a->from < b->from);
}

const struct ospf_conf_key *
ospf_auth_send_key(const struct ospf_ring *ring)
{
	const struct ospf_conf_key	*k, *best = NULL;
	uint32_t			 i;

	for (i = 0; i < ring->keys->n; i++) {
		k = &ring->keys->key[i];
		if (k->chain == ring->chain && (best == NULL ||
		    life_better(&k->send, &best->send, ring->now)))
			best = k;
	}
	return (best);
}

const struct ospf_conf_key *
ospf_auth_accept_key(const struct ospf_ring *ring, uint16_t id)
{
	const struct ospf_conf_key	*k, *best = NULL, *asked = NULL;
	uint32_t			 i;

	for (i = 0; i < ring->keys->n; i++) {
		k = &ring->keys->key[i];
		if (k->chain != ring->chain)
			continue;
		if (best == NULL ||
		    life_better(&k->accept, &best->accept, ring->now))
			best = k;
		if (k->id == id)
			asked = k;
	}
	if (asked == NULL || asked == best ||
	    ospf_life_is(&asked->accept, ring->now))
		return (asked);
	return (NULL);
}

/* --- digests ----------------------------------------------------------- */

/*
 * 4.4: OSPFv3's number, 1, goes behind every secret in network byte order.
 * FRR before 9.1 has it in that of its host, which hardly ever is the same.
 */
static const uint8_t *
protocol_id(const struct ospf_conf_key *k)
{
	static const uint8_t	 right[PROTOCOL_ID_LEN] = { 0, 1 };
	static const uint8_t	 swapped[PROTOCOL_ID_LEN] = { 1, 0 };

	return (k->frr_order ? swapped : right);
}

/*
 * 4.5 (1): the secret and the protocol's number, as long as a digest: shorter
 * ones are filled up with zeroes, longer ones hashed.  RFC 2104 would hash
 * only what is longer than a block.
 */
static void
key_prepare(const struct ospf_conf_key *k, const struct nettle_hash *h,
    union hash_state *state, uint8_t *ko)
{
	uint8_t	 ks[LIMIT_OSPF_SECRET + PROTOCOL_ID_LEN];
	size_t	 len = k->len + PROTOCOL_ID_LEN;

	memcpy(ks, k->secret, k->len);
	memcpy(ks + k->len, protocol_id(k), PROTOCOL_ID_LEN);
	memset(ko, 0, h->digest_size);
	if (len <= h->digest_size)
		memcpy(ko, ks, len);
	else {
		h->init(state);
		h->update(state, len, ks);
		h->digest(state, h->digest_size, ko);
	}
	explicit_bzero(ks, sizeof(ks));
}

/*
 * 4.5 (2) to (4), of len bytes and the Apad that stands for the digest while
 * it is computed: the source address and a constant, as long as the digest.
 */
static void
digest(const struct ospf_conf_key *k, const void *buf, size_t len,
    const struct in6_addr *src, uint8_t *out)
{
	static const uint8_t		 pad[] = { 0x87, 0x8f, 0xe1, 0xf3 };
	const struct nettle_hash	*h = hashes[k->algo];
	uint8_t				 ko[OSPF_AUTH_DIGEST];
	struct hmac			 m;
	size_t				 i;

	key_prepare(k, h, &m.state, ko);
	hmac_set_key(&m.outer, &m.inner, &m.state, h, h->digest_size, ko);
	hmac_update(&m.state, h, len, buf);
	hmac_update(&m.state, h, sizeof(*src), src->s6_addr);
	for (i = sizeof(*src); i < h->digest_size; i += sizeof(pad))
		hmac_update(&m.state, h, sizeof(pad), pad);
	hmac_digest(&m.outer, &m.inner, &m.state, h, h->digest_size, out);
	explicit_bzero(ko, sizeof(ko));
	explicit_bzero(&m, sizeof(m));
}

/* --- out --------------------------------------------------------------- */

int
ospf_auth_sign(struct wr *w, const struct ospf_conf_key *k, uint64_t seq,
    const struct in6_addr *src)
{
	uint8_t	 out[OSPF_AUTH_DIGEST];
	size_t	 len = hashes[k->algo]->digest_size;

	wr_u16(w, TYPE_HMAC);
	wr_u16(w, OSPF_AUTH_HEADER + len);
	wr_u16(w, 0);
	wr_u16(w, k->id);
	wr_u64(w, seq);
	if (wr_end(w) == -1)
		return (-1);
	digest(k, w->buf, w->len, src, out);
	wr_bytes(w, out, len);
	return (wr_end(w) == -1 ? -1 : 0);
}

/* --- in ---------------------------------------------------------------- */

/*
 * The options that say what follows the packet.  Those types which have none
 * carry a trailer and never an LLS block (RFC 5613 2).  -1: it is short.
 */
static int
packet_options(uint8_t type, struct rd *body, uint32_t *options)
{
	struct ospf_hello	 hello;
	struct ospf_dd		 dd;

	*options = OSPF_O_AT;
	if (type == OSPF_HELLO) {
		if (ospf_hello_parse(body, &hello) == -1)
			return (-1);
		*options = hello.options;
	} else if (type == OSPF_DD) {
		if (ospf_dd_parse(body, &dd) == -1)
			return (-1);
		*options = dd.options;
	}
	return (0);
}

static void
lls_skip(struct rd *r)
{
	uint16_t	 words;

	rd_u16(r);
	words = rd_u16(r);
	if (words == 0)
		r->bad = 1;
	else
		rd_skip(r, (words - 1) * LLS_WORD);
}

/* Find the trailer: what is left in the cursor. */
static enum ospf_auth_verdict
trailer_find(struct rd *r, uint8_t *type)
{
	struct ospf_header	 h;
	struct rd		 body;
	uint32_t		 options;

	if (ospf_header_parse(r, &h) == -1)
		return (OSPF_AUTH_MALFORMED);
	*type = h.type;
	body = rd_sub(r, h.len - OSPF_HEADER_LEN);
	if (packet_options(h.type, &body, &options) == -1)
		return (OSPF_AUTH_MALFORMED);
	if (options & OSPF_O_L)
		lls_skip(r);
	if (r->bad)
		return (OSPF_AUTH_MALFORMED);
	return (options & OSPF_O_AT && r->left > 0 ? OSPF_AUTH_OK :
	    OSPF_AUTH_MISSING);
}

/* 4.1; where the digest is, or NULL. */
static const uint8_t *
trailer_parse(struct rd *r, uint16_t *type, struct ospf_auth_mark *mark,
    size_t *len)
{
	const uint8_t	*p;
	uint16_t	 all;

	*type = rd_u16(r);
	all = rd_u16(r);
	rd_u16(r);
	mark->id = rd_u16(r);
	mark->seq = rd_u64(r);
	if (all < OSPF_AUTH_HEADER)
		return (NULL);
	*len = all - OSPF_AUTH_HEADER;
	p = rd_skip(r, *len);
	return (rd_end(r) == -1 ? NULL : p);
}

/* 4.6: by which key, in order, and by the one who knows the secret? */
static enum ospf_auth_verdict
trailer_judge(const struct ospf_ring *ring, const uint8_t *buf,
    const uint8_t *theirs, size_t len, const struct in6_addr *src,
    const struct ospf_auth_seen *seen, const struct ospf_auth_mark *mark)
{
	const struct ospf_conf_key	*k;
	uint8_t				 ours[OSPF_AUTH_DIGEST];

	if ((k = ospf_auth_accept_key(ring, mark->id)) == NULL)
		return (OSPF_AUTH_KEY);
	if (len != hashes[k->algo]->digest_size)
		return (OSPF_AUTH_ALGO);
	if (seen != NULL && seen->any[mark->type] &&
	    mark->seq <= seen->seq[mark->type])
		return (OSPF_AUTH_REPLAY);
	digest(k, buf, theirs - buf, src, ours);
	return (memeql_sec(ours, theirs, len) ? OSPF_AUTH_OK :
	    OSPF_AUTH_WRONG);
}

enum ospf_auth_verdict
ospf_auth_verify(const struct ospf_ring *ring, const void *buf, size_t len,
    const struct in6_addr *src, const struct ospf_auth_seen *seen,
    struct ospf_auth_mark *mark)
{
	enum ospf_auth_verdict	 v;
	const uint8_t		*theirs;
	uint16_t		 type;
	struct rd		 r;
	size_t			 dlen;

	memset(mark, 0, sizeof(*mark));
	rd_init(&r, buf, len);
	if ((v = trailer_find(&r, &mark->type)) != OSPF_AUTH_OK)
		return (v);
	theirs = trailer_parse(&r, &type, mark, &dlen);
	if (type != TYPE_HMAC && !r.bad)
		return (OSPF_AUTH_TYPE);
	if (theirs == NULL)
		return (OSPF_AUTH_MALFORMED);
	return (trailer_judge(ring, buf, theirs, dlen, src, seen, mark));
}

void
ospf_auth_note(struct ospf_auth_seen *seen, const struct ospf_auth_mark *mark)
{
	seen->any[mark->type] = 1;
	seen->seq[mark->type] = mark->seq;
	seen->id = mark->id;
}

const char *
ospf_auth_verdict_name(enum ospf_auth_verdict v)
{
	static const char *const	 names[OSPF_AUTH_NVERDICTS] =
					    OSPF_AUTH_VERDICT_NAMES;

	return (v < OSPF_AUTH_NVERDICTS ? names[v] : "?");
}
