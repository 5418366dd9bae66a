# A program: PROG and SRCS are set by the including Makefile; LIBS and GEN
# (those of SRCS that are made here, parse.c from parse.y) when it has them.

include ${TOP}/mk/common.mk

OBJS=	${SRCS:.c=.o}

all: ${PROG}

${PROG}: ${OBJS} ${LIBSIX} ${LIBOS} ${LIBCOMPAT}
	${CC} ${LDFLAGS} -o $@ ${OBJS} ${LIBS_OURS} \
	    ${LIBS} ${LIBS_OS}

parse.c: parse.y
	${YACC} -o $@ parse.y

# What yacc writes is not ours to correct: no warnings are errors there.
parse.o: parse.c
	${CC} ${CPPFLAGS} ${CFLAGS} -c -o $@ parse.c

clean:
	rm -f ${PROG} ${OBJS} ${SRCS:.c=.d} ${GEN}

install: all
	${INSTALL} -d ${DESTDIR}${DEST}
	${INSTALL} -m 755 ${PROG} ${DESTDIR}${DEST}

.PHONY: all clean install
-include ${SRCS:.c=.d}
