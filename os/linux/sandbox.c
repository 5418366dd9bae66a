/*
 * Confines a child process for good: see os.h.  In this order:
 *	no_new_privs	nothing it could exec would gain anything, and a
 *			process without privileges may confine itself
 *	not dumpable	others of its user cannot trace it, and a crash
 *			leaves no core with keys in it
 *	landlock	no file and no directory, no TCP bind or connect, no
 *			signal and no abstract socket beyond itself; what a
 *			kernel does not know of this, the next step covers
 *	seccomp		the system calls of its role, and no others
 *
 * A violation kills the process with SIGSYS.  Its parent sees that in the
 * wait status; the kernel's audit log (dmesg when no auditd runs) says which
 * system call it was, as "type=1326 ... sig=31 syscall=NUMBER", because
 * killing is an action that the kernel always logs unless told otherwise in
 * kernel.seccomp.actions_logged.
 */
#include <sys/types.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <linux/landlock.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "log.h"
#include "os.h"
#include "sandbox.h"

#define LOW32	0xffffffffU

/* What the header of Debian 12 does not know yet; Linux 6.2 to 6.12. */
#define FS_ABI1		((1ULL << 13) - 1)	/* EXECUTE .. MAKE_SYM */
#define FS_REFER	(1ULL << 13)		/* ABI 2 */
#define FS_TRUNCATE	(1ULL << 14)		/* ABI 3 */
#define FS_IOCTL_DEV	(1ULL << 15)		/* ABI 5 */
#define NET_TCP		(1ULL << 0 | 1ULL << 1)	/* ABI 4: bind, connect */
#define SCOPE_ALL	(1ULL << 0 | 1ULL << 1)	/* ABI 6: abstract, signal */

/* struct landlock_ruleset_attr as of ABI 6; older ones want zeroes. */
struct ruleset {
	uint64_t	 fs;
	uint64_t	 net;
	uint64_t	 scoped;
};

/* Every role: descriptors it has, memory, time, an orderly end. */
static const int calls_all[] = {
	SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(recvfrom),
	SCMP_SYS(recvmsg), SCMP_SYS(recvmmsg),
	SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(sendto),
	SCMP_SYS(sendmsg), SCMP_SYS(sendmmsg), SCMP_SYS(close),
	SCMP_SYS(epoll_wait), SCMP_SYS(epoll_pwait), SCMP_SYS(epoll_pwait2),
	SCMP_SYS(epoll_ctl), SCMP_SYS(poll), SCMP_SYS(ppoll),
	SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise),
	SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(time),
	SCMP_SYS(getrandom), SCMP_SYS(futex),
	SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn), SCMP_SYS(restart_syscall),
	SCMP_SYS(getpid), SCMP_SYS(gettid),
	SCMP_SYS(exit), SCMP_SYS(exit_group)
};

static const struct sandbox_call conds_all[] = {
	{ SCMP_SYS(mmap),	1, { { 2, PROT_EXEC, 0 } } },
	{ SCMP_SYS(mprotect),	1, { { 2, PROT_EXEC, 0 } } },
	{ SCMP_SYS(fcntl),	1, { { 1, LOW32, F_DUPFD_CLOEXEC } } },
	{ SCMP_SYS(fcntl),	1, { { 1, LOW32, F_GETFD } } },
	{ SCMP_SYS(fcntl),	1, { { 1, LOW32, F_SETFD } } },
	{ SCMP_SYS(fcntl),	1, { { 1, LOW32, F_GETFL } } },
	{ SCMP_SYS(fcntl),	1, { { 1, LOW32, F_SETFL } } }
};

/* Accept local clients and know who they are. */
static const int calls_control[] = {
	SCMP_SYS(accept), SCMP_SYS(accept4), SCMP_SYS(shutdown)
};

static const struct sandbox_call conds_control[] = {
	{ SCMP_SYS(getsockopt),	2,
	    { { 1, LOW32, SOL_SOCKET }, { 2, LOW32, SO_PEERCRED } } },
	{ SCMP_SYS(setsockopt),	2,
	    { { 1, LOW32, SOL_SOCKET }, { 2, LOW32, SO_SNDBUF } } },
	{ SCMP_SYS(getsockopt),	2,
	    { { 1, LOW32, SOL_SOCKET }, { 2, LOW32, SO_ERROR } } }
};

/* Accept TCP connections, finish those that were started, look after both. */
static const int calls_stream[] = {
	SCMP_SYS(accept), SCMP_SYS(accept4), SCMP_SYS(shutdown),
	SCMP_SYS(getsockname), SCMP_SYS(getpeername)
};

static const struct sandbox_call conds_stream[] = {
	{ SCMP_SYS(getsockopt),	2,
	    { { 1, LOW32, SOL_SOCKET }, { 2, LOW32, SO_ERROR } } },
	{ SCMP_SYS(getsockopt),	2,
	    { { 1, LOW32, SOL_SOCKET }, { 2, LOW32, SO_DOMAIN } } },
	{ SCMP_SYS(getsockopt),	2,
	    { { 1, LOW32, IPPROTO_TCP }, { 2, LOW32, TCP_INFO } } },
	{ SCMP_SYS(setsockopt),	2,
	    { { 1, LOW32, IPPROTO_TCP }, { 2, LOW32, TCP_NODELAY } } },
	{ SCMP_SYS(setsockopt),	2,
	    { { 1, LOW32, IPPROTO_IP }, { 2, LOW32, IP_TTL } } },
	{ SCMP_SYS(setsockopt),	2,
	    { { 1, LOW32, IPPROTO_IP }, { 2, LOW32, IP_MINTTL } } },
	{ SCMP_SYS(setsockopt),	2,
	    { { 1, LOW32, IPPROTO_IPV6 }, { 2, LOW32, IPV6_MINHOPCOUNT } } },
	{ SCMP_SYS(setsockopt),	2,
	    { { 1, LOW32, IPPROTO_IPV6 }, { 2, LOW32, IPV6_UNICAST_HOPS } } }
};

/* Wake up in time. */
static const int calls_timed[] = {
	SCMP_SYS(timerfd_settime)
};

#ifdef SANITIZED
/*
 * What the sanitizers' runtimes use to write a report and end.  Looking for
 * files fails instead of killing, or the report would be lost.
 */
static const int calls_sanitizer[] = {
	SCMP_SYS(sigaltstack), SCMP_SYS(sched_yield)
};

static const struct sandbox_call conds_sanitizer[] = {
	{ SCMP_SYS(prctl),	1, { { 0, LOW32, PR_GET_NO_NEW_PRIVS } } }
};

static const int calls_refused[] = {
	SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(readlink),
	SCMP_SYS(readlinkat), SCMP_SYS(stat), SCMP_SYS(newfstatat),
	SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2),
	SCMP_SYS(ioctl)		/* is stderr a terminal? */
};

/* Asked by the leak check at exit, which would have to trace us. */
int	__lsan_is_turned_off(void);

int
__lsan_is_turned_off(void)
{
	return (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
}

static int
filter_sanitizer(scmp_filter_ctx ctx)
{
	if (sandbox_rules(ctx, SCMP_ACT_ALLOW, calls_sanitizer,
	    nitems(calls_sanitizer)) == -1 ||
	    sandbox_rules(ctx, SCMP_ACT_ERRNO(EACCES), calls_refused,
	    nitems(calls_refused)) == -1)
		return (-1);
	return (sandbox_calls(ctx, SCMP_ACT_ALLOW, conds_sanitizer,
	    nitems(conds_sanitizer)));
}
#else
static int
filter_sanitizer(scmp_filter_ctx ctx)
{
	return (0);
}
#endif

static int
filter_all(scmp_filter_ctx ctx)
{
	/* abort(3) must look like one: a signal to ourselves, no other. */
	struct sandbox_call	 self = {
		SCMP_SYS(tgkill), 1, { { 0, LOW32, 0 } }
	};

	self.cond[0].value = getpid();
	if (sandbox_rules(ctx, SCMP_ACT_ALLOW, calls_all,
	    nitems(calls_all)) == -1 ||
	    sandbox_calls(ctx, SCMP_ACT_ALLOW, conds_all,
	    nitems(conds_all)) == -1 ||
	    sandbox_calls(ctx, SCMP_ACT_ALLOW, &self, 1) == -1)
		return (-1);
	return (filter_sanitizer(ctx));
}

static int
filter_role(scmp_filter_ctx ctx, enum os_role role)
{
	switch (role) {
	case OS_ROLE_PACKET:
		return (0);
	case OS_ROLE_CONTROL:
		if (sandbox_rules(ctx, SCMP_ACT_ALLOW, calls_control,
		    nitems(calls_control)) == -1)
			return (-1);
		return (sandbox_calls(ctx, SCMP_ACT_ALLOW, conds_control,
		    nitems(conds_control)));
	case OS_ROLE_STREAM:
		if (sandbox_rules(ctx, SCMP_ACT_ALLOW, calls_stream,
		    nitems(calls_stream)) == -1)
			return (-1);
		return (sandbox_calls(ctx, SCMP_ACT_ALLOW, conds_stream,
		    nitems(conds_stream)));
	case OS_ROLE_TIMED:
		return (sandbox_rules(ctx, SCMP_ACT_ALLOW, calls_timed,
		    nitems(calls_timed)));
	}
	errno = EINVAL;
	return (-1);
}

/* Handle every right that this kernel knows, and grant none. */
static void
ruleset_fill(struct ruleset *rs, int abi)
{
	memset(rs, 0, sizeof(*rs));
	rs->fs = FS_ABI1;
	if (abi >= 2)
		rs->fs |= FS_REFER;
	if (abi >= 3)
		rs->fs |= FS_TRUNCATE;
	if (abi >= 4)
		rs->net = NET_TCP;
	if (abi >= 5)
		rs->fs |= FS_IOCTL_DEV;
	if (abi >= 6)
		rs->scoped = SCOPE_ALL;
}

/* Without landlock in the kernel there is still seccomp: go on. */
static int
landlock_enter(void)
{
	struct ruleset	 rs;
	int		 abi, fd, ret;

	abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);
	if (abi == -1 && (errno == ENOSYS || errno == EOPNOTSUPP)) {
		log_debug("no landlock in this kernel");
		return (0);
	}
	if (abi == -1)
		return (-1);
	ruleset_fill(&rs, abi);
	fd = syscall(SYS_landlock_create_ruleset, &rs, sizeof(rs), 0);
	if (fd == -1)
		return (-1);
	ret = syscall(SYS_landlock_restrict_self, fd, 0);
	close(fd);
	return (ret);
}

int
os_confine(enum os_role role)
{
	scmp_filter_ctx	 ctx;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1 ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == -1 ||
	    landlock_enter() == -1)
		return (-1);
	if ((ctx = sandbox_begin(SCMP_ACT_KILL_PROCESS)) == NULL)
		return (-1);
	return (sandbox_end(ctx, filter_all(ctx) == -1 ||
	    filter_role(ctx, role) == -1));
}
