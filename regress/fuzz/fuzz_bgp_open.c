/*
 * Fuzz target: a stream on a fresh connection, so that framing and OPEN meet
 * it first; then the same bytes as the body of an OPEN and of a NOTIFICATION.
 */
#include "bgp_fuzz.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
fuzz_bodies(const uint8_t *data, size_t size)
{
	char			 text[BGP_ERROR_TEXT];
	struct bgp_error	 e;
	struct bgp_open		 o;
	struct rd		 r;

	rd_init(&r, data, size);
	if (bgp_open_parse(&r, &o, &e) == -1 && e.code != BGP_E_OPEN)
		abort();
	rd_init(&r, data, size);
	if (bgp_notification_parse(&r, &e) == 0)
		bgp_error_print(&e, text, sizeof(text));
}

static void
fuzz_stream(const uint8_t *data, size_t size)
{
	struct bgp_conf_peer	 conf;
	struct bgp_peer		*p;
	mono_t			 now = { MONO_S(1) };

	memset(&conf, 0, sizeof(conf));
	conf.local_as = 64600;
	conf.remote_as = 65101;
	conf.router_id = 1;
	conf.hold_time = 90;
	if ((p = bgp_peer_new(&conf, &fuzz_ops, NULL)) == NULL)
		abort();
	bgp_peer_start(p, now);
	bgp_peer_opened(p, BGP_IN, &conf.local, &conf.remote, now);
	bgp_peer_input(p, BGP_IN, data, size, now);
	fuzz_drain(p, now);
	bgp_peer_free(p);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bodies(data, size);
	fuzz_stream(data, size);
	return (0);
}
