/*
 * BFD control packets (RFC 5880 4): the fields and nothing of their meaning.
 * Times on the wire are microseconds.  Engine of the bfd process; pure.
 */
#ifndef BFD_WIRE_H
#define BFD_WIRE_H

#include <stddef.h>
#include <stdint.h>

#include "wr.h"

#define BFD_VERSION	1
#define BFD_HEADER_LEN	24
#define BFD_PACKET_MAX	52		/* with the longest authentication */

/* The numbers on the wire are one less. */
enum bfd_state {
	BFD_HOLE,
	BFD_ADMINDOWN,
	BFD_DOWN,
	BFD_INIT,
	BFD_UP,
	BFD_NSTATES
};

enum bfd_diag {			/* RFC 5880 4.1 */
	BFD_DIAG_NONE,
	BFD_DIAG_EXPIRED,	/* 1: the detection time */
	BFD_DIAG_ECHO,
	BFD_DIAG_NEIGHBOR,	/* 3: the neighbor said so */
	BFD_DIAG_RESET,		/* 4: forwarding plane reset */
	BFD_DIAG_PATH,
	BFD_DIAG_CONCATENATED,
	BFD_DIAG_ADMIN,		/* 7 */
	BFD_DIAG_REVERSE,
	BFD_NDIAGS,
	BFD_DIAG_KEEP = 0xff	/* in the state machine only */
};

#define BFD_POLL	0x20
#define BFD_FINAL	0x10
#define BFD_CPI		0x08	/* control plane independent */
#define BFD_AUTH	0x04
#define BFD_DEMAND	0x02
#define BFD_MULTIPOINT	0x01

/*
 * Why a packet is discarded: the rules of RFC 5880 6.8.6 in their order.
 * BFD_R_HOPS comes before them (RFC 5881 5), from the packet's hop limit.
 */
enum bfd_rule {
	BFD_R_OK,
	BFD_R_VERSION,		/* 1 */
	BFD_R_SHORT,		/* 2: Length below the least */
	BFD_R_LONG,		/* 3: Length beyond the payload */
	BFD_R_MULT,		/* 4 */
	BFD_R_MULTIPOINT,	/* 5 */
	BFD_R_MY,		/* 6: My Discriminator is zero */
	BFD_R_YOUR,		/* 7: Your Discriminator is of no session */
	BFD_R_STATE,		/* 8: it is zero, but Init or Up */
	BFD_R_STRANGER,		/* 9: it is zero, and no session fits */
	BFD_R_AUTH_UNUSED,	/* 10: authenticated, but we do not */
	BFD_R_AUTH_MISSING,	/* 11: we do, but it is not */
	BFD_R_AUTH,		/* 12: RFC 5880 6.7 */
	BFD_R_ADMINDOWN,	/* 13: our end is AdminDown */
	BFD_R_HOPS,
	BFD_NRULES
};

struct bfd_packet {
	uint8_t		 state;		/* enum bfd_state */
	uint8_t		 diag;		/* enum bfd_diag, or a newer one */
	uint8_t		 flags;		/* BFD_POLL ... */
	uint8_t		 mult;
	uint8_t		 len;		/* with authentication */
	uint32_t	 my;		/* discriminators */
	uint32_t	 your;
	uint32_t	 min_tx;	/* us */
	uint32_t	 min_rx;
	uint32_t	 min_echo;
};

/* Read a packet and hold it against rules 1 to 6 and 8. */
enum bfd_rule	 bfd_parse(struct bfd_packet *, const void *, size_t);

/* Write a packet up to its authentication section. */
void		 bfd_build(struct wr *, const struct bfd_packet *);

/* Words for people; "?" for a number that has none. */
const char	*bfd_state_name(uint8_t);
const char	*bfd_diag_name(uint8_t);
const char	*bfd_rule_name(uint8_t);

#endif
