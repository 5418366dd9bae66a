/*
 * relayd6's data path: the relay process.  Owns the tun, the protocol-41 and
 * the ICMPv4 sockets, moves packets in bounded batches so that neither side
 * can starve the other, and lets the engines decide.  It opens nothing, logs
 * no packet, and knows no rule of any RFC.
 */
#include <sys/types.h>
#include <netinet/in.h>

#include <errno.h>
#include <event.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "mono.h"
#include "os.h"
#include "relayd6.h"
#include "sixtofour.h"

/* A descriptor and the event that tells when it can be read. */
struct input {
	int		 fd;		/* -1: none */
	struct event	 readable;
};

struct relay {
	struct proc		*pr;
	struct sixtofour	 six;
	struct relay_counters	 count;
	mono_t			 began;
	struct input		 tun;
	struct input		 icmp4;
	struct input		 listen[LIMIT_LISTEN];
	int			 nlisten;
	int			 source;
	struct os_packet	 batch[OS_BATCH];
	uint8_t			 reply[PKT_REPLY_MAX];
	uint8_t			*room;		/* OS_BATCH packets */
};

static uint8_t *
slot(struct relay *rl, int i)
{
	return (rl->room + (size_t)i * LIMIT_PACKET);
}

/* --- outwards: from the tun to IPv4 ------------------------------------ */

static void
tun_put(struct relay *rl, uint64_t *drops, const void *data, size_t len)
{
	if (os_tun_write(rl->tun.fd, data, len) == (ssize_t)len)
		return;
	drops[errno == EAGAIN || errno == ENOBUFS ? DROP_NOBUFS :
	    DROP_SEND]++;
}

/* An ICMPv6 error that an engine owes; it goes back through the tun. */
static void
tun_reply(struct relay *rl, uint64_t *drops, const struct pkt *p)
{
	drops[p->why]++;
	rl->count.errors_sent++;
	tun_put(rl, drops, p->reply, p->reply_len);
}

/* Send what was collected; a packet that the kernel refuses is passed over. */
static void
batch_send(struct relay *rl, int n)
{
	int	 done = 0, sent;

	while (done < n) {
		if ((sent = os_send_batch(rl->source, rl->batch + done,
		    n - done)) < 0)
			sent = 0;
		for (; sent > 0; sent--, done++) {
			rl->count.out_packets++;
			rl->count.out_bytes += rl->batch[done].len;
		}
		if (done == n)
			break;
		rl->count.drops_out[errno == EAGAIN || errno == ENOBUFS ?
		    DROP_NOBUFS : DROP_SEND]++;
		done++;
	}
}

/* Judge one packet from the tun; 1 when it joins the batch. */
static int
out_judge(struct relay *rl, struct pkt *p, mono_t now, struct os_packet *op)
{
	p->reply = rl->reply;
	switch (sixtofour_out(&rl->six, p, now)) {
	case V_FORWARD:
		op->data = p->data;
		op->len = p->len;
		op->dst = p->dst4;
		op->tos = p->tos;
		op->ttl = p->ttl;
		return (1);
	case V_REPLY:
		tun_reply(rl, rl->count.drops_out, p);
		return (0);
	case V_HOLD:
		return (0);
	case V_DROP:
		break;
	}
	rl->count.drops_out[p->why]++;
	return (0);
}

static void
on_tun(int fd, short event, void *arg)
{
	struct relay	*rl = arg;
	mono_t		 now = mono_now();
	struct pkt	 p;
	ssize_t		 len;
	int		 i, n = 0;

	for (i = 0; i < OS_BATCH; i++) {
		memset(&p, 0, sizeof(p));
		p.data = slot(rl, i);
		if ((len = os_tun_read(fd, p.data, LIMIT_PACKET)) <= 0)
			break;
		p.len = len;
		n += out_judge(rl, &p, now, &rl->batch[n]);
	}
	batch_send(rl, n);
}

/* --- inwards: from IPv4 to the tun ------------------------------------- */

static void
in_judge(struct relay *rl, const struct os_packet *op, mono_t now)
{
	struct pkt	 p = { .data = op->data, .len = op->len,
			    .reply = rl->reply };

	switch (sixtofour_in(&rl->six, &p, now)) {
	case V_FORWARD:
		rl->count.in_packets++;
		rl->count.in_bytes += p.len;
		tun_put(rl, rl->count.drops_in, p.data, p.len);
		break;
	case V_REPLY:
		tun_reply(rl, rl->count.drops_in, &p);
		break;
	case V_HOLD:
		break;
	case V_DROP:
		rl->count.drops_in[p.why]++;
		break;
	}
}

static void
icmp4_judge(struct relay *rl, const struct os_packet *op, mono_t now)
{
	struct pkt	 p = { .data = op->data, .len = op->len,
			    .reply = rl->reply };

	if (sixtofour_icmp4(&rl->six, &p, now) == V_REPLY)
		tun_reply(rl, rl->count.drops_in, &p);
	else
		rl->count.drops_in[p.why]++;
}

/* Receive a batch and let judge look at each packet of it. */
static void
receive(struct relay *rl, int fd,
    void (*judge)(struct relay *, const struct os_packet *, mono_t))
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
	receive(arg, fd, in_judge);
}

static void
on_icmp4(int fd, short event, void *arg)
{
	receive(arg, fd, icmp4_judge);
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
	input_close(&rl->tun);
	input_close(&rl->icmp4);
	while (rl->nlisten > 0)
		input_close(&rl->listen[--rl->nlisten]);
	if (rl->source != -1)
		close(rl->source);
	rl->source = -1;
}

static void
on_fd_tun(void *ctx, int from, const void *data, int fd)
{
	struct relay	*rl = ctx;

	input_open(&rl->tun, fd, on_tun, rl);
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
on_close(void *ctx, int from, const void *data, int fd)
{
	static const struct proc_empty	 empty;
	struct relay			*rl = ctx;

	close_all(rl);
	proc_send(rl->pr, PROC_PARENT, M_CLOSED, &empty, -1);
}

/* --- the rest ---------------------------------------------------------- */

static void
on_conf(void *ctx, int from, const void *data, int fd)
{
	const struct relayd6_conf	*conf = data;
	struct relay			*rl = ctx;

	sixtofour_reconf(&rl->six, &conf->sixtofour);
	proc_beat(rl->pr, MONO_MS(conf->health.interval_ms));
}

static void
on_ask(void *ctx, int from, const void *data, int fd)
{
	const struct relay_ticket	*t = data;
	struct relay			*rl = ctx;

	rl->count.client = t->client;
	rl->count.for_ms = mono_sub(mono_now(), rl->began) / MONO_MS(1);
	proc_send(rl->pr, HEALTH, M_COUNTERS, &rl->count, -1);
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
	[M_INDEX(M_CLOSE)] =	on_close,
	[M_INDEX(M_ASK)] =	on_ask
};

void
relay_main(int foreground)
{
	static const struct conf_6to4	 none;
	struct relay			*rl;
	uint8_t				 key[16];
	int				 i;

	if ((rl = calloc(1, sizeof(*rl))) == NULL ||
	    (rl->room = calloc(OS_BATCH, LIMIT_PACKET)) == NULL)
		fatal("relay");
	rl->tun.fd = rl->icmp4.fd = rl->source = -1;
	for (i = 0; i < LIMIT_LISTEN; i++)
		rl->listen[i].fd = -1;
	arc4random_buf(key, sizeof(key));
	sixtofour_init(&rl->six, &none, key);
	rl->began = mono_now();
	event_init();
	rl->pr = proc_new(&relayd6_def, RELAY, handlers, &hooks, rl);
	proc_confine(rl->pr, foreground);
	event_dispatch();
	fatalx("event loop ended");
}
