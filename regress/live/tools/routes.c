/*
 * The main routing table over rtnetlink, for the test tools: see routes.h.
 * Only listens and asks; never changes a route.
 */
#include <sys/types.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "routes.h"

#define ROUTES_RCVBUF	(4 << 20)
#define ROUTES_MSG	32768

struct routes_sink {
	route_fn	*fn;
	void		*arg;
	unsigned int	 ifindex;	/* 0: any */
};

/* What is of interest in a route. */
struct routes_attrs {
	const struct nlattr	*dst;
	const struct nlattr	*oif;
	const struct nlattr	*paths;		/* instead of oif */
};

static int
attr_take(const struct nlattr *a, void *data)
{
	struct routes_attrs	*attrs = data;

	switch (mnl_attr_get_type(a)) {
	case RTA_DST:
		attrs->dst = a;
		break;
	case RTA_OIF:
		attrs->oif = a;
		break;
	case RTA_MULTIPATH:
		attrs->paths = a;
		break;
	}
	return (MNL_CB_OK);
}

/* True when a route leads out by an interface, alone or among others. */
static int
leads_by(const struct routes_attrs *attrs, unsigned int ifindex)
{
	struct rtnexthop	*nh;
	int			 left;

	if (ifindex == 0)
		return (1);
	if (attrs->oif != NULL)
		return (mnl_attr_get_u32(attrs->oif) == ifindex);
	if (attrs->paths == NULL)
		return (0);
	nh = mnl_attr_get_payload(attrs->paths);
	left = mnl_attr_get_payload_len(attrs->paths);
	while (RTNH_OK(nh, left)) {
		if ((unsigned int)nh->rtnh_ifindex == ifindex)
			return (1);
		left -= NLMSG_ALIGN(nh->rtnh_len);
		nh = RTNH_NEXT(nh);
	}
	return (0);
}

/* One RTM_NEWROUTE or RTM_DELROUTE; other tables are none of our business. */
static int
route_seen(const struct nlmsghdr *nlh, void *data)
{
	struct routes_sink	*sink = data;
	const struct rtmsg	*rt = mnl_nlmsg_get_payload(nlh);
	struct routes_attrs	 attrs = { NULL, NULL, NULL };
	struct prefix		 p;

	if (nlh->nlmsg_type != RTM_NEWROUTE && nlh->nlmsg_type != RTM_DELROUTE)
		return (MNL_CB_OK);
	if (rt->rtm_table != RT_TABLE_MAIN || rt->rtm_flags & RTM_F_CLONED ||
	    (rt->rtm_family != AF_INET && rt->rtm_family != AF_INET6))
		return (MNL_CB_OK);
	memset(&p, 0, sizeof(p));
	p.af = rt->rtm_family == AF_INET ? 4 : 6;
	p.len = rt->rtm_dst_len;
	if (mnl_attr_parse(nlh, sizeof(*rt), attr_take, &attrs) == -1)
		return (MNL_CB_ERROR);
	if (!leads_by(&attrs, sink->ifindex))
		return (MNL_CB_OK);
	if (attrs.dst != NULL &&
	    mnl_attr_get_payload_len(attrs.dst) <= sizeof(p.b))
		memcpy(p.b, mnl_attr_get_payload(attrs.dst),
		    mnl_attr_get_payload_len(attrs.dst));
	sink->fn(sink->arg, &p, nlh->nlmsg_type == RTM_NEWROUTE);
	return (MNL_CB_OK);
}

struct mnl_socket *
routes_open(void)
{
	struct mnl_socket	*nl;
	int			 size = ROUTES_RCVBUF;

	if ((nl = mnl_socket_open(NETLINK_ROUTE)) == NULL)
		return (NULL);
	if (mnl_socket_bind(nl, RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE,
	    MNL_SOCKET_AUTOPID) == -1 ||
	    setsockopt(mnl_socket_get_fd(nl), SOL_SOCKET, SO_RCVBUFFORCE,
	    &size, sizeof(size)) == -1) {
		mnl_socket_close(nl);
		return (NULL);
	}
	return (nl);
}

void
routes_close(struct mnl_socket *nl)
{
	mnl_socket_close(nl);
}

int
routes_fd(const struct mnl_socket *nl)
{
	return (mnl_socket_get_fd(nl));
}

int
routes_read(struct mnl_socket *nl, route_fn *fn, void *arg)
{
	struct routes_sink	 sink;
	uint8_t			 buf[ROUTES_MSG];
	ssize_t			 n;

	sink.fn = fn;
	sink.arg = arg;
	sink.ifindex = 0;
	if ((n = mnl_socket_recvfrom(nl, buf, sizeof(buf))) == -1)
		return (-1);
	return (mnl_cb_run(buf, n, 0, 0, route_seen, &sink));
}

/* Ask for all routes and read answers until the kernel says done. */
static int
dump_run(struct mnl_socket *nl, struct routes_sink *sink)
{
	struct nlmsghdr	*nlh;
	struct rtmsg	*rt;
	uint8_t		 buf[ROUTES_MSG];
	ssize_t		 n;
	int		 more = MNL_CB_OK;

	nlh = mnl_nlmsg_put_header(buf);
	nlh->nlmsg_type = RTM_GETROUTE;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	nlh->nlmsg_seq = 1;
	rt = mnl_nlmsg_put_extra_header(nlh, sizeof(*rt));
	rt->rtm_family = AF_UNSPEC;
	if (mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) == -1)
		return (-1);
	while (more > MNL_CB_STOP) {
		if ((n = mnl_socket_recvfrom(nl, buf, sizeof(buf))) == -1)
			return (-1);
		more = mnl_cb_run(buf, n, 1, mnl_socket_get_portid(nl),
		    route_seen, sink);
	}
	return (more);
}

int
routes_dump(route_fn *fn, void *arg, unsigned int ifindex)
{
	struct routes_sink	 sink;
	struct mnl_socket	*nl;
	int			 rc = -1;

	sink.fn = fn;
	sink.arg = arg;
	sink.ifindex = ifindex;
	if ((nl = mnl_socket_open(NETLINK_ROUTE)) == NULL)
		return (-1);
	if (mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) == 0)
		rc = dump_run(nl, &sink);
	mnl_socket_close(nl);
	return (rc);
}
