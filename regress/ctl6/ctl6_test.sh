#!/usr/bin/env atf-sh
#
# Tests of ctl6 as it is called, where no daemon runs; with daemons it is
# tested in regress/live.

ctl6=$(atf_get_srcdir)/../../ctl6/ctl6

atf_test_case not_running
not_running_body() {
	atf_check -s exit:1 -e inline:"ctl6: relayd6 is not running \
(nothing answers at ./relayd6.sock)\n" "${ctl6}" -s . show health
	atf_check -s exit:1 -e inline:"ctl6: routed6 is not running \
(nothing answers at ./routed6.sock)\n" "${ctl6}" -js . sh pe
	# A command to both says so of both.
	atf_check -s exit:1 -e save:err "${ctl6}" -s . log brief
	[ "$(wc -l < err)" -eq 2 ] || atf_fail "$(cat err)"
	# Something else is in the place of the socket.
	: > relayd6.sock
	atf_check -s exit:1 -e match:"relayd6 is not running" \
	    "${ctl6}" -s . show health
}

atf_test_case no_permission
no_permission_head() {
	atf_set require.user unprivileged
}
no_permission_body() {
	mkdir -m 0 closed
	atf_check -s exit:1 -e inline:"ctl6: closed/relayd6.sock: permission \
denied: root and group _relayd6 may ask\n" "${ctl6}" -s closed show health
	chmod 700 closed
}

atf_test_case path_too_long
path_too_long_body() {
	long=$(printf '%0200d' 0)
	atf_check -s exit:1 -e match:"File name too long" \
	    "${ctl6}" -s "${long}" show health
}

atf_test_case usage
usage_body() {
	atf_check -s exit:1 -e match:"^usage: ctl6 \[-j\] \[-s directory\]" \
	    -e match:"^	show peers  " "${ctl6}"
	atf_check -s exit:1 -e match:"^usage: " "${ctl6}" -x
	# Options come before the command.
	atf_check -s exit:1 -e match:"^unknown word \"-j\"" \
	    "${ctl6}" show health -j
	atf_check -s exit:1 -e match:"^unknown word \"halt\"" \
	    "${ctl6}" -s . halt
}

atf_init_test_cases() {
	for name in not_running no_permission path_too_long usage; do
		atf_add_test_case "${name}"
	done
}
