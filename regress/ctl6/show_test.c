/*
 * Tests of ctl6/show_*.c: a daemon's messages become rows, and what is not as
 * it should be is refused: another size, another type, strings without end.
 */
#include <arpa/inet.h>

#include "ctlmsg.h"
#include "rows.h"

static struct ipaddr
addr(const char *s)
{
	struct ipaddr	 a;

	ATF_REQUIRE_EQ(ipaddr_parse(&a, s), 0);
	return (a);
}

/* A message of any size but its own is refused, and of any other type. */
static void
refuses(show_fn *fn, struct json_object *root, uint32_t type, size_t size)
{
	uint8_t		 zeros[2048];
	uint32_t	 other;
	size_t		 len;

	memset(zeros, 0, sizeof(zeros));
	for (len = 0; len < sizeof(zeros); len++)
		ATF_CHECK_EQ_MSG(fn(root, type, zeros, len),
		    len == size ? 0 : -1, "type %u, %zu bytes", type, len);
	for (other = CTL_ANNOUNCEMENT + 1; other < 100; other++)
		ATF_CHECK_EQ(fn(root, other, zeros, size), -1);
	ATF_CHECK_EQ(fn(root, CTL_END, zeros, size), -1);
}

ATF_TC_WITHOUT_HEAD(show_peers);
ATF_TC_BODY(show_peers, tc)
{
	struct json_object	*root = json_object_new_object();
	struct ctl_peer		 p;

	memset(&p, 0, sizeof(p));
	p.addr = addr("2001:db8::2");
	p.as = 4200000000U;
	strlcpy(p.descr, "upstream", sizeof(p.descr));
	strlcpy(p.state, "Established", sizeof(p.state));
	p.for_ms = 1500;
	p.announced = 2;
	p.received = 1000000;
	SHOW(show_peers, root, CTL_PEER, p);
	row_is(root, "peers",
	    "address", "2001:db8::2",
	    "as", "4200000000",
	    "description", "upstream",
	    "state", "Established",
	    "for_ms", "1500",
	    "announced", "2",
	    "received", "1000000",
	    "last_error", "",
	    "withheld", "",
	    NULL);

	p.withheld.n = 1;
	prefix_parse(&p.withheld.first, "2002::/16");
	strlcpy(p.withheld.why, "it is ill", sizeof(p.withheld.why));
	SHOW(show_peers, root, CTL_PEER, p);
	row_is(root, "peers", "withheld", "2002::/16: it is ill", NULL);
	p.withheld.n = 3;
	SHOW(show_peers, root, CTL_PEER, p);
	row_is(root, "peers", "withheld", "3 prefixes: it is ill", NULL);

	memset(&p, 'x', sizeof(p));
	SHOW(show_peers, root, CTL_PEER, p);
	ATF_CHECK_EQ(strlen(column(root, "peers", "state")),
	    sizeof(p.state) - 1);
	ATF_CHECK_EQ(strlen(column(root, "peers", "last_error")),
	    sizeof(p.error) - 1);
	refuses(show_peers, root, CTL_PEER, sizeof(p));
	json_object_put(root);
}

ATF_TC_WITHOUT_HEAD(show_peer);
ATF_TC_BODY(show_peer, tc)
{
	struct json_object	*root = json_object_new_object(), *row;
	struct ctl_peer_detail	 d;
	struct ctl_peer_route	 r;
	struct ctl_peer		 p;

	memset(&p, 0, sizeof(p));
	memset(&d, 0, sizeof(d));
	memset(&r, 0, sizeof(r));
	/* Details without a neighbor that they are of. */
	ATF_CHECK_EQ(show_peer(root, CTL_PEER_DETAIL, &d, sizeof(d)), -1);
	ATF_CHECK_EQ(show_peer(root, CTL_PEER_ROUTE, &r, sizeof(r)), -1);
	SHOW(show_peer, root, CTL_PEER, p);
	d.sent_ms = d.received_ms = CTL_NEVER;
	d.failure_ms = 1000;
	strlcpy(d.failure, "No route to host", sizeof(d.failure));
	strlcpy(d.timer[0].name, "hold", sizeof(d.timer[0].name));
	d.timer[0].left_ms = 4000;
	strlcpy(d.timer[1].name, "linger", sizeof(d.timer[1].name));
	d.timer[1].left_ms = CTL_NEVER;
	strlcpy(d.cap[0].name, "role", sizeof(d.cap[0].name));
	d.cap[0].theirs = 1;
	d.has_tcp = 1;
	d.retransmits = 5;
	SHOW(show_peer, root, CTL_PEER_DETAIL, d);
	row = last_row(root, "peers");
	row_is(row, "errors",
	    "error", "connection",
	    "text", "No route to host",
	    NULL);
	row_is(row, "timers", "timer", "hold", "left_ms", "4000", NULL);
	row_is(row, "capabilities", "ours", "false", "theirs", "true", NULL);
	row_is(row, "tcp",
	    "item", "retransmitted",
	    "value", "5 segments",
	    NULL);
	ATF_REQUIRE_EQ(prefix_parse(&r.prefix, "2002::/16"), 0);
	SHOW(show_peer, root, CTL_PEER_ROUTE, r);
	row_is(row, "prefixes", "prefix", "2002::/16", "next_hop", "", NULL);

	/* Strings without end, and every number there can be. */
	memset(&d, 0xff, sizeof(d));
	ATF_CHECK_EQ(show_peer(root, CTL_PEER_DETAIL, &d, sizeof(d)), 0);
	memset(&r, 'x', sizeof(r));
	ATF_CHECK_EQ(show_peer(root, CTL_PEER_ROUTE, &r, sizeof(r)), 0);
	ATF_CHECK_EQ(show_peer(root, CTL_PEER_DETAIL, &d, sizeof(d) - 1), -1);
	ATF_CHECK_EQ(show_peer(root, CTL_PEER_ROUTE, &r, sizeof(r) + 1), -1);
	ATF_CHECK_EQ(show_peer(root, CTL_SOURCE, &r, sizeof(r)), -1);
	json_object_put(root);
}

ATF_TC_WITHOUT_HEAD(show_bfd);
ATF_TC_BODY(show_bfd, tc)
{
	struct json_object	*root = json_object_new_object(), *row;
	struct ctl_bfd_drops	 dr;
	struct ctl_bfd_detail	 d;
	struct ctl_bfd		 b;

	memset(&b, 0, sizeof(b));
	memset(&d, 0, sizeof(d));
	memset(&dr, 0, sizeof(dr));
	ATF_CHECK_EQ(show_bfd(root, CTL_BFD_DETAIL, &d, sizeof(d)), -1);
	ATF_REQUIRE_EQ(ipaddr_parse(&b.addr, "2001:db8::2"), 0);
	strlcpy(b.state, "Up", sizeof(b.state));
	b.detection = 150000;
	SHOW(show_bfd, root, CTL_BFD, b);
	row_is(root, "bfd",
	    "address", "2001:db8::2",
	    "state", "Up",
	    "detection_us", "150000",
	    "local", "",
	    NULL);
	strlcpy(d.auth, "sha1", sizeof(d.auth));
	d.polls = 4;
	d.down_ms = CTL_NEVER;
	SHOW(show_bfd, root, CTL_BFD_DETAIL, d);
	row = last_row(root, "bfd");
	row_is(row, "session", "item", "remote wants demand mode", NULL);
	row_is(row, "counters", "item", "packets not sent", NULL);
	/* Of no session: only what there was. */
	SHOW(show_bfd, root, CTL_BFD_DROPS, dr);
	ATF_CHECK(last_row(root, "discarded") == NULL);
	strlcpy(dr.drop[1].name, "no such neighbor",
	    sizeof(dr.drop[1].name));
	dr.drop[1].count = 7;
	SHOW(show_bfd, root, CTL_BFD_DROPS, dr);
	row_is(root, "discarded",
	    "packet", "no such neighbor",
	    "count", "7",
	    NULL);

	/* Strings without end, and every number there can be. */
	memset(&b, 0xff, sizeof(b));
	memset(&d, 0xff, sizeof(d));
	memset(&dr, 0xff, sizeof(dr));
	ATF_CHECK_EQ(show_bfd(root, CTL_BFD, &b, sizeof(b)), 0);
	ATF_CHECK_EQ(show_bfd(root, CTL_BFD_DETAIL, &d, sizeof(d)), 0);
	ATF_CHECK_EQ(show_bfd(root, CTL_BFD_DROPS, &dr, sizeof(dr)), 0);
	ATF_CHECK_EQ(show_bfd(root, CTL_BFD, &b, sizeof(b) - 1), -1);
	ATF_CHECK_EQ(show_bfd(root, CTL_PEER, &b, sizeof(b)), -1);
	ATF_CHECK_EQ(show_bfd(root, CTL_BFD_DETAIL, &d, sizeof(d) - 1), -1);
	ATF_CHECK_EQ(show_bfd(root, CTL_BFD_DROPS, &dr, sizeof(dr) + 1), -1);
	json_object_put(root);
}

ATF_TC_WITHOUT_HEAD(show_announcements);
ATF_TC_BODY(show_announcements, tc)
{
	struct json_object	*root = json_object_new_object();
	struct ctl_source	 s;
	struct ctl_announcement	 a;

	memset(&s, 0, sizeof(s));
	strlcpy(s.path, "/var/run/relayd6.sock", sizeof(s.path));
	SHOW(show_announcements, root, CTL_SOURCE, s);
	row_is(root, "feeds",
	    "state", "closed",
	    "feed", "/var/run/relayd6.sock",
	    NULL);
	s.connected = 1;
	SHOW(show_announcements, root, CTL_SOURCE, s);
	row_is(root, "feeds", "state", "fresh", NULL);
	s.stale = 1;
	SHOW(show_announcements, root, CTL_SOURCE, s);
	row_is(root, "feeds", "state", "stale", NULL);

	memset(&a, 0, sizeof(a));
	ATF_REQUIRE_EQ(prefix_parse(&a.prefix, "2002::/16"), 0);
	strlcpy(a.depends, "check dns", sizeof(a.depends));
	a.announced = 1;
	strlcpy(a.reason, "all signs are good", sizeof(a.reason));
	SHOW(show_announcements, root, CTL_ANNOUNCEMENT, a);
	row_is(root, "announcements",
	    "prefix", "2002::/16",
	    "state", "announced",
	    "depends_on", "check dns",
	    NULL);
	a.leaving = 1;
	SHOW(show_announcements, root, CTL_ANNOUNCEMENT, a);
	row_is(root, "announcements", "state", "leaving", NULL);
	a.announced = 0;
	memset(a.depends, 'x', sizeof(a.depends));
	memset(a.reason, 'x', sizeof(a.reason));
	SHOW(show_announcements, root, CTL_ANNOUNCEMENT, a);
	row_is(root, "announcements", "state", "withdrawn", NULL);
	ATF_CHECK_EQ(strlen(column(root, "announcements", "depends_on")),
	    sizeof(a.depends) - 1);
	ATF_CHECK_EQ(strlen(column(root, "announcements", "reason")),
	    sizeof(a.reason) - 1);
	refuses(show_announcements, root, CTL_SOURCE, sizeof(s));
	refuses(show_announcements, root, CTL_ANNOUNCEMENT, sizeof(a));
	json_object_put(root);
}

ATF_TC_WITHOUT_HEAD(show_health);
ATF_TC_BODY(show_health, tc)
{
	struct json_object	*root = json_object_new_object(), *row;
	struct ctl_health	 h;
	struct ctl_sign		 s;

	memset(&h, 0, sizeof(h));
	memset(&s, 0, sizeof(s));
	/* A sign belongs to the verdict before it. */
	ATF_CHECK_EQ(show_health(root, CTL_SIGN, &s, sizeof(s)), -1);
	h.state = VERDICT_RISING;
	strlcpy(h.name, "6to4", sizeof(h.name));
	strlcpy(h.reason, "waiting", sizeof(h.reason));
	SHOW(show_health, root, CTL_HEALTH, h);
	row_is(root, "health",
	    "relay", "6to4",
	    "verdict", "rising",
	    "reason", "waiting",
	    NULL);
	strlcpy(s.name, "kernel", sizeof(s.name));
	s.ok = 17;
	SHOW(show_health, root, CTL_SIGN, s);
	row = last_row(root, "health");
	row_is(row, "signs", "sign", "kernel", "good", "true", NULL);

	h.check = 1;
	h.state = VERDICT_DRAINED;
	strlcpy(h.name, "dns", sizeof(h.name));
	SHOW(show_health, root, CTL_HEALTH, h);
	row_is(root, "checks", "check", "dns", "verdict", "drained", NULL);

	memset(&h, 'x', sizeof(h));
	memset(&s, 'x', sizeof(s));
	h.check = 0;
	SHOW(show_health, root, CTL_HEALTH, h);
	SHOW(show_health, root, CTL_SIGN, s);
	ATF_CHECK_EQ(strlen(column(root, "health", "relay")),
	    sizeof(h.name) - 1);
	row_is(root, "health", "verdict", "?", NULL);
	row = last_row(root, "health");
	ATF_CHECK_EQ(strlen(column(row, "signs", "sign")),
	    sizeof(s.name) - 1);
	ATF_CHECK_EQ(strlen(column(row, "signs", "detail")),
	    sizeof(s.detail) - 1);
	refuses(show_health, root, CTL_HEALTH, sizeof(h));
	refuses(show_health, root, CTL_SIGN, sizeof(s));
	json_object_put(root);
}

ATF_TC_WITHOUT_HEAD(show_health_probe);
ATF_TC_BODY(show_health_probe, tc)
{
	struct json_object	*root = json_object_new_object(), *row;
	struct ctl_health	 h;
	struct ctl_probe	 p;

	memset(&h, 0, sizeof(h));
	memset(&p, 0, sizeof(p));
	/* A probe belongs to the verdict before it. */
	ATF_CHECK_EQ(show_health(root, CTL_PROBE, &p, sizeof(p)), -1);
	SHOW(show_health, root, CTL_HEALTH, h);
	row = last_row(root, "health");
	p.failed_ms = CTL_NEVER;
	SHOW(show_health, root, CTL_PROBE, p);
	row_is(row, "probes",
	    "target", "-",
	    "by", "relay",
	    "state", "not sent",
	    "failure", "-",
	    NULL);
	ATF_REQUIRE_EQ(ipaddr_parse(&p.target, "2001:db8::1"), 0);
	p.port = 443;
	p.way = 2;
	p.sent = 9;
	p.window = 9;
	p.window_lost = 9;
	p.failed_ms = 5;
	strlcpy(p.failure, "no answer", sizeof(p.failure));
	SHOW(show_health, root, CTL_PROBE, p);
	row_is(row, "probes",
	    "target", "2001:db8::1:443",
	    "by", "tcp",
	    "state", "never answered",
	    "lost_lately", "9 of 9",
	    "failed_ms", "5",
	    NULL);
	p.rtt_us = 1;
	SHOW(show_health, root, CTL_PROBE, p);
	row_is(row, "probes", "state", "silent", NULL);
	p.answers = 1;
	SHOW(show_health, root, CTL_PROBE, p);
	row_is(row, "probes", "state", "answers by another relay", NULL);
	p.ours = 1;
	SHOW(show_health, root, CTL_PROBE, p);
	row_is(row, "probes", "state", "answers", NULL);

	memset(&p, 'x', sizeof(p));
	SHOW(show_health, root, CTL_PROBE, p);
	row_is(row, "probes", "by", "?", NULL);
	ATF_CHECK_EQ(strlen(column(row, "probes", "failure")),
	    sizeof(p.failure) - 1);
	refuses(show_health, root, CTL_PROBE, sizeof(p));
	json_object_put(root);
}

ATF_TC_WITHOUT_HEAD(show_relays);
ATF_TC_BODY(show_relays, tc)
{
	struct json_object	*root = json_object_new_object(), *row;
	struct ctl_relay	 r;
	struct ctl_counter	 c;

	memset(&r, 0, sizeof(r));
	memset(&c, 0, sizeof(c));
	ATF_CHECK_EQ(show_relays(root, CTL_COUNTER, &c, sizeof(c)), -1);
	r.nlisten = 2;
	r.listen[0] = addr("192.88.99.1");
	r.listen[1] = addr("11.1.0.1");
	strlcpy(r.interface, "tun6to4", sizeof(r.interface));
	r.out_packets = 5;
	r.out_bytes = 500;
	SHOW(show_relays, root, CTL_RELAY, r);
	row_is(root, "relays",
	    "listen", "192.88.99.1,11.1.0.1",
	    "interface", "tun6to4",
	    "source", "-",
	    NULL);
	row = last_row(root, "relays");
	row_is(row, "traffic",
	    "direction", "from IPv6",
	    "packets", "5",
	    "bytes", "500",
	    NULL);
	c.in = 3;
	strlcpy(c.name, "short", sizeof(c.name));
	SHOW(show_relays, root, CTL_COUNTER, c);
	row_is(row, "drops", "reason", "short", "from_ipv4", "3", NULL);

	/* A count of addresses that cannot be, and strings without end. */
	memset(&r, 'x', sizeof(r));
	memset(&c, 'x', sizeof(c));
	SHOW(show_relays, root, CTL_RELAY, r);
	SHOW(show_relays, root, CTL_COUNTER, c);
	ATF_CHECK_EQ(strlen(column(root, "relays", "interface")),
	    sizeof(r.interface) - 1);
	refuses(show_relays, root, CTL_RELAY, sizeof(r));
	refuses(show_relays, root, CTL_COUNTER, sizeof(c));
	json_object_put(root);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, show_peers);
	ATF_TP_ADD_TC(tp, show_peer);
	ATF_TP_ADD_TC(tp, show_bfd);
	ATF_TP_ADD_TC(tp, show_announcements);
	ATF_TP_ADD_TC(tp, show_health);
	ATF_TP_ADD_TC(tp, show_health_probe);
	ATF_TP_ADD_TC(tp, show_relays);
	return (atf_no_error());
}
