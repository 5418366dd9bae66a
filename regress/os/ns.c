/*
 * What the tests of os/ share: see ns.h.
 */
#include <sys/types.h>

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ns.h"

void
ns_head(atf_tc_t *tc, const char *descr, int ip)
{
	atf_tc_set_md_var(tc, "descr", "%s", descr);
	atf_tc_set_md_var(tc, "require.user", "root");
	if (ip)
		atf_tc_set_md_var(tc, "require.progs", "ip");
}

void
ns_enter(void)
{
	if (unshare(CLONE_NEWNET) == -1)
		atf_tc_skip("no network namespace: %s", strerror(errno));
	ns_run("ip link set lo up");
}

static int
run(const char *fmt, va_list ap)
{
	char	 cmd[512];

	vsnprintf(cmd, sizeof(cmd), fmt, ap);
	return (system(cmd));
}

void
ns_run(const char *fmt, ...)
{
	va_list	 ap;
	int	 ret;

	va_start(ap, fmt);
	ret = run(fmt, ap);
	va_end(ap);
	ATF_REQUIRE_EQ_MSG(ret, 0, "%s: status %d", fmt, ret);
}

int
ns_try(const char *fmt, ...)
{
	va_list	 ap;
	int	 ret;

	va_start(ap, fmt);
	ret = run(fmt, ap);
	va_end(ap);
	return (ret == 0);
}

int
ns_readable(int fd, int ms)
{
	struct pollfd	 p = { .fd = fd, .events = POLLIN };

	return (poll(&p, 1, ms) == 1);
}

struct ipaddr
ns_addr(const char *s)
{
	struct ipaddr	 a;

	ATF_REQUIRE_EQ_MSG(ipaddr_parse(&a, s), 0, "%s", s);
	return (a);
}

struct prefix
ns_prefix(const char *s)
{
	struct prefix	 p;

	ATF_REQUIRE_EQ_MSG(prefix_parse(&p, s), 0, "%s", s);
	return (p);
}
