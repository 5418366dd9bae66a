/*
 * What the two confinements share, private to os/linux.
 */
#ifndef SANDBOX_H
#define SANDBOX_H

#include <seccomp.h>

#include <stddef.h>
#include <stdint.h>

/*
 * A system call with one or two conditions on its arguments, each: the bits
 * of mask have this value.  Only the low 32 bits mean anything in an int.
 */
struct sandbox_call {
	int		 nr;
	unsigned int	 nconds;
	struct {
		unsigned int	 arg;
		uint64_t	 mask;
		uint64_t	 value;
	}		 cond[2];
};

/* Add an action for n system calls, whatever their arguments. */
int	sandbox_rules(scmp_filter_ctx, uint32_t action, const int *, size_t n);

/* Add an action for n system calls whose conditions hold. */
int	sandbox_calls(scmp_filter_ctx, uint32_t action,
	    const struct sandbox_call *, size_t n);

/* A filter with this action for all else, that kills foreign ABIs. */
scmp_filter_ctx	sandbox_begin(uint32_t action);

/* Put it in force and forget it; -1 with errno.  failed: only forget it. */
int	sandbox_end(scmp_filter_ctx, int failed);

#endif
