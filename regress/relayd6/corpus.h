/*
 * The packet corpus of the 6to4 relay: one case a file in regress/corpus/6to4,
 * named after what it shows, so that any path that relays 6to4 can be held to
 * the same cases.  A file is lines of words; '#' begins a comment.
 *
 *	direction in|out|icmp4		which way, and so which entry
 *	allow P / deny P / mtu N / ttl N / tos N / error-source A
 *					changes to the configuration below
 *	verdict forward
 *	verdict drop|reply WHY		WHY as in DROP_REASONS
 *	dst4 A / tos N / ttl N		of the outer header, after "verdict"
 *	packet				hexadecimal bytes follow
 *	expect				bytes: what is forwarded or replied
 *
 * The configuration: listen on 192.88.99.1 and 11.1.0.1, source 11.1.0.1, one
 * more address of this host 11.1.0.3, MTU 1480, TTL 64, service code copied.
 */
#ifndef CORPUS_H
#define CORPUS_H

#include <stddef.h>
#include <stdint.h>

#include "sixtofour.h"

#define CORPUS_BYTES	4096

enum corpus_dir { CORPUS_IN, CORPUS_OUT, CORPUS_ICMP4, CORPUS_NDIRS };

struct corpus_bytes {
	uint8_t		b[CORPUS_BYTES];
	size_t		len;
};

struct corpus_case {
	char			 name[256];
	enum corpus_dir		 dir;
	struct conf_6to4	 conf;
	enum verdict		 verdict;
	enum drop		 why;
	struct in_addr		 dst4;
	int			 tos;	/* of what is forwarded */
	int			 ttl;
	struct corpus_bytes	 packet;
	struct corpus_bytes	 expect;
	struct corpus_bytes	*fill;	/* where bytes go while reading */
};

/* The configuration above. */
void	corpus_conf(struct conf_6to4 *);

/*
 * Read every case of one direction below directory and call fn with it.
 * Returns how many there were; complains and exits when a file is not right.
 */
int	corpus_each(const char *directory, enum corpus_dir,
	    void (*fn)(struct corpus_case *));

/* Hand a packet to the engine's entry for a direction. */
enum verdict	corpus_run(struct sixtofour *, enum corpus_dir, struct pkt *);

/* The word of a drop reason. */
const char	*corpus_word(enum drop);

#endif
