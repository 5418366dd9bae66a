/*
 * Tests of the confinement of children, os/linux/sandbox.c.
 */
#include <sys/types.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <errno.h>
#include <event.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "confined.h"
#include "log.h"
#include "mono.h"
#include "ns.h"
#include "os.h"

#define NROLES	(OS_ROLE_TIMED + 1)

/* --- what nobody may do ----------------------------------------------- */

static int
do_open(struct tools *t)
{
	return (refused(open("/etc/passwd", O_RDONLY)));
}

static int
do_create(struct tools *t)
{
	return (refused(open("/tmp", O_TMPFILE | O_RDWR, 0600)));
}

static int
do_unlink(struct tools *t)
{
	return (refused(unlink("/nonexistent")));
}

static int
do_socket(struct tools *t)
{
	return (refused(socket(AF_INET, SOCK_DGRAM, 0)));
}

static int
do_socket_local(struct tools *t)
{
	return (refused(socket(AF_UNIX, SOCK_STREAM, 0)));
}

static int
do_connect(struct tools *t)
{
	struct sockaddr_in	 sin = { .sin_family = AF_INET };

	return (refused(connect(t->tcp, (struct sockaddr *)&sin,
	    sizeof(sin))));
}

static int
do_bind(struct tools *t)
{
	struct sockaddr_in	 sin = { .sin_family = AF_INET };

	return (refused(bind(t->tcp, (struct sockaddr *)&sin, sizeof(sin))));
}

static int
do_kill(struct tools *t)
{
	return (refused(kill(getppid(), 0)));
}

static int
do_tgkill_other(struct tools *t)
{
	return (refused(syscall(SYS_tgkill, 1, 1, 0)));
}

static int
do_mmap_exec(struct tools *t)
{
	return (refused((long)mmap(NULL, 4096, PROT_READ | PROT_EXEC,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)));
}

static int
do_mprotect_exec(struct tools *t)
{
	void	*p;

	p = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return (refused(mprotect(p, 4096, PROT_READ | PROT_EXEC)));
}

static int
do_ioctl(struct tools *t)
{
	int	 n;

	return (refused(ioctl(t->local[0], FIONREAD, &n)));
}

static int
do_dup(struct tools *t)
{
	return (refused(fcntl(t->local[0], F_DUPFD, 100)));
}

static int
do_setsockopt(struct tools *t)
{
	int	 on = 1;

	return (refused(setsockopt(t->tcp, SOL_SOCKET, SO_REUSEADDR, &on,
	    sizeof(on))));
}

static int
do_prctl(struct tools *t)
{
	return (refused(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)));
}

static int
do_setuid(struct tools *t)
{
	return (refused(setuid(0)));
}

static const struct {
	const char	*name;
	step_fn		*fn;
} forbidden[] = {
	{ "open", do_open }, { "create", do_create },
	{ "unlink", do_unlink }, { "socket", do_socket },
	{ "local socket", do_socket_local }, { "connect", do_connect },
	{ "bind", do_bind }, { "exec", do_exec }, { "fork", do_fork },
	{ "fork(3)", do_fork_libc }, { "ptrace", do_ptrace },
	{ "kill", do_kill }, { "tgkill", do_tgkill_other },
	{ "mmap exec", do_mmap_exec }, { "mprotect exec", do_mprotect_exec },
	{ "ioctl", do_ioctl }, { "dup", do_dup },
	{ "setsockopt", do_setsockopt }, { "prctl", do_prctl },
	{ "setuid", do_setuid }, { "unshare", do_unshare }
};

ATF_TC(os_confine_forbidden);
ATF_TC_HEAD(os_confine_forbidden, tc)
{
	ns_head(tc, "what no role may do ends the process", 1);
}
ATF_TC_BODY(os_confine_forbidden, tc)
{
	struct tools	 t = { .other = -1 };
	size_t		 i;
	int		 role, status;

	ns_enter();
	for (role = 0; role < NROLES; role++)
		for (i = 0; i < sizeof(forbidden) / sizeof(*forbidden); i++) {
			status = step_run(&t, role, forbidden[i].fn);
			ATF_CHECK_MSG(was_refused(status),
			    "role %d: %s: status %#x", role,
			    forbidden[i].name, status);
		}
}

/* --- what only some may do -------------------------------------------- */

static int
do_accept(struct tools *t)
{
	return (accept4(t->listen, NULL, NULL, SOCK_CLOEXEC) == -1);
}

static int
do_peercred(struct tools *t)
{
	uid_t	 uid;
	gid_t	 gid;

	if (os_peercred(t->local[0], &uid, &gid) == -1 ||
	    os_sndbuf(t->local[0], 8192) == -1)
		return (1);
	return (shutdown(t->local[0], SHUT_WR) == -1);
}

static int
do_stream(struct tools *t)
{
	struct sockaddr_storage	 ss;
	struct tcp_info		 info;
	socklen_t		 len;
	int			 fd, val;

	if ((fd = accept4(t->tcp, NULL, NULL, SOCK_NONBLOCK)) == -1 ||
	    os_tcp_hops(fd, 1) == -1 || os_tcp_hops_min(fd, 1) == -1)
		return (1);
	len = sizeof(ss);
	if (getsockname(fd, (struct sockaddr *)&ss, &len) == -1)
		return (2);
	len = sizeof(ss);
	if (getpeername(fd, (struct sockaddr *)&ss, &len) == -1)
		return (3);
	len = sizeof(info);
	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) == -1)
		return (4);
	len = sizeof(val);
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &val, &len) == -1)
		return (5);
	val = 1;
	if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &val, len) == -1)
		return (6);
	return (shutdown(fd, SHUT_RDWR) == -1);
}

static int
do_timer(struct tools *t)
{
	struct itimerspec	 its = { { 0, 0 }, { 0, 1 } };

	return (timerfd_settime(t->timer, 0, &its, NULL) == -1);
}

ATF_TC(os_confine_roles);
ATF_TC_HEAD(os_confine_roles, tc)
{
	ns_head(tc, "each role may do its own things, and not the others'",
	    1);
}
ATF_TC_BODY(os_confine_roles, tc)
{
	struct tools	 t = { .other = -1 };

	ns_enter();
	ATF_CHECK(was_refused(step_run(&t, OS_ROLE_PACKET, do_accept)));
	ATF_CHECK(was_refused(step_run(&t, OS_ROLE_PACKET, do_peercred)));
	ATF_CHECK(was_refused(step_run(&t, OS_ROLE_PACKET, do_stream)));
	ATF_CHECK_EQ(step_run(&t, OS_ROLE_CONTROL, do_accept), 0);
	ATF_CHECK_EQ(step_run(&t, OS_ROLE_CONTROL, do_peercred), 0);
	ATF_CHECK(was_refused(step_run(&t, OS_ROLE_CONTROL, do_stream)));
	ATF_CHECK_EQ(step_run(&t, OS_ROLE_STREAM, do_stream), 0);
	ATF_CHECK(was_refused(step_run(&t, OS_ROLE_STREAM, do_peercred)));
	ATF_CHECK(was_refused(step_run(&t, OS_ROLE_PACKET, do_timer)));
	ATF_CHECK(was_refused(step_run(&t, OS_ROLE_TIMED, do_accept)));
	ATF_CHECK_EQ(step_run(&t, OS_ROLE_TIMED, do_timer), 0);
}

/* --- what all may do --------------------------------------------------- */

static int
do_io(struct tools *t)
{
	struct epoll_event	 ev = { .events = EPOLLIN };
	struct pollfd		 p = { .fd = t->local[1], .events = POLLIN };
	char			 c;
	int			 flags;

	if (write(t->local[0], "x", 1) != 1 || poll(&p, 1, PATIENCE) != 1)
		return (1);
	if (epoll_ctl(t->epoll, EPOLL_CTL_ADD, t->local[1], &ev) == -1 ||
	    epoll_wait(t->epoll, &ev, 1, PATIENCE) != 1)
		return (2);
	if (recv(t->local[1], &c, 1, 0) != 1 || c != 'x')
		return (3);
	if ((flags = fcntl(t->pipe[0], F_GETFL)) == -1 ||
	    fcntl(t->pipe[0], F_SETFL, flags | O_NONBLOCK) == -1 ||
	    fcntl(t->pipe[0], F_SETFD, FD_CLOEXEC) == -1)
		return (4);
	log_warnx("%s: a line from a confined process", __func__);
	return (close(t->pipe[0]));
}

/* A descriptor goes to the other end of a local socket, as imsg does it. */
static int
do_pass(struct tools *t)
{
	union {
		struct cmsghdr	 align;
		char		 b[CMSG_SPACE(sizeof(int))];
	}		 ctl;
	struct iovec	 iov = { (char[]){ 'x' }, 1 };
	struct msghdr	 mh;
	struct cmsghdr	*cm;

	memset(&mh, 0, sizeof(mh));
	memset(&ctl, 0, sizeof(ctl));
	mh.msg_iov = &iov;
	mh.msg_iovlen = 1;
	mh.msg_control = &ctl;
	mh.msg_controllen = sizeof(ctl);
	cm = CMSG_FIRSTHDR(&mh);
	cm->cmsg_level = SOL_SOCKET;
	cm->cmsg_type = SCM_RIGHTS;
	cm->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cm), &t->pipe[1], sizeof(int));
	if (sendmsg(t->local[0], &mh, 0) != 1)
		return (1);
	return (recvmsg(t->local[1], &mh, MSG_CMSG_CLOEXEC) != 1 ||
	    mh.msg_controllen == 0);
}

static int
do_time(struct tools *t)
{
	struct timeval	 tv;
	uint32_t	 r;

	if (mono_now().ns == 0 || time(NULL) == -1 ||
	    gettimeofday(&tv, NULL) == -1)
		return (1);
	r = arc4random();
	return (r == arc4random() && r == arc4random());
}

/* A libevent program: a timer, then a signal to itself. */
static int
do_events(struct tools *t)
{
	struct timeval	 soon = { 0, 1000 };
	struct event	 timer, sig;

	evtimer_set(&timer, step_stop, t->base);
	if (event_add(&timer, &soon) == -1 ||
	    event_base_dispatch(t->base) == -1)
		return (1);
	signal_set(&sig, SIGUSR1, step_stop, t->base);
	if (event_add(&sig, NULL) == -1 || raise(SIGUSR1) != 0 ||
	    event_base_dispatch(t->base) == -1)
		return (2);
	return (0);
}

static const struct {
	const char	*name;
	step_fn		*fn;
} allowed[] = {
	{ "memory", do_memory }, { "io", do_io }, { "pass", do_pass },
	{ "time", do_time }, { "events", do_events }
};

ATF_TC(os_confine_allowed);
ATF_TC_HEAD(os_confine_allowed, tc)
{
	ns_head(tc, "what every role needs still works", 1);
}
ATF_TC_BODY(os_confine_allowed, tc)
{
	struct tools	 t = { .other = -1 };
	size_t		 i;
	int		 role, status;

	ns_enter();
	for (role = 0; role < NROLES; role++)
		for (i = 0; i < sizeof(allowed) / sizeof(*allowed); i++) {
			status = step_run(&t, role, allowed[i].fn);
			ATF_CHECK_EQ_MSG(status, 0,
			    "role %d: %s: status %#x", role,
			    allowed[i].name, status);
		}
}

static int
do_abort(struct tools *t)
{
	abort();
}

ATF_TC(os_confine_abort);
ATF_TC_HEAD(os_confine_abort, tc)
{
	ns_head(tc, "an abort looks like one", 1);
}
ATF_TC_BODY(os_confine_abort, tc)
{
	struct tools	 t = { .other = -1 };
	int		 status;

	ns_enter();
	status = step_run(&t, OS_ROLE_PACKET, do_abort);
	ATF_CHECK_MSG(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT,
	    "status %#x", status);
}

ATF_TC(os_confine_bad);
ATF_TC_HEAD(os_confine_bad, tc)
{
	ns_head(tc, "a role that does not exist is an error", 1);
}
ATF_TC_BODY(os_confine_bad, tc)
{
	struct tools	 t = { .other = -1 };

	ns_enter();
	ATF_CHECK_EQ(WEXITSTATUS(step_run(&t, NROLES, do_memory)), EXIT_OPEN);
}

/* --- the kernel side of each role -------------------------------------- */

static void
change_seen(void *arg, const struct os_change *c)
{
	int	*synced = arg;

	if (c->event == OS_EV_SYNCED)
		*synced = 1;
}

static int
do_watch(struct tools *t)
{
	struct os_watch	*w;
	struct pollfd	 p = { .fd = t->watch, .events = POLLIN };
	int		 synced = 0;

	if ((w = os_watch_new(t->watch)) == NULL || os_watch_start(w) == -1)
		return (1);
	while (!synced && poll(&p, 1, PATIENCE) == 1)
		if (os_watch_read(w, change_seen, &synced) == -1)
			return (2);
	os_watch_free(w);
	return (!synced);
}

ATF_TC(os_confine_watch);
ATF_TC_HEAD(os_confine_watch, tc)
{
	ns_head(tc, "a watcher works without privileges, confined", 1);
}
ATF_TC_BODY(os_confine_watch, tc)
{
	struct tools	 t = { .other = -1 };

	ns_enter();
	ATF_REQUIRE((t.watch = os_watch_open()) != -1);
	ATF_CHECK_EQ(step_run(&t, OS_ROLE_CONTROL, do_watch), 0);
}

static int
do_packets(struct tools *t)
{
	uint8_t			 data[64] = { 0x60 };
	struct os_packet	 p = { .data = data, .len = sizeof(data),
				    .tos = 4, .ttl = 64 };

	p.addr.s_addr = htonl(INADDR_LOOPBACK);
	if (os_tun_read(t->tun, data, sizeof(data)) != -1 ||
	    errno != EAGAIN)
		return (1);
	if (os_send_batch(t->raw_out, &p, 1) != 1)
		return (2);
	if (os_recv_batch(t->raw_in, &p, 1, sizeof(data)) != 1)
		return (3);
	return (0);
}

ATF_TC(os_confine_packets);
ATF_TC_HEAD(os_confine_packets, tc)
{
	ns_head(tc, "tun and raw sockets work without privileges, confined",
	    1);
}
ATF_TC_BODY(os_confine_packets, tc)
{
	struct tools	 t = { .other = -1 };
	struct ipaddr	 a;
	unsigned int	 ifindex;

	ns_enter();
	a = ns_addr("127.0.0.1");
	ATF_REQUIRE((t.tun = os_tun_open("six0", 1280, &ifindex)) != -1);
	ATF_REQUIRE((t.raw_out = os_raw41_source(&a)) != -1);
	ATF_REQUIRE((t.raw_in = os_raw41_listen(&a)) != -1);
	ATF_CHECK_EQ(step_run(&t, OS_ROLE_PACKET, do_packets), 0);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, os_confine_forbidden);
	ATF_TP_ADD_TC(tp, os_confine_roles);
	ATF_TP_ADD_TC(tp, os_confine_allowed);
	ATF_TP_ADD_TC(tp, os_confine_abort);
	ATF_TP_ADD_TC(tp, os_confine_bad);
	ATF_TP_ADD_TC(tp, os_confine_watch);
	ATF_TP_ADD_TC(tp, os_confine_packets);
	return (atf_no_error());
}
