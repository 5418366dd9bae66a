/*
 * Read cursor: see rd.h.
 */
#include <string.h>

#include "rd.h"

void
rd_init(struct rd *r, const void *buf, size_t len)
{
	r->p = buf;
	r->left = len;
	r->bad = 0;
}

const uint8_t *
rd_skip(struct rd *r, size_t len)
{
	const uint8_t	*p = r->p;

	if (r->bad || len > r->left) {
		r->bad = 1;
		r->left = 0;
		return (NULL);
	}
	r->p += len;
	r->left -= len;
	return (p);
}

/* The next n (at most 8) bytes as a big-endian number. */
static uint64_t
rd_be(struct rd *r, size_t n)
{
	const uint8_t	*p;
	uint64_t	 v = 0;
	size_t		 i;

	if ((p = rd_skip(r, n)) == NULL)
		return (0);
	for (i = 0; i < n; i++)
		v = v << 8 | p[i];
	return (v);
}

uint8_t
rd_u8(struct rd *r)
{
	return ((uint8_t)rd_be(r, 1));
}

uint16_t
rd_u16(struct rd *r)
{
	return ((uint16_t)rd_be(r, 2));
}

uint32_t
rd_u24(struct rd *r)
{
	return ((uint32_t)rd_be(r, 3));
}

uint32_t
rd_u32(struct rd *r)
{
	return ((uint32_t)rd_be(r, 4));
}

uint64_t
rd_u64(struct rd *r)
{
	return (rd_be(r, 8));
}

void
rd_bytes(struct rd *r, void *dst, size_t len)
{
	const uint8_t	*p;

	if ((p = rd_skip(r, len)) == NULL)
		memset(dst, 0, len);
	else
		memcpy(dst, p, len);
}

struct rd
rd_sub(struct rd *r, size_t len)
{
	struct rd	 sub = { NULL, 0, 1 };
	const uint8_t	*p;

	if ((p = rd_skip(r, len)) != NULL)
		rd_init(&sub, p, len);
	return (sub);
}

int
rd_end(const struct rd *r)
{
	return (r->bad || r->left != 0 ? -1 : 0);
}
