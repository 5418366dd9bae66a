# rc.subr: what the scripts in /etc/rc.d share.  For systems that have none of
# their own; the variables and functions are those of OpenBSD's rc.subr(8), so
# that the same script works there.  See rcctl(8).
#
# Sourced, never run.  A script sets daemon (and defaults of daemon_execdir,
# daemon_flags, daemon_timeout, daemon_user), sources this file, overrides
# pexp, rc_bg, rc_reload or a function, and ends with: rc_cmd $1
#
# make install rewrites the paths of this file.
# shellcheck shell=sh

rc_conf_file=/etc/rc.conf.local
rc_systemd_dir=/run/systemd/system
rc_path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

# Print the value of one variable of rc.conf.local; fail when it is not there.
# The file is read, not run: blanks around the value, quotes around all of it
# and a comment behind it are no part of it.
rc_conf_get() {
	[ -r "${rc_conf_file}" ] || return 1
	awk -v key="$1" '
	/^[ \t]*#/ || !index($0, "=") { next }
	{
		k = substr($0, 1, index($0, "=") - 1)
		v = substr($0, index($0, "=") + 1)
		gsub(/^[ \t]+|[ \t]+$/, "", k)
		sub(/^[ \t]+/, "", v)
		if (k != key)
			next
		q = substr(v, 1, 1)
		n = index(substr(v, 2), q)
		if ((q == "\"" || q == "\047") && n)
			v = substr(v, 2, n - 1)
		else {
			sub(/(^|[ \t])#.*/, "", v)
			sub(/[ \t]+$/, "", v)
		}
		value = v
		found = 1
	}
	END { if (!found) exit 1; print value }' "${rc_conf_file}"
}

# Is systemd in charge here, and does it know this service?
rc_systemd() {
	[ -d "${rc_systemd_dir}" ] &&
	    systemctl cat -- "$1.service" >/dev/null 2>&1
}

_rc_err() {
	echo "$0: $*" >&2
	exit 1
}

_rc_do() {
	[ -z "${_rc_debug}" ] || echo "doing $*"
	"$@"
}

# The word of the outcome ends the script.
_rc_exit() {
	echo "${_name}($1)"
	[ "$1" = ok ]
	exit
}

_rc_is_function() {
	case "$(command -V "$1" 2>/dev/null)" in
	*function*)	return 0 ;;
	esac
	return 1
}

# Run a command line as daemon_user.  The environment is always the same one,
# so that a start at boot and one from a shell are alike.
rc_exec() {
	(
	cd "${daemon_execdir:-/}" || exit 1
	umask 022
	set -- /bin/sh -c "$*"
	[ "$(id -un)" = "${daemon_user}" ] ||
	    set -- su -s /bin/sh "${daemon_user}" -c "$3"
	exec env -i HOME=/ PATH="${rc_path}" "$@" </dev/null
	)
}

# The processes that match pexp, run as daemon_user and live in our network
# namespace: several copies may run on one host, each in a namespace.
_rc_pids() {
	_here=$(readlink /proc/self/ns/net 2>/dev/null)
	for _pid in $(pgrep -u "${daemon_user}" -xf -- "${pexp}"); do
		_there=$(readlink "/proc/${_pid}/ns/net" 2>/dev/null)
		[ "${_there:-${_here}}" != "${_here}" ] || echo "${_pid}"
	done
}

_rc_signal() {
	_pids=$(_rc_pids)
	# shellcheck disable=SC2086	# one word a process
	[ -n "${_pids}" ] && kill "-$1" ${_pids}
}

rc_check() {
	[ -n "$(_rc_pids)" ]
}

rc_start() {
	if [ "${rc_bg}" != YES ]; then
		rc_exec "${daemon} ${daemon_flags}"
	elif [ -n "${_rc_debug}" ]; then
		rc_exec "${daemon} ${daemon_flags} &"
	else
		rc_exec "${daemon} ${daemon_flags} >/dev/null 2>&1 &"
	fi
}

rc_stop() {
	_rc_signal TERM
}

rc_reload() {
	_rc_signal HUP
}

# Wait until rc_check says what the action is for; daemon_timeout at most.
_rc_wait() {
	_left=$((daemon_timeout * 10))
	while :; do
		if rc_check; then _seen=start; else _seen=stop; fi
		[ "${_seen}" != "$1" ] || return 0
		[ "${_left}" -gt 0 ] || return 1
		_left=$((_left - 1))
		sleep 0.1
	done
}

# A good configuration is nothing to talk about; of a bad one the daemon's own
# lines are shown.
_rc_configtest() {
	_rc_is_function rc_configtest || return 0
	[ "${rc_configtest:-}" != NO ] || return 0
	if _said=$(_rc_do rc_configtest 2>&1); then
		[ -z "${_rc_debug}" ] || echo "${_said}"
		return 0
	fi
	echo "${_said}" >&2
	return 1
}

_rc_do_start() {
	! _rc_do rc_check || _rc_exit ok
	_rc_configtest || _rc_exit failed
	if _rc_is_function rc_pre; then
		_rc_do rc_pre || _rc_exit failed
	fi
	_rc_do rc_start || _rc_exit failed
	_rc_do _rc_wait start || _rc_exit failed
}

# Fails when there is nothing to stop.
_rc_do_stop() {
	_rc_do rc_check || return 1
	_rc_do rc_stop || ! rc_check || _rc_exit failed
	_rc_do _rc_wait stop || _rc_exit failed
	if _rc_is_function rc_post; then
		_rc_do rc_post || _rc_exit failed
	fi
}

_rc_native() {
	case $1 in
	check)
		_rc_do rc_check || _rc_exit failed
		;;
	configtest)
		_rc_configtest || _rc_exit failed
		;;
	reload)
		_rc_configtest || _rc_exit failed
		_rc_do rc_check || _rc_exit failed
		_rc_do rc_reload || _rc_exit failed
		;;
	restart)
		_rc_configtest || _rc_exit failed
		! _rc_do_stop || echo "${_name}(ok)"
		_rc_do_start
		;;
	start)
		_rc_do_start
		;;
	stop)
		_rc_do_stop || exit 0
		;;
	esac
	_rc_exit ok
}

# systemd calls a service started as soon as it runs; one that gives up at once
# is seen here, and its last lines are fetched from the journal.
_rc_systemd_settled() {
	for _ in 1 2 3 4 5; do
		if ! systemctl -q is-active "${_name}.service"; then
			journalctl -q -o cat -n 10 --since "$1" \
			    -u "${_name}.service" >&2 2>/dev/null
			systemctl stop "${_name}.service"
			return 1
		fi
		sleep 0.2
	done
}

_rc_handover() {
	_since=$(date '+%Y-%m-%d %H:%M:%S')
	case $1 in
	check)
		_rc_do systemctl -q is-active "${_name}.service" ||
		    _rc_exit failed
		_rc_exit ok
		;;
	stop)
		systemctl -q is-active "${_name}.service" || exit 0
		;;
	configtest|reload|restart|start)
		_rc_configtest || _rc_exit failed
		;;
	esac
	[ "$1" != configtest ] || _rc_exit ok
	_rc_do systemctl "$1" "${_name}.service" || _rc_exit failed
	case $1 in
	restart|start)
		_rc_systemd_settled "${_since}" || _rc_exit failed
		;;
	esac
	_rc_exit ok
}

# For rcctl: the variables as the script has them.
_rc_defaults() {
	printf 'execdir=%s\nflags=%s\ntimeout=%s\nuser=%s\n' \
	    "${_def_execdir}" "${_def_flags}" "${_def_timeout}" "${_def_user}"
}

# Read what the site says; its flags NO mean: not here.
_rc_site() {
	_off=
	for _var in execdir flags timeout user; do
		_val=$(rc_conf_get "${_name}_${_var}") || continue
		if [ "${_var}=${_val}" = flags=NO ]; then
			_off=YES
		else
			eval "daemon_${_var}=\${_val}"
		fi
	done
	case ${daemon_timeout} in
	''|*[!0-9]*|???????*)
		_rc_err "${_name}_timeout: not a number of seconds:" \
		    "${daemon_timeout}" ;;
	esac
}

_rc_usage() {
	echo "usage: $0 [-df] check|configtest|reload|restart|start|stop" >&2
	exit 1
}

_rc_allowed() {
	_allow=
	eval "_allow=\${rc_$1:-}"
	[ "${_allow}" != NO ] || _rc_err "$1 is not supported"
	case $1 in
	check)
		return
		;;
	configtest)
		_rc_is_function rc_configtest ||
		    _rc_err "$1 is not supported"
		;;
	esac
	[ "$(id -u)" -eq 0 ] || [ "$(id -un)" = "${daemon_user}" ] ||
	    _rc_err "need root privileges"
	case $1 in
	restart|start)
		[ -z "${_off}" ] || [ -n "${_rc_force}" ] ||
		    _rc_err "need -f to force $1 since ${_name}_flags=NO" ;;
	esac
}

rc_cmd() {
	case ${1:-} in
	getdef)
		_rc_defaults
		exit 0
		;;
	check|configtest|reload|restart|start|stop) ;;
	*)	_rc_usage ;;
	esac
	_rc_allowed "$1"
	if rc_systemd "${_name}"; then
		_rc_handover "$1"
	else
		_rc_native "$1"
	fi
}

[ -n "${rc_funcs_only:-}" ] || {
	_name=${0##*/}
	_rc_debug=
	_rc_force=
	while getopts df _opt; do
		case ${_opt} in
		d)	_rc_debug=YES ;;
		f)	_rc_force=YES ;;
		*)	_rc_usage ;;
		esac
	done
	shift $((OPTIND - 1))

	[ -n "${daemon:-}" ] || _rc_err "daemon is not set"
	_def_execdir=${daemon_execdir:-}
	_def_flags=${daemon_flags:-}
	_def_timeout=${daemon_timeout:-30}
	_def_user=${daemon_user:-root}
	daemon_execdir=${_def_execdir}
	daemon_flags=${_def_flags}
	daemon_timeout=${_def_timeout}
	daemon_user=${_def_user}
	_rc_site
	pexp="${daemon}${daemon_flags:+ ${daemon_flags}}"
	rc_bg=NO
	unset rc_check rc_configtest rc_reload rc_restart rc_start rc_stop
}
