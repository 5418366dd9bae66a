/*
 * The file of drains: see drainfile.h.  Runs in the parent; reads and writes
 * nothing else.
 */
#include <sys/types.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "drainfile.h"
#include "log.h"

/* One line without its end, cut to the room; 0: there is no more. */
static int
line_read(FILE *f, char *line, size_t room)
{
	size_t	 n = 0;
	int	 c;

	while ((c = getc(f)) != EOF && c != '\n')
		if (n < room - 1)
			line[n++] = c;
	line[n] = '\0';
	return (c != EOF || n > 0);
}

/* NAME or NAME REASON; -1: neither. */
static int
line_parse(char *line, struct drain_entry *e)
{
	const char	*reason = "";
	char		*p;

	memset(e, 0, sizeof(*e));
	if ((p = strchr(line, ' ')) != NULL) {
		*p = '\0';
		reason = p + 1;
	}
	for (p = line; *p != '\0'; p++)
		if (*p < '!' || *p > '~')
			return (-1);
	if (line[0] == '\0' ||
	    strlcpy(e->name, line, sizeof(e->name)) >= sizeof(e->name))
		return (-1);
	strlcpy(e->reason, reason, sizeof(e->reason));
	return (0);
}

int
drainfile_parse(FILE *f, struct drain_list *l)
{
	char			 line[LIMIT_NAME + LIMIT_REASON + 2];
	struct drain_entry	 e;
	int			 bad = 0;

	memset(l, 0, sizeof(*l));
	while (line_read(f, line, sizeof(line)))
		if (line_parse(line, &e) == -1 || drain_add(l, &e) == -1)
			bad++;
	return (bad);
}

void
drainfile_read(const char *path, struct drain_list *l)
{
	FILE	*f;
	int	 bad;

	memset(l, 0, sizeof(*l));
	if ((f = fopen(path, "re")) == NULL) {
		if (errno != ENOENT)
			log_warn("%s", path);
		return;
	}
	if ((bad = drainfile_parse(f, l)) > 0)
		log_warnx("%s: %d lines that are no drains", path, bad);
	fclose(f);
}

static int
list_write(int fd, const struct drain_list *l)
{
	const struct drain_entry	*e;
	uint32_t			 i;

	for (i = 0; i < l->n; i++) {
		e = &l->entry[i];
		if (dprintf(fd, "%s%s%s\n", e->name,
		    e->reason[0] == '\0' ? "" : " ", e->reason) < 0)
			return (-1);
	}
	return (fsync(fd));
}

int
drainfile_write(const char *path, const struct drain_list *l)
{
	char	 tmp[LIMIT_PATH + 4];
	int	 fd, rv;

	if (l->n == 0)
		return (unlink(path) == -1 && errno != ENOENT ? -1 : 0);
	snprintf(tmp, sizeof(tmp), "%s.new", path);
	(void)unlink(tmp);
	if ((fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
	    S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH)) == -1)
		return (-1);
	rv = list_write(fd, l);
	if (close(fd) == -1 || rv == -1)
		return (-1);
	return (rename(tmp, path));
}
