/*
 * TCP and local stream sockets: see os.h.  Opened by a parent that may need
 * to bind addresses it does not have yet; os_peercred() and os_tcp_hops()
 * are for confined processes too.  Never blocks, never looks at data.
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <errno.h>
#include <string.h>

#include "os.h"
#include "sock.h"

#define TCP_DSCP	0xc0	/* CS6: routing protocols (RFC 4594 3.1) */
#define TCP_BACKLOG	16

int
os_tcp_hops(int fd, uint8_t hops)
{
	int		 domain;
	socklen_t	 len = sizeof(domain);

	if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len) == -1)
		return (-1);
	if (domain == AF_INET)
		return (sock_set(fd, IPPROTO_IP, IP_TTL, hops));
	return (sock_set(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, hops));
}

/* What the families name differently. */
static int
tcp_set_family(int fd, uint8_t af)
{
	if (af == 4)
		return (sock_set(fd, IPPROTO_IP, IP_TOS, TCP_DSCP) == -1 ||
		    sock_set(fd, IPPROTO_IP, IP_FREEBIND, 1) == -1 ? -1 : 0);
	if (sock_set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1) == -1 ||
	    sock_set(fd, IPPROTO_IPV6, IPV6_TCLASS, TCP_DSCP) == -1)
		return (-1);
	return (sock_set(fd, IPPROTO_IPV6, IPV6_FREEBIND, 1));
}

static int
tcp_open(uint8_t af)
{
	int	 fd;

	fd = socket(af == 4 ? AF_INET : AF_INET6,
	    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return (-1);
	if (tcp_set_family(fd, af) == -1 ||
	    sock_set(fd, SOL_SOCKET, SO_REUSEADDR, 1) == -1 ||
	    sock_set(fd, IPPROTO_TCP, TCP_NODELAY, 1) == -1)
		return (sock_fail(fd));
	return (fd);
}

static int
tcp_bind(int fd, const struct ipaddr *local, uint16_t port)
{
	struct sockaddr_storage	 ss;
	socklen_t		 len;

	len = ipaddr_to_sa(local, port, &ss);
	return (bind(fd, (struct sockaddr *)&ss, len));
}

int
os_tcp_connect(const struct ipaddr *local, const struct ipaddr *remote,
    uint16_t port, uint8_t hops)
{
	struct sockaddr_storage	 ss;
	socklen_t		 len;
	int			 fd;

	if ((fd = tcp_open(remote->af)) == -1)
		return (-1);
	if ((hops != 0 && os_tcp_hops(fd, hops) == -1) ||
	    (local->af != 0 && tcp_bind(fd, local, 0) == -1))
		return (sock_fail(fd));
	len = ipaddr_to_sa(remote, port, &ss);
	if (connect(fd, (struct sockaddr *)&ss, len) == -1 &&
	    errno != EINPROGRESS)
		return (sock_fail(fd));
	return (fd);
}

int
os_tcp_listen(const struct ipaddr *local, uint16_t port)
{
	int	 fd;

	if ((fd = tcp_open(local->af)) == -1)
		return (-1);
	if (tcp_bind(fd, local, port) == -1 || listen(fd, TCP_BACKLOG) == -1)
		return (sock_fail(fd));
	return (fd);
}

int
os_peercred(int fd, uid_t *uid, gid_t *gid)
{
	struct ucred	 cred;
	socklen_t	 len = sizeof(cred);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) == -1)
		return (-1);
	*uid = cred.uid;
	*gid = cred.gid;
	return (0);
}
