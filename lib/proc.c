/*
 * The processes of a daemon: see proc.h.  This file has the channels, the
 * table and the heartbeat; proc_spawn.c has birth and death.
 */
#include <sys/types.h>
#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "log.h"
#include "proc_priv.h"

/* What every daemon's processes say to each other; below PROC_USER. */
static const struct proc_msg internal[PROC_NINTERNAL] = {
	[PROC_BEAT] =	{ "beat", ~0U, ~0U, sizeof(struct proc_empty), 0 },
	[PROC_READY] =	{ "ready", ~1U, 1, sizeof(struct proc_empty), 0 },
	[PROC_STOP] =	{ "stop", 1, ~1U, sizeof(struct proc_empty), 0 },
	[PROC_LINK] =	{ "link", 1, ~1U, sizeof(uint32_t), 1 },
	[PROC_VERBOSE] = { "verbose", ~0U, ~0U, sizeof(uint32_t), 0 },
	[PROC_RELOAD] =	{ "reload", ~1U, 1, sizeof(uint32_t), 0 },
	[PROC_RELOADED] = { "reloaded", 1, ~1U, sizeof(struct proc_reloaded),
	    0 },
	[PROC_LOG] =	{ "log", ~1U, 1, sizeof(struct proc_logline), 0 }
};

/* The row of a type, or NULL when there is none. */
static const struct proc_msg *
msg_row(const struct proc *pr, uint32_t type)
{
	if (type < PROC_NINTERNAL)
		return (&internal[type]);
	if (type >= PROC_USER &&
	    type - PROC_USER < (uint32_t)pr->def->nmsgs)
		return (&pr->def->msgs[type - PROC_USER]);
	return (NULL);
}

int
proc_role(const struct proc_def *def, const char *name)
{
	int	 i;

	for (i = 0; i < def->nroles; i++)
		if (strcmp(def->roles[i].name, name) == 0)
			return (i);
	return (-1);
}

static void	proc_tick(int, short, void *);
static void	chan_silent(int, short, void *);

struct proc *
proc_new(const struct proc_def *def, int role, proc_handler *const *handlers,
    const struct proc_hooks *hooks, void *ctx)
{
	struct proc	*pr;
	int		 i;

	if ((pr = calloc(1, sizeof(*pr))) == NULL)
		fatal("proc_new");
	pr->def = def;
	pr->role = role;
	pr->handlers = handlers;
	pr->hooks = hooks;
	pr->ctx = ctx;
	pr->reloader = -1;
	pr->interval = MONO_MS(LIMIT_PROC_BEAT_MS);
	for (i = 0; i < PROC_MAX_ROLES; i++) {
		pr->chan[i].pr = pr;
		pr->chan[i].role = i;
		pr->chan[i].fd = -1;
		timer_init(&pr->chan[i].patience, chan_silent, &pr->chan[i]);
	}
	timer_init(&pr->tick, proc_tick, pr);
	pr->ticked = mono_now();
	timer_arm(&pr->tick, pr->interval);
	if (role != PROC_PARENT)
		proc_chan_open(pr, PROC_PARENT, PROC_FD);
	return (pr);
}

/* --- channels ---------------------------------------------------------- */

void
proc_chan_close(struct proc_chan *ch)
{
	if (ch->fd == -1)
		return;
	event_del(&ch->readable);
	event_del(&ch->writable);
	timer_stop(&ch->patience);
	imsgbuf_clear(&ch->imsg);
	close(ch->fd);
	ch->fd = -1;
	ch->silent = 0;
}

static void
chan_gone(struct proc_chan *ch)
{
	struct proc	*pr = ch->pr;

	proc_chan_close(ch);
	if (ch->role == PROC_PARENT)
		log_sink(NULL, NULL);
	pr->hooks->gone(pr->ctx, ch->role);
}

static void
chan_writable(int fd, short event, void *arg)
{
	struct proc_chan	*ch = arg;

	if (imsgbuf_write(&ch->imsg) == -1) {
		/* Of a dead peer the last words come first, then its end. */
		if (errno != EPIPE && errno != ECONNRESET)
			chan_gone(ch);
		return;
	}
	if (imsgbuf_queuelen(&ch->imsg) > 0)
		event_add(&ch->writable, NULL);
}

/* Queue a message and write what the socket takes at once. */
static void
chan_compose(struct proc_chan *ch, uint32_t type, const void *data,
    size_t len, int fd)
{
	if (ch->fd == -1) {
		if (fd != -1)
			close(fd);
		return;
	}
	if (imsgbuf_queuelen(&ch->imsg) >= LIMIT_PROC_QUEUE)
		fatalx("%s does not read its messages",
		    ch->pr->def->roles[ch->role].name);
	if (imsg_compose(&ch->imsg, type, 0, 0, fd, data, len) == -1)
		fatal("imsg_compose");
	/* A failed write is a dead peer: the readable event will tell. */
	(void)imsgbuf_write(&ch->imsg);
	if (imsgbuf_queuelen(&ch->imsg) > 0)
		event_add(&ch->writable, NULL);
}

/* --- what arrives ------------------------------------------------------ */

static void
on_link(struct proc *pr, const void *data, int fd)
{
	uint32_t	 role;

	memcpy(&role, data, sizeof(role));
	if (role >= (uint32_t)pr->def->nroles || (int)role == pr->role ||
	    role == PROC_PARENT)
		fatalx("link to an unknown role");
	proc_chan_close(&pr->chan[role]);
	proc_chan_open(pr, role, fd);
}

static void
on_verbose(struct proc *pr, const void *data)
{
	uint32_t	 verbose;

	memcpy(&verbose, data, sizeof(verbose));
	if (pr->role == PROC_PARENT)
		proc_verbose(pr, verbose != 0);
	else
		log_verbose(verbose != 0);
}

static void
reload_answer(struct proc *pr, int to, uint32_t client, int failed,
    const char *why)
{
	struct proc_reloaded	 r;

	memset(&r, 0, sizeof(r));
	r.client = client;
	r.failed = failed;
	strlcpy(r.why, why, sizeof(r.why));
	proc_send_internal(pr, to, PROC_RELOADED, &r, sizeof(r), -1);
}

/* A client of that child wants a reload. */
static void
on_reload(struct proc *pr, int from, const void *data)
{
	char		 why[LIMIT_REASON * 2] = "";
	uint32_t	 client;
	int		 rv = -1;

	memcpy(&client, data, sizeof(client));
	if (pr->hooks->reload != NULL)
		rv = pr->hooks->reload(pr->ctx, why, sizeof(why));
	if (rv != 1) {
		reload_answer(pr, from, client, rv == -1, why);
		return;
	}
	pr->reloader = from;
	pr->reload_client = client;
}

void
proc_reload_done(struct proc *pr, int failed, const char *why)
{
	if (pr->reloader != -1)
		reload_answer(pr, pr->reloader, pr->reload_client, failed,
		    why);
	pr->reloader = -1;
}

static void
on_reloaded(struct proc *pr, const void *data)
{
	struct proc_reloaded	 r;

	memcpy(&r, data, sizeof(r));
	r.why[sizeof(r.why) - 1] = '\0';
	if (pr->hooks->reloaded != NULL)
		pr->hooks->reloaded(pr->ctx, r.client, r.failed, r.why);
}

/* A child's line, made harmless whatever the child has become. */
static void
on_log(struct proc *pr, int from, const void *data)
{
	struct proc_logline	 l;
	char			*p;

	memcpy(&l, data, sizeof(l));
	l.line[sizeof(l.line) - 1] = '\0';
	for (p = l.line; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = '?';
	log_line(l.pri & LOG_PRIMASK, pr->def->roles[from].name, l.line);
}

static void
on_internal(struct proc *pr, int from, uint32_t type, const void *data,
    int fd)
{
	switch (type) {
	case PROC_READY:
		pr->chan[from].ready = 1;
		if (pr->hooks->ready != NULL)
			pr->hooks->ready(pr->ctx, from);
		break;
	case PROC_STOP:
		if (pr->hooks->stop == NULL)
			exit(0);
		pr->hooks->stop(pr->ctx);
		break;
	case PROC_LINK:
		on_link(pr, data, fd);
		break;
	case PROC_VERBOSE:
		on_verbose(pr, data);
		break;
	case PROC_RELOAD:
		on_reload(pr, from, data);
		break;
	case PROC_RELOADED:
		on_reloaded(pr, data);
		break;
	case PROC_LOG:
		on_log(pr, from, data);
		break;
	default:	/* a heartbeat: being heard was all */
		break;
	}
}

/* True when the table allows this message from there to here. */
static int
msg_allowed(const struct proc *pr, const struct proc_msg *row, int from,
    size_t len, int fd)
{
	return (row != NULL && (row->from & PROC_BIT(from)) &&
	    (row->to & PROC_BIT(pr->role)) && row->size == len &&
	    row->fd == (fd != -1));
}

/* Check one message against the table and hand it on. */
static void
chan_dispatch(struct proc_chan *ch, struct imsg *im)
{
	struct proc		*pr = ch->pr;
	uint32_t		 type = imsg_get_type(im);
	size_t			 len = imsg_get_len(im);
	int			 fd = imsg_get_fd(im);
	const struct proc_msg	*row = msg_row(pr, type);
	union {
		uint64_t	 align;
		uint8_t		 b[PROC_MAX_PAYLOAD];
	} data;

	if (len > sizeof(data) || !msg_allowed(pr, row, ch->role, len, fd) ||
	    imsg_get_data(im, data.b, len) == -1)
		fatalx("bad message %u (%zu bytes) from %s", type, len,
		    pr->def->roles[ch->role].name);
	if (type < PROC_USER)
		on_internal(pr, ch->role, type, data.b, fd);
	else if (pr->handlers[type - PROC_USER] != NULL)
		pr->handlers[type - PROC_USER](pr->ctx, ch->role, data.b, fd);
	else
		fatalx("no handler for %s", row->name);
}

static void
chan_heard(struct proc_chan *ch)
{
	ch->heard = mono_now();
	timer_arm(&ch->patience, LIMIT_PROC_SILENT * ch->pr->interval);
	if (ch->silent) {
		ch->silent = 0;
		if (ch->pr->hooks->silent != NULL)
			ch->pr->hooks->silent(ch->pr->ctx, ch->role, 0);
	}
}

static void
chan_readable(int fd, short event, void *arg)
{
	struct proc_chan	*ch = arg;
	struct imsg		 im;
	int			 n;

	if (imsgbuf_read(&ch->imsg) != 1) {
		chan_gone(ch);
		return;
	}
	chan_heard(ch);
	while (ch->fd != -1 && (n = imsgbuf_get(&ch->imsg, &im)) != 0) {
		if (n == -1)
			fatal("imsg from %s",
			    ch->pr->def->roles[ch->role].name);
		chan_dispatch(ch, &im);
		imsg_free(&im);
	}
}

/*
 * Linux lets go of a dead process's descriptors from the highest down, and a
 * device may take its time: channels come first, so that death is known at
 * once.
 */
static int
fd_raise(int fd)
{
	int	 high;

	if ((high = fcntl(fd, F_DUPFD_CLOEXEC, PROC_FD_HIGH)) == -1)
		return (fd);
	close(fd);
	return (high);
}

void
proc_chan_open(struct proc *pr, int role, int fd)
{
	struct proc_chan	*ch = &pr->chan[role];

	fd = fd_raise(fd);
	if (imsgbuf_init(&ch->imsg, fd) == -1)
		fatal("imsgbuf_init");
	imsgbuf_allow_fdpass(&ch->imsg);
	ch->fd = fd;
	ch->silent = 0;
	event_set(&ch->readable, fd, EV_READ | EV_PERSIST, chan_readable, ch);
	event_set(&ch->writable, fd, EV_WRITE, chan_writable, ch);
	event_add(&ch->readable, NULL);
}

/* --- sending ----------------------------------------------------------- */

void
proc_send_internal(struct proc *pr, int to, uint32_t type, const void *data,
    size_t len, int fd)
{
	chan_compose(&pr->chan[to], type, data, len, fd);
}

void
proc_send(struct proc *pr, int to, uint32_t type, const void *data, int fd)
{
	const struct proc_msg	*row = msg_row(pr, type);

	if (row == NULL || type < PROC_USER ||
	    !(row->from & PROC_BIT(pr->role)) || !(row->to & PROC_BIT(to)) ||
	    row->fd != (fd != -1))
		fatalx("message %u must not go to role %d", type, to);
	chan_compose(&pr->chan[to], type, data, row->size, fd);
}

void
proc_send_all(struct proc *pr, uint32_t type, const void *data)
{
	const struct proc_msg	*row = msg_row(pr, type);
	int			 i;

	for (i = 0; row != NULL && i < pr->def->nroles; i++)
		if (i != pr->role && (row->to & PROC_BIT(i)))
			proc_send(pr, i, type, data, -1);
}

void
proc_verbose(struct proc *pr, int verbose)
{
	uint32_t	 v = verbose;
	int		 i;

	if (pr->role != PROC_PARENT) {
		proc_send_internal(pr, PROC_PARENT, PROC_VERBOSE, &v,
		    sizeof(v), -1);
		return;
	}
	log_verbose(verbose);
	log_info("logging is %s now", verbose ? "verbose" : "brief");
	for (i = 1; i < pr->def->nroles; i++)
		proc_send_internal(pr, i, PROC_VERBOSE, &v, sizeof(v), -1);
}

void
proc_ask_reload(struct proc *pr, uint32_t client)
{
	proc_send_internal(pr, PROC_PARENT, PROC_RELOAD, &client,
	    sizeof(client), -1);
}

int
proc_alive(const struct proc *pr, int role)
{
	return (pr->chan[role].fd != -1);
}

/* --- the heartbeat ----------------------------------------------------- */

void
proc_beat(struct proc *pr, int64_t ns)
{
	pr->interval = ns;
	timer_arm(&pr->tick, ns);
}

/*
 * Nothing was heard for too long, and nothing is waiting to be read, since
 * that would have come first.  Whoever slept gives the others time to speak,
 * and so does who went over to a longer interval since.
 */
static void
chan_silent(int fd, short event, void *arg)
{
	struct proc_chan	*ch = arg;
	struct proc		*pr = ch->pr;
	int64_t			 patience = LIMIT_PROC_SILENT * pr->interval;
	int64_t			 left;
	mono_t			 now = mono_now();

	if (mono_sub(now, pr->ticked) > 2 * pr->interval ||
	    mono_sub(now, pr->woke) < patience) {
		timer_arm(&ch->patience, patience);
		return;
	}
	left = patience - mono_sub(now, ch->heard);
	if (!ch->silent && left > 0) {
		timer_arm(&ch->patience, left);
		return;
	}
	if (ch->silent) {
		log_warnx("the %s process hangs, killing it",
		    pr->def->roles[ch->role].name);
		proc_kill(pr, ch->role);
		return;
	}
	ch->silent = 1;
	if (pr->role == PROC_PARENT)
		timer_arm(&ch->patience, MONO_S(LIMIT_PROC_HUNG_S));
	if (pr->hooks->silent != NULL)
		pr->hooks->silent(pr->ctx, ch->role, 1);
}

static void
proc_tick(int fd, short event, void *arg)
{
	static const struct proc_empty	 empty;
	struct proc			*pr = arg;
	mono_t				 now = mono_now();
	int				 i;

	if (mono_sub(now, pr->ticked) > 2 * pr->interval)
		pr->woke = now;
	pr->ticked = now;
	timer_arm(&pr->tick, pr->interval);
	for (i = 0; i < pr->def->nroles; i++)
		if (pr->chan[i].fd != -1 &&
		    imsgbuf_queuelen(&pr->chan[i].imsg) == 0)
			proc_send_internal(pr, i, PROC_BEAT, &empty,
			    sizeof(empty), -1);
}

/* --- last words -------------------------------------------------------- */

void
proc_flush(struct proc *pr, int64_t ns)
{
	mono_t			 end = mono_add(mono_now(), ns);
	struct proc_chan	*ch;
	struct pollfd		 pfd;
	int64_t			 left;

	for (ch = pr->chan; ch < &pr->chan[PROC_MAX_ROLES]; ch++)
		while (ch->fd != -1 && imsgbuf_queuelen(&ch->imsg) > 0) {
			left = mono_sub(end, mono_now());
			pfd.fd = ch->fd;
			pfd.events = POLLOUT;
			if (left <= 0 ||
			    poll(&pfd, 1, left / MONO_MS(1) + 1) != 1 ||
			    imsgbuf_write(&ch->imsg) == -1)
				break;
		}
}
