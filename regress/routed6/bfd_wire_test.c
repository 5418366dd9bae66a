/*
 * Tests of BFD packets, routed6/bfd_wire.c, and of the rules of RFC 5880 6.8.6
 * that need no session.
 */
#include <atf-c.h>
#include <string.h>

#include "bfd_wire.h"
#include "ctlmsg.h"

static const struct bfd_packet	sample = {
	.state = BFD_UP, .diag = BFD_DIAG_NEIGHBOR,
	.flags = BFD_POLL | BFD_CPI, .mult = 3, .len = BFD_HEADER_LEN,
	.my = 0x01020304, .your = 0xa0b0c0d0, .min_tx = 50000,
	.min_rx = 10000, .min_echo = 7
};

/* The sample as RFC 5880 4.1 draws it. */
static const uint8_t	bytes[BFD_HEADER_LEN] = {
	0x23, 0xe8, 3, 24, 1, 2, 3, 4, 0xa0, 0xb0, 0xc0, 0xd0,
	0x00, 0x00, 0xc3, 0x50, 0x00, 0x00, 0x27, 0x10, 0, 0, 0, 7
};

/* The rule that the sample breaks when a byte is another one. */
static enum bfd_rule
rule_with(size_t at, uint8_t val)
{
	struct bfd_packet	 p;
	uint8_t			 b[sizeof(bytes)];

	memcpy(b, bytes, sizeof(b));
	b[at] = val;
	return (bfd_parse(&p, b, sizeof(b)));
}

ATF_TC_WITHOUT_HEAD(bfd_build);
ATF_TC_BODY(bfd_build, tc)
{
	uint8_t		 b[BFD_PACKET_MAX];
	struct wr	 w;

	wr_init(&w, b, sizeof(b));
	bfd_build(&w, &sample);
	ATF_REQUIRE_EQ(wr_end(&w), BFD_HEADER_LEN);
	ATF_CHECK_EQ(memcmp(b, bytes, sizeof(bytes)), 0);
}

ATF_TC_WITHOUT_HEAD(bfd_parse);
ATF_TC_BODY(bfd_parse, tc)
{
	struct bfd_packet	 p;
	uint8_t			 longer[sizeof(bytes) + 9];

	ATF_REQUIRE_EQ(bfd_parse(&p, bytes, sizeof(bytes)), BFD_R_OK);
	ATF_CHECK_EQ(memcmp(&p, &sample, sizeof(p)), 0);
	/* What is behind Length is nobody's concern. */
	memset(longer, 0xff, sizeof(longer));
	memcpy(longer, bytes, sizeof(bytes));
	ATF_REQUIRE_EQ(bfd_parse(&p, longer, sizeof(longer)), BFD_R_OK);
	ATF_CHECK_EQ(memcmp(&p, &sample, sizeof(p)), 0);
}

ATF_TC_WITHOUT_HEAD(rfc5880_6_8_6_rule_1);
ATF_TC_BODY(rfc5880_6_8_6_rule_1, tc)
{
	ATF_CHECK_EQ(rule_with(0, 0x03), BFD_R_VERSION);
	ATF_CHECK_EQ(rule_with(0, 0x43), BFD_R_VERSION);
	ATF_CHECK_EQ(rule_with(0, 0xe3), BFD_R_VERSION);
	ATF_CHECK_EQ(rule_with(0, 0x3f), BFD_R_OK);
}

ATF_TC_WITHOUT_HEAD(rfc5880_6_8_6_rule_2);
ATF_TC_BODY(rfc5880_6_8_6_rule_2, tc)
{
	struct bfd_packet	 p;
	uint8_t			 b[26];

	ATF_CHECK_EQ(rule_with(3, 23), BFD_R_SHORT);
	ATF_CHECK_EQ(rule_with(3, 0), BFD_R_SHORT);
	/* With the A bit two bytes more. */
	memset(b, 0, sizeof(b));
	memcpy(b, bytes, sizeof(bytes));
	b[1] |= BFD_AUTH;
	b[3] = 25;
	ATF_CHECK_EQ(bfd_parse(&p, b, sizeof(b)), BFD_R_SHORT);
	b[3] = 26;
	ATF_CHECK_EQ(bfd_parse(&p, b, sizeof(b)), BFD_R_OK);
}

ATF_TC_WITHOUT_HEAD(rfc5880_6_8_6_rule_3);
ATF_TC_BODY(rfc5880_6_8_6_rule_3, tc)
{
	ATF_CHECK_EQ(rule_with(3, 25), BFD_R_LONG);
	ATF_CHECK_EQ(rule_with(3, 255), BFD_R_LONG);
}

ATF_TC_WITHOUT_HEAD(rfc5880_6_8_6_rule_4);
ATF_TC_BODY(rfc5880_6_8_6_rule_4, tc)
{
	ATF_CHECK_EQ(rule_with(2, 0), BFD_R_MULT);
	ATF_CHECK_EQ(rule_with(2, 255), BFD_R_OK);
}

ATF_TC_WITHOUT_HEAD(rfc5880_6_8_6_rule_5);
ATF_TC_BODY(rfc5880_6_8_6_rule_5, tc)
{
	ATF_CHECK_EQ(rule_with(1, 0xe9), BFD_R_MULTIPOINT);
}

ATF_TC_WITHOUT_HEAD(rfc5880_6_8_6_rule_6);
ATF_TC_BODY(rfc5880_6_8_6_rule_6, tc)
{
	struct bfd_packet	 p;
	uint8_t			 b[sizeof(bytes)];

	memcpy(b, bytes, sizeof(b));
	memset(b + 4, 0, 4);
	ATF_CHECK_EQ(bfd_parse(&p, b, sizeof(b)), BFD_R_MY);
}

/* Your Discriminator may be zero in two states only. */
ATF_TC_WITHOUT_HEAD(rfc5880_6_8_6_rule_8);
ATF_TC_BODY(rfc5880_6_8_6_rule_8, tc)
{
	static const enum bfd_rule	 want[] = {
		BFD_R_OK, BFD_R_OK, BFD_R_STATE, BFD_R_STATE
	};
	struct bfd_packet		 p;
	uint8_t				 b[sizeof(bytes)];
	unsigned int			 i;

	memcpy(b, bytes, sizeof(b));
	memset(b + 8, 0, 4);
	for (i = 0; i < 4; i++) {
		b[1] = i << 6;
		ATF_CHECK_EQ(bfd_parse(&p, b, sizeof(b)), want[i]);
		ATF_CHECK_EQ(p.state, BFD_ADMINDOWN + i);
	}
}

/* The first rule that is broken counts, not the last. */
ATF_TC_WITHOUT_HEAD(rfc5880_6_8_6_order);
ATF_TC_BODY(rfc5880_6_8_6_order, tc)
{
	struct bfd_packet	 p;
	uint8_t			 b[sizeof(bytes)] = { 0 };

	b[1] = 0xc1;
	ATF_CHECK_EQ(bfd_parse(&p, b, sizeof(b)), BFD_R_VERSION);
	b[0] = 0x20;
	ATF_CHECK_EQ(bfd_parse(&p, b, sizeof(b)), BFD_R_SHORT);
	b[3] = 99;
	ATF_CHECK_EQ(bfd_parse(&p, b, sizeof(b)), BFD_R_LONG);
	b[3] = 24;
	ATF_CHECK_EQ(bfd_parse(&p, b, sizeof(b)), BFD_R_MULT);
	b[2] = 1;
	ATF_CHECK_EQ(bfd_parse(&p, b, sizeof(b)), BFD_R_MULTIPOINT);
	b[1] = 0xc0;
	ATF_CHECK_EQ(bfd_parse(&p, b, sizeof(b)), BFD_R_MY);
	b[7] = 1;
	ATF_CHECK_EQ(bfd_parse(&p, b, sizeof(b)), BFD_R_STATE);
}

ATF_TC_WITHOUT_HEAD(bfd_parse_truncated);
ATF_TC_BODY(bfd_parse_truncated, tc)
{
	struct bfd_packet	 p;
	size_t			 len;

	for (len = 0; len < sizeof(bytes); len++)
		ATF_CHECK_MSG(bfd_parse(&p, bytes, len) != BFD_R_OK,
		    "%zu bytes were enough", len);
}

/* Whatever bit is another: an answer, and what is accepted can be said. */
ATF_TC_WITHOUT_HEAD(bfd_parse_flipped);
ATF_TC_BODY(bfd_parse_flipped, tc)
{
	struct bfd_packet	 p;
	uint8_t			 b[sizeof(bytes)], again[BFD_PACKET_MAX];
	struct wr		 w;
	size_t			 i;

	for (i = 0; i < 8 * sizeof(bytes); i++) {
		memcpy(b, bytes, sizeof(b));
		b[i / 8] ^= 1 << i % 8;
		if (bfd_parse(&p, b, sizeof(b)) != BFD_R_OK)
			continue;
		wr_init(&w, again, sizeof(again));
		bfd_build(&w, &p);
		ATF_CHECK_EQ_MSG(memcmp(again, b, sizeof(b)), 0, "bit %zu", i);
	}
}

ATF_TC_WITHOUT_HEAD(bfd_names);
ATF_TC_BODY(bfd_names, tc)
{
	uint8_t	 i;

	for (i = BFD_ADMINDOWN; i < BFD_NSTATES; i++)
		ATF_CHECK(strcmp(bfd_state_name(i), "?") != 0);
	for (i = 0; i < BFD_NDIAGS; i++)
		ATF_CHECK(strcmp(bfd_diag_name(i), "?") != 0);
	for (i = 0; i < BFD_NRULES; i++)
		ATF_CHECK(strcmp(bfd_rule_name(i), "?") != 0);
	/* ctl6 is told of all that are reasons. */
	ATF_CHECK_EQ(CTL_BFD_RULES, BFD_NRULES - 1);
	ATF_CHECK_STREQ(bfd_state_name(BFD_NSTATES), "?");
	ATF_CHECK_STREQ(bfd_diag_name(31), "?");
	ATF_CHECK_STREQ(bfd_rule_name(BFD_NRULES), "?");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, bfd_build);
	ATF_TP_ADD_TC(tp, bfd_parse);
	ATF_TP_ADD_TC(tp, rfc5880_6_8_6_rule_1);
	ATF_TP_ADD_TC(tp, rfc5880_6_8_6_rule_2);
	ATF_TP_ADD_TC(tp, rfc5880_6_8_6_rule_3);
	ATF_TP_ADD_TC(tp, rfc5880_6_8_6_rule_4);
	ATF_TP_ADD_TC(tp, rfc5880_6_8_6_rule_5);
	ATF_TP_ADD_TC(tp, rfc5880_6_8_6_rule_6);
	ATF_TP_ADD_TC(tp, rfc5880_6_8_6_rule_8);
	ATF_TP_ADD_TC(tp, rfc5880_6_8_6_order);
	ATF_TP_ADD_TC(tp, bfd_parse_truncated);
	ATF_TP_ADD_TC(tp, bfd_parse_flipped);
	ATF_TP_ADD_TC(tp, bfd_names);
	return (atf_no_error());
}
