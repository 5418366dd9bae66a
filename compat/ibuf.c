/*
 * Byte buffers: see imsg.h.  Part of every process.  Does no input or output
 * and never touches a byte outside a buffer: new bytes come from
 * ibuf_extend() alone, old ones are reached through ibuf_skip() and
 * ibuf_seek() alone, and these three check.
 */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "imsg.h"

#define GROW_MIN	64	/* spares tiny messages many small steps */

struct ibuf *
ibuf_open(size_t len)
{
	struct ibuf	*buf;

	if ((buf = calloc(1, sizeof(*buf))) == NULL)
		return (NULL);
	if ((buf->buf = calloc(1, len > 0 ? len : 1)) == NULL) {
		free(buf);
		return (NULL);
	}
	buf->size = buf->max = len;
	buf->fd = -1;
	return (buf);
}

struct ibuf *
ibuf_dynamic(size_t len, size_t max)
{
	struct ibuf	*buf;

	if (max == 0 || max < len) {
		errno = EINVAL;
		return (NULL);
	}
	if ((buf = ibuf_open(len)) != NULL)
		buf->max = max;
	return (buf);
}

void
ibuf_free(struct ibuf *buf)
{
	int	 save = errno;

	if (buf == NULL)
		return;
	if (buf->borrowed)
		abort();
	if (buf->fd != -1)
		close(buf->fd);
	freezero(buf->buf, buf->size);
	free(buf);
	errno = save;
}

void
ibuf_from_buffer(struct ibuf *buf, void *data, size_t len)
{
	memset(buf, 0, sizeof(*buf));
	buf->buf = data;
	buf->size = buf->max = buf->wpos = len;
	buf->fd = -1;
	buf->borrowed = 1;
}

void
ibuf_from_ibuf(struct ibuf *buf, const struct ibuf *from)
{
	ibuf_from_buffer(buf, ibuf_data(from), ibuf_size(from));
}

/* Make room for len more bytes in a buffer that may grow that far. */
static int
ibuf_grow(struct ibuf *buf, size_t len)
{
	unsigned char	*p;
	size_t		 size;

	size = buf->size < buf->max / 2 ? buf->size * 2 : buf->max;
	if (size < buf->wpos + len)
		size = buf->wpos + len;
	if (size < GROW_MIN)
		size = GROW_MIN < buf->max ? GROW_MIN : buf->max;
	if ((p = recallocarray(buf->buf, buf->size, size, 1)) == NULL)
		return (-1);
	buf->buf = p;
	buf->size = size;
	return (0);
}

/* Like ibuf_reserve() but leaves the new bytes as they are. */
static void *
ibuf_extend(struct ibuf *buf, size_t len)
{
	void	*p;

	if (buf->borrowed || len > buf->max - buf->wpos) {
		errno = ERANGE;
		return (NULL);
	}
	if (len > buf->size - buf->wpos && ibuf_grow(buf, len) == -1)
		return (NULL);
	p = buf->buf + buf->wpos;
	buf->wpos += len;
	return (p);
}

void *
ibuf_reserve(struct ibuf *buf, size_t len)
{
	void	*p;

	if ((p = ibuf_extend(buf, len)) != NULL)
		memset(p, 0, len);
	return (p);
}

int
ibuf_add(struct ibuf *buf, const void *data, size_t len)
{
	void	*p;

	if (len == 0)
		return (0);
	if ((p = ibuf_extend(buf, len)) == NULL)
		return (-1);
	memcpy(p, data, len);
	return (0);
}

int
ibuf_add_ibuf(struct ibuf *buf, const struct ibuf *from)
{
	return (ibuf_add(buf, ibuf_data(from), ibuf_size(from)));
}

int
ibuf_add_zero(struct ibuf *buf, size_t len)
{
	return (len == 0 || ibuf_reserve(buf, len) != NULL ? 0 : -1);
}

int
ibuf_add_strbuf(struct ibuf *buf, const char *str, size_t len)
{
	size_t	 n;
	void	*p;

	n = strnlen(str, len);
	if (n == len) {
		errno = EOVERFLOW;
		return (-1);
	}
	if ((p = ibuf_reserve(buf, len)) == NULL)
		return (-1);
	memcpy(p, str, n);
	return (0);
}

/* -1 when a value needs more than size bytes. */
static int
value_fits(uint64_t value, size_t size)
{
	if (size < sizeof(value) && value >> (size * 8) != 0) {
		errno = EINVAL;
		return (-1);
	}
	return (0);
}

int
ibuf_add_n8(struct ibuf *buf, uint64_t value)
{
	uint8_t	 v = value;

	if (value_fits(value, sizeof(v)) == -1)
		return (-1);
	return (ibuf_add(buf, &v, sizeof(v)));
}

int
ibuf_add_n16(struct ibuf *buf, uint64_t value)
{
	if (value_fits(value, sizeof(uint16_t)) == -1)
		return (-1);
	return (ibuf_add_h16(buf, htobe16(value)));
}

int
ibuf_add_n32(struct ibuf *buf, uint64_t value)
{
	if (value_fits(value, sizeof(uint32_t)) == -1)
		return (-1);
	return (ibuf_add_h32(buf, htobe32(value)));
}

int
ibuf_add_n64(struct ibuf *buf, uint64_t value)
{
	return (ibuf_add_h64(buf, htobe64(value)));
}

int
ibuf_add_h16(struct ibuf *buf, uint64_t value)
{
	uint16_t	 v = value;

	if (value_fits(value, sizeof(v)) == -1)
		return (-1);
	return (ibuf_add(buf, &v, sizeof(v)));
}

int
ibuf_add_h32(struct ibuf *buf, uint64_t value)
{
	uint32_t	 v = value;

	if (value_fits(value, sizeof(v)) == -1)
		return (-1);
	return (ibuf_add(buf, &v, sizeof(v)));
}

int
ibuf_add_h64(struct ibuf *buf, uint64_t value)
{
	return (ibuf_add(buf, &value, sizeof(value)));
}

void *
ibuf_seek(struct ibuf *buf, size_t pos, size_t len)
{
	size_t	 have;

	have = ibuf_size(buf);
	if (buf->buf == NULL || pos > have || len > have - pos) {
		errno = ERANGE;
		return (NULL);
	}
	return (buf->buf + buf->rpos + pos);
}

int
ibuf_set(struct ibuf *buf, size_t pos, const void *data, size_t len)
{
	void	*p;

	if ((p = ibuf_seek(buf, pos, len)) == NULL)
		return (-1);
	if (len > 0)
		memcpy(p, data, len);
	return (0);
}

int
ibuf_set_n8(struct ibuf *buf, size_t pos, uint64_t value)
{
	uint8_t	 v = value;

	if (value_fits(value, sizeof(v)) == -1)
		return (-1);
	return (ibuf_set(buf, pos, &v, sizeof(v)));
}

int
ibuf_set_n16(struct ibuf *buf, size_t pos, uint64_t value)
{
	if (value_fits(value, sizeof(uint16_t)) == -1)
		return (-1);
	return (ibuf_set_h16(buf, pos, htobe16(value)));
}

int
ibuf_set_n32(struct ibuf *buf, size_t pos, uint64_t value)
{
	if (value_fits(value, sizeof(uint32_t)) == -1)
		return (-1);
	return (ibuf_set_h32(buf, pos, htobe32(value)));
}

int
ibuf_set_n64(struct ibuf *buf, size_t pos, uint64_t value)
{
	return (ibuf_set_h64(buf, pos, htobe64(value)));
}

int
ibuf_set_h16(struct ibuf *buf, size_t pos, uint64_t value)
{
	uint16_t	 v = value;

	if (value_fits(value, sizeof(v)) == -1)
		return (-1);
	return (ibuf_set(buf, pos, &v, sizeof(v)));
}

int
ibuf_set_h32(struct ibuf *buf, size_t pos, uint64_t value)
{
	uint32_t	 v = value;

	if (value_fits(value, sizeof(v)) == -1)
		return (-1);
	return (ibuf_set(buf, pos, &v, sizeof(v)));
}

int
ibuf_set_h64(struct ibuf *buf, size_t pos, uint64_t value)
{
	return (ibuf_set(buf, pos, &value, sizeof(value)));
}

int
ibuf_truncate(struct ibuf *buf, size_t len)
{
	size_t	 have;

	have = ibuf_size(buf);
	if (len > have)
		return (ibuf_add_zero(buf, len - have));
	buf->wpos = buf->rpos + len;
	return (0);
}

void *
ibuf_data(const struct ibuf *buf)
{
	return (buf->buf == NULL ? NULL : buf->buf + buf->rpos);
}

size_t
ibuf_size(const struct ibuf *buf)
{
	return (buf->wpos - buf->rpos);
}

size_t
ibuf_left(const struct ibuf *buf)
{
	return (buf->borrowed ? 0 : buf->max - buf->wpos);
}

void
ibuf_rewind(struct ibuf *buf)
{
	buf->rpos = 0;
}

int
ibuf_skip(struct ibuf *buf, size_t len)
{
	if (len > ibuf_size(buf)) {
		errno = EBADMSG;
		return (-1);
	}
	buf->rpos += len;
	return (0);
}

int
ibuf_get(struct ibuf *buf, void *data, size_t len)
{
	void	*p;

	p = ibuf_data(buf);
	if (ibuf_skip(buf, len) == -1)
		return (-1);
	if (len > 0)
		memcpy(data, p, len);
	return (0);
}

int
ibuf_get_ibuf(struct ibuf *buf, size_t len, struct ibuf *sub)
{
	void	*p;

	p = ibuf_data(buf);
	if (ibuf_skip(buf, len) == -1)
		return (-1);
	ibuf_from_buffer(sub, p, len);
	return (0);
}

int
ibuf_get_n8(struct ibuf *buf, uint8_t *value)
{
	return (ibuf_get(buf, value, sizeof(*value)));
}

int
ibuf_get_n16(struct ibuf *buf, uint16_t *value)
{
	if (ibuf_get_h16(buf, value) == -1)
		return (-1);
	*value = be16toh(*value);
	return (0);
}

int
ibuf_get_n32(struct ibuf *buf, uint32_t *value)
{
	if (ibuf_get_h32(buf, value) == -1)
		return (-1);
	*value = be32toh(*value);
	return (0);
}

int
ibuf_get_n64(struct ibuf *buf, uint64_t *value)
{
	if (ibuf_get_h64(buf, value) == -1)
		return (-1);
	*value = be64toh(*value);
	return (0);
}

int
ibuf_get_h16(struct ibuf *buf, uint16_t *value)
{
	return (ibuf_get(buf, value, sizeof(*value)));
}

int
ibuf_get_h32(struct ibuf *buf, uint32_t *value)
{
	return (ibuf_get(buf, value, sizeof(*value)));
}

int
ibuf_get_h64(struct ibuf *buf, uint64_t *value)
{
	return (ibuf_get(buf, value, sizeof(*value)));
}

char *
ibuf_get_string(struct ibuf *buf, size_t len)
{
	char	*str;

	if (len > ibuf_size(buf)) {
		errno = EBADMSG;
		return (NULL);
	}
	str = len == 0 ? strdup("") : strndup(ibuf_data(buf), len);
	if (str != NULL)
		ibuf_skip(buf, len);
	return (str);
}

int
ibuf_get_strbuf(struct ibuf *buf, char *str, size_t len)
{
	if (len == 0) {
		errno = EINVAL;
		return (-1);
	}
	if (ibuf_get(buf, str, len) == -1)
		return (-1);
	if (memchr(str, '\0', len) == NULL) {
		str[len - 1] = '\0';
		errno = EOVERFLOW;
		return (-1);
	}
	return (0);
}

int
ibuf_fd_avail(const struct ibuf *buf)
{
	return (buf->fd != -1);
}

int
ibuf_fd_get(struct ibuf *buf)
{
	int	 fd;

	fd = buf->fd;
	buf->fd = -1;
	return (fd);
}

void
ibuf_fd_set(struct ibuf *buf, int fd)
{
	if (buf->borrowed)
		abort();
	if (buf->fd != -1)
		close(buf->fd);
	buf->fd = fd < 0 ? -1 : fd;
}
