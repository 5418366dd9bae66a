/*
 * What relayd6 answers: health and relays.
 */
#include <stdio.h>
#include <string.h>

#include "ctl6.h"
#include "ctlmsg.h"

static const char *
kind_name(uint32_t kind)
{
	static const char *const	 names[] = RELAY_KIND_NAMES;

	return (kind < RELAY_NKINDS ? names[kind] : "?");
}

static const char *
verdict_name(uint32_t state)
{
	static const char *const	 names[] = VERDICT_NAMES;

	return (state < VERDICT_NSTATES ? names[state] : "?");
}

static int
health_row(struct json_object *root, const void *data, size_t len)
{
	struct json_object	*o;
	struct ctl_health	 h;

	if (len != sizeof(h))
		return (-1);
	memcpy(&h, data, sizeof(h));
	h.name[sizeof(h.name) - 1] = '\0';
	h.reason[sizeof(h.reason) - 1] = '\0';
	o = add_row(root, h.check ? "checks" : "health");
	add_string(o, h.check ? "check" : "relay", h.name);
	add_string(o, "verdict", verdict_name(h.state));
	add_number(o, "for_ms", h.for_ms);
	add_number(o, "changes", h.changes);
	add_number(o, "falls", h.flaps);
	add_number(o, "held_ms", h.held_ms);
	if (h.check)
		add_number(o, "lease_ms", h.lease_ms);
	add_string(o, "reason", h.reason);
	return (0);
}

static int
sign_row(struct json_object *root, const void *data, size_t len)
{
	struct json_object	*o, *health;
	struct ctl_sign		 s;

	if (len != sizeof(s) || (health = last_row(root, "health")) == NULL)
		return (-1);
	memcpy(&s, data, sizeof(s));
	s.name[sizeof(s.name) - 1] = '\0';
	s.detail[sizeof(s.detail) - 1] = '\0';
	o = add_row(health, "signs");
	add_string(o, "sign", s.name);
	add_bool(o, "good", s.ok);
	add_string(o, "detail", s.detail);
	return (0);
}

static void
add_port(char *buf, size_t len, uint32_t port)
{
	char	 num[8];

	snprintf(num, sizeof(num), ":%u", port & 0xffff);
	strlcat(buf, num, len);
}

/* What became of the last probe, in words. */
static const char *
probe_state(const struct ctl_probe *p)
{
	if (p->sent == 0)
		return ("not sent");
	if (p->rtt_us == 0)
		return ("never answered");
	if (!p->answers)
		return ("silent");
	return (p->ours ? "answers" : "answers by another relay");
}

static void
probe_add_failure(struct json_object *o, struct ctl_probe *p)
{
	p->failure[sizeof(p->failure) - 1] = '\0';
	add_string(o, "failure", p->failure[0] != '\0' ? p->failure : "-");
	if (p->failed_ms == CTL_NEVER)
		json_object_object_add(o, "failed_ms", NULL);
	else
		add_number(o, "failed_ms", p->failed_ms);
}

static int
probe_row(struct json_object *root, const void *data, size_t len)
{
	static const char *const	 ways[] = PROBE_WAY_NAMES;
	struct json_object		*o, *health;
	struct ctl_probe		 p;
	char				 buf[IPADDR_STRLEN + 8];

	if (len != sizeof(p) || (health = last_row(root, "health")) == NULL)
		return (-1);
	memcpy(&p, data, sizeof(p));
	o = add_row(health, "probes");
	ipaddr_print(&p.target, buf, sizeof(buf));
	if (p.port != 0)
		add_port(buf, sizeof(buf), p.port);
	add_string(o, "target", buf);
	add_bool(o, "ours", p.self);
	add_string(o, "by", p.way < sizeof(ways) / sizeof(ways[0]) ?
	    ways[p.way] : "?");
	add_string(o, "state", probe_state(&p));
	add_number(o, "rtt_us", p.rtt_us);
	add_number(o, "mean_us", p.smooth_us);
	add_number(o, "best_us", p.best_us);
	snprintf(buf, sizeof(buf), "%u of %u", p.window_lost, p.window);
	add_string(o, "lost_lately", buf);
	add_number(o, "sent", p.sent);
	add_number(o, "lost", p.lost);
	add_number(o, "late", p.late);
	probe_add_failure(o, &p);
	return (0);
}

int
show_health(struct json_object *root, uint32_t type, const void *data,
    size_t len)
{
	switch (type) {
	case CTL_HEALTH:
		return (health_row(root, data, len));
	case CTL_SIGN:
		return (sign_row(root, data, len));
	case CTL_PROBE:
		return (probe_row(root, data, len));
	default:
		return (-1);
	}
}

/* The listen addresses in one cell. */
static void
join_addrs(const struct ctl_relay *r, char *buf, size_t len)
{
	char		 one[IPADDR_STRLEN];
	uint32_t	 i;

	buf[0] = '\0';
	for (i = 0; i < r->nlisten && i < LIMIT_LISTEN; i++) {
		if (i > 0)
			strlcat(buf, ",", len);
		strlcat(buf, ipaddr_print(&r->listen[i], one, sizeof(one)),
		    len);
	}
}

static void
traffic_row(struct json_object *relay, const char *direction,
    uint64_t packets, uint64_t bytes)
{
	struct json_object	*o = add_row(relay, "traffic");

	add_string(o, "direction", direction);
	add_number(o, "packets", packets);
	add_number(o, "bytes", bytes);
}

static int
relay_row(struct json_object *root, const void *data, size_t len)
{
	struct json_object	*o;
	struct ctl_relay	 r;
	char			 buf[256];

	if (len != sizeof(r))
		return (-1);
	memcpy(&r, data, sizeof(r));
	r.interface[sizeof(r.interface) - 1] = '\0';
	o = add_row(root, "relays");
	add_string(o, "relay", kind_name(r.kind));
	add_string(o, "interface", r.interface);
	add_number(o, "mtu", r.mtu);
	join_addrs(&r, buf, sizeof(buf));
	if (r.port != 0)
		add_port(buf, sizeof(buf), r.port);
	add_string(o, "listen", buf);
	add_string(o, "source", ipaddr_print(&r.source, buf, sizeof(buf)));
	add_number(o, "for_ms", r.for_ms);
	add_number(o, "errors_sent", r.errors_sent);
	add_number(o, "clients", r.clients);
	traffic_row(o, "from IPv4", r.in_packets, r.in_bytes);
	traffic_row(o, "from IPv6", r.out_packets, r.out_bytes);
	return (0);
}

static int
counter_row(struct json_object *root, const void *data, size_t len)
{
	struct json_object	*o, *relay;
	struct ctl_counter	 c;

	if (len != sizeof(c) || (relay = last_row(root, "relays")) == NULL)
		return (-1);
	memcpy(&c, data, sizeof(c));
	c.name[sizeof(c.name) - 1] = '\0';
	c.text[sizeof(c.text) - 1] = '\0';
	o = add_row(relay, "drops");
	add_string(o, "reason", c.name);
	add_number(o, "from_ipv4", c.in);
	add_number(o, "from_ipv6", c.out);
	add_string(o, "meaning", c.text);
	return (0);
}

static int
case_row(struct json_object *root, const void *data, size_t len)
{
	struct json_object	*o, *relay;
	struct ctl_case		 c;

	if (len != sizeof(c) || (relay = last_row(root, "relays")) == NULL)
		return (-1);
	memcpy(&c, data, sizeof(c));
	c.name[sizeof(c.name) - 1] = '\0';
	c.text[sizeof(c.text) - 1] = '\0';
	o = add_row(relay, "cases");
	add_string(o, "case", c.name);
	add_number(o, "count", c.count);
	add_string(o, "meaning", c.text);
	return (0);
}

int
show_relays(struct json_object *root, uint32_t type, const void *data,
    size_t len)
{
	switch (type) {
	case CTL_RELAY:
		return (relay_row(root, data, len));
	case CTL_CASE:
		return (case_row(root, data, len));
	case CTL_COUNTER:
		return (counter_row(root, data, len));
	default:
		return (-1);
	}
}
