/*
 * sixhost: a 6to4 host (RFC 3056) in a network namespace whose kernel has no
 * 6to4 of its own.  Opens a tun with the address 2002:V4ADDR::1, leads all of
 * IPv6 into it, wraps what comes out in protocol 41 (to the relay router, or
 * straight to the other site when the destination is 6to4, RFC 3056 5.3) and
 * unwraps what comes in.  With -R it plays a bare relay router instead: only
 * 2002::/16 leads into the tun, and no address is set; that is for proving
 * the laboratory itself.  Never refuses more than it must: it is test
 * equipment, not a relay.  Runs until it is killed.
 *
 *	sixhost [-R] [-i ifname] [-m mtu] [-r relay] ipv4-address
 */
#include <sys/types.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <linux/if_tun.h>
#include <linux/ipv6.h>
#include <net/if.h>
#include <net/route.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rd.h"

#define PACKET_MAX	65536
#define IP6_HLEN	40

struct sixhost {
	const char	*ifname;
	int		 mtu;
	int		 bare_relay;
	struct in_addr	 local;
	struct in_addr	 relay;
	struct in6_addr	 addr;		/* 2002:V4ADDR::1 */
	unsigned int	 ifindex;
	int		 tun;
	int		 raw;
	uint8_t		 buf[PACKET_MAX];
};

static void
usage(void)
{
	fprintf(stderr, "usage: %s [-R] [-i ifname] [-m mtu] [-r relay] "
	    "ipv4-address\n", getprogname());
	exit(2);
}

static void
in_parse(struct in_addr *a, const char *s)
{
	if (inet_pton(AF_INET, s, a) != 1)
		errx(2, "%s: not an IPv4 address", s);
}

/* 2002:V4ADDR::1 */
static void
addr_make(struct sixhost *h)
{
	memset(&h->addr, 0, sizeof(h->addr));
	h->addr.s6_addr[0] = 0x20;
	h->addr.s6_addr[1] = 0x02;
	memcpy(h->addr.s6_addr + 2, &h->local, sizeof(h->local));
	h->addr.s6_addr[15] = 1;
}

static void
tun_open(struct sixhost *h)
{
	struct ifreq	 ifr;

	if ((h->tun = open("/dev/net/tun", O_RDWR | O_CLOEXEC)) == -1)
		err(1, "/dev/net/tun");
	memset(&ifr, 0, sizeof(ifr));
	ifr.ifr_flags = IFF_TUN | IFF_NO_PI;
	strlcpy(ifr.ifr_name, h->ifname, sizeof(ifr.ifr_name));
	if (ioctl(h->tun, TUNSETIFF, &ifr) == -1)
		err(1, "%s", h->ifname);
}

static void
tun_up(struct sixhost *h, int ctl)
{
	struct ifreq	 ifr;

	memset(&ifr, 0, sizeof(ifr));
	strlcpy(ifr.ifr_name, h->ifname, sizeof(ifr.ifr_name));
	ifr.ifr_mtu = h->mtu;
	if (ioctl(ctl, SIOCSIFMTU, &ifr) == -1)
		err(1, "%s: mtu", h->ifname);
	ifr.ifr_flags = IFF_UP;
	if (ioctl(ctl, SIOCSIFFLAGS, &ifr) == -1)
		err(1, "%s: up", h->ifname);
	if ((h->ifindex = if_nametoindex(h->ifname)) == 0)
		err(1, "%s", h->ifname);
}

static void
addr_set(struct sixhost *h, int ctl)
{
	struct in6_ifreq	 ifr6;

	memset(&ifr6, 0, sizeof(ifr6));
	ifr6.ifr6_addr = h->addr;
	ifr6.ifr6_prefixlen = 128;
	ifr6.ifr6_ifindex = (int)h->ifindex;
	if (ioctl(ctl, SIOCSIFADDR, &ifr6) == -1)
		err(1, "%s: address", h->ifname);
}

/* The default route for a host, the 6to4 prefix for a relay router. */
static void
route_set(struct sixhost *h, int ctl)
{
	struct in6_rtmsg	 rt;

	memset(&rt, 0, sizeof(rt));
	if (h->bare_relay) {
		memcpy(&rt.rtmsg_dst, &h->addr, 2);
		rt.rtmsg_dst_len = 16;
	}
	rt.rtmsg_flags = RTF_UP;
	rt.rtmsg_metric = 1;
	rt.rtmsg_ifindex = (int)h->ifindex;
	if (ioctl(ctl, SIOCADDRT, &rt) == -1)
		err(1, "%s: route", h->ifname);
}

static void
interface_make(struct sixhost *h)
{
	int	 ctl;

	tun_open(h);
	if ((ctl = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0)) == -1)
		err(1, "socket");
	tun_up(h, ctl);
	if (!h->bare_relay)
		addr_set(h, ctl);
	route_set(h, ctl);
	close(ctl);
}

/* Protocol 41 from and to the local address; large packets may fragment. */
static void
raw_open(struct sixhost *h)
{
	struct sockaddr_in	 sin;
	int			 dont = IP_PMTUDISC_DONT;

	h->raw = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_IPV6);
	if (h->raw == -1)
		err(1, "protocol 41");
	memset(&sin, 0, sizeof(sin));
	sin.sin_family = AF_INET;
	sin.sin_addr = h->local;
	if (bind(h->raw, (struct sockaddr *)&sin, sizeof(sin)) == -1)
		err(1, "%s", inet_ntoa(h->local));
	if (setsockopt(h->raw, IPPROTO_IP, IP_MTU_DISCOVER, &dont,
	    sizeof(dont)) == -1)
		err(1, "IP_MTU_DISCOVER");
}

static int
is_6to4(const uint8_t *a)
{
	return (a[0] == 0x20 && a[1] == 0x02);
}

/* From the tun into the IPv4 Internet. */
static void
packet_out(struct sixhost *h)
{
	struct sockaddr_in	 sin;
	struct rd		 r;
	const uint8_t		*dst;
	ssize_t			 n;

	if ((n = read(h->tun, h->buf, sizeof(h->buf))) <= 0)
		return;
	rd_init(&r, h->buf, n);
	rd_skip(&r, 24);
	dst = rd_skip(&r, 16);
	if (dst == NULL || h->buf[0] >> 4 != 6)
		return;
	memset(&sin, 0, sizeof(sin));
	sin.sin_family = AF_INET;
	sin.sin_addr = h->relay;
	if (is_6to4(dst))
		memcpy(&sin.sin_addr, dst + 2, sizeof(sin.sin_addr));
	else if (h->bare_relay)
		return;
	if (sendto(h->raw, h->buf, n, 0, (struct sockaddr *)&sin,
	    sizeof(sin)) == -1 && errno == EBADF)
		err(1, "send");
}

/*
 * From the IPv4 Internet into the tun: whole IPv6 packets whose 6to4 source,
 * if they have one, is where they came from (RFC 3964 5.1).
 */
static void
packet_in(struct sixhost *h)
{
	struct rd	 r;
	const uint8_t	*outer_src, *inner, *src;
	size_t		 ihl;
	ssize_t		 n;

	if ((n = recv(h->raw, h->buf, sizeof(h->buf), 0)) <= 0)
		return;
	rd_init(&r, h->buf, n);
	ihl = (size_t)(rd_u8(&r) & 0xf) * 4;
	rd_skip(&r, 11);
	outer_src = rd_skip(&r, 4);
	rd_init(&r, h->buf, n);
	rd_skip(&r, ihl);
	inner = r.p;
	n = r.left;
	rd_skip(&r, 8);
	src = rd_skip(&r, 16);
	rd_skip(&r, 16);
	if (outer_src == NULL || r.bad || inner[0] >> 4 != 6)
		return;
	if (is_6to4(src) && memcmp(src + 2, outer_src, 4) != 0)
		return;
	if (write(h->tun, inner, n) == -1 && errno == EBADF)
		err(1, "tun");
}

static void
sixhost_run(struct sixhost *h)
{
	struct pollfd	 pfd[2];

	pfd[0].fd = h->tun;
	pfd[1].fd = h->raw;
	pfd[0].events = pfd[1].events = POLLIN;
	for (;;) {
		if (poll(pfd, 2, -1) == -1 && errno != EINTR)
			err(1, "poll");
		if (pfd[0].revents)
			packet_out(h);
		if (pfd[1].revents)
			packet_in(h);
	}
}

static void
options_parse(struct sixhost *h, int argc, char *argv[])
{
	const char	*errstr;
	int		 ch;

	while ((ch = getopt(argc, argv, "+Ri:m:r:")) != -1) {
		switch (ch) {
		case 'R':
			h->bare_relay = 1;
			break;
		case 'i':
			h->ifname = optarg;
			break;
		case 'm':
			h->mtu = strtonum(optarg, 1280, 65515, &errstr);
			if (errstr != NULL)
				errx(2, "mtu %s: %s", optarg, errstr);
			break;
		case 'r':
			in_parse(&h->relay, optarg);
			break;
		default:
			usage();
		}
	}
	if (argc - optind != 1)
		usage();
	in_parse(&h->local, argv[optind]);
}

int
main(int argc, char *argv[])
{
	struct sixhost	*h;

	if ((h = calloc(1, sizeof(*h))) == NULL)
		err(1, NULL);
	h->ifname = "six0";
	h->mtu = 1280;
	in_parse(&h->relay, "192.88.99.1");
	options_parse(h, argc, argv);
	addr_make(h);
	raw_open(h);
	interface_make(h);
	puts("ready");
	fflush(stdout);
	sixhost_run(h);
	return (0);
}
