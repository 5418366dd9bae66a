/*
 * What each kind of relay is: see relayd6.h.
 */
#include "relayd6.h"

const struct prefix *
kind_prefix(enum relay_kind kind)
{
	static const struct prefix	 prefixes[RELAY_NKINDS] = {
		[RELAY_6TO4] =	/* RFC 3056 2 */
		    { 6, 16, { 0 }, { 0x20, 0x02 } },
		[RELAY_TEREDO] = /* RFC 4380 2.6 */
		    { 6, 32, { 0 }, { 0x20, 0x01 } }
	};

	return (&prefixes[kind]);
}
