/*
 * The relay process's state, shared by relay.c (descriptors and batches) and
 * relay_6to4.c and relay_teredo.c, which put the engines between them.
 */
#ifndef RELAY_H
#define RELAY_H

#include <event.h>

#include "mono.h"
#include "os.h"
#include "relayd6.h"
#include "sixtofour.h"
#include "teredo.h"

/* A descriptor and the event that tells when it can be read. */
struct input {
	int		 fd;		/* -1: none */
	struct event	 readable;
};

struct relay {
	struct proc		*pr;
	mono_t			 began;
	struct relay_counters	 count[RELAY_NKINDS];
	struct input		 tun[RELAY_NKINDS];
	struct sixtofour	 six;
	struct input		 icmp4;
	struct input		 listen[LIMIT_LISTEN];
	int			 nlisten;
	int			 source;	/* sends protocol 41 */
	struct teredo		 ter;
	int			 ter_ready;	/* it has been given memory */
	struct input		 udp;
	struct timer		 ter_tick;
	uint8_t			 key[SIPHASH_KEYLEN];
	struct os_packet	 batch[OS_BATCH];
	uint8_t			 reply[PKT_REPLY_MAX];
	uint8_t			*room;		/* OS_BATCH packets */
};

/* Judges one packet that came from IPv4; os is where it came from. */
typedef void	relay_judge(struct relay *, const struct os_packet *, mono_t);

/* Receive a batch from fd and judge each packet of it. */
void	relay_receive(struct relay *, int fd, relay_judge *);

/* Write an IPv6 packet into a kind's tun; a failure is counted in drops. */
void	relay_tun_put(struct relay *, enum relay_kind, uint64_t *drops,
	    const void *, size_t len);

/* Send the first n packets of the batch by fd, counted as sent or dropped. */
void	relay_batch_send(struct relay *, enum relay_kind, int fd, int n);

/* What a full queue and a refusal of the kernel are called. */
enum drop	relay_errno_drop(void);

/* Put an engine's verdict on a packet from the tun into effect. */
int	relay_out(struct relay *, enum relay_kind, enum verdict, struct pkt *,
	    struct os_packet *);

/*
 * The engines, as relay.c sees them.  relay_teredo_count() adds what the engine
 * has counted to a copy, relay_teredo_page() fills the next page of a walk.
 */
enum verdict	relay_6to4_out(struct relay *, struct pkt *, mono_t);
relay_judge	relay_6to4_in;
relay_judge	relay_6to4_icmp4;

void		relay_teredo_conf(struct relay *, const struct conf_teredo *);
enum verdict	relay_teredo_out(struct relay *, struct pkt *, mono_t);
relay_judge	relay_teredo_in;
void		relay_teredo_tick(int, short, void *);
void		relay_teredo_arm(struct relay *);
void		relay_teredo_count(const struct relay *,
		    struct relay_counters *);
void		relay_teredo_page(struct relay *, struct relay_page *);

#endif
