/*
 * Benchmark: the Teredo engine with a million clients.  What one costs in
 * memory and in time when it comes, sends, is sent to, makes room and expires,
 * and the longest that a packet behind it has to wait.  Prints a table; not a
 * test.
 *
 *	teredo_peers [clients]
 *
 * Times are those of the wall clock: the worst of a million is often what the
 * machine did meanwhile, so run it more than once.
 */
#include <sys/resource.h>
#include <arpa/inet.h>

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "teredo.h"
#include "teredo_wire.h"

#define BUCKETS	(64 * 8)	/* an eighth of a power of two each */

struct bench {
	struct teredo	 t;
	mono_t		 now;
	uint32_t	 n;
	uint64_t	 sent;
	uint8_t		 buf[64];
	uint8_t		 reply[PKT_REPLY_MAX];
};

struct hist {
	uint64_t	 n;
	uint64_t	 sum;
	uint64_t	 worst;
	uint64_t	 buckets[BUCKETS];
};

static void
on_send(void *arg, struct in_addr dst, uint16_t port, const void *data,
    size_t len, uint8_t tos)
{
	struct bench	*b = arg;

	b->sent++;
}

static void
on_inject(void *arg, const void *data, size_t len)
{
}

static uint64_t
clock_ns(void)
{
	struct timespec	 ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ((uint64_t)ts.tv_sec * 1000000000 + ts.tv_nsec);
}

static unsigned int
bucket_index(uint64_t ns)
{
	unsigned int	 log = 0;

	if (ns < 8)
		return (ns);
	while (ns >> log >= 16)
		log++;
	return ((log + 1) * 8 + (ns >> log) - 8);
}

static uint64_t
bucket_ns(unsigned int i)
{
	return (i < 8 ? i : (uint64_t)(i % 8 + 8) << (i / 8 - 1));
}

static void
hist_add(struct hist *h, uint64_t ns)
{
	h->n++;
	h->sum += ns;
	if (ns > h->worst)
		h->worst = ns;
	h->buckets[bucket_index(ns)]++;
}

static uint64_t
hist_percentile(const struct hist *h, double part)
{
	uint64_t	 seen = 0;
	unsigned int	 i;

	for (i = 0; i < BUCKETS; i++) {
		seen += h->buckets[i];
		if (seen >= h->n * part)
			return (bucket_ns(i));
	}
	return (h->worst);
}

static void
row(const char *what, const struct hist *h)
{
	printf("%-34s %9llu %7llu %7llu %8llu %9.3f\n", what,
	    (unsigned long long)h->n,
	    (unsigned long long)(h->n == 0 ? 0 : h->sum / h->n),
	    (unsigned long long)hist_percentile(h, 0.5),
	    (unsigned long long)hist_percentile(h, 0.999),
	    h->worst / 1000000.0);
}

/* Kilobytes at most so far. */
static long
memory_kb(void)
{
	struct rusage	 ru;

	getrusage(RUSAGE_SELF, &ru);
	return (ru.ru_maxrss);
}

/* --- clients --- */

/* Neither neighbours nor in order: a permutation of 2^24. */
static uint32_t
scatter(uint32_t i)
{
	return (i * 0x9e3779b1U & 0xffffff);
}

static uint32_t
client_v4(uint32_t i)
{
	return (0x0c000000 + scatter(i));
}

static struct addr6
client(uint32_t i)
{
	struct teredo_addr	 a = { 0x0b010202 + i % 8, 0, 40000, 0 };
	struct addr6		 addr;

	a.client = client_v4(i);
	teredo_addr_build(&addr, &a);
	return (addr);
}

static size_t
packet(uint8_t *buf, size_t cap, struct addr6 src, struct addr6 dst,
    uint8_t next)
{
	struct ip6	 h = { .next = next, .hlim = 9, .len = IP6_HDRLEN };
	struct wr	 w;

	h.src = src;
	h.dst = dst;
	wr_init(&w, buf, cap);
	ip6_write(&w, &h);
	return (w.len);
}

static enum verdict
out(struct bench *b, uint32_t i, struct hist *h)
{
	struct pkt	 p = { .data = b->buf, .reply = b->reply };
	struct addr6	 native;
	enum verdict	 v;
	uint64_t	 from;

	native.hi = 0x2a10000000000000ULL + i;
	native.lo = 1;
	p.len = packet(b->buf, sizeof(b->buf), native, client(i), 17);
	from = clock_ns();
	v = teredo_out(&b->t, &p, b->now);
	hist_add(h, clock_ns() - from);
	return (v);
}

static enum verdict
in(struct bench *b, uint32_t i, struct addr6 dst, uint8_t next,
    struct hist *h)
{
	struct pkt	 p = { .data = b->buf, .reply = b->reply,
			    .sport = 40000 };
	enum verdict	 v;
	uint64_t	 from;

	p.src4.s_addr = htonl(client_v4(i));
	p.len = packet(b->buf, sizeof(b->buf), client(i), dst, next);
	from = clock_ns();
	v = teredo_in(&b->t, &p, b->now);
	hist_add(h, clock_ns() - from);
	return (v);
}

/* --- what is measured --- */

/* Everybody is asked and answers. */
static void
come(struct bench *b)
{
	static struct hist	 ask, answer;
	struct addr6		 dst = { 0xfe80ULL << 48, 0 }, a;
	uint32_t		 i;

	for (i = 0; i < b->n; i++) {
		b->now = mono_add(b->now, MONO_US(10));
		if (out(b, i, &ask) != V_HOLD)
			errx(1, "client %u was not asked", i);
		a = client(i);
		dst.lo = teredo_peer_find(&b->t.table, &a)->nonce;
		if (in(b, i, dst, 59, &answer) != V_HOLD)
			errx(1, "client %u was not trusted", i);
	}
	row("comes: asked, packet held", &ask);
	row("answers: trusted, packet sent", &answer);
}

static void
traffic(struct bench *b)
{
	static struct hist	 hin, hout, hmiss;
	struct addr6		 native = { 0x2a10000000000000ULL, 1 };
	uint32_t		 i;

	for (i = 0; i < b->n; i++) {
		b->now = mono_add(b->now, MONO_US(10));
		in(b, scatter(i) % b->n, native, 17, &hin);
		out(b, scatter(i * 3 + 1) % b->n, &hout);
	}
	row("packet in, random client", &hin);
	row("packet out, random client", &hout);
	for (i = 0; i < b->n; i++)
		if (in(b, b->n + i, native, 17, &hmiss) == V_FORWARD)
			errx(1, "a stranger was taken into a full table");
	row("packet in, stranger, table full", &hmiss);
}

/* A whole walk as ctl6 makes it, 32 clients a call. */
static void
show(struct bench *b)
{
	static struct hist	 h;
	struct teredo_walk	 w;
	struct teredo_client	 c[32];
	uint64_t		 from, found = 0;

	memset(&w, 0, sizeof(w));
	while (!w.done) {
		from = clock_ns();
		found += teredo_clients(&b->t, &w, c, 32, b->now);
		hist_add(&h, clock_ns() - from);
	}
	if (found != b->t.table.count)
		errx(1, "a walk found %llu clients",
		    (unsigned long long)found);
	row("shown, 32 a call", &h);
}

/* All at once, the worst that can be. */
static void
expire(struct bench *b)
{
	static struct hist	 h;
	uint64_t		 from, begun;

	b->now = mono_add(b->now, MONO_S(60));
	begun = clock_ns();
	while (mono_reached(b->now, teredo_deadline(&b->t))) {
		from = clock_ns();
		teredo_tick(&b->t, b->now);
		hist_add(&h, clock_ns() - from);
	}
	begun = clock_ns() - begun;
	row("expire together, a tick", &h);
	printf("%-34s %9.3f s\n", "all of them", begun / 1000000000.0);
	if (b->t.table.count != 0)
		errx(1, "%u clients stay", b->t.table.count);
}

/* A table that is full of clients who never answer. */
static void
flood(struct bench *b)
{
	static struct hist	 h;
	uint32_t		 i;

	for (i = 0; i < b->n; i++)
		out(b, i, &h);
	memset(&h, 0, sizeof(h));
	for (; i < 2 * b->n; i++) {
		b->now = mono_add(b->now, MONO_US(1));
		if (out(b, i, &h) != V_HOLD)
			errx(1, "a newcomer found no room");
	}
	row("comes, another makes room", &h);
}

int
main(int argc, char *argv[])
{
	static const uint8_t		 key[SIPHASH_KEYLEN] = { 9, 8, 7 };
	static const struct teredo_ops	 ops = { on_send, on_inject };
	static struct bench		 b;
	struct conf_teredo		 c;
	long				 before, empty, full;

	b.n = argc > 1 ? strtoul(argv[1], NULL, 10) : LIMIT_TEREDO_PEERS;
	if (b.n == 0 || b.n > LIMIT_TEREDO_PEERS)
		errx(1, "clients: 1 to %d", LIMIT_TEREDO_PEERS);
	memset(&c, 0, sizeof(c));
	c.enabled = 1;
	c.port = 3545;
	c.listen.s_addr = htonl(0x0b010001);
	c.mtu = 1280;
	c.max_peers = b.n;
	c.queue = 8;
	c.bubble_rate = c.server_rate = c.new_rate = 1000000000;
	c.icmp_rate = 1000;
	b.now.ns = MONO_S(1000);
	before = memory_kb();
	if (teredo_init(&b.t, &c, key, &ops, &b) == -1)
		err(1, "teredo_init");
	empty = memory_kb();
	printf("%-34s %9s %7s %7s %8s %9s\n", "", "calls", "mean ns",
	    "median", "99.9 %", "worst ms");
	come(&b);
	full = memory_kb();
	traffic(&b);
	show(&b);
	expire(&b);
	flood(&b);
	printf("\nmemory: %ld kB empty, %ld kB with %u clients: %.1f bytes "
	    "each (struct %zu)\n", empty - before, full - before, b.n,
	    (full - empty) * 1024.0 / b.n, sizeof(struct teredo_peer));
	printf("bound by design: %zu kB\n",
	    teredo_table_size(b.n) / 1024);
	teredo_free(&b.t);
	return (0);
}
