/*
 * What the probes of the health process need of root: identities, and sockets
 * to use them with.  Parent only.
 */
#ifndef PROBE_OPEN_H
#define PROBE_OPEN_H

#include "relayd6.h"

/*
 * Make up an identity for each relay that is to be probed, write it into the
 * configuration (which the relay and health processes are sent next), and hand
 * its sockets to the health process.  What can't be made is warned about: those
 * probes then fail and say so.
 */
void	probe_open(struct relayd6_conf *, struct proc *);

/*
 * Begin the connection that the health process asks for, if it is to one of
 * its targets.
 */
void	probe_dial(const struct relayd6_conf *, struct proc *,
	    const struct probe_dial *);

#endif
