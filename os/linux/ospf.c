/*
 * Raw sockets for OSPFv3: see os.h.  Opened by the parent, one for each
 * interface, so that a confined process can use them; packets are not looked
 * at.
 *
 * Linux hands a raw IPv6 socket what follows the IPv6 header, reassembled.
 * It would verify and fill in the checksum of these packets if asked to, but
 * has to leave it alone where there is an authentication trailer.
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <net/if.h>
#include <netinet/in.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "os.h"
#include "sock.h"

#define OSPF_PROTO	89
#define OSPF_CLASS	0xc0	/* CS6: routing protocols (RFC 4594 3.1) */
#define OSPF_BUFFER	(1 << 20) /* a database that comes at once */

/* Room for one IPV6_PKTINFO. */
union ospf_control {
	struct cmsghdr	 align;
	uint8_t		 b[CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

static int
group_join(int fd, unsigned int ifindex, uint8_t last)
{
	struct ipv6_mreq	 mr;

	memset(&mr, 0, sizeof(mr));
	mr.ipv6mr_multiaddr.s6_addr[0] = 0xff;
	mr.ipv6mr_multiaddr.s6_addr[1] = 0x02;
	mr.ipv6mr_multiaddr.s6_addr[15] = last;
	mr.ipv6mr_interface = ifindex;
	return (setsockopt(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &mr,
	    sizeof(mr)));
}

/* RFC 5340 A.1: hop limit 1; what was sent must not come back. */
static int
socket_set(int fd, const char *name, unsigned int ifindex)
{
	if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name,
	    strlen(name)) == -1 ||
	    sock_set(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, ifindex) == -1 ||
	    sock_set(fd, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 0) == -1 ||
	    sock_set(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, 1) == -1 ||
	    sock_set(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 1) == -1 ||
	    sock_set(fd, IPPROTO_IPV6, IPV6_TCLASS, OSPF_CLASS) == -1 ||
	    sock_set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1) == -1)
		return (-1);
	if (sock_set(fd, SOL_SOCKET, SO_RCVBUFFORCE, OSPF_BUFFER) == -1)
		sock_set(fd, SOL_SOCKET, SO_RCVBUF, OSPF_BUFFER);
	return (group_join(fd, ifindex, 5) == -1 ||
	    group_join(fd, ifindex, 6) == -1 ? -1 : 0);
}

int
os_ospf_open(const char *name, unsigned int *ifindex)
{
	int	 fd;

	if ((*ifindex = if_nametoindex(name)) == 0)
		return (-1);
	fd = socket(AF_INET6, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC,
	    OSPF_PROTO);
	if (fd == -1)
		return (-1);
	if (socket_set(fd, name, *ifindex) == -1)
		return (sock_fail(fd));
	return (fd);
}

ssize_t
os_ospf_recv(int fd, void *buf, size_t room, void *src, void *dst)
{
	struct sockaddr_in6	 from;
	struct in6_pktinfo	 pi;
	union ospf_control	 ctl;
	struct iovec		 iov = { buf, room };
	struct msghdr		 mh = { &from, sizeof(from), &iov, 1, ctl.b,
				    sizeof(ctl.b), 0 };
	struct cmsghdr		*cm;
	ssize_t			 n;

	if ((n = recvmsg(fd, &mh, MSG_DONTWAIT)) == -1)
		return (-1);
	memcpy(src, &from.sin6_addr, sizeof(from.sin6_addr));
	memset(dst, 0, sizeof(pi.ipi6_addr));
	for (cm = CMSG_FIRSTHDR(&mh); cm != NULL; cm = CMSG_NXTHDR(&mh, cm))
		if (cm->cmsg_level == IPPROTO_IPV6 &&
		    cm->cmsg_type == IPV6_PKTINFO) {
			memcpy(&pi, CMSG_DATA(cm), sizeof(pi));
			memcpy(dst, &pi.ipi6_addr, sizeof(pi.ipi6_addr));
		}
	return (n);
}

int
os_ospf_send(int fd, unsigned int ifindex, const void *src, const void *dst,
    const void *buf, size_t len)
{
	struct sockaddr_in6	 to = { .sin6_family = AF_INET6 };
	struct in6_pktinfo	 pi;
	union ospf_control	 ctl;
	struct iovec		 iov;
	struct msghdr		 mh = { &to, sizeof(to), &iov, 1, ctl.b,
				    sizeof(ctl.b), 0 };
	struct cmsghdr		*cm;

	memcpy(&to.sin6_addr, dst, sizeof(to.sin6_addr));
	to.sin6_scope_id = ifindex;
	memcpy(&pi.ipi6_addr, src, sizeof(pi.ipi6_addr));
	pi.ipi6_ifindex = ifindex;
	memcpy(&iov.iov_base, &buf, sizeof(buf));
	iov.iov_len = len;
	memset(&ctl, 0, sizeof(ctl));
	cm = CMSG_FIRSTHDR(&mh);
	cm->cmsg_level = IPPROTO_IPV6;
	cm->cmsg_type = IPV6_PKTINFO;
	cm->cmsg_len = CMSG_LEN(sizeof(pi));
	memcpy(CMSG_DATA(cm), &pi, sizeof(pi));
	return (sendmsg(fd, &mh, MSG_DONTWAIT) == -1 ? -1 : 0);
}
