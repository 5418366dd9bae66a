/*
 * Fuzz target of compat/imsg.c and compat/msgbuf.c: a peer that sends what it
 * likes.  The input is a list of sends, each {size, descriptors, bytes}; what
 * is received is read in every way and forwarded.  A descriptor that is left
 * open at the end is a finding.
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "imsg.h"
#include "rd.h"

#define FDS_MAX	3

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
chunk_send(int sock, const void *data, size_t len, size_t nfds)
{
	union {
		struct cmsghdr	 hdr;
		char		 space[CMSG_SPACE(FDS_MAX * sizeof(int))];
	}		 ctl;
	const int	 fds[FDS_MAX] = { 0, 0, 0 };
	struct cmsghdr	*cmsg;
	struct msghdr	 msg;
	struct iovec	 iov;

	memset(&ctl, 0, sizeof(ctl));
	memset(&msg, 0, sizeof(msg));
	memcpy(&iov.iov_base, &data, sizeof(data));
	iov.iov_len = len;
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	if (nfds > 0) {
		msg.msg_control = &ctl;
		msg.msg_controllen = CMSG_SPACE(nfds * sizeof(int));
		cmsg = CMSG_FIRSTHDR(&msg);
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN(nfds * sizeof(int));
		memcpy(CMSG_DATA(cmsg), fds, nfds * sizeof(int));
	}
	if (sendmsg(sock, &msg, MSG_NOSIGNAL) == -1)
		abort();
}

/* Read a payload as a list of {kind, ...} until something does not fit. */
static void
payload_read(struct ibuf *b)
{
	struct ibuf	 sub;
	char		*s, str[8];
	uint64_t	 v64;
	uint32_t	 v32;
	uint16_t	 v16;
	uint8_t		 kind;
	int		 bad = 0;

	while (!bad && ibuf_get_n8(b, &kind) == 0)
		switch (kind % 7) {
		case 0:
			bad = ibuf_get_n64(b, &v64);
			break;
		case 1:
			bad = ibuf_get_n32(b, &v32) || ibuf_skip(b, v32);
			break;
		case 2:
			bad = ibuf_get_n16(b, &v16) ||
			    ibuf_get_ibuf(b, v16, &sub);
			if (!bad)
				payload_read(&sub);
			break;
		case 3:
			s = ibuf_get_string(b, kind);
			bad = s == NULL || strlen(s) > kind;
			free(s);
			break;
		case 4:
			bad = ibuf_get_strbuf(b, str, sizeof(str));
			break;
		case 5:
			bad = ibuf_truncate(b, kind);
			break;
		default:
			bad = ibuf_set_h32(b, kind, kind);
			break;
		}
}

static void
messages_take(struct imsgbuf *b, struct imsgbuf *onward)
{
	struct imsg	 imsg;
	struct ibuf	 body;
	int		 fd;

	while (imsgbuf_get(b, &imsg) == 1) {
		if (imsg_forward(onward, &imsg) != 1)
			abort();
		if (imsg_get_id(&imsg) & 1 && (fd = imsg_get_fd(&imsg)) != -1)
			close(fd);
		if (imsg_get_ibuf(&imsg, &body) == 0)
			payload_read(&body);
		imsg_free(&imsg);
	}
}

static void
channel_run(struct rd *r, struct imsgbuf *b, struct imsgbuf *onward, int peer)
{
	const uint8_t	*p;
	size_t		 len, nfds;

	while (r->left > 2) {
		len = rd_u8(r);
		nfds = len >> 6;	/* two bits: 0 .. FDS_MAX */
		len = (len & 0x3f) + 1;
		if (len > r->left)
			len = r->left;
		if ((p = rd_skip(r, len)) == NULL)
			break;
		chunk_send(peer, p, len, nfds);
		if (imsgbuf_read(b) != 1)
			break;
		messages_take(b, onward);
	}
}

/* The lowest free descriptor; the same before and after when none leaked. */
static int
fd_lowest(void)
{
	int	 fd;

	if ((fd = open("/dev/null", O_RDONLY)) == -1)
		abort();
	close(fd);
	return (fd);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct imsgbuf	 b, onward;
	struct rd	 r;
	int		 before, sv[2];

	if (size > 0x10000)
		return (0);
	before = fd_lowest();
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, sv) == -1 ||
	    imsgbuf_init(&b, sv[0]) == -1 ||
	    imsgbuf_init(&onward, sv[0]) == -1)
		abort();
	rd_init(&r, data, size);
	if (size % 4 != 0)
		imsgbuf_allow_fdpass(&b);
	channel_run(&r, &b, &onward, sv[1]);
	if (imsgbuf_write(&onward) == -1)
		abort();
	imsgbuf_clear(&b);
	imsgbuf_clear(&onward);
	close(sv[0]);
	close(sv[1]);
	if (fd_lowest() != before)
		abort();
	return (0);
}
