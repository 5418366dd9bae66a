/*
 * Reader of the packet corpus, for tests: see corpus.h.
 */
#include <arpa/inet.h>

#include <dirent.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corpus.h"

static const char	*words[] = {
#define X(sym, word, text)	word,
	DROP_REASONS(X)
#undef X
};

static const char	*dirs[] = { "in", "out", "icmp4" };
static const char	*verdicts[] = { "forward", "reply", "drop" };

const char *
corpus_word(enum drop why)
{
	return ((unsigned int)why < DROP_NREASONS ? words[why] : "?");
}

static int
index_of(const char *word, const char **list, int n)
{
	int	 i;

	for (i = 0; i < n; i++)
		if (strcmp(word, list[i]) == 0)
			return (i);
	errx(1, "corpus: what is \"%s\"?", word);
}

static struct in_addr
addr4(const char *s)
{
	struct in_addr	 in;

	if (inet_pton(AF_INET, s, &in) != 1)
		errx(1, "corpus: %s: no IPv4 address", s);
	return (in);
}

void
corpus_conf(struct conf_6to4 *c)
{
	memset(c, 0, sizeof(*c));
	c->enabled = 1;
	c->tos_copy = 1;
	c->ttl = 64;
	c->mtu = 1480;
	c->icmp_rate = 1000;
	c->nlisten = 2;
	c->listen[0] = addr4("192.88.99.1");
	c->listen[1] = addr4("11.1.0.1");
	c->source = addr4("11.1.0.1");
	c->nown = 1;
	c->own[0] = addr4("11.1.0.3");
}

static void
rule_read(struct conf_6to4 *c, const char *s, int allow)
{
	struct policy_rule	*r = &c->rules[c->nrules++];

	r->allow = allow;
	if (prefix_parse(&r->prefix, s) == -1)
		errx(1, "corpus: %s: no prefix", s);
}

/* Lines before "verdict" change the configuration. */
static void
conf_read(struct corpus_case *c, const char *word, const char *arg)
{
	if (strcmp(word, "direction") == 0)
		c->dir = index_of(arg, dirs, CORPUS_NDIRS);
	else if (strcmp(word, "allow") == 0 || strcmp(word, "deny") == 0)
		rule_read(&c->conf, arg, word[0] == 'a');
	else if (strcmp(word, "mtu") == 0)
		c->conf.mtu = strtoul(arg, NULL, 0);
	else if (strcmp(word, "ttl") == 0)
		c->conf.ttl = strtoul(arg, NULL, 0);
	else if (strcmp(word, "tos") == 0) {
		c->conf.tos_copy = 0;
		c->conf.tos = strtoul(arg, NULL, 0);
	} else if (strcmp(word, "error-source") != 0 ||
	    inet_pton(AF_INET6, arg, &c->conf.icmp_source) != 1)
		errx(1, "corpus: %s: what is \"%s %s\"?", c->name, word, arg);
}

/* Lines after it say what comes out. */
static void
outer_read(struct corpus_case *c, const char *word, const char *arg)
{
	if (strcmp(word, "dst4") == 0)
		c->dst4 = addr4(arg);
	else if (strcmp(word, "tos") == 0)
		c->tos = strtol(arg, NULL, 0);
	else if (strcmp(word, "ttl") == 0)
		c->ttl = strtol(arg, NULL, 0);
	else
		errx(1, "corpus: %s: what is \"%s\"?", c->name, word);
}

static void
bytes_read(struct corpus_case *c, char *word)
{
	char	*end;

	for (; word != NULL; word = strtok(NULL, " \t\n")) {
		if (c->fill->len == CORPUS_BYTES || strlen(word) != 2)
			errx(1, "corpus: %s: \"%s\"", c->name, word);
		c->fill->b[c->fill->len++] = strtoul(word, &end, 16);
		if (*end != '\0')
			errx(1, "corpus: %s: \"%s\"", c->name, word);
	}
}

static void
line_read(struct corpus_case *c, char *line, int *verdict)
{
	char	*word, *arg;

	line[strcspn(line, "#")] = '\0';
	if ((word = strtok(line, " \t\n")) == NULL)
		return;
	if (strcmp(word, "packet") == 0)
		c->fill = &c->packet;
	else if (strcmp(word, "expect") == 0)
		c->fill = &c->expect;
	else if (c->fill != NULL)
		bytes_read(c, word);
	else if ((arg = strtok(NULL, " \t\n")) == NULL)
		errx(1, "corpus: %s: %s: an argument is missing",
		    c->name, word);
	else if (strcmp(word, "verdict") == 0) {
		*verdict = c->verdict = index_of(arg, verdicts, 3);
		if ((arg = strtok(NULL, " \t\n")) != NULL)
			c->why = index_of(arg, words, DROP_NREASONS);
	} else if (*verdict == -1)
		conf_read(c, word, arg);
	else
		outer_read(c, word, arg);
}

static void
case_read(struct corpus_case *c, const char *dir, const char *name)
{
	char	 path[1024], line[1024];
	int	 verdict = -1;
	FILE	*f;

	memset(c, 0, sizeof(*c));
	strlcpy(c->name, name, sizeof(c->name));
	corpus_conf(&c->conf);
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	if ((f = fopen(path, "r")) == NULL)
		err(1, "%s", path);
	while (fgets(line, sizeof(line), f) != NULL)
		line_read(c, line, &verdict);
	fclose(f);
	if (verdict == -1 || c->packet.len == 0)
		errx(1, "corpus: %s: no verdict or no packet", name);
}

int
corpus_each(const char *path, enum corpus_dir dir,
    void (*fn)(struct corpus_case *))
{
	struct corpus_case	 c;
	struct dirent		*de;
	int			 n = 0;
	DIR			*d;

	if ((d = opendir(path)) == NULL)
		err(1, "%s", path);
	while ((de = readdir(d)) != NULL) {
		if (de->d_name[0] == '.')
			continue;
		case_read(&c, path, de->d_name);
		if (c.dir != dir)
			continue;
		fn(&c);
		n++;
	}
	closedir(d);
	return (n);
}

enum verdict
corpus_run(struct sixtofour *s, enum corpus_dir dir, struct pkt *p)
{
	mono_t	 now = { MONO_S(1000) };

	switch (dir) {
	case CORPUS_IN:
		return (sixtofour_in(s, p, now));
	case CORPUS_OUT:
		return (sixtofour_out(s, p, now));
	default:
		return (sixtofour_icmp4(s, p, now));
	}
}
