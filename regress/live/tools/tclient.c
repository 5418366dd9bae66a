/*
 * tclient: a Teredo client that does as it is told, for what real clients
 * cannot be made to do.  It may be its own server and its own NAT: with -S it
 * also listens on that address, port 3544, and so sees with its own eyes what
 * is sent to its server.  Prints what comes and goes, one line each:
 *
 *	MS rx via=server|own|other [blocked] from=IP:PORT key=value ...
 *	MS tx via=own|other to=IP:PORT key=value ...
 *
 *	tclient [-f flags] [-m mapped] [-p port] [-r relay]
 *	    [-S own-server | -s server] address command ...
 *
 * -m is the mapped endpoint, when it is not the local one; endpoints are
 * IP:PORT.  Commands are one argument each, done in order; packets that
 * arrive while one waits are reported and, as set, answered:
 *
 *	qualify MS	ask the server for the mapped endpoint, at most MS long
 *	send TO WORD...	TO is relay (who sent the last bubble), server, or
 *			IP:PORT; the words are in teredo_pkt.h
 *	serve TO WORD...	the same as our own server
 *	wait MS		just answer
 *	until KIND MS	until such a packet has come since the last until;
 *			exit status 1 if none does
 *	set answer yes|no	answer bubbles that come by the server
 *	set skip N		but not the next N
 *	set nonce yes|no	repeat the nonce in the answer (RFC 6081)
 *	set add WORD...		put these trailers into answers
 *	set reply yes|no	answer echo requests
 *	set nat open|symmetric	symmetric: directly, nothing gets in by our own
 *				port, and what we send leaves by another one
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <arpa/inet.h>

#include <err.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mono.h"
#include "teredo_pkt.h"

#define SERVER_PORT	3544
#define PACKET_MAX	2048
#define WORDS_MAX	16

enum via { VIA_OWN, VIA_OTHER, VIA_SERVER, VIA_COUNT };

struct tclient {
	mono_t		 start;
	struct pollfd	 pfd[VIA_COUNT];
	struct teredo_names	 names;
	uint16_t	 flags;
	struct endpoint	 local;
	struct endpoint	 mapped;
	struct endpoint	 server;
	struct endpoint	 relay;
	int		 own_server;
	int		 answer;
	int		 skip;
	int		 nonce;
	int		 reply;
	int		 symmetric;
	struct wr	 add;		/* trailers of answers */
	uint8_t		 add_buf[256];
	char		 awaited[16];
	int		 seen;		/* the awaited kind came */
};

static void
usage(void)
{
	fprintf(stderr, "usage: %s [-f flags] [-m mapped] [-p port] "
	    "[-r relay]\n    [-S own-server | -s server] address "
	    "command ...\n", getprogname());
	exit(2);
}

static const char *
via_name(enum via via)
{
	static const char *const names[] = { "own", "other", "server" };

	return (names[via]);
}

static void
stamp_print(const struct tclient *c, const char *what)
{
	printf("%.3f %s", (double)mono_sub(mono_now(), c->start) / 1e6, what);
}

static void
endpoint_to_sin(const struct endpoint *e, struct sockaddr_in *sin)
{
	memset(sin, 0, sizeof(*sin));
	sin->sin_family = AF_INET;
	sin->sin_port = htons(e->port);
	memcpy(&sin->sin_addr, e->ip, sizeof(e->ip));
}

/* --- sending ---------------------------------------------------------- */

static void
bytes_send(struct tclient *c, enum via via, const struct endpoint *to,
    const struct wr *w)
{
	struct sockaddr_in	 sin;
	struct teredo_pkt	 p;
	char			 buf[ENDPOINT_STRLEN];

	endpoint_to_sin(to, &sin);
	if (w->bad || sendto(c->pfd[via].fd, w->buf, w->len, 0,
	    (struct sockaddr *)&sin, sizeof(sin)) == -1)
		warn("%s", endpoint_print(to, buf, sizeof(buf)));
	stamp_print(c, "tx");
	printf(" via=%s to=%s", via_name(via),
	    endpoint_print(to, buf, sizeof(buf)));
	if (teredo_pkt_parse(&p, w->buf, w->len) == 0)
		teredo_pkt_print(stdout, &p);
	else
		printf(" kind=garbage bytes=%zu", w->len);
	putchar('\n');
}

static enum via
via_direct(const struct tclient *c)
{
	return (c->symmetric ? VIA_OTHER : VIA_OWN);
}

/* To the relay, whom the bubble comes from in the end. */
static void
bubble_answer(struct tclient *c, const struct teredo_pkt *p)
{
	uint8_t		 buf[PACKET_MAX];
	struct wr	 w;

	if (!c->answer)
		return;
	if (c->skip > 0) {
		c->skip--;
		return;
	}
	wr_init(&w, buf, sizeof(buf));
	teredo_bubble_put(&w, c->names.me, p->src);
	if (c->nonce && p->nonced)
		teredo_nonce_put(&w, p->nonce);
	wr_bytes(&w, c->add_buf, c->add.len);
	bytes_send(c, via_direct(c), &c->relay, &w);
}

static void
request_answer(struct tclient *c, enum via via, const struct endpoint *from,
    const struct teredo_pkt *p)
{
	uint8_t		 buf[PACKET_MAX];
	struct rd	 r = p->payload;
	struct wr	 w;

	if (!c->reply)
		return;
	rd_skip(&r, 4);
	wr_init(&w, buf, sizeof(buf));
	teredo_echo_put(&w, 1, c->names.me, p->src, r.p, r.left);
	bytes_send(c, via, from, &w);
}

/* --- receiving -------------------------------------------------------- */

static void
mapping_learn(struct tclient *c, const struct endpoint *mapped)
{
	char	 addr[INET6_ADDRSTRLEN], buf[ENDPOINT_STRLEN];

	c->mapped = *mapped;
	teredo_addr_make(c->names.me, c->server.ip, c->flags, mapped);
	stamp_print(c, "ready");
	printf(" addr=%s mapped=%s\n",
	    inet_ntop(AF_INET6, c->names.me, addr, sizeof(addr)),
	    endpoint_print(mapped, buf, sizeof(buf)));
}

static int
endpoint_equal(const struct endpoint *a, const struct endpoint *b)
{
	return (memcmp(a->ip, b->ip, sizeof(a->ip)) == 0 && a->port == b->port);
}

/* What a client would do that has received this. */
static void
packet_act(struct tclient *c, enum via via, const struct endpoint *from,
    const struct teredo_pkt *p)
{
	const char	*kind = teredo_pkt_kind(p);

	if (strcmp(kind, "advertisement") == 0 && p->indicated)
		mapping_learn(c, &p->origin);
	else if (strcmp(kind, "bubble") == 0 && (via == VIA_SERVER ||
	    endpoint_equal(from, &c->server))) {
		c->relay = p->indicated ? p->origin : *from;
		memcpy(c->names.asker, p->src, sizeof(c->names.asker));
		bubble_answer(c, p);
	} else if (strcmp(kind, "request") == 0)
		request_answer(c, via, from, p);
}

/* The line of a packet; 1 when our NAT lets it in. */
static int
packet_report(const struct tclient *c, enum via via,
    const struct endpoint *from, const struct teredo_pkt *p, size_t len)
{
	char	 buf[ENDPOINT_STRLEN];
	int	 blocked;

	blocked = c->symmetric && via == VIA_OWN &&
	    !endpoint_equal(from, &c->server);
	stamp_print(c, "rx");
	printf(" via=%s%s from=%s", via_name(via), blocked ? " blocked" : "",
	    endpoint_print(from, buf, sizeof(buf)));
	if (p != NULL)
		teredo_pkt_print(stdout, p);
	else
		printf(" kind=garbage bytes=%zu", len);
	putchar('\n');
	return (!blocked);
}

static void
packet_receive(struct tclient *c, enum via via)
{
	struct sockaddr_in	 sin;
	struct endpoint		 from;
	struct teredo_pkt	 p;
	socklen_t		 slen = sizeof(sin);
	uint8_t			 buf[PACKET_MAX];
	ssize_t			 n;

	n = recvfrom(c->pfd[via].fd, buf, sizeof(buf), MSG_DONTWAIT,
	    (struct sockaddr *)&sin, &slen);
	if (n == -1)
		return;
	memcpy(from.ip, &sin.sin_addr, sizeof(from.ip));
	from.port = ntohs(sin.sin_port);
	if (teredo_pkt_parse(&p, buf, n) == -1)
		packet_report(c, via, &from, NULL, n);
	else if (packet_report(c, via, &from, &p, n)) {
		if (strcmp(teredo_pkt_kind(&p), c->awaited) == 0)
			c->seen = 1;
		packet_act(c, via, &from, &p);
	}
}

/* Answer until the time is over or the awaited kind has come. */
static int
loop_run(struct tclient *c, int64_t ns, const char *awaited)
{
	mono_t	 end;
	int64_t	 left;
	int	 i;

	strlcpy(c->awaited, awaited, sizeof(c->awaited));
	c->seen = 0;
	end = mono_add(mono_now(), ns);
	while (!c->seen && (left = mono_sub(end, mono_now())) > 0) {
		fflush(stdout);
		if (poll(c->pfd, VIA_COUNT, (int)(left / MONO_MS(1)) + 1) <= 0)
			continue;
		for (i = 0; i < VIA_COUNT; i++)
			if (c->pfd[i].revents & POLLIN)
				packet_receive(c, i);
	}
	fflush(stdout);
	return (c->seen);
}

/* --- commands --------------------------------------------------------- */

static int64_t
ms_parse(const char *s)
{
	const char	*errstr;
	int64_t		 n;

	n = strtonum(s == NULL ? "" : s, 1, 600000, &errstr);
	if (errstr != NULL)
		errx(2, "milliseconds %s", errstr);
	return (MONO_MS(n));
}

static int
yes_parse(const char *s, const char *yes, const char *no)
{
	if (s == NULL || (strcmp(s, yes) != 0 && strcmp(s, no) != 0))
		errx(2, "neither %s nor %s", yes, no);
	return (strcmp(s, yes) == 0);
}

static void
words_put(struct tclient *c, struct wr *w, char *words[])
{
	for (; *words != NULL; words++)
		if (teredo_word_put(w, &c->names, *words) == -1 || w->bad)
			errx(2, "word not understood: %s", *words);
}

static void
command_send(struct tclient *c, enum via via, char *words[])
{
	struct endpoint	 to;
	struct wr	 w;
	uint8_t		 buf[PACKET_MAX];

	if (words[1] == NULL)
		errx(2, "send to whom?");
	if (strcmp(words[1], "relay") == 0)
		to = c->relay;
	else if (strcmp(words[1], "server") == 0)
		to = c->server;
	else if (endpoint_parse(&to, words[1]) == -1)
		errx(2, "%s: not an endpoint", words[1]);
	wr_init(&w, buf, sizeof(buf));
	words_put(c, &w, words + 2);
	bytes_send(c, via, &to, &w);
}

static void
command_qualify(struct tclient *c, char *words[])
{
	struct wr	 w;
	uint8_t		 buf[PACKET_MAX];

	wr_init(&w, buf, sizeof(buf));
	teredo_auth_put(&w, 1);
	teredo_solicitation_put(&w, 0);
	bytes_send(c, VIA_OWN, &c->server, &w);
	if (!loop_run(c, ms_parse(words[1]), "advertisement"))
		errx(1, "the server does not answer");
}

static void
command_set(struct tclient *c, char *words[])
{
	const char	*what = words[1], *errstr = NULL;

	if (what == NULL)
		errx(2, "set what?");
	if (strcmp(what, "answer") == 0)
		c->answer = yes_parse(words[2], "yes", "no");
	else if (strcmp(what, "skip") == 0)
		c->skip = (int)strtonum(words[2], 0, 1000, &errstr);
	else if (strcmp(what, "nonce") == 0)
		c->nonce = yes_parse(words[2], "yes", "no");
	else if (strcmp(what, "reply") == 0)
		c->reply = yes_parse(words[2], "yes", "no");
	else if (strcmp(what, "nat") == 0)
		c->symmetric = yes_parse(words[2], "symmetric", "open");
	else if (strcmp(what, "add") == 0) {
		wr_init(&c->add, c->add_buf, sizeof(c->add_buf));
		words_put(c, &c->add, words + 2);
	} else
		errx(2, "set %s: unknown", what);
	if (errstr != NULL)
		errx(2, "set %s: number %s", what, errstr);
}

static void
command_until(struct tclient *c, char *words[])
{
	if (words[1] == NULL || words[2] == NULL)
		errx(2, "until what, and when?");
	if (!loop_run(c, ms_parse(words[2]), words[1]))
		errx(1, "no %s came", words[1]);
}

static void
command_run(struct tclient *c, char *command)
{
	char	*words[WORDS_MAX + 1], *word;
	size_t	 n = 0;

	while ((word = strsep(&command, " \t\n")) != NULL)
		if (*word != '\0' && n < WORDS_MAX)
			words[n++] = word;
	words[n] = NULL;
	if (n == 0)
		errx(2, "an empty command");
	if (strcmp(words[0], "send") == 0)
		command_send(c, via_direct(c), words);
	else if (strcmp(words[0], "serve") == 0)
		command_send(c, VIA_SERVER, words);
	else if (strcmp(words[0], "set") == 0)
		command_set(c, words);
	else if (strcmp(words[0], "until") == 0)
		command_until(c, words);
	else if (strcmp(words[0], "qualify") == 0)
		command_qualify(c, words);
	else if (strcmp(words[0], "wait") == 0)
		loop_run(c, ms_parse(words[1]), "");
	else
		errx(2, "%s: not a command", words[0]);
}

/* --- start ------------------------------------------------------------ */

static int
udp_open(const struct endpoint *local)
{
	struct sockaddr_in	 sin;
	char			 buf[ENDPOINT_STRLEN];
	int			 fd;

	endpoint_to_sin(local, &sin);
	if ((fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) == -1 ||
	    bind(fd, (struct sockaddr *)&sin, sizeof(sin)) == -1)
		err(1, "%s", endpoint_print(local, buf, sizeof(buf)));
	return (fd);
}

static void
sockets_open(struct tclient *c)
{
	struct endpoint	 other = c->local;
	int		 i;

	other.port++;
	c->pfd[VIA_OWN].fd = udp_open(&c->local);
	c->pfd[VIA_OTHER].fd = udp_open(&other);
	c->pfd[VIA_SERVER].fd = c->own_server ? udp_open(&c->server) : -1;
	for (i = 0; i < VIA_COUNT; i++)
		c->pfd[i].events = POLLIN;
}

static void
ip_parse(struct endpoint *e, const char *s)
{
	if (inet_pton(AF_INET, s, e->ip) != 1)
		errx(2, "%s: not an IPv4 address", s);
}

static void
option_parse(struct tclient *c, int ch)
{
	const char	*errstr = NULL;

	switch (ch) {
	case 'f':
		c->flags = (uint16_t)strtoul(optarg, NULL, 16);
		break;
	case 'm':
		if (endpoint_parse(&c->mapped, optarg) == -1)
			errstr = "not an endpoint";
		break;
	case 'p':
		c->local.port = (uint16_t)strtonum(optarg, 1, 65534, &errstr);
		break;
	case 'r':
		if (endpoint_parse(&c->relay, optarg) == -1)
			errstr = "not an endpoint";
		break;
	case 'S':
		c->own_server = 1;
		ip_parse(&c->server, optarg);
		break;
	case 's':
		ip_parse(&c->server, optarg);
		break;
	default:
		usage();
	}
	if (errstr != NULL)
		errx(2, "%s: %s", optarg, errstr);
}

int
main(int argc, char *argv[])
{
	struct tclient	*c;
	int		 ch;

	if ((c = calloc(1, sizeof(*c))) == NULL)
		err(1, NULL);
	c->start = mono_now();
	c->local.port = 40000;
	c->server.port = SERVER_PORT;
	c->answer = c->nonce = c->reply = 1;
	while ((ch = getopt(argc, argv, "+f:m:p:r:S:s:")) != -1)
		option_parse(c, ch);
	if (argc - optind < 2)
		usage();
	ip_parse(&c->local, argv[optind++]);
	sockets_open(c);
	if (c->mapped.port == 0)
		c->mapped = c->local;
	mapping_learn(c, &c->mapped);
	for (; optind < argc; optind++)
		command_run(c, argv[optind]);
	free(c);
	return (0);
}
