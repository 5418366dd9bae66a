/*
 * The Teredo relay engine: what happens to one packet between the IPv6 Internet
 * and the Teredo clients behind the NATs of the IPv4 Internet.  Runs in the
 * relay process; no I/O, no clock, no log.
 *
 *	RFC 4380 5.4		relays, their transmission and reception rules
 *	RFC 4380 5.2.3, 5.2.4	the rules of clients that they refer to
 *	RFC 4380 7		what attackers would do with a relay
 *	RFC 5991		random flags; the cone bit says nothing
 *	RFC 6081		trailers, clients behind symmetric NATs
 *	RFC 6324 3		what would loop
 *	RFC 6040, RFC 4443	congestion marks, errors
 *
 * Asking a client.  A bubble goes to the client by way of its server, and one
 * straight to where its address says it is, which opens a NAT of our own: at
 * once when listen is a private address, with the second try otherwise.  The
 * IPv6 source of our bubbles is fe80::NONCE with a secret of 64 bits: a client
 * of any age sends its answer to that address, so that an answer proves itself
 * even when a symmetric NAT has given it another port.  The nonce trailer of
 * RFC 6081 5.2.4.1 is in every other bubble only, beginning with the first,
 * since there are servers that drop what is longer than its IPv6 packet.
 *
 * After a restart.  The relay knows nobody, and clients go on sending.  RFC
 * 4380 5.4.2 has a packet of an unknown client dropped as "may be"; here it is
 * taken when its IPv6 source embeds exactly the IPv4 source and port that it
 * came from, and the client becomes CLAIMED.  Who comes from somewhere else is
 * dropped but asked, and is back after one round trip.  Why that is safe:
 *
 *	- Nothing is believed that 5.4.2 would not believe of a known client;
 *	  and anybody can make a client known, by sending it an IPv6 packet.
 *	- Who cannot forge IPv4 sources can claim only what is his own: the
 *	  answer goes there.  Who can forge them can have us send to his victim
 *	  what he first has to send to us himself, one packet for one, and only
 *	  while he goes on forging (30 s); he could as well send it directly.
 *	- All address checks come first, the policy's and those against loops.
 *	- Claims are limited by source, and all of them together have half of
 *	  the table at most; they are asked to prove themselves by an answer as
 *	  soon as somebody sends to them, and leave that half when they do.
 *
 * Being no reflector (RFC 4380 7.4).  Bubbles go only where the policy lets
 * packets go, never to an address of ours; their number is limited in all, by
 * server, by the address of the client, and by the source that makes them
 * necessary (its /64, or its IPv4 address).  Without a bubble to send there is
 * no state to keep: a scan of 2001::/32 can hold no more than bubble_rate times
 * 8 s of the table, and gives way to everybody who is believed.
 */
#ifndef TEREDO_H
#define TEREDO_H

#include <netinet/in.h>

#include <stddef.h>
#include <stdint.h>

#include "icmp_limit.h"
#include "ip_wire.h"
#include "mono.h"
#include "pkt.h"
#include "policy.h"
#include "relayd6.h"
#include "teredo_limit.h"
#include "teredo_peer.h"
#include "teredo_queue.h"
#include "teredo_show.h"

struct teredo_counters {
	uint64_t	cases[TEREDO_NCASES];
	uint64_t	errors_sent;	/* given to inject, not in a V_REPLY */
	uint64_t	late[DROP_NREASONS]; /* packets that were V_HOLD and */
					/* then dropped */
};

/*
 * What the engine sends besides the packet it is asked about.  Called from
 * teredo_in(), teredo_out() and teredo_tick(); must not call back.
 */
struct teredo_ops {
	/* The payload of a UDP datagram; port in host byte order. */
	void	(*send)(void *arg, struct in_addr dst, uint16_t port,
		    const void *, size_t len, uint8_t tos);
	/* An IPv6 packet (an ICMPv6 error) for the tun. */
	void	(*inject)(void *arg, const void *, size_t len);
};

struct teredo {
	struct conf_teredo		 conf;
	const struct teredo_ops		*ops;
	void				*arg;
	struct policies			 policies;
	struct addr6			 icmp_source;
	int				 behind_nat;	/* listen is private */
	uint8_t				 key[SIPHASH_KEYLEN];
	uint64_t			 nonces;	/* made so far */
	struct teredo_table		 table;
	struct teredo_queue		 queue;
	struct teredo_limit		 limit;
	struct icmp_limit		 icmp_limit;
	struct teredo_counters		 count;
};

/*
 * Start with a configuration and a secret key.  All memory is taken here.  0,
 * or -1 when there is none; then the engine drops everything.
 */
int	teredo_init(struct teredo *, const struct conf_teredo *,
	    const uint8_t key[SIPHASH_KEYLEN], const struct teredo_ops *,
	    void *arg);

/*
 * Go on with another configuration.  Clients stay known unless max_peers
 * changes (or the listen address or port: their NATs know us by it); what
 * waits is dropped when mtu changes.  0, or -1 as teredo_init().
 */
int	teredo_reconf(struct teredo *, const struct conf_teredo *);

void	teredo_free(struct teredo *);

/*
 * The payload of a UDP datagram; src4 and sport must be set, and tos when it is
 * known.  V_FORWARD: data and len are the IPv6 packet for the tun.  V_HOLD: a
 * bubble, used up.  Never V_REPLY: a claim that came over IPv4 proves nothing.
 */
enum verdict	teredo_in(struct teredo *, struct pkt *, mono_t now);

/*
 * An IPv6 packet from the tun.  V_FORWARD: dst4, dport, tos and ttl are set,
 * data and len are the UDP payload.  V_HOLD: a copy waits for the client's
 * answer.  V_REPLY: why is set, and an ICMPv6 error to write back.
 */
enum verdict	teredo_out(struct teredo *, struct pkt *, mono_t now);

/*
 * When teredo_tick() wants to be called; long ago when it is overdue, and
 * TEREDO_NEVER when there is nothing to wait for.  Changes with every packet.
 */
mono_t	teredo_deadline(const struct teredo *);

/*
 * Repeat bubbles, give up, expire: at most LIMIT_TEREDO_TICK clients a call.
 * When there is more to do the deadline has passed already.
 */
void	teredo_tick(struct teredo *, mono_t now);

/*
 * The next clients of a walk, at most n, in no order.  Passes a bounded number
 * of places, so that fewer than n, even none, may come before it is done.
 * Clients that stay are told once; those who come or go meanwhile perhaps.
 */
size_t	teredo_clients(struct teredo *, struct teredo_walk *,
	    struct teredo_client *, size_t n, mono_t now);

/* How many there are in a state. */
uint32_t	teredo_count(const struct teredo *, enum teredo_state);

/* What a walk's time stamps and counters are printed with. */
const char	*teredo_state_name(enum teredo_state);
const char	*teredo_case_name(enum teredo_case);
const char	*teredo_case_text(enum teredo_case);

#endif
