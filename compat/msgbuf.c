/*
 * Queues of buffers in front of a socket: see imsg.h.  Part of every process.
 * Gathers what is to be written and cuts what was read into messages; what a
 * header means is the business of the caller's readhdr.  Never keeps a read
 * buffer between calls: an idle channel costs the partial message it holds.
 *
 * A descriptor travels with the first byte of its message, because a buffer
 * that carries one always begins a sendmsg(2) of its own.  So a descriptor
 * that arrives belongs to a message whose first byte arrives in the same
 * read, and all others of that read are surplus.  This holds the pairing even
 * when the kernel dropped a descriptor for lack of room in our table.
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "imsg.h"

#define READ_MAX	16384	/* bytes one read takes, on the stack */
#define WRITE_IOV	64	/* buffers one write gathers; below IOV_MAX */

TAILQ_HEAD(ibuf_list, ibuf);

struct msgbuf {
	struct ibuf_list	 out;
	struct ibuf_list	 in;	/* whole messages */
	uint32_t		 queued; /* buffers in out */
	int			 error;	/* why reading has ended, or 0 */
	struct ibuf		*hdr;	/* header being read; NULL: no reader */
	struct ibuf		*msg;	/* message being read, or NULL */
	int			 fd;	/* came with the header being read */
	struct ibuf		*(*readhdr)(struct ibuf *, void *, int *);
	void			*arg;
};

/* Room for the control message of one descriptor. */
union control {
	struct cmsghdr	 hdr;
	unsigned char	 space[CMSG_SPACE(sizeof(int))];
};

struct msgbuf *
msgbuf_new(void)
{
	struct msgbuf	*m;

	if ((m = calloc(1, sizeof(*m))) == NULL)
		return (NULL);
	TAILQ_INIT(&m->out);
	TAILQ_INIT(&m->in);
	m->fd = -1;
	return (m);
}

struct msgbuf *
msgbuf_new_reader(size_t hdrsz,
    struct ibuf *(*readhdr)(struct ibuf *, void *, int *), void *arg)
{
	struct msgbuf	*m;

	if (hdrsz == 0 || hdrsz > READ_MAX) {
		errno = EINVAL;
		return (NULL);
	}
	if ((m = msgbuf_new()) == NULL)
		return (NULL);
	if ((m->hdr = ibuf_open(hdrsz)) == NULL) {
		free(m);
		return (NULL);
	}
	m->readhdr = readhdr;
	m->arg = arg;
	return (m);
}

void
msgbuf_free(struct msgbuf *m)
{
	if (m == NULL)
		return;
	msgbuf_clear(m);
	ibuf_free(m->hdr);
	free(m);
}

static void
list_clear(struct ibuf_list *list)
{
	struct ibuf	*buf;

	while ((buf = TAILQ_FIRST(list)) != NULL) {
		TAILQ_REMOVE(list, buf, entry);
		ibuf_free(buf);
	}
}

static void
fd_drop(int *fd)
{
	if (*fd != -1)
		close(*fd);
	*fd = -1;
}

void
msgbuf_clear(struct msgbuf *m)
{
	list_clear(&m->out);
	list_clear(&m->in);
	m->queued = 0;
	m->error = 0;
	ibuf_free(m->msg);
	m->msg = NULL;
	if (m->hdr != NULL)
		ibuf_truncate(m->hdr, 0);
	fd_drop(&m->fd);
}

uint32_t
msgbuf_queuelen(const struct msgbuf *m)
{
	return (m->queued);
}

void
ibuf_close(struct msgbuf *m, struct ibuf *buf)
{
	if (ibuf_size(buf) == 0) {
		ibuf_free(buf);	/* without a byte nothing can be sent */
		return;
	}
	TAILQ_INSERT_TAIL(&m->out, buf, entry);
	m->queued++;
}

/*
 * Point msg at the buffers that one write may take: up to the next one with a
 * descriptor, which must begin a write of its own.
 */
static void
queue_gather(struct msgbuf *m, struct msghdr *msg, struct iovec *iov)
{
	struct ibuf	*buf;
	size_t		 n = 0;

	TAILQ_FOREACH(buf, &m->out, entry) {
		if (n == WRITE_IOV || (n > 0 && ibuf_fd_avail(buf)))
			break;
		iov[n].iov_base = ibuf_data(buf);
		iov[n].iov_len = ibuf_size(buf);
		n++;
	}
	memset(msg, 0, sizeof(*msg));
	msg->msg_iov = iov;
	msg->msg_iovlen = n;
}

/* Let msg carry the descriptor of the first buffer, when it has one. */
static void
queue_attach(struct msgbuf *m, struct msghdr *msg, union control *ctl)
{
	struct ibuf	*buf;
	struct cmsghdr	*cmsg;

	buf = TAILQ_FIRST(&m->out);
	if (!ibuf_fd_avail(buf))
		return;
	memset(ctl, 0, sizeof(*ctl));
	msg->msg_control = ctl;
	msg->msg_controllen = sizeof(*ctl);
	cmsg = CMSG_FIRSTHDR(msg);
	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cmsg), &buf->fd, sizeof(int));
}

/* n bytes went out, and with the first of them the descriptor. */
static void
queue_drain(struct msgbuf *m, size_t n)
{
	struct ibuf	*buf;
	size_t		 size;

	ibuf_fd_set(TAILQ_FIRST(&m->out), -1);
	while ((buf = TAILQ_FIRST(&m->out)) != NULL) {
		size = ibuf_size(buf);
		if (n < size) {
			ibuf_skip(buf, n);
			return;
		}
		n -= size;
		TAILQ_REMOVE(&m->out, buf, entry);
		m->queued--;
		ibuf_free(buf);
	}
}

int
msgbuf_write(int fd, struct msgbuf *m)
{
	struct iovec	 iov[WRITE_IOV];
	union control	 ctl;
	struct msghdr	 msg;
	ssize_t		 n;

	while (m->queued > 0) {
		queue_gather(m, &msg, iov);
		queue_attach(m, &msg, &ctl);
		n = sendmsg(fd, &msg, MSG_NOSIGNAL);
		if (n > 0)
			queue_drain(m, n);
		else if (n == 0 || errno == EAGAIN || errno == ENOBUFS)
			return (0);
		else if (errno != EINTR)
			return (-1);
	}
	return (0);
}

/* Move what fits from in to the end of to: 1 when to is full then, 0, -1. */
static int
buffer_fill(struct ibuf *to, struct ibuf *in)
{
	struct ibuf	 part;
	size_t		 n;

	n = ibuf_left(to);
	if (n > ibuf_size(in))
		n = ibuf_size(in);
	if (ibuf_get_ibuf(in, n, &part) == -1 ||
	    ibuf_add_ibuf(to, &part) == -1)
		return (-1);
	return (ibuf_left(to) == 0);
}

/* The header is whole: have the message made that it announces. */
static int
message_begin(struct msgbuf *m, int *fd)
{
	struct ibuf	 hdr;

	ibuf_from_ibuf(&hdr, m->hdr);
	if ((m->msg = m->readhdr(&hdr, m->arg, fd)) == NULL)
		return (-1);
	if (ibuf_left(m->msg) < ibuf_size(m->hdr)) {
		errno = EBADMSG;
		return (-1);
	}
	if (ibuf_add_ibuf(m->msg, m->hdr) == -1)
		return (-1);
	ibuf_truncate(m->hdr, 0);
	return (0);
}

/* Cut in, with which the descriptor fd came, into messages. */
static int
messages_cut(struct msgbuf *m, struct ibuf *in, int *fd)
{
	int	*own, full;

	for (;;) {
		if (m->msg == NULL) {
			/* A header begun earlier has what came then. */
			own = ibuf_size(m->hdr) > 0 ? &m->fd : fd;
			if ((full = buffer_fill(m->hdr, in)) != 1)
				return (full);
			if (message_begin(m, own) == -1)
				return (-1);
			fd_drop(&m->fd);
		}
		if ((full = buffer_fill(m->msg, in)) != 1)
			return (full);
		TAILQ_INSERT_TAIL(&m->in, m->msg, entry);
		m->msg = NULL;
	}
}

/* Take the n bytes at data and the descriptor fd, or -1, that one read gave. */
static int
chunk_take(struct msgbuf *m, void *data, size_t n, int fd)
{
	struct ibuf	 in;
	size_t		 begun, now;

	begun = ibuf_size(m->hdr);
	ibuf_from_buffer(&in, data, n);
	if (messages_cut(m, &in, &fd) == -1) {
		m->error = errno;
		fd_drop(&fd);
		errno = m->error;
		return (-1);
	}
	/* The chunk may end inside a header that also began in it. */
	now = ibuf_size(m->hdr);
	if (now > 0 && (begun == 0 || now != begun + n)) {
		m->fd = fd;
		fd = -1;
	}
	fd_drop(&fd);
	return (1);
}

/* The first descriptor that came with msg, or -1; all others are closed. */
static int
control_fd(struct msghdr *msg)
{
	struct cmsghdr	*cmsg;
	size_t		 at;
	int		 fd, first = -1;

	for (cmsg = CMSG_FIRSTHDR(msg); cmsg != NULL;
	    cmsg = CMSG_NXTHDR(msg, cmsg)) {
		if (cmsg->cmsg_level != SOL_SOCKET ||
		    cmsg->cmsg_type != SCM_RIGHTS)
			continue;
		for (at = CMSG_LEN(0); at + sizeof(fd) <= cmsg->cmsg_len;
		    at += sizeof(fd)) {
			memcpy(&fd, (unsigned char *)cmsg + at, sizeof(fd));
			if (first == -1)
				first = fd;
			else
				close(fd);
		}
	}
	return (first);
}

/* One read, with ctl for descriptors or without (NULL). */
static int
chunk_read(int sock, struct msgbuf *m, union control *ctl)
{
	unsigned char	 data[READ_MAX];
	struct iovec	 iov = { data, sizeof(data) };
	struct msghdr	 msg;
	ssize_t		 n;
	int		 fd;

	if (m->error != 0) {
		errno = m->error;
		return (-1);
	}
	memset(&msg, 0, sizeof(msg));
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	msg.msg_control = ctl;
	msg.msg_controllen = ctl == NULL ? 0 : sizeof(*ctl);
	do {
		n = recvmsg(sock, &msg, MSG_CMSG_CLOEXEC);
	} while (n == -1 && errno == EINTR);
	if (n == -1)
		return (errno == EAGAIN ? 1 : -1);
	fd = control_fd(&msg);
	if (n == 0) {
		fd_drop(&fd);
		return (0);
	}
	return (chunk_take(m, data, n, fd));
}

int
msgbuf_read(int fd, struct msgbuf *m)
{
	union control	 ctl;

	return (chunk_read(fd, m, &ctl));
}

int
ibuf_read(int fd, struct msgbuf *m)
{
	return (chunk_read(fd, m, NULL));
}

struct ibuf *
msgbuf_get(struct msgbuf *m)
{
	struct ibuf	*buf;

	if ((buf = TAILQ_FIRST(&m->in)) != NULL)
		TAILQ_REMOVE(&m->in, buf, entry);
	return (buf);
}
