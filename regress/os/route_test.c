/*
 * Tests of routes and loopback addresses, os/linux/route.c.
 */
#include <sys/types.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "ns.h"
#include "os.h"

/* A namespace with a tun in it; returns its interface index. */
static unsigned int
tun_make(void)
{
	unsigned int	 ifindex;

	ns_enter();
	ATF_REQUIRE(os_tun_open("six0", 1280, &ifindex) != -1);
	return (ifindex);
}

ATF_TC(os_route_add);
ATF_TC_HEAD(os_route_add, tc)
{
	ns_head(tc, "a route of either family, tagged, added twice", 1);
}
ATF_TC_BODY(os_route_add, tc)
{
	struct prefix	 p4, p6;
	unsigned int	 ifindex;

	ifindex = tun_make();
	p4 = ns_prefix("192.0.2.0/24");
	p6 = ns_prefix("2002::/16");
	ATF_CHECK_EQ(os_route(OS_ADD, &p4, ifindex), 0);
	ATF_CHECK_EQ(os_route(OS_ADD, &p6, ifindex), 0);
	ns_run("ip route show proto 141 | grep -q '^192.0.2.0/24 dev six0'");
	ns_run("ip -6 route show proto 141 | grep -q '^2002::/16 dev six0'");
	ATF_CHECK_EQ(os_route(OS_ADD, &p4, ifindex), 0);
	ATF_CHECK_EQ(os_route(OS_ADD, &p6, ifindex), 0);
	ns_run("test $(ip -6 route show 2002::/16 | wc -l) = 1");
	ATF_CHECK_EQ(os_route(OS_ADD, &p6, ifindex + 1000), -1);
}

ATF_TC(os_route_foreign);
ATF_TC_HEAD(os_route_foreign, tc)
{
	ns_head(tc, "somebody else's route is neither replaced nor deleted",
	    1);
}
ATF_TC_BODY(os_route_foreign, tc)
{
	struct prefix	 p4, p6;
	unsigned int	 ifindex;

	ifindex = tun_make();
	p4 = ns_prefix("192.0.2.0/24");
	p6 = ns_prefix("2002::/16");
	ns_run("ip route add 192.0.2.0/24 dev six0");
	ns_run("ip -6 route add 2002::/16 dev lo");
	ATF_CHECK_ERRNO(EEXIST, os_route(OS_ADD, &p4, ifindex) == -1);
	ATF_CHECK_ERRNO(EEXIST, os_route(OS_ADD, &p6, ifindex) == -1);
	ATF_CHECK_EQ(os_route(OS_DEL, &p4, ifindex), 0);
	ATF_CHECK_EQ(os_route(OS_DEL, &p6, ifindex), 0);
	ns_run("ip route show 192.0.2.0/24 | grep -q six0");
	ns_run("ip -6 route show 2002::/16 | grep -q lo");
	/* Ours through another interface is not what was asked for either. */
	ns_run("ip -6 route del 2002::/16");
	ATF_REQUIRE_EQ(os_route(OS_ADD, &p6, ifindex), 0);
	ATF_CHECK_ERRNO(EEXIST, os_route(OS_ADD, &p6, 1) == -1);
}

ATF_TC(os_route_delete);
ATF_TC_HEAD(os_route_delete, tc)
{
	ns_head(tc, "deleting, twice, and with the interface gone", 1);
}
ATF_TC_BODY(os_route_delete, tc)
{
	struct prefix	 p4, p6;
	unsigned int	 ifindex;

	ifindex = tun_make();
	p4 = ns_prefix("192.0.2.0/24");
	p6 = ns_prefix("2002::/16");
	ATF_REQUIRE_EQ(os_route(OS_ADD, &p4, ifindex), 0);
	ATF_REQUIRE_EQ(os_route(OS_ADD, &p6, ifindex), 0);
	ATF_CHECK_EQ(os_route(OS_DEL, &p4, ifindex), 0);
	ATF_CHECK_EQ(os_route(OS_DEL, &p6, ifindex), 0);
	ns_run("test -z \"$(ip route; ip -6 route show proto 141)\"");
	ATF_CHECK_EQ(os_route(OS_DEL, &p4, ifindex), 0);
	ATF_CHECK_EQ(os_route(OS_DEL, &p6, ifindex), 0);
	ATF_CHECK_EQ(os_route(OS_DEL, &p4, ifindex + 1000), 0);
	ATF_CHECK_EQ(os_route(OS_DEL, &p6, ifindex + 1000), 0);
}

ATF_TC(os_route_sweep);
ATF_TC_HEAD(os_route_sweep, tc)
{
	ns_head(tc, "all of ours go, nothing else does", 1);
}
ATF_TC_BODY(os_route_sweep, tc)
{
	struct prefix	 p;
	unsigned int	 ifindex;
	int		 i;

	ifindex = tun_make();
	ATF_CHECK_EQ(os_route_sweep(), 0);
	ns_run("ip route add 192.0.2.0/24 dev six0");
	ns_run("ip -6 route add 2001:db8::/32 dev six0");
	p = ns_prefix("198.51.100.0/24");
	ATF_REQUIRE_EQ(os_route(OS_ADD, &p, ifindex), 0);
	/* More than one datagram of a dump. */
	for (i = 0; i < 200; i++) {
		p = ns_prefix("2002::/24");
		p.b[2] = i;
		ATF_REQUIRE_EQ(os_route(OS_ADD, &p, ifindex), 0);
	}
	ATF_CHECK_EQ(os_route_sweep(), 201);
	ATF_CHECK_EQ(os_route_sweep(), 0);
	ns_run("ip route show 192.0.2.0/24 | grep -q six0");
	ns_run("ip -6 route show 2001:db8::/32 | grep -q six0");
	ns_run("test -z \"$(ip route show proto 141; "
	    "ip -6 route show proto 141)\"");
}

ATF_TC(os_loaddr);
ATF_TC_HEAD(os_loaddr, tc)
{
	ns_head(tc, "a host address comes and goes", 1);
}
ATF_TC_BODY(os_loaddr, tc)
{
	struct ipaddr	 a4, a6;

	ns_enter();
	a4 = ns_addr("192.88.99.1");
	a6 = ns_addr("2001:db8::1");
	ATF_CHECK_EQ(os_loaddr(OS_ADD, &a4), 0);
	ATF_CHECK_EQ(os_loaddr(OS_ADD, &a6), 0);
	ns_run("ip addr show lo | grep -q 'inet 192.88.99.1/32'");
	ns_run("ip addr show lo | grep -q 'inet6 2001:db8::1/128'");
	ATF_CHECK(!ns_try("ip addr show lo | grep -E 'tentative|dadfailed'"));
	ATF_CHECK_EQ(os_loaddr(OS_DEL, &a4), 0);
	ATF_CHECK_EQ(os_loaddr(OS_DEL, &a6), 0);
	ATF_CHECK(!ns_try("ip addr show lo | grep -E '192.88|2001:'"));
	ATF_CHECK_EQ(os_loaddr(OS_DEL, &a4), 0);
	ATF_CHECK_EQ(os_loaddr(OS_DEL, &a6), 0);
}

ATF_TC(os_loaddr_there);
ATF_TC_HEAD(os_loaddr_there, tc)
{
	ns_head(tc, "an address of the operator's is not ours; one that a "
	    "crash left is", 1);
}
ATF_TC_BODY(os_loaddr_there, tc)
{
	struct ipaddr	 a4, a6;

	tun_make();
	a4 = ns_addr("192.88.99.1");
	a6 = ns_addr("2001:db8::1");
	ns_run("ip addr add 192.88.99.1/24 dev six0");
	ns_run("ip addr add 2001:db8::1/64 dev six0");
	ATF_CHECK_EQ(os_loaddr(OS_ADD, &a4), 1);
	ATF_CHECK_EQ(os_loaddr(OS_ADD, &a6), 1);
	a4 = ns_addr("192.0.2.1");
	a6 = ns_addr("2001:db8::2");
	ns_run("ip addr add 192.0.2.1/32 dev lo");
	ns_run("ip addr add 2001:db8::2/128 dev lo");
	ATF_CHECK_EQ(os_loaddr(OS_ADD, &a4), 1);
	ATF_CHECK_EQ(os_loaddr(OS_ADD, &a6), 1);
	a4 = ns_addr("192.0.2.3");
	a6 = ns_addr("2001:db8::3");
	ATF_CHECK_EQ(os_loaddr(OS_ADD, &a4), 0);
	ATF_CHECK_EQ(os_loaddr(OS_ADD, &a6), 0);
	ATF_CHECK_EQ(os_loaddr(OS_ADD, &a4), 0);
	ATF_CHECK_EQ(os_loaddr(OS_ADD, &a6), 0);
}

ATF_TC(os_self);
ATF_TC_HEAD(os_self, tc)
{
	atf_tc_set_md_var(tc, "descr", "the path is absolute and runs");
}
ATF_TC_BODY(os_self, tc)
{
	char	 buf[1024];

	ATF_REQUIRE_EQ(os_self(buf, sizeof(buf)), 0);
	ATF_CHECK(buf[0] == '/' && access(buf, X_OK) == 0);
	ATF_CHECK(strstr(buf, "route_test") != NULL);
	ATF_CHECK_ERRNO(ENAMETOOLONG, os_self(buf, 5) == -1);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, os_route_add);
	ATF_TP_ADD_TC(tp, os_route_foreign);
	ATF_TP_ADD_TC(tp, os_route_delete);
	ATF_TP_ADD_TC(tp, os_route_sweep);
	ATF_TP_ADD_TC(tp, os_loaddr);
	ATF_TP_ADD_TC(tp, os_loaddr_there);
	ATF_TP_ADD_TC(tp, os_self);
	return (atf_no_error());
}
