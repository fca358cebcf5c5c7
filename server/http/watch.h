/* Deadlines of connections. libmicrohttpd bounds idle time only: who sends a byte now and then may
   stay for ever. Here each connection has a moment at which it is cut off. */
#ifndef NEP_HTTP_WATCH_H
#define NEP_HTTP_WATCH_H

#include <stdint.h>

typedef struct nep_watch nep_watch;
typedef struct nep_watched nep_watched; /* one connection */

/* Called on the watching thread just before the connection is cut off. */
typedef void nep_watch_late(void *ctx);

/* NULL when the thread cannot be started. */
nep_watch *nep_watch_start(void);
void nep_watch_stop(nep_watch *w); /* after all connections are removed; NULL allowed */

/* fd stays the caller's and is never closed here: at due_ms of nep_clock_ms it is shut down, unless
   the moment is moved or the connection removed before. */
nep_watched *nep_watch_add(nep_watch *w, int fd, int64_t due_ms);

/* INT64_MAX: never. `late` may be NULL. When this returns, the `late` of before has either run to
   its end or will never run. */
void nep_watch_move(nep_watch *w, nep_watched *c, int64_t due_ms, nep_watch_late *late, void *ctx);

void nep_watch_remove(nep_watch *w, nep_watched *c);

#endif
