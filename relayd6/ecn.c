/*
 * ECN across a tunnel, RFC 6040: see ecn.h.  Pure; relay process.
 */
#include "ecn.h"
#include "ip_wire.h"

enum ecn { NOT, ECT1, ECT0, CE, LOST };	/* the values on the wire, and drop */

/* RFC 6040 figure 4, [arriving inner][arriving outer]. */
static const uint8_t	exits[4][4] = {
	[NOT] =	 { [NOT] = NOT,	 [ECT0] = NOT,	[ECT1] = NOT,  [CE] = LOST },
	[ECT0] = { [NOT] = ECT0, [ECT0] = ECT0,	[ECT1] = ECT1, [CE] = CE },
	[ECT1] = { [NOT] = ECT1, [ECT0] = ECT1,	[ECT1] = ECT1, [CE] = CE },
	[CE] =	 { [NOT] = CE,	 [ECT0] = CE,	[ECT1] = CE,   [CE] = CE },
};

uint8_t
ecn_encap(uint8_t inner)
{
	return (inner & ECN_MASK);
}

int
ecn_decap(uint8_t inner, uint8_t outer, uint8_t *result)
{
	*result = exits[inner & ECN_MASK][outer & ECN_MASK];
	return (*result == LOST ? -1 : 0);
}
