/*
 * BGP errors: a code, a subcode and data, as a NOTIFICATION carries them
 * (RFC 4271 4.5), and the words a person reads for them.  Used by the wire
 * parsers to say what was wrong and by the peer to say it to the neighbor.
 */
#ifndef BGP_ERROR_H
#define BGP_ERROR_H

#include <stddef.h>
#include <stdint.h>

#include "rd.h"
#include "wr.h"

enum bgp_code {			/* RFC 4271 4.5 */
	BGP_E_HEADER	= 1,
	BGP_E_OPEN	= 2,
	BGP_E_UPDATE	= 3,
	BGP_E_HOLD	= 4,
	BGP_E_FSM	= 5,
	BGP_E_CEASE	= 6,
	BGP_E_REFRESH	= 7,	/* RFC 7313 */
	BGP_E_SEND_HOLD	= 8	/* RFC 9687 */
};

enum bgp_header_sub {		/* RFC 4271 6.1 */
	BGP_HEADER_SYNC		= 1,
	BGP_HEADER_LENGTH	= 2,
	BGP_HEADER_TYPE		= 3
};

enum bgp_open_sub {		/* RFC 4271 6.2, RFC 5492 */
	BGP_OPEN_UNSPECIFIC	= 0,
	BGP_OPEN_VERSION	= 1,
	BGP_OPEN_AS		= 2,
	BGP_OPEN_ID		= 3,
	BGP_OPEN_PARAMETER	= 4,
	BGP_OPEN_HOLD		= 6,
	BGP_OPEN_ROLE		= 11	/* RFC 9234 4.2 */
};

enum bgp_update_sub {		/* RFC 4271 6.3 */
	BGP_UPDATE_LIST		= 1,
	BGP_UPDATE_UNKNOWN	= 2,
	BGP_UPDATE_MISSING	= 3,
	BGP_UPDATE_FLAGS	= 4,
	BGP_UPDATE_LENGTH	= 5,
	BGP_UPDATE_ORIGIN	= 6,
	BGP_UPDATE_NEXTHOP	= 8,
	BGP_UPDATE_OPTIONAL	= 9,
	BGP_UPDATE_NETWORK	= 10,
	BGP_UPDATE_ASPATH	= 11
};

enum bgp_fsm_sub {		/* RFC 6608 */
	BGP_FSM_OPENSENT	= 1,
	BGP_FSM_OPENCONFIRM	= 2,
	BGP_FSM_ESTABLISHED	= 3
};

enum bgp_refresh_sub {		/* RFC 7313 5 */
	BGP_REFRESH_LENGTH	= 1
};

enum bgp_cease_sub {		/* RFC 4486, RFC 9384 */
	BGP_CEASE_MAXPREFIX	= 1,
	BGP_CEASE_SHUTDOWN	= 2,
	BGP_CEASE_DECONFIGURED	= 3,
	BGP_CEASE_RESET		= 4,
	BGP_CEASE_REJECTED	= 5,
	BGP_CEASE_CONFIG	= 6,
	BGP_CEASE_COLLISION	= 7,
	BGP_CEASE_BFD		= 10
};

#define BGP_COMMUNICATION_MAX	255	/* RFC 9003 2: bytes of UTF-8 */
#define BGP_ERROR_DATA	(1 + BGP_COMMUNICATION_MAX)
#define BGP_ERROR_TEXT	400		/* room for bgp_error_print() */

struct bgp_error {
	uint8_t		 code;		/* 0: no error */
	uint8_t		 subcode;
	uint16_t	 len;
	uint8_t		 data[BGP_ERROR_DATA];
};

/* Fill in; data beyond BGP_ERROR_DATA bytes is left out. */
void	 bgp_error_set(struct bgp_error *, uint8_t code, uint8_t subcode,
	    const void *data, size_t len);

/*
 * A Cease with a shutdown communication (RFC 9003) where the subcode may
 * carry one (2 and 4) and text is neither NULL nor empty.  Text that is too
 * long is cut between two characters.
 */
void	 bgp_error_cease(struct bgp_error *, uint8_t subcode,
	    const char *text);

/* True when text is UTF-8 and no longer than a communication may be. */
int	 bgp_text_valid(const char *text);

/* Drop the rest of a character that was cut off at the end of text. */
void	 bgp_text_trim(char *text);

/* A whole NOTIFICATION message. */
void	 bgp_notification_build(struct wr *, const struct bgp_error *);

/*
 * The body of a NOTIFICATION, after the header.  -1 when it is too short to
 * hold a code.  Data beyond BGP_ERROR_DATA bytes is forgotten.
 */
int	 bgp_notification_parse(struct rd *, struct bgp_error *);

/*
 * "Cease, Administrative Shutdown: \"text\"".  What the peer wrote is fit for
 * a log: bytes that are not UTF-8, control characters and characters that
 * turn the direction of text are escaped.  Returns buf.
 */
char	*bgp_error_print(const struct bgp_error *, char *buf, size_t);

#endif
