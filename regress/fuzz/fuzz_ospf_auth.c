/*
 * Fuzz target: packets with an authentication trailer.  The first byte chooses
 * the algorithm and whether what follows is signed here, so that what is
 * behind the digest is reached.  Whatever is accepted must be refused as a
 * replay afterwards, and refused with its last byte changed.
 */
#include <stdlib.h>
#include <string.h>

#include "ospf_auth.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define ROOM	(4096 + OSPF_AUTH_MAX)

static const struct in6_addr	src = { .s6_addr = { 0xfe, 0x80, [15] = 1 } };

static void
keys_make(struct ospf_keys *keys, uint8_t algo)
{
	struct ospf_conf_key	*k = &keys->key[keys->n++];

	k->chain = 1;
	k->id = 1;
	k->algo = algo;
	k->len = 6;
	memcpy(k->secret, "secret", k->len);
	k->send.until = k->accept.until = INT64_MAX;
}

/* It was signed with our key: never twice, and not with anything changed. */
static void
accepted(const struct ospf_ring *ring, uint8_t *b, size_t len,
    const struct ospf_auth_mark *mark)
{
	struct ospf_auth_mark	 again;
	struct ospf_auth_seen	 seen = { { 0 }, { 0 }, 0 };

	ospf_auth_note(&seen, mark);
	if (ospf_auth_verify(ring, b, len, &src, &seen, &again) !=
	    OSPF_AUTH_REPLAY || memcmp(&again, mark, sizeof(again)) != 0)
		abort();
	b[len - 1] ^= 1;
	if (ospf_auth_verify(ring, b, len, &src, NULL, &again) !=
	    OSPF_AUTH_WRONG)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ospf_keys	 keys;
	struct ospf_ring	 ring = { &keys, 1, 1000 };
	struct ospf_auth_mark	 mark;
	enum ospf_auth_verdict	 v;
	struct wr		 w;
	uint8_t			*b, how;

	if (size == 0 || size > ROOM - OSPF_AUTH_MAX)
		return (0);
	how = data[0];
	memset(&keys, 0, sizeof(keys));
	keys_make(&keys, OSPF_AUTH_SHA1 + (how & 3));
	if ((b = malloc(size - 1 + OSPF_AUTH_MAX)) == NULL)
		abort();
	wr_init(&w, b, size - 1 + OSPF_AUTH_MAX);
	wr_bytes(&w, data + 1, size - 1);
	if (how & 4)
		(void)ospf_auth_sign(&w, &keys.key[0], how, &src);
	v = ospf_auth_verify(&ring, b, w.len, &src, NULL, &mark);
	if (v == OSPF_AUTH_OK)
		accepted(&ring, b, w.len, &mark);
	free(b);
	return (0);
}
