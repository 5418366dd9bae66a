/*
 * Dense state machines.  A machine is a table edges[state][event] whose cells
 * name the next state and an action.  State 0 is reserved as the hole: a cell
 * that nobody wrote has next == 0, and fsm_complete() finds it when the
 * process starts instead of at three in the morning.
 *
 *	struct x_edge { uint8_t next; void (*act)(struct x *); };
 *	static const struct x_edge edges[X_NSTATES][X_NEVENTS] = { ... };
 *	fsm_complete("x", &edges[0][0].next, sizeof(edges[0][0]),
 *	    X_NSTATES, X_NEVENTS);
 */
#ifndef FSM_H
#define FSM_H

#include <stddef.h>
#include <stdint.h>

#define FSM_HOLE	0

/*
 * Fatal when a cell of states 1 .. nstates-1 is a hole, or names a state that
 * does not exist.  next points at the first cell's next member, cell is the
 * distance to the following cell's in bytes.
 */
void	fsm_complete(const char *name, const uint8_t *next, size_t cell,
	    size_t nstates, size_t nevents);

#endif
