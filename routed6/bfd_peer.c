/*
 * Sessions of the bfd process: between the engine of one (bfd_session.c), its
 * socket, its timer and the processes that asked for it.  Decides nothing
 * about what a session that goes down means.
 */
#include <sys/types.h>
#include <sys/queue.h>
#include <sys/socket.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bfd_proc.h"
#include "log.h"

#define RETRY		MONO_S(1)	/* between attempts to get a socket */
#define LINGER_MAX	MONO_S(3)	/* for a peer to hear the last word */
#define UP_AGAIN	MONO_S(1)	/* from a down told to an up told */

/* --- what those who asked are told ------------------------------------- */

static void
state_fill(const struct bfd_peer *p, struct routed_bfd_state *st)
{
	memset(st, 0, sizeof(*st));
	st->session.remote = p->s.path.remote;
	st->session.multihop = p->s.path.multihop;
	st->up = p->told_up;
	st->admin = !p->told_up && p->s.remote_state == BFD_ADMINDOWN;
	if (p->told_up)
		strlcpy(st->words, "up", sizeof(st->words));
	else if (p->down[0] == '\0')
		strlcpy(st->words, "not up yet", sizeof(st->words));
	else
		snprintf(st->words, sizeof(st->words), "down: %s", p->down);
}

static void
state_tell(struct bfd_peer *p)
{
	struct routed_bfd_state	 st;
	int			 role;

	state_fill(p, &st);
	for (role = 0; role < PROC_MAX_ROLES; role++)
		if (p->askers & PROC_BIT(role))
			proc_send(p->bfd->pr, role, M_BFD_STATE, &st, -1);
}

/* Ours when we noticed, the peer's when it said so. */
static void
down_words(struct bfd_peer *p)
{
	const struct bfd_session	*s = &p->s;

	if (s->diag != BFD_DIAG_NEIGHBOR)
		strlcpy(p->down, bfd_diag_name(s->diag), sizeof(p->down));
	else
		snprintf(p->down, sizeof(p->down), "the peer says %s, %s",
		    bfd_state_name(s->remote_state),
		    bfd_diag_name(s->remote_diag));
}

/* For those who monitor us, in the words of a session's row. */
static void
event_tell(struct bfd_peer *p)
{
	char	 subject[IPADDR_STRLEN + 4];

	snprintf(subject, sizeof(subject), "bfd %s", p->name);
	routed_event(&p->bfd->news, "session", subject,
	    bfd_state_name(p->s.state), p->told_up ? "" : p->down);
}

/*
 * Down is told at once.  Up has to wait a while after that: or a peer that
 * flaps a thousand times a second would have everybody work that often.
 */
static void
state_report(struct bfd_peer *p, mono_t now)
{
	int	 up = p->s.state == BFD_UP;

	if (up == p->told_up || (up && p->down_at.ns != 0 &&
	    mono_sub(now, p->down_at) < UP_AGAIN))
		return;
	p->told_up = up;
	if (up)
		log_info("BFD with %s: up", p->name);
	else {
		p->down_at = now;
		down_words(p);
		log_info("BFD with %s: down: %s", p->name, p->down);
	}
	state_tell(p);
	event_tell(p);
}

/* --- sockets ----------------------------------------------------------- */

static void
socket_close(struct bfd_peer *p)
{
	if (p->fd != -1)
		close(p->fd);
	p->fd = -1;
	p->broken = 0;
	p->port = 0;
	memset(&p->local, 0, sizeof(p->local));
}

/* Has it the key that it is to have? */
static int
is_keyed(const struct bfd_peer *p)
{
	return (p->conf.key == 0 || p->s.key.type != BFD_AUTH_NONE);
}

static void
socket_ask(struct bfd_peer *p)
{
	struct routed_bfd_socket	 bs;

	if (p->fd != -1 || p->asked || p->askers == 0 || !is_keyed(p))
		return;
	memset(&bs, 0, sizeof(bs));
	bs.session.remote = p->s.path.remote;
	bs.session.multihop = p->s.path.multihop;
	bs.local = p->wanted;
	p->asked = 1;
	proc_send(p->bfd->pr, PROC_PARENT, M_BFD_OPEN, &bs, -1);
}

/*
 * An error that an earlier packet brought back is not one of this packet.  One
 * that stays, as of an address that has gone, needs another socket.
 */
static void
packet_send(struct bfd_peer *p, const uint8_t *buf, size_t len)
{
	if (p->fd == -1)
		return;
	if (send(p->fd, buf, len, 0) != -1 ||
	    (errno == ECONNREFUSED && send(p->fd, buf, len, 0) != -1)) {
		p->broken = 0;
		return;
	}
	p->send_errors++;
	if (p->broken || errno == EAGAIN || errno == ENOBUFS ||
	    errno == ECONNREFUSED || errno == EPERM)
		return;
	p->broken = 1;
	timer_arm(&p->retry, RETRY);
}

void
bfd_peer_run(struct bfd_peer *p)
{
	mono_t	 now = mono_now(), when;
	uint8_t	 buf[BFD_PACKET_MAX];
	size_t	 len;

	while ((len = bfd_session_output(&p->s, buf, arc4random(), now)) > 0)
		packet_send(p, buf, len);
	state_report(p, now);
	when = bfd_session_deadline(&p->s);
	if (p->s.state == BFD_UP && !p->told_up &&
	    mono_reached(when, mono_add(p->down_at, UP_AGAIN)))
		when = mono_add(p->down_at, UP_AGAIN);
	timer_arm(&p->deadline, mono_sub(when, now));
}

/* Whoever spoke in time and only waits to be heard is not dead. */
static void
on_deadline(int fd, short event, void *arg)
{
	struct bfd_peer	*p = arg;

	bfd_drain(p->bfd);
	bfd_session_tick(&p->s, mono_now());
	bfd_peer_run(p);
}

static void
peer_free(struct bfd_peer *p)
{
	struct bfd	*bfd = p->bfd;

	socket_close(p);
	timer_stop(&p->deadline);
	timer_stop(&p->retry);
	TAILQ_REMOVE(&bfd->sessions, &p->s, entry);
	TAILQ_REMOVE(&bfd->peers, p, entry);
	bfd->npeers--;
	freezero(p, sizeof(*p));
}

/* The answer to a question that is on its way still finds the session. */
static void
on_retry(int fd, short event, void *arg)
{
	struct bfd_peer	*p = arg;

	if (p->askers == 0 && !p->asked) {
		peer_free(p);
		return;
	}
	if (p->askers == 0)
		timer_arm(&p->retry, RETRY);
	if (p->broken)
		socket_close(p);
	socket_ask(p);
}

/* --- who asks for what ------------------------------------------------- */

static uint64_t
conf_patience(const struct bfd_conf *c)
{
	return ((uint64_t)c->min_rx * c->mult);
}

/* The least patient of those who asked has its way. */
static void
conf_choose(struct bfd_peer *p)
{
	const struct bfd_conf	*best = NULL;
	int			 role;

	for (role = 0; role < PROC_MAX_ROLES; role++)
		if ((p->askers & PROC_BIT(role)) && (best == NULL ||
		    conf_patience(&p->ask[role]) < conf_patience(best)))
			best = &p->ask[role];
	if (best != NULL)
		p->conf = *best;
}

/*
 * Where it is sent from is the choice of the first one who has any; what was
 * chosen stays when nobody insists on it any longer.
 */
static void
local_choose(struct bfd_peer *p)
{
	const struct ipaddr	*a = NULL;
	int			 role;

	for (role = PROC_MAX_ROLES - 1; role >= 0; role--)
		if ((p->askers & PROC_BIT(role)) && p->from[role].af != 0)
			a = &p->from[role];
	if (a == NULL || ipaddr_equal(&p->wanted, a))
		return;
	p->wanted = *a;
	if (p->fd != -1 && !ipaddr_equal(&p->local, a))
		socket_close(p);
}

static const struct bfd_key *
key_find(const struct bfd *bfd, uint32_t number)
{
	int	 i;

	for (i = 0; i < bfd->nkeys; i++)
		if (bfd->keys[i].number == number)
			return (&bfd->keys[i].key);
	return (NULL);
}

/* What is in force from now on. */
static void
peer_apply(struct bfd_peer *p)
{
	const struct bfd_key	*key;
	struct bfd_times	 t;

	conf_choose(p);
	local_choose(p);
	if ((key = key_find(p->bfd, p->conf.key)) == NULL &&
	    p->conf.key != 0)
		key = &p->s.key;	/* until the parent has told it */
	t.min_tx = p->conf.min_tx * 1000;
	t.min_rx = p->conf.min_rx * 1000;
	t.mult = p->conf.mult;
	p->s.path.hops_min = p->conf.hops_min;
	bfd_session_reconf(&p->s, &t, key);
	socket_ask(p);
}

void
bfd_peers_rekey(struct bfd *bfd)
{
	struct bfd_peer	*p;

	TAILQ_FOREACH(p, &bfd->peers, entry)
		if (p->askers != 0) {
			peer_apply(p);
			bfd_peer_run(p);
		}
}

struct bfd_peer *
bfd_peer_find(struct bfd *bfd, const struct routed_bfd *id)
{
	struct bfd_peer	*p;

	TAILQ_FOREACH(p, &bfd->peers, entry)
		if (p->s.path.multihop == id->multihop &&
		    ipaddr_equal(&p->s.path.remote, &id->remote))
			return (p);
	return (NULL);
}

static uint32_t
discr_new(const struct bfd *bfd)
{
	const struct bfd_session	*s;
	uint32_t			 discr;

	do {
		discr = arc4random();
		TAILQ_FOREACH(s, &bfd->sessions, entry)
			if (s->local_discr == discr)
				discr = 0;
	} while (discr == 0);
	return (discr);
}

static struct bfd_peer *
peer_new(struct bfd *bfd, const struct routed_bfd_want *w)
{
	struct bfd_path	 path;
	struct bfd_times t = { BFD_SLOW, BFD_SLOW, 3 };
	struct bfd_peer	*p;

	if ((p = calloc(1, sizeof(*p))) == NULL)
		fatal("BFD session");
	memset(&path, 0, sizeof(path));
	path.remote = w->session.remote;
	path.multihop = w->session.multihop;
	bfd_session_init(&p->s, &path, discr_new(bfd), arc4random(), &t, NULL,
	    mono_now());
	p->bfd = bfd;
	p->fd = -1;
	strlcpy(p->name, w->name, sizeof(p->name));
	timer_init(&p->deadline, on_deadline, p);
	timer_init(&p->retry, on_retry, p);
	TAILQ_INSERT_TAIL(&bfd->sessions, &p->s, entry);
	TAILQ_INSERT_TAIL(&bfd->peers, p, entry);
	bfd->npeers++;
	return (p);
}

/* No room: whoever asked is told that it will not come. */
static void
want_refuse(struct bfd *bfd, int from, const struct routed_bfd_want *w)
{
	struct routed_bfd_state	 st;

	log_warnx("BFD with %s: more than %d sessions", w->name,
	    LIMIT_BFD_SESSIONS);
	memset(&st, 0, sizeof(st));
	st.session = w->session;
	strlcpy(st.words, "too many sessions", sizeof(st.words));
	proc_send(bfd->pr, from, M_BFD_STATE, &st, -1);
}

/* Also for one that was about to go. */
void
bfd_peer_on_want(void *ctx, int from, const void *data, int fd)
{
	struct routed_bfd_want	 w;
	struct routed_bfd_state	 st;
	struct bfd		*bfd = ctx;
	struct bfd_peer		*p;

	memcpy(&w, data, sizeof(w));
	if ((p = bfd_peer_find(bfd, &w.session)) == NULL) {
		if (bfd->npeers == LIMIT_BFD_SESSIONS) {
			want_refuse(bfd, from, &w);
			return;
		}
		p = peer_new(bfd, &w);
	}
	if (p->askers == 0)
		bfd_session_event(&p->s, BFD_EV_ENABLE, mono_now());
	p->askers |= PROC_BIT(from);
	p->ask[from] = w.conf;
	p->from[from] = w.local;
	peer_apply(p);
	state_fill(p, &st);
	proc_send(bfd->pr, from, M_BFD_STATE, &st, -1);
	bfd_peer_run(p);
}

/* Nobody wants it any more: say so, for a while (RFC 5880 6.8.16). */
static void
peer_leave(struct bfd_peer *p)
{
	int64_t	 linger = bfd_session_detection(&p->s);

	bfd_session_event(&p->s, BFD_EV_DISABLE, mono_now());
	bfd_peer_run(p);
	timer_arm(&p->retry, linger < LINGER_MAX ? linger : LINGER_MAX);
}

void
bfd_peer_on_unwant(void *ctx, int from, const void *data, int fd)
{
	const struct routed_bfd	*id = data;
	struct bfd		*bfd = ctx;
	struct bfd_peer		*p;

	if ((p = bfd_peer_find(bfd, id)) == NULL ||
	    !(p->askers & PROC_BIT(from)))
		return;
	p->askers &= ~PROC_BIT(from);
	if (p->askers == 0)
		peer_leave(p);
	else {
		peer_apply(p);
		bfd_peer_run(p);
	}
}

void
bfd_peers_event(struct bfd *bfd, enum bfd_event ev)
{
	struct bfd_peer	*p;

	TAILQ_FOREACH(p, &bfd->peers, entry) {
		p->askers = 0;
		bfd_session_event(&p->s, ev, mono_now());
		bfd_peer_run(p);
	}
}

/* --- from the parent --------------------------------------------------- */

/* One that is for another address than is wanted by now is of no use. */
void
bfd_peer_on_opened(void *ctx, int from, const void *data, int fd)
{
	const struct routed_bfd_socket	*bs = data;
	struct bfd			*bfd = ctx;
	struct bfd_peer			*p;

	if ((p = bfd_peer_find(bfd, &bs->session)) == NULL) {
		close(fd);
		return;
	}
	p->asked = 0;
	if (p->wanted.af != 0 && !ipaddr_equal(&p->wanted, &bs->local)) {
		close(fd);
		socket_ask(p);
		return;
	}
	p->fd = fd;
	p->local = bs->local;
	p->port = bs->port;
	p->s.due = 1;
	bfd_peer_run(p);
}

void
bfd_peer_on_unopened(void *ctx, int from, const void *data, int fd)
{
	const struct routed_bfd_socket	*bs = data;
	struct bfd			*bfd = ctx;
	struct bfd_peer			*p;

	if ((p = bfd_peer_find(bfd, &bs->session)) == NULL)
		return;
	p->asked = 0;
	log_debug("BFD with %s: %s", p->name, strerror(bs->error));
	timer_arm(&p->retry, RETRY);
}
