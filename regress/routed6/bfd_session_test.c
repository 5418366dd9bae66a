/*
 * Tests of BFD sessions, routed6/bfd_session.c: two of them on a wire in
 * memory with a clock of its own, or one and packets by hand.
 */
#include <atf-c.h>
#include <string.h>

#include "bfd_session.h"

struct end {
	struct bfd_session	 s;
	struct bfd_sessions	 all;
	struct bfd_packet	 last;		/* that it sent */
	uint64_t		 sent;
	mono_t			 at;		/* when */
	int64_t			 gap_min;	/* between two of them, ns */
	int64_t			 gap_max;
};

struct wire {
	struct end	 end[2];
	mono_t		 now;
	uint32_t	 random;
	int		 cut;		/* what end n sends is lost: bit n */
};

static const struct bfd_times	fast = { 50000, 50000, 3 };

static void
addr_set(struct ipaddr *a, uint8_t last)
{
	memset(a, 0, sizeof(*a));
	a->af = 4;
	a->b[0] = 10;
	a->b[3] = last;
}

static void
end_init(struct wire *w, int n, const struct bfd_times *times,
    const struct bfd_key *key)
{
	struct bfd_path	 path;
	struct end	*e = &w->end[n];

	memset(&path, 0, sizeof(path));
	addr_set(&path.remote, 2 - n);
	path.hops_min = 255;
	TAILQ_INIT(&e->all);
	bfd_session_init(&e->s, &path, 100 + n, 7000 * n, times, key, w->now);
	TAILQ_INSERT_TAIL(&e->all, &e->s, entry);
	e->gap_min = INT64_MAX;
}

static void
wire_init(struct wire *w, const struct bfd_times *a,
    const struct bfd_times *b, const struct bfd_key *key)
{
	memset(w, 0, sizeof(*w));
	w->now.ns = MONO_S(100);
	w->random = 1;
	end_init(w, 0, a, key);
	end_init(w, 1, b, key);
}

static uint32_t
random_next(struct wire *w)
{
	return (w->random = w->random * 1103515245 + 12345) >> 8;
}

/* A packet of end n, that the other is to get unless the wire is cut. */
static void
carry(struct wire *w, int n, const uint8_t *buf, size_t len)
{
	struct bfd_arrival	 a;
	struct bfd_session	*s;
	struct end		*e = &w->end[n];
	int64_t			 gap = mono_sub(w->now, e->at);

	ATF_REQUIRE_EQ(bfd_parse(&e->last, buf, len), BFD_R_OK);
	if (!(e->last.flags & BFD_FINAL)) {
		if (e->sent > 0 && gap < e->gap_min)
			e->gap_min = gap;
		if (e->sent > 0 && gap > e->gap_max)
			e->gap_max = gap;
		e->at = w->now;
	}
	e->sent++;
	if (w->cut & 1 << n)
		return;
	memset(&a, 0, sizeof(a));
	a.data = buf;
	a.len = len;
	a.hops = 255;
	addr_set(&a.from, n + 1);
	(void)bfd_receive(&w->end[!n].all, &a, w->now, &s);
}

/* All that needs no time. */
static void
pump(struct wire *w)
{
	uint8_t	 buf[BFD_PACKET_MAX];
	size_t	 len;
	int	 n, turns = 0, more = 1;

	while (more) {
		ATF_REQUIRE_MSG(++turns < 100, "they talk without end");
		for (n = more = 0; n < 2; n++) {
			len = bfd_session_output(&w->end[n].s, buf,
			    random_next(w), w->now);
			if (len > 0) {
				more = 1;
				carry(w, n, buf, len);
			}
		}
	}
}

static void
run(struct wire *w, int64_t ns)
{
	mono_t	 until = mono_add(w->now, ns), when;
	int	 n;

	for (;;) {
		pump(w);
		when = bfd_session_deadline(&w->end[0].s);
		if (!mono_reached(bfd_session_deadline(&w->end[1].s), when))
			when = bfd_session_deadline(&w->end[1].s);
		if (!mono_reached(until, when))
			break;
		if (mono_reached(when, w->now))
			w->now = when;
		for (n = 0; n < 2; n++)
			bfd_session_tick(&w->end[n].s, w->now);
	}
	w->now = until;
}

static void
gaps_clear(struct wire *w)
{
	int	 n;

	for (n = 0; n < 2; n++) {
		w->end[n].gap_min = INT64_MAX;
		w->end[n].gap_max = 0;
	}
}

static void
check_states(const struct wire *w, enum bfd_state a, enum bfd_state b)
{
	ATF_CHECK_STREQ(bfd_state_name(w->end[0].s.state), bfd_state_name(a));
	ATF_CHECK_STREQ(bfd_state_name(w->end[1].s.state), bfd_state_name(b));
}

static void
wire_up(struct wire *w, const struct bfd_times *a, const struct bfd_times *b)
{
	wire_init(w, a, b, NULL);
	run(w, MONO_S(3));
	check_states(w, BFD_UP, BFD_UP);
	gaps_clear(w);
}

/* --- two of them ------------------------------------------------------- */

ATF_TC_WITHOUT_HEAD(rfc5880_6_2_up);
ATF_TC_BODY(rfc5880_6_2_up, tc)
{
	struct wire	 w;

	wire_init(&w, &fast, &fast, NULL);
	check_states(&w, BFD_DOWN, BFD_DOWN);
	pump(&w);
	check_states(&w, BFD_UP, BFD_UP);
	ATF_CHECK_EQ(w.end[0].s.diag, BFD_DIAG_NONE);
	ATF_CHECK_EQ(w.end[0].s.remote_discr, 101);
	ATF_CHECK_EQ(w.end[1].s.remote_discr, 100);
}

/* While it is not up: not more than once a second, whatever is wanted. */
ATF_TC_WITHOUT_HEAD(rfc5880_6_8_3_slow);
ATF_TC_BODY(rfc5880_6_8_3_slow, tc)
{
	struct wire	 w;

	wire_init(&w, &fast, &fast, NULL);
	w.cut = 3;
	run(&w, MONO_S(60));
	ATF_CHECK(w.end[0].gap_min >= MONO_MS(750));
	ATF_CHECK(w.end[0].gap_max <= MONO_MS(1000));
	ATF_CHECK_EQ(w.end[0].last.min_tx, BFD_SLOW);
	ATF_CHECK_EQ(w.end[0].last.min_rx, 50000);
	ATF_CHECK_EQ(w.end[0].last.min_echo, 0);
	ATF_CHECK(!(w.end[0].last.flags & BFD_DEMAND));
}

/* Coming up changes what is told, which takes a poll. */
ATF_TC_WITHOUT_HEAD(rfc5880_6_5_poll_up);
ATF_TC_BODY(rfc5880_6_5_poll_up, tc)
{
	struct wire	 w;
	int		 n;

	wire_init(&w, &fast, &fast, NULL);
	pump(&w);
	for (n = 0; n < 2; n++) {
		ATF_CHECK_EQ(w.end[n].s.poll, 0);
		ATF_CHECK_EQ(w.end[n].s.min_tx, 50000);
		ATF_CHECK(w.end[n].s.count.polls >= 1);
		ATF_CHECK_EQ(bfd_session_interval(&w.end[n].s), 50000);
		ATF_CHECK_EQ(bfd_session_detection(&w.end[n].s),
		    MONO_MS(150));
	}
}

ATF_TC_WITHOUT_HEAD(rfc5880_6_8_7_jitter);
ATF_TC_BODY(rfc5880_6_8_7_jitter, tc)
{
	struct wire	 w;

	wire_up(&w, &fast, &fast);
	run(&w, MONO_S(60));
	check_states(&w, BFD_UP, BFD_UP);
	ATF_CHECK(w.end[0].gap_min >= MONO_US(37500));
	ATF_CHECK(w.end[0].gap_min <= MONO_US(38000));
	ATF_CHECK(w.end[0].gap_max <= MONO_US(50000));
	ATF_CHECK(w.end[0].gap_max >= MONO_US(49500));
}

ATF_TC_WITHOUT_HEAD(rfc5880_6_8_7_jitter_mult_1);
ATF_TC_BODY(rfc5880_6_8_7_jitter_mult_1, tc)
{
	static const struct bfd_times	 one = { 50000, 50000, 1 };
	struct wire			 w;

	wire_up(&w, &one, &one);
	run(&w, MONO_S(60));
	check_states(&w, BFD_UP, BFD_UP);
	ATF_CHECK_EQ(w.end[0].s.count.ups, 1);
	ATF_CHECK(w.end[0].gap_min >= MONO_US(37500));
	ATF_CHECK(w.end[0].gap_max <= MONO_US(45000));
	ATF_CHECK(w.end[0].gap_max >= MONO_US(44500));
}

/* The slower of the two decides, for each direction by itself. */
ATF_TC_WITHOUT_HEAD(rfc5880_6_8_2);
ATF_TC_BODY(rfc5880_6_8_2, tc)
{
	static const struct bfd_times	 a = { 20000, 100000, 5 };
	static const struct bfd_times	 b = { 30000, 40000, 2 };
	struct wire			 w;

	wire_up(&w, &a, &b);
	ATF_CHECK_EQ(bfd_session_interval(&w.end[0].s), 40000);
	ATF_CHECK_EQ(bfd_session_interval(&w.end[1].s), 100000);
	/* 6.8.4: the multiplier is the sender's. */
	ATF_CHECK_EQ(bfd_session_detection(&w.end[0].s), MONO_MS(200));
	ATF_CHECK_EQ(bfd_session_detection(&w.end[1].s), MONO_MS(200));
}

ATF_TC_WITHOUT_HEAD(rfc5880_6_8_4);
ATF_TC_BODY(rfc5880_6_8_4, tc)
{
	struct wire	 w;
	mono_t		 last;

	wire_up(&w, &fast, &fast);
	last = w.end[0].s.heard_at;
	w.cut = 3;
	run(&w, mono_sub(last, w.now) + MONO_MS(150) - 1);
	check_states(&w, BFD_UP, w.end[1].s.state);
	run(&w, 1);
	check_states(&w, BFD_DOWN, w.end[1].s.state);
	ATF_CHECK_EQ(w.end[0].s.diag, BFD_DIAG_EXPIRED);
	/* 6.8.1: the peer's number is not valid any more. */
	ATF_CHECK_EQ(w.end[0].s.remote_discr, 0);
	run(&w, MONO_S(5));
	check_states(&w, BFD_DOWN, BFD_DOWN);
	w.cut = 0;
	run(&w, MONO_S(2));
	check_states(&w, BFD_UP, BFD_UP);
	ATF_CHECK_EQ(w.end[0].s.count.ups, 2);
}

/* One direction is enough: who is deaf tells the other. */
ATF_TC_WITHOUT_HEAD(rfc5880_6_2_one_way);
ATF_TC_BODY(rfc5880_6_2_one_way, tc)
{
	struct wire	 w;

	wire_up(&w, &fast, &fast);
	w.cut = 2;
	run(&w, MONO_MS(160));
	check_states(&w, BFD_DOWN, BFD_DOWN);
	ATF_CHECK_EQ(w.end[0].s.diag, BFD_DIAG_EXPIRED);
	ATF_CHECK_EQ(w.end[1].s.diag, BFD_DIAG_NEIGHBOR);
	ATF_CHECK_EQ(w.end[1].s.remote_diag, BFD_DIAG_EXPIRED);
}

ATF_TC_WITHOUT_HEAD(rfc5880_6_8_16);
ATF_TC_BODY(rfc5880_6_8_16, tc)
{
	struct wire	 w;

	wire_up(&w, &fast, &fast);
	bfd_session_event(&w.end[0].s, BFD_EV_DISABLE, w.now);
	pump(&w);
	check_states(&w, BFD_ADMINDOWN, BFD_DOWN);
	ATF_CHECK_EQ(w.end[1].s.diag, BFD_DIAG_NEIGHBOR);
	ATF_CHECK_EQ(w.end[1].s.remote_state, BFD_ADMINDOWN);
	ATF_CHECK_EQ(w.end[1].s.remote_diag, BFD_DIAG_ADMIN);
	run(&w, MONO_S(3));
	check_states(&w, BFD_ADMINDOWN, BFD_DOWN);
	bfd_session_event(&w.end[0].s, BFD_EV_ENABLE, w.now);
	run(&w, MONO_S(2));
	check_states(&w, BFD_UP, BFD_UP);
}

ATF_TC_WITHOUT_HEAD(rfc5880_6_8_15);
ATF_TC_BODY(rfc5880_6_8_15, tc)
{
	struct wire	 w;

	wire_up(&w, &fast, &fast);
	bfd_session_event(&w.end[0].s, BFD_EV_RESET, w.now);
	w.cut = 2;
	pump(&w);
	check_states(&w, BFD_DOWN, BFD_DOWN);
	ATF_CHECK_EQ(w.end[1].s.remote_state, BFD_DOWN);
	ATF_CHECK_EQ(w.end[1].s.remote_diag, BFD_DIAG_RESET);
}

/* --- changes of a running session -------------------------------------- */

/* Slower: the peer must know before we are. */
ATF_TC_WITHOUT_HEAD(rfc5880_6_8_3_slower);
ATF_TC_BODY(rfc5880_6_8_3_slower, tc)
{
	static const struct bfd_times	 slow = { 400000, 50000, 3 };
	struct wire			 w;

	wire_up(&w, &fast, &fast);
	bfd_session_reconf(&w.end[0].s, &slow, NULL);
	ATF_CHECK_EQ(w.end[0].s.poll, 1);
	w.cut = 3;
	run(&w, MONO_MS(60));
	ATF_CHECK(w.end[0].last.flags & BFD_POLL);
	ATF_CHECK_EQ(w.end[0].last.min_tx, 400000);
	ATF_CHECK_EQ(bfd_session_interval(&w.end[0].s), 50000);
	w.cut = 0;
	run(&w, MONO_MS(50));
	ATF_CHECK_EQ(w.end[0].s.poll, 0);
	ATF_CHECK_EQ(bfd_session_interval(&w.end[0].s), 400000);
	ATF_CHECK_EQ(bfd_session_detection(&w.end[1].s), MONO_MS(1200));
	run(&w, MONO_S(10));
	ATF_CHECK_EQ(w.end[0].s.count.ups, 1);
	ATF_CHECK_EQ(w.end[1].s.count.ups, 1);
}

/* Hear more often: not less patient before the peer is faster. */
ATF_TC_WITHOUT_HEAD(rfc5880_6_8_3_faster);
ATF_TC_BODY(rfc5880_6_8_3_faster, tc)
{
	static const struct bfd_times	 wants = { 50000, 10000, 3 };
	static const struct bfd_times	 can = { 10000, 50000, 3 };
	struct wire			 w;

	wire_up(&w, &fast, &can);
	bfd_session_reconf(&w.end[0].s, &wants, NULL);
	ATF_CHECK_EQ(bfd_session_detection(&w.end[0].s), MONO_MS(150));
	pump(&w);
	ATF_CHECK_EQ(bfd_session_detection(&w.end[0].s), MONO_MS(30));
	/* 6.8.3: the peer does not wait out its old interval. */
	ATF_CHECK(mono_sub(bfd_session_deadline(&w.end[1].s), w.now) <=
	    MONO_MS(10));
	run(&w, MONO_S(5));
	ATF_CHECK_EQ(w.end[0].s.count.ups, 1);
	ATF_CHECK_EQ(w.end[1].s.count.ups, 1);
}

/* Twice in a row: the answer to the first must not count for the second. */
ATF_TC_WITHOUT_HEAD(rfc5880_6_8_3_ambiguous);
ATF_TC_BODY(rfc5880_6_8_3_ambiguous, tc)
{
	static const struct bfd_times	 slow = { 200000, 50000, 3 };
	static const struct bfd_times	 slower = { 300000, 50000, 3 };
	struct bfd_session		*s;
	struct wire			 w;

	wire_up(&w, &fast, &fast);
	s = &w.end[0].s;
	w.cut = 2;
	bfd_session_reconf(s, &slow, NULL);
	pump(&w);
	bfd_session_reconf(s, &slower, NULL);
	ATF_CHECK_EQ(s->poll_next, 1);
	w.cut = 0;
	run(&w, MONO_MS(40));
	ATF_CHECK_EQ(s->use_tx, 50000);
	run(&w, MONO_MS(200));
	ATF_CHECK_EQ(s->use_tx, 300000);
	ATF_CHECK_EQ(s->poll, 0);
	ATF_CHECK_EQ(s->count.ups, 1);
	ATF_CHECK_EQ(w.end[1].s.count.ups, 1);
}

ATF_TC_WITHOUT_HEAD(rfc5880_6_8_12);
ATF_TC_BODY(rfc5880_6_8_12, tc)
{
	static const struct bfd_times	 patient = { 50000, 50000, 9 };
	struct wire			 w;

	wire_up(&w, &fast, &fast);
	bfd_session_reconf(&w.end[0].s, &patient, NULL);
	pump(&w);
	ATF_CHECK_EQ(bfd_session_detection(&w.end[1].s), MONO_MS(450));
	ATF_CHECK_EQ(w.end[0].s.poll, 0);
}

/* --- one, and packets by hand ------------------------------------------ */

/* What end 1 would say; b has room for a packet. */
static enum bfd_rule
say(struct wire *w, const struct bfd_packet *p)
{
	uint8_t			 b[BFD_PACKET_MAX];
	struct bfd_session	*s;
	struct bfd_arrival	 a;
	struct wr		 wr;

	wr_init(&wr, b, sizeof(b));
	bfd_build(&wr, p);
	memset(&a, 0, sizeof(a));
	a.data = b;
	a.len = wr.len;
	a.hops = 255;
	addr_set(&a.from, 2);
	return (bfd_receive(&w->end[0].all, &a, w->now, &s));
}

static const struct bfd_packet	spoken = {
	.state = BFD_UP, .mult = 3, .len = BFD_HEADER_LEN, .my = 101,
	.your = 100, .min_tx = 50000, .min_rx = 50000
};

ATF_TC_WITHOUT_HEAD(rfc5880_6_8_6_rule_7);
ATF_TC_BODY(rfc5880_6_8_6_rule_7, tc)
{
	struct bfd_packet	 p = spoken;
	struct wire		 w;

	wire_up(&w, &fast, &fast);
	ATF_CHECK_EQ(say(&w, &p), BFD_R_OK);
	p.your = 4711;
	ATF_CHECK_EQ(say(&w, &p), BFD_R_YOUR);
}

/* Rules 7 and 9: also by who sent it, and how. */
ATF_TC_WITHOUT_HEAD(rfc5880_6_8_6_rule_9);
ATF_TC_BODY(rfc5880_6_8_6_rule_9, tc)
{
	struct bfd_packet	 p = spoken;
	uint8_t			 b[BFD_PACKET_MAX];
	struct bfd_session	*s;
	struct bfd_arrival	 a;
	struct wire		 w;
	struct wr		 wr;

	wire_up(&w, &fast, &fast);
	p.your = 0;
	p.state = BFD_DOWN;
	wr_init(&wr, b, sizeof(b));
	bfd_build(&wr, &p);
	memset(&a, 0, sizeof(a));
	a.data = b;
	a.len = wr.len;
	a.hops = 255;
	addr_set(&a.from, 3);
	ATF_CHECK_EQ(bfd_receive(&w.end[0].all, &a, w.now, &s),
	    BFD_R_STRANGER);
	ATF_CHECK(s == NULL);
	addr_set(&a.from, 2);
	a.multihop = 1;
	ATF_CHECK_EQ(bfd_receive(&w.end[0].all, &a, w.now, &s),
	    BFD_R_STRANGER);
	a.multihop = 0;
	a.hops = 254;			/* RFC 5881 5 */
	ATF_CHECK_EQ(bfd_receive(&w.end[0].all, &a, w.now, &s), BFD_R_HOPS);
	ATF_CHECK_EQ(w.end[0].s.count.rule[BFD_R_HOPS], 1);
	ATF_CHECK_EQ(w.end[0].s.state, BFD_UP);
	a.hops = 255;
	ATF_CHECK_EQ(bfd_receive(&w.end[0].all, &a, w.now, &s), BFD_R_OK);
	ATF_CHECK(s == &w.end[0].s);
	ATF_CHECK_EQ(w.end[0].s.state, BFD_DOWN);
}

ATF_TC_WITHOUT_HEAD(rfc5880_6_8_6_rule_10_to_12);
ATF_TC_BODY(rfc5880_6_8_6_rule_10_to_12, tc)
{
	static const struct bfd_key	 key = {
		BFD_AUTH_SHA1, 1, 3, "abc"
	};
	struct bfd_packet		 p = spoken;
	struct bfd_key			 other = key;
	struct wire			 w;

	wire_init(&w, &fast, &fast, &key);
	pump(&w);
	check_states(&w, BFD_UP, BFD_UP);
	ATF_CHECK_EQ(say(&w, &p), BFD_R_AUTH_MISSING);
	p.flags = BFD_AUTH;
	p.len = BFD_HEADER_LEN;
	ATF_CHECK_EQ(say(&w, &p), BFD_R_SHORT);
	/* The peer changes its key; then so do we. */
	other.secret[0] = 'x';
	bfd_session_reconf(&w.end[1].s, &fast, &other);
	run(&w, MONO_MS(100));
	ATF_CHECK(w.end[0].s.count.rule[BFD_R_AUTH] > 0);
	bfd_session_reconf(&w.end[0].s, &fast, &other);
	run(&w, MONO_S(1));
	ATF_CHECK_EQ(w.end[0].s.count.ups, 1);
	/* And gives it up. */
	bfd_session_reconf(&w.end[0].s, &fast, NULL);
	run(&w, MONO_MS(100));
	ATF_CHECK(w.end[0].s.count.rule[BFD_R_AUTH_UNUSED] > 0);
}

/* Discarded packets do not keep a session alive. */
ATF_TC_WITHOUT_HEAD(rfc5880_6_8_6_rule_13);
ATF_TC_BODY(rfc5880_6_8_6_rule_13, tc)
{
	struct bfd_packet	 p = spoken;
	uint8_t			 b[BFD_PACKET_MAX];
	struct wire		 w;

	wire_up(&w, &fast, &fast);
	bfd_session_event(&w.end[0].s, BFD_EV_DISABLE, w.now);
	ATF_CHECK(bfd_session_output(&w.end[0].s, b, 0, w.now) > 0);
	p.flags = BFD_POLL;
	ATF_CHECK_EQ(say(&w, &p), BFD_R_ADMINDOWN);
	ATF_CHECK_EQ(bfd_session_output(&w.end[0].s, b, 0, w.now), 0);
}

/* A poll is answered at once and by itself, whatever we poll for. */
ATF_TC_WITHOUT_HEAD(rfc5880_6_8_7_final);
ATF_TC_BODY(rfc5880_6_8_7_final, tc)
{
	struct bfd_packet	 p = spoken, got;
	uint8_t			 b[BFD_PACKET_MAX];
	struct wire		 w;

	wire_up(&w, &fast, &fast);
	w.end[0].s.poll = 1;
	p.flags = BFD_POLL;
	ATF_CHECK_EQ(say(&w, &p), BFD_R_OK);
	ATF_REQUIRE(bfd_session_output(&w.end[0].s, b, 0, w.now) > 0);
	ATF_REQUIRE_EQ(bfd_parse(&got, b, sizeof(b)), BFD_R_OK);
	ATF_CHECK_EQ(got.flags, BFD_FINAL);
}

/* The peer wants no packets: by zero, or by demand mode. */
ATF_TC_WITHOUT_HEAD(rfc5880_6_8_7_silence);
ATF_TC_BODY(rfc5880_6_8_7_silence, tc)
{
	struct bfd_packet	 p = spoken;
	struct bfd_session	*s;
	uint8_t			 b[BFD_PACKET_MAX];
	struct wire		 w;
	mono_t			 later;

	wire_up(&w, &fast, &fast);
	s = &w.end[0].s;
	later = mono_add(w.now, MONO_MS(100));
	p.min_rx = 0;
	ATF_CHECK_EQ(say(&w, &p), BFD_R_OK);
	ATF_CHECK_EQ(bfd_session_output(s, b, 0, later), 0);
	p.min_rx = 50000;
	p.flags = BFD_DEMAND;
	ATF_CHECK_EQ(say(&w, &p), BFD_R_OK);
	ATF_CHECK_EQ(bfd_session_output(s, b, 0, later), 0);
	/* But we are asked to poll, and do; and the peer may not be up. */
	s->poll = 1;
	ATF_CHECK(bfd_session_output(s, b, 0, later) > 0);
	s->poll = 0;
	p.state = BFD_INIT;
	later = mono_add(later, MONO_MS(100));
	ATF_CHECK_EQ(say(&w, &p), BFD_R_OK);
	ATF_CHECK(bfd_session_output(s, b, 0, later) > 0);
	/* It is still expected to be heard. */
	bfd_session_tick(s, mono_add(w.now, MONO_MS(150)));
	ATF_CHECK_EQ(s->state, BFD_DOWN);
}

/* 6.8.1: after twice the detection time any sequence number is good. */
ATF_TC_WITHOUT_HEAD(rfc5880_6_8_1_seq_forgotten);
ATF_TC_BODY(rfc5880_6_8_1_seq_forgotten, tc)
{
	static const struct bfd_key	 key = {
		BFD_AUTH_SHA1_METICULOUS, 1, 3, "abc"
	};
	struct wire			 w;

	wire_init(&w, &fast, &fast, &key);
	run(&w, MONO_S(2));
	check_states(&w, BFD_UP, BFD_UP);
	/* The peer starts anew, with a number from long ago. */
	end_init(&w, 1, &fast, &key);
	w.cut = 2;
	run(&w, MONO_MS(290));
	ATF_CHECK_EQ(w.end[0].s.state, BFD_DOWN);
	w.cut = 0;
	run(&w, MONO_S(5));
	check_states(&w, BFD_UP, BFD_UP);
}

/* Whatever a peer sends, each packet costs at most two of ours. */
ATF_TC_WITHOUT_HEAD(bfd_session_flipped);
ATF_TC_BODY(bfd_session_flipped, tc)
{
	struct bfd_packet	 p;
	uint8_t			 b[BFD_PACKET_MAX];
	struct bfd_session	*s;
	struct bfd_arrival	 a;
	struct wire		 w;
	struct wr		 wr;
	size_t			 i;
	int			 n;

	wire_up(&w, &fast, &fast);
	for (i = 0; i < 8 * BFD_HEADER_LEN; i++) {
		p = spoken;
		p.state = BFD_ADMINDOWN + i % 4;
		wr_init(&wr, b, sizeof(b));
		bfd_build(&wr, &p);
		b[i / 8] ^= 1 << i % 8;
		memset(&a, 0, sizeof(a));
		a.data = b;
		a.len = wr.len;
		a.hops = 255;
		addr_set(&a.from, 2);
		(void)bfd_receive(&w.end[0].all, &a, w.now, &s);
		for (n = 0; bfd_session_output(&w.end[0].s, b, i, w.now) > 0;
		    n++)
			ATF_REQUIRE_MSG(n < 2, "bit %zu", i);
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, rfc5880_6_2_up);
	ATF_TP_ADD_TC(tp, rfc5880_6_2_one_way);
	ATF_TP_ADD_TC(tp, rfc5880_6_5_poll_up);
	ATF_TP_ADD_TC(tp, rfc5880_6_8_1_seq_forgotten);
	ATF_TP_ADD_TC(tp, rfc5880_6_8_2);
	ATF_TP_ADD_TC(tp, rfc5880_6_8_3_slow);
	ATF_TP_ADD_TC(tp, rfc5880_6_8_3_slower);
	ATF_TP_ADD_TC(tp, rfc5880_6_8_3_faster);
	ATF_TP_ADD_TC(tp, rfc5880_6_8_3_ambiguous);
	ATF_TP_ADD_TC(tp, rfc5880_6_8_4);
	ATF_TP_ADD_TC(tp, rfc5880_6_8_6_rule_7);
	ATF_TP_ADD_TC(tp, rfc5880_6_8_6_rule_9);
	ATF_TP_ADD_TC(tp, rfc5880_6_8_6_rule_10_to_12);
	ATF_TP_ADD_TC(tp, rfc5880_6_8_6_rule_13);
	ATF_TP_ADD_TC(tp, rfc5880_6_8_7_final);
	ATF_TP_ADD_TC(tp, rfc5880_6_8_7_jitter);
	ATF_TP_ADD_TC(tp, rfc5880_6_8_7_jitter_mult_1);
	ATF_TP_ADD_TC(tp, rfc5880_6_8_7_silence);
	ATF_TP_ADD_TC(tp, rfc5880_6_8_12);
	ATF_TP_ADD_TC(tp, rfc5880_6_8_15);
	ATF_TP_ADD_TC(tp, rfc5880_6_8_16);
	ATF_TP_ADD_TC(tp, bfd_session_flipped);
	return (atf_no_error());
}
