/*
 * The OSPFv3 process: owns the sockets, the watcher of interfaces and the
 * timer, moves packets between sockets and the engine (ospf_engine.h), and
 * does what the announce process says.  It opens nothing: sockets come from
 * the parent, which also gets our last will (ospf_will.h).  When the announce
 * process or the parent dies or falls silent, it withdraws.
 */
#include <sys/types.h>
#include <sys/queue.h>
#include <netinet/in.h>

#include <errno.h>
#include <event.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "log.h"
#include "named.h"
#include "ospf_answer.h"
#include "ospf_boot.h"
#include "ospf_engine.h"
#include "ospf_fsm.h"
#include "ospf_port.h"
#include "ospf_vigil.h"
#include "routed6.h"

#define STOP_PATIENCE	MONO_MS(800)	/* for acknowledgments, at the end */
#define RECV_BURST	64		/* packets a wake-up takes */

struct speaker {
	struct proc		*pr;
	struct routed_news	 news;
	struct ospf		*engine;	/* NULL: not configured */
	struct ospf_conf	 conf;
	struct ospf_conf	 next;		/* while it comes */
	struct ospf_ports	 ports;
	struct ospf_vigils	 vigils;
	struct named		 named;
	struct ospf_announce	*allowed;	/* of what announce wants */
	struct ospf_announce	*set;		/* what announce wants */
	size_t			 n;
	struct ospf_announce	*next_set;	/* while a set comes */
	size_t			 nnext;
	uint64_t		 sequence;	/* next number to sign with */
	uint32_t		 silent;	/* PROC_BIT of who is */
	int			 stopping;
	int			 status;	/* to exit with */
	struct timer		 deadline;
	struct timer		 patience;	/* while stopping */
	uint8_t			 packet[OSPF_PACKET_MAX];
};

/* --- after every call of the engine ------------------------------------ */

static void	stop_check(struct speaker *);

static void
will_packet(void *arg, void *port, const struct in6_addr *src,
    const struct in6_addr *dst, const void *buf, size_t len)
{
	struct speaker		*sp = arg;
	struct ospf_port	*pt = port;
	struct ospf_packet	 p;

	if (len > sizeof(p.data))
		return;
	memset(&p, 0, sizeof(p));
	strlcpy(p.name, pt->name, sizeof(p.name));
	memcpy(p.src, src, sizeof(p.src));
	memcpy(p.dst, dst, sizeof(p.dst));
	memcpy(p.data, buf, len);
	p.len = len;
	proc_send(sp->pr, PROC_PARENT, M_OSPF_WILL_PACKET, &p, -1);
}

static void
will_send(struct speaker *sp, struct ospf *engine)
{
	static const struct proc_empty	 empty;

	proc_send(sp->pr, PROC_PARENT, M_OSPF_WILL, &empty, -1);
	if (engine != NULL)
		ospf_will(engine, will_packet, sp);
	proc_send(sp->pr, PROC_PARENT, M_OSPF_WILL_END, &empty, -1);
}

static void
run(struct speaker *sp)
{
	mono_t	 when;

	if (sp->engine == NULL)
		return;
	when = ospf_deadline(sp->engine);
	if (when.ns == MONO_NEVER)
		timer_stop(&sp->deadline);
	else
		timer_arm(&sp->deadline, mono_sub(when, mono_now()));
	if (ospf_will_changed(sp->engine))
		will_send(sp, sp->engine);
	if (sp->stopping)
		stop_check(sp);
}

static void
on_deadline(int fd, short event, void *arg)
{
	struct speaker	*sp = arg;

	ospf_tick(sp->engine, mono_now());
	run(sp);
}

/* --- packets ----------------------------------------------------------- */

static void
on_readable(int fd, short event, void *arg)
{
	struct ospf_port	*pt = arg;
	struct speaker		*sp = pt->arg;
	struct in6_addr		 src, dst;
	ssize_t			 n;
	int			 i;

	for (i = 0; i < RECV_BURST; i++) {
		n = os_ospf_recv(fd, sp->packet, sizeof(sp->packet), &src,
		    &dst);
		if (n == -1)
			break;
		ospf_input(pt->ifp, &src, &dst, sp->packet, n, mono_now());
	}
	run(sp);
}

static void
op_send(void *arg, void *port, const struct in6_addr *src,
    const struct in6_addr *dst, const void *buf, size_t len)
{
	struct ospf_port	*pt = port;

	if (pt->fd != -1 && os_ospf_send(pt->fd, pt->ifindex, src, dst, buf,
	    len) == -1)
		log_debug("packet by %s not sent: %s", pt->name,
		    strerror(errno));
}

static void
op_bfd(void *arg, void *port, const struct in6_addr *src,
    const struct in6_addr *dst, int on)
{
	struct speaker	*sp = arg;

	if (on)
		ospf_vigil_begin(&sp->vigils, port, src, dst);
	else
		ospf_vigil_end(&sp->vigils, port, dst);
}

static void
op_tell(void *arg, const char *subject, const char *state, const char *why)
{
	struct speaker	*sp = arg;

	routed_event(&sp->news, "neighbor", subject, state, why);
}

static void
op_log(void *arg, int pri, const char *line)
{
	if (pri == LOG_DEBUG)
		log_debug("%s", line);
	else if (pri == LOG_INFO)
		log_info("%s", line);
	else
		log_warnx("%s", line);
}

static uint32_t
op_random(void *arg)
{
	return (arc4random());
}

static int64_t
op_wall(void *arg)
{
	return (time(NULL));
}

/* They outlive an engine, which another router id ends. */
static uint64_t
op_sequence(void *arg, uint32_t n)
{
	struct speaker	*sp = arg;
	uint64_t	 first = sp->sequence;

	sp->sequence += n;
	return (first);
}

static void *
op_attach(void *arg, struct ospf_if *ifp)
{
	struct speaker	*sp = arg;

	return (ospf_port_new(&sp->ports, ifp, sp));
}

static void
op_detach(void *arg, void *port)
{
	ospf_port_free(port);
}

static const struct ospf_ops	ops = {
	.attach = op_attach,
	.detach = op_detach,
	.send = op_send,
	.bfd = op_bfd,
	.tell = op_tell,
	.log = op_log,
	.random = op_random,
	.wall = op_wall,
	.sequence = op_sequence
};

/* --- sockets ----------------------------------------------------------- */

static void
want_socket(void *arg, struct ospf_port *pt)
{
	struct speaker		*sp = arg;
	struct ospf_socket	 s;

	memset(&s, 0, sizeof(s));
	strlcpy(s.name, pt->name, sizeof(s.name));
	proc_send(sp->pr, PROC_PARENT, M_OSPF_WANT, &s, -1);
}

static void
on_changed(void *arg)
{
	run(arg);
}

static void
on_watch(void *ctx, int from, const void *data, int fd)
{
	struct speaker	*sp = ctx;

	ospf_ports_watch(&sp->ports, fd);
}

static void
on_socket(void *ctx, int from, const void *data, int fd)
{
	struct speaker	*sp = ctx;

	ospf_ports_socket(&sp->ports, data, fd);
	run(sp);
}

static void
on_none(void *ctx, int from, const void *data, int fd)
{
	const struct ospf_socket	*s = data;
	struct speaker			*sp = ctx;

	log_warnx("interface %s: no socket: %s", s->name, strerror(s->error));
	ospf_ports_none(&sp->ports, s);
}

/* --- BFD --------------------------------------------------------------- */

static void
on_bfd_state(void *ctx, int from, const void *data, int fd)
{
	struct routed_bfd_state	 st;
	struct speaker		*sp = ctx;

	memcpy(&st, data, sizeof(st));
	st.words[sizeof(st.words) - 1] = '\0';
	ospf_vigil_state(&sp->vigils, &st);
	run(sp);
}

/* --- configuration ----------------------------------------------------- */

static void
on_conf_begin(void *ctx, int from, const void *data, int fd)
{
	const struct conf_global	*g = data;
	struct speaker			*sp = ctx;

	proc_beat(sp->pr, MONO_MS(g->beat_ms));
	memset(&sp->next, 0, sizeof(sp->next));
	named_begin(&sp->named);
}

static void
on_conf_announce(void *ctx, int from, const void *data, int fd)
{
	struct conf_announce	 a;
	struct speaker		*sp = ctx;

	memcpy(&a, data, sizeof(a));
	if (named_add(&sp->named, &a.ospf.prefix) == -1)
		fatalx("more announcements than the configuration allows");
}

static void
on_conf(void *ctx, int from, const void *data, int fd)
{
	struct speaker	*sp = ctx;
	uint64_t	 first;

	memcpy(&sp->next.global, data, sizeof(sp->next.global));
	first = ospf_boot_sequence(sp->next.global.boot);
	if (sp->sequence < first)
		sp->sequence = first;
}

static void
on_area(void *ctx, int from, const void *data, int fd)
{
	struct speaker	*sp = ctx;

	if (sp->next.nareas == LIMIT_OSPF_AREAS)
		fatalx("more areas than the configuration allows");
	memcpy(&sp->next.area[sp->next.nareas++], data,
	    sizeof(sp->next.area[0]));
}

static void
on_key(void *ctx, int from, const void *data, int fd)
{
	struct speaker		*sp = ctx;
	struct ospf_keys	*keys = &sp->next.keys;

	if (keys->n == LIMIT_OSPF_KEYS)
		fatalx("more auth keys than the configuration allows");
	memcpy(&keys->key[keys->n++], data, sizeof(keys->key[0]));
}

static void
on_if(void *ctx, int from, const void *data, int fd)
{
	struct speaker	*sp = ctx;

	if (sp->next.nifs == LIMIT_OSPF_IFS)
		fatalx("more interfaces than the configuration allows");
	memcpy(&sp->next.interface[sp->next.nifs++], data,
	    sizeof(sp->next.interface[0]));
}

/*
 * Nothing while those who decide are silent, and whatever they want, nothing
 * that the configuration does not name: we have that from the parent.
 */
static void
engine_announce(struct speaker *sp)
{
	size_t	 i, n = 0;

	if (sp->engine == NULL || sp->stopping)
		return;
	for (i = 0; i < sp->n && !sp->silent; i++)
		if (named_has(&sp->named, &sp->set[i].prefix))
			sp->allowed[n++] = sp->set[i];
	ospf_announce(sp->engine, sp->allowed, n, mono_now());
}

/* Withdraw and take leave; nobody waits for acknowledgments here. */
static void
engine_end(struct speaker *sp)
{
	mono_t	 now = mono_now();

	ospf_stop(sp->engine, now);
	ospf_goodbye(sp->engine, now);
	ospf_free(sp->engine);
	sp->engine = NULL;
	timer_stop(&sp->deadline);
	will_send(sp, NULL);
}

/* Another router id is another router. */
static void
on_conf_end(void *ctx, int from, const void *data, int fd)
{
	struct speaker	*sp = ctx;

	sp->conf = sp->next;
	named_end(&sp->named);
	if (sp->stopping)
		return;
	if (sp->engine != NULL && (sp->conf.nareas == 0 ||
	    ospf_router_id(sp->engine) != sp->conf.global.router_id))
		engine_end(sp);
	if (sp->conf.nareas == 0)
		return;
	if (sp->engine == NULL &&
	    (sp->engine = ospf_new(&ops, sp)) == NULL)
		fatal("engine");
	ospf_configure(sp->engine, &sp->conf, mono_now());
	engine_announce(sp);
	ospf_ports_look(&sp->ports);
	run(sp);
}

/* --- the set of prefixes ----------------------------------------------- */

static void
on_set(void *ctx, int from, const void *data, int fd)
{
	struct speaker	*sp = ctx;

	sp->nnext = 0;
}

static void
on_set_one(void *ctx, int from, const void *data, int fd)
{
	struct speaker	*sp = ctx;

	if (sp->nnext == LIMIT_OSPF_ANNOUNCE)
		fatalx("more announcements than the configuration allows");
	memcpy(&sp->next_set[sp->nnext++], data, sizeof(*sp->next_set));
}

static void
on_set_end(void *ctx, int from, const void *data, int fd)
{
	struct ospf_announce	*set;
	struct speaker		*sp = ctx;

	set = sp->set;
	sp->set = sp->next_set;
	sp->n = sp->nnext;
	sp->next_set = set;
	engine_announce(sp);
	run(sp);
}

/* --- answers for ctl6 -------------------------------------------------- */

static void
on_query(void *ctx, int from, const void *data, int fd)
{
	struct speaker	*sp = ctx;

	ospf_answer(sp->pr, sp->engine, data);
}

/* --- the end ----------------------------------------------------------- */

__dead static void
finish(struct speaker *sp)
{
	if (sp->engine != NULL) {
		ospf_goodbye(sp->engine, mono_now());
		will_send(sp, NULL);
	}
	proc_flush(sp->pr, MONO_MS(100));
	exit(sp->status);
}

static void
stop_check(struct speaker *sp)
{
	if (sp->engine == NULL || ospf_stopped(sp->engine))
		finish(sp);
}

static void
on_patience(int fd, short event, void *arg)
{
	finish(arg);
}

/* Withdraw everything, wait for the neighbors to know, take leave. */
static void
stop_all(struct speaker *sp, int status)
{
	if (sp->stopping)
		return;
	sp->status = status;
	sp->stopping = 1;
	timer_arm(&sp->patience, STOP_PATIENCE);
	if (sp->engine != NULL)
		ospf_stop(sp->engine, mono_now());
	run(sp);
	stop_check(sp);
}

static void
on_stop(void *ctx)
{
	stop_all(ctx, 0);
}

static void
on_gone(void *ctx, int role)
{
	stop_all(ctx, 1);
}

static void
on_silent(void *ctx, int role, int silent)
{
	struct speaker	*sp = ctx;
	uint32_t	 was = sp->silent;

	if (silent)
		sp->silent |= PROC_BIT(role);
	else
		sp->silent &= ~PROC_BIT(role);
	if (!was == !sp->silent)
		return;
	if (sp->silent)
		log_warnx("the %s process does not answer, withdrawing all",
		    routed6_def.roles[role].name);
	engine_announce(sp);
	run(sp);
}

static const struct proc_hooks	hooks = {
	.gone = on_gone,
	.silent = on_silent,
	.stop = on_stop
};

static proc_handler *const	handlers[M_COUNT] = {
	[M_INDEX(M_CONF_BEGIN)] =	on_conf_begin,
	[M_INDEX(M_CONF_ANNOUNCE)] =	on_conf_announce,
	[M_INDEX(M_OSPF_CONF)] =	on_conf,
	[M_INDEX(M_OSPF_AREA)] =	on_area,
	[M_INDEX(M_OSPF_KEY)] =		on_key,
	[M_INDEX(M_OSPF_IF)] =		on_if,
	[M_INDEX(M_CONF_END)] =		on_conf_end,
	[M_INDEX(M_OSPF_WATCH)] =	on_watch,
	[M_INDEX(M_OSPF_SOCKET)] =	on_socket,
	[M_INDEX(M_OSPF_NONE)] =	on_none,
	[M_INDEX(M_OSPF_SET)] =		on_set,
	[M_INDEX(M_OSPF_SET_ONE)] =	on_set_one,
	[M_INDEX(M_OSPF_SET_END)] =	on_set_end,
	[M_INDEX(M_OSPF_QUERY)] =	on_query,
	[M_INDEX(M_BFD_STATE)] =	on_bfd_state
};

void
ospf_main(int foreground)
{
	struct speaker	*sp;

	ospf_fsm_check();
	if ((sp = calloc(1, sizeof(*sp))) == NULL ||
	    (sp->set = calloc(LIMIT_OSPF_ANNOUNCE,
	    sizeof(*sp->set))) == NULL ||
	    (sp->next_set = calloc(LIMIT_OSPF_ANNOUNCE,
	    sizeof(*sp->next_set))) == NULL ||
	    (sp->allowed = calloc(LIMIT_OSPF_ANNOUNCE,
	    sizeof(*sp->allowed))) == NULL)
		fatal("ospf");
	event_init();
	ospf_ports_init(&sp->ports, on_readable, want_socket, on_changed, sp);
	timer_init(&sp->deadline, on_deadline, sp);
	timer_init(&sp->patience, on_patience, sp);
	sp->pr = proc_new(&routed6_def, OSPF, handlers, &hooks, sp);
	sp->vigils.pr = sp->pr;
	TAILQ_INIT(&sp->vigils.list);
	routed_news_init(&sp->news, sp->pr, OSPF);
	proc_confine(sp->pr, foreground);
	event_dispatch();
	fatalx("event loop ended");
}
