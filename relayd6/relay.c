/*
 * relayd6's data path: the relay process.  Owns the tuns, the protocol-41, UDP
 * and ICMPv4 sockets, moves packets in bounded batches so that neither side
 * can starve the other, and lets the engines decide (relay_6to4.c,
 * relay_teredo.c).  It opens nothing, logs no packet, and knows no rule of any
 * RFC.
 */
#include <sys/types.h>
#include <netinet/in.h>

#include <errno.h>
#include <event.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "relay.h"

static uint8_t *
slot(struct relay *rl, int i)
{
	return (rl->room + (size_t)i * LIMIT_PACKET);
}

/* --- outwards: from a tun to IPv4 -------------------------------------- */

enum drop
relay_errno_drop(void)
{
	return (errno == EAGAIN || errno == ENOBUFS ? DROP_NOBUFS :
	    DROP_SEND);
}

void
relay_tun_put(struct relay *rl, enum relay_kind kind, uint64_t *drops,
    const void *data, size_t len)
{
	if (os_tun_write(rl->tun[kind].fd, data, len) != (ssize_t)len)
		drops[relay_errno_drop()]++;
}

/* Send what was collected; a packet that the kernel refuses is passed over. */
void
relay_batch_send(struct relay *rl, enum relay_kind kind, int fd, int n)
{
	struct relay_counters	*c = &rl->count[kind];
	int			 done = 0, sent;

	while (done < n) {
		sent = os_send_batch(fd, rl->batch + done, n - done);
		for (; sent > 0; sent--, done++) {
			c->out_packets++;
			c->out_bytes += rl->batch[done].len;
		}
		if (done == n)
			break;
		c->drops_out[relay_errno_drop()]++;
		done++;
	}
}

int
relay_out(struct relay *rl, enum relay_kind kind, enum verdict v,
    struct pkt *p, struct os_packet *op)
{
	struct relay_counters	*c = &rl->count[kind];

	switch (v) {
	case V_FORWARD:
		op->data = p->data;
		op->len = p->len;
		op->addr = p->dst4;
		op->port = p->dport;
		op->tos = p->tos;
		op->ttl = p->ttl;
		return (1);
	case V_REPLY:	/* an ICMPv6 error goes back through the tun */
		c->drops_out[p->why]++;
		c->errors_sent++;
		relay_tun_put(rl, kind, c->drops_out, p->reply, p->reply_len);
		return (0);
	case V_DROP:
		c->drops_out[p->why]++;
		return (0);
	case V_HOLD:
		break;
	}
	return (0);
}

/* Read a batch from a tun and collect what its engine lets pass. */
static int
tun_collect(struct relay *rl, enum relay_kind kind,
    enum verdict (*judge)(struct relay *, struct pkt *, mono_t))
{
	mono_t		 now = mono_now();
	struct pkt	 p;
	ssize_t		 len;
	int		 i, n = 0;

	for (i = 0; i < OS_BATCH; i++) {
		memset(&p, 0, sizeof(p));
		p.data = slot(rl, i);
		p.reply = rl->reply;
		if ((len = os_tun_read(rl->tun[kind].fd, p.data,
		    LIMIT_PACKET)) <= 0)
			break;
		p.len = len;
		n += relay_out(rl, kind, judge(rl, &p, now), &p,
		    &rl->batch[n]);
	}
	return (n);
}

static void
on_tun_6to4(int fd, short event, void *arg)
{
	struct relay	*rl = arg;
	int		 n = tun_collect(rl, RELAY_6TO4, relay_6to4_out);

	relay_batch_send(rl, RELAY_6TO4, rl->source, n);
}

static void
on_tun_teredo(int fd, short event, void *arg)
{
	struct relay	*rl = arg;
	int		 n = tun_collect(rl, RELAY_TEREDO, relay_teredo_out);

	relay_batch_send(rl, RELAY_TEREDO, rl->udp.fd, n);
	relay_teredo_arm(rl);
}

/* --- inwards: from IPv4 to a tun --------------------------------------- */

void
relay_receive(struct relay *rl, int fd, relay_judge *judge)
{
	mono_t	 now = mono_now();
	int	 i, n;

	for (i = 0; i < OS_BATCH; i++)
		rl->batch[i].data = slot(rl, i);
	n = os_recv_batch(fd, rl->batch, OS_BATCH, LIMIT_PACKET);
	for (i = 0; i < n; i++)
		judge(rl, &rl->batch[i], now);
}

static void
on_listen(int fd, short event, void *arg)
{
	relay_receive(arg, fd, relay_6to4_in);
}

static void
on_icmp4(int fd, short event, void *arg)
{
	relay_receive(arg, fd, relay_6to4_icmp4);
}

static void
on_udp(int fd, short event, void *arg)
{
	relay_receive(arg, fd, relay_teredo_in);
	relay_teredo_arm(arg);
}

/* --- descriptors come and go ------------------------------------------- */

static void
input_close(struct input *in)
{
	if (in->fd == -1)
		return;
	event_del(&in->readable);
	close(in->fd);
	in->fd = -1;
}

static void
input_open(struct input *in, int fd, void (*fn)(int, short, void *),
    struct relay *rl)
{
	input_close(in);
	in->fd = fd;
	event_set(&in->readable, fd, EV_READ | EV_PERSIST, fn, rl);
	event_add(&in->readable, NULL);
}

static void
close_all(struct relay *rl)
{
	int	 i;

	for (i = 0; i < RELAY_NKINDS; i++)
		input_close(&rl->tun[i]);
	input_close(&rl->icmp4);
	input_close(&rl->udp);
	while (rl->nlisten > 0)
		input_close(&rl->listen[--rl->nlisten]);
	if (rl->source != -1)
		close(rl->source);
	rl->source = -1;
}

static void
on_fd_tun(void *ctx, int from, const void *data, int fd)
{
	const struct relay_kind_note	*note = data;
	struct relay			*rl = ctx;

	if (note->kind >= RELAY_NKINDS)
		fatalx("tun of an unknown relay");
	input_open(&rl->tun[note->kind], fd,
	    note->kind == RELAY_6TO4 ? on_tun_6to4 : on_tun_teredo, rl);
}

static void
on_fd_listen(void *ctx, int from, const void *data, int fd)
{
	struct relay	*rl = ctx;

	if (rl->nlisten == LIMIT_LISTEN)
		fatalx("more listen sockets than the configuration allows");
	input_open(&rl->listen[rl->nlisten++], fd, on_listen, rl);
}

static void
on_fd_source(void *ctx, int from, const void *data, int fd)
{
	struct relay	*rl = ctx;

	if (rl->source != -1)
		close(rl->source);
	rl->source = fd;
}

static void
on_fd_icmp4(void *ctx, int from, const void *data, int fd)
{
	struct relay	*rl = ctx;

	input_open(&rl->icmp4, fd, on_icmp4, rl);
}

static void
on_fd_udp(void *ctx, int from, const void *data, int fd)
{
	struct relay	*rl = ctx;

	input_open(&rl->udp, fd, on_udp, rl);
}

static void
on_close(void *ctx, int from, const void *data, int fd)
{
	static const struct proc_empty	 empty;
	struct relay			*rl = ctx;

	close_all(rl);
	proc_send(rl->pr, PROC_PARENT, M_CLOSED, &empty, -1);
}

/* --- the rest ---------------------------------------------------------- */

static void
own_add(struct in_addr *own, uint32_t *n, struct in_addr addr)
{
	if (*n < LIMIT_OWN)
		own[(*n)++] = addr;
}

/* The addresses of one relay are no client's of the other. */
static void
own_each_other(struct relayd6_conf *conf)
{
	struct conf_6to4	*six = &conf->sixtofour;
	struct conf_teredo	*ter = &conf->teredo;
	uint32_t		 i;

	if (!six->enabled || !ter->enabled)
		return;
	own_add(six->own, &six->nown, ter->listen);
	own_add(ter->own, &ter->nown, six->source);
	for (i = 0; i < six->nlisten; i++)
		own_add(ter->own, &ter->nown, six->listen[i]);
}

static void
on_conf(void *ctx, int from, const void *data, int fd)
{
	struct relayd6_conf	 conf;
	struct relay		*rl = ctx;

	memcpy(&conf, data, sizeof(conf));
	own_each_other(&conf);
	sixtofour_reconf(&rl->six, &conf.sixtofour);
	relay_teredo_conf(rl, &conf.teredo);
	proc_beat(rl->pr, MONO_MS(conf.health.interval_ms));
}

static void
on_ask(void *ctx, int from, const void *data, int fd)
{
	const struct relay_ticket	*t = data;
	struct relay			*rl = ctx;
	struct relay_counters		 c;
	int				 i;

	for (i = 0; i < RELAY_NKINDS; i++) {
		c = rl->count[i];
		c.client = t->client;
		c.kind = i;
		c.last = i == RELAY_NKINDS - 1;
		c.for_ms = mono_sub(mono_now(), rl->began) / MONO_MS(1);
		if (i == RELAY_TEREDO)
			relay_teredo_count(rl, &c);
		proc_send(rl->pr, HEALTH, M_COUNTERS, &c, -1);
	}
}

static void
on_walk(void *ctx, int from, const void *data, int fd)
{
	struct relay_page	 page;
	struct relay		*rl = ctx;

	memset(&page, 0, sizeof(page));
	memcpy(&page.at, data, sizeof(page.at));
	relay_teredo_page(rl, &page);
	proc_send(rl->pr, HEALTH, M_PAGE, &page, -1);
}

/* Without its health process it goes on until the parent ends it. */
static void
on_gone(void *ctx, int role)
{
	if (role == PROC_PARENT)
		exit(1);
}

static const struct proc_hooks	hooks = {
	.gone = on_gone
};

static proc_handler *const	handlers[M_COUNT] = {
	[M_INDEX(M_CONF)] =	on_conf,
	[M_INDEX(M_TUN)] =	on_fd_tun,
	[M_INDEX(M_LISTEN)] =	on_fd_listen,
	[M_INDEX(M_SOURCE)] =	on_fd_source,
	[M_INDEX(M_ICMP4)] =	on_fd_icmp4,
	[M_INDEX(M_UDP)] =	on_fd_udp,
	[M_INDEX(M_CLOSE)] =	on_close,
	[M_INDEX(M_ASK)] =	on_ask,
	[M_INDEX(M_WALK)] =	on_walk
};

void
relay_main(int foreground)
{
	static const struct conf_6to4	 none;
	struct relay			*rl;
	int				 i;

	if ((rl = calloc(1, sizeof(*rl))) == NULL ||
	    (rl->room = calloc(OS_BATCH, LIMIT_PACKET)) == NULL)
		fatal("relay");
	rl->icmp4.fd = rl->udp.fd = rl->source = -1;
	for (i = 0; i < RELAY_NKINDS; i++)
		rl->tun[i].fd = -1;
	for (i = 0; i < LIMIT_LISTEN; i++)
		rl->listen[i].fd = -1;
	arc4random_buf(rl->key, sizeof(rl->key));
	sixtofour_init(&rl->six, &none, rl->key);
	rl->began = mono_now();
	event_init();
	timer_init(&rl->ter_tick, relay_teredo_tick, rl);
	rl->pr = proc_new(&relayd6_def, RELAY, handlers, &hooks, rl);
	proc_confine(rl->pr, foreground);
	event_dispatch();
	fatalx("event loop ended");
}
