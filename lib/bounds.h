/*
 * Every bound of the suite on one page, each with its reason.
 */
#ifndef BOUNDS_H
#define BOUNDS_H

/* The data path. */
#define LIMIT_PACKET		9216	/* bytes: jumbo frames; more is cut */
#define LIMIT_MTU		9000	/* of a tunnel; headers fit beside it */

/* Configuration: fixed arrays that cross a pipe in one message. */
#define LIMIT_LISTEN		8	/* addresses one relay listens on */
#define LIMIT_RULES		64	/* allow and deny lines of one relay */
#define LIMIT_OWN		16	/* more IPv4 addresses of this host */

/* Packets. */
#define LIMIT_EXTHDR		8	/* headers walked; nobody honest
					   chains more (RFC 8504 5.3) */

/* ICMPv6 errors, RFC 4443 2.4 f. */
#define LIMIT_ICMP_BUCKETS	1024	/* 8 kB; a power of two */

/* Teredo. */
#define LIMIT_TEREDO_PEERS	(1 << 20) /* clients: 132 MB when all in use */
#define LIMIT_TEREDO_QUEUE	32	/* packets kept for one client */
#define LIMIT_TEREDO_HELD	1024	/* and for all of them: 1.3 MB */
#define LIMIT_TEREDO_BUCKETS	4096	/* 32 kB of each kind; a power of 2 */
#define LIMIT_TEREDO_DIRECT	50	/* bubbles a second to one address */
#define LIMIT_TEREDO_TICK	64	/* clients looked at in one go */
#define LIMIT_TEREDO_WALK	4096	/* places passed in one go */
#define LIMIT_TEREDO_ALTERNATES	4	/* RFC 6081 4.3 */

#define LIMIT_CONF_WORD		512	/* bytes of a word or string */
#define LIMIT_CONF_DEPTH	16	/* files and macros in one another */
#define LIMIT_CONF_TEXTS	10000	/* and in all, at each use */
#define LIMIT_CONF_SIZE		(1 << 20) /* bytes of a configuration file */

/* Control socket: what a local client can make a daemon hold. */
#define LIMIT_CTL_CLIENTS	32	/* connections at a time */
#define LIMIT_CTL_QUEUE		512	/* replies waiting for a slow client;
					   no answer is longer at once */
#define LIMIT_CTL_PAGE		64	/* rows of one that has no bound */
#define LIMIT_CTL_FEED		8	/* heartbeats a subscriber may lag,
					   beyond what its socket holds */
#define LIMIT_CTL_EVENTS	256	/* events; prefixes come in crowds */
#define LIMIT_EVENTS		256	/* of one process in a second: each
					   OSPF neighbor once */
#define LIMIT_CTL_SNDBUF	8192	/* bytes; Linux doubles it */
#define LIMIT_CTL_IDLE_S	10	/* a client that is silent that long */
#define LIMIT_REASON		96	/* bytes of a reason in words */

#define LIMIT_DESCR		64	/* bytes of a description */
#define LIMIT_NAME		32	/* bytes of the name of a check */
#define LIMIT_PATH		104	/* bytes of a path in messages */

/* Health. */
#define LIMIT_SIGN_ROUTES	8	/* prefixes that must have a route */
#define LIMIT_SIGN_LEGS		16	/* interfaces one such route may use */
#define LIMIT_BEAT_MIN_MS	10	/* faster than this is noise */
#define LIMIT_BEAT_MAX_MS	10000
#define LIMIT_CHECKS		16	/* of others; all are in a heartbeat */
#define LIMIT_DRAINS		32	/* drained at a time, by name */
#define LIMIT_LEASE_S		86400	/* a report may be good for a day */
#define LIMIT_STOP_DRAIN_MS	10000	/* of a stop: whoever asked for it
					   waits 30 s, and we linger, too */

/* Probes. */
#define LIMIT_PROBE_TARGETS	8	/* of one relay */
#define LIMIT_PROBE_MIN_MS	20	/* of an interval and a timeout */
#define LIMIT_PROBE_MAX_MS	60000
#define LIMIT_PROBE_BUBBLES	8	/* that a round may have us send */

/* Between the processes of a daemon. */
#define LIMIT_PROC_QUEUE	4096	/* messages that wait for a sibling */
#define LIMIT_PROC_START_S	10	/* a child must have reported by then */
#define LIMIT_PROC_STOP_S	3	/* a child must have gone by then */
#define LIMIT_PROC_HUNG_S	5	/* a silent child may still return */
#define LIMIT_PROC_BEAT_MS	100	/* until configured otherwise */
#define LIMIT_PROC_SILENT	3	/* heartbeats missed: silent */

/* BGP: each neighbor costs some 70 kB, nearly all of it these bounds. */
#define LIMIT_BGP_PEERS		64	/* upstreams of one box */
#define LIMIT_BGP_ANNOUNCE	64	/* one UPDATE withdraws them */
#define LIMIT_BGP_COMMUNITIES	16	/* of a kind, of a prefix and of a
					   neighbor each; all fit an UPDATE */
#define LIMIT_BGP_PREPEND	16	/* longer paths are thrown away */
#define LIMIT_BGP_PASSWORD	80	/* bytes, what kernels take */
#define LIMIT_BGP_HEARD		65536	/* prefixes a bound can be set at:
					   up to 2 MB to count them */

/* OSPFv3: configuration. */
#define LIMIT_OSPF_AREAS	8
#define LIMIT_OSPF_IFS		32
#define LIMIT_OSPF_CONF_NBRS	16	/* named for one interface */
#define LIMIT_OSPF_PREFIXES	32	/* named for one area */
#define LIMIT_OSPF_ANNOUNCE	LIMIT_BGP_ANNOUNCE
#define LIMIT_OSPF_KEYS		32	/* of all interfaces */
#define LIMIT_OSPF_SECRET	80	/* bytes; beyond 64 nothing is gained */

/*
 * OSPFv3: what neighbors can make us hold, some 30 MB in all.  LSAs beyond
 * are acknowledged and let go: see routed6/ospf_lsdb.h.
 */
#define LIMIT_OSPF_LSAS		32768	/* of a thousand routers, 30 each */
#define LIMIT_OSPF_LSDB		(16 << 20) /* bytes of LSAs */
#define LIMIT_OSPF_NBRS		256	/* of a link, so that none of them
					   takes the room of another */
#define LIMIT_OSPF_UNACKED	65536	/* LSAs on retransmission lists;
					   who has most there starts anew */
#define LIMIT_OSPF_REQUESTS	65536	/* LSAs to be asked for */
#define LIMIT_OSPF_ANSWER	(1 << 20) /* bytes of LSAs for one request */
#define LIMIT_OSPF_REJECTS	8	/* strangers remembered a link */
#define LIMIT_OSPF_WARNINGS	16	/* a minute, of the others on a link */
#define LIMIT_OSPF_ADDRS	32	/* addresses of one interface ... */
#define LIMIT_OSPF_LOCALS	8	/* ... and link-local ones */
#define LIMIT_OSPF_WILL		256	/* packets of the last will ... */
#define LIMIT_OSPF_WILL_BYTES	4096	/* ... and the largest of them */
#define LIMIT_OSPF_LINK_PREFIXES 256	/* that a DR tells for its link */

/* BFD. */
#define LIMIT_BFD_SESSIONS	128	/* of all who ask for one */
#define LIMIT_BFD_KEY		20	/* bytes, RFC 5880 4.4 */
#define LIMIT_BFD_BATCH		32	/* packets a wake-up takes at most */
#define LIMIT_BFD_MIN_MS	10	/* faster than this is noise */
#define LIMIT_BFD_MAX_MS	60000

#endif
