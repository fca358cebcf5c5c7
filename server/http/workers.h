/* Threads that may wait for the database, so that those of libmicrohttpd never do. */
#ifndef NEP_HTTP_WORKERS_H
#define NEP_HTTP_WORKERS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct nep_workers nep_workers;
typedef void nep_job(void *ctx);

/* NULL when a thread cannot be started. */
nep_workers *nep_workers_start(unsigned threads, size_t queue);

/* False when the queue is full; then the job will not run. Each job accepted runs exactly once. */
bool nep_workers_submit(nep_workers *w, nep_job *job, void *ctx);

/* Runs what is queued and joins the threads; from now on submitting says "full". */
void nep_workers_stop(nep_workers *w);
void nep_workers_free(nep_workers *w); /* stops as well; NULL allowed */

#endif
