/*
 * Tests of lib/proc.c and lib/proc_spawn.c: birth, messages and heartbeat of
 * the small daemon in proc_family.h, whose parent is the test.
 */
#include <sys/types.h>
#include <sys/wait.h>

#include <atf-c.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proc_parent.h"

/* --- birth ------------------------------------------------------------- */

ATF_TC_WITHOUT_HEAD(proc_role);
ATF_TC_BODY(proc_role, tc)
{
	ATF_CHECK_EQ(proc_role(&family, "parent"), PROC_PARENT);
	ATF_CHECK_EQ(proc_role(&family, "two"), TWO);
	ATF_CHECK_EQ(proc_role(&family, "thre"), -1);
	ATF_CHECK_EQ(proc_role(&family, ""), -1);
}

ATF_TC_WITHOUT_HEAD(proc_spawn);
ATF_TC_BODY(proc_spawn, tc)
{
	struct parent	 p;

	triple(tc, &p, "");
	ATF_CHECK_EQ(p.ready, 2);
	ATF_CHECK(proc_alive(p.pr, ONE));
	ATF_CHECK(proc_alive(p.pr, TWO));
	ATF_CHECK(p.pid[ONE] != p.pid[TWO]);
	ATF_CHECK(p.pid[ONE] != getpid());
}

/* A program that is not there ends the child, not the parent. */
ATF_TC_WITHOUT_HEAD(proc_spawn_missing);
ATF_TC_BODY(proc_spawn_missing, tc)
{
	const char	*args[] = { NULL };
	struct parent	 p;

	parent_new(&p);
	proc_spawn(p.pr, ONE, "/no/such/program", args);
	ATF_CHECK(await(&p.gone[ONE], 1, PATIENCE));
	ATF_CHECK_EQ(p.ready, 0);
	ATF_CHECK(!proc_alive(p.pr, ONE));
}

/* A child has three standard descriptors, its channel, and no others. */
ATF_TC_WITHOUT_HEAD(proc_init);
ATF_TC_BODY(proc_init, tc)
{
	struct parent	 p;
	char		 buf[8];
	int		 leak[2];

	ATF_REQUIRE_EQ(pipe(leak), 0);
	ATF_REQUIRE(fcntl(leak[1], F_GETFD) == 0);
	pair(tc, &p, "");
	close(leak[1]);
	ATF_CHECK_EQ(read(leak[0], buf, sizeof(buf)), 0);
	ATF_CHECK(proc_alive(p.pr, ONE));
}

/* --- messages ---------------------------------------------------------- */

ATF_TC_WITHOUT_HEAD(proc_send);
ATF_TC_BODY(proc_send, tc)
{
	struct parent	 p;

	pair(tc, &p, "");
	order(&p, ONE, O_VERBOSE, 0);
	ATF_CHECK(await(&p.told[T_VERBOSE], 1, PATIENCE));
	ATF_CHECK_EQ(p.value[T_VERBOSE], 0);
}

ATF_TC_WITHOUT_HEAD(proc_send_fd);
ATF_TC_BODY(proc_send_fd, tc)
{
	static const struct proc_empty	 empty;
	struct parent			 p;
	char				 buf[8] = "";
	uint32_t			 n = 0;
	int				 fds[2];

	pair(tc, &p, "");
	ATF_REQUIRE_EQ(pipe(fds), 0);
	proc_send(p.pr, ONE, F_TOKEN, &empty, fds[1]);
	ATF_CHECK_EQ(read(fds[0], buf, sizeof(buf)), 3);
	ATF_CHECK_STREQ(buf, "one");
	/* Sent is closed here: this is the end. */
	ATF_CHECK_EQ(read(fds[0], buf, sizeof(buf)), 0);

	order(&p, ONE, O_GIFT, 4711);
	idle(MONO_MS(1));
	while (p.gift_fd == -1 && p.gone[ONE] == 0)
		idle(MONO_MS(5));
	ATF_REQUIRE_EQ(read(p.gift_fd, &n, sizeof(n)), (ssize_t)sizeof(n));
	ATF_CHECK_EQ(n, 4711);
}

ATF_TC_WITHOUT_HEAD(proc_send_dead);
ATF_TC_BODY(proc_send_dead, tc)
{
	static const struct proc_empty	 empty;
	struct parent			 p;
	char				 c;
	int				 fds[2];

	pair(tc, &p, "");
	order(&p, ONE, O_EXIT, 0);
	ATF_REQUIRE(await(&p.gone[ONE], 1, PATIENCE));
	ATF_REQUIRE_EQ(pipe(fds), 0);
	proc_send(p.pr, ONE, F_TOKEN, &empty, fds[1]);
	ATF_CHECK_EQ(read(fds[0], &c, 1), 0);
	order(&p, TWO, O_VERBOSE, 0);
}

/* Our own mistakes are fatal before anything is sent. */
static void
send_refused(const atf_tc_t *tc, int to, uint32_t type, int fd)
{
	static const uint64_t	 zeros[8];
	struct parent		 p;
	pid_t			 pid;

	if ((pid = atf_utils_fork()) == 0) {
		pair(tc, &p, "");
		proc_send(p.pr, to, type, zeros, fd);
		exit(0);
	}
	atf_utils_wait(pid, 1, "", "save:err");
	ATF_CHECK(atf_utils_grep_file("^family: message %u must not go to "
	    "role %d$", "err", type, to));
}

ATF_TC_WITHOUT_HEAD(proc_send_refused);
ATF_TC_BODY(proc_send_refused, tc)
{
	send_refused(tc, ONE, F_TELL, -1);	/* not ours to send */
	send_refused(tc, TWO, F_NOBODY, -1);	/* not for that one */
	send_refused(tc, PROC_PARENT, F_ORDER, -1);
	send_refused(tc, ONE, F_END, -1);	/* no such */
	send_refused(tc, ONE, 0, -1);		/* proc's own */
	send_refused(tc, ONE, F_TOKEN, -1);	/* wants a descriptor */
	send_refused(tc, ONE, F_ORDER, 0);	/* does not */
}

ATF_TC_WITHOUT_HEAD(proc_send_all);
ATF_TC_BODY(proc_send_all, tc)
{
	const struct order	 o = { O_VERBOSE, 0 };
	struct parent		 p;

	triple(tc, &p, "");
	proc_send_all(p.pr, F_ORDER, &o);
	ATF_CHECK(await(&p.told[T_VERBOSE], 2, PATIENCE));
	order(&p, TWO, O_EXIT, 0);
	ATF_CHECK(await(&p.gone[TWO], 1, PATIENCE));
	proc_send_all(p.pr, F_ORDER, &o);
	ATF_CHECK(await(&p.told[T_VERBOSE], 3, PATIENCE));
}

ATF_TC_WITHOUT_HEAD(proc_link);
ATF_TC_BODY(proc_link, tc)
{
	struct parent	 p;

	triple(tc, &p, "");
	order(&p, ONE, O_TALK, 33);
	ATF_CHECK(await(&p.told[T_TALK], 1, PATIENCE));
	ATF_CHECK_EQ(p.value[T_TALK], 33);
	order(&p, TWO, O_TALK, 44);
	ATF_CHECK(await(&p.told[T_TALK], 2, PATIENCE));
	ATF_CHECK_EQ(p.value[T_TALK], 44);
	/* And each learns of the other's end. */
	order(&p, TWO, O_EXIT, 0);
	ATF_CHECK(await(&p.told[T_GONE], 1, PATIENCE));
	ATF_CHECK_EQ(p.value[T_GONE], TWO);
}

/* Without a link what siblings say goes nowhere. */
ATF_TC_WITHOUT_HEAD(proc_link_missing);
ATF_TC_BODY(proc_link_missing, tc)
{
	struct parent	 p;

	pair(tc, &p, "");
	order(&p, ONE, O_TALK, 33);
	ATF_CHECK(await(&p.told[T_COUNT], 1, PATIENCE));
	ATF_CHECK_EQ(p.gone[ONE], 0);
}

/* A child that was taken over takes its parent down, not along. */
ATF_TC_WITHOUT_HEAD(chan_dispatch_bad_child);
ATF_TC_BODY(chan_dispatch_bad_child, tc)
{
	struct parent	 p;
	pid_t		 pid;
	int		 bad;

	for (bad = 0; bad < NBADS; bad++) {
		if ((pid = atf_utils_fork()) == 0) {
			pair(tc, &p, "");
			order(&p, ONE, O_BAD, bad);
			idle(PATIENCE);
			exit(0);
		}
		atf_utils_wait(pid, 1, "", "save:err");
		ATF_CHECK(atf_utils_grep_file("^family: bad message .* from "
		    "one$", "err"));
	}
}

/* --- the heartbeat ----------------------------------------------------- */

ATF_TC_WITHOUT_HEAD(proc_beat);
ATF_TC_BODY(proc_beat, tc)
{
	struct parent	 p;
	mono_t		 t;
	int64_t		 took;

	pair(tc, &p, "beat " BEAT_WORD);
	proc_beat(p.pr, BEAT);
	idle(5 * BEAT);
	ATF_CHECK_EQ(p.nsilent, 0);
	t = mono_now();
	ATF_REQUIRE_EQ(kill(p.pid[ONE], SIGSTOP), 0);
	ATF_CHECK(await(&p.silent[ONE], 1, PATIENCE));
	took = mono_sub(mono_now(), t);
	printf("silent after %lld ms\n", (long long)(took / MONO_MS(1)));
	/* Three beats from the last, four when it had just spoken. */
	ATF_CHECK(took >= (LIMIT_PROC_SILENT - 1) * BEAT - MONO_MS(10));
	ATF_CHECK(took <= (LIMIT_PROC_SILENT + 1) * BEAT + MONO_S(2));
	ATF_CHECK_EQ(p.gone[ONE], 0);
	idle(5 * BEAT);
	ATF_CHECK_EQ_MSG(p.nsilent, 1, "said %d times", p.nsilent);

	ATF_REQUIRE_EQ(kill(p.pid[ONE], SIGCONT), 0);
	ATF_CHECK(await(&p.silent[ONE], 0, PATIENCE));
	ATF_CHECK_EQ(p.nsilent, 2);
	/* It can happen again. */
	ATF_REQUIRE_EQ(kill(p.pid[ONE], SIGSTOP), 0);
	ATF_CHECK(await(&p.silent[ONE], 1, PATIENCE));
	ATF_REQUIRE_EQ(kill(p.pid[ONE], SIGCONT), 0);
	ATF_CHECK(await(&p.silent[ONE], 0, PATIENCE));
}

/* When beats become rarer, nobody was silent for it. */
ATF_TC_WITHOUT_HEAD(proc_beat_longer);
ATF_TC_BODY(proc_beat_longer, tc)
{
	struct parent	 p;

	pair(tc, &p, "beat 600");
	proc_beat(p.pr, MONO_MS(600));
	idle(MONO_MS(1300));
	ATF_CHECK_EQ(p.nsilent, 0);
	ATF_REQUIRE_EQ(kill(p.pid[ONE], SIGSTOP), 0);
	ATF_CHECK(await(&p.silent[ONE], 1, PATIENCE));
	ATF_REQUIRE_EQ(kill(p.pid[ONE], SIGCONT), 0);
}

/*
 * Three missed beats, and not twice as many.  The best of some tries counts:
 * a busy machine is late by itself.
 */
ATF_TC_WITHOUT_HEAD(proc_beat_prompt);
ATF_TC_BODY(proc_beat_prompt, tc)
{
	struct parent	 p;
	int64_t		 best = PATIENCE, took;
	mono_t		 start;
	int		 i;

	pair(tc, &p, "beat " BEAT_WORD);
	proc_beat(p.pr, BEAT);
	idle(3 * BEAT);
	for (i = 0; i < 4; i++) {
		p.silent[ONE] = 0;
		start = mono_now();
		ATF_REQUIRE_EQ(kill(p.pid[ONE], SIGSTOP), 0);
		ATF_REQUIRE(await(&p.silent[ONE], 1, PATIENCE));
		took = mono_sub(mono_now(), start);
		if (took < best)
			best = took;
		ATF_REQUIRE_EQ(kill(p.pid[ONE], SIGCONT), 0);
		idle(3 * BEAT);
	}
	ATF_CHECK_MSG(best < 4 * BEAT, "%lld ms", (long long)best / 1000000);
}

/* One silent child is not the other. */
ATF_TC_WITHOUT_HEAD(proc_beat_who);
ATF_TC_BODY(proc_beat_who, tc)
{
	struct parent	 p;

	triple(tc, &p, "beat " BEAT_WORD);
	proc_beat(p.pr, BEAT);
	idle(3 * BEAT);
	ATF_REQUIRE_EQ(kill(p.pid[TWO], SIGSTOP), 0);
	ATF_CHECK(await(&p.silent[TWO], 1, PATIENCE));
	ATF_CHECK_EQ(p.silent[ONE], 0);
	ATF_REQUIRE_EQ(kill(p.pid[TWO], SIGCONT), 0);
	ATF_CHECK(await(&p.silent[TWO], 0, PATIENCE));
	ATF_CHECK_EQ(p.nsilent, 2);
}

/* A child that takes its time to start is not silent yet. */
ATF_TC_WITHOUT_HEAD(proc_beat_start);
ATF_TC_BODY(proc_beat_start, tc)
{
	struct parent	 p;

	parent_new(&p);
	proc_beat(p.pr, BEAT);
	child_spawn(tc, &p, ONE, "mute beat " BEAT_WORD);
	idle((LIMIT_PROC_SILENT + 2) * BEAT);
	ATF_CHECK_EQ(p.hellos, 0);
	ATF_CHECK_EQ(p.nsilent, 0);
	ATF_CHECK(await(&p.hellos, 1, PATIENCE));
	ATF_CHECK_EQ(p.nsilent, 0);
}

/*
 * A parent in a process of its own, which can be stopped: it writes a letter
 * into the pipe when its child is there (h), silent (s) or heard again (o).
 */
static pid_t
parent_apart(const atf_tc_t *tc, int fd)
{
	struct parent	 p;
	pid_t		 pid;
	int		 seen = 0;

	ATF_REQUIRE((pid = fork()) != -1);
	if (pid != 0)
		return (pid);
	pair(tc, &p, "beat " BEAT_WORD);
	proc_beat(p.pr, BEAT);
	idle(5 * BEAT);
	(void)!write(fd, "h", 1);
	(void)!write(fd, &p.pid[ONE], sizeof(p.pid[ONE]));
	for (;;) {
		(void)await(&p.nsilent, seen + 1, MONO_MS(100));
		for (; seen < p.nsilent; seen++)
			(void)!write(fd, p.silent[ONE] ? "s" : "o", 1);
	}
}

/* Who slept does not take the others for silent. */
ATF_TC_WITHOUT_HEAD(proc_beat_asleep);
ATF_TC_BODY(proc_beat_asleep, tc)
{
	pid_t	 parent, child;
	char	 c = 0;
	int	 p[2], i;

	ATF_REQUIRE_EQ(pipe2(p, O_CLOEXEC), 0);
	parent = parent_apart(tc, p[1]);
	ATF_REQUIRE_EQ(read(p[0], &c, 1), 1);
	ATF_REQUIRE_EQ(c, 'h');
	ATF_REQUIRE_EQ(read(p[0], &child, sizeof(child)),
	    (ssize_t)sizeof(child));
	for (i = 0; i < 3; i++) {
		ATF_REQUIRE_EQ(kill(parent, SIGSTOP), 0);
		usleep(900000);
		ATF_REQUIRE_EQ(kill(parent, SIGCONT), 0);
		usleep(300000);
	}
	ATF_REQUIRE_EQ(fcntl(p[0], F_SETFL, O_NONBLOCK), 0);
	ATF_CHECK_MSG(read(p[0], &c, 1) == -1, "it said %c", c);
	/* It would have told. */
	ATF_REQUIRE_EQ(fcntl(p[0], F_SETFL, 0), 0);
	ATF_REQUIRE_EQ(kill(child, SIGSTOP), 0);
	ATF_CHECK_EQ(read(p[0], &c, 1), 1);
	ATF_CHECK_EQ(c, 's');
	ATF_REQUIRE_EQ(kill(child, SIGKILL), 0);
	ATF_REQUIRE_EQ(kill(parent, SIGKILL), 0);
	ATF_REQUIRE_EQ(waitpid(parent, NULL, 0), parent);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, proc_role);
	ATF_TP_ADD_TC(tp, proc_spawn);
	ATF_TP_ADD_TC(tp, proc_spawn_missing);
	ATF_TP_ADD_TC(tp, proc_init);
	ATF_TP_ADD_TC(tp, proc_send);
	ATF_TP_ADD_TC(tp, proc_send_fd);
	ATF_TP_ADD_TC(tp, proc_send_dead);
	ATF_TP_ADD_TC(tp, proc_send_refused);
	ATF_TP_ADD_TC(tp, proc_send_all);
	ATF_TP_ADD_TC(tp, proc_link);
	ATF_TP_ADD_TC(tp, proc_link_missing);
	ATF_TP_ADD_TC(tp, chan_dispatch_bad_child);
	ATF_TP_ADD_TC(tp, proc_beat);
	ATF_TP_ADD_TC(tp, proc_beat_longer);
	ATF_TP_ADD_TC(tp, proc_beat_prompt);
	ATF_TP_ADD_TC(tp, proc_beat_who);
	ATF_TP_ADD_TC(tp, proc_beat_start);
	ATF_TP_ADD_TC(tp, proc_beat_asleep);
	return (atf_no_error());
}
