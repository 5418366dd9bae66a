/*
 * Requests to the routing netlink socket, private to os/linux.  Each request
 * has a socket of its own: they are few, made by the parent, and an answer
 * can then never belong to an earlier question.
 *
 * A header here must not be named after one of <linux/...>: os/ is on the
 * include path.
 */
#ifndef NL_H
#define NL_H

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>

#include <stddef.h>
#include <stdint.h>

/*
 * The tag of what is ours: rtm_protocol of routes, IFA_PROTO of addresses.
 * Between the kernel's and the well-known daemons' numbers; in none of the
 * lists that iproute2 ships.
 */
#define NL_PROTO	141

struct nl_request {
	struct nlmsghdr	 h;
	uint8_t		 body[240];
};

/*
 * Begin a request; returns its family header, size bytes of zeroes, to be
 * filled in.  Attributes are appended to &request->h.
 */
void	*nl_request(struct nl_request *, uint16_t type, uint16_t flags,
	    size_t size);

/* Send it and wait for the kernel's answer.  -1 with the kernel's errno. */
int	 nl_ack(struct nl_request *);

/*
 * Send a dump request and hand each object to fn, which answers MNL_CB_OK or
 * MNL_CB_ERROR (with errno set).  A dump that was disturbed by a change is
 * repeated, so fn may see an object more than once.
 */
int	 nl_dump(struct nl_request *, mnl_cb_t fn, void *arg);

/* The attribute as a number; 0 when it is absent or too short. */
uint32_t nl_attr_u32(const struct nlattr *);
uint8_t	 nl_attr_u8(const struct nlattr *);

/* Copy at most size bytes of an attribute; what it lacks becomes zeroes. */
void	 nl_attr_bytes(const struct nlattr *, void *dst, size_t size);

/*
 * Point tb[type] at each attribute up to max that follows the family header
 * of size bytes; the others are NULL.  The second form is for nested ones.
 */
void	 nl_attrs(const struct nlmsghdr *, size_t size,
	    const struct nlattr **tb, uint16_t max);
void	 nl_attrs_at(const void *, size_t len, const struct nlattr **tb,
	    uint16_t max);

#endif
