/*
 * Fuzz target: the grammar of routed6.conf(5), there and back.
 */
#include "routed6.h"

#define CONF	routed6_conf
#include "conf_round.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	round_trip(data, size);
	return (0);
}
