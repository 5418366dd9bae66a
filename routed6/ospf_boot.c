/*
 * The number of a start: see ospf_boot.h.  Runs in the parent; the file is
 * replaced as a whole, and on disk before its number is used.
 */
#include <sys/types.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "ospf_boot.h"

/*
 * One would do; but a start that has signed so much that the lower half ran
 * over has used its number plus one.
 */
#define STEP	2

/* 0 when there is none, -1 when it can not be known. */
static int64_t
number_read(const char *file)
{
	const char	*err;
	char		 buf[16];
	ssize_t		 n;
	int64_t		 number;
	int		 fd;

	if ((fd = open(file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)) == -1)
		return (errno == ENOENT ? 0 : -1);
	n = read(fd, buf, sizeof(buf) - 1);
	close(fd);
	if (n == -1)
		return (-1);
	buf[n] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
	errno = EINVAL;
	number = strtonum(buf, 0, UINT32_MAX - STEP, &err);
	return (err == NULL ? number : -1);
}

static int
all_write(int fd, uint32_t number)
{
	char	 buf[16];
	int	 len;

	len = snprintf(buf, sizeof(buf), "%u\n", number);
	return (write(fd, buf, len) == len && fsync(fd) == 0 ? 0 : -1);
}

static int
number_write(const char *file, uint32_t number)
{
	char	 tmp[128];
	int	 fd, failed;

	if ((size_t)snprintf(tmp, sizeof(tmp), "%s.new", file) >=
	    sizeof(tmp)) {
		errno = ENAMETOOLONG;
		return (-1);
	}
	(void)unlink(tmp);
	fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd == -1)
		return (-1);
	failed = all_write(fd, number);
	close(fd);
	return (failed == -1 ? -1 : rename(tmp, file));
}

uint32_t
ospf_boot_number(const char *file, int64_t now)
{
	int64_t	 last;

	if ((last = number_read(file)) == -1) {
		log_warn("%s, for OSPFv3 authentication, can not be used: "
		    "neighbors may refuse us if the clock was set back", file);
		last = 0;
	}
	if (now < last + STEP)
		now = last + STEP;
	if (number_write(file, now) == -1)
		log_warn("%s, for OSPFv3 authentication, can not be written: "
		    "neighbors may refuse us if the clock is set back", file);
	return (now);
}

uint64_t
ospf_boot_sequence(uint32_t number)
{
	return ((uint64_t)number << 32 | (uint32_t)(number << 6));
}
