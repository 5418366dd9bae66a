/*
 * Neighbors of the bgp process and BFD: asks the bfd process to watch over
 * those that the configuration says, and drops a neighbor whose path has
 * failed, with a Cease that says so (RFC 5882 4, RFC 9384).  That a BGP session
 * ends for another reason does not concern BFD, which stays.
 */
#include <sys/types.h>
#include <sys/queue.h>

#include <string.h>

#include "bgp_proc.h"
#include "log.h"

static int
same_session(const struct routed_bfd *a, const struct routed_bfd *b)
{
	return (a->multihop == b->multihop &&
	    ipaddr_equal(&a->remote, &b->remote));
}

void
vigil_end(struct neighbor *nb)
{
	struct vigil	*v = &nb->vigil;

	if (v->asked)
		proc_send(nb->bgp->pr, BFD, M_BFD_UNWANT, &v->session, -1);
	memset(v, 0, sizeof(*v));
}

static void
vigil_begin(struct neighbor *nb, const struct routed_bfd *session)
{
	const struct bgp_conf_peer	*c = bgp_peer_conf(nb->peer);
	struct routed_bfd_want		 w;

	memset(&w, 0, sizeof(w));
	w.session = *session;
	w.local = c->local;
	w.conf = c->bfd;
	strlcpy(w.name, c->name, sizeof(w.name));
	nb->vigil.asked = 1;
	nb->vigil.session = *session;
	proc_send(nb->bgp->pr, BFD, M_BFD_WANT, &w, -1);
}

void
vigil_update(struct neighbor *nb)
{
	const struct bgp_conf_peer	*c = bgp_peer_conf(nb->peer);
	struct routed_bfd		 session;
	int				 on;

	memset(&session, 0, sizeof(session));
	session.remote = c->remote;
	session.multihop = (c->bfd.flags & BFD_F_MULTIHOP) != 0;
	on = (c->bfd.flags & BFD_F_ON) && !nb->down;
	if (nb->vigil.asked &&
	    (!on || !same_session(&session, &nb->vigil.session)))
		vigil_end(nb);
	if (on)
		vigil_begin(nb, &session);
}

int
vigil_forbids(const struct neighbor *nb)
{
	const struct bfd_conf	*c = &bgp_peer_conf(nb->peer)->bfd;

	return ((c->flags & BFD_F_ON) && (c->flags & BFD_F_STRICT) &&
	    !nb->vigil.up);
}

/* Without strict mode it may come back before BFD does (RFC 5882 4.3). */
static void
neighbor_lost(struct neighbor *nb)
{
	char	 name[NEIGHBOR_NAME];

	log_info("neighbor %s: BFD %s", neighbor_name(nb->peer, name,
	    sizeof(name)), nb->vigil.words);
	if (vigil_forbids(nb)) {
		nb->started = 0;
		bgp_peer_stop(nb->peer, BGP_CEASE_BFD, NULL, mono_now());
	} else if (bgp_peer_state(nb->peer) >= BGP_OPENSENT)
		bgp_peer_reset(nb->peer, BGP_CEASE_BFD, NULL, mono_now());
}

/*
 * RFC 5882 4.2: that the peer took BFD down on purpose says nothing about the
 * path.  A strict neighbor that has a session keeps it then.
 */
void
vigil_on_state(void *ctx, int from, const void *data, int fd)
{
	struct routed_bfd_state	 st;
	struct bgp		*bgp = ctx;
	struct neighbor		*nb;
	int			 was;

	memcpy(&st, data, sizeof(st));
	st.words[sizeof(st.words) - 1] = '\0';
	if (bgp->stopping || (nb = neighbor_find(bgp,
	    &st.session.remote)) == NULL || !nb->vigil.asked ||
	    !same_session(&st.session, &nb->vigil.session))
		return;
	was = nb->vigil.up;
	nb->vigil.up = st.up;
	strlcpy(nb->vigil.words, st.words, sizeof(nb->vigil.words));
	if (was && !st.up && !st.admin)
		neighbor_lost(nb);
	if (!was && st.up && nb->fate == FATE_STAY)
		neighbor_start(nb);
	neighbor_run(nb);
}
