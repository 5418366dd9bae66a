/*
 * Tests of os/linux/self.c.
 */
#include <sys/types.h>
#include <sys/resource.h>

#include <atf-c.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "os.h"

ATF_TC_WITHOUT_HEAD(os_self);
ATF_TC_BODY(os_self, tc)
{
	char	 path[1024];

	ATF_REQUIRE_EQ(os_self(path, sizeof(path)), 0);
	ATF_CHECK_EQ(path[0], '/');
	ATF_CHECK(strstr(path, "/self_test") != NULL);
	ATF_CHECK_ERRNO(ENAMETOOLONG, os_self(path, 4) == -1);
}

ATF_TC(os_prefer);
ATF_TC_HEAD(os_prefer, tc)
{
	atf_tc_set_md_var(tc, "require.user", "root");
}
ATF_TC_BODY(os_prefer, tc)
{
	ATF_REQUIRE_EQ(os_prefer(OS_NICE_DAEMON), 0);
	ATF_CHECK_EQ(getpriority(PRIO_PROCESS, 0), OS_NICE_DAEMON);
	ATF_REQUIRE_EQ(os_prefer(OS_NICE_TIMED), 0);
	ATF_CHECK_EQ(getpriority(PRIO_PROCESS, 0), OS_NICE_TIMED);
	ATF_REQUIRE_EQ(os_prefer(OS_NICE_DAEMON), 0);
	ATF_CHECK_EQ(getpriority(PRIO_PROCESS, 0), OS_NICE_TIMED);
}

/* What is made later inherits it. */
ATF_TC(os_prefer_child);
ATF_TC_HEAD(os_prefer_child, tc)
{
	atf_tc_set_md_var(tc, "require.user", "root");
}
ATF_TC_BODY(os_prefer_child, tc)
{
	pid_t	 pid;

	ATF_REQUIRE_EQ(os_prefer(OS_NICE_DAEMON), 0);
	if ((pid = atf_utils_fork()) == 0)
		exit(getpriority(PRIO_PROCESS, 0) == OS_NICE_DAEMON ? 0 : 1);
	atf_utils_wait(pid, 0, "", "");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, os_self);
	ATF_TP_ADD_TC(tp, os_prefer);
	ATF_TP_ADD_TC(tp, os_prefer_child);
	return (atf_no_error());
}
