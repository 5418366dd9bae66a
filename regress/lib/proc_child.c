/*
 * A child of the daemon in proc_family.h.  proc_test starts it with -R role
 * and words: "beat MS", "stop" (has a hook for it), "mute" (says nothing for
 * two seconds), "confined".  It plays a child that was taken over too, so it
 * knows more of proc than a daemon may.
 */
#include <sys/types.h>

#include <err.h>
#include <event.h>
#include <imsg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "log.h"
#include "mono.h"
#include "proc_family.h"
#include "proc_priv.h"

struct child {
	struct proc	*pr;
	int		 sibling;
	uint32_t	 orders;	/* O_TALK so far */
};

struct words {
	int64_t	beat;
	int	stop;
	int	mute;
	int	confined;
};

static void
tell(struct child *c, enum tell_what what, uint32_t n)
{
	struct tell	 t = { what, n };

	proc_send(c->pr, PROC_PARENT, F_TELL, &t, -1);
}

/* --- being bad --------------------------------------------------------- */

/* Speak to the parent past the table. */
static void
raw_send(uint32_t type, const void *data, size_t len, int fd)
{
	struct imsgbuf	 b;

	if (imsgbuf_init(&b, PROC_FD_HIGH) == -1)
		err(1, "imsgbuf_init");
	imsgbuf_allow_fdpass(&b);
	if (imsg_compose(&b, type, 0, 0, fd, data, len) == -1 ||
	    imsgbuf_flush(&b) == -1)
		err(1, "raw_send");
	imsgbuf_clear(&b);
}

static void
hostile_log(void)
{
	struct proc_logline	 l;

	/* A facility, a screen made clear, a second line, no end. */
	memset(&l, 'x', sizeof(l));
	l.pri = LOG_KERN | LOG_ALERT | 0x7f00;
	memcpy(l.line, "\033[2J\r\nfamily: forged\t\177\001", 23);
	raw_send(PROC_LOG, &l, sizeof(l), -1);
}

static void
be_bad(enum bad how)
{
	static const uint8_t	 zeros[PROC_MAX_PAYLOAD];
	static const struct {
		uint32_t	 type;
		size_t		 len;
		int		 fd;
	} bad[NBADS] = {
		[BAD_SHORT] = { F_TELL, sizeof(struct tell) - 1, 0 },
		[BAD_LONG] = { F_TELL, sizeof(struct tell) + 1, 0 },
		[BAD_DIRECTION] = { F_ORDER, sizeof(struct order), 0 },
		[BAD_TYPE] = { F_END, 0, 0 },
		[BAD_GAP] = { PROC_NINTERNAL, sizeof(struct proc_empty), 0 },
		[BAD_FD] = { F_TELL, sizeof(struct tell), 1 },
		[BAD_NO_FD] = { F_GIFT, sizeof(uint32_t), 0 },
		[BAD_STOP] = { PROC_STOP, sizeof(struct proc_empty), 0 }
	};

	raw_send(bad[how].type, zeros, bad[how].len,
	    bad[how].fd ? dup(STDERR_FILENO) : -1);
}

/* --- messages ---------------------------------------------------------- */

static void
gift(struct child *c, uint32_t n)
{
	int	 p[2];

	if (pipe(p) == -1 || write(p[1], &n, sizeof(n)) != sizeof(n))
		err(1, "pipe");
	close(p[1]);
	proc_send(c->pr, PROC_PARENT, F_GIFT, &n, p[0]);
}

static void
on_order(void *ctx, int from, const void *data, int fd)
{
	struct child	*c = ctx;
	struct order	 o;

	memcpy(&o, data, sizeof(o));
	switch ((enum order_what)o.what) {
	case O_TALK:
		c->orders++;
		proc_send(c->pr, c->sibling, F_TALK, &o.arg, -1);
		tell(c, T_COUNT, c->orders);
		break;
	case O_GIFT:
		gift(c, o.arg);
		break;
	case O_VERBOSE:
		tell(c, T_VERBOSE, log_is_verbose());
		break;
	case O_ASK_VERBOSE:
		proc_verbose(c->pr, o.arg);
		break;
	case O_ASK_RELOAD:
		proc_ask_reload(c->pr, o.arg);
		break;
	case O_LOG:
		log_info("bell\a and \"quote\"");
		break;
	case O_HOSTILE_LOG:
		hostile_log();
		break;
	case O_BAD:
		be_bad(o.arg);
		break;
	case O_EXIT:
		exit(o.arg);
	}
}

static void
on_token(void *ctx, int from, const void *data, int fd)
{
	struct child	*c = ctx;

	dprintf(fd, "%s", family_roles[c->pr->role].name);
	close(fd);
}

static void
on_talk(void *ctx, int from, const void *data, int fd)
{
	struct child	*c = ctx;
	uint32_t	 n;

	memcpy(&n, data, sizeof(n));
	tell(c, T_TALK, n);
}

static void
on_one(void *ctx, int from, const void *data, int fd)
{
}

static proc_handler *const	handlers[F_COUNT] = {
	[F_INDEX(F_ORDER)] = on_order,
	[F_INDEX(F_TOKEN)] = on_token,
	[F_INDEX(F_TALK)] = on_talk,
	[F_INDEX(F_ONE)] = on_one
};

static void
on_gone(void *ctx, int role)
{
	if (role == PROC_PARENT)
		exit(7);
	tell(ctx, T_GONE, role);
}

static void
on_stop(void *ctx)
{
	struct child	*c = ctx;

	tell(c, T_STOP, 0);
	proc_flush(c->pr, MONO_S(1));
	exit(0);
}

static void
on_reloaded(void *ctx, uint32_t client, int failed, const char *why)
{
	if (failed && strcmp(why, "bad luck") != 0)
		errx(1, "why is \"%s\"", why);
	tell(ctx, failed ? T_FAILED : T_RELOADED, client);
}

static const struct proc_hooks	hooks = {
	.gone = on_gone, .reloaded = on_reloaded
};
static const struct proc_hooks	hooks_stop = {
	.gone = on_gone, .stop = on_stop, .reloaded = on_reloaded
};

/* --- life -------------------------------------------------------------- */

static void
words_read(struct words *w, char *const *argv)
{
	memset(w, 0, sizeof(*w));
	for (; *argv != NULL; argv++)
		if (strcmp(*argv, "beat") == 0 && argv[1] != NULL)
			w->beat = MONO_MS(atoi(*++argv));
		else if (strcmp(*argv, "stop") == 0)
			w->stop = 1;
		else if (strcmp(*argv, "mute") == 0)
			w->mute = 1;
		else if (strcmp(*argv, "confined") == 0)
			w->confined = 1;
		else
			errx(1, "unknown word: %s", *argv);
}

int
main(int argc, char *argv[], char *envp[])
{
	struct child	 c;
	struct hello	 h;
	struct words	 w;
	int		 role;

	if (argc < 3 || (role = proc_role(&family, argv[2])) <= PROC_PARENT)
		errx(1, "usage: proc_child -R role [word ...]");
	words_read(&w, argv + 3);
	proc_init(argc, argv, envp);
	log_init("family", argv[2], 0);
	event_init();
	if (w.mute)
		sleep(2);
	c.orders = 0;
	c.sibling = role == ONE ? TWO : ONE;
	c.pr = proc_new(w.confined ? &family_confined : &family, role,
	    handlers, w.stop ? &hooks_stop : &hooks, &c);
	if (w.beat != 0)
		proc_beat(c.pr, w.beat);
	h.pid = getpid();
	proc_confine(c.pr, 0);
	proc_send(c.pr, PROC_PARENT, F_HELLO, &h, -1);
	event_dispatch();
	errx(1, "the event loop ended");
}
