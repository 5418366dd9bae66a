/*
 * Read cursor over bytes from the network.  Every read is checked against
 * what is left; the first read past the end makes the cursor bad, and a bad
 * cursor answers zero to everything that follows.  So a parser reads like the
 * picture in the RFC and asks once, at the end, whether it was all there.
 * Multi-byte values are in network byte order on the wire and returned in
 * host byte order.  Nothing here allocates or keeps a copy.
 */
#ifndef RD_H
#define RD_H

#include <stddef.h>
#include <stdint.h>

struct rd {
	const uint8_t	*p;	/* next byte */
	size_t		 left;	/* bytes that remain */
	int		 bad;	/* a read went past the end */
};

/* Start reading len bytes at buf, which must outlive the cursor. */
void		 rd_init(struct rd *, const void *buf, size_t len);

/* Next 1, 2, 3, 4 or 8 bytes as a number in host byte order; 0 when bad. */
uint8_t		 rd_u8(struct rd *);
uint16_t	 rd_u16(struct rd *);
uint32_t	 rd_u24(struct rd *);
uint32_t	 rd_u32(struct rd *);
uint64_t	 rd_u64(struct rd *);

/* Copy the next len bytes to dst; dst is zeroed when they are not there. */
void		 rd_bytes(struct rd *, void *dst, size_t len);

/* Pass over len bytes; returns where they begin, or NULL when bad. */
const uint8_t	*rd_skip(struct rd *, size_t len);

/*
 * Carve the next len bytes into a cursor of their own, as for a TLV.  When
 * they are not there both cursors are bad.
 */
struct rd	 rd_sub(struct rd *, size_t len);

/* 0 when every read fitted and nothing is left over, else -1. */
int		 rd_end(const struct rd *);

#endif
