/*
 * The clients of the Teredo relay, which come in no order and may be many.
 */
#include <stdio.h>
#include <string.h>

#include "ctl6.h"
#include "ctlmsg.h"

/* show clients [PREFIX]: one address or a prefix; none is all. */
int
args_clients(const struct command *c, int argc, char *argv[], void *buf)
{
	struct ctl_filter	 f;
	struct ipaddr		 a;

	memset(&f, 0, sizeof(f));
	if (argc > 2 && prefix_parse(&f.prefix, argv[2]) == -1) {
		if (ipaddr_parse(&a, argv[2]) == -1) {
			fprintf(stderr, "%s: not an address or prefix\n",
			    argv[2]);
			return (-1);
		}
		f.prefix.af = a.af;
		f.prefix.len = 8 * ipaddr_size(a.af);
		memcpy(f.prefix.b, a.b, sizeof(f.prefix.b));
	}
	memcpy(buf, &f, sizeof(f));
	return (sizeof(f));
}

int
show_clients(struct json_object *root, uint32_t type, const void *data,
    size_t len)
{
	struct json_object	*o;
	struct ctl_client_row	 c;
	char			 buf[IPADDR_STRLEN + 8], port[8];

	if (type != CTL_CLIENT || len != sizeof(c))
		return (-1);
	memcpy(&c, data, sizeof(c));
	c.state[sizeof(c.state) - 1] = '\0';
	o = add_row(root, "clients");
	add_string(o, "address", ipaddr_print(&c.addr, buf, sizeof(buf)));
	ipaddr_print(&c.mapped, buf, sizeof(buf));
	snprintf(port, sizeof(port), ":%u", c.port & 0xffff);
	strlcat(buf, port, sizeof(buf));
	add_string(o, "mapped", buf);
	add_string(o, "server", ipaddr_print(&c.server, buf, sizeof(buf)));
	add_string(o, "state", c.state);
	add_number(o, "for_ms", c.for_ms);
	if (c.rx_ms == UINT64_MAX)
		json_object_object_add(o, "heard_ms", NULL);
	else
		add_number(o, "heard_ms", c.rx_ms);
	add_number(o, "waiting", c.held);
	add_number(o, "in_packets", c.in_packets);
	add_number(o, "out_packets", c.out_packets);
	return (0);
}
