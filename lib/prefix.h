/*
 * Addresses and prefixes of both families, in a form that can also travel
 * between processes: fixed width, no pointers, no struct sockaddr.
 */
#ifndef PREFIX_H
#define PREFIX_H

#include <sys/socket.h>
#include <netinet/in.h>

#include <stddef.h>
#include <stdint.h>

/* An address.  af is 0 (none), 4 or 6; bytes are in network order. */
struct ipaddr {
	uint8_t		af;
	uint8_t		pad[3];
	uint32_t	scope;	/* interface index, link-local only */
	uint8_t		b[16];
};

/* A prefix: the bits after len are zero. */
struct prefix {
	uint8_t		af;
	uint8_t		len;
	uint8_t		pad[2];
	uint8_t		b[16];
};

#define IPADDR_STRLEN	(INET6_ADDRSTRLEN + IF_NAMESIZE_MAX + 1)
#define IF_NAMESIZE_MAX	16
#define PREFIX_STRLEN	(INET6_ADDRSTRLEN + 4)

/* Bytes of an address of family af: 4 or 16. */
size_t	ipaddr_size(uint8_t af);

/*
 * Read "192.0.2.1", "2001:db8::1" or "fe80::1%eth0".  0, or -1 when it is
 * not an address (or names an interface that does not exist).
 */
int	ipaddr_parse(struct ipaddr *, const char *);

/* Print into buf (IPADDR_STRLEN is enough); returns buf.  "-" for none. */
char	*ipaddr_print(const struct ipaddr *, char *buf, size_t);

int	ipaddr_equal(const struct ipaddr *, const struct ipaddr *);

/* True for an IPv6 address within fe80::/10 (RFC 4291 2.5.6). */
int	ipaddr_is_linklocal(const struct ipaddr *);

/* From raw bytes in network order. */
void	ipaddr_from_in(struct ipaddr *, const struct in_addr *);
void	ipaddr_from_in6(struct ipaddr *, const struct in6_addr *);

/*
 * To and from a socket address; port in host byte order.  ipaddr_to_sa()
 * returns the length to give to the kernel; ipaddr_from_sa() is -1 for an
 * unknown family.
 */
socklen_t	ipaddr_to_sa(const struct ipaddr *, uint16_t port,
		    struct sockaddr_storage *);
int		ipaddr_from_sa(struct ipaddr *, uint16_t *port,
		    const struct sockaddr *);

/*
 * Read "2002::/16" or "192.88.99.0/24".  0, or -1 when it is no prefix or
 * has bits set after its length.
 */
int	prefix_parse(struct prefix *, const char *);

/* Print into buf (PREFIX_STRLEN is enough); returns buf. */
char	*prefix_print(const struct prefix *, char *buf, size_t);

int	prefix_equal(const struct prefix *, const struct prefix *);

/* Clear the bits after len, which must suit the family. */
void	prefix_mask(struct prefix *);

/* True when p covers the address of family af whose bytes are at b. */
int	prefix_covers(const struct prefix *p, uint8_t af, const void *b);

#endif
