/*
 * What relayd6 makes on this host: see plumbing.h.  Runs in the parent, as
 * root; reads nothing from the network.
 */
#include <sys/types.h>
#include <netinet/in.h>

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "os.h"
#include "plumbing.h"

static void
fd_close(int *fd)
{
	if (*fd != -1)
		close(*fd);
	*fd = -1;
}

static void
plumbing_init(struct plumbing *pl, const struct relayd6_conf *conf)
{
	int	 i;

	memset(pl, 0, sizeof(*pl));
	pl->sixtofour = conf->sixtofour;
	pl->teredo = conf->teredo;
	pl->source = pl->icmp4 = pl->udp = -1;
	for (i = 0; i < RELAY_NKINDS; i++)
		pl->tun[i] = -1;
	for (i = 0; i < LIMIT_LISTEN; i++)
		pl->listen[i] = -1;
}

#define RETRY_MS	20

static int
tun_up(struct plumbing *pl, enum relay_kind kind, const char *name,
    uint32_t mtu, int wait_ms)
{
	for (;; wait_ms -= RETRY_MS) {
		pl->tun[kind] = os_tun_open(name, mtu, &pl->ifindex[kind]);
		if (pl->tun[kind] != -1 || wait_ms <= 0 ||
		    (errno != EBUSY && errno != EEXIST))
			break;
		poll(NULL, 0, RETRY_MS);
	}
	if (pl->tun[kind] != -1)
		return (0);
	if (errno == EBUSY || errno == EEXIST)
		log_warnx("interface %s exists already: is another relay "
		    "running?", name);
	else
		log_warn("interface %s", name);
	return (-1);
}

/*
 * The interfaces are ours, so no other relay runs: whatever carries our tag
 * was left by a crash.
 */
static void
sweep(void)
{
	int	 n;

	if ((n = os_route_sweep()) > 0)
		log_info("%d routes of an earlier run removed", n);
}

static int
route_up(struct plumbing *pl, enum relay_kind kind)
{
	const struct prefix	*p = kind_prefix(kind);
	char			 buf[PREFIX_STRLEN];

	if (os_route(OS_ADD, p, pl->ifindex[kind]) == 0)
		return (0);
	log_warn("route %s", prefix_print(p, buf, sizeof(buf)));
	return (-1);
}

/* Give this host the addresses it lacks, and listen on each. */
static int
listen_up(struct plumbing *pl)
{
	struct ipaddr	 a;
	char		 buf[IPADDR_STRLEN];
	uint32_t	 i;
	int		 rv;

	for (i = 0; i < pl->sixtofour.nlisten; i++) {
		ipaddr_from_in(&a, &pl->sixtofour.listen[i]);
		if ((rv = os_loaddr(OS_ADD, &a)) != -1) {
			pl->added[i] = rv == 0;
			pl->listen[i] = os_raw41_listen(&a);
		}
		if (pl->listen[i] == -1) {
			log_warn("listen on %s",
			    ipaddr_print(&a, buf, sizeof(buf)));
			return (-1);
		}
	}
	return (0);
}

static int
source_up(struct plumbing *pl)
{
	struct ipaddr	 a;
	char		 buf[IPADDR_STRLEN];

	ipaddr_from_in(&a, &pl->sixtofour.source);
	if ((pl->source = os_raw41_source(&a)) == -1) {
		log_warn("source %s", ipaddr_print(&a, buf, sizeof(buf)));
		return (-1);
	}
	if ((pl->icmp4 = os_icmp4_listen()) == -1) {
		log_warn("ICMP socket");
		return (-1);
	}
	return (0);
}

static int
udp_up(struct plumbing *pl)
{
	struct ipaddr	 a;
	char		 buf[IPADDR_STRLEN];

	ipaddr_from_in(&a, &pl->teredo.listen);
	if ((pl->udp = os_udp4_listen(&a, pl->teredo.port)) != -1)
		return (0);
	log_warn("listen on %s port %u", ipaddr_print(&a, buf, sizeof(buf)),
	    pl->teredo.port);
	return (-1);
}

/* Tuns, addresses and sockets first: the routes begin to draw packets. */
static int
all_up(struct plumbing *pl, int wait_ms)
{
	const struct conf_6to4		*six = &pl->sixtofour;
	const struct conf_teredo	*ter = &pl->teredo;

	if (six->enabled &&
	    tun_up(pl, RELAY_6TO4, six->interface, six->mtu, wait_ms) == -1)
		return (-1);
	if (ter->enabled &&
	    tun_up(pl, RELAY_TEREDO, ter->interface, ter->mtu, wait_ms) == -1)
		return (-1);
	sweep();
	if (six->enabled && (listen_up(pl) == -1 || source_up(pl) == -1 ||
	    route_up(pl, RELAY_6TO4) == -1))
		return (-1);
	if (ter->enabled && (udp_up(pl) == -1 ||
	    route_up(pl, RELAY_TEREDO) == -1))
		return (-1);
	return (0);
}

int
plumbing_up(struct plumbing *pl, const struct relayd6_conf *conf, int wait_ms)
{
	plumbing_init(pl, conf);
	if (all_up(pl, wait_ms) == 0)
		return (0);
	plumbing_down(pl);
	return (-1);
}

static void
pass(struct proc *pr, uint32_t type, int *fd)
{
	static const struct proc_empty	 empty;

	if (*fd != -1)
		proc_send(pr, RELAY, type, &empty, *fd);
	*fd = -1;
}

void
plumbing_pass(struct plumbing *pl, struct proc *pr)
{
	struct relay_kind_note	 note;
	int			 i;

	for (i = 0; i < RELAY_NKINDS; i++) {
		note.kind = i;
		if (pl->tun[i] != -1)
			proc_send(pr, RELAY, M_TUN, &note, pl->tun[i]);
		pl->tun[i] = -1;
	}
	pass(pr, M_SOURCE, &pl->source);
	pass(pr, M_ICMP4, &pl->icmp4);
	pass(pr, M_UDP, &pl->udp);
	for (i = 0; i < LIMIT_LISTEN; i++)
		pass(pr, M_LISTEN, &pl->listen[i]);
}

void
plumbing_down(struct plumbing *pl)
{
	struct ipaddr	 a;
	int		 i;

	for (i = 0; i < RELAY_NKINDS; i++)
		if (pl->ifindex[i] != 0)
			(void)os_route(OS_DEL, kind_prefix(i),
			    pl->ifindex[i]);
	for (i = 0; i < LIMIT_LISTEN; i++) {
		fd_close(&pl->listen[i]);
		ipaddr_from_in(&a, &pl->sixtofour.listen[i]);
		if (pl->added[i] && os_loaddr(OS_DEL, &a) == -1)
			log_warn("removing a listen address");
		pl->added[i] = 0;
	}
	fd_close(&pl->udp);
	fd_close(&pl->icmp4);
	fd_close(&pl->source);
	for (i = 0; i < RELAY_NKINDS; i++) {
		fd_close(&pl->tun[i]);
		pl->ifindex[i] = 0;
	}
}

static int
same_6to4(const struct conf_6to4 *a, const struct conf_6to4 *b)
{
	return (a->enabled == b->enabled && a->mtu == b->mtu &&
	    a->nlisten == b->nlisten &&
	    memcmp(a->listen, b->listen, sizeof(a->listen)) == 0 &&
	    a->source.s_addr == b->source.s_addr &&
	    strcmp(a->interface, b->interface) == 0);
}

static int
same_teredo(const struct conf_teredo *a, const struct conf_teredo *b)
{
	return (a->enabled == b->enabled && a->mtu == b->mtu &&
	    a->listen.s_addr == b->listen.s_addr && a->port == b->port &&
	    strcmp(a->interface, b->interface) == 0);
}

int
plumbing_same(const struct plumbing *pl, const struct relayd6_conf *conf)
{
	return (same_6to4(&pl->sixtofour, &conf->sixtofour) &&
	    same_teredo(&pl->teredo, &conf->teredo));
}
