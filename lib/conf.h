/*
 * The lexer that both grammars share: words, numbers, quoted strings,
 * comments, macros ($name), include, continued lines, and errors as
 * "file:line: what is wrong".  A grammar brings its keywords and token
 * numbers; all errors of a file are found in one run.
 */
#ifndef CONF_H
#define CONF_H

#include <stddef.h>
#include <stdint.h>

struct conf_keyword {
	const char	*name;
	int		 token;
};

struct conf_grammar {
	const struct conf_keyword	*keywords;
	size_t				 nkeywords;
	int				 tok_string;	/* sets value.string */
	int				 tok_number;	/* sets value.number */
	int				 tok_error;	/* already reported */
};

/* What a token carries; strings last until conf_free(), which wipes them. */
struct conf_value {
	const char	*string;
	int64_t		 number;
};

struct conf;

/* A lexer without input.  Errors are handed to report(arg, line). */
struct conf	*conf_new(const struct conf_grammar *,
		    void (*report)(void *, const char *), void *arg);
void		 conf_free(struct conf *);

/*
 * Define a macro: conf_set() as a line "name = value" does, conf_define() from
 * "name=value" on the command line, which wins over the file's.  -1 when the
 * name is not letters, digits and underscores.
 */
int		 conf_set(struct conf *, const char *name, const char *value);
int		 conf_define(struct conf *, const char *definition);

/*
 * Read file next, before what is left of the current one (include).  An
 * error (no such file, writable by others, too deep) is reported and counted;
 * then the answer is -1.
 */
int		 conf_push(struct conf *, const char *file);

/* The first file read so far that others may read too, or NULL. */
const char	*conf_exposed(const struct conf *);

/* The next token: a grammar's number, a character, or 0 at the end. */
int		 conf_lex(struct conf *, struct conf_value *);

/* Report and count an error at the line of the last token. */
void		 conf_error(struct conf *, const char *, ...)
		    __attribute__((__format__(printf, 2, 3)));

/*
 * The parser could not go on at the last token: remember where.  The line is
 * reported by conf_expected(), which the grammar's error rule calls with what
 * would have been right there, or at the latest by conf_errors().
 */
void		 conf_syntax(struct conf *);
void		 conf_expected(struct conf *, const char *what);

/* How many errors there were. */
int		 conf_errors(struct conf *);

#endif
