/*
 * Sockets of probes: see os.h.  Opened by the parent of relayd6, used by its
 * confined health process.  Raw sockets get a copy of everything of their
 * protocol, so the kernel filters before it queues: what is no answer to a
 * probe costs the process nothing.
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/icmp6.h>

#include <linux/filter.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "os.h"
#include "rd.h"
#include "sock.h"

#define INNER_DST	24	/* of an IPv6 header, from its beginning */
#define ECHO_ID		4	/* of an ICMPv6 echo */

static int
filter_set(int fd, struct sock_filter *code, unsigned short n)
{
	struct sock_fprog	 prog = { n, code };

	return (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog,
	    sizeof(prog)));
}

/* Compare the inner destination, four bytes at a time. */
static int
inside_only(int fd, const struct ipaddr *inside)
{
	struct sock_filter	 code[11] = {
		BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0)
	};
	struct sock_filter	 pass = BPF_STMT(BPF_RET | BPF_K, UINT16_MAX);
	struct sock_filter	 drop = BPF_STMT(BPF_RET | BPF_K, 0);
	struct rd		 r;
	int			 i;

	rd_init(&r, inside->b, sizeof(inside->b));
	for (i = 0; i < 4; i++) {
		struct sock_filter	 load = BPF_STMT(BPF_LD | BPF_W |
					    BPF_IND, INNER_DST + 4 * i);
		struct sock_filter	 differs = BPF_JUMP(BPF_JMP | BPF_JEQ |
					    BPF_K, rd_u32(&r), 0, 7 - 2 * i);

		code[1 + 2 * i] = load;
		code[2 + 2 * i] = differs;
	}
	code[9] = pass;
	code[10] = drop;
	return (filter_set(fd, code, 11));
}

int
os_raw41_probe(const struct ipaddr *local, const struct ipaddr *inside)
{
	int	 fd;

	if ((fd = sock_raw41(local)) == -1)
		return (-1);
	if (inside_only(fd, inside) == -1 ||
	    sock_set(fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT) == -1)
		return (sock_fail(fd));
	return (fd);
}

static int
echo_replies_only(int fd, uint16_t id)
{
	struct sock_filter	 code[] = {
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, ECHO_ID),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, id, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT16_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0)
	};
	struct icmp6_filter	 types;

	ICMP6_FILTER_SETBLOCKALL(&types);
	ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &types);
	if (setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &types,
	    sizeof(types)) == -1)
		return (-1);
	return (filter_set(fd, code, 4));
}

int
os_icmp6_open(uint16_t id)
{
	int	 fd;

	fd = socket(AF_INET6, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC,
	    IPPROTO_ICMPV6);
	if (fd == -1)
		return (-1);
	if (echo_replies_only(fd, id) == -1 ||
	    sock_set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1) == -1)
		return (sock_fail(fd));
	return (fd);
}

int
os_icmp6_send(int fd, const struct ipaddr *dst, const void *data, size_t len)
{
	struct sockaddr_storage	 ss;
	socklen_t		 sslen;

	sslen = ipaddr_to_sa(dst, 0, &ss);
	return (sendto(fd, data, len, MSG_DONTWAIT, (struct sockaddr *)&ss,
	    sslen) == -1 ? -1 : 0);
}

ssize_t
os_icmp6_recv(int fd, void *data, size_t room, struct ipaddr *src,
    struct ipaddr *dst)
{
	struct sockaddr_in6	 from;
	struct in6_pktinfo	 info;
	union {
		struct cmsghdr	 align;
		uint8_t		 b[CMSG_SPACE(sizeof(info))];
	}			 ctl;
	struct iovec		 iov = { data, room };
	struct msghdr		 mh = { .msg_name = &from,
				    .msg_namelen = sizeof(from),
				    .msg_iov = &iov, .msg_iovlen = 1,
				    .msg_control = ctl.b,
				    .msg_controllen = sizeof(ctl.b) };
	struct cmsghdr		*cm;
	ssize_t			 n;

	if ((n = recvmsg(fd, &mh, MSG_DONTWAIT)) == -1)
		return (-1);
	ipaddr_from_in6(src, &from.sin6_addr);
	memset(dst, 0, sizeof(*dst));
	for (cm = CMSG_FIRSTHDR(&mh); cm != NULL; cm = CMSG_NXTHDR(&mh, cm))
		if (cm->cmsg_level == IPPROTO_IPV6 &&
		    cm->cmsg_type == IPV6_PKTINFO) {
			memcpy(&info, CMSG_DATA(cm), sizeof(info));
			ipaddr_from_in6(dst, &info.ipi6_addr);
		}
	return (n);
}

/* The address and port that a socket has on this side. */
static int
name_get(int fd, struct ipaddr *local, uint16_t *port)
{
	struct sockaddr_storage	 ss;
	socklen_t		 len = sizeof(ss);

	if (getsockname(fd, (struct sockaddr *)&ss, &len) == -1)
		return (-1);
	return (ipaddr_from_sa(local, port, (struct sockaddr *)&ss));
}

/* Connecting a UDP socket sends nothing: it only asks the routes. */
int
os_source(const struct ipaddr *remote, struct ipaddr *local)
{
	struct sockaddr_storage	 ss;
	socklen_t		 len;
	uint16_t		 unused;
	int			 fd;

	fd = socket(remote->af == 4 ? AF_INET : AF_INET6,
	    SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return (-1);
	len = ipaddr_to_sa(remote, 1, &ss);
	if (connect(fd, (struct sockaddr *)&ss, len) == -1 ||
	    name_get(fd, local, &unused) == -1)
		return (sock_fail(fd));
	close(fd);
	return (0);
}

int
os_udp4_port(int fd, uint16_t *port)
{
	struct ipaddr	 unused;

	return (name_get(fd, &unused, port));
}
