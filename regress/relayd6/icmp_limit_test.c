/*
 * Tests of relayd6/icmp_limit.c: RFC 4443 2.4 f.
 */
#include <atf-c.h>

#include "icmp_limit.h"

static const uint8_t	key[SIPHASH_KEYLEN] = { 7, 1, 8, 2 };

/* The n-th of many different /64s. */
static struct addr6
net(uint64_t n)
{
	struct addr6	 a = { 0x2a10000000000000ULL, 1 };

	a.hi += n;
	return (a);
}

/* How many of n errors to the same host may leave at one moment. */
static int
burst_one(struct icmp_limit *l, const struct addr6 *a, int n, mono_t now)
{
	int	 sent = 0;

	while (n-- > 0)
		sent += icmp_limit_take(l, a, now);
	return (sent);
}

/* How many of n errors to n networks. */
static int
burst_many(struct icmp_limit *l, uint64_t first, int n, mono_t now)
{
	struct addr6	 a;
	int		 i, sent = 0;

	for (i = 0; i < n; i++) {
		a = net(first + i);
		sent += icmp_limit_take(l, &a, now);
	}
	return (sent);
}

ATF_TC(limit_total);
ATF_TC_HEAD(limit_total, tc)
{
	atf_tc_set_md_var(tc, "descr", "no more in all than configured");
}
ATF_TC_BODY(limit_total, tc)
{
	static struct icmp_limit	 l;
	mono_t				 now = { MONO_S(5) };
	int				 i, sent = 0;

	icmp_limit_init(&l, key);
	icmp_limit_rate(&l, 1000);
	ATF_CHECK_EQ(burst_many(&l, 0, 500, now), 100);
	for (i = 0; i < 1000; i++) {
		now = mono_add(now, MONO_MS(1));
		sent += burst_many(&l, 1000 + 3 * i, 3, now);
	}
	ATF_CHECK_MSG(sent >= 990 && sent <= 1000, "%d in a second", sent);
	ATF_CHECK_EQ(l.sent, 100U + sent);
	ATF_CHECK_EQ(l.held, 3500U - l.sent);
}

ATF_TC(limit_network);
ATF_TC_HEAD(limit_network, tc)
{
	atf_tc_set_md_var(tc, "descr", "one /64 leaves the others their share");
}
ATF_TC_BODY(limit_network, tc)
{
	static struct icmp_limit	 l;
	struct addr6			 a = net(0), b = net(0), c = net(1);
	mono_t				 now = { 0 };
	int				 i, sent = 0;

	b.lo = 99;			/* another host of the same network */
	icmp_limit_init(&l, key);
	icmp_limit_rate(&l, 1000);
	ATF_CHECK_EQ(burst_one(&l, &a, 500, now), 50);
	ATF_CHECK_EQ(burst_one(&l, &b, 500, now), 0);
	ATF_CHECK_EQ(burst_one(&l, &c, 500, now), 50);
	for (i = 0; i < 1000; i++) {
		now = mono_add(now, MONO_MS(1));
		sent += burst_one(&l, &a, 5, now);
	}
	ATF_CHECK_MSG(sent >= 99 && sent <= 101, "%d in a second", sent);
}

ATF_TC(limit_small);
ATF_TC_HEAD(limit_small, tc)
{
	atf_tc_set_md_var(tc, "descr", "the smallest rates, and none at all");
}
ATF_TC_BODY(limit_small, tc)
{
	static struct icmp_limit	 l;
	struct addr6			 a = net(0);
	mono_t				 now = { MONO_S(100) };

	icmp_limit_init(&l, key);
	icmp_limit_rate(&l, 1);
	ATF_CHECK_EQ(burst_one(&l, &a, 100, now), 5);
	ATF_CHECK_EQ(burst_many(&l, 1, 100, now), 5);
	now = mono_add(now, MONO_S(2));
	ATF_CHECK_EQ(burst_many(&l, 200, 100, now), 2);
	icmp_limit_rate(&l, 0);
	now = mono_add(now, MONO_S(1000));
	ATF_CHECK_EQ(burst_many(&l, 400, 100, now), 0);
}

ATF_TC(limit_idle);
ATF_TC_HEAD(limit_idle, tc)
{
	atf_tc_set_md_var(tc, "descr", "a long rest saves up one burst");
}
ATF_TC_BODY(limit_idle, tc)
{
	static struct icmp_limit	 l;
	mono_t				 now = { 0 };

	icmp_limit_init(&l, key);
	icmp_limit_rate(&l, 100);
	ATF_CHECK_EQ(burst_many(&l, 0, 50, now), 10);
	now = mono_add(now, MONO_S(86400));
	ATF_CHECK_EQ(burst_many(&l, 50, 50, now), 10);
}

ATF_TC(limit_key);
ATF_TC_HEAD(limit_key, tc)
{
	atf_tc_set_md_var(tc, "descr", "who shares depends on the key");
}
ATF_TC_BODY(limit_key, tc)
{
	static struct icmp_limit	 l;
	static const uint8_t		 other[SIPHASH_KEYLEN] = { 1 };
	uint64_t			 hit[2] = { 0, 0 }, i;
	mono_t				 now = { 0 };
	struct addr6			 a;
	int				 k;

	for (k = 0; k < 2; k++) {
		icmp_limit_init(&l, k == 0 ? key : other);
		icmp_limit_rate(&l, 1000000);
		a = net(0);
		burst_one(&l, &a, 100000, now);
		for (i = 1; i < 20000 && hit[k] == 0; i++) {
			a = net(i);
			if (!icmp_limit_take(&l, &a, now))
				hit[k] = i;
		}
	}
	ATF_CHECK(hit[0] != 0 && hit[1] != 0 && hit[0] != hit[1]);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, limit_total);
	ATF_TP_ADD_TC(tp, limit_network);
	ATF_TP_ADD_TC(tp, limit_small);
	ATF_TP_ADD_TC(tp, limit_idle);
	ATF_TP_ADD_TC(tp, limit_key);
	return (atf_no_error());
}
