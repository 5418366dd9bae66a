/*
 * What routed6 answers about one neighbor: tables inside the row that "show
 * peers" has for it.
 */
#include <stdio.h>
#include <string.h>

#include "ctl6.h"
#include "ctlmsg.h"

static void
item_id(struct json_object *peer, const char *name, uint32_t id)
{
	char	 buf[16] = "";

	if (id != 0)
		snprintf(buf, sizeof(buf), "%u.%u.%u.%u", id >> 24,
		    id >> 16 & 0xff, id >> 8 & 0xff, id & 0xff);
	add_item(peer, "session", name, buf);
}

static void
session_rows(struct json_object *peer, const struct ctl_peer_detail *d)
{
	add_item_number(peer, "session", "local AS", d->local_as, "");
	item_id(peer, "local identifier", d->local_id);
	item_id(peer, "remote identifier", d->remote_id);
	add_item(peer, "session", "remote name", d->name);
	add_item_number(peer, "session", "hold time", d->hold_s, " s");
	if (d->remote_id != 0)
		add_item_number(peer, "session", "hold time agreed on",
		    d->hold_agreed_s, " s");
	add_item(peer, "session", "local role", d->role);
	add_item(peer, "session", "remote role", d->remote_role);
	add_item(peer, "session", "passive", d->passive ? "yes" : "no");
	add_item(peer, "session", "TCP MD5", d->md5 ? "yes" : "no");
	add_item(peer, "session", "BFD", d->bfd);
	if (d->bfd_strict)
		add_item(peer, "session", "strict BFD", "yes");
	add_item_number(peer, "session", "hop limit sent", d->hops, "");
	if (d->hops_min != 0)
		add_item_number(peer, "session", "hop limit required",
		    d->hops_min, "");
	add_item_number(peer, "session", "sessions so far", d->established,
	    "");
	add_item_number(peer, "session", "failures in a row", d->failures, "");
}

static void
prefix_rows(struct json_object *peer, const struct ctl_peer_detail *d)
{
	add_item_number(peer, "counters", "prefixes to announce", d->wanted,
	    "");
	if (d->max_prefix != 0) {
		add_item_number(peer, "counters", "prefixes it announces",
		    d->heard, "");
		add_item_number(peer, "counters", "prefixes it may announce",
		    d->max_prefix, "");
	}
	add_item_number(peer, "counters", "prefixes it withdrew", d->withdrawn,
	    "");
	add_item_number(peer, "counters", "updates treated as withdrawals",
	    d->treated, "");
	add_item_number(peer, "counters", "attributes discarded", d->discarded,
	    "");
}

static void
timer_rows(struct json_object *peer, struct ctl_peer_detail *d)
{
	struct json_object	*o;
	int			 i;

	for (i = 0; i < CTL_PEER_TIMERS; i++) {
		d->timer[i].name[sizeof(d->timer[i].name) - 1] = '\0';
		if (d->timer[i].name[0] == '\0' ||
		    d->timer[i].left_ms == CTL_NEVER)
			continue;
		o = add_row(peer, "timers");
		add_string(o, "timer", d->timer[i].name);
		add_number(o, "left_ms", d->timer[i].left_ms);
	}
}

static void
cap_rows(struct json_object *peer, struct ctl_peer_detail *d)
{
	struct json_object	*o;
	int			 i;

	for (i = 0; i < CTL_PEER_CAPS; i++) {
		d->cap[i].name[sizeof(d->cap[i].name) - 1] = '\0';
		if (d->cap[i].name[0] == '\0')
			continue;
		o = add_row(peer, "capabilities");
		add_string(o, "capability", d->cap[i].name);
		add_bool(o, "ours", d->cap[i].ours);
		add_bool(o, "theirs", d->cap[i].theirs);
	}
}

static void
message_rows(struct json_object *peer, struct ctl_peer_detail *d)
{
	struct json_object	*o;
	int			 i;

	for (i = 0; i < CTL_PEER_TYPES; i++) {
		d->type[i].name[sizeof(d->type[i].name) - 1] = '\0';
		o = add_row(peer, "messages");
		add_string(o, "message", d->type[i].name);
		add_number(o, "received", d->type[i].in);
		add_number(o, "sent", d->type[i].out);
	}
}

static void
error_row(struct json_object *peer, const char *what, const char *words,
    uint64_t ms)
{
	struct json_object	*o;

	if (ms == CTL_NEVER)
		return;
	o = add_row(peer, "errors");
	add_string(o, "error", what);
	add_number(o, "ago_ms", ms);
	add_string(o, "text", words);
}

static void
tcp_rows(struct json_object *peer, const struct ctl_peer_detail *d)
{
	if (!d->has_tcp)
		return;
	add_item_number(peer, "tcp", "local port", d->local_port, "");
	add_item_number(peer, "tcp", "remote port", d->remote_port, "");
	add_item_number(peer, "tcp", "round trip", d->rtt_us, " us");
	add_item_number(peer, "tcp", "round trip variation", d->rttvar_us,
	    " us");
	add_item_number(peer, "tcp", "segment size", d->mss, "");
	add_item_number(peer, "tcp", "congestion window", d->window,
	    " segments");
	add_item_number(peer, "tcp", "unacknowledged", d->unacked,
	    " segments");
	add_item_number(peer, "tcp", "not sent yet", d->unsent, " bytes");
	add_item_number(peer, "tcp", "retransmitted", d->retransmits,
	    " segments");
}

/* Strings end where they should, whatever the daemon is. */
static void
detail_terminate(struct ctl_peer_detail *d)
{
	d->role[sizeof(d->role) - 1] = '\0';
	d->remote_role[sizeof(d->remote_role) - 1] = '\0';
	d->name[sizeof(d->name) - 1] = '\0';
	d->sent[sizeof(d->sent) - 1] = '\0';
	d->received[sizeof(d->received) - 1] = '\0';
	d->failure[sizeof(d->failure) - 1] = '\0';
	d->bfd[sizeof(d->bfd) - 1] = '\0';
}

static int
detail_rows(struct json_object *peer, const void *data, size_t len)
{
	struct ctl_peer_detail	 d;

	if (peer == NULL || len != sizeof(d))
		return (-1);
	memcpy(&d, data, sizeof(d));
	detail_terminate(&d);
	session_rows(peer, &d);
	timer_rows(peer, &d);
	cap_rows(peer, &d);
	message_rows(peer, &d);
	prefix_rows(peer, &d);
	error_row(peer, "sent", d.sent, d.sent_ms);
	error_row(peer, "received", d.received, d.received_ms);
	error_row(peer, "connection", d.failure, d.failure_ms);
	tcp_rows(peer, &d);
	return (0);
}

static int
route_row(struct json_object *peer, const void *data, size_t len)
{
	struct json_object	*o;
	struct ctl_peer_route	 r;
	char			 buf[IPADDR_STRLEN];

	if (peer == NULL || len != sizeof(r))
		return (-1);
	memcpy(&r, data, sizeof(r));
	r.why[sizeof(r.why) - 1] = '\0';
	o = add_row(peer, "prefixes");
	add_string(o, "prefix", prefix_print(&r.prefix, buf, sizeof(buf)));
	add_bool(o, "told", r.told);
	add_string(o, "next_hop", r.nexthop.af == 0 ? "" :
	    ipaddr_print(&r.nexthop, buf, sizeof(buf)));
	add_string(o, "why", r.why);
	return (0);
}

int
show_peer(struct json_object *root, uint32_t type, const void *data,
    size_t len)
{
	switch (type) {
	case CTL_PEER:
		return (show_peers(root, type, data, len));
	case CTL_PEER_DETAIL:
		return (detail_rows(last_row(root, "peers"), data, len));
	case CTL_PEER_ROUTE:
		return (route_row(last_row(root, "peers"), data, len));
	default:
		return (-1);
	}
}
