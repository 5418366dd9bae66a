/*
 * What routed6 answers: peers and announcements.
 */
#include <stdio.h>
#include <string.h>

#include "ctl6.h"
#include "ctlmsg.h"

/* "2002::/16: why", or how many there are instead of which. */
static void
add_withheld(struct json_object *o, const struct ctl_withheld *w)
{
	char	 prefix[PREFIX_STRLEN], text[PREFIX_STRLEN + LIMIT_REASON] = "";

	if (w->n == 1)
		snprintf(text, sizeof(text), "%s: %s",
		    prefix_print(&w->first, prefix, sizeof(prefix)), w->why);
	else if (w->n > 1)
		snprintf(text, sizeof(text), "%u prefixes: %s", w->n, w->why);
	add_string(o, "withheld", text);
}

int
show_peers(struct json_object *root, uint32_t type, const void *data,
    size_t len)
{
	struct json_object	*o;
	struct ctl_peer		 p;
	char			 buf[IPADDR_STRLEN];

	if (type != CTL_PEER || len != sizeof(p))
		return (-1);
	memcpy(&p, data, sizeof(p));
	p.descr[sizeof(p.descr) - 1] = '\0';
	p.state[sizeof(p.state) - 1] = '\0';
	p.error[sizeof(p.error) - 1] = '\0';
	p.withheld.why[sizeof(p.withheld.why) - 1] = '\0';
	o = add_row(root, "peers");
	add_string(o, "address", ipaddr_print(&p.addr, buf, sizeof(buf)));
	add_number(o, "as", p.as);
	add_string(o, "description", p.descr);
	add_string(o, "state", p.state);
	add_number(o, "for_ms", p.for_ms);
	add_number(o, "announced", p.announced);
	add_number(o, "leaving", p.leaving);
	add_withheld(o, &p.withheld);
	add_number(o, "received", p.received);
	add_string(o, "last_error", p.error);
	return (0);
}

static int
source_row(struct json_object *root, const void *data, size_t len)
{
	struct json_object	*o;
	struct ctl_source	 s;

	if (len != sizeof(s))
		return (-1);
	memcpy(&s, data, sizeof(s));
	s.path[sizeof(s.path) - 1] = '\0';
	o = add_row(root, "feeds");
	add_string(o, "feed", s.path);
	add_string(o, "state", !s.connected ? "closed" :
	    s.stale ? "stale" : "fresh");
	add_number(o, "for_ms", s.for_ms);
	return (0);
}

static int
announcement_row(struct json_object *root, const void *data, size_t len)
{
	struct json_object	*o;
	struct ctl_announcement	 a;
	char			 buf[PREFIX_STRLEN];

	if (len != sizeof(a))
		return (-1);
	memcpy(&a, data, sizeof(a));
	a.reason[sizeof(a.reason) - 1] = '\0';
	a.depends[sizeof(a.depends) - 1] = '\0';
	o = add_row(root, "announcements");
	add_string(o, "prefix", prefix_print(&a.prefix, buf, sizeof(buf)));
	add_string(o, "state", !a.announced ? "withdrawn" :
	    a.leaving ? "leaving" : "announced");
	add_number(o, "for_ms", a.for_ms);
	add_number(o, "changes", a.changes);
	add_string(o, "depends_on", a.depends);
	add_string(o, "reason", a.reason);
	return (0);
}

int
show_announcements(struct json_object *root, uint32_t type, const void *data,
    size_t len)
{
	switch (type) {
	case CTL_SOURCE:
		return (source_row(root, data, len));
	case CTL_ANNOUNCEMENT:
		return (announcement_row(root, data, len));
	default:
		return (-1);
	}
}
