/*
 * The meaning of OSPFv3's authentication keys in routed6.conf(5): see
 * conf_auth.h.  Runs in the parent, before anything else does.
 */
#include <sys/types.h>

#include <ctype.h>
#include <string.h>
#include <time.h>

#include "conf_auth.h"
#include "conf_bgp.h"

void
conf_auth_none(struct conf_ospf *co)
{
	if (*co->chain != OSPF_CHAIN_NONE)
		conf_error(co->lexer, "auth none, but there is a key");
	*co->chain = OSPF_CHAIN_REFUSED;
}

void
conf_auth_begin(struct conf_ospf *co, int64_t id, const char *algo)
{
	static const char *const	 names[] = OSPF_AUTH_ALGO_NAMES;
	struct ospf_conf_key		*k = &co->key;
	uint32_t			 n;
	size_t				 i;

	memset(k, 0, sizeof(*k));
	k->send.until = k->accept.until = INT64_MAX;
	if (conf_range(co->lexer, "auth key", id, 0, UINT16_MAX, &n) == 0)
		k->id = n;
	for (i = OSPF_AUTH_SHA1; i < OSPF_AUTH_NALGOS; i++)
		if (strcmp(algo, names[i]) == 0)
			k->algo = i;
	if (k->algo == 0)
		conf_error(co->lexer, "auth key %s: expected sha1, sha256, "
		    "sha384 or sha512", algo);
}

/* --- secrets ----------------------------------------------------------- */

static void
secret_set(struct conf_ospf *co, const char *s, size_t len)
{
	conf_secret_check(co->lexer, "auth key");
	if (len == 0 || len > LIMIT_OSPF_SECRET) {
		conf_error(co->lexer, "auth key: expected a secret of 1 to "
		    "%d bytes", LIMIT_OSPF_SECRET);
		return;
	}
	memcpy(co->key.secret, s, len);
	co->key.len = len;
}

void
conf_auth_secret(struct conf_ospf *co, const char *s)
{
	secret_set(co, s, strlen(s));
}

static int
hex_digit(char c)
{
	if (isdigit((unsigned char)c))
		return (c - '0');
	if (isxdigit((unsigned char)c))
		return (tolower((unsigned char)c) - 'a' + 10);
	return (-1);
}

/* What is too long is not kept: secret_set() only says so. */
void
conf_auth_secret_hex(struct conf_ospf *co, const char *s)
{
	char	 secret[LIMIT_OSPF_SECRET];
	size_t	 i, len = strlen(s);
	int	 hi = 0, lo = 0;

	for (i = 0; i < len / 2 && hi != -1 && lo != -1; i++) {
		hi = hex_digit(s[2 * i]);
		lo = hex_digit(s[2 * i + 1]);
		if (i < sizeof(secret))
			secret[i] = (char)((hi & 0xf) << 4 | (lo & 0xf));
	}
	if (hi == -1 || lo == -1 || len % 2 != 0)
		conf_error(co->lexer, "auth key: expected hex and an even "
		    "number of hexadecimal digits");
	else
		secret_set(co, secret, len / 2);
	explicit_bzero(secret, sizeof(secret));
}

/* --- times ------------------------------------------------------------- */

/* -1: it is not a point in time of this form. */
static int64_t
time_parse(const char *s, const char *form)
{
	struct tm	 tm, again;
	const char	*end;
	time_t		 t;

	memset(&tm, 0, sizeof(tm));
	if ((end = strptime(s, form, &tm)) == NULL ||
	    (strcmp(end, "") != 0 && strcmp(end, "Z") != 0))
		return (-1);
	again = tm;
	t = timegm(&again);
	return (again.tm_mday == tm.tm_mday && t > 0 ? t : -1);
}

void
conf_auth_time(struct conf_ospf *co, const char *s, int64_t *to)
{
	static const char *const	 forms[] = {
		"%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"
	};
	int64_t				 t = -1;
	size_t				 i;

	for (i = 0; i < nitems(forms) && t == -1; i++)
		t = time_parse(s, forms[i]);
	if (t == -1)
		conf_error(co->lexer, "time %s: expected the form "
		    "2030-12-31T23:59:59", s);
	else
		*to = t;
}

/* --- chains ------------------------------------------------------------ */

static int
life_check(struct conf_ospf *co, const char *what, const struct ospf_life *l)
{
	if (l->from < l->until)
		return (0);
	conf_error(co->lexer, "auth key %u: %s ends before it begins",
	    co->key.id, what);
	return (-1);
}

static int
key_check(struct conf_ospf *co)
{
	const struct ospf_keys	*keys = &co->conf->keys;
	uint32_t		 i;

	for (i = 0; i < keys->n; i++)
		if (keys->key[i].chain == *co->chain &&
		    keys->key[i].id == co->key.id) {
			conf_error(co->lexer, "auth key %u given twice",
			    co->key.id);
			return (-1);
		}
	if (keys->n == LIMIT_OSPF_KEYS) {
		conf_error(co->lexer, "more than %d auth keys",
		    LIMIT_OSPF_KEYS);
		return (-1);
	}
	return (life_check(co, "send", &co->key.send) == -1 ||
	    life_check(co, "accept", &co->key.accept) == -1 ? -1 : 0);
}

void
conf_auth_end(struct conf_ospf *co)
{
	struct ospf_keys	*keys = &co->conf->keys;

	if (*co->chain == OSPF_CHAIN_REFUSED)
		conf_error(co->lexer, "auth key, but there is auth none");
	else if (*co->chain == OSPF_CHAIN_NONE)
		*co->chain = ++co->nchains;
	if (key_check(co) == 0) {
		co->key.chain = *co->chain;
		keys->key[keys->n++] = co->key;
	}
	explicit_bzero(co->key.secret, sizeof(co->key.secret));
}

/* The first of these that says something. */
static uint32_t
chain_nearest(uint32_t oif, uint32_t area, uint32_t all)
{
	uint32_t	 chain = oif;

	if (chain == OSPF_CHAIN_NONE)
		chain = area;
	if (chain == OSPF_CHAIN_NONE)
		chain = all;
	return (chain == OSPF_CHAIN_REFUSED ? OSPF_CHAIN_NONE : chain);
}

void
conf_auth_finish(struct conf_ospf *co)
{
	struct ospf_conf	*o = co->conf;
	struct ospf_conf_if	*oif;
	uint32_t		 i, j;

	for (i = 0; i < o->nareas; i++)
		for (j = 0; j < o->nifs; j++) {
			oif = &o->interface[j];
			if (oif->area == o->area[i].id)
				oif->chain = chain_nearest(oif->chain,
				    o->area[i].chain, o->global.chain);
		}
}
