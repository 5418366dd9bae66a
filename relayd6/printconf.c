/*
 * The configuration as understood, in the grammar of parse.y: what -nv
 * prints parses again to the same.
 */
#include <netinet/in.h>
#include <arpa/inet.h>

#include <stdio.h>
#include <string.h>

#include "relayd6.h"

static void
print_in(const char *what, const struct in_addr *in)
{
	char	 buf[INET_ADDRSTRLEN];

	printf("\t%s %s\n", what, inet_ntop(AF_INET, in, buf, sizeof(buf)));
}

static void
print_prefix(const char *what, const struct prefix *p)
{
	char	 buf[PREFIX_STRLEN];

	printf("\t%s %s\n", what, prefix_print(p, buf, sizeof(buf)));
}

/* What the blocks of both relays have in common. */
#define PRINT_COMMON(c)	do {						\
	printf("\tinterface \"%s\"\n", (c)->interface);			\
	printf("\tmtu %u\n", (c)->mtu);					\
	printf("\tttl %u\n", (c)->ttl);					\
	print_class((c)->tos_copy, (c)->tos);				\
	printf("\ticmp-rate %u\n", (c)->icmp_rate);			\
	print_in6("icmp-source", &(c)->icmp_source);			\
	print_own((c)->own, (c)->nown);					\
	print_rules((c)->rules, (c)->nrules);				\
} while (0)

static void
print_class(int copy, uint8_t tos)
{
	if (copy)
		printf("\ttraffic-class copy\n");
	else
		printf("\ttraffic-class %u\n", tos >> 2);
}

static void
print_in6(const char *what, const struct in6_addr *a)
{
	char	 buf[INET6_ADDRSTRLEN];

	if (!IN6_IS_ADDR_UNSPECIFIED(a))
		printf("\t%s %s\n", what,
		    inet_ntop(AF_INET6, a, buf, sizeof(buf)));
}

static void
print_own(const struct in_addr *own, uint32_t n)
{
	uint32_t	 i;

	for (i = 0; i < n; i++)
		print_in("own", &own[i]);
}

static void
print_rules(const struct policy_rule *r, uint32_t n)
{
	uint32_t	 i;

	for (i = 0; i < n; i++)
		print_prefix(r[i].allow ? "allow" : "deny", &r[i].prefix);
}

static void
print_verdict(const struct conf_verdict *v, const char *pre)
{
	printf("%srise %u\n", pre, v->rise);
	printf("%ssettle %u ms\n", pre, v->settle_ms);
	if (v->hold_max_ms == 0)
		printf("%shold-down none\n", pre);
	else
		printf("%shold-down %u ms max %u ms forget %u ms\n", pre,
		    v->hold_ms, v->hold_max_ms, v->forget_ms);
}

/* Of a relay, what is not as for all. */
static void
print_own_verdict(const struct conf_health *h, enum relay_kind kind)
{
	if (memcmp(&h->relay[kind], &h->verdict, sizeof(h->verdict)) != 0)
		print_verdict(&h->relay[kind], "\t");
}

static void
print_check(const struct conf_check *c)
{
	printf("\tcheck \"%s\" {\n", c->name);
	printf("\t\tfall %u\n", c->verdict.fall);
	printf("\t\tlease %u s\n", c->lease_s);
	print_verdict(&c->verdict, "\t\t");
	printf("\t}\n");
}

static void
print_6to4(const struct conf_6to4 *c, const struct conf_health *h)
{
	uint32_t	 i;

	printf("relay 6to4 {\n");
	for (i = 0; i < c->nlisten; i++)
		print_in("listen on", &c->listen[i]);
	print_in("source", &c->source);
	PRINT_COMMON(c);
	print_own_verdict(h, RELAY_6TO4);
	printf("}\n");
}

static void
print_teredo(const struct conf_teredo *c, const struct conf_health *h)
{
	char	 buf[INET_ADDRSTRLEN];

	printf("relay teredo {\n");
	printf("\tlisten on %s port %u\n",
	    inet_ntop(AF_INET, &c->listen, buf, sizeof(buf)), c->port);
	PRINT_COMMON(c);
	printf("\tcone %s\n", c->cone ? "yes" : "no");
	printf("\tmax-clients %u\n", c->max_peers);
	printf("\tqueue %u\n", c->queue);
	printf("\tbubble-rate %u\n", c->bubble_rate);
	printf("\tserver-rate %u\n", c->server_rate);
	printf("\tclient-rate %u\n", c->new_rate);
	print_own_verdict(h, RELAY_TEREDO);
	printf("}\n");
}

static void
print_target(const struct conf_target *t)
{
	char	 buf[INET6_ADDRSTRLEN];

	printf("\t\ttarget %s", inet_ntop(AF_INET6, &t->addr, buf,
	    sizeof(buf)));
	if (t->native)
		printf(" via native");
	if (t->port != 0)
		printf(" port %u", t->port);
	printf("\n");
}

static void
print_probe(const char *kind, const struct conf_probe *p)
{
	static const char *const	 needs[] = PROBE_NEED_NAMES;
	uint32_t			 i;

	if (p->ntargets == 0)
		return;
	printf("\tprobe %s {\n", kind);
	for (i = 0; i < p->ntargets; i++)
		print_target(&p->target[i]);
	printf("\t\tneed %s\n", needs[p->need]);
	printf("\t\tinterval %u ms\n", p->interval_ms);
	printf("\t\ttimeout %u ms\n", p->timeout_ms);
	printf("\t\tfall %u\n", p->fall);
	printf("\t\tstrict %s\n", p->strict ? "yes" : "no");
	printf("\t}\n");
}

static void
print_health(const struct conf_health *h)
{
	static const char *const	 kinds[] = RELAY_KIND_NAMES;
	uint32_t			 i;

	printf("health {\n");
	printf("\tinterval %u ms\n", h->interval_ms);
	print_verdict(&h->verdict, "\t");
	printf("\tlinger %u ms\n", h->linger_ms);
	printf("\tdrain %u ms\n", h->drain_ms);
	printf("\tdrain-file \"%s\"\n", h->drain_file);
	for (i = 0; i < h->nroutes; i++)
		print_prefix("route", &h->routes[i]);
	if (h->overload != 0)
		printf("\toverload %u\n", h->overload);
	for (i = 0; i < RELAY_NKINDS; i++)
		print_probe(kinds[i], &h->probe[i]);
	for (i = 0; i < h->nchecks; i++)
		print_check(&h->checks[i]);
	printf("}\n");
}

void
print_config(const struct relayd6_conf *conf)
{
	if (conf->sixtofour.enabled)
		print_6to4(&conf->sixtofour, &conf->health);
	if (conf->teredo.enabled)
		print_teredo(&conf->teredo, &conf->health);
	print_health(&conf->health);
}
