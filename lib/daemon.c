/*
 * Going into the background: see daemon.h.
 */
#include <sys/types.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "daemon.h"
#include "log.h"

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
	log_background();
	daemon_detach();
	(void)!write(fd, "", 1);
	close(fd);
}
