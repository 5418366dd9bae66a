/*
 * Fuzz target: packets from the raw socket of protocol 41, through
 * sixtofour_in().
 */
#include "fuzz_6to4.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	if (len <= PKT_MAX)
		fuzz_packet(sixtofour_in, data, len);
	return (0);
}
