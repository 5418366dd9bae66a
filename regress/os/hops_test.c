/*
 * Tests of UDP that knows how far a packet has come, os/linux/hops.c, as BFD
 * needs it: RFC 5881 4 and 5.
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "ns.h"
#include "os.h"

#define PORT	3784
#define FIRST	49152

/* A family: its loopback address, and where its hop limit is set. */
struct family {
	uint8_t		 af;
	const char	*lo;
	int		 level;
	int		 hops;
	int		 tos;
};

static const struct family	families[] = {
	{ 4, "127.0.0.1", IPPROTO_IP, IP_TTL, IP_TOS },
	{ 6, "::1", IPPROTO_IPV6, IPV6_UNICAST_HOPS, IPV6_TCLASS }
};

static int
option(int fd, int level, int name)
{
	socklen_t	 len = sizeof(int);
	int		 val = -1;

	ATF_CHECK_EQ(getsockopt(fd, level, name, &val, &len), 0);
	return (val);
}

static uint16_t
local_port(int fd)
{
	struct sockaddr_storage	 ss;
	struct ipaddr		 a;
	socklen_t		 len = sizeof(ss);
	uint16_t		 port;

	ATF_REQUIRE_EQ(getsockname(fd, (struct sockaddr *)&ss, &len), 0);
	ATF_REQUIRE_EQ(ipaddr_from_sa(&a, &port, (struct sockaddr *)&ss), 0);
	return (port);
}

/* A sender to the loopback address of a family, which may be whoever. */
static int
sender(const struct family *f)
{
	struct ipaddr	 any, to = ns_addr(f->lo);
	int		 fd;

	memset(&any, 0, sizeof(any));
	ATF_REQUIRE((fd = os_hops_connect(&any, &to, PORT, FIRST)) != -1);
	return (fd);
}

static void
say(const struct family *f, int fd, int hops, const char *text)
{
	ATF_REQUIRE_EQ(setsockopt(fd, f->level, f->hops, &hops,
	    sizeof(hops)), 0);
	ATF_REQUIRE_EQ(send(fd, text, strlen(text), 0),
	    (ssize_t)strlen(text));
}

/* The next packet has these hops and this text. */
static void
heard(const struct family *f, int fd, int hops, const char *text)
{
	struct os_hops_packet	 p;
	struct ipaddr		 lo = ns_addr(f->lo);
	char			 buf[16];

	ATF_REQUIRE(ns_readable(fd, 2000));
	ATF_REQUIRE_EQ(os_hops_recv(fd, &p, buf, sizeof(buf)), 0);
	ATF_CHECK_EQ(p.hops, hops);
	ATF_CHECK(ipaddr_equal(&p.from, &lo));
	ATF_REQUIRE_EQ(p.len, strlen(text));
	ATF_CHECK_EQ(memcmp(buf, text, p.len), 0);
}

static void
nothing(int fd)
{
	struct os_hops_packet	 p;
	char			 buf[16];

	ATF_CHECK_ERRNO(EAGAIN, os_hops_recv(fd, &p, buf,
	    sizeof(buf)) == -1);
}

/* RFC 5881 5: with less than 255 it has come from elsewhere. */
ATF_TC(hops_255);
ATF_TC_HEAD(hops_255, tc)
{
	ns_head(tc, "what has passed a router is not let in", 0);
}
ATF_TC_BODY(hops_255, tc)
{
	const struct family	*f;
	int			 lfd, cfd;

	ns_enter();
	for (f = families; f < families + nitems(families); f++) {
		ATF_REQUIRE((lfd = os_hops_listen(f->af, PORT, 255)) != -1);
		cfd = sender(f);
		nothing(lfd);
		say(f, cfd, 254, "far");
		say(f, cfd, 1, "far");
		say(f, cfd, 255, "near");
		heard(f, lfd, 255, "near");
		nothing(lfd);
	}
}

/* RFC 5883 5: how far is far enough is up to the session. */
ATF_TC(hops_some);
ATF_TC_HEAD(hops_some, tc)
{
	ns_head(tc, "what may come from afar tells from how far", 0);
}
ATF_TC_BODY(hops_some, tc)
{
	const struct family	*f;
	int			 lfd, cfd;

	ns_enter();
	for (f = families; f < families + nitems(families); f++) {
		ATF_REQUIRE((lfd = os_hops_listen(f->af, PORT, 250)) != -1);
		cfd = sender(f);
		say(f, cfd, 255, "a");
		say(f, cfd, 249, "b");
		say(f, cfd, 250, "c");
		say(f, cfd, 252, "");
		heard(f, lfd, 255, "a");
		heard(f, lfd, 250, "c");
		heard(f, lfd, 252, "");
		nothing(lfd);
	}
}

ATF_TC(os_hops_recv_long);
ATF_TC_HEAD(os_hops_recv_long, tc)
{
	ns_head(tc, "what is beyond the room is cut off", 0);
}
ATF_TC_BODY(os_hops_recv_long, tc)
{
	const struct family	*f = &families[1];
	struct os_hops_packet	 p;
	char			 buf[4];
	int			 lfd;

	ns_enter();
	ATF_REQUIRE((lfd = os_hops_listen(6, PORT, 255)) != -1);
	say(f, sender(f), 255, "0123456789");
	ATF_REQUIRE(ns_readable(lfd, 2000));
	ATF_CHECK_EQ(os_hops_recv(lfd, &p, buf, sizeof(buf)), 0);
	ATF_CHECK_EQ(p.len, sizeof(buf));
	ATF_CHECK_EQ(memcmp(buf, "0123", 4), 0);
	nothing(lfd);
}

ATF_TC(os_hops_listen);
ATF_TC_HEAD(os_hops_listen, tc)
{
	ns_head(tc, "one port for both families, once each", 0);
}
ATF_TC_BODY(os_hops_listen, tc)
{
	int	 l4, l6;

	ns_enter();
	ATF_REQUIRE((l4 = os_hops_listen(4, PORT, 255)) != -1);
	ATF_REQUIRE((l6 = os_hops_listen(6, PORT, 255)) != -1);
	ATF_CHECK(fcntl(l4, F_GETFL) & O_NONBLOCK);
	ATF_CHECK(fcntl(l6, F_GETFD) & FD_CLOEXEC);
	ATF_CHECK_ERRNO(EADDRINUSE, os_hops_listen(4, PORT, 255) == -1);
	ATF_CHECK_ERRNO(EADDRINUSE, os_hops_listen(6, PORT, 0) == -1);
	close(l6);
	ATF_CHECK(os_hops_listen(6, PORT, 255) != -1);
}

/* RFC 5881 4: from a port of the dynamic range, that nobody else has. */
ATF_TC(os_hops_connect);
ATF_TC_HEAD(os_hops_connect, tc)
{
	ns_head(tc, "marked, with 255 hops, from a port of its own", 0);
}
ATF_TC_BODY(os_hops_connect, tc)
{
	const struct family	*f;
	int			 one, two;

	ns_enter();
	for (f = families; f < families + nitems(families); f++) {
		one = sender(f);
		two = sender(f);
		ATF_CHECK(local_port(one) >= FIRST);
		ATF_CHECK(local_port(one) != local_port(two));
		ATF_CHECK(fcntl(one, F_GETFL) & O_NONBLOCK);
		ATF_CHECK(fcntl(one, F_GETFD) & FD_CLOEXEC);
		ATF_CHECK_EQ(option(one, f->level, f->hops), 255);
		ATF_CHECK_EQ(option(one, f->level, f->tos), 0xc0);
	}
}

ATF_TC(os_hops_connect_full);
ATF_TC_HEAD(os_hops_connect_full, tc)
{
	ns_head(tc, "every port of the range is found, and no other", 0);
}
ATF_TC_BODY(os_hops_connect_full, tc)
{
	struct ipaddr	 lo = ns_addr("::1");
	int		 i;

	ns_enter();
	for (i = 0; i < 4; i++)
		ATF_REQUIRE(os_hops_connect(&lo, &lo, PORT, 65532) != -1);
	ATF_CHECK_ERRNO(EADDRINUSE,
	    os_hops_connect(&lo, &lo, PORT, 65532) == -1);
}

ATF_TC(os_hops_connect_local);
ATF_TC_HEAD(os_hops_connect_local, tc)
{
	ns_head(tc, "from the address that is asked for, or not at all", 0);
}
ATF_TC_BODY(os_hops_connect_local, tc)
{
	struct ipaddr		 from = ns_addr("127.0.0.9");
	struct ipaddr		 not_ours = ns_addr("192.0.2.1");
	struct ipaddr		 to = ns_addr("127.0.0.1");
	struct os_hops_packet	 p;
	char			 buf[16];
	int			 lfd, cfd;

	ns_enter();
	ATF_REQUIRE((lfd = os_hops_listen(4, PORT, 255)) != -1);
	ATF_REQUIRE((cfd = os_hops_connect(&from, &to, PORT, FIRST)) != -1);
	ATF_REQUIRE_EQ(send(cfd, "x", 1, 0), 1);
	ATF_REQUIRE(ns_readable(lfd, 2000));
	ATF_REQUIRE_EQ(os_hops_recv(lfd, &p, buf, sizeof(buf)), 0);
	ATF_CHECK(ipaddr_equal(&p.from, &from));
	ATF_CHECK_ERRNO(EADDRNOTAVAIL,
	    os_hops_connect(&not_ours, &to, PORT, FIRST) == -1);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, hops_255);
	ATF_TP_ADD_TC(tp, hops_some);
	ATF_TP_ADD_TC(tp, os_hops_recv_long);
	ATF_TP_ADD_TC(tp, os_hops_listen);
	ATF_TP_ADD_TC(tp, os_hops_connect);
	ATF_TP_ADD_TC(tp, os_hops_connect_full);
	ATF_TP_ADD_TC(tp, os_hops_connect_local);
	return (atf_no_error());
}
