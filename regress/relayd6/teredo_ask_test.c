/*
 * Tests of relayd6/teredo_ask.c: what bubbles contain, where they go and when;
 * what one learns from those of a client.  The rules that make the relay ask
 * are in teredo_out_test.c and teredo_in_test.c.
 */
#include <arpa/inet.h>

#include <atf-c.h>
#include <string.h>

#include "teredo_bed.h"

TEST(nonce, "RFC 6081 5.2.4.1: another for every client, round and key")
{
	static struct bed	 b;
	uint64_t		 nonces[3];
	int			 i;

	bed_begin(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_HOLD);
	nonces[0] = bed_asker(&b, SERVER).lo;
	ATF_CHECK_EQ(bed_out(&b, 1, bed_client(SERVER, 0, ELSEWHERE, 9)),
	    V_HOLD);
	nonces[1] = bed_asker(&b, SERVER).lo;
	bed_wait(&b, 8000);
	bed_forget(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_HOLD);
	nonces[2] = bed_asker(&b, SERVER).lo;
	bed_free(&b);
	for (i = 0; i < 3; i++) {
		ATF_CHECK(nonces[i] >> 32 != 0);
		ATF_CHECK((nonces[i] & 0xffffffff) != 0);
		ATF_CHECK(nonces[i] != nonces[(i + 1) % 3]);
	}
	/* Another secret, another sequence. */
	bed_begin(&b);
	b.t.key[15] ^= 1;
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_HOLD);
	ATF_CHECK(bed_asker(&b, SERVER).lo != nonces[0]);
	bed_free(&b);
}

TEST(nonce_round, "one round of bubbles has one nonce, and a trailer of it")
{
	static struct bed	 b;
	const struct bed_sent	*s;
	struct addr6		 first;
	int			 i;

	bed_begin(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_HOLD);
	first = bed_asker(&b, SERVER);
	for (i = 0; i < 4; i++) {
		ATF_CHECK_EQ(bed_asker(&b, SERVER).lo, first.lo);
		s = bed_last(&b, SERVER, TEREDO_PORT);
		if (i % 2 == 0) {
			ATF_CHECK_EQ(s->len, IP6_HDRLEN + 6);
			ATF_CHECK_EQ(memcmp(s->data + 42, s->data + 20, 4),
			    0);
		} else
			ATF_CHECK_EQ(s->len, IP6_HDRLEN);
		bed_wait(&b, 2000);
	}
	bed_free(&b);
}

TEST(nonce_misses, "wrong guesses are forgotten with the round")
{
	static struct bed	 b;
	uint8_t			 tr[6] = { 1, 4 };
	int			 i;

	bed_begin(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_HOLD);
	for (i = 0; i < 300; i++)
		ATF_CHECK_EQ(bed_bubble(&b, bed_usual(), bed_host(1), CLIENT,
		    9, tr, 6), V_DROP);
	/* It is trusted, is asked again, and may answer so. */
	ATF_CHECK_EQ(bed_answer(&b), V_HOLD);
	bed_wait(&b, 20000);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_FORWARD);
	memcpy(tr + 2, bed_last(&b, SERVER, 0)->data + 42, 4);
	ATF_CHECK_EQ(bed_bubble(&b, bed_usual(), bed_host(1), CLIENT, 9, tr,
	    6), V_HOLD);
	ATF_CHECK_EQ(bed_peer(&b)->port, 9);
	bed_free(&b);
}

TEST(direct_public, "RFC 4380 5.4.1: the direct bubble, with the second try")
{
	static struct bed	 b;

	bed_begin(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_HOLD);
	ATF_CHECK_EQ(bed_count(&b, CLIENT, CLIENT_PORT), 0);
	bed_wait(&b, 2000);
	ATF_CHECK_EQ(bed_count(&b, CLIENT, CLIENT_PORT), 1);
	/* RFC 6081 5.2.4.2: without a nonce before the client told one. */
	ATF_CHECK_EQ(bed_last(&b, CLIENT, CLIENT_PORT)->len, IP6_HDRLEN);
	ATF_CHECK_EQ(CASE(b, DIRECT), 1);
	ATF_CHECK_EQ(CASE(b, INDIRECT), 2);
	bed_free(&b);
}

TEST(direct_private, "RFC 4380 5.4.1: behind a NAT of our own, at once")
{
	static struct bed	 b;

	bed_init(&b);
	b.conf.listen.s_addr = htonl(0xc0a80001);
	bed_start(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_HOLD);
	ATF_CHECK_EQ(bed_count(&b, CLIENT, CLIENT_PORT), 1);
	bed_wait(&b, 2000);
	ATF_CHECK_EQ(bed_count(&b, CLIENT, CLIENT_PORT), 1);
	bed_wait(&b, 2000);
	ATF_CHECK_EQ(bed_count(&b, CLIENT, CLIENT_PORT), 2);
	bed_free(&b);
}

TEST(known_interval, "RFC 4380 5.2.6: who is known is not asked too often")
{
	static struct bed	 b;

	bed_begin(&b);
	ATF_CHECK_EQ(bed_usual_in(&b), V_FORWARD);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_FORWARD);
	ATF_CHECK_EQ(bed_count(&b, SERVER, TEREDO_PORT), 1);
	bed_wait(&b, 1999);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_FORWARD);
	ATF_CHECK_EQ(bed_count(&b, SERVER, TEREDO_PORT), 1);
	bed_wait(&b, 1);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_FORWARD);
	ATF_CHECK_EQ(bed_count(&b, SERVER, TEREDO_PORT), 2);
	bed_free(&b);
}

TEST(known_stale, "who is trusted is asked after 20 s of silence")
{
	static struct bed	 b;

	bed_begin(&b);
	bed_trust(&b);
	bed_wait(&b, 20000);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_FORWARD);
	ATF_CHECK_EQ(bed_count(&b, SERVER, TEREDO_PORT), 1);
	bed_free(&b);
}

TEST(no_bubbles_left, "a try for which there is no bubble is a try")
{
	static struct bed	 b;

	bed_begin(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_HOLD);
	b.conf.bubble_rate = 0;
	ATF_CHECK_EQ(teredo_reconf(&b.t, &b.conf), 0);
	bed_wait(&b, 7999);
	ATF_CHECK(bed_peer(&b) != NULL);
	ATF_CHECK_EQ(bed_peer(&b)->tries, 4);
	ATF_CHECK_EQ(b.nsent, 1);
	bed_wait(&b, 1);
	ATF_CHECK(bed_peer(&b) == NULL);
	ATF_CHECK_EQ(b.ninjected, 1);
	bed_free(&b);
}

TEST(random_port, "RFC 6081 5.4.4.4: the first random port that it tells")
{
	static const uint8_t	 origin[8] = { 0 };
	static struct bed	 b;
	uint8_t			 buf[48];

	bed_begin(&b);
	bed_trust(&b);
	ATF_CHECK_EQ(bed_bubble(&b, bed_usual(), bed_host(1), CLIENT,
	    CLIENT_PORT, "\5\2\3\350", 4), V_HOLD);
	ATF_CHECK_EQ(bed_bubble(&b, bed_usual(), bed_host(1), CLIENT,
	    CLIENT_PORT, "\5\2\7\320", 4), V_HOLD);
	ATF_CHECK_EQ(bed_bubble(&b, bed_usual(), bed_host(1), CLIENT,
	    CLIENT_PORT, "", 0), V_HOLD);
	bed_wait(&b, 20000);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_FORWARD);
	ATF_CHECK_EQ(bed_bubble(&b, bed_usual(), bed_host(1), SERVER,
	    TEREDO_PORT, "", 0), V_HOLD);
	ATF_CHECK_EQ(bed_count(&b, CLIENT, 1000), 1);
	ATF_CHECK_EQ(bed_count(&b, CLIENT, 2000), 0);
	/* With an origin it is the same. */
	memcpy(buf, origin, 8);
	memcpy(buf + 8, b.buf, 40);
	ATF_CHECK_EQ(bed_raw(&b, buf, 48, SERVER, TEREDO_PORT), V_HOLD);
	ATF_CHECK_EQ(bed_count(&b, CLIENT, 1000), 2);
	bed_free(&b);
}

TEST(server_port, "only the client's own server is its server")
{
	static struct bed	 b;
	struct addr6		 odd;

	bed_begin(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_HOLD);
	CHECK_DROP(b, bed_bubble(&b, bed_usual(), bed_host(1), ELSEWHERE,
	    TEREDO_PORT, "", 0), DROP_SPOOF);
	CHECK_DROP(b, bed_bubble(&b, bed_usual(), bed_host(1), SERVER,
	    TEREDO_PORT + 1, "", 0), DROP_SPOOF);
	/* And it only passes bubbles. */
	CHECK_DROP(b, bed_in(&b, bed_usual(), bed_host(1), SERVER, TEREDO_PORT),
	    DROP_ENCAP);
	ATF_CHECK_EQ(CASE(b, IN_BUBBLE), 0);
	ATF_CHECK_EQ(bed_bubble(&b, bed_usual(), bed_host(1), SERVER,
	    TEREDO_PORT, "", 0), V_HOLD);
	ATF_CHECK_EQ(CASE(b, IN_BUBBLE), 1);
	/* A client may be where a server is. */
	odd = bed_client(SERVER, 0, SERVER, TEREDO_PORT);
	ATF_CHECK_EQ(bed_in(&b, odd, bed_host(1), SERVER, TEREDO_PORT),
	    V_FORWARD);
	bed_free(&b);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, nonce);
	ATF_TP_ADD_TC(tp, nonce_round);
	ATF_TP_ADD_TC(tp, nonce_misses);
	ATF_TP_ADD_TC(tp, direct_public);
	ATF_TP_ADD_TC(tp, direct_private);
	ATF_TP_ADD_TC(tp, known_interval);
	ATF_TP_ADD_TC(tp, known_stale);
	ATF_TP_ADD_TC(tp, no_bubbles_left);
	ATF_TP_ADD_TC(tp, random_port);
	ATF_TP_ADD_TC(tp, server_port);
	return (atf_no_error());
}
