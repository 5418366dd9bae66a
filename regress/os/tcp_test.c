/*
 * Tests of TCP and local sockets, os/linux/tcp.c.
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
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

	for (i = 0; i < PATIENCE / 20; i++) {
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
	struct os_tcp		 how = { .hops = 7 };
	struct sockaddr_storage	 ss;
	socklen_t		 len = sizeof(ss);
	uint16_t		 port;
	int			 lfd, cfd, afd;

	local = how.local = ns_addr(from);
	remote = ns_addr(to);
	/* Both before the addresses exist. */
	ATF_REQUIRE((lfd = os_tcp_listen(&remote, 1179)) != -1);
	ATF_CHECK_EQ(os_tcp_hops(lfd, 255), 0);
	ATF_REQUIRE_EQ(os_loaddr(OS_ADD, &remote), 0);
	ATF_REQUIRE_EQ(os_loaddr(OS_ADD, &local), 0);
	local_wait(from);
	local_wait(to);
	cfd = os_tcp_connect(&remote, 1179, &how);
	ATF_REQUIRE_MSG(cfd != -1, "%s", strerror(errno));
	ATF_REQUIRE(ns_readable(lfd, PATIENCE));
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
	struct ipaddr	 any4, any6, to;
	struct os_tcp	 plain;
	int		 l4, l6, fd;

	ns_enter();
	any4 = ns_addr("0.0.0.0");
	any6 = ns_addr("::");
	ATF_CHECK((l4 = os_tcp_listen(&any4, 179)) != -1);
	ATF_CHECK((l6 = os_tcp_listen(&any6, 179)) != -1);
	ATF_CHECK_ERRNO(EADDRINUSE, os_tcp_listen(&any6, 179) == -1);
	memset(&plain, 0, sizeof(plain));
	to = ns_addr("::1");
	ATF_CHECK((fd = os_tcp_connect(&to, 179, &plain)) != -1);
	ATF_CHECK(ns_readable(l6, PATIENCE));
	ATF_CHECK(!ns_readable(l4, 0));
}

ATF_TC(os_tcp_refused);
ATF_TC_HEAD(os_tcp_refused, tc)
{
	ns_head(tc, "no listener, no route", 1);
}
ATF_TC_BODY(os_tcp_refused, tc)
{
	struct ipaddr	 to;
	struct os_tcp	 plain;
	int		 fd;

	ns_enter();
	memset(&plain, 0, sizeof(plain));
	to = ns_addr("127.0.0.1");
	fd = os_tcp_connect(&to, 179, &plain);
	if (fd == -1)
		ATF_CHECK_EQ(errno, ECONNREFUSED);
	else {
		ATF_CHECK(ns_readable(fd, PATIENCE));
		ATF_CHECK_EQ(option(fd, SOL_SOCKET, SO_ERROR), ECONNREFUSED);
	}
	to = ns_addr("2001:db8::1");
	ATF_CHECK_ERRNO(ENETUNREACH, os_tcp_connect(&to, 179, &plain) == -1);
}

/* Does a connection with these properties arrive within ms? */
static int
arrives(int lfd, const struct ipaddr *to, const struct os_tcp *how, int ms)
{
	struct tcp_info	 ti;
	socklen_t	 len = sizeof(ti);
	int		 cfd, afd, up;

	ATF_REQUIRE((cfd = os_tcp_connect(to, 1179, how)) != -1);
	up = ns_readable(lfd, ms);
	if (up) {
		ATF_REQUIRE((afd = accept(lfd, NULL, NULL)) != -1);
		ATF_CHECK_EQ(getsockopt(afd, IPPROTO_TCP, TCP_INFO, &ti,
		    &len), 0);
		ATF_CHECK_EQ(ti.tcpi_state, TCP_ESTABLISHED);
		close(afd);
	}
	close(cfd);
	return (up);
}

static int
connects(int lfd, const struct ipaddr *to, const struct os_tcp *how)
{
	return (arrives(lfd, to, how, PATIENCE));
}

static int
refuses(int lfd, const struct ipaddr *to, const struct os_tcp *how)
{
	return (!arrives(lfd, to, how, 300));
}

/* A listener, two addresses to connect from, and one that is listened to. */
static int
two_sources(const char *net, struct os_tcp how[2], struct ipaddr *to)
{
	char	 buf[IPADDR_STRLEN];
	int	 i, lfd;

	memset(how, 0, 2 * sizeof(*how));
	for (i = 0; i < 3; i++) {
		snprintf(buf, sizeof(buf), "%s%d", net, i + 1);
		*to = ns_addr(buf);
		ATF_REQUIRE_EQ(os_loaddr(OS_ADD, to), 0);
		local_wait(buf);
		if (i < 2)
			how[i].local = *to;
	}
	ATF_REQUIRE((lfd = os_tcp_listen(to, 1179)) != -1);
	return (lfd);
}

static void
md5_check(const char *net, const char *first, const char *both)
{
	struct ipaddr	 to;
	struct os_tcp	 how[2];
	struct prefix	 p;
	int		 lfd;

	ns_enter();
	lfd = two_sources(net, how, &to);
	ATF_CHECK(connects(lfd, &to, &how[0]));
	ATF_REQUIRE_EQ(prefix_parse(&p, first), 0);
	ATF_REQUIRE_EQ(os_tcp_md5(lfd, &p, "first"), 0);
	ATF_CHECK(refuses(lfd, &to, &how[0]));
	ATF_CHECK(connects(lfd, &to, &how[1]));
	how[0].key = "first";
	ATF_CHECK(connects(lfd, &to, &how[0]));
	/* RFC 2385 2.0: signed, but nobody expects it. */
	how[1].key = "first";
	ATF_CHECK(refuses(lfd, &to, &how[1]));
	/* Another key, as after a reload. */
	ATF_REQUIRE_EQ(os_tcp_md5(lfd, &p, "second"), 0);
	ATF_CHECK(refuses(lfd, &to, &how[0]));
	how[0].key = "second";
	ATF_CHECK(connects(lfd, &to, &how[0]));
	/* A range; the longer prefix wins. */
	ATF_REQUIRE_EQ(prefix_parse(&p, both), 0);
	ATF_REQUIRE_EQ(os_tcp_md5(lfd, &p, "range"), 0);
	ATF_CHECK(connects(lfd, &to, &how[0]));
	how[1].key = "range";
	ATF_CHECK(connects(lfd, &to, &how[1]));
	ATF_CHECK_EQ(os_tcp_md5(lfd, &p, NULL), 0);
	ATF_CHECK_EQ(os_tcp_md5(lfd, &p, NULL), 0);
	ATF_CHECK(refuses(lfd, &to, &how[1]));
	how[1].key = NULL;
	ATF_CHECK(connects(lfd, &to, &how[1]));
}

ATF_TC(os_tcp_md5_4);
ATF_TC_HEAD(os_tcp_md5_4, tc)
{
	ns_head(tc, "RFC 2385 by IPv4: on both ends or not at all", 1);
}
ATF_TC_BODY(os_tcp_md5_4, tc)
{
	md5_check("192.0.2.", "192.0.2.1/32", "192.0.2.0/30");
}

ATF_TC(os_tcp_md5_6);
ATF_TC_HEAD(os_tcp_md5_6, tc)
{
	ns_head(tc, "RFC 2385 by IPv6: on both ends or not at all", 1);
}
ATF_TC_BODY(os_tcp_md5_6, tc)
{
	md5_check("2001:db8::", "2001:db8::1/128", "2001:db8::/64");
}

ATF_TC(os_tcp_md5_key);
ATF_TC_HEAD(os_tcp_md5_key, tc)
{
	ns_head(tc, "keys that are none", 1);
}
ATF_TC_BODY(os_tcp_md5_key, tc)
{
	char		 key[OS_TCP_KEY + 2];
	struct ipaddr	 any;
	struct prefix	 p;
	int		 fd;

	ns_enter();
	any = ns_addr("0.0.0.0");
	ATF_REQUIRE((fd = os_tcp_listen(&any, 1179)) != -1);
	ATF_REQUIRE_EQ(prefix_parse(&p, "192.0.2.0/24"), 0);
	memset(key, 'x', sizeof(key));
	key[OS_TCP_KEY + 1] = '\0';
	ATF_CHECK_ERRNO(EINVAL, os_tcp_md5(fd, &p, key) == -1);
	ATF_CHECK_ERRNO(EINVAL, os_tcp_md5(fd, &p, "") == -1);
	key[OS_TCP_KEY] = '\0';
	ATF_CHECK_EQ(os_tcp_md5(fd, &p, key), 0);
}

ATF_TC(os_tcp_hops_min);
ATF_TC_HEAD(os_tcp_hops_min, tc)
{
	ns_head(tc, "RFC 5082: what came too far is not seen", 1);
}
ATF_TC_BODY(os_tcp_hops_min, tc)
{
	static const char *const	 nets[] = { "192.0.2.", "2001:db8::" };
	struct ipaddr			 to;
	struct os_tcp			 how[2];
	size_t				 i;
	int				 lfd;

	ns_enter();
	for (i = 0; i < 2; i++) {
		lfd = two_sources(nets[i], how, &to);
		ATF_CHECK_EQ(os_tcp_hops(lfd, 255), 0);
		ATF_CHECK_EQ(os_tcp_hops_min(lfd, 254), 0);
		ATF_CHECK(refuses(lfd, &to, &how[0]));
		how[0].hops = 253;
		ATF_CHECK(refuses(lfd, &to, &how[0]));
		how[0].hops = 254;
		how[0].hops_min = 255;
		ATF_CHECK(connects(lfd, &to, &how[0]));
		/* The answer must have come from nearby, too. */
		ATF_CHECK_EQ(os_tcp_hops(lfd, 254), 0);
		ATF_CHECK(refuses(lfd, &to, &how[0]));
		close(lfd);
	}
}

ATF_TC(os_tcp_info);
ATF_TC_HEAD(os_tcp_info, tc)
{
	ns_head(tc, "what the kernel knows about a connection", 1);
}
ATF_TC_BODY(os_tcp_info, tc)
{
	struct os_tcp_info	 ti;
	struct ipaddr		 to;
	struct os_tcp		 how[2];
	int			 lfd, cfd;

	ns_enter();
	lfd = two_sources("192.0.2.", how, &to);
	ATF_REQUIRE((cfd = os_tcp_connect(&to, 1179, &how[0])) != -1);
	ATF_REQUIRE(ns_readable(lfd, PATIENCE));
	ATF_REQUIRE_EQ(os_tcp_info(cfd, &ti), 0);
	ATF_CHECK(ti.rtt_us > 0);
	ATF_CHECK(ti.mss >= 536);
	ATF_CHECK_EQ(ti.retransmits, 0);
	ATF_CHECK_EQ(ti.unsent, 0);
	ATF_CHECK_ERRNO(ENOTSOCK, os_tcp_info(0, &ti) == -1);
}

ATF_TC(os_linklocal);
ATF_TC_HEAD(os_linklocal, tc)
{
	ns_head(tc, "the link-local address beside a global one", 1);
}
ATF_TC_BODY(os_linklocal, tc)
{
	struct ipaddr	 local, remote, ll, want;

	ns_enter();
	ns_run("ip link add one type veth peer name two");
	/* Those of the kernel would come when it likes. */
	ns_run("ip link set one up addrgenmode none");
	ns_run("ip link set two up addrgenmode none");
	ns_run("ip addr add 2001:db8::1/64 dev one nodad");
	ns_run("ip addr add fe80::77/64 dev one nodad");
	ns_run("ip addr add 2001:db8:2::1/64 dev two nodad");
	local = ns_addr("2001:db8::1");
	remote = ns_addr("2001:db8::9");
	want = ns_addr("fe80::77%one");
	ATF_REQUIRE_EQ(os_linklocal(&local, &remote, &ll), 0);
	ATF_CHECK(ipaddr_equal(&ll, &want));
	remote = ns_addr("2001:db8:1::9");
	ATF_CHECK_ERRNO(ENOENT, os_linklocal(&local, &remote, &ll) == -1);
	local = ns_addr("2001:db8:2::1");
	remote = ns_addr("2001:db8:2::9");
	ATF_CHECK_ERRNO(ENOENT, os_linklocal(&local, &remote, &ll) == -1);
	local = ns_addr("192.0.2.1");
	ATF_CHECK_ERRNO(ENOENT, os_linklocal(&local, &local, &ll) == -1);
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
	ATF_TP_ADD_TC(tp, os_tcp_md5_4);
	ATF_TP_ADD_TC(tp, os_tcp_md5_6);
	ATF_TP_ADD_TC(tp, os_tcp_md5_key);
	ATF_TP_ADD_TC(tp, os_tcp_hops_min);
	ATF_TP_ADD_TC(tp, os_tcp_info);
	ATF_TP_ADD_TC(tp, os_linklocal);
	ATF_TP_ADD_TC(tp, os_peercred);
	return (atf_no_error());
}
