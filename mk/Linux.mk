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
LIBS_CRYPTO=	-lnettle
COMPAT_SRCS=	ibuf.c msgbuf.c imsg.c
