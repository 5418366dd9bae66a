/*
 * The grammar of routed6.conf(5).  The lexer is lib/conf.c; printconf.c is
 * this file's inverse.  yacc gives its parser no argument, so what it works on
 * is in file-scope variables here, valid during parse_config() only.
 */
%{
#include <sys/types.h>
#include <netinet/in.h>
#include <arpa/inet.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "routed6.h"

typedef struct {
	struct conf_value	v;
} YYSTYPE_;
#define YYSTYPE	YYSTYPE_

static struct conf		*lexer;
static struct routed6_conf	*conf;
static struct bgp_conf_peer	*peer;		/* being read, or scratch */
static struct conf_announce	*ann;		/* being read, or scratch */
static struct bgp_conf_peer	 peer_scratch;
static struct conf_announce	 ann_scratch;

int	yylex(void);
int	yyparse(void);
void	yyerror(const char *);

static int	set_range(const char *, int64_t, int64_t, int64_t,
		    uint32_t *);
static void	set_addr(const char *, char *, struct ipaddr *);
static void	set_router_id(char *);
static void	set_listen(char *);
static void	set_string(const char *, char *, char *, size_t);
static void	set_macro(char *, char *);
static void	begin_peer(char *);
static void	end_peer(void);
static void	set_next_hop(char *, int);
static void	begin_announce(char *);
static void	set_community(char *);
static void	set_large(char *);
%}

%token	ANNOUNCE_ AS COMMUNITY DEPEND DESCR FEED HEARTBEAT HOLDTIME INCLUDE
%token	INET INET6 LARGECOMMUNITY LISTEN LOCALADDRESS MED MS NEIGHBOR NEXTHOP
%token	NONE ON PASSIVE RELAY REMOTEAS ROUTERID SECONDS SIXTOFOUR TEREDO
%token	ERROR
%token	<v.string>	STRING
%token	<v.number>	NUMBER
%type	<v.number>	duration kind

%%

grammar		: /* empty */
		| grammar '\n'
		| grammar include
		| grammar varset '\n'
		| grammar global '\n'
		| grammar neighbor '\n'
		| grammar announce '\n'
		| grammar error '\n' {
			conf_expected(lexer, "as, router-id, listen on, "
			    "feed, heartbeat, neighbor, announce, include or "
			    "name = value");
		}
		;

/* With its newline, so that the file begins a line of its own. */
include		: INCLUDE STRING '\n' {
			conf_push(lexer, $2);
			free($2);
		}
		;

varset		: STRING '=' STRING	{ set_macro($1, $3); }
		| STRING '=' NUMBER {
			char	*s;

			if (asprintf(&s, "%lld", (long long)$3) != -1)
				set_macro($1, s);
		}
		;

optnl		: /* empty */
		| optnl '\n'
		;

nl		: '\n' optnl
		;

global		: AS NUMBER {
			(void)set_range("as", $2, 1, UINT32_MAX - 1,
			    &conf->global.as);
		}
		| ROUTERID STRING	{ set_router_id($2); }
		| LISTEN ON STRING	{ set_listen($3); }
		| LISTEN NONE		{ conf->global.listen_none = 1; }
		| FEED STRING {
			set_string("feed", $2, conf->global.feed,
			    sizeof(conf->global.feed));
		}
		| HEARTBEAT duration {
			(void)set_range("heartbeat", $2, LIMIT_BEAT_MIN_MS,
			    LIMIT_BEAT_MAX_MS, &conf->global.beat_ms);
		}
		;

neighbor	: NEIGHBOR STRING {
			begin_peer($2);
		} '{' optnl peeropts '}' {
			end_peer();
		}
		;

peeropts	: /* empty */
		| peeropts peeropt nl
		| peeropts error nl {
			conf_expected(lexer, "remote-as, descr, "
			    "local-address, next-hop, hold-time or passive");
		}
		;

peeropt		: REMOTEAS NUMBER {
			(void)set_range("remote-as", $2, 1, UINT32_MAX - 1,
			    &peer->remote_as);
		}
		| DESCR STRING {
			set_string("descr", $2, peer->descr,
			    sizeof(peer->descr));
		}
		| LOCALADDRESS STRING {
			set_addr("local-address", $2, &peer->local);
		}
		| NEXTHOP INET STRING	{ set_next_hop($3, 4); }
		| NEXTHOP INET6 STRING	{ set_next_hop($3, 6); }
		| HOLDTIME NUMBER {
			uint32_t	 n;

			if (set_range("hold-time", $2, 3, 65535, &n) == 0)
				peer->hold_time = n;
		}
		| PASSIVE		{ peer->flags |= BGP_F_PASSIVE; }
		;

announce	: ANNOUNCE_ STRING {
			begin_announce($2);
		} DEPEND ON RELAY kind {
			ann->kind = $7;
		} attributes
		;

kind		: SIXTOFOUR		{ $$ = RELAY_6TO4; }
		| TEREDO		{ $$ = RELAY_TEREDO; }
		;

attributes	: /* empty */
		| attributes attribute
		;

attribute	: MED NUMBER {
			if (set_range("med", $2, 0, UINT32_MAX,
			    &ann->bgp.attrs.med) == 0)
				ann->bgp.attrs.has |= BGP_HAS_MED;
		}
		| COMMUNITY STRING	{ set_community($2); }
		| LARGECOMMUNITY STRING	{ set_large($2); }
		;

duration	: NUMBER MS
		| NUMBER SECONDS {
			$$ = $1 > INT64_MAX / 1000 ? INT64_MAX : $1 * 1000;
		}
		;

%%

static const struct conf_keyword	keywords[] = {
	{ "6to4",		SIXTOFOUR },
	{ "announce",		ANNOUNCE_ },
	{ "as",			AS },
	{ "community",		COMMUNITY },
	{ "depend",		DEPEND },
	{ "descr",		DESCR },
	{ "feed",		FEED },
	{ "heartbeat",		HEARTBEAT },
	{ "hold-time",		HOLDTIME },
	{ "include",		INCLUDE },
	{ "inet",		INET },
	{ "inet6",		INET6 },
	{ "large-community",	LARGECOMMUNITY },
	{ "listen",		LISTEN },
	{ "local-address",	LOCALADDRESS },
	{ "med",		MED },
	{ "ms",			MS },
	{ "neighbor",		NEIGHBOR },
	{ "next-hop",		NEXTHOP },
	{ "none",		NONE },
	{ "on",			ON },
	{ "passive",		PASSIVE },
	{ "relay",		RELAY },
	{ "remote-as",		REMOTEAS },
	{ "router-id",		ROUTERID },
	{ "s",			SECONDS },
	{ "teredo",		TEREDO }
};

static const struct conf_grammar	grammar = {
	keywords, nitems(keywords),
	STRING, NUMBER, ERROR
};

int
yylex(void)
{
	return (conf_lex(lexer, &yylval.v));
}

void
yyerror(const char *msg)
{
	conf_syntax(lexer);
}

static void
set_macro(char *name, char *value)
{
	if (conf_set(lexer, name, value) == -1)
		conf_error(lexer, "macro name \"%s\": letters, digits and "
		    "underscores only", name);
	free(name);
	free(value);
}

static int
set_range(const char *what, int64_t n, int64_t min, int64_t max, uint32_t *to)
{
	if (n < min || n > max) {
		conf_error(lexer, "%s %lld: expected %lld to %lld", what,
		    (long long)n, (long long)min, (long long)max);
		return (-1);
	}
	*to = n;
	return (0);
}

static void
set_string(const char *what, char *s, char *to, size_t len)
{
	if (strlcpy(to, s, len) >= len)
		conf_error(lexer, "%s: longer than %zu bytes", what, len - 1);
	free(s);
}

static void
set_addr(const char *what, char *s, struct ipaddr *a)
{
	if (ipaddr_parse(a, s) == -1)
		conf_error(lexer, "%s %s: not an address", what, s);
	free(s);
}

static void
set_router_id(char *s)
{
	struct in_addr	 in;

	if (inet_pton(AF_INET, s, &in) != 1 || in.s_addr == 0)
		conf_error(lexer, "router-id %s: expected the form of an IPv4 "
		    "address, not 0.0.0.0", s);
	else
		conf->global.router_id = ntohl(in.s_addr);
	free(s);
}

static void
set_listen(char *s)
{
	struct conf_global	*g = &conf->global;

	if (g->nlisten == LIMIT_LISTEN) {
		conf_error(lexer, "more than %d listen addresses",
		    LIMIT_LISTEN);
		free(s);
		return;
	}
	set_addr("listen on", s, &g->listen[g->nlisten++]);
}

/* --- neighbors --------------------------------------------------------- */

static void
begin_peer(char *s)
{
	uint32_t	 i;

	memset(&peer_scratch, 0, sizeof(peer_scratch));
	peer = &peer_scratch;
	peer->hold_time = 90;
	set_addr("neighbor", s, &peer->remote);
	for (i = 0; i < conf->npeers; i++)
		if (ipaddr_equal(&conf->peers[i].remote, &peer->remote))
			conf_error(lexer, "neighbor given twice");
	if (conf->npeers == LIMIT_BGP_PEERS)
		conf_error(lexer, "more than %d neighbors", LIMIT_BGP_PEERS);
	else
		peer = &conf->peers[conf->npeers++];
	*peer = peer_scratch;
	peer->id = conf->npeers;
}

static int
is_linklocal(const struct ipaddr *a)
{
	return (a->af == 6 && a->b[0] == 0xfe && (a->b[1] & 0xc0) == 0x80);
}

static void
end_peer(void)
{
	if (peer->remote_as == 0)
		conf_error(lexer, "neighbor without remote-as");
	if (peer->local.af != 0 && peer->local.af != peer->remote.af)
		conf_error(lexer, "local-address and neighbor are of "
		    "different families");
	if (is_linklocal(&peer->remote) && peer->remote.scope == 0)
		conf_error(lexer, "link-local neighbor without interface, "
		    "expected fe80::1%%eth0");
}

static void
set_next_hop(char *s, int family)
{
	struct ipaddr	 a;

	if (ipaddr_parse(&a, s) == -1 || (family == 6 && a.af != 6))
		conf_error(lexer, "next-hop %s: not an address for that "
		    "family", s);
	else if (family == 4)
		peer->nexthop4 = a;
	else
		peer->nexthop6 = a;
	free(s);
}

/* --- announcements ----------------------------------------------------- */

static void
begin_announce(char *s)
{
	uint32_t	 i;

	memset(&ann_scratch, 0, sizeof(ann_scratch));
	ann = &ann_scratch;
	if (prefix_parse(&ann->bgp.prefix, s) == -1)
		conf_error(lexer, "announce %s: not a prefix, such as "
		    "2002::/16 with no bits after its length", s);
	free(s);
	for (i = 0; i < conf->nannounces; i++)
		if (prefix_equal(&conf->announces[i].bgp.prefix,
		    &ann->bgp.prefix))
			conf_error(lexer, "prefix announced twice");
	if (conf->nannounces == LIMIT_BGP_ANNOUNCE)
		conf_error(lexer, "more than %d announcements",
		    LIMIT_BGP_ANNOUNCE);
	else
		ann = &conf->announces[conf->nannounces++];
	*ann = ann_scratch;
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

static void
set_community(char *s)
{
	struct bgp_attrs	*b = &ann->bgp.attrs;
	uint32_t		 value;

	if (community_value(s, &value) == -1)
		conf_error(lexer, "community %s: expected 65000:1 or a "
		    "well-known name such as no-export", s);
	else if (b->ncomm == LIMIT_BGP_COMMUNITIES)
		conf_error(lexer, "more than %d communities",
		    LIMIT_BGP_COMMUNITIES);
	else
		b->comm[b->ncomm++] = value;
	free(s);
}

static void
set_large(char *s)
{
	struct bgp_attrs	*b = &ann->bgp.attrs;
	uint32_t		 v[3];

	if (split_numbers(s, 3, UINT32_MAX, v) == -1)
		conf_error(lexer, "large-community %s: expected three numbers "
		    "such as 65000:1:2", s);
	else if (b->nlarge == LIMIT_BGP_COMMUNITIES)
		conf_error(lexer, "more than %d large communities",
		    LIMIT_BGP_COMMUNITIES);
	else {
		b->large[b->nlarge].global = v[0];
		b->large[b->nlarge].local1 = v[1];
		b->large[b->nlarge++].local2 = v[2];
	}
	free(s);
}

/* --- the whole --------------------------------------------------------- */

static void
defaults_before(void)
{
	memset(conf, 0, sizeof(*conf));
	conf->global.beat_ms = LIMIT_PROC_BEAT_MS;
	strlcpy(conf->global.feed, ROUTED6_FEED, sizeof(conf->global.feed));
}

/* What must be there, and what follows from the rest. */
static void
defaults_after(void)
{
	struct conf_global	*g = &conf->global;
	uint32_t		 i;

	if (g->as == 0)
		conf_error(lexer, "no AS number, expected as NUMBER");
	if (g->router_id == 0)
		conf_error(lexer, "no router id, expected router-id A.B.C.D");
	if (g->listen_none)
		g->nlisten = 0;
	else if (g->nlisten == 0) {
		g->listen[g->nlisten++].af = 6;
		g->listen[g->nlisten++].af = 4;
	}
	for (i = 0; i < conf->npeers; i++) {
		conf->peers[i].local_as = g->as;
		conf->peers[i].router_id = g->router_id;
	}
}

int
parse_config(const char *file, const char *const *defs, int ndefs,
    void (*report)(void *, const char *), void *arg, struct routed6_conf *cf)
{
	int	 i, errors;

	conf = cf;
	lexer = conf_new(&grammar, report, arg);
	defaults_before();
	for (i = 0; i < ndefs; i++)
		if (conf_define(lexer, defs[i]) == -1)
			conf_error(lexer, "-D %s: expected name=value",
			    defs[i]);
	if (conf_push(lexer, file) == 0) {
		(void)yyparse();
		if (conf_errors(lexer) == 0)
			defaults_after();
	}
	errors = conf_errors(lexer);
	conf_free(lexer);
	lexer = NULL;
	conf = NULL;
	return (errors == 0 ? 0 : -1);
}
