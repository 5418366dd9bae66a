#!/usr/bin/env atf-sh
#
# Tests of "make install": which files, where, with which modes and contents.

srcdir=$(atf_get_srcdir)
unset DESTDIR PREFIX SYSCONFDIR SBINDIR RCDIR SYSTEMDDIR SYSUSERSDIR MANDIR
unset EXAMPLESDIR SETUP

# The rooms whose files are not built.  Example configurations of our own
# stand for the real ones, whose turn is in install_all.
rooms_copy() {
	cp -R "${srcdir}/../../etc" "${srcdir}/../../man" \
	    "${srcdir}/../../mk" .
	for conf in relayd6.conf routed6.conf; do
		echo "# example" > "etc/${conf}"
	done
	mkdir root
}

# Modes and names of everything below root.
tree_list() {
	(cd root && find . -type f -printf '%m %P\n' | sort -k 2)
}

staged_install() {
	"$1" -C etc install DESTDIR="${PWD}/root" >/dev/null 2>err &&
	    "$1" -C man install DESTDIR="${PWD}/root" >/dev/null 2>>err ||
	    atf_fail "$1: $(cat err)"
}

expected() {
	cat <<-LIST
	755 etc/rc.d/relayd6
	755 etc/rc.d/routed6
	644 etc/rc.d/rc.subr
	600 etc/relayd6.conf
	600 etc/routed6.conf
	644 usr/lib/systemd/system/relayd6.service
	644 usr/lib/systemd/system/routed6.service
	644 usr/lib/sysusers.d/relay6.conf
	755 usr/local/sbin/rcctl
	644 usr/local/share/examples/relay6/anycast-dns.relayd6.conf
	644 usr/local/share/examples/relay6/anycast-dns.routed6.conf
	644 usr/local/share/examples/relay6/relayd6.conf
	644 usr/local/share/examples/relay6/routed6.conf
	LIST
	(cd man && for page in *.[1-9]; do
		echo "644 usr/local/share/man/man${page##*.}/${page}"
	done)
}

atf_test_case staged
staged_head()
{
	atf_set descr "files and modes below DESTDIR, with both makes"
}
staged_body()
{
	rooms_copy
	for make in make bmake; do
		command -v "${make}" >/dev/null || continue
		rm -rf root && mkdir root
		umask 077
		staged_install "${make}"
		expected | sort -k 2 > want
		tree_list > got
		atf_check diff -u want got
		echo "${make}" >> ran
	done
	atf_check -o not-empty cat ran
}

atf_test_case staged_untouched
staged_untouched_head()
{
	atf_set descr "DESTDIR leaves users and systemd of the system alone"
}
staged_untouched_body()
{
	rooms_copy
	atf_check -o ignore -e ignore make -C etc install \
	    DESTDIR="${PWD}/root" SETUP="touch ${PWD}/called"
	atf_check -s exit:1 test -e called
	atf_check -o ignore -e ignore make -C etc install \
	    PREFIX="${PWD}/root" SYSCONFDIR="${PWD}/root" \
	    SYSTEMDDIR="${PWD}/root" SYSUSERSDIR="${PWD}/root" \
	    SETUP="touch ${PWD}/called"
	atf_check test -e called
}

atf_test_case config_kept
config_kept_head()
{
	atf_set descr "a configuration that is there stays as it is"
}
config_kept_body()
{
	rooms_copy
	staged_install make
	echo mine > root/etc/relayd6.conf
	chmod 640 root/etc/relayd6.conf
	staged_install make
	atf_check -o inline:"mine\n" cat root/etc/relayd6.conf
	atf_check -o inline:"640\n" stat -c %a root/etc/relayd6.conf
	atf_check -o inline:"# example\n" \
	    cat root/usr/local/share/examples/relay6/relayd6.conf
}

atf_test_case paths
paths_head()
{
	atf_set descr "scripts and units name the paths of the installation"
}
paths_body()
{
	rooms_copy
	atf_check -o ignore -e ignore make -C etc install \
	    DESTDIR="${PWD}/root" PREFIX=/opt/relay SYSCONFDIR=/opt/conf \
	    SYSTEMDDIR=/opt/units SYSUSERSDIR=/opt/users
	# One place only: where the daemons look for other programs.
	atf_check -o match:'^[^:]*/rc.subr:rc_path=[^ ]*$' \
	    -o not-match:'^[^:]*:[^r]' grep -rE '/usr/local|/etc/rc' \
	    root/opt/relay/sbin root/opt/conf/rc.d root/opt/units
	atf_check -o inline:'daemon="/opt/relay/sbin/relayd6"\n' \
	    grep ^daemon= root/opt/conf/rc.d/relayd6
	atf_check -o inline:'. /opt/conf/rc.d/rc.subr\n' \
	    grep '^\. ' root/opt/conf/rc.d/relayd6
	atf_check -o inline:'rc_conf_file=/opt/conf/rc.conf.local\n' \
	    grep ^rc_conf_file= root/opt/conf/rc.d/rc.subr
	atf_check -o match:'^ExecStart=/opt/relay/sbin/routed6 -d ' \
	    -o match:'^EnvironmentFile=-/opt/conf/rc.conf.local$' \
	    cat root/opt/units/routed6.service
}

atf_test_case install_all
install_all_head()
{
	atf_set descr "the whole suite installs: binaries, examples, pages"
}
install_all_body()
{
	top=${srcdir}/../..
	for prog in relayd6 routed6 ctl6; do
		[ -x "${top}/${prog}/${prog}" ] ||
		    atf_skip "${prog} is not built"
	done
	for room in relayd6 routed6 ctl6 etc man; do
		atf_check -o ignore -e ignore make -C "${top}/${room}" \
		    install DESTDIR="${PWD}/root"
	done
	for file in 755:usr/local/sbin/relayd6 755:usr/local/sbin/routed6 \
	    755:usr/local/bin/ctl6 600:etc/relayd6.conf \
	    600:etc/routed6.conf; do
		atf_check -o inline:"${file%%:*}\n" \
		    stat -c %a "root/${file#*:}"
	done
	for page in man8/relayd6.8 man5/relayd6.conf.5 man8/routed6.8 \
	    man5/routed6.conf.5 man8/ctl6.8 man8/rcctl.8; do
		atf_check test -s "root/usr/local/share/man/${page}"
	done
}

# Run setup.sh with the tools it uses replaced by ones that only tell.
setup_copy() {
	cp "${srcdir}/../../etc/setup.sh" .
	mkdir fakebin
	sed -i "s,^empty=.*,empty=${PWD}/empty," setup.sh
	cat > fakebin/id <<-SCRIPT
	#!/bin/sh
	case "\$*" in
	-u)	echo \${FAKE_UID:-0} ;;
	*)	grep -qsx "\$2" ${PWD}/users ;;
	esac
	SCRIPT
	printf '#!/bin/sh\necho "$*" >> %s/useradd.log\n' "${PWD}" \
	    > fakebin/useradd
	printf '#!/bin/sh\n[ "$2" = "$GROUP" ]\n' > fakebin/getent
	chmod 755 fakebin/*
	PATH=${PWD}/fakebin:${PATH}
}

atf_test_case users
users_head()
{
	atf_set descr "the users are made once, with no shell and no home"
}
users_body()
{
	setup_copy
	atf_check -o match:"_relayd6" -o match:"_routed6" sh setup.sh users
	atf_check -o match:"-r -M -U -d ${PWD}/empty -s [^ ]*/nologin .* _relayd6" \
	    -o match:"-r -M -U -d ${PWD}/empty -s [^ ]*/nologin .* _routed6" \
	    cat useradd.log
	atf_check -o inline:"755\n" stat -c %a empty
	printf '_relayd6\n_routed6\n' > users
	rm useradd.log
	atf_check sh setup.sh users
	atf_check -s exit:1 test -e useradd.log
	echo _relayd6 > users
	atf_check -o match:_routed6 env GROUP=_routed6 sh setup.sh users
	atf_check -o match:"-g _routed6 .* _routed6$" cat useradd.log
}

atf_test_case users_unprivileged
users_unprivileged_head()
{
	atf_set descr "without root no users are made, and that is said"
}
users_unprivileged_body()
{
	setup_copy
	atf_check -e match:"not root" env FAKE_UID=1000 sh setup.sh users
	atf_check -s exit:1 test -e useradd.log
	atf_check -s exit:1 test -e empty
	atf_check -s exit:1 -e match:usage sh setup.sh frobnicate
}

atf_test_case sysusers
sysusers_head()
{
	atf_set descr "sysusers.d and setup.sh agree"
}
sysusers_body()
{
	conf=${srcdir}/../../etc/sysusers.d/relay6.conf
	setup_copy
	atf_check -o ignore sh setup.sh users
	sed -n 's/.*-c \(.*\) \(_[a-z0-9]*\)$/u \2 - "\1" \/var\/empty \/usr\/sbin\/nologin/p' \
	    useradd.log > want
	atf_check -o file:want grep -v '^#' "${conf}"
}

atf_init_test_cases()
{
	for name in staged staged_untouched config_kept paths install_all \
	    users users_unprivileged sysusers; do
		atf_add_test_case "${name}"
	done
}
