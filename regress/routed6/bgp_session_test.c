/*
 * Tests of what two neighbors agree on beyond RFC 4271: long messages, roles,
 * marks of a refresh, a bound on prefixes; and of DelayOpen.  One neighbor of
 * ours and a script.
 */
#include <atf-c.h>
#include <stdio.h>
#include <string.h>

#include "bgp_script.h"

static void
check_tape(struct script *s, const char *want)
{
	char	 buf[256];

	script_tape(s, buf, sizeof(buf));
	ATF_CHECK_STREQ(buf, want);
}

static void
set_two(struct script *s)
{
	struct bgp_announce	 set[2];

	set[0] = net_announce("2002::/16");
	set[1] = net_announce("10.0.0.0/8");
	ipaddr_parse(&set[1].nexthop, "10.0.0.1");
	ATF_REQUIRE_EQ(bgp_peer_set(s->p, set, 2, s->n.now), 0);
}

/* The answer to an OPEN with a role, when ours is another. */
static int
role_answer(enum bgp_role ours, uint32_t flags, int theirs, uint32_t as)
{
	struct bgp_open		 o = script_open;
	struct bgp_error	 e;
	struct script		 s;
	int			 answer;

	script_net(&s);
	s.n.end[0].conf.role = ours;
	s.n.end[0].conf.flags |= flags;
	s.n.end[0].conf.local_as = as;
	script_make(&s);
	if (theirs != BGP_ROLE_NONE) {
		o.role = theirs;
		o.caps |= BGP_CAP_ROLE;
	}
	bgp_open_build(&s.w, &o);
	script_say(&s);
	answer = script_hear(&s, &e);
	net_free(&s.n);
	return (answer);
}

/* What is logged and shown when the OPEN is refused. */
static void
check_refused(const struct bgp_open *o, uint8_t role, const char *words)
{
	struct bgp_peer_stats	 st;
	struct script		 s;
	char			 line[80];

	script_net(&s);
	s.n.end[0].conf.role = role;
	script_make(&s);
	bgp_open_build(&s.w, o);
	script_say(&s);
	bgp_peer_stats(s.p, &st);
	ATF_CHECK_STREQ(st.failure, words);
	snprintf(line, sizeof(line), "no session: %s", words);
	ATF_CHECK_STREQ(s.n.end[0].first_log, line);
	net_free(&s.n);
}

/* "Bad Peer AS" does not say which one was bad. */
ATF_TC_WITHOUT_HEAD(bgp_refused_words);
ATF_TC_BODY(bgp_refused_words, tc)
{
	struct bgp_open	 o = script_open;

	o.as = 4200000000;
	check_refused(&o, BGP_ROLE_NONE, "it is in AS 4200000000, not 65101");
	o = script_open;
	o.hold = 2;
	check_refused(&o, BGP_ROLE_NONE, "it wants a hold time of 2 s");
	o = script_open;
	o.id = 0;
	check_refused(&o, BGP_ROLE_NONE, "its identifier is 0.0.0.0");
	o = script_open;
	o.caps |= BGP_CAP_ROLE;
	o.role = BGP_ROLE_PEER;
	check_refused(&o, BGP_ROLE_CUSTOMER, "its role is peer, ours customer");
}

/* RFC 9234 4.2: table 2, strict mode, and internal peers. */
ATF_TC_WITHOUT_HEAD(bgp_role);
ATF_TC_BODY(bgp_role, tc)
{
	const int	 mismatch = BGP_E_OPEN << 8 | BGP_OPEN_ROLE;
	int		 ours, theirs, good;

	for (ours = BGP_ROLE_PROVIDER; ours < BGP_NROLES; ours++)
		for (theirs = BGP_ROLE_PROVIDER; theirs <= BGP_NROLES;
		    theirs++) {
			good = (ours == BGP_ROLE_PEER &&
			    theirs == BGP_ROLE_PEER) ||
			    (ours != BGP_ROLE_PEER && ours + theirs == 5);
			ATF_CHECK_EQ_MSG(role_answer(ours, 0, theirs, 64600),
			    good ? 0 : mismatch, "%d and %d", ours, theirs);
		}
	ATF_CHECK_EQ(role_answer(BGP_ROLE_NONE, 0, BGP_ROLE_PEER, 64600), 0);
	ATF_CHECK_EQ(role_answer(BGP_ROLE_PEER, 0, BGP_ROLE_NONE, 64600), 0);
	ATF_CHECK_EQ(role_answer(BGP_ROLE_PEER, BGP_F_STRICT, BGP_ROLE_NONE,
	    64600), mismatch);
	ATF_CHECK_EQ(role_answer(BGP_ROLE_PEER, BGP_F_STRICT,
	    BGP_ROLE_CUSTOMER, 65101), 0);
}

/* Two roles in one OPEN (RFC 9234 4.2). */
ATF_TC_WITHOUT_HEAD(bgp_role_twice);
ATF_TC_BODY(bgp_role_twice, tc)
{
	static const uint8_t	 second[] = { 2, 3, 9, 1, 3 };
	struct bgp_open		 o = script_open;
	struct bgp_error	 e;
	struct script		 s;
	int			 same;

	o.caps |= BGP_CAP_ROLE;
	for (same = 0; same < 2; same++) {
		script_init(&s);
		o.role = same ? BGP_ROLE_CUSTOMER : BGP_ROLE_PEER;
		bgp_open_build(&s.w, &o);
		wr_bytes(&s.w, second, sizeof(second));
		wr_patch8(&s.w, 28, s.b[28] + sizeof(second));
		bgp_msg_end(&s.w, 0);
		script_say(&s);
		ATF_CHECK_EQ(script_hear(&s, &e), same ? 0 :
		    BGP_E_OPEN << 8 | BGP_OPEN_ROLE);
		net_free(&s.n);
	}
}

/* An UPDATE of n prefixes, withdrawn or with all they need. */
static void
say_prefixes(struct script *s, int reach, uint32_t first, uint32_t n)
{
	static const uint8_t	 attrs[] = "\x40\1\1\0"
				    "\x40\2\6\2\1\0\0\xfe\x4d"
				    "\x40\3\4\x0a\0\0\2";
	size_t			 at, len = sizeof(attrs) - 1;

	at = bgp_msg_begin(&s->w, BGP_UPDATE);
	wr_u16(&s->w, reach ? 0 : 5 * n);
	if (reach) {
		wr_u16(&s->w, len);
		wr_bytes(&s->w, attrs, len);
	}
	for (; n > 0; n--, first++) {
		wr_u8(&s->w, 32);
		wr_u32(&s->w, first);
	}
	if (!reach)
		wr_u16(&s->w, 0);
	bgp_msg_end(&s->w, at);
	script_say(s);
}

/* RFC 8654: long messages when both want them, else an error. */
ATF_TC_WITHOUT_HEAD(bgp_extended);
ATF_TC_BODY(bgp_extended, tc)
{
	struct bgp_open		 o = script_open;
	struct bgp_peer_stats	 st;
	struct bgp_error	 e;
	struct script		 s;

	o.caps |= BGP_CAP_EXTMSG;
	script_up(&s, &o);
	say_prefixes(&s, 1, 0, 13000);
	say_prefixes(&s, 0, 0, 13000);
	bgp_peer_stats(s.p, &st);
	ATF_CHECK_EQ(st.reach, 13000);
	ATF_CHECK_EQ(st.unreach, 13000);
	ATF_CHECK_EQ(script_hear(&s, &e), 0);
	/* RFC 8654 4: not for every type. */
	bgp_msg_end(&s.w, bgp_msg_begin(&s.w, BGP_KEEPALIVE));
	wr_patch16(&s.w, 16, 5000);
	script_say(&s);
	ATF_CHECK_EQ(script_hear(&s, &e), BGP_E_HEADER << 8 |
	    BGP_HEADER_LENGTH);
	net_free(&s.n);

	script_up(&s, &script_open);
	say_prefixes(&s, 1, 0, 13000);
	ATF_CHECK_EQ(script_hear(&s, &e), BGP_E_HEADER << 8 |
	    BGP_HEADER_LENGTH);
	net_free(&s.n);
}

/* RFC 7313 4: what is told again stands between two marks. */
ATF_TC_WITHOUT_HEAD(bgp_refresh_marks);
ATF_TC_BODY(bgp_refresh_marks, tc)
{
	struct bgp_open		 o = script_open;
	struct script		 s;

	o.caps |= BGP_CAP_ERR | BGP_CAP_REFRESH;
	script_up(&s, &o);
	set_two(&s);
	check_tape(&s, "OKAA");
	bgp_refresh_build(&s.w, BGP_AFI_IP6, BGP_REFRESH_ASK,
	    BGP_SAFI_UNICAST);
	script_say(&s);
	check_tape(&s, "BAE");
	bgp_peer_refresh(s.p, s.n.now);
	check_tape(&s, "BBAAEE");
	/* The marks of others, kinds nobody knows, families nobody has. */
	bgp_refresh_build(&s.w, BGP_AFI_IP6, BGP_REFRESH_BEGIN,
	    BGP_SAFI_UNICAST);
	bgp_refresh_build(&s.w, BGP_AFI_IP6, BGP_REFRESH_END,
	    BGP_SAFI_UNICAST);
	bgp_refresh_build(&s.w, BGP_AFI_IP6, 77, BGP_SAFI_UNICAST);
	bgp_refresh_build(&s.w, 25, BGP_REFRESH_ASK, 65);
	script_say(&s);
	check_tape(&s, "");
	/* A family of which there is nothing. */
	bgp_peer_set(s.p, NULL, 0, s.n.now);
	check_tape(&s, "WW");
	bgp_refresh_build(&s.w, BGP_AFI_IP, BGP_REFRESH_ASK,
	    BGP_SAFI_UNICAST);
	script_say(&s);
	check_tape(&s, "BE");
	net_free(&s.n);

	/* A peer that does not know marks gets none. */
	script_up(&s, &script_open);
	set_two(&s);
	check_tape(&s, "OKAA");
	bgp_peer_refresh(s.p, s.n.now);
	check_tape(&s, "AA");
	net_free(&s.n);
}

/* RFC 7313 5, and RFC 2918 where the capability is missing. */
static int
refresh_error(uint32_t caps, uint8_t kind, size_t more, struct bgp_error *e)
{
	struct bgp_open	 o = script_open;
	struct script	 s;
	int		 code;

	o.caps |= caps;
	script_up(&s, &o);
	bgp_refresh_build(&s.w, BGP_AFI_IP6, kind, BGP_SAFI_UNICAST);
	wr_zero(&s.w, more);
	bgp_msg_end(&s.w, 0);
	script_say(&s);
	code = script_hear(&s, e);
	net_free(&s.n);
	return (code);
}

ATF_TC_WITHOUT_HEAD(bgp_refresh_length);
ATF_TC_BODY(bgp_refresh_length, tc)
{
	struct bgp_error	 e;

	ATF_CHECK_EQ(refresh_error(BGP_CAP_ERR, BGP_REFRESH_BEGIN, 0, &e), 0);
	ATF_CHECK_EQ(refresh_error(BGP_CAP_ERR, BGP_REFRESH_BEGIN, 1, &e),
	    BGP_E_REFRESH << 8 | BGP_REFRESH_LENGTH);
	/* The whole message. */
	ATF_CHECK_EQ(e.len, 24);
	ATF_CHECK_EQ(e.data[17], 24);
	ATF_CHECK_EQ(refresh_error(0, BGP_REFRESH_BEGIN, 1, &e),
	    BGP_E_HEADER << 8 | BGP_HEADER_LENGTH);
	ATF_CHECK_EQ(e.len, 2);
	ATF_CHECK_EQ(e.data[1], 24);
}

/* RFC 4271 8.1.1: the peer may speak first, for a while. */
ATF_TC_WITHOUT_HEAD(bgp_delay_open);
ATF_TC_BODY(bgp_delay_open, tc)
{
	struct bgp_peer_stats	 st;
	struct script		 s;

	script_net(&s);
	s.n.end[0].conf.delay_open = 20;
	script_make(&s);
	ATF_CHECK_EQ(bgp_peer_state(s.p), BGP_DELAYOPEN);
	check_tape(&s, "");
	/* Half an OPEN is not lost when the time comes. */
	bgp_open_build(&s.w, &script_open);
	bgp_peer_input(s.p, BGP_IN, s.b, 10, s.n.now);
	bgp_peer_stats(s.p, &st);
	ATF_CHECK(mono_sub(st.timer[BGP_T_DELAY], s.n.now) >= MONO_S(15));
	ATF_CHECK(mono_sub(st.timer[BGP_T_DELAY], s.n.now) <= MONO_S(20));
	s.n.now = st.timer[BGP_T_DELAY];
	bgp_peer_tick(s.p, s.n.now);
	check_tape(&s, "O");
	ATF_CHECK_EQ(bgp_peer_state(s.p), BGP_OPENSENT);
	bgp_peer_input(s.p, BGP_IN, s.b + 10, s.w.len - 10, s.n.now);
	ATF_CHECK_EQ(bgp_peer_state(s.p), BGP_OPENCONFIRM);
	check_tape(&s, "K");
	net_free(&s.n);

	script_net(&s);
	s.n.end[0].conf.delay_open = 20;
	script_make(&s);
	bgp_open_build(&s.w, &script_open);
	bgp_keepalive_build(&s.w);
	script_say(&s);
	ATF_CHECK_EQ(bgp_peer_state(s.p), BGP_ESTABLISHED);
	check_tape(&s, "OK");
	bgp_peer_stats(s.p, &st);
	ATF_CHECK_EQ(st.timer[BGP_T_DELAY].ns, MONO_NEVER);
	net_free(&s.n);
}

/* What does not belong there ends the connection without a word. */
ATF_TC_WITHOUT_HEAD(bgp_delay_open_errors);
ATF_TC_BODY(bgp_delay_open_errors, tc)
{
	struct script	 s;
	int		 i;

	for (i = 0; i < 3; i++) {
		script_net(&s);
		s.n.end[0].conf.delay_open = 20;
		script_make(&s);
		if (i == 0)
			bgp_keepalive_build(&s.w);
		else if (i == 1)
			wr_zero(&s.w, BGP_HEADER_LEN);
		else
			bgp_refresh_build(&s.w, 1, 0, 1);
		script_say(&s);
		check_tape(&s, "");
		ATF_CHECK(bgp_peer_state(s.p) == BGP_ACTIVE ||
		    bgp_peer_state(s.p) == BGP_IDLE);
		net_free(&s.n);
	}
	script_net(&s);
	s.n.end[0].conf.delay_open = 20;
	script_make(&s);
	bgp_peer_stop(s.p, BGP_CEASE_SHUTDOWN, "never mind", s.n.now);
	check_tape(&s, "");
	ATF_CHECK(bgp_peer_gone(s.p));
	net_free(&s.n);
}

static void
bounded_up(struct script *s, uint32_t max, uint16_t restart)
{
	script_net(s);
	s->n.end[0].conf.max_prefix = max;
	s->n.end[0].conf.max_restart = restart;
	script_make(s);
	bgp_open_build(&s->w, &script_open);
	bgp_keepalive_build(&s->w);
	script_say(s);
	set_two(s);
	check_tape(s, "OKAA");
}

/* RFC 4486 4: the number counts, however often they are repeated. */
ATF_TC_WITHOUT_HEAD(bgp_max_prefix);
ATF_TC_BODY(bgp_max_prefix, tc)
{
	struct bgp_peer_stats	 st;
	struct script		 s;
	int			 i;

	bounded_up(&s, 100, 0);
	for (i = 0; i < 10; i++)
		say_prefixes(&s, 1, 0, 100);
	say_prefixes(&s, 0, 50, 100);
	bgp_peer_stats(s.p, &st);
	ATF_CHECK_EQ(st.heard, 50);
	say_prefixes(&s, 1, 1000, 50);
	ATF_CHECK_EQ(bgp_peer_state(s.p), BGP_ESTABLISHED);
	check_tape(&s, "");
	say_prefixes(&s, 1, 2000, 1);
	/* In order: what we announced is withdrawn first. */
	check_tape(&s, "WWN");
	bgp_peer_stats(s.p, &st);
	ATF_CHECK_STREQ(st.error_out,
	    "Cease, Maximum Number of Prefixes Reached");
	ATF_CHECK(st.stopped);
	ATF_CHECK_EQ(st.heard, 0);
	ATF_CHECK_EQ(st.restart.ns, MONO_NEVER);
	net_free(&s.n);
}

ATF_TC_WITHOUT_HEAD(bgp_max_prefix_restart);
ATF_TC_BODY(bgp_max_prefix_restart, tc)
{
	struct bgp_peer_stats	 st;
	struct bgp_error	 e;
	struct script		 s;

	bounded_up(&s, 1, 30);
	say_prefixes(&s, 1, 0, 2);
	ATF_CHECK_EQ(script_hear(&s, &e), BGP_E_CEASE << 8 |
	    BGP_CEASE_MAXPREFIX);
	bgp_peer_failed(s.p, BGP_IN, "closed", s.n.now);
	ATF_CHECK_EQ(bgp_peer_deadline(s.p).ns,
	    mono_add(s.n.now, MONO_S(30)).ns);
	s.n.now = bgp_peer_deadline(s.p);
	bgp_peer_tick(s.p, s.n.now);
	bgp_peer_stats(s.p, &st);
	ATF_CHECK(!st.stopped);
	ATF_CHECK_EQ(st.restart.ns, MONO_NEVER);

	/* A command does not have to wait. */
	bgp_peer_stop(s.p, BGP_CEASE_SHUTDOWN, NULL, s.n.now);
	bgp_peer_start(s.p, s.n.now);
	ATF_CHECK_EQ(bgp_peer_opened(s.p, BGP_IN, &s.n.end[0].conf.local,
	    &s.n.end[0].conf.remote, s.n.now), 0);
	net_free(&s.n);
}

/* Treated as withdrawn is withdrawn; a lower bound counts at once. */
ATF_TC_WITHOUT_HEAD(bgp_max_prefix_changed);
ATF_TC_BODY(bgp_max_prefix_changed, tc)
{
	struct bgp_peer_stats	 st;
	struct bgp_error	 e;
	struct script		 s;

	bounded_up(&s, 100, 0);
	say_prefixes(&s, 1, 0, 20);
	/* ORIGIN 7 is none (RFC 7606 7.1). */
	bgp_msg_begin(&s.w, BGP_UPDATE);
	wr_bytes(&s.w, "\0\0\0\x14\x40\1\1\7" "\x40\2\6\2\1\0\0\xfe\x4d"
	    "\x40\3\4\x0a\0\0\1" "\x20\0\0\0\0", 29);
	bgp_msg_end(&s.w, 0);
	script_say(&s);
	bgp_peer_stats(s.p, &st);
	ATF_CHECK_EQ(st.treated, 1);
	ATF_CHECK_EQ(st.heard, 19);
	s.n.end[0].conf.max_prefix = 19;
	bgp_peer_reconf(s.p, &s.n.end[0].conf, s.n.now);
	check_tape(&s, "");
	s.n.end[0].conf.max_prefix = 18;
	bgp_peer_reconf(s.p, &s.n.end[0].conf, s.n.now);
	ATF_CHECK_EQ(script_hear(&s, &e), BGP_E_CEASE << 8 |
	    BGP_CEASE_MAXPREFIX);
	net_free(&s.n);
}

/* What the configuration changes without a new session, and what not. */
ATF_TC_WITHOUT_HEAD(bgp_reconf_kept);
ATF_TC_BODY(bgp_reconf_kept, tc)
{
	struct bgp_conf_peer	*c;
	struct script		 s;

	script_up(&s, &script_open);
	set_two(&s);
	check_tape(&s, "OKAA");
	c = &s.n.end[0].conf;
	c->attrs.has = BGP_HAS_MED;
	bgp_peer_reconf(s.p, c, s.n.now);
	check_tape(&s, "AA");
	bgp_peer_reconf(s.p, c, s.n.now);
	check_tape(&s, "");
	c->max_restart = 7;
	c->connect_retry = 8;
	bgp_peer_reconf(s.p, c, s.n.now);
	check_tape(&s, "");
	/* A new password is a new connection. */
	c->key++;
	bgp_peer_reconf(s.p, c, s.n.now);
	check_tape(&s, "WWN");
	net_free(&s.n);
}

/* RFC 2545 3: both addresses when the link is shared. */
ATF_TC_WITHOUT_HEAD(bgp_peer_linklocal);
ATF_TC_BODY(bgp_peer_linklocal, tc)
{
	struct bgp_peer_route	 r;
	struct ipaddr		 ll;
	struct script		 s;
	const uint8_t		*p;
	size_t			 len;

	script_init(&s);
	ATF_REQUIRE_EQ(ipaddr_parse(&ll, "fe80::7"), 0);
	bgp_peer_linklocal(s.p, BGP_IN, &ll);
	bgp_open_build(&s.w, &script_open);
	bgp_keepalive_build(&s.w);
	script_say(&s);
	check_tape(&s, "OK");
	set_two(&s);
	p = bgp_peer_output(s.p, BGP_IN, &len);
	/* 19 header, 4 lengths, 4 attribute, 3 family: then the length. */
	ATF_REQUIRE(len > 31);
	ATF_CHECK_EQ(p[30], 32);
	ATF_CHECK(memcmp(p + 47, ll.b, 16) == 0);
	ATF_CHECK_EQ(bgp_peer_route(s.p, 0, &r), 0);
	ATF_CHECK(ipaddr_equal(&r.nexthop, &s.n.end[0].conf.local));
	net_free(&s.n);
}

/* RFC 9687 4.3: in Established, not before. */
ATF_TC_WITHOUT_HEAD(bgp_send_hold_armed);
ATF_TC_BODY(bgp_send_hold_armed, tc)
{
	struct bgp_peer_stats	 st;
	struct bgp_error	 e;
	struct script		 s;

	script_init(&s);
	bgp_open_build(&s.w, &script_open);
	script_say(&s);
	script_hear(&s, &e);
	bgp_peer_stats(s.p, &st);
	ATF_CHECK_EQ(st.timer[BGP_T_SEND_HOLD].ns, MONO_NEVER);
	bgp_keepalive_build(&s.w);
	script_say(&s);
	bgp_peer_stats(s.p, &st);
	ATF_CHECK_EQ(mono_sub(st.timer[BGP_T_SEND_HOLD], s.n.now),
	    MONO_S(480));
	net_free(&s.n);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, bgp_refused_words);
	ATF_TP_ADD_TC(tp, bgp_role);
	ATF_TP_ADD_TC(tp, bgp_role_twice);
	ATF_TP_ADD_TC(tp, bgp_extended);
	ATF_TP_ADD_TC(tp, bgp_refresh_marks);
	ATF_TP_ADD_TC(tp, bgp_refresh_length);
	ATF_TP_ADD_TC(tp, bgp_delay_open);
	ATF_TP_ADD_TC(tp, bgp_delay_open_errors);
	ATF_TP_ADD_TC(tp, bgp_max_prefix);
	ATF_TP_ADD_TC(tp, bgp_max_prefix_restart);
	ATF_TP_ADD_TC(tp, bgp_max_prefix_changed);
	ATF_TP_ADD_TC(tp, bgp_reconf_kept);
	ATF_TP_ADD_TC(tp, bgp_peer_linklocal);
	ATF_TP_ADD_TC(tp, bgp_send_hold_armed);
	return (atf_no_error());
}
