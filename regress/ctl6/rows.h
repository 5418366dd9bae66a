/*
 * What the tests of ctl6/show_*.c share: a message is told, and the row that
 * it became is looked at.
 */
#ifndef ROWS_H
#define ROWS_H

#include <atf-c.h>
#include <stdint.h>
#include <string.h>

#include "ctl6.h"

typedef int	show_fn(struct json_object *, uint32_t, const void *, size_t);

/* This message must be understood. */
#define SHOW(fn, root, type, m)						\
	ATF_REQUIRE_EQ(fn(root, type, &(m), sizeof(m)), 0)

/* The text of a column of the last row of a list. */
const char	*column(struct json_object *, const char *list,
		    const char *key);

/* Key and text of some columns of the last row of a list, then NULL. */
void		 row_is(struct json_object *, const char *list, ...)
		    __attribute__((__sentinel__));

#endif
