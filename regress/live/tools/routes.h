/*
 * The kernel's main routing table as the test tools see it: what is in it
 * and what comes and goes, in the network namespace of the caller.
 */
#ifndef ROUTES_H
#define ROUTES_H

#include "prefix.h"

struct mnl_socket;

/* Called for a route that is there or came (up) or went. */
typedef void	route_fn(void *arg, const struct prefix *, int up);

/*
 * Hear of every change from now on, of both families, with a buffer that
 * takes a burst.  NULL with errno set when the kernel refuses.
 */
struct mnl_socket	*routes_open(void);
void			 routes_close(struct mnl_socket *);

/* The descriptor to poll. */
int	routes_fd(const struct mnl_socket *);

/* Report the changes of one message that is waiting; -1 with errno set. */
int	routes_read(struct mnl_socket *, route_fn *, void *arg);

/*
 * Report every route that is there now, or with an ifindex all that lead out by
 * that interface, alone or among others; -1 with errno set.
 */
int	routes_dump(route_fn *, void *arg, unsigned int ifindex);

#endif
