/*
 * The authentication trailer of OSPFv3 packets (RFC 7166): which key of a
 * chain counts at a point in time, signing, verifying.  Pure: clock, sequence
 * numbers and packets come from the caller.
 */
#ifndef OSPF_AUTH_H
#define OSPF_AUTH_H

#include "ospf_conf.h"
#include "ospf_wire.h"

#define OSPF_AUTH_HEADER	16	/* bytes before the digest */
#define OSPF_AUTH_DIGEST	64	/* the longest */
#define OSPF_AUTH_MAX		(OSPF_AUTH_HEADER + OSPF_AUTH_DIGEST)

/* A chain of keys at a point in time (s since 1970). */
struct ospf_ring {
	const struct ospf_keys	*keys;
	uint32_t		 chain;
	int64_t			 now;
};

/* What the trailer of a packet said. */
struct ospf_auth_mark {
	uint8_t		 type;		/* enum ospf_type */
	uint16_t	 id;		/* of the key */
	uint64_t	 seq;
};

/*
 * What was accepted of a neighbor: the last sequence number of each type of
 * packet, so that those which overtook others of another type are not lost.
 * All zeroes: nothing.
 */
struct ospf_auth_seen {
	uint8_t		 any[OSPF_NTYPES];
	uint64_t	 seq[OSPF_NTYPES];
	uint16_t	 id;		/* key of the last packet */
};

/*
 * The key to sign with; NULL when the chain has none.  Of several that are
 * valid the one whose time began last.  When none is valid, the one that was
 * last, or else will be first: a router never falls back to no authentication
 * because time has passed (RFC 7166 3).  ospf_life_is() tells the difference.
 */
const struct ospf_conf_key *ospf_auth_send_key(const struct ospf_ring *);

/* The key of this number if it may be accepted, by the same rules. */
const struct ospf_conf_key *ospf_auth_accept_key(const struct ospf_ring *,
		    uint16_t id);

/* True within a lifetime. */
int	 ospf_life_is(const struct ospf_life *, int64_t now);

/*
 * Append the trailer to a packet that is finished otherwise, its checksum 0
 * (RFC 7166 4.2), which will go out from src.  -1 when there is no room.
 */
int	 ospf_auth_sign(struct wr *, const struct ospf_conf_key *,
	    uint64_t seq, const struct in6_addr *src);

/*
 * Judge a packet of len bytes, from its OSPFv3 header to the end of the IPv6
 * payload, that came from src.  seen is that of the neighbor; NULL: it is not
 * known.  mark is set as far as the trailer was read.  Nothing else of the
 * packet is judged.
 */
enum ospf_auth_verdict ospf_auth_verify(const struct ospf_ring *,
	    const void *, size_t len, const struct in6_addr *src,
	    const struct ospf_auth_seen *seen, struct ospf_auth_mark *mark);

/* Remember a packet that was accepted. */
void	 ospf_auth_note(struct ospf_auth_seen *,
	    const struct ospf_auth_mark *);

/* "wrong digest" */
const char *ospf_auth_verdict_name(enum ospf_auth_verdict);

#endif
