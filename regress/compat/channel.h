/*
 * A channel for the tests of compat/imsg.c: two ends of a non-blocking local
 * socket, and the peer who does not use the library.
 */
#ifndef CHANNEL_H
#define CHANNEL_H

#include <sys/types.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <atf-c.h>
#include <dirent.h>
#include <string.h>
#include <unistd.h>

#include "imsg.h"

#define RAW_FDS		4
#define MARK		0x80000000U

/* Descriptors this process has, the one that looks included. */
static inline int
fd_count(void)
{
	DIR	*dir;
	int	 n = 0;

	ATF_REQUIRE((dir = opendir("/proc/self/fd")) != NULL);
	while (readdir(dir) != NULL)
		n++;
	closedir(dir);
	return (n);
}

static inline void
channel_open(struct imsgbuf *a, struct imsgbuf *b, int fdpass)
{
	int	 sv[2];

	ATF_REQUIRE_EQ(socketpair(AF_UNIX,
	    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, sv), 0);
	ATF_REQUIRE_EQ(imsgbuf_init(a, sv[0]), 0);
	ATF_REQUIRE_EQ(imsgbuf_init(b, sv[1]), 0);
	if (fdpass) {
		imsgbuf_allow_fdpass(a);
		imsgbuf_allow_fdpass(b);
	}
}

static inline void
channel_close(struct imsgbuf *a, struct imsgbuf *b)
{
	imsgbuf_clear(a);
	imsgbuf_clear(b);
	close(a->fd);
	close(b->fd);
}

/* Send bytes with nfds descriptors, which stay open here. */
static inline void
raw_send(int sock, const void *data, size_t len, const int *fds, size_t nfds)
{
	union {
		struct cmsghdr	 hdr;
		char		 space[CMSG_SPACE(RAW_FDS * sizeof(int))];
	}		 ctl;
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
	ATF_REQUIRE_EQ(sendmsg(sock, &msg, MSG_NOSIGNAL), (ssize_t)len);
}

/* Append a message to the len bytes at buf; returns the new length. */
static inline size_t
raw_message(uint8_t *buf, size_t len, uint32_t type, uint32_t hdrlen,
    const char *payload)
{
	struct imsg_hdr	 hdr;

	hdr.type = type;
	hdr.len = hdrlen;
	hdr.peerid = 0;
	hdr.pid = 1;
	memcpy(buf + len, &hdr, sizeof(hdr));
	memcpy(buf + len + sizeof(hdr), payload, strlen(payload));
	return (len + sizeof(hdr) + strlen(payload));
}

/* The next message must be there and be of this type. */
static inline void
imsg_expect(struct imsgbuf *b, struct imsg *imsg, uint32_t type)
{
	ATF_REQUIRE_EQ(imsgbuf_get(b, imsg), 1);
	ATF_CHECK_EQ(imsg_get_type(imsg), type);
}

#endif
