/*
 * One BFD session (RFC 5880 6.8): bytes and time in, bytes, a deadline and a
 * state out.  The process owns sockets, clock and timers.  After every call
 * that may change something it takes all output (bfd_session_output(), until
 * there is none), looks at the state, and notes when to call
 * bfd_session_tick() at the latest.  Packets that wait in a socket should be
 * handed in before a tick, so that a process that was busy does not take its
 * peers for dead.  Asynchronous mode; demand mode is honoured when the peer
 * has it, echo is neither asked for nor offered.  Times are microseconds where
 * they are the protocol's.
 */
#ifndef BFD_SESSION_H
#define BFD_SESSION_H

#include <sys/types.h>
#include <sys/queue.h>

#include <stddef.h>
#include <stdint.h>

#include "bfd_auth.h"
#include "bfd_fsm.h"
#include "bfd_wire.h"
#include "mono.h"
#include "prefix.h"

#define BFD_SLOW	1000000U	/* us; RFC 5880 6.8.3: while not up */

/* What is wanted once the session is up; mult is not 0. */
struct bfd_times {
	uint32_t	 min_tx;	/* us */
	uint32_t	 min_rx;
	uint8_t		 mult;
};

/* Where a session runs: what tells it from others until it has numbers. */
struct bfd_path {
	struct ipaddr	 remote;
	uint8_t		 multihop;	/* RFC 5883 */
	uint8_t		 hops_min;	/* hop limit to insist on */
	uint8_t		 pad[2];
};

struct bfd_counters {
	uint64_t	 in;
	uint64_t	 out;
	uint64_t	 rule[BFD_NRULES];	/* discarded, by reason */
	uint64_t	 ups;
	uint64_t	 polls;		/* sequences that we began */
	int64_t		 gap;		/* ns, longest silence while up */
};

/* RFC 5880 6.8.1; the members are named as there.  For looking at only. */
struct bfd_session {
	TAILQ_ENTRY(bfd_session)	 entry;
	struct bfd_path			 path;
	struct bfd_times		 want;
	struct bfd_key			 key;
	enum bfd_state			 state;
	enum bfd_state			 remote_state;
	uint32_t			 local_discr;
	uint32_t			 remote_discr;
	uint8_t				 diag;
	uint8_t				 remote_diag;
	uint8_t				 remote_mult;	/* 0: not heard yet */
	uint8_t				 remote_flags;
	uint32_t			 min_tx;	/* as we tell it */
	uint32_t			 min_rx;
	uint32_t			 remote_min_tx;
	uint32_t			 remote_min_rx;
	uint32_t			 seq;		/* XmitAuthSeq */
	struct bfd_heard		 heard;		/* RcvAuthSeq, known */
	/* In force, as long as a poll for others is not answered (6.8.3). */
	uint32_t			 use_tx;
	uint32_t			 use_rx;
	uint8_t				 poll;		/* being sent */
	uint8_t				 poll_next;	/* to be begun */
	uint8_t				 final_due;
	uint8_t				 due;		/* news to tell */
	uint16_t			 jitter;	/* permille */
	mono_t				 sent_at;
	mono_t				 heard_at;
	mono_t				 since;		/* in this state */
	struct bfd_counters		 count;
};

TAILQ_HEAD(bfd_sessions, bfd_session);

/*
 * A session in Down that is told to come up.  discr is ours: unique, not zero,
 * and with seq at random (6.8.1).  key may be NULL.
 */
void		 bfd_session_init(struct bfd_session *, const struct bfd_path *,
		    uint32_t discr, uint32_t seq, const struct bfd_times *,
		    const struct bfd_key *, mono_t now);

/* Other times or another key from now on, without losing the session. */
void		 bfd_session_reconf(struct bfd_session *,
		    const struct bfd_times *, const struct bfd_key *);

/* An event of our own: enable, disable or reset. */
void		 bfd_session_event(struct bfd_session *, enum bfd_event,
		    mono_t now);

/* A packet, and what the kernel tells about it. */
struct bfd_arrival {
	const void	*data;
	size_t		 len;
	struct ipaddr	 from;
	uint8_t		 hops;		/* its TTL or hop limit */
	uint8_t		 multihop;	/* by the port it came to */
};

/*
 * 6.8.6: find the session of a packet and let it have it.  BFD_R_OK, or why
 * the packet was discarded; the session when there is one, or NULL.
 */
enum bfd_rule	 bfd_receive(struct bfd_sessions *, const struct bfd_arrival *,
		    mono_t now, struct bfd_session **);

/* When to call bfd_session_tick() at the latest. */
mono_t		 bfd_session_deadline(const struct bfd_session *);
void		 bfd_session_tick(struct bfd_session *, mono_t now);

/*
 * Write the packet that is due now to buf, which has BFD_PACKET_MAX bytes;
 * its length, or 0 when there is none.  random is for the next jitter.
 */
size_t		 bfd_session_output(struct bfd_session *, uint8_t *buf,
		    uint32_t random, mono_t now);

/*
 * How often we send, how often the peer does as far as we know, and how long
 * it may be silent; us and, for the last, ns; 0: it has not been heard.
 */
uint32_t	 bfd_session_interval(const struct bfd_session *);
uint32_t	 bfd_session_remote_interval(const struct bfd_session *);
int64_t		 bfd_session_detection(const struct bfd_session *);

#endif
