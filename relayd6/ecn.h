/*
 * Explicit congestion notification across a tunnel (RFC 6040).
 */
#ifndef ECN_H
#define ECN_H

#include <stdint.h>

/* The outer field on entry: normal mode copies the inner one (RFC 6040 4.1). */
uint8_t	ecn_encap(uint8_t inner);

/*
 * The inner field on exit, from both fields as they arrive (RFC 6040 4.2).
 * 0 with *result, or -1 when the packet must be dropped: it met congestion and
 * its sender would never learn.
 */
int	ecn_decap(uint8_t inner, uint8_t outer, uint8_t *result);

#endif
