/*
 * What the grammar does when it reads how a verdict is reached, and checks.
 * parse.y knows the words, conf_health.c what they mean.
 */
#ifndef CONF_HEALTH_H
#define CONF_HEALTH_H

#include "conf.h"
#include "confval.h"
#include "relayd6.h"

/* Times are in ms. */
void	conf_hold_down(struct conf *, struct conf_verdict *, int64_t ms,
	    int64_t max, int64_t forget);
void	conf_drain_file(struct conf *, struct conf_health *, const char *path);

/* A check: it begins with its name, and is kept at its end if it is right. */
void	conf_check_begin(struct conf *, struct conf_check *, const char *name);
void	conf_lease(struct conf *, struct conf_check *, int64_t ms);
void	conf_check_end(struct conf *, struct conf_health *,
	    const struct conf_check *);

/* What holds when the file is silent, before and after it is read. */
void	conf_health_before(struct conf_health *);
void	conf_health_after(struct conf_health *);

#endif
