/*
 * pkt: sends packets that no decent program would send, and counts what
 * arrives.  Never builds a header by itself: the bytes are the caller's.
 *
 *	pkt [-n count] [-f file] [word ...]		an IPv4 packet
 *	pkt -d ifname [-n count] [-f file] [word ...]	a frame on a device
 *	pkt -l -d ifname [-t ms] [-f file] word ...	count frames with bytes
 *	pkt -u path [-n count] [-f file] [word ...]	bytes to a local socket
 *
 * A word is hexadecimal digits, an IPv4 or IPv6 address, or zero:N for N
 * zero bytes; words are simply strung together, and those of a file come
 * first.  An IPv4 packet begins with its header, of which the kernel fills in
 * the total length, the checksum, and identification and source when zero.
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>

#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mono.h"
#include "prefix.h"
#include "rd.h"
#include "wr.h"

#define BYTES_MAX	65536

struct pkt_job {
	const char	*ifname;
	const char	*path;		/* of a local socket */
	int		 listening;
	int		 count;
	int64_t		 limit;		/* ns to listen for */
	struct wr	 w;
	uint8_t		 buf[BYTES_MAX];
};

static void
usage(void)
{
	fprintf(stderr, "usage: %s [-d ifname | -u path] [-n count] "
	    "[-f file] [word ...]\n       %s -l -d ifname [-t ms] "
	    "[-f file] word ...\n", getprogname(), getprogname());
	exit(2);
}

static int
number_parse(const char *s)
{
	const char	*errstr;
	long long	 n;

	n = strtonum(s, 0, 1 << 22, &errstr);
	if (errstr != NULL)
		errx(2, "%s: number %s", s, errstr);
	return ((int)n);
}

static int
digit_value(const char *word, char c)
{
	if (!isxdigit((unsigned char)c))
		errx(2, "%s: neither hexadecimal nor an address", word);
	if (isdigit((unsigned char)c))
		return (c - '0');
	return (tolower((unsigned char)c) - 'a' + 10);
}

static void
hex_add(struct wr *w, const char *word)
{
	const char	*s;

	if (strlen(word) % 2 != 0)
		errx(2, "%s: odd number of digits", word);
	for (s = word; *s != '\0'; s += 2)
		wr_u8(w, (uint8_t)(digit_value(word, s[0]) << 4 |
		    digit_value(word, s[1])));
}

static void
word_add(struct wr *w, const char *word)
{
	struct ipaddr	 a;

	if (strncmp(word, "zero:", 5) == 0)
		wr_zero(w, number_parse(word + 5));
	else if (ipaddr_parse(&a, word) == 0)
		wr_bytes(w, a.b, ipaddr_size(a.af));
	else
		hex_add(w, word);
}

/* Words of a file, with everything after a # left out. */
static void
file_add(struct wr *w, const char *path)
{
	FILE	*f;
	char	*line = NULL, *rest, *word;
	size_t	 cap = 0;

	if ((f = fopen(path, "r")) == NULL)
		err(2, "%s", path);
	while (getline(&line, &cap, f) != -1) {
		line[strcspn(line, "#")] = '\0';
		rest = line;
		while ((word = strsep(&rest, " \t\r\n")) != NULL)
			if (*word != '\0')
				word_add(w, word);
	}
	free(line);
	fclose(f);
}

static int
device_open(const char *ifname, int proto)
{
	struct sockaddr_ll	 sll;
	int			 fd;

	if ((fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0)) == -1)
		err(1, "packet socket");
	memset(&sll, 0, sizeof(sll));
	sll.sll_family = AF_PACKET;
	sll.sll_protocol = htons((uint16_t)proto);
	if ((sll.sll_ifindex = (int)if_nametoindex(ifname)) == 0 ||
	    bind(fd, (struct sockaddr *)&sll, sizeof(sll)) == -1)
		err(1, "%s", ifname);
	return (fd);
}

static void
frame_send(const struct pkt_job *job)
{
	int	 fd, i;

	fd = device_open(job->ifname, 0);
	for (i = 0; i < job->count; i++)
		if (send(fd, job->buf, job->w.len, 0) == -1)
			err(1, "%s", job->ifname);
	close(fd);
}

/* The kernel routes by the socket address: read it from the header. */
static void
ip4_send(struct pkt_job *job)
{
	struct sockaddr_in	 sin;
	struct rd		 r;
	int			 fd, i;

	memset(&sin, 0, sizeof(sin));
	sin.sin_family = AF_INET;
	rd_init(&r, job->buf, job->w.len);
	rd_skip(&r, 16);
	rd_bytes(&r, &sin.sin_addr, sizeof(sin.sin_addr));
	if (r.bad)
		errx(2, "no whole IPv4 header");
	if ((fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC,
	    IPPROTO_RAW)) == -1)
		err(1, "raw socket");
	for (i = 0; i < job->count; i++)
		if (sendto(fd, job->buf, job->w.len, 0,
		    (struct sockaddr *)&sin, sizeof(sin)) == -1)
			err(1, "%s", inet_ntoa(sin.sin_addr));
	close(fd);
}

/* That the other side hangs up early is an answer, not an error. */
static void
local_send(const struct pkt_job *job)
{
	struct sockaddr_un	 sun;
	int			 fd, i;

	memset(&sun, 0, sizeof(sun));
	sun.sun_family = AF_UNIX;
	if (strlcpy(sun.sun_path, job->path, sizeof(sun.sun_path)) >=
	    sizeof(sun.sun_path))
		errx(2, "%s: too long", job->path);
	if ((fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) == -1 ||
	    connect(fd, (struct sockaddr *)&sun, sizeof(sun)) == -1)
		err(1, "%s", job->path);
	for (i = 0; i < job->count; i++)
		if (send(fd, job->buf, job->w.len, MSG_NOSIGNAL) == -1)
			break;
	close(fd);
}

/* Print how many frames with our bytes somewhere inside arrive in time. */
static void
frames_count(const struct pkt_job *job)
{
	struct sockaddr_ll	 from;
	struct pollfd		 pfd;
	socklen_t		 len;
	uint8_t			*buf;
	int64_t			 left;
	mono_t			 end;
	ssize_t			 n;
	int			 seen = 0;

	if ((buf = malloc(BYTES_MAX)) == NULL)
		err(1, NULL);
	pfd.fd = device_open(job->ifname, ETH_P_ALL);
	pfd.events = POLLIN;
	puts("ready");
	fflush(stdout);
	end = mono_add(mono_now(), job->limit);
	while ((left = mono_sub(end, mono_now())) > 0) {
		if (poll(&pfd, 1, (int)(left / MONO_MS(1)) + 1) <= 0)
			continue;
		len = sizeof(from);
		n = recvfrom(pfd.fd, buf, BYTES_MAX, 0,
		    (struct sockaddr *)&from, &len);
		if (n > 0 && from.sll_pkttype != PACKET_OUTGOING &&
		    memmem(buf, n, job->buf, job->w.len) != NULL)
			seen++;
	}
	printf("%d\n", seen);
	free(buf);
}

static void
options_parse(struct pkt_job *job, int argc, char *argv[])
{
	int	 ch;

	while ((ch = getopt(argc, argv, "+d:f:ln:t:u:")) != -1) {
		switch (ch) {
		case 'd':
			job->ifname = optarg;
			break;
		case 'f':
			file_add(&job->w, optarg);
			break;
		case 'l':
			job->listening = 1;
			break;
		case 'n':
			job->count = number_parse(optarg);
			break;
		case 't':
			job->limit = MONO_MS(number_parse(optarg));
			break;
		case 'u':
			job->path = optarg;
			break;
		default:
			usage();
		}
	}
	for (; optind < argc; optind++)
		word_add(&job->w, argv[optind]);
	if (wr_end(&job->w) <= 0 || (job->listening && job->ifname == NULL))
		usage();
}

int
main(int argc, char *argv[])
{
	struct pkt_job	*job;

	if ((job = calloc(1, sizeof(*job))) == NULL)
		err(1, NULL);
	job->count = 1;
	job->limit = MONO_MS(1000);
	wr_init(&job->w, job->buf, sizeof(job->buf));
	options_parse(job, argc, argv);
	if (job->listening)
		frames_count(job);
	else if (job->path != NULL)
		local_send(job);
	else if (job->ifname != NULL)
		frame_send(job);
	else
		ip4_send(job);
	free(job);
	return (0);
}
