/*
 * What commands are given besides their own words: arguments become the
 * payload of a request.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl6.h"
#include "ctlmsg.h"

/* Copy an argument that has room for max bytes; -1 after saying it has not. */
static int
copy_arg(const char *what, const char *arg, char *to, size_t max)
{
	if (strlcpy(to, arg, max) < max)
		return (0);
	fprintf(stderr, "the %s is longer than %zu bytes\n", what, max - 1);
	return (-1);
}

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
	if (argc > 3 && copy_arg("reason", argv[3], ask.text,
	    sizeof(ask.text)) == -1)
		return (-1);
	memcpy(buf, &ask, sizeof(ask));
	return (sizeof(ask));
}

/* drain [NAME [REASON]], undrain [NAME] */
int
args_drain(const struct command *c, int argc, char *argv[], void *buf)
{
	struct ctl_drain	 d;

	memset(&d, 0, sizeof(d));
	d.undrain = c->value;
	if (copy_arg("name", argc > 1 ? argv[1] : "all", d.name,
	    sizeof(d.name)) == -1 || (argc > 2 && copy_arg("reason", argv[2],
	    d.reason, sizeof(d.reason)) == -1))
		return (-1);
	memcpy(buf, &d, sizeof(d));
	return (sizeof(d));
}

/* -1 after saying that it is no number of seconds. */
static int
lease_arg(const char *arg, uint32_t *lease)
{
	const char	*why;

	*lease = strtonum(arg, 1, LIMIT_LEASE_S, &why);
	if (why == NULL)
		return (0);
	fprintf(stderr, "%s seconds: %s, expected 1 to %d\n", arg, why,
	    LIMIT_LEASE_S);
	return (-1);
}

/* health NAME STATE [REASON] [for SECONDS]; value 1: with seconds. */
int
args_report(const struct command *c, int argc, char *argv[], void *buf)
{
	struct ctl_report	 r;

	memset(&r, 0, sizeof(r));
	r.up = strcmp(argv[2], "up") == 0;
	if (!r.up && strcmp(argv[2], "down") != 0) {
		fprintf(stderr, "%s: expected up or down\n", argv[2]);
		return (-1);
	}
	if (c->value == 1) {
		if (lease_arg(argv[argc - 1], &r.lease_s) == -1)
			return (-1);
		argc -= 2;
	}
	if (copy_arg("name", argv[1], r.name, sizeof(r.name)) == -1 ||
	    (argc > 3 && copy_arg("reason", argv[3], r.reason,
	    sizeof(r.reason)) == -1))
		return (-1);
	memcpy(buf, &r, sizeof(r));
	return (sizeof(r));
}
