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
#include "conf_auth.h"
#include "conf_bfd.h"
#include "conf_bgp.h"
#include "conf_ospf.h"
#include "routed6.h"

typedef struct {
	struct conf_value	v;
} YYSTYPE_;
#define YYSTYPE	YYSTYPE_

static struct conf		*lexer;
static struct routed6_conf	*conf;
static struct conf_bgp		 bgp;		/* neighbors and prefixes */
static struct conf_ospf		 ospf;		/* areas and interfaces */
static struct conf_bfd		 bfd;		/* of either */

int	yylex(void);
int	yyparse(void);
void	yyerror(const char *);

static void	set_router_id(const char *);
static void	set_listen(const char *);
static void	set_macro(const char *, const char *);
static void	expected_option(const char *);
static void	bfd_is_for(struct bfd_conf *, struct bfd_key *);
%}

%token	BFD_ INTERVAL MINRX MINTX MULTIPLIER NO SINGLEHOP YES
%token	ANNOUNCE_ AS COMMUNITY CONNECTRETRY DELAYOPEN DEPEND DESCR
%token	EXTCOMMUNITY FEED GROUP HEARTBEAT HOLDTIME INCLUDE INET INET6
%token	LARGECOMMUNITY LISTEN LOCALADDRESS LOCALPREFERENCE MAXPEERS MAXPREFIX
%token	MED MS MULTIHOP NEIGHBOR NEXTHOP NONE ON PASSIVE PASSWORD PREPEND
%token	RELAY REMOTEAS RESTART ROLE ROUTERID SECONDS SIXTOFOUR STRICT TEREDO
%token	TTLSECURITY
%token	AREA COST DEADINTERVAL FORWARDINGADDRESS HELLOINTERVAL INSTANCEID
%token	INTERFACE METRIC METRICTYPE MTUIGNORE OSPF_ POLLINTERVAL PREFIX PRIORITY
%token	RESTARTHELPER RETRANSMITINTERVAL STUBROUTER TAG TRANSMITDELAY TYPE
%token	ACCEPT AUTH FROM FRRORDER HEX KEY SEND SEQUENCEFILE UNTIL
%token	CHECK
%token	ERROR
%token	<v.string>	STRING
%token	<v.number>	NUMBER
%type	<v.number>	duration kind area_id optcost ms

%%

grammar		: /* empty */
		| grammar '\n'
		| grammar include
		| grammar varset '\n'
		| grammar global '\n'
		| grammar neighbor '\n'
		| grammar group '\n'
		| grammar ospf '\n'
		| grammar announce '\n'
		| grammar error '\n' {
			yyerrok;
			conf_expected(lexer, bgp.in_announce ? "depend on "
			    "relay 6to4, relay teredo or check NAME, and "
			    "then next-hop, med, local-preference, prepend, "
			    "community, "
			    "ext-community, large-community, metric, "
			    "metric-type, tag or forwarding-address" :
			    "as, router-id, listen on, "
			    "feed, heartbeat, neighbor, group, ospf, announce, "
			    "include or name = value");
			bgp.in_announce = 0;
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

global		: AS NUMBER {
			(void)conf_range(lexer, "as", $2, 1, UINT32_MAX - 1,
			    &conf->global.as);
		}
		| ROUTERID STRING	{ set_router_id($2); }
		| LISTEN ON STRING	{ set_listen($3); }
		| LISTEN NONE		{ conf->global.listen_none = 1; }
		| FEED STRING {
			conf_string(lexer, "feed", $2, conf->global.feed,
			    sizeof(conf->global.feed));
		}
		| HEARTBEAT duration {
			conf_heartbeat(&bgp, $2);
		}
		;

/* --- BGP --------------------------------------------------------------- */

neighbor	: NEIGHBOR STRING {
			conf_peer_begin(&bgp, $2);
			bfd_is_for(&bgp.now.peer.bfd, &bgp.now.secret.bfd);
		} peerbody {
			conf_peer_end(&bgp);
		}
		;

peerbody	: /* empty */
		| '{' optnl peeropts '}'
		| '{' optnl peeropts peeropt '}'
		;

peeropts	: /* empty */
		| peeropts peeropt nl
		| peeropts error nl {
			yyerrok;
			expected_option("");
		}
		;

group		: GROUP STRING {
			conf_group_begin(&bgp);
			bfd_is_for(&bgp.now.peer.bfd, &bgp.now.secret.bfd);
		} '{' optnl groupopts '}' {
			conf_group_end(&bgp);
		}
		;

groupopts	: /* empty */
		| groupopts peeropt nl	{ conf_group_option(&bgp); }
		| groupopts neighbor nl
		| groupopts error nl {
			yyerrok;
			expected_option("neighbor, ");
		}
		;

peeropt		: REMOTEAS NUMBER {
			(void)conf_range(lexer, "remote-as", $2, 1,
			    UINT32_MAX - 1, &bgp.now.peer.remote_as);
		}
		| DESCR STRING {
			conf_string(lexer, "descr", $2, bgp.now.peer.descr,
			    sizeof(bgp.now.peer.descr));
		}
		| LOCALADDRESS STRING {
			conf_addr(lexer, "local-address", $2,
			    &bgp.now.peer.local);
		}
		| NEXTHOP INET STRING	{ conf_next_hop(&bgp, 4, $3); }
		| NEXTHOP INET6 STRING	{ conf_next_hop(&bgp, 6, $3); }
		| HOLDTIME NUMBER {
			conf_seconds(&bgp, "hold-time", $2, 3, 65535,
			    &bgp.now.peer.hold_time);
		}
		| CONNECTRETRY NUMBER {
			conf_seconds(&bgp, "connect-retry", $2, 1, 65535,
			    &bgp.now.peer.connect_retry);
		}
		| DELAYOPEN NUMBER {
			conf_seconds(&bgp, "delay-open", $2, 0, 240,
			    &bgp.now.peer.delay_open);
		}
		| PASSIVE		{ bgp.now.peer.flags |= BGP_F_PASSIVE; }
		| PASSWORD STRING	{ conf_password(&bgp, $2); }
		| TTLSECURITY		{ conf_hops(&bgp, BGP_F_GTSM, 1); }
		| TTLSECURITY NUMBER	{ conf_hops(&bgp, BGP_F_GTSM, $2); }
		| MULTIHOP NUMBER	{ conf_hops(&bgp, BGP_F_MULTIHOP, $2); }
		| MAXPREFIX NUMBER	{ conf_max_prefix(&bgp, $2, 0); }
		| MAXPREFIX NUMBER RESTART NUMBER {
			conf_max_prefix(&bgp, $2, $4);
		}
		| MAXPEERS NUMBER {
			conf_seconds(&bgp, "max-peers", $2, 1,
			    LIMIT_BGP_PEERS, &bgp.now.peer.max_peers);
		}
		| ROLE STRING		{ conf_role(&bgp, $2, 0); }
		| ROLE STRING STRICT	{ conf_role(&bgp, $2, 1); }
		| attribute
		| bfd
		;

/* --- OSPFv3 ------------------------------------------------------------ */

ospf		: ospfbegin '{' optnl ospfopts '}'
		| ospfbegin '{' optnl ospfopts ospfopt '}'
		;

ospfbegin	: OSPF_			{ conf_ospf_begin(&ospf); }
		;

ospfopts	: /* empty */
		| ospfopts ospfopt nl
		| ospfopts error nl {
			yyerrok;
			conf_expected(lexer, "area, auth, sequence-file or "
			    "stub-router");
		}
		;

ospfopt		: STUBROUTER	{ conf->ospf.global.stub_router = 1; }
		| SEQUENCEFILE STRING	{ conf_sequence_file(&ospf, $2); }
		| auth
		| AREA area_id {
			conf_area_begin(&ospf, $2);
		} areabody {
			conf_area_end(&ospf);
		}
		;

area_id		: NUMBER {
			uint32_t	 id = 0;

			(void)conf_range(lexer, "area", $1, 0, UINT32_MAX,
			    &id);
			$$ = id;
		}
		| STRING		{ $$ = conf_area_id(&ospf, $1); }
		;

areabody	: '{' optnl areaopts '}'
		| '{' optnl areaopts areaopt '}'
		;

areaopts	: /* empty */
		| areaopts areaopt nl
		| areaopts error nl {
			yyerrok;
			conf_expected(lexer, "interface, passive, prefix, "
			    "auth or type");
		}
		;

areaopt		: TYPE STRING		{ conf_area_type(&ospf, $2); }
		| auth
		| PREFIX STRING optcost	{ conf_area_prefix(&ospf, $2, $3); }
		| PASSIVE STRING {
			conf_oif_begin(&ospf, $2);
			ospf.oif.flags |= OSPF_F_PASSIVE;
			conf_oif_end(&ospf);
		}
		| INTERFACE STRING {
			conf_oif_begin(&ospf, $2);
			bfd_is_for(&ospf.oif.bfd, &ospf.bfd_key);
		} oifbody {
			conf_oif_end(&ospf);
		}
		;

optcost		: /* empty */		{ $$ = 0; }
		| COST NUMBER		{ $$ = $2; }
		;

oifbody		: /* empty */
		| '{' optnl oifopts '}'
		| '{' optnl oifopts oifopt '}'
		;

oifopts		: /* empty */
		| oifopts oifopt nl
		| oifopts error nl {
			yyerrok;
			conf_expected(lexer, "type, priority, cost, "
			    "hello-interval, dead-interval, instance-id, "
			    "neighbor, poll-interval, retransmit-interval, "
			    "transmit-delay, mtu-ignore, restart-helper, "
			    "passive, auth or bfd");
		}
		;

oifopt		: TYPE STRING		{ conf_oif_type(&ospf, $2); }
		| PRIORITY NUMBER {
			conf_u8(&ospf, "priority", $2, &ospf.oif.priority);
		}
		| COST NUMBER {
			conf_u16(&ospf, "cost", $2, 1, 65535, &ospf.oif.cost);
		}
		| HELLOINTERVAL NUMBER {
			conf_u16(&ospf, "hello-interval", $2, 1, 65535,
			    &ospf.oif.hello);
		}
		| DEADINTERVAL NUMBER {
			conf_u16(&ospf, "dead-interval", $2, 2, 65535,
			    &ospf.oif.dead);
		}
		| POLLINTERVAL NUMBER {
			conf_u16(&ospf, "poll-interval", $2, 1, 65535,
			    &ospf.oif.poll);
		}
		| RETRANSMITINTERVAL NUMBER {
			conf_u16(&ospf, "retransmit-interval", $2, 1, 3600,
			    &ospf.oif.retransmit);
		}
		| TRANSMITDELAY NUMBER {
			conf_u16(&ospf, "transmit-delay", $2, 1, 3600,
			    &ospf.oif.delay);
		}
		| INSTANCEID NUMBER {
			conf_u8(&ospf, "instance-id", $2, &ospf.oif.instance);
		}
		| NEIGHBOR STRING	{ conf_oif_neighbor(&ospf, $2); }
		| MTUIGNORE	{ ospf.oif.flags |= OSPF_F_MTU_IGNORE; }
		| RESTARTHELPER	{ ospf.oif.flags |= OSPF_F_HELPER; }
		| PASSIVE	{ ospf.oif.flags |= OSPF_F_PASSIVE; }
		| auth
		| bfd
		;

auth		: AUTH NONE		{ conf_auth_none(&ospf); }
		| AUTH KEY NUMBER STRING {
			conf_auth_begin(&ospf, $3, $4);
		} secret keyopts {
			conf_auth_end(&ospf);
		}
		;

secret		: STRING		{ conf_auth_secret(&ospf, $1); }
		| HEX STRING		{ conf_auth_secret_hex(&ospf, $2); }
		;

keyopts		: /* empty */
		| keyopts SEND	{ ospf.life = &ospf.key.send; } life
		| keyopts ACCEPT { ospf.life = &ospf.key.accept; } life
		| keyopts FRRORDER	{ ospf.key.frr_order = 1; }
		;

life		: from
		| from until
		| until
		;

from		: FROM STRING {
			conf_auth_time(&ospf, $2, &ospf.life->from);
		}
		;

until		: UNTIL STRING {
			conf_auth_time(&ospf, $2, &ospf.life->until);
		}
		;

external	: METRIC NUMBER {
			conf_external_metric(&ospf, &bgp.ann.ospf, $2);
		}
		| METRICTYPE NUMBER {
			conf_external_type(&ospf, &bgp.ann.ospf, $2);
		}
		| TAG NUMBER {
			conf_external_tag(&ospf, &bgp.ann.ospf, $2);
		}
		| FORWARDINGADDRESS STRING {
			conf_external_forward(&ospf, &bgp.ann.ospf, $2);
		}
		;

/* --- BFD, of either ----------------------------------------------------- */

bfd		: BFD_ YES		{ conf_bfd_on(&bfd, 0); }
		| BFD_ NO		{ conf_bfd_off(&bfd); }
		| BFD_ STRICT		{ conf_bfd_on(&bfd, BFD_F_STRICT); }
		| BFD_ {
			conf_bfd_on(&bfd, 0);
		} bfdbody
		;

bfdbody		: '{' optnl bfdopts '}'
		| '{' optnl bfdopts error '}' {
			yyerrok;
			conf_expected(lexer, "interval, min-tx, min-rx, "
			    "multiplier, multihop, single-hop, auth or "
			    "strict");
		}
		;

bfdopts		: /* empty */
		| bfdopts bfdopt optnl
		;

bfdopt		: INTERVAL ms {
			conf_bfd_times(&bfd, "interval", $2, 1, 1);
		}
		| MINTX ms	{ conf_bfd_times(&bfd, "min-tx", $2, 1, 0); }
		| MINRX ms	{ conf_bfd_times(&bfd, "min-rx", $2, 0, 1); }
		| MULTIPLIER NUMBER	{ conf_bfd_multiplier(&bfd, $2); }
		| MULTIHOP		{ conf_bfd_hops(&bfd, 1); }
		| SINGLEHOP		{ conf_bfd_hops(&bfd, 0); }
		| AUTH STRING NUMBER STRING {
			conf_bfd_auth(&bfd, $2, $3, $4);
		}
		| STRICT		{ conf_bfd_on(&bfd, BFD_F_STRICT); }
		;

/* --- announcements ----------------------------------------------------- */

announce	: ANNOUNCE_ STRING {
			conf_announce_begin(&bgp, $2);
			conf_external_begin(&bgp.ann.ospf,
			    &bgp.ann.bgp.prefix);
		} DEPEND ON depend annopts {
			conf_announce_end(&bgp);
		}
		;

depend		: RELAY kind		{ bgp.ann.kind = $2; }
		| CHECK STRING		{ conf_announce_check(&bgp, $2); }
		;

kind		: SIXTOFOUR		{ $$ = RELAY_6TO4; }
		| TEREDO		{ $$ = RELAY_TEREDO; }
		;

annopts		: /* empty */
		| annopts attribute
		| annopts external
		| annopts NEXTHOP STRING {
			conf_announce_next_hop(&bgp, $3);
		}
		;

attribute	: MED NUMBER		{ conf_attr(&bgp, BGP_HAS_MED, $2); }
		| LOCALPREFERENCE NUMBER {
			conf_attr(&bgp, BGP_HAS_PREF, $2);
		}
		| PREPEND NUMBER {
			conf_attr(&bgp, BGP_HAS_PREPEND, $2);
		}
		| COMMUNITY STRING	{ conf_community(&bgp, $2); }
		| EXTCOMMUNITY STRING STRING {
			conf_ext_community(&bgp, $2, $3);
		}
		| LARGECOMMUNITY STRING	{ conf_large_community(&bgp, $2); }
		;

/* --- for all ----------------------------------------------------------- */

ms		: NUMBER
		| duration
		;

duration	: NUMBER MS
		| NUMBER SECONDS {
			$$ = $1 > INT64_MAX / 1000 ? INT64_MAX : $1 * 1000;
		}
		;

%%

static const struct conf_keyword	keywords[] = {
	{ "6to4",		SIXTOFOUR },
	{ "accept",		ACCEPT },
	{ "announce",		ANNOUNCE_ },
	{ "area",		AREA },
	{ "as",			AS },
	{ "auth",		AUTH },
	{ "bfd",		BFD_ },
	{ "check",		CHECK },
	{ "community",		COMMUNITY },
	{ "connect-retry",	CONNECTRETRY },
	{ "cost",		COST },
	{ "dead-interval",	DEADINTERVAL },
	{ "delay-open",		DELAYOPEN },
	{ "depend",		DEPEND },
	{ "descr",		DESCR },
	{ "ext-community",	EXTCOMMUNITY },
	{ "feed",		FEED },
	{ "forwarding-address",	FORWARDINGADDRESS },
	{ "from",		FROM },
	{ "frr-order",		FRRORDER },
	{ "group",		GROUP },
	{ "heartbeat",		HEARTBEAT },
	{ "hello-interval",	HELLOINTERVAL },
	{ "hex",		HEX },
	{ "hold-time",		HOLDTIME },
	{ "include",		INCLUDE },
	{ "inet",		INET },
	{ "inet6",		INET6 },
	{ "instance-id",	INSTANCEID },
	{ "interface",		INTERFACE },
	{ "interval",		INTERVAL },
	{ "key",		KEY },
	{ "large-community",	LARGECOMMUNITY },
	{ "listen",		LISTEN },
	{ "local-address",	LOCALADDRESS },
	{ "local-preference",	LOCALPREFERENCE },
	{ "max-peers",		MAXPEERS },
	{ "max-prefix",		MAXPREFIX },
	{ "med",		MED },
	{ "metric",		METRIC },
	{ "metric-type",	METRICTYPE },
	{ "min-rx",		MINRX },
	{ "min-tx",		MINTX },
	{ "ms",			MS },
	{ "mtu-ignore",		MTUIGNORE },
	{ "multihop",		MULTIHOP },
	{ "multiplier",		MULTIPLIER },
	{ "neighbor",		NEIGHBOR },
	{ "next-hop",		NEXTHOP },
	{ "no",			NO },
	{ "none",		NONE },
	{ "on",			ON },
	{ "ospf",		OSPF_ },
	{ "passive",		PASSIVE },
	{ "password",		PASSWORD },
	{ "poll-interval",	POLLINTERVAL },
	{ "prefix",		PREFIX },
	{ "prepend",		PREPEND },
	{ "priority",		PRIORITY },
	{ "relay",		RELAY },
	{ "remote-as",		REMOTEAS },
	{ "restart",		RESTART },
	{ "restart-helper",	RESTARTHELPER },
	{ "retransmit-interval",RETRANSMITINTERVAL },
	{ "role",		ROLE },
	{ "router-id",		ROUTERID },
	{ "s",			SECONDS },
	{ "send",		SEND },
	{ "sequence-file",	SEQUENCEFILE },
	{ "single-hop",		SINGLEHOP },
	{ "strict",		STRICT },
	{ "stub-router",	STUBROUTER },
	{ "tag",		TAG },
	{ "teredo",		TEREDO },
	{ "transmit-delay",	TRANSMITDELAY },
	{ "ttl-security",	TTLSECURITY },
	{ "type",		TYPE },
	{ "until",		UNTIL },
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

static void
set_router_id(const char *s)
{
	struct in_addr	 in;

	if (inet_pton(AF_INET, s, &in) != 1 || in.s_addr == 0)
		conf_error(lexer, "router-id %s: expected the form of an IPv4 "
		    "address, not 0.0.0.0", s);
	else
		conf->global.router_id = ntohl(in.s_addr);
}

static void
set_listen(const char *s)
{
	struct conf_global	*g = &conf->global;

	if (g->nlisten == LIMIT_LISTEN) {
		conf_error(lexer, "more than %d listen addresses",
		    LIMIT_LISTEN);
		return;
	}
	conf_addr(lexer, "listen on", s, &g->listen[g->nlisten++]);
}

static void
bfd_is_for(struct bfd_conf *to, struct bfd_key *key)
{
	bfd.to = to;
	bfd.key = key;
}

/* What could have stood where an option of a neighbor was expected. */
static void
expected_option(const char *first)
{
	char	 what[512];

	snprintf(what, sizeof(what), "%sremote-as, descr, local-address, "
	    "next-hop, hold-time, connect-retry, delay-open, passive, "
	    "password, ttl-security, multihop, max-prefix, max-peers, role, "
	    "bfd, med, local-preference, prepend, community, ext-community or "
	    "large-community", first);
	conf_expected(lexer, what);
}

/* --- the whole --------------------------------------------------------- */

static void
defaults_before(void)
{
	memset(conf, 0, sizeof(*conf));
	conf->global.beat_ms = LIMIT_PROC_BEAT_MS;
	strlcpy(conf->global.feed, ROUTED6_FEED, sizeof(conf->global.feed));
	strlcpy(conf->ospf.sequence_file, ROUTED6_SEQUENCE,
	    sizeof(conf->ospf.sequence_file));
}

/* What must be there, and what follows from the rest. */
static void
defaults_after(void)
{
	struct conf_global	*g = &conf->global;
	int			 ospf_only;

	ospf_only = conf->npeers == 0 && conf->ospf.nareas > 0;
	if (g->as == 0 && !ospf_only)
		conf_error(lexer, "no AS number, expected as NUMBER");
	if (g->router_id == 0)
		conf_error(lexer, "no router id, expected router-id A.B.C.D");
	conf->ospf.global.router_id = g->router_id;
	if (g->listen_none || ospf_only)
		g->nlisten = 0;
	else if (g->nlisten == 0) {
		g->listen[g->nlisten++].af = 6;
		g->listen[g->nlisten++].af = 4;
	}
	conf_auth_finish(&ospf);
	conf_bgp_finish(&bgp);
}

int
parse_config(const char *file, const char *const *defs, int ndefs,
    void (*report)(void *, const char *), void *arg, struct routed6_conf *cf)
{
	int	 i, errors;

	conf = cf;
	lexer = conf_new(&grammar, report, arg);
	memset(&bgp, 0, sizeof(bgp));
	bgp.lexer = lexer;
	bgp.conf = conf;
	memset(&ospf, 0, sizeof(ospf));
	ospf.lexer = lexer;
	ospf.conf = &conf->ospf;
	ospf.bfd_keys = conf->oif_keys;
	bfd.lexer = lexer;
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
	explicit_bzero(&bgp, sizeof(bgp));
	explicit_bzero(&ospf, sizeof(ospf));
	lexer = NULL;
	conf = NULL;
	return (errors == 0 ? 0 : -1);
}
