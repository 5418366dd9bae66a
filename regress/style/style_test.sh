#!/usr/bin/env atf-sh
#
# The rules of this project that a machine can check.  Every case shows first,
# on a bad sample of its own making, that it can see what it looks for.
#
# A detector takes the directory to look in, prints "file:line: what" for
# every offence, and nothing when all is well.

srcdir=$(atf_get_srcdir)
top=$(cd "${srcdir}/../.." && pwd)

atf_test_case kernel
atf_test_case width
atf_test_case functions
atf_test_case comment
atf_test_case promises
atf_test_case variables
atf_test_case manuals
atf_test_case shell
atf_test_case makes
atf_test_case machine
atf_test_case rooms
atf_test_case proofs

# Our sources below $1 with one of the suffixes after it; not what yacc writes.
sources() {
	where=$1
	shift
	for suffix; do
		find "${where}" -name .git -prune -o \
		    -type f -name "*.${suffix}" -print
	done | sort | while read -r file; do
		case ${file} in
		*/parse.c)	[ ! -e "${file%c}y" ] || continue ;;
		esac
		echo "${file}"
	done
}

scripts() {
	find "$1" -name .git -prune -o -type f \
	    \( -name '*.sh' -o -path '*/etc/rc.d/*' -o -path '*/.ci/run' \) \
	    -print | sort
}

makefiles() {
	find "$1" -name .git -prune -o -type f \
	    \( -name 'Makefile' -o -name '*.mk' \) -print | sort
}

# rule_check detector: quiet on our tree, or the case fails.
rule_check() {
	"$1" "${top}" > found
	[ ! -s found ] || {
		cat found
		atf_fail "$(wc -l < found) offences, see the output"
	}
}

# detect detector pattern ...: the bad sample in ./bad is seen, each pattern
# once and nothing else.
detect() {
	detector=$1
	shift
	"${detector}" bad > seen
	echo "seen in the bad sample:"
	cat seen
	for pattern; do
		[ "$(grep -c -- "${pattern}" seen)" -eq 1 ] ||
		    atf_fail "${detector} is blind to ${pattern}"
	done
	[ "$(wc -l < seen)" -eq $# ] || atf_fail "${detector} sees too much"
}

# Kernel differences end at os/.

kernel_leaks() {
	sources "$1" c h y | grep -vE "^$1/(os|compat|regress)/" |
	    xargs -r grep -nHE '__(linux|OpenBSD|FreeBSD|NetBSD)__|^[ 	]*#[ 	]*include[ 	]*[<"](linux|asm|net/pf|seccomp|libmnl|bpf)'
}

kernel_body() {
	mkdir -p bad/os/linux bad/lib
	echo '#include <linux/if.h>' > bad/os/linux/fine.c
	printf 'int	x;\n#ifdef __linux__\n' > bad/lib/one.c
	echo '# include <linux/if.h>' > bad/lib/two.h
	echo '#include <seccomp.h>' > bad/lib/three.c
	echo '#include <net/if.h>' > bad/lib/fine.c
	detect kernel_leaks one.c:2 two.h:1 three.c:1
	rule_check kernel_leaks
}

# 80 columns.

wide_lines() {
	sources "$1" c h y | while read -r file; do
		expand "${file}" | awk -v f="${file}" \
		    'length($0) > 80 { print f ":" NR ": " length($0) }'
	done
}

width_body() {
	mkdir bad
	printf '%080d\n%081d\n' 0 0 > bad/a.c
	printf '%080d\n' 0 | sed 's/0\{8\}/	/' > bad/b.h
	printf '%081d\n' 0 | sed 's/0\{8\}/	/' > bad/c.y
	detect wide_lines a.c:2: c.y:1:
	rule_check wide_lines
}

# Functions fit a screen.

# Print "lines file:line: name" of functions longer than $2 lines.
function_lengths() {
	sources "$1" c h y | while read -r file; do
		awk -v f="${file}" -v most="$2" '
		/^[A-Za-z_][A-Za-z0-9_]*\(/ { name = $0; from = NR }
		/^\{/ { open = 1 }
		/^\}/ {
			if (open && from && NR - from + 1 > most) {
				sub(/\(.*/, "", name)
				print NR - from + 1, f ":" from ": " name
			}
			open = from = 0
		}' "${file}"
	done | sort -rn
}

long_functions() {
	function_lengths "$1" 80
}

function_sample() {
	echo "static int"
	echo "$1(int a,"
	echo "    int b)"
	echo "{"
	i=5
	while [ "${i}" -lt "$2" ]; do
		echo "	a += b;"
		i=$((i + 1))
	done
	echo "}"
}

functions_body() {
	mkdir bad
	# The line of the type does not count.
	function_sample short 81 > bad/a.c
	function_sample long 82 >> bad/a.c
	function_sample other 90 > bad/b.y
	detect long_functions 'long$' '89 .*other$'
	function_lengths "${top}" 60 > over
	if [ -s over ]; then
		echo "the longest functions over 60 lines:"
		head -n 10 over
	fi
	rule_check long_functions
}

# Every file says what it is for.

uncommented_files() {
	sources "$1" c h y | while read -r file; do
		sed -n '/^%{$/d; /^$/d; p; q' "${file}" | grep -q '^/\*' ||
		    echo "${file}:1: does not begin with a comment"
	done
}

comment_body() {
	mkdir bad
	printf '/*\n * What for.\n */\nint	a;\n' > bad/fine.c
	printf '%%{\n/*\n * What for.\n */\nint	a;\n' > bad/fine.y
	printf 'int	a;\n/* What for. */\n' > bad/a.c
	printf '#ifndef A_H\n/* What for. */\n' > bad/b.h
	: > bad/c.y
	detect uncommented_files /a.c: /b.h: /c.y:
	rule_check uncommented_files
}

# No promises and no dead code.  This file may name them.

promises() {
	{
		sources "$1" c h y
		scripts "$1" | grep -v '/style_test\.sh$'
		makefiles "$1"
	} | xargs -r grep -nHwE \
	    'TODO|FIXME|XXX|NOTYET|notyet|^[ 	]*#[ 	]*if[ 	]+0'
}

promises_body() {
	mkdir bad
	echo '/* TODO: all */' > bad/a.c
	echo '	# if 0' > bad/b.h
	echo '# FIXME' > bad/c.sh
	echo '#XXX' > bad/Makefile
	echo 'mktemp /tmp/a.XXXXXX; if (0)' > bad/fine.sh
	echo '#if 01' > bad/fine.h
	detect promises /a.c: /b.h: /c.sh: /Makefile:
	rule_check promises
}

# No mutable variables outside of functions' frames, by what the compiler made.
# Allowed, with the reason:
#
#	log.o dest	where lines go belongs to the process, see log.c
#	parse.o		a yacc grammar has no argument to carry a context

objects() {
	find "$1" -name .git -prune -o -path '*/regress/*' -prune -o \
	    -type f -name '*.o' -print | sort
}

mutable_variables() {
	objects "$1" | grep -v '/parse\.o$' | while read -r file; do
		# name|value|class|type|size|line|section; constant data that
		# the linker has to relocate is in .data.rel.ro
		nm --format=sysv "${file}" 2>/dev/null | awk -F'|' -v f="${file}" '
		{ gsub(/ /, "") }
		$7 ~ /^(\.bss|\.data|\.tbss|\.tdata|\*COM\*)/ &&
		    $7 !~ /^\.data\.rel\.ro/ && $4 ~ /^(OBJECT|TLS)$/ {
			print f ": " $1
		}'
	done | grep -v '/log\.o: dest$'
}

variables_head() {
	atf_set require.progs "nm cc"
}

variables_body() {
	mkdir -p bad/lib bad/regress/x
	cat > bad/lib/a.c <<-'SAMPLE'
	int		 counter;
	static int	 setting = 3;
	static int	 silent;
	__thread int	 perthread;
	int		 table[] = { 1, 2 };
	static const char *const names[] = { "a", "b" };
	const int	 fixed = 7;
	struct op { const char *name; int (*fn)(void); };
	static int fn_a(void) { static int calls; return (++calls); }
	const struct op ops[] = { { "a", fn_a } };
	int use(int i) { return (silent += setting++, names[i][0] + fixed); }
	SAMPLE
	cp bad/lib/a.c bad/regress/x/a.c
	echo 'int	yychar;' > bad/lib/parse.c
	echo 'int	dest; int *dest_get(void) { return (&dest); }' \
	    > bad/lib/log.c
	for file in bad/lib/a bad/regress/x/a bad/lib/parse bad/lib/log; do
		atf_check ${CC:-cc} -fPIE -O1 -c -o "${file}.o" "${file}.c"
	done
	detect mutable_variables ': counter$' ': setting$' ': silent$' \
	    ': perthread$' ': table$' '[ .]calls'
	grep -qs 'san=1' "${top}/.flavor" &&
	    atf_skip "sanitizers add variables of their own"
	[ -n "$(objects "${top}")" ] || atf_skip "nothing is built"
	rule_check mutable_variables
}

# Manual pages.

bad_pages() {
	for page in "$1"/man/*.[1-9]; do
		[ ! -e "${page}" ] || mandoc -T lint -W warning "${page}"
	done
}

manuals_head() {
	atf_set require.progs mandoc
}

manuals_body() {
	mkdir -p bad/man
	printf '.Dd November 1, 2026\n.Dt A 8\n.Os\n.Sh NAME\n.Nm a\n.Nd b\n' \
	    > bad/man/fine.8
	sed 's/^\.Nd.*/.Nosuch x/' bad/man/fine.8 > bad/man/a.8
	bad_pages bad > seen
	grep -q a.8 seen || atf_fail "a bad page is not seen"
	! grep -q fine.8 seen || atf_fail "a good page is blamed"
	[ -n "$(ls "${top}"/man/*.[1-9] 2>/dev/null)" ] ||
	    atf_skip "there are no manual pages"
	rule_check bad_pages
}

# Shell scripts.

bad_scripts() {
	# Of what scripts source only our own file is known.
	(cd "$1" && scripts . | xargs -r shellcheck -s sh -x -S warning \
	    -f gcc -e SC1091)
}

shell_head() {
	atf_set require.progs shellcheck
}

shell_body() {
	mkdir -p bad/.ci bad/etc/rc.d
	printf '#!/bin/sh\nif [[ -n $1 ]]; then echo a; fi\n' > bad/a.sh
	printf '#!/bin/sh\nlocal b=1\n' > bad/.ci/run
	printf '#!/bin/sh\ncd /x\n' > bad/etc/rc.d/c
	printf '#!/bin/sh\necho "$1"\n' > bad/fine.sh
	bad_scripts bad > seen
	for name in a.sh run etc/rc.d/c; do
		grep -q "${name}:2:" seen || atf_fail "${name} is not seen"
	done
	! grep -q fine.sh seen || atf_fail "a good script is blamed"
	rule_check bad_scripts
}

# Both makes understand the makefiles.

# Build the library of the tree $1 in a copy, with make $2.
make_fails() {
	rm -rf copy && mkdir copy
	cp -R "$1/mk" "$1/lib" "$1/compat" "$1/os" copy
	find copy -name '*.[oad]' -exec rm {} +
	(unset MAKEFLAGS; "$2" -C copy/lib all) > "$2.out" 2>&1 &&
	    [ -s copy/lib/libsix.a ] && return 1
	tail -n 20 "$2.out"
}

makes_head() {
	atf_set require.progs "make bmake cc"
}

makes_body() {
	mkdir -p bad
	cp -R "${top}/mk" "${top}/lib" "${top}/compat" "${top}/os" bad
	echo 'ifdef X
endif' >> bad/mk/lib.mk
	make_fails bad bmake >/dev/null ||
	    atf_fail "bmake takes a conditional of GNU make"
	cp "${top}/mk/lib.mk" bad/mk/lib.mk
	printf '.if defined(X)\n.endif\n' >> bad/mk/lib.mk
	make_fails bad make >/dev/null ||
	    atf_fail "GNU make takes a conditional of bmake"
	for make in make bmake; do
		! make_fails "${top}" "${make}" || atf_fail "${make} fails"
	done
}

# Nothing names the machine it was written on.

machine_paths() {
	{
		sources "$1" c h y
		scripts "$1" | grep -v '/style_test\.sh$'
		makefiles "$1"
		find "$1" -name .git -prune -o -type f \
		    \( -name '*.md' -o -name '*.conf' -o -name '*.[1-9]' \
		    -o -name '*.service' -o -name Kyuafile \) -print
	} | xargs -r grep -nHE \
	    "(^|[^A-Za-z0-9_./})-])(/home/[a-z]|/Users/|/work/|/root/|/tmp/wt-)"
}

machine_body() {
	mkdir bad
	echo '/* see /home/joe/relay */' > bad/a.c
	echo 'DIR=	/work/main' > bad/Makefile
	echo 'cd "/tmp/wt-x"' > bad/b.sh
	echo 'it is in regress/work/x and ${PWD}/root/etc' > bad/README.md
	detect machine_paths a.c:1 Makefile:1 b.sh:1
	rule_check machine_paths
}

# Every room of tests is built and run.

forgotten_rooms() {
	for room in "$1"/regress/*/Kyuafile; do
		[ -e "${room}" ] || continue
		room=${room%/Kyuafile}
		name=${room##*/}
		grep -qF "include(\"${name}/Kyuafile\")" "$1/regress/Kyuafile" ||
		    echo "${room}: not in regress/Kyuafile"
		grep -qE "^SUBDIR[+=].*[ 	]${name}( |\$)" \
		    "$1/regress/Makefile" ||
		    echo "${room}: not in regress/Makefile"
	done
	# And in a room every program.
	for file in "$1"/regress/*/*_test.c "$1"/regress/*/*_test.sh; do
		[ -e "${file}" ] || continue
		name=${file##*/}
		grep -qE "name ?= ?\"(${name}|${name%.*})\"" \
		    "${file%/*}/Kyuafile" 2>/dev/null ||
		    echo "${file}: not in its Kyuafile"
	done
}

rooms_body() {
	mkdir -p bad/regress/one bad/regress/two bad/regress/three
	printf 'include("one/Kyuafile")\ninclude("three/Kyuafile")\n' \
	    > bad/regress/Kyuafile
	printf 'SUBDIR=\tone\nSUBDIR+=\ttwo\n' > bad/regress/Makefile
	echo 'atf_test_program{name="a_test"}' > bad/regress/one/Kyuafile
	: > bad/regress/one/a_test.c
	: > bad/regress/one/b_test.c
	: > bad/regress/two/Kyuafile
	: > bad/regress/three/Kyuafile
	detect forgotten_rooms 'two: not in regress/Kyuafile' \
	    'three: not in regress/Makefile' 'b_test.c: not in'
	rule_check forgotten_rooms
}

# Where regress/README.md says "room/program:case" there is that case.
missing_proofs() {
	grep -no '`[a-z0-9_]*/[a-z0-9_.]*:[A-Za-z0-9_]*`' \
	    "$1/regress/README.md" | tr -d '`' > named
	cut -d : -f 2 named | sort -u | while read -r file; do
		"$1/regress/${file}" -s "$1/regress/${file%/*}" -l \
		    2>/dev/null | sed -n "s,^ident: ,${file}:,p"
	done > there
	while IFS=: read -r line proof; do
		grep -qxF "${proof}" there ||
		    echo "README.md:${line}: no ${proof}"
	done < named
}

proofs_body() {
	mkdir -p bad/regress/one
	# shellcheck disable=SC2016	# as Markdown has it
	printf '`one/a_test:there` `one/a_test:gone`\n`one/b_test:x`\n' \
	    > bad/regress/README.md
	printf '#!/bin/sh\necho ident: there\n' > bad/regress/one/a_test
	chmod +x bad/regress/one/a_test
	detect missing_proofs 'README.md:1: no one/a_test:gone' \
	    'README.md:2: no one/b_test:x'
	rule_check missing_proofs
	missing_proofs bad | grep there && atf_fail "it sees too much"
	grep -c _test "${top}/regress/README.md"
}

atf_init_test_cases() {
	for name in kernel width functions comment promises variables \
	    manuals shell makes machine rooms proofs; do
		atf_add_test_case "${name}"
	done
}
