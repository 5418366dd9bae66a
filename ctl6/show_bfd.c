/*
 * What routed6 answers about BFD: a row for each session, what was discarded,
 * and everything about one session.
 */
#include <string.h>

#include "ctl6.h"
#include "ctlmsg.h"

static int
session_row(struct json_object *root, const void *data, size_t len)
{
	struct json_object	*o;
	struct ctl_bfd		 b;
	char			 buf[IPADDR_STRLEN];

	if (len != sizeof(b))
		return (-1);
	memcpy(&b, data, sizeof(b));
	b.state[sizeof(b.state) - 1] = '\0';
	b.reason[sizeof(b.reason) - 1] = '\0';
	o = add_row(root, "bfd");
	add_string(o, "address", ipaddr_print(&b.addr, buf, sizeof(buf)));
	add_string(o, "local", b.local.af == 0 ? "" :
	    ipaddr_print(&b.local, buf, sizeof(buf)));
	add_string(o, "state", b.state);
	add_number(o, "for_ms", b.for_ms);
	add_number(o, "interval_us", b.interval);
	add_number(o, "multiplier", b.mult);
	add_number(o, "detection_us", b.detection);
	add_number(o, "received", b.in);
	add_number(o, "sent", b.out);
	add_string(o, "last_down", b.reason);
	return (0);
}

static void
drop_rows(struct json_object *to, struct ctl_bfd_drops *d, int zeroes)
{
	struct json_object	*o;
	int			 i;

	for (i = 0; i < CTL_BFD_RULES; i++) {
		if (d->drop[i].count == 0 && !zeroes)
			continue;
		d->drop[i].name[sizeof(d->drop[i].name) - 1] = '\0';
		o = add_row(to, "discarded");
		add_string(o, "packet", d->drop[i].name);
		add_number(o, "count", d->drop[i].count);
	}
}

/* Packets that belong to no session. */
static int
stranger_rows(struct json_object *root, const void *data, size_t len)
{
	struct ctl_bfd_drops	 d;

	if (len != sizeof(d))
		return (-1);
	memcpy(&d, data, sizeof(d));
	drop_rows(root, &d, 0);
	return (0);
}

static void
state_items(struct json_object *o, const struct ctl_bfd_detail *d)
{
	add_item(o, "session", "asked for by", d->askers);
	add_item(o, "session", "multihop", d->multihop ? "yes" : "no");
	add_item_number(o, "session", "hop limit required", d->hops_min, "");
	add_item_number(o, "session", "source port", d->local_port, "");
	add_item_number(o, "session", "local discriminator", d->local_discr,
	    "");
	add_item_number(o, "session", "remote discriminator",
	    d->remote_discr, "");
	add_item(o, "session", "remote state", d->remote_state);
	add_item(o, "session", "local diagnostic", d->diag);
	add_item(o, "session", "remote diagnostic", d->remote_diag);
	add_item(o, "session", "authentication", d->auth);
	if (strcmp(d->auth, "none") != 0)
		add_item_number(o, "session", "key ID", d->key_id, "");
	add_item(o, "session", "remote is independent of its control plane",
	    d->remote_cpi ? "yes" : "no");
	add_item(o, "session", "remote wants demand mode",
	    d->remote_demand ? "yes" : "no");
}

static void
time_items(struct json_object *o, const struct ctl_bfd_detail *d)
{
	add_item_number(o, "times", "transmission configured", d->want_tx,
	    " us");
	add_item_number(o, "times", "reception configured", d->want_rx,
	    " us");
	add_item_number(o, "times", "transmission announced", d->min_tx,
	    " us");
	add_item_number(o, "times", "reception announced", d->min_rx, " us");
	add_item_number(o, "times", "remote transmission", d->remote_tx,
	    " us");
	add_item_number(o, "times", "remote reception", d->remote_rx, " us");
	add_item_number(o, "times", "remote multiplier", d->remote_mult, "");
	add_item(o, "times", "poll on its way", d->poll ? "yes" : "no");
	add_item_number(o, "times", "longest silence while up", d->gap,
	    " us");
}

static int
detail_rows(struct json_object *o, const void *data, size_t len)
{
	struct ctl_bfd_detail	 d;

	if (o == NULL || len != sizeof(d))
		return (-1);
	memcpy(&d, data, sizeof(d));
	d.auth[sizeof(d.auth) - 1] = '\0';
	d.remote_state[sizeof(d.remote_state) - 1] = '\0';
	d.diag[sizeof(d.diag) - 1] = '\0';
	d.remote_diag[sizeof(d.remote_diag) - 1] = '\0';
	d.askers[sizeof(d.askers) - 1] = '\0';
	state_items(o, &d);
	time_items(o, &d);
	add_item_number(o, "counters", "times up", d.ups, "");
	add_item_number(o, "counters", "polls", d.polls, "");
	add_item_number(o, "counters", "packets not sent", d.send_errors, "");
	if (d.down_ms != CTL_NEVER)
		add_item_number(o, "counters", "last down", d.down_ms / 1000,
		    " s ago");
	drop_rows(o, &d.drops, 1);
	return (0);
}

int
show_bfd(struct json_object *root, uint32_t type, const void *data,
    size_t len)
{
	switch (type) {
	case CTL_BFD:
		return (session_row(root, data, len));
	case CTL_BFD_DETAIL:
		return (detail_rows(last_row(root, "bfd"), data, len));
	case CTL_BFD_DROPS:
		return (stranger_rows(root, data, len));
	default:
		return (-1);
	}
}
