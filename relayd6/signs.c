/*
 * The hard signs of health: see signs.h.  Runs in the health process.
 */
#include <stdio.h>
#include <string.h>

#include "signs.h"

/* 2002::/16, RFC 3056 2 */
static const struct prefix	tunnel_prefix = {
	6, 16, { 0 }, { 0x20, 0x02 }
};

static void
forget(struct signs *s)
{
	int	 i;

	s->synced = 0;
	s->tun_up = 0;
	s->forwarding = 0;
	memset(s->listening, 0, sizeof(s->listening));
	for (i = 0; i < s->nroutes; i++)
		s->routes[i].n = 0;
}

void
signs_conf(struct signs *s, const struct relayd6_conf *conf, uint32_t ifindex)
{
	uint32_t	 i;

	s->conf = conf->sixtofour;
	s->ifindex = ifindex;
	s->nroutes = 0;
	s->routes[s->nroutes++].prefix = tunnel_prefix;
	for (i = 0; i < conf->health.nroutes; i++)
		s->routes[s->nroutes++].prefix = conf->health.routes[i];
	forget(s);
}

size_t
signs_prefixes(const struct signs *s, struct prefix *p, size_t max)
{
	size_t	 i;

	for (i = 0; i < (size_t)s->nroutes && i < max; i++)
		p[i] = s->routes[i].prefix;
	return (i);
}

/* --- what the kernel tells --------------------------------------------- */

static void
addr_change(struct signs *s, const struct os_change *c)
{
	uint32_t	 i;

	for (i = 0; i < s->conf.nlisten; i++)
		if (c->addr.af == 4 &&
		    memcmp(c->addr.b, &s->conf.listen[i], 4) == 0)
			s->listening[i] = c->up;
}

static int
leg_find(const struct sign_route *r, uint32_t ifindex)
{
	int	 i;

	for (i = 0; i < r->n; i++)
		if (r->ifindex[i] == ifindex)
			return (i);
	return (-1);
}

static void
route_change(struct sign_route *r, const struct os_change *c)
{
	int	 i = leg_find(r, c->ifindex);

	if (c->up && i == -1 && r->n < LIMIT_SIGN_LEGS)
		r->ifindex[r->n++] = c->ifindex;
	else if (!c->up && i != -1)
		r->ifindex[i] = r->ifindex[--r->n];
}

void
signs_change(struct signs *s, const struct os_change *c)
{
	int	 i;

	switch (c->event) {
	case OS_EV_RESYNC:
		forget(s);
		break;
	case OS_EV_SYNCED:
		s->synced = 1;
		break;
	case OS_EV_LINK:
		if (c->ifindex == s->ifindex)
			s->tun_up = c->up;
		break;
	case OS_EV_ADDR:
		addr_change(s, c);
		break;
	case OS_EV_ROUTE:
		for (i = 0; i < s->nroutes; i++)
			if (prefix_equal(&s->routes[i].prefix, &c->prefix))
				route_change(&s->routes[i], c);
		break;
	case OS_EV_FORWARD:
		if (c->af == 6 && c->ifindex == 0)
			s->forwarding = c->up;
		break;
	}
}

/* --- what follows from it ---------------------------------------------- */

static void
say(struct ctl_sign *cs, const char *name, int ok, const char *good,
    const char *bad)
{
	strlcpy(cs->name, name, sizeof(cs->name));
	cs->ok = ok;
	cs->hard = 1;
	strlcpy(cs->detail, ok ? good : bad, sizeof(cs->detail));
}

static void
sign_processes(const struct signs *s, struct ctl_sign *cs)
{
	if (s->relay_gone)
		say(cs, "processes", 0, "", "the relay process died");
	else if (s->relay_silent)
		say(cs, "processes", 0, "", "the relay process does not "
		    "answer");
	else
		say(cs, "processes", !s->parent_silent, "all answer",
		    "the parent process does not answer");
}

static void
sign_tun(const struct signs *s, struct ctl_sign *cs)
{
	say(cs, "interface", s->tun_up, "up", "down");
	snprintf(cs->detail, sizeof(cs->detail), "%s is %s",
	    s->conf.interface, s->tun_up ? "up" : "down");
}

static void
sign_tunnel_route(const struct signs *s, struct ctl_sign *cs)
{
	int	 ok = leg_find(&s->routes[0], s->ifindex) != -1;

	say(cs, "tunnel route", ok, "", "");
	snprintf(cs->detail, sizeof(cs->detail), "2002::/16 %s %s",
	    ok ? "goes into" : "does not go into", s->conf.interface);
}

static void
sign_listen(const struct signs *s, int i, struct ctl_sign *cs)
{
	struct ipaddr	 a;
	char		 buf[IPADDR_STRLEN];

	ipaddr_from_in(&a, &s->conf.listen[i]);
	say(cs, "listen address", s->listening[i], "", "");
	snprintf(cs->detail, sizeof(cs->detail), "%s is %s this host",
	    ipaddr_print(&a, buf, sizeof(buf)),
	    s->listening[i] ? "on" : "not on");
}

static void
sign_route(const struct sign_route *r, struct ctl_sign *cs)
{
	char	 buf[PREFIX_STRLEN];

	say(cs, r->prefix.af == 4 ? "IPv4 route" : "IPv6 route", r->n > 0,
	    "", "");
	snprintf(cs->detail, sizeof(cs->detail), "%s route to %s",
	    r->n > 0 ? "there is a" : "there is no",
	    prefix_print(&r->prefix, buf, sizeof(buf)));
}

int
signs_get(const struct signs *s, int i, struct ctl_sign *cs)
{
	int	 nlisten = s->conf.nlisten;

	memset(cs, 0, sizeof(*cs));
	switch (i) {
	case 0:
		sign_processes(s, cs);
		return (1);
	case 1:
		say(cs, "kernel", s->synced, "its state is known",
		    "its state is not known yet");
		return (1);
	case 2:
		sign_tun(s, cs);
		return (1);
	case 3:
		sign_tunnel_route(s, cs);
		return (1);
	case 4:
		say(cs, "forwarding", s->forwarding, "IPv6 forwarding is on",
		    "IPv6 forwarding is off");
		return (1);
	}
	i -= 5;
	if (i < nlisten) {
		sign_listen(s, i, cs);
		return (1);
	}
	i -= nlisten;
	if (i + 1 < s->nroutes) {
		sign_route(&s->routes[i + 1], cs);
		return (1);
	}
	return (0);
}

int
signs_good(const struct signs *s, char *why, size_t len)
{
	struct ctl_sign	 cs;
	int		 i;

	for (i = 0; signs_get(s, i, &cs); i++)
		if (!cs.ok) {
			strlcpy(why, cs.detail, len);
			return (0);
		}
	return (1);
}
