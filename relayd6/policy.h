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

/*
 * The probe of the health process is a user of its own relay, and lives on
 * this host: all that it sends and gets would be a loop.  One IPv6 address is
 * its own, exactly this one, and only together with the one IPv4 address that
 * it embeds.  Everything else about it is judged as for any user, and it goes
 * through the same code.
 *
 * Nobody else has a use of it.  From outside nobody can send with this
 * IPv4 source: kernels refuse what comes in from an address of their own.
 * Part of the IPv6 address is made up at random when the
 * configuration is put into force, so it can not be guessed, though targets
 * and the routers on the way to them get to see it.  And who nevertheless
 * could use it could only send what any 6to4 host or Teredo client may, to
 * global addresses: what goes to a tunnel is refused, so that no loop can be
 * made of it (RFC 6324), and what is sent to it ends in a socket that takes
 * answers with the right cookie and drops the rest.
 */
struct policy_probe {
	struct addr6	addr;		/* :: when there is none */
	uint32_t	addr4;
};

/* Compiled: made once per configuration. */
struct policies {
	struct policy_probe	probe;
	uint32_t		own[LIMIT_LISTEN + 1 + LIMIT_OWN + 1];
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

/* The probe's addresses, of which the IPv4 one is ours. */
void	policy_probe_set(struct policies *, const struct addr6 *, uint32_t);

/* True for the probe's IPv6 address, and the IPv4 one that it has. */
int	policy_is_probe(const struct policies *, const struct addr6 *,
	    uint32_t);

/* May an IPv4 address be the far end of a tunnel? */
enum policy	policy_ip4(const struct policies *, uint32_t);

/* The same of the end where this user of the relay is. */
enum policy	policy_user(const struct policies *, const struct addr6 *user,
		    uint32_t);

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
