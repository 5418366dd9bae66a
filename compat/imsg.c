/*
 * Messages between processes: see imsg.h.  Part of every process.  Knows the
 * header of a message and its one mark; reading, writing and framing are
 * msgbuf.c's.  Never trusts the length a peer announces.
 */
#include <sys/types.h>
#include <sys/uio.h>

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "imsg.h"

#define FD_MARK		0x80000000U	/* in len: a descriptor comes along */
#define FLAG_FDPASS	0x01		/* imsgbuf_allow_fdpass() was called */

/* Make the message that a header announces: see msgbuf_new_reader(). */
static struct ibuf *
header_read(struct ibuf *buf, void *arg, int *fd)
{
	struct imsgbuf	*imsgbuf = arg;
	struct imsg_hdr	 hdr;
	struct ibuf	*msg;
	uint32_t	 len;

	if (ibuf_get(buf, &hdr, sizeof(hdr)) == -1)
		return (NULL);
	len = hdr.len & ~FD_MARK;
	if (len < IMSG_HEADER_SIZE || len > imsgbuf->maxsize) {
		errno = ERANGE;
		return (NULL);
	}
	if ((msg = ibuf_open(len)) == NULL)
		return (NULL);
	if (hdr.len & FD_MARK) {
		ibuf_fd_set(msg, *fd);
		*fd = -1;
	}
	return (msg);
}

int
imsgbuf_init(struct imsgbuf *imsgbuf, int fd)
{
	memset(imsgbuf, 0, sizeof(*imsgbuf));
	imsgbuf->w = msgbuf_new_reader(IMSG_HEADER_SIZE, header_read, imsgbuf);
	if (imsgbuf->w == NULL)
		return (-1);
	imsgbuf->pid = getpid();
	imsgbuf->maxsize = MAX_IMSGSIZE;
	imsgbuf->fd = fd;
	return (0);
}

void
imsgbuf_allow_fdpass(struct imsgbuf *imsgbuf)
{
	imsgbuf->flags |= FLAG_FDPASS;
}

int
imsgbuf_set_maxsize(struct imsgbuf *imsgbuf, uint32_t max)
{
	if (max >= FD_MARK - IMSG_HEADER_SIZE) {
		errno = EINVAL;
		return (-1);
	}
	imsgbuf->maxsize = IMSG_HEADER_SIZE + max;
	return (0);
}

void
imsgbuf_clear(struct imsgbuf *imsgbuf)
{
	msgbuf_free(imsgbuf->w);
	imsgbuf->w = NULL;
}

int
imsgbuf_read(struct imsgbuf *imsgbuf)
{
	if (imsgbuf->flags & FLAG_FDPASS)
		return (msgbuf_read(imsgbuf->fd, imsgbuf->w));
	return (ibuf_read(imsgbuf->fd, imsgbuf->w));
}

int
imsgbuf_write(struct imsgbuf *imsgbuf)
{
	return (msgbuf_write(imsgbuf->fd, imsgbuf->w));
}

int
imsgbuf_flush(struct imsgbuf *imsgbuf)
{
	struct pollfd	 pfd = { imsgbuf->fd, POLLOUT, 0 };

	for (;;) {
		if (imsgbuf_write(imsgbuf) == -1)
			return (-1);
		if (imsgbuf_queuelen(imsgbuf) == 0)
			return (0);
		if (poll(&pfd, 1, -1) == -1 && errno != EINTR)
			return (-1);
	}
}

uint32_t
imsgbuf_queuelen(const struct imsgbuf *imsgbuf)
{
	return (msgbuf_queuelen(imsgbuf->w));
}

int
imsgbuf_get(struct imsgbuf *imsgbuf, struct imsg *imsg)
{
	struct ibuf	*buf;

	if ((buf = msgbuf_get(imsgbuf->w)) == NULL)
		return (0);
	if (ibuf_get(buf, &imsg->hdr, sizeof(imsg->hdr)) == -1) {
		ibuf_free(buf);
		return (-1);
	}
	imsg->hdr.len &= ~FD_MARK;
	imsg->data = ibuf_size(buf) == 0 ? NULL : ibuf_data(buf);
	imsg->buf = buf;
	return (1);
}

ssize_t
imsg_get(struct imsgbuf *imsgbuf, struct imsg *imsg)
{
	int	 n;

	n = imsgbuf_get(imsgbuf, imsg);
	return (n == 1 ? (ssize_t)imsg->hdr.len : n);
}

/* A message with room for len bytes of payload, its header written. */
static struct ibuf *
message_new(struct imsgbuf *imsgbuf, uint32_t type, uint32_t id, pid_t pid,
    size_t len)
{
	struct imsg_hdr	 hdr;
	struct ibuf	*msg;

	if (len > imsgbuf->maxsize - IMSG_HEADER_SIZE) {
		errno = ERANGE;
		return (NULL);
	}
	msg = ibuf_dynamic(IMSG_HEADER_SIZE + len, imsgbuf->maxsize);
	if (msg == NULL)
		return (NULL);
	hdr.type = type;
	hdr.len = 0;	/* known when it is closed */
	hdr.peerid = id;
	hdr.pid = pid;
	if (ibuf_add(msg, &hdr, sizeof(hdr)) == -1) {
		ibuf_free(msg);
		return (NULL);
	}
	return (msg);
}

struct ibuf *
imsg_create(struct imsgbuf *imsgbuf, uint32_t type, uint32_t id, pid_t pid,
    size_t len)
{
	return (message_new(imsgbuf, type, id, pid != 0 ? pid : imsgbuf->pid,
	    len));
}

int
imsg_add(struct ibuf *msg, const void *data, size_t len)
{
	if (ibuf_add(msg, data, len) == -1) {
		ibuf_free(msg);
		return (-1);
	}
	return (len);
}

void
imsg_close(struct imsgbuf *imsgbuf, struct ibuf *msg)
{
	uint32_t	 len;

	if (!(imsgbuf->flags & FLAG_FDPASS))
		ibuf_fd_set(msg, -1);
	len = ibuf_size(msg);
	if (ibuf_fd_avail(msg))
		len |= FD_MARK;
	ibuf_set_h32(msg, offsetof(struct imsg_hdr, len), len);
	ibuf_close(imsgbuf->w, msg);
}

/* True, with errno set, when fd is one that this channel does not pass. */
static int
fd_refused(const struct imsgbuf *imsgbuf, int fd)
{
	if (fd == -1 || imsgbuf->flags & FLAG_FDPASS)
		return (0);
	errno = EINVAL;
	return (1);
}

int
imsg_compose(struct imsgbuf *imsgbuf, uint32_t type, uint32_t id, pid_t pid,
    int fd, const void *data, size_t len)
{
	struct iovec	 iov;

	/* Only read from: struct iovec knows no const. */
	memcpy(&iov.iov_base, &data, sizeof(data));
	iov.iov_len = len;
	return (imsg_composev(imsgbuf, type, id, pid, fd, &iov, 1));
}

int
imsg_composev(struct imsgbuf *imsgbuf, uint32_t type, uint32_t id, pid_t pid,
    int fd, const struct iovec *iov, int iovcnt)
{
	struct ibuf	*msg;
	size_t		 len = 0;
	int		 i;

	if (fd_refused(imsgbuf, fd))
		return (-1);
	for (i = 0; i < iovcnt; i++) {
		if (iov[i].iov_len > imsgbuf->maxsize - len) {
			errno = ERANGE;
			return (-1);
		}
		len += iov[i].iov_len;
	}
	if ((msg = imsg_create(imsgbuf, type, id, pid, len)) == NULL)
		return (-1);
	for (i = 0; i < iovcnt; i++)
		if (imsg_add(msg, iov[i].iov_base, iov[i].iov_len) == -1)
			return (-1);
	ibuf_fd_set(msg, fd);
	imsg_close(imsgbuf, msg);
	return (1);
}

int
imsg_compose_ibuf(struct imsgbuf *imsgbuf, uint32_t type, uint32_t id,
    pid_t pid, struct ibuf *buf)
{
	int	 fd, ret;

	fd = ibuf_fd_get(buf);
	ret = imsg_compose(imsgbuf, type, id, pid, fd, ibuf_data(buf),
	    ibuf_size(buf));
	if (ret == -1)
		ibuf_fd_set(buf, fd);
	ibuf_free(buf);
	return (ret);
}

int
imsg_forward(struct imsgbuf *imsgbuf, struct imsg *imsg)
{
	struct ibuf	*msg;

	msg = message_new(imsgbuf, imsg->hdr.type, imsg->hdr.peerid,
	    imsg->hdr.pid, imsg_get_len(imsg));
	if (msg == NULL || imsg_add(msg, imsg->data, imsg_get_len(imsg)) == -1)
		return (-1);
	imsg_close(imsgbuf, msg);
	return (1);
}

void
imsg_free(struct imsg *imsg)
{
	ibuf_free(imsg->buf);
	imsg->buf = NULL;
	imsg->data = NULL;
}

uint32_t
imsg_get_type(const struct imsg *imsg)
{
	return (imsg->hdr.type);
}

uint32_t
imsg_get_id(const struct imsg *imsg)
{
	return (imsg->hdr.peerid);
}

pid_t
imsg_get_pid(const struct imsg *imsg)
{
	return (imsg->hdr.pid);
}

size_t
imsg_get_len(const struct imsg *imsg)
{
	return (imsg->hdr.len - IMSG_HEADER_SIZE);
}

int
imsg_get_fd(struct imsg *imsg)
{
	return (ibuf_fd_get(imsg->buf));
}

int
imsg_get_data(struct imsg *imsg, void *data, size_t len)
{
	if (len == 0) {
		errno = EINVAL;
		return (-1);
	}
	if (ibuf_size(imsg->buf) != len) {
		errno = EBADMSG;
		return (-1);
	}
	return (ibuf_get(imsg->buf, data, len));
}

int
imsg_get_ibuf(struct imsg *imsg, struct ibuf *buf)
{
	if (ibuf_size(imsg->buf) == 0) {
		errno = EBADMSG;
		return (-1);
	}
	return (ibuf_get_ibuf(imsg->buf, ibuf_size(imsg->buf), buf));
}

int
imsg_get_buf(struct imsg *imsg, void *data, size_t len)
{
	return (ibuf_get(imsg->buf, data, len));
}

int
imsg_get_strbuf(struct imsg *imsg, char *str, size_t len)
{
	return (ibuf_get_strbuf(imsg->buf, str, len));
}
