/*
 * What the configuration names, and nothing else, may leave.
 */
#include <atf-c.h>
#include <string.h>

#include "named.h"

static struct prefix
prefix(const char *s)
{
	struct prefix	 p;

	ATF_REQUIRE_EQ(prefix_parse(&p, s), 0);
	return (p);
}

ATF_TC_WITHOUT_HEAD(named_has);
ATF_TC_BODY(named_has, tc)
{
	static struct named	 nd;
	struct prefix		 six = prefix("2002::/16");
	struct prefix		 more = prefix("2002::/17");

	ATF_CHECK(!named_has(&nd, &six));
	named_begin(&nd);
	ATF_CHECK_EQ(named_add(&nd, &six), 0);
	named_end(&nd);
	ATF_CHECK(named_has(&nd, &six));
	ATF_CHECK(!named_has(&nd, &more));
}

/* The old configuration counts until the new one is whole. */
ATF_TC_WITHOUT_HEAD(named_end);
ATF_TC_BODY(named_end, tc)
{
	static struct named	 nd;
	struct prefix		 old = prefix("2002::/16");
	struct prefix		 new = prefix("2001::/32");

	named_begin(&nd);
	named_add(&nd, &old);
	named_end(&nd);
	named_begin(&nd);
	named_add(&nd, &new);
	ATF_CHECK(named_has(&nd, &old));
	ATF_CHECK(!named_has(&nd, &new));
	named_end(&nd);
	ATF_CHECK(!named_has(&nd, &old));
	ATF_CHECK(named_has(&nd, &new));
}

ATF_TC_WITHOUT_HEAD(named_add);
ATF_TC_BODY(named_add, tc)
{
	static struct named	 nd;
	struct prefix		 p = prefix("2002::/16");
	int			 i;

	named_begin(&nd);
	for (i = 0; i < LIMIT_BGP_ANNOUNCE; i++)
		ATF_CHECK_EQ(named_add(&nd, &p), 0);
	ATF_CHECK_EQ(named_add(&nd, &p), -1);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, named_has);
	ATF_TP_ADD_TC(tp, named_end);
	ATF_TP_ADD_TC(tp, named_add);
	return (atf_no_error());
}
