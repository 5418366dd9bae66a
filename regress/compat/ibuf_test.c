/*
 * Tests of the byte buffers, compat/ibuf.c.
 */
#include <sys/types.h>
#include <sys/wait.h>

#include <atf-c.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "imsg.h"

ATF_TC_WITHOUT_HEAD(ibuf_add_numbers);
ATF_TC_BODY(ibuf_add_numbers, tc)
{
	static const uint8_t	 net[] = {
		1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	};
	struct ibuf		*b;

	ATF_REQUIRE((b = ibuf_dynamic(0, 64)) != NULL);
	ATF_CHECK_EQ(ibuf_add_n8(b, 1), 0);
	ATF_CHECK_EQ(ibuf_add_n16(b, 0x0203), 0);
	ATF_CHECK_EQ(ibuf_add_n32(b, 0x04050607), 0);
	ATF_CHECK_EQ(ibuf_add_n64(b, 0x08090a0b0c0d0e0fULL), 0);
	ATF_REQUIRE_EQ(ibuf_size(b), sizeof(net));
	ATF_CHECK_EQ(memcmp(ibuf_data(b), net, sizeof(net)), 0);
	ATF_CHECK_EQ(ibuf_left(b), 64 - sizeof(net));
	ibuf_free(b);
}

ATF_TC_WITHOUT_HEAD(ibuf_get_numbers);
ATF_TC_BODY(ibuf_get_numbers, tc)
{
	struct ibuf	*b;
	uint64_t	 v64;
	uint32_t	 v32;
	uint16_t	 v16;
	uint8_t		 v8;

	ATF_REQUIRE((b = ibuf_open(29)) != NULL);
	ATF_CHECK_EQ(ibuf_add_n8(b, UINT8_MAX), 0);
	ATF_CHECK_EQ(ibuf_add_n16(b, 0xfffe), 0);
	ATF_CHECK_EQ(ibuf_add_n32(b, 0xfffffffdU), 0);
	ATF_CHECK_EQ(ibuf_add_n64(b, UINT64_MAX - 3), 0);
	ATF_CHECK_EQ(ibuf_add_h16(b, 0x1122), 0);
	ATF_CHECK_EQ(ibuf_add_h32(b, 0x33445566), 0);
	ATF_CHECK_EQ(ibuf_add_h64(b, 0x7788990011223344ULL), 0);
	ATF_CHECK_EQ(ibuf_left(b), 0);

	ATF_CHECK(ibuf_get_n8(b, &v8) == 0 && v8 == 0xff);
	ATF_CHECK(ibuf_get_n16(b, &v16) == 0 && v16 == 0xfffe);
	ATF_CHECK(ibuf_get_n32(b, &v32) == 0 && v32 == 0xfffffffdU);
	ATF_CHECK(ibuf_get_n64(b, &v64) == 0 && v64 == UINT64_MAX - 3);
	ATF_CHECK(ibuf_get_h16(b, &v16) == 0 && v16 == 0x1122);
	ATF_CHECK(ibuf_get_h32(b, &v32) == 0 && v32 == 0x33445566);
	ATF_CHECK(ibuf_get_h64(b, &v64) == 0 && v64 == 0x7788990011223344ULL);
	ATF_CHECK_EQ(ibuf_size(b), 0);
	ibuf_free(b);
}

ATF_TC_WITHOUT_HEAD(ibuf_add_too_large);
ATF_TC_BODY(ibuf_add_too_large, tc)
{
	struct ibuf	*b;

	ATF_REQUIRE((b = ibuf_open(16)) != NULL);
	ATF_CHECK_ERRNO(EINVAL, ibuf_add_n8(b, 0x100) == -1);
	ATF_CHECK_ERRNO(EINVAL, ibuf_add_n16(b, 0x10000) == -1);
	ATF_CHECK_ERRNO(EINVAL, ibuf_add_n32(b, 0x100000000ULL) == -1);
	ATF_CHECK_ERRNO(EINVAL, ibuf_add_h16(b, 0x10000) == -1);
	ATF_CHECK_ERRNO(EINVAL, ibuf_add_h32(b, UINT64_MAX) == -1);
	ATF_CHECK_EQ(ibuf_size(b), 0);
	ATF_REQUIRE_EQ(ibuf_add_zero(b, 16), 0);
	ATF_CHECK_ERRNO(EINVAL, ibuf_set_n8(b, 0, 0x100) == -1);
	ATF_CHECK_ERRNO(EINVAL, ibuf_set_n16(b, 0, 0x10000) == -1);
	ATF_CHECK_ERRNO(EINVAL, ibuf_set_n32(b, 0, 0x100000000ULL) == -1);
	ATF_CHECK_ERRNO(EINVAL, ibuf_set_h16(b, 0, 0x10000) == -1);
	ATF_CHECK_ERRNO(EINVAL, ibuf_set_h32(b, 0, 0x100000000ULL) == -1);
	ibuf_free(b);
}

ATF_TC_WITHOUT_HEAD(ibuf_open_full);
ATF_TC_BODY(ibuf_open_full, tc)
{
	struct ibuf	*b, *from;

	ATF_REQUIRE((b = ibuf_open(4)) != NULL);
	ATF_REQUIRE((from = ibuf_open(2)) != NULL);
	ATF_CHECK_EQ(ibuf_add_n16(from, 0x0506), 0);
	ATF_CHECK_ERRNO(ERANGE, ibuf_add(b, "12345", 5) == -1);
	ATF_CHECK_ERRNO(ERANGE, ibuf_add_zero(b, SIZE_MAX) == -1);
	ATF_CHECK_ERRNO(ERANGE, ibuf_reserve(b, 5) == NULL);
	ATF_CHECK_EQ(ibuf_add(b, "123", 3), 0);
	ATF_CHECK_ERRNO(ERANGE, ibuf_add_ibuf(b, from) == -1);
	ATF_CHECK_ERRNO(ERANGE, ibuf_reserve(b, SIZE_MAX) == NULL);
	ATF_CHECK_EQ(ibuf_add_n8(b, '4'), 0);
	ATF_CHECK_ERRNO(ERANGE, ibuf_add_n8(b, '5') == -1);
	ATF_CHECK_EQ(ibuf_add(b, NULL, 0), 0);
	ATF_CHECK_EQ(memcmp(ibuf_data(b), "1234", 4), 0);
	ibuf_free(from);
	ibuf_free(b);
	ibuf_free(NULL);
}

ATF_TC_WITHOUT_HEAD(ibuf_open_nothing);
ATF_TC_BODY(ibuf_open_nothing, tc)
{
	struct ibuf	*b;

	ATF_REQUIRE((b = ibuf_open(0)) != NULL);
	ATF_CHECK_EQ(ibuf_size(b), 0);
	ATF_CHECK_EQ(ibuf_left(b), 0);
	ATF_CHECK_ERRNO(ERANGE, ibuf_add_n8(b, 0) == -1);
	ATF_CHECK_EQ(ibuf_truncate(b, 0), 0);
	ATF_CHECK_EQ(ibuf_get(b, NULL, 0), 0);
	ibuf_free(b);
}

ATF_TC_WITHOUT_HEAD(ibuf_dynamic_grows);
ATF_TC_BODY(ibuf_dynamic_grows, tc)
{
	struct ibuf	*b;
	uint32_t	 i, v;

	ATF_CHECK_ERRNO(EINVAL, ibuf_dynamic(0, 0) == NULL);
	ATF_CHECK_ERRNO(EINVAL, ibuf_dynamic(9, 8) == NULL);
	ATF_REQUIRE((b = ibuf_dynamic(1, 4000)) != NULL);
	for (i = 0; i < 1000; i++)
		ATF_REQUIRE_EQ(ibuf_add_n32(b, i), 0);
	ATF_CHECK_ERRNO(ERANGE, ibuf_add_n8(b, 0) == -1);
	for (i = 0; i < 1000; i++)
		ATF_REQUIRE(ibuf_get_n32(b, &v) == 0 && v == i);
	ATF_CHECK_ERRNO(EBADMSG, ibuf_get_n32(b, &v) == -1);
	ibuf_rewind(b);
	ATF_CHECK_EQ(ibuf_size(b), 4000);
	ibuf_free(b);
}

ATF_TC_WITHOUT_HEAD(ibuf_get_short);
ATF_TC_BODY(ibuf_get_short, tc)
{
	uint8_t		 data[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	struct ibuf	 b, sub;
	uint64_t	 v64;
	uint32_t	 v32;
	uint16_t	 v16;
	uint8_t		 v8;
	size_t		 n;

	for (n = 0; n < sizeof(data); n++) {
		ibuf_from_buffer(&b, data, n);
		ATF_CHECK_EQ(ibuf_get_n8(&b, &v8), n < 1 ? -1 : 0);
		ibuf_rewind(&b);
		ATF_CHECK_EQ(ibuf_get_n16(&b, &v16), n < 2 ? -1 : 0);
		ibuf_rewind(&b);
		ATF_CHECK_EQ(ibuf_get_n32(&b, &v32), n < 4 ? -1 : 0);
		ibuf_rewind(&b);
		ATF_CHECK_ERRNO(EBADMSG, ibuf_get_n64(&b, &v64) == -1);
		ATF_CHECK_ERRNO(EBADMSG, ibuf_skip(&b, n + 1) == -1);
		ATF_CHECK_ERRNO(EBADMSG, ibuf_skip(&b, SIZE_MAX) == -1);
		ATF_CHECK_ERRNO(EBADMSG, ibuf_get_ibuf(&b, n + 1, &sub) == -1);
		ATF_CHECK_ERRNO(EBADMSG, ibuf_get_string(&b, n + 1) == NULL);
		ATF_CHECK_EQ(ibuf_size(&b), n);
	}
}

ATF_TC_WITHOUT_HEAD(ibuf_set_bounds);
ATF_TC_BODY(ibuf_set_bounds, tc)
{
	struct ibuf	*b;
	uint16_t	 v16;

	ATF_REQUIRE((b = ibuf_open(16)) != NULL);
	ATF_REQUIRE_EQ(ibuf_add_zero(b, 8), 0);
	ATF_CHECK_ERRNO(ERANGE, ibuf_set_n64(b, 1, 1) == -1);
	ATF_CHECK_ERRNO(ERANGE, ibuf_set_n8(b, 8, 1) == -1);
	ATF_CHECK_ERRNO(ERANGE, ibuf_set(b, SIZE_MAX, "", 1) == -1);
	ATF_CHECK_ERRNO(ERANGE, ibuf_seek(b, 1, SIZE_MAX) == NULL);
	ATF_CHECK(ibuf_seek(b, 8, 0) != NULL);
	ATF_CHECK_EQ(ibuf_set_n16(b, 6, 0x0708), 0);
	ATF_CHECK_EQ(ibuf_set_n32(b, 0, 0x01020304), 0);
	ATF_CHECK_EQ(ibuf_set_n8(b, 4, 5), 0);
	ATF_CHECK_EQ(ibuf_set(b, 5, "\6", 1), 0);
	ATF_CHECK_EQ(memcmp(ibuf_data(b), "\1\2\3\4\5\6\7\10", 8), 0);
	ATF_CHECK_EQ(ibuf_skip(b, 6), 0);
	ATF_CHECK_ERRNO(ERANGE, ibuf_set_h32(b, 0, 1) == -1);
	ATF_CHECK_EQ(ibuf_set_h16(b, 0, 0x0a0b), 0);
	ATF_CHECK(ibuf_get_h16(b, &v16) == 0 && v16 == 0x0a0b);
	ibuf_free(b);
}

ATF_TC_WITHOUT_HEAD(ibuf_truncate);
ATF_TC_BODY(ibuf_truncate, tc)
{
	struct ibuf	*b;

	ATF_REQUIRE((b = ibuf_dynamic(0, 8)) != NULL);
	ATF_CHECK_EQ(ibuf_add(b, "abcdef", 6), 0);
	ATF_CHECK_EQ(ibuf_skip(b, 1), 0);
	ATF_CHECK_EQ(ibuf_truncate(b, 2), 0);
	ATF_CHECK_EQ(ibuf_truncate(b, 7), 0);
	ATF_CHECK_EQ(memcmp(ibuf_data(b), "bc\0\0\0\0\0", 7), 0);
	ATF_CHECK_ERRNO(ERANGE, ibuf_truncate(b, 8) == -1);
	ATF_CHECK_EQ(ibuf_size(b), 7);
	ibuf_free(b);
}

ATF_TC_WITHOUT_HEAD(ibuf_get_ibuf);
ATF_TC_BODY(ibuf_get_ibuf, tc)
{
	uint8_t		 data[] = { 1, 2, 3, 4, 5 };
	struct ibuf	 b, peek, sub;
	uint8_t		 v8;
	uint32_t	 v32;

	ibuf_from_buffer(&b, data, sizeof(data));
	ATF_CHECK_EQ(ibuf_skip(&b, 1), 0);
	ibuf_from_ibuf(&peek, &b);
	ATF_CHECK(ibuf_get_n32(&peek, &v32) == 0 && v32 == 0x02030405);
	ATF_CHECK_EQ(ibuf_get_ibuf(&b, 3, &sub), 0);
	ATF_CHECK_EQ(ibuf_size(&b), 1);
	ATF_CHECK_EQ(ibuf_size(&sub), 3);
	ATF_CHECK_ERRNO(EBADMSG, ibuf_get_n32(&sub, &v32) == -1);
	ATF_CHECK(ibuf_get_n8(&sub, &v8) == 0 && v8 == 2);
	ATF_CHECK(ibuf_get_n8(&b, &v8) == 0 && v8 == 5);
	ATF_CHECK_ERRNO(ERANGE, ibuf_add_n8(&sub, 1) == -1);
	ATF_CHECK_ERRNO(ERANGE, ibuf_truncate(&sub, 3) == -1);
	ATF_CHECK_EQ(ibuf_truncate(&sub, 1), 0);
	ATF_CHECK_ERRNO(ERANGE, ibuf_add_n8(&sub, 1) == -1);
	ATF_CHECK_EQ(ibuf_left(&sub), 0);
	ibuf_from_buffer(&b, NULL, 0);
	ATF_CHECK_EQ(ibuf_get_ibuf(&b, 0, &sub), 0);
	ATF_CHECK_ERRNO(EBADMSG, ibuf_get_n8(&sub, &v8) == -1);
}

ATF_TC_WITHOUT_HEAD(ibuf_strings);
ATF_TC_BODY(ibuf_strings, tc)
{
	struct ibuf	*b;
	char		 str[8], *s;

	ATF_REQUIRE((b = ibuf_dynamic(0, 64)) != NULL);
	ATF_CHECK_ERRNO(EOVERFLOW, ibuf_add_strbuf(b, "12345678", 8) == -1);
	ATF_CHECK_ERRNO(EOVERFLOW, ibuf_add_strbuf(b, "", 0) == -1);
	ATF_CHECK_EQ(ibuf_add_strbuf(b, "1234567", 8), 0);
	ATF_CHECK_EQ(ibuf_add(b, "abcdefgh", 8), 0);
	ATF_CHECK_EQ(ibuf_add(b, "xy\0z", 4), 0);

	ATF_CHECK_ERRNO(EINVAL, ibuf_get_strbuf(b, str, 0) == -1);
	ATF_CHECK_EQ(ibuf_get_strbuf(b, str, sizeof(str)), 0);
	ATF_CHECK_STREQ(str, "1234567");
	ATF_CHECK_ERRNO(EOVERFLOW, ibuf_get_strbuf(b, str, sizeof(str)) == -1);
	ATF_CHECK_STREQ(str, "abcdefg");
	ATF_CHECK_ERRNO(EBADMSG, ibuf_get_strbuf(b, str, sizeof(str)) == -1);
	ATF_REQUIRE((s = ibuf_get_string(b, 4)) != NULL);
	ATF_CHECK_STREQ(s, "xy");
	free(s);
	ATF_REQUIRE((s = ibuf_get_string(b, 0)) != NULL);
	ATF_CHECK_STREQ(s, "");
	free(s);
	ATF_CHECK_EQ(ibuf_size(b), 0);
	ibuf_free(b);
}

ATF_TC_WITHOUT_HEAD(ibuf_fd);
ATF_TC_BODY(ibuf_fd, tc)
{
	struct ibuf	*b;
	int		 p[2];

	ATF_REQUIRE_EQ(pipe(p), 0);
	ATF_REQUIRE((b = ibuf_open(1)) != NULL);
	ATF_CHECK(!ibuf_fd_avail(b));
	ATF_CHECK_EQ(ibuf_fd_get(b), -1);
	ibuf_fd_set(b, p[0]);
	ATF_CHECK(ibuf_fd_avail(b));
	ibuf_fd_set(b, p[1]);
	ATF_CHECK_EQ(fcntl(p[0], F_GETFD), -1);
	ATF_CHECK_EQ(ibuf_fd_get(b), p[1]);
	ATF_CHECK_EQ(ibuf_fd_get(b), -1);
	ibuf_fd_set(b, p[1]);
	errno = ENOENT;
	ibuf_free(b);
	ATF_CHECK_EQ(errno, ENOENT);
	ATF_CHECK_EQ(fcntl(p[1], F_GETFD), -1);
}

ATF_TC_WITHOUT_HEAD(ibuf_free_borrowed);
ATF_TC_BODY(ibuf_free_borrowed, tc)
{
	char		 data[1];
	struct ibuf	 b;
	pid_t		 pid;
	int		 status;

	ATF_REQUIRE((pid = fork()) != -1);
	if (pid == 0) {
		ibuf_from_buffer(&b, data, sizeof(data));
		ibuf_free(&b);
		_exit(0);
	}
	ATF_REQUIRE_EQ(waitpid(pid, &status, 0), pid);
	ATF_CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, ibuf_add_numbers);
	ATF_TP_ADD_TC(tp, ibuf_get_numbers);
	ATF_TP_ADD_TC(tp, ibuf_add_too_large);
	ATF_TP_ADD_TC(tp, ibuf_open_full);
	ATF_TP_ADD_TC(tp, ibuf_open_nothing);
	ATF_TP_ADD_TC(tp, ibuf_dynamic_grows);
	ATF_TP_ADD_TC(tp, ibuf_get_short);
	ATF_TP_ADD_TC(tp, ibuf_set_bounds);
	ATF_TP_ADD_TC(tp, ibuf_truncate);
	ATF_TP_ADD_TC(tp, ibuf_get_ibuf);
	ATF_TP_ADD_TC(tp, ibuf_strings);
	ATF_TP_ADD_TC(tp, ibuf_fd);
	ATF_TP_ADD_TC(tp, ibuf_free_borrowed);
	return (atf_no_error());
}
