/*
 * relayd6's contract: what its processes know of the configuration and what
 * they tell each other.  Everything here is fixed-width and pointer-free, so
 * that it can cross a pipe as it is.
 */
#ifndef RELAYD6_H
#define RELAYD6_H

#include <netinet/in.h>

#include <stdint.h>

#include "limits.h"
#include "prefix.h"

/* One "allow" or "deny" line: first match wins, before the built-in table. */
struct policy_rule {
	struct prefix	 prefix;
	uint8_t		 allow;
	uint8_t		 pad[3];
};

/* relay 6to4 { ... } */
struct conf_6to4 {
	uint8_t			 enabled;
	uint8_t			 tos_copy;	/* traffic class: copy or set */
	uint8_t			 tos;		/* DSCP << 2 when set */
	uint8_t			 ttl;		/* outer TTL */
	uint32_t		 mtu;		/* tunnel MTU, 1280 .. 65515 */
	uint32_t		 icmp_rate;	/* ICMPv6 errors a second */
	uint32_t		 nlisten;
	struct in_addr		 listen[LIMIT_LISTEN];
	struct in_addr		 source;	/* outer source; 0: listen[0] */
	uint32_t		 nown;		/* other addresses of this host that */
	struct in_addr		 own[LIMIT_OWN]; /* no client has (Teredo's, ...) */
	struct in6_addr		 icmp_source;	/* of errors; ::: 2002:SOURCE::1 */
	char			 interface[16];
	uint32_t		 nrules;
	struct policy_rule	 rules[LIMIT_RULES];
};

#endif
