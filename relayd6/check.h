/*
 * Checks: the health of something that is not ours, a name server for
 * instance, as others report it.  A report is a lease: when the time it is
 * good for has passed in silence, the check is down.  No I/O, no clock.
 */
#ifndef CHECK_H
#define CHECK_H

#include "relayd6.h"
#include "subject.h"

struct check {
	struct conf_check	conf;
	struct subject		subject;
	int			live;		/* the last report is good, */
	mono_t			until;		/* until then, */
	uint32_t		lease_s;	/* after so long, */
	int			up;		/* and said this */
	uint64_t		reports;
	char			reason[LIMIT_REASON];
};

/* Begin without a report. */
void	check_init(struct check *, const struct conf_check *, mono_t now);

/* Somebody has reported. */
void	check_report(struct check *, const struct ctl_report *, mono_t now);

/* Time has passed: is the lease over, or what held it down? */
void	check_round(struct check *, mono_t now);

/* How long the last report is still good; ns. */
int64_t	check_left(const struct check *, mono_t now);

#endif
