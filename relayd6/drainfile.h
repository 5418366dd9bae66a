/*
 * The file in which drains survive a restart: a line for each, its name and
 * its reason.  Parent only, as root: nobody else could write there.
 */
#ifndef DRAINFILE_H
#define DRAINFILE_H

#include <stdio.h>

#include "drain.h"

/* Make a list of what is there; how many lines are no drains, or too many. */
int	drainfile_parse(FILE *, struct drain_list *);

/*
 * Read the list; a file that is not there is an empty one.  What is no drain
 * is left out with a warning.
 */
void	drainfile_read(const char *path, struct drain_list *);

/*
 * Replace the file by the list, or remove it when that is empty, so that a
 * crash leaves the old one or the new one.  -1 with errno set.
 */
int	drainfile_write(const char *path, const struct drain_list *);

#endif
