/*
 * A network of OSPF routers in memory: see ospf_net.h.
 */
#include <atf-c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ospf_net.h"

/* --- what a router asks its process for -------------------------------- */

/* The port is the number of the link, behind the router's. */
static void *
op_attach(void *arg, struct ospf_if *ifp)
{
	struct net_router	*r = arg;
	int			 link;

	if (sscanf(ospf_if_conf(ifp)->name, "link%d", &link) != 1)
		abort();
	return (&r->net->cut[link]);
}

static void
op_detach(void *arg, void *port)
{
}

static void
op_send(void *arg, void *port, const struct in6_addr *src,
    const struct in6_addr *dst, const void *buf, size_t len)
{
	struct net_router	*r = arg;
	struct net		*net = r->net;
	struct net_packet	*p;

	ATF_REQUIRE((p = calloc(1, sizeof(*p) + len)) != NULL);
	p->from = r->n;
	p->link = (int *)port - net->cut;
	p->src = *src;
	p->dst = *dst;
	p->len = len;
	memcpy(p->data, buf, len);
	STAILQ_INSERT_TAIL(&net->queue, p, entry);
	net->count[p->data[1]]++;
	if (net->tap != NULL)
		net->tap(net, p);
}

static void
op_log(void *arg, int pri, const char *line)
{
	struct net_router	*r = arg;

	strlcpy(r->log[r->nlogs++ % NET_LOGS], line, sizeof(r->log[0]));
}

static void
op_bfd(void *arg, void *port, const struct in6_addr *src,
    const struct in6_addr *dst, int on)
{
	struct net_router	*r = arg;

	if (on)
		r->bfd_on++;
	else
		r->bfd_off++;
	r->bfd_src = *src;
	r->bfd_dst = *dst;
}

static void
op_tell(void *arg, const char *subject, const char *state, const char *why)
{
	struct net_router	*r = arg;

	snprintf(r->told[r->ntold++ % NET_LOGS], sizeof(r->told[0]),
	    "%s %s%s%s", subject, state, *why == '\0' ? "" : ": ", why);
}

static uint32_t
net_random(struct net *net)
{
	net->random = net->random * 1103515245 + 12345;
	return (net->random);
}

static uint32_t
op_random(void *arg)
{
	struct net_router	*r = arg;

	return (net_random(r->net));
}

static int64_t
op_wall(void *arg)
{
	struct net_router	*r = arg;

	return (r->net->wall + r->net->now.ns / MONO_S(1));
}

static uint64_t
op_sequence(void *arg, uint32_t n)
{
	struct net_router	*r = arg;
	uint64_t		 first = r->sequence;

	r->sequence += n;
	return (first);
}

static const struct ospf_ops	ops = {
	.attach = op_attach,
	.detach = op_detach,
	.send = op_send,
	.bfd = op_bfd,
	.tell = op_tell,
	.log = op_log,
	.random = op_random,
	.wall = op_wall,
	.sequence = op_sequence
};

/* --- the network ------------------------------------------------------- */

struct net *
net_new(void)
{
	struct net	*net;
	int		 i;

	ATF_REQUIRE((net = calloc(1, sizeof(*net))) != NULL);
	net->now.ns = MONO_S(1000);
	net->random = 1;
	STAILQ_INIT(&net->queue);
	for (i = 0; i < NET_ROUTERS; i++) {
		net->r[i].net = net;
		net->r[i].n = i;
		net->r[i].conf.global.router_id = net_id(i);
		net->r[i].conf.nareas = 1;
	}
	return (net);
}

void
net_free(struct net *net)
{
	struct net_packet	*p;
	int			 i;

	for (i = 0; i < NET_ROUTERS; i++)
		net_kill(net, i);
	while ((p = STAILQ_FIRST(&net->queue)) != NULL) {
		STAILQ_REMOVE_HEAD(&net->queue, entry);
		free(p);
	}
	free(net);
}

uint32_t
net_id(int i)
{
	return (0x0a000001 + i);
}

struct in6_addr
net_addr(int i)
{
	struct in6_addr	 a = { .s6_addr = { 0xfe, 0x80 } };

	a.s6_addr[15] = i + 1;
	return (a);
}

struct ospf_conf_if *
net_if(struct net *net, int i, int link, enum ospf_if_type type)
{
	struct ospf_conf	*conf = &net->r[i].conf;
	struct ospf_conf_if	*c = &conf->interface[conf->nifs++];

	snprintf(c->name, sizeof(c->name), "link%d", link);
	c->type = type;
	c->priority = 1;
	c->cost = 10;
	c->hello = 1;
	c->dead = 4;
	c->poll = 10;
	c->retransmit = 5;
	c->delay = 1;
	return (c);
}

/* Every interface works, with a link-local and a global address. */
static void
plug(struct net *net, int i)
{
	struct in6_addr	 a = net_addr(i), g;
	struct ospf_if	*ifp;
	int		 link;

	TAILQ_FOREACH(ifp, &net->r[i].o->ifs, entry) {
		link = (int *)ifp->port - net->cut;
		ospf_if_link(ifp, 1, 10 * (i + 1) + link, 1500, net->now);
		ospf_if_address(ifp, &a, 64, 1, net->now);
		memset(&g, 0, sizeof(g));
		g.s6_addr[0] = 0x20;
		g.s6_addr[1] = 0x01;
		g.s6_addr[7] = link;
		g.s6_addr[15] = i + 1;
		ospf_if_address(ifp, &g, 64, 1, net->now);
	}
}

void
net_start(struct net *net, int i)
{
	struct net_router	*r = &net->r[i];

	if (r->o == NULL)
		ATF_REQUIRE((r->o = ospf_new(&ops, r)) != NULL);
	ospf_configure(r->o, &r->conf, net->now);
	plug(net, i);
}

void
net_kill(struct net *net, int i)
{
	if (net->r[i].o != NULL)
		ospf_free(net->r[i].o);
	net->r[i].o = NULL;
}

struct ospf_if *
net_ifp(struct net *net, int i, int link)
{
	struct ospf_if	*ifp;

	TAILQ_FOREACH(ifp, &net->r[i].o->ifs, entry)
		if (ifp->port == &net->cut[link])
			return (ifp);
	return (NULL);
}

static void
packet_deliver(struct net *net, const struct net_packet *p)
{
	struct ospf_if	*ifp;
	int		 i;

	for (i = 0; i < NET_ROUTERS; i++) {
		if (net->r[i].o == NULL || i == p->from)
			continue;
		TAILQ_FOREACH(ifp, &net->r[i].o->ifs, entry)
			if (ifp->port == &net->cut[p->link])
				ospf_input(ifp, &p->src, &p->dst, p->data,
				    p->len, net->now);
	}
}

void
net_deliver(struct net *net)
{
	struct net_packet	*p;

	while ((p = STAILQ_FIRST(&net->queue)) != NULL) {
		STAILQ_REMOVE_HEAD(&net->queue, entry);
		if (!net->cut[p->link] && (net->lose == 0 ||
		    net_random(net) / 65536 % net->lose != 0))
			packet_deliver(net, p);
		free(p);
	}
}

void
net_run(struct net *net, int64_t ns)
{
	mono_t	 end = mono_add(net->now, ns), next;
	int	 i;

	for (;;) {
		net_deliver(net);
		next = end;
		for (i = 0; i < NET_ROUTERS; i++)
			if (net->r[i].o != NULL)
				next = ospf_earlier(next,
				    ospf_deadline(net->r[i].o));
		if (next.ns > net->now.ns)
			net->now = next;
		for (i = 0; i < NET_ROUTERS; i++)
			if (net->r[i].o != NULL && mono_reached(net->now,
			    ospf_deadline(net->r[i].o)))
				ospf_tick(net->r[i].o, net->now);
		net_deliver(net);
		if (mono_reached(net->now, end))
			return;
	}
}

void
net_inject(struct net *net, int i, int link, const struct in6_addr *src,
    const struct in6_addr *dst, const void *buf, size_t len)
{
	ospf_input(net_ifp(net, i, link), src, dst, buf, len, net->now);
}

void
net_announce(struct net *net, int i, const char *prefix)
{
	struct ospf_announce	 a;

	memset(&a, 0, sizeof(a));
	a.metric = 20;
	a.type = 2;
	if (prefix != NULL)
		ATF_REQUIRE(prefix_parse(&a.prefix, prefix) == 0);
	ospf_announce(net->r[i].o, &a, prefix != NULL, net->now);
}

/* --- looking ----------------------------------------------------------- */

struct ospf_nbr *
net_nbr(struct net *net, int i, int link, int other)
{
	return (ospf_nbr_find(net_ifp(net, i, link), net_id(other)));
}

int
net_full(struct net *net, int i, int link, int other)
{
	struct ospf_nbr	*nbr;

	return ((nbr = net_nbr(net, i, link, other)) != NULL &&
	    nbr->state == OSPF_NBR_FULL);
}

struct ospf_lsa *
net_lsa(struct net *net, int i, int link, uint16_t type, uint32_t id,
    uint32_t adv)
{
	struct ospf_key	 k = { type, id, adv };
	struct ospf_db	*db;
	struct ospf_lsa	*l;

	db = ospf_scope_db(net_ifp(net, i, link), type);
	ATF_REQUIRE(db != NULL);
	l = ospf_db_find(db, &k);
	return (l == NULL || l->old ? NULL : l);
}

size_t
net_logged(const struct net *net, int i, const char *words)
{
	const struct net_router	*r = &net->r[i];
	size_t			 l, n = 0;

	for (l = 0; l < r->nlogs && l < NET_LOGS; l++)
		n += strstr(r->log[l], words) != NULL;
	return (n);
}

static int
same_db(struct ospf_db *a, struct ospf_db *b, mono_t now)
{
	struct ospf_lsa_header	 h, g;
	struct ospf_lsa		*l, *m;

	if (a->count != b->count)
		return (0);
	for (l = ospf_db_after(a, NULL); l != NULL;
	    l = ospf_db_after(a, &l->h.key)) {
		if ((m = ospf_db_find(b, &l->h.key)) == NULL)
			return (0);
		ospf_lsa_now(l, now, &h);
		ospf_lsa_now(m, now, &g);
		if (ospf_lsa_compare(&h, &g) != 0 || h.len != g.len ||
		    memcmp(l->data + 2, m->data + 2, h.len - 2) != 0)
			return (0);
	}
	return (1);
}

int
net_same(struct net *net, int i, int j)
{
	struct ospf	*a = net->r[i].o, *b = net->r[j].o;

	return (same_db(&a->db, &b->db, net->now) &&
	    same_db(&TAILQ_FIRST(&a->areas)->db,
	    &TAILQ_FIRST(&b->areas)->db, net->now));
}
