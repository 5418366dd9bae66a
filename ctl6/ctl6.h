/*
 * ctl6's rooms: words.c knows the commands, args.c what is given with them,
 * show_*.c turn a daemon's answers into a tree, out.c prints the tree for
 * people or as JSON; monitor.c prints events as they come.
 */
#ifndef CTL6_H
#define CTL6_H

#include <json-c/json.h>

#include <stddef.h>
#include <stdint.h>

#define TO_RELAYD6	0x1	/* whom a command asks */
#define TO_ROUTED6	0x2

struct command {
	/* NULL-terminated; one in capitals stands for any argument. */
	const char	*words[8];
	const char	*what;		/* for the list of commands */
	int		 to;
	uint32_t	 request;	/* enum ctl_type */
	uint32_t	 value;		/* of use to fill */
	/* One message of the answer; -1: not what was expected. */
	int		(*row)(struct json_object *root, uint32_t type,
			    const void *data, size_t len);
	/*
	 * Write the payload of the request, at most CTL_MAX_REQUEST bytes;
	 * how many, or -1 after saying on stderr what is wrong.  NULL: none.
	 */
	int		(*fill)(const struct command *, int argc,
			    char *argv[], void *buf);
};

/*
 * The command that the words mean, each abbreviated as far as it stays clear.
 * NULL after saying on stderr what is wrong and what would be right.
 */
const struct command	*words_find(int argc, char *argv[]);

/* All commands, one a line, to stderr. */
void	words_list(void);

int	args_drain(const struct command *, int argc, char *argv[], void *);
int	args_log(const struct command *, int argc, char *argv[], void *);
int	args_peer(const struct command *, int argc, char *argv[], void *);
int	args_bfd(const struct command *, int argc, char *argv[], void *);
int	args_clients(const struct command *, int argc, char *argv[], void *);
int	args_ospf(const struct command *, int argc, char *argv[], void *);
int	args_report(const struct command *, int argc, char *argv[], void *);

/*
 * Print what happens in the daemons whose sockets are in dir, until both are
 * gone or nobody reads it any more.  Returns the exit status.
 */
int	monitor(const char *dir, int json);

/* Say why a daemon cannot be asked, by errno. */
void	complain(const char *daemon, const char *path);

int	show_bfd(struct json_object *, uint32_t, const void *, size_t);
int	show_health(struct json_object *, uint32_t, const void *, size_t);
int	show_clients(struct json_object *, uint32_t, const void *, size_t);
int	show_relays(struct json_object *, uint32_t, const void *, size_t);
int	show_peers(struct json_object *, uint32_t, const void *, size_t);
int	show_peer(struct json_object *, uint32_t, const void *, size_t);
int	show_announcements(struct json_object *, uint32_t, const void *,
	    size_t);
int	show_neighbors(struct json_object *, uint32_t, const void *, size_t);
int	show_neighbor(struct json_object *, uint32_t, const void *, size_t);
int	show_interfaces(struct json_object *, uint32_t, const void *, size_t);
int	show_database(struct json_object *, uint32_t, const void *, size_t);

/*
 * Small builders.  A key that ends in _ms is an age; text prints it as
 * hours, minutes and seconds.
 */
void	add_string(struct json_object *, const char *key, const char *);
void	add_number(struct json_object *, const char *key, uint64_t);
void	add_bool(struct json_object *, const char *key, int);

/*
 * A row of the list key: a name and what belongs to it, as words or as a
 * number with a unit; none when there are no words.
 */
void	add_item(struct json_object *, const char *key, const char *name,
	    const char *value);
void	add_item_number(struct json_object *, const char *key,
	    const char *name, uint64_t n, const char *unit);

/* A new object at the end of the list key of obj, which is made if need be. */
struct json_object	*add_row(struct json_object *obj, const char *key);

/* Sort the rows of the list key of obj by their first column. */
void	sort_rows(struct json_object *obj, const char *key);

/* The last object of the list key of obj, NULL when there is none. */
struct json_object	*last_row(struct json_object *obj, const char *key);

/* One row in one line: JSON. */
void	out_json_line(struct json_object *);

/* Print the tree: JSON, or a table a list with its columns aligned. */
void	out_json(struct json_object *);
void	out_text(struct json_object *);

#endif
