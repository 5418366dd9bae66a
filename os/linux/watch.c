/*
 * Watches links, addresses, routes and forwarding: see os.h.  The descriptor
 * is opened by a root parent and read by a confined process, which may ask
 * for dumps without any privilege.  Allocates once, in os_watch_new().
 *
 * One socket carries the kernel's announcements and the answers to dump
 * requests, so that both are read in the order in which they were made.  One
 * dump at a time is asked for.  A dump in whose time something of its kind
 * went away may tell of what is no more (the kernel does not lock both
 * against each other), and one that the kernel calls inconsistent may lack
 * something: after either everything is forgotten and asked for again.
 */
#include <sys/types.h>
#include <sys/socket.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nl.h"
#include "sock.h"
#include "watch.h"

#define WATCH_READS	16	/* datagrams in one os_watch_read() */
#define WATCH_BUFFER	32768	/* the largest piece of a dump */
#define GROUP_BIT(g)	(1U << ((g) - 1))
#define DUMP_ALL	(DUMP_BIT(DUMP_NONE) - 1)

struct os_watch {
	int		 fd;
	int		 resync;	/* RESYNC has yet to be told */
	int		 full;		/* SYNCED has yet to be told */
	int		 spoiled;	/* running is not to be trusted */
	enum watch_dump	 running;
	unsigned int	 wanted;	/* DUMP_BITs */
	uint32_t	 seq;		/* of the running dump */
	struct legs	 legs;
	union {
		struct nlmsghdr	 h;
		uint8_t		 b[WATCH_BUFFER];
	}		 buf;
};

/* How to ask for each dump. */
static const struct {
	uint16_t	 type;
	uint8_t		 family;
	uint8_t		 af;		/* of the routes it tells of */
} dumps[DUMP_NONE] = {
	[DUMP_LINK] =	{ RTM_GETLINK,		AF_UNSPEC,	0 },
	[DUMP_ADDR] =	{ RTM_GETADDR,		AF_UNSPEC,	0 },
	[DUMP_ROUTE4] =	{ RTM_GETROUTE,		AF_INET,	4 },
	[DUMP_ROUTE6] =	{ RTM_GETROUTE,		AF_INET6,	6 },
	[DUMP_CONF4] =	{ RTM_GETNETCONF,	AF_INET,	0 },
	[DUMP_CONF6] =	{ RTM_GETNETCONF,	AF_INET6,	0 }
};

int
os_watch_open(void)
{
	struct sockaddr_nl	 sa = { .nl_family = AF_NETLINK };
	int			 fd;

	sa.nl_groups = GROUP_BIT(RTNLGRP_LINK) |
	    GROUP_BIT(RTNLGRP_IPV4_IFADDR) | GROUP_BIT(RTNLGRP_IPV6_IFADDR) |
	    GROUP_BIT(RTNLGRP_IPV4_ROUTE) | GROUP_BIT(RTNLGRP_IPV6_ROUTE) |
	    GROUP_BIT(RTNLGRP_IPV4_NETCONF) |
	    GROUP_BIT(RTNLGRP_IPV6_NETCONF) | GROUP_BIT(RTNLGRP_NEXTHOP);
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC,
	    NETLINK_ROUTE);
	if (fd == -1)
		return (-1);
	sock_buffers(fd);
	if (bind(fd, (struct sockaddr *)&sa, sizeof(sa)) == -1)
		return (sock_fail(fd));
	return (fd);
}

struct os_watch *
os_watch_new(int fd)
{
	struct os_watch	*w;

	if ((w = calloc(1, sizeof(*w))) == NULL)
		return (NULL);
	w->fd = fd;
	w->running = DUMP_NONE;
	return (w);
}

void
os_watch_free(struct os_watch *w)
{
	if (w == NULL)
		return;
	close(w->fd);
	free(w);
}

int
os_watch_routes(struct os_watch *w, const struct prefix *p, size_t n)
{
	size_t	 i;

	if (n > OS_WATCH_ROUTES) {
		errno = E2BIG;
		return (-1);
	}
	memset(&w->legs, 0, sizeof(w->legs));
	for (i = 0; i < n; i++)
		w->legs.prefix[i] = p[i];
	w->legs.nprefixes = n;
	return (0);
}

/* Ask for dumps; for routes only of families in which one is followed. */
static void
dump_want(struct os_watch *w, unsigned int bits)
{
	if (!legs_family(&w->legs, 4))
		bits &= ~DUMP_BIT(DUMP_ROUTE4);
	if (!legs_family(&w->legs, 6))
		bits &= ~DUMP_BIT(DUMP_ROUTE6);
	w->wanted |= bits;
}

static int
dump_send(struct os_watch *w, enum watch_dump d)
{
	struct nl_request	 rq;
	struct rtgenmsg		*gen;

	gen = nl_request(&rq, dumps[d].type, NLM_F_DUMP, sizeof(*gen));
	gen->rtgen_family = dumps[d].family;
	rq.h.nlmsg_seq = ++w->seq;
	if (send(w->fd, &rq, rq.h.nlmsg_len, 0) == -1)
		return (-1);
	w->running = d;
	w->spoiled = 0;
	if (dumps[d].af != 0)
		legs_doubt_family(&w->legs, dumps[d].af);
	return (0);
}

/* Ask for what is wanted next, unless an answer is still awaited. */
static int
dump_next(struct os_watch *w)
{
	enum watch_dump	 d;

	if (w->running != DUMP_NONE)
		return (0);
	for (d = DUMP_LINK; d < DUMP_NONE; d++)
		if (w->wanted & DUMP_BIT(d)) {
			w->wanted &= ~DUMP_BIT(d);
			return (dump_send(w, d));
		}
	return (0);
}

static void
resync_want(struct os_watch *w)
{
	w->resync = 1;
	w->wanted = 0;
	dump_want(w, DUMP_ALL);
}

int
os_watch_start(struct os_watch *w)
{
	resync_want(w);
	return (dump_next(w));
}

static void
mark_tell(enum os_event event, struct watch_sink *to)
{
	struct os_change	 c;

	memset(&c, 0, sizeof(c));
	c.event = event;
	to->fn(to->arg, &c);
}

static void
resync_tell(struct os_watch *w, struct watch_sink *to)
{
	if (!w->resync)
		return;
	w->resync = 0;
	w->full = 1;
	w->legs.nlegs = 0;
	w->legs.overflow = 0;
	mark_tell(OS_EV_RESYNC, to);
}

/* There is room again: count those that were left out. */
static void
overflow_end(struct os_watch *w)
{
	if (w->legs.overflow && w->legs.nlegs < LEGS_MAX) {
		w->legs.overflow = 0;
		dump_want(w, DUMP_BIT(DUMP_ROUTE4) | DUMP_BIT(DUMP_ROUTE6));
	}
}

/* The running dump is complete. */
static void
dump_end(struct os_watch *w, struct watch_sink *to)
{
	w->running = DUMP_NONE;
	if (w->spoiled) {
		resync_want(w);
		return;
	}
	legs_sweep(&w->legs, LEG_RECOUNT, to);
	if (w->full && w->wanted == 0) {
		w->full = 0;
		mark_tell(OS_EV_SYNCED, to);
	}
}

/* The kernel's last word on a dump: 0, or -1 and what went wrong. */
static int
dump_result(const struct nlmsghdr *h)
{
	int	 err = 0;

	if (mnl_nlmsg_get_payload_len(h) >= sizeof(err))
		memcpy(&err, mnl_nlmsg_get_payload(h), sizeof(err));
	if (err == 0)
		return (0);
	errno = -err;
	return (-1);
}

static int
message_read(struct os_watch *w, const struct nlmsghdr *h,
    struct watch_sink *to)
{
	enum watch_dump	 gone;

	if (h->nlmsg_flags & NLM_F_DUMP_INTR)
		w->spoiled = 1;
	if (h->nlmsg_type == NLMSG_DONE || h->nlmsg_type == NLMSG_ERROR) {
		if (dump_result(h) == -1)
			return (-1);
		dump_end(w, to);
		return (0);
	}
	dump_want(w, watch_message(&w->legs, h, to, &gone));
	if (gone == w->running && gone != DUMP_NONE &&
	    !(h->nlmsg_flags & NLM_F_MULTI))
		w->spoiled = 1;
	return (0);
}

/*
 * Receive one datagram: 1, or 0 when none waits.  *left is 0 when there is
 * nothing in it for us.
 */
static int
datagram_read(struct os_watch *w, int *left)
{
	struct sockaddr_nl	 sa;
	socklen_t		 len = sizeof(sa);
	ssize_t			 n;

	*left = 0;
	n = recvfrom(w->fd, &w->buf, sizeof(w->buf), MSG_TRUNC,
	    (struct sockaddr *)&sa, &len);
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return (0);
	if (n == -1 && errno == ENOBUFS) {
		resync_want(w);
		return (1);
	}
	if (n > (ssize_t)sizeof(w->buf)) {
		errno = EMSGSIZE;
		return (-1);
	}
	if (n != -1 && sa.nl_pid == 0)
		*left = n;
	return (n == -1 ? -1 : 1);
}

int
os_watch_read(struct os_watch *w,
    void (*fn)(void *, const struct os_change *), void *arg)
{
	struct watch_sink	 to = { fn, arg };
	const struct nlmsghdr	*h;
	int			 i, got, left;

	for (i = 0; i < WATCH_READS; i++) {
		if ((got = datagram_read(w, &left)) == -1)
			return (-1);
		if (got == 0)
			break;
		resync_tell(w, &to);
		for (h = &w->buf.h; mnl_nlmsg_ok(h, left);
		    h = mnl_nlmsg_next(h, &left))
			if (message_read(w, h, &to) == -1)
				return (-1);
	}
	resync_tell(w, &to);
	overflow_end(w);
	return (dump_next(w));
}
