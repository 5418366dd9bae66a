/*
 * Tests of the control socket, lib/ctlsock.c: what a client may cost, limit by
 * limit, and how subscribers and late answers are kept apart.
 */
#include <sys/types.h>
#include <sys/time.h>

#include <atf-c.h>
#include <event.h>
#include <stdio.h>
#include <unistd.h>

#include "ctl_pair.h"
#include "ctlmsg.h"
#include "bounds.h"
#include "mono.h"

/* --- what a client may cost -------------------------------------------- */

/* An answer that nobody reads is cut off at the queue's limit. */
ATF_TC_WITHOUT_HEAD(LIMIT_CTL_QUEUE);
ATF_TC_BODY(LIMIT_CTL_QUEUE, tc)
{
	struct client	 c, other;
	struct seen	 s;
	int		 n;

	server_start(&s);
	client_open(&other);
	client_open(&c);
	client_ask(&c, Q_FLOOD, NULL, 0);
	n = client_drain(&c);
	ATF_CHECK(c.eof);
	ATF_CHECK_MSG(n < FLOOD / 2, "%d messages were kept", n);
	client_ask(&other, Q_PLAIN, NULL, 0);
	client_expect_end(&other, 0, "");
}

/* Each subscriber gets what it asked for. */
ATF_TC_WITHOUT_HEAD(ctl_publish_type);
ATF_TC_BODY(ctl_publish_type, tc)
{
	struct ctl_server	*server;
	struct client		 c;
	struct row		 row = { 1, "news" };
	struct seen		 s;

	server = server_start(&s);
	client_open(&c);
	client_ask(&c, Q_SUBSCRIBE, NULL, 0);
	ctl_publish(server, CTL_FEED, &row, sizeof(row));
	ATF_CHECK_EQ(client_drain(&c), 0);
	ctl_publish(server, A_ROW, &row, sizeof(row));
	ATF_CHECK_EQ(client_drain(&c), 1);
}

ATF_TC_WITHOUT_HEAD(ctl_publish);
ATF_TC_BODY(ctl_publish, tc)
{
	struct client		 a, b, none;
	struct ctl_server	*server;
	struct row		 row = { 1, "news" };
	struct imsg		 im;
	struct seen		 s;
	int			 i;

	server = server_start(&s);
	client_open(&a);
	client_open(&b);
	client_open(&none);
	ctl_publish(server, A_ROW, &row, sizeof(row));
	client_ask(&a, Q_SUBSCRIBE, NULL, 0);
	client_ask(&b, Q_SUBSCRIBE, NULL, 0);
	for (i = 0; i < 10; i++)
		ctl_publish(server, A_ROW, &row, sizeof(row));
	ATF_CHECK_EQ(client_drain(&b), 10);
	ATF_CHECK_EQ(client_drain(&none), 0);
	for (i = 0; i < 10; i++) {
		ATF_REQUIRE_EQ(client_get(&a, &im), 1);
		ATF_CHECK_EQ(imsg_get_type(&im), A_ROW);
		ATF_CHECK_EQ(imsg_get_len(&im), sizeof(row));
		imsg_free(&im);
	}
	/* One that left is no subscriber any more. */
	client_close(&a);
	ctl_publish(server, A_ROW, &row, sizeof(row));
	ATF_CHECK_EQ(client_drain(&b), 1);
}

/* A subscriber who does not read is dropped, one who reads is not. */
ATF_TC_WITHOUT_HEAD(LIMIT_CTL_FEED);
ATF_TC_BODY(LIMIT_CTL_FEED, tc)
{
	struct client		 reader, sleeper;
	struct ctl_server	*server;
	struct ctl_feed		 feed = { .version = CTL_FEED_VERSION };
	struct seen		 s;
	uint32_t		 id = 0, reader_id;
	int			 i;

	server = server_start(&s);
	client_open(&reader);
	client_ask(&reader, Q_LATER, NULL, 0);
	reader_id = s.id;
	client_ask(&reader, Q_SUBSCRIBE, NULL, 0);
	client_open(&sleeper);
	client_ask(&sleeper, Q_LATER, NULL, 0);
	id = s.id;
	client_ask(&sleeper, Q_SUBSCRIBE, NULL, 0);
	for (i = 0; i < FLOOD && ctl_client_find(server, id) != NULL; i++) {
		ctl_publish(server, A_ROW, &feed, sizeof(feed));
		ATF_REQUIRE_EQ(client_drain(&reader), 1);
	}
	printf("dropped after %d heartbeats\n", i);
	ATF_CHECK(i > LIMIT_CTL_FEED);
	/* What the kernel keeps beside that is bounded, too. */
	ATF_CHECK_MSG(i <= LIMIT_CTL_FEED + 2 * LIMIT_CTL_SNDBUF /
	    (int)sizeof(feed) + 1, "%d heartbeats were kept", i);
	ATF_CHECK(ctl_client_find(server, reader_id) != NULL);
	ATF_CHECK(client_dropped(&sleeper));
}

ATF_TC_WITHOUT_HEAD(LIMIT_CTL_CLIENTS);
ATF_TC_BODY(LIMIT_CTL_CLIENTS, tc)
{
	struct client	 c[LIMIT_CTL_CLIENTS + 1];
	struct client	*last = &c[LIMIT_CTL_CLIENTS];
	struct imsg	 im;
	struct seen	 s;
	int		 i;

	server_start(&s);
	for (i = 0; i <= LIMIT_CTL_CLIENTS; i++)
		client_open(&c[i]);
	for (i = 0; i < LIMIT_CTL_CLIENTS; i++) {
		client_ask(&c[i], Q_PLAIN, NULL, 0);
		client_expect_end(&c[i], 0, "");
	}
	client_ask(last, Q_PLAIN, NULL, 0);
	ATF_CHECK_EQ(client_get(last, &im), 0);
	ATF_CHECK_EQ(s.plain, LIMIT_CTL_CLIENTS);

	/* It waits, and is served when a place is free; more than once. */
	for (i = 0; i < 3; i++) {
		client_close(&c[i]);
		client_expect_end(last, 0, "");
		client_close(last);
		client_open(&c[i]);
		client_open(last);
		client_ask(last, Q_PLAIN, NULL, 0);
		ATF_CHECK_EQ(client_get(last, &im), 0);
	}
}

ATF_TC_WITHOUT_HEAD(ctl_client_find);
ATF_TC_BODY(ctl_client_find, tc)
{
	struct client		 a, b;
	struct ctl_server	*server;
	struct ctl_client	*found;
	struct seen		 s;
	uint32_t		 id;

	server = server_start(&s);
	client_open(&a);
	client_ask(&a, Q_LATER, NULL, 0);
	id = s.id;
	client_open(&b);
	client_ask(&b, Q_LATER, NULL, 0);
	ATF_CHECK(s.id != id);
	ATF_REQUIRE((found = ctl_client_find(server, id)) != NULL);
	ctl_end(found, 0, "to a");
	client_expect_end(&a, 0, "to a");
	ATF_CHECK_EQ(client_drain(&b), 0);
	client_close(&a);
	ATF_CHECK(ctl_client_find(server, id) == NULL);
	ATF_CHECK(ctl_client_find(server, 0) == NULL);
	/* The number is not given to the next one. */
	client_open(&a);
	ATF_CHECK(ctl_client_find(server, id) == NULL);
}

ATF_TC_WITHOUT_HEAD(ctl_reply_to);
ATF_TC_BODY(ctl_reply_to, tc)
{
	struct row		 row = { 7, "late" };
	struct client		 a, b;
	struct ctl_server	*server;
	struct seen		 s;

	server = server_start(&s);
	client_open(&b);
	client_ask(&b, Q_LATER, NULL, 0);
	client_open(&a);
	client_ask(&a, Q_LATER, NULL, 0);
	ctl_reply_to(server, s.id, A_ROW, &row, sizeof(row));
	ATF_CHECK_EQ(client_drain(&a), 1);
	client_close(&a);
	ctl_reply_to(server, s.id, A_ROW, &row, sizeof(row));
	ATF_CHECK_EQ(client_drain(&b), 0);
}

/* Run the event loop until so long after start. */
static void
run_until(mono_t start, int64_t ns)
{
	struct timeval	 tv;
	int64_t		 left = ns - mono_sub(mono_now(), start);

	ATF_REQUIRE(left > 0);
	tv.tv_sec = left / MONO_S(1);
	tv.tv_usec = left % MONO_S(1) / MONO_US(1);
	ATF_REQUIRE_EQ(event_loopexit(&tv), 0);
	ATF_REQUIRE_EQ(event_dispatch(), 0);
}

/* A subscriber for whom some news wait, too few to be dropped for. */
static void
subscriber_lag(struct ctl_server *server, struct seen *s, struct client *c)
{
	struct row	 row = { 1, "news" };
	struct client	 other;
	int		 n;

	client_open(&other);
	client_ask(&other, Q_LATER, NULL, 0);
	client_ask(&other, Q_SUBSCRIBE, NULL, 0);
	for (n = 0; n < FLOOD && ctl_client_find(server, s->id) != NULL; n++)
		ctl_publish(server, A_ROW, &row, sizeof(row));
	client_close(&other);
	client_open(c);
	client_ask(c, Q_SUBSCRIBE, NULL, 0);
	for (n -= LIMIT_CTL_FEED / 2; n > 0; n--)
		ctl_publish(server, A_ROW, &row, sizeof(row));
}

/*
 * Who says nothing, or half of something, has to go, and a subscriber who does
 * not read; one who does may be silent.
 */
ATF_TC(LIMIT_CTL_IDLE_S);
ATF_TC_HEAD(LIMIT_CTL_IDLE_S, tc)
{
	atf_tc_set_md_var(tc, "timeout", "30");
}
ATF_TC_BODY(LIMIT_CTL_IDLE_S, tc)
{
	const struct imsg_hdr	 hdr = { Q_PLAIN, sizeof(hdr), 0, 1 };
	struct client		 mute, half, busy, subscriber, slow;
	struct ctl_server	*server;
	struct seen		 s;
	mono_t			 start;

	server = server_start(&s);
	subscriber_lag(server, &s, &slow);
	start = mono_now();
	client_open(&mute);
	client_open(&half);
	client_open(&busy);
	client_open(&subscriber);
	client_ask(&subscriber, Q_SUBSCRIBE, NULL, 0);
	ATF_REQUIRE_EQ(write(half.fd, &hdr, sizeof(hdr) / 2),
	    (ssize_t)sizeof(hdr) / 2);
	run_until(start, MONO_S(LIMIT_CTL_IDLE_S - 1));
	ATF_CHECK(!client_dropped(&mute));
	ATF_CHECK(!client_dropped(&half));
	client_ask(&busy, Q_PLAIN, NULL, 0);
	client_expect_end(&busy, 0, "");
	run_until(start, MONO_S(LIMIT_CTL_IDLE_S + 1));
	ATF_CHECK(client_dropped(&mute));
	ATF_CHECK(client_dropped(&half));
	ATF_CHECK(client_dropped(&slow));
	ATF_CHECK(!client_dropped(&busy));
	ATF_CHECK(!client_dropped(&subscriber));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, LIMIT_CTL_QUEUE);
	ATF_TP_ADD_TC(tp, ctl_publish);
	ATF_TP_ADD_TC(tp, ctl_publish_type);
	ATF_TP_ADD_TC(tp, LIMIT_CTL_FEED);
	ATF_TP_ADD_TC(tp, LIMIT_CTL_CLIENTS);
	ATF_TP_ADD_TC(tp, ctl_client_find);
	ATF_TP_ADD_TC(tp, ctl_reply_to);
	ATF_TP_ADD_TC(tp, LIMIT_CTL_IDLE_S);
	return (atf_no_error());
}
