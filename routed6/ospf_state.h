/*
 * The state of an OSPFv3 router, shared by the files of the engine (ospf_if.c,
 * ospf_nbr.c, ospf_hello.c, ospf_dd.c, ospf_req.c, ospf_flood.c,
 * ospf_update.c, ospf_ack.c, ospf_grace.c, ospf_bfd.c, ospf_orig.c,
 * ospf_self.c, ospf_packet.c, ospf_engine.c, ospf_show.c); nobody else includes
 * it.
 *
 * Every call from outside enters with ospf_enter(), which notes the time, and
 * ends with ospf_leave(), which does what has been put off: our own LSAs are
 * brought up to date, LSAs are flooded, withdrawals first, and what is no
 * longer needed is freed.  So nothing is freed under a caller's feet.
 */
#ifndef OSPF_STATE_H
#define OSPF_STATE_H

#include <sys/queue.h>
#include <sys/tree.h>

#include "ospf_auth.h"
#include "ospf_engine.h"
#include "ospf_fsm.h"
#include "ospf_wire.h"

#define OSPF_MIN_LS_INTERVAL	MONO_S(5)	/* RFC 2328 B */
#define OSPF_MIN_LS_ARRIVAL	MONO_S(1)
#define OSPF_REFRESH		MONO_S(1800)
#define OSPF_ACK_DELAY		MONO_MS(500)	/* below RxmtInterval */
#define OSPF_MARGIN		MONO_MS(20)	/* of a neighbor's clock */
#define OSPF_STOP_RETRANSMIT	MONO_MS(150)
#define OSPF_REPEAT		16384	/* bytes repeated to one at once */
#define OSPF_REPEAT_PAUSE	MONO_MS(100)	/* ... before the rest */
#define OSPF_WARN_INTERVAL	MONO_S(60)	/* one warning a minute */

#define OSPF_MIN_MTU		1280	/* of an IPv6 link, RFC 8200 5 */
#define OSPF_ACKS_MAX		64	/* put off for one interface */
#define OSPF_WHY		96	/* bytes of a reason */

/* --- neighbors --------------------------------------------------------- */

/* An LSA that a neighbor has to acknowledge, or that we asked it for. */
struct ospf_owed {
	RB_ENTRY(ospf_owed)	 entry;
	struct ospf_key		 key;
	struct ospf_lsa		*lsa;	/* to be acknowledged */
	struct ospf_lsa_header	 h;	/* asked for: what it said it has */
	mono_t			 due;	/* when to send it again */
	uint8_t			 asked;	/* the request was sent */
};

RB_HEAD(ospf_owes, ospf_owed);

/* How far the description of our databases has come (RFC 2328 10.8). */
struct ospf_cursor {
	uint8_t		 scope;		/* 0 link, 1 area, 2 AS, 3 done */
	uint8_t		 begun;		/* key is the last one sent */
	struct ospf_key	 key;
};

/* BFD with a neighbor. */
struct ospf_watch {
	uint8_t		 on;		/* asked for ... */
	struct in6_addr	 addr;		/* ... with this address */
	uint8_t		 up;
	char		 words[OSPF_WHY];
};

struct ospf_nbr {
	TAILQ_ENTRY(ospf_nbr)	 entry;
	struct ospf_if		*ifp;
	uint32_t		 id;		/* 0: configured, not heard */
	struct in6_addr		 addr;
	uint8_t			 configured;
	enum ospf_nbr_state	 state;
	mono_t			 since;
	uint32_t		 ifid;
	uint32_t		 options;
	uint8_t			 priority;
	uint32_t		 dr;
	uint32_t		 bdr;
	mono_t			 inactive;	/* when it is dead */
	mono_t			 grace;		/* it may restart until then */
	mono_t			 poll;		/* next Hello to it alone */

	unsigned int		 mtu;		/* as it says; 0: not yet */
	uint8_t			 master;	/* we are */
	uint8_t			 dd_last_valid;
	struct ospf_dd		 dd_last;	/* received */
	uint32_t		 dd_seq;
	uint8_t			 dd_more;	/* what we sent has M set */
	struct ospf_cursor	 cursor;
	uint8_t			*dd_packet;	/* as sent, to repeat it */
	size_t			 dd_len;
	mono_t			 dd_due;

	struct ospf_owes	 requests;	/* link state request list */
	size_t			 nrequests;
	size_t			 nasked;	/* of them, sent */
	mono_t			 request_due;
	struct ospf_owes	 unacked;	/* retransmission list */
	size_t			 nunacked;
	mono_t			 unacked_due;

	struct ospf_auth_seen	 seen;		/* authentic packets */
	struct ospf_watch	 bfd;
	mono_t			 forget;	/* until then Down is shown */
	uint32_t		 ups;		/* times it became Full */
	char			 why[OSPF_WHY];	/* it is not Full */
	mono_t			 warned;
};

TAILQ_HEAD(ospf_nbrs, ospf_nbr);

/* --- interfaces -------------------------------------------------------- */

struct ospf_addr {
	struct in6_addr	 addr;
	uint8_t		 len;
};

/* Somebody whose packets are not taken, and why. */
struct ospf_reject {
	struct in6_addr	 addr;
	uint32_t	 router;
	uint64_t	 count;
	mono_t		 last;
	mono_t		 warned;
	char		 why[OSPF_WHY];
};

struct ospf_flood {
	STAILQ_ENTRY(ospf_flood) entry;
	struct ospf_lsa		*lsa;
};

STAILQ_HEAD(ospf_floods, ospf_flood);

enum ospf_fate { OSPF_STAY, OSPF_GO };

struct ospf_if {
	TAILQ_ENTRY(ospf_if)	 entry;
	struct ospf		*o;
	struct ospf_area	*area;
	struct ospf_conf_if	 conf;
	enum ospf_fate		 fate;
	void			*port;
	enum ospf_if_state	 state;
	mono_t			 since;
	uint8_t			 link;		/* the kernel says it works */
	unsigned int		 ifindex;
	unsigned int		 mtu;
	struct in6_addr		 addr;		/* link-local; :: none */
	struct in6_addr		 locals[LIMIT_OSPF_LOCALS]; /* it and others */
	size_t			 nlocals;
	struct ospf_addr	 addrs[LIMIT_OSPF_ADDRS];
	size_t			 naddrs;	/* without the link-local */
	uint32_t		 dr;
	uint32_t		 bdr;
	struct ospf_nbrs	 nbrs;
	size_t			 nnbrs;
	struct ospf_db		 db;		/* of the link */
	mono_t			 hello;		/* next one */
	mono_t			 wait;		/* end of Waiting */
	mono_t			 ack;		/* send what was put off */
	struct ospf_lsa_header	 acks[OSPF_ACKS_MAX];
	size_t			 nacks;
	struct ospf_floods	 floods;
	struct ospf_reject	 rejects[LIMIT_OSPF_REJECTS];
	uint64_t		 in[OSPF_NTYPES];	/* packets, by type */
	uint64_t		 out[OSPF_NTYPES];
	uint64_t		 bad;		/* not taken */
	mono_t			 warned;	/* of others, a minute ... */
	unsigned int		 nwarnings;	/* ... so often */
	int			 key;		/* signed with; -1: none yet */
	mono_t			 key_warned;	/* it has expired */
	uint64_t		 verdicts[OSPF_AUTH_NVERDICTS];
};

TAILQ_HEAD(ospf_ifs, ospf_if);

/* --- areas and our own LSAs -------------------------------------------- */

struct ospf_area {
	TAILQ_ENTRY(ospf_area)	 entry;
	struct ospf_conf_area	 conf;
	enum ospf_fate		 fate;
	struct ospf_db		 db;
};

TAILQ_HEAD(ospf_areas, ospf_area);

/* One LSA that we originate, or did. */
struct ospf_orig {
	TAILQ_ENTRY(ospf_orig)	 entry;
	struct ospf_db		*db;
	struct ospf_key		 key;
	uint8_t			 wanted;
	uint8_t			 wrap;	/* sequence begins anew after flush */
	uint8_t			*body;
	size_t			 len;
	uint8_t			 changed; /* since the last origination */
	int32_t			 seq;	/* last one used */
	mono_t			 sent;	/* last origination to anybody */
	uint8_t			 told;	/* ... of which there was one */
	mono_t			 due;	/* next origination */
	uint32_t		 fights; /* times another instance was newer */
	mono_t			 fought;
};

TAILQ_HEAD(ospf_origs, ospf_orig);

/* An LSA with our router id that is not ours, and was flushed. */
struct ospf_stranger {
	struct ospf_key	 key;
	uint32_t	 fights;
	mono_t		 fought;
};

#define OSPF_STRANGERS	64
#define OSPF_FIGHTS	4	/* for one LSA, before we leave it */
#define OSPF_TRUCE	MONO_S(60)	/* ... for this long */

/*
 * A prefix that is or was announced keeps its Link State ID.  There are slots
 * for a whole set besides one that goes, so that no withdrawal becomes a
 * change of its LSA to another prefix, which would have to wait.
 */
struct ospf_slot {
	struct ospf_announce	 ann;
	uint8_t			 wanted;
	mono_t			 left;	/* the set, if it did */
};

#define OSPF_SLOTS	(2 * LIMIT_OSPF_ANNOUNCE)

struct ospf {
	const struct ospf_ops	*ops;
	void			*arg;
	struct ospf_conf_global	 conf;
	struct ospf_keys	 keys;
	uint64_t		 seq;		/* next one to sign with ... */
	uint64_t		 seq_end;	/* ... where the will begins */
	uint64_t		 seq_will;
	mono_t			 now;		/* of the call being served */
	struct ospf_areas	 areas;
	struct ospf_ifs		 ifs;
	struct ospf_store	 store;
	struct ospf_db		 db;		/* of the AS */
	struct ospf_origs	 origs;
	struct ospf_slot	 slots[OSPF_SLOTS];
	struct ospf_stranger	 strangers[OSPF_STRANGERS];
	size_t			 nunacked;
	size_t			 nrequests;
	uint8_t			 dirty;		/* our LSAs may have changed */
	uint8_t			 will_changed;
	uint8_t			 stopping;
	mono_t			 warned_full;	/* no room for LSAs */
	mono_t			 warned_fight;
	ospf_will_fn		*will;	/* packets go there instead */
	void			*will_arg;
	uint8_t			 packet[OSPF_PACKET_MAX]; /* being built */
	uint8_t			 body[OSPF_LSA_MAX];	/* being built */
};

/* --- ospf_engine.c ----------------------------------------------------- */

void	 ospf_enter(struct ospf *, mono_t now);
void	 ospf_leave(struct ospf *);
void	 ospf_log(struct ospf *, int pri, const char *, ...)
	    __attribute__((__format__(printf, 3, 4)));

/* True once a minute for each last, which it updates. */
int	 ospf_may_warn(struct ospf *, mono_t *last);

#define OSPF_ID_STRLEN	16

/* "10.0.0.1" for a router or area id. */
char	*ospf_id_print(uint32_t, char *buf, size_t);
char	*ospf_addr_print(const struct in6_addr *, char *buf, size_t);

/* The earlier of two points in time. */
mono_t	 ospf_earlier(mono_t, mono_t);

extern const mono_t	ospf_never;

/* --- ospf_packet.c ----------------------------------------------------- */

/* Begin a packet in o->packet; finish and send it. */
void	 ospf_packet_begin(struct ospf_if *, struct wr *, enum ospf_type);
void	 ospf_packet_send(struct ospf_if *, struct wr *, enum ospf_type,
	    const struct in6_addr *dst);

/* Bytes that a packet may have without being fragmented; or in a will. */
size_t	 ospf_packet_room(const struct ospf_if *);

/*
 * Refuse a packet of somebody for a reason that people should know; in the
 * log once a minute.  ospf_accept() forgets that.
 */
void	 ospf_reject(struct ospf_if *, const struct in6_addr *,
	    uint32_t router, const char *, ...)
	    __attribute__((__format__(printf, 4, 5)));
void	 ospf_accept(struct ospf_if *, const struct in6_addr *);

/* ospf_may_warn() of the others on a link, which must not fill the log. */
int	 ospf_if_may_warn(struct ospf_if *, mono_t *last);

/* --- ospf_guard.c ------------------------------------------------------ */

/* True when packets are authenticated on this interface. */
int	 ospf_guard_is(const struct ospf_if *);

/* What our Hellos and Database Descriptions say there (RFC 7166 2.1). */
uint32_t ospf_guard_options(const struct ospf_if *);

/* Sign a packet that is complete otherwise; -1 when it must not be sent. */
int	 ospf_guard_sign(struct ospf_if *, struct wr *);

/*
 * Is a packet authentic?  -1 when it was refused.  ospf_guard_note() remembers
 * one that was taken.
 */
int	 ospf_guard_check(struct ospf_if *, const struct ospf_header *,
	    const struct in6_addr *src, const void *, size_t len,
	    struct ospf_auth_mark *);
void	 ospf_guard_note(struct ospf_if *, const struct ospf_header *,
	    const struct in6_addr *src, const struct ospf_auth_mark *);

/* Before a will is written: it is signed with numbers kept for it. */
void	 ospf_guard_will(struct ospf *);

/* --- ospf_if.c --------------------------------------------------------- */

struct ospf_if	*ospf_if_new(struct ospf *, struct ospf_area *,
		    const struct ospf_conf_if *);
void		 ospf_if_free(struct ospf_if *);
void		 ospf_if_event(struct ospf_if *, enum ospf_if_event);

/* Up or down as link, address and configuration say. */
void		 ospf_if_update(struct ospf_if *);

/* True for the types that elect a designated router. */
int		 ospf_if_elects(const struct ospf_if *);
void		 ospf_if_tick(struct ospf_if *);
mono_t		 ospf_if_deadline(const struct ospf_if *);

/* Where a flooded packet goes: AllSPFRouters or AllDRouters (13.3). */
const struct in6_addr *ospf_if_flood_dst(const struct ospf_if *);

/* --- ospf_nbr.c -------------------------------------------------------- */

struct ospf_nbr	*ospf_nbr_new(struct ospf_if *, uint32_t id,
		    const struct in6_addr *);
struct ospf_nbr	*ospf_nbr_find(struct ospf_if *, uint32_t id);
struct ospf_nbr	*ospf_nbr_at(struct ospf_if *, const struct in6_addr *);
void		 ospf_nbr_event(struct ospf_nbr *, enum ospf_nbr_event);
void		 ospf_nbr_tick(struct ospf_nbr *);
mono_t		 ospf_nbr_deadline(const struct ospf_nbr *);

/* True when our LSAs describe it: it is Full, or restarts. */
int		 ospf_nbr_is_full(const struct ospf_nbr *);

/* Free those that are down. */
void		 ospf_nbrs_sweep(struct ospf_if *);

/* The adjacency failed, for a reason that people should know. */
void		 ospf_nbr_why(struct ospf_nbr *, const char *, ...)
		    __attribute__((__format__(printf, 2, 3)));

/* --- ospf_hello.c ------------------------------------------------------ */

void	 ospf_hello_send(struct ospf_if *);
void	 ospf_hello_to(struct ospf_if *, const struct in6_addr *);
void	 ospf_hello_bye(struct ospf_if *);
void	 ospf_hello_recv(struct ospf_if *, const struct ospf_header *,
	    const struct in6_addr *src, struct rd *);

/* Build a Hello that lists no neighbor. */
void	 ospf_hello_empty(struct ospf_if *, struct wr *);

/* --- ospf_grace.c ------------------------------------------------------ */

/* True while a neighbor that restarts is kept. */
int	 ospf_grace_is_on(const struct ospf_nbr *);

/* An LSA of another router was installed; changed: it says something new. */
void	 ospf_grace_lsa(struct ospf_if *, const struct ospf_lsa *,
	    int changed);

/* It is kept no longer, if it was. */
void	 ospf_grace_end(struct ospf_nbr *, const char *why);

/*
 * An LSA says something new, or is gone: those who restart do not learn of it
 * before they are back, and others must not believe that they know
 * (RFC 3623 3.2).
 */
void	 ospf_grace_changed(struct ospf *, const struct ospf_lsa *);

/* Before anything else that time does to a neighbor. */
void	 ospf_grace_tick(struct ospf_nbr *);

/* --- ospf_bfd.c -------------------------------------------------------- */

/* Ask for BFD, or no longer, after anything that happened to a neighbor. */
void	 ospf_bfd_update(struct ospf_nbr *);

/* The configuration of the interface may have changed. */
void	 ospf_bfd_configure(struct ospf_if *);

/* True when it may not become adjacent before BFD is up. */
int	 ospf_bfd_forbids(const struct ospf_nbr *);

/* --- ospf_dd.c --------------------------------------------------------- */

void	 ospf_dd_begin(struct ospf_nbr *);		/* ExStart */
void	 ospf_dd_exchange(struct ospf_nbr *);		/* Exchange */
void	 ospf_dd_recv(struct ospf_nbr *, struct rd *);
void	 ospf_dd_tick(struct ospf_nbr *);

/* --- ospf_req.c -------------------------------------------------------- */

void	 ospf_lsr_recv(struct ospf_nbr *, struct rd *);
void	 ospf_requests_add(struct ospf_nbr *, const struct ospf_lsa_header *,
	    const struct ospf_lsa *ours);
void	 ospf_requests_send(struct ospf_nbr *);
void	 ospf_requests_remove(struct ospf_nbr *, struct ospf_owed *);
void	 ospf_requests_clear(struct ospf_nbr *);
void	 ospf_requests_tick(struct ospf_nbr *);

/* The entry of a list that a key names, or NULL. */
struct ospf_owed *ospf_owed_find(const struct ospf_owes *,
		    const struct ospf_key *);

RB_PROTOTYPE(ospf_owes, ospf_owed, entry, ospf_owed_cmp);
int	ospf_owed_cmp(struct ospf_owed *, struct ospf_owed *);

/* --- ospf_flood.c ------------------------------------------------------ */

/* The database of an LSA type on an interface; NULL: must not be there. */
struct ospf_db	*ospf_scope_db(struct ospf_if *, uint16_t type);

void	 ospf_lsu_recv(struct ospf_nbr *, struct rd *);

/*
 * Flood an LSA that is in its database; from: the neighbor it came from, or
 * NULL.  True when it goes out by the interface it came from (13.3).
 */
int	 ospf_flood(struct ospf *, struct ospf_lsa *, struct ospf_nbr *from);

/* True when LSAs of this database go out by this interface. */
int	 ospf_flood_reaches(const struct ospf_if *, const struct ospf_db *);

/* A neighbor, anywhere, is in the middle of getting our database. */
int	 ospf_is_loading(const struct ospf *);

/* --- ospf_update.c ----------------------------------------------------- */

/* Link State Updates: begin, add (sending what is full), send the rest. */
struct ospf_lsu {
	struct ospf_if		*ifp;
	struct in6_addr		 dst;
	struct wr		 w;
	uint32_t		 n;
	uint8_t			 old;	/* all go with MaxAge */
};

void	 ospf_lsu_begin(struct ospf_lsu *, struct ospf_if *,
	    const struct in6_addr *dst);
void	 ospf_lsu_add(struct ospf_lsu *, const struct ospf_lsa *);
void	 ospf_lsu_end(struct ospf_lsu *);

/* Put an LSA into what ospf_leave() floods on an interface. */
void	 ospf_floods_add(struct ospf_if *, struct ospf_lsa *);
void	 ospf_floods_send(struct ospf_if *);
void	 ospf_floods_clear(struct ospf_if *);

/* --- ospf_ack.c -------------------------------------------------------- */

int	 ospf_unacked_add(struct ospf_nbr *, struct ospf_lsa *);
void	 ospf_unacked_remove(struct ospf_nbr *, struct ospf_owed *);
void	 ospf_unacked_clear(struct ospf_nbr *);
void	 ospf_unacked_forget(struct ospf *, struct ospf_lsa *);
void	 ospf_unacked_tick(struct ospf_nbr *);
void	 ospf_unacked_hurry(struct ospf *);

void	 ospf_ack_recv(struct ospf_nbr *, struct rd *);
void	 ospf_ack_direct(struct ospf_nbr *, const struct ospf_lsa_header *);
void	 ospf_ack_delay(struct ospf_if *, const struct ospf_lsa_header *);
void	 ospf_acks_send(struct ospf_if *);

/* --- ospf_orig.c ------------------------------------------------------- */

/* Bring our LSAs up to date; flush those that are no longer wanted first. */
void	 ospf_orig_run(struct ospf *);
void	 ospf_orig_tick(struct ospf *);
mono_t	 ospf_orig_deadline(const struct ospf *);
void	 ospf_orig_flush_all(struct ospf *, const struct ospf_db *);

/* Forget all LSAs of ours in a database. */
void	 ospf_orig_free(struct ospf *, const struct ospf_db *);

/* Want an LSA of ours with this body. */
void	 ospf_orig_want(struct ospf *, struct ospf_db *, uint16_t type,
	    uint32_t id, const struct wr *body);

/* True when it is one that we have originated or would. */
int	 ospf_orig_is_ours(const struct ospf *, const struct ospf_db *,
	    const struct ospf_key *);

/*
 * A neighbor has a newer instance of an LSA with our router id (13.4), which
 * is in its database now.  True when it has been superseded or flushed.
 */
int	 ospf_orig_newer(struct ospf *, struct ospf_lsa *);

/* A dying LSA has left its database. */
void	 ospf_orig_gone(struct ospf *, const struct ospf_db *,
	    const struct ospf_key *);

/* --- ospf_self.c ------------------------------------------------------- */

/* Want all that the state of the router calls for. */
void	 ospf_self_want(struct ospf *);

/* Take the set of prefixes into the slots. */
void	 ospf_self_set(struct ospf *, const struct ospf_announce *, size_t n);

/* The options that we have in an area (RFC 5340 A.2). */
uint32_t ospf_self_options(const struct ospf_area *);

#endif
