/*
 * Authentication of BFD packets (RFC 5880 4.2, 4.4 and 6.7): simple password,
 * keyed SHA1 and meticulous keyed SHA1.  The MD5 types are obsolete and not
 * spoken.  Engine of the bfd process; pure.
 */
#ifndef BFD_AUTH_H
#define BFD_AUTH_H

#include <stddef.h>
#include <stdint.h>

#include "bounds.h"
#include "wr.h"

enum bfd_auth {			/* RFC 5880 4.1 */
	BFD_AUTH_NONE,
	BFD_AUTH_SIMPLE,
	BFD_AUTH_MD5,		/* refused, and so is the next */
	BFD_AUTH_MD5_METICULOUS,
	BFD_AUTH_SHA1,
	BFD_AUTH_SHA1_METICULOUS,
	BFD_NAUTHS
};

#define BFD_AUTH_NAMES	{ "none", "simple", "md5", "meticulous-md5", \
			    "sha1", "meticulous-sha1" }

#define BFD_PASSWORD_MAX	16	/* RFC 5880 4.2 */

/* A key; one that is shorter is filled up with zeroes (RFC 5880 6.7.4). */
struct bfd_key {
	uint8_t	 type;			/* enum bfd_auth */
	uint8_t	 id;
	uint8_t	 len;
	uint8_t	 secret[LIMIT_BFD_KEY];
};

/* The last sequence number that was accepted (bfd.RcvAuthSeq). */
struct bfd_heard {
	uint32_t	 seq;
	uint8_t		 known;		/* bfd.AuthSeqKnown */
};

/* Bytes of the authentication section; 0 without one. */
size_t	bfd_auth_len(const struct bfd_key *);

/*
 * Append the section to a packet whose header is all that was written to the
 * cursor, which must have been started with the packet.
 */
void	bfd_auth_sign(const struct bfd_key *, struct wr *, uint32_t seq);

/*
 * Check the section of a received packet: len bytes, as its Length field says.
 * mult is the packet's.  0, and the sequence number is noted; or -1.
 */
int	bfd_auth_check(const struct bfd_key *, const uint8_t *packet,
	    size_t len, uint8_t mult, struct bfd_heard *);

#endif
