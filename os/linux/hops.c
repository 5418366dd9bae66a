/*
 * UDP that knows how far a packet has come, for BFD: see os.h.  Sockets are
 * opened by a parent and used by a confined process.  Bytes of a packet are
 * not looked at, but for the filter, in the kernel.
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <netinet/in.h>

#include <linux/filter.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "os.h"
#include "sock.h"

#define HOPS_MAX	255
#define DSCP_CS6	0xc0		/* routing protocols (RFC 4594 3.1) */
#define TTL_AT		8		/* of an IPv4 header */
#define HOPLIMIT_AT	7		/* of an IPv6 header */

/* Room for the one control message that was asked for. */
union hops_control {
	struct cmsghdr	 align;
	uint8_t		 b[CMSG_SPACE(sizeof(int))];
};

static int
udp_open(uint8_t af)
{
	int	 fd;

	fd = socket(af == 4 ? AF_INET : AF_INET6,
	    SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd != -1 && af == 6 &&
	    sock_set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1) == -1)
		return (sock_fail(fd));
	return (fd);
}

static int
udp_bind(int fd, const struct ipaddr *local, uint16_t port)
{
	struct sockaddr_storage	 ss;
	socklen_t		 len;

	len = ipaddr_to_sa(local, port, &ss);
	return (bind(fd, (struct sockaddr *)&ss, len));
}

/*
 * The kernel looks at the hop limit of TCP only (IP_MINTTL), so a filter does
 * it: a flood from afar then wakes nobody up.
 */
static int
filter_hops(int fd, uint8_t af, uint8_t hops_min)
{
	struct sock_filter	 code[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS,
		    SKF_NET_OFF + (af == 4 ? TTL_AT : HOPLIMIT_AT)),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, hops_min, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX)
	};
	struct sock_fprog	 prog = {
		sizeof(code) / sizeof(code[0]), code
	};

	return (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog,
	    sizeof(prog)));
}

int
os_hops_listen(uint8_t af, uint16_t port, uint8_t hops_min)
{
	struct ipaddr	 any = { .af = af };
	int		 fd, ret;

	if ((fd = udp_open(af)) == -1)
		return (-1);
	if (af == 4)
		ret = sock_set(fd, IPPROTO_IP, IP_RECVTTL, 1);
	else
		ret = sock_set(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1);
	if (ret == -1 || filter_hops(fd, af, hops_min) == -1 ||
	    udp_bind(fd, &any, port) == -1)
		return (sock_fail(fd));
	return (fd);
}

/* Bind to a port of the range that is free, beginning somewhere in it. */
static int
bind_some(int fd, const struct ipaddr *local, uint16_t first)
{
	uint32_t	 n = UINT16_MAX - first + 1, start, i;

	start = arc4random_uniform(n);
	for (i = 0; i < n; i++)
		if (udp_bind(fd, local, first + (start + i) % n) == 0)
			return (0);
		else if (errno != EADDRINUSE)
			return (-1);
	return (-1);
}

static int
sender_set(int fd, uint8_t af)
{
	if (af == 4)
		return (sock_set(fd, IPPROTO_IP, IP_TTL, HOPS_MAX) == -1 ||
		    sock_set(fd, IPPROTO_IP, IP_TOS, DSCP_CS6) == -1 ? -1 :
		    0);
	if (sock_set(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, HOPS_MAX) == -1)
		return (-1);
	return (sock_set(fd, IPPROTO_IPV6, IPV6_TCLASS, DSCP_CS6));
}

int
os_hops_connect(const struct ipaddr *local, const struct ipaddr *remote,
    uint16_t port, uint16_t first)
{
	struct ipaddr		 any = { .af = remote->af };
	struct sockaddr_storage	 ss;
	socklen_t		 len;
	int			 fd;

	if ((fd = udp_open(remote->af)) == -1)
		return (-1);
	len = ipaddr_to_sa(remote, port, &ss);
	if (sender_set(fd, remote->af) == -1 ||
	    bind_some(fd, local->af != 0 ? local : &any, first) == -1 ||
	    connect(fd, (struct sockaddr *)&ss, len) == -1)
		return (sock_fail(fd));
	return (fd);
}

/* The hop limit that a received packet had; 0 when the socket did not tell. */
static uint8_t
control_hops(struct msghdr *mh)
{
	struct cmsghdr	*cm;
	int		 hops = 0;

	for (cm = CMSG_FIRSTHDR(mh); cm != NULL; cm = CMSG_NXTHDR(mh, cm))
		if ((cm->cmsg_level == IPPROTO_IP &&
		    cm->cmsg_type == IP_TTL) ||
		    (cm->cmsg_level == IPPROTO_IPV6 &&
		    cm->cmsg_type == IPV6_HOPLIMIT))
			memcpy(&hops, CMSG_DATA(cm), sizeof(hops));
	return (hops);
}

int
os_hops_recv(int fd, struct os_hops_packet *p, void *buf, size_t room)
{
	struct sockaddr_storage	 ss;
	union hops_control	 ctl;
	struct msghdr		 mh;
	struct iovec		 iov = { buf, room };
	uint16_t		 port;
	ssize_t			 n;

	memset(&mh, 0, sizeof(mh));
	mh.msg_name = &ss;
	mh.msg_namelen = sizeof(ss);
	mh.msg_iov = &iov;
	mh.msg_iovlen = 1;
	mh.msg_control = ctl.b;
	mh.msg_controllen = sizeof(ctl.b);
	if ((n = recvmsg(fd, &mh, MSG_DONTWAIT)) == -1)
		return (-1);
	p->len = n;
	p->hops = control_hops(&mh);
	return (ipaddr_from_sa(&p->from, &port, (struct sockaddr *)&ss));
}
