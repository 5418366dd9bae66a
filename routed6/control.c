/*
 * Answers for ctl6: one function a request.  Runs in the announce process;
 * what bgp and bfd know is asked of them and passed on.
 */
#include <stdio.h>
#include <string.h>

#include "announce.h"
#include "bgp_error.h"
#include "control_ospf.h"
#include "ctlmsg.h"

/* Ask for more rows; how many there were waits in the client's pocket. */
static void
next_peers(void *ctx, struct ctl_client *c)
{
	struct routed_ticket	 t;
	struct announce		*an = ctx;

	memcpy(&t, ctl_client_pocket(c), sizeof(t));
	t.client = ctl_client_id(c);
	if (!proc_alive(an->pr, BGP))
		ctl_end(c, 1, "the bgp process is gone");
	else
		proc_send(an->pr, BGP, M_ASK_PEERS, &t, -1);
}

static void
show_peers(void *ctx, struct ctl_client *c, const void *data)
{
	memset(ctl_client_pocket(c), 0, sizeof(struct routed_ticket));
	next_peers(ctx, c);
}

/* What is not announced to anybody; what else a neighbor has not says bgp. */
static void
fill_withheld(const struct announce *an, struct ctl_withheld *w)
{
	const struct decision	*d;
	uint32_t		 n = 0;
	int			 i;

	for (i = 0; i < an->n; i++) {
		d = &an->decisions[i];
		if (d->announced || n++ > 0)
			continue;
		w->first = d->conf.bgp.prefix;
		strlcpy(w->why, d->reason, sizeof(w->why));
	}
	w->n = n > 0 ? n : w->n;
}

void
control_peer(struct announce *an, const struct routed_row *r)
{
	struct ctl_peer	 p = r->peer;

	fill_withheld(an, &p.withheld);
	ctl_reply_to(an->server, r->client, CTL_PEER, &p, sizeof(p));
}

void
control_peers_end(struct announce *an, const struct routed_ticket *t)
{
	struct ctl_client	*c;

	if ((c = ctl_client_find(an->server, t->client)) == NULL)
		return;
	memcpy(ctl_client_pocket(c), t, sizeof(*t));
	if (t->rows == 0)
		ctl_end(c, 0, NULL);
	else
		ctl_when_read(c, next_peers);
}

/* Only root gets as far as this with anything but CTL_PEER_SHOW. */
static void
peer_ask(struct announce *an, struct ctl_client *c,
    const struct ctl_peer_ask *ask)
{
	struct routed_ask	 ra;

	memset(&ra, 0, sizeof(ra));
	ra.client = ctl_client_id(c);
	ra.ask = *ask;
	ra.ask.text[sizeof(ra.ask.text) - 1] = '\0';
	if (!proc_alive(an->pr, BGP))
		ctl_end(c, 1, "the bgp process is gone");
	else if (!bgp_text_valid(ra.ask.text))
		ctl_end(c, 1, "the reason is not UTF-8");
	else
		proc_send(an->pr, BGP, M_ASK_PEER, &ra, -1);
}

static void
show_peer(void *ctx, struct ctl_client *c, const void *data)
{
	struct ctl_peer_ask	 ask;

	memcpy(&ask, data, sizeof(ask));
	ask.what = CTL_PEER_SHOW;
	peer_ask(ctx, c, &ask);
}

static void
peer_do(void *ctx, struct ctl_client *c, const void *data)
{
	struct ctl_peer_ask	 ask;

	memcpy(&ask, data, sizeof(ask));
	peer_ask(ctx, c, &ask);
}

/* The prefixes that bgp has not been told of. */
static void
withdrawn_reply(const struct announce *an, struct ctl_client *c)
{
	const struct decision	*d;
	struct ctl_peer_route	 r;
	int			 i;

	for (i = 0; i < an->n; i++) {
		d = &an->decisions[i];
		if (d->announced)
			continue;
		memset(&r, 0, sizeof(r));
		r.prefix = d->conf.bgp.prefix;
		strlcpy(r.why, d->reason, sizeof(r.why));
		ctl_reply(c, CTL_PEER_ROUTE, &r, sizeof(r));
	}
}

void
control_peer_detail(struct announce *an, const struct routed_detail *r)
{
	struct ctl_client	*c;

	if ((c = ctl_client_find(an->server, r->client)) == NULL)
		return;
	ctl_reply(c, CTL_PEER_DETAIL, &r->detail, sizeof(r->detail));
	withdrawn_reply(an, c);
}

void
control_peer_route(struct announce *an, const struct routed_route *r)
{
	ctl_reply_to(an->server, r->client, CTL_PEER_ROUTE, &r->route,
	    sizeof(r->route));
}

void
control_peer_done(struct announce *an, const struct routed_done *r)
{
	struct ctl_client	*c;

	if ((c = ctl_client_find(an->server, r->client)) != NULL)
		ctl_end(c, r->end.status, r->end.text);
}

static void
show_bfd(void *ctx, struct ctl_client *c, const void *data)
{
	struct routed_bfd_ask	 ra;
	struct announce		*an = ctx;

	memset(&ra, 0, sizeof(ra));
	ra.client = ctl_client_id(c);
	memcpy(&ra.addr, data, sizeof(ra.addr));
	if (!proc_alive(an->pr, BFD))
		ctl_end(c, 1, "the bfd process is gone");
	else
		proc_send(an->pr, BFD, M_ASK_BFD, &ra, -1);
}

void
control_on_bfd_row(void *ctx, int from, const void *data, int fd)
{
	const struct routed_bfd_row	*r = data;
	struct announce			*an = ctx;

	ctl_reply_to(an->server, r->client, CTL_BFD, &r->row, sizeof(r->row));
}

void
control_on_bfd_detail(void *ctx, int from, const void *data, int fd)
{
	const struct routed_bfd_detail	*r = data;
	struct announce			*an = ctx;

	ctl_reply_to(an->server, r->client, CTL_BFD_DETAIL, &r->detail,
	    sizeof(r->detail));
}

void
control_on_bfd_drops(void *ctx, int from, const void *data, int fd)
{
	const struct routed_bfd_drops	*r = data;
	struct announce			*an = ctx;

	ctl_reply_to(an->server, r->client, CTL_BFD_DROPS, &r->drops,
	    sizeof(r->drops));
}

void
control_on_bfd_done(void *ctx, int from, const void *data, int fd)
{
	control_peer_done(ctx, data);
}

static void
fill_source(const struct announce *an, struct ctl_source *s, mono_t now)
{
	memset(s, 0, sizeof(*s));
	s->connected = an->watch.connected;
	s->stale = an->watch.stale || !an->watch.heard;
	s->for_ms = mono_sub(now, an->watch.since) / MONO_MS(1);
	strlcpy(s->path, an->conf.feed, sizeof(s->path));
}

static void
fill_announcement(const struct decision *d, struct ctl_announcement *a,
    mono_t now)
{
	static const char *const	 kinds[] = RELAY_KIND_NAMES;

	memset(a, 0, sizeof(*a));
	a->prefix = d->conf.bgp.prefix;
	a->announced = d->announced;
	a->leaving = d->announced && d->conf.bgp.leaving;
	if (d->conf.check[0] != '\0')
		snprintf(a->depends, sizeof(a->depends), "check %s",
		    d->conf.check);
	else
		strlcpy(a->depends, kinds[d->conf.kind], sizeof(a->depends));
	a->changes = d->changes;
	a->for_ms = mono_sub(now, d->since) / MONO_MS(1);
	strlcpy(a->reason, d->reason, sizeof(a->reason));
}

static void
show_announcements(void *ctx, struct ctl_client *c, const void *data)
{
	struct ctl_announcement	 ca;
	struct ctl_source	 s;
	struct announce		*an = ctx;
	mono_t			 now = mono_now();
	int			 i;

	fill_source(an, &s, now);
	ctl_reply(c, CTL_SOURCE, &s, sizeof(s));
	for (i = 0; i < an->n; i++) {
		fill_announcement(&an->decisions[i], &ca, now);
		ctl_reply(c, CTL_ANNOUNCEMENT, &ca, sizeof(ca));
	}
	ctl_end(c, 0, NULL);
}

static const struct ctl_request	requests[] = {
	{ CTL_SHOW_PEERS,		0, 0, show_peers },
	{ CTL_SHOW_PEER,	sizeof(struct ctl_peer_ask), 0, show_peer },
	{ CTL_PEER_DO,		sizeof(struct ctl_peer_ask), 1, peer_do },
	{ CTL_SHOW_ANNOUNCEMENTS,	0, 0, show_announcements },
	{ CTL_SHOW_NEIGHBORS,	CONTROL_OSPF_ASK, 0, control_neighbors },
	{ CTL_SHOW_INTERFACES,	CONTROL_OSPF_ASK, 0, control_interfaces },
	{ CTL_SHOW_DATABASE,	CONTROL_OSPF_ASK, 0, control_database },
	{ CTL_SHOW_BFD,		sizeof(struct ctl_bfd_ask), 0, show_bfd }
};

void
control_start(struct announce *an, int fd)
{
	an->server = ctl_server_new(fd, requests,
	    nitems(requests), an->pr, an);
}
