/*
 * Fuzz target: any text through the lexer of lib/conf.c.  The first byte says
 * after how many tokens the parser complains, as a grammar would.
 */
#include "conf.h"
#include "conf_fuzz.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

enum { T_STRING = 300, T_NUMBER, T_ERROR, T_INCLUDE, T_SET };

static const struct conf_keyword	keywords[] = {
	{ "include", T_INCLUDE },
	{ "set", T_SET }
};

static const struct conf_grammar	grammar = {
	keywords, nitems(keywords), T_STRING, T_NUMBER, T_ERROR
};

static void
report(void *arg, const char *line)
{
	size_t	*n = arg;

	if (line[0] == '\0' || strchr(line, ':') == NULL)
		abort();
	++*n;
}

/* What a token must be. */
static void
token_check(int tok, const struct conf_value *v)
{
	if ((tok == T_STRING) != (v->string != NULL))
		abort();
	if (v->string != NULL && strlen(v->string) >= LIMIT_CONF_WORD)
		abort();
	if (tok != T_NUMBER && v->number != 0)
		abort();
}

/* Read on; a string after "set" becomes a macro of the name before it. */
static void
lex_all(struct conf *cf, unsigned int complain)
{
	struct conf_value	 v;
	char			 name[LIMIT_CONF_WORD] = "m";
	size_t			 n = 0;
	int			 tok, before = 0;

	while ((tok = conf_lex(cf, &v)) != 0) {
		token_check(tok, &v);
		if (tok == T_STRING && before == T_SET)
			(void)conf_set(cf, name, v.string);
		else if (tok == T_STRING && before == T_INCLUDE)
			(void)conf_push(cf, v.string);
		else if (tok == T_STRING)
			strlcpy(name, v.string, sizeof(name));
		before = tok;
		if (complain != 0 && ++n % complain == 0)
			conf_syntax(cf);
		if (tok == '\n')
			conf_expected(cf, "something else");
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct conf	*cf;
	size_t		 errors = 0;

	if (size == 0)
		return (0);
	cf = conf_new(&grammar, report, &errors);
	(void)conf_define(cf, "self=" FUZZ_CONF);
	text_write(data + 1, size - 1);
	if (conf_push(cf, FUZZ_CONF) == 0)
		lex_all(cf, data[0]);
	if ((size_t)conf_errors(cf) != errors)
		abort();
	conf_free(cf);
	return (0);
}
