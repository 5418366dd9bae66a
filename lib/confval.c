/*
 * Values that the grammars of both daemons know: see confval.h.
 */
#include <string.h>

#include "confval.h"

int
conf_range(struct conf *lexer, const char *what, int64_t n, int64_t min,
    int64_t max, uint32_t *to)
{
	if (n < min || n > max) {
		conf_error(lexer, "%s %lld: expected %lld to %lld", what,
		    (long long)n, (long long)min, (long long)max);
		return (-1);
	}
	*to = n;
	return (0);
}

void
conf_string(struct conf *lexer, const char *what, const char *s, char *to,
    size_t len)
{
	if (strlcpy(to, s, len) >= len)
		conf_error(lexer, "%s: longer than %zu bytes", what, len - 1);
}

void
conf_addr(struct conf *lexer, const char *what, const char *s, struct ipaddr *a)
{
	if (ipaddr_parse(a, s) == -1)
		conf_error(lexer, "%s %s: not an address", what, s);
}

int
conf_name_valid(const char *s, size_t max)
{
	static const char	 good[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

	return (*s != '\0' && s[strspn(s, good)] == '\0' && strlen(s) < max);
}
