/*
 * What the bgp process tells of its neighbors, for ctl6.  Changes nothing.
 */
#include <sys/types.h>
#include <sys/queue.h>
#include <sys/socket.h>

#include <string.h>

#include "bgp_proc.h"
#include "os.h"

#define MS(ns)	((uint64_t)(ns) / MONO_MS(1))

/* --- one row a neighbor ------------------------------------------------ */

static const char *
route_words(const struct bgp_peer_route *r)
{
	if (r->told)
		return (r->leaving ? "announced, leaving" : "announced");
	return (r->why == BGP_WHY_OK ? "not announced yet" :
	    bgp_why_words(r->why));
}

/* What this session leaves out; announce knows what no session gets. */
static void
fill_withheld(struct neighbor *nb, struct ctl_withheld *w)
{
	struct bgp_peer_route	 r;
	size_t			 i;

	for (i = 0; bgp_peer_route(nb->peer, i, &r) == 0; i++) {
		if (r.told || r.why == BGP_WHY_SESSION || w->n++ > 0)
			continue;
		w->first = r.prefix;
		strlcpy(w->why, route_words(&r), sizeof(w->why));
	}
}

/* What a person wants to know of an attempt that takes so long. */
#define CONNECT_LONG	MONO_S(3)

static const char *
failure_words(const struct bgp_peer_stats *s)
{
	return (s->state == BGP_CONNECT && mono_sub(mono_now(), s->since) >=
	    CONNECT_LONG ? "no answer yet" : s->failure);
}

/*
 * What went wrong last.  That no connection could be made since then must not
 * hide what was said at the end of the last session, or instead of one.
 */
void
show_error(const struct bgp_peer_stats *s, char *buf, size_t len)
{
	const char	*failure = failure_words(s);
	const char	*who = "", *words = failure;
	mono_t		 at = s->failure_at;

	if (s->error_out[0] != '\0' && (mono_reached(s->error_out_at, at) ||
	    mono_reached(s->error_out_at, s->up_at))) {
		who = "sent ";
		words = s->error_out;
		at = s->error_out_at;
	}
	if (s->error_in[0] != '\0' && (mono_reached(s->error_in_at, at) ||
	    (words == failure &&
	    mono_reached(s->error_in_at, s->up_at)))) {
		who = "received ";
		words = s->error_in;
	}
	strlcpy(buf, who, len);
	strlcat(buf, words, len);
	bgp_text_trim(buf);
}

/* A stop is a state of its own to a person: nothing will happen. */
static const char *
state_words(const struct neighbor *nb, const struct bgp_peer_stats *s)
{
	if (s->state != BGP_IDLE || !s->stopped)
		return (bgp_state_name(s->state));
	return (nb->down ? "Down" : "Stopped");
}

/* How many it has that are about to go. */
static uint32_t
count_leaving(const struct bgp_peer *peer)
{
	struct bgp_peer_route	 r;
	uint32_t		 n = 0;
	size_t			 i;

	for (i = 0; bgp_peer_route(peer, i, &r) == 0; i++)
		n += r.told && r.leaving;
	return (n);
}

static void
fill_row(struct neighbor *nb, const struct bgp_peer_stats *s,
    struct ctl_peer *cp)
{
	const struct bgp_conf_peer	*conf = bgp_peer_conf(nb->peer);
	struct ipaddr			 remote;
	int				 i;

	memset(cp, 0, sizeof(*cp));
	cp->addr = conf->remote;
	for (i = 0; i < BGP_NSIDES && cp->local.af == 0; i++)
		if (nb->link[i].fd != -1 && !nb->link[i].connecting)
			(void)link_ends(nb->link[i].fd, &cp->local, &remote);
	cp->as = conf->remote_as;
	cp->hold_s = s->hold;
	strlcpy(cp->descr, conf->descr, sizeof(cp->descr));
	strlcpy(cp->state, state_words(nb, s), sizeof(cp->state));
	cp->for_ms = MS(mono_sub(mono_now(), s->since));
	cp->announced = s->announced;
	cp->leaving = count_leaving(nb->peer);
	fill_withheld(nb, &cp->withheld);
	cp->received = s->reach;
	show_error(s, cp->error, sizeof(cp->error));
}

static void
row_send(struct neighbor *nb, uint32_t client,
    const struct bgp_peer_stats *s)
{
	struct routed_row	 row;

	memset(&row, 0, sizeof(row));
	row.client = client;
	fill_row(nb, s, &row.peer);
	proc_send(nb->bgp->pr, ANNOUNCE, M_PEER, &row, -1);
}

void
show_on_peers(void *ctx, int from, const void *data, int fd)
{
	struct routed_ticket	 t;
	struct bgp_peer_stats	 s;
	struct bgp		*bgp = ctx;
	struct neighbor		*nb;
	uint32_t		 i = 0, end;

	memcpy(&t, data, sizeof(t));
	end = t.rows + LIMIT_CTL_PAGE;
	TAILQ_FOREACH(nb, &bgp->neighbors, entry) {
		if (i == end)
			break;
		if (i++ < t.rows)
			continue;
		bgp_peer_stats(nb->peer, &s);
		row_send(nb, t.client, &s);
	}
	t.rows = nb == NULL ? 0 : end;
	proc_send(bgp->pr, ANNOUNCE, M_PEERS_END, &t, -1);
}

/* --- everything about one ---------------------------------------------- */

static uint64_t
ago(const char *words, mono_t at)
{
	return (words[0] == '\0' ? CTL_NEVER :
	    MS(mono_sub(mono_now(), at)));
}

static void
fill_words(struct ctl_peer_detail *d, const struct bgp_peer_stats *s)
{
	strlcpy(d->sent, s->error_out, sizeof(d->sent));
	strlcpy(d->received, s->error_in, sizeof(d->received));
	strlcpy(d->failure, s->failure, sizeof(d->failure));
	d->sent_ms = ago(s->error_out, s->error_out_at);
	d->received_ms = ago(s->error_in, s->error_in_at);
	d->failure_ms = ago(s->failure, s->failure_at);
	strlcpy(d->name, s->name, sizeof(d->name));
}

static void
fill_timer(struct ctl_peer_timer *t, const char *name, mono_t when)
{
	int64_t	 left;

	strlcpy(t->name, name, sizeof(t->name));
	t->left_ms = CTL_NEVER;
	if (when.ns == MONO_NEVER)
		return;
	left = mono_sub(when, mono_now());
	t->left_ms = left > 0 ? MS(left) : 0;
}

static void
fill_timers(struct ctl_peer_detail *d, const struct bgp_peer_stats *s)
{
	static const char *const	 names[BGP_NTIMERS] = {
		[BGP_T_START] =		"idle hold",
		[BGP_T_RETRY] =		"connect retry",
		[BGP_T_DELAY] =		"delay open",
		[BGP_T_HOLD] =		"hold",
		[BGP_T_KEEPALIVE] =	"keepalive",
		[BGP_T_SEND_HOLD] =	"send hold",
		[BGP_T_LINGER] =	"linger"
	};
	int				 i;

	for (i = 0; i < BGP_NTIMERS; i++)
		fill_timer(&d->timer[i], names[i], s->timer[i]);
	fill_timer(&d->timer[i], "restart", s->restart);
}

static void
fill_caps(struct ctl_peer_detail *d, const struct bgp_peer_stats *s)
{
	struct ctl_peer_cap	*c = d->cap;
	uint32_t		 bit;

	/* The first bit only says that there was any of the next ones. */
	for (bit = BGP_CAP_MP << 1; bit < 1U << BGP_NCAPS; bit <<= 1, c++) {
		strlcpy(c->name, bgp_cap_name(bit), sizeof(c->name));
		c->ours = (s->caps_sent & bit) != 0;
		c->theirs = (s->caps & bit) != 0;
	}
}

static void
fill_counters(struct ctl_peer_detail *d, const struct bgp_peer_stats *s)
{
	int	 i;

	for (i = 0; i < CTL_PEER_TYPES; i++) {
		strlcpy(d->type[i].name, bgp_type_name(i + 1),
		    sizeof(d->type[i].name));
		d->type[i].in = s->msg_in[i + 1];
		d->type[i].out = s->msg_out[i + 1];
	}
	d->established = s->established;
	d->failures = s->failures;
	d->wanted = s->wanted;
	d->heard = s->heard;
	d->withdrawn = s->unreach;
	d->treated = s->treated;
	d->discarded = s->discarded;
}

static void
fill_conf(struct ctl_peer_detail *d, const struct bgp_conf_peer *c,
    const struct bgp_peer_stats *s)
{
	static const char *const	 roles[BGP_NROLES + 1] =
					    BGP_ROLE_NAMES;

	d->local_as = c->local_as;
	d->local_id = c->router_id;
	d->remote_id = s->remote_id;
	d->hold_s = c->hold_time;
	d->hold_agreed_s = s->hold;
	d->hops = c->hops;
	d->hops_min = c->hops_min;
	d->md5 = (c->flags & BGP_F_MD5) != 0;
	d->passive = (c->flags & BGP_F_PASSIVE) != 0;
	d->max_prefix = c->max_prefix;
	d->bfd_strict = (c->bfd.flags & BFD_F_STRICT) != 0;
	strlcpy(d->role, roles[c->role], sizeof(d->role));
	strlcpy(d->remote_role, s->role < BGP_NROLES ? roles[s->role] :
	    "unknown", sizeof(d->remote_role));
}

static uint16_t
port_of(int fd, int (*get)(int, struct sockaddr *, socklen_t *))
{
	struct sockaddr_storage	 ss;
	socklen_t		 len = sizeof(ss);
	struct ipaddr		 a;
	uint16_t		 port;

	if (get(fd, (struct sockaddr *)&ss, &len) == -1 ||
	    ipaddr_from_sa(&a, &port, (struct sockaddr *)&ss) == -1)
		return (0);
	return (port);
}

static void
fill_tcp(struct ctl_peer_detail *d, const struct link *l)
{
	struct os_tcp_info	 ti;

	if (l->fd == -1 || l->connecting || os_tcp_info(l->fd, &ti) == -1)
		return;
	d->has_tcp = 1;
	d->local_port = port_of(l->fd, getsockname);
	d->remote_port = port_of(l->fd, getpeername);
	d->rtt_us = ti.rtt_us;
	d->rttvar_us = ti.rttvar_us;
	d->mss = ti.mss;
	d->window = ti.window;
	d->unacked = ti.unacked;
	d->unsent = ti.unsent;
	d->retransmits = ti.retransmits;
}

static void
routes_send(struct neighbor *nb, uint32_t client)
{
	struct routed_route	 r;
	struct bgp_peer_route	 pr;
	size_t			 i;

	for (i = 0; bgp_peer_route(nb->peer, i, &pr) == 0; i++) {
		memset(&r, 0, sizeof(r));
		r.client = client;
		r.route.prefix = pr.prefix;
		r.route.told = pr.told;
		if (pr.why == BGP_WHY_OK)
			r.route.nexthop = pr.nexthop;
		strlcpy(r.route.why, route_words(&pr), sizeof(r.route.why));
		proc_send(nb->bgp->pr, ANNOUNCE, M_PEER_ROUTE, &r, -1);
	}
}

void
show_neighbor(struct neighbor *nb, uint32_t client)
{
	struct routed_detail	 rd;
	struct bgp_peer_stats	 s;

	bgp_peer_stats(nb->peer, &s);
	row_send(nb, client, &s);
	memset(&rd, 0, sizeof(rd));
	rd.client = client;
	fill_conf(&rd.detail, bgp_peer_conf(nb->peer), &s);
	strlcpy(rd.detail.bfd, nb->vigil.words, sizeof(rd.detail.bfd));
	fill_words(&rd.detail, &s);
	fill_timers(&rd.detail, &s);
	fill_caps(&rd.detail, &s);
	fill_counters(&rd.detail, &s);
	fill_tcp(&rd.detail, &nb->link[s.side]);
	proc_send(nb->bgp->pr, ANNOUNCE, M_PEER_DETAIL, &rd, -1);
	routes_send(nb, client);
}
