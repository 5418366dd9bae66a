/*
 * Probes of one kind of relay: does it relay?  The health process is a 6to4
 * host and a Teredo client of its own relay, and sends ICMPv6 echoes as any
 * user does.  Here is which echoes, what an answer is worth, and what follows
 * from their absence.  Pure: no I/O, no clock; what is to be sent goes to a
 * function.
 *
 * Two things are to be proven, in rounds, and each has its own echo:
 *
 *	Ourselves.  An echo through the relay to this host's own native IPv6
 *	address.  The kernel answers it, and the answer goes into the tun:
 *	both directions of the relay, whatever the world's routing is.  One
 *	echo for each entry (listen address).
 *
 *	Targets.  An echo through the relay to a host in the IPv6 Internet,
 *	and a native one beside it.  The answer to a 6to4 or Teredo address
 *	goes to whoever announces 2002::/16 or 2001::/32 nearest to the target.
 *	As long as it is not us, it comes by somebody else's relay, or not at
 *	all, and says little about us.  Were it needed for being announced, a
 *	relay without neighbors would never be.  So a native answer will do,
 *	until the target has answered by way of our own relay while that was
 *	healthy: then it has to go on answering.  The configuration can be
 *	strict about it: then only answers to echoes through a relay count.
 *
 *	When such targets fall silent, though they answer natively, the relay
 *	is a black hole as far as we can know, and once it is withdrawn nothing
 *	can show that it is none.  So it is tried again after a while, and has
 *	some time in which those targets have to answer; if they do not, the
 *	while is twice as long.
 *
 * A round is good as soon as ourselves and enough of the targets have
 * answered.  fall rounds in a row that end otherwise are a bad sign; one good
 * round ends it.
 *
 * An answer counts when it has the cookie of the one echo that is outstanding
 * there, 64 bits under a secret key, and comes from the right address to the
 * right address: forged, repeated and late ones are counted apart.  A round
 * sends one packet a way, so what probing costs is bounded by interval.
 */
#ifndef PROBE_H
#define PROBE_H

#include <netinet/in.h>

#include <stddef.h>
#include <stdint.h>

#include "ctlmsg.h"
#include "ip_wire.h"
#include "mono.h"
#include "probe_echo.h"
#include "relayd6.h"
#include "siphash.h"

enum probe_way {
	PROBE_RELAY,		/* an IPv6 packet, for the relay */
	PROBE_NATIVE,		/* an ICMPv6 message, for the kernel */
	PROBE_TCP,		/* a connection, for the parent */
	PROBE_NWAYS
};

struct probe_goal {
	struct addr6		 addr;	/* of ourselves: see local */
	uint16_t		 port;
	uint8_t			 self;
	uint8_t			 native; /* never through the relay */
	uint8_t			 entry;	/* which listen address */
	uint8_t			 through; /* has to answer that way */
	uint8_t			 proven; /* has done so once */
	struct probe_echo	 echo[PROBE_NWAYS];
};

#define PROBE_GOALS	(LIMIT_LISTEN + LIMIT_PROBE_TARGETS)

/* One packet to send. */
struct probe_send {
	enum probe_way	 way;
	int		 goal;
	uint32_t	 entry;		/* PROBE_RELAY */
	struct addr6	 dst;
	uint16_t	 port;		/* PROBE_TCP, which has no data */
	const uint8_t	*data;
	size_t		 len;
};

/* 0, or -1 when it could not be sent.  Must not call back. */
typedef int	probe_sender(void *arg, const struct probe_send *);

struct probe {
	struct conf_probe	 conf;
	struct addr6		 id;	/* we are this host or client */
	struct addr6		 local;	/* our native address; :: unknown */
	uint32_t		 nself;
	uint32_t		 ngoals;	/* ourselves first */
	struct probe_goal	 goal[PROBE_GOALS];
	probe_sender		*send;
	void			*arg;
	uint8_t			 key[SIPHASH_KEYLEN];
	uint64_t		 count;		/* of echoes, for cookies */
	int			 open;		/* a round is on */
	int			 passed;	/* and good already */
	int			 announced;	/* the relay is healthy */
	int			 tried;		/* ... on trial until settled */
	mono_t			 settled;
	int64_t			 hold;		/* the last while, ns */
	mono_t			 held;		/* not good before */
	int			 good;		/* what is to be believed */
	uint32_t		 fails;		/* bad rounds in a row */
	uint32_t		 quick;		/* rounds without a pause */
	mono_t			 began;		/* the round */
	mono_t			 deadline;
	uint64_t		 refused;	/* answers that are none */
	char			 why[LIMIT_REASON];
};

/* Start with a secret key, and without anything to do. */
void	probe_init(struct probe *, const uint8_t key[SIPHASH_KEYLEN],
	    probe_sender *, void *arg);

/*
 * Go on with another configuration and another identity.  What was measured
 * stays when the targets stay; what is believed stays in any case.  nself is
 * the number of entries.  Probes that begin are believed good when the relay
 * is healthy without them, else bad until the first good round.
 */
void	probe_reconf(struct probe *, const struct conf_probe *,
	    const struct addr6 *, uint32_t nself, mono_t now);

/* The relay has become healthy, or ceased to be: is it announced? */
void	probe_announced(struct probe *, int, mono_t now);

/* When probe_tick() wants to be called. */
mono_t	probe_deadline(const struct probe *);

/* End a round, or begin one, when its time has come. */
void	probe_tick(struct probe *, mono_t now);

/*
 * An IPv6 packet to us as host or client; ours when it was our own relay that
 * sent it.  Anything may be in there.
 */
enum probe_answer	probe_relay_in(struct probe *, const uint8_t *,
			    size_t len, int ours, mono_t now);

/* An ICMPv6 message from src to our native address dst. */
enum probe_answer	probe_native_in(struct probe *,
			    const struct addr6 *src, const struct addr6 *dst,
			    const uint8_t *, size_t len, mono_t now);

/* The connection to a goal is there (NULL), or why it never will be. */
void	probe_tcp_in(struct probe *, int goal, const char *failure, mono_t now);

/* True when the sign is good; else why gets what is wrong. */
int	probe_good(const struct probe *, char *why, size_t len);

/* The i-th line of show health; 0 when there is no such line. */
int	probe_get(const struct probe *, int i, struct ctl_probe *, mono_t now);

#endif
