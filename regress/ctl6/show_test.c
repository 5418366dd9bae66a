/*
 * Tests of ctl6/show_*.c: a daemon's messages become rows, and what is not as
 * it should be is refused: another size, another type, strings without end.
 */
#include <arpa/inet.h>

#include <atf-c.h>
#include <stdint.h>
#include <string.h>

#include "ctl6.h"
#include "ctlmsg.h"

typedef int	show_fn(struct json_object *, uint32_t, const void *, size_t);

/* The text of a column of the last row of a list. */
static const char *
column(struct json_object *o, const char *list, const char *key)
{
	struct json_object	*v;

	if ((o = last_row(o, list)) == NULL ||
	    !json_object_object_get_ex(o, key, &v))
		return ("(none)");
	return (json_object_get_string(v));
}

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
	ATF_REQUIRE_EQ(show_peers(root, CTL_PEER, &p, sizeof(p)), 0);
	ATF_CHECK_STREQ(column(root, "peers", "address"), "2001:db8::2");
	ATF_CHECK_STREQ(column(root, "peers", "as"), "4200000000");
	ATF_CHECK_STREQ(column(root, "peers", "description"), "upstream");
	ATF_CHECK_STREQ(column(root, "peers", "state"), "Established");
	ATF_CHECK_STREQ(column(root, "peers", "for_ms"), "1500");
	ATF_CHECK_STREQ(column(root, "peers", "announced"), "2");
	ATF_CHECK_STREQ(column(root, "peers", "received"), "1000000");
	ATF_CHECK_STREQ(column(root, "peers", "last_error"), "");
	ATF_CHECK_STREQ(column(root, "peers", "withheld"), "");

	p.withheld.n = 1;
	prefix_parse(&p.withheld.first, "2002::/16");
	strlcpy(p.withheld.why, "it is ill", sizeof(p.withheld.why));
	ATF_REQUIRE_EQ(show_peers(root, CTL_PEER, &p, sizeof(p)), 0);
	ATF_CHECK_STREQ(column(root, "peers", "withheld"),
	    "2002::/16: it is ill");
	p.withheld.n = 3;
	ATF_REQUIRE_EQ(show_peers(root, CTL_PEER, &p, sizeof(p)), 0);
	ATF_CHECK_STREQ(column(root, "peers", "withheld"),
	    "3 prefixes: it is ill");

	memset(&p, 'x', sizeof(p));
	ATF_REQUIRE_EQ(show_peers(root, CTL_PEER, &p, sizeof(p)), 0);
	ATF_CHECK_EQ(strlen(column(root, "peers", "state")),
	    sizeof(p.state) - 1);
	ATF_CHECK_EQ(strlen(column(root, "peers", "last_error")),
	    sizeof(p.error) - 1);
	refuses(show_peers, root, CTL_PEER, sizeof(p));
	json_object_put(root);
}

/* The text of a column of the last row of a list inside the last peer. */
static const char *
inner(struct json_object *root, const char *list, const char *key)
{
	return (column(last_row(root, "peers"), list, key));
}

ATF_TC_WITHOUT_HEAD(show_peer);
ATF_TC_BODY(show_peer, tc)
{
	struct json_object	*root = json_object_new_object();
	struct ctl_peer_detail	 d;
	struct ctl_peer_route	 r;
	struct ctl_peer		 p;

	memset(&p, 0, sizeof(p));
	memset(&d, 0, sizeof(d));
	memset(&r, 0, sizeof(r));
	/* Details without a neighbor that they are of. */
	ATF_CHECK_EQ(show_peer(root, CTL_PEER_DETAIL, &d, sizeof(d)), -1);
	ATF_CHECK_EQ(show_peer(root, CTL_PEER_ROUTE, &r, sizeof(r)), -1);
	ATF_REQUIRE_EQ(show_peer(root, CTL_PEER, &p, sizeof(p)), 0);
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
	ATF_REQUIRE_EQ(show_peer(root, CTL_PEER_DETAIL, &d, sizeof(d)), 0);
	ATF_CHECK_STREQ(inner(root, "errors", "error"), "connection");
	ATF_CHECK_STREQ(inner(root, "errors", "text"), "No route to host");
	ATF_CHECK_STREQ(inner(root, "timers", "timer"), "hold");
	ATF_CHECK_STREQ(inner(root, "timers", "left_ms"), "4000");
	ATF_CHECK_STREQ(inner(root, "capabilities", "ours"), "false");
	ATF_CHECK_STREQ(inner(root, "capabilities", "theirs"), "true");
	ATF_CHECK_STREQ(inner(root, "tcp", "item"), "retransmitted");
	ATF_CHECK_STREQ(inner(root, "tcp", "value"), "5 segments");
	ATF_REQUIRE_EQ(prefix_parse(&r.prefix, "2002::/16"), 0);
	ATF_REQUIRE_EQ(show_peer(root, CTL_PEER_ROUTE, &r, sizeof(r)), 0);
	ATF_CHECK_STREQ(inner(root, "prefixes", "prefix"), "2002::/16");
	ATF_CHECK_STREQ(inner(root, "prefixes", "next_hop"), "");

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
	ATF_REQUIRE_EQ(show_bfd(root, CTL_BFD, &b, sizeof(b)), 0);
	ATF_CHECK_STREQ(column(root, "bfd", "address"), "2001:db8::2");
	ATF_CHECK_STREQ(column(root, "bfd", "state"), "Up");
	ATF_CHECK_STREQ(column(root, "bfd", "detection_us"), "150000");
	ATF_CHECK_STREQ(column(root, "bfd", "local"), "");
	strlcpy(d.auth, "sha1", sizeof(d.auth));
	d.polls = 4;
	d.down_ms = CTL_NEVER;
	ATF_REQUIRE_EQ(show_bfd(root, CTL_BFD_DETAIL, &d, sizeof(d)), 0);
	row = last_row(root, "bfd");
	ATF_CHECK_STREQ(column(row, "session", "item"),
	    "remote wants demand mode");
	ATF_CHECK_STREQ(column(row, "counters", "item"), "packets not sent");
	/* Of no session: only what there was. */
	ATF_REQUIRE_EQ(show_bfd(root, CTL_BFD_DROPS, &dr, sizeof(dr)), 0);
	ATF_CHECK(last_row(root, "discarded") == NULL);
	strlcpy(dr.drop[1].name, "no such neighbor",
	    sizeof(dr.drop[1].name));
	dr.drop[1].count = 7;
	ATF_REQUIRE_EQ(show_bfd(root, CTL_BFD_DROPS, &dr, sizeof(dr)), 0);
	ATF_CHECK_STREQ(column(root, "discarded", "packet"),
	    "no such neighbor");
	ATF_CHECK_STREQ(column(root, "discarded", "count"), "7");

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
	ATF_REQUIRE_EQ(show_announcements(root, CTL_SOURCE, &s, sizeof(s)),
	    0);
	ATF_CHECK_STREQ(column(root, "feeds", "state"), "closed");
	ATF_CHECK_STREQ(column(root, "feeds", "feed"),
	    "/var/run/relayd6.sock");
	s.connected = 1;
	ATF_REQUIRE_EQ(show_announcements(root, CTL_SOURCE, &s, sizeof(s)),
	    0);
	ATF_CHECK_STREQ(column(root, "feeds", "state"), "fresh");
	s.stale = 1;
	ATF_REQUIRE_EQ(show_announcements(root, CTL_SOURCE, &s, sizeof(s)),
	    0);
	ATF_CHECK_STREQ(column(root, "feeds", "state"), "stale");

	memset(&a, 0, sizeof(a));
	ATF_REQUIRE_EQ(prefix_parse(&a.prefix, "2002::/16"), 0);
	strlcpy(a.depends, "check dns", sizeof(a.depends));
	a.announced = 1;
	strlcpy(a.reason, "all signs are good", sizeof(a.reason));
	ATF_REQUIRE_EQ(show_announcements(root, CTL_ANNOUNCEMENT, &a,
	    sizeof(a)), 0);
	ATF_CHECK_STREQ(column(root, "announcements", "prefix"), "2002::/16");
	ATF_CHECK_STREQ(column(root, "announcements", "state"), "announced");
	ATF_CHECK_STREQ(column(root, "announcements", "depends_on"),
	    "check dns");
	a.leaving = 1;
	ATF_REQUIRE_EQ(show_announcements(root, CTL_ANNOUNCEMENT, &a,
	    sizeof(a)), 0);
	ATF_CHECK_STREQ(column(root, "announcements", "state"), "leaving");
	a.announced = 0;
	memset(a.depends, 'x', sizeof(a.depends));
	memset(a.reason, 'x', sizeof(a.reason));
	ATF_REQUIRE_EQ(show_announcements(root, CTL_ANNOUNCEMENT, &a,
	    sizeof(a)), 0);
	ATF_CHECK_STREQ(column(root, "announcements", "state"), "withdrawn");
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
	ATF_REQUIRE_EQ(show_health(root, CTL_HEALTH, &h, sizeof(h)), 0);
	ATF_CHECK_STREQ(column(root, "health", "relay"), "6to4");
	ATF_CHECK_STREQ(column(root, "health", "verdict"), "rising");
	ATF_CHECK_STREQ(column(root, "health", "reason"), "waiting");
	strlcpy(s.name, "kernel", sizeof(s.name));
	s.ok = 17;
	ATF_REQUIRE_EQ(show_health(root, CTL_SIGN, &s, sizeof(s)), 0);
	row = last_row(root, "health");
	ATF_CHECK_STREQ(column(row, "signs", "sign"), "kernel");
	ATF_CHECK_STREQ(column(row, "signs", "good"), "true");

	h.check = 1;
	h.state = VERDICT_DRAINED;
	strlcpy(h.name, "dns", sizeof(h.name));
	ATF_REQUIRE_EQ(show_health(root, CTL_HEALTH, &h, sizeof(h)), 0);
	ATF_CHECK_STREQ(column(root, "checks", "check"), "dns");
	ATF_CHECK_STREQ(column(root, "checks", "verdict"), "drained");

	memset(&h, 'x', sizeof(h));
	memset(&s, 'x', sizeof(s));
	h.check = 0;
	ATF_REQUIRE_EQ(show_health(root, CTL_HEALTH, &h, sizeof(h)), 0);
	ATF_REQUIRE_EQ(show_health(root, CTL_SIGN, &s, sizeof(s)), 0);
	ATF_CHECK_EQ(strlen(column(root, "health", "relay")),
	    sizeof(h.name) - 1);
	ATF_CHECK_STREQ(column(root, "health", "verdict"), "?");
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
	ATF_REQUIRE_EQ(show_health(root, CTL_HEALTH, &h, sizeof(h)), 0);
	row = last_row(root, "health");
	p.failed_ms = CTL_NEVER;
	ATF_REQUIRE_EQ(show_health(root, CTL_PROBE, &p, sizeof(p)), 0);
	ATF_CHECK_STREQ(column(row, "probes", "target"), "-");
	ATF_CHECK_STREQ(column(row, "probes", "by"), "relay");
	ATF_CHECK_STREQ(column(row, "probes", "state"), "not sent");
	ATF_CHECK_STREQ(column(row, "probes", "failure"), "-");
	ATF_REQUIRE_EQ(ipaddr_parse(&p.target, "2001:db8::1"), 0);
	p.port = 443;
	p.way = 2;
	p.sent = 9;
	p.window = 9;
	p.window_lost = 9;
	p.failed_ms = 5;
	strlcpy(p.failure, "no answer", sizeof(p.failure));
	ATF_REQUIRE_EQ(show_health(root, CTL_PROBE, &p, sizeof(p)), 0);
	ATF_CHECK_STREQ(column(row, "probes", "target"), "2001:db8::1:443");
	ATF_CHECK_STREQ(column(row, "probes", "by"), "tcp");
	ATF_CHECK_STREQ(column(row, "probes", "state"), "never answered");
	ATF_CHECK_STREQ(column(row, "probes", "lost_lately"), "9 of 9");
	ATF_CHECK_STREQ(column(row, "probes", "failed_ms"), "5");
	p.rtt_us = 1;
	ATF_REQUIRE_EQ(show_health(root, CTL_PROBE, &p, sizeof(p)), 0);
	ATF_CHECK_STREQ(column(row, "probes", "state"), "silent");
	p.answers = 1;
	ATF_REQUIRE_EQ(show_health(root, CTL_PROBE, &p, sizeof(p)), 0);
	ATF_CHECK_STREQ(column(row, "probes", "state"),
	    "answers by another relay");
	p.ours = 1;
	ATF_REQUIRE_EQ(show_health(root, CTL_PROBE, &p, sizeof(p)), 0);
	ATF_CHECK_STREQ(column(row, "probes", "state"), "answers");

	memset(&p, 'x', sizeof(p));
	ATF_REQUIRE_EQ(show_health(root, CTL_PROBE, &p, sizeof(p)), 0);
	ATF_CHECK_STREQ(column(row, "probes", "by"), "?");
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
	ATF_REQUIRE_EQ(show_relays(root, CTL_RELAY, &r, sizeof(r)), 0);
	ATF_CHECK_STREQ(column(root, "relays", "listen"),
	    "192.88.99.1,11.1.0.1");
	ATF_CHECK_STREQ(column(root, "relays", "interface"), "tun6to4");
	ATF_CHECK_STREQ(column(root, "relays", "source"), "-");
	row = last_row(root, "relays");
	ATF_CHECK_STREQ(column(row, "traffic", "direction"), "from IPv6");
	ATF_CHECK_STREQ(column(row, "traffic", "packets"), "5");
	ATF_CHECK_STREQ(column(row, "traffic", "bytes"), "500");
	c.in = 3;
	strlcpy(c.name, "short", sizeof(c.name));
	ATF_REQUIRE_EQ(show_relays(root, CTL_COUNTER, &c, sizeof(c)), 0);
	ATF_CHECK_STREQ(column(row, "drops", "reason"), "short");
	ATF_CHECK_STREQ(column(row, "drops", "from_ipv4"), "3");

	/* A count of addresses that cannot be, and strings without end. */
	memset(&r, 'x', sizeof(r));
	memset(&c, 'x', sizeof(c));
	ATF_REQUIRE_EQ(show_relays(root, CTL_RELAY, &r, sizeof(r)), 0);
	ATF_REQUIRE_EQ(show_relays(root, CTL_COUNTER, &c, sizeof(c)), 0);
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
