/*
 * Link state databases: LSAs by scope, their age, which of two instances is
 * newer (RFC 2328 13.1, 14), and a bound on all of it.  A database holds the
 * LSAs of one link, one area or the whole AS; a store is what all databases
 * of a router share: memory, and the order in which LSAs grow old.
 *
 * The bound works as RFC 1765 does for AS-external-LSAs, with one difference:
 * our own LSAs, which are few, are always stored.  LSAs of others beyond the
 * bound are not; AS-external ones (and those of NSSAs) may fill no more than
 * three quarters of the room, so that the topology itself is the last to
 * suffer.
 */
#ifndef OSPF_LSDB_H
#define OSPF_LSDB_H

#include <sys/queue.h>
#include <sys/tree.h>

#include <stddef.h>
#include <stdint.h>

#include "mono.h"
#include "ospf_wire.h"

#define MONO_NEVER	INT64_MAX

struct ospf_area;
struct ospf_db;
struct ospf_if;

struct ospf_lsa {
	RB_ENTRY(ospf_lsa)	 entry;		/* of its database */
	RB_ENTRY(ospf_lsa)	 aging;		/* unless it is dying */
	TAILQ_ENTRY(ospf_lsa)	 dying;		/* has reached MaxAge */
	struct ospf_store	*store;
	struct ospf_db		*db;		/* NULL: superseded */
	struct ospf_lsa_header	 h;		/* age: as it was at base */
	mono_t			 base;
	mono_t			 arrived;
	mono_t			 before;	/* the last instance came */
	mono_t			 expires;
	uint32_t		 refs;
	uint32_t		 unacked;	/* neighbors that owe an ack */
	mono_t			 returned_at;	/* to one who had less */
	uint8_t			 returned;
	uint8_t			 heard;		/* came by flooding */
	uint8_t			 old;		/* has reached MaxAge */
	uint8_t			 data[];	/* h.len bytes */
};

RB_HEAD(ospf_lsas, ospf_lsa);
RB_HEAD(ospf_ages, ospf_lsa);
TAILQ_HEAD(ospf_dying, ospf_lsa);

struct ospf_store {
	struct ospf_ages	 ages;
	struct ospf_dying	 dying;
	size_t			 count;		/* LSAs that exist */
	size_t			 bytes;
	size_t			 max_count;
	size_t			 max_bytes;
	uint64_t		 refused;	/* for lack of room, ever */
	mono_t			 refused_at;
};

struct ospf_db {
	struct ospf_store	*store;
	struct ospf_if		*ifp;	/* of this link, or NULL */
	struct ospf_area	*area;	/* of this area, or NULL */
	struct ospf_lsas	 lsas;
	size_t			 count;
	uint64_t		 cksum_sum;	/* of the checksums */
};

/* The order of LSAs within a database: type, id, router. */
int	 ospf_key_cmp(const struct ospf_key *, const struct ospf_key *);

/*
 * Which instance of an LSA is newer, RFC 2328 13.1: above 0 when a is, below
 * 0 when b is, 0 when they are the same.
 */
int	 ospf_lsa_compare(const struct ospf_lsa_header *a,
	    const struct ospf_lsa_header *b);

void	 ospf_store_init(struct ospf_store *, size_t max_count,
	    size_t max_bytes);

/*
 * True when there is room for an LSA of another router in place of an older
 * instance, or of none (NULL).  One that is no longer than what it replaces
 * needs no room, or nothing could be withdrawn when all is full.
 */
int	 ospf_store_room(const struct ospf_store *,
	    const struct ospf_lsa_header *, const struct ospf_lsa *old);

/*
 * A copy of the LSA at data, which has been parsed to h; in no database yet,
 * held once for the caller.  NULL when it is refused (sure: never) or there is
 * no memory, which is counted as refused too.
 */
struct ospf_lsa	*ospf_lsa_new(struct ospf_store *,
		    const struct ospf_lsa_header *, const uint8_t *data,
		    int sure, mono_t now);
void		 ospf_lsa_hold(struct ospf_lsa *);
void		 ospf_lsa_rele(struct ospf_lsa *);

/* Its age in seconds, and its header as it would be sent now. */
uint16_t	 ospf_lsa_age(const struct ospf_lsa *, mono_t now);
void		 ospf_lsa_now(const struct ospf_lsa *, mono_t now,
		    struct ospf_lsa_header *);

/* Premature aging, RFC 2328 14.1: it has reached MaxAge now. */
void		 ospf_lsa_expire(struct ospf_lsa *, mono_t now);

void		 ospf_db_init(struct ospf_db *, struct ospf_store *);

/* Put an LSA in, in place of an older instance; the database holds it. */
void		 ospf_db_install(struct ospf_db *, struct ospf_lsa *);
void		 ospf_db_remove(struct ospf_lsa *);
void		 ospf_db_clear(struct ospf_db *);
struct ospf_lsa	*ospf_db_find(const struct ospf_db *,
		    const struct ospf_key *);

/* The LSA that follows a key (NULL: the first one), NULL at the end. */
struct ospf_lsa	*ospf_db_after(const struct ospf_db *,
		    const struct ospf_key *);

/*
 * The next LSA that has reached MaxAge by itself, or NULL; and when there
 * will be one.
 */
struct ospf_lsa	*ospf_store_expired(struct ospf_store *, mono_t now);
mono_t		 ospf_store_deadline(const struct ospf_store *);

RB_PROTOTYPE(ospf_lsas, ospf_lsa, entry, ospf_lsas_cmp);
RB_PROTOTYPE(ospf_ages, ospf_lsa, aging, ospf_ages_cmp);
int	ospf_lsas_cmp(struct ospf_lsa *, struct ospf_lsa *);
int	ospf_ages_cmp(struct ospf_lsa *, struct ospf_lsa *);

#endif
