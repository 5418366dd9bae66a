/*
 * The configuration as understood, in the grammar of parse.y: what -nv
 * prints parses again to the same.
 */
#include <netinet/in.h>
#include <arpa/inet.h>

#include <stdio.h>

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

static void
print_6to4(const struct conf_6to4 *c)
{
	char		 buf[INET6_ADDRSTRLEN];
	uint32_t	 i;

	printf("relay 6to4 {\n");
	for (i = 0; i < c->nlisten; i++)
		print_in("listen on", &c->listen[i]);
	print_in("source", &c->source);
	printf("\tinterface \"%s\"\n", c->interface);
	printf("\tmtu %u\n", c->mtu);
	printf("\tttl %u\n", c->ttl);
	if (c->tos_copy)
		printf("\ttraffic-class copy\n");
	else
		printf("\ttraffic-class %u\n", c->tos >> 2);
	printf("\ticmp-rate %u\n", c->icmp_rate);
	if (!IN6_IS_ADDR_UNSPECIFIED(&c->icmp_source))
		printf("\ticmp-source %s\n", inet_ntop(AF_INET6,
		    &c->icmp_source, buf, sizeof(buf)));
	for (i = 0; i < c->nown; i++)
		print_in("own", &c->own[i]);
	for (i = 0; i < c->nrules; i++)
		print_prefix(c->rules[i].allow ? "allow" : "deny",
		    &c->rules[i].prefix);
	printf("}\n");
}

static void
print_health(const struct conf_health *h)
{
	uint32_t	 i;

	printf("health {\n");
	printf("\tinterval %u ms\n", h->interval_ms);
	printf("\trise %u\n", h->rise);
	printf("\tlinger %u ms\n", h->linger_ms);
	for (i = 0; i < h->nroutes; i++)
		print_prefix("route", &h->routes[i]);
	printf("}\n");
}

void
print_config(const struct relayd6_conf *conf)
{
	if (conf->sixtofour.enabled)
		print_6to4(&conf->sixtofour);
	print_health(&conf->health);
}
