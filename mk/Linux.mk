# What differs on Linux.  Read by common.mk; plain assignments only, so that
# GNU make and bmake both understand it.

OSDIR=		linux
STATEDIR_OS=	/var/lib
YACC=		bison -y
CPPFLAGS_OS=	-I${TOP}/compat/include -include compat.h \
		-D_GNU_SOURCE -DLIBBSD_OVERLAY -isystem /usr/include/bsd
LIBS_OS=	-lbsd
LIBS_KERNEL=	-lmnl -lseccomp
LIBS_EVENT=	-levent_core
# Linked in: the few parts that are used add 47 kB to the program, the shared
# library would add 70 kB to each process of it.
LIBS_CRYPTO=	-l:libnettle.a
COMPAT_SRCS=	ibuf.c msgbuf.c imsg.c
