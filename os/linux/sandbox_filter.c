/*
 * Building seccomp filters from tables: see sandbox.h.  libseccomp answers
 * with negative error numbers; here they become errno.
 */
#include <errno.h>
#include <malloc.h>
#include <string.h>

#include "sandbox.h"

/* 0, or -1 and errno for a libseccomp answer. */
static int
answer(int ret)
{
	if (ret >= 0)
		return (0);
	errno = -ret;
	return (-1);
}

int
sandbox_rules(scmp_filter_ctx ctx, uint32_t action, const int *nr, size_t n)
{
	size_t	 i;

	for (i = 0; i < n; i++)
		if (answer(seccomp_rule_add(ctx, action, nr[i], 0)) == -1)
			return (-1);
	return (0);
}

int
sandbox_calls(scmp_filter_ctx ctx, uint32_t action,
    const struct sandbox_call *call, size_t n)
{
	struct scmp_arg_cmp	 cmp[2];
	unsigned int		 j;
	size_t			 i;

	for (i = 0; i < n; i++) {
		for (j = 0; j < call[i].nconds; j++) {
			cmp[j].arg = call[i].cond[j].arg;
			cmp[j].op = SCMP_CMP_MASKED_EQ;
			cmp[j].datum_a = call[i].cond[j].mask;
			cmp[j].datum_b = call[i].cond[j].value;
		}
		if (answer(seccomp_rule_add_array(ctx, action, call[i].nr,
		    call[i].nconds, cmp)) == -1)
			return (-1);
	}
	return (0);
}

scmp_filter_ctx
sandbox_begin(uint32_t action)
{
	scmp_filter_ctx	 ctx;

	if ((ctx = seccomp_init(action)) == NULL) {
		errno = ENOMEM;
		return (NULL);
	}
	/* Logging what is refused is welcome, not necessary. */
	seccomp_attr_set(ctx, SCMP_FLTATR_CTL_LOG, 1);
	if (answer(seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH,
	    SCMP_ACT_KILL_PROCESS)) == -1) {
		seccomp_release(ctx);
		return (NULL);
	}
	return (ctx);
}

int
sandbox_end(scmp_filter_ctx ctx, int failed)
{
	int	 ret = -1, save;

	if (!failed)
		ret = answer(seccomp_load(ctx));
	save = errno;
	seccomp_release(ctx);
	/* Building took some 100 kB, which no process ever needs again. */
	malloc_trim(0);
	errno = save;
	return (ret);
}
