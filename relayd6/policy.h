/*
 * Which addresses the relay deals with.  A table of blocks that are not
 * global unicast, each with its reason; the operator's allow and deny lines
 * before it; and our own addresses before everything (RFC 3964 5.3, RFC 6324
 * 3.3).  Pure.  IPv4 addresses are in host byte order.
 *
 * What cannot be known: which addresses are broadcast addresses of somebody
 * else's subnet, so those pass (RFC 3964 4.1.4); and 6rd addresses, which look
 * like any others (RFC 6324 3.3), so a 6rd prefix nearby wants a deny line.
 */
#ifndef POLICY_H
#define POLICY_H

#include <netinet/in.h>

#include <stdint.h>

#include "ip_wire.h"
#include "bounds.h"
#include "relayd6.h"

enum policy {
	POLICY_PASS,
	POLICY_OWN,		/* ours, or leads back to us: a loop */
	POLICY_DENIED,		/* by a deny line */
	POLICY_SPECIAL		/* not global unicast */
};

struct policy_rule4 {
	uint32_t	addr;
	uint32_t	mask;
	int		allow;
};

struct policy_rule6 {
	struct addr6	addr;
	struct addr6	mask;
	int		allow;
};

/* Compiled: made once per configuration. */
struct policies {
	uint32_t		own[LIMIT_LISTEN + 1 + LIMIT_OWN];
	uint32_t		nown;
	struct policy_rule4	rules4[LIMIT_RULES];
	uint32_t		nrules4;
	struct policy_rule6	rules6[LIMIT_RULES];
	uint32_t		nrules6;
};

/* A block of a registry and why nobody beyond this host may be there. */
struct policy_special4 {
	uint32_t	 addr;
	uint32_t	 mask;
	int		 hard;		/* no allow line opens it */
	const char	*why;
};

struct policy_special6 {
	struct addr6	 addr;
	struct addr6	 mask;
	int		 hard;
	const char	*why;
};

/*
 * Take n (at most LIMIT_RULES) lines, of which the first match wins, and
 * forget our addresses.
 */
void	policy_init(struct policies *, const struct policy_rule *, uint32_t n);

/* Add one of our own addresses; 0.0.0.0 and duplicates are left out. */
void	policy_own_add(struct policies *, struct in_addr);

/* True when the address is one of ours. */
int	policy_is_own(const struct policies *, uint32_t);

/* May an IPv4 address be the far end of a tunnel? */
enum policy	policy_ip4(const struct policies *, uint32_t);

/*
 * May an IPv6 address be one end of a relayed packet?  For addresses outside
 * 2002::/16; inside it, ask policy_ip4() about the embedded one.
 */
enum policy	policy_ip6(const struct policies *, const struct addr6 *);

/*
 * True when an address of any automatic tunnel names one of our addresses as
 * its end: 6to4, ISATAP (RFC 5214 6.1) or Teredo (RFC 4380 4).
 */
int	policy_loops(const struct policies *, const struct addr6 *);

/* The block of the table that covers an address, or NULL. */
const struct policy_special4	*policy_special4(uint32_t);
const struct policy_special6	*policy_special6(const struct addr6 *);

#endif
