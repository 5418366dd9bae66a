/*
 * flood: IPv6 packets to Teredo addresses that nobody has, as a scan of
 * 2001::/32 would send them: a UDP packet to port 9 each.  For namespaces; a
 * flood is always bounded in time and in number.  Never looks at answers.
 *
 *	flood [-m mapped] [-n count] [-R length] [-r rate] [-S server]
 *	    [-t ms] [-x seed] source
 *
 * Server, flags, port and mapped address of every destination are random
 * unless -S or -m fixes them; with -R so is what comes after that many bits (a
 * multiple of eight) of the source.
 * The rate is in packets a second, 0 for as fast as it goes.  The same seed
 * makes the same packets.  Prints "sent=N failed=N ms=N".
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cksum.h"
#include "mono.h"
#include "prefix.h"
#include "wr.h"

#define UDP_HLEN	8
#define PAYLOAD		16
#define PACKET		(40 + UDP_HLEN + PAYLOAD)
#define COUNT_MAX	100000000
#define MS_MAX		120000

struct flood {
	int		 fd;
	size_t		 keep;		/* bytes of the source not random */
	struct ipaddr	 source;
	struct ipaddr	 server;	/* af 0: random */
	struct ipaddr	 mapped;	/* af 0: random */
	int64_t		 count;
	int64_t		 rate;
	int64_t		 ms;
	uint64_t	 state;
	uint64_t	 sent;
	uint64_t	 failed;
};

static void
usage(void)
{
	fprintf(stderr, "usage: %s [-m mapped] [-n count] [-R length] "
	    "[-r rate]\n    [-S server] [-t ms] [-x seed] source\n",
	    getprogname());
	exit(2);
}

static uint64_t
random_next(struct flood *f)
{
	f->state ^= f->state >> 12;
	f->state ^= f->state << 25;
	f->state ^= f->state >> 27;
	return (f->state * 2685821657736338717ULL);
}

/* RFC 4380 4: prefix, server, flags, port and mapped address inverted. */
static void
destination_make(struct flood *f, uint8_t *dst)
{
	struct wr	 w;
	size_t		 i;

	wr_init(&w, dst, 16);
	wr_u32(&w, 0x20010000);
	if (f->server.af == 4)
		wr_bytes(&w, f->server.b, 4);
	else
		wr_u32(&w, (uint32_t)(random_next(f) >> 32));
	wr_u32(&w, (uint32_t)(random_next(f) >> 32) & 0x7cffffff);
	if (f->mapped.af == 4)
		for (i = 0; i < 4; i++)
			wr_u8(&w, f->mapped.b[i] ^ 0xff);
	else
		wr_u32(&w, (uint32_t)(random_next(f) >> 32));
}

static void
packet_make(struct flood *f, uint8_t *buf)
{
	uint8_t		 udp[UDP_HLEN + PAYLOAD], src[16], dst[16];
	struct wr	 w;
	size_t		 i;

	destination_make(f, dst);
	memcpy(src, f->source.b, sizeof(src));
	for (i = f->keep; i < sizeof(src); i++)
		src[i] = random_next(f) >> 32 & 0xff;
	wr_init(&w, udp, sizeof(udp));
	wr_u16(&w, 40000);
	wr_u16(&w, 9);
	wr_u16(&w, sizeof(udp));
	wr_u16(&w, 0);
	wr_zero(&w, PAYLOAD);
	wr_patch16(&w, 6, cksum_ip6(src, dst, IPPROTO_UDP, udp, sizeof(udp)));
	wr_init(&w, buf, PACKET);
	wr_u32(&w, 0x60000000);
	wr_u16(&w, sizeof(udp));
	wr_u8(&w, IPPROTO_UDP);
	wr_u8(&w, 64);
	wr_bytes(&w, src, sizeof(src));
	wr_bytes(&w, dst, sizeof(dst));
	wr_bytes(&w, udp, sizeof(udp));
}

static void
packet_send(struct flood *f)
{
	struct sockaddr_in6	 sin6;
	uint8_t			 buf[PACKET];

	packet_make(f, buf);
	memset(&sin6, 0, sizeof(sin6));
	sin6.sin6_family = AF_INET6;
	memcpy(&sin6.sin6_addr, buf + 24, sizeof(sin6.sin6_addr));
	if (sendto(f->fd, buf, sizeof(buf), 0, (struct sockaddr *)&sin6,
	    sizeof(sin6)) == -1)
		f->failed++;
	else
		f->sent++;
}

/* Packets that should have gone out ns nanoseconds after the start. */
static uint64_t
packets_due(const struct flood *f, int64_t ns)
{
	uint64_t	 due;

	due = (uint64_t)f->count;
	if (f->rate > 0 && ns / MONO_US(1) * f->rate / 1000000 + 1 < f->count)
		due = ns / MONO_US(1) * f->rate / 1000000 + 1;
	return (due);
}

static void
flood_run(struct flood *f)
{
	struct timespec	 pause;
	uint64_t	 due;
	mono_t		 from;
	int64_t		 ns;
	int		 i;

	pause.tv_sec = 0;
	pause.tv_nsec = MONO_US(500);
	from = mono_now();
	while (f->sent + f->failed < (uint64_t)f->count) {
		ns = mono_sub(mono_now(), from);
		if (ns >= MONO_MS(f->ms))
			break;
		due = packets_due(f, ns);
		for (i = 0; i < 64 && f->sent + f->failed < due; i++)
			packet_send(f);
		if (i == 0)
			nanosleep(&pause, NULL);
	}
	printf("sent=%llu failed=%llu ms=%lld\n", (unsigned long long)f->sent,
	    (unsigned long long)f->failed,
	    (long long)(mono_sub(mono_now(), from) / MONO_MS(1)));
}

static void
address_parse(struct ipaddr *a, const char *s, uint8_t af)
{
	if (ipaddr_parse(a, s) == -1 || a->af != af)
		errx(2, "%s: not an IPv%u address", s, af);
}

static int64_t
number_parse(const char *s, long long min, long long max)
{
	const char	*errstr;
	long long	 n;

	n = strtonum(s, min, max, &errstr);
	if (errstr != NULL)
		errx(2, "%s: number %s", s, errstr);
	return (n);
}

static void
options_parse(struct flood *f, int argc, char *argv[])
{
	int	 ch;

	while ((ch = getopt(argc, argv, "m:n:R:r:S:t:x:")) != -1) {
		switch (ch) {
		case 'm':
			address_parse(&f->mapped, optarg, 4);
			break;
		case 'n':
			f->count = number_parse(optarg, 1, COUNT_MAX);
			break;
		case 'R':
			f->keep = number_parse(optarg, 0, 128) / 8;
			break;
		case 'r':
			f->rate = number_parse(optarg, 0, 10000000);
			break;
		case 'S':
			address_parse(&f->server, optarg, 4);
			break;
		case 't':
			f->ms = number_parse(optarg, 1, MS_MAX);
			break;
		case 'x':
			f->state = number_parse(optarg, 1, COUNT_MAX);
			break;
		default:
			usage();
		}
	}
	if (argc - optind != 1)
		usage();
	address_parse(&f->source, argv[optind], 6);
}

int
main(int argc, char *argv[])
{
	struct flood	 f;

	memset(&f, 0, sizeof(f));
	f.keep = sizeof(f.source.b);
	f.count = COUNT_MAX;
	f.ms = 1000;
	f.state = 88172645463325252ULL;
	options_parse(&f, argc, argv);
	f.fd = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	if (f.fd == -1)
		err(1, "raw socket");
	flood_run(&f);
	close(f.fd);
	return (0);
}
