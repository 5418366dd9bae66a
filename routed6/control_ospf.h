/*
 * Answers for ctl6 that the ospf process gives: asked for, passed on, and
 * asked for again while they are not complete.
 */
#ifndef CONTROL_OSPF_H
#define CONTROL_OSPF_H

#include "announce.h"
#include "ctlospf.h"

#define CONTROL_OSPF_ASK	sizeof(struct ctl_ospf_ask)

/* Requests of clients. */
void	control_neighbors(void *, struct ctl_client *, const void *);
void	control_interfaces(void *, struct ctl_client *, const void *);
void	control_database(void *, struct ctl_client *, const void *);

/* What ospf answers. */
void	control_on_neighbor(void *, int from, const void *, int fd);
void	control_on_interface(void *, int from, const void *, int fd);
void	control_on_database(void *, int from, const void *, int fd);
void	control_on_lsa(void *, int from, const void *, int fd);
void	control_on_body(void *, int from, const void *, int fd);
void	control_on_answered(void *, int from, const void *, int fd);

#endif
