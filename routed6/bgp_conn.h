/*
 * One connection of a BGP neighbor, and the neighbor it belongs to.  Shared
 * by bgp_peer.c, which speaks to the process, bgp_input.c, which reads what
 * the neighbor says, and bgp_conn.c, which obeys the state machine; nobody
 * else includes it.
 */
#ifndef BGP_CONN_H
#define BGP_CONN_H

#include "bgp_heard.h"
#include "bgp_peer.h"

/* RFC 4271 8.2.2: the hold timer until the peer's OPEN arrives. */
#define BGP_HOLD_LARGE	MONO_S(240)
#define BGP_SEND_HOLD	MONO_S(480)	/* RFC 9687 6: 8 min at least */
#define BGP_LINGER	MONO_S(5)	/* for last words and the peer's FIN */
#define BGP_BACKOFF_MAX	MONO_S(60)	/* between attempts */
#define BGP_STABLE	MONO_S(60)	/* so long up: failures forgotten */
/*
 * Two UPDATEs of withdrawals, one a family, and behind them a keepalive and
 * the marks of telling both families again, begin and end.
 */
#define BGP_OUT_SIZE	(2 * BGP_MSG_MAX + BGP_HEADER_LEN + 4 * 23)

/* Telling a family again, between two marks (RFC 7313 4). */
enum bgp_retell {
	BGP_RETELL_NONE,
	BGP_RETELL_BEGIN,	/* the first mark is still to be said */
	BGP_RETELL_END		/* ... the second one, after the rest */
};

#define BGP_FAMILIES	2

struct bgp_conn {
	struct bgp_peer	*peer;
	enum bgp_side	 side;
	enum bgp_state	 state;
	enum bgp_state	 was;		/* before the event being handled */
	mono_t		 timer[BGP_NTIMERS];	/* MONO_NEVER: off */
	uint8_t		 open;		/* process holds a descriptor for us */
	uint8_t		 keepalive_due;
	uint8_t		 bye_due;	/* bye is still to be said */
	uint8_t		 shut;		/* half-closed */
	uint8_t		 plain;		/* our OPEN was without capabilities */
	uint8_t		 retell[BGP_FAMILIES];	/* enum bgp_retell */
	uint8_t		 type;		/* message being handled */
	struct bgp_error bye;		/* what will be said at the end */
	struct bgp_open	 got;		/* the peer's OPEN */
	struct bgp_update update;	/* ... and UPDATE being handled */
	uint16_t	 hold;		/* agreed hold time, s */
	struct ipaddr	 local;
	struct ipaddr	 linklocal;	/* ... on the peer's link, or none */
	/* Buffers exist as long as there is a connection. */
	uint8_t		*in;
	size_t		 in_size;	/* the longest message */
	size_t		 in_len;
	uint8_t		*out;		/* BGP_OUT_SIZE bytes */
	size_t		 out_off;	/* written up to here */
	size_t		 out_len;
};

struct bgp_peer {
	struct bgp_conf_peer	 conf;
	const struct bgp_ops	*ops;
	void			*arg;
	mono_t			 now;		/* of the call being served */
	struct bgp_conn		 conn[BGP_NSIDES];
	struct bgp_conn		*up;		/* the established one */
	mono_t			 up_since;
	struct bgp_adjout	 adj;
	struct bgp_error	 bye;		/* why we stop or reset */
	uint8_t			 started;
	uint8_t			 plain;		/* the next OPEN is to be */
	mono_t			 restart;	/* start by itself then */
	struct bgp_heard	 heard;		/* when there is a bound */
	uint32_t		 failures;
	enum bgp_state		 shown;		/* last reported state */
	mono_t			 shown_since;
	struct bgp_peer_stats	 stats;		/* counters and words only */
};

/* Back to Idle without a descriptor, timers off, as after creation. */
void	 bgp_conn_init(struct bgp_conn *, struct bgp_peer *, enum bgp_side);

/* Let the state machine answer an event. */
void	 bgp_conn_event(struct bgp_conn *, enum bgp_event);

/* Cut bytes into messages and let the state machine have them. */
void	 bgp_conn_input(struct bgp_conn *, const uint8_t *, size_t len);

/* A session can have longer messages from now on (RFC 8654). */
void	 bgp_conn_widen(struct bgp_conn *);

/*
 * Tell all of a family again, 4, 6 or 0 for both (RFC 2918 4), between marks
 * if the peer knows them.
 */
void	 bgp_conn_retell(struct bgp_conn *, uint8_t af);

/* Put into an empty output buffer what is to be said now. */
void	 bgp_conn_fill(struct bgp_conn *);

/* The peer took bytes: it is not stalled (RFC 9687). */
void	 bgp_conn_sent(struct bgp_conn *);

/* The side that is not this one. */
struct bgp_conn	*bgp_conn_other(struct bgp_conn *);

/* Arm a timer so many nanoseconds from now. */
void	 bgp_conn_arm(struct bgp_conn *, enum bgp_timer, int64_t ns);

/*
 * How long to wait before the next attempt: nothing the first time, then 1 s
 * doubling up to BGP_BACKOFF_MAX, with jitter.
 */
int64_t	 bgp_peer_backoff(struct bgp_peer *);

/* The session is over: what was told is forgotten. */
void	 bgp_peer_down(struct bgp_peer *);

/* What the session that conn has agreed on means for UPDATEs. */
void	 bgp_peer_session(const struct bgp_peer *, const struct bgp_conn *,
	    struct bgp_session *);

/* Collisions are routine; every other error somebody should know of. */
int	 bgp_error_priority(const struct bgp_error *);

/*
 * The peer announced more than it may: leave it, to return by ourselves when
 * the configuration says so.
 */
void	 bgp_peer_overrun(struct bgp_peer *);

/* What our OPEN says. */
void	 bgp_peer_open(const struct bgp_peer *, struct bgp_open *);

/*
 * Note in words why the connection ends or is of no use, and log it: always
 * if it had the session, and otherwise if it is news since the last session.
 */
void	 bgp_conn_failure(struct bgp_conn *, const char *, ...)
	    __attribute__((__format__(printf, 2, 3)));

/* One line to the log of the process. */
void	 bgp_peer_log(struct bgp_peer *, int pri, const char *, ...)
	    __attribute__((__format__(printf, 3, 4)));

#endif
