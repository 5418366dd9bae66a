/*
 * relayd6: the parent.  Reads the configuration, makes what needs root
 * (plumbing.c), starts the relay and health processes and hands them their
 * descriptors, reloads, keeps the list of drains, and ends in order: drained
 * first, so that the prefixes are withdrawn, then relaying on for a while, then
 * away with all.  It parses nothing from the network.
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
#include "drainfile.h"
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
	LEAVING,	/* health drains all */
	LINGERING,	/* withdrawn, relaying on for a while */
	CLOSING,	/* the relay lets go of the old plumbing */
	ENDING		/* children were told to go */
};

struct parent {
	const struct daemon_options	*opt;
	struct proc		*pr;
	struct relayd6_conf	 conf;
	struct relayd6_conf	 next;		/* when changing */
	int			 changing;	/* leaving for new plumbing */
	struct drain_list	 drains;
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

/* The relays are withdrawn; anycast takes a moment to move. */
static void
linger(struct parent *p)
{
	p->phase = LINGERING;
	timer_arm(&p->timer, MONO_MS(p->conf.health.linger_ms));
}

/* Have all drained, but no longer than whoever waits for us has time. */
static void
leave(struct parent *p, const char *reason)
{
	struct relay_leave	 l;

	memset(&l, 0, sizeof(l));
	l.drain_ms = p->conf.health.drain_ms;
	if (l.drain_ms > LIMIT_STOP_DRAIN_MS)
		l.drain_ms = LIMIT_STOP_DRAIN_MS;
	strlcpy(l.reason, reason, sizeof(l.reason));
	p->phase = LEAVING;
	proc_send(p->pr, HEALTH, M_LEAVE, &l, -1);
	timer_arm(&p->timer, MONO_MS(l.drain_ms) +
	    2 * MONO_MS(p->conf.health.interval_ms));
}

/* Begin to end: drained first, then relaying on while anycast moves. */
static void
begin_end(struct parent *p, const char *reason, int status)
{
	enum phase	 was = p->phase;

	log_info("stopping: %s", reason);
	p->status = status;
	if (p->changing)
		proc_reload_done(p->pr, 1, "relayd6 is stopping");
	p->changing = 0;
	if (was == STARTING || !proc_alive(p->pr, RELAY)) {
		pause_health(p, "relayd6 is stopping");
		end_children(p);
	} else if (was == RUNNING && proc_alive(p->pr, HEALTH))
		leave(p, "relayd6 is stopping");
	else if (was == RUNNING || was == LEAVING)
		linger(p);
}

static void
on_left(void *ctx, int from, const void *data, int fd)
{
	struct parent	*p = ctx;

	if (p->phase == LEAVING)
		linger(p);
}

/* --- drains ------------------------------------------------------------ */

/* -1 with words when it can not be. */
static int
drain_change(struct parent *p, const struct relay_drain *rd, char *why,
    size_t len)
{
	const char	*name = rd->entry.name;

	if (!rd->undrain) {
		strlcpy(why, "too many drains", len);
		return (drain_add(&p->drains, &rd->entry));
	}
	if (drain_remove(&p->drains, name) == 0 ||
	    strcmp(name, DRAIN_ALL) == 0)
		return (0);
	strlcpy(why, drain_find(&p->drains, DRAIN_ALL) != NULL ?
	    "all is drained: undrain all" : "it is not drained", len);
	return (-1);
}

/* What was asked for is done even if it can not be kept. */
static void
on_drain(void *ctx, int from, const void *data, int fd)
{
	const struct relay_drain	*rd = data;
	const char			*file;
	struct relay_drained		 d;
	struct parent			*p = ctx;

	memset(&d, 0, sizeof(d));
	d.client = rd->client;
	d.end.status = 1;
	if (drain_change(p, rd, d.end.text, sizeof(d.end.text)) == 0) {
		log_info("%s %s%s%s", rd->undrain ? "undrain" : "drain",
		    rd->entry.name, rd->entry.reason[0] == '\0' ? "" : ": ",
		    rd->entry.reason);
		file = p->conf.health.drain_file;
		d.end.status = drainfile_write(file, &p->drains) == -1;
		if (d.end.status != 0) {
			log_warn("%s", file);
			strlcpy(d.end.text, "done, but a restart will not "
			    "know it: the drain-file can not be written",
			    sizeof(d.end.text));
		}
		proc_send(p->pr, HEALTH, M_DRAINS, &p->drains, -1);
	}
	proc_send(p->pr, HEALTH, M_DRAINED, &d, -1);
}

static void
drains_begin(struct parent *p)
{
	uint32_t	 i;

	drainfile_read(p->conf.health.drain_file, &p->drains);
	for (i = 0; i < p->drains.n; i++)
		log_info("still drained: %s", p->drains.entry[i].name);
	proc_send(p->pr, HEALTH, M_DRAINS, &p->drains, -1);
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

/*
 * Read the file again; -1 leaves all as it is, 1 is answered when the new
 * plumbing works.
 */
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
	p->changing = 1;
	leave(p, "the relay is being reconfigured");
	return (1);
}

/* The relay has let go of the old descriptors: make the new ones. */
static void
change_plumbing(struct parent *p)
{
	p->phase = RUNNING;
	p->changing = 0;
	plumbing_down(&p->plumbing);
	if (plumbing_up(&p->plumbing, &p->next, 0) == 0) {
		p->conf = p->next;
		log_info("reloaded");
		proc_reload_done(p->pr, 0, "");
	} else if (plumbing_up(&p->plumbing, &p->conf, 0) == 0) {
		log_warnx("reload failed, the old configuration is back");
		proc_reload_done(p->pr, 1, "the new relays can not be made, "
		    "see the log; the old ones are back");
	} else {
		proc_reload_done(p->pr, 1, "neither the new nor the old "
		    "relays can be made, see the log; relayd6 is stopping");
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

	if (p->phase != CLOSING)
		return;
	if (p->changing)
		change_plumbing(p);
	else
		end_children(p);
}

/* --- events ------------------------------------------------------------ */

static void
on_lingered(struct parent *p)
{
	static const struct proc_empty	 empty;

	if (!p->changing) {
		end_children(p);
		return;
	}
	p->phase = CLOSING;
	proc_send(p->pr, RELAY, M_CLOSE, &empty, -1);
}

static void
on_timer(int fd, short event, void *arg)
{
	struct parent	*p = arg;

	switch (p->phase) {
	case STARTING:
		begin_end(p, "a process did not start in time", 1);
		break;
	case LEAVING:
		linger(p);
		break;
	case LINGERING:
		on_lingered(p);
		break;
	case ENDING:
		log_warnx("a process does not end, killing it");
		proc_kill(p->pr, RELAY);
		proc_kill(p->pr, HEALTH);
		finish(p);
	case CLOSING:
	case RUNNING:
		break;
	}
}

/* Once is in order; twice is in a hurry, and drains no longer. */
static void
on_stop(void *ctx)
{
	struct parent	*p = ctx;

	if (p->phase != ENDING)
		begin_end(p, "on request", 0);
}

static void
on_gone(void *ctx, int role)
{
	struct parent	*p = ctx;

	if (p->phase != ENDING)
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
	if (p->ready_fd != -1)
		daemon_ready(p->ready_fd);
	p->ready_fd = -1;
	log_info("started");
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
	[M_INDEX(M_DIAL)] =	on_dial,
	[M_INDEX(M_LEFT)] =	on_left,
	[M_INDEX(M_DRAIN)] =	on_drain
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
	drains_begin(p);
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
