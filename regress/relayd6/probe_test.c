/*
 * Tests of relayd6/probe.c: what is sent, what counts as an answer, and what
 * follows from both.
 */
#include <atf-c.h>
#include <stdio.h>
#include <string.h>

#include "probe_bed.h"

#define FIRST	1	/* goal 0 is ourselves */

static void
check_good(const struct pbed *b)
{
	char	 why[LIMIT_REASON] = "";

	ATF_CHECK_MSG(probe_good(&b->p, why, sizeof(why)), "%s", why);
}

static void
check_bad(const struct pbed *b, const char *reason)
{
	char	 why[LIMIT_REASON] = "nothing";

	ATF_CHECK_EQ(probe_good(&b->p, why, sizeof(why)), 0);
	ATF_CHECK_STREQ(why, reason);
}

/* A round in which all is well, as before the relay is announced. */
static void
round_well(struct pbed *b)
{
	pbed_round(b);
	pbed_answer_native(b);
	pbed_answer_self(b);
}

static void
rounds_well(struct pbed *b, int n)
{
	while (n-- > 0)
		round_well(b);
}

/* Rounds in which nobody answers. */
static void
rounds_silent(struct pbed *b, int n)
{
	while (n-- > 0)
		pbed_round(b);
	if (b->p.open)
		pbed_next(b);
}

/* Healthy, and all targets have answered through our relay. */
static void
begin_through(struct pbed *b, int n)
{
	int	 i;

	pbed_init(b, n);
	round_well(b);
	probe_announced(&b->p, 1, b->now);
	pbed_round(b);
	pbed_answer_self(b);
	for (i = 0; i < n; i++)
		ATF_CHECK_EQ(pbed_answer(b, FIRST + i, PROBE_RELAY, 1),
		    PROBE_TAKEN);
	check_good(b);
}

/* --- rounds --------------------------------------------------------------- */

ATF_TC_WITHOUT_HEAD(probe_init);
ATF_TC_BODY(probe_init, tc)
{
	static const uint8_t	 key[SIPHASH_KEYLEN];
	char			 why[LIMIT_REASON];
	struct probe		 p;
	struct ctl_probe	 c;
	mono_t			 now = { MONO_S(1) };

	probe_init(&p, key, NULL, NULL);
	probe_tick(&p, now);
	ATF_CHECK(probe_good(&p, why, sizeof(why)));
	ATF_CHECK_EQ(probe_get(&p, 0, &c, now), 0);
}

/* One echo a way: bounded, each to where it belongs. */
ATF_TC_WITHOUT_HEAD(round_begin);
ATF_TC_BODY(round_begin, tc)
{
	struct pbed		 b;
	struct pbed_packet	*bp;
	struct addr6		 t1 = pbed_target(1);

	pbed_init(&b, 2);
	pbed_round(&b);
	ATF_CHECK_EQ(b.n, 5);
	ATF_REQUIRE((bp = pbed_find(&b, 0, PROBE_RELAY)) != NULL);
	ATF_CHECK(addr6_equal(&bp->s.dst, &pbed_local));
	ATF_CHECK_EQ(bp->s.len, PROBE_PACKET_LEN);
	ATF_CHECK(pbed_find(&b, 0, PROBE_NATIVE) == NULL);
	ATF_REQUIRE((bp = pbed_find(&b, FIRST + 1, PROBE_RELAY)) != NULL);
	ATF_CHECK(addr6_equal(&bp->s.dst, &t1));
	ATF_REQUIRE((bp = pbed_find(&b, FIRST + 1, PROBE_NATIVE)) != NULL);
	ATF_CHECK(addr6_equal(&bp->s.dst, &t1));
	ATF_CHECK_EQ(bp->s.len, PROBE_ECHO_LEN);
}

/* A round after the other, never more than interval apart, jittered. */
ATF_TC_WITHOUT_HEAD(pause_length);
ATF_TC_BODY(pause_length, tc)
{
	struct pbed	 b;
	mono_t		 last;
	int64_t		 gap, least = MONO_S(2), most = 0;
	int		 i;

	pbed_init(&b, 1);
	round_well(&b);
	last = b.p.began;
	for (i = 0; i < 50; i++) {
		round_well(&b);
		gap = mono_sub(b.p.began, last);
		last = b.p.began;
		least = gap < least ? gap : least;
		most = gap > most ? gap : most;
	}
	ATF_CHECK(most <= MONO_S(1));
	ATF_CHECK(least >= MONO_MS(875));
	ATF_CHECK(most - least > MONO_MS(50));
}

/* To be sure soon, the first rounds have no pause. */
ATF_TC_WITHOUT_HEAD(quick);
ATF_TC_BODY(quick, tc)
{
	struct pbed	 b;
	mono_t		 start;

	pbed_init(&b, 1);
	start = b.now;
	pbed_round(&b);
	ATF_CHECK(mono_sub(b.now, start) <= MONO_MS(20));
	pbed_round(&b);
	ATF_CHECK(mono_sub(b.now, start) <= MONO_MS(520));
	rounds_silent(&b, 4);
	start = b.p.began;
	pbed_round(&b);
	ATF_CHECK(mono_sub(b.now, start) >= MONO_MS(875));
}

/* Good news does not wait for the end of a round. */
ATF_TC_WITHOUT_HEAD(round_look);
ATF_TC_BODY(round_look, tc)
{
	struct pbed	 b;

	pbed_init(&b, 2);
	check_bad(&b, "not probed yet");
	pbed_round(&b);
	pbed_answer_self(&b);
	ATF_CHECK_EQ(pbed_answer(&b, FIRST, PROBE_NATIVE, 0), PROBE_TAKEN);
	check_bad(&b, "not probed yet");
	ATF_CHECK_EQ(pbed_answer(&b, FIRST + 1, PROBE_NATIVE, 0), PROBE_TAKEN);
	check_good(&b);
}

ATF_TC_WITHOUT_HEAD(fall);
ATF_TC_BODY(fall, tc)
{
	struct pbed	 b;

	pbed_init(&b, 1);
	b.conf.fall = 3;
	pbed_reconf(&b);
	round_well(&b);
	rounds_silent(&b, 2);
	check_good(&b);
	round_well(&b);
	rounds_silent(&b, 2);
	check_good(&b);
	rounds_silent(&b, 1);
	check_bad(&b, "1 of 1 targets do not answer");
	round_well(&b);
	check_good(&b);
}

/* Bad within fall times interval of the first echo that is lost. */
ATF_TC_WITHOUT_HEAD(fall_in_time);
ATF_TC_BODY(fall_in_time, tc)
{
	struct pbed	 b;
	mono_t		 last;

	pbed_init(&b, 1);
	round_well(&b);
	last = b.p.began;
	rounds_silent(&b, 2);
	check_bad(&b, "1 of 1 targets do not answer");
	ATF_CHECK(mono_sub(b.now, last) <= MONO_MS(2500));
}

/* --- how many ------------------------------------------------------------- */

/* Bad when fewer than least of three targets answer. */
static void
check_need(enum probe_need need, int least)
{
	struct pbed	 b;
	int		 n, i;

	for (n = 0; n <= 3; n++) {
		pbed_init(&b, 3);
		b.conf.need = need;
		pbed_reconf(&b);
		pbed_round(&b);
		pbed_answer_self(&b);
		for (i = 0; i < n; i++)
			pbed_answer(&b, FIRST + i, PROBE_NATIVE, 0);
		if (n >= least)
			check_good(&b);
		else
			check_bad(&b, "not probed yet");
	}
}

ATF_TC_WITHOUT_HEAD(PROBE_ANY);
ATF_TC_BODY(PROBE_ANY, tc)
{
	check_need(PROBE_ANY, 1);
}

ATF_TC_WITHOUT_HEAD(PROBE_MAJORITY);
ATF_TC_BODY(PROBE_MAJORITY, tc)
{
	struct pbed	 b;

	check_need(PROBE_MAJORITY, 2);
	/* Half is not the majority. */
	pbed_init(&b, 2);
	b.conf.need = PROBE_MAJORITY;
	pbed_reconf(&b);
	pbed_round(&b);
	pbed_answer_self(&b);
	pbed_answer(&b, FIRST, PROBE_NATIVE, 0);
	check_bad(&b, "not probed yet");
	rounds_silent(&b, 2);
	check_bad(&b, "2 of 2 targets do not answer");
}

ATF_TC_WITHOUT_HEAD(PROBE_ALL);
ATF_TC_BODY(PROBE_ALL, tc)
{
	check_need(PROBE_ALL, 3);
}

/* Targets that answer do not help when nothing comes through the relay. */
ATF_TC_WITHOUT_HEAD(self);
ATF_TC_BODY(self, tc)
{
	struct pbed	 b;
	int		 i;

	pbed_init(&b, 1);
	round_well(&b);
	for (i = 0; i < 2; i++) {
		pbed_round(&b);
		pbed_answer_native(&b);
		pbed_answer(&b, FIRST, PROBE_RELAY, 0);
	}
	pbed_next(&b);
	check_bad(&b, "packets do not come back through the relay");
}

/* --- which way ------------------------------------------------------------ */

/* Who has answered through our relay has to go on, as long as we are up. */
ATF_TC_WITHOUT_HEAD(through);
ATF_TC_BODY(through, tc)
{
	struct pbed	 b;
	int		 i;

	begin_through(&b, 1);
	for (i = 0; i < 2; i++) {
		check_good(&b);
		round_well(&b);
	}
	pbed_next(&b);
	check_bad(&b, "1 of 1 targets do not answer through the relay");
	/* Unhealthy: answers find no way to us, native ones count again. */
	probe_announced(&b.p, 0, b.now);
	rounds_well(&b, 6);
	check_good(&b);
}

/* For how many seconds it is not good, once it is not announced. */
static int
held_for(struct pbed *b)
{
	mono_t	 start = b->now;
	char	 why[LIMIT_REASON];

	probe_announced(&b->p, 0, b->now);
	while (!probe_good(&b->p, why, sizeof(why)))
		round_well(b);
	return (mono_sub(b->now, start) / MONO_S(1));
}

/* A black hole is tried again after 5 s, 10 s, ... each time for 10 s. */
ATF_TC_WITHOUT_HEAD(through_lost);
ATF_TC_BODY(through_lost, tc)
{
	struct pbed	 b;
	mono_t		 start;
	char		 why[LIMIT_REASON];
	int		 i, s;

	begin_through(&b, 1);
	for (i = 5; i <= 40; i *= 2) {
		start = b.now;
		while (probe_good(&b.p, why, sizeof(why)))
			round_well(&b);
		check_bad(&b, "1 of 1 targets do not answer through the relay");
		ATF_CHECK(mono_sub(b.now, start) <= MONO_S(14));
		s = held_for(&b);
		ATF_CHECK_MSG(s >= i - 1 && s <= i + 1, "%d: %d", i, s);
		probe_announced(&b.p, 1, b.now);
	}
	for (i = 0; i < 10; i++) {
		while (probe_good(&b.p, why, sizeof(why)))
			round_well(&b);
		s = held_for(&b);
		probe_announced(&b.p, 1, b.now);
	}
	ATF_CHECK(s >= 958 && s <= 962);
}

ATF_TC_WITHOUT_HEAD(through_lost_why);
ATF_TC_BODY(through_lost_why, tc)
{
	struct pbed	 b;

	begin_through(&b, 1);
	rounds_well(&b, 3);
	probe_announced(&b.p, 0, b.now);
	rounds_well(&b, 2);
	check_bad(&b, "targets did not answer through the relay, "
	    "trying again in 3 s");
}

/* Who answers through the relay in time is believed as before. */
ATF_TC_WITHOUT_HEAD(trial_look);
ATF_TC_BODY(trial_look, tc)
{
	struct pbed	 b;
	char		 why[LIMIT_REASON];
	int		 i;

	begin_through(&b, 1);
	rounds_well(&b, 3);
	(void)held_for(&b);
	probe_announced(&b.p, 1, b.now);
	rounds_well(&b, 5);
	for (i = 0; i < 20; i++) {
		round_well(&b);
		pbed_answer(&b, FIRST, PROBE_RELAY, 1);
		check_good(&b);
	}
	ATF_CHECK_EQ(b.p.hold, 0);
	while (probe_good(&b.p, why, sizeof(why)))
		round_well(&b);
	ATF_CHECK(held_for(&b) <= 6);
}

/* Targets that die altogether, or a dead relay, are no black hole. */
ATF_TC_WITHOUT_HEAD(through_lost_not);
ATF_TC_BODY(through_lost_not, tc)
{
	struct pbed	 b;

	begin_through(&b, 1);
	rounds_silent(&b, 2);
	probe_announced(&b.p, 0, b.now);
	round_well(&b);
	check_good(&b);
}

/* Nor where another relay of our address may have taken the answers. */
ATF_TC_WITHOUT_HEAD(through_shared);
ATF_TC_BODY(through_shared, tc)
{
	struct pbed	 b;

	pbed_init(&b, 1);
	b.p.conf.shared = 1;
	round_well(&b);
	probe_announced(&b.p, 1, b.now);
	pbed_round(&b);
	pbed_answer_self(&b);
	pbed_answer(&b, FIRST, PROBE_RELAY, 1);
	check_good(&b);
	round_well(&b);
	round_well(&b);
	round_well(&b);
	check_good(&b);
}

/* Nothing is expected because somebody else's relay worked. */
ATF_TC_WITHOUT_HEAD(through_another);
ATF_TC_BODY(through_another, tc)
{
	struct pbed	 b;
	int		 i;

	pbed_init(&b, 1);
	round_well(&b);
	probe_announced(&b.p, 1, b.now);
	pbed_round(&b);
	pbed_answer_self(&b);
	ATF_CHECK_EQ(pbed_answer(&b, FIRST, PROBE_RELAY, 0), PROBE_TAKEN);
	for (i = 0; i < 4; i++)
		round_well(&b);
	check_good(&b);
	/* Nor is it because of what came before. */
	probe_announced(&b.p, 0, b.now);
	pbed_round(&b);
	pbed_answer(&b, FIRST, PROBE_RELAY, 1);
	probe_announced(&b.p, 1, b.now);
	for (i = 0; i < 4; i++)
		round_well(&b);
	check_good(&b);
}

ATF_TC_WITHOUT_HEAD(strict);
ATF_TC_BODY(strict, tc)
{
	struct pbed	 b;

	pbed_init(&b, 1);
	b.conf.strict = 1;
	pbed_reconf(&b);
	round_well(&b);
	check_bad(&b, "not probed yet");
	round_well(&b);
	pbed_next(&b);
	check_bad(&b, "1 of 1 targets do not answer through the relay");
	pbed_round(&b);
	pbed_answer_self(&b);
	pbed_answer(&b, FIRST, PROBE_RELAY, 0);
	check_good(&b);
}

/* A target that is never asked through the relay. */
ATF_TC_WITHOUT_HEAD(native);
ATF_TC_BODY(native, tc)
{
	struct pbed	 b;

	pbed_init(&b, 1);
	b.conf.strict = 1;
	b.conf.target[0].native = 1;
	pbed_reconf(&b);
	pbed_round(&b);
	ATF_CHECK_EQ(b.n, 2);
	ATF_CHECK(pbed_find(&b, FIRST, PROBE_RELAY) == NULL);
	pbed_answer_native(&b);
	pbed_answer_self(&b);
	check_good(&b);
}

ATF_TC_WITHOUT_HEAD(probe_tcp_in);
ATF_TC_BODY(probe_tcp_in, tc)
{
	struct pbed		 b;
	struct pbed_packet	*bp;

	pbed_init(&b, 1);
	b.conf.target[0].port = 443;
	pbed_reconf(&b);
	pbed_round(&b);
	ATF_CHECK_EQ(b.n, 2);
	ATF_REQUIRE((bp = pbed_find(&b, FIRST, PROBE_TCP)) != NULL);
	ATF_CHECK_EQ(bp->s.port, 443);
	ATF_CHECK_EQ(bp->s.len, 0);
	pbed_answer_self(&b);
	probe_tcp_in(&b.p, FIRST, NULL, b.now);
	check_good(&b);
	/* Told once, it is over. */
	probe_tcp_in(&b.p, FIRST, "refused", b.now);
	ATF_CHECK_EQ(b.p.goal[FIRST].echo[PROBE_TCP].nlost, 0);
	pbed_round(&b);
	probe_tcp_in(&b.p, FIRST, "refused", b.now);
	ATF_CHECK_STREQ(b.p.goal[FIRST].echo[PROBE_TCP].failure, "refused");
	ATF_CHECK_EQ(b.p.goal[FIRST].echo[PROBE_TCP].nlost, 1);
}

/* Our address is learned from what targets see, and kept while it serves. */
ATF_TC_WITHOUT_HEAD(local_learn);
ATF_TC_BODY(local_learn, tc)
{
	struct addr6		 other = { 0x2a10000100090000, 3 };
	struct pbed_packet	*bp, turned;
	struct pbed		 b;

	pbed_init(&b, 1);
	memset(&b.conf.local, 0, sizeof(b.conf.local));
	pbed_reconf(&b);
	pbed_round(&b);
	ATF_CHECK(pbed_find(&b, 0, PROBE_RELAY) == NULL);
	pbed_answer_native(&b);
	ATF_REQUIRE((bp = pbed_find(&b, 0, PROBE_RELAY)) != NULL);
	ATF_CHECK(addr6_equal(&bp->s.dst, &pbed_local));
	pbed_answer_self(&b);
	check_good(&b);
	pbed_round(&b);
	turned = *pbed_find(&b, FIRST, PROBE_NATIVE);
	pbed_turn(&turned);
	ATF_CHECK_EQ(probe_native_in(&b.p, &turned.s.dst, &other, turned.data,
	    PROBE_ECHO_LEN, b.now), PROBE_TAKEN);
	ATF_CHECK(addr6_equal(&b.p.local, &pbed_local));
	/* That round was lost: the other one may serve. */
	pbed_round(&b);
	turned = *pbed_find(&b, FIRST, PROBE_NATIVE);
	pbed_turn(&turned);
	ATF_CHECK_EQ(probe_native_in(&b.p, &turned.s.dst, &other, turned.data,
	    PROBE_ECHO_LEN, b.now), PROBE_TAKEN);
	ATF_CHECK(addr6_equal(&b.p.local, &other));
	pbed_answer_self(&b);
	check_good(&b);
}

/* --- what is no answer ---------------------------------------------------- */

ATF_TC_WITHOUT_HEAD(duplicate);
ATF_TC_BODY(duplicate, tc)
{
	struct pbed	 b;

	pbed_init(&b, 1);
	pbed_round(&b);
	ATF_CHECK_EQ(pbed_answer(&b, 0, PROBE_RELAY, 1), PROBE_TAKEN);
	ATF_CHECK_EQ(pbed_answer(&b, 0, PROBE_RELAY, 1), PROBE_REFUSED);
	ATF_CHECK_EQ(pbed_answer(&b, FIRST, PROBE_NATIVE, 1), PROBE_TAKEN);
	ATF_CHECK_EQ(pbed_answer(&b, FIRST, PROBE_NATIVE, 1), PROBE_REFUSED);
	ATF_CHECK_EQ(b.p.refused, 2);
}

/* After timeout it is lost, and known as late once, and only so long. */
ATF_TC_WITHOUT_HEAD(late);
ATF_TC_BODY(late, tc)
{
	struct pbed		 b;
	struct probe_echo	*e = &b.p.goal[0].echo[PROBE_RELAY];
	struct pbed_packet	 old;

	pbed_init(&b, 1);
	round_well(&b);
	pbed_round(&b);
	pbed_answer_native(&b);
	pbed_next(&b);
	ATF_CHECK_EQ(e->nlost, 1);
	ATF_CHECK_EQ(pbed_answer(&b, 0, PROBE_RELAY, 1), PROBE_LATE);
	ATF_CHECK_EQ(pbed_answer(&b, 0, PROBE_RELAY, 1), PROBE_REFUSED);
	ATF_CHECK_EQ(e->nlate, 1);
	ATF_CHECK_STREQ(e->failure, "answered too late");
	/* It does not stand for the next one. */
	pbed_round(&b);
	old = *pbed_find(&b, 0, PROBE_RELAY);
	pbed_turn(&old);
	pbed_round(&b);
	ATF_CHECK_EQ(probe_relay_in(&b.p, old.data, PROBE_PACKET_LEN, 1,
	    b.now), PROBE_LATE);
	check_bad(&b, "1 of 1 targets do not answer");
	pbed_round(&b);
	ATF_CHECK_EQ(probe_relay_in(&b.p, old.data, PROBE_PACKET_LEN, 1,
	    b.now), PROBE_REFUSED);
}

/* Every bit of an answer matters, but for those that routers change. */
ATF_TC_WITHOUT_HEAD(forged);
ATF_TC_BODY(forged, tc)
{
	struct pbed		 b;
	struct pbed_packet	 bp, flipped;
	size_t			 i;

	pbed_init(&b, 1);
	pbed_round(&b);
	bp = *pbed_find(&b, FIRST, PROBE_RELAY);
	pbed_turn(&bp);
	for (i = 0; i < PROBE_PACKET_LEN * 8; i++) {
		flipped = bp;
		flipped.data[i / 8] ^= 1 << i % 8;
		/* Traffic class, flow label and hop limit. */
		if ((i >= 8 && i < 32) || i / 8 == 0 || i / 8 == 7)
			continue;
		ATF_CHECK_EQ_MSG(probe_relay_in(&b.p, flipped.data,
		    PROBE_PACKET_LEN, 1, b.now), PROBE_REFUSED, "bit %zu", i);
	}
	for (i = 0; i < PROBE_PACKET_LEN; i++)
		ATF_CHECK_EQ(probe_relay_in(&b.p, bp.data, i, 1, b.now),
		    PROBE_REFUSED);
	ATF_CHECK_EQ(probe_relay_in(&b.p, bp.data, PROBE_PACKET_LEN, 1,
	    b.now), PROBE_TAKEN);
}

ATF_TC_WITHOUT_HEAD(forged_native);
ATF_TC_BODY(forged_native, tc)
{
	struct pbed		 b;
	struct pbed_packet	 bp, flipped;
	struct addr6		 other = pbed_target(1);
	size_t			 i;

	pbed_init(&b, 1);
	pbed_round(&b);
	bp = *pbed_find(&b, FIRST, PROBE_NATIVE);
	pbed_turn(&bp);
	for (i = 0; i < PROBE_ECHO_LEN * 8; i++) {
		flipped = bp;
		flipped.data[i / 8] ^= 1 << i % 8;
		if (i / 8 == 2 || i / 8 == 3)	/* the kernel's checksum */
			continue;
		ATF_CHECK_EQ_MSG(probe_native_in(&b.p, &bp.s.dst, &pbed_local,
		    flipped.data, PROBE_ECHO_LEN, b.now), PROBE_REFUSED,
		    "bit %zu", i);
	}
	ATF_CHECK_EQ(probe_native_in(&b.p, &other, &pbed_local, bp.data,
	    PROBE_ECHO_LEN, b.now), PROBE_REFUSED);
	ATF_CHECK_EQ(probe_native_in(&b.p, &bp.s.dst, &pbed_local, bp.data,
	    PROBE_ECHO_LEN, b.now), PROBE_TAKEN);
}

/* What was asked one way is not answered by the other, nor by another. */
ATF_TC_WITHOUT_HEAD(crossed);
ATF_TC_BODY(crossed, tc)
{
	struct pbed		 b;
	struct pbed_packet	 bp;

	pbed_init(&b, 2);
	pbed_round(&b);
	bp = *pbed_find(&b, FIRST, PROBE_RELAY);
	pbed_turn(&bp);
	ATF_CHECK_EQ(probe_native_in(&b.p, &bp.s.dst, &pbed_local,
	    bp.data + IP6_HDRLEN, PROBE_ECHO_LEN, b.now), PROBE_REFUSED);
	bp = *pbed_find(&b, FIRST + 1, PROBE_NATIVE);
	pbed_turn(&bp);
	b.p.goal[FIRST].addr = bp.s.dst;
	ATF_CHECK_EQ(probe_native_in(&b.p, &b.p.goal[0].addr, &pbed_local,
	    bp.data, PROBE_ECHO_LEN, b.now), PROBE_REFUSED);
}

/* --- figures -------------------------------------------------------------- */

ATF_TC_WITHOUT_HEAD(probe_echo_answered);
ATF_TC_BODY(probe_echo_answered, tc)
{
	struct pbed		 b;
	struct probe_echo	*e = &b.p.goal[0].echo[PROBE_RELAY];

	pbed_init(&b, 1);
	pbed_round(&b);
	pbed_answer_self(&b);
	ATF_CHECK_EQ(e->rtt_us, 1000);
	ATF_CHECK_EQ(e->smooth_us, 1000);
	ATF_CHECK_EQ(e->best_us, 1000);
	pbed_round(&b);
	b.now = mono_add(b.now, MONO_MS(8));
	pbed_answer_self(&b);
	ATF_CHECK_EQ(e->rtt_us, 9000);
	ATF_CHECK_EQ(e->smooth_us, 2000);
	ATF_CHECK_EQ(e->best_us, 1000);
	/* Never the 0 of one who did not answer. */
	pbed_round(&b);
	b.now = mono_add(b.now, -MONO_MS(1));
	pbed_answer_self(&b);
	ATF_CHECK_EQ(e->rtt_us, 1);
}

/* Loss is that of the last PROBE_WINDOW echoes. */
ATF_TC_WITHOUT_HEAD(window);
ATF_TC_BODY(window, tc)
{
	struct pbed		 b;
	struct ctl_probe	 c;
	int			 i;

	pbed_init(&b, 1);
	round_well(&b);
	rounds_silent(&b, 3);
	ATF_REQUIRE(probe_get(&b.p, 0, &c, b.now));
	ATF_CHECK_EQ(c.window, 4);
	ATF_CHECK_EQ(c.window_lost, 3);
	ATF_CHECK_EQ(c.answers, 0);
	ATF_CHECK_STREQ(c.failure, "no answer");
	ATF_CHECK_EQ(c.failed_ms, 0);
	for (i = 0; i < PROBE_WINDOW - 1; i++)
		round_well(&b);
	ATF_REQUIRE(probe_get(&b.p, 0, &c, b.now));
	ATF_CHECK_EQ(c.window, PROBE_WINDOW);
	ATF_CHECK_EQ(c.window_lost, 1);
	ATF_CHECK_EQ(c.answers, 1);
	round_well(&b);
	ATF_REQUIRE(probe_get(&b.p, 0, &c, b.now));
	ATF_CHECK_EQ(c.window_lost, 0);
	ATF_CHECK_EQ(c.lost, 3);
	ATF_CHECK_EQ(c.sent, PROBE_WINDOW + 4);
	ATF_CHECK(c.failed_ms > 50000);
}

/* An echo on its way does not make a target silent. */
ATF_TC_WITHOUT_HEAD(answers);
ATF_TC_BODY(answers, tc)
{
	struct pbed		 b;
	struct ctl_probe	 c;

	pbed_init(&b, 1);
	round_well(&b);
	pbed_round(&b);
	ATF_REQUIRE(probe_get(&b.p, 0, &c, b.now));
	ATF_CHECK_EQ(c.answers, 1);
	pbed_next(&b);
	ATF_REQUIRE(probe_get(&b.p, 0, &c, b.now));
	ATF_CHECK_EQ(c.answers, 0);
	pbed_round(&b);
	ATF_REQUIRE(probe_get(&b.p, 0, &c, b.now));
	ATF_CHECK_EQ(c.answers, 0);
}

ATF_TC_WITHOUT_HEAD(probe_get);
ATF_TC_BODY(probe_get, tc)
{
	struct pbed		 b;
	struct ctl_probe	 c;

	pbed_init(&b, 1);
	round_well(&b);
	ATF_REQUIRE(probe_get(&b.p, 0, &c, b.now));
	ATF_CHECK(c.self && c.ours && c.way == PROBE_RELAY);
	ATF_REQUIRE(probe_get(&b.p, 1, &c, b.now));
	ATF_CHECK(!c.self && c.way == PROBE_RELAY && !c.answers);
	ATF_REQUIRE(probe_get(&b.p, 2, &c, b.now));
	ATF_CHECK(!c.self && c.way == PROBE_NATIVE && c.answers);
	ATF_CHECK_EQ(c.failed_ms, CTL_NEVER);
	ATF_CHECK_EQ(probe_get(&b.p, 3, &c, b.now), 0);
}

ATF_TC_WITHOUT_HEAD(could_not_be_sent);
ATF_TC_BODY(could_not_be_sent, tc)
{
	struct pbed		 b;
	struct ctl_probe	 c;

	pbed_init(&b, 1);
	round_well(&b);
	b.broken = 1;
	while (probe_good(&b.p, b.p.why, sizeof(b.p.why)))
		pbed_next(&b);
	check_bad(&b, "1 of 1 targets do not answer");
	ATF_REQUIRE(probe_get(&b.p, 0, &c, b.now));
	ATF_CHECK_STREQ(c.failure, "could not be sent");
}

/* --- reload --------------------------------------------------------------- */

/* Other targets and identities do not make a good relay bad. */
ATF_TC_WITHOUT_HEAD(probe_reconf);
ATF_TC_BODY(probe_reconf, tc)
{
	struct pbed		 b;
	struct probe_echo	*e = &b.p.goal[0].echo[PROBE_RELAY];

	pbed_init(&b, 1);
	round_well(&b);
	pbed_round(&b);
	b.id.lo++;
	pbed_reconf(&b);
	check_good(&b);
	ATF_CHECK_EQ(e->nsent, 2);
	/* What was on its way was for somebody that is no more. */
	ATF_CHECK_EQ(pbed_answer(&b, 0, PROBE_RELAY, 1), PROBE_REFUSED);
	ATF_CHECK_EQ(e->nlost, 0);
	b.conf.ntargets = 2;
	b.conf.target[1] = b.conf.target[0];
	b.conf.target[1].native = 1;
	pbed_reconf(&b);
	check_good(&b);
	ATF_CHECK_EQ(e->nsent, 0);
	rounds_silent(&b, 2);
	check_bad(&b, "2 of 2 targets do not answer");
	b.conf.ntargets = 0;
	pbed_reconf(&b);
	check_good(&b);
}

/* Probes that a healthy relay gets are believed until they fail. */
ATF_TC_WITHOUT_HEAD(probe_reconf_healthy);
ATF_TC_BODY(probe_reconf_healthy, tc)
{
	struct pbed	 b;

	pbed_init(&b, 0);
	probe_announced(&b.p, 1, b.now);
	b.conf.ntargets = 1;
	pbed_reconf(&b);
	check_good(&b);
	rounds_silent(&b, 2);
	check_bad(&b, "1 of 1 targets do not answer");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, probe_init);
	ATF_TP_ADD_TC(tp, round_begin);
	ATF_TP_ADD_TC(tp, pause_length);
	ATF_TP_ADD_TC(tp, quick);
	ATF_TP_ADD_TC(tp, round_look);
	ATF_TP_ADD_TC(tp, fall);
	ATF_TP_ADD_TC(tp, fall_in_time);
	ATF_TP_ADD_TC(tp, PROBE_ANY);
	ATF_TP_ADD_TC(tp, PROBE_MAJORITY);
	ATF_TP_ADD_TC(tp, PROBE_ALL);
	ATF_TP_ADD_TC(tp, self);
	ATF_TP_ADD_TC(tp, through);
	ATF_TP_ADD_TC(tp, through_lost);
	ATF_TP_ADD_TC(tp, through_lost_why);
	ATF_TP_ADD_TC(tp, through_lost_not);
	ATF_TP_ADD_TC(tp, trial_look);
	ATF_TP_ADD_TC(tp, through_shared);
	ATF_TP_ADD_TC(tp, through_another);
	ATF_TP_ADD_TC(tp, strict);
	ATF_TP_ADD_TC(tp, native);
	ATF_TP_ADD_TC(tp, probe_tcp_in);
	ATF_TP_ADD_TC(tp, local_learn);
	ATF_TP_ADD_TC(tp, duplicate);
	ATF_TP_ADD_TC(tp, late);
	ATF_TP_ADD_TC(tp, forged);
	ATF_TP_ADD_TC(tp, forged_native);
	ATF_TP_ADD_TC(tp, crossed);
	ATF_TP_ADD_TC(tp, probe_echo_answered);
	ATF_TP_ADD_TC(tp, window);
	ATF_TP_ADD_TC(tp, answers);
	ATF_TP_ADD_TC(tp, probe_get);
	ATF_TP_ADD_TC(tp, could_not_be_sent);
	ATF_TP_ADD_TC(tp, probe_reconf);
	ATF_TP_ADD_TC(tp, probe_reconf_healthy);
	return (atf_no_error());
}
