/*
 * What the tests of os/ share: a network namespace of one's own, in which a
 * test may do as it likes.
 */
#ifndef NS_H
#define NS_H

#include <atf-c.h>

#include "prefix.h"

/* Milliseconds to wait for what must come; a busy machine may be slow. */
#define PATIENCE	10000

/* The head of a test case that needs root and, when ip is set, ip(8). */
void		 ns_head(atf_tc_t *, const char *descr, int ip);

/* Move this process to a fresh namespace, lo up; skip when not allowed. */
void		 ns_enter(void);

/* Run a shell command; the test fails when the command does. */
void		 ns_run(const char *, ...)
		    __attribute__((__format__(printf, 1, 2)));

/* The same; returns whether it succeeded. */
int		 ns_try(const char *, ...)
		    __attribute__((__format__(printf, 1, 2)));

/* True when fd becomes readable within ms. */
int		 ns_readable(int fd, int ms);

/* From text that must be right. */
struct ipaddr	 ns_addr(const char *);
struct prefix	 ns_prefix(const char *);

#endif
