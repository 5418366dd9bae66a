# A directory of atf-c test programs.  TESTS names them (foo_test is made of
# foo_test.c); TOOLS the programs they run, made in the same way; UNITS the
# objects under test that are in no library, relative to this directory; LIBS
# what they need.

include ${TOP}/mk/common.mk

LIBS_TEST=	-latf-c

all: ${TESTS} ${TOOLS}

${TESTS} ${TOOLS}: ${UNITS} ${LIBSIX} ${LIBOS} ${LIBCOMPAT}
	${CC} ${CPPFLAGS} ${CFLAGS} ${WARN} -MF $@.d ${LDFLAGS} -o $@ $@.c ${UNITS} \
	    ${LIBS_OURS} ${LIBS} ${LIBS_TEST} ${LIBS_OS}

clean:
	rm -f ${TESTS} ${TOOLS} *.d *.o

install:

.PHONY: all clean install
-include *.d
