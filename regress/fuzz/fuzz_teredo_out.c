/*
 * Fuzz target: IPv6 packets from the tun, through teredo_out(), then time
 * enough for every bubble and for giving up.
 */
#include "fuzz_teredo.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct fuzz	 f;
	struct pkt		 p = { .why = DROP_NREASONS };
	uint8_t			*copy;
	enum verdict		 v;

	if (len > PKT_MAX || (copy = malloc(len + 1)) == NULL)
		return (0);
	if (len > 0)
		memcpy(copy + 1, data, len);
	fuzz_start(&f);
	p.data = copy + 1;
	p.len = len;
	p.reply = f.reply;
	v = teredo_out(&f.t, &p, f.now);
	fuzz_check(&f, &p, v, copy + 1, len);
	if (v == V_FORWARD && (p.len > 1280 || p.dport == 0 ||
	    policy_ip4(&f.t.policies, ntohl(p.dst4.s_addr)) != POLICY_PASS))
		abort();
	free(copy);
	fuzz_finish(&f);
	return (0);
}
