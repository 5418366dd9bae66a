/*
 * The tun device: see os.h.  Made by the parent, read and written by the
 * relay process.  Packets are bare IPv6; nothing here looks into them.
 */
#include <sys/types.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/if_tun.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "nl.h"
#include "os.h"

#define TUN_TXQLEN	1000	/* packets; shorter queues lose bursts */
#define TUN_MTU_NO_IPV6	1279	/* RFC 8200 section 5: 1280 at least */

/* "tun%d" would let the kernel choose another name than the one given. */
static int
name_valid(const char *name)
{
	return (*name != '\0' && strlen(name) < IFNAMSIZ &&
	    strchr(name, '%') == NULL);
}

static struct ifinfomsg *
link_request(struct nl_request *rq, unsigned int ifindex)
{
	struct ifinfomsg	*ifi;

	ifi = nl_request(rq, RTM_NEWLINK, 0, sizeof(*ifi));
	ifi->ifi_index = ifindex;
	return (ifi);
}

/*
 * A tun is born multicast, and on a router the kernel has joined it to
 * ff02::2 at once, to be reported when it comes up.  Taking the flag away
 * does not undo that; an MTU that is too small for IPv6 does.
 */
static int
link_unicast(unsigned int ifindex)
{
	struct nl_request	 rq;
	struct ifinfomsg	*ifi;

	ifi = link_request(&rq, ifindex);
	ifi->ifi_change = IFF_MULTICAST;
	mnl_attr_put_u32(&rq.h, IFLA_MTU, TUN_MTU_NO_IPV6);
	return (nl_ack(&rq));
}

static int
link_size(unsigned int ifindex, unsigned int mtu)
{
	struct nl_request	 rq;

	link_request(&rq, ifindex);
	mnl_attr_put_u32(&rq.h, IFLA_MTU, mtu);
	mnl_attr_put_u32(&rq.h, IFLA_TXQLEN, TUN_TXQLEN);
	return (nl_ack(&rq));
}

/* No link-local address, and so no router solicitations either. */
static int
link_addressless(unsigned int ifindex)
{
	struct nl_request	 rq;
	struct nlattr		*spec, *inet6;

	link_request(&rq, ifindex);
	spec = mnl_attr_nest_start(&rq.h, IFLA_AF_SPEC);
	inet6 = mnl_attr_nest_start(&rq.h, AF_INET6);
	mnl_attr_put_u8(&rq.h, IFLA_INET6_ADDR_GEN_MODE,
	    IN6_ADDR_GEN_MODE_NONE);
	mnl_attr_nest_end(&rq.h, inet6);
	mnl_attr_nest_end(&rq.h, spec);
	return (nl_ack(&rq));
}

static int
link_up(unsigned int ifindex)
{
	struct nl_request	 rq;
	struct ifinfomsg	*ifi;

	ifi = link_request(&rq, ifindex);
	ifi->ifi_flags = ifi->ifi_change = IFF_UP;
	return (nl_ack(&rq));
}

/*
 * One request a step: the kernel goes through the parts of a request in an
 * order of its own, flags before IPv6 settings.
 */
static int
link_configure(unsigned int ifindex, unsigned int mtu)
{
	if (link_unicast(ifindex) == -1 || link_size(ifindex, mtu) == -1 ||
	    link_addressless(ifindex) == -1)
		return (-1);
	return (link_up(ifindex));
}

/* Give the descriptor its device and learn which one that is. */
static int
device_attach(int fd, const char *name, unsigned int *ifindex)
{
	struct ifreq	 ifr;
	int		 s, ret;

	memset(&ifr, 0, sizeof(ifr));
	strlcpy(ifr.ifr_name, name, sizeof(ifr.ifr_name));
	ifr.ifr_flags = (short)(IFF_TUN | IFF_NO_PI | IFF_TUN_EXCL);
	if (ioctl(fd, TUNSETIFF, &ifr) == -1)
		return (-1);
	if ((s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) == -1)
		return (-1);
	ret = ioctl(s, SIOCGIFINDEX, &ifr);
	close(s);
	*ifindex = ifr.ifr_ifindex;
	return (ret);
}

int
os_tun_open(const char *name, unsigned int mtu, unsigned int *ifindex)
{
	int	 fd, save;

	if (!name_valid(name)) {
		errno = EINVAL;
		return (-1);
	}
	fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1)
		return (-1);
	if (device_attach(fd, name, ifindex) == -1 ||
	    link_configure(*ifindex, mtu) == -1) {
		save = errno;
		close(fd);
		errno = save;
		return (-1);
	}
	return (fd);
}

ssize_t
os_tun_read(int fd, void *buf, size_t len)
{
	return (read(fd, buf, len));
}

ssize_t
os_tun_write(int fd, const void *buf, size_t len)
{
	return (write(fd, buf, len));
}
