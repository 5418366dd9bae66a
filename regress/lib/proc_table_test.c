/*
 * Tests of lib/proc.c: the table of messages as the receiver enforces it.  A
 * real child is started, but its parent is a plain descriptor that may write
 * what it likes.  A message that the table does not allow ends the child with
 * status 1; the end of the channel ends it with status 7 (see proc_child.c).
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <atf-c.h>
#include <fcntl.h>
#include <imsg.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "proc_family.h"
#include "proc_priv.h"

#define ENDED	7

struct raw {
	pid_t		 pid;
	int		 fd;
	struct imsgbuf	 imsg;
};

static void
raw_start(const atf_tc_t *tc, struct raw *r, const char *role)
{
	char	 path[1024];
	int	 sp[2];

	snprintf(path, sizeof(path), "%s/proc_child",
	    atf_tc_get_config_var(tc, "srcdir"));
	ATF_REQUIRE_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC |
	    SOCK_NONBLOCK, 0, sp), 0);
	ATF_REQUIRE((r->pid = fork()) != -1);
	if (r->pid == 0) {
		if (sp[1] == PROC_FD)
			fcntl(sp[1], F_SETFD, 0);
		else
			dup2(sp[1], PROC_FD);
		execl(path, "family", "-R", role, (char *)NULL);
		_exit(99);
	}
	close(sp[1]);
	r->fd = sp[0];
	ATF_REQUIRE_EQ(imsgbuf_init(&r->imsg, r->fd), 0);
	imsgbuf_allow_fdpass(&r->imsg);
}

/* Close the channel; how did the child end? */
static int
raw_end(struct raw *r)
{
	int	 status;

	imsgbuf_clear(&r->imsg);
	close(r->fd);
	ATF_REQUIRE_EQ(waitpid(r->pid, &status, 0), r->pid);
	ATF_REQUIRE(WIFEXITED(status));
	return (WEXITSTATUS(status));
}

static void
raw_send(struct raw *r, uint32_t type, const void *data, size_t len, int fd)
{
	ATF_REQUIRE_EQ(imsg_compose(&r->imsg, type, 0, 0, fd, data, len), 1);
	ATF_REQUIRE_EQ(imsgbuf_flush(&r->imsg), 0);
}

/* Wait for a message of this type; 0 when the child went away instead. */
static int
raw_get(struct raw *r, uint32_t type)
{
	struct pollfd	 pfd = { .fd = r->fd, .events = POLLIN };
	struct imsg	 im;
	int		 got = 0;

	for (;;) {
		while (imsgbuf_get(&r->imsg, &im) == 1) {
			got |= imsg_get_type(&im) == type;
			imsg_free(&im);
		}
		if (got)
			return (1);
		ATF_REQUIRE_EQ(poll(&pfd, 1, 10000), 1);
		if (imsgbuf_read(&r->imsg) != 1)
			return (0);
	}
}

static int
some_fd(void)
{
	int	 fd;

	ATF_REQUIRE((fd = open("/dev/null", O_RDONLY)) != -1);
	return (fd);
}

/* Send one message to a new child of this role; how does it end? */
static int
verdict_of(const atf_tc_t *tc, const char *role, uint32_t type, size_t len,
    int with_fd)
{
	static const uint8_t	 zeros[2 * PROC_MAX_PAYLOAD];
	struct raw		 r;

	raw_start(tc, &r, role);
	ATF_REQUIRE(raw_get(&r, F_HELLO));
	raw_send(&r, type, zeros, len, with_fd ? some_fd() : -1);
	return (raw_end(&r));
}

static int
verdict(const atf_tc_t *tc, uint32_t type, size_t len, int with_fd)
{
	return (verdict_of(tc, "one", type, len, with_fd));
}

/* The measure of all cases below: what is right is taken. */
ATF_TC_WITHOUT_HEAD(chan_dispatch);
ATF_TC_BODY(chan_dispatch, tc)
{
	const struct order	 o = { O_VERBOSE, 0 };
	struct raw		 r;

	raw_start(tc, &r, "one");
	ATF_CHECK(raw_get(&r, PROC_READY));
	raw_send(&r, F_ORDER, &o, sizeof(o), -1);
	ATF_CHECK(raw_get(&r, F_TELL));
	ATF_CHECK_EQ(raw_end(&r), ENDED);
	ATF_CHECK_EQ(verdict(tc, PROC_BEAT, sizeof(struct proc_empty), 0),
	    ENDED);
	ATF_CHECK_EQ(verdict(tc, PROC_VERBOSE, sizeof(uint32_t), 0), ENDED);
	ATF_CHECK_EQ(verdict(tc, PROC_RELOADED, sizeof(struct proc_reloaded),
	    0), ENDED);
	ATF_CHECK_EQ(verdict(tc, F_TOKEN, sizeof(struct proc_empty), 1),
	    ENDED);
}

ATF_TC_WITHOUT_HEAD(msg_allowed_size);
ATF_TC_BODY(msg_allowed_size, tc)
{
	static const size_t	 wrong[] = {
		0, 1, sizeof(struct order) - 1, sizeof(struct order) + 1,
		PROC_MAX_PAYLOAD, PROC_MAX_PAYLOAD + 1,
		MAX_IMSGSIZE - sizeof(struct imsg_hdr)
	};
	size_t			 i;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ATF_CHECK_EQ_MSG(verdict(tc, F_ORDER, wrong[i], 0), 1,
		    "%zu bytes", wrong[i]);
	ATF_CHECK_EQ(verdict(tc, PROC_BEAT, 0, 0), 1);
	ATF_CHECK_EQ(verdict(tc, PROC_VERBOSE, sizeof(uint64_t), 0), 1);
}

ATF_TC_WITHOUT_HEAD(msg_allowed_direction);
ATF_TC_BODY(msg_allowed_direction, tc)
{
	/* A child's to the parent, and a sibling's. */
	ATF_CHECK_EQ(verdict(tc, F_HELLO, sizeof(struct hello), 0), 1);
	ATF_CHECK_EQ(verdict(tc, F_GIFT, sizeof(uint32_t), 1), 1);
	ATF_CHECK_EQ(verdict(tc, F_TALK, sizeof(uint32_t), 0), 1);
	ATF_CHECK_EQ(verdict(tc, PROC_READY, sizeof(struct proc_empty), 0),
	    1);
	ATF_CHECK_EQ(verdict(tc, PROC_LOG, sizeof(struct proc_logline), 0),
	    1);
	ATF_CHECK_EQ(verdict(tc, PROC_RELOAD, sizeof(uint32_t), 0), 1);
}

/* Right for a sibling, and handled here as well. */
ATF_TC_WITHOUT_HEAD(msg_allowed_receiver);
ATF_TC_BODY(msg_allowed_receiver, tc)
{
	ATF_CHECK_EQ(verdict_of(tc, "one", F_ONE, sizeof(uint32_t), 0),
	    ENDED);
	ATF_CHECK_EQ(verdict_of(tc, "two", F_ONE, sizeof(uint32_t), 0), 1);
}

ATF_TC_WITHOUT_HEAD(msg_row_unknown);
ATF_TC_BODY(msg_row_unknown, tc)
{
	static const uint32_t	 types[] = {
		PROC_NINTERNAL, PROC_USER - 1, F_END, F_END + 1, 0x7fffffff,
		0xffffffff
	};
	size_t			 i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		ATF_CHECK_EQ_MSG(verdict(tc, types[i], 4, 0), 1, "type %u",
		    types[i]);
}

ATF_TC_WITHOUT_HEAD(msg_allowed_fd);
ATF_TC_BODY(msg_allowed_fd, tc)
{
	ATF_CHECK_EQ(verdict(tc, F_TOKEN, sizeof(struct proc_empty), 0), 1);
	ATF_CHECK_EQ(verdict(tc, F_ORDER, sizeof(struct order), 1), 1);
	ATF_CHECK_EQ(verdict(tc, PROC_BEAT, sizeof(struct proc_empty), 1), 1);
	ATF_CHECK_EQ(verdict(tc, PROC_LINK, sizeof(uint32_t), 0), 1);
}

ATF_TC_WITHOUT_HEAD(msg_without_handler);
ATF_TC_BODY(msg_without_handler, tc)
{
	ATF_CHECK_EQ(verdict(tc, F_NOBODY, sizeof(uint32_t), 0), 1);
}

/* A link to itself, to the parent, or to nobody. */
ATF_TC_WITHOUT_HEAD(on_link);
ATF_TC_BODY(on_link, tc)
{
	static const uint32_t	 wrong[] = {
		PROC_PARENT, ONE, NROLES, PROC_MAX_ROLES, 0x80000000
	};
	const uint32_t		 two = TWO;
	struct raw		 r;
	size_t			 i;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		raw_start(tc, &r, "one");
		raw_send(&r, PROC_LINK, &wrong[i], sizeof(wrong[i]),
		    some_fd());
		ATF_CHECK_EQ_MSG(raw_end(&r), 1, "role %u", wrong[i]);
	}
	/* Two links to the same: the second takes the place of the first. */
	raw_start(tc, &r, "one");
	raw_send(&r, PROC_LINK, &two, sizeof(two), some_fd());
	raw_send(&r, PROC_LINK, &two, sizeof(two), some_fd());
	ATF_CHECK_EQ(raw_end(&r), ENDED);
}

/* A header that cannot be is the end of the channel, not of the world. */
ATF_TC_WITHOUT_HEAD(chan_readable_garbage);
ATF_TC_BODY(chan_readable_garbage, tc)
{
	struct imsg_hdr	 hdr = { F_ORDER, 0, 0, 0 };
	const uint32_t	 lens[] = { 0, sizeof(hdr) - 1, 0x00ffffff,
			    0xffffffff };
	struct raw	 r;
	size_t		 i;

	for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		raw_start(tc, &r, "one");
		hdr.len = lens[i];
		ATF_REQUIRE_EQ(write(r.fd, &hdr, sizeof(hdr)),
		    (ssize_t)sizeof(hdr));
		ATF_CHECK_EQ_MSG(raw_end(&r), ENDED, "length %x", lens[i]);
	}
}

/* A parent that dies in the middle of a message. */
ATF_TC_WITHOUT_HEAD(chan_readable_cut);
ATF_TC_BODY(chan_readable_cut, tc)
{
	const struct imsg_hdr	 hdr = { F_ORDER, sizeof(hdr) +
				    sizeof(struct order), 0, 0 };
	uint8_t			 b[sizeof(hdr) + sizeof(struct order)];
	struct raw		 r;
	size_t			 len;

	memset(b, 0xff, sizeof(b));
	memcpy(b, &hdr, sizeof(hdr));
	for (len = 0; len < sizeof(b); len++) {
		raw_start(tc, &r, "one");
		if (len > 0)
			ATF_REQUIRE_EQ(write(r.fd, b, len), (ssize_t)len);
		ATF_CHECK_EQ_MSG(raw_end(&r), ENDED, "%zu bytes", len);
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, chan_dispatch);
	ATF_TP_ADD_TC(tp, msg_allowed_size);
	ATF_TP_ADD_TC(tp, msg_allowed_direction);
	ATF_TP_ADD_TC(tp, msg_allowed_receiver);
	ATF_TP_ADD_TC(tp, msg_row_unknown);
	ATF_TP_ADD_TC(tp, msg_allowed_fd);
	ATF_TP_ADD_TC(tp, msg_without_handler);
	ATF_TP_ADD_TC(tp, on_link);
	ATF_TP_ADD_TC(tp, chan_readable_garbage);
	ATF_TP_ADD_TC(tp, chan_readable_cut);
	return (atf_no_error());
}
