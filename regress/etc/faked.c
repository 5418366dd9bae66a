/*
 * A daemon as rc.d sees one, for the tests of rcctl: takes the options of
 * relayd6 and routed6, forks away when its start is done, is called "parent"
 * and "relay" in the process list, reloads at SIGHUP, ends at SIGTERM.  It
 * reads <its own path>.conf unless -f is given and notes what happens to it in
 * <its own path>.log.  Words in the configuration make it fail:
 *
 *	broken		not a good configuration
 *	nostart		good, but the start fails
 *	stubborn	SIGTERM is ignored
 *	foreground	does not fork away
 */
#include <err.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_LEN	512

struct fake {
	char	 conf[PATH_LEN];
	char	 log[PATH_LEN];
	int	 broken;
	int	 nostart;
	int	 stubborn;
	int	 foreground;
};

static void
event_note(const struct fake *fk, const char *what)
{
	FILE	*f;

	if ((f = fopen(fk->log, "a")) == NULL)
		err(1, "%s", fk->log);
	fprintf(f, "%s %ld\n", what, (long)getpid());
	fclose(f);
}

/* One word a line; every wrong line is told. */
static void
conf_read(struct fake *fk)
{
	FILE	*f;
	char	 line[64];
	int	 n;

	if ((f = fopen(fk->conf, "r")) == NULL)
		err(1, "%s", fk->conf);
	for (n = 1; fgets(line, sizeof(line), f) != NULL; n++) {
		line[strcspn(line, "\n")] = '\0';
		if (strcmp(line, "broken") == 0) {
			fprintf(stderr, "%s:%d: broken, expected a word\n",
			    fk->conf, n);
			fk->broken = 1;
		}
		fk->nostart |= strcmp(line, "nostart") == 0;
		fk->stubborn |= strcmp(line, "stubborn") == 0;
		fk->foreground |= strcmp(line, "foreground") == 0;
	}
	fclose(f);
}

/* A second process, as the real ones have; it goes when the first one goes. */
static void
relay_run(void)
{
	int	 fd[2];
	char	 c;

	if (pipe(fd) == -1)
		err(1, "pipe");
	switch (fork()) {
	case -1:
		err(1, "fork");
	case 0:
		setproctitle("relay");
		close(fd[1]);
		while (read(fd[0], &c, 1) == -1)
			;
		_exit(0);
	}
	close(fd[0]);
}

static void
parent_run(const struct fake *fk, const sigset_t *set)
{
	int	 sig;

	setproctitle("parent [priv]");
	relay_run();
	event_note(fk, "start");
	for (;;) {
		if (sigwait(set, &sig) != 0)
			continue;
		if (sig == SIGHUP)
			event_note(fk, "reload");
		else if (!fk->stubborn)
			break;
	}
	event_note(fk, "stop");
	exit(0);
}

int
main(int argc, char *argv[])
{
	struct fake	 fk = { .foreground = 0 };
	sigset_t	 set;
	int		 check = 0, ch;

	setproctitle_init(argc, argv, environ);
	snprintf(fk.conf, sizeof(fk.conf), "%s.conf", argv[0]);
	snprintf(fk.log, sizeof(fk.log), "%s.log", argv[0]);
	while ((ch = getopt(argc, argv, "+df:nv")) != -1) {
		switch (ch) {
		case 'd':
			fk.foreground = 1;
			break;
		case 'f':
			snprintf(fk.conf, sizeof(fk.conf), "%s", optarg);
			break;
		case 'n':
			check = 1;
			break;
		case 'v':
			break;
		default:
			return (1);
		}
	}
	conf_read(&fk);
	if (fk.broken)
		return (1);
	if (check) {
		fprintf(stderr, "configuration OK\n");
		return (0);
	}
	if (fk.nostart)
		errx(1, "11.1.2.3: cannot assign requested address");
	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	if (!fk.foreground && daemon(1, 0) == -1)
		err(1, "daemon");
	parent_run(&fk, &set);
}
