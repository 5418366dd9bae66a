/*
 * Routes and loopback addresses, tagged as ours: see os.h.  Called by the
 * parent; changes nothing that does not carry our tag.
 */
#include <sys/types.h>
#include <sys/socket.h>

#include <linux/if_addr.h>
#include <net/if.h>

#include <errno.h>
#include <string.h>

#include "nl.h"
#include "os.h"

/* Our route among those that a dump tells, and whether it was there. */
struct route_find {
	const struct prefix	*prefix;
	unsigned int		 ifindex;
	int			 found;
};

/* Who has an address. */
struct addr_find {
	const struct ipaddr	*addr;
	unsigned int		 lo;
	int			 ours;
	int			 theirs;
};

static uint8_t
family_of(uint8_t af)
{
	return (af == 4 ? AF_INET : AF_INET6);
}

/* Begin a message about the route to p through ifindex. */
static void
route_request(struct nl_request *rq, uint16_t type, uint16_t flags,
    const struct prefix *p, unsigned int ifindex)
{
	struct rtmsg	*rtm;

	rtm = nl_request(rq, type, flags, sizeof(*rtm));
	rtm->rtm_family = family_of(p->af);
	rtm->rtm_dst_len = p->len;
	rtm->rtm_table = RT_TABLE_MAIN;
	rtm->rtm_protocol = NL_PROTO;
	rtm->rtm_scope = p->af == 4 ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
	rtm->rtm_type = RTN_UNICAST;
	mnl_attr_put(&rq->h, RTA_DST, ipaddr_size(p->af), p->b);
	mnl_attr_put_u32(&rq->h, RTA_OIF, ifindex);
}

/* Ask for the routes of a family that carry our tag. */
static int
route_dump(int family, mnl_cb_t fn, void *arg)
{
	struct nl_request	 rq;
	struct rtmsg		*rtm;

	rtm = nl_request(&rq, RTM_GETROUTE, 0, sizeof(*rtm));
	rtm->rtm_family = family;
	rtm->rtm_protocol = NL_PROTO;
	return (nl_dump(&rq, fn, arg));
}

/* The prefix and interface of a route of ours; 0 when it is not ours. */
static int
route_ours(const struct nlmsghdr *h, struct prefix *p, unsigned int *ifindex)
{
	const struct rtmsg	*rtm = mnl_nlmsg_get_payload(h);
	const struct nlattr	*tb[RTA_MAX + 1];

	if (rtm->rtm_protocol != NL_PROTO || rtm->rtm_table != RT_TABLE_MAIN ||
	    (rtm->rtm_flags & RTM_F_CLONED))
		return (0);
	nl_attrs(h, sizeof(*rtm), tb, RTA_MAX);
	memset(p, 0, sizeof(*p));
	p->af = rtm->rtm_family == AF_INET ? 4 : 6;
	p->len = rtm->rtm_dst_len;
	nl_attr_bytes(tb[RTA_DST], p->b, ipaddr_size(p->af));
	*ifindex = nl_attr_u32(tb[RTA_OIF]);
	return (1);
}

static int
route_compare(const struct nlmsghdr *h, void *arg)
{
	struct route_find	*f = arg;
	struct prefix		 p;
	unsigned int		 ifindex;

	if (route_ours(h, &p, &ifindex) && ifindex == f->ifindex &&
	    prefix_equal(&p, f->prefix))
		f->found = 1;
	return (MNL_CB_OK);
}

/* EEXIST also names routes of others: only our own one is a success. */
static int
route_add(const struct prefix *p, unsigned int ifindex)
{
	struct route_find	 f = { p, ifindex, 0 };
	struct nl_request	 rq;

	route_request(&rq, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, p,
	    ifindex);
	if (nl_ack(&rq) == 0)
		return (0);
	if (errno != EEXIST ||
	    route_dump(family_of(p->af), route_compare, &f) == -1)
		return (-1);
	errno = EEXIST;
	return (f.found ? 0 : -1);
}

/* 1 when it was deleted, 0 when it was gone. */
static int
route_delete(const struct prefix *p, unsigned int ifindex)
{
	struct nl_request	 rq;

	route_request(&rq, RTM_DELROUTE, 0, p, ifindex);
	if (nl_ack(&rq) == 0)
		return (1);
	return (errno == ESRCH ? 0 : -1);
}

int
os_route(enum os_op op, const struct prefix *p, unsigned int ifindex)
{
	if (op == OS_ADD)
		return (route_add(p, ifindex));
	return (route_delete(p, ifindex) == -1 ? -1 : 0);
}

static int
route_sweep(const struct nlmsghdr *h, void *arg)
{
	struct prefix	 p;
	unsigned int	 ifindex;
	int		*count = arg, gone;

	if (!route_ours(h, &p, &ifindex))
		return (MNL_CB_OK);
	if ((gone = route_delete(&p, ifindex)) == -1)
		return (MNL_CB_ERROR);
	*count += gone;
	return (MNL_CB_OK);
}

int
os_route_sweep(void)
{
	int	 count = 0;

	if (route_dump(AF_INET, route_sweep, &count) == -1 ||
	    route_dump(AF_INET6, route_sweep, &count) == -1)
		return (-1);
	return (count);
}

/* Begin a message about the host address a on lo. */
static void
addr_request(struct nl_request *rq, uint16_t type, uint16_t flags,
    const struct ipaddr *a, unsigned int lo)
{
	struct ifaddrmsg	*ifa;
	size_t			 size = ipaddr_size(a->af);

	ifa = nl_request(rq, type, flags, sizeof(*ifa));
	ifa->ifa_family = family_of(a->af);
	ifa->ifa_prefixlen = 8 * size;
	ifa->ifa_flags = a->af == 6 ? IFA_F_NODAD : 0;
	ifa->ifa_index = lo;
	mnl_attr_put(&rq->h, IFA_LOCAL, size, a->b);
	mnl_attr_put(&rq->h, IFA_ADDRESS, size, a->b);
	mnl_attr_put_u8(&rq->h, IFA_PROTO, NL_PROTO);
}

static int
addr_compare(const struct nlmsghdr *h, void *arg)
{
	const struct ifaddrmsg	*ifa = mnl_nlmsg_get_payload(h);
	const struct nlattr	*tb[IFA_MAX + 1];
	struct addr_find	*f = arg;
	uint8_t			 b[16];

	nl_attrs(h, sizeof(*ifa), tb, IFA_MAX);
	nl_attr_bytes(tb[IFA_LOCAL] != NULL ? tb[IFA_LOCAL] : tb[IFA_ADDRESS],
	    b, sizeof(b));
	if (ifa->ifa_family != family_of(f->addr->af) ||
	    memcmp(b, f->addr->b, ipaddr_size(f->addr->af)) != 0)
		return (MNL_CB_OK);
	if (ifa->ifa_index == f->lo &&
	    nl_attr_u8(tb[IFA_PROTO]) == NL_PROTO)
		f->ours = 1;
	else
		f->theirs = 1;
	return (MNL_CB_OK);
}

/* The kernel allows the same address on two interfaces: look at all. */
static int
addr_add(const struct ipaddr *a, unsigned int lo)
{
	struct addr_find	 f = { a, lo, 0, 0 };
	struct nl_request	 rq;
	struct ifaddrmsg	*ifa;

	ifa = nl_request(&rq, RTM_GETADDR, 0, sizeof(*ifa));
	ifa->ifa_family = family_of(a->af);
	if (nl_dump(&rq, addr_compare, &f) == -1)
		return (-1);
	if (f.ours)
		return (0);
	if (f.theirs)
		return (1);
	addr_request(&rq, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, a, lo);
	if (nl_ack(&rq) == 0)
		return (0);
	return (errno == EEXIST ? 1 : -1);
}

int
os_loaddr(enum os_op op, const struct ipaddr *a)
{
	struct nl_request	 rq;
	unsigned int		 lo;

	if ((lo = if_nametoindex("lo")) == 0)
		return (-1);
	if (op == OS_ADD)
		return (addr_add(a, lo));
	addr_request(&rq, RTM_DELADDR, 0, a, lo);
	if (nl_ack(&rq) == 0 || errno == EADDRNOTAVAIL)
		return (0);
	return (-1);
}
