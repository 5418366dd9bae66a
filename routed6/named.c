/*
 * The prefixes that the configuration names: see named.h.  Runs in the bgp and
 * ospf processes.
 */
#include <string.h>

#include "named.h"

void
named_begin(struct named *nd)
{
	nd->nnext = 0;
}

int
named_add(struct named *nd, const struct prefix *p)
{
	if (nd->nnext == LIMIT_BGP_ANNOUNCE)
		return (-1);
	nd->next[nd->nnext++] = *p;
	return (0);
}

void
named_end(struct named *nd)
{
	memcpy(nd->now, nd->next, sizeof(nd->now));
	nd->n = nd->nnext;
}

int
named_has(const struct named *nd, const struct prefix *p)
{
	size_t	 i;

	for (i = 0; i < nd->n; i++)
		if (prefix_equal(&nd->now[i], p))
			return (1);
	return (0);
}
