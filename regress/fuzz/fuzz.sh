#!/bin/sh
#
# Build the fuzz targets with clang in a copy of the sources and let each
# search for $1 seconds (or those named after it).  One line for each target:
# name, runs, time, result.  What was found is kept in regress/fuzz/found; the
# status is 1 when there was something.

seconds=${1:-60}
[ $# -eq 0 ] || shift
top=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
dir=$(mktemp -d "${TMPDIR:-/tmp}/relay6-fuzz.XXXXXXXXXX") || exit 1
found=${top}/regress/fuzz/found
trap 'rm -rf "${dir}"' EXIT
trap 'exit 1' HUP INT TERM
unset MAKEFLAGS MFLAGS MAKELEVEL
MAKE=${MAKE:-make}

command -v clang >/dev/null || {
	echo "fuzzing needs clang" >&2
	exit 1
}

# Objects of another compiler would be taken for ours.
build() {
	(cd "${top}" && tar -cf - --exclude='*.[oad]' --exclude=.flavor \
	    --exclude=found Makefile mk compat lib os relayd6 routed6 ctl6 \
	    regress/fuzz) | (cd "${dir}" && tar -xf -) || return 1
	for room in compat lib os/linux relayd6 routed6 regress/fuzz; do
		case ${room} in
		relayd6)	target="conf_health.o parse.o printconf.o" ;;
		routed6)	target="parse.o printconf.o" ;;
		regress/fuzz)	target=fuzzers ;;
		*)		target=all ;;
		esac
		# shellcheck disable=SC2086	# a list of words
		"${MAKE}" -C "${dir}/${room}" CC=clang OPT=-O1 SAN=fuzz \
		    ${target} || return 1
	done
}

# Print the line of a target; 1 when it found something.
search() {
	work=${dir}/run/$1
	mkdir -p "${work}/corpus" && cd "${work}" || return 1
	cp "${top}/regress/corpus/$1"/* corpus
	begin=$(date +%s)
	"${dir}/regress/fuzz/fuzz_$1" -max_total_time="${seconds}" \
	    -timeout=10 -rss_limit_mb=1024 -max_len=4096 -print_final_stats=1 \
	    -artifact_prefix="${work}/" corpus >out 2>err
	status=$?
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' err)
	result=ok
	[ ${status} -eq 0 ] || result=$(keep "$1")
	printf '%-14s %10s runs %4d s  %s\n' "$1" "${runs:-?}" \
	    $(($(date +%s) - begin)) "${result}"
	[ ${status} -eq 0 ]
}

# Keep what a target found; prints where, or what went wrong instead.
keep() {
	mkdir -p "${found}"
	cp err "${found}/$1.log"
	for file in crash-* leak-* timeout-* oom-*; do
		[ -e "${file}" ] || continue
		cp "${file}" "${found}/$1-${file}"
		echo "found ${found}/$1-${file}"
		return
	done
	echo "failed, see ${found}/$1.log"
}

build >"${dir}/build.log" 2>&1 || {
	tail -n 20 "${dir}/build.log" >&2
	echo "the build failed" >&2
	exit 1
}
[ $# -gt 0 ] ||
    eval "set -- $("${MAKE}" -s -C "${dir}/regress/fuzz" names)"
failed=0
for name; do
	(search "${name}") || failed=1
done
exit ${failed}
