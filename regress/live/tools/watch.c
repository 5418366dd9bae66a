/*
 * watch: prints, with a monotonic time stamp in milliseconds, every route
 * that comes or goes in this network namespace's kernel, and with -i every
 * BGP message, FIN and RST that passes an interface in either direction.
 * Only looks; never sends.  Runs until it is killed.
 *
 *	watch [-i ifname] [prefix ...]
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>

#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bgp_see.h"
#include "mono.h"
#include "prefix.h"
#include "routes.h"

#define WATCHED_MAX	16
#define FRAME_MAX	65536

struct watch {
	struct prefix	 only[WATCHED_MAX];	/* none: all prefixes */
	size_t		 nonly;
	mono_t		 now;
	const char	*way;
	uint8_t		 buf[FRAME_MAX];
};

static void
usage(void)
{
	fprintf(stderr, "usage: %s [-i ifname] [prefix ...]\n",
	    getprogname());
	exit(2);
}

static void
stamp_print(const struct watch *w)
{
	printf("%.3f ", w->now.ns / 1e6);
}

static void
route_print(void *arg, const struct prefix *p, int up)
{
	struct watch	*w = arg;
	char		 buf[PREFIX_STRLEN];
	size_t		 i;

	for (i = 0; i < w->nonly; i++)
		if (prefix_equal(&w->only[i], p))
			break;
	if (w->nonly != 0 && i == w->nonly)
		return;
	stamp_print(w);
	printf("route %s %s\n", up ? "add" : "delete",
	    prefix_print(p, buf, sizeof(buf)));
}

static void
bgp_print(void *arg, const char *text)
{
	struct watch	*w = arg;

	stamp_print(w);
	printf("bgp %s %s\n", w->way, text);
}

static void
packet_read(struct watch *w, int fd)
{
	struct sockaddr_ll	 from;
	socklen_t		 len = sizeof(from);
	ssize_t			 n;

	n = recvfrom(fd, w->buf, sizeof(w->buf), 0, (struct sockaddr *)&from,
	    &len);
	if (n <= 0)
		return;
	w->way = from.sll_pkttype == PACKET_OUTGOING ? "out" : "in";
	bgp_see(w->buf, n, bgp_print, w);
}

static int
packet_open(const char *ifname)
{
	struct sockaddr_ll	 sll;
	int			 fd;

	if ((fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) == -1)
		err(1, "packet socket");
	memset(&sll, 0, sizeof(sll));
	sll.sll_family = AF_PACKET;
	sll.sll_protocol = htons(ETH_P_ALL);
	if ((sll.sll_ifindex = (int)if_nametoindex(ifname)) == 0 ||
	    bind(fd, (struct sockaddr *)&sll, sizeof(sll)) == -1)
		err(1, "%s", ifname);
	return (fd);
}

static void
watch_run(struct watch *w, struct mnl_socket *nl, int packets)
{
	struct pollfd	 pfd[2];

	pfd[0].fd = routes_fd(nl);
	pfd[1].fd = packets;
	pfd[0].events = pfd[1].events = POLLIN;
	for (;;) {
		if (poll(pfd, 2, -1) == -1 && errno != EINTR)
			err(1, "poll");
		w->now = mono_now();
		if (pfd[0].revents & POLLIN &&
		    routes_read(nl, route_print, w) == -1)
			err(1, "routes");
		if (pfd[1].revents & POLLIN)
			packet_read(w, packets);
	}
}

int
main(int argc, char *argv[])
{
	struct watch		*w;
	struct mnl_socket	*nl;
	const char		*ifname = NULL;
	int			 ch;

	if ((w = calloc(1, sizeof(*w))) == NULL)
		err(1, NULL);
	while ((ch = getopt(argc, argv, "+i:")) != -1) {
		if (ch != 'i')
			usage();
		ifname = optarg;
	}
	for (; optind < argc && w->nonly < WATCHED_MAX; optind++)
		if (prefix_parse(&w->only[w->nonly++], argv[optind]) == -1)
			errx(2, "%s: not a prefix", argv[optind]);
	setvbuf(stdout, NULL, _IOLBF, 0);
	if ((nl = routes_open()) == NULL)
		err(1, "netlink");
	w->now = mono_now();
	stamp_print(w);
	puts("ready");
	watch_run(w, nl, ifname == NULL ? -1 : packet_open(ifname));
	return (0);
}
