/*
 * The Teredo client of probes: see probe_teredo.h.  Health process; pure.
 */
#include "probe_teredo.h"

enum probe_teredo
probe_teredo_read(const struct addr6 *id, const uint8_t *data, size_t len,
    struct teredo_packet *p)
{
	enum drop	 unused;

	if (teredo_packet_parse(p, data, len, &unused) == -1 ||
	    !addr6_equal(&p->h.dst, id))
		return (PROBE_TEREDO_NONE);
	return (teredo_is_bubble(&p->h) ? PROBE_TEREDO_BUBBLE :
	    PROBE_TEREDO_PACKET);
}

size_t
probe_teredo_answer(const struct addr6 *id, const struct teredo_packet *p,
    uint8_t *buf)
{
	struct teredo_bubble	 b = { .has_nonce = p->trailers.has_nonce,
				    .nonce = p->trailers.nonce };

	b.src = *id;
	b.dst = p->h.src;
	return (teredo_bubble_write(buf, &b));
}
