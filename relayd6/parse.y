/*
 * The grammar of relayd6.conf(5).  The lexer is lib/conf.c; printconf.c is
 * this file's inverse.  yacc gives its parser no argument, so what it works on
 * is in file-scope variables here, valid during parse_config() only.
 */
%{
#include <sys/types.h>
#include <netinet/in.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "conf_health.h"
#include "conf_probe.h"
#include "relayd6.h"

typedef struct {
	struct conf_value	v;
} YYSTYPE_;
#define YYSTYPE	YYSTYPE_

/* What the blocks of both relays have in common. */
struct common {
	uint8_t			*tos_copy;
	uint8_t			*tos;
	uint8_t			*ttl;
	uint32_t		*mtu;
	uint32_t		*icmp_rate;
	struct in6_addr		*icmp_source;
	uint32_t		*nown;
	struct in_addr		*own;
	char			*interface;	/* OS_IFNAMSIZ */
	uint32_t		*nrules;
	struct policy_rule	*rules;
};

static struct conf		*lexer;
static struct relayd6_conf	*conf;
static struct common		 cur;
static struct conf_probe	 probe;		/* the block being read */
static int			 probe_kind;	/* ... or -1: of all relays */
static int			 probe_named[RELAY_NKINDS];
static struct conf_verdict	*verdict;	/* of the block */
static struct conf_check	 check;		/* being read */

int	yylex(void);
int	yyparse(void);
void	yyerror(const char *);

static void	begin_6to4(void);
static void	begin_teredo(void);
static void	end_teredo(void);
static void	set_listen(const char *);
static void	set_source(const char *);
static void	set_listen_teredo(const char *, int64_t);
static void	set_own(const char *);
static void	set_icmp_source(const char *);
static void	set_interface(const char *);
static void	set_byte(const char *, int64_t, int64_t, int64_t,
		    uint8_t *);
static void	set_range(const char *, int64_t, int64_t, int64_t,
		    uint32_t *);
static void	set_rule(const char *, int);
static void	set_route(const char *);
static void	begin_probe(int);
static void	set_macro(const char *, const char *);
static int64_t	parse_duration(const char *);
%}

%token	ALLOW BUBBLERATE CLIENTRATE CONE COPY DENY HEALTH_ ICMPRATE ICMPSOURCE
%token	FALL NATIVE NEED OVERLOAD PROBE STRICT TARGET TIMEOUT VIA
%token	INCLUDE INTERFACE INTERVAL LINGER LISTEN MAXCLIENTS MS MTU NO ON OWN
%token	PORT QUEUE RELAY_ RISE ROUTE SECONDS SERVERRATE SIXTOFOUR SOURCE
%token	TEREDO TRAFFICCLASS TTL YES ERROR
%token	CHECK DRAIN DRAINFILE FORGET HOLDDOWN LEASE MAX NONE SETTLE
%token	<v.string>	STRING
%token	<v.number>	NUMBER
%type	<v.number>	duration optnative optport yesno holdmax holdforget

%%

grammar		: /* empty */
		| grammar '\n'
		| grammar include
		| grammar varset '\n'
		| grammar sixtofour '\n'
		| grammar teredo '\n'
		| grammar health '\n'
		| grammar error '\n' {
			yyerrok;
			conf_expected(lexer,
			    "relay 6to4 {, relay teredo {, health {, include "
			    "or name = value");
		}
		;

/* With its newline, so that the file begins a line of its own. */
include		: INCLUDE STRING '\n' {
			conf_push(lexer, $2);
		}
		;

varset		: STRING '=' STRING	{ set_macro($1, $3); }
		| STRING '=' NUMBER {
			char	 s[24];

			snprintf(s, sizeof(s), "%lld", (long long)$3);
			set_macro($1, s);
		}
		;

optnl		: /* empty */
		| optnl '\n'
		;

nl		: '\n' optnl
		;

/* The last of a block may stand before the brace, on the same line. */

sixtofour	: sixhead sixlines '}'
		| sixhead sixlines sixopt '}'
		;

sixhead		: RELAY_ SIXTOFOUR '{' {
			begin_6to4();
		} optnl
		;

sixlines	: /* empty */
		| sixlines sixopt nl
		| sixlines error nl {
			yyerrok;
			conf_expected(lexer, "listen on, source, interface, "
			    "mtu, ttl, traffic-class, icmp-rate, "
			    "icmp-source, own, allow, deny, rise, settle or "
			    "hold-down");
		}
		;

sixopt		: LISTEN ON STRING	{ set_listen($3); }
		| SOURCE STRING		{ set_source($2); }
		| relayopt
		;

teredo		: terhead terlines '}'		{ end_teredo(); }
		| terhead terlines teropt '}'	{ end_teredo(); }
		;

terhead		: RELAY_ TEREDO '{' {
			begin_teredo();
		} optnl
		;

terlines	: /* empty */
		| terlines teropt nl
		| terlines error nl {
			yyerrok;
			conf_expected(lexer, "listen on, interface, mtu, "
			    "ttl, traffic-class, icmp-rate, icmp-source, own, "
			    "allow, deny, cone, max-clients, queue, "
			    "bubble-rate, server-rate, client-rate, rise, "
			    "settle or hold-down");
		}
		;

teropt		: LISTEN ON STRING	{ set_listen_teredo($3, 3545); }
		| LISTEN ON STRING PORT NUMBER {
			set_listen_teredo($3, $5);
		}
		| CONE yesno		{ conf->teredo.cone = $2; }
		| MAXCLIENTS NUMBER {
			set_range("max-clients", $2, 16, LIMIT_TEREDO_PEERS,
			    &conf->teredo.max_peers);
		}
		| QUEUE NUMBER {
			set_range("queue", $2, 0, LIMIT_TEREDO_QUEUE,
			    &conf->teredo.queue);
		}
		| BUBBLERATE NUMBER {
			set_range("bubble-rate", $2, 1, 1000000,
			    &conf->teredo.bubble_rate);
		}
		| SERVERRATE NUMBER {
			set_range("server-rate", $2, 1, 1000000,
			    &conf->teredo.server_rate);
		}
		| CLIENTRATE NUMBER {
			set_range("client-rate", $2, 1, 1000000,
			    &conf->teredo.new_rate);
		}
		| relayopt
		;

yesno		: YES			{ $$ = 1; }
		| NO			{ $$ = 0; }
		;

relayopt	: INTERFACE STRING	{ set_interface($2); }
		| MTU NUMBER {
			set_range("mtu", $2, 1280, LIMIT_MTU, cur.mtu);
		}
		| TTL NUMBER {
			set_byte("ttl", $2, 1, 255, cur.ttl);
		}
		| TRAFFICCLASS COPY	{ *cur.tos_copy = 1; }
		| TRAFFICCLASS NUMBER {
			set_byte("traffic-class", $2, 0, 63, cur.tos);
			*cur.tos <<= 2;
			*cur.tos_copy = 0;
		}
		| ICMPRATE NUMBER {
			set_range("icmp-rate", $2, 1, 100000, cur.icmp_rate);
		}
		| ICMPSOURCE STRING	{ set_icmp_source($2); }
		| OWN STRING		{ set_own($2); }
		| ALLOW STRING		{ set_rule($2, 1); }
		| DENY STRING		{ set_rule($2, 0); }
		| verdictopt
		;

verdictopt	: RISE NUMBER {
			set_range("rise", $2, 1, 1000, &verdict->rise);
		}
		| SETTLE duration {
			set_range("settle in ms", $2, 0, 3600000,
			    &verdict->settle_ms);
		}
		| HOLDDOWN NONE {
			conf_hold_down(lexer, verdict, 0, 0, 60000);
		}
		| HOLDDOWN duration holdmax holdforget {
			conf_hold_down(lexer, verdict, $2, $3, $4);
		}
		;

holdmax		: /* empty */		{ $$ = 300000; }
		| MAX duration		{ $$ = $2; }
		;

holdforget	: /* empty */		{ $$ = 60000; }
		| FORGET duration	{ $$ = $2; }
		;

health		: healthhead healthlines '}'
		| healthhead healthlines healthopt '}'
		;

healthhead	: HEALTH_ '{' {
			verdict = &conf->health.verdict;
		} optnl
		;

healthlines	: /* empty */
		| healthlines healthopt nl
		| healthlines error nl {
			yyerrok;
			conf_expected(lexer,
			    "interval, rise, settle, hold-down, linger, "
			    "drain, drain-file, route, overload, probe or "
			    "check");
		}
		;

healthopt	: INTERVAL duration {
			set_range("interval in ms", $2, LIMIT_BEAT_MIN_MS,
			    LIMIT_BEAT_MAX_MS, &conf->health.interval_ms);
		}
		| LINGER duration {
			set_range("linger in ms", $2, 0, 20000,
			    &conf->health.linger_ms);
		}
		| ROUTE STRING		{ set_route($2); }
		| DRAIN duration {
			set_range("drain in ms", $2, 0, 300000,
			    &conf->health.drain_ms);
		}
		| DRAINFILE STRING {
			conf_drain_file(lexer, &conf->health, $2);
		}
		| CHECK STRING {
			conf_check_begin(lexer, &check, $2);
			verdict = &check.verdict;
		} checkbody {
			conf_check_end(lexer, &conf->health, &check);
			verdict = &conf->health.verdict;
		}
		| verdictopt
		| OVERLOAD NUMBER {
			set_range("overload", $2, 0, INT32_MAX,
			    &conf->health.overload);
		}
		| probe
		;

probe		: probehead probelines probelast '}' {
			conf_probe_end(lexer, &probe, probe_kind,
			    &conf->health);
		}
		;

probelast	: /* empty */
		| probeopt
		;

probehead	: PROBE '{'		{ begin_probe(-1); } optnl
		| PROBE SIXTOFOUR '{'	{ begin_probe(RELAY_6TO4); } optnl
		| PROBE TEREDO '{'	{ begin_probe(RELAY_TEREDO); } optnl
		;

probelines	: /* empty */
		| probelines probeopt nl
		| probelines error nl {
			yyerrok;
			conf_expected(lexer, "target, need, interval, "
			    "timeout, fall or strict");
		}
		;

probeopt	: TARGET STRING optnative optport {
			conf_probe_target(lexer, &probe, $2, $3, $4);
		}
		| NEED STRING {
			conf_probe_need(lexer, &probe, $2);
		}
		| INTERVAL duration {
			set_range("interval in ms", $2, LIMIT_PROBE_MIN_MS,
			    LIMIT_PROBE_MAX_MS, &probe.interval_ms);
		}
		| TIMEOUT duration {
			set_range("timeout in ms", $2, LIMIT_PROBE_MIN_MS,
			    LIMIT_PROBE_MAX_MS, &probe.timeout_ms);
		}
		| FALL NUMBER {
			set_range("fall", $2, 1, 1000, &probe.fall);
		}
		| STRICT yesno		{ probe.strict = $2; }
		;

optnative	: /* empty */		{ $$ = 0; }
		| VIA NATIVE		{ $$ = 1; }
		;

optport		: /* empty */		{ $$ = -1; }
		| PORT NUMBER		{ $$ = $2; }
		;

checkbody	: /* empty */
		| '{' optnl checkopts '}'
		| '{' optnl checkopts checkopt '}'
		;

checkopts	: /* empty */
		| checkopts checkopt nl
		| checkopts error nl {
			yyerrok;
			conf_expected(lexer,
			    "rise, fall, lease, settle or hold-down");
		}
		;

checkopt	: FALL NUMBER {
			set_range("fall", $2, 1, 1000, &verdict->fall);
		}
		| LEASE duration {
			conf_lease(lexer, &check, $2);
		}
		| verdictopt
		;

duration	: NUMBER MS
		| NUMBER SECONDS {
			$$ = $1 > INT64_MAX / 1000 ? INT64_MAX : $1 * 1000;
		}
		| STRING {
			$$ = parse_duration($1);
		}
		;

%%

static const struct conf_keyword	keywords[] = {
	{ "6to4",		SIXTOFOUR },
	{ "allow",		ALLOW },
	{ "bubble-rate",	BUBBLERATE },
	{ "check",		CHECK },
	{ "client-rate",	CLIENTRATE },
	{ "cone",		CONE },
	{ "copy",		COPY },
	{ "deny",		DENY },
	{ "drain",		DRAIN },
	{ "drain-file",		DRAINFILE },
	{ "fall",		FALL },
	{ "forget",		FORGET },
	{ "health",		HEALTH_ },
	{ "hold-down",		HOLDDOWN },
	{ "icmp-rate",		ICMPRATE },
	{ "icmp-source",	ICMPSOURCE },
	{ "include",		INCLUDE },
	{ "interface",		INTERFACE },
	{ "interval",		INTERVAL },
	{ "lease",		LEASE },
	{ "linger",		LINGER },
	{ "listen",		LISTEN },
	{ "max",		MAX },
	{ "max-clients",	MAXCLIENTS },
	{ "ms",			MS },
	{ "mtu",		MTU },
	{ "native",		NATIVE },
	{ "need",		NEED },
	{ "no",			NO },
	{ "none",		NONE },
	{ "on",			ON },
	{ "overload",		OVERLOAD },
	{ "own",		OWN },
	{ "port",		PORT },
	{ "probe",		PROBE },
	{ "queue",		QUEUE },
	{ "relay",		RELAY_ },
	{ "rise",		RISE },
	{ "route",		ROUTE },
	{ "s",			SECONDS },
	{ "server-rate",	SERVERRATE },
	{ "settle",		SETTLE },
	{ "source",		SOURCE },
	{ "strict",		STRICT },
	{ "target",		TARGET },
	{ "teredo",		TEREDO },
	{ "timeout",		TIMEOUT },
	{ "traffic-class",	TRAFFICCLASS },
	{ "ttl",		TTL },
	{ "via",		VIA },
	{ "yes",		YES }
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
set_macro(const char *name, const char *value)
{
	if (conf_set(lexer, name, value) == -1)
		conf_error(lexer, "macro name \"%s\": letters, digits and "
		    "underscores only", name);
}

/* An IPv4 address, or an error. */
static int
parse_in(const char *what, const char *s, struct in_addr *in)
{
	struct ipaddr	 a;
	int		 rv = -1;

	if (ipaddr_parse(&a, s) == -1 || a.af != 4)
		conf_error(lexer, "%s %s: not an IPv4 address", what, s);
	else {
		memcpy(in, a.b, sizeof(*in));
		rv = 0;
	}
	return (rv);
}

/* Add an IPv4 address to a list that holds each once. */
static void
add_in(const char *what, const char *s, struct in_addr *list, uint32_t *n,
    uint32_t max)
{
	struct in_addr	 in;
	uint32_t	 i;

	if (parse_in(what, s, &in) == -1)
		return;
	for (i = 0; i < *n; i++)
		if (list[i].s_addr == in.s_addr) {
			conf_error(lexer, "%s: address given twice", what);
			return;
		}
	if (*n == max)
		conf_error(lexer, "%s: more than %u addresses", what, max);
	else
		list[(*n)++] = in;
}

static void
set_listen(const char *s)
{
	struct conf_6to4	*c = &conf->sixtofour;

	add_in("listen on", s, c->listen, &c->nlisten, LIMIT_LISTEN);
}

static void
set_own(const char *s)
{
	add_in("own", s, cur.own, cur.nown, LIMIT_OWN);
}

static void
set_icmp_source(const char *s)
{
	struct ipaddr	 a;

	if (ipaddr_parse(&a, s) == -1 || a.af != 6 || a.scope != 0)
		conf_error(lexer, "icmp-source %s: not an IPv6 address", s);
	else
		memcpy(cur.icmp_source, a.b, 16);
}

static void
set_source(const char *s)
{
	if (conf->sixtofour.source.s_addr != 0)
		conf_error(lexer, "source given twice");
	(void)parse_in("source", s, &conf->sixtofour.source);
}

/* A name that needs no quotes, in the log or anywhere else. */
static void
set_interface(const char *s)
{
	if (conf_name_valid(s, OS_IFNAMSIZ))
		strlcpy(cur.interface, s, OS_IFNAMSIZ);
	else
		conf_error(lexer, "interface %s: not a device name", s);
}

static void
set_range(const char *what, int64_t n, int64_t min, int64_t max, uint32_t *to)
{
	(void)conf_range(lexer, what, n, min, max, to);
}

static void
set_byte(const char *what, int64_t n, int64_t min, int64_t max, uint8_t *to)
{
	uint32_t	 v = *to;

	set_range(what, n, min, max, &v);
	*to = v;
}

static void
set_listen_teredo(const char *s, int64_t port)
{
	struct conf_teredo	*t = &conf->teredo;
	uint32_t		 n = 0;

	if (t->listen.s_addr != 0)
		conf_error(lexer, "listen on given twice");
	set_range("port", port, 1, 65535, &n);
	t->port = n;
	(void)parse_in("listen on", s, &t->listen);
}

static void
begin_6to4(void)
{
	struct conf_6to4	*c = &conf->sixtofour;
	struct common		 common = {
		&c->tos_copy, &c->tos, &c->ttl, &c->mtu, &c->icmp_rate,
		&c->icmp_source, &c->nown, c->own, c->interface, &c->nrules,
		c->rules
	};

	if (c->enabled)
		conf_error(lexer, "relay 6to4 given twice");
	c->enabled = 1;
	cur = common;
	verdict = &conf->health.relay[RELAY_6TO4];
}

static void
begin_teredo(void)
{
	struct conf_teredo	*c = &conf->teredo;
	struct common		 common = {
		&c->tos_copy, &c->tos, &c->ttl, &c->mtu, &c->icmp_rate,
		&c->icmp_source, &c->nown, c->own, c->interface, &c->nrules,
		c->rules
	};

	if (c->enabled)
		conf_error(lexer, "relay teredo given twice");
	c->enabled = 1;
	cur = common;
	verdict = &conf->health.relay[RELAY_TEREDO];
}

static void
end_teredo(void)
{
	if (conf->teredo.listen.s_addr == 0)
		conf_error(lexer, "relay teredo without an address, expected "
		    "listen on");
}

/*
 * "100ms" and "1s", which the lexer sees as words; in ms.  After an error any
 * number will do.
 */
static int64_t
parse_duration(const char *s)
{
	char	*unit;
	int64_t	 n;

	n = strtoll(s, &unit, 10);
	if (unit == s || n < 0 || n > INT32_MAX)
		n = -1;
	else if (strcmp(unit, "s") == 0)
		n *= 1000;
	else if (strcmp(unit, "ms") != 0)
		n = -1;
	if (n != -1)
		return (n);
	conf_error(lexer, "%s: not a time, expected a number with ms or s", s);
	return (1000);
}

/* A prefix, or an error. */
static int
parse_prefix(const char *what, const char *s, struct prefix *p)
{
	int	 rv;

	if ((rv = prefix_parse(p, s)) == -1)
		conf_error(lexer, "%s %s: not a prefix, such as 192.0.2.0/24 "
		    "or 2001:db8::/32 with no bits after its length", what, s);
	return (rv);
}

static void
set_rule(const char *s, int allow)
{
	static const struct prefix	 tunnel[] = {
		{ 6, 16, { 0 }, { 0x20, 0x02 } },
		{ 6, 32, { 0 }, { 0x20, 0x01 } }
	};
	struct policy_rule	 r = { .allow = allow };
	uint32_t		 i;

	if (parse_prefix(allow ? "allow" : "deny", s, &r.prefix) == -1)
		return;
	for (i = 0; i < nitems(tunnel); i++)
		if (r.prefix.len >= tunnel[i].len &&
		    prefix_covers(&tunnel[i], r.prefix.af, r.prefix.b)) {
			conf_error(lexer, "a prefix inside %s is judged by "
			    "the IPv4 address that it embeds: name an IPv4 "
			    "prefix", i == 0 ? "2002::/16" : "2001::/32");
			return;
		}
	for (i = 0; i < *cur.nrules; i++)
		if (prefix_equal(&cur.rules[i].prefix, &r.prefix)) {
			conf_error(lexer, "prefix allowed or denied twice");
			return;
		}
	if (*cur.nrules == LIMIT_RULES) {
		conf_error(lexer, "more than %d allow and deny lines",
		    LIMIT_RULES);
		return;
	}
	cur.rules[(*cur.nrules)++] = r;
}

static void
begin_probe(int kind)
{
	if (kind != -1)
		probe_named[kind] = 1;
	probe_kind = kind;
	conf_probe_init(&probe);
}

static void
set_route(const char *s)
{
	struct conf_health	*h = &conf->health;
	struct prefix		 p;
	uint32_t		 i;

	if (parse_prefix("route", s, &p) == -1)
		return;
	for (i = 0; i < h->nroutes; i++)
		if (prefix_equal(&h->routes[i], &p)) {
			conf_error(lexer, "route given twice");
			return;
		}
	if (h->nroutes == LIMIT_SIGN_ROUTES) {
		conf_error(lexer, "more than %d routes", LIMIT_SIGN_ROUTES);
		return;
	}
	h->routes[h->nroutes++] = p;
}

/* --- the whole --------------------------------------------------------- */

/* What holds when the file is silent. */
static void
defaults_before(void)
{
	struct conf_6to4	*c = &conf->sixtofour;
	struct conf_teredo	*t = &conf->teredo;

	memset(conf, 0, sizeof(*conf));
	memset(probe_named, 0, sizeof(probe_named));
	t->tos_copy = 1;
	t->ttl = 64;
	t->mtu = 1280;
	t->max_peers = 65536;
	t->queue = 8;
	t->bubble_rate = 2000;
	t->server_rate = 500;
	t->new_rate = 50;
	t->icmp_rate = 100;
	strlcpy(t->interface, "teredo", sizeof(t->interface));
	c->tos_copy = 1;
	c->ttl = 64;
	c->mtu = 1280;
	c->icmp_rate = 100;
	strlcpy(c->interface, "tun6to4", sizeof(c->interface));
	conf->health.interval_ms = LIMIT_PROC_BEAT_MS;
	conf->health.linger_ms = 1000;
	conf_health_before(&conf->health);
}

static void
defaults_after(void)
{
	struct conf_6to4	*c = &conf->sixtofour;
	struct conf_health	*h = &conf->health;

	if (c->nlisten == 0)
		c->listen[c->nlisten++].s_addr = htonl(0xc0586301);
	if (c->source.s_addr == 0)
		c->source = c->listen[0];
	conf_health_after(h);
	if (h->nroutes == 0) {
		h->nroutes = 2;
		h->routes[0].af = 6;
		h->routes[1].af = 4;
	}
}

int
parse_config(const char *file, const char *const *defs, int ndefs,
    void (*report)(void *, const char *), void *arg, struct relayd6_conf *cf)
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
		if (!conf->sixtofour.enabled && !conf->teredo.enabled &&
		    conf->health.nchecks == 0 && conf_errors(lexer) == 0)
			conf_error(lexer, "no relay configured, expected "
			    "relay 6to4 {, relay teredo {, or a check in "
			    "health {");
		if (conf->sixtofour.enabled && conf->teredo.enabled &&
		    strcmp(conf->sixtofour.interface,
		    conf->teredo.interface) == 0)
			conf_error(lexer, "both relays on interface %s",
			    conf->teredo.interface);
	}
	defaults_after();
	conf_probe_check(lexer, probe_named, conf);
	errors = conf_errors(lexer);
	conf_free(lexer);
	lexer = NULL;
	conf = NULL;
	return (errors == 0 ? 0 : -1);
}
