/*
 * Tests of ctl6/out.c: what is printed for a tree, letter by letter.
 */
#include <atf-c.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl6.h"

/* Print the tree for people; it must look like this.  Frees the tree. */
static void
text(struct json_object *root, const char *want)
{
	pid_t	 pid;

	if ((pid = atf_utils_fork()) == 0) {
		out_text(root);
		exit(0);
	}
	atf_utils_wait(pid, 0, want, "");
	json_object_put(root);
}

ATF_TC_WITHOUT_HEAD(out_text_columns);
ATF_TC_BODY(out_text_columns, tc)
{
	struct json_object	*root = json_object_new_object(), *o;

	o = add_row(root, "things");
	add_string(o, "name", "a");
	add_number(o, "how_many", 7);
	add_bool(o, "good", 1);
	add_string(o, "last", "x");
	o = add_row(root, "things");
	add_string(o, "name", "much longer");
	add_number(o, "how_many", 18446744073709551615ULL);
	add_bool(o, "good", 0);
	add_string(o, "last", "no blanks behind");
	text(root,
	    "name                     how many  good  last\n"
	    "a                               7  yes   x\n"
	    "much longer  18446744073709551615  no    no blanks behind\n");
}

/* An empty string is seen, a column that a row lacks too. */
ATF_TC_WITHOUT_HEAD(out_text_holes);
ATF_TC_BODY(out_text_holes, tc)
{
	struct json_object	*root = json_object_new_object(), *o;

	o = add_row(root, "things");
	add_string(o, "name", "");
	add_number(o, "n", 0);
	add_string(o, "last", "x");
	o = add_row(root, "things");
	add_string(o, "name", "b");
	add_string(o, "extra", "not in the first row");
	text(root,
	    "name  n  last\n"
	    "-     0  x\n"
	    "b     -  -\n");
}

/* A cell that is longer than there is room for is cut. */
ATF_TC_WITHOUT_HEAD(out_text_long_cell);
ATF_TC_BODY(out_text_long_cell, tc)
{
	struct json_object	*root = json_object_new_object(), *o;
	char			 longer[1000], want[512];

	memset(longer, 'x', sizeof(longer));
	longer[sizeof(longer) - 1] = '\0';
	o = add_row(root, "things");
	add_string(o, "a", longer);
	strlcpy(want, "a\n", sizeof(want));
	longer[255] = '\0';
	strlcat(want, longer, sizeof(want));
	strlcat(want, "\n", sizeof(want));
	text(root, want);
}

/* More columns than there is room for: the first ones are shown. */
ATF_TC_WITHOUT_HEAD(out_text_many_columns);
ATF_TC_BODY(out_text_many_columns, tc)
{
	struct json_object	*root = json_object_new_object(), *o;
	char			 key[4];
	int			 i;

	o = add_row(root, "things");
	for (i = 10; i < 30; i++) {
		snprintf(key, sizeof(key), "%d", i);
		add_string(o, key, "x");
	}
	text(root,
	    "10  11  12  13  14  15  16  17  18  19  20  21  22  23  24  25\n"
	    "x   x   x   x   x   x   x   x   x   x   x   x   x   x   x   x\n");
}

ATF_TC_WITHOUT_HEAD(age);
ATF_TC_BODY(age, tc)
{
	static const struct {
		uint64_t	 ms;
		const char	*text;
	} ages[] = {
		{ 0, "0.0s" }, { 99, "0.0s" }, { 100, "0.1s" },
		{ 9999, "9.9s" }, { 10000, "0:00:10" }, { 59999, "0:00:59" },
		{ 60000, "0:01:00" }, { 3600000, "1:00:00" },
		{ 86399999, "23:59:59" }, { 86400000, "1d00h" },
		{ 90000000, "1d01h" }, { 864000000000ULL, "10000d00h" }
	};
	struct json_object	*root, *o;
	char			 want[64];
	size_t			 i;

	for (i = 0; i < sizeof(ages) / sizeof(ages[0]); i++) {
		root = json_object_new_object();
		o = add_row(root, "things");
		add_number(o, "up_for_ms", ages[i].ms);
		snprintf(want, sizeof(want), "%*s\n%*s\n",
		    (int)strlen(ages[i].text), "up for", 6, ages[i].text);
		text(root, want);
	}
}

/* Lists inside of rows, and only those of their rows that say something. */
ATF_TC_WITHOUT_HEAD(out_text_inner);
ATF_TC_BODY(out_text_inner, tc)
{
	struct json_object	*root = json_object_new_object(), *o, *i;

	o = add_row(root, "relays");
	add_string(o, "relay", "6to4");
	i = add_row(o, "drops");
	add_string(i, "reason", "short");
	add_number(i, "in", 0);
	add_number(i, "out", 3);
	i = add_row(o, "drops");
	add_string(i, "reason", "all zero");
	add_number(i, "in", 0);
	add_number(i, "out", 0);
	o = add_row(root, "relays");
	add_string(o, "relay", "teredo");
	i = add_row(o, "drops");
	add_string(i, "reason", "short");
	add_number(i, "in", 0);
	add_number(i, "out", 0);
	i = add_row(o, "signs");
	add_string(i, "sign", "no number in it");
	text(root,
	    "relay\n"
	    "6to4\n"
	    "teredo\n"
	    "\n"
	    "6to4 drops:\n"
	    "reason  in  out\n"
	    "short    0    3\n"
	    "\n"
	    "teredo drops: none\n"
	    "\n"
	    "teredo signs:\n"
	    "sign\n"
	    "no number in it\n");
}

ATF_TC_WITHOUT_HEAD(out_text_lists);
ATF_TC_BODY(out_text_lists, tc)
{
	struct json_object	*root = json_object_new_object();

	text(json_object_get(root), "");
	add_string(add_row(root, "ones"), "one", "a");
	add_string(add_row(root, "twos"), "two", "b");
	text(root, "one\na\n\ntwo\nb\n");
}

ATF_TC_WITHOUT_HEAD(last_row);
ATF_TC_BODY(last_row, tc)
{
	struct json_object	*root = json_object_new_object(), *a, *b;

	ATF_CHECK(last_row(root, "rows") == NULL);
	a = add_row(root, "rows");
	ATF_CHECK(last_row(root, "rows") == a);
	b = add_row(root, "rows");
	ATF_CHECK(last_row(root, "rows") == b);
	ATF_CHECK(last_row(root, "others") == NULL);
	json_object_put(root);
}

/* What is printed as JSON is read back as the same, whatever is in it. */
ATF_TC_WITHOUT_HEAD(out_json);
ATF_TC_BODY(out_json, tc)
{
	struct json_object	*root = json_object_new_object(), *o, *back;
	pid_t			 pid;

	o = add_row(root, "things");
	add_string(o, "name", "a \"quoted\" / \\ \001 name");
	add_number(o, "n", 18446744073709551615ULL);
	add_number(o, "up_for_ms", 12345);
	add_bool(o, "good", 1);
	add_string(add_row(o, "inner"), "x", "");
	if ((pid = atf_utils_fork()) == 0) {
		out_json(root);
		exit(0);
	}
	atf_utils_wait(pid, 0, "save:json", "");
	ATF_CHECK(atf_utils_grep_file("\"up_for_ms\": 12345", "json"));
	ATF_CHECK(atf_utils_grep_file("/ ", "json"));
	ATF_REQUIRE((back = json_object_from_file("json")) != NULL);
	ATF_CHECK(json_object_equal(root, back));
	json_object_put(back);
	json_object_put(root);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, out_text_columns);
	ATF_TP_ADD_TC(tp, out_text_holes);
	ATF_TP_ADD_TC(tp, out_text_long_cell);
	ATF_TP_ADD_TC(tp, out_text_many_columns);
	ATF_TP_ADD_TC(tp, age);
	ATF_TP_ADD_TC(tp, out_text_inner);
	ATF_TP_ADD_TC(tp, out_text_lists);
	ATF_TP_ADD_TC(tp, last_row);
	ATF_TP_ADD_TC(tp, out_json);
	return (atf_no_error());
}
