/*
 * What routed6's processes know of the OSPFv3 configuration, fixed-width and
 * pointer-free like all that crosses a pipe.  Included by routed6.h.
 */
#ifndef OSPF_CONF_H
#define OSPF_CONF_H

#include <stdint.h>

#include "bfd_conf.h"
#include "bounds.h"
#include "ctlospf.h"
#include "prefix.h"

enum ospf_if_type {
	OSPF_BROADCAST = 1,
	OSPF_POINT_TO_POINT,
	OSPF_POINT_TO_MULTIPOINT,
	OSPF_NBMA
};

#define OSPF_IF_TYPE_NAMES \
    { "?", "broadcast", "point-to-point", "point-to-multipoint", "nbma" }

/* Flags of an interface. */
#define OSPF_F_PASSIVE		0x01	/* its prefixes only, no packets */
#define OSPF_F_MTU_IGNORE	0x02	/* take any MTU of a neighbor */
#define OSPF_F_HELPER		0x04	/* keep those who restart: RFC 5187 */

/* Flags of an area. */
#define OSPF_F_NSSA		0x01	/* RFC 3101 */

/* Algorithms of authentication; the numbers are ours. */
enum ospf_auth_algo {
	OSPF_AUTH_SHA1 = 1,
	OSPF_AUTH_SHA256,
	OSPF_AUTH_SHA384,
	OSPF_AUTH_SHA512,
	OSPF_AUTH_NALGOS
};

#define OSPF_AUTH_ALGO_NAMES	{ "?", "sha1", "sha256", "sha384", "sha512" }

/* What becomes of a packet on an interface that has keys. */
enum ospf_auth_verdict {
	OSPF_AUTH_OK,
	OSPF_AUTH_MISSING,
	OSPF_AUTH_MALFORMED,
	OSPF_AUTH_TYPE,
	OSPF_AUTH_KEY,
	OSPF_AUTH_ALGO,
	OSPF_AUTH_REPLAY,
	OSPF_AUTH_WRONG,
	OSPF_AUTH_NVERDICTS
};

#define OSPF_AUTH_VERDICT_NAMES						\
    { "authentic", "not authenticated", "malformed authentication",	\
      "unknown type of authentication", "no such key now",		\
      "another algorithm", "replayed", "wrong digest" }

/* Seconds since 1970: valid from the first on, no more at the second. */
struct ospf_life {
	int64_t		 from;	/* 0: always was */
	int64_t		 until;	/* INT64_MAX: always will be */
};

/* A security association of RFC 7166 3. */
struct ospf_conf_key {
	struct ospf_life send;
	struct ospf_life accept;
	uint32_t	 chain;	/* that it is in */
	uint16_t	 id;
	uint8_t		 algo;	/* enum ospf_auth_algo */
	uint8_t		 len;	/* of the secret */
	uint8_t		 secret[LIMIT_OSPF_SECRET];
	uint32_t	 frr_order;	/* as FRR before 9.1 has it */
};

struct ospf_keys {
	uint32_t		 n;
	struct ospf_conf_key	 key[LIMIT_OSPF_KEYS];
};

/* Not the number of a chain of keys. */
#define OSPF_CHAIN_NONE		0	/* no authentication */
#define OSPF_CHAIN_REFUSED	UINT32_MAX /* ... whatever the area says */

struct ospf_conf_if {
	char		 name[16];
	uint32_t	 area;
	uint32_t	 chain;		/* of keys, or OSPF_CHAIN_NONE */
	uint8_t		 type;		/* enum ospf_if_type */
	uint8_t		 flags;		/* OSPF_F_* */
	uint8_t		 priority;
	uint8_t		 instance;
	uint16_t	 cost;
	uint16_t	 hello;		/* s */
	uint16_t	 dead;		/* s */
	uint16_t	 poll;		/* s: Hellos to silent neighbors */
	uint16_t	 retransmit;	/* s */
	uint16_t	 delay;		/* s: InfTransDelay */
	struct bfd_conf	 bfd;
	uint32_t	 nneighbors;	/* configured; not on broadcast */
	struct ipaddr	 neighbor[LIMIT_OSPF_CONF_NBRS];
};

/* A prefix that an area is told although no interface has it. */
struct ospf_conf_prefix {
	struct prefix	 prefix;
	uint32_t	 cost;
};

struct ospf_conf_area {
	uint32_t		 id;
	uint32_t		 flags;		/* OSPF_F_NSSA */
	uint32_t		 chain;		/* of interfaces without one */
	uint32_t		 nprefixes;
	struct ospf_conf_prefix	 prefix[LIMIT_OSPF_PREFIXES];
};

/* What is not of one area or interface. */
struct ospf_conf_global {
	uint32_t	 router_id;	/* host byte order */
	uint32_t	 stub_router;	/* no way to others: RFC 6987 */
	uint32_t	 chain;		/* of areas without one */
	uint32_t	 boot;		/* number of this start, if there are
					   keys: ospf_boot.h */
};

struct ospf_conf {
	struct ospf_conf_global	 global;
	uint32_t		 nareas;
	struct ospf_conf_area	 area[LIMIT_OSPF_AREAS];
	uint32_t		 nifs;
	struct ospf_conf_if	 interface[LIMIT_OSPF_IFS];
	struct ospf_keys	 keys;
	char			 sequence_file[104];	/* see ospf_boot.h */
};

/* A prefix to announce as an AS-external-LSA. */
struct ospf_announce {
	struct prefix	 prefix;
	uint32_t	 metric;	/* at most OSPF_METRIC_MAX */
	uint8_t		 type;		/* of the metric: 1 or 2 */
	uint8_t		 has_tag;
	uint8_t		 pad[2];
	uint32_t	 tag;
	struct ipaddr	 forward;	/* af 0: none */
	uint32_t	 leaving;	/* about to go: the last choice */
};

#define OSPF_METRIC	20	/* when the announcement names none */
#define OSPF_METRIC_MAX	0xfffffe	/* 0xffffff is unreachable */

/* A socket on an interface that ospf wants, or why there is none. */
struct ospf_socket {
	char		 name[16];
	uint32_t	 ifindex;
	int32_t		 error;		/* errno */
};

/* A packet of the last will: see ospf_will.h. */
struct ospf_packet {
	char		 name[16];	/* of the interface */
	uint8_t		 src[16];
	uint8_t		 dst[16];
	uint32_t	 len;
	uint8_t		 data[LIMIT_OSPF_WILL_BYTES];
};

/* Where an answer that comes in pieces goes on; all zeroes: it begins. */
struct ospf_place {
	uint32_t	done;		/* databases that are through */
	uint32_t	begun;		/* the key is the last one told */
	uint32_t	type;
	uint32_t	id;
	uint32_t	router;
};

/* A question and how far its answer has come; at most CTL_POCKET bytes. */
struct ospf_walk {
	uint32_t		request;	/* CTL_SHOW_* */
	uint32_t		more;		/* the answer is not complete */
	struct ctl_ospf_ask	ask;
	struct ospf_place	place;
};

/* What a control client wants to know. */
struct ospf_query {
	uint32_t		client;
	struct ospf_walk	walk;
};

/* Rows of the answer on their way. */
struct ospf_row_neighbor {
	uint32_t		client;
	struct ctl_neighbor	row;
};

struct ospf_row_interface {
	uint32_t		client;
	struct ctl_interface	row;
};

struct ospf_row_database {
	uint32_t		client;
	struct ctl_database	row;
};

struct ospf_row_lsa {
	uint32_t		client;
	struct ctl_lsa		row;
};

struct ospf_row_body {
	uint32_t		client;
	struct ctl_body		row;
};

/*
 * What ospf and the others say to each other; a part of ROUTED6_MSGS in
 * routed6.h, where the letters are explained.
 */
#define OSPF_MSGS(X)							\
	X(M_OSPF_CONF,	P,	O,	struct ospf_conf_global, 0)	\
	X(M_OSPF_AREA,	P,	O,	struct ospf_conf_area,	0)	\
	X(M_OSPF_KEY,	P,	O,	struct ospf_conf_key,	0)	\
	X(M_OSPF_IF,	P,	O,	struct ospf_conf_if,	0)	\
	X(M_OSPF_WATCH,	P,	O,	struct proc_empty,	1)	\
	X(M_OSPF_WANT,	O,	P,	struct ospf_socket,	0)	\
	X(M_OSPF_SOCKET, P,	O,	struct ospf_socket,	1)	\
	X(M_OSPF_NONE,	P,	O,	struct ospf_socket,	0)	\
	X(M_OSPF_WILL,	O,	P,	struct proc_empty,	0)	\
	X(M_OSPF_WILL_PACKET, O, P,	struct ospf_packet,	0)	\
	X(M_OSPF_WILL_END, O,	P,	struct proc_empty,	0)	\
	X(M_OSPF_SET,	A,	O,	struct proc_empty,	0)	\
	X(M_OSPF_SET_ONE, A,	O,	struct ospf_announce,	0)	\
	X(M_OSPF_SET_END, A,	O,	struct proc_empty,	0)	\
	X(M_OSPF_QUERY,	A,	O,	struct ospf_query,	0)	\
	X(M_OSPF_NEIGHBOR, O,	A,	struct ospf_row_neighbor, 0)	\
	X(M_OSPF_INTERFACE, O,	A,	struct ospf_row_interface, 0)	\
	X(M_OSPF_DATABASE, O,	A,	struct ospf_row_database, 0)	\
	X(M_OSPF_LSA,	O,	A,	struct ospf_row_lsa,	0)	\
	X(M_OSPF_BODY,	O,	A,	struct ospf_row_body,	0)	\
	X(M_OSPF_ANSWERED, O,	A,	struct ospf_query,	0)

#endif
