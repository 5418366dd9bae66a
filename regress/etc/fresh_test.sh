#!/usr/bin/env atf-sh
#
# Tests of what a fresh installation does: the whole suite is installed below
# the work directory and laid over /usr/local and /etc in a mount and a network
# namespace of its own, where rcctl runs the real daemons with the example
# configurations.  Nothing of the running system changes.

srcdir=$(atf_get_srcdir)
top=$(cd "${srcdir}/../.." && pwd)
unset DESTDIR PREFIX SYSCONFDIR SBINDIR RCDIR SYSTEMDDIR SYSUSERSDIR MANDIR
unset EXAMPLESDIR SETUP

# Install daemon $1 and write ./fresh, which runs ./steps over there.
fresh_make() {
	[ -x "${top}/$1/$1" ] || atf_skip "$1 is not built"
	[ -f "${top}/etc/$1.conf" ] || atf_skip "$1 has no example"
	unshare -mnpf --mount-proc true || atf_skip "no namespaces here"
	id -u "_$1" >/dev/null || atf_skip "no user _$1: run make deps"
	cp -R "${top}/etc" "${top}/mk" .
	for conf in relayd6.conf routed6.conf; do
		[ -f "etc/${conf}" ] || : > "etc/${conf}"
	done
	mkdir root over
	atf_check -o ignore make -C etc install DESTDIR="${PWD}/root"
	atf_check -o ignore make -C "${top}/$1" install DESTDIR="${PWD}/root"
	cat > fresh <<-SCRIPT
	#!/bin/sh -e
	mount --make-rprivate /
	mount -t tmpfs tmpfs ${PWD}/over
	cp -a /etc ${PWD}/over/
	cp -a ${PWD}/root/etc/. ${PWD}/over/etc/
	mount --bind ${PWD}/over/etc /etc
	mount --bind ${PWD}/root/usr/local /usr/local
	mount -t tmpfs tmpfs /run
	ip link set lo up
	PATH=/usr/local/sbin:/usr/local/bin:\${PATH}
	set +e
	. ${PWD}/steps
	SCRIPT
}

steps_write() {
	cat > steps <<-STEPS
	step() {
		"\$@"
		echo "=> \$?"
	}
	step rcctl check $1
	step rcctl start $1
	step rcctl check $1
	step rcctl reload $1
	step rcctl restart $1
	step test -S /run/$1.sock
	cp /etc/$1.conf /etc/$1.conf.good
	echo 'nonsense {' >> /etc/$1.conf
	step rcctl restart $1
	step rcctl check $1
	step rcctl stop $1
	step rcctl start $1
	step rcctl check $1
	STEPS
	cat > want <<-WANT
	$1(failed)
	=> 1
	$1(ok)
	=> 0
	$1(ok)
	=> 0
	$1(ok)
	=> 0
	$1(ok)
	$1(ok)
	=> 0
	=> 0
	$1(failed)
	=> 1
	$1(ok)
	=> 0
	$1(ok)
	=> 0
	$1(failed)
	=> 1
	$1(failed)
	=> 1
	WANT
}

fresh_daemon() {
	fresh_make "$1"
	steps_write "$1"
	# Whatever the steps leave running ends with its process namespace.
	atf_check -o file:want -e save:err \
	    unshare -mnpf --mount-proc sh ./fresh
	atf_check -o match:"^/etc/$1.conf:[0-9]+: " cat err
	[ "$(grep -c '^/etc/' err)" -ge 2 ] ||
	    atf_fail "the daemon's lines are not shown each time"
}

case_add() {
	atf_test_case "$1"
	eval "$1_head() {
		atf_set descr 'fresh installation: rcctl drives $1'
		atf_set require.user root
		atf_set require.progs 'unshare mount ip make pgrep'
	}
	$1_body() { fresh_daemon $1; }"
}

case_add relayd6
case_add routed6

atf_init_test_cases() {
	atf_add_test_case relayd6
	atf_add_test_case routed6
}
