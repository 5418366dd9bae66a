/*
 * Tests of descriptors that travel with messages, compat/imsg.c and
 * compat/msgbuf.c: each is handed out once, with its own message, or closed.
 * A descriptor is known by the inode of its pipe.
 */
#include <sys/types.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <atf-c.h>
#include <errno.h>
#include <fcntl.h>

#include "channel.h"

static ino_t
inode(int fd)
{
	struct stat	 st;

	ATF_REQUIRE_EQ(fstat(fd, &st), 0);
	return (st.st_ino);
}

/* The reading end of a pipe whose writing end is closed. */
static int
pipe_end(void)
{
	int	 p[2];

	ATF_REQUIRE_EQ(pipe(p), 0);
	close(p[1]);
	return (p[0]);
}

/* The next message has this type and the descriptor of ino (0: none). */
static void
expect_fd(struct imsgbuf *b, uint32_t type, ino_t ino)
{
	struct imsg	 imsg;
	int		 fd;

	imsg_expect(b, &imsg, type);
	fd = imsg_get_fd(&imsg);
	if (ino == 0)
		ATF_CHECK_EQ(fd, -1);
	else {
		ATF_REQUIRE(fd != -1);
		ATF_CHECK_EQ(inode(fd), ino);
		ATF_CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
		ATF_CHECK_EQ(imsg_get_fd(&imsg), -1);
		close(fd);
	}
	imsg_free(&imsg);
}

#define MIXED	300

/* True for the messages that carry a descriptor: runs of every length. */
static int
mixed_has_fd(uint32_t i)
{
	return (i % 7 == 0 || i % 5 < 2);
}

ATF_TC_WITHOUT_HEAD(imsg_get_fd_pairs);
ATF_TC_BODY(imsg_get_fd_pairs, tc)
{
	static char	 d[4000];
	ino_t		 ino[MIXED];
	struct imsgbuf	 a, b;
	struct imsg	 imsg;
	uint32_t	 i, next = 0;
	int		 before, fd;

	before = fd_count();
	channel_open(&a, &b, 1);
	for (i = 0; i < MIXED; i++) {
		fd = mixed_has_fd(i) ? pipe_end() : -1;
		ino[i] = fd == -1 ? 0 : inode(fd);
		ATF_REQUIRE_EQ(imsg_compose(&a, i, 0, 0, fd, d,
		    i * 97 % sizeof(d)), 1);
	}
	while (next < MIXED) {
		ATF_REQUIRE_EQ(imsgbuf_write(&a), 0);
		ATF_REQUIRE_EQ(imsgbuf_read(&b), 1);
		while (imsgbuf_get(&b, &imsg) == 1) {
			ATF_REQUIRE_EQ(imsg_get_type(&imsg), next);
			ATF_CHECK_EQ(imsg_get_len(&imsg),
			    next * 97 % sizeof(d));
			fd = imsg_get_fd(&imsg);
			ATF_REQUIRE_EQ(fd == -1, ino[next] == 0);
			if (fd != -1)
				ATF_CHECK_EQ(inode(fd), ino[next]);
			close(fd);
			imsg_free(&imsg);
			next++;
		}
	}
	channel_close(&a, &b);
	ATF_CHECK_EQ(fd_count(), before);
}

ATF_TC_WITHOUT_HEAD(imsg_get_fd_once);
ATF_TC_BODY(imsg_get_fd_once, tc)
{
	struct imsgbuf	 a, b;
	ino_t		 ino;
	int		 before, fd;

	before = fd_count();
	channel_open(&a, &b, 1);
	fd = pipe_end();
	ino = inode(fd);
	ATF_CHECK_EQ(imsg_compose(&a, 1, 0, 0, fd, "x", 1), 1);
	ATF_CHECK_EQ(imsg_compose(&a, 2, 0, 0, -1, "x", 1), 1);
	ATF_CHECK_EQ(imsgbuf_write(&a), 0);
	ATF_CHECK_EQ(fcntl(fd, F_GETFD), -1);
	ATF_CHECK_EQ(imsgbuf_read(&b), 1);
	expect_fd(&b, 1, ino);
	expect_fd(&b, 2, 0);
	channel_close(&a, &b);
	ATF_CHECK_EQ(fd_count(), before);
}

ATF_TC_WITHOUT_HEAD(imsg_compose_ibuf_fd);
ATF_TC_BODY(imsg_compose_ibuf_fd, tc)
{
	struct imsgbuf	 a, b;
	struct ibuf	*buf;
	ino_t		 ino;
	int		 before;

	before = fd_count();
	channel_open(&a, &b, 1);
	ATF_REQUIRE((buf = ibuf_open(1)) != NULL);
	ibuf_fd_set(buf, pipe_end());
	ino = inode(buf->fd);
	ATF_CHECK_EQ(imsg_compose_ibuf(&a, 1, 0, 0, buf), 1);
	ATF_REQUIRE((buf = ibuf_open(MAX_IMSGSIZE)) != NULL);
	ATF_CHECK_EQ(ibuf_add_zero(buf, MAX_IMSGSIZE), 0);
	ibuf_fd_set(buf, pipe_end());
	ATF_CHECK_ERRNO(ERANGE, imsg_compose_ibuf(&a, 2, 0, 0, buf) == -1);
	ATF_REQUIRE((buf = imsg_create(&a, 3, 0, 0, 0)) != NULL);
	ibuf_fd_set(buf, pipe_end());
	imsg_close(&a, buf);
	ATF_CHECK_EQ(imsgbuf_write(&a), 0);
	ATF_CHECK_EQ(imsgbuf_read(&b), 1);
	expect_fd(&b, 1, ino);
	ATF_CHECK_EQ(imsgbuf_read(&b), 1);
	imsgbuf_clear(&b);
	ATF_CHECK_EQ(imsgbuf_init(&b, b.fd), 0);
	channel_close(&a, &b);
	ATF_CHECK_EQ(fd_count(), before);
}

ATF_TC_WITHOUT_HEAD(imsg_free_closes);
ATF_TC_BODY(imsg_free_closes, tc)
{
	struct imsgbuf	 a, b;
	struct imsg	 imsg;
	int		 before;

	before = fd_count();
	channel_open(&a, &b, 1);
	ATF_CHECK_EQ(imsg_compose(&a, 1, 0, 0, pipe_end(), NULL, 0), 1);
	ATF_CHECK_EQ(imsgbuf_write(&a), 0);
	ATF_CHECK_EQ(imsgbuf_read(&b), 1);
	imsg_expect(&b, &imsg, 1);
	ATF_CHECK_EQ(fd_count(), before + 3);
	ATF_CHECK_EQ(imsg_forward(&b, &imsg), 1);
	imsg_free(&imsg);
	ATF_CHECK_EQ(fd_count(), before + 2);
	ATF_CHECK_EQ(imsgbuf_write(&b), 0);
	ATF_CHECK_EQ(imsgbuf_read(&a), 1);
	expect_fd(&a, 1, 0);
	channel_close(&a, &b);
	ATF_CHECK_EQ(fd_count(), before);
}

ATF_TC_WITHOUT_HEAD(imsgbuf_clear_closes);
ATF_TC_BODY(imsgbuf_clear_closes, tc)
{
	uint8_t		 s[64];
	struct imsgbuf	 a, b;
	size_t		 len, cut;
	int		 before, fd;

	before = fd_count();
	channel_open(&a, &b, 1);	/* still queued */
	ATF_CHECK_EQ(imsg_compose(&a, 1, 0, 0, pipe_end(), NULL, 0), 1);
	channel_close(&a, &b);
	ATF_CHECK_EQ(fd_count(), before);

	fd = pipe_end();	/* arrived: partial header, message, whole */
	len = raw_message(s, 0, 1, MARK | (IMSG_HEADER_SIZE + 3), "abc");
	for (cut = 1; cut <= len; cut++) {
		channel_open(&a, &b, 1);
		raw_send(a.fd, s, cut, &fd, 1);
		ATF_CHECK_EQ(imsgbuf_read(&b), 1);
		ATF_CHECK_EQ(fd_count(), before + 4);
		channel_close(&a, &b);
		ATF_CHECK_EQ(fd_count(), before + 1);
	}
	close(fd);
}

ATF_TC_WITHOUT_HEAD(fd_surplus);
ATF_TC_BODY(fd_surplus, tc)
{
	uint8_t		 s[64];
	struct imsgbuf	 a, b;
	size_t		 len;
	int		 before, fds[RAW_FDS], i;

	before = fd_count();
	channel_open(&a, &b, 1);
	for (i = 0; i < RAW_FDS; i++)
		fds[i] = pipe_end();

	/* More than one with a marked message: the first counts. */
	for (i = 1; i <= RAW_FDS; i++) {
		len = raw_message(s, 0, i, MARK | IMSG_HEADER_SIZE, "");
		raw_send(a.fd, s, len, fds, i);
		ATF_CHECK_EQ(imsgbuf_read(&b), 1);
		expect_fd(&b, i, inode(fds[0]));
	}
	/* With a message that has no mark: closed, not kept for the next. */
	for (i = 1; i <= RAW_FDS; i++) {
		len = raw_message(s, 0, 10 + i, IMSG_HEADER_SIZE, "");
		raw_send(a.fd, s, len, fds, i);
		len = raw_message(s, 0, 20 + i, MARK | IMSG_HEADER_SIZE, "");
		ATF_CHECK_EQ(imsgbuf_read(&b), 1);
		raw_send(a.fd, s, len, NULL, 0);
		ATF_CHECK_EQ(imsgbuf_read(&b), 1);
		expect_fd(&b, 10 + i, 0);
		expect_fd(&b, 20 + i, 0);
	}
	ATF_CHECK_EQ(fd_count(), before + 2 + RAW_FDS);
	for (i = 0; i < RAW_FDS; i++)
		close(fds[i]);
	channel_close(&a, &b);
	ATF_CHECK_EQ(fd_count(), before);
}

/* It waits while the header is partial, and goes when that has no mark. */
ATF_TC_WITHOUT_HEAD(fd_surplus_split);
ATF_TC_BODY(fd_surplus_split, tc)
{
	uint8_t		 s[64];
	struct imsgbuf	 a, b;
	size_t		 len;
	int		 before, fd;

	channel_open(&a, &b, 1);
	fd = pipe_end();
	before = fd_count();
	len = raw_message(s, 0, 30, IMSG_HEADER_SIZE, "");
	raw_send(a.fd, s, 5, &fd, 1);
	ATF_CHECK_EQ(imsgbuf_read(&b), 1);
	ATF_CHECK_EQ(fd_count(), before + 1);
	raw_send(a.fd, s + 5, len - 5, NULL, 0);
	ATF_CHECK_EQ(imsgbuf_read(&b), 1);
	ATF_CHECK_EQ(fd_count(), before);
	expect_fd(&b, 30, 0);
	close(fd);
	channel_close(&a, &b);
}

ATF_TC_WITHOUT_HEAD(fd_in_mid_message);
ATF_TC_BODY(fd_in_mid_message, tc)
{
	uint8_t		 s[64];
	struct imsgbuf	 a, b;
	size_t		 len, at;
	int		 before, fd;

	before = fd_count();
	fd = pipe_end();
	len = raw_message(s, 0, 1, MARK | (IMSG_HEADER_SIZE + 3), "abc");
	for (at = 1; at < len; at++) {
		channel_open(&a, &b, 1);
		raw_send(a.fd, s, at, NULL, 0);
		ATF_CHECK_EQ(imsgbuf_read(&b), 1);
		raw_send(a.fd, s + at, len - at, &fd, 1);
		ATF_CHECK_EQ(imsgbuf_read(&b), 1);
		expect_fd(&b, 1, 0);
		ATF_CHECK_EQ(fd_count(), before + 3);
		channel_close(&a, &b);
	}
	close(fd);
}

ATF_TC_WITHOUT_HEAD(fd_bytewise);
ATF_TC_BODY(fd_bytewise, tc)
{
	uint8_t		 s[128];
	struct imsgbuf	 a, b;
	size_t		 len, first, i;
	int		 before, fd[2];

	before = fd_count();
	channel_open(&a, &b, 1);
	fd[0] = pipe_end();
	fd[1] = pipe_end();
	first = raw_message(s, 0, 1, MARK | (IMSG_HEADER_SIZE + 2), "ab");
	len = raw_message(s, first, 2, MARK | IMSG_HEADER_SIZE, "");
	for (i = 0; i < len; i++) {
		if (i == 0 || i == first)
			raw_send(a.fd, s + i, 1, &fd[i == first], 1);
		else
			raw_send(a.fd, s + i, 1, NULL, 0);
		ATF_REQUIRE_EQ(imsgbuf_read(&b), 1);
	}
	expect_fd(&b, 1, inode(fd[0]));
	expect_fd(&b, 2, inode(fd[1]));
	close(fd[0]);
	close(fd[1]);
	channel_close(&a, &b);
	ATF_CHECK_EQ(fd_count(), before);
}

/* Cut two marked messages anywhere: a read may end inside either header. */
ATF_TC_WITHOUT_HEAD(fd_split_header);
ATF_TC_BODY(fd_split_header, tc)
{
	uint8_t		 s[128];
	struct imsgbuf	 a, b;
	size_t		 len, first, cut;
	int		 before, fd[2];

	before = fd_count();
	fd[0] = pipe_end();
	fd[1] = pipe_end();
	first = raw_message(s, 0, 1, MARK | (IMSG_HEADER_SIZE + 2), "ab");
	len = raw_message(s, first, 2, MARK | IMSG_HEADER_SIZE, "");
	for (cut = 1; cut < first; cut++) {
		channel_open(&a, &b, 1);
		raw_send(a.fd, s, cut, &fd[0], 1);
		ATF_CHECK_EQ(imsgbuf_read(&b), 1);
		/* One read gives the rest and what follows. */
		raw_send(a.fd, s + cut, first - cut, NULL, 0);
		raw_send(a.fd, s + first, len - first, &fd[1], 1);
		ATF_CHECK_EQ(imsgbuf_read(&b), 1);
		ATF_CHECK_EQ(imsgbuf_read(&b), 1);
		expect_fd(&b, 1, inode(fd[0]));
		expect_fd(&b, 2, inode(fd[1]));
		channel_close(&a, &b);
	}
	close(fd[0]);
	close(fd[1]);
	ATF_CHECK_EQ(fd_count(), before);
}

ATF_TC_WITHOUT_HEAD(imsgbuf_allow_fdpass_off);
ATF_TC_BODY(imsgbuf_allow_fdpass_off, tc)
{
	uint8_t		 s[64];
	struct imsgbuf	 a, b;
	struct ibuf	*msg;
	size_t		 len;
	int		 before, fd;

	before = fd_count();
	channel_open(&a, &b, 0);
	fd = pipe_end();
	ATF_CHECK_ERRNO(EINVAL, imsg_compose(&a, 1, 0, 0, fd, "", 0) == -1);
	ATF_CHECK_EQ(imsgbuf_queuelen(&a), 0);
	len = raw_message(s, 0, 1, MARK | IMSG_HEADER_SIZE, "");
	raw_send(a.fd, s, len, &fd, 1);
	ATF_CHECK_EQ(imsgbuf_read(&b), 1);
	ATF_CHECK_EQ(fd_count(), before + 3);
	expect_fd(&b, 1, 0);
	ATF_REQUIRE((msg = imsg_create(&a, 2, 0, 0, 0)) != NULL);
	ibuf_fd_set(msg, fd);
	imsg_close(&a, msg);
	ATF_CHECK_EQ(fcntl(fd, F_GETFD), -1);
	ATF_CHECK_EQ(imsgbuf_write(&a), 0);
	ATF_CHECK_EQ(imsgbuf_read(&b), 1);
	expect_fd(&b, 2, 0);
	channel_close(&a, &b);
	ATF_CHECK_EQ(fd_count(), before);
}

ATF_TC_WITHOUT_HEAD(imsgbuf_write_full_fds);
ATF_TC_BODY(imsgbuf_write_full_fds, tc)
{
	static char	 d[16000];
	ino_t		 ino[100];
	struct imsgbuf	 a, b;
	uint32_t	 i, next = 0;
	int		 before, fd;

	before = fd_count();
	channel_open(&a, &b, 1);
	for (i = 0; i < 100; i++) {
		fd = pipe_end();
		ino[i] = inode(fd);
		ATF_REQUIRE_EQ(imsg_compose(&a, i, 0, 0, fd, d,
		    sizeof(d)), 1);
	}
	ATF_CHECK_EQ(imsgbuf_write(&a), 0);
	ATF_CHECK(imsgbuf_queuelen(&a) > 0);
	while (next < 100) {
		ATF_REQUIRE_EQ(imsgbuf_write(&a), 0);
		ATF_REQUIRE_EQ(imsgbuf_read(&b), 1);
		ATF_REQUIRE_EQ(imsgbuf_read(&b), 1);
		expect_fd(&b, next, ino[next]);
		next++;
	}
	channel_close(&a, &b);
	ATF_CHECK_EQ(fd_count(), before);
}

ATF_TC_WITHOUT_HEAD(imsgbuf_write_partial_fd);
ATF_TC_BODY(imsgbuf_write_partial_fd, tc)
{
	static char	 d[1000000];
	struct imsgbuf	 a, b;
	struct imsg	 imsg;
	ino_t		 ino;
	int		 fd;

	channel_open(&a, &b, 1);
	ATF_CHECK_EQ(imsgbuf_set_maxsize(&a, sizeof(d)), 0);
	ATF_CHECK_EQ(imsgbuf_set_maxsize(&b, sizeof(d)), 0);
	fd = pipe_end();
	ino = inode(fd);
	ATF_REQUIRE_EQ(imsg_compose(&a, 1, 0, 0, fd, d, sizeof(d)), 1);
	ATF_CHECK_EQ(imsgbuf_write(&a), 0);
	ATF_CHECK_EQ(imsgbuf_queuelen(&a), 1);
	ATF_CHECK_EQ(fcntl(fd, F_GETFD), -1);	/* sent with the first byte */
	while (imsgbuf_queuelen(&a) > 0) {
		ATF_REQUIRE_EQ(imsgbuf_read(&b), 1);
		ATF_CHECK_EQ(imsgbuf_get(&b, &imsg), 0);
		ATF_REQUIRE_EQ(imsgbuf_write(&a), 0);
	}
	while (imsgbuf_get(&b, &imsg) == 0)
		ATF_REQUIRE_EQ(imsgbuf_read(&b), 1);
	ATF_REQUIRE((fd = imsg_get_fd(&imsg)) != -1);
	ATF_CHECK_EQ(inode(fd), ino);
	close(fd);
	imsg_free(&imsg);
	channel_close(&a, &b);
}

/* What the kernel could not give us must not shift the others. */
ATF_TC_WITHOUT_HEAD(fd_table_full);
ATF_TC_BODY(fd_table_full, tc)
{
	struct imsgbuf	 a, b;
	struct rlimit	 old, low;
	ino_t		 ino;
	int		 before, fd;

	before = fd_count();
	channel_open(&a, &b, 1);
	ATF_REQUIRE_EQ(imsg_compose(&a, 1, 0, 0, pipe_end(), "x", 1), 1);
	fd = pipe_end();
	ino = inode(fd);
	ATF_REQUIRE_EQ(imsg_compose(&a, 2, 0, 0, fd, "y", 1), 1);
	ATF_REQUIRE_EQ(imsgbuf_write(&a), 0);

	ATF_REQUIRE_EQ(getrlimit(RLIMIT_NOFILE, &old), 0);
	low = old;
	low.rlim_cur = 1;
	ATF_REQUIRE_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
	ATF_CHECK_EQ(imsgbuf_read(&b), 1);
	ATF_REQUIRE_EQ(setrlimit(RLIMIT_NOFILE, &old), 0);
	ATF_CHECK_EQ(imsgbuf_read(&b), 1);
	expect_fd(&b, 1, 0);
	expect_fd(&b, 2, ino);
	channel_close(&a, &b);
	ATF_CHECK_EQ(fd_count(), before);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, imsg_get_fd_pairs);
	ATF_TP_ADD_TC(tp, imsg_get_fd_once);
	ATF_TP_ADD_TC(tp, imsg_compose_ibuf_fd);
	ATF_TP_ADD_TC(tp, imsg_free_closes);
	ATF_TP_ADD_TC(tp, imsgbuf_clear_closes);
	ATF_TP_ADD_TC(tp, fd_surplus);
	ATF_TP_ADD_TC(tp, fd_surplus_split);
	ATF_TP_ADD_TC(tp, fd_in_mid_message);
	ATF_TP_ADD_TC(tp, fd_bytewise);
	ATF_TP_ADD_TC(tp, fd_split_header);
	ATF_TP_ADD_TC(tp, imsgbuf_allow_fdpass_off);
	ATF_TP_ADD_TC(tp, imsgbuf_write_full_fds);
	ATF_TP_ADD_TC(tp, imsgbuf_write_partial_fd);
	ATF_TP_ADD_TC(tp, fd_table_full);
	return (atf_no_error());
}
