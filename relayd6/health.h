/*
 * The health process's state, shared by health.c (events, verdicts, feed),
 * steer.c (drains, checks, news) and control.c (answers to ctl6).
 */
#ifndef HEALTH_H
#define HEALTH_H

#include <event.h>

#include "check.h"
#include "ctlsock.h"
#include "mono.h"
#include "os.h"
#include "overload.h"
#include "probes.h"
#include "relayd6.h"
#include "signs.h"
#include "subject.h"

/* One kind of relay. */
struct patient {
	int			enabled;
	struct signs		signs;
	struct probes		probes;
	struct overload		overload;
	struct subject		subject;
};

struct health {
	struct proc		*pr;
	struct relayd6_conf	 conf;
	int			 configured;
	uint32_t		 ifindex[RELAY_NKINDS];
	struct patient		 patient[RELAY_NKINDS];
	char			 paused[LIMIT_REASON];	/* why, or empty */
	uint32_t		 nchecks;
	struct check		 check[LIMIT_CHECKS];
	struct drain_list	 drains;
	int			 leaving;	/* all are to be drained, */
	int			 left;		/* and we have said they are */
	struct relay_leave	 leave;
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

/* Something was judged or steered: say so at once if it is news. */
void	health_news(struct health *);

/* The i-th relay or check that is configured, or NULL; or by its name. */
struct subject	*steer_subject(struct health *, int i);
struct subject	*steer_find(struct health *, const char *name);

/*
 * Drain what is to be drained, and find out what is news; true when there was
 * some, which is logged and told to those who monitor us.
 */
int	steer_run(struct health *);

/* Take the checks of a configuration; those that stay keep their state. */
void	steer_conf(struct health *);

/* From the parent: drain all for now, and what operators have drained. */
void	steer_on_leave(void *, int, const void *, int);
void	steer_on_drains(void *, int, const void *, int);
void	steer_on_drained(void *, int, const void *, int);

#endif
