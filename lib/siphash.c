/*
 * SipHash-2-4: see siphash.h.
 */
#include "siphash.h"

struct sip {
	uint64_t	v[4];
};

static uint64_t
rotate(uint64_t x, unsigned int n)
{
	return (x << n | x >> (64 - n));
}

/* Up to eight bytes as a little-endian number, as the algorithm is defined. */
static uint64_t
word_load(const uint8_t *p, size_t n)
{
	uint64_t	 w = 0;

	while (n-- > 0)
		w = w << 8 | p[n];
	return (w);
}

static void
sip_rounds(struct sip *s, unsigned int n)
{
	uint64_t	*v = s->v;

	while (n-- > 0) {
		v[0] += v[1];
		v[2] += v[3];
		v[1] = rotate(v[1], 13) ^ v[0];
		v[3] = rotate(v[3], 16) ^ v[2];
		v[0] = rotate(v[0], 32);
		v[2] += v[1];
		v[0] += v[3];
		v[1] = rotate(v[1], 17) ^ v[2];
		v[3] = rotate(v[3], 21) ^ v[0];
		v[2] = rotate(v[2], 32);
	}
}

static void
sip_word(struct sip *s, uint64_t w)
{
	s->v[3] ^= w;
	sip_rounds(s, 2);
	s->v[0] ^= w;
}

uint64_t
siphash(const uint8_t *key, const void *buf, size_t len)
{
	const uint8_t	*p = buf;
	struct sip	 s;
	uint64_t	 k0, k1, last;
	size_t		 left;

	k0 = word_load(key, 8);
	k1 = word_load(key + 8, 8);
	s.v[0] = k0 ^ 0x736f6d6570736575ULL;	/* "somepseudorandomly..." */
	s.v[1] = k1 ^ 0x646f72616e646f6dULL;
	s.v[2] = k0 ^ 0x6c7967656e657261ULL;
	s.v[3] = k1 ^ 0x7465646279746573ULL;

	for (left = len; left >= 8; left -= 8, p += 8)
		sip_word(&s, word_load(p, 8));
	last = (uint64_t)(len & 0xff) << 56;
	sip_word(&s, last | word_load(p, left));

	s.v[2] ^= 0xff;
	sip_rounds(&s, 4);
	return (s.v[0] ^ s.v[1] ^ s.v[2] ^ s.v[3]);
}
