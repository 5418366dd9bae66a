#!/usr/bin/env atf-sh
#
# Tests of mk/deps.sh with an apt-get that only tells, and a service policy
# that is not this machine's.

srcdir=$(atf_get_srcdir)

# deps.sh with a single need, one that only the made-up apt-get can meet.
deps_copy() {
	mkdir mk etc fakebin
	awk -v dir="${PWD}" '
	/^policy=/ { print "policy=" dir "/policy-rc.d"; next }
	/^initdir=/ { print "initdir=" dir "/init.d"; next }
	/^needs=/ { print; print "moon " dir "/moon bird shines"; cut = 1 }
	cut && /^.$/ { cut = 0 }
	!cut' "${srcdir}/../../mk/deps.sh" > mk/deps.sh
	echo "echo users: \$*" > etc/setup.sh
	cat > fakebin/apt-get <<-SCRIPT
	#!/bin/sh
	echo "\$*" >> ${PWD}/asked
	[ "\$1" = install ] || exit 0
	cp ${PWD}/policy-rc.d ${PWD}/policy-seen
	[ ! -e ${PWD}/refuse ] || exit 100
	touch ${PWD}/moon
	SCRIPT
	for name in update-rc.d systemctl; do
		cat > fakebin/${name} <<-SCRIPT
		#!/bin/sh
		echo "${name} \$*" >> ${PWD}/asked
		SCRIPT
	done
	printf '#!/bin/sh\necho ${FAKE_UID:-0}\n' > fakebin/id
	chmod 755 fakebin/*
	PATH=${PWD}/fakebin:${PATH}
}

atf_test_case complete
complete_head()
{
	atf_set descr "nothing is missing: silent, and apt-get is not asked"
}
complete_body()
{
	deps_copy
	touch moon
	atf_check -o inline:"users: users\n" sh mk/deps.sh
	atf_check env FAKE_UID=1000 sh mk/deps.sh
	atf_check -s exit:1 test -e asked
}

atf_test_case unprivileged
unprivileged_head()
{
	atf_set descr "without root what is missing is named, exit 1"
}
unprivileged_body()
{
	deps_copy
	atf_check -s exit:1 -o inline:"missing: moon\n" -e not-empty \
	    env FAKE_UID=1000 sh mk/deps.sh
	atf_check -s exit:1 test -e asked
}

atf_test_case install
install_head()
{
	atf_set descr "what is missing is installed, and no service started"
}
install_body()
{
	deps_copy
	atf_check -o inline:"missing: moon\nusers: users\n" sh mk/deps.sh
	atf_check -o match:"^update -qq$" -o match:"^install .* moon$" \
	    -o match:"^systemctl --quiet disable bird$" \
	    -o not-match:"^update-rc.d" cat asked
	atf_check -s exit:101 sh policy-seen
	atf_check -s exit:1 test -e policy-rc.d
	rm moon
	mkdir init.d
	touch init.d/bird
	atf_check -o ignore sh mk/deps.sh
	atf_check -o match:"^update-rc.d bird disable$" cat asked
}

atf_test_case policy
policy_head()
{
	atf_set descr "the machine's own policy comes back, failure or not"
}
policy_body()
{
	deps_copy
	echo "exit 104" > policy-rc.d
	touch refuse
	atf_check -s exit:1 -o ignore sh mk/deps.sh
	atf_check -s exit:101 sh policy-seen
	atf_check -o inline:"exit 104\n" cat policy-rc.d
	rm refuse
	# An earlier run was killed half way.
	mv policy-rc.d policy-rc.d.own
	mv policy-seen policy-rc.d
	atf_check -o ignore sh mk/deps.sh
	atf_check -o inline:"exit 104\n" cat policy-rc.d
	atf_check -s exit:1 test -e policy-rc.d.own
}

atf_test_case unmet
unmet_head()
{
	atf_set descr "a package that brings nothing is told"
}
unmet_body()
{
	deps_copy
	sed -i '/touch/d' fakebin/apt-get
	atf_check -s exit:1 -o ignore -e match:"^still missing: moon$" \
	    sh mk/deps.sh
}

atf_init_test_cases()
{
	for name in complete unprivileged install policy unmet; do
		atf_add_test_case "${name}"
	done
}
