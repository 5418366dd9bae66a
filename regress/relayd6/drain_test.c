/*
 * Tests of relayd6/drain.c and drainfile.c: the list, its file, and the way of
 * one that is drained.
 */
#include <sys/stat.h>

#include <atf-c.h>
#include <string.h>
#include <unistd.h>

#include "drainfile.h"

static const mono_t	start = { MONO_S(100) };

static mono_t
at(int64_t ms)
{
	return (mono_add(start, MONO_MS(ms)));
}

static int
add(struct drain_list *l, const char *name, const char *reason)
{
	struct drain_entry	 e;

	memset(&e, 0, sizeof(e));
	strlcpy(e.name, name, sizeof(e.name));
	strlcpy(e.reason, reason, sizeof(e.reason));
	return (drain_add(l, &e));
}

ATF_TC_WITHOUT_HEAD(drain_add);
ATF_TC_BODY(drain_add, tc)
{
	struct drain_list	 l;
	char			 name[8];
	int			 i;

	memset(&l, 0, sizeof(l));
	ATF_CHECK_EQ(add(&l, "6to4", "moving"), 0);
	ATF_CHECK_EQ(add(&l, "6to4", "moved"), 0);
	ATF_CHECK_EQ(l.n, 1);
	ATF_CHECK_STREQ(drain_find(&l, "6to4")->reason, "moved");
	ATF_CHECK(drain_find(&l, "teredo") == NULL);
	for (i = 1; i < LIMIT_DRAINS; i++) {
		snprintf(name, sizeof(name), "c%d", i);
		ATF_CHECK_EQ(add(&l, name, ""), 0);
	}
	ATF_CHECK_EQ(add(&l, "more", ""), -1);
	ATF_CHECK_EQ(add(&l, "c1", "again"), 0);
}

ATF_TC_WITHOUT_HEAD(drain_wanted);
ATF_TC_BODY(drain_wanted, tc)
{
	struct drain_list	 l;

	memset(&l, 0, sizeof(l));
	ATF_CHECK(drain_wanted(&l, "6to4") == NULL);
	ATF_CHECK_EQ(add(&l, DRAIN_ALL, "power"), 0);
	ATF_CHECK_STREQ(drain_wanted(&l, "6to4")->reason, "power");
	ATF_CHECK_EQ(add(&l, "6to4", "own"), 0);
	ATF_CHECK_STREQ(drain_wanted(&l, "6to4")->reason, "own");
	ATF_CHECK_STREQ(drain_wanted(&l, "dns")->reason, "power");
}

ATF_TC_WITHOUT_HEAD(drain_remove);
ATF_TC_BODY(drain_remove, tc)
{
	struct drain_list	 l;

	memset(&l, 0, sizeof(l));
	ATF_CHECK_EQ(drain_remove(&l, "6to4"), -1);
	ATF_CHECK_EQ(drain_remove(&l, DRAIN_ALL), -1);
	ATF_CHECK_EQ(add(&l, "a", ""), 0);
	ATF_CHECK_EQ(add(&l, "b", ""), 0);
	ATF_CHECK_EQ(add(&l, "c", ""), 0);
	ATF_CHECK_EQ(drain_remove(&l, "a"), 0);
	ATF_CHECK_EQ(drain_remove(&l, "a"), -1);
	ATF_CHECK(drain_find(&l, "b") != NULL);
	ATF_CHECK(drain_find(&l, "c") != NULL);
	/* One that all stands for is not there by itself. */
	ATF_CHECK_EQ(add(&l, DRAIN_ALL, ""), 0);
	ATF_CHECK_EQ(drain_remove(&l, "6to4"), -1);
	ATF_CHECK_EQ(drain_remove(&l, DRAIN_ALL), 0);
	ATF_CHECK_EQ(l.n, 0);
}

/* --- the way of one ---------------------------------------------------- */

/* What it is then; draining takes two seconds. */
static enum drain_state
run(struct drain *d, int wanted, int up, int64_t ms)
{
	drain_run(d, wanted, up, MONO_MS(2000), at(ms));
	return (d->state);
}

ATF_TC_WITHOUT_HEAD(drain_run);
ATF_TC_BODY(drain_run, tc)
{
	struct drain	 d;

	drain_check();
	drain_init(&d);
	ATF_CHECK_EQ(run(&d, 0, 1, 0), DRAIN_OFF);
	ATF_CHECK_EQ(run(&d, 1, 1, 1000), DRAINING);
	ATF_CHECK_EQ(run(&d, 1, 1, 2999), DRAINING);
	ATF_CHECK_EQ(run(&d, 1, 1, 3000), DRAINED);
	ATF_CHECK_EQ(run(&d, 1, 1, 100000), DRAINED);
	ATF_CHECK_EQ(run(&d, 0, 1, 100001), DRAIN_OFF);
	/* The second time takes as long as the first. */
	ATF_CHECK_EQ(run(&d, 1, 1, 200000), DRAINING);
	ATF_CHECK_EQ(run(&d, 1, 1, 202000), DRAINED);
}

/* What nobody hears of is drained at once, and stays so when it rises. */
ATF_TC_WITHOUT_HEAD(drain_run_down);
ATF_TC_BODY(drain_run_down, tc)
{
	struct drain	 d;

	drain_init(&d);
	ATF_CHECK_EQ(run(&d, 1, 0, 0), DRAINED);
	ATF_CHECK_EQ(run(&d, 1, 1, 100), DRAINED);
	/* What falls while it drains is not waited for. */
	drain_init(&d);
	run(&d, 1, 1, 0);
	ATF_CHECK_EQ(run(&d, 1, 0, 100), DRAINED);
}

/* Without time for it there is no draining. */
ATF_TC_WITHOUT_HEAD(drain_run_at_once);
ATF_TC_BODY(drain_run_at_once, tc)
{
	struct drain	 d;

	drain_init(&d);
	drain_run(&d, 1, 1, 0, start);
	ATF_CHECK_EQ(d.state, DRAINED);
}

ATF_TC_WITHOUT_HEAD(drain_run_undrain);
ATF_TC_BODY(drain_run_undrain, tc)
{
	struct drain	 d;

	drain_init(&d);
	run(&d, 1, 1, 0);
	ATF_CHECK_EQ(run(&d, 0, 1, 100), DRAIN_OFF);
}

/* --- the file ---------------------------------------------------------- */

ATF_TC_WITHOUT_HEAD(drainfile_write);
ATF_TC_BODY(drainfile_write, tc)
{
	struct drain_list	 l, back;
	struct stat		 st;

	memset(&l, 0, sizeof(l));
	ATF_CHECK_EQ(add(&l, "6to4", "moving to the other rack"), 0);
	ATF_CHECK_EQ(add(&l, "dns", ""), 0);
	ATF_CHECK_EQ(drainfile_write("drain", &l), 0);
	drainfile_read("drain", &back);
	ATF_CHECK_EQ(memcmp(&l, &back, sizeof(l)), 0);
	ATF_CHECK_EQ(drain_remove(&l, "dns"), 0);
	ATF_CHECK_EQ(drainfile_write("drain", &l), 0);
	drainfile_read("drain", &back);
	ATF_CHECK_EQ(back.n, 1);
	/* Nothing is left of an empty list, nor of the way there. */
	ATF_CHECK_EQ(drain_remove(&l, DRAIN_ALL), 0);
	ATF_CHECK_EQ(drainfile_write("drain", &l), 0);
	ATF_CHECK_EQ(stat("drain", &st), -1);
	ATF_CHECK_EQ(stat("drain.new", &st), -1);
	ATF_CHECK_EQ(drainfile_write("drain", &l), 0);
}

/* The longest of each, and the most. */
ATF_TC_WITHOUT_HEAD(drainfile_full);
ATF_TC_BODY(drainfile_full, tc)
{
	struct drain_list	 l, back;
	struct drain_entry	 e;
	int			 i;

	memset(&l, 0, sizeof(l));
	memset(&e, 0, sizeof(e));
	memset(e.name, 'n', sizeof(e.name) - 1);
	memset(e.reason, 'r', sizeof(e.reason) - 1);
	for (i = 0; i < LIMIT_DRAINS; i++) {
		e.name[0] = 'A' + i;
		ATF_REQUIRE_EQ(drain_add(&l, &e), 0);
	}
	ATF_CHECK_EQ(drainfile_write("drain", &l), 0);
	drainfile_read("drain", &back);
	ATF_CHECK_EQ(memcmp(&l, &back, sizeof(l)), 0);
}

/* One that was left by a crash, and one that can not be written. */
ATF_TC_WITHOUT_HEAD(drainfile_fails);
ATF_TC_BODY(drainfile_fails, tc)
{
	struct drain_list	 l, back;

	memset(&l, 0, sizeof(l));
	ATF_CHECK_EQ(add(&l, "6to4", ""), 0);
	atf_utils_create_file("drain.new", "half");
	ATF_CHECK_EQ(drainfile_write("drain", &l), 0);
	ATF_CHECK_EQ(drainfile_write("nowhere/drain", &l), -1);
	drainfile_read("drain", &back);
	ATF_CHECK_EQ(back.n, 1);
}

ATF_TC_WITHOUT_HEAD(drainfile_read);
ATF_TC_BODY(drainfile_read, tc)
{
	struct drain_list	 l;

	memset(&l, 0xff, sizeof(l));
	drainfile_read("nowhere", &l);
	ATF_CHECK_EQ(l.n, 0);
	atf_utils_create_file("drain", "%s", "\n reason\n6to4\n"
	    "a\tb\nname-that-is-longer-than-any-name-can-be because\n"
	    "all power and more power");
	drainfile_read("drain", &l);
	ATF_CHECK_EQ(l.n, 2);
	ATF_REQUIRE(drain_find(&l, "6to4") != NULL);
	ATF_REQUIRE(drain_find(&l, "all") != NULL);
	ATF_CHECK_STREQ(drain_find(&l, "all")->reason,
	    "power and more power");
}

/* What does not fit in a line is no other line. */
ATF_TC_WITHOUT_HEAD(drainfile_read_long);
ATF_TC_BODY(drainfile_read_long, tc)
{
	struct drain_list	 l;
	char			 dots[2 * LIMIT_REASON + 1];

	memset(dots, '.', sizeof(dots) - 1);
	dots[sizeof(dots) - 1] = '\0';
	atf_utils_create_file("drain", "dns %s all teredo\n%s all\n6to4 %s",
	    dots, dots, dots);
	drainfile_read("drain", &l);
	ATF_CHECK_EQ(l.n, 2);
	ATF_REQUIRE(drain_find(&l, "dns") != NULL);
	ATF_CHECK_EQ(strlen(drain_find(&l, "dns")->reason),
	    LIMIT_REASON - 1);
	ATF_CHECK(drain_find(&l, "6to4") != NULL);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, drain_add);
	ATF_TP_ADD_TC(tp, drain_wanted);
	ATF_TP_ADD_TC(tp, drain_remove);
	ATF_TP_ADD_TC(tp, drain_run);
	ATF_TP_ADD_TC(tp, drain_run_down);
	ATF_TP_ADD_TC(tp, drain_run_at_once);
	ATF_TP_ADD_TC(tp, drain_run_undrain);
	ATF_TP_ADD_TC(tp, drainfile_write);
	ATF_TP_ADD_TC(tp, drainfile_full);
	ATF_TP_ADD_TC(tp, drainfile_fails);
	ATF_TP_ADD_TC(tp, drainfile_read);
	ATF_TP_ADD_TC(tp, drainfile_read_long);
	return (atf_no_error());
}
