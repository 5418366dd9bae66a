/*
 * The commands of ctl6: a table of words, and how abbreviated words are
 * matched against it.
 */
#include <stdio.h>
#include <string.h>

#include "ctl6.h"
#include "ctlmsg.h"

#define BOTH	(TO_RELAYD6 | TO_ROUTED6)

static int
build_verbose(struct request *rq, int argc, char *argv[])
{
	struct ctl_log	 l = { 1 };

	rq->len = sizeof(l);
	memcpy(rq->data.b, &l, sizeof(l));
	return (0);
}

static int
build_brief(struct request *rq, int argc, char *argv[])
{
	struct ctl_log	 l = { 0 };

	rq->len = sizeof(l);
	memcpy(rq->data.b, &l, sizeof(l));
	return (0);
}

static const struct command	commands[] = {
	{ { "show", "peers" }, NULL, "BGP neighbors",
	    TO_ROUTED6, CTL_SHOW_PEERS, NULL, show_peers },
	{ { "show", "health" }, NULL, "verdicts, and the signs behind them",
	    TO_RELAYD6, CTL_SHOW_HEALTH, NULL, show_health },
	{ { "show", "relays" }, NULL, "traffic and drops",
	    TO_RELAYD6, CTL_SHOW_RELAYS, NULL, show_relays },
	{ { "show", "clients" }, "[address | prefix]",
	    "Teredo clients, all or those of an address",
	    TO_RELAYD6, CTL_SHOW_CLIENTS, build_clients, show_clients },
	{ { "show", "announcements" }, NULL,
	    "prefixes, and why they are announced",
	    TO_ROUTED6, CTL_SHOW_ANNOUNCEMENTS, NULL, show_announcements },
	{ { "reload" }, NULL, "read the configurations of both daemons again",
	    BOTH, CTL_RELOAD, NULL, NULL },
	{ { "reload", "relayd6" }, NULL, "... of relayd6 only",
	    TO_RELAYD6, CTL_RELOAD, NULL, NULL },
	{ { "reload", "routed6" }, NULL, "... of routed6 only",
	    TO_ROUTED6, CTL_RELOAD, NULL, NULL },
	{ { "log", "verbose" }, NULL, "log details too",
	    BOTH, CTL_LOG, build_verbose, NULL },
	{ { "log", "brief" }, NULL, "log as usual",
	    BOTH, CTL_LOG, build_brief, NULL }
};

static size_t
count(const struct command *c)
{
	size_t	 n = 0;

	while (c->words[n] != NULL)
		n++;
	return (n);
}

/*
 * How well argv means c: 0 not at all, 1 as the beginning of something longer,
 * 2 abbreviated, 3 word for word.
 */
static int
match(const struct command *c, int argc, char *argv[])
{
	int	 i, exact = 1, n = count(c);

	if (argc > n && c->args == NULL)
		return (0);
	for (i = 0; i < argc && i < n; i++) {
		if (strncmp(c->words[i], argv[i], strlen(argv[i])) != 0)
			return (0);
		if (strcmp(c->words[i], argv[i]) != 0)
			exact = 0;
	}
	if (argc < n)
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
	if (c->args != NULL) {
		strlcat(words, " ", sizeof(words));
		strlcat(words, c->args, sizeof(words));
	}
	fprintf(stderr, "\t%-33s %s\n", words, c->what);
}

void
words_list(void)
{
	size_t	 i;

	for (i = 0; i < nitems(commands); i++)
		list(&commands[i]);
}

/* Say which commands the words could have meant, or all. */
static void
explain(int argc, char *argv[], int best, int n)
{
	size_t	 i;

	if (best == 0)
		fprintf(stderr, "unknown command, expected one of:\n");
	else if (best == 1)
		fprintf(stderr, "incomplete command, expected one of:\n");
	else
		fprintf(stderr, "ambiguous command, which of these %d?\n", n);
	for (i = 0; i < nitems(commands); i++)
		if (match(&commands[i], argc, argv) == best)
			list(&commands[i]);
}

const struct command *
words_find(int argc, char *argv[], int *used)
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
	if (best >= 2 && n == 1) {
		*used = count(found);
		return (found);
	}
	explain(argc, argv, best, n);
	return (NULL);
}
