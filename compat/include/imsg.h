/*
 * Messages between local processes, and the buffers they are made of: the
 * interface that OpenBSD's libutil documents in imsg_init(3) and ibuf_add(3),
 * for systems whose libraries lack it.  What is declared here behaves as the
 * manuals say; where they leave room, the comment tells what is done.  Callers
 * use the functions only: the members of the structures are not part of it.
 *
 * Unless a comment says otherwise a function returns 0, or -1 with errno set.
 */
#ifndef IMSG_H
#define IMSG_H

#include <sys/types.h>
#include <sys/queue.h>

#include <stddef.h>
#include <stdint.h>

#define IMSG_HEADER_SIZE	sizeof(struct imsg_hdr)
#define MAX_IMSGSIZE		16384	/* header and payload, by default */

struct iovec;
struct msgbuf;

/* A byte buffer with a write position, a read position and a descriptor. */
struct ibuf {
	TAILQ_ENTRY(ibuf)	 entry;
	unsigned char		*buf;
	size_t			 size;	/* bytes allocated */
	size_t			 max;	/* bytes it may grow to */
	size_t			 wpos;
	size_t			 rpos;
	int			 fd;	/* -1: none */
	int			 borrowed; /* memory belongs to someone else */
};

/* What precedes every payload on the wire, in host byte order. */
struct imsg_hdr {
	uint32_t	 type;
	uint32_t	 len;	/* with this header; top bit: has descriptor */
	uint32_t	 peerid;
	uint32_t	 pid;
};

/* A received message, to be released by imsg_free(). */
struct imsg {
	struct imsg_hdr	 hdr;
	void		*data;	/* payload, NULL when there is none */
	struct ibuf	*buf;
};

/* One end of a channel.  Must stay where it is after imsgbuf_init(). */
struct imsgbuf {
	struct msgbuf	*w;
	pid_t		 pid;
	uint32_t	 maxsize; /* largest message, header included */
	int		 fd;
	int		 flags;
};

/* --- buffers: life ---------------------------------------------------- */

/* A buffer for exactly len bytes; NULL when there is no memory. */
struct ibuf	*ibuf_open(size_t len);

/*
 * A buffer for len bytes that grows up to max when more is added; NULL with
 * EINVAL when max is 0 or smaller than len.
 */
struct ibuf	*ibuf_dynamic(size_t len, size_t max);

/*
 * Wipe and release a buffer and close its descriptor.  NULL is nothing to do;
 * errno is kept.  A buffer of ibuf_from_buffer() must not be given here.
 */
void		 ibuf_free(struct ibuf *);

/* Make buf a reader of len bytes at data, which is neither copied nor freed. */
void		 ibuf_from_buffer(struct ibuf *buf, void *data, size_t len);

/* Make buf a reader of what is unread in from, to look without consuming. */
void		 ibuf_from_ibuf(struct ibuf *buf, const struct ibuf *from);

/* --- buffers: writing.  ERANGE: no room, EINVAL: value too large ------- */

int		 ibuf_add(struct ibuf *, const void *, size_t len);
int		 ibuf_add_ibuf(struct ibuf *, const struct ibuf *from);
int		 ibuf_add_zero(struct ibuf *, size_t len);

/* A string in a field of len bytes, padded with zeroes; must fit with NUL. */
int		 ibuf_add_strbuf(struct ibuf *, const char *, size_t len);

/* A number in network (n) or host (h) byte order, of 8 to 64 bits. */
int		 ibuf_add_n8(struct ibuf *, uint64_t);
int		 ibuf_add_n16(struct ibuf *, uint64_t);
int		 ibuf_add_n32(struct ibuf *, uint64_t);
int		 ibuf_add_n64(struct ibuf *, uint64_t);
int		 ibuf_add_h16(struct ibuf *, uint64_t);
int		 ibuf_add_h32(struct ibuf *, uint64_t);
int		 ibuf_add_h64(struct ibuf *, uint64_t);

/* Append len bytes, zeroed, and return where they begin; NULL: no room. */
void		*ibuf_reserve(struct ibuf *, size_t len);

/* Overwrite bytes that are there, pos counted from the read position. */
int		 ibuf_set(struct ibuf *, size_t pos, const void *, size_t len);
int		 ibuf_set_n8(struct ibuf *, size_t pos, uint64_t);
int		 ibuf_set_n16(struct ibuf *, size_t pos, uint64_t);
int		 ibuf_set_n32(struct ibuf *, size_t pos, uint64_t);
int		 ibuf_set_n64(struct ibuf *, size_t pos, uint64_t);
int		 ibuf_set_h16(struct ibuf *, size_t pos, uint64_t);
int		 ibuf_set_h32(struct ibuf *, size_t pos, uint64_t);
int		 ibuf_set_h64(struct ibuf *, size_t pos, uint64_t);

/* Where len bytes at pos are; NULL with ERANGE when they are not there. */
void		*ibuf_seek(struct ibuf *, size_t pos, size_t len);

/* Cut, or extend with zeroes, what is unread to len bytes. */
int		 ibuf_truncate(struct ibuf *, size_t len);

/* --- buffers: reading.  EBADMSG: not that much is left ----------------- */

void		*ibuf_data(const struct ibuf *);	/* first unread byte */
size_t		 ibuf_size(const struct ibuf *);	/* bytes unread */
size_t		 ibuf_left(const struct ibuf *);	/* bytes of room */
void		 ibuf_rewind(struct ibuf *);		/* read all again */
int		 ibuf_skip(struct ibuf *, size_t len);
int		 ibuf_get(struct ibuf *, void *, size_t len);

/* Carve the next len bytes into a reader that needs no ibuf_free(). */
int		 ibuf_get_ibuf(struct ibuf *, size_t len, struct ibuf *);

int		 ibuf_get_n8(struct ibuf *, uint8_t *);
int		 ibuf_get_n16(struct ibuf *, uint16_t *);
int		 ibuf_get_n32(struct ibuf *, uint32_t *);
int		 ibuf_get_n64(struct ibuf *, uint64_t *);
int		 ibuf_get_h16(struct ibuf *, uint16_t *);
int		 ibuf_get_h32(struct ibuf *, uint32_t *);
int		 ibuf_get_h64(struct ibuf *, uint64_t *);

/* The next len bytes as a new string, cut at a NUL; the caller frees it. */
char		*ibuf_get_string(struct ibuf *, size_t len);

/*
 * The next len bytes as a string of a fixed field; -1 with EOVERFLOW when the
 * field had no NUL (then it is cut and consumed all the same).
 */
int		 ibuf_get_strbuf(struct ibuf *, char *, size_t len);

/* --- buffers: the descriptor that travels along ------------------------ */

int		 ibuf_fd_avail(const struct ibuf *);	/* true: has one */
int		 ibuf_fd_get(struct ibuf *);	/* now the caller's; or -1 */
void		 ibuf_fd_set(struct ibuf *, int fd); /* closes an older one */

/* --- queues of buffers -------------------------------------------------- */

/* A queue for output only. */
struct msgbuf	*msgbuf_new(void);

/*
 * Also a reader of framed messages.  Once hdrsz bytes of a message are there,
 * readhdr(hdr, arg, &fd) must return an empty buffer with room for the whole
 * message, header included, or NULL with errno set to give up on the stream.
 * fd is the descriptor that came with the message, or -1; readhdr takes it by
 * storing -1, else it is closed.
 */
struct msgbuf	*msgbuf_new_reader(size_t hdrsz,
		    struct ibuf *(*readhdr)(struct ibuf *, void *, int *),
		    void *arg);
void		 msgbuf_free(struct msgbuf *);

/* Drop everything queued in both directions and close its descriptors. */
void		 msgbuf_clear(struct msgbuf *);

/* Buffers that wait to be written. */
uint32_t	 msgbuf_queuelen(const struct msgbuf *);

/* Queue a buffer for output; it belongs to the queue from now on. */
void		 ibuf_close(struct msgbuf *, struct ibuf *);

/*
 * Write to the socket fd until the queue is empty or the socket is full; both
 * are success.
 */
int		 msgbuf_write(int fd, struct msgbuf *);

/*
 * Read the socket fd once and queue the messages that became whole.  1, also
 * when nothing was waiting; 0 at the end of the file; -1, for ever after
 * readhdr gave up.
 * ibuf_read() takes no descriptors: those sent along are closed unseen.
 */
int		 msgbuf_read(int fd, struct msgbuf *);
int		 ibuf_read(int fd, struct msgbuf *);

/* The oldest whole message, or NULL. */
struct ibuf	*msgbuf_get(struct msgbuf *);

/* --- channels ------------------------------------------------------------ */

/* Use the socket fd, which is never closed here. */
int		 imsgbuf_init(struct imsgbuf *, int fd);

/* Let descriptors pass in both directions; without it none do. */
void		 imsgbuf_allow_fdpass(struct imsgbuf *);

/* Allow payloads of up to max bytes, sent and received; EINVAL: absurd. */
int		 imsgbuf_set_maxsize(struct imsgbuf *, uint32_t max);

/* Free all that is queued.  The channel is then as good as never opened. */
void		 imsgbuf_clear(struct imsgbuf *);

/*
 * As msgbuf_read().  ERANGE: the peer announced a message that is shorter
 * than a header or longer than allowed; there is no way to go on reading.
 */
int		 imsgbuf_read(struct imsgbuf *);

/* As msgbuf_write(). */
int		 imsgbuf_write(struct imsgbuf *);

/* Write until everything is out, waiting with poll(2) where it must. */
int		 imsgbuf_flush(struct imsgbuf *);

/* Messages that wait to be written. */
uint32_t	 imsgbuf_queuelen(const struct imsgbuf *);

/* The oldest received message: 1, 0 when there is none, -1. */
int		 imsgbuf_get(struct imsgbuf *, struct imsg *);

/* The older form: the length of the message with its header, 0 or -1. */
ssize_t		 imsg_get(struct imsgbuf *, struct imsg *);

/* --- sending.  A pid of 0 stands for our own ------------------------------ */

/*
 * Queue one message: 1 or -1.  A descriptor other than -1 is closed once it
 * was sent; after -1 it is still the caller's.  ERANGE: too large; EINVAL: a
 * descriptor, but the channel does not pass any.
 */
int		 imsg_compose(struct imsgbuf *, uint32_t type, uint32_t id,
		    pid_t pid, int fd, const void *, size_t len);
int		 imsg_composev(struct imsgbuf *, uint32_t type, uint32_t id,
		    pid_t pid, int fd, const struct iovec *, int iovcnt);

/* The same with a buffer, its descriptor included; consumed even by -1. */
int		 imsg_compose_ibuf(struct imsgbuf *, uint32_t type,
		    uint32_t id, pid_t pid, struct ibuf *);

/*
 * In steps: create with room for len bytes, add, close.  imsg_add() returns
 * len; when it fails it has freed the message and returns -1.
 */
struct ibuf	*imsg_create(struct imsgbuf *, uint32_t type, uint32_t id,
		    pid_t pid, size_t len);
int		 imsg_add(struct ibuf *, const void *, size_t len);
void		 imsg_close(struct imsgbuf *, struct ibuf *);

/* Queue a received message again, but for its descriptor: 1 or -1. */
int		 imsg_forward(struct imsgbuf *, struct imsg *);

/* --- received messages ---------------------------------------------------- */

/* Release; a descriptor nobody asked for is closed. */
void		 imsg_free(struct imsg *);

uint32_t	 imsg_get_type(const struct imsg *);
uint32_t	 imsg_get_id(const struct imsg *);
pid_t		 imsg_get_pid(const struct imsg *);
size_t		 imsg_get_len(const struct imsg *);	/* of the payload */

/* Its descriptor, now the caller's; -1 when none came, or the second time. */
int		 imsg_get_fd(struct imsg *);

/* The payload, which must be exactly len bytes; EBADMSG when it is not. */
int		 imsg_get_data(struct imsg *, void *, size_t len);

/* A reader of what is left of the payload; EBADMSG when that is nothing. */
int		 imsg_get_ibuf(struct imsg *, struct ibuf *);

/* The next len bytes of the payload; see ibuf_get() and ibuf_get_strbuf(). */
int		 imsg_get_buf(struct imsg *, void *, size_t len);
int		 imsg_get_strbuf(struct imsg *, char *, size_t len);

#endif
