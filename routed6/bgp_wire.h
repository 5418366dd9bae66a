/*
 * BGP-4 messages on the wire: framing, OPEN with its capabilities, KEEPALIVE
 * and ROUTE-REFRESH.  NOTIFICATION is in bgp_error.h, reading an UPDATE in
 * bgp_update.h, writing one in bgp_adjout.h.
 */
#ifndef BGP_WIRE_H
#define BGP_WIRE_H

#include <sys/types.h>

#include <stddef.h>
#include <stdint.h>

#include "bgp_error.h"
#include "rd.h"
#include "routed6.h"
#include "wr.h"

#define BGP_VERSION	4
#define BGP_HEADER_LEN	19	/* RFC 4271 4.1 */
#define BGP_MSG_MAX	4096
#define BGP_MSG_EXTENDED 65535	/* RFC 8654, never for OPEN and KEEPALIVE */
#define BGP_AS_TRANS	23456	/* RFC 6793 9 */
#define BGP_AFI_IP	1
#define BGP_AFI_IP6	2
#define BGP_SAFI_UNICAST 1

enum bgp_type {
	BGP_OPEN = 1,
	BGP_UPDATE,
	BGP_NOTIFICATION,
	BGP_KEEPALIVE,
	BGP_REFRESH,		/* RFC 2918 */
	BGP_NTYPES
};

/* What a speaker said it can do (RFC 5492). */
#define BGP_CAP_MP	0x01	/* any multiprotocol capability, RFC 4760 */
#define BGP_CAP_IP4	0x02	/* ... for IPv4 unicast */
#define BGP_CAP_IP6	0x04	/* ... for IPv6 unicast */
#define BGP_CAP_EXTNH	0x08	/* IPv4 unicast by IPv6 next hop, RFC 8950 */
#define BGP_CAP_AS4	0x10	/* RFC 6793 */
#define BGP_CAP_REFRESH	0x20	/* RFC 2918 */
#define BGP_CAP_GR	0x40	/* RFC 4724: tolerated, never offered */
#define BGP_CAP_ERR	0x80	/* enhanced refresh, RFC 7313 */
#define BGP_CAP_EXTMSG	0x100	/* RFC 8654 */
#define BGP_CAP_ROLE	0x200	/* RFC 9234 */
#define BGP_CAP_NAME	0x400	/* its name: read, never said */
#define BGP_NCAPS	11

#define BGP_NAME	64	/* bytes of a name we keep, with the NUL */

/* The kinds of ROUTE-REFRESH (RFC 7313 3.2). */
enum bgp_refresh {
	BGP_REFRESH_ASK		= 0,
	BGP_REFRESH_BEGIN	= 1,	/* BoRR */
	BGP_REFRESH_END		= 2	/* EoRR */
};

struct bgp_open {
	uint32_t	 as;		/* from the capability when there */
	uint32_t	 id;		/* host byte order */
	uint32_t	 caps;		/* BGP_CAP_* */
	uint16_t	 hold;		/* s */
	uint8_t		 role;		/* enum bgp_role; BGP_NROLES: no such */
	uint8_t		 roles_differ;	/* it was there twice */
	char		 name[BGP_NAME]; /* printable; "" without one */
};

/* "IPv6 unicast"; cap is one BGP_CAP_* bit. */
const char	*bgp_cap_name(uint32_t cap);

/* "UPDATE"; "?" for a type that is none. */
const char	*bgp_type_name(uint8_t type);

/*
 * Look at the beginning of a stream of messages of at most max bytes, which is
 * BGP_MSG_MAX or BGP_MSG_EXTENDED.  Returns the length of the message that
 * is there whole, 0 when more bytes are needed, or -1 with the error to send
 * (RFC 4271 6.1).  *type is set with a message; its body begins
 * BGP_HEADER_LEN bytes in.
 */
ssize_t	 bgp_frame(const uint8_t *buf, size_t len, size_t max,
	    uint8_t *type, struct bgp_error *);

/*
 * Write a header; the length is filled in by bgp_msg_end(), which is given
 * what bgp_msg_begin() returned.
 */
size_t	 bgp_msg_begin(struct wr *, uint8_t type);
void	 bgp_msg_end(struct wr *, size_t at);

/* Whole messages.  afi as in BGP_AFI_*. */
void	 bgp_open_build(struct wr *, const struct bgp_open *);
void	 bgp_keepalive_build(struct wr *);
void	 bgp_refresh_build(struct wr *, uint16_t afi, uint8_t kind,
	    uint8_t safi);

/*
 * Bodies.  bgp_open_parse() is -1 with the error to send when the message is
 * wrong in itself (RFC 4271 6.2); whether it suits us is the peer's to say.
 * bgp_refresh_parse() is -1 for the wrong length; then *kind is still set
 * when it was there.
 */
int	 bgp_open_parse(struct rd *, struct bgp_open *, struct bgp_error *);
int	 bgp_refresh_parse(struct rd *, uint16_t *afi, uint8_t *kind,
	    uint8_t *safi);

#endif
