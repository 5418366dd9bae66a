#!/bin/sh
#
# What building and testing need.  As root on Debian what is missing is
# installed; elsewhere it is named and the exit status is 1.  Silent and quick
# when nothing is missing.  No service is started or enabled by this.

# package, command or header that proves it, service it brings or -, why
needs='
gcc		cc				-	compiles everything
libc6-dev	/usr/include/stdio.h		-	the C library
make		make				-	builds
bmake		bmake				-	the makefiles suit BSD
git		git				-	fetches the sources
bison		bison				-	the grammars, as yacc
mandoc		mandoc				-	checks the manuals
kyua		kyua				-	runs the tests
libatf-dev	/usr/include/atf-c.h		-	tests in C
atf-sh		atf-sh				-	tests in shell
libbsd-dev	/usr/include/bsd/bsd.h		-	strlcpy and others
libevent-dev	/usr/include/event.h		-	the event loop
libseccomp-dev	/usr/include/seccomp.h		-	the sandbox
libmnl-dev	/usr/include/libmnl/libmnl.h	-	netlink
libjson-c-dev	/usr/include/json-c/json.h	-	tests of ctl6 -j
nettle-dev	/usr/include/nettle/hmac.h	-	digests of routing protocols
bird2		bird				bird	a peer for the tests
frr		/usr/lib/frr/bgpd		frr		another one
openbgpd	bgpctl				openbgpd	a third
exabgp		/usr/sbin/exabgp		exabgp	a fourth announcer
nftables	nft				-	NAT and loss in tests
iproute2	ip				-	namespaces of tests
iputils-ping	ping				-	traffic of tests
procps		pgrep				-	rc.subr finds daemons
tcpdump		tcpdump				-	looks at the wire
miredo		miredo				miredo	Teredo clients of the tests
miredo-server	miredo-server			miredo-server	and their server
shellcheck	shellcheck			-	checks the scripts
'

policy=/usr/sbin/policy-rc.d
initdir=/etc/init.d
mark="put here by the relay suite while it installs packages"
top=$(dirname "$0")/..
PATH=${PATH}:/usr/local/sbin:/usr/sbin:/sbin

proven() {
	case $1 in
	/*)	[ -e "$1" ] ;;
	*)	command -v "$1" >/dev/null 2>&1 ;;
	esac
}

# Set packages and services to what is not here.
missing_find() {
	packages=
	services=
	while read -r pkg proof service why; do
		[ -n "${why}" ] || continue
		proven "${proof}" && continue
		packages="${packages} ${pkg}"
		[ "${service}" = - ] || services="${services} ${service}"
	done <<-NEEDS
	${needs}
	NEEDS
}

# Packages start their services when they are installed unless this script
# forbids it.  One that this machine has of its own is back afterwards, even
# if an earlier run was killed half way.
policy_deny() {
	policy_restore
	[ ! -e "${policy}" ] || mv "${policy}" "${policy}.own" || return 1
	printf '#!/bin/sh\n# %s\nexit 101\n' "${mark}" > "${policy}" &&
	    chmod 755 "${policy}"
}

policy_restore() {
	! grep -qs "${mark}" "${policy}" || rm -f "${policy}"
	[ -e "${policy}" ] || [ ! -e "${policy}.own" ] ||
	    mv "${policy}.own" "${policy}"
}

# Not at the next boot either.  Some packages have no script for update-rc.d,
# which then leaves systemd's links alone too.
service_disable() {
	! command -v systemctl >/dev/null 2>&1 ||
	    systemctl --quiet disable "$1"
	[ ! -e "${initdir}/$1" ] || update-rc.d "$1" disable
}

# shellcheck disable=SC2086	# a list of words
packages_install() {
	DEBIAN_FRONTEND=noninteractive
	export DEBIAN_FRONTEND
	trap policy_restore EXIT
	trap 'exit 1' HUP INT TERM
	policy_deny || return 1
	apt-get update -qq || echo "apt-get update failed, going on" >&2
	apt-get install -y -qq --no-install-recommends ${packages} </dev/null ||
	    return 1
	for service in ${services}; do
		service_disable "${service}"
	done
	policy_restore
}

missing_find
if [ -n "${packages}" ]; then
	echo "missing:${packages}"
	if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
		echo "install them, or run this as root on Debian" >&2
		exit 1
	fi
	packages_install || exit 1
	missing_find
	if [ -n "${packages}" ]; then
		echo "still missing:${packages}" >&2
		exit 1
	fi
fi

# Tests that need the users need root too and are skipped without.
[ "$(id -u)" -ne 0 ] || exec sh "${top}/etc/setup.sh" users
