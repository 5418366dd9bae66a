/*
 * Tests of relayd6/teredo_out.c and teredo_ask.c: RFC 4380 5.4.1 by case, the
 * bubbles' timing (5.2.6), what waits, and what the source hears.
 */
#include <arpa/inet.h>

#include <atf-c.h>
#include <string.h>

#include "icmp.h"
#include "teredo_bed.h"

/* Type and code of the ICMPv6 error in an IPv6 packet. */
static void
icmp_check(const uint8_t *ip6, uint8_t type, uint8_t code)
{
	ATF_CHECK_EQ(ip6[6], IPPROTO_ICMPV6);
	ATF_CHECK_EQ(ip6[40], type);
	ATF_CHECK_EQ(ip6[41], code);
}

TEST(case_1, "RFC 4380 5.4.1 case 1: to where a trusted client is")
{
	static struct bed	 b;

	bed_begin(&b);
	bed_trust(&b);
	bed_wait(&b, 100);
	ATF_CHECK_EQ(bed_out_len(&b, 1, bed_usual(), 1280, 'x'), V_FORWARD);
	ATF_CHECK_EQ(b.p.dst4.s_addr, htonl(CLIENT));
	ATF_CHECK_EQ(b.p.dport, CLIENT_PORT);
	ATF_CHECK_EQ(b.p.len, 1280);
	ATF_CHECK_EQ(b.p.data, b.buf);
	ATF_CHECK_EQ(b.p.ttl, 64);
	ATF_CHECK_EQ(b.nsent, 0);
	ATF_CHECK_EQ(bed_peer(&b)->last_tx.ns, b.now.ns);
	ATF_CHECK_EQ(bed_peer(&b)->out_packets, 2);
	ATF_CHECK_EQ(CASE(b, OUT_1), 1);
	bed_free(&b);
}

TEST(case_2, "RFC 4380 5.4.1 case 2: the cone bit, believed when asked to")
{
	static struct bed	 b;
	struct addr6		 cone;

	bed_init(&b);
	b.conf.cone = 1;
	bed_start(&b);
	cone = bed_client(SERVER, TEREDO_CONE, CLIENT, CLIENT_PORT);
	ATF_CHECK_EQ(bed_out(&b, 1, cone), V_FORWARD);
	ATF_CHECK_EQ(b.p.dst4.s_addr, htonl(CLIENT));
	ATF_CHECK_EQ(b.p.dport, CLIENT_PORT);
	ATF_CHECK_EQ(b.nsent, 0);
	ATF_CHECK_EQ(teredo_count(&b.t, TEREDO_ASSUMED), 1);
	ATF_CHECK_EQ(CASE(b, OUT_2), 1);
	/* The next one is case 1, and after 30 s case 2 again. */
	ATF_CHECK_EQ(bed_out(&b, 1, cone), V_FORWARD);
	ATF_CHECK_EQ(CASE(b, OUT_1), 1);
	bed_wait(&b, 30000);
	ATF_CHECK_EQ(teredo_count(&b.t, TEREDO_ASSUMED), 0);
	ATF_CHECK_EQ(bed_out(&b, 1, cone), V_FORWARD);
	ATF_CHECK_EQ(CASE(b, OUT_2), 2);
	/* Without the bit case 3. */
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_HOLD);
	bed_free(&b);
}

TEST(case_2_ignored, "RFC 5991 3.2: by default the cone bit says nothing")
{
	static struct bed	 b;

	bed_begin(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_client(SERVER, TEREDO_CONE, CLIENT,
	    CLIENT_PORT)), V_HOLD);
	ATF_CHECK_EQ(CASE(b, OUT_2), 0);
	ATF_CHECK_EQ(CASE(b, OUT_3), 1);
	ATF_CHECK_EQ(bed_count(&b, SERVER, TEREDO_PORT), 1);
	bed_free(&b);
}

TEST(random_flags, "RFC 5991 3.1: random flags are part of the address only")
{
	static struct bed	 b;
	const struct bed_sent	*s;
	struct addr6		 dst;

	bed_begin(&b);
	dst = bed_client(SERVER, 0x7cff, CLIENT, CLIENT_PORT);
	ATF_CHECK_EQ(bed_out(&b, 1, dst), V_HOLD);
	s = bed_last(&b, SERVER, TEREDO_PORT);
	ATF_REQUIRE(s != NULL);
	ATF_CHECK_EQ(s->data[32], 0x7c);
	/* Another flag, another client. */
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_HOLD);
	ATF_CHECK_EQ(teredo_count(&b.t, TEREDO_WAITING), 2);
	bed_free(&b);
}

TEST(case_3, "RFC 4380 5.4.1 case 3: queued, a bubble by way of the server")
{
	static struct bed	 b;
	const struct bed_sent	*s;
	struct addr6		 a, want = bed_usual();

	bed_begin(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, want), V_HOLD);
	ATF_CHECK_EQ(CASE(b, OUT_3), 1);
	ATF_CHECK_EQ(b.nsent, 1);
	s = bed_last(&b, SERVER, TEREDO_PORT);
	ATF_REQUIRE(s != NULL);
	/* A bubble, 2.8, with the nonce trailer of RFC 6081 4.2. */
	ATF_CHECK_EQ(s->len, IP6_HDRLEN + 6);
	ATF_CHECK_EQ(s->data[0], 0x60);
	ATF_CHECK_EQ(s->data[4] << 8 | s->data[5], 0);
	ATF_CHECK_EQ(s->data[6], 59);
	addr6_load(&a, s->data + 24);
	ATF_CHECK(a.hi == want.hi && a.lo == want.lo);
	addr6_load(&a, s->data + 8);
	ATF_CHECK_EQ(a.hi, 0xfe80ULL << 48);
	ATF_CHECK_EQ(s->data[40], 1);
	ATF_CHECK_EQ(s->data[41], 4);
	ATF_CHECK_EQ(bed_peer(&b)->state, TEREDO_WAITING);
	bed_free(&b);
}

TEST(case_3_trusted, "RFC 4380 5.4.1 case 3: sent in order once it answers")
{
	static struct bed	 b;
	int			 i;

	bed_begin(&b);
	for (i = 0; i < 4; i++)
		ATF_CHECK_EQ(bed_out_len(&b, 1, bed_usual(), 60 + i, 'a' + i),
		    V_HOLD);
	ATF_CHECK_EQ(CASE(b, OUT_WAIT), 3);
	ATF_CHECK_EQ(b.nsent, 1);
	ATF_CHECK_EQ(bed_answer(&b), V_HOLD);
	ATF_CHECK_EQ(b.nsent, 5);
	for (i = 0; i < 4; i++) {
		ATF_CHECK_EQ(b.sent[1 + i].dst, CLIENT);
		ATF_CHECK_EQ(b.sent[1 + i].port, CLIENT_PORT);
		ATF_CHECK_EQ(b.sent[1 + i].len, 60U + i);
		ATF_CHECK_EQ(b.sent[1 + i].data[59], 'a' + i);
	}
	ATF_CHECK_EQ(CASE(b, OUT_FLUSH), 4);
	ATF_CHECK_EQ(bed_peer(&b)->out_packets, 4);
	ATF_CHECK_EQ(b.t.queue.count, 0);
	/* Nothing is sent twice. */
	ATF_CHECK_EQ(bed_answer(&b), V_HOLD);
	ATF_CHECK_EQ(b.nsent, 5);
	bed_free(&b);
}

TEST(case_3_schedule, "RFC 4380 5.4.1 case 3: four bubbles, two seconds apart")
{
	static struct bed	 b;
	int			 i;

	bed_begin(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_HOLD);
	for (i = 1; i <= 4; i++) {
		ATF_CHECK_EQ(bed_count(&b, SERVER, TEREDO_PORT), i);
		bed_wait(&b, 1999);
		ATF_CHECK_EQ(bed_count(&b, SERVER, TEREDO_PORT), i);
		ATF_CHECK_EQ(b.ninjected, 0);
		bed_wait(&b, 1);
	}
	ATF_CHECK_EQ(bed_count(&b, SERVER, TEREDO_PORT), 4);
	/* With the trailer, without, with, without. */
	ATF_CHECK_EQ(bed_last(&b, SERVER, 0)->len, IP6_HDRLEN);
	ATF_CHECK_EQ(bed_count(&b, CLIENT, 0), 2);
	/* Then the source hears of it, and the entry is gone. */
	ATF_CHECK_EQ(b.ninjected, 1);
	icmp_check(b.injected, ICMP_UNREACH, ICMP_UNREACH_ADDR);
	ATF_CHECK_EQ(b.t.count.late[DROP_SILENT], 1);
	ATF_CHECK_EQ(b.t.count.errors_sent, 1);
	ATF_CHECK(bed_peer(&b) == NULL);
	ATF_CHECK_EQ(CASE(b, SILENT), 1);
	ATF_CHECK_EQ(teredo_deadline(&b.t).ns, TEREDO_NEVER);
	bed_free(&b);
}

TEST(case_3_answer_late, "an answer to the last bubble still counts")
{
	static struct bed	 b;

	bed_begin(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_HOLD);
	bed_wait(&b, 7999);
	bed_forget(&b);
	/* To the first bubble's source: one round has one nonce. */
	ATF_CHECK_EQ(bed_bubble(&b, bed_usual(), (struct addr6){
	    0xfe80ULL << 48, bed_peer(&b)->nonce }, CLIENT, CLIENT_PORT, "",
	    0), V_HOLD);
	ATF_CHECK_EQ(b.nsent, 1);
	ATF_CHECK_EQ(bed_peer(&b)->state, TEREDO_TRUSTED);
	ATF_CHECK_EQ(bed_peer(&b)->tries, 0);
	bed_wait(&b, 29999);
	ATF_CHECK_EQ(b.ninjected, 0);
	ATF_CHECK(bed_peer(&b) != NULL);
	bed_free(&b);
}

TEST(queue_limit, "RFC 4380 5.4.1: the queue is bounded, the first stay")
{
	static struct bed	 b;
	int			 i;

	bed_begin(&b);
	for (i = 0; i < 4; i++)
		ATF_CHECK_EQ(bed_out_len(&b, 1, bed_usual(), 60, 'a' + i),
		    V_HOLD);
	CHECK_DROP(b, bed_out_len(&b, 1, bed_usual(), 60, 'z'), DROP_QUEUE);
	ATF_CHECK_EQ(bed_answer(&b), V_HOLD);
	ATF_CHECK_EQ(bed_last(&b, CLIENT, CLIENT_PORT)->data[59], 'd');
	bed_free(&b);
}

TEST(queue_none, "no queue: the first packet is lost, the client is asked")
{
	static struct bed	 b;

	bed_init(&b);
	b.conf.queue = 0;
	bed_start(&b);
	CHECK_DROP(b, bed_out(&b, 1, bed_usual()), DROP_QUEUE);
	ATF_CHECK_EQ(b.nsent, 1);
	ATF_CHECK_EQ(bed_answer(&b), V_HOLD);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_FORWARD);
	bed_free(&b);
}

TEST(queue_pool, "when all wait, the packet that waits longest makes room")
{
	static struct bed	 b;
	unsigned int		 i;

	bed_init(&b);
	b.conf.max_peers = LIMIT_TEREDO_HELD * 2;
	bed_start(&b);
	ATF_CHECK_EQ(bed_out_len(&b, 1, bed_usual(), 60, 'a'), V_HOLD);
	ATF_CHECK_EQ(bed_out_len(&b, 1, bed_usual(), 60, 'b'), V_HOLD);
	for (i = 0; i < LIMIT_TEREDO_HELD - 1; i++)
		ATF_REQUIRE_EQ(bed_out(&b, 1, bed_client(SERVER, 0,
		    0x0b030000 + i, 1)), V_HOLD);
	ATF_CHECK_EQ(b.t.queue.count, LIMIT_TEREDO_HELD);
	ATF_CHECK_EQ(b.t.count.late[DROP_CROWDED], 1);
	bed_forget(&b);
	ATF_CHECK_EQ(bed_bubble(&b, bed_usual(), (struct addr6){
	    0xfe80ULL << 48, bed_peer(&b)->nonce }, CLIENT, CLIENT_PORT, "",
	    0), V_HOLD);
	ATF_CHECK_EQ(b.nsent, 1);
	ATF_CHECK_EQ(b.sent[0].data[59], 'b');
	bed_free(&b);
}

TEST(expiry, "RFC 4380 5.2.4: an entry is valid for 30 s of silence")
{
	static struct bed	 b;

	bed_begin(&b);
	bed_trust(&b);
	bed_wait(&b, 29999);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_FORWARD);
	b.now = mono_add(b.now, MONO_MS(1));
	/* Even before the tick. */
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_HOLD);
	ATF_CHECK_EQ(CASE(b, EXPIRED), 1);
	ATF_CHECK_EQ(b.t.table.count, 1);
	bed_free(&b);
}

TEST(expiry_tick, "RFC 4380 5.2.4: what is over is forgotten by itself")
{
	static struct bed	 b;

	bed_begin(&b);
	bed_trust(&b);
	bed_wait(&b, 20000);
	ATF_CHECK_EQ(bed_usual_in(&b), V_FORWARD);
	bed_wait(&b, 29999);
	ATF_CHECK_EQ(b.t.table.count, 1);
	bed_wait(&b, 1);
	ATF_CHECK_EQ(b.t.table.count, 0);
	ATF_CHECK_EQ(CASE(b, EXPIRED), 1);
	bed_free(&b);
}

TEST(refresh, "RFC 6081 5.1: a client that is only sent to is asked in time")
{
	static struct bed	 b;
	const struct bed_sent	*s;
	int			 i;

	bed_begin(&b);
	bed_trust(&b);
	bed_wait(&b, 19999);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_FORWARD);
	ATF_CHECK_EQ(b.nsent, 0);
	for (i = 0; i < 100; i++) {
		bed_wait(&b, 99);
		ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_FORWARD);
	}
	ATF_CHECK_EQ(bed_count(&b, SERVER, TEREDO_PORT), 4);
	ATF_CHECK_EQ(bed_count(&b, CLIENT, CLIENT_PORT), 2);
	ATF_CHECK_EQ(CASE(b, REFRESH), 4);
	/* The direct one solicits, RFC 6081 5.7.4.1. */
	s = bed_last(&b, CLIENT, CLIENT_PORT);
	ATF_REQUIRE(s != NULL);
	ATF_CHECK_EQ(s->len, IP6_HDRLEN + 6);
	ATF_CHECK_EQ(memcmp(s->data + 40, "\4\4\0\0\0\0", 6), 0);
	ATF_CHECK_EQ(bed_answer(&b), V_HOLD);
	bed_wait(&b, 10000);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_FORWARD);
	bed_free(&b);
}

TEST(too_big, "RFC 4380 5.1.2: 1280 bytes, and Packet Too Big for more")
{
	static struct bed	 b;

	bed_begin(&b);
	bed_trust(&b);
	ATF_CHECK_EQ(bed_out_len(&b, 1, bed_usual(), 1281, 'x'), V_REPLY);
	ATF_CHECK_EQ(b.p.why, DROP_TOOBIG);
	icmp_check(b.reply, ICMP_TOOBIG, 0);
	ATF_CHECK_EQ(b.reply[46] << 8 | b.reply[47], 1280);
	b.conf.mtu = 1400;
	ATF_CHECK_EQ(teredo_reconf(&b.t, &b.conf), 0);
	ATF_CHECK_EQ(bed_out_len(&b, 1, bed_usual(), 1400, 'x'), V_FORWARD);
	ATF_CHECK_EQ(bed_out_len(&b, 1, bed_usual(), 1401, 'x'), V_REPLY);
	bed_free(&b);
}

TEST(hop_limit, "RFC 4443 3.3: nothing goes on with no hop left")
{
	static struct bed	 b;

	bed_begin(&b);
	bed_trust(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_FORWARD);
	b.buf[7] = 0;
	b.p.data = b.buf;
	b.p.len = 60;
	ATF_CHECK_EQ(teredo_out(&b.t, &b.p, b.now), V_REPLY);
	ATF_CHECK_EQ(b.p.why, DROP_HOPLIMIT);
	icmp_check(b.reply, ICMP_TIMXCEED, ICMP_TIMXCEED_HOPS);
	bed_free(&b);
}

TEST(service_code, "RFC 6040 4.1, RFC 2983: the outer TOS byte")
{
	static struct bed	 b;

	bed_begin(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_HOLD);
	b.buf[0] = 0x6b;			/* DSCP 46, ECT(1) */
	b.buf[1] = 0x90;
	b.p.data = b.buf;
	b.p.len = 60;
	ATF_CHECK_EQ(teredo_out(&b.t, &b.p, b.now), V_HOLD);
	ATF_CHECK_EQ(bed_answer(&b), V_HOLD);
	ATF_CHECK_EQ(b.sent[1].tos, 0);
	ATF_CHECK_EQ(b.sent[2].tos, 0xb9);
	bed_free(&b);
}

TEST(padding, "RFC 4213 3.6: what follows the packet in the tun stays out")
{
	static struct bed	 b;

	bed_begin(&b);
	bed_trust(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_FORWARD);
	b.p.data = b.buf;
	b.p.len = 64;
	ATF_CHECK_EQ(teredo_out(&b.t, &b.p, b.now), V_FORWARD);
	ATF_CHECK_EQ(b.p.len, 60);
	bed_free(&b);
}

TEST(not_teredo, "RFC 4380 5.4.1: only Teredo destinations are sent to")
{
	static struct bed	 b;

	bed_begin(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_host(2)), V_REPLY);
	ATF_CHECK_EQ(b.p.why, DROP_DST_NOT_TEREDO);
	icmp_check(b.reply, ICMP_UNREACH, ICMP_UNREACH_NOROUTE);
	ATF_CHECK_EQ(b.t.table.count, 0);
	bed_free(&b);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, case_1);
	ATF_TP_ADD_TC(tp, case_2);
	ATF_TP_ADD_TC(tp, case_2_ignored);
	ATF_TP_ADD_TC(tp, random_flags);
	ATF_TP_ADD_TC(tp, case_3);
	ATF_TP_ADD_TC(tp, case_3_trusted);
	ATF_TP_ADD_TC(tp, case_3_schedule);
	ATF_TP_ADD_TC(tp, case_3_answer_late);
	ATF_TP_ADD_TC(tp, queue_limit);
	ATF_TP_ADD_TC(tp, queue_none);
	ATF_TP_ADD_TC(tp, queue_pool);
	ATF_TP_ADD_TC(tp, expiry);
	ATF_TP_ADD_TC(tp, expiry_tick);
	ATF_TP_ADD_TC(tp, refresh);
	ATF_TP_ADD_TC(tp, too_big);
	ATF_TP_ADD_TC(tp, hop_limit);
	ATF_TP_ADD_TC(tp, service_code);
	ATF_TP_ADD_TC(tp, padding);
	ATF_TP_ADD_TC(tp, not_teredo);
	return (atf_no_error());
}
