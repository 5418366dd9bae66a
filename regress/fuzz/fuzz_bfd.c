/*
 * Fuzz target: packets to a BFD session.  The first byte chooses the kind of
 * authentication and whether the session is up when they come; then a byte
 * of milliseconds that pass, a byte of length and so many bytes, again and
 * again.  What the session says must be good packets, and few.
 */
#include <sys/types.h>
#include <sys/queue.h>

#include <stdlib.h>
#include <string.h>

#include "bfd_session.h"
#include "rd.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Known to those who made the corpus. */
#define DISCR		0x01010101U
#define PEER_DISCR	0x02020202U
#define SAID_MAX	3		/* for one packet, and for a deadline */

static const struct bfd_key	keys[] = {
	{ BFD_AUTH_NONE, 0, 0, "" },
	{ BFD_AUTH_SIMPLE, 1, 6, "secret" },
	{ BFD_AUTH_SHA1, 1, 6, "secret" },
	{ BFD_AUTH_SHA1_METICULOUS, 1, 6, "secret" }
};

/* Take all that the session has to say. */
static void
listen_to(struct bfd_session *s, mono_t now)
{
	struct bfd_packet	 p;
	uint8_t			 buf[BFD_PACKET_MAX];
	size_t			 len;
	int			 n = 0;

	while ((len = bfd_session_output(s, buf, 7, now)) > 0)
		if (++n > SAID_MAX || len > sizeof(buf) ||
		    bfd_parse(&p, buf, len) > BFD_R_OK || p.len != len)
			abort();
}

static void
hear(struct bfd_sessions *all, const void *data, size_t len, mono_t now)
{
	struct bfd_session	*s;
	struct bfd_arrival	 a;

	memset(&a, 0, sizeof(a));
	a.data = data;
	a.len = len;
	a.hops = 255;
	a.from.af = 4;
	if (bfd_receive(all, &a, now, &s) == BFD_R_OK &&
	    (s == NULL || bfd_session_detection(s) <= 0))
		abort();
}

/* What a peer says to bring the session up. */
static void
greet(struct bfd_sessions *all, const struct bfd_key *key, mono_t now)
{
	struct bfd_packet	 p;
	uint8_t			 buf[BFD_PACKET_MAX];
	struct wr		 w;

	memset(&p, 0, sizeof(p));
	p.state = BFD_INIT;
	p.flags = bfd_auth_len(key) != 0 ? BFD_AUTH : 0;
	p.mult = 3;
	p.len = BFD_HEADER_LEN + bfd_auth_len(key);
	p.my = PEER_DISCR;
	p.your = DISCR;
	p.min_tx = p.min_rx = 50000;
	wr_init(&w, buf, sizeof(buf));
	bfd_build(&w, &p);
	bfd_auth_sign(key, &w, 1);
	hear(all, buf, w.len, now);
	if (TAILQ_FIRST(all)->state != BFD_UP)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct bfd_times	 times = { 50000, 50000, 3 };
	static const struct bfd_path	 path = { .remote = { .af = 4 } };
	struct bfd_sessions		 all = TAILQ_HEAD_INITIALIZER(all);
	struct bfd_session		 s;
	const struct bfd_key		*key;
	mono_t				 now = { MONO_S(1) };
	struct rd			 r;
	size_t				 len;
	uint8_t				 how;

	rd_init(&r, data, size);
	how = rd_u8(&r);
	key = &keys[how & 3];
	bfd_session_init(&s, &path, DISCR, 1, &times, key, now);
	TAILQ_INSERT_TAIL(&all, &s, entry);
	if (how & 4)
		greet(&all, key, now);
	listen_to(&s, now);
	while (!r.bad && r.left > 2) {
		now = mono_add(now, MONO_MS(rd_u8(&r)));
		bfd_session_tick(&s, now);
		listen_to(&s, now);
		len = rd_u8(&r);
		if (len > r.left)
			len = r.left;
		hear(&all, rd_skip(&r, len), len, now);
		listen_to(&s, now);
	}
	return (0);
}
