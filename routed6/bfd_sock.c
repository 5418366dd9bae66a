/*
 * Sockets for bfd: see bfd_sock.h.  Runs in the parent; reads nothing from the
 * network.  RFC 5881 4 and 5, RFC 5883 5.
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <net/if.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "bfd_sock.h"
#include "bgp_sock.h"
#include "log.h"
#include "os.h"

static int
is_multihop(uint32_t kind)
{
	return (kind >> 1);
}

static uint16_t
kind_port(uint32_t kind)
{
	return (is_multihop(kind) ? BFD_PORT_MULTIHOP : BFD_PORT);
}

/* Nobody is to be met on an interface that is passive. */
static int
oif_has_bfd(const struct ospf_conf_if *c)
{
	return ((c->bfd.flags & BFD_F_ON) && !(c->flags & OSPF_F_PASSIVE));
}

/* Bits of the kinds of session that a configuration has. */
static uint32_t
kinds_needed(const struct routed6_conf *conf)
{
	const struct bgp_conf_peer	*c;
	uint32_t			 i, kinds = 0;

	for (i = 0; i < conf->npeers; i++) {
		c = &conf->peers[i];
		if (c->bfd.flags & BFD_F_ON)
			kinds |= 1U << BFD_LISTENER(c->remote.af,
			    !!(c->bfd.flags & BFD_F_MULTIHOP));
	}
	for (i = 0; i < conf->ospf.nifs; i++)
		if (oif_has_bfd(&conf->ospf.interface[i]))
			kinds |= 1U << BFD_LISTENER(6, 0);
	return (kinds);
}

void
bfd_socks_init(struct bfd_socks *s)
{
	int	 i;

	s->given = 0;
	for (i = 0; i < BFD_LISTENERS; i++)
		s->fd[i] = -1;
}

static void
unhanded_close(struct bfd_socks *s)
{
	int	 i;

	for (i = 0; i < BFD_LISTENERS; i++) {
		if (s->fd[i] != -1)
			close(s->fd[i]);
		s->fd[i] = -1;
	}
}

int
bfd_socks_open(struct bfd_socks *s, const struct routed6_conf *conf)
{
	uint32_t	 i, missing = kinds_needed(conf) & ~s->given;

	for (i = 0; i < BFD_LISTENERS; i++) {
		if (!(missing & 1U << i) || s->fd[i] != -1)
			continue;
		s->fd[i] = os_hops_listen(i & 1 ? 6 : 4, kind_port(i),
		    is_multihop(i) ? 1 : BFD_HOPS_SINGLE);
		if (s->fd[i] == -1) {
			log_warn("BFD on IPv%d port %u", i & 1 ? 6 : 4,
			    kind_port(i));
			unhanded_close(s);
			return (-1);
		}
	}
	return (0);
}

void
bfd_socks_pass(struct bfd_socks *s, const struct routed6_conf *conf,
    struct proc *pr)
{
	struct routed_bfd_listener	 l;
	uint32_t			 needed = kinds_needed(conf);

	for (l.kind = 0; l.kind < BFD_LISTENERS; l.kind++) {
		if (!(needed & 1U << l.kind)) {
			if (s->given & 1U << l.kind)
				proc_send(pr, BFD, M_BFD_UNLISTEN, &l, -1);
		} else if (s->fd[l.kind] != -1) {
			proc_send(pr, BFD, M_BFD_LISTEN, &l, s->fd[l.kind]);
			s->fd[l.kind] = -1;
		}
	}
	unhanded_close(s);
	s->given = needed;
}

void
bfd_keys_pass(const struct routed6_conf *conf, struct proc *pr)
{
	struct routed_bfd_key	 k;
	uint32_t		 i;

	memset(&k, 0, sizeof(k));
	for (i = 0; i < conf->npeers; i++) {
		k.number = conf->peers[i].bfd.key;
		k.key = conf->secrets[i].bfd;
		if (k.number != 0)
			proc_send(pr, BFD, M_BFD_KEY, &k, -1);
	}
	for (i = 0; i < conf->ospf.nifs; i++) {
		k.number = conf->ospf.interface[i].bfd.key;
		k.key = conf->oif_keys[i];
		if (k.number != 0)
			proc_send(pr, BFD, M_BFD_KEY, &k, -1);
	}
	explicit_bzero(&k, sizeof(k));
}

/* Has anybody in the configuration BFD with this address? */
static int
is_named(const struct routed6_conf *conf, const struct routed_bfd *session)
{
	const struct bgp_conf_peer	*c;
	struct prefix			 p;
	uint32_t			 i;

	for (i = 0; i < conf->npeers; i++) {
		c = &conf->peers[i];
		if (!(c->bfd.flags & BFD_F_ON))
			continue;
		p = bgp_conf_prefix(c);
		if (ipaddr_equal(&c->remote, &session->remote) ||
		    ((c->flags & BGP_F_RANGE) && prefix_covers(&p,
		    session->remote.af, session->remote.b)))
			return (1);
	}
	return (0);
}

/* Are neighbors by OSPF, whoever they are, on the link of this address? */
static int
is_on_link(const struct ospf_conf *conf, const struct routed_bfd *session)
{
	const struct ospf_conf_if	*c;

	if (session->multihop || !ipaddr_is_linklocal(&session->remote) ||
	    session->remote.scope == 0)
		return (0);
	for (c = conf->interface; c < conf->interface + conf->nifs; c++)
		if (oif_has_bfd(c) &&
		    if_nametoindex(c->name) == session->remote.scope)
			return (1);
	return (0);
}

static void
local_find(int fd, struct routed_bfd_socket *bs)
{
	struct sockaddr_storage	 ss;
	socklen_t		 len = sizeof(ss);
	uint16_t		 port;

	if (getsockname(fd, (struct sockaddr *)&ss, &len) == -1 ||
	    ipaddr_from_sa(&bs->local, &port, (struct sockaddr *)&ss) == -1)
		return;
	bs->port = port;
}

int
bfd_socks_connect(const struct routed6_conf *conf,
    struct routed_bfd_socket *bs)
{
	int	 fd;

	if (!is_named(conf, &bs->session) &&
	    !is_on_link(&conf->ospf, &bs->session)) {
		bs->error = ENOENT;
		return (-1);
	}
	fd = os_hops_connect(&bs->local, &bs->session.remote,
	    bs->session.multihop ? BFD_PORT_MULTIHOP : BFD_PORT,
	    BFD_PORT_FROM);
	if (fd == -1)
		bs->error = errno;
	else
		local_find(fd, bs);
	return (fd);
}
