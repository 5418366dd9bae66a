/*
 * What the parents of both daemons do alike: see daemon.h.
 */
#include <sys/types.h>
#include <sys/wait.h>

#include <err.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "daemon.h"
#include "log.h"

__dead static void
usage(void)
{
	fprintf(stderr, "usage: %s [-dnv] [-D macro=value] [-f file] "
	    "[-s socket]\n", getprogname());
	exit(1);
}

static void
add_def(struct daemon_options *o, const char *def)
{
	if (o->ndefs == DAEMON_MAX_DEFS)
		errx(1, "more than %d macros", DAEMON_MAX_DEFS);
	o->defs[o->ndefs++] = def;
}

/* The daemon leaves its directory: a path must hold in any. */
static const char *
absolute(const char *path)
{
	char	 dir[PATH_MAX], *s;

	if (*path == '/' || getcwd(dir, sizeof(dir)) == NULL)
		return (path);
	if (asprintf(&s, "%s/%s", dir, path) == -1)
		err(1, NULL);
	return (s);
}

void
daemon_options(struct daemon_options *o, int argc, char *argv[])
{
	int	 ch;

	while ((ch = getopt(argc, argv, "+D:df:nR:s:v")) != -1)
		switch (ch) {
		case 'D':
			add_def(o, optarg);
			break;
		case 'd':
			o->foreground = 1;
			break;
		case 'f':
			o->file = optarg;
			break;
		case 'n':
			o->check = 1;
			break;
		case 'R':
			o->role = optarg;
			break;
		case 's':
			o->socket = optarg;
			break;
		case 'v':
			o->verbose = 1;
			break;
		default:
			usage();
		}
	if (optind != argc)
		usage();
	o->socket = absolute(o->socket);
	if (!o->foreground && !o->check)
		o->file = absolute(o->file);
}

void
daemon_child_args(const struct daemon_options *o,
    const char *args[DAEMON_MAX_ARGS])
{
	if (o->foreground)
		*args++ = "-d";
	if (o->verbose)
		*args++ = "-v";
	*args = NULL;
}

void
daemon_print_error(void *unused, const char *line)
{
	fprintf(stderr, "%s\n", line);
}

void
daemon_complain(void *complaints, const char *line)
{
	struct complaints	*c = complaints;

	if (c->n++ == 0)
		strlcpy(c->first, line, sizeof(c->first));
	log_warnx("%s", line);
}

/* At the terminal: exit as the start went. */
__dead static void
wait_for_start(int fd, pid_t pid)
{
	char	 ok;
	int	 status;

	if (read(fd, &ok, 1) == 1)
		_exit(0);
	if (waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
	    WEXITSTATUS(status) != 0)
		_exit(WEXITSTATUS(status));
	_exit(1);
}

int
daemon_start(void)
{
	pid_t	 pid;
	int	 p[2];

	if (pipe2(p, O_CLOEXEC) == -1)
		fatal("pipe");
	switch (pid = fork()) {
	case -1:
		fatal("fork");
	case 0:
		break;
	default:
		close(p[1]);
		wait_for_start(p[0], pid);
	}
	close(p[0]);
	if (setsid() == -1)
		fatal("setsid");
	return (p[1]);
}

void
daemon_detach(void)
{
	int	 null;

	if (chdir("/") == -1 || (null = open("/dev/null", O_RDWR)) == -1)
		fatal("/dev/null");
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	if (null > STDERR_FILENO)
		close(null);
}

void
daemon_ready(int fd)
{
	log_background(_PATH_LOG);
	daemon_detach();
	(void)!write(fd, "", 1);
	close(fd);
}
