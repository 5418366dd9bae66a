/*
 * Fuzz target: what a local client may write into the control socket, through
 * lib/ctlsock.c.  The input is a list of writes, each {length, bytes}, with
 * the server's turn after each; the client's end is closed in the end, and a
 * descriptor that is left open then is a finding.
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <event.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctlmsg.h"
#include "ctlsock.h"
#include "log.h"
#include "proc.h"
#include "rd.h"

#define SOCK	"fuzz.sock"
#define MANY	2000

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
on_plain(void *ctx, struct ctl_client *c, const void *data)
{
	ctl_end(c, 0, NULL);
}

static void
on_echo(void *ctx, struct ctl_client *c, const void *data)
{
	ctl_reply(c, CTL_FEED, data, CTL_MAX_REQUEST);
	ctl_end(c, 1, "text");
}

static void
on_many(void *ctx, struct ctl_client *c, const void *data)
{
	static const struct ctl_peer	 p;
	int				 i;

	for (i = 0; i < MANY; i++)
		ctl_reply(c, CTL_PEER, &p, sizeof(p));
}

static void
on_subscribe(void *ctx, struct ctl_client *c, const void *data)
{
	ctl_subscribe(c, CTL_FEED, LIMIT_CTL_FEED);
}

/* As many requests as a byte can name, so that types are easily hit. */
static const struct ctl_request	table[] = {
	{ CTL_SHOW_HEALTH,	0,			0, on_plain },
	{ CTL_SHOW_RELAYS,	CTL_MAX_REQUEST,	0, on_echo },
	{ CTL_SHOW_PEERS,	0,			0, on_many },
	{ CTL_SUBSCRIBE,	0,			0, on_subscribe },
	/* No handler may be called with more than there is room for. */
	{ CTL_HEALTH,		CTL_MAX_REQUEST + 1,	0, NULL }
};

static int
listen_open(void)
{
	struct sockaddr_un	 sun = { .sun_family = AF_UNIX };
	int			 fd;

	strlcpy(sun.sun_path, SOCK, sizeof(sun.sun_path));
	(void)unlink(SOCK);
	if ((fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0)) == -1 ||
	    bind(fd, (struct sockaddr *)&sun, sizeof(sun)) == -1 ||
	    listen(fd, LIMIT_CTL_CLIENTS) == -1)
		abort();
	return (fd);
}

static void
on_gone(void *ctx, int role)
{
	abort();
}

static void
ignore(void *arg, int pri, const char *line)
{
}

/* A daemon of one process: what goes to its children goes nowhere. */
static struct ctl_server *
server_new(void)
{
	static const struct proc_role	 roles[] = {
		{ "parent", OS_ROLE_CONTROL }
	};
	static const struct proc_def	 def = {
		"fuzz", NULL, roles, nitems(roles), NULL, 0
	};
	static const struct proc_hooks	 hooks = { .gone = on_gone };

	event_init();
	log_sink(ignore, NULL);
	return (ctl_server_new(listen_open(), table, nitems(table),
	    proc_new(&def, PROC_PARENT, NULL, &hooks, NULL), NULL));
}

/* Everything that can be done now. */
static void
serve(void)
{
	int	 i;

	for (i = 0; i < 4; i++)
		if (event_loop(EVLOOP_NONBLOCK) == -1)
			abort();
}

/* The lowest free descriptor; the same before and after when none leaked. */
static int
fd_lowest(void)
{
	int	 fd;

	if ((fd = open("/dev/null", O_RDONLY)) == -1)
		abort();
	close(fd);
	return (fd);
}

static void
client_run(int fd, struct rd *r)
{
	const uint8_t	*p;
	uint8_t		 answer[4096];
	size_t		 len;

	while (r->left > 1) {
		len = rd_u8(r) % 64 + 1;
		if (len > r->left)
			len = r->left;
		if ((p = rd_skip(r, len)) == NULL)
			break;
		/* The server may have closed its end: that is its right. */
		(void)!send(fd, p, len, MSG_NOSIGNAL);
		serve();
		if (len % 2 != 0)
			(void)!read(fd, answer, sizeof(answer));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct ctl_feed	 news;
	static struct ctl_server	*server;
	struct rd			 r;
	int				 before, fd;

	if (server == NULL)
		server = server_new();
	before = fd_lowest();
	if ((fd = ctl_connect(SOCK)) == -1)
		abort();
	serve();
	rd_init(&r, data, size);
	client_run(fd, &r);
	ctl_publish(server, CTL_FEED, &news, sizeof(news));
	close(fd);
	serve();
	if (fd_lowest() != before)
		abort();
	return (0);
}
