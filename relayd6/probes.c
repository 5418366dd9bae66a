/*
 * The probes of one kind of relay: see probes.h.  Health process.  Puts echoes
 * into packets as a 6to4 host or a Teredo client does, sends them through the
 * kernel to where users send theirs, and hands answers to probe.c.
 */
#include <sys/types.h>
#include <sys/socket.h>

#include <event.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "os.h"
#include "probe_teredo.h"
#include "probes.h"

#define ROOM	256		/* bytes: no answer is as long */
#define BATCH	16		/* packets looked at in one go */
#define TTL	64

/* --- sending -------------------------------------------------------------- */

static int
udp_send(int fd, struct in_addr addr, uint16_t port, const void *data,
    size_t len)
{
	struct os_packet	 op = { .len = len, .addr = addr,
				    .port = port, .ttl = TTL };

	memcpy(&op.data, &data, sizeof(data));	/* it is only read */
	return (os_send_batch(fd, &op, 1) == 1 ? 0 : -1);
}

/* To the relay, as its users do. */
static int
relay_send(struct probes *p, const struct probe_send *s)
{
	const struct conf_teredo	*t = &p->conf->teredo;
	int				 fd = p->input[PROBE_FD_RELAY].fd;

	if (p->kind == RELAY_TEREDO)
		return (udp_send(fd, t->listen, t->port, s->data, s->len));
	return (udp_send(fd, p->conf->sixtofour.listen[s->entry], 0, s->data,
	    s->len));
}

/* The parent makes the connection and hands it over. */
static int
tcp_send(struct probes *p, const struct probe_send *s,
    const struct ipaddr *dst)
{
	struct probe_dial	 d = { .kind = p->kind, .goal = s->goal,
				    .port = s->port };

	d.ticket = p->attempt[s->goal].ticket = ++p->tickets;
	d.addr = *dst;
	proc_send(p->pr, PROC_PARENT, M_DIAL, &d, -1);
	return (0);
}

static int
engine_send(void *arg, const struct probe_send *s)
{
	struct probes	*p = arg;
	struct ipaddr	 dst;
	struct in6_addr	 in6;

	addr6_store(&s->dst, &in6);
	ipaddr_from_in6(&dst, &in6);
	switch (s->way) {
	case PROBE_RELAY:
		return (relay_send(p, s));
	case PROBE_NATIVE:
		return (os_icmp6_send(p->input[PROBE_FD_NATIVE].fd, &dst,
		    s->data, s->len));
	case PROBE_TCP:
		return (tcp_send(p, s, &dst));
	case PROBE_NWAYS:
		break;
	}
	return (-1);
}

/* --- receiving ------------------------------------------------------------ */

static void
in_6to4(struct probes *p, const struct os_packet *op, mono_t now)
{
	const struct conf_6to4	*c = &p->conf->sixtofour;
	struct ip4		 outer;
	struct rd		 r;
	enum drop		 unused;

	rd_init(&r, op->data, op->len);
	if (ip4_parse(&r, &outer, &unused) == -1)
		return;
	(void)probe_relay_in(&p->engine, r.p, r.left,
	    outer.src == ntohl(c->source.s_addr), now);
}

/* What a bubble makes us send is no more than it is, and not often. */
static void
bubble_answer(struct probes *p, const struct os_packet *op,
    const struct teredo_packet *tp)
{
	uint8_t	 buf[TEREDO_BUBBLE_MAX];
	size_t	 len;

	if (p->bubbles >= LIMIT_PROBE_BUBBLES)
		return;
	p->bubbles++;
	len = probe_teredo_answer(&p->engine.id, tp, buf);
	(void)udp_send(p->input[PROBE_FD_RELAY].fd, op->addr, op->port, buf,
	    len);
}

static void
in_teredo(struct probes *p, const struct os_packet *op, mono_t now)
{
	const struct conf_teredo	*c = &p->conf->teredo;
	struct teredo_packet		 tp;

	switch (probe_teredo_read(&p->engine.id, op->data, op->len, &tp)) {
	case PROBE_TEREDO_BUBBLE:
		bubble_answer(p, op, &tp);
		break;
	case PROBE_TEREDO_PACKET:
		(void)probe_relay_in(&p->engine, tp.ip6, tp.h.len,
		    op->addr.s_addr == c->listen.s_addr &&
		    op->port == c->port, now);
		break;
	case PROBE_TEREDO_NONE:
		break;
	}
}

static void
on_relay(int fd, short event, void *arg)
{
	struct os_packet	 op[BATCH];
	struct probes		*p = arg;
	uint8_t			 room[BATCH][ROOM];
	mono_t			 now = mono_now();
	int			 i, n;

	for (i = 0; i < BATCH; i++)
		op[i].data = room[i];
	n = os_recv_batch(fd, op, BATCH, ROOM);
	for (i = 0; i < n; i++)
		if (p->kind == RELAY_6TO4)
			in_6to4(p, &op[i], now);
		else
			in_teredo(p, &op[i], now);
	p->news(p->arg);
}

static void
on_native(int fd, short event, void *arg)
{
	struct probes	*p = arg;
	struct ipaddr	 src, dst;
	struct addr6	 from, to;
	uint8_t		 room[ROOM];
	ssize_t		 len;
	int		 i;

	for (i = 0; i < BATCH; i++) {
		if ((len = os_icmp6_recv(fd, room, ROOM, &src, &dst)) == -1)
			break;
		addr6_load(&from, src.b);
		addr6_load(&to, dst.b);
		(void)probe_native_in(&p->engine, &from, &to, room, len,
		    mono_now());
	}
	p->news(p->arg);
}

/* --- descriptors ---------------------------------------------------------- */

static void
input_close(struct probe_input *in)
{
	if (in->fd == -1)
		return;
	event_del(&in->ready);
	close(in->fd);
	in->fd = -1;
}

static void
input_open(struct probe_input *in, int fd, short event,
    void (*fn)(int, short, void *), void *arg)
{
	input_close(in);
	in->fd = fd;
	event_set(&in->ready, fd, event, fn, arg);
	event_add(&in->ready, NULL);
}

void
probes_fd(struct probes *p, enum probe_fd what, int fd)
{
	input_open(&p->input[what], fd, EV_READ | EV_PERSIST,
	    what == PROBE_FD_NATIVE ? on_native : on_relay, p);
}

static void
attempts_end(struct probes *p)
{
	int	 i;

	for (i = 0; i < PROBE_GOALS; i++) {
		p->attempt[i].ticket = 0;
		input_close(&p->attempt[i].tcp);
	}
}

/* --- connections ---------------------------------------------------------- */

static void
on_tcp(int fd, short event, void *arg)
{
	struct probe_attempt	*a = arg;
	struct probes		*p = a->owner;
	socklen_t		 len = sizeof(int);
	int			 err = 0;

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) == -1)
		err = 1;
	input_close(&a->tcp);
	probe_tcp_in(&p->engine, a - p->attempt,
	    err == 0 ? NULL : "connection refused or reset", mono_now());
	p->news(p->arg);
}

void
probes_dialed(struct probes *p, const struct probe_dial *d, int fd)
{
	struct probe_attempt	*a;

	a = d->goal < PROBE_GOALS ? &p->attempt[d->goal] : NULL;
	if (a == NULL || a->ticket != d->ticket || d->ticket == 0) {
		if (fd != -1)
			close(fd);	/* of a round that is over */
		return;
	}
	if (fd == -1) {
		probe_tcp_in(&p->engine, d->goal, "could not be sent",
		    mono_now());
		return;
	}
	input_open(&a->tcp, fd, EV_WRITE, on_tcp, a);
}

/* --- time ----------------------------------------------------------------- */

static void
tick_arm(struct probes *p)
{
	if (p->engine.conf.ntargets == 0)
		timer_stop(&p->tick);
	else
		timer_arm(&p->tick, mono_sub(probe_deadline(&p->engine),
		    mono_now()));
}

static void
on_tick(int fd, short event, void *arg)
{
	struct probes	*p = arg;
	mono_t		 now = mono_now();

	if (mono_reached(now, probe_deadline(&p->engine))) {
		attempts_end(p);
		p->bubbles = 0;
		probe_tick(&p->engine, now);
		p->news(p->arg);
	}
	tick_arm(p);
}

void
probes_init(struct probes *p, enum relay_kind kind, struct proc *pr,
    const struct relayd6_conf *conf, void (*news)(void *), void *arg)
{
	uint8_t	 key[SIPHASH_KEYLEN];
	int	 i;

	memset(p, 0, sizeof(*p));
	p->kind = kind;
	p->pr = pr;
	p->conf = conf;
	p->news = news;
	p->arg = arg;
	for (i = 0; i < PROBE_NFDS; i++)
		p->input[i].fd = -1;
	for (i = 0; i < PROBE_GOALS; i++) {
		p->attempt[i].owner = p;
		p->attempt[i].tcp.fd = -1;
	}
	arc4random_buf(key, sizeof(key));
	probe_init(&p->engine, key, engine_send, p);
	timer_init(&p->tick, on_tick, p);
}

void
probes_conf(struct probes *p)
{
	const struct conf_6to4	*six = &p->conf->sixtofour;
	struct addr6		 id;
	uint32_t		 entries = 1;
	int			 i;

	addr6_load(&id, &p->conf->teredo.probe);
	if (p->kind == RELAY_6TO4) {
		addr6_load(&id, &six->probe);
		entries = six->nlisten;
	}
	attempts_end(p);
	probe_reconf(&p->engine, &p->conf->health.probe[p->kind], &id, entries,
	    mono_now());
	for (i = 0; p->engine.conf.ntargets == 0 && i < PROBE_NFDS; i++)
		input_close(&p->input[i]);
	tick_arm(p);
}
