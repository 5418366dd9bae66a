/*
 * One way to one target of a probe: the echo that is outstanding, and what
 * became of those before.  Pure.
 */
#ifndef PROBE_ECHO_H
#define PROBE_ECHO_H

#include <stdint.h>

#include "ctlmsg.h"
#include "mono.h"
#include "probe_wire.h"

#define PROBE_WINDOW	64		/* echoes that lost remembers */

struct probe_echo {
	uint64_t	 cookie;	/* awaited; 0: nothing is */
	uint64_t	 late;		/* was awaited in the round before */
	uint16_t	 seq;
	uint8_t		 answered;	/* in this round */
	uint8_t		 ours;		/* the last answer: by our own relay */
	mono_t		 sent;
	uint64_t	 lost;		/* a bit an echo, the newest lowest */
	uint64_t	 nsent;
	uint64_t	 nlost;
	uint64_t	 nlate;
	uint32_t	 rtt_us;	/* last; 0: never answered */
	uint32_t	 smooth_us;	/* as TCP's, RFC 6298 2.3 */
	uint32_t	 best_us;
	mono_t		 failed;	/* when it last did */
	const char	*failure;	/* how, or NULL */
};

enum probe_answer { PROBE_TAKEN, PROBE_LATE, PROBE_REFUSED };

/* An echo with this mark is being sent. */
void	probe_echo_sent(struct probe_echo *, const struct probe_mark *,
	    mono_t now);

/* Nobody's answer is awaited any more, and nobody is blamed. */
void	probe_echo_forget(struct probe_echo *);

/* It failed for this reason. */
void	probe_echo_lost(struct probe_echo *, const char *how, mono_t now);

/* The round is over: what was not answered is lost. */
void	probe_echo_timeout(struct probe_echo *, mono_t now);

/* Its answer came; ours: by way of our own relay. */
void	probe_echo_answered(struct probe_echo *, int ours, mono_t now);

/* Is this the mark of the echo?  A late one is known as such once. */
enum probe_answer	probe_echo_check(struct probe_echo *,
			    const struct probe_mark *);

/* Its figures for show health; the rest of the row is left alone. */
void	probe_echo_show(const struct probe_echo *, struct ctl_probe *,
	    mono_t now);

#endif
