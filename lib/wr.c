/*
 * Write cursor: see wr.h.
 */
#include <string.h>

#include "wr.h"

void
wr_init(struct wr *w, void *buf, size_t cap)
{
	w->buf = buf;
	w->len = 0;
	w->cap = cap;
	w->bad = 0;
}

/* Room for the next len bytes, or NULL. */
static uint8_t *
wr_room(struct wr *w, size_t len)
{
	uint8_t	*p = w->buf + w->len;

	if (w->bad || len > w->cap - w->len) {
		w->bad = 1;
		return (NULL);
	}
	w->len += len;
	return (p);
}

static void
wr_be(struct wr *w, uint64_t v, size_t n)
{
	uint8_t	*p;

	if ((p = wr_room(w, n)) == NULL)
		return;
	while (n-- > 0) {
		p[n] = v & 0xff;
		v >>= 8;
	}
}

void
wr_u8(struct wr *w, uint8_t v)
{
	wr_be(w, v, 1);
}

void
wr_u16(struct wr *w, uint16_t v)
{
	wr_be(w, v, 2);
}

void
wr_u24(struct wr *w, uint32_t v)
{
	wr_be(w, v, 3);
}

void
wr_u32(struct wr *w, uint32_t v)
{
	wr_be(w, v, 4);
}

void
wr_u64(struct wr *w, uint64_t v)
{
	wr_be(w, v, 8);
}

void
wr_bytes(struct wr *w, const void *src, size_t len)
{
	uint8_t	*p;

	if ((p = wr_room(w, len)) != NULL && len > 0)
		memcpy(p, src, len);
}

void
wr_zero(struct wr *w, size_t len)
{
	uint8_t	*p;

	if ((p = wr_room(w, len)) != NULL && len > 0)
		memset(p, 0, len);
}

void
wr_patch8(struct wr *w, size_t at, size_t val)
{
	if (w->bad || at >= w->len || val > 0xff) {
		w->bad = 1;
		return;
	}
	w->buf[at] = (uint8_t)val;
}

void
wr_patch16(struct wr *w, size_t at, size_t val)
{
	if (val > 0xffff) {
		w->bad = 1;
		return;
	}
	wr_patch8(w, at, val >> 8);
	wr_patch8(w, at + 1, val & 0xff);
}

ssize_t
wr_end(const struct wr *w)
{
	return (w->bad ? -1 : (ssize_t)w->len);
}
