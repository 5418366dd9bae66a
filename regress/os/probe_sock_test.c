/*
 * Tests of the sockets of probes, os/linux/probe_sock.c: what the kernel lets
 * through to them, and what it does not.
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>

#include <string.h>
#include <unistd.h>

#include "ns.h"
#include "os.h"

#define ROOM	256

/* Send an IPv6 header to an inner destination, in protocol 41. */
static void
inner_send(int fd, const char *dst, const char *inside, size_t len)
{
	struct ipaddr		 to = ns_addr(dst), in = ns_addr(inside);
	uint8_t			 data[60] = { 0x60 };
	struct os_packet	 op = { .data = data, .len = len, .ttl = 9 };

	memcpy(&op.addr, to.b, sizeof(op.addr));
	memcpy(data + 24, in.b, sizeof(in.b));
	ATF_REQUIRE_EQ(os_send_batch(fd, &op, 1), 1);
}

ATF_TC(os_raw41_probe);
ATF_TC_HEAD(os_raw41_probe, tc)
{
	ns_head(tc, "only what is for one inner address is received", 1);
}
ATF_TC_BODY(os_raw41_probe, tc)
{
	struct ipaddr		 local, inside;
	struct os_packet	 op;
	uint8_t			 room[ROOM];
	int			 fd;

	ns_enter();
	local = ns_addr("192.0.2.1");
	inside = ns_addr("2002:c000:201:1234:5678:9abc:def0:1234");
	ATF_REQUIRE_EQ(os_loaddr(OS_ADD, &local), 0);
	ATF_REQUIRE((fd = os_raw41_probe(&local, &inside)) != -1);
	inner_send(fd, "192.0.2.1", "2002:c000:201:1234:5678:9abc:def0:1235",
	    40);
	inner_send(fd, "192.0.2.1", "2002:c000:201:1234:5678:9abd:def0:1234",
	    40);
	inner_send(fd, "192.0.2.1", "2002:c000:201:1234:5679:9abc:def0:1234",
	    40);
	inner_send(fd, "192.0.2.1", "2003:c000:201:1234:5678:9abc:def0:1234",
	    40);
	inner_send(fd, "192.0.2.1", "2002:c000:201:1234:5678:9abc:def0:1234",
	    39);
	inner_send(fd, "127.0.0.1", "2002:c000:201:1234:5678:9abc:def0:1234",
	    40);
	ATF_CHECK(!ns_readable(fd, 50));
	inner_send(fd, "192.0.2.1", "2002:c000:201:1234:5678:9abc:def0:1234",
	    40);
	ATF_REQUIRE(ns_readable(fd, PATIENCE));
	memset(&op, 0, sizeof(op));
	op.data = room;
	ATF_CHECK_EQ(os_recv_batch(fd, &op, 1, ROOM), 1);
	ATF_CHECK_EQ(op.len, 60);
	ATF_CHECK_EQ(memcmp(&op.addr, local.b, 4), 0);
	close(fd);
}

ATF_TC(os_icmp6);
ATF_TC_HEAD(os_icmp6, tc)
{
	ns_head(tc, "only echo replies with one's own identifier are received, "
	    "with the address that they came to", 1);
}
ATF_TC_BODY(os_icmp6, tc)
{
	uint8_t		 echo[] = { 128, 0, 0, 0, 0x12, 0x34, 0, 1, 'a', 'b' };
	uint8_t		 room[ROOM];
	struct ipaddr	 target, local, src, dst;
	int		 fd;

	ns_enter();
	ns_run("ip addr add 2001:db8::1/64 dev lo nodad");
	target = ns_addr("2001:db8::1");
	ATF_REQUIRE((fd = os_icmp6_open(0x1234)) != -1);
	ATF_CHECK_EQ(os_icmp6_recv(fd, room, ROOM, &src, &dst), -1);
	echo[5]++;
	ATF_REQUIRE_EQ(os_icmp6_send(fd, &target, echo, sizeof(echo)), 0);
	ATF_CHECK(!ns_readable(fd, 50));
	echo[5]--;
	ATF_REQUIRE_EQ(os_icmp6_send(fd, &target, echo, sizeof(echo)), 0);
	ATF_REQUIRE(ns_readable(fd, PATIENCE));
	ATF_REQUIRE_EQ(os_icmp6_recv(fd, room, ROOM, &src, &dst),
	    sizeof(echo));
	ATF_CHECK_EQ(room[0], 129);
	ATF_CHECK_EQ(memcmp(room + 4, echo + 4, 6), 0);
	ATF_CHECK(ipaddr_equal(&src, &target));
	ATF_REQUIRE_EQ(os_source(&target, &local), 0);
	ATF_CHECK(ipaddr_equal(&dst, &local));
	close(fd);
}

ATF_TC(os_source);
ATF_TC_HEAD(os_source, tc)
{
	ns_head(tc, "the address that a route would have us send from", 1);
}
ATF_TC_BODY(os_source, tc)
{
	struct ipaddr	 far4, far6, want, got;
	uint16_t	 port = 0;
	int		 fd;

	ns_enter();
	far4 = ns_addr("198.51.100.1");
	far6 = ns_addr("2001:db8:1::1");
	ATF_CHECK_EQ(os_source(&far4, &got), -1);
	ATF_CHECK_EQ(os_source(&far6, &got), -1);
	ns_run("ip addr add 192.0.2.1/24 dev lo");
	ns_run("ip addr add 2001:db8::1/64 dev lo nodad");
	ns_run("ip route add default dev lo src 192.0.2.1");
	ns_run("ip -6 route add default dev lo src 2001:db8::1");
	want = ns_addr("192.0.2.1");
	ATF_REQUIRE_EQ(os_source(&far4, &got), 0);
	ATF_CHECK(ipaddr_equal(&got, &want));
	ATF_REQUIRE((fd = os_udp4_listen(&want, 0)) != -1);
	ATF_REQUIRE_EQ(os_udp4_port(fd, &port), 0);
	ATF_CHECK(port != 0);
	close(fd);
	want = ns_addr("2001:db8::1");
	ATF_REQUIRE_EQ(os_source(&far6, &got), 0);
	ATF_CHECK(ipaddr_equal(&got, &want));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, os_raw41_probe);
	ATF_TP_ADD_TC(tp, os_icmp6);
	ATF_TP_ADD_TC(tp, os_source);
	return (atf_no_error());
}
