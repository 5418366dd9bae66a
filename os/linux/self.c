/*
 * Who we are: see os.h.  Used by the parent before it starts its children.
 */
#include <errno.h>
#include <unistd.h>

#include "os.h"

int
os_self(char *buf, size_t len)
{
	ssize_t	 n;

	if ((n = readlink("/proc/self/exe", buf, len)) == -1)
		return (-1);
	if ((size_t)n >= len) {
		errno = ENAMETOOLONG;
		return (-1);
	}
	buf[n] = '\0';
	return (0);
}
