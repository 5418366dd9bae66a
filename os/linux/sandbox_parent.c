/*
 * Confines a root parent once its children exist: see os.h.  It keeps four
 * capabilities out of all, can never get others, and starts nothing more:
 * a parent that wants to execute or trace is no longer ours.  It goes on
 * opening files (its configuration) and sockets, so that this is a list of
 * what is refused; most that would hurt needs a capability it has not.
 *
 * Being root without CAP_DAC_OVERRIDE it opens only what root owns or what
 * is readable to all, and without CAP_CHOWN and CAP_SETUID it hands nothing
 * to others: all that must come before.
 */
#include <sys/types.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <linux/capability.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "os.h"
#include "sandbox.h"

#define CAP_BIT(c)	(1U << (c))

/* The tun and routes, raw sockets, ports below 1024, ending children. */
#define CAPS_KEPT	(CAP_BIT(CAP_NET_ADMIN) | CAP_BIT(CAP_NET_RAW) | \
			    CAP_BIT(CAP_NET_BIND_SERVICE) | CAP_BIT(CAP_KILL))

static const int calls_denied[] = {
	/* start or become something else */
	SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(fork),
	SCMP_SYS(vfork), SCMP_SYS(clone), SCMP_SYS(clone3),
	/* reach into other processes, or into the kernel */
	SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev), SCMP_SYS(pidfd_getfd),
	SCMP_SYS(bpf), SCMP_SYS(perf_event_open), SCMP_SYS(userfaultfd),
	SCMP_SYS(add_key), SCMP_SYS(request_key), SCMP_SYS(keyctl),
	/* new namespaces come with new capabilities */
	SCMP_SYS(unshare), SCMP_SYS(setns),
	/* acts without system calls that this filter could see */
	SCMP_SYS(io_uring_setup)
};

/* What even an exec of a root program could not get back. */
static int
bounding_drop(void)
{
	int	 cap;

	for (cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) != -1; cap++)
		if ((cap > 31 || !(CAPS_KEPT & CAP_BIT(cap))) &&
		    prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == -1)
			return (-1);
	return (0);
}

static int
capabilities_keep(void)
{
	struct __user_cap_header_struct	 hdr = {
		_LINUX_CAPABILITY_VERSION_3, 0
	};
	struct __user_cap_data_struct	 data[_LINUX_CAPABILITY_U32S_3];

	memset(data, 0, sizeof(data));
	data[0].effective = data[0].permitted = CAPS_KEPT;
	return (syscall(SYS_capset, &hdr, data));
}

int
os_confine_parent(void)
{
	scmp_filter_ctx	 ctx;

	/* The bounding set first: it needs CAP_SETPCAP. */
	if (bounding_drop() == -1 || capabilities_keep() == -1 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		return (-1);
	if ((ctx = sandbox_begin(SCMP_ACT_ALLOW)) == NULL)
		return (-1);
	return (sandbox_end(ctx, sandbox_rules(ctx, SCMP_ACT_KILL_PROCESS,
	    calls_denied, nitems(calls_denied)) == -1));
}
