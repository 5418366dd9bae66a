/*
 * A server of the control socket and its clients in one process, for the tests
 * of lib/ctlsock.c: the clients are plain descriptors, and the event loop is
 * run between their moves.
 */
#ifndef CTL_PAIR_H
#define CTL_PAIR_H

#include <imsg.h>
#include <stddef.h>
#include <stdint.h>

#include "ctlsock.h"

#define SOCK	"ctl.sock"
#define FLOOD	100000	/* more messages than anything may hold */

enum {
	Q_PLAIN = 100,		/* no payload */
	Q_SIZED,		/* struct sized */
	Q_ROOT,			/* root only */
	Q_FLOOD,		/* answers with FLOOD messages */
	Q_SUBSCRIBE,
	Q_LATER,		/* answered by and by */
	A_ROW
};

struct sized {
	uint32_t	a;
	uint32_t	b;
};

struct row {
	uint32_t	n;
	char		text[60];
};

/* What the handlers saw. */
struct seen {
	int		 plain;
	int		 sized;
	int		 root;
	struct sized	 last;
	uint32_t	 id;	/* of who asked Q_LATER last */

	struct ctl_server	*server;
	struct imsgbuf		 parent;	/* of the server's process */
};

struct client {
	struct imsgbuf	 imsg;
	int		 fd;
	int		 eof;
};

/*
 * Serve on SOCK, to which anybody may connect.  The server belongs to a child
 * whose parent is at the other end of seen's channel.
 */
struct ctl_server	*server_start(struct seen *);

/* Let the server do all that it can do now. */
void	serve(void);

void	client_open(struct client *);
void	client_close(struct client *);

/* Connect as somebody who is not root. */
void	client_open_unprivileged(struct client *);

void	client_ask(struct client *, uint32_t type, const void *, size_t);

/* The next message, or 0 when there is none now; sets eof at the end. */
int	client_get(struct client *, struct imsg *);

/* The next message must be the end of an answer, like this. */
void	client_expect_end(struct client *, int status, const char *text);

/* Read all there is; returns how many messages. */
int	client_drain(struct client *);

/* True when the server has let go of a client. */
int	client_dropped(struct client *);

#endif
