/*
 * What relayd6 makes on this host: see plumbing.h.  Runs in the parent, as
 * root; reads nothing from the network.
 */
#include <sys/types.h>
#include <netinet/in.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "os.h"
#include "plumbing.h"

/* 2002::/16, RFC 3056 2 */
static const struct prefix	prefix_6to4 = {
	6, 16, { 0 }, { 0x20, 0x02 }
};

static void
fd_close(int *fd)
{
	if (*fd != -1)
		close(*fd);
	*fd = -1;
}

static void
plumbing_init(struct plumbing *pl, const struct conf_6to4 *conf)
{
	int	 i;

	memset(pl, 0, sizeof(*pl));
	pl->conf = *conf;
	pl->tun = pl->source = pl->icmp4 = -1;
	for (i = 0; i < LIMIT_LISTEN; i++)
		pl->listen[i] = -1;
}

static int
tun_up(struct plumbing *pl)
{
	const struct conf_6to4	*c = &pl->conf;

	pl->tun = os_tun_open(c->interface, c->mtu, &pl->ifindex);
	if (pl->tun != -1)
		return (0);
	if (errno == EBUSY || errno == EEXIST)
		log_warnx("interface %s exists already: is another relay "
		    "running?", c->interface);
	else
		log_warn("interface %s", c->interface);
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

	for (i = 0; i < pl->conf.nlisten; i++) {
		ipaddr_from_in(&a, &pl->conf.listen[i]);
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

	ipaddr_from_in(&a, &pl->conf.source);
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

/*
 * The interface is ours, so no other relay runs: whatever carries our tag was
 * left by a crash.
 */
static int
route_up(struct plumbing *pl)
{
	int	 n;

	if ((n = os_route_sweep()) > 0)
		log_info("%d routes of an earlier run removed", n);
	if (os_route(OS_ADD, &prefix_6to4, pl->ifindex) == -1) {
		log_warn("route 2002::/16 into %s", pl->conf.interface);
		return (-1);
	}
	return (0);
}

int
plumbing_up(struct plumbing *pl, const struct conf_6to4 *conf)
{
	plumbing_init(pl, conf);
	if (!conf->enabled)
		return (0);
	if (tun_up(pl) == -1 || listen_up(pl) == -1 || source_up(pl) == -1 ||
	    route_up(pl) == -1) {
		plumbing_down(pl);
		return (-1);
	}
	return (0);
}

void
plumbing_pass(struct plumbing *pl, struct proc *pr)
{
	static const struct proc_empty	 empty;
	uint32_t			 i;

	if (pl->tun == -1)
		return;
	proc_send(pr, RELAY, M_TUN, &empty, pl->tun);
	proc_send(pr, RELAY, M_SOURCE, &empty, pl->source);
	proc_send(pr, RELAY, M_ICMP4, &empty, pl->icmp4);
	for (i = 0; i < pl->conf.nlisten; i++) {
		proc_send(pr, RELAY, M_LISTEN, &empty, pl->listen[i]);
		pl->listen[i] = -1;
	}
	pl->tun = pl->source = pl->icmp4 = -1;
}

void
plumbing_down(struct plumbing *pl)
{
	struct ipaddr	 a;
	uint32_t	 i;

	if (!pl->conf.enabled)
		return;
	if (pl->ifindex != 0)
		(void)os_route(OS_DEL, &prefix_6to4, pl->ifindex);
	for (i = 0; i < pl->conf.nlisten; i++) {
		fd_close(&pl->listen[i]);
		ipaddr_from_in(&a, &pl->conf.listen[i]);
		if (pl->added[i] && os_loaddr(OS_DEL, &a) == -1)
			log_warn("removing a listen address");
	}
	fd_close(&pl->icmp4);
	fd_close(&pl->source);
	fd_close(&pl->tun);
	memset(&pl->conf, 0, sizeof(pl->conf));
}

int
plumbing_same(const struct plumbing *pl, const struct conf_6to4 *c)
{
	const struct conf_6to4	*old = &pl->conf;

	return (old->enabled == c->enabled && old->mtu == c->mtu &&
	    old->nlisten == c->nlisten &&
	    memcmp(old->listen, c->listen, sizeof(c->listen)) == 0 &&
	    old->source.s_addr == c->source.s_addr &&
	    strcmp(old->interface, c->interface) == 0);
}
