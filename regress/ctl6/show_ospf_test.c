/*
 * Tests of ctl6/show_ospf.c, show_lsa.c and args_ospf.c: what routed6 says
 * about OSPFv3 becomes rows, what is not as it should be is refused, and
 * arguments become questions.
 */
#include "ctlospf.h"
#include "rows.h"

/* Another size and another type are not understood. */
static void
refuses(show_fn *fn, struct json_object *root, uint32_t type, const void *p,
    size_t size)
{
	ATF_CHECK_EQ(fn(root, type, p, size), 0);
	ATF_CHECK_EQ(fn(root, type, p, size - 1), -1);
	ATF_CHECK_EQ(fn(root, type, p, size + 1), -1);
	ATF_CHECK_EQ(fn(root, type, p, 0), -1);
	ATF_CHECK_EQ(fn(root, CTL_BODY + 1, p, size), -1);
}

ATF_TC_WITHOUT_HEAD(show_neighbor);
ATF_TC_BODY(show_neighbor, tc)
{
	struct json_object	*root = json_object_new_object(), *row;
	struct ctl_neighbor	 n;

	memset(&n, 'x', sizeof(n));	/* strings without an end */
	n.addr.af = 0;
	refuses(show_neighbor, root, CTL_NEIGHBOR, &n, sizeof(n));
	memset(&n, 0, sizeof(n));
	ATF_REQUIRE_EQ(ipaddr_parse(&n.addr, "fe80::1"), 0);
	n.router = 0x0a000001;
	n.options = 0x13;
	n.mtu = 1500;
	strlcpy(n.state, "ExStart", sizeof(n.state));
	strlcpy(n.why, "its MTU 1500 is larger than ours, 1400",
	    sizeof(n.why));
	SHOW(show_neighbor, root, CTL_NEIGHBOR, n);
	row_is(root, "neighbors",
	    "router", "10.0.0.1",
	    "address", "fe80::1",
	    "state", "ExStart",
	    "reason", "its MTU 1500 is larger than ours, 1400",
	    NULL);
	row = last_row(root, "neighbors");
	row_is(row, "detail",
	    "options", "V6 E R",
	    "mtu", "1500",
	    "dr", "",
	    NULL);
	json_object_put(root);
}

ATF_TC_WITHOUT_HEAD(show_interfaces);
ATF_TC_BODY(show_interfaces, tc)
{
	struct json_object	*root = json_object_new_object();
	struct ctl_interface	 c;

	memset(&c, 'x', sizeof(c));
	c.addr.af = 0;
	refuses(show_interfaces, root, CTL_INTERFACE, &c, sizeof(c));
	row_is(root, "interfaces", "type", "?", NULL);
	memset(&c, 0, sizeof(c));
	strlcpy(c.interface, "eth0", sizeof(c.interface));
	c.type = 1;
	c.area = 1;
	c.in[3] = 7;
	SHOW(show_interfaces, root, CTL_INTERFACE, c);
	row_is(root, "interfaces",
	    "interface", "eth0",
	    "area", "0.0.0.1",
	    "type", "broadcast",
	    NULL);
	ATF_CHECK_STREQ(column(last_row(root, "interfaces"), "packets",
	    "type"), "LSAck");
	json_object_put(root);
}

/* An AS-external-LSA of 2002::/16 with metric 30 of type 2. */
static const uint8_t	external[] = {
	0x00, 0x00, 0x40, 0x05, 0x00, 0x00, 0x00, 0x01,
	0x0a, 0x00, 0x00, 0x02, 0x80, 0x00, 0x00, 0x01,
	0x75, 0x36, 0x00, 0x20, 0x04, 0x00, 0x00, 0x1e,
	0x10, 0x00, 0x00, 0x00, 0x20, 0x02, 0x00, 0x00
};

ATF_TC_WITHOUT_HEAD(show_database);
ATF_TC_BODY(show_database, tc)
{
	struct json_object	*root = json_object_new_object(), *lsa;
	struct ctl_database	 d;
	struct ctl_body		 b;
	struct ctl_lsa		 l;

	memset(&d, 0, sizeof(d));
	d.refused = 3;
	memset(&b, 0, sizeof(b));
	b.len = sizeof(external);
	memcpy(b.data, external, sizeof(external));
	ATF_CHECK_EQ(show_database(root, CTL_BODY, &b, sizeof(b)), -1);
	refuses(show_database, root, CTL_DATABASE, &d, sizeof(d));
	row_is(root, "database", "refused", "3", NULL);
	memset(&l, 'x', sizeof(l));
	refuses(show_database, root, CTL_LSA, &l, sizeof(l));
	row_is(root, "lsas", "type", "unknown", NULL);
	memset(&l, 0, sizeof(l));
	l.scope = 2;
	l.type = 0x4005;
	l.id = 1;
	l.seq = -0x7fffffff;
	SHOW(show_database, root, CTL_LSA, l);
	row_is(root, "lsas",
	    "type", "as-external",
	    "scope", "AS",
	    "id", "0.0.0.1",
	    "sequence", "0x80000001",
	    NULL);
	refuses(show_database, root, CTL_BODY, &b, sizeof(b));
	lsa = last_row(root, "lsas");
	row_is(lsa, "content",
	    "what", "bytes",
	    "value",
	    "00004005000000010a0000028000000175360020"
	    "0400001e1000000020020000",
	    NULL);
	b.len = sizeof(b.data) + 1;
	ATF_CHECK_EQ(show_database(root, CTL_BODY, &b, sizeof(b)), -1);
	json_object_put(root);
}

/* The question that a command's arguments make; -1: refused. */
static int
asks(uint32_t request, const char *word, uint32_t value,
    const char *argument, struct ctl_ospf_ask *ask)
{
	struct command	 c = { .words = { "show", "x", word },
			     .request = request, .value = value };
	char		 show[] = "show", x[] = "x", arg[64];
	char		*argv[] = { show, x, arg, NULL };
	uint8_t		 buf[256];
	int		 n;

	strlcpy(arg, argument, sizeof(arg));
	n = args_ospf(&c, *argument == '\0' ? 2 : 3, argv, buf);
	if (n == sizeof(*ask))
		memcpy(ask, buf, sizeof(*ask));
	return (n);
}

ATF_TC_WITHOUT_HEAD(args_ospf);
ATF_TC_BODY(args_ospf, tc)
{
	struct ctl_ospf_ask	 ask;

	ATF_REQUIRE(asks(CTL_SHOW_NEIGHBORS, NULL, 0, "", &ask) > 0);
	ATF_CHECK_EQ(ask.addr.af, 0);
	ATF_REQUIRE(asks(CTL_SHOW_NEIGHBORS, "ADDRESS", 0, "10.0.0.1",
	    &ask) > 0);
	ATF_CHECK_EQ(ask.router, 0x0a000001);
	ATF_REQUIRE(asks(CTL_SHOW_NEIGHBORS, "ADDRESS", 0, "fe80::1",
	    &ask) > 0);
	ATF_CHECK_EQ(ask.addr.af, 6);
	ATF_CHECK_EQ(asks(CTL_SHOW_NEIGHBORS, "ADDRESS", 0, "bird", &ask),
	    -1);
	ATF_REQUIRE(asks(CTL_SHOW_DATABASE, "detail", 1, "detail",
	    &ask) > 0);
	ATF_CHECK_EQ(ask.lsa, 0);
	ATF_CHECK_EQ(ask.detail, 1);
	ATF_REQUIRE(asks(CTL_SHOW_DATABASE, "TYPE", 0, "as", &ask) > 0);
	ATF_CHECK_EQ(ask.lsa, 0x4005);
	ATF_REQUIRE(asks(CTL_SHOW_DATABASE, "TYPE", 0, "0x2001", &ask) > 0);
	ATF_CHECK_EQ(ask.lsa, 0x2001);
	ATF_CHECK_EQ(asks(CTL_SHOW_DATABASE, "TYPE", 0, "n", &ask), -1);
	ATF_CHECK_EQ(asks(CTL_SHOW_DATABASE, "TYPE", 0, "0x10000", &ask),
	    -1);
	ATF_CHECK_EQ(asks(CTL_SHOW_DATABASE, "TYPE", 0, "no", &ask), -1);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, show_neighbor);
	ATF_TP_ADD_TC(tp, show_interfaces);
	ATF_TP_ADD_TC(tp, show_database);
	ATF_TP_ADD_TC(tp, args_ospf);
	return (atf_no_error());
}
