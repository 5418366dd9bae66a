/*
 * What is in an LSA: see show_lsa.h.  RFC 5340 A.4.
 */
#include <netinet/in.h>
#include <arpa/inet.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ctl6.h"
#include "ospf_body.h"
#include "show_lsa.h"

struct body {
	struct json_object	*lsa;
	struct rd		 r;
};

static void	say(struct body *, const char *, const char *, ...)
		    __attribute__((__format__(printf, 3, 4)));

/* One line: what it is, and its value. */
static void
say(struct body *b, const char *what, const char *fmt, ...)
{
	struct json_object	*o = add_row(b->lsa, "content");
	char			 value[160];
	va_list			 ap;

	va_start(ap, fmt);
	vsnprintf(value, sizeof(value), fmt, ap);
	va_end(ap);
	add_string(o, "what", what);
	add_string(o, "value", value);
}

static const char *
id_print(uint32_t id, char *buf, size_t len)
{
	snprintf(buf, len, "%u.%u.%u.%u", id >> 24, id >> 16 & 0xff,
	    id >> 8 & 0xff, id & 0xff);
	return (buf);
}

/* What the bits of a byte or more mean. */
static const char *
bits_print(uint32_t v, const char *const *names, size_t n, char *buf,
    size_t len)
{
	size_t	 i;

	buf[0] = '\0';
	for (i = 0; i < n; i++) {
		if (!(v >> i & 1) || names[i] == NULL)
			continue;
		if (buf[0] != '\0')
			strlcat(buf, " ", len);
		strlcat(buf, names[i], len);
	}
	return (buf);
}

static void
say_options(struct body *b, uint32_t options)
{
	static const char *const	 names[] = {
		"V6", "E", NULL, "N", "R", "DC", NULL, NULL, "AF", "L", "AT"
	};
	char				 buf[64];

	say(b, "options", "%s", bits_print(options, names, nitems(names),
	    buf, sizeof(buf)));
}

static void
say_prefix(struct body *b, const struct ospf_prefix *p, int metric)
{
	static const char *const	 names[] = {
		"NU", "LA", NULL, "P", "DN"
	};
	char				 buf[PREFIX_STRLEN], opt[32];

	prefix_print(&p->prefix, buf, sizeof(buf));
	bits_print(p->options, names, nitems(names), opt, sizeof(opt));
	if (metric)
		say(b, "prefix", "%s metric %u%s%s", buf, p->metric,
		    opt[0] == '\0' ? "" : " ", opt);
	else
		say(b, "prefix", "%s%s%s", buf, opt[0] == '\0' ? "" : " ",
		    opt);
}

static void
say_address(struct body *b, const char *what, const struct in6_addr *a)
{
	char	 buf[INET6_ADDRSTRLEN];

	say(b, what, "%s", inet_ntop(AF_INET6, a, buf, sizeof(buf)));
}

static void
router(struct body *b)
{
	static const char *const	 names[] = { "B", "E", "V", "W", "Nt" };
	struct ospf_router		 rt;
	struct ospf_rlink		 l;
	char				 buf[32], id[16];

	if (ospf_router_parse(&b->r, &rt) == -1)
		return;
	say(b, "flags", "%s", bits_print(rt.flags, names, nitems(names), buf,
	    sizeof(buf)));
	say_options(b, rt.options);
	while (b->r.left > 0 && ospf_rlink_parse(&b->r, &l) == 0)
		say(b, l.type == OSPF_RLINK_P2P ? "link to router" :
		    l.type == OSPF_RLINK_TRANSIT ? "link to network" :
		    "virtual link", "%s interface %u, ours %u, metric %u",
		    id_print(l.nbr, id, sizeof(id)), l.nbr_ifid, l.ifid,
		    l.metric);
}

static void
network(struct body *b)
{
	char	 id[16];

	say_options(b, rd_u32(&b->r));
	while (b->r.left > 0 && !b->r.bad)
		say(b, "attached router", "%s", id_print(rd_u32(&b->r), id,
		    sizeof(id)));
}

static void
inter_prefix(struct body *b)
{
	uint32_t		 metric = rd_u32(&b->r);
	struct ospf_prefix	 p;

	if (ospf_prefix_parse(&b->r, &p) == -1)
		return;
	say(b, "metric", "%u", metric & 0xffffff);
	say_prefix(b, &p, 0);
}

static void
inter_router(struct body *b)
{
	uint32_t	 metric, to;
	char		 id[16];

	say_options(b, rd_u32(&b->r));
	metric = rd_u32(&b->r);
	to = rd_u32(&b->r);
	if (b->r.bad)
		return;
	say(b, "metric", "%u", metric & 0xffffff);
	say(b, "router", "%s", id_print(to, id, sizeof(id)));
}

static void
external(struct body *b)
{
	struct ospf_external	 e;

	if (ospf_external_parse(&b->r, &e) == -1)
		return;
	say_prefix(b, &e.prefix, 0);
	say(b, "metric", "%u type %d", e.metric,
	    e.flags & OSPF_EXT_E ? 2 : 1);
	if (e.flags & OSPF_EXT_F)
		say_address(b, "forwarding address", &e.forward);
	if (e.flags & OSPF_EXT_T)
		say(b, "tag", "%u", e.tag);
}

static void
prefixes(struct body *b, uint32_t n, int metric)
{
	struct ospf_prefix	 p;

	while (n-- > 0 && ospf_prefix_parse(&b->r, &p) == 0)
		say_prefix(b, &p, metric);
}

static void
link_(struct body *b)
{
	struct ospf_linkbody	 l;

	if (ospf_linkbody_parse(&b->r, &l) == -1)
		return;
	say(b, "priority", "%u", l.priority);
	say_options(b, l.options);
	say_address(b, "address", &l.addr);
	prefixes(b, l.nprefixes, 0);
}

static void
intra_prefix(struct body *b)
{
	struct ospf_intra	 i;
	char			 id[16], adv[16];

	if (ospf_intra_parse(&b->r, &i) == -1)
		return;
	say(b, "belongs to", "%s %s of %s", ospf_lsa_name(i.ref.type),
	    id_print(i.ref.id, id, sizeof(id)), id_print(i.ref.adv, adv,
	    sizeof(adv)));
	prefixes(b, i.nprefixes, 1);
}

static const struct {
	uint16_t	 type;
	void		(*say)(struct body *);
}	 bodies[] = {
	{ OSPF_LSA_ROUTER,		router },
	{ OSPF_LSA_NETWORK,		network },
	{ OSPF_LSA_INTER_PREFIX,	inter_prefix },
	{ OSPF_LSA_INTER_ROUTER,	inter_router },
	{ OSPF_LSA_EXTERNAL,		external },
	{ OSPF_LSA_NSSA,		external },
	{ OSPF_LSA_LINK,		link_ },
	{ OSPF_LSA_INTRA_PREFIX,	intra_prefix }
};

/* All its bytes, so that they can be compared with another router's. */
static void
bytes(struct body *b, const uint8_t *p, size_t len)
{
	struct json_object	*o;
	char			 line[2 * 32 + 1];
	size_t			 i;

	for (i = 0; i < len; i++) {
		snprintf(line + i % 32 * 2, 3, "%02x", p[i]);
		if (i % 32 == 31 || i == len - 1) {
			o = add_row(b->lsa, "content");
			add_string(o, "what", "bytes");
			add_string(o, "value", line);
		}
	}
}

void
lsa_body(struct json_object *lsa, const uint8_t *p, size_t len)
{
	struct ospf_lsa_header	 h;
	struct body		 b = { .lsa = lsa };
	char			 id[16], adv[16];
	size_t			 i;

	rd_init(&b.r, p, len);
	if (ospf_lsa_header_parse(&b.r, &h) == -1)
		return;
	say(&b, "lsa", "%s of %s", id_print(h.key.id, id, sizeof(id)),
	    id_print(h.key.adv, adv, sizeof(adv)));
	for (i = 0; i < nitems(bodies); i++)
		if (bodies[i].type == h.key.type)
			bodies[i].say(&b);
	if (b.r.bad)
		say(&b, "error", "it ends too early");
	bytes(&b, p, len);
}
