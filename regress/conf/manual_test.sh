#!/usr/bin/env atf-sh
#
# The manual pages tell the truth: every word of the grammars, of ctl6 and of
# its answers is in the page where it belongs, and every example of a
# configuration is one.
#
# What a literal display of relayd6.conf(5) and routed6.conf(5) is follows from
# its first line:
#	"# relayd6.conf..."	a whole file, for -n
#	"$ ..." or "# ..."	what one sees at a terminal
#	"protocol ..."		a configuration of BIRD
#	anything else		statements, right in one of the places where
#				statements of that file can be

srcdir=$(atf_get_srcdir)
top=$(cd "${srcdir}/../.." && pwd)

atf_test_case examples
atf_test_case statements
atf_test_case keywords
atf_test_case commands
atf_test_case columns
atf_test_case drops
atf_test_case cases
atf_test_case states
atf_test_case signs
atf_test_case blocks

# --- reading pages -----------------------------------------------------

# displays PAGE DIRECTORY: its literal displays as files 01, 02 ...
displays() {
	mkdir -p "$2"
	awk -v dir="$2" '
	/^\.Bd -literal/ { file = sprintf("%s/%02d", dir, ++n); next }
	/^\.Ed/ { if (file != "") close(file); file = ""; next }
	file != "" {
		gsub(/\\&/, ""); gsub(/\\-/, "-"); gsub(/\\\(aq/, "\047")
		gsub(/\\e/, "\001")
		if (/\\/) {
			print FILENAME ":" FNR ": unknown escape" > "/dev/stderr"
			exit 1
		}
		gsub(/\001/, "\\")
		print > file
	}' "$1"
	chmod 600 "$2"/*
}

# What the words of a page in bold are, alone and with their neighbors: the
# arguments of Ic and Cm up to the next macro.
bold() {
	awk '
	function phrase_end() {
		if (phrase != "")
			print phrase
		phrase = ""
	}
	/^\./ {
		on = 0
		for (i = 1; i <= NF; i++) {
			word = $i
			sub(/^\./, "", word)
			if (word == "Ic" || word == "Cm") {
				phrase_end()
				on = 1
			} else if (word ~ /^[A-Z][a-z]$/) {
				phrase_end()
				on = 0
			} else if (word ~ /^[;,.|]$/) {
				phrase_end()
			} else if (on) {
				print word
				phrase = phrase == "" ? word : phrase " " word
			}
		}
		phrase_end()
	}' "$1" | sort -u
}

# Lines of the file words that are not in bold in a page.
page_lacks() {
	bold "$1" > bold.txt
	grep -vxFf bold.txt words
}

# file_has FILE COUNT: each line of the file words is in bold there; there must
# be at least that many of them, or we have not found the words.
file_has() {
	[ "$(wc -l < words)" -ge "$2" ] ||
	    atf_fail "only $(wc -l < words) words found in the sources"
	! page_lacks "$1" > missing || {
		sed "s/^/${1##*/}: not explained: /" missing
		atf_fail "$(wc -l < missing) words are missing in ${1##*/}"
	}
}

page_has() {
	file_has "${top}/man/$1" "$2"
}

# The same, but what only other items speak of is missing.
page_lists() {
	grep '^\.It ' "${top}/man/$1" > "$1"
	file_has "$1" "$2"
}

# --- examples ----------------------------------------------------------

need_daemons() {
	for d in relayd6 routed6; do
		[ -x "${top}/${d}/${d}" ] || atf_skip "${d} is not built"
	done
}

examples_head() {
	atf_set descr "Whole files in the pages pass the daemons' -n"
}

examples_body() {
	need_daemons
	for d in relayd6 routed6; do
		displays "${top}/man/${d}.conf.5" "${d}"
		n=0
		for file in "${d}"/*; do
			case $(head -n 1 "${file}") in
			"# ${d}.conf"*)
				atf_check -e ignore -o ignore \
				    "${top}/${d}/${d}" -n -f "${file}"
				n=$((n + 1)) ;;
			esac
		done
		[ ${n} -ge 2 ] || atf_fail "${d}.conf.5: ${n} whole examples"
		echo "${d}.conf.5: ${n} whole examples"
	done
}

# accepted DAEMON: what stands in the file try is a configuration.
accepted() {
	: > included
	chmod 600 try included
	sed -i "s,^include .*,include \"${PWD}/included\"," try
	"${top}/$1/$1" -n -f try 2> "errors.${where}"
}

# fits DAEMON FILE: its statements are right somewhere.
fits() {
	where=top
	if [ "$1" = relayd6 ]; then
		cat "$2" > try
		grep -q '^relay 6to4' try || echo 'relay 6to4 { }' >> try
		accepted "$1" && return
		where=relay
		{ echo "relay 6to4 {"; cat "$2"; echo "}"; } > try
		accepted "$1" && return
		where=teredo
		{ echo "relay teredo {"; cat "$2"
		    grep -q '^listen on' "$2" || echo "listen on 192.0.2.1"
		    echo "}"; } > try
		accepted "$1" && return
		where=health
		{ echo "relay 6to4 { }"; echo "health {"; cat "$2"; echo "}"
		} > try
		accepted "$1"
		return
	fi
	{ echo "as 1"; echo "router-id 192.0.2.1"; cat "$2"; } > try
	accepted "$1" && return
	where=neighbor
	{ echo "as 1"; echo "router-id 192.0.2.1"
	    echo "neighbor 2001:db8::2 {"; echo "remote-as 2"
	    cat "$2"; echo "}"; } > try
	accepted "$1" && return
	where=area
	{ echo "router-id 192.0.2.1"; echo "ospf {"; echo "area 1 {"
	    cat "$2"; printf '}\n}\n'; } > try
	accepted "$1" && return
	where=interface
	{ echo "router-id 192.0.2.1"; echo "ospf {"; echo "area 1 {"
	    echo "interface eth0 {"; cat "$2"; printf '}\n}\n}\n'; } > try
	accepted "$1"
}

statements_head() {
	atf_set descr "Every example of a statement is one"
}

statements_body() {
	need_daemons
	echo "rise 0" > wrong
	! fits relayd6 wrong || atf_fail "a wrong statement is taken"
	for d in relayd6 routed6; do
		displays "${top}/man/${d}.conf.5" "${d}"
		n=0
		for file in "${d}"/*; do
			case $(head -n 1 "${file}") in
			"# "*|"$ "*|"protocol "*)
				continue ;;
			esac
			n=$((n + 1))
			rm -f errors.*
			fits "${d}" "${file}" || {
				cat "${file}" errors.*
				atf_fail "${d}.conf.5: not a statement"
			}
		done
		[ ${n} -ge 10 ] || atf_fail "${d}.conf.5: ${n} statements"
		echo "${d}.conf.5: ${n} examples of statements"
	done
}

# --- words -------------------------------------------------------------

keywords_head() {
	atf_set descr "Every keyword of the grammars is explained"
}

keywords_body() {
	# The reader of pages sees what it should and no more.
	cat > sample.8 <<-'PAGE'
	.It Ic listen on Ar address
	.Op Cm relayd6 | routed6
	.Ic ttl , own
	as plain text, Ic nothing
	.Xr ctl6 8
	PAGE
	bold sample.8 > seen
	atf_check -o inline:"listen\nlisten on\non\nown\nrelayd6\nrouted6\nttl\n" \
	    cat seen
	printf 'on\nten\nown\nnothing\n' > words
	page_lacks sample.8 > seen
	atf_check -o inline:"ten\nnothing\n" cat seen
	for d in relayd6 routed6; do
		sed -n '/keywords\[\] = {/,/^};/s/^	{ "\([^"]*\)",.*/\1/p' \
		    "${top}/${d}/parse.y" > words
		page_has "${d}.conf.5" 20
	done
}

commands_head() {
	atf_set descr "Every command of ctl6 is explained"
}

commands_body() {
	sed -n 's/^	{ { \("[^}]*"\) },.*/\1/p' "${top}/ctl6/words.c" |
	    tr -d '",' > words
	# A command with a daemon's name behind it is explained without, and
	# what stands around an argument each alone.
	sed -i 's/ r[a-z]*d6$//; s/ *[A-Z][A-Z]* *$//
	    s/ *[A-Z][A-Z]* */\n/g' words
	page_has ctl6.8 5
}

columns_head() {
	atf_set descr "Every column that ctl6 shows is explained"
}

columns_body() {
	cat "${top}"/ctl6/show_*.c |
	    grep -oE 'add_(string|number|bool)\([a-z]+, "[^"]+"' |
	    sed 's/.*"\(.*\)"/\1/; s/_ms$//; s/_/ /g' | sort -u > words
	page_has ctl6.8 25
}

# rows FILE LIST: the words of its X(SYMBOL, "word" ...) rows, as the file
# words; a row that was not understood is a failure.
rows() {
	sed -n "/^#define $2(X)/,/[^\\\\]\$/p" "$1" > list
	sed -n 's/^	X([A-Z0-9_]*,[[:space:]]*"\([^"]*\)".*/\1/p' list > words
	atf_check_equal "$(grep -c '^	X(' list)" "$(wc -l < words)"
}

cases_head() {
	atf_set descr "Every case of Teredo is explained"
}

cases_body() {
	rows "${top}/relayd6/teredo_show.h" TEREDO_CASES
	page_lists ctl6.8 19
}

states_head() {
	atf_set descr "Every state of a Teredo client is explained"
}

states_body() {
	rows "${top}/relayd6/teredo_peer.h" TEREDO_STATES
	# A place without a client is not shown.
	grep -vx free words > shown
	mv shown words
	page_lists relayd6.8 4
	page_has ctl6.8 4
}

drops_head() {
	atf_set descr "Every reason of a drop is explained"
}

drops_body() {
	rows "${top}/relayd6/pkt.h" DROP_REASONS
	page_lists ctl6.8 40
}

signs_head() {
	atf_set descr "Every sign of health is explained"
}

signs_body() {
	grep -oE 'say\(cs, .*"[^"]+"' "${top}/relayd6/signs.c" |
	    sed 's/"[^"]*$//' | grep -oE '(say\(cs, |\? |: )"[^"]+' |
	    sed 's/.*"//' | sort -u > words
	grep -qx 'IPv4 route' words || atf_fail "the signs are not found"
	page_lists relayd6.8 8
}

blocks_head() {
	atf_set descr "The table of refused addresses is the engine's"
}

# The IPv4 table of policy.c: a b c d length hard.
blocks_body() {
	sed -n 's/^	{ V4(\([0-9, ]*\)),[ 	]*MASK4(\([0-9]*\)),[ 	]*\([HS]\).*/\1 \2 \3/p' \
	    "${top}/relayd6/policy.c" | sed 's/, /./g' |
	    awk '{ print $1 "/" $2, $3 == "H" ? "*" : "-" }' | sort > have
	[ "$(wc -l < have)" -ge 10 ] || atf_fail "policy.c's table not found"
	sed -n 's/^\.It \([0-9.]*\/[0-9]*\) Ta \(.*\)Ta .*/\1 \2/p' \
	    "${top}/man/relayd6.conf.5" |
	    awk '{ print $1, $2 == "*" ? "*" : "-" }' | sort > page
	atf_check -o file:have cat page
	grep -c 'HARD,\|SOFT,' "${top}/relayd6/policy.c" > have
	grep -cE '^\.It [0-9a-f.:]+/[0-9]+ Ta ' \
	    "${top}/man/relayd6.conf.5" > page
	atf_check -o file:have cat page
}

atf_init_test_cases() {
	for name in examples statements keywords commands columns drops \
	    cases states signs blocks; do
		atf_add_test_case "${name}"
	done
}
