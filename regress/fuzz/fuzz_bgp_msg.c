/*
 * Fuzz target: a stream into an established session.  The first byte chooses
 * what the peer said it can do (BGP_CAP_*), its high bit an internal peer.
 */
#include "bgp_fuzz.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Say the peer's OPEN and KEEPALIVE. */
static void
peer_greet(struct bgp_peer *p, uint8_t caps, uint32_t as, mono_t now)
{
	struct bgp_open	 o;
	struct wr	 w;
	uint8_t		 b[256];

	memset(&o, 0, sizeof(o));
	o.as = as;
	o.hold = 90;
	o.id = 2;
	o.caps = caps & 0x3f;
	wr_init(&w, b, sizeof(b));
	bgp_open_build(&w, &o);
	bgp_keepalive_build(&w);
	bgp_peer_input(p, BGP_IN, b, w.len, now);
	if (bgp_peer_state(p) != BGP_ESTABLISHED)
		abort();
}

/* A session of ours in Established, with one prefix to announce. */
static struct bgp_peer *
peer_up(uint8_t caps, mono_t now)
{
	struct bgp_conf_peer	 conf;
	struct bgp_announce	 a;
	struct bgp_peer		*p;

	memset(&conf, 0, sizeof(conf));
	memset(&a, 0, sizeof(a));
	conf.local_as = 64600;
	conf.remote_as = caps & 0x80 ? 64600 : 65101;
	conf.router_id = 1;
	conf.hold_time = 90;
	conf.local.af = a.prefix.af = 6;
	if ((p = bgp_peer_new(&conf, &fuzz_ops, NULL)) == NULL)
		abort();
	bgp_peer_start(p, now);
	bgp_peer_set(p, &a, 1, now);
	bgp_peer_opened(p, BGP_IN, &conf.local, &conf.remote, now);
	peer_greet(p, caps, conf.remote_as, now);
	return (p);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bgp_peer	*p;
	mono_t		 now = { MONO_S(1) };

	if (size == 0)
		return (0);
	p = peer_up(data[0], now);
	bgp_peer_input(p, BGP_IN, data + 1, size - 1, now);
	fuzz_drain(p, now);
	bgp_peer_free(p);
	return (0);
}
