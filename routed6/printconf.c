/*
 * The configuration as understood, in the grammar of parse.y: what -nv
 * prints parses again to the same.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "routed6.h"

static const char *const	kind_names[] = RELAY_KIND_NAMES;

static void
print_addr(const char *what, const struct ipaddr *a)
{
	char	 buf[IPADDR_STRLEN];

	if (a->af != 0)
		printf("%s %s\n", what, ipaddr_print(a, buf, sizeof(buf)));
}

static void
print_router_id(uint32_t id)
{
	printf("router-id %u.%u.%u.%u\n", id >> 24, id >> 16 & 0xff,
	    id >> 8 & 0xff, id & 0xff);
}

/* The wildcard prints as an address too: :: and 0.0.0.0. */
static void
print_listen(const struct conf_global *g)
{
	uint32_t	 i;

	if (g->listen_none)
		printf("listen none\n");
	for (i = 0; i < g->nlisten; i++)
		print_addr("listen on", &g->listen[i]);
}

static void
print_string(const char *s)
{
	putchar('"');
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			putchar('\\');
		putchar(*s);
	}
	putchar('"');
}

static void
print_quoted(const char *what, const char *s)
{
	printf("%s ", what);
	print_string(s);
	printf("\n");
}

/* RFC 4360 3.1, 3.2 and RFC 5668: what the first octet says is first. */
static void
print_ext(uint64_t ext)
{
	unsigned int	 type = ext >> 56, sub = ext >> 48 & 0xff;

	printf("ext-community %s ", sub == BGP_EXT_RT ? "rt" : "soo");
	if (type == 0x01)
		printf("%u.%u.%u.%u:", (unsigned)(ext >> 40 & 0xff),
		    (unsigned)(ext >> 32 & 0xff), (unsigned)(ext >> 24 & 0xff),
		    (unsigned)(ext >> 16 & 0xff));
	if (type == 0x00)
		printf("%u:%u", (unsigned)(ext >> 32 & 0xffff),
		    (unsigned)(ext & 0xffffffff));
	else if (type == 0x01)
		printf("%u", (unsigned)(ext & 0xffff));
	else
		printf("%u:%u", (unsigned)(ext >> 16 & 0xffffffff),
		    (unsigned)(ext & 0xffff));
}

/* What is said about prefixes, each between these. */
static void
print_attrs(const struct bgp_attrs *a, const char *pre, const char *post)
{
	int	 i;

	if (a->has & BGP_HAS_MED)
		printf("%smed %u%s", pre, a->med, post);
	if (a->has & BGP_HAS_PREF)
		printf("%slocal-preference %u%s", pre, a->pref, post);
	if (a->has & BGP_HAS_PREPEND)
		printf("%sprepend %u%s", pre, a->prepend, post);
	for (i = 0; i < a->ncomm; i++)
		printf("%scommunity %u:%u%s", pre, a->comm[i] >> 16,
		    a->comm[i] & 0xffff, post);
	for (i = 0; i < a->next; i++) {
		printf("%s", pre);
		print_ext(a->ext[i]);
		printf("%s", post);
	}
	for (i = 0; i < a->nlarge; i++)
		printf("%slarge-community %u:%u:%u%s", pre,
		    a->large[i].global, a->large[i].local1,
		    a->large[i].local2, post);
}

/* How the connection is made. */
static void
print_transport(const struct bgp_conf_peer *p)
{
	if (p->flags & BGP_F_GTSM)
		printf("\tttl-security %u\n", 256 - p->hops_min);
	if (p->flags & BGP_F_MULTIHOP)
		printf("\tmultihop %u\n", p->hops);
	if (p->connect_retry != 0)
		printf("\tconnect-retry %u\n", p->connect_retry);
	if (p->delay_open != 0)
		printf("\tdelay-open %u\n", p->delay_open);
	if (p->flags & BGP_F_RANGE)
		printf("\tmax-peers %u\n", p->max_peers);
	else if (p->flags & BGP_F_PASSIVE)
		printf("\tpassive\n");
}

static void
print_bfd_auth(const struct bfd_key *key, const char *pre)
{
	static const char *const	 auths[BFD_NAUTHS] = BFD_AUTH_NAMES;
	char				 what[48], secret[LIMIT_BFD_KEY + 1];

	if (key->type == BFD_AUTH_NONE)
		return;
	snprintf(what, sizeof(what), "%s\tauth %s %u", pre, auths[key->type],
	    key->id);
	memcpy(secret, key->secret, key->len);
	secret[key->len] = '\0';
	print_quoted(what, secret);
}

/* As a block that begins after pre. */
static void
print_bfd(const struct bfd_conf *c, const struct bfd_key *key,
    const char *pre)
{
	if (!(c->flags & BFD_F_ON))
		return;
	printf("%sbfd {\n", pre);
	if (c->min_tx == c->min_rx)
		printf("%s\tinterval %u ms\n", pre, c->min_tx);
	else
		printf("%s\tmin-tx %u ms\n%s\tmin-rx %u ms\n", pre,
		    c->min_tx, pre, c->min_rx);
	printf("%s\tmultiplier %u\n", pre, c->mult);
	if (c->flags & BFD_F_HOPS)
		printf("%s\t%s\n", pre, c->flags & BFD_F_MULTIHOP ?
		    "multihop" : "single-hop");
	print_bfd_auth(key, pre);
	if (c->flags & BFD_F_STRICT)
		printf("%s\tstrict\n", pre);
	printf("%s}\n", pre);
}

static void
print_peer(const struct bgp_conf_peer *p, const struct conf_secret *secret)
{
	static const char *const	 roles[BGP_NROLES] = BGP_ROLE_NAMES;

	printf("neighbor %s {\n", p->name);
	printf("\tremote-as %u\n", p->remote_as);
	if (p->descr[0] != '\0')
		print_quoted("\tdescr", p->descr);
	print_addr("\tlocal-address", &p->local);
	print_addr("\tnext-hop inet", &p->nexthop4);
	print_addr("\tnext-hop inet6", &p->nexthop6);
	printf("\thold-time %u\n", p->hold_time);
	print_transport(p);
	if (secret->key[0] != '\0')
		print_quoted("\tpassword", secret->key);
	if (p->max_prefix != 0)
		printf("\tmax-prefix %u", p->max_prefix);
	if (p->max_restart != 0)
		printf(" restart %u", p->max_restart);
	if (p->max_prefix != 0)
		printf("\n");
	if (p->role != BGP_ROLE_NONE)
		printf("\trole %s%s\n", roles[p->role],
		    p->flags & BGP_F_STRICT ? " strict" : "");
	print_bfd(&p->bfd, &secret->bfd, "\t");
	print_attrs(&p->attrs, "\t", "\n");
	printf("}\n");
}

/* --- OSPFv3 ------------------------------------------------------------ */

/* A secret that is not all letters and such is printed in hexadecimal. */
static void
print_secret(const struct ospf_conf_key *k)
{
	char	 s[LIMIT_OSPF_SECRET + 1] = "";
	int	 i, text = 1;

	for (i = 0; i < k->len; i++)
		text &= isgraph(k->secret[i]) || k->secret[i] == ' ';
	memcpy(s, k->secret, k->len);
	if (text)
		print_string(s);
	else {
		printf("hex \"");
		for (i = 0; i < k->len; i++)
			printf("%02x", k->secret[i]);
		putchar('"');
	}
	explicit_bzero(s, sizeof(s));
}

static void
print_time(const char *what, int64_t t)
{
	time_t		 tt = t;
	struct tm	 tm;
	char		 buf[32];

	if (gmtime_r(&tt, &tm) != NULL &&
	    strftime(buf, sizeof(buf), "%Y-%m-%dT%H:%M:%SZ", &tm) > 0)
		printf(" %s %s", what, buf);
}

static void
print_life(const char *what, const struct ospf_life *l)
{
	if (l->from != 0 || l->until != INT64_MAX)
		printf(" %s", what);
	if (l->from != 0)
		print_time("from", l->from);
	if (l->until != INT64_MAX)
		print_time("until", l->until);
}

static void
print_keys(const struct ospf_keys *keys, uint32_t chain, const char *indent)
{
	static const char *const	 algos[] = OSPF_AUTH_ALGO_NAMES;
	const struct ospf_conf_key	*k;

	if (chain == OSPF_CHAIN_REFUSED)
		printf("%sauth none\n", indent);
	for (k = keys->key; k < keys->key + keys->n; k++) {
		if (k->chain != chain)
			continue;
		printf("%sauth key %u %s ", indent, k->id, algos[k->algo]);
		print_secret(k);
		print_life("send", &k->send);
		print_life("accept", &k->accept);
		if (k->frr_order)
			printf(" frr-order");
		printf("\n");
	}
}

/* What an interface has of its own, not from its area or from all. */
static void
print_oif_keys(const struct ospf_conf *o, const struct ospf_conf_area *a,
    const struct ospf_conf_if *i)
{
	uint32_t	 around = a->chain;

	if (around == OSPF_CHAIN_NONE)
		around = o->global.chain;
	if (around == OSPF_CHAIN_REFUSED)
		around = OSPF_CHAIN_NONE;
	if (i->chain != around)
		print_keys(&o->keys, i->chain == OSPF_CHAIN_NONE ?
		    OSPF_CHAIN_REFUSED : i->chain, "\t\t\t");
}

static void
print_oif(const struct ospf_conf *o, const struct ospf_conf_area *a,
    const struct ospf_conf_if *i, const struct bfd_key *key)
{
	static const char *const	 types[] = OSPF_IF_TYPE_NAMES;
	uint32_t			 j;

	printf("\t\tinterface %s {\n", i->name);
	printf("\t\t\ttype %s\n", types[i->type]);
	printf("\t\t\tpriority %u\n", i->priority);
	printf("\t\t\tcost %u\n", i->cost);
	printf("\t\t\thello-interval %u\n", i->hello);
	printf("\t\t\tdead-interval %u\n", i->dead);
	printf("\t\t\tpoll-interval %u\n", i->poll);
	printf("\t\t\tretransmit-interval %u\n", i->retransmit);
	printf("\t\t\ttransmit-delay %u\n", i->delay);
	printf("\t\t\tinstance-id %u\n", i->instance);
	for (j = 0; j < i->nneighbors; j++)
		print_addr("\t\t\tneighbor", &i->neighbor[j]);
	if (i->flags & OSPF_F_MTU_IGNORE)
		printf("\t\t\tmtu-ignore\n");
	if (i->flags & OSPF_F_HELPER)
		printf("\t\t\trestart-helper\n");
	if (i->flags & OSPF_F_PASSIVE)
		printf("\t\t\tpassive\n");
	print_oif_keys(o, a, i);
	print_bfd(&i->bfd, key, "\t\t\t");
	printf("\t\t}\n");
}

static void
print_area(const struct routed6_conf *conf, const struct ospf_conf_area *a)
{
	const struct ospf_conf	*o = &conf->ospf;
	char			 buf[PREFIX_STRLEN];
	uint32_t		 i;

	printf("\tarea %u.%u.%u.%u {\n", a->id >> 24, a->id >> 16 & 0xff,
	    a->id >> 8 & 0xff, a->id & 0xff);
	if (a->flags & OSPF_F_NSSA)
		printf("\t\ttype nssa\n");
	print_keys(&o->keys, a->chain, "\t\t");
	for (i = 0; i < a->nprefixes; i++)
		printf("\t\tprefix %s cost %u\n",
		    prefix_print(&a->prefix[i].prefix, buf, sizeof(buf)),
		    a->prefix[i].cost);
	for (i = 0; i < o->nifs; i++)
		if (o->interface[i].area == a->id)
			print_oif(o, a, &o->interface[i], &conf->oif_keys[i]);
	printf("\t}\n");
}

static void
print_ospf(const struct routed6_conf *conf)
{
	const struct ospf_conf	*o = &conf->ospf;
	uint32_t		 i;

	if (o->nareas == 0)
		return;
	printf("ospf {\n");
	if (o->global.stub_router)
		printf("\tstub-router\n");
	if (o->keys.n > 0)
		print_quoted("\tsequence-file", o->sequence_file);
	print_keys(&o->keys, o->global.chain, "\t");
	for (i = 0; i < o->nareas; i++)
		print_area(conf, &o->area[i]);
	printf("}\n");
}

static void
print_ospf_attributes(const struct ospf_announce *a)
{
	char	 buf[IPADDR_STRLEN];

	if (a->metric != OSPF_METRIC)
		printf(" metric %u", a->metric);
	if (a->type != 2)
		printf(" metric-type %u", a->type);
	if (a->has_tag)
		printf(" tag %u", a->tag);
	if (a->forward.af != 0)
		printf(" forwarding-address %s",
		    ipaddr_print(&a->forward, buf, sizeof(buf)));
}

/* --- announcements ----------------------------------------------------- */

static void
print_announce(const struct conf_announce *a)
{
	char	 buf[PREFIX_STRLEN], addr[IPADDR_STRLEN];

	printf("announce %s depend on ",
	    prefix_print(&a->bgp.prefix, buf, sizeof(buf)));
	if (a->check[0] != '\0')
		printf("check \"%s\"", a->check);
	else
		printf("relay %s", kind_names[a->kind]);
	if (a->bgp.nexthop.af != 0)
		printf(" next-hop %s", ipaddr_print(&a->bgp.nexthop, addr,
		    sizeof(addr)));
	print_attrs(&a->bgp.attrs, " ", "");
	print_ospf_attributes(&a->ospf);
	printf("\n");
}

void
print_config(const struct routed6_conf *conf)
{
	const struct conf_global	*g = &conf->global;
	uint32_t			 i;

	if (g->as != 0)
		printf("as %u\n", g->as);
	print_router_id(g->router_id);
	print_listen(g);
	print_quoted("feed", g->feed);
	printf("heartbeat %u ms\n", g->beat_ms);
	for (i = 0; i < conf->npeers; i++)
		print_peer(&conf->peers[i], &conf->secrets[i]);
	print_ospf(conf);
	for (i = 0; i < conf->nannounces; i++)
		print_announce(&conf->announces[i]);
}
