/*
 * A network of OSPF routers in memory, with a clock of its own.  Links are
 * numbered; what one router sends on a link all others there receive, in
 * order, unless the test loses it.  Router i (from 0) has the router id
 * 10.0.0.i+1 and the address fe80::i+1 on every link, where its interface is
 * called "linkN".
 */
#ifndef OSPF_NET_H
#define OSPF_NET_H

#include "ospf_state.h"

#define NET_ROUTERS	8
#define NET_LINKS	8
#define NET_LOGS	256

struct net_packet {
	STAILQ_ENTRY(net_packet) entry;
	int			 from;	/* router, or -1: the test */
	int			 link;
	struct in6_addr		 src;
	struct in6_addr		 dst;
	size_t			 len;
	uint8_t			 data[];
};

struct net_router {
	struct net	*net;
	int		 n;
	struct ospf	*o;
	struct ospf_conf conf;
	uint64_t	 sequence;
	char		 log[NET_LOGS][256];
	size_t		 nlogs;
	char		 told[NET_LOGS][256];	/* "SUBJECT STATE: WHY" */
	size_t		 ntold;
	int		 bfd_on;	/* how often it asked for BFD ... */
	int		 bfd_off;	/* ... and took that back */
	struct in6_addr	 bfd_src;	/* the last time */
	struct in6_addr	 bfd_dst;
};

struct net {
	mono_t		 now;
	int64_t		 wall;	/* s since 1970 when now was 0 */
	uint32_t	 random;
	struct net_router r[NET_ROUTERS];
	int		 cut[NET_LINKS];	/* loses everything */
	unsigned int	 lose;		/* one packet of so many; 0: none */
	STAILQ_HEAD(net_packets, net_packet) queue;
	struct net_packets will;	/* the test's */
	uint64_t	 last_seq[NET_ROUTERS];	/* the test's */
	/* Sees every packet that a router sends. */
	void		(*tap)(struct net *, const struct net_packet *);
	size_t		 count[OSPF_NTYPES];	/* packets sent */
	struct net_packet *last;	/* of the type below */
	uint8_t		 want;
};

struct net	*net_new(void);
void		 net_free(struct net *);

/* The router id of router i, and its address. */
uint32_t	 net_id(int i);
struct in6_addr	 net_addr(int i);

/* An interface for the configuration of router i, with short timers. */
struct ospf_conf_if *net_if(struct net *, int i, int link,
		    enum ospf_if_type);

/* Let router i begin, or take its changed configuration. */
void		 net_start(struct net *, int i);

/* Let router i vanish without a word. */
void		 net_kill(struct net *, int i);

/* Let time pass. */
void		 net_run(struct net *, int64_t ns);

/* Deliver what is on the way, without time. */
void		 net_deliver(struct net *);

/* A packet of the test's making to router i. */
void		 net_inject(struct net *, int i, int link,
		    const struct in6_addr *src, const struct in6_addr *dst,
		    const void *, size_t len);

/* Announce a prefix such as "2002::/16" by router i, or nothing. */
void		 net_announce(struct net *, int i, const char *prefix);

struct ospf_if	*net_ifp(struct net *, int i, int link);
struct ospf_nbr	*net_nbr(struct net *, int i, int link, int other);
int		 net_full(struct net *, int i, int link, int other);

/* The LSA of a database of router i; NULL: it has none, or a dying one. */
struct ospf_lsa	*net_lsa(struct net *, int i, int link, uint16_t type,
		    uint32_t id, uint32_t adv);

/* How often router i has logged something with these words. */
size_t		 net_logged(const struct net *, int i, const char *words);

/* True when the databases of both (area and AS) hold the same instances. */
int		 net_same(struct net *, int i, int j);

#endif
