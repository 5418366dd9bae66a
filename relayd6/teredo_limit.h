/*
 * How often strangers can make the Teredo relay send or remember something
 * (RFC 4380 7.3.5, 7.4): bubbles in all, to one server, to one client's IPv4
 * address; new clients that one source makes known.  Relay process; pure; no
 * allocation.  Buckets are fixed arrays found by a keyed hash: two addresses
 * may share one, which costs them tokens, nothing else.
 */
#ifndef TEREDO_LIMIT_H
#define TEREDO_LIMIT_H

#include <stdint.h>

#include "bucket.h"
#include "ip_wire.h"
#include "bounds.h"
#include "mono.h"
#include "relayd6.h"
#include "siphash.h"

struct teredo_limit {
	uint8_t			key[SIPHASH_KEYLEN];
	struct bucket_rate	all_rate;
	struct bucket_rate	server_rate;
	struct bucket_rate	direct_rate;
	struct bucket_rate	source_rate;
	struct bucket		all;
	struct bucket		servers[LIMIT_TEREDO_BUCKETS];
	struct bucket		directs[LIMIT_TEREDO_BUCKETS];
	struct bucket		sources[LIMIT_TEREDO_BUCKETS];
};

/* Full buckets; key is secret. */
void	teredo_limit_init(struct teredo_limit *,
	    const uint8_t key[SIPHASH_KEYLEN]);

/* The rates of a configuration.  What was taken stays taken. */
void	teredo_limit_rates(struct teredo_limit *, const struct conf_teredo *);

/*
 * Take the right to send a bubble to a server, or to a client.  1 or 0.  Those
 * that are not the first for a client leave half of the burst of all to those
 * that are, so that repetition for nobody does not keep anybody out.
 */
int	teredo_limit_server(struct teredo_limit *, uint32_t server, int first,
	    mono_t);
int	teredo_limit_direct(struct teredo_limit *, uint32_t client, mono_t);

/* Take the right to make a client known, by its IPv6 source (a /64). */
int	teredo_limit_source6(struct teredo_limit *, const struct addr6 *,
	    mono_t);

/* The same by its IPv4 source. */
int	teredo_limit_source4(struct teredo_limit *, uint32_t, mono_t);

#endif
