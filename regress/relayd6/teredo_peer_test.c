/*
 * Tests of relayd6/teredo_peer.c, teredo_queue.c and bucket.c.
 */
#include <atf-c.h>
#include <stdlib.h>
#include <string.h>

#include "bucket.h"
#include "teredo_queue.h"
#include "test.h"

static const uint8_t	key[SIPHASH_KEYLEN] = { 1, 2, 3 };

static struct addr6
address(uint32_t n)
{
	struct addr6	 a;

	a.hi = 0x20010000ULL << 32 | n % 13;
	a.lo = n;
	return (a);
}

static mono_t
at(int64_t ms)
{
	mono_t	 t = { MONO_S(100) + MONO_MS(ms) };

	return (t);
}

static struct teredo_peer *
add(struct teredo_table *t, uint32_t n, enum teredo_state state, int64_t ms)
{
	struct addr6		 a = address(n);
	struct teredo_peer	*p;

	p = teredo_peer_add(t, &a, state, at(ms));
	if (p != NULL)
		p->last_rx = p->last_try = at(ms);
	return (p);
}

static struct teredo_peer *
find(struct teredo_table *t, uint32_t n)
{
	struct addr6	 a = address(n);

	return (teredo_peer_find(t, &a));
}

TEST(peer_find, "found by its address, all of it")
{
	struct teredo_table	 t;
	struct addr6		 a;
	uint32_t		 i;

	ATF_REQUIRE_EQ(teredo_table_init(&t, 1000, key), 0);
	ATF_CHECK_EQ(memcmp(t.key, key, sizeof(key)), 0);
	ATF_CHECK_EQ(t.mask, 1023);
	ATF_CHECK(find(&t, 5) == NULL);
	for (i = 0; i < 1000; i++)
		ATF_REQUIRE(add(&t, i, TEREDO_WAITING, 0) != NULL);
	ATF_CHECK_EQ(t.count, 1000);
	for (i = 0; i < 1000; i++) {
		ATF_REQUIRE(find(&t, i) != NULL);
		ATF_CHECK_EQ(find(&t, i)->addr.lo, i);
	}
	a = address(7);
	a.hi++;
	ATF_CHECK(teredo_peer_find(&t, &a) == NULL);
	ATF_CHECK(find(&t, 1000) == NULL);
	ATF_CHECK(add(&t, 1000, TEREDO_WAITING, 0) == NULL);
	teredo_table_free(&t);
}

TEST(peer_remove, "places are used again, the others stay found")
{
	struct teredo_table	 t;
	uint32_t		 i;

	ATF_REQUIRE_EQ(teredo_table_init(&t, 100, key), 0);
	for (i = 0; i < 100; i++)
		add(&t, i, TEREDO_WAITING, 0);
	for (i = 0; i < 100; i += 2)
		teredo_peer_remove(&t, find(&t, i));
	ATF_CHECK_EQ(t.count, 50);
	for (i = 0; i < 100; i++) {
		ATF_CHECK_EQ(find(&t, i) != NULL, i % 2);
		ATF_CHECK_EQ(teredo_peer_at(&t, i + 1) != NULL, i % 2);
	}
	for (i = 0; i < 50; i++)
		ATF_REQUIRE(add(&t, 200 + i, TEREDO_TRUSTED, 0) != NULL);
	ATF_CHECK_EQ(t.fresh, 100);
	ATF_CHECK_EQ(t.lists[TEREDO_WAITING].count, 50);
	ATF_CHECK_EQ(t.lists[TEREDO_TRUSTED].count, 50);
	ATF_CHECK(add(&t, 300, TEREDO_WAITING, 0) == NULL);
	teredo_table_free(&t);
}

TEST(peer_fresh, "a scan that stays small touches little of the table")
{
	struct teredo_table	 t;
	uint32_t		 i;

	ATF_REQUIRE_EQ(teredo_table_init(&t, 100000, key), 0);
	for (i = 0; i < 50000; i++) {
		add(&t, i, TEREDO_WAITING, i);
		if (i >= 10)
			teredo_peer_remove(&t, find(&t, i - 10));
	}
	ATF_CHECK_EQ(t.fresh, 11);
	teredo_table_free(&t);
}

TEST(peer_empty, "a table for nobody")
{
	struct teredo_table	 t;

	ATF_REQUIRE_EQ(teredo_table_init(&t, 0, key), 0);
	ATF_CHECK(find(&t, 1) == NULL);
	ATF_CHECK(add(&t, 1, TEREDO_WAITING, 0) == NULL);
	ATF_CHECK(teredo_peer_victim(&t, at(0)) == NULL);
	ATF_CHECK(teredo_peer_at(&t, 1) == NULL);
	ATF_CHECK_EQ(teredo_peer_due(&t, TEREDO_TRUSTED).ns, TEREDO_NEVER);
	teredo_table_free(&t);
}

TEST(peer_due, "each state has its time")
{
	struct teredo_table	 t;

	ATF_REQUIRE_EQ(teredo_table_init(&t, 8, key), 0);
	add(&t, 1, TEREDO_WAITING, 0);
	add(&t, 2, TEREDO_ASSUMED, 10);
	add(&t, 3, TEREDO_CLAIMED, 20);
	add(&t, 4, TEREDO_TRUSTED, 30);
	add(&t, 5, TEREDO_TRUSTED, 40);
	ATF_CHECK_EQ(teredo_peer_due(&t, TEREDO_WAITING).ns, at(2000).ns);
	ATF_CHECK_EQ(teredo_peer_due(&t, TEREDO_ASSUMED).ns, at(30010).ns);
	ATF_CHECK_EQ(teredo_peer_due(&t, TEREDO_CLAIMED).ns, at(30020).ns);
	ATF_CHECK_EQ(teredo_peer_due(&t, TEREDO_TRUSTED).ns, at(30030).ns);
	teredo_peer_touch(&t, find(&t, 4), at(5000));
	ATF_CHECK_EQ(teredo_peer_due(&t, TEREDO_TRUSTED).ns, at(30040).ns);
	ATF_CHECK(!teredo_peer_valid(find(&t, 5), at(30040)));
	ATF_CHECK(teredo_peer_valid(find(&t, 5), at(30039)));
	teredo_table_free(&t);
}

TEST(peer_touch, "moved once a second, never forgotten early")
{
	struct teredo_table	 t;
	int64_t			 ms;

	ATF_REQUIRE_EQ(teredo_table_init(&t, 8, key), 0);
	add(&t, 1, TEREDO_TRUSTED, 0);
	add(&t, 2, TEREDO_TRUSTED, 0);
	for (ms = 0; ms < 1000; ms += 50) {
		teredo_peer_touch(&t, find(&t, 1), at(ms));
		ATF_CHECK_EQ(teredo_peer_first(&t, TEREDO_TRUSTED),
		    find(&t, 1));
	}
	/* It is the first to be looked at, but not before its time. */
	ATF_CHECK_EQ(teredo_peer_due(&t, TEREDO_TRUSTED).ns, at(30950).ns);
	teredo_peer_touch(&t, find(&t, 1), at(1000));
	ATF_CHECK_EQ(teredo_peer_first(&t, TEREDO_TRUSTED), find(&t, 2));
	teredo_table_free(&t);
}

TEST(peer_move, "to another state, from the middle of a queue")
{
	struct teredo_table	 t;
	uint32_t		 i;

	ATF_REQUIRE_EQ(teredo_table_init(&t, 8, key), 0);
	for (i = 0; i < 5; i++)
		add(&t, i, TEREDO_WAITING, i);
	teredo_peer_move(&t, find(&t, 2), TEREDO_TRUSTED, at(9));
	ATF_CHECK_EQ(find(&t, 2)->since.ns, at(9).ns);
	teredo_peer_move(&t, find(&t, 4), TEREDO_TRUSTED, at(10));
	teredo_peer_move(&t, find(&t, 0), TEREDO_WAITING, at(11));
	ATF_CHECK_EQ(find(&t, 0)->since.ns, at(0).ns);
	for (i = 1; i <= 3; i += 2) {
		ATF_CHECK_EQ(teredo_peer_first(&t, TEREDO_WAITING),
		    find(&t, i));
		teredo_peer_remove(&t, find(&t, i));
	}
	ATF_CHECK_EQ(teredo_peer_first(&t, TEREDO_WAITING), find(&t, 0));
	ATF_CHECK_EQ(teredo_peer_first(&t, TEREDO_TRUSTED), find(&t, 2));
	ATF_CHECK_EQ(t.lists[TEREDO_TRUSTED].count, 2);
	teredo_table_free(&t);
}

TEST(peer_victim, "who makes room: waiting, assumed, silent; nobody else")
{
	struct teredo_table	 t;
	uint32_t		 i;
	static const uint32_t	 order[] = { 5, 4, 1 };

	ATF_REQUIRE_EQ(teredo_table_init(&t, 8, key), 0);
	add(&t, 1, TEREDO_TRUSTED, 0);
	add(&t, 2, TEREDO_TRUSTED, 20000);
	add(&t, 3, TEREDO_CLAIMED, 20000);
	add(&t, 4, TEREDO_ASSUMED, 20000);
	add(&t, 5, TEREDO_WAITING, 20000);
	for (i = 0; i < 3; i++) {
		ATF_CHECK_EQ(teredo_peer_victim(&t, at(30000)),
		    find(&t, order[i]));
		teredo_peer_remove(&t, find(&t, order[i]));
	}
	ATF_CHECK(teredo_peer_victim(&t, at(30000)) == NULL);
	ATF_CHECK_EQ(teredo_peer_victim(&t, at(50000)), find(&t, 3));
	teredo_table_free(&t);
}

TEST(peer_random, "a hundred thousand steps, compared with a plain array")
{
	enum { N = 64 };
	struct teredo_table	 t;
	int			 state[N] = { 0 };
	uint32_t		 i, n, r = 1, count[TEREDO_NSTATES];

	ATF_REQUIRE_EQ(teredo_table_init(&t, N, key), 0);
	for (i = 0; i < 100000; i++) {
		r = r * 1664525 + 1013904223;
		n = r >> 16 & (N - 1);
		if (state[n] == TEREDO_FREE) {
			state[n] = 1 + (r >> 24) % 4;
			ATF_REQUIRE(add(&t, n, state[n], i) != NULL);
		} else if ((r >> 28 & 1) != 0) {
			teredo_peer_remove(&t, find(&t, n));
			state[n] = TEREDO_FREE;
		} else {
			state[n] = 1 + (r >> 24) % 4;
			teredo_peer_move(&t, find(&t, n), state[n], at(i));
		}
		ATF_REQUIRE_EQ(find(&t, n) != NULL, state[n] != 0);
	}
	memset(count, 0, sizeof(count));
	for (n = 0; n < N; n++) {
		count[state[n]]++;
		ATF_REQUIRE_EQ(find(&t, n) == NULL ? 0 : find(&t, n)->state,
		    state[n]);
	}
	for (n = 1; n < TEREDO_NSTATES; n++)
		ATF_CHECK_EQ(t.lists[n].count, count[n]);
	ATF_CHECK_EQ(t.count, N - count[0]);
	teredo_table_free(&t);
}

/* --- teredo_queue.c ------------------------------------------------------- */

TEST(queue_order, "first in, first out for each; by age over all")
{
	struct teredo_table	 t;
	struct teredo_queue	 q;
	struct teredo_peer	*p[2];
	const uint8_t		*data;
	size_t			 len;
	uint8_t			 tos, i;

	ATF_REQUIRE_EQ(teredo_table_init(&t, 8, key), 0);
	ATF_REQUIRE_EQ(teredo_queue_init(&q, 100), 0);
	p[0] = add(&t, 1, TEREDO_WAITING, 0);
	p[1] = add(&t, 2, TEREDO_WAITING, 0);
	ATF_CHECK_EQ(teredo_queue_oldest(&q), 0);
	for (i = 0; i < 10; i++)
		teredo_queue_put(&q, &t, p[i / 2 % 2], &i, 1, i + 100);
	ATF_CHECK_EQ(teredo_queue_oldest(&q), teredo_peer_ref(&t, p[0]));
	for (i = 0; i < 10; i++) {
		if (i / 2 % 2 == 1)
			continue;
		data = teredo_queue_get(&q, p[0], &len, &tos);
		ATF_REQUIRE(data != NULL);
		ATF_CHECK(*data == i && len == 1 && tos == i + 100);
	}
	ATF_CHECK(teredo_queue_get(&q, p[0], &len, &tos) == NULL);
	ATF_CHECK_EQ(teredo_queue_oldest(&q), teredo_peer_ref(&t, p[1]));
	ATF_CHECK_EQ(q.count, 4);
	while (teredo_queue_get(&q, p[1], &len, &tos) != NULL)
		;
	ATF_CHECK_EQ(q.count, 0);
	ATF_CHECK_EQ(teredo_queue_oldest(&q), 0);
	teredo_queue_free(&q);
	teredo_table_free(&t);
}

TEST(queue_full, "every place is used, and used again")
{
	struct teredo_table	 t;
	struct teredo_queue	 q;
	struct teredo_peer	*p[8];
	const uint8_t		*got;
	uint8_t			 data[100], tos;
	size_t			 len;
	int			 i, round;

	ATF_REQUIRE_EQ(teredo_table_init(&t, 8, key), 0);
	ATF_REQUIRE_EQ(teredo_queue_init(&q, sizeof(data)), 0);
	for (i = 0; i < 8; i++)
		p[i] = add(&t, i, TEREDO_WAITING, 0);
	for (round = 0; round < 3; round++) {
		for (i = 0; i < LIMIT_TEREDO_HELD; i++) {
			memset(data, i * 7 + round, sizeof(data));
			ATF_REQUIRE(teredo_queue_has_room(&q));
			teredo_queue_put(&q, &t, p[i % 8], data,
			    sizeof(data), 0);
		}
		ATF_CHECK(!teredo_queue_has_room(&q));
		for (i = 0; i < LIMIT_TEREDO_HELD; i++) {
			got = teredo_queue_get(&q, p[i % 8], &len, &tos);
			ATF_REQUIRE(got != NULL && len == sizeof(data));
			ATF_REQUIRE_EQ(got[99], ((i * 7 + round) & 0xff));
		}
		for (i = 0; i < 8; i++)
			ATF_CHECK(teredo_queue_get(&q, p[i], &len, &tos) ==
			    NULL);
		ATF_CHECK_EQ(q.count, 0);
		ATF_CHECK_EQ(teredo_queue_oldest(&q), 0);
	}
	teredo_queue_free(&q);
	ATF_CHECK(!teredo_queue_has_room(&q));
	teredo_table_free(&t);
}

/* --- bucket.c ------------------------------------------------------------- */

TEST(bucket, "tokens: a burst, a half, then one an interval")
{
	struct bucket		 b = { 0 };
	struct bucket_rate	 r = bucket_rate(10, 4), none;
	int			 i;

	for (i = 0; i < 4; i++) {
		ATF_CHECK_EQ(bucket_half(&b, &r, at(0)), i <= 2);
		ATF_REQUIRE(bucket_has(&b, &r, at(0)));
		bucket_take(&b, &r, at(0));
	}
	ATF_CHECK(!bucket_has(&b, &r, at(0)));
	ATF_CHECK(!bucket_has(&b, &r, at(99)));
	ATF_CHECK(bucket_has(&b, &r, at(100)));
	ATF_CHECK(!bucket_half(&b, &r, at(199)));
	ATF_CHECK(bucket_half(&b, &r, at(200)));
	none = bucket_rate(0, 4);
	ATF_CHECK(!bucket_has(&b, &none, at(100000)));
	ATF_CHECK(!bucket_half(&b, &none, at(100000)));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, peer_find);
	ATF_TP_ADD_TC(tp, peer_remove);
	ATF_TP_ADD_TC(tp, peer_fresh);
	ATF_TP_ADD_TC(tp, peer_empty);
	ATF_TP_ADD_TC(tp, peer_due);
	ATF_TP_ADD_TC(tp, peer_touch);
	ATF_TP_ADD_TC(tp, peer_move);
	ATF_TP_ADD_TC(tp, peer_victim);
	ATF_TP_ADD_TC(tp, peer_random);
	ATF_TP_ADD_TC(tp, queue_order);
	ATF_TP_ADD_TC(tp, queue_full);
	ATF_TP_ADD_TC(tp, bucket);
	return (atf_no_error());
}
