/*
 * Tests of the lexer shared by the grammars, lib/conf.c.
 */
#include <sys/stat.h>

#include <atf-c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "bounds.h"

enum { T_STRING = 300, T_NUMBER, T_ERROR, T_LISTEN, T_ON };

static const struct conf_keyword	keywords[] = {
	{ "listen", T_LISTEN },
	{ "on", T_ON }
};

static const struct conf_grammar	grammar = {
	keywords, 2, T_STRING, T_NUMBER, T_ERROR
};

struct said {
	int	 n;
	char	 last[512];
};

static void
hear(void *arg, const char *line)
{
	struct said	*s = arg;

	s->n++;
	strlcpy(s->last, line, sizeof(s->last));
}

static void
put(const char *file, const char *text)
{
	FILE	*f;

	ATF_REQUIRE((f = fopen(file, "w")) != NULL);
	fputs(text, f);
	fclose(f);
	ATF_REQUIRE_EQ(chmod(file, 0600), 0);
}

static struct conf *
start(const char *text, struct said *s)
{
	struct conf	*cf;

	memset(s, 0, sizeof(*s));
	put("t.conf", text);
	cf = conf_new(&grammar, hear, s);
	ATF_REQUIRE_EQ(conf_push(cf, "t.conf"), 0);
	return (cf);
}

/* The next token must be tok, with this text when it is a string. */
static void
expect(struct conf *cf, int tok, const char *text)
{
	struct conf_value	 v;
	int			 got;

	got = conf_lex(cf, &v);
	ATF_CHECK_EQ_MSG(got, tok, "token %d instead of %d (%s)", got, tok,
	    v.string != NULL ? v.string : "");
	if (text != NULL && v.string != NULL)
		ATF_CHECK_STREQ(v.string, text);
}

ATF_TC_WITHOUT_HEAD(conf_lex);
ATF_TC_BODY(conf_lex, tc)
{
	struct conf_value	 v;
	struct conf		*cf;
	struct said		 s;

	cf = start("listen on 2002::/16 # comment {\n"
	    "a = \"b \\\"c\\\" \\\\ d\" -5 6to4 192.88.99.0/24 \\\n {", &s);
	expect(cf, T_LISTEN, NULL);
	expect(cf, T_ON, NULL);
	expect(cf, T_STRING, "2002::/16");
	expect(cf, '\n', NULL);
	expect(cf, T_STRING, "a");
	expect(cf, '=', NULL);
	expect(cf, T_STRING, "b \"c\" \\ d");
	ATF_CHECK_EQ(conf_lex(cf, &v), T_NUMBER);
	ATF_CHECK_EQ(v.number, -5);
	expect(cf, T_STRING, "6to4");
	expect(cf, T_STRING, "192.88.99.0/24");
	expect(cf, '{', NULL);
	expect(cf, '\n', NULL);
	expect(cf, 0, NULL);
	expect(cf, 0, NULL);
	ATF_CHECK_EQ(conf_errors(cf), 0);
	conf_free(cf);
}

ATF_TC_WITHOUT_HEAD(conf_macros);
ATF_TC_BODY(conf_macros, tc)
{
	struct conf	*cf;
	struct said	 s;

	cf = start("$a $b\n$nosuch\n", &s);
	ATF_CHECK_EQ(conf_define(cf, "a=listen on x"), 0);
	ATF_CHECK_EQ(conf_set(cf, "a", "y"), 0);
	ATF_CHECK_EQ(conf_set(cf, "b", "$a"), 0);
	ATF_CHECK_EQ(conf_set(cf, "no good", "y"), -1);
	ATF_CHECK_EQ(conf_set(cf, "", "y"), -1);
	ATF_CHECK_EQ(conf_define(cf, "novalue"), -1);
	expect(cf, T_LISTEN, NULL);
	expect(cf, T_ON, NULL);
	expect(cf, T_STRING, "x");
	expect(cf, T_LISTEN, NULL);
	expect(cf, T_ON, NULL);
	expect(cf, T_STRING, "x");
	expect(cf, '\n', NULL);
	expect(cf, T_ERROR, NULL);
	ATF_CHECK_EQ(conf_errors(cf), 1);
	ATF_CHECK_STREQ(s.last, "t.conf:2: macro \"nosuch\" not defined");
	conf_free(cf);
}

ATF_TC_WITHOUT_HEAD(conf_macro_keyword);
ATF_TC_BODY(conf_macro_keyword, tc)
{
	struct conf	*cf;
	struct said	 s;

	cf = start("listen = on\non= x\nlisten\t\t on", &s);
	expect(cf, T_STRING, "listen");
	expect(cf, '=', NULL);
	expect(cf, T_ON, NULL);
	expect(cf, '\n', NULL);
	expect(cf, T_STRING, "on");
	expect(cf, '=', NULL);
	expect(cf, T_STRING, "x");
	expect(cf, '\n', NULL);
	expect(cf, T_LISTEN, NULL);
	expect(cf, T_ON, NULL);
	conf_free(cf);

	cf = start("x $a y\n", &s);
	ATF_CHECK_EQ(conf_set(cf, "a", "listen"), 0);
	expect(cf, T_STRING, "x");
	expect(cf, T_LISTEN, NULL);
	expect(cf, T_STRING, "y");
	conf_free(cf);
}

ATF_TC_WITHOUT_HEAD(conf_macro_recursion);
ATF_TC_BODY(conf_macro_recursion, tc)
{
	struct conf	*cf;
	struct said	 s;

	cf = start("$a\n", &s);
	ATF_CHECK_EQ(conf_set(cf, "a", "$a"), 0);
	expect(cf, T_ERROR, NULL);
	ATF_CHECK_EQ(conf_errors(cf), 1);
	conf_free(cf);
}

/* What follows the macro that never ends is read all the same. */
ATF_TC_WITHOUT_HEAD(LIMIT_CONF_DEPTH);
ATF_TC_BODY(LIMIT_CONF_DEPTH, tc)
{
	struct conf	*cf;
	struct said	 s;

	cf = start("$a\nx\n", &s);
	ATF_CHECK_EQ(conf_set(cf, "a", "$a $a $a $a"), 0);
	expect(cf, T_ERROR, NULL);
	expect(cf, '\n', NULL);
	expect(cf, T_STRING, "x");
	ATF_CHECK_STREQ(s.last, "t.conf:1: more than 16 files and macros "
	    "inside one another");
	ATF_CHECK_EQ(conf_errors(cf), 1);
	conf_free(cf);
}

/* Macros of ten macros each, five deep, are a hundred thousand texts. */
ATF_TC_WITHOUT_HEAD(LIMIT_CONF_TEXTS);
ATF_TC_BODY(LIMIT_CONF_TEXTS, tc)
{
	struct conf_value	 v;
	struct conf		*cf;
	struct said		 s;
	char			 name[2] = "a", value[64];
	int			 i, n = 0;

	cf = start("$f\nx\n", &s);
	ATF_CHECK_EQ(conf_set(cf, "a", "x"), 0);
	for (*name = 'b'; *name <= 'f'; ++*name) {
		value[0] = '\0';
		for (i = 0; i < 10; i++) {
			strlcat(value, "$", sizeof(value));
			strlcat(value, (char [2]){ *name - 1 },
			    sizeof(value));
		}
		ATF_CHECK_EQ(conf_set(cf, name, value), 0);
	}
	while (conf_lex(cf, &v) != 0)
		n++;
	ATF_CHECK(n < LIMIT_CONF_TEXTS);
	ATF_CHECK_STREQ(s.last, "t.conf:1: more than 10000 files and macros");
	ATF_CHECK_EQ(conf_errors(cf), 1);
	conf_free(cf);
}

/* What the lexer has complained of, the parser need not complain of. */
ATF_TC_WITHOUT_HEAD(conf_syntax_failed);
ATF_TC_BODY(conf_syntax_failed, tc)
{
	struct conf	*cf;
	struct said	 s;

	cf = start("\"open\nx y", &s);
	expect(cf, T_ERROR, NULL);
	conf_syntax(cf);
	conf_expected(cf, "something");
	ATF_CHECK_EQ(conf_errors(cf), 1);
	expect(cf, '\n', NULL);
	expect(cf, T_STRING, "x");
	conf_syntax(cf);
	ATF_CHECK_EQ(conf_errors(cf), 2);
	conf_free(cf);
}

ATF_TC_WITHOUT_HEAD(conf_include);
ATF_TC_BODY(conf_include, tc)
{
	struct conf	*cf;
	struct said	 s;

	cf = start("one\ntwo\n", &s);
	put("inc.conf", "three\n!");
	expect(cf, T_STRING, "one");
	expect(cf, '\n', NULL);
	ATF_CHECK_EQ(conf_push(cf, "inc.conf"), 0);
	expect(cf, T_STRING, "three");
	conf_error(cf, "here");
	ATF_CHECK_STREQ(s.last, "inc.conf:1: here");
	expect(cf, '\n', NULL);
	expect(cf, '!', NULL);
	expect(cf, '\n', NULL);
	expect(cf, T_STRING, "two");
	conf_error(cf, "there");
	ATF_CHECK_STREQ(s.last, "t.conf:2: there");
	ATF_CHECK_EQ(conf_push(cf, "nosuch.conf"), -1);
	ATF_CHECK_STREQ(s.last,
	    "t.conf:2: include nosuch.conf: No such file or directory");
	conf_free(cf);
}

ATF_TC_WITHOUT_HEAD(conf_push_refuses);
ATF_TC_BODY(conf_push_refuses, tc)
{
	struct conf	*cf;
	struct said	 s;

	cf = start("x\n", &s);
	put("open.conf", "y\n");
	ATF_REQUIRE_EQ(chmod("open.conf", 0666), 0);
	ATF_CHECK_EQ(conf_push(cf, "open.conf"), -1);
	ATF_CHECK_EQ(conf_push(cf, "."), -1);
	ATF_CHECK_EQ(conf_errors(cf), 2);
	while (conf_push(cf, "t.conf") == 0)
		;
	ATF_CHECK(conf_errors(cf) == 3);
	conf_free(cf);
}

ATF_TC_WITHOUT_HEAD(conf_syntax);
ATF_TC_BODY(conf_syntax, tc)
{
	struct conf	*cf;
	struct said	 s;

	cf = start("one two\nthree", &s);
	expect(cf, T_STRING, "one");
	expect(cf, T_STRING, "two");
	conf_syntax(cf);
	expect(cf, '\n', NULL);
	conf_syntax(cf);
	ATF_CHECK_STREQ(s.last, "t.conf:1: syntax error near \"two\"");
	expect(cf, T_STRING, "three");
	conf_expected(cf, "four");
	ATF_CHECK_STREQ(s.last, "t.conf:1: syntax error after \"two\", "
	    "expected four");
	conf_free(cf);
}

ATF_TC_WITHOUT_HEAD(conf_garbage);
ATF_TC_BODY(conf_garbage, tc)
{
	struct conf	*cf;
	struct said	 s;
	char		 text[2 * LIMIT_CONF_WORD];

	cf = start("\"no end\n99999999999999999999\n\001\n$\n", &s);
	expect(cf, T_ERROR, NULL);
	expect(cf, '\n', NULL);
	expect(cf, T_ERROR, NULL);
	expect(cf, '\n', NULL);
	expect(cf, T_ERROR, NULL);
	expect(cf, '\n', NULL);
	expect(cf, T_ERROR, NULL);
	ATF_CHECK_EQ(conf_errors(cf), 4);
	conf_free(cf);

	memset(text, 'a', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	cf = start(text, &s);
	expect(cf, T_ERROR, NULL);
	ATF_CHECK_EQ(conf_errors(cf), 1);
	conf_free(cf);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, conf_lex);
	ATF_TP_ADD_TC(tp, conf_macros);
	ATF_TP_ADD_TC(tp, conf_macro_keyword);
	ATF_TP_ADD_TC(tp, conf_macro_recursion);
	ATF_TP_ADD_TC(tp, LIMIT_CONF_DEPTH);
	ATF_TP_ADD_TC(tp, LIMIT_CONF_TEXTS);
	ATF_TP_ADD_TC(tp, conf_syntax_failed);
	ATF_TP_ADD_TC(tp, conf_include);
	ATF_TP_ADD_TC(tp, conf_push_refuses);
	ATF_TP_ADD_TC(tp, conf_syntax);
	ATF_TP_ADD_TC(tp, conf_garbage);
	return (atf_no_error());
}
