/*
 * What the Teredo engine shows of itself: how often each rule was met, and its
 * clients, page by page.  Fixed-width and pointer-free, since it crosses pipes.
 */
#ifndef TEREDO_SHOW_H
#define TEREDO_SHOW_H

#include <netinet/in.h>

#include <stdint.h>

#include "prefix.h"

/* What a packet met: rule, the word that ctl6 shows, and what it means. */
#define TEREDO_CASES(X)							\
	X(OUT_1, "out-5.4.1-1", "to a trusted client")			\
	X(OUT_2, "out-5.4.1-2", "to a client whose cone bit is believed")\
	X(OUT_3, "out-5.4.1-3", "to a client that is asked first")	\
	X(OUT_WAIT, "out-5.4.1-3-wait",					\
	    "to a client that was asked and has not answered")		\
	X(OUT_FLUSH, "out-5.4.1-3-sent", "had waited, then was sent")	\
	X(IN_TRUSTED, "in-5.4.2-known",					\
	    "of a trusted client, from where it is known to be")	\
	X(IN_ANSWER, "in-5.4.2-answer",					\
	    "of a client that was asked, from the address it embeds")	\
	X(IN_NONCE, "in-6081-nonce",					\
	    "bubble that answers ours, from another address")		\
	X(IN_CLAIM, "in-5.4.2-claim",					\
	    "of an unknown client, from the address it embeds")		\
	X(IN_PROBE, "in-probe",						\
	    "of a client at an unknown address: dropped and asked")	\
	X(IN_BUBBLE, "in-bubble", "bubbles among these")		\
	X(IN_INDIRECT, "in-6081-indirect",				\
	    "bubbles by way of the client's server")			\
	X(IN_SOLICIT, "in-6081-solicit",				\
	    "bubbles that ask for an answer")				\
	X(DIRECT, "bubbles-direct", "bubbles sent to clients")		\
	X(INDIRECT, "bubbles-indirect", "bubbles sent to servers")	\
	X(REFRESH, "refreshed", "believed clients asked to answer")	\
	X(EVICTED, "evicted", "untrusted clients that made room")	\
	X(EXPIRED, "expired", "clients forgotten after 30 s of silence")\
	X(SILENT, "unanswered", "clients that never answered")

enum teredo_case {
#define X(sym, word, text)	TEREDO_CASE_##sym,
	TEREDO_CASES(X)
#undef X
	TEREDO_NCASES
};

/* A client as ctl6 shows it; fixed-width, addresses in network byte order. */
struct teredo_client {
	struct in6_addr	addr;
	struct in_addr	server;
	struct in_addr	mapped;
	uint16_t	port;		/* host byte order */
	uint8_t		state;		/* enum teredo_state */
	uint8_t		tries;		/* bubbles without an answer */
	uint32_t	held;		/* packets that wait */
	uint64_t	for_ms;		/* in this state */
	uint64_t	rx_ms;		/* since the last packet from it */
	uint64_t	tx_ms;		/* and to it; UINT64_MAX: never */
	uint64_t	in_packets;
	uint64_t	out_packets;
};

/* A walk over the clients.  Begin with zeroes and, perhaps, a filter. */
struct teredo_walk {
	struct prefix	filter;		/* af 0: all; 6: the address; */
					/* 4: mapped address or server */
	uint32_t	place;		/* passed so far */
	uint32_t	done;		/* nothing is left */
};

#endif
