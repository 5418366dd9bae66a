/*
 * The fuzz targets of the grammars: whatever text is accepted, what is printed
 * for it must be accepted as well and be printed in the same way.  The
 * including file defines CONF (the struct) after including its header.
 */
#ifndef CONF_ROUND_H
#define CONF_ROUND_H

#include <stdio.h>

#include "conf_fuzz.h"

#define FUZZ_PRINT	"fuzz.print"
#define PRINT_MAX	(1 << 20)

static void
report(void *arg, const char *line)
{
	if (line[0] == '\0')
		abort();
}

/* What is printed for a configuration; the caller frees it. */
static char *
print(const struct CONF *conf, size_t *len)
{
	char	*buf;
	ssize_t	 n;
	int	 fd;

	(void)unlink(FUZZ_PRINT);
	if (freopen(FUZZ_PRINT, "w+", stdout) == NULL)
		abort();
	print_config(conf);
	if (fflush(stdout) == EOF || (buf = malloc(PRINT_MAX)) == NULL ||
	    (fd = open(FUZZ_PRINT, O_RDONLY)) == -1 ||
	    (n = read(fd, buf, PRINT_MAX)) == -1 || n == PRINT_MAX)
		abort();
	close(fd);
	*len = n;
	return (buf);
}

static void
round_trip(const uint8_t *data, size_t size)
{
	static struct CONF	 conf;
	char			*first, *second;
	size_t			 len, again;

	text_write(data, size);
	if (parse_config(FUZZ_CONF, NULL, 0, report, NULL, &conf) == -1)
		return;
	first = print(&conf, &len);
	text_write((const uint8_t *)first, len);
	if (parse_config(FUZZ_CONF, NULL, 0, report, NULL, &conf) == -1)
		abort();
	second = print(&conf, &again);
	if (len != again || memcmp(first, second, len) != 0)
		abort();
	free(first);
	free(second);
}

#endif
