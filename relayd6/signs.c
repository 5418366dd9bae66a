/*
 * The hard signs of health: see signs.h.  Runs in the health process.
 */
#include <stdio.h>
#include <string.h>

#include "signs.h"

static void
view_clear(struct sign_view *v, const struct sign_need *need)
{
	struct sign_need	 keep = *need;

	memset(v, 0, sizeof(*v));
	v->need = keep;
}

void
signs_need(struct signs *s, const struct sign_need *need)
{
	view_clear(&s->next, need);
}

/* --- what the kernel tells --------------------------------------------- */

static int
leg_find(const struct sign_legs *r, uint32_t ifindex)
{
	int	 i;

	for (i = 0; i < r->n; i++)
		if (r->ifindex[i] == ifindex)
			return (i);
	return (-1);
}

static void
leg_change(struct sign_legs *r, const struct os_change *c)
{
	int	 i = leg_find(r, c->ifindex);

	if (c->up && i == -1 && r->n < LIMIT_SIGN_LEGS)
		r->ifindex[r->n++] = c->ifindex;
	else if (!c->up && i != -1)
		r->ifindex[i] = r->ifindex[--r->n];
}

static void
addr_change(struct sign_view *v, const struct os_change *c)
{
	uint32_t	 i;

	for (i = 0; i < v->need.naddrs; i++)
		if (c->addr.af == 4 &&
		    memcmp(c->addr.b, &v->need.addrs[i], 4) == 0)
			leg_change(&v->present[i], c);
}

static void
route_change(struct sign_view *v, const struct os_change *c)
{
	uint32_t	 i;

	if (prefix_equal(&v->need.tunnel, &c->prefix))
		leg_change(&v->tunnel, c);
	for (i = 0; i < v->need.nroutes; i++)
		if (prefix_equal(&v->need.routes[i], &c->prefix))
			leg_change(&v->routes[i], c);
}

static void
view_change(struct sign_view *v, const struct os_change *c)
{
	switch (c->event) {
	case OS_EV_LINK:
		if (c->ifindex == v->need.ifindex)
			v->up = c->up;
		break;
	case OS_EV_ADDR:
		addr_change(v, c);
		break;
	case OS_EV_ROUTE:
		route_change(v, c);
		break;
	case OS_EV_FORWARD:
		if (c->af == 6 && c->ifindex == 0)
			v->forwarding = c->up;
		break;
	default:
		break;
	}
}

void
signs_change(struct signs *s, const struct os_change *c)
{
	if (c->event == OS_EV_RESYNC) {
		view_clear(&s->next, &s->next.need);
		s->syncing = 1;
	} else if (c->event == OS_EV_SYNCED) {
		s->next.known = 1;
		s->now = s->next;
		s->syncing = 0;
	} else {
		view_change(&s->now, c);
		if (s->syncing)
			view_change(&s->next, c);
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
sign_interface(const struct sign_view *v, struct ctl_sign *cs)
{
	say(cs, "interface", v->up, "", "");
	snprintf(cs->detail, sizeof(cs->detail), "%s is %s",
	    v->need.interface, v->up ? "up" : "down");
}

static void
sign_tunnel(const struct sign_view *v, struct ctl_sign *cs)
{
	int	 ok = leg_find(&v->tunnel, v->need.ifindex) != -1;
	char	 buf[PREFIX_STRLEN];

	say(cs, "tunnel route", ok, "", "");
	snprintf(cs->detail, sizeof(cs->detail), "%s %s %s",
	    prefix_print(&v->need.tunnel, buf, sizeof(buf)),
	    ok ? "goes into" : "does not go into", v->need.interface);
}

static void
sign_addr(const struct sign_view *v, int i, struct ctl_sign *cs)
{
	struct ipaddr	 a;
	char		 buf[IPADDR_STRLEN];
	int		 ok = v->present[i].n > 0;

	ipaddr_from_in(&a, &v->need.addrs[i]);
	say(cs, "address", ok, "", "");
	snprintf(cs->detail, sizeof(cs->detail), "%s is %s this host",
	    ipaddr_print(&a, buf, sizeof(buf)),
	    ok ? "on" : "not on");
}

static void
sign_route(const struct sign_view *v, int i, struct ctl_sign *cs)
{
	const struct prefix	*p = &v->need.routes[i];
	int			 ok = v->routes[i].n > 0;
	char			 buf[PREFIX_STRLEN];

	say(cs, p->af == 4 ? "IPv4 route" : "IPv6 route", ok, "", "");
	snprintf(cs->detail, sizeof(cs->detail), "%s route to %s",
	    ok ? "there is a" : "there is no",
	    prefix_print(p, buf, sizeof(buf)));
}

int
signs_get(const struct signs *s, int i, struct ctl_sign *cs)
{
	const struct sign_view	*v = &s->now;
	int			 naddrs = v->need.naddrs;
	int			 nroutes = v->need.nroutes;

	memset(cs, 0, sizeof(*cs));
	if (i == 0)
		sign_processes(s, cs);
	else if (i == 1)
		say(cs, "kernel", v->known, "its state is known",
		    "its state is not known yet");
	else if (i == 2)
		sign_interface(v, cs);
	else if (i == 3)
		sign_tunnel(v, cs);
	else if (i == 4)
		say(cs, "forwarding", v->forwarding, "IPv6 forwarding is on",
		    "IPv6 forwarding is off");
	else if (i - 5 < naddrs)
		sign_addr(v, i - 5, cs);
	else if (i - 5 - naddrs < nroutes)
		sign_route(v, i - 5 - naddrs, cs);
	else
		return (0);
	return (1);
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
