/*
 * Tests of raw sockets and batches, os/linux/sock.c.
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "ns.h"
#include "os.h"
#include "rd.h"

#define ROOM	2048

/* What the tests look at in an IPv4 header. */
struct ip4 {
	uint8_t		tos;
	uint16_t	len;
	uint16_t	off;
	uint8_t		ttl;
	uint8_t		proto;
	uint32_t	src;
	uint32_t	dst;
};

struct batch {
	struct os_packet	 p[OS_BATCH + 8];
	uint8_t			 data[OS_BATCH + 8][ROOM];
};

static struct ip4
ip4_read(const struct os_packet *p)
{
	struct rd	 r;
	struct ip4	 h;

	rd_init(&r, p->data, p->len);
	ATF_CHECK_EQ(rd_u8(&r), 0x45);
	h.tos = rd_u8(&r);
	h.len = rd_u16(&r);
	rd_u16(&r);
	h.off = rd_u16(&r);
	h.ttl = rd_u8(&r);
	h.proto = rd_u8(&r);
	rd_u16(&r);
	h.src = rd_u32(&r);
	h.dst = rd_u32(&r);
	ATF_CHECK(!r.bad);
	return (h);
}

static void
batch_init(struct batch *b, const char *dst, size_t len)
{
	struct ipaddr	 a;
	size_t		 i;

	a = ns_addr(dst);
	memset(b, 0, sizeof(*b));
	for (i = 0; i < OS_BATCH + 8; i++) {
		b->p[i].data = b->data[i];
		b->p[i].len = len;
		memcpy(&b->p[i].addr, a.b, 4);
		b->p[i].tos = 4 * i;
		b->p[i].ttl = 1 + i;
		memset(b->data[i], i, sizeof(b->data[i]));
	}
}

/* n packets, as soon as they are there; returns how many came. */
static int
batch_await(int fd, struct batch *b, int n)
{
	int	 got = 0, more;

	while (got < n && ns_readable(fd, PATIENCE)) {
		more = os_recv_batch(fd, b->p + got, n - got, ROOM);
		ATF_REQUIRE(more > 0);
		got += more;
	}
	return (got);
}

/* A listener on the anycast address, before that exists, and a source. */
static void
pair_make(int *in, int *out)
{
	struct ipaddr	 any, src;

	ns_enter();
	any = ns_addr("192.88.99.1");
	src = ns_addr("192.0.2.1");
	*in = os_raw41_listen(&any);
	*out = os_raw41_source(&src);
	ATF_REQUIRE(*in != -1 && *out != -1);
	ATF_REQUIRE_EQ(os_loaddr(OS_ADD, &any), 0);
	ATF_REQUIRE_EQ(os_loaddr(OS_ADD, &src), 0);
}

ATF_TC(os_raw41);
ATF_TC_HEAD(os_raw41, tc)
{
	ns_head(tc, "each packet has its own TOS and TTL, no DF, and arrives "
	    "with its header as on the wire", 1);
}
ATF_TC_BODY(os_raw41, tc)
{
	static struct batch	 b;
	struct ip4		 h;
	int			 in, out, i;

	pair_make(&in, &out);
	batch_init(&b, "192.88.99.1", 100);
	b.p[1].tos = 0xff;
	b.p[2].ttl = 255;
	ATF_CHECK_EQ(os_send_batch(out, b.p, 5), 5);
	ATF_REQUIRE_EQ(batch_await(in, &b, 5), 5);
	for (i = 0; i < 5; i++) {
		ATF_CHECK_EQ(b.p[i].len, 120);
		h = ip4_read(&b.p[i]);
		ATF_CHECK_EQ(h.tos, i == 1 ? 0xff : 4 * i);
		ATF_CHECK_EQ(h.ttl, i == 2 ? 255 : 1 + i);
		ATF_CHECK_EQ(h.len, 120);
		ATF_CHECK_EQ(h.off, 0);
		ATF_CHECK_EQ(h.proto, 41);
		ATF_CHECK_EQ(h.src, 0xc0000201);
		ATF_CHECK_EQ(h.dst, 0xc0586301);
		ATF_CHECK_EQ(b.data[i][20], i);
	}
}

ATF_TC(os_raw41_local);
ATF_TC_HEAD(os_raw41_local, tc)
{
	ns_head(tc, "only what is for the address comes in, nothing to the "
	    "source, and IPv6 addresses are refused", 1);
}
ATF_TC_BODY(os_raw41_local, tc)
{
	static struct batch	 b;
	struct ipaddr		 a;
	int			 in, out;

	pair_make(&in, &out);
	batch_init(&b, "192.0.2.1", 100);
	ATF_CHECK_EQ(os_send_batch(out, b.p, 1), 1);
	batch_init(&b, "127.0.0.1", 100);
	ATF_CHECK_EQ(os_send_batch(out, b.p, 1), 1);
	ATF_CHECK(!ns_readable(in, 200));
	ATF_CHECK(!ns_readable(out, 0));
	ATF_CHECK_EQ(os_recv_batch(out, b.p, OS_BATCH, ROOM), 0);
	a = ns_addr("::1");
	ATF_CHECK_ERRNO(EAFNOSUPPORT, os_raw41_listen(&a) == -1);
}

ATF_TC(os_raw41_fragments);
ATF_TC_HEAD(os_raw41_fragments, tc)
{
	ns_head(tc, "what is too big is fragmented, and comes in whole", 1);
}
ATF_TC_BODY(os_raw41_fragments, tc)
{
	static struct batch	 b;
	struct ip4		 h;
	int			 in, out;

	pair_make(&in, &out);
	ns_run("ip link set lo mtu 576");
	batch_init(&b, "192.88.99.1", 1500);
	ATF_CHECK_EQ(os_send_batch(out, b.p, 1), 1);
	ATF_REQUIRE_EQ(batch_await(in, &b, 1), 1);
	ATF_CHECK_EQ(b.p[0].len, 1520);
	h = ip4_read(&b.p[0]);
	ATF_CHECK_EQ(h.len, 1520);
	ATF_CHECK_EQ(h.off, 0);
}

ATF_TC(os_recv_batch);
ATF_TC_HEAD(os_recv_batch, tc)
{
	ns_head(tc, "more than a batch, none, and packets that are too long",
	    1);
}
ATF_TC_BODY(os_recv_batch, tc)
{
	static struct batch	 b;
	int			 in, out;

	pair_make(&in, &out);
	batch_init(&b, "192.88.99.1", 100);
	ATF_CHECK_EQ(os_recv_batch(in, b.p, OS_BATCH, ROOM), 0);
	ATF_CHECK_EQ(os_send_batch(out, b.p, OS_BATCH + 8), OS_BATCH + 8);
	ATF_REQUIRE(ns_readable(in, PATIENCE));
	ATF_CHECK_EQ(os_recv_batch(in, b.p, OS_BATCH + 8, ROOM), OS_BATCH);
	ATF_CHECK_EQ(os_recv_batch(in, b.p, 3, 64), 3);
	ATF_CHECK_EQ(b.p[0].len, 64);
	ATF_CHECK_EQ(b.data[0][20], OS_BATCH);
	ATF_CHECK_EQ(os_recv_batch(in, b.p, OS_BATCH, ROOM), 5);
	ATF_CHECK_EQ(os_recv_batch(in, b.p, OS_BATCH, ROOM), 0);
	close(in);
	ATF_CHECK_ERRNO(EBADF, os_recv_batch(in, b.p, 1, ROOM) == -1);
}

ATF_TC(os_send_batch);
ATF_TC_HEAD(os_send_batch, tc)
{
	ns_head(tc, "the packet that failed is known, and why", 1);
}
ATF_TC_BODY(os_send_batch, tc)
{
	static struct batch	 b;
	int			 in, out;

	pair_make(&in, &out);
	batch_init(&b, "192.88.99.1", 100);
	b.p[7].ttl = 0;
	ATF_CHECK_ERRNO(EINVAL, os_send_batch(out, b.p, 10) == 7);
	ATF_CHECK_ERRNO(EINVAL, os_send_batch(out, b.p + 7, 3) == 0);
	ATF_CHECK_EQ(os_send_batch(out, b.p + 8, 2), 2);
	b.p[3].addr.s_addr = htonl(0xcb007101);	/* no route there */
	ATF_CHECK_ERRNO(ENETUNREACH, os_send_batch(out, b.p, 10) == 3);
	ATF_CHECK_EQ(os_send_batch(out, b.p, 0), 0);
}

ATF_TC(os_raw41_buffers);
ATF_TC_HEAD(os_raw41_buffers, tc)
{
	ns_head(tc, "a burst of ten milliseconds fits", 1);
}
ATF_TC_BODY(os_raw41_buffers, tc)
{
	static struct batch	 b;
	int			 in, out, i, got, total = 0;

	pair_make(&in, &out);
	batch_init(&b, "192.88.99.1", 1400);
	for (i = 0; i < 24; i++)
		ATF_CHECK_EQ(os_send_batch(out, b.p, OS_BATCH), OS_BATCH);
	while ((got = os_recv_batch(in, b.p, OS_BATCH, ROOM)) > 0)
		total += got;
	ATF_CHECK_EQ_MSG(total, 24 * OS_BATCH, "%d", total);
}

ATF_TC(os_udp4_listen);
ATF_TC_HEAD(os_udp4_listen, tc)
{
	ns_head(tc, "who sent a datagram, and with which TOS", 1);
}
ATF_TC_BODY(os_udp4_listen, tc)
{
	static struct batch	 b;
	struct ipaddr		 a, other;
	int			 fd, to;

	ns_enter();
	ATF_REQUIRE_EQ(ipaddr_parse(&a, "127.0.0.1"), 0);
	ATF_REQUIRE_EQ(ipaddr_parse(&other, "192.0.2.1"), 0);
	ATF_REQUIRE((fd = os_udp4_listen(&a, 3545)) != -1);
	ATF_REQUIRE((to = os_udp4_listen(&a, 3546)) != -1);
	ATF_CHECK_ERRNO(EADDRINUSE, os_udp4_listen(&a, 3545) == -1);
	ATF_CHECK_MSG(os_udp4_listen(&other, 3545) != -1,
	    "an address that is still to come is refused");

	batch_init(&b, "127.0.0.1", 40);
	b.p[0].port = 3546;
	b.p[0].tos = 0xb9;
	ATF_REQUIRE_EQ(os_send_batch(fd, b.p, 1), 1);
	ATF_REQUIRE_EQ(batch_await(to, &b, 1), 1);
	ATF_CHECK_EQ(b.p[0].len, 40);
	ATF_CHECK_EQ(b.p[0].port, 3545);
	ATF_CHECK_EQ(b.p[0].addr.s_addr, htonl(INADDR_LOOPBACK));
	ATF_CHECK_EQ_MSG(b.p[0].tos, 0xb9, "%#x", b.p[0].tos);
	ATF_CHECK_EQ(os_recv_batch(to, b.p, OS_BATCH, ROOM), 0);
}

ATF_TC(os_icmp4_listen);
ATF_TC_HEAD(os_icmp4_listen, tc)
{
	ns_head(tc, "errors come in, echoes do not", 1);
}
ATF_TC_BODY(os_icmp4_listen, tc)
{
	static const uint8_t	 echo[8] = { 8, 0, 0xf7, 0xff };
	static struct batch	 b;
	struct sockaddr_storage	 ss;
	struct ipaddr		 a;
	socklen_t		 len;
	int			 in, udp;

	ns_enter();
	ATF_REQUIRE((in = os_icmp4_listen()) != -1);
	a = ns_addr("127.0.0.1");
	len = ipaddr_to_sa(&a, 0, &ss);
	ATF_CHECK_EQ(sendto(in, echo, sizeof(echo), 0,
	    (struct sockaddr *)&ss, len), sizeof(echo));
	ATF_CHECK(!ns_readable(in, 200));
	len = ipaddr_to_sa(&a, 9, &ss);
	ATF_REQUIRE((udp = socket(AF_INET, SOCK_DGRAM, 0)) != -1);
	ATF_CHECK_EQ(sendto(udp, "x", 1, 0, (struct sockaddr *)&ss, len), 1);
	ATF_REQUIRE(ns_readable(in, PATIENCE));
	batch_init(&b, "127.0.0.1", 0);
	ATF_REQUIRE_EQ(os_recv_batch(in, b.p, OS_BATCH, ROOM), 1);
	ATF_CHECK_EQ(ip4_read(&b.p[0]).proto, 1);
	ATF_CHECK_EQ(b.data[0][20], 3);		/* unreachable, */
	ATF_CHECK_EQ(b.data[0][21], 3);		/* port */
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, os_raw41);
	ATF_TP_ADD_TC(tp, os_raw41_local);
	ATF_TP_ADD_TC(tp, os_raw41_fragments);
	ATF_TP_ADD_TC(tp, os_recv_batch);
	ATF_TP_ADD_TC(tp, os_send_batch);
	ATF_TP_ADD_TC(tp, os_raw41_buffers);
	ATF_TP_ADD_TC(tp, os_udp4_listen);
	ATF_TP_ADD_TC(tp, os_icmp4_listen);
	return (atf_no_error());
}
