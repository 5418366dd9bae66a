/*
 * Values that the grammars of both daemons know: checked, and an error when
 * they are wrong.
 */
#ifndef CONFVAL_H
#define CONFVAL_H

#include <stddef.h>
#include <stdint.h>

#include "conf.h"
#include "prefix.h"

/* 0, or -1 after an error when n is not within bounds. */
int	conf_range(struct conf *, const char *what, int64_t n, int64_t min,
	    int64_t max, uint32_t *to);
void	conf_string(struct conf *, const char *what, const char *s, char *to,
	    size_t len);
void	conf_addr(struct conf *, const char *what, const char *s,
	    struct ipaddr *);

/* A word that can be the name of something: [A-Za-z0-9._-], not too long. */
int	conf_name_valid(const char *s, size_t max);

#endif
