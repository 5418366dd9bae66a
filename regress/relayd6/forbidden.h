/*
 * What the tests with damaged packets share: where nothing may come from or go
 * to, whatever else is wrong.
 */
#ifndef FORBIDDEN_H
#define FORBIDDEN_H

#include <stddef.h>
#include <stdint.h>

/*
 * True when one of n prefixes covers the address; both are of the family af,
 * 4 or 6.
 */
int	covered(const char *const *, size_t n, uint8_t af, const uint8_t *);

/*
 * RFC 3056 2, RFC 4380 5.2.4: never a tunnel's end; nor 11.1.0.1 and 11.1.0.3,
 * which are ours.
 */
int	forbidden4(const uint8_t *);

#endif
