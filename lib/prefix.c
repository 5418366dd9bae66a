/*
 * Addresses and prefixes: see prefix.h.
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <net/if.h>
#include <netinet/in.h>
#include <arpa/inet.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "prefix.h"

static int
af_of(uint8_t af)
{
	return (af == 4 ? AF_INET : AF_INET6);
}

size_t
ipaddr_size(uint8_t af)
{
	return (af == 4 ? 4 : 16);
}

int
ipaddr_parse(struct ipaddr *a, const char *s)
{
	char	 buf[INET6_ADDRSTRLEN], *scope;

	memset(a, 0, sizeof(*a));
	if (inet_pton(AF_INET, s, a->b) == 1) {
		a->af = 4;
		return (0);
	}
	if (strlcpy(buf, s, sizeof(buf)) >= sizeof(buf))
		return (-1);
	if ((scope = strchr(buf, '%')) != NULL) {
		*scope++ = '\0';
		if ((a->scope = if_nametoindex(scope)) == 0)
			return (-1);
	}
	if (inet_pton(AF_INET6, buf, a->b) != 1)
		return (-1);
	a->af = 6;
	return (0);
}

char *
ipaddr_print(const struct ipaddr *a, char *buf, size_t len)
{
	char	 name[IF_NAMESIZE];

	if (a->af == 0 || inet_ntop(af_of(a->af), a->b, buf, len) == NULL) {
		strlcpy(buf, "-", len);
		return (buf);
	}
	if (a->scope != 0) {
		strlcat(buf, "%", len);
		if (if_indextoname(a->scope, name) == NULL)
			snprintf(name, sizeof(name), "%u", a->scope);
		strlcat(buf, name, len);
	}
	return (buf);
}

int
ipaddr_equal(const struct ipaddr *a, const struct ipaddr *b)
{
	return (a->af == b->af && a->scope == b->scope &&
	    (a->af == 0 || memcmp(a->b, b->b, ipaddr_size(a->af)) == 0));
}

int
ipaddr_is_linklocal(const struct ipaddr *a)
{
	return (a->af == 6 && a->b[0] == 0xfe && (a->b[1] & 0xc0) == 0x80);
}

void
ipaddr_from_in(struct ipaddr *a, const struct in_addr *in)
{
	memset(a, 0, sizeof(*a));
	a->af = 4;
	memcpy(a->b, in, 4);
}

void
ipaddr_from_in6(struct ipaddr *a, const struct in6_addr *in6)
{
	memset(a, 0, sizeof(*a));
	a->af = 6;
	memcpy(a->b, in6, 16);
}

socklen_t
ipaddr_to_sa(const struct ipaddr *a, uint16_t port,
    struct sockaddr_storage *ss)
{
	struct sockaddr_in6	 sin6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in	 sin = { .sin_family = AF_INET };

	memset(ss, 0, sizeof(*ss));
	if (a->af == 4) {
		sin.sin_port = htons(port);
		memcpy(&sin.sin_addr, a->b, 4);
		memcpy(ss, &sin, sizeof(sin));
		return (sizeof(sin));
	}
	sin6.sin6_port = htons(port);
	sin6.sin6_scope_id = a->scope;
	memcpy(&sin6.sin6_addr, a->b, 16);
	memcpy(ss, &sin6, sizeof(sin6));
	return (sizeof(sin6));
}

int
ipaddr_from_sa(struct ipaddr *a, uint16_t *port, const struct sockaddr *sa)
{
	struct sockaddr_in6	 sin6;
	struct sockaddr_in	 sin;

	switch (sa->sa_family) {
	case AF_INET:
		memcpy(&sin, sa, sizeof(sin));
		ipaddr_from_in(a, &sin.sin_addr);
		*port = ntohs(sin.sin_port);
		return (0);
	case AF_INET6:
		memcpy(&sin6, sa, sizeof(sin6));
		ipaddr_from_in6(a, &sin6.sin6_addr);
		a->scope = sin6.sin6_scope_id;
		*port = ntohs(sin6.sin6_port);
		return (0);
	default:
		memset(a, 0, sizeof(*a));
		*port = 0;
		return (-1);
	}
}

/* True when all bits of b after the first len are zero. */
static int
host_bits_zero(const uint8_t *b, unsigned int len, unsigned int max)
{
	for (; len < max; len++)
		if (b[len / 8] & (0x80 >> (len % 8)))
			return (0);
	return (1);
}

int
prefix_parse(struct prefix *p, const char *s)
{
	char		 buf[PREFIX_STRLEN], *slash;
	const char	*err;
	struct ipaddr	 a;

	memset(p, 0, sizeof(*p));
	if (strlcpy(buf, s, sizeof(buf)) >= sizeof(buf) ||
	    (slash = strchr(buf, '/')) == NULL)
		return (-1);
	*slash++ = '\0';
	if (slash[strspn(slash, "0123456789")] != '\0')
		return (-1);
	if (ipaddr_parse(&a, buf) == -1 || a.scope != 0)
		return (-1);
	p->len = strtonum(slash, 0, 8 * ipaddr_size(a.af), &err);
	if (err != NULL ||
	    !host_bits_zero(a.b, p->len, 8 * ipaddr_size(a.af)))
		return (-1);
	p->af = a.af;
	memcpy(p->b, a.b, sizeof(p->b));
	return (0);
}

char *
prefix_print(const struct prefix *p, char *buf, size_t len)
{
	char	 num[8];

	if (inet_ntop(af_of(p->af), p->b, buf, len) == NULL)
		strlcpy(buf, "-", len);
	snprintf(num, sizeof(num), "/%u", p->len);
	strlcat(buf, num, len);
	return (buf);
}

int
prefix_equal(const struct prefix *a, const struct prefix *b)
{
	return (a->af == b->af && a->len == b->len &&
	    memcmp(a->b, b->b, ipaddr_size(a->af)) == 0);
}

void
prefix_mask(struct prefix *p)
{
	unsigned int	 full = p->len / 8, rest = p->len % 8;

	if (rest != 0)
		p->b[full++] &= 0xff << (8 - rest);
	memset(p->b + full, 0, sizeof(p->b) - full);
}

int
prefix_covers(const struct prefix *p, uint8_t af, const void *addr)
{
	const uint8_t	*b = addr;
	unsigned int	 full = p->len / 8, rest = p->len % 8;

	if (p->af != af || memcmp(p->b, b, full) != 0)
		return (0);
	return (rest == 0 || ((p->b[full] ^ b[full]) >> (8 - rest)) == 0);
}
