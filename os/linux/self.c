/*
 * Who we are, and how urgent: see os.h.  Used while there is privilege.
 */
#include <sys/types.h>
#include <sys/resource.h>

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

int
os_prefer(int nice)
{
	if (getpriority(PRIO_PROCESS, 0) <= nice)
		return (0);
	return (setpriority(PRIO_PROCESS, 0, nice));
}
