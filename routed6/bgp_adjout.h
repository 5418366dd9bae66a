/*
 * What one peer is to be told and what it has been told.  The process says
 * what it wants announced; whenever there is room on the wire the peer's
 * engine asks for the next UPDATE.  Nothing is queued: a set that changed ten
 * times while the peer was slow costs one UPDATE.  Withdrawals come before
 * anything else.
 */
#ifndef BGP_ADJOUT_H
#define BGP_ADJOUT_H

#include <stdint.h>

#include "bgp_update.h"
#include "routed6.h"
#include "wr.h"

/* Whether an announcement can be made to a peer, and if not, why. */
enum bgp_why {
	BGP_WHY_OK,
	BGP_WHY_SESSION,	/* there is none */
	BGP_WHY_FAMILY,		/* the peer does not take this family */
	BGP_WHY_NEXTHOP		/* no next hop that the peer can use */
};

struct bgp_route {
	struct bgp_announce	 a;
	uint8_t			 used;
	uint8_t			 wanted;
	uint8_t			 told;	/* the peer has it */
	uint8_t			 stale;	/* ... but in another form */
};

/*
 * Twice the limit: a whole set that is still to be withdrawn, and the set
 * that comes in its place.
 */
#define BGP_NROUTES	(2 * LIMIT_BGP_ANNOUNCE)

struct bgp_adjout {
	struct bgp_session	 s;		/* while up */
	uint8_t			 up;
	uint8_t			 leaving;	/* withdraw all */
	size_t			 top;		/* places ever used */
	struct bgp_route	 r[BGP_NROUTES];
};

/* Nothing wanted, nothing told; memory that is not used is not touched. */
void	 bgp_adjout_init(struct bgp_adjout *);

/*
 * Replace the wanted set.  -1, and no change, when it has more than
 * LIMIT_BGP_ANNOUNCE members or an impossible one.  A prefix that is there
 * twice is wanted as its last mention says.
 */
int	 bgp_adjout_set(struct bgp_adjout *, const struct bgp_announce *,
	    size_t n);

/* A session came up: everything wanted is to be told.  It went: forget. */
void	 bgp_adjout_up(struct bgp_adjout *, const struct bgp_session *);
void	 bgp_adjout_down(struct bgp_adjout *);

/* Withdraw all that was told, and announce nothing more in this session. */
void	 bgp_adjout_leave(struct bgp_adjout *);

/*
 * Tell again: every prefix of family af, or of both with af 0 (RFC 2918 4,
 * or when next hops changed to those of the session given).
 */
void	 bgp_adjout_again(struct bgp_adjout *, uint8_t af);
void	 bgp_adjout_session(struct bgp_adjout *, const struct bgp_session *);

/*
 * Write the next UPDATE, if there is something to say: 1 when one was
 * written, else 0.  w must have room for a message of BGP_MSG_MAX bytes.
 * bgp_adjout_announce() has nothing to say while there is something to
 * withdraw.
 */
int	 bgp_adjout_withdraw(struct bgp_adjout *, struct wr *);
int	 bgp_adjout_announce(struct bgp_adjout *, struct wr *);

/* Is there something of family af to announce? */
int	 bgp_adjout_pending(const struct bgp_adjout *, uint8_t af);

/* How many prefixes are wanted; how many the peer has from us. */
uint32_t bgp_adjout_wanted(const struct bgp_adjout *);
uint32_t bgp_adjout_told(const struct bgp_adjout *);

/*
 * Can this be announced in this session?  When it can, *nexthop is set to the
 * next hop to announce it with.
 */
enum bgp_why	 bgp_adjout_why(const struct bgp_session *,
		    const struct bgp_announce *, struct ipaddr *nexthop);
const char	*bgp_why_words(enum bgp_why);

#endif
