/*
 * Tests of addresses and prefixes, lib/prefix.c.
 */
#include <sys/socket.h>
#include <netinet/in.h>

#include <atf-c.h>
#include <string.h>

#include "prefix.h"

static void
round_trip(const char *s)
{
	struct prefix	 p;
	char		 buf[PREFIX_STRLEN];

	ATF_REQUIRE_EQ_MSG(prefix_parse(&p, s), 0, "%s refused", s);
	ATF_CHECK_STREQ(prefix_print(&p, buf, sizeof(buf)), s);
}

ATF_TC_WITHOUT_HEAD(prefix_parse);
ATF_TC_BODY(prefix_parse, tc)
{
	static const char *const	 bad[] = {
		"", "/", "2002::", "2002::/", "2002::/129", "2002::/-1",
		"2002::1/16", "192.88.99.1/24", "192.88.99.0/33",
		"192.88.99/24", "fe80::%lo/10", "2002::/16x", "2002::/ 16",
		"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb/16"
	};
	struct prefix			 p;
	size_t				 i;

	round_trip("2002::/16");
	round_trip("192.88.99.0/24");
	round_trip("::/0");
	round_trip("0.0.0.0/0");
	round_trip("2001:db8:1:2:3:4:5:6/128");
	round_trip("255.255.255.255/32");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ATF_CHECK_EQ_MSG(prefix_parse(&p, bad[i]), -1, "%s accepted",
		    bad[i]);
}

static int
covers(const char *prefix, const char *addr)
{
	struct prefix	 p;
	struct ipaddr	 a;

	ATF_REQUIRE_EQ(prefix_parse(&p, prefix), 0);
	ATF_REQUIRE_EQ(ipaddr_parse(&a, addr), 0);
	return (prefix_covers(&p, a.af, a.b));
}

ATF_TC_WITHOUT_HEAD(prefix_mask);
ATF_TC_BODY(prefix_mask, tc)
{
	struct prefix	 p;
	char		 buf[PREFIX_STRLEN];
	int		 len;

	for (len = 0; len <= 128; len++) {
		memset(&p, 0xff, sizeof(p));
		p.af = 6;
		p.len = len;
		prefix_mask(&p);
		ATF_CHECK_EQ(prefix_parse(&p, prefix_print(&p, buf,
		    sizeof(buf))), 0);
		ATF_CHECK(len == 0 || p.b[(len - 1) / 8] &
		    (0x80 >> ((len - 1) % 8)));
	}
}

ATF_TC_WITHOUT_HEAD(prefix_covers);
ATF_TC_BODY(prefix_covers, tc)
{
	ATF_CHECK(covers("2002::/16", "2002:c058:6301::1"));
	ATF_CHECK(!covers("2002::/16", "2003::1"));
	ATF_CHECK(covers("172.16.0.0/12", "172.31.255.255"));
	ATF_CHECK(!covers("172.16.0.0/12", "172.32.0.0"));
	ATF_CHECK(covers("0.0.0.0/0", "1.2.3.4"));
	ATF_CHECK(!covers("0.0.0.0/0", "::1"));
	ATF_CHECK(covers("::/0", "::1"));
	ATF_CHECK(covers("192.0.2.1/32", "192.0.2.1"));
	ATF_CHECK(!covers("192.0.2.1/32", "192.0.2.0"));
	ATF_CHECK(covers("fe80::/10", "febf::1"));
	ATF_CHECK(!covers("fe80::/10", "fec0::1"));
}

ATF_TC_WITHOUT_HEAD(ipaddr_parse);
ATF_TC_BODY(ipaddr_parse, tc)
{
	struct sockaddr_storage	 ss;
	struct ipaddr		 a, b;
	uint16_t		 port;
	char			 buf[IPADDR_STRLEN];

	ATF_REQUIRE_EQ(ipaddr_parse(&a, "fe80::1%lo"), 0);
	ATF_CHECK(a.scope != 0);
	ATF_CHECK_STREQ(ipaddr_print(&a, buf, sizeof(buf)), "fe80::1%lo");
	ATF_CHECK_EQ(ipaddr_parse(&b, "fe80::1%nosuchdevice"), -1);
	ATF_CHECK_EQ(ipaddr_parse(&b, "192.0.2.256"), -1);

	ATF_CHECK_EQ(ipaddr_to_sa(&a, 179, &ss), sizeof(struct sockaddr_in6));
	ATF_REQUIRE_EQ(ipaddr_from_sa(&b, &port, (struct sockaddr *)&ss), 0);
	ATF_CHECK(ipaddr_equal(&a, &b));
	ATF_CHECK_EQ(port, 179);

	ATF_REQUIRE_EQ(ipaddr_parse(&a, "192.0.2.1"), 0);
	ATF_CHECK_EQ(ipaddr_to_sa(&a, 1, &ss), sizeof(struct sockaddr_in));
	ATF_REQUIRE_EQ(ipaddr_from_sa(&b, &port, (struct sockaddr *)&ss), 0);
	ATF_CHECK(ipaddr_equal(&a, &b));

	memset(&a, 0, sizeof(a));
	ATF_CHECK_STREQ(ipaddr_print(&a, buf, sizeof(buf)), "-");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, prefix_parse);
	ATF_TP_ADD_TC(tp, prefix_mask);
	ATF_TP_ADD_TC(tp, prefix_covers);
	ATF_TP_ADD_TC(tp, ipaddr_parse);
	return (atf_no_error());
}
