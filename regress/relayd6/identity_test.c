/*
 * Tests of the one exception that the engines make of the rule against loops,
 * for the probe (relayd6/policy.h): nobody else gets it, and it gets no more
 * than that.
 */
#include <arpa/inet.h>

#include <atf-c.h>
#include <string.h>

#include "probe_wire.h"
#include "sixtofour.h"
#include "teredo_bed.h"

#define ANYCAST	0xc0586301U	/* 192.88.99.1 */
#define PRIVATE	0x0a000001U	/* 10.0.0.1 */

static const struct addr6	native = { 0x2a10000100010000, 2 };

/* --- 6to4 ----------------------------------------------------------------- */

struct six {
	struct sixtofour	 s;
	struct addr6		 probe;
	uint32_t		 addr;
	uint8_t			 buf[IP4_HDRLEN + PROBE_PACKET_LEN];
	uint8_t			 reply[PKT_REPLY_MAX];
	struct pkt		 p;
};

static struct addr6
six_addr(uint32_t v4, uint64_t lo)
{
	struct addr6	 a = { 0x2002ULL << 48, lo };

	a.hi |= (uint64_t)v4 << 16;
	return (a);
}

/* A relay with this source, whose probe lives at addr. */
static void
six_init(struct six *x, uint32_t addr)
{
	static const uint8_t	 key[SIPHASH_KEYLEN];
	struct conf_6to4	 c;

	memset(x, 0, sizeof(*x));
	memset(&c, 0, sizeof(c));
	c.ttl = 64;
	c.mtu = 1280;
	c.icmp_rate = 100;
	c.nlisten = 1;
	c.listen[0].s_addr = htonl(ANYCAST);
	c.source.s_addr = htonl(RELAY);
	x->addr = addr;
	x->probe = six_addr(addr, 0x123456789abcdef0);
	addr6_store(&x->probe, &c.probe);
	sixtofour_init(&x->s, &c, key);
}

static enum verdict
six_in(struct six *x, uint32_t src4, struct addr6 src, struct addr6 dst)
{
	static const struct probe_mark	 m = { 1, 2, 3 };
	mono_t				 now = { MONO_S(1) };
	struct wr			 w;

	wr_init(&w, x->buf, IP4_HDRLEN);
	wr_u16(&w, 0x4500);
	wr_u16(&w, sizeof(x->buf));
	wr_u32(&w, 0);
	wr_u8(&w, 64);
	wr_u8(&w, 41);
	wr_u16(&w, 0);
	wr_u32(&w, src4);
	wr_u32(&w, ANYCAST);
	probe_packet_write(x->buf + IP4_HDRLEN, &src, &dst, &m);
	memset(&x->p, 0, sizeof(x->p));
	x->p.data = x->buf;
	x->p.len = sizeof(x->buf);
	return (sixtofour_in(&x->s, &x->p, now));
}

static enum verdict
six_out(struct six *x, struct addr6 src, struct addr6 dst)
{
	static const struct probe_mark	 m = { 1, 2, 3 };
	mono_t				 now = { MONO_S(1) };

	probe_packet_write(x->buf, &src, &dst, &m);
	memset(&x->p, 0, sizeof(x->p));
	x->p.data = x->buf;
	x->p.len = PROBE_PACKET_LEN;
	x->p.reply = x->reply;
	return (sixtofour_out(&x->s, &x->p, now));
}

ATF_TC_WITHOUT_HEAD(sixtofour_in);
ATF_TC_BODY(sixtofour_in, tc)
{
	struct addr6	 near;
	struct six	 x;
	int		 bit;

	six_init(&x, RELAY);
	ATF_CHECK_EQ(six_in(&x, RELAY, x.probe, native), V_FORWARD);
	CHECK_DROP(x, six_in(&x, CLIENT, x.probe, native), DROP_SPOOF);
	CHECK_DROP(x, six_in(&x, ANYCAST, x.probe, native), DROP_LOOP);
	CHECK_DROP(x, six_in(&x, RELAY, six_addr(CLIENT, 1), native),
	    DROP_SPOOF);
	ATF_CHECK_EQ(six_in(&x, RELAY, native, native), V_DROP);
	for (bit = 0; bit < 64; bit++) {
		near = x.probe;
		near.lo ^= 1ULL << bit;
		CHECK_DROP(x, six_in(&x, RELAY, near, native), DROP_LOOP);
	}
	near = x.probe;
	near.hi ^= 1;			/* another subnet */
	ATF_CHECK_EQ(six_in(&x, RELAY, near, native), V_DROP);
}

/* RFC 6324: no tunnel that leads back can be reached by it. */
ATF_TC_WITHOUT_HEAD(sixtofour_in_loops);
ATF_TC_BODY(sixtofour_in_loops, tc)
{
	struct addr6	 isatap = { 0x2a10000100010000, 0x00005efe0b010001 };
	struct six	 x;

	six_init(&x, RELAY);
	CHECK_DROP(x, six_in(&x, RELAY, x.probe, x.probe), DROP_LOOP);
	CHECK_DROP(x, six_in(&x, RELAY, x.probe, six_addr(ANYCAST, 1)),
	    DROP_LOOP);
	CHECK_DROP(x, six_in(&x, RELAY, x.probe, six_addr(CLIENT, 1)),
	    DROP_DST6_6TO4);
	CHECK_DROP(x, six_in(&x, RELAY, x.probe, isatap), DROP_LOOP);
	CHECK_DROP(x, six_in(&x, RELAY, x.probe, bed_client(SERVER, 0, RELAY,
	    1)), DROP_LOOP);
}

ATF_TC_WITHOUT_HEAD(sixtofour_out);
ATF_TC_BODY(sixtofour_out, tc)
{
	struct addr6	 near;
	struct six	 x;

	six_init(&x, RELAY);
	ATF_CHECK_EQ(six_out(&x, native, x.probe), V_FORWARD);
	ATF_CHECK_EQ(x.p.dst4.s_addr, htonl(RELAY));
	near = x.probe;
	near.lo ^= 1;
	ATF_CHECK_EQ(six_out(&x, native, near), V_REPLY);
	ATF_CHECK_EQ(x.p.why, DROP_LOOP);
	CHECK_DROP(x, six_out(&x, x.probe, x.probe), DROP_LOOP);
	ATF_CHECK_EQ(six_out(&x, x.probe, six_addr(CLIENT, 1)), V_DROP);
}

/* At an address that no client may have, like that of a host behind a NAT. */
ATF_TC_WITHOUT_HEAD(sixtofour_private);
ATF_TC_BODY(sixtofour_private, tc)
{
	struct six	 x;

	six_init(&x, PRIVATE);
	ATF_CHECK_EQ(six_in(&x, PRIVATE, x.probe, native), V_FORWARD);
	CHECK_DROP(x, six_in(&x, PRIVATE, six_addr(PRIVATE, 1), native),
	    DROP_LOOP);
	CHECK_DROP(x, six_in(&x, PRIVATE + 1, six_addr(PRIVATE + 1, 1), native),
	    DROP_SRC4);
}

/* Without probes there is no exception. */
ATF_TC_WITHOUT_HEAD(sixtofour_none);
ATF_TC_BODY(sixtofour_none, tc)
{
	struct six		 x;
	struct conf_6to4	 c;

	six_init(&x, RELAY);
	c = x.s.conf;
	memset(&c.probe, 0, sizeof(c.probe));
	sixtofour_reconf(&x.s, &c);
	CHECK_DROP(x, six_in(&x, RELAY, x.probe, native), DROP_LOOP);
	ATF_CHECK_EQ(six_in(&x, 0, six_addr(0, 1), native), V_DROP);
	ATF_CHECK_EQ(six_out(&x, native, x.probe), V_REPLY);
}

/* --- Teredo --------------------------------------------------------------- */

#define PORT	50000
#define FLAGS	0x1234

static struct addr6
teredo_begin(struct bed *b)
{
	struct addr6	 probe = bed_client(RELAY, FLAGS, RELAY, PORT);

	bed_init(b);
	addr6_store(&probe, &b->conf.probe);
	bed_start(b);
	return (probe);
}

ATF_TC_WITHOUT_HEAD(teredo_in);
ATF_TC_BODY(teredo_in, tc)
{
	struct addr6	 probe, near;
	struct bed	 b;

	probe = teredo_begin(&b);
	ATF_CHECK_EQ(bed_in(&b, probe, native, RELAY, PORT), V_FORWARD);
	near = bed_client(RELAY, FLAGS ^ 1, RELAY, PORT);
	CHECK_DROP(b, bed_in(&b, near, native, RELAY, PORT), DROP_LOOP);
	near = bed_client(SERVER, FLAGS, RELAY, PORT);
	CHECK_DROP(b, bed_in(&b, near, native, RELAY, PORT), DROP_LOOP);
	near = bed_client(RELAY, FLAGS, RELAY, PORT + 1);
	CHECK_DROP(b, bed_in(&b, near, native, RELAY, PORT + 1), DROP_LOOP);
	near = bed_client(RELAY, FLAGS, CLIENT, PORT);
	ATF_CHECK_EQ(bed_in(&b, near, native, CLIENT, PORT), V_DROP);
	ATF_CHECK_EQ(b.p.why, DROP_LOOP);	/* we are nobody's server */
	CHECK_DROP(b, bed_in(&b, bed_usual(), native, RELAY, PORT), DROP_LOOP);
	bed_free(&b);
}

/* From elsewhere it is not believed, and nobody but ourselves is asked. */
ATF_TC_WITHOUT_HEAD(teredo_in_forged);
ATF_TC_BODY(teredo_in_forged, tc)
{
	struct addr6	 probe;
	struct bed	 b;

	probe = teredo_begin(&b);
	CHECK_DROP(b, bed_in(&b, probe, native, ELSEWHERE, PORT), DROP_SPOOF);
	ATF_CHECK_EQ(bed_count(&b, ELSEWHERE, 0), 0);
	ATF_CHECK_EQ(bed_count(&b, RELAY, 0), b.nsent);
	bed_free(&b);
}

ATF_TC_WITHOUT_HEAD(teredo_in_loops);
ATF_TC_BODY(teredo_in_loops, tc)
{
	struct addr6	 probe;
	struct bed	 b;

	probe = teredo_begin(&b);
	CHECK_DROP(b, bed_in(&b, probe, probe, RELAY, PORT), DROP_LOOP);
	CHECK_DROP(b, bed_in(&b, probe, six_addr(RELAY, 1), RELAY, PORT),
	    DROP_LOOP);
	CHECK_DROP(b, bed_in(&b, probe, bed_usual(), RELAY, PORT),
	    DROP_DST6_TEREDO);
	bed_free(&b);
}

/* Asked by way of its server, as any client, and sent to when it answers. */
ATF_TC_WITHOUT_HEAD(teredo_out);
ATF_TC_BODY(teredo_out, tc)
{
	struct addr6	 probe;
	struct bed	 b;

	probe = teredo_begin(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, probe), V_HOLD);
	ATF_CHECK_EQ(bed_count(&b, RELAY, TEREDO_PORT), 1);
	ATF_CHECK_EQ(bed_in(&b, probe, native, RELAY, PORT), V_FORWARD);
	ATF_CHECK_EQ(bed_count(&b, RELAY, PORT), 1);
	ATF_CHECK_EQ(bed_out(&b, 1, probe), V_FORWARD);
	ATF_CHECK_EQ(b.p.dst4.s_addr, htonl(RELAY));
	ATF_CHECK_EQ(b.p.dport, PORT);
	ATF_CHECK(bed_out(&b, 1, bed_client(RELAY, FLAGS ^ 1, RELAY, PORT)) !=
	    V_FORWARD);
	ATF_CHECK_EQ(b.p.why, DROP_LOOP);
	bed_free(&b);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, sixtofour_in);
	ATF_TP_ADD_TC(tp, sixtofour_in_loops);
	ATF_TP_ADD_TC(tp, sixtofour_out);
	ATF_TP_ADD_TC(tp, sixtofour_private);
	ATF_TP_ADD_TC(tp, sixtofour_none);
	ATF_TP_ADD_TC(tp, teredo_in);
	ATF_TP_ADD_TC(tp, teredo_in_forged);
	ATF_TP_ADD_TC(tp, teredo_in_loops);
	ATF_TP_ADD_TC(tp, teredo_out);
	return (atf_no_error());
}
