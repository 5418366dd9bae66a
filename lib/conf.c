/*
 * The lexer shared by both grammars: see conf.h.  Input is a stack of texts,
 * files below macros, each read to its end before the one below goes on.
 */
#include <sys/types.h>
#include <sys/queue.h>
#include <sys/stat.h>

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf.h"
#include "bounds.h"
#include "log.h"

#define END	(-1)

/* A file, or the value of a macro while it is being read (no name). */
struct text {
	TAILQ_ENTRY(text)	 entry;
	char			*name;
	char			*buf;
	size_t			 len;
	size_t			 pos;
	int			 line;
};

struct macro {
	TAILQ_ENTRY(macro)	 entry;
	char			*name;
	char			*value;
	int			 fixed;		/* from the command line */
};

/* The string of a token. */
struct kept {
	LIST_ENTRY(kept)	 entry;
	char			 string[];
};

struct conf {
	const struct conf_grammar	 *grammar;
	void				(*report)(void *, const char *);
	void				 *arg;
	TAILQ_HEAD(, text)		  texts;
	TAILQ_HEAD(, macro)		  macros;
	LIST_HEAD(, kept)		  kept;
	int				  depth;
	int				  ntexts;	/* so far */
	int				  errors;
	char				 *syntax;	/* pending error */
	int				  failed;	/* tok_error was last */
	int				  line;		/* of the last token */
	char				 *file;		/* of the last token */
	char				 *exposed;	/* readable by others */
	char				  word[LIMIT_CONF_WORD];
	char				  before[LIMIT_CONF_WORD]; /* it */
};

static void	*
xalloc(void *p)
{
	if (p == NULL)
		fatal("configuration");
	return (p);
}

struct conf *
conf_new(const struct conf_grammar *g, void (*report)(void *, const char *),
    void *arg)
{
	struct conf	*cf;

	cf = xalloc(calloc(1, sizeof(*cf)));
	cf->grammar = g;
	cf->report = report;
	cf->arg = arg;
	cf->file = xalloc(strdup(""));
	TAILQ_INIT(&cf->texts);
	TAILQ_INIT(&cf->macros);
	LIST_INIT(&cf->kept);
	return (cf);
}

static void
text_pop(struct conf *cf)
{
	struct text	*t = TAILQ_FIRST(&cf->texts);

	TAILQ_REMOVE(&cf->texts, t, entry);
	cf->depth--;
	free(t->name);
	freezero(t->buf, t->len);		/* may hold secrets */
	free(t);
}

void
conf_free(struct conf *cf)
{
	struct macro	*m;
	struct kept	*k;

	while ((k = LIST_FIRST(&cf->kept)) != NULL) {
		LIST_REMOVE(k, entry);
		freezero(k, sizeof(*k) + strlen(k->string));
	}
	while (!TAILQ_EMPTY(&cf->texts))
		text_pop(cf);
	while ((m = TAILQ_FIRST(&cf->macros)) != NULL) {
		TAILQ_REMOVE(&cf->macros, m, entry);
		free(m->name);
		freezero(m->value, strlen(m->value));
		free(m);
	}
	free(cf->syntax);
	free(cf->file);
	free(cf->exposed);
	freezero(cf, sizeof(*cf));
}

/* --- errors ------------------------------------------------------------ */

static void
report(struct conf *cf, const char *fmt, ...)
{
	char	 line[LOG_LINE_MAX];
	va_list	 ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	cf->errors++;
	cf->report(cf->arg, line);
}

void
conf_error(struct conf *cf, const char *fmt, ...)
{
	char	 what[LOG_LINE_MAX];
	va_list	 ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	if (cf->line == 0)
		report(cf, "%s", what);
	else
		report(cf, "%s:%d: %s", cf->file, cf->line, what);
}

void
conf_syntax(struct conf *cf)
{
	const char	*where = "near", *word = cf->word;
	char		*s;

	conf_expected(cf, NULL);
	if (cf->failed)
		return;
	if (*word == '\n' || *word == '\0') {
		where = "after";
		word = cf->before;
	}
	if (asprintf(&s, "%s:%d: syntax error %s \"%s\"", cf->file, cf->line,
	    where, word) == -1)
		fatal("configuration");
	cf->syntax = s;
}

void
conf_expected(struct conf *cf, const char *what)
{
	if (cf->syntax == NULL)
		return;
	if (what == NULL)
		report(cf, "%s", cf->syntax);
	else
		report(cf, "%s, expected %s", cf->syntax, what);
	free(cf->syntax);
	cf->syntax = NULL;
}

int
conf_errors(struct conf *cf)
{
	conf_expected(cf, NULL);
	return (cf->errors);
}

/* --- macros ------------------------------------------------------------ */

static struct macro *
macro_find(struct conf *cf, const char *name)
{
	struct macro	*m;

	TAILQ_FOREACH(m, &cf->macros, entry)
		if (strcmp(m->name, name) == 0)
			return (m);
	return (NULL);
}

static int
is_name(int c)
{
	return (c != END && (isalnum(c) || c == '_'));
}

static int
macro_set(struct conf *cf, const char *name, const char *value, int fixed)
{
	const unsigned char	*p;
	struct macro		*m;

	for (p = (const unsigned char *)name; is_name(*p); p++)
		;
	if (*p != '\0' || *name == '\0')
		return (-1);
	if ((m = macro_find(cf, name)) == NULL) {
		m = xalloc(calloc(1, sizeof(*m)));
		m->name = xalloc(strdup(name));
		TAILQ_INSERT_TAIL(&cf->macros, m, entry);
	} else if (m->fixed && !fixed)
		return (0);
	free(m->value);
	m->value = xalloc(strdup(value));
	m->fixed = fixed;
	return (0);
}

int
conf_set(struct conf *cf, const char *name, const char *value)
{
	return (macro_set(cf, name, value, 0));
}

int
conf_define(struct conf *cf, const char *definition)
{
	char	*name, *value;
	int	 rv = -1;

	name = xalloc(strdup(definition));
	if ((value = strchr(name, '=')) != NULL) {
		*value++ = '\0';
		rv = macro_set(cf, name, value, 1);
	}
	free(name);
	return (rv);
}

/* --- input ------------------------------------------------------------- */

/* Drop the macros on top, back to the file that uses them; or everything. */
static void
give_up(struct conf *cf, int everything)
{
	struct text	*t;

	while ((t = TAILQ_FIRST(&cf->texts)) != NULL &&
	    (everything || t->name == NULL))
		text_pop(cf);
}

/*
 * Put a text on top; takes buf over.  Texts in one another are bounded twice,
 * since what is not deep can still be as many as the powers of two.
 */
static int
text_push(struct conf *cf, const char *name, char *buf, size_t len)
{
	struct text	*t;
	int		 many = cf->ntexts >= LIMIT_CONF_TEXTS;

	if (many || cf->depth >= LIMIT_CONF_DEPTH) {
		free(buf);
		if (many)
			conf_error(cf, "more than %d files and macros",
			    LIMIT_CONF_TEXTS);
		else
			conf_error(cf, "more than %d files and macros inside "
			    "one another", LIMIT_CONF_DEPTH);
		give_up(cf, many);
		return (-1);
	}
	cf->ntexts++;
	t = xalloc(calloc(1, sizeof(*t)));
	if (name != NULL)
		t->name = xalloc(strdup(name));
	t->buf = buf;
	t->len = len;
	t->line = 1;
	cf->depth++;
	TAILQ_INSERT_HEAD(&cf->texts, t, entry);
	return (0);
}

/* Why a file must not be believed, or NULL. */
static const char *
file_refuse(const struct stat *st)
{
	if (!S_ISREG(st->st_mode))
		return ("not a regular file");
	if (st->st_uid != 0 && st->st_uid != getuid())
		return ("owned by neither root nor the current user");
	if (st->st_mode & (S_IWGRP | S_IWOTH))
		return ("writable by group or others");
	if (st->st_size > LIMIT_CONF_SIZE)
		return ("too large");
	return (NULL);
}

/* The whole of an open file, or NULL. */
static char *
file_read(int fd, size_t size, size_t *len)
{
	char	*buf;
	ssize_t	 n = 0;

	buf = xalloc(malloc(size + 1));
	for (*len = 0; *len < size; *len += n)
		if ((n = read(fd, buf + *len, size - *len)) <= 0)
			break;
	if (n == -1) {
		free(buf);
		return (NULL);
	}
	return (buf);
}

int
conf_push(struct conf *cf, const char *file)
{
	const char	*why = NULL;
	struct stat	 st;
	char		*buf = NULL;
	size_t		 len = 0;
	int		 fd;

	if ((fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)) == -1 ||
	    fstat(fd, &st) == -1)
		why = strerror(errno);
	else if ((why = file_refuse(&st)) == NULL &&
	    (buf = file_read(fd, st.st_size, &len)) == NULL)
		why = strerror(errno);
	if (fd != -1)
		close(fd);
	if (why == NULL && (st.st_mode & S_IRWXO) && cf->exposed == NULL)
		cf->exposed = xalloc(strdup(file));
	if (why != NULL) {
		if (TAILQ_EMPTY(&cf->texts))
			report(cf, "%s: %s", file, why);
		else
			conf_error(cf, "include %s: %s", file, why);
		return (-1);
	}
	return (text_push(cf, file, buf, len));
}

const char *
conf_exposed(const struct conf *cf)
{
	return (cf->exposed);
}

/*
 * The next character.  A file yields a newline at its end and a macro a
 * space, so that no token runs from one text into another.
 */
static int
get(struct conf *cf)
{
	struct text	*t;
	int		 c;

	while ((t = TAILQ_FIRST(&cf->texts)) != NULL && t->pos > t->len)
		text_pop(cf);
	if (t == NULL)
		return (END);
	if (t->pos == t->len)
		c = t->name != NULL ? '\n' : ' ';
	else
		c = (unsigned char)t->buf[t->pos];
	t->pos++;
	if (c == '\n')
		t->line++;
	return (c);
}

static void
unget(struct conf *cf, int c)
{
	struct text	*t = TAILQ_FIRST(&cf->texts);

	if (c == END)
		return;
	t->pos--;
	if (c == '\n')
		t->line--;
}

/* The next character, with continued lines joined. */
static int
get_joined(struct conf *cf)
{
	int	 c, next;

	while ((c = get(cf)) == '\\') {
		if ((next = get(cf)) != '\n') {
			unget(cf, next);
			break;
		}
	}
	return (c);
}

/* Note where the token that begins now stands. */
static void
mark(struct conf *cf)
{
	struct text	*t;

	TAILQ_FOREACH(t, &cf->texts, entry)
		if (t->name != NULL)
			break;
	if (t == NULL)
		return;
	cf->line = t->line;
	if (strcmp(cf->file, t->name) != 0) {
		free(cf->file);
		cf->file = xalloc(strdup(t->name));
	}
}

/* --- tokens ------------------------------------------------------------ */

/* The token is wrong by itself; the parser need not complain of it too. */
static int
lex_failed(struct conf *cf)
{
	cf->failed = 1;
	return (cf->grammar->tok_error);
}

static int
lex_wrong(struct conf *cf, const char *what)
{
	conf_error(cf, "%s", what);
	return (lex_failed(cf));
}

/* A parser that meets an error forgets its strings; we do not. */
static int
lex_string(struct conf *cf, struct conf_value *v, const char *s)
{
	size_t		 size = strlen(s) + 1;
	struct kept	*k;

	k = xalloc(malloc(sizeof(*k) + size));
	memcpy(k->string, s, size);
	LIST_INSERT_HEAD(&cf->kept, k, entry);
	v->string = k->string;
	return (cf->grammar->tok_string);
}

/* "..." with \" and \\ inside. */
static int
lex_quoted(struct conf *cf, struct conf_value *v)
{
	size_t	 n = 0;
	int	 c;

	while ((c = get(cf)) != '"') {
		if (c == '\\') {
			c = get(cf);
			if (c != '"' && c != '\\') {
				unget(cf, c);
				c = '\\';
			}
		}
		if (c == END || c == '\n') {
			unget(cf, c);
			return (lex_wrong(cf, "quoted string without end"));
		}
		if (n >= sizeof(cf->word) - 1)
			return (lex_wrong(cf, "string too long"));
		cf->word[n++] = c;
	}
	cf->word[n] = '\0';
	return (lex_string(cf, v, cf->word));
}

/* $name: go on reading in the macro's value. */
static int
lex_macro(struct conf *cf)
{
	struct macro	*m;
	size_t		 n = 0;
	int		 c;

	while (is_name(c = get(cf)))
		if (n < sizeof(cf->word) - 1)
			cf->word[n++] = c;
	unget(cf, c);
	cf->word[n] = '\0';
	if ((m = macro_find(cf, cf->word)) == NULL) {
		conf_error(cf, "macro \"%s\" not defined", cf->word);
		return (-1);
	}
	return (text_push(cf, NULL, xalloc(strdup(m->value)),
	    strlen(m->value)));
}

static int
in_word(int c)
{
	return (c != END && (isalnum(c) ||
	    (ispunct(c) && strchr("(){}<>!=,#\"$\\", c) == NULL)));
}

static int
is_number(const char *s)
{
	if (*s == '-')
		s++;
	return (*s != '\0' && s[strspn(s, "0123456789")] == '\0');
}

/* True when a "=" follows: then even a keyword is the name of a macro. */
static int
before_equals(const struct conf *cf)
{
	const struct text	*t = TAILQ_FIRST(&cf->texts);
	size_t			 i;

	for (i = t->pos; i < t->len; i++)
		if (t->buf[i] != ' ' && t->buf[i] != '\t')
			return (t->buf[i] == '=');
	return (0);
}

static int
lex_word(struct conf *cf, struct conf_value *v)
{
	const struct conf_grammar	*g = cf->grammar;
	const char			*err;
	size_t				 i, n = 0;
	int				 c;

	while (in_word(c = get(cf))) {
		if (n >= sizeof(cf->word) - 1)
			return (lex_wrong(cf, "word too long"));
		cf->word[n++] = c;
	}
	unget(cf, c);
	cf->word[n] = '\0';
	if (is_number(cf->word)) {
		v->number = strtonum(cf->word, INT64_MIN, INT64_MAX, &err);
		if (err != NULL)
			return (lex_wrong(cf, "number too large"));
		return (g->tok_number);
	}
	for (i = 0; i < g->nkeywords; i++)
		if (strcmp(g->keywords[i].name, cf->word) == 0 &&
		    !before_equals(cf))
			return (g->keywords[i].token);
	return (lex_string(cf, v, cf->word));
}

/* Pass over blanks and a comment; returns the character after them. */
static int
skip_blank(struct conf *cf)
{
	int	 c;

	while ((c = get_joined(cf)) == ' ' || c == '\t' || c == '\r')
		;
	if (c == '#')
		while ((c = get(cf)) != '\n' && c != END)
			;
	return (c);
}

int
conf_lex(struct conf *cf, struct conf_value *v)
{
	int	 c;

	v->string = NULL;
	v->number = 0;
	cf->failed = 0;
	while ((c = skip_blank(cf)) == '$') {
		mark(cf);
		if (lex_macro(cf) == -1)
			return (lex_failed(cf));
	}
	unget(cf, c);
	mark(cf);
	if (cf->word[0] != '\n')
		strlcpy(cf->before, cf->word, sizeof(cf->before));
	if (in_word(c))
		return (lex_word(cf, v));
	get(cf);
	if (c == '"')
		return (lex_quoted(cf, v));
	cf->word[0] = c == END ? '\0' : c;
	cf->word[1] = '\0';
	if (c == END)
		return (0);
	if (c != '\n' && !isprint(c))
		return (lex_wrong(cf, "character that does not belong here"));
	return (c);
}
