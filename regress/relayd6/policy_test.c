/*
 * Tests of relayd6/policy.c: the first and the last address of every refused
 * block, their neighbours outside, the operator's lines, our own addresses.
 */
#include <arpa/inet.h>

#include <atf-c.h>
#include <string.h>

#include "policy.h"

struct block {
	const char	*first;
	const char	*last;
	const char	*before;	/* not refused, or NULL */
	const char	*after;
	int		 hard;
};

static const struct block	blocks4[] = {
	{ "0.0.0.0", "0.255.255.255", NULL, "1.0.0.0", 1 },
	{ "10.0.0.0", "10.255.255.255", "9.255.255.255", "11.0.0.0", 0 },
	{ "100.64.0.0", "100.127.255.255", "100.63.255.255", "100.128.0.0", 0 },
	{ "127.0.0.0", "127.255.255.255", "126.255.255.255", "128.0.0.0", 1 },
	{ "169.254.0.0", "169.254.255.255", "169.253.255.255", "169.255.0.0",
	    0 },
	{ "172.16.0.0", "172.31.255.255", "172.15.255.255", "172.32.0.0", 0 },
	{ "192.0.0.0", "192.0.0.255", "191.255.255.255", "192.0.1.0", 0 },
	{ "192.0.2.0", "192.0.2.255", "192.0.1.255", "192.0.3.0", 0 },
	{ "192.88.99.0", "192.88.99.255", "192.88.98.255", "192.88.100.0", 0 },
	{ "192.168.0.0", "192.168.255.255", "192.167.255.255", "192.169.0.0",
	    0 },
	{ "198.18.0.0", "198.19.255.255", "198.17.255.255", "198.20.0.0", 0 },
	{ "198.51.100.0", "198.51.100.255", "198.51.99.255", "198.51.101.0",
	    0 },
	{ "203.0.113.0", "203.0.113.255", "203.0.112.255", "203.0.114.0", 0 },
	{ "224.0.0.0", "239.255.255.255", "223.255.255.255", NULL, 1 },
	{ "240.0.0.0", "255.255.255.254", NULL, NULL, 0 },
	{ "255.255.255.255", "255.255.255.255", NULL, NULL, 1 },
};

static const struct block	blocks6[] = {
	{ "::", "::1", NULL, NULL, 1 },
	{ "::2", "::ffff:ffff", NULL, "::1:0:0", 1 },
	{ "::ffff:0:0", "::ffff:ffff:ffff", "::fffe:ffff:ffff", "::1:0:0:0",
	    1 },
	{ "64:ff9b::", "64:ff9b::ffff:ffff", "64:ff9a::", "64:ff9b::1:0:0",
	    0 },
	{ "64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff",
	    "64:ff9b:0:ffff::", "64:ff9b:2::", 0 },
	{ "100::", "100::1:ffff:ffff:ffff:ffff", "ff:ffff::", "100:0:0:2::",
	    0 },
	{ "2001:2::", "2001:2:0:ffff::", "2001:1:ffff::", "2001:2:1::", 0 },
	{ "2001:10::", "2001:1f:ffff::", "2001:f:ffff::", "2001:20::", 0 },
	{ "2001:db8::", "2001:db8:ffff::", "2001:db7:ffff::", "2001:db9::",
	    0 },
	{ "3fff::", "3fff:fff:ffff::", "3ffe:ffff::", "3fff:1000::", 0 },
	{ "5f00::", "5f00:ffff::", "5eff:ffff::", "5f01::", 0 },
	{ "fc00::", "fdff:ffff::", "fbff:ffff::", "fe00::", 0 },
	{ "fe80::", "febf:ffff::", "fe7f:ffff::", NULL, 1 },
	{ "fec0::", "feff:ffff::", NULL, NULL, 0 },
	{ "ff00::", "ffff:ffff::", NULL, NULL, 1 },
};

#define NBLOCKS4	(sizeof(blocks4) / sizeof(blocks4[0]))
#define NBLOCKS6	(sizeof(blocks6) / sizeof(blocks6[0]))

static struct in_addr
in4(const char *s)
{
	struct in_addr	 in;

	ATF_REQUIRE_EQ_MSG(inet_pton(AF_INET, s, &in), 1, "%s", s);
	return (in);
}

static enum policy
ask4(const struct policies *p, const char *s)
{
	return (policy_ip4(p, ntohl(in4(s).s_addr)));
}

static struct addr6
in6(const char *s)
{
	struct in6_addr	 in;
	struct addr6	 a;

	ATF_REQUIRE_EQ_MSG(inet_pton(AF_INET6, s, &in), 1, "%s", s);
	addr6_load(&a, &in);
	return (a);
}

static enum policy
ask6(const struct policies *p, const char *s)
{
	struct addr6	 a = in6(s);

	return (policy_ip6(p, &a));
}

static void
rule(struct policy_rule *r, int allow, const char *s)
{
	r->allow = allow;
	ATF_REQUIRE_EQ(prefix_parse(&r->prefix, s), 0);
}

/* A block is refused from its first to its last address, and no further. */
static void
edges_check(const struct block *b, size_t n,
    enum policy (*ask)(const struct policies *, const char *))
{
	struct policies	 p;

	policy_init(&p, NULL, 0);
	for (; n-- > 0; b++) {
		ATF_CHECK_EQ_MSG(ask(&p, b->first), POLICY_SPECIAL, "%s",
		    b->first);
		ATF_CHECK_EQ_MSG(ask(&p, b->last), POLICY_SPECIAL, "%s",
		    b->last);
		if (b->before != NULL)
			ATF_CHECK_EQ_MSG(ask(&p, b->before), POLICY_PASS,
			    "%s", b->before);
		if (b->after != NULL)
			ATF_CHECK_EQ_MSG(ask(&p, b->after), POLICY_PASS,
			    "%s", b->after);
	}
}

ATF_TC(policy_special4);
ATF_TC_HEAD(policy_special4, tc)
{
	atf_tc_set_md_var(tc, "descr", "RFC 3964 5.3.1: edges of the blocks");
}
ATF_TC_BODY(policy_special4, tc)
{
	edges_check(blocks4, NBLOCKS4, ask4);
}

ATF_TC(policy_special6);
ATF_TC_HEAD(policy_special6, tc)
{
	atf_tc_set_md_var(tc, "descr", "RFC 3964 5.3.2: edges of the blocks");
}
ATF_TC_BODY(policy_special6, tc)
{
	edges_check(blocks6, NBLOCKS6, ask6);
}

ATF_TC(policy_why);
ATF_TC_HEAD(policy_why, tc)
{
	atf_tc_set_md_var(tc, "descr", "every refused block says why");
}
ATF_TC_BODY(policy_why, tc)
{
	const struct policy_special4	*s4;
	const struct policy_special6	*s6;
	struct addr6			 a;
	size_t				 i;

	for (i = 0; i < NBLOCKS4; i++) {
		s4 = policy_special4(ntohl(in4(blocks4[i].first).s_addr));
		ATF_REQUIRE(s4 != NULL);
		ATF_CHECK_MSG(strstr(s4->why, "RFC ") != NULL, "%s", s4->why);
	}
	for (i = 0; i < NBLOCKS6; i++) {
		a = in6(blocks6[i].first);
		s6 = policy_special6(&a);
		ATF_REQUIRE(s6 != NULL);
		ATF_CHECK_MSG(strstr(s6->why, "RFC ") != NULL, "%s", s6->why);
	}
}

ATF_TC(policy_hard);
ATF_TC_HEAD(policy_hard, tc)
{
	atf_tc_set_md_var(tc, "descr", "an allow line opens the soft blocks");
}
ATF_TC_BODY(policy_hard, tc)
{
	struct policy_rule	 r[2] = { { .allow = 0 } };
	struct policies		 p;
	size_t			 i;

	rule(&r[0], 1, "0.0.0.0/0");
	rule(&r[1], 1, "::/0");
	policy_init(&p, r, 2);
	for (i = 0; i < NBLOCKS4; i++)
		ATF_CHECK_EQ_MSG(ask4(&p, blocks4[i].last), blocks4[i].hard ?
		    POLICY_SPECIAL : POLICY_PASS, "%s", blocks4[i].last);
	for (i = 0; i < NBLOCKS6; i++)
		ATF_CHECK_EQ_MSG(ask6(&p, blocks6[i].last), blocks6[i].hard ?
		    POLICY_SPECIAL : POLICY_PASS, "%s", blocks6[i].last);
}

ATF_TC(policy_rules);
ATF_TC_HEAD(policy_rules, tc)
{
	atf_tc_set_md_var(tc, "descr", "first match, each family apart");
}
ATF_TC_BODY(policy_rules, tc)
{
	struct policy_rule	 r[6] = { { .allow = 0 } };
	struct policies		 p;

	rule(&r[0], 1, "10.1.0.0/16");
	rule(&r[1], 0, "10.0.0.0/8");
	rule(&r[2], 0, "11.2.0.5/32");
	rule(&r[3], 0, "2a10:1::40/122");
	rule(&r[4], 1, "fd00::/8");
	rule(&r[5], 0, "8000::/1");
	policy_init(&p, r, 6);
	ATF_CHECK_EQ(ask4(&p, "10.1.2.3"), POLICY_PASS);
	ATF_CHECK_EQ(ask4(&p, "10.2.2.3"), POLICY_DENIED);
	ATF_CHECK_EQ(ask4(&p, "11.2.0.5"), POLICY_DENIED);
	ATF_CHECK_EQ(ask4(&p, "11.2.0.4"), POLICY_PASS);
	ATF_CHECK_EQ(ask4(&p, "192.168.0.1"), POLICY_SPECIAL);
	ATF_CHECK_EQ(ask6(&p, "2a10:1::3f"), POLICY_PASS);
	ATF_CHECK_EQ(ask6(&p, "2a10:1::40"), POLICY_DENIED);
	ATF_CHECK_EQ(ask6(&p, "2a10:1::7f"), POLICY_DENIED);
	ATF_CHECK_EQ(ask6(&p, "2a10:1::80"), POLICY_PASS);
	ATF_CHECK_EQ(ask6(&p, "fd00::1"), POLICY_PASS);
	ATF_CHECK_EQ(ask6(&p, "9000::1"), POLICY_DENIED);
}

ATF_TC(policy_rules_full);
ATF_TC_HEAD(policy_rules_full, tc)
{
	atf_tc_set_md_var(tc, "descr", "as many lines as fit, and no more");
}
ATF_TC_BODY(policy_rules_full, tc)
{
	static struct policy_rule	 r[LIMIT_RULES + 1];
	struct policies			 p;
	int				 i;

	for (i = 0; i < LIMIT_RULES - 1; i++)
		rule(&r[i], 1, "10.0.0.0/8");
	rule(&r[LIMIT_RULES - 1], 0, "11.0.0.0/8");
	rule(&r[LIMIT_RULES], 0, "12.0.0.0/8");
	policy_init(&p, r, LIMIT_RULES + 1);
	ATF_CHECK_EQ(ask4(&p, "11.0.0.1"), POLICY_DENIED);
	ATF_CHECK_EQ(ask4(&p, "12.0.0.1"), POLICY_PASS);
}

ATF_TC(policy_own);
ATF_TC_HEAD(policy_own, tc)
{
	atf_tc_set_md_var(tc, "descr", "RFC 6324 3.1.2, before every line");
}
ATF_TC_BODY(policy_own, tc)
{
	struct policy_rule	 r[1] = { { .allow = 0 } };
	struct policies		 p;
	struct in_addr		 a;
	uint32_t		 i;

	rule(&r[0], 1, "0.0.0.0/0");
	policy_init(&p, r, 1);
	policy_own_add(&p, in4("11.1.0.1"));
	policy_own_add(&p, in4("11.1.0.1"));
	policy_own_add(&p, in4("0.0.0.0"));
	ATF_CHECK_EQ(p.nown, 1);
	ATF_CHECK_EQ(ask4(&p, "11.1.0.1"), POLICY_OWN);
	ATF_CHECK_EQ(ask4(&p, "11.1.0.2"), POLICY_PASS);
	for (i = 0; i < 100; i++) {
		a.s_addr = htonl(0x0b040000 + i);
		policy_own_add(&p, a);
	}
	ATF_CHECK_EQ(p.nown, sizeof(p.own) / sizeof(p.own[0]));
}

ATF_TC(policy_loops);
ATF_TC_HEAD(policy_loops, tc)
{
	atf_tc_set_md_var(tc, "descr", "RFC 6324 3.3: our address inside");
}
ATF_TC_BODY(policy_loops, tc)
{
	static const char	*ours[] = {
		"2002:b01:1::1", "2002:b01:1:ffff::",
		"2a10::5efe:b01:1", "2a10::200:5efe:b01:1",
		"2002:b02:5::200:5efe:b01:1",
		"2001:0:b05:1:8000:f6fe:f4fe:fffe",
	};
	static const char	*others[] = {
		"2002:b01:2::1", "2a10::5efe:b01:2", "2a10::300:5efe:b01:1",
		"2a10::5eff:b01:1", "2001:0:b01:1:8000:f6fe:f4fe:fffd",
		"2001:1:b05:1:8000:f6fe:f4fe:fffe", "b01:1::b01:1",
	};
	struct policies		 p;
	struct addr6		 a;
	size_t			 i;

	policy_init(&p, NULL, 0);
	policy_own_add(&p, in4("11.1.0.1"));
	for (i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
		a = in6(ours[i]);
		ATF_CHECK_MSG(policy_loops(&p, &a), "%s", ours[i]);
	}
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		a = in6(others[i]);
		ATF_CHECK_MSG(!policy_loops(&p, &a), "%s", others[i]);
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, policy_special4);
	ATF_TP_ADD_TC(tp, policy_special6);
	ATF_TP_ADD_TC(tp, policy_why);
	ATF_TP_ADD_TC(tp, policy_hard);
	ATF_TP_ADD_TC(tp, policy_rules);
	ATF_TP_ADD_TC(tp, policy_rules_full);
	ATF_TP_ADD_TC(tp, policy_own);
	ATF_TP_ADD_TC(tp, policy_loops);
	return (atf_no_error());
}
