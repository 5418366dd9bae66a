/*
 * Which link-local address belongs to another of ours: see os.h.  Asked by a
 * parent about one connection at a time.
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <net/if.h>
#include <netinet/in.h>

#include <errno.h>
#include <ifaddrs.h>
#include <string.h>

#include "os.h"

/* The address at sa, when it is an IPv6 one. */
static int
address6(struct ipaddr *a, const struct sockaddr *sa)
{
	uint16_t	 port;

	return (sa != NULL && sa->sa_family == AF_INET6 &&
	    ipaddr_from_sa(a, &port, sa) == 0);
}

/* Do two addresses agree in the bits of an interface's mask? */
static int
same_link(const struct sockaddr *netmask, const struct ipaddr *a,
    const struct ipaddr *b)
{
	struct ipaddr	 mask;
	size_t		 i;

	if (!address6(&mask, netmask))
		return (0);
	for (i = 0; i < sizeof(mask.b); i++)
		if ((a->b[i] ^ b->b[i]) & mask.b[i])
			return (0);
	return (1);
}

/* The name of the interface on which both are neighbors, or NULL. */
static const char *
link_find(const struct ifaddrs *ifa, const struct ipaddr *local,
    const struct ipaddr *remote)
{
	struct ipaddr	 a;

	for (; ifa != NULL; ifa = ifa->ifa_next)
		if (address6(&a, ifa->ifa_addr) && ipaddr_equal(&a, local) &&
		    same_link(ifa->ifa_netmask, local, remote))
			return (ifa->ifa_name);
	return (NULL);
}

int
os_linklocal(const struct ipaddr *local, const struct ipaddr *remote,
    struct ipaddr *linklocal)
{
	static const struct prefix	 fe80 = {
		.af = 6, .len = 10, .b = { 0xfe, 0x80 }
	};
	struct ifaddrs			*all, *ifa;
	const char			*name = NULL;
	int				 found = 0;

	if (getifaddrs(&all) == -1)
		return (-1);
	if (local->af == 6 && remote->af == 6)
		name = link_find(all, local, remote);
	for (ifa = all; name != NULL && ifa != NULL && !found;
	    ifa = ifa->ifa_next)
		found = strcmp(ifa->ifa_name, name) == 0 &&
		    address6(linklocal, ifa->ifa_addr) &&
		    prefix_covers(&fe80, 6, linklocal->b);
	freeifaddrs(all);
	errno = ENOENT;
	return (found ? 0 : -1);
}
