/*
 * What the tests of relayd6's engines share: a case with a description in one
 * line, and a packet that is dropped for a reason.
 */
#ifndef TEST_H
#define TEST_H

#include <atf-c.h>

#define TEST(name, text)						\
ATF_TC(name);								\
ATF_TC_HEAD(name, tc)							\
{									\
	atf_tc_set_md_var(tc, "descr", text);				\
}									\
ATF_TC_BODY(name, tc)

/* What is called drops the packet x.p, and says why. */
#define CHECK_DROP(x, call, reason) do {				\
	ATF_CHECK_EQ(call, V_DROP);					\
	ATF_CHECK_EQ((x).p.why, reason);				\
} while (0)

#endif
