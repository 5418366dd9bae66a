/*
 * Words of OpenBSD's <sys/cdefs.h> and <sys/param.h> that this libc lacks;
 * read before every source file (see mk/).
 */
#ifndef COMPAT_H
#define COMPAT_H

#include <sys/cdefs.h>

#ifndef __dead
#define __dead	__attribute__((__noreturn__))
#endif

#ifndef nitems
#define nitems(a)	(sizeof((a)) / sizeof((a)[0]))
#endif

#endif
