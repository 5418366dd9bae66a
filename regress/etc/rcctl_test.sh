#!/usr/bin/env atf-sh
#
# Tests of rcctl and rc.subr: an installation below the work directory, with a
# daemon of our own (faked.c) under a name that no other test or daemon has,
# driven by the rc.d script of relayd6.  Nothing of the running system changes.

srcdir=$(atf_get_srcdir)
unset DESTDIR SBINDIR RCDIR EXAMPLESDIR

# Install below the work directory and put the made-up daemon in.  Sets svc.
tree_make() {
	cp -R "${srcdir}/../../etc" "${srcdir}/../../mk" .
	# The real examples are not what is tested here.
	for conf in relayd6.conf routed6.conf; do
		echo "# example" > "etc/${conf}"
	done
	mkdir root
	(cd etc && make install SETUP=: SYSTEMD_RUN="${PWD%/etc}/run" \
	    PREFIX="${PWD%/etc}/root" SYSCONFDIR="${PWD%/etc}/root/etc" \
	    SYSTEMDDIR="${PWD%/etc}/root/units" \
	    SYSUSERSDIR="${PWD%/etc}/root/sysusers") >make.out 2>&1 ||
	    atf_fail "install: $(cat make.out)"
	sbin=${PWD}/root/sbin
	rcd=${PWD}/root/etc/rc.d
	local_conf=${PWD}/root/etc/rc.conf.local
	svc=fake$$
	echo "${svc}" > svc
	rm "${rcd}/routed6"
	sed "s/relayd6/${svc}/g" "${rcd}/relayd6" > "${rcd}/${svc}"
	chmod 755 "${rcd}/${svc}"
	rm "${rcd}/relayd6"
	cp "${srcdir}/faked" "${sbin}/${svc}"
	: > "${sbin}/${svc}.conf"
	PATH=${sbin}:${PATH}
}

conf_write() {
	printf '%s\n' "$@" > "${sbin}/${svc}.conf"
}

# The process the daemon noted last.
pid_noted() {
	sed -n '$s/.* //p' "${sbin}/${svc}.log"
}

# A process that has ended and waits to be collected has no command line.
pid_runs() {
	grep -qs . "/proc/$1/cmdline"
}

# End what a failed test has left behind: by number, and only if it is ours.
tree_clean() {
	[ -f svc ] || return 0
	chmod 755 root/etc
	read -r svc < svc
	cut -d ' ' -f 2 "root/sbin/${svc}.log" 2>/dev/null | sort -u |
	    while read -r pid; do
		grep -qs "^${svc}: " "/proc/${pid}/cmdline" &&
		    kill -9 "${pid}"
	done
	return 0
}

# case_add name user description: head and cleanup of a test case.
case_add() {
	atf_test_case "$1" cleanup
	eval "$1_head() {
		atf_set descr \"$3\"
		[ '$2' = any ] || atf_set require.user '$2'
		atf_set require.progs 'pgrep make'
	}
	$1_cleanup() { tree_clean; }"
}

case_add start root "start, check and stop; the words and exit codes"
start_body() {
	tree_make
	atf_check -s exit:1 -o inline:"${svc}(failed)\n" rcctl check "${svc}"
	atf_check -o inline:"${svc}(ok)\n" rcctl start "${svc}"
	atf_check -o inline:"${svc}(ok)\n" rcctl check "${svc}"
	first=$(pid_noted)
	atf_check -o inline:"${svc}(ok)\n" rcctl start "${svc}"
	atf_check_equal "${first}" "$(pid_noted)"
	atf_check -o inline:"${svc}(ok)\n" rcctl stop "${svc}"
	atf_check -s exit:1 -o inline:"${svc}(failed)\n" rcctl check "${svc}"
	! pid_runs "${first}" || atf_fail "${first} still runs"
	atf_check rcctl stop "${svc}"
	atf_check -o inline:"start ${first}\nstop ${first}\n" \
	    cat "${sbin}/${svc}.log"
}

case_add restart root "restart stops one process and starts another"
restart_body() {
	tree_make
	atf_check -o inline:"${svc}(ok)\n" rcctl restart "${svc}"
	first=$(pid_noted)
	atf_check -o inline:"${svc}(ok)\n${svc}(ok)\n" rcctl restart "${svc}"
	second=$(pid_noted)
	[ "${first}" != "${second}" ] || atf_fail "the same process"
	atf_check -o inline:"start ${first}\nstop ${first}\nstart ${second}\n" \
	    cat "${sbin}/${svc}.log"
	atf_check -o ignore rcctl stop "${svc}"
}

case_add reload root "reload sends SIGHUP to the parent, once"
reload_body() {
	tree_make
	atf_check -s exit:1 -o inline:"${svc}(failed)\n" rcctl reload "${svc}"
	atf_check -o ignore rcctl start "${svc}"
	pid=$(pid_noted)
	atf_check -o inline:"${svc}(ok)\n" rcctl reload "${svc}"
	# The daemon notes it when it gets to run.
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		grep -q reload "${sbin}/${svc}.log" && break
		sleep 0.1
	done
	atf_check -o inline:"start ${pid}\nreload ${pid}\n" \
	    cat "${sbin}/${svc}.log"
	atf_check -o ignore rcctl stop "${svc}"
}

case_add broken root "a broken configuration: the daemon's own lines, exit 1"
broken_body() {
	tree_make
	conf_write fine broken broken
	said="${sbin}/${svc}.conf:2: broken, expected a word\n"
	said="${said}${sbin}/${svc}.conf:3: broken, expected a word\n"
	for verb in start configtest restart reload; do
		atf_check -s exit:1 -o inline:"${svc}(failed)\n" \
		    -e inline:"${said}" rcctl "${verb}" "${svc}"
	done
	atf_check -s exit:1 test -e "${sbin}/${svc}.log"
}

case_add broken_running root "a broken configuration leaves the old run alone"
broken_running_body() {
	tree_make
	atf_check -o ignore rcctl start "${svc}"
	pid=$(pid_noted)
	conf_write broken
	for verb in reload restart; do
		atf_check -s exit:1 -o inline:"${svc}(failed)\n" \
		    -e match:'conf:1: broken' rcctl "${verb}" "${svc}"
	done
	atf_check -o inline:"${svc}(ok)\n" rcctl check "${svc}"
	atf_check -o inline:"start ${pid}\n" cat "${sbin}/${svc}.log"
	atf_check -o ignore rcctl stop "${svc}"
}

case_add start_fails root "a start that fails shows the daemon's line"
start_fails_body() {
	tree_make
	conf_write nostart
	atf_check -o inline:"${svc}(ok)\n" rcctl configtest "${svc}"
	atf_check -s exit:1 -o inline:"${svc}(failed)\n" \
	    -e inline:"${svc}: 11.1.2.3: cannot assign requested address\n" \
	    rcctl start "${svc}"
}

case_add stop_fails root "what does not stop within the timeout has failed"
stop_fails_body() {
	tree_make
	conf_write stubborn
	atf_check rcctl enable "${svc}"
	atf_check rcctl set "${svc}" timeout 1
	atf_check -o ignore rcctl start "${svc}"
	atf_check -s exit:1 -o inline:"${svc}(failed)\n" rcctl stop "${svc}"
	atf_check -o ignore rcctl check "${svc}"
}

case_add flags root "flags reach the daemon, with the shell's quotes"
flags_body() {
	tree_make
	mkdir "my conf"
	echo nostart > "my conf/x"
	atf_check rcctl enable "${svc}"
	atf_check rcctl set "${svc}" flags -v -f "'${PWD}/my conf/x'"
	atf_check -o inline:"-v -f '${PWD}/my conf/x'\n" \
	    rcctl get "${svc}" flags
	atf_check -s exit:1 -o ignore -e match:'cannot assign' \
	    rcctl start "${svc}"
	: > "my conf/x"
	atf_check -o ignore rcctl start "${svc}"
	atf_check rcctl set "${svc}" flags
	atf_check -o inline:"\n" rcctl get "${svc}" flags
	atf_check -o ignore rcctl stop "${svc}"
}

case_add debug root "-d tells each step"
debug_body() {
	tree_make
	atf_check -o match:'^doing rc_check$' -o match:'^doing rc_configtest$' \
	    -o match:'^configuration OK$' -o match:'^doing rc_start$' \
	    -o match:"^${svc}\(ok\)$" rcctl -d start "${svc}"
	atf_check -o match:'^doing rc_stop$' rcctl -d stop "${svc}"
}

case_add force root "flags NO keep a daemon from starting, -f overrules"
force_body() {
	tree_make
	echo "${svc}_flags=NO" > "${local_conf}"
	atf_check -s exit:1 -e match:'need -f to force start' \
	    rcctl start "${svc}"
	atf_check -o inline:"${svc}(ok)\n" rcctl -f start "${svc}"
	atf_check -o inline:"${svc}\n" rcctl ls rogue
	atf_check -o match:"^${svc}\(ok\)$" rcctl -df stop "${svc}"
}

case_add netns root "a copy in another network namespace is another daemon"
netns_body() {
	atf_require_prog unshare
	unshare -n true || atf_skip "no network namespaces here"
	tree_make
	atf_check -o inline:"${svc}(ok)\n" unshare -n rcctl start "${svc}"
	there=$(pid_noted)
	atf_check -s exit:1 -o ignore rcctl check "${svc}"
	atf_check -o inline:"${svc}(ok)\n" rcctl start "${svc}"
	here=$(pid_noted)
	[ "${there}" != "${here}" ] || atf_fail "nothing was started"
	atf_check -o inline:"${svc}(ok)\n" rcctl stop "${svc}"
	pid_runs "${there}" || atf_fail "the other one was stopped"
}

case_add background root "rc_bg puts a daemon that stays into the background"
background_body() {
	tree_make
	conf_write foreground
	ed=$(sed "s/^pexp=.*/&\nrc_bg=YES/" "${rcd}/${svc}")
	echo "${ed}" > "${rcd}/${svc}"
	atf_check -o inline:"${svc}(ok)\n" rcctl start "${svc}"
	atf_check -o inline:"${svc}(ok)\n" rcctl stop "${svc}"
}

case_add overrides root "an rc.d script overrides functions and actions"
overrides_body() {
	tree_make
	cat > "${rcd}/other" <<-SCRIPT
	#!/bin/sh
	daemon="/nonexistent/other"
	daemon_timeout=7
	daemon_flags="-x"
	. ${rcd}/rc.subr
	rc_reload=NO
	rc_pre() { echo pre >> ${PWD}/calls; }
	rc_start() { echo "start \${daemon_flags}" >> ${PWD}/calls; touch up; }
	rc_stop() { echo stop >> ${PWD}/calls; rm -f up; }
	rc_check() { [ -e up ]; }
	rc_post() { echo post >> ${PWD}/calls; }
	rc_cmd "\$1"
	SCRIPT
	chmod 755 "${rcd}/other"
	atf_check -o inline:"other(ok)\n" rcctl start other
	atf_check -s exit:1 -e match:'reload is not supported' \
	    rcctl reload other
	atf_check -s exit:1 -e match:'configtest is not supported' \
	    rcctl configtest other
	atf_check -o inline:"other(ok)\n" rcctl stop other
	atf_check -o inline:"pre\nstart -x\nstop\npost\n" cat calls
	atf_check rcctl enable other
	atf_check -o inline:"-x\n" rcctl get other flags
	atf_check -o inline:"7\n" rcctl get other timeout
}

case_add user root "daemon_user runs the daemon, and its processes are found"
user_body() {
	tree_make
	# faked writes beside itself.
	: > "${sbin}/${svc}.log"
	chown nobody "${sbin}/${svc}.log"
	chmod 755 .
	su -s /bin/sh nobody -c "test -x ${sbin}/${svc}" ||
	    atf_skip "nobody cannot reach ${sbin}"
	atf_check rcctl enable "${svc}"
	atf_check rcctl set "${svc}" user nobody
	atf_check -o inline:"${svc}(ok)\n" rcctl start "${svc}"
	pid=$(pid_noted)
	atf_check -o match:'nobody' ps -o user= -p "${pid}"
	atf_check -o inline:"${svc}(ok)\n" rcctl stop "${svc}"
}

case_add unprivileged unprivileged "others than root may look, not touch"
unprivileged_body() {
	tree_make
	atf_check -s exit:1 -o inline:"${svc}(failed)\n" rcctl check "${svc}"
	atf_check -s exit:1 -e match:'need root privileges' \
	    rcctl start "${svc}"
	chmod 555 root/etc
	atf_check -s exit:1 -e match:'need root privileges' \
	    rcctl enable "${svc}"
}

case_add usage any "wrong verbs and names: exit 1 and 2"
usage_body() {
	tree_make
	for words in "" "frobnicate ${svc}" "start" "check" "-x start ${svc}" \
	    "ls" "ls none" "get" "get ${svc} color" "set ${svc}" \
	    "set ${svc} status" "set ${svc} status maybe" "-d get ${svc}" \
	    "set ${svc} color red" "enable" "disable" "get all flags"; do
		# shellcheck disable=SC2086
		rcctl ${words} >/dev/null 2>err && atf_fail "passed: ${words}"
		[ -s err ] || atf_fail "nothing was said: ${words}"
	done
	for words in "start nosuch" "get nosuch" "set nosuch status on" \
	    "enable nosuch" "start rc.subr" "start ../rc.d/${svc}" \
	    "enable ${svc} nosuch" "getdef nosuch flags"; do
		# shellcheck disable=SC2086
		atf_check -s exit:2 -e match:'does not exist' rcctl ${words}
	done
	atf_check -s exit:1 test -e "${local_conf}"
	atf_check -s exit:1 -e match:'^usage: ' "${rcd}/${svc}"
	atf_check -s exit:1 -e match:'^usage: ' "${rcd}/${svc}" frobnicate
}

case_add enable any "enable and disable persist, and only touch their lines"
enable_body() {
	tree_make
	printf '# mine\nntpd_flags="-s"\n' > "${local_conf}"
	chmod 640 "${local_conf}"
	atf_check -s exit:1 -o inline:"off\n" rcctl get "${svc}" status
	atf_check rcctl enable "${svc}"
	atf_check -o inline:"on\n" rcctl get "${svc}" status
	atf_check rcctl enable "${svc}"
	atf_check rcctl set "${svc}" flags -v
	atf_check -o inline:"# mine\nntpd_flags=\"-s\"\npkg_scripts=${svc}\n${svc}_flags=-v\n" \
	    cat "${local_conf}"
	atf_check -o inline:"640\n" stat -c %a "${local_conf}"
	atf_check -o inline:"${svc}\n" rcctl ls on
	atf_check rcctl disable "${svc}"
	atf_check -o inline:"# mine\nntpd_flags=\"-s\"\n" cat "${local_conf}"
	atf_check -o inline:"${svc}\n" rcctl ls off
	atf_check rcctl set "${svc}" status on
	atf_check rcctl set "${svc}" status off
	atf_check -s exit:1 -e match:'is not enabled' \
	    rcctl set "${svc}" flags -v
	atf_check -o inline:"2\n" sh -c "ls root/etc | grep -c conf$"
}

case_add disk_full root "on a full disk rc.conf.local stays as it was"
disk_full_body() {
	tree_make
	printf 'ntpd_flags="-s"\n' > "${local_conf}"
	cat > full.sh <<-'SCRIPT'
	set -e
	mount -t tmpfs -o size=16k none root/full
	cp root/etc/rc.conf.local root/full/
	ln -sf "${PWD}/root/full/rc.conf.local" root/etc/rc.conf.local
	dd if=/dev/zero of=root/full/fill bs=1k 2>/dev/null || :
	rcctl enable "$1" && exit 7
	cat root/full/rc.conf.local
	SCRIPT
	mkdir root/full
	unshare -m true 2>/dev/null || atf_skip "no mount namespaces here"
	atf_check -e match:'cannot write' -e not-match:'Permission' \
	    -o inline:'ntpd_flags="-s"\n' unshare -m sh full.sh "${svc}"
}

case_add get any "get and getdef print variables in the form of rc.conf"
get_body() {
	tree_make
	atf_check -s exit:1 -o inline:"${svc}_execdir=\n${svc}_flags=NO\n${svc}_timeout=30\n${svc}_user=root\n" \
	    rcctl get "${svc}"
	atf_check rcctl enable "${svc}"
	atf_check rcctl set "${svc}" flags -v -D a=b
	atf_check rcctl set "${svc}" timeout 60
	atf_check rcctl set "${svc}" execdir /tmp
	atf_check -o inline:"${svc}_execdir=/tmp\n${svc}_flags=-v -D a=b\n${svc}_timeout=60\n${svc}_user=root\n" \
	    rcctl get "${svc}"
	atf_check -o match:"^${svc}_timeout=60$" rcctl get all
	atf_check -s exit:1 -o match:"^${svc}_flags=NO$" \
	    -o match:"^${svc}_timeout=30$" rcctl getdef "${svc}"
	atf_check -o inline:"30\n" rcctl getdef "${svc}" timeout
	atf_check -s exit:1 -o inline:"off\n" rcctl getdef "${svc}" status
	atf_check rcctl set "${svc}" timeout
	atf_check -o inline:"30\n" rcctl get "${svc}" timeout
	for words in "timeout soon" "timeout 0" "timeout -1" "user no-such-user" \
	    "execdir tmp" "flags a#b" "flags NO"; do
		# shellcheck disable=SC2086
		atf_check -s exit:1 -e not-empty rcctl set "${svc}" ${words}
	done
}

case_add conf_syntax any "rc.conf.local is read, never run"
conf_syntax_body() {
	tree_make
	read_back() {
		printf '%s\n' "pkg_scripts=${svc}" "$1" > "${local_conf}"
		# Not atf_check_equal: it evaluates what it compares.
		read=$(rcctl get "${svc}" flags)
		[ "${read}" = "$2" ] || atf_fail "from $1: ${read}"
	}
	read_back "${svc}_flags=-v -f /etc/x" "-v -f /etc/x"
	read_back "${svc}_flags=\"-v -f /etc/x\"" "-v -f /etc/x"
	read_back "${svc}_flags='-v'	# more words" "-v"
	read_back "  ${svc}_flags = -v   # more words" "-v"
	read_back "${svc}_flags=-D a=b" "-D a=b"
	read_back "${svc}_flags=\$(touch run) \`touch run\`" \
	    "\$(touch run) \`touch run\`"
	read_back "${svc}_flags=" ""
	read_back "#${svc}_flags=-v" ""
	read_back "x${svc}_flags=-v" ""
	read_back "${svc}_flags=-a
${svc}_flags=-b" "-b"
	atf_check -s exit:1 test -e run
	echo "${svc}_timeout=forever" >> "${local_conf}"
	atf_check -s exit:1 -e match:'not a number of seconds' \
	    rcctl check "${svc}"
}

case_add order any "order moves enabled daemons to the front"
order_body() {
	tree_make
	for name in one two; do
		sed "s/${svc}/${name}/g" "${rcd}/${svc}" > "${rcd}/${name}"
		chmod 755 "${rcd}/${name}"
	done
	atf_check -o ignore rcctl order
	atf_check rcctl enable "${svc}" one two
	atf_check -o inline:"${svc} one two\n" rcctl order
	atf_check rcctl order two one
	atf_check -o inline:"two one ${svc}\n" rcctl order
	atf_check rcctl disable one
	atf_check -o inline:"two ${svc}\n" rcctl order
	atf_check -s exit:1 -e match:'not in pkg_scripts' rcctl order one
}

case_add ls root "ls tells enabled from running"
ls_body() {
	tree_make
	: > "${rcd}/notes"
	atf_check -o inline:"${svc}\n" rcctl ls all
	atf_check -o inline:"${svc}\n" rcctl ls off
	atf_check rcctl ls on
	atf_check -o inline:"${svc}\n" rcctl ls stopped
	atf_check rcctl ls failed
	atf_check rcctl enable "${svc}"
	atf_check -s exit:1 -o inline:"${svc}\n" rcctl ls failed
	atf_check -o ignore rcctl start "${svc}"
	atf_check -o inline:"${svc}\n" rcctl ls started
	atf_check rcctl ls failed
	atf_check rcctl ls stopped
	atf_check rcctl ls rogue
	atf_check rcctl disable "${svc}"
	atf_check -o inline:"${svc}\n" rcctl ls rogue
	atf_check -o ignore rcctl stop "${svc}"
}

# A systemctl that keeps its state in files and notes what it was asked.
systemd_make() {
	mkdir run fakebin state
	cat > fakebin/systemctl <<-SCRIPT
	#!/bin/sh
	echo "\$*" >> ${PWD}/asked
	cd ${PWD}/state
	[ "\$1" != -q ] || shift
	case \$1 in
	cat)		[ "\$3" = ${svc}.service ] ;;
	is-active)	[ -e active ] && [ ! -e dies ] ;;
	is-enabled)	[ -e enabled ] ;;
	start|restart)	[ ! -e refuse ] && touch active ;;
	stop)		rm -f active ;;
	reload)		[ -e active ] ;;
	enable)		touch enabled ;;
	disable)	rm -f enabled ;;
	*)		exit 9 ;;
	esac
	SCRIPT
	cat > fakebin/journalctl <<-SCRIPT
	#!/bin/sh
	echo "the daemon's last words"
	SCRIPT
	chmod 755 fakebin/*
	PATH=${PWD}/fakebin:${PATH}
}

case_add systemd_actions root "actions are handed over to a running systemd"
systemd_actions_body() {
	tree_make
	systemd_make
	atf_check -s exit:1 -o inline:"${svc}(failed)\n" rcctl check "${svc}"
	atf_check rcctl stop "${svc}"
	for verb in start check reload restart stop; do
		: > asked
		atf_check -o inline:"${svc}(ok)\n" rcctl "${verb}" "${svc}"
		[ "${verb}" = check ] && verb=is-active
		atf_check -o ignore grep "${verb} ${svc}.service" asked
	done
	atf_check -s exit:1 -o inline:"${svc}(failed)\n" rcctl check "${svc}"
	atf_check -s exit:1 test -e "${sbin}/${svc}.log"
}

case_add systemd_failures root "with systemd too the daemon's words are shown"
systemd_failures_body() {
	tree_make
	systemd_make
	conf_write broken
	for verb in start restart reload configtest; do
		atf_check -s exit:1 -o inline:"${svc}(failed)\n" \
		    -e match:'conf:1: broken' rcctl "${verb}" "${svc}"
	done
	atf_check -s exit:1 grep -w start asked
	conf_write fine
	touch state/refuse
	atf_check -s exit:1 -o inline:"${svc}(failed)\n" rcctl start "${svc}"
	rm state/refuse
	touch state/dies
	atf_check -s exit:1 -o inline:"${svc}(failed)\n" \
	    -e inline:"the daemon's last words\n" rcctl start "${svc}"
	atf_check -s exit:1 test -e state/active
}

case_add systemd_status any "enable, disable and get ask systemd"
systemd_status_body() {
	tree_make
	systemd_make
	atf_check -s exit:1 -o inline:"off\n" rcctl get "${svc}" status
	atf_check rcctl enable "${svc}"
	atf_check test -e state/enabled
	atf_check -o inline:"on\n" rcctl get "${svc}" status
	atf_check rcctl set "${svc}" flags -v
	atf_check -o inline:"${svc}_flags=-v\n" cat "${local_conf}"
	atf_check -s exit:1 -e match:"systemctl edit ${svc}" \
	    rcctl set "${svc}" timeout 5
	atf_check rcctl disable "${svc}"
	atf_check -s exit:1 test -e state/enabled
	atf_check cat "${local_conf}"
}

case_add systemd_unknown root "what systemd does not know is run without it"
systemd_unknown_body() {
	tree_make
	systemd_make
	sed -i 's/ = .*service \]/ = none ]/' fakebin/systemctl
	atf_check -o inline:"${svc}(ok)\n" rcctl start "${svc}"
	atf_check test -e "${sbin}/${svc}.log"
	atf_check -o inline:"${svc}(ok)\n" rcctl stop "${svc}"
	atf_check rcctl enable "${svc}"
	atf_check -o inline:"pkg_scripts=${svc}\n" cat "${local_conf}"
}

atf_init_test_cases() {
	for name in start restart reload broken broken_running start_fails \
	    stop_fails flags debug force netns background overrides user \
	    unprivileged usage enable disk_full get conf_syntax order ls \
	    systemd_actions systemd_failures systemd_status systemd_unknown
	do
		atf_add_test_case "${name}"
	done
}
