/*
 * What is in an LSA, for people and as JSON.
 */
#ifndef SHOW_LSA_H
#define SHOW_LSA_H

#include <json-c/json.h>

#include <stddef.h>
#include <stdint.h>

/* Add to the row of an LSA what its len bytes say, from the header on. */
void	lsa_body(struct json_object *, const uint8_t *, size_t len);

#endif
