/*
 * Tests of relayd6/sixtofour.c for what one packet cannot show: state, time
 * and a change of configuration.  Rules about single packets are in the
 * corpus.
 */
#include <arpa/inet.h>

#include <atf-c.h>
#include <string.h>

#include "cksum.h"
#include "corpus.h"

static const uint8_t	key[SIPHASH_KEYLEN] = { 3, 1, 4 };

/* A packet from a native host of network n to a client's address. */
static size_t
native(uint8_t *buf, size_t cap, uint16_t n, uint32_t v4)
{
	struct ip6	 h = { .next = 59, .hlim = 9, .len = IP6_HDRLEN };
	struct wr	 w;

	h.src.hi = 0x2a10000100000000ULL + n;
	h.src.lo = 0x80;
	h.dst.hi = 0x2002ULL << 48 | (uint64_t)v4 << 16;
	h.dst.lo = 1;
	wr_init(&w, buf, cap);
	ip6_write(&w, &h);
	return (w.len);
}

/* Send one out at a time; reply has room for an error. */
static enum verdict
out(struct sixtofour *s, uint16_t n, uint32_t v4, int64_t ms, uint8_t *reply)
{
	uint8_t		 buf[IP6_HDRLEN];
	struct pkt	 p = { .data = buf, .reply = reply };
	mono_t		 now = { MONO_S(77) };
	enum verdict	 v;

	p.len = native(buf, sizeof(buf), n, v4);
	v = sixtofour_out(s, &p, mono_add(now, MONO_MS(ms)));
	if (v != V_FORWARD)
		ATF_CHECK(p.why == DROP_EMBEDDED || p.why == DROP_LOOP);
	return (v);
}

#define PRIVATE		0x0a000001U
#define CLIENT		0x0b020005U

ATF_TC(out_rate_total);
ATF_TC_HEAD(out_rate_total, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "RFC 4443 2.4 f: errors stop, the reason does not change");
}
ATF_TC_BODY(out_rate_total, tc)
{
	static struct sixtofour	 s;
	struct conf_6to4	 conf;
	uint8_t			 reply[PKT_REPLY_MAX];
	int			 i, replies = 0;

	corpus_conf(&conf);
	conf.icmp_rate = 100;
	sixtofour_init(&s, &conf, key);
	for (i = 0; i < 50; i++)
		replies += out(&s, i, PRIVATE, 0, reply) == V_REPLY;
	ATF_CHECK_EQ(replies, 10);
	ATF_CHECK_EQ(s.limit.sent, 10);
	ATF_CHECK_EQ(s.limit.held, 40);
	/* Traffic is not an error and goes on. */
	ATF_CHECK_EQ(out(&s, 99, CLIENT, 0, reply), V_FORWARD);
	ATF_CHECK_EQ(out(&s, 60, PRIVATE, 10, reply), V_REPLY);
	ATF_CHECK_EQ(out(&s, 61, PRIVATE, 10, reply), V_DROP);
}

ATF_TC(out_rate_network);
ATF_TC_HEAD(out_rate_network, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "RFC 4443 2.4 f: one network does not use up all errors");
}
ATF_TC_BODY(out_rate_network, tc)
{
	static struct sixtofour	 s;
	struct conf_6to4	 conf;
	uint8_t			 reply[PKT_REPLY_MAX];
	int			 i, replies = 0;

	corpus_conf(&conf);
	conf.icmp_rate = 100;
	sixtofour_init(&s, &conf, key);
	for (i = 0; i < 50; i++)
		replies += out(&s, 1, PRIVATE, 0, reply) == V_REPLY;
	ATF_CHECK_EQ(replies, 5);
	ATF_CHECK_EQ(out(&s, 2, PRIVATE, 0, reply), V_REPLY);
}

/* One ICMPv4 "host unreachable" about a packet from network n. */
static enum verdict
icmp4(struct sixtofour *s, uint16_t n, uint8_t *reply, enum drop *why)
{
	static const uint8_t	 head[] = {
		0x45, 0, 0, 88, 0, 0, 0, 0, 60, 1, 0, 0, 11, 9, 0, 9,
		11, 1, 0, 1, 3, 1, 0, 0, 0, 0, 0, 0,
		0x45, 0, 0, 60, 0, 0, 0, 0, 9, 41, 0, 0, 11, 1, 0, 1,
		11, 2, 0, 5,
	};
	uint8_t		 buf[sizeof(head) + IP6_HDRLEN];
	struct pkt	 p = { .data = buf, .reply = reply };
	mono_t		 now = { MONO_S(77) };
	enum verdict	 v;
	struct wr	 w;

	wr_init(&w, buf, sizeof(buf));
	wr_bytes(&w, head, sizeof(head));
	native(buf + sizeof(head), IP6_HDRLEN, n, CLIENT);
	wr_patch16(&w, 22, cksum_fold(cksum_add(0, buf + 20,
	    sizeof(buf) - 20)));
	p.len = sizeof(buf);
	v = sixtofour_icmp4(s, &p, now);
	*why = p.why;
	return (v);
}

ATF_TC(icmp4_rate);
ATF_TC_HEAD(icmp4_rate, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "RFC 4443 2.4 f: errors of the IPv4 side share the limit");
}
ATF_TC_BODY(icmp4_rate, tc)
{
	static struct sixtofour	 s;
	struct conf_6to4	 conf;
	uint8_t			 reply[PKT_REPLY_MAX];
	enum drop		 why;
	int			 i;

	corpus_conf(&conf);
	conf.icmp_rate = 100;
	sixtofour_init(&s, &conf, key);
	for (i = 0; i < 5; i++) {
		ATF_CHECK_EQ(icmp4(&s, i, reply, &why), V_REPLY);
		ATF_CHECK_EQ(why, DROP_PATH);
		ATF_CHECK_EQ(out(&s, 100 + i, PRIVATE, 0, reply), V_REPLY);
	}
	ATF_CHECK_EQ(icmp4(&s, 50, reply, &why), V_DROP);
	ATF_CHECK_EQ(why, DROP_RATE);
	ATF_CHECK_EQ(out(&s, 150, PRIVATE, 0, reply), V_DROP);
}

ATF_TC(source_own);
ATF_TC_HEAD(source_own, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "RFC 6324 3.1.2: a source on which nobody listens is ours too");
}
ATF_TC_BODY(source_own, tc)
{
	static struct sixtofour	 s;
	struct conf_6to4	 conf;
	uint8_t			 reply[PKT_REPLY_MAX];

	corpus_conf(&conf);
	conf.source.s_addr = htonl(CLIENT);
	sixtofour_init(&s, &conf, key);
	ATF_CHECK_EQ(out(&s, 1, CLIENT, 0, reply), V_REPLY);
}

ATF_TC(reconf_keeps_limit);
ATF_TC_HEAD(reconf_keeps_limit, tc)
{
	atf_tc_set_md_var(tc, "descr", "a reload does not refill the bucket");
}
ATF_TC_BODY(reconf_keeps_limit, tc)
{
	static struct sixtofour	 s;
	struct conf_6to4	 conf;
	uint8_t			 reply[PKT_REPLY_MAX];
	int			 i;

	corpus_conf(&conf);
	conf.icmp_rate = 100;
	sixtofour_init(&s, &conf, key);
	for (i = 0; i < 50; i++)
		out(&s, i, PRIVATE, 0, reply);
	sixtofour_reconf(&s, &conf);
	ATF_CHECK_EQ(out(&s, 60, PRIVATE, 0, reply), V_DROP);
	ATF_CHECK_EQ(out(&s, 60, PRIVATE, 100, reply), V_REPLY);
}

ATF_TC(reconf_rules);
ATF_TC_HEAD(reconf_rules, tc)
{
	atf_tc_set_md_var(tc, "descr", "a reload replaces lines and addresses");
}
ATF_TC_BODY(reconf_rules, tc)
{
	static struct sixtofour	 s;
	struct conf_6to4	 conf;
	uint8_t			 reply[PKT_REPLY_MAX];

	corpus_conf(&conf);
	sixtofour_init(&s, &conf, key);
	ATF_CHECK_EQ(out(&s, 1, PRIVATE, 0, reply), V_REPLY);
	conf.nrules = 1;
	conf.rules[0].allow = 1;
	ATF_REQUIRE_EQ(prefix_parse(&conf.rules[0].prefix, "10.0.0.0/8"), 0);
	sixtofour_reconf(&s, &conf);
	ATF_CHECK_EQ(out(&s, 1, PRIVATE, 0, reply), V_FORWARD);
	conf.listen[1].s_addr = htonl(CLIENT);
	sixtofour_reconf(&s, &conf);
	ATF_CHECK_EQ(out(&s, 1, CLIENT, 0, reply), V_REPLY);
	corpus_conf(&conf);
	sixtofour_reconf(&s, &conf);
	ATF_CHECK_EQ(out(&s, 1, PRIVATE, 0, reply), V_REPLY);
	ATF_CHECK_EQ(out(&s, 1, CLIENT, 0, reply), V_FORWARD);
}

ATF_TC(source_default);
ATF_TC_HEAD(source_default, tc)
{
	atf_tc_set_md_var(tc, "descr", "without a source, the first listener");
}
ATF_TC_BODY(source_default, tc)
{
	static struct sixtofour	 s;
	struct conf_6to4	 conf;
	uint8_t			 reply[PKT_REPLY_MAX];

	corpus_conf(&conf);
	conf.source.s_addr = 0;
	sixtofour_init(&s, &conf, key);
	ATF_REQUIRE_EQ(out(&s, 1, PRIVATE, 0, reply), V_REPLY);
	/* 2002:c058:6301::1 */
	ATF_CHECK_EQ(memcmp(reply + 8, "\x20\x02\xc0\x58\x63\x01\0\0", 8), 0);
}

ATF_TC(drop_words);
ATF_TC_HEAD(drop_words, tc)
{
	atf_tc_set_md_var(tc, "descr", "no two reasons share a word");
}
ATF_TC_BODY(drop_words, tc)
{
	int	 i, j;

	for (i = 0; i < DROP_NREASONS; i++)
		for (j = 0; j < i; j++)
			ATF_CHECK_MSG(strcmp(corpus_word(i),
			    corpus_word(j)) != 0, "%s", corpus_word(i));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, out_rate_total);
	ATF_TP_ADD_TC(tp, out_rate_network);
	ATF_TP_ADD_TC(tp, icmp4_rate);
	ATF_TP_ADD_TC(tp, source_own);
	ATF_TP_ADD_TC(tp, reconf_keeps_limit);
	ATF_TP_ADD_TC(tp, reconf_rules);
	ATF_TP_ADD_TC(tp, source_default);
	ATF_TP_ADD_TC(tp, drop_words);
	return (atf_no_error());
}
