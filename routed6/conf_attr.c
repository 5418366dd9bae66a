/*
 * Announcements and the attributes that go with them or with a neighbor: see
 * conf_bgp.h.  Used by the parent and by -n; opens nothing.  RFC 1997, 3765,
 * 7999, 8326 (communities and their names), 4360 and 5668 (extended ones),
 * 8092 (large ones).
 */
#include <sys/types.h>
#include <netinet/in.h>
#include <arpa/inet.h>

#include <stdlib.h>
#include <string.h>

#include "conf_bgp.h"

void
conf_announce_begin(struct conf_bgp *cb, const char *s)
{
	uint32_t	 i;

	memset(&cb->ann, 0, sizeof(cb->ann));
	cb->attrs = &cb->ann.bgp.attrs;
	cb->in_announce = 1;
	if (prefix_parse(&cb->ann.bgp.prefix, s) == -1)
		conf_error(cb->lexer, "announce %s: not a prefix, such as "
		    "2002::/16 with no bits after its length", s);
	for (i = 0; i < cb->conf->nannounces; i++)
		if (prefix_equal(&cb->conf->announces[i].bgp.prefix,
		    &cb->ann.bgp.prefix))
			conf_error(cb->lexer, "announce %s: there twice", s);
}

void
conf_announce_end(struct conf_bgp *cb)
{
	cb->in_announce = 0;
	if (cb->conf->nannounces == LIMIT_BGP_ANNOUNCE)
		conf_error(cb->lexer, "more than %d announcements",
		    LIMIT_BGP_ANNOUNCE);
	else
		cb->conf->announces[cb->conf->nannounces++] = cb->ann;
}

/* An IPv4 prefix may have an IPv6 one where the peer can (RFC 8950). */
void
conf_announce_next_hop(struct conf_bgp *cb, const char *s)
{
	struct ipaddr	*a = &cb->ann.bgp.nexthop;

	memset(a, 0, sizeof(*a));
	if (strcmp(s, "self") != 0 && (ipaddr_parse(a, s) == -1 ||
	    (cb->ann.bgp.prefix.af == 6 && a->af != 6)))
		conf_error(cb->lexer, "next-hop %s: not an address for that "
		    "prefix, nor self", s);
}

void
conf_announce_check(struct conf_bgp *cb, const char *name)
{
	if (!conf_name_valid(name, sizeof(cb->ann.check)))
		conf_error(cb->lexer, "check %s: not a name: letters, digits, "
		    ". _ and -, at most %d", name, LIMIT_NAME - 1);
	else
		strlcpy(cb->ann.check, name, sizeof(cb->ann.check));
}

void
conf_attr(struct conf_bgp *cb, uint8_t has, int64_t n)
{
	struct bgp_attrs	*a = cb->attrs;
	uint32_t		 v = 0;
	int			 rv;

	if (has == BGP_HAS_PREPEND) {
		rv = conf_range(cb->lexer, "prepend", n, 0,
		    LIMIT_BGP_PREPEND, &v);
		a->prepend = v;
	} else
		rv = conf_range(cb->lexer, has == BGP_HAS_MED ? "med" :
		    "local-preference", n, 0, UINT32_MAX,
		    has == BGP_HAS_MED ? &a->med : &a->pref);
	if (rv == 0)
		a->has |= has;
}

/* "a:b" or "a:b:c" as n numbers of at most max; -1 when it is not. */
static int
split_numbers(const char *s, int n, uint32_t max, uint32_t *v)
{
	unsigned long long	 num;
	char			*end;
	int			 i;

	for (i = 0; i < n; i++) {
		if (*s < '0' || *s > '9')
			return (-1);
		num = strtoull(s, &end, 10);
		if (num > max || *end != (i == n - 1 ? '\0' : ':'))
			return (-1);
		v[i] = num;
		s = end + 1;
	}
	return (0);
}

/* Room for one more of a kind; 0 after an error when there is none. */
static int
room(struct conf_bgp *cb, const char *what, uint8_t n)
{
	if (n < LIMIT_BGP_COMMUNITIES)
		return (1);
	conf_error(cb->lexer, "more than %d %s", LIMIT_BGP_COMMUNITIES, what);
	return (0);
}

static const struct {
	const char	*name;
	uint32_t	 value;
} well_known[] = {
	{ "no-export",		0xffffff01 },	/* RFC 1997 */
	{ "no-advertise",	0xffffff02 },
	{ "no-peer",		0xffffff04 },	/* RFC 3765 */
	{ "blackhole",		0xffff029a },	/* RFC 7999 */
	{ "graceful-shutdown",	0xffff0000 }	/* RFC 8326 */
};

static int
community_value(const char *s, uint32_t *value)
{
	uint32_t	 v[2];
	size_t		 i;

	for (i = 0; i < nitems(well_known); i++)
		if (strcmp(s, well_known[i].name) == 0) {
			*value = well_known[i].value;
			return (0);
		}
	if (split_numbers(s, 2, UINT16_MAX, v) == -1)
		return (-1);
	*value = v[0] << 16 | v[1];
	return (0);
}

void
conf_community(struct conf_bgp *cb, const char *s)
{
	struct bgp_attrs	*a = cb->attrs;
	uint32_t		 value;

	if (community_value(s, &value) == -1)
		conf_error(cb->lexer, "community %s: expected 65000:1 or a "
		    "well-known name such as no-export", s);
	else if (room(cb, "communities", a->ncomm))
		a->comm[a->ncomm++] = value;
}

/*
 * RFC 4360 3.1 and 3.2, RFC 5668: the first number is an AS or an IPv4
 * address, and its size decides how much is left for the second.
 */
static int
ext_value(const char *s, uint8_t subtype, uint64_t *value)
{
	struct in_addr	 in;
	char		 first[INET_ADDRSTRLEN];
	const char	*colon = strchr(s, ':');
	uint32_t	 v[2];

	if (colon != NULL && (size_t)(colon - s) < sizeof(first)) {
		memcpy(first, s, colon - s);
		first[colon - s] = '\0';
		if (inet_pton(AF_INET, first, &in) == 1 &&
		    split_numbers(colon + 1, 1, UINT16_MAX, v) == 0) {
			*value = (uint64_t)0x01 << 56 |
			    (uint64_t)subtype << 48 |
			    (uint64_t)ntohl(in.s_addr) << 16 | v[0];
			return (0);
		}
	}
	if (split_numbers(s, 2, UINT32_MAX, v) == -1 ||
	    (v[0] > UINT16_MAX && v[1] > UINT16_MAX))
		return (-1);
	*value = (uint64_t)subtype << 48;
	if (v[0] > UINT16_MAX)
		*value |= (uint64_t)0x02 << 56 | (uint64_t)v[0] << 16 | v[1];
	else
		*value |= (uint64_t)v[0] << 32 | v[1];
	return (0);
}

void
conf_ext_community(struct conf_bgp *cb, const char *kind, const char *s)
{
	struct bgp_attrs	*a = cb->attrs;
	uint64_t		 value;
	uint8_t			 subtype;

	subtype = strcmp(kind, "rt") == 0 ? BGP_EXT_RT :
	    strcmp(kind, "soo") == 0 ? BGP_EXT_SOO : 0;
	if (subtype == 0 || ext_value(s, subtype, &value) == -1)
		conf_error(cb->lexer, "ext-community %s %s: expected rt or "
		    "soo, and 65000:1 or 192.0.2.1:1", kind, s);
	else if (room(cb, "extended communities", a->next))
		a->ext[a->next++] = value;
}

void
conf_large_community(struct conf_bgp *cb, const char *s)
{
	struct bgp_attrs	*a = cb->attrs;
	uint32_t		 v[3];

	if (split_numbers(s, 3, UINT32_MAX, v) == -1)
		conf_error(cb->lexer, "large-community %s: expected three "
		    "numbers such as 65000:1:2", s);
	else if (room(cb, "large communities", a->nlarge)) {
		a->large[a->nlarge].global = v[0];
		a->large[a->nlarge].local1 = v[1];
		a->large[a->nlarge++].local2 = v[2];
	}
}
