/*
 * Fuzz target: payloads of UDP datagrams, through teredo_in().  The first byte
 * says where they come from: a known client, one that was asked, their server,
 * or the six bytes that follow.
 */
#include "fuzz_teredo.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
source_set(struct pkt *p, struct rd *r)
{
	static const uint32_t	 from[] = {
		FUZZ_KNOWN, FUZZ_ASKED, FUZZ_SERVER
	};
	uint8_t			 who = rd_u8(r) % 5;

	p->tos = 0;
	if (who < 3) {
		p->src4.s_addr = htonl(from[who]);
		p->sport = who == 2 ? TEREDO_PORT : FUZZ_PORT;
	} else {
		p->src4.s_addr = htonl(rd_u32(r));
		p->sport = rd_u16(r);
		p->tos = who;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct fuzz	 f;
	struct pkt		 p = { .why = DROP_NREASONS };
	struct addr6		 src;
	struct rd		 r;
	uint8_t			*copy;
	enum verdict		 v;
	size_t			 n;

	rd_init(&r, data, len);
	source_set(&p, &r);
	if (r.bad || (copy = malloc(r.left + 1)) == NULL)
		return (0);
	n = r.left;
	rd_bytes(&r, copy + 1, n);
	fuzz_start(&f);
	p.data = copy + 1;
	p.len = n;
	p.reply = f.reply;
	v = teredo_in(&f.t, &p, f.now);
	fuzz_check(&f, &p, v, copy + 1, n);
	if (v == V_REPLY)
		abort();
	if (v == V_FORWARD) {
		/* A Teredo source, and a peer that is where this is from. */
		addr6_load(&src, p.data + 8);
		if (!addr6_is_teredo(&src) ||
		    teredo_peer_find(&f.t.table, &src) == NULL)
			abort();
	}
	free(copy);
	fuzz_finish(&f);
	return (0);
}
