/*
 * What the grammar does when it reads a neighbor, a group of neighbors or an
 * announcement: checks, defaults and errors.  parse.y knows the words,
 * conf_bgp.c what they mean.
 */
#ifndef CONF_BGP_H
#define CONF_BGP_H

#include <stddef.h>
#include <stdint.h>

#include "conf.h"
#include "confval.h"
#include "routed6.h"

/* A neighbor, or the options of a group, while it is read. */
struct reading {
	struct bgp_conf_peer	 peer;
	struct conf_secret	 secret;
};

struct conf_bgp {
	struct conf		*lexer;
	struct routed6_conf	*conf;
	struct reading		 now;
	struct reading		 group;		/* when in_group */
	int			 in_group;
	int			 in_neighbor;
	int			 has_members;	/* the group has neighbors */
	int			 in_announce;
	struct conf_announce	 ann;
	struct bgp_attrs	*attrs;	/* of what is being read */
};

void	conf_heartbeat(struct conf_bgp *, int64_t ms);

/* There is a secret, which what names; an error if others may read it. */
void	conf_secret_check(struct conf *, const char *what);

/* A neighbor, by address or prefix; alone or in a group. */
void	conf_peer_begin(struct conf_bgp *, const char *remote);
void	conf_peer_end(struct conf_bgp *);

/* A group: options, then neighbors that begin with them. */
void	conf_group_begin(struct conf_bgp *);
void	conf_group_option(struct conf_bgp *);
void	conf_group_end(struct conf_bgp *);

/* Options of a neighbor or group. */
void	conf_next_hop(struct conf_bgp *, uint8_t af, const char *);
void	conf_password(struct conf_bgp *, const char *);
void	conf_role(struct conf_bgp *, const char *, int strict);
void	conf_hops(struct conf_bgp *, uint32_t flag, int64_t n);
void	conf_max_prefix(struct conf_bgp *, int64_t n, int64_t restart);
void	conf_seconds(struct conf_bgp *, const char *what, int64_t n,
	    int64_t min, int64_t max, uint16_t *to);

/* An announcement. */
void	conf_announce_begin(struct conf_bgp *, const char *prefix);
void	conf_announce_end(struct conf_bgp *);
void	conf_announce_next_hop(struct conf_bgp *, const char *);
void	conf_announce_check(struct conf_bgp *, const char *name);

/* Attributes of either; has is a BGP_HAS_* bit. */
void	conf_attr(struct conf_bgp *, uint8_t has, int64_t n);
void	conf_community(struct conf_bgp *, const char *);
void	conf_ext_community(struct conf_bgp *, const char *kind, const char *);
void	conf_large_community(struct conf_bgp *, const char *);

/* What follows from the whole, and what cannot be. */
void	conf_bgp_finish(struct conf_bgp *);

#endif
