/*
 * Every bound of the suite on one page, each with its reason.
 */
#ifndef LIMITS_H
#define LIMITS_H

/* Configuration: fixed arrays that cross a pipe in one message. */
#define LIMIT_LISTEN		8	/* addresses one relay listens on */
#define LIMIT_RULES		64	/* allow and deny lines of one relay */
#define LIMIT_OWN		16	/* further IPv4 addresses of this host */

/* Packets. */
#define LIMIT_EXTHDR		8	/* headers walked to find what a packet is;
					   nobody honest chains more (RFC 8504 5.3) */

/* ICMPv6 errors, RFC 4443 2.4 f. */
#define LIMIT_ICMP_BUCKETS	1024	/* 8 kB; a power of two */

#endif
