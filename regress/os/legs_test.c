/*
 * Tests of the count of legs, os/linux/legs.c.
 */
#include <atf-c.h>
#include <string.h>

#include "linux/watch.h"
#include "ns.h"

struct told {
	int	up;
	int	down;
};

static void
change_count(void *arg, const struct os_change *c)
{
	struct told	*t = arg;

	ATF_CHECK_EQ(c->event, OS_EV_ROUTE);
	if (c->up)
		t->up++;
	else
		t->down++;
}

static struct leg
leg(uint32_t metric, uint32_t ifindex, uint8_t host)
{
	struct leg	 l;

	memset(&l, 0, sizeof(l));
	l.metric = metric;
	l.ifindex = ifindex;
	l.gateway[0] = host;
	return (l);
}

static void
legs_init(struct legs *ls)
{
	memset(ls, 0, sizeof(*ls));
	ls->prefix[0] = ns_prefix("::/0");
	ls->prefix[1] = ns_prefix("192.0.2.0/24");
	ls->nprefixes = 2;
}

ATF_TC_WITHOUT_HEAD(legs_prefix);
ATF_TC_BODY(legs_prefix, tc)
{
	static struct legs	 ls;
	struct prefix		 p;

	legs_init(&ls);
	p = ns_prefix("192.0.2.0/24");
	ATF_CHECK_EQ(legs_prefix(&ls, &p), 1);
	p = ns_prefix("192.0.2.0/25");
	ATF_CHECK_EQ(legs_prefix(&ls, &p), -1);
	p = ns_prefix("0.0.0.0/0");
	ATF_CHECK_EQ(legs_prefix(&ls, &p), -1);
	ATF_CHECK(legs_family(&ls, 4) && legs_family(&ls, 6));
	ls.nprefixes = 1;
	ATF_CHECK(!legs_family(&ls, 4));
}

ATF_TC_WITHOUT_HEAD(legs_add);
ATF_TC_BODY(legs_add, tc)
{
	static struct legs	 ls;
	struct told		 t = { 0, 0 };
	struct watch_sink	 to = { change_count, &t };
	struct leg		 a, b, c;

	legs_init(&ls);
	a = leg(100, 2, 1);
	b = leg(200, 2, 2);
	c = leg(100, 3, 1);
	legs_add(&ls, &a, &to);
	legs_add(&ls, &a, &to);
	ATF_CHECK_EQ(t.up, 1);
	legs_add(&ls, &b, &to);
	ATF_CHECK_EQ(t.up, 1);
	legs_add(&ls, &c, &to);
	ATF_CHECK_EQ(t.up, 2);
	legs_remove(&ls, &a, &to);
	legs_remove(&ls, &a, &to);
	ATF_CHECK_EQ(t.down, 0);
	legs_remove(&ls, &b, &to);
	ATF_CHECK_EQ(t.down, 1);
	legs_remove_interface(&ls, 3, &to);
	ATF_CHECK_EQ(t.down, 2);
	ATF_CHECK_EQ(ls.nlegs, 0);
}

ATF_TC_WITHOUT_HEAD(legs_overflow);
ATF_TC_BODY(legs_overflow, tc)
{
	static struct legs	 ls;
	struct told		 t = { 0, 0 };
	struct watch_sink	 to = { change_count, &t };
	struct leg		 l;
	uint32_t		 i;

	legs_init(&ls);
	for (i = 0; i < LEGS_MAX; i++) {
		l = leg(i, 2, 1);
		legs_add(&ls, &l, &to);
	}
	ATF_CHECK(!ls.overflow);
	l = leg(i, 3, 1);
	legs_add(&ls, &l, &to);
	ATF_CHECK(ls.overflow);
	ATF_CHECK_EQ(ls.nlegs, LEGS_MAX);
	ATF_CHECK_EQ(t.up, 1);
}

ATF_TC_WITHOUT_HEAD(legs_doubt_family);
ATF_TC_BODY(legs_doubt_family, tc)
{
	static struct legs	 ls;
	struct told		 t = { 0, 0 };
	struct watch_sink	 to = { change_count, &t };
	struct leg		 a, b, c;

	legs_init(&ls);
	a = leg(100, 2, 1);
	b = leg(100, 3, 1);
	c = leg(100, 4, 1);
	c.prefix = 1;
	legs_add(&ls, &a, &to);
	legs_add(&ls, &b, &to);
	legs_add(&ls, &c, &to);
	legs_doubt_family(&ls, 6);
	legs_add(&ls, &b, &to);
	legs_sweep(&ls, LEG_REPLACED, &to);
	ATF_CHECK_EQ(ls.nlegs, 3);
	legs_sweep(&ls, LEG_RECOUNT, &to);
	ATF_CHECK_EQ(ls.nlegs, 2);
	ATF_CHECK_EQ(t.down, 1);
	ATF_CHECK_EQ(t.up, 3);
}

ATF_TC_WITHOUT_HEAD(legs_doubt_route);
ATF_TC_BODY(legs_doubt_route, tc)
{
	static struct legs	 ls;
	struct told		 t = { 0, 0 };
	struct watch_sink	 to = { change_count, &t };
	struct leg		 a, b;

	legs_init(&ls);
	a = leg(100, 2, 1);
	b = leg(100, 3, 1);
	ATF_CHECK_EQ(legs_doubt_route(&ls, 0, 100), 0);
	legs_add(&ls, &a, &to);
	ATF_CHECK_EQ(legs_doubt_route(&ls, 0, 200), 0);
	/* The only one can only have been replaced. */
	ATF_CHECK_EQ(legs_doubt_route(&ls, 0, 100), 1);
	legs_add(&ls, &b, &to);
	legs_sweep(&ls, LEG_REPLACED, &to);
	ATF_CHECK_EQ(ls.nlegs, 1);
	ATF_CHECK_EQ(ls.leg[0].ifindex, 3);
	/* With two there is no telling. */
	legs_add(&ls, &a, &to);
	ATF_CHECK_EQ(legs_doubt_route(&ls, 0, 100), 2);
	legs_sweep(&ls, LEG_REPLACED, &to);
	ATF_CHECK_EQ(ls.nlegs, 2);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, legs_prefix);
	ATF_TP_ADD_TC(tp, legs_add);
	ATF_TP_ADD_TC(tp, legs_overflow);
	ATF_TP_ADD_TC(tp, legs_doubt_family);
	ATF_TP_ADD_TC(tp, legs_doubt_route);
	return (atf_no_error());
}
