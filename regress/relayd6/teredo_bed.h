/*
 * A Teredo relay engine between two recorders, with a clock that the test
 * turns: what it sends to IPv4 and into the tun is kept and counted.
 */
#ifndef TEREDO_BED_H
#define TEREDO_BED_H

#include "teredo.h"
#include "teredo_wire.h"
#include "test.h"

#define RELAY		0x0b010001U	/* 11.1.0.1 */
#define RELAY_PORT	3545
#define SERVER		0x0b010202U	/* 11.1.2.2 */
#define CLIENT		0x0b020005U	/* 11.2.0.5 */
#define CLIENT_PORT	40000
#define ELSEWHERE	0x0b020006U	/* 11.2.0.6 */

/* How often a rule was followed. */
#define CASE(b, c)	((b).t.count.cases[TEREDO_CASE_##c])

#define BED_KEPT	256		/* of what was sent, the last */

struct bed_sent {
	uint32_t	dst;
	uint16_t	port;
	uint8_t		tos;
	size_t		len;
	uint8_t		data[1600];
};

struct bed {
	struct teredo		 t;
	struct conf_teredo	 conf;
	mono_t			 now;
	struct pkt		 p;		/* the last packet */
	uint8_t			 buf[1600];
	uint8_t			 reply[PKT_REPLY_MAX];
	int			 nsent;		/* since the start */
	struct bed_sent		 sent[BED_KEPT];
	int			 ninjected;
	size_t			 injected_len;
	uint8_t			 injected[PKT_REPLY_MAX];	/* the last */
};

/* The configuration that tests change before bed_start(). */
void	bed_init(struct bed *);
void	bed_start(struct bed *);

/* Both, with the usual one. */
void	bed_begin(struct bed *);

void	bed_free(struct bed *);

/* A client's address; the n-th native host, each in a /64 of its own. */
struct addr6	bed_client(uint32_t server, uint16_t flags, uint32_t client,
		    uint16_t port);
struct addr6	bed_host(unsigned int n);

/* The client CLIENT, CLIENT_PORT of SERVER. */
struct addr6	bed_usual(void);

/*
 * A packet of len bytes (40 and more) from the native host n to a client; its
 * payload is full of tag.
 */
enum verdict	bed_out_len(struct bed *, unsigned int n, struct addr6 dst,
		    size_t len, uint8_t tag);
enum verdict	bed_out(struct bed *, unsigned int n, struct addr6 dst);

/* A packet with some payload from a client, by way of the tunnel. */
enum verdict	bed_in(struct bed *, struct addr6 src, struct addr6 dst,
		    uint32_t from, uint16_t port);

/* A bubble, with len bytes of trailers. */
enum verdict	bed_bubble(struct bed *, struct addr6 src, struct addr6 dst,
		    uint32_t from, uint16_t port, const void *, size_t len);

/* The usual client's packet, from where it should come. */
enum verdict	bed_usual_in(struct bed *);

/* A bubble of the usual client, from any port, to what we asked from. */
enum verdict	bed_usual_bubble(struct bed *, uint16_t port, const void *,
		    size_t len);

/* Any payload. */
enum verdict	bed_raw(struct bed *, const void *, size_t len, uint32_t from,
		    uint16_t port);

/* The last that was sent to an address and port (0: any), or NULL. */
const struct bed_sent	*bed_last(const struct bed *, uint32_t dst,
			    uint16_t port);

/* How many of those kept were sent there. */
int	bed_count(const struct bed *, uint32_t dst, uint16_t port);

/* Forget what was sent. */
void	bed_forget(struct bed *);

/* The IPv6 source of the last bubble to a server: where answers go. */
struct addr6	bed_asker(const struct bed *, uint32_t server);

/* The usual client answers from the address it embeds. */
enum verdict	bed_answer(struct bed *);

/* Make the usual client TRUSTED, and forget what was sent. */
void	bed_trust(struct bed *);

/* Turn the clock, and tick whenever the engine wants to. */
void	bed_wait(struct bed *, int64_t ms);

/* The usual client as the table has it, or NULL. */
struct teredo_peer	*bed_peer(struct bed *);

#endif
