/*
 * What BFD with somebody is to be like, as the configuration says it: of a BGP
 * neighbor or of all OSPF neighbors on an interface.  Fixed-width, since it
 * crosses pipes.
 */
#ifndef BFD_CONF_H
#define BFD_CONF_H

#include <stdint.h>

#define BFD_F_ON	0x01
#define BFD_F_STRICT	0x02	/* no BGP or adjacency before BFD is up */
#define BFD_F_MULTIHOP	0x04	/* RFC 5883, else RFC 5881 */
#define BFD_F_HOPS	0x08	/* which of the two was given */

#define BFD_HOPS_SINGLE	255	/* that nobody forwarded, RFC 5881 5 */

/* How a BFD session is to be; the key itself is told to bfd alone. */
struct bfd_conf {
	uint32_t		 flags;		/* BFD_F_* */
	uint32_t		 min_tx;	/* ms */
	uint32_t		 min_rx;	/* ms */
	uint32_t		 key;	/* another with each secret; 0: none */
	uint8_t			 mult;
	uint8_t			 hops_min;	/* to insist on */
	uint8_t			 pad[2];
};

#endif
