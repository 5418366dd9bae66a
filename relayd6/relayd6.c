/*
 * relayd6: the parent.  Reads the configuration, makes what needs root
 * (plumbing.c), starts the relay and health processes and hands them their
 * descriptors, reloads, and ends in order: unhealthy first, so that the
 * prefixes are withdrawn, then relaying on for a while, then away with all.
 * It parses nothing from the network.
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
#include <unistd.h>

#include "ctlsock.h"
#include "daemon.h"
#include "log.h"
#include "mono.h"
#include "os.h"
#include "plumbing.h"
#include "probe_open.h"
#include "relayd6.h"

static const struct proc_role	roles[] = {
	[PROC_PARENT] =	{ "parent", OS_ROLE_CONTROL },
	[RELAY] =	{ "relay", OS_ROLE_PACKET },
	[HEALTH] =	{ "health", OS_ROLE_CONTROL }
};

static const struct proc_msg	msgs[M_COUNT] = {
#define X(name, from, to, payload, fd)					\
	[M_INDEX(name)] = { #name, (from), (to), sizeof(payload), (fd) },
	RELAYD6_MSGS(X)
#undef X
};

const struct proc_def	relayd6_def = {
	"relayd6", RELAYD6_USER, roles, nitems(roles),
	msgs, M_COUNT
};

enum phase {
	STARTING,	/* children are not ready */
	RUNNING,
	CHANGING,	/* withdrawn, to make the plumbing anew */
	LINGERING,	/* withdrawn, relaying on for a while */
	ENDING		/* children were told to go */
};

struct parent {
	const struct daemon_options	*opt;
	struct proc		*pr;
	struct relayd6_conf	 conf;
	struct relayd6_conf	 next;		/* while CHANGING */
	struct plumbing		 plumbing;
	enum phase		 phase;
	int			 status;	/* to exit with */
	int			 nready;
	int			 ready_fd;
	struct timer		 timer;		/* of the phase */
};

/* --- the end ----------------------------------------------------------- */

__dead static void
finish(struct parent *p)
{
	plumbing_down(&p->plumbing);
	unlink(p->opt->socket);
	log_info("stopped");
	exit(p->status);
}

static void
end_children(struct parent *p)
{
	p->phase = ENDING;
	timer_arm(&p->timer, MONO_S(LIMIT_PROC_STOP_S));
	if (!proc_running(p->pr))
		finish(p);
	proc_stop(p->pr, RELAY);
	proc_stop(p->pr, HEALTH);
}

static void
pause_health(struct parent *p, const char *reason)
{
	struct relay_pause	 pause;

	memset(&pause, 0, sizeof(pause));
	strlcpy(pause.reason, reason, sizeof(pause.reason));
	proc_send(p->pr, HEALTH, M_PAUSE, &pause, -1);
}

/* Begin to end: withdrawn first, then relaying on while anycast moves. */
static void
begin_end(struct parent *p, const char *reason, int status)
{
	if (p->phase >= LINGERING)
		return;
	log_info("stopping: %s", reason);
	p->status = status;
	pause_health(p, "relayd6 is stopping");
	if (p->phase == STARTING || !proc_alive(p->pr, RELAY)) {
		end_children(p);
		return;
	}
	p->phase = LINGERING;
	timer_arm(&p->timer, MONO_MS(p->conf.health.linger_ms));
}

/* --- reload ------------------------------------------------------------ */

static int
same_conf(const struct relayd6_conf *a, const struct relayd6_conf *b)
{
	return (memcmp(a, b, sizeof(*a)) == 0);
}

static void
apply_conf(struct parent *p)
{
	struct relay_ifindex	 ifi = { { 0 } };
	struct relayd6_conf	 conf = p->conf;

	memcpy(ifi.ifindex, p->plumbing.ifindex, sizeof(ifi.ifindex));
	plumbing_pass(&p->plumbing, p->pr);
	proc_send(p->pr, HEALTH, M_IFINDEX, &ifi, -1);
	probe_open(&conf, p->pr);
	proc_send_all(p->pr, M_CONF, &conf);
	proc_beat(p->pr, MONO_MS(p->conf.health.interval_ms));
}

/* Read the file again; -1 leaves all as it is. */
static int
on_reload(void *ctx, char *why, size_t len)
{
	struct parent			*p = ctx;
	const struct daemon_options	*o = p->opt;
	struct relayd6_conf		 conf;
	struct complaints		 c = { 0 };

	strlcpy(why, "busy, try again", len);
	if (p->phase != RUNNING)
		return (-1);
	if (parse_config(o->file, o->defs, o->ndefs, daemon_complain, &c,
	    &conf) == -1) {
		log_warnx("reload failed, the running configuration stays");
		strlcpy(why, c.first, len);
		return (-1);
	}
	if (same_conf(&conf, &p->conf)) {
		log_info("reloaded, nothing changed");
		return (0);
	}
	if (plumbing_same(&p->plumbing, &conf)) {
		p->conf = conf;
		apply_conf(p);
		log_info("reloaded");
		return (0);
	}
	p->next = conf;
	p->phase = CHANGING;
	pause_health(p, "the relay is being reconfigured");
	timer_arm(&p->timer, MONO_MS(p->conf.health.linger_ms));
	return (0);
}

/* The relay has let go of the old descriptors: make the new ones. */
static void
change_plumbing(struct parent *p)
{
	p->phase = RUNNING;
	plumbing_down(&p->plumbing);
	if (plumbing_up(&p->plumbing, &p->next, 0) == 0) {
		p->conf = p->next;
		log_info("reloaded");
	} else if (plumbing_up(&p->plumbing, &p->conf, 0) == 0)
		log_warnx("reload failed, the old configuration is back");
	else {
		begin_end(p, "neither the new nor the old configuration works",
		    1);
		return;
	}
	apply_conf(p);
}

static void
on_closed(void *ctx, int from, const void *data, int fd)
{
	struct parent	*p = ctx;

	if (p->phase == CHANGING)
		change_plumbing(p);
}

/* --- events ------------------------------------------------------------ */

static void
on_timer(int fd, short event, void *arg)
{
	static const struct proc_empty	 empty;
	struct parent			*p = arg;

	switch (p->phase) {
	case STARTING:
		begin_end(p, "a process did not start in time", 1);
		break;
	case CHANGING:
		proc_send(p->pr, RELAY, M_CLOSE, &empty, -1);
		break;
	case LINGERING:
		end_children(p);
		break;
	case ENDING:
		log_warnx("a process does not end, killing it");
		proc_kill(p->pr, RELAY);
		proc_kill(p->pr, HEALTH);
		finish(p);
	case RUNNING:
		break;
	}
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

	if (p->phase == ENDING)
		return;
	begin_end(p, role == RELAY ? "the relay process died" :
	    "the health process died", 1);
}

/* What a process held is gone only now: its tun, above all. */
static void
on_ended(void *ctx, int role)
{
	struct parent	*p = ctx;

	if (p->phase == ENDING && !proc_running(p->pr))
		finish(p);
}

static void
on_silent(void *ctx, int role, int silent)
{
	log_warnx("the %s process %s", roles[role].name,
	    silent ? "does not answer" : "answers again");
}

static void
on_ready(void *ctx, int role)
{
	struct parent	*p = ctx;

	if (p->phase != STARTING || ++p->nready < 2)
		return;
	p->phase = RUNNING;
	timer_stop(&p->timer);
	log_info("started");
	if (p->ready_fd != -1)
		daemon_ready(p->ready_fd);
	p->ready_fd = -1;
}

static void
on_dial(void *ctx, int from, const void *data, int fd)
{
	struct parent	*p = ctx;

	probe_dial(&p->conf, p->pr, data);
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
	[M_INDEX(M_CLOSED)] =	on_closed,
	[M_INDEX(M_DIAL)] =	on_dial
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
	proc_spawn(p->pr, RELAY, self, args);
	proc_spawn(p->pr, HEALTH, self, args);
	proc_link(p->pr, RELAY, HEALTH);
	if ((watch = os_watch_open()) == -1)
		fatal("watching the kernel");
	proc_send(p->pr, HEALTH, M_WATCH, &empty, watch);
	proc_send(p->pr, HEALTH, M_CONTROL, &empty, control);
}

/* Everything that can fail for an operator's reason comes before children. */
__dead static void
parent_main(struct parent *p)
{
	struct passwd	*pw;
	int		 control;

	if ((pw = getpwnam(RELAYD6_USER)) == NULL)
		fatalx("no user %s: run make install, or add it",
		    RELAYD6_USER);
	p->ready_fd = p->opt->foreground ? -1 : daemon_start();
	event_init();
	if ((control = ctl_listen(p->opt->socket, pw->pw_gid)) == -1)
		fatal("%s", p->opt->socket);
	if (plumbing_up(&p->plumbing, &p->conf, 1000) == -1) {
		unlink(p->opt->socket);
		exit(1);
	}
	setproctitle("parent [priv]");
	p->pr = proc_new(&relayd6_def, PROC_PARENT, handlers, &hooks, p);
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

int
main(int argc, char *argv[], char *envp[])
{
	struct daemon_options	 o = { .file = RELAYD6_CONF,
				    .socket = RELAYD6_SOCKET };
	struct parent		 p = { .opt = &o, .phase = STARTING };
	int			 role = PROC_PARENT;

	proc_init(argc, argv, envp);
	daemon_options(&o, argc, argv);
	if (o.role != NULL &&
	    (role = proc_role(&relayd6_def, o.role)) <= PROC_PARENT)
		errx(1, "no such role: %s", o.role);
	log_init("relayd6", o.role, o.verbose);
	if (role == RELAY)
		relay_main(o.foreground);
	else if (role == HEALTH)
		health_main(o.foreground);
	if (parse_config(o.file, o.defs, o.ndefs, daemon_print_error, NULL,
	    &p.conf) == -1)
		return (1);
	if (o.check) {
		if (o.verbose)
			print_config(&p.conf);
		else
			fprintf(stderr, "configuration OK\n");
		return (0);
	}
	if (geteuid() != 0)
		errx(1, "need root privileges");
	parent_main(&p);
}
