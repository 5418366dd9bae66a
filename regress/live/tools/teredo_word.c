/*
 * Parts of Teredo packets written as words; see teredo_pkt.h.  Pure.
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <arpa/inet.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "teredo_pkt.h"

#define ALTERNATE_HLEN	2

static int
hex_put(struct wr *w, const char *s)
{
	const char	*digits = "0123456789abcdef";
	const char	*hi, *lo;

	for (; *s != '\0'; s += 2) {
		if ((hi = strchr(digits, s[0])) == NULL || s[1] == '\0' ||
		    (lo = strchr(digits, s[1])) == NULL)
			return (-1);
		wr_u8(w, (uint8_t)((hi - digits) << 4 | (lo - digits)));
	}
	return (0);
}

static int
address_parse(uint8_t *addr, const struct teredo_names *names, const char *s)
{
	if (strcmp(s, "me") == 0)
		memcpy(addr, names->me, sizeof(names->me));
	else if (strcmp(s, "asker") == 0)
		memcpy(addr, names->asker, sizeof(names->asker));
	else if (inet_pton(AF_INET6, s, addr) != 1)
		return (-1);
	return (0);
}

/* "SRC,DST" */
static int
pair_parse(uint8_t *src, uint8_t *dst, const struct teredo_names *names,
    const char *s)
{
	char	 buf[2 * INET6_ADDRSTRLEN];
	char	*comma;

	if (strlcpy(buf, s, sizeof(buf)) >= sizeof(buf) ||
	    (comma = strchr(buf, ',')) == NULL)
		return (-1);
	*comma = '\0';
	if (address_parse(src, names, buf) == -1)
		return (-1);
	return (address_parse(dst, names, comma + 1));
}

static int
auth_word(struct wr *w, const struct teredo_names *names, const char *arg)
{
	teredo_auth_put(w, 1);
	return (*arg == '\0' ? 0 : -1);
}

static int
origin_word(struct wr *w, const struct teredo_names *names, const char *arg)
{
	struct endpoint	 e;

	if (endpoint_parse(&e, arg) == -1)
		return (-1);
	teredo_origin_put(w, &e);
	return (0);
}

static int
bubble_word(struct wr *w, const struct teredo_names *names, const char *arg)
{
	uint8_t	 src[16], dst[16];

	if (pair_parse(src, dst, names, arg) == -1)
		return (-1);
	teredo_bubble_put(w, src, dst);
	return (0);
}

static int
echo_word(struct wr *w, const struct teredo_names *names, const char *arg)
{
	uint8_t	 src[16], dst[16];

	if (pair_parse(src, dst, names, arg) == -1)
		return (-1);
	teredo_echo_put(w, 0, src, dst, "\0\1\0\1tclient", 11);
	return (0);
}

static int
rs_word(struct wr *w, const struct teredo_names *names, const char *arg)
{
	teredo_solicitation_put(w, 0);
	return (*arg == '\0' ? 0 : -1);
}

static int
nonce_word(struct wr *w, const struct teredo_names *names, const char *arg)
{
	wr_u8(w, 0x01);
	wr_u8(w, 4);
	return (strlen(arg) == 8 ? hex_put(w, arg) : -1);
}

static int
alt_word(struct wr *w, const struct teredo_names *names, const char *arg)
{
	struct endpoint	 e;
	char		 buf[8 * ENDPOINT_STRLEN];
	char		*rest = buf, *one;
	size_t		 at;

	if (strlcpy(buf, arg, sizeof(buf)) >= sizeof(buf))
		return (-1);
	at = w->len;
	wr_u8(w, 0x03);
	wr_u8(w, 0);
	wr_zero(w, ALTERNATE_HLEN);
	while ((one = strsep(&rest, ",")) != NULL) {
		if (endpoint_parse(&e, one) == -1)
			return (-1);
		wr_bytes(w, e.ip, sizeof(e.ip));
		wr_u16(w, e.port);
	}
	if (!w->bad)
		wr_patch8(w, at + 1, w->len - at - 2);
	return (0);
}

static int
nd_word(struct wr *w, const struct teredo_names *names, const char *arg)
{
	int	 adv;

	adv = strcmp(arg, "adv") == 0;
	if (!adv && strcmp(arg, "sol") != 0)
		return (-1);
	wr_u8(w, 0x04);
	wr_u8(w, 4);
	wr_u8(w, adv ? 1 : 0);
	wr_zero(w, 3);
	return (0);
}

static int
rport_word(struct wr *w, const struct teredo_names *names, const char *arg)
{
	const char	*errstr;
	uint16_t	 port;

	port = (uint16_t)strtonum(arg, 0, 65535, &errstr);
	wr_u8(w, 0x05);
	wr_u8(w, 2);
	wr_u16(w, port);
	return (errstr == NULL ? 0 : -1);
}

static int
hex_word(struct wr *w, const struct teredo_names *names, const char *arg)
{
	return (hex_put(w, arg));
}

int
teredo_word_put(struct wr *w, const struct teredo_names *names,
    const char *word)
{
	static const struct {
		const char	*name;
		int		(*fn)(struct wr *,
				    const struct teredo_names *, const char *);
	} words[] = {
		{ "auth",	auth_word },
		{ "origin",	origin_word },
		{ "bubble",	bubble_word },
		{ "echo",	echo_word },
		{ "rs",		rs_word },
		{ "nonce",	nonce_word },
		{ "alt",	alt_word },
		{ "nd",		nd_word },
		{ "rport",	rport_word },
		{ "hex",	hex_word }
	};
	const char	*arg;
	size_t		 i, len;

	len = strcspn(word, "=");
	arg = word[len] == '=' ? word + len + 1 : word + len;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i].name) == len &&
		    strncmp(words[i].name, word, len) == 0)
			return (words[i].fn(w, names, arg));
	return (-1);
}
