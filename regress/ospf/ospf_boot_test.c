/*
 * Tests of the number of a start, routed6/ospf_boot.c.  Each test runs in a
 * directory of its own.
 */
#include <sys/stat.h>

#include <atf-c.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "ospf_boot.h"

#define FILE_	"sequence"
#define NOW	1800000000

static void
content(const char *s)
{
	FILE	*f;

	ATF_REQUIRE((f = fopen(FILE_, "w")) != NULL);
	ATF_REQUIRE(fputs(s, f) >= 0);
	ATF_REQUIRE_EQ(fclose(f), 0);
}

ATF_TC_WITHOUT_HEAD(ospf_boot_number);
ATF_TC_BODY(ospf_boot_number, tc)
{
	struct stat	 st;

	log_init("test", NULL, 0);
	ATF_CHECK_EQ(ospf_boot_number(FILE_, NOW), NOW);
	atf_utils_compare_file(FILE_, "1800000000\n");
	ATF_REQUIRE_EQ(stat(FILE_, &st), 0);
	ATF_CHECK_EQ(st.st_mode & 07777, 0600);
	ATF_CHECK_EQ(access(FILE_ ".new", F_OK), -1);
	ATF_CHECK_EQ(ospf_boot_number(FILE_, NOW + 60), NOW + 60);
	/* The clock stands still, or is set back. */
	ATF_CHECK_EQ(ospf_boot_number(FILE_, NOW + 60), NOW + 62);
	ATF_CHECK_EQ(ospf_boot_number(FILE_, NOW + 61), NOW + 64);
	ATF_CHECK_EQ(ospf_boot_number(FILE_, 0), NOW + 66);
	ATF_CHECK_EQ(ospf_boot_number(FILE_, -5), NOW + 68);
	ATF_CHECK(atf_utils_compare_file(FILE_, "1800000068\n"));
}

/* What is left of a start that ended in the middle does no harm. */
ATF_TC_WITHOUT_HEAD(ospf_boot_number_leftover);
ATF_TC_BODY(ospf_boot_number_leftover, tc)
{
	log_init("test", NULL, 0);
	content("1900000000\n");
	ATF_REQUIRE_EQ(symlink("elsewhere", FILE_ ".new"), 0);
	ATF_CHECK_EQ(ospf_boot_number(FILE_, NOW), 1900000002);
	ATF_CHECK(atf_utils_compare_file(FILE_, "1900000002\n"));
	ATF_CHECK_EQ(access("elsewhere", F_OK), -1);
}

ATF_TC_WITHOUT_HEAD(ospf_boot_number_bad);
ATF_TC_BODY(ospf_boot_number_bad, tc)
{
	static const char *const	 bad[] = { "", "\n", "x\n", "-1\n",
					    "4294967295\n", "1800000000000000",
					    "1900000000 \n" };
	size_t				 i;

	log_init("test", NULL, 0);
	for (i = 0; i < nitems(bad); i++) {
		content(bad[i]);
		ATF_CHECK_EQ(ospf_boot_number(FILE_, NOW), NOW);
		ATF_CHECK(atf_utils_compare_file(FILE_, "1800000000\n"));
	}
	ATF_REQUIRE_EQ(unlink(FILE_), 0);
	ATF_REQUIRE_EQ(symlink("elsewhere", FILE_), 0);
	ATF_CHECK_EQ(ospf_boot_number(FILE_, NOW), NOW);
	ATF_CHECK_EQ(access("elsewhere", F_OK), -1);
	ATF_CHECK_EQ(ospf_boot_number("no/such/file", NOW), NOW);
}

/* Both halves grow from one start to the next, and for all it can sign. */
ATF_TC_WITHOUT_HEAD(ospf_boot_sequence);
ATF_TC_BODY(ospf_boot_sequence, tc)
{
	uint64_t	 a, b;

	a = ospf_boot_sequence(NOW);
	b = ospf_boot_sequence(NOW + 2);
	ATF_CHECK_EQ(a >> 32, NOW);
	ATF_CHECK_EQ((uint32_t)b - (uint32_t)a, 128);
	ATF_CHECK(a + UINT32_MAX < b);
	ATF_CHECK(ospf_boot_sequence(0x0fffffff) + UINT32_MAX <
	    ospf_boot_sequence(0x10000001));
	ATF_CHECK_EQ(ospf_boot_sequence(0), 0);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, ospf_boot_number);
	ATF_TP_ADD_TC(tp, ospf_boot_number_leftover);
	ATF_TP_ADD_TC(tp, ospf_boot_number_bad);
	ATF_TP_ADD_TC(tp, ospf_boot_sequence);
	return (atf_no_error());
}
