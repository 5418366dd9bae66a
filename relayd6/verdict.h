/*
 * The verdict over one relay or check.  Healthy after rise good rounds in a
 * row, unhealthy at the first hard failure or after fall soft ones in a row.
 * What falls often is held down, each time longer; health makes up for it.
 * No I/O, no clock.
 */
#ifndef VERDICT_H
#define VERDICT_H

#include "ctlmsg.h"
#include "mono.h"
#include "relayd6.h"

struct verdict_track {
	struct conf_verdict	conf;
	enum verdict_state	state;
	int			proven;		/* was healthy before */
	uint32_t		streak;		/* good rounds in a row */
	uint32_t		soft;		/* soft failures in a row */
	uint32_t		flaps;		/* falls, less the forgiven */
	uint64_t		changes;	/* to and from healthy */
	mono_t			since;		/* of the last change */
	mono_t			good;		/* since when the streak is */
	mono_t			held;		/* not healthy before then */
	char			reason[LIMIT_REASON];
};

/* Fatal when the machine has a hole. */
void	verdict_check(void);

/* Begin unhealthy. */
void	verdict_init(struct verdict_track *, const struct conf_verdict *,
	    mono_t now);

/*
 * A round has passed, or something has happened: all is well, a soft sign is
 * bad, or a hard one.  why says it in words.
 */
void	verdict_good(struct verdict_track *, const char *why, mono_t now);
void	verdict_soft(struct verdict_track *, const char *why, mono_t now);
void	verdict_bad(struct verdict_track *, const char *why, mono_t now);

/* True when the world may hear of it. */
int	verdict_up(const struct verdict_track *);

/* Falls that are not forgiven at this moment. */
uint32_t	verdict_flaps(const struct verdict_track *, mono_t now);

/* How long it can not become healthy for its falls; ns, 0: it can. */
int64_t	verdict_held(const struct verdict_track *, mono_t now);

#endif
