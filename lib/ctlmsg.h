/*
 * What travels on the control sockets: requests and answers shared by the
 * daemons and ctl6.  Fixed-width fields only, host byte order (the socket is
 * local), strings always terminated.
 */
#ifndef CTLMSG_H
#define CTLMSG_H

#include <stdint.h>

#include "bounds.h"
#include "prefix.h"

/* The feed's layout; a subscriber refuses another version. */
#define CTL_FEED_VERSION	2

#define CTL_MAX_REQUEST		512	/* bytes of a request's payload */

/* The kinds of relay. */
enum relay_kind { RELAY_6TO4, RELAY_TEREDO, RELAY_NKINDS };

#define RELAY_KIND_NAMES	{ "6to4", "teredo" }

enum verdict_state {
	VERDICT_NONE,		/* that relay is not configured */
	VERDICT_DOWN,
	VERDICT_RISING,		/* all is well, but not for long enough */
	VERDICT_HELD,		/* for long enough, but it fell too often */
	VERDICT_UP,
	VERDICT_FALLING,	/* healthy, after a soft failure or more */
	VERDICT_DRAINING,	/* healthy, about to be taken away */
	VERDICT_DRAINED,	/* taken away on purpose */
	VERDICT_NSTATES
};

#define VERDICT_NAMES	{ "none", "unhealthy", "rising", "held", "healthy", \
			    "falling", "draining", "drained" }

enum ctl_type {
	CTL_END = 1,		/* struct ctl_end: closes every answer */

	/* Requests to both daemons. */
	CTL_RELOAD,		/* no payload, root */
	CTL_LOG,		/* struct ctl_log, root */
	CTL_MONITOR,		/* no payload; ctl_event, again and again */
	CTL_EVENT,

	/* Requests to relayd6, no payload; and their answers. */
	CTL_SHOW_HEALTH,	/* ctl_health, each then its ctl_sign
				   and its ctl_probe */
	CTL_SHOW_RELAYS,	/* ctl_relay, its ctl_case, its ctl_counter */
	CTL_SHOW_CLIENTS,	/* ctl_filter; ctl_client */
	CTL_SUBSCRIBE,		/* ctl_feed, again and again */
	CTL_HEALTH,
	CTL_SIGN,
	CTL_RELAY,
	CTL_COUNTER,
	CTL_CASE,
	CTL_CLIENT,
	CTL_FEED,
	CTL_PROBE,

	/* Requests to relayd6 that steer it. */
	CTL_DRAIN,		/* struct ctl_drain, root */
	CTL_REPORT,		/* struct ctl_report, on a check */

	/* Requests to routed6, no payload; and their answers. */
	CTL_SHOW_PEERS,		/* ctl_peer */
	CTL_SHOW_ANNOUNCEMENTS,	/* ctl_source, ctl_announcement */
	CTL_PEER,
	CTL_SOURCE,
	CTL_ANNOUNCEMENT,

	/* Requests to routed6 with a struct ctl_peer_ask; and answers. */
	CTL_SHOW_PEER,		/* ctl_peer, ctl_peer_detail, ctl_peer_route */
	CTL_PEER_DO,		/* root */
	CTL_PEER_DETAIL,
	CTL_PEER_ROUTE,

	/* A request to routed6 with a struct ctl_bfd_ask; and answers. */
	CTL_SHOW_BFD,		/* ctl_bfd, ctl_bfd_detail or _drops */
	CTL_BFD,
	CTL_BFD_DETAIL,
	CTL_BFD_DROPS		/* packets of no session */
};

struct ctl_end {
	int32_t		status;		/* 0: done */
	char		text[LIMIT_REASON * 2];
};

struct ctl_log {
	uint32_t	verbose;
};

/* One thing that has happened, for people; see ctlevent.h. */
struct ctl_event {
	uint64_t	wall_ms;	/* since 1970 */
	char		what[16];
	char		subject[LIMIT_DESCR * 2];
	char		state[24];
	char		reason[LIMIT_REASON * 2];
};

/* One heartbeat of the health feed: relays by kind, checks by name. */
struct ctl_verdict {
	uint32_t	state;		/* enum verdict_state */
	char		reason[LIMIT_REASON];
};

struct ctl_check_verdict {
	char			name[LIMIT_NAME];
	struct ctl_verdict	verdict;
};

struct ctl_feed {
	uint32_t		 version;
	uint32_t		 seq;
	uint32_t		 interval_ms;	/* until the next one */
	uint32_t		 nchecks;
	struct ctl_verdict	 verdict[RELAY_NKINDS];
	struct ctl_check_verdict check[LIMIT_CHECKS];
};

/* Drain or undrain a relay, a check, or "all". */
struct ctl_drain {
	uint32_t	undrain;
	char		name[LIMIT_NAME];
	char		reason[LIMIT_REASON];
};

/* What somebody says about a check; lease_s 0: as configured. */
struct ctl_report {
	uint32_t	up;
	uint32_t	lease_s;
	char		name[LIMIT_NAME];
	char		reason[LIMIT_REASON];
};

/* A verdict over a relay or a check, and how it was reached. */
struct ctl_health {
	uint32_t	check;		/* else a relay */
	uint32_t	state;		/* enum verdict_state */
	uint32_t	flaps;		/* falls that are not forgiven */
	uint32_t	pad;
	uint64_t	held_ms;	/* not healthy for that long yet */
	uint64_t	lease_ms;	/* the last report is good for */
	uint64_t	changes;	/* how often the verdict changed */
	uint64_t	for_ms;		/* since the last change */
	char		name[LIMIT_NAME];
	char		reason[LIMIT_REASON];
};

struct ctl_sign {
	uint32_t	ok;
	uint32_t	hard;
	char		name[24];
	char		detail[LIMIT_REASON];
};

/* One way to probe one target; belongs to the ctl_health before it. */
struct ctl_probe {
	struct ipaddr	target;		/* af 0: not known yet */
	uint32_t	way;		/* PROBE_WAY_NAMES */
	uint32_t	port;		/* TCP; 0: none */
	uint32_t	self;		/* the target is this host */
	uint32_t	answers;	/* the last one was answered */
	uint32_t	ours;		/* ... by way of this relay */
	uint32_t	rtt_us;		/* last; 0: never answered */
	uint32_t	smooth_us;
	uint32_t	best_us;
	uint32_t	window;		/* the last so many */
	uint32_t	window_lost;	/* and how many of them were lost */
	uint64_t	sent;
	uint64_t	lost;
	uint64_t	late;		/* of the lost, came after all */
	uint64_t	failed_ms;	/* ago; or CTL_NEVER */
	char		failure[32];
};

#define PROBE_WAY_NAMES	{ "relay", "native", "tcp" }

struct ctl_relay {
	uint32_t	kind;
	uint32_t	mtu;
	char		interface[16];
	uint32_t	nlisten;
	struct ipaddr	listen[LIMIT_LISTEN];
	struct ipaddr	source;
	uint32_t	port;		/* UDP; 0: none */
	uint32_t	clients;	/* known at the moment */
	uint64_t	for_ms;		/* since the relay process began */
	uint64_t	in_packets;	/* relayed from IPv4 to IPv6 */
	uint64_t	in_bytes;
	uint64_t	out_packets;	/* relayed from IPv6 to IPv4 */
	uint64_t	out_bytes;
	uint64_t	errors_sent;	/* ICMPv6 errors */
};

struct ctl_counter {
	uint32_t	kind;
	uint64_t	in;		/* from IPv4 */
	uint64_t	out;		/* from IPv6 */
	char		name[24];
	char		text[64];
};

/* How often a rule was met. */
struct ctl_case {
	uint32_t	kind;
	uint64_t	count;
	char		name[24];
	char		text[64];
};

/* Which clients: af 0 all, 6 by address, 4 by mapped address or server. */
struct ctl_filter {
	struct prefix	prefix;
};

/* A client of the Teredo relay. */
struct ctl_client_row {
	struct ipaddr	addr;
	struct ipaddr	mapped;
	struct ipaddr	server;
	uint32_t	port;		/* mapped */
	uint32_t	held;		/* packets that wait for it */
	char		state[16];
	uint64_t	for_ms;		/* in this state */
	uint64_t	rx_ms;		/* since it was heard */
	uint64_t	in_packets;
	uint64_t	out_packets;
};

/* Prefixes that are not announced: the first one, and why it is not. */
struct ctl_withheld {
	uint32_t	n;
	struct prefix	first;
	char		why[LIMIT_REASON];
};

struct ctl_peer {
	struct ipaddr	addr;
	struct ipaddr	local;		/* af 0: no connection */
	uint32_t	as;
	uint32_t	hold_s;		/* negotiated; 0: none */
	char		descr[LIMIT_DESCR];
	char		state[16];
	uint64_t	for_ms;		/* in this state */
	uint32_t	announced;	/* prefixes it has from us */
	uint32_t	leaving;	/* of these, about to go */
	struct ctl_withheld withheld;	/* ... and has not */
	uint64_t	received;	/* prefixes it told us, let go */
	char		error[LIMIT_REASON * 2];
};

/* What to do with a neighbor. */
enum ctl_peer_what {
	CTL_PEER_SHOW,
	CTL_PEER_UP,
	CTL_PEER_DOWN,		/* with a text for the peer, RFC 9003 */
	CTL_PEER_CLEAR,
	CTL_PEER_REFRESH
};

#define CTL_TEXT	256	/* bytes of a shutdown communication, NUL */

struct ctl_peer_ask {
	struct ipaddr	addr;
	uint32_t	what;		/* enum ctl_peer_what */
	char		text[CTL_TEXT];
};

#define CTL_PEER_CAPS	12	/* capabilities, at most */
#define CTL_PEER_TIMERS	8
#define CTL_PEER_TYPES	5	/* of messages */

/* A timer of a session; never: it does not run. */
#define CTL_NEVER	UINT64_MAX

struct ctl_peer_timer {
	char		name[24];
	uint64_t	left_ms;	/* or CTL_NEVER */
};

struct ctl_peer_cap {
	char		name[24];
	uint32_t	ours;
	uint32_t	theirs;
};

struct ctl_peer_type {
	char		name[16];
	uint64_t	in;
	uint64_t	out;
};

/* Everything about one neighbor; strings may be empty. */
struct ctl_peer_detail {
	uint32_t		local_as;
	uint32_t		local_id;	/* host byte order */
	uint32_t		remote_id;	/* 0: not known yet */
	uint32_t		hold_s;		/* configured */
	uint32_t		hold_agreed_s;	/* 0: none, or no session */
	uint32_t		hops;
	uint32_t		hops_min;	/* 0: any */
	uint32_t		md5;
	uint32_t		passive;
	uint32_t		bfd_strict;
	uint32_t		established;	/* times */
	uint32_t		failures;	/* since one was stable */
	uint32_t		wanted;		/* prefixes to announce */
	uint32_t		heard;		/* prefixes it announces */
	uint32_t		max_prefix;	/* 0: no bound, not counted */
	uint64_t		withdrawn;	/* prefixes, by it, ever */
	uint64_t		treated;	/* UPDATEs, RFC 7606 */
	uint64_t		discarded;	/* attributes, RFC 7606 */
	char			role[16];	/* ours */
	char			remote_role[16];
	char			name[64];	/* what it calls itself */
	char			sent[LIMIT_REASON * 5];	/* NOTIFICATIONs */
	char			received[LIMIT_REASON * 5];
	char			failure[LIMIT_REASON];
	char			bfd[LIMIT_REASON];	/* of its session */
	uint64_t		sent_ms;	/* ago; or CTL_NEVER */
	uint64_t		received_ms;
	uint64_t		failure_ms;
	struct ctl_peer_timer	timer[CTL_PEER_TIMERS];
	struct ctl_peer_cap	cap[CTL_PEER_CAPS];
	struct ctl_peer_type	type[CTL_PEER_TYPES];
	/* The connection; valid when has_tcp. */
	uint32_t		has_tcp;
	uint16_t		local_port;
	uint16_t		remote_port;
	uint32_t		rtt_us;
	uint32_t		rttvar_us;
	uint32_t		mss;
	uint32_t		window;		/* segments */
	uint32_t		unacked;	/* segments */
	uint32_t		unsent;		/* bytes */
	uint32_t		retransmits;	/* segments, ever */
};

/* What one neighbor is told of one prefix. */
struct ctl_peer_route {
	struct prefix	prefix;
	struct ipaddr	nexthop;	/* af 0: none yet */
	uint32_t	told;
	char		why[LIMIT_REASON];
};

/* Which BFD session; af 0: all. */
struct ctl_bfd_ask {
	struct ipaddr	addr;
};

/* A BFD session.  Times are microseconds where they do not say otherwise. */
struct ctl_bfd {
	struct ipaddr	addr;
	struct ipaddr	local;		/* af 0: not known yet */
	char		state[16];
	uint32_t	mult;		/* ours */
	uint32_t	interval;	/* between what we send */
	uint32_t	detection;	/* silence that takes it down */
	uint64_t	for_ms;		/* in this state */
	uint64_t	in;		/* packets */
	uint64_t	out;
	char		reason[LIMIT_REASON];	/* why it last went down */
};

#define CTL_BFD_RULES	14	/* reasons to discard a packet */

struct ctl_bfd_drop {
	char		name[32];
	uint64_t	count;
};

struct ctl_bfd_drops {
	struct ctl_bfd_drop	drop[CTL_BFD_RULES];
};

/* Everything about one; strings may be empty. */
struct ctl_bfd_detail {
	uint32_t		multihop;
	uint32_t		hops_min;
	uint32_t		local_port;
	uint32_t		local_discr;
	uint32_t		remote_discr;	/* 0: not known */
	uint32_t		want_tx;	/* configured */
	uint32_t		want_rx;
	uint32_t		min_tx;		/* as told to the peer */
	uint32_t		min_rx;
	uint32_t		remote_tx;	/* and by it */
	uint32_t		remote_rx;
	uint32_t		remote_mult;	/* 0: not heard yet */
	uint32_t		remote_cpi;
	uint32_t		remote_demand;
	uint32_t		poll;		/* is on its way */
	uint32_t		key_id;
	uint32_t		gap;		/* longest silence while up */
	uint64_t		ups;		/* times */
	uint64_t		polls;
	uint64_t		send_errors;
	uint64_t		down_ms;	/* ago; or CTL_NEVER */
	char			auth[24];
	char			remote_state[16];
	char			diag[32];
	char			remote_diag[32];
	char			askers[32];
	struct ctl_bfd_drops	drops;
};

/* routed6's view of the feed. */
struct ctl_source {
	uint32_t	connected;
	uint32_t	stale;
	uint64_t	for_ms;		/* since that changed */
	char		path[104];
};

struct ctl_announcement {
	struct prefix	prefix;
	uint32_t	announced;
	uint32_t	leaving;	/* and neighbors are told so */
	char		depends[LIMIT_NAME + 8]; /* on this */
	uint64_t	for_ms;		/* since that changed */
	uint64_t	changes;
	char		reason[LIMIT_REASON];
};

#endif
