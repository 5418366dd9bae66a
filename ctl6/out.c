/*
 * Printing of answers.  The tree is an object of lists of rows; a row's
 * scalars are columns, in the order in which they were added, and a list
 * inside a row becomes a table of its own behind the row's, named after the
 * row's first column.  Of such an inner table, people are not shown the rows
 * that only say zero.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ctl6.h"

#define MAX_COLUMNS	16
#define CELL		256

/* --- building ---------------------------------------------------------- */

void
add_string(struct json_object *o, const char *key, const char *s)
{
	json_object_object_add(o, key, json_object_new_string(s));
}

void
add_number(struct json_object *o, const char *key, uint64_t n)
{
	json_object_object_add(o, key, json_object_new_uint64(n));
}

void
add_bool(struct json_object *o, const char *key, int b)
{
	json_object_object_add(o, key, json_object_new_boolean(b));
}

struct json_object *
add_row(struct json_object *obj, const char *key)
{
	struct json_object	*list, *row;

	if (!json_object_object_get_ex(obj, key, &list)) {
		list = json_object_new_array();
		json_object_object_add(obj, key, list);
	}
	row = json_object_new_object();
	json_object_array_add(list, row);
	return (row);
}

void
add_item(struct json_object *obj, const char *key, const char *name,
    const char *value)
{
	struct json_object	*o;

	if (value[0] == '\0')
		return;
	o = add_row(obj, key);
	add_string(o, "item", name);
	add_string(o, "value", value);
}

void
add_item_number(struct json_object *obj, const char *key, const char *name,
    uint64_t n, const char *unit)
{
	char	 buf[48];

	snprintf(buf, sizeof(buf), "%" PRIu64 "%s", n, unit);
	add_item(obj, key, name, buf);
}

struct json_object *
last_row(struct json_object *obj, const char *key)
{
	struct json_object	*list;
	size_t			 n;

	if (!json_object_object_get_ex(obj, key, &list) ||
	    (n = json_object_array_length(list)) == 0)
		return (NULL);
	return (json_object_array_get_idx(list, n - 1));
}

static int
by_first_column(const void *a, const void *b)
{
	struct json_object_iterator	 ia, ib;
	struct json_object		*oa, *ob;

	memcpy(&oa, a, sizeof(oa));
	memcpy(&ob, b, sizeof(ob));
	ia = json_object_iter_begin(oa);
	ib = json_object_iter_begin(ob);
	return (strcmp(json_object_get_string(json_object_iter_peek_value(
	    &ia)), json_object_get_string(json_object_iter_peek_value(&ib))));
}

void
sort_rows(struct json_object *obj, const char *key)
{
	struct json_object	*list;

	if (json_object_object_get_ex(obj, key, &list))
		json_object_array_sort(list, by_first_column);
}

/* --- cells ------------------------------------------------------------- */

static int
is_age(const char *key)
{
	size_t	 n = strlen(key);

	return (n > 3 && strcmp(key + n - 3, "_ms") == 0);
}

/* The key as a heading: no _ms, blanks for underscores. */
static void
heading(const char *key, char *buf, size_t len)
{
	char	*p;

	strlcpy(buf, key, len);
	if (is_age(buf))
		buf[strlen(buf) - 3] = '\0';
	for (p = buf; *p != '\0'; p++)
		if (*p == '_')
			*p = ' ';
}

static void
age(uint64_t ms, char *buf, size_t len)
{
	uint64_t	 s = ms / 1000;

	if (s >= 86400)
		snprintf(buf, len, "%" PRIu64 "d%02" PRIu64 "h", s / 86400,
		    s % 86400 / 3600);
	else if (s >= 10)
		snprintf(buf, len, "%" PRIu64 ":%02" PRIu64 ":%02" PRIu64,
		    s / 3600, s % 3600 / 60, s % 60);
	else
		snprintf(buf, len, "%" PRIu64 ".%" PRIu64 "s", s,
		    ms % 1000 / 100);
}

static void
cell(const char *key, struct json_object *v, char *buf, size_t len)
{
	if (v == NULL)
		buf[0] = '\0';
	else if (json_object_is_type(v, json_type_boolean))
		strlcpy(buf, json_object_get_boolean(v) ? "yes" : "no", len);
	else if (is_age(key))
		age(json_object_get_uint64(v), buf, len);
	else
		strlcpy(buf, json_object_get_string(v), len);
	if (buf[0] == '\0')
		strlcpy(buf, "-", len);
}

/* --- tables ------------------------------------------------------------ */

struct table {
	const char	*key[MAX_COLUMNS];
	int		 width[MAX_COLUMNS];
	int		 right[MAX_COLUMNS];
	int		 n;
};

/* The columns are the scalars of the first row. */
static void
table_columns(struct table *t, struct json_object *row)
{
	char	 buf[CELL];

	t->n = 0;
	json_object_object_foreach(row, key, v) {
		if (json_object_is_type(v, json_type_array) ||
		    t->n == MAX_COLUMNS)
			continue;
		heading(key, buf, sizeof(buf));
		t->key[t->n] = key;
		t->width[t->n] = strlen(buf);
		t->right[t->n] = json_object_is_type(v, json_type_int);
		t->n++;
	}
}

static void
table_widths(struct table *t, struct json_object *row)
{
	struct json_object	*v;
	char			 buf[CELL];
	int			 i, w;

	for (i = 0; i < t->n; i++) {
		if (!json_object_object_get_ex(row, t->key[i], &v))
			continue;
		cell(t->key[i], v, buf, sizeof(buf));
		if ((w = strlen(buf)) > t->width[i])
			t->width[i] = w;
	}
}

static void
put(const struct table *t, int i, const char *s)
{
	const char	*gap = i == 0 ? "" : "  ";

	if (t->right[i])
		printf("%s%*s", gap, t->width[i], s);
	else if (i == t->n - 1)
		printf("%s%s", gap, s);
	else
		printf("%s%-*s", gap, t->width[i], s);
}

static void
table_heading(const struct table *t)
{
	char	 buf[CELL];
	int	 i;

	for (i = 0; i < t->n; i++) {
		heading(t->key[i], buf, sizeof(buf));
		put(t, i, buf);
	}
	printf("\n");
}

static void
table_row(const struct table *t, struct json_object *row)
{
	struct json_object	*v;
	char			 buf[CELL];
	int			 i;

	for (i = 0; i < t->n; i++) {
		strlcpy(buf, "-", sizeof(buf));
		if (json_object_object_get_ex(row, t->key[i], &v))
			cell(t->key[i], v, buf, sizeof(buf));
		put(t, i, buf);
	}
	printf("\n");
}

static void
print_table(struct json_object *list)
{
	struct table	 t;
	size_t		 i, n = json_object_array_length(list);

	if (n == 0)
		return;
	table_columns(&t, json_object_array_get_idx(list, 0));
	for (i = 0; i < n; i++)
		table_widths(&t, json_object_array_get_idx(list, i));
	table_heading(&t);
	for (i = 0; i < n; i++)
		table_row(&t, json_object_array_get_idx(list, i));
}

/* True when a row has numbers and they are all zero. */
static int
only_zeroes(struct json_object *row)
{
	int	 numbers = 0;

	json_object_object_foreach(row, key, v) {
		(void)key;
		if (!json_object_is_type(v, json_type_int))
			continue;
		if (json_object_get_uint64(v) != 0)
			return (0);
		numbers++;
	}
	return (numbers > 0);
}

static void
print_inner_table(const char *owner, const char *key,
    struct json_object *list)
{
	struct json_object	*some = json_object_new_array(), *row;
	size_t			 i;

	for (i = 0; i < json_object_array_length(list); i++) {
		row = json_object_array_get_idx(list, i);
		if (!only_zeroes(row))
			json_object_array_add(some, json_object_get(row));
	}
	printf("\n%s %s:%s\n", owner, key,
	    json_object_array_length(some) == 0 ? " none" : "");
	print_table(some);
	json_object_put(some);
}

/* Tables inside the rows of a list, each under the name of its row. */
static void
print_inner(struct json_object *list)
{
	struct json_object	*row, *name;
	size_t			 i;

	for (i = 0; i < json_object_array_length(list); i++) {
		row = json_object_array_get_idx(list, i);
		name = NULL;
		json_object_object_foreach(row, key, v) {
			if (name == NULL)
				name = v;
			if (json_object_is_type(v, json_type_array))
				print_inner_table(json_object_get_string(name),
				    key, v);
		}
	}
}

void
out_text(struct json_object *root)
{
	int	 first = 1;

	json_object_object_foreach(root, key, v) {
		(void)key;
		if (!first)
			printf("\n");
		first = 0;
		print_table(v);
		print_inner(v);
	}
}

void
out_json(struct json_object *root)
{
	printf("%s\n", json_object_to_json_string_ext(root,
	    JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
	    JSON_C_TO_STRING_NOSLASHESCAPE));
}

void
out_json_line(struct json_object *row)
{
	printf("%s\n", json_object_to_json_string_ext(row,
	    JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE));
}
