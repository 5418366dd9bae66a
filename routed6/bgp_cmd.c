/*
 * What an operator tells the bgp process to do with one neighbor, by way of
 * ctl6 and the announce process, which has asked who it is.
 */
#include <sys/types.h>
#include <sys/queue.h>

#include <stdio.h>
#include <string.h>

#include "bgp_proc.h"
#include "log.h"

/* Each returns NULL, or why it cannot be. */

static const char *
cmd_up(struct neighbor *nb, const char *text)
{
	nb->down = 0;
	nb->started = 0;
	neighbor_start(nb);
	return (NULL);
}

static const char *
cmd_down(struct neighbor *nb, const char *text)
{
	nb->down = 1;
	nb->started = 0;
	vigil_update(nb);
	bgp_peer_stop(nb->peer, BGP_CEASE_SHUTDOWN, text, mono_now());
	return (NULL);
}

/* Also ends the time after too many prefixes. */
static const char *
cmd_clear(struct neighbor *nb, const char *text)
{
	if (nb->down)
		return ("the neighbor is down by command");
	bgp_peer_start(nb->peer, mono_now());
	bgp_peer_reset(nb->peer, BGP_CEASE_RESET, text, mono_now());
	return (NULL);
}

static const char *
cmd_refresh(struct neighbor *nb, const char *text)
{
	if (bgp_peer_state(nb->peer) != BGP_ESTABLISHED)
		return ("there is no session");
	bgp_peer_refresh(nb->peer, mono_now());
	return (NULL);
}

static const struct {
	const char	*name;
	const char	*(*fn)(struct neighbor *, const char *);
} cmds[] = {
	[CTL_PEER_UP] =		{ "up", cmd_up },
	[CTL_PEER_DOWN] =	{ "down", cmd_down },
	[CTL_PEER_CLEAR] =	{ "clear", cmd_clear },
	[CTL_PEER_REFRESH] =	{ "refresh", cmd_refresh }
};

/* Do it and say so; the answer as above. */
static const char *
cmd_run(struct neighbor *nb, const struct ctl_peer_ask *ask)
{
	const struct bgp_conf_peer	*c = bgp_peer_conf(nb->peer);
	const char			*why;

	if (ask->what >= nitems(cmds) || cmds[ask->what].fn == NULL)
		return ("no such command");
	if ((why = cmds[ask->what].fn(nb, ask->text)) == NULL)
		log_info("neighbor %s: %s by command", c->name,
		    cmds[ask->what].name);
	neighbor_run(nb);
	return (why);
}

void
cmd_on_ask(void *ctx, int from, const void *data, int fd)
{
	struct routed_ask	 ra;
	struct routed_done	 done;
	struct bgp		*bgp = ctx;
	struct neighbor		*nb;
	const char		*why = NULL;

	memcpy(&ra, data, sizeof(ra));
	ra.ask.text[sizeof(ra.ask.text) - 1] = '\0';
	if ((nb = neighbor_find(bgp, &ra.ask.addr)) == NULL)
		why = "no such neighbor";
	else if (ra.ask.what == CTL_PEER_SHOW)
		show_neighbor(nb, ra.client);
	else
		why = cmd_run(nb, &ra.ask);
	memset(&done, 0, sizeof(done));
	done.client = ra.client;
	if (why != NULL) {
		done.end.status = 1;
		strlcpy(done.end.text, why, sizeof(done.end.text));
	}
	proc_send(bgp->pr, ANNOUNCE, M_PEER_DONE, &done, -1);
}
