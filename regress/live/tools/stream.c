/*
 * stream: a TCP transfer over IPv6 of which every byte is checked where it
 * arrives.  Test equipment: no packets of its own making, no privileges.
 *
 *	stream -l port				serve, one after the other
 *	stream [-d] [-m Mbit/s] [-n bytes] [-t ms] [-w s] address port
 *
 * The client sends, or with -d is sent to; it ends after -n bytes or -t
 * milliseconds, whichever comes first, and when nothing else helps after -w
 * seconds; what it sends is paced with -m.  It prints what the receiver has
 * found to be right: "bytes=N ms=N kbit/s=N".  Exit status 0 when all that was
 * sent arrived unchanged.
 *
 * The client begins with 25 bytes: direction, seed, bytes, milliseconds.  The
 * sender's data are numbers made from the seed; it ends by closing its side,
 * and a receiving server answers with how many bytes were right.
 */
#include <sys/types.h>
#include <sys/socket.h>

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mono.h"
#include "prefix.h"
#include "rd.h"
#include "wr.h"

#define CHUNK		16384
#define ORDER_LEN	25
#define REPORT_LEN	8
#define BYTES_MAX	(1LL << 40)
#define RATE_MAX	100000		/* Mbit/s */

enum way { WAY_UP = 1, WAY_DOWN };

struct order {
	uint8_t		way;
	uint64_t	seed;
	uint64_t	bytes;
	uint64_t	ms;
};

static void
usage(void)
{
	fprintf(stderr, "usage: %s -l port\n       %s [-d] [-m Mbit/s] "
	    "[-n bytes] [-t ms] [-w seconds] address port\n", getprogname(),
	    getprogname());
	exit(2);
}

/* The next chunk of the endless data that belongs to a seed (xorshift64*). */
static void
chunk_make(uint64_t *state, uint8_t *buf)
{
	struct wr	 w;

	wr_init(&w, buf, CHUNK);
	while (w.len < CHUNK) {
		*state ^= *state >> 12;
		*state ^= *state << 25;
		*state ^= *state >> 27;
		wr_u64(&w, *state * 2685821657736338717ULL);
	}
}

/* All of len bytes, or as many as come before the end. */
static size_t
bytes_read(int fd, uint8_t *buf, size_t len)
{
	size_t	 have = 0;
	ssize_t	 n;

	while (have < len) {
		if ((n = read(fd, buf + have, len - have)) <= 0)
			break;
		have += n;
	}
	return (have);
}

static int
bytes_write(int fd, const uint8_t *buf, size_t len)
{
	ssize_t	 n;

	while (len > 0) {
		if ((n = send(fd, buf, len, MSG_NOSIGNAL)) <= 0)
			return (-1);
		buf += n;
		len -= n;
	}
	return (0);
}

/* Send what the order says and close that side; how many bytes went out. */
static uint64_t
data_send(int fd, const struct order *o)
{
	uint8_t		 buf[CHUNK];
	uint64_t	 state = o->seed, sent = 0;
	mono_t		 end;
	size_t		 n;

	end = mono_add(mono_now(), MONO_MS(o->ms));
	while (sent < o->bytes && !mono_reached(mono_now(), end)) {
		chunk_make(&state, buf);
		n = CHUNK;
		if (o->bytes - sent < n)
			n = o->bytes - sent;
		if (bytes_write(fd, buf, n) == -1)
			break;
		sent += n;
	}
	shutdown(fd, SHUT_WR);
	return (sent);
}

/* How many bytes arrive unchanged before the end or the first wrong one. */
static uint64_t
data_check(int fd, const struct order *o)
{
	uint8_t		 want[CHUNK], buf[CHUNK];
	uint64_t	 state = o->seed, right = 0;
	size_t		 n;

	do {
		chunk_make(&state, want);
		n = bytes_read(fd, buf, CHUNK);
		if (memcmp(buf, want, n) != 0) {
			warnx("wrong data after %llu bytes",
			    (unsigned long long)right);
			break;
		}
		right += n;
	} while (n == CHUNK);
	return (right);
}

static void
client_serve(int fd)
{
	struct order	 o;
	struct rd	 r;
	struct wr	 w;
	uint8_t		 buf[ORDER_LEN];

	if (bytes_read(fd, buf, sizeof(buf)) != sizeof(buf))
		return;
	rd_init(&r, buf, sizeof(buf));
	o.way = rd_u8(&r);
	o.seed = rd_u64(&r);
	o.bytes = rd_u64(&r);
	o.ms = rd_u64(&r);
	if (o.way == WAY_DOWN) {
		data_send(fd, &o);
		return;
	}
	wr_init(&w, buf, sizeof(buf));
	wr_u64(&w, data_check(fd, &o));
	bytes_write(fd, buf, w.len);
}

static int
tcp_socket(void)
{
	int	 fd;

	if ((fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0)) == -1)
		err(1, "socket");
	return (fd);
}

static void
server_run(uint16_t port)
{
	struct sockaddr_storage	 ss;
	struct ipaddr		 any;
	socklen_t		 len;
	int			 fd, client, on = 1;

	memset(&any, 0, sizeof(any));
	any.af = 6;
	len = ipaddr_to_sa(&any, port, &ss);
	fd = tcp_socket();
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&ss, len) == -1 || listen(fd, 4) == -1)
		err(1, "port %u", port);
	puts("ready");
	fflush(stdout);
	while ((client = accept(fd, NULL, NULL)) != -1) {
		client_serve(client);
		close(client);
	}
	err(1, "accept");
}

static int
server_connect(const char *address, uint16_t port)
{
	struct sockaddr_storage	 ss;
	struct ipaddr		 to;
	socklen_t		 len;
	int			 fd;

	if (ipaddr_parse(&to, address) == -1 || to.af != 6)
		errx(2, "%s: not an IPv6 address", address);
	len = ipaddr_to_sa(&to, port, &ss);
	fd = tcp_socket();
	if (connect(fd, (struct sockaddr *)&ss, len) == -1)
		err(1, "%s", address);
	return (fd);
}

/* Let the kernel send no faster than that; Mbit/s. */
static void
rate_set(int fd, unsigned int rate)
{
	uint64_t	 bytes = (uint64_t)rate * 1000000 / 8;

	if (setsockopt(fd, SOL_SOCKET, SO_MAX_PACING_RATE, &bytes,
	    sizeof(bytes)) == -1)
		err(1, "SO_MAX_PACING_RATE");
}

/* The whole transfer; 0 when all that was sent arrived unchanged. */
static int
transfer(int fd, const struct order *o)
{
	uint8_t		 buf[ORDER_LEN];
	uint64_t	 sent, right;
	struct rd	 r;
	struct wr	 w;
	mono_t		 from;
	int64_t		 ms;

	wr_init(&w, buf, sizeof(buf));
	wr_u8(&w, o->way);
	wr_u64(&w, o->seed);
	wr_u64(&w, o->bytes);
	wr_u64(&w, o->ms);
	from = mono_now();
	if (bytes_write(fd, buf, w.len) == -1)
		err(1, "write");
	if (o->way == WAY_UP) {
		sent = data_send(fd, o);
		rd_init(&r, buf, bytes_read(fd, buf, REPORT_LEN));
		right = rd_u64(&r);
	} else {
		right = data_check(fd, o);
		sent = o->bytes != BYTES_MAX ? o->bytes : right;
	}
	ms = mono_sub(mono_now(), from) / MONO_MS(1);
	printf("bytes=%llu ms=%lld kbit/s=%lld\n", (unsigned long long)right,
	    (long long)ms, (long long)right * 8 / (ms > 0 ? ms : 1));
	return (right == sent && right > 0 ? 0 : 1);
}

static long long
number_parse(const char *s, long long max)
{
	const char	*errstr;
	long long	 n;

	n = strtonum(s, 1, max, &errstr);
	if (errstr != NULL)
		errx(2, "%s: number %s", s, errstr);
	return (n);
}

int
main(int argc, char *argv[])
{
	struct order	 o;
	unsigned int	 patience = 60, rate = 0;
	int		 ch, fd;

	o.way = WAY_UP;
	o.seed = (uint64_t)getpid() << 20 | 1;
	o.bytes = BYTES_MAX;
	o.ms = MONO_S(3600) / MONO_MS(1);
	while ((ch = getopt(argc, argv, "dl:m:n:t:w:")) != -1) {
		switch (ch) {
		case 'd':
			o.way = WAY_DOWN;
			break;
		case 'l':
			server_run((uint16_t)number_parse(optarg, 65535));
			break;
		case 'm':
			rate = (unsigned int)number_parse(optarg, RATE_MAX);
			break;
		case 'n':
			o.bytes = number_parse(optarg, BYTES_MAX);
			break;
		case 't':
			o.ms = number_parse(optarg, 3600000);
			break;
		case 'w':
			patience = (unsigned int)number_parse(optarg, 3600);
			break;
		default:
			usage();
		}
	}
	if (argc - optind != 2)
		usage();
	alarm(patience);
	fd = server_connect(argv[optind],
	    (uint16_t)number_parse(argv[optind + 1], 65535));
	if (rate > 0)
		rate_set(fd, rate);
	return (transfer(fd, &o));
}
