/*
 * Tests of messages and their framing, compat/imsg.c and compat/msgbuf.c.
 */
#include <sys/types.h>
#include <sys/wait.h>

#include <atf-c.h>
#include <errno.h>
#include <stdlib.h>

#include "channel.h"

#define STREAM_MAX	256

/* Messages of 0, 1, 5 and 16 bytes payload; ends[i] is where the i-th ends. */
static size_t
stream_make(uint8_t *buf, size_t *ends)
{
	static const char	*payload[] = { "", "x", "hello",
	    "0123456789abcdef" };
	size_t			 i, len = 0;

	for (i = 0; i < 4; i++) {
		len = raw_message(buf, len, 10 + i,
		    IMSG_HEADER_SIZE + strlen(payload[i]), payload[i]);
		ends[i] = len;
	}
	return (len);
}

ATF_TC_WITHOUT_HEAD(imsg_compose);
ATF_TC_BODY(imsg_compose, tc)
{
	struct imsgbuf	 a, b;
	struct imsg	 imsg;
	int		 v = 42, got;

	channel_open(&a, &b, 0);
	ATF_CHECK_EQ(imsg_compose(&a, 1, 2, 3, -1, &v, sizeof(v)), 1);
	ATF_CHECK_EQ(imsg_compose(&a, UINT32_MAX, 0, 0, -1, NULL, 0), 1);
	ATF_CHECK_EQ(imsgbuf_queuelen(&a), 2);
	ATF_CHECK_EQ(imsgbuf_write(&a), 0);
	ATF_CHECK_EQ(imsgbuf_queuelen(&a), 0);

	ATF_CHECK_EQ(imsgbuf_get(&b, &imsg), 0);
	ATF_CHECK_EQ(imsgbuf_read(&b), 1);
	imsg_expect(&b, &imsg, 1);
	ATF_CHECK_EQ(imsg_get_id(&imsg), 2);
	ATF_CHECK_EQ(imsg_get_pid(&imsg), 3);
	ATF_CHECK_EQ(imsg_get_len(&imsg), sizeof(v));
	ATF_CHECK_EQ(imsg_get_fd(&imsg), -1);
	ATF_CHECK_EQ(memcmp(imsg.data, &v, sizeof(v)), 0);
	ATF_CHECK_EQ(imsg_get_data(&imsg, &got, sizeof(got)), 0);
	ATF_CHECK_EQ(got, 42);
	imsg_free(&imsg);
	ATF_CHECK_EQ(imsg_get(&b, &imsg), (ssize_t)IMSG_HEADER_SIZE);
	ATF_CHECK_EQ(imsg_get_type(&imsg), UINT32_MAX);
	ATF_CHECK_EQ(imsg_get_pid(&imsg), getpid());
	ATF_CHECK_EQ(imsg_get_len(&imsg), 0);
	ATF_CHECK(imsg.data == NULL);
	imsg_free(&imsg);
	ATF_CHECK_EQ(imsg_get(&b, &imsg), 0);
	channel_close(&a, &b);
}

ATF_TC_WITHOUT_HEAD(imsg_composev);
ATF_TC_BODY(imsg_composev, tc)
{
	char		 one[] = "one", two[] = "two", got[6];
	struct iovec	 iov[] = { { one, 3 }, { NULL, 0 }, { two, 3 } };
	struct imsgbuf	 a, b;
	struct imsg	 imsg;

	channel_open(&a, &b, 0);
	ATF_CHECK_EQ(imsg_composev(&a, 1, 2, 3, -1, iov, 3), 1);
	ATF_CHECK_EQ(imsgbuf_flush(&a), 0);
	ATF_CHECK_EQ(imsgbuf_read(&b), 1);
	imsg_expect(&b, &imsg, 1);
	ATF_CHECK_EQ(imsg_get_data(&imsg, got, sizeof(got)), 0);
	ATF_CHECK_EQ(memcmp(got, "onetwo", 6), 0);
	imsg_free(&imsg);
	iov[1].iov_len = SIZE_MAX - 2;
	ATF_CHECK_ERRNO(ERANGE,
	    imsg_composev(&a, 1, 2, 3, -1, iov, 3) == -1);
	ATF_CHECK_EQ(imsgbuf_queuelen(&a), 0);
	channel_close(&a, &b);
}

ATF_TC_WITHOUT_HEAD(imsg_create);
ATF_TC_BODY(imsg_create, tc)
{
	static char	 big[MAX_IMSGSIZE];
	struct imsgbuf	 a, b;
	struct imsg	 imsg;
	struct ibuf	*msg;
	char		 got[5];

	channel_open(&a, &b, 0);
	ATF_REQUIRE((msg = imsg_create(&a, 7, 8, 0, 1)) != NULL);
	ATF_CHECK_EQ(imsg_add(msg, "ab", 2), 2);
	ATF_CHECK_EQ(imsg_add(msg, "cde", 3), 3);
	imsg_close(&a, msg);
	ATF_REQUIRE((msg = imsg_create(&a, 7, 8, 0, 0)) != NULL);
	ATF_CHECK_ERRNO(ERANGE, imsg_add(msg, big, sizeof(big)) == -1);
	ATF_CHECK_ERRNO(ERANGE, imsg_create(&a, 7, 8, 0, SIZE_MAX) == NULL);
	ATF_CHECK_EQ(imsgbuf_queuelen(&a), 1);
	ATF_CHECK_EQ(imsgbuf_write(&a), 0);
	ATF_CHECK_EQ(imsgbuf_read(&b), 1);
	imsg_expect(&b, &imsg, 7);
	ATF_CHECK_EQ(imsg_get_data(&imsg, got, sizeof(got)), 0);
	ATF_CHECK_EQ(memcmp(got, "abcde", 5), 0);
	imsg_free(&imsg);
	channel_close(&a, &b);
}

ATF_TC_WITHOUT_HEAD(imsg_compose_ibuf);
ATF_TC_BODY(imsg_compose_ibuf, tc)
{
	struct imsgbuf	 a, b;
	struct imsg	 imsg;
	struct ibuf	*buf, sub;
	uint32_t	 v;

	channel_open(&a, &b, 0);
	ATF_REQUIRE((buf = ibuf_dynamic(0, 100)) != NULL);
	ATF_CHECK_EQ(ibuf_add_n32(buf, 0xdeadbeef), 0);
	ATF_CHECK_EQ(imsg_compose_ibuf(&a, 1, 2, 3, buf), 1);
	ATF_REQUIRE((buf = ibuf_open(MAX_IMSGSIZE)) != NULL);
	ATF_CHECK_EQ(ibuf_add_zero(buf, MAX_IMSGSIZE), 0);
	ATF_CHECK_ERRNO(ERANGE, imsg_compose_ibuf(&a, 1, 2, 3, buf) == -1);
	ATF_CHECK_EQ(imsgbuf_write(&a), 0);
	ATF_CHECK_EQ(imsgbuf_read(&b), 1);
	imsg_expect(&b, &imsg, 1);
	ATF_CHECK_EQ(imsg_get_ibuf(&imsg, &sub), 0);
	ATF_CHECK(ibuf_get_n32(&sub, &v) == 0 && v == 0xdeadbeef);
	ATF_CHECK_ERRNO(EBADMSG, imsg_get_ibuf(&imsg, &sub) == -1);
	ATF_CHECK_EQ(imsg_get_len(&imsg), 4);
	imsg_free(&imsg);
	channel_close(&a, &b);
}

ATF_TC_WITHOUT_HEAD(imsg_get_data);
ATF_TC_BODY(imsg_get_data, tc)
{
	struct imsgbuf	 a, b;
	struct imsg	 imsg;
	char		 d[16];

	channel_open(&a, &b, 0);
	ATF_CHECK_EQ(imsg_compose(&a, 1, 0, 0, -1, "abcd\0efgh", 9), 1);
	ATF_CHECK_EQ(imsgbuf_write(&a), 0);
	ATF_CHECK_EQ(imsgbuf_read(&b), 1);
	imsg_expect(&b, &imsg, 1);
	ATF_CHECK_ERRNO(EBADMSG, imsg_get_data(&imsg, d, 8) == -1);
	ATF_CHECK_ERRNO(EBADMSG, imsg_get_data(&imsg, d, 10) == -1);
	ATF_CHECK_ERRNO(EINVAL, imsg_get_data(&imsg, d, 0) == -1);
	ATF_CHECK_EQ(imsg_get_buf(&imsg, d, 1), 0);
	ATF_CHECK_EQ(d[0], 'a');
	ATF_CHECK_EQ(imsg_get_strbuf(&imsg, d, 4), 0);
	ATF_CHECK_STREQ(d, "bcd");
	ATF_CHECK_ERRNO(EBADMSG, imsg_get_buf(&imsg, d, 5) == -1);
	ATF_CHECK_ERRNO(EOVERFLOW, imsg_get_strbuf(&imsg, d, 4) == -1);
	imsg_free(&imsg);
	channel_close(&a, &b);
}

ATF_TC_WITHOUT_HEAD(imsgbuf_read_results);
ATF_TC_BODY(imsgbuf_read_results, tc)
{
	struct imsgbuf	 a, b, bad;
	struct imsg	 imsg;

	channel_open(&a, &b, 0);
	ATF_CHECK_EQ(imsgbuf_read(&b), 1);
	ATF_CHECK_EQ(imsgbuf_get(&b, &imsg), 0);
	shutdown(a.fd, SHUT_WR);
	ATF_CHECK_EQ(imsgbuf_read(&b), 0);
	ATF_REQUIRE_EQ(imsgbuf_init(&bad, -1), 0);
	ATF_CHECK_ERRNO(EBADF, imsgbuf_read(&bad) == -1);
	imsgbuf_clear(&bad);
	imsgbuf_clear(&bad);
	channel_close(&a, &b);
}

ATF_TC_WITHOUT_HEAD(imsgbuf_read_bytewise);
ATF_TC_BODY(imsgbuf_read_bytewise, tc)
{
	uint8_t		 s[STREAM_MAX];
	size_t		 ends[4], len, i, n = 0;
	struct imsgbuf	 a, b;
	struct imsg	 imsg;

	channel_open(&a, &b, 1);
	len = stream_make(s, ends);
	for (i = 0; i < len; i++) {
		raw_send(a.fd, s + i, 1, NULL, 0);
		ATF_REQUIRE_EQ(imsgbuf_read(&b), 1);
		if (i + 1 < ends[n]) {
			ATF_REQUIRE_EQ(imsgbuf_get(&b, &imsg), 0);
			continue;
		}
		imsg_expect(&b, &imsg, 10 + n);
		ATF_CHECK_EQ(imsg_get_len(&imsg) + IMSG_HEADER_SIZE,
		    ends[n] - (n == 0 ? 0 : ends[n - 1]));
		imsg_free(&imsg);
		n++;
	}
	ATF_CHECK_EQ(n, 4);
	channel_close(&a, &b);
}

ATF_TC_WITHOUT_HEAD(imsgbuf_read_truncated);
ATF_TC_BODY(imsgbuf_read_truncated, tc)
{
	uint8_t		 s[STREAM_MAX];
	size_t		 ends[4], len, cut, n;
	struct imsgbuf	 a, b;
	struct imsg	 imsg;

	len = stream_make(s, ends);
	for (cut = 0; cut <= len; cut++) {
		channel_open(&a, &b, 1);
		if (cut > 0)
			raw_send(a.fd, s, cut, NULL, 0);
		ATF_CHECK_EQ(imsgbuf_read(&b), 1);
		for (n = 0; n < 4 && ends[n] <= cut; n++) {
			imsg_expect(&b, &imsg, 10 + n);
			imsg_free(&imsg);
		}
		shutdown(a.fd, SHUT_WR);
		ATF_CHECK_EQ(imsgbuf_read(&b), 0);
		ATF_CHECK_EQ(imsgbuf_get(&b, &imsg), 0);
		channel_close(&a, &b);
	}
}

ATF_TC_WITHOUT_HEAD(imsgbuf_read_bitflips);
ATF_TC_BODY(imsgbuf_read_bitflips, tc)
{
	uint8_t		 s[STREAM_MAX];
	size_t		 ends[4], len, bit, total;
	struct imsgbuf	 a, b;
	struct imsg	 imsg;

	len = stream_make(s, ends);
	for (bit = 0; bit < len * 8; bit++) {
		channel_open(&a, &b, 1);
		s[bit / 8] ^= 1 << bit % 8;
		raw_send(a.fd, s, len, NULL, 0);
		s[bit / 8] ^= 1 << bit % 8;
		if (imsgbuf_read(&b) == -1)
			ATF_CHECK_EQ(errno, ERANGE);
		total = 0;
		while (imsgbuf_get(&b, &imsg) == 1) {
			total += IMSG_HEADER_SIZE + imsg_get_len(&imsg);
			imsg_free(&imsg);
		}
		ATF_CHECK(total <= len);
		channel_close(&a, &b);
	}
}

ATF_TC_WITHOUT_HEAD(imsgbuf_read_bad_length);
ATF_TC_BODY(imsgbuf_read_bad_length, tc)
{
	static const uint32_t	 bad[] = {
		0, 1, IMSG_HEADER_SIZE - 1, MAX_IMSGSIZE + 1, 0x7fffffff,
		MARK, MARK | (IMSG_HEADER_SIZE - 1),
		MARK | (MAX_IMSGSIZE + 1), UINT32_MAX
	};
	uint8_t			 s[STREAM_MAX];
	struct imsgbuf		 a, b;
	struct imsg		 imsg;
	size_t			 i, len;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		channel_open(&a, &b, i % 2);
		len = raw_message(s, 0, 1, IMSG_HEADER_SIZE + 2, "ok");
		len = raw_message(s, len, 2, bad[i], "nonsense");
		raw_send(a.fd, s, len, NULL, 0);
		ATF_CHECK_ERRNO(ERANGE, imsgbuf_read(&b) == -1);
		imsg_expect(&b, &imsg, 1);
		imsg_free(&imsg);
		ATF_CHECK_EQ(imsgbuf_get(&b, &imsg), 0);
		/* There is no way back into step. */
		len = raw_message(s, 0, 1, IMSG_HEADER_SIZE, "");
		raw_send(a.fd, s, len, NULL, 0);
		ATF_CHECK_ERRNO(ERANGE, imsgbuf_read(&b) == -1);
		ATF_CHECK_EQ(imsgbuf_get(&b, &imsg), 0);
		channel_close(&a, &b);
	}
}

/* A payload of len bytes must arrive through a and b. */
static void
pass_payload(struct imsgbuf *a, struct imsgbuf *b, size_t len)
{
	struct imsg	 imsg;
	char		*out, *in;
	int		 n = 0;

	ATF_REQUIRE((out = calloc(1, len)) != NULL);
	ATF_REQUIRE((in = calloc(1, len)) != NULL);
	memset(out, 'x', len);
	out[len - 1] = 'y';
	ATF_REQUIRE_EQ(imsg_compose(a, 1, 0, 0, -1, out, len), 1);
	while (n == 0) {
		ATF_REQUIRE_EQ(imsgbuf_write(a), 0);
		ATF_REQUIRE_EQ(imsgbuf_read(b), 1);
		ATF_REQUIRE((n = imsgbuf_get(b, &imsg)) != -1);
	}
	ATF_CHECK_EQ(imsg_get_data(&imsg, in, len), 0);
	ATF_CHECK_EQ(memcmp(in, out, len), 0);
	imsg_free(&imsg);
	free(in);
	free(out);
}

ATF_TC_WITHOUT_HEAD(imsgbuf_set_maxsize);
ATF_TC_BODY(imsgbuf_set_maxsize, tc)
{
	static char	 d[MAX_IMSGSIZE];
	struct imsgbuf	 a, b;

	channel_open(&a, &b, 0);
	pass_payload(&a, &b, MAX_IMSGSIZE - IMSG_HEADER_SIZE);
	ATF_CHECK_ERRNO(ERANGE, imsg_compose(&a, 1, 0, 0, -1, d,
	    MAX_IMSGSIZE - IMSG_HEADER_SIZE + 1) == -1);
	ATF_CHECK_ERRNO(EINVAL, imsgbuf_set_maxsize(&a, MARK) == -1);
	ATF_CHECK_ERRNO(EINVAL, imsgbuf_set_maxsize(&a, UINT32_MAX) == -1);
	ATF_CHECK_EQ(imsgbuf_set_maxsize(&a, 1000000), 0);
	ATF_CHECK_EQ(imsgbuf_set_maxsize(&b, 1000000), 0);
	pass_payload(&a, &b, 1000000);
	ATF_CHECK_EQ(imsgbuf_set_maxsize(&b, 10), 0);
	pass_payload(&a, &b, 10);
	ATF_CHECK_EQ(imsg_compose(&a, 1, 0, 0, -1, d, 11), 1);
	ATF_CHECK_EQ(imsgbuf_write(&a), 0);
	ATF_CHECK_ERRNO(ERANGE, imsgbuf_read(&b) == -1);
	channel_close(&a, &b);
}

#define MANY	2000

ATF_TC_WITHOUT_HEAD(imsgbuf_write_full);
ATF_TC_BODY(imsgbuf_write_full, tc)
{
	char		 d[1000] = "";
	struct imsgbuf	 a, b;
	struct imsg	 imsg;
	uint32_t	 i, next = 0;

	channel_open(&a, &b, 0);
	for (i = 0; i < MANY; i++)
		ATF_REQUIRE_EQ(imsg_compose(&a, i, 0, 0, -1, d,
		    i % sizeof(d)), 1);
	ATF_REQUIRE_EQ(imsgbuf_write(&a), 0);
	ATF_CHECK(imsgbuf_queuelen(&a) > 0);
	ATF_CHECK(imsgbuf_queuelen(&a) < MANY);
	while (next < MANY) {
		ATF_REQUIRE_EQ(imsgbuf_write(&a), 0);
		ATF_REQUIRE_EQ(imsgbuf_read(&b), 1);
		while (imsgbuf_get(&b, &imsg) == 1) {
			ATF_REQUIRE_EQ(imsg_get_type(&imsg), next);
			ATF_REQUIRE_EQ(imsg_get_len(&imsg), next % sizeof(d));
			imsg_free(&imsg);
			next++;
		}
	}
	ATF_CHECK_EQ(imsgbuf_queuelen(&a), 0);
	channel_close(&a, &b);
}

ATF_TC_WITHOUT_HEAD(imsgbuf_write_closed);
ATF_TC_BODY(imsgbuf_write_closed, tc)
{
	struct imsgbuf	 a, b;

	channel_open(&a, &b, 0);
	ATF_CHECK_EQ(imsg_compose(&a, 1, 0, 0, -1, "x", 1), 1);
	shutdown(b.fd, SHUT_RD);
	ATF_CHECK_ERRNO(EPIPE, imsgbuf_write(&a) == -1);
	ATF_CHECK_ERRNO(EPIPE, imsgbuf_flush(&a) == -1);
	ATF_CHECK_EQ(imsgbuf_queuelen(&a), 1);
	channel_close(&a, &b);
}

/* Read until the end; the exit status tells whether all were there. */
static void
count_messages(struct imsgbuf *b)
{
	struct imsg	 imsg;
	int		 n = 0;

	while (imsgbuf_read(b) == 1)
		while (imsgbuf_get(b, &imsg) == 1) {
			n++;
			imsg_free(&imsg);
		}
	_exit(n == MANY ? 0 : 1);
}

ATF_TC_WITHOUT_HEAD(imsgbuf_flush);
ATF_TC_BODY(imsgbuf_flush, tc)
{
	char		 d[1000] = "";
	struct imsgbuf	 a, b;
	pid_t		 pid;
	int		 i, status;

	channel_open(&a, &b, 0);
	for (i = 0; i < MANY; i++)
		ATF_REQUIRE_EQ(imsg_compose(&a, i, 0, 0, -1, d, i % 1000), 1);
	ATF_REQUIRE((pid = fork()) != -1);
	if (pid == 0) {
		close(a.fd);
		count_messages(&b);
	}
	ATF_CHECK_EQ(imsgbuf_flush(&a), 0);
	ATF_CHECK_EQ(imsgbuf_queuelen(&a), 0);
	channel_close(&a, &b);
	ATF_REQUIRE_EQ(waitpid(pid, &status, 0), pid);
	ATF_CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

ATF_TC_WITHOUT_HEAD(imsg_forward);
ATF_TC_BODY(imsg_forward, tc)
{
	struct imsgbuf	 a, b, c, d;
	struct imsg	 imsg;
	char		 got[3];
	int		 i;

	channel_open(&a, &b, 0);
	channel_open(&c, &d, 0);
	ATF_CHECK_EQ(imsg_compose(&a, 1, 2, 3, -1, "abc", 3), 1);
	ATF_CHECK_EQ(imsgbuf_write(&a), 0);
	ATF_CHECK_EQ(imsgbuf_read(&b), 1);
	imsg_expect(&b, &imsg, 1);
	ATF_CHECK_EQ(imsg_forward(&c, &imsg), 1);
	ATF_CHECK_EQ(imsg_get_data(&imsg, got, sizeof(got)), 0);
	ATF_CHECK_EQ(imsg_forward(&c, &imsg), 1);
	imsg_free(&imsg);
	ATF_CHECK_EQ(imsgbuf_write(&c), 0);
	ATF_CHECK_EQ(imsgbuf_read(&d), 1);
	for (i = 0; i < 2; i++) {
		imsg_expect(&d, &imsg, 1);
		ATF_CHECK_EQ(imsg_get_id(&imsg), 2);
		ATF_CHECK_EQ(imsg_get_pid(&imsg), 3);
		ATF_CHECK_EQ(imsg_get_data(&imsg, got, sizeof(got)), 0);
		ATF_CHECK_EQ(memcmp(got, "abc", 3), 0);
		imsg_free(&imsg);
	}
	channel_close(&a, &b);
	channel_close(&c, &d);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, imsg_compose);
	ATF_TP_ADD_TC(tp, imsg_composev);
	ATF_TP_ADD_TC(tp, imsg_create);
	ATF_TP_ADD_TC(tp, imsg_compose_ibuf);
	ATF_TP_ADD_TC(tp, imsg_get_data);
	ATF_TP_ADD_TC(tp, imsgbuf_read_results);
	ATF_TP_ADD_TC(tp, imsgbuf_read_bytewise);
	ATF_TP_ADD_TC(tp, imsgbuf_read_truncated);
	ATF_TP_ADD_TC(tp, imsgbuf_read_bitflips);
	ATF_TP_ADD_TC(tp, imsgbuf_read_bad_length);
	ATF_TP_ADD_TC(tp, imsgbuf_set_maxsize);
	ATF_TP_ADD_TC(tp, imsgbuf_write_full);
	ATF_TP_ADD_TC(tp, imsgbuf_write_closed);
	ATF_TP_ADD_TC(tp, imsgbuf_flush);
	ATF_TP_ADD_TC(tp, imsg_forward);
	return (atf_no_error());
}
