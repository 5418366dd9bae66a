/*
 * Sockets and keys for bgp: see bgp_sock.h.  Runs in the parent; reads nothing
 * from the network.
 */
#include <sys/types.h>
#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "bgp_sock.h"
#include "log.h"
#include "os.h"

#define HOPS_LISTEN	255	/* RFC 5082 3: also the first answer */

struct prefix
bgp_conf_prefix(const struct bgp_conf_peer *c)
{
	struct prefix	 p;

	memset(&p, 0, sizeof(p));
	p.af = c->remote.af;
	p.len = c->flags & BGP_F_RANGE ? c->plen :
	    8 * ipaddr_size(c->remote.af);
	memcpy(p.b, c->remote.b, sizeof(p.b));
	return (p);
}

static int
peer_same(const struct bgp_conf_peer *a, const struct bgp_conf_peer *b)
{
	return (ipaddr_equal(&a->remote, &b->remote) && a->plen == b->plen &&
	    !((a->flags ^ b->flags) & BGP_F_RANGE));
}

/* The place of the same neighbor in another configuration, or -1. */
static int
peer_place(const struct routed6_conf *conf, const struct bgp_conf_peer *c)
{
	uint32_t	 i;

	for (i = 0; conf != NULL && i < conf->npeers; i++)
		if (peer_same(&conf->peers[i], c))
			return (i);
	return (-1);
}

/* --- keys -------------------------------------------------------------- */

/* Another number, unless the key is the one that had it. */
static uint32_t
key_number(struct bgp_socks *s, int same, uint32_t was)
{
	return (same && was != 0 ? was : ++s->last_key);
}

static void
bfd_number(struct bgp_socks *s, struct bfd_conf *c, const struct bfd_key *key,
    const struct bfd_conf *was, const struct bfd_key *was_key)
{
	c->key = 0;
	if (key->type != BFD_AUTH_NONE)
		c->key = key_number(s, memcmp(key, was_key,
		    sizeof(*key)) == 0, was->key);
}

/* Interfaces are told apart by their place: who moves gets another number. */
static void
oifs_number(struct bgp_socks *s, const struct routed6_conf *was,
    struct routed6_conf *is)
{
	uint32_t	 i;

	for (i = 0; i < is->ospf.nifs; i++)
		bfd_number(s, &is->ospf.interface[i].bfd, &is->oif_keys[i],
		    &was->ospf.interface[i].bfd, &was->oif_keys[i]);
}

static void
peer_number(struct bgp_socks *s, struct bgp_conf_peer *c,
    const struct conf_secret *secret, const struct bgp_conf_peer *was,
    const struct conf_secret *was_secret)
{
	c->key = 0;
	if (c->flags & BGP_F_MD5)
		c->key = key_number(s, strcmp(secret->key,
		    was_secret->key) == 0, was->key);
	bfd_number(s, &c->bfd, &secret->bfd, &was->bfd, &was_secret->bfd);
}

void
socks_number(struct bgp_socks *s, const struct routed6_conf *was,
    struct routed6_conf *is)
{
	static const struct bgp_conf_peer	 no_peer;
	static const struct conf_secret		 no_secret;
	uint32_t				 i;
	int					 old;

	for (i = 0; i < is->npeers; i++) {
		old = peer_place(was, &is->peers[i]);
		peer_number(s, &is->peers[i], &is->secrets[i],
		    old == -1 ? &no_peer : &was->peers[old],
		    old == -1 ? &no_secret : &was->secrets[old]);
	}
	if (was == NULL)
		was = is;	/* which has no numbers yet */
	oifs_number(s, was, is);
}

/* One key on the listeners of its family; NULL takes it away. */
static int
key_set(const struct bgp_socks *s, const struct conf_global *g,
    const struct bgp_conf_peer *c, const char *key)
{
	struct prefix	 p = bgp_conf_prefix(c);
	uint32_t	 i;

	for (i = 0; i < s->n; i++)
		if (g->listen[i].af == p.af &&
		    os_tcp_md5(s->listener[i], &p, key) == -1) {
			log_warn("password of neighbor %s", c->name);
			return (-1);
		}
	return (0);
}

/* All keys of is, and none that only was has. */
static int
keys_apply(const struct bgp_socks *s, const struct conf_global *g,
    const struct routed6_conf *was, const struct routed6_conf *is)
{
	const struct bgp_conf_peer	*c;
	uint32_t			 i;
	int				 new;

	for (i = 0; was != NULL && i < was->npeers; i++) {
		c = &was->peers[i];
		new = peer_place(is, c);
		if ((c->flags & BGP_F_MD5) && (new == -1 ||
		    !(is->peers[new].flags & BGP_F_MD5)) &&
		    key_set(s, g, c, NULL) == -1)
			return (-1);
	}
	for (i = 0; i < is->npeers; i++)
		if ((is->peers[i].flags & BGP_F_MD5) && key_set(s, g,
		    &is->peers[i], is->secrets[i].key) == -1)
			return (-1);
	return (0);
}

/*
 * The least hop limit that any neighbor of a family may come with: what is
 * below it nobody needs to see.  bgp insists on more where it accepts.
 */
static uint8_t
hops_least(const struct routed6_conf *conf, uint8_t af)
{
	uint8_t		 least = HOPS_LISTEN;
	uint32_t	 i;

	for (i = 0; i < conf->npeers; i++)
		if (conf->peers[i].remote.af == af &&
		    conf->peers[i].hops_min < least)
			least = conf->peers[i].hops_min;
	return (least);
}

static int
hops_apply(const struct bgp_socks *s, const struct conf_global *g,
    const struct routed6_conf *conf)
{
	uint32_t	 i;

	for (i = 0; i < s->n; i++)
		if (os_tcp_hops_min(s->listener[i], hops_least(conf,
		    g->listen[i].af)) == -1) {
			log_warn("least hop limit of a listener");
			return (-1);
		}
	return (0);
}

int
socks_rekey(struct bgp_socks *s, const struct routed6_conf *was,
    const struct routed6_conf *is)
{
	/* The listeners are still those of the old one. */
	if (keys_apply(s, &was->global, was, is) == 0 &&
	    hops_apply(s, &was->global, is) == 0)
		return (0);
	(void)keys_apply(s, &was->global, is, was);
	(void)hops_apply(s, &was->global, was);
	return (-1);
}

/* --- listeners --------------------------------------------------------- */

void
socks_close(struct bgp_socks *s)
{
	while (s->n > 0)
		close(s->listener[--s->n]);
}

static int
listener_open(struct bgp_socks *s, const struct ipaddr *a)
{
	char	 buf[IPADDR_STRLEN];
	int	 fd;

	if ((fd = os_tcp_listen(a, BGP_PORT)) == -1) {
		log_warn("listen on %s port %d",
		    ipaddr_print(a, buf, sizeof(buf)), BGP_PORT);
		return (-1);
	}
	s->listener[s->n++] = fd;
	if (os_tcp_hops(fd, HOPS_LISTEN) == -1) {
		log_warn("hop limit of a listener");
		return (-1);
	}
	return (0);
}

int
socks_listen(struct bgp_socks *s, const struct routed6_conf *conf)
{
	const struct conf_global	*g = &conf->global;
	uint32_t			 i;
	int				 ok = 1;

	for (i = 0; i < g->nlisten && ok; i++)
		ok = listener_open(s, &g->listen[i]) == 0;
	if (ok && keys_apply(s, g, NULL, conf) == 0 &&
	    hops_apply(s, g, conf) == 0)
		return (0);
	socks_close(s);
	return (-1);
}

void
socks_pass(const struct bgp_socks *s, struct proc *pr)
{
	static const struct proc_empty	 empty;
	uint32_t			 i;
	int				 fd;

	for (i = 0; i < s->n; i++) {
		if ((fd = fcntl(s->listener[i], F_DUPFD_CLOEXEC, 0)) == -1)
			fatal("listener");
		proc_send(pr, BGP, M_LISTEN, &empty, fd);
	}
}

/* --- connections ------------------------------------------------------- */

void
socks_linklocal(struct routed_peer *rp)
{
	if (os_linklocal(&rp->local, &rp->remote, &rp->linklocal) == -1)
		memset(&rp->linklocal, 0, sizeof(rp->linklocal));
}

/* The kernel has chosen an address as soon as it was asked to connect. */
static void
local_find(int fd, struct routed_peer *rp)
{
	struct sockaddr_storage	 ss;
	socklen_t		 len = sizeof(ss);
	uint16_t		 port;

	memset(&rp->local, 0, sizeof(rp->local));
	if (getsockname(fd, (struct sockaddr *)&ss, &len) != -1)
		(void)ipaddr_from_sa(&rp->local, &port,
		    (struct sockaddr *)&ss);
	socks_linklocal(rp);
}

int
socks_connect(const struct routed6_conf *conf, struct routed_peer *rp)
{
	const struct bgp_conf_peer	*c;
	struct os_tcp			 how;
	uint32_t			 i;
	int				 fd;

	for (i = 0; i < conf->npeers; i++) {
		c = &conf->peers[i];
		if ((c->flags & BGP_F_RANGE) ||
		    !ipaddr_equal(&c->remote, &rp->remote))
			continue;
		how.local = c->local;
		how.hops = c->hops;
		how.hops_min = c->hops_min;
		how.key = c->flags & BGP_F_MD5 ? conf->secrets[i].key : NULL;
		if ((fd = os_tcp_connect(&c->remote, BGP_PORT, &how)) == -1)
			rp->error = errno;
		else
			local_find(fd, rp);
		return (fd);
	}
	rp->error = ENOENT;
	return (-1);
}
