/*
 * The Teredo engine against damage: packets cut at every byte and with every
 * bit turned, in front of an engine that knows, waits for, or has never heard
 * of their client.  Whatever comes of it, what is forwarded and sent obeys the
 * rules that make a relay safe, checked here from the bytes alone.  Packets are
 * on the heap in their exact size, so that a sanitizer sees a read past the
 * end.
 */
#include <arpa/inet.h>

#include <atf-c.h>
#include <stdlib.h>
#include <string.h>

#include "forbidden.h"
#include "teredo_bed.h"

static const char *const	never6[] = {
	"::/96", "::ffff:0:0/96", "2001::/32", "2001:db8::/32", "fc00::/7",
	"fe80::/9", "ff00::/8", "2002:b01:1::/48", "2002:a00::/24",
};

static int
forbidden6(const uint8_t *addr)
{
	return (covered(never6, sizeof(never6) / sizeof(never6[0]), 6, addr));
}

/* The state of the usual client before the packet comes. */
enum before { UNKNOWN, WAITING, KNOWN, BEFORE_COUNT };

static void
prepare(struct bed *b, enum before before)
{
	bed_begin(b);
	if (before == WAITING)
		ATF_REQUIRE_EQ(bed_out(b, 1, bed_usual()), V_HOLD);
	else if (before == KNOWN)
		bed_trust(b);
	bed_forget(b);
}

/* Bubbles are 40 to 52 bytes, and few; nothing goes to forbidden places. */
static void
sent_check(const struct bed *b, int most)
{
	uint8_t	 addr[4];
	int	 i;

	ATF_REQUIRE(b->nsent <= most);
	for (i = 0; i < b->nsent; i++) {
		addr[0] = b->sent[i].dst >> 24;
		addr[1] = b->sent[i].dst >> 16 & 0xff;
		addr[2] = b->sent[i].dst >> 8 & 0xff;
		addr[3] = b->sent[i].dst & 0xff;
		ATF_REQUIRE(!forbidden4(addr));
		ATF_REQUIRE(b->sent[i].port != 0);
		ATF_REQUIRE(b->sent[i].len <= 60);
	}
}

/*
 * What goes into the tun: from a Teredo address that embeds where it came
 * from, without which nothing here was proven.
 */
static void
in_check(const uint8_t *ip6, size_t len, uint32_t from, uint16_t port)
{
	static const uint8_t	 teredo[4] = { 0x20, 0x01, 0, 0 };

	ATF_REQUIRE(len >= 40 && ip6[0] >> 4 == 6 && ip6[7] != 0);
	ATF_REQUIRE(len == 40U + (ip6[4] << 8 | ip6[5]));
	ATF_REQUIRE(memcmp(ip6 + 8, teredo, 4) == 0);
	ATF_REQUIRE((ip6[18] << 8 | ip6[19]) == (port ^ 0xffff));
	ATF_REQUIRE(((uint32_t)ip6[20] << 24 | ip6[21] << 16 | ip6[22] << 8 |
	    ip6[23]) == ~from);
	ATF_REQUIRE(!forbidden4(ip6 + 12));
	ATF_REQUIRE(!forbidden6(ip6 + 24));
}

static void
out_check(const struct pkt *p)
{
	uint8_t	 addr[4];

	memcpy(addr, &p->dst4, 4);
	ATF_REQUIRE(p->len >= 40 && p->len <= 1280);
	ATF_REQUIRE(!forbidden4(addr));
	ATF_REQUIRE(!forbidden6(p->data + 8));
	ATF_REQUIRE(p->data[7] != 0 && p->dport != 0);
}

/* One packet, len bytes at a copy; from 0: it comes from the tun. */
static void
run(const uint8_t *buf, size_t len, uint32_t from, uint16_t port,
    enum before before)
{
	static struct bed	 b;
	uint8_t			*copy;
	struct pkt		 p = { .sport = port };
	enum verdict		 v;

	prepare(&b, before);
	if ((copy = malloc(len == 0 ? 1 : len)) == NULL)
		abort();
	memcpy(copy, buf, len);
	p.data = copy;
	p.len = len;
	p.reply = b.reply;
	p.why = DROP_NREASONS;
	p.src4.s_addr = htonl(from);
	v = from != 0 ? teredo_in(&b.t, &p, b.now) :
	    teredo_out(&b.t, &p, b.now);
	if (v == V_FORWARD) {
		ATF_REQUIRE(p.data >= copy && p.data + p.len <= copy + len);
		if (from != 0)
			in_check(p.data, p.len, from, port);
		else
			out_check(&p);
	} else if (v != V_HOLD)
		ATF_REQUIRE(p.why < DROP_NREASONS);
	ATF_REQUIRE(v != V_REPLY || from == 0);
	ATF_REQUIRE(b.t.table.count <= 2);
	sent_check(&b, 7);
	free(copy);
	bed_wait(&b, 60000);
	sent_check(&b, 7 + 6);
	ATF_REQUIRE_EQ(b.t.table.count, 0);
	ATF_REQUIRE_EQ(b.t.queue.count, 0);
	bed_free(&b);
}

static void
damage(const uint8_t *buf, size_t len, uint32_t from, uint16_t port)
{
	uint8_t		 copy[256];
	enum before	 before;
	size_t		 i;

	ATF_REQUIRE(len <= sizeof(copy));
	memcpy(copy, buf, len);
	for (before = UNKNOWN; before < BEFORE_COUNT; before++) {
		for (i = 0; i <= len; i++)
			run(copy, i, from, port, before);
		for (i = 0; i < len * 8; i++) {
			copy[i / 8] ^= 0x80 >> i % 8;
			run(copy, len, from, port, before);
			copy[i / 8] ^= 0x80 >> i % 8;
		}
	}
}

/* Every trailer that there is, two addresses in the list. */
static const uint8_t	trailers[] = {
	1, 4, 0x11, 0x22, 0x33, 0x44, 4, 4, 0, 0, 0, 0, 5, 2, 0x03, 0xe8,
	3, 14, 0, 0, 10, 0, 0, 9, 0x10, 0, 11, 2, 0, 6, 0x20, 0, 0x80, 1, 0,
};

static size_t
packet(uint8_t *buf, size_t cap, struct addr6 src, struct addr6 dst,
    uint8_t next, size_t payload)
{
	struct ip6	 h = { .next = next, .hlim = 9 };
	struct wr	 w;

	h.len = IP6_HDRLEN + payload;
	h.src = src;
	h.dst = dst;
	wr_init(&w, buf, cap);
	ip6_write(&w, &h);
	wr_zero(&w, payload);
	return (w.len);
}

ATF_TC_WITHOUT_HEAD(in_data);
ATF_TC_BODY(in_data, tc)
{
	uint8_t	 buf[256];
	size_t	 len;

	len = packet(buf, sizeof(buf), bed_usual(), bed_host(1), 17, 12);
	damage(buf, len, CLIENT, CLIENT_PORT);
}

ATF_TC_WITHOUT_HEAD(in_bubble);
ATF_TC_BODY(in_bubble, tc)
{
	uint8_t	 buf[256];
	size_t	 len;

	len = packet(buf, sizeof(buf), bed_usual(), bed_host(1), 59, 0);
	memcpy(buf + len, trailers, sizeof(trailers));
	damage(buf, len + sizeof(trailers), CLIENT, CLIENT_PORT);
}

ATF_TC_WITHOUT_HEAD(in_indirect);
ATF_TC_BODY(in_indirect, tc)
{
	uint8_t	 buf[256] = { 0 };
	size_t	 len;

	len = 8 + packet(buf + 8, sizeof(buf) - 8, bed_usual(), bed_host(1),
	    59, 0);
	memcpy(buf + len, trailers, sizeof(trailers));
	damage(buf, len + sizeof(trailers), SERVER, TEREDO_PORT);
}

ATF_TC_WITHOUT_HEAD(in_auth);
ATF_TC_BODY(in_auth, tc)
{
	uint8_t	 buf[256] = { 0, 1 };
	size_t	 len;

	len = 21 + packet(buf + 21, sizeof(buf) - 21, bed_usual(),
	    bed_host(1), 17, 12);
	damage(buf, len, CLIENT, CLIENT_PORT);
}

ATF_TC_WITHOUT_HEAD(out);
ATF_TC_BODY(out, tc)
{
	uint8_t	 buf[256];
	size_t	 len;

	len = packet(buf, sizeof(buf), bed_host(1), bed_usual(), 17, 12);
	damage(buf, len, 0, 0);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, in_data);
	ATF_TP_ADD_TC(tp, in_bubble);
	ATF_TP_ADD_TC(tp, in_indirect);
	ATF_TP_ADD_TC(tp, in_auth);
	ATF_TP_ADD_TC(tp, out);
	return (atf_no_error());
}
