/*
 * Tests of ctl6/words.c: abbreviations as far as they stay clear, and what is
 * said when they do not.
 */
#include <atf-c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl6.h"
#include "ctlmsg.h"
#include "ctlospf.h"

#define MAX_WORDS	8

static const struct command *
find(const char *line)
{
	char	*argv[MAX_WORDS], *rest, *word;
	int	 argc = 0;

	rest = strdup(line);
	while ((word = strsep(&rest, " ")) != NULL)
		if (*word != '\0')
			argv[argc++] = word;
	return (words_find(argc, argv));
}

/* The line means a command that is asked so, of these daemons. */
static void
means(const char *line, uint32_t request, int to)
{
	const struct command	*c = find(line);

	ATF_REQUIRE_MSG(c != NULL, "%s: nothing", line);
	ATF_CHECK_EQ_MSG(c->request, request, "%s: %u", line, c->request);
	ATF_CHECK_EQ_MSG(c->to, to, "%s: to %d", line, c->to);
}

/* The line means nothing, and err is what is said about it. */
static void
refused(const char *line, const char *err)
{
	pid_t	 pid;

	if ((pid = atf_utils_fork()) == 0)
		exit(find(line) == NULL ? 0 : 1);
	atf_utils_wait(pid, 0, "", err);
}

ATF_TC_WITHOUT_HEAD(words_find);
ATF_TC_BODY(words_find, tc)
{
	means("show peers", CTL_SHOW_PEERS, TO_ROUTED6);
	means("show bfd", CTL_SHOW_BFD, TO_ROUTED6);
	means("sh b fe80::1%eth0", CTL_SHOW_BFD, TO_ROUTED6);
	means("show health", CTL_SHOW_HEALTH, TO_RELAYD6);
	means("show relays", CTL_SHOW_RELAYS, TO_RELAYD6);
	means("show announcements", CTL_SHOW_ANNOUNCEMENTS, TO_ROUTED6);
	means("show neighbors", CTL_SHOW_NEIGHBORS, TO_ROUTED6);
	means("sh ne fe80::1", CTL_SHOW_NEIGHBORS, TO_ROUTED6);
	means("show interfaces", CTL_SHOW_INTERFACES, TO_ROUTED6);
	means("show database", CTL_SHOW_DATABASE, TO_ROUTED6);
	ATF_CHECK_EQ(find("show database router")->value, 0);
	ATF_CHECK_EQ(find("show database detail")->value, 1);
	ATF_CHECK_EQ(find("show database router detail")->value, 1);
	means("reload relayd6", CTL_RELOAD, TO_RELAYD6);
	means("reload routed6", CTL_RELOAD, TO_ROUTED6);
	means("show clients", CTL_SHOW_CLIENTS, TO_RELAYD6);
	means("sh cl 2001::1", CTL_SHOW_CLIENTS, TO_RELAYD6);
	means("log verbose", CTL_LOG, TO_RELAYD6 | TO_ROUTED6);
	means("log brief", CTL_LOG, TO_RELAYD6 | TO_ROUTED6);
	means("drain", CTL_DRAIN, TO_RELAYD6);
	means("undrain", CTL_DRAIN, TO_RELAYD6);
	ATF_CHECK_EQ(find("drain 6to4")->value, 0);
	ATF_CHECK_EQ(find("undrain 6to4")->value, 1);
	means("monitor", CTL_MONITOR, TO_RELAYD6 | TO_ROUTED6);
	means("health dns up", CTL_REPORT, TO_RELAYD6);
	ATF_CHECK_EQ(find("log verbose")->value, 1);
	ATF_CHECK_EQ(find("log brief")->value, 0);
}

/* Arguments are not words, and are taken as they are. */
ATF_TC_WITHOUT_HEAD(words_arguments);
ATF_TC_BODY(words_arguments, tc)
{
	means("show peers 2001:db8::1", CTL_SHOW_PEER, TO_ROUTED6);
	means("s p 2001:db8::1", CTL_SHOW_PEER, TO_ROUTED6);
	means("peer ::1 up", CTL_PEER_DO, TO_ROUTED6);
	means("p ::1 d", CTL_PEER_DO, TO_ROUTED6);
	means("peer ::1 down why", CTL_PEER_DO, TO_ROUTED6);
	ATF_CHECK_EQ(find("p ::1 d")->value, CTL_PEER_DOWN);
	ATF_CHECK_EQ(find("p ::1 d r")->value, CTL_PEER_DOWN);
	ATF_CHECK_EQ(find("p ::1 c")->value, CTL_PEER_CLEAR);
	ATF_CHECK_EQ(find("p ::1 r")->value, CTL_PEER_REFRESH);
	refused("peer ::1", "incomplete command, expected one of:\n"
	    "\tpeer ADDRESS up               have a session with it again\n"
	    "\tpeer ADDRESS down             end the session, and have none\n"
	    "\tpeer ADDRESS down REASON      ... and tell it why\n"
	    "\tpeer ADDRESS clear            end the session, have another\n"
	    "\tpeer ADDRESS refresh          tell it everything again\n");
}

/* The payload of a line's request, if it is of that size; -1: refused. */
static int
fill_any(const char *line, void *payload, int size)
{
	const struct command	*c;
	char			*argv[MAX_WORDS], *rest, *word;
	uint8_t			 buf[CTL_MAX_REQUEST];
	int			 argc = 0, n;

	rest = strdup(line);
	while ((word = strsep(&rest, " ")) != NULL)
		argv[argc++] = word;
	ATF_REQUIRE((c = words_find(argc, argv)) != NULL);
	ATF_REQUIRE(c->fill != NULL);
	if ((n = c->fill(c, argc, argv, buf)) == size)
		memcpy(payload, buf, size);
	return (n);
}

static int
fill(const char *line, struct ctl_peer_ask *ask)
{
	return (fill_any(line, ask, sizeof(*ask)));
}

ATF_TC_WITHOUT_HEAD(args_peer);
ATF_TC_BODY(args_peer, tc)
{
	struct ctl_peer_ask	 ask;
	char			 line[400] = "peer ::1 down ";
	struct ipaddr		 a;

	ATF_CHECK(sizeof(ask) <= CTL_MAX_REQUEST);
	ATF_REQUIRE_EQ(ipaddr_parse(&a, "::1"), 0);
	ATF_CHECK_EQ(fill("peer ::1 down moving", &ask), sizeof(ask));
	ATF_CHECK(ipaddr_equal(&ask.addr, &a));
	ATF_CHECK_EQ(ask.what, CTL_PEER_DOWN);
	ATF_CHECK_STREQ(ask.text, "moving");
	ATF_CHECK_EQ(fill("peer ::1 up", &ask), sizeof(ask));
	ATF_CHECK_EQ(ask.what, CTL_PEER_UP);
	ATF_CHECK_STREQ(ask.text, "");
	ATF_CHECK_EQ(fill("show peers ::1", &ask), sizeof(ask));
	ATF_CHECK_EQ(ask.what, CTL_PEER_SHOW);
	ATF_CHECK(ipaddr_equal(&ask.addr, &a));
	ATF_CHECK_EQ(fill("show peers now", &ask), -1);
	ATF_CHECK_EQ(fill("peer ::1%nosuch up", &ask), -1);
	memset(line + 14, 'x', CTL_TEXT - 1);
	ATF_CHECK_EQ(fill(line, &ask), sizeof(ask));
	ATF_CHECK_EQ(strlen(ask.text), CTL_TEXT - 1);
	line[14 + CTL_TEXT - 1] = 'x';
	ATF_CHECK_EQ(fill(line, &ask), -1);
}

ATF_TC_WITHOUT_HEAD(args_drain);
ATF_TC_BODY(args_drain, tc)
{
	struct ctl_drain	 d;
	char			 line[200] = "drain all ";

	ATF_CHECK_EQ(fill_any("drain", &d, sizeof(d)), sizeof(d));
	ATF_CHECK_EQ(d.undrain, 0);
	ATF_CHECK_STREQ(d.name, "all");
	ATF_CHECK_STREQ(d.reason, "");
	ATF_CHECK_EQ(fill_any("drain 6to4 moving", &d, sizeof(d)), sizeof(d));
	ATF_CHECK_STREQ(d.name, "6to4");
	ATF_CHECK_STREQ(d.reason, "moving");
	ATF_CHECK_EQ(fill_any("undrain dns", &d, sizeof(d)), sizeof(d));
	ATF_CHECK_EQ(d.undrain, 1);
	ATF_CHECK_STREQ(d.name, "dns");
	memset(line + 10, 'x', LIMIT_REASON - 1);
	ATF_CHECK_EQ(fill_any(line, &d, sizeof(d)), sizeof(d));
	line[10 + LIMIT_REASON - 1] = 'x';
	ATF_CHECK_EQ(fill_any(line, &d, sizeof(d)), -1);
	memset(line + 6, 'n', LIMIT_NAME);
	line[6 + LIMIT_NAME] = '\0';
	ATF_CHECK_EQ(fill_any(line, &d, sizeof(d)), -1);
}

ATF_TC_WITHOUT_HEAD(args_report);
ATF_TC_BODY(args_report, tc)
{
	static const char *const	 bad[] = {
		"health dns maybe", "health dns up for 0",
		"health dns up for ever", "health dns up for -1",
		"health dns down why for 86401", "health dns up for 1s"
	};
	struct ctl_report		 r;
	size_t				 i;

	ATF_CHECK_EQ(fill_any("health dns up", &r, sizeof(r)), sizeof(r));
	ATF_CHECK_EQ(r.up, 1);
	ATF_CHECK_EQ(r.lease_s, 0);
	ATF_CHECK_STREQ(r.name, "dns");
	ATF_CHECK_STREQ(r.reason, "");
	ATF_CHECK_EQ(fill_any("health dns down SERVFAIL", &r, sizeof(r)),
	    sizeof(r));
	ATF_CHECK_EQ(r.up, 0);
	ATF_CHECK_STREQ(r.reason, "SERVFAIL");
	ATF_CHECK_EQ(fill_any("health dns up for 30", &r, sizeof(r)),
	    sizeof(r));
	ATF_CHECK_EQ(r.lease_s, 30);
	ATF_CHECK_STREQ(r.reason, "");
	ATF_CHECK_EQ(fill_any("health dns up fine for 30", &r, sizeof(r)),
	    sizeof(r));
	ATF_CHECK_EQ(r.lease_s, 30);
	ATF_CHECK_STREQ(r.reason, "fine");
	/* A reason may be called as the word is. */
	ATF_CHECK_EQ(fill_any("health dns down for", &r, sizeof(r)),
	    sizeof(r));
	ATF_CHECK_STREQ(r.reason, "for");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ATF_CHECK_EQ_MSG(fill_any(bad[i], &r, sizeof(r)), -1, "%s",
		    bad[i]);
}

ATF_TC_WITHOUT_HEAD(args_log);
ATF_TC_BODY(args_log, tc)
{
	struct ctl_peer_ask	 unused;

	ATF_CHECK_EQ(fill("log verbose", &unused), sizeof(struct ctl_log));
}

ATF_TC_WITHOUT_HEAD(words_abbreviated);
ATF_TC_BODY(words_abbreviated, tc)
{
	means("sh pe", CTL_SHOW_PEERS, TO_ROUTED6);
	means("s p", CTL_SHOW_PEERS, TO_ROUTED6);
	means("s h", CTL_SHOW_HEALTH, TO_RELAYD6);
	means("s r", CTL_SHOW_RELAYS, TO_RELAYD6);
	means("sho announcement", CTL_SHOW_ANNOUNCEMENTS, TO_ROUTED6);
	means("l v", CTL_LOG, TO_RELAYD6 | TO_ROUTED6);
	means("rel rou", CTL_RELOAD, TO_ROUTED6);
	means("r re", CTL_RELOAD, TO_RELAYD6);
}

/* "reload" is whole, although longer commands begin with it. */
ATF_TC_WITHOUT_HEAD(words_exact);
ATF_TC_BODY(words_exact, tc)
{
	means("reload", CTL_RELOAD, TO_RELAYD6 | TO_ROUTED6);
	means("rel", CTL_RELOAD, TO_RELAYD6 | TO_ROUTED6);
}

ATF_TC_WITHOUT_HEAD(words_ambiguous);
ATF_TC_BODY(words_ambiguous, tc)
{
	refused("reload r", "ambiguous command, which of these 2?\n"
	    "\treload relayd6                ... of relayd6 only\n"
	    "\treload routed6                ... of routed6 only\n");
}

ATF_TC_WITHOUT_HEAD(words_incomplete);
ATF_TC_BODY(words_incomplete, tc)
{
	refused("log", "incomplete command, expected one of:\n"
	    "\tlog verbose                   log details too\n"
	    "\tlog brief                     log as usual\n");
	refused("s", "incomplete command, expected one of:\n"
	    "\tshow peers                    BGP neighbors\n"
	    "\tshow peers ADDRESS            everything about one of them\n"
	    "\tshow bfd                      "
	    "BFD sessions, and what they discard\n"
	    "\tshow bfd ADDRESS              everything about one of them\n"
	    "\tshow health                   "
	    "verdicts, and the signs behind them\n"
	    "\tshow relays                   traffic and drops\n"
	    "\tshow clients                  Teredo clients\n"
	    "\tshow clients PREFIX           ... of an address or a prefix\n"
	    "\tshow announcements            "
	    "prefixes, and why they are announced\n"
	    "\tshow neighbors                OSPF neighbors\n"
	    "\tshow neighbors ADDRESS        "
	    "one of them, also by router id\n"
	    "\tshow interfaces               OSPF interfaces\n"
	    "\tshow database                 LSAs\n"
	    "\tshow database detail          ... and what is in them\n"
	    "\tshow database TYPE            LSAs of a type, such as router\n"
	    "\tshow database TYPE detail     "
	    "... and what is in them\n");
}

/* What could have followed the words that were understood. */
ATF_TC_WITHOUT_HEAD(words_unknown);
ATF_TC_BODY(words_unknown, tc)
{
	refused("log loud", "unknown word \"loud\", expected one of:\n"
	    "\tlog verbose                   log details too\n"
	    "\tlog brief                     log as usual\n");
	refused("sh peers ::1 now", "unknown word \"now\", expected one of:\n"
	    "\tshow peers ADDRESS            everything about one of them\n");
	refused("reload relayd6 routed6", "unknown word \"routed6\", "
	    "expected one of:\n"
	    "\treload relayd6                ... of relayd6 only\n");
}

/* When not even the first one was, all of them. */
ATF_TC_WITHOUT_HEAD(words_unknown_first);
ATF_TC_BODY(words_unknown_first, tc)
{
	static const char *const	 lines[] = {
		"halt", "SHOW peers", "showx peers", "peers"
	};
	pid_t				 pid;
	size_t				 i;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if ((pid = atf_utils_fork()) == 0)
			exit(find(lines[i]) == NULL ? 0 : 1);
		atf_utils_wait(pid, 0, "", "save:err");
		ATF_CHECK_MSG(atf_utils_grep_file("^unknown word .*, "
		    "expected one of:$", "err"), "%s", lines[i]);
		ATF_CHECK(atf_utils_grep_file("^	show peers  ", "err"));
		ATF_CHECK(atf_utils_grep_file("^	log brief  ", "err"));
	}
}

/* An empty word is the beginning of every word. */
ATF_TC_WITHOUT_HEAD(words_empty);
ATF_TC_BODY(words_empty, tc)
{
	char	 none[] = "", show[] = "show";
	char	*argv[] = { show, none };
	pid_t	 pid;

	if ((pid = atf_utils_fork()) == 0)
		exit(words_find(2, argv) == NULL ? 0 : 1);
	atf_utils_wait(pid, 0, "", "save:err");
	ATF_CHECK(atf_utils_grep_file("^ambiguous command, which of these "
	    "9\\?$", "err"));
}

/* Every command is found by the words under which it is listed. */
ATF_TC_WITHOUT_HEAD(words_list);
ATF_TC_BODY(words_list, tc)
{
	char	 line[128];
	pid_t	 pid;
	FILE	*f;
	int	 n = 0;

	if ((pid = atf_utils_fork()) == 0) {
		words_list();
		exit(0);
	}
	atf_utils_wait(pid, 0, "", "save:list");
	ATF_REQUIRE((f = fopen("list", "r")) != NULL);
	while (fgets(line, sizeof(line), f) != NULL) {
		ATF_CHECK_EQ(line[0], '\t');
		ATF_REQUIRE(strlen(line) > 25);
		line[23] = '\0';
		ATF_CHECK_MSG(find(line + 1) != NULL, "%s", line + 1);
		n++;
	}
	fclose(f);
	ATF_CHECK(n >= 9);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, words_find);
	ATF_TP_ADD_TC(tp, words_arguments);
	ATF_TP_ADD_TC(tp, args_peer);
	ATF_TP_ADD_TC(tp, args_drain);
	ATF_TP_ADD_TC(tp, args_report);
	ATF_TP_ADD_TC(tp, args_log);
	ATF_TP_ADD_TC(tp, words_abbreviated);
	ATF_TP_ADD_TC(tp, words_exact);
	ATF_TP_ADD_TC(tp, words_ambiguous);
	ATF_TP_ADD_TC(tp, words_incomplete);
	ATF_TP_ADD_TC(tp, words_unknown);
	ATF_TP_ADD_TC(tp, words_unknown_first);
	ATF_TP_ADD_TC(tp, words_empty);
	ATF_TP_ADD_TC(tp, words_list);
	return (atf_no_error());
}
