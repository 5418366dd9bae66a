/*
 * The commands of ctl6: a table of words, and how abbreviated words are
 * matched against it.
 */
#include <stdio.h>
#include <string.h>

#include "ctl6.h"
#include "ctlmsg.h"
#include "ctlospf.h"

#define BOTH	(TO_RELAYD6 | TO_ROUTED6)

static const struct command	commands[] = {
	{ { "show", "peers" }, "BGP neighbors",
	    TO_ROUTED6, CTL_SHOW_PEERS, 0, show_peers, NULL },
	{ { "show", "peers", "ADDRESS" }, "everything about one of them",
	    TO_ROUTED6, CTL_SHOW_PEER, CTL_PEER_SHOW, show_peer, args_peer },
	{ { "show", "bfd" }, "BFD sessions, and what they discard",
	    TO_ROUTED6, CTL_SHOW_BFD, 0, show_bfd, args_bfd },
	{ { "show", "bfd", "ADDRESS" }, "everything about one of them",
	    TO_ROUTED6, CTL_SHOW_BFD, 0, show_bfd, args_bfd },
	{ { "show", "health" }, "verdicts, and the signs behind them",
	    TO_RELAYD6, CTL_SHOW_HEALTH, 0, show_health, NULL },
	{ { "show", "relays" }, "traffic and drops",
	    TO_RELAYD6, CTL_SHOW_RELAYS, 0, show_relays, NULL },
	{ { "show", "clients" }, "Teredo clients",
	    TO_RELAYD6, CTL_SHOW_CLIENTS, 0, show_clients, args_clients },
	{ { "show", "clients", "PREFIX" }, "... of an address or a prefix",
	    TO_RELAYD6, CTL_SHOW_CLIENTS, 0, show_clients, args_clients },
	{ { "show", "announcements" }, "prefixes, and why they are announced",
	    TO_ROUTED6, CTL_SHOW_ANNOUNCEMENTS, 0, show_announcements, NULL },
	{ { "show", "neighbors" }, "OSPF neighbors",
	    TO_ROUTED6, CTL_SHOW_NEIGHBORS, 0, show_neighbors, args_ospf },
	{ { "show", "neighbors", "ADDRESS" }, "one of them, also by router id",
	    TO_ROUTED6, CTL_SHOW_NEIGHBORS, 0, show_neighbor, args_ospf },
	{ { "show", "interfaces" }, "OSPF interfaces",
	    TO_ROUTED6, CTL_SHOW_INTERFACES, 0, show_interfaces, args_ospf },
	{ { "show", "database" }, "LSAs",
	    TO_ROUTED6, CTL_SHOW_DATABASE, 0, show_database, args_ospf },
	{ { "show", "database", "detail" }, "... and what is in them",
	    TO_ROUTED6, CTL_SHOW_DATABASE, 1, show_database, args_ospf },
	{ { "show", "database", "TYPE" }, "LSAs of a type, such as router",
	    TO_ROUTED6, CTL_SHOW_DATABASE, 0, show_database, args_ospf },
	{ { "show", "database", "TYPE", "detail" }, "... and what is in them",
	    TO_ROUTED6, CTL_SHOW_DATABASE, 1, show_database, args_ospf },
	{ { "peer", "ADDRESS", "up" }, "have a session with it again",
	    TO_ROUTED6, CTL_PEER_DO, CTL_PEER_UP, NULL, args_peer },
	{ { "peer", "ADDRESS", "down" }, "end the session, and have none",
	    TO_ROUTED6, CTL_PEER_DO, CTL_PEER_DOWN, NULL, args_peer },
	{ { "peer", "ADDRESS", "down", "REASON" }, "... and tell it why",
	    TO_ROUTED6, CTL_PEER_DO, CTL_PEER_DOWN, NULL, args_peer },
	{ { "peer", "ADDRESS", "clear" }, "end the session, have another",
	    TO_ROUTED6, CTL_PEER_DO, CTL_PEER_CLEAR, NULL, args_peer },
	{ { "peer", "ADDRESS", "refresh" }, "tell it everything again",
	    TO_ROUTED6, CTL_PEER_DO, CTL_PEER_REFRESH, NULL, args_peer },
	{ { "drain" }, "take all away from the world in order",
	    TO_RELAYD6, CTL_DRAIN, 0, NULL, args_drain },
	{ { "drain", "NAME" }, "... a relay or check only, or all",
	    TO_RELAYD6, CTL_DRAIN, 0, NULL, args_drain },
	{ { "drain", "NAME", "REASON" }, "... and say why",
	    TO_RELAYD6, CTL_DRAIN, 0, NULL, args_drain },
	{ { "undrain" }, "give all back that was drained",
	    TO_RELAYD6, CTL_DRAIN, 1, NULL, args_drain },
	{ { "undrain", "NAME" }, "... a relay or check only, or all",
	    TO_RELAYD6, CTL_DRAIN, 1, NULL, args_drain },
	{ { "health", "NAME", "STATE" }, "a check is up, or down",
	    TO_RELAYD6, CTL_REPORT, 0, NULL, args_report },
	{ { "health", "NAME", "STATE", "REASON" }, "... and why",
	    TO_RELAYD6, CTL_REPORT, 0, NULL, args_report },
	{ { "health", "NAME", "STATE", "for", "SECONDS" }, "... for so long",
	    TO_RELAYD6, CTL_REPORT, 1, NULL, args_report },
	{ { "health", "NAME", "STATE", "REASON", "for", "SECONDS" }, "... both",
	    TO_RELAYD6, CTL_REPORT, 1, NULL, args_report },
	{ { "monitor" }, "what happens, as it happens",
	    BOTH, CTL_MONITOR, 0, NULL, NULL },
	{ { "reload" }, "read both configurations again",
	    BOTH, CTL_RELOAD, 0, NULL, NULL },
	{ { "reload", "relayd6" }, "... of relayd6 only",
	    TO_RELAYD6, CTL_RELOAD, 0, NULL, NULL },
	{ { "reload", "routed6" }, "... of routed6 only",
	    TO_ROUTED6, CTL_RELOAD, 0, NULL, NULL },
	{ { "log", "verbose" }, "log details too",
	    BOTH, CTL_LOG, 1, NULL, args_log },
	{ { "log", "brief" }, "log as usual",
	    BOTH, CTL_LOG, 0, NULL, args_log }
};

static size_t
count(const struct command *c)
{
	size_t	 n = 0;

	while (c->words[n] != NULL)
		n++;
	return (n);
}

/* True for a word of the table that stands for an argument. */
static int
is_argument(const char *word)
{
	return (*word >= 'A' && *word <= 'Z');
}

/*
 * How well argv means c: 0 not at all, 1 as the beginning of something longer,
 * 2 abbreviated, 3 word for word.
 */
static int
match(const struct command *c, int argc, char *argv[])
{
	int	 i, exact = 1;

	if ((size_t)argc > count(c))
		return (0);
	for (i = 0; i < argc; i++) {
		if (!is_argument(c->words[i]) && strncmp(c->words[i], argv[i],
		    strlen(argv[i])) != 0)
			return (0);
		if (strcmp(c->words[i], argv[i]) != 0)
			exact = 0;
	}
	if ((size_t)argc < count(c))
		return (1);
	return (exact ? 3 : 2);
}

static void
list(const struct command *c)
{
	char	 words[64] = "";
	size_t	 i;

	for (i = 0; i < count(c); i++) {
		if (i > 0)
			strlcat(words, " ", sizeof(words));
		strlcat(words, c->words[i], sizeof(words));
	}
	fprintf(stderr, "\t%-29s %s\n", words, c->what);
}

void
words_list(void)
{
	size_t	 i;

	for (i = 0; i < nitems(commands); i++)
		list(&commands[i]);
}

/* How many of the words are the beginning of some command. */
static int
understood(int argc, char *argv[])
{
	size_t	 i;
	int	 n;

	for (n = argc; n > 0; n--)
		for (i = 0; i < nitems(commands); i++)
			if (match(&commands[i], n, argv) != 0)
				return (n);
	return (0);
}

/* Say which commands the words could have meant, as far as they are clear. */
static void
explain(int argc, char *argv[], int best, int n)
{
	size_t	 i;
	int	 m;

	if (best == 0) {
		argc = understood(argc, argv);
		fprintf(stderr, "unknown word \"%s\", expected one of:\n",
		    argv[argc]);
	} else if (best == 1)
		fprintf(stderr, "incomplete command, expected one of:\n");
	else
		fprintf(stderr, "ambiguous command, which of these %d?\n", n);
	for (i = 0; i < nitems(commands); i++) {
		m = match(&commands[i], argc, argv);
		if (best == 0 ? m > 0 : m == best)
			list(&commands[i]);
	}
}

const struct command *
words_find(int argc, char *argv[])
{
	const struct command	*found = NULL;
	size_t			 i;
	int			 m, best = 0, n = 0;

	for (i = 0; i < nitems(commands); i++) {
		m = match(&commands[i], argc, argv);
		if (m > best) {
			best = m;
			found = &commands[i];
			n = 1;
		} else if (m == best && m > 0)
			n++;
	}
	if (best >= 2 && n == 1)
		return (found);
	explain(argc, argv, best, n);
	return (NULL);
}
