/*
 * What the bgp process tells of its neighbors, for ctl6.  Changes nothing.
 */
#include <sys/types.h>
#include <sys/queue.h>

#include <string.h>

#include "bgp_proc.h"

static void
fill_error(const struct bgp_peer_stats *s, char *buf, size_t len)
{
	if (s->error_in[0] != '\0')
		strlcpy(buf, "received ", len);
	else if (s->error_out[0] != '\0')
		strlcpy(buf, "sent ", len);
	else
		strlcpy(buf, s->failure, len);
	if (s->error_in[0] != '\0')
		strlcat(buf, s->error_in, len);
	else
		strlcat(buf, s->error_out, len);
}

static void
fill_row(struct neighbor *nb, struct ctl_peer *cp)
{
	const struct bgp_conf_peer	*conf = bgp_peer_conf(nb->peer);
	struct bgp_peer_stats		 s;
	struct ipaddr			 remote;
	int				 i;

	bgp_peer_stats(nb->peer, &s);
	cp->addr = conf->remote;
	for (i = 0; i < BGP_NSIDES && cp->local.af == 0; i++)
		if (nb->link[i].fd != -1 && !nb->link[i].connecting)
			(void)link_ends(nb->link[i].fd, &cp->local, &remote);
	cp->as = conf->remote_as;
	cp->hold_s = s.hold;
	strlcpy(cp->descr, conf->descr, sizeof(cp->descr));
	strlcpy(cp->state, bgp_state_name(s.state), sizeof(cp->state));
	cp->for_ms = mono_sub(mono_now(), s.since) / MONO_MS(1);
	cp->announced = s.announced;
	cp->received = s.reach;
	fill_error(&s, cp->error, sizeof(cp->error));
}

void
show_on_peers(void *ctx, int from, const void *data, int fd)
{
	const struct routed_ticket	*t = data;
	struct bgp			*bgp = ctx;
	struct routed_row		 row;
	struct neighbor			*nb;

	TAILQ_FOREACH(nb, &bgp->neighbors, entry) {
		memset(&row, 0, sizeof(row));
		row.client = t->client;
		fill_row(nb, &row.peer);
		proc_send(bgp->pr, ANNOUNCE, M_PEER, &row, -1);
	}
	proc_send(bgp->pr, ANNOUNCE, M_PEERS_END, t, -1);
}
