/*
 * What the words of a probe block mean: checks and defaults, for parse.y.
 */
#ifndef CONF_PROBE_H
#define CONF_PROBE_H

#include <stdint.h>

#include "conf.h"
#include "relayd6.h"

/* A block as it begins. */
void	conf_probe_init(struct conf_probe *);

/* target ADDRESS [via native] [port PORT]; port -1 when there was none. */
void	conf_probe_target(struct conf *, struct conf_probe *,
	    const char *addr, int native, int64_t port);

/* need any, majority or all */
void	conf_probe_need(struct conf *, struct conf_probe *, const char *);

/* The block is complete: it is for this kind of relay, or for all (-1). */
void	conf_probe_end(struct conf *, struct conf_probe *, int kind,
	    struct conf_health *);

/*
 * The file is complete, and which relays there are is known; named: those
 * that a block was for by name.
 */
void	conf_probe_check(struct conf *, const int named[RELAY_NKINDS],
	    struct relayd6_conf *);

#endif
