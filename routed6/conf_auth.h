/*
 * What the grammar does when it reads authentication keys of OSPFv3: checks
 * and errors.  Keys that stand in an interface, an area or the ospf block
 * itself make a chain there; an interface has the nearest one.
 */
#ifndef CONF_AUTH_H
#define CONF_AUTH_H

#include "conf_ospf.h"

/* No authentication here, whatever is said farther outside. */
void	conf_auth_none(struct conf_ospf *);

/* A key: its number and algorithm, secret, times, and that it is complete. */
void	conf_auth_begin(struct conf_ospf *, int64_t id, const char *algo);
void	conf_auth_secret(struct conf_ospf *, const char *);
void	conf_auth_secret_hex(struct conf_ospf *, const char *);
void	conf_auth_time(struct conf_ospf *, const char *, int64_t *to);
void	conf_auth_end(struct conf_ospf *);

/* After everything: which chain each interface has. */
void	conf_auth_finish(struct conf_ospf *);

#endif
