/*
 * An OSPFv3 router that announces and does not route (RFC 5340): packets and
 * time in, packets and requests out.  The process owns sockets, clock and
 * timers; it
 *  - tells what the kernel says of interfaces and hands in packets;
 *  - calls ospf_tick() when ospf_deadline() has come, and asks again after
 *    every call when that will be;
 *  - answers the requests in struct ospf_ops.  They are made from within the
 *    calls below and must not call back.
 * Packets that wait in a socket should be handed in before a tick, so that a
 * process that was busy does not take its neighbors for dead.
 */
#ifndef OSPF_ENGINE_H
#define OSPF_ENGINE_H

#include <netinet/in.h>

#include <stddef.h>
#include <stdint.h>

#include "mono.h"
#include "ospf_conf.h"
#include "ospf_lsdb.h"

struct ospf;
struct ospf_if;

struct ospf_ops {
	/*
	 * An interface is configured: what is returned is given to the other
	 * calls as its port.  It went: forget the port.
	 */
	void	*(*attach)(void *, struct ospf_if *);
	void	 (*detach)(void *, void *port);
	/* Send a packet from src to dst by the interface of the port. */
	void	 (*send)(void *, void *port, const struct in6_addr *src,
		    const struct in6_addr *dst, const void *, size_t len);
	/*
	 * Watch over a neighbor on the interface of the port, from our
	 * address src, or no longer; on again: the configuration may be
	 * another.  ospf_bfd() is the answer.
	 */
	void	 (*bfd)(void *, void *port, const struct in6_addr *src,
		    const struct in6_addr *dst, int on);
	/* A neighbor came or went, became Full or ceased to be; for people. */
	void	 (*tell)(void *, const char *subject, const char *state,
		    const char *why);
	/* A line for the log, of a syslog priority. */
	void	 (*log)(void *, int pri, const char *line);
	/* A number nobody can guess. */
	uint32_t (*random)(void *);
	/* Seconds since 1970, for the lifetimes of keys. */
	int64_t	 (*wall)(void *);
	/*
	 * The first of n numbers to sign packets with, larger than all that
	 * were ever given: see ospf_boot.h.
	 */
	uint64_t (*sequence)(void *, uint32_t n);
};

/* A router without interfaces.  NULL: no memory. */
struct ospf	*ospf_new(const struct ospf_ops *, void *arg);
void		 ospf_free(struct ospf *);

/*
 * Take a configuration: interfaces come, go, or change in place.  The router
 * id must be that of the first call: for another, stop and begin anew.
 */
void		 ospf_configure(struct ospf *, const struct ospf_conf *,
		    mono_t now);
uint32_t	 ospf_router_id(const struct ospf *);

/*
 * What the kernel says of an interface: that it works, and its index and MTU;
 * an address of it that came or went.  With another index it is another
 * interface, which has no address before it is told.
 */
void		 ospf_if_link(struct ospf_if *, int up, unsigned int ifindex,
		    unsigned int mtu, mono_t now);
void		 ospf_if_address(struct ospf_if *, const struct in6_addr *,
		    uint8_t len, int up, mono_t now);
const struct ospf_conf_if *ospf_if_conf(const struct ospf_if *);

/*
 * Announce exactly these prefixes; IPv6 ones, at most LIMIT_OSPF_ANNOUNCE.
 * What is no longer among them is withdrawn before anything else happens.
 */
void		 ospf_announce(struct ospf *, const struct ospf_announce *,
		    size_t n, mono_t now);

/* A packet that came by an interface, from its OSPFv3 header on. */
void		 ospf_input(struct ospf_if *, const struct in6_addr *src,
		    const struct in6_addr *dst, const void *, size_t len,
		    mono_t now);

/* What BFD says of a neighbor on an interface, with a few words. */
enum ospf_bfd {
	OSPF_BFD_DOWN,
	OSPF_BFD_ADMIN,		/* down, as somebody wishes: RFC 5882 4.2 */
	OSPF_BFD_UP
};

void		 ospf_bfd(struct ospf_if *, const struct in6_addr *,
		    enum ospf_bfd, const char *words, mono_t now);

mono_t		 ospf_deadline(const struct ospf *);
void		 ospf_tick(struct ospf *, mono_t now);

/*
 * The end: flush all our LSAs at once.  When ospf_stopped() says that the
 * neighbors have acknowledged that, or patience ends, ospf_goodbye() sends
 * the Hellos that make them drop us.
 */
void		 ospf_stop(struct ospf *, mono_t now);
int		 ospf_stopped(const struct ospf *);
void		 ospf_goodbye(struct ospf *, mono_t now);

/*
 * The last will: the packets that another process would have to send if this
 * one died, which flush our LSAs and take leave.  ospf_will_changed() is true
 * once after something in it changed.
 */
typedef void	 ospf_will_fn(void *arg, void *port,
		    const struct in6_addr *src, const struct in6_addr *dst,
		    const void *, size_t len);
int		 ospf_will_changed(struct ospf *);
void		 ospf_will(struct ospf *, ospf_will_fn *, void *arg);

#endif
