/*
 * What the grammar does when it reads the ospf block and OSPF's attributes of
 * an announcement: checks, defaults and errors.  parse.y knows the words,
 * conf_ospf.c what they mean.
 */
#ifndef CONF_OSPF_H
#define CONF_OSPF_H

#include <stdint.h>

#include "bfd_auth.h"
#include "conf.h"
#include "ospf_conf.h"

struct conf_ospf {
	struct conf		*lexer;
	struct ospf_conf	*conf;
	struct ospf_conf_area	 area;		/* being read */
	struct ospf_conf_if	 oif;		/* being read */
	struct bfd_key		 bfd_key;	/* of that interface */
	struct bfd_key		*bfd_keys;	/* of all, as many */
	struct ospf_conf_key	 key;		/* being read: conf_auth.h */
	struct ospf_life	*life;		/* of it, being read */
	uint32_t		*chain;		/* that keys here are in */
	uint32_t		 nchains;
};

/* The block as a whole. */
void	conf_ospf_begin(struct conf_ospf *);

/* The file that is to survive restarts. */
void	conf_sequence_file(struct conf_ospf *, const char *);

/* An area, by its number or in the form of an IPv4 address. */
void	conf_area_begin(struct conf_ospf *, uint32_t id);
void	conf_area_end(struct conf_ospf *);
uint32_t conf_area_id(struct conf_ospf *, const char *);
void	conf_area_type(struct conf_ospf *, const char *);
void	conf_area_prefix(struct conf_ospf *, const char *, int64_t cost);

/* An interface of the area. */
void	conf_oif_begin(struct conf_ospf *, const char *name);
void	conf_oif_end(struct conf_ospf *);
void	conf_oif_type(struct conf_ospf *, const char *);
void	conf_oif_neighbor(struct conf_ospf *, const char *);

/* A number of at most 16 or 8 bits. */
void	conf_u16(struct conf_ospf *, const char *what, int64_t n, int64_t min,
	    int64_t max, uint16_t *to);
void	conf_u8(struct conf_ospf *, const char *what, int64_t n, uint8_t *to);

/* Attributes of an announcement: their defaults, and one with an address. */
void	conf_external_begin(struct ospf_announce *, const struct prefix *);
void	conf_external_forward(struct conf_ospf *, struct ospf_announce *,
	    const char *);
void	conf_external_tag(struct conf_ospf *, struct ospf_announce *,
	    int64_t);
void	conf_external_metric(struct conf_ospf *, struct ospf_announce *,
	    int64_t);
void	conf_external_type(struct conf_ospf *, struct ospf_announce *,
	    int64_t);

#endif
