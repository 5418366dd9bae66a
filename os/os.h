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
 * Route a prefix into a device, in the main table, tagged as ours.  Adding
 * our own route again and deleting what is not there succeed.  A route that
 * somebody else has for the same prefix and metric is left alone: EEXIST.
 */
int	os_route(enum os_op, const struct prefix *, unsigned int ifindex);

/*
 * Delete every route that carries our tag (left by a crash).  Returns how
 * many there were.
 */
int	os_route_sweep(void);

/*
 * Put a host address on the loopback interface, or take it away.  OS_ADD
 * answers 1 when somebody else had put the address on this host (then it is
 * not ours to remove), 0 when it was added or had been left there by us.  It
 * may take the kernel a moment to accept packets for a new IPv6 address.
 * Taking away what is not there succeeds.
 */
int	os_loaddr(enum os_op, const struct ipaddr *);

/* --- watching the kernel --------------------------------------------- */

enum os_event {
	OS_EV_LINK,	/* ifindex, name, up, mtu: link came, changed, went */
	OS_EV_ADDR,	/* addr, len, ifindex, up: address came (up) or went */
	OS_EV_ROUTE,	/* prefix, ifindex, up: see os_watch_routes() */
	OS_EV_FORWARD,	/* af, ifindex (0: the host's), up: forwarding */
	OS_EV_RESYNC,	/* forget all that was told: a full dump follows */
	OS_EV_SYNCED	/* the full dump is complete */
};

/* Only the members that the event's line above names are valid. */
struct os_change {
	enum os_event	 event;
	unsigned int	 ifindex;
	char		 name[OS_IFNAMSIZ];
	int		 up;
	unsigned int	 mtu;
	uint8_t		 af;
	struct ipaddr	 addr;
	uint8_t		 len;		/* of the prefix on the link */
	struct prefix	 prefix;
};

/*
 * A watcher opened by the parent and read by a confined process.  Between
 * RESYNC and SYNCED what was told is incomplete, so that nothing may be
 * concluded from what is missing; changes go on arriving.  An event may
 * repeat what is known already.
 *
 * LINK is up when the interface is enabled and its lower layer works; it is
 * also told when only the name changed.  ADDR is up when the address can be
 * used: duplicate address detection is over.  FORWARD: IPv4 forwards what
 * comes in by an interface whose own flag is up, IPv6 everything or nothing,
 * as ifindex 0 says.
 */
struct os_watch;

#define OS_WATCH_ROUTES	32	/* prefixes one watcher can follow */

/*
 * A non-blocking descriptor subscribed to links, addresses, routes and
 * forwarding of both families.  Needs no privilege to be read.
 */
int		 os_watch_open(void);

/* Make a watcher that owns fd.  All memory it ever needs is taken here. */
struct os_watch	*os_watch_new(int fd);
void		 os_watch_free(struct os_watch *);

/*
 * Name the n prefixes whose routes are to be told, in place of those named
 * before; os_watch_start() must follow.  ROUTE then answers one question: is
 * there any route of the main table to exactly this prefix by this interface,
 * whatever its metric and gateway, alone or as one leg of several?  It is up
 * when the first comes and down when the last went.  Only routes that forward
 * count (no unreachable or blackhole, none for certain sources or TOS only);
 * ifindex is 0 when the kernel does not tell.  E2BIG: too many prefixes.
 */
int		 os_watch_routes(struct os_watch *, const struct prefix *,
		    size_t n);

/* Ask for a full dump; RESYNC is the next thing os_watch_read() tells. */
int		 os_watch_start(struct os_watch *);

/*
 * Call fn for changes that are waiting: a bounded number, so that the
 * descriptor may still be readable.  A new dump begins by itself when the
 * kernel lost events.  -1: the watcher is of no use any more.
 */
int		 os_watch_read(struct os_watch *,
		    void (*fn)(void *, const struct os_change *), void *arg);

/* --- sockets ---------------------------------------------------------- */

/*
 * A raw protocol-41 socket that receives what is sent to the IPv4 address
 * local (which this host may not have yet).  Received packets begin with
 * their IPv4 header.  Non-blocking, with buffers for bursts.  Warns when the
 * kernel has tunnels of its own that compete.
 */
int	os_raw41_listen(const struct ipaddr *local);

/*
 * A raw protocol-41 socket to send from local; receives nothing.  The kernel
 * writes the IPv4 header, without DF, and fragments where it must.
 */
int	os_raw41_source(const struct ipaddr *local);

/* A raw socket that receives ICMPv4 errors, from the IPv4 header on. */
int	os_icmp4_listen(void);

/*
 * A UDP socket bound to an IPv4 address and a port of this host.  Non-blocking,
 * with buffers for bursts; tells the TOS of what it receives, sends without DF.
 */
int	os_udp4_listen(const struct ipaddr *local, uint16_t port);

/* One packet of a batch. */
struct os_packet {
	void		*data;
	size_t		 len;	/* room on receive is given apart */
	struct in_addr	 addr;	/* received from, or to be sent to */
	uint16_t	 port;	/* same, UDP */
	uint8_t		 tos;	/* TOS of the IPv4 header; received: UDP only */
	uint8_t		 ttl;	/* send: TTL of the IPv4 header, not 0 */
};

#define OS_BATCH	64	/* packets one call moves at most */

/*
 * Receive up to n packets into data (room bytes each), setting len.  A packet
 * that is longer is cut to room.  Returns how many; 0 when none is waiting.
 */
int	os_recv_batch(int fd, struct os_packet *, int n, size_t room);

/*
 * Send n packets.  Returns how many went out; when that is less than n, the
 * next one is the one that failed, with errno set.  Never -1.
 */
int	os_send_batch(int fd, const struct os_packet *, int n);

/* --- sockets of probes ------------------------------------------------ */

/*
 * A raw protocol-41 socket that sends from the IPv4 address local, and
 * receives what is sent there to the IPv6 address inside (16 bytes, behind an
 * outer header); the kernel throws away all else.  As os_raw41_listen() and
 * os_raw41_source() otherwise.
 */
int	os_raw41_probe(const struct ipaddr *local, const struct ipaddr *inside);

/*
 * A raw socket that sends ICMPv6 and receives echo replies with this
 * identifier only.  Non-blocking; the kernel takes care of checksums.
 */
int	os_icmp6_open(uint16_t id);

/* Send one ICMPv6 message.  0 or -1. */
int	os_icmp6_send(int fd, const struct ipaddr *dst, const void *,
	    size_t len);

/*
 * Receive one message, from src to our address dst.  Its length, or -1 when
 * none is waiting.
 */
ssize_t	os_icmp6_recv(int fd, void *, size_t room, struct ipaddr *src,
	    struct ipaddr *dst);

/*
 * The address that this host would send from to remote, by its routes of this
 * moment; and the UDP port that a socket is bound to.
 */
int	os_source(const struct ipaddr *remote, struct ipaddr *local);
int	os_udp4_port(int fd, uint16_t *port);

/* --- TCP --------------------------------------------------------------- */

/*
 * How a TCP connection is to be made; zeroes stand for what the system does
 * by itself.
 */
struct os_tcp {
	struct ipaddr	 local;		/* to connect from */
	uint8_t		 hops;		/* TTL or hop limit to send with */
	uint8_t		 hops_min;	/* ... and to insist on */
	const char	*key;		/* sign with it (RFC 2385) */
};

/*
 * A non-blocking TCP socket whose connection to remote has been started; its
 * local address is known already.
 */
int	os_tcp_connect(const struct ipaddr *remote, uint16_t port,
	    const struct os_tcp *);

/* A non-blocking listening TCP socket; works for addresses yet to come. */
int	os_tcp_listen(const struct ipaddr *local, uint16_t port);

/*
 * Send with this TTL or hop limit (1 .. 255) from now on, by a connected TCP
 * socket or by the connections a listening one will accept; their first
 * answer included, as RFC 5082 needs it.
 */
int	os_tcp_hops(int fd, uint8_t hops);

/*
 * Drop, before anything looks at it, what comes with a lower TTL or hop limit
 * (RFC 5082); 0: drop nothing.  For connected and for listening sockets.
 */
int	os_tcp_hops_min(int fd, uint8_t hops);

#define OS_TCP_KEY	80	/* bytes of a key at most */

/*
 * Sign what is exchanged with these addresses by connections that a listening
 * socket will accept, and drop what is not signed (RFC 2385); NULL: no longer.
 * Taking away what is not there succeeds, connections that exist keep the key
 * they have.  Addresses may be covered twice, then the longer prefix counts.
 * The family must be the socket's.
 */
int	os_tcp_md5(int fd, const struct prefix *, const char *key);

/* What the kernel knows about a connection. */
struct os_tcp_info {
	uint32_t	 rtt_us;	/* smoothed round trip time */
	uint32_t	 rttvar_us;
	uint32_t	 mss;		/* bytes, of what we send */
	uint32_t	 window;	/* congestion window, segments */
	uint32_t	 unacked;	/* segments on their way */
	uint32_t	 retransmits;	/* segments, ever */
	uint32_t	 timeouts;	/* in a row, at this moment */
	uint32_t	 unsent;	/* bytes that wait in the kernel */
};

int	os_tcp_info(int fd, struct os_tcp_info *);

/*
 * The link-local address of the interface that has the IPv6 address local, if
 * remote is on the same link by its prefix.  0; -1 with ENOENT when it is not
 * or there is none.
 */
int	os_linklocal(const struct ipaddr *local, const struct ipaddr *remote,
	    struct ipaddr *linklocal);

/* --- OSPFv3 ------------------------------------------------------------ */

/*
 * A raw socket for OSPFv3 on one interface: receives what is sent there to
 * us, to ff02::5 and to ff02::6, and does not hear itself.  Non-blocking;
 * checksums are the caller's business.  *ifindex is set.
 */
int	os_ospf_open(const char *name, unsigned int *ifindex);

/*
 * One packet from the OSPFv3 header on, and its addresses, 16 bytes each; as
 * read(2).
 */
ssize_t	os_ospf_recv(int fd, void *buf, size_t room, void *src, void *dst);

/* Send one by that interface.  It is fragmented when it has to be. */
int	os_ospf_send(int fd, unsigned int ifindex, const void *src,
	    const void *dst, const void *buf, size_t len);

/* --- UDP that knows how far a packet has come ------------------------- */

/*
 * A non-blocking UDP socket for what comes to a port of any address of a
 * family, 4 or 6, with at least this TTL or hop limit; the rest is dropped by
 * the kernel.  EADDRINUSE: somebody else has the port.
 */
int	os_hops_listen(uint8_t af, uint16_t port, uint8_t hops_min);

/*
 * A non-blocking UDP socket that sends to a port of remote, with a TTL or hop
 * limit of 255, from local (af 0: what the kernel chooses) and a source port
 * from first to 65535 that no other socket has.
 */
int	os_hops_connect(const struct ipaddr *local,
	    const struct ipaddr *remote, uint16_t port, uint16_t first);

struct os_hops_packet {
	size_t		 len;
	struct ipaddr	 from;
	uint8_t		 hops;
};

/*
 * Receive one packet; what is beyond room is cut off.  -1 with EAGAIN when
 * none is waiting.
 */
int	os_hops_recv(int fd, struct os_hops_packet *, void *buf,
	    size_t room);


/* --- local sockets ---------------------------------------------------- */

/* Who is at the other end of a connected local socket. */
int	os_peercred(int fd, uid_t *, gid_t *);

/* Let the kernel keep about this many bytes that the other end has not read. */
int	os_sndbuf(int fd, int bytes);

/* --- confinement ------------------------------------------------------ */

/*
 * What a process may still do.  Each role keeps descriptors it has or is
 * handed, memory, time, and:
 *	PACKET	read and write descriptors (relay)
 *	CONTROL	also accept local clients and bound what the kernel keeps for
 *		them (health, announce)
 *	STREAM	also accept and shut TCP connections it was handed (bgp)
 *	TIMED	also set the precise timer that it has (bfd)
 * None may open a file, make a socket, exec, fork or trace.
 */
enum os_role {
	OS_ROLE_PACKET,
	OS_ROLE_CONTROL,
	OS_ROLE_STREAM,
	OS_ROLE_TIMED
};

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

#define OS_NICE_DAEMON	-10	/* heartbeats are not late for other load */
#define OS_NICE_TIMED	-20	/* nor precise timers for anything */

/*
 * Let this process, and those that it makes, run before ordinary ones, with
 * that value of nice(1) or the lower one that it has.  Needs privilege.
 */
int	os_prefer(int nice);

/* --- the system's log -------------------------------------------------- */

#define OS_SYSLOG_MAX	512	/* longer lines are cut */

/*
 * As syslog(3) with the facility daemon, but never waits: -1 when whoever
 * reads the log does not take the line now.  *fd belongs to this call, and is
 * -1 before the first one; path is that of the log's socket.
 */
int	os_syslog(int *fd, const char *path, int pri, const char *ident,
	    const char *line);

#endif
