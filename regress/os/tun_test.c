/*
 * Tests of the tun device, os/linux/tun.c.
 */
#include <sys/types.h>
#include <net/if.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "ns.h"
#include "os.h"

/* An IPv6 packet without a payload, 2001:db8::2 to 2002:102:304::1. */
static const uint8_t	packet[40] = {
	0x60, 0, 0, 0, 0, 0, 59, 64,
	0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2,
	0x20, 0x02, 1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1
};

ATF_TC(os_tun_open);
ATF_TC_HEAD(os_tun_open, tc)
{
	ns_head(tc, "the device is as asked for, and goes with its descriptor",
	    1);
}
ATF_TC_BODY(os_tun_open, tc)
{
	unsigned int	 ifindex = 0;
	int		 fd;

	ns_enter();
	fd = os_tun_open("six0", 1480, &ifindex);
	ATF_REQUIRE_MSG(fd != -1, "%s", strerror(errno));
	ATF_CHECK(ifindex != 0 && ifindex == if_nametoindex("six0"));
	ATF_CHECK(fcntl(fd, F_GETFL) & O_NONBLOCK);
	ATF_CHECK(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	ns_run("ip link show six0 | grep -q 'POINTOPOINT.*UP.*mtu 1480.*"
	    "qlen 1000'");
	ATF_CHECK(!ns_try("ip addr show six0 | grep inet"));
	close(fd);
	ATF_CHECK_EQ(if_nametoindex("six0"), 0);
}

ATF_TC(os_tun_open_taken);
ATF_TC_HEAD(os_tun_open_taken, tc)
{
	ns_head(tc, "a name that exists is EBUSY, whatever kind it is of", 1);
}
ATF_TC_BODY(os_tun_open_taken, tc)
{
	unsigned int	 ifindex;
	int		 fd;

	ns_enter();
	fd = os_tun_open("six0", 1280, &ifindex);
	ATF_REQUIRE(fd != -1);
	ATF_CHECK_ERRNO(EBUSY, os_tun_open("six0", 1280, &ifindex) == -1);
	ATF_CHECK_ERRNO(EBUSY, os_tun_open("lo", 1280, &ifindex) == -1);
	ns_run("ip tuntap add dev six1 mode tun");
	ATF_CHECK_ERRNO(EBUSY, os_tun_open("six1", 1280, &ifindex) == -1);
}

ATF_TC(os_tun_open_bad);
ATF_TC_HEAD(os_tun_open_bad, tc)
{
	ns_head(tc, "bad names and MTUs are refused and leave nothing", 1);
}
ATF_TC_BODY(os_tun_open_bad, tc)
{
	unsigned int	 ifindex;

	ns_enter();
	ATF_CHECK_ERRNO(EINVAL, os_tun_open("", 1280, &ifindex) == -1);
	ATF_CHECK_ERRNO(EINVAL, os_tun_open("six%d", 1280, &ifindex) == -1);
	ATF_CHECK_ERRNO(EINVAL,
	    os_tun_open("sixteen-letters-", 1280, &ifindex) == -1);
	ATF_CHECK_ERRNO(EINVAL, os_tun_open("six0", 70000, &ifindex) == -1);
	ATF_CHECK_EQ(if_nametoindex("six0"), 0);
}

ATF_TC(os_tun_read);
ATF_TC_HEAD(os_tun_read, tc)
{
	ns_head(tc, "packets go in and come out bare", 1);
}
ATF_TC_BODY(os_tun_read, tc)
{
	unsigned int	 ifindex;
	struct prefix	 p;
	uint8_t		 buf[2000], in[40];
	int		 fd;

	ns_enter();
	ns_run("echo 1 >/proc/sys/net/ipv6/conf/all/forwarding");
	fd = os_tun_open("six0", 1280, &ifindex);
	ATF_REQUIRE(fd != -1);
	p = ns_prefix("2002::/16");
	ATF_REQUIRE_EQ(os_route(OS_ADD, &p, ifindex), 0);
	p = ns_prefix("2001:db8::/32");
	ATF_REQUIRE_EQ(os_route(OS_ADD, &p, ifindex), 0);
	ATF_CHECK_ERRNO(EAGAIN, os_tun_read(fd, buf, sizeof(buf)) == -1);
	/* In by the tun, forwarded back out of it with one hop less. */
	memcpy(in, packet, sizeof(in));
	ATF_CHECK_EQ(os_tun_write(fd, in, sizeof(in)), sizeof(in));
	ATF_REQUIRE(ns_readable(fd, PATIENCE));
	ATF_CHECK_EQ(os_tun_read(fd, buf, sizeof(buf)), sizeof(in));
	in[7]--;
	ATF_CHECK_EQ(memcmp(buf, in, sizeof(in)), 0);
}

ATF_TC(os_tun_silence);
ATF_TC_HEAD(os_tun_silence, tc)
{
	ns_head(tc, "the kernel sends nothing of its own into the tunnel", 1);
}
ATF_TC_BODY(os_tun_silence, tc)
{
	unsigned int	 ifindex;
	int		 fd;

	ns_enter();
	/* A router has more groups to report than a host. */
	ns_run("echo 1 >/proc/sys/net/ipv6/conf/all/forwarding");
	fd = os_tun_open("six0", 1280, &ifindex);
	ATF_REQUIRE(fd != -1);
	ATF_CHECK(!ns_readable(fd, 2500));
	ns_run("echo 0 >/proc/sys/net/ipv6/conf/all/forwarding");
	ns_run("echo 1 >/proc/sys/net/ipv6/conf/all/forwarding");
	ATF_CHECK(!ns_readable(fd, 2500));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, os_tun_open);
	ATF_TP_ADD_TC(tp, os_tun_open_taken);
	ATF_TP_ADD_TC(tp, os_tun_open_bad);
	ATF_TP_ADD_TC(tp, os_tun_read);
	ATF_TP_ADD_TC(tp, os_tun_silence);
	return (atf_no_error());
}
