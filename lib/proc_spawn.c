/*
 * Birth and death of a daemon's processes: see proc.h.
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "daemon.h"
#include "log.h"
#include "proc_priv.h"

#define PROC_MAX_ARGS	16
#define PROC_CHROOT	"/var/empty"

void
proc_init(int argc, char *argv[], char *envp[])
{
	setproctitle_init(argc, argv, envp);
	signal(SIGPIPE, SIG_IGN);
	if (argc > 1 && strcmp(argv[1], "-R") == 0)
		closefrom(PROC_FD + 1);
	else
		closefrom(PROC_FD);
}

static void
channel(int sp[2])
{
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
	    sp) == -1)
		fatal("socketpair");
}

/* In the new process: become the daemon again, as a child of that role. */
__dead static void
child_exec(struct proc *pr, int role, int fd, const char *path,
    const char *const *args)
{
	char	*argv[PROC_MAX_ARGS];
	int	 n = 0;

	if (fd == PROC_FD) {
		if (fcntl(fd, F_SETFD, 0) == -1)
			fatal("fcntl");
	} else if (dup2(fd, PROC_FD) == -1)
		fatal("dup2");
	argv[n++] = strdup(pr->def->daemon);
	argv[n++] = strdup("-R");
	argv[n++] = strdup(pr->def->roles[role].name);
	for (; *args != NULL && n < PROC_MAX_ARGS - 1; args++)
		argv[n++] = strdup(*args);
	argv[n] = NULL;
	execv(path, argv);
	fatal("%s", path);
}

void
proc_spawn(struct proc *pr, int role, const char *path,
    const char *const *args)
{
	pid_t	 pid;
	int	 sp[2];

	channel(sp);
	switch (pid = fork()) {
	case -1:
		fatal("fork");
	case 0:
		child_exec(pr, role, sp[1], path, args);
	default:
		break;
	}
	close(sp[1]);
	proc_chan_open(pr, role, sp[0]);
	pr->chan[role].pid = pid;
}

void
proc_link(struct proc *pr, int a, int b)
{
	uint32_t	 role_a = a, role_b = b;
	int		 sp[2];

	channel(sp);
	proc_send_internal(pr, a, PROC_LINK, &role_b, sizeof(role_b), sp[0]);
	proc_send_internal(pr, b, PROC_LINK, &role_a, sizeof(role_a), sp[1]);
}

/* A confined process has no way to the log but through its parent. */
static void
log_to_parent(void *arg, int pri, const char *line)
{
	struct proc_logline	 l = { .pri = pri };
	struct proc		*pr = arg;

	strlcpy(l.line, line, sizeof(l.line));
	proc_send_internal(pr, PROC_PARENT, PROC_LOG, &l, sizeof(l), -1);
}

static void
drop_user(const struct passwd *pw)
{
	if (chroot(PROC_CHROOT) == -1 || chdir("/") == -1)
		fatal("chroot %s", PROC_CHROOT);
	if (setgroups(1, &pw->pw_gid) == -1 ||
	    setresgid(pw->pw_gid, pw->pw_gid, pw->pw_gid) == -1 ||
	    setresuid(pw->pw_uid, pw->pw_uid, pw->pw_uid) == -1)
		fatal("giving up root");
}

void
proc_confine(struct proc *pr, int foreground)
{
	static const struct proc_empty	 empty;
	const struct proc_role		*role = &pr->def->roles[pr->role];
	struct passwd			*pw;

	signal(SIGHUP, SIG_IGN);	/* the parent says what to do, */
	signal(SIGINT, SIG_IGN);	/* not a terminal or a kill(1) */
	signal(SIGTERM, SIG_IGN);
	setproctitle("%s", role->name);
	if (pr->def->user != NULL) {
		tzset();		/* reads files, once */
		if ((pw = getpwnam(pr->def->user)) == NULL)
			fatalx("no user %s: run make install, or add it",
			    pr->def->user);
		if (!foreground) {
			daemon_detach();
			log_sink(log_to_parent, pr);
		}
		drop_user(pw);		/* groups, chroot, three uids */
		if (os_confine(role->confine) == -1)
			fatal("confinement");
	}
	proc_send_internal(pr, PROC_PARENT, PROC_READY, &empty, sizeof(empty),
	    -1);
}

void
proc_stop(struct proc *pr, int role)
{
	static const struct proc_empty	 empty;

	pr->chan[role].told = 1;
	proc_send_internal(pr, role, PROC_STOP, &empty, sizeof(empty), -1);
}

void
proc_kill(struct proc *pr, int role)
{
	pr->chan[role].told = 1;
	if (pr->chan[role].pid != 0)
		kill(pr->chan[role].pid, SIGKILL);
}

static void
reaped(struct proc *pr, pid_t pid, int status)
{
	struct proc_chan	*ch;
	const char		*name;

	for (ch = pr->chan; ch < &pr->chan[PROC_MAX_ROLES]; ch++)
		if (ch->pid == pid)
			break;
	if (ch == &pr->chan[PROC_MAX_ROLES])
		return;
	ch->pid = 0;
	name = pr->def->roles[ch->role].name;
	if (WIFSIGNALED(status))
		log_warnx("%s process ended by signal %d (%s)", name,
		    WTERMSIG(status), strsignal(WTERMSIG(status)));
	else if (WEXITSTATUS(status) != 0 || !ch->told)
		log_warnx("%s process ended with status %d", name,
		    WEXITSTATUS(status));
	if (pr->hooks->ended != NULL)
		pr->hooks->ended(pr->ctx, ch->role);
}

int
proc_running(const struct proc *pr)
{
	int	 i;

	for (i = 0; i < PROC_MAX_ROLES; i++)
		if (pr->chan[i].pid != 0)
			return (1);
	return (0);
}

void
proc_reap(struct proc *pr)
{
	pid_t	 pid;
	int	 status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		reaped(pr, pid, status);
}

static void
on_signal(int sig, short event, void *arg)
{
	struct proc	*pr = arg;
	char		 why[LIMIT_REASON * 2];

	if (sig == SIGCHLD)
		proc_reap(pr);
	else if (sig == SIGHUP)
		(void)pr->hooks->reload(pr->ctx, why, sizeof(why));
	else
		pr->hooks->stop(pr->ctx);
}

void
proc_signals(struct proc *pr)
{
	static const int	 sig[] = { SIGTERM, SIGINT, SIGHUP, SIGCHLD };
	size_t			 i;

	for (i = 0; i < nitems(sig); i++) {
		signal_set(&pr->signals[i], sig[i], on_signal, pr);
		signal_add(&pr->signals[i], NULL);
	}
}
