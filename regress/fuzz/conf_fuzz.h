/*
 * What the fuzz targets of the configuration share: a file in the current
 * directory for the text, since configurations are read from files.
 */
#ifndef CONF_FUZZ_H
#define CONF_FUZZ_H

#include <sys/types.h>

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bounds.h"

#define FUZZ_CONF	"fuzz.conf"

/*
 * The file FUZZ_CONF has this text.  It is a new file each time: some file
 * systems flush one that is cut to nothing and written again.
 */
static inline void
text_write(const uint8_t *data, size_t size)
{
	int	 fd;

	(void)unlink(FUZZ_CONF);
	if ((fd = open(FUZZ_CONF, O_WRONLY | O_CREAT | O_EXCL, 0600)) == -1 ||
	    write(fd, data, size) != (ssize_t)size)
		abort();
	close(fd);
}

#endif
