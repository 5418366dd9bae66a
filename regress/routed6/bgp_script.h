/*
 * One BGP neighbor of ours and a script that plays the other end, on the
 * connection that the other end opened.
 */
#ifndef BGP_SCRIPT_H
#define BGP_SCRIPT_H

#include "bgp_net.h"

struct script {
	struct net	 n;		/* its end 0 is ours */
	struct bgp_peer	*p;
	uint8_t		 b[BGP_MSG_EXTENDED];
	struct wr	 w;		/* what is said next */
};

/* An OPEN that suits end 0 of net_init(). */
extern const struct bgp_open	script_open;

/*
 * Make the peer of what is in n.end[0].conf, which script_net() has filled in
 * with what net_init() has; start it, and connect.
 */
void	 script_net(struct script *);
void	 script_make(struct script *);

/* Both; and then with an OPEN and a KEEPALIVE, until it is Established. */
void	 script_init(struct script *);
void	 script_up(struct script *, const struct bgp_open *);

/* Say what was written to w. */
void	 script_say(struct script *);

/* Take all output; returns the last NOTIFICATION as code << 8 | subcode. */
int	 script_hear(struct script *, struct bgp_error *last);

/* The same, as letters: see net_tape(); B and E for marks of a refresh. */
void	 script_tape(struct script *, char *buf, size_t size);

#endif
