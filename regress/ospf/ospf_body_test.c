/*
 * Tests of what is inside LSAs, routed6/ospf_body.c.
 */
#include <atf-c.h>
#include <string.h>

#include "ospf_body.h"

static struct ospf_prefix
prefix_make(const char *text, uint8_t options, uint16_t metric)
{
	struct ospf_prefix	 p = { .options = options, .metric = metric };

	ATF_REQUIRE_EQ(prefix_parse(&p.prefix, text), 0);
	return (p);
}

/* RFC 5340 A.4.1: whole words, as many as the length needs. */
ATF_TC_WITHOUT_HEAD(ospf_prefix_parse);
ATF_TC_BODY(ospf_prefix_parse, tc)
{
	static const struct {
		const char	*text;
		size_t		 len;
	}			 cases[] = {
		{ "::/0", 4 }, { "2002::/16", 8 }, { "2001::/32", 8 },
		{ "2001:db8::/33", 12 }, { "2001:db8:1::/48", 12 },
		{ "2001:db8:0:1::/64", 12 }, { "2001:db8:0:1:8000::/65", 16 },
		{ "2001:db8::1/128", 20 }
	};
	struct ospf_prefix	 p, g;
	struct wr		 w;
	struct rd		 r;
	uint8_t			 b[32];
	size_t			 i, len;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		p = prefix_make(cases[i].text, OSPF_PFX_LA, 9);
		wr_init(&w, b, sizeof(b));
		ospf_prefix_build(&w, &p);
		ATF_CHECK_EQ_MSG(w.len, cases[i].len, "%s", cases[i].text);
		for (len = 0; len < w.len; len++) {
			rd_init(&r, b, len);
			ATF_CHECK_EQ(ospf_prefix_parse(&r, &g), -1);
		}
		rd_init(&r, b, w.len);
		ATF_REQUIRE_EQ(ospf_prefix_parse(&r, &g), 0);
		ATF_CHECK(prefix_equal(&p.prefix, &g.prefix));
		ATF_CHECK_EQ(g.options, OSPF_PFX_LA);
		ATF_CHECK_EQ(g.metric, 9);
	}
}

/* No length leads beyond the 16 bytes of an address. */
ATF_TC_WITHOUT_HEAD(ospf_prefix_parse_length);
ATF_TC_BODY(ospf_prefix_parse_length, tc)
{
	struct ospf_prefix	 g;
	struct rd		 r;
	uint8_t			 b[64];
	int			 len;

	memset(b, 0xff, sizeof(b));
	for (len = 0; len <= 255; len++) {
		b[0] = len;
		rd_init(&r, b, sizeof(b));
		ATF_CHECK_EQ_MSG(ospf_prefix_parse(&r, &g),
		    len <= 128 ? 0 : -1, "%d bits", len);
	}
	/* Bits after the length mean nothing and are not kept. */
	b[0] = 9;
	rd_init(&r, b, sizeof(b));
	ATF_REQUIRE_EQ(ospf_prefix_parse(&r, &g), 0);
	ATF_CHECK_EQ(g.prefix.b[0], 0xff);
	ATF_CHECK_EQ(g.prefix.b[1], 0x80);
	ATF_CHECK_EQ(g.prefix.b[2], 0);
}

static size_t
external_make(uint8_t *b, size_t room, uint8_t flags)
{
	struct ospf_external	 e;
	struct wr		 w;

	memset(&e, 0, sizeof(e));
	e.flags = flags;
	e.metric = 0xabcdef;
	e.prefix = prefix_make("2002::/16", OSPF_PFX_P, 0);
	e.forward.s6_addr[0] = 0x20;
	e.tag = 0xdeadbeef;
	wr_init(&w, b, room);
	ospf_external_build(&w, &e);
	return (w.len);
}

ATF_TC_WITHOUT_HEAD(ospf_external_parse);
ATF_TC_BODY(ospf_external_parse, tc)
{
	struct ospf_external	 e;
	struct rd		 r;
	uint8_t			 b[64], flags;
	size_t			 len, n;

	for (flags = 0; flags < 8; flags++) {
		len = external_make(b, sizeof(b), flags);
		ATF_CHECK_EQ(len, 12U + (flags & OSPF_EXT_F ? 16 : 0) +
		    (flags & OSPF_EXT_T ? 4 : 0));
		for (n = 0; n < len; n++) {
			rd_init(&r, b, n);
			ATF_CHECK_EQ(ospf_external_parse(&r, &e), -1);
		}
		rd_init(&r, b, len);
		ATF_REQUIRE_EQ(ospf_external_parse(&r, &e), 0);
		ATF_CHECK_EQ(rd_end(&r), 0);
		ATF_CHECK_EQ(e.flags, flags);
		ATF_CHECK_EQ(e.metric, 0xabcdef);
		ATF_CHECK_EQ(e.prefix.options, OSPF_PFX_P);
		ATF_CHECK_EQ(e.tag, flags & OSPF_EXT_T ? 0xdeadbeef : 0);
		ATF_CHECK_EQ(e.forward.s6_addr[0],
		    flags & OSPF_EXT_F ? 0x20 : 0);
	}
}

/* The fixed parts of the others, cut off everywhere. */
ATF_TC_WITHOUT_HEAD(ospf_bodies_truncated);
ATF_TC_BODY(ospf_bodies_truncated, tc)
{
	struct ospf_linkbody	 l;
	struct ospf_router	 rt;
	struct ospf_rlink	 rl;
	struct ospf_intra	 in;
	struct rd		 r;
	uint8_t			 b[32];
	size_t			 n;

	memset(b, 0, sizeof(b));
	for (n = 0; n < 24; n++) {
		rd_init(&r, b, n);
		ATF_CHECK_EQ(ospf_router_parse(&r, &rt), n < 4 ? -1 : 0);
		rd_init(&r, b, n);
		ATF_CHECK_EQ(ospf_rlink_parse(&r, &rl), n < 16 ? -1 : 0);
		rd_init(&r, b, n);
		ATF_CHECK_EQ(ospf_intra_parse(&r, &in), n < 12 ? -1 : 0);
		rd_init(&r, b, n);
		ATF_CHECK_EQ(ospf_linkbody_parse(&r, &l), -1);
	}
	rd_init(&r, b, 24);
	ATF_CHECK_EQ(ospf_linkbody_parse(&r, &l), 0);
}

ATF_TC_WITHOUT_HEAD(ospf_bodies_build);
ATF_TC_BODY(ospf_bodies_build, tc)
{
	struct ospf_router	 rt = { OSPF_RTR_E, 0x13 }, rt2;
	struct ospf_rlink	 rl = { OSPF_RLINK_P2P, 10, 1, 2, 3 }, rl2;
	struct ospf_intra	 in = { 1, { OSPF_LSA_ROUTER, 0, 7 } }, in2;
	struct ospf_linkbody	 lb = { 1, 0x13, { { { 0xfe } } }, 4 }, lb2;
	struct wr		 w;
	struct rd		 r;
	uint8_t			 b[128];

	wr_init(&w, b, sizeof(b));
	ospf_router_build(&w, &rt);
	ospf_rlink_build(&w, &rl);
	ospf_intra_build(&w, &in);
	ospf_linkbody_build(&w, &lb);
	ATF_CHECK_EQ(wr_end(&w), 4 + 16 + 12 + 24);
	rd_init(&r, b, w.len);
	ATF_CHECK_EQ(ospf_router_parse(&r, &rt2), 0);
	ATF_CHECK(rt2.flags == rt.flags && rt2.options == rt.options);
	ATF_CHECK_EQ(ospf_rlink_parse(&r, &rl2), 0);
	ATF_CHECK(rl2.type == 1 && rl2.metric == 10 && rl2.ifid == 1 &&
	    rl2.nbr_ifid == 2 && rl2.nbr == 3);
	ATF_CHECK_EQ(ospf_intra_parse(&r, &in2), 0);
	ATF_CHECK(in2.nprefixes == 1 && in2.ref.type == OSPF_LSA_ROUTER &&
	    in2.ref.adv == 7);
	ATF_CHECK_EQ(ospf_linkbody_parse(&r, &lb2), 0);
	ATF_CHECK(lb2.priority == 1 && lb2.options == 0x13 &&
	    lb2.addr.s6_addr[0] == 0xfe && lb2.nprefixes == 4);
	ATF_CHECK_EQ(rd_end(&r), 0);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, ospf_prefix_parse);
	ATF_TP_ADD_TC(tp, ospf_prefix_parse_length);
	ATF_TP_ADD_TC(tp, ospf_external_parse);
	ATF_TP_ADD_TC(tp, ospf_bodies_truncated);
	ATF_TP_ADD_TC(tp, ospf_bodies_build);
	return (atf_no_error());
}
