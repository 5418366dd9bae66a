/*
 * Teredo in the relay process: hands packets to teredo.c, sends what the
 * engine wants sent beside them, and calls it when its time has come.
 */
#include <string.h>

#include "log.h"
#include "relay.h"

/* Bubbles and packets that had waited. */
static void
op_send(void *arg, struct in_addr dst, uint16_t port, const void *data,
    size_t len, uint8_t tos)
{
	struct relay		*rl = arg;
	struct relay_counters	*c = &rl->count[RELAY_TEREDO];
	struct os_packet	 op;

	memset(&op, 0, sizeof(op));
	memcpy(&op.data, &data, sizeof(data));	/* it is only read */
	op.len = len;
	op.addr = dst;
	op.port = port;
	op.tos = tos;
	op.ttl = rl->ter.conf.ttl;
	if (os_send_batch(rl->udp.fd, &op, 1) != 1)
		c->drops_out[relay_errno_drop()]++;
}

static void
op_inject(void *arg, const void *data, size_t len)
{
	struct relay	*rl = arg;

	relay_tun_put(rl, RELAY_TEREDO, rl->count[RELAY_TEREDO].drops_out,
	    data, len);
}

static const struct teredo_ops	ops = { op_send, op_inject };

void
relay_teredo_conf(struct relay *rl, const struct conf_teredo *conf)
{
	int	 rv;

	if (!conf->enabled)
		return;
	if (rl->ter_ready)
		rv = teredo_reconf(&rl->ter, conf);
	else
		rv = teredo_init(&rl->ter, conf, rl->key, &ops, rl);
	if (rv == -1)
		fatal("memory for %u Teredo clients", conf->max_peers);
	rl->ter_ready = 1;
	relay_teredo_arm(rl);
}

enum verdict
relay_teredo_out(struct relay *rl, struct pkt *p, mono_t now)
{
	return (teredo_out(&rl->ter, p, now));
}

void
relay_teredo_in(struct relay *rl, const struct os_packet *op, mono_t now)
{
	struct relay_counters	*c = &rl->count[RELAY_TEREDO];
	struct pkt		 p = { .data = op->data, .len = op->len,
				    .src4 = op->addr, .sport = op->port,
				    .tos = op->tos };

	switch (teredo_in(&rl->ter, &p, now)) {
	case V_FORWARD:
		c->in_packets++;
		c->in_bytes += p.len;
		relay_tun_put(rl, RELAY_TEREDO, c->drops_in, p.data, p.len);
		break;
	case V_DROP:
		c->drops_in[p.why]++;
		break;
	case V_REPLY:
	case V_HOLD:
		break;
	}
}

void
relay_teredo_arm(struct relay *rl)
{
	mono_t	 when = teredo_deadline(&rl->ter);

	if (when.ns == TEREDO_NEVER)
		timer_stop(&rl->ter_tick);
	else
		timer_arm(&rl->ter_tick, mono_sub(when, mono_now()));
}

void
relay_teredo_tick(int fd, short event, void *arg)
{
	struct relay	*rl = arg;

	teredo_tick(&rl->ter, mono_now());
	relay_teredo_arm(rl);
}

void
relay_teredo_count(const struct relay *rl, struct relay_counters *c)
{
	const struct teredo_counters	*t = &rl->ter.count;
	int				 i;

	if (!rl->ter_ready)
		return;
	memcpy(c->cases, t->cases, sizeof(c->cases));
	c->errors_sent += t->errors_sent;
	c->out_packets += t->cases[TEREDO_CASE_OUT_FLUSH];
	for (i = 0; i < DROP_NREASONS; i++)
		c->drops_out[i] += t->late[i];
	for (i = TEREDO_FREE + 1; i < TEREDO_NSTATES; i++)
		c->clients += teredo_count(&rl->ter, i);
}

void
relay_teredo_page(struct relay *rl, struct relay_page *page)
{
	page->at.n = 0;
	if (!rl->ter_ready) {
		page->at.walk.done = 1;
		return;
	}
	page->at.n = teredo_clients(&rl->ter, &page->at.walk, page->row,
	    RELAY_PAGE, mono_now());
}
