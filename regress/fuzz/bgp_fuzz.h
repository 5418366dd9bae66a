/*
 * What the BGP fuzz targets share: a process that does nothing.
 */
#ifndef BGP_FUZZ_H
#define BGP_FUZZ_H

#include <stdlib.h>
#include <string.h>

#include "bgp_peer.h"

static void
on_connect(void *arg, struct bgp_peer *p)
{
}

static void
on_side(void *arg, struct bgp_peer *p, enum bgp_side side)
{
}

static void
on_state(void *arg, struct bgp_peer *p, enum bgp_state was, enum bgp_state is)
{
}

static void
on_log(void *arg, struct bgp_peer *p, int pri, const char *line)
{
}

static uint32_t
on_random(void *arg)
{
	return (4);
}

static const struct bgp_ops	fuzz_ops = {
	on_connect, on_side, on_side, on_state, on_log, on_random
};

/* Take all output, of which there must be an end. */
static void
fuzz_drain(struct bgp_peer *p, mono_t now)
{
	size_t	 left, turns = 0;

	while (bgp_peer_output(p, BGP_IN, &left), left > 0) {
		if (++turns > 16)
			abort();
		bgp_peer_wrote(p, BGP_IN, left, now);
	}
}

#endif
