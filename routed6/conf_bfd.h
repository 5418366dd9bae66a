/*
 * What the grammar does when it reads BFD options, wherever they stand: those
 * of a neighbor, a group or an interface of OSPF.
 */
#ifndef CONF_BFD_H
#define CONF_BFD_H

#include <stdint.h>

#include "conf.h"
#include "routed6.h"

/* Whose options are being read. */
struct conf_bfd {
	struct conf	*lexer;
	struct bfd_conf	*to;
	struct bfd_key	*key;
};

void	conf_bfd_on(struct conf_bfd *, uint32_t flags);
void	conf_bfd_off(struct conf_bfd *);
void	conf_bfd_hops(struct conf_bfd *, int multihop);

/* what and its value as in the file, for these directions. */
void	conf_bfd_times(struct conf_bfd *, const char *what, int64_t ms,
	    int tx, int rx);
void	conf_bfd_multiplier(struct conf_bfd *, int64_t n);

void	conf_bfd_auth(struct conf_bfd *, const char *type, int64_t id,
	    const char *secret);

/*
 * What follows when the whole is read: for a BGP neighbor; for somebody who
 * can only be next to us, named by the two words.
 */
void	conf_bfd_finish(struct conf *, struct bgp_conf_peer *);
void	conf_bfd_adjacent(struct conf *, struct bfd_conf *, const char *what,
	    const char *name);

#endif
