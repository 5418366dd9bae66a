/*
 * BFD control packets: see bfd_wire.h.  Engine of the bfd process; pure.
 * RFC 5880 4.1 (format), 6.8.6 (the rules that need no session).
 */
#include <string.h>

#include "bfd_wire.h"
#include "rd.h"

#define AUTH_LEN_MIN	2	/* type and length */

/* What comes in the first word says whether the rest can be read. */
static enum bfd_rule
head_parse(struct bfd_packet *p, struct rd *r, size_t payload)
{
	uint8_t	 b;

	b = rd_u8(r);
	p->diag = b & 0x1f;
	if (b >> 5 != BFD_VERSION)
		return (BFD_R_VERSION);
	b = rd_u8(r);
	p->state = (b >> 6) + BFD_ADMINDOWN;
	p->flags = b & 0x3f;
	p->mult = rd_u8(r);
	p->len = rd_u8(r);
	if (p->len < BFD_HEADER_LEN +
	    (p->flags & BFD_AUTH ? AUTH_LEN_MIN : 0))
		return (BFD_R_SHORT);
	return (p->len > payload ? BFD_R_LONG : BFD_R_OK);
}

enum bfd_rule
bfd_parse(struct bfd_packet *p, const void *buf, size_t len)
{
	enum bfd_rule	 rule;
	struct rd	 r;

	memset(p, 0, sizeof(*p));
	rd_init(&r, buf, len);
	if ((rule = head_parse(p, &r, len)) != BFD_R_OK)
		return (rule);
	p->my = rd_u32(&r);
	p->your = rd_u32(&r);
	p->min_tx = rd_u32(&r);
	p->min_rx = rd_u32(&r);
	p->min_echo = rd_u32(&r);
	if (p->mult == 0)
		return (BFD_R_MULT);
	if (p->flags & BFD_MULTIPOINT)
		return (BFD_R_MULTIPOINT);
	if (p->my == 0)
		return (BFD_R_MY);
	if (p->your == 0 && p->state != BFD_DOWN && p->state != BFD_ADMINDOWN)
		return (BFD_R_STATE);
	return (BFD_R_OK);
}

void
bfd_build(struct wr *w, const struct bfd_packet *p)
{
	wr_u8(w, BFD_VERSION << 5 | (p->diag & 0x1f));
	wr_u8(w, (p->state - BFD_ADMINDOWN) << 6 | p->flags);
	wr_u8(w, p->mult);
	wr_u8(w, p->len);
	wr_u32(w, p->my);
	wr_u32(w, p->your);
	wr_u32(w, p->min_tx);
	wr_u32(w, p->min_rx);
	wr_u32(w, p->min_echo);
}

const char *
bfd_state_name(uint8_t state)
{
	static const char *const	 names[BFD_NSTATES] = {
		"?", "AdminDown", "Down", "Init", "Up"
	};

	return (state < BFD_NSTATES ? names[state] : "?");
}

const char *
bfd_diag_name(uint8_t diag)
{
	static const char *const	 names[BFD_NDIAGS] = {
		[BFD_DIAG_NONE] =	"no diagnostic",
		[BFD_DIAG_EXPIRED] =	"detection time expired",
		[BFD_DIAG_ECHO] =	"echo function failed",
		[BFD_DIAG_NEIGHBOR] =	"neighbor signaled session down",
		[BFD_DIAG_RESET] =	"forwarding plane reset",
		[BFD_DIAG_PATH] =	"path down",
		[BFD_DIAG_CONCATENATED] = "concatenated path down",
		[BFD_DIAG_ADMIN] =	"administratively down",
		[BFD_DIAG_REVERSE] =	"reverse concatenated path down"
	};

	return (diag < BFD_NDIAGS ? names[diag] : "?");
}

const char *
bfd_rule_name(uint8_t rule)
{
	static const char *const	 names[BFD_NRULES] = {
		[BFD_R_OK] =		"accepted",
		[BFD_R_VERSION] =	"another version",
		[BFD_R_SHORT] =		"length too small",
		[BFD_R_LONG] =		"length beyond the packet",
		[BFD_R_MULT] =		"multiplier zero",
		[BFD_R_MULTIPOINT] =	"multipoint",
		[BFD_R_MY] =		"no discriminator",
		[BFD_R_YOUR] =		"discriminator of no session",
		[BFD_R_STATE] =		"no discriminator of ours",
		[BFD_R_STRANGER] =	"no such neighbor",
		[BFD_R_AUTH_UNUSED] =	"authenticated, but not here",
		[BFD_R_AUTH_MISSING] =	"not authenticated",
		[BFD_R_AUTH] =		"authentication failed",
		[BFD_R_ADMINDOWN] =	"session ends here",
		[BFD_R_HOPS] =		"from too far away"
	};

	return (rule < BFD_NRULES ? names[rule] : "?");
}
