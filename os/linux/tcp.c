/*
 * TCP and local stream sockets: see os.h.  Opened by a parent that may need
 * to bind addresses it does not have yet, and that alone knows keys;
 * os_peercred(), os_sndbuf(), os_tcp_hops(), os_tcp_hops_min() and
 * os_tcp_info() are for confined processes too.  Never blocks, never looks at
 * data.
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>

#include <linux/tcp.h>

#include <errno.h>
#include <string.h>

#include "os.h"
#include "sock.h"

#define TCP_DSCP	0xc0	/* CS6: routing protocols (RFC 4594 3.2) */
#define TCP_BACKLOG	16

/* Set what the families name differently. */
static int
set_by_family(int fd, int name4, int name6, int val)
{
	int		 domain;
	socklen_t	 len = sizeof(domain);

	if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len) == -1)
		return (-1);
	if (domain == AF_INET)
		return (sock_set(fd, IPPROTO_IP, name4, val));
	return (sock_set(fd, IPPROTO_IPV6, name6, val));
}

int
os_tcp_hops(int fd, uint8_t hops)
{
	return (set_by_family(fd, IP_TTL, IPV6_UNICAST_HOPS, hops));
}

int
os_tcp_hops_min(int fd, uint8_t hops)
{
	return (set_by_family(fd, IP_MINTTL, IPV6_MINHOPCOUNT, hops));
}

/* A host's key is found by its address alone, a prefix's by its length. */
int
os_tcp_md5(int fd, const struct prefix *p, const char *key)
{
	struct ipaddr		 a = { .af = p->af };
	struct sockaddr_storage	 ss;
	struct tcp_md5sig	 sig;
	int			 ret;

	memset(&sig, 0, sizeof(sig));
	memcpy(a.b, p->b, sizeof(a.b));
	ipaddr_to_sa(&a, 0, &ss);
	memcpy(&sig.tcpm_addr, &ss, sizeof(sig.tcpm_addr));
	sig.tcpm_flags = TCP_MD5SIG_FLAG_PREFIX;
	sig.tcpm_prefixlen = p->len;
	if (key != NULL) {
		sig.tcpm_keylen = strlen(key);
		if (sig.tcpm_keylen == 0 || sig.tcpm_keylen > OS_TCP_KEY) {
			errno = EINVAL;
			return (-1);
		}
		memcpy(sig.tcpm_key, key, sig.tcpm_keylen);
	}
	ret = setsockopt(fd, IPPROTO_TCP, TCP_MD5SIG_EXT, &sig, sizeof(sig));
	explicit_bzero(&sig, sizeof(sig));
	return (ret == -1 && key == NULL && errno == ENOENT ? 0 : ret);
}

int
os_tcp_info(int fd, struct os_tcp_info *out)
{
	struct tcp_info	 ti;
	socklen_t	 len = sizeof(ti);

	memset(&ti, 0, sizeof(ti));
	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &ti, &len) == -1)
		return (-1);
	out->rtt_us = ti.tcpi_rtt;
	out->rttvar_us = ti.tcpi_rttvar;
	out->mss = ti.tcpi_snd_mss;
	out->window = ti.tcpi_snd_cwnd;
	out->unacked = ti.tcpi_unacked;
	out->retransmits = ti.tcpi_total_retrans;
	out->timeouts = ti.tcpi_retransmits;
	out->unsent = ti.tcpi_notsent_bytes;
	return (0);
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

static int
tcp_prepare(int fd, const struct ipaddr *remote, const struct os_tcp *how)
{
	struct prefix	 host = { .af = remote->af };

	host.len = 8 * ipaddr_size(remote->af);
	memcpy(host.b, remote->b, sizeof(host.b));
	if ((how->hops != 0 && os_tcp_hops(fd, how->hops) == -1) ||
	    (how->hops_min != 0 && os_tcp_hops_min(fd, how->hops_min) == -1) ||
	    (how->key != NULL && os_tcp_md5(fd, &host, how->key) == -1))
		return (-1);
	return (how->local.af != 0 ? tcp_bind(fd, &how->local, 0) : 0);
}

int
os_tcp_connect(const struct ipaddr *remote, uint16_t port,
    const struct os_tcp *how)
{
	struct sockaddr_storage	 ss;
	socklen_t		 len;
	int			 fd;

	if ((fd = tcp_open(remote->af)) == -1)
		return (-1);
	if (tcp_prepare(fd, remote, how) == -1)
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

int
os_sndbuf(int fd, int bytes)
{
	return (setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes)));
}
