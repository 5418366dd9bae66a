/*
 * 6to4 in the relay process: hands packets to sixtofour.c and puts its verdict
 * on what came from IPv4 into effect.
 */
#include <string.h>

#include "relay.h"

enum verdict
relay_6to4_out(struct relay *rl, struct pkt *p, mono_t now)
{
	return (sixtofour_out(&rl->six, p, now));
}

void
relay_6to4_in(struct relay *rl, const struct os_packet *op, mono_t now)
{
	struct relay_counters	*c = &rl->count[RELAY_6TO4];
	struct pkt		 p = { .data = op->data, .len = op->len };

	if (sixtofour_in(&rl->six, &p, now) != V_FORWARD) {
		c->drops_in[p.why]++;
		return;
	}
	c->in_packets++;
	c->in_bytes += p.len;
	relay_tun_put(rl, RELAY_6TO4, c->drops_in, p.data, p.len);
}

void
relay_6to4_icmp4(struct relay *rl, const struct os_packet *op, mono_t now)
{
	struct relay_counters	*c = &rl->count[RELAY_6TO4];
	struct pkt		 p = { .data = op->data, .len = op->len,
				    .reply = rl->reply };
	enum verdict		 v;

	v = sixtofour_icmp4(&rl->six, &p, now);
	c->drops_in[p.why]++;
	if (v != V_REPLY)
		return;
	c->errors_sent++;
	relay_tun_put(rl, RELAY_6TO4, c->drops_in, p.reply, p.reply_len);
}
