/*
 * What strangers can make the Teredo relay do: see teredo_limit.h.  Relay
 * process; pure.
 */
#include <string.h>

#include "teredo_limit.h"

#define BURST_MIN	8

void
teredo_limit_init(struct teredo_limit *l, const uint8_t key[SIPHASH_KEYLEN])
{
	memset(l, 0, sizeof(*l));
	memcpy(l->key, key, sizeof(l->key));
}

/* Bursts of a quarter of a second, where that is enough to be of use. */
static struct bucket_rate
quarter_rate(uint32_t persec)
{
	return (bucket_rate(persec, persec / 4 < BURST_MIN ? BURST_MIN :
	    persec / 4));
}

void
teredo_limit_rates(struct teredo_limit *l, const struct conf_teredo *c)
{
	l->all_rate = quarter_rate(c->bubble_rate);
	l->server_rate = quarter_rate(c->server_rate);
	l->direct_rate = quarter_rate(LIMIT_TEREDO_DIRECT);
	/* A host may begin with many clients at once, then no more so. */
	l->source_rate = bucket_rate(c->new_rate, c->new_rate);
}

static struct bucket *
bucket_of(struct teredo_limit *l, struct bucket *buckets, const void *key,
    size_t len)
{
	return (&buckets[siphash(l->key, key, len) % LIMIT_TEREDO_BUCKETS]);
}

/* A bubble takes from the limit of all and from its own, or from none. */
static int
bubble_take(struct teredo_limit *l, struct bucket *own,
    const struct bucket_rate *rate, int first, mono_t now)
{
	if (!bucket_has(own, rate, now) ||
	    !bucket_has(&l->all, &l->all_rate, now))
		return (0);
	if (!first && !bucket_half(&l->all, &l->all_rate, now))
		return (0);
	bucket_take(own, rate, now);
	bucket_take(&l->all, &l->all_rate, now);
	return (1);
}

int
teredo_limit_server(struct teredo_limit *l, uint32_t server, int first,
    mono_t now)
{
	return (bubble_take(l, bucket_of(l, l->servers, &server,
	    sizeof(server)), &l->server_rate, first, now));
}

int
teredo_limit_direct(struct teredo_limit *l, uint32_t client, mono_t now)
{
	return (bubble_take(l, bucket_of(l, l->directs, &client,
	    sizeof(client)), &l->direct_rate, 0, now));
}

static int
source_take(struct teredo_limit *l, struct bucket *b, mono_t now)
{
	if (!bucket_has(b, &l->source_rate, now))
		return (0);
	bucket_take(b, &l->source_rate, now);
	return (1);
}

int
teredo_limit_source6(struct teredo_limit *l, const struct addr6 *src,
    mono_t now)
{
	return (source_take(l, bucket_of(l, l->sources, &src->hi,
	    sizeof(src->hi)), now));
}

int
teredo_limit_source4(struct teredo_limit *l, uint32_t src, mono_t now)
{
	return (source_take(l, bucket_of(l, l->sources, &src, sizeof(src)),
	    now));
}
