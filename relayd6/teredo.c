/*
 * The Teredo relay engine: configuration, and what it shows of itself.  See
 * teredo.h.  Relay process; pure.
 */
#include <arpa/inet.h>

#include <string.h>

#include "teredo_priv.h"

/* --- configuration -------------------------------------------------------- */

/* Two peers in the same places: only what their NATs see must stay. */
static int
peers_stay(const struct teredo *t, const struct conf_teredo *new)
{
	return (t->table.max != 0 && t->conf.max_peers == new->max_peers &&
	    t->conf.listen.s_addr == new->listen.s_addr &&
	    t->conf.port == new->port);
}

/* Nothing waits any more; who waited for an answer goes on doing so. */
static void
held_clear(struct teredo *t)
{
	struct teredo_peer	*peer;
	size_t			 len;
	uint8_t			 tos;

	while (t->queue.count != 0) {
		peer = teredo_peer_at(&t->table,
		    teredo_queue_oldest(&t->queue));
		teredo_queue_get(&t->queue, peer, &len, &tos);
		t->count.late[DROP_CROWDED]++;
	}
}

static int
memory_take(struct teredo *t, const struct conf_teredo *new)
{
	int	 r = 0;

	if (!peers_stay(t, new) || t->queue.size != new->mtu)
		held_clear(t);
	if (!peers_stay(t, new)) {
		teredo_table_free(&t->table);
		if (teredo_table_init(&t->table, new->max_peers,
		    t->key) == -1)
			r = -1;
	}
	if (t->queue.size != new->mtu) {
		teredo_queue_free(&t->queue);
		if (new->mtu != 0 &&
		    teredo_queue_init(&t->queue, new->mtu) == -1)
			r = -1;
	}
	return (r);
}

static void
policies_make(struct teredo *t, const struct conf_teredo *conf)
{
	struct teredo_addr	 a;
	struct addr6		 probe;
	uint32_t		 i;

	policy_init(&t->policies, conf->rules, conf->nrules);
	policy_own_add(&t->policies, conf->listen);
	t->behind_nat = policy_special4(ntohl(conf->listen.s_addr)) != NULL;
	for (i = 0; i < conf->nown && i < LIMIT_OWN; i++)
		policy_own_add(&t->policies, conf->own[i]);
	addr6_load(&probe, &conf->probe);
	teredo_addr_parse(&a, &probe);
	if (addr6_is_teredo(&probe))
		policy_probe_set(&t->policies, &probe, a.client);
	addr6_load(&t->icmp_source, &conf->icmp_source);
	if (t->icmp_source.hi == 0 && t->icmp_source.lo == 0) {
		t->icmp_source.hi = 0x2002ULL << 48 |
		    (uint64_t)ntohl(conf->listen.s_addr) << 16;
		t->icmp_source.lo = 1;
	}
}

int
teredo_reconf(struct teredo *t, const struct conf_teredo *new)
{
	int	 r;

	r = memory_take(t, new);
	t->conf = *new;
	if (t->conf.queue > LIMIT_TEREDO_QUEUE)
		t->conf.queue = LIMIT_TEREDO_QUEUE;
	policies_make(t, new);
	teredo_limit_rates(&t->limit, new);
	icmp_limit_rate(&t->icmp_limit, new->icmp_rate);
	return (r);
}

int
teredo_init(struct teredo *t, const struct conf_teredo *conf,
    const uint8_t key[SIPHASH_KEYLEN], const struct teredo_ops *ops,
    void *arg)
{
	memset(t, 0, sizeof(*t));
	memcpy(t->key, key, sizeof(t->key));
	t->ops = ops;
	t->arg = arg;
	teredo_limit_init(&t->limit, key);
	icmp_limit_init(&t->icmp_limit, key);
	return (teredo_reconf(t, conf));
}

void
teredo_free(struct teredo *t)
{
	teredo_table_free(&t->table);
	teredo_queue_free(&t->queue);
}

/* --- what it shows -------------------------------------------------------- */

uint32_t
teredo_count(const struct teredo *t, enum teredo_state state)
{
	return (t->table.lists[state].count);
}

static uint64_t
ms_since(mono_t now, mono_t then)
{
	if (then.ns == 0)
		return (UINT64_MAX);
	return (mono_sub(now, then) / MONO_MS(1));
}

static void
client_show(const struct teredo_peer *p, struct teredo_client *c, mono_t now)
{
	struct teredo_addr	 a;

	memset(c, 0, sizeof(*c));
	teredo_addr_parse(&a, &p->addr);
	addr6_store(&p->addr, &c->addr);
	c->server.s_addr = htonl(a.server);
	c->mapped.s_addr = htonl(p->mapped);
	c->port = p->port;
	c->state = p->state;
	c->tries = p->tries;
	c->held = p->nheld;
	c->for_ms = ms_since(now, p->since);
	c->rx_ms = ms_since(now, p->last_rx);
	c->tx_ms = ms_since(now, p->last_tx);
	c->in_packets = p->in_packets;
	c->out_packets = p->out_packets;
}

static int
client_wanted(const struct teredo_client *c, const struct prefix *f)
{
	if (f->af == 4)
		return (prefix_covers(f, 4, &c->mapped) ||
		    prefix_covers(f, 4, &c->server));
	return (f->af == 0 || prefix_covers(f, 6, &c->addr));
}

/* One address: no walk at all. */
static size_t
client_one(struct teredo *t, struct teredo_walk *w, struct teredo_client *c,
    mono_t now)
{
	struct teredo_peer	*peer;
	struct addr6		 addr;

	w->done = 1;
	addr6_load(&addr, w->filter.b);
	if ((peer = teredo_peer_find(&t->table, &addr)) == NULL)
		return (0);
	client_show(peer, c, now);
	return (1);
}

size_t
teredo_clients(struct teredo *t, struct teredo_walk *w,
    struct teredo_client *c, size_t n, mono_t now)
{
	struct teredo_peer	*peer;
	size_t			 found = 0;
	int			 i;

	if (w->done || n == 0)
		return (0);
	if (w->filter.af == 6 && w->filter.len == 128)
		return (client_one(t, w, c, now));
	for (i = 0; i < LIMIT_TEREDO_WALK && found < n; i++) {
		if (w->place >= t->table.fresh) {
			w->done = 1;
			break;
		}
		if ((peer = teredo_peer_at(&t->table, ++w->place)) == NULL)
			continue;
		client_show(peer, &c[found], now);
		found += client_wanted(&c[found], &w->filter);
	}
	return (found);
}

const char *
teredo_state_name(enum teredo_state state)
{
	static const char *const	 names[] = {
#define X(sym, word)	word,
		TEREDO_STATES(X)
#undef X
	};

	return (names[state]);
}

static const struct {
	const char	*name;
	const char	*text;
} cases[] = {
#define X(sym, word, text)	{ word, text },
	TEREDO_CASES(X)
#undef X
};

const char *
teredo_case_name(enum teredo_case c)
{
	return (cases[c].name);
}

const char *
teredo_case_text(enum teredo_case c)
{
	return (cases[c].text);
}
