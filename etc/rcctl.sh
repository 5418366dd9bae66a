#!/bin/sh
#
# rcctl: configure and control daemons, for systems that have no rcctl(8).
# State and flags are kept in rc.conf.local; where systemd runs and knows a
# daemon, systemd keeps its status.  Never starts anything by itself: that is
# the duty of the scripts in rc.d.  See rcctl(8).
#
# make install rewrites the paths of this file.

rc_dir=/etc/rc.d
rc_funcs_only=YES
# shellcheck source=etc/rc.subr.sh
. /etc/rc.d/rc.subr

vars="execdir flags timeout user"

usage() {
	cat >&2 <<-'USAGE'
	usage: rcctl get|getdef|set daemon [variable [argument ...]]
	       rcctl [-df] check|configtest|reload|restart|start|stop daemon ...
	       rcctl disable|enable|order [daemon ...]
	       rcctl ls all|failed|off|on|rogue|started|stopped
	USAGE
	exit 1
}

err() {
	echo "rcctl: $*" >&2
	exit 1
}

need_root() {
	[ "$(id -u)" -eq 0 ] || [ -w "${rc_conf_file%/*}" ] ||
	    err "need root privileges"
}

svc_exists() {
	case $1 in
	''|rc.subr|*[!A-Za-z0-9_]*)	return 1 ;;
	esac
	[ -f "${rc_dir}/$1" ] && [ -x "${rc_dir}/$1" ]
}

need_svc() {
	svc_exists "$1" && return
	echo "rcctl: service $1 does not exist" >&2
	exit 2
}

svc_all() {
	for file in "${rc_dir}"/*; do
		! svc_exists "${file##*/}" || echo "${file##*/}"
	done
}

# Is the word $1 among the words after it?
word_in() {
	word=$1
	shift
	for other; do
		[ "${word}" != "${other}" ] || return 0
	done
	return 1
}

svc_is_enabled() {
	[ "$(rc_conf_get "$1_flags")" != NO ] || return 1
	if rc_systemd "$1"; then
		systemctl -q is-enabled "$1.service" >/dev/null 2>&1
	else
		# shellcheck disable=SC2046	# a list of words
		word_in "$1" $(rc_conf_get pkg_scripts)
	fi
}

svc_is_running() {
	"${rc_dir}/$1" check >/dev/null 2>&1
}

# Set variable $1 of rc.conf.local to $2, or take it out when there is no $2.
# The first line of that name is replaced; whoever reads the file meanwhile
# finds the old or the new one.
conf_set() {
	case "${2-}" in
	*'#'*|*'
'*)		err "$1: a number sign or a newline cannot be kept" ;;
	esac
	file=$(readlink -f "${rc_conf_file}") || file=${rc_conf_file}
	new=$(mktemp "${file}.XXXXXXXXXX") || exit 1
	mode=644
	if [ -f "${file}" ]; then
		mode=$(stat -c %a "${file}")
	else
		: > "${file}" || exit 1
	fi
	LINE="${2+$1=$2}" awk -v key="$1" '
	{
		k = substr($0, 1, index($0, "=") - 1)
		gsub(/^[ \t]+|[ \t]+$/, "", k)
		if (k != key) {
			print
			next
		}
		if (ENVIRON["LINE"] != "" && !done++)
			print ENVIRON["LINE"]
	}
	END {
		if (ENVIRON["LINE"] != "" && !done)
			print ENVIRON["LINE"]
	}' "${file}" > "${new}" &&
	    chmod "${mode}" "${new}" && mv -f "${new}" "${file}" && return
	rm -f "${new}"
	err "cannot write ${file}"
}

pkg_scripts_set() {
	if [ $# -gt 0 ]; then
		conf_set pkg_scripts "$*"
	elif rc_conf_get pkg_scripts >/dev/null; then
		conf_set pkg_scripts
	fi
}

# pkg_scripts without the daemons named.
pkg_scripts_without() {
	for each in $(rc_conf_get pkg_scripts); do
		word_in "${each}" "$@" || echo "${each}"
	done
}

svc_enable() {
	[ "$(rc_conf_get "$1_flags")" != NO ] || conf_set "$1_flags"
	if rc_systemd "$1"; then
		systemctl -q enable "$1.service" || exit 1
	elif ! svc_is_enabled "$1"; then
		# shellcheck disable=SC2046
		pkg_scripts_set $(rc_conf_get pkg_scripts) "$1"
	fi
}

svc_disable() {
	for var in ${vars}; do
		! rc_conf_get "$1_${var}" >/dev/null || conf_set "$1_${var}"
	done
	if rc_systemd "$1"; then
		systemctl -q disable "$1.service" || exit 1
	fi
	# shellcheck disable=SC2046
	pkg_scripts_set $(pkg_scripts_without "$1")
}

# The value of variable $2 of daemon $1; the default when $3 is getdef.
svc_value() {
	if [ "$2" = flags ]; then
		if [ "$3" = getdef ] || ! svc_is_enabled "$1"; then
			echo NO
			return
		fi
	fi
	[ "$3" = get ] && rc_conf_get "$1_$2" && return
	"${rc_dir}/$1" getdef | sed -n "s/^$2=//p"
}

# No daemon of these is on by default.
svc_status() {
	[ "$2" = get ] && svc_is_enabled "$1"
}

svc_print() {
	for var in ${vars}; do
		echo "$1_${var}=$(svc_value "$1" "${var}" "$2")"
	done
	svc_status "$1" "$2"
}

cmd_get() {
	verb=$1 svc=${2-}
	if [ $# -eq 2 ] && [ "${svc}" = all ]; then
		for each in $(svc_all); do
			svc_print "${each}" "${verb}"
		done
		return 0
	fi
	[ $# -eq 2 ] || [ $# -eq 3 ] || usage
	need_svc "${svc}"
	if [ $# -eq 2 ]; then
		svc_print "${svc}" "${verb}"
	elif [ "$3" = status ]; then
		if svc_status "${svc}" "${verb}"; then
			echo on
		else
			echo off
			return 1
		fi
	else
		# shellcheck disable=SC2086
		word_in "$3" ${vars} || usage
		svc_value "${svc}" "$3" "${verb}"
	fi
}

cmd_status() {
	case ${2-} in
	on)	svc_enable "$1" ;;
	off)	svc_disable "$1" ;;
	*)	usage ;;
	esac
}

value_check() {
	case $1 in
	timeout)
		case $2 in
		''|0*|*[!0-9]*|???????*)
			err "timeout: expected seconds, found: $2" ;;
		esac
		;;
	user)
		id -u -- "$2" >/dev/null 2>&1 || err "user $2 does not exist"
		;;
	execdir)
		case $2 in
		/*)	;;
		*)	err "execdir: expected an absolute path, found: $2" ;;
		esac
		;;
	esac
}

cmd_set() {
	[ $# -ge 2 ] || usage
	svc=$1 var=$2
	shift 2
	need_svc "${svc}"
	need_root
	if [ "${var}" = status ]; then
		[ $# -eq 1 ] || usage
		cmd_status "${svc}" "$1"
		return
	fi
	# shellcheck disable=SC2086
	word_in "${var}" ${vars} || usage
	[ "${var} $*" != "flags NO" ] || err "use: rcctl disable ${svc}"
	svc_is_enabled "${svc}" || err "${svc} is not enabled"
	if [ "${var}" != flags ] && rc_systemd "${svc}"; then
		err "${var} is systemd's here; use: systemctl edit ${svc}"
	fi
	if [ $# -eq 0 ]; then
		! rc_conf_get "${svc}_${var}" >/dev/null ||
		    conf_set "${svc}_${var}"
		return
	fi
	value_check "${var}" "$*"
	conf_set "${svc}_${var}" "$*"
}

cmd_enable() {
	state=$1
	shift
	[ $# -gt 0 ] || usage
	for each; do
		need_svc "${each}"
	done
	need_root
	for each; do
		cmd_status "${each}" "${state}"
	done
}

cmd_order() {
	if [ $# -eq 0 ]; then
		rc_conf_get pkg_scripts
		return 0
	fi
	for each; do
		need_svc "${each}"
		# shellcheck disable=SC2046
		word_in "${each}" $(rc_conf_get pkg_scripts) ||
		    err "${each} is not in pkg_scripts"
	done
	need_root
	# shellcheck disable=SC2046
	pkg_scripts_set "$@" $(pkg_scripts_without "$@")
}

# Does daemon $1 belong in the list $2?
svc_matches() {
	case $2 in
	all)		return 0 ;;
	failed)		svc_is_enabled "$1" && ! svc_is_running "$1" ;;
	off)		! svc_is_enabled "$1" ;;
	on)		svc_is_enabled "$1" ;;
	rogue)		! svc_is_enabled "$1" && svc_is_running "$1" ;;
	started)	svc_is_running "$1" ;;
	stopped)	! svc_is_running "$1" ;;
	esac
}

cmd_ls() {
	[ $# -eq 1 ] || usage
	case $1 in
	all|failed|off|on|rogue|started|stopped) ;;
	*)	usage ;;
	esac
	status=0
	for each in $(svc_all); do
		svc_matches "${each}" "$1" || continue
		echo "${each}"
		[ "$1" != failed ] || status=1
	done
	return ${status}
}

cmd_action() {
	action=$1
	shift
	[ $# -gt 0 ] || usage
	for each; do
		need_svc "${each}"
	done
	status=0
	for each; do
		# shellcheck disable=SC2086	# nothing, or one word
		"${rc_dir}/${each}" ${options} "${action}" || status=$?
	done
	return ${status}
}

options=
while getopts df opt; do
	case ${opt} in
	d|f)	options=${options:--}${opt} ;;
	*)	usage ;;
	esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || usage
verb=$1
shift

case ${verb} in
check|configtest|reload|restart|start|stop)
	cmd_action "${verb}" "$@"
	exit
	;;
esac
[ -z "${options}" ] || usage
case ${verb} in
disable)	cmd_enable off "$@" ;;
enable)		cmd_enable on "$@" ;;
get|getdef)	cmd_get "${verb}" "$@" ;;
ls)		cmd_ls "$@" ;;
order)		cmd_order "$@" ;;
set)		cmd_set "$@" ;;
*)		usage ;;
esac
