/*
 * A network of two BGP neighbors in memory, with a clock of its own: what one
 * writes the other reads at once, unless the test closes the window.  Link n
 * is the connection that end n opened.
 */
#ifndef BGP_NET_H
#define BGP_NET_H

#include "bgp_peer.h"

#define NET_TAPE	65536

struct net;

struct net_end {
	struct net	*net;
	int		 n;
	struct bgp_peer	*p;
	struct bgp_conf_peer conf;
	int		 wants_connect;
	int		 attempts;
	mono_t		 attempt_at;
	int		 listens;	/* accepts connections */
	size_t		 window;	/* bytes it still takes */
	int		 states;	/* changes reported */
	char		 first_log[512];
	char		 last_log[512];
	uint8_t		 tape[NET_TAPE];	/* all it has been sent */
	size_t		 tape_len;
};

struct net_link {
	int	 open[2];	/* each end holds a descriptor */
	int	 fin[2];	/* ... and has said that it is done */
};

struct net {
	mono_t		 now;
	uint32_t	 random;
	int		 shuffle;	/* one thing at a time, at random */
	struct net_end	 end[2];
	struct net_link	 link[2];
};

/* Two eBGP neighbors, AS 64600 (2001:db8::1) and 65101 (2001:db8::2). */
void	 net_init(struct net *);
/* Make the peers of what is in end[].conf; both listen, windows open. */
void	 net_make(struct net *);
void	 net_free(struct net *);
void	 net_start(struct net *);

/* Let everything happen that needs no time; then that many seconds too. */
void	 net_pump(struct net *);
void	 net_run(struct net *, double seconds);

/* Cut a connection without a word to the other end. */
void	 net_cut(struct net *, int link);

enum bgp_state	 net_state(const struct net *, int end);
void		 net_stats(const struct net *, int end,
		    struct bgp_peer_stats *);

/*
 * What end was sent, a letter a message: O(PEN), K(EEPALIVE), N(OTIFICATION),
 * R(EFRESH), W for an UPDATE that withdraws, A for one that announces.
 */
void	 net_tape(const struct net *, int end, char *buf, size_t);

/* An announcement of a prefix in words. */
struct bgp_announce	 net_announce(const char *prefix);

#endif
