/*
 * One BGP neighbor: bytes and time in, bytes and requests out.  The process
 * owns sockets, clock and timers; it
 *  - tells what happened to connections (opened, failed) and hands in bytes;
 *  - after every call asks both sides for output (bgp_peer_output(), until
 *    there is none or the socket is full) and when to call bgp_peer_tick();
 *  - answers the requests in struct bgp_ops.  They are made from within the
 *    calls below and must not call back into the peer.
 * Bytes that wait in a socket should be handed in before a tick, so that a
 * process that was busy does not take its peers for dead.
 */
#ifndef BGP_PEER_H
#define BGP_PEER_H

#include <sys/types.h>

#include <stddef.h>
#include <stdint.h>

#include "bgp_adjout.h"
#include "bgp_error.h"
#include "bgp_fsm.h"
#include "bgp_wire.h"
#include "mono.h"
#include "routed6.h"

#define BGP_CONNECT_RETRY	30	/* s, when not configured */

/* The two connections a neighbor may have: who opened it (RFC 4271 6.8). */
enum bgp_side { BGP_OUT, BGP_IN, BGP_NSIDES };

struct bgp_peer;

enum bgp_timer {
	BGP_T_START,		/* IdleHoldTimer */
	BGP_T_RETRY,		/* ConnectRetryTimer */
	BGP_T_DELAY,		/* DelayOpenTimer */
	BGP_T_HOLD,
	BGP_T_KEEPALIVE,
	BGP_T_SEND_HOLD,
	BGP_T_LINGER,
	BGP_NTIMERS
};

struct bgp_ops {
	/*
	 * Open a connection; later, not from within, bgp_peer_opened() or
	 * bgp_peer_failed() for BGP_OUT.
	 */
	void		(*connect)(void *, struct bgp_peer *);
	/* Half-close: nothing more will be written, the peer may finish. */
	void		(*shut)(void *, struct bgp_peer *, enum bgp_side);
	/* Close the connection, or give up the attempt to open it. */
	void		(*close)(void *, struct bgp_peer *, enum bgp_side);
	/* What bgp_peer_state() answers has changed. */
	void		(*state)(void *, struct bgp_peer *, enum bgp_state was,
			    enum bgp_state is);
	/* A line for the log, of a syslog priority; who is the process's. */
	void		(*log)(void *, struct bgp_peer *, int pri,
			    const char *line);
	/* A number nobody can guess, for jitter. */
	uint32_t	(*random)(void *);
};

/* For "ctl6 show peers"; pointer-free. */
struct bgp_peer_stats {
	uint32_t	 id;
	uint32_t	 remote_id;	/* host byte order; 0: not known yet */
	uint32_t	 caps;		/* BGP_CAP_* of the peer's last OPEN */
	uint32_t	 caps_sent;	/* ... and of ours */
	uint16_t	 hold;		/* agreed on, s */
	uint8_t		 role;		/* of the peer's last OPEN */
	uint8_t		 side;		/* enum bgp_side that got furthest */
	uint8_t		 state;		/* enum bgp_state */
	uint8_t		 stopped;	/* and does not start by itself */
	mono_t		 since;		/* in this state */
	mono_t		 up_at;		/* begin of the last session, if any */
	uint32_t	 wanted;	/* prefixes to announce */
	uint32_t	 announced;	/* prefixes the peer has from us */
	uint32_t	 established;	/* times */
	uint32_t	 failures;	/* since a session last was stable */
	uint32_t	 heard;		/* prefixes it announces, if bounded */
	uint64_t	 reach;		/* prefixes the peer announced, ever */
	uint64_t	 unreach;	/* ... and withdrew */
	uint64_t	 treated;	/* UPDATEs treated as withdrawals */
	uint64_t	 discarded;	/* attributes thrown away, RFC 7606 */
	uint64_t	 msg_in[BGP_NTYPES];	/* by enum bgp_type */
	uint64_t	 msg_out[BGP_NTYPES];
	mono_t		 timer[BGP_NTIMERS];	/* of that side; MONO_NEVER */
	mono_t		 restart;	/* after too many prefixes; likewise */
	char		 error_out[BGP_ERROR_TEXT];	/* what we said last */
	char		 error_in[BGP_ERROR_TEXT];	/* what the peer said */
	char		 failure[64];	/* of the last connection */
	mono_t		 error_out_at;	/* when, if there are words */
	mono_t		 error_in_at;
	mono_t		 failure_at;
	char		 name[BGP_NAME];	/* what it calls itself */
};

/* One prefix for "ctl6 show peers"; the next hop when it is told. */
struct bgp_peer_route {
	struct prefix	 prefix;
	struct ipaddr	 nexthop;
	uint8_t		 told;		/* the peer has it */
	uint8_t		 why;		/* enum bgp_why */
	uint8_t		 leaving;	/* it will go soon (RFC 8326) */
	uint8_t		 pad;
};

/* A stopped peer that wants nothing announced.  NULL: no memory. */
struct bgp_peer	*bgp_peer_new(const struct bgp_conf_peer *,
		    const struct bgp_ops *, void *arg);

/* Close what is open without another word, and forget the peer. */
void		 bgp_peer_free(struct bgp_peer *);

/*
 * Take a new configuration.  What needs no word, and what can be said by new
 * UPDATEs, changes in place; with anything else the session is ended (Cease,
 * Other Configuration Change) and started anew.
 */
void		 bgp_peer_reconf(struct bgp_peer *,
		    const struct bgp_conf_peer *, mono_t now);

/* Have a session from now on (RFC 4271 AutomaticStart); harmless again. */
void		 bgp_peer_start(struct bgp_peer *, mono_t now);

/*
 * End the session in order: withdraw everything, then Cease with a subcode
 * (BGP_CEASE_SHUTDOWN, _DECONFIGURED ...; with text where RFC 9003 allows),
 * then close; and stay down.  bgp_peer_reset() does the same, but comes back.
 */
void		 bgp_peer_stop(struct bgp_peer *, uint8_t subcode,
		    const char *text, mono_t now);
void		 bgp_peer_reset(struct bgp_peer *, uint8_t subcode,
		    const char *text, mono_t now);

/* Tell everything again, as the peer itself may ask for (RFC 2918). */
void		 bgp_peer_refresh(struct bgp_peer *, mono_t now);

/* True when no connection is left. */
int		 bgp_peer_gone(const struct bgp_peer *);

/*
 * Replace the set of announced prefixes; as bgp_adjout_set(), whose -1 it
 * passes on.
 */
int		 bgp_peer_set(struct bgp_peer *, const struct bgp_announce *,
		    size_t n, mono_t now);

/*
 * A connection exists: the one asked for (BGP_OUT), or one that was accepted
 * (BGP_IN).  -1: not wanted, the caller closes it.  While this runs, close()
 * may be asked for an older connection of the same side.
 */
int		 bgp_peer_opened(struct bgp_peer *, enum bgp_side,
		    const struct ipaddr *local, const struct ipaddr *remote,
		    mono_t now);

/* The link-local address of the link on which an opened connection runs. */
void		 bgp_peer_linklocal(struct bgp_peer *, enum bgp_side,
		    const struct ipaddr *);

/*
 * It could not be made, was closed by the peer, or broke.  why is a few words
 * for a person, as of strerror(3).  The descriptor is asked to be closed.
 */
void		 bgp_peer_failed(struct bgp_peer *, enum bgp_side,
		    const char *why, mono_t now);

/* Bytes that came. */
void		 bgp_peer_input(struct bgp_peer *, enum bgp_side, const void *,
		    size_t len, mono_t now);

/*
 * Bytes that want to go: where they are, and *len how many (0: none).
 * bgp_peer_wrote() says how many went.
 */
const uint8_t	*bgp_peer_output(struct bgp_peer *, enum bgp_side,
		    size_t *len);
void		 bgp_peer_wrote(struct bgp_peer *, enum bgp_side, size_t n,
		    mono_t now);

/* When to call bgp_peer_tick() at the latest; MONO_NEVER: not at all. */
#define MONO_NEVER	INT64_MAX
mono_t		 bgp_peer_deadline(const struct bgp_peer *);
void		 bgp_peer_tick(struct bgp_peer *, mono_t now);

/* The configuration in force; state and figures of this moment. */
const struct bgp_conf_peer *bgp_peer_conf(const struct bgp_peer *);
enum bgp_state	 bgp_peer_state(const struct bgp_peer *);
void		 bgp_peer_stats(const struct bgp_peer *,
		    struct bgp_peer_stats *);

/* Wanted prefix number i, counting from 0; -1 when there are fewer. */
int		 bgp_peer_route(const struct bgp_peer *, size_t i,
		    struct bgp_peer_route *);

#endif
