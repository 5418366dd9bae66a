/*
 * A relay that was restarted and knows nobody, while clients go on sending:
 * who is taken, who is asked, and how many (teredo.h has the reasons).
 */
#include <arpa/inet.h>

#include <atf-c.h>
#include <string.h>

#include "teredo_bed.h"

#define SYMMETRIC	50001		/* the port towards the relay */

/* The i-th client of another network sends from where it should. */
static enum verdict
claim(struct bed *b, uint32_t i)
{
	struct addr6	 src = bed_client(SERVER, 0, 0x0d000000 + i, 77);

	return (bed_in(b, src, bed_host(1), 0x0d000000 + i, 77));
}

TEST(matching, "an unknown client whose addresses match is taken")
{
	static struct bed	 b;

	bed_begin(&b);
	ATF_CHECK_EQ(bed_usual_in(&b), V_FORWARD);
	ATF_CHECK_EQ(CASE(b, IN_CLAIM), 1);
	ATF_CHECK_EQ(b.nsent, 0);
	ATF_CHECK_EQ(bed_peer(&b)->state, TEREDO_CLAIMED);
	/* Who is sent to is also asked, and then trusted. */
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_FORWARD);
	ATF_CHECK_EQ(b.nsent, 2);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_FORWARD);
	ATF_CHECK_EQ(b.nsent, 2);
	ATF_CHECK_EQ(bed_answer(&b), V_HOLD);
	ATF_CHECK_EQ(bed_peer(&b)->state, TEREDO_TRUSTED);
	bed_wait(&b, 2000);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_FORWARD);
	ATF_CHECK_EQ(b.nsent, 2);
	bed_free(&b);
}

TEST(unproven, "no answer stops nothing, but the asking ends")
{
	static struct bed	 b;
	int			 i;

	bed_begin(&b);
	for (i = 0; i < 200; i++) {
		ATF_CHECK_EQ(bed_usual_in(&b), V_FORWARD);
		ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_FORWARD);
		bed_wait(&b, 100);
	}
	ATF_CHECK_EQ(bed_count(&b, SERVER, TEREDO_PORT), 4);
	ATF_CHECK_EQ(bed_peer(&b)->state, TEREDO_CLAIMED);
	bed_free(&b);
}

TEST(symmetric, "behind a symmetric NAT, asked and back")
{
	static struct bed	 b;

	bed_begin(&b);
	CHECK_DROP(b, bed_in(&b, bed_usual(), bed_host(1), CLIENT, SYMMETRIC),
	    DROP_SPOOF);
	ATF_CHECK_EQ(CASE(b, IN_PROBE), 1);
	ATF_CHECK_EQ(bed_count(&b, SERVER, TEREDO_PORT), 1);
	ATF_CHECK_EQ(bed_usual_bubble(&b, SYMMETRIC, "", 0), V_HOLD);
	ATF_CHECK_EQ(bed_in(&b, bed_usual(), bed_host(1), CLIENT, SYMMETRIC),
	    V_FORWARD);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_FORWARD);
	ATF_CHECK_EQ(b.p.dport, SYMMETRIC);
	bed_free(&b);
}

TEST(symmetric_once, "nobody is asked twice for one packet")
{
	static struct bed	 b;

	bed_begin(&b);
	ATF_CHECK_EQ(bed_in(&b, bed_usual(), bed_host(1), CLIENT, SYMMETRIC),
	    V_DROP);
	bed_wait(&b, 60000);
	ATF_CHECK_EQ(bed_count(&b, SERVER, TEREDO_PORT), 1);
	ATF_CHECK_EQ(b.t.table.count, 0);
	bed_free(&b);
}

TEST(claims, "claims fill half of the table and no more")
{
	static struct bed	 b;
	uint32_t		 i;

	bed_init(&b);
	b.conf.max_peers = 8;
	bed_start(&b);
	for (i = 0; i < 4; i++)
		ATF_CHECK_EQ(claim(&b, i), V_FORWARD);
	CHECK_DROP(b, claim(&b, 4), DROP_TABLE);
	/* But it was asked, and its answer is as good as ever. */
	ATF_CHECK_EQ(teredo_count(&b.t, TEREDO_WAITING), 1);
	ATF_CHECK_EQ(bed_bubble(&b, bed_client(SERVER, 0, 0x0d000004, 77),
	    bed_asker(&b, SERVER), 0x0d000004, 77, "", 0), V_HOLD);
	ATF_CHECK_EQ(claim(&b, 4), V_FORWARD);
	ATF_CHECK_EQ(teredo_count(&b.t, TEREDO_TRUSTED), 1);
	bed_free(&b);
}

TEST(source, "one source claims no more than its rate")
{
	static struct bed	 b;
	uint32_t		 i;

	bed_init(&b);
	b.conf.max_peers = 1000;
	b.conf.new_rate = 10;
	bed_start(&b);
	for (i = 0; i < 10; i++)
		ATF_CHECK_EQ(bed_in(&b, bed_client(SERVER, 0, CLIENT, 1 + i),
		    bed_host(1), CLIENT, 1 + i), V_FORWARD);
	CHECK_DROP(b, bed_in(&b, bed_client(SERVER, 0, CLIENT, 99), bed_host(1),
	    CLIENT, 99), DROP_SOURCE_RATE);
	ATF_CHECK_EQ(claim(&b, 1), V_FORWARD);
	bed_free(&b);
}

TEST(probes, "mismatches are asked within all the limits")
{
	static struct bed	 b;
	uint32_t		 i;

	bed_init(&b);
	b.conf.max_peers = 1000;
	b.conf.new_rate = 10;
	bed_start(&b);
	for (i = 0; i < 100; i++)
		ATF_CHECK_EQ(bed_in(&b, bed_client(SERVER, 0, CLIENT, 1 + i),
		    bed_host(1), CLIENT, 999), V_DROP);
	ATF_CHECK_EQ(CASE(b, INDIRECT), 10);
	bed_free(&b);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, matching);
	ATF_TP_ADD_TC(tp, unproven);
	ATF_TP_ADD_TC(tp, symmetric);
	ATF_TP_ADD_TC(tp, symmetric_once);
	ATF_TP_ADD_TC(tp, claims);
	ATF_TP_ADD_TC(tp, source);
	ATF_TP_ADD_TC(tp, probes);
	return (atf_no_error());
}
