/*
 * The BGP state machine: see bgp_fsm.h.  Engine of the bgp process; a table
 * and nothing else.  RFC 4271 8.2.2; differences from its text:
 *  - Closing is the RFC's Idle as long as a NOTIFICATION (and, on an orderly
 *    stop, the withdrawals before it) is still to be written.
 *  - The RFC lets the machine that waits in Active also take the peer's
 *    connection.  Here that is another machine, so OPENs are only ever
 *    awaited by the machine that owns the connection.
 *  - DelayOpen is not implemented.
 */
#include <stddef.h>

#include "bgp_fsm.h"
#include "fsm.h"

static const struct bgp_edge edges[BGP_NSTATES][BGP_NEVENTS] = {
	/* Nothing exists; only starting has an effect. */
	[BGP_IDLE] = {
		[BGP_EV_START] =
		    { BGP_CONNECT, BGP_ACT_CONNECT },
		[BGP_EV_LISTEN] =		{ BGP_ACTIVE, BGP_ACT_NONE },
		[BGP_EV_STOP] =			{ BGP_IDLE, BGP_ACT_NONE },
		[BGP_EV_RETRY] =		{ BGP_IDLE, BGP_ACT_NONE },
		[BGP_EV_HOLD] =			{ BGP_IDLE, BGP_ACT_NONE },
		[BGP_EV_KEEPALIVE] =		{ BGP_IDLE, BGP_ACT_NONE },
		[BGP_EV_SEND_HOLD] =		{ BGP_IDLE, BGP_ACT_NONE },
		[BGP_EV_TCP_OPEN] =		{ BGP_IDLE, BGP_ACT_CLOSE },
		[BGP_EV_TCP_FAIL] =		{ BGP_IDLE, BGP_ACT_NONE },
		[BGP_EV_MSG_OPEN] =		{ BGP_IDLE, BGP_ACT_NONE },
		[BGP_EV_BAD_HEADER] =		{ BGP_IDLE, BGP_ACT_NONE },
		[BGP_EV_BAD_OPEN] =		{ BGP_IDLE, BGP_ACT_NONE },
		[BGP_EV_COLLISION] =		{ BGP_IDLE, BGP_ACT_NONE },
		[BGP_EV_MSG_NOTIFICATION] =	{ BGP_IDLE, BGP_ACT_NONE },
		[BGP_EV_MSG_KEEPALIVE] =	{ BGP_IDLE, BGP_ACT_NONE },
		[BGP_EV_MSG_UPDATE] =		{ BGP_IDLE, BGP_ACT_NONE },
		[BGP_EV_BAD_UPDATE] =		{ BGP_IDLE, BGP_ACT_NONE },
		[BGP_EV_MSG_REFRESH] =		{ BGP_IDLE, BGP_ACT_NONE },
		[BGP_EV_SENT] =			{ BGP_IDLE, BGP_ACT_NONE },
		[BGP_EV_LINGER] =		{ BGP_IDLE, BGP_ACT_NONE }
	},
	/* We are opening a connection; what does not belong here ends it. */
	[BGP_CONNECT] = {
		[BGP_EV_START] =		{ BGP_CONNECT, BGP_ACT_NONE },
		[BGP_EV_LISTEN] =		{ BGP_CONNECT, BGP_ACT_NONE },
		[BGP_EV_STOP] =			{ BGP_IDLE, BGP_ACT_CLOSE },
		[BGP_EV_RETRY] =
		    { BGP_CONNECT, BGP_ACT_CONNECT },
		[BGP_EV_HOLD] =			{ BGP_IDLE, BGP_ACT_CLOSE },
		[BGP_EV_KEEPALIVE] =		{ BGP_IDLE, BGP_ACT_CLOSE },
		[BGP_EV_SEND_HOLD] =		{ BGP_IDLE, BGP_ACT_CLOSE },
		[BGP_EV_TCP_OPEN] =		{ BGP_OPENSENT, BGP_ACT_OPEN },
		[BGP_EV_TCP_FAIL] =		{ BGP_IDLE, BGP_ACT_FAIL },
		[BGP_EV_MSG_OPEN] =		{ BGP_IDLE, BGP_ACT_CLOSE },
		[BGP_EV_BAD_HEADER] =		{ BGP_IDLE, BGP_ACT_CLOSE },
		[BGP_EV_BAD_OPEN] =		{ BGP_IDLE, BGP_ACT_CLOSE },
		[BGP_EV_COLLISION] =		{ BGP_IDLE, BGP_ACT_CLOSE },
		[BGP_EV_MSG_NOTIFICATION] =	{ BGP_IDLE, BGP_ACT_CLOSE },
		[BGP_EV_MSG_KEEPALIVE] =	{ BGP_IDLE, BGP_ACT_CLOSE },
		[BGP_EV_MSG_UPDATE] =		{ BGP_IDLE, BGP_ACT_CLOSE },
		[BGP_EV_BAD_UPDATE] =		{ BGP_IDLE, BGP_ACT_CLOSE },
		[BGP_EV_MSG_REFRESH] =		{ BGP_IDLE, BGP_ACT_CLOSE },
		[BGP_EV_SENT] =			{ BGP_CONNECT, BGP_ACT_NONE },
		[BGP_EV_LINGER] =		{ BGP_IDLE, BGP_ACT_CLOSE }
	},
	/* Waiting: for the peer to connect, or for our next attempt. */
	[BGP_ACTIVE] = {
		[BGP_EV_START] =		{ BGP_ACTIVE, BGP_ACT_NONE },
		[BGP_EV_LISTEN] =		{ BGP_ACTIVE, BGP_ACT_NONE },
		[BGP_EV_STOP] =			{ BGP_IDLE, BGP_ACT_CLOSE },
		[BGP_EV_RETRY] =
		    { BGP_CONNECT, BGP_ACT_CONNECT },
		[BGP_EV_HOLD] =			{ BGP_IDLE, BGP_ACT_CLOSE },
		[BGP_EV_KEEPALIVE] =		{ BGP_IDLE, BGP_ACT_CLOSE },
		[BGP_EV_SEND_HOLD] =		{ BGP_IDLE, BGP_ACT_CLOSE },
		[BGP_EV_TCP_OPEN] =		{ BGP_OPENSENT, BGP_ACT_OPEN },
		[BGP_EV_TCP_FAIL] =		{ BGP_IDLE, BGP_ACT_FAIL },
		[BGP_EV_MSG_OPEN] =		{ BGP_IDLE, BGP_ACT_CLOSE },
		[BGP_EV_BAD_HEADER] =		{ BGP_IDLE, BGP_ACT_CLOSE },
		[BGP_EV_BAD_OPEN] =		{ BGP_IDLE, BGP_ACT_CLOSE },
		[BGP_EV_COLLISION] =		{ BGP_IDLE, BGP_ACT_CLOSE },
		[BGP_EV_MSG_NOTIFICATION] =	{ BGP_IDLE, BGP_ACT_CLOSE },
		[BGP_EV_MSG_KEEPALIVE] =	{ BGP_IDLE, BGP_ACT_CLOSE },
		[BGP_EV_MSG_UPDATE] =		{ BGP_IDLE, BGP_ACT_CLOSE },
		[BGP_EV_BAD_UPDATE] =		{ BGP_IDLE, BGP_ACT_CLOSE },
		[BGP_EV_MSG_REFRESH] =		{ BGP_IDLE, BGP_ACT_CLOSE },
		[BGP_EV_SENT] =			{ BGP_ACTIVE, BGP_ACT_NONE },
		[BGP_EV_LINGER] =		{ BGP_IDLE, BGP_ACT_CLOSE }
	},
	/* We said OPEN and await the peer's. */
	[BGP_OPENSENT] = {
		[BGP_EV_START] =		{ BGP_OPENSENT, BGP_ACT_NONE },
		[BGP_EV_LISTEN] =		{ BGP_OPENSENT, BGP_ACT_NONE },
		[BGP_EV_STOP] =			{ BGP_CLOSING, BGP_ACT_LEAVE },
		[BGP_EV_RETRY] =
		    { BGP_CLOSING, BGP_ACT_UNEXPECTED },
		[BGP_EV_HOLD] =
		    { BGP_CLOSING, BGP_ACT_EXPIRED },
		[BGP_EV_KEEPALIVE] =
		    { BGP_CLOSING, BGP_ACT_UNEXPECTED },
		[BGP_EV_SEND_HOLD] =		{ BGP_IDLE, BGP_ACT_STALLED },
		[BGP_EV_TCP_OPEN] =		{ BGP_OPENSENT, BGP_ACT_NONE },
		[BGP_EV_TCP_FAIL] =		{ BGP_ACTIVE, BGP_ACT_WAIT },
		[BGP_EV_MSG_OPEN] =
		    { BGP_OPENCONFIRM, BGP_ACT_CONFIRM },
		[BGP_EV_BAD_HEADER] =		{ BGP_CLOSING, BGP_ACT_NOTIFY },
		[BGP_EV_BAD_OPEN] =		{ BGP_CLOSING, BGP_ACT_NOTIFY },
		[BGP_EV_COLLISION] =
		    { BGP_CLOSING, BGP_ACT_COLLIDE },
		[BGP_EV_MSG_NOTIFICATION] =	{ BGP_IDLE, BGP_ACT_FAIL },
		[BGP_EV_MSG_KEEPALIVE] =
		    { BGP_CLOSING, BGP_ACT_UNEXPECTED },
		[BGP_EV_MSG_UPDATE] =
		    { BGP_CLOSING, BGP_ACT_UNEXPECTED },
		[BGP_EV_BAD_UPDATE] =
		    { BGP_CLOSING, BGP_ACT_UNEXPECTED },
		[BGP_EV_MSG_REFRESH] =
		    { BGP_CLOSING, BGP_ACT_UNEXPECTED },
		[BGP_EV_SENT] =			{ BGP_OPENSENT, BGP_ACT_NONE },
		[BGP_EV_LINGER] =
		    { BGP_CLOSING, BGP_ACT_UNEXPECTED }
	},
	/* Both said OPEN; the KEEPALIVE that accepts ours is awaited. */
	[BGP_OPENCONFIRM] = {
		[BGP_EV_START] =
		    { BGP_OPENCONFIRM, BGP_ACT_NONE },
		[BGP_EV_LISTEN] =
		    { BGP_OPENCONFIRM, BGP_ACT_NONE },
		[BGP_EV_STOP] =			{ BGP_CLOSING, BGP_ACT_LEAVE },
		[BGP_EV_RETRY] =
		    { BGP_CLOSING, BGP_ACT_UNEXPECTED },
		[BGP_EV_HOLD] =
		    { BGP_CLOSING, BGP_ACT_EXPIRED },
		[BGP_EV_KEEPALIVE] =
		    { BGP_OPENCONFIRM, BGP_ACT_KEEPALIVE },
		[BGP_EV_SEND_HOLD] =		{ BGP_IDLE, BGP_ACT_STALLED },
		[BGP_EV_TCP_OPEN] =
		    { BGP_OPENCONFIRM, BGP_ACT_NONE },
		[BGP_EV_TCP_FAIL] =		{ BGP_IDLE, BGP_ACT_FAIL },
		[BGP_EV_MSG_OPEN] =
		    { BGP_CLOSING, BGP_ACT_UNEXPECTED },
		[BGP_EV_BAD_HEADER] =		{ BGP_CLOSING, BGP_ACT_NOTIFY },
		[BGP_EV_BAD_OPEN] =
		    { BGP_CLOSING, BGP_ACT_UNEXPECTED },
		[BGP_EV_COLLISION] =
		    { BGP_CLOSING, BGP_ACT_COLLIDE },
		[BGP_EV_MSG_NOTIFICATION] =	{ BGP_IDLE, BGP_ACT_FAIL },
		[BGP_EV_MSG_KEEPALIVE] =	{ BGP_ESTABLISHED, BGP_ACT_UP },
		[BGP_EV_MSG_UPDATE] =
		    { BGP_CLOSING, BGP_ACT_UNEXPECTED },
		[BGP_EV_BAD_UPDATE] =
		    { BGP_CLOSING, BGP_ACT_UNEXPECTED },
		[BGP_EV_MSG_REFRESH] =
		    { BGP_CLOSING, BGP_ACT_UNEXPECTED },
		[BGP_EV_SENT] =
		    { BGP_OPENCONFIRM, BGP_ACT_NONE },
		[BGP_EV_LINGER] =
		    { BGP_CLOSING, BGP_ACT_UNEXPECTED }
	},
	/* Prefixes are exchanged. */
	[BGP_ESTABLISHED] = {
		[BGP_EV_START] =
		    { BGP_ESTABLISHED, BGP_ACT_NONE },
		[BGP_EV_LISTEN] =
		    { BGP_ESTABLISHED, BGP_ACT_NONE },
		[BGP_EV_STOP] =			{ BGP_CLOSING, BGP_ACT_LEAVE },
		[BGP_EV_RETRY] =
		    { BGP_CLOSING, BGP_ACT_UNEXPECTED },
		[BGP_EV_HOLD] =
		    { BGP_CLOSING, BGP_ACT_EXPIRED },
		[BGP_EV_KEEPALIVE] =
		    { BGP_ESTABLISHED, BGP_ACT_KEEPALIVE },
		[BGP_EV_SEND_HOLD] =		{ BGP_IDLE, BGP_ACT_STALLED },
		[BGP_EV_TCP_OPEN] =
		    { BGP_ESTABLISHED, BGP_ACT_NONE },
		[BGP_EV_TCP_FAIL] =		{ BGP_IDLE, BGP_ACT_FAIL },
		[BGP_EV_MSG_OPEN] =
		    { BGP_CLOSING, BGP_ACT_UNEXPECTED },
		[BGP_EV_BAD_HEADER] =		{ BGP_CLOSING, BGP_ACT_NOTIFY },
		[BGP_EV_BAD_OPEN] =
		    { BGP_CLOSING, BGP_ACT_UNEXPECTED },
		[BGP_EV_COLLISION] =
		    { BGP_CLOSING, BGP_ACT_COLLIDE },
		[BGP_EV_MSG_NOTIFICATION] =	{ BGP_IDLE, BGP_ACT_FAIL },
		[BGP_EV_MSG_KEEPALIVE] =
		    { BGP_ESTABLISHED, BGP_ACT_ALIVE },
		[BGP_EV_MSG_UPDATE] =
		    { BGP_ESTABLISHED, BGP_ACT_UPDATE },
		[BGP_EV_BAD_UPDATE] =		{ BGP_CLOSING, BGP_ACT_NOTIFY },
		[BGP_EV_MSG_REFRESH] =
		    { BGP_ESTABLISHED, BGP_ACT_REFRESH },
		[BGP_EV_SENT] =
		    { BGP_ESTABLISHED, BGP_ACT_NONE },
		[BGP_EV_LINGER] =
		    { BGP_CLOSING, BGP_ACT_UNEXPECTED }
	},
	/* Last words are on their way out; what comes in no longer matters. */
	[BGP_CLOSING] = {
		[BGP_EV_START] =		{ BGP_CLOSING, BGP_ACT_NONE },
		[BGP_EV_LISTEN] =		{ BGP_CLOSING, BGP_ACT_NONE },
		[BGP_EV_STOP] =			{ BGP_CLOSING, BGP_ACT_NONE },
		[BGP_EV_RETRY] =		{ BGP_CLOSING, BGP_ACT_NONE },
		[BGP_EV_HOLD] =			{ BGP_CLOSING, BGP_ACT_NONE },
		[BGP_EV_KEEPALIVE] =		{ BGP_CLOSING, BGP_ACT_NONE },
		[BGP_EV_SEND_HOLD] =		{ BGP_CLOSING, BGP_ACT_NONE },
		[BGP_EV_TCP_OPEN] =		{ BGP_CLOSING, BGP_ACT_NONE },
		[BGP_EV_TCP_FAIL] =		{ BGP_IDLE, BGP_ACT_CLOSE },
		[BGP_EV_MSG_OPEN] =		{ BGP_CLOSING, BGP_ACT_NONE },
		[BGP_EV_BAD_HEADER] =		{ BGP_CLOSING, BGP_ACT_NONE },
		[BGP_EV_BAD_OPEN] =		{ BGP_CLOSING, BGP_ACT_NONE },
		[BGP_EV_COLLISION] =		{ BGP_CLOSING, BGP_ACT_NONE },
		[BGP_EV_MSG_NOTIFICATION] =	{ BGP_CLOSING, BGP_ACT_NONE },
		[BGP_EV_MSG_KEEPALIVE] =	{ BGP_CLOSING, BGP_ACT_NONE },
		[BGP_EV_MSG_UPDATE] =		{ BGP_CLOSING, BGP_ACT_NONE },
		[BGP_EV_BAD_UPDATE] =		{ BGP_CLOSING, BGP_ACT_NONE },
		[BGP_EV_MSG_REFRESH] =		{ BGP_CLOSING, BGP_ACT_NONE },
		[BGP_EV_SENT] =			{ BGP_CLOSING, BGP_ACT_SHUT },
		[BGP_EV_LINGER] =		{ BGP_IDLE, BGP_ACT_CLOSE }
	}
};

static const char *const state_names[BGP_NSTATES] = {
	[BGP_HOLE] =		"?",
	[BGP_IDLE] =		"Idle",
	[BGP_CONNECT] =		"Connect",
	[BGP_ACTIVE] =		"Active",
	[BGP_OPENSENT] =	"OpenSent",
	[BGP_OPENCONFIRM] =	"OpenConfirm",
	[BGP_ESTABLISHED] =	"Established",
	[BGP_CLOSING] =		"Closing"
};

static const char *const event_names[BGP_NEVENTS] = {
	[BGP_EV_START] =		"Start",
	[BGP_EV_LISTEN] =		"Start_PassiveTcp",
	[BGP_EV_STOP] =			"Stop",
	[BGP_EV_RETRY] =		"ConnectRetryTimer_Expires",
	[BGP_EV_HOLD] =			"HoldTimer_Expires",
	[BGP_EV_KEEPALIVE] =		"KeepaliveTimer_Expires",
	[BGP_EV_SEND_HOLD] =		"SendHoldTimer_Expires",
	[BGP_EV_TCP_OPEN] =		"TcpConnectionConfirmed",
	[BGP_EV_TCP_FAIL] =		"TcpConnectionFails",
	[BGP_EV_MSG_OPEN] =		"BGPOpen",
	[BGP_EV_BAD_HEADER] =		"BGPHeaderErr",
	[BGP_EV_BAD_OPEN] =		"BGPOpenMsgErr",
	[BGP_EV_COLLISION] =		"OpenCollisionDump",
	[BGP_EV_MSG_NOTIFICATION] =	"NotifMsg",
	[BGP_EV_MSG_KEEPALIVE] =	"KeepAliveMsg",
	[BGP_EV_MSG_UPDATE] =		"UpdateMsg",
	[BGP_EV_BAD_UPDATE] =		"UpdateMsgErr",
	[BGP_EV_MSG_REFRESH] =		"RouteRefreshMsg",
	[BGP_EV_SENT] =			"Sent",
	[BGP_EV_LINGER] =		"LingerTimer_Expires"
};

const struct bgp_edge *
bgp_fsm_edge(enum bgp_state state, enum bgp_event event)
{
	return (&edges[state][event]);
}

void
bgp_fsm_check(void)
{
	fsm_complete("bgp", &edges[0][0].next, sizeof(edges[0][0]),
	    BGP_NSTATES, BGP_NEVENTS);
}

const char *
bgp_state_name(uint8_t state)
{
	return (state_names[state < BGP_NSTATES ? state : BGP_HOLE]);
}

const char *
bgp_event_name(uint8_t event)
{
	return (event < BGP_NEVENTS ? event_names[event] : "?");
}
