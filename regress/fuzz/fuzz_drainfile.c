/*
 * Fuzz target: any text as the file of drains.  What is taken of it is right,
 * and written again and read it is the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drainfile.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define LINE	(LIMIT_NAME + LIMIT_REASON + 2)

static int
parse(const void *text, size_t len, struct drain_list *l)
{
	FILE	*f;
	int	 bad;

	if ((f = fmemopen((void *)(uintptr_t)text, len, "r")) == NULL)
		abort();
	bad = drainfile_parse(f, l);
	fclose(f);
	return (bad);
}

static void
entry_check(const struct drain_entry *e)
{
	const char	*p;

	if (e->name[0] == '\0' ||
	    memchr(e->name, '\0', sizeof(e->name)) == NULL ||
	    memchr(e->reason, '\0', sizeof(e->reason)) == NULL ||
	    strchr(e->reason, '\n') != NULL)
		abort();
	for (p = e->name; *p != '\0'; p++)
		if (*p <= ' ' || *p > '~')
			abort();
}

/* As the file has it. */
static size_t
list_print(const struct drain_list *l, char *buf, size_t room)
{
	size_t		 n = 0;
	uint32_t	 i;

	for (i = 0; i < l->n; i++) {
		entry_check(&l->entry[i]);
		if (drain_find(l, l->entry[i].name) != &l->entry[i])
			abort();
		n += snprintf(buf + n, room - n, "%s%s%s\n",
		    l->entry[i].name, l->entry[i].reason[0] == '\0' ? "" :
		    " ", l->entry[i].reason);
	}
	return (n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct drain_list	 l, again;
	char			 buf[LIMIT_DRAINS * LINE];
	size_t			 n;

	if (len == 0)
		return (0);
	(void)parse(data, len, &l);
	if (l.n > LIMIT_DRAINS)
		abort();
	if ((n = list_print(&l, buf, sizeof(buf))) == 0)
		return (0);
	if (parse(buf, n, &again) != 0 || memcmp(&l, &again, sizeof(l)) != 0)
		abort();
	return (0);
}
