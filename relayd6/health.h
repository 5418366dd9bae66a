/*
 * The health process's state, shared by health.c (events, verdicts, feed) and
 * control.c (answers to ctl6).
 */
#ifndef HEALTH_H
#define HEALTH_H

#include <event.h>

#include "ctlsock.h"
#include "mono.h"
#include "os.h"
#include "overload.h"
#include "probes.h"
#include "relayd6.h"
#include "signs.h"
#include "verdict.h"

/* One kind of relay. */
struct patient {
	int			enabled;
	struct signs		signs;
	struct probes		probes;
	struct overload		overload;
	struct verdict_track	verdict;
};

struct health {
	struct proc		*pr;
	struct relayd6_conf	 conf;
	int			 configured;
	uint32_t		 ifindex[RELAY_NKINDS];
	struct patient		 patient[RELAY_NKINDS];
	char			 paused[LIMIT_REASON];	/* why, or empty */
	struct os_watch		*watch;
	struct event		 watching;
	struct ctl_server	*server;
	struct timer		 round;
	struct timer		 sample;	/* of the counters */
	uint32_t		 seq;		/* of the feed */
};

/* Serve the control socket on fd. */
void	control_start(struct health *, int fd);

/* What the relay process answered to a client's request. */
void	control_counters(struct health *, const struct relay_counters *);
void	control_page(struct health *, const struct relay_page *);

/* One heartbeat as it is now. */
void	health_feed(struct health *, struct ctl_feed *);

#endif
