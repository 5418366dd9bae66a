/*
 * routed6: the parent.  Reads the configuration, opens what needs root or the
 * file system (listeners, connections and sockets that bgp, bfd and ospf ask
 * for, relayd6's feed), starts the other processes, reloads, and ends in order:
 * the speakers take their leave of the peers before anything else goes.  It
 * parses nothing from the network.
 */
#include <sys/types.h>

#include <err.h>
#include <errno.h>
#include <event.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bfd_sock.h"
#include "bgp_sock.h"
#include "ctlsock.h"
#include "daemon.h"
#include "log.h"
#include "mono.h"
#include "os.h"
#include "ospf_boot.h"
#include "ospf_will.h"
#include "routed6.h"

static const struct proc_role	roles[] = {
	[PROC_PARENT] =	{ "parent", OS_ROLE_CONTROL },
	[ANNOUNCE] =	{ "announce", OS_ROLE_CONTROL },
	[BGP] =		{ "bgp", OS_ROLE_STREAM },
	[BFD] =		{ "bfd", OS_ROLE_TIMED },
	[OSPF] =	{ "ospf", OS_ROLE_PACKET }
};

static const struct proc_msg	msgs[M_COUNT] = {
#define X(name, from, to, payload, fd)					\
	[M_INDEX(name)] = { #name, (from), (to), sizeof(payload), (fd) },
	ROUTED6_MSGS(X)
#undef X
};

const struct proc_def	routed6_def = {
	"routed6", ROUTED6_USER, roles, nitems(roles),
	msgs, M_COUNT
};

enum phase {
	STARTING,	/* children are not ready */
	RUNNING,
	RELISTENING,	/* bgp lets go of the old listeners */
	ENDING		/* children were told to go */
};

struct parent {
	const struct daemon_options	*opt;
	struct proc			*pr;
	struct routed6_conf		*conf;
	struct bgp_socks		 socks;
	struct ospf_heir		 heir;
	struct bfd_socks		 bfd_socks;
	uint32_t			 boot;	/* number of this start, or 0 */
	enum phase			 phase;
	int				 status;	/* to exit with */
	int				 nready;
	int				 ready_fd;
	struct timer			 timer;		/* of the phase */
};

/* --- the end ----------------------------------------------------------- */

__dead static void
finish(struct parent *p)
{
	ospf_heir_repeat(&p->heir);
	unlink(p->opt->socket);
	log_info("stopped");
	exit(p->status);
}

/* The children that speak go first: their last words are the withdrawal. */
static void
end_next(struct parent *p)
{
	if (proc_alive(p->pr, BGP) || proc_alive(p->pr, OSPF))
		return;
	if (proc_alive(p->pr, ANNOUNCE))
		proc_stop(p->pr, ANNOUNCE);
	else if (!proc_running(p->pr))
		finish(p);
}

/*
 * bfd waits for both, unless a death is the reason: then it knows by itself
 * what to say.
 */
static void
begin_end(struct parent *p, const char *reason, int status)
{
	if (p->phase == ENDING)
		return;
	log_info("stopping: %s", reason);
	p->phase = ENDING;
	p->status = status;
	socks_close(&p->socks);
	timer_arm(&p->timer, MONO_S(LIMIT_PROC_STOP_S));
	if (status == 0 && proc_alive(p->pr, BFD))
		proc_stop(p->pr, BFD);
	if (proc_alive(p->pr, BGP))
		proc_stop(p->pr, BGP);
	if (proc_alive(p->pr, OSPF))
		proc_stop(p->pr, OSPF);
	end_next(p);
}

/* --- sockets for bgp and bfd ------------------------------------------- */

static void
on_connect(void *ctx, int from, const void *data, int fd)
{
	struct parent		*p = ctx;
	struct routed_peer	 rp;
	int			 s;

	memcpy(&rp, data, sizeof(rp));
	s = socks_connect(p->conf, &rp);
	proc_send(p->pr, BGP, s == -1 ? M_UNCONNECTED : M_CONNECTING, &rp, s);
}

static void
on_accepted(void *ctx, int from, const void *data, int fd)
{
	struct parent		*p = ctx;
	struct routed_peer	 rp;

	memcpy(&rp, data, sizeof(rp));
	socks_linklocal(&rp);
	proc_send(p->pr, BGP, M_LOCAL, &rp, -1);
}

static void
on_bfd_open(void *ctx, int from, const void *data, int fd)
{
	struct parent			*p = ctx;
	struct routed_bfd_socket	 bs;
	int				 s;

	memcpy(&bs, data, sizeof(bs));
	s = bfd_socks_connect(p->conf, &bs);
	proc_send(p->pr, BFD, s == -1 ? M_BFD_UNOPENED : M_BFD_OPENED, &bs, s);
}

/* --- sockets and the last will of ospf --------------------------------- */

static void
on_ospf_want(void *ctx, int from, const void *data, int fd)
{
	struct parent	*p = ctx;

	ospf_heir_open(&p->heir, &p->conf->ospf, p->pr, data);
}

static void
on_ospf_will(void *ctx, int from, const void *data, int fd)
{
	struct parent	*p = ctx;

	ospf_heir_begin(&p->heir);
}

static void
on_ospf_will_packet(void *ctx, int from, const void *data, int fd)
{
	struct parent	*p = ctx;

	ospf_heir_packet(&p->heir, data);
}

static void
on_ospf_will_end(void *ctx, int from, const void *data, int fd)
{
	struct parent	*p = ctx;

	ospf_heir_end(&p->heir);
}

/* --- the feed ---------------------------------------------------------- */

static void
on_feed_wanted(void *ctx, int from, const void *data, int fd)
{
	static const struct proc_empty	 empty;
	struct parent			*p = ctx;
	int				 s;

	s = ctl_connect(p->conf->global.feed);
	proc_send(p->pr, ANNOUNCE, s == -1 ? M_FEED_NONE : M_FEED, &empty, s);
}

/* --- configuration ----------------------------------------------------- */

/* A start has one number, however often it reads its configuration. */
static void
apply_ospf(struct parent *p)
{
	struct ospf_conf	*c = &p->conf->ospf;
	uint32_t		 i;

	if (p->boot == 0 && c->keys.n > 0)
		p->boot = ospf_boot_number(c->sequence_file, time(NULL));
	c->global.boot = p->boot;
	proc_send(p->pr, OSPF, M_OSPF_CONF, &c->global, -1);
	for (i = 0; i < c->keys.n; i++)
		proc_send(p->pr, OSPF, M_OSPF_KEY, &c->keys.key[i], -1);
	for (i = 0; i < c->nareas; i++)
		proc_send(p->pr, OSPF, M_OSPF_AREA, &c->area[i], -1);
	for (i = 0; i < c->nifs; i++)
		proc_send(p->pr, OSPF, M_OSPF_IF, &c->interface[i], -1);
}

static void
apply_conf(struct parent *p)
{
	static const struct proc_empty	 empty;
	uint32_t			 i;

	proc_send_all(p->pr, M_CONF_BEGIN, &p->conf->global);
	for (i = 0; i < p->conf->npeers; i++)
		proc_send(p->pr, BGP, M_CONF_PEER, &p->conf->peers[i], -1);
	for (i = 0; i < p->conf->nannounces; i++)
		proc_send_all(p->pr, M_CONF_ANNOUNCE, &p->conf->announces[i]);
	apply_ospf(p);
	bfd_socks_pass(&p->bfd_socks, p->conf, p->pr);
	bfd_keys_pass(p->conf, p->pr);
	proc_send_all(p->pr, M_CONF_END, &empty);
	proc_beat(p->pr, MONO_MS(p->conf->global.beat_ms));
}

static int
same_listeners(const struct conf_global *a, const struct conf_global *b)
{
	return (a->nlisten == b->nlisten &&
	    memcmp(a->listen, b->listen, sizeof(a->listen)) == 0);
}

static struct routed6_conf *
conf_new_empty(void)
{
	struct routed6_conf	*conf;

	if ((conf = calloc(1, sizeof(*conf))) == NULL)
		fatal("configuration");
	return (conf);
}

/* The keys come first, so that no session begins without them. */
static void
conf_swap(struct parent *p, struct routed6_conf *conf)
{
	static const struct proc_empty	 empty;
	int				 relisten;

	/* Also when they could not be opened the last time. */
	relisten = !same_listeners(&conf->global, &p->conf->global) ||
	    p->socks.n != conf->global.nlisten;
	freezero(p->conf, sizeof(*p->conf));
	p->conf = conf;
	apply_conf(p);
	if (relisten) {
		p->phase = RELISTENING;
		proc_send(p->pr, BGP, M_UNLISTEN, &empty, -1);
	}
	log_info("reloaded");
}

/* Read the file again; -1 leaves all as it is. */
static int
on_reload(void *ctx, char *why, size_t len)
{
	struct parent			*p = ctx;
	const struct daemon_options	*o = p->opt;
	struct routed6_conf		*conf;
	struct complaints		 c = { 0 };

	strlcpy(why, "busy, try again", len);
	if (p->phase != RUNNING)
		return (-1);
	conf = conf_new_empty();
	if (parse_config(o->file, o->defs, o->ndefs, daemon_complain, &c,
	    conf) == -1)
		strlcpy(why, c.first, len);
	else {
		socks_number(&p->socks, p->conf, conf);
		strlcpy(why, "the kernel does not take the passwords, or "
		    "another has the ports of BFD", len);
		if (bfd_socks_open(&p->bfd_socks, conf) == 0 &&
		    socks_rekey(&p->socks, p->conf, conf) == 0) {
			conf_swap(p, conf);
			return (0);
		}
	}
	log_warnx("reload failed, the running configuration stays");
	freezero(conf, sizeof(*conf));
	return (-1);
}

static void
on_unlistened(void *ctx, int from, const void *data, int fd)
{
	struct parent	*p = ctx;

	if (p->phase != RELISTENING)
		return;
	p->phase = RUNNING;
	socks_close(&p->socks);
	if (socks_listen(&p->socks, p->conf) == 0)
		socks_pass(&p->socks, p->pr);
	else
		log_warnx("neighbors can not connect to us until a reload "
		    "that works");
}

/* --- events ------------------------------------------------------------ */

static void
on_timer(int fd, short event, void *arg)
{
	struct parent	*p = arg;

	if (p->phase == STARTING) {
		begin_end(p, "a process did not start in time", 1);
		return;
	}
	log_warnx("a process does not end, killing it");
	proc_kill(p->pr, BGP);
	proc_kill(p->pr, OSPF);
	proc_kill(p->pr, BFD);
	proc_kill(p->pr, ANNOUNCE);
	ospf_heir_execute(&p->heir);
	finish(p);
}

static void
on_stop(void *ctx)
{
	begin_end(ctx, "on request", 0);
}

static void
on_gone(void *ctx, int role)
{
	struct parent	*p = ctx;
	char		 why[64];

	if (role == OSPF)
		ospf_heir_execute(&p->heir);
	if (p->phase == ENDING) {
		end_next(p);
		return;
	}
	snprintf(why, sizeof(why), "the %s process died", roles[role].name);
	begin_end(p, why, 1);
}

static void
on_ended(void *ctx, int role)
{
	struct parent	*p = ctx;

	if (p->phase == ENDING && !proc_running(p->pr))
		finish(p);
}

/*
 * A speaker that hangs keeps its sessions, and with them our prefixes, up:
 * only its death withdraws them.  When announce hangs they withdraw by
 * themselves, and when bfd hangs neighbors notice: there is time to come back.
 */
static void
on_silent(void *ctx, int role, int silent)
{
	struct parent	*p = ctx;

	log_warnx("the %s process %s", roles[role].name,
	    silent ? "does not answer" : "answers again");
	if (silent && (role == BGP || role == OSPF)) {
		log_warnx("killing it, so that the prefixes are withdrawn");
		proc_kill(p->pr, role);
	}
}

static void
on_ready(void *ctx, int role)
{
	struct parent	*p = ctx;

	if (p->phase != STARTING || ++p->nready < (int)nitems(roles) - 1)
		return;
	p->phase = RUNNING;
	timer_stop(&p->timer);
	if (p->ready_fd != -1)
		daemon_ready(p->ready_fd);
	p->ready_fd = -1;
	log_info("started");
}

static const struct proc_hooks	hooks = {
	.gone = on_gone,
	.ended = on_ended,
	.silent = on_silent,
	.stop = on_stop,
	.reload = on_reload,
	.ready = on_ready
};

static proc_handler *const	handlers[M_COUNT] = {
	[M_INDEX(M_CONNECT)] =		on_connect,
	[M_INDEX(M_ACCEPTED)] =		on_accepted,
	[M_INDEX(M_BFD_OPEN)] =		on_bfd_open,
	[M_INDEX(M_FEED_WANTED)] =	on_feed_wanted,
	[M_INDEX(M_UNLISTENED)] =	on_unlistened,
	[M_INDEX(M_OSPF_WANT)] =	on_ospf_want,
	[M_INDEX(M_OSPF_WILL)] =	on_ospf_will,
	[M_INDEX(M_OSPF_WILL_PACKET)] =	on_ospf_will_packet,
	[M_INDEX(M_OSPF_WILL_END)] =	on_ospf_will_end
};

/* --- the beginning ----------------------------------------------------- */

static void
start_children(struct parent *p, int control)
{
	static const struct proc_empty	 empty;
	const char			*args[DAEMON_MAX_ARGS];
	char				 self[1024];
	int				 watch;

	if (os_self(self, sizeof(self)) == -1)
		fatal("the path of this program");
	daemon_child_args(p->opt, args);
	if (os_prefer(OS_NICE_DAEMON) == -1)
		log_warn("running with ordinary priority");
	proc_spawn(p->pr, ANNOUNCE, self, args);
	proc_spawn(p->pr, BGP, self, args);
	proc_spawn(p->pr, BFD, self, args);
	proc_spawn(p->pr, OSPF, self, args);
	proc_link(p->pr, ANNOUNCE, BGP);
	proc_link(p->pr, ANNOUNCE, BFD);
	proc_link(p->pr, ANNOUNCE, OSPF);
	proc_link(p->pr, BGP, BFD);
	proc_link(p->pr, OSPF, BFD);
	proc_send(p->pr, ANNOUNCE, M_CONTROL, &empty, control);
	socks_pass(&p->socks, p->pr);
	if ((watch = os_watch_open()) == -1)
		fatal("watching interfaces");
	proc_send(p->pr, OSPF, M_OSPF_WATCH, &empty, watch);
}

/* Everything that can fail for an operator's reason comes before children. */
__dead static void
parent_main(const struct daemon_options *o, struct routed6_conf *conf)
{
	struct parent	*p;
	struct passwd	*pw;
	int		 control;

	if ((p = calloc(1, sizeof(*p))) == NULL)
		fatal("parent");
	p->opt = o;
	p->conf = conf;
	p->phase = STARTING;
	if ((pw = getpwnam(ROUTED6_USER)) == NULL)
		fatalx("no user %s: run make install, or add it",
		    ROUTED6_USER);
	p->ready_fd = p->opt->foreground ? -1 : daemon_start();
	event_init();
	if ((control = ctl_listen(p->opt->socket, pw->pw_gid)) == -1)
		fatal("%s", p->opt->socket);
	socks_number(&p->socks, NULL, p->conf);
	bfd_socks_init(&p->bfd_socks);
	if (socks_listen(&p->socks, p->conf) == -1 ||
	    bfd_socks_open(&p->bfd_socks, p->conf) == -1) {
		unlink(p->opt->socket);
		exit(1);
	}
	setproctitle("parent [priv]");
	ospf_heir_init(&p->heir);
	p->pr = proc_new(&routed6_def, PROC_PARENT, handlers, &hooks, p);
	timer_init(&p->timer, on_timer, p);
	timer_arm(&p->timer, MONO_S(LIMIT_PROC_START_S));
	start_children(p, control);
	if (os_confine_parent() == -1)
		fatal("confinement");
	proc_signals(p->pr);
	apply_conf(p);
	event_dispatch();
	fatalx("event loop ended");
}

/* Check the configuration, or run with it. */
static int
parent_start(const struct daemon_options *o)
{
	struct routed6_conf	*conf;
	int			 failed;

	conf = conf_new_empty();
	failed = parse_config(o->file, o->defs, o->ndefs, daemon_print_error,
	    NULL, conf);
	if (failed == 0 && !o->check) {
		if (geteuid() != 0)
			errx(1, "need root privileges");
		parent_main(o, conf);
	}
	if (failed == 0 && o->verbose)
		print_config(conf);
	else if (failed == 0)
		fprintf(stderr, "configuration OK\n");
	freezero(conf, sizeof(*conf));
	return (failed == 0 ? 0 : 1);
}

int
main(int argc, char *argv[], char *envp[])
{
	struct daemon_options	 o = { .file = ROUTED6_CONF,
				    .socket = ROUTED6_SOCKET };
	int			 role = PROC_PARENT;

	proc_init(argc, argv, envp);
	daemon_options(&o, argc, argv);
	if (o.role != NULL &&
	    (role = proc_role(&routed6_def, o.role)) <= PROC_PARENT)
		errx(1, "no such role: %s", o.role);
	log_init("routed6", o.role, o.verbose);
	if (role == ANNOUNCE)
		announce_main(o.foreground);
	else if (role == BGP)
		bgp_main(o.foreground);
	else if (role == OSPF)
		ospf_main(o.foreground);
	else if (role == BFD)
		bfd_main(o.foreground);
	return (parent_start(&o));
}
