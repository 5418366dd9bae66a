/*
 * What comes in on one connection of a BGP neighbor: the stream is cut into
 * messages, these are judged and given to the state machine.  Engine of the
 * bgp process; no I/O, no clock, keeps no route.  RFC 4271 4, 6.1-6.3 and 6.8
 * (collisions), RFC 5492 3 (old speakers), RFC 6286 (identifiers), RFC 2918 and
 * 7313 (refresh), RFC 4486 (too many prefixes), RFC 9234 (roles).
 */
#include <string.h>
#include <syslog.h>

#include "bgp_conn.h"

/* RFC 9234 4.2, table 2: do the roles of both ends belong together? */
static int
role_fits(const struct bgp_conf_peer *conf, const struct bgp_open *o)
{
	static const uint8_t	 pair[BGP_NROLES] = {
		[BGP_ROLE_PROVIDER] = BGP_ROLE_CUSTOMER,
		[BGP_ROLE_RS] = BGP_ROLE_RS_CLIENT,
		[BGP_ROLE_RS_CLIENT] = BGP_ROLE_RS,
		[BGP_ROLE_CUSTOMER] = BGP_ROLE_PROVIDER,
		[BGP_ROLE_PEER] = BGP_ROLE_PEER
	};

	if (conf->local_as == conf->remote_as)
		return (1);
	if (o->roles_differ)
		return (0);
	if (conf->role == BGP_ROLE_NONE)
		return (1);
	if (!(o->caps & BGP_CAP_ROLE))
		return (!(conf->flags & BGP_F_STRICT));
	return (o->role == pair[conf->role]);
}

/*
 * RFC 4271 6.2: does an OPEN that is right in itself suit us?  Returns 0, or
 * the subcode to refuse it with, and says what an operator must know for it.
 */
static uint8_t
open_check(struct bgp_conn *c)
{
	static const char *const	 roles[BGP_NROLES + 1] =
					    BGP_ROLE_NAMES;
	const struct bgp_conf_peer	*conf = &c->peer->conf;
	const struct bgp_open		*o = &c->got;

	if (o->as != conf->remote_as) {
		bgp_conn_failure(c, "it is in AS %u, not %u", o->as,
		    conf->remote_as);
		return (BGP_OPEN_AS);
	}
	/* RFC 6286 2.2: in one AS identifiers must differ. */
	if (o->id == 0 || (o->id == conf->router_id &&
	    conf->remote_as == conf->local_as)) {
		bgp_conn_failure(c, "its identifier is %s",
		    o->id == 0 ? "0.0.0.0" : "ours");
		return (BGP_OPEN_ID);
	}
	if (o->hold == 1 || o->hold == 2) {
		bgp_conn_failure(c, "it wants a hold time of %u s", o->hold);
		return (BGP_OPEN_HOLD);
	}
	if (!role_fits(conf, o)) {
		bgp_conn_failure(c, "its role is %s, ours %s",
		    o->role < BGP_NROLES ? roles[o->role] : "unknown",
		    roles[conf->role]);
		return (BGP_OPEN_ROLE);
	}
	return (0);
}

/* RFC 4271 6.8, RFC 6286 2.3: whose connections survive? */
static enum bgp_side
collision_winner(const struct bgp_conf_peer *conf, const struct bgp_open *o)
{
	if (conf->router_id != o->id)
		return (conf->router_id > o->id ? BGP_OUT : BGP_IN);
	return (conf->local_as > o->as ? BGP_OUT : BGP_IN);
}

/*
 * The OPEN on c shows who is there; is there a connection with them already?
 * Then one of the two goes.  True when c may stay.
 */
static int
collision_resolve(struct bgp_conn *c)
{
	struct bgp_conn	*other = bgp_conn_other(c), *loser = c;

	if (other->state != BGP_OPENCONFIRM &&
	    other->state != BGP_ESTABLISHED)
		return (1);
	if (other->state == BGP_OPENCONFIRM &&
	    collision_winner(&c->peer->conf, &c->got) == c->side)
		loser = other;
	bgp_conn_event(loser, BGP_EV_COLLISION);
	return (loser != c);
}

/* True when the OPEN is good; else the error to send is set. */
static int
open_accept(struct bgp_conn *c, struct rd *r)
{
	uint8_t	 sub;

	if (bgp_open_parse(r, &c->got, &c->bye) == -1)
		return (0);
	if ((sub = open_check(c)) != 0)
		bgp_error_set(&c->bye, BGP_E_OPEN, sub, NULL, 0);
	return (sub == 0);
}

static void
open_input(struct bgp_conn *c, struct rd *r)
{
	if (c->state == BGP_OPENSENT || c->state == BGP_DELAYOPEN) {
		if (!open_accept(c, r)) {
			bgp_conn_event(c, BGP_EV_BAD_OPEN);
			return;
		}
		if (!collision_resolve(c))
			return;
	}
	bgp_conn_event(c, BGP_EV_MSG_OPEN);
}

static void
prefix_heard(void *arg, int reach, const struct prefix *p)
{
	struct bgp_conn	*c = arg;

	if (reach && c->update.verdict != BGP_V_WITHDRAW)
		bgp_heard_add(&c->peer->heard, p);
	else
		bgp_heard_del(&c->peer->heard, p);
}

/* Keep the number of the peer's prefixes, where there is a bound on it. */
static void
prefixes_count(struct bgp_conn *c, struct rd *r)
{
	struct bgp_peer	*p = c->peer;

	if (p->conf.max_prefix == 0 || c->state != BGP_ESTABLISHED)
		return;
	bgp_update_each(r, prefix_heard, c);
	if (p->heard.n > p->conf.max_prefix)
		bgp_peer_overrun(p);
}

static void
update_input(struct bgp_conn *c, struct rd *r)
{
	struct rd	 body = *r;
	char		 text[BGP_ERROR_TEXT];

	if (c->state != BGP_ESTABLISHED) {
		bgp_conn_event(c, BGP_EV_MSG_UPDATE);
		return;
	}
	if (bgp_update_parse(r, &c->peer->adj.s, &c->update, &c->bye) == -1) {
		bgp_conn_event(c, BGP_EV_BAD_UPDATE);
		return;
	}
	if (c->update.verdict == BGP_V_WITHDRAW)
		bgp_peer_log(c->peer, LOG_DEBUG, "treated as withdrawal: %s",
		    bgp_error_print(&c->bye, text, sizeof(text)));
	bgp_conn_event(c, BGP_EV_MSG_UPDATE);
	prefixes_count(c, &body);
}

/*
 * RFC 5492 3: a peer that knows no capabilities is asked for a session without
 * them, which can have IPv4 only.  Once: it may be another one next time.
 */
static void
caps_refused(struct bgp_conn *c, const struct bgp_error *e)
{
	if (e->code != BGP_E_OPEN || e->subcode != BGP_OPEN_PARAMETER ||
	    c->plain || (c->state != BGP_OPENSENT &&
	    c->state != BGP_OPENCONFIRM))
		return;
	c->peer->plain = 1;
	bgp_peer_log(c->peer, LOG_WARNING, "it knows no capabilities: once "
	    "without them, and so without IPv6 prefixes");
}

static void
notification_input(struct bgp_conn *c, struct rd *r)
{
	struct bgp_peer		*p = c->peer;
	struct bgp_error	 e;

	if (bgp_notification_parse(r, &e) == 0) {
		bgp_error_print(&e, p->stats.error_in,
		    sizeof(p->stats.error_in));
		p->stats.error_in_at = p->now;
	}
	bgp_peer_log(p, bgp_error_priority(&e), "closed by peer: %s",
	    p->stats.error_in);
	caps_refused(c, &e);
	bgp_conn_event(c, BGP_EV_MSG_NOTIFICATION);
}

/*
 * RFC 7313 5: a mark of the wrong length has an error of its own.  Without
 * the capability the octet that tells it from a request means nothing (RFC
 * 2918 3).
 */
static void
refresh_bad(struct bgp_conn *c, uint8_t kind, const uint8_t *msg, size_t len)
{
	if ((c->got.caps & BGP_CAP_ERR) && kind != BGP_REFRESH_ASK)
		bgp_error_set(&c->bye, BGP_E_REFRESH, BGP_REFRESH_LENGTH, msg,
		    len);
	else
		bgp_error_set(&c->bye, BGP_E_HEADER, BGP_HEADER_LENGTH,
		    msg + BGP_HEADER_LEN - 3, 2);
	bgp_conn_event(c, BGP_EV_BAD_HEADER);
}

/*
 * Tell again what the peer asks for.  Families that we do not announce are
 * ignored (RFC 2918 4), and so are the marks around what the peer tells again,
 * since we keep nothing of it.
 */
static void
refresh_input(struct bgp_conn *c, struct rd *r, const uint8_t *msg,
    size_t len)
{
	uint16_t	 afi;
	uint8_t		 kind, safi;

	if (bgp_refresh_parse(r, &afi, &kind, &safi) == -1) {
		refresh_bad(c, kind, msg, len);
		return;
	}
	bgp_conn_event(c, BGP_EV_MSG_REFRESH);
	if (c->state != BGP_ESTABLISHED || safi != BGP_SAFI_UNICAST ||
	    (afi != BGP_AFI_IP && afi != BGP_AFI_IP6) ||
	    ((c->got.caps & BGP_CAP_ERR) && kind != BGP_REFRESH_ASK))
		return;
	bgp_conn_retell(c, afi == BGP_AFI_IP ? 4 : 6);
}

static void
message_input(struct bgp_conn *c, uint8_t type, const uint8_t *msg,
    size_t len)
{
	struct rd	 r;

	rd_init(&r, msg + BGP_HEADER_LEN, len - BGP_HEADER_LEN);
	c->type = type;
	c->peer->stats.msg_in[type]++;
	switch (type) {
	case BGP_OPEN:
		open_input(c, &r);
		break;
	case BGP_UPDATE:
		update_input(c, &r);
		break;
	case BGP_NOTIFICATION:
		notification_input(c, &r);
		break;
	case BGP_KEEPALIVE:
		bgp_conn_event(c, BGP_EV_MSG_KEEPALIVE);
		break;
	case BGP_REFRESH:
		refresh_input(c, &r, msg, len);
		break;
	}
}

/* Does what comes in still matter? */
static int
conn_listens(const struct bgp_conn *c)
{
	return (c->open && c->in != NULL && (c->state == BGP_DELAYOPEN ||
	    c->state == BGP_OPENSENT || c->state == BGP_OPENCONFIRM ||
	    c->state == BGP_ESTABLISHED));
}

/* Handle the whole messages that are in the buffer. */
static void
messages_input(struct bgp_conn *c)
{
	size_t	 off = 0;
	ssize_t	 len;
	uint8_t	 type;

	while (conn_listens(c)) {
		len = bgp_frame(c->in + off, c->in_len - off, c->in_size,
		    &type, &c->bye);
		if (len == -1)
			bgp_conn_event(c, BGP_EV_BAD_HEADER);
		if (len <= 0)
			break;
		message_input(c, type, c->in + off, (size_t)len);
		off += (size_t)len;
	}
	if (!conn_listens(c)) {
		c->in_len = 0;
		return;
	}
	c->in_len -= off;
	memmove(c->in, c->in + off, c->in_len);
}

void
bgp_conn_input(struct bgp_conn *c, const uint8_t *buf, size_t len)
{
	size_t	 n;

	while (len > 0 && conn_listens(c)) {
		n = c->in_size - c->in_len;
		if (n > len)
			n = len;
		memcpy(c->in + c->in_len, buf, n);
		c->in_len += n;
		buf += n;
		len -= n;
		messages_input(c);
	}
}
