/*
 * One BGP neighbor and a script: see bgp_script.h.
 */
#include <atf-c.h>

#include "bgp_script.h"

const struct bgp_open	script_open = {
	.as = 65101, .id = 0x0a000002, .hold = 90,
	.caps = BGP_CAP_IP4 | BGP_CAP_IP6 | BGP_CAP_AS4
};

void
script_net(struct script *s)
{
	net_init(&s->n);
}

void
script_make(struct script *s)
{
	net_make(&s->n);
	s->p = s->n.end[0].p;
	bgp_peer_start(s->p, s->n.now);
	ATF_REQUIRE_EQ(bgp_peer_opened(s->p, BGP_IN, &s->n.end[0].conf.local,
	    &s->n.end[0].conf.remote, s->n.now), 0);
	wr_init(&s->w, s->b, sizeof(s->b));
}

void
script_init(struct script *s)
{
	script_net(s);
	script_make(s);
}

void
script_say(struct script *s)
{
	ATF_REQUIRE(wr_end(&s->w) > 0);
	bgp_peer_input(s->p, BGP_IN, s->b, s->w.len, s->n.now);
	wr_init(&s->w, s->b, sizeof(s->b));
}

void
script_up(struct script *s, const struct bgp_open *o)
{
	script_init(s);
	bgp_open_build(&s->w, o);
	bgp_keepalive_build(&s->w);
	script_say(s);
	ATF_REQUIRE_EQ(bgp_peer_state(s->p), BGP_ESTABLISHED);
}

int
script_hear(struct script *s, struct bgp_error *last)
{
	struct bgp_error	 e;
	struct rd		 r;
	const uint8_t		*p;
	ssize_t			 len;
	size_t			 left, at;
	uint8_t			 type;
	int			 code = 0;

	for (;;) {
		p = bgp_peer_output(s->p, BGP_IN, &left);
		if (left == 0)
			return (code);
		for (at = 0; (len = bgp_frame(p + at, left - at,
		    BGP_MSG_MAX, &type, &e)) > 0; at += len)
			if (type == BGP_NOTIFICATION) {
				rd_init(&r, p + at + 19, len - 19);
				bgp_notification_parse(&r, last);
				code = last->code << 8 | last->subcode;
			}
		ATF_CHECK_EQ(at, left);
		bgp_peer_wrote(s->p, BGP_IN, left, s->n.now);
	}
}

/* The letter of a message. */
static char
letter(uint8_t type, const uint8_t *body)
{
	if (type == BGP_UPDATE)
		return (body[0] != 0 || body[1] != 0 ||
		    body[5] == BGP_A_MP_UNREACH ? 'W' : 'A');
	if (type == BGP_REFRESH)
		return ("RBE"[body[2]]);
	return ("?OUNK"[type]);
}

void
script_tape(struct script *s, char *buf, size_t size)
{
	struct bgp_error	 e;
	const uint8_t		*p;
	ssize_t			 len;
	size_t			 left, at, i = 0;
	uint8_t			 type;

	for (;;) {
		p = bgp_peer_output(s->p, BGP_IN, &left);
		for (at = 0; left > 0 && i + 1 < size && (len = bgp_frame(
		    p + at, left - at, BGP_MSG_MAX, &type, &e)) > 0; at += len)
			buf[i++] = letter(type, p + at + BGP_HEADER_LEN);
		buf[i] = '\0';
		if (left == 0)
			return;
		bgp_peer_wrote(s->p, BGP_IN, left, s->n.now);
	}
}
