/*
 * Peers that know no capabilities: RFC 5492 3.  Files bgp_conn.c and
 * bgp_input.c of routed6.
 */
#include <atf-c.h>
#include <string.h>

#include "bgp_script.h"

#define OPEN_PARAMS	28	/* where an OPEN has their length */

/* The peer connects; how long the optional parameters of our OPEN are. */
static int
params(struct script *s)
{
	const uint8_t	*p;
	size_t		 len;
	int		 n;

	p = bgp_peer_output(s->p, BGP_IN, &len);
	ATF_REQUIRE(len > OPEN_PARAMS);
	ATF_REQUIRE_EQ(p[BGP_HEADER_LEN - 1], BGP_OPEN);
	n = p[OPEN_PARAMS];
	ATF_CHECK_EQ(len, (size_t)OPEN_PARAMS + 1 + n);
	bgp_peer_wrote(s->p, BGP_IN, len, s->n.now);
	return (n);
}

static int
params_again(struct script *s)
{
	ATF_REQUIRE_EQ(bgp_peer_opened(s->p, BGP_IN, &s->n.end[0].conf.local,
	    &s->n.end[0].conf.remote, s->n.now), 0);
	return (params(s));
}

/* It says that it does not want our OPEN. */
static void
refuse(struct script *s, uint8_t code, uint8_t subcode)
{
	struct bgp_error	 e;

	bgp_error_set(&e, code, subcode, NULL, 0);
	bgp_notification_build(&s->w, &e);
	script_say(s);
}

/* ... with these capabilities of its own, and all is agreed on. */
static void
accept_with(struct script *s, uint32_t caps)
{
	struct bgp_open	 o = script_open;

	o.caps = caps;
	bgp_open_build(&s->w, &o);
	bgp_keepalive_build(&s->w);
	script_say(s);
	ATF_REQUIRE_EQ(bgp_peer_state(s->p), BGP_ESTABLISHED);
}

static void
set_both(struct script *s)
{
	struct bgp_announce	 set[2];

	set[0] = net_announce("192.88.99.0/24");
	ipaddr_parse(&set[0].nexthop, "10.0.0.1");
	set[1] = net_announce("2002::/16");
	ATF_CHECK_EQ(bgp_peer_set(s->p, set, 2, s->n.now), 0);
}

/* Why the IPv6 prefix is not told, or that it is. */
static void
check_ip6(struct script *s, enum bgp_why why)
{
	struct bgp_peer_route	 r;
	char			 tape[8];

	script_tape(s, tape, sizeof(tape));
	ATF_CHECK_EQ(bgp_peer_route(s->p, 0, &r), 0);
	ATF_CHECK(r.told);
	ATF_CHECK_EQ(bgp_peer_route(s->p, 1, &r), 0);
	ATF_CHECK_EQ(r.why, why);
	ATF_CHECK_EQ(r.told, why == BGP_WHY_OK);
}

/* A session without them, for IPv4; and the next one with them again. */
ATF_TC_WITHOUT_HEAD(rfc5492_3);
ATF_TC_BODY(rfc5492_3, tc)
{
	struct bgp_peer_stats	 st;
	struct script		 s;

	script_init(&s);
	set_both(&s);
	ATF_CHECK(params(&s) > 0);
	refuse(&s, BGP_E_OPEN, BGP_OPEN_PARAMETER);
	ATF_CHECK_STREQ(s.n.end[0].last_log, "it knows no capabilities: once "
	    "without them, and so without IPv6 prefixes");
	bgp_peer_stats(s.p, &st);
	ATF_CHECK_STREQ(st.error_in,
	    "OPEN Message Error, Unsupported Optional Parameter");
	ATF_CHECK_EQ(params_again(&s), 0);
	accept_with(&s, 0);
	check_ip6(&s, BGP_WHY_FAMILY);
	bgp_peer_stats(s.p, &st);
	ATF_CHECK_EQ(st.caps_sent, 0);
	refuse(&s, BGP_E_CEASE, BGP_CEASE_SHUTDOWN);
	ATF_CHECK(params_again(&s) > 0);
	accept_with(&s, script_open.caps);
	check_ip6(&s, BGP_WHY_OK);
	net_free(&s.n);
}

/* "If either peer has not advertised it, the capability cannot be used." */
ATF_TC_WITHOUT_HEAD(rfc5492_3_either);
ATF_TC_BODY(rfc5492_3_either, tc)
{
	struct script	 s;

	script_init(&s);
	set_both(&s);
	(void)params(&s);
	refuse(&s, BGP_E_OPEN, BGP_OPEN_PARAMETER);
	ATF_CHECK_EQ(params_again(&s), 0);
	accept_with(&s, script_open.caps | BGP_CAP_REFRESH | BGP_CAP_ERR);
	check_ip6(&s, BGP_WHY_FAMILY);
	net_free(&s.n);
}

/* Other errors, and the same one at another time, are no reason. */
ATF_TC_WITHOUT_HEAD(rfc5492_3_not);
ATF_TC_BODY(rfc5492_3_not, tc)
{
	struct script	 s;

	script_init(&s);
	(void)params(&s);
	refuse(&s, BGP_E_OPEN, BGP_OPEN_AS);
	ATF_CHECK(params_again(&s) > 0);
	refuse(&s, BGP_E_UPDATE, BGP_OPEN_PARAMETER);
	ATF_CHECK(params_again(&s) > 0);
	accept_with(&s, script_open.caps);
	refuse(&s, BGP_E_OPEN, BGP_OPEN_PARAMETER);
	ATF_CHECK(params_again(&s) > 0);
	/* Refused without them as well: with them again. */
	refuse(&s, BGP_E_OPEN, BGP_OPEN_PARAMETER);
	ATF_CHECK_EQ(params_again(&s), 0);
	refuse(&s, BGP_E_OPEN, BGP_OPEN_PARAMETER);
	ATF_CHECK(params_again(&s) > 0);
	net_free(&s.n);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, rfc5492_3);
	ATF_TP_ADD_TC(tp, rfc5492_3_either);
	ATF_TP_ADD_TC(tp, rfc5492_3_not);
	return (atf_no_error());
}
