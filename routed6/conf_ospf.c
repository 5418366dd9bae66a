/*
 * The meaning of the ospf block of routed6.conf(5): see conf_ospf.h.  Runs in
 * the parent, before anything else does.
 */
#include <sys/types.h>
#include <netinet/in.h>
#include <arpa/inet.h>

#include <string.h>

#include "conf_bfd.h"
#include "conf_bgp.h"
#include "conf_ospf.h"

/* True when n is within bounds, else an error is said. */
static int
in_range(struct conf_ospf *co, const char *what, int64_t n, int64_t min,
    int64_t max)
{
	uint32_t	 v;

	return (conf_range(co->lexer, what, n, min, max, &v) == 0);
}

void
conf_u16(struct conf_ospf *co, const char *what, int64_t n, int64_t min,
    int64_t max, uint16_t *to)
{
	if (in_range(co, what, n, min, max))
		*to = n;
}

void
conf_u8(struct conf_ospf *co, const char *what, int64_t n, uint8_t *to)
{
	if (in_range(co, what, n, 0, 255))
		*to = n;
}

void
conf_ospf_begin(struct conf_ospf *co)
{
	co->chain = &co->conf->global.chain;
}

void
conf_sequence_file(struct conf_ospf *co, const char *s)
{
	if (s[0] != '/') {
		conf_error(co->lexer, "sequence-file %s: expected a path that "
		    "begins with /", s);
		return;
	}
	conf_string(co->lexer, "sequence-file", s, co->conf->sequence_file,
	    sizeof(co->conf->sequence_file));
}

/* --- areas ------------------------------------------------------------- */

uint32_t
conf_area_id(struct conf_ospf *co, const char *s)
{
	struct in_addr	 in = { 0 };

	if (inet_pton(AF_INET, s, &in) != 1)
		conf_error(co->lexer, "area %s: expected a number or the form "
		    "of an IPv4 address", s);
	return (ntohl(in.s_addr));
}

void
conf_area_begin(struct conf_ospf *co, uint32_t id)
{
	memset(&co->area, 0, sizeof(co->area));
	co->area.id = id;
	co->chain = &co->area.chain;
}

void
conf_area_end(struct conf_ospf *co)
{
	struct ospf_conf	*o = co->conf;
	uint32_t		 i;

	co->chain = &o->global.chain;
	for (i = 0; i < o->nareas; i++)
		if (o->area[i].id == co->area.id) {
			conf_error(co->lexer, "area given twice");
			return;
		}
	if (o->nareas == LIMIT_OSPF_AREAS)
		conf_error(co->lexer, "more than %d areas",
		    LIMIT_OSPF_AREAS);
	else
		o->area[o->nareas++] = co->area;
}

void
conf_area_type(struct conf_ospf *co, const char *s)
{
	if (strcmp(s, "stub") == 0)
		conf_error(co->lexer, "a stub area takes no external routes "
		    "(RFC 2328 3.6), so that nothing can be announced there: "
		    "make it an nssa");
	else if (strcmp(s, "nssa") != 0)
		conf_error(co->lexer, "type %s: expected nssa", s);
	else if (co->area.id == 0)
		conf_error(co->lexer, "area 0 is the backbone and can not be "
		    "an nssa");
	else
		co->area.flags |= OSPF_F_NSSA;
}

void
conf_area_prefix(struct conf_ospf *co, const char *s, int64_t cost)
{
	struct ospf_conf_prefix	 p;

	memset(&p, 0, sizeof(p));
	if (prefix_parse(&p.prefix, s) == -1 || p.prefix.af != 6)
		conf_error(co->lexer, "prefix %s: not an IPv6 prefix", s);
	if (in_range(co, "cost", cost, 0, 65534))
		p.cost = cost;
	if (co->area.nprefixes == LIMIT_OSPF_PREFIXES)
		conf_error(co->lexer, "more than %d prefixes in an area",
		    LIMIT_OSPF_PREFIXES);
	else
		co->area.prefix[co->area.nprefixes++] = p;
}

/* --- interfaces -------------------------------------------------------- */

void
conf_oif_begin(struct conf_ospf *co, const char *name)
{
	struct ospf_conf_if	*i = &co->oif;

	memset(i, 0, sizeof(*i));
	memset(&co->bfd_key, 0, sizeof(co->bfd_key));
	co->chain = &i->chain;
	if (strlcpy(i->name, name, sizeof(i->name)) >= sizeof(i->name))
		conf_error(co->lexer, "interface %s: longer than %zu bytes",
		    name, sizeof(i->name) - 1);
	i->area = co->area.id;
	i->type = OSPF_BROADCAST;
	i->cost = 10;
	i->hello = 10;
	i->poll = 120;
	i->retransmit = 5;
	i->delay = 1;
}

/* -1 after an error. */
static int
oif_check(struct conf_ospf *co)
{
	const struct ospf_conf_if	*i = &co->oif;

	if (i->dead <= i->hello)
		conf_error(co->lexer, "interface %s: dead-interval %u is not "
		    "longer than hello-interval %u", i->name, i->dead,
		    i->hello);
	else if (i->type == OSPF_NBMA && i->nneighbors == 0)
		conf_error(co->lexer, "interface %s: nbma needs a neighbor",
		    i->name);
	else if (i->nneighbors > 0 && i->type != OSPF_NBMA &&
	    i->type != OSPF_POINT_TO_MULTIPOINT)
		conf_error(co->lexer, "interface %s: only nbma and "
		    "point-to-multipoint have neighbors by name", i->name);
	else
		return (0);
	return (-1);
}

/* Two of them must not get each other's packets. */
static int
oif_is_twice(const struct conf_ospf *co)
{
	const struct ospf_conf_if	*i;

	for (i = co->conf->interface;
	    i < co->conf->interface + co->conf->nifs; i++)
		if (strcmp(i->name, co->oif.name) == 0 &&
		    i->instance == co->oif.instance)
			return (1);
	return (0);
}

void
conf_oif_end(struct conf_ospf *co)
{
	struct ospf_conf	*o = co->conf;
	struct ospf_conf_if	*i = &co->oif;

	co->chain = &co->area.chain;
	if (i->dead == 0)
		i->dead = i->hello > 65535 / 4 ? 65535 : 4 * i->hello;
	conf_bfd_adjacent(co->lexer, &i->bfd, "interface", i->name);
	if (oif_check(co) == -1)
		return;
	if (oif_is_twice(co))
		conf_error(co->lexer, "interface %s given twice: expected "
		    "another instance-id", i->name);
	else if (o->nifs == LIMIT_OSPF_IFS)
		conf_error(co->lexer, "more than %d interfaces",
		    LIMIT_OSPF_IFS);
	else {
		co->bfd_keys[o->nifs] = co->bfd_key;
		o->interface[o->nifs++] = *i;
	}
}

void
conf_oif_type(struct conf_ospf *co, const char *s)
{
	static const char *const	 names[] = OSPF_IF_TYPE_NAMES;
	size_t				 i;

	for (i = OSPF_BROADCAST; i < nitems(names); i++)
		if (strcmp(s, names[i]) == 0)
			break;
	if (i == nitems(names))
		conf_error(co->lexer, "type %s: expected broadcast, "
		    "point-to-point, point-to-multipoint or nbma", s);
	else
		co->oif.type = i;
}

/* The interface is known, so that no scope is needed. */
void
conf_oif_neighbor(struct conf_ospf *co, const char *s)
{
	struct ospf_conf_if	*i = &co->oif;
	struct ipaddr		 a;

	if (ipaddr_parse(&a, s) == -1 || !ipaddr_is_linklocal(&a))
		conf_error(co->lexer, "neighbor %s: expected a link-local "
		    "address such as fe80::1", s);
	else if (i->nneighbors == LIMIT_OSPF_CONF_NBRS)
		conf_error(co->lexer, "more than %d neighbors on an interface",
		    LIMIT_OSPF_CONF_NBRS);
	else {
		a.scope = 0;
		i->neighbor[i->nneighbors++] = a;
	}
}

/* --- announcements ----------------------------------------------------- */

void
conf_external_begin(struct ospf_announce *a, const struct prefix *p)
{
	memset(a, 0, sizeof(*a));
	a->prefix = *p;
	a->metric = OSPF_METRIC;
	a->type = 2;
}

void
conf_external_forward(struct conf_ospf *co, struct ospf_announce *a,
    const char *s)
{
	struct ipaddr	 addr;

	if (ipaddr_parse(&addr, s) == -1 || addr.af != 6 ||
	    ipaddr_is_linklocal(&addr))
		conf_error(co->lexer, "forwarding-address %s: not a global "
		    "IPv6 address", s);
	else
		a->forward = addr;
}

void
conf_external_tag(struct conf_ospf *co, struct ospf_announce *a, int64_t n)
{
	if (!in_range(co, "tag", n, 0, UINT32_MAX))
		return;
	a->tag = n;
	a->has_tag = 1;
}

void
conf_external_metric(struct conf_ospf *co, struct ospf_announce *a, int64_t n)
{
	if (in_range(co, "metric", n, 0, OSPF_METRIC_MAX))
		a->metric = n;
}

void
conf_external_type(struct conf_ospf *co, struct ospf_announce *a, int64_t n)
{
	if (in_range(co, "metric-type", n, 1, 2))
		a->type = n;
}
