/*
 * What the tests of confinement share: see confined.h.
 */
#include <sys/types.h>
#include <sys/epoll.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "confined.h"
#include "ns.h"

void
step_stop(int sig, short what, void *arg)
{
	event_base_loopbreak(arg);
}

/* A listening local socket with a client waiting, or -1. */
static int
local_listen(void)
{
	struct sockaddr_un	 sun = { .sun_family = AF_UNIX };
	socklen_t		 len;
	int			 s, c;

	/* Only the family: the kernel chooses an abstract name. */
	len = sizeof(sun);
	if ((s = socket(AF_UNIX, SOCK_STREAM, 0)) == -1 ||
	    bind(s, (struct sockaddr *)&sun, sizeof(sun.sun_family)) == -1 ||
	    listen(s, 1) == -1 ||
	    getsockname(s, (struct sockaddr *)&sun, &len) == -1 ||
	    (c = socket(AF_UNIX, SOCK_STREAM, 0)) == -1 ||
	    connect(c, (struct sockaddr *)&sun, len) == -1)
		return (-1);
	return (s);
}

static int
tools_make(struct tools *t)
{
	struct os_tcp	 plain;
	struct ipaddr	 a;

	memset(&plain, 0, sizeof(plain));
	if (ipaddr_parse(&a, "127.0.0.1") == -1 || pipe(t->pipe) == -1 ||
	    socketpair(AF_UNIX, SOCK_STREAM, 0, t->local) == -1 ||
	    (t->listen = local_listen()) == -1 ||
	    (t->tcp = os_tcp_listen(&a, 179)) == -1 ||
	    os_tcp_connect(&a, 179, &plain) == -1 ||
	    (t->epoll = epoll_create1(0)) == -1 ||
	    (t->timer = timerfd_create(CLOCK_MONOTONIC, 0)) == -1 ||
	    (t->base = event_init()) == NULL)
		return (-1);
	/* libevent makes its self-pipe with the first signal. */
	signal_set(&t->sig, SIGUSR2, step_stop, t->base);
	return (event_add(&t->sig, NULL));
}

int
step_run(struct tools *t, enum os_role role, step_fn *fn)
{
	pid_t	 pid;
	int	 status;

	ATF_REQUIRE((pid = fork()) != -1);
	if (pid == 0) {
		if (tools_make(t) == -1 || setgroups(0, NULL) == -1 ||
		    setgid(NOBODY) == -1 || setuid(NOBODY) == -1 ||
		    os_confine(role) == -1)
			_exit(EXIT_OPEN);
		_exit(fn(t));
	}
	ATF_REQUIRE_EQ(waitpid(pid, &status, 0), pid);
	return (status);
}

int
parent_run(struct tools *t, step_fn *fn)
{
	pid_t	 pid;
	int	 status;

	ATF_REQUIRE((pid = fork()) != -1);
	if (pid == 0) {
		if (tools_make(t) == -1 || os_confine_parent() == -1)
			_exit(EXIT_OPEN);
		_exit(fn(t));
	}
	ATF_REQUIRE_EQ(waitpid(pid, &status, 0), pid);
	return (status);
}

int
was_refused(int status)
{
#ifdef SANITIZED
	if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_REFUSED)
		return (1);
#endif
	return (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
}

int
refused(long ret)
{
	return (ret == -1 ? EXIT_REFUSED : 0);
}

int
do_exec(struct tools *t)
{
	char	*argv[] = { NULL }, *envp[] = { NULL };

	return (refused(execve("/bin/true", argv, envp)));
}

int
do_fork(struct tools *t)
{
	return (refused(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)));
}

int
do_fork_libc(struct tools *t)
{
	return (refused(fork()));
}

int
do_ptrace(struct tools *t)
{
	return (refused(ptrace(PTRACE_TRACEME, 0, NULL, NULL)));
}

int
do_unshare(struct tools *t)
{
	return (refused(unshare(CLONE_NEWUSER)));
}

int
do_memory(struct tools *t)
{
	char	*p, *q;
	int	 i;

	for (i = 0; i < 24; i++) {
		if ((p = malloc((size_t)1 << i)) == NULL)
			return (1);
		memset(p, 1, (size_t)1 << i);
		if ((q = realloc(p, (size_t)3 << i)) == NULL)
			return (2);
		free(q);
	}
	return (0);
}
