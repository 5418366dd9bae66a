/*
 * Identities and sockets for probes: see probe_open.h.  Runs in the parent, as
 * root; reads nothing from the network.
 */
#include <sys/types.h>
#include <netinet/in.h>

#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "os.h"
#include "policy.h"
#include "probe_open.h"
#include "teredo_wire.h"

/* RFC 5991 2: random bits of the flags; not C, R, U and G. */
#define TEREDO_RANDOM	0x3cff

/* Somewhere in the IPv4 Internet (RFC 7535); nothing is sent there. */
static const struct ipaddr	far = { .af = 4, .b = { 192, 31, 196, 1 } };

/*
 * Our IPv4 address that a user of this host would have: the one that it sends
 * from.  Not one of the relay if that can be helped: answers to an address that
 * several relays share need not come to us.
 */
static uint32_t
user_addr(const struct in_addr *in)
{
	struct ipaddr	 local;
	uint32_t	 addr;

	if (os_source(&far, &local) == -1)
		return (ntohl(in->s_addr));
	memcpy(&addr, local.b, sizeof(addr));
	addr = ntohl(addr);
	return (policy_special4(addr) == NULL ? addr : ntohl(in->s_addr));
}

static void
pass(struct proc *pr, enum relay_kind kind, enum probe_fd what, int fd)
{
	struct probe_note	 note = { kind, what };

	if (fd != -1)
		proc_send(pr, HEALTH, M_PROBE, &note, fd);
}

/* A host in our own 2002:V4::/48, in a subnet and of a name that none has. */
static void
open_6to4(struct conf_6to4 *c, struct proc *pr)
{
	struct addr6	 id;
	struct in_addr	 in;
	struct ipaddr	 local, inside;
	uint32_t	 addr = user_addr(&c->source);
	int		 fd;

	id.hi = 0x2002ULL << 48 | (uint64_t)addr << 16 |
	    (arc4random() & 0xffff);
	arc4random_buf(&id.lo, sizeof(id.lo));
	addr6_store(&id, &c->probe);
	in.s_addr = htonl(addr);
	ipaddr_from_in(&local, &in);
	ipaddr_from_in6(&inside, &c->probe);
	if ((fd = os_raw41_probe(&local, &inside)) == -1)
		log_warn("6to4 probe");
	pass(pr, RELAY_6TO4, PROBE_FD_RELAY, fd);
}

/*
 * A client that is its own server (RFC 4380 5.2.1), behind no NAT: its address
 * follows from the port that the kernel chooses.  When the relay listens on an
 * address that this host would not send from, other relays may have it too, and
 * what we say to those comes to our own relay.
 */
static void
open_teredo(struct conf_teredo *c, struct conf_probe *probe, struct proc *pr)
{
	struct teredo_addr	 a = { .flags = arc4random() & TEREDO_RANDOM };
	struct addr6		 id;
	struct in_addr		 in;
	struct ipaddr		 local;
	int			 fd;

	a.server = a.client = user_addr(&c->listen);
	probe->shared = a.client != ntohl(c->listen.s_addr);
	in.s_addr = htonl(a.client);
	ipaddr_from_in(&local, &in);
	if ((fd = os_udp4_listen(&local, 0)) == -1) {
		log_warn("Teredo probe");
		return;
	}
	if (os_udp4_port(fd, &a.port) == -1)
		fatal("the port of a socket");
	teredo_addr_build(&id, &a);
	addr6_store(&id, &c->probe);
	pass(pr, RELAY_TEREDO, PROBE_FD_RELAY, fd);
	if ((fd = os_udp4_listen(&local, TEREDO_PORT)) == -1)
		log_warn("Teredo probe: no answers by way of other relays: "
		    "port %d", TEREDO_PORT);
	pass(pr, RELAY_TEREDO, PROBE_FD_SERVER, fd);
}

/* How targets are probed natively, and how they see us. */
static void
open_native(struct conf_probe *c, enum relay_kind kind, struct proc *pr)
{
	struct ipaddr	 target, local;
	int		 fd;

	c->echo_id = arc4random() & 0xffff;
	if ((fd = os_icmp6_open(c->echo_id)) == -1)
		log_warn("ICMPv6 probe");
	pass(pr, kind, PROBE_FD_NATIVE, fd);
	ipaddr_from_in6(&target, &c->target[0].addr);
	if (os_source(&target, &local) == 0)
		memcpy(&c->local, local.b, sizeof(c->local));
}

void
probe_open(struct relayd6_conf *conf, struct proc *pr)
{
	struct conf_probe	*probe = conf->health.probe;
	int			 i;

	if (probe[RELAY_6TO4].ntargets != 0)
		open_6to4(&conf->sixtofour, pr);
	if (probe[RELAY_TEREDO].ntargets != 0)
		open_teredo(&conf->teredo, &probe[RELAY_TEREDO], pr);
	for (i = 0; i < RELAY_NKINDS; i++)
		if (probe[i].ntargets != 0)
			open_native(&probe[i], i, pr);
}

/* The health process may go wrong: it gets to where the operator wants. */
static int
may_dial(const struct relayd6_conf *conf, const struct probe_dial *d)
{
	const struct conf_probe	*c;
	uint32_t		 i;

	if (d->kind >= RELAY_NKINDS || d->addr.af != 6 || d->port == 0)
		return (0);
	c = &conf->health.probe[d->kind];
	for (i = 0; i < c->ntargets; i++)
		if (c->target[i].port == d->port && memcmp(d->addr.b,
		    &c->target[i].addr, sizeof(c->target[i].addr)) == 0)
			return (1);
	return (0);
}

void
probe_dial(const struct relayd6_conf *conf, struct proc *pr,
    const struct probe_dial *d)
{
	static const struct os_tcp	 plain;
	int				 fd = -1;

	if (may_dial(conf, d))
		fd = os_tcp_connect(&d->addr, d->port, &plain);
	if (fd == -1)
		proc_send(pr, HEALTH, M_NODIAL, d, -1);
	else
		proc_send(pr, HEALTH, M_DIALED, d, fd);
}
