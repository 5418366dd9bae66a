/*
 * The 6to4 engine against the packet corpus: verdict, reason and bytes of
 * every case in regress/corpus/6to4.  The RFC section is in each file.
 */
#include <atf-c.h>
#include <stdio.h>
#include <string.h>

#include "corpus.h"

static void
bytes_check(const struct corpus_case *c, const uint8_t *got, size_t len)
{
	size_t	 i;

	ATF_CHECK_EQ_MSG(len, c->expect.len, "%s: %zu bytes, not %zu", c->name,
	    len, c->expect.len);
	for (i = 0; i < len && i < c->expect.len; i++) {
		if (got[i] == c->expect.b[i])
			continue;
		atf_tc_fail_nonfatal("%s: byte %zu is %02x, not %02x", c->name,
		    i, got[i], c->expect.b[i]);
		return;
	}
}

static void
case_check(struct corpus_case *c)
{
	static const uint8_t	 key[SIPHASH_KEYLEN];
	static struct sixtofour	 s;
	uint8_t			 reply[PKT_REPLY_MAX];
	struct pkt		 p = { .data = c->packet.b, .reply = reply };
	enum verdict		 v;

	p.len = c->packet.len;
	sixtofour_init(&s, &c->conf, key);
	v = corpus_run(&s, c->dir, &p);
	ATF_CHECK_EQ_MSG(v, c->verdict, "%s: verdict %d (%s), not %d", c->name,
	    v, v == V_FORWARD ? "" : corpus_word(p.why), c->verdict);
	if (v != c->verdict)
		return;
	if (v != V_FORWARD)
		ATF_CHECK_EQ_MSG(p.why, c->why, "%s: %s, not %s", c->name,
		    corpus_word(p.why), corpus_word(c->why));
	if (v == V_FORWARD)
		bytes_check(c, p.data, p.len);
	if (v == V_REPLY)
		bytes_check(c, reply, p.reply_len);
	if (v == V_FORWARD && c->dir == CORPUS_OUT) {
		ATF_CHECK_EQ_MSG(p.dst4.s_addr, c->dst4.s_addr, "%s", c->name);
		ATF_CHECK_EQ_MSG(p.tos, c->tos, "%s: %d", c->name, p.tos);
		ATF_CHECK_EQ_MSG(p.ttl, c->ttl, "%s: %d", c->name, p.ttl);
	}
}

/* Run one direction; at_least guards against a corpus that went missing. */
static void
corpus_check(const atf_tc_t *tc, enum corpus_dir dir, int at_least)
{
	char	 path[1024];
	int	 n;

	snprintf(path, sizeof(path), "%s/../corpus/6to4",
	    atf_tc_get_config_var(tc, "srcdir"));
	n = corpus_each(path, dir, case_check);
	ATF_CHECK_MSG(n >= at_least, "only %d cases", n);
}

ATF_TC(corpus_in);
ATF_TC_HEAD(corpus_in, tc)
{
	atf_tc_set_md_var(tc, "descr", "from IPv4 to IPv6");
}
ATF_TC_BODY(corpus_in, tc)
{
	corpus_check(tc, CORPUS_IN, 100);
}

ATF_TC(corpus_out);
ATF_TC_HEAD(corpus_out, tc)
{
	atf_tc_set_md_var(tc, "descr", "from IPv6 to IPv4");
}
ATF_TC_BODY(corpus_out, tc)
{
	corpus_check(tc, CORPUS_OUT, 70);
}

ATF_TC(corpus_icmp4);
ATF_TC_HEAD(corpus_icmp4, tc)
{
	atf_tc_set_md_var(tc, "descr", "ICMPv4 errors, RFC 4213 3.4");
}
ATF_TC_BODY(corpus_icmp4, tc)
{
	corpus_check(tc, CORPUS_ICMP4, 40);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, corpus_in);
	ATF_TP_ADD_TC(tp, corpus_out);
	ATF_TP_ADD_TC(tp, corpus_icmp4);
	return (atf_no_error());
}
