/*
 * Ports: where the engine's interfaces meet the kernel's.  A port has a
 * socket, which the parent opened, and knows from the watcher whether its
 * link works and which addresses it has.
 */
#ifndef OSPF_PORT_H
#define OSPF_PORT_H

#include <sys/queue.h>

#include <event.h>

#include "mono.h"
#include "os.h"
#include "ospf_engine.h"

struct ospf_ports;

/* An address, as the kernel told; seen: since the last dump began. */
struct ospf_port_addr {
	struct in6_addr	 addr;
	uint8_t		 len;
	uint8_t		 seen;
};

struct ospf_port {
	TAILQ_ENTRY(ospf_port)	 entry;
	struct ospf_ports	*ports;
	struct ospf_if		*ifp;
	void			*arg;		/* of the process */
	char			 name[OS_IFNAMSIZ];
	int			 fd;		/* -1: none */
	unsigned int		 fd_index;	/* it is bound to */
	int			 asked;
	struct event		 readable;
	unsigned int		 ifindex;	/* 0: no such interface */
	unsigned int		 mtu;
	int			 up;
	int			 seen;
	struct ospf_port_addr	 addrs[LIMIT_OSPF_ADDRS];
	size_t			 naddrs;
};

typedef void	ospf_want_fn(void *arg, struct ospf_port *);

struct ospf_ports {
	TAILQ_HEAD(, ospf_port)	 list;
	void			(*readable)(int, short, void *);
	ospf_want_fn		*want;		/* ask for a socket */
	void			(*changed)(void *);
	void			*arg;
	struct os_watch		*watch;
	struct event		 watch_readable;
};

/*
 * readable is the event callback of sockets and gets the port; changed is
 * called after the watcher has told the engine something.
 */
void	ospf_ports_init(struct ospf_ports *,
	    void (*readable)(int, short, void *), ospf_want_fn *want,
	    void (*changed)(void *), void *arg);

/* Watch the kernel by this descriptor. */
void	ospf_ports_watch(struct ospf_ports *, int fd);

/* Look at everything anew: there are new ports. */
void	ospf_ports_look(struct ospf_ports *);

/* The parent's answer to want: a socket, or none. */
void	ospf_ports_socket(struct ospf_ports *, const struct ospf_socket *,
	    int fd);
void	ospf_ports_none(struct ospf_ports *, const struct ospf_socket *);

struct ospf_port	*ospf_port_new(struct ospf_ports *, struct ospf_if *,
			    void *arg);
void			 ospf_port_free(struct ospf_port *);

#endif
