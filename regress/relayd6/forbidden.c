/*
 * What the tests with damaged packets share: see forbidden.h.
 */
#include <atf-c.h>

#include "forbidden.h"
#include "prefix.h"

static const char *const	never4[] = {
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8",
	"169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
	"192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
	"198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
	"11.1.0.1/32", "11.1.0.3/32",
};

int
covered(const char *const *list, size_t n, uint8_t af, const uint8_t *addr)
{
	struct prefix	 p;
	size_t		 i;

	for (i = 0; i < n; i++) {
		ATF_REQUIRE_EQ(prefix_parse(&p, list[i]), 0);
		if (prefix_covers(&p, af, addr))
			return (1);
	}
	return (0);
}

int
forbidden4(const uint8_t *addr)
{
	return (covered(never4, sizeof(never4) / sizeof(never4[0]), 4, addr));
}
