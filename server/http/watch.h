/* Deadlines of connections. libmicrohttpd bounds idle time only: who sends a byte now and then may
   stay for ever. Here each connection has a moment at which it is cut off. */
#ifndef NEP_HTTP_WATCH_H
#define NEP_HTTP_WATCH_H

#include <stdint.h>

typedef struct nep_watch nep_watch;
typedef struct nep_watched nep_watched; /* one connection */

/* NULL when the thread cannot be started. */
nep_watch *nep_watch_start(void);
void nep_watch_stop(nep_watch *w); /* after all connections are removed; NULL allowed */

/* fd stays the caller's and is never closed here. At due_ms of nep_clock_ms, unless the moment is
   moved or the connection removed before, its reading side is shut down: whoever waits for the rest
   of a request wakes up and can still say why. NEP_WATCH_GRACE_MS later both sides are. */
enum { NEP_WATCH_GRACE_MS = 2000 };
nep_watched *nep_watch_add(nep_watch *w, int fd, int64_t due_ms);
void nep_watch_move(nep_watched *c, int64_t due_ms); /* INT64_MAX: never; never blocks */
void nep_watch_remove(nep_watch *w, nep_watched *c);

#endif
