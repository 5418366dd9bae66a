/*
 * How verdicts are reached, and checks, as configured: see conf_health.h.
 * Runs in the parent.
 */
#include <string.h>

#include "conf_health.h"

void
conf_hold_down(struct conf *lexer, struct conf_verdict *v, int64_t ms,
    int64_t max, int64_t forget)
{
	if (conf_range(lexer, "hold-down in ms", ms, 0, 3600000,
	    &v->hold_ms) == 0)
		(void)conf_range(lexer, "max in ms", max, ms, 3600000,
		    &v->hold_max_ms);
	(void)conf_range(lexer, "forget in ms", forget, 1000, 86400000,
	    &v->forget_ms);
}

void
conf_drain_file(struct conf *lexer, struct conf_health *h, const char *path)
{
	if (*path != '/')
		conf_error(lexer, "drain-file %s: not an absolute path",
		    path);
	conf_string(lexer, "drain-file", path, h->drain_file,
	    sizeof(h->drain_file));
}

/* --- checks ------------------------------------------------------------ */

/* All ones: not given. */
static void
verdict_unset(struct conf_verdict *v)
{
	memset(v, 0xff, sizeof(*v));
}

/* Names of relays mean these on the command line, and so does "all". */
static int
is_taken(const char *name)
{
	static const char *const	 kinds[] = RELAY_KIND_NAMES;
	int				 i;

	for (i = 0; i < RELAY_NKINDS; i++)
		if (strcmp(name, kinds[i]) == 0)
			return (1);
	return (strcmp(name, DRAIN_ALL) == 0);
}

void
conf_check_begin(struct conf *lexer, struct conf_check *c, const char *name)
{
	memset(c, 0, sizeof(*c));
	c->lease_s = 60;
	verdict_unset(&c->verdict);
	if (!conf_name_valid(name, sizeof(c->name)))
		conf_error(lexer, "check %s: not a name: letters, digits, "
		    ". _ and -, at most %d", name, LIMIT_NAME - 1);
	else if (is_taken(name))
		conf_error(lexer, "check %s: this name is taken", name);
	else
		strlcpy(c->name, name, sizeof(c->name));
}

void
conf_lease(struct conf *lexer, struct conf_check *c, int64_t ms)
{
	if (ms % 1000 != 0)
		conf_error(lexer, "lease: expected whole seconds");
	else
		(void)conf_range(lexer, "lease in seconds", ms / 1000, 1,
		    LIMIT_LEASE_S, &c->lease_s);
}

void
conf_check_end(struct conf *lexer, struct conf_health *h,
    const struct conf_check *c)
{
	uint32_t	 i;

	if (c->name[0] == '\0')
		return;
	for (i = 0; i < h->nchecks; i++)
		if (strcmp(h->checks[i].name, c->name) == 0) {
			conf_error(lexer, "check %s given twice", c->name);
			return;
		}
	if (h->nchecks == LIMIT_CHECKS)
		conf_error(lexer, "more than %d checks", LIMIT_CHECKS);
	else
		h->checks[h->nchecks++] = *c;
}

/* --- defaults ---------------------------------------------------------- */

void
conf_health_before(struct conf_health *h)
{
	int	 i;

	h->drain_ms = 2000;
	strlcpy(h->drain_file, RELAYD6_DRAIN, sizeof(h->drain_file));
	h->verdict.rise = 3;
	h->verdict.fall = 1;
	h->verdict.hold_ms = 1000;
	h->verdict.hold_max_ms = 300000;
	h->verdict.forget_ms = 60000;
	for (i = 0; i < RELAY_NKINDS; i++)
		verdict_unset(&h->relay[i]);
}

static void
verdict_fill(struct conf_verdict *v, const struct conf_verdict *from)
{
	if (v->rise == UINT32_MAX)
		v->rise = from->rise;
	if (v->fall == UINT32_MAX)
		v->fall = from->fall;
	if (v->settle_ms == UINT32_MAX)
		v->settle_ms = from->settle_ms;
	if (v->hold_ms == UINT32_MAX) {
		v->hold_ms = from->hold_ms;
		v->hold_max_ms = from->hold_max_ms;
		v->forget_ms = from->forget_ms;
	}
}

/* Reports on checks are not as frequent as rounds: one is enough. */
void
conf_health_after(struct conf_health *h)
{
	struct conf_verdict	 of_checks = h->verdict;
	uint32_t		 i;

	of_checks.rise = 1;
	for (i = 0; i < RELAY_NKINDS; i++)
		verdict_fill(&h->relay[i], &h->verdict);
	for (i = 0; i < h->nchecks; i++)
		verdict_fill(&h->checks[i].verdict, &of_checks);
}
