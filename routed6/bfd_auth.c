/*
 * Authentication of BFD packets: see bfd_auth.h.  Engine of the bfd process;
 * pure.  RFC 5880 6.7.2 and 6.7.4.  Where the RFC notes the sequence number
 * before it looks at the digest, here the digest comes first: or anybody could
 * push the window away.
 */
#include <nettle/memops.h>
#include <nettle/sha1.h>

#include <string.h>

#include "bfd_auth.h"
#include "bfd_wire.h"
#include "rd.h"

#define SIMPLE_LEN	3		/* type, length and key ID */
#define SHA1_LEN	28
#define SHA1_HASH	(BFD_HEADER_LEN + 8)	/* where the digest is */

static int
is_sha1(const struct bfd_key *k)
{
	return (k->type == BFD_AUTH_SHA1 ||
	    k->type == BFD_AUTH_SHA1_METICULOUS);
}

size_t
bfd_auth_len(const struct bfd_key *k)
{
	if (is_sha1(k))
		return (SHA1_LEN);
	return (k->type == BFD_AUTH_SIMPLE ? SIMPLE_LEN + k->len : 0);
}

/* Over the whole packet, with the key where the digest will be. */
static void
digest(const struct bfd_key *k, const uint8_t *packet, uint8_t *out)
{
	struct sha1_ctx	 ctx;

	sha1_init(&ctx);
	sha1_update(&ctx, SHA1_HASH, packet);
	sha1_update(&ctx, sizeof(k->secret), k->secret);
	sha1_digest(&ctx, SHA1_DIGEST_SIZE, out);
}

void
bfd_auth_sign(const struct bfd_key *k, struct wr *w, uint32_t seq)
{
	uint8_t	 hash[SHA1_DIGEST_SIZE];

	if (bfd_auth_len(k) == 0)
		return;
	wr_u8(w, k->type);
	wr_u8(w, bfd_auth_len(k));
	wr_u8(w, k->id);
	if (k->type == BFD_AUTH_SIMPLE) {
		wr_bytes(w, k->secret, k->len);
		return;
	}
	wr_u8(w, 0);
	wr_u32(w, seq);
	if (w->bad || w->len != SHA1_HASH)
		return;
	digest(k, w->buf, hash);
	wr_bytes(w, hash, sizeof(hash));
}

/*
 * RFC 5880 6.7.4: up to three detection times may have been lost; a packet
 * that is not meticulous may come again.
 */
static int
in_window(const struct bfd_key *k, const struct bfd_heard *h, uint32_t seq,
    uint8_t mult)
{
	uint32_t	 ahead = seq - h->seq;

	if (!h->known)
		return (1);
	if (k->type == BFD_AUTH_SHA1_METICULOUS && ahead == 0)
		return (0);
	return (ahead <= 3U * mult);
}

static int
sha1_check(const struct bfd_key *k, const uint8_t *packet, struct rd *r,
    uint8_t mult, struct bfd_heard *h)
{
	uint8_t		 got[SHA1_DIGEST_SIZE], hash[SHA1_DIGEST_SIZE];
	uint32_t	 seq;

	(void)rd_u8(r);			/* reserved, to be ignored */
	seq = rd_u32(r);
	rd_bytes(r, got, sizeof(got));
	if (rd_end(r) == -1 || !in_window(k, h, seq, mult))
		return (-1);
	digest(k, packet, hash);
	if (!memeql_sec(got, hash, sizeof(hash)))
		return (-1);
	h->seq = seq;
	h->known = 1;
	return (0);
}

int
bfd_auth_check(const struct bfd_key *k, const uint8_t *packet, size_t len,
    uint8_t mult, struct bfd_heard *h)
{
	const uint8_t	*password;
	uint8_t		 type, id;
	size_t		 section;
	struct rd	 r;

	rd_init(&r, packet, len);
	(void)rd_skip(&r, BFD_HEADER_LEN);
	type = rd_u8(&r);
	section = rd_u8(&r);
	id = rd_u8(&r);
	if (r.bad || type != k->type || id != k->id ||
	    section != bfd_auth_len(k) || len != BFD_HEADER_LEN + section)
		return (-1);
	if (is_sha1(k))
		return (sha1_check(k, packet, &r, mult, h));
	password = rd_skip(&r, k->len);
	return (rd_end(&r) == 0 &&
	    memeql_sec(password, k->secret, k->len) ? 0 : -1);
}
