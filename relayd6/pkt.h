/*
 * The language that the data-path engines speak.  An engine gets a packet, a
 * state and the time; it answers with a verdict and never does I/O.  The relay
 * process acts on the verdict and counts.
 */
#ifndef PKT_H
#define PKT_H

#include <netinet/in.h>

#include <stddef.h>
#include <stdint.h>

#define PKT_MAX		65536	/* the largest datagram there is */
#define PKT_REPLY_MAX	1280	/* of an ICMPv6 error, RFC 4443 2.4 c */

enum verdict {
	V_FORWARD,	/* send data/len to the other side */
	V_REPLY,	/* send reply/reply_len back to where it came from */
	V_DROP,		/* count why and forget */
	V_HOLD		/* the engine keeps it or used it up: nothing to do */
};

/*
 * Why a packet was dropped (also when a reply was owed).  Each row is a name
 * for the code, the word that ctl6 shows, and what it means.  The order is the
 * order in which they are shown.
 */
#define DROP_REASONS(X)							\
	X(SHORT, "truncated", "header or payload cut short")		\
	X(VERSION, "bad-version",					\
	    "not IPv4 outside or not IPv6 inside")			\
	X(LENGTH, "bad-length", "lengths of the headers disagree")	\
	X(PROTO, "bad-protocol", "not the protocol of this socket")	\
	X(CKSUM, "bad-checksum", "ICMPv4 checksum wrong")		\
	X(FRAGMENT, "outer-fragment",					\
	    "IPv4 fragment that the kernel did not reassemble")		\
	X(DST4, "outer-destination",					\
	    "not to an address that we listen on")			\
	X(SRC4, "outer-source", "IPv4 source not global unicast")	\
	X(SRC4_DENIED, "outer-denied",					\
	    "IPv4 source denied by configuration")			\
	X(SPOOF, "source-mismatch",					\
	    "embedded address is not the IPv4 source")			\
	X(NOT_6TO4, "source-not-6to4",					\
	    "inner source outside 2002::/16")				\
	X(ENCAP, "bad-encapsulation",					\
	    "origin or authentication where a relay meets none")	\
	X(TRAILER, "bad-trailer",					\
	    "trailer that must be known or be dropped (RFC 6081)")	\
	X(NOT_TEREDO, "source-not-teredo",				\
	    "inner source outside 2001::/32")				\
	X(NONCE, "nonce", "bubble that answers none of ours")		\
	X(SRC6, "inner-source", "IPv6 source not global unicast")	\
	X(SRC6_DENIED, "inner-source-denied",				\
	    "IPv6 source denied by configuration")			\
	X(SRC6_6TO4, "native-6to4",					\
	    "native packet with a 6to4 source")				\
	X(SRC6_TEREDO, "native-teredo",					\
	    "native packet with a Teredo source")			\
	X(DST6, "inner-destination",					\
	    "IPv6 destination not global unicast")			\
	X(DST6_DENIED, "inner-denied",					\
	    "IPv6 destination denied by configuration")			\
	X(DST6_6TO4, "6to4-to-6to4",					\
	    "6to4 destination: should go direct")			\
	X(DST6_TEREDO, "teredo-to-teredo",				\
	    "Teredo destination: should go direct")			\
	X(DST_NOT_TEREDO, "not-for-teredo",				\
	    "routed to the tunnel but not 2001::/32")			\
	X(DST_NOT_6TO4, "not-for-6to4",					\
	    "routed to the tunnel but not 2002::/16")			\
	X(EMBEDDED, "embedded",						\
	    "embedded IPv4 destination not global unicast")		\
	X(EMBEDDED_DENIED, "embedded-denied",				\
	    "embedded IPv4 destination denied by configuration")	\
	X(SERVER, "server",						\
	    "address of the client's server not global unicast")	\
	X(SERVER_DENIED, "server-denied",				\
	    "client's server denied by configuration")			\
	X(SOURCE_RATE, "new-client-rate",				\
	    "one source asks for too many new clients")			\
	X(BUBBLE_RATE, "bubble-rate",					\
	    "no bubble left to ask a client with")			\
	X(TABLE, "table-full", "every place is an active client's")	\
	X(QUEUE, "queue-full", "too much waits for one client")		\
	X(CROWDED, "queue-crowded",					\
	    "made room for what waits for other clients")		\
	X(SILENT, "no-answer",						\
	    "the client never answered, source told")			\
	X(LOOP, "loop", "would come back to this relay (RFC 6324)")	\
	X(HOPLIMIT, "hop-limit", "hop limit exhausted")			\
	X(TOOBIG, "too-big", "larger than the tunnel MTU")		\
	X(ECN, "ecn",							\
	    "congestion mark on a packet that is not ECN-capable (RFC 6040)")\
	X(ICMP4, "icmp4-ignored",					\
	    "ICMPv4 error that quotes nothing of ours")			\
	X(PATH, "path",							\
	    "lost in the IPv4 network, source told (RFC 4213 3.4)")	\
	X(RATE, "icmp-rate", "an error held back by the rate limit")	\
	X(NOBUFS, "no-buffer", "the kernel had no room for it")		\
	X(SEND, "send-error", "the kernel refused it")

enum drop {
#define X(sym, word, text)	DROP_##sym,
	DROP_REASONS(X)
#undef X
	DROP_NREASONS
};

/*
 * One packet on its way.  buf has room in front of the packet so that the
 * engine can move data, never copy it.
 */
struct pkt {
	uint8_t		*data;		/* first byte that matters now */
	size_t		 len;

	struct in_addr	 src4;		/* in, Teredo: IPv4 source, */
	uint16_t	 sport;		/* UDP port, host byte order */
	uint16_t	 dport;		/* out, Teredo: same */
	struct in_addr	 dst4;		/* out: IPv4 destination */
	uint8_t		 tos;		/* TOS byte of the outer header: out, */
					/* and in Teredo (0: not known) */
	uint8_t		 ttl;		/* out: TTL of the outer header */

	enum drop	 why;		/* valid with V_DROP and V_REPLY */
	uint8_t		*reply;		/* the caller's PKT_REPLY_MAX */
	size_t		 reply_len;	/* valid with V_REPLY: an IPv6 packet */
};

#endif
