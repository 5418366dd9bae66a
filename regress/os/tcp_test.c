/*
 * Tests of TCP and local sockets, os/linux/tcp.c.
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "ns.h"
#include "os.h"

static int
option(int fd, int level, int name)
{
	socklen_t	 len = sizeof(int);
	int		 val = -1;

	ATF_CHECK_EQ(getsockopt(fd, level, name, &val, &len), 0);
	return (val);
}

/* The kernel makes an IPv6 address local in its own time. */
static void
local_wait(const char *addr)
{
	int	 i;

	for (i = 0; i < 100; i++) {
		if (ns_try("ip route get %s | grep -q ^local", addr))
			return;
		usleep(20000);
	}
	atf_tc_fail("%s is not local", addr);
}

/* Connect from one address to another and look at all three ends. */
static void
connection_check(const char *from, const char *to, int level, int tos,
    int ttl)
{
	struct ipaddr		 local, remote, peer;
	struct sockaddr_storage	 ss;
	socklen_t		 len = sizeof(ss);
	uint16_t		 port;
	int			 lfd, cfd, afd;

	local = ns_addr(from);
	remote = ns_addr(to);
	/* Both before the addresses exist. */
	ATF_REQUIRE((lfd = os_tcp_listen(&remote, 1179)) != -1);
	ATF_CHECK_EQ(os_tcp_hops(lfd, 255), 0);
	ATF_REQUIRE_EQ(os_loaddr(OS_ADD, &remote), 0);
	ATF_REQUIRE_EQ(os_loaddr(OS_ADD, &local), 0);
	local_wait(from);
	local_wait(to);
	cfd = os_tcp_connect(&local, &remote, 1179, 7);
	ATF_REQUIRE_MSG(cfd != -1, "%s", strerror(errno));
	ATF_REQUIRE(ns_readable(lfd, 2000));
	ATF_REQUIRE((afd = accept(lfd, (struct sockaddr *)&ss, &len)) != -1);
	ATF_CHECK_EQ(ipaddr_from_sa(&peer, &port, (struct sockaddr *)&ss), 0);
	ATF_CHECK(ipaddr_equal(&peer, &local));
	ATF_CHECK(fcntl(cfd, F_GETFL) & O_NONBLOCK);
	ATF_CHECK(fcntl(cfd, F_GETFD) & FD_CLOEXEC);
	ATF_CHECK_EQ(option(cfd, SOL_SOCKET, SO_ERROR), 0);
	ATF_CHECK_EQ(option(cfd, IPPROTO_TCP, TCP_NODELAY), 1);
	ATF_CHECK_EQ(option(cfd, level, tos), 0xc0);
	ATF_CHECK_EQ(option(cfd, level, ttl), 7);
	ATF_CHECK_EQ(option(afd, IPPROTO_TCP, TCP_NODELAY), 1);
	ATF_CHECK_EQ(option(afd, level, tos), 0xc0);
	ATF_CHECK_EQ(option(afd, level, ttl), 255);
}

ATF_TC(os_tcp_4);
ATF_TC_HEAD(os_tcp_4, tc)
{
	ns_head(tc, "IPv4: bound, marked, with its own TTL", 1);
}
ATF_TC_BODY(os_tcp_4, tc)
{
	ns_enter();
	connection_check("192.0.2.1", "192.0.2.2", IPPROTO_IP, IP_TOS,
	    IP_TTL);
}

ATF_TC(os_tcp_6);
ATF_TC_HEAD(os_tcp_6, tc)
{
	ns_head(tc, "IPv6: bound, marked, with its own hop limit", 1);
}
ATF_TC_BODY(os_tcp_6, tc)
{
	ns_enter();
	connection_check("2001:db8::1", "2001:db8::2", IPPROTO_IPV6,
	    IPV6_TCLASS, IPV6_UNICAST_HOPS);
}

ATF_TC(os_tcp_both);
ATF_TC_HEAD(os_tcp_both, tc)
{
	ns_head(tc, "one port for both families, listened to apart", 1);
}
ATF_TC_BODY(os_tcp_both, tc)
{
	struct ipaddr	 any4, any6, none, to;
	int		 l4, l6, fd;

	ns_enter();
	any4 = ns_addr("0.0.0.0");
	any6 = ns_addr("::");
	ATF_CHECK((l4 = os_tcp_listen(&any4, 179)) != -1);
	ATF_CHECK((l6 = os_tcp_listen(&any6, 179)) != -1);
	ATF_CHECK_ERRNO(EADDRINUSE, os_tcp_listen(&any6, 179) == -1);
	memset(&none, 0, sizeof(none));
	to = ns_addr("::1");
	ATF_CHECK((fd = os_tcp_connect(&none, &to, 179, 0)) != -1);
	ATF_CHECK(ns_readable(l6, 2000));
	ATF_CHECK(!ns_readable(l4, 0));
}

ATF_TC(os_tcp_refused);
ATF_TC_HEAD(os_tcp_refused, tc)
{
	ns_head(tc, "no listener, no route", 1);
}
ATF_TC_BODY(os_tcp_refused, tc)
{
	struct ipaddr	 none, to;
	int		 fd;

	ns_enter();
	memset(&none, 0, sizeof(none));
	to = ns_addr("127.0.0.1");
	fd = os_tcp_connect(&none, &to, 179, 0);
	if (fd == -1)
		ATF_CHECK_EQ(errno, ECONNREFUSED);
	else {
		ATF_CHECK(ns_readable(fd, 2000));
		ATF_CHECK_EQ(option(fd, SOL_SOCKET, SO_ERROR), ECONNREFUSED);
	}
	to = ns_addr("2001:db8::1");
	ATF_CHECK_ERRNO(ENETUNREACH, os_tcp_connect(&none, &to, 179, 0) == -1);
}

ATF_TC(os_peercred);
ATF_TC_HEAD(os_peercred, tc)
{
	atf_tc_set_md_var(tc, "descr", "who made the other end");
}
ATF_TC_BODY(os_peercred, tc)
{
	uid_t	 uid = -1;
	gid_t	 gid = -1;
	int	 fd[2];

	ATF_REQUIRE_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
	ATF_CHECK_EQ(os_peercred(fd[0], &uid, &gid), 0);
	ATF_CHECK_EQ(uid, geteuid());
	ATF_CHECK_EQ(gid, getegid());
	ATF_REQUIRE_EQ(pipe(fd), 0);
	ATF_CHECK_ERRNO(ENOTSOCK, os_peercred(fd[0], &uid, &gid) == -1);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, os_tcp_4);
	ATF_TP_ADD_TC(tp, os_tcp_6);
	ATF_TP_ADD_TC(tp, os_tcp_both);
	ATF_TP_ADD_TC(tp, os_tcp_refused);
	ATF_TP_ADD_TC(tp, os_peercred);
	return (atf_no_error());
}
