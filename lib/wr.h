/*
 * Write cursor: the twin of rd.h.  A write that does not fit makes the
 * cursor bad and writes nothing; wr_end() tells.  Values are given in host
 * byte order and written in network byte order.
 */
#ifndef WR_H
#define WR_H

#include <sys/types.h>

#include <stddef.h>
#include <stdint.h>

struct wr {
	uint8_t	*buf;
	size_t	 len;	/* bytes written */
	size_t	 cap;	/* bytes there is room for */
	int	 bad;	/* a write did not fit */
};

/* Start writing to buf, which has room for cap bytes. */
void	 wr_init(struct wr *, void *buf, size_t cap);

/* Append a number of 1, 2, 3, 4 or 8 bytes. */
void	 wr_u8(struct wr *, uint8_t);
void	 wr_u16(struct wr *, uint16_t);
void	 wr_u24(struct wr *, uint32_t);
void	 wr_u32(struct wr *, uint32_t);
void	 wr_u64(struct wr *, uint64_t);

/* Append len bytes from src, or len zeroes. */
void	 wr_bytes(struct wr *, const void *src, size_t len);
void	 wr_zero(struct wr *, size_t len);

/*
 * Overwrite 1 or 2 bytes at offset at, which must have been written: for
 * length fields whose value is known only later.
 */
void	 wr_patch8(struct wr *, size_t at, size_t val);
void	 wr_patch16(struct wr *, size_t at, size_t val);

/* Bytes written, or -1 when something did not fit. */
ssize_t	 wr_end(const struct wr *);

#endif
