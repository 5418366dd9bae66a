/*
 * Ports of the OSPFv3 process: see ospf_port.h.  Part of the ospf process;
 * knows nothing of the protocol.
 */
#include <netinet/in.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "ospf_port.h"

/* --- what the engine is told ------------------------------------------- */

static int
port_is_passive(const struct ospf_port *pt)
{
	return (ospf_if_conf(pt->ifp)->flags & OSPF_F_PASSIVE);
}

/* A link works when the kernel says so and we have a socket on it. */
static void
port_tell(struct ospf_port *pt)
{
	ospf_if_link(pt->ifp, pt->up && (pt->fd != -1 || port_is_passive(pt)),
	    pt->ifindex, pt->mtu, mono_now());
}

static void
port_close(struct ospf_port *pt)
{
	if (pt->fd == -1)
		return;
	event_del(&pt->readable);
	close(pt->fd);
	pt->fd = -1;
}

/* --- addresses --------------------------------------------------------- */

static void
addr_drop(struct ospf_port *pt, size_t i)
{
	struct ospf_port_addr	 a = pt->addrs[i];

	pt->addrs[i] = pt->addrs[--pt->naddrs];
	ospf_if_address(pt->ifp, &a.addr, a.len, 0, mono_now());
}

static void
port_address(struct ospf_port *pt, const struct os_change *c)
{
	struct in6_addr	 addr;
	size_t		 i;

	memcpy(&addr, c->addr.b, sizeof(addr));
	for (i = 0; i < pt->naddrs; i++)
		if (IN6_ARE_ADDR_EQUAL(&pt->addrs[i].addr, &addr))
			break;
	if (!c->up) {
		if (i < pt->naddrs)
			addr_drop(pt, i);
		return;
	}
	if (i == LIMIT_OSPF_ADDRS)
		return;
	pt->addrs[i].addr = addr;
	pt->addrs[i].len = c->len;
	pt->addrs[i].seen = 1;
	if (i == pt->naddrs)
		pt->naddrs++;
	ospf_if_address(pt->ifp, &addr, c->len, 1, mono_now());
}

static void
address_changed(struct ospf_ports *ps, const struct os_change *c)
{
	struct ospf_port	*pt;

	TAILQ_FOREACH(pt, &ps->list, entry)
		if (c->addr.af == 6 && pt->ifindex == c->ifindex)
			port_address(pt, c);
}

/* --- links ------------------------------------------------------------- */

/* It is called something else now, or is no more. */
static void
port_gone(struct ospf_port *pt)
{
	pt->up = 0;
	port_tell(pt);
	while (pt->naddrs > 0)
		addr_drop(pt, pt->naddrs - 1);
	pt->ifindex = 0;
}

static void
port_link(struct ospf_port *pt, const struct os_change *c)
{
	pt->seen = 1;
	if (pt->ifindex != 0 && pt->ifindex != c->ifindex)
		port_gone(pt);
	pt->ifindex = c->ifindex;
	pt->up = c->up;
	pt->mtu = c->mtu;
	if (pt->up && pt->fd_index != pt->ifindex && !pt->asked &&
	    !port_is_passive(pt)) {
		port_close(pt);
		pt->asked = 1;
		pt->ports->want(pt->ports->arg, pt);
	}
	port_tell(pt);
}

static void
link_changed(struct ospf_ports *ps, const struct os_change *c)
{
	struct ospf_port	*pt;

	TAILQ_FOREACH(pt, &ps->list, entry)
		if (strncmp(pt->name, c->name, sizeof(pt->name)) == 0)
			port_link(pt, c);
		else if (pt->ifindex == c->ifindex)
			port_gone(pt);
}

/* --- dumps ------------------------------------------------------------- */

static void
dump_begin(struct ospf_ports *ps)
{
	struct ospf_port	*pt;
	size_t			 i;

	TAILQ_FOREACH(pt, &ps->list, entry) {
		pt->seen = 0;
		for (i = 0; i < pt->naddrs; i++)
			pt->addrs[i].seen = 0;
	}
}

/* What the dump did not tell of is not there any more. */
static void
dump_end(struct ospf_ports *ps)
{
	struct ospf_port	*pt;
	size_t			 i;

	TAILQ_FOREACH(pt, &ps->list, entry) {
		if (!pt->seen && pt->ifindex != 0)
			port_gone(pt);
		for (i = pt->naddrs; i > 0; i--)
			if (!pt->addrs[i - 1].seen)
				addr_drop(pt, i - 1);
	}
}

static void
on_change(void *arg, const struct os_change *c)
{
	switch (c->event) {
	case OS_EV_LINK:
		link_changed(arg, c);
		break;
	case OS_EV_ADDR:
		address_changed(arg, c);
		break;
	case OS_EV_RESYNC:
		dump_begin(arg);
		break;
	case OS_EV_SYNCED:
		dump_end(arg);
		break;
	case OS_EV_ROUTE:
	case OS_EV_FORWARD:
		break;
	}
}

static void
on_watch_readable(int fd, short event, void *arg)
{
	struct ospf_ports	*ps = arg;

	if (os_watch_read(ps->watch, on_change, ps) == -1)
		fatal("watching interfaces");
	ps->changed(ps->arg);
}

/* --- the list ---------------------------------------------------------- */

void
ospf_ports_init(struct ospf_ports *ps, void (*readable)(int, short, void *),
    ospf_want_fn *want, void (*changed)(void *), void *arg)
{
	TAILQ_INIT(&ps->list);
	ps->readable = readable;
	ps->want = want;
	ps->changed = changed;
	ps->arg = arg;
	ps->watch = NULL;
}

void
ospf_ports_watch(struct ospf_ports *ps, int fd)
{
	if (ps->watch != NULL || (ps->watch = os_watch_new(fd)) == NULL)
		fatalx("watching interfaces");
	event_set(&ps->watch_readable, fd, EV_READ | EV_PERSIST,
	    on_watch_readable, ps);
	event_add(&ps->watch_readable, NULL);
	ospf_ports_look(ps);
}

void
ospf_ports_look(struct ospf_ports *ps)
{
	if (ps->watch != NULL && os_watch_start(ps->watch) == -1)
		fatal("watching interfaces");
}

static struct ospf_port *
port_waiting(struct ospf_ports *ps, const char *name)
{
	struct ospf_port	*pt;

	TAILQ_FOREACH(pt, &ps->list, entry)
		if (pt->asked && strncmp(pt->name, name,
		    sizeof(pt->name)) == 0)
			return (pt);
	return (NULL);
}

void
ospf_ports_socket(struct ospf_ports *ps, const struct ospf_socket *s, int fd)
{
	struct ospf_port	*pt;

	if ((pt = port_waiting(ps, s->name)) == NULL) {
		close(fd);
		return;
	}
	pt->asked = 0;
	port_close(pt);
	pt->fd = fd;
	pt->fd_index = s->ifindex;
	event_set(&pt->readable, fd, EV_READ | EV_PERSIST, ps->readable, pt);
	event_add(&pt->readable, NULL);
	port_tell(pt);
}

/* The next time that the link changes, it is tried again. */
void
ospf_ports_none(struct ospf_ports *ps, const struct ospf_socket *s)
{
	struct ospf_port	*pt;

	if ((pt = port_waiting(ps, s->name)) != NULL)
		pt->asked = 0;
}

struct ospf_port *
ospf_port_new(struct ospf_ports *ps, struct ospf_if *ifp, void *arg)
{
	struct ospf_port	*pt;

	if ((pt = calloc(1, sizeof(*pt))) == NULL)
		fatal("port");
	pt->ports = ps;
	pt->ifp = ifp;
	pt->arg = arg;
	pt->fd = -1;
	strlcpy(pt->name, ospf_if_conf(ifp)->name, sizeof(pt->name));
	TAILQ_INSERT_TAIL(&ps->list, pt, entry);
	return (pt);
}

void
ospf_port_free(struct ospf_port *pt)
{
	port_close(pt);
	TAILQ_REMOVE(&pt->ports->list, pt, entry);
	free(pt);
}
