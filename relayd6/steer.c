/*
 * Steering: drains, checks, and what of all this is news.  Runs in the health
 * process; what operators have drained it has from the parent, which keeps it
 * for the next start.
 */
#include <sys/types.h>

#include <stdio.h>
#include <string.h>

#include "ctlevent.h"
#include "health.h"
#include "log.h"

static const char *const	state_names[VERDICT_NSTATES] = VERDICT_NAMES;

struct subject *
steer_subject(struct health *h, int i)
{
	int	 kind;

	for (kind = 0; kind < RELAY_NKINDS; kind++)
		if (h->patient[kind].enabled && i-- == 0)
			return (&h->patient[kind].subject);
	return (i < (int)h->nchecks ? &h->check[i].subject : NULL);
}

struct subject *
steer_find(struct health *h, const char *name)
{
	struct subject	*s;
	int		 i;

	for (i = 0; (s = steer_subject(h, i)) != NULL; i++)
		if (strcmp(s->name, name) == 0)
			return (s);
	return (NULL);
}

/* --- news -------------------------------------------------------------- */

static int
is_check(const struct health *h, const struct subject *s)
{
	uint32_t	 i;

	for (i = 0; i < h->nchecks; i++)
		if (s == &h->check[i].subject)
			return (1);
	return (0);
}

static void
tell(struct health *h, const struct subject *s, uint32_t was)
{
	const struct ctl_verdict	*v = &s->told;
	const char			*what = "verdict", *prefix = "";

	if (is_check(h, s))
		what = prefix = "check";
	if (v->state >= VERDICT_DRAINING)
		what = "drain";
	if (v->state == VERDICT_UP)
		log_info("%s%s%s is healthy", prefix, *prefix ? " " : "",
		    s->name);
	else if (v->state != was && v->state != VERDICT_RISING)
		log_info("%s%s%s is %s: %s", prefix, *prefix ? " " : "",
		    s->name, state_names[v->state], v->reason);
	else
		log_debug("%s is %s: %s", s->name, state_names[v->state],
		    v->reason);
	ctl_event(h->server, what, s->name, state_names[v->state], v->reason);
}

/* Why it is to be drained, or NULL. */
static const char *
drain_reason(const struct health *h, const struct subject *s, char *buf,
    size_t len)
{
	const struct drain_entry	*e;

	if (h->leaving)
		return (h->leave.reason);
	if ((e = drain_wanted(&h->drains, s->name)) == NULL)
		return (NULL);
	snprintf(buf, len, "on command%s%.80s", e->reason[0] == '\0' ? "" :
	    ": ", e->reason);
	return (buf);
}

int
steer_run(struct health *h)
{
	static const struct proc_empty	 empty;
	struct subject			*s;
	uint32_t			 was;
	int64_t				 time;
	char				 buf[LIMIT_REASON];
	int				 i, news = 0, public = 0;

	time = MONO_MS(h->leaving ? h->leave.drain_ms :
	    h->conf.health.drain_ms);
	for (i = 0; (s = steer_subject(h, i)) != NULL; i++) {
		subject_drain(s, drain_reason(h, s, buf, sizeof(buf)), time,
		    mono_now());
		was = s->told.state;
		if (subject_news(s)) {
			tell(h, s, was);
			news = 1;
		}
		public |= subject_public(s);
	}
	if (h->leaving && !h->left && !public) {
		h->left = 1;
		proc_send(h->pr, PROC_PARENT, M_LEFT, &empty, -1);
	}
	return (news);
}

/* --- checks ------------------------------------------------------------ */

static const struct check *
check_find(const struct check *list, uint32_t n, const char *name)
{
	uint32_t	 i;

	for (i = 0; i < n; i++)
		if (strcmp(list[i].conf.name, name) == 0)
			return (&list[i]);
	return (NULL);
}

void
steer_conf(struct health *h)
{
	const struct conf_check	*conf;
	const struct check	*old;
	struct check		 next[LIMIT_CHECKS];
	uint32_t		 i;

	memset(next, 0, sizeof(next));
	for (i = 0; i < h->conf.health.nchecks; i++) {
		conf = &h->conf.health.checks[i];
		if ((old = check_find(h->check, h->nchecks,
		    conf->name)) == NULL) {
			check_init(&next[i], conf, mono_now());
			continue;
		}
		next[i] = *old;
		next[i].conf = *conf;
		next[i].subject.verdict.conf = conf->verdict;
	}
	memcpy(h->check, next, sizeof(h->check));
	h->nchecks = h->conf.health.nchecks;
	health_news(h);
}

/* --- drains ------------------------------------------------------------ */

void
steer_on_leave(void *ctx, int from, const void *data, int fd)
{
	struct health	*h = ctx;

	memcpy(&h->leave, data, sizeof(h->leave));
	h->leaving = 1;
	h->left = 0;
	health_news(h);
}

void
steer_on_drains(void *ctx, int from, const void *data, int fd)
{
	struct health	*h = ctx;

	memcpy(&h->drains, data, sizeof(h->drains));
	health_news(h);
}

void
steer_on_drained(void *ctx, int from, const void *data, int fd)
{
	const struct relay_drained	*d = data;
	struct ctl_client		*c;
	struct health			*h = ctx;

	if ((c = ctl_client_find(h->server, d->client)) != NULL)
		ctl_end(c, d->end.status, d->end.text);
}
