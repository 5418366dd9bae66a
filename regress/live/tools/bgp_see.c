/*
 * A bystander's view of BGP (RFC 4271, RFC 4760) for the watch tool: see
 * bgp_see.h.  Keeps no state between packets and never reassembles TCP.
 */
#include <sys/types.h>

#include <stdio.h>
#include <string.h>

#include "bgp_see.h"
#include "prefix.h"
#include "rd.h"

#define BGP_PORT	179
#define LINE_MAX_LEN	400

struct line {
	char	 text[LINE_MAX_LEN];
	void	(*fn)(void *, const char *);
	void	*arg;
};

static void
line_add(struct line *l, const char *s)
{
	strlcat(l->text, s, sizeof(l->text));
}

static void
line_end(struct line *l)
{
	l->fn(l->arg, l->text);
	l->text[0] = '\0';
}

/* Prefixes to the end of the field, each with a sign in front. */
static void
nlri_see(struct line *l, struct rd r, uint8_t af, const char *sign)
{
	struct prefix	 p;
	char		 buf[PREFIX_STRLEN];

	while (!r.bad && r.left > 0) {
		memset(&p, 0, sizeof(p));
		p.af = af;
		p.len = rd_u8(&r);
		if (p.len > ipaddr_size(af) * 8)
			return;
		rd_bytes(&r, p.b, (p.len + 7U) / 8);
		if (r.bad)
			return;
		line_add(l, sign);
		line_add(l, prefix_print(&p, buf, sizeof(buf)));
	}
}

/* MP_REACH_NLRI and MP_UNREACH_NLRI, RFC 4760 3 and 4. */
static void
mp_see(struct line *l, struct rd r, int reach)
{
	uint8_t	 af;

	af = rd_u16(&r) == 1 ? 4 : 6;
	rd_u8(&r);
	if (reach) {
		rd_skip(&r, rd_u8(&r));
		rd_u8(&r);
	} else if (!r.bad && r.left == 0)
		line_add(l, af == 4 ? " end-of-rib(4)" : " end-of-rib(6)");
	nlri_see(l, r, af, reach ? " +" : " -");
}

static void
update_see(struct line *l, struct rd r)
{
	struct rd	 attrs, a;
	uint8_t		 flags, type;
	int		 empty;

	line_add(l, "UPDATE");
	empty = r.left == 4;
	nlri_see(l, rd_sub(&r, rd_u16(&r)), 4, " -");
	attrs = rd_sub(&r, rd_u16(&r));
	while (!attrs.bad && attrs.left > 0) {
		flags = rd_u8(&attrs);
		type = rd_u8(&attrs);
		a = rd_sub(&attrs, flags & 0x10 ? rd_u16(&attrs) :
		    rd_u8(&attrs));
		if (type == 14 || type == 15)
			mp_see(l, a, type == 14);
	}
	if (!r.bad)
		nlri_see(l, r, 4, " +");
	if (empty)
		line_add(l, " end-of-rib(4)");
	line_end(l);
}

static void
message_see(struct line *l, struct rd r, uint8_t type)
{
	static const char *const	 names[] = { "type 0", "OPEN",
		"UPDATE", "NOTIFICATION", "KEEPALIVE", "ROUTE-REFRESH" };
	uint8_t				 code, sub;

	if (type == 2) {
		update_see(l, r);
		return;
	}
	if (type >= sizeof(names) / sizeof(names[0]))
		type = 0;
	line_add(l, names[type]);
	if (type == 3) {
		code = rd_u8(&r);
		sub = rd_u8(&r);
		snprintf(l->text, sizeof(l->text), "%s %u/%u", names[type],
		    code, sub);
	}
	line_end(l);
}

static void
stream_see(struct line *l, struct rd r)
{
	static const uint8_t	 marker[16] = { 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff };
	const uint8_t		*m;
	uint16_t		 len;
	uint8_t			 type;

	while ((m = rd_skip(&r, sizeof(marker))) != NULL) {
		len = rd_u16(&r);
		type = rd_u8(&r);
		if (memcmp(m, marker, sizeof(marker)) != 0 || r.bad ||
		    len < 19)
			return;
		message_see(l, rd_sub(&r, len - 19U), type);
	}
}

static void
tcp_see(struct line *l, struct rd r)
{
	uint16_t	 sport, dport, flags;

	sport = rd_u16(&r);
	dport = rd_u16(&r);
	rd_skip(&r, 8);
	flags = rd_u16(&r);
	if (r.bad || (sport != BGP_PORT && dport != BGP_PORT) ||
	    flags >> 12 < 5)
		return;
	rd_skip(&r, (flags >> 12) * 4U - 14);
	if (!r.bad)
		stream_see(l, r);
	if (flags & 0x1) {
		line_add(l, "FIN");
		line_end(l);
	}
	if (flags & 0x4) {
		line_add(l, "RST");
		line_end(l);
	}
}

void
bgp_see(const uint8_t *pkt, size_t len, void (*fn)(void *, const char *),
    void *arg)
{
	struct line	 l;
	struct rd	 r, whole;
	uint16_t	 total;
	uint8_t		 first, proto;

	l.text[0] = '\0';
	l.fn = fn;
	l.arg = arg;
	rd_init(&r, pkt, len);
	whole = r;
	first = rd_u8(&r);
	if (first >> 4 == 6) {
		rd_skip(&r, 3);
		total = rd_u16(&r);
		proto = rd_u8(&r);
		rd_skip(&whole, 40);
		whole = rd_sub(&whole, total);
	} else {
		rd_skip(&r, 1);
		total = rd_u16(&r);
		rd_skip(&r, 5);
		proto = rd_u8(&r);
		whole = rd_sub(&whole, total);
		rd_skip(&whole, (first & 0xf) * 4U);
	}
	if (!r.bad && !whole.bad && proto == 6)
		tcp_see(&l, whole);
}
