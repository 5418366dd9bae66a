/*
 * What the socket files of os/linux share.
 */
#ifndef SOCK_H
#define SOCK_H

#include "prefix.h"

/*
 * Bytes asked for in both directions: at 150 thousand packets a second a
 * process may then be away from its loop for some ten milliseconds.
 */
#define SOCK_BUFFER	(4 * 1024 * 1024)

/* Close fd, keep errno, and return -1. */
int	sock_fail(int fd);

/* setsockopt(2) of an int. */
int	sock_set(int fd, int level, int name, int val);

/* A raw protocol-41 socket bound to an IPv4 address. */
int	sock_raw41(const struct ipaddr *local);

/* Ask for large buffers; privileged callers get them. */
void	sock_buffers(int fd);

#endif
