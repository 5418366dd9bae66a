/*
 * Tests of relayd6/teredo.c: a new configuration, and what the engine shows of
 * itself.  Rules about packets are in teredo_in_test.c, teredo_out_test.c and
 * teredo_attack_test.c.
 */
#include <arpa/inet.h>

#include <atf-c.h>
#include <string.h>

#include "teredo_bed.h"

TEST(init_none, "a configuration without a relay drops everything")
{
	static const struct conf_teredo	 none;
	static struct bed		 b;

	bed_init(&b);
	b.conf = none;
	bed_start(&b);
	ATF_CHECK_EQ(bed_usual_in(&b), V_DROP);
	ATF_CHECK(bed_out(&b, 1, bed_usual()) != V_FORWARD);
	ATF_CHECK_EQ(teredo_deadline(&b.t).ns, TEREDO_NEVER);
	teredo_tick(&b.t, b.now);
	ATF_CHECK_EQ(b.nsent, 0);
	bed_free(&b);
}

TEST(init_dirty, "nothing of what was in its memory before counts")
{
	static const uint8_t	 zero[SIPHASH_KEYLEN];
	static struct bed	 b;

	bed_init(&b);
	memset(&b.t, 0xff, sizeof(b.t));
	bed_start(&b);
	bed_trust(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_FORWARD);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_host(1)), V_REPLY);
	/* One secret for all, and not none. */
	ATF_CHECK(memcmp(b.t.key, zero, sizeof(zero)) != 0);
	ATF_CHECK_EQ(memcmp(b.t.key, b.t.table.key, sizeof(zero)), 0);
	ATF_CHECK_EQ(memcmp(b.t.key, b.t.limit.key, sizeof(zero)), 0);
	ATF_CHECK_EQ(memcmp(b.t.key, b.t.icmp_limit.key, sizeof(zero)), 0);
	bed_free(&b);
}

TEST(icmp_source, "errors come from the address that is configured")
{
	static struct bed	 b;
	struct addr6		 src;

	bed_begin(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_host(2)), V_REPLY);
	addr6_load(&src, b.reply + 8);
	ATF_CHECK_EQ(src.hi, 0x20020b0100010000ULL);	/* 2002:RELAY::1 */
	ATF_CHECK_EQ(src.lo, 1);
	b.conf.icmp_source.s6_addr[15] = 9;
	ATF_CHECK_EQ(teredo_reconf(&b.t, &b.conf), 0);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_host(2)), V_REPLY);
	addr6_load(&src, b.reply + 8);
	ATF_CHECK(src.hi == 0 && src.lo == 9);
	bed_free(&b);
}

TEST(queue_bounded, "no configuration lets one client have every place")
{
	static struct bed	 b;
	int			 i;

	bed_init(&b);
	b.conf.queue = LIMIT_TEREDO_HELD;
	bed_start(&b);
	for (i = 0; i < LIMIT_TEREDO_QUEUE; i++)
		ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_HOLD);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_DROP);
	bed_free(&b);
}

TEST(reconf_keeps, "a reload forgets no client and nothing that waits")
{
	static struct bed	 b;
	struct addr6		 other;

	bed_begin(&b);
	bed_trust(&b);
	other = bed_client(SERVER, 0, ELSEWHERE, 9);
	ATF_CHECK_EQ(bed_out(&b, 1, other), V_HOLD);
	b.conf.icmp_rate = 7;
	b.conf.new_rate = 7;
	ATF_CHECK_EQ(teredo_reconf(&b.t, &b.conf), 0);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_FORWARD);
	ATF_CHECK_EQ(b.t.queue.count, 1);
	bed_free(&b);
}

TEST(reconf_mtu, "another MTU: what waits is dropped, who waits stays")
{
	static struct bed	 b;

	bed_begin(&b);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_HOLD);
	b.conf.mtu = 1500;
	ATF_CHECK_EQ(teredo_reconf(&b.t, &b.conf), 0);
	ATF_CHECK_EQ(b.t.queue.count, 0);
	ATF_CHECK_EQ(b.t.count.late[DROP_CROWDED], 1);
	ATF_CHECK_EQ(bed_out_len(&b, 1, bed_usual(), 1500, 'y'), V_HOLD);
	ATF_CHECK_EQ(bed_answer(&b), V_HOLD);
	ATF_CHECK_EQ(bed_last(&b, CLIENT, 0)->len, 1500);
	bed_free(&b);
}

TEST(reconf_forgets, "another size, address or port: begin again")
{
	static struct bed	 b;
	int			 i;

	bed_begin(&b);
	for (i = 0; i < 3; i++) {
		bed_trust(&b);
		ATF_CHECK_EQ(bed_out(&b, 1, bed_client(SERVER, 0, ELSEWHERE,
		    9)), V_HOLD);
		if (i == 0)
			b.conf.max_peers++;
		else if (i == 1)
			b.conf.port++;
		else
			b.conf.listen.s_addr = htonl(RELAY + 8);
		ATF_CHECK_EQ(teredo_reconf(&b.t, &b.conf), 0);
		ATF_CHECK_EQ(b.t.table.count, 0);
		ATF_CHECK_EQ(b.t.queue.count, 0);
	}
	bed_free(&b);
}

TEST(tick_bounded, "a tick looks at a bounded number of clients")
{
	static struct bed	 b;
	uint32_t		 i, n = 3 * LIMIT_TEREDO_TICK + 1;

	bed_init(&b);
	b.conf.max_peers = 1000;
	bed_start(&b);
	for (i = 0; i < n; i++)
		ATF_REQUIRE_EQ(bed_in(&b, bed_client(SERVER, 0,
		    0x0d000000 + i, 1), bed_host(1), 0x0d000000 + i, 1),
		    V_FORWARD);
	b.now = mono_add(b.now, MONO_S(31));
	for (i = 0; i < 3; i++) {
		teredo_tick(&b.t, b.now);
		ATF_CHECK_EQ(b.t.table.count, n - (i + 1) * LIMIT_TEREDO_TICK);
		ATF_CHECK(mono_reached(b.now, teredo_deadline(&b.t)));
	}
	teredo_tick(&b.t, b.now);
	ATF_CHECK_EQ(b.t.table.count, 0);
	ATF_CHECK_EQ(teredo_deadline(&b.t).ns, TEREDO_NEVER);
	bed_free(&b);
}

TEST(clients_one, "one client, as it is")
{
	static struct bed	 b;
	struct teredo_walk	 w;
	struct teredo_client	 c[2];
	struct addr6		 a;

	bed_begin(&b);
	bed_trust(&b);
	bed_wait(&b, 1500);
	ATF_CHECK_EQ(bed_usual_in(&b), V_FORWARD);
	bed_wait(&b, 500);
	memset(&w, 0, sizeof(w));
	ATF_CHECK_EQ(teredo_clients(&b.t, &w, c, 0, b.now), 0);
	ATF_CHECK(!w.done);
	ATF_CHECK_EQ(teredo_clients(&b.t, &w, c, 2, b.now), 1);
	ATF_CHECK(w.done);
	ATF_CHECK_EQ(teredo_clients(&b.t, &w, c, 2, b.now), 0);
	addr6_load(&a, &c[0].addr);
	ATF_CHECK(a.hi == bed_usual().hi && a.lo == bed_usual().lo);
	ATF_CHECK_EQ(c[0].server.s_addr, htonl(SERVER));
	ATF_CHECK_EQ(c[0].mapped.s_addr, htonl(CLIENT));
	ATF_CHECK_EQ(c[0].port, CLIENT_PORT);
	ATF_CHECK_EQ(c[0].state, TEREDO_TRUSTED);
	ATF_CHECK_EQ(c[0].for_ms, 2000);
	ATF_CHECK_EQ(c[0].rx_ms, 500);
	ATF_CHECK_EQ(c[0].tx_ms, 2000);
	ATF_CHECK_EQ(c[0].in_packets, 1);
	ATF_CHECK_EQ(c[0].out_packets, 1);
	ATF_CHECK_STREQ(teredo_state_name(c[0].state), "trusted");
	/* And one that is waited for. */
	bed_wait(&b, 40000);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_HOLD);
	ATF_CHECK_EQ(bed_out(&b, 1, bed_usual()), V_HOLD);
	memset(&w, 0, sizeof(w));
	ATF_CHECK_EQ(teredo_clients(&b.t, &w, c, 2, b.now), 1);
	ATF_CHECK_EQ(c[0].state, TEREDO_WAITING);
	ATF_CHECK_EQ(c[0].held, 2);
	ATF_CHECK_EQ(c[0].tries, 1);
	ATF_CHECK_EQ(c[0].rx_ms, UINT64_MAX);
	ATF_CHECK_EQ(c[0].tx_ms, UINT64_MAX);
	bed_free(&b);
}

/* Clients 0x0d000000 and following, 600 of them. */
static void
crowd(struct bed *b)
{
	uint32_t	 i;

	bed_init(b);
	b->conf.max_peers = 20000;
	bed_start(b);
	for (i = 0; i < 600; i++)
		ATF_REQUIRE_EQ(bed_in(b, bed_client(SERVER + i % 2, 0,
		    0x0d000000 + i, 1), bed_host(1), 0x0d000000 + i, 1),
		    V_FORWARD);
}

/* How many a filter lets through, by walks of n. */
static size_t
walk(struct bed *b, const char *filter, size_t n)
{
	struct teredo_walk	 w;
	struct teredo_client	 c[16];
	size_t			 found = 0;

	memset(&w, 0, sizeof(w));
	if (filter != NULL)
		ATF_REQUIRE_EQ(prefix_parse(&w.filter, filter), 0);
	while (!w.done)
		found += teredo_clients(&b->t, &w, c, n, b->now);
	return (found);
}

TEST(clients_filter, "all, by address, by prefix, by server, by mapped address")
{
	static struct bed	 b;

	crowd(&b);
	ATF_CHECK_EQ(walk(&b, NULL, 16), 600);
	ATF_CHECK_EQ(walk(&b, NULL, 1), 600);
	ATF_CHECK_EQ(walk(&b, "2001::/32", 7), 600);
	ATF_CHECK_EQ(walk(&b, "2001:0:b01:202::/64", 7), 300);
	ATF_CHECK_EQ(walk(&b, "2001:0:b01:202:0:fffe:f2ff:ffff/128", 7), 1);
	ATF_CHECK_EQ(walk(&b, "2001:0:b01:202:0:fffe:f2ff:fffe/128", 7), 0);
	ATF_CHECK_EQ(walk(&b, "11.1.2.3/32", 7), 300);
	ATF_CHECK_EQ(walk(&b, "13.0.0.0/24", 7), 256);
	ATF_CHECK_EQ(walk(&b, "13.0.2.1/32", 7), 1);
	ATF_CHECK_EQ(walk(&b, "14.0.0.0/8", 7), 0);
	bed_free(&b);
}

TEST(clients_bounded, "a walk that finds nothing comes back soon")
{
	static struct bed	 b;
	struct teredo_walk	 w;
	struct teredo_client	 c;
	uint32_t		 i;

	bed_init(&b);
	b.conf.max_peers = 4 * LIMIT_TEREDO_WALK;
	bed_start(&b);
	for (i = 0; i < 2 * LIMIT_TEREDO_WALK; i++)
		ATF_REQUIRE_EQ(bed_in(&b, bed_client(SERVER, 0,
		    0x0d000000 + i, 1), bed_host(1), 0x0d000000 + i, 1),
		    V_FORWARD);
	memset(&w, 0, sizeof(w));
	ATF_REQUIRE_EQ(prefix_parse(&w.filter, "14.0.0.0/8"), 0);
	ATF_CHECK_EQ(teredo_clients(&b.t, &w, &c, 1, b.now), 0);
	ATF_CHECK(!w.done);
	ATF_CHECK_EQ(w.place, LIMIT_TEREDO_WALK);
	bed_free(&b);
}

TEST(clients_changing, "who stays is told once, whoever comes and goes")
{
	static struct bed	 b;
	struct teredo_walk	 w;
	struct teredo_client	 c;
	struct addr6		 a;
	uint32_t		 i = 0, stayed = 0;
	uint8_t			 told[600] = { 0 };

	crowd(&b);
	memset(&w, 0, sizeof(w));
	while (!w.done) {
		if (teredo_clients(&b.t, &w, &c, 1, b.now) == 1 &&
		    ntohl(c.mapped.s_addr) < 0x0d000000 + 600)
			told[ntohl(c.mapped.s_addr) & 0xffff]++;
		/* Every third goes, somebody else comes. */
		if (i < 200) {
			a = bed_client(SERVER + i * 3 % 2, 0,
			    0x0d000000 + i * 3, 1);
			teredo_peer_remove(&b.t.table,
			    teredo_peer_find(&b.t.table, &a));
			bed_in(&b, bed_client(SERVER, 0, 0x0d010000 + i, 1),
			    bed_host(1), 0x0d010000 + i, 1);
			i++;
		}
	}
	for (i = 0; i < 600; i++) {
		if (i % 3 != 0)
			stayed += told[i] == 1;
		ATF_CHECK(told[i] <= 1);
	}
	ATF_CHECK_EQ(stayed, 400);
	/* And when everybody has gone there is nobody. */
	ATF_CHECK_EQ(walk(&b, NULL, 16), 600);
	bed_wait(&b, 40000);
	ATF_CHECK_EQ(walk(&b, NULL, 16), 0);
	ATF_CHECK_EQ(walk(&b, "13.0.2.1/32", 16), 0);
	bed_free(&b);
}

TEST(names, "every case and state has a name that ctl6 can show")
{
	int	 i, j;

	for (i = 0; i < TEREDO_NCASES; i++) {
		ATF_CHECK(strlen(teredo_case_name(i)) < 24);
		ATF_CHECK(strlen(teredo_case_text(i)) < 64);
		for (j = 0; j < i; j++)
			ATF_CHECK(strcmp(teredo_case_name(i),
			    teredo_case_name(j)) != 0);
	}
	ATF_CHECK_STREQ(teredo_state_name(TEREDO_FREE), "free");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, init_none);
	ATF_TP_ADD_TC(tp, init_dirty);
	ATF_TP_ADD_TC(tp, icmp_source);
	ATF_TP_ADD_TC(tp, queue_bounded);
	ATF_TP_ADD_TC(tp, reconf_keeps);
	ATF_TP_ADD_TC(tp, reconf_mtu);
	ATF_TP_ADD_TC(tp, reconf_forgets);
	ATF_TP_ADD_TC(tp, tick_bounded);
	ATF_TP_ADD_TC(tp, clients_one);
	ATF_TP_ADD_TC(tp, clients_filter);
	ATF_TP_ADD_TC(tp, clients_bounded);
	ATF_TP_ADD_TC(tp, clients_changing);
	ATF_TP_ADD_TC(tp, names);
	return (atf_no_error());
}
