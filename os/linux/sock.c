/*
 * Sockets of the tunnel side: raw protocol 41, ICMPv4 and batches of packets.
 * See os.h.  Opened by the parent; the batches move in the relay process,
 * which allocates nothing for them.  Bytes of a packet are not looked at.
 *
 * Linux hands a raw socket the whole IPv4 packet, reassembled, exactly as it
 * was on the wire: every field in network order, the total length included.
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <net/if.h>
#include <netinet/in.h>

#include <linux/filter.h>
#include <linux/icmp.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "os.h"
#include "sock.h"

/* Room for the control messages of one packet: IP_TOS and IP_TTL. */
union packet_control {
	struct cmsghdr	 align;
	uint8_t		 b[2 * CMSG_SPACE(sizeof(int))];
};

/* Errors about packets we sent, but not source quench (RFC 6633). */
#define ICMP_WANTED	(1U << ICMP_DEST_UNREACH | 1U << ICMP_TIME_EXCEEDED | \
			    1U << ICMP_PARAMETERPROB)

int
sock_fail(int fd)
{
	int	 save = errno;

	close(fd);
	errno = save;
	return (-1);
}

int
sock_set(int fd, int level, int name, int val)
{
	return (setsockopt(fd, level, name, &val, sizeof(val)));
}

void
sock_buffers(int fd)
{
	/* FORCE passes net.core.[rw]mem_max; what we get is good enough. */
	if (sock_set(fd, SOL_SOCKET, SO_RCVBUFFORCE, SOCK_BUFFER) == -1)
		sock_set(fd, SOL_SOCKET, SO_RCVBUF, SOCK_BUFFER);
	if (sock_set(fd, SOL_SOCKET, SO_SNDBUFFORCE, SOCK_BUFFER) == -1)
		sock_set(fd, SOL_SOCKET, SO_SNDBUF, SOCK_BUFFER);
}

static int
raw_open(int proto)
{
	int	 fd;

	fd = socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, proto);
	if (fd != -1)
		sock_buffers(fd);
	return (fd);
}

int
sock_raw41(const struct ipaddr *local)
{
	struct sockaddr_storage	 ss;
	socklen_t		 len;
	int			 fd;

	if (local->af != 4) {
		errno = EAFNOSUPPORT;
		return (-1);
	}
	if ((fd = raw_open(IPPROTO_IPV6)) == -1)
		return (-1);
	len = ipaddr_to_sa(local, 0, &ss);
	if (sock_set(fd, IPPROTO_IP, IP_FREEBIND, 1) == -1 ||
	    bind(fd, (struct sockaddr *)&ss, len) == -1)
		return (sock_fail(fd));
	return (fd);
}

/*
 * The kernel's own tunnels take protocol 41 beside us: where the sit module is
 * loaded it has this device, and answers what it does not know with errors.
 */
int
os_raw41_listen(const struct ipaddr *local)
{
	if (if_nametoindex("sit0") != 0)
		log_warnx("the kernel's sit module is loaded and will answer "
		    "packets of ours with ICMP errors: unload it");
	return (sock_raw41(local));
}

int
os_raw41_source(const struct ipaddr *local)
{
	struct sock_filter	 refuse = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog	 prog = { 1, &refuse };
	int			 fd;

	if ((fd = sock_raw41(local)) == -1)
		return (-1);
	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog,
	    sizeof(prog)) == -1 ||
	    sock_set(fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT) == -1)
		return (sock_fail(fd));
	return (fd);
}

int
os_icmp4_listen(void)
{
	struct icmp_filter	 wanted = { ~ICMP_WANTED };
	int			 fd;

	if ((fd = raw_open(IPPROTO_ICMP)) == -1)
		return (-1);
	if (setsockopt(fd, SOL_RAW, ICMP_FILTER, &wanted,
	    sizeof(wanted)) == -1)
		return (sock_fail(fd));
	return (fd);
}

int
os_udp4_listen(const struct ipaddr *local, uint16_t port)
{
	struct sockaddr_storage	 ss;
	socklen_t		 len;
	int			 fd;

	if ((fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
	    0)) == -1)
		return (-1);
	sock_buffers(fd);
	len = ipaddr_to_sa(local, port, &ss);
	if (sock_set(fd, IPPROTO_IP, IP_FREEBIND, 1) == -1 ||
	    sock_set(fd, IPPROTO_IP, IP_RECVTOS, 1) == -1 ||
	    sock_set(fd, IPPROTO_IP, IP_MTU_DISCOVER,
	    IP_PMTUDISC_DONT) == -1 ||
	    bind(fd, (struct sockaddr *)&ss, len) == -1)
		return (sock_fail(fd));
	return (fd);
}

/* The TOS that a received packet had, when the socket tells. */
static uint8_t
control_tos(struct msghdr *mh)
{
	struct cmsghdr	*cm;
	uint8_t		 tos = 0;

	for (cm = CMSG_FIRSTHDR(mh); cm != NULL; cm = CMSG_NXTHDR(mh, cm))
		if (cm->cmsg_level == IPPROTO_IP && cm->cmsg_type == IP_TOS)
			memcpy(&tos, CMSG_DATA(cm), sizeof(tos));
	return (tos);
}

int
os_recv_batch(int fd, struct os_packet *p, int n, size_t room)
{
	struct sockaddr_in	 from[OS_BATCH];
	union packet_control	 ctl[OS_BATCH];
	struct mmsghdr		 msg[OS_BATCH];
	struct iovec		 iov[OS_BATCH];
	int			 i, got;

	if (n > OS_BATCH)
		n = OS_BATCH;
	memset(msg, 0, n * sizeof(*msg));
	for (i = 0; i < n; i++) {
		iov[i].iov_base = p[i].data;
		iov[i].iov_len = room;
		msg[i].msg_hdr.msg_iov = &iov[i];
		msg[i].msg_hdr.msg_iovlen = 1;
		msg[i].msg_hdr.msg_name = &from[i];
		msg[i].msg_hdr.msg_namelen = sizeof(from[i]);
		msg[i].msg_hdr.msg_control = ctl[i].b;
		msg[i].msg_hdr.msg_controllen = sizeof(ctl[i].b);
	}
	got = recvmmsg(fd, msg, n, MSG_DONTWAIT, NULL);
	if (got == -1)
		return (errno == EAGAIN || errno == EINTR ? 0 : -1);
	for (i = 0; i < got; i++) {
		p[i].len = msg[i].msg_len;
		p[i].addr = from[i].sin_addr;
		p[i].port = ntohs(from[i].sin_port);
		p[i].tos = control_tos(&msg[i].msg_hdr);
	}
	return (got);
}

/* Append one number as an IP-level control message. */
static struct cmsghdr *
control_put(struct msghdr *mh, struct cmsghdr *cm, int type, int val)
{
	cm->cmsg_level = IPPROTO_IP;
	cm->cmsg_type = type;
	cm->cmsg_len = CMSG_LEN(sizeof(val));
	memcpy(CMSG_DATA(cm), &val, sizeof(val));
	return (CMSG_NXTHDR(mh, cm));
}

/* Send at most OS_BATCH packets; as sendmmsg(2). */
static int
send_some(int fd, const struct os_packet *p, int n)
{
	struct sockaddr_in	 to[OS_BATCH];
	union packet_control	 ctl[OS_BATCH];
	struct mmsghdr		 msg[OS_BATCH];
	struct iovec		 iov[OS_BATCH];
	struct cmsghdr		*cm;
	struct msghdr		*mh;
	int			 i;

	memset(msg, 0, n * sizeof(*msg));
	memset(to, 0, n * sizeof(*to));
	memset(ctl, 0, n * sizeof(*ctl));
	for (i = 0; i < n; i++) {
		mh = &msg[i].msg_hdr;
		to[i].sin_family = AF_INET;
		to[i].sin_addr = p[i].addr;
		to[i].sin_port = htons(p[i].port);
		mh->msg_name = &to[i];
		mh->msg_namelen = sizeof(to[i]);
		iov[i].iov_base = p[i].data;
		iov[i].iov_len = p[i].len;
		mh->msg_iov = &iov[i];
		mh->msg_iovlen = 1;
		mh->msg_control = ctl[i].b;
		mh->msg_controllen = sizeof(ctl[i].b);
		cm = control_put(mh, CMSG_FIRSTHDR(mh), IP_TOS, p[i].tos);
		control_put(mh, cm, IP_TTL, p[i].ttl);
	}
	return (sendmmsg(fd, msg, n, MSG_DONTWAIT));
}

int
os_send_batch(int fd, const struct os_packet *p, int n)
{
	int	 sent = 0, some;

	/*
	 * sendmmsg(2) tells the errno of a failed packet only when asked to
	 * begin with it.
	 */
	while (sent < n) {
		some = n - sent < OS_BATCH ? n - sent : OS_BATCH;
		if ((some = send_some(fd, p + sent, some)) == -1)
			break;
		sent += some;
	}
	return (sent);
}
