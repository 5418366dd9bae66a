/*
 * Tests of the control socket, lib/ctlsock.c: requests, and the path.
 */
#include <sys/types.h>
#include <sys/stat.h>

#include <atf-c.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ctl_pair.h"
#include "ctlmsg.h"
#include "log.h"
#include "proc_family.h"
#include "proc_priv.h"

/* --- requests ---------------------------------------------------------- */

ATF_TC_WITHOUT_HEAD(ctl_reply);
ATF_TC_BODY(ctl_reply, tc)
{
	const struct sized	 ask = { 3, 4 };
	struct client		 c;
	struct imsg		 im;
	struct row		 row;
	struct seen		 s;

	server_start(&s);
	client_open(&c);
	client_ask(&c, Q_SIZED, &ask, sizeof(ask));
	ATF_CHECK_EQ(s.sized, 1);
	ATF_CHECK_EQ(s.last.a, 3);
	ATF_CHECK_EQ(s.last.b, 4);
	ATF_REQUIRE_EQ(client_get(&c, &im), 1);
	ATF_CHECK_EQ(imsg_get_type(&im), A_ROW);
	ATF_REQUIRE_EQ(imsg_get_data(&im, &row, sizeof(row)), 0);
	ATF_CHECK_STREQ(row.text, "a row");
	imsg_free(&im);
	client_expect_end(&c, 0, "well done");
	/* A second question on the same connection. */
	client_ask(&c, Q_PLAIN, NULL, 0);
	client_expect_end(&c, 0, "");
	ATF_CHECK(!client_dropped(&c));
}

ATF_TC_WITHOUT_HEAD(ctl_end_long_text);
ATF_TC_BODY(ctl_end_long_text, tc)
{
	struct client		 c;
	struct ctl_server	*server;
	struct ctl_end		 end;
	struct imsg		 im;
	struct seen		 s;
	char			 text[2 * sizeof(end.text)];

	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	server = server_start(&s);
	client_open(&c);
	client_ask(&c, Q_LATER, NULL, 0);
	ctl_end(ctl_client_find(server, s.id), 1, text);
	ATF_REQUIRE_EQ(client_get(&c, &im), 1);
	ATF_REQUIRE_EQ(imsg_get_data(&im, &end, sizeof(end)), 0);
	ATF_CHECK(memchr(end.text, '\0', sizeof(end.text)) != NULL);
	imsg_free(&im);
}

ATF_TC_WITHOUT_HEAD(request_unknown);
ATF_TC_BODY(request_unknown, tc)
{
	static const uint32_t	 types[] = { 0, CTL_END, A_ROW, 0xffffffff };
	struct client		 c;
	struct seen		 s;
	size_t			 i;

	server_start(&s);
	client_open(&c);
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		client_ask(&c, types[i], NULL, 0);
		client_expect_end(&c, 1,
		    "unknown request: is ctl6 of another version?");
	}
	client_ask(&c, Q_PLAIN, NULL, 0);
	client_expect_end(&c, 0, "");
}

ATF_TC_WITHOUT_HEAD(request_size);
ATF_TC_BODY(request_size, tc)
{
	static const uint8_t	 bytes[2 * CTL_MAX_REQUEST];
	struct client		 c;
	struct seen		 s;
	size_t			 len;

	server_start(&s);
	client_open(&c);
	for (len = 0; len <= sizeof(bytes); len++) {
		if (len == sizeof(struct sized))
			continue;
		client_ask(&c, Q_SIZED, bytes, len);
		client_expect_end(&c, 1, "request of the wrong size");
	}
	client_ask(&c, Q_PLAIN, bytes, 1);
	client_expect_end(&c, 1, "request of the wrong size");
	ATF_CHECK_EQ(s.sized + s.plain, 0);
}

ATF_TC(request_root);
ATF_TC_HEAD(request_root, tc)
{
	atf_tc_set_md_var(tc, "require.user", "root");
}
ATF_TC_BODY(request_root, tc)
{
	struct client	 c;
	struct seen	 s;

	server_start(&s);
	client_open(&c);
	client_ask(&c, Q_ROOT, NULL, 0);
	client_expect_end(&c, 0, "");
	ATF_CHECK_EQ(s.root, 1);
}

ATF_TC_WITHOUT_HEAD(request_root_denied);
ATF_TC_BODY(request_root_denied, tc)
{
	struct client	 c;
	struct seen	 s;

	server_start(&s);
	client_open_unprivileged(&c);
	client_ask(&c, Q_ROOT, NULL, 0);
	client_expect_end(&c, 1, "permission denied: only root may do that");
	ATF_CHECK_EQ(s.root, 0);
	client_ask(&c, Q_PLAIN, NULL, 0);
	client_expect_end(&c, 0, "");
}

/* A client that sends its questions at once gets all answers, in order. */
ATF_TC_WITHOUT_HEAD(request_pipeline);
ATF_TC_BODY(request_pipeline, tc)
{
	struct client	 c;
	struct seen	 s;
	int		 i;

	server_start(&s);
	client_open(&c);
	for (i = 0; i < 50; i++)
		ATF_REQUIRE_EQ(imsg_compose(&c.imsg, i % 2 == 0 ? Q_PLAIN :
		    0, 0, 0, -1, NULL, 0), 1);
	ATF_REQUIRE_EQ(imsgbuf_write(&c.imsg), 0);
	serve();
	for (i = 0; i < 25; i++) {
		client_expect_end(&c, 0, "");
		client_expect_end(&c, 1,
		    "unknown request: is ctl6 of another version?");
	}
	ATF_CHECK_EQ(s.plain, 25);
}

/* A question that arrives byte by byte is a question. */
ATF_TC_WITHOUT_HEAD(request_bytewise);
ATF_TC_BODY(request_bytewise, tc)
{
	const struct imsg_hdr	 hdr = { Q_PLAIN, sizeof(hdr), 0, 1 };
	uint8_t			 b[sizeof(hdr)];
	struct client		 c;
	struct seen		 s;
	size_t			 i;

	server_start(&s);
	client_open(&c);
	memcpy(b, &hdr, sizeof(hdr));
	for (i = 0; i < sizeof(b); i++) {
		ATF_CHECK_EQ(s.plain, 0);
		ATF_REQUIRE_EQ(write(c.fd, b + i, 1), 1);
		serve();
	}
	client_expect_end(&c, 0, "");
}

static void
ignore(void *arg, int pri, const char *line)
{
	int	*n = arg;

	(*n)++;
}

/* No header is that long or that short: the client is dropped. */
ATF_TC_WITHOUT_HEAD(request_garbage);
ATF_TC_BODY(request_garbage, tc)
{
	struct imsg_hdr	 hdr = { Q_PLAIN, 0, 0, 1 };
	const uint32_t	 lens[] = { 0, 1, sizeof(hdr) - 1, 0x00ffffff,
			    0x7fffffff, 0xffffffff };
	struct client	 c;
	struct seen	 s;
	size_t		 i;
	int		 lines = 0;

	server_start(&s);
	log_sink(ignore, &lines);
	for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		client_open(&c);
		hdr.len = lens[i];
		ATF_REQUIRE_EQ(write(c.fd, &hdr, sizeof(hdr)),
		    (ssize_t)sizeof(hdr));
		ATF_CHECK_MSG(client_dropped(&c), "length %x", lens[i]);
		client_close(&c);
	}
	ATF_CHECK_EQ(s.plain, 0);
	client_open(&c);
	client_ask(&c, Q_PLAIN, NULL, 0);
	client_expect_end(&c, 0, "");
	log_sink(NULL, NULL);
}

/* A client that goes in the middle of a question leaves nothing behind. */
ATF_TC_WITHOUT_HEAD(request_cut);
ATF_TC_BODY(request_cut, tc)
{
	const struct imsg_hdr	 hdr = { Q_SIZED, sizeof(hdr) +
				    sizeof(struct sized), 0, 1 };
	uint8_t			 b[sizeof(hdr) + sizeof(struct sized)];
	struct client		 c;
	struct seen		 s;
	size_t			 len;

	server_start(&s);
	memset(b, 0, sizeof(b));
	memcpy(b, &hdr, sizeof(hdr));
	for (len = 0; len < sizeof(b); len++) {
		client_open(&c);
		if (len > 0)
			ATF_REQUIRE_EQ(write(c.fd, b, len), (ssize_t)len);
		serve();
		client_close(&c);
	}
	ATF_CHECK_EQ(s.sized, 0);
	client_open(&c);
	client_ask(&c, Q_PLAIN, NULL, 0);
	client_expect_end(&c, 0, "");
}

/* --- what every daemon can be asked ------------------------------------- */

/* The next message that the parent gets and that is no heartbeat. */
static void
parent_get(struct seen *s, uint32_t type, struct imsg *im)
{
	ATF_REQUIRE_EQ(imsgbuf_read(&s->parent), 1);
	do
		ATF_REQUIRE_EQ(imsgbuf_get(&s->parent, im), 1);
	while (imsg_get_type(im) == PROC_BEAT);
	ATF_REQUIRE_EQ(imsg_get_type(im), type);
}

static void
parent_answer(struct seen *s, struct proc_reloaded *r)
{
	ATF_REQUIRE_EQ(imsg_compose(&s->parent, PROC_RELOADED, 0, 0, -1, r,
	    sizeof(*r)), 1);
	ATF_REQUIRE_EQ(imsgbuf_flush(&s->parent), 0);
	serve();
}

static void
needs_root(atf_tc_t *tc)
{
	atf_tc_set_md_var(tc, "require.user", "root");
}

ATF_TC(ask_reload);
ATF_TC_HEAD(ask_reload, tc)
{
	needs_root(tc);
}
ATF_TC_BODY(ask_reload, tc)
{
	struct proc_reloaded	 r;
	struct client		 c;
	struct imsg		 im;
	struct seen		 s;

	memset(&r, 0, sizeof(r));
	server_start(&s);
	client_open(&c);
	client_ask(&c, CTL_RELOAD, NULL, 0);
	ATF_CHECK_EQ(client_get(&c, &im), 0);
	parent_get(&s, PROC_RELOAD, &im);
	ATF_REQUIRE_EQ(imsg_get_data(&im, &r.client, sizeof(r.client)), 0);
	imsg_free(&im);
	parent_answer(&s, &r);
	client_expect_end(&c, 0, "");
	/* It failed, and the words have no end. */
	client_ask(&c, CTL_RELOAD, NULL, 0);
	r.failed = 1;
	memset(r.why, 'x', sizeof(r.why));
	parent_answer(&s, &r);
	ATF_REQUIRE_EQ(client_get(&c, &im), 1);
	imsg_free(&im);
	/* An answer to a client that went away meanwhile, or never was. */
	client_close(&c);
	parent_answer(&s, &r);
	r.client = 0;
	parent_answer(&s, &r);
}

ATF_TC(ask_log);
ATF_TC_HEAD(ask_log, tc)
{
	needs_root(tc);
}
ATF_TC_BODY(ask_log, tc)
{
	const struct ctl_log	 l = { 42 };
	struct client		 c;
	struct imsg		 im;
	struct seen		 s;
	uint32_t		 verbose = 0;

	server_start(&s);
	client_open(&c);
	client_ask(&c, CTL_LOG, &l, sizeof(l));
	client_expect_end(&c, 0, "");
	parent_get(&s, PROC_VERBOSE, &im);
	ATF_REQUIRE_EQ(imsg_get_data(&im, &verbose, sizeof(verbose)), 0);
	ATF_CHECK_EQ(verbose, 1);
	imsg_free(&im);
	client_ask(&c, CTL_LOG, &l, sizeof(l) - 1);
	client_expect_end(&c, 1, "request of the wrong size");
}

ATF_TC_WITHOUT_HEAD(ask_denied);
ATF_TC_BODY(ask_denied, tc)
{
	const struct ctl_log	 l = { 1 };
	struct client		 c;
	struct seen		 s;

	server_start(&s);
	client_open_unprivileged(&c);
	client_ask(&c, CTL_LOG, &l, sizeof(l));
	client_expect_end(&c, 1, "permission denied: only root may do that");
	client_ask(&c, CTL_RELOAD, NULL, 0);
	client_expect_end(&c, 1, "permission denied: only root may do that");
}

/* --- the path ---------------------------------------------------------- */

ATF_TC(ctl_listen);
ATF_TC_HEAD(ctl_listen, tc)
{
	needs_root(tc);
}
ATF_TC_BODY(ctl_listen, tc)
{
	struct stat	 st;
	mode_t		 mask;
	int		 fd;

	mask = umask(0);
	ATF_REQUIRE((fd = ctl_listen(SOCK, 12345)) != -1);
	ATF_CHECK_EQ(umask(mask), 0);
	ATF_REQUIRE_EQ(stat(SOCK, &st), 0);
	ATF_CHECK(S_ISSOCK(st.st_mode));
	ATF_CHECK_EQ(st.st_mode & 07777, 0660);
	ATF_CHECK_EQ(st.st_uid, 0);
	ATF_CHECK_EQ(st.st_gid, 12345);
	close(fd);
}

ATF_TC(ctl_listen_in_use);
ATF_TC_HEAD(ctl_listen_in_use, tc)
{
	needs_root(tc);
}
ATF_TC_BODY(ctl_listen_in_use, tc)
{
	int	 fd, client;

	ATF_REQUIRE((fd = ctl_listen(SOCK, 0)) != -1);
	ATF_CHECK_ERRNO(EADDRINUSE, ctl_listen(SOCK, 0) == -1);
	/* The one that runs is not harmed by that. */
	ATF_CHECK((client = ctl_connect(SOCK)) != -1);
	close(client);
	close(fd);
}

/* What a daemon that was killed left behind. */
ATF_TC(ctl_listen_stale);
ATF_TC_HEAD(ctl_listen_stale, tc)
{
	needs_root(tc);
}
ATF_TC_BODY(ctl_listen_stale, tc)
{
	int	 fd, client;

	ATF_REQUIRE((fd = ctl_listen(SOCK, 0)) != -1);
	close(fd);
	ATF_CHECK_ERRNO(ECONNREFUSED, ctl_connect(SOCK) == -1);
	ATF_REQUIRE((fd = ctl_listen(SOCK, 0)) != -1);
	ATF_REQUIRE((client = ctl_connect(SOCK)) != -1);
	close(client);
	close(fd);
}

/* A slip of the pen in -s must not cost a file. */
ATF_TC(ctl_listen_file);
ATF_TC_HEAD(ctl_listen_file, tc)
{
	needs_root(tc);
}
ATF_TC_BODY(ctl_listen_file, tc)
{
	struct stat	 st;
	FILE		*f;

	ATF_REQUIRE((f = fopen("precious", "w")) != NULL);
	fclose(f);
	ATF_REQUIRE_EQ(symlink("precious", "link"), 0);
	ATF_CHECK_ERRNO(EADDRINUSE, ctl_listen("precious", 0) == -1);
	ATF_CHECK_ERRNO(EADDRINUSE, ctl_listen("link", 0) == -1);
	ATF_CHECK_EQ(stat("precious", &st), 0);
	ATF_CHECK_EQ(lstat("link", &st), 0);
}

ATF_TC_WITHOUT_HEAD(ctl_listen_errors);
ATF_TC_BODY(ctl_listen_errors, tc)
{
	char	 path[200];

	memset(path, 'x', sizeof(path));
	path[sizeof(path) - 1] = '\0';
	ATF_CHECK_ERRNO(ENAMETOOLONG, ctl_listen(path, 0) == -1);
	ATF_CHECK_ERRNO(ENAMETOOLONG, ctl_connect(path) == -1);
	ATF_CHECK_ERRNO(ENOENT, ctl_listen("no/such/dir", 0) == -1);
	ATF_CHECK_ERRNO(ENOENT, ctl_connect("no/such/dir") == -1);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, ctl_reply);
	ATF_TP_ADD_TC(tp, ctl_end_long_text);
	ATF_TP_ADD_TC(tp, request_unknown);
	ATF_TP_ADD_TC(tp, request_size);
	ATF_TP_ADD_TC(tp, request_root);
	ATF_TP_ADD_TC(tp, request_root_denied);
	ATF_TP_ADD_TC(tp, request_pipeline);
	ATF_TP_ADD_TC(tp, request_bytewise);
	ATF_TP_ADD_TC(tp, request_garbage);
	ATF_TP_ADD_TC(tp, request_cut);
	ATF_TP_ADD_TC(tp, ask_reload);
	ATF_TP_ADD_TC(tp, ask_log);
	ATF_TP_ADD_TC(tp, ask_denied);
	ATF_TP_ADD_TC(tp, ctl_listen);
	ATF_TP_ADD_TC(tp, ctl_listen_in_use);
	ATF_TP_ADD_TC(tp, ctl_listen_stale);
	ATF_TP_ADD_TC(tp, ctl_listen_file);
	ATF_TP_ADD_TC(tp, ctl_listen_errors);
	return (atf_no_error());
}
