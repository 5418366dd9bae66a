/*
 * The 6to4 engine against damage: every packet of the corpus cut at every
 * byte and with every bit of its headers turned.  Whatever comes of it, what
 * is forwarded obeys the rules that make a relay safe, checked here from the
 * bytes alone.  Packets are on the heap in their exact size, so that a
 * sanitizer sees a read past the end.
 */
#include <arpa/inet.h>

#include <atf-c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corpus.h"
#include "forbidden.h"

#define FLIP_MAX	140	/* bytes; all headers of a quoted packet */

static const char *const	never6[] = {
	"::/96", "::ffff:0:0/96", "2002::/16", "2001:db8::/32", "fc00::/7",
	"fe80::/9", "ff00::/8",
};

static int
forbidden6(const uint8_t *addr)
{
	return (covered(never6, sizeof(never6) / sizeof(never6[0]), 6, addr));
}

/* In: 2002:V4 with V4 the outer source, neither end forbidden. */
static void
in_check(const char *name, const struct pkt *p, const uint8_t *outer)
{
	static const uint8_t	 sixtofour[2] = { 0x20, 0x02 };
	const uint8_t		*ip6 = p->data;

	ATF_REQUIRE_MSG(p->len >= 40 && ip6[0] >> 4 == 6, "%s", name);
	ATF_REQUIRE_MSG(p->len == 40U + (ip6[4] << 8 | ip6[5]), "%s", name);
	ATF_REQUIRE_MSG(memcmp(ip6 + 8, sixtofour, 2) == 0, "%s", name);
	ATF_REQUIRE_MSG(memcmp(ip6 + 10, outer + 12, 4) == 0, "%s", name);
	ATF_REQUIRE_MSG(!forbidden4(ip6 + 10), "%s", name);
	ATF_REQUIRE_MSG(!forbidden6(ip6 + 24), "%s", name);
	ATF_REQUIRE_MSG(ip6[7] != 0, "%s", name);
}

/* Out: to the embedded address, neither end forbidden. */
static void
out_check(const char *name, const struct pkt *p)
{
	const uint8_t	*ip6 = p->data;
	uint8_t		 dst4[4];

	memcpy(dst4, &p->dst4, 4);
	ATF_REQUIRE_MSG(p->len >= 40 && ip6[0] >> 4 == 6, "%s", name);
	ATF_REQUIRE_MSG(p->len == 40U + (ip6[4] << 8 | ip6[5]), "%s", name);
	ATF_REQUIRE_MSG(memcmp(ip6 + 26, dst4, 4) == 0, "%s", name);
	ATF_REQUIRE_MSG(!forbidden4(dst4), "%s", name);
	ATF_REQUIRE_MSG(!forbidden6(ip6 + 8), "%s", name);
	ATF_REQUIRE_MSG(ip6[7] != 0 && p->len <= 1480, "%s", name);
}

/* An error goes to a global native source and quotes what came from it. */
static void
reply_check(const char *name, const struct pkt *p)
{
	const uint8_t	*ip6 = p->reply;

	ATF_REQUIRE_MSG(p->reply_len >= 88, "%s", name);
	ATF_REQUIRE_MSG(p->reply_len <= PKT_REPLY_MAX, "%s", name);
	ATF_REQUIRE_MSG(!forbidden6(ip6 + 24), "%s", name);
	ATF_REQUIRE_MSG(memcmp(ip6 + 24, ip6 + 48 + 8, 16) == 0, "%s", name);
}

/* Run len bytes of a case, bit turned unless it is negative. */
static void
damage_run(struct sixtofour *s, struct corpus_case *c, size_t len, long bit)
{
	uint8_t		 reply[PKT_REPLY_MAX], *copy;
	struct pkt	 p = { .reply = reply };

	if ((copy = malloc(len == 0 ? 1 : len)) == NULL)
		abort();
	memcpy(copy, c->packet.b, len);
	if (bit >= 0)
		copy[bit / 8] ^= 0x80 >> (bit % 8);
	p.data = copy;
	p.len = len;
	switch (corpus_run(s, c->dir, &p)) {
	case V_FORWARD:
		ATF_REQUIRE(p.data >= copy && p.data + p.len <= copy + len);
		if (c->dir == CORPUS_IN)
			in_check(c->name, &p, copy);
		else
			out_check(c->name, &p);
		break;
	case V_REPLY:
		ATF_REQUIRE(c->dir != CORPUS_IN);
		reply_check(c->name, &p);
		/* FALLTHROUGH */
	default:
		ATF_REQUIRE_MSG(p.why < DROP_NREASONS, "%s", c->name);
		break;
	}
	free(copy);
}

/* Rules that open something on purpose are not the business of this file. */
static int
engine_start(struct sixtofour *s, struct corpus_case *c)
{
	static const uint8_t	 key[SIPHASH_KEYLEN] = { 1 };

	c->conf.icmp_rate = 4000000000U;
	sixtofour_init(s, &c->conf, key);
	return (c->conf.nrules == 0);
}

static void
case_cut(struct corpus_case *c)
{
	static struct sixtofour	 s;
	size_t			 len;

	if (!engine_start(&s, c))
		return;
	for (len = 0; len <= c->packet.len; len++)
		damage_run(&s, c, len, -1);
}

static void
case_flip(struct corpus_case *c)
{
	static struct sixtofour	 s;
	size_t			 bits = 8 * c->packet.len;
	long			 bit;

	if (!engine_start(&s, c))
		return;
	if (bits > 8 * FLIP_MAX)
		bits = 8 * FLIP_MAX;
	for (bit = 0; bit < (long)bits; bit++)
		damage_run(&s, c, c->packet.len, bit);
}

static void
damage_check(const atf_tc_t *tc, void (*fn)(struct corpus_case *))
{
	char	 path[1024];
	int	 dir;

	snprintf(path, sizeof(path), "%s/../corpus/6to4",
	    atf_tc_get_config_var(tc, "srcdir"));
	for (dir = 0; dir < CORPUS_NDIRS; dir++)
		ATF_CHECK(corpus_each(path, dir, fn) > 0);
}

ATF_TC(sixtofour_cut);
ATF_TC_HEAD(sixtofour_cut, tc)
{
	atf_tc_set_md_var(tc, "descr", "packets cut at every byte");
}
ATF_TC_BODY(sixtofour_cut, tc)
{
	damage_check(tc, case_cut);
}

ATF_TC(sixtofour_flip);
ATF_TC_HEAD(sixtofour_flip, tc)
{
	atf_tc_set_md_var(tc, "descr", "packets with every bit turned");
}
ATF_TC_BODY(sixtofour_flip, tc)
{
	damage_check(tc, case_flip);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, sixtofour_cut);
	ATF_TP_ADD_TC(tp, sixtofour_flip);
	return (atf_no_error());
}
