#!/bin/sh
#
# What an installation needs beyond its files; does only what is missing.
#
#	setup.sh users		the users of the daemons and their empty root
#	setup.sh units		tell a running systemd of changed units
#
# The users are those of sysusers.d/relay6.conf.

empty=/var/empty

user_make() {
	! id -u "$1" >/dev/null 2>&1 || return 0
	group=-U
	! getent group "$1" >/dev/null 2>&1 || group="-g $1"
	# shellcheck disable=SC2086	# an option and its argument
	useradd -r -M ${group} -d "${empty}" -s "${nologin}" -c "$2" "$1" &&
	    echo "user $1 made"
}

users() {
	if [ "$(id -u)" -ne 0 ]; then
		echo "not root: users _relayd6 and _routed6 not made" >&2
		return 0
	fi
	nologin=/usr/sbin/nologin
	[ -x "${nologin}" ] || nologin=/sbin/nologin
	[ -d "${empty}" ] || mkdir -m 755 "${empty}" || return 1
	user_make _relayd6 "IPv6 tunnel relay" &&
	    user_make _routed6 "IPv6 relay announcer"
}

units() {
	[ ! -d /run/systemd/system ] || [ "$(id -u)" -ne 0 ] ||
	    systemctl daemon-reload
}

PATH=${PATH}:/usr/sbin:/sbin
for what; do
	case ${what} in
	users|units)	"${what}" || exit 1 ;;
	*)		echo "usage: setup.sh [users] [units]" >&2; exit 1 ;;
	esac
done
