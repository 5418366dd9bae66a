#!/bin/sh
#
# Build everything, run every test with kyua, tell what failed and what was
# skipped and why, and end with the line "N passed, N failed, N skipped".
# The status is 0 only when something ran and nothing failed.
#
# A test that is expected to fail is a promise not kept: it counts as failed.
# Uses MAKE, CC, OPT and SAN of the environment.

MAKE=${MAKE:-make}
top=$(cd "$(dirname "$0")/.." && pwd) || exit 1
dir=$(mktemp -d "${TMPDIR:-/tmp}/relay6-check.XXXXXXXXXX") || exit 1
chmod 755 "${dir}"
trap 'rm -rf "${dir}"' EXIT
trap 'exit 1' HUP INT TERM

# The variables of an outer make arrive by the environment; its job server
# and its flags are not for us.
unset MAKEFLAGS MFLAGS MAKELEVEL
export HOME="${dir}" TMPDIR="${dir}" SAN="${SAN:-}"

# Tests that must not be root run as nobody, where nobody can reach them; kyua
# skips them otherwise.
other=
[ "$(id -u)" -ne 0 ] || ! su -s /bin/sh nobody -c "test -r '${top}/regress/check.sh'" ||
    other="-v unprivileged_user=nobody"

# The test library does not free its list of cases; with SAN=1 that must not
# hide what is ours.
echo "leak:libatf-c" > "${dir}/suppressions"
export LSAN_OPTIONS="suppressions=${dir}/suppressions:print_suppressions=0"

kyua_run() {
	verb=$1
	shift
	# shellcheck disable=SC2086	# an option and its argument, or none
	kyua --config=none -v parallelism=3 --logfile="${dir}/log" ${other} \
	    "${verb}" --results-file="${dir}/results" "$@"
}

# A verbose report without what does not help to find the fault.
report_trim() {
	awk '
	/^===> / { skip = 0 }
	/^===> (Execution context|Summary|.* tests$|Expected failures)/ {
		skip = 1
	}
	/^Metadata:$/ { meta = 1 }
	!skip && !meta
	/^$/ { meta = 0 }'
}

finish() {
	echo "$1 passed, $2 failed, $3 skipped"
	[ "$1" -gt 0 ] && [ "$2" -eq 0 ]
	exit
}

"${MAKE}" -C "${top}" tests </dev/null || {
	echo "the build failed, no test was run" >&2
	finish 0 1 0
}

kyua_run test --kyuafile="${top}/regress/Kyuafile" </dev/null
summary=$(kyua_run report --results-filter=skipped |
    sed -n 's/^Test cases: //p' | tr -dc '0-9 ')
# shellcheck disable=SC2086	# total skipped expected broken failed
set -- ${summary}
[ $# -eq 5 ] || {
	echo "kyua gave no results" >&2
	finish 0 1 0
}
bad=$(($3 + $4 + $5))
if [ ${bad} -gt 0 ]; then
	echo
	echo "Failed:"
	kyua_run report --verbose --results-filter=failed,broken,xfail |
	    report_trim
fi
if [ "$2" -gt 0 ]; then
	echo
	echo "Skipped:"
	kyua_run report --results-filter=skipped | grep ' ->  skipped: '
fi
echo
finish $(($1 - $2 - bad)) "${bad}" "$2"
