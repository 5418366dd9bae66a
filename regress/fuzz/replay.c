/*
 * Stands in for the fuzzer: hands every file of the directories given to the
 * fuzz target, and then each beginning of it.  So the corpora are tests of
 * their own that need no special compiler.
 */
#include <sys/types.h>
#include <sys/stat.h>

#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BEGINNINGS	2048	/* bytes up to which each one is tried */

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* In memory of just that size, so that a sanitizer sees what is beyond. */
static void
run(const uint8_t *data, size_t len)
{
	uint8_t	*copy;

	if ((copy = malloc(len + 1)) == NULL)
		err(1, NULL);
	memcpy(copy + 1, data, len);
	(void)LLVMFuzzerTestOneInput(copy + 1, len);
	free(copy);
}

static void
replay(int dir, const char *name)
{
	struct stat	 st;
	uint8_t		*data;
	size_t		 i, len;
	int		 fd;

	if ((fd = openat(dir, name, O_RDONLY)) == -1 || fstat(fd, &st) == -1)
		err(1, "%s", name);
	len = st.st_size;
	if ((data = malloc(len + 1)) == NULL ||
	    read(fd, data, len) != (ssize_t)len)
		err(1, "%s", name);
	close(fd);
	/* If this is the last thing that is said, this one is it. */
	printf("%s\n", name);
	fflush(stdout);
	run(data, len);
	for (i = 0; i < len && i < BEGINNINGS; i++)
		run(data, i);
	free(data);
}

static int
replay_all(const char *path)
{
	struct dirent	*de;
	DIR		*dir;
	int		 n = 0;

	if ((dir = opendir(path)) == NULL)
		err(1, "%s", path);
	while ((de = readdir(dir)) != NULL)
		if (de->d_name[0] != '.') {
			replay(dirfd(dir), de->d_name);
			n++;
		}
	closedir(dir);
	return (n);
}

int
main(int argc, char *argv[])
{
	int	 i, n = 0;

	for (i = 1; i < argc; i++)
		n += replay_all(argv[i]);
	if (n == 0)
		errx(1, "nothing to replay");
	printf("%d files\n", n);
	return (0);
}
