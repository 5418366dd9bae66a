/*
 * Tests of BGP framing, OPEN, NOTIFICATION, KEEPALIVE and ROUTE-REFRESH:
 * routed6/bgp_wire.c and bgp_error.c.
 */
#include <atf-c.h>
#include <string.h>

#include "bgp_wire.h"

#define ALL_CAPS	(BGP_CAP_IP4 | BGP_CAP_IP6 | BGP_CAP_EXTNH | \
			BGP_CAP_AS4 | BGP_CAP_REFRESH | BGP_CAP_ERR | \
			BGP_CAP_EXTMSG | BGP_CAP_ROLE)

static const struct bgp_open	sample = {
	.as = 4200000001, .id = 0x0a000001, .caps = ALL_CAPS, .hold = 90,
	.role = BGP_ROLE_RS
};

/* A whole OPEN of ours; returns its length. */
static size_t
open_make(uint8_t *buf, const struct bgp_open *o)
{
	struct wr	 w;

	wr_init(&w, buf, BGP_MSG_MAX);
	bgp_open_build(&w, o);
	ATF_REQUIRE(wr_end(&w) > 0);
	return (w.len);
}

/* Parse a body; 0, or the subcode (+ 256) of the error. */
static int
open_read(const void *body, size_t len, struct bgp_open *o)
{
	struct bgp_error	 e;
	struct rd		 r;

	rd_init(&r, body, len);
	if (bgp_open_parse(&r, o, &e) == 0)
		return (0);
	ATF_CHECK_EQ(e.code, BGP_E_OPEN);
	return (256 + e.subcode);
}

ATF_TC_WITHOUT_HEAD(bgp_open_parse);
ATF_TC_BODY(bgp_open_parse, tc)
{
	struct bgp_error	 e;
	struct bgp_open		 o;
	uint8_t			 b[BGP_MSG_MAX], type;
	size_t			 len;

	len = open_make(b, &sample);
	ATF_CHECK_EQ(bgp_frame(b, len, BGP_MSG_MAX, &type, &e), (ssize_t)len);
	ATF_CHECK_EQ(type, BGP_OPEN);
	/* RFC 6793 9: the field for two octets says AS_TRANS. */
	ATF_CHECK_EQ(b[20] << 8 | b[21], BGP_AS_TRANS);
	ATF_CHECK_EQ(open_read(b + 19, len - 19, &o), 0);
	ATF_CHECK_EQ(o.as, 4200000001);
	ATF_CHECK_EQ(o.id, 0x0a000001);
	ATF_CHECK_EQ(o.hold, 90);
	ATF_CHECK_EQ(o.caps, ALL_CAPS | BGP_CAP_MP);
	ATF_CHECK_EQ(o.role, BGP_ROLE_RS);
}

/* Read an OPEN whose capabilities these are. */
static void
caps_read(const void *caps, size_t len, struct bgp_open *o)
{
	uint8_t		 b[512];
	struct wr	 w;

	wr_init(&w, b, sizeof(b));
	wr_u8(&w, BGP_VERSION);
	wr_u16(&w, 65101);
	wr_u16(&w, 90);
	wr_u32(&w, 1);
	wr_u8(&w, len + 2);
	wr_u8(&w, 2);
	wr_u8(&w, len);
	wr_bytes(&w, caps, len);
	ATF_REQUIRE(wr_end(&w) > 0);
	ATF_CHECK_EQ(open_read(b, w.len, o), 0);
}
#define CAPS(s, o)	caps_read(s, sizeof(s) - 1, o)

ATF_TC_WITHOUT_HEAD(bgp_open_parse_caps);
ATF_TC_BODY(bgp_open_parse_caps, tc)
{
	struct bgp_open	 o;
	int		 i, j;

	CAPS("\x06\0" "\x46\0" "\x09\1\4", &o);
	ATF_CHECK_EQ(o.caps, BGP_CAP_EXTMSG | BGP_CAP_ERR | BGP_CAP_ROLE);
	ATF_CHECK_EQ(o.role, BGP_ROLE_PEER);
	ATF_CHECK(!o.roles_differ);
	CAPS("\x09\1\3" "\x09\1\3", &o);
	ATF_CHECK_EQ(o.role, BGP_ROLE_CUSTOMER);
	ATF_CHECK(!o.roles_differ);
	CAPS("\x09\1\0" "\x09\1\3", &o);
	ATF_CHECK(o.roles_differ);
	CAPS("\x09\1\5", &o);
	ATF_CHECK_EQ(o.role, BGP_NROLES);
	CAPS("\x09\2\0\0", &o);
	ATF_CHECK_EQ(o.caps, 0);
	for (i = 0; i < BGP_NCAPS; i++)
		for (j = 0; j < i; j++)
			ATF_CHECK(strcmp(bgp_cap_name(1U << i),
			    bgp_cap_name(1U << j)) != 0);
	ATF_CHECK_STREQ(bgp_cap_name(1U << BGP_NCAPS), "?");
}

ATF_TC_WITHOUT_HEAD(bgp_open_parse_name);
ATF_TC_BODY(bgp_open_parse_name, tc)
{
	struct bgp_open	 o;
	char		 caps[2 + 1 + 200 + 1 + 3] = { 73, 205 - 1, 200 - 1 };

	CAPS("\x49\x09\4edge\3net", &o);
	ATF_CHECK_STREQ(o.name, "edge.net");
	ATF_CHECK_EQ(o.caps, BGP_CAP_NAME);
	CAPS("\x49\x06\4edge\0", &o);
	ATF_CHECK_STREQ(o.name, "edge");
	CAPS("\x49\x06\4\x1b[2\xff\0", &o);
	ATF_CHECK_STREQ(o.name, "?[2?");
	/* None, or one that is cut off. */
	CAPS("\x49\x02\0\0", &o);
	ATF_CHECK_EQ(o.caps, 0);
	CAPS("\x49\x03\4ed", &o);
	ATF_CHECK_STREQ(o.name, "");
	memset(caps + 3, 'x', 199);
	caps[202] = 3;
	memcpy(caps + 203, "net", 3);
	caps_read(caps, 206, &o);
	ATF_CHECK_EQ(strlen(o.name), BGP_NAME - 1);
}

ATF_TC_WITHOUT_HEAD(bgp_open_parse_truncated);
ATF_TC_BODY(bgp_open_parse_truncated, tc)
{
	struct bgp_open	 o;
	uint8_t		 b[BGP_MSG_MAX];
	size_t		 len, n;

	len = open_make(b, &sample) - 19;
	for (n = 0; n < len; n++)
		ATF_CHECK_EQ(open_read(b + 19, n, &o),
		    256 + BGP_OPEN_UNSPECIFIC);
	b[19 + len] = 0;
	ATF_CHECK_EQ(open_read(b + 19, len + 1, &o),
	    256 + BGP_OPEN_UNSPECIFIC);
}

/* No flipped bit may do more than change a value or make it an error. */
ATF_TC_WITHOUT_HEAD(bgp_open_parse_flipped);
ATF_TC_BODY(bgp_open_parse_flipped, tc)
{
	struct bgp_open	 o;
	uint8_t		 b[BGP_MSG_MAX];
	size_t		 len, bit;
	int		 good = 0, bad = 0;

	len = open_make(b, &sample) - 19;
	for (bit = 0; bit < len * 8; bit++) {
		b[19 + bit / 8] ^= 1 << (bit % 8);
		if (open_read(b + 19, len, &o) == 0)
			good++;
		else
			bad++;
		b[19 + bit / 8] ^= 1 << (bit % 8);
	}
	ATF_CHECK(good > 0);
	ATF_CHECK(bad >= 8 + 8);	/* version, parameter length */
}

/* RFC 4271 6.2 and what was added to it. */
ATF_TC_WITHOUT_HEAD(bgp_open_parse_errors);
ATF_TC_BODY(bgp_open_parse_errors, tc)
{
#define OPEN_HEAD	"\x04\xfc\x58\x00\x5a\x0a\x00\x00\x01"
	static const struct {
		const char	*body;
		size_t		 len;
		int		 want;
	} cases[] = {
		{ OPEN_HEAD "\x00", 10, 0 },
		{ "\x03\xfc\x58\x00\x5a\x0a\x00\x00\x01\x00", 10,
		    256 + BGP_OPEN_VERSION },
		/* RFC 4271: an authentication parameter */
		{ OPEN_HEAD "\x03\x01\x01\x00", 13,
		    256 + BGP_OPEN_PARAMETER },
		/* a parameter longer than all parameters */
		{ OPEN_HEAD "\x02\x02\x01", 12, 256 + BGP_OPEN_UNSPECIFIC },
		/* a capability longer than its parameter */
		{ OPEN_HEAD "\x04\x02\x02\x01\x04", 14,
		    256 + BGP_OPEN_UNSPECIFIC },
		/* a capability nobody knows, RFC 5492 3 */
		{ OPEN_HEAD "\x05\x02\x03\xf0\x01\x00", 15, 0 },
		/* RFC 7607: AS 0 */
		{ OPEN_HEAD "\x08\x02\x06\x41\x04\0\0\0\0", 18,
		    256 + BGP_OPEN_AS },
		/* a graceful restart capability is tolerated */
		{ OPEN_HEAD "\x06\x02\x04\x40\x02\x00\x78", 16, 0 },
		/* RFC 9072 2: long form, with a refresh capability */
		{ OPEN_HEAD "\xff\xff\x00\x05\x02\x00\x02\x02\x00", 18, 0 },
		{ OPEN_HEAD "\xff\xff\x00\x06\x02\x00\x02\x02\x00", 18,
		    256 + BGP_OPEN_UNSPECIFIC }
	};
	struct bgp_open	 o;
	size_t		 i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ATF_CHECK_EQ_MSG(open_read(cases[i].body, cases[i].len, &o),
		    cases[i].want, "case %zu", i);
	ATF_REQUIRE_EQ(open_read(cases[8].body, cases[8].len, &o), 0);
	ATF_CHECK_EQ(o.caps, BGP_CAP_REFRESH);
	ATF_CHECK_EQ(o.as, 64600);
}

/* RFC 4271 6.2: the data of a version error is the version we speak. */
ATF_TC_WITHOUT_HEAD(bgp_open_parse_version);
ATF_TC_BODY(bgp_open_parse_version, tc)
{
	struct bgp_error	 e;
	struct bgp_open		 o;
	struct rd		 r;

	rd_init(&r, "\x05\xfc\x58\x00\x5a\x0a\x00\x00\x01\x00", 10);
	ATF_CHECK_EQ(bgp_open_parse(&r, &o, &e), -1);
	ATF_CHECK_EQ(e.subcode, BGP_OPEN_VERSION);
	ATF_CHECK_EQ(e.len, 2);
	ATF_CHECK_EQ(memcmp(e.data, "\0\4", 2), 0);
}

/* RFC 4271 6.1: marker, length, type. */
ATF_TC_WITHOUT_HEAD(bgp_frame);
ATF_TC_BODY(bgp_frame, tc)
{
	static const struct {
		uint16_t	 len;
		uint8_t		 type;
		uint8_t		 subcode;
	} cases[] = {
		{ 19, BGP_KEEPALIVE, 0 },
		{ 18, BGP_KEEPALIVE, BGP_HEADER_LENGTH },
		{ 20, BGP_KEEPALIVE, BGP_HEADER_LENGTH },
		{ 28, BGP_OPEN, BGP_HEADER_LENGTH },
		{ 22, BGP_UPDATE, BGP_HEADER_LENGTH },
		{ 20, BGP_NOTIFICATION, BGP_HEADER_LENGTH },
		{ 4097, BGP_UPDATE, BGP_HEADER_LENGTH },
		{ 0, BGP_UPDATE, BGP_HEADER_LENGTH },
		{ 19, 0, BGP_HEADER_TYPE },
		{ 19, 6, BGP_HEADER_TYPE }
	};
	struct bgp_error	 e;
	struct wr		 w;
	uint8_t			 b[BGP_HEADER_LEN], type;
	size_t			 i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(&e, 0, sizeof(e));
		wr_init(&w, b, sizeof(b));
		bgp_msg_begin(&w, cases[i].type);
		wr_patch16(&w, 16, cases[i].len);
		ATF_CHECK_EQ_MSG(bgp_frame(b, sizeof(b), BGP_MSG_MAX,
		    &type, &e), cases[i].subcode == 0 ? 19 : -1,
		    "case %zu", i);
		ATF_CHECK_EQ(e.subcode, cases[i].subcode);
		if (e.subcode == BGP_HEADER_LENGTH) {
			ATF_CHECK_EQ(e.len, 2);
			ATF_CHECK_EQ(memcmp(e.data, b + 16, 2), 0);
		} else if (e.subcode == BGP_HEADER_TYPE) {
			ATF_CHECK_EQ(e.len, 1);
			ATF_CHECK_EQ(e.data[0], cases[i].type);
		}
	}
}

/* RFC 8654 4: UPDATE, NOTIFICATION and ROUTE-REFRESH may be longer. */
ATF_TC_WITHOUT_HEAD(bgp_frame_extended);
ATF_TC_BODY(bgp_frame_extended, tc)
{
	struct bgp_error	 e;
	struct wr		 w;
	uint8_t			 b[BGP_HEADER_LEN], type, t;

	for (t = BGP_OPEN; t < BGP_NTYPES; t++) {
		wr_init(&w, b, sizeof(b));
		bgp_msg_begin(&w, t);
		wr_patch16(&w, 16, 65535);
		ATF_CHECK_EQ_MSG(bgp_frame(b, sizeof(b), BGP_MSG_EXTENDED,
		    &type, &e), t == BGP_OPEN || t == BGP_KEEPALIVE ? -1 : 0,
		    "type %u", t);
	}
}

ATF_TC_WITHOUT_HEAD(bgp_frame_marker);
ATF_TC_BODY(bgp_frame_marker, tc)
{
	struct bgp_error	 e;
	struct wr		 w;
	uint8_t			 b[BGP_HEADER_LEN], type;
	size_t			 i;

	wr_init(&w, b, sizeof(b));
	bgp_keepalive_build(&w);
	for (i = 0; i < BGP_HEADER_LEN; i++)
		ATF_CHECK_EQ(bgp_frame(b, i, BGP_MSG_MAX, &type, &e), 0);
	for (i = 0; i < 16 * 8; i++) {
		b[i / 8] ^= 1 << (i % 8);
		ATF_CHECK_EQ(bgp_frame(b, sizeof(b), BGP_MSG_MAX,
		    &type, &e), -1);
		ATF_CHECK_EQ(e.code, BGP_E_HEADER);
		ATF_CHECK_EQ(e.subcode, BGP_HEADER_SYNC);
		b[i / 8] ^= 1 << (i % 8);
	}
}

ATF_TC_WITHOUT_HEAD(bgp_refresh_parse);
ATF_TC_BODY(bgp_refresh_parse, tc)
{
	struct bgp_error	 e;
	struct wr		 w;
	struct rd		 r;
	uint8_t			 b[64], type, kind, safi;
	uint16_t		 afi;
	size_t			 n;

	wr_init(&w, b, sizeof(b));
	bgp_refresh_build(&w, BGP_AFI_IP6, BGP_REFRESH_END,
	    BGP_SAFI_UNICAST);
	ATF_CHECK_EQ(bgp_frame(b, w.len, BGP_MSG_MAX, &type, &e), 23);
	ATF_CHECK_EQ(type, BGP_REFRESH);
	rd_init(&r, b + 19, 4);
	ATF_CHECK_EQ(bgp_refresh_parse(&r, &afi, &kind, &safi), 0);
	ATF_CHECK_EQ(kind, BGP_REFRESH_END);
	ATF_CHECK_EQ(afi, BGP_AFI_IP6);
	ATF_CHECK_EQ(safi, BGP_SAFI_UNICAST);
	for (n = 0; n < 4; n++) {
		rd_init(&r, b + 19, n);
		ATF_CHECK_EQ(bgp_refresh_parse(&r, &afi, &kind, &safi), -1);
	}
}

ATF_TC_WITHOUT_HEAD(bgp_notification_parse);
ATF_TC_BODY(bgp_notification_parse, tc)
{
	struct bgp_error	 e, f;
	struct wr		 w;
	struct rd		 r;
	uint8_t			 b[BGP_MSG_MAX], type;
	size_t			 n;

	bgp_error_set(&e, BGP_E_UPDATE, BGP_UPDATE_LIST, "abc", 3);
	wr_init(&w, b, sizeof(b));
	bgp_notification_build(&w, &e);
	ATF_CHECK_EQ(bgp_frame(b, w.len, BGP_MSG_MAX, &type, &f), 24);
	rd_init(&r, b + 19, 5);
	ATF_CHECK_EQ(bgp_notification_parse(&r, &f), 0);
	ATF_CHECK_EQ(memcmp(&e, &f, sizeof(e)), 0);
	for (n = 0; n < 2; n++) {
		rd_init(&r, b + 19, n);
		ATF_CHECK_EQ(bgp_notification_parse(&r, &f), -1);
	}
	/* The longest there can be: data is cut, never overrun. */
	memset(b, 6, sizeof(b));
	rd_init(&r, b, BGP_MSG_MAX - 19);
	ATF_CHECK_EQ(bgp_notification_parse(&r, &f), 0);
	ATF_CHECK_EQ(f.len, BGP_ERROR_DATA);
}

ATF_TC_WITHOUT_HEAD(bgp_error_print);
ATF_TC_BODY(bgp_error_print, tc)
{
	struct bgp_error	 e;
	char			 buf[BGP_ERROR_TEXT], tiny[8];

	bgp_error_set(&e, BGP_E_OPEN, BGP_OPEN_AS, NULL, 0);
	ATF_CHECK_STREQ(bgp_error_print(&e, buf, sizeof(buf)),
	    "OPEN Message Error, Bad Peer AS");
	bgp_error_set(&e, BGP_E_HOLD, 0, NULL, 0);
	ATF_CHECK_STREQ(bgp_error_print(&e, buf, sizeof(buf)),
	    "Hold Timer Expired");
	bgp_error_set(&e, BGP_E_CEASE, 77, NULL, 0);
	ATF_CHECK_STREQ(bgp_error_print(&e, buf, sizeof(buf)),
	    "Cease, subcode 77");
	bgp_error_set(&e, 99, 1, NULL, 0);
	ATF_CHECK_STREQ(bgp_error_print(&e, buf, sizeof(buf)), "error 99/1");
	ATF_CHECK_STREQ(bgp_error_print(&e, tiny, sizeof(tiny)), "error 9");
}

/* RFC 9003: what a peer may write into our log. */
ATF_TC_WITHOUT_HEAD(bgp_error_print_communication);
ATF_TC_BODY(bgp_error_print_communication, tc)
{
	static const struct {
		const char	*text;
		const char	*want;
	} cases[] = {
		{ "\x05" "hello", "hello" },
		{ "\x05" "gr\xc3\xbc\xc3", "gr\xc3\xbc\\xc3" },
		{ "\x06" "a\nb\x1b" "cd", "a\\x0ab\\x1bcd" },
		{ "\x03" "a\"b", "a\\x22b" },
		/* right-to-left override, U+202E */
		{ "\x04\xe2\x80\xae!", "\\xe2\\x80\\xae!" },
		/* an overlong slash, a surrogate, beyond Unicode */
		{ "\x02\xc0\xaf", "\\xc0\\xaf" },
		{ "\x03\xed\xa0\x80", "\\xed\\xa0\\x80" },
		{ "\x04\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80" },
		/* a length that lies */
		{ "\xff" "short", "short" }
	};
	struct bgp_error	 e;
	char			 buf[BGP_ERROR_TEXT], want[BGP_ERROR_TEXT];
	size_t			 i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bgp_error_set(&e, BGP_E_CEASE, BGP_CEASE_SHUTDOWN,
		    cases[i].text, strlen(cases[i].text));
		strlcpy(want, "Cease, Administrative Shutdown: \"",
		    sizeof(want));
		strlcat(want, cases[i].want, sizeof(want));
		strlcat(want, "\"", sizeof(want));
		ATF_CHECK_STREQ(bgp_error_print(&e, buf, sizeof(buf)), want);
	}
	memset(e.data, 0xff, sizeof(e.data));
	e.len = sizeof(e.data);
	ATF_CHECK(strlen(bgp_error_print(&e, buf, sizeof(buf))) <
	    sizeof(buf));
	ATF_CHECK_EQ(buf[strlen(buf) - 1], '"');
}

ATF_TC_WITHOUT_HEAD(bgp_error_cease);
ATF_TC_BODY(bgp_error_cease, tc)
{
	struct bgp_error	 e;
	char			 text[400];

	bgp_error_cease(&e, BGP_CEASE_SHUTDOWN, "maintenance");
	ATF_CHECK_EQ(e.len, 12);
	ATF_CHECK_EQ(e.data[0], 11);
	bgp_error_cease(&e, BGP_CEASE_SHUTDOWN, "");
	ATF_CHECK_EQ(e.len, 0);
	bgp_error_cease(&e, BGP_CEASE_DECONFIGURED, "not for this one");
	ATF_CHECK_EQ(e.len, 0);

	/* 127 two-byte characters and the first half of one. */
	memset(text, 0, sizeof(text));
	for (e.len = 0; e.len < 300; e.len += 2)
		memcpy(text + e.len, "\xc3\xbc", 2);
	bgp_error_cease(&e, BGP_CEASE_RESET, text);
	ATF_CHECK_EQ(e.data[0], 254);
	ATF_CHECK_EQ(e.len, 255);
	memset(text, 'x', 300);
	bgp_error_cease(&e, BGP_CEASE_RESET, text);
	ATF_CHECK_EQ(e.data[0], 255);
	ATF_CHECK_EQ(e.len, 256);
}

ATF_TC_WITHOUT_HEAD(bgp_text_valid);
ATF_TC_BODY(bgp_text_valid, tc)
{
	char	 text[BGP_COMMUNICATION_MAX + 2];

	ATF_CHECK(bgp_text_valid(""));
	ATF_CHECK(bgp_text_valid("Umzug nach Z\xc3\xbcrich"));
	ATF_CHECK(!bgp_text_valid("Umzug nach Z\xfcrich"));
	ATF_CHECK(!bgp_text_valid("cut off \xc3"));
	memset(text, 'x', sizeof(text));
	text[BGP_COMMUNICATION_MAX] = '\0';
	ATF_CHECK(bgp_text_valid(text));
	text[BGP_COMMUNICATION_MAX] = 'x';
	text[BGP_COMMUNICATION_MAX + 1] = '\0';
	ATF_CHECK(!bgp_text_valid(text));
}

ATF_TC_WITHOUT_HEAD(bgp_text_trim);
ATF_TC_BODY(bgp_text_trim, tc)
{
	static const char	 whole[] = "a\xc3\xbc\xe2\x82\xac"
				    "\xf0\x9f\x98\x80";
	static const size_t	 ends[] = { 0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10 };
	char			 text[16];
	size_t			 n;

	for (n = 0; n < sizeof(ends) / sizeof(ends[0]); n++) {
		strlcpy(text, whole, n + 1);
		bgp_text_trim(text);
		ATF_CHECK_EQ_MSG(strlen(text), ends[n], "%zu", n);
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, bgp_open_parse);
	ATF_TP_ADD_TC(tp, bgp_open_parse_truncated);
	ATF_TP_ADD_TC(tp, bgp_open_parse_flipped);
	ATF_TP_ADD_TC(tp, bgp_open_parse_errors);
	ATF_TP_ADD_TC(tp, bgp_open_parse_version);
	ATF_TP_ADD_TC(tp, bgp_open_parse_caps);
	ATF_TP_ADD_TC(tp, bgp_open_parse_name);
	ATF_TP_ADD_TC(tp, bgp_frame);
	ATF_TP_ADD_TC(tp, bgp_frame_extended);
	ATF_TP_ADD_TC(tp, bgp_frame_marker);
	ATF_TP_ADD_TC(tp, bgp_refresh_parse);
	ATF_TP_ADD_TC(tp, bgp_notification_parse);
	ATF_TP_ADD_TC(tp, bgp_error_print);
	ATF_TP_ADD_TC(tp, bgp_error_print_communication);
	ATF_TP_ADD_TC(tp, bgp_error_cease);
	ATF_TP_ADD_TC(tp, bgp_text_valid);
	ATF_TP_ADD_TC(tp, bgp_text_trim);
	return (atf_no_error());
}
