/*
 * The seam to the kernel.  Everything that depends on which kernel runs us is
 * behind these calls; os/linux implements them, os/mock scripts them for
 * tests.  Calls return -1 with errno set unless said otherwise.  Ports are in
 * host byte order, addresses as in prefix.h.
 */
#ifndef OS_H
#define OS_H

#include <sys/types.h>
#include <sys/socket.h>

#include <stddef.h>
#include <stdint.h>

#include "prefix.h"

#define OS_IFNAMSIZ	16

/* --- tun ------------------------------------------------------------- */

/*
 * Make the point-to-point device name, which must not exist, with the given
 * MTU, up, without addresses of its own.  Returns a non-blocking descriptor
 * whose reads and writes are bare IPv6 packets; the device is gone when it is
 * closed.  *ifindex is set.  EBUSY: the name is taken.
 */
int	os_tun_open(const char *name, unsigned int mtu, unsigned int *ifindex);

/* One packet from or to a tun; as read(2) and write(2). */
ssize_t	os_tun_read(int fd, void *buf, size_t len);
ssize_t	os_tun_write(int fd, const void *buf, size_t len);

/* --- routes and addresses, tagged as ours ---------------------------- */

enum os_op { OS_ADD, OS_DEL };

/*
 * Route a prefix into a device, tagged as ours.  Adding what is there and
 * deleting what is not there succeed.
 */
int	os_route(enum os_op, const struct prefix *, unsigned int ifindex);

/*
 * Delete every route that carries our tag (left by a crash).  Returns how
 * many there were.
 */
int	os_route_sweep(void);

/*
 * Put a host address on the loopback interface, or take it away.  OS_ADD
 * answers 1 when the address was on this host already (then it is not ours to
 * remove), 0 when it was added.
 */
int	os_loaddr(enum os_op, const struct ipaddr *);

/* --- watching the kernel --------------------------------------------- */

enum os_event {
	OS_EV_LINK,	/* ifindex, name, up: link came, changed or went */
	OS_EV_ADDR,	/* addr, ifindex, up: address came (up) or went */
	OS_EV_ROUTE,	/* prefix, ifindex, up: route came (up) or went */
	OS_EV_FORWARD,	/* af, ifindex (0: default for all), up: forwarding */
	OS_EV_RESYNC	/* events were lost: forget all; a full dump follows */
};

/* Only the members that the event's line above names are valid. */
struct os_change {
	enum os_event	 event;
	unsigned int	 ifindex;
	char		 name[OS_IFNAMSIZ];
	int		 up;
	uint8_t		 af;
	struct ipaddr	 addr;
	struct prefix	 prefix;
};

/*
 * A watcher opened by the parent and read by a confined process.  Open
 * returns a non-blocking descriptor and subscribes to links, addresses,
 * routes of the main table and forwarding of both families.  Start asks for a
 * full dump (which begins with OS_EV_RESYNC); read calls fn for each change
 * that is waiting and starts a new dump by itself when the kernel lost events.
 */
struct os_watch;

int		 os_watch_open(void);
struct os_watch	*os_watch_new(int fd);
void		 os_watch_free(struct os_watch *);
int		 os_watch_start(struct os_watch *);
int		 os_watch_read(struct os_watch *,
		    void (*fn)(void *, const struct os_change *), void *arg);

/* --- sockets ---------------------------------------------------------- */

/*
 * A raw protocol-41 socket that receives what is sent to the IPv4 address
 * local (which this host may not have yet).  Received packets begin with
 * their IPv4 header.  Non-blocking, with buffers for bursts.
 */
int	os_raw41_listen(const struct ipaddr *local);

/*
 * A raw protocol-41 socket to send from local; receives nothing.  The kernel
 * writes the IPv4 header, without DF, and fragments where it must.
 */
int	os_raw41_source(const struct ipaddr *local);

/* A raw socket that receives ICMPv4 errors, from the IPv4 header on. */
int	os_icmp4_listen(void);

/* One packet of a batch. */
struct os_packet {
	void		*data;
	size_t		 len;	/* room on receive is given apart */
	struct in_addr	 dst;	/* send: where to */
	uint8_t		 tos;	/* send: TOS of the IPv4 header */
	uint8_t		 ttl;	/* send: TTL of the IPv4 header */
};

#define OS_BATCH	64	/* packets one call moves at most */

/*
 * Receive up to n packets into data (room bytes each), setting len.  Returns
 * how many; 0 when none is waiting.
 */
int	os_recv_batch(int fd, struct os_packet *, int n, size_t room);

/*
 * Send n packets.  Returns how many went out; the next one is the one that
 * failed, with errno set.
 */
int	os_send_batch(int fd, const struct os_packet *, int n);

/*
 * A non-blocking TCP socket bound to local (af 0: any) whose connection to
 * remote has been started.  hops: IP TTL or hop limit to send with, 0 for
 * the default.
 */
int	os_tcp_connect(const struct ipaddr *local, const struct ipaddr *remote,
	    uint16_t port, uint8_t hops);

/* A non-blocking listening TCP socket; works for addresses yet to come. */
int	os_tcp_listen(const struct ipaddr *local, uint16_t port);

/* --- local sockets ---------------------------------------------------- */

/* Who is at the other end of a connected local socket. */
int	os_peercred(int fd, uid_t *, gid_t *);

/* --- confinement ------------------------------------------------------ */

/*
 * What a process may still do.  Each role keeps descriptors it has or is
 * handed, memory, time, and:
 *	PACKET	read and write descriptors (relay)
 *	CONTROL	also accept local clients (health, announce)
 *	STREAM	also accept and shut TCP connections it was handed (bgp)
 * None may open a file, make a socket, exec, fork or trace.
 */
enum os_role { OS_ROLE_PACKET, OS_ROLE_CONTROL, OS_ROLE_STREAM };

/*
 * Confine this process for good.  Fails closed: -1 means the caller must
 * exit.  A violation ends the process.
 */
int	os_confine(enum os_role);

/*
 * Keep only what a parent needs after its children exist: configuring the
 * network, raw and low ports, signalling its children.
 */
int	os_confine_parent(void);

/* The absolute path of the running program, for re-execution. */
int	os_self(char *buf, size_t len);

#endif
