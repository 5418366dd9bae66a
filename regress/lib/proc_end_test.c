/*
 * Tests of lib/proc.c and lib/proc_spawn.c: how the small daemon of
 * proc_family.h ends, what its children log, and what they may keep.
 */
#include <sys/types.h>
#include <sys/wait.h>

#include <atf-c.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "log.h"
#include "proc_parent.h"

struct heard {
	int	 n;
	int	 pri;
	char	 line[2 * LOG_LINE_MAX];
};

static void
hear(void *arg, int pri, const char *line)
{
	struct heard	*h = arg;

	h->n++;
	h->pri = pri;
	strlcpy(h->line, line, sizeof(h->line));
}

/* --- death ------------------------------------------------------------- */

/* The channel tells, not the heartbeat. */
ATF_TC_WITHOUT_HEAD(gone);
ATF_TC_BODY(gone, tc)
{
	struct parent	 p;

	triple(tc, &p, "");
	proc_beat(p.pr, MONO_S(3600));
	ATF_REQUIRE_EQ(kill(p.pid[ONE], SIGKILL), 0);
	ATF_CHECK(await(&p.gone[ONE], 1, PATIENCE));
	ATF_CHECK(!proc_alive(p.pr, ONE));
	ATF_CHECK(proc_alive(p.pr, TWO));
	idle(MONO_MS(50));
	ATF_CHECK_EQ(p.gone[ONE], 1);
	ATF_CHECK_EQ(p.gone[TWO], 0);
	ATF_CHECK_EQ(p.silent[ONE], 0);
}

/* What a child said before it died is heard, and heard first. */
ATF_TC_WITHOUT_HEAD(gone_last_words);
ATF_TC_BODY(gone_last_words, tc)
{
	struct parent	 p;

	pair(tc, &p, "");
	order(&p, ONE, O_VERBOSE, 0);
	order(&p, ONE, O_EXIT, 0);
	await_dead(p.pid[ONE]);
	/* This cannot be written any more. */
	order(&p, ONE, O_VERBOSE, 0);
	ATF_CHECK(await(&p.gone[ONE], 1, PATIENCE));
	ATF_CHECK_EQ(p.told[T_VERBOSE], 1);
	ATF_CHECK_EQ(p.told_at_gone, 1);
}

/* Children do not outlive their parent. */
ATF_TC_WITHOUT_HEAD(gone_parent);
ATF_TC_BODY(gone_parent, tc)
{
	struct parent	 p;
	pid_t		 pid;
	char		 c;
	int		 alive[2];

	/* The children's stderr: at its end all who had it are gone. */
	ATF_REQUIRE_EQ(pipe(alive), 0);
	ATF_REQUIRE((pid = fork()) != -1);
	if (pid == 0) {
		dup2(alive[1], STDERR_FILENO);
		close(alive[1]);
		triple(tc, &p, "");
		raise(SIGKILL);
	}
	close(alive[1]);
	ATF_REQUIRE_EQ(waitpid(pid, NULL, 0), pid);
	while (read(alive[0], &c, 1) == 1)
		;
}

ATF_TC_WITHOUT_HEAD(proc_stop);
ATF_TC_BODY(proc_stop, tc)
{
	struct parent	 p;
	struct heard	 h = { 0, 0, "" };

	pair(tc, &p, "stop");
	log_sink(hear, &h);
	proc_stop(p.pr, ONE);
	ATF_CHECK(await(&p.gone[ONE], 1, PATIENCE));
	ATF_CHECK_EQ(p.told[T_STOP], 1);
	await_dead(p.pid[ONE]);
	proc_reap(p.pr);
	ATF_CHECK_EQ_MSG(h.n, 0, "%s", h.line);
	log_sink(NULL, NULL);
}

/* Without a hook it just exits. */
ATF_TC_WITHOUT_HEAD(proc_stop_default);
ATF_TC_BODY(proc_stop_default, tc)
{
	struct parent	 p;
	struct heard	 h = { 0, 0, "" };

	pair(tc, &p, "");
	log_sink(hear, &h);
	proc_stop(p.pr, ONE);
	ATF_CHECK(await(&p.gone[ONE], 1, PATIENCE));
	await_dead(p.pid[ONE]);
	proc_reap(p.pr);
	ATF_CHECK_EQ_MSG(h.n, 0, "%s", h.line);
	log_sink(NULL, NULL);
}

/* A child that is stopped by a signal does not hear, but it can be killed. */
ATF_TC_WITHOUT_HEAD(proc_kill);
ATF_TC_BODY(proc_kill, tc)
{
	struct parent	 p;
	struct heard	 h = { 0, 0, "" };

	pair(tc, &p, "");
	ATF_REQUIRE_EQ(kill(p.pid[ONE], SIGSTOP), 0);
	proc_stop(p.pr, ONE);
	idle(MONO_MS(50));
	ATF_CHECK_EQ(p.gone[ONE], 0);
	log_sink(hear, &h);
	proc_kill(p.pr, ONE);
	ATF_CHECK(await(&p.gone[ONE], 1, PATIENCE));
	await_dead(p.pid[ONE]);
	proc_reap(p.pr);
	ATF_CHECK_STREQ(h.line, "one process ended by signal 9 (Killed)");
	ATF_CHECK_EQ(h.pri, LOG_WARNING);
	log_sink(NULL, NULL);
	/* A number that is nobody's any more is not killed again. */
	proc_kill(p.pr, ONE);
	proc_kill(p.pr, TWO);
}

/* Ends that nobody asked for are told, and a bad status always is. */
ATF_TC_WITHOUT_HEAD(proc_reap);
ATF_TC_BODY(proc_reap, tc)
{
	struct parent	 p;
	struct heard	 h = { 0, 0, "" };

	triple(tc, &p, "");
	log_sink(hear, &h);
	proc_reap(p.pr);
	ATF_CHECK_EQ(h.n, 0);
	order(&p, ONE, O_EXIT, 0);
	await_dead(p.pid[ONE]);
	proc_reap(p.pr);
	ATF_CHECK_STREQ(h.line, "one process ended with status 0");
	order(&p, TWO, O_EXIT, 3);
	proc_stop(p.pr, TWO);
	await_dead(p.pid[TWO]);
	proc_reap(p.pr);
	ATF_CHECK_STREQ(h.line, "two process ended with status 3");
	ATF_CHECK_EQ(h.n, 2);
	log_sink(NULL, NULL);
}

/* --- queues ------------------------------------------------------------ */

ATF_TC_WITHOUT_HEAD(LIMIT_PROC_QUEUE);
ATF_TC_BODY(LIMIT_PROC_QUEUE, tc)
{
	struct parent	 p;
	pid_t		 pid;
	int		 i;

	if ((pid = atf_utils_fork()) == 0) {
		pair(tc, &p, "");
		ATF_REQUIRE_EQ(kill(p.pid[ONE], SIGSTOP), 0);
		for (i = 0; i < 3 * LIMIT_PROC_QUEUE; i++)
			order(&p, ONE, O_VERBOSE, 0);
		exit(0);
	}
	atf_utils_wait(pid, 1, "", "family: one does not read its messages\n");
}

/* A heartbeat does not add to a queue that does not get shorter. */
ATF_TC_WITHOUT_HEAD(proc_tick_queue);
ATF_TC_BODY(proc_tick_queue, tc)
{
	struct parent	 p;

	pair(tc, &p, "");
	ATF_REQUIRE_EQ(kill(p.pid[ONE], SIGSTOP), 0);
	proc_beat(p.pr, MONO_US(100));
	idle(MONO_S(2));
	ATF_CHECK_EQ(p.gone[ONE], 0);
}

/* Flush gives up on who does not read, and gets all to who does. */
ATF_TC_WITHOUT_HEAD(proc_flush);
ATF_TC_BODY(proc_flush, tc)
{
	const int	 n = LIMIT_PROC_QUEUE / 2;
	struct parent	 p;
	mono_t		 t;
	int64_t		 took;
	int		 i;

	pair(tc, &p, "");
	ATF_REQUIRE_EQ(kill(p.pid[ONE], SIGSTOP), 0);
	for (i = 0; i < n; i++)
		order(&p, ONE, O_VERBOSE, 0);
	t = mono_now();
	proc_flush(p.pr, MONO_MS(100));
	took = mono_sub(mono_now(), t);
	ATF_CHECK(took >= MONO_MS(99));
	ATF_CHECK(took < PATIENCE);
	ATF_REQUIRE_EQ(kill(p.pid[ONE], SIGCONT), 0);
	proc_flush(p.pr, PATIENCE);
	ATF_CHECK(await(&p.told[T_VERBOSE], n, PATIENCE));
}

/* --- the log ----------------------------------------------------------- */

/* What arrives as a line of a child is one line, and says whose. */
ATF_TC_WITHOUT_HEAD(on_log);
ATF_TC_BODY(on_log, tc)
{
	struct parent	 p;
	char		 expect[LOG_LINE_MAX + 32];
	pid_t		 pid;

	if ((pid = atf_utils_fork()) == 0) {
		pair(tc, &p, "");
		order(&p, ONE, O_HOSTILE_LOG, 0);
		order(&p, ONE, O_VERBOSE, 0);
		exit(await(&p.told[T_VERBOSE], 1, PATIENCE) ? 0 : 2);
	}
	memset(expect, 'x', sizeof(expect));
	memcpy(expect, "family: one: ?[2J??family: forged???", 36);
	strlcpy(expect + 13 + LOG_LINE_MAX - 1, "\n", 2);
	atf_utils_wait(pid, 0, "", expect);
}

ATF_TC_WITHOUT_HEAD(proc_verbose);
ATF_TC_BODY(proc_verbose, tc)
{
	struct parent	 p;

	pair(tc, &p, "");
	proc_verbose(p.pr, 1);
	ATF_CHECK(log_is_verbose());
	order(&p, ONE, O_VERBOSE, 0);
	ATF_CHECK(await(&p.told[T_VERBOSE], 1, PATIENCE));
	ATF_CHECK_EQ(p.value[T_VERBOSE], 1);
	proc_verbose(p.pr, 0);
	ATF_CHECK(!log_is_verbose());
	order(&p, ONE, O_VERBOSE, 0);
	ATF_CHECK(await(&p.told[T_VERBOSE], 2, PATIENCE));
	ATF_CHECK_EQ(p.value[T_VERBOSE], 0);
}

/* A child that is told by a client has it passed on to all. */
ATF_TC_WITHOUT_HEAD(proc_verbose_child);
ATF_TC_BODY(proc_verbose_child, tc)
{
	struct parent	 p;
	struct heard	 h = { 0, 0, "" };

	triple(tc, &p, "");
	log_sink(hear, &h);
	order(&p, ONE, O_ASK_VERBOSE, 1);
	ATF_CHECK(await(&h.n, 1, PATIENCE));
	ATF_CHECK_STREQ(h.line, "logging is verbose now");
	ATF_CHECK(log_is_verbose());
	order(&p, TWO, O_VERBOSE, 0);
	ATF_CHECK(await(&p.told[T_VERBOSE], 1, PATIENCE));
	ATF_CHECK_EQ(p.value[T_VERBOSE], 1);
	log_sink(NULL, NULL);
}

/* --- signals and reload ------------------------------------------------ */

ATF_TC_WITHOUT_HEAD(proc_ask_reload);
ATF_TC_BODY(proc_ask_reload, tc)
{
	struct parent	 p;

	pair(tc, &p, "");
	order(&p, ONE, O_ASK_RELOAD, 88);
	ATF_CHECK(await(&p.told[T_RELOADED], 1, PATIENCE));
	ATF_CHECK_EQ(p.value[T_RELOADED], 88);
	ATF_CHECK_EQ(p.reloads, 1);
	p.reload_fails = 1;
	order(&p, ONE, O_ASK_RELOAD, 99);
	ATF_CHECK(await(&p.told[T_FAILED], 1, PATIENCE));
	ATF_CHECK_EQ(p.value[T_FAILED], 99);
	ATF_CHECK_EQ(p.told[T_RELOADED], 1);
}

/* A reload that takes its time is answered when it is done. */
ATF_TC_WITHOUT_HEAD(proc_reload_done);
ATF_TC_BODY(proc_reload_done, tc)
{
	struct parent	 p;

	pair(tc, &p, "");
	p.reload_slow = 1;
	order(&p, ONE, O_ASK_RELOAD, 88);
	ATF_CHECK(await(&p.reloads, 1, PATIENCE));
	ATF_CHECK(!await(&p.told[T_RELOADED], 1, MONO_MS(100)));
	ATF_CHECK_EQ(p.told[T_FAILED], 0);
	proc_reload_done(p.pr, 1, "bad luck");
	ATF_CHECK(await(&p.told[T_FAILED], 1, PATIENCE));
	ATF_CHECK_EQ(p.value[T_FAILED], 88);
	/* It is answered once, and one that nobody asked for is not. */
	proc_reload_done(p.pr, 1, "bad luck");
	ATF_CHECK(!await(&p.told[T_FAILED], 2, MONO_MS(100)));
}

ATF_TC_WITHOUT_HEAD(proc_signals);
ATF_TC_BODY(proc_signals, tc)
{
	struct parent	 p;
	struct heard	 h = { 0, 0, "" };

	pair(tc, &p, "");
	proc_signals(p.pr);
	raise(SIGHUP);
	ATF_CHECK(await(&p.reloads, 1, PATIENCE));
	raise(SIGTERM);
	ATF_CHECK(await(&p.stops, 1, PATIENCE));
	raise(SIGINT);
	ATF_CHECK(await(&p.stops, 2, PATIENCE));
	log_sink(hear, &h);
	ATF_REQUIRE_EQ(kill(p.pid[ONE], SIGKILL), 0);
	ATF_CHECK(await(&h.n, 1, PATIENCE));
	ATF_CHECK_STREQ(h.line, "one process ended by signal 9 (Killed)");
	ATF_CHECK_EQ(waitpid(-1, NULL, WNOHANG), -1);
	log_sink(NULL, NULL);
}

/* --- confinement ------------------------------------------------------- */

/* What ps(1) says of a process, a word. */
static void
ps(pid_t pid, const char *what, char *word)
{
	char	 command[64];
	FILE	*f;

	snprintf(command, sizeof(command), "ps -o %s= -p %d", what, (int)pid);
	ATF_REQUIRE((f = popen(command, "r")) != NULL);
	ATF_REQUIRE_EQ(fscanf(f, "%31s", word), 1);
	pclose(f);
}

ATF_TC(proc_confine);
ATF_TC_HEAD(proc_confine, tc)
{
	atf_tc_set_md_var(tc, "require.user", "root");
	atf_tc_set_md_var(tc, "require.progs", "ps");
	atf_tc_set_md_var(tc, "require.files", "/var/empty");
}
ATF_TC_BODY(proc_confine, tc)
{
	static const char *const	 ids[] = { "uid", "ruid", "svuid" };
	struct parent			 p;
	char				 is[32], nobody[32];
	size_t				 i;
	FILE				*f;

	parent_new_of(&p, &family_confined);
	child_spawn(tc, &p, ONE, "confined");
	ATF_REQUIRE(await(&p.hellos, 1, PATIENCE));
	ATF_CHECK_EQ(p.ready, 1);
	ATF_REQUIRE((f = popen("id -u nobody", "r")) != NULL);
	ATF_REQUIRE_EQ(fscanf(f, "%31s", nobody), 1);
	pclose(f);
	for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		ps(p.pid[ONE], ids[i], is);
		ATF_CHECK_MSG(strcmp(is, nobody) == 0, "%s is %s", ids[i], is);
	}
	order(&p, ONE, O_VERBOSE, 0);
	ATF_CHECK(await(&p.told[T_VERBOSE], 1, PATIENCE));
}

/* Signals meant for the daemon are its parent's business. */
ATF_TC_WITHOUT_HEAD(proc_confine_signals);
ATF_TC_BODY(proc_confine_signals, tc)
{
	static const int	 signals[] = {
		SIGHUP, SIGINT, SIGTERM, SIGPIPE
	};
	struct parent		 p;
	size_t			 i;

	pair(tc, &p, "");
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		ATF_REQUIRE_EQ(kill(p.pid[ONE], signals[i]), 0);
	order(&p, ONE, O_VERBOSE, 0);
	ATF_CHECK(await(&p.told[T_VERBOSE], 1, PATIENCE));
	ATF_CHECK_EQ(p.gone[ONE], 0);
}

/* A confined child has no stderr; its lines arrive by the parent. */
ATF_TC(log_to_parent);
ATF_TC_HEAD(log_to_parent, tc)
{
	atf_tc_set_md_var(tc, "require.user", "root");
	atf_tc_set_md_var(tc, "require.files", "/var/empty");
}
ATF_TC_BODY(log_to_parent, tc)
{
	struct parent	 p;
	pid_t		 pid;

	if ((pid = atf_utils_fork()) == 0) {
		parent_new_of(&p, &family_confined);
		child_spawn(tc, &p, ONE, "confined");
		if (!await(&p.hellos, 1, PATIENCE))
			exit(2);
		order(&p, ONE, O_LOG, 0);
		order(&p, ONE, O_VERBOSE, 0);
		exit(await(&p.told[T_VERBOSE], 1, PATIENCE) ? 0 : 3);
	}
	atf_utils_wait(pid, 0, "", "family: one: bell? and \"quote\"\n");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, gone);
	ATF_TP_ADD_TC(tp, gone_last_words);
	ATF_TP_ADD_TC(tp, gone_parent);
	ATF_TP_ADD_TC(tp, proc_stop);
	ATF_TP_ADD_TC(tp, proc_stop_default);
	ATF_TP_ADD_TC(tp, proc_kill);
	ATF_TP_ADD_TC(tp, proc_reap);
	ATF_TP_ADD_TC(tp, LIMIT_PROC_QUEUE);
	ATF_TP_ADD_TC(tp, proc_tick_queue);
	ATF_TP_ADD_TC(tp, proc_flush);
	ATF_TP_ADD_TC(tp, on_log);
	ATF_TP_ADD_TC(tp, proc_verbose);
	ATF_TP_ADD_TC(tp, proc_verbose_child);
	ATF_TP_ADD_TC(tp, proc_ask_reload);
	ATF_TP_ADD_TC(tp, proc_reload_done);
	ATF_TP_ADD_TC(tp, proc_signals);
	ATF_TP_ADD_TC(tp, proc_confine);
	ATF_TP_ADD_TC(tp, proc_confine_signals);
	ATF_TP_ADD_TC(tp, log_to_parent);
	return (atf_no_error());
}
