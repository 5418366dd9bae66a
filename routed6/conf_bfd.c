/*
 * What the grammar does when it reads BFD options: see conf_bfd.h.  Used by
 * the parent and by -n; opens nothing.  RFC 5880, 5881, 5883.
 */
#include <string.h>

#include "conf_bfd.h"
#include "conf_bgp.h"

#define DEFAULT_MS	100
#define DEFAULT_MULT	3

void
conf_bfd_on(struct conf_bfd *b, uint32_t flags)
{
	struct bfd_conf	*c = b->to;

	if (!(c->flags & BFD_F_ON)) {
		c->min_tx = c->min_rx = DEFAULT_MS;
		c->mult = DEFAULT_MULT;
	}
	c->flags |= BFD_F_ON | flags;
}

void
conf_bfd_off(struct conf_bfd *b)
{
	memset(b->to, 0, sizeof(*b->to));
	explicit_bzero(b->key, sizeof(*b->key));
}

void
conf_bfd_hops(struct conf_bfd *b, int multihop)
{
	struct bfd_conf	*c = b->to;

	c->flags &= ~BFD_F_MULTIHOP;
	c->flags |= BFD_F_HOPS | (multihop ? BFD_F_MULTIHOP : 0);
}

void
conf_bfd_times(struct conf_bfd *b, const char *what, int64_t ms, int tx,
    int rx)
{
	struct bfd_conf	*c = b->to;
	uint32_t	 v;

	if (conf_range(b->lexer, what, ms, LIMIT_BFD_MIN_MS,
	    LIMIT_BFD_MAX_MS, &v) == -1)
		return;
	if (tx)
		c->min_tx = v;
	if (rx)
		c->min_rx = v;
}

void
conf_bfd_multiplier(struct conf_bfd *b, int64_t n)
{
	uint32_t	 v;

	if (conf_range(b->lexer, "multiplier", n, 1, UINT8_MAX, &v) == 0)
		b->to->mult = v;
}

/* The type that a word stands for; 0 after saying why there is none. */
static uint8_t
auth_type(struct conf_bfd *b, const char *word)
{
	static const char *const	 names[BFD_NAUTHS] = BFD_AUTH_NAMES;
	uint8_t				 i;

	for (i = BFD_AUTH_SIMPLE; i < BFD_NAUTHS; i++)
		if (strcmp(word, names[i]) == 0)
			break;
	if (i == BFD_AUTH_MD5 || i == BFD_AUTH_MD5_METICULOUS)
		conf_error(b->lexer, "auth %s: MD5 is obsolete, expected "
		    "sha1 or meticulous-sha1", word);
	else if (i == BFD_NAUTHS)
		conf_error(b->lexer, "auth %s: expected simple, sha1 or "
		    "meticulous-sha1", word);
	else
		return (i);
	return (BFD_AUTH_NONE);
}

void
conf_bfd_auth(struct conf_bfd *b, const char *type, int64_t id,
    const char *secret)
{
	struct bfd_key	*k = b->key;
	size_t		 len = strlen(secret), max = LIMIT_BFD_KEY;
	uint32_t	 v = 0;

	conf_secret_check(b->lexer, "auth");
	memset(k, 0, sizeof(*k));
	k->type = auth_type(b, type);
	(void)conf_range(b->lexer, "key ID", id, 0, UINT8_MAX, &v);
	k->id = v;
	if (k->type == BFD_AUTH_SIMPLE)
		max = BFD_PASSWORD_MAX;
	if (len == 0 || len > max)
		conf_error(b->lexer, "auth %s: expected a secret of 1 to %zu "
		    "bytes", type, max);
	else {
		memcpy(k->secret, secret, len);
		k->len = len;
	}
}

void
conf_bfd_adjacent(struct conf *lexer, struct bfd_conf *c, const char *what,
    const char *name)
{
	if (c->flags & BFD_F_MULTIHOP)
		conf_error(lexer, "%s %s: multihop BFD with a link-local "
		    "address", what, name);
	c->hops_min = BFD_HOPS_SINGLE;
}

/*
 * Where routers may be between us and the neighbor, they may be there for BFD,
 * too, unless the file says otherwise.
 */
void
conf_bfd_finish(struct conf *lexer, struct bgp_conf_peer *c)
{
	int	 linklocal = ipaddr_is_linklocal(&c->remote);

	if (!(c->bfd.flags & BFD_F_ON))
		return;
	if (!(c->bfd.flags & BFD_F_HOPS) && !linklocal && c->hops > 1 &&
	    c->hops_min < BFD_HOPS_SINGLE)
		c->bfd.flags |= BFD_F_MULTIHOP;
	if ((c->flags & BGP_F_RANGE) && (c->bfd.flags & BFD_F_STRICT))
		conf_error(lexer, "neighbor %s: strict BFD with whoever "
		    "connects, expected an address", c->name);
	if (linklocal || !(c->bfd.flags & BFD_F_MULTIHOP))
		conf_bfd_adjacent(lexer, &c->bfd, "neighbor", c->name);
	else
		c->bfd.hops_min = c->hops_min;
}
