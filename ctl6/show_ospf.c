/*
 * What routed6 answers about OSPFv3: neighbors, interfaces and LSAs.
 */
#include <stdio.h>
#include <string.h>

#include "ctl6.h"
#include "ctlospf.h"
#include "ospf_conf.h"
#include "ospf_wire.h"
#include "show_lsa.h"

static void
add_id(struct json_object *o, const char *key, uint32_t id)
{
	char	 buf[16];

	snprintf(buf, sizeof(buf), "%u.%u.%u.%u", id >> 24, id >> 16 & 0xff,
	    id >> 8 & 0xff, id & 0xff);
	add_string(o, key, buf);
}

/* An id that may be missing. */
static void
add_id_or(struct json_object *o, const char *key, uint32_t id)
{
	if (id == 0)
		add_string(o, key, "");
	else
		add_id(o, key, id);
}

static void
add_addr(struct json_object *o, const char *key, const struct ipaddr *a)
{
	char	 buf[IPADDR_STRLEN];

	add_string(o, key, a->af == 0 ? "" :
	    ipaddr_print(a, buf, sizeof(buf)));
}

/* --- neighbors --------------------------------------------------------- */

static int
neighbor_read(struct ctl_neighbor *n, uint32_t type, const void *data,
    size_t len)
{
	if (type != CTL_NEIGHBOR || len != sizeof(*n))
		return (-1);
	memcpy(n, data, sizeof(*n));
	n->interface[sizeof(n->interface) - 1] = '\0';
	n->state[sizeof(n->state) - 1] = '\0';
	n->why[sizeof(n->why) - 1] = '\0';
	n->bfd[sizeof(n->bfd) - 1] = '\0';
	return (0);
}

int
show_neighbors(struct json_object *root, uint32_t type, const void *data,
    size_t len)
{
	struct json_object	*o;
	struct ctl_neighbor	 n;

	if (neighbor_read(&n, type, data, len) == -1)
		return (-1);
	o = add_row(root, "neighbors");
	add_id_or(o, "router", n.router);
	add_addr(o, "address", &n.addr);
	add_string(o, "interface", n.interface);
	add_id(o, "area", n.area);
	add_number(o, "priority", n.priority);
	add_string(o, "state", n.state);
	add_number(o, "for_ms", n.for_ms);
	add_string(o, "reason", n.why);
	return (0);
}

/* An option of its Hellos in words. */
static void
add_options(struct json_object *o, uint32_t options)
{
	static const struct {
		uint32_t	 bit;
		const char	*name;
	}	 bits[] = {
		{ OSPF_O_V6, "V6" }, { OSPF_O_E, "E" }, { OSPF_O_N, "N" },
		{ OSPF_O_R, "R" }, { OSPF_O_L, "L" }, { OSPF_O_AT, "AT" }
	};
	char	 buf[64] = "";
	size_t	 i;

	for (i = 0; i < nitems(bits); i++) {
		if (!(options & bits[i].bit))
			continue;
		if (buf[0] != '\0')
			strlcat(buf, " ", sizeof(buf));
		strlcat(buf, bits[i].name, sizeof(buf));
	}
	add_string(o, "options", buf);
}

int
show_neighbor(struct json_object *root, uint32_t type, const void *data,
    size_t len)
{
	struct json_object	*o;
	struct ctl_neighbor	 n;

	if (show_neighbors(root, type, data, len) == -1 ||
	    neighbor_read(&n, type, data, len) == -1)
		return (-1);
	o = add_row(last_row(root, "neighbors"), "detail");
	add_id_or(o, "dr", n.dr);
	add_id_or(o, "backup", n.bdr);
	add_number(o, "interface_id", n.ifid);
	add_options(o, n.options);
	add_number(o, "mtu", n.mtu);
	add_string(o, "bfd", n.bfd);
	add_number(o, "dead_in_ms", n.dead_ms);
	add_number(o, "requested", n.requests);
	add_number(o, "unacknowledged", n.unacked);
	add_number(o, "times_full", n.ups);
	add_number(o, "refused_packets", n.refused);
	if (n.authentic)
		add_number(o, "auth_key", n.key);
	return (0);
}

/* --- interfaces -------------------------------------------------------- */

static void
packets_rows(struct json_object *interface, const struct ctl_interface *c)
{
	struct json_object	*o;
	int			 i;

	for (i = 0; i < CTL_OSPF_TYPES; i++) {
		o = add_row(interface, "packets");
		add_string(o, "type", ospf_type_name(OSPF_HELLO + i));
		add_number(o, "in", c->in[i]);
		add_number(o, "out", c->out[i]);
	}
}

/* The key that we use, and what was refused on its account. */
static void
auth_rows(struct json_object *interface, const struct ctl_interface *c)
{
	static const char *const	 algos[] = OSPF_AUTH_ALGO_NAMES;
	static const char *const	 names[CTL_OSPF_VERDICTS] =
					    OSPF_AUTH_VERDICT_NAMES;
	struct json_object		*o;
	int				 v;

	if (c->key == -1)
		return;
	o = add_row(interface, "auth");
	add_number(o, "key", c->key);
	add_string(o, "algorithm", c->algo < nitems(algos) ?
	    algos[c->algo] : "?");
	for (v = 0; v < CTL_OSPF_VERDICTS; v++) {
		o = add_row(interface, "auth_packets");
		add_string(o, "verdict", names[v]);
		add_number(o, "packets", c->verdicts[v]);
	}
}

int
show_interfaces(struct json_object *root, uint32_t type, const void *data,
    size_t len)
{
	static const char *const	 types[] = OSPF_IF_TYPE_NAMES;
	struct json_object		*o;
	struct ctl_interface		 c;

	if (type != CTL_INTERFACE || len != sizeof(c))
		return (-1);
	memcpy(&c, data, sizeof(c));
	c.interface[sizeof(c.interface) - 1] = '\0';
	c.state[sizeof(c.state) - 1] = '\0';
	o = add_row(root, "interfaces");
	add_string(o, "interface", c.interface);
	add_id(o, "area", c.area);
	add_string(o, "type", c.type < nitems(types) ? types[c.type] : "?");
	add_string(o, "state", c.state);
	add_number(o, "for_ms", c.for_ms);
	add_addr(o, "address", &c.addr);
	add_number(o, "mtu", c.mtu);
	add_number(o, "cost", c.cost);
	add_number(o, "priority", c.priority);
	add_number(o, "hello", c.hello_s);
	add_number(o, "dead", c.dead_s);
	add_id_or(o, "dr", c.dr);
	add_id_or(o, "backup", c.bdr);
	add_number(o, "neighbors", c.neighbors);
	add_number(o, "adjacent", c.adjacent);
	add_number(o, "not_taken", c.bad);
	packets_rows(o, &c);
	auth_rows(o, &c);
	return (0);
}

/* --- the database ------------------------------------------------------ */

static int
database_row(struct json_object *root, const void *data, size_t len)
{
	struct json_object	*o;
	struct ctl_database	 d;

	if (len != sizeof(d))
		return (-1);
	memcpy(&d, data, sizeof(d));
	o = add_row(root, "database");
	add_id(o, "router", d.router);
	add_number(o, "lsas", d.lsas);
	add_number(o, "limit", d.max_lsas);
	add_number(o, "bytes", d.bytes);
	add_number(o, "byte_limit", d.max_bytes);
	add_number(o, "refused", d.refused);
	return (0);
}

static void
add_hex(struct json_object *o, const char *key, uint32_t n, int digits)
{
	char	 buf[16];

	snprintf(buf, sizeof(buf), "0x%0*x", digits, n);
	add_string(o, key, buf);
}

static int
lsa_row(struct json_object *root, const void *data, size_t len)
{
	static const char *const	 scopes[] = { "link", "area", "AS" };
	struct json_object		*o;
	struct ctl_lsa			 l;
	char				 where[32];

	if (len != sizeof(l))
		return (-1);
	memcpy(&l, data, sizeof(l));
	l.interface[sizeof(l.interface) - 1] = '\0';
	snprintf(where, sizeof(where), "%u.%u.%u.%u", l.area >> 24,
	    l.area >> 16 & 0xff, l.area >> 8 & 0xff, l.area & 0xff);
	o = add_row(root, "lsas");
	add_string(o, "type", ospf_lsa_name(l.type));
	add_string(o, "scope", l.scope < nitems(scopes) ? scopes[l.scope] :
	    "?");
	add_string(o, "of", l.scope == 0 ? l.interface :
	    l.scope == 1 ? where : "");
	add_hex(o, "ls_type", l.type, 4);
	add_id(o, "id", l.id);
	add_id(o, "router", l.router);
	add_hex(o, "sequence", (uint32_t)l.seq, 8);
	add_hex(o, "checksum", l.cksum, 4);
	add_number(o, "length", l.len);
	add_number(o, "age", l.age);
	add_bool(o, "ours", l.self);
	return (0);
}

static int
body_row(struct json_object *root, const void *data, size_t len)
{
	struct json_object	*lsa;
	struct ctl_body		 b;

	if (len != sizeof(b) || (lsa = last_row(root, "lsas")) == NULL)
		return (-1);
	memcpy(&b, data, sizeof(b));
	if (b.len > sizeof(b.data))
		return (-1);
	lsa_body(lsa, b.data, b.len);
	return (0);
}

int
show_database(struct json_object *root, uint32_t type, const void *data,
    size_t len)
{
	switch (type) {
	case CTL_DATABASE:
		return (database_row(root, data, len));
	case CTL_LSA:
		return (lsa_row(root, data, len));
	case CTL_BODY:
		return (body_row(root, data, len));
	default:
		return (-1);
	}
}
