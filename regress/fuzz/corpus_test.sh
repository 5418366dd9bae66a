#!/usr/bin/env atf-sh
#
# The corpora of the fuzz targets, replayed: a case for each target.

srcdir=$(atf_get_srcdir)

targets() {
	for file in "${srcdir}"/fuzz_*.c; do
		file=${file##*/fuzz_}
		echo "${file%.c}"
	done
}

replay() {
	"${srcdir}/replay_$1" "${srcdir}/../corpus/$1" >out 2>err || {
		cat err
		atf_fail "status $? at $(tail -n 1 out)"
	}
	tail -n 1 out
}

# A target that is in no list would be forgotten, and one without a corpus is
# no test.
atf_test_case every_target
every_target_body() {
	targets | while read -r name; do
		[ -x "${srcdir}/replay_${name}" ] ||
		    echo "${name} is not in NAMES of the Makefile"
		[ "$(ls "${srcdir}/../corpus/${name}" | wc -l)" -ge 3 ] ||
		    echo "${name} has no corpus"
	done > missing
	[ ! -s missing ] || atf_fail "$(cat missing)"
	[ "$(targets | wc -l)" -ge 8 ] || atf_fail "where are the targets?"
}

# What the cases rest on: a crash is seen, and so is an empty corpus.
atf_test_case replay_fails
replay_fails_body() {
	mkdir empty
	atf_check -s exit:1 -e match:"nothing to replay" \
	    "${srcdir}/replay_imsg" empty
	atf_check -s exit:1 -e match:"No such file" \
	    "${srcdir}/replay_imsg" nosuch
	mkdir closed
	ln -s nosuch closed/dangling
	atf_check -s exit:1 -e match:"dangling" \
	    "${srcdir}/replay_imsg" closed
}

atf_init_test_cases() {
	atf_add_test_case every_target
	atf_add_test_case replay_fails
	for target in $(targets); do
		name=fuzz_${target}
		atf_test_case "${name}"
		eval "${name}_body() { replay ${target}; }"
		atf_add_test_case "${name}"
	done
}
