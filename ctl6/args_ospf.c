/*
 * What the OSPF commands are given: an address or a router id, a type of LSA.
 */
#include <netinet/in.h>
#include <arpa/inet.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl6.h"
#include "ctlospf.h"
#include "ospf_wire.h"

static const uint16_t	types[] = {
	OSPF_LSA_ROUTER, OSPF_LSA_NETWORK, OSPF_LSA_INTER_PREFIX,
	OSPF_LSA_INTER_ROUTER, OSPF_LSA_EXTERNAL, OSPF_LSA_NSSA,
	OSPF_LSA_LINK, OSPF_LSA_INTRA_PREFIX, OSPF_LSA_GRACE
};

/* A type by its name, abbreviated as far as it stays clear; or by number. */
static int
type_parse(const char *s, uint32_t *type)
{
	unsigned long	 n;
	size_t		 i, found = 0;
	char		*end;

	n = strtoul(s, &end, 0);
	if (*s >= '0' && *s <= '9' && *end == '\0' && n > 0 && n <= 0xffff) {
		*type = n;
		return (0);
	}
	for (i = 0; i < nitems(types); i++)
		if (strncmp(ospf_lsa_name(types[i]), s, strlen(s)) == 0) {
			*type = types[i];
			found++;
		}
	if (found == 1)
		return (0);
	fprintf(stderr, "%s: %s, expected one of", s,
	    found == 0 ? "no type of LSA" : "which one of them");
	for (i = 0; i < nitems(types); i++)
		fprintf(stderr, " %s", ospf_lsa_name(types[i]));
	fprintf(stderr, " or a number such as 0x2001\n");
	return (-1);
}

static int
neighbor_parse(const char *s, struct ctl_ospf_ask *ask)
{
	struct in_addr	 id;

	if (inet_pton(AF_INET, s, &id) == 1) {
		ask->router = ntohl(id.s_addr);
		return (0);
	}
	if (ipaddr_parse(&ask->addr, s) == 0 && ask->addr.af == 6)
		return (0);
	fprintf(stderr, "%s: neither a link-local address nor a router id\n",
	    s);
	return (-1);
}

/* show neighbors [ADDRESS], show database [TYPE] [detail] */
int
args_ospf(const struct command *c, int argc, char *argv[], void *buf)
{
	struct ctl_ospf_ask	 ask;

	memset(&ask, 0, sizeof(ask));
	ask.detail = c->value;
	if (c->request == CTL_SHOW_NEIGHBORS && argc > 2 &&
	    neighbor_parse(argv[2], &ask) == -1)
		return (-1);
	if (c->request == CTL_SHOW_DATABASE && c->words[2] != NULL &&
	    strcmp(c->words[2], "TYPE") == 0 &&
	    type_parse(argv[2], &ask.lsa) == -1)
		return (-1);
	memcpy(buf, &ask, sizeof(ask));
	return (sizeof(ask));
}
