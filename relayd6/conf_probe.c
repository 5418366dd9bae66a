/*
 * What the words of a probe block mean: see conf_probe.h.  Runs where the
 * configuration is read.
 */
#include <string.h>

#include "conf_probe.h"

void
conf_probe_init(struct conf_probe *p)
{
	memset(p, 0, sizeof(*p));
	p->need = PROBE_MAJORITY;
	p->interval_ms = 1000;
	p->fall = 2;
}

/* A host of the native Internet. */
static int
is_native(const struct ipaddr *a)
{
	int	 i;

	for (i = 0; i < RELAY_NKINDS; i++)
		if (prefix_covers(kind_prefix(i), a->af, a->b))
			return (0);
	return (a->af == 6 && a->scope == 0);
}

void
conf_probe_target(struct conf *lexer, struct conf_probe *p, const char *addr,
    int native, int64_t port)
{
	struct conf_target	 t = { .native = native };
	struct ipaddr		 a;
	uint32_t		 i;

	if (port != -1 && (port < 1 || port > UINT16_MAX))
		conf_error(lexer, "port %lld: expected 1 to 65535",
		    (long long)port);
	if (ipaddr_parse(&a, addr) == -1 || !is_native(&a)) {
		conf_error(lexer, "target %s: not a native IPv6 address",
		    addr);
		return;
	}
	t.port = port == -1 ? 0 : port;
	memcpy(&t.addr, a.b, sizeof(t.addr));
	for (i = 0; i < p->ntargets; i++)
		if (memcmp(&p->target[i], &t, sizeof(t)) == 0) {
			conf_error(lexer, "target given twice");
			return;
		}
	if (p->ntargets == LIMIT_PROBE_TARGETS)
		conf_error(lexer, "more than %d targets",
		    LIMIT_PROBE_TARGETS);
	else
		p->target[p->ntargets++] = t;
}

void
conf_probe_need(struct conf *lexer, struct conf_probe *p, const char *word)
{
	static const char *const	 names[] = PROBE_NEED_NAMES;
	uint32_t			 i;

	for (i = 0; i < nitems(names); i++)
		if (strcmp(word, names[i]) == 0) {
			p->need = i;
			return;
		}
	conf_error(lexer, "need %s: expected any, majority or all", word);
}

void
conf_probe_end(struct conf *lexer, struct conf_probe *p, int kind,
    struct conf_health *h)
{
	int	 i;

	if (p->ntargets == 0)
		conf_error(lexer, "probe without a target");
	if (p->timeout_ms == 0)
		p->timeout_ms = p->interval_ms < 2 * LIMIT_PROBE_MIN_MS ?
		    LIMIT_PROBE_MIN_MS : p->interval_ms / 2;
	if (p->timeout_ms > p->interval_ms)
		conf_error(lexer, "timeout is longer than interval");
	for (i = 0; i < RELAY_NKINDS; i++) {
		if (kind != -1 && kind != i)
			continue;
		if (h->probe[i].ntargets != 0)
			conf_error(lexer, "probe given twice for one relay");
		h->probe[i] = *p;
	}
}

void
conf_probe_check(struct conf *lexer, const int named[RELAY_NKINDS],
    struct relayd6_conf *c)
{
	static const char *const	 names[] = RELAY_KIND_NAMES;
	const int			 enabled[RELAY_NKINDS] = {
		c->sixtofour.enabled, c->teredo.enabled
	};
	int				 i;

	for (i = 0; i < RELAY_NKINDS; i++) {
		if (enabled[i])
			continue;
		if (named[i])
			conf_error(lexer, "probe %s without relay %s",
			    names[i], names[i]);
		memset(&c->health.probe[i], 0, sizeof(c->health.probe[i]));
	}
}
