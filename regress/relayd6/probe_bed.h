/*
 * A bed for tests of probe.c: it keeps what the engine sends, and answers it
 * as the world would, or as it would not.
 */
#ifndef PROBE_BED_H
#define PROBE_BED_H

#include "probe.h"

#define PBED_SENT	64

struct pbed_packet {
	struct probe_send	s;
	uint8_t			data[PROBE_PACKET_LEN];
};

struct pbed {
	struct probe		 p;
	struct conf_probe	 conf;
	struct addr6		 id;
	mono_t			 now;
	int			 n;		/* sent since pbed_clear() */
	struct pbed_packet	 sent[PBED_SENT];
	int			 broken;	/* nothing can be sent */
};

/* Addresses; the targets are TARGET(0), TARGET(1), ... */
extern const struct addr6	pbed_local;
struct addr6	pbed_target(int);

/* n targets, one entry, need all, a round a second, half of it to answer. */
void	pbed_init(struct pbed *, int n);

/* Take bed's conf into force. */
void	pbed_reconf(struct pbed *);

/* Let time pass until the next deadline, and tick. */
void	pbed_next(struct pbed *);

/* Begin the next round, whatever is open now. */
void	pbed_round(struct pbed *);

/* The packet that was sent this way to goal in this round, or NULL. */
struct pbed_packet	*pbed_find(struct pbed *, int goal, enum probe_way);

/* Turn a request of either kind into its reply. */
void	pbed_turn(struct pbed_packet *);

/* Answer what was sent to a goal, a millisecond later. */
enum probe_answer	pbed_answer(struct pbed *, int goal, enum probe_way,
			    int ours);

/* Answer all that was sent in this round natively, and to ourselves. */
void	pbed_answer_native(struct pbed *);
void	pbed_answer_self(struct pbed *);

#endif
