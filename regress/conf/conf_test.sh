#!/usr/bin/env atf-sh
#
# Tests of both grammars.  Each file here is a case:
#
#	DAEMON_name.in		must parse, -nv prints DAEMON_name.ok, and that
#				print parses to the same
#	bad_DAEMON_name.in	must not, and bad_DAEMON_name.err is said
#	*.inc			what these include
#
# A line "# options: ..." in the first two lines of a file is for the daemon.
# Files are copied first: a checkout may be writable by a group, and then a
# daemon rightly does not believe it.

srcdir=$(atf_get_srcdir)
top=${srcdir}/../..

# Use the daemon $1 from now on.
daemon_use() {
	daemon=${top}/$1/$1
}

fetch() {
	for file in "${srcdir}/$1.in" "${srcdir}"/*.inc; do
		cp "${file}" .
		chmod 600 "${file##*/}"
	done
	options=$(sed -n '1,2s/^# options: //p' "$1.in")
}

good() {
	fetch "$1"
	daemon_use "${1%%_*}"
	# shellcheck disable=SC2086	# a list of words
	atf_check -o file:"${srcdir}/$1.ok" "${daemon}" -nv -f "$1.in" \
	    ${options}
	# shellcheck disable=SC2086
	atf_check -e inline:"configuration OK\n" "${daemon}" -n -f "$1.in" \
	    ${options}
	cp "${srcdir}/$1.ok" again.conf
	chmod 600 again.conf
	atf_check -o file:"${srcdir}/$1.ok" "${daemon}" -nv -f again.conf
}

bad() {
	fetch "$1"
	name=${1#bad_}
	daemon_use "${name%%_*}"
	# shellcheck disable=SC2086
	atf_check -s exit:1 -e file:"${srcdir}/$1.err" "${daemon}" -nv \
	    -f "$1.in" ${options}
	# Not only checking, it does not start: what it would read again by
	# itself has a whole path, which lasts as long as the process.
	# shellcheck disable=SC2086
	atf_check -s exit:1 -e save:err env ASAN_OPTIONS=detect_leaks=0 \
	    "${daemon}" -f "$1.in" ${options}
	sed "s|^${PWD}/||" err > short
	atf_check -o file:"${srcdir}/$1.err" cat short
}

# --- the examples that are installed ---------------------------------------

example() {
	cp "${top}/etc/$1.conf" .
	chmod 600 "$1.conf"
	daemon_use "$1"
	atf_check -o save:printed "${daemon}" -nv -f "$1.conf"
	chmod 600 printed
	atf_check -o file:printed "${daemon}" -nv -f printed
}

atf_test_case example_relayd6
example_relayd6_body() {
	example relayd6
}

# Two halves of one example.
atf_test_case example_anycast_dns
example_anycast_dns_body() {
	for name in relayd6 routed6; do
		cp "${top}/etc/anycast-dns.${name}.conf" "${name}.conf"
		chmod 600 "${name}.conf"
		daemon_use "${name}"
		atf_check -e inline:"configuration OK\n" "${daemon}" -n \
		    -f "${name}.conf"
	done
}

atf_test_case example_routed6
example_routed6_body() {
	example routed6
}

# --- files that are not read ------------------------------------------------

# refuse file reason: for both daemons.
refuse() {
	for name in relayd6 routed6; do
		daemon_use "${name}"
		atf_check -s exit:1 -e inline:"$1: $2\n" "${daemon}" -n \
		    -f "$1"
	done
}

atf_test_case file_missing
file_missing_body() {
	refuse nosuch.conf "No such file or directory"
	refuse no/such/dir.conf "No such file or directory"
}

atf_test_case file_writable
file_writable_body() {
	printf 'relay 6to4 {\n}\n' > open.conf
	chmod 620 open.conf
	refuse open.conf "writable by group or others"
	chmod 602 open.conf
	refuse open.conf "writable by group or others"
	# An included one neither.
	echo 'include "open.conf"' > main.conf
	chmod 600 main.conf
	daemon_use relayd6
	atf_check -s exit:1 -e match:"^main.conf:1: include open.conf: \
writable by group or others$" "${daemon}" -n -f main.conf
	chmod 644 open.conf
	atf_check -e ignore "${daemon}" -n -f main.conf
}

atf_test_case file_foreign
file_foreign_head() {
	atf_set require.user root
}
file_foreign_body() {
	printf 'relay 6to4 {\n}\n' > foreign.conf
	chmod 600 foreign.conf
	chown 65534 foreign.conf
	refuse foreign.conf "owned by neither root nor the current user"
}

atf_test_case file_unreadable
file_unreadable_head() {
	atf_set require.user unprivileged
}
file_unreadable_body() {
	: > closed.conf
	chmod 0 closed.conf
	refuse closed.conf "Permission denied"
}

# Nothing waits for the other end of a pipe.
atf_test_case file_irregular
file_irregular_body() {
	mkdir dir.conf
	refuse dir.conf "not a regular file"
	mkfifo pipe.conf
	refuse pipe.conf "not a regular file"
	refuse /dev/null "not a regular file"
}

atf_test_case file_large
file_large_body() {
	truncate -s 1048577 large.conf
	chmod 600 large.conf
	refuse large.conf "too large"
	printf 'relay 6to4 {\n}\n#' > most.conf
	head -c 1048560 /dev/zero | tr '\0' x >> most.conf
	chmod 600 most.conf
	daemon_use relayd6
	atf_check -e inline:"configuration OK\n" "${daemon}" -n -f most.conf
	echo x >> most.conf
	refuse most.conf "too large"
}

atf_test_case file_empty
file_empty_body() {
	: > empty.conf
	chmod 600 empty.conf
	daemon_use relayd6
	atf_check -s exit:1 -e inline:"empty.conf:1: no relay configured, \
expected relay 6to4 {, relay teredo {, or a check in health {\n" "${daemon}" \
	    -n -f empty.conf
	daemon_use routed6
	atf_check -s exit:1 -e inline:"empty.conf:1: no AS number, expected \
as NUMBER\nempty.conf:1: no router id, expected router-id A.B.C.D\n" \
	    "${daemon}" -n -f empty.conf
}

# The last line has no end, and neither has a continued one.
atf_test_case file_cut
file_cut_body() {
	daemon_use routed6
	printf 'router-id 192.0.2.1\nas 64512' > cut.conf
	chmod 600 cut.conf
	atf_check -e ignore "${daemon}" -n -f cut.conf
	printf ' \\' >> cut.conf
	atf_check -s exit:1 -e match:'cut.conf:2: .*' "${daemon}" -n \
	    -f cut.conf
	printf 'as "64512' > cut.conf
	atf_check -s exit:1 -e match:"^cut.conf:1: quoted string without end$" \
	    "${daemon}" -n -f cut.conf
}

# What is no text at all is refused with few words, and ends.
atf_test_case file_binary
file_binary_body() {
	for name in relayd6 routed6; do
		daemon_use "${name}"
		for file in "${daemon}" "$(command -v sh)"; do
			head -c 100000 "${file}" > binary.conf
			chmod 600 binary.conf
			atf_check -s exit:1 -e save:err "${daemon}" -n \
			    -f binary.conf
			! grep -v '^binary.conf:[0-9]*: ' err ||
			    atf_fail "not a line of an error"
			LC_ALL=C grep -q '[^ -~]' err &&
			    atf_fail "control characters are passed on"
		done
	done
	true
}

# --- limits -----------------------------------------------------------------

# many n format: n lines of a printf format that takes a number.
many() {
	i=0
	while [ ${i} -lt "$1" ]; do
		# shellcheck disable=SC2059
		printf "$2\n" ${i}
		i=$((i + 1))
	done
}

# limit daemon n format text: n such lines are taken, one more is not.
limit() {
	daemon_use "$1"
	base='as 64512\nrouter-id 192.0.2.1\n'
	open=
	close=
	[ "$1" = routed6 ] || base='relay 6to4 {\n}\n'
	case $3 in
	route*)			open='health {\n' close='}\n' ;;
	allow*|own*)		base='' open='relay 6to4 {\n' close='}\n' ;;
	"listen on 11"*)	base='' open='relay 6to4 {\n' close='}\n' ;;
	esac
	for n in "$2" "$(($2 + 1))"; do
		# shellcheck disable=SC2059
		{
			printf "${base}${open}"
			many "${n}" "$3"
			printf "${close}"
		} > "many${n}.conf"
		chmod 600 "many${n}.conf"
	done
	atf_check -o save:printed "${daemon}" -nv -f "many$2.conf"
	chmod 600 printed
	atf_check -o file:printed "${daemon}" -nv -f printed
	atf_check -s exit:1 -e match:"^many${n}.conf:[0-9]*: $4$" \
	    "${daemon}" -n -f "many${n}.conf"
	[ "$("${daemon}" -n -f "many${n}.conf" 2>&1 | wc -l)" -eq 1 ] ||
	    atf_fail "more is said than that"
}

atf_test_case limits_relayd6
limits_relayd6_body() {
	limit relayd6 64 'allow 10.%d.0.0/16' \
	    'more than 64 allow and deny lines'
	limit relayd6 8 'listen on 11.1.0.%d' \
	    'listen on: more than 8 addresses'
	limit relayd6 16 'own 11.1.0.%d' 'own: more than 16 addresses'
	limit relayd6 8 'route 10.%d.0.0/16' 'more than 8 routes'
}

atf_test_case limits_routed6
limits_routed6_body() {
	limit routed6 8 'listen on 192.0.2.%d' 'more than 8 listen addresses'
	limit routed6 64 'neighbor 192.0.2.%d {\nremote-as 1\n}' \
	    'more than 64 neighbors'
	limit routed6 64 'announce 10.%d.0.0/16 depend on relay 6to4' \
	    'more than 64 announcements'
}

# limit_list word values: 16 of them in one announcement, not 17.
limit_list() {
	daemon_use routed6
	for n in 16 17; do
		{
			printf 'as 1\nrouter-id 192.0.2.1\n'
			printf 'announce 2002::/16 depend on relay 6to4'
			many "${n}" " $1 $2" | tr -d '\n'
		} > "list${n}.conf"
		chmod 600 "list${n}.conf"
	done
	atf_check -e ignore "${daemon}" -n -f list16.conf
	atf_check -s exit:1 -e inline:"list17.conf:3: more than 16 $3\n" \
	    "${daemon}" -n -f list17.conf
}

atf_test_case limits_communities
limits_communities_body() {
	limit_list community '65000:%d' communities
	limit_list large-community '65000:1:%d' 'large communities'
}

atf_test_case limits_include
limits_include_body() {
	daemon_use relayd6
	printf 'include "self.conf"\nrelay 6to4 {\n}\n' > self.conf
	chmod 600 self.conf
	atf_check -s exit:1 -e save:err "${daemon}" -n -f self.conf
	grep -q '^self.conf:1: more than 16 files' err ||
	    atf_fail "$(cat err)"
	# Twice each: two to the sixteenth, were it not bounded.
	many 20 'include "self.conf"' > self.conf
	atf_check -s exit:1 -e save:err timeout 20 "${daemon}" -n -f self.conf
	grep -q ': more than 10000 files and macros$' err ||
	    atf_fail "$(tail -n 3 err)"
}

# --- macros of the command line ---------------------------------------------

atf_test_case define
define_body() {
	daemon_use routed6
	printf 'x = "1"\nas $x\nrouter-id $y\n' > d.conf
	chmod 600 d.conf
	atf_check -o match:"^as 7$" -o match:"^router-id 192.0.2.9$" \
	    "${daemon}" -nv -f d.conf -D x=7 -Dy=192.0.2.9
	# Of two the later one.
	atf_check -o match:"^as 8$" "${daemon}" -nv -f d.conf -D x=7 -D x=8 \
	    -D y=192.0.2.9
	atf_check -s exit:1 -e inline:"d.conf:3: macro \"y\" not defined\n" \
	    "${daemon}" -n -f d.conf
	for word in x =7 a-b=7 ''; do
		atf_check -s exit:1 -e match:"-D ${word}: expected name=value" \
		    "${daemon}" -n -f d.conf -D y=192.0.2.9 -D "${word}"
	done
}

atf_init_test_cases() {
	for file in "${srcdir}"/*.in; do
		name=${file##*/}
		name=${name%.in}
		atf_test_case "${name}"
		case ${name} in
		bad_*)	eval "${name}_body() { bad ${name}; }" ;;
		*)	eval "${name}_body() { good ${name}; }" ;;
		esac
		atf_add_test_case "${name}"
	done
	for name in example_relayd6 example_routed6 example_anycast_dns \
	    file_missing \
	    file_writable file_foreign file_unreadable file_irregular \
	    file_large file_empty file_cut file_binary limits_relayd6 \
	    limits_routed6 limits_communities limits_include define; do
		atf_add_test_case "${name}"
	done
}
