/*
 * What an OSPFv3 router can be asked: rows for ctl6.
 */
#ifndef OSPF_SHOW_H
#define OSPF_SHOW_H

#include "ctlospf.h"
#include "ospf_engine.h"

struct ospf_show_ops {
	void	(*neighbor)(void *, const struct ctl_neighbor *);
	void	(*interface)(void *, const struct ctl_interface *);
	void	(*lsa)(void *, const struct ctl_lsa *);
	void	(*body)(void *, const struct ctl_body *);
};

/* Neighbors, and those who are refused. */
void	ospf_show_neighbors(struct ospf *, const struct ctl_ospf_ask *,
	    const struct ospf_show_ops *, void *arg, mono_t now);
void	ospf_show_interfaces(struct ospf *, const struct ospf_show_ops *,
	    void *arg, mono_t now);

/*
 * At most n LSAs from a place on, which is moved; true when there are more.
 */
int	ospf_show_lsas(struct ospf *, const struct ctl_ospf_ask *,
	    struct ospf_place *, size_t n, const struct ospf_show_ops *,
	    void *arg, mono_t now);
void	ospf_show_database(const struct ospf *, struct ctl_database *);

#endif
