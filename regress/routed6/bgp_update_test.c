/*
 * Tests of reading an UPDATE, routed6/bgp_update.c: every error has the
 * consequence that RFC 7606 (the sections are named) gives it.
 */
#include <atf-c.h>
#include <string.h>

#include "bgp_update.h"
#include "wr.h"

#define ORIGIN	"\x40\x01\x01\x00"
#define PATH	"\x40\x02\x06\x02\x01\x00\x00\xfe\x4d"
#define NEXTHOP	"\x40\x03\x04\x0a\x00\x00\x01"
#define NLRI	"\x10\x0a\x01"
#define BASE	ORIGIN PATH NEXTHOP
#define MP6	"\x80\x0e\x1a\x00\x02\x01\x10" \
		"\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1\x00\x20\x20\x01\0\0"
#define MP6_EMPTY "\x80\x0e\x15\x00\x02\x01\x10" \
		"\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1\x00"
#define UNREACH6 "\x80\x0f\x06\x00\x02\x01\x10\x20\x02"

static const struct bgp_session	ebgp = { .local_as = 64600, .as4 = 1,
    .ip4 = 1, .ip6 = 1 };

/* An UPDATE of withdrawn routes, attributes and NLRI, read. */
static enum bgp_verdict
update_read(const struct bgp_session *s, const char *gone, size_t ngone,
    const char *attrs, size_t nattrs, const char *nlri, size_t nnlri,
    struct bgp_update *u, struct bgp_error *e)
{
	uint8_t		 b[4096];
	struct wr	 w;
	struct rd	 r;
	int		 got;

	wr_init(&w, b, sizeof(b));
	wr_u16(&w, (uint16_t)ngone);
	wr_bytes(&w, gone, ngone);
	wr_u16(&w, (uint16_t)nattrs);
	wr_bytes(&w, attrs, nattrs);
	wr_bytes(&w, nlri, nnlri);
	ATF_REQUIRE(wr_end(&w) > 0);
	rd_init(&r, b, w.len);
	got = bgp_update_parse(&r, s, u, e);
	ATF_CHECK_EQ(got, u->verdict == BGP_V_RESET ? -1 : 0);
	ATF_CHECK_EQ(e->code, u->verdict == BGP_V_OK ? 0 : BGP_E_UPDATE);
	return (u->verdict);
}

#define READ(s, gone, attrs, nlri)					\
	update_read(s, gone, sizeof(gone) - 1, attrs, sizeof(attrs) - 1,\
	    nlri, sizeof(nlri) - 1, &u, &e)

ATF_TC_WITHOUT_HEAD(bgp_update_parse);
ATF_TC_BODY(bgp_update_parse, tc)
{
	struct bgp_update	 u;
	struct bgp_error	 e;

	ATF_CHECK_EQ(READ(&ebgp, "", BASE, NLRI NLRI), BGP_V_OK);
	ATF_CHECK_EQ(u.reach, 2);
	ATF_CHECK_EQ(u.unreach, 0);
	ATF_CHECK_EQ(READ(&ebgp, NLRI "\x00" "\x20\x01\x02\x03\x04", "", ""),
	    BGP_V_OK);
	ATF_CHECK_EQ(u.unreach, 3);
	ATF_CHECK_EQ(READ(&ebgp, "", MP6 ORIGIN PATH, ""), BGP_V_OK);
	ATF_CHECK_EQ(u.reach, 1);
	ATF_CHECK_EQ(READ(&ebgp, NLRI, UNREACH6 MP6 BASE, NLRI), BGP_V_OK);
	ATF_CHECK_EQ(u.reach, 2);
	ATF_CHECK_EQ(u.unreach, 2);
	/* End-of-RIB (RFC 4724 2), both forms. */
	ATF_CHECK_EQ(READ(&ebgp, "", "", ""), BGP_V_OK);
	ATF_CHECK_EQ(READ(&ebgp, "", "\x80\x0f\x03\x00\x02\x01", ""),
	    BGP_V_OK);
}

/* Every attribute there is, in order. */
ATF_TC_WITHOUT_HEAD(bgp_update_parse_all);
ATF_TC_BODY(bgp_update_parse_all, tc)
{
	static const struct bgp_session	 ibgp = { .ibgp = 1, .as4 = 1 };
	struct bgp_update		 u;
	struct bgp_error		 e;

	ATF_CHECK_EQ(READ(&ibgp, "", BASE
	    "\x80\x04\x04\0\0\0\1" "\x40\x05\x04\0\0\0\x64" "\x40\x06\x00"
	    "\xc0\x07\x08\0\0\xfe\x4d\1\2\3\4" "\xc0\x08\x04\xff\xff\xff\1"
	    "\x80\x09\x04\1\2\3\4" "\x80\x0a\x08\1\2\3\4\5\6\7\x08"
	    "\xc0\x10\x08\0\0\0\0\0\0\0\0"
	    "\xd0\x20\x00\x0c\0\0\0\1\0\0\0\2\0\0\0\3"
	    "\xc0\xff\x02\0\0", NLRI), BGP_V_OK);
	ATF_CHECK_EQ(u.reach, 1);
}

/* RFC 7606 3 b: lengths that do not fit the message. */
ATF_TC_WITHOUT_HEAD(rfc7606_3b_lengths);
ATF_TC_BODY(rfc7606_3b_lengths, tc)
{
	struct bgp_update	 u;
	struct bgp_error	 e;
	struct rd		 r;

	rd_init(&r, "\0\5\0\0", 4);
	ATF_CHECK_EQ(bgp_update_parse(&r, &ebgp, &u, &e), -1);
	ATF_CHECK_EQ(e.subcode, BGP_UPDATE_LIST);
	rd_init(&r, "\0\0\0\1", 4);
	ATF_CHECK_EQ(bgp_update_parse(&r, &ebgp, &u, &e), -1);
	ATF_CHECK_EQ(e.subcode, BGP_UPDATE_LIST);
}

/* RFC 7606 3 c: optional and transitive bits that contradict the type. */
ATF_TC_WITHOUT_HEAD(rfc7606_3c_flags);
ATF_TC_BODY(rfc7606_3c_flags, tc)
{
	struct bgp_update	 u;
	struct bgp_error	 e;

	ATF_CHECK_EQ(READ(&ebgp, "", "\xc0\x01\x01\x00" PATH NEXTHOP, NLRI),
	    BGP_V_WITHDRAW);
	ATF_CHECK_EQ(e.subcode, BGP_UPDATE_FLAGS);
	ATF_CHECK_EQ(e.len, 4);
	ATF_CHECK_EQ(memcmp(e.data, "\xc0\x01\x01\x00", 4), 0);
	ATF_CHECK_EQ(READ(&ebgp, "", BASE "\x40\x08\x04\0\0\0\0", NLRI),
	    BGP_V_WITHDRAW);
	/* Partial and the reserved bits contradict nothing. */
	ATF_CHECK_EQ(READ(&ebgp, "", BASE "\xef\x08\x04\0\0\0\0", NLRI),
	    BGP_V_OK);
}

/* RFC 7606 3 d: well-known mandatory attributes that are not there. */
ATF_TC_WITHOUT_HEAD(rfc7606_3d_missing);
ATF_TC_BODY(rfc7606_3d_missing, tc)
{
	struct bgp_update	 u;
	struct bgp_error	 e;

	ATF_CHECK_EQ(READ(&ebgp, "", ORIGIN PATH, NLRI), BGP_V_WITHDRAW);
	ATF_CHECK_EQ(e.subcode, BGP_UPDATE_MISSING);
	ATF_CHECK_EQ(e.len, 1);
	ATF_CHECK_EQ(e.data[0], BGP_A_NEXT_HOP);
	ATF_CHECK_EQ(READ(&ebgp, "", ORIGIN NEXTHOP, NLRI), BGP_V_WITHDRAW);
	ATF_CHECK_EQ(READ(&ebgp, "", MP6 PATH, ""), BGP_V_WITHDRAW);
	ATF_CHECK_EQ(e.data[0], BGP_A_ORIGIN);
}

/* RFC 7606 3 g: attributes that come twice. */
ATF_TC_WITHOUT_HEAD(rfc7606_3g_twice);
ATF_TC_BODY(rfc7606_3g_twice, tc)
{
	struct bgp_update	 u;
	struct bgp_error	 e;

	ATF_CHECK_EQ(READ(&ebgp, "", BASE ORIGIN, NLRI), BGP_V_DISCARD);
	/* The first one counts, so a bad second one does not matter. */
	ATF_CHECK_EQ(READ(&ebgp, "", BASE "\x40\x01\x01\x09", NLRI),
	    BGP_V_DISCARD);
	ATF_CHECK_EQ(u.discarded, 1);
	ATF_CHECK_EQ(READ(&ebgp, "", MP6 MP6 ORIGIN PATH, ""), BGP_V_RESET);
	ATF_CHECK_EQ(e.subcode, BGP_UPDATE_LIST);
	ATF_CHECK_EQ(READ(&ebgp, "", UNREACH6 UNREACH6, ""), BGP_V_RESET);
}

/* RFC 7606 3 h: of several errors the strongest consequence. */
ATF_TC_WITHOUT_HEAD(rfc7606_3h_strongest);
ATF_TC_BODY(rfc7606_3h_strongest, tc)
{
	struct bgp_update	 u;
	struct bgp_error	 e;

	ATF_CHECK_EQ(READ(&ebgp, "", "\x40\x06\x01\x00"
	    "\x40\x01\x01\x09" PATH NEXTHOP, NLRI), BGP_V_WITHDRAW);
	ATF_CHECK_EQ(e.subcode, BGP_UPDATE_ORIGIN);
	ATF_CHECK_EQ(u.discarded, 1);
}

/* RFC 7606 4: attributes that do not fit the attributes. */
ATF_TC_WITHOUT_HEAD(rfc7606_4_overrun);
ATF_TC_BODY(rfc7606_4_overrun, tc)
{
	struct bgp_update	 u;
	struct bgp_error	 e;

	ATF_CHECK_EQ(READ(&ebgp, "", BASE "\x80", NLRI), BGP_V_WITHDRAW);
	ATF_CHECK_EQ(READ(&ebgp, "", BASE "\x80\x04", NLRI), BGP_V_WITHDRAW);
	ATF_CHECK_EQ(READ(&ebgp, "", BASE "\x80\x04\x05\0\0\0\0", NLRI),
	    BGP_V_WITHDRAW);
	ATF_CHECK_EQ(READ(&ebgp, "", BASE "\x90\x04\x00", NLRI),
	    BGP_V_WITHDRAW);
	ATF_CHECK_EQ(u.reach, 1);
}

/* RFC 7606 5.2: an error and nothing announced that could be withdrawn. */
ATF_TC_WITHOUT_HEAD(rfc7606_5_2_no_nlri);
ATF_TC_BODY(rfc7606_5_2_no_nlri, tc)
{
	struct bgp_update	 u;
	struct bgp_error	 e;

	ATF_CHECK_EQ(READ(&ebgp, "", "\x40\x01\x01\x09", ""), BGP_V_RESET);
	ATF_CHECK_EQ(e.subcode, BGP_UPDATE_ORIGIN);
	ATF_CHECK_EQ(READ(&ebgp, "", UNREACH6 "\x40\x01\x01\x09", ""),
	    BGP_V_RESET);
	ATF_CHECK_EQ(READ(&ebgp, "", UNREACH6 "\x40\x06\x01\x00", ""),
	    BGP_V_DISCARD);
	ATF_CHECK_EQ(READ(&ebgp, "", UNREACH6 "\x80", ""), BGP_V_RESET);
	/* An MP_REACH_NLRI without a prefix announces nothing. */
	ATF_CHECK_EQ(READ(&ebgp, "", MP6_EMPTY ORIGIN PATH, ""), BGP_V_OK);
	ATF_CHECK_EQ(READ(&ebgp, "", MP6_EMPTY "\x40\x01\x01\x09" PATH, ""),
	    BGP_V_RESET);
	ATF_CHECK_EQ(READ(&ebgp, "", MP6_EMPTY "\x40\x01\x01\x09" PATH
	    NEXTHOP, NLRI), BGP_V_WITHDRAW);
}

/* RFC 7606 5.3: prefixes that are too long or cut off. */
ATF_TC_WITHOUT_HEAD(rfc7606_5_3_nlri);
ATF_TC_BODY(rfc7606_5_3_nlri, tc)
{
	struct bgp_update	 u;
	struct bgp_error	 e;

	ATF_CHECK_EQ(READ(&ebgp, "", BASE, "\x21\1\2\3\4\5"), BGP_V_RESET);
	ATF_CHECK_EQ(e.subcode, BGP_UPDATE_NETWORK);
	ATF_CHECK_EQ(READ(&ebgp, "", BASE, NLRI "\x18\1\2"), BGP_V_RESET);
	ATF_CHECK_EQ(READ(&ebgp, "\x11\1\2", "", ""), BGP_V_RESET);
	ATF_CHECK_EQ(READ(&ebgp, "", "\x80\x0f\x05\0\2\1\x81\0", ""),
	    BGP_V_RESET);
	ATF_CHECK_EQ(e.subcode, BGP_UPDATE_OPTIONAL);
	ATF_CHECK_EQ(READ(&ebgp, "", "\x80\x0f\x05\0\2\1\x10\0", ""),
	    BGP_V_RESET);
	ATF_CHECK_EQ(READ(&ebgp, "", "\x80\x0f\x02\0\2", ""), BGP_V_RESET);
	ATF_CHECK_EQ(READ(&ebgp, "", "\x80\x0e\x04\0\2\1\0" ORIGIN PATH, ""),
	    BGP_V_RESET);
	/* Flags that RFC 4760 does not know: these are not its attributes. */
	ATF_CHECK_EQ(READ(&ebgp, "", "\xc0\x0f\x06\0\2\1\x10\x20\x02", ""),
	    BGP_V_RESET);
	ATF_CHECK_EQ(e.subcode, BGP_UPDATE_FLAGS);
}

/* RFC 7606 7.x: one malformed attribute beside all that is needed. */
static const struct {
	const char	*descr;
	const char	*attr;
	size_t		 len;
	enum bgp_verdict want;
} malformed[] = {
#define BAD(descr, attr, want)	{ descr, attr, sizeof(attr) - 1, want }
	BAD("7.4 MED of 3", "\x80\x04\x03\0\0\0", BGP_V_WITHDRAW),
	BAD("7.4 MED of 0", "\x80\x04\x00", BGP_V_WITHDRAW),
	BAD("7.5 LOCAL_PREF from outside", "\x40\x05\x04\0\0\0\1",
	    BGP_V_DISCARD),
	BAD("7.6 ATOMIC_AGGREGATE of 1", "\x40\x06\x01\0", BGP_V_DISCARD),
	BAD("7.7 AGGREGATOR of 6", "\xc0\x07\x06\0\1\1\2\3\4",
	    BGP_V_DISCARD),
	BAD("RFC 7607 AGGREGATOR AS 0", "\xc0\x07\x08\0\0\0\0\1\2\3\4",
	    BGP_V_DISCARD),
	BAD("7.8 COMMUNITIES of 5", "\xc0\x08\x05\0\0\0\0\0",
	    BGP_V_WITHDRAW),
	BAD("7.8 COMMUNITIES of 0", "\xc0\x08\x00", BGP_V_WITHDRAW),
	BAD("7.9 ORIGINATOR_ID from outside", "\x80\x09\x04\1\2\3\4",
	    BGP_V_DISCARD),
	BAD("7.10 CLUSTER_LIST from outside", "\x80\x0a\x04\1\2\3\4",
	    BGP_V_DISCARD),
	BAD("7.14 EXTENDED COMMUNITIES of 7", "\xc0\x10\x07\0\0\0\0\0\0\0",
	    BGP_V_WITHDRAW),
	BAD("7.15 IPv6 COMMUNITIES of 1", "\xc0\x19\x01\0", BGP_V_WITHDRAW),
	BAD("RFC 8092 6 LARGE of 11", "\xc0\x20\x0b\0\0\0\0\0\0\0\0\0\0\0",
	    BGP_V_WITHDRAW),
	BAD("RFC 9234 5 OTC of 5", "\xc0\x23\x05\0\0\0\0\0",
	    BGP_V_WITHDRAW),
	BAD("RFC 9234 5 OTC", "\xc0\x23\x04\0\0\0\1", BGP_V_OK),
	BAD("RFC 6793 4.1 AS4_PATH of a new speaker",
	    "\xc0\x11\x06\2\1\0\0\0\1", BGP_V_DISCARD),
	BAD("RFC 6793 4.1 AS4_AGGREGATOR of a new speaker",
	    "\xc0\x12\x08\0\0\0\1\1\2\3\4", BGP_V_DISCARD),
	BAD("unknown, optional", "\xc0\x63\x01\0", BGP_V_OK),
	BAD("RFC 4271 6.3 unknown, well-known", "\x40\x63\x01\0",
	    BGP_V_RESET)
};

ATF_TC_WITHOUT_HEAD(rfc7606_7_attributes);
ATF_TC_BODY(rfc7606_7_attributes, tc)
{
	struct bgp_update	 u;
	struct bgp_error	 e;
	char			 attrs[128];
	size_t			 i, base = sizeof(BASE) - 1;

	memcpy(attrs, BASE, base);
	for (i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++) {
		memcpy(attrs + base, malformed[i].attr, malformed[i].len);
		ATF_CHECK_EQ_MSG(update_read(&ebgp, "", 0, attrs,
		    base + malformed[i].len, NLRI, 3, &u, &e),
		    malformed[i].want, "%s: verdict %u", malformed[i].descr,
		    u.verdict);
		ATF_CHECK_EQ(u.reach, 1);
	}
}

/* RFC 7606 7.1, 7.2, 7.3: the mandatory ones; RFC 7607, RFC 5065. */
ATF_TC_WITHOUT_HEAD(rfc7606_7_mandatory);
ATF_TC_BODY(rfc7606_7_mandatory, tc)
{
	struct bgp_update	 u;
	struct bgp_error	 e;

#define ORIGIN_BAD(v)	READ(&ebgp, "", v PATH NEXTHOP, NLRI)
	ATF_CHECK_EQ(ORIGIN_BAD("\x40\x01\x01\x03"), BGP_V_WITHDRAW);
	ATF_CHECK_EQ(ORIGIN_BAD("\x40\x01\x02\x00\x00"), BGP_V_WITHDRAW);
	ATF_CHECK_EQ(ORIGIN_BAD("\x40\x01\x00"), BGP_V_WITHDRAW);
#define PATH_BAD(v)	READ(&ebgp, "", ORIGIN v NEXTHOP, NLRI)
	ATF_CHECK_EQ(PATH_BAD("\x40\x02\x00"), BGP_V_OK);
	ATF_CHECK_EQ(PATH_BAD("\x40\x02\x06\x05\x01\0\0\0\1"),
	    BGP_V_WITHDRAW);
	ATF_CHECK_EQ(PATH_BAD("\x40\x02\x06\x03\x01\0\0\0\1"),
	    BGP_V_WITHDRAW);
	ATF_CHECK_EQ(PATH_BAD("\x40\x02\x02\x02\x00"), BGP_V_WITHDRAW);
	ATF_CHECK_EQ(PATH_BAD("\x40\x02\x05\x02\x01\0\0\1"), BGP_V_WITHDRAW);
	ATF_CHECK_EQ(PATH_BAD("\x40\x02\x07\x02\x01\0\0\0\1\2"),
	    BGP_V_WITHDRAW);
	ATF_CHECK_EQ(PATH_BAD("\x40\x02\x06\x02\x01\0\0\0\0"),
	    BGP_V_WITHDRAW);
	ATF_CHECK_EQ(e.subcode, BGP_UPDATE_ASPATH);
	ATF_CHECK_EQ(READ(&ebgp, "", ORIGIN PATH "\x40\x03\x03\1\2\3", NLRI),
	    BGP_V_WITHDRAW);
}

/* RFC 7606 7.11, RFC 2545 3, RFC 8950 3: how long a next hop may be. */
ATF_TC_WITHOUT_HEAD(rfc7606_7_11_nexthop);
ATF_TC_BODY(rfc7606_7_11_nexthop, tc)
{
	static const struct {
		uint8_t			 afi;
		uint8_t			 len;
		uint8_t			 extnh;
		enum bgp_verdict	 want;
	} cases[] = {
		{ 2, 16, 0, BGP_V_OK }, { 2, 32, 0, BGP_V_OK },
		{ 2, 4, 0, BGP_V_RESET }, { 2, 0, 0, BGP_V_RESET },
		{ 2, 17, 0, BGP_V_RESET }, { 1, 4, 0, BGP_V_OK },
		{ 1, 16, 0, BGP_V_RESET }, { 1, 16, 1, BGP_V_OK },
		{ 1, 32, 1, BGP_V_OK },
		/* a family we never asked for is passed over */
		{ 25, 3, 0, BGP_V_OK }
	};
	struct bgp_session	 s = ebgp;
	struct bgp_update	 u;
	struct bgp_error	 e;
	struct wr		 w;
	uint8_t			 b[128];
	size_t			 i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		wr_init(&w, b, sizeof(b));
		wr_bytes(&w, "\x80\x0e", 2);
		wr_u8(&w, 4 + cases[i].len + 3);
		wr_u16(&w, cases[i].afi);
		wr_u8(&w, 1);
		wr_u8(&w, cases[i].len);
		wr_zero(&w, cases[i].len);
		wr_bytes(&w, "\x00\x08\x0a", 3);
		wr_bytes(&w, ORIGIN PATH, 13);
		s.extnh = cases[i].extnh;
		ATF_CHECK_EQ_MSG(update_read(&s, "", 0, (char *)b, w.len, "",
		    0, &u, &e), cases[i].want, "case %zu", i);
	}
}

/* AS numbers of two octets: the same bytes mean something else. */
ATF_TC_WITHOUT_HEAD(rfc6793_two_octets);
ATF_TC_BODY(rfc6793_two_octets, tc)
{
	static const struct bgp_session	 old = { .as4 = 0 };
	struct bgp_update		 u;
	struct bgp_error		 e;

	ATF_CHECK_EQ(READ(&old, "", ORIGIN "\x40\x02\x04\x02\x01\x5b\xa0"
	    NEXTHOP "\xc0\x07\x06\x5b\xa0\1\2\3\4"
	    "\xc0\x11\x06\x02\x01\xfa\x56\xea\x01", NLRI), BGP_V_OK);
	ATF_CHECK_EQ(READ(&old, "", BASE, NLRI), BGP_V_WITHDRAW);
}

/* RFC 6793 6: what an old speaker passes on may be malformed. */
ATF_TC_WITHOUT_HEAD(rfc6793_6_malformed);
ATF_TC_BODY(rfc6793_6_malformed, tc)
{
	static const struct bgp_session	 old = { .as4 = 0 };
	struct bgp_update		 u;
	struct bgp_error		 e;

#define OLD(attr)	READ(&old, "", ORIGIN "\x40\x02\x04\x02\x01\x5b\xa0" \
			    NEXTHOP attr, NLRI)
	ATF_CHECK_EQ(OLD("\xc0\x11\x06\2\1\0\0\0\1"), BGP_V_OK);
	ATF_CHECK_EQ(OLD("\xc0\x11\x00"), BGP_V_DISCARD);
	ATF_CHECK_EQ(OLD("\xc0\x11\x05\2\1\0\0\1"), BGP_V_DISCARD);
	ATF_CHECK_EQ(OLD("\xc0\x12\x08\0\0\0\1\1\2\3\4"), BGP_V_OK);
	ATF_CHECK_EQ(OLD("\xc0\x12\x06\0\0\0\1\1\1"), BGP_V_DISCARD);
}

/* Cut anywhere, a good UPDATE is an error or a smaller good one. */
ATF_TC_WITHOUT_HEAD(bgp_update_parse_truncated);
ATF_TC_BODY(bgp_update_parse_truncated, tc)
{
	static const char	 body[] = "\0\3" NLRI "\0\x3a"
				    MP6 ORIGIN PATH NEXTHOP UNREACH6 NLRI;
	struct bgp_update	 u;
	struct bgp_error	 e;
	struct rd		 r;
	size_t			 n, len = sizeof(body) - 1;

	rd_init(&r, body, len);
	ATF_CHECK_EQ(bgp_update_parse(&r, &ebgp, &u, &e), 0);
	ATF_CHECK_EQ(u.verdict, BGP_V_OK);
	ATF_CHECK_EQ(u.reach, 2);
	ATF_CHECK_EQ(u.unreach, 2);
	for (n = 0; n < len; n++) {
		rd_init(&r, body, n);
		/* Without its NLRI field it is whole again. */
		ATF_CHECK_EQ_MSG(bgp_update_parse(&r, &ebgp, &u, &e),
		    n == len - 3 ? 0 : -1, "cut at %zu", n);
	}
}

ATF_TC_WITHOUT_HEAD(bgp_update_parse_flipped);
ATF_TC_BODY(bgp_update_parse_flipped, tc)
{
	char			 body[] = "\0\3" NLRI "\0\x3a"
				    MP6 ORIGIN PATH NEXTHOP UNREACH6 NLRI;
	struct bgp_update	 u;
	struct bgp_error	 e;
	struct rd		 r;
	size_t			 bit, len = sizeof(body) - 1;
	int			 n[4] = { 0, 0, 0, 0 };

	for (bit = 0; bit < len * 8; bit++) {
		body[bit / 8] ^= 1 << (bit % 8);
		rd_init(&r, body, len);
		ATF_CHECK_EQ(bgp_update_parse(&r, &ebgp, &u, &e),
		    u.verdict == BGP_V_RESET ? -1 : 0);
		ATF_CHECK(u.reach <= len && u.unreach <= len);
		n[u.verdict]++;
		body[bit / 8] ^= 1 << (bit % 8);
	}
	ATF_CHECK(n[BGP_V_OK] > 0);
	ATF_CHECK(n[BGP_V_WITHDRAW] > 0);
	ATF_CHECK(n[BGP_V_RESET] > 0);
}

/* What bgp_update_each() shows, as text. */
struct shown {
	char	 text[256];
};

static void
show(void *arg, int reach, const struct prefix *p)
{
	struct shown	*sh = arg;
	char		 buf[PREFIX_STRLEN];

	strlcat(sh->text, reach ? "+" : "-", sizeof(sh->text));
	strlcat(sh->text, prefix_print(p, buf, sizeof(buf)),
	    sizeof(sh->text));
}

/* All of them, in the order in which they stand. */
ATF_TC_WITHOUT_HEAD(bgp_update_each);
ATF_TC_BODY(bgp_update_each, tc)
{
	static const char	 attrs[] = MP6 UNREACH6 BASE
				    "\x80\x0f\x04\0\x19\x41\0";
	struct shown		 sh = { "" };
	struct wr		 w;
	struct rd		 r;
	uint8_t			 b[256];
	size_t			 len;

	wr_init(&w, b, sizeof(b));
	wr_u16(&w, 2);
	wr_bytes(&w, "\x01\x80", 2);
	wr_u16(&w, sizeof(attrs) - 1);
	wr_bytes(&w, attrs, sizeof(attrs) - 1);
	/* Bits after the length are nobody's (RFC 4271 4.3). */
	wr_bytes(&w, "\x09\x0a\xff\0", 4);
	rd_init(&r, b, w.len);
	bgp_update_each(&r, show, &sh);
	ATF_CHECK_STREQ(sh.text, "-128.0.0.0/1+2001::/32-2002::/16"
	    "+10.128.0.0/9+0.0.0.0/0");
	/* Cut anywhere it shows less, and reads nothing behind the end. */
	for (len = 0; len < w.len; len++) {
		sh.text[0] = '\0';
		rd_init(&r, b, len);
		bgp_update_each(&r, show, &sh);
		ATF_CHECK(strlen(sh.text) < 80);
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, bgp_update_parse);
	ATF_TP_ADD_TC(tp, bgp_update_parse_all);
	ATF_TP_ADD_TC(tp, rfc7606_3b_lengths);
	ATF_TP_ADD_TC(tp, rfc7606_3c_flags);
	ATF_TP_ADD_TC(tp, rfc7606_3d_missing);
	ATF_TP_ADD_TC(tp, rfc7606_3g_twice);
	ATF_TP_ADD_TC(tp, rfc7606_3h_strongest);
	ATF_TP_ADD_TC(tp, rfc7606_4_overrun);
	ATF_TP_ADD_TC(tp, rfc7606_5_2_no_nlri);
	ATF_TP_ADD_TC(tp, rfc7606_5_3_nlri);
	ATF_TP_ADD_TC(tp, rfc7606_7_attributes);
	ATF_TP_ADD_TC(tp, rfc7606_7_mandatory);
	ATF_TP_ADD_TC(tp, rfc7606_7_11_nexthop);
	ATF_TP_ADD_TC(tp, rfc6793_two_octets);
	ATF_TP_ADD_TC(tp, rfc6793_6_malformed);
	ATF_TP_ADD_TC(tp, bgp_update_parse_truncated);
	ATF_TP_ADD_TC(tp, bgp_update_parse_flipped);
	ATF_TP_ADD_TC(tp, bgp_update_each);
	return (atf_no_error());
}
