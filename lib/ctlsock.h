/*
 * The control socket: a local stream on which ctl6, and routed6 for its feed,
 * ask a daemon and get answers.  A client's request is one imsg; the answer is
 * any number of imsgs and then CTL_END with a status.  Requests are a table
 * {type, size, who may, handler}.  A client that does not read, asks nothing
 * or writes garbage is dropped and costs the daemon nothing.
 */
#ifndef CTLSOCK_H
#define CTLSOCK_H

#include <sys/types.h>

#include <stddef.h>
#include <stdint.h>

struct ctl_server;
struct ctl_client;
struct proc;

struct ctl_request {
	uint32_t	 type;
	size_t		 size;		/* exact size of the payload */
	int		 root;		/* only root may ask */
	void		(*fn)(void *ctx, struct ctl_client *, const void *);
};

/*
 * Parent: make the listening socket at path, for root and the group gid.  A
 * stale socket is replaced, one that answers is not.  Returns the descriptor
 * or -1 with errno set (EADDRINUSE: a daemon is running there).
 */
int	ctl_listen(const char *path, gid_t gid);

/*
 * Connect to a daemon without waiting; -1 with errno set.  The descriptor does
 * not block either.
 */
int	ctl_connect(const char *path);

/*
 * Serve the requests of the table on a listening descriptor, and those that
 * every daemon knows: reload and log, by way of the parent of pr, and monitor.
 */
struct ctl_server	*ctl_server_new(int fd, const struct ctl_request *,
			    size_t n, struct proc *pr, void *ctx);

/* For the reloaded hook of proc: answer the client that asked. */
void	ctl_reloaded(struct ctl_server *, uint32_t client, int failed,
	    const char *why);

/* Answer a client with one message. */
void	ctl_reply(struct ctl_client *, uint32_t type, const void *, size_t);

/* The answer is complete; status 0 is success, text may be NULL. */
void	ctl_end(struct ctl_client *, int status, const char *text);

/*
 * For answers that come later: a number for the client, and back.  NULL when
 * it has gone meanwhile.
 */
uint32_t		 ctl_client_id(const struct ctl_client *);
struct ctl_client	*ctl_client_find(struct ctl_server *, uint32_t id);

/* Answer the client of that number, unless it has gone. */
void	ctl_reply_to(struct ctl_server *, uint32_t id, uint32_t type,
	    const void *, size_t);

/*
 * For answers in pages: a few bytes that stay with the client, zero at first;
 * and a call of fn(ctx, client) once what was answered so far has been read.
 */
#define CTL_POCKET	64
void	*ctl_client_pocket(struct ctl_client *);
void	 ctl_when_read(struct ctl_client *,
	    void (*fn)(void *ctx, struct ctl_client *));

/*
 * Make a client a subscriber to messages of a type, and send to all of these.
 * One that lets more than lag of them wait, or any for LIMIT_CTL_IDLE_S, does
 * not read and is dropped.
 */
void	ctl_subscribe(struct ctl_client *, uint32_t type, uint32_t lag);
void	ctl_publish(struct ctl_server *, uint32_t type, const void *, size_t);

#endif
