/*
 * Tests of the confinement of parents, os/linux/sandbox_parent.c.
 */
#include <sys/types.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "confined.h"
#include "ns.h"
#include "os.h"

static int
do_duties(struct tools *t)
{
	struct ipaddr	 a;
	struct prefix	 p;
	unsigned int	 ifindex;

	if (ipaddr_parse(&a, "192.88.99.1") == -1 ||
	    prefix_parse(&p, "2002::/16") == -1)
		return (1);
	if (os_tun_open("six1", 1280, &ifindex) == -1)
		return (2);
	if (os_route(OS_ADD, &p, ifindex) == -1 ||
	    os_loaddr(OS_ADD, &a) == -1 || os_route_sweep() != 1)
		return (3);
	if (os_raw41_listen(&a) == -1 || os_icmp4_listen() == -1 ||
	    os_watch_open() == -1)
		return (4);
	if (os_tcp_listen(&a, 180) == -1)
		return (5);
	if (kill(t->other, SIGTERM) == -1)
		return (6);
	if (open("/etc/passwd", O_RDONLY) == -1 ||
	    socket(AF_UNIX, SOCK_STREAM, 0) == -1)
		return (7);
	return (do_memory(t));
}

static int
do_chown(struct tools *t)
{
	return (refused(fchown(t->pipe[0], 1, 1)));
}

static int
do_mount(struct tools *t)
{
	return (refused(mount("none", "/mnt", "tmpfs", 0, NULL)));
}

static int
do_chroot(struct tools *t)
{
	return (refused(chroot("/")));
}

static int
do_setuid_nobody(struct tools *t)
{
	return (refused(setuid(NOBODY)));
}

ATF_TC(os_confine_parent_duties);
ATF_TC_HEAD(os_confine_parent_duties, tc)
{
	ns_head(tc, "a parent can still do its work", 1);
}
ATF_TC_BODY(os_confine_parent_duties, tc)
{
	struct tools	 t = { .other = -1 };
	int		 status;

	ns_enter();
	ATF_REQUIRE((t.other = fork()) != -1);
	if (t.other == 0) {
		if (setuid(NOBODY) == -1)
			_exit(1);
		for (;;)
			pause();
	}
	status = parent_run(&t, do_duties);
	ATF_CHECK_EQ_MSG(status, 0, "status %#x", status);
	kill(t.other, SIGKILL);
	ATF_REQUIRE_EQ(waitpid(t.other, &status, 0), t.other);
	ATF_CHECK_EQ(WTERMSIG(status), SIGTERM);
}

ATF_TC(os_confine_parent_forbidden);
ATF_TC_HEAD(os_confine_parent_forbidden, tc)
{
	ns_head(tc, "a parent starts and traces nothing, and cannot use what "
	    "else root may do", 1);
}
ATF_TC_BODY(os_confine_parent_forbidden, tc)
{
	static step_fn	*const fatal_steps[] = {
		do_exec, do_fork, do_fork_libc, do_ptrace, do_unshare
	};
	static step_fn	*const failing[] = {
		do_chown, do_mount, do_chroot, do_setuid_nobody
	};
	struct tools	 t = { .other = -1 };
	size_t		 i;
	int		 status;

	ns_enter();
	for (i = 0; i < sizeof(fatal_steps) / sizeof(*fatal_steps); i++) {
		status = parent_run(&t, fatal_steps[i]);
		ATF_CHECK_MSG(WIFSIGNALED(status) &&
		    WTERMSIG(status) == SIGSYS, "step %zu: status %#x", i,
		    status);
	}
	for (i = 0; i < sizeof(failing) / sizeof(*failing); i++) {
		status = parent_run(&t, failing[i]);
		ATF_CHECK_MSG(WIFEXITED(status) &&
		    WEXITSTATUS(status) == EXIT_REFUSED,
		    "step %zu: status %#x", i, status);
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, os_confine_parent_duties);
	ATF_TP_ADD_TC(tp, os_confine_parent_forbidden);
	return (atf_no_error());
}
