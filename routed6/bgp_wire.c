/*
 * BGP-4 messages on the wire: see bgp_wire.h.  Engine of the bgp process; no
 * I/O, keeps nothing.  RFC 4271 4.1, 4.2, 4.4, 6.1, 6.2; RFC 2918 and 7313
 * (refresh), 4760 (multiprotocol), 5492 (capabilities), 6793 (4-octet AS
 * numbers), 8654 (long messages), 8950 (IPv6 next hops), 9072 (long optional
 * parameters), 9234 (roles); draft-walton-bgp-hostname-capability.
 */
#include <string.h>

#include "bgp_wire.h"

#define MARKER_LEN	16
#define PARAM_CAPABILITIES	2	/* RFC 5492 4 */
#define PARAM_EXTENDED		255	/* RFC 9072 2 */

enum capability {
	CAP_MP		= 1,
	CAP_REFRESH	= 2,
	CAP_EXTNH	= 5,
	CAP_EXTMSG	= 6,
	CAP_ROLE	= 9,
	CAP_GR		= 64,
	CAP_AS4		= 65,
	CAP_ERR		= 70,
	CAP_NAME	= 73
};

/* RFC 4271 6.1: what a message of each type may measure. */
static const struct {
	const char	*name;
	uint16_t	 least;
	uint16_t	 most;
} types[BGP_NTYPES] = {
	[0] =			{ "?", 0, 0 },
	[BGP_OPEN] =		{ "OPEN", 29, BGP_MSG_MAX },
	[BGP_UPDATE] =		{ "UPDATE", 23, BGP_MSG_MAX },
	[BGP_NOTIFICATION] =	{ "NOTIFICATION", 21, BGP_MSG_MAX },
	[BGP_KEEPALIVE] =	{ "KEEPALIVE", 19, 19 },
	[BGP_REFRESH] =		{ "ROUTE-REFRESH", 19, BGP_MSG_MAX }
};

static const char *const cap_names[BGP_NCAPS] = {
	"multiprotocol", "IPv4 unicast", "IPv6 unicast",
	"IPv4 by IPv6 next hop", "4-octet AS", "route refresh",
	"graceful restart", "enhanced refresh", "extended messages", "role",
	"hostname"
};

const char *
bgp_type_name(uint8_t type)
{
	return (types[type < BGP_NTYPES ? type : 0].name);
}

const char *
bgp_cap_name(uint32_t cap)
{
	size_t	 i;

	for (i = 0; i < BGP_NCAPS; i++)
		if (cap == 1U << i)
			return (cap_names[i]);
	return ("?");
}

/* RFC 8654 4: what a message of that type may measure in this session. */
static size_t
most(uint8_t type, size_t max)
{
	return (type == BGP_OPEN || types[type].most < BGP_MSG_MAX ?
	    types[type].most : max);
}

/* RFC 4271 6.1: the marker is all ones. */
static int
marker_ok(struct rd *r)
{
	const uint8_t	*p;
	size_t		 i;

	if ((p = rd_skip(r, MARKER_LEN)) == NULL)
		return (0);
	for (i = 0; i < MARKER_LEN; i++)
		if (p[i] != 0xff)
			return (0);
	return (1);
}

ssize_t
bgp_frame(const uint8_t *buf, size_t len, size_t max, uint8_t *type,
    struct bgp_error *e)
{
	struct rd	 r;
	const uint8_t	*length_at;
	uint16_t	 length;

	if (len < BGP_HEADER_LEN)
		return (0);
	rd_init(&r, buf, len);
	if (!marker_ok(&r)) {
		bgp_error_set(e, BGP_E_HEADER, BGP_HEADER_SYNC, NULL, 0);
		return (-1);
	}
	length_at = r.p;
	length = rd_u16(&r);
	*type = rd_u8(&r);
	if (length < BGP_HEADER_LEN || length > max) {
		bgp_error_set(e, BGP_E_HEADER, BGP_HEADER_LENGTH, length_at, 2);
		return (-1);
	}
	if (*type == 0 || *type >= BGP_NTYPES) {
		bgp_error_set(e, BGP_E_HEADER, BGP_HEADER_TYPE, type, 1);
		return (-1);
	}
	if (length < types[*type].least || length > most(*type, max)) {
		bgp_error_set(e, BGP_E_HEADER, BGP_HEADER_LENGTH, length_at, 2);
		return (-1);
	}
	return (length <= len ? length : 0);
}

size_t
bgp_msg_begin(struct wr *w, uint8_t type)
{
	static const uint8_t	 ones[MARKER_LEN] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff
	};
	size_t			 at = w->len;

	wr_bytes(w, ones, sizeof(ones));
	wr_u16(w, 0);
	wr_u8(w, type);
	return (at);
}

void
bgp_msg_end(struct wr *w, size_t at)
{
	wr_patch16(w, at + MARKER_LEN, w->len - at);
}

void
bgp_keepalive_build(struct wr *w)
{
	bgp_msg_end(w, bgp_msg_begin(w, BGP_KEEPALIVE));
}

void
bgp_refresh_build(struct wr *w, uint16_t afi, uint8_t kind, uint8_t safi)
{
	size_t	 at;

	at = bgp_msg_begin(w, BGP_REFRESH);
	wr_u16(w, afi);
	wr_u8(w, kind);
	wr_u8(w, safi);
	bgp_msg_end(w, at);
}

int
bgp_refresh_parse(struct rd *r, uint16_t *afi, uint8_t *kind, uint8_t *safi)
{
	*afi = rd_u16(r);
	*kind = rd_u8(r);
	*safi = rd_u8(r);
	return (rd_end(r));
}

/* RFC 4760 8. */
static void
cap_mp_build(struct wr *w, uint16_t afi)
{
	wr_u8(w, CAP_MP);
	wr_u8(w, 4);
	wr_u16(w, afi);
	wr_u8(w, 0);
	wr_u8(w, BGP_SAFI_UNICAST);
}

static void
cap_empty_build(struct wr *w, uint8_t code)
{
	wr_u8(w, code);
	wr_u8(w, 0);
}

static void
caps_build(struct wr *w, const struct bgp_open *o)
{
	if (o->caps & BGP_CAP_IP6)
		cap_mp_build(w, BGP_AFI_IP6);
	if (o->caps & BGP_CAP_IP4)
		cap_mp_build(w, BGP_AFI_IP);
	if (o->caps & BGP_CAP_REFRESH)
		cap_empty_build(w, CAP_REFRESH);
	if (o->caps & BGP_CAP_EXTNH) {		/* RFC 8950 4 */
		wr_u8(w, CAP_EXTNH);
		wr_u8(w, 6);
		wr_u16(w, BGP_AFI_IP);
		wr_u16(w, BGP_SAFI_UNICAST);
		wr_u16(w, BGP_AFI_IP6);
	}
	if (o->caps & BGP_CAP_EXTMSG)
		cap_empty_build(w, CAP_EXTMSG);
	if (o->caps & BGP_CAP_ROLE) {		/* RFC 9234 4.1 */
		wr_u8(w, CAP_ROLE);
		wr_u8(w, 1);
		wr_u8(w, o->role - 1);
	}
	if (o->caps & BGP_CAP_AS4) {		/* RFC 6793 3 */
		wr_u8(w, CAP_AS4);
		wr_u8(w, 4);
		wr_u32(w, o->as);
	}
	if (o->caps & BGP_CAP_ERR)
		cap_empty_build(w, CAP_ERR);
}

void
bgp_open_build(struct wr *w, const struct bgp_open *o)
{
	size_t	 at, params, caps;

	at = bgp_msg_begin(w, BGP_OPEN);
	wr_u8(w, BGP_VERSION);
	wr_u16(w, o->as > 0xffff ? BGP_AS_TRANS : (uint16_t)o->as);
	wr_u16(w, o->hold);
	wr_u32(w, o->id);
	params = w->len;
	wr_u8(w, 0);
	if (o->caps != 0) {
		wr_u8(w, PARAM_CAPABILITIES);
		caps = w->len;
		wr_u8(w, 0);
		caps_build(w, o);
		wr_patch8(w, caps, w->len - caps - 1);
		wr_patch8(w, params, w->len - params - 1);
	}
	bgp_msg_end(w, at);
}

/* RFC 4760 8: one family. */
static void
cap_mp_parse(struct rd *r, struct bgp_open *o)
{
	uint16_t	 afi;
	uint8_t		 safi;

	afi = rd_u16(r);
	rd_u8(r);
	safi = rd_u8(r);
	if (rd_end(r) == -1)
		return;
	o->caps |= BGP_CAP_MP;
	if (afi == BGP_AFI_IP && safi == BGP_SAFI_UNICAST)
		o->caps |= BGP_CAP_IP4;
	if (afi == BGP_AFI_IP6 && safi == BGP_SAFI_UNICAST)
		o->caps |= BGP_CAP_IP6;
}

/* RFC 8950 4: triples of family and the family its next hop may have. */
static void
cap_extnh_parse(struct rd *r, struct bgp_open *o)
{
	uint16_t	 afi, safi, nexthop;

	while (r->left > 0) {
		afi = rd_u16(r);
		safi = rd_u16(r);
		nexthop = rd_u16(r);
		if (!r->bad && afi == BGP_AFI_IP &&
		    safi == BGP_SAFI_UNICAST && nexthop == BGP_AFI_IP6)
			o->caps |= BGP_CAP_EXTNH;
	}
}

/* RFC 9234 4.2: it may be repeated, but not be another one. */
static void
cap_role_parse(struct rd *r, struct bgp_open *o)
{
	uint8_t	 role;

	role = rd_u8(r);
	if (rd_end(r) == -1)
		return;
	role = role < BGP_NROLES - 1 ? role + 1 : BGP_NROLES;
	if ((o->caps & BGP_CAP_ROLE) && o->role != role)
		o->roles_differ = 1;
	o->role = role;
	o->caps |= BGP_CAP_ROLE;
}

/* Add len bytes to the peer's name, which is only ever shown. */
static void
name_add(struct bgp_open *o, const uint8_t *p, size_t len)
{
	size_t	 at = strlen(o->name);

	for (; len > 0 && at < sizeof(o->name) - 1; len--, p++)
		o->name[at++] = *p > ' ' && *p < 0x7f ? (char)*p : '?';
}

/* A host's name and a domain's, each behind its length. */
static void
cap_name_parse(struct rd *r, struct bgp_open *o)
{
	struct rd	 host, domain;

	host = rd_sub(r, rd_u8(r));
	domain = rd_sub(r, rd_u8(r));
	if (host.bad || host.left == 0)
		return;
	memset(o->name, 0, sizeof(o->name));
	name_add(o, host.p, host.left);
	if (!domain.bad && domain.left > 0) {
		name_add(o, (const uint8_t *)".", 1);
		name_add(o, domain.p, domain.left);
	}
	o->caps |= BGP_CAP_NAME;
}

/* RFC 6793 3; -1 for a number that can be no AS (RFC 7607). */
static int
cap_as4_parse(struct rd *r, struct bgp_open *o)
{
	uint32_t	 as;

	as = rd_u32(r);
	if (rd_end(r) == -1)
		return (0);
	o->as = as;
	o->caps |= BGP_CAP_AS4;
	return (as == 0 ? -1 : 0);
}

/*
 * One capability.  A known one of the wrong size is treated as one we do not
 * know: RFC 5492 has no error for it.  -1 for a bad peer AS.
 */
static int
cap_parse(uint8_t code, struct rd *r, struct bgp_open *o)
{
	switch (code) {
	case CAP_MP:
		cap_mp_parse(r, o);
		break;
	case CAP_REFRESH:
		o->caps |= BGP_CAP_REFRESH;
		break;
	case CAP_EXTNH:
		cap_extnh_parse(r, o);
		break;
	case CAP_EXTMSG:
		o->caps |= BGP_CAP_EXTMSG;
		break;
	case CAP_ROLE:
		cap_role_parse(r, o);
		break;
	case CAP_GR:
		o->caps |= BGP_CAP_GR;
		break;
	case CAP_AS4:
		return (cap_as4_parse(r, o));
	case CAP_ERR:
		o->caps |= BGP_CAP_ERR;
		break;
	case CAP_NAME:
		cap_name_parse(r, o);
		break;
	}
	return (0);
}

/* RFC 5492 4: the capabilities of one optional parameter. */
static int
caps_parse(struct rd *r, struct bgp_open *o, struct bgp_error *e)
{
	struct rd	 cap;
	uint8_t		 code;

	while (r->left > 0) {
		code = rd_u8(r);
		cap = rd_sub(r, rd_u8(r));
		if (r->bad) {
			bgp_error_set(e, BGP_E_OPEN, BGP_OPEN_UNSPECIFIC,
			    NULL, 0);
			return (-1);
		}
		if (cap_parse(code, &cap, o) == -1) {
			bgp_error_set(e, BGP_E_OPEN, BGP_OPEN_AS, NULL, 0);
			return (-1);
		}
	}
	return (0);
}

/* All optional parameters; lengths take two octets when wide (RFC 9072). */
static int
params_parse(struct rd *r, int wide, struct bgp_open *o, struct bgp_error *e)
{
	struct rd	 param;
	uint8_t		 type;

	while (r->left > 0) {
		type = rd_u8(r);
		param = rd_sub(r, wide ? rd_u16(r) : rd_u8(r));
		if (r->bad) {
			bgp_error_set(e, BGP_E_OPEN, BGP_OPEN_UNSPECIFIC,
			    NULL, 0);
			return (-1);
		}
		if (type != PARAM_CAPABILITIES) {
			bgp_error_set(e, BGP_E_OPEN, BGP_OPEN_PARAMETER,
			    NULL, 0);
			return (-1);
		}
		if (caps_parse(&param, o, e) == -1)
			return (-1);
	}
	return (0);
}

/* Carve out the optional parameters: RFC 4271 4.2, or RFC 9072 2. */
static struct rd
params_sub(struct rd *r, int *wide)
{
	struct rd	 peek, params;
	uint8_t		 len;

	len = rd_u8(r);
	peek = *r;
	*wide = len != 0 && rd_u8(&peek) == PARAM_EXTENDED && !peek.bad;
	if (*wide) {
		rd_u8(r);
		params = rd_sub(r, rd_u16(r));
	} else
		params = rd_sub(r, len);
	return (params);
}

int
bgp_open_parse(struct rd *r, struct bgp_open *o, struct bgp_error *e)
{
	static const uint8_t	 version[2] = { 0, BGP_VERSION };
	struct rd		 params;
	int			 wide;

	memset(o, 0, sizeof(*o));
	if (rd_u8(r) != BGP_VERSION && !r->bad) {
		bgp_error_set(e, BGP_E_OPEN, BGP_OPEN_VERSION, version,
		    sizeof(version));
		return (-1);
	}
	o->as = rd_u16(r);
	o->hold = rd_u16(r);
	o->id = rd_u32(r);
	params = params_sub(r, &wide);
	if (rd_end(r) == -1) {
		bgp_error_set(e, BGP_E_OPEN, BGP_OPEN_UNSPECIFIC, NULL, 0);
		return (-1);
	}
	return (params_parse(&params, wide, o, e));
}
