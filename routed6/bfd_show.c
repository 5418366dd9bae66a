/*
 * What the bfd process tells of its sessions, for ctl6.  Changes nothing.
 */
#include <sys/types.h>
#include <sys/queue.h>

#include <string.h>

#include "bfd_proc.h"

static void
row_send(const struct bfd_peer *p, uint32_t client)
{
	const struct bfd_session	*s = &p->s;
	struct routed_bfd_row		 r;

	memset(&r, 0, sizeof(r));
	r.client = client;
	r.row.addr = s->path.remote;
	r.row.local = p->local;
	strlcpy(r.row.state, bfd_state_name(s->state), sizeof(r.row.state));
	r.row.mult = s->want.mult;
	r.row.interval = bfd_session_interval(s);
	r.row.detection = bfd_session_detection(s) / MONO_US(1);
	r.row.for_ms = mono_sub(mono_now(), s->since) / MONO_MS(1);
	r.row.in = s->count.in;
	r.row.out = s->count.out;
	strlcpy(r.row.reason, p->down, sizeof(r.row.reason));
	proc_send(p->bfd->pr, ANNOUNCE, M_BFD_ROW, &r, -1);
}

static void
fill_times(const struct bfd_session *s, struct ctl_bfd_detail *d)
{
	d->want_tx = s->want.min_tx;
	d->want_rx = s->want.min_rx;
	d->min_tx = s->min_tx;
	d->min_rx = s->min_rx;
	d->remote_tx = s->remote_min_tx;
	d->remote_rx = s->remote_min_rx;
	d->remote_mult = s->remote_mult;
	d->gap = s->count.gap / MONO_US(1);
	d->poll = s->poll;
}

static void
fill_words(const struct bfd_peer *p, struct ctl_bfd_detail *d)
{
	static const char *const	 auths[BFD_NAUTHS] = BFD_AUTH_NAMES;
	const struct bfd_session	*s = &p->s;
	int				 role;

	strlcpy(d->remote_state, bfd_state_name(s->remote_state),
	    sizeof(d->remote_state));
	strlcpy(d->diag, bfd_diag_name(s->diag), sizeof(d->diag));
	strlcpy(d->remote_diag, bfd_diag_name(s->remote_diag),
	    sizeof(d->remote_diag));
	strlcpy(d->auth, auths[s->key.type], sizeof(d->auth));
	d->key_id = s->key.id;
	for (role = 0; role < routed6_def.nroles; role++)
		if (p->askers & PROC_BIT(role)) {
			if (d->askers[0] != '\0')
				strlcat(d->askers, " ", sizeof(d->askers));
			strlcat(d->askers, routed6_def.roles[role].name,
			    sizeof(d->askers));
		}
}

static void
fill_drops(const uint64_t count[BFD_NRULES], struct ctl_bfd_drops *d)
{
	int	 i;

	for (i = 0; i < CTL_BFD_RULES; i++) {
		strlcpy(d->drop[i].name, bfd_rule_name(i + 1),
		    sizeof(d->drop[i].name));
		d->drop[i].count = count[i + 1];
	}
}

static void
detail_send(const struct bfd_peer *p, uint32_t client)
{
	const struct bfd_session	*s = &p->s;
	struct routed_bfd_detail	 r;
	struct ctl_bfd_detail		*d = &r.detail;

	memset(&r, 0, sizeof(r));
	r.client = client;
	d->multihop = s->path.multihop;
	d->hops_min = s->path.hops_min;
	d->local_port = p->port;
	d->local_discr = s->local_discr;
	d->remote_discr = s->remote_discr;
	d->remote_cpi = (s->remote_flags & BFD_CPI) != 0;
	d->remote_demand = (s->remote_flags & BFD_DEMAND) != 0;
	d->ups = s->count.ups;
	d->polls = s->count.polls;
	d->send_errors = p->send_errors;
	d->down_ms = p->down[0] == '\0' ? CTL_NEVER :
	    (uint64_t)(mono_sub(mono_now(), p->down_at) / MONO_MS(1));
	fill_times(s, d);
	fill_words(p, d);
	fill_drops(s->count.rule, &d->drops);
	proc_send(p->bfd->pr, ANNOUNCE, M_BFD_DETAIL, &r, -1);
}

static void
drops_send(const struct bfd *bfd, uint32_t client)
{
	struct routed_bfd_drops	 r;

	memset(&r, 0, sizeof(r));
	r.client = client;
	fill_drops(bfd->drop, &r.drops);
	proc_send(bfd->pr, ANNOUNCE, M_BFD_DROPS, &r, -1);
}

void
bfd_show_on_ask(void *ctx, int from, const void *data, int fd)
{
	struct routed_bfd_ask	 ask;
	struct routed_done	 done;
	struct bfd		*bfd = ctx;
	struct bfd_peer		*p;
	int			 all, found = 0;

	memcpy(&ask, data, sizeof(ask));
	all = ask.addr.af == 0;
	TAILQ_FOREACH(p, &bfd->peers, entry) {
		if (!all && !ipaddr_equal(&ask.addr, &p->s.path.remote))
			continue;
		found = 1;
		row_send(p, ask.client);
		if (!all)
			detail_send(p, ask.client);
	}
	if (all)
		drops_send(bfd, ask.client);
	memset(&done, 0, sizeof(done));
	done.client = ask.client;
	if (!all && !found) {
		done.end.status = 1;
		strlcpy(done.end.text, "no BFD session with that address",
		    sizeof(done.end.text));
	}
	proc_send(bfd->pr, ANNOUNCE, M_BFD_DONE, &done, -1);
}
