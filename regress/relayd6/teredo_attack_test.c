/*
 * The Teredo engine under attack: RFC 4380 7 by section, RFC 6324 3, and the
 * limits on what strangers can make it send and remember.
 */
#include <arpa/inet.h>

#include <atf-c.h>
#include <string.h>

#include "teredo_bed.h"

/* RFC 4380 5.2.4, RFC 6890: nobody is there for a relay. */
static const uint32_t	nowhere[] = {
	0x00010203, 0x0a010203, 0x64400001, 0x7f000001, 0xa9fe0101,
	0xac100001, 0xac1ffffe, 0xc0000008, 0xc0000201, 0xc0586301,
	0xc0a80101, 0xc6120001, 0xc6336401, 0xcb007101, 0xe0000001,
	0xefffffff, 0xf0000001, 0xffffffff,
};

#define NOWHERE	(sizeof(nowhere) / sizeof(nowhere[0]))

/* --- RFC 4380 7.4.3, 5.4.1: from IPv6 to IPv4 ----------------------------- */

TEST(s743_target, "RFC 4380 7.4.3: multicast, broadcast, local: in silence")
{
	static struct bed	 b;
	size_t			 i;

	bed_init(&b);
	b.conf.cone = 1;
	bed_start(&b);
	for (i = 0; i < NOWHERE; i++) {
		ATF_CHECK_EQ(bed_out(&b, 1, bed_client(SERVER, TEREDO_CONE,
		    nowhere[i], 53)), V_DROP);
		ATF_CHECK_EQ_MSG(b.p.why, DROP_EMBEDDED, "%08x", nowhere[i]);
	}
	CHECK_DROP(b, bed_out(&b, 1, bed_client(SERVER, 0, CLIENT, 0)),
	    DROP_EMBEDDED);
	ATF_CHECK_EQ(b.nsent, 0);
	ATF_CHECK_EQ(b.ninjected, 0);
	ATF_CHECK_EQ(b.t.table.count, 0);
	bed_free(&b);
}

TEST(s743_echo, "RFC 4380 7.4.3: what an echo service sends back is discarded")
{
	static struct bed	 b;

	bed_init(&b);
	b.conf.cone = 1;
	b.conf.listen.s_addr = htonl(0xc0a80001);
	bed_start(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_client(SERVER, TEREDO_CONE, CLIENT,
	    7)), V_FORWARD);
	CHECK_DROP(b, bed_raw(&b, b.buf, b.p.len, CLIENT, 7), DROP_NOT_TEREDO);
	/* So is a bubble of ours. */
	ATF_CHECK_EQ(bed_out(&b, 1, bed_client(SERVER, 0, CLIENT, 7)),
	    V_HOLD);
	CHECK_DROP(b, bed_raw(&b, bed_last(&b, CLIENT, 7)->data, 40, CLIENT, 7),
	    DROP_NOT_TEREDO);
	bed_free(&b);
}

TEST(s741_server, "RFC 4380 7.4.1: no bubbles to what cannot be a server")
{
	static struct bed	 b;
	size_t			 i;

	bed_begin(&b);
	for (i = 0; i < NOWHERE; i++) {
		ATF_CHECK_EQ(bed_out(&b, 1, bed_client(nowhere[i], 0, CLIENT,
		    CLIENT_PORT)), V_DROP);
		ATF_CHECK_EQ_MSG(b.p.why, DROP_SERVER, "%08x", nowhere[i]);
		CHECK_DROP(b, bed_in(&b, bed_client(nowhere[i], 0, CLIENT,
		    CLIENT_PORT), bed_host(1), CLIENT, CLIENT_PORT),
		    DROP_SERVER);
	}
	ATF_CHECK_EQ(b.nsent, 0);
	ATF_CHECK_EQ(b.t.table.count, 0);
	bed_free(&b);
}

TEST(s741_denied, "RFC 4380 7.4.1: nor to one that the operator denies")
{
	static struct bed	 b;

	bed_init(&b);
	ATF_REQUIRE_EQ(prefix_parse(&b.conf.rules[0].prefix, "11.1.2.0/24"),
	    0);
	b.conf.nrules = 1;
	bed_start(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_REPLY);
	ATF_CHECK_EQ(b.p.why, DROP_SERVER_DENIED);
	ATF_CHECK_EQ(b.reply[40], 1);
	ATF_CHECK_EQ(b.reply[41], 1);		/* prohibited */
	ATF_CHECK_EQ(b.nsent, 0);
	bed_free(&b);
}

TEST(s741_denied_later, "RFC 4380 7.4.1: a new configuration ends the asking")
{
	static struct bed	 b;

	bed_begin(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_HOLD);
	ATF_REQUIRE_EQ(prefix_parse(&b.conf.rules[0].prefix, "11.0.0.0/8"),
	    0);
	b.conf.nrules = 1;
	ATF_CHECK_EQ(teredo_reconf(&b.t, &b.conf), 0);
	bed_forget(&b);
	bed_wait(&b, 10000);
	ATF_CHECK_EQ(b.nsent, 0);
	ATF_CHECK_EQ(b.t.table.count, 0);
	bed_free(&b);
}

/* --- RFC 6324 3: loops ---------------------------------------------------- */

TEST(loop_own, "RFC 6324 3: neither client nor server is an address of ours")
{
	static const uint32_t	 ours[] = { RELAY, 0x0b010003 };
	static struct bed	 b;
	size_t			 i;

	bed_begin(&b);
	for (i = 0; i < 2; i++) {
		CHECK_DROP(b, bed_out(&b, 1, bed_client(SERVER, 0, ours[i],
		    RELAY_PORT)), DROP_LOOP);
		CHECK_DROP(b, bed_out(&b, 1, bed_client(ours[i], 0, CLIENT,
		    CLIENT_PORT)), DROP_LOOP);
		CHECK_DROP(b, bed_in(&b, bed_client(SERVER, 0, ours[i],
		    RELAY_PORT), bed_host(1), ours[i], RELAY_PORT), DROP_LOOP);
	}
	ATF_CHECK_EQ(b.nsent, 0);
	bed_free(&b);
}

TEST(loop_teredo, "RFC 6324 3: nothing goes from Teredo to Teredo")
{
	static struct bed	 b;
	struct ip6		 h = { .next = 17, .hlim = 9, .len = 40 };
	struct wr		 w;

	bed_begin(&b);
	bed_trust(&b);
	CHECK_DROP(b, bed_in(&b, bed_usual(), bed_client(SERVER, 0, ELSEWHERE,
	    1), CLIENT, CLIENT_PORT), DROP_DST6_TEREDO);
	CHECK_DROP(b, bed_in(&b, bed_usual(), bed_client(SERVER, 0, RELAY, 1),
	    CLIENT, CLIENT_PORT), DROP_LOOP);
	/* The other way round. */
	h.src = bed_client(SERVER, 0, ELSEWHERE, 1);
	h.dst = bed_usual();
	wr_init(&w, b.buf, sizeof(b.buf));
	ip6_write(&w, &h);
	b.p.data = b.buf;
	b.p.len = w.len;
	CHECK_DROP(b, teredo_out(&b.t, &b.p, b.now), DROP_SRC6_TEREDO);
	bed_free(&b);
}

TEST(loop_6to4, "RFC 6324 3: 6to4 and ISATAP that lead to us")
{
	static const struct addr6	 loops[] = {
		{ 0x20020b0100010000ULL, 1 },		/* 2002:RELAY:: */
		{ 0x2a10000100000001ULL, 0x00005efe0b010001ULL },
		{ 0x2a10000100000001ULL, 0x02005efe0b010003ULL },
	};
	static struct bed		 b;
	struct addr6			 other;
	size_t				 i;

	bed_begin(&b);
	bed_trust(&b);
	for (i = 0; i < 3; i++) {
		CHECK_DROP(b, bed_in(&b, bed_usual(), loops[i], CLIENT,
		    CLIENT_PORT), DROP_LOOP);
	}
	/* 6to4 hosts elsewhere are reached, by way of the next relay. */
	other.hi = 0x20020b0200090000ULL;
	other.lo = 1;
	ATF_CHECK_EQ(bed_in(&b, bed_usual(), other, CLIENT, CLIENT_PORT),
	    V_FORWARD);
	other.hi = 0x20020a0000090000ULL;
	CHECK_DROP(b, bed_in(&b, bed_usual(), other, CLIENT, CLIENT_PORT),
	    DROP_EMBEDDED);
	bed_free(&b);
}

/* --- RFC 4380 7.4.2: from IPv4 to IPv6 ------------------------------------ */

TEST(s742_source, "RFC 4380 7.4.2: IPv4 sources that nobody has")
{
	static struct bed	 b;
	size_t			 i;

	bed_begin(&b);
	for (i = 0; i < NOWHERE; i++) {
		ATF_CHECK_EQ(bed_in(&b, bed_client(SERVER, 0, nowhere[i],
		    1000), bed_host(1), nowhere[i], 1000), V_DROP);
		ATF_CHECK_EQ_MSG(b.p.why, DROP_SRC4, "%08x", nowhere[i]);
		/* Nor as what a source claims to be, with another behind. */
		CHECK_DROP(b, bed_in(&b, bed_client(SERVER, 0, nowhere[i],
		    1000), bed_host(1), CLIENT, 1000), DROP_EMBEDDED);
	}
	ATF_CHECK_EQ(bed_in(&b, bed_client(SERVER, 0, CLIENT, 0), bed_host(1),
	    CLIENT, 0), V_DROP);
	ATF_CHECK_EQ(b.t.table.count, 0);
	ATF_CHECK_EQ(b.nsent, 0);
	bed_free(&b);
}

TEST(s742_destination, "RFC 4380 7.4.2: only to global unicast, no state else")
{
	static const struct addr6	 bad[] = {
		{ 0, 0 }, { 0, 1 }, { 0, 0xffff0b020005ULL },
		{ 0xfe80ULL << 48, 1 }, { 0xff02ULL << 48, 1 },
		{ 0xfc00ULL << 48, 1 }, { 0x20010db8ULL << 32, 1 },
	};
	static struct bed		 b;
	size_t				 i;

	bed_begin(&b);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ATF_CHECK_EQ(bed_in(&b, bed_usual(), bad[i], CLIENT,
		    CLIENT_PORT), V_DROP);
		ATF_CHECK_EQ_MSG(b.p.why, DROP_DST6, "%zu", i);
	}
	ATF_CHECK_EQ(b.t.table.count, 0);
	bed_free(&b);
}

TEST(s742_native, "RFC 4380 7.4.2: a native source that nobody has")
{
	static struct bed	 b;

	bed_begin(&b);
	bed_trust(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_FORWARD);
	memset(b.buf + 8, 0, 16);
	b.buf[8] = 0xfe;
	b.buf[9] = 0x80;
	b.p.data = b.buf;
	b.p.len = 60;
	CHECK_DROP(b, teredo_out(&b.t, &b.p, b.now), DROP_SRC6);
	bed_free(&b);
}

/* --- RFC 4380 7.3.5, 7.3.3: state ----------------------------------------- */

/* Host n sends to the i-th of very many clients of very many servers. */
static enum verdict
scan(struct bed *b, unsigned int n, uint32_t i)
{
	return (bed_out(b, n, bed_client(0x0b400000 + i * 7919 % 0x100000, 0,
	    0x0c000000 + i, 1024 + i % 60000)));
}

TEST(s735_scan_one, "RFC 4380 7.3.5: what one host makes us remember and send")
{
	static struct bed	 b;
	uint32_t		 i, held = 0;

	bed_init(&b);
	b.conf.max_peers = 100000;
	b.conf.new_rate = 10;
	bed_start(&b);
	for (i = 0; i < 10000; i++) {
		held += scan(&b, 1, i) == V_HOLD;
		bed_wait(&b, 1);
	}
	/* Ten seconds: a burst of ten, ten a second. */
	ATF_CHECK(held >= 105 && held <= 110);
	ATF_CHECK_EQ(b.p.why, DROP_SOURCE_RATE);
	ATF_CHECK(b.t.table.count <= 90);
	/* Its neighbours in other networks are not kept out. */
	ATF_CHECK_EQ(scan(&b, 2, 20000), V_HOLD);
	bed_free(&b);
}

TEST(s735_scan_many, "RFC 4380 7.3.5: nor do many exceed the limit of all")
{
	static struct bed	 b;
	uint32_t		 i, most = 0;

	bed_init(&b);
	b.conf.max_peers = 100000;
	b.conf.bubble_rate = 100;
	bed_start(&b);
	bed_trust(&b);
	for (i = 0; i < 60000; i++) {
		scan(&b, i, i);
		if (b.t.table.count > most)
			most = b.t.table.count;
		bed_wait(&b, 1);
		/* A client that is known notices nothing. */
		if (i % 1000 == 0) {
			ATF_CHECK_EQ(bed_usual_in(&b), V_FORWARD);
			ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_FORWARD);
		}
	}
	/* One minute, with a burst of a quarter of a second. */
	ATF_CHECK_MSG(b.nsent <= 60 * 100 + 25 + 2, "%d", b.nsent);
	ATF_CHECK(b.nsent >= 59 * 100);
	ATF_CHECK(most <= 100 * 8 + 26);
	for (; i < 60030; i++)
		scan(&b, i, i);
	CHECK_DROP(b, scan(&b, i, i), DROP_BUBBLE_RATE);
	bed_free(&b);
}

TEST(s735_newcomers, "bubbles that are repeated leave some to newcomers")
{
	static struct bed	 b;
	uint32_t		 i, held = 0;

	bed_init(&b);
	b.conf.max_peers = 100000;
	b.conf.bubble_rate = 100;
	bed_start(&b);
	/* 40 a second who never answer, with up to six bubbles each. */
	for (i = 0; i < 800; i++) {
		held += scan(&b, i, i) == V_HOLD;
		bed_wait(&b, 25);
	}
	ATF_CHECK_EQ(held, 800);
	bed_free(&b);
}

TEST(s741_server_rate, "RFC 4380 7.4.1: one server is not flooded")
{
	static struct bed	 b;
	uint32_t		 i;

	bed_init(&b);
	b.conf.max_peers = 100000;
	b.conf.server_rate = 40;
	bed_start(&b);
	for (i = 0; i < 10000; i++) {
		bed_out(&b, i, bed_client(SERVER, 0, 0x0c000000 + i, 99));
		bed_wait(&b, 1);
	}
	ATF_CHECK(CASE(b, INDIRECT) <= 10 * 40 + 10);
	ATF_CHECK(CASE(b, INDIRECT) >= 9 * 40);
	CHECK_DROP(b, bed_out(&b, 1, bed_client(SERVER, 0, CLIENT, 99)),
	    DROP_BUBBLE_RATE);
	/* Another server's clients are reached. */
	ATF_CHECK_EQ(bed_out(&b, 1, bed_client(SERVER + 9, 0, CLIENT, 99)),
	    V_HOLD);
	bed_free(&b);
}

TEST(s743_client_rate, "RFC 4380 7.4.3: one address is not flooded")
{
	static struct bed	 b;
	uint32_t		 i;

	bed_init(&b);
	b.conf.max_peers = 100000;
	b.conf.listen.s_addr = htonl(0xc0a80001);
	bed_start(&b);
	for (i = 0; i < 10000; i++) {
		bed_out(&b, i, bed_client(0x0b400000 + i, 0, CLIENT,
		    1 + i % 60000));
		bed_wait(&b, 1);
	}
	ATF_CHECK(CASE(b, DIRECT) <= 10 * LIMIT_TEREDO_DIRECT +
	    LIMIT_TEREDO_DIRECT / 4 + 1);
	ATF_CHECK(CASE(b, DIRECT) >= 9 * LIMIT_TEREDO_DIRECT);
	bed_free(&b);
}

TEST(s733_table_full, "RFC 4380 7.3.3: the unproven make room, nobody else")
{
	static struct bed	 b;
	unsigned int		 i;

	bed_init(&b);
	b.conf.max_peers = 8;
	bed_start(&b);
	bed_trust(&b);
	for (i = 0; i < 100; i++)
		ATF_CHECK_EQ(scan(&b, i, i), V_HOLD);
	ATF_CHECK_EQ(b.t.table.count, 8);
	ATF_CHECK_EQ(CASE(b, EVICTED), 93);
	ATF_CHECK_EQ(b.t.count.late[DROP_CROWDED], 93);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_FORWARD);
	/* The latest scan is still there, the one before the eighth not. */
	ATF_CHECK_EQ(scan(&b, 1, 99), V_HOLD);
	ATF_CHECK_EQ(CASE(b, OUT_WAIT), 1);
	bed_free(&b);
}

/* The i-th client of another network sends and, if asked, answers. */
static enum verdict
claim(struct bed *b, uint32_t i, int answer)
{
	struct addr6	 src = bed_client(SERVER, 0, 0x0d000000 + i, 77);

	if (!answer)
		return (bed_in(b, src, bed_host(1), 0x0d000000 + i, 77));
	ATF_REQUIRE_EQ(bed_out(b, 1, src), V_HOLD);
	return (bed_bubble(b, src, bed_asker(b, SERVER), 0x0d000000 + i, 77,
	    "", 0));
}

TEST(s733_cone_full, "RFC 4380 7.3.3: the cone bit alone makes room as well")
{
	static struct bed	 b;
	unsigned int		 i;

	bed_init(&b);
	b.conf.max_peers = 2;
	b.conf.cone = 1;
	bed_start(&b);
	bed_trust(&b);
	for (i = 0; i < 9; i++)
		ATF_CHECK_EQ(bed_out(&b, 1, bed_client(SERVER, TEREDO_CONE,
		    0x0c000000 + i, 9)), V_FORWARD);
	ATF_CHECK_EQ(CASE(b, EVICTED), 8);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_client(SERVER, 0, ELSEWHERE, 9)),
	    V_HOLD);
	ATF_CHECK_EQ(bed_bubble(&b, bed_client(SERVER, 0, ELSEWHERE, 9),
	    bed_asker(&b, SERVER), ELSEWHERE, 9, "", 0), V_HOLD);
	/* Two who answered: nobody comes in by a bit. */
	CHECK_DROP(b, bed_out(&b, 1, bed_client(SERVER, TEREDO_CONE, 0x0c000000,
	    9)), DROP_TABLE);
	bed_free(&b);
}

TEST(s733_trusted_full, "RFC 4380 7.3.3: all are active: no room for more")
{
	static struct bed	 b;
	uint32_t		 i;

	bed_init(&b);
	b.conf.max_peers = 8;
	bed_start(&b);
	for (i = 0; i < 8; i++)
		ATF_CHECK_EQ(claim(&b, i, 1), V_HOLD);
	ATF_CHECK_EQ(teredo_count(&b.t, TEREDO_TRUSTED), 8);
	CHECK_DROP(b, scan(&b, 1, 1), DROP_TABLE);
	CHECK_DROP(b, claim(&b, 9, 0), DROP_TABLE);
	ATF_CHECK_EQ(CASE(b, EVICTED), 0);
	/* Who was silent for too long is no obstacle, tick or not. */
	b.now = mono_add(b.now, MONO_S(30));
	ATF_CHECK_EQ(scan(&b, 1, 1), V_HOLD);
	bed_free(&b);
}

TEST(no_rate, "a rate of 0 allows nothing and breaks nothing")
{
	static struct bed	 b;

	bed_init(&b);
	b.conf.bubble_rate = b.conf.server_rate = 0;
	bed_start(&b);
	CHECK_DROP(b, bed_out(&b, 1, bed_usual()), DROP_BUBBLE_RATE);
	ATF_CHECK_EQ(bed_usual_in(&b), V_FORWARD);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_FORWARD);
	ATF_CHECK_EQ(b.nsent, 0);
	bed_free(&b);
}

TEST(icmp_rate, "RFC 4443 2.4 f: unreachables are limited, too")
{
	static struct bed	 b;
	uint32_t		 i;

	bed_init(&b);
	b.conf.max_peers = 1000;
	b.conf.icmp_rate = 100;
	bed_start(&b);
	for (i = 0; i < 200; i++)
		ATF_CHECK_EQ(scan(&b, 1, i), V_HOLD);
	bed_wait(&b, 8000);
	ATF_CHECK_EQ(b.t.count.late[DROP_SILENT], 200);
	ATF_CHECK_EQ(b.ninjected, 5);
	bed_free(&b);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, s743_target);
	ATF_TP_ADD_TC(tp, s743_echo);
	ATF_TP_ADD_TC(tp, s741_server);
	ATF_TP_ADD_TC(tp, s741_denied);
	ATF_TP_ADD_TC(tp, s741_denied_later);
	ATF_TP_ADD_TC(tp, loop_own);
	ATF_TP_ADD_TC(tp, loop_teredo);
	ATF_TP_ADD_TC(tp, loop_6to4);
	ATF_TP_ADD_TC(tp, s742_source);
	ATF_TP_ADD_TC(tp, s742_destination);
	ATF_TP_ADD_TC(tp, s742_native);
	ATF_TP_ADD_TC(tp, s735_scan_one);
	ATF_TP_ADD_TC(tp, s735_scan_many);
	ATF_TP_ADD_TC(tp, s735_newcomers);
	ATF_TP_ADD_TC(tp, s741_server_rate);
	ATF_TP_ADD_TC(tp, s743_client_rate);
	ATF_TP_ADD_TC(tp, s733_table_full);
	ATF_TP_ADD_TC(tp, s733_cone_full);
	ATF_TP_ADD_TC(tp, s733_trusted_full);
	ATF_TP_ADD_TC(tp, no_rate);
	ATF_TP_ADD_TC(tp, icmp_rate);
	return (atf_no_error());
}
