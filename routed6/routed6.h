/*
 * routed6's contract: what its processes know of the configuration and what
 * they tell each other.  Everything here is fixed-width and pointer-free, so
 * that it can cross a pipe as it is.
 */
#ifndef ROUTED6_H
#define ROUTED6_H

#include <stdint.h>

#include "bfd_auth.h"
#include "bfd_conf.h"
#include "ctlmsg.h"
#include "bounds.h"
#include "ospf_conf.h"
#include "prefix.h"
#include "proc.h"
#include "ration.h"

/* Flags of a neighbor. */
#define BGP_F_PASSIVE	0x01	/* wait for the peer to connect */
#define BGP_F_RANGE	0x02	/* stands for whoever connects from a prefix */
#define BGP_F_DYNAMIC	0x04	/* made from a range, gone when it closes */
#define BGP_F_STRICT	0x08	/* the peer must tell its role */
#define BGP_F_MD5	0x10	/* signed; the parent alone knows the key */
#define BGP_F_GTSM	0x20	/* hops_min is there for security */
#define BGP_F_MULTIHOP	0x40	/* hops was given */

/* What we are to the peer (RFC 9234 4.1): the number on the wire plus 1. */
enum bgp_role {
	BGP_ROLE_NONE,
	BGP_ROLE_PROVIDER,
	BGP_ROLE_RS,
	BGP_ROLE_RS_CLIENT,
	BGP_ROLE_CUSTOMER,
	BGP_ROLE_PEER,
	BGP_NROLES
};

#define BGP_ROLE_NAMES	{ "none", "provider", "rs", "rs-client", "customer", \
			    "peer" }

/* A large community (RFC 8092), host byte order. */
struct bgp_large {
	uint32_t	 global;
	uint32_t	 local1;
	uint32_t	 local2;
};

/* Which members of the next structure were given. */
#define BGP_HAS_MED	0x01
#define BGP_HAS_PREF	0x02
#define BGP_HAS_PREPEND	0x04

/*
 * What is said about prefixes, for one of them or to one neighbor.  What was
 * given for the prefix counts; communities of both are said.
 */
struct bgp_attrs {
	uint32_t		 med;
	uint32_t		 pref;		/* to internal peers only */
	uint8_t			 has;		/* BGP_HAS_* */
	uint8_t			 prepend;	/* our AS so often more */
	uint8_t			 ncomm;
	uint8_t			 next;
	uint8_t			 nlarge;
	uint8_t			 pad[3];
	uint64_t		 ext[LIMIT_BGP_COMMUNITIES]; /* RFC 4360 */
	uint32_t		 comm[LIMIT_BGP_COMMUNITIES]; /* RFC 1997 */
	struct bgp_large	 large[LIMIT_BGP_COMMUNITIES];
};

/*
 * One BGP neighbor, or with BGP_F_RANGE all within remote and plen.  A next
 * hop of af 0 means self: our own address of the session.  nexthop4 is for
 * IPv4 prefixes and may be an IPv6 address where the peer can take one (RFC
 * 8950).
 */
struct bgp_conf_peer {
	uint32_t		 id;	/* ours, to name it in messages */
	uint32_t		 flags;	/* BGP_F_* */
	struct ipaddr		 remote;
	struct ipaddr		 local;	/* af 0: any */
	struct ipaddr		 nexthop4;
	struct ipaddr		 nexthop6;
	uint32_t		 remote_as;
	uint32_t		 local_as;
	uint32_t		 router_id;	/* host byte order, not 0 */
	uint32_t		 key;		/* another with each password */
	uint32_t		 max_prefix;	/* it may announce; 0: any */
	uint16_t		 max_restart;	/* s after too many; 0: never */
	uint16_t		 max_peers;	/* of a range, at a time */
	uint16_t		 hold_time;	/* s; 0 (no timers), or >= 3 */
	uint16_t		 connect_retry;	/* s; 0: BGP_CONNECT_RETRY */
	uint16_t		 delay_open;	/* s; 0: none */
	uint8_t			 plen;		/* of a range */
	uint8_t			 role;		/* enum bgp_role */
	uint8_t			 hops;		/* to send with */
	uint8_t			 hops_min;	/* to insist on; 0: any */
	uint8_t			 pad[2];
	struct bfd_conf		 bfd;
	struct bgp_attrs	 attrs;
	char			 descr[LIMIT_DESCR];
	char			 name[IPADDR_STRLEN];	/* remote in words */
};

/* A prefix to announce and what to say about it. */
struct bgp_announce {
	struct prefix		 prefix;
	struct ipaddr		 nexthop;	/* af 0: the neighbor's */
	struct bgp_attrs	 attrs;
	uint32_t		 leaving;	/* about to go (RFC 8326) */
};

/* Subtypes of extended communities (RFC 4360 4 and 5). */
#define BGP_EXT_RT	0x02	/* route target */
#define BGP_EXT_SOO	0x03	/* route origin */

#define ROUTED6_CONF	"/etc/routed6.conf"
#define ROUTED6_SOCKET	"/var/run/routed6.sock"
#define ROUTED6_USER	"_routed6"
#define ROUTED6_FEED	"/var/run/relayd6.sock"
#define ROUTED6_SEQUENCE STATEDIR "/routed6.sequence"
#define BGP_PORT	179
#define BFD_PORT	3784		/* RFC 5881 4 */
#define BFD_PORT_MULTIHOP 4784		/* RFC 5883 5 */
#define BFD_PORT_FROM	49152		/* source ports, up to 65535 */

/* --- configuration ---------------------------------------------------- */

/* What is not of one neighbor or one announcement. */
struct conf_global {
	uint32_t	 as;
	uint32_t	 router_id;	/* host byte order */
	uint32_t	 beat_ms;	/* heartbeat between the processes */
	uint32_t	 nlisten;
	uint32_t	 listen_none;
	struct ipaddr	 listen[LIMIT_LISTEN];
	char		 feed[104];	/* path of relayd6's control socket */
};

/* announce PREFIX depend on relay KIND or check NAME ... */
struct conf_announce {
	struct bgp_announce	 bgp;
	struct ospf_announce	 ospf;
	uint32_t		 kind;	/* enum relay_kind, */
	char			 check[LIMIT_NAME]; /* unless this is given */
};

/*
 * What bgp may not know of a neighbor: the key of TCP MD5 (RFC 2385), which
 * stays in the parent, and that of BFD, which goes to bfd.  Keys for BFD with
 * OSPF neighbors are kept from ospf in the same way.
 */
struct conf_secret {
	char		 key[LIMIT_BGP_PASSWORD + 1];	/* "": none */
	struct bfd_key	 bfd;
};

struct routed6_conf {
	struct conf_global	 global;
	uint32_t		 npeers;
	struct bgp_conf_peer	 peers[LIMIT_BGP_PEERS];
	struct conf_secret	 secrets[LIMIT_BGP_PEERS];
	uint32_t		 nannounces;
	struct conf_announce	 announces[LIMIT_BGP_ANNOUNCE];
	struct ospf_conf	 ospf;
	struct bfd_key		 oif_keys[LIMIT_OSPF_IFS];
};

/*
 * Read the configuration into one that is all zeroes; errors go to
 * report(arg, line).  defs are -D definitions.  0, or -1 when there was an
 * error.
 */
int	parse_config(const char *file, const char *const *defs, int ndefs,
	    void (*report)(void *, const char *), void *arg,
	    struct routed6_conf *);

/* Write the configuration in the grammar, so that it parses to the same. */
void	print_config(const struct routed6_conf *);

/* --- processes and what they say -------------------------------------- */

enum { ANNOUNCE = PROC_PARENT + 1, BGP, BFD, OSPF };

/*
 * A control client who waits for an answer in pages: how many rows it has, and
 * in the answer 0 when there are no more.
 */
struct routed_ticket {
	uint32_t	client;
	uint32_t	rows;
};

/*
 * A neighbor that bgp wants to be connected to, or that has connected; why it
 * is not, or our addresses of the connection.
 */
struct routed_peer {
	struct ipaddr	remote;
	struct ipaddr	local;
	struct ipaddr	linklocal;	/* on a link we share; or af 0 */
	uint32_t	serial;		/* bgp's, of a connection accepted */
	int32_t		error;		/* errno */
};

/* What a control client wants to know of a neighbor or to happen to it. */
struct routed_ask {
	uint32_t		client;
	struct ctl_peer_ask	ask;
};

/* Answers to that, on their way. */
struct routed_detail {
	uint32_t		client;
	struct ctl_peer_detail	detail;
};

struct routed_route {
	uint32_t		client;
	struct ctl_peer_route	route;
};

struct routed_done {
	uint32_t	client;
	struct ctl_end	end;
};

/* A row of show peers on its way to a control client. */
struct routed_row {
	uint32_t	client;
	struct ctl_peer	peer;
};

/*
 * BFD sessions are for whoever asks: one that several ask for is one session.
 * It is named by the peer's address, a link-local one with its interface, and
 * by whether there may be routers between.
 */
struct routed_bfd {
	struct ipaddr	remote;
	uint32_t	multihop;
};

/* Wanted, also with other parameters than before; the answer is a state. */
struct routed_bfd_want {
	struct routed_bfd	session;
	struct ipaddr		local;	/* to send from; af 0: any */
	struct bfd_conf		conf;
	char			name[IPADDR_STRLEN];	/* remote in words */
};

/*
 * It is up or down.  Down with admin is the peer's wish and says nothing about
 * the path (RFC 5882 4.2).
 */
struct routed_bfd_state {
	struct routed_bfd	session;
	uint32_t		up;
	uint32_t		admin;
	char			words[LIMIT_REASON];
};

/* A socket to send from, asked for and given; or why there is none. */
struct routed_bfd_socket {
	struct routed_bfd	session;
	struct ipaddr		local;
	uint32_t		port;
	int32_t			error;	/* errno */
};

/* A socket to receive on: of which kind. */
#define BFD_LISTENERS	4
#define BFD_LISTENER(af, multihop)	((af == 6) | (multihop) << 1)

struct routed_bfd_listener {
	uint32_t	kind;		/* BFD_LISTENER() */
};

/* A key, by its number. */
struct routed_bfd_key {
	uint32_t	number;
	struct bfd_key	key;
};

/* What a control client wants to know about BFD; af 0: a row of each. */
struct routed_bfd_ask {
	uint32_t	client;
	struct ipaddr	addr;
};

/* Answers to that. */
struct routed_bfd_row {
	uint32_t	client;
	struct ctl_bfd	row;
};

struct routed_bfd_detail {
	uint32_t		client;
	struct ctl_bfd_detail	detail;
};

struct routed_bfd_drops {
	uint32_t		client;
	struct ctl_bfd_drops	drops;
};

#define P	PROC_BIT(PROC_PARENT)
#define A	PROC_BIT(ANNOUNCE)
#define B	PROC_BIT(BGP)
#define F	PROC_BIT(BFD)
#define O	PROC_BIT(OSPF)

/*	name		from	to	payload			descriptor */
#define ROUTED6_MSGS(X)							\
	X(M_CONF_BEGIN,	P,	A | B | F | O, struct conf_global, 0)	\
	X(M_CONF_PEER,	P,	B,	struct bgp_conf_peer,	0)	\
	X(M_CONF_ANNOUNCE, P,	A | B | O, struct conf_announce, 0)	\
	X(M_CONF_END,	P,	A | B | F | O, struct proc_empty, 0)	\
	X(M_CONTROL,	P,	A,	struct proc_empty,	1)	\
	X(M_FEED_WANTED, A,	P,	struct proc_empty,	0)	\
	X(M_FEED,	P,	A,	struct proc_empty,	1)	\
	X(M_FEED_NONE,	P,	A,	struct proc_empty,	0)	\
	X(M_LISTEN,	P,	B,	struct proc_empty,	1)	\
	X(M_UNLISTEN,	P,	B,	struct proc_empty,	0)	\
	X(M_UNLISTENED,	B,	P,	struct proc_empty,	0)	\
	X(M_CONNECT,	B,	P,	struct routed_peer,	0)	\
	X(M_CONNECTING,	P,	B,	struct routed_peer,	1)	\
	X(M_UNCONNECTED, P,	B,	struct routed_peer,	0)	\
	X(M_ACCEPTED,	B,	P,	struct routed_peer,	0)	\
	X(M_LOCAL,	P,	B,	struct routed_peer,	0)	\
	X(M_SET_BEGIN,	A,	B,	struct proc_empty,	0)	\
	X(M_SET,	A,	B,	struct bgp_announce,	0)	\
	X(M_SET_END,	A,	B,	struct proc_empty,	0)	\
	X(M_ASK_PEERS,	A,	B,	struct routed_ticket,	0)	\
	X(M_PEER,	B,	A,	struct routed_row,	0)	\
	X(M_PEERS_END,	B,	A,	struct routed_ticket,	0)	\
	X(M_ASK_PEER,	A,	B,	struct routed_ask,	0)	\
	X(M_PEER_DETAIL, B,	A,	struct routed_detail,	0)	\
	X(M_PEER_ROUTE,	B,	A,	struct routed_route,	0)	\
	X(M_PEER_DONE,	B,	A,	struct routed_done,	0)	\
	X(M_BFD_KEY,	P,	F,	struct routed_bfd_key,	0)	\
	X(M_BFD_LISTEN,	P,	F,	struct routed_bfd_listener, 1)	\
	X(M_BFD_UNLISTEN, P,	F,	struct routed_bfd_listener, 0)	\
	X(M_BFD_OPEN,	F,	P,	struct routed_bfd_socket, 0)	\
	X(M_BFD_OPENED,	P,	F,	struct routed_bfd_socket, 1)	\
	X(M_BFD_UNOPENED, P,	F,	struct routed_bfd_socket, 0)	\
	X(M_BFD_WANT,	B | O,	F,	struct routed_bfd_want,	0)	\
	X(M_BFD_UNWANT,	B | O,	F,	struct routed_bfd,	0)	\
	X(M_BFD_STATE,	F,	B | O,	struct routed_bfd_state, 0)	\
	X(M_ASK_BFD,	A,	F,	struct routed_bfd_ask,	0)	\
	X(M_BFD_ROW,	F,	A,	struct routed_bfd_row,	0)	\
	X(M_BFD_DETAIL,	F,	A,	struct routed_bfd_detail, 0)	\
	X(M_BFD_DROPS,	F,	A,	struct routed_bfd_drops, 0)	\
	X(M_BFD_DONE,	F,	A,	struct routed_done,	0)	\
	X(M_EVENT,	B | F | O, A,	struct ctl_event,	0)	\
	OSPF_MSGS(X)

enum routed6_msg {
	M_FIRST = PROC_USER - 1,
#define X(name, from, to, payload, fd)	name,
	ROUTED6_MSGS(X)
#undef X
	M_END
};

#define M_COUNT		(M_END - PROC_USER)
#define M_INDEX(type)	((type) - PROC_USER)

extern const struct proc_def	routed6_def;

/*
 * What people may want to see as it happens, for ctl6 monitor; from any
 * process that can send M_EVENT, at most LIMIT_EVENTS of them in a second.  Of
 * the rest only the number is told.
 */
struct routed_news {
	struct proc	*pr;
	const char	*name;		/* of the process */
	struct ration	 ration;
	struct timer	 second;	/* some were left out in this one */
};

void	routed_news_init(struct routed_news *, struct proc *, int role);

/* As ctl_event_fill(). */
void	routed_event(struct routed_news *, const char *what,
	    const char *subject, const char *state, const char *reason);

/* The main functions of the children; they do not return. */
void	announce_main(int foreground);
void	bgp_main(int foreground);
void	ospf_main(int foreground);
void	bfd_main(int foreground);

#endif
