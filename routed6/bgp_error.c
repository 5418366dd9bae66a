/*
 * BGP errors and their words: see bgp_error.h.  Engine of the bgp process; no
 * I/O.  RFC 4271 4.5 and 6, RFC 4486, 5492, 6608, 9003, 9384, 9687.
 */
#include <stdio.h>
#include <string.h>

#include "bgp_error.h"
#include "bgp_wire.h"

struct words {
	uint8_t		 code;
	uint8_t		 subcode;
	const char	*text;
};

static const struct words codes[] = {
	{ BGP_E_HEADER,		0, "Message Header Error" },
	{ BGP_E_OPEN,		0, "OPEN Message Error" },
	{ BGP_E_UPDATE,		0, "UPDATE Message Error" },
	{ BGP_E_HOLD,		0, "Hold Timer Expired" },
	{ BGP_E_FSM,		0, "Finite State Machine Error" },
	{ BGP_E_CEASE,		0, "Cease" },
	{ BGP_E_REFRESH,	0, "ROUTE-REFRESH Message Error" },
	{ BGP_E_SEND_HOLD,	0, "Send Hold Timer Expired" },
	{ 0, 0, NULL }
};

static const struct words subcodes[] = {
	{ BGP_E_HEADER,	1, "Connection Not Synchronized" },
	{ BGP_E_HEADER,	2, "Bad Message Length" },
	{ BGP_E_HEADER,	3, "Bad Message Type" },
	{ BGP_E_OPEN,	1, "Unsupported Version Number" },
	{ BGP_E_OPEN,	2, "Bad Peer AS" },
	{ BGP_E_OPEN,	3, "Bad BGP Identifier" },
	{ BGP_E_OPEN,	4, "Unsupported Optional Parameter" },
	{ BGP_E_OPEN,	6, "Unacceptable Hold Time" },
	{ BGP_E_OPEN,	7, "Unsupported Capability" },
	{ BGP_E_OPEN,	11, "Role Mismatch" },
	{ BGP_E_UPDATE,	1, "Malformed Attribute List" },
	{ BGP_E_UPDATE,	2, "Unrecognized Well-known Attribute" },
	{ BGP_E_UPDATE,	3, "Missing Well-known Attribute" },
	{ BGP_E_UPDATE,	4, "Attribute Flags Error" },
	{ BGP_E_UPDATE,	5, "Attribute Length Error" },
	{ BGP_E_UPDATE,	6, "Invalid ORIGIN Attribute" },
	{ BGP_E_UPDATE,	8, "Invalid NEXT_HOP Attribute" },
	{ BGP_E_UPDATE,	9, "Optional Attribute Error" },
	{ BGP_E_UPDATE,	10, "Invalid Network Field" },
	{ BGP_E_UPDATE,	11, "Malformed AS_PATH" },
	{ BGP_E_FSM,	1, "Unexpected Message in OpenSent" },
	{ BGP_E_FSM,	2, "Unexpected Message in OpenConfirm" },
	{ BGP_E_FSM,	3, "Unexpected Message in Established" },
	{ BGP_E_CEASE,	1, "Maximum Number of Prefixes Reached" },
	{ BGP_E_CEASE,	2, "Administrative Shutdown" },
	{ BGP_E_CEASE,	3, "Peer De-configured" },
	{ BGP_E_CEASE,	4, "Administrative Reset" },
	{ BGP_E_CEASE,	5, "Connection Rejected" },
	{ BGP_E_CEASE,	6, "Other Configuration Change" },
	{ BGP_E_CEASE,	7, "Connection Collision Resolution" },
	{ BGP_E_CEASE,	8, "Out of Resources" },
	{ BGP_E_CEASE,	9, "Hard Reset" },
	{ BGP_E_CEASE,	10, "BFD Down" },
	{ BGP_E_REFRESH, 1, "Invalid Message Length" },
	{ 0, 0, NULL }
};

static const char *
words_find(const struct words *w, uint8_t code, uint8_t subcode)
{
	for (; w->text != NULL; w++)
		if (w->code == code && w->subcode == subcode)
			return (w->text);
	return (NULL);
}

/* True for the Cease subcodes that carry text (RFC 9003 2). */
static int
cease_talks(uint8_t subcode)
{
	return (subcode == BGP_CEASE_SHUTDOWN || subcode == BGP_CEASE_RESET);
}

void
bgp_error_set(struct bgp_error *e, uint8_t code, uint8_t subcode,
    const void *data, size_t len)
{
	if (len > sizeof(e->data))
		len = sizeof(e->data);
	memset(e, 0, sizeof(*e));
	e->code = code;
	e->subcode = subcode;
	e->len = (uint16_t)len;
	if (len > 0)
		memcpy(e->data, data, len);
}

void
bgp_error_cease(struct bgp_error *e, uint8_t subcode, const char *text)
{
	size_t	 len;

	bgp_error_set(e, BGP_E_CEASE, subcode, NULL, 0);
	if (!cease_talks(subcode) || text == NULL || *text == '\0')
		return;
	len = strlen(text);
	if (len > BGP_COMMUNICATION_MAX) {
		len = BGP_COMMUNICATION_MAX;
		while (len > 0 && (text[len] & 0xc0) == 0x80)
			len--;
	}
	e->data[0] = (uint8_t)len;
	memcpy(e->data + 1, text, len);
	e->len = (uint16_t)(len + 1);
}

void
bgp_notification_build(struct wr *w, const struct bgp_error *e)
{
	size_t	 at;

	at = bgp_msg_begin(w, BGP_NOTIFICATION);
	wr_u8(w, e->code);
	wr_u8(w, e->subcode);
	wr_bytes(w, e->data, e->len);
	bgp_msg_end(w, at);
}

int
bgp_notification_parse(struct rd *r, struct bgp_error *e)
{
	uint8_t	 code, subcode;
	size_t	 len;

	code = rd_u8(r);
	subcode = rd_u8(r);
	if (r->bad) {
		memset(e, 0, sizeof(*e));
		return (-1);
	}
	len = r->left;
	bgp_error_set(e, code, subcode, rd_skip(r, len), len);
	return (0);
}

/*
 * Decode one character of UTF-8 (RFC 3629): its length in bytes, 0 when the
 * bytes are not UTF-8 (overlong, surrogate, beyond U+10FFFF or cut off).
 */
static size_t
utf8_decode(const uint8_t *s, size_t left, uint32_t *ch)
{
	static const uint32_t	 least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t			 n, i;

	if (s[0] < 0x80) {
		*ch = s[0];
		return (1);
	}
	n = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
	if (s[0] < 0xc2 || s[0] > 0xf4 || n > left)
		return (0);
	*ch = s[0] & (0x7f >> n);
	for (i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return (0);
		*ch = *ch << 6 | (s[i] & 0x3f);
	}
	if (*ch < least[n] || *ch > 0x10ffff ||
	    (*ch >= 0xd800 && *ch <= 0xdfff))
		return (0);
	return (n);
}

int
bgp_text_valid(const char *text)
{
	const uint8_t	*s = (const uint8_t *)text;
	size_t		 len = strlen(text), n;
	uint32_t	 ch;

	if (len > BGP_COMMUNICATION_MAX)
		return (0);
	for (; len > 0; s += n, len -= n)
		if ((n = utf8_decode(s, len, &ch)) == 0)
			return (0);
	return (1);
}

void
bgp_text_trim(char *text)
{
	size_t		 len = strlen(text), at = len;
	uint32_t	 ch;

	while (at > 0 && len - at < 4 && (text[at - 1] & 0xc0) == 0x80)
		at--;
	if (at > 0 && (text[at - 1] & 0x80) &&
	    utf8_decode((uint8_t *)text + at - 1, len - at + 1, &ch) == 0)
		text[at - 1] = '\0';
}

/* Characters that could forge or turn around a line of a log. */
static int
char_unsafe(uint32_t ch)
{
	return (ch < 0x20 || (ch >= 0x7f && ch < 0xa0) || ch == '"' ||
	    ch == '\\' || ch == 0x061c || ch == 0xfeff ||
	    (ch >= 0x200e && ch <= 0x200f) ||
	    (ch >= 0x2028 && ch <= 0x202e) ||
	    (ch >= 0x2066 && ch <= 0x2069));
}

/* Append the peer's text; what does not fit is left out, by characters. */
static void
text_escape(char *buf, size_t size, const uint8_t *s, size_t len)
{
	size_t		 at, i, n, done;
	uint32_t	 ch;

	at = strlen(buf);
	for (done = 0; done < len; done += n) {
		n = utf8_decode(s + done, len - done, &ch);
		if (n != 0 && !char_unsafe(ch)) {
			if (n >= size - at)
				return;
			memcpy(buf + at, s + done, n);
			at += n;
			buf[at] = '\0';
			continue;
		}
		if (n == 0)
			n = 1;
		for (i = 0; i < n && size - at > 4; i++, at += 4)
			snprintf(buf + at, 5, "\\x%02x", s[done + i]);
	}
}

/* The shutdown communication of a Cease, when there is one. */
static void
communication_print(const struct bgp_error *e, char *buf, size_t size)
{
	size_t	 len;

	if (e->code != BGP_E_CEASE || !cease_talks(e->subcode) ||
	    e->len < 2 || e->data[0] == 0)
		return;
	len = e->data[0];
	if (len > (size_t)e->len - 1)
		len = e->len - 1;
	strlcat(buf, ": \"", size);
	text_escape(buf, size - 1, e->data + 1, len);
	strlcat(buf, "\"", size);
}

char *
bgp_error_print(const struct bgp_error *e, char *buf, size_t size)
{
	const char	*code, *sub;

	code = words_find(codes, e->code, 0);
	sub = words_find(subcodes, e->code, e->subcode);
	if (e->code == 0)
		snprintf(buf, size, "-");
	else if (code == NULL)
		snprintf(buf, size, "error %u/%u", e->code, e->subcode);
	else if (sub != NULL)
		snprintf(buf, size, "%s, %s", code, sub);
	else if (e->subcode != 0)
		snprintf(buf, size, "%s, subcode %u", code, e->subcode);
	else
		snprintf(buf, size, "%s", code);
	communication_print(e, buf, size);
	return (buf);
}
