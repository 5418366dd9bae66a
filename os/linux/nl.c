/*
 * Requests to the routing netlink socket: see nl.h.  Runs in the parent
 * (configuring) and, the attribute helpers, where a watcher is read.  Keeps
 * no socket and no state between calls.
 */
#include <sys/types.h>
#include <sys/socket.h>

#include <errno.h>
#include <string.h>

#include "nl.h"

#define NL_ANSWER	32768	/* the largest piece of a dump */
#define NL_TRIES	16	/* dumps disturbed in a row */

/* Where table_put() files attributes by type. */
struct nl_table {
	const struct nlattr	**tb;
	uint16_t		  max;
};

void *
nl_request(struct nl_request *rq, uint16_t type, uint16_t flags, size_t size)
{
	memset(rq, 0, sizeof(*rq));
	mnl_nlmsg_put_header(rq);
	rq->h.nlmsg_type = type;
	rq->h.nlmsg_flags = NLM_F_REQUEST | flags;
	rq->h.nlmsg_seq = 1;
	return (mnl_nlmsg_put_extra_header(&rq->h, size));
}

/* Read until the end of the answer. */
static int
answer_read(struct mnl_socket *nl, mnl_cb_t fn, void *arg)
{
	union {
		struct nlmsghdr	 h;
		uint8_t		 b[NL_ANSWER];
	}	 buf;
	ssize_t	 n;
	int	 run;

	do {
		do {
			n = mnl_socket_recvfrom(nl, &buf, sizeof(buf));
		} while (n == -1 && errno == EINTR);
		if (n == -1)
			return (-1);
		run = mnl_cb_run(&buf, n, 1, mnl_socket_get_portid(nl), fn,
		    arg);
	} while (run > MNL_CB_STOP);
	return (run == MNL_CB_STOP ? 0 : -1);
}

static int
request_run(struct nl_request *rq, mnl_cb_t fn, void *arg)
{
	struct mnl_socket	*nl;
	int			 ret = -1, save, on = 1;

	if ((nl = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC)) == NULL)
		return (-1);
	/* Lets the kernel apply a dump's filters; callers filter anyway. */
	mnl_socket_setsockopt(nl, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
	if (mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) == 0 &&
	    mnl_socket_sendto(nl, rq, rq->h.nlmsg_len) != -1)
		ret = answer_read(nl, fn, arg);
	save = errno;
	mnl_socket_close(nl);
	errno = save;
	return (ret);
}

int
nl_ack(struct nl_request *rq)
{
	rq->h.nlmsg_flags |= NLM_F_ACK;
	return (request_run(rq, NULL, NULL));
}

int
nl_dump(struct nl_request *rq, mnl_cb_t fn, void *arg)
{
	int	 ret, tries = 0;

	rq->h.nlmsg_flags |= NLM_F_DUMP;
	do {
		/* libmnl says EINTR for NLM_F_DUMP_INTR. */
		ret = request_run(rq, fn, arg);
	} while (ret == -1 && errno == EINTR && ++tries < NL_TRIES);
	return (ret);
}

uint32_t
nl_attr_u32(const struct nlattr *a)
{
	uint32_t	 v;

	nl_attr_bytes(a, &v, sizeof(v));
	return (v);
}

uint8_t
nl_attr_u8(const struct nlattr *a)
{
	uint8_t	 v;

	nl_attr_bytes(a, &v, sizeof(v));
	return (v);
}

void
nl_attr_bytes(const struct nlattr *a, void *dst, size_t size)
{
	size_t	 have;

	memset(dst, 0, size);
	if (a == NULL)
		return;
	have = mnl_attr_get_payload_len(a);
	memcpy(dst, mnl_attr_get_payload(a), have < size ? have : size);
}

static int
table_put(const struct nlattr *a, void *arg)
{
	struct nl_table	*t = arg;

	if (mnl_attr_get_type(a) <= t->max)
		t->tb[mnl_attr_get_type(a)] = a;
	return (MNL_CB_OK);
}

void
nl_attrs_at(const void *p, size_t len, const struct nlattr **tb, uint16_t max)
{
	struct nl_table	 t = { tb, max };

	memset(tb, 0, (max + 1) * sizeof(*tb));
	mnl_attr_parse_payload(p, len, table_put, &t);
}

void
nl_attrs(const struct nlmsghdr *h, size_t size, const struct nlattr **tb,
    uint16_t max)
{
	size_t	 have = mnl_nlmsg_get_payload_len(h);

	nl_attrs_at(mnl_nlmsg_get_payload_offset(h, size),
	    have > MNL_ALIGN(size) ? have - MNL_ALIGN(size) : 0, tb, max);
}
