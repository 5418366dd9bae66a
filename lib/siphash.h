/*
 * SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed hash for tables whose
 * keys strangers choose.  With a secret key nobody outside can aim at a slot.
 * Not a signature and not for storing: 64 bits.
 */
#ifndef SIPHASH_H
#define SIPHASH_H

#include <stddef.h>
#include <stdint.h>

#define SIPHASH_KEYLEN	16

/* The hash of len bytes under a key of SIPHASH_KEYLEN bytes. */
uint64_t	siphash(const uint8_t *key, const void *, size_t len);

#endif
