/*
 * Fuzz target: what is inside LSAs, as ctl6 shows it.
 */
#include <json-c/json.h>

#include "show_lsa.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct json_object	*lsa = json_object_new_object();

	lsa_body(lsa, data, size);
	json_object_put(lsa);
	return (0);
}
