# The relay suite.  Works with GNU make and with bmake.
#
#	make			build
#	make deps		install what building and testing need (root)
#	make check		build and run every test (root for the live ones)
#	make demo		a small Internet on this machine (root); KEEP=1
#	make bench		how fast routes go when a process dies (root)
#	make bench-bfd		a link cut, a box frozen, a full table (root)
#	make bench-calm		an hour of full load, no false alarm (root)
#	make bench-bgp		beside BIRD, FRR and OpenBGPD (root)
#	make bench-failover	what users see when a relay fails (root)
#	make bench-ospf		the same for OSPFv3, on the wire too (root)
#	make bench-teredo	a million clients, miredo beside us, a flood (root)
#	make install		PREFIX, DESTDIR
#	make SAN=1 check	the same under ASan and UBSan

SUBDIR=		compat lib os/linux relayd6 routed6 ctl6
SUBDIR_ALL=	${SUBDIR} etc man regress

SAN?=
OPT?=		-O2

all: flavor
	@for d in ${SUBDIR}; do ${MAKE} -C $$d SAN=${SAN} all || exit 1; done

# Objects of another compiler or sanitizer must not be linked with ours.
flavor:
	@want="${CC} ${OPT} san=${SAN}"; \
	if [ -f .flavor ] && [ "$$(cat .flavor)" != "$$want" ]; then \
		${MAKE} clean; fi; echo "$$want" > .flavor

tests: all
	@${MAKE} -C regress SAN=${SAN} all

deps:
	@sh mk/deps.sh

# By another name, or GNU make takes "make -n check" for a recursion.
THIS_MAKE=	${MAKE}

check: deps
	@MAKE="${THIS_MAKE}" CC="${CC}" OPT="${OPT}" SAN="${SAN}" \
	    sh regress/check.sh

demo: deps
	@sh regress/demo.sh

SECONDS?=	60

fuzz:
	@MAKE="${THIS_MAKE}" sh regress/fuzz/fuzz.sh ${SECONDS}

bench: deps tests
	@sh regress/bench/failover.sh

bench-bfd: deps tests
	@sh regress/bench/bfd.sh

bench-bgp: deps tests
	@sh regress/bench/bgp.sh

bench-calm: deps tests
	@sh regress/bench/calm.sh

bench-failover: deps tests
	@sh regress/bench/anycast.sh -s 11.1.66.1

bench-ospf: deps tests
	@sh regress/bench/ospf.sh
	@sh regress/bench/ospf.sh -n bird

bench-teredo: deps tests
	@${MAKE} -C regress/bench SAN=${SAN} all
	@regress/bench/teredo_peers
	@sh regress/bench/teredo_relay.sh
	@sh regress/bench/teredo_flood.sh

install: all
	@for d in ${SUBDIR_ALL}; do ${MAKE} -C $$d install || exit 1; done

clean:
	@for d in ${SUBDIR_ALL}; do ${MAKE} -C $$d clean || exit 1; done
	@rm -f .flavor

.PHONY: all flavor tests deps check demo fuzz bench bench-bfd bench-bgp \
	bench-calm bench-failover bench-ospf bench-teredo install clean
