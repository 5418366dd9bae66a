/*
 * Sockets for OSPFv3 and the last will: see ospf_will.h.  Runs in the parent;
 * parses nothing.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "log.h"
#include "mono.h"
#include "os.h"
#include "ospf_will.h"
#include "routed6.h"

#define REPEATS		2
#define PAUSE		MONO_MS(15)

struct ospf_testament {
	STAILQ_ENTRY(ospf_testament) entry;
	char			 name[16];
	uint8_t			 src[16];
	uint8_t			 dst[16];
	size_t			 len;
	uint8_t			 data[];
};

void
ospf_heir_init(struct ospf_heir *h)
{
	int	 i;

	memset(h, 0, sizeof(*h));
	STAILQ_INIT(&h->will);
	STAILQ_INIT(&h->next);
	for (i = 0; i < LIMIT_OSPF_IFS; i++)
		h->fd[i] = -1;
}

/* --- sockets ----------------------------------------------------------- */

static int
socket_slot(const struct ospf_heir *h, const char *name)
{
	int	 i;

	for (i = 0; i < LIMIT_OSPF_IFS; i++)
		if (h->fd[i] != -1 && strcmp(h->socket[i].name, name) == 0)
			return (i);
	return (-1);
}

/* Sockets of interfaces that are no longer configured are not kept. */
static void
sockets_prune(struct ospf_heir *h, const struct ospf_conf *conf)
{
	uint32_t	 j;
	int		 i;

	for (i = 0; i < LIMIT_OSPF_IFS; i++) {
		for (j = 0; j < conf->nifs; j++)
			if (strcmp(h->socket[i].name,
			    conf->interface[j].name) == 0)
				break;
		if (h->fd[i] != -1 && j == conf->nifs) {
			close(h->fd[i]);
			h->fd[i] = -1;
		}
	}
}

static int
is_configured(const struct ospf_conf *conf, const char *name)
{
	uint32_t	 i;

	for (i = 0; i < conf->nifs; i++)
		if (strcmp(conf->interface[i].name, name) == 0)
			return (1);
	return (0);
}

static void
socket_keep(struct ospf_heir *h, const struct ospf_socket *s, int fd)
{
	int	 i;

	if ((i = socket_slot(h, s->name)) == -1)
		for (i = 0; i < LIMIT_OSPF_IFS; i++)
			if (h->fd[i] == -1)
				break;
	if (i == LIMIT_OSPF_IFS)
		return;
	if (h->fd[i] != -1)
		close(h->fd[i]);
	h->socket[i] = *s;
	h->fd[i] = dup(fd);
}

void
ospf_heir_open(struct ospf_heir *h, const struct ospf_conf *conf,
    struct proc *pr, const struct ospf_socket *want)
{
	struct ospf_socket	 s = *want;
	int			 fd = -1;

	s.name[sizeof(s.name) - 1] = '\0';
	sockets_prune(h, conf);
	errno = ENOENT;
	if (is_configured(conf, s.name))
		fd = os_ospf_open(s.name, &s.ifindex);
	s.error = fd == -1 ? errno : 0;
	if (fd != -1)
		socket_keep(h, &s, fd);
	proc_send(pr, OSPF, fd == -1 ? M_OSPF_NONE : M_OSPF_SOCKET, &s, fd);
}

/* --- the will ---------------------------------------------------------- */

static void
will_clear(struct ospf_testaments *will)
{
	struct ospf_testament	*t;

	while ((t = STAILQ_FIRST(will)) != NULL) {
		STAILQ_REMOVE_HEAD(will, entry);
		free(t);
	}
}

void
ospf_heir_begin(struct ospf_heir *h)
{
	will_clear(&h->next);
	h->nnext = 0;
}

void
ospf_heir_packet(struct ospf_heir *h, const struct ospf_packet *p)
{
	struct ospf_testament	*t;

	if (h->nnext == LIMIT_OSPF_WILL || p->len > sizeof(p->data) ||
	    (t = malloc(sizeof(*t) + p->len)) == NULL)
		return;
	strlcpy(t->name, p->name, sizeof(t->name));
	memcpy(t->src, p->src, sizeof(t->src));
	memcpy(t->dst, p->dst, sizeof(t->dst));
	t->len = p->len;
	memcpy(t->data, p->data, p->len);
	STAILQ_INSERT_TAIL(&h->next, t, entry);
	h->nnext++;
}

void
ospf_heir_end(struct ospf_heir *h)
{
	will_clear(&h->will);
	STAILQ_CONCAT(&h->will, &h->next);
}

static void
will_send(struct ospf_heir *h)
{
	struct ospf_testament	*t;
	int			 i;

	STAILQ_FOREACH(t, &h->will, entry)
		if ((i = socket_slot(h, t->name)) != -1 &&
		    os_ospf_send(h->fd[i], h->socket[i].ifindex, t->src,
		    t->dst, t->data, t->len) == -1)
			log_debug("OSPF packet by %s not sent: %s", t->name,
			    strerror(errno));
}

void
ospf_heir_execute(struct ospf_heir *h)
{
	if (STAILQ_EMPTY(&h->will) || h->executed)
		return;
	will_send(h);
	h->executed = 1;
	log_info("withdrew what the ospf process had announced");
}

void
ospf_heir_repeat(struct ospf_heir *h)
{
	struct timespec	 pause = { 0, PAUSE };
	int		 i;

	for (i = 0; h->executed && i < REPEATS; i++) {
		nanosleep(&pause, NULL);
		will_send(h);
	}
	will_clear(&h->will);
}
