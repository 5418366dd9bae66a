/*
 * Reading an UPDATE: see bgp_update.h.  Engine of the bgp process; no I/O,
 * keeps no route.  RFC 4271 4.3 and 6.3 as revised by RFC 7606 (which error
 * is worth what), RFC 4760 (multiprotocol), 6793 (4-octet AS numbers), 7607
 * (AS 0), 8092 (large communities), 8950 (IPv6 next hops), 9234 (OTC).
 */
#include <string.h>

#include "bgp_update.h"
#include "bgp_wire.h"

/* One UPDATE while it is read. */
struct reading {
	const struct bgp_session	*s;
	struct bgp_update		*u;
	struct bgp_error		*e;
	uint8_t				 seen[32];	/* bit per type */
	int				 nlri;	/* there is an NLRI field */
	int				 reachable; /* something is announced */
};

/* How to judge the value of an attribute; length is 0 when check does. */
struct rule {
	uint8_t			 type;
	uint8_t			 flags;		/* optional, transitive */
	uint8_t			 length;
	uint8_t			 many;		/* a multiple of length */
	uint8_t			 internal;	/* from iBGP peers only */
	enum bgp_verdict	 bad;		/* when malformed */
	uint8_t			 subcode;	/* ... and what it is called */
	int			(*check)(struct reading *, struct rd *);
};

/* RFC 7606 3 h: of several errors the worst decides, and is remembered. */
static void
judge(struct reading *rg, enum bgp_verdict v, uint8_t subcode,
    const void *data, size_t len)
{
	if (rg->e->code == 0 || v > rg->u->verdict)
		bgp_error_set(rg->e, BGP_E_UPDATE, subcode, data, len);
	if (v > rg->u->verdict)
		rg->u->verdict = v;
	if (v == BGP_V_DISCARD)
		rg->u->discarded++;
}

/*
 * Count the prefixes of a field.  -1 when it is not made of whole prefixes
 * of at most max bits (RFC 7606 5.3).
 */
static int
nlri_count(struct rd *r, unsigned int max, uint32_t *count)
{
	unsigned int	 bits;

	while (r->left > 0) {
		bits = rd_u8(r);
		if (bits > max || rd_skip(r, (bits + 7) / 8) == NULL)
			return (-1);
		(*count)++;
	}
	return (r->bad ? -1 : 0);
}

static int
seen(const struct reading *rg, uint8_t type)
{
	return ((rg->seen[type / 8] & (1 << (type % 8))) != 0);
}

/* RFC 7606 7.1. */
static int
origin_check(struct reading *rg, struct rd *r)
{
	return (rd_u8(r) <= 2 ? rd_end(r) : -1);
}

/*
 * RFC 7606 7.2: segments of a known type, with members, that fill the
 * attribute; RFC 7607: no AS 0; RFC 5065 5: no confederation segments, for we
 * are in none.
 */
static int
path_check(struct rd *r, size_t size)
{
	uint8_t	 type, n;

	while (r->left > 0) {
		type = rd_u8(r);
		n = rd_u8(r);
		if ((type != BGP_SET && type != BGP_SEQUENCE) || n == 0)
			return (-1);
		while (n-- > 0)
			if ((size == 4 ? rd_u32(r) : rd_u16(r)) == 0)
				return (-1);
	}
	return (rd_end(r));
}

static int
as_path_check(struct reading *rg, struct rd *r)
{
	return (path_check(r, rg->s->as4 ? 4 : 2));
}

/*
 * RFC 6793 4.1: between new speakers there is none; 6: without any segment it
 * is malformed too.
 */
static int
as4_path_check(struct reading *rg, struct rd *r)
{
	return (rg->s->as4 || r->left == 0 ? -1 : path_check(r, 4));
}

/* RFC 7606 7.7. */
static int
aggregator_check(struct reading *rg, struct rd *r)
{
	if ((rg->s->as4 ? rd_u32(r) : rd_u16(r)) == 0)
		return (-1);
	rd_u32(r);
	return (rd_end(r));
}

static int
as4_aggregator_check(struct reading *rg, struct rd *r)
{
	if (rg->s->as4 || rd_u32(r) == 0)
		return (-1);
	rd_u32(r);
	return (rd_end(r));
}

/* RFC 7606 7.11: may the next hop of this family have this many bytes? */
static int
nexthop_fits(const struct bgp_session *s, uint16_t afi, uint8_t len)
{
	if (len == 16 || len == 32)		/* RFC 2545 3 */
		return (afi == BGP_AFI_IP6 || s->extnh);
	return (afi == BGP_AFI_IP && len == 4);
}

/* RFC 4760 3.  Families we did not ask for are passed over. */
static int
mp_reach_check(struct reading *rg, struct rd *r)
{
	uint16_t	 afi;
	uint8_t		 safi, len;

	afi = rd_u16(r);
	safi = rd_u8(r);
	len = rd_u8(r);
	rd_skip(r, len);
	rd_u8(r);
	if (r->bad)
		return (-1);
	rg->reachable |= r->left > 0;
	if (safi != BGP_SAFI_UNICAST ||
	    (afi != BGP_AFI_IP && afi != BGP_AFI_IP6))
		return (0);
	if (!nexthop_fits(rg->s, afi, len))
		return (-1);
	return (nlri_count(r, afi == BGP_AFI_IP ? 32 : 128, &rg->u->reach));
}

/* RFC 4760 4. */
static int
mp_unreach_check(struct reading *rg, struct rd *r)
{
	uint16_t	 afi;
	uint8_t		 safi;

	afi = rd_u16(r);
	safi = rd_u8(r);
	if (r->bad)
		return (-1);
	if (safi != BGP_SAFI_UNICAST ||
	    (afi != BGP_AFI_IP && afi != BGP_AFI_IP6))
		return (0);
	return (nlri_count(r, afi == BGP_AFI_IP ? 32 : 128, &rg->u->unreach));
}

#define WELL_KNOWN	BGP_AF_TRANSITIVE
#define OPT		BGP_AF_OPTIONAL
#define OPT_TRANS	(BGP_AF_OPTIONAL | BGP_AF_TRANSITIVE)

static const struct rule rules[] = {
	{ BGP_A_ORIGIN, WELL_KNOWN, 0, 0, 0, BGP_V_WITHDRAW,
	    BGP_UPDATE_ORIGIN, origin_check },
	{ BGP_A_AS_PATH, WELL_KNOWN, 0, 0, 0, BGP_V_WITHDRAW,
	    BGP_UPDATE_ASPATH, as_path_check },
	{ BGP_A_NEXT_HOP, WELL_KNOWN, 4, 0, 0, BGP_V_WITHDRAW,
	    BGP_UPDATE_LENGTH, NULL },
	{ BGP_A_MED, OPT, 4, 0, 0, BGP_V_WITHDRAW,
	    BGP_UPDATE_LENGTH, NULL },
	{ BGP_A_LOCAL_PREF, WELL_KNOWN, 4, 0, 1, BGP_V_WITHDRAW,
	    BGP_UPDATE_LENGTH, NULL },
	{ BGP_A_ATOMIC, WELL_KNOWN, 0, 0, 0, BGP_V_DISCARD,
	    BGP_UPDATE_LENGTH, NULL },
	{ BGP_A_AGGREGATOR, OPT_TRANS, 0, 0, 0, BGP_V_DISCARD,
	    BGP_UPDATE_OPTIONAL, aggregator_check },
	{ BGP_A_COMMUNITIES, OPT_TRANS, 4, 1, 0, BGP_V_WITHDRAW,
	    BGP_UPDATE_OPTIONAL, NULL },
	{ BGP_A_ORIGINATOR, OPT, 4, 0, 1, BGP_V_WITHDRAW,
	    BGP_UPDATE_LENGTH, NULL },
	{ BGP_A_CLUSTER_LIST, OPT, 4, 1, 1, BGP_V_WITHDRAW,
	    BGP_UPDATE_LENGTH, NULL },
	{ BGP_A_MP_REACH, OPT, 0, 0, 0, BGP_V_RESET,
	    BGP_UPDATE_OPTIONAL, mp_reach_check },
	{ BGP_A_MP_UNREACH, OPT, 0, 0, 0, BGP_V_RESET,
	    BGP_UPDATE_OPTIONAL, mp_unreach_check },
	{ BGP_A_EXT_COMMUNITIES, OPT_TRANS, 8, 1, 0, BGP_V_WITHDRAW,
	    BGP_UPDATE_OPTIONAL, NULL },
	{ BGP_A_AS4_PATH, OPT_TRANS, 0, 0, 0, BGP_V_DISCARD,
	    BGP_UPDATE_OPTIONAL, as4_path_check },
	{ BGP_A_AS4_AGGREGATOR, OPT_TRANS, 0, 0, 0, BGP_V_DISCARD,
	    BGP_UPDATE_OPTIONAL, as4_aggregator_check },
	{ BGP_A_IP6_COMMUNITIES, OPT_TRANS, 20, 1, 0, BGP_V_WITHDRAW,
	    BGP_UPDATE_OPTIONAL, NULL },
	{ BGP_A_LARGE, OPT_TRANS, 12, 1, 0, BGP_V_WITHDRAW,
	    BGP_UPDATE_OPTIONAL, NULL },
	{ BGP_A_OTC, OPT_TRANS, 4, 0, 0, BGP_V_WITHDRAW,
	    BGP_UPDATE_OPTIONAL, NULL }
};

static const struct rule *
rule_find(uint8_t type)
{
	size_t	 i;

	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (rules[i].type == type)
			return (&rules[i]);
	return (NULL);
}

static int
value_check(const struct rule *rule, struct reading *rg, struct rd *r)
{
	if (rule->check != NULL)
		return (rule->check(rg, r));
	if (rule->many)
		return (r->left > 0 && r->left % rule->length == 0 ? 0 : -1);
	return (r->left == rule->length ? 0 : -1);
}

/* One whole attribute; whole and size are its bytes for a NOTIFICATION. */
static void
attr_check(struct reading *rg, uint8_t flags, uint8_t type, struct rd *value,
    const uint8_t *whole, size_t size)
{
	const struct rule	*rule = rule_find(type);

	if (rule == NULL) {
		/* RFC 4271 6.3; RFC 7606 left this one as it was. */
		if (!(flags & BGP_AF_OPTIONAL))
			judge(rg, BGP_V_RESET, BGP_UPDATE_UNKNOWN, whole,
			    size);
		return;
	}
	if (rule->internal && !rg->s->ibgp) {
		judge(rg, BGP_V_DISCARD, BGP_UPDATE_LIST, whole, size);
		return;
	}
	/*
	 * RFC 7606 3 c, and 5.3 for the attributes of RFC 4760; the prefixes
	 * are still counted below.
	 */
	if ((flags & OPT_TRANS) != rule->flags)
		judge(rg, rule->bad == BGP_V_RESET ? BGP_V_RESET :
		    BGP_V_WITHDRAW, BGP_UPDATE_FLAGS, whole, size);
	if (value_check(rule, rg, value) == -1)
		judge(rg, rule->bad, rule->subcode, whole, size);
}

/* RFC 7606 3 g: of what comes twice only the first counts. */
static int
attr_again(struct reading *rg, uint8_t type)
{
	if (!seen(rg, type)) {
		rg->seen[type / 8] |= 1 << (type % 8);
		return (0);
	}
	if (type == BGP_A_MP_REACH || type == BGP_A_MP_UNREACH)
		judge(rg, BGP_V_RESET, BGP_UPDATE_LIST, NULL, 0);
	else
		judge(rg, BGP_V_DISCARD, BGP_UPDATE_LIST, NULL, 0);
	return (1);
}

static void
attrs_parse(struct reading *rg, struct rd *r)
{
	const uint8_t	*whole;
	struct rd	 value;
	uint8_t		 flags, type;

	while (r->left > 0 && rg->u->verdict != BGP_V_RESET) {
		whole = r->p;
		flags = rd_u8(r);
		type = rd_u8(r);
		value = rd_sub(r, flags & BGP_AF_EXTENDED ?
		    rd_u16(r) : rd_u8(r));
		/* RFC 7606 4: what is left is no attribute. */
		if (r->bad) {
			judge(rg, BGP_V_WITHDRAW, BGP_UPDATE_LIST, NULL, 0);
			return;
		}
		if (!attr_again(rg, type))
			attr_check(rg, flags, type, &value, whole,
			    r->p - whole);
	}
}

/* RFC 7606 3 d: what must be there when something is announced. */
static void
mandatory_check(struct reading *rg)
{
	static const uint8_t	 needed[] = {
		BGP_A_ORIGIN, BGP_A_AS_PATH, BGP_A_NEXT_HOP
	};
	size_t			 i, n;

	if (!rg->nlri && !seen(rg, BGP_A_MP_REACH))
		return;
	n = rg->nlri ? 3 : 2;
	for (i = 0; i < n; i++)
		if (!seen(rg, needed[i]))
			judge(rg, BGP_V_WITHDRAW, BGP_UPDATE_MISSING,
			    &needed[i], 1);
}

/*
 * RFC 7606 5.2: with nothing announced, treating as withdrawn would do
 * nothing about what is wrong.
 */
static void
missing_nlri_check(struct reading *rg)
{
	if (rg->u->verdict == BGP_V_WITHDRAW && !rg->reachable)
		rg->u->verdict = BGP_V_RESET;
}

int
bgp_update_parse(struct rd *r, const struct bgp_session *s,
    struct bgp_update *u, struct bgp_error *e)
{
	struct reading	 rg = { .s = s, .u = u, .e = e };
	struct rd	 gone, attrs;

	memset(u, 0, sizeof(*u));
	memset(e, 0, sizeof(*e));
	gone = rd_sub(r, rd_u16(r));
	attrs = rd_sub(r, rd_u16(r));
	if (r->bad) {			/* RFC 7606 3 b */
		judge(&rg, BGP_V_RESET, BGP_UPDATE_LIST, NULL, 0);
		return (-1);
	}
	rg.nlri = rg.reachable = r->left > 0;
	if (nlri_count(&gone, 32, &u->unreach) == -1 ||
	    nlri_count(r, 32, &u->reach) == -1) {
		judge(&rg, BGP_V_RESET, BGP_UPDATE_NETWORK, NULL, 0);
		return (-1);
	}
	attrs_parse(&rg, &attrs);
	mandatory_check(&rg);
	missing_nlri_check(&rg);
	return (u->verdict == BGP_V_RESET ? -1 : 0);
}

typedef void	each_fn(void *, int, const struct prefix *);

static void
nlri_each(struct rd *r, uint8_t af, int reach, each_fn *fn, void *arg)
{
	const uint8_t	*b;
	struct prefix	 p;

	while (r->left > 0) {
		memset(&p, 0, sizeof(p));
		p.af = af;
		p.len = rd_u8(r);
		if ((b = rd_skip(r, (p.len + 7u) / 8)) == NULL)
			return;
		memcpy(p.b, b, (p.len + 7u) / 8);
		prefix_mask(&p);
		fn(arg, reach, &p);
	}
}

/* The prefixes inside an attribute of RFC 4760, of families we know. */
static void
mp_each(struct rd *r, int reach, each_fn *fn, void *arg)
{
	uint16_t	 afi;
	uint8_t		 safi;

	afi = rd_u16(r);
	safi = rd_u8(r);
	if (reach) {
		rd_skip(r, rd_u8(r));
		rd_u8(r);
	}
	if (!r->bad && safi == BGP_SAFI_UNICAST &&
	    (afi == BGP_AFI_IP || afi == BGP_AFI_IP6))
		nlri_each(r, afi == BGP_AFI_IP ? 4 : 6, reach, fn, arg);
}

void
bgp_update_each(struct rd *r, each_fn *fn, void *arg)
{
	struct rd	 gone, attrs, value;
	uint8_t		 flags, type;

	gone = rd_sub(r, rd_u16(r));
	attrs = rd_sub(r, rd_u16(r));
	nlri_each(&gone, 4, 0, fn, arg);
	while (attrs.left > 0) {
		flags = rd_u8(&attrs);
		type = rd_u8(&attrs);
		value = rd_sub(&attrs, flags & BGP_AF_EXTENDED ?
		    rd_u16(&attrs) : rd_u8(&attrs));
		if (attrs.bad)
			break;
		if (type == BGP_A_MP_REACH || type == BGP_A_MP_UNREACH)
			mp_each(&value, type == BGP_A_MP_REACH, fn, arg);
	}
	nlri_each(r, 4, 1, fn, arg);
}
