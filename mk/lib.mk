# A static library: LIB and SRCS are set by the including Makefile.

include ${TOP}/mk/common.mk

OBJS=	${SRCS:.c=.o}

all: ${LIB}

${LIB}: ${OBJS}
	rm -f $@
	ar rcs $@ ${OBJS}

clean:
	rm -f ${LIB} ${OBJS} ${SRCS:.c=.d}

install:

.PHONY: all clean install
-include ${SRCS:.c=.d}
