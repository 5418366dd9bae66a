/*
 * Tests of relayd6/teredo_in.c: RFC 4380 5.4.2, and RFC 6081 as a relay sees
 * it.
 */
#include <arpa/inet.h>

#include <atf-c.h>
#include <string.h>

#include "teredo_bed.h"

#define SYMMETRIC	50001		/* the port towards the relay */

/* The low half of our nonce as a trailer, bits turned by x. */
static void
nonce_trailer(struct bed *b, uint8_t *tr, uint32_t x)
{
	struct wr	 w;

	wr_init(&w, tr, 6);
	wr_u8(&w, TEREDO_NONCE);
	wr_u8(&w, 4);
	wr_u32(&w, (bed_asker(b, SERVER).lo & 0xffffffff) ^ x);
}

/* --- RFC 4380 5.4.2 ------------------------------------------------------- */

TEST(known, "RFC 4380 5.4.2: a known client's packet goes into the tun")
{
	static struct bed	 b;

	bed_begin(&b);
	bed_trust(&b);
	bed_wait(&b, 5000);
	ATF_CHECK_EQ(bed_usual_in(&b), V_FORWARD);
	ATF_CHECK_EQ(b.p.data, b.buf);
	ATF_CHECK_EQ(b.p.len, 60);
	ATF_CHECK_EQ(bed_peer(&b)->last_rx.ns, b.now.ns);
	ATF_CHECK_EQ(bed_peer(&b)->in_packets, 1);
	ATF_CHECK_EQ(CASE(b, IN_TRUSTED), 1);
	bed_free(&b);
}

TEST(answer_data, "RFC 4380 5.4.2: any packet of an entry makes it trusted")
{
	static struct bed	 b;

	bed_begin(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_HOLD);
	bed_forget(&b);
	ATF_CHECK_EQ(bed_usual_in(&b), V_FORWARD);
	ATF_CHECK_EQ(b.nsent, 1);
	ATF_CHECK_EQ(CASE(b, IN_ANSWER), 1);
	ATF_CHECK_EQ(bed_peer(&b)->state, TEREDO_CLAIMED);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_FORWARD);
	bed_free(&b);
}

TEST(answer_bubble, "RFC 4380 5.4.2: the answer is a bubble, and is used up")
{
	static struct bed	 b;

	bed_begin(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_HOLD);
	ATF_CHECK_EQ(bed_answer(&b), V_HOLD);
	ATF_CHECK_EQ(CASE(b, IN_ANSWER), 1);
	ATF_CHECK_EQ(CASE(b, IN_BUBBLE), 1);
	ATF_CHECK_EQ(bed_peer(&b)->state, TEREDO_TRUSTED);
	ATF_CHECK_EQ(bed_peer(&b)->in_packets, 0);
	bed_free(&b);
}

TEST(mismatch, "RFC 4380 5.4.2: mapped address and port must match")
{
	static struct bed	 b;

	bed_begin(&b);
	bed_trust(&b);
	CHECK_DROP(b, bed_in(&b, bed_usual(), bed_host(1), CLIENT,
	    CLIENT_PORT + 1), DROP_SPOOF);
	CHECK_DROP(b, bed_in(&b, bed_usual(), bed_host(1), ELSEWHERE,
	    CLIENT_PORT), DROP_SPOOF);
	ATF_CHECK_EQ(bed_peer(&b)->mapped, CLIENT);
	ATF_CHECK_EQ(bed_peer(&b)->in_packets, 0);
	bed_free(&b);
}

TEST(mismatch_waiting, "RFC 4380 5.4.2: nor does a stranger end the waiting")
{
	static struct bed	 b;

	bed_begin(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_HOLD);
	ATF_CHECK_EQ(bed_in(&b, bed_usual(), bed_host(1), ELSEWHERE,
	    CLIENT_PORT), V_DROP);
	CHECK_DROP(b, bed_bubble(&b, bed_usual(), bed_host(1), ELSEWHERE,
	    CLIENT_PORT, "", 0), DROP_SPOOF);
	ATF_CHECK_EQ(b.nsent, 1);
	ATF_CHECK_EQ(bed_peer(&b)->state, TEREDO_WAITING);
	bed_free(&b);
}

TEST(not_teredo, "RFC 4380 5.4.2: the source must be a Teredo address")
{
	static struct bed	 b;

	bed_begin(&b);
	CHECK_DROP(b, bed_in(&b, bed_host(2), bed_host(1), CLIENT, CLIENT_PORT),
	    DROP_NOT_TEREDO);
	bed_free(&b);
}

TEST(invalid, "RFC 4380 5.4.2: what is no IPv6 packet is discarded")
{
	static struct bed	 b;
	size_t			 len;

	bed_begin(&b);
	bed_trust(&b);
	ATF_CHECK_EQ(bed_usual_in(&b), V_FORWARD);
	for (len = 0; len < 60; len++) {
		CHECK_DROP(b, bed_raw(&b, b.buf, len, CLIENT, CLIENT_PORT),
		    DROP_SHORT);
	}
	b.buf[0] = 0x45;
	CHECK_DROP(b, bed_raw(&b, b.buf, 60, CLIENT, CLIENT_PORT),
	    DROP_VERSION);
	bed_free(&b);
}

TEST(hop_limit, "RFC 8200: a packet without a hop left is not passed on")
{
	static struct bed	 b;

	bed_begin(&b);
	bed_trust(&b);
	ATF_CHECK_EQ(bed_usual_in(&b), V_FORWARD);
	b.buf[7] = 0;
	CHECK_DROP(b, bed_raw(&b, b.buf, 60, CLIENT, CLIENT_PORT),
	    DROP_HOPLIMIT);
	bed_free(&b);
}

TEST(congestion, "RFC 6040 4.2: congestion marks come across")
{
	static struct bed	 b;

	bed_begin(&b);
	bed_trust(&b);
	ATF_CHECK_EQ(bed_usual_in(&b), V_FORWARD);
	b.buf[1] = 0x20;			/* ECT(0) */
	b.p.data = b.buf;
	b.p.tos = 0x03;				/* CE */
	ATF_CHECK_EQ(teredo_in(&b.t, &b.p, b.now), V_FORWARD);
	ATF_CHECK_EQ(b.buf[1], 0x30);
	b.buf[1] = 0;
	CHECK_DROP(b, teredo_in(&b.t, &b.p, b.now), DROP_ECN);
	bed_free(&b);
}

/* --- RFC 6081 ------------------------------------------------------------- */

TEST(sns_nonce, "RFC 6081 5.2.4.4: another port, but our nonce")
{
	static struct bed	 b;
	uint8_t			 tr[6];

	bed_begin(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_HOLD);
	nonce_trailer(&b, tr, 0);
	bed_forget(&b);
	/* To another address of ours than the secret one. */
	ATF_CHECK_EQ(bed_bubble(&b, bed_usual(), bed_host(7), CLIENT,
	    SYMMETRIC, tr, sizeof(tr)), V_HOLD);
	ATF_CHECK_EQ(CASE(b, IN_NONCE), 1);
	ATF_CHECK_EQ(bed_peer(&b)->state, TEREDO_TRUSTED);
	ATF_CHECK_EQ(b.nsent, 1);
	ATF_CHECK_EQ(b.sent[0].dst, CLIENT);
	ATF_CHECK_EQ(b.sent[0].port, SYMMETRIC);
	/* From then on that is where it is. */
	ATF_CHECK_EQ(bed_in(&b, bed_usual(), bed_host(1), CLIENT, SYMMETRIC),
	    V_FORWARD);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_FORWARD);
	ATF_CHECK_EQ(b.p.dport, SYMMETRIC);
	bed_free(&b);
}

TEST(sns_source, "another address, but to the secret source of our bubble")
{
	static struct bed	 b;

	bed_begin(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_HOLD);
	ATF_CHECK_EQ(bed_bubble(&b, bed_usual(), bed_asker(&b, SERVER),
	    ELSEWHERE, SYMMETRIC, "", 0), V_HOLD);
	ATF_CHECK_EQ(CASE(b, IN_NONCE), 1);
	ATF_CHECK_EQ(bed_peer(&b)->mapped, ELSEWHERE);
	bed_free(&b);
}

TEST(sns_wrong, "RFC 6081 5.2.4.4: neither address nor nonce: dropped")
{
	static struct bed	 b;
	struct addr6		 dst;
	uint8_t			 tr[6];

	bed_begin(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_HOLD);
	nonce_trailer(&b, tr, 1);
	CHECK_DROP(b, bed_bubble(&b, bed_usual(), bed_host(7), CLIENT,
	    SYMMETRIC, tr, sizeof(tr)), DROP_NONCE);
	dst = bed_asker(&b, SERVER);
	dst.lo ^= 1ULL << 63;
	CHECK_DROP(b, bed_bubble(&b, bed_usual(), dst, CLIENT, SYMMETRIC, "",
	    0), DROP_SPOOF);
	/* A nonce is for bubbles: data proves nothing. */
	ATF_CHECK_EQ(bed_in(&b, bed_usual(), bed_asker(&b, SERVER), CLIENT,
	    SYMMETRIC), V_DROP);
	ATF_CHECK_EQ(bed_peer(&b)->state, TEREDO_WAITING);
	bed_free(&b);
}

TEST(sns_guessing, "RFC 6081 7: 32 bits are not to be guessed for long")
{
	static struct bed	 b;
	uint8_t			 tr[6];
	uint32_t		 i;

	bed_begin(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_HOLD);
	for (i = 1; i <= 256; i++) {
		nonce_trailer(&b, tr, i % 256 == 0 ? 0 : i);
		ATF_CHECK_EQ(bed_bubble(&b, bed_usual(), bed_host(7), CLIENT,
		    SYMMETRIC, tr, sizeof(tr)), V_DROP);
	}
	/* The source of 64 bits is still good. */
	ATF_CHECK_EQ(bed_usual_bubble(&b, SYMMETRIC, "", 0), V_HOLD);
	bed_free(&b);
}

TEST(sns_moved, "RFC 6081 5.4.4.5: a mapping that changed is asked for")
{
	static struct bed	 b;

	bed_begin(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_HOLD);
	ATF_CHECK_EQ(bed_usual_bubble(&b, SYMMETRIC, "", 0), V_HOLD);
	bed_wait(&b, 5000);
	bed_forget(&b);
	ATF_CHECK_EQ(bed_in(&b, bed_usual(), bed_host(1), CLIENT,
	    SYMMETRIC + 1), V_DROP);
	ATF_CHECK_EQ(CASE(b, IN_PROBE), 1);
	ATF_CHECK_EQ(bed_peer(&b)->state, TEREDO_TRUSTED);
	ATF_CHECK_EQ(bed_peer(&b)->port, SYMMETRIC);
	ATF_CHECK_EQ(bed_usual_bubble(&b, SYMMETRIC + 1, "", 0), V_HOLD);
	ATF_CHECK_EQ(bed_in(&b, bed_usual(), bed_host(1), CLIENT,
	    SYMMETRIC + 1), V_FORWARD);
	bed_free(&b);
}

TEST(sns_embedded, "what was proven is not given up for a matching address")
{
	static struct bed	 b;

	bed_begin(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_HOLD);
	ATF_CHECK_EQ(bed_usual_bubble(&b, SYMMETRIC, "", 0), V_HOLD);
	ATF_CHECK_EQ(bed_usual_in(&b), V_FORWARD);
	ATF_CHECK_EQ(CASE(b, IN_TRUSTED), 1);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_FORWARD);
	ATF_CHECK_EQ(b.p.dport, SYMMETRIC);
	bed_free(&b);
}

TEST(sns_replay, "an answer counts once")
{
	static struct bed	 b;
	struct addr6		 dst;

	bed_begin(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_HOLD);
	dst = bed_asker(&b, SERVER);
	ATF_CHECK_EQ(bed_usual_bubble(&b, SYMMETRIC, "", 0), V_HOLD);
	ATF_CHECK_EQ(bed_bubble(&b, bed_usual(), dst, ELSEWHERE, SYMMETRIC,
	    "", 0), V_DROP);
	ATF_CHECK_EQ(bed_peer(&b)->mapped, CLIENT);
	bed_free(&b);
}

TEST(solicit, "RFC 6081 5.7.4.2: a solicitation is answered")
{
	static struct bed	 b;
	const struct bed_sent	*s;

	bed_begin(&b);
	bed_trust(&b);
	ATF_CHECK_EQ(bed_bubble(&b, bed_usual(), bed_host(1), CLIENT,
	    CLIENT_PORT, "\4\4\0\0\0\0", 6), V_HOLD);
	ATF_CHECK_EQ(b.nsent, 1);
	s = bed_last(&b, CLIENT, CLIENT_PORT);
	ATF_REQUIRE(s != NULL);
	ATF_CHECK_EQ(s->len, IP6_HDRLEN + 6);
	ATF_CHECK_EQ(memcmp(s->data + 40, "\4\4\1\0\0\0", 6), 0);
	/* An advertisement is not. */
	ATF_CHECK_EQ(bed_bubble(&b, bed_usual(), bed_host(1), CLIENT,
	    CLIENT_PORT, "\4\4\1\0\0\0", 6), V_HOLD);
	ATF_CHECK_EQ(b.nsent, 1);
	ATF_CHECK_EQ(CASE(b, IN_SOLICIT), 1);
	bed_free(&b);
}

TEST(solicit_stranger, "RFC 6081 5.7.4.2: but not to who is not believed")
{
	static struct bed	 b;

	bed_begin(&b);
	bed_trust(&b);
	bed_wait(&b, 2000);
	ATF_CHECK_EQ(bed_bubble(&b, bed_usual(), bed_host(1), ELSEWHERE,
	    CLIENT_PORT, "\4\4\0\0\0\0", 6), V_DROP);
	ATF_CHECK_EQ(bed_count(&b, ELSEWHERE, 0), 0);
	bed_free(&b);
}

/* Nonce 11223344, random port 1000, two addresses, one of them private. */
static const uint8_t	told[] = {
	1, 4, 0x11, 0x22, 0x33, 0x44,
	5, 2, 0x03, 0xe8,
	3, 14, 0, 0, 10, 0, 0, 9, 0x10, 0, 11, 2, 0, 6, 0x20, 0,
};

/* A bubble of the usual client by way of its server, with an origin. */
static enum verdict
indirect(struct bed *b, const void *trailers, size_t len)
{
	struct ip6	 h = { .next = 59, .hlim = 255, .len = IP6_HDRLEN };
	struct wr	 w;

	h.src = bed_usual();
	h.dst = bed_host(0);
	wr_init(&w, b->buf, sizeof(b->buf));
	wr_u16(&w, 0);
	wr_u16(&w, CLIENT_PORT ^ 0xffff);
	wr_u32(&w, ~CLIENT);
	ip6_write(&w, &h);
	wr_bytes(&w, trailers, len);
	return (bed_raw(b, b->buf, w.len, SERVER, TEREDO_PORT));
}

TEST(indirect_answered, "RFC 6081 5.2.4.2, 5.4.4.3, 5.6.4.2: who asks back")
{
	static struct bed	 b;
	int			 i;

	bed_begin(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_HOLD);
	bed_forget(&b);
	ATF_CHECK_EQ(indirect(&b, told, sizeof(told)), V_HOLD);
	ATF_CHECK_EQ(CASE(b, IN_INDIRECT), 1);
	/* Its mapped port, its random port, the address that is global. */
	ATF_CHECK_EQ(b.nsent, 3);
	ATF_CHECK_EQ(bed_count(&b, CLIENT, CLIENT_PORT), 1);
	ATF_CHECK_EQ(bed_count(&b, CLIENT, 1000), 1);
	ATF_CHECK_EQ(bed_count(&b, ELSEWHERE, 0x2000), 1);
	for (i = 0; i < b.nsent; i++)
		ATF_CHECK_EQ(memcmp(b.sent[i].data + 40, told, 6), 0);
	ATF_CHECK_EQ(bed_peer(&b)->state, TEREDO_WAITING);
	/* Direct bubbles of later tries know it, too. */
	bed_wait(&b, 4000);
	ATF_CHECK_EQ(bed_count(&b, CLIENT, 1000), 2);
	ATF_CHECK_EQ(memcmp(bed_last(&b, CLIENT, 1000)->data + 40, told, 6),
	    0);
	/* RFC 6081 5.2.4.3: the next one without a nonce takes it back. */
	ATF_CHECK_EQ(indirect(&b, "", 0), V_HOLD);
	ATF_CHECK_EQ(bed_last(&b, CLIENT, CLIENT_PORT)->len, IP6_HDRLEN);
	bed_free(&b);
}

TEST(indirect_unasked, "RFC 4380 7: by way of a server only when we asked")
{
	static struct bed	 b;
	int			 i;

	bed_begin(&b);
	CHECK_DROP(b, indirect(&b, told, sizeof(told)), DROP_ENCAP);
	ATF_CHECK_EQ(b.nsent, 0);
	ATF_CHECK_EQ(b.t.table.count, 0);
	bed_trust(&b);
	ATF_CHECK_EQ(indirect(&b, told, sizeof(told)), V_DROP);
	ATF_CHECK_EQ(b.nsent, 0);
	/* And then no more often than four times. */
	bed_wait(&b, 30000);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_HOLD);
	for (i = 0; i < 4; i++)
		ATF_CHECK_EQ(indirect(&b, told, sizeof(told)), V_HOLD);
	ATF_CHECK_EQ(indirect(&b, told, sizeof(told)), V_DROP);
	bed_free(&b);
}

TEST(indirect_malformed, "RFC 6081 5.6.4.2: a malformed list drops the bubble")
{
	static struct bed	 b;

	bed_begin(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_HOLD);
	bed_forget(&b);
	CHECK_DROP(b, indirect(&b, "\3\7\0\0\13\2\0\6\20", 9), DROP_TRAILER);
	ATF_CHECK_EQ(b.nsent, 0);
	bed_free(&b);
}

TEST(unknown_trailer, "RFC 6081 5.1.2: passed over, unless that is forbidden")
{
	static struct bed	 b;

	bed_begin(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_HOLD);
	CHECK_DROP(b, bed_usual_bubble(&b, CLIENT_PORT, "\x40\1x", 3),
	    DROP_TRAILER);
	ATF_CHECK_EQ(bed_usual_bubble(&b, CLIENT_PORT, "\x80\1x\x3f\0", 5),
	    V_HOLD);
	ATF_CHECK_EQ(bed_peer(&b)->state, TEREDO_TRUSTED);
	bed_free(&b);
}

TEST(trailers_cut, "RFC 6081 4: what follows the IPv6 packet stays out")
{
	static struct bed	 b;

	bed_begin(&b);
	bed_trust(&b);
	ATF_CHECK_EQ(bed_usual_in(&b), V_FORWARD);
	memcpy(b.buf + 60, "\1\4abcd", 6);
	ATF_CHECK_EQ(bed_raw(&b, b.buf, 66, CLIENT, CLIENT_PORT), V_FORWARD);
	ATF_CHECK_EQ(b.p.len, 60);
	bed_free(&b);
}

TEST(encapsulated, "RFC 4380 5.4.2: origin and authentication are for clients")
{
	static const uint8_t	 auth[13] = { 0, 1 }, origin[8] = { 0 };
	static struct bed	 b;
	uint8_t			 buf[81], *data = buf + 21;

	bed_begin(&b);
	bed_trust(&b);
	ATF_CHECK_EQ(bed_usual_in(&b), V_FORWARD);
	memcpy(data, b.buf, 60);
	memcpy(buf, auth, 13);
	memcpy(buf + 13, origin, 8);
	CHECK_DROP(b, bed_raw(&b, buf, 81, CLIENT, CLIENT_PORT), DROP_ENCAP);
	CHECK_DROP(b, bed_raw(&b, buf + 13, 68, CLIENT, CLIENT_PORT),
	    DROP_ENCAP);
	ATF_CHECK_EQ(bed_raw(&b, data, 60, CLIENT, CLIENT_PORT), V_FORWARD);
	bed_free(&b);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, known);
	ATF_TP_ADD_TC(tp, answer_data);
	ATF_TP_ADD_TC(tp, answer_bubble);
	ATF_TP_ADD_TC(tp, mismatch);
	ATF_TP_ADD_TC(tp, mismatch_waiting);
	ATF_TP_ADD_TC(tp, not_teredo);
	ATF_TP_ADD_TC(tp, invalid);
	ATF_TP_ADD_TC(tp, hop_limit);
	ATF_TP_ADD_TC(tp, congestion);
	ATF_TP_ADD_TC(tp, sns_nonce);
	ATF_TP_ADD_TC(tp, sns_source);
	ATF_TP_ADD_TC(tp, sns_wrong);
	ATF_TP_ADD_TC(tp, sns_guessing);
	ATF_TP_ADD_TC(tp, sns_moved);
	ATF_TP_ADD_TC(tp, sns_embedded);
	ATF_TP_ADD_TC(tp, sns_replay);
	ATF_TP_ADD_TC(tp, solicit);
	ATF_TP_ADD_TC(tp, solicit_stranger);
	ATF_TP_ADD_TC(tp, indirect_answered);
	ATF_TP_ADD_TC(tp, indirect_unasked);
	ATF_TP_ADD_TC(tp, indirect_malformed);
	ATF_TP_ADD_TC(tp, unknown_trailer);
	ATF_TP_ADD_TC(tp, trailers_cut);
	ATF_TP_ADD_TC(tp, encapsulated);
	return (atf_no_error());
}
