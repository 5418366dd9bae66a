/*
 * What commands are given besides their own words: arguments become the
 * payload of a request.
 */
#include <stdio.h>
#include <string.h>

#include "ctl6.h"
#include "ctlmsg.h"

int
args_log(const struct command *c, int argc, char *argv[], void *buf)
{
	struct ctl_log	 l = { c->value };

	memcpy(buf, &l, sizeof(l));
	return (sizeof(l));
}

/* -1 after saying that it is none. */
static int
address(const char *s, struct ipaddr *a)
{
	if (ipaddr_parse(a, s) == 0)
		return (0);
	fprintf(stderr, "%s: not an address, such as 2001:db8::1 or "
	    "fe80::1%%eth0\n", s);
	return (-1);
}

/* show bfd [ADDRESS] */
int
args_bfd(const struct command *c, int argc, char *argv[], void *buf)
{
	struct ctl_bfd_ask	 ask;

	memset(&ask, 0, sizeof(ask));
	if (argc > 2 && address(argv[2], &ask.addr) == -1)
		return (-1);
	memcpy(buf, &ask, sizeof(ask));
	return (sizeof(ask));
}

/* peer ADDRESS what [REASON], show peers ADDRESS */
int
args_peer(const struct command *c, int argc, char *argv[], void *buf)
{
	struct ctl_peer_ask	 ask;
	const char		*addr = argv[c->value == CTL_PEER_SHOW ? 2 : 1];

	memset(&ask, 0, sizeof(ask));
	ask.what = c->value;
	if (address(addr, &ask.addr) == -1)
		return (-1);
	if (argc > 3 && strlcpy(ask.text, argv[3], sizeof(ask.text)) >=
	    sizeof(ask.text)) {
		fprintf(stderr, "the reason is longer than %zu bytes\n",
		    sizeof(ask.text) - 1);
		return (-1);
	}
	memcpy(buf, &ask, sizeof(ask));
	return (sizeof(ask));
}
