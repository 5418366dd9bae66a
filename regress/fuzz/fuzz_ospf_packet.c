/*
 * Fuzz target: packets from a neighbor.  The first byte chooses how far the
 * adjacency is and the interface's type; then come packets, each a byte of
 * type, two of length, and that many bytes of body, which get a header and
 * right checksums, so that what is behind them is reached.
 */
#include <stdlib.h>
#include <string.h>

#include "ospf_state.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define US	1
#define THEM	0x0a000001
#define PACKETS	16

static void *
on_attach(void *arg, struct ospf_if *ifp)
{
	return (arg);
}

static void
on_detach(void *arg, void *port)
{
}

/* What is sent must be a packet. */
static void
on_send(void *arg, void *port, const struct in6_addr *src,
    const struct in6_addr *dst, const void *buf, size_t len)
{
	struct ospf_header	 h;
	struct rd		 r;

	rd_init(&r, buf, len);
	if (ospf_header_parse(&r, &h) == -1 || h.len != len ||
	    !ospf_packet_cksum(buf, len, src, dst))
		abort();
}

static void
on_log(void *arg, int pri, const char *line)
{
}

static uint32_t
on_random(void *arg)
{
	return (4);
}

static void
on_bfd(void *arg, void *port, const struct in6_addr *src,
    const struct in6_addr *dst, int on)
{
}

static void
on_tell(void *arg, const char *subject, const char *state, const char *why)
{
}

static int64_t
on_wall(void *arg)
{
	return (1000);
}

static uint64_t
on_sequence(void *arg, uint32_t n)
{
	return (1);
}

static const struct ospf_ops	ops = {
	on_attach, on_detach, on_send, on_bfd, on_tell, on_log, on_random,
	on_wall, on_sequence
};

static struct in6_addr
address(uint8_t last)
{
	struct in6_addr	 a = { .s6_addr = { 0xfe, 0x80 } };

	a.s6_addr[15] = last;
	return (a);
}

static struct ospf_if *
interface(struct ospf *o, enum ospf_if_type type, mono_t now)
{
	struct in6_addr	 us = address(1);
	struct ospf_conf conf;
	struct ospf_if	*ifp;

	memset(&conf, 0, sizeof(conf));
	conf.global.router_id = US;
	conf.nareas = conf.nifs = 1;
	conf.interface[0].type = type;
	conf.interface[0].priority = 1;
	conf.interface[0].hello = 1;
	conf.interface[0].dead = 4;
	conf.interface[0].retransmit = 5;
	ospf_configure(o, &conf, now);
	ifp = TAILQ_FIRST(&o->ifs);
	ospf_if_link(ifp, 1, 1, 1500, now);
	ospf_if_address(ifp, &us, 64, 1, now);
	return (ifp);
}

/* Right checksums for the LSAs of an update, as far as it has any. */
static void
lsas_mend(uint8_t *body, size_t len)
{
	struct ospf_lsa_header	 h;
	const uint8_t		*lsa;
	uint16_t		 sum;
	struct rd		 r;
	size_t			 at;

	rd_init(&r, body, len);
	rd_u32(&r);
	while (r.left > 0 && (lsa = ospf_lsa_next(&r, &h)) != NULL) {
		at = lsa - body;
		sum = ospf_lsa_cksum(body + at, h.len);
		body[at + 16] = sum >> 8;
		body[at + 17] = sum;
	}
}

static void
packet(struct ospf_if *ifp, uint8_t type, const uint8_t *body, size_t len,
    mono_t now)
{
	struct ospf_header	 h = { type, 0, THEM, 0, 0, 0 };
	struct in6_addr		 us = address(1), them = address(2);
	uint8_t			*b;
	struct wr		 w;

	if ((b = malloc(OSPF_HEADER_LEN + len)) == NULL)
		abort();
	wr_init(&w, b, OSPF_HEADER_LEN + len);
	ospf_header_build(&w, &h);
	wr_bytes(&w, body, len);
	if (type == OSPF_LSU)
		lsas_mend(b + OSPF_HEADER_LEN, len);
	if (ospf_packet_end(&w, &them, &us, 1) == 0)
		ospf_input(ifp, &them, &us, b, w.len, now);
	free(b);
}

/* The neighbor as it would be in some state of the adjacency. */
static void
prepare(struct ospf_if *ifp, uint8_t state, mono_t now)
{
	struct in6_addr	 them = address(2);
	struct ospf_nbr	*nbr;

	ospf_enter(ifp->o, now);
	if (ifp->state == OSPF_IF_WAITING)
		ospf_if_event(ifp, OSPF_IF_EV_WAIT);
	nbr = ospf_nbr_new(ifp, THEM, &them);
	ospf_nbr_event(nbr, OSPF_NBR_EV_HELLO);
	if (state > 0)
		ospf_nbr_event(nbr, OSPF_NBR_EV_2WAY);
	if (state > 1)
		ospf_nbr_event(nbr, OSPF_NBR_EV_NEGOTIATED);
	if (state > 2)
		ospf_nbr_event(nbr, OSPF_NBR_EV_EXCHANGED);
	ospf_leave(ifp->o);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	mono_t		 now = { MONO_S(1000) };
	struct ospf_if	*ifp;
	struct ospf	*o;
	struct rd	 r;
	uint8_t		 how, type;
	size_t		 len;
	int		 i;

	if ((o = ospf_new(&ops, NULL)) == NULL)
		abort();
	rd_init(&r, data, size);
	how = rd_u8(&r);
	ifp = interface(o, how & 4 ? OSPF_BROADCAST : OSPF_POINT_TO_POINT,
	    now);
	prepare(ifp, how & 3, now);
	for (i = 0; i < PACKETS && r.left > 3; i++) {
		type = rd_u8(&r);
		len = rd_u16(&r);
		if (len > r.left)
			len = r.left;
		packet(ifp, type, rd_skip(&r, len), len, now);
		now = mono_add(now, MONO_MS(how & 8 ? 1100 : 100));
		ospf_tick(o, now);
	}
	ospf_stop(o, now);
	ospf_free(o);
	return (0);
}
