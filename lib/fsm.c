/*
 * Completeness of dense state machines: see fsm.h.
 */
#include "fsm.h"
#include "log.h"

void
fsm_complete(const char *name, const uint8_t *next, size_t cell,
    size_t nstates, size_t nevents)
{
	size_t	 st, ev;
	uint8_t	 to;

	for (st = 1; st < nstates; st++)
		for (ev = 0; ev < nevents; ev++) {
			to = next[(st * nevents + ev) * cell];
			if (to == FSM_HOLE || to >= nstates)
				fatalx("%s fsm: state %zu has no answer to "
				    "event %zu", name, st, ev);
		}
}
