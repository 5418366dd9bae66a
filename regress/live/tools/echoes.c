/*
 * echoes: a stream of ICMPv6 echo requests, and what of it got lost.  Test
 * equipment: sends to one address only, at a steady pace.
 *
 *	echoes [-i us] [-w ms] address
 *
 * Says "ready" when answers have come without a gap for a while, and counts
 * from then on.  After SIGINT it goes on until they do so again, but at most
 * -w milliseconds, and prints the longest time without an answer in
 * milliseconds, how many requests were not answered, and how many were sent.
 * The first is "never" when no answer came any more.
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/icmp6.h>

#include <err.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "mono.h"
#include "prefix.h"
#include "rd.h"
#include "wr.h"

#define ECHO_LEN	16
#define GAP		MONO_MS(50)	/* longer than this is no steady flow */
#define STEADY		MONO_MS(300)
#define STRAGGLERS	MONO_MS(200)	/* answers may be under way so long */
#define HISTORY		65536		/* requests whose answer is known */

struct stream {
	int		 fd;
	uint16_t	 id;
	int64_t		 interval;	/* ns */
	uint64_t	 sent;
	uint64_t	 answered;
	mono_t		 last;		/* answer */
	mono_t		 steady;	/* since when there is no gap */
	int64_t		 cut;		/* longest gap; ns */
	uint8_t		 seen[HISTORY];
};

static void
usage(void)
{
	fprintf(stderr, "usage: %s [-i us] [-w ms] address\n", getprogname());
	exit(2);
}

static long long
number_parse(const char *s)
{
	const char	*errstr;
	long long	 n;

	n = strtonum(s, 1, 1000000, &errstr);
	if (errstr != NULL)
		errx(2, "%s: number %s", s, errstr);
	return (n);
}

/* Count from here on. */
static void
stream_zero(struct stream *s)
{
	s->sent = s->answered = 0;
	s->cut = 0;
	memset(s->seen, 0, sizeof(s->seen));
	s->id++;		/* answers to earlier requests are not ours */
}

static void
stream_send(struct stream *s)
{
	uint8_t		 buf[ECHO_LEN];
	struct wr	 w;

	wr_init(&w, buf, sizeof(buf));
	wr_u8(&w, ICMP6_ECHO_REQUEST);
	wr_u8(&w, 0);
	wr_u16(&w, 0);		/* the kernel's */
	wr_u16(&w, s->id);
	wr_u16(&w, s->sent & 0xffff);
	wr_u64(&w, s->sent);
	s->seen[s->sent % HISTORY] = 0;
	(void)send(s->fd, buf, w.len, MSG_DONTWAIT);
	s->sent++;
}

/* One message; whether it is an answer that was not there before. */
static int
stream_receive(struct stream *s)
{
	uint8_t		 buf[ECHO_LEN];
	struct rd	 r;
	uint64_t	 seq;
	ssize_t		 n;

	if ((n = recv(s->fd, buf, sizeof(buf), MSG_DONTWAIT)) != ECHO_LEN)
		return (0);
	rd_init(&r, buf, n);
	(void)rd_u32(&r);
	if (rd_u16(&r) != s->id)
		return (0);
	(void)rd_u16(&r);
	seq = rd_u64(&r);
	if (seq >= s->sent || s->sent - seq > HISTORY ||
	    s->seen[seq % HISTORY])
		return (0);
	s->seen[seq % HISTORY] = 1;
	s->answered++;
	return (1);
}

static void
stream_heard(struct stream *s, mono_t now)
{
	int64_t	 gap = mono_sub(now, s->last);

	if (gap > s->cut)
		s->cut = gap;
	if (gap > GAP)
		s->steady = now;
	s->last = now;
}

/* Answers until then. */
static void
stream_wait(struct stream *s, mono_t until)
{
	struct pollfd	 pfd = { .fd = s->fd, .events = POLLIN };
	struct timespec	 ts;
	int64_t		 left;

	while ((left = mono_sub(until, mono_now())) > 0) {
		ts.tv_sec = left / MONO_S(1);
		ts.tv_nsec = left % MONO_S(1);
		if (ppoll(&pfd, 1, &ts, NULL) == 1 && stream_receive(s))
			stream_heard(s, mono_now());
	}
}

static int
is_steady(const struct stream *s)
{
	mono_t	 now = mono_now();

	return (mono_sub(now, s->last) <= GAP &&
	    mono_sub(now, s->steady) >= STEADY);
}

/* True when somebody wants this to end. */
static int
is_asked(const sigset_t *set)
{
	struct timespec	 none = { 0, 0 };

	return (sigtimedwait(set, NULL, &none) != -1);
}

static void
stream_run(struct stream *s, const sigset_t *set, int64_t patience)
{
	mono_t	 next = mono_now(), end = next;
	int	 ready = 0, asked = 0;

	while (!asked || !(is_steady(s) || mono_reached(mono_now(), end))) {
		stream_send(s);
		next = mono_add(next, s->interval);
		stream_wait(s, next);
		if (!ready && is_steady(s)) {
			ready = 1;
			stream_zero(s);
			puts("ready");
			fflush(stdout);
		}
		if (!asked && is_asked(set)) {
			asked = 1;
			end = mono_add(mono_now(), patience);
		}
	}
}

/* After the last request. */
static void
stream_print(struct stream *s)
{
	mono_t	 now = mono_now();
	int	 cut = mono_sub(now, s->last) > GAP;

	stream_wait(s, mono_add(now, STRAGGLERS));
	if (cut)
		printf("never");
	else
		printf("%.1f", s->cut / 1e6);
	printf(" %llu %llu\n", (unsigned long long)(s->sent - s->answered),
	    (unsigned long long)s->sent);
}

static int
stream_open(const char *address)
{
	struct icmp6_filter	 filter;
	struct sockaddr_storage	 ss;
	struct ipaddr		 a;
	socklen_t		 len;
	int			 fd;

	if (ipaddr_parse(&a, address) == -1 || a.af != 6)
		errx(2, "%s: not an IPv6 address", address);
	len = ipaddr_to_sa(&a, 0, &ss);
	if ((fd = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC,
	    IPPROTO_ICMPV6)) == -1)
		err(1, "socket");
	ICMP6_FILTER_SETBLOCKALL(&filter);
	ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &filter);
	if (setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &filter,
	    sizeof(filter)) == -1)
		err(1, "ICMP6_FILTER");
	if (connect(fd, (struct sockaddr *)&ss, len) == -1)
		err(1, "%s", address);
	return (fd);
}

int
main(int argc, char *argv[])
{
	struct stream	*s;
	sigset_t	 set;
	int64_t		 patience = MONO_S(10);
	int		 ch;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		err(1, "stream");
	s->interval = MONO_MS(2);
	while ((ch = getopt(argc, argv, "i:w:")) != -1) {
		switch (ch) {
		case 'i':
			s->interval = number_parse(optarg) * 1000;
			break;
		case 'w':
			patience = MONO_MS(number_parse(optarg));
			break;
		default:
			usage();
		}
	}
	if (argc - optind != 1)
		usage();
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	s->fd = stream_open(argv[optind]);
	s->id = getpid() & 0xffff;
	s->last = s->steady = mono_now();
	stream_run(s, &set, patience);
	stream_print(s);
	return (0);
}
