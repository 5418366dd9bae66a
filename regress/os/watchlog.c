/*
 * What the tests of the watcher share: see watchlog.h.
 */
#include <string.h>

#include "watchlog.h"

static void
change_note(void *arg, const struct os_change *c)
{
	struct log	*l = arg;

	if (l->n < NCHANGES)
		l->c[l->n++] = *c;
}

void
watch_clear(struct log *l)
{
	l->n = 0;
}

/* True when c says all that is set in want. */
static int
change_matches(const struct os_change *c, const struct os_change *want)
{
	if (c->event != want->event || c->up != want->up)
		return (0);
	if (want->ifindex != 0 && c->ifindex != want->ifindex)
		return (0);
	if (want->name[0] != '\0' && strcmp(c->name, want->name) != 0)
		return (0);
	if (want->addr.af != 0 && !ipaddr_equal(&c->addr, &want->addr))
		return (0);
	if (want->event == OS_EV_FORWARD && (c->af != want->af ||
	    c->ifindex != want->ifindex))
		return (0);
	return (want->prefix.af == 0 ||
	    prefix_equal(&c->prefix, &want->prefix));
}

int
watch_count(const struct log *l, const struct os_change *want)
{
	size_t	 i;
	int	 n = 0;

	for (i = 0; i < l->n; i++)
		n += change_matches(&l->c[i], want);
	return (n);
}

int
watch_wait(struct log *l, const struct os_change *want)
{
	int	 n;

	while ((n = watch_count(l, want)) == 0 && ns_readable(l->fd,
	    PATIENCE))
		ATF_REQUIRE_EQ(os_watch_read(l->w, change_note, l), 0);
	return (n);
}

void
watch_settle(struct log *l)
{
	while (ns_readable(l->fd, 300))
		ATF_REQUIRE_EQ(os_watch_read(l->w, change_note, l), 0);
}

struct os_change
mark(enum os_event event)
{
	struct os_change	 c;

	memset(&c, 0, sizeof(c));
	c.event = event;
	return (c);
}

struct os_change
link_is(const char *name, int up)
{
	struct os_change	 c;

	c = mark(OS_EV_LINK);
	strlcpy(c.name, name, sizeof(c.name));
	c.up = up;
	return (c);
}

struct os_change
addr_is(const char *addr, unsigned int ifindex, int up)
{
	struct os_change	 c;

	c = mark(OS_EV_ADDR);
	c.addr = ns_addr(addr);
	c.ifindex = ifindex;
	c.up = up;
	return (c);
}

struct os_change
route_is(const char *prefix, unsigned int ifindex, int up)
{
	struct os_change	 c;

	c = mark(OS_EV_ROUTE);
	c.prefix = ns_prefix(prefix);
	c.ifindex = ifindex;
	c.up = up;
	return (c);
}

struct os_change
forward_is(uint8_t af, unsigned int ifindex, int up)
{
	struct os_change	 c;

	c = mark(OS_EV_FORWARD);
	c.af = af;
	c.ifindex = ifindex;
	c.up = up;
	return (c);
}

struct log *
watch_make(void)
{
	static struct log	 l;
	struct prefix		 p[5];

	ns_enter();
	ns_run("sysctl -qw net.ipv6.conf.default.accept_dad=0");
	ns_run("ip link add eth0 type veth peer name peer0");
	ns_run("ip link add eth1 type veth peer name peer1");
	ns_run("for i in eth0 peer0 eth1 peer1; do ip link set $i up; done");
	ns_run("ip addr add 192.0.2.1/24 dev eth0");
	ns_run("ip addr add 198.51.100.1/24 dev eth1");
	ns_run("ip addr add 2001:db8:1::1/64 dev eth0 nodad");
	ns_run("ip addr add 2001:db8:2::1/64 dev eth1 nodad");
	p[0] = ns_prefix("0.0.0.0/0");
	p[1] = ns_prefix("::/0");
	p[2] = ns_prefix("2002::/16");
	p[3] = ns_prefix("192.88.99.0/24");
	p[4] = ns_prefix("2000::/3");
	ATF_REQUIRE((l.fd = os_watch_open()) != -1);
	ATF_REQUIRE((l.w = os_watch_new(l.fd)) != NULL);
	ATF_REQUIRE_EQ(os_watch_routes(l.w, p, 5), 0);
	return (&l);
}

void
watch_begin(struct log *l)
{
	ATF_REQUIRE_EQ(os_watch_start(l->w), 0);
	CHECK_TOLD(l, mark(OS_EV_SYNCED));
	watch_settle(l);
}
