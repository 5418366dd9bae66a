/*
 * Packets of OSPFv3 as a whole: what RFC 5340 4.1 and 4.2 check before a
 * packet is believed, who gets it, and how one is sent.  Engine of the ospf
 * process.  A packet that is not for us is dropped in silence; one that is,
 * but cannot be taken, is a thing an operator wants to know: see
 * ospf_reject().
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "ospf_state.h"

#define IP6_HEADER_LEN	40

/* --- refusals ---------------------------------------------------------- */

/* The row of somebody, or the one that was not needed for longest. */
static struct ospf_reject *
reject_row(struct ospf_if *ifp, const struct in6_addr *src)
{
	struct ospf_reject	*r, *best = &ifp->rejects[0];

	for (r = ifp->rejects; r < &ifp->rejects[LIMIT_OSPF_REJECTS]; r++) {
		if (r->count > 0 && IN6_ARE_ADDR_EQUAL(&r->addr, src))
			return (r);
		if (best->count > 0 &&
		    (r->count == 0 || !mono_reached(r->last, best->last)))
			best = r;
	}
	memset(best, 0, sizeof(*best));
	best->addr = *src;
	best->warned = ospf_never;
	return (best);
}

int
ospf_if_may_warn(struct ospf_if *ifp, mono_t *last)
{
	if (!ospf_may_warn(ifp->o, last))
		return (0);
	if (ospf_may_warn(ifp->o, &ifp->warned))
		ifp->nwarnings = 0;
	return (ifp->nwarnings++ < LIMIT_OSPF_WARNINGS);
}

void
ospf_reject(struct ospf_if *ifp, const struct in6_addr *src, uint32_t router,
    const char *fmt, ...)
{
	struct ospf_reject	*r = reject_row(ifp, src);
	char			 why[OSPF_WHY], id[OSPF_ID_STRLEN];
	char			 addr[INET6_ADDRSTRLEN];
	va_list			 ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	if (strcmp(why, r->why) != 0)
		r->warned = ospf_never;
	strlcpy(r->why, why, sizeof(r->why));
	r->router = router;
	r->count++;
	r->last = ifp->o->now;
	ifp->bad++;
	if (ospf_if_may_warn(ifp, &r->warned))
		ospf_log(ifp->o, LOG_WARNING, "%s on %s (router %s) refused: "
		    "%s", ospf_addr_print(src, addr, sizeof(addr)),
		    ifp->conf.name, ospf_id_print(router, id, sizeof(id)),
		    why);
}

void
ospf_accept(struct ospf_if *ifp, const struct in6_addr *src)
{
	struct ospf_reject	*r;

	for (r = ifp->rejects; r < &ifp->rejects[LIMIT_OSPF_REJECTS]; r++)
		if (r->count > 0 && IN6_ARE_ADDR_EQUAL(&r->addr, src))
			memset(r, 0, sizeof(*r));
}

/* --- out --------------------------------------------------------------- */

size_t
ospf_packet_room(const struct ospf_if *ifp)
{
	size_t	 room = ifp->mtu - IP6_HEADER_LEN;

	if (ifp->o->will != NULL && room > LIMIT_OSPF_WILL_BYTES)
		room = LIMIT_OSPF_WILL_BYTES;
	return (ospf_guard_is(ifp) ? room - OSPF_AUTH_MAX : room);
}

void
ospf_packet_begin(struct ospf_if *ifp, struct wr *w, enum ospf_type type)
{
	struct ospf_header	 h;

	memset(&h, 0, sizeof(h));
	h.type = type;
	h.router = ifp->o->conf.router_id;
	h.area = ifp->area->conf.id;
	h.instance = ifp->conf.instance;
	wr_init(w, ifp->o->packet, sizeof(ifp->o->packet));
	ospf_header_build(w, &h);
}

void
ospf_packet_send(struct ospf_if *ifp, struct wr *w, enum ospf_type type,
    const struct in6_addr *dst)
{
	int	 guarded = ospf_guard_is(ifp);

	if (ospf_packet_end(w, &ifp->addr, dst, !guarded) == -1 ||
	    (guarded && ospf_guard_sign(ifp, w) == -1))
		return;
	if (ifp->o->will != NULL) {
		ifp->o->will(ifp->o->will_arg, ifp->port, &ifp->addr, dst,
		    w->buf, w->len);
		return;
	}
	ifp->out[type]++;
	ifp->o->ops->send(ifp->o->arg, ifp->port, &ifp->addr, dst, w->buf,
	    w->len);
}

/* --- in ---------------------------------------------------------------- */

/* Addressed to us as we are now? */
static int
is_for_us(const struct ospf_if *ifp, const struct in6_addr *dst)
{
	if (IN6_ARE_ADDR_EQUAL(dst, &ospf_all_drouters))
		return (ifp->state == OSPF_IF_DR ||
		    ifp->state == OSPF_IF_BACKUP);
	return (IN6_ARE_ADDR_EQUAL(dst, &ospf_all_routers) ||
	    IN6_ARE_ADDR_EQUAL(dst, &ifp->addr));
}

/* Who it says it is; -1 when we do not listen to that. */
static int
header_check(struct ospf_if *ifp, const struct ospf_header *h,
    const struct in6_addr *src)
{
	char	 theirs[OSPF_ID_STRLEN], ours[OSPF_ID_STRLEN];

	if (h->area != ifp->area->conf.id) {
		ospf_reject(ifp, src, h->router, "area %s, ours is %s",
		    ospf_id_print(h->area, theirs, sizeof(theirs)),
		    ospf_id_print(ifp->area->conf.id, ours, sizeof(ours)));
		return (-1);
	}
	if (h->router == ifp->o->conf.router_id) {
		ospf_reject(ifp, src, h->router,
		    "it has our router id: one of us needs another");
		return (-1);
	}
	if (h->router == 0) {
		ospf_reject(ifp, src, h->router, "router id 0");
		return (-1);
	}
	return (0);
}

/* All but Hellos come from neighbors that we know, from their address. */
static void
deliver(struct ospf_if *ifp, const struct ospf_header *h,
    const struct in6_addr *src, struct rd *r)
{
	struct ospf_nbr	*nbr;

	if (h->type == OSPF_HELLO) {
		ospf_hello_recv(ifp, h, src, r);
		return;
	}
	nbr = ospf_nbr_find(ifp, h->router);
	if (nbr == NULL || !IN6_ARE_ADDR_EQUAL(&nbr->addr, src)) {
		ifp->bad++;
		return;
	}
	switch (h->type) {
	case OSPF_DD:
		ospf_dd_recv(nbr, r);
		break;
	case OSPF_LSR:
		ospf_lsr_recv(nbr, r);
		break;
	case OSPF_LSU:
		ospf_lsu_recv(nbr, r);
		break;
	case OSPF_ACK:
		ospf_ack_recv(nbr, r);
		break;
	}
}

/* Who authenticates has no checksum, and something behind the packet. */
static int
cksum_check(struct ospf_if *ifp, const struct ospf_header *h,
    const struct in6_addr *src, const struct in6_addr *dst,
    const uint8_t *buf, size_t len)
{
	if (ospf_packet_cksum(buf, h->len, src, dst))
		return (0);
	ospf_reject(ifp, src, h->router, h->cksum == 0 && len > h->len ?
	    "authenticated, but there is no auth key here" :
	    "wrong checksum");
	return (-1);
}

/* RFC 5340 4.2.2: what can be said of a packet without knowing its type. */
static void
input(struct ospf_if *ifp, const struct in6_addr *src,
    const struct in6_addr *dst, const uint8_t *buf, size_t len)
{
	struct ospf_auth_mark	 mark;
	struct ospf_header	 h;
	struct rd		 r;
	int			 guarded = ospf_guard_is(ifp);

	rd_init(&r, buf, len);
	if (ospf_header_parse(&r, &h) == -1) {
		ifp->bad++;
		return;
	}
	/* Another instance on the same link is none of our business. */
	if (h.instance != ifp->conf.instance)
		return;
	if (guarded ? ospf_guard_check(ifp, &h, src, buf, len, &mark) == -1 :
	    cksum_check(ifp, &h, src, dst, buf, len) == -1)
		return;
	if (header_check(ifp, &h, src) == -1)
		return;
	ifp->in[h.type]++;
	rd_init(&r, buf + OSPF_HEADER_LEN, h.len - OSPF_HEADER_LEN);
	deliver(ifp, &h, src, &r);
	if (guarded)
		ospf_guard_note(ifp, &h, src, &mark);
}

void
ospf_input(struct ospf_if *ifp, const struct in6_addr *src,
    const struct in6_addr *dst, const void *buf, size_t len, mono_t now)
{
	if (ifp->state == OSPF_IF_DOWN || ifp->state == OSPF_IF_LOOPBACK ||
	    !IN6_IS_ADDR_LINKLOCAL(src) ||
	    IN6_ARE_ADDR_EQUAL(src, &ifp->addr) || !is_for_us(ifp, dst))
		return;
	ospf_enter(ifp->o, now);
	input(ifp, src, dst, buf, len);
	ospf_leave(ifp->o);
}
