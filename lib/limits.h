/*
 * Every bound of the suite on one page, each with its reason.
 */
#ifndef LIMITS_H
#define LIMITS_H

/* Configuration: fixed arrays that cross a pipe in one message. */
#define LIMIT_LISTEN		8	/* addresses one relay listens on */
#define LIMIT_RULES		64	/* allow and deny lines of one relay */

#endif
