/*
 * What the tests of ctl6/show_*.c share: see rows.h.
 */
#include <stdarg.h>

#include "rows.h"

const char *
column(struct json_object *o, const char *list, const char *key)
{
	struct json_object	*v;

	if ((o = last_row(o, list)) == NULL ||
	    !json_object_object_get_ex(o, key, &v))
		return ("(none)");
	return (json_object_get_string(v));
}

void
row_is(struct json_object *o, const char *list, ...)
{
	const char	*key, *want, *is;
	va_list		 ap;

	va_start(ap, list);
	while ((key = va_arg(ap, const char *)) != NULL) {
		want = va_arg(ap, const char *);
		is = column(o, list, key);
		ATF_CHECK_MSG(strcmp(is, want) == 0, "%s, %s: %s, not %s",
		    list, key, is, want);
	}
	va_end(ap);
}
