/*
 * Reads the routing netlink messages that a watcher gets: see watch.h.  Runs
 * in a confined process; the messages come from the kernel.  No I/O.
 *
 * What the kernel does not say, and what is done about it:
 *  - IPv4 routes vanish in silence when their interface goes down, when it
 *    loses its last address or when their preferred source is removed, and
 *    legs of multipath routes come back in silence with their interface: the
 *    IPv4 routes are counted again;
 *  - a route that replaces another comes as RTM_NEWROUTE with NLM_F_REPLACE
 *    and nothing says which one is gone: when more than one can be meant,
 *    they are counted again;
 *  - a nexthop object that changes or goes changes its routes: the same;
 *  - an IPv4 address can be on an interface twice, with different masks, and
 *    the removal of one looks like that of the other: addresses are asked
 *    for again.
 */
#include <sys/types.h>
#include <sys/socket.h>

#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/netconf.h>

#include <string.h>

#include "nl.h"
#include "watch.h"

typedef void	leg_fn(struct legs *, const struct leg *,
		    struct watch_sink *);

/* The family header, or NULL when the message is too short for it. */
static const void *
header(const struct nlmsghdr *h, size_t size)
{
	if (mnl_nlmsg_get_payload_len(h) < size)
		return (NULL);
	return (mnl_nlmsg_get_payload(h));
}

static unsigned int
link_message(struct legs *ls, const struct nlmsghdr *h, struct watch_sink *to,
    enum watch_dump *gone)
{
	const struct nlattr	*tb[IFLA_MTU + 1];
	const struct ifinfomsg	*ifi;
	struct os_change	 c;
	int			 enabled;

	/* A bridge says so in the same words when a port leaves it. */
	if ((ifi = header(h, sizeof(*ifi))) == NULL ||
	    ifi->ifi_family != AF_UNSPEC)
		return (0);
	nl_attrs(h, sizeof(*ifi), tb, IFLA_MTU);
	enabled = h->nlmsg_type == RTM_NEWLINK && (ifi->ifi_flags & IFF_UP);
	memset(&c, 0, sizeof(c));
	c.event = OS_EV_LINK;
	c.ifindex = ifi->ifi_index;
	nl_attr_bytes(tb[IFLA_IFNAME], c.name, sizeof(c.name) - 1);
	c.mtu = nl_attr_u32(tb[IFLA_MTU]);
	c.up = enabled && (ifi->ifi_flags & IFF_RUNNING);
	to->fn(to->arg, &c);
	if (!c.up)
		*gone = DUMP_LINK;
	if (!enabled)
		legs_remove_interface(ls, c.ifindex, to);
	return (enabled && (ifi->ifi_change & IFF_UP) ?
	    DUMP_BIT(DUMP_ROUTE4) : 0);
}

/* RFC 4862: an address must not be used before it is known to be unique. */
static int
addr_usable(uint32_t flags)
{
	if (flags & IFA_F_DADFAILED)
		return (0);
	return (!(flags & IFA_F_TENTATIVE) || (flags & IFA_F_OPTIMISTIC));
}

static unsigned int
addr_message(const struct nlmsghdr *h, struct watch_sink *to,
    enum watch_dump *gone)
{
	const struct nlattr	*tb[IFA_FLAGS + 1], *a;
	const struct ifaddrmsg	*ifa;
	struct os_change	 c;

	if ((ifa = header(h, sizeof(*ifa))) == NULL)
		return (0);
	nl_attrs(h, sizeof(*ifa), tb, IFA_FLAGS);
	memset(&c, 0, sizeof(c));
	c.event = OS_EV_ADDR;
	c.ifindex = ifa->ifa_index;
	c.af = c.addr.af = ifa->ifa_family == AF_INET ? 4 : 6;
	/* On point-to-point links IFA_ADDRESS is the other end. */
	a = tb[IFA_LOCAL] != NULL ? tb[IFA_LOCAL] : tb[IFA_ADDRESS];
	nl_attr_bytes(a, c.addr.b, ipaddr_size(c.af));
	c.len = ifa->ifa_prefixlen;
	if (c.af == 6 && ifa->ifa_scope == RT_SCOPE_LINK)
		c.addr.scope = c.ifindex;
	c.up = h->nlmsg_type == RTM_NEWADDR && addr_usable(
	    tb[IFA_FLAGS] ? nl_attr_u32(tb[IFA_FLAGS]) : ifa->ifa_flags);
	to->fn(to->arg, &c);
	if (!c.up)
		*gone = DUMP_ADDR;
	return (c.af == 4 && h->nlmsg_type == RTM_DELADDR ?
	    DUMP_BIT(DUMP_ADDR) | DUMP_BIT(DUMP_ROUTE4) : 0);
}

/* The gateway of a leg, whichever family it is of. */
static void
leg_gateway(struct leg *l, const struct nlattr **tb)
{
	nl_attr_bytes(tb[RTA_VIA] != NULL ? tb[RTA_VIA] : tb[RTA_GATEWAY],
	    l->gateway, sizeof(l->gateway));
}

/* Call fn for each leg of a multipath attribute. */
static void
legs_multipath(struct legs *ls, struct leg *l, const struct nlattr *multi,
    leg_fn *fn, struct watch_sink *to)
{
	const struct nlattr	*tb[RTA_VIA + 1];
	const uint8_t		*p = mnl_attr_get_payload(multi);
	const uint8_t		*end = p + mnl_attr_get_payload_len(multi);
	struct rtnexthop	 nh;

	while ((size_t)(end - p) >= sizeof(nh)) {
		memcpy(&nh, p, sizeof(nh));
		if (nh.rtnh_len < sizeof(nh) || nh.rtnh_len > end - p)
			return;
		nl_attrs_at(p + sizeof(nh), nh.rtnh_len - sizeof(nh), tb,
		    RTA_VIA);
		l->ifindex = nh.rtnh_ifindex;
		leg_gateway(l, tb);
		if (fn == legs_remove || !(nh.rtnh_flags & RTNH_F_DEAD))
			fn(ls, l, to);
		if (RTNH_ALIGN(nh.rtnh_len) >= end - p)
			return;
		p += RTNH_ALIGN(nh.rtnh_len);
	}
}

/* Call fn for each leg of a route. */
static void
legs_each(struct legs *ls, struct leg *l, const struct rtmsg *rtm,
    const struct nlattr **tb, leg_fn *fn, struct watch_sink *to)
{
	if (rtm->rtm_type != RTN_UNICAST)
		return;
	if (tb[RTA_MULTIPATH] != NULL) {
		legs_multipath(ls, l, tb[RTA_MULTIPATH], fn, to);
		return;
	}
	l->ifindex = nl_attr_u32(tb[RTA_OIF]);
	leg_gateway(l, tb);
	if (fn == legs_remove || !(rtm->rtm_flags & RTNH_F_DEAD))
		fn(ls, l, to);
}

/* True when the route serves all packets to its prefix; fills in l. */
static int
route_wanted(const struct legs *ls, const struct rtmsg *rtm,
    const struct nlattr **tb, struct leg *l)
{
	struct prefix	 p;
	uint32_t	 table = rtm->rtm_table;
	int		 i;

	if (tb[RTA_TABLE] != NULL)
		table = nl_attr_u32(tb[RTA_TABLE]);
	if (table != RT_TABLE_MAIN || rtm->rtm_tos != 0 ||
	    rtm->rtm_src_len != 0 || (rtm->rtm_flags & RTM_F_CLONED))
		return (0);
	memset(&p, 0, sizeof(p));
	p.af = rtm->rtm_family == AF_INET ? 4 : 6;
	p.len = rtm->rtm_dst_len;
	nl_attr_bytes(tb[RTA_DST], p.b, ipaddr_size(p.af));
	if ((i = legs_prefix(ls, &p)) == -1)
		return (0);
	memset(l, 0, sizeof(*l));
	l->prefix = i;
	l->metric = nl_attr_u32(tb[RTA_PRIORITY]);
	l->nhid = nl_attr_u32(tb[RTA_NH_ID]);
	return (1);
}

static unsigned int
route_message(struct legs *ls, const struct nlmsghdr *h, struct watch_sink *to,
    enum watch_dump *gone)
{
	const struct nlattr	*tb[RTA_MAX + 1];
	const struct rtmsg	*rtm;
	struct leg		 l;
	enum watch_dump		 dump;
	size_t			 old = 0;

	if ((rtm = header(h, sizeof(*rtm))) == NULL ||
	    (rtm->rtm_family != AF_INET && rtm->rtm_family != AF_INET6))
		return (0);
	nl_attrs(h, sizeof(*rtm), tb, RTA_MAX);
	if (!route_wanted(ls, rtm, tb, &l))
		return (0);
	dump = rtm->rtm_family == AF_INET ? DUMP_ROUTE4 : DUMP_ROUTE6;
	if (h->nlmsg_type == RTM_DELROUTE) {
		*gone = dump;
		legs_each(ls, &l, rtm, tb, legs_remove, to);
		return (0);
	}
	if (h->nlmsg_flags & NLM_F_REPLACE) {
		*gone = dump;
		old = legs_doubt_route(ls, l.prefix, l.metric);
	}
	legs_each(ls, &l, rtm, tb, legs_add, to);
	legs_sweep(ls, LEG_REPLACED, to);
	return (old > 1 ? DUMP_BIT(dump) : 0);
}

static void
netconf_message(const struct nlmsghdr *h, struct watch_sink *to)
{
	const struct nlattr	*tb[NETCONFA_FORWARDING + 1];
	const struct netconfmsg	*ncm;
	struct os_change	 c;
	int32_t			 ifindex;

	if ((ncm = header(h, sizeof(*ncm))) == NULL ||
	    (ncm->ncm_family != AF_INET && ncm->ncm_family != AF_INET6))
		return;
	nl_attrs(h, sizeof(*ncm), tb, NETCONFA_FORWARDING);
	ifindex = nl_attr_u32(tb[NETCONFA_IFINDEX]);
	if (tb[NETCONFA_FORWARDING] == NULL ||
	    ifindex == NETCONFA_IFINDEX_DEFAULT)
		return;
	memset(&c, 0, sizeof(c));
	c.event = OS_EV_FORWARD;
	c.af = ncm->ncm_family == AF_INET ? 4 : 6;
	c.ifindex = ifindex == NETCONFA_IFINDEX_ALL ? 0 : ifindex;
	c.up = nl_attr_u32(tb[NETCONFA_FORWARDING]) != 0;
	to->fn(to->arg, &c);
}

unsigned int
watch_message(struct legs *ls, const struct nlmsghdr *h, struct watch_sink *to,
    enum watch_dump *gone)
{
	*gone = DUMP_NONE;
	switch (h->nlmsg_type) {
	case RTM_NEWLINK:
	case RTM_DELLINK:
		return (link_message(ls, h, to, gone));
	case RTM_NEWADDR:
	case RTM_DELADDR:
		return (addr_message(h, to, gone));
	case RTM_NEWROUTE:
	case RTM_DELROUTE:
		return (route_message(ls, h, to, gone));
	case RTM_NEWNETCONF:
		netconf_message(h, to);
		return (0);
	case RTM_NEWNEXTHOP:
	case RTM_DELNEXTHOP:
		return (legs_nhid(ls) ?
		    DUMP_BIT(DUMP_ROUTE4) | DUMP_BIT(DUMP_ROUTE6) : 0);
	default:
		return (0);
	}
}
