/*
 * A server of the control socket and its clients: see ctl_pair.h.
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <atf-c.h>
#include <errno.h>
#include <event.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "ctl_pair.h"
#include "ctlmsg.h"
#include "bounds.h"
#include "proc_family.h"
#include "proc_priv.h"

#define NOBODY	65534

/* --- the server -------------------------------------------------------- */

static void
on_plain(void *ctx, struct ctl_client *c, const void *data)
{
	struct seen	*s = ctx;

	s->plain++;
	ctl_end(c, 0, NULL);
}

static void
on_sized(void *ctx, struct ctl_client *c, const void *data)
{
	struct seen	*s = ctx;
	struct row	 row = { 7, "a row" };

	s->sized++;
	memcpy(&s->last, data, sizeof(s->last));
	ctl_reply(c, A_ROW, &row, sizeof(row));
	ctl_end(c, 0, "well done");
}

static void
on_root(void *ctx, struct ctl_client *c, const void *data)
{
	struct seen	*s = ctx;

	s->root++;
	ctl_end(c, 0, NULL);
}

static void
on_flood(void *ctx, struct ctl_client *c, const void *data)
{
	struct row	 row = { 0, "" };

	for (row.n = 0; row.n < FLOOD; row.n++)
		ctl_reply(c, A_ROW, &row, sizeof(row));
	ctl_end(c, 0, NULL);
}

static void
on_subscribe(void *ctx, struct ctl_client *c, const void *data)
{
	ctl_subscribe(c, A_ROW, LIMIT_CTL_FEED);
}

static void
on_later(void *ctx, struct ctl_client *c, const void *data)
{
	struct seen	*s = ctx;

	s->id = ctl_client_id(c);
}

static const struct ctl_request	table[] = {
	{ Q_PLAIN,	0,			0,	on_plain },
	{ Q_SIZED,	sizeof(struct sized),	0,	on_sized },
	{ Q_ROOT,	0,			1,	on_root },
	{ Q_FLOOD,	0,			0,	on_flood },
	{ Q_SUBSCRIBE,	0,			0,	on_subscribe },
	{ Q_LATER,	0,			0,	on_later }
};

static void
on_gone(void *ctx, int role)
{
	atf_tc_fail("the parent is gone");
}

static void
on_reloaded(void *ctx, uint32_t client, int failed, const char *why)
{
	struct seen	*s = ctx;

	ctl_reloaded(s->server, client, failed, why);
}

static const struct proc_hooks	hooks = {
	.gone = on_gone, .reloaded = on_reloaded
};

/* The channel must be where a child finds it, before anything else is. */
static void
channel_open(struct seen *s)
{
	int	 sp[2], up;

	ATF_REQUIRE_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0,
	    sp), 0);
	ATF_REQUIRE((up = fcntl(sp[0], F_DUPFD, PROC_FD + 1)) != -1);
	if (sp[1] != PROC_FD)
		ATF_REQUIRE_EQ(dup2(sp[1], PROC_FD), PROC_FD);
	ATF_REQUIRE_EQ(imsgbuf_init(&s->parent, up), 0);
}

struct ctl_server *
server_start(struct seen *s)
{
	struct sockaddr_un	 sun = { .sun_family = AF_UNIX };
	struct proc		*pr;
	int			 fd;

	memset(s, 0, sizeof(*s));
	channel_open(s);
	event_init();
	pr = proc_new(&family, ONE, NULL, &hooks, s);
	strlcpy(sun.sun_path, SOCK, sizeof(sun.sun_path));
	ATF_REQUIRE((fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK,
	    0)) != -1);
	ATF_REQUIRE_EQ(bind(fd, (struct sockaddr *)&sun, sizeof(sun)), 0);
	ATF_REQUIRE_EQ(chmod(SOCK, 0666), 0);
	ATF_REQUIRE_EQ(listen(fd, LIMIT_CTL_CLIENTS), 0);
	s->server = ctl_server_new(fd, table, nitems(table), pr, s);
	return (s->server);
}

void
serve(void)
{
	int	 i;

	for (i = 0; i < 200; i++)
		ATF_REQUIRE(event_loop(EVLOOP_NONBLOCK) != -1);
}

/* --- clients ----------------------------------------------------------- */

void
client_open(struct client *c)
{
	ATF_REQUIRE_MSG((c->fd = ctl_connect(SOCK)) != -1, "%s",
	    strerror(errno));
	ATF_REQUIRE_EQ(imsgbuf_init(&c->imsg, c->fd), 0);
	c->eof = 0;
	serve();
}

void
client_close(struct client *c)
{
	imsgbuf_clear(&c->imsg);
	close(c->fd);
	serve();
}

void
client_ask(struct client *c, uint32_t type, const void *data, size_t len)
{
	ATF_REQUIRE_EQ(imsg_compose(&c->imsg, type, 0, 0, -1, data, len), 1);
	ATF_REQUIRE_EQ(imsgbuf_write(&c->imsg), 0);
	serve();
}

int
client_get(struct client *c, struct imsg *im)
{
	struct pollfd	 pfd = { .fd = c->fd, .events = POLLIN };
	int		 n;

	while ((n = imsgbuf_get(&c->imsg, im)) == 0) {
		serve();
		if (c->eof || poll(&pfd, 1, 0) != 1)
			return (0);
		if (imsgbuf_read(&c->imsg) != 1)
			c->eof = 1;
	}
	ATF_REQUIRE_EQ(n, 1);
	return (1);
}

void
client_expect_end(struct client *c, int status, const char *text)
{
	struct ctl_end	 end;
	struct imsg	 im;

	ATF_REQUIRE_EQ(client_get(c, &im), 1);
	ATF_REQUIRE_EQ(imsg_get_type(&im), CTL_END);
	ATF_REQUIRE_EQ(imsg_get_data(&im, &end, sizeof(end)), 0);
	ATF_CHECK_EQ(end.status, status);
	ATF_CHECK_STREQ(end.text, text);
	imsg_free(&im);
}

int
client_drain(struct client *c)
{
	struct imsg	 im;
	int		 n = 0;

	while (client_get(c, &im)) {
		imsg_free(&im);
		n++;
	}
	return (n);
}

int
client_dropped(struct client *c)
{
	serve();
	(void)client_drain(c);
	return (c->eof);
}

void
client_open_unprivileged(struct client *c)
{
	int	 root = geteuid() == 0;

	ATF_REQUIRE_EQ(chmod(".", 0755), 0);
	if (root)
		ATF_REQUIRE_EQ(seteuid(NOBODY), 0);
	c->fd = ctl_connect(SOCK);
	if (root)
		ATF_REQUIRE_EQ(seteuid(0), 0);
	ATF_REQUIRE(c->fd != -1);
	ATF_REQUIRE_EQ(imsgbuf_init(&c->imsg, c->fd), 0);
	c->eof = 0;
	serve();
}
