# Settings shared by every directory.  TOP is set by the including Makefile.
# No conditionals: choices are made by computed names (CFLAGS_SAN_${SAN}).

OS!=		uname -s
include ${TOP}/mk/${OS}.mk

PREFIX?=	/usr/local
SYSCONFDIR?=	/etc
SBINDIR?=	${PREFIX}/sbin
BINDIR?=	${PREFIX}/bin
MANDIR?=	${PREFIX}/share/man
EXAMPLESDIR?=	${PREFIX}/share/examples/relay6
RCDIR?=		${SYSCONFDIR}/rc.d
SYSTEMDDIR?=	/usr/lib/systemd/system
RUNDIR?=	/var/run
STATEDIR?=	${STATEDIR_OS}
INSTALL?=	install

WARN=		-Wall -Wextra -Wshadow -Wmissing-prototypes \
		-Wstrict-prototypes -Wcast-qual -Wpointer-arith -Wvla \
		-Wno-unused-parameter -Werror
HARDEN=		-fPIE -fstack-protector-strong -fstack-clash-protection \
		-D_FORTIFY_SOURCE=2
HARDEN_LD=	-pie -Wl,-z,relro -Wl,-z,now

# make SAN=1: AddressSanitizer and UndefinedBehaviorSanitizer.
CFLAGS_SAN_=	${HARDEN}
LDFLAGS_SAN_=	${HARDEN_LD}
CFLAGS_SAN_1=	-fsanitize=address,undefined -fno-sanitize-recover=all \
		-fno-omit-frame-pointer -DSANITIZED
LDFLAGS_SAN_1=	-fsanitize=address,undefined
# SAN=fuzz, with clang: the same, and code that tells a fuzzer where it is.
CFLAGS_SAN_fuzz= ${CFLAGS_SAN_1} -fsanitize=fuzzer-no-link
LDFLAGS_SAN_fuzz= ${LDFLAGS_SAN_1}

OPT?=		-O2
CFLAGS=		-std=c99 ${OPT} -g ${CFLAGS_SAN_${SAN}} -MMD -MP
# Quoted names only: our limits.h must not stand in for the system's.
CPPFLAGS=	-iquote ${TOP}/lib -iquote ${TOP}/os ${CPPFLAGS_OS}
LDFLAGS=	${LDFLAGS_SAN_${SAN}}

LIBSIX=		${TOP}/lib/libsix.a
LIBOS=		${TOP}/os/${OSDIR}/libos.a
LIBCOMPAT=	${TOP}/compat/libcompat.a
# os/ logs, lib/ asks os/: said twice, every symbol is found.
LIBS_OURS=	${LIBSIX} ${LIBOS} ${LIBSIX} ${LIBOS} ${LIBCOMPAT}

.SUFFIXES:
.SUFFIXES: .c .o
.c.o:
	${CC} ${CPPFLAGS} ${CFLAGS} ${WARN} -c -o $@ $<
