/*
 * The parent of the daemon in proc_family.h: see proc_parent.h.
 */
#include <sys/types.h>
#include <sys/wait.h>

#include <event.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "log.h"
#include "proc_parent.h"

static void
on_hello(void *ctx, int from, const void *data, int fd)
{
	struct parent	*p = ctx;
	struct hello	 h;

	memcpy(&h, data, sizeof(h));
	p->pid[from] = h.pid;
	p->hellos++;
}

static void
on_tell(void *ctx, int from, const void *data, int fd)
{
	struct parent	*p = ctx;
	struct tell	 t;

	memcpy(&t, data, sizeof(t));
	ATF_REQUIRE(t.what <= T_STOP);
	p->told[t.what]++;
	p->value[t.what] = t.n;
}

static void
on_gift(void *ctx, int from, const void *data, int fd)
{
	struct parent	*p = ctx;

	p->gift_fd = fd;
}

static proc_handler *const	handlers[F_COUNT] = {
	[F_INDEX(F_HELLO)] = on_hello,
	[F_INDEX(F_TELL)] = on_tell,
	[F_INDEX(F_GIFT)] = on_gift
};

static void
on_gone(void *ctx, int role)
{
	struct parent	*p = ctx;

	p->gone[role]++;
	p->told_at_gone = p->told[T_VERBOSE];
}

static void
on_silent(void *ctx, int role, int silent)
{
	struct parent	*p = ctx;

	p->silent[role] = silent;
	p->nsilent++;
}

static void
on_ready(void *ctx, int role)
{
	struct parent	*p = ctx;

	p->ready++;
}

static int
on_reload(void *ctx, char *why, size_t len)
{
	struct parent	*p = ctx;

	p->reloads++;
	strlcpy(why, "bad luck", len);
	return (p->reload_slow ? 1 : p->reload_fails ? -1 : 0);
}

static void
on_stop(void *ctx)
{
	struct parent	*p = ctx;

	p->stops++;
}

static const struct proc_hooks	hooks = {
	.gone = on_gone, .silent = on_silent, .ready = on_ready,
	.reload = on_reload, .stop = on_stop
};

static void
wake(int fd, short event, void *arg)
{
}

int
await(const int *what, int value, int64_t ns)
{
	mono_t		 end = mono_add(mono_now(), ns);
	struct timer	 t;

	timer_init(&t, wake, NULL);
	while (*what != value && !mono_reached(mono_now(), end)) {
		timer_arm(&t, MONO_MS(5));
		ATF_REQUIRE(event_loop(EVLOOP_ONCE) != -1);
	}
	timer_stop(&t);
	return (*what == value);
}

void
idle(int64_t ns)
{
	static const int	 never = 0;

	(void)await(&never, 1, ns);
}

void
parent_new_of(struct parent *p, const struct proc_def *def)
{
	memset(p, 0, sizeof(*p));
	p->gift_fd = -1;
	signal(SIGPIPE, SIG_IGN);
	log_init("family", NULL, 0);
	event_init();
	p->pr = proc_new(def, PROC_PARENT, handlers, &hooks, p);
}

void
parent_new(struct parent *p)
{
	parent_new_of(p, &family);
}

void
child_spawn(const atf_tc_t *tc, struct parent *p, int role,
    const char *words)
{
	const char	*args[8];
	char		 path[1024], copy[64], *rest = copy;
	int		 n = 0;

	strlcpy(copy, words, sizeof(copy));
	while (n < 7 && (args[n] = strsep(&rest, " ")) != NULL)
		if (*args[n] != '\0')
			n++;
	args[n] = NULL;
	snprintf(path, sizeof(path), "%s/proc_child",
	    atf_tc_get_config_var(tc, "srcdir"));
	proc_spawn(p->pr, role, path, args);
}

void
pair(const atf_tc_t *tc, struct parent *p, const char *words)
{
	parent_new(p);
	child_spawn(tc, p, ONE, words);
	ATF_REQUIRE(await(&p->hellos, 1, PATIENCE));
}

void
triple(const atf_tc_t *tc, struct parent *p, const char *words)
{
	parent_new(p);
	child_spawn(tc, p, ONE, words);
	child_spawn(tc, p, TWO, words);
	proc_link(p->pr, ONE, TWO);
	ATF_REQUIRE(await(&p->hellos, 2, PATIENCE));
}

void
order(struct parent *p, int role, enum order_what what, uint32_t arg)
{
	struct order	 o = { what, arg };

	proc_send(p->pr, role, F_ORDER, &o, -1);
}

void
await_dead(pid_t pid)
{
	siginfo_t	 si;

	ATF_REQUIRE_EQ(waitid(P_PID, pid, &si, WEXITED | WNOWAIT), 0);
}
