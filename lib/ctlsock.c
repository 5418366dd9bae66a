/*
 * The control socket: see ctlsock.h.  Runs in health and announce.
 */
#include <sys/types.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <errno.h>
#include <event.h>
#include <imsg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctlevent.h"
#include "ctlmsg.h"
#include "ctlsock.h"
#include "bounds.h"
#include "log.h"
#include "mono.h"
#include "os.h"
#include "proc.h"

struct ctl_client {
	TAILQ_ENTRY(ctl_client)	 entry;
	struct ctl_server	*server;
	uint32_t		 id;
	int			 fd;
	uid_t			 uid;
	uint32_t		 topic;		/* subscribed to; 0: nothing */
	uint32_t		 lag;		/* replies that may wait */
	int			 reloading;	/* waits for the parent */
	int			 dead;		/* to be dropped when safe */
	struct imsgbuf		 imsg;
	struct event		 readable;
	struct event		 writable;
	struct timer		 idle;
	struct timer		 page;
	void			(*when_read)(void *, struct ctl_client *);
	union {
		uint64_t	 align;
		uint8_t		 b[CTL_POCKET];
	}			 pocket;
};

struct ctl_server {
	int				 fd;
	const struct ctl_request	*table;
	size_t				 n;
	struct proc			*pr;
	void				*ctx;
	uint32_t			 last_id;
	int				 nclients;
	struct event			 acceptable;
	TAILQ_HEAD(, ctl_client)	 clients;
};

/* --- the two ends of a path -------------------------------------------- */

static int
sun_fill(struct sockaddr_un *sun, const char *path)
{
	memset(sun, 0, sizeof(*sun));
	sun->sun_family = AF_UNIX;
	if (strlcpy(sun->sun_path, path, sizeof(sun->sun_path)) >=
	    sizeof(sun->sun_path)) {
		errno = ENAMETOOLONG;
		return (-1);
	}
	return (0);
}

int
ctl_connect(const char *path)
{
	struct sockaddr_un	 sun;
	int			 fd;

	if (sun_fill(&sun, path) == -1 || (fd = socket(AF_UNIX,
	    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) == -1)
		return (-1);
	if (connect(fd, (struct sockaddr *)&sun, sizeof(sun)) == -1) {
		close(fd);
		return (-1);
	}
	return (fd);
}

/* A daemon that died leaves its socket; what is no socket is not ours. */
static void
stale_remove(const char *path)
{
	struct stat	 st;

	if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode))
		unlink(path);
}

int
ctl_listen(const char *path, gid_t gid)
{
	struct sockaddr_un	 sun;
	mode_t			 mask;
	int			 fd, bound;

	if ((fd = ctl_connect(path)) != -1) {
		close(fd);
		errno = EADDRINUSE;
		return (-1);
	}
	if (errno == ECONNREFUSED)
		stale_remove(path);
	if (sun_fill(&sun, path) == -1 || (fd = socket(AF_UNIX,
	    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) == -1)
		return (-1);
	mask = umask(S_IXUSR | S_IXGRP | S_IRWXO);
	bound = bind(fd, (struct sockaddr *)&sun, sizeof(sun));
	umask(mask);
	if (bound == -1 || chown(path, 0, gid) == -1 ||
	    listen(fd, LIMIT_CTL_CLIENTS) == -1) {
		close(fd);
		return (-1);
	}
	return (fd);
}

/* --- one client -------------------------------------------------------- */

static void
client_free(struct ctl_client *c)
{
	struct ctl_server	*s = c->server;

	TAILQ_REMOVE(&s->clients, c, entry);
	event_del(&c->readable);
	event_del(&c->writable);
	timer_stop(&c->idle);
	timer_stop(&c->page);
	imsgbuf_clear(&c->imsg);
	close(c->fd);
	free(c);
	if (s->nclients-- == LIMIT_CTL_CLIENTS)
		event_add(&s->acceptable, NULL);
}

/*
 * Drop a client from inside its own callbacks as well: it is only marked, and
 * freed by a timer that fires at once.
 */
static void
client_drop(struct ctl_client *c)
{
	if (c->dead)
		return;
	c->dead = 1;
	event_del(&c->readable);
	event_del(&c->writable);
	timer_arm(&c->idle, 0);
}

static void
client_idle(int fd, short event, void *arg)
{
	struct ctl_client	*c = arg;

	if (!c->dead)
		log_debug("control: idle client dropped");
	client_free(c);
}

static void
client_busy(struct ctl_client *c)
{
	if (c->dead)
		return;
	if ((c->topic != 0 || c->reloading) &&
	    imsgbuf_queuelen(&c->imsg) == 0)
		timer_stop(&c->idle);
	else
		timer_arm(&c->idle, MONO_S(LIMIT_CTL_IDLE_S));
}

static void
client_writable(int fd, short event, void *arg)
{
	struct ctl_client	*c = arg;

	if (imsgbuf_write(&c->imsg) == -1) {
		client_drop(c);
		return;
	}
	client_busy(c);
	if (imsgbuf_queuelen(&c->imsg) > 0)
		event_add(&c->writable, NULL);
	else if (c->when_read != NULL)
		timer_arm(&c->page, 0);
}

/* All was read: go on with the answer. */
static void
client_page(int fd, short event, void *arg)
{
	struct ctl_client	*c = arg;
	void			(*fn)(void *, struct ctl_client *);

	fn = c->when_read;
	c->when_read = NULL;
	if (fn != NULL && !c->dead)
		fn(c->server->ctx, c);
}

void *
ctl_client_pocket(struct ctl_client *c)
{
	return (c->pocket.b);
}

void
ctl_when_read(struct ctl_client *c, void (*fn)(void *, struct ctl_client *))
{
	c->when_read = fn;
	client_busy(c);
	if (!c->dead && imsgbuf_queuelen(&c->imsg) == 0)
		timer_arm(&c->page, 0);
}

void
ctl_reply(struct ctl_client *c, uint32_t type, const void *data, size_t len)
{
	uint32_t	 waiting;

	if (c->dead)
		return;
	waiting = imsgbuf_queuelen(&c->imsg);
	if (waiting >= c->lag) {
		log_debug("control: client that does not read dropped");
		client_drop(c);
		return;
	}
	if (imsg_compose(&c->imsg, type, 0, 0, -1, data, len) == -1 ||
	    imsgbuf_write(&c->imsg) == -1) {
		client_drop(c);
		return;
	}
	if (imsgbuf_queuelen(&c->imsg) == 0)
		return;
	event_add(&c->writable, NULL);
	if (waiting == 0)
		client_busy(c);
}

void
ctl_end(struct ctl_client *c, int status, const char *text)
{
	struct ctl_end	 end = { .status = status };

	if (text != NULL)
		strlcpy(end.text, text, sizeof(end.text));
	ctl_reply(c, CTL_END, &end, sizeof(end));
}

/* --- requests ---------------------------------------------------------- */

static void
ask_reload(void *ctx, struct ctl_client *c, const void *data)
{
	c->reloading = 1;
	proc_ask_reload(c->server->pr, c->id);
}

void
ctl_reloaded(struct ctl_server *s, uint32_t client, int failed,
    const char *why)
{
	struct ctl_client	*c;

	if ((c = ctl_client_find(s, client)) == NULL)
		return;
	c->reloading = 0;
	client_busy(c);
	ctl_end(c, failed, why);
}

static void
ask_log(void *ctx, struct ctl_client *c, const void *data)
{
	const struct ctl_log	*l = data;

	proc_verbose(c->server->pr, l->verbose != 0);
	ctl_end(c, 0, NULL);
}

/* What every daemon can be asked. */
static const struct ctl_request	common[] = {
	{ CTL_RELOAD,	0,			1, ask_reload },
	{ CTL_LOG,	sizeof(struct ctl_log),	1, ask_log },
	{ CTL_MONITOR,	0,			0, ctl_monitor }
};

static const struct ctl_request *
table_find(const struct ctl_request *table, size_t n, uint32_t type)
{
	size_t	 i;

	for (i = 0; i < n; i++)
		if (table[i].type == type)
			return (&table[i]);
	return (NULL);
}

static const struct ctl_request *
request_find(const struct ctl_server *s, uint32_t type)
{
	const struct ctl_request	*rq;

	rq = table_find(common, nitems(common), type);
	return (rq != NULL ? rq : table_find(s->table, s->n, type));
}

static void
client_request(struct ctl_client *c, struct imsg *im)
{
	const struct ctl_request	*rq;
	size_t				 len = imsg_get_len(im);
	union {
		uint64_t	 align;
		uint8_t		 b[CTL_MAX_REQUEST];
	} data;

	rq = request_find(c->server, imsg_get_type(im));
	if (rq == NULL)
		ctl_end(c, 1, "unknown request: is ctl6 of another version?");
	else if (len != rq->size || len > sizeof(data) ||
	    (len > 0 && imsg_get_data(im, data.b, len) == -1))
		ctl_end(c, 1, "request of the wrong size");
	else if (rq->root && c->uid != 0)
		ctl_end(c, 1, "permission denied: only root may do that");
	else
		rq->fn(c->server->ctx, c, data.b);
}

static void
client_readable(int fd, short event, void *arg)
{
	struct ctl_client	*c = arg;
	struct imsg		 im;
	int			 n;

	if (imsgbuf_read(&c->imsg) != 1) {
		client_drop(c);
		return;
	}
	while (!c->dead && (n = imsgbuf_get(&c->imsg, &im)) != 0) {
		if (n == -1) {
			log_warnx("control: garbage from a client of uid %u",
			    c->uid);
			client_drop(c);
			return;
		}
		client_request(c, &im);
		imsg_free(&im);
	}
	client_busy(c);
}

/* --- the server -------------------------------------------------------- */

static void
client_new(struct ctl_server *s, int fd)
{
	struct ctl_client	*c;
	gid_t			 gid;

	if ((c = calloc(1, sizeof(*c))) == NULL ||
	    os_peercred(fd, &c->uid, &gid) == -1 ||
	    imsgbuf_init(&c->imsg, fd) == -1) {
		log_warn("control: client refused");
		free(c);
		close(fd);
		return;
	}
	c->server = s;
	c->fd = fd;
	c->lag = LIMIT_CTL_QUEUE;
	c->id = ++s->last_id;
	TAILQ_INSERT_TAIL(&s->clients, c, entry);
	event_set(&c->readable, fd, EV_READ | EV_PERSIST, client_readable, c);
	event_set(&c->writable, fd, EV_WRITE, client_writable, c);
	timer_init(&c->idle, client_idle, c);
	timer_init(&c->page, client_page, c);
	event_add(&c->readable, NULL);
	client_busy(c);
	if (++s->nclients == LIMIT_CTL_CLIENTS)
		event_del(&s->acceptable);
}

static void
server_accept(int lfd, short event, void *arg)
{
	struct ctl_server	*s = arg;
	int			 fd;

	fd = accept4(lfd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd != -1)
		client_new(s, fd);
}

struct ctl_server *
ctl_server_new(int fd, const struct ctl_request *table, size_t n,
    struct proc *pr, void *ctx)
{
	struct ctl_server	*s;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		fatal("ctl_server_new");
	s->fd = fd;
	s->table = table;
	s->n = n;
	s->pr = pr;
	s->ctx = ctx;
	TAILQ_INIT(&s->clients);
	event_set(&s->acceptable, fd, EV_READ | EV_PERSIST, server_accept, s);
	event_add(&s->acceptable, NULL);
	return (s);
}

uint32_t
ctl_client_id(const struct ctl_client *c)
{
	return (c->id);
}

struct ctl_client *
ctl_client_find(struct ctl_server *s, uint32_t id)
{
	struct ctl_client	*c;

	TAILQ_FOREACH(c, &s->clients, entry)
		if (c->id == id && !c->dead)
			return (c);
	return (NULL);
}

void
ctl_reply_to(struct ctl_server *s, uint32_t id, uint32_t type,
    const void *data, size_t len)
{
	struct ctl_client	*c;

	if ((c = ctl_client_find(s, id)) != NULL)
		ctl_reply(c, type, data, len);
}

void
ctl_subscribe(struct ctl_client *c, uint32_t type, uint32_t lag)
{
	c->topic = type;
	c->lag = lag;
	/* Or the kernel would keep minutes of heartbeats for nobody. */
	if (os_sndbuf(c->fd, LIMIT_CTL_SNDBUF) == -1)
		log_warn("control: buffer of a subscriber");
	client_busy(c);
}

void
ctl_publish(struct ctl_server *s, uint32_t type, const void *data, size_t len)
{
	struct ctl_client	*c;

	TAILQ_FOREACH(c, &s->clients, entry)
		if (c->topic == type)
			ctl_reply(c, type, data, len);
}
