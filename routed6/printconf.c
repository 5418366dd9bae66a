/*
 * The configuration as understood, in the grammar of parse.y: what -nv
 * prints parses again to the same.
 */
#include <stdio.h>

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
print_quoted(const char *what, const char *s)
{
	printf("%s \"", what);
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			putchar('\\');
		putchar(*s);
	}
	printf("\"\n");
}

static void
print_peer(const struct bgp_conf_peer *p)
{
	char	 buf[IPADDR_STRLEN];

	printf("neighbor %s {\n", ipaddr_print(&p->remote, buf, sizeof(buf)));
	printf("\tremote-as %u\n", p->remote_as);
	if (p->descr[0] != '\0')
		print_quoted("\tdescr", p->descr);
	print_addr("\tlocal-address", &p->local);
	print_addr("\tnext-hop inet", &p->nexthop4);
	print_addr("\tnext-hop inet6", &p->nexthop6);
	printf("\thold-time %u\n", p->hold_time);
	if (p->flags & BGP_F_PASSIVE)
		printf("\tpassive\n");
	printf("}\n");
}

static void
print_announce(const struct conf_announce *a)
{
	const struct bgp_attrs	*b = &a->bgp.attrs;
	char			 buf[PREFIX_STRLEN];
	int			 i;

	printf("announce %s depend on relay %s",
	    prefix_print(&a->bgp.prefix, buf, sizeof(buf)),
	    kind_names[a->kind]);
	if (b->has & BGP_HAS_MED)
		printf(" med %u", b->med);
	for (i = 0; i < b->ncomm; i++)
		printf(" community %u:%u", b->comm[i] >> 16,
		    b->comm[i] & 0xffff);
	for (i = 0; i < b->nlarge; i++)
		printf(" large-community %u:%u:%u", b->large[i].global,
		    b->large[i].local1, b->large[i].local2);
	printf("\n");
}

void
print_config(const struct routed6_conf *conf)
{
	const struct conf_global	*g = &conf->global;
	uint32_t			 i;

	printf("as %u\n", g->as);
	print_router_id(g->router_id);
	print_listen(g);
	print_quoted("feed", g->feed);
	printf("heartbeat %u ms\n", g->beat_ms);
	for (i = 0; i < conf->npeers; i++)
		print_peer(&conf->peers[i]);
	for (i = 0; i < conf->nannounces; i++)
		print_announce(&conf->announces[i]);
}
