/*
 * Tests of authentication between routers, routed6/ospf_guard.c: RFC 7166 as
 * it is seen on the wire and in adjacencies.
 */
#include <atf-c.h>
#include <stdlib.h>
#include <string.h>

#include "ospf_net.h"

#define LINK	0

/* Add a key to the chain of router i. */
static struct ospf_conf_key *
key_add(struct net *net, int i, uint16_t id, const char *secret)
{
	struct ospf_keys	*keys = &net->r[i].conf.keys;
	struct ospf_conf_key	*k = &keys->key[keys->n++];

	memset(k, 0, sizeof(*k));
	k->chain = 1;
	k->id = id;
	k->algo = OSPF_AUTH_SHA256;
	k->len = strlen(secret);
	memcpy(k->secret, secret, k->len);
	k->send.until = k->accept.until = INT64_MAX;
	return (k);
}

/* Router i, with the secret if there is one. */
static void
router(struct net *net, int i, const char *secret)
{
	struct ospf_conf_if	*c;

	c = net_if(net, i, LINK, OSPF_POINT_TO_POINT);
	if (secret != NULL) {
		c->chain = 1;
		key_add(net, i, 1, secret);
	}
	net->r[i].sequence = 1000;
	net_start(net, i);
}

static struct net *
pair(const char *first, const char *second)
{
	struct net	*net = net_new();

	net->wall = 10000;
	router(net, 0, first);
	router(net, 1, second);
	net_run(net, MONO_S(10));
	return (net);
}

/* Why router 0 refuses router 1; "" when it does not. */
static const char *
refused(struct net *net)
{
	return (net_ifp(net, 0, LINK)->rejects[0].why);
}

static uint64_t
verdicts(struct net *net, int i, enum ospf_auth_verdict v)
{
	return (net_ifp(net, i, LINK)->verdicts[v]);
}

/* --- who may ----------------------------------------------------------- */

ATF_TC_WITHOUT_HEAD(same_secret);
ATF_TC_BODY(same_secret, tc)
{
	struct net	*net = pair("secret", "secret");

	ATF_CHECK(net_full(net, 0, LINK, 1));
	ATF_CHECK(net_full(net, 1, LINK, 0));
	net_announce(net, 0, "2002::/16");
	net_run(net, MONO_S(1));
	ATF_CHECK(net_same(net, 0, 1));
	ATF_CHECK_EQ(verdicts(net, 0, OSPF_AUTH_REPLAY), 0);
	ATF_CHECK(verdicts(net, 0, OSPF_AUTH_OK) > 0);
	ATF_CHECK_EQ(net_logged(net, 0, "refused"), 0);
	ATF_CHECK(net_nbr(net, 0, LINK, 1)->options & OSPF_O_AT);
	net_free(net);
}

ATF_TC_WITHOUT_HEAD(wrong_secret);
ATF_TC_BODY(wrong_secret, tc)
{
	struct net	*net = pair("secret", "another");

	ATF_CHECK_EQ(net_nbr(net, 0, LINK, 1), NULL);
	ATF_CHECK_STREQ(refused(net), "auth key 1: wrong digest");
	ATF_CHECK(verdicts(net, 0, OSPF_AUTH_WRONG) > 0);
	ATF_CHECK_EQ(net_logged(net, 0, "wrong digest"), 1);
	net_free(net);
}

ATF_TC_WITHOUT_HEAD(one_side);
ATF_TC_BODY(one_side, tc)
{
	struct net	*net = pair("secret", NULL);

	ATF_CHECK_EQ(net_nbr(net, 0, LINK, 1), NULL);
	ATF_CHECK_STREQ(refused(net), "not authenticated");
	net_free(net);
	net = pair(NULL, "secret");
	ATF_CHECK_EQ(net_nbr(net, 0, LINK, 1), NULL);
	ATF_CHECK_STREQ(refused(net),
	    "authenticated, but there is no auth key here");
	net_free(net);
}

ATF_TC_WITHOUT_HEAD(wrong_key);
ATF_TC_BODY(wrong_key, tc)
{
	struct net	*net = net_new();

	net_if(net, 0, LINK, OSPF_POINT_TO_POINT)->chain = 1;
	key_add(net, 0, 7, "secret");
	net_start(net, 0);
	router(net, 1, "secret");
	net_run(net, MONO_S(5));
	ATF_CHECK_STREQ(refused(net), "auth key 1: no such key now");
	net_free(net);
}

ATF_TC_WITHOUT_HEAD(verdict_is_first);
ATF_TC_BODY(verdict_is_first, tc)
{
	struct net	*net = net_new();

	net->r[1].conf.area[0].id = 5;
	router(net, 0, "secret");
	net_if(net, 1, LINK, OSPF_POINT_TO_POINT)->area = 5;
	net_start(net, 1);
	net_run(net, MONO_S(5));
	/* Another area is no reason to name to those who have no key. */
	ATF_CHECK_STREQ(refused(net), "not authenticated");
	net_free(net);
}

/* --- the wire ---------------------------------------------------------- */

/* 4.1 and 4.2: no checksum, a trailer, numbers that grow without repetition. */
static void
tap_trailer(struct net *net, const struct net_packet *p)
{
	struct ospf_header	 h;
	struct rd		 r;
	uint64_t		 seq;

	rd_init(&r, p->data, p->len);
	ATF_REQUIRE_EQ(ospf_header_parse(&r, &h), 0);
	ATF_CHECK_EQ(h.cksum, 0);
	ATF_REQUIRE_EQ(p->len, (size_t)h.len + OSPF_AUTH_HEADER + 32);
	rd_init(&r, p->data + h.len + 8, 8);
	seq = rd_u64(&r);
	ATF_CHECK(seq > net->last_seq[p->from]);
	net->last_seq[p->from] = seq;
}

ATF_TC_WITHOUT_HEAD(rfc7166_4_1_wire);
ATF_TC_BODY(rfc7166_4_1_wire, tc)
{
	struct net	*net = net_new();

	net->tap = tap_trailer;
	router(net, 0, "secret");
	router(net, 1, "secret");
	net_announce(net, 0, "2002::/16");
	net_run(net, MONO_S(3000));
	ATF_CHECK(net_full(net, 0, LINK, 1));
	ATF_CHECK(net->last_seq[0] > 4000);
	net_free(net);
}

/* With the trailer a packet still fits the MTU. */
ATF_TC_WITHOUT_HEAD(ospf_packet_room);
ATF_TC_BODY(ospf_packet_room, tc)
{
	struct net	*net = pair("secret", "secret");

	ATF_CHECK_EQ(ospf_packet_room(net_ifp(net, 0, LINK)),
	    1500 - 40 - OSPF_AUTH_MAX);
	net_free(net);
	net = pair(NULL, NULL);
	ATF_CHECK_EQ(ospf_packet_room(net_ifp(net, 0, LINK)), 1500 - 40);
	net_free(net);
}

/* --- replay ------------------------------------------------------------ */

static void
tap_keep(struct net *net, const struct net_packet *p)
{
	if (p->from != 1 || p->data[1] != OSPF_HELLO || net->last != NULL)
		return;
	ATF_REQUIRE((net->last = malloc(sizeof(*p) + p->len)) != NULL);
	memcpy(net->last, p, sizeof(*p) + p->len);
}

ATF_TC_WITHOUT_HEAD(rfc7166_4_6_replay);
ATF_TC_BODY(rfc7166_4_6_replay, tc)
{
	struct net	*net = pair("secret", "secret");
	uint64_t	 taken;

	net->tap = tap_keep;
	net_run(net, MONO_S(3));
	ATF_REQUIRE(net->last != NULL);
	taken = verdicts(net, 0, OSPF_AUTH_OK);
	net_inject(net, 0, LINK, &net->last->src, &net->last->dst,
	    net->last->data, net->last->len);
	ATF_CHECK_EQ(verdicts(net, 0, OSPF_AUTH_REPLAY), 1);
	ATF_CHECK_EQ(verdicts(net, 0, OSPF_AUTH_OK), taken);
	ATF_CHECK_STREQ(refused(net), "auth key 1: replayed");
	ATF_CHECK(net_full(net, 0, LINK, 1));
	free(net->last);
	net_free(net);
}

/* A new start has larger numbers, and is taken within the dead interval. */
ATF_TC_WITHOUT_HEAD(rfc7166_4_1_restart);
ATF_TC_BODY(rfc7166_4_1_restart, tc)
{
	struct net	*net = pair("secret", "secret");

	net_kill(net, 1);
	net->r[1].sequence += 100000;
	net_start(net, 1);
	net_run(net, MONO_S(2));
	ATF_CHECK_EQ(verdicts(net, 0, OSPF_AUTH_REPLAY), 0);
	net_run(net, MONO_S(10));
	ATF_CHECK(net_full(net, 0, LINK, 1));
	/* One that lost count is refused until it is forgotten. */
	net_kill(net, 1);
	net->r[1].sequence = 1000;
	net_start(net, 1);
	net_run(net, MONO_S(2));
	ATF_CHECK(verdicts(net, 0, OSPF_AUTH_REPLAY) > 0);
	net_run(net, MONO_S(20));
	ATF_CHECK(net_full(net, 0, LINK, 1));
	net_free(net);
}

/* --- keys -------------------------------------------------------------- */

static uint32_t
ups(struct net *net)
{
	return (net_nbr(net, 0, LINK, 1)->ups);
}

/* Both have two keys; who sends by which changes in the middle. */
ATF_TC_WITHOUT_HEAD(rfc7166_3_rollover);
ATF_TC_BODY(rfc7166_3_rollover, tc)
{
	struct net	*net = pair("one", "one");
	int64_t		 now = net->wall + net->now.ns / MONO_S(1);
	int		 i;

	for (i = 0; i < 2; i++) {
		net->r[i].conf.keys.key[0].send.until = now + 20 + i;
		net->r[i].conf.keys.key[0].accept.until = now + 30;
		key_add(net, i, 2, "two")->send.from = now + 10 + 3 * i;
		net_start(net, i);
	}
	net_run(net, MONO_S(8));
	(void)ospf_will_changed(net->r[0].o);
	net_run(net, MONO_S(4));
	/* The will is to be signed with the new key. */
	ATF_CHECK(ospf_will_changed(net->r[0].o));
	net_run(net, MONO_S(28));
	ATF_CHECK(net_full(net, 0, LINK, 1));
	ATF_CHECK_EQ(ups(net), 1);
	ATF_CHECK_EQ(net_nbr(net, 0, LINK, 1)->seen.id, 2);
	ATF_CHECK_EQ(net_ifp(net, 0, LINK)->key, 2);
	ATF_CHECK_EQ(net_logged(net, 0, "auth key 2 is used"), 1);
	ATF_CHECK_EQ(net_logged(net, 0, "refused"), 0);
	net_free(net);
}

/* A reload brings the new secret to one side after the other. */
ATF_TC_WITHOUT_HEAD(reload);
ATF_TC_BODY(reload, tc)
{
	struct net	*net = pair("one", "one");
	int		 i;

	for (i = 0; i < 2; i++) {
		key_add(net, i, 2, "two")->send.from = INT64_MAX - 1;
		net_start(net, i);
		net_run(net, MONO_S(2));
	}
	for (i = 0; i < 2; i++) {
		net->r[i].conf.keys.key[1].send.from = 0;
		net->r[i].conf.keys.key[0].send.until = 1;
		net_start(net, i);
		net_run(net, MONO_S(2));
	}
	ATF_CHECK_EQ(net_ifp(net, 1, LINK)->key, 2);
	ATF_CHECK_EQ(ups(net), 1);
	ATF_CHECK_EQ(net_logged(net, 0, "refused"), 0);
	/* The same number, another secret: at once on both sides. */
	for (i = 0; i < 2; i++) {
		net->r[i].conf.keys.key[1].secret[0]++;
		net_start(net, i);
	}
	net_run(net, MONO_S(10));
	ATF_CHECK_EQ(ups(net), 1);
	net_free(net);
}

ATF_TC_WITHOUT_HEAD(rfc7166_3_last_key);
ATF_TC_BODY(rfc7166_3_last_key, tc)
{
	struct net	*net = pair("secret", "secret");
	int64_t		 now = net->wall + net->now.ns / MONO_S(1);

	net->r[0].conf.keys.key[0].send.until = now + 10;
	net->r[0].conf.keys.key[0].accept.until = now + 10;
	net_start(net, 0);
	net_run(net, MONO_S(9));
	ATF_CHECK_EQ(net_logged(net, 0, "serves on"), 0);
	net_run(net, MONO_S(131));
	ATF_CHECK(net_full(net, 0, LINK, 1));
	ATF_CHECK_EQ(ups(net), 1);
	ATF_CHECK_EQ(net_logged(net, 0, "key 1 serves on"), 3);
	net_free(net);
}

/* --- the will ---------------------------------------------------------- */

struct will {
	struct net	*net;
	size_t		 n;
};

/* What the parent would keep, and send. */
static void
will_packet(void *arg, void *port, const struct in6_addr *src,
    const struct in6_addr *dst, const void *buf, size_t len)
{
	struct will		*w = arg;
	struct net_packet	*p;

	ATF_REQUIRE((p = calloc(1, sizeof(*p) + len)) != NULL);
	p->from = 0;
	p->link = LINK;
	p->src = *src;
	p->dst = *dst;
	p->len = len;
	memcpy(p->data, buf, len);
	STAILQ_INSERT_TAIL(&w->net->will, p, entry);
	w->n++;
}

static void
will_write(struct will *w)
{
	struct net_packet	*p;

	while ((p = STAILQ_FIRST(&w->net->will)) != NULL) {
		STAILQ_REMOVE_HEAD(&w->net->will, entry);
		free(p);
	}
	w->n = 0;
	ospf_will(w->net->r[0].o, will_packet, w);
}

/* A will is taken whenever it is sent: it is newer than all that was said. */
ATF_TC_WITHOUT_HEAD(will);
ATF_TC_BODY(will, tc)
{
	struct net	*net = pair("secret", "secret");
	struct will	 w = { net, 0 };
	int		 s, times = 0;

	STAILQ_INIT(&net->will);
	net_announce(net, 0, "2002::/16");
	net_run(net, MONO_S(1));
	ATF_REQUIRE(net_lsa(net, 1, LINK, OSPF_LSA_EXTERNAL, 1, net_id(0)) !=
	    NULL);
	(void)ospf_will_changed(net->r[0].o);
	will_write(&w);
	ATF_CHECK_EQ(ospf_will_changed(net->r[0].o), 0);
	for (s = 0; s < 1500; s++) {
		net_run(net, MONO_S(1));
		if (ospf_will_changed(net->r[0].o)) {
			will_write(&w);
			times++;
		}
	}
	/* Not only for a new instance of an LSA, but not all the time. */
	ATF_CHECK(times > 10 && times < 50);
	ATF_REQUIRE(w.n >= 2);
	net_kill(net, 0);
	STAILQ_CONCAT(&net->queue, &net->will);
	net_deliver(net);
	ATF_CHECK_EQ(verdicts(net, 1, OSPF_AUTH_REPLAY), 0);
	ATF_CHECK_EQ(net_lsa(net, 1, LINK, OSPF_LSA_EXTERNAL, 1, net_id(0)),
	    NULL);
	ATF_CHECK(!net_full(net, 1, LINK, 0));
	/* And what begins anew is newer than the will. */
	net_start(net, 0);
	net_run(net, MONO_S(3));
	ATF_CHECK_EQ(verdicts(net, 1, OSPF_AUTH_REPLAY), 0);
	net_free(net);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, same_secret);
	ATF_TP_ADD_TC(tp, wrong_secret);
	ATF_TP_ADD_TC(tp, one_side);
	ATF_TP_ADD_TC(tp, wrong_key);
	ATF_TP_ADD_TC(tp, verdict_is_first);
	ATF_TP_ADD_TC(tp, rfc7166_4_1_wire);
	ATF_TP_ADD_TC(tp, ospf_packet_room);
	ATF_TP_ADD_TC(tp, rfc7166_4_6_replay);
	ATF_TP_ADD_TC(tp, rfc7166_4_1_restart);
	ATF_TP_ADD_TC(tp, rfc7166_3_rollover);
	ATF_TP_ADD_TC(tp, reload);
	ATF_TP_ADD_TC(tp, rfc7166_3_last_key);
	ATF_TP_ADD_TC(tp, will);
	return (atf_no_error());
}
