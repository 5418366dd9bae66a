/*
 * relayd6's contract: what its processes know of the configuration and what
 * they tell each other.  Everything here is fixed-width and pointer-free, so
 * that it can cross a pipe as it is.
 */
#ifndef RELAYD6_H
#define RELAYD6_H

#include <netinet/in.h>

#include <stdint.h>

#include "bounds.h"
#include "ctlmsg.h"
#include "drain.h"
#include "pkt.h"
#include "prefix.h"
#include "proc.h"
#include "teredo_show.h"

#define RELAYD6_CONF	"/etc/relayd6.conf"
#define RELAYD6_SOCKET	"/var/run/relayd6.sock"
#define RELAYD6_USER	"_relayd6"
#define RELAYD6_DRAIN	STATEDIR "/relayd6.drain"

/* --- configuration ---------------------------------------------------- */

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
	uint32_t		 nown;		/* more addresses of ours, */
	struct in_addr		 own[LIMIT_OWN]; /* no client's (Teredo's ..) */
	struct in6_addr		 icmp_source;	/* :: is 2002:SOURCE::1 */
	char			 interface[16];
	uint32_t		 nrules;
	struct policy_rule	 rules[LIMIT_RULES];
	struct in6_addr		 probe;		/* see policy.h */
};

/*
 * relay teredo { ... }.  Rates of 0 allow nothing; what is given in brackets is
 * what the grammar should take when nothing is said.
 */
struct conf_teredo {
	uint8_t			 enabled;
	uint8_t			 cone;		/* believe the cone bit [0] */
	uint8_t			 tos_copy;	/* traffic class: copy or set */
	uint8_t			 tos;		/* DSCP << 2 when set */
	uint8_t			 ttl;		/* outer TTL [64] */
	uint8_t			 pad;
	uint16_t		 port;		/* UDP, host byte order */
	struct in_addr		 listen;	/* of the UDP socket */
	uint32_t		 mtu;		/* 1280 .. LIMIT_MTU [1280] */
	uint32_t		 max_peers;	/* clients known at a time, */
						/* .. LIMIT_TEREDO_PEERS */
	uint32_t		 queue;		/* packets kept for a client */
						/* .. LIMIT_TEREDO_QUEUE [8] */
	uint32_t		 bubble_rate;	/* a second, in all [2000] */
	uint32_t		 server_rate;	/* a second, one server [500] */
	uint32_t		 new_rate;	/* clients a second that one */
						/* source may make known [50] */
	uint32_t		 icmp_rate;	/* ICMPv6 errors a second */
	struct in6_addr		 icmp_source;	/* :: is 2002:LISTEN::1 */
	uint32_t		 nown;		/* more addresses of ours, */
	struct in_addr		 own[LIMIT_OWN]; /* no client's or server's */
	char			 interface[16];
	uint32_t		 nrules;
	struct policy_rule	 rules[LIMIT_RULES];
	struct in6_addr		 probe;		/* see policy.h */
};

/* How many of the targets have to answer. */
enum probe_need { PROBE_ANY, PROBE_MAJORITY, PROBE_ALL };

#define PROBE_NEED_NAMES	{ "any", "majority", "all" }

struct conf_target {
	struct in6_addr	addr;
	uint16_t	port;		/* connect by TCP; 0: ICMPv6 echo */
	uint8_t		native;		/* never through the relay */
	uint8_t		pad;
};

/* probe { ... } of one relay */
struct conf_probe {
	uint32_t		ntargets;	/* 0: no probes */
	uint32_t		need;		/* enum probe_need */
	uint32_t		interval_ms;	/* between two rounds */
	uint32_t		timeout_ms;	/* .. interval_ms */
	uint32_t		fall;		/* lost rounds, unhealthy */
	uint32_t		strict;		/* targets must answer 6to4 */
						/* and Teredo always */
	struct conf_target	target[LIMIT_PROBE_TARGETS];
	struct in6_addr		local;		/* ours, that targets see; */
						/* a guess of the parent */
	uint32_t		echo_id;	/* made up by the parent */
	uint32_t		shared;		/* other relays may have our */
						/* address, says the parent */
};

/* How good and bad rounds become a verdict: see verdict.h. */
struct conf_verdict {
	uint32_t	rise;		/* good rounds before healthy */
	uint32_t	fall;		/* soft failures before unhealthy */
	uint32_t	settle_ms;	/* good that long at first */
	uint32_t	hold_ms;	/* held down after the second fall */
	uint32_t	hold_max_ms;	/* .. */
	uint32_t	forget_ms;	/* of health make up for a fall */
};

/* check NAME { ... } */
struct conf_check {
	char			name[LIMIT_NAME];
	uint32_t		lease_s;	/* a report is good that long */
	struct conf_verdict	verdict;
};

/* health { ... } */
struct conf_health {
	uint32_t	interval_ms;	/* heartbeat, and a round of rise */
	uint32_t	linger_ms;	/* relaying on after the withdrawal */
	uint32_t	drain_ms;	/* leaving, before it */
	char		drain_file[LIMIT_PATH];
	uint32_t	nroutes;
	struct prefix	routes[LIMIT_SIGN_ROUTES]; /* must have a route */
	uint32_t	overload;	/* drops a second; 0: never mind */
	struct conf_probe probe[RELAY_NKINDS];
	struct conf_verdict	verdict;	/* where nothing else is said */
	struct conf_verdict	relay[RELAY_NKINDS];
	uint32_t		nchecks;
	struct conf_check	checks[LIMIT_CHECKS];
};

struct relayd6_conf {
	struct conf_6to4	sixtofour;
	struct conf_teredo	teredo;
	struct conf_health	health;
};

/*
 * Read the configuration; errors go to report(arg, line).  defs are -D
 * definitions.  0, or -1 when there was an error.
 */
int	parse_config(const char *file, const char *const *defs, int ndefs,
	    void (*report)(void *, const char *), void *arg,
	    struct relayd6_conf *);

/* Write the configuration in the grammar, so that it parses to the same. */
void	print_config(const struct relayd6_conf *);

/* The prefix that a kind of relay draws: 2002::/16 or 2001::/32. */
const struct prefix	*kind_prefix(enum relay_kind);

/* --- processes and what they say -------------------------------------- */

enum { RELAY = PROC_PARENT + 1, HEALTH };

/* What the relay process made of its packets so far, for one kind. */
struct relay_counters {
	uint32_t	client;		/* control client who waits */
	uint32_t	kind;		/* enum relay_kind */
	uint32_t	clients;	/* known at the moment */
	uint32_t	last;		/* no other kind follows */
	uint64_t	for_ms;		/* since it began */
	uint64_t	in_packets;
	uint64_t	in_bytes;
	uint64_t	out_packets;
	uint64_t	out_bytes;
	uint64_t	errors_sent;
	uint64_t	drops_in[DROP_NREASONS];
	uint64_t	drops_out[DROP_NREASONS];
	uint64_t	cases[TEREDO_NCASES];	/* of Teredo's rules */
};

/* A page of Teredo clients, and where the walk over them stands. */
#define RELAY_PAGE	32

struct relay_walk {
	uint32_t		client;
	uint32_t		n;
	struct teredo_walk	walk;
};

struct relay_page {
	struct relay_walk	at;
	struct teredo_client	row[RELAY_PAGE];
};

/* Whose tun it is. */
struct relay_kind_note {
	uint32_t	kind;
};

/* Devices and sockets are handed over one by one, then the configuration. */
struct relay_ifindex {
	uint32_t	ifindex[RELAY_NKINDS];	/* 0: no such tun */
};

struct relay_ticket {
	uint32_t	client;		/* control client who waits */
};

/* What a descriptor for the probes of one relay is. */
enum probe_fd {
	PROBE_FD_RELAY,		/* protocol 41 or UDP, to and from the relay */
	PROBE_FD_SERVER,	/* Teredo: port 3544 */
	PROBE_FD_NATIVE,	/* ICMPv6 */
	PROBE_NFDS
};

struct probe_note {
	uint32_t	kind;
	uint32_t	what;		/* enum probe_fd */
};

/* A TCP connection for a probe. */
struct probe_dial {
	uint32_t	kind;
	uint32_t	goal;
	uint64_t	ticket;		/* which of its attempts */
	struct ipaddr	addr;
	uint32_t	port;
};

/* Be unhealthy for this reason until the next M_CONF. */
struct relay_pause {
	char		reason[LIMIT_REASON];
};

/*
 * Drain everything for this reason until the next M_CONF, and say so when
 * there is nothing left that the world may hear of.
 */
struct relay_leave {
	uint32_t	drain_ms;
	char		reason[LIMIT_REASON];
};

/* A client's drain or undrain, and what became of it. */
struct relay_drain {
	uint32_t		client;
	uint32_t		undrain;
	struct drain_entry	entry;
};

struct relay_drained {
	uint32_t	client;
	struct ctl_end	end;
};

#define P	PROC_BIT(PROC_PARENT)
#define R	PROC_BIT(RELAY)
#define H	PROC_BIT(HEALTH)

/*	name		from	to	payload			descriptor */
#define RELAYD6_MSGS(X)							\
	X(M_CONF,	P,	R | H,	struct relayd6_conf,	0)	\
	X(M_TUN,	P,	R,	struct relay_kind_note,	1)	\
	X(M_IFINDEX,	P,	H,	struct relay_ifindex,	0)	\
	X(M_LISTEN,	P,	R,	struct proc_empty,	1)	\
	X(M_SOURCE,	P,	R,	struct proc_empty,	1)	\
	X(M_ICMP4,	P,	R,	struct proc_empty,	1)	\
	X(M_UDP,	P,	R,	struct proc_empty,	1)	\
	X(M_CLOSE,	P,	R,	struct proc_empty,	0)	\
	X(M_CLOSED,	R,	P,	struct proc_empty,	0)	\
	X(M_WATCH,	P,	H,	struct proc_empty,	1)	\
	X(M_CONTROL,	P,	H,	struct proc_empty,	1)	\
	X(M_PAUSE,	P,	H,	struct relay_pause,	0)	\
	X(M_PROBE,	P,	H,	struct probe_note,	1)	\
	X(M_DIAL,	H,	P,	struct probe_dial,	0)	\
	X(M_DIALED,	P,	H,	struct probe_dial,	1)	\
	X(M_NODIAL,	P,	H,	struct probe_dial,	0)	\
	X(M_LEAVE,	P,	H,	struct relay_leave,	0)	\
	X(M_LEFT,	H,	P,	struct proc_empty,	0)	\
	X(M_DRAIN,	H,	P,	struct relay_drain,	0)	\
	X(M_DRAINS,	P,	H,	struct drain_list,	0)	\
	X(M_DRAINED,	P,	H,	struct relay_drained,	0)	\
	X(M_ASK,	H,	R,	struct relay_ticket,	0)	\
	X(M_COUNTERS,	R,	H,	struct relay_counters,	0)	\
	X(M_WALK,	H,	R,	struct relay_walk,	0)	\
	X(M_PAGE,	R,	H,	struct relay_page,	0)

enum relayd6_msg {
	M_FIRST = PROC_USER - 1,
#define X(name, from, to, payload, fd)	name,
	RELAYD6_MSGS(X)
#undef X
	M_END
};

#define M_COUNT		(M_END - PROC_USER)
#define M_INDEX(type)	((type) - PROC_USER)

extern const struct proc_def	relayd6_def;

/* The main functions of the children; they do not return. */
void	relay_main(int foreground);
void	health_main(int foreground);

#endif
