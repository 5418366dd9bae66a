/*
 * The number of a start of the daemon, from which the sequence numbers of
 * authenticated OSPFv3 packets begin, so that they grow for as long as the
 * router is deployed (RFC 7166 4.1): a neighbor refuses what is not newer than
 * what it has.
 *
 * It is the time in seconds, as a clock needs no writing to survive; but a
 * clock can be set back, or be wrong after power was off.  So the number is
 * kept in a file too, and the next one is larger by two at least.  The parent
 * does this, as the ospf process has no file system, and gives it the number
 * only.
 */
#ifndef OSPF_BOOT_H
#define OSPF_BOOT_H

#include <stdint.h>

/*
 * A number larger than that in the file, which gets it; now: s since 1970.
 * When the file can not be read or written the log says so, and the number is
 * the time.
 */
uint32_t	ospf_boot_number(const char *file, int64_t now);

/*
 * The first sequence number of a start.  The number of the start is the upper
 * half.  It is in the lower half too, times 64, because FRR compares the halves
 * one by one: this way it takes the packets of a new start, if that before was
 * not two years ago and signed no more than ten packets a second.
 */
uint64_t	ospf_boot_sequence(uint32_t number);

#endif
