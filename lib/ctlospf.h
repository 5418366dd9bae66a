/*
 * What ctl6 asks routed6 about OSPFv3, and what it is answered; a part of
 * ctlmsg.h, with the same rules.
 */
#ifndef CTLOSPF_H
#define CTLOSPF_H

#include <stdint.h>

#include "bounds.h"
#include "prefix.h"

enum ctl_ospf_type {
	CTL_SHOW_NEIGHBORS = 128,	/* ctl_ospf_ask: ctl_neighbor */
	CTL_SHOW_INTERFACES,		/* ctl_ospf_ask: ctl_interface */
	CTL_SHOW_DATABASE,		/* ctl_ospf_ask: ctl_database, then
					   ctl_lsa, each with its ctl_body */
	CTL_NEIGHBOR,
	CTL_INTERFACE,
	CTL_DATABASE,
	CTL_LSA,
	CTL_BODY
};

/* Which of them. */
struct ctl_ospf_ask {
	struct ipaddr	addr;		/* af 0: every neighbor */
	uint32_t	router;		/* its router id; 0: any */
	uint32_t	lsa;		/* LS type; 0: every LSA */
	uint32_t	detail;		/* with bodies */
};

struct ctl_neighbor {
	struct ipaddr	addr;		/* link-local */
	uint32_t	router;		/* host byte order; 0: not heard */
	uint32_t	area;
	char		interface[16];
	char		state[16];
	char		why[LIMIT_REASON];	/* it is not Full */
	uint32_t	priority;
	uint32_t	ifid;
	uint32_t	options;
	uint32_t	mtu;		/* it says it has; 0: not said */
	uint32_t	dr;		/* it says is DR */
	uint32_t	bdr;
	uint32_t	requests;	/* LSAs we lack */
	uint32_t	unacked;	/* LSAs it has not acknowledged */
	char		bfd[LIMIT_REASON];	/* its state; "": not asked */
	uint32_t	ups;		/* times it became Full */
	uint64_t	for_ms;		/* in this state */
	uint64_t	dead_ms;	/* until it is taken for dead */
	uint64_t	refused;	/* packets of it, when it is refused */
	uint32_t	authentic;	/* it signs what it sends ... */
	uint32_t	key;		/* ... with this key */
};

#define CTL_OSPF_TYPES	5		/* of packets */
#define CTL_OSPF_VERDICTS 8		/* on their authentication */

struct ctl_interface {
	char		interface[16];
	uint32_t	area;
	uint32_t	instance;
	uint32_t	type;		/* enum ospf_if_type */
	char		state[16];
	struct ipaddr	addr;		/* link-local; af 0: none */
	uint32_t	ifindex;
	uint32_t	mtu;
	uint32_t	cost;
	uint32_t	priority;
	uint32_t	hello_s;
	uint32_t	dead_s;
	uint32_t	dr;
	uint32_t	bdr;
	uint32_t	neighbors;
	uint32_t	adjacent;	/* of them, Full */
	uint64_t	for_ms;		/* in this state */
	uint64_t	bad;		/* packets not taken */
	uint64_t	in[CTL_OSPF_TYPES];
	uint64_t	out[CTL_OSPF_TYPES];
	int32_t		key;		/* we sign with; -1: we do not */
	uint32_t	algo;		/* enum ospf_auth_algo */
	uint64_t	verdicts[CTL_OSPF_VERDICTS]; /* ospf_auth_verdict */
};

/* All databases together. */
struct ctl_database {
	uint32_t	router;
	uint32_t	lsas;
	uint32_t	max_lsas;
	uint64_t	bytes;
	uint64_t	max_bytes;
	uint64_t	refused;	/* LSAs, for lack of room */
};

struct ctl_lsa {
	uint32_t	scope;		/* 0 link, 1 area, 2 AS */
	uint32_t	area;
	char		interface[16];
	uint32_t	type;
	uint32_t	id;
	uint32_t	router;
	int32_t		seq;
	uint32_t	cksum;
	uint32_t	len;
	uint32_t	age;		/* s */
	uint32_t	self;		/* we originated it */
};

#define CTL_BODY_MAX	2048

/* The bytes of an LSA, from its header on; the rest is left out. */
struct ctl_body {
	uint32_t	len;
	uint8_t		data[CTL_BODY_MAX];
};

#endif
