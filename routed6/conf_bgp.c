/*
 * Neighbors, groups and the end of a configuration: see conf_bgp.h.  Used by
 * the parent and by -n; opens nothing.  Attributes are in conf_attr.c.
 * RFC 5082 (GTSM), RFC 9234 (roles).
 */
#include <errno.h>
#include <string.h>

#include "conf_bfd.h"
#include "conf_bgp.h"

#define HOLD_TIME	90	/* s, RFC 4271 10 */
#define HOPS_MAX	255
#define MAX_PEERS	16	/* of a range, when not told */

static const char *const	role_names[BGP_NROLES] = BGP_ROLE_NAMES;

void
conf_heartbeat(struct conf_bgp *cb, int64_t ms)
{
	if (ms < LIMIT_BEAT_MIN_MS || ms > LIMIT_BEAT_MAX_MS)
		conf_error(cb->lexer, "heartbeat: expected %d ms to %d s",
		    LIMIT_BEAT_MIN_MS, LIMIT_BEAT_MAX_MS / 1000);
	else
		cb->conf->global.beat_ms = ms;
}

/* --- neighbors --------------------------------------------------------- */

static void
reading_init(struct reading *r)
{
	memset(r, 0, sizeof(*r));
	r->peer.hold_time = HOLD_TIME;
}

/* Two neighbors that are told apart by nothing. */
static int
same_remote(const struct bgp_conf_peer *a, const struct bgp_conf_peer *b)
{
	return (ipaddr_equal(&a->remote, &b->remote) && a->plen == b->plen &&
	    !((a->flags ^ b->flags) & BGP_F_RANGE));
}

/* An address, or a prefix for whoever connects from there. */
static void
remote_set(struct conf_bgp *cb, const char *s)
{
	struct bgp_conf_peer	*c = &cb->now.peer;
	struct prefix		 p;

	if (strchr(s, '/') == NULL) {
		if (ipaddr_parse(&c->remote, s) == -1)
			conf_error(cb->lexer, "neighbor %s: not an address, "
			    "nor a prefix", s);
		ipaddr_print(&c->remote, c->name, sizeof(c->name));
		return;
	}
	if (prefix_parse(&p, s) == -1) {
		conf_error(cb->lexer, "neighbor %s: not a prefix, such as "
		    "2001:db8::/64 with no bits after its length", s);
		return;
	}
	c->flags |= BGP_F_RANGE | BGP_F_PASSIVE;
	c->remote.af = p.af;
	memcpy(c->remote.b, p.b, sizeof(c->remote.b));
	c->plen = p.len;
	if (c->max_peers == 0)
		c->max_peers = MAX_PEERS;
	prefix_print(&p, c->name, sizeof(c->name));
}

void
conf_peer_begin(struct conf_bgp *cb, const char *s)
{
	uint32_t	 i;

	if (!cb->in_group)
		reading_init(&cb->now);
	else if (!cb->has_members) {
		cb->group = cb->now;
		cb->has_members = 1;
	} else
		cb->now = cb->group;
	cb->in_neighbor = 1;
	cb->attrs = &cb->now.peer.attrs;
	remote_set(cb, s);
	for (i = 0; i < cb->conf->npeers; i++)
		if (cb->now.peer.remote.af != 0 &&
		    same_remote(&cb->conf->peers[i], &cb->now.peer))
			conf_error(cb->lexer, "neighbor %s: there twice", s);
}

/* RFC 9234 4: roles are between ASes. */
static void
role_check(struct conf_bgp *cb, const struct bgp_conf_peer *c)
{
	if (c->role != BGP_ROLE_NONE && c->remote_as == cb->conf->global.as)
		conf_error(cb->lexer, "neighbor %s: a role, but it is in our "
		    "own AS", c->name);
}

static void
peer_check(struct conf_bgp *cb)
{
	const struct bgp_conf_peer	*c = &cb->now.peer;

	if (c->remote.af == 0)
		return;
	if (c->remote_as == 0)
		conf_error(cb->lexer, "neighbor %s: no AS number, expected "
		    "remote-as NUMBER", c->name);
	else
		role_check(cb, c);
	if (c->local.af != 0 && c->local.af != c->remote.af)
		conf_error(cb->lexer, "neighbor %s: local-address is of "
		    "another family", c->name);
	if (ipaddr_is_linklocal(&c->remote) && c->remote.scope == 0 &&
	    !(c->flags & BGP_F_RANGE))
		conf_error(cb->lexer, "neighbor %s: link-local without "
		    "interface, expected fe80::1%%eth0", c->name);
	if ((c->flags & BGP_F_GTSM) && (c->flags & BGP_F_MULTIHOP))
		conf_error(cb->lexer, "neighbor %s: multihop and ttl-security "
		    "at a time, expected ttl-security with the number of hops",
		    c->name);
}

void
conf_peer_end(struct conf_bgp *cb)
{
	struct routed6_conf	*conf = cb->conf;

	peer_check(cb);
	if (conf->npeers == LIMIT_BGP_PEERS)
		conf_error(cb->lexer, "more than %d neighbors",
		    LIMIT_BGP_PEERS);
	else {
		cb->now.peer.id = conf->npeers + 1;
		conf->peers[conf->npeers] = cb->now.peer;
		conf->secrets[conf->npeers++] = cb->now.secret;
	}
	cb->in_neighbor = 0;
	if (cb->in_group)
		cb->now = cb->group;
}

void
conf_group_begin(struct conf_bgp *cb)
{
	reading_init(&cb->now);
	cb->in_group = 1;
	cb->has_members = 0;
	cb->attrs = &cb->now.peer.attrs;
}

void
conf_group_option(struct conf_bgp *cb)
{
	if (cb->has_members)
		conf_error(cb->lexer, "an option of the group, expected "
		    "before its neighbors");
}

void
conf_group_end(struct conf_bgp *cb)
{
	if (!cb->has_members)
		conf_error(cb->lexer, "group without neighbors");
	cb->in_group = 0;
}

/* --- options ----------------------------------------------------------- */

void
conf_next_hop(struct conf_bgp *cb, uint8_t af, const char *s)
{
	struct ipaddr	 a;

	memset(&a, 0, sizeof(a));
	if (strcmp(s, "self") != 0 &&
	    (ipaddr_parse(&a, s) == -1 || (af == 6 && a.af != 6)))
		conf_error(cb->lexer, "next-hop %s: not an address for that "
		    "family, nor self", s);
	else if (af == 4)
		cb->now.peer.nexthop4 = a;
	else
		cb->now.peer.nexthop6 = a;
}

void
conf_secret_check(struct conf *lexer, const char *what)
{
	const char	*file;

	if ((file = conf_exposed(lexer)) != NULL)
		conf_error(lexer, "%s, but others may read %s, expected mode "
		    "0600", what, file);
}

void
conf_password(struct conf_bgp *cb, const char *s)
{
	conf_secret_check(cb->lexer, "password");
	if (strlen(s) == 0 || strlen(s) > LIMIT_BGP_PASSWORD)
		conf_error(cb->lexer, "password: expected 1 to %d bytes",
		    LIMIT_BGP_PASSWORD);
	else
		strlcpy(cb->now.secret.key, s, sizeof(cb->now.secret.key));
	cb->now.peer.flags |= BGP_F_MD5;
}

void
conf_role(struct conf_bgp *cb, const char *s, int strict)
{
	uint8_t	 i;

	for (i = BGP_ROLE_PROVIDER; i < BGP_NROLES; i++)
		if (strcmp(s, role_names[i]) == 0)
			break;
	if (i == BGP_NROLES)
		conf_error(cb->lexer, "role %s: expected provider, customer, "
		    "peer, rs or rs-client", s);
	else
		cb->now.peer.role = i;
	cb->now.peer.flags &= ~BGP_F_STRICT;
	if (strict)
		cb->now.peer.flags |= BGP_F_STRICT;
}

/* RFC 5082 3: all send with 255, so that what is left tells the distance. */
void
conf_hops(struct conf_bgp *cb, uint32_t flag, int64_t n)
{
	struct bgp_conf_peer	*c = &cb->now.peer;
	uint32_t		 hops;

	if (conf_range(cb->lexer, flag == BGP_F_GTSM ? "ttl-security" :
	    "multihop", n, 1, HOPS_MAX, &hops) == -1)
		return;
	c->flags |= flag;
	c->hops = flag == BGP_F_GTSM ? HOPS_MAX : hops;
	if (flag == BGP_F_GTSM)
		c->hops_min = HOPS_MAX + 1 - hops;
}

void
conf_max_prefix(struct conf_bgp *cb, int64_t n, int64_t restart)
{
	struct bgp_conf_peer	*c = &cb->now.peer;

	(void)conf_range(cb->lexer, "max-prefix", n, 1, LIMIT_BGP_HEARD,
	    &c->max_prefix);
	c->max_restart = 0;
	if (restart != 0)
		conf_seconds(cb, "restart", restart, 1, 65535,
		    &c->max_restart);
}

void
conf_seconds(struct conf_bgp *cb, const char *what, int64_t n, int64_t min,
    int64_t max, uint16_t *to)
{
	uint32_t	 v;

	if (conf_range(cb->lexer, what, n, min, max, &v) == 0)
		*to = v;
}

/* --- the whole --------------------------------------------------------- */

/* An external neighbor is on our link unless told otherwise. */
static void
peer_finish(struct conf_bgp *cb, struct bgp_conf_peer *c)
{
	const struct conf_global	*g = &cb->conf->global;

	c->local_as = g->as;
	c->router_id = g->router_id;
	if (c->hops == 0)
		c->hops = c->remote_as == g->as ? HOPS_MAX : 1;
	role_check(cb, c);	/* again, for the number may come last */
	conf_bfd_finish(cb->lexer, c);
}

static int
has_secrets(const struct routed6_conf *conf)
{
	uint32_t	 i;

	if (conf->ospf.keys.n > 0)
		return (1);
	for (i = 0; i < conf->npeers; i++)
		if ((conf->peers[i].flags & BGP_F_MD5) ||
		    conf->secrets[i].bfd.type != BFD_AUTH_NONE)
			return (1);
	for (i = 0; i < conf->ospf.nifs; i++)
		if (conf->oif_keys[i].type != BFD_AUTH_NONE)
			return (1);
	return (0);
}

/* A file that was included after a secret has it in its company, too. */
static void
secrets_check(struct conf_bgp *cb)
{
	if (has_secrets(cb->conf))
		conf_secret_check(cb->lexer, "there are passwords");
}

void
conf_bgp_finish(struct conf_bgp *cb)
{
	uint32_t	 i;

	for (i = 0; i < cb->conf->npeers; i++)
		peer_finish(cb, &cb->conf->peers[i]);
	secrets_check(cb);
}
