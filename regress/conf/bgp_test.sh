#!/usr/bin/env atf-sh
#
# The grammar of BGP in routed6.conf: what is printed parses to the same, what
# is wrong is told with its line and with what would be right.

srcdir=$(atf_get_srcdir)
routed6=${srcdir}/../../routed6/routed6

head_lines="as 64600
router-id 192.0.2.9"

# printed FILE: as -nv has it, which must say the same when it is read again.
printed()
{
	chmod 600 "$1"
	atf_check -o save:once "${routed6}" -nv -f "$1"
	cp once again.conf
	chmod 600 again.conf
	atf_check -o file:once "${routed6}" -nv -f again.conf
}

# block LINES: the neighbor 2001:db8::1 with these options, as printed.
block()
{
	printf '%s\nneighbor 2001:db8::1 {\n\tremote-as 64500\n%b\n}\n' \
	    "${head_lines}" "$1" > block.conf
	printed block.conf
	sed -n '/^neighbor/,/^}/p' once > shown
}

# refused PATTERN: standard input, behind two good lines, is refused.
refused()
{
	{ echo "${head_lines}"; cat; } > bad.conf
	chmod 600 bad.conf
	atf_check -s exit:1 -e match:"$1" "${routed6}" -n -f bad.conf
}

# option PATTERN LINE: an option of a neighbor that is refused.
option()
{
	printf 'neighbor 2001:db8::1 {\nremote-as 64500\n%s\n}\n' "$2" |
	    refused "bad.conf:5: $1"
}

atf_test_case neighbor
neighbor_head()
{
	atf_set descr "Every option of a neighbor comes back as it went in"
}
neighbor_body()
{
	[ -x "${routed6}" ] || atf_skip "routed6 is not built: make"
	for line in 'descr "a \\"b\\" c"' "local-address 2001:db8::9" \
	    "next-hop inet 192.0.2.1" "next-hop inet 2001:db8::9" \
	    "next-hop inet6 2001:db8::9" "hold-time 9" "ttl-security 1" \
	    "ttl-security 3" "multihop 7" "connect-retry 5" "delay-open 10" \
	    "passive" 'password "s3 #{}"' "max-prefix 100" \
	    "max-prefix 100 restart 60" "role customer" "role peer strict" \
	    "role rs-client" "med 0" "med 4294967295" "local-preference 7" \
	    "prepend 3" "community 65535:65535" "ext-community rt 64500:7" \
	    "ext-community soo 192.0.2.1:7" \
	    "ext-community rt 4200000000:65535" \
	    "large-community 4294967295:0:1"; do
		block "\t${line}"
		printf '\t%b\n' "${line}" > want
		grep -qxFf want shown ||
		    { cat shown; atf_fail "${line} is lost"; }
	done
}

atf_test_case defaults
defaults_head()
{
	atf_set descr "Short forms and names stand for what the manual says"
}
defaults_body()
{
	[ -x "${routed6}" ] || atf_skip "routed6 is not built: make"
	block "ttl-security\ncommunity no-export\nnext-hop inet self"
	atf_check -o match:"ttl-security 1$" -o match:"community 65535:65281$" \
	    -o match:"hold-time 90$" -o not-match:"next-hop" cat shown
	{ echo "${head_lines}"; echo "neighbor 192.0.2.0/24 {"
	    echo "remote-as 64500"; echo "}"; } > range.conf
	printed range.conf
	atf_check -o match:"max-peers 16$" -o match:"^neighbor 192.0.2.0/24 " \
	    -o not-match:passive cat once
}

atf_test_case bfd
bfd_head()
{
	atf_set descr "BFD: defaults, what follows from the neighbor, errors"
}
bfd_body()
{
	[ -x "${routed6}" ] || atf_skip "routed6 is not built: make"
	block "bfd yes"
	tr -d '\n\t' < shown > flat
	atf_check -o match:"bfd .interval 100 msmultiplier 3." cat flat
	block "bfd { interval 1 s multiplier 5 strict\nmultihop\n
	    auth meticulous-sha1 255 \"exactly twenty bytes\" }"
	tr -d '\n\t' < shown > flat
	atf_check -o match:"interval 1000 msmultiplier 5multihop" \
	    -o match:'auth meticulous-sha1 255 "exactly twenty bytes"strict.' \
	    cat flat
	block "bfd { min-tx 20 single-hop }\nbfd strict"
	tr -d '\n\t' < shown > flat
	atf_check -o match:"min-tx 20 msmin-rx 100 msmultiplier 3single-hop" \
	    -o match:"strict." cat flat
	block "bfd { auth simple 0 x }\nbfd no"
	atf_check -o not-match:bfd cat shown
	option "interval 9: expected 10 to 60000" "bfd { interval 9 }"
	option "multiplier 0: expected 1 to 255" "bfd { multiplier 0 }"
	option "auth md5: MD5 is obsolete" "bfd { auth md5 1 x }"
	option "auth sha256: expected simple" "bfd { auth sha256 1 x }"
	option "key ID 256: expected 0 to 255" "bfd { auth sha1 256 x }"
	option "auth simple: expected a secret of 1 to 16 bytes" \
	    "bfd { auth simple 1 seventeen-bytes-x }"
	option "syntax error near \"maybe\", expected interval" \
	    "bfd { maybe }"
	printf 'neighbor fe80::1%%lo {\nremote-as 1\nbfd { multihop }\n}\n' |
	    refused "multihop BFD with a link-local address"
	printf 'neighbor 2001:db8::/64 {\nremote-as 1\nbfd strict\n}\n' |
	    refused "strict BFD with whoever connects"
	printf '%s\nneighbor ::1 {\nremote-as 1\nbfd { auth sha1 1 x }\n}\n' \
	    "${head_lines}" > open.conf
	chmod 644 open.conf
	atf_check -s exit:1 -e match:"auth, but others may read" \
	    "${routed6}" -n -f open.conf
}

atf_test_case group
group_head()
{
	atf_set descr "Neighbors begin with the options of their group"
}
group_body()
{
	[ -x "${routed6}" ] || atf_skip "routed6 is not built: make"
	cat > group.conf <<-END
	${head_lines}
	group "upstreams" {
		remote-as 64500
		hold-time 9
		community 64600:1
		password "one"

		neighbor 2001:db8::1
		neighbor 2001:db8::2 {
			hold-time 30
			community 64600:2
			password "two"
		}
		neighbor 2001:db8::3 { descr "third" }
	}
	neighbor 2001:db8::4 {
		remote-as 64501
	}
	END
	printed group.conf
	cat > want <<-END
	neighbor 2001:db8::1 {
		remote-as 64500
		hold-time 9
		password "one"
		community 64600:1
	}
	neighbor 2001:db8::2 {
		remote-as 64500
		hold-time 30
		password "two"
		community 64600:1
		community 64600:2
	}
	neighbor 2001:db8::3 {
		remote-as 64500
		descr "third"
		hold-time 9
		password "one"
		community 64600:1
	}
	neighbor 2001:db8::4 {
		remote-as 64501
		hold-time 90
	}
	END
	sed -n '/^neighbor/,/^}/p' once | tr -d '\t' > shown
	atf_check -o file:want cat shown
}

atf_test_case announce
announce_head()
{
	atf_set descr "Attributes of announcements"
}
announce_body()
{
	[ -x "${routed6}" ] || atf_skip "routed6 is not built: make"
	line="announce 2002::/16 depend on relay 6to4 next-hop 2001:db8::9"
	line="${line} med 1 local-preference 2 prepend 3 community 1:2"
	line="${line} ext-community rt 1:2 large-community 1:2:3"
	{ echo "${head_lines}"; echo "${line}"; } > ann.conf
	printed ann.conf
	atf_check -o inline:"${line}\n" grep ^announce once
}

atf_test_case errors
errors_head()
{
	atf_set descr "What is wrong is told, and what would be right"
}
errors_body()
{
	[ -x "${routed6}" ] || atf_skip "routed6 is not built: make"
	option "role king: expected provider" "role king"
	option "multihop 0: expected 1 to 255" "multihop 0"
	option "ttl-security 256: expected" "ttl-security 256"
	option "prepend 17: expected 0 to 16" "prepend 17"
	option "max-prefix 0: expected 1" "max-prefix 0"
	option "max-prefix 1000000: expected" "max-prefix 1000000"
	option "restart 70000: expected" "max-prefix 1 restart 70000"
	option "community 1: expected 65000:1" "community 1:2:3"
	option "community 65536:1: expected" "community 65536:1"
	option "ext-community up 1:2: expected rt or soo" "ext-community up 1:2"
	option "ext-community rt 65536:65536" "ext-community rt 65536:65536"
	option "large-community 1:2: expected" "large-community 1:2"
	option "next-hop 192.0.2.1: not an address for that" \
	    "next-hop inet6 192.0.2.1"
	option "delay-open 241: expected" "delay-open 241"
	option "password: expected 1 to 80" 'password ""'
	option "syntax error near \"speed\", expected remote-as" "speed 5"
	option "max-peers 65: expected 1 to 64" "max-peers 65"
	printf 'neighbor 2001:db8::1/64 {\nremote-as 1\n}\n' |
	    refused 'bad.conf:3: neighbor 2001:db8::1/64: not a prefix'
	printf 'neighbor fe80::1 {\nremote-as 1\n}\n' |
	    refused 'bad.conf:5: link-local neighbor without interface'
	printf 'neighbor ::1 {\nremote-as 1\nttl-security\nmultihop 2\n}\n' |
	    refused 'bad.conf:7: multihop and ttl-security'
	printf 'neighbor ::1 {\nremote-as 64600\nrole peer\n}\n' |
	    refused 'neighbor ::1: a role, but it is in our own AS'
	printf 'neighbor ::1\n' | refused 'bad.conf:3: .*without remote-as'
	printf 'group "a" {\nremote-as 1\n}\n' |
	    refused 'bad.conf:5: group without neighbors'
	printf 'group "a" {\nremote-as 1\nneighbor ::1\npassive\n}\n' |
	    refused 'bad.conf:6: an option of the group, expected before'
	printf 'neighbor ::1 {\nremote-as 1\n}\nneighbor ::1 {\nremote-as 1\n}\n' |
	    refused 'bad.conf:6: neighbor given twice'
	printf 'announce ::/1 depend on relay 6to4 next-hop 192.0.2.1\n' |
	    refused 'bad.conf:3: next-hop 192.0.2.1: not an address for that'
}

atf_test_case password
password_head()
{
	atf_set descr "Nobody else may read a file with a password"
}
password_body()
{
	[ -x "${routed6}" ] || atf_skip "routed6 is not built: make"
	secret_check 'neighbor ::1 {\nremote-as 1\npassword "x"\n}\n' password
	secret_check 'ospf {\nauth key 1 sha1 x\narea 0 { passive lo }\n}\n' \
	    "auth key|there are passwords"
}

# secret_check SECRET WORDS: a file with it, which printf writes.
secret_check()
{
	{ echo "${head_lines}"; echo 'include "secret.conf"'
	    echo 'include "last.conf"'; } > main.conf
	# shellcheck disable=SC2059	# it is meant to be a format
	printf "$1" > secret.conf
	: > last.conf
	chmod 600 ./*.conf
	atf_check -e ignore "${routed6}" -n -f main.conf
	chmod 640 ./*.conf
	atf_check -e ignore "${routed6}" -n -f main.conf
	for file in main secret last; do
		chmod 644 ${file}.conf
		atf_check -s exit:1 \
		    -e match:"($2).*others may read ${file}.conf" \
		    "${routed6}" -n -f main.conf
		chmod 600 ${file}.conf
	done
	# Without a password everybody may.
	: > secret.conf
	chmod 644 ./*.conf
	atf_check -e ignore "${routed6}" -n -f main.conf
}

atf_init_test_cases()
{
	for name in neighbor defaults bfd group announce errors password; do
		atf_add_test_case ${name}
	done
}
